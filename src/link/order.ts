/**
 * The order of symbols where sizes, kinds and packages leave it open. Symbols of packages in memory are numbered as they are reached, which depends on
 * what was made beforehand; so their names decide, and for file-local symbols of one name their package and content.
 */
import { compareText } from '#base/bytes.ts';
import { type Loader, symbolData, symbolName, VersionStatic } from './loader.ts';

export function compareSymbols(l: Loader, a: number, b: number): number {
  const { prelinked } = l;
  // Those are numbered in this order.
  if (prelinked !== null && a < prelinked.count && b < prelinked.count) return a - b;
  return compareText(symbolName(l, a), symbolName(l, b)) || compareNamesakes(l, a, b) || a - b;
}

function compareNamesakes(l: Loader, a: number, b: number): number {
  const byVersion = Math.min(l.version[a], VersionStatic) - Math.min(l.version[b], VersionStatic);
  if (byVersion !== 0) return byVersion;
  const pathOf = (i: number): string => l.objects[l.object[i]].library.path;
  return compareText(pathOf(a), pathOf(b)) || compareBytes(symbolData(l, a), symbolData(l, b));
}

export function compareBytes(a: Uint8Array | null, b: Uint8Array | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  const n = Math.min(a.length, b.length);
  for (let k = 0; k < n; k++) if (a[k] !== b[k]) return a[k] - b[k];
  return a.length - b.length;
}

/** Orders symbols that are equal in everything else, if numbers do not tell. */
export function orderByName(l: Loader, list: number[]): void {
  if (l.ordersByName) list.sort((a, b) => compareSymbols(l, a, b));
}
