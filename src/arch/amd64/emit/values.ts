/** Emission of values: by the form of the operation where there is one, by hand where not. */

import type { GoType } from '#abi/gotype.ts';
import * as Kind from '#abi/gotype.ts';
import * as I from '#arch/inst.ts';
import { bug } from '#base/bug.ts';
import * as Funcdata from '#obj/funcdata.ts';
import { Call, type FuncRef } from '#ssa/call.ts';
import * as Op from '#ssa/gen/op.ts';
import type { Value } from '#ssa/value.ts';
import * as Asm from '../encode/ops.ts';
import * as R from '../encode/regs.ts';
import * as A from '../gen/op.ts';
import * as Table from '../op-table.ts';
import { asmOps, forms, operandSizes } from '../ops.ts';
import { emitBlockOperation } from './blocks-of-memory.ts';
import {
  add,
  add3,
  branch,
  callRuntime,
  type Emitter,
  indexed,
  isAbi0,
  jumpTableSymbol,
  label,
  mem,
  pcdata,
  reg,
  regOf,
  restoreFixedRegisters,
  setStackMap,
  spillOperand,
  tempReg,
} from './emitter.ts';

const { constOperand, regOperand, noOperand } = I;

export function emitValue(e: Emitter, v: Value): void {
  e.pos = v.pos;
  e.inline = v.inline;
  if (v.op < Op.Count) {
    emitGeneric(e, v);
    return;
  }
  const form = forms[v.op];
  if (form === Table.Special) emitSpecial(e, v);
  else emitForm(e, v, form);
}

/** The register an operation of this form writes: also of the first element of a tuple. */
function dst(e: Emitter, v: Value): I.Operand {
  return regOf(e, v);
}

/** Operations on a float that leave the upper part of their destination as it is. */
function writesLowPart(op: number): boolean {
  return op === A.SQRTSD || op === A.SQRTSS || op === A.CVTSS2SD || op === A.CVTSD2SS || op === A.ROUNDSD;
}

/** Without this an operation would wait for what was last in its destination: in a loop, for the end of the previous round. */
function breakDependence(e: Emitter, v: Value): void {
  if (reg(e, v) !== reg(e, v.args[0])) add(e, Asm.XORPS, regOf(e, v), regOf(e, v));
}

