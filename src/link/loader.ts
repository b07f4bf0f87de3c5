/**
 * The linker's symbols: one integer each, every fact in an array indexed by it. A symbol's content comes from one of three
 * sources behind the same accessors: a record of an object file (read where it lies), a LinkSymbol that the compiler filled
 * in memory (possibly only when asked: see materialize.ts), or bytes the linker made itself.
 *
 * Symbol 0 is nil. Numbering is the official one (package definitions of all objects in loading order, then per object
 * content-addressable and by-name definitions, then references), because layout breaks ties by it.
 */
import { bug } from '#base/bug.ts';
import type { ByteWriter } from '#base/bytes.ts';
import * as F from '#obj/format.ts';
import type { ObjectFile } from '#obj/object.ts';
import type { ObjectReader } from '#obj/reader.ts';
import type { LinkSymbol, Symbols } from '#obj/symbol.ts';
import * as Attr from './attributes.ts';
import type { Excerpt, ExcerptPart } from './excerpt.ts';
import { HashTable } from './hash-table.ts';
import * as Kind from './kinds.ts';
import type { LoadedFunc } from './materialize.ts';
import { enterName, findText, NameTable } from './name-table.ts';
import { NumberList } from './number-list.ts';
import type { Prelinked } from './prelinked.ts';

/** ABI0 and data. */
export const Version0 = 0;
export const VersionInternal = 1;
/** Versions from here on are file-local, one for each object. */
export const VersionStatic = 10;

/** One package of the link. */
export class Library {
  readonly path: string;
  /** Archive or object, "" for a package in memory. */
  readonly file: string;
  /** The package that asked for it, for messages. */
  readonly requestedBy: string;
  fingerprint: Uint8Array;
  readonly objects: LinkObject[];
  /** Import paths with the fingerprints the importer saw. */
  readonly autolib: { path: string; fingerprint: Uint8Array }[];
  readonly imports: Library[];
  isMain: boolean;
  /** Of the file: its length, and the first bytes, in which the build ID is. */
  size: number;
  start: Uint8Array;
  readonly memory: ObjectFile | null;

  constructor(path: string, file: string, requestedBy: string, fingerprint: Uint8Array, memory: ObjectFile | null) {
    this.path = path;
    this.file = file;
    this.requestedBy = requestedBy;
    this.fingerprint = fingerprint;
    this.objects = [];
    this.autolib = [];
    this.imports = [];
    this.isMain = false;
    this.size = 0;
    this.start = new Uint8Array(0);
    this.memory = memory;
  }

  toString(): string {
    return this.path;
  }
}

/** One compilation unit: an object of an archive, or a package's ObjectFile in memory. */
export class LinkObject {
  readonly index: number;
  readonly library: Library;
  readonly name: string;
  /** The first line of the object's file. */
  header: string;
  /** What it asks for of C, as the file has it. */
  cgoPragmas: string;
  readonly reader: ObjectReader | null;
  readonly memory: ObjectFile | null;
  /** What an excerpt has of the object; `reader` and `syms` are the whole excerpt's then. */
  readonly part: ExcerptPart | null;
  /** Global symbols by local number (definitions, then references). */
  syms: Int32Array;
  /** Object index by package index; -1: in memory, -2: not resolved. */
  packages: Int32Array;
  /** Names of symbols of packages in memory, by reference; read from the object's RefNames when first needed. */
  refNames: Map<number, string> | null;
  /** Reachable functions, in order. */
  textp: number[];
  /** File names read so far. */
  private readonly fileNames: string[];

  constructor(
    index: number,
    library: Library,
    name: string,
    reader: ObjectReader | null,
    memory: ObjectFile | null,
    part: ExcerptPart | null = null,
  ) {
    this.index = index;
    this.library = library;
    this.name = name;
    this.header = '';
    this.cgoPragmas = '';
    this.reader = part === null ? reader : part.excerpt.reader;
    this.memory = memory;
    this.part = part;
    this.syms = part === null ? new Int32Array(reader === null ? 0 : reader.symbolCount) : part.excerpt.numbers;
    this.packages = new Int32Array(0);
    this.refNames = null;
    this.textp = [];
    this.fileNames = [];
  }

