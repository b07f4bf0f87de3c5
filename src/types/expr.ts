/**
 * Expressions. All go through rawExpr, which sets an operand to what the expression denotes and records its type; the variants below say
 * which operands they accept. A failed check leaves an invalid operand, and has given a message.
 */
import { bug } from '#base/bug.ts';
import * as Syntax from '#syntax/kinds.ts';
import type { AssertExpr, Expr, Operation } from '#syntax/nodes.ts';
import * as Op from '#syntax/operators.ts';
import * as BasicKind from './basickind.ts';
import { binary, unary } from './binary.ts';
import * as ExprKind from './builtinid.ts';
import { callExpr, funcInst, selector } from './call.ts';
import type { Checker } from './checker.ts';
import { typeset } from './coretype.ts';
import { finiteSize } from './cycles.ts';
import * as Code from './errors/codes.ts';
import { error, errorf, invalidOp } from './errors.ts';
import { indexExpr, sliceExpr } from './index.ts';
import { basicLit, compositeLit, funcLit } from './literals.ts';
import { assertableTo } from './lookup.ts';
import * as Mode from './mode.ts';
import { Cause, newOperand, Operand } from './operand.ts';
import { identical, isGeneric, isTypeParam, isValid } from './predicates.ts';
import { record } from './recording.ts';
import { Pointer, type Signature, type Type } from './type.ts';
import * as TypeKind from './typekind.ts';
import { ident, typExpr, validVarType, varType } from './typexpr.ts';
import { under } from './under.ts';
import { Typ, universeError } from './universe.ts';
import { use } from './use.ts';

/** The variable (or result) that a generic function value is assigned to: its type arguments may be inferred from that. */
export class Target {
  readonly sig: Signature;
  readonly description: string;

  constructor(sig: Signature, description: string) {
    this.sig = sig;
    this.description = description;
  }
}

/** Null unless the type is a function type. */
export function newTarget(typ: Type, description: string): Target | null {
  const u = under(typ);
  return u.kind === TypeKind.Signature ? new Target(u, description) : null;
}

const valuesOnly = (1 << Mode.novalue) | (1 << Mode.builtin) | (1 << Mode.typexpr);

/** What rawExpr and its callers do with an index expression that has been evaluated and must be a single value. */
export function finishIndex(c: Checker, x: Operand, e: Expr): void {
  x.expr = e;
  pendingType(c, x);
  record(x);
  exclude(c, x, valuesOnly);
  singleValue(c, x);
}

/** The expression must be a single value. A target may provide type arguments of a generic function. */
export function expr(c: Checker, target: Target | null, x: Operand, e: Expr): void {
  rawExpr(c, target, x, e, null, false);
  exclude(c, x, valuesOnly);
  singleValue(c, x);
}

/** As expr, but the value may be a generic function. */
export function genericExpr(c: Checker, x: Operand, e: Expr): void {
  rawExpr(c, null, x, e, null, true);
  exclude(c, x, valuesOnly);
  singleValue(c, x);
}

export class MultiResult {
  readonly list: Operand[];
  readonly commaOk: boolean;

  constructor(list: Operand[], commaOk: boolean) {
    this.list = list;
    this.commaOk = commaOk;
  }
}

/**
 * The values of e: several if it is a call with several results, or if commaOk is allowed and e has that form. After an error the first
 * operand is invalid.
 */
export function multiExpr(c: Checker, e: Expr, allowCommaOk: boolean): MultiResult {
  const x = new Operand();
  rawExpr(c, null, x, e, null, false);
  exclude(c, x, valuesOnly);
  if (x.mode !== Mode.invalid && x.typ.kind === TypeKind.Tuple) {
    return new MultiResult(
      x.typ.vars.map((v) => newOperand(Mode.value, e, v.typ)),
      false,
    );
  }
  if (allowCommaOk && (x.mode === Mode.mapindex || x.mode === Mode.commaok || x.mode === Mode.commaerr)) {
    const second = x.mode === Mode.commaerr ? universeError : Typ[BasicKind.UntypedBool];
    return new MultiResult([x, newOperand(Mode.value, e, second)], true);
  }
  return new MultiResult([x], false);
}

/** hint is the element type of a composite literal, for elements that leave out their type. */
export function exprWithHint(c: Checker, x: Operand, e: Expr, hint: Type): void {
  rawExpr(c, null, x, e, hint, false);
  exclude(c, x, valuesOnly);
  singleValue(c, x);
}

