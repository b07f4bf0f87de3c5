/**
 * Data symbols while DATA and GLOBL lines fill them. A symbol exists once it has a GLOBL line; DATA alone defines nothing.
 * The kind follows from the flags and from whether there is data, whichever line comes first.
 */
import type { AsmFunction } from '#arch/inst.ts';
import * as Attr from '#obj/attributes.ts';
import { fipsKind } from '#obj/fips-kind.ts';
import * as Kind from '#obj/kinds.ts';
import type { ObjectFile } from '#obj/object.ts';
import type { LinkSymbol } from '#obj/symbol.ts';
import { addReloc, RelocList } from '#obj/symbol.ts';

const DupOk = 2;
const Rodata = 8;
const NoPtr = 16;
const TlsBss = 256;
const maxOffset = 2 ** 30;

class Contents {
  kind: number;
  bytes: Uint8Array;
  /** Of `bytes` that are written. */
  length: number;
  size: number;
  relocs: RelocList | null;

  constructor() {
    this.kind = Kind.Undefined;
    this.bytes = new Uint8Array(64);
    this.length = 0;
    this.size = 0;
    this.relocs = null;
  }
}

export class DataTable {
  readonly contents: Map<LinkSymbol, Contents>;
  /** Symbols with a GLOBL line, in order. */
  readonly globals: Set<LinkSymbol>;
  readonly texts: Map<LinkSymbol, AsmFunction>;
  /** Reports an error that does not stop parsing. */
  readonly diagnose: (message: string) => void;

  constructor(diagnose: (message: string) => void) {
    this.contents = new Map();
    this.globals = new Set();
    this.texts = new Map();
    this.diagnose = diagnose;
  }
}

function contentsOf(t: DataTable, s: LinkSymbol): Contents {
  let c = t.contents.get(s);
  if (c === undefined) {
    c = new Contents();
    t.contents.set(s, c);
  }
  return c;
}

/** Makes room for `size` bytes at `offset`; the symbol has data from now on. */
function prepare(t: DataTable, s: LinkSymbol, offset: number, size: number): Contents | null {
  const c = contentsOf(t, s);
  if (offset < 0 || size < 0 || offset >= maxOffset) {
    t.diagnose(`prepwrite: bad off=${offset} siz=${size} s=${s.name}`);
    return null;
  }
  if (c.kind === Kind.Undefined || c.kind === Kind.Bss) c.kind = Kind.Data;
  else if (c.kind === Kind.NoPtrBss) c.kind = Kind.NoPtrData;
  else if (c.kind === Kind.TlsBss) t.diagnose(`cannot supply data for STLSBSS var ${s.name}`);
  const end = offset + size;
  if (end > c.bytes.length) {
    const grown = new Uint8Array(Math.max(end, c.bytes.length * 2));
    grown.set(c.bytes);
    c.bytes = grown;
  }
  if (end > c.length) c.length = end;
  if (end > c.size) c.size = end;
  return c;
}

export function writeInteger(t: DataTable, s: LinkSymbol, offset: number, size: number, lo: number, hi: number): void {
  const c = prepare(t, s, offset, size);
  if (c === null) return;
  for (let i = 0; i < size; i++) c.bytes[offset + i] = (i < 4 ? lo : hi) >>> (8 * (i & 3));
}

export function writeFloat(t: DataTable, s: LinkSymbol, offset: number, size: number, value: number): void {
  const c = prepare(t, s, offset, size);
  if (c === null) return;
  const view = new DataView(c.bytes.buffer);
  if (size === 4) view.setFloat32(offset, value, true);
  else view.setFloat64(offset, value, true);
}

/** `text` holds a byte in each character. */
export function writeBytes(t: DataTable, s: LinkSymbol, offset: number, size: number, text: string): void {
  if (size < text.length) t.diagnose(`WriteString: bad string size: ${size} < ${text.length}`);
  const c = prepare(t, s, offset, size);
  if (c === null) return;
  for (let i = 0; i < text.length && i < size; i++) c.bytes[offset + i] = text.charCodeAt(i);
}

export function writeAddress(
  t: DataTable,
  s: LinkSymbol,
  offset: number,
  size: number,
  type: number,
  target: LinkSymbol | null,
  addend: number,
): void {
  const c = prepare(t, s, offset, size);
  if (c === null) return;
  c.relocs ??= new RelocList();
  const saved = s.relocs;
  s.relocs = c.relocs;
  addReloc(s, offset, size, type, target, addend);
  s.relocs = saved;
}

/** GLOBL: size and flags of a symbol. */
export function defineGlobal(t: DataTable, s: LinkSymbol, size: number, flags: number, where: string): void {
  const c = contentsOf(t, s);
  if (t.globals.has(s) || t.texts.has(s)) t.diagnose(`${where}: symbol ${s.name} redeclared`);
  t.globals.add(s);
  c.size = size;
  if (c.kind === Kind.Undefined) c.kind = Kind.Bss;
  if ((flags & DupOk) !== 0) s.attrs |= Attr.DupOk;
  if ((flags & Rodata) !== 0) c.kind = Kind.Rodata;
  else if ((flags & NoPtr) !== 0) c.kind = c.kind === Kind.Data ? Kind.NoPtrData : Kind.NoPtrBss;
  else if ((flags & TlsBss) !== 0) c.kind = Kind.TlsBss;
}

/** Defines the symbols that have a GLOBL line, in its order. */
export function defineData(t: DataTable, object: ObjectFile, attrs: (s: LinkSymbol) => number): void {
  for (const s of t.globals) {
    const c = contentsOf(t, s);
    s.kind = fipsKind(c.kind, s, object.packagePath);
    s.attrs |= attrs(s);
    s.data = c.bytes.subarray(0, Math.min(c.length, Math.max(c.size, c.length)));
    s.size = c.size;
    s.relocs = c.relocs;
    s.object = object;
    object.symbols.push(s);
  }
}
