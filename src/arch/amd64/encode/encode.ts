/**
 * One amd64 instruction to bytes: finds the first form (rows.ts) whose operand classes accept the operands, and writes
 * prefixes, opcode, ModRM, SIB, displacement and immediate (Intel SDM volume 2, chapter 2). Which of several equivalent forms
 * is taken is decided by the order of the tables alone; it is the official assembler's order, so the bytes are the same.
 */

import type { AsmContext, Inst, Operand } from '#arch/inst.ts';
import * as I from '#arch/inst.ts';
import { instText, operandText } from '#arch/print.ts';
import { bug } from '#base/bug.ts';
import { ByteWriter } from '#base/bytes.ts';
import * as Reloc from '#obj/reloc-types.ts';
import type { LinkSymbol } from '#obj/symbol.ts';
import { classOf, covers } from './classes.ts';
import * as Op from './ops.ts';
import * as Rex from './registers.ts';
import {
  printNames,
  regLow,
  regNumber,
  regRex,
  suffixBroadcast,
  suffixRounding,
  suffixSae,
  suffixZeroing,
} from './registers.ts';
import * as R from './regs.ts';
import type { Row } from './rows.ts';
import * as Rows from './rows.ts';

const maxArgs = 6;

/** Code and relocations of one function while it is encoded. */
export class Encoder {
  ctx: AsmContext;
  /** For messages. */
  functionName: string;
  readonly code: ByteWriter;
  /** Start in `code` of the instruction being encoded. */
  start: number;
  /** Operands in order and their classes. */
  readonly args: Operand[];
  readonly classes: Uint8Array;
  argCount: number;
  /** Relocations, in columns: instruction, offset in it, type | size << 16, target, addend. */
  relocInsts: Inst[];
  relocOffsets: number[];
  relocTypes: number[];
  relocTargets: (LinkSymbol | null)[];
  relocAddends: number[];
  errors: number;
  /** The last instruction was a byte operation on AX: see narrowAl in layout.ts. */
  wideAl: boolean;

  constructor(ctx: AsmContext) {
    this.ctx = ctx;
    this.functionName = '';
    this.code = new ByteWriter(4096);
    this.start = 0;
    this.args = [];
    this.classes = new Uint8Array(maxArgs);
    this.argCount = 0;
    this.relocInsts = [];
    this.relocOffsets = [];
    this.relocTypes = [];
    this.relocTargets = [];
    this.relocAddends = [];
    this.errors = 0;
    this.wideAl = false;
  }

  reset(functionName: string): void {
    this.functionName = functionName;
    this.code.length = 0;
    this.relocInsts.length = 0;
    this.relocOffsets.length = 0;
    this.relocTypes.length = 0;
    this.relocTargets.length = 0;
    this.relocAddends.length = 0;
    this.errors = 0;
    this.wideAl = false;
  }
}

/** The register as listings of byte operations show it; AX is changed last (narrowAl in layout.ts). */
function byteOperand(o: Operand): Operand {
  const wide = o.kind === I.Reg && o.index === 0 && o.reg > R.AX && o.reg <= R.R15;
  return wide ? I.regOperand(o.reg - (R.AX - R.AL)) : o;
}

function isAx(o: Operand): boolean {
  return o.kind === I.Reg && o.reg === R.AX;
}

export function describe(ctx: AsmContext, p: Inst): string {
  return `${String(p.pc).padStart(5, '0')} (${ctx.describePosition(p.pos)})\t${instText(printNames, p)}`;
}

export function fail(e: Encoder, p: Inst, message: string): void {
  e.errors++;
  e.ctx.error(p.pos, message);
}

export function addReloc(
  e: Encoder,
  p: Inst,
  size: number,
  type: number,
  target: LinkSymbol | null,
  addend: number,
): void {
  e.relocInsts.push(p);
  e.relocOffsets.push(e.code.length - e.start);
  e.relocTypes.push(type | (size << 16));
  e.relocTargets.push(target);
  e.relocAddends.push(addend);
}

