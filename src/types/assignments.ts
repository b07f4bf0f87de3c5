/** Assignments and initialisations (spec: "Assignment statements", "Variable declarations"). */
import { NoPos } from '#base/source.ts';
import * as Syntax from '#syntax/kinds.ts';
import { type Expr, type ReturnStmt, unparen } from '#syntax/nodes.ts';
import { endPos } from '#syntax/positions.ts';
import { exprString } from '#syntax/printer.ts';
import { Typ } from './basic.ts';
import * as BasicKind from './basickind.ts';
import { exprList } from './call.ts';
import type { Checker } from './checker.ts';
import { processDelayed } from './checker.ts';
import { applyImplicit, implicitTypeAndValue } from './const.ts';
import { declare } from './declare.ts';
import * as Code from './errors/codes.ts';
import { error, errorf, newError, type Poser, softErrorf } from './errors.ts';
import { expr, multiExpr, newTarget, singleValue, type Target } from './expr.ts';
import { format } from './format.ts';
import * as Mode from './mode.ts';
import { type Const, Var } from './object.ts';
import * as ObjKind from './objkind.ts';
import { assignableTo, Cause, Operand } from './operand.ts';
import { defaultType, isNonTypeParamInterface, isNumeric, isUntyped, isValid } from './predicates.ts';
import { recordCommaOkTypes, recordDef, recordUse } from './recording.ts';
import { NoType, type Type } from './type.ts';
import * as TypeKind from './typekind.ts';
import { under } from './under.ts';
import { ownVariable, use, useLHS } from './use.ts';

/** Checks that x can be assigned to a variable of type T, and gives an untyped x its type; T is null for the blank identifier. */
export function assignment(c: Checker, x: Operand, T: Type | null, context: string): void {
  singleValue(c, x);
  switch (x.mode) {
    case Mode.invalid:
      return;
    case Mode.nilvalue:
    case Mode.constant_:
    case Mode.variable:
    case Mode.mapindex:
    case Mode.value:
    case Mode.commaok:
    case Mode.commaerr:
      break;
    default:
      errorf(c, x, Code.IncompatibleAssign, 'cannot assign %s to %s in %s', x, T, context);
      x.mode = Mode.invalid;
      return;
  }
  if (isUntyped(x.typ) && !assignUntyped(c, x, T, context)) {
    x.mode = Mode.invalid;
    return;
  }
  const sig = under(x.typ);
  if (sig.kind === TypeKind.Signature && sig.tparams.length > 0) {
    errorf(c, x, Code.WrongTypeArgCount, 'cannot use generic function %s without instantiation in %s', x, context);
    x.mode = Mode.invalid;
    return;
  }
  if (T === null) return;
  const cause = new Cause();
  const code = assignableTo(c, x, T, cause);
  if (code === Code.NoError) return;
  if (cause.text !== '') errorf(c, x, code, 'cannot use %s as %s value in %s: %s', x, T, context, cause.text);
  else errorf(c, x, code, 'cannot use %s as %s value in %s', x, T, context);
  x.mode = Mode.invalid;
}

/** Converts an untyped x to T, or to its default type where T is an interface or the blank identifier. */
function assignUntyped(c: Checker, x: Operand, T: Type | null, context: string): boolean {
  let target: Type;
  if (x.mode === Mode.nilvalue) {
    if (T === null) {
      errorf(c, x, Code.UntypedNilUse, 'use of untyped nil in %s', context);
      return false;
    }
    target = T;
  } else {
    target = T === null || isNonTypeParamInterface(T) ? defaultType(x.typ) : T;
  }
  const { typ, val, code } = implicitTypeAndValue(c, x, target);
  if (code !== Code.NoError) {
    let text = format(c, 'cannot use %s as %s value in %s', x, target, context);
    let errorCode = code;
    if (code === Code.TruncatedFloat) text += ' (truncated)';
    else if (code === Code.NumericOverflow) text += ' (overflows)';
    else errorCode = Code.IncompatibleAssign;
    error(c, x, errorCode, text);
    return false;
  }
  applyImplicit(c, x, typ, val);
  return true;
}

export function initConst(c: Checker, lhs: Const, x: Operand): void {
  if (x.mode === Mode.invalid || !isValid(x.typ) || !isValid(lhs.typ)) {
    if (lhs.typ === NoType) lhs.typ = Typ[BasicKind.Invalid];
    return;
  }
  if (x.mode !== Mode.constant_) {
    errorf(c, x, Code.InvalidConstInit, '%s is not constant', x);
    if (lhs.typ === NoType) lhs.typ = Typ[BasicKind.Invalid];
    return;
  }
  if (lhs.typ === NoType) lhs.typ = x.typ;
  assignment(c, x, lhs.typ, 'constant declaration');
  if (isUsable(x)) lhs.val = x.val;
}

function isUsable(x: Operand): boolean {
  return x.mode !== Mode.invalid;
}

