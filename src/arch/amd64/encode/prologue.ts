/**
 * Frames: the stack check and its slow path behind the function, saving the frame pointer, making room for the locals, the
 * epilogue in place of every RET, and the offsets of locals and parameters, which follow PUSH and POP.
 *
 * Layout, from high addresses: caller's parameters, return address, saved BP, locals, stack pointer. "Frame size" here counts
 * the locals and the saved BP. Source of the rules: GOROOT/src/cmd/internal/obj/x86/obj6.go, internal/abi/stack.go.
 */

import type { AsmContext, AsmFunction, Operand } from '#arch/inst.ts';
import * as I from '#arch/inst.ts';
import { Inst } from '#arch/inst.ts';
import { bug } from '#base/bug.ts';
import type { Pos } from '#base/source.ts';
import { NoPos } from '#base/source.ts';
import * as Attr from '#obj/attributes.ts';
import * as Funcdata from '#obj/funcdata.ts';
import type { FuncInfo, LinkSymbol } from '#obj/symbol.ts';
import { Abi0, AbiInternal } from '#obj/symbol.ts';
import * as Op from './ops.ts';
import * as R from './regs.ts';
import { rewriteInst } from './rewrite.ts';

/** Frames up to this size may lie below the guard (internal/abi/stack.go). */
const StackSmall = 128;
/** Below frames up to this size the stack pointer cannot wrap around. */
const StackBig = 4096;
/** Offsets in runtime.g. */
const StackGuard0 = 16;
const StackGuard1 = 24;
/** Scratch at function entry in both ABIs. */
const EntryTemp = R.R12;
const GReg = R.R14;

/** Inserts instructions one after the other. */
class Inserter {
  readonly fn: AsmFunction;
  at: Inst;

  constructor(fn: AsmFunction, at: Inst) {
    this.fn = fn;
    this.at = at;
  }

  add(op: number, from: Operand, to: Operand): Inst {
    // Instructions that stand for the function as a whole carry the position of what they follow.
    return this.addAt(this.at.pos, op, from, to);
  }

  addAt(pos: Pos, op: number, from: Operand, to: Operand): Inst {
    const q = new Inst(op, pos, from, to);
    this.at = I.insertAfter(this.fn, this.at, q);
    return q;
  }

  pcdata(index: number, value: number): Inst {
    return this.add(Op.PCDATA, I.constOperand(index), I.constOperand(value));
  }
}

function isCall(op: number): boolean {
  return op === Op.CALL || op === Op.DUFFCOPY || op === Op.DUFFZERO;
}

function hasCall(fn: AsmFunction): boolean {
  for (let p: Inst | null = fn.first; p !== null; p = p.next) if (isCall(p.op)) return true;
  return false;
}

/** Runtime functions that need so little stack that calling them does not make a leaf need a check. */
function isSmallRuntimeCall(s: LinkSymbol | null): boolean {
  switch (s?.name) {
    case 'runtime.panicdivide':
    case 'runtime.panicwrap':
    case 'runtime.panicshift':
    case 'runtime.panicBounds':
    case 'runtime.panicExtend':
      return true;
    default:
      return false;
  }
}

function isSmallLeaf(fn: AsmFunction, frame: number): boolean {
  if (frame >= StackSmall) return false;
  for (let p: Inst | null = fn.first; p !== null; p = p.next) {
    if (!isCall(p.op)) continue;
    if (p.op === Op.CALL && !isSmallRuntimeCall(p.to.sym)) return false;
    if (frame >= StackSmall - 8) return false;
  }
  return true;
}

/** Puts g in R14, where ABI0 functions do not have it. */
function loadG(ctx: AsmContext, ins: Inserter): void {
  if (ins.fn.symbol.abi === AbiInternal) return;
  const load = ins.add(Op.MOVQ, I.memOperand(R.TLS, 0), I.regOperand(GReg));
  const next = load.next;
  rewriteInst(ctx, ins.fn, load);
  while (ins.at.next !== next && ins.at.next !== null) ins.at = ins.at.next;
}

/** Compares the lowest address the frame will use with the guard; returns the extra branch of very large frames. */
function compareWithGuard(ins: Inserter, frame: number): Inst | null {
  const guard = I.memOperand(GReg, ins.fn.isCFunc ? StackGuard1 : StackGuard0);
  const sp = I.regOperand(R.SP);
  const temp = I.regOperand(EntryTemp);
  let wrap: Inst | null = null;
  // From the comparison on, an asynchronous preemption would double the stack for nothing (go.dev/issue/35470).
  const unsafe = (): Inst => ins.pcdata(Funcdata.PcdataUnsafePoint, Funcdata.UnsafePointUnsafe);
  if (frame <= StackSmall) {
    ins.add(Op.CMPQ, sp, guard);
    unsafe();
  } else if (frame <= StackBig) {
    ins.add(Op.LEAQ, I.memOperand(R.SP, StackSmall - frame), temp);
    ins.add(Op.CMPQ, temp, guard);
    unsafe();
  } else {
    ins.add(Op.MOVQ, sp, temp);
    unsafe();
    ins.add(Op.SUBQ, I.constOperand(frame - StackSmall), temp);
    wrap = ins.add(Op.JCS, I.noOperand, I.branchOperand);
    ins.add(Op.CMPQ, temp, guard);
  }
  return wrap;
}

