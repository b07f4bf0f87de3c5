/** Lowering of arithmetic that is more than one machine operation. */

import type { GoType } from '#abi/gotype.ts';
import * as Kind from '#abi/gotype.ts';
import type { Func } from '#ssa/func.ts';
import * as Op from '#ssa/gen/op.ts';
import type { Value } from '#ssa/value.ts';
import * as A from '../gen/op.ts';
import {
  become1,
  become2,
  become3,
  becomeCopy,
  becomeImm,
  isConst,
  log2,
  make1,
  make2,
  make3,
  makeConst,
  makeImm,
  type Rule,
  uint32,
  uint64,
} from './common.ts';

function pair(f: Func, t: GoType): GoType {
  return f.types.tupleOf([t, t]);
}

/** Quotient and remainder of the same operands come from one operation. */
function sameDivision(v: Value, op: number, x: Value, y: Value): Value | null {
  for (const d of v.block.values) if (d.op === op && d.args[0] === x && d.args[1] === y) return d;
  return null;
}

/** v = Select0 or Select1 of a division of x by y. */
function divide(f: Func, v: Value, op: number, x: Value, y: Value, t: GoType, select: number): true {
  const d = sameDivision(v, op, x, y) ?? make2(f, v, op, pair(f, t), x, y);
  d.auxLo = v.auxLo;
  return become1(v, select, d);
}

/** Whether y is a constant other than zero and -1, so that no fix-up is needed: noted in the division. */
function noteDivisor(v: Value): void {
  const y = v.args[1];
  if (isConst(y) && !(y.auxLo === -1 && y.auxHi === -1)) v.auxLo = 1;
}

const divide64 =
  (op: number, select: number): Rule =>
  (f, v) => {
    noteDivisor(v);
    return divide(f, v, op, v.args[0], v.args[1], v.type, select);
  };

/** 8-bit division in 16 bits. */
const divide8 =
  (op: number, extend: number, select: number): Rule =>
  (f, v) => {
    const t = f.types.basic(op === A.DIVW ? Kind.Int16 : Kind.Uint16);
    noteDivisor(v);
    const x = make1(f, v, extend, t, v.args[0]);
    const y = make1(f, v, extend, t, v.args[1]);
    return divide(f, v, op, x, y, t, select);
  };

/** Unsigned division and remainder by a power of two. */
const unsignedPower =
  (shift: number, and: number, bits: number, isMod: boolean, other: Rule): Rule =>
  (f, v) => {
    const [x, y] = v.args;
    if (!isConst(y)) return other(f, v);
    let n = -1;
    if (bits < 64) n = log2(bits === 32 ? y.auxLo : y.auxLo & ((1 << bits) - 1));
    else if (y.auxHi === 0) n = log2(y.auxLo);
    else if (y.auxLo === 0) n = log2(y.auxHi) < 0 ? -1 : log2(y.auxHi) + 32;
    if (n < 0 || (isMod && n > 31)) return other(f, v);
    if (!isMod) {
      if (n === 0) return becomeCopy(v, x);
      return becomeImm(v, shift, x, n);
    }
    if (n === 31) return other(f, v);
    return becomeImm(v, and, x, n === 0 ? 0 : 2 ** n - 1);
  };

/** Signed division by 2^n: x + (sign mask shifted to n bits), then shifted. */
const signedPower =
  (bits: number, isMod: boolean, other: Rule): Rule =>
  (f, v) => {
    const [x, y] = v.args;
    if (!isConst(y) || bits < 32) return other(f, v);
    const n = y.auxHi === 0 && y.auxLo > 0 ? log2(y.auxLo) : -1;
    if (n < 1 || n > 30) return other(f, v);
    const q = bits === 64;
    const t = v.type;
    const sign = makeImm(f, v, q ? A.SARQconst : A.SARLconst, t, x, bits - 1);
    const bias = makeImm(f, v, q ? A.SHRQconst : A.SHRLconst, t, sign, bits - n);
    const sum = make2(f, v, q ? A.ADDQ : A.ADDL, t, x, bias);
    if (!isMod) return becomeImm(v, q ? A.SARQconst : A.SARLconst, sum, n);
    const low = makeImm(f, v, q ? A.ANDQconst : A.ANDLconst, t, sum, -(2 ** n));
    return become2(v, q ? A.SUBQ : A.SUBL, x, low);
  };

