/**
 * Makes what excerpt.ts reads, of a link that has been done: the symbols that it looked into, with what they mention. What other programs would find
 * in the same archives is asked of a loader that knows these archives alone.
 */
import { ByteWriter, encodeText, hexText } from '#base/bytes.ts';
import { ObjectError } from '#obj/archive.ts';
import * as ObjAttr from '#obj/attributes.ts';
import * as F from '#obj/format.ts';
import { buildIdOf } from './archive-identity.ts';
import * as Attr from './attributes.ts';
import { Link } from './context.ts';
import { LinkFatal } from './errors.ts';
import {
  definitionFacts,
  type ExcerptLibrary,
  type ExcerptTexts,
  type ExcerptUnit,
  funcWidth,
  keptAttributes,
  magic,
  mentioned,
  told,
  whole,
} from './excerpt.ts';
import { HashTable } from './hash-table.ts';
import * as Kind from './kinds.ts';
import { loadSymbols } from './load-symbols.ts';
import { type Library, LinkObject, type Loader, VersionStatic } from './loader.ts';
import { type KeptSymbols, makeKeptDebug } from './make-kept-debug.ts';
import { makeKeptPclnTab } from './make-kept-pclntab.ts';
import { makeKeptReach } from './make-kept-reach.ts';
import { makeKeptText } from './make-kept-text.ts';
import { inlineWidth, type LoadedFunc, loadFunc, resolveRef } from './materialize.ts';
import { enterName, NameTable } from './name-table.ts';
import { NumberList } from './number-list.ts';
import { bytesOf, joinParts, listBytes } from './parts.ts';

const unknown = 0;

/** Null if these archives are not what an excerpt can stand for. `room`: so many bytes are left free in front. */
export function makeExcerpt(link: Link, room = 0): Uint8Array | null {
  const l = link.loader;
  if (link.hostObjects.length > 0 || link.hasImports || l.symbols !== null || link.errors.length > 0) return null;
  if (link.dynimportFail.length > 0 || link.preferExternal.length > 0) return null;
  const first = l.objects.findIndex((o, k) => k > 0 && !o.library.isMain);
  const objects = l.objects.slice(first);
  if (first < 0 || objects.some((o) => o.library.isMain || o.reader === null)) return null;
  const libraries = [...new Set(objects.map((o) => o.library))];
  if (libraries.some((b) => buildIdOf(b.start) === '') || libraries.length + 1 !== link.libraryByPath.size) return null;
  try {
    const m = new Maker(link, first, objects);
    m.choose();
    m.number();
    return m.write(libraries, room);
  } catch (e) {
    // What the main package defines may be what the archives lack.
    if (e instanceof LinkFatal || e instanceof ObjectError) return null;
    throw e;
  }
}

class Maker {
  private readonly link: Link;
  private readonly other: Link;
  /** The number of the first object of the archives. */
  private readonly first: number;
  /** The objects in the link, and in the loader `l` of these alone. */
  private readonly objects: readonly LinkObject[];
  private readonly alone: LinkObject[];
  private readonly l: Loader;
  private readonly state: Uint8Array;
  /** Symbols whose mentions are to be looked up. */
  private readonly pending: number[];
  /** The kept symbols in order, and the place of each among them, from 1 on. */
  private readonly kept: number[];
  private readonly places: Int32Array;
  private packaged: number;
  private defined: number;

  constructor(link: Link, first: number, objects: readonly LinkObject[]) {
    this.link = link;
    this.first = first;
    this.objects = objects;
    const other = new Link({ ...link.options, excerpt: null, strings: new Map() }, link.host);
    this.other = other;
    const l = other.loader;
    this.alone = objects.map((o, k) => new LinkObject(k + 1, o.library, o.name, o.reader, null));
    l.objects.push(...this.alone);
    for (const [path, o] of link.loader.objectByPackage)
      if (o.index >= first) l.objectByPackage.set(path, this.alone[o.index - first]);
    loadSymbols(other);
    this.l = l;
    this.state = new Uint8Array(l.count);
    this.pending = [];
    this.kept = [];
    this.places = new Int32Array(l.count);
    this.packaged = 0;
    this.defined = 0;
  }

