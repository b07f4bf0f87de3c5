/**
 * Compiled symbols as bytes: a segment holds definitions by name with everything they refer to by name, so that it can be read in another
 * program, one symbol at a time. File numbers are those of the segment's function, since file tables differ between programs.
 */
import { bug } from '#base/bug.ts';
import { ByteWriter, decodeText, encodeText } from '#base/bytes.ts';
import { renumberEntry, renumberLines } from '#obj/dwarf/renumber.ts';
import * as SymKind from '#obj/kinds.ts';
import { FlagFromAssembly, type ObjectFile } from '#obj/object.ts';
import { mapPcValues } from '#obj/pcvalue.ts';
import {
  AbiStatic,
  addReloc,
  defineSymbol,
  ensureFunc,
  type FuncInfo,
  LinkSymbol,
  noBytes,
  type Symbols,
} from '#obj/symbol.ts';
import { type CapturedFlow, EscapeSummary, Leaks } from '#ssa/passes/escape/summary.ts';

/** Names the format. */
export const magic = 0x335a5554;
const headerSize = 36;
/** The symbol was asked for in vain when the segment was made: nobody defines it. */
const Absent = 1;

/** What callers must know of a function that is not analysed again. */
export interface FunctionFacts {
  readonly summary: EscapeSummary;
  /** The body has to be there, since calls may be replaced by it. */
  readonly inlinable: boolean;
}

/** Where a function's positions lead, in the order in which its file numbers were given out. */
export type FileOrder = (s: LinkSymbol, info: FuncInfo) => readonly number[];

export class SegmentWriter {
  private readonly path: string;
  private readonly strings: Map<string, number>;
  private readonly numbers: Map<LinkSymbol, number>;
  private readonly symbols: LinkSymbol[];
  private readonly definitions: number[];
  private readonly facts: ByteWriter;
  private factCount: number;
  private readonly records: ByteWriter;
  private readonly fileOrder: FileOrder;
  private assemblyFiles: readonly string[];
  /** Numbers of symbols that assembly has defined. */
  private readonly assembled: number[];
  /** Debugging information has file numbers in its bytes: the same with the function's own. */
  private readonly debugBytes: Map<LinkSymbol, Uint8Array>;
  /** Symbols that are their object's own: they are written with what refers to them. */
  private readonly pending: LinkSymbol[];

  /** `path` is the package's. `records` is written over: one writer serves many packages, since each large buffer has V8 collect. */
  constructor(path: string, fileOrder: FileOrder, records = new ByteWriter(1 << 16)) {
    this.path = path;
    this.strings = new Map();
    this.numbers = new Map();
    this.symbols = [];
    this.definitions = [];
    this.facts = new ByteWriter(1024);
    this.factCount = 0;
    // Offset 0 stands for "not defined here".
    this.records = records;
    records.length = 0;
    this.records.u32(0);
    this.fileOrder = fileOrder;
    this.assemblyFiles = [];
    this.assembled = [];
    this.debugBytes = new Map();
    this.pending = [];
  }

  /** Writes the definition of a symbol. */
  add(s: LinkSymbol): void {
    this.addOne(s);
    for (let own = this.pending.pop(); own !== undefined; own = this.pending.pop()) this.addOne(own);
  }

  private addOne(s: LinkSymbol): void {
    const n = this.number(s);
    if (this.definitions[n] !== 0) return;
    this.definitions[n] = this.records.length;
    const w = this.records;
    const object = s.object ?? bug(`symbol ${s} without an object`);
    if ((object.flags & FlagFromAssembly) !== 0) {
      this.assembled.push(n);
      if (object.packagePath === this.path) this.assemblyFiles = object.files;
    }
    w.u32(this.text(object.packagePath));
    w.u8(object.flags);
    w.u8(s.kind);
    w.u32(s.attrs);
    w.u32(s.align);
    const data = this.debugBytes.get(s) ?? s.data;
    w.i64(data === s.data ? s.size : data.length);
    w.u32(data.length);
    w.bytes(data);
    const relocs = s.relocs;
    w.u32(relocs === null ? 0 : relocs.length);
    if (relocs !== null) {
      for (let i = 0; i < relocs.length; i++) {
        w.u32(relocs.offsets[i]);
        w.u32(relocs.types[i]);
        w.i64(relocs.addends[i]);
        this.reference(relocs.targets[i]);
      }
    }
    this.reference(s.gotype);
    this.reference(s.dwarfInfo);
    w.u8(s.func === null ? 0 : 1);
    if (s.func !== null) this.addFunc(s, s.func, object);
  }

