/**
 * Inlining, bottom-up: callees come with their bodies after the early passes, calls in them already inlined. Each copy adds a
 * node to the caller's inline tree (gc-contract 3.1) and begins with an InlineMark, which gives the call's position an
 * instruction.
 */
import type { GoType } from '#abi/gotype.ts';
import { bug } from '#base/bug.ts';
import type { Block } from '../block.ts';
import * as B from '../block.ts';
import { AbiWrapper, Call, Closure, type FuncRef } from '../call.ts';
import { copyBody } from '../clone.ts';
import * as C from '../cursor.ts';
import { Cursor } from '../cursor.ts';
import { AllocationSite, type Func, Slot, SlotParam } from '../func.ts';
import * as Op from '../gen/op.ts';
import type { Services } from '../pass.ts';
import { dependents, splitBlock } from '../surgery.ts';
import type { Aux, Value } from '../value.ts';
import { bigFunction, bigFunctionBudget, budget, inlineCost, literalBudget } from './inline/cost.ts';

/** A body that callers may copy; it is not changed. */
export interface InlineBody {
  readonly func: Func;
  readonly cost: number;
}

/** The body of f for its callers, or null if it cannot or should not be inlined. `copy` is made only if it can. */
export function inlineBody(f: Func, copy: (f: Func) => Func): InlineBody | null {
  const cost = inlineCost(f);
  const isLiteral = f.needsContext || f.ref.linkName.includes('.func');
  if (cost < 0 || cost > (isLiteral ? literalBudget : budget)) return null;
  return { func: copy(f), cost };
}

export type BodyLookup = (ref: FuncRef) => InlineBody | null;

/** A function does not grow beyond this by inlining. */
const maxValues = 20000;

/** Calls to look at: those of other functions; of literals, which inlining has brought to the calls of them; of the function itself. */
export const Others = 0;
export const Literals = 1;
export const Itself = 2;

/** Inlines what pays; returns whether anything changed. */
export function inlineCalls(f: Func, services: Services, bodies: BodyLookup, which: number): boolean {
  // In an ABI0 frame g and the zero register are set up only around the call.
  if ((f.ref.flags & AbiWrapper) !== 0) return false;
  const calls: Value[] = [];
  for (const b of f.blocks) {
    for (const v of b.values)
      if (v.op === Op.ClosureCall || (v.op === Op.StaticCall && which !== Literals)) calls.push(v);
  }
  if (calls.length === 0) return false;
  const limit = f.numValues > bigFunction ? bigFunctionBudget : budget;
  const callsOf = new Map<Closure, number>();
  for (const v of calls) {
    const closure = v.op === Op.ClosureCall ? literalOf(v.args[1]) : null;
    if (closure !== null) callsOf.set(closure, (callsOf.get(closure) ?? 0) + 1);
  }
  const results: (Inlined | undefined)[] = [];
  let any = false;
  for (const v of calls) {
    if (f.numValues > maxValues) break;
    const closure = v.op === Op.ClosureCall ? literalOf(v.args[1]) : null;
    const callee = closure === null ? calleeOf(v) : closure.fn;
    if (callee === null || (callee === f.ref) !== (which === Itself)) continue;
    const body = bodies(callee);
    const isOnly = closure !== null && callsOf.get(closure) === 1;
    if (body === null || body.cost > (isOnly ? literalBudget : limit)) continue;
    if (closure === null && body.func.needsContext) continue;
    results[v.id] = inlineOne(f, services, v, callee, body.func);
    any = true;
  }
  if (any) resolve(f, results);
  return any;
}

function calleeOf(v: Value): FuncRef | null {
  return v.op === Op.StaticCall && v.aux instanceof Call && !v.aux.abi0 ? v.aux.callee : null;
}

function literalOf(fn: Value): Closure | null {
  let p = fn;
  while (p.op === Op.Copy) p = p.args[0];
  if (p.op !== Op.SelectN || p.auxLo !== 0 || p.args[0].op !== Op.MakeClosure) return null;
  const aux = p.args[0].aux;
  return aux instanceof Closure ? aux : null;
}

/** What the selections of an inlined call become. */
interface Inlined {
  /** By result; null for those that are in memory. */
  readonly results: (Value | null)[];
  /** Addresses of results in memory. */
  readonly addresses: (Value | null)[];
  /** null: the call does not return. */
  readonly mem: Value | null;
}

