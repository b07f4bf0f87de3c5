/**
 * What a program has needed of its archives, kept: a link of a changed main package reads one file instead of all archives. Made by make-excerpt.ts.
 *
 * It holds the symbols in the order of a link of these archives alone: definitions of packages, then content-addressable ones and those by name, then
 * references. Around them the symbols of the main package get the numbers that they have in a whole link; only the order of numbers shows in a program,
 * so gaps do not matter. Names and contents lie in one object (obj/format.ts), everything else in arrays.
 *
 * Symbols that are only mentioned are there without content. Whatever is not there, or is not the same with the main package as without, ends the
 * attempt (ExcerptMismatch): the archives are linked as a whole then.
 */
import { decodeText } from '#base/bytes.ts';
import * as ObjAttr from '#obj/attributes.ts';
import { ObjectReader } from '#obj/reader.ts';
import type { Archive } from './archive-identity.ts';
import * as Attr from './attributes.ts';
import { KeptDebug, type KeptDebugTexts } from './kept-debug.ts';
import { KeptPclnTab, type KeptPclnTexts } from './kept-pclntab.ts';
import { KeptReach, type KeptReachTexts } from './kept-reach.ts';
import { KeptText } from './kept-text.ts';
import * as Kind from './kinds.ts';
import { alignOf, effectiveAlign } from './layout.ts';
import {
  isReachable,
  type LinkObject,
  type Loader,
  reserveRelocs,
  reserveSymbols,
  symbolData,
  VersionStatic,
} from './loader.ts';
import { LoadedFunc, loadFunc, materialize } from './materialize.ts';
import { NameTable } from './name-table.ts';
import { search } from './number-list.ts';
import { PartReader } from './parts.ts';

export const magic = 0x32585a54;

/** Numbers of a function, before its lists. */
export const funcWidth = 20;

/** The excerpt does not have what the program needs. */
export class ExcerptMismatch extends Error {}

export interface ExcerptUnit {
  /** The member's name, or "" for a file that is an object itself. */
  readonly member: string;
  readonly header: string;
  readonly cgoPragmas: string;
  readonly flags: number;
  readonly fingerprint: string;
  readonly files: readonly string[];
  /** Import paths and fingerprints in turn. */
  readonly autolib: readonly string[];
}

export interface ExcerptLibrary extends Archive {
  readonly units: readonly ExcerptUnit[];
}

/** What is not numbers. */
export interface ExcerptTexts {
  /** In loading order. */
  readonly libraries: readonly ExcerptLibrary[];
  /** How many objects come before those of the archives. */
  readonly firstObject: number;
  /** How many symbols are definitions of packages, and other definitions. */
  readonly packaged: number;
  readonly others: number;
  /** Null if the archives alone need what is not kept. */
  readonly reach: KeptReachTexts | null;
  /** Null if nothing is kept of tables of functions. */
  readonly pclnTab: KeptPclnTexts | null;
  /** Whether there is code. */
  readonly hasText: boolean;
  /** Null if nothing is kept for debuggers. */
  readonly debug: KeptDebugTexts | null;
}

const nothing = new Uint8Array(0);

/** An object of an archive. */
export class ExcerptPart {
  readonly excerpt: Excerpt;
  /** Among all objects of the archives. */
  readonly index: number;
  readonly unit: ExcerptUnit;

  constructor(excerpt: Excerpt, index: number, unit: ExcerptUnit) {
    this.excerpt = excerpt;
    this.index = index;
    this.unit = unit;
  }

  /** Functions by their places in the object: a symbol of the excerpt, doubled, plus one if this definition is one of several. */
  get functions(): Int32Array {
    const { functionStart, functions } = this.excerpt;
    return functions.subarray(functionStart[this.index], functionStart[this.index + 1]);
  }

  /** The symbol of the object's package definition `index`. Throws ExcerptMismatch if it is not there. */
  definition(index: number): number {
    const { definitionStart, definitions, numbers } = this.excerpt;
    const at = definitionStart[this.index] + index;
    const s = at < definitionStart[this.index + 1] ? definitions[at] : 0;
    if (s === 0) throw new ExcerptMismatch(`definition ${index} of ${this.unit.member}`);
    return numbers[s - 1];
  }
}

/** How much there is of a symbol: what others say of it, a function's information and tables, all. */
export const mentioned = 1;
export const told = 2;
export const whole = 3;

