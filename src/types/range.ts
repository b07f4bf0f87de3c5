/** Range loops (spec: "For statements with range clause"). */
import * as constant from '#constant/value.ts';
import * as Syntax from '#syntax/kinds.ts';
import type { Expr, ForStmt, RangeClause } from '#syntax/nodes.ts';
import { assignment, assignVar, initVar } from './assignments.ts';
import { Typ, universeRune } from './basic.ts';
import * as BasicKind from './basickind.ts';
import { arrayPtrDeref } from './builtins.ts';
import type { Checker } from './checker.ts';
import { commonUnder, typeErrorf } from './coretype.ts';
import { declare } from './declare.ts';
import * as Code from './errors/codes.ts';
import { error, errorf, softErrorf } from './errors.ts';
import { expr } from './expr.ts';
import { format } from './format.ts';
import * as Mode from './mode.ts';
import { Var } from './object.ts';
import * as ObjKind from './objkind.ts';
import { newOperand, Operand } from './operand.ts';
import { identical, isBoolean, isInteger, isString } from './predicates.ts';
import { record, recordDef } from './recording.ts';
import { openScope, stmt } from './stmt.ts';
import { NoType, type Signature, type Type } from './type.ts';
import * as TypeKind from './typekind.ts';
import { under } from './under.ts';
import { allowVersion, go1_22, go1_23 } from './version.ts';

/** The left sides of a range clause; null where there is none. */
interface Iteration {
  key: Expr | null;
  value: Expr | null;
  extra: Expr | null;
}

function iteration(lhs: Expr | null): Iteration {
  if (lhs === null || lhs.kind !== Syntax.ListExpr) return { key: lhs, value: null, extra: null };
  return { key: lhs.elems[0] ?? null, value: lhs.elems[1] ?? null, extra: lhs.elems[2] ?? null };
}

export function rangeStmt(c: Checker, inner: number, s: ForStmt, clause: RangeClause): void {
  if (clause.lhs !== null && clause.lhs.kind === Syntax.ListExpr && clause.lhs.elems.length < 2) {
    error(c, s, Code.InvalidSyntaxTree, 'invalid lhs in range clause');
    return;
  }
  const it = iteration(clause.lhs);
  const x = new Operand();
  c.hasCallOrRecv = false;
  expr(c, null, x, clause.x);
  if (x.mode !== Mode.invalid && it.value === null && !c.hasCallOrRecv) recordUnevaluated(x, clause.x);
  const types = iterationTypes(c, x, it);
  // Variables belong to the scope of the loop, which starts after the clause.
  openScope(c, s);
  const overInt = isInteger(x.typ);
  if (clause.def) declareIteration(c, s, it, types, x, overInt);
  else if (it.key !== null) assignIteration(c, it, types, x, overInt);
  else if (overInt) assignment(c, x, null, 'range clause');
  stmt(c, inner, s.body);
}

/** With at most one variable and a constant length, an array is not evaluated: it is recorded as that constant, inside its parentheses. */
function recordUnevaluated(x: Operand, e: Expr): void {
  const array = arrayPtrDeref(under(x.typ));
  if (array.kind !== TypeKind.Array) return;
  let inside = e;
  while (inside.kind === Syntax.ParenExpr) inside = inside.x;
  const length = newOperand(Mode.constant_, inside, Typ[BasicKind.Int]);
  length.val = constant.makeInt64(array.len);
  record(length);
}

/** The types of key and value, NoType where there is none; messages if that does not fit the clause. */
function iterationTypes(c: Checker, x: Operand, it: Iteration): [Type, Type] {
  if (x.mode === Mode.invalid) return [NoType, NoType];
  const { key, value, cause, ok } = rangeKeyVal(c, x.typ);
  if (!ok && cause !== '') {
    softErrorf(c, x, Code.InvalidRangeExpr, 'cannot range over %s: %s', x, cause);
  } else if (!ok) {
    softErrorf(c, x, Code.InvalidRangeExpr, 'cannot range over %s', x);
  } else if (key === NoType && it.key !== null) {
    softErrorf(c, it.key, Code.InvalidIterVar, 'range over %s permits no iteration variables', x);
  } else if (value === NoType && it.value !== null) {
    softErrorf(c, it.value, Code.InvalidIterVar, 'range over %s permits only one iteration variable', x);
  } else if (it.extra !== null) {
    softErrorf(c, it.extra, Code.InvalidIterVar, 'range clause permits at most two iteration variables');
  }
  return [key, value];
}

function isMissing(t: Type): boolean {
  return t === NoType || t === Typ[BasicKind.Invalid];
}

