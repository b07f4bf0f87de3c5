/** Builds the flow graph of a function from its operations. */

import { isDirectInterface } from '#abi/descriptor.ts';
import type { GoType } from '#abi/gotype.ts';
import { bug } from '#base/bug.ts';
import type { Block } from '../../block.ts';
import { Call, Closure, type FuncRef, Noescape, TypeRef, UintptrEscapes } from '../../call.ts';
import { dominators } from '../../dominators.ts';
import { AllocationSite, type Func, Slot, SlotParam, SlotResult } from '../../func.ts';
import * as Op from '../../gen/op.ts';
import { type LoopNest, loopNest } from '../../loops.ts';
import { valueText } from '../../text/print.ts';
import type { Value } from '../../value.ts';
import { constantOf, maxImplicitStackSize } from '../lower-go/allocation.ts';
import { entryDerefs, entryPoint } from './entries.ts';
import { FlowGraph } from './graph.ts';
import { shareLoopVariables } from './loop-variables.ts';
import type { EscapeSummary, Leaks } from './summary.ts';

/** gc's limit for declared variables on the stack. */
const maxVariableSize = 128 * 1024;
/** Depth of everything in functions whose loops have no single header. */
const deepest = 1000;

export type Lookup = (ref: FuncRef) => EscapeSummary | null;

class Builder {
  readonly f: Func;
  readonly g: FlowGraph;
  readonly lookup: Lookup;
  readonly nest: LoopNest;

  constructor(f: Func, lookup: Lookup) {
    this.f = f;
    const tree = dominators(f);
    this.nest = loopNest(f, tree);
    this.g = new FlowGraph(f.numValues, f.results.length, f.params.length, this.nest, tree);
    this.lookup = lookup;
  }
}

export function buildGraph(f: Func, lookup: Lookup): FlowGraph {
  const b = new Builder(f, lookup);
  // Contents nodes first, so that stores find them.
  shareLoopVariables(b.g);
  for (const block of f.blocks) for (const v of block.values) if (isAllocation(v.op)) addContents(b, block, v);
  for (const block of f.blocks) for (const v of block.values) addFlows(b, block, v);
  return b.g;
}

export function isAllocation(op: number): boolean {
  switch (op) {
    case Op.Alloc:
    case Op.MakeSlice:
    case Op.Box:
    case Op.MakeClosure:
    case Op.ConcatStrings:
    case Op.BytesToString:
    case Op.StringToBytes:
    case Op.RunesToString:
    case Op.StringToRunes:
    case Op.IntToString:
      return true;
    default:
      return false;
  }
}

function depthOf(b: Builder, block: Block): number {
  return b.nest.irreducible ? deepest : b.nest.depth(block);
}

function addContents(b: Builder, block: Block, v: Value): void {
  if (b.g.contents[v.id] !== undefined) return;
  const n = b.g.addNode(depthOf(b, block));
  b.g.contents[v.id] = n;
  b.g.sites[n] = v;
  b.g.blocks[n] = block;
  b.g.roots.push(n);
  if (mustBeOnHeap(v)) b.g.escapes[n] = 1;
}

/** Sizes that are unknown or too large for a frame. */
function mustBeOnHeap(v: Value): boolean {
  if (v.op === Op.MakeSlice) {
    const cap = constantOf(v.args[1]);
    const len = constantOf(v.args[0]);
    return len < 0 || cap < len || cap * v.type.tuple[0].elem().size >= maxImplicitStackSize;
  }
  if (v.op === Op.Alloc && v.aux instanceof AllocationSite) {
    return v.aux.type.size > (v.aux.isVariable ? maxVariableSize : maxImplicitStackSize);
  }
  return v.op === Op.Box && v.aux instanceof AllocationSite && v.aux.type.size > 1024;
}

function holdsPointers(t: GoType): boolean {
  return t.ptrBytes !== 0;
}

