/**
 * Order of evaluation between the operands of one expression or statement. The specification orders calls, receive operations and logical
 * operators only; what else is read may come before or after them. As in the official compiler (cmd/compile/internal/walk/order.go, expr1),
 * these come first, from left to right, and their values are kept; then the rest is evaluated: `x + f()` reads x when f has returned.
 */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import * as Kind from '#syntax/kinds.ts';
import type { CallExpr, CompositeLit, Expr, IndexExpr, Operation } from '#syntax/nodes.ts';
import { unparen } from '#syntax/nodes.ts';
import * as SyntaxOp from '#syntax/operators.ts';
import * as BuiltinId from '#types/builtinid.ts';
import { FieldVal, objOf, selectionOf, tvOf } from '#types/info.ts';
import * as Mode from '#types/mode.ts';
import * as ObjKind from '#types/objkind.ts';
import { ByPointer, type FuncBuilder } from './builder.ts';
import { builtinId } from './builtins.ts';
import { buildCall, isBuiltinCall, isConversion, spreadCall } from './call.ts';
import { declaredFunc, expr, exprType, isInMemory } from './expr.ts';
import { hasFastKey } from './maps.ts';
import { isByteSlice, isRuneSlice } from './strings.ts';

/** The type that an operand is converted to, if that may be an interface. */
type TargetType = (i: number) => GoType | null;

/** Evaluates what is to come first in operands that are evaluated after this one after the other. */
export function orderOperands(
  b: FuncBuilder,
  operands: readonly (Expr | null)[],
  target: TargetType | null = null,
): void {
  // What cannot change needs no order, nor does what no call follows.
  let exposed = false;
  let needed = false;
  for (const e of operands) {
    if (e === null) continue;
    if (exposed && comesFirst(b, e)) needed = true;
    if (!exposed) exposed = !isFixed(b, e);
  }
  if (!needed) return;
  operands.forEach((e, i) => {
    if (e === null) return;
    evaluateFirst(b, e);
    const to = target === null ? null : target(i);
    if (to !== null) boxedFirst(b, e, to);
  });
}

/** Orders what is called and the arguments. */
export function orderCall(b: FuncBuilder, e: CallExpr): void {
  orderOperands(b, [e.fun, ...e.args], (i) => {
    if (i === 0 || spreadCall(e) !== null) return null;
    const type = b.types.underlying(exprType(b, e.fun));
    const params = type.params();
    if (i < params.length || !type.isVariadic()) return params[i - 1];
    const last = params[params.length - 1];
    return e.hasDots ? last : last.elem();
  });
}

export function orderComparison(b: FuncBuilder, x: Expr, y: Expr): void {
  orderOperands(b, [x, y], () => {
    const tx = exprType(b, x);
    return tx.kind === G.Interface ? tx : exprType(b, y);
  });
}

/** What is put into an interface through its address is evaluated early, if it has none. */
function boxedFirst(b: FuncBuilder, e: Expr, to: GoType): void {
  const x = unparen(e);
  if (to.kind !== G.Interface || isNoValue(x)) return;
  const from = exprType(b, x);
  if (from.kind !== G.Interface && isBoxedByAddress(from)) addressedFirst(b, x);
}

function addressedFirst(b: FuncBuilder, e: Expr): void {
  const x = unparen(e);
  if (!isNoValue(x) && !isAddressable(b, x)) keep(b, x);
}

/** cmd/compile/internal/walk/convert.go, dataWordFuncName: other values are passed to the runtime themselves. */
function isBoxedByAddress(t: GoType): boolean {
  if (t.size === 2 && t.align === 2) return false;
  if ((t.size === 4 || t.size === 8) && t.align === t.size && !t.hasPointers()) return false;
  let sole = t;
  for (;;) {
    if (sole.kind === G.Struct && sole.fields.length === 1) sole = sole.fields[0].type;
    else if (sole.kind === G.Array && sole.length === 1) sole = sole.elem();
    else return sole.kind !== G.String && sole.kind !== G.Slice;
  }
}

function isAddressable(b: FuncBuilder, x: Expr): boolean {
  return x.kind === Kind.Name || isInMemory(b, x);
}

