/** Arithmetic on values (spec: "Arithmetic operators"): wrap-around, division checks, shifts, complex numbers. */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import * as SyntaxOp from '#syntax/operators.ts';
import * as B from '../block.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import { type FuncBuilder, zeroValue } from './builder.ts';
import { convertNumber } from './convert-number.ts';
import { rtCall, rtPanic } from './runtime-call.ts';

/** 0..3 for integers of 1, 2, 4, 8 bytes: the operations of one family follow each other in this order. */
export function sizeLog(t: GoType): number {
  return t.size === 8 ? 3 : t.size === 4 ? 2 : t.size === 2 ? 1 : 0;
}

/** The operations of Add, Sub, ... for each kind of number; -1: none. */
interface Family {
  readonly int: number;
  readonly float: number;
}

function family(op: number): Family {
  switch (op) {
    case SyntaxOp.Add:
      return { int: Op.Add8, float: Op.Add32F };
    case SyntaxOp.Sub:
      return { int: Op.Sub8, float: Op.Sub32F };
    case SyntaxOp.Mul:
      return { int: Op.Mul8, float: Op.Mul32F };
    case SyntaxOp.Div:
      return { int: -1, float: Op.Div32F };
    case SyntaxOp.And:
      return { int: Op.And8, float: -1 };
    case SyntaxOp.Or:
      return { int: Op.Or8, float: -1 };
    case SyntaxOp.Xor:
      return { int: Op.Xor8, float: -1 };
    default:
      return { int: -1, float: -1 };
  }
}

/** x op y for numbers of type t; neither a shift nor a comparison. */
export function arithmetic(b: FuncBuilder, op: number, t: GoType, x: Value, y: Value): Value {
  if (t.isComplex()) return complexArithmetic(b, op, t, x, y);
  if (t.isFloat()) return b.v2(family(op).float + (t.size === 8 ? 1 : 0), t, x, y);
  if (op === SyntaxOp.Div || op === SyntaxOp.Rem) return division(b, op, t, x, y);
  const log = sizeLog(t);
  if (op === SyntaxOp.AndNot) return b.v2(Op.And8 + log, t, x, b.v1(Op.Com8 + log, t, y));
  const base = family(op).int;
  if (base < 0) b.fail(b.pos, `operator ${SyntaxOp.text[op]} on ${t.linkString}`);
  return b.v2(base + log, t, x, y);
}

function division(b: FuncBuilder, op: number, t: GoType, x: Value, y: Value): Value {
  const log = sizeLog(t);
  const constant = y.op >= Op.Const8 && y.op <= Op.Const64;
  const nonZero = constant && (y.auxLo !== 0 || y.auxHi !== 0);
  if (!nonZero) {
    const ok = b.v2(Op.Neq8 + log, b.bool, y, b.constant(Op.Const8 + log, t, 0, 0));
    check(b, ok, () => rtPanic(b, 'panicdivide', []));
  }
  const base = Op.Div8 + 4 * log + (op === SyntaxOp.Rem ? 2 : 0) + (t.isSigned() ? 0 : 1);
  const v = b.v2(base, t, x, y);
  // A constant divisor other than -1 needs no care for the overflow of the smallest number.
  if (t.isSigned() && constant && (y.auxLo !== -1 || y.auxHi !== -1)) v.auxLo = 1;
  return v;
}

/** Goes on if ok holds; otherwise `fail` ends the block. */
export function check(b: FuncBuilder, ok: Value, fail: () => void): void {
  const good = b.newBlock();
  const bad = b.newBlock();
  b.branch(ok, good, bad, B.Likely);
  b.startSealed(bad);
  fail();
  b.startSealed(good);
}

