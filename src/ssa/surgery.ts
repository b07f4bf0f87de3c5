/** Changes of the control flow graph that several passes need. */
import { bug } from '#base/bug.ts';
import type { Block } from './block.ts';
import * as B from './block.ts';
import type { Func } from './func.ts';
import * as Op from './gen/op.ts';
import type { Value } from './value.ts';

/**
 * Splits b before its value list is told apart by `moves`: values for which moves[id] is 1 go to a new block that takes b's
 * end; b is left Plain without successors.
 */
export function splitBlock(f: Func, b: Block, moves: Uint8Array): Block {
  const rest = f.newBlock(b.kind);
  rest.pos = b.pos;
  rest.inline = b.inline;
  rest.likely = b.likely;
  rest.aux = b.aux;
  rest.auxLo = b.auxLo;
  for (const c of b.controls) rest.controls.push(c);
  b.controls.length = 0;
  for (const e of b.succs) {
    rest.succs.push(e);
    e.block.preds[e.index].block = rest;
  }
  b.succs.length = 0;
  b.kind = B.Plain;
  b.likely = B.Unknown;
  b.aux = null;
  b.auxLo = 0;
  const kept: Value[] = [];
  for (const v of b.values) {
    if (moves[v.id] === 1) {
      v.block = rest;
      rest.values.push(v);
    } else kept.push(v);
  }
  b.values = kept;
  return rest;
}

/** A new Plain block in the middle of successor edge i of b; phis keep their argument positions. */
export function splitEdge(f: Func, b: Block, i: number): Block {
  const e = b.succs[i];
  const to = e.block;
  const j = e.index;
  const middle = f.newBlock(B.Plain);
  middle.pos = b.pos;
  middle.inline = b.inline;
  b.succs[i] = new B.Edge(middle, 0);
  middle.preds.push(new B.Edge(b, i));
  middle.succs.push(new B.Edge(to, j));
  to.preds[j] = new B.Edge(middle, 0);
  return middle;
}

/** Takes away all values and edges of a block that nothing else uses; the caller removes it from f.blocks. */
export function emptyBlock(b: Block): void {
  b.setControl(null);
  while (b.succs.length > 0) B.removeEdge(b, b.succs.length - 1, Op.Phi);
  for (const v of b.values) v.clearArgs();
  b.values.length = 0;
}

/** Makes a two-way block take successor `taken` always. */
export function makeUnconditional(b: Block, taken: number): void {
  if (b.succs.length !== 2) bug(`${b} has ${b.succs.length} successors`);
  B.removeEdge(b, 1 - taken, Op.Phi);
  b.kind = B.Plain;
  b.likely = B.Unknown;
  b.setControl(null);
}

/** Phis of a block with one predecessor are copies. */
export function phisToCopies(b: Block): void {
  if (b.preds.length !== 1) return;
  for (const v of b.values) {
    if (v.op === Op.Phi) v.op = Op.Copy;
  }
}

/** By id, 1 for the values of block b that depend on v (not v itself): what has to come after v. Phis stay. */
export function dependents(f: Func, b: Block, v: Value): Uint8Array {
  // 0 unknown, 1 depends, 2 does not.
  const state = new Uint8Array(f.numValues);
  state[v.id] = 1;
  const stack: Value[] = [];
  const next: number[] = [];
  for (const root of b.values) {
    if (state[root.id] !== 0) continue;
    stack.push(root);
    next.push(0);
    while (stack.length > 0) {
      const top = stack.length - 1;
      const x = stack[top];
      if (x.op === Op.Phi || next[top] >= x.args.length) {
        if (state[x.id] === 0) state[x.id] = 2;
        stack.length = top;
        next.length = top;
        continue;
      }
      const a = x.args[next[top]];
      if (a.block !== b || state[a.id] === 2) next[top]++;
      else if (state[a.id] === 1) {
        state[x.id] = 1;
        next[top] = x.args.length;
      } else {
        stack.push(a);
        next.push(0);
      }
    }
  }
  for (let i = 0; i < state.length; i++) if (state[i] === 2) state[i] = 0;
  state[v.id] = 0;
  return state;
}
