/**
 * What the dynamic linker reads of a program that is position-independent or imports from shared libraries: symbols, strings,
 * hash, versions, procedure linkage and global offset tables, relocations, .dynamic. What goes into the tables is found by
 * dynamic-relocs.ts. Sources: cmd/link/internal/ld/elf.go (doelf, elfadddynsym, elfdynhash, asmbElf), amd64/asm.go
 * (elfsetupplt); System V ABI, chapter 5.
 */
import { encodeText } from '#base/bytes.ts';
import * as R from '#obj/reloc-types.ts';
import * as Attr from './attributes.ts';
import { Builder, createSymbol, setContent } from './builder.ts';
import { externalName } from './cgo.ts';
import type { Link } from './context.ts';
import * as Elf from './formats/elf.ts';
import * as Kind from './kinds.ts';
import type { Layout } from './layout.ts';
import { type Loader, lookup, symbolData, Version0 } from './loader.ts';

const interpreters = ['/lib64/ld-linux-x86-64.so.2', '/lib/ld-musl-x86_64.so.1'];

const dtNull = 0;
const dtNeeded = 1;
const dtPltRelSize = 2;
const dtPltGot = 3;
const dtHash = 4;
const dtStrTab = 5;
const dtSymTab = 6;
const dtRela = 7;
const dtRelaSize = 8;
const dtRelaEntry = 9;
const dtStrSize = 10;
const dtSymEntry = 11;
const dtPltRel = 20;
const dtDebug = 21;
const dtJmpRel = 23;
const dtRunPath = 29;
const dtFlags = 30;
const dtVerSym = 0x6ffffff0;
const dtFlags1 = 0x6ffffffb;
const dtVerNeed = 0x6ffffffe;
const dtVerNeedNum = 0x6fffffff;
const flagBindNow = 8;
const flag1Now = 1;
const flag1Pie = 0x08000000;

const bindGlobal = 1;
const typeObject = 1;
const typeFunc = 2;
/** Of both records of .gnu.version_r. */
const versionRecordSize = 16;

const relaSize = 24;

/** The tables of the dynamic linker while they grow; their symbols get the content when all is known. */
export class DynamicTables {
  readonly symbols: Builder;
  readonly strings: Builder;
  readonly rela: Builder;
  readonly relaPlt: Builder;
  readonly plt: Builder;
  readonly got: Builder;
  readonly gotPlt: Builder;
  readonly dynamic: Builder;
  /** Number in .dynsym by symbol. */
  readonly numbers: Map<number, number>;
  /** Offset in .plt and in .got by symbol. */
  readonly pltOffsets: Map<number, number>;
  readonly gotOffsets: Map<number, number>;
  readonly libraries: Set<string>;
  /** Libraries with versions. */
  versionFiles: number;

  constructor() {
    this.symbols = new Builder(1024);
    this.strings = new Builder(1024);
    this.rela = new Builder(1 << 12);
    this.relaPlt = new Builder(1024);
    this.plt = new Builder(1024);
    this.got = new Builder();
    this.gotPlt = new Builder(1024);
    this.dynamic = new Builder(512);
    this.numbers = new Map();
    this.pltOffsets = new Map();
    this.gotOffsets = new Map();
    this.libraries = new Set();
    this.versionFiles = 0;
  }
}

/** Makes the tables' symbols and what is known of their content (elf.go, doelf). */
export function setUpDynamic(link: Link): void {
  const l = link.loader;
  const t = new DynamicTables();
  link.dynamic = true;
  link.dynamicTables = t;
  if (link.interpreter === '') {
    link.interpreter = interpreters.find((path) => link.host.exists(path)) ?? interpreters[0];
  }
  for (const name of ['.dynsym', '.dynstr', '.rela']) createSymbol(l, name, Kind.ElfRoSect);
  createSymbol(l, '.got', link.relro ? Kind.ElfRelRoSect : Kind.ElfGot);
  createSymbol(l, '.hash', Kind.ElfRoSect);
  createSymbol(l, '.got.plt', link.relro && link.options.bindNow ? Kind.ElfRelRoSect : Kind.ElfSect);
  createSymbol(l, '.plt', Kind.ElfRxSect);
  for (const name of ['.rela.plt', '.gnu.version', '.gnu.version_r']) createSymbol(l, name, Kind.ElfRoSect);
  createSymbol(l, '.dynamic', link.relro ? Kind.ElfRelRoSect : Kind.ElfSect);
  t.symbols.w.zeros(Elf.symbolSize);
  t.strings.w.u8(0);
  startPlt(l, t);
  startDynamic(link, t);
}

