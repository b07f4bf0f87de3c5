/** Finds, for each place that can outlive others, what flows there and how often dereferenced; marks allocations that escape. */
import { bug } from '#base/bug.ts';
import type { FlowGraph } from './graph.ts';
import { type Leaks, leakToCaptured, leakToHeap, leakToResult, maxDerefs } from './summary.ts';

export interface Solution {
  /** By parameter. */
  readonly params: readonly Leaks[];
  /** By offset of the capture. */
  readonly captures: Map<number, Leaks>;
}

class Walker {
  readonly g: FlowGraph;
  readonly solution: Solution;
  readonly best: Int32Array;
  readonly seen: Int32Array;
  /** Parameter and capture leaks by node. */
  readonly sources: (Leaks | undefined)[];
  readonly work: number[];
  readonly todo: number[];
  readonly queued: Uint8Array;
  generation: number;

  constructor(g: FlowGraph, solution: Solution) {
    this.g = g;
    this.solution = solution;
    this.best = new Int32Array(g.size);
    this.seen = new Int32Array(g.size);
    this.sources = [];
    this.work = [];
    this.todo = g.roots.slice();
    this.queued = new Uint8Array(g.size);
    for (const r of g.roots) this.queued[r] = 1;
    this.generation = 0;
    solution.params.forEach((l, i) => {
      this.sources[g.firstParam + i] = l;
    });
    for (const [offset, node] of g.captures) {
      const l = solution.captures.get(offset);
      if (l !== undefined) this.sources[node] = l;
    }
  }
}

export function solve(g: FlowGraph, solution: Solution): void {
  const w = new Walker(g, solution);
  for (let root = w.todo.pop(); root !== undefined; root = w.todo.pop()) {
    w.queued[root] = 0;
    walk(w, root);
  }
}

/** For debugging: told why an allocation escapes, as the places its address goes through, up to the one that outlives it. */
let explain: ((g: FlowGraph, site: number, path: readonly number[]) => void) | null = null;

export function explainEscapes(fn: typeof explain): void {
  explain = fn;
}

function pathFrom(via: Int32Array, n: number): number[] {
  const path = [n];
  for (let x = via[n]; x >= 0; x = via[x]) path.push(x);
  return path;
}

function walk(w: Walker, root: number): void {
  const { g, best, seen, work } = w;
  const gen = ++w.generation;
  const via = explain === null ? null : new Int32Array(g.size).fill(-1);
  best[root] = 0;
  seen[root] = gen;
  work.push(root);
  for (let n = work.pop(); n !== undefined; n = work.pop()) {
    const isAddress = best[n] < 0;
    const derefs = isAddress ? 0 : best[n];
    if (n !== root && g.outlives(root, n)) {
      const leaks = w.sources[n];
      if (leaks !== undefined) {
        recordLeak(w, leaks, root, derefs);
        if (explain !== null && via !== null) explain(g, n, pathFrom(via, n));
      }
      if (isAddress && n >= g.firstParam && n < g.firstParam + w.solution.params.length) {
        bug(`the address of parameter ${n - g.firstParam} escapes: it has to be copied to an allocation`);
      }
      if (isAddress && g.escapes[n] === 0 && g.sites[n] !== undefined) {
        g.escapes[n] = 1;
        if (explain !== null && via !== null) explain(g, n, pathFrom(via, n));
        if (w.queued[n] === 0) {
          w.queued[n] = 1;
          w.todo.push(n);
        }
        continue;
      }
    }
    for (let e = g.head[n]; e >= 0; e = g.nextEdge[e]) {
      const src = g.from[e];
      const d = Math.min(derefs + g.derefs[e], maxDerefs);
      if (seen[src] === gen && best[src] <= d) continue;
      seen[src] = gen;
      best[src] = d;
      if (via !== null) via[src] = n;
      work.push(src);
    }
  }
}

function recordLeak(w: Walker, leaks: Leaks, root: number, derefs: number): void {
  const { g } = w;
  if (g.escapes[root] === 1) {
    leakToHeap(leaks, derefs);
    return;
  }
  if (g.depth[root] >= 0) return;
  if (root >= g.firstResult && root < g.firstParam) {
    leakToResult(leaks, root - g.firstResult, derefs);
    return;
  }
  for (const [offset, node] of g.captured) {
    if (node === root) {
      leakToCaptured(leaks, offset, derefs);
      return;
    }
  }
  bug('a value leaks to an unknown place');
}
