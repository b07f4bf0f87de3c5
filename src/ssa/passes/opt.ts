/** Applies the machine-independent rewriting rules (rules/) until none applies; folds branches on constants. */

import type { Block } from '../block.ts';
import * as B from '../block.ts';
import type { Func } from '../func.ts';
import * as Op from '../gen/op.ts';
import { aggregateRules } from '../rules/aggregate.ts';
import { arithmeticRules } from '../rules/arithmetic.ts';
import { isConst, type Rule } from '../rules/common.ts';
import { compareRules } from '../rules/compare.ts';
import { convertRules } from '../rules/convert.ts';
import { memoryRules } from '../rules/memory.ts';
import { makeUnconditional } from '../surgery.ts';
import { eliminatePhis, original } from './copy-elim.ts';
import { deadcode } from './deadcode.ts';

const rules: (Rule | null)[] = new Array<Rule | null>(Op.Count).fill(null);
for (const list of [arithmeticRules, compareRules, convertRules, aggregateRules, memoryRules]) {
  for (const [op, rule] of list) rules[op] = rule;
}

/** A safety net: every rule makes progress, so this is never reached. */
const maxRounds = 100;

export function opt(f: Func): void {
  for (let round = 0; round < maxRounds; round++) {
    let changed = false;
    for (const b of f.blocks) {
      const values = b.values;
      // New values are appended and visited, too.
      for (let i = 0; i < values.length; i++) {
        const v = values[i];
        const args = v.args;
        for (let k = 0; k < args.length; k++) if (args[k].op === Op.Copy) v.setArg(k, original(args[k]));
        if (v.uses === 0 && v.op !== Op.NilCheck) continue;
        const rule = rules[v.op];
        if (rule?.(f, v) === true) changed = true;
      }
    }
    eliminatePhis(f);
    let cut = false;
    for (const b of f.blocks) if (foldBranch(b)) cut = true;
    if (changed || cut) deadcode(f);
    if (!changed && !cut) return;
  }
}

function foldBranch(b: Block): boolean {
  if (b.kind === B.JumpTable) return foldTable(b);
  if (b.kind !== B.If) return false;
  let c = b.controls[0];
  let changed = false;
  while (c.op === Op.Not) {
    c = c.args[0];
    b.setControl(c);
    swapSuccessors(b);
    changed = true;
  }
  if (c.op === Op.ConstBool) {
    makeUnconditional(b, c.auxLo === 1 ? 0 : 1);
    return true;
  }
  return changed;
}

/** A table with a known index. */
function foldTable(b: Block): boolean {
  const c = original(b.controls[0]);
  if (!isConst(c) || c.auxHi !== 0 || c.auxLo < 0 || c.auxLo >= b.succs.length) return false;
  let taken = c.auxLo;
  // The last edge takes the place of a removed one.
  while (b.succs.length > 1) {
    const last = b.succs.length - 1;
    B.removeEdge(b, taken === last ? 0 : last, Op.Phi);
    if (taken === last) taken = 0;
  }
  b.kind = B.Plain;
  b.setControl(null);
  return true;
}

export function swapSuccessors(b: Block): void {
  const [x, y] = b.succs;
  b.succs[0] = y;
  b.succs[1] = x;
  y.block.preds[y.index].index = 0;
  x.block.preds[x.index].index = 1;
  b.likely = -b.likely;
}
