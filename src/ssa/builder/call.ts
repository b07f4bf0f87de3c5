/** Calls (spec: "Calls"): what is called, the arguments in order, and the call itself, which go and defer put off. */
import type { GoType } from '#abi/gotype.ts';
import * as constant from '#constant/value.ts';
import * as Kind from '#syntax/kinds.ts';
import type { CallExpr, Expr, SelectorExpr } from '#syntax/nodes.ts';
import { unparen } from '#syntax/nodes.ts';
import * as SyntaxOp from '#syntax/operators.ts';
import { MethodExpr, MethodVal, objOf, selectionOf, tvOf } from '#types/info.ts';
import * as Mode from '#types/mode.ts';
import type { Func as FuncObj } from '#types/object.ts';
import * as ObjKind from '#types/objkind.ts';
import { unalias } from '#types/type.ts';
import * as TypeKind from '#types/typekind.ts';
import { type FuncRef, ReflectMethod, UintptrEscapes, UintptrKeepAlive } from '../call.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import type { FuncBuilder } from './builder.ts';
import { builtinCall, planBuiltin } from './builtins.ts';
import { assignable, conversion } from './convert.ts';
import { declaredFunc, expr, exprTo, exprType, instanceArgs, placeOf, retypePtr, settledType } from './expr.ts';
import { type Intrinsic, intrinsicOf, syntacticIntrinsic } from './intrinsics.ts';
import { type MethodCall, methodCallee, methodExprRef } from './methods.ts';
import { orderCall } from './order.ts';
import { callClosure, callInterface, callStatic, givesMethod } from './runtime-call.ts';
import { allocNew } from './variables.ts';

/** A call whose operands have been evaluated: `emit` makes it from them, here or in another function that captured them. */
export interface CallPlan {
  readonly values: readonly Value[];
  readonly types: readonly GoType[];
  readonly emit: (b: FuncBuilder, values: readonly Value[]) => Value[];
}

export function isConversion(e: CallExpr): boolean {
  return tvOf(e.fun)?.mode === Mode.typexpr;
}

export function isBuiltinCall(e: CallExpr): boolean {
  return tvOf(e.fun)?.mode === Mode.builtin;
}

/** The results of a call, a conversion or a built-in. */
export function buildCall(b: FuncBuilder, e: CallExpr): Value[] {
  const early = b.early.size === 0 ? null : b.takeEarly(e);
  if (early !== null) return [...early];
  return b.at(e.pos, () => {
    if (isConversion(e)) return [conversion(b, e)];
    if (isBuiltinCall(e)) return builtinCall(b, e);
    const special = syntacticIntrinsic(b, e);
    if (special !== null) return [special];
    const plan = planCall(b, e);
    return plan.emit(b, plan.values);
  });
}

/** Evaluates what a call needs. */
export function planCall(b: FuncBuilder, e: CallExpr): CallPlan {
  if (isBuiltinCall(e)) return planBuiltin(b, e);
  orderCall(b, e);
  const fun = unparen(e.fun);
  const declared = declaredFunc(fun);
  if (declared !== null) return planDeclared(b, e, declared.obj, instanceArgs(b, declared.name));
  if (fun.kind === Kind.SelectorExpr) {
    const s = selectionOf(fun);
    if (s !== null && s.kind === MethodVal) return planMethod(b, e, fun);
    if (s !== null && s.kind === MethodExpr) {
      const ref = methodExprRef(b, fun, s);
      return planStatic(b, e, ref, null, []);
    }
  }
  const type = b.types.underlying(exprType(b, fun));
  const fn = expr(b, fun);
  const args = buildArgs(b, e, type.params(), type.isVariadic());
  return {
    values: [fn, ...args],
    types: [type, ...type.params()],
    emit: (at, values) => callClosure(at, values[0], type, values.slice(1)),
  };
}

function planDeclared(b: FuncBuilder, e: CallExpr, obj: FuncObj, targs: readonly GoType[]): CallPlan {
  const intrinsic = targs.length === 0 || obj.pkg?.path.startsWith('internal/') ? intrinsicOf(b, obj) : null;
  if (intrinsic !== null) {
    const type = exprType(b, e.fun);
    const args = buildArgs(b, e, type.params(), type.isVariadic());
    return { values: args, types: type.params(), emit: (at, values) => runIntrinsic(at, intrinsic, obj, type, values) };
  }
  return planStatic(b, e, b.prog.funcRef(obj, targs), null, []);
}

function runIntrinsic(b: FuncBuilder, f: Intrinsic, obj: FuncObj, type: GoType, values: readonly Value[]): Value[] {
  const r = f(b, values, type);
  return r ?? callStatic(b, b.prog.funcRef(obj, []), values);
}

