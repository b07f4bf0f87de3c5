/** Comparisons with constants, tests, inverted flags, and branches on flags. */
import { bug } from '#base/bug.ts';
import * as Block from '#ssa/block.ts';
import type { Func } from '#ssa/func.ts';
import * as Op from '#ssa/gen/op.ts';
import type { Value } from '#ssa/value.ts';
import * as A from '../gen/op.ts';
import { become1, become2, become3, becomeImm, isConst, isImm, makeImm, type Rule } from './common.ts';

/** cmp x c, cmp c x. The narrow ones look at their low bits only. */
const compare =
  (constOp: number, bits: number): Rule =>
  (f, v) => {
    const [x, y] = v.args;
    const fits = (c: Value): boolean => (bits === 64 ? isImm(c) : isConst(c));
    if (fits(y)) return becomeImm(v, constOp, x, narrow(y.auxLo, bits));
    if (fits(x)) return become1(v, A.InvertFlags, makeImm(f, v, constOp, v.type, y, narrow(x.auxLo, bits)));
    return false;
  };

function narrow(n: number, bits: number): number {
  if (bits === 8) return (n << 24) >> 24;
  if (bits === 16) return (n << 16) >> 16;
  return n;
}

/** x == 0 by TEST: the same flags, except that nothing reads the auxiliary carry. */
const compareConst =
  (test: number, testConst: number, ands: readonly number[], andConsts: readonly number[]): Rule =>
  (_f, v) => {
    if (v.auxLo !== 0) return false;
    const x = v.args[0];
    if (x.uses === 1 && ands.includes(x.op)) return become2(v, test, x.args[0], x.args[1]);
    if (x.uses === 1 && andConsts.includes(x.op)) return becomeImm(v, testConst, x.args[0], x.auxLo);
    return become2(v, test, x, x);
  };

const test =
  (testConst: number): Rule =>
  (_f, v) => {
    const [x, y] = v.args;
    if (isImm(y) && !isConst(x)) return becomeImm(v, testConst, x, y.auxLo);
    if (isImm(x) && !isConst(y)) return becomeImm(v, testConst, y, x.auxLo);
    return false;
  };

/** Conditions after the operands of the comparison were exchanged. */
const exchanged: ReadonlyMap<number, number> = new Map([
  [A.SETEQ, A.SETEQ],
  [A.SETNE, A.SETNE],
  [A.SETL, A.SETG],
  [A.SETG, A.SETL],
  [A.SETLE, A.SETGE],
  [A.SETGE, A.SETLE],
  [A.SETB, A.SETA],
  [A.SETA, A.SETB],
  [A.SETBE, A.SETAE],
  [A.SETAE, A.SETBE],
  [A.CMOVQEQ, A.CMOVQEQ],
  [A.CMOVQNE, A.CMOVQNE],
  [A.CMOVQLT, A.CMOVQGT],
  [A.CMOVQGT, A.CMOVQLT],
  [A.CMOVQLE, A.CMOVQGE],
  [A.CMOVQGE, A.CMOVQLE],
  [A.CMOVQCS, A.CMOVQHI],
  [A.CMOVQHI, A.CMOVQCS],
  [A.CMOVQLS, A.CMOVQCC],
  [A.CMOVQCC, A.CMOVQLS],
  [A.CMOVLEQ, A.CMOVLEQ],
  [A.CMOVLNE, A.CMOVLNE],
  [A.CMOVLLT, A.CMOVLGT],
  [A.CMOVLGT, A.CMOVLLT],
  [A.CMOVLLE, A.CMOVLGE],
  [A.CMOVLGE, A.CMOVLLE],
  [A.CMOVLCS, A.CMOVLHI],
  [A.CMOVLHI, A.CMOVLCS],
  [A.CMOVLLS, A.CMOVLCC],
  [A.CMOVLCC, A.CMOVLLS],
]);

const invertedSet: Rule = (_f, v) => {
  const flags = v.args[0];
  if (flags.op !== A.InvertFlags) return false;
  const op = exchanged.get(v.op) ?? bug(`${v} reads exchanged flags`);
  return become1(v, op, flags.args[0]);
};

