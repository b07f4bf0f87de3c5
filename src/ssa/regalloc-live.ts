/**
 * Which values are needed after a block, and how far away their next use is, in instructions: what register allocation decides by.
 * Uses behind an unlikely branch or a call count as far away.
 */
import { type Block, Likely, Unlikely } from './block.ts';
import type { Func } from './func.ts';
import * as Op from './gen/op.ts';
import { IsCall } from './op-table.ts';
import type { Value } from './value.ts';

const likelyDistance = 1;
const normalDistance = 10;
export const unlikelyDistance = 100;

/** Values live at the end of a block. */
export class LiveOut {
  ids: number[];
  distances: number[];

  constructor() {
    this.ids = [];
    this.distances = [];
  }
}

class Liveness {
  readonly needsReg: Uint8Array;
  /** Values that are made again rather than kept. */
  readonly remat: Uint8Array;
  readonly out: LiveOut[];
  /** Distance plus one by value id within the block at hand, 0: not live; less the bias of calls passed. */
  readonly at: Int32Array;
  readonly live: Uint8Array;
  ids: number[];
  /** Those of `remat` that have become live since the last call, going upwards. */
  rematIds: number[];
  /** Position of a value in the list being merged into. */
  readonly index: Int32Array;

  constructor(f: Func, needsReg: Uint8Array, remat: Uint8Array) {
    const n = f.numValues;
    this.needsReg = needsReg;
    this.remat = remat;
    this.out = Array.from({ length: f.numBlocks }, () => new LiveOut());
    this.at = new Int32Array(n);
    this.live = new Uint8Array(n);
    this.ids = [];
    this.rematIds = [];
    this.index = new Int32Array(n).fill(-1);
  }
}

export function computeLive(
  f: Func,
  order: readonly Block[],
  needsReg: Uint8Array,
  remat: Uint8Array,
  flags: (op: number) => number,
): LiveOut[] {
  const s = new Liveness(f, needsReg, remat);
  for (let changed = true; changed; ) {
    changed = false;
    // Reverse of the given order, which is a reverse postorder.
    for (let i = order.length - 1; i >= 0; i--) if (flowBlock(s, order[i], flags)) changed = true;
  }
  return s.out;
}

function use(s: Liveness, v: Value, distance: number): void {
  if (s.needsReg[v.id] === 0) return;
  if (s.live[v.id] === 0) makeLive(s, v.id);
  s.at[v.id] = distance;
}

function makeLive(s: Liveness, id: number): void {
  s.live[id] = 1;
  s.ids.push(id);
  if (s.remat[id] === 1) s.rematIds.push(id);
}

/**
 * No register outlives a call, so what can be made again is not live across it: else the constants of a long function of calls would be live in
 * each of its blocks.
 */
function forgetRemat(s: Liveness): void {
  for (const id of s.rematIds) s.live[id] = 0;
  s.rematIds.length = 0;
}

function flowBlock(s: Liveness, b: Block, flags: (op: number) => number): boolean {
  s.ids = [];
  s.rematIds.length = 0;
  const n = b.values.length;
  let bias = 0;
  const out = s.out[b.id];
  for (let i = 0; i < out.ids.length; i++) {
    const id = out.ids[i];
    makeLive(s, id);
    s.at[id] = out.distances[i] + n;
  }
  for (const c of b.controls) use(s, c, n);
  let phis = 0;
  for (let i = n - 1; i >= 0; i--) {
    const v = b.values[i];
    s.live[v.id] = 0;
    if (v.op === Op.Phi) {
      phis++;
      continue;
    }
    if ((flags(v.op) & IsCall) !== 0) {
      bias += unlikelyDistance;
      forgetRemat(s);
    }
    for (const a of v.args) use(s, a, i - bias);
  }
  // A value that was killed and is used again (through a phi of the block itself, or before a call) stands twice.
  let kept = 0;
  for (const id of s.ids) {
    if (s.live[id] === 0) continue;
    s.live[id] = 0;
    s.ids[kept++] = id;
  }
  s.ids.length = kept;
  let changed = false;
  for (let k = 0; k < b.preds.length; k++) if (mergeIntoPred(s, b, k, phis, bias)) changed = true;
  return changed;
}

function edgeDistance(b: Block, k: number): number {
  const e = b.preds[k];
  const p = e.block;
  if (p.succs.length !== 2) return p.succs.length === 1 ? likelyDistance : normalDistance;
  if (p.likely === Likely) return e.index === 0 ? likelyDistance : unlikelyDistance;
  if (p.likely === Unlikely) return e.index === 1 ? likelyDistance : unlikelyDistance;
  return normalDistance;
}

function mergeIntoPred(s: Liveness, b: Block, k: number, phis: number, bias: number): boolean {
  const delta = edgeDistance(b, k);
  const out = s.out[b.preds[k].block.id];
  const { ids, distances } = out;
  for (let i = 0; i < ids.length; i++) s.index[ids[i]] = i;
  let changed = false;
  const add = (id: number, distance: number): void => {
    const i = s.index[id];
    if (i < 0) {
      s.index[id] = ids.length;
      ids.push(id);
      distances.push(distance);
      changed = true;
    } else if (distance < distances[i]) {
      distances[i] = distance;
      changed = true;
    }
  };
  for (const id of s.ids) add(id, s.at[id] + bias + delta);
  for (let i = 0, left = phis; left > 0; i++) {
    const v = b.values[i];
    if (v.op !== Op.Phi) break;
    left--;
    const a = v.args[k];
    if (s.needsReg[v.id] === 1 && s.needsReg[a.id] === 1) add(a.id, delta);
  }
  for (let i = 0; i < ids.length; i++) s.index[ids[i]] = -1;
  return changed;
}
