/** A basic block: values, then a jump chosen by the block's kind. */
import { appended } from '#base/lists.ts';
import type { Pos } from '#base/source.ts';
import type { Func } from './func.ts';
import type { Aux, Value } from './value.ts';

/** One successor. */
export const Plain = 1;
/** Control: a Bool (or flags after lowering); succs[0] if true. */
export const If = 2;
/** Control: memory, or a MakeResult; no successors. */
export const Ret = 3;
/** Control: memory; ends in something that does not return (a call that panics, a tail call). */
export const Exit = 4;
/** Control: Bool-free; succs[0] always taken, succs[1] unreachable but kept until late (dead branches of constants). */
export const First = 5;
/** Control: an integer below the number of successors; a jump table. */
export const JumpTable = 6;
/** Control: memory of a call to deferreturn's landing: a return path that only recovery enters. One successor. Not removed although it has no predecessors. */
export const Recover = 7;
/** Block kinds of a target start here. */
export const FirstTargetKind = 32;

export const names: readonly string[] = ['Invalid', 'Plain', 'If', 'Ret', 'Exit', 'First', 'JumpTable', 'Recover'];

export const Unknown = 0;
export const Likely = 1;
export const Unlikely = -1;

/** One end of a control flow edge: the block at the other end, and the index of the reverse edge there. */
export class Edge {
  block: Block;
  index: number;

  constructor(block: Block, index: number) {
    this.block = block;
    this.index = index;
  }
}

export class Block {
  readonly id: number;
  kind: number;
  readonly func: Func;
  succs: Edge[];
  /** Phi arguments are in this order. */
  preds: Edge[];
  /** At most two; counted in uses. */
  controls: Value[];
  /** Unordered until scheduling. */
  values: Value[];
  /** Whether succs[0] is taken: Likely, Unlikely, Unknown. */
  likely: number;
  pos: Pos;
  inline: number;
  /** Owned by the target's block kinds. */
  aux: Aux | null;
  auxLo: number;

  constructor(id: number, kind: number, func: Func) {
    this.id = id;
    this.kind = kind;
    this.func = func;
    this.succs = [];
    this.preds = [];
    this.controls = [];
    this.values = [];
    this.likely = Unknown;
    this.pos = 0;
    this.inline = -1;
    this.aux = null;
    this.auxLo = 0;
  }

  addEdgeTo(to: Block): void {
    const i = this.succs.length;
    const j = to.preds.length;
    this.succs = appended(this.succs, new Edge(to, j));
    to.preds = appended(to.preds, new Edge(this, i));
  }

  /** Sets the only control value (null: none). */
  setControl(v: Value | null): void {
    for (const c of this.controls) c.uses--;
    this.controls = [];
    if (v !== null) this.addControl(v);
  }

  addControl(v: Value): void {
    this.controls = appended(this.controls, v);
    v.uses++;
  }

  toString(): string {
    return `b${this.id}`;
  }
}

/** Removes successor i and the edge's other end; phis of the successor lose that argument. The order of its predecessors changes: the last takes the place. */
export function removeEdge(b: Block, i: number, phiOp: number): void {
  const e = b.succs[i];
  const to = e.block;
  removeSuccessor(b, i);
  const j = e.index;
  const last = to.preds.length - 1;
  for (const v of to.values) {
    if (v.op !== phiOp) continue;
    v.args[j].uses--;
    v.args[j] = v.args[last];
    v.args.length = last;
  }
  removePredecessor(to, j);
}

function removeSuccessor(b: Block, i: number): void {
  const last = b.succs.length - 1;
  if (i !== last) {
    const moved = b.succs[last];
    b.succs[i] = moved;
    moved.block.preds[moved.index].index = i;
  }
  b.succs.length = last;
}

function removePredecessor(b: Block, j: number): void {
  const last = b.preds.length - 1;
  if (j !== last) {
    const moved = b.preds[last];
    b.preds[j] = moved;
    moved.block.succs[moved.index].index = j;
  }
  b.preds.length = last;
}