function morestackName(fn: AsmFunction): string {
  if (fn.isCFunc) return 'runtime.morestackc';
  return (fn.symbol.attrs & Attr.NeedCtxt) !== 0 ? 'runtime.morestack' : 'runtime.morestack_noctxt';
}

/** Behind the function: save parameters, grow the stack, start over. Returns where the check branches to. */
function addSlowPath(ctx: AsmContext, fn: AsmFunction, frame: number, startPred: Inst): Inst {
  const ins = new Inserter(fn, fn.last);
  const textPos = fn.first.pos;
  // In the address order of code this follows the body, in the logic of the frame it is still the entry.
  const fix = ins.addAt(fn.last.pos, Op.NOP, I.noOperand, I.noOperand);
  fix.spAdjust = -frame;
  ins.addAt(textPos, Op.PCDATA, I.constOperand(Funcdata.PcdataStackMapIndex), I.constOperand(-1));
  const entry = ins.pcdata(Funcdata.PcdataUnsafePoint, Funcdata.UnsafePointUnsafe);
  for (const s of fn.spills) ins.addAt(textPos, s.store, I.regOperand(s.reg), I.memOperand(R.SP, s.offset + 8));
  const target = ctx.symbols.lookup(morestackName(fn), Abi0);
  ins.addAt(textPos, Op.CALL, I.noOperand, I.callOperand(target));
  ins.pcdata(Funcdata.PcdataUnsafePoint, Funcdata.UnsafePointSafe);
  for (const s of fn.spills) ins.addAt(textPos, s.load, I.memOperand(R.SP, s.offset + 8), I.regOperand(s.reg));
  const back = ins.add(Op.JMP, I.noOperand, I.branchOperand);
  back.target = startPred.next;
  back.spAdjust = frame;
  return entry;
}

/** -d=maymorestack: calls a function by the caller's own convention, as the first thing that happens in it. */
function callMayMoreStack(ctx: AsmContext, ins: Inserter, name: string): void {
  const fn = ins.fn;
  const closure = I.regOperand(R.DX);
  const needsContext = (fn.symbol.attrs & Attr.NeedCtxt) !== 0;
  for (const s of fn.spills) ins.add(s.store, I.regOperand(s.reg), I.memOperand(R.SP, s.offset + 8));
  if (needsContext) ins.add(Op.PUSHQ, closure, I.noOperand);
  ins.add(
    Op.CALL,
    I.noOperand,
    I.callOperand(ctx.symbols.lookup(name, fn.symbol.abi === AbiInternal ? AbiInternal : Abi0)),
  );
  if (needsContext) ins.add(Op.POPQ, I.noOperand, closure);
  for (const s of fn.spills) ins.add(s.load, I.memOperand(R.SP, s.offset + 8), I.regOperand(s.reg));
}

function addStackCheck(ctx: AsmContext, ins: Inserter, frame: number): void {
  if (ctx.maymorestack !== undefined && ctx.maymorestack !== '') callMayMoreStack(ctx, ins, ctx.maymorestack);
  const startPred = ins.at;
  loadG(ctx, ins);
  const wrap = compareWithGuard(ins, frame);
  const branch = ins.add(Op.JLS, I.noOperand, I.branchOperand);
  const end = ins.pcdata(Funcdata.PcdataUnsafePoint, Funcdata.UnsafePointSafe);
  const slow = addSlowPath(ctx, ins.fn, frame, startPred);
  branch.target = slow;
  if (wrap !== null) wrap.target = slow;
  ins.at = end;
}

function shifted(o: Operand, delta: number): Operand {
  if (delta === 0) return o;
  if (!I.fitsInt32(o)) bug(`offset of a local variable out of range: ${o.lo}`);
  const v = o.lo + delta;
  return I.changeOperand(o, o.kind, o.name, o.reg, v | 0, v < 0 ? -1 : 0);
}

/** Locals and parameters are named from the frame's ends; code sees them from the stack pointer. */
function fixOperand(o: Operand, auto: number, param: number): Operand {
  if (o.name === I.NameAuto) return shifted(o, auto);
  if (o.name === I.NameParam) return shifted(o, param);
  return o;
}

