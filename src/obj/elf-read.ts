/** Reading ELF files (64-bit, little endian): sections, symbols, relocations. Throws ObjectError on damage. */
import { decodeText } from '#base/bytes.ts';
import { ObjectError, startsWith } from './archive.ts';

export interface ElfSection {
  name: string;
  type: number;
  flags: number;
  address: number;
  offset: number;
  size: number;
  link: number;
  info: number;
  align: number;
  entrySize: number;
}

export interface ElfSymbol {
  name: string;
  bind: number;
  type: number;
  visibility: number;
  section: number;
  value: number;
  size: number;
}

export interface ElfRelocation {
  offset: number;
  type: number;
  /** Number in the symbol table. */
  symbol: number;
  addend: number;
}

/** A loaded segment. */
export interface ElfSegment {
  address: number;
  offset: number;
  /** In memory. */
  size: number;
  fileSize: number;
  /** 4 read, 2 write, 1 execute. */
  access: number;
}

const sectionHeaderSize = 64;
const symbolSize = 24;
const segmentHeaderSize = 56;
const segmentLoad = 1;
const typeSymtab = 2;
const typeNobits = 8;

export class ElfReader {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly type: number;
  readonly machine: number;
  readonly sections: ElfSection[];

  constructor(file: string, bytes: Uint8Array) {
    this.file = file;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (!startsWith(bytes, 0, '\x7fELF') || bytes.length < 64) this.fail(0, 'not an ELF file');
    if (bytes[4] !== 2 || bytes[5] !== 1) this.fail(4, 'not a 64-bit little-endian ELF file');
    this.type = this.view.getUint16(16, true);
    this.machine = this.view.getUint16(18, true);
    this.sections = this.readSections();
  }

  fail(offset: number, reason: string): never {
    throw new ObjectError(this.file, offset, reason);
  }

  private u64(at: number): number {
    return this.view.getUint32(at, true) + this.view.getUint32(at + 4, true) * 4294967296;
  }

  private readSections(): ElfSection[] {
    const at = this.u64(40);
    const count = this.view.getUint16(60, true);
    const names = this.view.getUint16(62, true);
    if (at + count * sectionHeaderSize > this.bytes.length) this.fail(40, 'section headers are outside of the file');
    const nameOffsets: number[] = [];
    const sections: ElfSection[] = [];
    for (let i = 0; i < count; i++) {
      const s = at + i * sectionHeaderSize;
      nameOffsets.push(this.view.getUint32(s, true));
      sections.push({
        name: '',
        type: this.view.getUint32(s + 4, true),
        flags: this.u64(s + 8),
        address: this.u64(s + 16),
        offset: this.u64(s + 24),
        size: this.u64(s + 32),
        link: this.view.getUint32(s + 40, true),
        info: this.view.getUint32(s + 44, true),
        align: this.u64(s + 48),
        entrySize: this.u64(s + 56),
      });
      const { type, offset, size } = sections[i];
      if (type !== typeNobits && type !== 0 && offset + size > this.bytes.length) {
        this.fail(s, `section ${i} is outside of the file`);
      }
    }
    if (names < count) {
      for (let i = 0; i < count; i++) sections[i].name = this.string(sections[names], nameOffsets[i]);
    }
    return sections;
  }

  /** The loaded segments, in the order of their headers. */
  segments(): ElfSegment[] {
    const at = this.u64(32);
    const count = this.view.getUint16(56, true);
    if (at + count * segmentHeaderSize > this.bytes.length) this.fail(32, 'program headers are outside of the file');
    const list: ElfSegment[] = [];
    for (let i = 0; i < count; i++) {
      const h = at + i * segmentHeaderSize;
      if (this.view.getUint32(h, true) !== segmentLoad) continue;
      const access = this.view.getUint32(h + 4, true);
      const offset = this.u64(h + 8);
      list.push({ address: this.u64(h + 16), offset, size: this.u64(h + 40), fileSize: this.u64(h + 32), access });
    }
    return list;
  }

  private string(table: ElfSection, offset: number): string {
    const start = table.offset + offset;
    const limit = table.offset + table.size;
    if (start >= limit) return '';
    let end = this.bytes.indexOf(0, start);
    if (end < 0 || end > limit) end = limit;
    return decodeText(this.bytes.subarray(start, end));
  }

  data(s: ElfSection): Uint8Array {
    return s.type === typeNobits ? new Uint8Array(0) : this.bytes.subarray(s.offset, s.offset + s.size);
  }

  /** The symbol table, its null entry included; empty if there is none. */
  symbols(): ElfSymbol[] {
    const table = this.sections.find((s) => s.type === typeSymtab);
    if (table === undefined) return [];
    const strings = this.sections[table.link];
    if (strings === undefined) this.fail(table.offset, 'symbol table without strings');
    const list: ElfSymbol[] = [];
    for (let at = table.offset; at + symbolSize <= table.offset + table.size; at += symbolSize) {
      const info = this.bytes[at + 4];
      list.push({
        name: this.string(strings, this.view.getUint32(at, true)),
        bind: info >> 4,
        type: info & 15,
        visibility: this.bytes[at + 5] & 3,
        section: this.view.getUint16(at + 6, true),
        value: this.u64(at + 8),
        size: this.u64(at + 16),
      });
    }
    return list;
  }

  /** The records of a SHT_RELA section. */
  relocations(s: ElfSection): ElfRelocation[] {
    const list: ElfRelocation[] = [];
    for (let at = s.offset; at + 24 <= s.offset + s.size; at += 24) {
      list.push({
        offset: this.u64(at),
        type: this.view.getUint32(at + 8, true),
        symbol: this.view.getUint32(at + 12, true),
        addend: this.view.getInt32(at + 20, true) * 4294967296 + this.view.getUint32(at + 16, true),
      });
    }
    return list;
  }
}
