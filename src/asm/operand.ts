/**
 * Operands: [$|*] symbol ± offset (pseudo-register) (register) (index*scale), a register, a list of registers, an integer,
 * a floating-point number or a string; every part may be missing (GOROOT/doc/asm.html).
 */

import * as I from '#arch/inst.ts';
import { Operand } from '#arch/inst.ts';
import { unquote } from '#base/unquote.ts';
import type { LinkSymbol } from '#obj/symbol.ts';
import { Abi0, AbiInternal } from '#obj/symbol.ts';
import { expression, floatExpression } from './expression.ts';
import type { Parser } from './parser.ts';
import { back, error, expectEnd, get, have, peek, start, take } from './parser.ts';
import { quote } from './quote.ts';
import type { Token } from './tokens.ts';
import * as T from './tokens.ts';
import type { Uint64 } from './uint64.ts';
import { zero } from './uint64.ts';

/** Registers that exist in text only. SP is one too, but on amd64 also a real one: a symbol before it decides. */
const FP = -1;
const SB = -2;
const PC = -4;

/** An operand while it is read. */
class Draft {
  kind: number;
  name: number;
  reg: number;
  index: number;
  scale: number;
  offset: Uint64;
  sym: LinkSymbol | null;
  /** The symbol as written, also where it is no symbol but a label or a local variable. */
  symName: string;
  float: number;
  text: string;

  constructor() {
    this.kind = I.None;
    this.name = I.NameNone;
    this.reg = 0;
    this.index = 0;
    this.scale = 0;
    this.offset = zero;
    this.sym = null;
    this.symName = '';
    this.float = 0;
    this.text = '';
  }
}

function finish(d: Draft): Operand {
  const text = d.kind === I.StringConst ? d.text : d.symName;
  return new Operand(d.kind, d.name, d.reg, d.index, d.scale, d.offset.lo, d.offset.hi, d.sym, d.float, text);
}

function registerNumber(p: Parser, name: string): number {
  if (name === 'FP') return FP;
  if (name === 'SB') return SB;
  if (name === 'PC') return PC;
  return p.target.register(name);
}

function isRegister(p: Parser, name: string): boolean {
  return registerNumber(p, name) !== 0;
}

/** Parses the tokens of an operand. */
export function operand(p: Parser, tokens: readonly Token[]): Operand {
  start(p, tokens);
  const d = new Draft();
  read(p, d);
  return finish(d);
}

function read(p: Parser, d: Draft): void {
  let prefix = 0;
  const first = peek(p);
  if (first === T.Dollar || first === T.Star) {
    prefix = first;
    take(p);
  }
  const t = take(p);
  const registerFirst = t.kind === T.Ident && isRegister(p, t.text);
  if (t.kind === T.Ident && !registerFirst) {
    symbolReference(p, d, qualify(p, t.text), prefix);
    if (peek(p) === T.Eof) return;
  }
  if (t.kind === T.LeftBracket) {
    if (prefix !== 0) error(p, 'illegal use of register list');
    registerList(p, d);
    expectEnd(p);
    return;
  }
  if (registerFirst) {
    const r = register(p, t.text, prefix);
    if (r !== null) {
      if (r.scale !== 0) error(p, 'expected simple register reference');
      d.kind = I.Reg;
      d.reg = r.reg;
    }
    expectEnd(p);
    return;
  }
  if (startsConstant(p, t)) {
    if (peek(p) === T.Eof && t.kind === T.LeftParen) return;
    back(p);
    if (constant(p, d, prefix)) return;
  }
  indirect(p, d, prefix);
  expectEnd(p);
}

/** Is t the first token of a number? For "(R)" the parenthesis is put back. */
function startsConstant(p: Parser, t: Token): boolean {
  switch (t.kind) {
    case T.Int:
    case T.Float:
    case T.Str:
    case T.Char:
    case T.Plus:
    case T.Minus:
    case T.Tilde:
      return true;
    case T.LeftParen: {
      const inner = take(p);
      if (inner.kind === T.Eof) {
        error(p, 'missing right parenthesis');
        return true;
      }
      back(p);
      if (!isRegister(p, inner.text)) return true;
      back(p);
      return false;
    }
    default:
      return false;
  }
}

