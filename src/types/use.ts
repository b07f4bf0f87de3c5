/** Evaluating expressions for their effects on the checker only: after an error, so that what they use counts as used. */
import * as Syntax from '#syntax/kinds.ts';
import { type Expr, unparen } from '#syntax/nodes.ts';
import { type Checker, lookup } from './checker.ts';
import { exprOrType, rawExpr } from './expr.ts';
import * as Mode from './mode.ts';
import type { Var } from './object.ts';
import * as ObjKind from './objkind.ts';
import { Operand } from './operand.ts';

/** Whether all evaluated without error. */
export function use(c: Checker, args: readonly (Expr | null)[]): boolean {
  return useAll(c, args, false);
}

/** For the left side of an assignment: names of variables are not used by that. */
export function useLHS(c: Checker, args: readonly (Expr | null)[]): boolean {
  return useAll(c, args, true);
}

function useAll(c: Checker, args: readonly (Expr | null)[], lhs: boolean): boolean {
  let ok = true;
  for (const e of args) if (e !== null && !useOne(c, e, lhs)) ok = false;
  return ok;
}

function useOne(c: Checker, e: Expr, lhs: boolean): boolean {
  const n = unparen(e);
  const x = new Operand();
  if (n.kind === Syntax.ListExpr) return useAll(c, n.elems, lhs);
  if (n.kind !== Syntax.Name) {
    rawExpr(c, null, x, e, null, true);
    return x.mode !== Mode.invalid;
  }
  if (n.value === '_') return true;
  const v = lhs ? ownVariable(c, n.value) : null;
  const used = v === null ? false : v.used;
  exprOrType(c, x, n, true);
  if (v !== null) v.used = used;
  return x.mode !== Mode.invalid;
}

/** The variable of that name, if it belongs to the package being checked. */
export function ownVariable(c: Checker, name: string): Var | null {
  const obj = lookup(c, name);
  return obj !== null && obj.kind === ObjKind.Var && obj.pkg === c.pkg ? obj : null;
}
