/** Conversions between kinds of constants, and exact rounding to float64 and float32. */
import { bug } from '#base/bug.ts';
import { type BigFloat, bitLength, precision, RoundAway, RoundToZero, roundFloat } from './bigfloat.ts';
import {
  bigVal,
  ComplexKind,
  ComplexVal,
  FloatKind,
  IntKind,
  IntVal,
  intToFloat,
  isSmallFloat,
  isSmallInt,
  makeInt,
  makeUnknown,
  RatVal,
  sign,
  UnknownKind,
  type Value,
} from './representation.ts';

/** The Int equal to x, or Unknown. A float that only rounding keeps from being an integer counts as one. */
export function toInt(x: Value): Value {
  switch (x.kind) {
    case IntKind:
      return x;
    case FloatKind:
      if (x instanceof RatVal) return x.den === 1n ? makeInt(x.num) : makeUnknown();
      return floatToInt(x.float);
    case ComplexKind: {
      const re = toFloat(x);
      return re.kind === FloatKind ? toInt(re) : makeUnknown();
    }
    default:
      return makeUnknown();
  }
}

function floatToInt(x: BigFloat): Value {
  if (!isSmallFloat(x)) return makeUnknown();
  // The last four bits are taken for rounding errors of earlier operations.
  const candidates = [
    x,
    roundFloat(x.mant, x.exp, false, precision - 4, RoundToZero),
    roundFloat(x.mant, x.exp, false, precision - 4, RoundAway),
  ];
  for (const f of candidates) {
    if (f.exp >= 0) return makeInt(f.mant << BigInt(f.exp));
  }
  return makeUnknown();
}

/** The Float equal to x, or Unknown. */
export function toFloat(x: Value): Value {
  switch (x.kind) {
    case IntKind: {
      const v = bigVal(x);
      return isSmallInt(v) ? new RatVal(v, 1n) : intToFloat(v);
    }
    case FloatKind:
      return x;
    case ComplexKind:
      return sign(x.im) === 0 ? toFloat(x.re) : makeUnknown();
    default:
      return makeUnknown();
  }
}

/** The Complex equal to x, or Unknown. */
export function toComplex(x: Value): Value {
  if (x.kind === ComplexKind) return x;
  if (x.kind === IntKind || x.kind === FloatKind) return new ComplexVal(x, new IntVal(0, null));
  return makeUnknown();
}

/** The nearest float64 of an Int or Float: an infinity if it is too large, a zero of the right sign if it is too small. */
export function float64Val(x: Value): number {
  if (x.kind === IntKind && x.big === null) return x.small;
  return toBinary(x, 53, -1074, 1024);
}

/** The nearest float32 of an Int or Float, as a number. */
export function float32Val(x: Value): number {
  return toBinary(x, 24, -149, 128);
}

function toBinary(x: Value, mantissaBits: number, minExponent: number, maxExponent: number): number {
  let num: bigint;
  let den = 1n;
  let exp = 0;
  if (x.kind === UnknownKind) return 0;
  if (x.kind === IntKind) num = bigVal(x);
  else if (x instanceof RatVal) {
    num = x.num;
    den = x.den;
  } else if (x.kind === FloatKind) {
    num = x.float.mant;
    exp = x.float.exp;
  } else return bug('constant is neither integer nor float');
  if (num === 0n) return 0;
  const negative = num < 0n;
  const a = negative ? -num : num;
  const magnitude = roundBinary(a, den, exp, mantissaBits, minExponent, maxExponent);
  return negative ? -magnitude : magnitude;
}

/** a / b * 2**exp for positive a and b, rounded to nearest even in a binary format with the given least and limiting exponents. */
function roundBinary(
  a: bigint,
  b: bigint,
  exp: number,
  bits: number,
  minExponent: number,
  maxExponent: number,
): number {
  const estimate = bitLength(a) - bitLength(b) + exp;
  if (estimate > maxExponent + 1) return Number.POSITIVE_INFINITY;
  if (estimate < minExponent - 1) return 0;
  // The unit of the last place: at most one too small here, mended below.
  let unit = Math.max(estimate - bits, minExponent);
  for (;;) {
    const shift = exp - unit;
    const num = shift >= 0 ? a << BigInt(shift) : a;
    const den = shift >= 0 ? b : b << BigInt(-shift);
    let q = num / den;
    if (bitLength(q) > bits) {
      unit++;
      continue;
    }
    const twice = (num - q * den) * 2n;
    if (twice > den || (twice === den && (q & 1n) === 1n)) q += 1n;
    if (bitLength(q) + unit > maxExponent) return Number.POSITIVE_INFINITY;
    return scale(Number(q), unit);
  }
}

/** m * 2**e without double rounding; the result is representable. */
function scale(m: number, e: number): number {
  if (e < -1000) return m * 2 ** -1000 * 2 ** (e + 1000);
  if (e > 900) return m * 2 ** 900 * 2 ** (e - 900);
  return m * 2 ** e;
}