/** Parameters and results that live in memory get a variable of the caller. */
class Memory {
  readonly pointers: (Value | undefined)[];

  constructor() {
    this.pointers = [];
  }
}

function newVariable(c: Cursor, s: Slot): Value {
  const types = c.f.types;
  const pointer = types.pointerTo(s.type);
  const alloc = C.value1(c, Op.Alloc, types.tupleOf([pointer, types.mem]), c.mem);
  alloc.aux = new AllocationSite(s.name, s.type, s.pos, true);
  const ptr = C.value1(c, Op.SelectN, pointer, alloc);
  c.mem = C.value1(c, Op.SelectN, types.mem, alloc);
  c.mem.auxLo = 1;
  return ptr;
}

/** Slots of the callee whose address is used. */
function addressedSlots(callee: Func): Set<Slot> {
  const out = new Set<Slot>();
  for (const b of callee.blocks) {
    for (const v of b.values) if (v.op === Op.LocalAddr && v.aux instanceof Slot) out.add(v.aux);
  }
  return out;
}

function inlineOne(f: Func, services: Services, v: Value, ref: FuncRef, callee: Func): Inlined {
  const types = f.types;
  const call = v.aux instanceof Call ? v.aux : bug(`${v} has no call`);
  const lead = v.op === Op.ClosureCall ? 2 : 0;
  const args = v.args.slice(lead, -1);
  const before = v.block;
  const moved = dependents(f, before, v);
  moved[v.id] = 1;
  const rest = splitBlock(f, before, moved);

  const node = f.inlineTree.length;
  f.inlineTree.push({ parent: v.inline, pos: v.pos, callee: ref });
  for (const n of callee.inlineTree) {
    f.inlineTree.push({ parent: n.parent < 0 ? node : node + 1 + n.parent, pos: n.pos, callee: n.callee });
  }

  for (const d of callee.usedInInterface) f.usedInInterface.add(d);
  for (const n of callee.methodNames) f.methodNames.add(n);

  const c = new Cursor(f, services, v.memArg());
  c.block = before;
  c.pos = v.pos;
  c.inline = v.inline;
  const memory = new Memory();
  for (const s of addressedSlots(callee)) {
    const ptr = newVariable(c, s);
    memory.pointers[s.id] = ptr;
    if (s.kind === SlotParam) C.storeOrMove(c, s.type, ptr, args[s.index]);
  }
  const large = largeResults(f, v, callee);
  const addresses: (Value | null)[] = call.type.results().map(() => null);
  for (const i of large) addresses[i] = newVariable(c, callee.results[i]);
  const mark = f.newValue1(before, Op.InlineMark, types.mem, v.pos, c.mem, v.inline);
  mark.auxLo = node;
  c.mem = mark;

  const copy = copyBody(
    callee,
    f,
    (i) => (i < 0 ? node : node + 1 + i),
    (s): Aux => s,
  );
  const entry = copy.blocks[callee.entry.id];
  before.pos = v.pos;
  before.inline = v.inline;
  before.addEdgeTo(entry);
  for (const b of callee.blocks) {
    for (const o of b.values) if (o.op === Op.InlineMark) copy.values[o.id].auxLo = node + 1 + o.auxLo;
  }
  for (const b of callee.blocks)
    for (const o of b.values) adaptValue(copy.values[o.id], args, memory, c.mem, lead > 0 ? v.args[1] : null);
  return joinReturns(f, callee, copy.blocks, rest, call.type.results(), addresses, c);
}

/** Results whose address the caller asks for. */
function largeResults(f: Func, v: Value, callee: Func): number[] {
  const out: number[] = [];
  for (let i = 0; i < callee.results.length; i++) out.push(i);
  const wanted = new Set<number>();
  for (const b of f.blocks)
    for (const x of b.values) if (x.op === Op.SelectAddr && x.args[0] === v) wanted.add(x.auxLo);
  return out.filter((i) => wanted.has(i));
}

