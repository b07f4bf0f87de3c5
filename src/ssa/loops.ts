/** Natural loops: a header and the blocks that reach it without leaving what it dominates. */
import type { Block } from './block.ts';
import { type DominatorTree, dominators } from './dominators.ts';
import type { Func } from './func.ts';

export class Loop {
  readonly header: Block;
  /** The innermost loop around this one. */
  outer: Loop | null;
  /** 1 for outermost loops. */
  depth: number;
  /** Blocks whose innermost loop this is. */
  readonly blocks: Block[];
  /** Contains no other loop. */
  isInner: boolean;

  constructor(header: Block) {
    this.header = header;
    this.outer = null;
    this.depth = 0;
    this.blocks = [];
    this.isInner = true;
  }
}

export class LoopNest {
  readonly loops: readonly Loop[];
  /** Innermost loop by block id. */
  readonly byBlock: readonly (Loop | null)[];
  /** Some cycle has no header that dominates it (goto into a loop); it is not described. */
  readonly irreducible: boolean;

  constructor(loops: Loop[], byBlock: (Loop | null)[], irreducible: boolean) {
    this.loops = loops;
    this.byBlock = byBlock;
    this.irreducible = irreducible;
  }

  depth(b: Block): number {
    const l = this.byBlock[b.id];
    return l === null ? 0 : l.depth;
  }
}

export function loopNest(f: Func, tree: DominatorTree = dominators(f)): LoopNest {
  const byBlock: (Loop | null)[] = new Array(f.numBlocks).fill(null);
  const loops: Loop[] = [];
  const order = tree.postorder;
  const number = new Int32Array(f.numBlocks);
  for (let i = 0; i < order.length; i++) number[order[i].id] = i;
  let irreducible = false;
  // Inner headers come first in postorder, so each block meets its innermost loop first.
  for (const header of order) {
    let loop: Loop | null = null;
    const work: Block[] = [];
    for (const e of header.preds) {
      const p = e.block;
      if (!tree.isReachable(p)) continue;
      if (tree.dominates(header, p)) {
        if (loop === null) loop = new Loop(header);
        work.push(p);
      } else if (number[p.id] <= number[header.id]) irreducible = true;
    }
    if (loop === null) continue;
    loops.push(loop);
    fillLoop(loop, work, byBlock, tree);
  }
  for (const l of loops) for (let o: Loop | null = l; o !== null; o = o.outer) l.depth++;
  for (const b of order) byBlock[b.id]?.blocks.push(b);
  return new LoopNest(loops, byBlock, irreducible);
}

function fillLoop(loop: Loop, work: Block[], byBlock: (Loop | null)[], tree: DominatorTree): void {
  while (work.length > 0) {
    const b = work.pop();
    if (b === undefined) return;
    let inner = byBlock[b.id];
    if (inner === null) {
      byBlock[b.id] = loop;
      if (b === loop.header) continue;
    } else {
      while (inner.outer !== null && inner.outer !== loop) inner = inner.outer;
      if (inner === loop || inner.outer === loop) continue;
      inner.outer = loop;
      loop.isInner = false;
    }
    const from = inner === null ? b : inner.header;
    if (from === loop.header) continue;
    for (const e of from.preds) if (tree.isReachable(e.block)) work.push(e.block);
  }
  if (byBlock[loop.header.id] === null) byBlock[loop.header.id] = loop;
}
