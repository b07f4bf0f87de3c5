/**
 * Data: which section each symbol goes to, in which order, at which offset; the collector's programs; addresses of segments and
 * their places in the file. Sources: cmd/link/internal/ld/data.go (dodata, allocateDataSections, address, layout), symtab.go.
 */
import { alignUp } from '#base/bytes.ts';
import * as ObjAttr from '#obj/attributes.ts';
import { FlagFromAssembly } from '#obj/object.ts';
import * as Attr from './attributes.ts';
import { createSymbol, defineMarker, setBytes } from './builder.ts';
import type { Link } from './context.ts';
import * as T from './decode-type.ts';
import { addDynamicRelocs } from './dynamic-relocs.ts';
import { GcProgram } from './gcprog.ts';
import * as Kind from './kinds.ts';
import {
  addSection,
  findSection,
  type Layout,
  Read,
  type Section,
  type Segment,
  symbolAlign,
  Write,
} from './layout.ts';
import {
  dataLength,
  isNamed,
  type Loader,
  lookup,
  lookupOrCreate,
  nameEndsWith,
  nameStartsWith,
  symbolName,
  Version0,
  VersionStatic,
} from './loader.ts';
import { materialize } from './materialize.ts';
import { compareSymbols } from './order.ts';
import type { PclnTab } from './pclntab.ts';

/** No section may be larger: 32-bit references have to reach (data.go, cutoff). */
const cutoff = 2e9;

class DataState {
  readonly link: Link;
  readonly l: Loader;
  readonly layout: Layout;
  /** Symbols by kind, after grouping. */
  readonly byKind: number[][];
  readonly maxAlign: Int32Array;
  /** Next offset in the segment being filled. */
  size: number;

  constructor(link: Link, layout: Layout) {
    this.link = link;
    this.l = link.loader;
    this.layout = layout;
    this.byKind = Array.from({ length: Kind.names.length }, () => []);
    this.maxAlign = new Int32Array(Kind.names.length);
    this.size = 0;
  }
}

/** Carriers: visible symbols that stand for a group whose members are hidden. */
export function defineCarriers(link: Link): void {
  const l = link.loader;
  const carrier = (name: string, kind: number, attrs = ObjAttr.Local): void => {
    const s = createSymbol(l, name, kind);
    l.align[s] = 8;
    l.attrs[s] |= attrs;
  };
  carrier('type:*', Kind.Type, 0);
  if (link.relro) carrier('typerel.*', Kind.TypeRelRo, 0);
  carrier('go:string.*', Kind.GoString);
  carrier('go:funcdesc', Kind.GoFunc);
  carrier('runtime.gcbits.*', Kind.GcBits);
  if (link.relro) carrier('go:funcdescrel', Kind.GoFuncRelRo);
}

/** Read-only data of a special sort is laid out together: the kind by name, or Undefined. */
function groupKind(l: Loader, s: number, relro: boolean): number {
  if (nameStartsWith(l, s, 'go:string.')) return Kind.GoString;
  if (nameStartsWith(l, s, 'runtime.gcbits.')) return Kind.GcBits;
  if (nameStartsWith(l, s, 'type:.gcprog.')) return Kind.GcBits;
  if (nameEndsWith(l, s, '·f', '\xc2\xb7f')) return relro ? Kind.GoFuncRelRo : Kind.GoFunc;
  if (nameStartsWith(l, s, 'type:')) return relro ? Kind.TypeRelRo : Kind.Type;
  return Kind.Undefined;
}

function collect(st: DataState): void {
  const { l, link } = st;
  const relro = link.relro;
  for (let s = 1; s < l.count; s++) {
    const attrs = l.attrs[s];
    if ((attrs & Attr.Reachable) === 0) continue;
    if (l.version[s] >= VersionStatic) {
      const object = l.objects[l.object[s]];
      // File-local symbols of Go code are not listed; those of assembly are.
      if (object.index !== 0 && (object.flags & FlagFromAssembly) === 0 && object.library.path !== '') {
        l.attrs[s] |= Attr.NotInSymtab;
      }
    }
    if ((attrs & (Attr.Reachable | Attr.Special | Attr.SubSymbol)) !== Attr.Reachable) continue;
    let kind = l.kind[s];
    if (kind === Kind.CoverageCounter) l.attrs[s] |= Attr.NotInSymtab;
    if (kind <= Kind.TextEnd || kind >= Kind.FirstUnallocated || kind === Kind.PclnTab) continue;
    if (!isTopLevel(l, s, kind)) continue;
    if (kind === Kind.Rodata || kind === Kind.GoFunc) {
      const group = groupKind(l, s, relro);
      if (group !== Kind.Undefined) {
        l.attrs[s] |= Attr.NotInSymtab;
        kind = group;
      }
    }
    st.byKind[kind].push(s);
  }
}

