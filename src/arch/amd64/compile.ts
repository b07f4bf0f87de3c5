/** From the SSA form after the middle's passes to a finished text symbol. */

import { interfaceMethodOffset } from '#abi/descriptor.ts';
import * as I from '#arch/inst.ts';
import { type AsmContext, AsmFunction, type InlineMark } from '#arch/inst.ts';
import { bug } from '#base/bug.ts';
import type { Pos } from '#base/source.ts';
import * as Attr from '#obj/attributes.ts';
import * as Funcdata from '#obj/funcdata.ts';
import * as SymbolKind from '#obj/kinds.ts';
import * as Reloc from '#obj/reloc-types.ts';
import { Abi0, AbiInternal, addReloc, ensureFunc, type InlineNode, type LinkSymbol } from '#obj/symbol.ts';
import type { Allocation } from '#ssa/allocation.ts';
import * as B from '#ssa/block.ts';
import * as C from '#ssa/call.ts';
import { splitCriticalEdges } from '#ssa/critical.ts';
import { allocateFlags } from '#ssa/flagalloc.ts';
import { type Frame, layOutFrame } from '#ssa/frame.ts';
import { type Func, type Slot, SlotLocal } from '#ssa/func.ts';
import * as Op from '#ssa/gen/op.ts';
import { layOutBlocks } from '#ssa/layout.ts';
import { lower } from '#ssa/lower.ts';
import { postorder } from '#ssa/postorder.ts';
import { allocateRegisters } from '#ssa/regalloc.ts';
import { schedule } from '#ssa/schedule.ts';
import { emptyBlock, phisToCopies } from '#ssa/surgery.ts';
import type { Value } from '#ssa/value.ts';
import { type ArgLiveness, argLiveness } from './emit/arg-liveness.ts';
import { emitBlockEnd, type PendingJump } from './emit/branches.ts';
import { add, defineJumpTable, Emitter, label, pcdata, slotOperand, zeroX15 } from './emit/emitter.ts';
import { writeFuncdata } from './emit/funcdata.ts';
import { emitValue, loadOf, storeOf } from './emit/values.ts';
import { assembleFunction } from './encode/assemble.ts';
import * as Asm from './encode/ops.ts';
import * as R from './encode/regs.ts';
import * as A from './gen/op.ts';
import { mergeLoads } from './merge-loads.ts';
import { asmRegs, floatArgs, intArgs } from './regs.ts';
import { moveStackPointerArgs } from './stack-pointer-args.ts';
import { amd64 } from './target.ts';

/** What code generation needs of the compilation around it. */
export interface CodeContext {
  readonly asm: AsmContext;
  readonly options: CodeOptions;
  /** The code of this package is never interrupted asynchronously (contract 2.1). */
  isRuntimePackage(pkgPath: string): boolean;
  /** Where the file of a position begins. */
  readonly fileStart?: (pos: Pos) => Pos;
}

/** Allocated, laid out code before emission; what tests look at. */
export interface MachineCode {
  readonly allocation: Allocation;
  readonly frame: Frame;
}

/** Looks at the function on its way. */
export interface CodeOptions {
  /** Called after every pass; from register allocation on with what it has decided. */
  readonly dump: ((f: Func, pass: string, allocation: Allocation | null) => void) | null;
  /** Called with the finished code. */
  readonly list: ((f: Func, fn: AsmFunction, asm: AsmContext) => void) | null;
}

export const plainCode: CodeOptions = { dump: null, list: null };

/** The passes of code generation up to register allocation. */
const passes: readonly { readonly name: string; readonly fn: (f: Func, fileStart: (pos: Pos) => Pos) => void }[] = [
  { name: 'reachable', fn: removeUnreachable },
  { name: 'lower', fn: lower },
  { name: 'stack pointer arguments', fn: moveStackPointerArgs },
  { name: 'critical edges', fn: splitCriticalEdges },
  { name: 'schedule', fn: (f, fileStart) => schedule(f, amd64, fileStart) },
  { name: 'flags', fn: (f) => allocateFlags(f, amd64) },
  { name: 'merge loads', fn: mergeLoads },
];

/** `fileStart` tells where the file of a position begins. */
export function generate(
  f: Func,
  options: CodeOptions = plainCode,
  fileStart: (pos: Pos) => Pos = () => 0,
): MachineCode {
  for (const p of passes) {
    p.fn(f, fileStart);
    options.dump?.(f, p.name, null);
  }
  const allocation = allocateRegisters(f, amd64);
  options.dump?.(f, 'registers', allocation);
  const frame = layOutFrame(f, amd64, allocation);
  return { allocation, frame };
}

