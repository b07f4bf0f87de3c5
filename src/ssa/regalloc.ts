/**
 * Register allocation, one block after another in reverse postorder, greedily: each operation gets its operands into registers it
 * accepts, evicting the value whose next use is farthest; results take free registers, preferably the one a later operation
 * wants them in. A value that is evicted while still needed is stored once, behind its definition, and loaded where it is used;
 * constants and addresses are computed again instead. Blocks start with the registers of a predecessor; where several meet, phis
 * and the values kept in registers are brought into place on the other edges (regalloc-shuffle.ts).
 *
 * Registers 0-31 and 32-63 are two classes; a value belongs to one by its type. After this pass an argument of an operation is
 * the copy of the value that is in the register meant; Allocation tells the register of each.
 */
import * as Kind from '#abi/gotype.ts';
import { bug } from '#base/bug.ts';
import { Allocation, SpillSlot } from './allocation.ts';
import type { Block } from './block.ts';
import { Likely, Unlikely } from './block.ts';
import { Call } from './call.ts';
import { type Func, Slot, SlotParam } from './func.ts';
import * as Op from './gen/op.ts';
import { Commutative, IsCall } from './op-table.ts';
import { postorder } from './postorder.ts';
import { hasRoom, type LoopPressure, loopPressures } from './pressure.ts';
import { computeLive, type LiveOut, unlikelyDistance } from './regalloc-live.ts';
import { preload } from './regalloc-preload.ts';
import { shuffleEdges } from './regalloc-shuffle.ts';
import { placeSpills } from './regalloc-spill.ts';
import type { MachineTarget, RegMask } from './target.ts';
import type { Value } from './value.ts';

/** A register with the value it holds at the start or end of a block, and the copy of the value that is in it. */
export interface RegState {
  readonly reg: number;
  readonly value: Value;
  readonly copy: Value;
}

const noMask: RegMask = { lo: 0, hi: 0 };

export class Allocator {
  readonly f: Func;
  readonly target: MachineTarget;
  readonly result: Allocation;
  /** By value id, for the values before allocation. */
  readonly byId: (Value | null)[];
  readonly needsReg: Uint8Array;
  readonly class: Uint8Array;
  readonly remat: Uint8Array;
  /** Registers that hold the value, a mask in its class. */
  readonly held: Int32Array;
  /** Remaining uses in this block and the next behind it: first use by value; position and next by use. */
  readonly firstUse: Int32Array;
  usePosition: number[];
  useNext: number[];
  /** Spill slot, -1: none yet. */
  readonly slot: Int32Array;
  /** The value lives in its slot from the start: a phi without register. */
  readonly inSlot: Uint8Array;
  readonly spilled: Value[];
  /** By register. */
  readonly values: (Value | null)[];
  readonly copies: (Value | null)[];
  /** What a register held when the block began; whether that was needed. */
  readonly startCopies: (Value | null)[];
  readonly startNeeded: Uint8Array;
  /** By class: occupied registers, those of the operation at hand, those wanted by later fixed operands. */
  readonly used: Int32Array;
  readonly pinned: Int32Array;
  readonly avoid: Int32Array;
  /** Registers the operation at hand reads, or destroys on the way: no value can be saved there. */
  readonly operands: Int32Array;
  /** Position of the operation at hand in its block. */
  position: number;
  readonly allocatable: Int32Array;
  /** Register a value is wanted in by what comes, -1: any. */
  readonly desired: Int8Array;
  /** Wishes on the way backward through a block, for values whose definition has not been met. */
  readonly wish: Int8Array;
  wished: number[];
  out: Value[];
  readonly startRegs: (RegState[] | null)[];
  readonly endRegs: (RegState[] | null)[];
  /** Of blocks with one predecessor: what its registers hold at the start. */
  readonly inherited: (RegState[] | null)[];
  /** Parameters whose home may not hold a spilled register argument: it is a variable in memory. */
  readonly homeTaken: Uint8Array;
  /** By id of a loop's first block. */
  pressures: readonly (LoopPressure | null)[];

