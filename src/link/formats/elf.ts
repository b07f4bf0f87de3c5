/**
 * The 64-bit little-endian ELF file format: headers, program headers, section headers, string tables. It knows nothing of Go.
 * Source: System V ABI, chapters 4 and 5.
 */
import { ByteWriter } from '#base/bytes.ts';

export const TypeExec = 2;
export const TypeDyn = 3;
export const MachineX86_64 = 62;

export const PtLoad = 1;
export const PtDynamic = 2;
export const PtInterp = 3;
export const PtNote = 4;
export const PtPhdr = 6;
export const PtTls = 7;
export const PtGnuStack = 0x6474e551;
export const PtGnuRelro = 0x6474e552;

export const ShtNull = 0;
export const ShtProgbits = 1;
export const ShtSymtab = 2;
export const ShtStrtab = 3;
export const ShtRela = 4;
export const ShtHash = 5;
export const ShtDynamic = 6;
export const ShtNote = 7;
export const ShtNobits = 8;
export const ShtRel = 9;
export const ShtDynsym = 11;
export const ShtInitArray = 14;
export const ShtGnuVerneed = 0x6ffffffe;
export const ShtGnuVersym = 0x6fffffff;

export const ShfWrite = 1;
export const ShfAlloc = 2;
export const ShfExec = 4;
export const ShfTls = 0x400;
export const ShfCompressed = 0x800;

export const headerSize = 64;
export const programHeaderSize = 56;
export const sectionHeaderSize = 64;
export const symbolSize = 24;

export class ProgramHeader {
  type: number;
  /** Read 4, write 2, execute 1. */
  flags: number;
  offset: number;
  address: number;
  fileSize: number;
  memorySize: number;
  align: number;

  constructor(type: number, flags: number) {
    this.type = type;
    this.flags = flags;
    this.offset = 0;
    this.address = 0;
    this.fileSize = 0;
    this.memorySize = 0;
    this.align = 0;
  }
}

export class SectionHeader {
  readonly name: string;
  nameOffset: number;
  type: number;
  flags: number;
  address: number;
  offset: number;
  size: number;
  link: SectionHeader | null;
  info: number;
  /** Instead of info: a section. */
  infoSection: SectionHeader | null;
  align: number;
  entrySize: number;
  /** Number in the file, set by sortSections. */
  index: number;

  constructor(name: string) {
    this.name = name;
    this.nameOffset = 0;
    this.type = ShtNull;
    this.flags = 0;
    this.address = 0;
    this.offset = 0;
    this.size = 0;
    this.link = null;
    this.info = 0;
    this.infoSection = null;
    this.align = 0;
    this.entrySize = 0;
    this.index = 0;
  }
}

export class ElfFile {
  type: number;
  entry: number;
  readonly programs: ProgramHeader[];
  /** The null section first. */
  sections: SectionHeader[];

  constructor(type: number) {
    this.type = type;
    this.entry = 0;
    this.programs = [];
    this.sections = [new SectionHeader('')];
  }
}

/** The section header of that name, made if it is not there. */
export function section(f: ElfFile, name: string): SectionHeader {
  let s = f.sections.find((x) => x.name === name);
  if (s === undefined) {
    s = new SectionHeader(name);
    f.sections.push(s);
  }
  return s;
}

export function program(f: ElfFile, type: number, flags: number): ProgramHeader {
  const p = new ProgramHeader(type, flags);
  f.programs.push(p);
  return p;
}

/** A program header covers exactly a section. */
export function cover(p: ProgramHeader, s: SectionHeader): void {
  p.address = s.address;
  p.offset = s.offset;
  p.fileSize = s.size;
  p.memorySize = s.size;
  p.align = s.align;
}

/** Loaded sections by address, then the rest as they came; numbers them. */
export function sortSections(f: ElfFile): void {
  const [first, ...rest] = f.sections;
  const loaded = rest.filter((s) => (s.flags & ShfAlloc) !== 0);
  const others = rest.filter((s) => (s.flags & ShfAlloc) === 0);
  loaded.sort((a, b) => a.address - b.address || a.size - b.size);
  f.sections = [first, ...loaded, ...others];
  f.sections.forEach((s, i) => {
    s.index = i;
  });
}

/** The section name table; relocation sections' names first, because ".text" is the end of ".rela.text". */
export function writeSectionNames(f: ElfFile, w: ByteWriter): void {
  const offsets = new Map<string, number>([['', 0]]);
  const start = w.length;
  w.u8(0);
  const add = (name: string): void => {
    offsets.set(name, w.length - start);
    w.text(name);
    w.u8(0);
  };
  for (const s of f.sections) {
    if (!s.name.startsWith('.rela')) continue;
    const suffix = s.name.slice(5);
    if (!offsets.has(suffix)) offsets.set(suffix, w.length - start + 5);
    add(s.name);
  }
  for (const s of f.sections) {
    if (!offsets.has(s.name)) add(s.name);
    s.nameOffset = offsets.get(s.name) ?? 0;
  }
}

/** The file header, program headers and section headers, from offset 0 on. */
export function writeHeaders(f: ElfFile, sectionNames: SectionHeader): Uint8Array {
  const w = new ByteWriter(4096);
  const programOffset = headerSize;
  const sectionOffset = programOffset + f.programs.length * programHeaderSize;
  w.bytes(new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]));
  w.zeros(8);
  w.u16(f.type);
  w.u16(MachineX86_64);
  w.u32(1);
  w.i64(f.entry);
  w.i64(programOffset);
  w.i64(sectionOffset);
  w.u32(0);
  w.u16(headerSize);
  w.u16(programHeaderSize);
  w.u16(f.programs.length);
  w.u16(sectionHeaderSize);
  w.u16(f.sections.length);
  w.u16(sectionNames.index);
  for (const p of f.programs) {
    w.u32(p.type);
    w.u32(p.flags);
    w.i64(p.offset);
    w.i64(p.address);
    w.i64(p.address);
    w.i64(p.fileSize);
    w.i64(p.memorySize);
    w.i64(p.align);
  }
  for (const s of f.sections) {
    w.u32(s.nameOffset);
    w.u32(s.type);
    w.i64(s.flags);
    w.i64(s.address);
    w.i64(s.offset);
    w.i64(s.size);
    w.u32(s.link === null ? 0 : s.link.index);
    w.u32(s.infoSection === null ? s.info : s.infoSection.index);
    w.i64(s.align);
    w.i64(s.entrySize);
  }
  return w.finish();
}

/** One record of a symbol table. */
export function writeSymbol(
  w: ByteWriter,
  name: number,
  bind: number,
  type: number,
  visibility: number,
  sectionIndex: number,
  address: number,
  size: number,
): void {
  w.u32(name);
  w.u8((bind << 4) | type);
  w.u8(visibility);
  w.u16(sectionIndex);
  w.i64(address);
  w.i64(size);
}

/** A note: name with its terminator, type, descriptor, each padded to four bytes. */
export function writeNote(name: Uint8Array, type: number, desc: Uint8Array): Uint8Array {
  const w = new ByteWriter(32 + desc.length);
  w.u32(name.length);
  w.u32(desc.length);
  w.u32(type);
  w.bytes(name);
  w.align(4);
  w.bytes(desc);
  w.align(4);
  return w.finish();
}