function negateFloat(f: Func, v: Value): boolean {
  const single = v.op === Op.Neg32F;
  const minusZero = makeConst(f, v, single ? A.MOVSSconst : A.MOVSDconst, v.type, 0, -0x80000000);
  return become2(v, A.PXOR, v.args[0], minusZero);
}

/**
 * min(x, y): MINSD gives its second operand if either is NaN or both are zeros; twice, with the operands so that the other
 * NaN is kept, and the signs of zeros joined.
 */
function minFloat(f: Func, v: Value): boolean {
  const op = v.op === Op.Min32F ? A.MINSS : A.MINSD;
  const [x, y] = v.args;
  const first = make2(f, v, op, v.type, x, y);
  const second = make2(f, v, op, v.type, first, x);
  return become2(v, A.POR, second, first);
}

function maxFloat(f: Func, v: Value): boolean {
  const neg = v.op === Op.Max32F ? Op.Neg32F : Op.Neg64F;
  const min = v.op === Op.Max32F ? Op.Min32F : Op.Min64F;
  const x = make1(f, v, neg, v.type, v.args[0]);
  const y = make1(f, v, neg, v.type, v.args[1]);
  return become1(v, neg, make2(f, v, min, v.type, x, y));
}

function carryFlag(f: Func, v: Value, c: Value): Value {
  const t = f.types.tupleOf([uint32(f), f.types.flags]);
  return make1(f, v, Op.Select1, f.types.flags, make1(f, v, A.NEGLflags, t, c));
}

/** Add64carry and Sub64borrow are rewritten where their elements are read. */
export function selectOfCarry(f: Func, v: Value): boolean {
  const a = v.args[0];
  const op = a.op === Op.Add64carry ? A.ADCQ : A.SBBQ;
  const [x, y, c] = a.args;
  const t = f.types.tupleOf([uint64(f), f.types.flags]);
  // Done in a's block and place, so that both elements share one operation.
  const sum = make3(f, a, op, t, x, y, carryFlag(f, a, c));
  const value = make1(f, a, Op.Select0, uint64(f), sum);
  const flags = make1(f, a, Op.Select1, f.types.flags, sum);
  const mask = make1(f, a, A.SBBQcarrymask, uint64(f), flags);
  const out = make1(f, a, A.NEGQ, uint64(f), mask);
  become2(a, Op.Invalid, value, out);
  return selectOfSplit(f, v);
}

/** A tuple that has been taken apart: Invalid with the elements as arguments. */
export function selectOfSplit(_f: Func, v: Value): boolean {
  const tuple = v.args[0];
  return becomeCopy(v, tuple.args[v.op === Op.Select1 ? 1 : v.op === Op.Select0 ? 0 : v.auxLo]);
}

/** The product and whether it overflows. */
export function selectOfMulOver(f: Func, v: Value): boolean {
  const a = v.args[0];
  const t = f.types.tupleOf([uint64(f), f.types.flags]);
  const product = make2(f, a, A.MULQU, t, a.args[0], a.args[1]);
  const low = make1(f, a, Op.Select0, uint64(f), product);
  const flags = make1(f, a, Op.Select1, f.types.flags, product);
  const over = make1(f, a, A.SETO, f.types.basic(Kind.Bool), flags);
  become2(a, Op.Invalid, low, over);
  return selectOfSplit(f, v);
}

/** 64-bit count of trailing zeros: BSF leaves the result undefined for zero. */
function ctz64(f: Func, v: Value): boolean {
  const t = f.types.tupleOf([v.type, f.types.flags]);
  const scan = make1(f, v, A.BSFQ, t, v.args[0]);
  const index = make1(f, v, Op.Select0, v.type, scan);
  const flags = make1(f, v, Op.Select1, f.types.flags, scan);
  return become3(v, A.CMOVQEQ, index, makeConst(f, v, A.MOVQconst, v.type, 64, 0), flags);
}