/** Initialises a variable; one without type takes that of x, or the invalid type after an error. */
export function initVar(c: Checker, lhs: Var, x: Operand, context: string): void {
  if (x.mode === Mode.invalid || !isValid(x.typ) || !isValid(lhs.typ)) {
    if (lhs.typ === NoType) lhs.typ = Typ[BasicKind.Invalid];
    x.mode = Mode.invalid;
    return;
  }
  if (lhs.typ === NoType) {
    if (x.typ === Typ[BasicKind.UntypedNil]) {
      errorf(c, x, Code.UntypedNilUse, 'use of untyped nil in %s', context);
      lhs.typ = Typ[BasicKind.Invalid];
      x.mode = Mode.invalid;
      return;
    }
    lhs.typ = defaultType(x.typ);
  }
  assignment(c, x, lhs.typ, context);
}

/** The type of the left side of an assignment: null for the blank identifier, the invalid type after an error. */
function lhsVar(c: Checker, lhs: Expr): Type | null {
  const name = unparen(lhs);
  let v: Var | null = null;
  if (name.kind === Syntax.Name) {
    if (name.value === '_') {
      recordDef(name, null);
      return null;
    }
    v = ownVariable(c, name.value);
  }
  // Assigning to a variable does not use it.
  const used = v === null ? false : v.used;
  const x = new Operand();
  expr(c, null, x, lhs);
  if (v !== null) v.used = used;
  if (x.mode === Mode.invalid || !isValid(x.typ)) return Typ[BasicKind.Invalid];
  if (x.mode === Mode.variable || x.mode === Mode.mapindex) return x.typ;
  if (x.expr !== null && x.expr.kind === Syntax.SelectorExpr) {
    const struct = new Operand();
    expr(c, null, struct, x.expr.x);
    if (struct.mode === Mode.mapindex) {
      errorf(c, x, Code.UnaddressableFieldAssign, 'cannot assign to struct field %s in map', x.expr);
      return Typ[BasicKind.Invalid];
    }
  }
  const text = 'cannot assign to %s (neither addressable nor a map index expression)';
  errorf(c, x, Code.UnassignableOperand, text, x.expr);
  return Typ[BasicKind.Invalid];
}

/** lhs = rhs. If the right side has been evaluated, x is its operand and rhs is ignored. */
export function assignVar(c: Checker, lhs: Expr, rhs: Expr | null, x: Operand | null, context: string): void {
  const T = lhsVar(c, lhs);
  if (T !== null && !isValid(T)) {
    if (x !== null) x.mode = Mode.invalid;
    else use(c, [rhs]);
    return;
  }
  let value = x;
  if (value === null) {
    value = new Operand();
    let target: Target | null = null;
    if (T !== null && under(T).kind === TypeKind.Signature) target = newTarget(T, exprString(lhs));
    if (rhs !== null) expr(c, target, value, rhs);
  }
  assignment(c, value, T, T === null && context === 'assignment' ? 'assignment to _ identifier' : context);
}

/** "(int, number, ...string)": types for messages about argument and result counts. */
export function typesSummary(c: Checker, list: readonly Type[], variadic: boolean, hasDots: boolean): string {
  const parts = list.map((t, i) => {
    const last = i === list.length - 1;
    let s: string;
    if (t === NoType || !isValid(t)) s = 'unknown type';
    else if (isUntyped(t)) s = isNumeric(t) ? 'number' : t.name.replace('untyped ', '');
    else s = format(c, '%s', last && variadic && t.kind === TypeKind.Slice ? t.elem : t);
    if (last && variadic) return `...${s}`;
    return last && hasDots ? `${s}...` : s;
  });
  return `(${parts.join(', ')})`;
}

function measure(n: number, unit: string): string {
  return `${n} ${unit}${n === 1 ? '' : 's'}`;
}

export function assignError(c: Checker, rhs: readonly Expr[], l: number, r: number): void {
  const vars = measure(l, 'variable');
  const vals = measure(r, 'value');
  const call = rhs.length === 1 ? unparen(rhs[0]) : null;
  if (call !== null && call.kind === Syntax.CallExpr) {
    errorf(c, rhs[0], Code.WrongAssignCount, 'assignment mismatch: %s but %s returns %s', vars, call.fun, vals);
    return;
  }
  errorf(c, rhs[0], Code.WrongAssignCount, 'assignment mismatch: %s but %s', vars, vals);
}

function returnError(c: Checker, stmt: ReturnStmt, lhs: readonly Var[], rhs: readonly Operand[]): void {
  let at: Poser = stmt;
  let qualifier = 'not enough';
  if (rhs.length > lhs.length) {
    at = rhs[lhs.length];
    qualifier = 'too many';
  } else if (rhs.length > 0) {
    at = rhs[rhs.length - 1];
  }
  const have = rhs.map((x) => x.typ);
  const want = lhs.map((v) => v.typ);
  newError(c, Code.WrongResultCount)
    .add(at, '%s return values', qualifier)
    .add(NoPos, 'have %s', typesSummary(c, have, false, false))
    .add(NoPos, 'want %s', typesSummary(c, want, false, false))
    .report();
}

