/**
 * Escape analysis: decides for every allocation whether its memory may be in the frame, and tells callers where parameters
 * flow. Functions that call each other are analysed together; callees (and the closures a function makes) come first.
 */
import { Closure, type FuncRef } from '../call.ts';
import { AllocationSite, type Func } from '../func.ts';
import { buildGraph, type Lookup } from './escape/build.ts';
import type { FlowGraph } from './escape/graph.ts';
import { settleLoopVariables } from './escape/loop-variables.ts';
import { solve } from './escape/solve.ts';
import { EscapeSummary, Leaks, simplify, summaryText } from './escape/summary.ts';

const maxIterations = 20;

/**
 * Analyses the functions of one strongly connected component (calls and MakeClosure are the edges). Sets `escapes` of every
 * AllocationSite and Closure in them and returns their summaries, in order. `lookup` answers for functions outside the
 * component; null: nothing is known (assembly, or no body), then pragmas decide.
 */
export function analyzeEscape(funcs: readonly Func[], lookup: Lookup): EscapeSummary[] {
  const index = new Map<FuncRef, number>(funcs.map((f, i) => [f.ref, i]));
  const summaries = funcs.map((f) => emptySummary(f));
  const known = (ref: FuncRef): EscapeSummary | null => {
    const i = index.get(ref);
    return i === undefined ? lookup(ref) : summaries[i];
  };
  const isRecursive = funcs.length > 1 || mentions(funcs[0], funcs[0].ref);
  const graphs: FlowGraph[] = [];
  for (let round = 0; ; round++) {
    let changed = false;
    for (let i = 0; i < funcs.length; i++) {
      const g = buildGraph(funcs[i], known);
      const s = round < maxIterations ? emptySummary(funcs[i]) : worstSummary(funcs[i]);
      for (const offset of g.captures.keys()) s.captures.set(offset, new Leaks(funcs[i].results.length));
      solve(g, s);
      for (const l of s.params) simplify(l);
      for (const l of s.captures.values()) simplify(l);
      if (isRecursive && summaryText(s) !== summaryText(summaries[i])) changed = true;
      summaries[i] = s;
      graphs[i] = g;
    }
    if (changed) continue;
    graphs.forEach((g) => {
      record(g);
    });
    return summaries;
  }
}

function emptySummary(f: Func): EscapeSummary {
  return new EscapeSummary(
    f.params.map(() => new Leaks(f.results.length)),
    new Map(),
  );
}

/** For components that do not settle: every parameter leaks. */
function worstSummary(f: Func): EscapeSummary {
  const s = emptySummary(f);
  for (const l of s.params) l.heap = 0;
  return s;
}

function mentions(f: Func, ref: FuncRef): boolean {
  for (const b of f.blocks) {
    for (const v of b.values) {
      if (v.aux !== null && 'callee' in v.aux && v.aux.callee === ref) return true;
      if (v.aux instanceof Closure && v.aux.fn === ref) return true;
    }
  }
  return false;
}

function record(g: FlowGraph): void {
  settleLoopVariables(g);
  for (let n = 0; n < g.sites.length; n++) {
    const v = g.sites[n];
    if (v === undefined) continue;
    const escapes = g.escapes[n] === 1;
    if (v.aux instanceof AllocationSite) v.aux.escapes = escapes;
    else if (v.aux instanceof Closure) v.aux.escapes = escapes;
  }
}