export class Excerpt {
  readonly texts: ExcerptTexts;
  readonly reader: ObjectReader;
  readonly count: number;
  /** The loader's symbol by symbol of the excerpt. */
  readonly numbers: Int32Array;
  private librariesTaken: number;
  private partsTaken: number;
  /** The loader's number of the first object of the archives. */
  private firstObject: number;
  /** The loader's numbers of the first definition of a package, of another one, and of the first reference. */
  private first: MainCounts;
  private readonly state: Uint8Array;
  private readonly kind: Uint8Array;
  private readonly attrs: Int32Array;
  private readonly size: Uint32Array;
  private readonly align: Int32Array;
  private readonly version: Int32Array;
  private readonly object: Int32Array;
  private readonly gotype: Int32Array;
  private readonly relocStart: Int32Array;
  private readonly relocEnd: Int32Array;
  private readonly relocOffset: Int32Array;
  private readonly relocType: Uint16Array;
  private readonly relocSize: Uint8Array;
  private readonly relocAddend: Int32Array;
  /** Places of relocations with large addends and the upper halves of these, in turn. */
  private readonly largeAddends: Int32Array;
  private readonly relocTarget: Int32Array;
  /** Auxiliary symbols but for types, by symbol. */
  private readonly auxStart: Int32Array;
  private readonly aux: Int32Array;
  /** Entries of variables for debuggers, by symbol. */
  private readonly entries: Int32Array;
  /** Place of the function in `funcs`, plus one, by symbol. */
  private readonly func: Int32Array;
  private readonly funcs: Int32Array;
  private readonly lists: Int32Array;
  /** Where symbols stand in `lists`. */
  private readonly listedSymbols: Int32Array;
  /** Where `lists` begins in the loader's. */
  private listStart: number;
  private readonly nameHashes: Int32Array;
  private readonly nameSymbols: Int32Array;
  private readonly shortHashes: HashIndex;
  private readonly longHashes: HashIndex;
  readonly functionStart: Int32Array;
  readonly functions: Int32Array;
  readonly definitionStart: Int32Array;
  readonly definitions: Int32Array;
  /** Hashes of the names that are not there, in ascending order, with the facts of definitions that are several. */
  private readonly absentNames: Int32Array;
  private readonly absentNameFacts: Int32Array;
  /** First words of content hashes that are not there, in ascending order, with the facts of their symbols. */
  private readonly absentHashes: Int32Array;
  private readonly absentHashFacts: Int32Array;
  /** Symbols that the main package defines, too, or refers to by name, by their places. */
  readonly taken: number[];
  readonly reach: KeptReach | null;
  readonly pclnTab: KeptPclnTab | null;
  readonly text: KeptText | null;
  readonly debug: KeptDebug | null;

  /** The bytes are known to be what make-excerpt.ts has made. */
  constructor(bytes: Uint8Array) {
    const parts = new PartReader(bytes);
    this.texts = JSON.parse(decodeText(parts.u8()));
    this.reader = new ObjectReader('excerpt', parts.u8(), 0, true);
    this.state = parts.u8();
    this.count = this.state.length;
    this.numbers = new Int32Array(this.count);
    this.librariesTaken = 0;
    this.partsTaken = 0;
    this.firstObject = 0;
    this.first = { packaged: 0, others: 0, refs: 0 };
    this.kind = parts.u8();
    this.attrs = parts.i32();
    this.size = parts.u32();
    this.align = parts.i32();
    this.version = parts.i32();
    this.object = parts.i32();
    this.gotype = parts.i32();
    this.relocStart = parts.i32();
    this.relocEnd = parts.i32();
    this.relocOffset = parts.i32();
    this.relocType = parts.u16();
    this.relocSize = parts.u8();
    this.relocAddend = parts.i32();
    this.largeAddends = parts.i32();
    this.relocTarget = parts.i32();
    this.auxStart = parts.i32();
    this.aux = parts.i32();
    this.entries = parts.i32();
    this.func = parts.i32();
    this.funcs = parts.i32();
    this.lists = parts.i32();
    this.listedSymbols = parts.i32();
    this.listStart = 0;
    this.nameHashes = parts.i32();
    this.nameSymbols = parts.i32();
    this.shortHashes = { words: parts.i32(), symbols: parts.i32() };
    this.longHashes = { words: parts.i32(), symbols: parts.i32() };
    this.functionStart = parts.i32();
    this.functions = parts.i32();
    this.definitionStart = parts.i32();
    this.definitions = parts.i32();
    this.absentNames = parts.i32();
    this.absentNameFacts = parts.i32();
    this.absentHashes = parts.i32();
    this.absentHashFacts = parts.i32();
    this.taken = [];
    const { debug, hasText, pclnTab, reach } = this.texts;
    this.reach = reach === null ? null : new KeptReach(this, reach, parts);
    this.pclnTab = pclnTab === null ? null : new KeptPclnTab(this, pclnTab, parts);
    this.text = hasText ? new KeptText(this, parts) : null;
    this.debug = debug === null ? null : new KeptDebug(this, debug, parts);
  }

