/**
 * Splits assembly text into tokens: Go's lexical elements without raw strings, newlines being tokens of their own
 * (GOROOT/src/text/scanner, cmd/asm/internal/lex/tokenizer.go).
 */
import type { PositionBase } from './positions.ts';
import * as T from './tokens.ts';

export class Scanner {
  readonly text: string;
  /** Where lines count from: the file, or a #line directive. */
  base: PositionBase;
  /** Behind the last token, in characters. */
  at: number;
  /** Of the last token. */
  start: number;
  line: number;
  kind: number;
  /** Start of the current line, for columns. */
  lineStart: number;
  /** Problems of the text itself: "literal not terminated" and others. */
  readonly report: (line: number, column: number, message: string) => void;

  constructor(text: string, base: PositionBase, report: (line: number, column: number, message: string) => void) {
    this.text = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    this.base = base;
    this.at = 0;
    this.start = 0;
    this.line = 1;
    this.kind = T.Eof;
    this.lineStart = 0;
    this.report = report;
  }
}

export function tokenText(s: Scanner): string {
  return s.text.slice(s.start, s.at);
}

/** Where reading has arrived in the line: tells `#define A(x)` from `#define A (x)`. */
export function column(s: Scanner): number {
  return s.at - s.lineStart;
}

function isIdentStart(s: Scanner, c: number): boolean {
  if ((c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95) return true;
  if (c < 128) return false;
  // The middle dot stands for ".", the division slash for "/".
  if (c === 0xb7 || c === 0x2215) return true;
  return /^\p{L}/u.test(String.fromCodePoint(s.text.codePointAt(s.at) ?? 0));
}

function isIdentPart(s: Scanner, c: number): boolean {
  if ((c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || (c >= 48 && c <= 57)) return true;
  if (c < 128) return false;
  if (c === 0xb7 || c === 0x2215) return true;
  return /^[\p{L}\p{Nd}]/u.test(String.fromCodePoint(s.text.codePointAt(s.at) ?? 0));
}

function advanceRune(s: Scanner): void {
  s.at += (s.text.codePointAt(s.at) ?? 0) > 0xffff ? 2 : 1;
}

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

function skipDigits(s: Scanner, hex: boolean): void {
  for (;;) {
    const c = s.text.charCodeAt(s.at);
    if (isDigit(c) || c === 95 || (hex && ((c >= 97 && c <= 102) || (c >= 65 && c <= 70)))) s.at++;
    else return;
  }
}

/** An exponent, if one follows. */
function skipExponent(s: Scanner, lower: number): boolean {
  const c = s.text.charCodeAt(s.at);
  if ((c | 32) !== lower) return false;
  s.at++;
  const sign = s.text.charCodeAt(s.at);
  if (sign === 43 || sign === 45) s.at++;
  if (!isDigit(s.text.charCodeAt(s.at))) complain(s, 'exponent has no digits');
  skipDigits(s, false);
  return true;
}

function complain(s: Scanner, message: string): void {
  s.report(s.line, s.start - s.lineStart + 1, message);
}

/** A number; s.at is on its first digit, or behind a leading dot. */
function scanNumber(s: Scanner, seenDot: boolean): number {
  const t = s.text;
  let base = 10;
  if (!seenDot && t.charCodeAt(s.at) === 48) {
    const p = t.charCodeAt(s.at + 1) | 32;
    if (p === 120 || p === 111 || p === 98) {
      base = p === 120 ? 16 : p === 111 ? 8 : 2;
      s.at += 2;
    }
  }
  let isFloat = seenDot;
  skipDigits(s, base === 16);
  if (!seenDot && t.charCodeAt(s.at) === 46) {
    isFloat = true;
    s.at++;
    skipDigits(s, base === 16);
  }
  if (skipExponent(s, base === 16 ? 112 : 101)) isFloat = true;
  return isFloat ? T.Float : T.Int;
}

/** To the closing quote; escapes are checked when the literal is used. */
function scanQuoted(s: Scanner, quoteChar: number): void {
  for (;;) {
    const c = s.text.charCodeAt(s.at);
    if (Number.isNaN(c) || c === 10) {
      complain(s, 'literal not terminated');
      return;
    }
    s.at++;
    if (c === quoteChar) return;
    if (c === 92 && s.at < s.text.length && s.text.charCodeAt(s.at) !== 10) s.at++;
  }
}

/** go/build/constraint.IsGoBuild. */
function isBuildLine(comment: string): boolean {
  const line = comment.trim();
  return line.startsWith('//go:build') && (line.length === 10 || line[10] === ' ' || line[10] === '\t');
}

/** Skips a comment; s.at is on the slash. True if it was a //go:build line. */
function skipComment(s: Scanner): boolean {
  const t = s.text;
  s.start = s.at;
  if (t.charCodeAt(s.at + 1) === 47) {
    const end = t.indexOf('\n', s.at);
    s.at = end < 0 ? t.length : end;
    return isBuildLine(t.slice(s.start, s.at));
  }
  const end = t.indexOf('*/', s.at + 2);
  if (end < 0) complain(s, 'comment not terminated');
  const stop = end < 0 ? t.length : end + 2;
  for (let i = t.indexOf('\n', s.at); i >= 0 && i < stop; i = t.indexOf('\n', i + 1)) {
    s.line++;
    s.lineStart = i + 1;
  }
  s.at = stop;
  return false;
}

function operatorKind(s: Scanner, c: number): number {
  const next = s.text.charCodeAt(s.at);
  if (c === T.Minus && next === T.Greater) return T.ArithmeticRight;
  if (c === 64 && next === T.Greater) return T.RotateRight;
  if (c === T.Less && next === T.Less) return T.ShiftLeft;
  if (c === T.Greater && next === T.Greater) return T.ShiftRight;
  return c;
}

function scan(s: Scanner): number {
  const t = s.text;
  for (;;) {
    const c = t.charCodeAt(s.at);
    if (c === 32 || c === 9 || c === 13) {
      s.at++;
      continue;
    }
    if (c === 47) {
      const next = t.charCodeAt(s.at + 1);
      if (next === 47 || next === 42) {
        if (skipComment(s)) return T.BuildComment;
        continue;
      }
    }
    s.start = s.at;
    if (Number.isNaN(c)) return T.Eof;
    if (isIdentStart(s, c)) {
      advanceRune(s);
      while (isIdentPart(s, t.charCodeAt(s.at))) advanceRune(s);
      return T.Ident;
    }
    if (isDigit(c)) return scanNumber(s, false);
    advanceRune(s);
    switch (c) {
      case 10:
        s.line++;
        s.lineStart = s.at;
        return T.Newline;
      case 34:
        scanQuoted(s, 34);
        return T.Str;
      case 39:
        scanQuoted(s, 39);
        return T.Char;
      case 46:
        return isDigit(t.charCodeAt(s.at)) ? scanNumber(s, true) : T.Dot;
      default: {
        const kind = operatorKind(s, c);
        if (kind < 0) s.at++;
        return kind < 0 || c < 0xd800 ? kind : (t.codePointAt(s.start) ?? c);
      }
    }
  }
}

/** Reads the next token. */
export function nextToken(s: Scanner): number {
  s.kind = scan(s);
  return s.kind;
}
