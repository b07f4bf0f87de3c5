/**
 * States what a well-formed function is; `verify` returns the first violations as text, empty if there are none.
 *
 * - Blocks: every edge has its reverse; kinds have the right number of successors and controls; blocks belong to the function.
 * - Values: ids are unique, each value is in its block's list once; the number of arguments and the class of aux match the
 *   operation; phis have one argument per predecessor.
 * - Uses: `uses` counts arguments and controls exactly.
 * - Dominance: the definition of an argument dominates its use (for a phi: the predecessor's end).
 * - Memory: what reads or writes memory has it as last argument; Mem is only in last place, phi arguments and controls aside.
 */
import * as G from '#abi/gotype.ts';
import type { Block } from './block.ts';
import * as B from './block.ts';
import { Call, Closure, SymbolRef, Text, TypeRef } from './call.ts';
import { type DominatorTree, dominators } from './dominators.ts';
import { AllocationSite, type Func, Slot } from './func.ts';
import * as Op from './gen/op.ts';
import * as Table from './op-table.ts';
import { valueText } from './text/print.ts';
import type { Aux, Value } from './value.ts';

const limit = 10;

class Verifier {
  readonly f: Func;
  readonly errors: string[];
  /** By value id. */
  readonly seen: (Value | null)[];
  readonly uses: Int32Array;

  constructor(f: Func) {
    this.f = f;
    this.errors = [];
    this.seen = new Array<Value | null>(f.numValues).fill(null);
    this.uses = new Int32Array(f.numValues);
  }

  report(message: string): void {
    if (this.errors.length < limit) this.errors.push(message);
  }
}

export function verify(f: Func): string[] {
  const c = new Verifier(f);
  if (!f.blocks.includes(f.entry)) c.report('the entry is not in the list of blocks');
  if (f.entry.preds.length > 0) c.report('the entry has predecessors');
  for (const b of f.blocks) {
    checkBlock(c, b);
    for (const v of b.values) register(c, b, v);
  }
  for (const b of f.blocks) for (const v of b.values) checkValue(c, v);
  for (const b of f.blocks)
    for (const v of b.values) {
      if (v.uses !== c.uses[v.id]) c.report(`${v} has ${c.uses[v.id]} uses, says ${v.uses}: ${valueText(v)}`);
    }
  if (c.errors.length === 0) checkDominance(c, dominators(f));
  if (c.errors.length === 0 && f.scheduled) checkOrder(c);
  return c.errors;
}

/** For drivers: throws with the function's name and the pass. */
export function mustVerify(f: Func, after: string): void {
  const errors = verify(f);
  if (errors.length > 0) throw new Error(`${f.ref.linkName} after ${after}:\n${errors.join('\n')}`);
}

const successors: readonly number[] = [-1, 1, 2, 0, 0, 2, -1, 1];
const controls: readonly number[] = [-1, 0, 1, 1, 1, 0, 1, 1];

function checkBlock(c: Verifier, b: Block): void {
  if (b.func !== c.f) c.report(`${b} belongs to another function`);
  if (b.kind < B.FirstTargetKind) {
    const want = successors[b.kind];
    if (want >= 0 && b.succs.length !== want) c.report(`${b} (${B.names[b.kind]}) has ${b.succs.length} successors`);
    const wantControls = controls[b.kind];
    if (wantControls >= 0 && b.controls.length !== wantControls)
      c.report(`${b} (${B.names[b.kind]}) has ${b.controls.length} controls`);
    if (
      b.kind === B.If &&
      b.controls.length === 1 &&
      b.controls[0].type.kind !== G.Bool &&
      b.controls[0].type.kind !== G.Flags
    ) {
      c.report(`${b} branches on ${valueText(b.controls[0])}`);
    }
  }
  for (let i = 0; i < b.succs.length; i++) {
    const e = b.succs[i];
    const back = e.block.preds[e.index];
    if (back === undefined || back.block !== b || back.index !== i)
      c.report(`${b}: successor ${i} (${e.block}) does not point back`);
  }
  for (let i = 0; i < b.preds.length; i++) {
    const e = b.preds[i];
    const back = e.block.succs[e.index];
    if (back === undefined || back.block !== b || back.index !== i)
      c.report(`${b}: predecessor ${i} (${e.block}) does not point back`);
  }
  for (const v of b.controls) c.uses[v.id]++;
}

function register(c: Verifier, b: Block, v: Value): void {
  if (v.block !== b) c.report(`${v} is in the list of ${b} but says ${v.block}`);
  if (v.id >= c.f.numValues) c.report(`${v} has an id out of range`);
  if (c.seen[v.id] !== null) c.report(`${v} is in two places`);
  c.seen[v.id] = v;
  for (const a of v.args) c.uses[a.id]++;
}

