/**
 * Write barriers (gc-contract 3.5). A run of pointer stores becomes
 *
 *     if writeBarrier.enabled { buf = gcWriteBarrierN(); buf[...] = new values and old contents; wbZero, wbMove }
 *     the stores
 *
 * Stores need none if the target is this frame, the type has no pointers, or both the new value and the old contents are
 * known not to point into the heap (nil, addresses of globals, memory fresh from newobject).
 */
import * as G from '#abi/gotype.ts';
import { bug } from '#base/bug.ts';
import * as Kind from '#obj/kinds.ts';
import type { Block } from '../block.ts';
import * as B from '../block.ts';
import { Call, SymbolRef, TypeRef } from '../call.ts';
import * as C from '../cursor.ts';
import { Cursor } from '../cursor.ts';
import type { Func } from '../func.ts';
import * as Op from '../gen/op.ts';
import { MemoryOrder } from '../memory-order.ts';
import type { Services } from '../pass.ts';
import { postorder } from '../postorder.ts';
import type { Value } from '../value.ts';

/** runtime.wbMaxEntriesPerCall. */
const maxEntries = 8;
/** Stores without pointers that may stand within a run. */
const maxPlainStores = 2;
const wordSize = 8;
const trackedWords = 64;

class Barriers {
  readonly f: Func;
  readonly services: Services;
  readonly order: MemoryOrder;
  /** By id of a memory state: the fresh object whose zero words are known then, and which words (two masks of 32). */
  readonly zeroBase: (Value | null)[];
  readonly zeroLo: number[];
  readonly zeroHi: number[];
  /** By id of a call of newobject: the pointer. */
  readonly objects: Value[];

  constructor(f: Func, services: Services) {
    this.f = f;
    this.services = services;
    this.order = new MemoryOrder();
    this.zeroBase = [];
    this.zeroLo = [];
    this.zeroHi = [];
    this.objects = [];
  }
}

export function insertWriteBarriers(f: Func, services: Services): void {
  const w = new Barriers(f, services);
  if (!mayNeed(f)) return;
  const blocks = postorder(f);
  for (let i = blocks.length - 1; i >= 0; i--) {
    const b = blocks[i];
    w.order.compute(b, f.numValues);
    trackFreshObjects(w, b);
    const runs = findRuns(w);
    if (runs.length > 0) splitAtRuns(w, b, runs);
  }
}

function mayNeed(f: Func): boolean {
  for (const b of f.blocks) {
    for (const v of b.values) {
      if (
        (v.op === Op.Store || v.op === Op.Move || v.op === Op.Zero) &&
        typeOf(v).hasPointers() &&
        !isFrameAddress(v.args[0])
      )
        return true;
    }
  }
  return false;
}

function typeOf(v: Value): G.GoType {
  return v.aux instanceof TypeRef ? v.aux.type : bug(`${v} has no type`);
}

export function isFrameAddress(ptr: Value): boolean {
  let p = ptr;
  while (p.op === Op.OffPtr || p.op === Op.AddPtr || p.op === Op.PtrIndex || p.op === Op.Copy || p.op === Op.NilCheck)
    p = p.args[0];
  return p.op === Op.LocalAddr || p.op === Op.SP || p.op === Op.SelectAddr || p.op === Op.GetCallerSP;
}

/** Nil, or the address of a global or of read-only data: nothing the collector has to be told about. */
function isGlobalAddress(v: Value): boolean {
  let p = v;
  while (p.op === Op.OffPtr || p.op === Op.Copy || p.op === Op.NilCheck) p = p.args[0];
  if (p.op === Op.Addr || p.op === Op.ConstNil) return true;
  if (p.op === Op.Const64) return true;
  return p.op === Op.Load && isReadOnlyAddress(p.args[0]);
}

function isReadOnlyAddress(ptr: Value): boolean {
  let p = ptr;
  while (p.op === Op.OffPtr || p.op === Op.Copy) p = p.args[0];
  return p.op === Op.Addr && p.aux instanceof SymbolRef && p.aux.symbol.kind === Kind.Rodata;
}

