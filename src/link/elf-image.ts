/** The ELF file of an image: notes, program headers, section headers and symbol table around the laid-out segments. */
import { alignUp, ByteWriter, encodeText } from '#base/bytes.ts';
import type { Link } from './context.ts';
import { describeSections } from './dynamic.ts';
import { numberSections, type SymbolTable } from './elf-symtab.ts';
import { exit } from './errors.ts';
import * as Elf from './formats/elf.ts';
import * as Kind from './kinds.ts';
import { Execute, type Layout, Read, type Section, type Segment, Write } from './layout.ts';
import { lookup, Version0 } from './loader.ts';

const goNoteName = new Uint8Array([0x47, 0x6f, 0, 0]);
const gnuNoteName = new Uint8Array([0x47, 0x4e, 0x55, 0]);
const noteGoBuildId = 4;
const noteGnuBuildId = 3;

/** Bytes placed at offsets of the file. */
interface Piece {
  offset: number;
  bytes: Uint8Array;
}

export interface ElfImage {
  pieces: Piece[];
  /** Of the file. */
  size: number;
  symbolTableSize: number;
}

/**
 * What follows the segments' own bytes: call after they are laid out, write the pieces after they are written. `table` has yet to be told the
 * sections' numbers; it is null with -s.
 */
export function buildElf(link: Link, layout: Layout, segmentsEnd: number, table: SymbolTable | null): ElfImage {
  const f = new Elf.ElfFile(link.pie ? Elf.TypeDyn : Elf.TypeExec);
  const pieces: Piece[] = [];
  const startAddress = layout.textAddress - layout.headerSize;
  let reserved = layout.headerSize;
  /** Takes room at the end of the header page. */
  const place = (s: Elf.SectionHeader, bytes: Uint8Array): void => {
    const n = (reserved % 4) + bytes.length;
    reserved -= n;
    s.type = Elf.ShtNote;
    s.flags = Elf.ShfAlloc;
    s.align = 4;
    s.offset = reserved;
    s.address = startAddress + reserved;
    s.size = bytes.length;
    pieces.push({ offset: reserved, bytes });
  };

  const phdr = Elf.program(f, Elf.PtPhdr, Read);
  phdr.offset = Elf.headerSize;
  phdr.address = startAddress + Elf.headerSize;
  phdr.align = layout.round;
  if (link.dynamic) {
    const s = Elf.section(f, '.interp');
    const bytes = encodeText(`${link.interpreter}\0`);
    reserved -= bytes.length;
    s.type = Elf.ShtProgbits;
    s.flags = Elf.ShfAlloc;
    s.align = 1;
    s.offset = reserved;
    s.address = startAddress + reserved;
    s.size = bytes.length;
    pieces.push({ offset: reserved, bytes });
    Elf.cover(Elf.program(f, Elf.PtInterp, Read), s);
  }
  addNotes(link, f, place);
  // The headers belong to the text segment.
  load(f, layout, layout.text, layout.headerSize);
  if (layout.rodata.sections.length > 0) load(f, layout, layout.rodata, 0);
  if (layout.relro.sections.length > 0) {
    load(f, layout, layout.relro, 0);
    const p = Elf.program(f, Elf.PtGnuRelro, Read);
    setRange(p, layout.relro, 0, layout.round);
  }
  load(f, layout, layout.data, 0);
  if (link.dynamic) describeSections(link, layout, f);
  const stack = Elf.program(f, Elf.PtGnuStack, Read | Write);
  stack.align = 8;

  const headers: Elf.SectionHeader[] = [];
  for (const seg of [layout.text, layout.rodata, layout.relro, layout.data, layout.dwarf]) {
    for (const s of seg.sections) headers[s.index] = describe(f, s);
  }
  if (table !== null) {
    Elf.section(f, '.symtab');
    Elf.section(f, '.strtab');
  }
  const names = Elf.section(f, '.shstrtab');
  Elf.sortSections(f);
  const tail = new ByteWriter(1 << 16);
  const tailStart = alignUp(segmentsEnd, 8);
  if (table !== null) addSymbolTable(f, table, headers, tail, tailStart);
  names.type = Elf.ShtStrtab;
  names.align = 1;
  names.offset = tailStart + tail.length;
  Elf.writeSectionNames(f, tail);
  names.size = tailStart + tail.length - names.offset;
  f.entry = entryAddress(link, layout);
  phdr.fileSize = f.programs.length * Elf.programHeaderSize;
  phdr.memorySize = phdr.fileSize;
  const head = Elf.writeHeaders(f, names);
  if (head.length > reserved) link.error(`ELFRESERVE too small: ${head.length} > ${reserved} with 1 text sections`);
  pieces.push({ offset: 0, bytes: head }, { offset: tailStart, bytes: tail.finish() });
  const symbolTableSize = table === null ? 0 : Elf.section(f, '.symtab').size;
  return { pieces, size: tailStart + tail.length, symbolTableSize };
}

