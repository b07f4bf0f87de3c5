/** Expression and type switches (spec: "Switch statements"). */
import type { Pos } from '#base/source.ts';
import * as constant from '#constant/value.ts';
import * as Syntax from '#syntax/kinds.ts';
import {
  type CaseClause,
  type Expr,
  Name,
  type SwitchStmt,
  type TypeSwitchGuard,
  unpackListExpr,
  unparen,
} from '#syntax/nodes.ts';
import * as Op from '#syntax/operators.ts';
import { assignment } from './assignments.ts';
import { Typ } from './basic.ts';
import * as BasicKind from './basickind.ts';
import { comparison } from './binary.ts';
import { type Checker, lookup } from './checker.ts';
import { convertUntyped } from './const.ts';
import { declare } from './declare.ts';
import * as Code from './errors/codes.ts';
import { errorf, newError, softErrorf } from './errors.ts';
import { expr, typeAssertion } from './expr.ts';
import * as Mode from './mode.ts';
import { Var } from './object.ts';
import * as ObjKind from './objkind.ts';
import { cloneOperand, Operand } from './operand.ts';
import { comparable, hasNil, identical, isInterface, isTypeParam, isValid } from './predicates.ts';
import { recordDef, recordImplicit } from './recording.ts';
import { closeScope, multipleDefaults, openScope, stmtList } from './stmt.ts';
import * as StmtContext from './stmtcontext.ts';
import type { Type } from './type.ts';
import { varType } from './typexpr.ts';

/** Scope and init statement have been taken care of. */
export function switchStmt(c: Checker, inner: number, s: SwitchStmt): void {
  if (s.tag !== null && s.tag.kind === Syntax.TypeSwitchGuard) {
    typeSwitch(c, inner | StmtContext.inTypeSwitch, s, s.tag);
  } else {
    exprSwitch(c, inner, s);
  }
}

function checkDefaults(c: Checker, clauses: readonly CaseClause[]): void {
  let first: CaseClause | null = null;
  for (const clause of clauses) {
    if (clause.cases !== null) continue;
    if (first === null) first = clause;
    else multipleDefaults(c, clause, first.pos);
  }
}

/** Where a case value was seen, and with which type: only values of one type are duplicates of each other. */
interface SeenValue {
  readonly pos: Pos;
  readonly typ: Type;
}

function exprSwitch(c: Checker, inner: number, s: SwitchStmt): void {
  const x = new Operand();
  if (s.tag !== null) {
    expr(c, null, x, s.tag);
    // The tag is assigned to a variable of its own.
    assignment(c, x, null, 'switch expression');
    if (isUsable(x) && !comparable(x.typ) && !hasNil(x.typ)) {
      errorf(c, x, Code.InvalidExprSwitch, 'cannot switch on %s (%s is not comparable)', x, x.typ);
      x.mode = Mode.invalid;
    }
  } else {
    x.mode = Mode.constant_;
    x.typ = Typ[BasicKind.Bool];
    x.val = constant.makeBool(true);
    const pos = s.body.length > 0 ? s.body[0].pos : s.rbrace;
    x.expr = new Name(pos, pos, 'true');
  }
  checkDefaults(c, s.body);
  const seen = new Map<string, SeenValue[]>();
  s.body.forEach((clause, i) => {
    caseValues(c, x, unpackListExpr(clause.cases), seen);
    openScope(c, clause);
    const last = i + 1 === s.body.length;
    stmtList(c, inner | (last ? StmtContext.finalSwitchCase : StmtContext.fallthroughOk), clause.body);
    closeScope(c);
  });
}

function isUsable(x: Operand): boolean {
  return x.mode !== Mode.invalid;
}

function caseValues(c: Checker, x: Operand, values: readonly Expr[], seen: Map<string, SeenValue[]>): void {
  for (const e of values) {
    const v = new Operand();
    expr(c, null, v, e);
    if (x.mode === Mode.invalid || v.mode === Mode.invalid) continue;
    convertUntyped(c, v, x.typ);
    if (!isUsable(v)) continue;
    // Compared in this order, messages are about the case.
    const res = cloneOperand(v);
    comparison(c, res, x, Op.Eql, true);
    if (res.mode === Mode.invalid || v.mode !== Mode.constant_) continue;
    const key = caseKey(v.val);
    if (key === null) continue;
    const earlier = seen.get(key);
    const duplicate = earlier?.find((vt) => identical(v.typ, vt.typ));
    if (duplicate !== undefined) {
      newError(c, Code.DuplicateCase)
        .add(v, 'duplicate case %s in expression switch', v)
        .add(duplicate.pos, 'previous case')
        .report();
      continue;
    }
    const entry = { pos: e.pos, typ: v.typ };
    if (earlier === undefined) seen.set(key, [entry]);
    else earlier.push(entry);
  }
}