/** The symbol of a table. */
export function table(l: Loader, name: string): number {
  return lookup(l, name, Version0);
}

/** The first entries of the procedure linkage and global offset tables, as the ABI fixes them. */
function startPlt(l: Loader, t: DynamicTables): void {
  const got = table(l, '.got.plt');
  const b = t.plt;
  // push got+8(%rip); jmp *got+16(%rip); nopl 0(%rax)
  b.w.u16(0x35ff);
  b.reloc(2, 4, R.PcRel, got, 8);
  b.w.u32(0);
  b.w.u16(0x25ff);
  b.reloc(8, 4, R.PcRel, got, 16);
  b.w.u32(0);
  b.w.u32(0x00401f0f);
  t.gotPlt.address(table(l, '.dynamic'));
  t.gotPlt.uint(0);
  t.gotPlt.uint(0);
}

function entry(t: DynamicTables, tag: number, value: number): void {
  t.dynamic.uint(tag);
  t.dynamic.uint(value);
}

function addressEntry(l: Loader, t: DynamicTables, tag: number, name: string): void {
  t.dynamic.uint(tag);
  t.dynamic.address(table(l, name));
}

function sizeEntry(l: Loader, t: DynamicTables, tag: number, name: string): void {
  t.dynamic.uint(tag);
  t.dynamic.reloc(t.dynamic.w.length, 8, R.Size, table(l, name), 0);
  t.dynamic.uint(0);
}

function startDynamic(link: Link, t: DynamicTables): void {
  const l = link.loader;
  addressEntry(l, t, dtHash, '.hash');
  addressEntry(l, t, dtSymTab, '.dynsym');
  entry(t, dtSymEntry, Elf.symbolSize);
  addressEntry(l, t, dtStrTab, '.dynstr');
  sizeEntry(l, t, dtStrSize, '.dynstr');
  addressEntry(l, t, dtRela, '.rela');
  sizeEntry(l, t, dtRelaSize, '.rela');
  entry(t, dtRelaEntry, relaSize);
  if (link.options.runPath !== '') entry(t, dtRunPath, addString(t, link.options.runPath));
  addressEntry(l, t, dtPltGot, '.got.plt');
  entry(t, dtDebug, 0);
}

function addString(t: DynamicTables, text: string): number {
  const at = t.strings.w.length;
  t.strings.w.text(text);
  t.strings.w.u8(0);
  return at;
}

/** What Go exports to C, and the libraries asked for (go.go, addexport). */
export function addExports(link: Link): void {
  const t = link.dynamicTables;
  if (t === null) return;
  for (const s of link.exported) addDynamicSymbol(link, t, s);
  for (const name of link.libraryNames) addLibrary(t, name);
}

function addLibrary(t: DynamicTables, name: string): void {
  if (t.libraries.has(name)) return;
  t.libraries.add(name);
  entry(t, dtNeeded, addString(t, name));
}

/** The number of a symbol in .dynsym, entered now if it is new. */
export function addDynamicSymbol(link: Link, t: DynamicTables, s: number): number {
  const known = t.numbers.get(s);
  if (known !== undefined) return known;
  const l = link.loader;
  const number = t.numbers.size + 1;
  t.numbers.set(s, number);
  const b = t.symbols;
  const exported = (l.attrs[s] & (Attr.CgoExport | Attr.CgoExportDynamic)) !== 0;
  const imported = l.kind[s] === Kind.DynImport;
  b.w.u32(addString(t, externalName(link, s)));
  b.w.u8((bindGlobal << 4) | (exported && Kind.isText(l.kind[s]) ? typeFunc : typeObject));
  b.w.u8(0);
  b.w.u16(imported ? 0 : 1);
  if (imported) b.uint(0);
  else b.address(s);
  b.uint(symbolData(l, s)?.length ?? 0);
  const library = link.imports.get(s)?.library ?? '';
  if ((l.attrs[s] & Attr.CgoExportDynamic) === 0 && library !== '') addLibrary(t, library);
  return number;
}

