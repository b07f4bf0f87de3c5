/** Operators: unary and binary operations, comparisons, shifts, receive and address operations (spec: "Operators"). */
import { bug } from '#base/bug.ts';
import * as constant from '#constant/value.ts';
import * as Syntax from '#syntax/kinds.ts';
import { type Expr, type Operation, unparen } from '#syntax/nodes.ts';
import * as Op from '#syntax/operators.ts';
import { Typ } from './basic.ts';
import * as BasicKind from './basickind.ts';
import type { Checker } from './checker.ts';
import { convertUntyped, opPos, overflow, representable } from './const.ts';
import { commonUnder, typeErrorf } from './coretype.ts';
import * as Code from './errors/codes.ts';
import { error, errorf, invalidOp, type Poser } from './errors.ts';
import { expr } from './expr.ts';
import { format } from './format.ts';
import * as Mode from './mode.ts';
import { assignableTo, compositeKind, Operand } from './operand.ts';
import { binaryOpDefined, isComparison, isShift, unaryOpDefined } from './operators.ts';
import {
  allBoolean,
  allInteger,
  allNumeric,
  allOrdered,
  allString,
  allUnsigned,
  comparable,
  comparableType,
  defaultType,
  hasNil,
  identical,
  isComplex,
  isInteger,
  isNonTypeParamInterface,
  isPointer,
  isTyped,
  isTypeParam,
  isUnsigned,
  isUntyped,
  isValid,
} from './predicates.ts';
import { sizeofType } from './sizes.ts';
import { Pointer, type Type } from './type.ts';
import * as TypeKind from './typekind.ts';
import { under } from './under.ts';
import { pendingInfo, updateExprType } from './untyped.ts';
import { go1_13, verifyVersionf } from './version.ts';

export function unary(c: Checker, x: Operand, e: Operation): void {
  expr(c, null, x, e.x);
  if (x.mode === Mode.invalid) return;
  let op = e.op;
  if (op === Op.And) {
    // A composite literal is the exception to addressability.
    if (x.mode !== Mode.variable && unparen(e.x).kind !== Syntax.CompositeLit) {
      errorf(c, x, Code.UnaddressableOperand, `${invalidOp}cannot take address of %s`, x);
      x.mode = Mode.invalid;
      return;
    }
    x.mode = Mode.value;
    x.typ = new Pointer(x.typ);
    return;
  }
  if (op === Op.Recv) {
    const elem = chanElem(c, x, x, true);
    if (elem === null) {
      x.mode = Mode.invalid;
      return;
    }
    x.mode = Mode.commaok;
    x.typ = elem;
    c.hasCallOrRecv = true;
    return;
  }
  if (op === Op.Tilde) {
    const misplaced = 'cannot use ~ outside of interface or type constraint';
    if (!allInteger(x.typ)) {
      error(c, e, Code.UndefinedOp, misplaced);
      x.mode = Mode.invalid;
      return;
    }
    error(c, e, Code.UndefinedOp, `${misplaced} (use ^ for bitwise complement)`);
    op = Op.Xor;
  }
  if (!unaryOpDefined(c, x, op)) {
    x.mode = Mode.invalid;
    return;
  }
  if (x.mode !== Mode.constant_) {
    x.mode = Mode.value;
    return;
  }
  if (x.val.kind === constant.Unknown) return;
  const bits = isUnsigned(x.typ) ? sizeofType(c.conf, x.typ) * 8 : 0;
  x.val = constant.unaryOp(op, x.val, bits);
  x.expr = e;
  overflow(c, x, opPos(e));
}

