/**
 * The stack pointer as an operand of operations that want it in a particular other register (block moves to the area of
 * outgoing arguments): they get LEAQ (SP), which register allocation makes again where it is needed, so that no copy of the
 * stack pointer lives across a call that could move the stack.
 */

import type { Func } from '#ssa/func.ts';
import * as Op from '#ssa/gen/op.ts';
import * as A from './gen/op.ts';
import { amd64 } from './target.ts';

/** Runs on lowered code, before it is scheduled. */
export function moveStackPointerArgs(f: Func): void {
  for (const b of f.blocks) {
    const n = b.values.length;
    for (let i = 0; i < n; i++) {
      const v = b.values[i];
      const inputs = amd64.ops[v.op].registers?.inputs ?? [];
      for (let k = 0; k < inputs.length && k < v.args.length; k++) {
        const mask = inputs[k];
        const a = v.args[k];
        if (mask === null || (a.op !== Op.SP && a.op !== amd64.anchoredStackPointerOp)) continue;
        if ((mask.lo & (1 << amd64.stackPointer)) === 0)
          v.setArg(k, f.newValue1(b, A.LEAQ, a.type, v.pos, a, v.inline));
      }
    }
  }
}
