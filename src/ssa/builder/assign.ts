/** Assignments (spec: "Assignment statements"): operands first, then values, then the assignments from left to right. */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import * as Kind from '#syntax/kinds.ts';
import type { AssignStmt, Expr, VarDecl } from '#syntax/nodes.ts';
import { unpackListExpr, unparen } from '#syntax/nodes.ts';
import * as SyntaxOp from '#syntax/operators.ts';
import { FieldVal, objOf, selectionOf, tvOf } from '#types/info.ts';
import * as Mode from '#types/mode.ts';
import type { Var } from '#types/object.ts';
import * as ObjKind from '#types/objkind.ts';
import { canSsa } from '../can-ssa.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import { localVar } from './analyze.ts';
import { arithmetic, oneOf, shift } from './arith.ts';
import type { FuncBuilder, Variable } from './builder.ts';
import { buildCall, isConversion, resultTypes } from './call.ts';
import { receive } from './channels.ts';
import { assignable } from './convert.ts';
import { convertNumber } from './convert-number.ts';
import {
  addressOf,
  countType,
  expr,
  exprInto,
  exprTo,
  exprType,
  isInMemory,
  placeOf,
  retypePtr,
  settledType,
  singleType,
} from './expr.ts';
import { arrayElem, fieldOf, placeAddr, placeValue, walkFields, withField } from './fields.ts';
import * as Index from './index.ts';
import { assertTypeOk } from './interfaces.ts';
import { mapAssign, mapLookupOk, mapValue } from './maps.ts';
import { evaluateFirst, orderOperands } from './order.ts';
import { concat } from './strings.ts';
import { declareVariable, readVariable, variableOf, writeVariable } from './variables.ts';

/** A place that can be assigned to, its operands evaluated. */
export interface Target {
  readonly type: GoType;
  read(): Value;
  write(v: Value): void;
}

export function blankTarget(t: GoType): Target {
  return { type: t, read: () => blankRead(), write: () => undefined };
}

function blankRead(): never {
  throw new Error('the blank identifier has no value');
}

export function isBlank(e: Expr): boolean {
  const x = unparen(e);
  return x.kind === Kind.Name && x.value === '_';
}

function variableTarget(b: FuncBuilder, v: Variable): Target {
  return { type: v.type, read: () => readVariable(b, v), write: (x) => writeVariable(b, v, x) };
}

function memoryTarget(b: FuncBuilder, t: GoType, ptr: Value): Target {
  return { type: t, read: () => b.load(t, ptr), write: (x) => b.store(t, ptr, x) };
}

export function targetOf(b: FuncBuilder, e: Expr): Target {
  return b.at(e.pos, () => targetHere(b, unparen(e)));
}

function targetHere(b: FuncBuilder, x: Expr): Target {
  if (x.kind === Kind.Name) {
    const obj = objOf(x);
    if (obj === null || obj.kind !== ObjKind.Var) return b.fail(x.pos, `assignment to ${x.value}`);
    if (obj.varKind !== ObjKind.PackageVar) return variableTarget(b, variableOf(b, obj));
    return memoryTarget(b, b.type(obj.typ), addressOf(b, x));
  }
  if (x.kind === Kind.IndexExpr) {
    const t = exprType(b, x.x);
    if (t.kind === G.Map) return mapTarget(b, t, expr(b, x.x), b.stable(exprTo(b, x.index, t.key())));
    if (isInMemory(b, x)) return lazyMemory(b, exprType(b, x), lazyAddress(b, x));
    return registerElement(b, x.x, x.index, t, x.pos);
  }
  if (x.kind === Kind.Operation && x.op === SyntaxOp.Mul && x.y === null)
    return lazyMemory(b, exprType(b, x), lazyAddress(b, x));
  if (x.kind === Kind.SelectorExpr) {
    const s = selectionOf(x);
    if (s === null) return memoryTarget(b, exprType(b, x), addressOf(b, x));
    if (isInMemory(b, x)) return lazyMemory(b, exprType(b, x), lazyAddress(b, x));
    if (s.kind === FieldVal) return registerField(b, x.x, s.index);
  }
  return b.fail(x.pos, `assignment to an expression of kind ${x.kind}`);
}