export function exprOrType(c: Checker, x: Operand, e: Expr, allowGeneric: boolean): void {
  rawExpr(c, null, x, e, null, allowGeneric);
  exclude(c, x, 1 << Mode.novalue);
  singleValue(c, x);
}

/** Refuses the modes in a set, which may contain novalue, builtin and typexpr. */
export function exclude(c: Checker, x: Operand, modes: number): void {
  if ((modes & (1 << x.mode)) === 0) return;
  if (x.mode === Mode.novalue) {
    const types = (modes & (1 << Mode.typexpr)) === 0;
    errorf(c, x, Code.TooManyValues, types ? '%s used as value or type' : '%s used as value', x);
  } else if (x.mode === Mode.builtin) {
    errorf(c, x, Code.UncalledBuiltin, '%s must be called', x);
  } else {
    errorf(c, x, Code.NotAnExpr, '%s is not an expression', x);
  }
  x.mode = Mode.invalid;
}

export function singleValue(c: Checker, x: Operand): void {
  if (x.mode !== Mode.value || x.typ.kind !== TypeKind.Tuple) return;
  errorf(c, x, Code.TooManyValues, 'multiple-value %s in single-value context', x);
  x.mode = Mode.invalid;
}

/** Returns one of Conversion, Expression and Statement (builtinid.ts): what the expression is as a statement. */
export function rawExpr(
  c: Checker,
  target: Target | null,
  x: Operand,
  e: Expr,
  hint: Type | null,
  allowGeneric: boolean,
): number {
  const kind = exprInternal(c, target, x, e, hint);
  if (!allowGeneric) nonGeneric(c, target, x);
  pendingType(c, x);
  record(x);
  return kind;
}

/** A generic function needs its type arguments: from the target, or it is an error. */
export function nonGeneric(c: Checker, target: Target | null, x: Operand): void {
  if (x.mode === Mode.invalid || x.mode === Mode.novalue) return;
  let what = '';
  if (x.typ.kind === TypeKind.Alias || x.typ.kind === TypeKind.Named) {
    if (isGeneric(x.typ)) what = 'type';
  } else if (x.typ.kind === TypeKind.Signature && x.typ.tparams.length > 0) {
    if (target !== null && x.expr !== null) {
      funcInst(c, target, x.expr.pos, x, null, true);
      return;
    }
    what = 'function';
  }
  if (what === '' || x.expr === null) return;
  errorf(c, x.expr, Code.WrongTypeArgCount, 'cannot use generic %s %s without instantiation', what, x.expr);
  x.mode = Mode.invalid;
  x.typ = Typ[BasicKind.Invalid];
}

/** A value whose type is still being declared, and would contain itself, has no size: unsafe.Sizeof(T{}) inside T. */
function pendingType(c: Checker, x: Operand): void {
  if (x.mode === Mode.invalid || x.mode === Mode.novalue || finiteSize(c, x.typ)) return;
  x.mode = Mode.invalid;
  x.typ = Typ[BasicKind.Invalid];
}