  /** What is known of the library that is loaded now. Throws ExcerptMismatch if the libraries come in another order. */
  nextLibrary(path: string): ExcerptLibrary {
    const known = this.texts.libraries[this.librariesTaken++];
    if (known === undefined || known.path !== path) throw new ExcerptMismatch(`package ${path}`);
    return known;
  }

  nextPart(unit: ExcerptUnit): ExcerptPart {
    return new ExcerptPart(this, this.partsTaken++, unit);
  }

  get isTaken(): boolean {
    return this.librariesTaken === this.texts.libraries.length;
  }

  /** Enters everything into a loader without symbols, leaving room for so many of the main package; returns where this room begins. */
  install(l: Loader, firstObject: number, room: MainCounts): MainCounts {
    const { packaged, others } = this.texts;
    const { count } = this;
    const a = 1 + room.packaged;
    const b = a + packaged + room.others;
    const c = b + others + room.refs;
    const end = c + count - packaged - others;
    reserveSymbols(l, end + (end >> 3) + 4096);
    this.firstObject = firstObject;
    this.first = { packaged: a, others: b, refs: c };
    this.place(l, 0, packaged, a, l.object);
    this.place(l, packaged, packaged + others, b, l.object);
    // Of what is only referred to: the object with the name.
    this.place(l, packaged + others, count, c, l.nameObject);
    this.correctObjects(l);
    l.byName = this.nameTable();
    l.count = end;
    return { packaged: 1, others: a + packaged, refs: b + others };
  }

  private place(l: Loader, from: number, to: number, at: number, objects: Int32Array): void {
    const { numbers } = this;
    const { local } = l;
    for (let k = from, i = at; k < to; k++, i++) {
      numbers[k] = i;
      local[i] = k;
    }
    l.kind.set(this.kind.subarray(from, to), at);
    l.attrs.set(this.attrs.subarray(from, to), at);
    l.size.set(this.size.subarray(from, to), at);
    l.align.set(this.align.subarray(from, to), at);
    l.version.set(this.version.subarray(from, to), at);
    objects.set(this.object.subarray(from, to), at);
    l.relocStart.set(this.relocStart.subarray(from, to), at);
    l.relocEnd.set(this.relocEnd.subarray(from, to), at);
  }

  /** The main package has another number of objects than the one that was there when the excerpt was made. */
  private correctObjects(l: Loader): void {
    const distance = this.firstObject - this.texts.firstObject;
    if (distance === 0) return;
    const { numbers, count } = this;
    const defined = this.texts.packaged + this.texts.others;
    for (let k = 0; k < count; k++) {
      const i = numbers[k];
      if (k < defined) l.object[i] += distance;
      else l.nameObject[i] += distance;
      if (l.version[i] >= VersionStatic) l.version[i] += distance;
    }
  }

  private nameTable(): NameTable {
    const { numbers, nameSymbols } = this;
    const table = new NameTable(0);
    const capacity = nameSymbols.length;
    const symbols = new Int32Array(capacity);
    let used = 0;
    for (let slot = 0; slot < capacity; slot++) {
      const s = nameSymbols[slot];
      if (s === 0) continue;
      symbols[slot] = numbers[s - 1];
      used++;
    }
    table.hashes = this.nameHashes.slice();
    table.symbols = symbols;
    table.mask = capacity - 1;
    table.used = used;
    return table;
  }

  /** Relocations and types, once it is settled which symbols they mean. */
  installRelocs(l: Loader): void {
    const { numbers, relocTarget: from, gotype, count } = this;
    const n = from.length;
    reserveRelocs(l, n + (n >> 2));
    l.relocOffset.set(this.relocOffset);
    l.relocType.set(this.relocType);
    l.relocSize.set(this.relocSize);
    l.relocAddend.set(this.relocAddend);
    const large = this.largeAddends;
    for (let k = 0; k < large.length; k += 2)
      l.relocAddend[large[k]] = large[k + 1] * 4294967296 + (this.relocAddend[large[k]] >>> 0);
    const to = l.relocTarget;
    for (let r = 0; r < n; r++) {
      const t = from[r];
      to[r] = t === 0 ? 0 : numbers[t - 1];
    }
    l.relocCount = n;
    const types = l.gotype;
    for (let k = 0; k < count; k++) {
      const t = gotype[k];
      // Of the main package's symbols the main package tells the type.
      if (t !== 0 && l.objects[l.object[numbers[k]]].part !== null) types[numbers[k]] = numbers[t - 1];
    }
  }

