/** Depth-first orders of the blocks reachable from the entry. */
import type { Block } from './block.ts';
import type { Func } from './func.ts';

/** Blocks in post-order: each after all its successors, back edges aside. */
export function postorder(f: Func): Block[] {
  const order: Block[] = [];
  const seen = new Uint8Array(f.numBlocks);
  const stack: Block[] = [f.entry];
  const next: number[] = [0];
  seen[f.entry.id] = 1;
  while (stack.length > 0) {
    const top = stack.length - 1;
    const b = stack[top];
    const i = next[top];
    if (i < b.succs.length) {
      next[top] = i + 1;
      const s = b.succs[i].block;
      if (seen[s.id] === 0) {
        seen[s.id] = 1;
        stack.push(s);
        next.push(0);
      }
    } else {
      order.push(b);
      stack.length = top;
      next.length = top;
    }
  }
  return order;
}
