/**
 * Conversions between floating point numbers and integers. What does not fit becomes what CVTTSD2SQ makes of it, the smallest
 * integer: the official compiler saturates only if asked to (-d=converthash).
 */
import * as Kind from '#abi/gotype.ts';
import * as Op from '#ssa/gen/op.ts';
import * as A from '../gen/op.ts';
import { become1, become2, become3, int64, make1, make2, makeConst, makeImm, type Rule, uint64 } from './common.ts';

const toInteger =
  (op: number): Rule =>
  (_, v) =>
    become1(v, op, v.args[0]);

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

/** float to uint64: the upper half of the range through a subtraction; negative numbers are converted as int64. */
const toUint64 =
  (single: boolean): Rule =>
  (f, v) => {
    const x = v.args[0];
    const b = f.types.basic(Kind.Bool);
    const constant = single ? Op.Const32F : Op.Const64F;
    // 2^63
    const limit = makeConst(f, v, constant, x.type, 0, 0x43e00000);
    const convert = single ? Op.Cvt32Fto64 : Op.Cvt64Fto64;
    const less = single ? Op.Less32F : Op.Less64F;
    const low = make1(f, v, convert, int64(f), x);
    const rest = make2(f, v, single ? Op.Sub32F : Op.Sub64F, x.type, x, limit);
    const high = make1(f, v, convert, int64(f), rest);
    const upper = make2(f, v, Op.Or64, v.type, high, makeConst(f, v, Op.Const64, v.type, 0, -0x80000000));
    return become3(v, Op.CondSelect, low, upper, make2(f, v, less, b, x, limit));
  };

export const conversions: readonly (readonly [number, Rule])[] = [
  [Op.Cvt32Fto32, toInteger(A.CVTTSS2SL)],
  [Op.Cvt64Fto32, toInteger(A.CVTTSD2SL)],
  [Op.Cvt32Fto64, toInteger(A.CVTTSS2SQ)],
  [Op.Cvt64Fto64, toInteger(A.CVTTSD2SQ)],
  [Op.Cvt64Uto32F, fromUint64(A.CVTSQ2SS, A.ADDSS, true)],
  [Op.Cvt64Uto64F, fromUint64(A.CVTSQ2SD, A.ADDSD, false)],
  [Op.Cvt32Fto64U, toUint64(true)],
  [Op.Cvt64Fto64U, toUint64(false)],
];
