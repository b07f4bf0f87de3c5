/** Values of literals (go/constant's MakeFromLiteral). Literal kinds are those of syntax/kinds.ts. */
import { bug } from '#base/bug.ts';
import { divFloat, mulFloat, powerOfFive, precision, RoundNearest, roundFloat, zero } from './bigfloat.ts';
import {
  byteString,
  IntVal,
  isSmallFloat,
  makeComplex,
  makeFloat,
  makeInt,
  makeInt64,
  makeRat,
  makeString,
  makeUnknown,
  reduce,
  type Value,
} from './representation.ts';

const IntLit = 0;
const FloatLit = 1;
const ImagLit = 2;
const RuneLit = 3;
const StringLit = 4;

/** The value of a literal as it stands in the source, or Unknown if its syntax is wrong. */
export function makeFromLiteral(literal: string, kind: number): Value {
  switch (kind) {
    case IntLit:
      return intLiteral(literal);
    case FloatLit:
      return floatLiteral(literal);
    case ImagLit:
      if (!literal.endsWith('i')) return makeUnknown();
      return makeComplex(new IntVal(0, null), floatLiteral(literal.slice(0, -1)));
    case RuneLit: {
      if (literal.length < 2) return makeUnknown();
      const s = unescapeRune(literal.slice(1, -1));
      return s < 0 ? makeUnknown() : makeInt64(s);
    }
    case StringLit: {
      const s = unquote(literal);
      return s === null ? makeUnknown() : makeString(s);
    }
    default:
      return bug(`unknown literal kind ${kind}`);
  }
}

function intLiteral(literal: string): Value {
  const text = literal.includes('_') ? literal.replaceAll('_', '') : literal;
  if (!/^(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]*|[1-9][0-9]*)$/.test(text)) return makeUnknown();
  if (text.length === 2 && /[oO]/.test(text)) return makeUnknown();
  const octal = text.length > 1 && text[0] === '0' && text[1] >= '0' && text[1] <= '7';
  const normal = octal ? `0o${text.slice(1)}` : text;
  if (normal.length <= 12) return new IntVal(Number(normal), null);
  return makeInt(BigInt(normal));
}

/** A decimal or hexadecimal float literal, or any integer literal (before an `i` suffix; then a leading 0 means nothing). */
function floatLiteral(literal: string): Value {
  const text = literal.replaceAll('_', '');
  if (/^0[bBoO]/.test(text)) return scaledLiteral(text.slice(2), text[1] === 'b' || text[1] === 'B' ? 2 : 8);
  if (/^0[xX]/.test(text)) return hexLiteral(text.slice(2));
  return scaledLiteral(text, 10);
}