function isCall(list: readonly Expr[]): boolean {
  return list.length === 1 && unparen(list[0]).kind === Syntax.CallExpr;
}

/** Initialises variables; with a return statement, the results of the function. */
export function initVars(c: Checker, lhs: readonly Var[], rhs: readonly Expr[], returnStmt: ReturnStmt | null): void {
  const context = returnStmt === null ? 'assignment' : 'return statement';
  if (lhs.length === rhs.length && !isCall(rhs)) {
    const x = new Operand();
    for (let i = 0; i < lhs.length; i++) {
      const v = lhs[i];
      const description = returnStmt !== null && v.name === '' ? 'result variable' : v.name;
      expr(c, v.typ === NoType ? null : newTarget(v.typ, description), x, rhs[i]);
      initVar(c, v, x, context);
    }
    return;
  }
  if (rhs.length !== 1) {
    if (use(c, rhs)) {
      if (returnStmt !== null) returnError(c, returnStmt, lhs, exprList(c, rhs));
      else assignError(c, rhs, lhs.length, rhs.length);
    }
    invalidate(lhs);
    return;
  }
  const { list, commaOk } = multiExpr(c, rhs[0], lhs.length === 2 && returnStmt === null);
  if (lhs.length === list.length) {
    for (let i = 0; i < lhs.length; i++) initVar(c, lhs[i], list[i], context);
    if (commaOk && isUsable(list[0]) && isUsable(list[1])) recordCommaOkTypes(c, rhs[0], list);
    return;
  }
  if (isUsable(list[0])) {
    if (returnStmt !== null) returnError(c, returnStmt, lhs, list);
    else assignError(c, rhs, lhs.length, list.length);
  }
  invalidate(lhs);
}

function invalidate(vars: readonly Var[]): void {
  for (const v of vars) if (v.typ === NoType) v.typ = Typ[BasicKind.Invalid];
}

export function assignVars(c: Checker, lhs: readonly Expr[], rhs: readonly Expr[]): void {
  if (lhs.length === rhs.length && !isCall(rhs)) {
    for (let i = 0; i < lhs.length; i++) assignVar(c, lhs[i], rhs[i], null, 'assignment');
    return;
  }
  if (rhs.length !== 1) {
    const okLeft = useLHS(c, lhs);
    const okRight = use(c, rhs);
    if (okLeft && okRight) assignError(c, rhs, lhs.length, rhs.length);
    return;
  }
  const { list, commaOk } = multiExpr(c, rhs[0], lhs.length === 2);
  if (lhs.length === list.length) {
    for (let i = 0; i < lhs.length; i++) assignVar(c, lhs[i], null, list[i], 'assignment');
    if (commaOk && isUsable(list[0]) && isUsable(list[1])) recordCommaOkTypes(c, rhs[0], list);
    return;
  }
  if (isUsable(list[0])) assignError(c, rhs, lhs.length, list.length);
  useLHS(c, lhs);
}

/** lhs := rhs; at is where a missing new variable is reported. */
export function shortVarDecl(c: Checker, at: Poser, lhs: readonly Expr[], rhs: readonly Expr[]): void {
  const top = c.delayed.length;
  const scope = c.scope;
  const seen = new Set<string>();
  const vars: Var[] = [];
  const newVars: Var[] = [];
  let hasError = false;
  for (const e of lhs) {
    const v = shortVar(c, e, seen, newVars);
    if (v === null) hasError = true;
    // Stands for a left side that is no variable.
    vars.push(v ?? new Var(ObjKind.LocalVar, e.pos, c.pkg, '_', NoType));
  }
  initVars(c, vars, rhs, null);
  // Function literals on the right do not see the new variables.
  processDelayed(c, top);
  if (newVars.length === 0 && !hasError) {
    softErrorf(c, at, Code.NoNewVar, 'no new variables on left side of :=');
    return;
  }
  const scopePos = endPos(rhs[rhs.length - 1]);
  for (const v of newVars) declare(c, scope, null, v, scopePos);
}

/** The variable that one name on the left of := stands for, old or new; null after an error. */
function shortVar(c: Checker, e: Expr, seen: Set<string>, newVars: Var[]): Var | null {
  if (e.kind !== Syntax.Name) {
    useLHS(c, [e]);
    errorf(c, e, Code.BadDecl, 'non-name %s on left side of :=', e);
    return null;
  }
  const name = e.value;
  if (name !== '_') {
    if (seen.has(name)) {
      errorf(c, e, Code.RepeatedDecl, '%s repeated on left side of :=', e);
      return null;
    }
    seen.add(name);
  }
  const old = c.scope.lookup(name);
  if (old !== null) {
    recordUse(e, old);
    if (old.kind === ObjKind.Var) return old;
    errorf(c, e, Code.UnassignableOperand, 'cannot assign to %s', e);
    return null;
  }
  const v = new Var(ObjKind.LocalVar, e.pos, c.pkg, name, NoType);
  if (name !== '_') newVars.push(v);
  recordDef(e, v);
  return v;
}