function emitForm(e: Emitter, v: Value, form: number): void {
  const op = asmOps[v.op];
  switch (form) {
    case Table.Binary:
      add(e, op, regOf(e, v.args[1]), dst(e, v));
      return;
    case Table.BinaryConst:
      if (v.op === A.ANDQconst && v.auxLo >= 0) add(e, Asm.ANDL, constOperand(v.auxLo), dst(e, v));
      else add(e, op, constOperand(v.auxLo), dst(e, v));
      return;
    case Table.Unary:
      add(e, op, noOperand, dst(e, v));
      return;
    case Table.Convert:
      if (writesLowPart(v.op)) breakDependence(e, v);
      add(e, op, regOf(e, v.args[0]), dst(e, v));
      return;
    case Table.ImmediateConvert:
      if (writesLowPart(v.op)) breakDependence(e, v);
      add3(e, op, constOperand(v.auxLo), regOf(e, v.args[0]), dst(e, v));
      return;
    case Table.Compare:
      add(e, op, regOf(e, v.args[0]), regOf(e, v.args[1]));
      return;
    case Table.CompareConst:
      add(e, op, regOf(e, v.args[0]), constOperand(v.auxLo));
      return;
    case Table.TestConst:
      add(e, op, constOperand(v.auxLo), regOf(e, v.args[0]));
      return;
    case Table.Test:
      add(e, op, regOf(e, v.args[1]), regOf(e, v.args[0]));
      return;
    case Table.Load:
      add(e, op, mem(e, v, 0, v.auxLo), dst(e, v));
      return;
    case Table.LoadIndexed:
      add(e, op, indexed(e, v, 0, v.auxHi, v.auxLo), dst(e, v));
      return;
    case Table.Store:
      add(e, op, regOf(e, v.args[1]), mem(e, v, 0, v.auxLo));
      return;
    case Table.StoreIndexed:
      add(e, op, regOf(e, v.args[2]), indexed(e, v, 0, v.auxHi, v.auxLo));
      return;
    case Table.StoreConst:
      add(e, op, constOperand(v.auxHi), mem(e, v, 0, v.auxLo));
      return;
    case Table.BinaryLoad:
      add(e, op, mem(e, v, 1, v.auxLo), dst(e, v));
      return;
    case Table.CompareLoad:
      add(e, op, mem(e, v, 0, v.auxLo), regOf(e, v.args[1]));
      return;
    case Table.CompareConstLoad:
      add(e, op, mem(e, v, 0, v.auxLo), constOperand(v.auxHi));
      return;
    case Table.BinaryLoadIndexed:
      add(e, op, indexed(e, v, 1, v.auxHi, v.auxLo), dst(e, v));
      return;
    case Table.CompareToLoad:
      add(e, op, regOf(e, v.args[0]), mem(e, v, 1, v.auxLo));
      return;
    case Table.CompareLoadIndexed:
      add(e, op, indexed(e, v, 0, v.auxHi, v.auxLo), regOf(e, v.args[2]));
      return;
    case Table.CompareToLoadIndexed:
      add(e, op, regOf(e, v.args[0]), indexed(e, v, 1, v.auxHi, v.auxLo));
      return;
    case Table.CompareConstLoadIndexed:
      add(e, op, indexed(e, v, 0, operandSizes[v.op], v.auxLo), constOperand(v.auxHi));
      return;
    case Table.StoreConstIndexed:
      add(e, op, constOperand(v.auxHi), indexed(e, v, 0, operandSizes[v.op], v.auxLo));
      return;
    case Table.SetCondition:
      add(e, op, noOperand, dst(e, v));
      return;
    case Table.SetStore:
      add(e, op, noOperand, mem(e, v, 0, v.auxLo));
      return;
    case Table.ConditionalMove:
      add(e, op, regOf(e, v.args[1]), dst(e, v));
      return;
    case Table.Address:
      add(e, op, mem(e, v, 0, v.auxLo), dst(e, v));
      return;
    case Table.AddressIndexed:
      emitAddressIndexed(e, v, op);
      return;
    case Table.LockedModify:
      add(e, Asm.LOCK, noOperand, noOperand);
      add(e, op, regOf(e, v.args[1]), mem(e, v, 0, v.auxLo));
      return;
    default:
      bug(`${e.f.ref.linkName}: ${v} has form ${form}`);
  }
}

const scales: ReadonlyMap<number, number> = new Map([
  [A.LEAQ1, 1],
  [A.LEAQ2, 2],
  [A.LEAQ4, 4],
  [A.LEAQ8, 8],
  [A.LEAL1, 1],
  [A.LEAL2, 2],
  [A.LEAL4, 4],
  [A.LEAL8, 8],
]);

/** An address of three parts is slow; the displacement is added by a second one, as the official compiler does. */
function emitAddressIndexed(e: Emitter, v: Value, op: number): void {
  const scale = scales.get(v.op) ?? bug(`no scale of ${v}`);
  if (v.auxLo === 0 || v.aux !== null) {
    add(e, op, indexed(e, v, 0, scale, v.auxLo), dst(e, v));
    return;
  }
  add(e, op, indexed(e, v, 0, scale, 0), dst(e, v));
  add(e, op, I.memOperand(reg(e, v), v.auxLo), dst(e, v));
}

/* ---- Generic operations ---- */

