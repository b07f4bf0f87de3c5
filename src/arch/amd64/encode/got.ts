/** Global symbols through the global offset table (-dynlink); R15 is the scratch register that holds the symbol's address. */

import type { AsmContext, AsmFunction, Operand } from '#arch/inst.ts';
import * as I from '#arch/inst.ts';
import { Inst } from '#arch/inst.ts';
import * as Attr from '#obj/attributes.ts';
import { AbiInternal } from '#obj/symbol.ts';
import { describe } from './encode.ts';
import * as Op from './ops.ts';
import * as R from './regs.ts';

function isGlobal(o: Operand): boolean {
  return o.name === I.NameExtern && o.sym !== null && (o.sym.attrs & Attr.Local) === 0;
}

function gotOperand(o: Operand): Operand {
  return new I.Operand(I.Mem, I.NameGotRef, 0, 0, 0, 0, 0, o.sym, 0, '');
}

/** The same operand relative to the address in R15. */
function throughR15(o: Operand): Operand {
  return new I.Operand(o.kind, I.NameNone, R.R15, o.index, o.scale, o.lo, o.hi, null, 0, '');
}

function follow(fn: AsmFunction, p: Inst, op: number, from: Operand, to: Operand): Inst {
  const q = new Inst(op, p.pos, from, to);
  q.inline = p.inline;
  return I.insertAfter(fn, p, q);
}

function rewriteDuff(ctx: AsmContext, fn: AsmFunction, p: Inst): void {
  const name = p.op === Op.DUFFZERO ? 'runtime.duffzero' : 'runtime.duffcopy';
  const offset = p.to.lo;
  p.op = Op.MOVQ;
  p.from = new I.Operand(I.Mem, I.NameGotRef, 0, 0, 0, 0, 0, ctx.symbols.lookup(name, AbiInternal), 0, '');
  p.to = I.regOperand(R.R15);
  const q = follow(fn, p, Op.LEAQ, I.memOperand(R.R15, offset), I.regOperand(R.R15));
  follow(fn, q, Op.CALL, I.noOperand, I.regOperand(R.R15));
}

/** The address of a global symbol comes from its table entry. */
function rewriteAddress(ctx: AsmContext, fn: AsmFunction, p: Inst): void {
  if (p.to.kind !== I.Reg || p.op !== Op.MOVQ) {
    ctx.error(p.pos, `do not know how to handle LEA-type insn to non-register in ${describe(ctx, p)} with -dynlink`);
  }
  const offset = p.from;
  p.from = gotOperand(p.from);
  if (offset.lo === 0 && offset.hi === 0) return;
  const base = new I.Operand(I.Mem, I.NameNone, p.to.reg, 0, 0, offset.lo, offset.hi, null, 0, '');
  follow(fn, p, Op.LEAQ, base, p.to);
}

function needsNoTable(op: number): boolean {
  return op === Op.CALL || op === Op.TEXT || op === Op.FUNCDATA || op === Op.RET || op === Op.JMP;
}

export function rewriteForGot(ctx: AsmContext, fn: AsmFunction, p: Inst): void {
  if (p.op === Op.DUFFZERO || p.op === Op.DUFFCOPY) {
    rewriteDuff(ctx, fn, p);
    return;
  }
  if (p.op === Op.LEAQ && p.from.kind === I.Mem && isGlobal(p.from)) {
    p.op = Op.MOVQ;
    p.from = I.changeOperand(p.from, I.Addr, p.from.name, p.from.reg, p.from.lo, p.from.hi);
  }
  if (p.from.kind === I.Addr && isGlobal(p.from)) {
    rewriteAddress(ctx, fn, p);
    return;
  }
  const third = p.rest === null ? null : p.rest[0];
  if (p.rest !== null) {
    for (let i = 1; i < p.rest.length; i++) {
      if (isGlobal(p.rest[i])) ctx.error(p.pos, `don't know how to handle ${describe(ctx, p)} with -dynlink`);
    }
  }
  const inFrom = isGlobal(p.from);
  const inTo = isGlobal(p.to);
  const inThird = third !== null && isGlobal(third);
  if (inFrom && inTo) {
    ctx.error(p.pos, `cannot handle NAME_EXTERN on both sides in ${describe(ctx, p)} with -dynlink`);
  }
  if ((inFrom || inTo) && inThird) {
    ctx.error(p.pos, `cannot handle NAME_EXTERN on multiple operands in ${describe(ctx, p)} with -dynlink`);
  }
  if (!inFrom && !inTo && !inThird) return;
  if (needsNoTable(p.op)) return;
  const source = inFrom ? p.from : inTo || third === null ? p.to : third;
  if (source.kind !== I.Mem) ctx.error(p.pos, `don't know how to handle ${describe(ctx, p)} with -dynlink`);
  const load = follow(fn, p, Op.MOVQ, gotOperand(source), I.regOperand(R.R15));
  const use = follow(fn, load, p.op, p.from, p.to);
  use.suffix = p.suffix;
  use.target = p.target;
  use.rest = p.rest === null ? null : p.rest.slice();
  if (inFrom) use.from = throughR15(p.from);
  else if (inTo) use.to = throughR15(p.to);
  else if (use.rest !== null) use.rest[0] = throughR15(source);
  p.op = Op.NOP;
  p.from = I.noOperand;
  p.to = I.noOperand;
  p.rest = null;
  p.suffix = 0;
}
