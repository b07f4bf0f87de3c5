/** Calls as operations: static, closure, interface, and of the runtime's functions (gc-contract 5.1). */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import { Call, type FuncRef, Noescape, ReflectMethod } from '../call.ts';
import { canSsa } from '../can-ssa.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import type { FuncBuilder } from './builder.ts';
import { ExternalSource } from './source.ts';

function finish(b: FuncBuilder, call: Value, type: GoType): Value[] {
  const results = type.results();
  const out: Value[] = [];
  const mem = b.select(call, results.length, b.types.mem);
  b.setMem(mem);
  for (let i = 0; i < results.length; i++) {
    const t = results[i];
    if (canSsa(t)) {
      out.push(b.select(call, i, t));
      continue;
    }
    // The result area is written over by the next call, so the result is moved out of it at once.
    const from = b.v1(Op.SelectAddr, b.types.pointerTo(t), call);
    from.auxLo = i;
    const p = b.temp(t);
    b.move(t, p, from);
    out.push(b.load(t, p));
  }
  return out;
}

function tuple(b: FuncBuilder, type: GoType): GoType {
  return b.types.tupleOf([...type.results(), b.types.mem]);
}

/** Arguments in memory are read at the time of the call: they have been copied if something could have changed them. */
function addArgs(b: FuncBuilder, call: Value, args: readonly Value[]): void {
  const now = args.map((a) => (a.op === Op.Deref ? b.load(a.type, a.args[0]) : a));
  for (const a of now) call.addArg(a);
  call.addArg(b.mem());
}

export function callStatic(b: FuncBuilder, ref: FuncRef, args: readonly Value[]): Value[] {
  const call = b.v0(Op.StaticCall, tuple(b, ref.type));
  call.aux = new Call(ref, ref.type, false, null, -1);
  addArgs(b, call, args);
  return finish(b, call, ref.type);
}

/** Calls a func value; type is its Func type. */
export function callClosure(b: FuncBuilder, fn: Value, type: GoType, args: readonly Value[]): Value[] {
  const checked = b.nilCheck(fn);
  const code = b.load(b.uintptr, checked);
  const call = b.v0(Op.ClosureCall, tuple(b, type));
  call.aux = new Call(null, type, false, null, -1);
  call.addArg(code);
  call.addArg(checked);
  addArgs(b, call, args);
  return finish(b, call, type);
}

/** Offset of the first method's code in an itab (internal/abi.ITab.Fun). */
const itabFun = 24;

/** Whether a method of that name and type (without receiver) finds methods by number or name, as those of package reflect do. */
export function givesMethod(b: FuncBuilder, name: string, t: GoType): boolean {
  if (name !== 'Method' && name !== 'MethodByName') return false;
  const [params, results] = [t.params(), t.results()];
  if (params.length !== 1 || results.length < 1 || results.length > 2) return false;
  if (params[0].kind !== (name === 'Method' ? G.Int : G.String)) return false;
  const result = b.types.namedAs(results[0]);
  return result !== null && result.pkgPath === 'reflect' && (result.name === 'Method' || result.name === 'Value');
}

/** Calls method `index` of an interface value. */
export function callInterface(
  b: FuncBuilder,
  iface: Value,
  ifaceType: GoType,
  index: number,
  args: readonly Value[],
): Value[] {
  const method = ifaceType.methods()[index];
  // Method expressions and values of such methods are called in functions made for them.
  if (b.ref.source.kind !== 'decl' && givesMethod(b, method.name, method.type)) {
    b.ref.flags |= ReflectMethod;
    b.f.noInline = true;
  }
  const itab = b.nilCheck(b.v1(Op.ITab, b.bytePtr, iface));
  const code = b.load(b.uintptr, b.offset(itab, itabFun + 8 * index, b.types.pointerTo(b.uintptr)));
  const data = b.v1(Op.IData, b.unsafePointer, iface);
  const type = b.types.funcOf(
    [b.unsafePointer, ...method.type.params()],
    method.type.results(),
    method.type.isVariadic(),
  );
  const call = b.v0(Op.InterCall, tuple(b, type));
  call.aux = new Call(null, type, false, ifaceType, index);
  call.addArg(code);
  call.addArg(data);
  addArgs(b, call, args);
  return finish(b, call, type);
}

/** Compares strings: -1, 0 or 1. Assembly of internal/bytealg that no declaration of package runtime names. */
export function compareStrings(b: FuncBuilder, x: Value, y: Value): Value {
  const type = b.types.funcOf([b.string, b.string], [b.int], false);
  const ref = b.prog.generated('runtime.cmpstring', type, 'runtime', Noescape, new ExternalSource(null, null));
  return callStatic(b, ref, [x, y])[0];
}

/** Calls a function of package runtime. */
export function rtCall(b: FuncBuilder, name: string, args: readonly Value[]): Value[] {
  return callStatic(b, b.prog.packageFunc('runtime', name), args);
}

/** Calls a function of package runtime that does not return. */
export function rtPanic(b: FuncBuilder, name: string, args: readonly Value[]): void {
  rtCall(b, name, args);
  b.exit();
}
