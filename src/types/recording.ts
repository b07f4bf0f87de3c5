/** Leaving results in the syntax tree (see info.ts for what is found where). */
import { bug } from '#base/bug.ts';
import type { Value } from '#constant/value.ts';
import * as Syntax from '#syntax/kinds.ts';
import type { CaseClause, Expr, Field, ImportDecl, Name, SelectorExpr } from '#syntax/nodes.ts';
import type { Checker } from './checker.ts';
import { InstanceInfo, SelectionInfo, TypeAndValue, tvOf } from './info.ts';
import * as Mode from './mode.ts';
import { type Obj, Var } from './object.ts';
import * as ObjKind from './objkind.ts';
import type { Operand } from './operand.ts';
import { isUntyped } from './predicates.ts';
import { EmptyTuple, type Signature, Tuple, type Type } from './type.ts';

/** Records what an operand says of its expression. An untyped type is only recorded for now. */
export function record(x: Operand): void {
  if (x.expr === null) bug('operand without expression');
  if (x.mode === Mode.invalid) return;
  if (x.mode === Mode.novalue) {
    x.expr.tv = new TypeAndValue(x.mode, EmptyTuple, null);
    return;
  }
  const tv = new TypeAndValue(x.mode, x.typ, x.mode === Mode.constant_ ? x.val : null);
  tv.pending = isUntyped(x.typ);
  x.expr.tv = tv;
}

export function recordTypeAndValue(e: Expr, mode: number, typ: Type, val: Value | null): void {
  if (mode !== Mode.invalid) e.tv = new TypeAndValue(mode, typ, val);
}

/** The name of a built-in function, which may be qualified and in parentheses, gets the signature that this call gives it. */
export function recordBuiltinType(fun: Expr, sig: Signature): void {
  let f = fun;
  for (;;) {
    f.tv = new TypeAndValue(Mode.builtin, sig, null);
    if (f.kind !== Syntax.ParenExpr) return;
    f = f.x;
  }
}

/** A comma-ok expression has the type of both values. */
export function recordCommaOkTypes(c: Checker, e: Expr, values: readonly Operand[]): void {
  let x = e;
  for (;;) {
    const tv = tvOf(x);
    if (tv === null) return;
    const first = new Var(ObjKind.ParamVar, x.pos, c.pkg, '', values[0].typ);
    const second = new Var(ObjKind.ParamVar, x.pos, c.pkg, '', values[1].typ);
    tv.type = new Tuple([first, second]);
    if (x.kind !== Syntax.ParenExpr) return;
    x = x.x;
  }
}

/** Records at the name of a generic function or type how it was instantiated. */
export function recordInstance(e: Expr, targs: readonly Type[], typ: Type): void {
  const named = e.kind === Syntax.IndexExpr ? e.x : e;
  if (named.kind === Syntax.Name) named.instance = new InstanceInfo(targs, typ);
  else if (named.kind === Syntax.SelectorExpr) named.sel.instance = new InstanceInfo(targs, typ);
  else bug('no name to record an instance at');
}

export function recordDef(name: Name, obj: Obj | null): void {
  name.obj = obj;
}

export function recordUse(name: Name, obj: Obj): void {
  name.obj = obj;
}

export function recordImplicit(node: CaseClause | ImportDecl | Field, obj: Obj): void {
  node.implicit = obj;
}

export function recordSelection(
  e: SelectorExpr,
  kind: number,
  recv: Type,
  obj: Obj,
  index: readonly number[],
  indirect: boolean,
): void {
  recordUse(e.sel, obj);
  e.selection = new SelectionInfo(kind, recv, obj, index, indirect);
}