function emitGeneric(e: Emitter, v: Value): void {
  switch (v.op) {
    case Op.Phi:
    case Op.SP:
    case Op.SB:
    case Op.InitMem:
    case Op.ArgIntReg:
    case Op.ArgFloatReg:
    case Op.Select0:
    case Op.Select1:
    case Op.SelectN:
    case Op.MakeResult:
    case Op.VarDef:
    case Op.VarLive:
    case Op.KeepAlive:
      return;
    case Op.Copy:
      if (v.type.kind === Kind.Mem) return;
      emitMove(e, v);
      return;
    case Op.StoreReg:
      add(e, storeOf(v.type), regOf(e, v.args[0]), spillOperand(e, v.auxLo));
      return;
    case Op.LoadReg:
      add(e, loadOf(v.type), spillOperand(e, v.auxLo), regOf(e, v));
      return;
    case Op.InlineMark:
      // The no-op stands in the outer code and carries the call's position.
      e.inline = e.f.inlineTree[v.auxLo].parent;
      e.pos = e.f.inlineTree[v.auxLo].pos;
      e.marks[v.auxLo] = add(e, Asm.XCHGL, regOperand(R.AX), regOperand(R.AX));
      return;
    default:
      bug(`${e.f.ref.linkName}: ${v} ${e.f.target.ops[v.op].name} cannot be emitted`);
  }
}

function emitMove(e: Emitter, v: Value): void {
  const from = reg(e, v.args[0]);
  const to = reg(e, v);
  if (from === to) return;
  const isFloat = to >= R.X0;
  // Whole registers: no dependence on the old contents, short encodings.
  add(e, isFloat ? Asm.MOVUPS : v.type.size <= 4 ? Asm.MOVL : Asm.MOVQ, regOperand(from), regOperand(to));
}

function isFloat(t: GoType): boolean {
  return t.kind === Kind.Float32 || t.kind === Kind.Float64;
}

export function storeOf(t: GoType): number {
  if (isFloat(t)) return t.size === 4 ? Asm.MOVSS : Asm.MOVSD;
  switch (t.size) {
    case 1:
      return Asm.MOVB;
    case 2:
      return Asm.MOVW;
    case 4:
      return Asm.MOVL;
    case 8:
      return Asm.MOVQ;
    default:
      return t.size === 16 ? Asm.MOVUPS : bug(`spill of ${t.linkString}`);
  }
}

export function loadOf(t: GoType): number {
  if (isFloat(t)) return t.size === 4 ? Asm.MOVSS : Asm.MOVSD;
  switch (t.size) {
    case 1:
      return Asm.MOVBLZX;
    case 2:
      return Asm.MOVWLZX;
    case 4:
      return Asm.MOVL;
    case 8:
      return Asm.MOVQ;
    default:
      return t.size === 16 ? Asm.MOVUPS : bug(`spill of ${t.linkString}`);
  }
}

/* ---- Operations by hand ---- */

