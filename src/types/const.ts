/** Untyped values and constants: representability, rounding and overflow (spec: "Constants", "Representability"). */
import { bug } from '#base/bug.ts';
import type { Pos } from '#base/source.ts';
import * as constant from '#constant/value.ts';
import * as Syntax from '#syntax/kinds.ts';
import type { Expr } from '#syntax/nodes.ts';
import * as Op from '#syntax/operators.ts';
import { startPos } from '#syntax/positions.ts';
import * as BasicKind from './basickind.ts';
import type { Checker } from './checker.ts';
import { underIs } from './coretype.ts';
import * as Code from './errors/codes.ts';
import { error, errorf } from './errors.ts';
import * as Mode from './mode.ts';
import type { Operand } from './operand.ts';
import {
  defaultType,
  hasNil,
  isBoolean,
  isComplex,
  isFloat,
  isInteger,
  isNumeric,
  isString,
  isTyped,
  isTypeParam,
  isUntyped,
  isValid,
  maxType,
} from './predicates.ts';
import { sizeofType } from './sizes.ts';
import { type Basic, NoType, type Type, unalias } from './type.ts';
import * as TypeKind from './typekind.ts';
import { isAllSet, typeSet } from './typeset.ts';
import { under } from './under.ts';
import { updateExprType, updateExprVal } from './untyped.ts';

/** Untyped integers must not grow without bounds: as gc, 512 bits are the limit. */
const maxUntypedBits = 512;

/** The position of the operator of an operation, else the left end. */
export function opPos(x: Expr | null): Pos {
  if (x === null) return 0;
  return x.kind === Syntax.Operation ? x.pos : startPos(x);
}

/** The name of an operation that may overflow, for messages; "" for others. */
function opName(x: Expr | null): string {
  if (x === null || x.kind !== Syntax.Operation) return '';
  if (x.y === null) return x.op === Op.Xor ? 'bitwise complement ' : '';
  switch (x.op) {
    case Op.Add:
      return 'addition ';
    case Op.Sub:
      return 'subtraction ';
    case Op.Xor:
      return 'bitwise XOR ';
    case Op.Mul:
      return 'multiplication ';
    case Op.Shl:
      return 'shift ';
    default:
      return '';
  }
}

/** Checks the result of a constant operation: a typed one must be representable in its type, an untyped integer must not be too big. */
export function overflow(c: Checker, x: Operand, at: Pos): void {
  if (x.val.kind === constant.Unknown) {
    error(c, at, Code.InvalidConstVal, 'constant result is not representable');
    return;
  }
  if (isTyped(x.typ)) {
    const u = under(x.typ);
    if (u.kind === TypeKind.Basic) representable(c, x, u);
    return;
  }
  if (x.val.kind === constant.Int && x.val.big !== null && constant.bitLen(x.val) > maxUntypedBits) {
    errorf(c, at, Code.InvalidConstVal, 'constant %soverflow', opName(x.expr));
    x.val = constant.makeUnknown();
  }
}

/** The size in bits of an integer type; 0 if it is untyped. */
function intBits(c: Checker | null, t: Basic): number {
  switch (t.basic) {
    case BasicKind.Int:
    case BasicKind.Uint:
    case BasicKind.Uintptr:
      return sizeofType(c === null ? null : c.conf, t) * 8;
    case BasicKind.Int8:
    case BasicKind.Uint8:
      return 8;
    case BasicKind.Int16:
    case BasicKind.Uint16:
      return 16;
    case BasicKind.Int32:
    case BasicKind.Uint32:
      return 32;
    case BasicKind.Int64:
    case BasicKind.Uint64:
      return 64;
    default:
      return 0;
  }
}

/**
 * The value that x has in type t: an integer, or rounded to the precision of a floating-point or complex type. Null if x is not representable.
 * An unknown value is representable in every type.
 */
export function representation(c: Checker | null, x: constant.Value, t: Basic): constant.Value | null {
  if (x.kind === constant.Unknown) return x;
  if (isInteger(t)) return representInt(c, x, t);
  if (isFloat(t)) return representFloat(x, t);
  if (isComplex(t)) return representComplex(x, t);
  if (isString(t)) return x.kind === constant.String ? x : null;
  if (isBoolean(t)) return x.kind === constant.Bool ? x : null;
  return null;
}

/** Whether x is representable in t. */
export function representableConst(x: constant.Value, c: Checker | null, t: Basic): boolean {
  return representation(c, x, t) !== null;
}

function representInt(c: Checker | null, x: constant.Value, t: Basic): constant.Value | null {
  const i = constant.toInt(x);
  if (i.kind !== constant.Int) return null;
  const bits = intBits(c, t);
  // Untyped.
  if (bits === 0) return i;
  const small = constant.intNumber(i);
  if (small !== null) {
    if ((t.info & BasicKind.IsUnsigned) !== 0) return small >= 0 && small < 2 ** bits ? i : null;
    return small >= -(2 ** (bits - 1)) && small < 2 ** (bits - 1) ? i : null;
  }
  const n = constant.bitLen(i);
  if ((t.info & BasicKind.IsUnsigned) !== 0) return constant.sign(i) >= 0 && n <= bits ? i : null;
  if (n < bits) return i;
  return n === bits && constant.compare(i, Op.Eql, constant.shift(constant.makeInt64(-1), Op.Shl, bits - 1)) ? i : null;
}