  get version(): number {
    return VersionStatic + this.index - 1;
  }

  get flags(): number {
    if (this.part !== null) return this.part.unit.flags;
    if (this.reader !== null) return this.reader.flags;
    return this.memory === null ? 0 : this.memory.flags;
  }

  fileName(i: number): string {
    if (this.part !== null) return this.part.unit.files[i] ?? bug(`${this.name}: no file ${i} in the excerpt`);
    if (this.reader !== null) {
      let name = this.fileNames[i];
      if (name === undefined) {
        name = this.reader.fileName(i);
        this.fileNames[i] = name;
      }
      return name;
    }
    if (this.memory === null) return '';
    return this.memory.files[i] ?? bug(`${this.name}: no file ${i} in the file table`);
  }

  get fileCount(): number {
    if (this.part !== null) return this.part.unit.files.length;
    if (this.reader !== null) return this.reader.count(F.BlockFiles);
    return this.memory === null ? 0 : this.memory.files.length;
  }
}

/** Where content lies; of length 0 if there is none. */
export class Place {
  bytes: Uint8Array;
  start: number;
  length: number;

  constructor() {
    this.bytes = new Uint8Array(0);
    this.start = 0;
    this.length = 0;
  }
}

/** Place of "" in the list of names. */
const emptyName = 1;

export class Loader {
  /** Symbols in use, nil included. */
  count: number;
  /** Linker kind. */
  kind: Uint8Array;
  attrs: Int32Array;
  size: Float64Array;
  /** 0: by size. */
  align: Int32Array;
  version: Int32Array;
  /** Index in objects, 0 for the linker's own. */
  object: Int32Array;
  /** Number within the object; meaningless in memory and for the linker's own. */
  local: Int32Array;
  /** Address, or offset in the section before addresses are known. */
  value: Float64Array;
  /** Index in the layout's sections, -1 for none. */
  section: Int32Array;
  /** Relocations in the arrays below; -1 until materialized. */
  relocStart: Int32Array;
  relocEnd: Int32Array;
  gotype: Int32Array;
  outer: Int32Array;
  /** First part of a container, and next part of the same container. */
  subFirst: Int32Array;
  subNext: Int32Array;
  /** Of a symbol that objects only refer to: the object whose record `local` has the name; 0 for others. */
  nameObject: Int32Array;
  /** Index in nameList; 0: the name is not read yet. */
  nameIndex: Int32Array;
  readonly nameList: string[];
  /** Index in contentList; 0: the content is in an object file, or there is none. */
  contentIndex: Int32Array;
  readonly contentList: Uint8Array[];
  /** The symbols with these contents. */
  readonly contentOwners: number[];
  /** What placeOf answers. */
  readonly place: Place;
  /** The relocation that was last looked up by its offset: the next one is often behind it. */
  relocCursor: number;
  /** Empty in links of files alone. */
  memory: (LinkSymbol | undefined)[];

  relocCount: number;
  relocOffset: Int32Array;
  /** With the Weak bit. */
  relocType: Uint16Array;
  relocSize: Uint8Array;
  relocAddend: Float64Array;
  relocTarget: Int32Array;