/** The override prefix of a segment register, used as base or index; FS also for thread-local storage. */
function segmentPrefix(e: Encoder, o: Operand): number {
  if (o.reg < R.CS && o.index < R.CS) return 0;
  const base = o.kind === I.Mem && o.name === I.NameNone ? o.reg : 0;
  switch (base) {
    case R.CS:
      return 0x2e;
    case R.DS:
      return 0x3e;
    case R.ES:
      return 0x26;
    case R.FS:
      return 0x64;
    case R.GS:
      return 0x65;
    case R.TLS:
      if (e.ctx.goos === 'darwin' || e.ctx.goos === 'ios') return 0x65;
      if (e.ctx.shared && e.ctx.goos === 'linux') bug('direct TLS access with -shared');
      return 0x64;
    default:
  }
  switch (o.index) {
    case R.CS:
      return 0x2e;
    case R.DS:
      return 0x3e;
    case R.ES:
      return 0x26;
    case R.TLS:
      return e.ctx.shared && e.ctx.goos !== 'windows' ? 0x64 : 0;
    case R.FS:
      return 0x64;
    case R.GS:
      return 0x65;
    default:
      return 0;
  }
}

/** What a register operand counts as: in byte forms AX means AL. */
function effectiveReg(row: Row, e: Encoder, arg: number): number {
  const o = e.args[arg];
  const r = o.reg;
  if (r >= R.AX && r <= R.R15 && o.kind === I.Reg && o.index === 0) {
    if (row.bytes || (row.byteFirst && arg === 0)) return r - (R.AX - R.AL);
  }
  return r;
}

function badAddress(e: Encoder, p: Inst, o: Operand): void {
  fail(e, p, `asmand: bad address ${operandText(printNames, p, o)}`);
}

const scaleBits = [0, 0, 0x40, 0, 0x80, 0, 0, 0, 0xc0];

/** The SIB byte; index and base 0 mean none. */
function putSib(e: Encoder, p: Inst, scale: number, index: number, base: number): void {
  let b: number;
  if (index === 0) b = 4 << 3;
  else {
    const ok =
      (scale === 1 || scale === 2 || scale === 4 || scale === 8) &&
      index !== R.SP &&
      ((index >= R.AX && index <= R.R15) || (index >= R.X0 && index <= R.Z31));
    if (!ok) {
      fail(e, p, `asmidx: bad address ${scale}/${printNames.regName(index)}/${printNames.regName(base)}`);
      e.code.u8(0);
      return;
    }
    b = (regLow[index] << 3) | scaleBits[scale];
  }
  if (base === 0) b |= 5;
  else if (base >= R.AX && base <= R.R15) b |= regLow[base];
  else fail(e, p, `asmidx: bad address ${scale}/${printNames.regName(index)}/${printNames.regName(base)}`);
  e.code.u8(b);
}

function baseOf(o: Operand): number {
  if (o.name === I.NameAuto || o.name === I.NameParam) return R.SP;
  if (o.name === I.NameExtern || o.name === I.NameStatic || o.name === I.NameGotRef) return 0;
  return o.reg;
}

/** True for an index that takes a SIB byte, rather than a segment. */
function isRealIndex(index: number): boolean {
  return index !== 0 && index !== R.TLS && !(index >= R.CS && index <= R.GS);
}

/** A displacement in one byte: as it is, or in units of disp8*N for EVEX; NaN if it does not fit. */
function disp8(v: number, scale: number): number {
  if (v % scale !== 0) return Number.NaN;
  const q = v / scale;
  return q >= -128 && q <= 127 ? q : Number.NaN;
}