  constructor(f: Func, target: MachineTarget) {
    const n = f.numValues;
    this.f = f;
    this.target = target;
    this.result = new Allocation(n);
    this.needsReg = new Uint8Array(n);
    this.class = new Uint8Array(n);
    this.remat = new Uint8Array(n);
    this.held = new Int32Array(n);
    this.firstUse = new Int32Array(n).fill(-1);
    this.usePosition = [];
    this.useNext = [];
    this.slot = new Int32Array(n).fill(-1);
    this.inSlot = new Uint8Array(n);
    this.spilled = [];
    this.byId = new Array(n).fill(null);
    this.values = new Array(64).fill(null);
    this.copies = new Array(64).fill(null);
    this.startCopies = new Array(64).fill(null);
    this.startNeeded = new Uint8Array(64);
    this.used = new Int32Array(2);
    this.pinned = new Int32Array(2);
    this.avoid = new Int32Array(2);
    this.operands = new Int32Array(2);
    this.position = 0;
    this.allocatable = Int32Array.of(target.allocatable.lo, target.allocatable.hi);
    this.desired = new Int8Array(n).fill(-1);
    this.wish = new Int8Array(n).fill(-1);
    this.wished = [];
    this.out = [];
    this.startRegs = new Array(f.numBlocks).fill(null);
    this.endRegs = new Array(f.numBlocks).fill(null);
    this.inherited = new Array(f.numBlocks).fill(null);
    this.homeTaken = new Uint8Array(f.params.length);
    this.pressures = [];
  }
}

export function allocateRegisters(f: Func, target: MachineTarget): Allocation {
  const s = new Allocator(f, target);
  classify(s);
  const order = postorder(f).reverse();
  const live = computeLive(f, order, s.needsReg, s.remat, (op) => target.ops[op].flags);
  s.pressures = loopPressures(f, order, live, s, (v) => (target.ops[v.op].flags & IsCall) !== 0);
  for (const b of order) allocateBlock(s, b, live[b.id]);
  shuffleEdges(s, order);
  placeSpills(s);
  return s.result;
}

function classify(s: Allocator): void {
  const { target } = s;
  for (const b of s.f.blocks)
    for (const v of b.values) {
      if (v.aux instanceof Slot && v.aux.kind === SlotParam && v.op !== Op.ArgIntReg && v.op !== Op.ArgFloatReg)
        s.homeTaken[v.aux.index] = 1;
      const k = v.type.kind;
      if (k === Kind.Mem || k === Kind.Flags || k === Kind.Void || k === Kind.Tuple) continue;
      if (v.op === Op.SP || v.op === target.anchoredStackPointerOp) {
        s.result.reg[v.id] = target.stackPointer;
        continue;
      }
      if (v.op === Op.SB) {
        s.result.reg[v.id] = target.symbolBase;
        continue;
      }
      const registers = target.ops[v.op].registers;
      if (registers !== null && registers.outputs.length === 0) continue;
      if (k === Kind.Float32 || k === Kind.Float64 || k === Kind.Int128) s.class[v.id] = 1;
      s.needsReg[v.id] = 1;
      s.byId[v.id] = v;
    }
  for (const b of s.f.blocks)
    for (const v of b.values) {
      if (target.ops[v.op].registers?.rematerializable !== true) continue;
      if (v.args.every((a) => s.needsReg[a.id] === 0)) s.remat[v.id] = 1;
    }
}

/** Registers allowed for argument k of v; null: the argument is not in a register. */
function inputMask(s: Allocator, v: Value, k: number): RegMask | null {
  const registers = s.target.ops[v.op].registers;
  const last = v.args.length - 1;
  if (v.op === Op.MakeResult) {
    if (k === last) return null;
    const a = s.f.assignment ?? bug(`${s.f.ref.linkName} has no assignment`);
    return pieceMask(s, a.resultPieces[k]);
  }
  if (registers === null) return null;
  if ((s.target.ops[v.op].flags & IsCall) !== 0 && v.aux instanceof Call) {
    const lead = registers.inputs.length;
    if (k < lead) return registers.inputs[k];
    if (k === last) return null;
    const a = v.aux.assignment ?? bug(`call ${v} of ${v.aux.text()} has no assignment`);
    return pieceMask(s, a.argPieces[k - lead]);
  }
  return k < registers.inputs.length ? registers.inputs[k] : null;
}

const singles: readonly RegMask[] = Array.from({ length: 64 }, (_, r) =>
  r < 32 ? { lo: 1 << r, hi: 0 } : { lo: 0, hi: 1 << (r - 32) },
);

function pieceRegister(s: Allocator, p: { isFloat: boolean; index: number }): number {
  return p.isFloat ? s.target.floatArgs[p.index] : s.target.intArgs[p.index];
}

function pieceMask(s: Allocator, p: { isFloat: boolean; index: number }): RegMask {
  return singles[pieceRegister(s, p)];
}

/** The part of a mask in a class. */
function inClass(m: RegMask, cls: number): number {
  return cls === 0 ? m.lo : m.hi;
}

export function lowest(mask: number): number {
  return 31 - Math.clz32(mask & -mask);
}