/** System V ABI, chapter 5, figure 5-12. */
function hashName(name: string): number {
  let h = 0;
  for (const c of encodeText(name)) {
    h = (h << 4) + c;
    const high = h & 0xf0000000;
    if (high !== 0) h ^= high >>> 24;
    h &= 0x0fffffff;
  }
  return h >>> 0;
}

interface VersionNeed {
  library: string;
  versions: { name: string; number: number }[];
}

/** Hash, versions and the end of .dynamic; then every table has its content (elf.go, elfdynhash). */
export function finishDynamic(link: Link): void {
  const t = link.dynamicTables;
  if (t === null) return;
  const l = link.loader;
  const count = t.numbers.size + 1;
  let bucketCount = 1;
  for (let n = count; n > 0; n >>= 1) bucketCount++;
  const buckets = new Uint32Array(bucketCount);
  const chain = new Uint32Array(count);
  const needs: VersionNeed[] = [];
  const versions: ({ number: number } | null)[] = Array.from({ length: count }, () => null);
  for (const s of [...t.numbers.keys()].sort((a, b) => a - b)) {
    const number = t.numbers.get(s) ?? 0;
    const imported = link.imports.get(s);
    if (imported !== undefined && imported.version !== '') {
      versions[number] = versionOf(needs, imported.library, imported.version);
    }
    const bucket = hashName(externalName(link, s)) % bucketCount;
    chain[number] = buckets[bucket];
    buckets[bucket] = number;
  }
  const hash = new Builder(8 + 4 * (bucketCount + count));
  for (const n of [bucketCount, count, ...buckets, ...chain]) hash.w.u32(n);
  setContent(l, table(l, '.hash'), Kind.ElfRoSect, hash);
  setContent(l, table(l, '.gnu.version_r'), Kind.ElfRoSect, versionNeeds(t, needs));
  const b = new Builder(2 * count);
  versions.forEach((v, n) => {
    b.w.u16(n === 0 ? 0 : v === null ? 1 : v.number);
  });
  setContent(l, table(l, '.gnu.version'), Kind.ElfRoSect, b);
  endDynamic(link, t, needs.length);
  const content: readonly [string, Builder][] = [
    ['.dynsym', t.symbols],
    ['.dynstr', t.strings],
    ['.rela', t.rela],
    ['.rela.plt', t.relaPlt],
    ['.plt', t.plt],
    ['.got', t.got],
    ['.got.plt', t.gotPlt],
    ['.dynamic', t.dynamic],
  ];
  for (const [name, builder] of content) setContent(l, table(l, name), l.kind[table(l, name)], builder);
}

/** The lists are kept newest first, as the official linker's are. */
function versionOf(needs: VersionNeed[], library: string, name: string): { number: number } {
  let need = needs.find((n) => n.library === library);
  if (need === undefined) {
    need = { library, versions: [] };
    needs.unshift(need);
  }
  let version = need.versions.find((v) => v.name === name);
  if (version === undefined) {
    version = { name, number: 0 };
    need.versions.unshift(version);
  }
  return version;
}

/** .gnu.version_r: the versions that libraries must have (Linux Standard Base, 10.7.3). */
function versionNeeds(t: DynamicTables, needs: readonly VersionNeed[]): Builder {
  const b = new Builder();
  let number = 2;
  needs.forEach((need, k) => {
    b.w.u16(1);
    b.w.u16(need.versions.length);
    b.w.u32(addString(t, need.library));
    b.w.u32(versionRecordSize);
    b.w.u32(k + 1 < needs.length ? versionRecordSize * (need.versions.length + 1) : 0);
    need.versions.forEach((v, j) => {
      v.number = number++;
      b.w.u32(hashName(v.name));
      b.w.u16(0);
      b.w.u16(v.number);
      b.w.u32(addString(t, v.name));
      b.w.u32(j + 1 < need.versions.length ? versionRecordSize : 0);
    });
  });
  return b;
}

