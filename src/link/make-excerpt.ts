/**
 * Makes what excerpt.ts reads, of a link that has been done: the symbols that it looked into, with what they mention. What other programs would find
 * in the same archives is asked of a loader that knows these archives alone.
 */
import { ByteWriter, encodeText, hexText } from '#base/bytes.ts';
import { ObjectError } from '#obj/archive.ts';
import * as ObjAttr from '#obj/attributes.ts';
import * as F from '#obj/format.ts';
import type { ObjectReader } from '#obj/reader.ts';
import { buildIdOf } from './archive-identity.ts';
import * as Attr from './attributes.ts';
import { Link } from './context.ts';
import { LinkFatal } from './errors.ts';
import {
  definitionFacts,
  type ExcerptLibrary,
  type ExcerptTexts,
  type ExcerptUnit,
  keptAttributes,
  magic,
  mentioned,
  told,
  whole,
} from './excerpt.ts';
import { HashTable } from './hash-table.ts';
import { loadSymbols } from './load-symbols.ts';
import { type Library, LinkObject, type Loader, VersionStatic } from './loader.ts';
import { resolveRef } from './materialize.ts';
import { enterName, NameTable } from './name-table.ts';
import { NumberList } from './number-list.ts';
import { bytesOf, joinParts, listBytes } from './parts.ts';

const unknown = 0;

/** Null if these archives are not what an excerpt can stand for. */
export function makeExcerpt(link: Link): Uint8Array | null {
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
    return m.write(libraries);
  } catch (e) {
    // What the main package defines may be what the archives lack.
    if (e instanceof LinkFatal || e instanceof ObjectError) return null;
    throw e;
  }
}

