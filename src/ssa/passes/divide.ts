/**
 * Division by constants as multiplication: x / c is the high part of x * M, where M is 2^(n+s) / c rounded up (Granlund and
 * Montgomery, "Division by Invariant Integers using Multiplication"; the bounds are in cmd/compile/internal/ssa/magic.go).
 * Powers of two are the rules' business (rules/arithmetic.ts).
 */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import * as I from '#base/int64.ts';
import type { Func } from '../func.ts';
import * as Op from '../gen/op.ts';
import { constOp, isConst, opAt, toOp1, toOp2 } from '../rules/common.ts';
import type { Value } from '../value.ts';

interface Family {
  readonly bits: number;
  readonly signed: boolean;
  readonly isMod: boolean;
}

const families = new Map<number, Family>();
for (const bits of [8, 16, 32, 64]) {
  families.set(opAt('Div', bits), { bits, signed: true, isMod: false });
  families.set(opAt('Mod', bits), { bits, signed: true, isMod: true });
  families.set(opAt('Div', bits, 'u'), { bits, signed: false, isMod: false });
  families.set(opAt('Mod', bits, 'u'), { bits, signed: false, isMod: true });
}

/** The multiplier's low 64 bits (above them there may be one more), as halves. */
let mLo = 0;
let mHi = 0;

/** M = 2^exponent / c rounded up, by long division a bit at a time; c is no power of two. */
function setMagic(exponent: number, cLo: number, cHi: number): void {
  let rLo = 0;
  let rHi = 0;
  let qLo = 0;
  let qHi = 0;
  for (let i = exponent; i >= 0; i--) {
    const carry = rHi < 0;
    I.shl(rLo, rHi, 1);
    rLo = I.lo | (i === exponent ? 1 : 0);
    rHi = I.hi;
    I.shl(qLo, qHi, 1);
    qLo = I.lo;
    qHi = I.hi;
    if (carry || I.compareUnsigned(rLo, rHi, cLo, cHi) >= 0) {
      I.sub(rLo, rHi, cLo, cHi);
      rLo = I.lo;
      rHi = I.hi;
      qLo |= 1;
    }
  }
  // c is no power of two, so the division leaves a rest.
  I.add(qLo, qHi, 1, 0);
  mLo = I.lo;
  mHi = I.hi;
}

function bitLength(lo: number, hi: number): number {
  return hi !== 0 ? 64 - Math.clz32(hi) : 32 - Math.clz32(lo);
}

class Site {
  readonly f: Func;
  readonly v: Value;
  readonly u64: GoType;

  constructor(f: Func, v: Value) {
    this.f = f;
    this.v = v;
    this.u64 = f.types.basic(G.Uint64);
  }
}

function op1(s: Site, op: number, t: GoType, x: Value): Value {
  return s.f.newValue1(s.v.block, op, t, s.v.pos, x, s.v.inline);
}

function op2(s: Site, op: number, t: GoType, x: Value, y: Value): Value {
  return s.f.newValue2(s.v.block, op, t, s.v.pos, x, y, s.v.inline);
}

function constant(s: Site, bits: number, t: GoType, lo: number, hi: number): Value {
  return s.f.newConst(s.v.block, constOp(bits), t, s.v.pos, lo, hi);
}

function shift(s: Site, op: number, t: GoType, x: Value, n: number): Value {
  if (n === 0) return x;
  const r = op2(s, op, t, x, constant(s, 64, s.u64, n, 0));
  r.auxLo = 1;
  return r;
}

