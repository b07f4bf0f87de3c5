/**
 * Brings instructions to the forms that the encoding tables know, before frames are laid out: thread-local storage, calls of
 * symbols, address constants, floating-point constants, and under -dynlink accesses through the global offset table.
 * Source of the conventions: GOROOT/src/cmd/internal/obj/x86/obj6.go.
 */

import { float32Symbol, float64Symbol } from '#arch/constants.ts';
import type { AsmContext, AsmFunction, Operand } from '#arch/inst.ts';
import * as I from '#arch/inst.ts';
import { Inst } from '#arch/inst.ts';
import { Abi0 } from '#obj/symbol.ts';
import { rewriteForGot } from './got.ts';
import * as Op from './ops.ts';
import * as R from './regs.ts';

/** True where a thread-local word is one access relative to FS; otherwise its base is loaded first. */
export function directTls(ctx: AsmContext): boolean {
  if (ctx.goos === 'linux' || ctx.goos === 'freebsd') return !ctx.shared;
  return ctx.goos !== 'android' && ctx.goos !== 'plan9' && ctx.goos !== 'windows';
}

function isGeneralReg(r: number): boolean {
  return r >= R.AX && r <= R.R15;
}

/** off(reg)(TLS*1) to off(TLS). */
function foldTlsIndex(o: Operand): Operand {
  if (o.kind !== I.Mem || o.index !== R.TLS || !isGeneralReg(o.reg)) return o;
  return new I.Operand(I.Mem, o.name, R.TLS, 0, 0, o.lo, o.hi, o.sym, 0, o.text);
}

/** Makes a no-op of p, keeping its place as a branch target. */
export function makeNop(p: Inst): void {
  p.op = Op.NOP;
  p.from = I.noOperand;
  p.rest = null;
  p.to = I.noOperand;
  p.suffix = 0;
}

function isMove(op: number): boolean {
  return op === Op.MOVQ || op === Op.MOVL;
}

function rewriteTls(ctx: AsmContext, fn: AsmFunction, p: Inst): void {
  const toGeneral = p.to.kind === I.Reg && isGeneralReg(p.to.reg);
  const loadsBase = isMove(p.op) && p.from.kind === I.Reg && p.from.reg === R.TLS && toGeneral;
  if (directTls(ctx)) {
    // The address of thread-local storage is never needed.
    if (loadsBase) makeNop(p);
    p.from = foldTlsIndex(p.from);
    p.to = foldTlsIndex(p.to);
  } else if (isMove(p.op) && p.from.kind === I.Mem && p.from.reg === R.TLS && toGeneral) {
    // MOVQ 0(TLS), R becomes MOVQ TLS, R; MOVQ 0(R)(TLS*2), R.
    const q = new Inst(p.op, p.pos, p.from, p.to);
    q.inline = p.inline;
    q.from = new I.Operand(I.Mem, p.from.name, p.to.reg, R.TLS, 2, p.from.lo, p.from.hi, p.from.sym, 0, p.from.text);
    I.insertAfter(fn, p, q);
    p.from = I.regOperand(R.TLS);
  }
  if (ctx.goos === 'windows' || ctx.goos === 'android') rewriteTlsSlot(ctx, fn, p);
}

/** Windows and Android keep the offset of the thread-local slot in runtime.tls_g. */
function rewriteTlsSlot(ctx: AsmContext, fn: AsmFunction, p: Inst): void {
  const toGeneral = p.to.kind === I.Reg && isGeneralReg(p.to.reg);
  if (isMove(p.op) && p.from.kind === I.Reg && p.from.reg === R.TLS && toGeneral) {
    p.from = I.symOperand(ctx.symbols.lookup('runtime.tls_g', Abi0), 0);
    if (ctx.goos === 'windows') {
      const q = new Inst(p.op, p.pos, I.indexedOperand(p.to.reg, R.GS, 1, 0), p.to);
      q.inline = p.inline;
      I.insertAfter(fn, p, q);
    }
  }
  if (ctx.goos !== 'windows') return;
  if (p.from.index === R.TLS && p.from.scale === 1) p.from = withScale(p.from, 2);
  if (p.to.index === R.TLS && p.to.scale === 1) p.to = withScale(p.to, 2);
}