  /** At least so much of a symbol is needed. */
  private need(s: number, state: number): void {
    if (s === 0 || this.state[s] >= state) return;
    this.state[s] = state;
    if (state > mentioned) this.pending.push(s);
  }

  /** Finds out what is kept: what the link has looked into or asked for, and what the main package has, too. */
  choose(): void {
    const l = this.link.loader;
    const isMain = new Uint8Array(l.count);
    for (let k = 1; k < this.first; k++) for (const s of l.objects[k].syms) isMain[s] = 1;
    const { attrs, relocStart, funcIndex } = l;
    for (let k = 0; k < this.objects.length; k++) {
      const before = this.objects[k].syms;
      const now = this.alone[k].syms;
      for (let n = 0; n < before.length; n++) {
        const s = before[n];
        const isUsed = relocStart[s] >= 0 || (attrs[s] & (Attr.Reachable | Attr.LookedUp)) !== 0 || isMain[s] !== 0;
        if (isUsed) this.need(now[n], whole);
        else if (s < funcIndex.length && funcIndex[s] > 0) this.need(now[n], told);
      }
    }
    for (let s = this.pending.pop(); s !== undefined; s = this.pending.pop()) this.addMentions(s);
  }

  private objectOf(s: number): LinkObject {
    return this.l.objects[this.l.object[s]];
  }

  private addMentions(s: number): void {
    const { l } = this;
    const object = this.objectOf(s);
    const { reader } = object;
    if (reader === null) return;
    const local = l.local[s];
    if (this.state[s] === whole) {
      const last = reader.relocStart(local + 1);
      for (let n = reader.relocStart(local); n < last; n++)
        this.need(resolveRef(l, object, reader.relocAt(n) + 15), mentioned);
    }
    const last = reader.auxStart(local + 1);
    for (let n = reader.auxStart(local); n < last; n++) {
      const at = reader.auxAt(n);
      const type = reader.bytes[at];
      // A function's tables are read wherever the function is; its information is in arrays.
      const isTable = type === F.AuxFuncdata || (type > F.AuxDwarfLines && type <= F.AuxPcdata);
      this.need(resolveRef(l, object, at + 1), isTable && this.state[s] === whole ? whole : mentioned);
    }
    const f = Kind.isText(l.kind[s]) ? loadFunc(l, s) : null;
    if (f === null) return;
    for (let n = f.inlineStart; n < f.inlineEnd; n += inlineWidth) this.need(l.lists.data[n + 3], mentioned);
  }

  /** Gives the kept symbols their places. */
  number(): void {
    const { l, state, kept, places } = this;
    const packaged = this.alone.reduce((n, o) => n + (o.reader?.defCount ?? 0), 0);
    for (let s = 1; s < l.count; s++) {
      if (state[s] === unknown) continue;
      kept.push(s);
      places[s] = kept.length;
      if (s <= packaged) this.packaged = kept.length;
      if (l.object[s] !== 0) this.defined = kept.length;
    }
  }