function isSingle(mask: number): boolean {
  return mask !== 0 && (mask & (mask - 1)) === 0;
}

/* ---- Uses ---- */

function addUse(s: Allocator, v: Value, position: number): void {
  s.usePosition.push(position);
  s.useNext.push(s.firstUse[v.id]);
  s.firstUse[v.id] = s.usePosition.length - 1;
}

function nextUse(s: Allocator, v: Value): number {
  const u = s.firstUse[v.id];
  return u < 0 ? 0x7fffffff : s.usePosition[u];
}

/** Takes a use off the list of a; a value without further uses leaves its registers. */
function advanceUse(s: Allocator, a: Value): void {
  const id = s.result.origin[a.id];
  if (s.needsReg[id] === 0) return;
  const u = s.firstUse[id];
  if (u < 0) return;
  s.firstUse[id] = s.useNext[u];
  if (s.firstUse[id] < 0) freeValue(s, id);
}

/** Collects the uses of a block, last first, and what registers operations want their operands in. */
function collectUses(s: Allocator, b: Block, live: LiveOut): void {
  const n = b.values.length;
  s.usePosition = [];
  s.useNext = [];
  s.firstUse.fill(-1);
  for (let i = 0; i < live.ids.length; i++) {
    const id = live.ids[i];
    s.usePosition.push(n + live.distances[i]);
    s.useNext.push(-1);
    s.firstUse[id] = s.usePosition.length - 1;
  }
  for (const c of b.controls) if (s.needsReg[c.id] === 1) addUse(s, c, n);
  for (let i = n - 1; i >= 0; i--) {
    const v = b.values[i];
    if (v.op === Op.Phi) continue;
    for (const a of v.args) if (s.needsReg[a.id] === 1) addUse(s, a, i);
  }
}

/* ---- Registers ---- */

export function globalReg(cls: number, r: number): number {
  return cls * 32 + r;
}

function assign(s: Allocator, reg: number, v: Value, copy: Value): void {
  const cls = reg >> 5;
  const bit = 1 << (reg & 31);
  if ((s.used[cls] & bit) !== 0) freeReg(s, reg);
  s.values[reg] = v;
  s.copies[reg] = copy;
  s.used[cls] |= bit;
  s.held[v.id] |= bit;
}

function freeReg(s: Allocator, reg: number): void {
  const v = s.values[reg];
  if (v === null) return;
  const bit = 1 << (reg & 31);
  s.values[reg] = null;
  s.copies[reg] = null;
  s.used[reg >> 5] &= ~bit;
  s.held[v.id] &= ~bit;
}

function freeValue(s: Allocator, id: number): void {
  const cls = s.class[id];
  for (let m = s.held[id]; m !== 0; m &= m - 1) freeReg(s, globalReg(cls, lowest(m)));
}

export function newValue(s: Allocator, op: number, v: Value, near: Value): Value {
  const c = s.f.newValue(near.block, op, v.type, near.pos, near.inline);
  near.block.values.length--;
  const r = s.result;
  r.reg[c.id] = -1;
  r.tupleRegs[c.id] = null;
  r.temp[c.id] = -1;
  r.origin[c.id] = v.id;
  return c;
}

/** Computes a constant or address again. */
export function rematerialize(s: Allocator, v: Value, near: Value): Value {
  const c = newValue(s, v.op, v, near);
  c.aux = v.aux;
  c.auxLo = v.auxLo;
  c.auxHi = v.auxHi;
  for (const a of v.args) c.addArg(a);
  return c;
}

/** The spill slot of v, made on first demand. */
export function spillSlot(s: Allocator, v: Value): number {
  let n = s.slot[v.id];
  if (n >= 0) return n;
  n = s.result.slots.length;
  s.slot[v.id] = n;
  let slot = new SpillSlot(v.type, null, 0);
  if ((v.op === Op.ArgIntReg || v.op === Op.ArgFloatReg) && v.aux instanceof Slot && s.homeTaken[v.aux.index] === 0)
    slot = new SpillSlot(v.type, v.aux, v.auxHi);
  s.result.slots.push(slot);
  s.spilled.push(v);
  return n;
}

export function loadSpilled(s: Allocator, v: Value, near: Value): Value {
  const c = newValue(s, Op.LoadReg, v, near);
  c.auxLo = spillSlot(s, v);
  return c;
}

function copyTo(s: Allocator, v: Value, from: Value, near: Value): Value {
  const c = newValue(s, Op.Copy, v, near);
  c.addArg(from);
  return c;
}

