/**
 * Symbols by name and version: open addressing over hashes of the names' UTF-8 bytes. Names in objects are looked up where they
 * lie; a string is made of a name only when somebody asks for it (loader.ts, symbolName).
 */
import { decodeText, encodeText } from '#base/bytes.ts';
import * as F from '#obj/format.ts';
import { type Loader, nameReader } from './loader.ts';

export class NameTable {
  mask: number;
  used: number;
  hashes: Int32Array;
  /** 0 is a free slot. */
  symbols: Int32Array;
  /** Of the name that findText looked up last. */
  lastHash: number;

  constructor(expected: number) {
    let capacity = 1024;
    while (capacity < expected * 1.5) capacity *= 2;
    this.mask = capacity - 1;
    this.used = 0;
    this.hashes = new Int32Array(capacity);
    this.symbols = new Int32Array(capacity);
    this.lastHash = 0;
  }
}

/** Four bytes at a time; the version takes part. */
export function hashName(view: DataView, start: number, length: number, version: number): number {
  let h = Math.imul(length + 1, 0x2c1b3c6d) ^ version;
  let i = start;
  const end = start + length;
  const whole = end - 3;
  for (; i < whole; i += 4) {
    h = Math.imul(h ^ view.getInt32(i, true), 0x9e3779b1);
    h ^= h >>> 15;
  }
  for (; i < end; i++) h = Math.imul(h ^ (view.getInt8(i) & 0xff), 0x85ebca6b);
  return h ^ (h >>> 13);
}

/** The same of bytes that nobody has a view of. */
export function hashBytes(bytes: Uint8Array, version: number): number {
  return hashName(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.length, version);
}

/** The slot of the symbol with this name and version, or the free slot where it belongs. */
export function findName(
  l: Loader,
  hash: number,
  version: number,
  view: DataView,
  start: number,
  length: number,
): number {
  const table = l.byName;
  const { hashes, symbols, mask } = table;
  let slot = hash & mask;
  for (;;) {
    const i = symbols[slot];
    if (i === 0) return slot;
    if (hashes[slot] === hash && l.version[i] === version && hasName(l, i, view, start, length)) return slot;
    slot = (slot + 1) & mask;
  }
}

function hasName(l: Loader, i: number, other: DataView, start: number, length: number): boolean {
  const index = l.nameIndex[i];
  if (index !== 0) return sameText(l.nameList[index], other, start, length);
  const { prelinked } = l;
  if (prelinked !== null && i < prelinked.count) return prelinked.hasName(i, other, start, length);
  const reader = nameReader(l, i);
  if (reader === null) return length === 0;
  const at = reader.offsets[F.BlockDefs] + F.symbolSize * l.local[i];
  const { view } = reader;
  if (view.getInt32(at, true) !== length) return false;
  const from = view.getInt32(at + 4, true) >>> 0;
  const whole = length - 3;
  let k = 0;
  for (; k < whole; k += 4) if (view.getInt32(from + k, true) !== other.getInt32(start + k, true)) return false;
  for (; k < length; k++) if (view.getInt8(from + k) !== other.getInt8(start + k)) return false;
  return true;
}

function sameText(text: string, view: DataView, start: number, length: number): boolean {
  for (let k = 0; k < length; k++) {
    const c = view.getInt8(start + k);
    if (c < 0) return decodeText(new Uint8Array(view.buffer, view.byteOffset + start, length)) === text;
    if (text.charCodeAt(k) !== c) return false;
  }
  return text.length === length;
}

/** Puts a symbol into the slot that findName gave. */
export function enterName(table: NameTable, slot: number, hash: number, symbol: number): void {
  if (table.symbols[slot] === 0) table.used++;
  table.symbols[slot] = symbol;
  table.hashes[slot] = hash;
  if (table.used * 3 > table.mask * 2) grow(table);
}

function grow(table: NameTable): void {
  const { hashes, symbols } = table;
  const capacity = symbols.length * 2;
  const mask = capacity - 1;
  table.mask = mask;
  table.hashes = new Int32Array(capacity);
  table.symbols = new Int32Array(capacity);
  for (let k = 0; k < symbols.length; k++) {
    if (symbols[k] === 0) continue;
    let slot = hashes[k] & mask;
    while (table.symbols[slot] !== 0) slot = (slot + 1) & mask;
    table.symbols[slot] = symbols[k];
    table.hashes[slot] = hashes[k];
  }
}

/** The bytes of a name that is looked up by its text; overwritten by the next one. */
let scratch: Uint8Array = new Uint8Array(256);
let scratchView = new DataView(scratch.buffer);

/** The slot for a name given as text; its hash is left in the table's lastHash. */
export function findText(l: Loader, name: string, version: number): number {
  let length = name.length;
  if (length > scratch.length) {
    scratch = new Uint8Array(length * 2);
    scratchView = new DataView(scratch.buffer);
  }
  let bytes = scratch;
  let view = scratchView;
  for (let k = 0; k < length; k++) {
    const c = name.charCodeAt(k);
    if (c >= 0x80) {
      bytes = encodeText(name);
      view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      length = bytes.length;
      break;
    }
    bytes[k] = c;
  }
  const hash = hashName(view, 0, length, version);
  l.byName.lastHash = hash;
  return findName(l, hash, version, view, 0, length);
}