  write(libraries: readonly Library[], room: number): Uint8Array {
    const { l, kept, places, state } = this;
    const numbers = (of: (s: number) => number): Uint8Array => bytesOf(filled(new Int32Array(kept.length), kept, of));
    const objectNumber = (s: number): number => (l.object[s] === 0 ? l.nameObject[s] : l.object[s]) + this.first - 1;
    const version = (s: number): number => l.version[s] + (l.version[s] >= VersionStatic ? this.first - 1 : 0);
    const relocs = this.relocations();
    const parts = [
      this.object(),
      filled(new Uint8Array(kept.length), kept, (s) => state[s]),
      filled(new Uint8Array(kept.length), kept, (s) => l.kind[s]),
      numbers((s) => (l.attrs[s] | (this.isLeaf(s) ? Attr.Leaf : 0)) & keptAttributes),
      bytesOf(filled(new Uint32Array(kept.length), kept, (s) => l.size[s])),
      numbers((s) => l.align[s]),
      numbers(version),
      numbers(objectNumber),
      numbers((s) => places[this.typeOf(s)]),
      ...relocs,
      ...this.auxiliary(),
      ...this.names(),
      ...this.hashes(l.byHash64),
      ...this.hashes(l.byHash),
      ...this.functions(),
      ...this.definitions(),
      ...this.absent(),
    ];
    // Last, since reaching changes the loader.
    const symbols = this.symbolsOfLink();
    const debug = makeKeptDebug(this.link, symbols);
    const pclnTab = makeKeptPclnTab(this.link, l, kept, symbols, this.first);
    const text = makeKeptText(this.link, symbols);
    const reach = makeKeptReach(this.link, this.other, kept, symbols, new Int32Array(relocs[0].buffer));
    const texts: ExcerptTexts = {
      libraries: libraries.map((b) => libraryTexts(b)),
      firstObject: this.first,
      packaged: this.packaged,
      others: this.defined - this.packaged,
      reach: reach === null ? null : reach.texts,
      pclnTab: pclnTab === null ? null : pclnTab.texts,
      hasText: text !== null,
      debug: debug === null ? null : debug.texts,
    };
    const more = [reach, pclnTab, text === null ? null : { parts: text }, debug].flatMap((made) => made?.parts ?? []);
    return joinParts(magic, [encodeText(JSON.stringify(texts)), ...parts, ...more], room);
  }

  /** What is kept, in the link's own numbers. */
  private symbolsOfLink(): KeptSymbols {
    const kept = new Array<number>(this.kept.length).fill(0);
    const places = new Int32Array(this.link.loader.count);
    for (let k = 0; k < this.objects.length; k++) {
      const before = this.objects[k].syms;
      const now = this.alone[k].syms;
      for (let n = 0; n < before.length; n++) {
        const place = this.places[now[n]];
        if (place === 0) continue;
        kept[place - 1] = before[n];
        places[before[n]] = place;
      }
    }
    return { kept, places };
  }

  /** Whether a symbol is one of an object, with content of its own. */
  private isWhole(s: number): boolean {
    return this.state[s] === whole && this.l.object[s] !== 0;
  }

  private isLeaf(s: number): boolean {
    const { reader } = this.objectOf(s);
    const local = this.l.local[s];
    if (!this.isWhole(s) || reader === null || (this.l.attrs[s] & attributesThatTell) !== 0) return false;
    return reader.relocCount(local) === 0 && reader.auxStart(local) === reader.auxStart(local + 1);
  }

  private typeOf(s: number): number {
    if (!this.isWhole(s)) return 0;
    const object = this.objectOf(s);
    const { reader } = object;
    const local = this.l.local[s];
    if (reader === null || reader.auxStart(local) === reader.auxStart(local + 1)) return 0;
    const at = reader.auxAt(reader.auxStart(local));
    return reader.bytes[at] === F.AuxGotype ? resolveRef(this.l, object, at + 1) : 0;
  }

  private relocations(): Uint8Array[] {
    const { l, kept, places } = this;
    const starts = new Int32Array(kept.length).fill(-1);
    const ends = new Int32Array(kept.length);
    let count = 0;
    for (const s of kept) if (this.isWhole(s)) count += this.objectOf(s).reader?.relocCount(l.local[s]) ?? 0;
    const offset = new Int32Array(count);
    const type = new Uint16Array(count);
    const size = new Uint8Array(count);
    const addend = new Int32Array(count);
    const large = new NumberList();
    const target = new Int32Array(count);
    let n = 0;
    kept.forEach((s, k) => {
      const object = this.objectOf(s);
      const { reader } = object;
      if (!this.isWhole(s) || reader === null) return;
      const last = reader.relocStart(l.local[s] + 1);
      starts[k] = n;
      for (let r = reader.relocStart(l.local[s]); r < last; r++, n++) {
        const at = reader.relocAt(r);
        const { view } = reader;
        offset[n] = view.getInt32(at, true);
        size[n] = view.getUint8(at + 4);
        type[n] = view.getUint16(at + 5, true);
        addend[n] = view.getInt32(at + 7, true);
        // The upper halves of the few addends that have one of their own.
        const high = view.getInt32(at + 11, true);
        if (high !== addend[n] >> 31) {
          large.push(n);
          large.push(high);
        }
        target[n] = places[resolveRef(l, object, at + 15)];
      }
      ends[k] = n;
    });
    return [starts, ends, offset, type, size, addend].map(bytesOf).concat(listBytes(large), bytesOf(target));
  }