/** Unnamed symbols are parts of others (tables of functions); those of some kinds stand for themselves. */
function isTopLevel(l: Loader, s: number, kind: number): boolean {
  return isNamed(l, s) || ((l.attrs[s] & Attr.Hashed) === 0 && kind === Kind.GoFunc);
}

/** Read-only symbols with relocations are written once by the dynamic linker: they move to their own segment. */
function splitRelRo(st: DataState): void {
  const l = st.l;
  for (const kind of Kind.readOnly) {
    const relroKind = Kind.relRoOf(kind);
    const stay: number[] = [];
    const move = st.byKind[relroKind] ?? [];
    for (const s of st.byKind[kind]) {
      let moves = l.relocEnd[s] > l.relocStart[s];
      if (kind === Kind.Type) moves = true;
      if (kind === Kind.GoFunc) moves = false;
      if (!moves) stay.push(s);
      else if (relroKind === Kind.Undefined) {
        st.link.error(`${symbolName(l, s)}: cannot contain relocations (type ${Kind.names[kind]})`);
      } else move.push(s);
    }
    st.byKind[kind] = stay;
    if (relroKind !== Kind.Undefined) st.byKind[relroKind] = move;
  }
}

/** By size, zerobase right behind the empty ones so that these share its address; ties by number or name. */
function sortKind(st: DataState, kind: number): void {
  const l = st.l;
  const list = st.byKind[kind];
  if (list.length === 0) return;
  const zerobase = lookup(l, 'runtime.zerobase', Version0);
  const size = l.size;
  if (kind !== Kind.ElfGot) sortBySize(l, list, zerobase);
  let max = 0;
  for (let k = 0; k < list.length; k++) {
    const s = list[k];
    const length = dataLength(l, s);
    if (size[s] < length) st.link.error(`${symbolName(l, s)}: initialize bounds (${size[s]} < ${length})`);
    if (size[s] > cutoff) st.link.error(`${symbolName(l, s)}: symbol too large (${size[s]} bytes)`);
    max = Math.max(max, symbolAlign(l, s));
  }
  st.maxAlign[kind] = max;
}

function sortBySize(l: Loader, list: number[], zerobase: number): void {
  const { size } = l;
  // One number a symbol: typed arrays sort them without calling back. Exact for sizes up to 2^32 in programs of 2^21 symbols.
  const scale = 2 ** (32 - Math.clz32(l.count));
  const keys = new Float64Array(list.length);
  for (let k = 0; k < list.length; k++) keys[k] = size[list[k]] * scale + list[k];
  keys.sort();
  for (let k = 0; k < list.length; k++) list[k] = keys[k] % scale;
  if (l.ordersByName) orderRuns(l, list);
  const at = list.indexOf(zerobase);
  if (at < 0) return;
  list.splice(at, 1);
  let empty = 0;
  while (empty < list.length && size[list[empty]] === 0) empty++;
  list.splice(empty, 0, zerobase);
}

/** Orders symbols of one size by their names. */
function orderRuns(l: Loader, list: number[]): void {
  const { size } = l;
  for (let start = 0; start < list.length; ) {
    let end = start + 1;
    while (end < list.length && size[list[end]] === size[list[start]]) end++;
    if (end - start > 1 && !isOrdered(l, list, start, end)) {
      const run = list.slice(start, end).sort((a, b) => compareSymbols(l, a, b));
      for (let k = start; k < end; k++) list[k] = run[k - start];
    }
    start = end;
  }
}

