/**
 * The order of blocks in memory: a block is followed by its likely successor where that has not been placed; blocks that end in a
 * call that does not return, and what only unlikely branches reach, come last. Blocks that only jump on are left out: branches
 * go where they lead.
 */

import type { Block } from './block.ts';
import * as B from './block.ts';
import type { Func } from './func.ts';
import * as Op from './gen/op.ts';
import { type LoopNest, loopNest } from './loops.ts';
import type { Value } from './value.ts';

function hasNoCode(v: Value): boolean {
  switch (v.op) {
    case Op.Phi:
    case Op.SP:
    case Op.SB:
    case Op.InitMem:
    case Op.ArgIntReg:
    case Op.ArgFloatReg:
    case Op.Select0:
    case Op.Select1:
    case Op.SelectN:
    case Op.VarDef:
    case Op.VarLive:
    case Op.KeepAlive:
      return true;
    default:
      return false;
  }
}

/** A block that does nothing but jump. */
function isEmpty(b: Block): boolean {
  return b.kind === B.Plain && b.values.every(hasNoCode) && b.succs[0].block !== b;
}

export class Layout {
  readonly order: Block[];
  /** Where a jump to a block leads, by its id. */
  readonly target: (Block | null)[];

  constructor(numBlocks: number) {
    this.order = [];
    this.target = new Array(numBlocks).fill(null);
  }
}

export function layOutBlocks(f: Func): Layout {
  const l = new Layout(f.numBlocks);
  for (const b of f.blocks) l.target[b.id] = lead(f, b);
  const placed = new Uint8Array(f.numBlocks);
  const warm: Block[] = [];
  const cold: Block[] = [];
  let next: Block | null = lead(f, f.entry);
  while (next !== null) {
    placed[next.id] = 1;
    l.order.push(next);
    const choice: Block | null = follow(l, next, placed, warm, cold);
    next = choice ?? take(warm, placed) ?? take(cold, placed);
  }
  rotateLoops(f, l);
  return l;
}

/** The back edges of the layout: a jump up, from the block that ends in it. */
function jumpsUp(l: Layout, index: Int32Array): Block[] {
  const found: Block[] = [];
  for (let i = 0; i < l.order.length; i++) {
    const b = l.order[i];
    if (b.kind !== B.Plain) continue;
    const to = l.target[b.succs[0].block.id];
    if (to !== null && index[to.id] >= 0 && index[to.id] < i) found.push(b);
  }
  return found;
}

/**
 * The test at the head of a loop goes behind the block that jumps up to it, which then runs into it: one jump less each time
 * around, one more on the way in.
 */
function rotateLoops(f: Func, l: Layout): void {
  const index = new Int32Array(f.numBlocks).fill(-1);
  const number = (from: number, to: number): void => {
    for (let i = from; i < to; i++) index[l.order[i].id] = i;
  };
  number(0, l.order.length);
  const ups = jumpsUp(l, index);
  if (ups.length === 0) return;
  const nest = loopNest(f);
  for (const p of ups) {
    const head = l.target[p.succs[0].block.id];
    if (head === null) continue;
    const from = index[head.id];
    const at = index[p.id];
    if (from >= at || from === 0 || head.succs.length !== 2 || nest.byBlock[head.id]?.header !== head) continue;
    // One way stays in the loop and follows the test now, the other leaves.
    const inside = head.succs.map((e) => isWithin(nest, e.block, head));
    if (inside[0] === inside[1]) continue;
    const body = l.target[head.succs[inside[0] ? 0 : 1].block.id];
    if (body === null || l.order[from + 1] !== body) continue;
    l.order.copyWithin(from, from + 1, at + 1);
    l.order[at] = head;
    number(from, at + 1);
  }
}

function isWithin(nest: LoopNest, b: Block, header: Block): boolean {
  for (let k = nest.byBlock[b.id]; k !== null && k !== undefined; k = k.outer) if (k.header === header) return true;
  return false;
}

function lead(f: Func, b: Block): Block {
  let n = 0;
  let to = b;
  while (isEmpty(to) && n++ < f.blocks.length) to = to.succs[0].block;
  return n > f.blocks.length ? b : to;
}

function take(list: Block[], placed: Uint8Array): Block | null {
  for (let b = list.pop(); b !== undefined; b = list.pop()) if (placed[b.id] === 0) return b;
  return null;
}

function isCold(b: Block): boolean {
  return b.kind === B.Exit;
}

/** The successor to place next, if any; the others are remembered. */
function follow(l: Layout, b: Block, placed: Uint8Array, warm: Block[], cold: Block[]): Block | null {
  const free: Block[] = [];
  for (const e of b.succs) {
    const t = l.target[e.block.id];
    if (t !== null && placed[t.id] === 0 && !free.includes(t)) free.push(t);
  }
  if (free.length === 0) return null;
  let best: Block | null = null;
  const likely =
    b.succs.length === 2 && b.likely !== B.Unknown ? l.target[b.succs[b.likely === B.Likely ? 0 : 1].block.id] : null;
  if (likely !== null && free.includes(likely)) best = likely;
  else if (likely !== null) best = null;
  else {
    // Prefer what all its predecessors lead to already: it does not have to be jumped to from below.
    for (const t of free) {
      if (isCold(t)) continue;
      if (best === null || waitingPreds(best, placed) > waitingPreds(t, placed)) best = t;
    }
    best ??= free[0];
  }
  for (const t of free) {
    if (t === best) continue;
    // What comes after a loop is not cold because the loop goes on most of the time.
    if (isCold(t) || (likely !== null && t !== likely && waitingPreds(b, placed) === 0)) cold.push(t);
    else warm.push(t);
  }
  return best;
}

function waitingPreds(b: Block, placed: Uint8Array): number {
  let n = 0;
  for (const e of b.preds) if (placed[e.block.id] === 0) n++;
  return n;
}