/** ModRM, SIB and displacement of an operand; `reg` is the three-bit field. */
function putModRm(e: Encoder, p: Inst, row: Row, o: Operand, arg: number, reg: number): void {
  const w = e.code;
  const r = reg << 3;
  if (o.kind === I.Reg) {
    w.u8(0xc0 | regLow[effectiveReg(row, e, arg)] | r);
    return;
  }
  if (!I.fitsInt32(o) && p.op !== Op.LEAL) fail(e, p, `offset too large in ${describe(e.ctx, p)}`);
  if (o.kind !== I.Mem && o.kind !== I.Addr) {
    badAddress(e, p, o);
    return;
  }
  const scale = row.kind !== Rows.Evex ? 1 : suffixBroadcast[p.suffix] ? row.broadcastScale || 1 : row.disp8Scale;
  const base = baseOf(o);
  if (isRealIndex(o.index)) {
    putIndexed(e, p, o, base, r, scale);
    return;
  }
  const symbolic = o.name === I.NameExtern || o.name === I.NameStatic || o.name === I.NameGotRef;
  if (symbolic) {
    if (o.sym === null) {
      badAddress(e, p, o);
      return;
    }
    w.u8(5 | r);
    const type = o.name === I.NameGotRef ? Reloc.GotPcRel : Reloc.PcRel;
    addReloc(e, p, 4, type, o.sym, I.operandValue(o));
    w.u32(0);
    return;
  }
  if (base === 0 || base === R.TLS || (base >= R.CS && base <= R.GS)) {
    // ModRM 00/100, SIB without base and index: an absolute 32-bit address.
    w.u8(4 | r);
    w.u8(0x25);
    let v = o.lo;
    if (base === R.TLS) {
      if (!e.ctx.shared || e.ctx.goos === 'darwin') addReloc(e, p, 4, Reloc.TlsLe, null, I.operandValue(o));
      v = 0;
    }
    w.u32(v >>> 0);
    return;
  }
  if (base < R.AX || base > R.R15) {
    badAddress(e, p, o);
    return;
  }
  putBased(e, p, o, base, r, scale);
}

function putBased(e: Encoder, p: Inst, o: Operand, base: number, r: number, scale: number): void {
  const w = e.code;
  const v = o.lo;
  const low = regLow[base];
  // SP and R12 as base always take a SIB byte.
  const sib = base === R.SP || base === R.R12;
  if (!sib && o.index === R.TLS && !e.ctx.shared && e.ctx.goos !== 'windows' && e.ctx.goos !== 'android') {
    w.u8(0x80 | low | r);
    addReloc(e, p, 4, Reloc.TlsLe, null, v);
    w.u32(0);
    return;
  }
  if (v === 0 && base !== R.BP && base !== R.R13) {
    w.u8(low | r);
    if (sib) putSib(e, p, o.scale, 0, base);
    return;
  }
  const d = disp8(v, scale);
  if (!Number.isNaN(d)) {
    w.u8(0x40 | low | r);
    if (sib) putSib(e, p, o.scale, 0, base);
    w.u8(d & 0xff);
    return;
  }
  w.u8(0x80 | low | r);
  if (sib) putSib(e, p, o.scale, 0, base);
  w.u32(v >>> 0);
}

function putIndexed(e: Encoder, p: Inst, o: Operand, base: number, r: number, scale: number): void {
  const w = e.code;
  const v = o.lo;
  if (base === 0) {
    if (o.name !== I.NameNone) {
      badAddress(e, p, o);
      return;
    }
    w.u8(4 | r);
    putSib(e, p, o.scale, o.index, 0);
    w.u32(v >>> 0);
    return;
  }
  if (v === 0 && base !== R.BP && base !== R.R13) {
    w.u8(4 | r);
    putSib(e, p, o.scale, o.index, base);
    return;
  }
  const d = disp8(v, scale);
  if (!Number.isNaN(d)) {
    w.u8(0x44 | r);
    putSib(e, p, o.scale, o.index, base);
    w.u8(d & 0xff);
    return;
  }
  w.u8(0x84 | r);
  putSib(e, p, o.scale, o.index, base);
  w.u32(v >>> 0);
}

