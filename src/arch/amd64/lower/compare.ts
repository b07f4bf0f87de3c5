/** Comparisons: flags, then SETcc; blocks and conditional moves take the flags themselves (lower/flags.ts). */

import type { GoType } from '#abi/gotype.ts';
import * as Kind from '#abi/gotype.ts';
import * as Op from '#ssa/gen/op.ts';
import * as A from '../gen/op.ts';
import { become1, become3, make2, makeImm, type Rule } from './common.ts';

const compare =
  (set: number, cmp: number): Rule =>
  (f, v) =>
    become1(v, set, make2(f, v, cmp, f.types.flags, v.args[0], v.args[1]));

/** The same with the operands exchanged. */
const reversed =
  (set: number, cmp: number): Rule =>
  (f, v) =>
    become1(v, set, make2(f, v, cmp, f.types.flags, v.args[1], v.args[0]));

const cmps = [A.CMPB, A.CMPW, A.CMPL, A.CMPQ];

function integers(first: number, set: number): [number, Rule][] {
  return cmps.map((cmp, i): [number, Rule] => [first + i, compare(set, cmp)]);
}

/** SETcc to the conditional moves of 64 and 32 bits. */
export const moveOf: ReadonlyMap<number, readonly [number, number]> = new Map([
  [A.SETEQ, [A.CMOVQEQ, A.CMOVLEQ]],
  [A.SETNE, [A.CMOVQNE, A.CMOVLNE]],
  [A.SETL, [A.CMOVQLT, A.CMOVLLT]],
  [A.SETLE, [A.CMOVQLE, A.CMOVLLE]],
  [A.SETG, [A.CMOVQGT, A.CMOVLGT]],
  [A.SETGE, [A.CMOVQGE, A.CMOVLGE]],
  [A.SETB, [A.CMOVQCS, A.CMOVLCS]],
  [A.SETBE, [A.CMOVQLS, A.CMOVLLS]],
  [A.SETA, [A.CMOVQHI, A.CMOVLHI]],
  [A.SETAE, [A.CMOVQCC, A.CMOVLCC]],
  [A.SETGF, [A.CMOVQGTF, A.CMOVLGTF]],
  [A.SETGEF, [A.CMOVQGEF, A.CMOVLGEF]],
  [A.SETEQF, [A.CMOVQEQF, A.CMOVLEQF]],
  [A.SETNEF, [A.CMOVQNEF, A.CMOVLNEF]],
]);

function isWide(t: GoType): boolean {
  return t.size === 8;
}

/** CondSelect x y c: the conditional move keeps its first operand unless the condition holds. */
const condSelect: Rule = (f, v) => {
  const [x, y, c] = v.args;
  if (v.type.kind === Kind.Float32 || v.type.kind === Kind.Float64) return false;
  const q = isWide(v.type) ? 0 : 1;
  const moves = moveOf.get(c.op);
  if (moves !== undefined) return become3(v, moves[q], y, x, c.args[0]);
  // An operation still to be lowered may become a SETcc.
  if (c.op < Op.Count && c.op !== Op.Phi && c.op !== Op.Copy && c.op !== Op.ArgIntReg && !isSelect(c.op)) return false;
  const flags = makeImm(f, v, A.TESTBconst, f.types.flags, c, 1);
  return become3(v, q === 0 ? A.CMOVQNE : A.CMOVLNE, y, x, flags);
};

function isSelect(op: number): boolean {
  return op === Op.Select0 || op === Op.Select1 || op === Op.SelectN;
}

const isNonNil: Rule = (f, v) => become1(v, A.SETNE, make2(f, v, A.TESTQ, f.types.flags, v.args[0], v.args[0]));

export const comparisons: readonly (readonly [number, Rule])[] = [
  ...integers(Op.Eq8, A.SETEQ),
  ...integers(Op.Neq8, A.SETNE),
  ...integers(Op.Less8, A.SETL),
  ...integers(Op.Less8U, A.SETB),
  ...integers(Op.Leq8, A.SETLE),
  ...integers(Op.Leq8U, A.SETBE),
  [Op.EqPtr, compare(A.SETEQ, A.CMPQ)],
  [Op.NeqPtr, compare(A.SETNE, A.CMPQ)],
  [Op.EqB, compare(A.SETEQ, A.CMPB)],
  [Op.NeqB, compare(A.SETNE, A.CMPB)],
  [Op.Eq32F, compare(A.SETEQF, A.UCOMISS)],
  [Op.Eq64F, compare(A.SETEQF, A.UCOMISD)],
  [Op.Neq32F, compare(A.SETNEF, A.UCOMISS)],
  [Op.Neq64F, compare(A.SETNEF, A.UCOMISD)],
  // Greater, with exchanged operands: false for NaN.
  [Op.Less32F, reversed(A.SETGF, A.UCOMISS)],
  [Op.Less64F, reversed(A.SETGF, A.UCOMISD)],
  [Op.Leq32F, reversed(A.SETGEF, A.UCOMISS)],
  [Op.Leq64F, reversed(A.SETGEF, A.UCOMISD)],
  [Op.IsInBounds, compare(A.SETB, A.CMPQ)],
  [Op.IsSliceInBounds, compare(A.SETBE, A.CMPQ)],
  [Op.IsNonNil, isNonNil],
  [Op.CondSelect, condSelect],
];