  /** An object with the names, contents and auxiliary symbols of all. */
  private object(): Uint8Array {
    const { l, kept, defined } = this;
    const records = new ByteWriter(kept.length * F.symbolSize);
    const dataStarts = new ByteWriter(4 * defined + 4);
    let nameSize = F.headerSize;
    let dataSize = 0;
    for (const s of kept) {
      const { reader } = l.objects[l.object[s] === 0 ? l.nameObject[s] : l.object[s]];
      if (reader !== null) nameSize += reader.u32(reader.symbolAt(l.local[s]));
      if (reader !== null && this.isWhole(s)) dataSize += reader.dataLength(l.local[s]);
    }
    const data = new ByteWriter(dataSize);
    const head = new ByteWriter(nameSize + dataSize + kept.length * F.symbolSize + 12 * (defined + 1));
    head.zeros(F.headerSize);
    for (let k = 0; k < kept.length; k++) {
      const s = kept[k];
      const object = l.objects[l.object[s] === 0 ? l.nameObject[s] : l.object[s]];
      const { reader } = object;
      if (k < defined) dataStarts.u32(data.length);
      if (reader === null) {
        // References of an object's own have names that are not in its table.
        const name = encodeText(l.nameList[l.nameIndex[s]]);
        records.u32(name.length);
        records.u32(head.length);
        records.bytes(unnamed.subarray(8));
        head.bytes(name);
        continue;
      }
      const local = l.local[s];
      const at = reader.symbolAt(local);
      const length = reader.u32(at);
      const start = reader.u32(at + 4);
      if (start + length > reader.bytes.length) reader.stringBytes(at);
      records.u32(length);
      records.u32(head.length);
      append(records, reader.bytes, at + 8, F.symbolSize - 8);
      append(head, reader.bytes, start, length);
      if (this.isWhole(s)) append(data, reader.bytes, reader.dataStart(local), reader.dataLength(local));
    }
    dataStarts.u32(data.length);
    const empty = new Uint8Array(0);
    const all = records.bytesView();
    const split = defined * F.symbolSize;
    const blocks: Uint8Array[] = [
      empty,
      empty,
      empty,
      all.subarray(0, split),
      empty,
      empty,
      empty,
      all.subarray(split),
    ];
    const none = new Uint8Array(4 * defined + 4);
    blocks.push(empty, empty, empty, none, none, dataStarts.bytesView(), empty, empty, data.bytesView(), empty, empty);
    head.buf.set(encodeText(F.magic));
    blocks.forEach((block, n) => {
      head.patchU32(20 + 4 * n, head.length);
      head.bytes(block);
    });
    return head.bytesView();
  }

  /** Auxiliary symbols, and what stands for them: entries of variables, information on functions. */
  private auxiliary(): Uint8Array[] {
    const { kept, l, places } = this;
    const starts = new Int32Array(kept.length + 1);
    const aux = new NumberList();
    const entries = new Int32Array(kept.length);
    const func = new Int32Array(kept.length);
    const f = new FuncLists();
    kept.forEach((s, k) => {
      const object = this.objectOf(s);
      const { reader } = object;
      if (reader !== null && l.object[s] !== 0 && this.state[s] !== mentioned) {
        const last = reader.auxStart(l.local[s] + 1);
        for (let n = reader.auxStart(l.local[s]); n < last; n++) {
          const at = reader.auxAt(n);
          const place = places[resolveRef(l, object, at + 1)];
          if (reader.bytes[at] === F.AuxDwarfInfo && entries[k] === 0) entries[k] = place;
          if (reader.bytes[at] !== F.AuxGotype && place !== 0) aux.push(place);
        }
        const info = Kind.isText(l.kind[s]) ? loadFunc(l, s) : null;
        if (info !== null) func[k] = f.add(info, l.lists.data, places);
      }
      starts[k + 1] = aux.length;
    });
    return [bytesOf(starts), listBytes(aux), bytesOf(entries), bytesOf(func), ...f.parts()];
  }

