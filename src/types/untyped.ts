/**
 * Expressions whose type is still untyped: what is known of them until an operation, assignment or the end of the check gives them their type.
 * Then the tree is walked down again, so that each part that exists at run time has the type it has there.
 */
import type * as constant from '#constant/value.ts';
import * as Syntax from '#syntax/kinds.ts';
import type { Expr } from '#syntax/nodes.ts';
import * as Op from '#syntax/operators.ts';
import { invalidConversion, implicitTypeAndValue } from './const.ts';
import type { Checker } from './checker.ts';
import * as Code from './errors/codes.ts';
import { errorf, invalidOp } from './errors.ts';
import { isComparison, isShift } from './operators.ts';
import { newOperand } from './operand.ts';
import { allInteger, isTypeParam, isUntyped } from './predicates.ts';
import { recordTypeAndValue } from './recording.ts';
import type { Basic, Type } from './type.ts';
import { under } from './under.ts';

export class ExprInfo {
  /** The left operand of a non-constant shift: its type must turn out to be an integer type. */
  isLhs: boolean;
  mode: number;
  typ: Basic;
  /** Null if it is no constant. */
  val: constant.Value | null;

  constructor(isLhs: boolean, mode: number, typ: Basic, val: constant.Value | null) {
    this.isLhs = isLhs;
    this.mode = mode;
    this.typ = typ;
    this.val = val;
  }
}

export function rememberUntyped(c: Checker, e: Expr, mode: number, typ: Basic, val: constant.Value | null): void {
  c.untyped.set(e, new ExprInfo(false, mode, typ, val));
}

/** What is left untyped at the end keeps its untyped type. */
export function recordUntyped(c: Checker): void {
  for (const [e, info] of c.untyped) recordTypeAndValue(c, e, info.mode, info.typ, info.val);
  c.untyped.clear();
}

/** Gives x the type typ, and its operands as far as they share it. An untyped typ is only final if it says so. */
export function updateExprType(c: Checker, x: Expr, typ: Type, final: boolean): void {
  const old = c.untyped.get(x);
  if (old === undefined) return;
  switch (x.kind) {
    case Syntax.CallExpr:
    case Syntax.Name:
    case Syntax.BasicLit:
    case Syntax.SelectorExpr:
      break;
    case Syntax.ParenExpr:
      updateExprType(c, x.x, typ, final);
      break;
    case Syntax.Operation:
      if (x.y === null && x.op === Op.Mul) return;
      // Operands of constants do not exist at run time; nor do comparisons share their operands' types.
      if (old.val !== null) break;
      if (x.y === null || isShift(x.op)) {
        updateExprType(c, x.x, typ, final);
      } else if (!isComparison(x.op)) {
        updateExprType(c, x.x, typ, final);
        updateExprType(c, x.y, typ, final);
      }
      break;
    default:
      return;
  }
  if (!final && isUntyped(typ)) {
    old.typ = typ;
    return;
  }
  c.untyped.delete(x);
  if (old.isLhs && !allInteger(typ)) {
    errorf(c, x, Code.InvalidShiftOperand, `${invalidOp}shifted operand %s (type %s) must be integer`, x, typ);
    return;
  }
  if (old.val !== null) {
    const operand = newOperand(old.mode, x, old.typ);
    operand.val = old.val;
    const { code } = implicitTypeAndValue(c, operand, typ);
    if (code !== Code.NoError) {
      invalidConversion(c, code, operand, isTypeParam(typ) ? typ : under(typ));
      return;
    }
  }
  recordTypeAndValue(c, x, old.mode, typ, old.val);
}

export function updateExprVal(c: Checker, x: Expr, val: constant.Value): void {
  const info = c.untyped.get(x);
  if (info !== undefined) info.val = val;
}
