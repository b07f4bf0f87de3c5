/** Removes nil checks of pointers that a dominating check or comparison shows not to be nil. */

import type { Block } from '../block.ts';
import * as B from '../block.ts';
import { type DominatorTree, dominators } from '../dominators.ts';
import type { Func } from '../func.ts';
import * as Op from '../gen/op.ts';
import { nilness } from '../rules/compare.ts';
import type { Value } from '../value.ts';
import { eliminateCopies, original } from './copy-elim.ts';

export function eliminateNilChecks(f: Func): void {
  const checks: Value[] = [];
  for (const b of f.blocks) for (const v of b.values) if (v.op === Op.NilCheck) checks.push(v);
  if (checks.length === 0) return;
  const tree = dominators(f);
  // By pointer: the block where its being non-nil is known, and what to use instead.
  const known: (Value[] | undefined)[] = [];
  const tested: (Block[] | undefined)[] = [];
  for (const b of f.blocks) noteBranch(b, tested);
  const order = tree.postorder;
  for (let i = order.length - 1; i >= 0; i--) {
    for (const v of order[i].values) {
      if (v.op !== Op.NilCheck) continue;
      const ptr = rootOf(v.args[0]);
      const replacement = findKnown(tree, v, ptr, known[ptr.id], tested[ptr.id]);
      if (replacement !== null) v.copyOf(replacement, Op.Copy);
      else (known[ptr.id] ??= []).push(v);
    }
  }
  eliminateCopies(f);
}

/** The pointer itself, without checks of it. */
function rootOf(v: Value): Value {
  let p = v.op === Op.Copy ? original(v) : v;
  while (p.op === Op.NilCheck || p.op === Op.Copy) p = p.args[0];
  return p;
}

function noteBranch(b: Block, tested: (Block[] | undefined)[]): void {
  if (b.kind !== B.If || b.controls[0].op !== Op.IsNonNil) return;
  const to = b.succs[0].block;
  if (to.preds.length !== 1) return;
  const ptr = rootOf(b.controls[0].args[0]);
  (tested[ptr.id] ??= []).push(to);
}

function findKnown(
  tree: DominatorTree,
  v: Value,
  ptr: Value,
  checks: Value[] | undefined,
  blocks: Block[] | undefined,
): Value | null {
  if (nilness(ptr) === 1) return v.args[0];
  if (blocks !== undefined) for (const b of blocks) if (tree.dominates(b, v.block)) return v.args[0];
  if (checks === undefined) return null;
  for (const c of checks) {
    if (c.block !== v.block && tree.dominates(c.block, v.block)) return c;
    // In one block values have no order but that of memory: a check in the same state of memory is as good.
    if (c.block === v.block && c.args[1] === v.args[1]) return c;
    if (c.block === v.block && precedes(c.args[1], v.args[1])) return c;
  }
  return null;
}

/** How many states back in the same block to look. */
const maxSteps = 50;

/** Whether memory state a is the same as or earlier than b, within one block. */
function precedes(a: Value, b: Value): boolean {
  let m = b;
  for (let i = 0; i < maxSteps; i++) {
    if (m === a) return true;
    if (m.block !== b.block || m.op === Op.Phi || m.args.length === 0) return m.block !== b.block && a === m;
    m = m.args[m.args.length - 1];
  }
  return false;
}