function isNoValue(x: Expr): boolean {
  const mode = tvOf(x)?.mode;
  return mode === Mode.constant_ || mode === Mode.typexpr || mode === Mode.nilvalue;
}

/** Whether the value of e is the same before and after calls in other operands, and finding it cannot panic; calls themselves come in order. */
function isFixed(b: FuncBuilder, e: Expr): boolean {
  const x = unparen(e);
  if (isNoValue(x) || b.early.has(x)) return true;
  switch (x.kind) {
    case Kind.BasicLit:
    case Kind.FuncLit:
      return true;
    case Kind.Name: {
      const obj = objOf(x);
      if (obj === null || obj.kind !== ObjKind.Var) return true;
      return obj.varKind !== ObjKind.PackageVar && b.vars.get(obj)?.place !== ByPointer;
    }
    case Kind.CallExpr:
      return isConversion(x) ? x.args.every((a) => isFixed(b, a)) : !isBuiltinCall(x);
    case Kind.SelectorExpr:
      return selectionOf(x) === null && objOf(x.sel)?.kind !== ObjKind.Var;
    case Kind.Operation:
      if (x.y === null)
        return x.op === SyntaxOp.Recv || (x.op !== SyntaxOp.Mul && x.op !== SyntaxOp.And && isFixed(b, x.x));
      if (isLogical(x)) return true;
      return x.op !== SyntaxOp.Div && x.op !== SyntaxOp.Rem && isFixed(b, x.x) && isFixed(b, x.y);
    default:
      return false;
  }
}

function isLogical(x: Operation): boolean {
  return x.op === SyntaxOp.AndAnd || x.op === SyntaxOp.OrOr;
}

/** Whether evaluating e may change what other operands read, or panic before they do. */
function comesFirst(b: FuncBuilder, e: Expr): boolean {
  const x = unparen(e);
  if (isNoValue(x) || b.early.has(x)) return false;
  switch (x.kind) {
    case Kind.CallExpr:
      if (isConversion(x)) return x.args.some((a) => comesFirst(b, a));
      if (!isBuiltinCall(x)) return true;
      return changes(builtinId(x)) || x.args.some((a) => comesFirst(b, a));
    case Kind.SelectorExpr:
      return selectionOf(x) !== null && comesFirst(b, x.x);
    case Kind.AssertExpr:
    case Kind.SliceExpr:
      return true;
    case Kind.IndexExpr:
      return comesFirst(b, x.x) || comesFirst(b, x.index);
    case Kind.Operation:
      if (x.y === null) return x.op === SyntaxOp.Recv || comesFirst(b, x.x);
      return comesFirst(b, x.x) || comesFirst(b, x.y);
    case Kind.CompositeLit:
    case Kind.ListExpr:
      return x.elems.some((el) => comesFirst(b, el));
    case Kind.KeyValueExpr:
      return comesFirst(b, x.key) || comesFirst(b, x.value);
    default:
      return false;
  }
}

/** Built-ins whose evaluation does something. */
function changes(id: number): boolean {
  switch (id) {
    case BuiltinId.Append:
    case BuiltinId.Copy:
    case BuiltinId.Make:
    case BuiltinId.Recover:
      return true;
    default:
      return false;
  }
}

/** Evaluates the parts of e that come first; `expr` finds their values in `early`. */
export function evaluateFirst(b: FuncBuilder, e: Expr): void {
  const x = unparen(e);
  if (isNoValue(x)) return;
  switch (x.kind) {
    case Kind.CallExpr:
      callFirst(b, x);
      return;
    case Kind.SelectorExpr: {
      const s = selectionOf(x);
      if (s !== null && (s.kind === FieldVal || tvOf(x.x)?.mode !== Mode.typexpr)) evaluateFirst(b, x.x);
      return;
    }
    case Kind.IndexExpr:
      evaluateFirst(b, x.x);
      evaluateFirst(b, x.index);
      keyFirst(b, x);
      return;
    case Kind.AssertExpr:
    case Kind.SliceExpr:
      keep(b, x);
      return;
    case Kind.Operation:
      if (x.y === null ? x.op === SyntaxOp.Recv : isLogical(x)) keep(b, x);
      else {
        evaluateFirst(b, x.x);
        if (x.y === null) return;
        evaluateFirst(b, x.y);
        comparedFirst(b, x, x.x, x.y);
      }
      return;
    case Kind.CompositeLit:
      literalFirst(b, x, x.elems);
      return;
    case Kind.ListExpr:
      for (const el of x.elems) evaluateFirst(b, el);
      return;
  }
}

