/**
 * What the dynamic linker reads of a position-independent program: symbol and string tables (empty: nothing is imported), hash,
 * relocations that add the load address to every stored address, .dynamic. Sources: cmd/link/internal/ld/elf.go (doelf,
 * elfdynhash, asmbElf), amd64/asm.go (elfsetupplt, adddynrel); System V ABI, chapter 5.
 */
import * as R from '#obj/reloc-types.ts';
import { Builder, createSymbol, setContent } from './builder.ts';
import type { Link } from './context.ts';
import * as Elf from './formats/elf.ts';
import * as Kind from './kinds.ts';
import type { Layout } from './layout.ts';
import { isReachable, type Loader, lookup, symbolName, Version0 } from './loader.ts';
import { materialize } from './materialize.ts';

const interpreters = ['/lib64/ld-linux-x86-64.so.2', '/lib/ld-musl-x86_64.so.1'];

const dtNull = 0;
const dtPltGot = 3;
const dtHash = 4;
const dtStrTab = 5;
const dtSymTab = 6;
const dtRela = 7;
const dtRelaSize = 8;
const dtRelaEntry = 9;
const dtStrSize = 10;
const dtSymEntry = 11;
const dtDebug = 21;
const dtFlags1 = 0x6ffffffb;
const flag1Pie = 0x08000000;

const relocRelative = 8;
const relaSize = 24;

/** Symbols whose stored addresses are resolved here, or are the tables of the dynamic linker themselves. */
const tables: ReadonlySet<string> = new Set(['.dynsym', '.rela', '.rela.plt', '.got.plt', '.dynamic']);

/** Makes the tables and hooks them into the layout. */
export function setUpDynamic(link: Link, layout: Layout): void {
  const l = link.loader;
  link.dynamic = true;
  if (link.interpreter === '') {
    link.interpreter = interpreters.find((path) => link.host.exists(path)) ?? interpreters[0];
  }
  for (const name of ['.dynsym', '.dynstr', '.rela']) createSymbol(l, name, Kind.ElfRoSect);
  createSymbol(l, '.got', Kind.ElfRelRoSect);
  createSymbol(l, '.hash', Kind.ElfRoSect);
  createSymbol(l, '.got.plt', Kind.ElfSect);
  createSymbol(l, '.plt', Kind.ElfRxSect);
  for (const name of ['.rela.plt', '.gnu.version', '.gnu.version_r']) createSymbol(l, name, Kind.ElfRoSect);
  createSymbol(l, '.dynamic', Kind.ElfRelRoSect);
  fill(l, '.dynsym', Kind.ElfRoSect, (b) => b.w.zeros(Elf.symbolSize));
  fill(l, '.dynstr', Kind.ElfRoSect, (b) => b.w.u8(0));
  fill(l, '.gnu.version', Kind.ElfRoSect, (b) => b.w.u16(0));
  // Two buckets, one symbol: the null symbol.
  fill(l, '.hash', Kind.ElfRoSect, (b) => {
    for (const n of [2, 1, 0, 0, 0]) b.w.u32(n);
  });
  addPlt(l);
  link.dynamicRelocs = (byKind) => addRelocations(l, byKind);
  link.addDynamicSections = (f) => describeSections(link, layout, f);
}

function fill(l: Loader, name: string, kind: number, write: (b: Builder) => void): void {
  const b = new Builder(64);
  write(b);
  setContent(l, lookup(l, name, Version0), kind, b);
}

/** The first entries of the procedure linkage and global offset tables, as the ABI fixes them. */
function addPlt(l: Loader): void {
  const got = lookup(l, '.got.plt', Version0);
  fill(l, '.plt', Kind.ElfRxSect, (b) => {
    // push got+8(%rip); jmp *got+16(%rip); nopl 0(%rax)
    b.w.u16(0x35ff);
    b.reloc(2, 4, R.PcRel, got, 8);
    b.w.u32(0);
    b.w.u16(0x25ff);
    b.reloc(8, 4, R.PcRel, got, 16);
    b.w.u32(0);
    b.w.u32(0x00401f0f);
  });
  fill(l, '.got.plt', Kind.ElfSect, (b) => {
    b.address(lookup(l, '.dynamic', Version0));
    b.uint(0);
    b.uint(0);
  });
}

