/** Terminating statements (spec: "Terminating statements"): whether control can reach the end of a function body. */

import * as Kind from '#syntax/kinds.ts';
import type { CallExpr, CaseClause, CommClause, Stmt } from '#syntax/nodes.ts';
import { unparen } from '#syntax/nodes.ts';
import type { Checker } from './checker.ts';

/** Whether s terminates; label is the label s carries, or "". */
export function isTerminating(c: Checker, s: Stmt, label: string): boolean {
  switch (s.kind) {
    case Kind.LabeledStmt:
      return isTerminating(c, s.stmt, s.label.value);
    case Kind.ExprStmt: {
      const call = unparen(s.x);
      return call.kind === Kind.CallExpr && isPanicCall(c, call);
    }
    case Kind.ReturnStmt:
      return true;
    case Kind.BranchStmt:
      return s.tok === Kind.Goto || s.tok === Kind.Fallthrough;
    case Kind.BlockStmt:
      return isTerminatingList(c, s.list);
    case Kind.IfStmt:
      return s.elseStmt !== null && isTerminatingList(c, s.thenBlock.list) && isTerminating(c, s.elseStmt, '');
    case Kind.SwitchStmt:
      return s.body.some((clause) => clause.cases === null) && clausesTerminate(c, s.body, label);
    case Kind.SelectStmt:
      return clausesTerminate(c, s.body, label);
    case Kind.ForStmt:
      // A range loop ends when its operand is exhausted, whatever its body does.
      if (s.init !== null && s.init.kind === Kind.RangeClause) return false;
      return s.cond === null && !hasBreak(s.body, label, true);
    default:
      return false;
  }
}

/** Calls of the predeclared panic, which `builtin` has noted: a user's function of that name does not count. */
function isPanicCall(c: Checker, call: CallExpr): boolean {
  return c.isPanic?.has(call) === true;
}

function isTerminatingList(c: Checker, list: Stmt[]): boolean {
  for (let i = list.length - 1; i >= 0; i--) {
    if (list[i].kind !== Kind.EmptyStmt) return isTerminating(c, list[i], '');
  }
  return false;
}

function clausesTerminate(c: Checker, clauses: readonly (CaseClause | CommClause)[], label: string): boolean {
  for (const clause of clauses) {
    if (!isTerminatingList(c, clause.body) || hasBreakIn(clause.body, label, true)) return false;
  }
  return true;
}

/** Whether s contains a break that leaves the statement with this label or, if implicit is set, the innermost one around s. */
function hasBreak(s: Stmt, label: string, implicit: boolean): boolean {
  switch (s.kind) {
    case Kind.LabeledStmt:
      return hasBreak(s.stmt, label, implicit);
    case Kind.BranchStmt:
      if (s.tok !== Kind.Break) return false;
      return s.label === null ? implicit : s.label.value === label;
    case Kind.BlockStmt:
      return hasBreakIn(s.list, label, implicit);
    case Kind.IfStmt:
      return (
        hasBreakIn(s.thenBlock.list, label, implicit) || (s.elseStmt !== null && hasBreak(s.elseStmt, label, implicit))
      );
    case Kind.SwitchStmt:
    case Kind.SelectStmt:
      if (label === '') return false;
      for (const clause of s.body) if (hasBreakIn(clause.body, label, false)) return true;
      return false;
    case Kind.ForStmt:
      return label !== '' && hasBreak(s.body, label, false);
    default:
      return false;
  }
}

function hasBreakIn(list: Stmt[], label: string, implicit: boolean): boolean {
  for (const s of list) if (hasBreak(s, label, implicit)) return true;
  return false;
}
