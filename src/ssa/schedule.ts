/**
 * Orders the values of every block. What must hold: operands first; what reads a memory state stands before what replaces it;
 * phis, then arguments at the start of the entry; the parts of a tuple directly behind it; what decides the block's branch last.
 * What should hold: flags are made just before they are read, stores are early, results near the line they come from.
 *
 * Uses of nil checks are replaced by the checked pointer, after they were ordered behind the check.
 */
import * as Kind from '#abi/gotype.ts';
import { bug } from '#base/bug.ts';
import type { Pos } from '#base/source.ts';
import type { Block } from './block.ts';
import type { Func } from './func.ts';
import * as Op from './gen/op.ts';
import { NilCheckArg0, NilCheckArg1, WritesMemory } from './op-table.ts';
import type { MachineTarget } from './target.ts';
import type { Value } from './value.ts';

/* Classes of values, in the order they are preferred. */
const ScorePhi = 0;
const ScoreArg = 1;
const ScoreInitMem = 2;
const ScoreReadTuple = 3;
const ScoreNilCheck = 4;
const ScoreMemory = 5;
const ScoreReadFlags = 6;
const ScoreDefault = 7;
const ScoreInduction = 8;
const ScoreFlags = 9;
const ScoreControl = 10;

class Scheduler {
  readonly f: Func;
  readonly target: MachineTarget;
  /** By value id: the position, with files numbered as the function mentions them. Their order in the program is no property of the function. */
  readonly place: Float64Array;
  /** By value id. */
  readonly score: Uint8Array;
  /** Values that still have to come before. */
  readonly waiting: Int32Array;
  /** Edges to what comes after, as lists: first edge by value, then next and target by edge. */
  readonly firstEdge: Int32Array;
  readonly edgeNext: number[];
  readonly edgeTo: Value[];
  /** The value of this block that replaces a memory state, by the state's id. */
  readonly nextMemory: (Value | null)[];
  readonly heap: Value[];

  constructor(f: Func, target: MachineTarget) {
    const n = f.numValues;
    this.f = f;
    this.target = target;
    this.place = new Float64Array(n);
    this.score = new Uint8Array(n);
    this.waiting = new Int32Array(n);
    this.firstEdge = new Int32Array(n).fill(-1);
    this.edgeNext = [];
    this.edgeTo = [];
    this.nextMemory = new Array(n).fill(null);
    this.heap = [];
  }
}

/** `fileStart` tells where the file of a position begins. */
export function schedule(f: Func, target: MachineTarget, fileStart: (pos: Pos) => Pos): void {
  const s = new Scheduler(f, target);
  numberPlaces(s, fileStart);
  for (const b of f.blocks) for (const v of b.values) s.score[v.id] = scoreOf(s, v);
  scoreInductions(s);
  for (const b of f.blocks) prepareBlock(s, b);
  dropNilCheckUses(f, target);
  for (const b of f.blocks) orderBlock(s, b);
  f.scheduled = true;
  removeCoveredNilChecks(f, target);
}

function numberPlaces(s: Scheduler, fileStart: (pos: Pos) => Pos): void {
  const files = new Map<Pos, number>();
  for (const b of s.f.blocks)
    for (const v of b.values) {
      const start = fileStart(v.pos);
      let n = files.get(start);
      if (n === undefined) {
        n = files.size;
        files.set(start, n);
      }
      s.place[v.id] = n * 0x100000000 + v.pos - start;
    }
}

export function isMemory(v: Value): boolean {
  return v.type.kind === Kind.Mem;
}

function isFlags(v: Value): boolean {
  return v.type.kind === Kind.Flags;
}

function scoreOf(s: Scheduler, v: Value): number {
  switch (v.op) {
    case Op.Phi:
      return ScorePhi;
    case Op.ArgIntReg:
    case Op.ArgFloatReg:
    case Op.SP:
    case Op.SB:
      return ScoreArg;
    case Op.InitMem:
      return ScoreInitMem;
    case Op.Select0:
    case Op.Select1:
    case Op.SelectN:
      return ScoreReadTuple;
    case s.target.nilCheckOp:
      return ScoreNilCheck;
    case s.target.closurePointerOp:
      return ScoreArg;
  }
  if (isMemory(v)) return ScoreMemory;
  for (const a of v.args) if (isFlags(a)) return ScoreReadFlags;
  if (isFlags(v)) return ScoreFlags;
  if (v.type.kind === Kind.Tuple && v.type.tuple.length > 1 && v.type.tuple[1].kind === Kind.Flags) return ScoreFlags;
  return ScoreDefault;
}

/** i + 1 for the next round of a loop comes late, so that it can take i's register. */
function scoreInductions(s: Scheduler): void {
  for (const b of s.f.blocks)
    for (const v of b.values) {
      if (v.op !== Op.Phi) continue;
      for (let i = 0; i < v.args.length; i++) {
        const a = v.args[i];
        if (a.block !== b.preds[i].block || a.args.length === 0 || a.args[0] !== v) continue;
        if (s.score[a.id] === ScoreDefault) s.score[a.id] = ScoreInduction;
      }
    }
}

function addEdge(s: Scheduler, from: Value, to: Value): void {
  s.edgeNext.push(s.firstEdge[from.id]);
  s.edgeTo.push(to);
  s.firstEdge[from.id] = s.edgeTo.length - 1;
  s.waiting[to.id]++;
}

