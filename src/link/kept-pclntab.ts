/**
 * Tables of an excerpt's functions (pclntab.ts), kept as they were written: of those that come before the first one that a main package defines. What
 * follows is added to them. make-kept-pclntab.ts makes it.
 */
import type { Link } from './context.ts';
import type { Excerpt } from './excerpt.ts';
import * as Kind from './kinds.ts';
import type { LinkObject, Loader } from './loader.ts';
import type { PartReader } from './parts.ts';

export interface KeptPclnTexts {
  readonly goroot: string;
  /** Names of source files as objects have them. */
  readonly files: readonly string[];
  readonly classes: readonly BlobClass[];
}

/** Funcdata of one alignment: so many bytes from the first one's start on, and that many symbols. */
export interface BlobClass {
  readonly align: number;
  readonly length: number;
  readonly count: number;
}

export class KeptPclnTab {
  readonly texts: KeptPclnTexts;
  private readonly excerpt: Excerpt;
  /** Places of the functions. */
  private readonly functions: Int32Array;
  /** runtime.funcnametab, and the symbols whose names it has. */
  readonly names: Uint8Array;
  private readonly named: Int32Array;
  private readonly nameOffset: Int32Array;
  /** runtime.filetab, and where `texts.files` are. */
  readonly fileNames: Uint8Array;
  readonly fileOffset: Int32Array;
  /** Units by number of object and of files; the offsets of these in turn. */
  private readonly units: Int32Array;
  private readonly unitFiles: Int32Array;
  /** runtime.pctab, and what it has. */
  readonly tables: Uint8Array;
  private readonly tabled: Int32Array;
  private readonly tableOffset: Int32Array;
  /** Records of runtime.functab, where each begins, and where offsets of funcdata are in them: class, and offset in it. */
  readonly records: Uint8Array;
  readonly recordStart: Int32Array;
  readonly blobAt: Int32Array;
  readonly blobClass: Uint8Array;
  readonly blobOffset: Int32Array;
  /** Funcdata by class: bytes, symbols with their offsets. */
  readonly blobs: Uint8Array;
  private readonly blobSymbols: Int32Array;
  private readonly blobPlace: Int32Array;
  /** Those with relocations. */
  private readonly relocated: Int32Array;
  /** Names of funcdata that nobody defines. */
  private readonly absent: Int32Array;

  constructor(excerpt: Excerpt, texts: KeptPclnTexts, parts: PartReader) {
    this.excerpt = excerpt;
    this.texts = texts;
    this.functions = parts.i32();
    this.names = parts.u8();
    this.named = parts.i32();
    this.nameOffset = parts.i32();
    this.fileNames = parts.u8();
    this.fileOffset = parts.i32();
    this.units = parts.i32();
    this.unitFiles = parts.i32();
    this.tables = parts.u8();
    this.tabled = parts.i32();
    this.tableOffset = parts.i32();
    this.records = parts.u8();
    this.recordStart = parts.i32();
    this.blobAt = parts.i32();
    this.blobClass = parts.u8();
    this.blobOffset = parts.i32();
    this.blobs = parts.u8();
    this.blobSymbols = parts.i32();
    this.blobPlace = parts.i32();
    this.relocated = parts.i32();
    this.absent = parts.i32();
  }

  get count(): number {
    return this.functions.length;
  }

  /** Whether these are the first functions, at their addresses, with tables that are as they were. */
  fits(link: Link, functions: readonly number[], textStart: number): boolean {
    const l = link.loader;
    const { excerpt, records, recordStart, absent } = this;
    const { numbers } = excerpt;
    if (link.options.goroot !== this.texts.goroot || functions.length < this.count) return false;
    const view = new DataView(records.buffer, records.byteOffset, records.byteLength);
    for (let k = 0; k < this.count; k++) {
      const s = functions[k];
      if (s !== numbers[this.functions[k]] || l.objects[l.object[s]].part === null) return false;
      if (view.getInt32(recordStart[k], true) !== l.value[s] - textStart) return false;
    }
    for (let n = 0; n < absent.length; n++) if (l.kind[numbers[absent[n]]] !== Kind.Undefined) return false;
    const isTable = new Uint8Array(excerpt.count);
    for (const list of [this.tabled, this.blobSymbols]) for (let n = 0; n < list.length; n++) isTable[list[n]] = 1;
    return excerpt.taken.every(
      (k) => !excerpt.isDefined(k) || excerpt.hasSameTables(l, k, numbers[k], isTable[k] !== 0),
    );
  }

  /** Sets, by symbol, the offset of each name, plus one. */
  placeNames(offsets: Int32Array): void {
    const { named, nameOffset } = this;
    const { numbers } = this.excerpt;
    for (let n = 0; n < named.length; n++) offsets[numbers[named[n]]] = nameOffset[n];
  }

  placeTables(offsets: Int32Array): void {
    const { tabled, tableOffset } = this;
    const { numbers } = this.excerpt;
    for (let n = 0; n < tabled.length; n++) offsets[numbers[tabled[n]]] = tableOffset[n];
  }

  /** Calls visit for each unit that has functions, with the offsets of the names of its files. */
  forEachUnit(l: Loader, visit: (unit: LinkObject, count: number, offsets: Int32Array) => void): void {
    const { units, unitFiles } = this;
    for (let n = 0, at = 0; n < units.length; n += 3) {
      const size = units[n + 2];
      visit(l.objects[this.excerpt.objectNumber(units[n])], units[n + 1], unitFiles.slice(at, at + size));
      at += size;
    }
  }

  /** Calls visit for each symbol of class c of funcdata, with its offset there. */
  forEachBlob(c: number, visit: (s: number, offset: number) => void): void {
    const { classes } = this.texts;
    const { numbers } = this.excerpt;
    let first = 0;
    for (let k = 0; k < c; k++) first += classes[k].count;
    for (let n = first; n < first + classes[c].count; n++) visit(numbers[this.blobSymbols[n]], this.blobPlace[n]);
  }

  relocatedBlobs(): number[] {
    return Array.from(this.relocated, (k) => this.excerpt.numbers[k]);
  }
}