/** A number or string; true if the operand ends with it, false if "(register)" follows an offset. */
function constant(p: Parser, d: Draft, prefix: number): boolean {
  if (have(p, T.Float)) {
    if (prefix !== T.Dollar) error(p, 'floating-point constant must be an immediate');
    d.kind = I.FloatConst;
    d.float = floatExpression(p);
    expectEnd(p);
    return true;
  }
  if (have(p, T.Str)) {
    if (prefix !== T.Dollar) {
      error(p, 'string constant must be an immediate');
      return true;
    }
    const bytes = unquote(get(p, T.Str).text);
    if (bytes === null) error(p, 'string parse error: invalid syntax');
    else d.text = String.fromCharCode(...bytes);
    d.kind = I.StringConst;
    expectEnd(p);
    return true;
  }
  d.offset = expression(p);
  if (peek(p) === T.LeftParen) return false;
  d.kind = prefix === T.Dollar ? I.Const : prefix === T.Star ? I.Indirect : I.Mem;
  expectEnd(p);
  return true;
}

/** A name that begins with a dot (a middle dot in the text) belongs to this package. */
export function qualify(p: Parser, name: string): string {
  return name.startsWith('.') ? p.packagePrefix + name : name;
}

function symbolReference(p: Parser, d: Draft, name: string, prefix: number): void {
  d.kind = prefix === T.Dollar ? I.Addr : prefix === T.Star ? I.Indirect : I.Mem;
  d.symName = name;
  const attrs = symbolAttributes(p, name, true);
  if (peek(p) === T.Plus || peek(p) === T.Minus) d.offset = expression(p);
  if (peek(p) === T.Eof) {
    // Jump labels have neither prefix nor pseudo-register.
    if (prefix === 0 && p.isJump) return;
    error(p, `illegal or missing addressing mode for symbol ${name}`);
    return;
  }
  get(p, T.LeftParen);
  const reg = get(p, T.Ident).text;
  get(p, T.RightParen);
  if (reg === 'SB') d.sym = attrs.isStatic ? p.symbols.lookupStatic(name) : p.symbols.lookup(name, attrs.abi);
  pseudoRegister(p, d, reg, attrs.isStatic, prefix);
}

function pseudoRegister(p: Parser, d: Draft, reg: string, isStatic: boolean, prefix: number): void {
  if (d.reg !== 0) error(p, `internal error: reg ${reg} already set in pseudo`);
  switch (reg) {
    case 'FP':
      d.name = I.NameParam;
      break;
    case 'PC':
      if (prefix !== 0) error(p, 'illegal addressing mode for PC');
      d.kind = I.Branch;
      break;
    case 'SB':
      d.name = isStatic ? I.NameStatic : I.NameExtern;
      break;
    case 'SP':
      d.name = I.NameAuto;
      break;
    default:
      error(p, `expected pseudo-register; found ${reg}`);
  }
  if (prefix === T.Dollar) d.kind = I.Addr;
}

/** Behind a name: nothing, <> for a symbol of this file, or <ABI0> or <ABIInternal>. */
function symbolAttributes(p: Parser, name: string, complain: boolean): { isStatic: boolean; abi: number } {
  let isStatic = false;
  let abi = Abi0;
  if (peek(p) !== T.Less) return { isStatic, abi };
  take(p);
  if (peek(p) === T.Greater) isStatic = true;
  else if (peek(p) === T.Ident) {
    const text = get(p, T.Ident).text;
    if (!p.allowAbi) {
      if (complain) error(p, `ABI selector only permitted when compiling runtime, reference was to ${quote(name)}`);
    } else if (text === 'ABIInternal') abi = AbiInternal;
    else if (text !== 'ABI0' && complain)
      error(p, `malformed ABI selector ${quote(text)} in reference to ${quote(name)}`);
  }
  get(p, T.Greater);
  return { isStatic, abi };
}

