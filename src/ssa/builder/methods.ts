/** Methods: finding what a selector calls, method values, method expressions (spec: "Method values", "Method expressions"). */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import { findMethod, Method } from '#abi/method-set.ts';
import type { SelectorExpr } from '#syntax/nodes.ts';
import type { SelectionInfo } from '#types/info.ts';
import { selectionOf } from '#types/info.ts';
import { Closure, DupOk, type FuncRef, Wrapper } from '../call.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import type { FuncBuilder } from './builder.ts';
import { closureType } from './closures.ts';
import { exprType, placeOf } from './expr.ts';
import { type Place, placeAddr, placeValue, throughPointer, walkFields } from './fields.ts';
import { finishReturn } from './returns.ts';
import { callInterface, callStatic } from './runtime-call.ts';
import { GeneratedSource } from './source.ts';

/** What a method call runs: a function, or method `index` of an interface. */
export interface MethodCall {
  readonly ref: FuncRef | null;
  readonly recv: Value;
  readonly recvType: GoType;
  readonly index: number;
}

export function methodOf(b: FuncBuilder, recv: GoType, s: SelectionInfo): Method {
  const m = findMethod(b.types, recv, s.obj.pkg === null ? '' : s.obj.pkg.path, s.obj.name);
  return m ?? b.fail(b.pos, `${recv.linkString} has no method ${s.obj.name}`);
}

export function methodCallee(b: FuncBuilder, e: SelectorExpr, x: Place): MethodCall {
  const s = selectionOf(e);
  if (s === null) return b.fail(e.pos, 'selector without selection');
  return calleeOf(b, methodOf(b, exprType(b, e.x), s), x);
}

/** The receiver of method m for the place x it is called on. */
export function calleeOf(b: FuncBuilder, m: Method, x: Place): MethodCall {
  const at = walkFields(b, x, m.path);
  if (m.decl === null) return { ref: null, recv: placeValue(b, at), recvType: m.owner, index: m.index };
  const pointer = at.type.kind === G.Pointer && at.type !== m.owner;
  const recvType = m.ptrRecv ? b.types.pointerTo(m.owner) : m.owner;
  const ref = b.prog.methodRef(recvType, ownMethod(m));
  if (m.ptrRecv) return { ref, recv: pointer ? placeValue(b, at) : placeAddr(b, at), recvType, index: -1 };
  return { ref, recv: placeValue(b, pointer ? throughPointer(b, at) : at), recvType, index: -1 };
}

/** The method as its owner declares it. */
export function ownMethod(m: Method): Method {
  return m.path.length === 0 ? m : new Method(m.name, m.pkgPath, [], false, m.owner, m.decl, m.index);
}

/** A function as a value: the read-only word that holds its entry. */
export function funcValue(b: FuncBuilder, ref: FuncRef, t: GoType): Value {
  return b.addr(b.prog.funcValueSymbol(ref), t);
}

/** x.M as a value: a closure that holds the receiver. */
export function methodValue(b: FuncBuilder, e: SelectorExpr, s: SelectionInfo): Value {
  const type = b.types.underlying(exprType(b, e));
  const callee = calleeOf(b, methodOf(b, exprType(b, e.x), s), placeOf(b, e.x));
  const objectType = closureType(b.types, [callee.recvType]);
  let name: string;
  let recv = callee.recv;
  if (callee.ref === null) {
    b.nilCheck(b.v1(Op.ITab, b.bytePtr, recv));
    const m = callee.recvType.methods()[callee.index];
    name = `${methodPrefix(b, callee.recvType)}.${m.name}-fm`;
  } else {
    name = `${callee.ref.linkName}-fm`;
    recv = b.stable(recv);
  }
  const source = new GeneratedSource(b.pkg, null, e.pos, objectType, (at, params, captured) => {
    const args = [captured[0], ...params];
    const results =
      callee.ref === null
        ? callInterface(at, captured[0], callee.recvType, callee.index, params)
        : callStatic(at, callee.ref, args);
    finishReturn(at, results);
  });
  const ref = b.prog.generated(name, type, b.ref.pkgPath, Wrapper | DupOk, source);
  return makeClosure(b, ref, objectType, [recv], [false], exprType(b, e));
}

function methodPrefix(b: FuncBuilder, t: GoType): string {
  return b.types.namedAs(t) === null ? `go.${t.linkString}` : t.linkString;
}

export function makeClosure(
  b: FuncBuilder,
  fn: FuncRef,
  objectType: GoType,
  captured: readonly Value[],
  byReference: readonly boolean[],
  t: GoType,
): Value {
  const v = b.v0(Op.MakeClosure, b.tupleWithMem(t));
  for (const c of captured) v.addArg(c.op === Op.Deref ? b.load(c.type, c.args[0]) : c);
  v.addArg(b.mem());
  v.aux = new Closure(fn, objectType, byReference);
  return b.withMem(v, t);
}

export function methodExprRef(b: FuncBuilder, e: SelectorExpr, s: SelectionInfo): FuncRef {
  const recv = exprType(b, e.x);
  return b.prog.methodRef(recv, methodOf(b, recv, s));
}

/** T.M as a value. */
export function methodExpr(b: FuncBuilder, e: SelectorExpr, s: SelectionInfo): Value {
  return funcValue(b, methodExprRef(b, e, s), exprType(b, e));
}
