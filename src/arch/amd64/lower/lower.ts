/**
 * Instruction selection: every value is rewritten until no rule applies. Generic operations have one way down (direct.ts,
 * arithmetic.ts, shift.ts, compare.ts, convert.ts, memory.ts); then the machine operations are improved (fold.ts, flags.ts,
 * address.ts). One table by operation holds the rule; rules work in place, and what they orphan is removed afterwards.
 */
import { Uintptr } from '#abi/gotype.ts';
import { bug } from '#base/bug.ts';
import type { Block } from '#ssa/block.ts';
import * as B from '#ssa/block.ts';
import type { Func } from '#ssa/func.ts';
import * as Op from '#ssa/gen/op.ts';
import type { Value } from '#ssa/value.ts';
import * as A from '../gen/op.ts';
import * as Table from '../op-table.ts';
import { forms } from '../ops.ts';
import { addressOf, foldMemory } from './address.ts';
import { arithmetic, selectOfCarry, selectOfMulOver, selectOfSplit } from './arithmetic.ts';
import { byteGroups } from './byte-groups.ts';
import { become1, type Rule } from './common.ts';
import { comparisons } from './compare.ts';
import { conversions } from './convert.ts';
import { direct } from './direct.ts';
import { flagRules, lowerIf } from './flags.ts';
import { folds } from './fold.ts';
import { memoryRules, selectOfAdd } from './memory.ts';
import { shifts } from './shift.ts';

/** By operation; null: stays as it is. */
const rules: (Rule | null)[] = Array.from({ length: A.Count }, () => null);

function initRules(): void {
  for (const list of [arithmetic, shifts, comparisons, conversions, byteGroups, memoryRules, folds, flagRules])
    for (const [op, rule] of list) {
      if (rules[op] !== null) bug(`two rules for operation ${op}`);
      rules[op] = rule;
    }
  for (let op = A.First; op < A.Count; op++) {
    const form = forms[op];
    if (addressOf(op) < 0 && form !== Table.LoadIndexed && form !== Table.StoreIndexed) continue;
    if (rules[op] !== null) bug(`two rules for operation ${op}`);
    rules[op] = foldMemory;
  }
  rules[Op.Select0] = select;
  rules[Op.Select1] = select;
  rules[Op.SelectN] = select;
}

/** Elements of tuples that are taken apart, and flags that are constants. */
function select(f: Func, v: Value): boolean {
  switch (v.args[0].op) {
    case Op.Add64carry:
    case Op.Sub64borrow:
      return selectOfCarry(f, v);
    case Op.Mul64uover:
      return selectOfMulOver(f, v);
    case A.AddTupleFirst32:
    case A.AddTupleFirst64:
      return selectOfAdd(f, v);
    case Op.Invalid:
      return selectOfSplit(f, v);
    case A.NEGLflags:
      return v.op === Op.Select1 && carryOfCarry(v);
    default:
      return false;
  }
}

/** The carry of -(0 or 1), where the number was made from a carry: that carry. */
function carryOfCarry(v: Value): boolean {
  const x = v.args[0].args[0];
  if (x.op !== A.NEGQ || x.args[0].op !== A.SBBQcarrymask) return false;
  const flags = x.args[0].args[0];
  return become1(v, Op.Copy, flags);
}

initRules();

export function lowerValue(f: Func, v: Value): boolean {
  const op = v.op;
  if (op < Op.Count) {
    const machine = direct[op];
    if (machine !== 0) {
      v.op = machine;
      return true;
    }
  }
  const rule = rules[op];
  return rule === null || rule === undefined ? false : rule(f, v);
}

function lowerJumpTable(f: Func, b: Block): boolean {
  const table = f.newValue(b, A.JumpTableAddr, f.types.basic(Uintptr), b.pos, b.inline);
  table.auxLo = b.id;
  b.kind = A.BlockJUMPTABLE;
  b.addControl(table);
  return true;
}

export function lowerBlock(f: Func, b: Block): boolean {
  if (b.controls.length === 0 || b.kind === A.BlockJUMPTABLE) return false;
  return b.kind === B.JumpTable ? lowerJumpTable(f, b) : lowerIf(f, b);
}
