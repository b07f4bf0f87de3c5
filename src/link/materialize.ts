/**
 * Bringing in what a symbol is made of: its relocations with resolved targets, its type, its attributes. Done once for each
 * symbol that is looked into, usually when it turns out to be reachable; nothing is read of the rest.
 */
import { bug } from '#base/bug.ts';
import * as ObjAttr from '#obj/attributes.ts';
import { builtinAbi, builtinName } from '#obj/builtins.ts';
import * as F from '#obj/format.ts';
import * as ObjKind from '#obj/kinds.ts';
import type { ObjectFile } from '#obj/object.ts';
import { mapPcValues } from '#obj/pcvalue.ts';
import { Abi0, AbiInternal, AbiStatic, type FuncInfo, type LinkSymbol } from '#obj/symbol.ts';
import { fatal } from './errors.ts';
import { ExcerptMismatch } from './excerpt.ts';
import * as Kind from './kinds.ts';
import {
  hasOwnContent,
  type LinkObject,
  type Loader,
  lookup,
  lookupOrCreate,
  newSymbol,
  reserveRelocs,
  setOwnContent,
  symbolData,
  symbolName,
} from './loader.ts';
import { memorySymbol, unitOf } from './memory.ts';
import { enterName, hashBytes } from './name-table.ts';

/** The global symbol of a reference {package, index} at an offset of the object; 0 for nil. */
export function resolveRef(l: Loader, object: LinkObject, at: number): number {
  const reader = object.reader;
  if (reader === null) return 0;
  const local = reader.localRef(at);
  if (local >= 0) return object.syms[local];
  if (local === -1) return 0;
  const pkg = reader.u32(at);
  const index = reader.u32(at + 4);
  if (local === -2) {
    if (index >= l.builtins.length) reader.fail(at, `no runtime entry point ${index}`);
    const s = l.builtins[index];
    if (s !== 0) return s;
    const found = builtinSymbol(l, index);
    if (found !== 0) return found;
    return fatal(
      `reference to undefined builtin ${JSON.stringify(builtinName(index))} from package ${JSON.stringify(object.library.path)}`,
    );
  }
  const target = object.packages[pkg];
  if (target === -1) return refByName(l, object, at);
  const other = l.objects[target];
  if (other.part !== null) return other.part.definition(index);
  if (other.reader === null || index >= other.reader.defCount) {
    reader.fail(at, `no symbol ${index} in package ${reader.package(pkg)}`);
  }
  return other.syms[index];
}

/** A runtime entry point, looked up by its name once; 0 if there is none. */
function builtinSymbol(l: Loader, index: number): number {
  const name = builtinName(index);
  const defined = lookup(l, name, builtinAbi(index));
  if (defined !== 0 && l.kind[defined] !== Kind.Undefined) {
    l.builtins[index] = defined;
    return defined;
  }
  const symbols = l.symbols;
  if (symbols === null) return 0;
  const internal = symbols.find(name, AbiInternal);
  const s = memorySymbol(l, internal ?? symbols.lookup(name, Abi0));
  l.builtins[index] = s;
  return s;
}

/** A reference by index to a package that is in memory, where indices mean nothing: by the name kept for tools. */
function refByName(l: Loader, object: LinkObject, at: number): number {
  const reader = object.reader;
  if (reader === null) return 0;
  if (object.refNames === null) {
    object.refNames = new Map();
    const n = reader.count(F.BlockRefNames);
    for (let i = 0; i < n; i++) {
      const record = reader.offsets[F.BlockRefNames] + 16 * i;
      object.refNames.set(reader.u32(record) * 0x1000000 + reader.u32(record + 4), reader.string(record + 8));
    }
  }
  const name = object.refNames.get(reader.u32(at) * 0x1000000 + reader.u32(at + 4));
  if (name === undefined) {
    // Only auxiliary references (types of variables, inlined functions) have no name; both are for debuggers.
    return 0;
  }
  const internal = lookup(l, name, AbiInternal);
  if (internal !== 0) return internal;
  const data = lookup(l, name, Abi0);
  if (data !== 0) return data;
  const known = l.symbols?.find(name, AbiInternal) ?? l.symbols?.find(name, Abi0) ?? null;
  return known === null ? lookupOrCreate(l, name, AbiInternal) : memorySymbol(l, known);
}

