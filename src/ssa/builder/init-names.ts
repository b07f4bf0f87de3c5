/** What the initialisation expressions of a package's variables contain: one analysis for all, so that literals are numbered in one row. */
import { packageInitOrder } from '#types/check.ts';
import type { Package } from '#types/package.ts';
import { Analysis, analyzeExpr } from './analyze.ts';

const cache = new WeakMap<Package, Analysis>();

/** Literals are named P.init.func1, ... in the order of initialisation, whether or not the variable's value turns out to be data. */
export function initAnalysisOf(pkg: Package): Analysis {
  let all = cache.get(pkg);
  if (all === undefined) {
    all = new Analysis();
    for (const init of packageInitOrder(pkg)) merge(all, analyzeExpr(init.rhs));
    cache.set(pkg, all);
  }
  return all;
}

function merge(into: Analysis, from: Analysis): void {
  for (const [k, v] of from.vars) into.vars.set(k, v);
  for (const [k, v] of from.captures) into.captures.set(k, v);
  for (const k of from.defers) into.defers.add(k);
  for (const [k, v] of from.openDefers) into.openDefers.set(k, v);
  for (const k of from.recovers) into.recovers.add(k);
  for (const [k, v] of from.wrapSuffixes) into.wrapSuffixes.set(k, v);
  for (const k of from.gotoTargets) into.gotoTargets.add(k);
  const before = [...into.suffixes.values()].filter((s) => s.startsWith(outermost)).length;
  for (const [k, v] of from.suffixes) {
    into.suffixes.set(k, v.startsWith(outermost) ? outermost + (Number(v.slice(outermost.length)) + before) : v);
  }
}

const outermost = '.func';