/** A bit above the width ends the search. */
function ctz32(f: Func, v: Value): boolean {
  const t = f.types.tupleOf([v.type, f.types.flags]);
  const bounded = makeImm(f, v, A.BTSQconst, uint64(f), v.args[0], 32);
  return become1(v, Op.Select0, make1(f, v, A.BSFQ, t, bounded));
}

const ctzSmall =
  (bits: number): Rule =>
  (f, v) =>
    become1(v, A.BSFL, makeImm(f, v, A.ORLconst, uint32(f), v.args[0], 1 << bits));

function bitLen64(f: Func, v: Value): boolean {
  const t = f.types.tupleOf([v.type, f.types.flags]);
  const scan = make1(f, v, A.BSRQ, t, v.args[0]);
  const index = make1(f, v, Op.Select0, v.type, scan);
  const flags = make1(f, v, Op.Select1, f.types.flags, scan);
  const chosen = make3(f, v, A.CMOVQEQ, v.type, index, makeConst(f, v, A.MOVQconst, v.type, -1, -1), flags);
  return becomeImm(v, A.ADDQconst, chosen, 1);
}

/** BSR of 2x+1 is the length of x, also for zero. */
const bitLenSmall =
  (extend: number): Rule =>
  (f, v) => {
    const x = make1(f, v, extend, uint64(f), v.args[0]);
    const odd = make2(f, v, A.LEAQ1, uint64(f), x, x);
    odd.auxLo = 1;
    const t = f.types.tupleOf([v.type, f.types.flags]);
    return become1(v, Op.Select0, make1(f, v, A.BSRQ, t, odd));
  };

const popCountSmall =
  (extend: number): Rule =>
  (f, v) =>
    become1(v, A.POPCNTL, make1(f, v, extend, uint32(f), v.args[0]));

const round =
  (mode: number): Rule =>
  (_f, v) =>
    becomeImm(v, A.ROUNDSD, v.args[0], mode);

/** VFMADD231SD adds to its first operand. */
function fma(_f: Func, v: Value): boolean {
  const [x, y, z] = v.args;
  return become3(v, A.VFMADD231SD, z, x, y);
}

function abs(f: Func, v: Value): boolean {
  const bits = make1(f, v, A.MOVQf2i, uint64(f), v.args[0]);
  return become1(v, A.MOVQi2f, makeImm(f, v, A.BTRQconst, uint64(f), bits, 63));
}

function copysign(f: Func, v: Value): boolean {
  const u = uint64(f);
  const x = makeImm(f, v, A.BTRQconst, u, make1(f, v, A.MOVQf2i, u, v.args[0]), 63);
  const y = makeImm(f, v, A.SHRQconst, u, make1(f, v, A.MOVQf2i, u, v.args[1]), 63);
  return become1(v, A.MOVQi2f, make2(f, v, A.ORQ, u, x, makeImm(f, v, A.SHLQconst, u, y, 63)));
}

function not(_f: Func, v: Value): boolean {
  return becomeImm(v, A.XORLconst, v.args[0], 1);
}

function slicemask(f: Func, v: Value): boolean {
  return becomeImm(v, A.SARQconst, make1(f, v, A.NEGQ, v.type, v.args[0]), 63);
}

function avg32(f: Func, v: Value): boolean {
  const x = make1(f, v, A.MOVLQZX, uint64(f), v.args[0]);
  const y = make1(f, v, A.MOVLQZX, uint64(f), v.args[1]);
  return becomeImm(v, A.SHRQconst, make2(f, v, A.ADDQ, uint64(f), x, y), 1);
}

function offPtr(f: Func, v: Value): boolean {
  const { auxLo: lo, auxHi: hi } = v;
  const p = v.args[0];
  if (hi === lo >> 31) return becomeImm(v, A.ADDQconst, p, lo);
  return become2(v, A.ADDQ, p, makeConst(f, v, A.MOVQconst, uint64(f), lo, hi));
}