  private addFunc(s: LinkSymbol, f: FuncInfo, object: ObjectFile): void {
    const w = this.records;
    const order = this.fileOrder(s, f);
    const local = (file: number): number => {
      const i = order.indexOf(file);
      return i < 0 ? bug(`${s}: file ${file} is not among its files`) : i;
    };
    w.u32(f.args);
    w.u32(f.locals);
    w.u32(f.funcId);
    w.u32(f.flags);
    w.u32(f.startLine);
    w.u32(f.prologueEnd);
    w.u32(order.length);
    for (const i of order) w.u32(this.text(object.files[i]));
    w.u32(f.files.length);
    for (const i of f.files) w.u32(local(i));
    w.u32(f.inlineTree.length);
    for (const n of f.inlineTree) {
      w.u32(n.parent);
      w.u32(local(n.file));
      w.u32(n.line);
      this.reference(n.func);
      w.u32(n.parentPc);
    }
    this.table(f.pcsp);
    this.table(f.pcline);
    this.table(f.pcinline);
    this.table(renumbered(f.pcfile, local));
    w.u32(f.pcdata.length);
    for (const t of f.pcdata) this.table(t);
    w.u32(f.funcdata.length);
    for (const d of f.funcdata) this.reference(d);
    const ofDebug = debugWith(f, (file) => order.indexOf(file));
    if (f.dwarfInfo !== null) this.debugBytes.set(f.dwarfInfo, ofDebug.info);
    if (f.dwarfLines !== null) this.debugBytes.set(f.dwarfLines, ofDebug.lines);
    for (const d of [f.dwarfInfo, f.dwarfLoc, f.dwarfRanges, f.dwarfLines]) this.reference(d);
  }

  addFacts(s: LinkSymbol, facts: FunctionFacts): void {
    this.factCount++;
    this.facts.u32(this.number(s));
    writeFacts(this.facts, facts);
  }

  private table(t: Uint8Array): void {
    this.records.u32(t.length);
    this.records.bytes(t);
  }

  private reference(s: LinkSymbol | null): void {
    this.records.u32(s === null ? 0 : this.number(s) + 1);
    if (s !== null && isOwn(s) && s.kind !== SymKind.Undefined && this.definitions[this.number(s)] === 0)
      this.pending.push(s);
  }

  private number(s: LinkSymbol): number {
    let n = this.numbers.get(s);
    if (n === undefined) {
      n = this.symbols.length;
      this.symbols.push(s);
      this.definitions.push(0);
      this.numbers.set(s, n);
      this.text(s.name);
    }
    return n;
  }

  private text(s: string): number {
    let n = this.strings.get(s);
    if (n === undefined) {
      n = this.strings.size;
      this.strings.set(s, n);
    }
    return n;
  }

