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
import type { KeptPclnTab } from './kept-pclntab.ts';
import * as Kind from './kinds.ts';
import { type Layout, symbolAlign } from './layout.ts';
import {
  copyData,
  dataLength,
  isReachable,
  type LinkObject,
  type Loader,
  lookup,
  symbolData,
  symbolName,
  VersionInternal,
  writeName,
} from './loader.ts';
import { inlineWidth, type LoadedFunc, loadFunc } from './materialize.ts';
import { NumberList } from './number-list.ts';

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

/** With keepsDebug: the tables, and how far they had come after the functions in front of the main package's first one. */
export interface WrittenPclnTab {
  tab: PclnTab;
  functions: readonly number[];
  /** So many functions. */
  count: number;
  nameOffsets: Int32Array;
  namesEnd: number;
  fileNames: [string, number][];
  filesEnd: number;
  units: { object: number; count: number; offsets: Int32Array }[];
  tableOffsets: Int32Array;
  tablesEnd: number;
  blobOffsets: Int32Array;
  blobClasses: { align: number; blobs: number[] }[];
  absent: Set<number>;
  functab: Uint8Array;
  recordStarts: Uint32Array;
  recordsEnd: number;
  /** Where offsets of funcdata stand. */
  blobReferences: { at: number; blob: number }[];
}

class State {
  readonly link: Link;
  readonly l: Loader;
  readonly functions: number[];
  /** What an excerpt has of the first functions' tables, and how many these are. */
  readonly kept: KeptPclnTab | null;
  readonly first: number;
  /** Where the classes of their funcdata begin. */
  readonly classStarts: number[];
  /** With keepsDebug: what is remembered after so many functions. */
  readonly written: WrittenPclnTab | null;
  readonly infos: (LoadedFunc | null)[];
  /** Offset of the name by function, plus one; 0: not written. */
  readonly nameOffsets: Int32Array;
  /** Offset in pctab by table symbol; 0 for none. */
  readonly tableOffsets: Int32Array;
  /** Where function k's file numbers begin in the table of files; -1: nowhere. */
  readonly fileOffsets: Int32Array;
  /** Of function k, its inline tree in place: starts in `funcdata`, one more for the end. */
  readonly funcdataStarts: Int32Array;
  readonly funcdata: NumberList;
  /** Offset in go:func.* by blob symbol, plus one. */
  blobOffsets: Int32Array;
  /** Inline tree blob by function number. */
  readonly inlineTrees: Int32Array;
  fileCount: number;

  constructor(link: Link, functions: number[], kept: KeptPclnTab | null, written: WrittenPclnTab | null) {
    const l = link.loader;
    const first = kept === null ? 0 : kept.count;
    this.link = link;
    this.l = l;
    this.functions = functions;
    this.kept = kept;
    this.first = first;
    this.classStarts = [];
    this.written = written;
    this.infos = functions.map((f, k) => (k < first ? null : loadFunc(l, f)));
    this.nameOffsets = new Int32Array(l.count);
    this.tableOffsets = new Int32Array(l.count);
    this.fileOffsets = new Int32Array(functions.length).fill(-1);
    this.funcdataStarts = new Int32Array(functions.length + 1);
    this.funcdata = new NumberList();
    this.blobOffsets = new Int32Array(0);
    this.inlineTrees = new Int32Array(functions.length);
    this.fileCount = 0;
  }
}