function emitSpecial(e: Emitter, v: Value): void {
  const op = asmOps[v.op];
  switch (v.op) {
    case A.ADDQ:
    case A.ADDL:
      emitAdd(e, v, op);
      return;
    case A.ADDQconst:
    case A.ADDLconst:
      emitAddConst(e, v, op);
      return;
    case A.MOVLconst:
    case A.MOVQconst:
      emitConst(e, v);
      return;
    case A.MOVSSconst:
    case A.MOVSDconst:
      add(e, op, I.floatOperand(floatBits(v)), regOf(e, v));
      return;
    case A.HMULQ:
    case A.HMULL:
    case A.HMULQU:
    case A.HMULLU:
    case A.MULQU:
    case A.MULQU2:
      add(e, op, regOf(e, v.args[1]), noOperand);
      return;
    case A.DIVQU2:
      add(e, op, regOf(e, v.args[2]), noOperand);
      return;
    case A.DIVQU:
    case A.DIVLU:
    case A.DIVWU:
      add(e, Asm.XORL, regOperand(R.DX), regOperand(R.DX));
      add(e, op, regOf(e, v.args[1]), noOperand);
      return;
    case A.DIVQ:
      emitDivide(e, v, Asm.CMPQ, Asm.NEGQ, Asm.CQO);
      return;
    case A.DIVL:
      emitDivide(e, v, Asm.CMPL, Asm.NEGL, Asm.CDQ);
      return;
    case A.DIVW:
      emitDivide(e, v, Asm.CMPW, Asm.NEGW, Asm.CWD);
      return;
    case A.AVGQU:
      // The carry of the sum is its top bit.
      add(e, Asm.ADDQ, regOf(e, v.args[1]), regOf(e, v));
      add(e, Asm.RCRQ, constOperand(1), regOf(e, v));
      return;
    case A.SBBQcarrymask:
    case A.SBBLcarrymask:
      add(e, op, regOf(e, v), regOf(e, v));
      return;
    case A.POPCNTQ:
    case A.POPCNTL:
      // Some processors wait for the old contents of the destination.
      if (reg(e, v) !== reg(e, v.args[0])) add(e, Asm.XORL, regOf(e, v), regOf(e, v));
      add(e, op, regOf(e, v.args[0]), regOf(e, v));
      return;
    case A.CVTSL2SS:
    case A.CVTSL2SD:
    case A.CVTSQ2SS:
    case A.CVTSQ2SD:
      // Only the low part is written: clearing the register breaks the dependence.
      add(e, Asm.XORPS, regOf(e, v), regOf(e, v));
      add(e, op, regOf(e, v.args[0]), regOf(e, v));
      return;
    case A.VFMADD231SD:
      add3(e, op, regOf(e, v.args[2]), regOf(e, v.args[1]), regOf(e, v));
      return;
    case A.SETEQF:
      emitSetFloat(e, v, Asm.SETPC, Asm.ANDL);
      return;
    case A.SETNEF:
      emitSetFloat(e, v, Asm.SETPS, Asm.ORL);
      return;
    case A.CMOVQNEF:
    case A.CMOVLNEF:
      add(e, op, regOf(e, v.args[1]), regOf(e, v));
      add(e, v.op === A.CMOVQNEF ? Asm.CMOVQPS : Asm.CMOVLPS, regOf(e, v.args[1]), regOf(e, v));
      return;
    case A.CMOVQEQF:
    case A.CMOVLEQF: {
      // Equal and ordered: the old value moves into a copy of the new one if not equal, and that is taken if ordered.
      const t = regOperand(tempReg(e, v));
      const wide = v.op === A.CMOVQEQF;
      add(e, wide ? Asm.MOVQ : Asm.MOVL, regOf(e, v.args[1]), t);
      add(e, op, regOf(e, v), t);
      add(e, wide ? Asm.CMOVQPC : Asm.CMOVLPC, t, regOf(e, v));
      return;
    }
    case A.MOVQconvert:
    case A.SPanchored:
    case A.LoweredGetClosurePtr:
      return;
    case A.LoweredNilCheck:
      if (v.type.kind === Kind.Invalid) return;
      add(e, op, regOperand(R.AX), I.memOperand(reg(e, v.args[0]), 0));
      return;
    case A.JumpTableAddr:
      add(e, Asm.LEAQ, I.symOperand(jumpTableSymbol(e, v.auxLo), 0), regOf(e, v));
      return;
    case A.LoweredGetCallerPC:
      add(e, Asm.MOVQ, I.paramOperand(-8), regOf(e, v));
      return;
    case A.LoweredGetCallerSP:
      add(e, Asm.LEAQ, I.paramOperand(0), regOf(e, v));
      return;
    case A.LoweredGetG:
      if (e.abi0) add(e, Asm.MOVQ, I.memOperand(R.TLS, 0), regOf(e, v));
      else add(e, Asm.MOVQ, regOperand(R.R14), regOf(e, v));
      return;
    case A.PrefetchT0:
    case A.PrefetchNTA:
      add(e, op, I.memOperand(reg(e, v.args[0]), 0), noOperand);
      return;
    default:
      emitCallOrMemory(e, v, op);
  }
}

function emitAdd(e: Emitter, v: Value, op: number): void {
  const r = reg(e, v);
  const a = reg(e, v.args[0]);
  const b = reg(e, v.args[1]);
  if (r === a) add(e, op, regOperand(b), regOperand(r));
  else if (r === b) add(e, op, regOperand(a), regOperand(r));
  else add(e, v.op === A.ADDQ ? Asm.LEAQ : Asm.LEAL, I.indexedOperand(a, b, 1, 0), regOperand(r));
}