/** Keys that the runtime takes by address. */
function keyFirst(b: FuncBuilder, x: IndexExpr): void {
  if (isNoValue(x.index) || tvOf(x.x)?.mode === Mode.typexpr || declaredFunc(x) !== null) return;
  const t = exprType(b, x.x);
  if (t.kind !== G.Map) return;
  const key = t.key();
  if (hasFastKey(t) && key.kind !== G.Struct && key.kind !== G.Array) return;
  if (exprType(b, x.index) === key) addressedFirst(b, x.index);
  else keep(b, unparen(x.index));
}

/** Structs and arrays are compared in memory; what is compared with an interface is put into one. */
function comparedFirst(b: FuncBuilder, e: Operation, x: Expr, y: Expr): void {
  if (e.op < SyntaxOp.Eql || e.op > SyntaxOp.Geq || isNoValue(unparen(x)) || isNoValue(unparen(y))) return;
  const [tx, ty] = [exprType(b, x), exprType(b, y)];
  if (tx.kind === G.Interface && ty.kind !== G.Interface) boxedFirst(b, y, tx);
  else if (ty.kind === G.Interface && tx.kind !== G.Interface) boxedFirst(b, x, ty);
  else if (tx.kind === G.Struct || tx.kind === G.Array) for (const operand of [x, y]) addressedFirst(b, operand);
}

function literalFirst(b: FuncBuilder, x: CompositeLit, elems: readonly Expr[]): void {
  // The entries of a map are made one after the other.
  if (exprType(b, x).kind === G.Map) {
    if (elems.length > 0) keep(b, x);
    return;
  }
  const target = elementTarget(b, x);
  elems.forEach((el, i) => {
    const value = el.kind === Kind.KeyValueExpr ? el.value : el;
    evaluateFirst(b, value);
    const to = target(i);
    if (to !== null) boxedFirst(b, value, to);
  });
}

/** The types of a literal's elements. */
export function elementTarget(b: FuncBuilder, x: CompositeLit): TargetType {
  const given = exprType(b, x);
  const t = given.kind === G.Pointer ? given.elem() : given;
  if (t.kind !== G.Struct) return () => t.elem();
  return (i) => {
    const el = x.elems[i];
    if (el.kind !== Kind.KeyValueExpr) return t.fields[i].type;
    const { key } = el;
    return t.fields.find((f) => key.kind === Kind.Name && f.name === key.value)?.type ?? null;
  };
}

function callFirst(b: FuncBuilder, x: CallExpr): void {
  if (isConversion(x)) {
    const [arg] = x.args;
    const to = exprType(b, x);
    if (exprType(b, arg).kind === G.String && (isByteSlice(to) || isRuneSlice(to))) keep(b, x);
    else {
      evaluateFirst(b, arg);
      boxedFirst(b, arg, to);
    }
    return;
  }
  if (isBuiltinCall(x)) {
    switch (builtinId(x)) {
      case BuiltinId.Sizeof:
      case BuiltinId.Alignof:
      case BuiltinId.Offsetof:
        return;
      case BuiltinId.Add:
      case BuiltinId.Slice:
      case BuiltinId.SliceData:
      case BuiltinId.String:
      case BuiltinId.StringData:
        for (const a of x.args) evaluateFirst(b, a);
        return;
    }
  }
  keep(b, x);
}

function keep(b: FuncBuilder, x: Expr): void {
  if (b.early.has(x)) return;
  const values = x.kind === Kind.CallExpr ? buildCall(b, x) : [expr(b, x)];
  b.early.set(
    x,
    values.map((v) => b.stable(v)),
  );
}