function ptrIndex(f: Func, v: Value): boolean {
  const size = v.type.elem().size;
  const [p, i] = v.args;
  switch (size) {
    case 0:
      return becomeCopy(v, p);
    case 1:
      return become2(v, A.ADDQ, p, i);
    case 2:
      return become2(v, A.LEAQ2, p, i);
    case 4:
      return become2(v, A.LEAQ4, p, i);
    case 8:
      return become2(v, A.LEAQ8, p, i);
    default: {
      const n = makeConst(f, v, A.MOVQconst, uint64(f), size | 0, Math.floor(size / 4294967296));
      return become2(v, A.ADDQ, p, make2(f, v, A.MULQ, uint64(f), i, n));
    }
  }
}

export const arithmetic: readonly (readonly [number, Rule])[] = [
  [Op.Div64, signedPower(64, false, divide64(A.DIVQ, Op.Select0))],
  [Op.Div32, signedPower(32, false, divide64(A.DIVL, Op.Select0))],
  [Op.Div16, divide64(A.DIVW, Op.Select0)],
  [Op.Div8, divide8(A.DIVW, A.MOVBQSX, Op.Select0)],
  [Op.Div64u, unsignedPower(A.SHRQconst, A.ANDQconst, 64, false, divide64(A.DIVQU, Op.Select0))],
  [Op.Div32u, unsignedPower(A.SHRLconst, A.ANDLconst, 32, false, divide64(A.DIVLU, Op.Select0))],
  [Op.Div16u, unsignedPower(A.SHRWconst, A.ANDLconst, 16, false, divide64(A.DIVWU, Op.Select0))],
  [Op.Div8u, unsignedPower(A.SHRBconst, A.ANDLconst, 8, false, divide8(A.DIVWU, A.MOVBQZX, Op.Select0))],
  [Op.Mod64, signedPower(64, true, divide64(A.DIVQ, Op.Select1))],
  [Op.Mod32, signedPower(32, true, divide64(A.DIVL, Op.Select1))],
  [Op.Mod16, divide64(A.DIVW, Op.Select1)],
  [Op.Mod8, divide8(A.DIVW, A.MOVBQSX, Op.Select1)],
  [Op.Mod64u, unsignedPower(A.SHRQconst, A.ANDQconst, 64, true, divide64(A.DIVQU, Op.Select1))],
  [Op.Mod32u, unsignedPower(A.SHRLconst, A.ANDLconst, 32, true, divide64(A.DIVLU, Op.Select1))],
  [Op.Mod16u, unsignedPower(A.SHRWconst, A.ANDLconst, 16, true, divide64(A.DIVWU, Op.Select1))],
  [Op.Mod8u, unsignedPower(A.SHRBconst, A.ANDLconst, 8, true, divide8(A.DIVWU, A.MOVBQZX, Op.Select1))],
  [Op.Neg32F, negateFloat],
  [Op.Neg64F, negateFloat],
  [Op.Min32F, minFloat],
  [Op.Min64F, minFloat],
  [Op.Max32F, maxFloat],
  [Op.Max64F, maxFloat],
  [Op.Ctz64, ctz64],
  [Op.Ctz32, ctz32],
  [Op.Ctz16, ctzSmall(16)],
  [Op.Ctz8, ctzSmall(8)],
  [Op.BitLen64, bitLen64],
  [Op.BitLen32, bitLenSmall(A.MOVLQZX)],
  [Op.BitLen16, bitLenSmall(A.MOVWQZX)],
  [Op.BitLen8, bitLenSmall(A.MOVBQZX)],
  [Op.PopCount16, popCountSmall(A.MOVWQZX)],
  [Op.PopCount8, popCountSmall(A.MOVBQZX)],
  [Op.Bswap16, (_f, v) => becomeImm(v, A.ROLWconst, v.args[0], 8)],
  [Op.RoundToEven, round(0)],
  [Op.Floor, round(1)],
  [Op.Ceil, round(2)],
  [Op.Trunc, round(3)],
  [Op.FMA, fma],
  [Op.Abs, abs],
  [Op.Copysign, copysign],
  [Op.Not, not],
  [Op.Slicemask, slicemask],
  [Op.Avg32u, avg32],
  [Op.OffPtr, offPtr],
  [Op.PtrIndex, ptrIndex],
];