function declareIteration(
  c: Checker,
  s: ForStmt,
  it: Iteration,
  types: readonly [Type, Type],
  x: Operand,
  overInt: boolean,
): void {
  const vars: Var[] = [];
  const sides = [it.key, it.value];
  for (let i = 0; i < 2; i++) {
    const lhs = sides[i];
    if (lhs === null) continue;
    const v = iterationVar(c, lhs, vars);
    if (isMissing(types[i])) {
      v.typ = Typ[BasicKind.Invalid];
      v.used = true;
    } else if (overInt) {
      initVar(c, v, x, 'range clause');
    } else {
      // There is no expression that stands for the value.
      initVar(c, v, newOperand(Mode.value, lhs, types[i]), 'assignment');
    }
  }
  if (vars.length === 0) {
    error(c, s, Code.NoNewVar, 'no new variables on left side of :=');
    return;
  }
  for (const v of vars) declare(c, c.scope, null, v, s.body.pos);
}

function iterationVar(c: Checker, lhs: Expr, vars: Var[]): Var {
  if (lhs.kind !== Syntax.Name) {
    errorf(c, lhs, Code.InvalidSyntaxTree, 'cannot declare %s', lhs);
    return new Var(ObjKind.LocalVar, lhs.pos, c.pkg, '_', NoType);
  }
  const v = new Var(ObjKind.LocalVar, lhs.pos, c.pkg, lhs.value, NoType);
  recordDef(lhs, v);
  if (lhs.value !== '_') vars.push(v);
  return v;
}

function assignIteration(c: Checker, it: Iteration, types: readonly [Type, Type], x: Operand, overInt: boolean): void {
  const sides = [it.key, it.value];
  for (let i = 0; i < 2; i++) {
    const lhs = sides[i];
    if (lhs === null || isMissing(types[i])) continue;
    if (!overInt) {
      assignVar(c, lhs, null, newOperand(Mode.value, lhs, types[i]), 'assignment');
      continue;
    }
    assignVar(c, lhs, null, x, 'range clause');
    // An untyped x now has the variable's type, which must be an integer type.
    if (x.mode !== Mode.invalid && !isInteger(x.typ)) {
      softErrorf(c, lhs, Code.InvalidRangeExpr, 'cannot use iteration variable of type %s', x.typ);
    }
  }
}

export interface RangeTypes {
  /** NoType if there is none. */
  key: Type;
  value: Type;
  /** Why one cannot range over the type, if not ok. May be "". */
  cause: string;
  ok: boolean;
}

function rangeTypes(key: Type, value: Type): RangeTypes {
  return { key, value, cause: '', ok: true };
}

function badRange(cause: string): RangeTypes {
  return { key: Typ[BasicKind.Invalid], value: Typ[BasicKind.Invalid], cause, ok: false };
}

/** What ranging over a value of type orig yields; c is null after checking, when all language versions are allowed. */
export function rangeKeyVal(c: Checker | null, orig: Type): RangeTypes {
  const { type: rtyp, cause } = commonUnder(orig, (t, u) =>
    u !== null && u.kind === TypeKind.Chan && u.dir === Syntax.SendOnly
      ? typeErrorf('receive from send-only channel %s', t)
      : null,
  );
  if (rtyp === null) return badRange(cause === null ? '' : cause.format(c));
  const t = arrayPtrDeref(rtyp);
  switch (t.kind) {
    case TypeKind.Basic:
      if (isString(t)) return rangeTypes(Typ[BasicKind.Int], universeRune);
      if (!isInteger(t)) break;
      if (c !== null && !allowVersion(c, go1_22)) return badRange('requires go1.22 or later');
      return rangeTypes(orig, NoType);
    case TypeKind.Array:
    case TypeKind.Slice:
      return rangeTypes(Typ[BasicKind.Int], t.elem);
    case TypeKind.Map:
      return rangeTypes(t.key, t.elem);
    case TypeKind.Chan:
      return rangeTypes(t.elem, NoType);
    case TypeKind.Signature:
      if (c !== null && !allowVersion(c, go1_23)) return badRange('requires go1.23 or later');
      return rangeFunc(c, t);
  }
  return { key: NoType, value: NoType, cause: '', ok: false };
}

/** func(yield func(K, V) bool), with up to two parameters of yield. */
function rangeFunc(c: Checker | null, t: Signature): RangeTypes {
  const form = 'func must be func(yield func(...) bool): ';
  if (t.params.vars.length !== 1) return badRange(`${form}wrong argument count`);
  if (t.results.vars.length !== 0) return badRange(`${form}unexpected results`);
  const { type: cb, cause } = commonUnder(t.params.vars[0].typ, null);
  if (cb === null || cb.kind !== TypeKind.Signature) {
    if (cause !== null) return badRange(format(c, `${form}in yield type, %s`, cause.format(c)));
    return badRange(`${form}argument is not func`);
  }
  const params = cb.params.vars;
  const results = cb.results.vars;
  if (params.length > 2) return badRange(`${form}yield func has too many parameters`);
  if (results.length !== 1 || !identical(results[0].typ, Typ[BasicKind.Bool])) {
    if (results.length === 1 && isBoolean(results[0].typ)) {
      return badRange(`${form}yield func returns user-defined boolean, not bool`);
    }
    return badRange(`${form}yield func does not return bool`);
  }
  return rangeTypes(params.length >= 1 ? params[0].typ : NoType, params.length >= 2 ? params[1].typ : NoType);
}
