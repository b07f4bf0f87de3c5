/**
 * The frame: spill slots share memory where their lives do not meet; places of variables; stack maps, stack objects, and what the
 * prologue has to zero (gc-contract 3.1, 3.2, 3.6).
 *
 * From high addresses: caller's arguments (argp), return address, saved frame pointer, then (varp) variables and spill slots that
 * hold pointers, those that hold none, and the area of outgoing arguments. Offsets of locals are negative, from varp.
 */
import { setPointerBits } from '#abi/gc-mask.ts';
import type { GoType } from '#abi/gotype.ts';
import { bug } from '#base/bug.ts';
import { alignUp } from '#base/bytes.ts';
import type { Allocation } from './allocation.ts';
import { Call } from './call.ts';
import type { Func } from './func.ts';
import { type Slot, SlotParam, SlotResult } from './func.ts';
import { type CellLiveness, cellLiveness, hasCell, isInCallersFrame } from './liveness.ts';
import { IsCall } from './op-table.ts';
import type { MachineTarget } from './target.ts';

const wordSize = 8;

/** Memory to be zeroed at entry. */
export interface ZeroRange {
  readonly inArgs: boolean;
  readonly offset: number;
  readonly size: number;
}

/** A variable whose address is taken and that holds pointers. */
export interface StackObject {
  /** From varp if negative, else from argp. */
  readonly offset: number;
  readonly type: GoType;
}

export class Frame {
  /** Bytes of locals and outgoing arguments. */
  size: number;
  /** Bytes of stack arguments, results and spill area. */
  argsSize: number;
  /** By spill slot: offset, and whether from argp. */
  readonly spillOffset: number[];
  readonly spillInArgs: boolean[];
  /** By slot id. */
  readonly slotInArgs: boolean[];
  readonly zero: ZeroRange[];
  readonly objects: StackObject[];
  /** Bitmaps, in pairs by index; index 0 is the entry. */
  readonly argMaps: Uint8Array[];
  readonly localMaps: Uint8Array[];
  argBits: number;
  localBits: number;
  /** Index of the maps of a call, by value id; -1: none. */
  readonly mapOfCall: Int32Array;
  /** Index of the maps with what always is live: where recovery enters. */
  landingMap: number;

  constructor(values: number) {
    this.size = 0;
    this.argsSize = 0;
    this.spillOffset = [];
    this.spillInArgs = [];
    this.slotInArgs = [];
    this.zero = [];
    this.objects = [];
    this.argMaps = [];
    this.localMaps = [];
    this.argBits = 0;
    this.localBits = 0;
    this.mapOfCall = new Int32Array(values).fill(-1);
    this.landingMap = -1;
  }
}

/** Something that takes room among the locals. */
interface Item {
  readonly size: number;
  readonly align: number;
  readonly pointers: boolean;
  offset: number;
}

class Builder {
  readonly f: Func;
  readonly target: MachineTarget;
  readonly a: Allocation;
  readonly live: CellLiveness;
  readonly frame: Frame;
  readonly items: Item[];
  /** Item of each color, of each slot id. */
  readonly colorItems: Item[];
  readonly slotItems: (Item | null)[];
  /** By slot id: in the maps of all calls, and zeroed at entry. */
  readonly always: Uint8Array;

  constructor(f: Func, target: MachineTarget, a: Allocation, live: CellLiveness) {
    this.f = f;
    this.target = target;
    this.a = a;
    this.live = live;
    this.frame = new Frame(f.numValues);
    this.items = [];
    this.colorItems = [];
    this.slotItems = new Array(live.cells - live.spills).fill(null);
    this.always = new Uint8Array(live.cells - live.spills);
  }
}