/** The element type of the channel that x must be, for receiving or sending; null after an error. */
export function chanElem(c: Checker, at: Poser, x: Operand, recv: boolean): Type | null {
  const { type: u, cause } = commonUnder(x.typ, (t, u) => {
    if (u === null) return typeErrorf('no specific channel type');
    if (u.kind !== TypeKind.Chan) return typeErrorf('non-channel %s', t);
    if (recv && u.dir === Syntax.SendOnly) return typeErrorf('send-only channel %s', t);
    if (!recv && u.dir === Syntax.RecvOnly) return typeErrorf('receive-only channel %s', t);
    return null;
  });
  if (u !== null && u.kind === TypeKind.Chan) return u.elem;
  const why = cause === null ? '' : cause.format(c);
  const code = recv ? Code.InvalidReceive : Code.InvalidSend;
  const what = recv ? 'cannot receive from' : 'cannot send to';
  if (isTypeParam(x.typ)) errorf(c, at, code, `${invalidOp}${what} %s: %s`, x, why);
  else errorf(c, at, code, `${invalidOp}${what} %s %s`, why, x);
  return null;
}

/** e is the operation; null for `lhs op= rhs`, which has none of its own. */
export function binary(c: Checker, x: Operand, e: Operation | null, lhs: Expr, rhs: Expr, op: number): void {
  const y = new Operand();
  expr(c, null, x, lhs);
  expr(c, null, y, rhs);
  if (x.mode === Mode.invalid) return;
  if (y.mode === Mode.invalid) {
    x.mode = Mode.invalid;
    x.expr = y.expr;
    return;
  }
  if (isShift(op)) {
    shift(c, x, y, e, op);
    return;
  }
  matchTypes(c, x, y);
  if (x.mode === Mode.invalid) return;
  if (isComparison(op)) {
    comparison(c, x, y, op, false);
    return;
  }
  if (!identical(x.typ, y.typ)) {
    if (isValid(x.typ) && isValid(y.typ)) reportMismatch(c, x, y, e, lhs, rhs, op);
    x.mode = Mode.invalid;
    return;
  }
  if (!binaryOpDefined(c, x, op) || ((op === Op.Div || op === Op.Rem) && dividesByZero(c, x, y))) {
    x.mode = Mode.invalid;
    return;
  }
  if (x.mode !== Mode.constant_ || y.mode !== Mode.constant_) {
    x.mode = Mode.value;
    return;
  }
  if (x.val.kind === constant.Unknown || y.val.kind === constant.Unknown) {
    x.val = constant.makeUnknown();
    return;
  }
  x.val = constant.binaryOp(x.val, op === Op.Div && isInteger(x.typ) ? constant.Op.IntDiv : op, y.val);
  x.expr = e;
  overflow(c, x, opPos(e));
}

function reportMismatch(c: Checker, x: Operand, y: Operand, e: Expr | null, lhs: Expr, rhs: Expr, op: number): void {
  if (e !== null) {
    errorf(c, x, Code.MismatchedTypes, `${invalidOp}%s (mismatched types %s and %s)`, e, x.typ, y.typ);
    return;
  }
  const text = `${invalidOp}%s %s= %s (mismatched types %s and %s)`;
  errorf(c, x, Code.MismatchedTypes, text, lhs, Op.text[op], rhs, x.typ, y.typ);
}

function dividesByZero(c: Checker, x: Operand, y: Operand): boolean {
  if (y.mode !== Mode.constant_) return false;
  let zero = (x.mode === Mode.constant_ || allInteger(x.typ)) && constant.sign(y.val) === 0;
  if (!zero && x.mode === Mode.constant_ && isComplex(x.typ)) {
    // The squares may underflow although the parts are not zero.
    const re = constant.real(y.val);
    const im = constant.imag(y.val);
    zero =
      constant.sign(constant.binaryOp(re, Op.Mul, re)) === 0 && constant.sign(constant.binaryOp(im, Op.Mul, im)) === 0;
  }
  if (zero) error(c, y, Code.DivByZero, `${invalidOp}division by zero`);
  return zero;
}

/** Converts an untyped operand to the type of the other, if the two kinds of types can match at all. */
export function matchTypes(c: Checker, x: Operand, y: Operand): void {
  if (!mayConvert(x, y)) return;
  convertUntyped(c, x, y.typ);
  if (x.mode === Mode.invalid) return;
  convertUntyped(c, y, x.typ);
  if (y.mode === Mode.invalid) x.mode = Mode.invalid;
}

