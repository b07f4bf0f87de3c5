/**
 * The pc-value tables of an assembled function: stack depth, file, line, inlining and PCDATA. Every architecture's instructions
 * carry what they need (spAdjust, pos, inline, PCDATA pseudo-ops). A value counts from the instruction that sets it; entries
 * are made only at instructions with code, as the official tools do (GOROOT/src/cmd/internal/obj/pcln.go).
 */
import { ByteWriter } from '#base/bytes.ts';
import type { FuncInfo, LinkSymbol } from '#obj/symbol.ts';
import { noBytes } from '#obj/symbol.ts';
import type { AsmContext, AsmFunction, Inst } from './inst.ts';
import * as I from './inst.ts';
import * as Pseudo from './pseudo.ts';

const SpTable = 0;
const FileTable = 1;
const LineTable = 2;
const InlineTable = 3;
/** PcdataTable + n is the table of PCDATA n. */
const PcdataTable = 4;

class TableWriter {
  readonly ctx: AsmContext;
  readonly usedFiles: Set<number>;
  readonly w: ByteWriter;

  constructor(ctx: AsmContext) {
    this.ctx = ctx;
    this.usedFiles = new Set();
    this.w = new ByteWriter(256);
  }
}

/** The value at p, before it runs. */
function valueBefore(t: TableWriter, table: number, p: Inst, old: number): number {
  switch (table) {
    case SpTable:
      return old === -1 ? 0 : old;
    case FileTable:
    case LineTable: {
      if (p.op === Pseudo.TEXT || p.op === Pseudo.NOP) return old;
      const line = t.ctx.positions.lineOf(p.pos);
      if (line === 0) return old;
      if (table === LineTable) return line;
      const file = t.ctx.positions.fileOf(p.pos);
      t.usedFiles.add(file);
      return file;
    }
    case InlineTable:
      return p.inline;
    default:
      return old;
  }
}

/** The value behind p. */
function valueAfter(table: number, p: Inst, old: number): number {
  if (table === SpTable) return old + p.spAdjust;
  if (table >= PcdataTable && p.op === Pseudo.PCDATA && p.from.lo === table - PcdataTable) return p.to.lo;
  return old;
}

function zigzag(w: ByteWriter, delta: number): void {
  w.uleb(delta < 0 ? -2 * delta - 1 : 2 * delta);
}

function encodeTable(t: TableWriter, fn: AsmFunction, table: number, size: number, unit: number): Uint8Array {
  const w = t.w;
  w.length = 0;
  let value = -1;
  let written = -1;
  let writtenPc = fn.first.pc;
  let started = false;
  for (let p: Inst | null = fn.first; p !== null; p = p.next) {
    value = valueBefore(t, table, p, value);
    const next: Inst | null = p.next;
    const real = next === null || next.pc !== p.pc;
    if (real && (value !== written || !started)) {
      if (started) {
        w.uleb((p.pc - writtenPc) / unit);
        writtenPc = p.pc;
      }
      zigzag(w, value - written);
      written = value;
      started = true;
    }
    value = valueAfter(table, p, value);
  }
  if (started) {
    w.uleb((size - writtenPc) / unit);
    w.u8(0);
  }
  return w.finish();
}

function collectFuncdata(ctx: AsmContext, fn: AsmFunction): (LinkSymbol | null)[] {
  const funcdata: (LinkSymbol | null)[] = [];
  for (let p: Inst | null = fn.first; p !== null; p = p.next) {
    if (p.op !== Pseudo.FUNCDATA) continue;
    const i = p.from.lo;
    while (funcdata.length <= i) funcdata.push(null);
    if (funcdata[i] !== null) ctx.error(p.pos, `multiple definitions for FUNCDATA $${i}`);
    if (p.to.kind === I.Mem) funcdata[i] = p.to.sym;
  }
  return funcdata;
}

/** Fills info's tables; every instruction's pc is final, `unit` is the smallest instruction size. */
export function writePcTables(ctx: AsmContext, fn: AsmFunction, info: FuncInfo, size: number, unit: number): void {
  const t = new TableWriter(ctx);
  info.pcsp = encodeTable(t, fn, SpTable, size, unit);
  info.pcfile = encodeTable(t, fn, FileTable, size, unit);
  info.pcline = encodeTable(t, fn, LineTable, size, unit);
  info.pcinline = encodeTable(t, fn, InlineTable, size, unit);
  for (const node of info.inlineTree) t.usedFiles.add(node.file);
  info.files = [...t.usedFiles].sort((a, b) => a - b);
  for (const mark of fn.inlineMarks) mark.node.parentPc = mark.inst.pc;
  // A table that only says -1, the initial value, is left out.
  let present = 0;
  let count = 0;
  for (let p: Inst | null = fn.first; p !== null; p = p.next) {
    if (p.op !== Pseudo.PCDATA || p.to.lo === -1) continue;
    present |= 1 << p.from.lo;
    if (p.from.lo >= count) count = p.from.lo + 1;
  }
  info.pcdata = [];
  for (let i = 0; i < count; i++) {
    const has = (present & (1 << i)) !== 0;
    info.pcdata.push(has ? encodeTable(t, fn, PcdataTable + i, size, unit) : noBytes);
  }
  info.funcdata = collectFuncdata(ctx, fn);
}
