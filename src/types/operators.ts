/** Which types the operators are defined on (spec: "Operators"). */
import * as Op from '#syntax/operators.ts';
import type { Checker } from './checker.ts';
import * as Code from './errors/codes.ts';
import { errorf, invalidOp } from './errors.ts';
import type { Operand } from './operand.ts';
import { allBoolean, allInteger, allNumeric, allNumericOrString } from './predicates.ts';
import type { Type } from './type.ts';

export function isShift(op: number): boolean {
  return op === Op.Shl || op === Op.Shr;
}

export function isComparison(op: number): boolean {
  return op >= Op.Eql && op <= Op.Geq;
}

type TypePredicate = (t: Type) => boolean;

function unaryPredicate(op: number): TypePredicate | null {
  switch (op) {
    case Op.Add:
    case Op.Sub:
      return allNumeric;
    case Op.Xor:
      return allInteger;
    case Op.Not:
      return allBoolean;
    default:
      return null;
  }
}

function binaryPredicate(op: number): TypePredicate | null {
  switch (op) {
    case Op.Add:
      return allNumericOrString;
    case Op.Sub:
    case Op.Mul:
    case Op.Div:
      return allNumeric;
    case Op.Rem:
    case Op.And:
    case Op.Or:
    case Op.Xor:
    case Op.AndNot:
      return allInteger;
    case Op.AndAnd:
    case Op.OrOr:
      return allBoolean;
    default:
      return null;
  }
}

export function unaryOpDefined(c: Checker, x: Operand, op: number): boolean {
  return defined(c, unaryPredicate(op), x, op);
}

export function binaryOpDefined(c: Checker, x: Operand, op: number): boolean {
  return defined(c, binaryPredicate(op), x, op);
}

function defined(c: Checker, predicate: TypePredicate | null, x: Operand, op: number): boolean {
  if (predicate === null) {
    errorf(c, x, Code.InvalidSyntaxTree, 'unknown operator %s', Op.text[op]);
    return false;
  }
  if (predicate(x.typ)) return true;
  errorf(c, x, Code.UndefinedOp, `${invalidOp}operator %s not defined on %s`, Op.text[op], x);
  return false;
}