  /** `isAbsent` tells the symbols that nobody defines, `seen` what other packages have had to do with the definitions. */
  finish(isAbsent: (s: LinkSymbol) => boolean, seen: string): Uint8Array {
    const assemblyFiles = this.assemblyFiles.map((f) => this.text(f));
    const texts = [...this.strings.keys()];
    const strings = new ByteWriter(1 << 14);
    strings.text(texts.join(''));
    const w = new ByteWriter(this.records.length + strings.length + (1 << 12));
    w.u32(magic);
    w.u32(texts.length);
    w.u32(strings.length);
    w.u32(this.symbols.length);
    w.u32(this.factCount);
    w.u32(this.facts.length);
    w.u32(assemblyFiles.length);
    w.u32(this.assembled.length);
    const seenBytes = encodeText(seen);
    w.u32(seenBytes.length);
    for (const t of texts) w.u32(t.length);
    for (const f of assemblyFiles) w.u32(f);
    for (const n of this.assembled) w.u32(n);
    this.symbols.forEach((s, i) => {
      w.u32(this.text(s.name));
      w.u16(s.abi);
      w.u16(isAbsent(s) ? Absent : 0);
      w.u32(this.definitions[i]);
    });
    w.bytes(strings.bytesView());
    w.bytes(this.facts.bytesView());
    w.bytes(this.records.bytesView());
    w.bytes(seenBytes);
    return w.finish();
  }
}

/** In no table by name: static, or nameless. */
export function isOwn(s: LinkSymbol): boolean {
  return s.abi === AbiStatic || s.name === '';
}

function writeFacts(w: ByteWriter, facts: FunctionFacts): void {
  w.u8(facts.inlinable ? 1 : 0);
  w.u32(facts.summary.params.length);
  for (const l of facts.summary.params) writeLeaks(w, l);
  w.u32(facts.summary.captures.size);
  for (const [offset, l] of facts.summary.captures) {
    w.u32(offset);
    writeLeaks(w, l);
  }
}

export function factBytes(facts: FunctionFacts): Uint8Array {
  const w = new ByteWriter(64);
  writeFacts(w, facts);
  return w.finish();
}

function writeLeaks(w: ByteWriter, l: Leaks): void {
  w.u8(l.heap + 1);
  w.u32(l.results.length);
  for (const d of l.results) w.u8(d + 1);
  w.u32(l.captured.length);
  for (const c of l.captured) {
    w.u32(c.offset);
    w.u8(c.derefs);
  }
}

function setBytes(s: LinkSymbol, data: Uint8Array): void {
  s.data = data;
  s.size = data.length;
}

/** A function's debugging information with other file numbers. */
function debugWith(
  f: FuncInfo,
  to: (file: number) => number,
): { readonly info: Uint8Array; readonly lines: Uint8Array } {
  // A program without rows mentions no file.
  const fromOne = (file: number): number => Math.max(to(file - 1) + 1, 1);
  const { dwarfInfo, dwarfLines } = f;
  return {
    info: dwarfInfo === null ? noBytes : renumberEntry(dwarfInfo.data, dwarfInfo.relocs?.length ?? 0, fromOne),
    lines: dwarfLines === null ? noBytes : renumberLines(dwarfLines.data, fromOne),
  };
}

function renumbered(table: Uint8Array, to: (file: number) => number): Uint8Array {
  return mapPcValues(table, (v) => (v < 0 ? v : to(v)));
}

/** What reading symbols needs of the program that they become part of. */
export interface SegmentContext {
  readonly symbols: Symbols;
  /** Whether debugging information is wanted. */
  readonly debug: boolean;
  /** The object for the code of a package; of its assembly, if the flags say so. */
  object(path: string, flags: number): ObjectFile;
  /** Told of every symbol that a record refers to. */
  mention(s: LinkSymbol): void;
}