/** The landing of recovery is made by emission, so its block goes, too. */
function removeUnreachable(f: Func): void {
  const reachable = new Uint8Array(f.numBlocks);
  for (const b of postorder(f)) reachable[b.id] = 1;
  let n = 0;
  for (const b of f.blocks) if (reachable[b.id] === 0) emptyBlock(b);
  for (const b of f.blocks) if (reachable[b.id] === 1) f.blocks[n++] = b;
  for (const b of f.blocks) phisToCopies(b);
  f.blocks.length = n;
}

export function compileBody(f: Func, ctx: CodeContext): LinkSymbol {
  return emitFunction(f, ctx, generate(f, ctx.options, ctx.fileStart));
}

export function emitFunction(f: Func, ctx: CodeContext, code: MachineCode): LinkSymbol {
  const { allocation, frame } = code;
  const { symbol } = f.ref;
  if (symbol.kind !== SymbolKind.Undefined) bug(`${symbol} is compiled twice`);
  const asm = ctx.asm;
  setAttributes(f, symbol);
  const fn = new AsmFunction(symbol, f.pos, frame.size, frame.argsSize);
  const noSplit = (f.ref.flags & C.Nosplit) !== 0;
  const allUnsafe = noSplit || ctx.isRuntimePackage(f.ref.pkgPath) || hasWriteBarrier(f);
  const e = new Emitter(f, asm, fn, allocation, frame, allUnsafe);
  if (allUnsafe) pcdata(e, Funcdata.PcdataUnsafePoint, Funcdata.UnsafePointUnsafe);
  addSpills(e);
  zeroFrame(e);
  const argLive = argLiveness(f, frame);
  const landed = emitBlocks(e, argLive);
  if (f.hasDefer && !landed) emitLanding(e);
  keepReturnInside(e);
  const info = ensureFunc(symbol);
  info.funcId = Funcdata.funcIdOf(symbol.name, isWrapper(f));
  if (isTopFrame(symbol.name)) info.flags |= Funcdata.FuncFlagTopFrame;
  info.startLine = asm.positions.lineOf(f.pos);
  fn.inlineMarks = inlineTree(e);
  info.inlineTree = fn.inlineMarks.map((m) => m.node);
  if (!assembleFunction(asm, fn)) bug(`${symbol} cannot be assembled`);
  ctx.options.list?.(f, fn, asm);
  symbol.kind = SymbolKind.Text;
  symbol.object = asm.object;
  asm.object.symbols.push(symbol);
  writeFuncdata(asm, f, frame, argLive, info);
  markInterfaceCalls(e);
  for (const d of f.usedInInterface) addReloc(symbol, 0, 0, Reloc.UseIface, d, 0);
  for (const n of f.methodNameSymbols) addReloc(symbol, 0, 0, Reloc.UseNamedMethod, n, 0);
  return symbol;
}

function setAttributes(f: Func, s: LinkSymbol): void {
  const { flags } = f.ref;
  if ((flags & C.Nosplit) !== 0) s.attrs |= Attr.NoSplit;
  if (isWrapper(f)) s.attrs |= Attr.Wrapper;
  if ((flags & C.AbiWrapper) !== 0) s.attrs |= Attr.AbiWrapper;
  if ((flags & C.DupOk) !== 0) s.attrs |= Attr.DupOk;
  if ((flags & C.ReflectMethod) !== 0) s.attrs |= Attr.ReflectMethod;
  if ((flags & C.PkgInit) !== 0) s.attrs |= Attr.PkgInit;
  if ((flags & C.Linkname) !== 0) s.attrs |= Attr.Linkname;
  if (f.needsContext) s.attrs |= Attr.NeedCtxt;
}

/** Frames that recover does not count: generated ones, and those through which reflection calls (cmd/compile/internal/ir/abi.go). */
function isWrapper(f: Func): boolean {
  if ((f.ref.flags & (C.Wrapper | C.AbiWrapper)) !== 0) return true;
  const { name } = f.ref.symbol;
  return name === 'runtime.reflectcall' || name === 'reflect.callReflect' || name === 'reflect.callMethod';
}

/** Tracebacks end at these (cmd/internal/obj/plist.go). */
function isTopFrame(name: string): boolean {
  return name === 'runtime.goexit' || name === 'runtime.mstart' || name === 'runtime.rt0_go';
}

