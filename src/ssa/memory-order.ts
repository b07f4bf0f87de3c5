/**
 * The order of memory states in one block, and how deep in it every value depends: what may stand before the n-th state and
 * what must come after. Values of a block are unordered until scheduling, so passes that cut blocks at a store ask here.
 */
import * as G from '#abi/gotype.ts';
import type { Block } from './block.ts';
import * as Op from './gen/op.ts';
import type { Value } from './value.ts';

/** Whether v makes a new memory state: of type memory or a tuple that ends in it. */
export function definesMemory(v: Value): boolean {
  const t = v.type;
  if (t.kind === G.Mem)
    return v.op !== Op.SelectN && v.op !== Op.Select1 && v.op !== Op.Copy && v.op !== Op.Phi && v.op !== Op.InitMem;
  return (
    t.kind === G.Tuple && t.tuple.length > 0 && t.tuple[t.tuple.length - 1].kind === G.Mem && v.op !== Op.MakeResult
  );
}

/** Levels by value id for the values of one block after another; one object serves a whole function. */
export class MemoryOrder {
  /** 0: depends on no state made in the block; n: on the n-th. */
  level: Int32Array;
  /** Operations that make the states, in order: ops[n - 1] makes state n. */
  readonly ops: Value[];
  private readonly stack: Value[];
  private readonly next: number[];

  constructor() {
    this.level = new Int32Array(0);
    this.ops = [];
    this.stack = [];
    this.next = [];
  }

  /** Computes ops and the levels of the values of b. */
  compute(b: Block, numValues: number): void {
    if (this.level.length < numValues) this.level = new Int32Array(numValues + (numValues >> 1));
    const level = this.level;
    for (const v of b.values) level[v.id] = v.op === Op.Phi ? 0 : -1;
    this.ops.length = 0;
    for (const v of b.values) if (level[v.id] < 0) this.visit(b, v);
    for (const v of b.values) if (v.op !== Op.Phi && definesMemory(v)) this.ops.push(v);
    this.ops.sort((x, y) => level[x.id] - level[y.id]);
  }

  private visit(b: Block, root: Value): void {
    const { level, stack, next } = this;
    stack.push(root);
    next.push(0);
    while (stack.length > 0) {
      const top = stack.length - 1;
      const v = stack[top];
      const i = next[top];
      if (i < v.args.length) {
        next[top] = i + 1;
        const a = v.args[i];
        if (a.block === b && level[a.id] < 0) {
          stack.push(a);
          next.push(0);
        }
        continue;
      }
      let deepest = 0;
      for (const a of v.args) if (a.block === b && level[a.id] > deepest) deepest = level[a.id];
      level[v.id] = definesMemory(v) ? deepest + 1 : deepest;
      stack.length = top;
      next.length = top;
    }
  }
}
