/** The jumps at the end of blocks. */
import * as I from '#arch/inst.ts';
import { bug } from '#base/bug.ts';
import type { Block } from '#ssa/block.ts';
import * as B from '#ssa/block.ts';
import type { Layout } from '#ssa/layout.ts';
import * as Asm from '../encode/ops.ts';
import * as A from '../gen/op.ts';
import { add, branch, type Emitter, reg } from './emitter.ts';

/** Jump if the condition holds, jump if it does not. */
const jumps: ReadonlyMap<number, readonly [number, number]> = new Map([
  [A.BlockEQ, [Asm.JEQ, Asm.JNE]],
  [A.BlockNE, [Asm.JNE, Asm.JEQ]],
  [A.BlockLT, [Asm.JLT, Asm.JGE]],
  [A.BlockGE, [Asm.JGE, Asm.JLT]],
  [A.BlockLE, [Asm.JLE, Asm.JGT]],
  [A.BlockGT, [Asm.JGT, Asm.JLE]],
  [A.BlockOS, [Asm.JOS, Asm.JOC]],
  [A.BlockOC, [Asm.JOC, Asm.JOS]],
  [A.BlockULT, [Asm.JCS, Asm.JCC]],
  [A.BlockUGE, [Asm.JCC, Asm.JCS]],
  [A.BlockUGT, [Asm.JHI, Asm.JLS]],
  [A.BlockULE, [Asm.JLS, Asm.JHI]],
  [A.BlockORD, [Asm.JPC, Asm.JPS]],
  [A.BlockNAN, [Asm.JPS, Asm.JPC]],
]);

/** A jump whose target is a block; the instruction is told later. */
export interface PendingJump {
  readonly inst: I.Inst;
  readonly to: Block;
}

/** Ends block b, which is followed by `next` in memory. */
export function emitBlockEnd(e: Emitter, b: Block, next: Block | null, layout: Layout, pending: PendingJump[]): void {
  e.pos = b.pos;
  e.inline = b.inline;
  const jump = (op: number, to: Block): void => {
    pending.push({ inst: branch(e, op, null), to });
  };
  const succ = (i: number): Block => layout.target[b.succs[i].block.id] ?? bug(`${b} leads nowhere`);
  switch (b.kind) {
    case B.Plain:
      if (succ(0) !== next) jump(Asm.JMP, succ(0));
      return;
    case B.First:
      if (succ(0) !== next) jump(Asm.JMP, succ(0));
      return;
    case B.Ret:
      add(e, Asm.RET, I.noOperand, I.noOperand);
      return;
    case B.Exit:
      return;
  }
  if (b.kind === A.BlockJUMPTABLE) {
    const [index, table] = b.controls;
    add(e, Asm.JMP, I.noOperand, I.indexedOperand(reg(e, table), reg(e, index), 8, 0));
    return;
  }
  if (b.kind === A.BlockEQF || b.kind === A.BlockNEF) {
    emitFloatBranch(b, succ(0), succ(1), next, jump);
    return;
  }
  const ops = jumps.get(b.kind);
  if (ops === undefined) bug(`${e.f.ref.linkName}: block kind ${b.kind} of ${b} cannot be emitted`);
  const [yes, no] = [succ(0), succ(1)];
  if (yes === next) jump(ops[1], no);
  else if (no === next) jump(ops[0], yes);
  else if (b.likely === B.Unlikely) {
    jump(ops[1], no);
    jump(Asm.JMP, yes);
  } else {
    jump(ops[0], yes);
    jump(Asm.JMP, no);
  }
}

/** Equality of floats: zero and no parity. */
function emitFloatBranch(
  b: Block,
  yes: Block,
  no: Block,
  next: Block | null,
  jump: (op: number, to: Block) => void,
): void {
  const [equal, other] = b.kind === A.BlockEQF ? [yes, no] : [no, yes];
  jump(Asm.JNE, other);
  if (equal === next) jump(Asm.JPS, other);
  else {
    jump(Asm.JPC, equal);
    if (other !== next) jump(Asm.JMP, other);
  }
}