/** Where ptr points relative to a base value; offset NaN if unknown. */
function baseOf(ptr: Value): { base: Value; offset: number } {
  let offset = 0;
  let p = ptr;
  for (;;) {
    if (p.op === Op.OffPtr) {
      if (p.auxHi !== p.auxLo >> 31) return { base: p, offset: Number.NaN };
      offset += p.auxLo;
    } else if (p.op !== Op.Copy && p.op !== Op.NilCheck) return { base: p, offset };
    p = p.args[0];
  }
}

/** Which words of a fresh object are known to be zero, through the block's operations in order. */
function trackFreshObjects(w: Barriers, b: Block): void {
  startFresh(w, b);
  for (const v of w.order.ops) {
    if (v.args.length === 0 || v.type.kind !== G.Mem) continue;
    const mem = v.memArg();
    const base = w.zeroBase[mem.id] ?? null;
    if (base === null) continue;
    if (v.op === Op.VarDef || v.op === Op.VarLive || v.op === Op.KeepAlive) keepZeros(w, mem, v, 0, 0);
    else if (v.op === Op.Store || v.op === Op.Zero || v.op === Op.Move) trackStore(w, v, mem, base);
  }
}

/** The memory that newobject leaves knows the object to be zero. */
function startFresh(w: Barriers, b: Block): void {
  for (const v of b.values) {
    if (v.op === Op.SelectN && v.auxLo === 0 && isNewObject(v.args[0])) w.objects[v.args[0].id] = v;
  }
  for (const v of b.values) {
    if (v.op !== Op.SelectN || v.auxLo !== 1 || !isNewObject(v.args[0])) continue;
    w.zeroBase[v.id] = w.objects[v.args[0].id] ?? null;
    w.zeroLo[v.id] = -1;
    w.zeroHi[v.id] = -1;
  }
}

function isNewObject(call: Value): boolean {
  return (
    call.op === Op.StaticCall &&
    call.aux instanceof Call &&
    call.aux.callee !== null &&
    call.aux.callee.linkName === 'runtime.newobject'
  );
}

function trackStore(w: Barriers, v: Value, mem: Value, base: Value): void {
  const dst = v.args[0];
  if (isFrameAddress(dst)) {
    keepZeros(w, mem, v, 0, 0);
    return;
  }
  const at = baseOf(dst);
  if (at.base !== base || Number.isNaN(at.offset)) return;
  if (v.op === Op.Zero) {
    keepZeros(w, mem, v, 0, 0);
    return;
  }
  const size = typeOf(v).size;
  let lo = 0;
  let hi = 0;
  const last = Math.min(trackedWords, Math.ceil((at.offset + size) / wordSize));
  for (let i = Math.max(0, Math.floor(at.offset / wordSize)); i < last; i++) {
    if (i < 32) lo |= 1 << i;
    else hi |= 1 << (i - 32);
  }
  keepZeros(w, mem, v, lo, hi);
}

/** State `to` knows the same zero words as `from`, but for those of the masks. */
function keepZeros(w: Barriers, from: Value, to: Value, lo: number, hi: number): void {
  w.zeroBase[to.id] = w.zeroBase[from.id];
  w.zeroLo[to.id] = w.zeroLo[from.id] & ~lo;
  w.zeroHi[to.id] = w.zeroHi[from.id] & ~hi;
}

/** Whether `size` bytes at ptr are known to be zero in state mem. */
function isKnownZero(w: Barriers, ptr: Value, size: number, mem: Value): boolean {
  const base = w.zeroBase[mem.id] ?? null;
  if (base === null) return false;
  const at = baseOf(ptr);
  if (at.base !== base || at.offset < 0 || at.offset % wordSize !== 0 || size % wordSize !== 0) return false;
  const first = at.offset / wordSize;
  const last = first + size / wordSize;
  if (last > trackedWords) return false;
  for (let i = first; i < last; i++) {
    const bit = i < 32 ? w.zeroLo[mem.id] & (1 << i) : w.zeroHi[mem.id] & (1 << (i - 32));
    if (bit === 0) return false;
  }
  return true;
}