const invertedMove: Rule = (_f, v) => {
  const [x, y, flags] = v.args;
  if (flags.op !== A.InvertFlags) return false;
  const op = exchanged.get(v.op) ?? bug(`${v} reads exchanged flags`);
  return become3(v, op, x, y, flags.args[0]);
};

/** The carry mask of exchanged operands is another condition; SBB does not have it. */
const invertedMask: Rule = (_f, v) => (v.args[0].op === A.InvertFlags ? bug(`${v} reads exchanged flags`) : false);

export const flagRules: readonly (readonly [number, Rule])[] = [
  [A.CMPQ, compare(A.CMPQconst, 64)],
  [A.CMPL, compare(A.CMPLconst, 32)],
  [A.CMPW, compare(A.CMPWconst, 16)],
  [A.CMPB, compare(A.CMPBconst, 8)],
  [A.CMPQconst, compareConst(A.TESTQ, A.TESTQconst, [A.ANDQ], [A.ANDQconst])],
  [A.CMPLconst, compareConst(A.TESTL, A.TESTLconst, [A.ANDL], [A.ANDLconst])],
  [A.CMPWconst, compareConst(A.TESTW, A.TESTWconst, [A.ANDL], [])],
  [A.CMPBconst, compareConst(A.TESTB, A.TESTBconst, [A.ANDL], [])],
  [A.TESTQ, test(A.TESTQconst)],
  [A.TESTL, test(A.TESTLconst)],
  ...[...exchanged.keys()].map((op): [number, Rule] => [op, op <= A.SETO ? invertedSet : invertedMove]),
  [A.SBBQcarrymask, invertedMask],
  [A.SBBLcarrymask, invertedMask],
];

/** Block kinds by SETcc. */
const branchOf: ReadonlyMap<number, number> = new Map([
  [A.SETEQ, A.BlockEQ],
  [A.SETNE, A.BlockNE],
  [A.SETL, A.BlockLT],
  [A.SETLE, A.BlockLE],
  [A.SETG, A.BlockGT],
  [A.SETGE, A.BlockGE],
  [A.SETB, A.BlockULT],
  [A.SETBE, A.BlockULE],
  [A.SETA, A.BlockUGT],
  [A.SETAE, A.BlockUGE],
  [A.SETO, A.BlockOS],
  // After UCOMIS with exchanged operands: above is false for unordered.
  [A.SETGF, A.BlockUGT],
  [A.SETGEF, A.BlockUGE],
  [A.SETEQF, A.BlockEQF],
  [A.SETNEF, A.BlockNEF],
]);

const exchangedBlock: ReadonlyMap<number, number> = new Map([
  [A.BlockEQ, A.BlockEQ],
  [A.BlockNE, A.BlockNE],
  [A.BlockLT, A.BlockGT],
  [A.BlockGT, A.BlockLT],
  [A.BlockLE, A.BlockGE],
  [A.BlockGE, A.BlockLE],
  [A.BlockULT, A.BlockUGT],
  [A.BlockUGT, A.BlockULT],
  [A.BlockULE, A.BlockUGE],
  [A.BlockUGE, A.BlockULE],
]);

/** If on a SETcc branches on its flags; on another bool, tests it. */
export function lowerIf(f: Func, b: Block.Block): boolean {
  const c = b.controls[0];
  if (b.kind === Block.If) {
    const kind = branchOf.get(c.op);
    if (kind !== undefined) {
      b.kind = kind;
      b.setControl(c.args[0]);
      return true;
    }
    if (c.op < Op.Count && c.op !== Op.Phi && c.op !== Op.ArgIntReg && c.op !== Op.LoadReg && !isSelect(c.op))
      return false;
    const flags = f.newValue2(b, A.TESTB, f.types.flags, b.pos, c, c, b.inline);
    b.kind = A.BlockNE;
    b.setControl(flags);
    return true;
  }
  if (b.kind >= Block.FirstTargetKind && c.op === A.InvertFlags) {
    b.kind = exchangedBlock.get(b.kind) ?? bug(`${b} branches on exchanged flags`);
    b.setControl(c.args[0]);
    return true;
  }
  return false;
}

function isSelect(op: number): boolean {
  return op === Op.Select0 || op === Op.Select1 || op === Op.SelectN;
}