/** If it is false, a mismatch is reported instead of a failed conversion. */
function mayConvert(x: Operand, y: Operand): boolean {
  if (isTyped(x.typ) && isTyped(y.typ)) return false;
  if (allNumeric(x.typ) !== allNumeric(y.typ)) return false;
  if (isNonTypeParamInterface(x.typ) || isNonTypeParamInterface(y.typ)) return true;
  if (allBoolean(x.typ) !== allBoolean(y.typ) || allString(x.typ) !== allString(y.typ)) return false;
  if (x.mode === Mode.nilvalue) return hasNil(y.typ);
  if (y.mode === Mode.nilvalue) return hasNil(x.typ);
  return !isPointer(x.typ) && !isPointer(y.typ);
}

/** x op y (spec: "Comparison operators"). For a case of a switch, op is == and x the case's value: messages are about that. */
export function comparison(c: Checker, x: Operand, y: Operand, op0: number, switchCase: boolean): void {
  // An invalid type has been reported.
  if (!isValid(x.typ) || !isValid(y.typ)) {
    x.mode = Mode.invalid;
    return;
  }
  const op = switchCase ? Op.Eql : op0;
  const failure = comparisonError(c, x, y, op);
  if (failure !== null) {
    reportComparison(c, x, y, op, switchCase, failure);
    x.mode = Mode.invalid;
    return;
  }
  if (x.mode === Mode.constant_ && y.mode === Mode.constant_) {
    x.val = constant.makeBool(constant.compare(x.val, op, y.val));
  } else {
    x.mode = Mode.value;
    // Both operands exist at run time, with their default types if they are still untyped.
    if (x.expr === null || y.expr === null) bug('operand without expression');
    updateExprType(c, x.expr, defaultType(x.typ), true);
    updateExprType(c, y.expr, defaultType(y.typ), true);
  }
  x.typ = Typ[BasicKind.UntypedBool];
}

interface ComparisonError {
  code: Code.Code;
  operand: Operand;
  cause: string;
}

function comparisonError(c: Checker, x: Operand, y: Operand, op: number): ComparisonError | null {
  if (assignableTo(c, x, y.typ, null) !== Code.NoError && assignableTo(c, y, x.typ, null) !== Code.NoError) {
    const cause = format(c, 'mismatched types %s and %s', x.typ, y.typ);
    return { code: Code.MismatchedTypes, operand: y, cause };
  }
  const code = Code.UndefinedOp;
  if (op !== Op.Eql && op !== Op.Neq) {
    if (!allOrdered(x.typ)) return { code, operand: x, cause: '' };
    if (!allOrdered(y.typ)) return { code, operand: y, cause: '' };
    return null;
  }
  if (x.mode === Mode.nilvalue || y.mode === Mode.nilvalue) {
    // Only nil == nil gets here without a type that has nil.
    return hasNil(x.mode === Mode.nilvalue ? y.typ : x.typ) ? null : { code, operand: y, cause: '' };
  }
  if (!comparable(x.typ)) return { code, operand: x, cause: incomparableCause(c, x.typ) };
  if (!comparable(y.typ)) return { code, operand: y, cause: incomparableCause(c, y.typ) };
  return null;
}

function reportComparison(
  c: Checker,
  x: Operand,
  y: Operand,
  op: number,
  switchCase: boolean,
  failure: ComparisonError,
): void {
  let { operand, cause } = failure;
  if (cause === '') {
    if (isTypeParam(x.typ) || isTypeParam(y.typ)) {
      if (!isTypeParam(x.typ)) operand = y;
      cause = format(c, 'type parameter %s cannot use operator %s', operand.typ, Op.text[op]);
    } else {
      const what = compositeKind(operand.typ);
      cause = format(c, 'operator %s not defined on %s', Op.text[op], what === '' ? operand.typ : what);
    }
  }
  if (switchCase) {
    errorf(c, x, failure.code, 'invalid case %s in switch on %s (%s)', x.expr, y.expr, cause);
    return;
  }
  errorf(c, operand, failure.code, `${invalidOp}%s %s %s (%s)`, x.expr, Op.text[op], y.expr, cause);
}

