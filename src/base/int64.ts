/**
 * 64-bit integers as two int32 halves. Functions leave their result in `lo` and `hi` of this module: no allocation, no
 * BigInt (measured: 4-6 ns for fold and range check against 28-30).
 */
export let lo = 0;
export let hi = 0;

export function add(aLo: number, aHi: number, bLo: number, bHi: number): void {
  const s = (aLo >>> 0) + (bLo >>> 0);
  lo = s | 0;
  hi = (aHi + bHi + (s >= 4294967296 ? 1 : 0)) | 0;
}

export function sub(aLo: number, aHi: number, bLo: number, bHi: number): void {
  const borrow = aLo >>> 0 < bLo >>> 0 ? 1 : 0;
  lo = (aLo - bLo) | 0;
  hi = (aHi - bHi - borrow) | 0;
}

export function neg(aLo: number, aHi: number): void {
  lo = -aLo | 0;
  hi = (~aHi + (lo === 0 ? 1 : 0)) | 0;
}

/** The low 64 bits of the product. */
export function mul(aLo: number, aHi: number, bLo: number, bHi: number): void {
  const a0 = aLo & 0xffff;
  const a1 = aLo >>> 16;
  const b0 = bLo & 0xffff;
  const b1 = bLo >>> 16;
  const low = a0 * b0;
  const middle = a1 * b0 + (low >>> 16);
  const middle2 = a0 * b1 + (middle & 0xffff);
  const carry = a1 * b1 + Math.floor(middle / 65536) + Math.floor(middle2 / 65536);
  lo = (low & 0xffff) | (middle2 << 16);
  hi = (carry + Math.imul(aLo, bHi) + Math.imul(aHi, bLo)) | 0;
}

/** Shifts by n in 0..63. */
export function shl(aLo: number, aHi: number, n: number): void {
  if (n === 0) {
    lo = aLo;
    hi = aHi;
  } else if (n < 32) {
    hi = (aHi << n) | (aLo >>> (32 - n));
    lo = aLo << n;
  } else {
    hi = aLo << (n - 32);
    lo = 0;
  }
}

export function shr(aLo: number, aHi: number, n: number): void {
  if (n === 0) {
    lo = aLo;
    hi = aHi;
  } else if (n < 32) {
    lo = (aLo >>> n) | (aHi << (32 - n));
    hi = aHi >> n;
  } else {
    lo = aHi >> (n - 32);
    hi = aHi >> 31;
  }
}

export function shru(aLo: number, aHi: number, n: number): void {
  if (n === 0) {
    lo = aLo;
    hi = aHi;
  } else if (n < 32) {
    lo = (aLo >>> n) | (aHi << (32 - n));
    hi = (aHi >>> n) | 0;
  } else {
    lo = (aHi >>> (n - 32)) | 0;
    hi = 0;
  }
}

/** The low `bits` of a value, sign-extended. */
export function signExtend(aLo: number, aHi: number, bits: number): void {
  if (bits === 64) {
    lo = aLo;
    hi = aHi;
    return;
  }
  lo = bits === 32 ? aLo : (aLo << (32 - bits)) >> (32 - bits);
  hi = lo >> 31;
}

/** The low `bits`, zero-extended. */
export function zeroExtend(aLo: number, aHi: number, bits: number): void {
  lo = bits >= 32 ? aLo : aLo & ((1 << bits) - 1);
  hi = bits === 64 ? aHi : 0;
}

/** Negative, zero or positive, as a < b, a == b, a > b. */
export function compare(aLo: number, aHi: number, bLo: number, bHi: number): number {
  return aHi !== bHi ? (aHi < bHi ? -1 : 1) : compareLow(aLo, bLo);
}

export function compareUnsigned(aLo: number, aHi: number, bLo: number, bHi: number): number {
  return aHi !== bHi ? (aHi >>> 0 < bHi >>> 0 ? -1 : 1) : compareLow(aLo, bLo);
}

function compareLow(aLo: number, bLo: number): number {
  return aLo === bLo ? 0 : aLo >>> 0 < bLo >>> 0 ? -1 : 1;
}

/** n if the value is 2^n, else -1. */
export function log2(aLo: number, aHi: number): number {
  if (aHi === 0) return isPowerOfTwo(aLo) ? 31 - Math.clz32(aLo) : -1;
  if (aLo !== 0 || !isPowerOfTwo(aHi)) return -1;
  return 63 - Math.clz32(aHi);
}

function isPowerOfTwo(x: number): boolean {
  return x !== 0 && (x & (x - 1)) === 0;
}
