/** Number literals (spec: Integer, Floating-point and Imaginary literals). */
import { quoteRune } from '#base/quote.ts';
import * as Kind from './kinds.ts';
import { type Scanner, scanError, setLiteral, skipped } from './scanner.ts';
import { decodeRune } from './unicode.ts';

const HasDigits = 1;
const HasSeparators = 2;

const baseNames: Record<number, string> = { 2: 'binary', 8: 'octal', 10: 'decimal', 16: 'hexadecimal' };

function isDecimal(c: number): boolean {
  return c >= 48 && c <= 57;
}

function isHex(c: number): boolean {
  const l = c | 0x20;
  return isDecimal(c) || (l >= 97 && l <= 102);
}

class NumberScan {
  /** The offset of the first digit not below the base, or -1. */
  invalid: number;
  digits: number;

  constructor() {
    this.invalid = -1;
    this.digits = 0;
  }
}

function at(s: Scanner): number {
  return s.offset < s.size ? s.text[s.offset] : -1;
}

/** Accepts digits and underscores; digits too large for a base up to 10 are accepted and noted. */
function scanDigits(s: Scanner, base: number, n: NumberScan): void {
  const limit = base <= 10 ? 48 + base : 256;
  for (;;) {
    const c = at(s);
    if (c === 95) n.digits |= HasSeparators;
    else if (base <= 10 ? isDecimal(c) : isHex(c)) {
      if (c >= limit && n.invalid < 0) n.invalid = s.offset;
      n.digits |= HasDigits;
    } else if (c !== skipped) return;
    s.offset++;
  }
}

/** Scans a number whose first byte is at the token's start; after `.` if seenPoint. */
export function scanNumber(s: Scanner, seenPoint: boolean): void {
  const n = new NumberScan();
  let ok = true;
  let kind: number = Kind.IntLit;
  let base = 10;
  // 'x', 'o', 'b', '0' (octal without a letter) or 0 as a character code.
  let prefix = 0;
  let point = seenPoint;
  s.offset = s.start;

  if (!point) {
    if (s.text[s.offset] === 48) {
      s.offset++;
      const c = at(s) | 0x20;
      if (at(s) >= 0 && (c === 120 || c === 111 || c === 98)) {
        s.offset++;
        prefix = c;
        base = c === 120 ? 16 : c === 111 ? 8 : 2;
      } else {
        prefix = 48;
        base = 8;
        n.digits = HasDigits;
      }
    }
    scanDigits(s, base, n);
    if (at(s) === 46) {
      if (prefix === 111 || prefix === 98) {
        scanError(s, s.offset, `invalid radix point in ${baseNames[base]} literal`);
        ok = false;
      }
      point = true;
      s.offset++;
    }
  } else s.offset++;

  if (point) {
    kind = Kind.FloatLit;
    scanDigits(s, base, n);
  }
  if ((n.digits & HasDigits) === 0 && ok) {
    scanError(s, s.offset, `${baseNames[base]} literal has no digits`);
    ok = false;
  }

  const c = at(s);
  const e = c < 0 ? 0 : c | 0x20;
  if (e === 101 || e === 112) {
    if (ok && e === 101 && prefix !== 0 && prefix !== 48) {
      scanError(s, s.offset, `${quoteRune(c)} exponent requires decimal mantissa`);
      ok = false;
    } else if (ok && e === 112 && prefix !== 120) {
      scanError(s, s.offset, `${quoteRune(c)} exponent requires hexadecimal mantissa`);
      ok = false;
    }
    kind = Kind.FloatLit;
    s.offset++;
    if (at(s) === 43 || at(s) === 45) s.offset++;
    const exponent = new NumberScan();
    scanDigits(s, 10, exponent);
    n.digits = exponent.digits | (n.digits & HasSeparators);
    if ((exponent.digits & HasDigits) === 0 && ok) {
      scanError(s, s.offset, 'exponent has no digits');
      ok = false;
    }
  } else if (prefix === 120 && kind === Kind.FloatLit && ok) {
    scanError(s, s.offset, "hexadecimal mantissa requires a 'p' exponent");
    ok = false;
  }

  if (at(s) === 105) {
    kind = Kind.ImagLit;
    s.offset++;
  }
  if (kind === Kind.IntLit && n.invalid >= 0 && ok) {
    const digit = quoteRune(decodeRune(s.text, n.invalid));
    scanError(s, n.invalid, `invalid digit ${digit} in ${baseNames[base]} literal`);
    ok = false;
  }
  if ((n.digits & HasSeparators) !== 0 && ok) {
    const wrong = invalidSeparator(s.text, s.start, s.offset);
    if (wrong >= 0) {
      scanError(s, wrong, "'_' must separate successive digits");
      ok = false;
    }
  }
  setLiteral(s, kind, ok);
}

/** The offset of the first underscore that does not stand between digits (a base prefix counts as one), or -1. */
function invalidSeparator(text: Uint8Array, start: number, end: number): number {
  const Digit = 0;
  const Separator = 1;
  const Other = 2;
  let hex = false;
  let last = Other;
  let i = start;
  if (end - start >= 2 && text[start] === 48) {
    const c = text[start + 1] | 0x20;
    if (c === 120 || c === 111 || c === 98) {
      hex = c === 120;
      last = Digit;
      i = start + 2;
    }
  }
  for (; i < end; i++) {
    const c = text[i];
    if (c === 95) {
      if (last !== Digit) return i;
      last = Separator;
    } else if (isDecimal(c) || (hex && isHex(c))) last = Digit;
    else {
      if (last === Separator) return i - 1;
      last = Other;
    }
  }
  return last === Separator ? end - 1 : -1;
}