function addFlows(b: Builder, block: Block, v: Value): void {
  const { g } = b;
  switch (v.op) {
    case Op.Phi:
      if (!holdsPointers(v.type)) return;
      addPhi(b, block, v);
      return;
    case Op.Copy:
    case Op.NilCheck:
    case Op.AddPtr:
    case Op.SubPtr:
    case Op.PtrIndex:
    case Op.SlicePtr:
    case Op.StringPtr:
    case Op.IData:
    case Op.StructSelect:
    case Op.ArraySelect:
    case Op.ArrayMake1:
    case Op.BytesToStringTemporary:
      if (holdsPointers(v.type)) g.flow(v.id, v.args[0].id, 0);
      return;
    case Op.OffPtr:
      addOffset(b, v);
      return;
    case Op.CondSelect:
      if (!holdsPointers(v.type)) return;
      g.flow(v.id, v.args[0].id, 0);
      g.flow(v.id, v.args[1].id, 0);
      return;
    case Op.StringMake:
    case Op.SliceMake:
    case Op.IMake:
    case Op.StructMake:
      for (const a of v.args) if (holdsPointers(a.type)) g.flow(v.id, a.id, 0);
      return;
    case Op.Convert:
      if (holdsPointers(v.type)) flowUnsafe(b, v.id, v.args[0]);
      return;
    case Op.Load:
    case Op.Deref:
    case Op.AtomicLoadPtr:
      if (holdsPointers(v.type) || v.op === Op.AtomicLoadPtr) g.flow(v.id, v.args[0].id, 1);
      return;
    case Op.Store:
      if (holdsPointers(typeOf(v)) && !isFrom(v.args[1], baseOf(v.args[0]), 0))
        flowInto(b, targetOf(b, v.args[0]), v.args[1], 0);
      return;
    case Op.Move:
      if (holdsPointers(typeOf(v))) g.flow(targetOf(b, v.args[0]), v.args[1].id, 1);
      return;
    case Op.AtomicStorePtrNoWB:
    case Op.AtomicExchange64:
      g.flow(targetOf(b, v.args[0]), v.args[1].id, 0);
      return;
    case Op.AtomicCompareAndSwap64:
      g.flow(targetOf(b, v.args[0]), v.args[2].id, 0);
      return;
    case Op.KeepAlive:
      // Converted to an uintptr that escapes (gc-contract 1.6).
      if (v.auxLo === 1) flowUnsafe(b, g.heap, v.args[0]);
      return;
    case Op.Arg:
    case Op.LocalAddr:
      addSlot(b, v);
      return;
    case Op.SelectN:
      addSelect(b, v);
      return;
    case Op.SelectAddr:
      addResultAddress(b, v);
      return;
    case Op.MakeResult:
      for (let i = 0; i + 1 < v.args.length; i++) {
        if (holdsPointers(v.args[i].type)) flowInto(b, g.firstResult + i, v.args[i], 0);
      }
      return;
    case Op.StaticCall:
    case Op.ClosureCall:
    case Op.InterCall:
    case Op.TailCall:
      addCall(b, v);
      return;
    default:
      if (v.op >= Op.Alloc && v.op <= Op.DeferAt) addGoOperation(b, v);
  }
}

function typeOf(v: Value): GoType {
  return v.aux instanceof TypeRef ? v.aux.type : bug(`${v} has no type`);
}

/** What x holds flows to node `to`. */
function flowInto(b: Builder, to: number, x: Value, derefs: number): void {
  b.g.flow(to, x.id, derefs);
}

function addPhi(b: Builder, block: Block, v: Value): void {
  const { g } = b;
  for (const variable of g.loopVariables) {
    if (variable.phi !== v) continue;
    g.flow(v.id, variable.node, -1);
    return;
  }
  for (const a of v.args) g.flow(v.id, a.id, 0);
  markHeader(b, block, v);
}

/** A phi of a loop header keeps its value while the loop's other values and allocations are made again. */
function markHeader(b: Builder, block: Block, v: Value): void {
  if (b.nest.irreducible) {
    b.g.depth[v.id] = 0;
    b.g.roots.push(v.id);
    return;
  }
  const loop = b.nest.byBlock[block.id];
  if (loop === null || loop.header !== block) return;
  b.g.depth[v.id] = loop.depth - 1;
  b.g.loops[v.id] = loop;
  b.g.roots.push(v.id);
}

