/**
 * Counting variables: a phi that starts somewhere and moves by a constant, under a test that keeps it from wrapping around, is
 * never on the other side of its start.
 */
import type { Block } from '../../block.ts';
import * as B from '../../block.ts';
import * as Op from '../../gen/op.ts';
import type { Value } from '../../value.ts';
import { constant, type Facts } from './facts.ts';

/** Learns what holds of the phis at the head of a loop, when it is entered. */
export function learnCounters(p: Facts, header: Block): void {
  if (header.preds.length !== 2 || !p.isLoopHeader(header)) return;
  const back = p.tree.dominates(header, header.preds[1].block) ? 1 : 0;
  if (p.tree.dominates(header, header.preds[1 - back].block)) return;
  for (const v of header.values) {
    if (v.op !== Op.Phi || v.args.length !== 2) continue;
    const step = stepOf(v, v.args[back]);
    if (step === 0 || !isGuarded(p, v, header.preds[back].block, step)) continue;
    const start = v.args[1 - back];
    if (step > 0) p.difference(start, v, 0);
    else p.difference(v, start, 0);
  }
}

/** The constant by which next is more than v; 0: none. */
function stepOf(v: Value, next: Value): number {
  if ((next.op !== Op.Add64 && next.op !== Op.Sub64) || next.args[0] !== v) return 0;
  const n = constant(next.args[1]);
  if (Number.isNaN(n)) return 0;
  return next.op === Op.Add64 ? n : -n;
}

/** Whether the way to the back edge passes a test that leaves room for one more step. */
function isGuarded(p: Facts, v: Value, back: Block, step: number): boolean {
  for (let b: Block | null = back; b !== null; b = p.tree.idom[b.id]) {
    if (b.preds.length === 1) {
      const from = b.preds[0].block;
      if (from.kind === B.If && leavesRoom(p, v, from.controls[0], b.preds[0].index === 0, step)) return true;
    }
    if (b === v.block) return false;
  }
  return false;
}

function leavesRoom(p: Facts, v: Value, c: Value, truth: boolean, step: number): boolean {
  const [x, y] = c.args;
  switch (c.op) {
    case Op.Less64:
      return truth ? bounded(p, v, x, y, -1, step) : bounded(p, v, y, x, 0, step);
    case Op.Leq64:
      return truth ? bounded(p, v, x, y, 0, step) : bounded(p, v, y, x, -1, step);
    case Op.IsInBounds:
      return truth && bounded(p, v, x, y, -1, step);
    default:
      return false;
  }
}

/** Of x <= y + c. */
function bounded(p: Facts, v: Value, x: Value, y: Value, c: number, step: number): boolean {
  if (step > 0) return x === v && (step <= -c || p.sumIsExact(y, c + step));
  return y === v && (-step <= -c || p.sumIsExact(x, -c + step));
}
