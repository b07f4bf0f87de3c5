/** Makes of symbols in memory what prelinked.ts reads: they are numbered in the order of names, and everything about them becomes arrays. */
import { bug } from '#base/bug.ts';
import { ByteWriter, compareText, encodeText } from '#base/bytes.ts';
import * as ObjAttr from '#obj/attributes.ts';
import * as ObjKind from '#obj/kinds.ts';
import { FlagFromAssembly, type ObjectFile } from '#obj/object.ts';
import { AbiStatic, type FuncInfo, type LinkSymbol } from '#obj/symbol.ts';
import * as Kind from './kinds.ts';
import { offsetOrder, ownFiles } from './materialize.ts';
import { enterName, hashBytes, NameTable } from './name-table.ts';
import { NumberList } from './number-list.ts';
import { compareBytes } from './order.ts';
import { bytesOf, joinParts, listBytes } from './parts.ts';
import { magic, type PrelinkedTexts } from './prelinked.ts';

export interface PrelinkFacts {
  /** Nobody defines the symbol. */
  isAbsent(s: LinkSymbol): boolean;
  /** The object that a definition counts as a part of. */
  objectOf(s: LinkSymbol): ObjectFile;
  /** What the compiler keeps of a function, or null. */
  factsOf(s: LinkSymbol): Uint8Array | null;
}

/**
 * `list`: the definitions that are taken; file-local ones come with what refers to them. `mentioned`: symbols that are taken even if nothing refers to
 * them. Null if the order of two of them is open.
 */
export function prelink(
  list: readonly LinkSymbol[],
  mentioned: readonly LinkSymbol[],
  facts: PrelinkFacts,
): Uint8Array | null {
  const p = new Prelinker(list, mentioned, facts);
  if (!p.order()) return null;
  p.write();
  return p.finish();
}

/** In no table by name. */
function isOwn(s: LinkSymbol): boolean {
  return s.abi === AbiStatic || s.name === '';
}

class Prelinker {
  private readonly facts: PrelinkFacts;
  private readonly taken: Set<LinkSymbol>;
  private readonly symbols: LinkSymbol[];
  private readonly numbers: Map<LinkSymbol, number>;
  private readonly units: Map<ObjectFile, number>;
  private readonly files: Map<string, number>;
  private readonly names: NameTable;
  private readonly tables: NameTable;
  private readonly tableContents: Uint8Array[];
  private readonly lists: NumberList;
  private readonly funcs: NumberList;
  private readonly parts: Uint8Array[];

  constructor(list: readonly LinkSymbol[], mentioned: readonly LinkSymbol[], facts: PrelinkFacts) {
    this.facts = facts;
    this.taken = new Set();
    this.symbols = [];
    this.numbers = new Map();
    this.units = new Map();
    this.files = new Map();
    this.tables = new NameTable(0);
    this.tableContents = [];
    this.lists = new NumberList();
    this.funcs = new NumberList();
    this.parts = [];
    this.collect(list, mentioned);
    this.names = new NameTable(this.symbols.length);
  }

  private collect(list: readonly LinkSymbol[], mentioned: readonly LinkSymbol[]): void {
    const seen = new Set(list);
    const all = [...list];
    const visit = (t: LinkSymbol | null): void => {
      if (t === null || seen.has(t)) return;
      seen.add(t);
      if (isOwn(t) && t.kind !== ObjKind.Undefined) all.push(t);
      else this.symbols.push(t);
    };
    for (const s of mentioned) visit(s);
    for (let k = 0; k < all.length; k++) {
      const s = all[k];
      this.taken.add(s);
      this.symbols.push(s);
      for (const t of s.relocs?.targets ?? []) visit(t);
      visit(s.gotype);
      for (const d of s.func?.funcdata ?? []) visit(d);
      for (const n of s.func?.inlineTree ?? []) visit(n.func);
    }
  }

  /** Numbers the symbols; false if the order of two of them is open. */
  order(): boolean {
    const { symbols } = this;
    const rank = (s: LinkSymbol): number => (s.abi === AbiStatic ? 2 : s.abi);
    const compare = (a: LinkSymbol, b: LinkSymbol): number =>
      compareText(a.name, b.name) ||
      rank(a) - rank(b) ||
      compareText(this.pathOf(a), this.pathOf(b)) ||
      compareBytes(a.data, b.data);
    symbols.sort(compare);
    for (let k = 0; k < symbols.length; k++) {
      const s = symbols[k];
      if (s.name === '' || (k > 0 && compare(symbols[k - 1], s) === 0)) return false;
      this.numbers.set(s, k + 1);
    }
    return true;
  }

