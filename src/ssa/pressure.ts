/** How many values compete for registers in each loop: register allocation keeps what is only used behind a loop if there is room. */
import type { Block } from './block.ts';
import type { Func } from './func.ts';
import * as Op from './gen/op.ts';
import { type Loop, loopNest } from './loops.ts';
import type { LiveOut } from './regalloc-live.ts';
import type { Value } from './value.ts';

export class LoopPressure {
  /** Most values needed at once in a block of the loop, by class of registers. */
  readonly most: [number, number];
  /** What is in registers does not last. */
  hasCall: boolean;

  constructor() {
    this.most = [0, 0];
    this.hasCall = false;
  }
}

/** What counting looks at, by value id. */
export interface Competitors {
  readonly needsReg: Uint8Array;
  readonly class: Uint8Array;
  readonly remat: Uint8Array;
}

/** By header block id; null for other blocks. The order is a reverse postorder. */
export function loopPressures(
  f: Func,
  order: readonly Block[],
  live: readonly LiveOut[],
  c: Competitors,
  isCall: (v: Value) => boolean,
): (LoopPressure | null)[] {
  const result: (LoopPressure | null)[] = new Array(f.numBlocks).fill(null);
  const seen = new Uint8Array(f.numBlocks);
  const hasLoop = order.some((b) => {
    seen[b.id] = 1;
    return b.succs.some((e) => seen[e.block.id] === 1);
  });
  if (!hasLoop) return result;
  const nest = loopNest(f);
  for (const l of nest.loops) result[l.header.id] = new LoopPressure();
  const marked = new Uint8Array(f.numValues);
  for (const b of order) {
    const inner = nest.byBlock[b.id];
    if (inner === null) continue;
    const p = blockPressure(b, live[b.id], c, marked);
    const calls = b.values.some(isCall);
    for (let l: Loop | null = inner; l !== null; l = l.outer) {
      const at = result[l.header.id];
      if (at === null) continue;
      at.most[0] = Math.max(at.most[0], p[0]);
      at.most[1] = Math.max(at.most[1], p[1]);
      if (calls) at.hasCall = true;
    }
  }
  return result;
}

function blockPressure(b: Block, live: LiveOut, c: Competitors, marked: Uint8Array): readonly [number, number] {
  const now = [0, 0];
  const most: [number, number] = [0, 0];
  const touched: number[] = [];
  const need = (id: number): void => {
    if (c.needsReg[id] === 0 || c.remat[id] === 1 || marked[id] === 1) return;
    marked[id] = 1;
    touched.push(id);
    const cls = c.class[id];
    now[cls]++;
    if (now[cls] > most[cls]) most[cls] = now[cls];
  };
  for (const id of live.ids) need(id);
  for (const v of b.controls) need(v.id);
  for (let i = b.values.length - 1; i >= 0; i--) {
    const v = b.values[i];
    if (v.op === Op.Phi) break;
    if (marked[v.id] === 1) {
      marked[v.id] = 0;
      now[c.class[v.id]]--;
    }
    for (const a of v.args) need(a.id);
  }
  for (const id of touched) marked[id] = 0;
  return most;
}

/** Registers of each class that operations with fixed registers want to find free in a loop. */
const slack: readonly number[] = [3, 2];

function countBits(mask: number): number {
  let n = 0;
  for (let m = mask; m !== 0; m &= m - 1) n++;
  return n;
}

/** Whether all that is live in the loop has room in the registers of a class. */
export function hasRoom(p: LoopPressure | null, cls: number, allocatable: number): boolean {
  return p !== null && !p.hasCall && p.most[cls] + slack[cls] <= countBits(allocatable);
}
