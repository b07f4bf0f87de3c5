/**
 * The table from code to functions, files and lines, stack maps and inlined calls: section .gopclntab. Its parts follow one
 * another in the order made here. What the runtime expects: runtime/symtab.go; the official layout: cmd/link/internal/ld/pcln.go.
 * Every part but the last is padded to eight bytes.
 */
import { alignUp, ByteWriter } from '#base/bytes.ts';
import * as ObjAttr from '#obj/attributes.ts';
import * as Funcdata from '#obj/funcdata.ts';
import { FlagFromAssembly } from '#obj/object.ts';
import * as R from '#obj/reloc-types.ts';
import * as Attr from './attributes.ts';
import { createSymbol, createUnnamed, setBytes } from './builder.ts';
import type { Link } from './context.ts';
import * as Kind from './kinds.ts';
import { type Layout, symbolAlign } from './layout.ts';
import {
  isReachable,
  type LinkObject,
  type Loader,
  lookup,
  symbolData,
  symbolName,
  VersionInternal,
} from './loader.ts';
import { inlineWidth, type LoadedFunc, loadFunc } from './materialize.ts';

const magic = 0xfffffff1;
const headerSize = 72;
const funcSize = 44;
const noOffset = 0xffffffff;

export interface PclnTab {
  functions: number[];
  header: number;
  names: number;
  units: number;
  files: number;
  tables: number;
  functab: number;
  funcdata: number;
  findfunctab: number;
  /** Blobs of go:func.* with their offsets in it. */
  blobs: number[];
}

class State {
  readonly link: Link;
  readonly l: Loader;
  readonly functions: number[];
  readonly infos: (LoadedFunc | null)[];
  readonly nameOffsets: Map<number, number>;
  readonly unitOffsets: Map<LinkObject, number>;
  /** Offset in pctab by table symbol. */
  readonly tableOffsets: Map<number, number>;
  /** Offset in go:func.* by blob symbol. */
  readonly blobOffsets: Map<number, number>;
  /** Inline tree blob by function number. */
  readonly inlineTrees: Int32Array;
  fileCount: number;

  constructor(link: Link, functions: number[]) {
    this.link = link;
    this.l = link.loader;
    this.functions = functions;
    this.infos = functions.map((f) => loadFunc(link.loader, f));
    this.nameOffsets = new Map();
    this.unitOffsets = new Map();
    this.tableOffsets = new Map();
    this.blobOffsets = new Map();
    this.inlineTrees = new Int32Array(functions.length);
    this.fileCount = 0;
  }
}

export function buildPclnTab(link: Link, layout: Layout): PclnTab {
  const l = link.loader;
  const containers = new Set<number>();
  for (const s of link.textp) if (l.outer[s] !== 0) containers.add(l.outer[s]);
  const st = new State(
    link,
    link.textp.filter((s) => !containers.has(s)),
  );
  const carrier = createSymbol(l, 'runtime.pclntab', Kind.PclnTab);
  l.attrs[carrier] |= Attr.Special | ObjAttr.Local;
  l.align[carrier] = 8;

  const header = part(st, 'runtime.pcheader', 8);
  const names = part(st, 'runtime.funcnametab', 1);
  const units = part(st, 'runtime.cutab', 4);
  const files = part(st, 'runtime.filetab', 1);
  const tables = part(st, 'runtime.pctab', 1);
  const functab = part(st, 'runtime.functab', 4);
  const funcdata = part(st, 'go:func.*', 1);
  l.attrs[funcdata] &= ~Attr.NotInSymtab;

  const set = (s: number, bytes: Uint8Array): void => {
    setBytes(l, s, bytes);
    l.size[s] = alignUp(bytes.length, 8);
  };
  set(names, writeNames(st));
  const fileTabs = writeFiles(st);
  set(units, fileTabs.units);
  set(files, fileTabs.files);
  set(tables, writeTables(st));
  makeInlineTrees(st);
  const blobs = placeBlobs(st, funcdata);
  const textStart = layout.sections[l.section[st.functions[0]]].address;
  set(functab, writeFunctab(st, textStart));
  set(header, writeHeader(st, [names, units, files, tables, functab]));
  const findfunctab = part(st, 'runtime.findfunctab', 4);
  l.attrs[findfunctab] &= ~Attr.NotInSymtab;
  setBytes(l, findfunctab, writeFindFuncTab(st));
  return { functions: st.functions, header, names, units, files, tables, functab, funcdata, findfunctab, blobs };
}

function part(st: State, name: string, align: number): number {
  const s = createSymbol(st.l, name, Kind.PclnTab);
  st.l.align[s] = align;
  st.l.attrs[s] |= Attr.NotInSymtab | ObjAttr.Local;
  return s;
}

