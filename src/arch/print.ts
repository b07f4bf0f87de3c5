/** Instructions as text, in the assembler's syntax and the official tools' wording (GOROOT/src/cmd/internal/obj/util.go). */

import * as Attr from '#obj/attributes.ts';
import { ArgsSizeUnknown, FuncFlagTopFrame } from '#obj/funcdata.ts';
import * as Abi from '#obj/symbol.ts';
import * as I from './inst.ts';
import * as Pseudo from './pseudo.ts';

/** An architecture's names. */
export interface PrintNames {
  opName(op: number): string;
  regName(reg: number): string;
  suffixName(suffix: number): string;
}

/** The decimal digits of a 64-bit value. */
export function formatInt64(lo: number, hi: number): string {
  if (hi === lo >> 31) return String(lo);
  const negative = hi < 0;
  // Four 16-bit digits, most significant first, of the absolute value.
  const l = negative ? -lo >>> 0 : lo >>> 0;
  const h = negative ? (l === 0 ? -hi >>> 0 : ~hi >>> 0) : hi;
  const digits = [h >>> 16, h & 0xffff, l >>> 16, l & 0xffff];
  let out = '';
  while (digits.some((d) => d !== 0)) {
    let rest = 0;
    for (let i = 0; i < 4; i++) {
      const v = rest * 65536 + digits[i];
      digits[i] = Math.floor(v / 1e9);
      rest = v % 1e9;
    }
    out = String(rest).padStart(9, '0') + out;
  }
  return (negative ? '-' : '') + out.replace(/^0+/, '');
}

function signedOffset(o: I.Operand): string {
  if (o.lo === 0 && o.hi === 0) return '';
  return o.hi < 0 ? formatInt64(o.lo, o.hi) : `+${formatInt64(o.lo, o.hi)}`;
}

function abiSuffix(o: I.Operand, withAbi: boolean): string {
  if (!withAbi || o.sym === null) return '';
  return o.sym.abi === Abi.AbiInternal ? '<ABIInternal>' : '<ABI0>';
}

function nameText(names: PrintNames, o: I.Operand, withAbi: boolean): string {
  const base = (pseudo: string): string => (o.reg !== 0 ? names.regName(o.reg) : pseudo);
  const symName = o.sym !== null ? o.sym.name : o.text;
  switch (o.name) {
    case I.NameNone:
      if (o.reg === 0) return formatInt64(o.lo, o.hi);
      return `${o.lo === 0 && o.hi === 0 ? '' : formatInt64(o.lo, o.hi)}(${names.regName(o.reg)})`;
    case I.NameExtern:
      return `${symName}${abiSuffix(o, withAbi)}${signedOffset(o)}(${base('SB')})`;
    case I.NameGotRef:
      return `${symName}${signedOffset(o)}@GOT(${base('SB')})`;
    case I.NameStatic:
      return `${symName}<>${signedOffset(o)}(${base('SB')})`;
    case I.NameAuto:
      return `${symName}${signedOffset(o)}(${base('SP')})`;
    case I.NameParam:
      return `${symName}${signedOffset(o)}(${base('FP')})`;
    default:
      return `name=${o.name}`;
  }
}

/** %.17g, with a mark that it is not an integer. */
function floatText(v: number): string {
  if (!Number.isFinite(v)) return Number.isNaN(v) ? 'NaN.0' : v > 0 ? '+Inf.0' : '-Inf.0';
  let s: string;
  const exponent = v === 0 ? 0 : Math.floor(Math.log10(Math.abs(v)));
  if (exponent < -4 || exponent >= 17) {
    s = v.toExponential(16).replace(/\.?0+e/, 'e');
    s = s.replace(/e([+-])(\d)$/, 'e$10$2');
  } else {
    s = v.toPrecision(17);
    if (s.includes('.')) s = s.replace(/\.?0+$/, '');
  }
  if (Object.is(v, -0)) s = '-0';
  return /[.e]/.test(s) ? s : `${s}.0`;
}