/** Makes the relocations and the type of symbol i available. */
export function materialize(l: Loader, i: number): void {
  if (l.relocStart[i] >= 0) return;
  const object = l.objects[l.object[i]];
  if (l.memory[i] !== undefined || (l.kind[i] === Kind.Undefined && l.symbols !== null)) {
    if (materializeMemory(l, i)) return;
  }
  const reader = object.reader;
  const local = l.local[i];
  if (object.part !== null) throw new ExcerptMismatch(symbolName(l, i));
  l.relocStart[i] = l.relocCount;
  if (reader === null || local >= reader.definedCount) {
    l.relocEnd[i] = l.relocCount;
    return;
  }
  readRelocs(l, object, local);
  l.relocEnd[i] = l.relocCount;
  // The type is the first of the auxiliary symbols, if there is one.
  const first = reader.auxStart(local);
  if (first === reader.auxStart(local + 1)) return;
  const at = reader.auxAt(first);
  if (reader.bytes[at] === F.AuxGotype) setType(l, i, resolveRef(l, object, at + 1));
}

/** A function of its own, since finding the type's symbol may replace the loader's arrays by larger ones. */
function setType(l: Loader, i: number, type: number): void {
  l.gotype[i] = type;
}

function readRelocs(l: Loader, object: LinkObject, local: number): void {
  const reader = object.reader;
  if (reader === null) return;
  const first = reader.relocStart(local);
  const count = reader.relocStart(local + 1) - first;
  if (count === 0) return;
  reserveRelocs(l, count);
  const { view, defCount, firstHashed, firstNamed, symbolCount } = reader;
  const { syms } = object;
  const { relocOffset, relocSize, relocType, relocAddend, relocTarget } = l;
  let at = reader.relocAt(first);
  let n = l.relocCount;
  for (let k = 0; k < count; k++, at += F.relocSize, n++) {
    relocOffset[n] = view.getInt32(at, true);
    relocSize[n] = view.getInt8(at + 4) & 0xff;
    relocType[n] = view.getInt16(at + 5, true) & 0xffff;
    relocAddend[n] = view.getInt32(at + 11, true) * 4294967296 + (view.getInt32(at + 7, true) >>> 0);
    // The sorts of references that are within the object; the rest, and what is wrong, is resolveRef's.
    const pkg = view.getInt32(at + 15, true);
    const index = view.getInt32(at + 19, true) >>> 0;
    if (pkg === F.PkgSelf && index < defCount) relocTarget[n] = syms[index];
    else if (pkg === F.PkgNone && index < symbolCount - firstNamed) relocTarget[n] = syms[firstNamed + index];
    else if (pkg === F.PkgHashed && index < firstNamed - firstHashed) relocTarget[n] = syms[firstHashed + index];
    else relocTarget[n] = resolveRef(l, object, at + 15);
  }
  l.relocCount = n;
}

/** True if the symbol is (or, on demand, became) one that is defined in memory. */
function materializeMemory(l: Loader, i: number): boolean {
  const s = demandMemory(l, i);
  if (s === null || s.kind === ObjKind.Undefined) return false;
  const relocs = s.relocs;
  const count = relocs === null ? 0 : relocs.length;
  // Targets first: interning one may materialize nothing, but it may add symbols.
  const targets = new Int32Array(count);
  if (relocs !== null) {
    for (let k = 0; k < count; k++) {
      const t = relocs.targets[k];
      if (t !== null) targets[k] = memorySymbol(l, t);
    }
  }
  reserveRelocs(l, count);
  let n = l.relocCount;
  l.relocStart[i] = n;
  if (relocs !== null) {
    const order = offsetOrder(relocs.offsets);
    for (let j = 0; j < count; j++, n++) {
      const k = order === null ? j : order[j];
      l.relocOffset[n] = relocs.offsets[k];
      l.relocType[n] = relocs.types[k] & 0xffff;
      l.relocSize[n] = relocs.types[k] >>> 16;
      l.relocAddend[n] = relocs.addends[k];
      l.relocTarget[n] = targets[k];
    }
  }
  l.relocCount = n;
  l.relocEnd[i] = n;
  if (s.gotype !== null) setType(l, i, memorySymbol(l, s.gotype));
  return true;
}

/** The order of ascending offsets, null if they are in it already. The stack check and groups of methods rely on it. */
export function offsetOrder(offsets: readonly number[]): number[] | null {
  let sorted = true;
  for (let k = 1; k < offsets.length; k++) if (offsets[k] < offsets[k - 1]) sorted = false;
  return sorted ? null : [...offsets.keys()].sort((a, b) => offsets[a] - offsets[b]);
}