export function layOutFrame(f: Func, target: MachineTarget, a: Allocation): Frame {
  const b = new Builder(f, target, a, cellLiveness(f, target, a));
  const assignment = f.assignment ?? bug(`${f.ref.linkName} has no assignment`);
  b.frame.argsSize = assignment.total;
  colorSpills(b);
  addVariables(b);
  placeItems(b);
  findStackObjects(b);
  makeMaps(b);
  findZeroes(b);
  return b.frame;
}

/** Values of one color never are needed at once; pointers and other words do not mix. */
function colorSpills(b: Builder): void {
  const { slots } = b.a;
  const members: number[][] = [];
  const keys: number[] = [];
  for (let i = 0; i < slots.length; i++) {
    const s = slots[i];
    if (s.param !== null) continue;
    const size = s.type.size > wordSize ? 16 : wordSize;
    const key = size * 2 + (s.type.hasPointers() ? 1 : 0);
    let color = 0;
    for (; color < members.length; color++) {
      if (keys[color] !== key) continue;
      let clash = false;
      for (const m of members[color]) if (b.live.interfere(i, m)) clash = true;
      if (!clash) break;
    }
    if (color === members.length) {
      members.push([]);
      keys.push(key);
      const item: Item = { size, align: wordSize, pointers: (key & 1) === 1, offset: 0 };
      b.colorItems.push(item);
      b.items.push(item);
    }
    members[color].push(i);
    s.color = color;
  }
}

function allSlots(f: Func): Slot[] {
  return [...f.params, ...f.results, ...f.slots];
}

function addVariables(b: Builder): void {
  const { f, live } = b;
  for (const slot of allSlots(f)) {
    const inArgs = isInCallersFrame(f, slot);
    b.frame.slotInArgs[slot.id] = inArgs;
    if (inArgs) {
      const a = f.assignment ?? bug('no assignment');
      slot.offset = (slot.kind === SlotParam ? a.params : a.results)[slot.index].offset;
    }
    const used = live.referenced[slot.id] === 1 || slot.needsZero || (f.hasDefer && slot.kind === SlotResult);
    if (!used) continue;
    if (!inArgs) {
      const item: Item = { size: slot.type.size, align: slot.type.align, pointers: slot.type.hasPointers(), offset: 0 };
      b.slotItems[slot.id] = item;
      b.items.push(item);
    }
    b.always[slot.id] = isAlwaysLive(b, slot) ? 1 : 0;
  }
}

/** Variables whose life does not begin at a VarDef hold pointers from entry on. */
function isAlwaysLive(b: Builder, slot: Slot): boolean {
  if (!slot.type.hasPointers() || slot.kind === SlotParam) return false;
  if (slot.needsZero) return true;
  const cell = b.live.spills + slot.id;
  if (slot.kind === SlotResult) {
    if (b.f.hasDefer) return true;
    // Stored to just before returning, and never by address.
    if (b.frame.slotInArgs[slot.id] && b.live.addressed[slot.id] === 0) return false;
  }
  return b.live.defined[slot.id] === 0 || hasCell(b.live.atEntry, cell);
}

function placeItems(b: Builder): void {
  const { f, frame } = b;
  const order = b.items.slice().sort((x, y) => Number(y.pointers) - Number(x.pointers) || y.align - x.align);
  let at = 0;
  for (const item of order) {
    at = alignUp(at + item.size, Math.max(item.align, 1));
    item.offset = -at;
    if (item.pointers) frame.localBits = alignUp(at, wordSize) / wordSize;
  }
  frame.size = alignUp(at, wordSize) + outgoingSize(b);
  for (const slot of allSlots(f)) {
    const item = b.slotItems[slot.id];
    if (item !== null && item !== undefined) slot.offset = item.offset;
  }
  for (const s of b.a.slots) {
    frame.spillInArgs.push(s.param !== null);
    frame.spillOffset.push(s.param !== null ? s.param.offset + s.offset : b.colorItems[s.color].offset);
  }
}

