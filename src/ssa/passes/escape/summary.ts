/** What callers must know of where a function's parameters go (gc-contract 8.2). */

/** Where one parameter or captured variable flows: the smallest number of dereferences on the way; -1: not at all. */
export class Leaks {
  heap: number;
  readonly results: Int8Array;
  /** Flows into variables that the closure captured, by the offset of the capture in the closure object. */
  readonly captured: CapturedFlow[];

  constructor(results: number) {
    this.heap = -1;
    this.results = new Int8Array(results).fill(-1);
    this.captured = [];
  }
}

export interface CapturedFlow {
  readonly offset: number;
  derefs: number;
}

/** More dereferences than this make no difference. */
export const maxDerefs = 100;

export class EscapeSummary {
  readonly params: readonly Leaks[];
  /** Captures by offset in the closure object. */
  readonly captures: Map<number, Leaks>;

  constructor(params: readonly Leaks[], captures: Map<number, Leaks>) {
    this.params = params;
    this.captures = captures;
  }
}

function less(a: number, b: number): number {
  return a < 0 ? b : b < 0 ? a : Math.min(a, b);
}

export function leakToHeap(l: Leaks, derefs: number): void {
  l.heap = less(l.heap, derefs);
}

export function leakToResult(l: Leaks, result: number, derefs: number): void {
  l.results[result] = less(l.results[result], derefs);
}

export function leakToCaptured(l: Leaks, offset: number, derefs: number): void {
  const old = l.captured.find((c) => c.offset === offset);
  if (old === undefined) l.captured.push({ offset, derefs });
  else old.derefs = less(old.derefs, derefs);
}

/** What reaches the heap anyway need not be said to reach less. */
export function simplify(l: Leaks): void {
  if (l.heap < 0) return;
  for (let i = 0; i < l.results.length; i++) if (l.results[i] >= l.heap) l.results[i] = -1;
  for (let i = l.captured.length - 1; i >= 0; i--) if (l.captured[i].derefs >= l.heap) l.captured.splice(i, 1);
}

/** For comparing iterations and for dumps. */
export function leaksText(l: Leaks): string {
  const parts: string[] = [];
  if (l.heap >= 0) parts.push(`heap:${l.heap}`);
  l.results.forEach((d, i) => {
    if (d >= 0) parts.push(`r${i}:${d}`);
  });
  for (const c of [...l.captured].sort((a, b) => a.offset - b.offset)) parts.push(`c${c.offset}:${c.derefs}`);
  return parts.length === 0 ? '-' : parts.join(',');
}

export function summaryText(s: EscapeSummary): string {
  const captures = [...s.captures].sort((a, b) => a[0] - b[0]).map(([k, l]) => `c${k}=${leaksText(l)}`);
  return [...s.params.map(leaksText), ...captures].join(' ');
}
