/** -spectre=ret: indirect branches become direct ones to functions that do not speculate (GOROOT/src/runtime/asm_amd64.s, retpoline*). */
import type { AsmContext, AsmFunction, Inst } from '#arch/inst.ts';
import * as I from '#arch/inst.ts';
import { Abi0 } from '#obj/symbol.ts';
import { describe } from './encode.ts';
import * as Op from './ops.ts';
import { regName } from './registers.ts';

export function replaceIndirectBranches(ctx: AsmContext, fn: AsmFunction): void {
  for (let p: Inst | null = fn.first; p !== null; p = p.next) {
    if (p.op !== Op.CALL && p.op !== Op.JMP) continue;
    if (p.to.kind === I.Reg) p.to = I.callOperand(ctx.symbols.lookup(`runtime.retpoline${regName(p.to.reg)}`, Abi0));
    else if (p.to.kind === I.Mem) ctx.error(p.pos, `non-retpoline-compatible: ${describe(ctx, p)}`);
  }
}