/** A string that equal case values share; null for values that, as in gc, may be repeated: booleans, complex and unrepresentable ones. */
function caseKey(v: constant.Value): string | null {
  switch (v.kind) {
    case constant.Int:
      return constant.int64Val(v) === null && constant.uint64Val(v) === null ? null : `i${constant.toExactString(v)}`;
    case constant.Float: {
      // Only values that a float64 holds exactly.
      const f = constant.float64Val(v);
      return Number.isFinite(f) && constant.compare(v, Op.Eql, constant.makeFloat64(f)) ? `f${f}` : null;
    }
    case constant.String:
      return `s${constant.stringVal(v)}`;
    default:
      return null;
  }
}

function typeSwitch(c: Checker, inner: number, s: SwitchStmt, guard: TypeSwitchGuard): void {
  let lhs = guard.lhs;
  if (lhs !== null) {
    if (lhs.value === '_') {
      softErrorf(c, lhs, Code.NoNewVar, 'no new variable on left side of :=');
      lhs = null;
    } else {
      // Each clause has a variable of its own.
      recordDef(lhs, null);
    }
  }
  const sx = switchOperand(c, guard);
  checkDefaults(c, s.body);
  const vars: Var[] = [];
  const seen: SeenType[] = [];
  for (const clause of s.body) {
    const T = caseTypes(c, sx, unpackListExpr(clause.cases), seen);
    openScope(c, clause);
    if (lhs !== null) {
      const v = new Var(ObjKind.LocalVar, lhs.pos, c.pkg, lhs.value, T);
      declare(c, c.scope, null, v, clause.colon);
      recordImplicit(clause, v);
      vars.push(v);
    }
    stmtList(c, inner, clause.body);
    closeScope(c);
  }
  if (lhs === null) return;
  // It is used if any of the clauses uses its variable; the others then count as used, too.
  const used = vars.some((v) => v.used);
  for (const v of vars) v.used = true;
  if (!used) softErrorf(c, lhs, Code.UnusedVar, '%s declared and not used', lhs.value);
}

/** The operand of the guard; null after an error. */
function switchOperand(c: Checker, guard: TypeSwitchGuard): Operand | null {
  const x = new Operand();
  expr(c, null, x, guard.x);
  if (x.mode === Mode.invalid) return null;
  if (isTypeParam(x.typ)) {
    errorf(c, x, Code.InvalidTypeSwitch, 'cannot use type switch on type parameter value %s', x);
    return null;
  }
  if (isInterface(x.typ)) return x;
  errorf(c, x, Code.InvalidTypeSwitch, '%s is not an interface', x);
  return null;
}

/** A type of a case, null for nil. */
interface SeenType {
  readonly typ: Type | null;
  readonly expr: Expr;
}

function isNil(c: Checker, e: Expr): boolean {
  const name = unparen(e);
  return name.kind === Syntax.Name && lookup(c, name.value)?.kind === ObjKind.Nil;
}

/** Checks the types of one clause; returns the type that the clause's variable has. */
function caseTypes(c: Checker, x: Operand | null, types: readonly Expr[], seen: SeenType[]): Type {
  let T: Type | null = null;
  for (const e of types) {
    if (isNil(c, e)) {
      T = null;
      expr(c, null, new Operand(), e);
    } else {
      T = varType(c, e);
      if (!isValid(T)) continue;
    }
    const typ = T;
    const other = seen.find((t) => (typ === null || t.typ === null ? typ === t.typ : identical(typ, t.typ)));
    if (other !== undefined) {
      newError(c, Code.DuplicateCase)
        .add(e, 'duplicate case %s in type switch', typ === null ? 'nil' : typ)
        .add(other.expr, 'previous case')
        .report();
      continue;
    }
    seen.push({ typ, expr: e });
    if (x !== null && typ !== null) typeAssertion(c, e, x, typ, true);
  }
  if (types.length === 1 && T !== null) return T;
  return x === null ? Typ[BasicKind.Invalid] : x.typ;
}