function addSymbolTable(
  f: Elf.ElfFile,
  table: SymbolTable,
  headers: readonly Elf.SectionHeader[],
  tail: ByteWriter,
  tailStart: number,
): void {
  numberSections(table, headers);
  const symtab = Elf.section(f, '.symtab');
  const strtab = Elf.section(f, '.strtab');
  symtab.type = Elf.ShtSymtab;
  symtab.offset = tailStart;
  symtab.size = table.symbols.length;
  symtab.align = 8;
  symtab.entrySize = Elf.symbolSize;
  symtab.link = strtab;
  symtab.info = table.locals;
  tail.bytes(table.symbols);
  strtab.type = Elf.ShtStrtab;
  strtab.offset = tailStart + tail.length;
  strtab.size = table.strings.length;
  strtab.align = 1;
  tail.bytes(table.strings);
}

function addNotes(link: Link, f: Elf.ElfFile, place: (s: Elf.SectionHeader, bytes: Uint8Array) => void): void {
  const gnu = hostBuildId(link);
  let note: Elf.ProgramHeader | null = null;
  const add = (name: string, bytes: Uint8Array): void => {
    const s = Elf.section(f, name);
    place(s, bytes);
    note ??= Elf.program(f, Elf.PtNote, Read);
    // The last note is the one the program header covers.
    Elf.cover(note, s);
  };
  if (gnu.length > 0) add('.note.gnu.build-id', Elf.writeNote(gnuNoteName, noteGnuBuildId, gnu));
  if (link.options.buildId !== '') {
    add('.note.go.buildid', Elf.writeNote(goNoteName, noteGoBuildId, encodeText(link.options.buildId)));
  }
}

/** The descriptor of .note.gnu.build-id: given in hex, or made from the Go build id; empty for none. */
function hostBuildId(link: Link): Uint8Array {
  const { options } = link;
  let value = options.hostBuildId;
  if (value === '' && options.buildId !== '') value = 'gobuildid';
  if (value === '' || value === 'none') return new Uint8Array(0);
  if (value === 'gobuildid') {
    if (options.buildId === '') exit('-B gobuildid requires a Go build ID supplied via -buildid');
    return goHash(link.host.sha256(encodeText(options.buildId))).subarray(0, 20);
  }
  if (!value.startsWith('0x')) exit(`-B argument must start with 0x: ${value}`);
  const digits = value.slice(2);
  if (Math.floor(digits.length / 2) > 32) exit(`-B option too long (max 32 digits): ${value}`);
  const bad = /[^0-9a-fA-F]/.exec(digits);
  if (bad !== null) exit(`-B argument contains invalid hex digit ${bad[0]}: ${value}`);
  if (digits.length % 2 !== 0) exit(`-B argument must have even number of digits: ${value}`);
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

/** The Go tools' hash: SHA-256 with the first byte inverted (cmd/internal/hash). */
export function goHash(sha256: Uint8Array): Uint8Array {
  const h = sha256.slice();
  h[0] ^= 0xff;
  return h;
}

function setRange(p: Elf.ProgramHeader, seg: Segment, before: number, round: number): void {
  p.address = seg.address - before;
  p.offset = seg.fileOffset - before;
  p.fileSize = seg.fileLength + before;
  p.memorySize = seg.length + before;
  p.align = round;
}

function load(f: Elf.ElfFile, layout: Layout, seg: Segment, before: number): void {
  setRange(Elf.program(f, Elf.PtLoad, seg.access), seg, before, layout.round);
}

function describe(f: Elf.ElfFile, s: Section): Elf.SectionHeader {
  const h = Elf.section(f, s.name);
  if (h.type !== Elf.ShtNull) return h;
  const seg = s.segment;
  h.type = s.address < seg.address + seg.fileLength ? Elf.ShtProgbits : Elf.ShtNobits;
  if (s.name === '.init_array') h.type = Elf.ShtInitArray;
  h.flags = Elf.ShfAlloc;
  if ((s.access & Execute) !== 0) h.flags |= Elf.ShfExec;
  if ((s.access & Write) !== 0) h.flags |= Elf.ShfWrite;
  if (s.name === '.tbss') {
    h.flags |= Elf.ShfTls;
    h.type = Elf.ShtNobits;
  }
  h.address = s.address;
  if (s.name.startsWith('.debug')) {
    h.flags = s.isCompressed ? Elf.ShfCompressed : 0;
    h.address = 0;
  }
  h.align = s.align;
  h.size = s.length;
  if (s.name !== '.tbss') h.offset = seg.fileOffset + s.address - seg.address;
  return h;
}

function entryAddress(link: Link, layout: Layout): number {
  const name = link.entry;
  if (/^[0-9]/.test(name)) return Number(name);
  const l = link.loader;
  const s = lookup(l, name, Version0);
  if (s === 0) {
    link.error(`missing entry symbol ${JSON.stringify(name)}`);
    return 0;
  }
  if (l.kind[s] === Kind.Undefined) return layout.textAddress;
  if (!Kind.isText(l.kind[s])) link.error(`${name}: entry not text`);
  return l.value[s];
}