function exprInternal(c: Checker, target: Target | null, x: Operand, e: Expr, hint: Type | null): number {
  x.mode = Mode.invalid;
  x.typ = Typ[BasicKind.Invalid];
  switch (e.kind) {
    case Syntax.BadExpr:
      break;
    case Syntax.Name:
      ident(c, x, e, false);
      x.expr = e;
      return ExprKind.Expression;
    case Syntax.DotsType:
      error(c, e, Code.InvalidSyntaxTree, 'invalid use of ...');
      break;
    case Syntax.BasicLit:
      if (!e.bad) basicLit(c, x, e);
      break;
    case Syntax.FuncLit:
      funcLit(c, x, e);
      break;
    case Syntax.CompositeLit:
      compositeLit(c, x, e, hint);
      break;
    case Syntax.ParenExpr: {
      // Inference does not look through parentheses.
      const kind = rawExpr(c, null, x, e.x, null, false);
      x.expr = e;
      return kind;
    }
    case Syntax.SelectorExpr:
      selector(c, x, e, false);
      x.expr = e;
      return ExprKind.Expression;
    case Syntax.IndexExpr:
      if (indexExpr(c, x, e)) funcInst(c, target, e.pos, x, e, true);
      break;
    case Syntax.SliceExpr:
      sliceExpr(c, x, e);
      break;
    case Syntax.AssertExpr:
      assertExpr(c, x, e);
      break;
    case Syntax.TypeSwitchGuard:
      error(c, e, Code.InvalidSyntaxTree, 'use of .(type) outside type switch');
      use(c, [e.x]);
      x.mode = Mode.invalid;
      break;
    case Syntax.CallExpr:
      return callExpr(c, x, e);
    case Syntax.ListExpr:
      error(c, e, Code.InvalidSyntaxTree, 'unexpected list of expressions');
      break;
    case Syntax.Operation:
      operation(c, x, e);
      if (x.mode !== Mode.invalid && e.y === null && e.op === Op.Recv) {
        x.expr = e;
        return ExprKind.Statement;
      }
      break;
    case Syntax.KeyValueExpr:
      error(c, e, Code.InvalidSyntaxTree, 'no key:value expected');
      break;
    case Syntax.ArrayType:
    case Syntax.SliceType:
    case Syntax.StructType:
    case Syntax.FuncType:
    case Syntax.InterfaceType:
    case Syntax.MapType:
    case Syntax.ChanType:
      x.mode = Mode.typexpr;
      x.typ = typExpr(c, e);
      break;
  }
  x.expr = e;
  // Invalid operands count as statements, lest a second message follow.
  return x.mode === Mode.invalid ? ExprKind.Statement : ExprKind.Expression;
}

function operation(c: Checker, x: Operand, e: Operation): void {
  if (e.y !== null) binary(c, x, e, e.x, e.y, e.op);
  else if (e.op === Op.Mul) indirection(c, x, e);
  else unary(c, x, e);
}

/** *x, or the pointer type *x. */
function indirection(c: Checker, x: Operand, e: Operation): void {
  exprOrType(c, x, e.x, false);
  if (x.mode === Mode.invalid) return;
  if (x.mode === Mode.typexpr) {
    validVarType(c, e.x, x.typ);
    x.typ = new Pointer(x.typ);
    return;
  }
  let base: Type | null = null;
  for (const { u } of typeset(x.typ)) {
    if (u === null || u.kind !== TypeKind.Pointer) {
      errorf(c, x, Code.InvalidIndirection, `${invalidOp}cannot indirect %s`, x);
      x.mode = Mode.invalid;
      return;
    }
    if (base !== null && !identical(u.elem, base)) {
      errorf(c, x, Code.InvalidIndirection, `${invalidOp}pointers of %s must have identical base types`, x);
      x.mode = Mode.invalid;
      return;
    }
    base = u.elem;
  }
  if (base === null) bug('empty type set');
  x.mode = Mode.variable;
  x.typ = base;
}

function assertExpr(c: Checker, x: Operand, e: AssertExpr): void {
  expr(c, null, x, e.x);
  if (x.mode === Mode.invalid) return;
  if (isTypeParam(x.typ)) {
    errorf(c, x, Code.InvalidAssert, `${invalidOp}cannot use type assertion on type parameter value %s`, x);
    x.mode = Mode.invalid;
    return;
  }
  if (under(x.typ).kind !== TypeKind.Interface) {
    errorf(c, x, Code.InvalidAssert, `${invalidOp}%s is not an interface`, x);
    x.mode = Mode.invalid;
    return;
  }
  const T = varType(c, e.type);
  if (!isValid(T)) {
    x.mode = Mode.invalid;
    return;
  }
  typeAssertion(c, e, x, T, false);
  x.mode = Mode.commaok;
  x.typ = T;
}

/** Whether x, an interface, can have the dynamic type T at all. */
export function typeAssertion(c: Checker, e: Expr, x: Operand, T: Type, typeSwitch: boolean): void {
  const cause = new Cause();
  if (assertableTo(c, x.typ, T, cause)) return;
  if (typeSwitch) {
    errorf(
      c,
      e,
      Code.ImpossibleAssert,
      'impossible type switch case: %s\n\t%s cannot have dynamic type %s %s',
      e,
      x,
      T,
      cause.text,
    );
    return;
  }
  errorf(
    c,
    e,
    Code.ImpossibleAssert,
    'impossible type assertion: %s\n\t%s does not implement %s %s',
    e,
    T,
    x.typ,
    cause.text,
  );
}