function addOffset(b: Builder, v: Value): void {
  const p = v.args[0];
  if (p.op === Op.GetClosurePtr) b.g.flow(v.id, b.g.capture(v.auxLo), -1);
  else b.g.flow(v.id, p.id, 0);
}

/**
 * unsafe.Pointer of integer arithmetic on uintptr of a pointer keeps pointing at the same thing. An exclusive or hides it on
 * purpose (abi.NoEscape).
 */
function flowUnsafe(b: Builder, to: number, x: Value): void {
  switch (x.op) {
    case Op.Convert:
      if (holdsPointers(x.args[0].type)) b.g.flow(to, x.args[0].id, 0);
      return;
    case Op.Copy:
      flowUnsafe(b, to, x.args[0]);
      return;
    case Op.Add64:
    case Op.Sub64:
    case Op.And64:
    case Op.Or64:
      flowUnsafe(b, to, x.args[0]);
      flowUnsafe(b, to, x.args[1]);
      return;
    default:
      if (holdsPointers(x.type)) b.g.flow(to, x.id, 0);
  }
}

function baseOf(ptr: Value): Value {
  let p = ptr;
  while (p.op === Op.OffPtr || p.op === Op.PtrIndex || p.op === Op.Copy || p.op === Op.NilCheck || p.op === Op.AddPtr)
    p = p.args[0];
  return p;
}

const maxSelfDepth = 8;

/**
 * Whether all that x holds was loaded from what `base` points to: storing it back there (b.buf = b.buf[n:m]) lets nothing
 * out.
 */
function isFrom(x: Value, base: Value, depth: number): boolean {
  if (!holdsPointers(x.type) || x.op === Op.ConstNil) return true;
  if (depth > maxSelfDepth) return false;
  switch (x.op) {
    case Op.Load:
      return baseOf(x.args[0]) === base;
    case Op.Copy:
    case Op.NilCheck:
    case Op.OffPtr:
    case Op.AddPtr:
    case Op.PtrIndex:
    case Op.SlicePtr:
    case Op.StringPtr:
      return isFrom(x.args[0], base, depth + 1);
    case Op.SliceMake:
    case Op.StringMake:
      return isFrom(x.args[0], base, depth + 1);
    default:
      return false;
  }
}

/** The place a store through ptr writes: contents of an allocation, a result, a variable of an outer function; else the heap. */
function targetOf(b: Builder, ptr: Value): number {
  const { g } = b;
  let p = ptr;
  while (p.op === Op.OffPtr || p.op === Op.PtrIndex || p.op === Op.Copy || p.op === Op.NilCheck || p.op === Op.AddPtr)
    p = p.args[0];
  if (p.op === Op.SelectAddr) return resultNode(b, p.args[0], p.auxLo);
  if (p.op === Op.Phi) {
    for (const variable of g.loopVariables) if (variable.phi === p) return variable.node;
  }
  if (p.op === Op.SelectN && p.auxLo === 0) return g.contents[p.args[0].id] ?? g.heap;
  if (p.op === Op.SlicePtr || p.op === Op.SliceMake) return targetOf(b, p.args[0]);
  if (p.op === Op.LocalAddr && p.aux instanceof Slot) {
    if (p.aux.kind === SlotResult) return g.firstResult + p.aux.index;
    if (p.aux.kind === SlotParam) return g.firstParam + p.aux.index;
    return g.slot(p.aux);
  }
  if (p.op === Op.Load && p.args[0].op === Op.OffPtr && p.args[0].args[0].op === Op.GetClosurePtr) {
    return g.capturedVariable(p.args[0].auxLo);
  }
  return g.heap;
}

function addSlot(b: Builder, v: Value): void {
  const { g } = b;
  if (!(v.aux instanceof Slot)) return;
  const derefs = v.op === Op.Arg ? 0 : -1;
  if (v.aux.kind === SlotParam) g.flow(v.id, g.firstParam + v.aux.index, derefs);
  else if (v.aux.kind === SlotResult) g.flow(v.id, g.firstResult + v.aux.index, derefs);
  else g.flow(v.id, g.slot(v.aux), derefs);
}