/** The LinkSymbol behind i, compiled now if it is still undefined and somebody can. */
export function demandMemory(l: Loader, i: number): LinkSymbol | null {
  let s = l.memory[i] ?? null;
  const symbols = l.symbols;
  if (s !== null && s.kind !== ObjKind.Undefined) {
    // Compiled, together with something else, after its symbol was entered.
    if (l.kind[i] === Kind.Undefined) takeFacts(l, i, s);
    return s;
  }
  if (symbols === null) return s;
  const version = l.version[i];
  if (s === null) {
    if (version > 1 || l.kind[i] !== Kind.Undefined) return null;
    s = symbols.lookup(symbolName(l, i), version);
    s.index = i;
    l.memory[i] = s;
  }
  if (symbols.demand !== null) symbols.demand(s);
  if (s.kind !== ObjKind.Undefined) takeFacts(l, i, s);
  return s;
}

/** Copies what the arrays hold of a defined LinkSymbol. */
export function takeFacts(l: Loader, i: number, s: LinkSymbol): void {
  l.kind[i] = Kind.fromObject[s.kind];
  l.attrs[i] |= (s.attrs & ObjAttr.ObjectMask) | ObjAttr.derivedAttributes(s.name, s.kind);
  l.size[i] = s.size;
  l.align[i] = Math.max(l.align[i], s.align);
  if (s.object !== null) l.object[i] = unitOf(l, s.object).index;
}

/**
 * What pclntab needs of a function; tables and funcdata are symbols. Lists are in the loader's `lists`, from start to end. Files are numbers of the
 * object's file table; of a function in memory, numbers of the loader's, and its tables say the place in this list.
 */
export class LoadedFunc {
  args: number;
  funcId: number;
  flags: number;
  startLine: number;
  filesStart: number;
  filesEnd: number;
  /** Five numbers per inlined call: parent, file, line, function (symbol), parent pc. */
  inlineStart: number;
  inlineEnd: number;
  pcdataStart: number;
  pcdataEnd: number;
  funcdataStart: number;
  funcdataEnd: number;
  pcsp: number;
  pcfile: number;
  pcline: number;
  pcinline: number;
  dwarfInfo: number;
  dwarfLoc: number;
  dwarfRanges: number;
  dwarfLines: number;

  constructor() {
    this.args = 0;
    this.funcId = 0;
    this.flags = 0;
    this.startLine = 0;
    this.filesStart = 0;
    this.filesEnd = 0;
    this.inlineStart = 0;
    this.inlineEnd = 0;
    this.pcdataStart = 0;
    this.pcdataEnd = 0;
    this.funcdataStart = 0;
    this.funcdataEnd = 0;
    this.pcsp = 0;
    this.pcfile = 0;
    this.pcline = 0;
    this.pcinline = 0;
    this.dwarfInfo = 0;
    this.dwarfLoc = 0;
    this.dwarfRanges = 0;
    this.dwarfLines = 0;
  }
}

export const inlineWidth = 5;

/** The function information of a text symbol, null if it has none. */
export function loadFunc(l: Loader, i: number): LoadedFunc | null {
  if (i >= l.funcIndex.length) {
    const grown = new Int32Array(l.kind.length);
    grown.set(l.funcIndex);
    l.funcIndex = grown;
  }
  const known = l.funcIndex[i];
  if (known > 0) return l.funcs[known];
  if (known < 0) return null;
  const f = readFunc(l, i);
  if (f !== null) {
    if (l.funcs.length === 0) l.funcs.push(f);
    l.funcIndex[i] = l.funcs.length;
    l.funcs.push(f);
  } else if (l.symbols === null) l.funcIndex[i] = -1;
  return f;
}

/** Whether it is a function with information. */
export function hasFunc(l: Loader, i: number): boolean {
  const { part } = l.objects[l.object[i]];
  if (part !== null && l.memory[i] === undefined && !hasOwnContent(l, i)) return part.excerpt.hasFunc(l.local[i]);
  return loadFunc(l, i) !== null;
}

function readFunc(l: Loader, i: number): LoadedFunc | null {
  const m = l.memory[i];
  if (m !== undefined && m.func !== null && m.object !== null) return funcFromMemory(l, m.func, m.object);
  const { prelinked } = l;
  if (prelinked !== null && i < prelinked.count) return prelinked.loadFunc(i);
  const object = l.objects[l.object[i]];
  if (object.reader === null || l.local[i] >= object.reader.definedCount || hasOwnContent(l, i)) return null;
  if (object.part !== null) return object.part.excerpt.loadFunc(l.local[i]);
  return funcFromObject(l, object, l.local[i]);
}

