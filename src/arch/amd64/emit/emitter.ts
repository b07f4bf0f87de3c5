/** State of emission, and what the operations are emitted with: operands, registers, instructions. */
import type { AsmContext, AsmFunction, Operand } from '#arch/inst.ts';
import * as I from '#arch/inst.ts';
import { Inst } from '#arch/inst.ts';
import { bug } from '#base/bug.ts';
import type { Pos } from '#base/source.ts';
import * as Funcdata from '#obj/funcdata.ts';
import * as Kind from '#obj/kinds.ts';
import { Abi0, AbiInternal, type LinkSymbol, newStatic } from '#obj/symbol.ts';
import type { Allocation } from '#ssa/allocation.ts';
import type { Block } from '#ssa/block.ts';
import { SymbolRef } from '#ssa/call.ts';
import type { Frame } from '#ssa/frame.ts';
import { type Func, Slot } from '#ssa/func.ts';
import type { Value } from '#ssa/value.ts';
import * as Asm from '../encode/ops.ts';
import * as R from '../encode/regs.ts';
import { asmRegs } from '../regs.ts';

export class Emitter {
  readonly f: Func;
  readonly ctx: AsmContext;
  readonly fn: AsmFunction;
  readonly alloc: Allocation;
  readonly frame: Frame;
  /** Every instruction is unsafe for asynchronous preemption. */
  readonly allUnsafe: boolean;
  /** Follows ABI0: R14 and X15 hold nothing. */
  readonly abi0: boolean;
  pos: Pos;
  inline: number;
  /** First instruction of a block, by id: a NOP without code. */
  readonly labels: (Inst | null)[];
  /** Constants that have to be loaded without changing the flags, by value id. */
  readonly keepFlags: Uint8Array;
  /** Stack map in force, for PCDATA. */
  stackMap: number;
  /** By block, the symbol of its jump table. */
  readonly jumpTables: Map<number, LinkSymbol>;
  /** Instructions that stand for inlined calls, by node of the inline tree. */
  readonly marks: (Inst | null)[];

  constructor(f: Func, ctx: AsmContext, fn: AsmFunction, alloc: Allocation, frame: Frame, allUnsafe: boolean) {
    this.f = f;
    this.ctx = ctx;
    this.fn = fn;
    this.alloc = alloc;
    this.frame = frame;
    this.allUnsafe = allUnsafe;
    this.abi0 = f.ref.symbol.abi === Abi0;
    this.pos = f.pos;
    this.inline = -1;
    this.labels = new Array(f.numBlocks).fill(null);
    this.keepFlags = new Uint8Array(f.numValues);
    this.stackMap = -1;
    this.jumpTables = new Map();
    this.marks = f.inlineTree.map(() => null);
  }
}

export function add(e: Emitter, op: number, from: Operand, to: Operand): Inst {
  const p = new Inst(op, e.pos, from, to);
  p.inline = e.inline;
  return e.fn.append(p);
}

/** With operands between the first and the last. */
export function add3(e: Emitter, op: number, from: Operand, middle: Operand, to: Operand): Inst {
  const p = add(e, op, from, to);
  p.rest = [middle];
  return p;
}

export function label(e: Emitter): Inst {
  return add(e, Asm.NOP, I.noOperand, I.noOperand);
}

/** A branch; its target may be set later. */
export function branch(e: Emitter, op: number, target: Inst | null): Inst {
  const p = add(e, op, I.noOperand, I.branchOperand);
  p.target = target;
  return p;
}

export function pcdata(e: Emitter, index: number, value: number): void {
  add(e, Asm.PCDATA, I.constOperand(index), I.constOperand(value));
}

/** The assembler's register of a value. */
export function reg(e: Emitter, v: Value): number {
  const r = e.alloc.reg[v.id];
  if (r === undefined || r < 0) return bug(`${e.f.ref.linkName}: ${v} has no register`);
  return asmRegs[r];
}

