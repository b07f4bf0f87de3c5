/**
 * Decides comparisons and bounds checks by the conditions on the way to them, and makes operations cheaper whose operands are
 * known well enough: divisions of what is not negative, shifts by less than the width.
 */

import type { Block } from '../block.ts';
import * as B from '../block.ts';
import { dominators } from '../dominators.ts';
import type { Func } from '../func.ts';
import * as Op from '../gen/op.ts';
import { opByName, toBool, toConst, toCopy } from '../rules/common.ts';
import type { Value } from '../value.ts';
import { constant, Facts } from './prove/facts.ts';
import { learnCounters } from './prove/induction.ts';

class Prover {
  readonly facts: Facts;
  /** Conditions decided on the way down: value ids with what they are. */
  readonly decided: Int8Array;
  readonly decidedTrail: number[];

  constructor(f: Func) {
    this.facts = new Facts(f, dominators(f));
    this.decided = new Int8Array(f.numValues).fill(-1);
    this.decidedTrail = [];
  }
}

export function prove(f: Func): void {
  walk(new Prover(f), f.entry);
}

interface Frame {
  readonly b: Block;
  next: number;
  readonly facts: number;
  readonly decided: number;
}

function walk(p: Prover, entry: Block): void {
  const stack: Frame[] = [enter(p, entry)];
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    const kids = p.facts.tree.children[top.b.id];
    if (top.next < kids.length) {
      stack.push(enter(p, kids[top.next++]));
      continue;
    }
    p.facts.undo(top.facts);
    while (p.decidedTrail.length > top.decided) {
      const id = p.decidedTrail.pop();
      if (id !== undefined) p.decided[id] = -1;
    }
    stack.pop();
  }
}

function enter(p: Prover, b: Block): Frame {
  const frame: Frame = { b, next: 0, facts: p.facts.mark(), decided: p.decidedTrail.length };
  if (b.preds.length === 1) {
    const e = b.preds[0];
    if (e.block.kind === B.If) learn(p, e.block.controls[0], e.index === 0);
  }
  learnCounters(p.facts, b);
  for (const v of b.values) decide(p.facts, v);
  if (b.kind === B.If) decideControl(p, b);
  return frame;
}

/** A control that was tested before on this path. */
function decideControl(p: Prover, b: Block): void {
  const c = b.controls[0];
  if (c.id >= p.decided.length || p.decided[c.id] < 0 || c.op === Op.ConstBool) return;
  const k = c.block.func.newValue(b, Op.ConstBool, c.type, c.pos, c.inline);
  k.auxLo = p.decided[c.id];
  b.setControl(k);
}

/* ---- What conditions tell ---- */

function learn(p: Prover, c: Value, truth: boolean): void {
  if (c.id < p.decided.length && p.decided[c.id] < 0) {
    p.decided[c.id] = truth ? 1 : 0;
    p.decidedTrail.push(c.id);
  }
  const { facts } = p;
  const [x, y] = c.args;
  switch (c.op) {
    case Op.Not:
      learn(p, x, !truth);
      return;
    case Op.Less64:
      if (truth) facts.difference(x, y, -1);
      else facts.difference(y, x, 0);
      return;
    case Op.Leq64:
      if (truth) facts.difference(x, y, 0);
      else facts.difference(y, x, -1);
      return;
    case Op.Eq64:
      if (truth) equal(facts, x, y);
      else differ(facts, x, y);
      return;
    case Op.Neq64:
      if (truth) differ(facts, x, y);
      else equal(facts, x, y);
      return;
    case Op.IsInBounds:
    case Op.Less64U:
      unsigned(facts, x, y, truth, -1);
      return;
    case Op.IsSliceInBounds:
    case Op.Leq64U:
      unsigned(facts, x, y, truth, 0);
      return;
    default:
  }
}