function complexArithmetic(b: FuncBuilder, op: number, t: GoType, x: Value, y: Value): Value {
  const part = b.types.basic(t.kind === G.Complex64 ? G.Float32 : G.Float64);
  const wide = b.types.basic(G.Float64);
  const xr = b.v1(Op.ComplexReal, part, x);
  const xi = b.v1(Op.ComplexImag, part, x);
  const yr = b.v1(Op.ComplexReal, part, y);
  const yi = b.v1(Op.ComplexImag, part, y);
  if (op === SyntaxOp.Add || op === SyntaxOp.Sub) {
    return b.v2(Op.ComplexMake, t, arithmetic(b, op, part, xr, yr), arithmetic(b, op, part, xi, yi));
  }
  const widen = (v: Value): Value => convertNumber(b, v, part, wide);
  const narrow = (v: Value): Value => convertNumber(b, v, wide, part);
  if (op === SyntaxOp.Mul) {
    // In double precision, to lose as little as possible by cancellation.
    const [a, bi, c, d] = [widen(xr), widen(xi), widen(yr), widen(yi)];
    const re = b.v2(Op.Sub64F, wide, b.v2(Op.Mul64F, wide, a, c), b.v2(Op.Mul64F, wide, bi, d));
    const im = b.v2(Op.Add64F, wide, b.v2(Op.Mul64F, wide, a, d), b.v2(Op.Mul64F, wide, bi, c));
    return b.v2(Op.ComplexMake, t, narrow(re), narrow(im));
  }
  const c128 = b.types.basic(G.Complex128);
  const n = b.v2(Op.ComplexMake, c128, widen(xr), widen(xi));
  const m = b.v2(Op.ComplexMake, c128, widen(yr), widen(yi));
  const q = rtCall(b, 'complex128div', [n, m])[0];
  if (t.kind === G.Complex128) return q;
  return b.v2(Op.ComplexMake, t, narrow(b.v1(Op.ComplexReal, wide, q)), narrow(b.v1(Op.ComplexImag, wide, q)));
}

/** x << y, x >> y. The count has its own type; a negative one panics. */
export function shift(b: FuncBuilder, op: number, t: GoType, x: Value, y: Value, countType: GoType): Value {
  const log = sizeLog(t);
  const countLog = sizeLog(countType);
  const constant = y.op >= Op.Const8 && y.op <= Op.Const64;
  if (countType.isSigned() && !(constant && y.auxHi >= 0)) {
    const ok = b.v2(Op.Leq8 + countLog, b.bool, b.constant(Op.Const8 + countLog, countType, 0, 0), y);
    check(b, ok, () => rtPanic(b, 'panicshift', []));
  }
  const base = op === SyntaxOp.Shl ? Op.Lsh8x8 : t.isSigned() ? Op.Rsh8x8 : Op.Rsh8Ux8;
  const v = b.v2(base + 4 * log + countLog, t, x, y);
  if (constant && y.auxHi === 0 && y.auxLo >= 0 && y.auxLo < t.size * 8) v.auxLo = 1;
  return v;
}

/** +x, -x, ^x. */
export function unary(b: FuncBuilder, op: number, t: GoType, x: Value): Value {
  if (op === SyntaxOp.Add) return x;
  const log = sizeLog(t);
  if (op === SyntaxOp.Xor) return b.v1(Op.Com8 + log, t, x);
  if (op !== SyntaxOp.Sub) return b.fail(b.pos, `unary ${SyntaxOp.text[op]}`);
  if (t.isFloat()) return b.v1(t.size === 8 ? Op.Neg64F : Op.Neg32F, t, x);
  if (!t.isComplex()) return b.v1(Op.Neg8 + log, t, x);
  const part = b.types.basic(t.kind === G.Complex64 ? G.Float32 : G.Float64);
  const neg = part.size === 8 ? Op.Neg64F : Op.Neg32F;
  return b.v2(
    Op.ComplexMake,
    t,
    b.v1(neg, part, b.v1(Op.ComplexReal, part, x)),
    b.v1(neg, part, b.v1(Op.ComplexImag, part, x)),
  );
}

/** 1 of a numeric type: what ++ adds. */
export function oneOf(b: FuncBuilder, t: GoType): Value {
  if (t.isInteger()) return b.constant(Op.Const8 + sizeLog(t), t, 1, 0);
  // The bits of the float64 1.0.
  if (t.isFloat()) return b.constant(t.size === 8 ? Op.Const64F : Op.Const32F, t, 0, 0x3ff00000);
  const part = b.types.basic(t.kind === G.Complex64 ? G.Float32 : G.Float64);
  return b.v2(Op.ComplexMake, t, oneOf(b, part), zeroValue(b, part));
}
