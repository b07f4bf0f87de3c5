/** TEXT, DATA, GLOBL, FUNCDATA, PCDATA and PCALIGN. */
import * as I from '#arch/inst.ts';
import { AsmFunction, Operand } from '#arch/inst.ts';
import { operandText } from '#arch/print.ts';
import * as Pseudo from '#arch/pseudo.ts';
import * as Attr from '#obj/attributes.ts';
import { ArgsSizeUnknown, FuncFlagAsm, FuncFlagTopFrame, funcIdOf } from '#obj/funcdata.ts';
import * as Reloc from '#obj/reloc-types.ts';
import { AbiInternal, ensureFunc } from '#obj/symbol.ts';
import type { DataTable } from './data.ts';
import { defineGlobal, writeAddress, writeBytes, writeFloat, writeInteger } from './data.ts';
import { parsePositive } from './expression.ts';
import { resolveLabels } from './instructions.ts';
import { operand } from './operand.ts';
import type { Parser } from './parser.ts';
import { append, error, label, newInst, position } from './parser.ts';
import { quote } from './quote.ts';
import type { Token } from './tokens.ts';
import * as T from './tokens.ts';

/* Flags of TEXT and GLOBL (textflag.h). */
const DupOk = 2;
const NoSplit = 4;
const Wrapper = 32;
const NeedCtxt = 64;
const NoFrame = 512;
const ReflectMethod = 1024;
const TopFrame = 2048;
const AbiWrapper = 4096;
const PkgInit = 8192;

const textAttributes: readonly (readonly [number, number])[] = [
  [DupOk, Attr.DupOk],
  [NoSplit, Attr.NoSplit],
  [ReflectMethod, Attr.ReflectMethod],
  [Wrapper, Attr.Wrapper],
  [AbiWrapper, Attr.AbiWrapper],
  [NeedCtxt, Attr.NeedCtxt],
  [NoFrame, Attr.NoFrame],
  [PkgInit, Attr.PkgInit],
];

function symbolName(o: Operand): string {
  if (o.sym !== null) return o.sym.name;
  return o.text === '' ? '<erroneous symbol>' : o.text;
}

/** True if o is symbol(SB), with an offset only where one is allowed. */
function validSymbol(p: Parser, directive: string, o: Operand, offsetAllowed: boolean): boolean {
  const isSymbol = o.sym !== null && (o.name === I.NameExtern || o.name === I.NameStatic);
  if (!isSymbol || o.scale !== 0 || o.reg !== 0) {
    error(p, `${directive} symbol ${quote(symbolName(o))} must be a symbol(SB)`);
    return false;
  }
  if (!offsetAllowed && (o.lo !== 0 || o.hi !== 0)) {
    error(p, `${directive} symbol ${quote(symbolName(o))} must not be offset from SB`);
    return false;
  }
  return true;
}

function validImmediate(p: Parser, directive: string, o: Operand): boolean {
  if (o.kind === I.Const && o.name === I.NameNone && o.reg === 0 && o.index === 0) return true;
  error(p, `${directive}: expected immediate constant; found ${operandText(p.target.names, null, o)}`);
  return false;
}

/** Flags: a bare integer expression. */
function flags(p: Parser, directive: string, tokens: readonly Token[]): number {
  const o = operand(p, tokens);
  if (o.kind !== I.Mem || o.name !== I.NameNone || o.reg !== 0 || o.index !== 0) {
    error(p, `${directive}: expected integer constant; found ${operandText(p.target.names, null, o)}`);
  }
  return o.lo;
}

/** $frame or $frame-args, which is no subtraction; null if malformed. */
function textSize(p: Parser, name: string, tokens: readonly Token[]): { frame: number; args: number } | null {
  const notConstant = `TEXT ${name}: frame size must be an immediate constant`;
  if (tokens.length < 2 || tokens[0].kind !== T.Dollar) {
    error(p, notConstant);
    return null;
  }
  let at = 1;
  const negative = tokens[at].kind === T.Minus;
  if (negative) at++;
  if (at >= tokens.length || tokens[at].kind !== T.Int) {
    error(p, notConstant);
    return null;
  }
  const size = parsePositive(p, tokens[at++].text);
  let args = ArgsSizeUnknown;
  if (at < tokens.length) {
    if (tokens.length - at !== 2 || tokens[at].kind !== T.Minus || tokens[at + 1].kind !== T.Int) {
      error(p, `TEXT ${name}: argument size must be of form -integer`);
      return null;
    }
    args = parsePositive(p, tokens[at + 1].text) | 0;
  }
  return { frame: negative ? -size : size, args };
}

/** TEXT name(SB), [flags,] $frame[-args] */
export function text(p: Parser, operands: Token[][], data: DataTable): void {
  if (operands.length !== 2 && operands.length !== 3) {
    error(p, 'expect two or three operands for TEXT');
    return;
  }
  // Labels belong to a function.
  resolveLabels(p);
  p.labels = new Map();
  const name = operand(p, operands[0]);
  if (!validSymbol(p, 'TEXT', name, false) || name.sym === null) return;
  const sym = name.sym;
  const flag = operands.length === 3 ? flags(p, 'TEXT', operands[1]) : 0;
  if (sym.abi === AbiInternal && (flag & NoSplit) === 0) {
    error(p, `TEXT ${quote(sym.name)}: ABIInternal requires NOSPLIT`);
  }
  const size = textSize(p, sym.name, operands[operands.length - 1]);
  if (size === null) return;
  if (!declareText(p, data, sym, flag)) return;
  const fn = new AsmFunction(sym, position(p), size.frame, size.args);
  fn.first.from = new Operand(I.Mem, name.name, 0, 0, 0, 0, 0, sym, 0, '');
  p.functions.push(fn);
  data.texts.set(sym, fn);
  p.current = fn;
  label(p, fn.first);
}

