/**
 * Exact values of constants, with the kinds, representations and rounding rules of go/constant: integers are exact, floats are fractions while
 * numerator and denominator stay below 4096 bits and 512-bit binary floats beyond, complex values are pairs.
 */
import { bug } from '#base/bug.ts';
import { type BigFloat, bitLength, floatFromInt, floatFromRatio, precision, topExponent, zero } from './bigfloat.ts';

export const UnknownKind = 0;
export const BoolKind = 1;
export const StringKind = 2;
export const IntKind = 3;
export const FloatKind = 4;
export const ComplexKind = 5;

/** The result of an operation on unknown or wrong operands, and of overflow to infinity. */
export class UnknownVal {
  readonly kind: typeof UnknownKind;

  constructor() {
    this.kind = UnknownKind;
  }
}

export class BoolVal {
  readonly kind: typeof BoolKind;
  readonly value: boolean;

  constructor(value: boolean) {
    this.kind = BoolKind;
    this.value = value;
  }
}

/** Strings are byte strings: each UTF-16 unit is one byte, so that length, order and concatenation are Go's. */
export class StringVal {
  readonly kind: typeof StringKind;
  readonly value: string;

  constructor(value: string) {
    this.kind = StringKind;
    this.value = value;
  }
}

/** An integer: a safe integer in `small`, or else (big is not null) in `big`. */
export class IntVal {
  readonly kind: typeof IntKind;
  readonly small: number;
  readonly big: bigint | null;

  constructor(small: number, big: bigint | null) {
    this.kind = IntKind;
    this.small = small;
    this.big = big;
  }
}

/** num / den in lowest terms, den > 0. */
export class RatVal {
  readonly kind: typeof FloatKind;
  readonly num: bigint;
  readonly den: bigint;

  constructor(num: bigint, den: bigint) {
    this.kind = FloatKind;
    this.num = num;
    this.den = den;
  }
}

export class FloatVal {
  readonly kind: typeof FloatKind;
  readonly float: BigFloat;

  constructor(float: BigFloat) {
    this.kind = FloatKind;
    this.float = float;
  }
}

/** Both parts are Int or Float. */
export class ComplexVal {
  readonly kind: typeof ComplexKind;
  readonly re: Value;
  readonly im: Value;

  constructor(re: Value, im: Value) {
    this.kind = ComplexKind;
    this.re = re;
    this.im = im;
  }
}

export type Value = UnknownVal | BoolVal | StringVal | IntVal | RatVal | FloatVal | ComplexVal;

export const unknown: Value = new UnknownVal();
const yes = new BoolVal(true);
const no = new BoolVal(false);
const emptyString = new StringVal('');

/** The most bits of the parts of a fraction, exclusive. */
const maxFractionBits = 4096;

// Making values

export function makeUnknown(): Value {
  return unknown;
}

export function makeBool(b: boolean): Value {
  return b ? yes : no;
}

/** From a byte string (see StringVal). */
export function makeString(s: string): Value {
  return s === '' ? emptyString : new StringVal(s);
}

/** From text, encoded as UTF-8. */
export function makeStringFromText(s: string): Value {
  return makeString(byteString(s));
}

/** From an integer of any size; a number must be a safe integer. */
export function makeInt64(x: number | bigint): Value {
  return typeof x === 'number' ? new IntVal(x + 0, null) : makeInt(x);
}

export const makeUint64 = makeInt64;

export function makeInt(x: bigint): IntVal {
  if (x >= -9007199254740991n && x <= 9007199254740991n) return new IntVal(Number(x), null);
  return new IntVal(0, x);
}

/** From a float64; not finite gives Unknown, -0 gives 0. */
export function makeFloat64(x: number): Value {
  if (!Number.isFinite(x)) return unknown;
  if (x === 0) return new RatVal(0n, 1n);
  if (Number.isInteger(x)) return makeRat(BigInt(x), 1n);
  let m = x;
  let e = 0;
  while (!Number.isSafeInteger(m)) {
    m *= 2;
    e++;
  }
  return makeRat(BigInt(m), 1n << BigInt(e));
}