function prepareBlock(s: Scheduler, b: Block): void {
  for (const v of b.values) {
    if (v.op === Op.Phi || (!isMemory(v) && v.type.kind !== Kind.Tuple)) continue;
    const m = memoryArg(v);
    if (m !== null && writes(s, v)) s.nextMemory[m.id] = v;
  }
  for (const v of b.values) {
    if (v.op === Op.Phi) continue;
    for (const a of v.args) {
      if (a.block === b && a.op !== Op.Phi) addEdge(s, a, v);
    }
    // Reading a state comes before replacing it.
    const m = memoryArg(v);
    if (m === null) continue;
    const w = s.nextMemory[m.id];
    if (w !== null && w !== v && w.block === b) addEdge(s, v, w);
  }
  for (const v of b.values) {
    const m = memoryArg(v);
    if (m !== null) s.nextMemory[m.id] = null;
  }
  for (const c of b.controls)
    if (c.block === b && s.score[c.id] !== ScorePhi && s.score[c.id] !== ScoreReadTuple) s.score[c.id] = ScoreControl;
}

/** The memory state v takes, or null. */
function memoryArg(v: Value): Value | null {
  if (v.op === Op.Phi || v.args.length === 0) return null;
  // A selected memory is the tuple's.
  const last = v.args[v.args.length - 1];
  return isMemory(last) ? last : null;
}

function writes(s: Scheduler, v: Value): boolean {
  return (s.target.ops[v.op].flags & WritesMemory) !== 0 || (isMemory(v) && v.op !== Op.Select1 && v.op !== Op.SelectN);
}

function dropNilCheckUses(f: Func, target: MachineTarget): void {
  for (const b of f.blocks) {
    for (const v of b.values) {
      for (let i = 0; i < v.args.length; i++) {
        let a = v.args[i];
        if (a.op !== target.nilCheckOp) continue;
        while (a.op === target.nilCheckOp) a = a.args[0];
        v.setArg(i, a);
      }
    }
    for (let i = 0; i < b.controls.length; i++) {
      let c = b.controls[i];
      if (c.op !== target.nilCheckOp) continue;
      while (c.op === target.nilCheckOp) c = c.args[0];
      c.uses++;
      b.controls[i].uses--;
      b.controls[i] = c;
    }
  }
}

function before(s: Scheduler, x: Value, y: Value): boolean {
  const d = s.score[x.id] - s.score[y.id];
  if (d !== 0) return d < 0;
  if (x.pos !== y.pos && x.op !== Op.Phi) return s.place[x.id] < s.place[y.id];
  return x.id < y.id;
}

function push(s: Scheduler, v: Value): void {
  const h = s.heap;
  let i = h.length;
  h.push(v);
  while (i > 0) {
    const p = (i - 1) >> 1;
    if (!before(s, v, h[p])) break;
    h[i] = h[p];
    i = p;
  }
  h[i] = v;
}

function pop(s: Scheduler): Value {
  const h = s.heap;
  const top = h[0];
  const last = h[h.length - 1];
  h.length--;
  const n = h.length;
  if (n === 0) return top;
  let i = 0;
  for (;;) {
    let c = 2 * i + 1;
    if (c >= n) break;
    if (c + 1 < n && before(s, h[c + 1], h[c])) c++;
    if (!before(s, h[c], last)) break;
    h[i] = h[c];
    i = c;
  }
  h[i] = last;
  return top;
}

function orderBlock(s: Scheduler, b: Block): void {
  const values = b.values;
  const n = values.length;
  const order: Value[] = [];
  for (const v of values) if (s.waiting[v.id] === 0) push(s, v);
  while (s.heap.length > 0) {
    const v = pop(s);
    order.push(v);
    for (let e = s.firstEdge[v.id]; e >= 0; e = s.edgeNext[e]) {
      const to = s.edgeTo[e];
      if (--s.waiting[to.id] === 0) push(s, to);
    }
  }
  if (order.length !== n) {
    const stuck = values.filter((v) => s.waiting[v.id] > 0).map((v) => `${v} ${s.target.ops[v.op].name}`);
    bug(`${s.f.ref.linkName} ${b}: values wait for each other: ${stuck.slice(0, 8).join(', ')}`);
  }
  b.values = order;
}

/** Accesses below this fault on nil (contract 5.9). */
const guardSize = 4096;

/** A nil check is not needed where an access that faults on the same pointer follows, with no change of memory between. */
function removeCoveredNilChecks(f: Func, target: MachineTarget): void {
  const faults = new Int32Array(f.numValues);
  let epoch = 0;
  for (const b of f.blocks) {
    epoch++;
    let removed = false;
    const values = b.values;
    for (let i = values.length - 1; i >= 0; i--) {
      const v = values[i];
      if (v.op === target.nilCheckOp) {
        if (faults[v.args[0].id] === epoch) {
          v.clearArgs();
          v.op = Op.Invalid;
          removed = true;
        } else faults[v.args[0].id] = epoch;
        continue;
      }
      const flags = target.ops[v.op].flags;
      if ((flags & WritesMemory) !== 0 && v.op !== Op.VarDef && v.op !== Op.VarLive && v.op !== Op.KeepAlive) epoch++;
      if ((flags & (NilCheckArg0 | NilCheckArg1)) === 0) continue;
      const offset = target.faultOffset(v);
      if (offset < 0 || offset >= guardSize) continue;
      if ((flags & NilCheckArg0) !== 0) faults[v.args[0].id] = epoch;
      if ((flags & NilCheckArg1) !== 0) faults[v.args[1].id] = epoch;
    }
    if (removed) b.values = values.filter((v) => v.op !== Op.Invalid);
  }
}
