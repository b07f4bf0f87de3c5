/**
 * Removes comparisons and bounds checks that dominating conditions decide. Facts are orderings x < y and x <= y (signed)
 * learnt on the way down the dominator tree; counting variables of loops are known not to be negative.
 */

import type { Block } from '../block.ts';
import * as B from '../block.ts';
import { type DominatorTree, dominators } from '../dominators.ts';
import type { Func } from '../func.ts';
import * as Op from '../gen/op.ts';
import { isConst, toBool } from '../rules/common.ts';
import { isNeverNegative } from '../rules/compare.ts';
import type { Value } from '../value.ts';

/** x < y (strict) or x <= y, as signed 64-bit integers. */
interface Fact {
  readonly x: Value;
  readonly y: Value;
  readonly strict: boolean;
}

class Prover {
  readonly tree: DominatorTree;
  readonly facts: Fact[];
  /** By value id: 1 known not to be negative, 2 counting variables whose bound is not yet seen. */
  readonly nonNegative: Uint8Array;
  /** Values learnt to be not negative on the way down. */
  readonly learnt: Value[];
  /** Conditions decided on the way down: value ids with what they are. */
  readonly decided: Int8Array;
  readonly decidedTrail: number[];

  constructor(f: Func, tree: DominatorTree) {
    this.tree = tree;
    this.facts = [];
    this.nonNegative = new Uint8Array(f.numValues);
    this.learnt = [];
    this.decided = new Int8Array(f.numValues).fill(-1);
    this.decidedTrail = [];
  }
}

export function prove(f: Func): void {
  if (!f.blocks.some((b) => b.kind === B.If)) return;
  const p = new Prover(f, dominators(f));
  for (const b of f.blocks) for (const v of b.values) if (v.op === Op.Phi && isCounter(p, v)) p.nonNegative[v.id] = 1;
  walk(p, f.entry);
}

interface Frame {
  readonly b: Block;
  next: number;
  readonly facts: number;
  readonly learnt: number;
  readonly decided: number;
}

function walk(p: Prover, entry: Block): void {
  const stack: Frame[] = [enter(p, entry)];
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    const kids = p.tree.children[top.b.id];
    if (top.next < kids.length) stack.push(enter(p, kids[top.next++]));
    else {
      p.facts.length = top.facts;
      while (p.learnt.length > top.learnt) {
        const v = p.learnt.pop();
        if (v !== undefined) p.nonNegative[v.id] = 0;
      }
      while (p.decidedTrail.length > top.decided) {
        const id = p.decidedTrail.pop();
        if (id !== undefined) p.decided[id] = -1;
      }
      stack.pop();
    }
  }
}