/** Prelinked symbols come in order. */
function isOrdered(l: Loader, list: readonly number[], start: number, end: number): boolean {
  const { prelinked } = l;
  if (prelinked === null) return false;
  for (let k = start; k < end; k++) if (list[k] >= prelinked.count) return false;
  return true;
}

export function layOutData(link: Link, layout: Layout, tab: PclnTab): void {
  const st = new DataState(link, layout);
  collect(st);
  addDynamicRelocs(link, st.byKind);
  if (link.relro) splitRelRo(st);
  for (let kind = 0; kind < st.byKind.length; kind++) sortKind(st, kind);
  if (link.dynamic) joinRelocations(st);
  allocateWritable(st);
  allocateReadOnly(st, tab);
}

/** .rela and .rela.plt follow each other without a gap: the ABI has them as one table. */
function joinRelocations(st: DataState): void {
  const list = st.byKind[Kind.ElfRoSect];
  const at = (name: string): number => list.findIndex((s) => symbolName(st.l, s) === name);
  const rela = at('.rela');
  const plt = at('.rela.plt');
  if (rela < 0 || plt < 0 || plt === rela + 1) return;
  const pair = [list[rela], list[plt]];
  const first = Math.min(rela, plt);
  const rest = list.filter((s) => !pair.includes(s));
  rest.splice(first, 0, ...pair);
  st.byKind[Kind.ElfRoSect] = rest;
  for (const s of pair) st.l.align[s] = 8;
}

function named(st: DataState, segment: Segment, name: string, access: number, kinds: readonly number[]): Section {
  const section = addSection(st.layout, segment, name, access);
  section.align = Math.max(1, ...kinds.map((k) => st.maxAlign[k]));
  st.size = alignUp(st.size, section.align);
  section.address = st.size;
  return section;
}

/** Puts all symbols of a kind at the end of a section. */
function assign(st: DataState, section: Section, kind: number): void {
  assignSymbols(st, section, st.byKind[kind]);
  if (st.size > cutoff)
    st.link.error(`too much data, last section ${Kind.names[kind]} (${st.size}, over ${cutoff} bytes)`);
}

function assignSymbols(st: DataState, section: Section, symbols: readonly number[]): void {
  const l = st.l;
  for (let k = 0; k < symbols.length; k++) {
    const s = symbols[k];
    st.size = alignUp(st.size, symbolAlign(l, s));
    l.section[s] = section.index;
    l.value[s] = st.size - section.address;
    st.size += l.size[s];
    section.symbols.push(s);
  }
  section.length = st.size - section.address;
}

function placeMarkers(st: DataState, section: Section, names: readonly string[]): void {
  for (const name of names) st.l.section[lookupOrCreate(st.l, name, Version0)] = section.index;
}

/** A section of its own for each symbol of a kind, named after it. */
function singles(st: DataState, segment: Segment, kind: number, access: number): void {
  const l = st.l;
  for (const s of st.byKind[kind]) {
    const name = symbolName(l, s);
    const section = addSection(st.layout, segment, name.startsWith('go:') ? `.go.${name.slice(3)}` : name, access);
    section.align = symbolAlign(l, s);
    st.size = alignUp(st.size, section.align);
    section.address = st.size;
    assignSymbols(st, section, [s]);
  }
}

const writable = Read | Write;