function withScale(o: Operand, scale: number): Operand {
  return new I.Operand(o.kind, o.name, o.reg, o.index, scale, o.lo, o.hi, o.sym, o.float, o.text);
}

function isZeroFloat(o: Operand): boolean {
  return o.kind === I.FloatConst && Object.is(o.float, 0);
}

function isLowVector(o: Operand): boolean {
  return o.kind === I.Reg && o.reg >= R.X0 && o.reg <= R.X15;
}

function rewriteFloat(ctx: AsmContext, p: Inst): void {
  if (p.from.kind !== I.FloatConst) return;
  switch (p.op) {
    case Op.MOVSS:
    case Op.VMOVSS:
    case Op.MOVSD:
    case Op.VMOVSD:
      if (isZeroFloat(p.from) && isLowVector(p.to)) {
        p.op = Op.XORPS;
        p.from = p.to;
        return;
      }
      p.from =
        p.op === Op.MOVSS || p.op === Op.VMOVSS
          ? I.symOperand(float32Symbol(ctx, p.from.float), 0)
          : I.symOperand(float64Symbol(ctx, p.from.float), 0);
      return;
    case Op.FMOVF:
    case Op.FADDF:
    case Op.FSUBF:
    case Op.FSUBRF:
    case Op.FMULF:
    case Op.FDIVF:
    case Op.FDIVRF:
    case Op.FCOMF:
    case Op.FCOMFP:
    case Op.ADDSS:
    case Op.SUBSS:
    case Op.MULSS:
    case Op.DIVSS:
    case Op.COMISS:
    case Op.UCOMISS:
      p.from = I.symOperand(float32Symbol(ctx, p.from.float), 0);
      return;
    case Op.FMOVD:
    case Op.FADDD:
    case Op.FSUBD:
    case Op.FSUBRD:
    case Op.FMULD:
    case Op.FDIVD:
    case Op.FDIVRD:
    case Op.FCOMD:
    case Op.FCOMDP:
    case Op.ADDSD:
    case Op.SUBSD:
    case Op.MULSD:
    case Op.DIVSD:
    case Op.COMISD:
    case Op.UCOMISD:
      p.from = I.symOperand(float64Symbol(ctx, p.from.float), 0);
      return;
    default:
  }
}

function asKind(o: Operand, kind: number): Operand {
  return I.changeOperand(o, kind, o.name, o.reg, o.lo, o.hi);
}

/** Rewrites one instruction; instructions it inserts follow p and are rewritten in their turn. */
export function rewriteInst(ctx: AsmContext, fn: AsmFunction, p: Inst): void {
  if (p.from.reg === R.TLS || p.from.index === R.TLS || p.to.index === R.TLS) rewriteTls(ctx, fn, p);
  switch (p.op) {
    case Op.CMPPD:
    case Op.CMPPS:
    case Op.CMPSD:
    case Op.CMPSS:
      // A bare number as third operand is the predicate.
      if (p.to.kind === I.Mem && p.to.name === I.NameNone && p.to.reg === 0 && p.to.index === 0 && p.to.sym === null) {
        p.to = asKind(p.to, I.Const);
      }
      break;
    case Op.CALL:
    case Op.JMP:
    case Op.RET:
      if (p.to.kind === I.Mem && (p.to.name === I.NameExtern || p.to.name === I.NameStatic) && p.to.sym !== null) {
        p.to = asKind(p.to, I.Branch);
      }
      break;
    case Op.MOVL:
    case Op.MOVQ:
      if (p.from.kind === I.Addr) {
        p.op = p.op === Op.MOVL ? Op.LEAL : Op.LEAQ;
        p.from = asKind(p.from, I.Mem);
      }
      break;
    default:
  }
  rewriteFloat(ctx, p);
  if (ctx.dynlink) rewriteForGot(ctx, fn, p);
}

export function rewriteFunction(ctx: AsmContext, fn: AsmFunction): void {
  for (let p: Inst | null = fn.first; p !== null; p = p.next) rewriteInst(ctx, fn, p);
}