/** Makes a text symbol of sym; false if it is one already. */
function declareText(p: Parser, data: DataTable, sym: NonNullable<Operand['sym']>, flag: number): boolean {
  const pos = position(p);
  const here = p.positions.describe(pos);
  const other = data.texts.get(sym);
  if (other !== undefined) {
    const there = p.positions.describe(other.first.pos);
    data.diagnose(`${here}: symbol ${sym.name} redeclared\n\t${there}: other declaration of symbol ${sym.name}`);
    // The official assembler goes on with the new body; nothing is written after an error anyway.
    return true;
  }
  if (data.globals.has(sym)) {
    data.diagnose(`${here}: symbol ${sym.name} redeclared`);
    return true;
  }
  const info = ensureFunc(sym);
  info.funcId = funcIdOf(sym.name, (flag & (Wrapper | AbiWrapper)) !== 0);
  info.flags = FuncFlagAsm | ((flag & TopFrame) !== 0 ? FuncFlagTopFrame : 0);
  info.startLine = p.positions.lineOf(pos);
  for (const [bit, attr] of textAttributes) if ((flag & bit) !== 0) sym.attrs |= attr;
  return true;
}

/** DATA name+offset(SB)/size, $value */
export function dataDirective(p: Parser, operands: Token[][], data: DataTable): void {
  if (operands.length !== 2) {
    error(p, 'expect two operands for DATA');
    return;
  }
  const left = operands[0];
  const n = left.length;
  if (n < 3 || left[n - 2].kind !== T.Slash || left[n - 1].kind !== T.Int) {
    error(p, 'expect /size for DATA argument');
    return;
  }
  const sizeText = left[n - 1].text;
  const size = /^\d+$/.test(sizeText) ? Number(sizeText) : 0;
  if (!/^\d+$/.test(sizeText)) error(p, `bad size for DATA argument: ${quote(sizeText)}`);
  const name = operand(p, left.slice(0, n - 2));
  if (!validSymbol(p, 'DATA', name, true) || name.sym === null) return;
  const value = operand(p, operands[1]);
  if (value.kind !== I.Const && value.kind !== I.FloatConst && value.kind !== I.StringConst && value.kind !== I.Addr) {
    error(p, 'DATA value must be an immediate constant or address');
    return;
  }
  const offset = I.operandValue(name);
  const end = p.dataEnds.get(name.sym.name);
  if (end !== undefined && offset < end) {
    error(p, `overlapping DATA entry for ${name.sym.name}`);
    return;
  }
  p.dataEnds.set(name.sym.name, offset + size);
  writeValue(p, data, name.sym, offset, size, value);
}

function writeValue(
  p: Parser,
  data: DataTable,
  sym: NonNullable<Operand['sym']>,
  offset: number,
  size: number,
  value: Operand,
): void {
  switch (value.kind) {
    case I.Const:
      if (size === 1 || size === 2 || size === 4 || size === 8) {
        writeInteger(data, sym, offset, size, value.lo, value.hi);
      } else error(p, `bad int size for DATA argument: ${size}`);
      return;
    case I.FloatConst:
      if (size === 4 || size === 8) writeFloat(data, sym, offset, size, value.float);
      else error(p, `bad float size for DATA argument: ${size}`);
      return;
    case I.StringConst:
      writeBytes(data, sym, offset, size, value.text);
      return;
    default:
      if (size === p.target.pointerSize) {
        writeAddress(data, sym, offset, size, Reloc.Addr, value.sym, I.operandValue(value));
      } else error(p, `bad addr size for DATA argument: ${size}`);
  }
}

/** GLOBL name(SB), [flags,] $size */
export function globl(p: Parser, operands: Token[][], data: DataTable): void {
  if (operands.length !== 2 && operands.length !== 3) {
    error(p, 'expect two or three operands for GLOBL');
    return;
  }
  const name = operand(p, operands[0]);
  if (!validSymbol(p, 'GLOBL', name, false) || name.sym === null) return;
  const flag = operands.length === 3 ? flags(p, 'GLOBL', operands[1]) : 0;
  const size = operand(p, operands[operands.length - 1]);
  if (!validImmediate(p, 'GLOBL', size)) return;
  defineGlobal(data, name.sym, I.operandValue(size), flag, p.positions.describe(position(p)));
}

/** FUNCDATA $index, name(SB) */
export function funcdata(p: Parser, operands: Token[][]): void {
  if (operands.length !== 2) {
    error(p, 'expect two operands for FUNCDATA');
    return;
  }
  const index = operand(p, operands[0]);
  if (!validImmediate(p, 'FUNCDATA', index)) return;
  const name = operand(p, operands[1]);
  if (!validSymbol(p, 'FUNCDATA', name, true)) return;
  append(p, newInst(p, Pseudo.FUNCDATA, index, name), '');
}

/** PCDATA $index, $value */
export function pcdata(p: Parser, operands: Token[][]): void {
  if (operands.length !== 2) {
    error(p, 'expect two operands for PCDATA');
    return;
  }
  const index = operand(p, operands[0]);
  if (!validImmediate(p, 'PCDATA', index)) return;
  const value = operand(p, operands[1]);
  if (!validImmediate(p, 'PCDATA', value)) return;
  append(p, newInst(p, Pseudo.PCDATA, index, value), '');
}

/** PCALIGN $alignment */
export function pcalign(p: Parser, operands: Token[][]): void {
  if (operands.length !== 1) {
    error(p, 'expect one operand for PCALIGN');
    return;
  }
  const alignment = operand(p, operands[0]);
  if (!validImmediate(p, 'PCALIGN', alignment)) return;
  append(p, newInst(p, Pseudo.PCALIGN, alignment), '');
}