  private pathOf(s: LinkSymbol): string {
    return this.taken.has(s) ? this.facts.objectOf(s).packagePath : '';
  }

  private numberOf(s: LinkSymbol | null): number {
    return s === null ? 0 : (this.numbers.get(s) ?? bug(`${s} has no number`));
  }

  private unitOf(object: ObjectFile): number {
    let n = this.units.get(object);
    if (n === undefined) {
      n = this.units.size + 1;
      this.units.set(object, n);
    }
    return n;
  }

  private fileNumber(name: string): number {
    let n = this.files.get(name);
    if (n === undefined) {
      n = this.files.size;
      this.files.set(name, n);
    }
    return n;
  }

  /** The number of a pc-value table: they follow the symbols that have names. */
  private table(bytes: Uint8Array): number {
    if (bytes.length === 0) return 0;
    const { tables } = this;
    const first = this.symbols.length + 1;
    const hash = hashBytes(bytes, 0);
    let slot = hash & tables.mask;
    for (let s = tables.symbols[slot]; s !== 0; slot = (slot + 1) & tables.mask, s = tables.symbols[slot])
      if (tables.hashes[slot] === hash && compareBytes(this.tableContents[s - first], bytes) === 0) return s;
    const s = first + this.tableContents.length;
    this.tableContents.push(bytes);
    enterName(tables, slot, hash, s);
    return s;
  }

  /** A function's numbers; returns its place, plus one. */
  private func(info: FuncInfo, object: ObjectFile): number {
    const { lists, funcs } = this;
    const { pcfile, files, numberOf } = ownFiles(info);
    for (const n of [info.args, info.funcId, info.flags, info.startLine]) funcs.push(n);
    const list = (values: readonly number[]): void => {
      funcs.push(lists.length);
      for (const v of values) lists.push(v);
      funcs.push(lists.length);
    };
    list(files.map((file) => this.fileNumber(object.files[file])));
    list(info.inlineTree.flatMap((n) => [n.parent, numberOf(n.file), n.line, this.numberOf(n.func), n.parentPc]));
    list(info.pcdata.map((t) => this.table(t)));
    list(info.funcdata.map((s) => this.numberOf(s)));
    for (const t of [info.pcsp, pcfile, info.pcline, info.pcinline]) funcs.push(this.table(t));
    return ++this.funcCount;
  }

  private funcCount = 0;