/** Names of functions and of inlined functions, each once, ended by NUL. */
function writeNames(st: State): Uint8Array {
  const l = st.l;
  const w = new ByteWriter(st.functions.length * 32);
  const add = (s: number): void => {
    if (st.nameOffsets.has(s)) return;
    st.nameOffsets.set(s, w.length);
    w.text(symbolName(l, s));
    w.u8(0);
  };
  for (let k = 0; k < st.functions.length; k++) {
    add(st.functions[k]);
    const info = st.infos[k];
    if (info === null) continue;
    for (let n = 0; n < info.inline.length; n += inlineWidth) add(info.inline[n + 3]);
  }
  return w.finish();
}

/** Per unit, a table from its file numbers to offsets of names; unused files in between get an invalid offset. */
function writeFiles(st: State): { units: Uint8Array; files: Uint8Array } {
  const l = st.l;
  const offsets = new Map<string, number>();
  const w = new ByteWriter(4096);
  const units: LinkObject[] = [];
  const counts = new Map<LinkObject, number>();
  const add = (unit: LinkObject, file: number): void => {
    const name = unit.fileName(file);
    if (!offsets.has(name)) {
      offsets.set(name, w.length);
      w.text(expandFile(st.link.options.goroot, name));
      w.u8(0);
    }
    if ((counts.get(unit) ?? 0) < file + 1) counts.set(unit, file + 1);
  };
  for (let k = 0; k < st.functions.length; k++) {
    const unit = l.objects[l.object[st.functions[k]]];
    if (unit.index === 0) continue;
    if (!counts.has(unit)) {
      unit.pclnIndex = units.length;
      units.push(unit);
      counts.set(unit, 0);
    }
    const info = st.infos[k];
    if (info === null) continue;
    for (const file of info.files) add(unit, file);
    for (let n = 0; n < info.inline.length; n += inlineWidth) add(unit, info.inline[n + 1]);
  }
  st.fileCount = offsets.size;
  const table = new ByteWriter(1024);
  for (const unit of units) {
    st.unitOffsets.set(unit, table.length / 4);
    const n = counts.get(unit) ?? 0;
    for (let file = 0; file < n; file++) table.u32(offsets.get(unit.fileName(file)) ?? noOffset);
  }
  return { units: table.finish(), files: w.finish() };
}

const filePrefix = 'gofile..';

/** A file name as it appears in tracebacks. */
export function expandFile(goroot: string, name: string): string {
  const plain = name.startsWith(filePrefix) ? name.slice(filePrefix.length) : name;
  if (goroot !== '' && plain.startsWith('$GOROOT/')) return goroot + plain.slice('$GOROOT'.length);
  return plain;
}

/** All pc-value tables, each once. Offset 0 means "no table", so the first byte is unused. */
function writeTables(st: State): Uint8Array {
  const l = st.l;
  const w = new ByteWriter(1 << 16);
  w.u8(0);
  const offsets = st.tableOffsets;
  offsets.set(0, 0);
  const add = (table: number): void => {
    if (offsets.has(table)) return;
    const data = symbolData(l, table);
    if (data === null) {
      offsets.set(table, 0);
      return;
    }
    offsets.set(table, w.length);
    w.bytes(data);
    if (l.size[table] > data.length) w.zeros(l.size[table] - data.length);
  };
  for (const info of st.infos) {
    if (info === null) continue;
    add(info.pcsp);
    add(info.pcfile);
    add(info.pcline);
    for (const table of info.pcdata) add(table);
    if (info.inline.length > 0) add(info.pcinline);
  }
  return w.finish();
}

/** The runtime's view of a function's inlined calls: funcID, name, parent pc, start line of each. */
function makeInlineTrees(st: State): void {
  const l = st.l;
  const facts = new Map<number, LoadedFunc | null>();
  for (let k = 0; k < st.functions.length; k++) {
    const info = st.infos[k];
    if (info === null || info.inline.length === 0) continue;
    const w = new ByteWriter((info.inline.length / inlineWidth) * 16);
    for (let n = 0; n < info.inline.length; n += inlineWidth) {
      const callee = info.inline[n + 3];
      let inlined = facts.get(callee);
      if (inlined === undefined) {
        inlined = loadFunc(l, callee);
        facts.set(callee, inlined);
      }
      if (inlined === null && l.symbols === null) {
        st.link.error(`inlined function ${symbolName(l, callee)} missing func info`);
      }
      w.u8(inlined === null ? 0 : inlined.funcId);
      w.zeros(3);
      w.u32(st.nameOffsets.get(callee) ?? 0);
      w.u32(info.inline[n + 4]);
      w.u32(inlined === null ? 0 : inlined.startLine);
    }
    const tree = createUnnamed(l, Kind.PclnTab);
    setBytes(l, tree, w.finish());
    l.align[tree] = 4;
    st.inlineTrees[k] = tree;
  }
}