function emitAddConst(e: Emitter, v: Value, op: number): void {
  const r = reg(e, v);
  const a = reg(e, v.args[0]);
  const wide = v.op === A.ADDQconst;
  if (r !== a) {
    add(e, wide ? Asm.LEAQ : Asm.LEAL, I.memOperand(a, v.auxLo), regOperand(r));
    return;
  }
  if (v.auxLo === 1) add(e, wide ? Asm.INCQ : Asm.INCL, noOperand, regOperand(r));
  else if (v.auxLo === -1) add(e, wide ? Asm.DECQ : Asm.DECL, noOperand, regOperand(r));
  else if (v.auxLo === 0x80) add(e, wide ? Asm.SUBQ : Asm.SUBL, constOperand(-0x80), regOperand(r));
  else add(e, op, constOperand(v.auxLo), regOperand(r));
}

function emitConst(e: Emitter, v: Value): void {
  const r = regOf(e, v);
  if (v.auxLo === 0 && v.auxHi === 0 && e.keepFlags[v.id] === 0) {
    add(e, Asm.XORL, r, r);
    return;
  }
  if (v.op === A.MOVLconst) {
    add(e, Asm.MOVL, I.const64Operand(v.auxLo, v.auxLo >> 31), r);
    return;
  }
  // A 32-bit move clears the upper half.
  add(e, v.auxHi === 0 ? Asm.MOVL : Asm.MOVQ, I.const64Operand(v.auxLo, v.auxHi), r);
}

const scratch = new DataView(new ArrayBuffer(8));

function floatBits(v: Value): number {
  scratch.setInt32(0, v.auxLo, true);
  scratch.setInt32(4, v.auxHi, true);
  return scratch.getFloat64(0, true);
}

/** IDIV traps on the smallest number by -1: that divisor is told apart unless it cannot be. */
function emitDivide(e: Emitter, v: Value, cmp: number, neg: number, extend: number): void {
  const y = regOf(e, v.args[1]);
  let done: I.Inst | null = null;
  if (v.auxLo !== 1) {
    add(e, cmp, y, constOperand(-1));
    const ordinary = branch(e, Asm.JNE, null);
    add(e, neg, noOperand, regOperand(R.AX));
    add(e, Asm.XORL, regOperand(R.DX), regOperand(R.DX));
    done = branch(e, Asm.JMP, null);
    ordinary.target = label(e);
  }
  add(e, extend, noOperand, noOperand);
  add(e, asmOps[v.op], y, noOperand);
  if (done !== null) done.target = label(e);
}

function emitSetFloat(e: Emitter, v: Value, parity: number, join: number): void {
  const t = regOperand(tempReg(e, v));
  add(e, asmOps[v.op], noOperand, regOf(e, v));
  add(e, parity, noOperand, t);
  add(e, join, t, regOf(e, v));
}