export function regOf(e: Emitter, v: Value): Operand {
  return I.regOperand(reg(e, v));
}

export function tempReg(e: Emitter, v: Value): number {
  const r = e.alloc.temp[v.id];
  if (r < 0) return bug(`${e.f.ref.linkName}: ${v} has no scratch register`);
  return asmRegs[r];
}

/** Memory at `offset` from a variable of the frame. */
export function slotOperand(e: Emitter, slot: Slot, offset: number): Operand {
  const at = slot.offset + offset;
  return e.frame.slotInArgs[slot.id] ? I.paramOperand(at) : I.autoOperand(at);
}

export function spillOperand(e: Emitter, n: number): Operand {
  const at = e.frame.spillOffset[n];
  return e.frame.spillInArgs[n] ? I.paramOperand(at) : I.autoOperand(at);
}

/** The memory operand of v whose base is argument i, with v's aux and an offset. */
export function mem(e: Emitter, v: Value, i: number, offset: number): Operand {
  const { aux } = v;
  if (aux instanceof SymbolRef) return I.symOperand(aux.symbol, offset);
  if (aux instanceof Slot) return slotOperand(e, aux, offset);
  return I.memOperand(reg(e, v.args[i]), offset);
}

/** The same with argument i + 1 as index. */
export function indexed(e: Emitter, v: Value, i: number, scale: number, offset: number): Operand {
  const index = reg(e, v.args[i + 1]);
  if (v.aux instanceof Slot) {
    const o = slotOperand(e, v.aux, offset);
    return new I.Operand(I.Mem, o.name, 0, index, scale, o.lo, o.hi, null, 0, '');
  }
  if (v.aux !== null) return bug(`${e.f.ref.linkName}: ${v} has a symbol and an index`);
  const base = reg(e, v.args[i]);
  if (index === R.SP) {
    if (scale !== 1) return bug(`${e.f.ref.linkName}: ${v} has the stack pointer as index`);
    return I.indexedOperand(index, base, 1, offset);
  }
  return I.indexedOperand(base, index, scale, offset);
}

/** Calls a symbol of the runtime. */
export function callRuntime(e: Emitter, name: string): void {
  add(e, Asm.CALL, I.noOperand, I.callOperand(e.ctx.symbols.lookup(name, AbiInternal)));
}

export function setStackMap(e: Emitter, v: Value): void {
  const n = e.frame.mapOfCall[v.id];
  if (n < 0 || n === e.stackMap) return;
  pcdata(e, Funcdata.PcdataStackMapIndex, n);
  e.stackMap = n;
}

/** Makes R14 and X15 what ABIInternal wants. */
export function restoreFixedRegisters(e: Emitter): void {
  zeroX15(e);
  add(e, Asm.MOVQ, I.memOperand(R.TLS, 0), I.regOperand(R.R14));
}

/** The table of the block with that number. Only this function refers to it. */
export function jumpTableSymbol(e: Emitter, block: number): LinkSymbol {
  let s = e.jumpTables.get(block);
  if (s === undefined) {
    s = newStatic(`${e.f.ref.symbol.name}.jump${block}`);
    e.jumpTables.set(block, s);
  }
  return s;
}

/** Defines the table of block b. */
export function defineJumpTable(e: Emitter, b: Block, targets: Inst[]): void {
  const s = jumpTableSymbol(e, b.id);
  s.kind = Kind.Rodata;
  s.align = 8;
  s.size = 8 * targets.length;
  s.data = new Uint8Array(s.size);
  s.object = e.ctx.object;
  e.ctx.object.symbols.push(s);
  e.fn.jumpTables.push({ sym: s, targets });
}

export function zeroX15(e: Emitter): void {
  add(e, Asm.XORPS, I.regOperand(R.X15), I.regOperand(R.X15));
}

export function isAbi0(s: LinkSymbol): boolean {
  return s.abi === Abi0;
}