/** The funcdata of function k, its inline tree in place. */
function funcdataOf(st: State, k: number): number[] {
  const info = st.infos[k];
  if (info === null) return [];
  if (info.inline.length === 0) return info.funcdata;
  const list = info.funcdata.slice();
  while (list.length <= Funcdata.FuncdataInlTree) list.push(0);
  list[Funcdata.FuncdataInlTree] = st.inlineTrees[k];
  return list;
}

/**
 * The assembler names argument maps that only a Go declaration defines; where none does, there is no map.
 */
function isAbsent(st: State, f: number, index: number, blob: number): boolean {
  if (blob === 0) return true;
  if (index !== Funcdata.FuncdataArgsPointerMaps && index !== Funcdata.FuncdataArgInfo) return false;
  const l = st.l;
  return (l.objects[l.object[f]].flags & FlagFromAssembly) !== 0 && symbolData(l, blob) === null;
}

/** Orders the funcdata blobs, highest alignment first, and gives them offsets in go:func.*. */
function placeBlobs(st: State, carrier: number): number[] {
  const l = st.l;
  const seen = new Set<number>();
  const blobs: number[] = [];
  for (let k = 0; k < st.functions.length; k++) {
    const list = funcdataOf(st, k);
    for (let j = 0; j < list.length; j++) {
      const blob = list[j];
      if (seen.has(blob) || isAbsent(st, st.functions[k], j, blob)) continue;
      seen.add(blob);
      blobs.push(blob);
    }
  }
  blobs.sort((a, b) => symbolAlign(l, b) - symbolAlign(l, a));
  let size = 0;
  for (const blob of blobs) {
    if (l.size[blob] === 0) {
      st.link.error(`${symbolName(l, blob)}: zero size funcdata`);
      continue;
    }
    const align = symbolAlign(l, blob);
    if (align > l.align[carrier]) l.align[carrier] = align;
    size = alignUp(size, align);
    st.blobOffsets.set(blob, size);
    l.value[blob] = size;
    l.attrs[blob] |= Attr.NotInSymtab | Attr.Special;
    size += l.size[blob];
  }
  setBytes(l, carrier, new Uint8Array(alignUp(size, 8)));
  return blobs;
}

/** Fills go:func.* once the addresses that its few relocations need are known. */
export function writeFuncdata(link: Link, layout: Layout, tab: PclnTab): void {
  const l = link.loader;
  const out = l.contents[tab.funcdata];
  if (out === undefined) return;
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  for (const blob of tab.blobs) {
    const data = symbolData(l, blob);
    const base = l.value[blob];
    if (data !== null) out.set(data, base);
    for (let r = l.relocStart[blob]; r < l.relocEnd[blob]; r++) {
      const type = l.relocType[r];
      const target = l.relocTarget[r];
      if ((type & 0x7fff) !== R.AddrOff || l.relocSize[r] !== 4) {
        link.error(`${symbolName(l, blob)}: unsupported reloc ${type} (${R.relocName(type)}) for funcdata symbol`);
        break;
      }
      if ((type & R.Weak) !== 0 && !isReachable(l, target)) continue;
      const section = l.section[target];
      if (section < 0) {
        link.error(
          `${symbolName(l, blob)}: missing section for relocation target ${symbolName(l, target)} for funcdata symbol`,
        );
        continue;
      }
      view.setUint32(
        base + l.relocOffset[r],
        l.value[target] - layout.sections[section].address + l.relocAddend[r],
        true,
      );
    }
  }
}

function writeHeader(st: State, parts: readonly number[]): Uint8Array {
  const l = st.l;
  const w = new ByteWriter(headerSize);
  w.u32(magic);
  w.u16(0);
  w.u8(1);
  w.u8(8);
  w.i64(st.functions.length);
  w.i64(st.fileCount);
  w.i64(0);
  let offset = headerSize;
  for (const p of parts) {
    offset = alignUp(offset, l.align[p]);
    w.i64(offset);
    offset += l.size[p];
  }
  return w.finish();
}

function pcdataCount(info: LoadedFunc | null): number {
  if (info === null) return 0;
  if (info.inline.length === 0) return info.pcdata.length;
  return Math.max(info.pcdata.length, Funcdata.PcdataInlTreeIndex + 1);
}