/** Go's %q of a byte string. */
export function quoteBytes(s: string): string {
  let out = '"';
  for (let i = 0; i < s.length; i++) {
    const c = s.charCodeAt(i);
    const special = '\u0007\b\f\n\r\t\v'.indexOf(s[i]);
    if (special >= 0) out += `\\${'abfnrtv'[special]}`;
    else if (c === 34 || c === 92) out += `\\${s[i]}`;
    else if (c < 32 || c >= 127) out += `\\x${c.toString(16).padStart(2, '0')}`;
    else out += s[i];
  }
  return `${out}"`;
}

export function operandText(names: PrintNames, p: I.Inst | null, o: I.Operand, withAbi = false): string {
  switch (o.kind) {
    case I.None:
      return '';
    case I.Reg:
      return names.regName(o.reg);
    case I.Branch:
      if (o.sym !== null) return `${o.sym.name}${abiSuffix(o, withAbi)}(SB)`;
      if (p !== null && p.target !== null) return String(p.target.pc);
      return `${o.lo}(PC)`;
    case I.Indirect:
      return `*${nameText(names, o, withAbi)}`;
    case I.Mem: {
      const index = o.index !== 0 ? `(${names.regName(o.index)}${o.scale === 0 ? '' : `*${o.scale}`})` : '';
      return nameText(names, o, false) + index;
    }
    case I.Const:
    case I.Addr:
      return `$${nameText(names, o, withAbi && o.kind === I.Addr)}`;
    case I.TextSize:
      return o.hi === ArgsSizeUnknown ? `$${o.lo}` : `$${o.lo}-${o.hi}`;
    case I.FloatConst:
      return `$(${floatText(o.float)})`;
    case I.StringConst:
      return `$${quoteBytes(o.text)}`;
    case I.RegList:
      return `[${names.regName(o.reg)}-${names.regName(o.index)}]`;
    default:
      return `type=${o.kind}`;
  }
}

const textFlagNames: readonly (readonly [number, string])[] = [
  [Attr.DupOk, 'DUPOK'],
  [Attr.NoSplit, 'NOSPLIT'],
  [Attr.Leaf, 'LEAF'],
  [Attr.ReflectMethod, 'REFLECTMETHOD'],
  [Attr.Local, 'LOCAL'],
  [Attr.Wrapper, 'WRAPPER'],
  [Attr.NeedCtxt, 'NEEDCTXT'],
  [Attr.NoFrame, 'NOFRAME'],
];

/** Attributes of a text symbol as TEXT shows them. */
function textAttrText(p: I.Inst): string {
  const sym = p.from.sym;
  if (sym === null) return '';
  const out: string[] = [];
  for (const [bit, name] of textFlagNames) if ((sym.attrs & bit) !== 0) out.push(name);
  if (sym.abi === Abi.AbiStatic) out.push('STATIC');
  if ((sym.attrs & Attr.AbiWrapper) !== 0) out.push('ABIWRAPPER');
  if ((sym.attrs & Attr.PkgInit) !== 0) out.push('PKGINIT');
  if (sym.abi === Abi.AbiInternal) out.push('ABIInternal');
  if (sym.func !== null && (sym.func.flags & FuncFlagTopFrame) !== 0) out.push('TOPFRAME');
  return out.join('|');
}

/** Mnemonic and operands, without position. */
export function instText(names: PrintNames, p: I.Inst, withAbi = false): string {
  let s = names.opName(p.op);
  if (p.suffix !== 0) s += `.${names.suffixName(p.suffix)}`;
  const operands: string[] = [];
  if (p.from.kind !== I.None) operands.push(operandText(names, p, p.from, withAbi));
  if (p.rest !== null) for (const o of p.rest) operands.push(operandText(names, p, o, withAbi));
  if (p.op === Pseudo.TEXT) {
    const attrs = textAttrText(p);
    if (attrs !== '') operands.push(attrs);
  }
  if (p.to.kind !== I.None) operands.push(operandText(names, p, p.to, withAbi));
  return operands.length === 0 ? s : `${s}\t${operands.join(', ')}`;
}