  readonly objects: LinkObject[];
  readonly objectByPackage: Map<string, LinkObject>;
  readonly units: Map<ObjectFile, LinkObject>;
  byName: NameTable;
  /** Short content-addressable symbols by their bytes, the others by their hashes. */
  byHash64: HashTable;
  byHash: HashTable;
  /** Pc-value tables of packages in memory, by their bytes. */
  tables: NameTable;
  /** Names of source files that functions in memory mention, and their numbers. */
  readonly fileNames: string[];
  readonly fileNumbers: Map<string, number>;
  /** Nothing comes from object files: what numbers do not tell is ordered by names (order.ts). */
  ordersByName: boolean;
  /** What the first symbols are; null: they are like the others. */
  prelinked: Prelinked | null;
  /** What stands for all archives but the main package's; null: they are read. */
  excerpt: Excerpt | null;
  readonly builtins: Int32Array;
  /** Function information read so far. */
  readonly funcs: LoadedFunc[];
  /** By symbol: index in funcs, -1 for none, 0 for not read; as long as was needed. */
  funcIndex: Int32Array;
  /** The lists that function information consists of. */
  readonly lists: NumberList;
  /** Names outside of Go: of C functions, and of Go functions exported to C. */
  readonly externalNames: Map<number, string>;
  /** The program's symbols in memory, or null. */
  readonly symbols: Symbols | null;

  constructor(expected: number, builtinCount: number, symbols: Symbols | null) {
    const n = Math.max(expected, 1024);
    this.count = 1;
    this.kind = new Uint8Array(n);
    this.attrs = new Int32Array(n);
    this.size = new Float64Array(n);
    this.align = new Int32Array(n);
    this.version = new Int32Array(n);
    this.object = new Int32Array(n);
    this.local = new Int32Array(n);
    this.value = new Float64Array(n);
    this.section = new Int32Array(n).fill(-1);
    this.relocStart = new Int32Array(n).fill(-1);
    this.relocEnd = new Int32Array(n);
    this.gotype = new Int32Array(n);
    this.outer = new Int32Array(n);
    this.subFirst = new Int32Array(n);
    this.subNext = new Int32Array(n);
    this.nameObject = new Int32Array(n);
    this.nameIndex = new Int32Array(n);
    this.nameList = ['', ''];
    this.nameIndex[0] = emptyName;
    this.contentIndex = new Int32Array(n);
    this.contentList = [new Uint8Array(0)];
    this.contentOwners = [0];
    this.place = new Place();
    this.relocCursor = 0;
    this.memory = symbols === null ? [] : new Array<LinkSymbol | undefined>(n);
    this.relocCount = 0;
    this.relocOffset = new Int32Array(n * 4);
    this.relocType = new Uint16Array(n * 4);
    this.relocSize = new Uint8Array(n * 4);
    this.relocAddend = new Float64Array(n * 4);
    this.relocTarget = new Int32Array(n * 4);
    this.objects = [new LinkObject(0, new Library('', '', '', new Uint8Array(8), null), '', null, null)];
    this.objectByPackage = new Map();
    this.units = new Map();
    this.byName = new NameTable(0);
    this.byHash64 = new HashTable(0);
    this.byHash = new HashTable(0);
    this.tables = new NameTable(0);
    this.fileNames = [];
    this.fileNumbers = new Map();
    this.ordersByName = false;
    this.prelinked = null;
    this.excerpt = null;
    this.builtins = new Int32Array(builtinCount);
    this.funcs = [];
    this.funcIndex = new Int32Array(0);
    this.lists = new NumberList();
    this.externalNames = new Map();
    this.symbols = symbols;
  }
}

/** A new symbol of this name (null: the one in its object) and version, in no table. */
export function newSymbol(l: Loader, name: string | null, version: number): number {
  const i = l.count++;
  if (i >= l.kind.length) growSymbols(l, i * 2);
  if (name !== null) setName(l, i, name);
  l.version[i] = version;
  return i;
}

/** Room for n more symbols. */
export function reserveSymbols(l: Loader, n: number): void {
  const need = l.count + n;
  if (need > l.kind.length) growSymbols(l, Math.max(need, l.kind.length + (l.kind.length >> 1)));
}