/** The address is checked when it is used, after the right-hand side has been evaluated. */
function lazyMemory(b: FuncBuilder, t: GoType, address: () => Value): Target {
  let p: Value | null = null;
  const at = (): Value => {
    p ??= address();
    return p;
  };
  return { type: t, read: () => b.load(t, at()), write: (v) => b.store(t, at(), v) };
}

/**
 * The address of something in memory: its operands are evaluated now, the last pointer is followed and indices are checked when the
 * address is asked for, which may be after other assignments of the same statement.
 */
function lazyAddress(b: FuncBuilder, e: Expr): () => Value {
  const x = unparen(e);
  const { pos } = x;
  if (x.kind === Kind.IndexExpr) return lazyElement(b, x.x, x.index, pos);
  if (x.kind === Kind.Operation && x.op === SyntaxOp.Mul && x.y === null) {
    const p = expr(b, x.x);
    return () => b.at(pos, () => b.nilCheck(p));
  }
  const s = x.kind === Kind.SelectorExpr ? selectionOf(x) : null;
  if (x.kind === Kind.SelectorExpr && s !== null && s.kind === FieldVal) return lazyField(b, x.x, s.index, pos);
  const p = addressOf(b, x);
  return () => p;
}

function lazyElement(b: FuncBuilder, array: Expr, index: Expr, pos: number): () => Value {
  const t = exprType(b, array);
  const elem = t.kind === G.Pointer ? t.elem().elem() : t.elem();
  let start: () => Value;
  let len: Value;
  if (t.kind === G.Slice) {
    const from = Index.elementsOf(b, array);
    start = () => from.ptr;
    len = from.len;
  } else {
    const p = t.kind === G.Pointer ? expr(b, array) : null;
    start = p === null ? lazyAddress(b, array) : () => b.nilCheck(p);
    len = b.constInt(t.kind === G.Pointer ? t.elem().length : t.length);
  }
  const i = Index.indexOperand(b, index);
  return () =>
    b.at(pos, () => {
      const ptr = retypePtr(b, start(), elem);
      Index.boundsCheck(b, i, len, Index.BoundsIndex);
      return Index.elementAddr(b, { elem, ptr, len }, i.value);
    });
}

/** A field: what is left of the last pointer on the way is read now. */
function lazyField(b: FuncBuilder, outer: Expr, path: readonly number[], pos: number): () => Value {
  let t = exprType(b, outer);
  let hop = -1;
  const last = path.length - 1;
  path.forEach((i, k) => {
    if (t.kind === G.Pointer) {
      hop = k;
      t = t.elem();
    }
    t = t.fields[i].type;
  });
  if (hop < 0) {
    const base = lazyAddress(b, outer);
    const whole = exprType(b, outer);
    return () => placeAddr(b, walkFields(b, { type: whole, ptr: base(), value: null }, path));
  }
  const at = walkFields(b, placeOf(b, outer), path.slice(0, hop));
  const p = placeValue(b, at);
  const rest = path.slice(hop, last + 1);
  return () => b.at(pos, () => placeAddr(b, walkFields(b, { type: at.type, ptr: null, value: p }, rest)));
}

/** A field of a variable in registers: the whole is made anew. */
function registerField(b: FuncBuilder, outer: Expr, path: readonly number[]): Target {
  let target = targetOf(b, outer);
  for (const i of path) target = fieldTarget(b, target, i);
  return target;
}

function fieldTarget(b: FuncBuilder, whole: Target, i: number): Target {
  const t = whole.type;
  return {
    type: t.fields[i].type,
    read: () => fieldOf(b, whole.read(), t, i),
    write: (v) => whole.write(withField(b, whole.read(), t, i, v)),
  };
}

