/** Binary floating-point numbers of bounded precision and (almost) unbounded exponent, rounded to nearest even as math/big's Float. */

/** The mantissa precision of constants in bits; the official compiler's. */
export const precision = 512;

/** Exponents are 32-bit in math/big: beyond them a value is an infinity or zero. */
const maxExponent = 2147483647;
const minExponent = -2147483648;

/** mant * 2**exp; the mantissa is odd or zero (then exp is 0). */
export class BigFloat {
  readonly mant: bigint;
  readonly exp: number;
  /** 1 or -1 for an infinity (mant is then 0), else 0. */
  readonly inf: number;

  constructor(mant: bigint, exp: number, inf: number) {
    this.mant = mant;
    this.exp = exp;
    this.inf = inf;
  }
}

export const zero = new BigFloat(0n, 0, 0);

export const RoundNearest = 0;
export const RoundToZero = 1;
export const RoundAway = 2;

export function bitLength(x: bigint): number {
  const a = x < 0n ? -x : x;
  if (a === 0n) return 0;
  const hex = a.toString(16);
  return (hex.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(hex[0], 16)));
}

function trailingZeros(x: bigint): number {
  let n = 0;
  let step = 1;
  while (BigInt.asUintN(step, x) === 0n) step *= 2;
  let y = x;
  for (; step >= 1; step = step >> 1) {
    if (BigInt.asUintN(step, y) === 0n) {
      y >>= BigInt(step);
      n += step;
    }
  }
  return n;
}

/** Rounds mant * 2**exp, with a non-zero remainder below it if sticky, to prec bits. */
export function roundFloat(mant: bigint, exp: number, sticky: boolean, prec: number, mode: number): BigFloat {
  if (mant === 0n) return zero;
  const negative = mant < 0n;
  let m = negative ? -mant : mant;
  let e = exp;
  const drop = bitLength(m) - prec;
  if (drop > 0) {
    const shift = BigInt(drop);
    const rest = BigInt.asUintN(drop, m);
    m >>= shift;
    e += drop;
    const half = 1n << (shift - 1n);
    let up = false;
    if (mode === RoundAway) up = rest !== 0n || sticky;
    else if (mode === RoundNearest) up = rest > half || (rest === half && (sticky || (m & 1n) === 1n));
    if (up) m += 1n;
  } else if (sticky && mode === RoundAway) {
    m = (m << BigInt(-drop)) + 1n;
    e += drop;
  }
  const tz = trailingZeros(m);
  if (tz > 0) {
    m >>= BigInt(tz);
    e += tz;
  }
  const top = e + bitLength(m);
  if (top > maxExponent) return new BigFloat(0n, 0, negative ? -1 : 1);
  if (top < minExponent) return zero;
  return new BigFloat(negative ? -m : m, e, 0);
}

export function floatFromInt(x: bigint, prec: number): BigFloat {
  return roundFloat(x, 0, false, prec, RoundNearest);
}

/** num / den, correctly rounded. */
export function floatFromRatio(num: bigint, den: bigint, prec: number): BigFloat {
  if (num === 0n) return zero;
  const negative = num < 0n !== den < 0n;
  const a = num < 0n ? -num : num;
  const b = den < 0n ? -den : den;
  // Two bits more than needed, so that the remainder only decides ties.
  const shift = Math.max(0, prec + 2 - (bitLength(a) - bitLength(b)));
  const scaled = a << BigInt(shift);
  const q = scaled / b;
  const sticky = q * b !== scaled;
  return roundFloat(negative ? -q : q, -shift, sticky, prec, RoundNearest);
}

export function addFloat(x: BigFloat, y: BigFloat, prec: number): BigFloat {
  if (x.mant === 0n) return y;
  if (y.mant === 0n) return x;
  const gap = x.exp - y.exp;
  if (Math.abs(gap) > 4 * prec + bitLength(x.mant) + bitLength(y.mant)) {
    // The smaller operand only decides the rounding of the larger, which is already rounded: it vanishes.
    return gap > 0 ? x : y;
  }
  return gap >= 0
    ? roundFloat((x.mant << BigInt(gap)) + y.mant, y.exp, false, prec, RoundNearest)
    : roundFloat(x.mant + (y.mant << BigInt(-gap)), x.exp, false, prec, RoundNearest);
}

export function negateFloat(x: BigFloat): BigFloat {
  return new BigFloat(-x.mant, x.exp, -x.inf);
}

export function mulFloat(x: BigFloat, y: BigFloat, prec: number): BigFloat {
  return roundFloat(x.mant * y.mant, x.exp + y.exp, false, prec, RoundNearest);
}

export function divFloat(x: BigFloat, y: BigFloat, prec: number): BigFloat {
  const q = floatFromRatio(x.mant, y.mant, prec);
  return q.mant === 0n ? q : roundFloat(q.mant, q.exp + x.exp - y.exp, false, prec, RoundNearest);
}

export function compareFloat(x: BigFloat, y: BigFloat): number {
  const sx = signFloat(x);
  const sy = signFloat(y);
  if (sx !== sy) return sx < sy ? -1 : 1;
  if (sx === 0) return 0;
  const tx = x.exp + bitLength(x.mant);
  const ty = y.exp + bitLength(y.mant);
  if (tx !== ty) return tx < ty ? -sx : sx;
  const e = Math.min(x.exp, y.exp);
  const a = x.mant << BigInt(x.exp - e);
  const b = y.mant << BigInt(y.exp - e);
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

export function signFloat(x: BigFloat): number {
  if (x.inf !== 0) return x.inf;
  if (x.mant === 0n) return 0;
  return x.mant < 0n ? -1 : 1;
}

/** The exponent e with 0.5 <= |x| / 2**e < 1. */
export function topExponent(x: BigFloat): number {
  return x.mant === 0n ? 0 : x.exp + bitLength(x.mant);
}

/** 5**n at a precision, by squaring with 64 guard bits, as math/big does it. */
export function powerOfFive(n: number, prec: number): BigFloat {
  const table = 27;
  if (n <= table) return floatFromInt(5n ** BigInt(n), prec);
  let z = floatFromInt(5n ** BigInt(table), prec);
  let f = floatFromInt(5n, prec + 64);
  for (let k = n - table; k > 0; k = Math.floor(k / 2)) {
    if (k % 2 === 1) z = mulFloat(z, f, prec);
    f = mulFloat(f, f, prec + 64);
    if (f.inf !== 0) {
      if (k >= 2) return f;
    }
  }
  return z;
}