export function buildPclnTab(link: Link, layout: Layout): PclnTab {
  const l = link.loader;
  const containers = new Set<number>();
  for (const s of link.textp) if (l.outer[s] !== 0) containers.add(l.outer[s]);
  const functions = link.textp.filter((s) => !containers.has(s));
  const textStart = layout.sections[l.section[functions[0]]].address;
  const kept = l.excerpt?.pclnTab ?? null;
  const fitting = kept?.fits(link, functions, textStart) === true ? kept : null;
  link.keptFunctions = fitting === null ? 0 : fitting.count;
  const st = new State(
    link,
    functions,
    fitting,
    link.options.keepsDebug && fitting === null ? newWritten(l, functions) : null,
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
  collectFuncdata(st);
  const blobs = placeBlobs(st, funcdata);
  set(functab, writeFunctab(st, textStart));
  set(header, writeHeader(st, [names, units, files, tables, functab]));
  const findfunctab = part(st, 'runtime.findfunctab', 4);
  l.attrs[findfunctab] &= ~Attr.NotInSymtab;
  setBytes(l, findfunctab, writeFindFuncTab(st));
  const tab = { functions, header, names, units, files, tables, functab, funcdata, findfunctab, blobs };
  const { written } = st;
  if (written !== null) {
    written.tab = tab;
    written.nameOffsets = st.nameOffsets;
    written.tableOffsets = st.tableOffsets;
    written.blobOffsets = st.blobOffsets;
    link.pclnTab = written;
  }
  return tab;
}

function newWritten(l: Loader, functions: readonly number[]): WrittenPclnTab {
  const isOfMain = (s: number): boolean => l.object[s] === 0 || l.objects[l.object[s]].library.isMain;
  const none = new Int32Array(0);
  return {
    tab: {
      functions: [],
      header: 0,
      names: 0,
      units: 0,
      files: 0,
      tables: 0,
      functab: 0,
      funcdata: 0,
      findfunctab: 0,
      blobs: [],
    },
    functions,
    count: Math.max(functions.findIndex(isOfMain), 0),
    nameOffsets: none,
    namesEnd: 0,
    fileNames: [],
    filesEnd: 0,
    units: [],
    tableOffsets: none,
    tablesEnd: 0,
    blobOffsets: none,
    blobClasses: [],
    absent: new Set(),
    functab: new Uint8Array(0),
    recordStarts: new Uint32Array(0),
    recordsEnd: 0,
    blobReferences: [],
  };
}

function part(st: State, name: string, align: number): number {
  const s = createSymbol(st.l, name, Kind.PclnTab);
  st.l.align[s] = align;
  st.l.attrs[s] |= Attr.NotInSymtab | ObjAttr.Local;
  return s;
}

/** Names of functions and of inlined functions, each once, ended by NUL. */
function writeNames(st: State): Uint8Array {
  const { l, nameOffsets } = st;
  const { data } = l.lists;
  const { kept, written } = st;
  const w = new ByteWriter(st.functions.length * 64);
  if (kept !== null) {
    w.bytes(kept.names);
    kept.placeNames(nameOffsets);
  }
  const add = (s: number): void => {
    nameOffsets[s] = w.length + 1;
    writeName(l, w, s);
    w.u8(0);
  };
  for (let k = st.first; k < st.functions.length; k++) {
    if (k === written?.count) written.namesEnd = w.length;
    const f = st.functions[k];
    if (nameOffsets[f] === 0) add(f);
    const info = st.infos[k];
    if (info === null) continue;
    for (let n = info.inlineStart; n < info.inlineEnd; n += inlineWidth) {
      const callee = data[n + 3];
      if (nameOffsets[callee] === 0) add(callee);
    }
  }
  return w.finish();
}

/** A unit's file numbers seen so far, and what is in the file table for each: -1 for nothing. */
class UnitFiles {
  readonly unit: LinkObject;
  offsets: Int32Array;
  count: number;

  constructor(unit: LinkObject) {
    this.unit = unit;
    this.offsets = new Int32Array(Math.max(unit.fileCount, 1)).fill(-1);
    this.count = 0;
  }
}

/** The names of files, each once, with their offsets. */
class FileNames {
  readonly w: ByteWriter;
  readonly offsets: Map<string, number>;
  private readonly goroot: string;

  constructor(goroot: string) {
    this.w = new ByteWriter(1 << 16);
    this.offsets = new Map();
    this.goroot = goroot;
  }

  take(kept: KeptPclnTab): void {
    const { files } = kept.texts;
    this.w.bytes(kept.fileNames);
    for (let n = 0; n < files.length; n++) this.offsets.set(files[n], kept.fileOffset[n]);
  }

  add(name: string): number {
    let offset = this.offsets.get(name);
    if (offset === undefined) {
      offset = this.w.length;
      this.offsets.set(name, offset);
      this.w.text(expandFile(this.goroot, name));
      this.w.u8(0);
    }
    return offset;
  }
}

/**
 * Tables from file numbers to offsets of names: per unit of object files, where unused numbers in between get an invalid offset; for functions in memory,
 * one for each list of files.
 */
function writeFiles(st: State): { units: Uint8Array; files: Uint8Array } {
  const l = st.l;
  const names = new FileNames(st.link.options.goroot);
  const units: UnitFiles[] = [];
  const byObject: (UnitFiles | null)[] = new Array<UnitFiles | null>(l.objects.length).fill(null);
  const table = new ByteWriter(1024);
  const { kept, written } = st;
  if (kept !== null) {
    names.take(kept);
    kept.forEachUnit(l, (unit, count, offsets) => {
      const u = new UnitFiles(unit);
      u.count = count;
      u.offsets = offsets;
      units.push(u);
      byObject[unit.index] = u;
    });
  }
  for (let k = st.first; k < st.functions.length; k++) {
    if (k === written?.count) {
      written.units = units.map((u) => ({ object: u.unit.index, count: u.count, offsets: u.offsets.slice() }));
      written.fileNames = [...names.offsets];
      written.filesEnd = names.w.length;
    }
    const object = l.object[st.functions[k]];
    if (object === 0 || l.objects[object].reader === null) continue;
    let u = byObject[object];
    if (u === null) {
      u = new UnitFiles(l.objects[object]);
      units.push(u);
      byObject[object] = u;
    }
    addFiles(st, u, st.infos[k], names);
  }
  const starts = new Int32Array(l.objects.length).fill(-1);
  for (const u of units) {
    starts[u.unit.index] = table.length / 4;
    for (let file = 0; file < u.count; file++) {
      // Other units may have brought the names of files that this one does not use.
      const own = u.offsets[file];
      table.u32(own >= 0 ? own : (names.offsets.get(u.unit.fileName(file)) ?? noOffset));
    }
  }
  const ofList = listFiles(st, names, table);
  for (let k = 0; k < st.functions.length; k++) {
    const object = l.object[st.functions[k]];
    if (object !== 0) st.fileOffsets[k] = l.objects[object].reader === null ? ofList(k) : starts[object];
  }
  st.fileCount = names.offsets.size;
  return { units: table.finish(), files: names.w.finish() };
}

function addFiles(st: State, u: UnitFiles, info: LoadedFunc | null, names: FileNames): void {
  if (info === null) return;
  const { data } = st.l.lists;
  const add = (file: number): void => {
    if (u.offsets[file] >= 0) return;
    u.offsets[file] = names.add(u.unit.fileName(file));
    if (file >= u.count) u.count = file + 1;
  };
  for (let n = info.filesStart; n < info.filesEnd; n++) add(data[n]);
  for (let n = info.inlineStart; n < info.inlineEnd; n += inlineWidth) add(data[n + 1]);
}

/** Writes the list of files of function k, unless there is an equal one; tells where it is. */
function listFiles(st: State, names: FileNames, table: ByteWriter): (k: number) => number {
  const { lists, fileNames } = st.l;
  // Most functions are in one file.
  const single = new Int32Array(fileNames.length).fill(-1);
  const several = new Map<string, number>();
  const write = (start: number, end: number): number => {
    const at = table.length / 4;
    for (let n = start; n < end; n++) table.u32(names.add(fileNames[lists.data[n]]));
    return at;
  };
  return (k) => {
    const info = st.infos[k];
    if (info === null || info.filesStart === info.filesEnd) return -1;
    const { filesStart: start, filesEnd: end } = info;
    if (end - start === 1) {
      const file = lists.data[start];
      if (single[file] < 0) single[file] = write(start, end);
      return single[file];
    }
    const key = lists.data.subarray(start, end).join(' ');
    let at = several.get(key);
    if (at === undefined) {
      at = write(start, end);
      several.set(key, at);
    }
    return at;
  };
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
  const { l, tableOffsets } = st;
  const { data } = l.lists;
  const { kept, written } = st;
  const w = new ByteWriter(st.functions.length * 128 + 64);
  if (kept !== null) {
    w.bytes(kept.tables);
    kept.placeTables(tableOffsets);
  } else w.u8(0);
  const add = (table: number): void => {
    if (tableOffsets[table] !== 0 || table === 0) return;
    const length = dataLength(l, table);
    if (length === 0) return;
    tableOffsets[table] = w.length;
    const size = Math.max(l.size[table], length);
    w.zeros(size);
    copyData(l, table, length, w.buf, w.length - size);
  };
  const infos = st.infos;
  for (let k = st.first; k < infos.length; k++) {
    if (k === written?.count) written.tablesEnd = w.length;
    const info = infos[k];
    if (info === null) continue;
    add(info.pcsp);
    add(info.pcfile);
    add(info.pcline);
    for (let n = info.pcdataStart; n < info.pcdataEnd; n++) add(data[n]);
    if (info.inlineEnd > info.inlineStart) add(info.pcinline);
  }
  return w.finish();
}

const inlineNode = 16;

/** The runtime's view of a function's inlined calls: funcID, name, parent pc, start line of each. */
function makeInlineTrees(st: State): void {
  const l = st.l;
  for (let k = st.first; k < st.functions.length; k++) {
    const info = st.infos[k];
    if (info === null || info.inlineEnd === info.inlineStart) continue;
    const bytes = new Uint8Array(((info.inlineEnd - info.inlineStart) / inlineWidth) * inlineNode);
    writeInlineTree(st, info, new DataView(bytes.buffer));
    const tree = createUnnamed(l, Kind.PclnTab);
    setBytes(l, tree, bytes);
    l.align[tree] = 4;
    st.inlineTrees[k] = tree;
  }
}

function writeInlineTree(st: State, info: LoadedFunc, view: DataView): void {
  const l = st.l;
  let at = 0;
  for (let n = info.inlineStart; n < info.inlineEnd; n += inlineWidth, at += inlineNode) {
    const callee = l.lists.data[n + 3];
    // Whether a function that is nowhere called has been compiled all the same must not show.
    const inlined = l.symbols === null || isReachable(l, callee) ? loadFunc(l, callee) : null;
    if (inlined === null && l.symbols === null) {
      st.link.error(`inlined function ${symbolName(l, callee)} missing func info`);
    }
    view.setInt8(at, inlined === null ? 0 : inlined.funcId);
    view.setInt32(at + 4, st.nameOffsets[callee] - 1, true);
    view.setInt32(at + 8, l.lists.data[n + 4], true);
    view.setInt32(at + 12, inlined === null ? 0 : inlined.startLine, true);
  }
}

/** The funcdata of all functions, inline trees in place. */
function collectFuncdata(st: State): void {
  const { data } = st.l.lists;
  const { funcdata, funcdataStarts } = st;
  for (let k = st.first; k < st.functions.length; k++) {
    funcdataStarts[k] = funcdata.length;
    const info = st.infos[k];
    if (info === null) continue;
    const start = funcdata.length;
    for (let n = info.funcdataStart; n < info.funcdataEnd; n++) funcdata.push(data[n]);
    if (info.inlineEnd === info.inlineStart) continue;
    while (funcdata.length - start <= Funcdata.FuncdataInlTree) funcdata.push(0);
    funcdata.data[start + Funcdata.FuncdataInlTree] = st.inlineTrees[k];
  }
  funcdataStarts[st.functions.length] = funcdata.length;
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
  const { data } = st.funcdata;
  const offsets = new Int32Array(l.count);
  st.blobOffsets = offsets;
  const byAlign = new Map<number, number[]>();
  const { kept, written } = st;
  const classes = kept === null ? [] : kept.texts.classes;
  classes.forEach(({ align }, c) => {
    byAlign.set(align, []);
    kept?.forEachBlob(c, (s) => {
      offsets[s] = 1;
    });
  });
  for (let k = st.first; k < st.functions.length; k++) {
    if (k === written?.count)
      written.blobClasses = [...byAlign].map(([align, blobs]) => ({ align, blobs: blobs.slice() }));
    const start = st.funcdataStarts[k];
    const end = st.funcdataStarts[k + 1];
    for (let n = start; n < end; n++) {
      const blob = data[n];
      if (blob === 0 || offsets[blob] !== 0) continue;
      if (isAbsent(st, st.functions[k], n - start, blob)) {
        if (written !== null && k < written.count) written.absent.add(blob);
        continue;
      }
      offsets[blob] = 1;
      const align = symbolAlign(l, blob);
      const list = byAlign.get(align);
      if (list === undefined) byAlign.set(align, [blob]);
      else list.push(blob);
    }
  }
  const blobs: number[] = [];
  let size = 0;
  const place = (blob: number, at: number): void => {
    offsets[blob] = at + 1;
    l.value[blob] = at;
    l.attrs[blob] |= Attr.NotInSymtab | Attr.Special;
  };
  for (const align of [...byAlign.keys()].sort((a, b) => b - a)) {
    if (align > l.align[carrier]) l.align[carrier] = align;
    const c = classes.findIndex((k) => k.align === align);
    if (kept !== null && c >= 0) {
      const base = alignUp(size, align);
      st.classStarts[c] = base;
      kept.forEachBlob(c, (s, offset) => {
        place(s, base + offset);
      });
      size = base + classes[c].length;
    }
    for (const blob of byAlign.get(align) ?? []) {
      blobs.push(blob);
      if (l.size[blob] === 0) {
        st.link.error(`${symbolName(l, blob)}: zero size funcdata`);
        offsets[blob] = 0;
        continue;
      }
      size = alignUp(size, align);
      place(blob, size);
      size += l.size[blob];
    }
  }
  const content = new Uint8Array(alignUp(size, 8));
  let from = 0;
  classes.forEach(({ length }, c) => {
    if (kept !== null) content.set(kept.blobs.subarray(from, from + length), st.classStarts[c]);
    from += length;
  });
  if (kept !== null) blobs.push(...kept.relocatedBlobs());
  setBytes(l, carrier, content);
  return blobs;
}

/** Fills go:func.* once the addresses that its few relocations need are known. */
export function writeFuncdata(link: Link, layout: Layout, tab: PclnTab): void {
  const l = link.loader;
  const out = symbolData(l, tab.funcdata);
  if (out === null) return;
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  const blobs = tab.blobs;
  for (let k = 0; k < blobs.length; k++) {
    const blob = blobs[k];
    const base = l.value[blob];
    copyData(l, blob, Number.MAX_SAFE_INTEGER, out, base);
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
      view.setInt32(
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
  const n = info.pcdataEnd - info.pcdataStart;
  return info.inlineEnd === info.inlineStart ? n : Math.max(n, Funcdata.PcdataInlTreeIndex + 1);
}

/** Pairs of entry offset and record offset, the end, then the records (runtime/runtime2.go, _func). */
function writeFunctab(st: State, textStart: number): Uint8Array {
  const l = st.l;
  const n = st.functions.length;
  const starts = new Uint32Array(n);
  let size = n * 8 + 4;
  const { kept, first, written } = st;
  if (kept !== null) {
    const base = alignUp(size, 8);
    for (let k = 0; k < first; k++) starts[k] = base + kept.recordStart[k];
    size = base + kept.records.length;
  }
  for (let k = first; k < n; k++) {
    if (k === written?.count) written.recordsEnd = size;
    size = alignUp(size, 8);
    starts[k] = size;
    size += funcSize + 4 * (pcdataCount(st.infos[k]) + st.funcdataStarts[k + 1] - st.funcdataStarts[k]);
  }
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  for (let k = 0; k < n; k++) {
    view.setInt32(k * 8, l.value[st.functions[k]] - textStart, true);
    view.setInt32(k * 8 + 4, starts[k], true);
  }
  const last = st.functions[n - 1];
  view.setInt32(n * 8, l.value[last] - textStart + l.size[last], true);
  const deferReturn = lookup(l, 'runtime.deferreturn', VersionInternal);
  if (kept !== null) writeKeptFuncs(st, kept, out, view, starts);
  for (let k = first; k < n; k++) writeFunc(st, view, k, starts[k], textStart, deferReturn);
  if (written !== null) {
    written.functab = out;
    written.recordStarts = starts;
  }
  return out;
}

function writeKeptFuncs(st: State, kept: KeptPclnTab, out: Uint8Array, view: DataView, starts: Uint32Array): void {
  const { blobAt, blobClass, blobOffset } = kept;
  const { classStarts, fileOffsets, first } = st;
  const base = starts[0];
  out.set(kept.records, base);
  for (let n = 0; n < blobAt.length; n++)
    view.setInt32(base + blobAt[n], classStarts[blobClass[n]] + blobOffset[n], true);
  for (let k = 0; k < first; k++) view.setInt32(starts[k] + 32, fileOffsets[k], true);
}

function writeFunc(st: State, view: DataView, k: number, at: number, textStart: number, deferReturn: number): void {
  const { l, tableOffsets } = st;
  const f = st.functions[k];
  const info = st.infos[k];
  const pcdata = pcdataCount(info);
  const start = st.funcdataStarts[k];
  const end = st.funcdataStarts[k + 1];
  view.setInt32(at, l.value[f] - textStart, true);
  view.setInt32(at + 4, st.nameOffsets[f] - 1, true);
  view.setInt32(at + 12, deferReturnOffset(l, f, deferReturn), true);
  view.setInt32(at + 28, pcdata, true);
  // What is nowhere is noOffset, which is -1.
  view.setInt32(at + 32, st.fileOffsets[k], true);
  view.setInt8(at + 43, end - start);
  if (info !== null) {
    view.setInt32(at + 8, info.args, true);
    view.setInt32(at + 16, tableOffsets[info.pcsp], true);
    view.setInt32(at + 20, tableOffsets[info.pcfile], true);
    view.setInt32(at + 24, tableOffsets[info.pcline], true);
    view.setInt32(at + 36, info.startLine, true);
    view.setInt8(at + 40, info.funcId);
    view.setInt8(at + 41, info.flags);
    let to = at + funcSize;
    for (let n = info.pcdataStart; n < info.pcdataEnd; n++, to += 4) {
      view.setInt32(to, tableOffsets[l.lists.data[n]], true);
    }
    if (info.inlineEnd > info.inlineStart) {
      view.setInt32(at + funcSize + 4 * Funcdata.PcdataInlTreeIndex, tableOffsets[info.pcinline], true);
    }
  }
  let to = at + funcSize + 4 * pcdata;
  for (let n = start; n < end; n++, to += 4) {
    const blob = st.funcdata.data[n];
    if (st.written !== null && k < st.written.count && blob !== 0) st.written.blobReferences.push({ at: to, blob });
    // What is absent is noOffset, which is -1.
    view.setInt32(to, isAbsent(st, f, n - start, blob) ? -1 : st.blobOffsets[blob] - 1, true);
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