  private names(): Uint8Array[] {
    const { byName } = this.l;
    const table = new NameTable(0);
    for (let k = 0; k < byName.symbols.length; k++) {
      const s = byName.symbols[k];
      if (s === 0 || this.state[s] === unknown) continue;
      const hash = byName.hashes[k];
      let slot = hash & table.mask;
      while (table.symbols[slot] !== 0) slot = (slot + 1) & table.mask;
      enterName(table, slot, hash, this.places[s]);
    }
    return [bytesOf(table.hashes), bytesOf(table.symbols)];
  }

  private hashes(from: HashTable): Uint8Array[] {
    const table = new HashTable(0);
    const { words } = from;
    for (let k = 0; k < from.symbols.length; k++) {
      const s = from.symbols[k];
      if (s === 0 || this.state[s] === unknown) continue;
      table.reserve(1);
      const at = 4 * k;
      const slot = table.slot(words[at], words[at + 1], words[at + 2], words[at + 3]);
      table.set(slot, words[at], words[at + 1], words[at + 2], words[at + 3], this.places[s]);
    }
    return [bytesOf(table.words), bytesOf(table.symbols)];
  }

  private functions(): Uint8Array[] {
    const starts = [0];
    const list = new NumberList();
    for (const o of this.alone) {
      for (let n = 0; o.reader !== null && n < o.reader.definedCount; n++) {
        const kind = o.reader.kind(n);
        const place = this.places[o.syms[n]];
        if ((kind !== 1 && kind !== 2) || place === 0) continue;
        const { l } = this;
        const elsewhere = this.objectOf(o.syms[n]) === o && l.local[o.syms[n]] !== n;
        const isShared = elsewhere || (o.reader.attrs(n) & ObjAttr.DupOk) !== 0;
        list.push(2 * (place - 1) + (isShared ? 1 : 0));
      }
      starts.push(list.length);
    }
    return [bytesOf(Int32Array.from(starts)), listBytes(list)];
  }

  private definitions(): Uint8Array[] {
    const starts = [0];
    const list = new NumberList();
    for (const o of this.alone) {
      for (let n = 0; n < (o.reader?.defCount ?? 0); n++) list.push(this.places[o.syms[n]]);
      starts.push(list.length);
    }
    return [bytesOf(Int32Array.from(starts)), listBytes(list)];
  }

  /** What the archives have and the excerpt has not, for others to know that. */
  private absent(): Uint8Array[] {
    const { l, state } = this;
    const isAbsent = (s: number): boolean => s !== 0 && state[s] === unknown;
    const facts = (s: number): number => definitionFacts(l.size[s], l.align[s], l.attrs[s]);
    const names = new SortedPairs();
    for (let k = 0; k < l.byName.symbols.length; k++) {
      const s = l.byName.symbols[k];
      if (isAbsent(s)) names.add(l.byName.hashes[k], (l.attrs[s] & ObjAttr.DupOk) === 0 ? 0 : facts(s));
    }
    const hashed = new SortedPairs();
    for (const { symbols, words } of [l.byHash64, l.byHash]) {
      for (let k = 0; k < symbols.length; k++) if (isAbsent(symbols[k])) hashed.add(words[4 * k], facts(symbols[k]));
    }
    return [...names.parts(), ...hashed.parts()];
  }
}

/** Pieces up to this length are copied byte by byte: a view of them costs more. */
const shortPiece = 96;

function append(w: ByteWriter, bytes: Uint8Array, start: number, length: number): void {
  if (length > shortPiece) {
    w.bytes(bytes.subarray(start, start + length));
    return;
  }
  w.reserve(length);
  const { buf } = w;
  const to = w.length;
  for (let k = 0; k < length; k++) buf[to + k] = bytes[start + k];
  w.length = to + length;
}

