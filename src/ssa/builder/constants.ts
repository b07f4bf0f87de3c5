/** Constants as values (spec: "Constants"): the exact value in the representation of its type. */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import * as constant from '#constant/value.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import { constOp, type FuncBuilder } from './builder.ts';

const scratch = new DataView(new ArrayBuffer(8));

export function floatConstant(b: FuncBuilder, t: GoType, x: number): Value {
  scratch.setFloat64(0, x, true);
  const op = t.size === 8 ? Op.Const64F : Op.Const32F;
  return b.constant(op, t, scratch.getInt32(0, true), scratch.getInt32(4, true));
}

function floatOf(t: GoType, v: constant.Value): number {
  const f = constant.toFloat(v);
  return t.size === 4 || t.kind === G.Complex64 ? constant.float32Val(f) : constant.float64Val(f);
}

export function intConstant(b: FuncBuilder, t: GoType, lo: number, hi: number): Value {
  switch (t.size) {
    case 1:
      lo = (lo << 24) >> 24;
      hi = lo >> 31;
      break;
    case 2:
      lo = (lo << 16) >> 16;
      hi = lo >> 31;
      break;
    case 4:
      lo |= 0;
      hi = lo >> 31;
      break;
  }
  return b.constant(constOp(t), t, lo, hi);
}

/** A constant of a basic (or type parameter's) type as a value of type t, which is not an interface. */
export function constantValue(b: FuncBuilder, t: GoType, v: constant.Value): Value {
  switch (t.kind) {
    case G.Bool:
      return b.constant(Op.ConstBool, t, constant.boolVal(v) ? 1 : 0, 0);
    case G.String:
      return b.constString(t, constant.stringVal(v));
    case G.Float32:
    case G.Float64:
      return floatConstant(b, t, floatOf(t, v));
    case G.Complex64:
    case G.Complex128: {
      const c = constant.toComplex(v);
      const part = b.types.basic(t.kind === G.Complex64 ? G.Float32 : G.Float64);
      const re = floatConstant(b, part, floatOf(t, constant.real(c)));
      const im = floatConstant(b, part, floatOf(t, constant.imag(c)));
      return b.v2(Op.ComplexMake, t, re, im);
    }
  }
  if (t.isInteger()) {
    const i = constant.toInt(v);
    return intConstant(b, t, constant.intLo(i), constant.intHi(i));
  }
  if (t.isPointerShaped()) {
    // unsafe.Pointer of a constant address.
    const i = constant.toInt(v);
    const bits = b.constant(Op.Const64, b.uintptr, constant.intLo(i), constant.intHi(i));
    return b.v2(Op.Convert, t, bits, b.mem());
  }
  return b.fail(b.pos, `constant of type ${t.linkString}`);
}