  get firstReference(): number {
    return this.texts.packaged + this.texts.others;
  }

  /** Calls visit for each group of symbols: places, from and to, and the first one's number in the loader. */
  forEachRange(visit: (from: number, to: number, at: number) => void): void {
    const { packaged } = this.texts;
    const { first, firstReference, count } = this;
    visit(0, packaged, first.packaged);
    visit(packaged, firstReference, first.others);
    visit(firstReference, count, first.refs);
  }

  /** The number that symbol k has where nobody takes its place. */
  vacated(k: number): number {
    const { packaged } = this.texts;
    const { first, firstReference } = this;
    if (k < packaged) return first.packaged + k;
    return k < firstReference ? first.others + k - packaged : first.refs + k - firstReference;
  }

  /** The excerpt's number of a symbol of the loader; -1 if it has none. */
  placeOf(i: number): number {
    const { first, count, texts, numbers } = this;
    const defined = texts.packaged + texts.others;
    let k = i - first.packaged;
    if (i >= first.refs) k = i - first.refs + defined;
    else if (i >= first.others) k = i - first.others + texts.packaged;
    return k >= 0 && k < count && numbers[k] === i ? k : -1;
  }

  /**
   * Symbol i of the main package is what symbol k of the excerpt is: it comes first, so the number is its own. Of a definition that is another's, too,
   * it must be sure that both are of equal size, or the larger one would count.
   */
  takeOver(l: Loader, k: number, i: number): void {
    const old = this.numbers[k];
    if (old === i) return;
    this.numbers[k] = i;
    this.taken.push(k);
    l.attrs[i] |= this.attrs[k] & (ObjAttr.Local | ObjAttr.UsedInIface);
    if (this.align[k] > l.align[i]) l.align[i] = this.align[k];
    // Nobody knows the old number any more.
    l.kind[old] = Kind.Undefined;
    l.attrs[old] = 0;
    l.object[old] = 0;
    l.nameObject[old] = 0;
    l.nameIndex[old] = 1;
    l.relocStart[old] = 0;
    l.relocEnd[old] = 0;
  }

  /**
   * Whether symbol i, which has taken the place of symbol k, is the same in content and in what it mentions, and is no variable of which debuggers are
   * told as a part of its package.
   */
  isSame(l: Loader, k: number, i: number): boolean {
    const part = l.objects[l.object[i]].part;
    // Only referred to, or lent.
    if (part !== null || l.object[i] === 0) return true;
    if (!isReachable(l, i) && !Kind.isDwarf(l.kind[i])) return true;
    if (!Kind.isText(l.kind[i])) {
      if (this.entries[k] !== 0) return false;
    } else if (loadFunc(l, i)?.pcsp !== this.loadFunc(k)?.pcsp) return false;
    return this.hasSameContent(l, k, i);
  }

  /** Whether what tables of functions tell of symbol i, which has taken the place of symbol k and may be a part of a table, is what they tell of that. */
  hasSameTables(l: Loader, k: number, i: number, isTable: boolean): boolean {
    if (l.objects[l.object[i]].part !== null || this.state[k] === mentioned) return true;
    if (Kind.isText(l.kind[i])) {
      const a = loadFunc(l, i);
      const b = this.loadFunc(k);
      return a?.funcId === b?.funcId && a?.startLine === b?.startLine;
    }
    if (!isTable) return true;
    const align = this.align[k] === 0 ? alignOf(this.size[k]) : this.align[k];
    if (l.size[i] !== this.size[k] || effectiveAlign(l, i) !== align) return false;
    return this.hasSameContent(l, k, i);
  }

  /** The loader's number of an object of the archives. */
  objectNumber(part: number): number {
    return part + this.firstObject;
  }

