/**
 * Code of a function: every instruction is encoded once; then branches, which start short, grow until all reach, and the
 * pieces are copied to their places. Forward branches grow between rounds, backward ones as soon as their distance is known:
 * the official assembler's order, which matters where alignment padding makes distances shrink.
 */

import type { AsmContext, AsmFunction } from '#arch/inst.ts';
import * as I from '#arch/inst.ts';
import { Inst } from '#arch/inst.ts';
import { bug } from '#base/bug.ts';
import * as Funcdata from '#obj/funcdata.ts';
import * as Reloc from '#obj/reloc-types.ts';
import type { LinkSymbol, Symbols } from '#obj/symbol.ts';
import { addReloc as addSymbolReloc } from '#obj/symbol.ts';
import * as Branch from './branches.ts';
import { addReloc, describe, Encoder, encodeInst, fail } from './encode.ts';
import * as Op from './ops.ts';
import * as R from './regs.ts';
import { directTls } from './rewrite.ts';
import * as Rows from './rows.ts';

/* Inst.mark while a function is laid out. */
/** A branch to an instruction of this function. */
const LocalBranch = 1;
/** It goes to itself or to an instruction before it. */
const Backward = 2;
const Long = 4;
const Visited = 8;
/** A byte operation on AX, encoded without the short form for AL. */
const WideAl = 16;