function growSymbols(l: Loader, n: number): void {
  l.kind = grown(l.kind, new Uint8Array(n));
  l.attrs = grown(l.attrs, new Int32Array(n));
  l.size = grown(l.size, new Float64Array(n));
  l.align = grown(l.align, new Int32Array(n));
  l.version = grown(l.version, new Int32Array(n));
  l.object = grown(l.object, new Int32Array(n));
  l.local = grown(l.local, new Int32Array(n));
  l.value = grown(l.value, new Float64Array(n));
  l.section = grown(l.section, new Int32Array(n).fill(-1));
  l.relocStart = grown(l.relocStart, new Int32Array(n).fill(-1));
  l.relocEnd = grown(l.relocEnd, new Int32Array(n));
  l.gotype = grown(l.gotype, new Int32Array(n));
  l.outer = grown(l.outer, new Int32Array(n));
  l.subFirst = grown(l.subFirst, new Int32Array(n));
  l.subNext = grown(l.subNext, new Int32Array(n));
  l.nameObject = grown(l.nameObject, new Int32Array(n));
  l.nameIndex = grown(l.nameIndex, new Int32Array(n));
  l.contentIndex = grown(l.contentIndex, new Int32Array(n));
  // Links of files alone have nothing in memory.
  if (l.symbols !== null || l.units.size > 0) l.memory = grownList(l.memory, l.count, n);
}

function grownList<T>(from: readonly (T | undefined)[], count: number, n: number): (T | undefined)[] {
  const to = new Array<T | undefined>(n);
  const end = Math.min(count, from.length);
  for (let i = 0; i < end; i++) if (from[i] !== undefined) to[i] = from[i];
  return to;
}

type Numbers = Uint8Array | Uint16Array | Int32Array | Float64Array;

function grown<T extends Numbers>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Room for n more relocations. */
export function reserveRelocs(l: Loader, n: number): void {
  const need = l.relocCount + n;
  if (need <= l.relocOffset.length) return;
  const size = Math.max(need, l.relocOffset.length * 2);
  l.relocOffset = grown(l.relocOffset, new Int32Array(size));
  l.relocType = grown(l.relocType, new Uint16Array(size));
  l.relocSize = grown(l.relocSize, new Uint8Array(size));
  l.relocAddend = grown(l.relocAddend, new Float64Array(size));
  l.relocTarget = grown(l.relocTarget, new Int32Array(size));
}

export function lookup(l: Loader, name: string, version: number): number {
  const i = l.byName.symbols[findText(l, name, version)];
  if (i !== 0) l.attrs[i] |= Attr.LookedUp;
  else if (l.excerpt !== null) l.excerpt.refuseName(l.byName.lastHash);
  return i;
}

export function lookupOrCreate(l: Loader, name: string, version: number): number {
  const slot = findText(l, name, version);
  const known = l.byName.symbols[slot];
  if (known !== 0) {
    l.attrs[known] |= Attr.LookedUp;
    return known;
  }
  if (l.excerpt !== null) l.excerpt.refuseName(l.byName.lastHash);
  const i = newSymbol(l, name, version);
  enterName(l.byName, slot, l.byName.lastHash, i);
  return i;
}

export function setName(l: Loader, i: number, name: string): void {
  if (name === '') {
    l.nameIndex[i] = emptyName;
    return;
  }
  l.nameIndex[i] = l.nameList.length;
  l.nameList.push(name);
}

/** The object with the name of a symbol whose name nobody has read. */
export function nameReader(l: Loader, i: number): ObjectReader | null {
  const o = l.nameObject[i];
  return l.objects[o === 0 ? l.object[i] : o].reader;
}

export function symbolName(l: Loader, i: number): string {
  const index = l.nameIndex[i];
  if (index !== 0) return l.nameList[index];
  const { prelinked } = l;
  if (prelinked !== null && i < prelinked.count) {
    const known = prelinked.name(i);
    setName(l, i, known);
    return known;
  }
  const reader = nameReader(l, i);
  const name = reader === null ? '' : reader.name(l.local[i]);
  setName(l, i, name);
  return name;
}

/** Gives a symbol content of its own. */
export function setOwnContent(l: Loader, i: number, bytes: Uint8Array): void {
  l.contentIndex[i] = l.contentList.length;
  l.contentList.push(bytes);
  l.contentOwners.push(i);
}