/** The fraction, or a float if its parts are too large. */
export function makeRat(num: bigint, den: bigint): Value {
  const r = reduce(num, den);
  if (isSmallInt(r.num) && isSmallInt(r.den)) return r;
  return new FloatVal(floatFromRatio(r.num, r.den, precision));
}

/** The fraction in lowest terms, however large. */
export function reduce(num: bigint, den: bigint): RatVal {
  let n = den < 0n ? -num : num;
  let d = den < 0n ? -den : den;
  const g = gcd(n < 0n ? -n : n, d);
  if (g !== 1n) {
    n /= g;
    d /= g;
  }
  return new RatVal(n, d);
}

export function makeFloat(x: BigFloat): Value {
  if (x.inf !== 0) return unknown;
  return new FloatVal(x.mant === 0n ? zero : x);
}

export function makeComplex(re: Value, im: Value): Value {
  if (re.kind === UnknownKind || im.kind === UnknownKind) return unknown;
  return new ComplexVal(re, im);
}

/** x * i. */
export function makeImag(x: Value): Value {
  return makeComplex(new IntVal(0, null), x);
}

/** An integer from the little-endian bytes of its absolute value. */
export function makeFromBytes(bytes: Uint8Array): Value {
  let hex = '0x0';
  for (let i = bytes.length - 1; i >= 0; i--) hex += bytes[i].toString(16).padStart(2, '0');
  return makeInt(BigInt(hex));
}

// Taking values apart. An Unknown gives the zero value of the result, except for `sign`, which gives 1.

export function boolVal(x: Value): boolean {
  if (x.kind === BoolKind) return x.value;
  return x.kind === UnknownKind ? false : bug('constant is not a bool');
}

/** The byte string. */
export function stringVal(x: Value): string {
  if (x.kind === StringKind) return x.value;
  return x.kind === UnknownKind ? '' : bug('constant is not a string');
}

/** The bytes of a string constant. */
export function stringBytes(x: Value): Uint8Array {
  const s = stringVal(x);
  const bytes = new Uint8Array(s.length);
  for (let i = 0; i < s.length; i++) bytes[i] = s.charCodeAt(i);
  return bytes;
}

/** The value of an Int, whatever its size. */
export function bigVal(x: Value): bigint {
  if (x.kind === IntKind) return x.big ?? BigInt(x.small);
  return x.kind === UnknownKind ? 0n : bug('constant is not an integer');
}

/** The value if it is an Int within the safe integers, else null. */
export function intNumber(x: Value): number | null {
  return x.kind === IntKind && x.big === null ? x.small : null;
}

/** The value if it fits an int64, else null. */
export function int64Val(x: Value): bigint | null {
  if (x.kind === UnknownKind) return null;
  const v = bigVal(x);
  return BigInt.asIntN(64, v) === v ? v : null;
}

/** The value if it fits a uint64, else null. */
export function uint64Val(x: Value): bigint | null {
  if (x.kind === UnknownKind) return null;
  const v = bigVal(x);
  return BigInt.asUintN(64, v) === v ? v : null;
}

/** Bits 0 to 31 of an Int in two's complement, as an int32. */
export function intLo(x: Value): number {
  const n = intNumber(x);
  return n !== null ? n | 0 : Number(BigInt.asIntN(32, bigVal(x)));
}

/** Bits 32 to 63 of an Int in two's complement, as an int32. */
export function intHi(x: Value): number {
  const n = intNumber(x);
  return n !== null ? Math.floor(n / 4294967296) | 0 : Number(BigInt.asIntN(32, bigVal(x) >> 32n));
}

/** The number of bits of the absolute value of an Int. */
export function bitLen(x: Value): number {
  return bitLength(bigVal(x));
}