/** The element of an array of length 0 or 1 in registers. */
function registerElement(b: FuncBuilder, outer: Expr, index: Expr, t: GoType, pos: number): Target {
  const whole = targetOf(b, outer);
  const i = Index.indexOperand(b, index);
  const check = (): void => b.at(pos, () => Index.boundsCheck(b, i, b.constInt(t.length), Index.BoundsIndex));
  return {
    type: t.elem(),
    read: () => {
      check();
      return arrayElem(b, whole.read(), t);
    },
    write: (v) => {
      check();
      if (t.length === 1 && b.block !== null) whole.write(b.v1(Op.ArrayMake1, t, v));
    },
  };
}

function mapTarget(b: FuncBuilder, t: GoType, m: Value, key: Value): Target {
  return {
    type: t.elem(),
    read: () => mapValue(b, t, m, key, false)[0],
    write: (v) => {
      const kept = b.stable(v);
      b.store(t.elem(), mapAssign(b, t, m, key), kept);
    },
  };
}

export function assignStmt(b: FuncBuilder, s: AssignStmt): void {
  if (s.op !== SyntaxOp.None && s.op !== SyntaxOp.Def) {
    assignOp(b, s);
    return;
  }
  if (s.rhs === null) b.fail(s.pos, 'assignment of nothing');
  const lhs = unpackListExpr(s.lhs);
  const rhs = unpackListExpr(s.rhs);
  if (lhs.length === 1 && rhs.length === 1) assignOne(b, lhs[0], rhs[0], s.op === SyntaxOp.Def);
  else if (rhs.length === 1) assignTuple(b, lhs, rhs[0], s.op === SyntaxOp.Def);
  else assignParallel(b, lhs, rhs, s.op === SyntaxOp.Def);
}

/** The variable that a name on the left of := declares; null if it is one declared before, or blank. */
export function declaredVar(e: Expr): Var | null {
  if (e.kind !== Kind.Name || e.value === '_') return null;
  const v = localVar(e);
  // In a loop the declaration is met again, each time a new variable; a use of an older one has another position.
  return v !== null && v.pos === e.pos ? v : null;
}

function assignOne(b: FuncBuilder, lhs: Expr, rhs: Expr, define: boolean): void {
  if (isBlank(lhs)) {
    discard(b, rhs);
    return;
  }
  const v = define ? declaredVar(lhs) : null;
  if (v !== null) {
    defineFrom(b, v, rhs);
    return;
  }
  orderOperands(b, [placeOperand(lhs), rhs], (i) => (i === 1 ? exprType(b, lhs) : null));
  const target = targetOf(b, lhs);
  const value = exprTo(b, rhs, target.type);
  target.write(isSliceArray(b, rhs) ? b.stable(value) : value);
}

/** What is read of a place before it is written to; a variable's address is always the same. */
function placeOperand(e: Expr): Expr | null {
  return unparen(e).kind === Kind.Name ? null : e;
}

/** An array that is part of a slice's: two of them may overlap in part, which other variables of one type cannot. */
function isSliceArray(b: FuncBuilder, e: Expr): boolean {
  const x = unparen(e);
  if (x.kind === Kind.CallExpr)
    return isConversion(x) && x.args.length === 1 && exprType(b, x.args[0]).kind === G.Slice;
  if (x.kind !== Kind.Operation || x.op !== SyntaxOp.Mul || x.y !== null) return false;
  return isSliceArray(b, x.x);
}

/** `v := rhs`. */
function defineFrom(b: FuncBuilder, v: Var, rhs: Expr): void {
  const t = b.type(v.typ);
  if (canSsa(t)) {
    declareVariable(b, v, exprTo(b, rhs, t), null);
    return;
  }
  // A literal is written in place: it cannot mention the variable.
  if (unparen(rhs).kind === Kind.CompositeLit) {
    declareVariable(b, v, null, (p) => exprInto(b, rhs, t, p, true));
    return;
  }
  const value = exprTo(b, rhs, t);
  declareVariable(b, v, value, null);
}

