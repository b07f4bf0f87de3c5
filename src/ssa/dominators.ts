/** Immediate dominators (Cooper, Harvey, Kennedy: "A Simple, Fast Dominance Algorithm"), and queries by interval numbers. */
import type { Block } from './block.ts';
import type { Func } from './func.ts';
import { postorder } from './postorder.ts';

export class DominatorTree {
  readonly postorder: readonly Block[];
  /** By block id; null for the entry and for unreachable blocks. */
  readonly idom: readonly (Block | null)[];
  /** By block id: the blocks it immediately dominates, in reverse postorder. */
  readonly children: readonly (readonly Block[])[];
  /** Interval of the tree walk; 0: unreachable. */
  readonly enter: Int32Array;
  readonly leave: Int32Array;

  constructor(
    order: readonly Block[],
    idom: (Block | null)[],
    children: Block[][],
    enter: Int32Array,
    leave: Int32Array,
  ) {
    this.postorder = order;
    this.idom = idom;
    this.children = children;
    this.enter = enter;
    this.leave = leave;
  }

  isReachable(b: Block): boolean {
    return this.enter[b.id] !== 0;
  }

  /** Whether every path to b goes through a (a block dominates itself). */
  dominates(a: Block, b: Block): boolean {
    return this.enter[a.id] <= this.enter[b.id] && this.leave[b.id] <= this.leave[a.id];
  }
}

export function dominators(f: Func): DominatorTree {
  const order = postorder(f);
  const number = new Int32Array(f.numBlocks).fill(-1);
  for (let i = 0; i < order.length; i++) number[order[i].id] = i;
  const root = order.length - 1;
  const idom = new Int32Array(order.length).fill(-1);
  idom[root] = root;
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = root - 1; i >= 0; i--) {
      let best = -1;
      for (const e of order[i].preds) {
        const p = number[e.block.id];
        if (p < 0 || idom[p] < 0) continue;
        best = best < 0 ? p : intersect(idom, best, p);
      }
      if (best !== idom[i]) {
        idom[i] = best;
        changed = true;
      }
    }
  }
  return treeOf(f, order, idom);
}

function intersect(idom: Int32Array, a: number, b: number): number {
  while (a !== b) {
    while (a < b) a = idom[a];
    while (b < a) b = idom[b];
  }
  return a;
}

function treeOf(f: Func, order: Block[], idom: Int32Array): DominatorTree {
  const parents: (Block | null)[] = new Array(f.numBlocks).fill(null);
  const children: Block[][] = [];
  for (let i = 0; i < f.numBlocks; i++) children.push([]);
  const root = order.length - 1;
  for (let i = root - 1; i >= 0; i--) {
    const p = order[idom[i]];
    parents[order[i].id] = p;
    children[p.id].push(order[i]);
  }
  const enter = new Int32Array(f.numBlocks);
  const leave = new Int32Array(f.numBlocks);
  const stack: Block[] = [f.entry];
  const next: number[] = [0];
  let clock = 1;
  enter[f.entry.id] = clock++;
  while (stack.length > 0) {
    const top = stack.length - 1;
    const kids = children[stack[top].id];
    if (next[top] < kids.length) {
      const kid = kids[next[top]++];
      enter[kid.id] = clock++;
      stack.push(kid);
      next.push(0);
    } else {
      leave[stack[top].id] = clock++;
      stack.length = top;
      next.length = top;
    }
  }
  return new DominatorTree(order, parents, children, enter, leave);
}