/** The number of a source file among all that functions in memory mention. */
function fileNumber(l: Loader, name: string): number {
  let n = l.fileNumbers.get(name);
  if (n === undefined) {
    n = l.fileNames.length;
    l.fileNames.push(name);
    l.fileNumbers.set(name, n);
  }
  return n;
}

/**
 * The files of a function in the order in which its table mentions them, then its inlined calls, and the table with these numbers: those of the
 * package's file table depend on what else has been compiled.
 */
export function ownFiles(info: FuncInfo): { pcfile: Uint8Array; files: number[]; numberOf: (file: number) => number } {
  const files: number[] = [];
  const numberOf = (file: number): number => {
    const known = files.indexOf(file);
    return known >= 0 ? known : files.push(file) - 1;
  };
  const pcfile = mapPcValues(info.pcfile, (v) => (v < 0 ? v : numberOf(v)));
  for (const node of info.inlineTree) numberOf(node.file);
  return { pcfile, files, numberOf };
}

function funcFromMemory(l: Loader, info: FuncInfo, object: ObjectFile): LoadedFunc {
  const { lists } = l;
  const f = new LoadedFunc();
  f.args = info.args;
  f.funcId = info.funcId;
  f.flags = info.flags;
  f.startLine = info.startLine;
  f.filesStart = lists.length;
  const { pcfile, files, numberOf } = ownFiles(info);
  for (const file of files)
    lists.push(fileNumber(l, object.files[file] ?? bug(`no file ${file} in ${object.packagePath}`)));
  f.filesEnd = lists.length;
  f.inlineStart = lists.length;
  for (const node of info.inlineTree) {
    lists.push(node.parent);
    lists.push(numberOf(node.file));
    lists.push(node.line);
    lists.push(memorySymbol(l, node.func));
    lists.push(node.parentPc);
  }
  f.inlineEnd = lists.length;
  f.pcsp = tableSymbol(l, info.pcsp);
  f.pcfile = tableSymbol(l, pcfile);
  f.pcline = tableSymbol(l, info.pcline);
  f.pcinline = tableSymbol(l, info.pcinline);
  f.pcdataStart = lists.length;
  for (const table of info.pcdata) lists.push(tableSymbol(l, table));
  f.pcdataEnd = lists.length;
  f.funcdataStart = lists.length;
  for (const s of info.funcdata) lists.push(s === null ? 0 : memorySymbol(l, s));
  f.funcdataEnd = lists.length;
  if (info.dwarfInfo !== null) f.dwarfInfo = memorySymbol(l, info.dwarfInfo);
  if (info.dwarfLoc !== null) f.dwarfLoc = memorySymbol(l, info.dwarfLoc);
  if (info.dwarfRanges !== null) f.dwarfRanges = memorySymbol(l, info.dwarfRanges);
  if (info.dwarfLines !== null) f.dwarfLines = memorySymbol(l, info.dwarfLines);
  return f;
}

/** A pc-value table as a symbol, equal tables being one. */
function tableSymbol(l: Loader, table: Uint8Array): number {
  if (table.length === 0) return 0;
  const { tables } = l;
  const hash = hashBytes(table, 0);
  let slot = hash & tables.mask;
  for (let s = tables.symbols[slot]; s !== 0; slot = (slot + 1) & tables.mask, s = tables.symbols[slot])
    if (tables.hashes[slot] === hash && isContent(l, s, table)) return s;
  const s = newSymbol(l, '', 0);
  l.kind[s] = Kind.Rodata;
  setOwnContent(l, s, table);
  l.size[s] = table.length;
  l.relocStart[s] = 0;
  enterName(tables, slot, hash, s);
  return s;
}

function isContent(l: Loader, s: number, bytes: Uint8Array): boolean {
  const data = symbolData(l, s);
  if (data === null || data.length !== bytes.length) return false;
  for (let k = 0; k < bytes.length; k++) if (data[k] !== bytes[k]) return false;
  return true;
}