/** REX bits an r/m operand needs: its register, or base and index. */
function rmRex(row: Row, e: Encoder, arg: number): number {
  const o = e.args[arg];
  if (o.kind === I.Reg) return regRex[effectiveReg(row, e, arg)] & (Rex.RexBare | Rex.RexB);
  return (regRex[baseOf(o)] & Rex.RexB) | (isRealIndex(o.index) ? regRex[o.index] & Rex.RexX : 0);
}

/** Prefixes and opcode; true if there is a REX prefix. */
function putLegacyPrefix(e: Encoder, row: Row): boolean {
  const w = e.code;
  let rex = (row.w ? 0x40 | Rex.RexW : 0) | (row.rexR ? Rex.RexR : 0);
  if (row.regArg >= 0) rex |= regRex[effectiveReg(row, e, row.regArg)] & (Rex.RexBare | Rex.RexR);
  if (row.rmArg >= 0) rex |= rmRex(row, e, row.rmArg);
  if (row.opcodeArg >= 0) rex |= regRex[effectiveReg(row, e, row.opcodeArg)] & (Rex.RexBare | Rex.RexB);
  for (let i = 0; i < row.prefixes.length; i++) w.u8(row.prefixes[i]);
  if (rex !== 0) w.u8(0x40 | rex);
  const opcode = row.opcode;
  const last = opcode.length - 1;
  for (let i = 0; i < last; i++) w.u8(opcode[i]);
  w.u8(row.opcodeArg < 0 ? opcode[last] : opcode[last] + regLow[effectiveReg(row, e, row.opcodeArg)]);
  return rex !== 0;
}

/** Two- or three-byte VEX prefix and opcode (Intel SDM 2A, 2.3.5). */
function putVexPrefix(e: Encoder, row: Row): void {
  const w = e.code;
  const r = row.regArg < 0 ? 0 : regRex[e.args[row.regArg].reg] & Rex.RexR;
  let b = 0;
  let x = 0;
  if (row.rmArg >= 0) {
    b = regRex[e.args[row.rmArg].reg] & Rex.RexB;
    x = regRex[e.args[row.rmArg].index] & Rex.RexX;
  }
  const v = row.vArg < 0 ? 0xf : (regNumber(e.args[row.vArg].reg) & 0xf) ^ 0xf;
  const tail = (v << 3) | (row.w ? 0x80 : 0) | (row.length << 2) | row.pp;
  if (row.map === 1 && (x | b) === 0 && !row.w) {
    w.u8(0xc5);
    w.u8(((r << 5) ^ 0x80) | tail);
  } else {
    w.u8(0xc4);
    w.u8((((r | x | b) << 5) ^ 0xe0) | row.map);
    w.u8(tail);
  }
  w.u8(row.opcode[0]);
}

/** Checks an AVX-512 suffix against the form, and gives the EVEX.b bit. */
function checkSuffix(e: Encoder, p: Inst, row: Row): number {
  const suffix = p.suffix;
  const rm = row.rmArg < 0 ? null : e.args[row.rmArg];
  const isMem = rm !== null && rm.kind === I.Mem;
  if (suffixZeroing[suffix]) {
    if (!row.zeroing) fail(e, p, `unsupported zeroing: ${describe(e.ctx, p)}`);
    if (row.kArg < 0) fail(e, p, `mask register must be specified for .Z instructions: ${describe(e.ctx, p)}`);
  }
  if (suffixRounding[suffix] >= 0) {
    if (isMem) fail(e, p, `illegal rounding with memory argument: ${describe(e.ctx, p)}`);
    else if (!row.rounding) fail(e, p, `unsupported rounding: ${describe(e.ctx, p)}`);
    return 1;
  }
  if (suffixBroadcast[suffix]) {
    if (!isMem) fail(e, p, `illegal broadcast without memory argument: ${describe(e.ctx, p)}`);
    else if (row.broadcastScale === 0) fail(e, p, `unsupported broadcast: ${describe(e.ctx, p)}`);
    return 1;
  }
  if (suffixSae[suffix]) {
    if (isMem) fail(e, p, `illegal SAE with memory argument: ${describe(e.ctx, p)}`);
    else if (!row.sae) fail(e, p, `unsupported SAE: ${describe(e.ctx, p)}`);
    return 1;
  }
  return 0;
}