  /** Whether symbol i, which has taken the place of symbol k, has its content and mentions the same. */
  hasSameContent(l: Loader, k: number, i: number): boolean {
    if (l.objects[l.object[i]].part !== null) return true;
    // A content-addressable one should be what its address says, but objects may be damaged.
    if (this.state[k] !== whole) return (l.attrs[i] & Attr.Hashed) !== 0;
    if (l.kind[i] !== this.kind[k]) return false;
    const mine = symbolData(l, i) ?? nothing;
    const other = this.reader.data(k);
    // Content that is equal but for trailing zeros has one address.
    const isShared = (l.attrs[i] & Attr.Hashed) !== 0;
    if (!isShared && (mine.length !== other.length || l.size[i] !== this.size[k])) return false;
    const end = Math.max(mine.length, other.length);
    for (let n = 0; n < end; n++)
      if ((n < mine.length ? mine[n] : 0) !== (n < other.length ? other[n] : 0)) return false;
    materialize(l, i);
    const start = l.relocStart[i];
    const from = this.relocStart[k];
    const count = this.relocEnd[k] - from;
    if (l.relocEnd[i] - start !== count) return false;
    for (let n = 0; n < count; n++) {
      if (l.relocOffset[start + n] !== l.relocOffset[from + n] || l.relocType[start + n] !== l.relocType[from + n])
        return false;
      if (l.relocTarget[start + n] !== l.relocTarget[from + n] || l.relocAddend[start + n] !== l.relocAddend[from + n])
        return false;
    }
    return true;
  }

  /** Symbol i of the main package is made of symbol k. */
  private lend(l: Loader, k: number, i: number): void {
    l.kind[i] = this.kind[k];
    l.attrs[i] |= this.attrs[k];
    l.size[i] = this.size[k];
    l.version[i] = this.version[k];
    l.object[i] = this.object[k] + this.firstObject - this.texts.firstObject;
    l.local[i] = k;
    l.relocStart[i] = this.relocStart[k];
    l.relocEnd[i] = this.relocEnd[k];
  }

  /** The loader's symbol for a number that the excerpt's lists have. */
  private numberOf(s: number): number {
    return s === 0 ? 0 : this.numbers[s - 1];
  }

  /** Lists of functions, once it is settled which symbols they mean. */
  installLists(l: Loader): void {
    const { lists, listedSymbols } = this;
    this.listStart = l.lists.length;
    l.lists.reserve(lists.length + (lists.length >> 2));
    const { data } = l.lists;
    data.set(lists, this.listStart);
    l.lists.length += lists.length;
    for (let k = 0; k < listedSymbols.length; k++) {
      const at = listedSymbols[k];
      data[this.listStart + at] = this.numberOf(lists[at]);
    }
  }

  hasFunc(k: number): boolean {
    if (this.state[k] === mentioned) throw new ExcerptMismatch(this.reader.name(k));
    return this.func[k] !== 0;
  }

  /** Function information of symbol k; null if it is no function. */
  loadFunc(k: number): LoadedFunc | null {
    if (this.state[k] === mentioned) throw new ExcerptMismatch(this.reader.name(k));
    const place = this.func[k];
    if (place === 0) return null;
    const { funcs, listStart } = this;
    const f = new LoadedFunc();
    let at = (place - 1) * funcWidth;
    f.args = funcs[at++];
    f.funcId = funcs[at++];
    f.flags = funcs[at++];
    f.startLine = funcs[at++];
    f.filesStart = listStart + funcs[at++];
    f.filesEnd = listStart + funcs[at++];
    f.inlineStart = listStart + funcs[at++];
    f.inlineEnd = listStart + funcs[at++];
    f.pcdataStart = listStart + funcs[at++];
    f.pcdataEnd = listStart + funcs[at++];
    f.funcdataStart = listStart + funcs[at++];
    f.funcdataEnd = listStart + funcs[at++];
    f.pcsp = this.numberOf(funcs[at++]);
    f.pcfile = this.numberOf(funcs[at++]);
    f.pcline = this.numberOf(funcs[at++]);
    f.pcinline = this.numberOf(funcs[at++]);
    f.dwarfInfo = this.numberOf(funcs[at++]);
    f.dwarfLoc = this.numberOf(funcs[at++]);
    f.dwarfRanges = this.numberOf(funcs[at++]);
    f.dwarfLines = this.numberOf(funcs[at++]);
    return f;
  }

  /** Calls visit for each auxiliary symbol of symbol k but its type. */
  forEachAux(k: number, visit: (aux: number) => void): void {
    const { aux, auxStart, numbers } = this;
    const end = auxStart[k + 1];
    for (let n = auxStart[k]; n < end; n++) visit(numbers[aux[n] - 1]);
  }

  /** The entry of variable k for debuggers; 0 if there is none. */
  entryOf(k: number): number {
    return this.numberOf(this.entries[k]);
  }