function scaledLiteral(text: string, base: number): Value {
  if (base !== 10) {
    const digits = base === 2 ? /^[01]+$/ : /^[0-7]+$/;
    if (!digits.test(text)) return makeUnknown();
    return makeRat(BigInt((base === 2 ? '0b' : '0o') + text), 1n);
  }
  const m = /^([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?$/.exec(text);
  if (m === null || (m[1] === '' && (m[2] ?? '') === '')) return makeUnknown();
  const fraction = m[2] ?? '';
  const mantissa = BigInt(m[1] + fraction);
  const exponent = Number(m[3] ?? '0') - fraction.length;
  if (mantissa === 0n) return makeRat(0n, 1n);
  return decimal(mantissa, exponent);
}

/** mantissa * 10**exponent. */
function decimal(mantissa: bigint, exponent: number): Value {
  // 2**4096 is about 10**1233: only numbers near or beyond that need the float path to decide.
  const size = mantissa.toString().length + exponent;
  if (Math.abs(size) < 1200 && Math.abs(exponent) < 5000) return fractionOf(mantissa, exponent);
  if (size > 700_000_000) return makeUnknown();
  if (size < -700_000_000) return makeRat(0n, 1n);
  let f = roundFloat(mantissa, 0, false, Math.max(precision, mantissa.toString(2).length), RoundNearest);
  if (exponent < 0) f = divFloat(f, powerOfFive(-exponent, precision + 64), precision);
  else f = mulFloat(f, powerOfFive(exponent, precision + 64), precision);
  f = roundFloat(f.mant, f.exp + exponent, false, precision, RoundNearest);
  if (f === zero) return makeRat(0n, 1n);
  return isSmallFloat(f) ? fractionOf(mantissa, exponent) : makeFloat(f);
}

/** A literal stays a fraction if its magnitude allows, however large its parts are (makeFloatFromLiteral). */
function fractionOf(mantissa: bigint, exponent: number): Value {
  if (exponent >= 0) return reduce(mantissa * 10n ** BigInt(exponent), 1n);
  return reduce(mantissa, 10n ** BigInt(-exponent));
}

function hexLiteral(text: string): Value {
  const m = /^([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?(?:[pP]([+-]?[0-9]+))?$/.exec(text);
  if (m === null || (m[1] === '' && (m[2] ?? '') === '')) return makeUnknown();
  const fraction = m[2] ?? '';
  const mantissa = BigInt(`0x${m[1]}${fraction}`);
  const exponent = Number(m[3] ?? '0') - 4 * fraction.length;
  if (mantissa === 0n) return makeRat(0n, 1n);
  if (Math.abs(exponent) > 4_000_000_000) return exponent > 0 ? makeUnknown() : makeRat(0n, 1n);
  const f = roundFloat(mantissa, exponent, false, precision, RoundNearest);
  if (f.inf !== 0) return makeUnknown();
  if (f === zero) return makeRat(0n, 1n);
  if (!isSmallFloat(f)) return makeFloat(f);
  return exponent >= 0 ? reduce(mantissa << BigInt(exponent), 1n) : reduce(mantissa, 1n << BigInt(-exponent));
}

/** The byte string that a string literal denotes, or null if its syntax is wrong (strconv.Unquote without rune literals). */
export function unquote(literal: string): string | null {
  const n = literal.length;
  if (n < 2) return null;
  const quote = literal[0];
  if (literal[n - 1] !== quote) return null;
  const body = literal.slice(1, n - 1);
  if (quote === '`') {
    if (body.includes('`')) return null;
    return byteString(body.includes('\r') ? body.replaceAll('\r', '') : body);
  }
  if (quote !== '"' || body.includes('\n')) return null;
  if (!body.includes('\\')) return body.includes('"') ? null : byteString(body);
  let out = '';
  for (let i = 0; i < body.length; ) {
    const next = body.indexOf('\\', i);
    const end = next < 0 ? body.length : next;
    const plain = body.slice(i, end);
    if (plain.includes('"')) return null;
    out += byteString(plain);
    if (next < 0) break;
    const e = readEscape(body, next, '"');
    if (e === null) return null;
    out += e.isByte ? String.fromCharCode(e.value) : byteString(String.fromCodePoint(e.value));
    i = e.end;
  }
  return out;
}

interface Escape {
  value: number;
  /** The value is a byte, not a code point. */
  isByte: boolean;
  end: number;
}

const simpleEscapes: Record<string, number> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
};

function readEscape(s: string, start: number, quote: string): Escape | null {
  const c = s[start + 1];
  if (c === undefined) return null;
  if (c === quote) return { value: c.charCodeAt(0), isByte: false, end: start + 2 };
  const simple = simpleEscapes[c];
  if (simple !== undefined) return { value: simple, isByte: false, end: start + 2 };
  if (c >= '0' && c <= '7') return numericEscape(s, start + 1, 3, 8);
  if (c === 'x') return numericEscape(s, start + 2, 2, 16);
  const width = c === 'u' ? 4 : c === 'U' ? 8 : 0;
  if (width === 0) return null;
  const e = numericEscape(s, start + 2, width, 16);
  if (e === null || e.value > 0x10ffff || (e.value >= 0xd800 && e.value < 0xe000)) return null;
  return { value: e.value, isByte: false, end: e.end };
}

function numericEscape(s: string, start: number, width: number, base: number): Escape | null {
  const digits = s.slice(start, start + width);
  if (digits.length !== width || !(base === 8 ? /^[0-7]+$/ : /^[0-9a-fA-F]+$/).test(digits)) return null;
  const value = Number.parseInt(digits, base);
  if (base === 8 && value > 255) return null;
  return { value, isByte: true, end: start + width };
}

/** The code point of a rune literal's inside, or -1. */
function unescapeRune(body: string): number {
  if (body.startsWith('\\')) {
    const e = readEscape(body, 0, "'");
    return e === null ? -1 : e.value;
  }
  return body.codePointAt(0) ?? -1;
}