/** Pairs of entry offset and record offset, the end, then the records (runtime/runtime2.go, _func). */
function writeFunctab(st: State, textStart: number): Uint8Array {
  const l = st.l;
  const n = st.functions.length;
  const lists: number[][] = [];
  const starts = new Uint32Array(n);
  let size = n * 8 + 4;
  for (let k = 0; k < n; k++) {
    const list = funcdataOf(st, k);
    lists.push(list);
    size = alignUp(size, 8);
    starts[k] = size;
    size += funcSize + 4 * (pcdataCount(st.infos[k]) + list.length);
  }
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  for (let k = 0; k < n; k++) {
    view.setUint32(k * 8, l.value[st.functions[k]] - textStart, true);
    view.setUint32(k * 8 + 4, starts[k], true);
  }
  const last = st.functions[n - 1];
  view.setUint32(n * 8, l.value[last] - textStart + l.size[last], true);
  const deferReturn = lookup(l, 'runtime.deferreturn', VersionInternal);
  for (let k = 0; k < n; k++) writeFunc(st, view, k, starts[k], textStart, lists[k], deferReturn);
  return out;
}

function writeFunc(
  st: State,
  view: DataView,
  k: number,
  at: number,
  textStart: number,
  funcdata: readonly number[],
  deferReturn: number,
): void {
  const l = st.l;
  const f = st.functions[k];
  const info = st.infos[k];
  const unit = l.objects[l.object[f]];
  const pcdata = pcdataCount(info);
  const table = (s: number): number => st.tableOffsets.get(s) ?? 0;
  view.setUint32(at, l.value[f] - textStart, true);
  view.setUint32(at + 4, st.nameOffsets.get(f) ?? 0, true);
  view.setUint32(at + 12, deferReturnOffset(l, f, deferReturn), true);
  view.setUint32(at + 28, pcdata, true);
  view.setUint32(at + 32, unit.index === 0 ? noOffset : (st.unitOffsets.get(unit) ?? noOffset), true);
  view.setUint8(at + 43, funcdata.length);
  if (info !== null) {
    view.setInt32(at + 8, info.args, true);
    view.setUint32(at + 16, table(info.pcsp), true);
    view.setUint32(at + 20, table(info.pcfile), true);
    view.setUint32(at + 24, table(info.pcline), true);
    view.setInt32(at + 36, info.startLine, true);
    view.setUint8(at + 40, info.funcId);
    view.setUint8(at + 41, info.flags);
    for (let j = 0; j < info.pcdata.length; j++) view.setUint32(at + funcSize + 4 * j, table(info.pcdata[j]), true);
    if (info.inline.length > 0) {
      view.setUint32(at + funcSize + 4 * Funcdata.PcdataInlTreeIndex, table(info.pcinline), true);
    }
  }
  const base = at + funcSize + 4 * pcdata;
  for (let j = 0; j < funcdata.length; j++) {
    const blob = funcdata[j];
    const offset = isAbsent(st, f, j, blob) ? noOffset : (st.blobOffsets.get(blob) ?? noOffset);
    view.setUint32(base + 4 * j, offset, true);
  }
}

/** Where a recovered panic resumes: the call of deferreturn, one byte before its relocated operand. 0 if there is none. */
function deferReturnOffset(l: Loader, f: number, deferReturn: number): number {
  if (deferReturn === 0) return 0;
  for (let r = l.relocStart[f]; r < l.relocEnd[f]; r++) {
    if (l.relocTarget[r] === deferReturn && R.isDirectCall(l.relocType[r])) return l.relocOffset[r] - 1;
  }
  return 0;
}

const subBuckets = 16;
const subBucketSize = 256;
const bucketSize = subBuckets * subBucketSize;
const none = 0x7fffffff;

/** For each 256 bytes of text, the first function that reaches into them (runtime/symtab.go, findfuncbucket). */
function writeFindFuncTab(st: State): Uint8Array {
  const l = st.l;
  const functions = st.functions;
  const first = l.value[functions[0]];
  const last = functions[functions.length - 1];
  const end = l.value[last] + l.size[last];
  const n = Math.ceil((end - first) / subBucketSize);
  const buckets = Math.ceil((end - first) / bucketSize);
  const indexes = new Int32Array(n).fill(none);
  for (let k = 0; k < functions.length; k++) {
    const stop = k + 1 < functions.length ? l.value[functions[k + 1]] : end;
    for (let pc = l.value[functions[k]]; pc < stop; pc += subBucketSize) {
      const i = Math.floor((pc - first) / subBucketSize);
      if (indexes[i] > k) indexes[i] = k;
    }
    const i = Math.floor((stop - 1 - first) / subBucketSize);
    if (indexes[i] > k) indexes[i] = k;
  }
  const w = new ByteWriter(buckets * 20);
  for (let b = 0; b < buckets; b++) {
    const base = indexes[b * subBuckets];
    if (base === none) st.link.error('hole in findfunctab');
    w.u32(base);
    for (let j = 0; j < subBuckets && b * subBuckets + j < n; j++) {
      const k = indexes[b * subBuckets + j];
      if (k === none) st.link.error('hole in findfunctab');
      if (k - base >= 256) {
        st.link.error(`too many functions in a findfunc bucket! ${b}/${buckets} ${j} ${k - base}`);
      }
      w.u8(k - base);
    }
  }
  return w.finish();
}