function checkValue(c: Verifier, v: Value): void {
  const info = c.f.target.ops[v.op];
  if (info === undefined || v.op === Op.Invalid) {
    c.report(`${v} has no valid operation (${v.op})`);
    return;
  }
  if (v.op === Op.Phi) {
    if (v.args.length !== v.block.preds.length)
      c.report(`${v.block} has ${v.block.preds.length} predecessors: ${valueText(v)}`);
  } else if (info.args >= 0 && info.args !== v.args.length && !(v.op === Op.LocalAddr && v.args.length === 1)) {
    c.report(`wants ${info.args} arguments: ${valueText(v)}`);
  }
  for (const a of v.args) {
    if (c.seen[a.id] !== a) {
      c.report(`${a} is not in any block: ${valueText(v)}`);
      return;
    }
  }
  if (!auxMatches(info.aux, v.aux)) c.report(`wrong aux: ${valueText(v)}`);
  checkMemory(c, v, info.flags);
}

function auxMatches(column: number, aux: Aux | null): boolean {
  switch (column) {
    case Table.AuxNone:
    case Table.AuxInt:
      return aux === null || aux instanceof Slot;
    case Table.AuxSymbol:
      return aux instanceof SymbolRef || aux === null;
    case Table.AuxSlot:
      return aux instanceof Slot;
    case Table.AuxType:
      return aux instanceof TypeRef;
    case Table.AuxCall:
      return aux instanceof Call;
    case Table.AuxSite:
      return aux instanceof AllocationSite;
    case Table.AuxText:
      return aux instanceof Text;
    case Table.AuxClosure:
      return aux instanceof Closure;
    default:
      return true;
  }
}

function checkMemory(c: Verifier, v: Value, flags: number): void {
  const n = v.args.length;
  if ((flags & (Table.ReadsMemory | Table.WritesMemory)) !== 0) {
    if (n === 0 || !isMemory(v.args[n - 1])) c.report(`last argument is not memory: ${valueText(v)}`);
  }
  if ((flags & Table.WritesMemory) !== 0 && v.type.kind !== G.Mem) {
    const t = v.type.tuple;
    if (v.type.kind !== G.Tuple || t.length === 0 || t[t.length - 1].kind !== G.Mem)
      c.report(`gives no memory: ${valueText(v)}`);
  }
  if (v.op === Op.Phi || v.op === Op.Copy || v.op === Op.SelectN || v.op === Op.Select0 || v.op === Op.Select1) return;
  for (let i = 0; i + 1 < n; i++) if (v.args[i].type.kind === G.Mem) c.report(`memory is not last: ${valueText(v)}`);
}

function isMemory(v: Value): boolean {
  return v.type.kind === G.Mem;
}

function checkDominance(c: Verifier, tree: DominatorTree): void {
  for (const b of c.f.blocks) {
    if (!tree.isReachable(b)) continue;
    for (const v of b.values) {
      for (let i = 0; i < v.args.length; i++) {
        const at = v.op === Op.Phi ? b.preds[i].block : b;
        if (!tree.isReachable(at)) continue;
        if (!tree.dominates(v.args[i].block, at))
          c.report(`${v.args[i]} (${v.args[i].block}) does not dominate ${at}: ${valueText(v)}`);
      }
    }
    for (const v of b.controls) if (!tree.dominates(v.block, b)) c.report(`control ${v} of ${b} does not dominate it`);
  }
  checkCycles(c);
}

/** Within a block, values other than phis must not depend on themselves. */
function checkCycles(c: Verifier): void {
  const state = new Uint8Array(c.f.numValues);
  const stack: Value[] = [];
  const next: number[] = [];
  for (const b of c.f.blocks) {
    for (const root of b.values) {
      if (state[root.id] !== 0 || root.op === Op.Phi) continue;
      stack.push(root);
      next.push(0);
      state[root.id] = 1;
      while (stack.length > 0) {
        const top = stack.length - 1;
        const v = stack[top];
        if (next[top] >= v.args.length) {
          state[v.id] = 2;
          stack.length = top;
          next.length = top;
          continue;
        }
        const a = v.args[next[top]++];
        if (a.block !== b || a.op === Op.Phi || state[a.id] === 2) continue;
        if (state[a.id] === 1) {
          c.report(`depends on itself: ${valueText(v)}`);
          return;
        }
        state[a.id] = 1;
        stack.push(a);
        next.push(0);
      }
    }
  }
}

/** After scheduling: arguments come before uses within a block, phis first. */
function checkOrder(c: Verifier): void {
  const at = new Int32Array(c.f.numValues).fill(-1);
  for (const b of c.f.blocks) {
    for (let i = 0; i < b.values.length; i++) at[b.values[i].id] = i;
    for (const v of b.values) {
      if (v.op === Op.Phi) continue;
      for (const a of v.args)
        if (a.block === b && at[a.id] >= at[v.id]) c.report(`${a} comes after its use: ${valueText(v)}`);
    }
  }
}