/** The result of an allocation is its address; results of calls get their flows from the call. */
function addSelect(b: Builder, v: Value): void {
  const from = v.args[0];
  const { g } = b;
  if (!holdsPointers(v.type)) return;
  if (isCall(from.op)) {
    // Results of calls: see addCall, which flows into the result's node.
    g.flow(v.id, resultNode(b, from, v.auxLo), 0);
    return;
  }
  if (v.auxLo !== 0) return;
  const contents = g.contents[from.id];
  if (contents !== undefined) {
    const direct = from.op === Op.Box && from.aux instanceof AllocationSite && isDirectInterface(from.aux.type);
    if (direct) g.flow(v.id, from.args[0].id, 0);
    else g.flow(v.id, contents, -1);
  } else if (from.op === Op.GrowSlice) g.flow(v.id, from.args[0].id, 0);
  else if (from.op === Op.AtomicExchange64) g.flow(v.id, from.args[0].id, 1);
  else if (from.op === Op.AtomicLoadPtr) g.flow(v.id, from.id, 0);
}

function isCall(op: number): boolean {
  return op === Op.StaticCall || op === Op.ClosureCall || op === Op.InterCall || op === Op.TailCall;
}

/** A node for result i of a call. */
function resultNode(b: Builder, call: Value, i: number): number {
  const { g } = b;
  const key = call.id;
  let base = g.results[key];
  if (base === undefined) {
    const n = call.aux instanceof Call ? call.aux.type.results().length : 0;
    base = g.size;
    for (let k = 0; k < n; k++) g.addNode(depthOf(b, call.block));
    g.results[key] = base;
  }
  return base + i;
}

function addResultAddress(b: Builder, v: Value): void {
  b.g.flow(v.id, resultNode(b, v.args[0], v.auxLo), -1);
}

function addCall(b: Builder, v: Value): void {
  const call = v.aux instanceof Call ? v.aux : bug(`${v} has no call`);
  if (v.op === Op.ClosureCall) {
    const closure = directClosure(v.args[1]);
    const summary = closure === null ? null : b.lookup(closure.fn);
    if (summary !== null) applySummary(b, v, summary, v.args.slice(2, -1), v.args[1]);
    else leakArgs(b, v, 2);
    return;
  }
  if (v.op === Op.InterCall) {
    leakArgs(b, v, 1);
    return;
  }
  const callee = call.callee ?? bug(`${valueText(v)} calls nobody`);
  applyStatic(b, v, callee);
}

function applyStatic(b: Builder, v: Value, callee: FuncRef): void {
  const { g } = b;
  if ((callee.flags & UintptrEscapes) !== 0) {
    for (const a of v.args) if (!holdsPointers(a.type) && a.type.isInteger()) flowUnsafe(b, g.heap, a);
  }
  const entry = entryPoint(callee.linkName);
  if (entry !== null) {
    for (let i = 0; i + 1 < v.args.length; i++) {
      const d = entryDerefs(entry[i]);
      if (d >= 0 && holdsPointers(v.args[i].type)) g.flow(g.heap, v.args[i].id, d);
    }
    return;
  }
  if (hidesPointer(callee.linkName)) return;
  const summary = b.lookup(callee);
  if (summary !== null) applySummary(b, v, summary, v.args.slice(0, -1), null);
  else if ((callee.flags & Noescape) === 0) leakArgs(b, v, 0);
}

/** Functions whose purpose is to hide a pointer from this analysis. */
function hidesPointer(linkName: string): boolean {
  return linkName === 'internal/abi.NoEscape' || linkName === 'runtime.noescape' || linkName === 'runtime.noEscapePtr';
}

function leakArgs(b: Builder, v: Value, first: number): void {
  for (let i = first; i + 1 < v.args.length; i++) {
    if (holdsPointers(v.args[i].type)) b.g.flow(b.g.heap, v.args[i].id, 0);
  }
}

function applySummary(b: Builder, v: Value, s: EscapeSummary, args: readonly Value[], closure: Value | null): void {
  for (let i = 0; i < args.length; i++) {
    const leaks = s.params[i];
    if (leaks === undefined || !holdsPointers(args[i].type)) continue;
    applyLeaks(b, v, leaks, args[i].id, closure);
  }
}