/** A relative relocation for every address that data holds; then .dynamic, which tells their number. */
function addRelocations(l: Loader, byKind: readonly number[][]): void {
  const b = new Builder(1 << 16);
  for (const list of byKind) {
    for (const s of list) {
      materialize(l, s);
      if (l.relocEnd[s] > l.relocStart[s] && !tables.has(symbolName(l, s))) relocate(l, s, b);
    }
  }
  setContent(l, lookup(l, '.rela', Version0), Kind.ElfRoSect, b);
  addDynamic(l);
}

function relocate(l: Loader, s: number, b: Builder): void {
  const end = l.relocEnd[s];
  for (let r = l.relocStart[s]; r < end; r++) {
    const type = l.relocType[r];
    const target = l.relocTarget[r];
    if ((type & 0x7fff) !== R.Addr || l.relocSize[r] !== 8) continue;
    if ((type & R.Weak) !== 0 && !isReachable(l, target)) continue;
    b.address(s, l.relocOffset[r]);
    b.uint(relocRelative);
    b.address(target, l.relocAddend[r]);
  }
}

function addDynamic(l: Loader): void {
  fill(l, '.dynamic', Kind.ElfRelRoSect, (b) => {
    const number = (tag: number, value: number): void => {
      b.uint(tag);
      b.uint(value);
    };
    const address = (tag: number, name: string): void => {
      b.uint(tag);
      b.address(lookup(l, name, Version0));
    };
    address(dtHash, '.hash');
    address(dtSymTab, '.dynsym');
    number(dtSymEntry, Elf.symbolSize);
    address(dtStrTab, '.dynstr');
    number(dtStrSize, l.size[lookup(l, '.dynstr', Version0)]);
    address(dtRela, '.rela');
    number(dtRelaSize, l.size[lookup(l, '.rela', Version0)]);
    number(dtRelaEntry, relaSize);
    address(dtPltGot, '.got.plt');
    number(dtDebug, 0);
    number(dtFlags1, flag1Pie);
    number(dtNull, 0);
  });
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
  { name: '.rela.plt', type: Elf.ShtRela, flags: alloc, entrySize: 24, align: 8, link: '.dynsym', info: '.plt' },
  { name: '.rela', type: Elf.ShtRela, flags: alloc, entrySize: 24, align: 8, link: '.dynsym', info: '' },
  { name: '.plt', type: Elf.ShtProgbits, flags: alloc | Elf.ShfExec, entrySize: 16, align: 16, link: '', info: '' },
  { name: '.got', type: Elf.ShtProgbits, flags: allocWrite, entrySize: 8, align: 8, link: '', info: '' },
  { name: '.got.plt', type: Elf.ShtProgbits, flags: allocWrite, entrySize: 8, align: 8, link: '', info: '' },
  { name: '.hash', type: Elf.ShtHash, flags: alloc, entrySize: 4, align: 8, link: '.dynsym', info: '' },
  { name: '.dynamic', type: Elf.ShtDynamic, flags: allocWrite, entrySize: 16, align: 8, link: '.dynstr', info: '' },
];

function describeSections(link: Link, layout: Layout, f: Elf.ElfFile): void {
  const l = link.loader;
  for (const x of facts) {
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
  }
  Elf.cover(Elf.program(f, Elf.PtDynamic, 6), Elf.section(f, '.dynamic'));
  const tls = layout.data.sections.find((s) => s.name === '.tbss');
  if (tls === undefined || tls.length === 0) return;
  const p = Elf.program(f, Elf.PtTls, 4);
  p.memorySize = tls.length;
  p.align = 8;
}