/** Reads what writeFacts has written. */
class FactReader {
  private readonly bytes: Uint8Array;
  private at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  u32(): number {
    const { bytes, at } = this;
    this.at += 4;
    return (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;
  }

  facts(): FunctionFacts {
    const inlinable = this.bytes[this.at++] !== 0;
    const params: Leaks[] = [];
    for (let n = this.u32(); n > 0; n--) params.push(this.leaks());
    const captures = new Map<number, Leaks>();
    for (let n = this.u32(); n > 0; n--) {
      const offset = this.u32();
      captures.set(offset, this.leaks());
    }
    return { summary: new EscapeSummary(params, captures), inlinable };
  }

  private leaks(): Leaks {
    const heap = this.bytes[this.at++] - 1;
    const l = new Leaks(this.u32());
    l.heap = heap;
    for (let i = 0; i < l.results.length; i++) l.results[i] = this.bytes[this.at++] - 1;
    for (let n = this.u32(); n > 0; n--) {
      const flow: CapturedFlow = { offset: this.u32(), derefs: this.bytes[this.at++] };
      l.captured.push(flow);
    }
    return l;
  }
}

export function factsFrom(bytes: Uint8Array): FunctionFacts {
  return new FactReader(bytes, 0).facts();
}

/** A segment being read. */
export class Segment {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly texts: string;
  private readonly textStarts: Uint32Array;
  private readonly symbolTable: number;
  private readonly factsAt: number;
  private readonly recordsAt: number;
  private readonly syms: (LinkSymbol | null)[];
  readonly symbolCount: number;
  private readonly assemblyFiles: number[];
  private readonly factCount: number;
  /** Numbers of symbols that assembly has defined. */
  readonly assembled: number[];
  private at: number;

  /** The bytes are known to be what a writer finished. */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const v = this.view;
    if (v.getUint32(0, true) !== magic) bug('not a segment of compiled code');
    const strings = v.getUint32(4, true);
    const stringBytes = v.getUint32(8, true);
    this.symbolCount = v.getUint32(12, true);
    this.factCount = v.getUint32(16, true);
    this.textStarts = new Uint32Array(strings + 1);
    let at = headerSize;
    for (let i = 0; i < strings; i++, at += 4) this.textStarts[i + 1] = this.textStarts[i] + v.getUint32(at, true);
    this.assemblyFiles = [];
    for (let n = v.getUint32(24, true); n > 0; n--, at += 4) this.assemblyFiles.push(v.getUint32(at, true));
    this.assembled = [];
    for (let n = v.getUint32(28, true); n > 0; n--, at += 4) this.assembled.push(v.getUint32(at, true));
    this.symbolTable = at;
    at += 12 * this.symbolCount;
    this.texts = decodeText(bytes.subarray(at, at + stringBytes));
    this.factsAt = at + stringBytes;
    this.recordsAt = this.factsAt + v.getUint32(20, true);
    this.syms = new Array<LinkSymbol | null>(this.symbolCount).fill(null);
    this.at = 0;
  }

  /** What the writer was told of other packages; "" if nothing is known. */
  get seen(): string {
    const { bytes } = this;
    return decodeText(bytes.subarray(bytes.length - this.view.getUint32(32, true)));
  }

  private text(i: number): string {
    return this.texts.slice(this.textStarts[i], this.textStarts[i + 1]);
  }

  /** The file table of the package's assembly, whole: programs do not need all of it, but they number the files. */
  assemblyFileNames(): string[] {
    return this.assemblyFiles.map((f) => this.text(f));
  }

  name(i: number): string {
    return this.text(this.view.getUint32(this.symbolTable + 12 * i, true));
  }

  abi(i: number): number {
    return this.view.getUint16(this.symbolTable + 12 * i + 4, true);
  }

  isAbsent(i: number): boolean {
    return (this.view.getUint16(this.symbolTable + 12 * i + 6, true) & Absent) !== 0;
  }

  isDefined(i: number): boolean {
    return this.definition(i) !== 0;
  }

  private definition(i: number): number {
    return this.view.getUint32(this.symbolTable + 12 * i + 8, true);
  }

  /** Hands out the facts of all functions. */
  forEachFacts(visit: (name: string, abi: number, facts: FunctionFacts) => void): void {
    const r = new FactReader(this.bytes, this.factsAt);
    for (let k = 0; k < this.factCount; k++) {
      const i = r.u32();
      visit(this.name(i), this.abi(i), r.facts());
    }
  }

