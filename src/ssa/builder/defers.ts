/** go and defer statements (gc-contract 5.5): the call is put into a function without parameters that holds the evaluated operands. */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import * as Kind from '#syntax/kinds.ts';
import type { CallExpr, CallStmt } from '#syntax/nodes.ts';
import { unparen } from '#syntax/nodes.ts';
import { MethodVal, selectionOf } from '#types/info.ts';
import * as B from '../block.ts';
import { DupOk, Wrapper } from '../call.ts';
import { AllocationSite, SlotDeferBits, SlotDeferred } from '../func.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import { needsWrapper } from './analyze.ts';
import type { FuncBuilder, OpenDefers } from './builder.ts';
import { isConversion, planCall } from './call.ts';
import { closureType, namingFunc } from './closures.ts';
import { conversion } from './convert.ts';
import { expr } from './expr.ts';
import { funcValue, makeClosure } from './methods.ts';
import { finishReturn } from './returns.ts';
import { callClosure } from './runtime-call.ts';
import { GeneratedSource } from './source.ts';
import { readVariable, variableOf } from './variables.ts';

export function callStmt(b: FuncBuilder, s: CallStmt): void {
  const call = unparen(s.call);
  if (call.kind !== Kind.CallExpr) b.fail(s.pos, 'go or defer without a call');
  if (s.tok === Kind.Go) {
    const fn = thunk(b, s, call);
    const v = b.v2(Op.Go, b.types.mem, fn, b.mem());
    v.aux = site(b, 'go');
    b.setMem(v);
    return;
  }
  const nest = b.control.nest;
  if (b.control.rangeBody !== null) {
    const token = nest?.token ?? b.fail(s.pos, 'defer in a loop over a function without token');
    const fn = thunk(b, s, call);
    const v = b.v3(Op.DeferAt, b.types.mem, fn, readVariable(b, variableOf(b, token)), b.mem());
    v.aux = site(b, 'defer');
    b.setMem(v);
    return;
  }
  const fn = thunk(b, s, call);
  const v = b.v2(Op.Defer, b.types.mem, fn, b.mem());
  v.aux = site(b, 'defer');
  if (b.openDefers !== null) {
    v.auxLo = 2;
    v.auxHi = b.openDefers.functions.length;
    b.setMem(v);
    noteOpenDefer(b, b.openDefers, fn);
    return;
  }
  // A backward goto is a loop, too.
  v.auxLo = b.control.loopDepth > 0 || (b.analysis !== null && b.analysis.gotoTargets.size > 0) ? 1 : 0;
  b.setMem(v);
}

/** Prepares for the function's defer statements, if they are open-coded. */
export function startDefers(b: FuncBuilder): void {
  const n = b.analysis === null || b.analysis.gotoTargets.size > 0 ? undefined : b.analysis.openDefers.get(b.frame);
  if (n === undefined) return;
  const bitsSlot = b.f.newSlot('.deferbits', b.uint8, SlotDeferBits, -1, b.f.pos);
  bitsSlot.needsZero = true;
  const deferred = b.f.newSlot('.deferred', b.types.arrayOf(deferredType(b), n), SlotDeferred, -1, b.f.pos);
  deferred.needsZero = true;
  const bits = b.newVar(b.uint8);
  b.define(bits, b.constUint8(0));
  b.openDefers = { bitsSlot, bits, functions: [] };
}

function deferredType(b: FuncBuilder): GoType {
  return b.types.funcOf([], [], false);
}

/** From here on the function runs `fn` when it ends, and so does a panic. */
function noteOpenDefer(b: FuncBuilder, open: OpenDefers, fn: Value): void {
  const id = b.newVar(fn.type);
  b.define(id, fn);
  const mask = b.constUint8(1 << open.functions.length);
  open.functions.push(id);
  setBits(b, open, b.v2(Op.Or8, b.uint8, b.read(open.bits), mask));
}

function setBits(b: FuncBuilder, open: OpenDefers, bits: Value): void {
  b.define(open.bits, bits);
  b.store(b.uint8, b.slotAddr(open.bitsSlot), bits);
}

/** Runs what was deferred, last first; the bit goes before the call, so that a panic in it does not run it again. */
export function runOpenDefers(b: FuncBuilder, open: OpenDefers): void {
  for (let i = open.functions.length - 1; i >= 0; i--) {
    const bits = b.read(open.bits);
    const mask = b.constUint8(1 << i);
    const pending = b.v2(Op.Neq8, b.bool, b.v2(Op.And8, b.uint8, bits, mask), b.constUint8(0));
    const run = b.newBlock();
    const after = b.newBlock();
    b.branch(pending, run, after, B.Unknown);
    b.startSealed(run);
    setBits(b, open, b.v2(Op.And8, b.uint8, bits, b.constUint8(~(1 << i))));
    callClosure(b, b.read(open.functions[i]), deferredType(b), []);
    b.jump(after);
    b.startSealed(after);
  }
}

function site(b: FuncBuilder, what: string): AllocationSite {
  return new AllocationSite(what, b.types.basic(G.UnsafePointer), b.pos, false);
}

/** A method of a nil interface value panics in the statement, not when the call is made (spec: "Go statements", "Defer statements"). */
function checkReceiver(b: FuncBuilder, call: CallExpr, values: readonly Value[]): void {
  const fun = unparen(call.fun);
  const s = fun.kind === Kind.SelectorExpr ? selectionOf(fun) : null;
  if (s === null || s.kind !== MethodVal || values.length === 0) return;
  if (values[0].type.kind === G.Interface) b.nilCheck(b.v1(Op.ITab, b.bytePtr, values[0]));
}

/** A func value without parameters and results that makes the call. */
function thunk(b: FuncBuilder, s: CallStmt, call: CallExpr): Value {
  const type = b.types.funcOf([], [], false);
  if (!needsWrapper(call)) return expr(b, call.fun);
  const plan = isConversion(call) ? { values: [conversion(b, call)], types: [], emit: () => [] } : planCall(b, call);
  checkReceiver(b, call, plan.values);
  const suffix = b.analysis?.wrapSuffixes.get(s) ?? b.fail(s.pos, 'go or defer without name');
  const naming = namingFunc(b);
  const types = plan.types;
  const objectType = closureType(b.types, types);
  const source = new GeneratedSource(
    b.pkg,
    b.env,
    call.pos,
    types.length === 0 ? null : objectType,
    (at, _params, captured) => {
      plan.emit(at, captured);
      if (at.block !== null) finishReturn(at, []);
    },
  );
  const ref = b.prog.generated(naming.linkName + suffix, type, b.ref.pkgPath, Wrapper | (naming.flags & DupOk), source);
  if (types.length === 0) return funcValue(b, ref, type);
  const values = plan.values.slice(0, types.length);
  return makeClosure(
    b,
    ref,
    objectType,
    values,
    values.map(() => false),
    type,
  );
}
