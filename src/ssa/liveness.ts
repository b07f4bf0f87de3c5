/**
 * Which memory cells of the frame are needed after each call, and which spill slots interfere. Cells are the spill slots, then all
 * variables of the frame by slot id. A variable's life begins at VarDef and ends behind the last operation that names it, taking
 * its address included: what lies behind the address is found through stack objects (gc-contract 3.1, 3.2).
 */
import type { Allocation } from './allocation.ts';
import type { Block } from './block.ts';
import * as B from './block.ts';
import type { Func } from './func.ts';
import { Slot, SlotParam, SlotResult } from './func.ts';
import * as Op from './gen/op.ts';
import { IsCall } from './op-table.ts';
import { postorder } from './postorder.ts';
import type { MachineTarget } from './target.ts';
import type { Value } from './value.ts';

export class CellLiveness {
  readonly spills: number;
  readonly cells: number;
  readonly words: number;
  /** Cells live behind a call, by the call's id; null for others. */
  readonly atCall: (Int32Array | null)[];
  readonly atEntry: Int32Array;
  /** By pair of spill slots, a bit matrix of `spills` rows. */
  readonly interferes: Uint8Array;
  /** By slot id: named by any operation; its address is taken; has a VarDef. */
  readonly referenced: Uint8Array;
  readonly addressed: Uint8Array;
  readonly defined: Uint8Array;

  constructor(spills: number, slots: number, values: number) {
    this.spills = spills;
    this.cells = spills + slots;
    this.words = (this.cells + 31) >> 5;
    this.atCall = new Array(values).fill(null);
    this.atEntry = new Int32Array(this.words);
    this.interferes = new Uint8Array((spills * spills + 7) >> 3);
    this.referenced = new Uint8Array(slots);
    this.addressed = new Uint8Array(slots);
    this.defined = new Uint8Array(slots);
  }

  interfere(a: number, b: number): boolean {
    const i = a * this.spills + b;
    return (this.interferes[i >> 3] & (1 << (i & 7))) !== 0;
  }
}

export function hasCell(set: Int32Array, cell: number): boolean {
  return (set[cell >> 5] & (1 << (cell & 31))) !== 0;
}

class Flow {
  readonly f: Func;
  readonly target: MachineTarget;
  readonly result: CellLiveness;
  readonly liveOut: Int32Array[];
  readonly live: Int32Array;

  constructor(f: Func, target: MachineTarget, result: CellLiveness) {
    this.f = f;
    this.target = target;
    this.result = result;
    this.liveOut = Array.from({ length: f.numBlocks }, () => new Int32Array(result.words));
    this.live = new Int32Array(result.words);
  }
}

function numSlots(f: Func): number {
  let n = 0;
  for (const list of [f.slots, f.params, f.results]) for (const s of list) n = Math.max(n, s.id + 1);
  return n;
}

export function cellLiveness(f: Func, target: MachineTarget, a: Allocation): CellLiveness {
  const result = new CellLiveness(a.slots.length, numSlots(f), f.numValues);
  noteReferences(f, target, result);
  const s = new Flow(f, target, result);
  if (result.words === 0) {
    for (const b of f.blocks)
      for (const v of b.values) if (needsMap(target, v)) result.atCall[v.id] = new Int32Array(0);
    return result;
  }
  const order = postorder(f);
  for (let changed = true; changed; ) {
    changed = false;
    for (const b of order) if (flowBlock(s, b, false)) changed = true;
  }
  for (const b of order) flowBlock(s, b, true);
  return result;
}

/** Calls behind which the collector may look at the frame. */
function needsMap(target: MachineTarget, v: Value): boolean {
  return (target.ops[v.op].flags & IsCall) !== 0;
}

function noteReferences(f: Func, target: MachineTarget, r: CellLiveness): void {
  for (const b of f.blocks)
    for (const v of b.values) {
      if (!(v.aux instanceof Slot) || v.op === Op.ArgIntReg || v.op === Op.ArgFloatReg) continue;
      if (v.op === Op.VarDef) {
        r.defined[v.aux.id] = 1;
        continue;
      }
      r.referenced[v.aux.id] = 1;
      if (target.takesAddress(v.op)) r.addressed[v.aux.id] = 1;
    }
}

function set(live: Int32Array, cell: number): void {
  live[cell >> 5] |= 1 << (cell & 31);
}

function clear(live: Int32Array, cell: number): void {
  live[cell >> 5] &= ~(1 << (cell & 31));
}

function flowBlock(s: Flow, b: Block, record: boolean): boolean {
  const { live, result } = s;
  live.set(s.liveOut[b.id]);
  if (b.kind === B.Ret)
    for (const slot of s.f.results) if (result.referenced[slot.id] === 1) set(live, result.spills + slot.id);
  for (let i = b.values.length - 1; i >= 0; i--) {
    const v = b.values[i];
    if (record && needsMap(s.target, v)) result.atCall[v.id] = live.slice();
    switch (v.op) {
      case Op.StoreReg:
        if (record) noteInterference(s, v.auxLo);
        clear(live, v.auxLo);
        continue;
      case Op.LoadReg:
        set(live, v.auxLo);
        continue;
      case Op.KeepAlive:
        if (v.auxHi === 1) set(live, v.auxLo);
        continue;
      case Op.ArgIntReg:
      case Op.ArgFloatReg:
        continue;
    }
    if (!(v.aux instanceof Slot)) continue;
    const cell = result.spills + v.aux.id;
    if (v.op === Op.VarDef) clear(live, cell);
    else if (v.op === Op.VarLive || s.target.readsSlot(v.op)) set(live, cell);
  }
  if (b === s.f.entry && record) result.atEntry.set(live);
  let changed = false;
  for (const e of b.preds) {
    const out = s.liveOut[e.block.id];
    for (let w = 0; w < out.length; w++) {
      const merged = out[w] | live[w];
      if (merged === out[w]) continue;
      out[w] = merged;
      changed = true;
    }
  }
  return changed;
}

function noteInterference(s: Flow, slot: number): void {
  const { live, result } = s;
  const n = result.spills;
  for (let w = 0; w << 5 < n; w++) {
    for (let bits = live[w]; bits !== 0; bits &= bits - 1) {
      const other = (w << 5) + 31 - Math.clz32(bits & -bits);
      if (other >= n || other === slot) continue;
      const i = slot * n + other;
      const j = other * n + slot;
      result.interferes[i >> 3] |= 1 << (i & 7);
      result.interferes[j >> 3] |= 1 << (j & 7);
    }
  }
}

/** Whether the variable is in the caller's frame: a parameter, or a result that is not in registers. */
export function isInCallersFrame(f: Func, slot: Slot): boolean {
  if (slot.kind === SlotParam) return true;
  return slot.kind === SlotResult && f.assignment !== null && !f.assignment.results[slot.index].inRegisters;
}