/** [$|*] symbol [<abi>] [+ n] (SB), not static; null for any other operand. This is what -gensymabis looks for. */
export function functionReference(p: Parser, tokens: readonly Token[]): { name: string; abi: number } | null {
  start(p, tokens);
  if (peek(p) === T.Dollar || peek(p) === T.Star) take(p);
  const first = take(p);
  if (first.kind !== T.Ident || isRegister(p, first.text)) return null;
  const name = qualify(p, first.text);
  const attrs = symbolAttributes(p, name, false);
  if (attrs.isStatic) return null;
  let t = take(p);
  if (t.kind === T.Plus) {
    if (take(p).kind !== T.Int) return null;
    t = take(p);
  }
  if (t.kind !== T.LeftParen) return null;
  const reg = take(p);
  if (reg.kind !== T.Ident || reg.text !== 'SB') return null;
  if (take(p).kind !== T.RightParen || peek(p) !== T.Eof) return null;
  return { name, abi: attrs.abi };
}

/** A register, optionally with *scale. */
function register(p: Parser, name: string, prefix: number): { reg: number; scale: number } | null {
  const reg = registerNumber(p, name);
  if (reg === 0) {
    error(p, `expected register; found ${name}`);
    return null;
  }
  if (prefix !== 0 && prefix !== T.Star) {
    const c = String.fromCharCode(prefix);
    error(p, `prefix ${c} not allowed for register: ${c}${name}`);
  }
  const c = peek(p);
  if (c === T.Comma || c === T.Plus) {
    take(p);
    error(p, `(register${c === T.Comma ? ',' : '+'}register) not supported on this architecture`);
    return null;
  }
  if (c === T.Colon) {
    take(p);
    if (registerNumber(p, take(p).text) === 0) return null;
    error(p, 'indirect through register pair');
  }
  let scale = 0;
  if (peek(p) === T.Star) {
    take(p);
    scale = parseScale(p, take(p).text);
  }
  return { reg, scale };
}

function parseScale(p: Parser, text: string): number {
  if (text === '1' || text === '2' || text === '4' || text === '8') return Number(text);
  error(p, `bad scale: ${text}`);
  return 0;
}

/** (R), (R*scale), (R)(R*scale) or (pseudo-register). */
function indirect(p: Parser, d: Draft, prefix: number): void {
  get(p, T.LeftParen);
  const t = take(p);
  const r = register(p, t.text, 0);
  if (r === null) error(p, `indirect through non-register ${t.text}`);
  get(p, T.RightParen);
  d.kind = I.Mem;
  const reg = r === null ? 0 : r.reg;
  const scale = r === null ? 0 : r.scale;
  if (reg < 0) {
    if (reg !== PC && d.name === I.NameNone) error(p, `cannot reference ${t.text} without a symbol`);
    pseudoRegister(p, d, t.text, false, prefix);
    return;
  }
  d.reg = reg;
  if (prefix === T.Dollar) d.kind = I.Addr;
  if (scale === 0 && peek(p) === T.LeftParen) {
    take(p);
    const second = take(p);
    const index = register(p, second.text, 0);
    if (index === null) error(p, `indirect through non-register ${second.text}`);
    else {
      d.index = index.reg;
      d.scale = index.scale;
    }
    get(p, T.RightParen);
  } else if (scale !== 0) {
    d.reg = 0;
    d.index = reg;
    d.scale = scale;
  }
}

/** [R1-R2]: consecutive registers of the AVX-512 multi-source instructions. */
function registerList(p: Parser, d: Draft): void {
  const low = take(p).text;
  const lowReg = registerNumber(p, low);
  if (lowReg === 0) {
    error(
      p,
      low === 'EOF' ? "register list: expected ']', found EOF" : `register list: bad low register in \`[${low}\``,
    );
    return;
  }
  const dash = take(p);
  if (dash.kind !== T.Minus) {
    error(p, `register list: expected '-' after \`[${low}\`, found ${T.kindText(dash.kind)}`);
    return;
  }
  const high = take(p).text;
  const highReg = registerNumber(p, high);
  if (highReg === 0) {
    error(p, `register list: bad high register in \`[${low}-${high}\``);
    return;
  }
  const close = take(p);
  if (close.kind !== T.RightBracket) {
    error(p, `register list: expected ']' after \`[${low}-${high}\`, found ${T.kindText(close.kind)}`);
  }
  d.kind = I.RegList;
  d.reg = lowReg;
  d.index = highReg;
}
