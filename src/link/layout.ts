/** Segments and sections of the image: what the layout steps fill and the format writers read. */
import type { Loader } from './loader.ts';

export const Read = 4;
export const Write = 2;
export const Execute = 1;

export class Section {
  readonly name: string;
  readonly segment: Segment;
  /** Read, Write, Execute bits. */
  readonly access: number;
  align: number;
  /** Offset in its segment's data until addresses are assigned. */
  address: number;
  length: number;
  /** Number in the list of all sections of the layout. */
  readonly index: number;
  /** Finished bytes, of debug sections; null where symbols are written one by one. */
  content: Uint8Array | null;
  isCompressed: boolean;
  symbols: number[];

  constructor(name: string, segment: Segment, access: number, index: number) {
    this.name = name;
    this.segment = segment;
    this.access = access;
    this.align = 1;
    this.address = 0;
    this.length = 0;
    this.index = index;
    this.content = null;
    this.isCompressed = false;
    this.symbols = [];
  }
}

export class Segment {
  readonly name: string;
  readonly access: number;
  address: number;
  /** In memory. */
  length: number;
  fileOffset: number;
  fileLength: number;
  readonly sections: Section[];

  constructor(name: string, access: number) {
    this.name = name;
    this.access = access;
    this.address = 0;
    this.length = 0;
    this.fileOffset = 0;
    this.fileLength = 0;
    this.sections = [];
  }
}

export class Layout {
  readonly text: Segment;
  readonly rodata: Segment;
  /** Read-only after dynamic relocation. */
  readonly relro: Segment;
  readonly data: Segment;
  /** Not loaded. */
  readonly dwarf: Segment;
  /** All sections, by number. */
  readonly sections: Section[];
  /** Bytes reserved for the headers in front of the text. */
  readonly headerSize: number;
  textAddress: number;
  round: number;
  funcAlign: number;

  constructor(headerSize: number) {
    this.text = new Segment('text', Read | Execute);
    this.rodata = new Segment('rodata', Read);
    this.relro = new Segment('relro', Read | Write);
    this.data = new Segment('data', Read | Write);
    this.dwarf = new Segment('dwarf', Read);
    this.sections = [];
    this.headerSize = headerSize;
    this.textAddress = 0;
    this.round = 4096;
    this.funcAlign = 32;
  }
}

export function addSection(layout: Layout, segment: Segment, name: string, access: number): Section {
  const s = new Section(name, segment, access, layout.sections.length);
  layout.sections.push(s);
  segment.sections.push(s);
  return s;
}

export function findSection(segment: Segment, name: string): Section | null {
  return segment.sections.find((s) => s.name === name) ?? null;
}

/** Smallest and largest alignment chosen by size (amd64/l.go). */
const minAlign = 1;
const maxAlign = 32;

/** What symbolAlign tells, of a symbol whose alignment may not be settled yet. */
export function effectiveAlign(l: Loader, i: number): number {
  return l.align[i] === 0 ? alignOf(l.size[i]) : Math.max(l.align[i], minAlign);
}

/** The alignment that a size asks for. */
export function alignOf(size: number): number {
  let align = maxAlign;
  while (align > size && align > minAlign) align >>= 1;
  return align;
}

/** The alignment of a symbol: its own, else the largest power of two up to its size, at most 32. */
export function symbolAlign(l: Loader, i: number): number {
  const own = l.align[i];
  if (own !== 0) return Math.max(own, minAlign);
  const align = alignOf(l.size[i]);
  l.align[i] = align;
  return align;
}
