/** Branches to unconditional jumps go to where those lead. */
import type { AsmFunction, Inst } from './inst.ts';
import * as Pseudo from './pseudo.ts';

/** Longer chains are taken for endless loops, and left alone. */
const maxChain = 5000;

function destination(p: Inst): Inst | null {
  let q = p;
  for (let i = 0; i < maxChain; i++) {
    if (q.op !== Pseudo.JMP || q.target === null) return q;
    q = q.target;
  }
  return null;
}

export function rewriteJumps(fn: AsmFunction): void {
  for (let p: Inst | null = fn.first; p !== null; p = p.next) {
    if (p.target === null) continue;
    // An endless loop of jumps becomes a jump to itself.
    p.target = destination(p.target) ?? p;
  }
}