/** Parameters, initial memory, the closure and slots of the callee, as the caller has them. */
function adaptValue(w: Value, args: readonly Value[], memory: Memory, mem: Value, closure: Value | null): void {
  switch (w.op) {
    case Op.InitMem:
      w.copyOf(mem, Op.Copy);
      return;
    case Op.Arg:
      if (w.aux instanceof Slot) w.copyOf(args[w.aux.index], Op.Copy);
      return;
    case Op.VarDef:
    case Op.VarLive:
      // The slot became a variable of the caller, which has its own beginning.
      w.copyOf(w.args[0], Op.Copy);
      return;
    case Op.GetClosurePtr:
      w.copyOf(closure ?? bug('a closure is inlined without its object'), Op.Copy);
      return;
    case Op.LocalAddr: {
      const ptr = w.aux instanceof Slot ? memory.pointers[w.aux.id] : undefined;
      w.copyOf(ptr ?? bug('a slot is inlined without memory'), Op.Copy);
      return;
    }
    default:
  }
}

function joinReturns(
  f: Func,
  callee: Func,
  blocks: readonly Block[],
  rest: Block,
  results: readonly GoType[],
  addresses: (Value | null)[],
  c: Cursor,
): Inlined {
  const lists: Value[][] = addresses.map(() => []);
  const memories: Value[] = [];
  for (const old of callee.blocks) {
    if (old.kind !== B.Ret) continue;
    const b = blocks[old.id];
    const control = b.controls[0];
    b.kind = B.Plain;
    let mem = control;
    if (control.op === Op.MakeResult) {
      c.block = b;
      c.mem = control.memArg();
      c.pos = control.pos;
      c.inline = control.inline;
      for (let i = 0; i < addresses.length; i++) {
        const address = addresses[i];
        if (address === null) lists[i].push(control.args[i]);
        else C.storeOrMove(c, results[i], address, control.args[i]);
      }
      mem = c.mem;
    }
    b.setControl(null);
    b.addEdgeTo(rest);
    memories.push(mem);
  }
  if (memories.length === 0) return { results: [], addresses, mem: null };
  c.block = rest;
  c.pos = rest.pos;
  c.inline = rest.inline;
  const values = lists.map((list, i) => (addresses[i] === null ? joined(c, list, results[i]) : null));
  return { results: values, addresses, mem: joined(c, memories, f.types.mem) };
}

function joined(c: Cursor, list: readonly Value[], type: Value['type']): Value {
  if (list.length === 1) return list[0];
  const phi = C.value0(c, Op.Phi, type);
  for (const v of list) phi.addArg(v);
  return phi;
}

/** Selections of inlined calls become copies, and the calls go. */
function resolve(f: Func, inlined: readonly (Inlined | undefined)[]): void {
  for (const b of f.blocks) {
    for (const v of b.values) {
      if (v.op !== Op.SelectN && v.op !== Op.SelectAddr) continue;
      const r = inlined[v.args[0].id];
      if (r === undefined || r.mem === null) continue;
      const to =
        v.op === Op.SelectAddr ? r.addresses[v.auxLo] : v.auxLo < r.results.length ? r.results[v.auxLo] : r.mem;
      if (to === null || to === undefined) bug(`${v} selects a result in memory`);
      v.copyOf(to, Op.Copy);
    }
  }
  for (const b of f.blocks) {
    let dead = false;
    for (const v of b.values) {
      const r = inlined[v.id];
      if (r === undefined || r.mem === null) continue;
      if (v.uses > 0) bug(`${v} is used other than by selection`);
      v.clearArgs();
      dead = true;
    }
    if (dead) b.values = b.values.filter((v) => inlined[v.id] === undefined || inlined[v.id]?.mem === null);
  }
}

/** Removes marks of inlined calls of which no operation is left. */
export function removeUnusedMarks(f: Func): void {
  if (f.inlineTree.length === 0) return;
  const used = new Uint8Array(f.inlineTree.length);
  const note = (index: number): void => {
    for (let i = index; i >= 0 && used[i] === 0; i = f.inlineTree[i].parent) used[i] = 1;
  };
  for (const b of f.blocks) {
    note(b.inline);
    for (const v of b.values) if (v.op !== Op.InlineMark && v.op !== Op.Phi) note(v.inline);
  }
  for (const b of f.blocks) {
    for (const v of b.values) if (v.op === Op.InlineMark && used[v.auxLo] === 0) v.copyOf(v.args[0], Op.Copy);
  }
}
