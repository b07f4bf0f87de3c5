/** Constant expressions: 64-bit unsigned, with Go's precedence; and floating-point constants. */

import { unquote } from '#base/unquote.ts';
import type { Parser } from './parser.ts';
import { error, peek, take } from './parser.ts';
import { quote } from './quote.ts';
import * as T from './tokens.ts';
import type { Uint64 } from './uint64.ts';
import * as U from './uint64.ts';

/** term { ("+" | "-" | "|" | "^") term } */
export function expression(p: Parser): Uint64 {
  let v = term(p);
  for (;;) {
    switch (peek(p)) {
      case T.Plus:
        take(p);
        v = U.add(v, term(p));
        break;
      case T.Minus:
        take(p);
        v = U.subtract(v, term(p));
        break;
      case T.Bar:
        take(p);
        v = U.or(v, term(p));
        break;
      case T.Caret:
        take(p);
        v = U.xor(v, term(p));
        break;
      default:
        return v;
    }
  }
}

function quotient(p: Parser, v: Uint64): Uint64 {
  if (U.isNegative(v)) error(p, 'divide of value with high bit set');
  const d = factor(p);
  if (!U.isZero(d)) return U.divide(v, d).quotient;
  error(p, 'division by zero');
  return v;
}

function remainder(p: Parser, v: Uint64): Uint64 {
  const d = factor(p);
  if (U.isNegative(v)) error(p, 'modulo of value with high bit set');
  if (!U.isZero(d)) return U.divide(v, d).remainder;
  error(p, 'modulo by zero');
  return v;
}

/** factor { ("*" | "/" | "%" | "<<" | ">>" | "&") factor } */
function term(p: Parser): Uint64 {
  let v = factor(p);
  for (;;) {
    switch (peek(p)) {
      case T.Star:
        take(p);
        v = U.multiply(v, factor(p));
        break;
      case T.Slash:
        take(p);
        v = quotient(p, v);
        break;
      case T.Percent:
        take(p);
        v = remainder(p, v);
        break;
      case T.ShiftLeft: {
        take(p);
        const n = factor(p);
        if (U.isNegative(n)) error(p, 'negative left shift count');
        return U.shiftLeft(v, U.shiftCount(n));
      }
      case T.ShiftRight: {
        take(p);
        const n = term(p);
        if (U.isNegative(n)) error(p, 'negative right shift count');
        if (U.isNegative(v)) error(p, 'right shift of value with high bit set');
        v = U.shiftRight(v, U.shiftCount(n));
        break;
      }
      case T.Ampersand:
        take(p);
        v = U.and(v, factor(p));
        break;
      default:
        return v;
    }
  }
}

/** const | ("+" | "-" | "~") factor | "(" expression ")" */
function factor(p: Parser): Uint64 {
  const t = take(p);
  switch (t.kind) {
    case T.Int:
      return parseInteger(p, t.text);
    case T.Char:
      return parseCharacter(p, t.text);
    case T.Plus:
      return factor(p);
    case T.Minus:
      return U.negate(factor(p));
    case T.Tilde:
      return U.not(factor(p));
    case T.LeftParen: {
      const v = expression(p);
      if (take(p).kind !== T.RightParen) error(p, 'missing closing paren');
      return v;
    }
    default:
      error(p, `unexpected ${t.text} evaluating expression`);
      return U.zero;
  }
}

function parseCharacter(p: Parser, literal: string): Uint64 {
  const bytes = unquote(literal);
  if (bytes === null) {
    error(p, 'invalid syntax');
    return U.zero;
  }
  const text = new TextDecoder().decode(bytes);
  if (bytes.length === 1 && bytes[0] >= 0x80) error(p, 'illegal UTF-8 encoding for character constant');
  return U.fromNumber(text.codePointAt(0) ?? 0);
}

/** Base and digits of a Go integer literal. */
function splitInteger(text: string): { base: number; digits: string } | null {
  if (/__|_$|^_/.test(text)) return null;
  const m = /^0([xXoObB])_?(.+)$/.exec(text);
  if (m !== null) {
    const base = { x: 16, o: 8, b: 2 }[m[1].toLowerCase()] ?? 10;
    return { base, digits: m[2].replaceAll('_', '') };
  }
  if (text.length > 1 && text.startsWith('0')) return { base: 8, digits: text.slice(1).replaceAll('_', '') };
  return { base: 10, digits: text.replaceAll('_', '') };
}

export function parseInteger(p: Parser, text: string): Uint64 {
  const parts = splitInteger(text);
  const invalid = parts === null || [...parts.digits].some((d) => !(Number.parseInt(d, parts.base) >= 0));
  if (invalid) {
    error(p, `strconv.ParseUint: parsing ${quote(text)}: invalid syntax`);
    return U.zero;
  }
  const v = U.parseDigits(parts.digits, parts.base);
  if (v !== null) return v;
  error(p, `strconv.ParseUint: parsing ${quote(text)}: value out of range`);
  return new U.Uint64(-1, -1);
}

/** A non-negative int64, for sizes; as a number. */
export function parsePositive(p: Parser, text: string): number {
  const parts = splitInteger(text);
  const v = parts === null ? null : U.parseDigits(parts.digits, parts.base);
  if (v === null || U.isNegative(v)) {
    const kind = parts === null ? 'invalid syntax' : 'value out of range';
    error(p, `strconv.ParseInt: parsing ${quote(text)}: ${kind}`);
    return 0;
  }
  return v.hi * 4294967296 + (v.lo >>> 0);
}

/** fconst | ("+" | "-") floatExpression | "(" floatExpression ")" */
export function floatExpression(p: Parser): number {
  const t = take(p);
  switch (t.kind) {
    case T.LeftParen: {
      const v = floatExpression(p);
      if (take(p).kind !== T.RightParen) error(p, 'missing closing paren');
      return v;
    }
    case T.Plus:
      return floatExpression(p);
    case T.Minus:
      return -floatExpression(p);
    case T.Float:
      return parseFloat64(p, t.text);
    default:
      error(p, `unexpected ${t.text} evaluating float expression`);
      return 0;
  }
}

function parseFloat64(p: Parser, text: string): number {
  const plain = text.replaceAll('_', '');
  const hex = /^0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)$/.exec(plain);
  let v: number;
  if (hex !== null) {
    // Exact as long as the mantissa has at most 53 bits, as written ones have.
    const mantissa = Number.parseInt(hex[1] + hex[2], 16);
    v = mantissa * 2 ** (Number(hex[3]) - 4 * hex[2].length);
  } else v = Number(plain);
  if (Number.isNaN(v)) {
    error(p, `strconv.ParseFloat: parsing ${quote(text)}: invalid syntax`);
    return 0;
  }
  if (!Number.isFinite(v)) error(p, `strconv.ParseFloat: parsing ${quote(text)}: value out of range`);
  return v;
}