function emitCallOrMemory(e: Emitter, v: Value, op: number): void {
  switch (v.op) {
    case A.CALLstatic:
      emitCallStatic(e, v);
      return;
    case A.CALLtail: {
      const callee = calleeOf(e, v);
      if (e.abi0 && !isAbi0(callee.symbol)) restoreFixedRegisters(e);
      const p = add(e, Asm.RET, noOperand, I.callOperand(callee.symbol));
      p.inline = -1;
      return;
    }
    case A.CALLclosure:
    case A.CALLinter:
      setStackMap(e, v);
      add(e, Asm.CALL, noOperand, regOf(e, v.args[0]));
      return;
    case A.LoweredWB:
      callRuntime(e, `runtime.gcWriteBarrier${v.auxLo}`);
      return;
    case A.LoweredPanicBoundsRR:
    case A.LoweredPanicBoundsRC:
    case A.LoweredPanicBoundsCR:
      emitPanicBounds(e, v);
      return;
    case A.XCHGB:
    case A.XCHGL:
    case A.XCHGQ:
      add(e, op, regOf(e, v), mem(e, v, 1, v.auxLo));
      return;
    case A.XADDLlock:
    case A.XADDQlock:
      add(e, Asm.LOCK, noOperand, noOperand);
      add(e, op, regOf(e, v), mem(e, v, 1, v.auxLo));
      return;
    case A.CMPXCHGLlock:
    case A.CMPXCHGQlock:
      add(e, Asm.LOCK, noOperand, noOperand);
      add(e, op, regOf(e, v.args[2]), mem(e, v, 0, v.auxLo));
      add(e, Asm.SETEQ, noOperand, regOf(e, v));
      return;
    case A.LoweredAtomicAnd64:
    case A.LoweredAtomicOr64:
      emitAtomicLogic(e, v, op, Asm.MOVQ, Asm.CMPXCHGQ);
      return;
    case A.LoweredAtomicAnd32:
    case A.LoweredAtomicOr32:
      emitAtomicLogic(e, v, op, Asm.MOVL, Asm.CMPXCHGL);
      return;
    default:
      if (!emitBlockOperation(e, v)) bug(`${e.f.ref.linkName}: ${v} ${e.f.target.ops[v.op].name} cannot be emitted`);
  }
}

function calleeOf(e: Emitter, v: Value): FuncRef {
  const call = v.aux instanceof Call ? v.aux : bug(`${v} has no call`);
  return call.callee ?? bug(`${e.f.ref.linkName}: ${v} calls nothing`);
}

/** Between the ABIs the registers that ABIInternal fixes are set: after a call of ABI0, before one from it. */
function emitCallStatic(e: Emitter, v: Value): void {
  const callee = calleeOf(e, v);
  const other = isAbi0(callee.symbol);
  if (e.abi0 && !other) restoreFixedRegisters(e);
  setStackMap(e, v);
  add(e, Asm.CALL, noOperand, I.callOperand(callee.symbol));
  if (!e.abi0 && other) restoreFixedRegisters(e);
}

/** PCDATA 4 says where the operands are (contract 5.9). */
function emitPanicBounds(e: Emitter, v: Value): void {
  const code = v.auxLo & 0xff;
  const signed = (v.auxLo & 0x100) !== 0;
  const hardware = (a: Value): number => reg(e, a) - R.AX;
  const xInReg = v.op !== A.LoweredPanicBoundsCR;
  const yInReg = v.op !== A.LoweredPanicBoundsRC;
  const x = xInReg ? hardware(v.args[0]) : v.auxHi;
  const y = !yInReg ? v.auxHi : hardware(v.args[xInReg ? 1 : 0]);
  let c = (xInReg ? 1 : 0) | (yInReg ? 2 : 0);
  if (xInReg) c |= (signed ? 4 : 0) | (x << 3);
  else c |= x << 2;
  c |= y << 7;
  setStackMap(e, v);
  pcdata(e, Funcdata.PcdataPanicBounds, code + 9 * c);
  callRuntime(e, 'runtime.panicBounds');
  pcdata(e, Funcdata.PcdataPanicBounds, -1);
}

/** A loop around compare-and-exchange, for the old value: unsafe to interrupt, the address is only in a register. */
function emitAtomicLogic(e: Emitter, v: Value, op: number, move: number, exchange: number): void {
  const ax = regOperand(R.AX);
  const t = regOperand(tempReg(e, v));
  const place = mem(e, v, 0, v.auxLo);
  if (!e.allUnsafe) pcdata(e, Funcdata.PcdataUnsafePoint, Funcdata.UnsafePointUnsafe);
  const again = add(e, move, regOf(e, v.args[1]), t);
  add(e, move, place, ax);
  add(e, op, ax, t);
  add(e, Asm.LOCK, noOperand, noOperand);
  add(e, exchange, t, place);
  branch(e, Asm.JNE, again);
  if (!e.allUnsafe) pcdata(e, Funcdata.PcdataUnsafePoint, Funcdata.UnsafePointSafe);
}