function allocateWritable(st: DataState): void {
  const { l, layout } = st;
  const seg = layout.data;
  for (const kind of [Kind.BuildInfo, Kind.FipsInfo, Kind.ElfSect]) singles(st, seg, kind, writable);
  if (st.byKind[Kind.ModuleData].length > 0) {
    const section = named(st, seg, '.go.module', writable, [Kind.ModuleData]);
    assign(st, section, Kind.ModuleData);
  }
  if (st.byKind[Kind.ElfGot].length > 0) assign(st, named(st, seg, '.got', writable, [Kind.ElfGot]), Kind.ElfGot);

  const noptrdata = named(st, seg, '.noptrdata', writable, [Kind.NoPtrData]);
  placeMarkers(st, noptrdata, ['runtime.noptrdata', 'runtime.enoptrdata']);
  for (const kind of [
    Kind.NoPtrData,
    Kind.NoPtrDataFipsStart,
    Kind.NoPtrDataFips,
    Kind.NoPtrDataFipsEnd,
    Kind.NoPtrDataEnd,
  ]) {
    assign(st, noptrdata, kind);
  }

  const data = named(st, seg, '.data', writable, [Kind.Data]);
  placeMarkers(st, data, ['runtime.data', 'runtime.edata']);
  for (const kind of [Kind.Data, Kind.DataFipsStart, Kind.DataFips, Kind.DataFipsEnd, Kind.DataEnd])
    assign(st, data, kind);
  const dataEnd = st.size - data.address;

  const bss = named(st, seg, '.bss', writable, [Kind.Bss]);
  placeMarkers(st, bss, ['runtime.bss', 'runtime.ebss']);
  assign(st, bss, Kind.Bss);
  writeGcProgram(st, 'runtime.gcdata', Kind.Data, dataEnd);
  writeGcProgram(st, 'runtime.gcbss', Kind.Bss, st.size - bss.address);

  const noptrbss = named(st, seg, '.noptrbss', writable, [Kind.NoPtrBss]);
  placeMarkers(st, noptrbss, ['runtime.noptrbss', 'runtime.enoptrbss', 'runtime.covctrs', 'runtime.ecovctrs']);
  assign(st, noptrbss, Kind.NoPtrBss);
  st.link.coverageStart = noptrbss.length;
  assign(st, noptrbss, Kind.CoverageCounter);
  st.link.coverageLength = noptrbss.length - st.link.coverageStart;
  if (st.byKind[Kind.Libfuzzer8BitCounter].length > 0) {
    const fuzz = named(st, seg, '.go.fuzzcntrs', writable, [Kind.Libfuzzer8BitCounter]);
    assign(st, fuzz, Kind.Libfuzzer8BitCounter);
    placeMarkers(st, fuzz, fuzzMarkers);
  }
  placeMarkers(st, seg.sections[seg.sections.length - 1], ['runtime.end']);
  if (st.byKind[Kind.TlsBss].length > 0) {
    const tls = st.link.dynamic ? addSection(layout, seg, '.tbss', writable) : null;
    st.size = 0;
    for (const s of st.byKind[Kind.TlsBss]) {
      st.size = alignUp(st.size, symbolAlign(l, s));
      if (tls !== null) l.section[s] = tls.index;
      l.value[s] = st.size;
      st.size += l.size[s];
    }
    if (tls !== null) {
      tls.align = 8;
      tls.length = st.size;
    }
  }
  for (const s of [...st.byKind[Kind.ModuleData], ...st.byKind[Kind.BuildInfo], ...st.byKind[Kind.FipsInfo]]) {
    l.kind[s] = Kind.Data;
  }
}

const fuzzMarkers = [
  'runtime.__start___sancov_cntrs',
  'runtime.__stop___sancov_cntrs',
  'internal/fuzz._counters',
  'internal/fuzz._ecounters',
];

function allocateReadOnly(st: DataState, tab: PclnTab): void {
  const { l, layout, link } = st;
  st.size = 0;
  singles(st, layout.text, Kind.ElfRxSect, Read | 1);
  const rodata = named(st, layout.rodata, '.rodata', Read, Kind.readOnly);
  placeMarkers(st, rodata, ['runtime.rodata', 'runtime.erodata']);
  if (!link.relro) placeMarkers(st, rodata, ['runtime.types', 'runtime.etypes']);
  for (const kind of Kind.readOnly) assignGroup(st, rodata, kind);

  const order = [tab.header, tab.names, tab.units, tab.files, tab.tables, tab.functab, tab.funcdata, tab.findfunctab];
  const pclntab = addSection(layout, layout.rodata, '.gopclntab', Read);
  pclntab.align = Math.max(8, ...order.map((s) => l.align[s]));
  st.size = alignUp(st.size, pclntab.align);
  pclntab.address = st.size;
  assignSymbols(st, pclntab, order);
  for (const s of order) l.kind[s] = Kind.Rodata;
  placeMarkers(st, pclntab, ['runtime.pclntab', 'runtime.epclntab']);
  singles(st, layout.rodata, Kind.ElfRoSect, Read);

  let seg = layout.rodata;
  let prefix = '';
  let access = Read;
  if (link.relro) {
    seg = layout.relro;
    prefix = '.data.rel.ro';
    access = writable;
    st.size = 0;
    const kinds = Kind.readOnly.map(Kind.relRoOf).filter((k) => k !== Kind.Undefined);
    const relro = named(st, seg, prefix, access, kinds);
    placeMarkers(st, relro, ['runtime.types', 'runtime.etypes']);
    // No type may have offset 0, which means "none".
    st.size++;
    for (const kind of kinds) assignGroup(st, relro, kind);
    relro.length = st.size - relro.address;
    singles(st, seg, Kind.ElfRelRoSect, access);
  }
  for (const [name, kind] of [
    ['.typelink', Kind.TypeLink],
    ['.itablink', Kind.ItabLink],
  ] as const) {
    const section = named(st, seg, prefix + name, access, [kind]);
    assign(st, section, kind);
    for (const s of st.byKind[kind]) l.kind[s] = Kind.Rodata;
  }
}