/** Four-byte EVEX prefix and opcode (Intel SDM 2A, 2.7.1). */
function putEvexPrefix(e: Encoder, p: Inst, row: Row): void {
  const w = e.code;
  const r = row.regArg < 0 ? 0 : regRex[e.args[row.regArg].reg];
  const rm = row.rmArg < 0 ? I.noOperand : e.args[row.rmArg];
  const indexRex = regRex[rm.index];
  // A register operand's fifth bit is in X.
  const x = (rm.index === 0 && (regRex[rm.reg] & Rex.EvexHigh) !== 0) || (indexRex & Rex.RexX) !== 0;
  const b = (regRex[rm.reg] & Rex.RexB) !== 0;
  const vReg = row.vArg < 0 ? 0 : e.args[row.vArg].reg;
  const v = row.vArg < 0 ? 0xf : (regNumber(vReg) & 0xf) ^ 0xf;
  const bBit = checkSuffix(e, p, row);
  const rounding = suffixRounding[p.suffix];
  const high = (indexRex & Rex.EvexHigh) !== 0 || (regRex[vReg] & Rex.EvexHigh) !== 0;
  const k = row.kArg < 0 ? 0 : regLow[e.args[row.kArg].reg];
  w.u8(0x62);
  w.u8(
    ((r & Rex.RexR) !== 0 ? 0 : 0x80) |
      (x ? 0 : 0x40) |
      (b ? 0 : 0x20) |
      ((r & Rex.EvexHigh) !== 0 ? 0 : 0x10) |
      row.map,
  );
  w.u8((row.w ? 0x80 : 0) | (v << 3) | 4 | row.pp);
  w.u8(
    (suffixZeroing[p.suffix] ? 0x80 : 0) |
      ((rounding >= 0 ? rounding : row.length) << 5) |
      (bBit << 4) |
      (high ? 0 : 8) |
      k,
  );
  w.u8(row.opcode[0]);
}

function putImmediate(e: Encoder, row: Row): void {
  const o = e.args[row.immArg];
  const w = e.code;
  switch (row.immSize) {
    case 1:
      w.u8(o.lo & 0xff);
      break;
    case 2:
      w.u16(o.lo & 0xffff);
      break;
    case 4:
      w.u32(o.lo >>> 0);
      break;
    default:
      w.u32(o.lo >>> 0);
      w.u32(o.hi >>> 0);
  }
}

function putRow(e: Encoder, p: Inst, row: Row): void {
  if (row.illegal) fail(e, p, `asmins: illegal in 64-bit mode: ${describe(e.ctx, p)}`);
  if (row.bytes) p.to = byteOperand(p.to);
  if ((row.bytes && (isAx(p.from) || isAx(p.to))) || (row.byteFirst && isAx(p.from))) e.wideAl = true;
  if (row.bytes || row.byteFirst) p.from = byteOperand(p.from);
  const firstReloc = e.relocInsts.length;
  if (row.indirectCall) {
    addReloc(e, p, 0, Reloc.CallInd, null, 0);
    e.relocOffsets[firstReloc] = 0;
  }
  if (row.kind === Rows.Legacy) {
    const hasRex = putLegacyPrefix(e, row);
    // The mark of an indirect call is on its first byte behind REX.
    if (row.indirectCall && hasRex) e.relocOffsets[firstReloc] = 1;
  } else if (row.kind === Rows.Vex) putVexPrefix(e, row);
  else putEvexPrefix(e, p, row);
  if (row.hasModRm) {
    const reg = row.regArg >= 0 ? regLow[effectiveReg(row, e, row.regArg)] : row.digit;
    putModRm(e, p, row, e.args[row.rmArg], row.rmArg, reg);
  }
  if (row.immArg >= 0) putImmediate(e, row);
  if (row.is4Arg >= 0) e.code.u8((regNumber(e.args[row.is4Arg].reg) << 4) & 0xff);
  // The field is relative to the end of the instruction, the relocation to the end of the field.
  const size = e.code.length - e.start;
  for (let i = firstReloc; i < e.relocInsts.length; i++) {
    if ((e.relocTypes[i] & 0xffff) === Reloc.PcRel) e.relocAddends[i] -= size - (e.relocOffsets[i] + 4);
  }
}