export function hasOwnContent(l: Loader, i: number): boolean {
  return l.contentIndex[i] !== 0;
}

/** Writes the symbol's name as UTF-8, from where it lies. */
export function writeName(l: Loader, w: ByteWriter, i: number): void {
  const { prelinked } = l;
  if (prelinked !== null && i < prelinked.count) {
    w.bytes(prelinked.names.subarray(prelinked.nameStart[i], prelinked.nameStart[i + 1]));
    return;
  }
  const reader = l.nameIndex[i] === 0 ? nameReader(l, i) : null;
  if (reader === null) {
    w.text(symbolName(l, i));
    return;
  }
  const at = reader.symbolAt(l.local[i]);
  const length = reader.u32(at);
  const start = reader.u32(at + 4);
  if (start + length > reader.bytes.length) reader.stringBytes(at);
  w.reserve(length);
  const { buf } = w;
  const { bytes } = reader;
  const to = w.length;
  for (let k = 0; k < length; k++) buf[to + k] = bytes[start + k];
  w.length = to + length;
}

/** Whether the symbol's name has this beginning (ASCII), without making a string of it. */
export function nameStartsWith(l: Loader, i: number, prefix: string): boolean {
  const { prelinked } = l;
  if (prelinked !== null && i < prelinked.count) {
    const from = prelinked.nameStart[i];
    return prelinked.nameStart[i + 1] - from >= prefix.length && hasText(prelinked.names, from, prefix);
  }
  const reader = l.nameIndex[i] === 0 ? nameReader(l, i) : null;
  if (reader === null) return symbolName(l, i).startsWith(prefix);
  const at = reader.symbolAt(l.local[i]);
  const start = reader.u32(at + 4);
  return reader.u32(at) >= prefix.length && hasText(reader.bytes, start, prefix);
}

/** Whether the symbol's name has this end: text whose characters are bytes of UTF-8. */
export function nameEndsWith(l: Loader, i: number, suffix: string, bytes: string): boolean {
  const { prelinked } = l;
  if (prelinked !== null && i < prelinked.count) {
    const from = prelinked.nameStart[i + 1] - bytes.length;
    return from >= prelinked.nameStart[i] && hasText(prelinked.names, from, bytes);
  }
  const reader = l.nameIndex[i] === 0 ? nameReader(l, i) : null;
  if (reader === null) return symbolName(l, i).endsWith(suffix);
  const at = reader.symbolAt(l.local[i]);
  const rest = reader.u32(at) - bytes.length;
  return rest >= 0 && hasText(reader.bytes, reader.u32(at + 4) + rest, bytes);
}

function hasText(bytes: Uint8Array, start: number, text: string): boolean {
  for (let k = 0; k < text.length; k++) if (bytes[start + k] !== text.charCodeAt(k)) return false;
  return true;
}

/** Whether the symbol has a name. */
export function isNamed(l: Loader, i: number): boolean {
  const { prelinked } = l;
  if (prelinked !== null && i < prelinked.count) return prelinked.nameStart[i] !== prelinked.nameStart[i + 1];
  const index = l.nameIndex[i];
  if (index !== 0) return l.nameList[index] !== '';
  const reader = nameReader(l, i);
  return reader !== null && reader.u32(reader.symbolAt(l.local[i])) !== 0;
}

/** The content; null for none (zero-initialised, undefined). May be shorter than the size. */
export function symbolData(l: Loader, i: number): Uint8Array | null {
  const own = l.contentIndex[i];
  if (own !== 0) return l.contentList[own];
  const m = l.memory[i];
  if (m !== undefined) return m.data.length === 0 ? null : m.data;
  const { prelinked } = l;
  if (prelinked !== null && i < prelinked.count) return prelinked.content(i);
  const { reader, part } = l.objects[l.object[i]];
  if (reader === null) return null;
  const data = l.local[i] < reader.definedCount ? reader.data(l.local[i]) : null;
  if (data === null || data.length > 0) return data;
  if (part !== null) part.excerpt.needWhole(l.local[i]);
  return null;
}