/** A register of the mask for v: free if possible, else the one whose value is used last. The register is free afterwards. */
function chooseReg(s: Allocator, v: Value, cls: number, allowed: number, near: Value): number {
  const mask = allowed & s.allocatable[cls] & ~s.pinned[cls];
  if (mask === 0)
    bug(
      `${s.f.ref.linkName}: no register for ${v} ${s.target.ops[v.op].name} at ${near} ${s.target.ops[near.op].name}`,
    );
  const free = mask & ~s.used[cls];
  if (free !== 0) {
    const wanted = s.desired[v.id];
    if (wanted >= 0 && wanted >> 5 === cls && (free & (1 << (wanted & 31))) !== 0) return wanted;
    const calm = free & ~s.avoid[cls];
    return globalReg(cls, lowest(calm !== 0 ? calm : free));
  }
  let best = -1;
  let farthest = -1;
  for (let m = mask; m !== 0; m &= m - 1) {
    const r = globalReg(cls, lowest(m));
    const w = s.values[r];
    if (w === null) continue;
    let d = nextUse(s, w);
    // Held elsewhere, or cheap to make again.
    if (!isSingle(s.held[w.id])) d = 0x7fffffff;
    else if (s.remat[w.id] === 1) d += unlikelyDistance;
    if (d > farthest) {
      farthest = d;
      best = r;
    }
  }
  evict(s, best, near);
  return best;
}

/** Empties a register; a value that is nowhere else moves to a free register if there is one. */
function evict(s: Allocator, reg: number, near: Value): void {
  const v = s.values[reg];
  const c = s.copies[reg];
  if (v === null || c === null) return;
  const cls = reg >> 5;
  if (isSingle(s.held[v.id]) && s.remat[v.id] === 0 && nextUse(s, v) < s.position + unlikelyDistance) {
    const free = s.allocatable[cls] & ~s.used[cls] & ~s.pinned[cls] & ~s.operands[cls];
    const calm = free & ~s.avoid[cls];
    if (free !== 0) {
      const to = globalReg(cls, lowest(calm !== 0 ? calm : free));
      noteStart(s, reg);
      const moved = copyTo(s, v, c, near);
      emitTo(s, moved, v, to);
    }
  }
  freeReg(s, reg);
}

export function emitTo(s: Allocator, c: Value, v: Value, reg: number): void {
  s.result.reg[c.id] = reg;
  s.out.push(c);
  assign(s, reg, v, c);
}

/** The contents a register had at the start of the block are needed. */
function noteStart(s: Allocator, reg: number): void {
  if (s.copies[reg] !== null && s.copies[reg] === s.startCopies[reg]) s.startNeeded[reg] = 1;
}

/** Gets v into a register of the mask and pins it; the copy of v that is there. */
function intoRegister(s: Allocator, v: Value, allowed: number, near: Value): Value {
  const cls = s.class[v.id];
  const there = s.held[v.id] & allowed;
  if (there !== 0) {
    const wanted = there & s.pinned[cls];
    const r = globalReg(cls, lowest(wanted !== 0 ? wanted : there));
    noteStart(s, r);
    s.pinned[cls] |= 1 << (r & 31);
    return s.copies[r] ?? bug(`register ${r} is empty`);
  }
  const r = chooseReg(s, v, cls, allowed, near);
  let c: Value;
  if (s.held[v.id] !== 0) {
    const from = globalReg(cls, lowest(s.held[v.id]));
    noteStart(s, from);
    c = copyTo(s, v, s.copies[from] ?? bug(`register ${from} is empty`), near);
  } else if (s.remat[v.id] === 1) c = rematerialize(s, v, near);
  else c = loadSpilled(s, v, near);
  emitTo(s, c, v, r);
  s.pinned[cls] |= 1 << (r & 31);
  return c;
}

/* ---- Blocks ---- */

function clearRegisters(s: Allocator): void {
  for (let r = 0; r < 64; r++) {
    freeReg(s, r);
    s.startCopies[r] = null;
  }
  s.startNeeded.fill(0);
  s.pinned.fill(0);
  s.avoid.fill(0);
}

function allocateBlock(s: Allocator, b: Block, live: LiveOut): void {
  clearRegisters(s);
  collectUses(s, b, live);
  collectDesires(s, b);
  s.out = [];
  const phis = startBlock(s, b);
  const values = b.values;
  for (let i = phis; i < values.length; i++) allocateValue(s, values[i], i);
  s.position = values.length;
  s.operands.fill(0);
  finishControls(s, b);
  preload(s, b, live);
  b.values = s.out;
  recordEnd(s, b);
}