  private symbol(context: SegmentContext, i: number): LinkSymbol {
    let s = this.syms[i];
    if (s !== null) return s;
    const name = this.name(i);
    const abi = this.abi(i);
    if (abi !== AbiStatic && name !== '') {
      s = context.symbols.lookup(name, abi);
      this.syms[i] = s;
      if (s.kind === SymKind.Undefined && !this.isAbsent(i)) context.mention(s);
      return s;
    }
    s = new LinkSymbol(name, abi);
    this.syms[i] = s;
    if (this.isDefined(i)) {
      const back = this.at;
      this.define(context, i, s);
      this.at = back;
    }
    return s;
  }

  /** Defines a symbol as its record says. */
  define(context: SegmentContext, i: number, s: LinkSymbol): void {
    this.syms[i] = s;
    this.at = this.recordsAt + this.definition(i);
    const path = this.text(this.u32());
    const object = context.object(path, this.u8());
    const kind = this.u8();
    const attrs = this.u32();
    s.align = this.u32();
    const size = this.i64();
    defineSymbol(s, object, kind, attrs, this.take());
    s.size = size;
    for (let n = this.u32(); n > 0; n--) {
      const offset = this.u32() | 0;
      const type = this.u32();
      const addend = this.i64();
      addReloc(s, offset, type >>> 16, type & 0xffff, this.reference(context), addend);
    }
    s.gotype = this.reference(context);
    s.dwarfInfo = this.reference(context);
    if (this.u8() !== 0) this.readFunc(context, ensureFunc(s), object);
  }

  private readFunc(context: SegmentContext, f: FuncInfo, object: ObjectFile): void {
    f.args = this.u32() | 0;
    f.locals = this.u32() | 0;
    f.funcId = this.u32();
    f.flags = this.u32();
    f.startLine = this.u32() | 0;
    f.prologueEnd = this.u32();
    const files: number[] = [];
    for (let n = this.u32(); n > 0; n--) files.push(object.fileIndex(this.text(this.u32())));
    const own: number[] = [];
    for (let n = this.u32(); n > 0; n--) own.push(files[this.u32()]);
    f.files = own.sort((a, b) => a - b);
    for (let n = this.u32(); n > 0; n--) {
      const parent = this.u32() | 0;
      const file = files[this.u32()];
      const line = this.u32();
      const func = this.reference(context) ?? bug('inlined call of nothing');
      f.inlineTree.push({ parent, file, line, func, parentPc: this.u32() });
    }
    f.pcsp = this.take();
    f.pcline = this.take();
    f.pcinline = this.take();
    f.pcfile = renumbered(this.take(), (i) => files[i]);
    for (let n = this.u32(); n > 0; n--) f.pcdata.push(this.take());
    for (let n = this.u32(); n > 0; n--) f.funcdata.push(this.reference(context));
    if (!context.debug) return;
    f.dwarfInfo = this.reference(context);
    f.dwarfLoc = this.reference(context);
    f.dwarfRanges = this.reference(context);
    f.dwarfLines = this.reference(context);
    const { info, lines } = debugWith(f, (i) => files[i] ?? -1);
    if (f.dwarfInfo !== null) setBytes(f.dwarfInfo, info);
    if (f.dwarfLines !== null) setBytes(f.dwarfLines, lines);
  }

  private reference(context: SegmentContext): LinkSymbol | null {
    const n = this.u32();
    return n === 0 ? null : this.symbol(context, n - 1);
  }

  /** Length and bytes; a copy, since the linker may write into it. */
  private take(): Uint8Array {
    const n = this.u32();
    const data = this.bytes.slice(this.at, this.at + n);
    this.at += n;
    return data;
  }

  private u8(): number {
    return this.bytes[this.at++];
  }

  private u32(): number {
    const v = this.view.getUint32(this.at, true);
    this.at += 4;
    return v;
  }

  private i64(): number {
    const lo = this.u32();
    return (this.u32() | 0) * 4294967296 + lo;
  }
}