function needsBarrier(w: Barriers, v: Value): boolean {
  if (v.op !== Op.Store && v.op !== Op.Move && v.op !== Op.Zero) return false;
  const t = typeOf(v);
  if (!t.hasPointers() || isFrameAddress(v.args[0])) return false;
  if (!isKnownZero(w, v.args[0], t.size, v.memArg())) return true;
  if (v.op === Op.Zero) return false;
  if (v.op === Op.Store) return !isGlobalAddress(v.args[1]);
  return !isReadOnlyAddress(v.args[1]) && !isKnownZero(w, v.args[1], t.size, v.memArg());
}

/** Stores order.ops[start..end) that share one barrier. */
interface Run {
  start: number;
  end: number;
}

function findRuns(w: Barriers): Run[] {
  const { ops, level } = w.order;
  const runs: Run[] = [];
  for (let i = 0; i < ops.length; i++) {
    if (!needsBarrier(w, ops[i])) continue;
    const run: Run = { start: i, end: i + 1 };
    let plain = 0;
    for (let j = i + 1; j < ops.length; j++) {
      const v = ops[j];
      if (v.op === Op.VarDef || v.op === Op.VarLive) continue;
      const needs = needsBarrier(w, v);
      if (!needs && (v.op !== Op.Store || ++plain > maxPlainStores)) break;
      // What the barrier records must be known before the first store.
      if (needs && !isKnownBefore(v, i + 1, level, ops[i].block)) break;
      // A move may read what a plain store of the run wrote.
      if (needs && v.op === Op.Move && plain > 0) break;
      if (needs) run.end = j + 1;
    }
    runs.push(run);
    i = run.end - 1;
  }
  return runs;
}

function isKnownBefore(v: Value, firstLevel: number, level: Int32Array, b: Block): boolean {
  for (let k = 0; k + 1 < v.args.length; k++) {
    const a = v.args[k];
    if (a.block === b && level[a.id] >= firstLevel) return false;
  }
  return true;
}

/** Cuts b before each run; the last piece keeps b's end. */
function splitAtRuns(w: Barriers, b: Block, runs: readonly Run[]): void {
  const { f } = w;
  const { level } = w.order;
  const ops = w.order.ops.slice();
  const pieces: Block[] = [b];
  const barriers: Block[] = [];
  for (const r of runs) {
    const pos = ops[r.start].pos;
    for (const kind of [barriers, pieces]) {
      const n = f.newBlock(B.Plain);
      n.pos = pos;
      n.inline = ops[r.start].inline;
      kind.push(n);
    }
  }
  const last = pieces[pieces.length - 1];
  moveEnd(b, last);
  const values = b.values;
  b.values = [];
  for (const v of values) {
    const n = v.op === Op.Phi ? 0 : pieceOf(level[v.id], runs);
    v.block = pieces[n];
    pieces[n].values.push(v);
  }
  for (let i = 0; i < runs.length; i++)
    insertBarrier(w, pieces[i], barriers[i], pieces[i + 1], ops.slice(runs[i].start, runs[i].end));
}

function pieceOf(level: number, runs: readonly Run[]): number {
  let n = 0;
  while (n < runs.length && level > runs[n].start) n++;
  return n;
}

function moveEnd(b: Block, to: Block): void {
  to.kind = b.kind;
  to.likely = b.likely;
  to.pos = b.pos;
  to.inline = b.inline;
  to.aux = b.aux;
  to.auxLo = b.auxLo;
  for (const c of b.controls) to.controls.push(c);
  b.controls.length = 0;
  for (const e of b.succs) {
    to.succs.push(e);
    e.block.preds[e.index].block = to;
  }
  b.succs.length = 0;
  b.kind = B.Plain;
  b.aux = null;
  b.auxLo = 0;
}