/** Bytes that p pushes on the stack. */
function pushSize(p: Inst): number {
  switch (p.op) {
    case Op.PUSHL:
    case Op.PUSHFL:
      return 4;
    case Op.PUSHQ:
    case Op.PUSHFQ:
      return 8;
    case Op.PUSHW:
    case Op.PUSHFW:
      return 2;
    case Op.POPL:
    case Op.POPFL:
      return -4;
    case Op.POPQ:
    case Op.POPFQ:
      return -8;
    case Op.POPW:
    case Op.POPFW:
      return -2;
    case Op.ADJSP:
      return p.from.lo;
    default:
      return 0;
  }
}

/** Replaces the RET at p by the epilogue; returns the last instruction of it. */
function expandReturn(fn: AsmFunction, p: Inst, locals: number, bpSize: number): Inst {
  const to = p.to;
  let q = p;
  if (locals + bpSize !== 0) {
    p.to = I.noOperand;
    if (locals !== 0) {
      q.op = Op.ADJSP;
      q.from = I.constOperand(-locals);
      q.spAdjust = -locals;
      q = I.insertAfter(fn, q, new Inst(Op.RET, p.pos, I.noOperand, I.noOperand));
      q.inline = p.inline;
    }
    if (bpSize > 0) {
      q.op = Op.POPQ;
      q.to = I.regOperand(R.BP);
      q.spAdjust = -bpSize;
      q = I.insertAfter(fn, q, new Inst(Op.RET, p.pos, I.noOperand, I.noOperand));
      q.inline = p.inline;
    }
    q.op = Op.RET;
    q.to = to;
    // What follows is reached from elsewhere with the frame in place.
    q.spAdjust = locals + bpSize;
  }
  if (q.to.sym !== null) q.op = Op.JMP;
  return q;
}

function noteStackPointerWrite(ctx: AsmContext, p: Inst, info: FuncInfo): void {
  if (p.to.kind !== I.Reg || p.to.reg !== R.SP || p.op === Op.CMPL || p.op === Op.CMPQ) return;
  if (!ctx.isAsm) bug('compiled code writes the stack pointer');
  info.flags |= Funcdata.FuncFlagSPWrite;
}

/** Follows the stack pointer through the code: operands, pc-sp table, epilogues. */
function layOutFrame(ctx: AsmContext, fn: AsmFunction, info: FuncInfo, locals: number, bpSize: number): void {
  const frame = locals + bpSize;
  let depth = 0;
  for (let p: Inst | null = fn.first; p !== null; p = p.next) {
    const auto = depth - bpSize;
    const param = depth + 8;
    if (p.from.name >= I.NameAuto) p.from = fixOperand(p.from, auto, param);
    if (p.to.name >= I.NameAuto) p.to = fixOperand(p.to, auto, param);
    if (p.rest !== null) for (let i = 0; i < p.rest.length; i++) p.rest[i] = fixOperand(p.rest[i], auto, param);
    if (p.op === Op.RET) {
      if (depth !== frame) ctx.error(p.pos, `${fn.symbol}: unbalanced PUSH/POP`);
      p = expandReturn(fn, p, locals, bpSize);
      continue;
    }
    const pushed = pushSize(p);
    if (pushed !== 0) {
      depth += pushed;
      p.spAdjust = pushed;
    } else if (p.op !== Op.ADJSP) noteStackPointerWrite(ctx, p, info);
  }
}

/** Inserts prologue, stack check and epilogues, and decides NoSplit and NoFrame. */
export function insertPrologue(ctx: AsmContext, fn: AsmFunction, info: FuncInfo): void {
  const symbol = fn.symbol;
  if (fn.first.next === null) return;
  const locals = Math.max(fn.frameSize, 0);
  const noFrame = (symbol.attrs & Attr.NoFrame) !== 0 || (locals === 0 && !hasCall(fn));
  const bpSize = noFrame ? 0 : 8;
  if (noFrame) symbol.attrs |= Attr.NoFrame;
  const frame = locals + bpSize;
  info.args = fn.argsSize;
  info.locals = fn.frameSize + bpSize;
  fn.first.to = new I.Operand(I.TextSize, I.NameNone, 0, 0, 0, info.locals, fn.argsSize, null, 0, '');
  if ((symbol.attrs & Attr.NoSplit) === 0 && isSmallLeaf(fn, frame)) symbol.attrs |= Attr.NoSplit;
  const ins = new Inserter(fn, fn.first);
  if ((symbol.attrs & Attr.NoSplit) === 0) addStackCheck(ctx, ins, frame);
  if (bpSize > 0) {
    ins.add(Op.PUSHQ, I.regOperand(R.BP), I.noOperand);
    ins.add(Op.MOVQ, I.regOperand(R.SP), I.regOperand(R.BP));
  }
  if (frame % 8 !== 0) ctx.error(NoPos, `unaligned stack size ${frame}`);
  if (locals !== 0) {
    const adjust = ins.add(Op.ADJSP, I.constOperand(locals), I.noOperand);
    adjust.spAdjust = locals;
  }
  if (frame !== 0) fn.prologueEnd = ins.at;
  layOutFrame(ctx, fn, info, locals, bpSize);
}