function assignGroup(st: DataState, section: Section, kind: number): void {
  assign(st, section, kind);
  const symbols = st.byKind[kind];
  // In the symbol table they are plain read-only data.
  for (let k = 0; k < symbols.length; k++) st.l.kind[symbols[k]] = Kind.Rodata;
}

/** The symbol was put in its place (first, being empty) before its size was known, as the official linker does it. */
function writeGcProgram(st: DataState, name: string, kind: number, end: number): void {
  const l = st.l;
  const p = new GcProgram();
  for (const s of st.byKind[kind]) {
    materialize(l, s);
    const type = l.gotype[s];
    if (type === 0) {
      st.link.error(`${name}: missing Go type information for global symbol ${symbolName(l, s)}: size ${l.size[s]}`);
      continue;
    }
    addType(st, p, name, l.value[s], type);
  }
  p.zeroUntil(Math.floor(end / 8));
  p.end();
  const program = lookup(l, name, Version0);
  setBytes(l, program, p.w.finish());
}

/** The pointer words of a value of this type at a byte offset. Arrays and structs are walked; others have a mask. */
function addType(st: DataState, p: GcProgram, name: string, offset: number, type: number): void {
  const l = st.l;
  materialize(l, type);
  const ptrBytes = T.typePtrBytes(l, type);
  if (ptrBytes === 0) st.link.error(`${name}: has no pointers but in data section`);
  switch (T.typeKind(l, type)) {
    case T.KindArray: {
      const elem = T.typeElem(l, type);
      const n = T.arrayLength(l, type);
      addType(st, p, name, offset, elem);
      if (n > 1) {
        const size = T.typeSize(l, elem);
        p.zeroUntil((offset + size) / 8);
        p.repeat(size / 8, n - 1);
      }
      return;
    }
    case T.KindStruct: {
      const n = T.structFieldCount(l, type);
      for (let i = 0; i < n; i++) {
        const field = T.structFieldType(l, type, i);
        materialize(l, field);
        if (T.typePtrBytes(l, field) !== 0) addType(st, p, name, offset + T.structFieldOffset(l, type, i), field);
      }
      return;
    }
    default: {
      if (T.maskOnDemand(l, type)) st.link.error(`${name}: GC mask not available`);
      const mask = T.typeMask(l, type);
      const first = offset / 8;
      for (let i = 0; i < ptrBytes / 8; i++) if (((mask[i >> 3] >> (i & 7)) & 1) !== 0) p.pointer(first + i);
    }
  }
}

/** Addresses of segments, sections and symbols; then places in the file. Returns the size of what segments take of it. */
export function assignAddresses(link: Link, layout: Layout): number {
  const { text, rodata, relro, data } = layout;
  let va = layout.textAddress;
  text.address = va;
  va = placeSections(text, va);
  text.length = va - layout.textAddress;
  const order = [text];
  for (const seg of [rodata, relro]) {
    if (seg.sections.length === 0) continue;
    va = alignUp(va, layout.round);
    seg.address = va;
    va = placeSections(seg, va);
    seg.length = va - seg.address;
    order.push(seg);
  }
  va = alignUp(va, layout.round);
  if (link.options.dataAddress !== -1) va = link.options.dataAddress;
  data.address = va;
  order.push(data);
  // Offsets within the data segment are final but for its start.
  for (const s of data.sections) {
    if (s.name === '.tbss') continue;
    s.address += data.address;
    data.length = s.address + s.length - data.address;
  }
  const bss = findSection(data, '.bss');
  data.fileLength = bss === null ? data.length : bss.address - data.address;
  shiftSymbols(link, layout);
  setRanges(link, layout);
  return placeInFile(layout, order);
}

