/**
 * Expressions whose type is still untyped: what is known of them until an operation, assignment or the end of the check gives them their type.
 * Then the tree is walked down again, so that each part that exists at run time has the type it has there.
 */
import type * as constant from '#constant/value.ts';
import * as Syntax from '#syntax/kinds.ts';
import type { Expr } from '#syntax/nodes.ts';
import * as Op from '#syntax/operators.ts';
import type { Checker } from './checker.ts';
import { implicitTypeAndValue, invalidConversion } from './const.ts';
import * as Code from './errors/codes.ts';
import { errorf, invalidOp } from './errors.ts';
import { type TypeAndValue, tvOf } from './info.ts';
import { newOperand } from './operand.ts';
import { isComparison, isShift } from './operators.ts';
import { allInteger, isTypeParam, isUntyped } from './predicates.ts';
import type { Type } from './type.ts';
import { under } from './under.ts';

/** What is known of x if its type is still open, else null. */
export function pendingInfo(x: Expr): TypeAndValue | null {
  const info = tvOf(x);
  return info?.pending === true ? info : null;
}

/** Gives x the type typ, and its operands as far as they share it. An untyped typ is only final if it says so. */
export function updateExprType(c: Checker, x: Expr, typ: Type, final: boolean): void {
  const old = pendingInfo(x);
  if (old === null) return;
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
      if (old.value !== null) break;
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
    old.type = typ;
    return;
  }
  old.pending = false;
  if (old.isLhs && !allInteger(typ)) {
    errorf(c, x, Code.InvalidShiftOperand, `${invalidOp}shifted operand %s (type %s) must be integer`, x, typ);
    return;
  }
  if (old.value !== null) {
    const operand = newOperand(old.mode, x, old.type);
    operand.val = old.value;
    const { code } = implicitTypeAndValue(c, operand, typ);
    if (code !== Code.NoError) {
      invalidConversion(c, code, operand, isTypeParam(typ) ? typ : under(typ));
      return;
    }
  }
  old.type = typ;
}

export function updateExprVal(x: Expr, val: constant.Value): void {
  const info = pendingInfo(x);
  if (info !== null) info.value = val;
}