  /** A content of no bytes is asked for. */
  needWhole(k: number): void {
    if (this.state[k] !== whole) throw new ExcerptMismatch(this.reader.name(k));
  }

  isDefined(k: number): boolean {
    return k < this.texts.packaged + this.texts.others;
  }

  isPackaged(k: number): boolean {
    return k < this.texts.packaged;
  }

  /** Whether a symbol of the loader is one that the archives only refer to. */
  isReference(i: number): boolean {
    const k = i < this.first.refs ? -1 : this.placeOf(i);
    return k >= 0 && !this.isDefined(k);
  }

  sizeOf(k: number): number {
    return this.size[k];
  }

  attrsOf(k: number): number {
    return this.attrs[k];
  }

  /** The name of this hash is asked for, and nobody has said what it is. */
  refuseName(hash: number): void {
    if (search(this.absentNames, hash) >= 0) throw new ExcerptMismatch('a name that is not in the excerpt');
  }

  /** The main package defines the name of this hash, as symbol i. */
  meetName(l: Loader, i: number, hash: number): void {
    const facts = (l.attrs[i] & ObjAttr.DupOk) === 0 ? 0 : definitionFacts(l.size[i], l.align[i], l.attrs[i]);
    if (!areEqual(this.absentNames, this.absentNameFacts, hash, facts))
      throw new ExcerptMismatch('a definition that is another one in the archives');
  }

  /** A content-addressable symbol of the main package, with its first four words of hash. */
  meetHashed(l: Loader, i: number, isLong: boolean, a: number, b: number, c: number, d: number): void {
    const k = findHash(isLong ? this.longHashes : this.shortHashes, a, b, c, d);
    if (k >= 0) {
      const isLarger = this.size[k] > l.size[i];
      this.takeOver(l, k, i);
      // Equal but for trailing zeros: the larger one serves both.
      if (isLarger) this.lend(l, k, i);
      return;
    }
    const facts = definitionFacts(l.size[i], l.align[i], l.attrs[i]);
    if (!areEqual(this.absentHashes, this.absentHashFacts, a, facts))
      throw new ExcerptMismatch('a content that is used in other ways in the archives');
  }
}

/** Numbers of symbols in the three groups of the loader's order. */
export interface MainCounts {
  packaged: number;
  others: number;
  refs: number;
}

/** As HashTable has it; symbols count from 1. */
interface HashIndex {
  readonly words: Int32Array;
  readonly symbols: Int32Array;
}

function findHash({ words, symbols }: HashIndex, a: number, b: number, c: number, d: number): number {
  const mask = symbols.length - 1;
  for (let slot = a & mask; symbols[slot] !== 0; slot = (slot + 1) & mask) {
    const at = slot * 4;
    if (words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) return symbols[slot] - 1;
  }
  return -1;
}

/** Whether all that has this key in a list has these facts; 0 is equal to nothing. */
function areEqual(keys: Int32Array, facts: Int32Array, key: number, expected: number): boolean {
  const first = search(keys, key);
  if (first < 0) return true;
  for (let at = first; at < keys.length && keys[at] === key; at++)
    if (facts[at] === 0 || facts[at] !== expected) return false;
  return true;
}

/** Of two definitions with equal facts only one need be known. 0 is no definition's. */
export function definitionFacts(size: number, align: number, attrs: number): number {
  const said = attrs & (ObjAttr.Local | ObjAttr.UsedInIface);
  return (Math.imul(size | 0, 0x9e3779b1) ^ Math.imul(align, 0x85ebca6b) ^ Math.imul(said, 0xc2b2ae35)) | 1;
}

/** The attributes of a symbol as objects tell them. */
export const keptAttributes = ObjAttr.ObjectMask | Attr.Hashed | Attr.Leaf;

/** The objects that are not of the archives: they come first. */
export function countMain(objects: readonly LinkObject[]): { objects: number; room: MainCounts } {
  const room = { packaged: 0, others: 0, refs: 0 };
  let n = 1;
  for (; n < objects.length && objects[n].part === null; n++) {
    const { reader } = objects[n];
    if (reader === null) throw new ExcerptMismatch('a package in memory');
    room.packaged += reader.defCount;
    room.others += reader.definedCount - reader.defCount;
    room.refs += reader.nonPkgRefCount;
  }
  for (let k = n; k < objects.length; k++)
    if (objects[k].part === null) throw new ExcerptMismatch('an archive that is not in the excerpt');
  return { objects: n, room };
}