/** Why values of a type cannot be compared; "" if there is nothing more to say than that. */
export function incomparableCause(c: Checker, t: Type): string {
  const kind = under(t).kind;
  if (kind === TypeKind.Slice || kind === TypeKind.Signature || kind === TypeKind.Map) {
    return `${compositeKind(t)} can only be compared to nil`;
  }
  const cause = comparableType(t, true, null);
  return cause === null ? '' : cause.format(c);
}

/** So that the smallest float64 can be written as a shift. */
const maxShift = 1023 - 1 + 52;

/** x op y, where e is the operation (null for x op= y). */
function shift(c: Checker, x: Operand, y: Operand, e: Operation | null, op: number): void {
  const xval = x.mode === Mode.constant_ ? constant.toInt(x.val) : null;
  const integral = allInteger(x.typ) || (isUntyped(x.typ) && xval !== null && xval.kind === constant.Int);
  if (!integral) {
    errorf(c, x, Code.InvalidShiftOperand, `${invalidOp}shifted operand %s must be integer`, x);
    x.mode = Mode.invalid;
    return;
  }
  if (!validShiftCount(c, y)) {
    x.mode = Mode.invalid;
    return;
  }
  if (x.mode === Mode.constant_ && xval !== null) {
    if (y.mode === Mode.constant_) {
      constantShift(c, x, y, xval, e, op);
      return;
    }
    if (isUntyped(x.typ)) {
      // The type of an untyped left operand is the one it has where the shift stands: known later.
      const info = x.expr === null ? null : pendingInfo(x.expr);
      if (info !== null) info.isLhs = true;
      x.mode = Mode.value;
      return;
    }
  }
  if (!allInteger(x.typ)) {
    errorf(c, x, Code.InvalidShiftOperand, `${invalidOp}shifted operand %s must be integer`, x);
    x.mode = Mode.invalid;
    return;
  }
  x.mode = Mode.value;
}

/** The count must be an integer, or an untyped constant that a uint can represent. */
function validShiftCount(c: Checker, y: Operand): boolean {
  if (y.mode === Mode.constant_) {
    const yval = constant.toInt(y.val);
    if (yval.kind === constant.Int && constant.sign(yval) < 0) {
      errorf(c, y, Code.InvalidShiftCount, `${invalidOp}negative shift count %s`, y);
      return false;
    }
    // Typed counts may be any non-negative integer.
    if (isUntyped(y.typ)) representable(c, y, Typ[BasicKind.Uint]);
    return isUsable(y);
  }
  if (allInteger(y.typ)) {
    return allUnsigned(y.typ) || verifyVersionf(c, y, go1_13, `${invalidOp}signed shift count %s`, y);
  }
  if (isUntyped(y.typ)) {
    convertUntyped(c, y, Typ[BasicKind.Uint]);
    return isUsable(y);
  }
  errorf(c, y, Code.InvalidShiftCount, `${invalidOp}shift count %s must be integer`, y);
  return false;
}

function isUsable(y: Operand): boolean {
  return y.mode !== Mode.invalid;
}

function constantShift(
  c: Checker,
  x: Operand,
  y: Operand,
  xval: constant.Value,
  e: Operation | null,
  op: number,
): void {
  if (x.val.kind === constant.Unknown || y.val.kind === constant.Unknown) {
    x.val = constant.makeUnknown();
    if (!isInteger(x.typ)) x.typ = Typ[BasicKind.UntypedInt];
    return;
  }
  const count = constant.toInt(y.val);
  const s = count.kind === constant.Int ? constant.intNumber(count) : null;
  if (s === null || s > maxShift) {
    errorf(c, y, Code.InvalidShiftCount, `${invalidOp}invalid shift count %s`, y);
    x.mode = Mode.invalid;
    return;
  }
  // 2.0 << 1 is an integer.
  if (!isInteger(x.typ)) x.typ = Typ[BasicKind.UntypedInt];
  x.val = constant.shift(xval, op, s);
  x.expr = e;
  overflow(c, x, opPos(e));
}