function applyLeaks(b: Builder, v: Value, leaks: Leaks, from: number, closure: Value | null): void {
  const { g } = b;
  if (leaks.heap >= 0) g.flow(g.heap, from, leaks.heap);
  for (let i = 0; i < leaks.results.length; i++) {
    if (leaks.results[i] >= 0) g.flow(resultNode(b, v, i), from, leaks.results[i]);
  }
  for (const c of leaks.captured)
    g.flow(closure === null ? g.heap : capturedTarget(b, closure, c.offset), from, c.derefs);
}

/** The literal that a func value is, if that is known here. */
export function directClosure(fn: Value): Closure | null {
  const make = closureOf(fn);
  return make !== null && make.aux instanceof Closure ? make.aux : null;
}

function closureOf(fn: Value): Value | null {
  let p = fn;
  while (p.op === Op.Copy) p = p.args[0];
  return p.op === Op.SelectN && p.auxLo === 0 && p.args[0].op === Op.MakeClosure ? p.args[0] : null;
}

/** Index of the captured variable at an offset of the closure object; -1: none. */
function captureIndex(c: Closure, offset: number): number {
  const fields = c.objectType.fields;
  for (let i = 1; i < fields.length; i++) {
    if (offset >= fields[i].offset && offset < fields[i].offset + fields[i].type.size) return i - 1;
  }
  return -1;
}

/** Where a store through the captured value at an offset goes. */
function capturedTarget(b: Builder, fn: Value, offset: number): number {
  const make = closureOf(fn);
  if (make === null || !(make.aux instanceof Closure)) return b.g.heap;
  const i = captureIndex(make.aux, offset);
  return i < 0 ? b.g.heap : targetOf(b, make.args[i]);
}

function addGoOperation(b: Builder, v: Value): void {
  const { g } = b;
  const contents = g.contents[v.id];
  switch (v.op) {
    case Op.Box:
      if (v.aux instanceof AllocationSite && holdsPointers(v.aux.type)) flowInto(b, contents, v.args[0], 0);
      return;
    case Op.MakeClosure:
      addClosure(b, v, contents);
      return;
    case Op.GrowSlice:
      if (holdsPointers(v.type.tuple[0].elem())) g.flow(g.heap, v.args[0].id, 1);
      return;
    case Op.MakeSliceCopy:
      if (holdsPointers(v.type.tuple[0].elem())) g.flow(g.heap, v.args[1].id, 1);
      return;
    case Op.Go:
    case Op.DeferAt:
      g.flow(g.heap, v.args[0].id, 0);
      return;
    case Op.Defer:
      // Whether it can happen twice is known better here than in the source, where any goto may make a loop.
      if (!b.nest.irreducible && v.auxLo !== 2) v.auxLo = b.nest.depth(v.block) > 0 ? 1 : 0;
      g.flow(v.auxLo === 1 ? g.heap : g.deferred, v.args[0].id, 0);
      return;
    default:
  }
}

/** The object holds what is captured; whoever calls the closure makes happen what its summary says of captures. */
function addClosure(b: Builder, v: Value, contents: number): void {
  const { g } = b;
  const closure = v.aux instanceof Closure ? v.aux : bug(`${v} has no closure`);
  const summary = b.lookup(closure.fn);
  for (let i = 0; i + 1 < v.args.length; i++) if (holdsPointers(v.args[i].type)) flowInto(b, contents, v.args[i], 0);
  if (summary === null) {
    for (let i = 0; i + 1 < v.args.length; i++) if (holdsPointers(v.args[i].type)) g.flow(g.heap, v.args[i].id, 0);
    return;
  }
  for (const [offset, leaks] of summary.captures) {
    const i = captureIndex(closure, offset);
    if (i < 0) continue;
    const from = v.args[i].id;
    if (leaks.heap >= 0) g.flow(g.heap, from, leaks.heap);
    // Results of a closure that somebody calls are out of sight.
    for (const d of leaks.results) if (d >= 0) g.flow(g.heap, from, d);
    for (const c of leaks.captured) {
      const j = captureIndex(closure, c.offset);
      g.flow(j < 0 ? g.heap : targetOf(b, v.args[j]), from, c.derefs);
    }
  }
}
