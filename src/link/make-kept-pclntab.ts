/** Makes what kept-pclntab.ts reads, of tables that have been written with keepsDebug. */
import type { Link } from './context.ts';
import type { BlobClass, KeptPclnTexts } from './kept-pclntab.ts';
import * as Kind from './kinds.ts';
import { effectiveAlign } from './layout.ts';
import { type Loader, symbolData } from './loader.ts';
import type { KeptSymbols } from './make-kept-debug.ts';
import { loadFunc } from './materialize.ts';
import { NumberList } from './number-list.ts';
import { bytesOf, listBytes } from './parts.ts';
import type { WrittenPclnTab } from './pclntab.ts';

export interface MadePclnTab {
  readonly texts: KeptPclnTexts;
  readonly parts: readonly Uint8Array[];
}

/** Null if there is nothing to keep, or the main package has changed what the archives say. `alone`, `kept`: what these are without it. */
export function makeKeptPclnTab(
  link: Link,
  alone: Loader,
  kept: readonly number[],
  symbols: KeptSymbols,
  firstObject: number,
): MadePclnTab | null {
  const w = link.pclnTab;
  const l = link.loader;
  const { places } = symbols;
  if (w === null || w.count === 0) return null;
  const functions = w.functions.slice(0, w.count);
  const lists = {
    named: offsetsBelow(w.nameOffsets, w.namesEnd + 1, places),
    tabled: offsetsBelow(w.tableOffsets, w.tablesEnd, places),
  };
  const blobs = keptBlobs(w, l, places);
  const records = keptRecords(w, blobs.classOf);
  const all = [...functions, ...lists.named.symbols, ...lists.tabled.symbols, ...blobs.symbols, ...w.absent];
  if (all.some((s) => places[s] === 0)) return null;
  if (![...all, ...link.textp].every((s) => places[s] === 0 || isAsAlone(l, s, alone, kept[places[s] - 1])))
    return null;
  const place = (list: readonly number[]): Uint8Array => bytesOf(Int32Array.from(list, (s) => places[s] - 1));
  const numbers = (list: readonly number[]): Uint8Array => bytesOf(Int32Array.from(list));
  const bytes = (s: number, end: number): Uint8Array => (symbolData(l, s) ?? new Uint8Array(0)).slice(0, end);
  const parts: Uint8Array[] = [
    place(functions),
    bytes(w.tab.names, w.namesEnd),
    place(lists.named.symbols),
    numbers(lists.named.offsets),
    bytes(w.tab.files, w.filesEnd),
    numbers(w.fileNames.map(([, offset]) => offset)),
    numbers(w.units.flatMap(({ object, count, offsets }) => [object - firstObject, count, offsets.length])),
    numbers(w.units.flatMap(({ offsets }) => [...offsets])),
    bytes(w.tab.tables, w.tablesEnd),
    place(lists.tabled.symbols),
    numbers(lists.tabled.offsets),
    records.bytes,
    numbers(records.starts),
    listBytes(records.at),
    Uint8Array.from(records.classes),
    listBytes(records.offsets),
    blobs.bytes,
    place(blobs.symbols),
    numbers(blobs.places),
    place(blobs.symbols.filter((s) => l.relocEnd[s] > l.relocStart[s])),
    place([...w.absent]),
  ];
  const texts = { goroot: link.options.goroot, files: w.fileNames.map(([name]) => name), classes: blobs.classes };
  return { texts, parts };
}

/** Whether what both the main package and the archives define is as the archives have it. */
function isAsAlone(l: Loader, s: number, alone: Loader, other: number): boolean {
  if (l.object[s] === 0 || !l.objects[l.object[s]].library.isMain || alone.object[other] === 0) return true;
  if (Kind.isText(l.kind[s])) return isSameFunc(l, s, alone, other);
  return l.size[s] === alone.size[other] && effectiveAlign(l, s) === effectiveAlign(alone, other);
}

function isSameFunc(l: Loader, s: number, alone: Loader, other: number): boolean {
  const a = loadFunc(l, s);
  const b = loadFunc(alone, other);
  return a?.funcId === b?.funcId && a?.startLine === b?.startLine;
}

/** Symbols with an offset, other than 0, below the given one. */
function offsetsBelow(offsets: Int32Array, end: number, places: Int32Array): { symbols: number[]; offsets: number[] } {
  const symbols: number[] = [];
  for (let s = 0; s < places.length; s++) if (offsets[s] !== 0 && offsets[s] < end) symbols.push(s);
  return { symbols, offsets: symbols.map((s) => offsets[s]) };
}

interface KeptBlobs {
  classes: BlobClass[];
  bytes: Uint8Array;
  /** Those that are symbols of archives, and their offsets in the class. */
  symbols: number[];
  places: number[];
  /** By symbol: class and offset in it. */
  classOf: Map<number, [number, number]>;
}

function keptBlobs(w: WrittenPclnTab, l: Loader, places: Int32Array): KeptBlobs {
  const content = symbolData(l, w.tab.funcdata) ?? new Uint8Array(0);
  const kept: KeptBlobs = { classes: [], bytes: new Uint8Array(0), symbols: [], places: [], classOf: new Map() };
  const pieces: Uint8Array[] = [];
  for (const { align, blobs } of w.blobClasses) {
    if (blobs.length === 0) continue;
    const base = w.blobOffsets[blobs[0]] - 1;
    let length = 0;
    let count = 0;
    for (const s of blobs) {
      const offset = w.blobOffsets[s] - 1 - base;
      kept.classOf.set(s, [kept.classes.length, offset]);
      length = offset + l.size[s];
      // Inline trees are nobody's else.
      if (s >= places.length || places[s] === 0) continue;
      kept.symbols.push(s);
      kept.places.push(offset);
      count++;
    }
    kept.classes.push({ align, length, count });
    pieces.push(content.subarray(base, base + length));
  }
  kept.bytes = new Uint8Array(pieces.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of pieces) {
    kept.bytes.set(p, at);
    at += p.length;
  }
  return kept;
}

interface KeptRecords {
  bytes: Uint8Array;
  starts: number[];
  at: NumberList;
  classes: number[];
  offsets: NumberList;
}

function keptRecords(w: WrittenPclnTab, classOf: ReadonlyMap<number, [number, number]>): KeptRecords {
  const base = w.recordStarts[0];
  const starts = [...w.recordStarts.subarray(0, w.count)].map((at) => at - base);
  const r: KeptRecords = {
    bytes: w.functab.slice(base, w.recordsEnd),
    starts,
    at: new NumberList(),
    classes: [],
    offsets: new NumberList(),
  };
  for (const { at, blob } of w.blobReferences) {
    const known = classOf.get(blob);
    if (known === undefined) continue;
    r.at.push(at - base);
    r.classes.push(known[0]);
    r.offsets.push(known[1]);
  }
  return r;
}