function insertBarrier(w: Barriers, before: Block, slow: Block, after: Block, stores: readonly Value[]): void {
  const { f, services } = w;
  const types = f.types;
  const first = stores[0];
  const mem = first.memArg();
  if (f.writeBarrierPos === 0) f.writeBarrierPos = first.pos;
  const c = new Cursor(f, services, mem);
  c.block = before;
  c.pos = first.pos;
  c.inline = first.inline;
  const uint32 = types.basic(G.Uint32);
  const flag = C.load(c, uint32, C.addrOf(c, services.runtimeVar('writeBarrier'), types.pointerTo(uint32)));
  const enabled = C.value2(c, Op.Neq32, types.basic(G.Bool), flag, C.constInt(c, uint32, 0));
  before.kind = B.If;
  before.likely = B.Unlikely;
  before.setControl(enabled);
  before.addEdgeTo(slow);
  before.addEdgeTo(after);
  slow.addEdgeTo(after);
  c.block = slow;
  recordPointers(w, c, stores);
  recordBulk(c, stores);
  const memSlow = c.mem;
  c.block = after;
  c.pos = first.pos;
  c.inline = first.inline;
  // Predecessors of `after`: the test, then the barrier.
  const joined = C.value2(c, Op.Phi, types.mem, mem, memSlow);
  first.setArg(first.args.length - 1, joined);
}

/** New values and old contents of single pointer stores, up to eight in one call. */
function recordPointers(w: Barriers, c: Cursor, stores: readonly Value[]): void {
  const uintptr = c.f.types.basic(G.Uintptr);
  const entries: Value[] = [];
  const sources = new Set<number>();
  const targets = new Set<number>();
  const add = (v: Value): void => {
    entries.push(v);
    if (entries.length === maxEntries) flush(c, entries);
  };
  for (const s of stores) {
    if (s.op !== Op.Store || !needsBarrier(w, s)) continue;
    const [ptr, value, mem] = s.args;
    c.pos = s.pos;
    c.inline = s.inline;
    if (!sources.has(value.id) && !isGlobalAddress(value)) {
      sources.add(value.id);
      add(value);
    }
    if (!targets.has(ptr.id) && !isKnownZero(w, ptr, wordSize, mem)) {
      targets.add(ptr.id);
      add(C.load(c, uintptr, ptr));
    }
  }
  flush(c, entries);
}

function flush(c: Cursor, entries: Value[]): void {
  if (entries.length === 0) return;
  const types = c.f.types;
  const uintptr = types.basic(G.Uintptr);
  const pointer = types.pointerTo(uintptr);
  const call = C.value1(c, Op.WB, types.tupleOf([pointer, types.mem]), c.mem);
  call.auxLo = entries.length;
  const buffer = C.value1(c, Op.SelectN, pointer, call);
  c.mem = C.value1(c, Op.SelectN, types.mem, call);
  c.mem.auxLo = 1;
  for (let i = 0; i < entries.length; i++) C.store(c, uintptr, C.offPtr(c, buffer, i * wordSize, pointer), entries[i]);
  entries.length = 0;
}

/** Moves and zeroings report to the collector by type. */
function recordBulk(c: Cursor, stores: readonly Value[]): void {
  for (const s of stores) {
    if (s.op !== Op.Move && s.op !== Op.Zero) continue;
    const t = typeOf(s);
    if (!t.hasPointers() || isFrameAddress(s.args[0])) continue;
    c.pos = s.pos;
    c.inline = s.inline;
    const args = [C.typeAddr(c, t), s.args[0]];
    if (s.op === Op.Move) args.push(s.args[1]);
    const call = c.services.calls.call(s.op === Op.Move ? 'wbMove' : 'wbZero');
    call.assignment = c.services.convention.of(call.type, false);
    if (call.assignment.argPieces.length !== args.length) bug('wbMove needs three argument registers');
    C.staticCall(c, call, args, null);
  }
}
