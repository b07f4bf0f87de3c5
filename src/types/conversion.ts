/** Conversions T(x) (spec: "Conversions"). */
import { bug } from '#base/bug.ts';
import * as constant from '#constant/value.ts';
import { Typ } from './basic.ts';
import * as BasicKind from './basickind.ts';
import type { Checker } from './checker.ts';
import { representation } from './const.ts';
import { specificTerms, underIs } from './coretype.ts';
import * as Code from './errors/codes.ts';
import { errorf } from './errors.ts';
import { format } from './format.ts';
import * as Mode from './mode.ts';
import { assignableTo, Cause, cloneOperand, type Operand } from './operand.ts';
import {
  allString,
  defaultType,
  identical,
  identicalIgnoreTags,
  isBytesOrRunes,
  isComplex,
  isConstType,
  isInteger,
  isIntegerOrFloat,
  isNonTypeParamInterface,
  isPointer,
  isString,
  isTypeParam,
  isUintptr,
  isUnsafePointer,
  isUntyped,
} from './predicates.ts';
import { type Type, type TypeParam, unalias } from './type.ts';
import * as TypeKind from './typekind.ts';
import { under } from './under.ts';
import { updateExprType } from './untyped.ts';
import { allowVersion, go1_17, go1_20 } from './version.ts';

/** Converts x to type T, in place. */
export function conversion(c: Checker, x: Operand, T: Type): void {
  const constArg = x.mode === Mode.constant_;
  const cause = new Cause();
  let ok = false;
  if (constArg && isConstType(T)) {
    const val = constantConversion(c, x, T);
    ok = val !== null;
    if (val !== null) x.val = val;
    // The message is about the integer that a float or complex constant denotes.
    else if (isInteger(T) && constant.toInt(x.val).kind === constant.Int) x.val = constant.toInt(x.val);
    if (!ok && isInteger(x.typ) && isInteger(T)) {
      errorf(c, x, Code.InvalidConversion, 'constant %s overflows %s', constant.toShortString(x.val), T);
      x.mode = Mode.invalid;
      return;
    }
  } else if (constArg && isTypeParam(T)) {
    ok = underIs(T, (u) => constantFitsTerm(c, x, u, T, cause));
    x.mode = Mode.value;
  } else if (convertibleTo(c, x, T, cause)) {
    ok = true;
    x.mode = Mode.value;
  }
  if (!ok) {
    if (cause.text !== '') errorf(c, x, Code.InvalidConversion, 'cannot convert %s to type %s: %s', x, T, cause.text);
    else errorf(c, x, Code.InvalidConversion, 'cannot convert %s to type %s', x, T);
    x.mode = Mode.invalid;
    return;
  }
  if (isUntyped(x.typ)) {
    if (x.expr === null) bug('untyped operand without expression');
    updateExprType(c, x.expr, finalArgType(x, T, constArg), true);
  }
  x.typ = T;
}

/** The type recorded for an untyped argument: T, unless the value goes into an interface or is converted at run time. */
function finalArgType(x: Operand, T: Type, constArg: boolean): Type {
  if (x.typ === Typ[BasicKind.UntypedNil]) return T;
  if (isNonTypeParamInterface(T) || (constArg && !isConstType(T))) return defaultType(x.typ);
  if (x.mode === Mode.constant_ && isInteger(x.typ) && allString(T)) return x.typ;
  return T;
}

/** The constant x converted to type T, or null. An integer becomes the UTF-8 of that code point. */
function constantConversion(c: Checker, x: Operand, T: Type): constant.Value | null {
  const u = under(T);
  if (u.kind !== TypeKind.Basic) return null;
  const val = representation(c, x.val, u);
  if (val !== null) return val;
  if (!isInteger(x.typ) || !isString(u)) return null;
  const code = x.val.kind === constant.Int ? constant.intNumber(x.val) : null;
  const valid = code !== null && code >= 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return constant.makeStringFromText(String.fromCodePoint(valid ? code : 0xfffd));
}

function constantFitsTerm(c: Checker, x: Operand, u: Type | null, T: Type, cause: Cause): boolean {
  if (u === null) {
    cause.text = format(c, '%s does not contain specific types', T);
    return false;
  }
  if (isString(x.typ) && isBytesOrRunes(u)) return true;
  if (constantConversion(c, x, u) !== null) return true;
  if (isInteger(x.typ) && isInteger(u)) {
    cause.text = format(c, 'constant %s overflows %s (in %s)', constant.toShortString(x.val), u, T);
  } else {
    cause.text = format(c, 'cannot convert %s to type %s (in %s)', x, u, T);
  }
  return false;
}