/** Evaluates an expression for its effects. */
export function discard(b: FuncBuilder, e: Expr): void {
  const tv = tvOf(e);
  if (tv === null || tv.mode === Mode.nilvalue || tv.mode === Mode.constant_) return;
  if (unparen(e).kind === Kind.CallExpr) {
    const c = unparen(e);
    if (c.kind === Kind.CallExpr) buildCall(b, c);
    return;
  }
  expr(b, e);
}

function assignOp(b: FuncBuilder, s: AssignStmt): void {
  // A division that panics makes no entry.
  orderOperands(b, [s.lhs, s.rhs]);
  const mayPanic = s.op === SyntaxOp.Div || s.op === SyntaxOp.Rem;
  const target = !mayPanic && isMapIndex(b, s.lhs) ? mapOpTarget(b, s.lhs) : targetOf(b, s.lhs);
  const t = target.type;
  // What is on the left panics first, but an entry is made when nothing else can panic.
  const isLast = placeOperand(s.lhs) === null || isMapIndex(b, s.lhs);
  const operands = (right: () => Value): [x: Value, y: Value] => {
    if (!isLast) return [target.read(), right()];
    const y = right();
    return [target.read(), y];
  };
  b.at(s.pos, () => {
    if (s.op === SyntaxOp.Shl || s.op === SyntaxOp.Shr) {
      const rhs = s.rhs ?? b.fail(s.pos, 'shift without count');
      const ct = countType(b, rhs);
      const [x, y] = operands(() => exprTo(b, rhs, ct));
      target.write(shift(b, s.op, t, x, y, ct));
      return;
    }
    const [x, y] = operands(() => (s.rhs === null ? oneOf(b, t) : exprTo(b, s.rhs, t)));
    target.write(t.kind === G.String ? concat(b, t, [x, y]) : arithmetic(b, s.op, t, x, y));
  });
}

function isMapIndex(b: FuncBuilder, e: Expr): boolean {
  const x = unparen(e);
  return x.kind === Kind.IndexExpr && exprType(b, x.x).kind === G.Map;
}

/** m[k] op= v: the entry is made, and then read and written in its place (gc-contract 5.3). */
function mapOpTarget(b: FuncBuilder, e: Expr): Target {
  const x = unparen(e);
  if (x.kind !== Kind.IndexExpr) return b.fail(e.pos, 'no element of a map');
  const t = exprType(b, x.x);
  const m = expr(b, x.x);
  const key = b.stable(exprTo(b, x.index, t.key()));
  let place: Value | null = null;
  return {
    type: t.elem(),
    read: () => {
      place = mapAssign(b, t, m, key);
      return b.stable(b.load(t.elem(), place));
    },
    write: (v) => b.store(t.elem(), place ?? b.fail(e.pos, 'written before it was read'), v),
  };
}

interface Assigned {
  readonly target: Target | null;
  readonly declares: Var | null;
}

function prepare(b: FuncBuilder, lhs: readonly Expr[], define: boolean): Assigned[] {
  return lhs.map((e) => {
    if (isBlank(e)) return { target: null, declares: null };
    const v = define ? declaredVar(e) : null;
    return v !== null ? { target: null, declares: v } : { target: targetOf(b, e), declares: null };
  });
}

function finish(b: FuncBuilder, to: Assigned, v: Value, from: GoType): void {
  if (to.declares !== null) declareVariable(b, to.declares, assignable(b, v, from, b.type(to.declares.typ)), null);
  else if (to.target !== null) to.target.write(assignable(b, v, from, to.target.type));
}

