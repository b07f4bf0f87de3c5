/** Constants as text: the short form of messages and the exact form (go/constant's String and ExactString). */
import { escapeRune } from '#base/quote.ts';
import { type BigFloat, bitLength, signFloat, topExponent } from './bigfloat.ts';
import { float64Val } from './convert.ts';
import {
  BoolKind,
  ComplexKind,
  FloatKind,
  type FloatVal,
  IntKind,
  RatVal,
  ratToFloat,
  StringKind,
  textOf,
  type Value,
} from './representation.ts';

/** A short, readable form: strings are quoted and cut, floats have six digits. */
export function toShortString(x: Value): string {
  switch (x.kind) {
    case BoolKind:
      return x.value ? 'true' : 'false';
    case StringKind:
      return shortened(quote(x.value));
    case IntKind:
      return (x.big ?? x.small).toString();
    case FloatKind:
      return floatString(x instanceof RatVal ? ratToFloat(x) : x);
    case ComplexKind:
      return `(${toShortString(x.re)} + ${toShortString(x.im)}i)`;
    default:
      return 'unknown';
  }
}

/** The exact value. */
export function toExactString(x: Value): string {
  switch (x.kind) {
    case StringKind:
      return quote(x.value);
    case FloatKind:
      if (x instanceof RatVal) return x.den === 1n ? x.num.toString() : `${x.num}/${x.den}`;
      return hexFloat(x.float);
    case ComplexKind:
      return `(${toExactString(x.re)} + ${toExactString(x.im)}i)`;
    default:
      return toShortString(x);
  }
}

function shortened(s: string): string {
  const maxLength = 72;
  if (s.length <= maxLength) return s;
  const runes = Array.from(s);
  if (runes.length <= maxLength) return s;
  return `${runes.slice(0, maxLength - 3).join('')}...`;
}

function floatString(x: FloatVal): string {
  const f = x.float;
  const d = float64Val(x);
  if ((f.mant === 0n) === (d === 0) && Number.isFinite(d)) {
    const s = formatG(d, 6);
    return f.exp < 0 && !s.includes('.') ? formatG(d, -1) : s;
  }
  return approximate(f);
}

/** Six digits of a number outside the range of float64, by logarithms. */
function approximate(f: BigFloat): string {
  const negative = signFloat(f) < 0;
  const abs = negative ? -f.mant : f.mant;
  const length = bitLength(abs);
  const top = length > 64 ? abs >> BigInt(length - 64) : abs;
  let m = Number(top) / 2 ** Math.min(length, 64);
  const d = topExponent(f) * (Math.LN2 / Math.LN10);
  let e = Math.trunc(d);
  m *= 10 ** (d - e);
  if (m < 1 - 0.5e-6) {
    m *= 10;
    e--;
  } else if (m >= 10) {
    m /= 10;
    e++;
  }
  return `${negative ? '-' : ''}${formatG(m, 6)}e${e < 0 ? '-' : '+'}${Math.abs(e)}`;
}

/** Go's %.{digits}g, or %g with the fewest digits that identify the number if digits is negative. */
export function formatG(x: number, digits: number): string {
  if (x === 0) return Object.is(x, -0) ? '-0' : '0';
  const negative = x < 0;
  const e = digits < 0 ? Math.abs(x).toExponential() : Math.abs(x).toExponential(digits - 1);
  const [mantissa, exponentText] = e.split('e');
  const exponent = Number(exponentText);
  const all = mantissa.replace('.', '').replace(/0+$/, '');
  // strconv decides on an exponent by the precision, which counts as 6 in the shortest form.
  let precision = digits < 0 ? 6 : digits;
  if (digits >= 0 && precision > all.length && all.length >= exponent + 1) precision = all.length;
  let s: string;
  if (exponent < -4 || exponent >= precision) {
    const rest = all.length > 1 ? `.${all.slice(1)}` : '';
    s = `${all[0]}${rest}e${exponent < 0 ? '-' : '+'}${Math.abs(exponent).toString().padStart(2, '0')}`;
  } else if (exponent < 0) s = `0.${'0'.repeat(-exponent - 1)}${all}`;
  else if (all.length <= exponent + 1) s = all.padEnd(exponent + 1, '0');
  else s = `${all.slice(0, exponent + 1)}.${all.slice(exponent + 1)}`;
  return negative ? `-${s}` : s;
}

/** 0x.{mantissa}p{exponent}, the mantissa's first bit set and trailing zeros removed. */
function hexFloat(x: BigFloat): string {
  if (x.mant === 0n) return '0';
  const abs = x.mant < 0n ? -x.mant : x.mant;
  const length = bitLength(abs);
  const pad = (4 - (length % 4)) % 4;
  const hex = (abs << BigInt(pad)).toString(16).replace(/0+$/, '');
  const exponent = x.exp + length;
  return `${x.mant < 0n ? '-' : ''}0x.${hex}p${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`;
}

/** A byte string as a Go string literal in double quotes (strconv.Quote). */
export function quote(bytes: string): string {
  let out = '"';
  for (let i = 0; i < bytes.length; ) {
    const size = runeSize(bytes, i);
    if (size === 0) {
      out += `\\x${bytes.charCodeAt(i).toString(16).padStart(2, '0')}`;
      i++;
      continue;
    }
    const c = textOf(bytes.slice(i, i + size)).codePointAt(0) ?? 0;
    out += escapeRune(c, '"');
    i += size;
  }
  return `${out}"`;
}

/** The size of the UTF-8 sequence at an index of a byte string, or 0 if there is none. */
function runeSize(s: string, i: number): number {
  const c = s.charCodeAt(i);
  if (c < 0x80) return 1;
  if (c < 0xc2 || c > 0xf4) return 0;
  const size = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
  if (i + size > s.length) return 0;
  const second = s.charCodeAt(i + 1);
  const low = c === 0xe0 ? 0xa0 : c === 0xf0 ? 0x90 : 0x80;
  const high = c === 0xed ? 0x9f : c === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let k = 2; k < size; k++) if ((s.charCodeAt(i + k) & 0xc0) !== 0x80) return 0;
  return size;
}