function primaryPred(s: Allocator, b: Block): number {
  let best = -1;
  for (let i = 0; i < b.preds.length; i++) {
    const p = b.preds[i].block;
    if (s.endRegs[p.id] === null) continue;
    const likely =
      p.succs.length === 1 ||
      (p.likely === Likely && b.preds[i].index === 0) ||
      (p.likely === Unlikely && b.preds[i].index === 1);
    if (best < 0 || likely) best = i;
  }
  return best;
}

/** Sets the registers at the start of b, chooses those of its phis; the number of phis. */
function startBlock(s: Allocator, b: Block): number {
  let phis = 0;
  while (phis < b.values.length && b.values[phis].op === Op.Phi) phis++;
  const primary = primaryPred(s, b);
  if (primary < 0) {
    if (b !== s.f.entry) bug(`${s.f.ref.linkName} ${b} has no allocated predecessor`);
    return phis;
  }
  const from = s.endRegs[b.preds[primary].block.id] ?? [];
  for (const e of from) assign(s, e.reg, e.value, e.copy);
  const isLoop = b.preds.some((e) => s.endRegs[e.block.id] === null);
  const phiRegs = reusePhiRegisters(s, b, phis, primary);
  dropUnneeded(s, isLoop ? b : null);
  for (let i = 0; i < phis; i++) {
    const v = b.values[i];
    s.out.push(v);
    if (phiRegs[i] >= 0) placePhi(s, v, phiRegs[i]);
  }
  for (let i = 0; i < phis; i++) {
    const v = b.values[i];
    if (phiRegs[i] < 0 && s.needsReg[v.id] === 1 && s.firstUse[v.id] >= 0) placePhi(s, v, -1);
  }
  if (b.preds.length === 1 && phis === 0) s.inherited[b.id] = from;
  else {
    const start: RegState[] = [];
    for (let r = 0; r < 64; r++) {
      const value = s.values[r];
      const copy = s.copies[r];
      if (value === null || copy === null || (value.op === Op.Phi && value.block === b)) continue;
      start.push({ reg: r, value, copy });
      s.startCopies[r] = copy;
    }
    s.startRegs[b.id] = start;
  }
  return phis;
}

/** A phi takes the register of its argument from the chosen predecessor if that dies on the edge. */
function reusePhiRegisters(s: Allocator, b: Block, phis: number, primary: number): number[] {
  const regs: number[] = [];
  const taken = [0, 0];
  for (let i = 0; i < phis; i++) {
    const v = b.values[i];
    const a = v.args[primary];
    let r = -1;
    if (s.needsReg[v.id] === 1 && s.firstUse[v.id] >= 0 && s.firstUse[a.id] < 0) {
      const cls = s.class[v.id];
      const mask = s.held[a.id] & ~taken[cls] & s.allocatable[cls];
      const wanted = s.desired[v.id];
      if (mask !== 0) {
        r = wanted >= 0 && (mask & (1 << (wanted & 31))) !== 0 ? wanted : globalReg(cls, lowest(mask));
        taken[cls] |= 1 << (r & 31);
      }
    }
    regs.push(r);
  }
  return regs;
}

/** Values that are not needed do not stay in registers; nor do those that are needed only behind a crowded loop. */
function dropUnneeded(s: Allocator, header: Block | null): void {
  const crowded =
    header === null ? null : [0, 1].map((cls) => !hasRoom(s.pressures[header.id], cls, s.allocatable[cls]));
  for (let r = 0; r < 64; r++) {
    const v = s.values[r];
    if (v === null) continue;
    if (s.firstUse[v.id] < 0 || (crowded?.[r >> 5] === true && nextUse(s, v) >= unlikelyDistance)) freeReg(s, r);
  }
}

function placePhi(s: Allocator, v: Value, reuse: number): void {
  const cls = s.class[v.id];
  let r = reuse;
  if (r >= 0 && s.values[r] !== null) r = -1;
  if (r < 0) {
    const free = s.allocatable[cls] & ~s.used[cls];
    const wanted = s.desired[v.id];
    if (wanted >= 0 && (free & (1 << (wanted & 31))) !== 0) r = wanted;
    else if (free !== 0) r = globalReg(cls, lowest((free & ~s.avoid[cls]) !== 0 ? free & ~s.avoid[cls] : free));
    else r = farthestBeyond(s, cls, nextUse(s, v));
  }
  if (r < 0) {
    s.result.phiSlot[v.id] = spillSlot(s, v);
    s.inSlot[v.id] = 1;
    return;
  }
  freeReg(s, r);
  s.result.reg[v.id] = r;
  assign(s, r, v, v);
}

