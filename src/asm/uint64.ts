/** 64-bit arithmetic of assembly expressions, which is unsigned and wraps. Two 32-bit halves, both kept as signed integers. */
export class Uint64 {
  readonly lo: number;
  readonly hi: number;

  constructor(lo: number, hi: number) {
    this.lo = lo | 0;
    this.hi = hi | 0;
  }
}

export const zero = new Uint64(0, 0);
const maxHigh = 4294967296;

/** From an integer of at most 53 bits, sign-extended. */
export function fromNumber(v: number): Uint64 {
  return new Uint64(v % maxHigh, Math.floor(v / maxHigh));
}

export function isZero(a: Uint64): boolean {
  return (a.lo | a.hi) === 0;
}

/** The top bit: negative as a signed number. */
export function isNegative(a: Uint64): boolean {
  return a.hi < 0;
}

export function add(a: Uint64, b: Uint64): Uint64 {
  const lo = (a.lo >>> 0) + (b.lo >>> 0);
  return new Uint64(lo, a.hi + b.hi + (lo >= maxHigh ? 1 : 0));
}

export function not(a: Uint64): Uint64 {
  return new Uint64(~a.lo, ~a.hi);
}

export function negate(a: Uint64): Uint64 {
  return add(not(a), new Uint64(1, 0));
}

export function subtract(a: Uint64, b: Uint64): Uint64 {
  return add(a, negate(b));
}

export function or(a: Uint64, b: Uint64): Uint64 {
  return new Uint64(a.lo | b.lo, a.hi | b.hi);
}

export function and(a: Uint64, b: Uint64): Uint64 {
  return new Uint64(a.lo & b.lo, a.hi & b.hi);
}

export function xor(a: Uint64, b: Uint64): Uint64 {
  return new Uint64(a.lo ^ b.lo, a.hi ^ b.hi);
}

/** The full product of two 32-bit numbers. */
function multiply32(a: number, b: number): Uint64 {
  const al = a & 0xffff;
  const ah = a >>> 16;
  const bl = b & 0xffff;
  const bh = b >>> 16;
  const low = al * bl;
  const mid = ah * bl + al * bh;
  const lo = low + (mid % 65536) * 65536;
  return new Uint64(lo % maxHigh, ah * bh + Math.floor(mid / 65536) + (lo >= maxHigh ? 1 : 0));
}

export function multiply(a: Uint64, b: Uint64): Uint64 {
  const p = multiply32(a.lo, b.lo);
  return new Uint64(p.lo, p.hi + Math.imul(a.lo, b.hi) + Math.imul(a.hi, b.lo));
}

export function shiftLeft(a: Uint64, n: number): Uint64 {
  if (n >= 64) return zero;
  if (n >= 32) return new Uint64(0, a.lo << (n - 32));
  return n === 0 ? a : new Uint64(a.lo << n, (a.hi << n) | (a.lo >>> (32 - n)));
}

export function shiftRight(a: Uint64, n: number): Uint64 {
  if (n >= 64) return zero;
  if (n >= 32) return new Uint64(a.hi >>> (n - 32), 0);
  return n === 0 ? a : new Uint64((a.lo >>> n) | (a.hi << (32 - n)), a.hi >>> n);
}

function atLeast(a: Uint64, b: Uint64): boolean {
  return a.hi >>> 0 !== b.hi >>> 0 ? a.hi >>> 0 > b.hi >>> 0 : a.lo >>> 0 >= b.lo >>> 0;
}

/** Quotient and remainder; b is not zero. */
export function divide(a: Uint64, b: Uint64): { quotient: Uint64; remainder: Uint64 } {
  let quotient = zero;
  let remainder = zero;
  for (let i = 63; i >= 0; i--) {
    remainder = or(shiftLeft(remainder, 1), and(shiftRight(a, i), new Uint64(1, 0)));
    if (!atLeast(remainder, b)) continue;
    remainder = subtract(remainder, b);
    quotient = or(quotient, shiftLeft(new Uint64(1, 0), i));
  }
  return { quotient, remainder };
}

/** A shift count: more than 63 is all the same. */
export function shiftCount(a: Uint64): number {
  return a.hi !== 0 || a.lo >>> 0 > 64 ? 64 : a.lo;
}

/** Reads digits of a base; null if there is another character or the value needs more than 64 bits. */
export function parseDigits(digits: string, base: number): Uint64 | null {
  if (digits.length <= 12) {
    const short = Number.parseInt(digits, base);
    // parseInt stops at the first character that is no digit.
    for (let i = 0; i < digits.length; i++) if (!(Number.parseInt(digits[i], 36) < base)) return null;
    return fromNumber(short);
  }
  let v = zero;
  const b = new Uint64(base, 0);
  const limit = divide(new Uint64(-1, -1), b).quotient;
  for (let i = 0; i < digits.length; i++) {
    const d = Number.parseInt(digits[i], 36);
    if (Number.isNaN(d) || d >= base) return null;
    if (!atLeast(limit, v)) return null;
    const next = add(multiply(v, b), new Uint64(d, 0));
    if (!atLeast(next, multiply(v, b))) return null;
    v = next;
  }
  return v;
}
