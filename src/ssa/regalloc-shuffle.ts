/**
 * Moves on the edges into blocks where several meet: what the block expects in registers, and its phis, from where they are at the
 * end of each predecessor. All moves of an edge happen at once in meaning; they are put in an order that overwrites nothing still
 * to be read, cycles are opened with a free register or a slot.
 */
import { bug } from '#base/bug.ts';
import { SpillSlot } from './allocation.ts';
import type { Block } from './block.ts';
import * as Op from './gen/op.ts';
import { type Allocator, rematerialize, spillSlot } from './regalloc.ts';
import type { Value } from './value.ts';

/** Places: registers 0-63, spill slots from here on. */
const firstSlot = 64;

class Move {
  readonly value: Value;
  readonly to: number;
  /** -1: computed again. */
  from: number;

  constructor(value: Value, to: number, from: number) {
    this.value = value;
    this.to = to;
    this.from = from;
  }
}

class Shuffle {
  readonly s: Allocator;
  readonly block: Block;
  pending: Move[];
  /** What is in a register now. */
  readonly copies: (Value | null)[];
  /** Registers written by moves already made, and those that keep their contents. */
  readonly done: Int32Array;
  /** Value that gives position to what is inserted. */
  readonly near: Value;

  constructor(s: Allocator, block: Block, near: Value) {
    this.s = s;
    this.block = block;
    this.pending = [];
    this.copies = new Array(firstSlot).fill(null);
    this.done = new Int32Array(2);
    this.near = near;
  }
}

export function shuffleEdges(s: Allocator, order: readonly Block[]): void {
  for (const b of order) {
    const hasPhi = b.values.length > 0 && b.values[0].op === Op.Phi;
    if (b.preds.length < 2 && !hasPhi) continue;
    for (let k = 0; k < b.preds.length; k++) {
      const p = b.preds[k].block;
      if (s.endRegs[p.id] !== null) shuffleEdge(s, b, k, p);
    }
  }
}

function shuffleEdge(s: Allocator, b: Block, k: number, p: Block): void {
  const near = p.values.length > 0 ? p.values[p.values.length - 1] : b.values.length > 0 ? b.values[0] : null;
  const anchor = near ?? s.f.entry.values[0];
  const sh = new Shuffle(s, p, anchor);
  const end = s.endRegs[p.id] ?? [];
  for (const e of end) sh.copies[e.reg] = e.copy;
  const want = (value: Value, to: number): void => {
    let from = -1;
    for (const e of end) {
      if (e.value !== value) continue;
      if (e.reg === to) {
        sh.done[to >> 5] |= 1 << (to & 31);
        return;
      }
      if (from < 0) from = e.reg;
    }
    if (from < 0 && s.remat[value.id] === 0) from = firstSlot + spillSlot(s, value);
    if (from !== to) sh.pending.push(new Move(value, to, from));
  };
  for (const st of s.startRegs[b.id] ?? []) want(st.value, st.reg);
  for (const v of b.values) {
    if (v.op !== Op.Phi) break;
    const r = s.result.reg[v.id];
    if (r >= 0) want(v.args[k], r);
    else if (s.inSlot[v.id] === 1) want(v.args[k], firstSlot + s.slot[v.id]);
  }
  if (sh.pending.length === 0) return;
  if (p.succs.length !== 1) bug(`${s.f.ref.linkName}: critical edge ${p} to ${b}`);
  run(sh);
}

function isRead(sh: Shuffle, place: number): boolean {
  for (const m of sh.pending) if (m.from === place) return true;
  return false;
}

function run(sh: Shuffle): void {
  while (sh.pending.length > 0) {
    let progress = false;
    // Memory first: it may need a register on the way, and most are free now.
    for (let pass = 0; pass < 2; pass++)
      for (let i = 0; i < sh.pending.length; i++) {
        const m = sh.pending[i];
        if (m.to >= firstSlot !== (pass === 0) || isRead(sh, m.to)) continue;
        sh.pending.splice(i, 1);
        i--;
        perform(sh, m);
        progress = true;
      }
    if (!progress) breakCycle(sh);
  }
}

function append(sh: Shuffle, op: number, v: Value, reg: number): Value {
  const { s } = sh;
  const near = sh.near;
  const c = s.f.newValue(sh.block, op, v.type, near.pos, near.inline);
  s.result.reg[c.id] = reg;
  s.result.tupleRegs[c.id] = null;
  s.result.temp[c.id] = -1;
  s.result.origin[c.id] = v.id;
  return c;
}

