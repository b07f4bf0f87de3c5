/**
 * DWARF of an assembled function as objects carry it: its part of the line number program (DWARF 5, 6.2.5; the linker writes
 * the header around it) and a plain subprogram entry. Abbreviation numbers and opcode_base, line_base, line_range are the Go
 * linker's (GOROOT/src/cmd/internal/obj/dwarf.go, cmd/internal/dwarf).
 */
import { ByteWriter } from '#base/bytes.ts';
import * as Attr from '#obj/attributes.ts';
import {
  AdvanceLine,
  AdvancePc,
  ConstAddPc,
  FixedAdvancePc,
  FunctionEntry,
  OpcodeBase,
  SetFile,
  SetPrologueEnd,
  WrapperEntry,
} from '#obj/dwarf/renumber.ts';
import * as Kind from '#obj/kinds.ts';
import * as Reloc from '#obj/reloc-types.ts';
import { Abi0, AbiStatic, addReloc, ensureFunc, LinkSymbol } from '#obj/symbol.ts';
import type { AsmContext, AsmFunction, Inst } from './inst.ts';

const LineBase = -4;
const LineRange = 10;
/** Largest advance of the address in a special opcode. */
const PcRange = Math.floor((255 - OpcodeBase) / LineRange);

const EndSequence = 1;
const SetAddress = 2;

const CallFrameCfa = 0x9c;

/** Address advances beyond PcRange for which opcode 255 encodes shorter than 249. */
function prefersLastOpcode(rest: number): boolean {
  if (rest === PcRange || rest === 2 ** 7 - 1 || rest === 2 ** 16 - 1) return true;
  return rest === 2 ** 21 - 1 || rest === 2 ** 28 - 1 || rest === 2 ** 35 - 1;
}

/** The special opcode with which the rest of the advances takes the fewest bytes. */
function specialOpcode(pcDelta: number, lineDelta: number): number {
  const pcPart = LineRange * Math.min(pcDelta, PcRange);
  if (lineDelta < LineBase) return OpcodeBase + pcPart;
  if (lineDelta < LineBase + LineRange) {
    const opcode = OpcodeBase + (lineDelta - LineBase) + pcPart;
    return opcode > 255 ? opcode - LineRange : opcode;
  }
  if (pcDelta <= PcRange) return Math.min(OpcodeBase + (LineRange - 1) + pcPart, 255);
  return prefersLastOpcode(pcDelta - PcRange) ? 255 : OpcodeBase + LineRange * PcRange - 1;
}

/** Advances address and line and adds a row. */
function putRow(w: ByteWriter, pcDelta: number, lineDelta: number): void {
  let opcode = specialOpcode(pcDelta, lineDelta);
  const pc = pcDelta - Math.floor((opcode - OpcodeBase) / LineRange);
  const line = lineDelta - (((opcode - OpcodeBase) % LineRange) + LineBase);
  if (pc !== 0) {
    if (pc <= PcRange) {
      opcode -= LineRange * (PcRange - pc);
      w.u8(ConstAddPc);
    } else if (pc >= 1 << 14 && pc < 1 << 16) {
      w.u8(FixedAdvancePc);
      w.u16(pc);
    } else {
      w.u8(AdvancePc);
      w.uleb(pc);
    }
  }
  if (line !== 0) {
    w.u8(AdvanceLine);
    w.sleb(line);
  }
  w.u8(opcode);
}

/** The rows of fn's instructions, from "set address" to "end of sequence". */
function lineProgram(ctx: AsmContext, fn: AsmFunction): LinkSymbol {
  const w = new ByteWriter(256);
  w.u8(0);
  w.uleb(9);
  w.u8(SetAddress);
  const s = new LinkSymbol('', Abi0);
  addReloc(s, w.length, 8, Reloc.Addr, fn.symbol, 0);
  w.u64(0, 0);
  let line = 1;
  let file = 1;
  let pc = 0;
  let rowPc = 0;
  let prologue = false;
  let prologueWritten = false;
  for (let p: Inst | null = fn.first; p !== null; p = p.next) {
    if (p === fn.prologueEnd) prologue = true;
    const newLine = ctx.positions.lineOf(p.pos);
    if (newLine === 0 || (p.next !== null && p.next.pc === p.pc)) continue;
    const newFile = ctx.positions.fileOf(p.pos) + 1;
    let changed = false;
    if (newFile !== file) {
      w.u8(SetFile);
      w.uleb(newFile);
      file = newFile;
      changed = true;
    }
    if (prologue && !prologueWritten) {
      w.u8(SetPrologueEnd);
      prologueWritten = true;
      changed = true;
    }
    if (line === newLine && !changed) continue;
    putRow(w, p.pc - pc, newLine - line);
    rowPc = p.pc;
    line = newLine;
    pc = p.pc;
  }
  w.u8(AdvancePc);
  w.uleb(fn.symbol.size - rowPc);
  w.u8(0);
  w.uleb(1);
  w.u8(EndSequence);
  s.kind = Kind.DwarfLines;
  s.data = w.finish();
  s.size = s.data.length;
  return s;
}

/** Where Go's GOEXPERIMENT dwarf5 is on (internal/buildcfg/exp.go); elsewhere it is DWARF 4. */
function hasDwarf5(goos: string): boolean {
  return goos !== 'darwin' && goos !== 'ios' && goos !== 'aix';
}

/** A subprogram without variables. */
function functionEntry(ctx: AsmContext, fn: AsmFunction): LinkSymbol {
  const isWrapper = (fn.symbol.attrs & Attr.Wrapper) !== 0;
  const w = new ByteWriter(64);
  const s = new LinkSymbol('', Abi0);
  w.uleb(isWrapper ? WrapperEntry : FunctionEntry);
  w.text(fn.symbol.name);
  w.u8(0);
  if (hasDwarf5(ctx.goos)) {
    // Index in the address table, which the linker makes.
    addReloc(s, w.length, 4, Reloc.DwTxtAddrU4, fn.symbol, 0);
    w.u32(0);
    w.uleb(fn.symbol.size);
  } else {
    addReloc(s, w.length, 8, Reloc.Addr, fn.symbol, 0);
    w.u64(0, 0);
    addReloc(s, w.length, 8, Reloc.Addr, fn.symbol, fn.symbol.size);
    w.u64(0, 0);
  }
  w.u8(1);
  w.u8(CallFrameCfa);
  if (isWrapper) w.u8(1);
  else {
    w.u32(ctx.positions.fileOf(fn.first.pos) + 1);
    w.uleb(ctx.positions.lineOf(fn.first.pos));
    w.u8(fn.symbol.abi === AbiStatic ? 0 : 1);
  }
  w.u8(0);
  s.kind = Kind.DwarfFcn;
  s.data = w.finish();
  s.size = s.data.length;
  return s;
}

/** Gives an assembled function its line program and a plain entry. */
export function writeDwarf(ctx: AsmContext, fn: AsmFunction): void {
  const info = ensureFunc(fn.symbol);
  info.dwarfInfo = functionEntry(ctx, fn);
  info.dwarfLines = lineProgram(ctx, fn);
  info.dwarfInfo.object = ctx.object;
  info.dwarfLines.object = ctx.object;
}