function planStatic(
  b: FuncBuilder,
  e: CallExpr,
  ref: FuncRef,
  recv: Value | null,
  before: readonly GoType[],
): CallPlan {
  const skip = recv === null ? 0 : 1;
  const params = ref.type.params().slice(skip);
  const packed: Value[] = [];
  const args = buildArgs(b, e, params, ref.type.isVariadic(), packed);
  const kept = keptAlive(ref, [...args, ...packed]);
  return {
    values: recv === null ? [...args, ...kept] : [recv, ...args, ...kept],
    types: [...before, ...params, ...kept.map(() => b.unsafePointer)],
    emit: (at, values) => {
      const n = values.length - kept.length;
      const results = callStatic(at, ref, values.slice(0, n));
      for (const p of values.slice(n)) {
        const kept = at.v2(Op.KeepAlive, at.types.mem, p, at.mem());
        // To escape analysis: the pointer goes where nobody sees it.
        if ((ref.flags & UintptrEscapes) !== 0) kept.auxLo = 1;
        at.setMem(kept);
      }
      return results;
    },
  };
}

/**
 * Pointers converted to uintptr in the argument list of a function without a Go body, or of one that asks for it, live until the call returns
 * (package unsafe, pattern 4; gc-contract 1.6).
 */
function keptAlive(ref: FuncRef, args: readonly Value[]): Value[] {
  const asked = (ref.flags & (UintptrKeepAlive | UintptrEscapes)) !== 0;
  if (!asked && ref.source.kind !== 'external') return [];
  return args.filter((a) => a.op === Op.Convert && a.args[0].type.hasPointers()).map((a) => a.args[0]);
}

function planMethod(b: FuncBuilder, e: CallExpr, fun: SelectorExpr): CallPlan {
  const callee: MethodCall = methodCallee(b, fun, placeOf(b, fun.x));
  const name = findsMethods(b, fun) ? constantName(e) : '';
  if (name !== null && name !== '') b.f.methodNames.add(name);
  else if (name === null) {
    b.ref.flags |= ReflectMethod;
    b.f.noInline = true;
  }
  if (callee.ref !== null) return planStatic(b, e, callee.ref, keepReceiver(b, callee.recv, e), [callee.recvType]);
  const { recvType, index } = callee;
  const type = recvType.methods()[index].type;
  const args = buildArgs(b, e, type.params(), type.isVariadic());
  return {
    values: [callee.recv, ...args],
    types: [recvType, ...type.params()],
    emit: (at, values) => callInterface(at, values[0], recvType, index, values.slice(1)),
  };
}

/** Methods of package reflect that do the finding themselves. */
const finders = /^reflect\.(\(\*(rtype|interfaceType)\)|Value)\.(Method|MethodByName|Methods)$/;

/** Whether the call may find methods by number or name: then no exported method may be dropped (cmd/compile/internal/walk, usemethod). */
function findsMethods(b: FuncBuilder, fun: SelectorExpr): boolean {
  const name = fun.sel.value;
  if (name !== 'Method' && name !== 'MethodByName') return false;
  if (finders.test(b.ref.linkName)) return false;
  return givesMethod(b, name, exprType(b, fun));
}

/** The name that MethodByName is given, if it is constant: then only methods of that name are kept for it. */
function constantName(e: CallExpr): string | null {
  const v = e.args.length === 1 ? (tvOf(e.args[0])?.value ?? null) : null;
  return v !== null && v.kind === constant.String ? constant.stringVal(v) : null;
}

/** A receiver in memory is copied if the arguments could change it. */
function keepReceiver(b: FuncBuilder, v: Value, e: CallExpr): Value {
  return e.args.every((a) => isHarmless(b, a)) ? v : b.stable(v);
}

/** Evaluating e changes nothing. */
export function isHarmless(b: FuncBuilder, e: Expr): boolean {
  const x = unparen(e);
  if (b.early.has(x)) return true;
  switch (x.kind) {
    case Kind.Name:
    case Kind.BasicLit:
    case Kind.FuncLit:
      return true;
    case Kind.SelectorExpr:
      return isHarmless(b, x.x);
    case Kind.Operation:
      if (x.y === null) return x.op !== SyntaxOp.Recv && isHarmless(b, x.x);
      return isHarmless(b, x.x) && isHarmless(b, x.y);
    default:
      return tvOf(x)?.mode === Mode.constant_;
  }
}

