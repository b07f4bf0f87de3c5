/**
 * runtime.firstmoduledata: where the runtime finds everything. Field order: runtime/symtab.go (moduledata); the official
 * writer: cmd/link/internal/ld/symtab.go.
 */
import { Builder, createSymbol, defineMarker, setContent } from './builder.ts';
import type { Link } from './context.ts';
import { typeSize } from './decode-type.ts';
import * as Kind from './kinds.ts';
import type { Layout } from './layout.ts';
import { lookup, lookupOrCreate, Version0 } from './loader.ts';
import type { PclnTab } from './pclntab.ts';

/** Symbols whose addresses the layout fills in later. */
export function defineRanges(link: Link): void {
  const l = link.loader;
  const rows: readonly (readonly [string, number])[] = [
    ['runtime.rodata', Kind.Rodata],
    ['runtime.erodata', Kind.RodataEnd],
    ['runtime.types', Kind.Rodata],
    ['runtime.etypes', Kind.Rodata],
    ['runtime.noptrdata', Kind.NoPtrData],
    ['runtime.enoptrdata', Kind.NoPtrDataEnd],
    ['runtime.data', Kind.Data],
    ['runtime.edata', Kind.DataEnd],
    ['runtime.bss', Kind.Bss],
    ['runtime.ebss', Kind.Bss],
    ['runtime.noptrbss', Kind.NoPtrBss],
    ['runtime.enoptrbss', Kind.NoPtrBss],
    ['runtime.covctrs', Kind.NoPtrBss],
    ['runtime.ecovctrs', Kind.NoPtrBss],
    ['runtime.end', Kind.Bss],
    ['runtime.epclntab', Kind.Rodata],
  ];
  for (const [name, kind] of rows) defineMarker(l, name, kind, 0);
  createSymbol(l, 'runtime.gcdata', Kind.Rodata);
  defineMarker(l, 'runtime.egcdata', Kind.Rodata, 0);
  createSymbol(l, 'runtime.gcbss', Kind.Rodata);
  defineMarker(l, 'runtime.egcbss', Kind.Rodata, 0);
}

export function buildModuleData(link: Link, layout: Layout, tab: PclnTab): void {
  const l = link.loader;
  const map = textSectionMap(link, layout);
  const b = new Builder(0x250);
  const address = (name: string): void => b.address(lookup(l, name, Version0));
  const nilSlice = (): void => {
    for (let i = 0; i < 3; i++) b.uint(0);
  };
  b.address(tab.header);
  b.slice(tab.names, l.size[tab.names]);
  b.slice(tab.units, l.size[tab.units] / 4);
  b.slice(tab.files, l.size[tab.files]);
  b.slice(tab.tables, l.size[tab.tables]);
  b.slice(tab.functab, l.size[tab.functab]);
  b.slice(tab.functab, tab.functions.length + 1);
  b.address(tab.findfunctab);
  const first = tab.functions[0];
  const last = tab.functions[tab.functions.length - 1];
  b.address(first);
  b.address(last, l.size[last]);
  for (const name of [
    'runtime.text',
    'runtime.etext',
    'runtime.noptrdata',
    'runtime.enoptrdata',
    'runtime.data',
    'runtime.edata',
    'runtime.bss',
    'runtime.ebss',
    'runtime.noptrbss',
    'runtime.enoptrbss',
    'runtime.covctrs',
    'runtime.ecovctrs',
    'runtime.end',
    'runtime.gcdata',
    'runtime.gcbss',
    'runtime.types',
    'runtime.etypes',
    'runtime.rodata',
    'go:func.*',
    'runtime.epclntab',
  ]) {
    address(name);
  }
  b.slice(map, 1);
  const typelink = lookup(l, 'runtime.typelink', Version0);
  b.slice(typelink, l.size[typelink] / 4);
  const itablink = lookup(l, 'runtime.itablink', Version0);
  b.slice(itablink, l.size[itablink] / 8);
  nilSlice();
  // Plugin path and package hashes.
  b.uint(0);
  b.uint(0);
  nilSlice();
  if (link.mainInitTasks !== 0) b.slice(link.mainInitTasks, l.size[link.mainInitTasks] / 8);
  else nilSlice();
  // Module name and hashes of shared libraries.
  b.uint(0);
  b.uint(0);
  nilSlice();
  // hasmain
  b.w.u8(1);
  let size = link.moduleDataSize;
  const type = lookup(l, 'type:runtime.moduledata', Version0);
  if (type !== 0 && l.kind[type] !== Kind.Undefined) size = typeSize(l, type);
  if (size > b.w.length) b.w.zeros(size - b.w.length);
  setContent(l, link.moduleData, Kind.ModuleData, b);
  const pointer = lookupOrCreate(l, 'runtime.lastmoduledatap', Version0);
  createSymbol(l, 'runtime.lastmoduledatap', Kind.NoPtrData);
  const p = new Builder();
  p.address(link.moduleData);
  setContent(l, pointer, Kind.NoPtrData, p);
}

/** One entry: there is one text section. */
function textSectionMap(link: Link, layout: Layout): number {
  const l = link.loader;
  const s = createSymbol(l, 'runtime.textsectionmap', Kind.Rodata);
  const b = new Builder();
  b.uint(0);
  b.uint(layout.text.sections[0].length);
  b.address(lookup(l, 'runtime.text', Version0));
  setContent(l, s, Kind.Rodata, b);
  return s;
}