function hasWriteBarrier(f: Func): boolean {
  for (const b of f.blocks) for (const v of b.values) if (v.op === A.LoweredWB) return true;
  return false;
}

/** Register parameters, for the path that grows the stack. */
function addSpills(e: Emitter): void {
  const params = e.f.assignment?.params ?? [];
  for (const p of params) {
    for (const piece of p.pieces) {
      const reg = asmRegs[piece.isFloat ? floatArgs[piece.index] : intArgs[piece.index]];
      const offset = p.offset + piece.offset;
      e.fn.spills.push({ reg, offset, store: storeOf(piece.type), load: loadOf(piece.type) });
    }
  }
}

/** Variables that hold pointers before they are first written (contract 3.6). */
function zeroFrame(e: Emitter): void {
  if (e.frame.zero.length === 0) return;
  if (e.abi0) zeroX15(e);
  for (const z of e.frame.zero) {
    const at = (offset: number): I.Operand =>
      z.inArgs ? I.paramOperand(z.offset + offset) : I.autoOperand(z.offset + offset);
    if (z.size >= 512) {
      zeroLarge(e, at(0), z.size);
      continue;
    }
    let o = 0;
    for (; o + 16 <= z.size; o += 16) add(e, Asm.MOVUPS, I.regOperand(R.X15), at(o));
    for (; o + 8 <= z.size; o += 8) add(e, Asm.MOVQ, I.constOperand(0), at(o));
    for (; o < z.size; o++) add(e, Asm.MOVB, I.constOperand(0), at(o));
  }
}

/** A loop from the end down, with R12 and R13: neither carries an argument. */
function zeroLarge(e: Emitter, base: I.Operand, size: number): void {
  const r12 = I.regOperand(R.R12);
  const r13 = I.regOperand(R.R13);
  const words = Math.floor(size / 8);
  add(e, Asm.LEAQ, base, r12);
  add(e, Asm.MOVL, I.constOperand(words), r13);
  const head = add(e, Asm.MOVQ, I.constOperand(0), I.indexedOperand(R.R12, R.R13, 8, -8));
  add(e, Asm.DECQ, I.noOperand, r13);
  const back = add(e, Asm.JNE, I.noOperand, I.branchOperand);
  back.target = head;
  for (let o = words * 8; o < size; o++) add(e, Asm.MOVB, I.constOperand(0), I.memOperand(R.R12, o));
}

/** Constants made while the flags are needed must not be made by XOR. */
function markFlags(e: Emitter, b: B.Block): void {
  const { ops } = amd64;
  const isFlags = (v: Value): boolean => v.type === e.f.types.flags;
  let live = b.controls.some(isFlags);
  for (let i = b.values.length - 1; i >= 0; i--) {
    const v = b.values[i];
    if (live && (v.op === A.MOVLconst || v.op === A.MOVQconst)) e.keepFlags[v.id] = 1;
    if (v.op === Op.Select0 || v.op === Op.Select1) continue;
    if (isFlags(v) || (v.type.tuple.length === 2 && v.type.tuple[1] === e.f.types.flags)) live = false;
    else if (live && ops[v.op].registers?.clobbersFlags === true && !v.args.some(isFlags))
      bug(`${e.f.ref.linkName}: ${v} ${ops[v.op].name} destroys flags that are needed`);
    if (v.args.some(isFlags)) live = true;
  }
}

/** Returns whether a call of deferreturn was emitted. */
function emitBlocks(e: Emitter, argLive: ArgLiveness | null): boolean {
  const layout = layOutBlocks(e.f);
  const pending: PendingJump[] = [];
  let landed = false;
  let homes = -1;
  const setHomes = (index: number | undefined): void => {
    if (index === undefined || index === homes) return;
    homes = index;
    pcdata(e, Funcdata.PcdataArgLiveIndex, index);
  };
  for (let i = 0; i < layout.order.length; i++) {
    const b = layout.order[i];
    markFlags(e, b);
    e.pos = b.pos;
    e.inline = b.inline;
    e.labels[b.id] = label(e);
    setHomes(argLive?.atBlock[b.id]);
    for (const v of b.values) {
      emitValue(e, v);
      setHomes(argLive?.behind.get(v.id));
      if (v.op === A.CALLstatic && v.aux instanceof C.Call && v.aux.callee?.linkName === 'runtime.deferreturn')
        landed = true;
    }
    if (b.kind === B.Exit && endsInTailCall(b)) continue;
    emitBlockEnd(e, b, layout.order[i + 1] ?? null, layout, pending);
  }
  for (const j of pending) j.inst.target = labelOf(e, j.to);
  for (const b of layout.order) {
    if (b.kind !== A.BlockJUMPTABLE) continue;
    const targets = b.succs.map((s) => labelOf(e, layout.target[s.block.id] ?? bug(`${b} leads nowhere`)));
    defineJumpTable(e, b, targets);
  }
  return landed;
}