function funcFromObject(l: Loader, object: LinkObject, local: number): LoadedFunc | null {
  const reader = object.reader;
  if (reader === null) return null;
  const { lists } = l;
  const { bytes } = reader;
  const first = reader.auxStart(local);
  const last = reader.auxStart(local + 1);
  let info = -1;
  for (let n = first; n < last && info < 0; n++) {
    const at = reader.auxAt(n);
    if (bytes[at] !== F.AuxFuncInfo) continue;
    info = reader.localRef(at + 1);
    if (info < 0 || info >= reader.definedCount) reader.fail(at, 'function information is not in the object');
  }
  if (info < 0) return null;
  const f = new LoadedFunc();
  readFuncInfo(l, object, info, f);
  f.funcdataStart = lists.length;
  for (let n = first; n < last; n++) {
    const at = reader.auxAt(n);
    if (bytes[at] === F.AuxFuncdata) lists.push(resolveRef(l, object, at + 1));
  }
  f.funcdataEnd = lists.length;
  f.pcdataStart = lists.length;
  for (let n = first; n < last; n++) {
    const at = reader.auxAt(n);
    switch (bytes[at]) {
      case F.AuxDwarfInfo:
        f.dwarfInfo = resolveRef(l, object, at + 1);
        break;
      case F.AuxDwarfLoc:
        f.dwarfLoc = resolveRef(l, object, at + 1);
        break;
      case F.AuxDwarfRanges:
        f.dwarfRanges = resolveRef(l, object, at + 1);
        break;
      case F.AuxDwarfLines:
        f.dwarfLines = resolveRef(l, object, at + 1);
        break;
      case F.AuxPcsp:
        f.pcsp = resolveRef(l, object, at + 1);
        break;
      case F.AuxPcfile:
        f.pcfile = resolveRef(l, object, at + 1);
        break;
      case F.AuxPcline:
        f.pcline = resolveRef(l, object, at + 1);
        break;
      case F.AuxPcinline:
        f.pcinline = resolveRef(l, object, at + 1);
        break;
      case F.AuxPcdata:
        lists.push(resolveRef(l, object, at + 1));
        break;
      default:
        break;
    }
  }
  f.pcdataEnd = lists.length;
  return f;
}

/** The FuncInfo symbol's content (cmd/internal/goobj/funcinfo.go). */
function readFuncInfo(l: Loader, object: LinkObject, info: number, f: LoadedFunc): void {
  const reader = object.reader;
  if (reader === null) return;
  const { lists } = l;
  const { view, bytes } = reader;
  const base = reader.dataStart(info);
  const end = base + reader.dataLength(info);
  if (end - base < 20) reader.fail(base, 'truncated function information');
  f.args = view.getInt32(base, true);
  f.funcId = bytes[base + 8];
  f.flags = bytes[base + 9];
  f.startLine = view.getInt32(base + 12, true);
  const files = view.getInt32(base + 16, true) >>> 0;
  let at = base + 20;
  if (at + files * 4 + 4 > end) reader.fail(base, `function information names ${files} files`);
  f.filesStart = lists.length;
  for (let k = 0; k < files; k++, at += 4) lists.push(view.getInt32(at, true));
  f.filesEnd = lists.length;
  const calls = view.getInt32(at, true) >>> 0;
  at += 4;
  if (at + calls * 24 > end) reader.fail(base, `function information names ${calls} inlined calls`);
  lists.reserve(calls * inlineWidth);
  f.inlineStart = lists.length;
  for (let k = 0; k < calls; k++, at += 24) {
    lists.push(view.getInt32(at, true));
    lists.push(view.getInt32(at + 4, true));
    lists.push(view.getInt32(at + 8, true));
    lists.push(resolveRef(l, object, at + 12));
    lists.push(view.getInt32(at + 20, true));
  }
  f.inlineEnd = lists.length;
}

/** Calls visit for each auxiliary symbol but the type of a symbol in memory: what it keeps alive besides its relocations. */
export function forEachAux(l: Loader, m: LinkSymbol, visit: (aux: number) => void): void {
  if (m.dwarfInfo !== null) visit(memorySymbol(l, m.dwarfInfo));
  const info = m.func;
  if (info === null) return;
  for (const s of info.funcdata) if (s !== null) visit(memorySymbol(l, s));
  for (const s of [info.dwarfInfo, info.dwarfLoc, info.dwarfRanges, info.dwarfLines]) {
    if (s !== null) visit(memorySymbol(l, s));
  }
}

/** True for symbols of a file-local version. */
export function isStaticAbi(s: LinkSymbol): boolean {
  return s.abi === AbiStatic;
}