/** Whether evaluating e runs calls or receive operations; conversions and constants are no calls. */
export function hasCallOrReceive(e: Expr): boolean {
  const x = unparen(e);
  const tv = tvOf(x);
  if (tv !== null && (tv.mode === Mode.constant_ || tv.mode === Mode.typexpr)) return false;
  switch (x.kind) {
    case Kind.CallExpr:
      return !isConversion(x) || x.args.some(hasCallOrReceive);
    case Kind.SelectorExpr:
    case Kind.AssertExpr:
      return hasCallOrReceive(x.x);
    case Kind.IndexExpr:
      return hasCallOrReceive(x.x) || hasCallOrReceive(x.index);
    case Kind.SliceExpr:
      return hasCallOrReceive(x.x) || x.index.some((i) => i !== null && hasCallOrReceive(i));
    case Kind.Operation:
      if (x.y === null) return x.op === SyntaxOp.Recv || hasCallOrReceive(x.x);
      return hasCallOrReceive(x.x) || hasCallOrReceive(x.y);
    case Kind.CompositeLit:
      return x.elems.some(hasCallOrReceive);
    case Kind.KeyValueExpr:
      return hasCallOrReceive(x.key) || hasCallOrReceive(x.value);
    case Kind.ListExpr:
      return x.elems.some(hasCallOrReceive);
    default:
      return false;
  }
}

/** The arguments of a call, converted to the parameters' types; the variadic ones, which are put into `packed`, too, as a slice. */
export function buildArgs(
  b: FuncBuilder,
  e: CallExpr,
  params: readonly GoType[],
  variadic: boolean,
  packed: Value[] = [],
): Value[] {
  const spread = spreadCall(e);
  if (spread !== null) return spreadArgs(b, spread, params, variadic);
  const out: Value[] = [];
  const fixed = variadic && !e.hasDots ? params.length - 1 : params.length;
  for (let i = 0; i < fixed; i++) {
    const v = exprTo(b, e.args[i], params[i]);
    out.push(e.args.slice(i + 1).every((a) => isHarmless(b, a)) ? v : b.stable(v));
  }
  if (variadic && !e.hasDots) {
    const slice = params[fixed];
    const elem = slice.elem();
    const rest = e.args.slice(fixed);
    const values = rest.map((a, i) => {
      const v = exprTo(b, a, elem);
      return rest.slice(i + 1).every((r) => isHarmless(b, r)) ? v : b.stable(v);
    });
    packed.push(...values);
    out.push(packVariadic(b, slice, values));
  }
  return out;
}

/** f(g()) where g has several results. */
export function spreadCall(e: CallExpr): CallExpr | null {
  if (e.args.length !== 1) return null;
  const x = unparen(e.args[0]);
  if (x.kind !== Kind.CallExpr) return null;
  const tv = tvOf(x);
  return tv !== null && unalias(tv.type).kind === TypeKind.Tuple ? x : null;
}

function spreadArgs(b: FuncBuilder, call: CallExpr, params: readonly GoType[], variadic: boolean): Value[] {
  const values = buildCall(b, call);
  const types = resultTypes(b, call);
  const fixed = variadic ? params.length - 1 : params.length;
  const out: Value[] = [];
  for (let i = 0; i < fixed; i++) out.push(assignable(b, values[i], types[i], params[i]));
  if (variadic) {
    const slice = params[fixed];
    const rest = values.slice(fixed).map((v, i) => assignable(b, v, types[fixed + i], slice.elem()));
    out.push(packVariadic(b, slice, rest));
  }
  return out;
}

/** The types of a call's results. */
export function resultTypes(b: FuncBuilder, e: Expr): GoType[] {
  const tv = tvOf(e);
  if (tv === null) return b.fail(e.pos, 'call without type');
  const t = unalias(tv.type);
  return t.kind === TypeKind.Tuple ? t.vars.map((v) => settledType(b, v.typ)) : [settledType(b, tv.type)];
}

export function packVariadic(b: FuncBuilder, slice: GoType, values: readonly Value[]): Value {
  if (values.length === 0) return b.constant(Op.ConstSlice, slice, 0, 0);
  const elem = slice.elem();
  const p = retypePtr(b, allocNew(b, '... argument', b.types.arrayOf(elem, values.length)), elem);
  values.forEach((v, i) => {
    b.store(elem, b.offset(p, i * elem.size, b.types.pointerTo(elem)), v);
  });
  const n = b.constInt(values.length);
  return b.v3(Op.SliceMake, slice, p, n, n);
}

/** The function that a call names directly, if it is a declared one. */
export function calledName(e: CallExpr): string {
  const fun = unparen(e.fun);
  const n = fun.kind === Kind.SelectorExpr ? fun.sel : fun;
  if (n.kind !== Kind.Name) return '';
  const obj = objOf(n);
  if (obj === null || obj.kind !== ObjKind.Func || obj.pkg === null) return '';
  return `${obj.pkg.path}.${obj.name}`;
}