/** Whether x is the least integer of a signed type of the given number of bits. */
export function isMinInt(x: Value, bits: number): boolean {
  return bigVal(x) === -(1n << BigInt(bits - 1));
}

/** -1, 0 or 1; of a complex value 0 if and only if it is zero. */
export function sign(x: Value): number {
  switch (x.kind) {
    case UnknownKind:
      return 1;
    case IntKind: {
      const v = x.big ?? x.small;
      return v < 0 ? -1 : v > 0 ? 1 : 0;
    }
    case FloatKind: {
      const v = x instanceof RatVal ? x.num : x.float.mant;
      return v < 0n ? -1 : v > 0n ? 1 : 0;
    }
    case ComplexKind:
      return sign(x.re) | sign(x.im);
    default:
      return bug('constant is not numeric');
  }
}

/** The bytes of the absolute value of an Int, little-endian, without leading zeros. */
export function bytes(x: Value): Uint8Array {
  const v = bigVal(x);
  const out: number[] = [];
  for (let a = v < 0n ? -v : v; a > 0n; a >>= 8n) out.push(Number(a & 255n));
  return Uint8Array.from(out);
}

/** The numerator of an Int or Float, or Unknown if it is too large or small for a fraction. */
export function num(x: Value): Value {
  const r = fraction(x);
  return r === null ? unknown : makeInt(r.num);
}

/** The denominator, at least 1, of an Int or Float, or Unknown. */
export function denom(x: Value): Value {
  const r = fraction(x);
  return r === null ? unknown : makeInt(r.den);
}

function fraction(x: Value): RatVal | null {
  if (x.kind === IntKind) return new RatVal(bigVal(x), 1n);
  if (x instanceof RatVal) return x;
  if (x instanceof FloatVal) return isSmallFloat(x.float) ? floatToRat(x.float) : null;
  return x.kind === UnknownKind ? null : bug('constant is neither integer nor float');
}

export function real(x: Value): Value {
  return x.kind === ComplexKind ? x.re : x;
}

export function imag(x: Value): Value {
  if (x.kind === ComplexKind) return x.im;
  return x.kind === UnknownKind ? x : new IntVal(0, null);
}

// Helpers shared by the files of this room

/** Whether a float is small and large enough to be made a fraction. */
export function isSmallFloat(x: BigFloat): boolean {
  const e = topExponent(x);
  return x.inf === 0 && -maxFractionBits < e && e < maxFractionBits;
}

export function floatToRat(x: BigFloat): RatVal {
  return x.exp >= 0 ? new RatVal(x.mant << BigInt(x.exp), 1n) : new RatVal(x.mant, 1n << BigInt(-x.exp));
}

export function ratToFloat(x: RatVal): FloatVal {
  return new FloatVal(floatFromRatio(x.num, x.den, precision));
}

export function intToFloat(x: bigint): FloatVal {
  return new FloatVal(floatFromInt(x, precision));
}

/** Whether an integer is small enough to be the part of a fraction. */
export function isSmallInt(x: bigint): boolean {
  return bitLength(x) < maxFractionBits;
}

function gcd(a: bigint, b: bigint): bigint {
  let x = a;
  let y = b;
  while (y !== 0n) [x, y] = [y, x % y];
  return x === 0n ? 1n : x;
}

/** Text as a byte string of its UTF-8. */
export function byteString(text: string): string {
  let ascii = true;
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0x7f) {
      ascii = false;
      break;
    }
  }
  if (ascii) return text;
  const encoded = encoder.encode(text);
  let s = '';
  for (let i = 0; i < encoded.length; i++) s += String.fromCharCode(encoded[i]);
  return s;
}

/** The text of a byte string; bytes that are no UTF-8 become U+FFFD. */
export function textOf(bytes: string): string {
  const b = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) b[i] = bytes.charCodeAt(i);
  return decoder.decode(b);
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