function filled<T extends Uint8Array | Int32Array | Uint32Array>(
  to: T,
  symbols: readonly number[],
  of: (s: number) => number,
): T {
  for (let k = 0; k < symbols.length; k++) to[k] = of(symbols[k]);
  return to;
}

/** Pairs of numbers, by the first. */
class SortedPairs {
  private readonly keys = new NumberList();
  private readonly values = new NumberList();

  add(key: number, value: number): void {
    this.keys.push(key);
    this.values.push(value);
  }

  parts(): Uint8Array[] {
    const { keys, values } = this;
    // Key and place in one number, exact: there are no two million of them.
    const order = new Float64Array(keys.length);
    for (let k = 0; k < order.length; k++) order[k] = keys.data[k] * 0x200000 + k;
    order.sort();
    return [keys, values].map((list) => {
      const sorted = new Int32Array(order.length);
      for (let k = 0; k < order.length; k++)
        sorted[k] = list.data[order[k] - Math.floor(order[k] / 0x200000) * 0x200000];
      return bytesOf(sorted);
    });
  }
}

/** A reference by name, of version 0xffff. */
const unnamed = new Uint8Array(F.symbolSize).fill(0xff, 8, 10);

/** Reaching such a symbol does something even if it mentions nothing. */
const attributesThatTell = ObjAttr.ReflectMethod | ObjAttr.GoType | ObjAttr.PkgInit | ObjAttr.Itab;

/** Information on functions: numbers of each, and lists. */
class FuncLists {
  private readonly funcs = new NumberList();
  private readonly lists = new NumberList();
  private readonly symbols = new NumberList();

  /** Returns the function's place, plus one. `data`: the loader's lists; `places`: of symbols in the excerpt. */
  add(f: LoadedFunc, data: Int32Array, places: Int32Array): number {
    const { funcs, lists, symbols } = this;
    for (const n of [f.args, f.funcId, f.flags, f.startLine]) funcs.push(n);
    const list = (start: number, end: number, isSymbol: (n: number) => boolean): void => {
      funcs.push(lists.length);
      for (let n = start; n < end; n++) {
        if (isSymbol(n - start)) symbols.push(lists.length);
        lists.push(isSymbol(n - start) ? places[data[n]] : data[n]);
      }
      funcs.push(lists.length);
    };
    list(f.filesStart, f.filesEnd, () => false);
    list(f.inlineStart, f.inlineEnd, (n) => n % inlineWidth === 3);
    list(f.pcdataStart, f.pcdataEnd, () => true);
    list(f.funcdataStart, f.funcdataEnd, () => true);
    for (const s of [f.pcsp, f.pcfile, f.pcline, f.pcinline]) funcs.push(places[s]);
    for (const s of [f.dwarfInfo, f.dwarfLoc, f.dwarfRanges, f.dwarfLines]) funcs.push(places[s]);
    return funcs.length / funcWidth;
  }

  parts(): Uint8Array[] {
    return [this.funcs, this.lists, this.symbols].map(listBytes);
  }
}

function libraryTexts(library: Library): ExcerptLibrary {
  const units = library.objects.map(unitTexts);
  return { path: library.path, buildId: buildIdOf(library.start), size: library.size, units };
}

function unitTexts(o: LinkObject): ExcerptUnit {
  const { reader } = o;
  const list = <T>(n: number, of: (k: number) => T): T[] => Array.from({ length: n }, (_, k) => of(k));
  const autolib = reader === null ? [] : list(reader.count(F.BlockAutolib), (k) => reader.autolib(k));
  return {
    member: o.name === o.library.file ? '' : o.name.slice(o.library.file.length + 1, -1),
    header: o.header,
    cgoPragmas: o.cgoPragmas,
    flags: o.flags,
    fingerprint: reader === null ? '' : hexText(reader.fingerprint()),
    files: list(o.fileCount, (k) => o.fileName(k)),
    autolib: autolib.flatMap((i) => [i.path, hexText(i.fingerprint)]),
  };
}
