/**
 * Symbols of packages that do not change, in the form the loader has them: arrays that are taken as they lie in the file, so that a link of a changed
 * main package reads one file and makes nothing of what it holds. Written by prelink.ts. Numbers follow the order of names (order.ts); what the
 * packages leave open (main's functions) is undefined here and found by its name.
 */
import { decodeText } from '#base/bytes.ts';
import * as Kind from './kinds.ts';
import { type LinkObject, type Loader, reserveRelocs, reserveSymbols, VersionStatic } from './loader.ts';
import { LoadedFunc } from './materialize.ts';
import { hashName, NameTable } from './name-table.ts';
import { PartReader } from './parts.ts';

export const magic = 0x4c505554;

/** Numbers of a function, before its lists. */
export const funcWidth = 16;

export interface PrelinkedUnit {
  readonly path: string;
  readonly flags: number;
}

/** What is not numbers. */
export interface PrelinkedTexts {
  readonly units: readonly PrelinkedUnit[];
  readonly files: readonly string[];
}

export class Prelinked {
  /** Symbols, nil included. */
  readonly count: number;
  readonly units: readonly PrelinkedUnit[];
  /** Symbols that assembly defines. */
  readonly assembled: Int32Array;
  readonly kind: Uint8Array;
  readonly attrs: Int32Array;
  private readonly size: Float64Array;
  private readonly align: Int32Array;
  /** -1: file-local. */
  private readonly version: Int32Array;
  /** Place in `units`, plus one. */
  readonly unit: Int32Array;
  private readonly gotype: Int32Array;
  private readonly relocStart: Int32Array;
  private readonly relocOffset: Int32Array;
  private readonly relocType: Uint16Array;
  private readonly relocSize: Uint8Array;
  private readonly relocAddend: Float64Array;
  private readonly relocTarget: Int32Array;
  readonly dataStart: Int32Array;
  readonly data: Uint8Array;
  readonly nameStart: Int32Array;
  readonly names: Uint8Array;
  /** Undefined symbols that nobody defines. */
  private readonly absent: Int32Array;
  /** Place of the function in `funcs`, plus one. */
  private readonly func: Int32Array;
  private readonly funcs: Int32Array;
  private readonly lists: Int32Array;
  private readonly nameHashes: Int32Array;
  private readonly nameSymbols: Int32Array;
  private readonly tableHashes: Int32Array;
  private readonly tableSymbols: Int32Array;
  private readonly factStart: Int32Array;
  private readonly facts: Uint8Array;
  private readonly files: readonly string[];

  /** The bytes are known to be what prelink has made. */
  constructor(bytes: Uint8Array) {
    const parts = new PartReader(bytes);
    const texts: PrelinkedTexts = JSON.parse(decodeText(parts.u8()));
    this.units = texts.units;
    this.files = texts.files;
    this.kind = parts.u8();
    this.count = this.kind.length;
    this.attrs = parts.i32();
    this.size = parts.f64();
    this.align = parts.i32();
    this.version = parts.i32();
    this.unit = parts.i32();
    this.gotype = parts.i32();
    this.relocStart = parts.i32();
    this.relocOffset = parts.i32();
    this.relocType = parts.u16();
    this.relocSize = parts.u8();
    this.relocAddend = parts.f64();
    this.relocTarget = parts.i32();
    this.dataStart = parts.i32();
    this.data = parts.u8();
    this.nameStart = parts.i32();
    this.names = parts.u8();
    this.absent = parts.i32();
    this.assembled = parts.i32();
    this.func = parts.i32();
    this.funcs = parts.i32();
    this.lists = parts.i32();
    this.nameHashes = parts.i32();
    this.nameSymbols = parts.i32();
    this.tableHashes = parts.i32();
    this.tableSymbols = parts.i32();
    this.factStart = parts.i32();
    this.facts = parts.u8();
  }

  name(i: number): string {
    return decodeText(this.names.subarray(this.nameStart[i], this.nameStart[i + 1]));
  }

  hasName(i: number, other: DataView, start: number, length: number): boolean {
    const { names } = this;
    const from = this.nameStart[i];
    if (this.nameStart[i + 1] - from !== length) return false;
    for (let k = 0; k < length; k++) if (names[from + k] !== (other.getInt8(start + k) & 0xff)) return false;
    return true;
  }