function representFloat(x: constant.Value, t: Basic): constant.Value | null {
  const f = constant.toFloat(x);
  if (f.kind !== constant.Float) return null;
  return t.basic === BasicKind.UntypedFloat ? x : round(f, t.basic);
}

function representComplex(x: constant.Value, t: Basic): constant.Value | null {
  const z = constant.toComplex(x);
  if (z.kind !== constant.Complex) return null;
  if (t.basic === BasicKind.UntypedComplex) return x;
  const part = t.basic === BasicKind.Complex64 ? BasicKind.Float32 : BasicKind.Float64;
  const re = round(constant.real(z), part);
  const im = round(constant.imag(z), part);
  return re === null || im === null ? null : constant.binaryOp(re, Op.Add, constant.makeImag(im));
}

function round(f: constant.Value, basic: number): constant.Value | null {
  const v = basic === BasicKind.Float32 ? constant.float32Val(f) : constant.float64Val(f);
  return Number.isFinite(v) ? constant.makeFloat64(v) : null;
}

/** Gives the constant x the value it has in type t; if it has none, reports that and makes x invalid. */
export function representable(c: Checker, x: Operand, t: Basic): void {
  const v = representation(c, x.val, t);
  if (v === null) {
    invalidConversion(c, representationError(x, t), x, t);
    x.mode = Mode.invalid;
    return;
  }
  x.val = v;
}

/** Why the constant x is not representable in t. */
function representationError(x: Operand, t: Basic): Code.Code {
  if (!isNumeric(x.typ) || !isNumeric(t)) return Code.InvalidConstVal;
  return !isInteger(x.typ) && isInteger(t) ? Code.TruncatedFloat : Code.NumericOverflow;
}

export function invalidConversion(c: Checker, code: Code.Code, x: Operand, target: Type): void {
  let text = 'cannot convert %s to type %s';
  if (code === Code.TruncatedFloat) text = '%s truncated to %s';
  else if (code === Code.NumericOverflow) text = '%s overflows %s';
  errorf(c, x, code, text, x, target);
}

export interface Implicit {
  /** NoType if there is no conversion. */
  typ: Type;
  /** The value of a constant in that type; null if it does not change. */
  val: constant.Value | null;
  code: Code.Code;
}

function implicit(typ: Type): Implicit {
  return { typ, val: null, code: Code.NoError };
}

const impossible: Implicit = { typ: NoType, val: null, code: Code.InvalidUntypedConversion };

/** The type that x takes where target is expected, and the value of a constant x in it; c is null after checking. */
export function implicitTypeAndValue(c: Checker | null, x: Operand, target: Type): Implicit {
  if (x.mode === Mode.invalid || isTyped(x.typ) || !isValid(target)) return implicit(x.typ);
  if (isUntyped(target)) {
    const max = maxType(x.typ, target);
    return max === null ? impossible : implicit(max);
  }
  if (x.mode === Mode.nilvalue) return hasNil(target) ? implicit(target) : impossible;
  const u = under(target);
  if (u.kind === TypeKind.Basic) return implicitBasic(c, x, target, u);
  if (u.kind !== TypeKind.Interface) return impossible;
  if (isTypeParam(target)) {
    const fits = underIs(target, (v) => v !== null && implicitTypeAndValue(c, x, v).code === Code.NoError);
    return fits ? implicit(target) : impossible;
  }
  // Values in interfaces have a dynamic type: the default type. It has no methods.
  return isAllSet(typeSet(u)) ? implicit(defaultType(x.typ)) : impossible;
}

function implicitBasic(c: Checker | null, x: Operand, target: Type, u: Basic): Implicit {
  if (x.mode === Mode.constant_) {
    const val = representation(c, x.val, u);
    if (val === null) return { typ: NoType, val: null, code: representationError(x, u) };
    return { typ: target, val, code: Code.NoError };
  }
  // The result of a comparison, or a shift whose type is still open.
  const info = x.typ.kind === TypeKind.Basic ? x.typ.info : 0;
  const wanted = info & (BasicKind.IsBoolean | BasicKind.IsNumeric | BasicKind.IsString);
  const kind = (wanted & BasicKind.IsNumeric) !== 0 ? BasicKind.IsNumeric : wanted;
  return (u.info & kind) !== 0 ? implicit(target) : impossible;
}

/** Gives an untyped x the type target, or reports why that is not possible and makes x invalid. */
export function convertUntyped(c: Checker, x: Operand, target: Type): void {
  const { typ, val, code } = implicitTypeAndValue(c, x, target);
  if (code !== Code.NoError) {
    invalidConversion(c, code, x, isTypeParam(target) ? target : safeUnder(target));
    x.mode = Mode.invalid;
    return;
  }
  applyImplicit(c, x, typ, val);
}

/** Takes over the result of implicitTypeAndValue into x and what is recorded for its expression. */
export function applyImplicit(c: Checker, x: Operand, typ: Type, val: constant.Value | null): void {
  if (x.expr === null) bug('untyped operand without expression');
  if (val !== null) {
    x.val = val;
    updateExprVal(x.expr, val);
  }
  if (typ !== x.typ) {
    x.typ = typ;
    updateExprType(c, x.expr, typ, false);
  }
}

/** The underlying type as far as it is known, without resolving declarations. */
function safeUnder(t: Type): Type {
  const u = unalias(t);
  return u.kind === TypeKind.Named ? u.underlying : under(u);
}