  write(): void {
    const { symbols, taken } = this;
    const n = symbols.length;
    const func = new Int32Array(n + 1);
    // Tables get their numbers here.
    for (let k = 0; k < n; k++) {
      const s = symbols[k];
      if (taken.has(s) && s.func !== null && s.object !== null) func[k + 1] = this.func(s.func, s.object);
    }
    const count = n + 1 + this.tableContents.length;
    const kind = new Uint8Array(count);
    const attrs = new Int32Array(count);
    const size = new Float64Array(count);
    const align = new Int32Array(count);
    const version = new Int32Array(count);
    const unit = new Int32Array(count);
    const gotype = new Int32Array(count);
    const allFuncs = new Int32Array(count);
    allFuncs.set(func);
    const relocs = new Relocs(count);
    const data = new Blocks(count);
    const names = new Blocks(count);
    const facts = new Blocks(count);
    const absent = new NumberList();
    const assembled = new NumberList();
    for (let k = 0; k < n; k++) {
      const s = symbols[k];
      const i = k + 1;
      this.enter(i, s);
      names.add(i, encodeText(s.name));
      version[i] = s.abi === AbiStatic ? -1 : s.abi;
      const own = this.facts.factsOf(s);
      facts.add(i, own ?? noBytes);
      if (!taken.has(s)) {
        attrs[i] = ObjAttr.derivedAttributes(s.name, ObjKind.Rodata);
        if (s.kind === ObjKind.Undefined && this.facts.isAbsent(s)) absent.push(i);
        relocs.none(i);
        data.add(i, noBytes);
        continue;
      }
      const object = this.facts.objectOf(s);
      if ((object.flags & FlagFromAssembly) !== 0) assembled.push(i);
      kind[i] = Kind.fromObject[s.kind];
      attrs[i] = (s.attrs & ObjAttr.ObjectMask) | ObjAttr.derivedAttributes(s.name, s.kind);
      size[i] = s.size;
      align[i] = s.align;
      unit[i] = this.unitOf(object);
      gotype[i] = this.numberOf(s.gotype);
      relocs.add(i, s, (t) => this.numberOf(t));
      data.add(i, s.data);
    }
    this.tableContents.forEach((bytes, k) => {
      const i = n + 1 + k;
      kind[i] = Kind.Rodata;
      size[i] = bytes.length;
      relocs.none(i);
      data.add(i, bytes);
      names.add(i, noBytes);
      facts.add(i, noBytes);
    });
    const units = [...this.units.keys()].map((o) => ({ path: o.packagePath, flags: o.flags }));
    const texts: PrelinkedTexts = { units, files: [...this.files.keys()] };
    // The order of these is the constructor's of Prelinked.
    this.parts.push(encodeText(JSON.stringify(texts)), kind, bytesOf(attrs), bytesOf(size), bytesOf(align));
    this.parts.push(bytesOf(version), bytesOf(unit), bytesOf(gotype), ...relocs.parts());
    this.parts.push(...data.parts(), ...names.parts(), listBytes(absent), listBytes(assembled), bytesOf(allFuncs));
    this.parts.push(listBytes(this.funcs), listBytes(this.lists));
    for (const t of [this.names, this.tables]) this.parts.push(bytesOf(t.hashes), bytesOf(t.symbols));
    this.parts.push(...facts.parts());
  }

  private enter(i: number, s: LinkSymbol): void {
    if (isOwn(s)) return;
    const { names } = this;
    const bytes = encodeText(s.name);
    const hash = hashBytes(bytes, s.abi);
    let slot = hash & names.mask;
    while (names.symbols[slot] !== 0) slot = (slot + 1) & names.mask;
    enterName(names, slot, hash, i);
  }

  finish(): Uint8Array {
    return joinParts(magic, this.parts);
  }
}

const noBytes = new Uint8Array(0);

/** A block of bytes for each symbol, in order. */
class Blocks {
  private readonly starts: Int32Array;
  private readonly w: ByteWriter;

  constructor(count: number) {
    this.starts = new Int32Array(count + 1);
    this.w = new ByteWriter(1 << 16);
  }

  add(i: number, bytes: Uint8Array): void {
    this.w.bytes(bytes);
    this.starts[i + 1] = this.w.length;
  }

  parts(): Uint8Array[] {
    return [bytesOf(this.starts), this.w.finish()];
  }
}

/** The relocations of all symbols. */
class Relocs {
  private readonly starts: Int32Array;
  private readonly offsets: number[] = [];
  private readonly types: number[] = [];
  private readonly addends: number[] = [];
  private readonly targets: number[] = [];

  constructor(count: number) {
    this.starts = new Int32Array(count + 1);
  }

  none(i: number): void {
    this.starts[i + 1] = this.offsets.length;
  }

  add(i: number, s: LinkSymbol, numberOf: (t: LinkSymbol | null) => number): void {
    const { relocs } = s;
    if (relocs !== null) {
      const order = offsetOrder(relocs.offsets);
      for (let j = 0; j < relocs.length; j++) {
        const k = order === null ? j : order[j];
        this.offsets.push(relocs.offsets[k]);
        this.types.push(relocs.types[k]);
        this.addends.push(relocs.addends[k]);
        this.targets.push(numberOf(relocs.targets[k]));
      }
    }
    this.none(i);
  }

  parts(): Uint8Array[] {
    const { types } = this;
    return [
      bytesOf(this.starts),
      bytesOf(Int32Array.from(this.offsets)),
      bytesOf(Uint16Array.from(types, (t) => t & 0xffff)),
      Uint8Array.from(types, (t) => t >>> 16),
      bytesOf(Float64Array.from(this.addends)),
      bytesOf(Int32Array.from(this.targets)),
    ];
  }
}