function labelOf(e: Emitter, b: B.Block): I.Inst {
  return e.labels[b.id] ?? bug(`${e.f.ref.linkName}: jump to ${b}, which is not emitted`);
}

function endsInTailCall(b: B.Block): boolean {
  return b.values.some((v) => v.op === A.CALLtail);
}

/** Where recovery enters: run the remaining deferred calls, load the results from memory, return (contract 5.5). */
function emitLanding(e: Emitter): void {
  e.pos = e.f.endPos;
  e.inline = -1;
  pcdata(e, Funcdata.PcdataStackMapIndex, e.frame.landingMap);
  add(e, Asm.CALL, I.noOperand, I.callOperand(e.ctx.symbols.lookup('runtime.deferreturn', AbiInternal)));
  const results = e.f.assignment?.results ?? [];
  for (const slot of e.f.results) {
    const where = results[slot.index];
    const home = e.f.slots.find((s) => s.kind === SlotLocal && s.index === slot.index);
    if (home !== undefined) add(e, Asm.MOVQ, slotOperand(e, home, 0), I.regOperand(R.R12));
    const at = (offset: number): I.Operand =>
      home !== undefined ? I.memOperand(R.R12, offset) : slotOperand(e, slot, offset);
    for (const p of where.pieces) {
      const reg = asmRegs[p.isFloat ? floatArgs[p.index] : intArgs[p.index]];
      add(e, loadOf(p.type), at(p.offset), I.regOperand(reg));
    }
    if (!where.inRegisters && home !== undefined) copyResult(e, slot, where.type.size);
  }
  add(e, Asm.RET, I.noOperand, I.noOperand);
}

/** A result on the stack whose variable is elsewhere: from (R12), with R13; neither carries a result. */
function copyResult(e: Emitter, slot: Slot, size: number): void {
  const step = (width: number, load: number, store: number, offset: number): number => {
    add(e, load, I.memOperand(R.R12, offset), I.regOperand(R.R13));
    add(e, store, I.regOperand(R.R13), slotOperand(e, slot, offset));
    return offset + width;
  };
  let at = 0;
  while (at + 8 <= size) at = step(8, Asm.MOVQ, Asm.MOVQ, at);
  while (at < size) at = step(1, Asm.MOVBLZX, Asm.MOVB, at);
}

/** The return address of a last call that does not return still belongs to the function. */
function keepReturnInside(e: Emitter): void {
  let p = e.fn.last;
  for (let q: I.Inst | null = e.fn.first; q !== null; q = q.next) if (q.op !== Asm.PCDATA && q.op !== Asm.NOP) p = q;
  if (p.op === Asm.CALL) add(e, Asm.XCHGL, I.regOperand(R.AX), I.regOperand(R.AX));
}

function inlineTree(e: Emitter): InlineMark[] {
  const { positions } = e.ctx;
  return e.f.inlineTree.map((call, i) => {
    const node: InlineNode = {
      parent: call.parent,
      file: positions.fileOf(call.pos),
      line: positions.lineOf(call.pos),
      func: call.callee.symbol,
      parentPc: 0,
    };
    return { node, inst: e.marks[i] ?? e.fn.first };
  });
}

/** The linker keeps the methods that interface calls may reach (contract 4.8). */
function markInterfaceCalls(e: Emitter): void {
  for (const b of e.f.blocks)
    for (const v of b.values) {
      if (v.op !== A.CALLinter || !(v.aux instanceof C.Call)) continue;
      const { interfaceType: t, methodIndex } = v.aux;
      if (t === null) continue;
      const target = e.ctx.symbols.lookup(`type:${t.linkString}`, Abi0);
      const named = !t.linkString.startsWith('interface {');
      addReloc(e.f.ref.symbol, 0, 0, Reloc.UseIfaceMethod, target, interfaceMethodOffset(named, methodIndex));
    }
}
