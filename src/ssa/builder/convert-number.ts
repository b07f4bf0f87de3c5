/** Conversions between numeric types (spec: "Conversions between numeric types"). */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import type { FuncBuilder } from './builder.ts';

// By from-size and to-size (8, 16, 32, 64).
const signExtend: readonly number[][] = [
  [Op.Copy, Op.SignExt8to16, Op.SignExt8to32, Op.SignExt8to64],
  [Op.Trunc16to8, Op.Copy, Op.SignExt16to32, Op.SignExt16to64],
  [Op.Trunc32to8, Op.Trunc32to16, Op.Copy, Op.SignExt32to64],
  [Op.Trunc64to8, Op.Trunc64to16, Op.Trunc64to32, Op.Copy],
];
const zeroExtend: readonly number[][] = [
  [Op.Copy, Op.ZeroExt8to16, Op.ZeroExt8to32, Op.ZeroExt8to64],
  [Op.Trunc16to8, Op.Copy, Op.ZeroExt16to32, Op.ZeroExt16to64],
  [Op.Trunc32to8, Op.Trunc32to16, Op.Copy, Op.ZeroExt32to64],
  [Op.Trunc64to8, Op.Trunc64to16, Op.Trunc64to32, Op.Copy],
];

function log(t: GoType): number {
  return t.size === 8 ? 3 : t.size === 4 ? 2 : t.size === 2 ? 1 : 0;
}

export function convertNumber(b: FuncBuilder, v: Value, from: GoType, to: GoType): Value {
  if (from === to) return v;
  if (from.isInteger() && to.isInteger()) {
    const op = (from.isSigned() ? signExtend : zeroExtend)[log(from)][log(to)];
    return op === Op.Copy ? retype(b, v, to) : b.v1(op, to, v);
  }
  if (from.isInteger() && to.isFloat()) return intToFloat(b, v, from, to);
  if (from.isFloat() && to.isInteger()) return floatToInt(b, v, from, to);
  if (from.isFloat() && to.isFloat()) {
    if (from.size === to.size) return retype(b, v, to);
    return b.v1(from.size === 4 ? Op.Cvt32Fto64F : Op.Cvt64Fto32F, to, v);
  }
  if (from.isComplex() && to.isComplex()) {
    if (from.size === to.size) return retype(b, v, to);
    const fp = b.types.basic(from.kind === G.Complex64 ? G.Float32 : G.Float64);
    const tp = b.types.basic(to.kind === G.Complex64 ? G.Float32 : G.Float64);
    const re = convertNumber(b, b.v1(Op.ComplexReal, fp, v), fp, tp);
    const im = convertNumber(b, b.v1(Op.ComplexImag, fp, v), fp, tp);
    return b.v2(Op.ComplexMake, to, re, im);
  }
  return b.fail(b.pos, `conversion of ${from.linkString} to ${to.linkString}`);
}

/** The same bits under another type; constants are made anew, so that they keep being constants. */
export function retype(b: FuncBuilder, v: Value, to: GoType): Value {
  if (v.type === to) return v;
  if (v.op >= Op.Const8 && v.op <= Op.Const64F) return b.constant(v.op, to, v.auxLo, v.auxHi);
  return b.v1(Op.Copy, to, v);
}

function intToFloat(b: FuncBuilder, v: Value, from: GoType, to: GoType): Value {
  const double = to.size === 8;
  if (from.size === 8 && !from.isSigned()) return b.v1(double ? Op.Cvt64Uto64F : Op.Cvt64Uto32F, to, v);
  const int32 = b.types.basic(G.Int32);
  const int64 = b.types.basic(G.Int64);
  if (from.size < 4 || (from.size === 4 && from.isSigned())) {
    const w = convertNumber(b, v, from, int32);
    return b.v1(double ? Op.Cvt32to64F : Op.Cvt32to32F, to, w);
  }
  const w = convertNumber(b, v, from, int64);
  return b.v1(double ? Op.Cvt64to64F : Op.Cvt64to32F, to, w);
}

function floatToInt(b: FuncBuilder, v: Value, from: GoType, to: GoType): Value {
  const double = from.size === 8;
  if (to.size === 8 && !to.isSigned()) return b.v1(double ? Op.Cvt64Fto64U : Op.Cvt32Fto64U, to, v);
  const int32 = b.types.basic(G.Int32);
  const int64 = b.types.basic(G.Int64);
  if (to.size < 4 || (to.size === 4 && to.isSigned())) {
    return convertNumber(b, b.v1(double ? Op.Cvt64Fto32 : Op.Cvt32Fto32, int32, v), int32, to);
  }
  return convertNumber(b, b.v1(double ? Op.Cvt64Fto64 : Op.Cvt32Fto64, int64, v), int64, to);
}