function placeSections(seg: Segment, start: number): number {
  let va = start;
  for (const s of seg.sections) {
    va = alignUp(va, s.align);
    s.address = va;
    va += s.length;
  }
  return va;
}

/** Section offsets of data symbols become addresses; text has its addresses already. */
function shiftSymbols(link: Link, layout: Layout): void {
  const l = link.loader;
  for (const section of layout.sections) {
    if (section.name === '.text' || section.segment === layout.dwarf) continue;
    const symbols = section.symbols;
    for (let k = 0; k < symbols.length; k++) {
      const s = symbols[k];
      l.value[s] += section.address;
      for (let part = l.subFirst[s]; part !== 0; part = l.subNext[part]) l.value[part] += l.value[s];
    }
  }
}

function setRanges(link: Link, layout: Layout): void {
  const l = link.loader;
  const mark = (name: string, kind: number, value: number): void => {
    defineMarker(l, name, kind, value);
  };
  const range = (start: string, end: string, kind: number, section: Section | null, endKind = kind): void => {
    if (section === null) return;
    mark(start, kind, section.address);
    mark(end, endKind, section.address + section.length);
  };
  const { rodata, relro, data } = layout;
  range('runtime.rodata', 'runtime.erodata', Kind.Rodata, findSection(rodata, '.rodata'));
  const types = link.relro ? findSection(relro, '.data.rel.ro') : findSection(rodata, '.rodata');
  range('runtime.types', 'runtime.etypes', Kind.Rodata, types);
  for (const name of ['runtime.gcdata', 'runtime.gcbss']) {
    const s = lookup(l, name, Version0);
    l.attrs[s] |= ObjAttr.Local;
    const endName = name.replace('.gc', '.egc');
    mark(endName, Kind.Rodata, l.value[s] + l.size[s]);
    l.section[lookup(l, endName, Version0)] = l.section[s];
  }
  range('runtime.pclntab', 'runtime.epclntab', Kind.Rodata, findSection(rodata, '.gopclntab'));
  const noptrdata = findSection(data, '.noptrdata');
  range('runtime.noptrdata', 'runtime.enoptrdata', Kind.NoPtrData, noptrdata, Kind.NoPtrDataEnd);
  range('runtime.data', 'runtime.edata', Kind.Data, findSection(data, '.data'), Kind.DataEnd);
  range('runtime.bss', 'runtime.ebss', Kind.Bss, findSection(data, '.bss'));
  const noptrbss = findSection(data, '.noptrbss');
  range('runtime.noptrbss', 'runtime.enoptrbss', Kind.NoPtrBss, noptrbss);
  if (noptrbss !== null) {
    const start = noptrbss.address + link.coverageStart;
    mark('runtime.covctrs', Kind.CoverageCounter, start);
    mark('runtime.ecovctrs', Kind.CoverageCounter, start + link.coverageLength);
  }
  mark('runtime.end', Kind.Bss, data.address + data.length);
  const fuzz = findSection(data, '.go.fuzzcntrs');
  if (fuzz !== null) {
    for (const name of fuzzMarkers) {
      const isEnd = name.includes('stop') || name.includes('_e');
      mark(name, Kind.Libfuzzer8BitCounter, isEnd ? fuzz.address + fuzz.length : fuzz.address);
    }
  }
}

function placeInFile(layout: Layout, order: readonly Segment[]): number {
  let end = layout.headerSize;
  for (const seg of order) {
    seg.fileOffset = seg === layout.text ? layout.headerSize : alignUp(end, layout.round);
    if (seg !== layout.data) seg.fileLength = seg.length;
    end = seg.fileOffset + seg.fileLength;
  }
  return end;
}
