/**
 * Conversions between floating point numbers and integers. CVTTSD2SQ gives the smallest integer for what does not fit; the
 * official compiler (1.26) saturates instead: a positive input whose result came out negative is turned into the largest.
 */
import * as Kind from '#abi/gotype.ts';
import type { Func } from '#ssa/func.ts';
import * as Op from '#ssa/gen/op.ts';
import type { Value } from '#ssa/value.ts';
import * as A from '../gen/op.ts';
import { become2, become3, int64, make1, make2, make3, makeConst, makeImm, type Rule, uint64 } from './common.ts';

/** y ^ ((y & ~bits(x)) >> 63), where bits has the sign of x. */
function saturate(f: Func, v: Value, y: Value, bits: Value, wide: boolean): boolean {
  const t = v.type;
  const inverted = make1(f, v, wide ? A.NOTQ : A.NOTL, t, bits);
  const wrong = make2(f, v, wide ? A.ANDQ : A.ANDL, t, y, inverted);
  const smeared = makeImm(f, v, wide ? A.SARQconst : A.SARLconst, t, wrong, wide ? 63 : 31);
  return become2(v, wide ? A.XORQ : A.XORL, y, smeared);
}

const toInt32 =
  (op: number, single: boolean): Rule =>
  (f, v) => {
    const x = v.args[0];
    const s = single ? x : make1(f, v, A.CVTSD2SS, f.types.basic(Kind.Float32), x);
    return saturate(f, v, make1(f, v, op, v.type, x), make1(f, v, A.MOVLf2i, v.type, s), false);
  };

const toInt64 =
  (op: number, single: boolean): Rule =>
  (f, v) => {
    const x = v.args[0];
    const d = single ? make1(f, v, A.CVTSS2SD, f.types.basic(Kind.Float64), x) : x;
    return saturate(f, v, make1(f, v, op, v.type, x), make1(f, v, A.MOVQf2i, v.type, d), true);
  };

/**
 * uint64 to float without a branch: numbers with the top bit are halved, keeping the lost bit sticky for rounding, converted, and
 * doubled by adding the result to itself under a mask.
 */
const fromUint64 =
  (convert: number, add: number, single: boolean): Rule =>
  (f, v) => {
    const u = uint64(f);
    const x = v.args[0];
    const top = makeImm(f, v, A.SARQconst, u, x, 63);
    const bit = makeImm(f, v, A.ANDQconst, u, top, 1);
    const half = make2(f, v, A.SHRQ, u, x, bit);
    const sticky = make2(f, v, A.ANDQ, u, x, bit);
    const number = make1(f, v, convert, v.type, make2(f, v, A.ORQ, u, half, sticky));
    const mask = make1(f, v, single ? A.MOVLi2f : A.MOVQi2f, v.type, top);
    return become2(v, add, number, make2(f, v, A.PAND, v.type, number, mask));
  };

/** float to uint64: the upper half of the range through a subtraction; negative numbers become zero. */
const toUint64 =
  (single: boolean): Rule =>
  (f, v) => {
    const x = v.args[0];
    const b = f.types.basic(Kind.Bool);
    const constant = single ? Op.Const32F : Op.Const64F;
    // 2^63
    const limit = makeConst(f, v, constant, x.type, 0, 0x43e00000);
    const zero = makeConst(f, v, constant, x.type, 0, 0);
    const convert = single ? Op.Cvt32Fto64 : Op.Cvt64Fto64;
    const less = single ? Op.Less32F : Op.Less64F;
    const low = make1(f, v, convert, int64(f), x);
    const rest = make2(f, v, single ? Op.Sub32F : Op.Sub64F, x.type, x, limit);
    const high = make1(f, v, convert, int64(f), rest);
    const upper = make2(f, v, Op.Or64, v.type, high, makeConst(f, v, Op.Const64, v.type, 0, -0x80000000));
    const none = makeConst(f, v, Op.Const64, v.type, 0, 0);
    const lower = make3(f, v, Op.CondSelect, v.type, none, low, make2(f, v, less, b, x, zero));
    return become3(v, Op.CondSelect, lower, upper, make2(f, v, less, b, x, limit));
  };

export const conversions: readonly (readonly [number, Rule])[] = [
  [Op.Cvt32Fto32, toInt32(A.CVTTSS2SL, true)],
  [Op.Cvt64Fto32, toInt32(A.CVTTSD2SL, false)],
  [Op.Cvt32Fto64, toInt64(A.CVTTSS2SQ, true)],
  [Op.Cvt64Fto64, toInt64(A.CVTTSD2SQ, false)],
  [Op.Cvt64Uto32F, fromUint64(A.CVTSQ2SS, A.ADDSS, true)],
  [Op.Cvt64Uto64F, fromUint64(A.CVTSQ2SD, A.ADDSD, false)],
  [Op.Cvt32Fto64U, toUint64(true)],
  [Op.Cvt64Fto64U, toUint64(false)],
];