/** Gathers cannot have equal index, mask and destination registers (Intel SDM 2C, VGATHERDPD and others: #UD). */
function checkGather(e: Encoder, p: Inst): boolean {
  const third = p.rest === null ? null : p.rest[0];
  if (third === null) {
    fail(e, p, `need a third arg for gather instruction: ${describe(e.ctx, p)}`);
    return false;
  }
  const dest = regNumber(p.to.reg);
  if (third.reg >= R.K0 && third.reg <= R.K7) {
    if (p.from.index === 0 || dest !== regNumber(p.from.index)) return true;
    fail(e, p, `index and destination registers should be distinct: ${describe(e.ctx, p)}`);
    return false;
  }
  const index = third.index === 0 ? -1 : regNumber(third.index);
  const mask = regNumber(p.from.reg);
  if (dest !== mask && dest !== index && mask !== index) return true;
  fail(e, p, `mask, index, and destination registers should be distinct: ${describe(e.ctx, p)}`);
  return false;
}

function isGather(op: number): boolean {
  switch (op) {
    case Op.VGATHERDPD:
    case Op.VGATHERQPD:
    case Op.VGATHERDPS:
    case Op.VGATHERQPS:
    case Op.VPGATHERDD:
    case Op.VPGATHERQD:
    case Op.VPGATHERDQ:
    case Op.VPGATHERQQ:
      return true;
    default:
      return false;
  }
}

function collectArgs(e: Encoder, p: Inst): void {
  let n = 0;
  if (p.from.kind !== I.None) e.args[n++] = p.from;
  if (p.rest !== null) for (let i = 0; i < p.rest.length; i++) e.args[n++] = p.rest[i];
  if (p.to.kind !== I.None) e.args[n++] = p.to;
  for (let i = 0; i < n; i++) e.classes[i] = classOf(e.args[i]);
  e.argCount = n;
}

function accepts(e: Encoder, row: Row): boolean {
  const classes = row.classes;
  const n = e.argCount;
  if (classes.length !== n) return false;
  for (let i = 0; i < n; i++) if (!covers(e.classes[i], classes[i])) return false;
  return true;
}

/** Encodes an instruction that is neither a branch within the function nor a pseudo-op. */
export function encodeInst(e: Encoder, p: Inst): void {
  const rows = Rows.rowsOf(p.op);
  const w = e.code;
  e.start = w.length;
  e.wideAl = false;
  const fromPrefix = segmentPrefix(e, p.from);
  if (fromPrefix !== 0) w.u8(fromPrefix);
  const toPrefix = segmentPrefix(e, p.to);
  if (toPrefix !== 0) w.u8(toPrefix);
  if (isGather(p.op) && !checkGather(e, p)) return;
  collectArgs(e, p);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    if (!accepts(e, row)) continue;
    if (p.suffix !== 0 && row.kind !== Rows.Evex) continue;
    putRow(e, p, row);
    return;
  }
  if (rows.length === 0) fail(e, p, `asmins: missing op ${describe(e.ctx, p)}`);
  else fail(e, p, `${e.functionName}: invalid instruction: ${describe(e.ctx, p)}`);
}
