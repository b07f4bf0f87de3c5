/**
 * A variable of a for clause has one instance per iteration (Go spec, "For statements"): the builder allocates the next one at
 * the end of the body and copies. If no address outlives its iteration, nobody can tell the instances apart, and one variable
 * does for all. To find out, the instances are one place made in the loop, and the phi of their addresses holds nothing over.
 */
import { AllocationSite } from '../../func.ts';
import * as Op from '../../gen/op.ts';
import type { Value } from '../../value.ts';
import type { FlowGraph } from './graph.ts';

export function shareLoopVariables(g: FlowGraph): void {
  if (g.nest.irreducible) return;
  for (const loop of g.nest.loops) {
    const b = loop.header;
    for (const phi of b.values) {
      if (phi.op !== Op.Phi || phi.args.length !== 2) continue;
      const latch = g.isInside(b.preds[0].block, loop) ? 0 : 1;
      const first = allocationOf(phi.args[1 - latch]);
      const next = allocationOf(phi.args[latch]);
      if (
        first === null ||
        next === null ||
        g.isInside(first.block, loop) ||
        !g.isInside(next.block, loop) ||
        !isSameVariable(first, next)
      )
        continue;
      if (g.contents[first.id] !== undefined || g.contents[next.id] !== undefined) continue;
      const node = g.addNode(loop.depth);
      g.contents[first.id] = node;
      g.contents[next.id] = node;
      g.sites[node] = next;
      g.blocks[node] = next.block;
      g.roots.push(node);
      g.loopVariables.push({ phi, first, next, node });
    }
  }
}

function allocationOf(v: Value): Value | null {
  return v.op === Op.SelectN && v.auxLo === 0 && v.args[0].op === Op.Alloc ? v.args[0] : null;
}

function isSameVariable(a: Value, b: Value): boolean {
  const x = a.aux;
  const y = b.aux;
  if (!(x instanceof AllocationSite) || !(y instanceof AllocationSite)) return false;
  return x.isVariable && y.isVariable && x.pos === y.pos && x.what === y.what && x.type === y.type;
}

/** After solving: separate instances on the heap, or one variable. */
export function settleLoopVariables(g: FlowGraph): void {
  for (const { phi, first, next, node } of g.loopVariables) {
    if (g.escapes[node] === 1) {
      if (first.aux instanceof AllocationSite) first.aux.escapes = true;
      continue;
    }
    if (first.aux instanceof AllocationSite) first.aux.escapes = false;
    for (const b of phi.block.func.blocks) {
      for (const v of b.values) {
        if (v.op !== Op.SelectN || v.args[0] !== next) continue;
        v.copyOf(v.auxLo === 0 ? phi : next.args[0], Op.Copy);
      }
    }
  }
}
