/** Removes unreachable blocks, and values whose results nobody needs and that do nothing. */
import * as B from '../block.ts';
import { type Block, removeEdge } from '../block.ts';
import type { Func } from '../func.ts';
import * as Op from '../gen/op.ts';
import * as Table from '../op-table.ts';
import { emptyBlock, phisToCopies } from '../surgery.ts';
import type { Value } from '../value.ts';

export function deadcode(f: Func): void {
  removeUnreachable(f);
  removeDeadValues(f);
}

function reachableBlocks(f: Func): Uint8Array {
  const seen = new Uint8Array(f.numBlocks);
  const work: Block[] = [f.entry];
  seen[f.entry.id] = 1;
  for (const b of f.blocks) {
    if (b.kind !== B.Recover) continue;
    seen[b.id] = 1;
    work.push(b);
  }
  for (let b = work.pop(); b !== undefined; b = work.pop()) {
    const n = b.kind === B.First ? 1 : b.succs.length;
    for (let i = 0; i < n; i++) {
      const s = b.succs[i].block;
      if (seen[s.id] === 0) {
        seen[s.id] = 1;
        work.push(s);
      }
    }
  }
  return seen;
}

export function removeUnreachable(f: Func): void {
  const reachable = reachableBlocks(f);
  let removed = false;
  for (const b of f.blocks) {
    if (reachable[b.id] === 1 && b.kind === B.First) {
      removeEdge(b, 1, Op.Phi);
      b.kind = B.Plain;
    }
  }
  for (const b of f.blocks) {
    if (reachable[b.id] === 1) continue;
    removed = true;
    while (b.succs.length > 0) removeEdge(b, b.succs.length - 1, Op.Phi);
  }
  if (removed) {
    for (const b of f.blocks) if (reachable[b.id] === 0) emptyBlock(b);
    let n = 0;
    for (const b of f.blocks) if (reachable[b.id] === 1) f.blocks[n++] = b;
    f.blocks.length = n;
  }
  for (const b of f.blocks) phisToCopies(b);
}

/** Operations that matter only if the memory (or value) they give does. */
function isIdle(op: number): boolean {
  switch (op) {
    case Op.VarDef:
    case Op.VarLive:
    case Op.KeepAlive:
    case Op.InlineMark:
    case Op.GetClosurePtr:
    case Op.Alloc:
    case Op.MakeClosure:
    case Op.Box:
      return true;
    default:
      return false;
  }
}

/** Live: controls, what has side effects or gives memory that is live, and their arguments. */
function removeDeadValues(f: Func): void {
  const ops = f.target.ops;
  const live = new Uint8Array(f.numValues);
  const work: Value[] = [];
  const mark = (v: Value): void => {
    if (live[v.id] === 0) {
      live[v.id] = 1;
      work.push(v);
    }
  };
  for (const b of f.blocks) {
    for (const v of b.controls) mark(v);
    for (const v of b.values) {
      if ((ops[v.op].flags & (Table.IsCall | Table.HasSideEffect)) !== 0 && !isIdle(v.op)) mark(v);
    }
  }
  for (let v = work.pop(); v !== undefined; v = work.pop()) for (const a of v.args) mark(a);
  for (const b of f.blocks) {
    for (const v of b.values) if (live[v.id] === 0) v.clearArgs();
  }
  for (const b of f.blocks) {
    let n = 0;
    const values = b.values;
    for (const v of values) if (live[v.id] === 1) values[n++] = v;
    values.length = n;
  }
}