/** Where the content lies, until the next question: a view of each would cost more than the few bytes that are read of it. */
export function placeOf(l: Loader, i: number): Place {
  const { place } = l;
  const m = l.memory[i];
  const own = l.contentIndex[i];
  if (own !== 0 || m !== undefined) {
    place.bytes = own !== 0 || m === undefined ? l.contentList[own] : m.data;
    place.start = 0;
    place.length = place.bytes.length;
    return place;
  }
  const { prelinked } = l;
  if (prelinked !== null && i < prelinked.count) {
    place.bytes = prelinked.data;
    place.start = prelinked.dataStart[i];
    place.length = prelinked.dataStart[i + 1] - place.start;
    return place;
  }
  const { reader, part } = l.objects[l.object[i]];
  const local = l.local[i];
  if (reader === null || local >= reader.definedCount) {
    place.length = 0;
    return place;
  }
  place.bytes = reader.bytes;
  place.start = reader.dataStart(local);
  place.length = reader.dataLength(local);
  if (part !== null && place.length === 0) part.excerpt.needWhole(local);
  return place;
}

/** The length of the content, 0 for none. */
export function dataLength(l: Loader, i: number): number {
  const own = l.contentIndex[i];
  if (own !== 0) return l.contentList[own].length;
  const m = l.memory[i];
  if (m !== undefined) return m.data.length;
  const { prelinked } = l;
  if (prelinked !== null && i < prelinked.count) return prelinked.dataStart[i + 1] - prelinked.dataStart[i];
  const { reader, part } = l.objects[l.object[i]];
  const length = reader !== null && l.local[i] < reader.definedCount ? reader.dataLength(l.local[i]) : 0;
  if (length === 0 && part !== null) part.excerpt.needWhole(l.local[i]);
  return length;
}

/** Pieces up to this length are copied byte by byte: a view of them costs more. */
const shortPiece = 96;

/** Copies the content, at most `size` bytes of it, to a place of the output. */
export function copyData(l: Loader, i: number, size: number, out: Uint8Array, at: number): void {
  const { prelinked } = l;
  if (prelinked !== null && i < prelinked.count && l.contentIndex[i] === 0 && l.memory[i] === undefined) {
    const start = prelinked.dataStart[i];
    copyBytes(prelinked.data, start, Math.min(size, prelinked.dataStart[i + 1] - start), out, at);
    return;
  }
  const { reader, part } = l.objects[l.object[i]];
  if (reader === null || l.contentIndex[i] !== 0 || l.memory[i] !== undefined) {
    const data = symbolData(l, i);
    if (data !== null) out.set(data.length > size ? data.subarray(0, size) : data, at);
    return;
  }
  if (l.local[i] >= reader.definedCount) return;
  if (part !== null && reader.dataLength(l.local[i]) === 0) part.excerpt.needWhole(l.local[i]);
  copyBytes(reader.bytes, reader.dataStart(l.local[i]), Math.min(size, reader.dataLength(l.local[i])), out, at);
}

function copyBytes(bytes: Uint8Array, start: number, length: number, out: Uint8Array, at: number): void {
  if (length > shortPiece) out.set(bytes.subarray(start, start + length), at);
  else for (let k = 0; k < length; k++) out[at + k] = bytes[start + k];
}

export function isReachable(l: Loader, i: number): boolean {
  return (l.attrs[i] & Attr.Reachable) !== 0;
}

/** The unit a symbol belongs to; null for the linker's own. */
export function symbolUnit(l: Loader, i: number): LinkObject | null {
  const o = l.object[i];
  return o === 0 ? null : l.objects[o];
}

export function isDefined(l: Loader, i: number): boolean {
  return l.kind[i] !== Kind.Undefined;
}