/** The register whose value is used farthest away, if farther than the given distance; phis of this block stay. */
function farthestBeyond(s: Allocator, cls: number, distance: number): number {
  let best = -1;
  let farthest = distance;
  for (let m = s.allocatable[cls]; m !== 0; m &= m - 1) {
    const r = globalReg(cls, lowest(m));
    const w = s.values[r];
    if (w === null || w.op === Op.Phi) continue;
    const d = nextUse(s, w);
    if (d > farthest) {
      farthest = d;
      best = r;
    }
  }
  return best;
}

function finishControls(s: Allocator, b: Block): void {
  s.pinned.fill(0);
  for (let i = 0; i < b.controls.length; i++) {
    const c = b.controls[i];
    if (s.needsReg[c.id] === 0) continue;
    const copy = intoRegister(
      s,
      c,
      s.allocatable[s.class[c.id]],
      b.values.length > 0 ? b.values[b.values.length - 1] : c,
    );
    copy.uses++;
    c.uses--;
    b.controls[i] = copy;
  }
  for (const c of b.controls) advanceUse(s, c);
}

function recordEnd(s: Allocator, b: Block): void {
  const end: RegState[] = [];
  for (let r = 0; r < 64; r++) {
    const value = s.values[r];
    const copy = s.copies[r];
    if (value === null || copy === null) continue;
    noteStart(s, r);
    end.push({ reg: r, value, copy });
  }
  s.endRegs[b.id] = end;
  const start = s.startRegs[b.id];
  if (start !== null) s.startRegs[b.id] = start.filter((e) => s.startNeeded[e.reg] === 1);
}

/* ---- Wishes ---- */

/**
 * Walks the block backward: operands of operations with fixed registers are wanted there; what shares a register with its result
 * is wanted where that is. One register by value is kept, the nearest wish; all wishes together are avoided by others.
 */
function collectDesires(s: Allocator, b: Block): void {
  s.desired.fill(-1);
  for (const e of b.succs) {
    for (const v of e.block.values) {
      if (v.op !== Op.Phi) break;
      const r = s.result.reg[v.id];
      const a = v.args[e.index];
      if (r >= 0 && s.needsReg[a.id] === 1) wishFor(s, a, r);
    }
    for (const st of s.startRegs[e.block.id] ?? []) wishFor(s, st.value, st.reg);
  }
  for (let i = b.values.length - 1; i >= 0; i--) {
    const v = b.values[i];
    const wanted = s.wish[v.id];
    s.desired[v.id] = wanted;
    s.wish[v.id] = -1;
    if (v.op === Op.Phi) continue;
    const registers = s.target.ops[v.op].registers;
    // What is wanted behind a call by a value from before it has to be loaded anyway.
    if (registers !== null && (s.target.ops[v.op].flags & IsCall) !== 0) dropWishes(s);
    if (registers?.resultInArg0 === true && wanted >= 0) wishFor(s, v.args[0], wanted);
    for (let k = 0; k < v.args.length; k++) {
      const m = inputMask(s, v, k);
      if (m === null) continue;
      const cls = s.class[v.args[k].id];
      const mask = inClass(m, cls);
      if (isSingle(mask)) wishFor(s, v.args[k], globalReg(cls, lowest(mask)));
    }
  }
  for (const id of s.wished) if (s.wish[id] >= 0) s.desired[id] = s.wish[id];
  dropWishes(s);
}

function wishFor(s: Allocator, v: Value, r: number): void {
  s.wish[v.id] = r;
  s.wished.push(v.id);
}

function dropWishes(s: Allocator): void {
  for (const id of s.wished) s.wish[id] = -1;
  s.wished.length = 0;
}

/* ---- Operations ---- */

function allocateValue(s: Allocator, v: Value, position: number): void {
  s.pinned.fill(0);
  s.operands.fill(0);
  s.position = position;
  switch (v.op) {
    case Op.SP:
    case Op.SB:
    case Op.InitMem:
    case Op.VarDef:
    case Op.VarLive:
    case Op.InlineMark:
    case s.target.anchoredStackPointerOp:
      s.out.push(v);
      return;
    case Op.Select0:
    case Op.Select1:
    case Op.SelectN:
      allocateSelect(s, v);
      return;
    case Op.ArgIntReg:
    case Op.ArgFloatReg: {
      const r = pieceRegister(s, { isFloat: v.op === Op.ArgFloatReg, index: v.auxLo });
      define(s, v, r);
      s.out.push(v);
      return;
    }
    case Op.KeepAlive:
      keepAlive(s, v);
      return;
    case Op.Phi:
      bug(`${s.f.ref.linkName}: phi ${v} behind other values`);
  }
  if (s.remat[v.id] === 1) {
    // Made where it is used.
    return;
  }
  allocateOperation(s, v, position);
}