function endDynamic(link: Link, t: DynamicTables, versionFiles: number): void {
  const l = link.loader;
  t.versionFiles = versionFiles;
  if (link.options.bindNow) entry(t, dtFlags, flagBindNow);
  entry(t, dtFlags1, (link.options.bindNow ? flag1Now : 0) | (link.pie ? flag1Pie : 0));
  if (versionFiles > 0) {
    addressEntry(l, t, dtVerNeed, '.gnu.version_r');
    entry(t, dtVerNeedNum, versionFiles);
    addressEntry(l, t, dtVerSym, '.gnu.version');
  }
  if (t.relaPlt.w.length > 0) {
    entry(t, dtPltRel, dtRela);
    sizeEntry(l, t, dtPltRelSize, '.rela.plt');
    addressEntry(l, t, dtJmpRel, '.rela.plt');
  }
  entry(t, dtNull, 0);
}

interface SectionFacts {
  name: string;
  type: number;
  flags: number;
  entrySize: number;
  align: number;
  link: string;
  info: string;
}

const alloc = Elf.ShfAlloc;
const allocWrite = Elf.ShfAlloc | Elf.ShfWrite;
const facts: readonly SectionFacts[] = [
  { name: '.dynsym', type: Elf.ShtDynsym, flags: alloc, entrySize: 24, align: 8, link: '.dynstr', info: '' },
  { name: '.dynstr', type: Elf.ShtStrtab, flags: alloc, entrySize: 0, align: 1, link: '', info: '' },
  { name: '.gnu.version', type: Elf.ShtGnuVersym, flags: alloc, entrySize: 2, align: 2, link: '.dynsym', info: '' },
  { name: '.gnu.version_r', type: Elf.ShtGnuVerneed, flags: alloc, entrySize: 0, align: 8, link: '.dynstr', info: '' },
  { name: '.rela.plt', type: Elf.ShtRela, flags: alloc, entrySize: 24, align: 8, link: '.dynsym', info: '.plt' },
  { name: '.rela', type: Elf.ShtRela, flags: alloc, entrySize: 24, align: 8, link: '.dynsym', info: '' },
  { name: '.plt', type: Elf.ShtProgbits, flags: alloc | Elf.ShfExec, entrySize: 16, align: 16, link: '', info: '' },
  { name: '.got', type: Elf.ShtProgbits, flags: allocWrite, entrySize: 8, align: 8, link: '', info: '' },
  { name: '.got.plt', type: Elf.ShtProgbits, flags: allocWrite, entrySize: 8, align: 8, link: '', info: '' },
  { name: '.hash', type: Elf.ShtHash, flags: alloc, entrySize: 4, align: 8, link: '.dynsym', info: '' },
  { name: '.dynamic', type: Elf.ShtDynamic, flags: allocWrite, entrySize: 16, align: 8, link: '.dynstr', info: '' },
];

/** Section and program headers of dynamic linking. */
export function describeSections(link: Link, layout: Layout, f: Elf.ElfFile): void {
  const l = link.loader;
  const versionFiles = link.dynamicTables?.versionFiles ?? 0;
  for (const x of facts) {
    if (versionFiles === 0 && x.name.startsWith('.gnu.version')) continue;
    const h = Elf.section(f, x.name);
    const s = lookup(l, x.name, Version0);
    const section = layout.sections[l.section[s]];
    h.type = x.type;
    h.flags = x.flags;
    h.entrySize = x.entrySize;
    h.align = x.align;
    h.address = l.value[s];
    h.offset = section.segment.fileOffset + h.address - section.segment.address;
    h.size = l.size[s];
    if (x.link !== '') h.link = Elf.section(f, x.link);
    if (x.info !== '') h.infoSection = Elf.section(f, x.info);
    if (x.name === '.dynsym') h.info = 1;
    if (x.name === '.gnu.version_r') h.info = versionFiles;
  }
  Elf.cover(Elf.program(f, Elf.PtDynamic, 6), Elf.section(f, '.dynamic'));
  const tls = layout.data.sections.find((s) => s.name === '.tbss');
  if (tls === undefined || tls.length === 0) return;
  const p = Elf.program(f, Elf.PtTls, 4);
  p.memorySize = tls.length;
  p.align = 8;
}