function assignTuple(b: FuncBuilder, lhs: readonly Expr[], rhs: Expr, define: boolean): void {
  // What the left side calls, what the right side is, and the rest of the left side.
  for (const e of lhs) if (placeOperand(e) !== null) evaluateFirst(b, e);
  const { values: given, types } = multiValue(b, rhs);
  const values = given.map((v) => b.stable(v));
  const to = prepare(b, lhs, define);
  values.forEach((v, i) => {
    finish(b, to[i], v, types[i]);
  });
}

/** The values of a call with several results, or of the two-valued form of another expression. */
export function multiValue(b: FuncBuilder, e: Expr): { values: Value[]; types: GoType[] } {
  const x = unparen(e);
  const types = resultTypes(b, x);
  return b.at(x.pos, () => {
    if (x.kind === Kind.CallExpr) return { values: buildCall(b, x), types };
    if (x.kind === Kind.IndexExpr)
      return { values: mapLookupOk(b, x, exprType(b, x.x)), types: [singleType(b, x), types[1]] };
    if (x.kind === Kind.AssertExpr) {
      const t = singleType(b, x);
      return { values: assertTypeOk(b, expr(b, x.x), exprType(b, x.x), t), types: [t, types[1]] };
    }
    if (x.kind === Kind.Operation && x.op === SyntaxOp.Recv && x.y === null) {
      const t = singleType(b, x);
      return { values: receive(b, expr(b, x.x), exprType(b, x.x), t, true), types: [t, types[1]] };
    }
    return b.fail(x.pos, 'several values of an expression that has one');
  });
}

function assignParallel(b: FuncBuilder, lhs: readonly Expr[], rhs: readonly Expr[], define: boolean): void {
  orderOperands(b, [...lhs.map(placeOperand), ...rhs]);
  const to = prepare(b, lhs, define);
  const values = rhs.map((e, i) => {
    const t =
      to[i].target?.type ?? (to[i].declares !== null ? b.type(to[i].declares?.typ ?? b.fail(e.pos, 'no type')) : null);
    if (t !== null) return b.stable(exprTo(b, e, t));
    discard(b, e);
    return null;
  });
  values.forEach((v, i) => {
    if (v === null) return;
    const d = to[i].declares;
    if (d !== null) declareVariable(b, d, v, null);
    else to[i].target?.write(v);
  });
}

/** var declarations in functions. */
export function varDecl(b: FuncBuilder, d: VarDecl): void {
  b.at(d.pos, () => {
    const values = unpackListExpr(d.values);
    const vars = d.names.map((n) => (n.value === '_' ? null : localVar(n)));
    if (values.length === 0) {
      for (const v of vars) if (v !== null) declareVariable(b, v, null, null);
      return;
    }
    if (values.length === 1 && vars.length > 1) {
      const m = multiValue(b, values[0]);
      vars.forEach((v, i) => {
        if (v !== null) declareVariable(b, v, assignable(b, m.values[i], m.types[i], b.type(v.typ)), null);
      });
      return;
    }
    if (vars.length === 1) {
      const v = vars[0];
      if (v !== null) defineFrom(b, v, values[0]);
      else discardAs(b, d, values[0]);
      return;
    }
    orderOperands(b, values);
    const made = values.map((e, i) => {
      const v = vars[i];
      if (v !== null) return b.stable(exprTo(b, e, b.type(v.typ)));
      discardAs(b, d, e);
      return null;
    });
    vars.forEach((v, i) => {
      const value = made[i];
      if (v !== null && value !== null) declareVariable(b, v, value, null);
    });
  });
}

/** `var _ T = x`: the conversion to T happens, and may panic. */
function discardAs(b: FuncBuilder, d: VarDecl, e: Expr): void {
  const tv = d.type === null ? null : tvOf(d.type);
  if (tv === null) discard(b, e);
  else exprTo(b, e, settledType(b, tv.type));
}

/** Numbers of the same representation under another type, for ranges over integers. */
export function asType(b: FuncBuilder, v: Value, from: GoType, to: GoType): Value {
  return from.isInteger() && to.isInteger() ? convertNumber(b, v, from, to) : v;
}