/** Below y as a number without sign, where y has none, is not negative. Lengths and capacities have none. */
function unsigned(facts: Facts, x: Value, y: Value, truth: boolean, c: number): void {
  if (!truth) {
    if (facts.lowest(x) >= 0 && facts.lowest(y) >= 0) facts.difference(y, x, -1 - c);
    return;
  }
  if (facts.lowest(y) < 0) return;
  facts.atLeast(x, 0);
  facts.difference(x, y, c);
}

function equal(facts: Facts, x: Value, y: Value): void {
  facts.difference(x, y, 0);
  facts.difference(y, x, 0);
}

function differ(facts: Facts, x: Value, y: Value): void {
  if (facts.holds(x, y, 0)) facts.difference(x, y, -1);
  else if (facts.holds(y, x, 0)) facts.difference(y, x, -1);
}

/* ---- What follows ---- */

function decide(facts: Facts, v: Value): void {
  const [x, y] = v.args;
  switch (v.op) {
    case Op.IsInBounds:
      if (facts.lowest(x) >= 0 && facts.holds(x, y, -1)) toBool(v, true);
      return;
    case Op.IsSliceInBounds:
      if (facts.lowest(x) >= 0 && facts.holds(x, y, 0)) toBool(v, true);
      return;
    case Op.Less64:
      order(facts, v, -1);
      return;
    case Op.Leq64:
      order(facts, v, 0);
      return;
    case Op.Less64U:
      if (facts.lowest(x) >= 0 && facts.lowest(y) >= 0) order(facts, v, -1);
      return;
    case Op.Leq64U:
      if (facts.lowest(x) >= 0 && facts.lowest(y) >= 0) order(facts, v, 0);
      return;
    case Op.Eq64:
    case Op.Neq64:
      if (facts.holds(x, y, -1) || facts.holds(y, x, -1)) toBool(v, v.op === Op.Neq64);
      return;
    case Op.Slicemask:
      if (facts.lowest(x) >= 1) toConst(v, 64, -1, -1);
      return;
    case Op.Div64:
    case Op.Mod64:
      divide(facts, v);
      return;
    case Op.Rsh64x64:
      if (facts.lowest(x) >= 0) v.op = Op.Rsh64Ux64;
      boundShift(facts, v);
      return;
    default:
      boundShift(facts, v);
  }
}

/** x <= y + c as a condition. */
function order(facts: Facts, v: Value, c: number): void {
  const [x, y] = v.args;
  if (facts.holds(x, y, c)) toBool(v, true);
  else if (facts.holds(y, x, -1 - c)) toBool(v, false);
}

function divide(facts: Facts, v: Value): void {
  const [x, y] = v.args;
  if (facts.lowest(y) > -1 || facts.highest(y) < -1) v.auxLo = 1;
  if (facts.lowest(x) < 0 || facts.lowest(y) < 0) return;
  if (facts.holds(x, y, -1)) {
    if (v.op === Op.Div64) toConst(v, 64, 0, 0);
    else toCopy(v, x);
    return;
  }
  // Other constants multiply better with sign.
  const n = constant(y);
  if (!Number.isNaN(n) && !Number.isInteger(Math.log2(n))) return;
  v.op = v.op === Op.Div64 ? Op.Div64u : Op.Mod64u;
  v.auxLo = 0;
}

/** Widths of shifted values, by shifts with counts of 64 bits. */
const shiftedWidth: ReadonlyMap<number, number> = new Map(
  [8, 16, 32, 64].flatMap((w) =>
    [`Lsh${w}x64`, `Rsh${w}x64`, `Rsh${w}Ux64`].map((n): [number, number] => [opByName.get(n) ?? -1, w]),
  ),
);

function boundShift(facts: Facts, v: Value): void {
  const width = shiftedWidth.get(v.op);
  if (width === undefined || v.auxLo === 1) return;
  const n = v.args[1];
  if (facts.lowest(n) >= 0 && facts.highest(n) < width) v.auxLo = 1;
}
