/** Conversions (spec: "Conversions") and assignability. */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import * as constant from '#constant/value.ts';
import type { CallExpr } from '#syntax/nodes.ts';
import { tvOf } from '#types/info.ts';
import * as Mode from '#types/mode.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import { type FuncBuilder, zeroValue } from './builder.ts';
import { constantValue } from './constants.ts';
import { convertNumber, retype } from './convert-number.ts';
import { expr, exprType } from './expr.ts';
import { BoundsConvert, boundsCheck } from './index.ts';
import { interfaceToInterface, toInterface } from './interfaces.ts';
import { convertString } from './strings.ts';

/** v of type `from` as a value of type `to` that it is assignable to. */
export function assignable(b: FuncBuilder, v: Value, from: GoType, to: GoType): Value {
  if (from === to || to.kind !== G.Interface) return v;
  return from.kind === G.Interface ? interfaceToInterface(b, v, from, to) : toInterface(b, v, from, to);
}

/** T(x). */
export function conversion(b: FuncBuilder, e: CallExpr): Value {
  const to = exprType(b, e);
  const x = e.args[0];
  const tv = tvOf(x);
  if (tv === null) return b.fail(e.pos, 'conversion of nothing');
  if (tv.mode === Mode.nilvalue) return zeroValue(b, to);
  if (tv.mode === Mode.constant_ && tv.value !== null) {
    const k = tv.value.kind;
    const numeric = k === constant.Int || k === constant.Float || k === constant.Complex;
    // A constant converted to a type parameter: directly to what that stands for.
    if (
      (numeric && (to.isInteger() || to.isFloat() || to.isComplex())) ||
      (k === constant.String && to.kind === G.String)
    ) {
      return constantValue(b, to, tv.value);
    }
  }
  return convert(b, expr(b, x), exprType(b, x), to);
}

export function convert(b: FuncBuilder, v: Value, from: GoType, to: GoType): Value {
  if (from === to) return v;
  if (to.kind === G.Interface) return assignable(b, v, from, to);
  if (isNumber(from) && isNumber(to)) {
    // An explicit conversion rounds: it keeps x*y from being fused with an addition.
    if (from.isFloat() && from.size === to.size && to.isFloat()) return retype(b, v, to);
    return convertNumber(b, v, from, to);
  }
  if (from.kind === G.Slice && to.kind === G.Pointer && b.types.underlying(to).elem().kind === G.Array)
    return sliceToArrayPointer(b, v, to);
  if (from.kind === G.Slice && to.kind === G.Array) {
    const p = sliceToArrayPointer(b, v, b.types.pointerTo(to));
    return to.length === 0 ? zeroValue(b, to) : b.stable(b.load(to, b.nilCheck(p)));
  }
  const s = convertString(b, v, from, to);
  if (s !== null) return s;
  if (from.kind === G.UnsafePointer && to.kind === G.Uintptr) return b.v2(Op.Convert, to, v, b.mem());
  if (from.kind === G.Uintptr && to.kind === G.UnsafePointer) return b.v2(Op.Convert, to, v, b.mem());
  if (v.op === Op.Deref) {
    const d = b.v2(Op.Deref, to, v.args[0], v.args[1]);
    return d;
  }
  // The same representation under another name.
  if (from.isPointerShaped() && to.isPointerShaped() && v.op !== Op.ConstNil) return b.v1(Op.Copy, to, v);
  return v.op === Op.ConstNil ? b.constNil(to) : v;
}

function isNumber(t: GoType): boolean {
  return t.isInteger() || t.isFloat() || t.isComplex();
}

function sliceToArrayPointer(b: FuncBuilder, v: Value, to: GoType): Value {
  const n = to.elem().length;
  const len = b.v1(Op.SliceLen, b.int, v);
  boundsCheck(b, { value: b.constInt(n), signed: true }, len, BoundsConvert);
  return b.v1(Op.Copy, to, b.v1(Op.SlicePtr, to, v));
}
