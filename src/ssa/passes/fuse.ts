/** Joins a block with its only successor if that has no other predecessor. */

import type { Block } from '../block.ts';
import * as B from '../block.ts';
import type { Func } from '../func.ts';
import * as Op from '../gen/op.ts';
import { original } from './copy-elim.ts';

export function fuse(f: Func): void {
  let changed = false;
  for (const b of f.blocks) {
    while (canJoin(f, b)) {
      join(b, b.succs[0].block);
      changed = true;
    }
  }
  if (changed) f.blocks.splice(0, f.blocks.length, ...f.blocks.filter((b) => b.kind !== 0));
}

function canJoin(f: Func, b: Block): boolean {
  if (b.kind !== B.Plain) return false;
  const s = b.succs[0].block;
  return s.preds.length === 1 && s !== b && s !== f.entry && s.kind !== B.Recover;
}

/** Moves everything of `to` into b; `to` is left with kind 0. */
function join(b: Block, to: Block): void {
  for (const v of to.values) {
    if (v.op === Op.Phi) v.op = Op.Copy;
    if (v.op === Op.Copy) v.setArg(0, original(v));
    v.block = b;
    b.values.push(v);
  }
  to.values = [];
  b.kind = to.kind;
  b.likely = to.likely;
  if (to.kind !== B.Plain || b.pos === 0) {
    b.pos = to.pos;
    b.inline = to.inline;
  }
  b.aux = to.aux;
  b.auxLo = to.auxLo;
  for (const c of to.controls) b.controls.push(c);
  to.controls.length = 0;
  b.succs.length = 0;
  for (const e of to.succs) {
    b.succs.push(e);
    e.block.preds[e.index].block = b;
  }
  to.succs.length = 0;
  to.preds.length = 0;
  to.kind = 0;
}
