/**
 * No chain of functions without stack check may need more stack than a checked function guarantees below its frame.
 * Source of limit, heights and report: cmd/link/internal/ld/stackcheck.go, internal/abi/stack.go (StackNosplitBase).
 */

import * as ObjAttr from '#obj/attributes.ts';
import { PcValueReader } from '#obj/pcvalue.ts';
import * as R from '#obj/reloc-types.ts';
import type { Link } from './context.ts';
import { type Loader, lookup, symbolData, symbolName, Version0 } from './loader.ts';
import { hasFunc, loadFunc } from './materialize.ts';

const nosplitBase = 800;
/** The return address. */
const callSize = 8;
/** Stands for "without bound": a cycle. */
const endless = 0x7fff;
/** A call through a function value, taken to be of a checked function. */
const indirect = -1;
const leaf = 0;

interface Edge {
  growth: number;
  target: number;
}

class StackCheck {
  readonly link: Link;
  readonly l: Loader;
  readonly morestack: number;
  readonly heights: Map<number, number>;
  /** Edges of each function, kept only to report. */
  readonly graph: Map<number, Edge[]> | null;

  constructor(link: Link, withGraph: boolean) {
    this.link = link;
    this.l = link.loader;
    this.morestack = lookup(link.loader, 'runtime.morestack', Version0);
    this.heights = new Map();
    this.graph = withGraph ? new Map() : null;
  }
}

/** Reports every chain over the limit; the report itself goes to the output, the errors to the link. */
export function checkStack(link: Link): void {
  const limit = nosplitBase - callSize;
  const first = new StackCheck(link, false);
  const { attrs } = link.loader;
  const { debugNosplit } = link.options;
  // What checks its stack needs no more than the call of morestack.
  const failed = link.textp.filter(
    (s) => (debugNosplit || (attrs[s] & ObjAttr.NoSplit) !== 0) && heightOf(first, s) > limit,
  );
  if (failed.length === 0) return;
  const sc = new StackCheck(link, true);
  for (const s of failed) heightOf(sc, s);
  for (const root of findRoots(sc)) {
    link.error(`${symbolName(link.loader, root)}: nosplit stack over ${limit} byte limit`);
    report(sc, root, limit, [{ growth: 0, target: root, printed: false }]);
  }
}

function nameOf(sc: StackCheck, s: number): string {
  if (s === indirect) return 'indirect';
  if (s === leaf) return 'leaf';
  return `${symbolName(sc.l, s)}<${sc.l.version[s]}>`;
}

/** Most bytes that s and what it calls take without a check. */
function heightOf(sc: StackCheck, s: number): number {
  const known = sc.heights.get(s);
  if (known !== undefined) return known;
  sc.heights.set(s, endless);
  const edges: Edge[] | null = sc.graph !== null || sc.link.options.debugNosplit ? [] : null;
  const height = Math.min(computeHeight(sc, s, edges), endless);
  sc.heights.set(s, height);
  if (edges === null) return height;
  sc.graph?.set(s, edges);
  if (sc.link.options.debugNosplit) {
    for (const e of edges) {
      const to = e.target === leaf ? '' : ` -> ${nameOf(sc, e.target)}`;
      sc.link.host.print(`nosplit: ${nameOf(sc, s)} +${e.growth}${to}\n`);
    }
  }
  return height;
}

function computeHeight(sc: StackCheck, s: number, edges: Edge[] | null): number {
  // morestack switches stacks before it calls anything.
  if (s === sc.morestack) return 0;
  if (s === indirect) {
    edges?.push({ growth: callSize, target: sc.morestack });
    return callSize;
  }
  const l = sc.l;
  // C functions run on the system stack.
  if (!hasFunc(l, s)) return 0;
  let max = 0;
  const add = (growth: number, target: number): void => {
    edges?.push({ growth, target });
    const height = growth + (target === leaf ? 0 : heightOf(sc, target));
    if (height > max) max = height;
  };
  if ((l.attrs[s] & ObjAttr.NoSplit) === 0) {
    add(callSize, sc.morestack);
    return max;
  }
  const info = loadFunc(l, s);
  if (info === null) return 0;
  let maxLocal = 0;
  let r = l.relocStart[s];
  const end = l.relocEnd[s];
  const table = symbolData(l, info.pcsp) ?? new Uint8Array(0);
  for (const pcsp = new PcValueReader(table); !pcsp.done; pcsp.next()) {
    maxLocal = Math.max(maxLocal, pcsp.value);
    for (; r < end && l.relocOffset[r] < pcsp.nextPc; r++) {
      const type = l.relocType[r];
      if (type === R.CallInd) add(pcsp.value + callSize, indirect);
      else if (R.isDirectCall(type & 0x7fff)) add(pcsp.value + callSize, l.relocTarget[r]);
    }
  }
  if (maxLocal > max) add(maxLocal, leaf);
  return max;
}

/** Functions of the graph that no other one calls; of a cycle nobody enters, the lowest-numbered. */
function findRoots(sc: StackCheck): number[] {
  const graph = sc.graph ?? new Map<number, Edge[]>();
  const nodes = new Set(graph.keys());
  const walk = (origin: number, s: number): { cycle: boolean; lowest: number } => {
    if (!nodes.has(s)) return { cycle: false, lowest: 0 };
    nodes.delete(s);
    if (origin === s) return { cycle: true, lowest: s };
    let cycle = false;
    let lowest = 0;
    for (const e of graph.get(s) ?? []) {
      const inner = walk(origin, e.target);
      if (!inner.cycle) continue;
      cycle = true;
      if (lowest === 0) lowest = s;
      if (inner.lowest < lowest) lowest = inner.lowest;
    }
    return { cycle, lowest };
  };
  for (const k of [...graph.keys()].sort((a, b) => a - b)) {
    if (!nodes.has(k)) continue;
    for (const e of graph.get(k) ?? []) {
      const { cycle, lowest } = walk(k, e.target);
      if (cycle) nodes.add(lowest);
    }
  }
  const height = (s: number): number => sc.heights.get(s) ?? 0;
  return [...nodes].sort((a, b) => height(b) - height(a) || a - b);
}

interface ChainLink extends Edge {
  printed: boolean;
}

/** Prints every chain from s that ends over the limit, the common beginning once. */
function report(sc: StackCheck, s: number, depth: number, chain: ChainLink[]): void {
  const graph = sc.graph;
  if (graph === null) return;
  const edges = graph.get(s);
  const isCycle = edges === undefined && s !== leaf;
  graph.delete(s);
  for (const e of edges ?? []) {
    chain.push({ growth: e.growth, target: e.target, printed: false });
    report(sc, e.target, depth - e.growth, chain);
    chain.pop();
  }
  if (edges !== undefined) graph.set(s, edges);
  if ((edges !== undefined && edges.length > 0) || (depth >= 0 && !isCycle)) return;
  let indent = '';
  let text = '';
  for (let i = 0; i < chain.length; i++) {
    const link = chain[i];
    if (link.printed) continue;
    link.printed = true;
    if (i === 0) {
      text += `${nameOf(sc, link.target)}\n`;
      continue;
    }
    indent = '    '.repeat(i);
    text += `${indent}grows ${link.growth} bytes${link.target === leaf ? '' : `, calls ${nameOf(sc, link.target)}`}\n`;
  }
  text += isCycle ? `${indent}infinite cycle\n` : `${indent}${-depth} bytes over limit\n`;
  sc.link.host.print(text);
}