/** Whether the non-constant conversion T(x) is valid; if not, the cause may say why. c is null after checking. */
export function convertibleTo(c: Checker | null, x: Operand, target: Type, cause: Cause | null): boolean {
  if (assignableTo(c, x, target, cause) === Code.NoError) return true;
  const V = unalias(x.typ);
  const T = unalias(target);
  const Vp = V.kind === TypeKind.TypeParam ? V : null;
  const Tp = T.kind === TypeKind.TypeParam ? T : null;
  const Vu = under(V);
  const Tu = under(T);
  if (Vp === null && Tp === null && identicalIgnoreTags(Vu, Tu)) return true;
  if (V.kind === TypeKind.Pointer && T.kind === TypeKind.Pointer && !isTypeParam(V.elem) && !isTypeParam(T.elem)) {
    if (identicalIgnoreTags(under(V.elem), under(T.elem))) return true;
  }
  if (basicConversion(Vu, Tu)) return true;
  const fromSlice = sliceToArray(c, Vu, Tu, cause);
  if (fromSlice !== null) return fromSlice;
  if (Vp !== null) return convertibleFromEach(c, x, Vp, Tp, target, cause);
  return Tp !== null && convertibleToEach(c, x, Tp, cause);
}

/** Numbers, strings with byte and rune slices, and unsafe.Pointer; V and T are underlying types. */
function basicConversion(V: Type, T: Type): boolean {
  if (isIntegerOrFloat(V) && isIntegerOrFloat(T)) return true;
  if (isComplex(V) && isComplex(T)) return true;
  if (isString(T) && (isInteger(V) || isBytesOrRunes(V))) return true;
  if (isString(V) && isBytesOrRunes(T)) return true;
  if (isUnsafePointer(T) && (isPointer(V) || isUintptr(V))) return true;
  return isUnsafePointer(V) && (isPointer(T) || isUintptr(T));
}

/** A slice to an array or array pointer with the same element type; null if it is not about that. */
function sliceToArray(c: Checker | null, V: Type, T: Type, cause: Cause | null): boolean | null {
  if (V.kind !== TypeKind.Slice) return null;
  let array: Type = T;
  let version = go1_20;
  let what = 'conversion of slice to array requires go1.20 or later';
  if (T.kind === TypeKind.Pointer) {
    array = under(T.elem);
    version = go1_17;
    what = 'conversion of slice to array pointer requires go1.17 or later';
  }
  if (array.kind !== TypeKind.Array || !identical(V.elem, array.elem)) return null;
  if (c === null || allowVersion(c, version)) return true;
  if (cause !== null) cause.text = what;
  return false;
}

/** x is of type parameter type: values of each specific type must be convertible to T, or to each specific type of T. */
function convertibleFromEach(
  c: Checker | null,
  x: Operand,
  Vp: TypeParam,
  Tp: TypeParam | null,
  T: Type,
  cause: Cause | null,
): boolean {
  const from = specificTerms(Vp);
  if (from === null) return false;
  const y = cloneOperand(x);
  if (Tp === null) {
    for (const v of from) {
      y.typ = v.typ;
      if (convertibleTo(c, y, T, cause)) continue;
      cause?.wrap(c, format(c, 'cannot convert %s (in %s) to type %s', v.typ, Vp, T));
      return false;
    }
    return true;
  }
  const to = specificTerms(Tp);
  if (to === null) return false;
  for (const v of from) {
    y.typ = v.typ;
    for (const t of to) {
      if (convertibleTo(c, y, t.typ, cause)) continue;
      cause?.wrap(c, format(c, 'cannot convert %s (in %s) to type %s (in %s)', v.typ, Vp, t.typ, Tp));
      return false;
    }
  }
  return true;
}

function convertibleToEach(c: Checker | null, x: Operand, Tp: TypeParam, cause: Cause | null): boolean {
  const to = specificTerms(Tp);
  if (to === null) return false;
  for (const t of to) {
    if (convertibleTo(c, x, t.typ, cause)) continue;
    cause?.wrap(c, format(c, 'cannot convert %s to type %s (in %s)', x.typ, t.typ, Tp));
    return false;
  }
  return true;
}
