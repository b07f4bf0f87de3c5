/**
 * Where spilled values are stored: once, at a place that dominates all loads, and as late as possible, so that paths without loads
 * pay nothing; but not in a loop that the definition is outside of. That is behind the definition, or at the start of a block that
 * has the value in a register.
 */
import type { Block } from './block.ts';
import { type DominatorTree, dominators } from './dominators.ts';
import * as Op from './gen/op.ts';
import { type LoopNest, loopNest } from './loops.ts';
import { type Allocator, newValue } from './regalloc.ts';
import type { Value } from './value.ts';

class Placement {
  readonly s: Allocator;
  readonly tree: DominatorTree;
  readonly loops: LoopNest;
  /** Lowest block that dominates all loads, by slot. */
  readonly loads: (Block | null)[];
  /** Stores behind a definition, by value id. */
  readonly behind: (Value | null)[];
  /** Stores at the start of a block, by block id. */
  readonly atStart: (Value[] | null)[];

  constructor(s: Allocator) {
    this.s = s;
    this.tree = dominators(s.f);
    this.loops = loopNest(s.f, this.tree);
    this.loads = new Array(s.result.slots.length).fill(null);
    this.behind = new Array(s.f.numValues).fill(null);
    this.atStart = new Array(s.f.numBlocks).fill(null);
  }
}

export function placeSpills(s: Allocator): void {
  if (s.spilled.length === 0) return;
  const p = new Placement(s);
  findLoads(p);
  for (const v of s.spilled) if (s.inSlot[v.id] === 0) place(p, v);
  for (const b of s.f.blocks) insert(p, b);
}

function findLoads(p: Placement): void {
  for (const b of p.s.f.blocks)
    for (const v of b.values) {
      if (v.op !== Op.LoadReg && (v.op !== Op.KeepAlive || v.auxHi !== 1)) continue;
      const known = p.loads[v.auxLo];
      p.loads[v.auxLo] = known === null ? b : common(p.tree, known, b);
    }
}

function common(tree: DominatorTree, a: Block, b: Block): Block {
  let c = a;
  while (!tree.dominates(c, b)) {
    const up = tree.idom[c.id];
    if (up === null) return c;
    c = up;
  }
  return c;
}

/** The copy of v in a register at the start of b, or null. */
function copyAtStart(s: Allocator, b: Block, v: Value): Value | null {
  for (const e of s.inherited[b.id] ?? s.startRegs[b.id] ?? []) if (e.value === v) return e.copy;
  return null;
}

function place(p: Placement, v: Value): void {
  const { s, tree, loops } = p;
  const slot = s.slot[v.id];
  const loads = p.loads[slot];
  if (loads === null) return;
  let best: Block | null = null;
  let bestCopy: Value | null = null;
  let depth = loops.depth(v.block);
  for (let b: Block | null = loads; b !== null && b !== v.block; b = tree.idom[b.id]) {
    const d = loops.depth(b);
    if (d > depth || (best !== null && d === depth)) continue;
    const copy = copyAtStart(s, b, v);
    if (copy === null) continue;
    best = b;
    bestCopy = copy;
    depth = d;
  }
  const from = bestCopy ?? v;
  const st = newValue(s, Op.StoreReg, v, from);
  st.addArg(from);
  st.auxLo = slot;
  if (best === null) {
    p.behind[v.id] = st;
    return;
  }
  st.block = best;
  const list = p.atStart[best.id];
  if (list === null) p.atStart[best.id] = [st];
  else list.push(st);
}

/** Behind the group of phis, arguments or selections a definition stands in. */
function insert(p: Placement, b: Block): void {
  const out: Value[] = [];
  let waiting: Value[] = p.atStart[b.id] ?? [];
  for (const v of b.values) {
    if (waiting.length > 0 && !isGrouped(p.s, v)) {
      for (const st of waiting) out.push(st);
      waiting = [];
    }
    out.push(v);
    const st = v.id < p.behind.length ? p.behind[v.id] : null;
    if (st === null) continue;
    if (isGrouped(p.s, v)) waiting.push(st);
    else out.push(st);
  }
  for (const st of waiting) out.push(st);
  b.values = out;
}

function isGrouped(s: Allocator, v: Value): boolean {
  switch (v.op) {
    case Op.Phi:
    case Op.ArgIntReg:
    case Op.ArgFloatReg:
    case Op.Select0:
    case Op.Select1:
    case Op.SelectN:
    case Op.SP:
    case Op.SB:
    case Op.InitMem:
    case s.target.closurePointerOp:
      return true;
    default:
      return false;
  }
}