function outgoingSize(b: Builder): number {
  let size = 0;
  for (const block of b.f.blocks)
    for (const v of block.values) {
      if ((b.target.ops[v.op].flags & IsCall) === 0 || !(v.aux instanceof Call)) continue;
      const total = v.aux.assignment === null ? 0 : v.aux.assignment.total;
      if (total > size) size = total;
    }
  return alignUp(size, wordSize);
}

function findStackObjects(b: Builder): void {
  for (const slot of allSlots(b.f))
    if (b.live.addressed[slot.id] === 1 && slot.type.hasPointers())
      b.frame.objects.push({ offset: slot.offset, type: slot.type });
  b.frame.objects.sort((x, y) => x.offset - y.offset);
}

/* ---- Maps ---- */

function argumentWords(b: Builder): number {
  const a = b.f.assignment ?? bug('no assignment');
  let end = 0;
  for (const list of [a.params, a.results])
    for (const p of list) if (p.offset >= 0 && p.type.hasPointers()) end = Math.max(end, p.offset + p.type.ptrBytes);
  return alignUp(end, wordSize) / wordSize;
}

function makeMaps(b: Builder): void {
  const { f, frame } = b;
  frame.argBits = argumentWords(b);
  addMap(b, null, new Map());
  const known = new Map<string, number>();
  known.set(keyOf(frame.argMaps[0], frame.localMaps[0]), 0);
  for (const block of f.blocks)
    for (const v of block.values) {
      const live = b.live.atCall[v.id];
      if (live === null || live === undefined) continue;
      frame.mapOfCall[v.id] = addMap(b, live, known);
    }
  if (f.hasDefer) frame.landingMap = addMap(b, new Int32Array(b.live.words), known);
}

function keyOf(args: Uint8Array, locals: Uint8Array): string {
  return `${args.join(',')};${locals.join(',')}`;
}

/** The maps of a call with these live cells; null: of the entry, where all parameters are live. */
function addMap(b: Builder, live: Int32Array | null, known: Map<string, number>): number {
  const { f, frame } = b;
  const args = new Uint8Array((frame.argBits + 7) >> 3);
  const locals = new Uint8Array((frame.localBits + 7) >> 3);
  const base = frame.localBits * wordSize;
  if (live === null) {
    const a = f.assignment ?? bug('no assignment');
    for (const p of a.params) if (p.offset >= 0) setPointerBits(p.type, p.offset, args);
  } else {
    for (const slot of allSlots(f)) {
      if (!slot.type.hasPointers()) continue;
      const cell = b.live.spills + slot.id;
      if (b.always[slot.id] !== 1 && !hasCell(live, cell)) continue;
      if (frame.slotInArgs[slot.id]) {
        if (slot.kind === SlotResult && b.always[slot.id] === 0 && b.live.addressed[slot.id] === 0) continue;
        setPointerBits(slot.type, slot.offset, args);
      } else if (b.slotItems[slot.id] !== null) setPointerBits(slot.type, base + slot.offset, locals);
    }
    for (let i = 0; i < b.a.slots.length; i++) {
      const s = b.a.slots[i];
      if (!s.type.hasPointers() || !hasCell(live, i)) continue;
      if (frame.spillInArgs[i]) setPointerBits(s.type, frame.spillOffset[i], args);
      else setPointerBits(s.type, base + frame.spillOffset[i], locals);
    }
  }
  const key = keyOf(args, locals);
  let n = known.get(key);
  if (n === undefined) {
    n = frame.argMaps.length;
    known.set(key, n);
    frame.argMaps.push(args);
    frame.localMaps.push(locals);
  }
  return n;
}

function findZeroes(b: Builder): void {
  for (const slot of allSlots(b.f)) {
    if (b.always[slot.id] !== 1 && !slot.needsZero) continue;
    if (slot.type.size === 0) continue;
    b.frame.zero.push({ inArgs: b.frame.slotInArgs[slot.id], offset: slot.offset, size: slot.type.size });
  }
}