class Maker {
  private readonly link: Link;
  /** The number of the first object of the archives. */
  private readonly first: number;
  /** The objects in the link, and in the loader `l` of these alone. */
  private readonly objects: readonly LinkObject[];
  private readonly alone: LinkObject[];
  private readonly l: Loader;
  private readonly state: Uint8Array;
  /** What tells of functions. */
  private readonly isFuncInfo: Uint8Array;
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
    const l = other.loader;
    this.alone = objects.map((o, k) => new LinkObject(k + 1, o.library, o.name, o.reader, null));
    l.objects.push(...this.alone);
    for (const [path, o] of link.loader.objectByPackage)
      if (o.index >= first) l.objectByPackage.set(path, this.alone[o.index - first]);
    loadSymbols(other);
    this.l = l;
    this.state = new Uint8Array(l.count);
    this.isFuncInfo = new Uint8Array(l.count);
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
      const aux = resolveRef(l, object, at + 1);
      // A function's tables are read wherever the function is.
      const isTable = type !== F.AuxGotype && (type < F.AuxDwarfInfo || type > F.AuxDwarfLines);
      this.need(aux, isTable && (this.state[s] === whole || type === F.AuxFuncInfo) ? whole : mentioned);
      if (type !== F.AuxFuncInfo) continue;
      this.isFuncInfo[aux] = 1;
      for (const call of inlinedCalls(reader, reader.localRef(at + 1)))
        this.need(resolveRef(l, object, call), mentioned);
    }
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

  write(libraries: readonly Library[]): Uint8Array {
    const { l, kept, places, state } = this;
    const texts: ExcerptTexts = {
      libraries: libraries.map((b) => libraryTexts(b)),
      firstObject: this.first,
      packaged: this.packaged,
      others: this.defined - this.packaged,
    };
    const numbers = (of: (s: number) => number): Uint8Array => bytesOf(Int32Array.from(kept, of));
    const objectNumber = (s: number): number => (l.object[s] === 0 ? l.nameObject[s] : l.object[s]) + this.first - 1;
    const version = (s: number): number => l.version[s] + (l.version[s] >= VersionStatic ? this.first - 1 : 0);
    const relocs = this.relocations();
    return joinParts(magic, [
      encodeText(JSON.stringify(texts)),
      this.object(),
      Uint8Array.from(kept, (s) => state[s]),
      Uint8Array.from(kept, (s) => l.kind[s]),
      numbers((s) => l.attrs[s] & keptAttributes),
      bytesOf(Uint32Array.from(kept, (s) => l.size[s])),
      numbers((s) => l.align[s]),
      numbers(version),
      numbers(objectNumber),
      numbers((s) => places[this.typeOf(s)]),
      ...relocs,
      ...this.names(),
      ...this.hashes(l.byHash64),
      ...this.hashes(l.byHash),
      ...this.functions(),
      ...this.definitions(),
      ...this.absent(),
    ]);
  }

  /** Whether a symbol is one of an object, with content of its own. */
  private isWhole(s: number): boolean {
    return this.state[s] === whole && this.l.object[s] !== 0;
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
    const head = new ByteWriter(1 << 20);
    const records = new ByteWriter(kept.length * F.symbolSize);
    const auxStarts = new ByteWriter(4 * defined + 4);
    const dataStarts = new ByteWriter(4 * defined + 4);
    const aux = new ByteWriter(1 << 18);
    const data = new ByteWriter(1 << 20);
    head.zeros(F.headerSize);
    for (let k = 0; k < kept.length; k++) {
      const s = kept[k];
      const object = l.objects[l.object[s] === 0 ? l.nameObject[s] : l.object[s]];
      const { reader } = object;
      if (k < defined) {
        auxStarts.u32(aux.length / F.auxSize);
        dataStarts.u32(data.length);
      }
      // References of an object's own have names that are not in its table.
      const record =
        reader === null ? unnamed : reader.bytes.subarray(reader.symbolAt(l.local[s])).subarray(0, F.symbolSize);
      const name =
        reader === null ? encodeText(l.nameList[l.nameIndex[s]]) : reader.stringBytes(reader.symbolAt(l.local[s]));
      records.u32(name.length);
      records.u32(head.length);
      records.bytes(record.subarray(8));
      head.bytes(name);
      if (reader === null || k >= defined) continue;
      if (this.state[s] !== mentioned) this.addAux(aux, object, reader, l.local[s]);
      if (!this.isWhole(s)) continue;
      const start = data.length;
      data.bytes(reader.data(l.local[s]));
      if (this.isFuncInfo[s] !== 0) {
        const base = reader.dataStart(l.local[s]);
        for (const call of inlinedCalls(reader, l.local[s]))
          this.patchReference(data, start + call - base, resolveRef(l, object, call));
      }
    }
    auxStarts.u32(aux.length / F.auxSize);
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
    blocks.push(empty, empty, empty, new Uint8Array(4 * defined + 4), auxStarts.bytesView(), dataStarts.bytesView());
    blocks.push(empty, aux.bytesView(), data.bytesView(), empty, empty);
    head.buf.set(encodeText(F.magic));
    blocks.forEach((block, n) => {
      head.patchU32(20 + 4 * n, head.length);
      head.bytes(block);
    });
    return head.bytesView();
  }

  private addAux(w: ByteWriter, object: LinkObject, reader: ObjectReader, local: number): void {
    const last = reader.auxStart(local + 1);
    for (let n = reader.auxStart(local); n < last; n++) {
      const at = reader.auxAt(n);
      w.u8(reader.bytes[at]);
      w.u64(0, 0);
      this.patchReference(w, w.length - 8, resolveRef(this.l, object, at + 1));
    }
  }

  /** {package, index} as the object of all has it. */
  private patchReference(w: ByteWriter, at: number, s: number): void {
    const place = this.places[s] - 1;
    if (s === 0) {
      w.patchU32(at, 0);
      w.patchU32(at + 4, 0);
      return;
    }
    const isDefined = place < this.defined;
    w.patchU32(at, isDefined ? F.PkgSelf : F.PkgNone);
    w.patchU32(at + 4, isDefined ? place : place - this.defined);
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
      const [a, b, c, d] = words.subarray(4 * k, 4 * k + 4);
      table.reserve(1);
      table.set(table.slot(a, b, c, d), a, b, c, d, this.places[s]);
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
    const order = Float64Array.from({ length: keys.length }, (_, k) => keys.data[k] * 0x200000 + k).sort();
    const places = Array.from(order, (v) => v - Math.floor(v / 0x200000) * 0x200000);
    return [keys, values].map((list) => bytesOf(Int32Array.from(places, (k) => list.data[k])));
  }
}

/** A reference by name, of version 0xffff. */
const unnamed = new Uint8Array(F.symbolSize).fill(0xff, 8, 10);

/** Where the references to inlined functions are in the content of a function's information. */
function inlinedCalls(reader: ObjectReader, info: number): number[] {
  const base = reader.dataStart(info);
  const at = base + 20 + 4 * reader.u32(base + 16);
  const calls = reader.u32(at);
  return Array.from({ length: calls }, (_, k) => at + 4 + 24 * k + 12);
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