function enter(p: Prover, b: Block): Frame {
  const frame: Frame = { b, next: 0, facts: p.facts.length, learnt: p.learnt.length, decided: p.decidedTrail.length };
  if (b.preds.length === 1) {
    const e = b.preds[0];
    if (e.block.kind === B.If) learn(p, e.block.controls[0], e.index === 0);
  }
  for (const v of b.values) decide(p, v);
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

function learn(p: Prover, c: Value, truth: boolean): void {
  if (c.id < p.decided.length && p.decided[c.id] < 0) {
    p.decided[c.id] = truth ? 1 : 0;
    p.decidedTrail.push(c.id);
  }
  const [x, y] = c.args;
  switch (c.op) {
    case Op.Less64:
      add(p, truth ? x : y, truth ? y : x, truth);
      return;
    case Op.Leq64:
      add(p, truth ? x : y, truth ? y : x, !truth);
      return;
    case Op.Eq64:
      if (truth) equal(p, x, y);
      return;
    case Op.Neq64:
      if (!truth) equal(p, x, y);
      return;
    case Op.IsInBounds:
      if (truth) within(p, x, y, true);
      return;
    case Op.IsSliceInBounds:
      if (truth) within(p, x, y, false);
      return;
    case Op.Less64U:
      if (truth && isNotNegative(p, y)) within(p, x, y, true);
      return;
    case Op.Leq64U:
      if (truth && isNotNegative(p, y)) within(p, x, y, false);
      return;
    default:
  }
}

function within(p: Prover, x: Value, y: Value, strict: boolean): void {
  notNegative(p, x);
  add(p, x, y, strict);
}

function equal(p: Prover, x: Value, y: Value): void {
  add(p, x, y, false);
  add(p, y, x, false);
}

function notNegative(p: Prover, v: Value): void {
  if (v.id >= p.nonNegative.length || p.nonNegative[v.id] !== 0) return;
  p.nonNegative[v.id] = 1;
  p.learnt.push(v);
}

function add(p: Prover, x: Value, y: Value, strict: boolean): void {
  p.facts.push({ x, y, strict });
  if (isConst(x) && (x.auxHi >= 0 || (strict && x.auxLo === -1 && x.auxHi === -1))) notNegative(p, y);
}

function isNotNegative(p: Prover, v: Value): boolean {
  return isNeverNegative(v) || (v.id < p.nonNegative.length && p.nonNegative[v.id] === 1);
}

function constOf(v: Value): number {
  if (v.op !== Op.Const64 || v.auxHi > 1 << 20 || v.auxHi < -(1 << 20)) return Number.NaN;
  return v.auxHi * 4294967296 + (v.auxLo >>> 0);
}

/** How many facts deep orderings are chained. */
const maxDepth = 4;
/** Facts looked at in one question. */
const maxFacts = 200;

/** Whether x < y (strict) or x <= y follows. */
function less(p: Prover, x: Value, y: Value, strict: boolean, depth = 0): boolean {
  if (x === y) return !strict;
  const cx = constOf(x);
  const cy = constOf(y);
  if (cx <= cy && (cx < cy || !strict)) return true;
  if (!strict && cx === 0 && isNotNegative(p, y)) return true;
  if (!strict && x.op === Op.SliceLen && y.op === Op.SliceCap && x.args[0] === y.args[0]) return true;
  if (depth >= maxDepth) return false;
  const first = Math.max(0, p.facts.length - maxFacts);
  for (let i = p.facts.length - 1; i >= first; i--) {
    const f = p.facts[i];
    if (f.x === x && less(p, f.y, y, strict && !f.strict, depth + 1)) return true;
    if (!Number.isNaN(cx) && f.y === y) {
      // k < y or k <= y with a constant k at least x.
      const k = constOf(f.x);
      if (k > cx || (k === cx && (f.strict || !strict)) || (k === cx - 1 && f.strict && !strict)) return true;
    }
  }
  // x = z - c or z + c of something ordered: only for values that cannot wrap.
  if (x.op === Op.Add64 && isConst(x.args[1]) && constOf(x.args[1]) < 0 && isNotNegative(p, x.args[0])) {
    return less(p, x.args[0], y, false, depth + 1);
  }
  return false;
}

function decide(p: Prover, v: Value): void {
  const [x, y] = v.args;
  switch (v.op) {
    case Op.IsInBounds:
      if (isNotNegative(p, x) && less(p, x, y, true)) toBool(v, true);
      return;
    case Op.IsSliceInBounds:
      if (isNotNegative(p, x) && less(p, x, y, false)) toBool(v, true);
      return;
    case Op.Less64:
      if (less(p, x, y, true)) toBool(v, true);
      else if (less(p, y, x, false)) toBool(v, false);
      return;
    case Op.Leq64:
      if (less(p, x, y, false)) toBool(v, true);
      else if (less(p, y, x, true)) toBool(v, false);
      return;
    default:
  }
}

/**
 * A loop variable that starts at a constant that is not negative and only grows by 1, under a guard i < n: it cannot wrap, so it
 * is never negative.
 */
function isCounter(p: Prover, v: Value): boolean {
  if (v.args.length !== 2) return false;
  for (let k = 0; k < 2; k++) {
    const start = v.args[k];
    const step = v.args[1 - k];
    if (!(constOf(start) >= 0) && !isNeverNegative(start)) continue;
    if (step.op !== Op.Add64 || step.args[0] !== v || constOf(step.args[1]) !== 1) continue;
    if (isGuarded(p, v, v.block.preds[1 - k].block)) return true;
  }
  return false;
}

/** Whether the way to the loop's back edge passes a test v < n. */
function isGuarded(p: Prover, v: Value, back: Block): boolean {
  for (let b: Block | null = back; b !== null; b = p.tree.idom[b.id]) {
    if (b.preds.length === 1) {
      const from = b.preds[0].block;
      if (from.kind === B.If) {
        const c = from.controls[0];
        const truth = b.preds[0].index === 0;
        if (truth && (c.op === Op.Less64 || c.op === Op.IsInBounds) && c.args[0] === v) return true;
        if (truth && c.op === Op.Neq64 && c.args[0] === v && isNeverNegative(c.args[1])) return false;
        if (!truth && c.op === Op.Leq64 && c.args[1] === v) return true;
      }
    }
    if (b === v.block) return false;
  }
  return false;
}