  /** The symbol of this name (its UTF-8 bytes) and ABI; 0 if there is none. */
  find(name: Uint8Array, abi: number): number {
    const view = new DataView(name.buffer, name.byteOffset, name.byteLength);
    const hash = hashName(view, 0, name.length, abi);
    const mask = this.nameHashes.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const i = this.nameSymbols[slot];
      if (i === 0) return 0;
      if (this.nameHashes[slot] === hash && this.version[i] === abi && this.hasName(i, view, 0, name.length)) return i;
    }
  }

  /** In no table by name. */
  isLocal(i: number): boolean {
    return this.version[i] < 0 || this.nameStart[i] === this.nameStart[i + 1];
  }

  abi(i: number): number {
    return this.version[i];
  }

  /** Whether there is a definition. */
  isDefined(i: number): boolean {
    return i !== 0 && this.kind[i] !== Kind.Undefined;
  }

  /** What the compiler has kept of a function; empty if that is nothing. */
  factsOf(i: number): Uint8Array {
    return this.facts.subarray(this.factStart[i], this.factStart[i + 1]);
  }

  content(i: number): Uint8Array | null {
    const start = this.dataStart[i];
    const end = this.dataStart[i + 1];
    return start === end ? null : this.data.subarray(start, end);
  }

  /** What pclntab needs of a function; null if the symbol is none. */
  loadFunc(i: number): LoadedFunc | null {
    const place = this.func[i];
    if (place === 0) return null;
    const { funcs } = this;
    const f = new LoadedFunc();
    let at = (place - 1) * funcWidth;
    f.args = funcs[at++];
    f.funcId = funcs[at++];
    f.flags = funcs[at++];
    f.startLine = funcs[at++];
    f.filesStart = funcs[at++];
    f.filesEnd = funcs[at++];
    f.inlineStart = funcs[at++];
    f.inlineEnd = funcs[at++];
    f.pcdataStart = funcs[at++];
    f.pcdataEnd = funcs[at++];
    f.funcdataStart = funcs[at++];
    f.funcdataEnd = funcs[at++];
    f.pcsp = funcs[at++];
    f.pcfile = funcs[at++];
    f.pcline = funcs[at++];
    f.pcinline = funcs[at++];
    return f;
  }

  /** Makes these the first symbols of a loader that has none. `units` are the objects for those named here. */
  install(l: Loader, units: readonly LinkObject[]): void {
    const { count } = this;
    reserveSymbols(l, count + (count >> 2) + 4096);
    l.count = count;
    l.kind.set(this.kind);
    l.attrs.set(this.attrs);
    l.size.set(this.size);
    l.align.set(this.align);
    l.version.set(this.version);
    l.gotype.set(this.gotype);
    l.relocStart.set(this.relocStart.subarray(0, count));
    l.relocEnd.set(this.relocStart.subarray(1, count + 1));
    for (let i = 1; i < count; i++) {
      const unit = this.unit[i];
      if (unit !== 0) l.object[i] = units[unit - 1].index;
      if (this.version[i] < 0) l.version[i] = unit === 0 ? VersionStatic : units[unit - 1].version;
      if (this.kind[i] === Kind.Undefined) l.relocStart[i] = -1;
    }
    for (const i of this.absent) l.relocStart[i] = l.relocEnd[i];
    const relocs = this.relocOffset.length;
    reserveRelocs(l, relocs + (relocs >> 2));
    l.relocOffset.set(this.relocOffset);
    l.relocType.set(this.relocType);
    l.relocSize.set(this.relocSize);
    l.relocAddend.set(this.relocAddend);
    l.relocTarget.set(this.relocTarget);
    l.relocCount = relocs;
    l.lists.reserve(this.lists.length + (this.lists.length >> 2));
    l.lists.data.set(this.lists);
    l.lists.length = this.lists.length;
    l.byName = tableOf(this.nameHashes, this.nameSymbols);
    l.tables = tableOf(this.tableHashes, this.tableSymbols);
    for (const name of this.files) {
      l.fileNumbers.set(name, l.fileNames.length);
      l.fileNames.push(name);
    }
    l.prelinked = this;
  }
}

function tableOf(hashes: Int32Array, symbols: Int32Array): NameTable {
  const table = new NameTable(0);
  table.hashes = hashes.slice();
  table.symbols = symbols.slice();
  table.mask = symbols.length - 1;
  for (let k = 0; k < symbols.length; k++) if (symbols[k] !== 0) table.used++;
  return table;
}