/** v comes to be in register r; it leaves at once if nothing uses it. */
function define(s: Allocator, v: Value, r: number): void {
  s.result.reg[v.id] = r;
  assign(s, r, v, v);
  if (s.firstUse[v.id] < 0) freeReg(s, r);
}

function allocateSelect(s: Allocator, v: Value): void {
  s.out.push(v);
  if (s.needsReg[v.id] === 0) return;
  const tuple = v.args[0];
  const regs = s.result.tupleRegs[tuple.id] ?? bug(`${s.f.ref.linkName}: ${v} selects from ${tuple}`);
  const index = v.op === Op.Select0 ? 0 : v.op === Op.Select1 ? 1 : v.auxLo;
  const r = regs[index] ?? -1;
  if (r < 0) bug(`${s.f.ref.linkName}: ${v} selects element ${index} of ${tuple} ${s.target.ops[tuple.op].name}`);
  const there = s.copies[r];
  if (there === null) {
    define(s, v, r);
    return;
  }
  if (there.args[0] !== tuple) bug(`${s.f.ref.linkName}: ${v} stands too far behind ${tuple}`);
  // The same element once more.
  v.reset(Op.Copy);
  v.addArg(there);
  s.pinned[r >> 5] |= 1 << (r & 31);
  s.out.length--;
  const to = chooseReg(s, v, s.class[v.id], s.allocatable[s.class[v.id]], v);
  s.out.push(v);
  define(s, v, to);
}

/** The value has to be somewhere at this point: in a register, or in its slot (auxHi 1, auxLo the slot). */
function keepAlive(s: Allocator, v: Value): void {
  const a = v.args[0];
  if (s.needsReg[a.id] === 1) {
    if (s.held[a.id] === 0 && s.remat[a.id] === 0) {
      v.auxLo = spillSlot(s, a);
      v.auxHi = 1;
    }
    advanceUse(s, a);
  }
  s.out.push(v);
}

function allocateOperation(s: Allocator, v: Value, position: number): void {
  const info = s.target.ops[v.op];
  const registers = info.registers;
  const originals = v.args.slice();
  pinArguments(s, v, originals);
  if (registers?.resultInArg0 === true) preserveArg0(s, v, originals, position);
  if (registers?.needsIntTemporary === true) {
    // Not the one register that the result may be in.
    const output = registers.outputs[0] ?? noMask;
    const t = chooseReg(s, v, 0, isSingle(output.lo) ? s.allocatable[0] & ~output.lo : s.allocatable[0], v);
    s.result.temp[v.id] = t;
    s.pinned[0] |= 1 << t;
  }
  const clobbers = registers?.clobbers ?? noMask;
  s.operands[0] = s.pinned[0] | clobbers.lo;
  s.operands[1] = s.pinned[1] | clobbers.hi;
  const keepPinned = registers?.resultNotInArgs === true;
  if (!keepPinned) for (const a of originals) advanceUse(s, a);
  if (clobbers.lo !== 0 || clobbers.hi !== 0) clobber(s, v, clobbers, (info.flags & IsCall) !== 0);
  const tempBit = s.result.temp[v.id] >= 0 ? 1 << s.result.temp[v.id] : 0;
  if (!keepPinned) {
    s.pinned[0] = tempBit;
    s.pinned[1] = 0;
  }
  allocateResults(s, v);
  if (keepPinned) for (const a of originals) advanceUse(s, a);
  s.out.push(v);
}

/** Operands into registers: those with only one choice first, and the others not in their way. */
function pinArguments(s: Allocator, v: Value, originals: readonly Value[]): void {
  const n = originals.length;
  s.avoid.fill(0);
  let fixed = 0;
  for (let k = 0; k < n; k++) {
    const m = inputMask(s, v, k);
    if (m === null || s.needsReg[originals[k].id] === 0) continue;
    const cls = s.class[originals[k].id];
    const mask = inClass(m, cls);
    if (!isSingle(mask)) continue;
    s.avoid[cls] |= mask;
    fixed++;
  }
  if (fixed > 0)
    for (let k = 0; k < n; k++) {
      const m = inputMask(s, v, k);
      if (m === null || s.needsReg[originals[k].id] === 0) continue;
      const mask = inClass(m, s.class[originals[k].id]);
      if (isSingle(mask)) v.setArg(k, intoRegister(s, originals[k], mask, v));
    }
  for (let k = 0; k < n; k++) {
    const m = inputMask(s, v, k);
    if (m === null || s.needsReg[originals[k].id] === 0) continue;
    const mask = inClass(m, s.class[originals[k].id]);
    if (!isSingle(mask)) v.setArg(k, intoRegister(s, originals[k], mask, v));
  }
}