/** x / c, with x in 64 bits of which n are used; gives 64 bits. */
function unsignedQuotient(s: Site, x: Value, n: number, cLo: number, cHi: number): Value {
  const k = bitLength(cLo, cHi);
  setMagic(n + k, cLo, cHi);
  const t = s.u64;
  if (n < 32) {
    // The product fits: M has n + 1 bits.
    const product = op2(s, Op.Mul64, t, x, constant(s, 64, t, mLo, mHi));
    return shift(s, Op.Rsh64Ux64, t, product, n + k);
  }
  if (n === 32) {
    if ((mLo & 1) === 0) {
      I.shru(mLo, mHi, 1);
      return shift(s, Op.Rsh64Ux64, t, op2(s, Op.Mul64, t, x, constant(s, 64, t, I.lo, I.hi)), 31 + k);
    }
    if ((cLo & 1) === 0) {
      const half = shift(s, Op.Rsh64Ux64, t, x, 1);
      I.add(mLo, mHi, 1, 0);
      I.shru(I.lo, I.hi, 1);
      return shift(s, Op.Rsh64Ux64, t, op2(s, Op.Mul64, t, half, constant(s, 64, t, I.lo, I.hi)), 30 + k);
    }
    // Without the 33rd bit of M, whose part of the product is added in the average.
    const low = op2(s, Op.Mul64, t, x, constant(s, 64, t, mLo, 0));
    const average = op2(s, Op.Avg64u, t, shift(s, Op.Lsh64x64, t, x, 32), low);
    return shift(s, Op.Rsh64Ux64, t, average, 31 + k);
  }
  if ((mLo & 1) === 0) {
    I.shru(mLo, mHi, 1);
    const m = constant(s, 64, t, I.lo, I.hi | (1 << 31));
    return shift(s, Op.Rsh64Ux64, t, op2(s, Op.Hmul64u, t, m, x), k - 1);
  }
  if ((cLo & 1) === 0) {
    const half = shift(s, Op.Rsh64Ux64, t, x, 1);
    I.shru(mLo, mHi, 1);
    I.add(I.lo, I.hi | (1 << 31), 1, 0);
    return shift(s, Op.Rsh64Ux64, t, op2(s, Op.Hmul64u, t, constant(s, 64, t, I.lo, I.hi), half), k - 2);
  }
  const high = op2(s, Op.Hmul64u, t, constant(s, 64, t, mLo, mHi), x);
  return shift(s, Op.Rsh64Ux64, t, op2(s, Op.Avg64u, t, x, high), k - 1);
}

/** x / c for positive c, with x sign-extended to 64 bits; gives 64 bits. */
function signedQuotient(s: Site, x: Value, n: number, cLo: number, cHi: number): Value {
  const k = bitLength(cLo, cHi) - 1;
  setMagic(n + k, cLo, cHi);
  const t = s.f.types.basic(G.Int64);
  const sign = shift(s, Op.Rsh64x64, t, x, 63);
  let scaled: Value;
  if (n < 64) {
    scaled = shift(s, Op.Rsh64x64, t, op2(s, Op.Mul64, t, x, constant(s, 64, t, mLo, mHi)), n + k);
  } else if ((mLo & 1) === 0) {
    I.shru(mLo, mHi, 1);
    scaled = shift(s, Op.Rsh64x64, t, op2(s, Op.Hmul64, t, constant(s, 64, t, I.lo, I.hi), x), k - 1);
  } else {
    // As a signed number M is 2^64 too small.
    const high = op2(s, Op.Hmul64, t, constant(s, 64, t, mLo, mHi), x);
    scaled = shift(s, Op.Rsh64x64, t, op2(s, Op.Add64, t, high, x), k);
  }
  return op2(s, Op.Sub64, t, scaled, sign);
}

function rewrite(f: Func, v: Value, d: Family): boolean {
  const [x, y] = v.args;
  if (!isConst(y) || isConst(x)) return false;
  const { bits } = d;
  let negative = false;
  if (d.signed) {
    I.signExtend(y.auxLo, y.auxHi, bits);
    if (I.hi < 0) {
      negative = true;
      I.neg(I.lo, I.hi);
    }
    // The most negative number.
    if (I.hi < 0) return false;
  } else I.zeroExtend(y.auxLo, y.auxHi, bits);
  const cLo = I.lo;
  const cHi = I.hi;
  if ((cLo === 0 && cHi === 0) || I.log2(cLo, cHi) >= 0) return false;
  const s = new Site(f, v);
  const wide = bits === 64 ? x : op1(s, opAt(d.signed ? 'SignExt' : 'ZeroExt', bits, 'to64'), s.u64, x);
  let q = d.signed ? signedQuotient(s, wide, bits, cLo, cHi) : unsignedQuotient(s, wide, bits, cLo, cHi);
  if (bits < 64) q = op1(s, opAt('Trunc64to', bits), v.type, q);
  if (!d.isMod) {
    if (negative) return toOp1(v, opAt('Neg', bits), q);
    v.copyOf(q, Op.Copy);
    return true;
  }
  I.signExtend(cLo, cHi, bits);
  const c = constant(s, bits, v.type, I.lo, I.hi);
  return toOp2(v, opAt('Sub', bits), x, op2(s, opAt('Mul', bits), v.type, q, c));
}

export function divideByConstants(f: Func): void {
  for (const b of f.blocks) {
    const { values } = b;
    const n = values.length;
    for (let i = 0; i < n; i++) {
      const family = families.get(values[i].op);
      if (family !== undefined && values[i].uses > 0) rewrite(f, values[i], family);
    }
  }
}
