/** Parameters, results and return statements (spec: "Return statements"; gc-contract 5.5 for functions with defers). */
import type { GoType } from '#abi/gotype.ts';
import type { ReturnStmt } from '#syntax/nodes.ts';
import { unpackListExpr } from '#syntax/nodes.ts';
import type { Var } from '#types/object.ts';
import * as B from '../block.ts';
import { canSsa } from '../can-ssa.ts';
import { type Slot, SlotLocal, SlotParam, SlotResult } from '../func.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import { multiValue } from './assign.ts';
import { ByPointer, type FuncBuilder, InSlot, InSsa, Variable, zeroValue } from './builder.ts';
import { assignable } from './convert.ts';
import { runOpenDefers } from './defers.ts';
import { exprTo } from './expr.ts';
import { orderOperands } from './order.ts';
import { returnFromRangeBody } from './rangefunc.ts';
import { rtCall } from './runtime-call.ts';
import { allocVariable, needsMemory, readVariable, variableOf, writeVariable } from './variables.ts';

/** Binds the parameters (receiver first) to their variables; a null variable is one that has no name. */
export function bindParams(b: FuncBuilder, vars: readonly (Var | null)[]): void {
  const types = b.ref.type.params();
  vars.forEach((v, i) => {
    const t = types[i];
    const slot = b.f.newSlot(v === null ? '_' : v.name, t, SlotParam, i, v === null ? b.f.pos : v.pos);
    if (v !== null) bindParam(b, v, t, slot);
  });
}

function bindParam(b: FuncBuilder, v: Var, t: GoType, slot: Slot): void {
  const facts = b.analysis?.vars.get(v);
  const shared = facts !== undefined && (facts.addressTaken || facts.captured) && needsMemory(b, v, t);
  if (!canSsa(t) && !shared) {
    b.vars.set(v, new Variable(InSlot, t, -1, slot));
    return;
  }
  if (!shared) {
    const variable = new Variable(InSsa, t, b.newVar(t), null);
    b.vars.set(v, variable);
    b.define(variable.id, arg(b, t, slot));
    return;
  }
  const ptr = allocVariable(b, v.name, t, v.pos);
  if (canSsa(t)) b.store(t, ptr, arg(b, t, slot));
  else b.move(t, ptr, b.slotAddr(slot));
  const variable = new Variable(ByPointer, t, b.newVar(ptr.type), null);
  b.define(variable.id, ptr);
  b.vars.set(v, variable);
}

/** An incoming parameter as a value. */
export function arg(b: FuncBuilder, t: GoType, slot: Slot): Value {
  if (!canSsa(t)) return b.load(t, b.slotAddr(slot));
  const v = b.f.newValue(b.f.entry, Op.Arg, t, b.f.pos);
  v.aux = slot;
  return v;
}

/** The results' variables, zero at entry. */
export function bindResults(b: FuncBuilder, vars: readonly (Var | null)[]): void {
  const types = b.ref.type.results();
  types.forEach((t, i) => {
    const v = vars[i] ?? null;
    const slot = b.f.newSlot(
      v === null || v.name === '' ? `~r${i}` : v.name,
      t,
      SlotResult,
      i,
      v === null ? b.f.pos : v.pos,
    );
    const variable = resultVariable(b, v, t, slot);
    b.results.push(variable);
    if (v !== null) b.vars.set(v, variable);
  });
}

function resultVariable(b: FuncBuilder, v: Var | null, t: GoType, slot: Slot): Variable {
  const facts = v === null ? undefined : b.analysis?.vars.get(v);
  if (v !== null && facts !== undefined && (facts.addressTaken || facts.captured)) {
    const ptr = allocVariable(b, v.name, t, v.pos);
    if (!b.f.hasDefer) {
      const variable = new Variable(ByPointer, t, b.newVar(ptr.type), null);
      b.define(variable.id, ptr);
      return variable;
    }
    // After a recovered panic only memory is left: the pointer itself has a place in the frame.
    const home = b.f.newSlot(`&${v.name}`, ptr.type, SlotLocal, slot.index, v.pos);
    home.addressTaken = true;
    home.needsZero = true;
    const variable = new Variable(ByPointer, t, b.newVar(ptr.type), home);
    b.store(ptr.type, b.slotAddr(home), ptr);
    b.define(variable.id, ptr);
    return variable;
  }
  if (!b.f.hasDefer && canSsa(t)) {
    const variable = new Variable(InSsa, t, b.newVar(t), null);
    b.define(variable.id, zeroValue(b, t));
    return variable;
  }
  if (b.f.hasDefer) slot.needsZero = true;
  const variable = new Variable(InSlot, t, -1, slot);
  const def = b.v1(Op.VarDef, b.types.mem, b.mem());
  def.aux = slot;
  b.setMem(def);
  b.zero(t, b.slotAddr(slot));
  return variable;
}

export function returnStmt(b: FuncBuilder, s: ReturnStmt): void {
  const results = unpackListExpr(s.results);
  const types = returnTypes(b);
  let values: Value[] | null = null;
  orderOperands(b, results, (i) => types[i]);
  if (results.length === 1 && types.length > 1) {
    const m = multiValue(b, results[0]);
    values = m.values.map((v, i) => assignable(b, v, m.types[i], types[i]));
  } else if (results.length > 0) {
    values = results.map((e, i) => {
      const v = exprTo(b, e, types[i]);
      return results.length === 1 ? v : b.stable(v);
    });
  }
  b.pos = s.pos;
  if (b.control.rangeBody !== null) returnFromRangeBody(b, values);
  else returnValues(b, values);
}

/** The types of what return statements here give: in the body of a loop over a function, the results of the function around it. */
function returnTypes(b: FuncBuilder): readonly GoType[] {
  return b.control.rangeBody !== null ? b.results.map((r) => r.type) : b.ref.type.results();
}

/** Returns `values`, or what the result variables hold. */
export function returnValues(b: FuncBuilder, values: readonly Value[] | null): void {
  const results = b.results;
  if (values !== null && (b.f.hasDefer || results.some((r) => r.place !== InSsa))) {
    values.forEach((v, i) => {
      writeVariable(b, results[i], v);
    });
    values = null;
  }
  if (b.openDefers !== null) runOpenDefers(b, b.openDefers);
  else if (b.f.hasDefer) rtCall(b, 'deferreturn', []);
  const out = values ?? results.map((r) => readResult(b, r));
  finishReturn(b, out);
}

function readResult(b: FuncBuilder, r: Variable): Value {
  if (r.place === ByPointer && r.slot !== null) {
    const ptr = b.load(r.slot.type, b.slotAddr(r.slot));
    return b.load(r.type, ptr);
  }
  return readVariable(b, r);
}

/** Ends the function with its results. */
export function finishReturn(b: FuncBuilder, values: readonly Value[]): void {
  const r = b.v0(Op.MakeResult, b.types.tupleOf([...b.ref.type.results(), b.types.mem]));
  for (const v of values) r.addArg(v.op === Op.Deref ? b.load(v.type, v.args[0]) : v);
  r.addArg(b.mem());
  const block = b.current();
  block.kind = B.Ret;
  block.setControl(r);
  block.pos = b.pos;
  b.block = null;
}

/** The results' variables in a loop body: they were captured. */
export function captureResults(b: FuncBuilder, vars: readonly Var[]): void {
  b.results = vars.map((v) => variableOf(b, v));
}