const noOps: readonly (readonly number[])[] = [
  [0x90],
  [0x66, 0x90],
  [0x0f, 0x1f, 0x00],
  [0x0f, 0x1f, 0x40, 0x00],
  [0x0f, 0x1f, 0x44, 0x00, 0x00],
  [0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00],
  [0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00],
  [0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
  [0x66, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
];

/** Fills with the longest no-ops of the Intel manual's list (SDM 2B, NOP). */
function putNoOps(out: Uint8Array, at: number, n: number): void {
  while (n > 0) {
    const m = Math.min(n, noOps.length);
    out.set(noOps[m - 1], at);
    at += m;
    n -= m;
  }
}

/** ADJSP becomes the shorter of ADDQ and SUBQ. */
function lowerAdjust(p: Inst): void {
  const v = p.from.lo;
  p.to = I.regOperand(R.SP);
  if (v === 0) p.op = Op.NOP;
  else if (v === 0x80 || (v < 0 && v !== -0x80)) {
    p.op = Op.ADDQ;
    p.from = I.constOperand(-v);
  } else p.op = Op.SUBQ;
}

function encodeCall(e: Encoder, p: Inst, opcode: number, addend: number): void {
  e.start = e.code.length;
  e.code.u8(opcode);
  addReloc(e, p, 4, Reloc.Call, p.to.sym, addend);
  e.code.u32(0);
}

/** Calls and jumps to symbols, absolute addresses and through pointers in symbols; false if p is none of these. */
function encodeTransfer(e: Encoder, p: Inst): boolean {
  const to = p.to;
  const isCall = p.op === Op.CALL;
  switch (to.kind) {
    case I.Branch:
      if (to.sym !== null) encodeCall(e, p, isCall ? 0xe8 : 0xe9, isCall ? I.operandValue(to) : 0);
      else fail(e, p, isCall ? 'call without target' : 'jmp/branch/loop without target');
      return true;
    case I.Const:
      if (!I.fitsInt32(to) && to.hi !== 0) return false;
      e.start = e.code.length;
      e.code.u8(isCall ? 0xe8 : 0xe9);
      addReloc(e, p, 4, Reloc.PcRel, null, I.operandValue(to));
      e.code.u32(0);
      return true;
    case I.Indirect:
      if (!isCall || to.name === I.NameNone || to.reg !== 0 || to.index !== 0) return false;
      e.start = e.code.length;
      e.code.u16(0x15ff);
      addReloc(e, p, 4, Reloc.PcRel, to.sym, I.operandValue(to));
      e.code.u32(0);
      return true;
    default:
      return false;
  }
}

/** MOVQ TLS, R with -shared: loads the thread-local offset of g from the global offset table. */
function encodeTlsLoad(e: Encoder, p: Inst): void {
  const r = p.to.reg - R.AX;
  e.start = e.code.length;
  e.code.u8(r >= 8 ? 0x4c : 0x48);
  e.code.u8(0x8b);
  e.code.u8(0x05 | ((r & 7) << 3));
  addReloc(e, p, 4, Reloc.TlsIe, null, -4);
  e.code.u32(0);
}

const dataSizes: ReadonlyMap<number, number> = new Map([
  [Op.BYTE, 1],
  [Op.WORD, 2],
  [Op.LONG, 4],
  [Op.QUAD, 8],
]);

function encodeData(e: Encoder, p: Inst, size: number): void {
  e.start = e.code.length;
  if (p.from.kind !== I.Const || p.to.kind !== I.None) {
    fail(e, p, `${e.functionName}: invalid instruction: ${describe(e.ctx, p)}`);
    return;
  }
  for (let i = 0; i < size; i++) {
    const half = i < 4 ? p.from.lo : p.from.hi;
    e.code.u8((half >>> (8 * (i & 3))) & 0xff);
  }
}

/** Appends the code of p, if it has any that does not depend on where it is. */
function encodePiece(e: Encoder, p: Inst): void {
  switch (p.op) {
    case Op.TEXT:
    case Op.NOP:
    case Op.PCDATA:
    case Op.FUNCDATA:
    case Op.PCALIGN:
    case Op.PCALIGNMAX:
    case Op.END:
      return;
    case Op.CALL:
    case Op.JMP:
      if (encodeTransfer(e, p)) return;
      break;
    case Op.DUFFZERO:
    case Op.DUFFCOPY:
      encodeCall(e, p, 0xe8, I.operandValue(p.to));
      return;
    case Op.BYTE:
    case Op.WORD:
    case Op.LONG:
    case Op.QUAD:
      encodeData(e, p, dataSizes.get(p.op) ?? 0);
      return;
    case Op.MOVQ:
    case Op.MOVL:
      if (p.from.kind === I.Reg && p.from.reg === R.TLS && p.to.kind === I.Reg && e.ctx.shared) {
        if (p.op === Op.MOVL) fail(e, p, `invalid load of TLS: ${describe(e.ctx, p)}`);
        encodeTlsLoad(e, p);
        return;
      }
      break;
    default:
  }
  encodeInst(e, p);
}

function isLocalBranch(p: Inst): boolean {
  return p.to.kind === I.Branch && p.to.sym === null && p.target !== null && Branch.isBranch(p.op);
}

/** A branch may have a first operand $0 or $1, a hint that is not encoded. */
function checkBranch(e: Encoder, p: Inst): void {
  const hint = p.from;
  if (hint.kind === I.None) return;
  if (hint.kind === I.Const && hint.hi === 0 && (hint.lo === 0 || hint.lo === 1) && Branch.isConditional(p.op)) return;
  fail(e, p, `${e.functionName}: invalid instruction: ${describe(e.ctx, p)}`);
}

/** MOVBLZX and its kin: only the source is a byte. */
function isByteLoad(p: Inst): boolean {
  return Rows.rowsOf(p.op).some((row) => row.byteFirst);
}

/**
 * The official assembler takes AX for a wide register in the first round and for AL, which has shorter forms, in further ones;
 * so functions whose branches all reach at once have longer byte operations. Returns true if there is something to shorten.
 */
function narrowAl(fn: AsmFunction): boolean {
  let found = false;
  for (let p: Inst | null = fn.first; p !== null; p = p.next) {
    if ((p.mark & WideAl) === 0) continue;
    p.mark &= ~WideAl;
    if (p.from.kind === I.Reg && p.from.reg === R.AX) p.from = I.regOperand(R.AL);
    if (p.to.kind === I.Reg && p.to.reg === R.AX && !isByteLoad(p)) p.to = I.regOperand(R.AL);
    found = true;
  }
  return found;
}

/** Encodes the pieces once more, branches excepted. */
function encodeAgain(e: Encoder, fn: AsmFunction): void {
  e.reset(fn.symbol.name);
  for (let p: Inst | null = fn.first; p !== null; p = p.next) {
    if ((p.mark & LocalBranch) !== 0) continue;
    const start = e.code.length;
    encodePiece(e, p);
    p.size = e.code.length - start;
  }
}

/** Encodes all pieces and classifies branches; returns the branches. */
function encodeAll(e: Encoder, fn: AsmFunction): Inst[] {
  const branches: Inst[] = [];
  let pc = 0;
  for (let p: Inst | null = fn.first; p !== null; p = p.next) {
    p.pc = pc;
    p.mark = Visited;
    if (p.op === Op.ADJSP) lowerAdjust(p);
    if (isLocalBranch(p)) {
      checkBranch(e, p);
      p.mark |= LocalBranch;
      if (p.target !== null && (p.target.mark & Visited) !== 0) p.mark |= Backward;
      p.size = Branch.shortSize(p.op);
      branches.push(p);
    } else {
      const start = e.code.length;
      encodePiece(e, p);
      if (e.wideAl) {
        p.mark |= WideAl;
        e.wideAl = false;
      }
      p.size = e.code.length - start;
    }
    pc += p.size;
  }
  return branches;
}

function targetPc(p: Inst): number {
  return p.target === null ? p.pc : p.target.pc;
}

/** The bytes of padding that PCALIGN puts at pc. */
function padding(e: Encoder, symbol: LinkSymbol, p: Inst, pc: number): number {
  const a = p.from.lo;
  if (p.from.hi !== 0 || (a & (a - 1)) !== 0 || a < 8 || a > 2048) {
    fail(
      e,
      p,
      `alignment value of an instruction must be a power of two and in the range [8, 2048], got ${I.operandValue(p.from)}\n`,
    );
    return 0;
  }
  if (symbol.align < a) symbol.align = a;
  const need = -pc & (a - 1);
  if (p.op === Op.PCALIGN) return need;
  const most = I.operandValue(p.to);
  if (most < 0 || most >= a) {
    fail(e, p, `PCALIGNMAX 'amount' ${most} must be non-negative and smaller than the alignment ${a}\n`);
    return 0;
  }
  // An aligned place counts as needing a whole unit.
  return need !== 0 && most >= need ? need : 0;
}

/** One round of assigning offsets; returns the size. */
function assignOffsets(e: Encoder, fn: AsmFunction): number {
  let pc = 0;
  for (let p: Inst | null = fn.first; p !== null; p = p.next) {
    p.pc = pc;
    if ((p.mark & LocalBranch) !== 0) {
      if ((p.mark & Backward) !== 0 && p.op !== Op.XBEGIN) {
        const reach = targetPc(p) - (pc + 2);
        p.size = reach >= -128 ? Branch.shortSize(p.op) : Branch.longSize(p.op);
        if (reach < -128 && Branch.isShortOnly(p.op)) fail(e, p, `loop too far: ${describe(e.ctx, p)}`);
      }
    } else if (p.op === Op.PCALIGN || p.op === Op.PCALIGNMAX) p.size = padding(e, fn.symbol, p, pc);
    pc += p.size;
  }
  return pc;
}

/** Makes forward branches long that do not reach; false if all do. */
function growBranches(e: Encoder, branches: Inst[]): boolean {
  let grown = false;
  for (const p of branches) {
    if ((p.mark & (Backward | Long)) !== 0 || p.op === Op.XBEGIN) continue;
    if (targetPc(p) - (p.pc + p.size) <= 127) continue;
    if (Branch.isShortOnly(p.op)) {
      fail(e, p, `loop too far: ${describe(e.ctx, p)}`);
      continue;
    }
    p.mark |= Long;
    p.size = Branch.longSize(p.op);
    grown = true;
  }
  return grown;
}

function copyCode(e: Encoder, fn: AsmFunction, size: number): Uint8Array {
  const out = new Uint8Array(size);
  const pieces = e.code.bytesView();
  let at = 0;
  for (let p: Inst | null = fn.first; p !== null; p = p.next) {
    const n = p.size;
    if (n === 0) continue;
    if ((p.mark & LocalBranch) !== 0) Branch.putBranch(out, p.pc, p.op, n, targetPc(p));
    else if (p.op === Op.PCALIGN || p.op === Op.PCALIGNMAX) putNoOps(out, p.pc, n);
    else {
      const pc = p.pc;
      for (let i = 0; i < n; i++) out[pc + i] = pieces[at + i];
      at += n;
    }
  }
  return out;
}

function copyRelocs(e: Encoder, symbol: LinkSymbol): void {
  for (let i = 0; i < e.relocInsts.length; i++) {
    const type = e.relocTypes[i];
    const offset = e.relocInsts[i].pc + e.relocOffsets[i];
    addSymbolReloc(symbol, offset, type >>> 16, type & 0xffff, e.relocTargets[i], e.relocAddends[i]);
  }
}

/**
 * Without direct TLS access, the instruction that uses the loaded base must not be separated from the load by a move to
 * another thread: it is an unsafe point.
 */
function markTlsUses(fn: AsmFunction): void {
  const uses = (p: Inst): boolean => p.from.index === R.TLS;
  const mark = (after: Inst, value: number, pc: number): Inst => {
    const q = new Inst(Op.PCDATA, after.pos, I.constOperand(Funcdata.PcdataUnsafePoint), I.constOperand(value));
    q.pc = pc;
    return I.insertAfter(fn, after, q);
  };
  let before = -1;
  let prev = fn.first;
  for (let p = prev.next; p !== null; prev = p, p = p.next) {
    if (p.op === Op.PCDATA && p.from.lo === Funcdata.PcdataUnsafePoint) {
      before = p.to.lo;
      continue;
    }
    if (before === Funcdata.UnsafePointUnsafe || !uses(p)) continue;
    mark(prev, Funcdata.UnsafePointUnsafe, p.pc);
    while (p.next !== null && uses(p.next)) p = p.next;
    if (p.next === null) return;
    p = mark(p, before, p.next.pc);
  }
}

function writeJumpTables(fn: AsmFunction): void {
  for (const table of fn.jumpTables) {
    table.targets.forEach((target, i) => {
      addSymbolReloc(table.sym, 8 * i, 8, Reloc.Addr, fn.symbol, target.pc);
    });
  }
}

/** One for all functions of a program, which it does not keep. */
const encoders = new WeakMap<Symbols, Encoder>();

function encoderFor(ctx: AsmContext): Encoder {
  let e = encoders.get(ctx.symbols);
  if (e === undefined) {
    e = new Encoder(ctx);
    encoders.set(ctx.symbols, e);
  }
  return e;
}

/** Encodes fn into its symbol: bytes and relocations. Returns false if there were errors. */
export function layOut(ctx: AsmContext, fn: AsmFunction): boolean {
  const e = encoderFor(ctx);
  e.ctx = ctx;
  e.reset(fn.symbol.name);
  // Marks of an earlier pass would be taken for visits.
  for (let p: Inst | null = fn.first; p !== null; p = p.next) p.mark = 0;
  const branches = encodeAll(e, fn);
  let size = assignOffsets(e, fn);
  for (let round = 0; e.errors === 0 && growBranches(e, branches); round++) {
    if (round > 1000) bug(`branches of ${fn.symbol} keep growing`);
    if (round === 0 && narrowAl(fn)) encodeAgain(e, fn);
    size = assignOffsets(e, fn);
  }
  if (e.errors > 0) return false;
  // Listings show AL.
  narrowAl(fn);
  fn.symbol.data = copyCode(e, fn, size);
  fn.symbol.size = size;
  copyRelocs(e, fn.symbol);
  if (!directTls(ctx)) markTlsUses(fn);
  writeJumpTables(fn);
  return true;
}