/** The result overwrites the register of argument 0: a value that is needed later must be somewhere else, too. */
function preserveArg0(s: Allocator, v: Value, originals: Value[], position: number): void {
  if (!overwrites(s, originals[0], position)) return;
  const commutes = (s.target.ops[v.op].flags & Commutative) !== 0;
  if (commutes && originals[0] !== originals[1] && !overwrites(s, originals[1], position)) {
    const [a, c] = v.args;
    v.args[0] = c;
    v.args[1] = a;
    [originals[0], originals[1]] = [originals[1], originals[0]];
    return;
  }
  const a = originals[0];
  const cls = s.class[a.id];
  const m = inputMask(s, v, 0);
  const allowed = m === null ? 0 : inClass(m, cls) & s.allocatable[cls];
  const free = allowed & ~s.used[cls] & ~s.pinned[cls];
  if (free === 0) {
    // It stays in its slot only.
    return;
  }
  const wanted = s.desired[v.id];
  const calm = free & ~s.avoid[cls];
  const r =
    wanted >= 0 && wanted >> 5 === cls && (free & (1 << (wanted & 31))) !== 0
      ? wanted
      : globalReg(cls, lowest(calm !== 0 ? calm : free));
  const c = s.remat[a.id] === 1 ? rematerialize(s, a, v) : copyTo(s, a, v.args[0], v);
  emitTo(s, c, a, r);
  s.pinned[cls] |= 1 << (r & 31);
  v.setArg(0, c);
}

/** Whether the value is needed after this position and only in one register. */
function overwrites(s: Allocator, a: Value, position: number): boolean {
  if (!isSingle(s.held[a.id])) return false;
  for (let u = s.firstUse[a.id]; u >= 0; u = s.useNext[u]) if (s.usePosition[u] > position) return true;
  return false;
}

function clobber(s: Allocator, v: Value, m: RegMask, isCall: boolean): void {
  for (let cls = 0; cls < 2; cls++)
    for (let bits = inClass(m, cls) & s.used[cls]; bits !== 0; bits &= bits - 1) {
      const r = globalReg(cls, lowest(bits));
      if (isCall) {
        freeReg(s, r);
        continue;
      }
      // A copy made ahead of the operation keeps the value.
      const w = s.values[r];
      if (w !== null && isSingle(s.held[w.id])) saveFrom(s, v, r, m);
      freeReg(s, r);
    }
}

/** Moves the value of a register that is about to be lost to a free one outside of the mask. */
function saveFrom(s: Allocator, v: Value, reg: number, m: RegMask): void {
  const w = s.values[reg];
  const c = s.copies[reg];
  const cls = reg >> 5;
  if (w === null || c === null || s.remat[w.id] === 1) return;
  const free = s.allocatable[cls] & ~s.used[cls] & ~s.pinned[cls] & ~s.operands[cls] & ~inClass(m, cls);
  if (free === 0) return;
  noteStart(s, reg);
  emitTo(s, copyTo(s, w, c, v), w, globalReg(cls, lowest(free)));
}

function allocateResults(s: Allocator, v: Value): void {
  const registers = s.target.ops[v.op].registers;
  if (v.aux instanceof Call && (s.target.ops[v.op].flags & IsCall) !== 0) {
    const a = v.aux.assignment;
    s.result.tupleRegs[v.id] = a === null ? [] : a.resultPieces.map((p) => pieceRegister(s, p));
    return;
  }
  if (registers === null || registers.outputs.length === 0) return;
  const isTuple = v.type.kind === Kind.Tuple;
  const regs: number[] = [];
  for (let k = 0; k < registers.outputs.length; k++) {
    const m = registers.outputs[k];
    if (m === null) {
      regs.push(-1);
      continue;
    }
    const cls = m.lo !== 0 ? 0 : 1;
    let r: number;
    if (k === 0 && registers.resultInArg0) {
      r = s.result.reg[v.args[0].id];
      freeReg(s, r);
    } else r = chooseReg(s, v, cls, inClass(m, cls), v);
    regs.push(r);
    s.pinned[cls] |= 1 << (r & 31);
  }
  if (isTuple) {
    s.result.tupleRegs[v.id] = regs;
    s.result.reg[v.id] = regs[0];
  } else if (s.needsReg[v.id] === 1) define(s, v, regs[0]);
}
