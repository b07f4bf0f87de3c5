/**
 * Under -dynlink, accesses of global symbols go through the global offset table and leave an address in R15 (got.ts). Code
 * that reads R15 afterwards, on any path before it is written again, is an error.
 */

import type { AsmContext, AsmFunction, Inst, Operand } from '#arch/inst.ts';
import * as I from '#arch/inst.ts';
import * as Attr from '#obj/attributes.ts';
import { describe } from './encode.ts';
import * as Op from './ops.ts';
import * as R from './regs.ts';
import { opName, opNumber } from './rows.ts';

const Reached = 1;

function isR15(reg: number): boolean {
  return reg === R.R15 || reg === R.R15B;
}

function mentions(o: Operand): boolean {
  return isR15(o.reg) || isR15(o.index);
}

function isGlobal(o: Operand): boolean {
  return o.name === I.NameExtern && (o.sym === null || (o.sym.attrs & Attr.Local) === 0);
}

function third(p: Inst): Operand {
  return p.rest === null ? I.noOperand : p.rest[0];
}

function usesGlobal(p: Inst): boolean {
  switch (p.op) {
    case Op.CALL:
    case Op.TEXT:
    case Op.FUNCDATA:
    case Op.RET:
    case Op.JMP:
    // The address goes straight to the destination.
    case Op.LEAQ:
      return false;
    default:
      return isGlobal(p.from) || isGlobal(p.to) || isGlobal(third(p));
  }
}

/** Instructions that write their destination without reading it. */
const pureWrites =
  'POPW POPL POPQ LEAL LEAQ IMUL3W IMUL3L IMUL3Q PEXTRB PEXTRW PEXTRD PEXTRQ VPEXTRB VPEXTRW VPEXTRD VPEXTRQ EXTRACTPS ' +
  'BSFW BSFL BSFQ BSRW BSRL BSRQ POPCNTW POPCNTL POPCNTQ LZCNTW LZCNTL LZCNTQ SHLXL SHLXQ SHRXL SHRXQ SARXL SARXQ';

let pureWriteSet: Set<number> | null = null;

function writesOnly(p: Inst): boolean {
  pureWriteSet ??= new Set(pureWrites.split(' ').map(opNumber));
  if (pureWriteSet.has(p.op)) return true;
  const name = opName(p.op);
  return name.startsWith('MOV') || name.startsWith('PMOV');
}

function isMulx(p: Inst): boolean {
  return p.op === Op.MULXL || p.op === Op.MULXQ;
}

/** XORL R, R does not depend on R. */
function isClear(p: Inst): boolean {
  if (p.op !== Op.XORL && p.op !== Op.XORQ) return false;
  return p.from.kind === I.Reg && p.to.kind === I.Reg && p.from.reg === p.to.reg;
}

function isR15Operand(o: Operand): boolean {
  return o.kind === I.Reg && isR15(o.reg);
}

function reads(p: Inst): boolean {
  const clear = isClear(p);
  const t = third(p);
  if (isR15Operand(p.from) && !clear) return true;
  if (isR15Operand(p.to) && !clear && !writesOnly(p) && !isMulx(p)) return true;
  if (isR15Operand(t) && !isMulx(p)) return true;
  const addresses = [p.from, p.to, t];
  return addresses.some((o) => o.kind === I.Mem && mentions(o));
}

function writes(p: Inst): boolean {
  return isR15Operand(p.to) || (isMulx(p) && isR15Operand(third(p)));
}

/** Where control goes after p: the next instruction and the branch target, pushed if not seen before. */
function pushSuccessors(p: Inst, work: Inst[]): void {
  const target = p.target;
  if (target !== null && (target.mark & Reached) === 0) {
    target.mark |= Reached;
    work.push(target);
  }
  if (p.op === Op.JMP || p.op === Op.RET) return;
  const next = p.next;
  if (next !== null && (next.mark & Reached) === 0) {
    next.mark |= Reached;
    work.push(next);
  }
}

/** Reports the first use of a clobbered R15 in fn. */
export function checkR15(ctx: AsmContext, fn: AsmFunction): void {
  const work: Inst[] = [];
  let mentioned = false;
  for (let p: Inst | null = fn.first; p !== null; p = p.next) {
    p.mark = 0;
    if (usesGlobal(p)) {
      p.mark = Reached;
      work.push(p);
    }
    if (mentions(p.from) || mentions(p.to) || mentions(third(p))) mentioned = true;
  }
  if (!mentioned) return;
  for (let p = work.pop(); p !== undefined; p = work.pop()) {
    if (reads(p)) {
      const where = ctx.describePosition(p.pos);
      const file = where.slice(where.lastIndexOf('/') + 1);
      const what = 'when dynamic linking, R15 is clobbered by a global variable access and is used here';
      ctx.error(p.pos, `${file}: ${what}: ${describe(ctx, p)}`);
      return;
    }
    if (!writes(p)) pushSuccessors(p, work);
  }
}
