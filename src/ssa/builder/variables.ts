/** Variables of the source: where they live, declaring, reading, writing (ssa.md; spec: "Variables"). */
import type { GoType } from '#abi/gotype.ts';
import { NoPos } from '#base/source.ts';
import type { Var } from '#types/object.ts';
import { canSsa } from '../can-ssa.ts';
import { AllocationSite, SlotLocal } from '../func.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import { ByPointer, type FuncBuilder, InSlot, InSsa, Variable, zeroValue } from './builder.ts';

/** Closures hold copies of variables up to this size that never change (cmd/compile/internal/escape). */
const maxByValue = 128;

export function capturedByReference(b: FuncBuilder, v: Var, t: GoType): boolean {
  const facts = b.analysis?.facts(v);
  if (facts === undefined) return b.fail(v.pos, `no facts of ${v.name}`);
  return facts.addressTaken || facts.reassigned || t.size > maxByValue;
}

/** Whether a variable declared here needs memory of its own. */
export function needsMemory(b: FuncBuilder, v: Var, t: GoType): boolean {
  if (!canSsa(t)) return true;
  const facts = b.analysis?.vars.get(v);
  if (facts === undefined) return false;
  return facts.addressTaken || (facts.captured && capturedByReference(b, v, t));
}

/** Memory for a variable, zeroed: on the heap or in the frame, as escape analysis decides. */
export function allocVariable(b: FuncBuilder, name: string, t: GoType, pos: number): Value {
  const a = b.v1(Op.Alloc, b.tupleWithMem(b.types.pointerTo(t)), b.mem());
  a.aux = new AllocationSite(name, t, pos, true);
  return b.withMem(a, b.types.pointerTo(t));
}

/** new(T), &T{}: memory that is no declared variable. */
export function allocNew(b: FuncBuilder, what: string, t: GoType): Value {
  const a = b.v1(Op.Alloc, b.tupleWithMem(b.types.pointerTo(t)), b.mem());
  a.aux = new AllocationSite(what, t, b.pos, false);
  return b.withMem(a, b.types.pointerTo(t));
}

/**
 * Declares v. `init` gives its value; with null it is zero. For a variable in memory `initInto` may write the value in place: the memory
 * is zeroed.
 */
export function declareVariable(
  b: FuncBuilder,
  v: Var,
  init: Value | null,
  initInto: ((ptr: Value) => void) | null,
): Variable {
  const t = b.type(v.typ);
  if (!needsMemory(b, v, t)) {
    const variable = new Variable(InSsa, t, b.newVar(t), null);
    b.vars.set(v, variable);
    b.define(variable.id, init ?? zeroValue(b, t));
    return variable;
  }
  const ptr = allocVariable(b, v.name, t, v.pos === NoPos ? b.pos : v.pos);
  const variable = new Variable(ByPointer, t, b.newVar(ptr.type), null);
  b.define(variable.id, ptr);
  if (initInto !== null) initInto(ptr);
  else if (init !== null) b.store(t, ptr, init);
  b.vars.set(v, variable);
  return variable;
}

/** A variable without a name in the source. */
export function freshVariable(b: FuncBuilder, t: GoType, init: Value): Variable {
  if (canSsa(t)) {
    const variable = new Variable(InSsa, t, b.newVar(t), null);
    b.define(variable.id, init);
    return variable;
  }
  const slot = b.f.newSlot('.autotmp', t, SlotLocal, -1, b.pos);
  const def = b.v1(Op.VarDef, b.types.mem, b.mem());
  def.aux = slot;
  b.setMem(def);
  const variable = new Variable(InSlot, t, -1, slot);
  b.store(t, b.slotAddr(slot), init);
  return variable;
}

export function variableOf(b: FuncBuilder, v: Var): Variable {
  return b.vars.get(v) ?? b.fail(v.pos, `variable ${v.name} is not declared here`);
}

/** The address of a variable in memory; null for one in registers. */
export function variableAddr(b: FuncBuilder, v: Variable): Value | null {
  if (v.place === InSsa) return null;
  if (v.place === ByPointer) return b.read(v.id);
  return v.slot === null ? b.fail(b.pos, 'variable without slot') : b.slotAddr(v.slot);
}

export function readVariable(b: FuncBuilder, v: Variable): Value {
  const p = variableAddr(b, v);
  return p === null ? b.read(v.id) : b.load(v.type, p);
}

export function writeVariable(b: FuncBuilder, v: Variable, value: Value): void {
  const p = variableAddr(b, v);
  if (p === null) b.define(v.id, value);
  else b.store(v.type, p, value);
}