function load(sh: Shuffle, v: Value, slot: number, reg: number): void {
  const c = append(sh, Op.LoadReg, v, reg);
  c.auxLo = slot;
  sh.copies[reg] = c;
}

function store(sh: Shuffle, v: Value, from: Value, slot: number): void {
  const c = append(sh, Op.StoreReg, v, -1);
  c.addArg(from);
  c.auxLo = slot;
}

function copyIn(sh: Shuffle, reg: number): Value {
  return sh.copies[reg] ?? bug(`${sh.s.f.ref.linkName}: nothing in register ${reg} at the end of ${sh.block}`);
}

/** Gets v from a place that is not a register into one. */
function fetch(sh: Shuffle, v: Value, from: number, reg: number): void {
  if (from >= firstSlot) {
    load(sh, v, from - firstSlot, reg);
    return;
  }
  const c = rematerialize(sh.s, v, sh.near);
  c.block = sh.block;
  sh.block.values.push(c);
  sh.s.result.reg[c.id] = reg;
  sh.copies[reg] = c;
}

function perform(sh: Shuffle, m: Move): void {
  const { value: v, to, from } = m;
  if (to >= firstSlot) {
    if (from >= 0 && from < firstSlot) {
      store(sh, v, copyIn(sh, from), to - firstSlot);
      return;
    }
    const t = freeRegister(sh, sh.s.class[v.id]);
    if (t >= 0) {
      fetch(sh, v, from, t);
      store(sh, v, copyIn(sh, t), to - firstSlot);
      sh.copies[t] = null;
      return;
    }
    throughOccupied(sh, m);
    return;
  }
  if (from >= 0 && from < firstSlot) {
    const c = append(sh, Op.Copy, v, to);
    c.addArg(copyIn(sh, from));
    sh.copies[to] = c;
  } else fetch(sh, v, from, to);
  sh.done[to >> 5] |= 1 << (to & 31);
}

/** A register that nothing still to be done reads and nothing done has filled. */
function freeRegister(sh: Shuffle, cls: number): number {
  for (let bits = sh.s.allocatable[cls] & ~sh.done[cls]; bits !== 0; bits &= bits - 1) {
    const r = cls * 32 + 31 - Math.clz32(bits & -bits);
    if (!isRead(sh, r)) return r;
  }
  return -1;
}

function temporarySlot(sh: Shuffle, v: Value): number {
  sh.s.result.slots.push(new SpillSlot(v.type, null, 0));
  return sh.s.result.slots.length - 1;
}

/** Memory to memory when every register is taken: one is saved and restored around it. */
function throughOccupied(sh: Shuffle, m: Move): void {
  const cls = sh.s.class[m.value.id];
  for (let bits = sh.s.allocatable[cls]; bits !== 0; bits &= bits - 1) {
    const r = cls * 32 + 31 - Math.clz32(bits & -bits);
    const held = sh.copies[r];
    if (held === null) continue;
    const slot = temporarySlot(sh, held);
    store(sh, held, held, slot);
    fetch(sh, m.value, m.from, r);
    store(sh, m.value, copyIn(sh, r), m.to - firstSlot);
    load(sh, held, slot, r);
    return;
  }
  bug(`${sh.s.f.ref.linkName}: no register on the way of ${m.value}`);
}

/** All that is left reads what others overwrite: one source moves out of the way. */
function breakCycle(sh: Shuffle): void {
  const m = sh.pending[0];
  const place = m.to;
  const reader = sh.pending.find((o) => o.from === place) ?? bug('no cycle');
  const v = reader.value;
  let now: number;
  const t = freeRegister(sh, sh.s.class[v.id]);
  if (t >= 0) {
    if (place < firstSlot) {
      const c = append(sh, Op.Copy, v, t);
      c.addArg(copyIn(sh, place));
      sh.copies[t] = c;
    } else load(sh, v, place - firstSlot, t);
    now = t;
  } else if (place < firstSlot) {
    const slot = temporarySlot(sh, v);
    store(sh, v, copyIn(sh, place), slot);
    now = firstSlot + slot;
  } else bug(`${sh.s.f.ref.linkName}: slots exchange without a register`);
  for (const o of sh.pending) if (o.from === place) o.from = now;
}
