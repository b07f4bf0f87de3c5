/** Splits critical edges, so that register allocation can put moves on every edge: at the end of its source or the start of its target. */
import type { Func } from './func.ts';
import { splitEdge } from './surgery.ts';

export function splitCriticalEdges(f: Func): void {
  // Blocks are appended while walking; the new ones have one predecessor and one successor.
  const n = f.blocks.length;
  for (let i = 0; i < n; i++) {
    const b = f.blocks[i];
    if (b.succs.length < 2) continue;
    for (let j = 0; j < b.succs.length; j++) if (b.succs[j].block.preds.length > 1) splitEdge(f, b, j);
  }
}
