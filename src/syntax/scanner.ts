/**
 * The scanner: bytes to tokens (spec: Lexical elements). Messages and their positions are those of cmd/compile/internal/syntax (scanner.go,
 * source.go). Positions are byte offsets, so lines are not counted here.
 */

import type { Report } from '#base/diagnostic.ts';
import { quoteRune } from '#base/quote.ts';
import type { Pos, SourceFile } from '#base/source.ts';
import * as Kind from './kinds.ts';
import { lookup, makeString, NameTable } from './names.ts';
import { scanNumber } from './number.ts';
import * as Op from './operators.ts';
import * as Tok from './tokens.ts';
import { decodeRune, formatRune, isDigit, isLetter, runeLength, validRuneLength } from './unicode.ts';

/** Bytes that a cleaned text has in place of bytes that Go source may not contain; they are skipped. */
export const skipped = 0xff;

export class Scanner {
  readonly source: SourceFile;
  readonly text: Uint8Array;
  readonly size: number;
  readonly base: Pos;
  readonly report: Report;
  readonly names: NameTable;
  /** How many errors have been reported. */
  errors: number;

  /** The offset of the next byte to read: the end of the current token. */
  offset: number;
  /** Whether a newline or the end of the file becomes a semicolon. */
  nlsemi: boolean;

  tok: number;
  /** The offset of the current token. */
  start: number;
  /** The end of the token before. */
  prevEnd: number;
  /** The text of a name or literal; "semicolon", "newline" or "EOF" for a semicolon. */
  lit: string;
  litKind: number;
  bad: boolean;
  op: number;
  prec: number;

  /** Errors of the encoding that are reported when the scanner passes them: offsets, ascending, and messages. */
  pendingOffsets: number[];
  pendingMessages: string[];

  /** Called for `//go:` comments and line directives: the offsets of the comment's first byte and of the byte after it. */
  readonly onDirective: (start: number, end: number) => void;

  constructor(source: SourceFile, text: Uint8Array, report: Report, onDirective: (start: number, end: number) => void) {
    this.source = source;
    this.size = text.length;
    this.base = source.base;
    this.report = report;
    this.names = sharedNames;
    this.errors = 0;
    this.offset = 0;
    this.nlsemi = false;
    this.tok = 0;
    this.start = 0;
    this.prevEnd = 0;
    this.lit = '';
    this.litKind = 0;
    this.bad = false;
    this.op = 0;
    this.prec = 0;
    this.pendingOffsets = [];
    this.pendingMessages = [];
    this.onDirective = onDirective;
    this.text = text;
    if (text.length >= 3 && text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf) this.offset = 3;
  }
}

/** A text that the scanner can read, and the errors of its encoding. */
export class CleanText {
  readonly text: Uint8Array;
  readonly offsets: number[];
  readonly messages: string[];

  constructor(text: Uint8Array) {
    this.text = text;
    this.offsets = [];
    this.messages = [];
  }
}

/** The text itself if it is fine, else a copy with the wrong bytes replaced, whose errors are noted. */
export function cleanText(text: Uint8Array): CleanText {
  if (text.indexOf(0) < 0 && text.indexOf(0xef, 1) < 0 && isUtf8(text)) return new CleanText(text);
  const clean = new CleanText(text.slice());
  for (let i = 0; i < text.length; ) {
    const n = validRuneLength(text, i);
    let message = '';
    if (n === 0) message = 'invalid UTF-8 encoding';
    else if (text[i] === 0) message = 'invalid NUL character';
    else if (i > 0 && n === 3 && text[i] === 0xef && text[i + 1] === 0xbb && text[i + 2] === 0xbf)
      message = 'invalid BOM in the middle of the file';
    if (message !== '') {
      clean.offsets.push(i);
      clean.messages.push(message);
      clean.text.fill(skipped, i, i + Math.max(n, 1));
    }
    i += Math.max(n, 1);
  }
  return clean;
}

/** Names are shared by all files of a run: a cache of strings, nothing else. */
const sharedNames = new NameTable();

const strictDecoder = new TextDecoder('utf-8', { fatal: true });

function isUtf8(text: Uint8Array): boolean {
  if (isAscii(text)) return true;
  try {
    strictDecoder.decode(text);
    return true;
  } catch {
    return false;
  }
}

/** Four bytes at a time where they are aligned. */
function isAscii(text: Uint8Array): boolean {
  let i = 0;
  for (; i < text.length && ((text.byteOffset + i) & 3) !== 0; i++) if (text[i] >= 0x80) return false;
  const count = (text.length - i) >> 2;
  const words = new Int32Array(text.buffer, text.byteOffset + i, count);
  let bits = 0;
  for (let k = 0; k < count; k++) bits |= words[k];
  if ((bits & 0x80808080) !== 0) return false;
  for (i += count * 4; i < text.length; i++) if (text[i] >= 0x80) return false;
  return true;
}

/** Reports an error at an offset, after those of the encoding before it. */
export function scanError(s: Scanner, offset: number, message: string): void {
  if (s.pendingOffsets.length > 0) flushPending(s, offset);
  s.errors++;
  s.report({ pos: s.base + offset, message, code: '', soft: false });
}

function flushPending(s: Scanner, offset: number): void {
  while (s.pendingOffsets.length > 0 && s.pendingOffsets[0] <= offset) {
    const pos = s.base + (s.pendingOffsets.shift() ?? 0);
    s.errors++;
    s.report({ pos, message: s.pendingMessages.shift() ?? '', code: '', soft: false });
  }
}

const Letter = 1;
const Decimal = 2;
/** What a byte can be in a name. */
const classes = new Uint8Array(256);
for (let c = 0; c < 26; c++) classes[65 + c] = classes[97 + c] = Letter;
classes[95] = Letter;
for (let c = 48; c < 58; c++) classes[c] = Decimal;

/** Reads the next token. */
export function next(s: Scanner): void {
  s.prevEnd = s.offset;
  scanToken(s);
  if (s.pendingOffsets.length > 0) flushPending(s, s.offset);
}

function scanToken(s: Scanner): void {
  const nlsemi = s.nlsemi;
  s.nlsemi = false;
  const text = s.text;
  const size = s.size;
  let i = s.offset;
  for (;;) {
    let c = 0;
    for (; i < size; i++) {
      c = text[i];
      if (c > 32 ? c !== skipped : c !== 32 && c !== 9 && c !== 13 && (c !== 10 || nlsemi)) break;
    }
    s.start = i;
    if (i >= size) {
      s.offset = size;
      if (nlsemi) setSemi(s, size, 'EOF');
      else s.tok = Tok.EOF;
      return;
    }
    if (classes[c] === Letter || c >= 0x80) {
      scanName(s, i);
      return;
    }
    if (c === 47) {
      const following = i + 1 < size ? text[i + 1] : 0;
      if (following === 47) {
        i = skipLineComment(s, i);
        continue;
      }
      if (following === 42) {
        const end = skipFullComment(s, i);
        if (nlsemi && containsNewline(text, i, end)) {
          setSemi(s, end, 'newline');
          return;
        }
        i = end;
        continue;
      }
    }
    s.offset = i + 1;
    if (scanSymbol(s, c)) return;
    scanError(s, i, `invalid character ${formatRune(c)}`);
    i++;
  }
}

function setSemi(s: Scanner, offset: number, lit: string): void {
  s.offset = offset;
  s.tok = Tok.Semi;
  s.lit = lit;
}

function containsNewline(text: Uint8Array, start: number, end: number): boolean {
  const i = text.indexOf(10, start);
  return i >= 0 && i < end;
}

/** Skips a line comment up to its newline and returns that offset; directives are handed on. */
export function skipLineComment(s: Scanner, start: number): number {
  const text = s.text;
  const newline = text.indexOf(10, start);
  const end = newline < 0 ? s.size : newline;
  const c = start + 4 < end ? text[start + 2] : 0;
  if (c === 103) {
    if (text[start + 3] === 111 && text[start + 4] === 58) s.onDirective(start, end);
  } else if (c === 108 && isLinePrefix(text, start + 2)) {
    if (start === 0 || text[start - 1] === 10) s.onDirective(start, end);
  }
  return end;
}

function isLinePrefix(text: Uint8Array, i: number): boolean {
  return text[i] === 108 && text[i + 1] === 105 && text[i + 2] === 110 && text[i + 3] === 101 && text[i + 4] === 32;
}

/** Skips a general comment and returns the offset after it. */
export function skipFullComment(s: Scanner, start: number): number {
  const text = s.text;
  for (let i = text.indexOf(42, start + 2); i >= 0; i = text.indexOf(42, i + 1)) {
    if (text[i + 1] === 47) {
      if (isLinePrefix(text, start + 2)) s.onDirective(start, i + 2);
      return i + 2;
    }
  }
  scanError(s, start, 'comment not terminated');
  return s.size;
}

/** The offset after the bytes of a name that starts at i, with wrong characters reported. */
function scanName(s: Scanner, start: number): void {
  const text = s.text;
  let i = start;
  let hash = 0;
  for (;;) {
    const c = i < s.size ? text[i] : 0;
    if (classes[c] === 0) {
      if (c < 0x80) break;
      const n = wideNameByte(s, i, i === start);
      for (let k = 0; k < n; k++) hash = (Math.imul(hash, 31) + text[i + k]) | 0;
      i += n;
      continue;
    }
    hash = (Math.imul(hash, 31) + c) | 0;
    i++;
  }
  s.offset = i;
  const entry = lookup(s.names, text, start, i, hash);
  const keyword = s.names.tokens[entry];
  if (keyword !== 0) {
    s.tok = keyword;
    s.nlsemi =
      keyword === Tok.Break || keyword === Tok.Continue || keyword === Tok.Fallthrough || keyword === Tok.Return;
    return;
  }
  s.nlsemi = true;
  s.lit = s.names.strings[entry];
  s.tok = Tok.Name;
}

/** Checks a character beyond ASCII in a name and returns its length. */
function wideNameByte(s: Scanner, offset: number, first: boolean): number {
  const b = s.text[offset];
  if (b === skipped) return 1;
  const c = decodeRune(s.text, offset);
  if (!isLetter(c)) {
    if (!isDigit(c)) scanError(s, offset, `invalid character ${formatRune(c)} in identifier`);
    else if (first) scanError(s, offset, `identifier cannot begin with digit ${formatRune(c)}`);
  }
  return runeLength(b);
}

function at(s: Scanner, offset: number): number {
  return offset < s.size ? s.text[offset] : -1;
}

/** Scans a token that starts with the ASCII character c before `offset`; false if no token starts with it. */
function scanSymbol(s: Scanner, c: number): boolean {
  switch (c) {
    case 10: // newline
      setSemi(s, s.offset, 'newline');
      return true;
    case 34: // "
      scanString(s);
      return true;
    case 96: // `
      scanRawString(s);
      return true;
    case 39: // '
      scanRune(s);
      return true;
    case 40: // (
      s.tok = Tok.Lparen;
      return true;
    case 91: // [
      s.tok = Tok.Lbrack;
      return true;
    case 123: // {
      s.tok = Tok.Lbrace;
      return true;
    case 44: // ,
      s.tok = Tok.Comma;
      return true;
    case 59: // ;
      setSemi(s, s.offset, 'semicolon');
      return true;
    case 41: // )
      s.nlsemi = true;
      s.tok = Tok.Rparen;
      return true;
    case 93: // ]
      s.nlsemi = true;
      s.tok = Tok.Rbrack;
      return true;
    case 125: // }
      s.nlsemi = true;
      s.tok = Tok.Rbrace;
      return true;
    case 58: // :
      s.tok = follows(s, 61) ? Tok.Define : Tok.Colon;
      return true;
    case 46: // .
      scanDot(s);
      return true;
    default:
      if (c >= 48 && c <= 57) {
        scanNumber(s, false);
        return true;
      }
      return scanOperator(s, c);
  }
}

/** Consumes the byte c if it comes next. */
function follows(s: Scanner, c: number): boolean {
  if (at(s, s.offset) !== c) return false;
  s.offset++;
  return true;
}

function scanDot(s: Scanner): void {
  const c = at(s, s.offset);
  if (c >= 48 && c <= 57) {
    scanNumber(s, true);
    return;
  }
  if (c === 46 && at(s, s.offset + 1) === 46) {
    s.offset += 2;
    s.tok = Tok.DotDotDot;
    return;
  }
  s.tok = Tok.Dot;
}

function setOperator(s: Scanner, op: number): true {
  s.op = op;
  s.prec = Op.precedence[op];
  s.tok = Tok.Operator;
  return true;
}

/** An operator that may be followed by `=`. */
function setAssignable(s: Scanner, op: number): true {
  s.op = op;
  s.prec = Op.precedence[op];
  s.tok = follows(s, 61) ? Tok.AssignOp : Tok.Operator;
  return true;
}

/** `+` and `-`, which may be doubled. */
function setDoubling(s: Scanner, c: number, op: number): true {
  if (!follows(s, c)) return setAssignable(s, op);
  s.op = op;
  s.prec = Op.precedence[op];
  s.nlsemi = true;
  s.tok = Tok.IncOp;
  return true;
}

function setToken(s: Scanner, tok: number): true {
  s.tok = tok;
  return true;
}

function scanOperator(s: Scanner, c: number): boolean {
  switch (c) {
    case 43: // +
      return setDoubling(s, 43, Op.Add);
    case 45: // -
      return setDoubling(s, 45, Op.Sub);
    case 42: // *
      setAssignable(s, Op.Mul);
      if (s.tok === Tok.Operator) s.tok = Tok.Star;
      return true;
    case 47: // /
      return setAssignable(s, Op.Div);
    case 37: // %
      return setAssignable(s, Op.Rem);
    case 38: // &
      if (follows(s, 38)) return setOperator(s, Op.AndAnd);
      return setAssignable(s, follows(s, 94) ? Op.AndNot : Op.And);
    case 124: // |
      return follows(s, 124) ? setOperator(s, Op.OrOr) : setAssignable(s, Op.Or);
    case 94: // ^
      return setAssignable(s, Op.Xor);
    case 60: // <
      if (follows(s, 61)) return setOperator(s, Op.Leq);
      if (follows(s, 60)) return setAssignable(s, Op.Shl);
      return follows(s, 45) ? setToken(s, Tok.Arrow) : setOperator(s, Op.Lss);
    case 62: // >
      if (follows(s, 61)) return setOperator(s, Op.Geq);
      return follows(s, 62) ? setAssignable(s, Op.Shr) : setOperator(s, Op.Gtr);
    case 61: // =
      return follows(s, 61) ? setOperator(s, Op.Eql) : setToken(s, Tok.Assign);
    case 33: // !
      return setOperator(s, follows(s, 61) ? Op.Neq : Op.Not);
    case 126: // ~
      return setOperator(s, Op.Tilde);
    default:
      return false;
  }
}

/** Makes the bytes from the token's start to the offset a literal token. */
export function setLiteral(s: Scanner, kind: number, ok: boolean): void {
  s.nlsemi = true;
  s.tok = Tok.Literal;
  s.lit = makeString(s.text, s.start, s.offset);
  s.litKind = kind;
  s.bad = !ok;
}

function scanString(s: Scanner): void {
  const text = s.text;
  let ok = true;
  for (;;) {
    const c = at(s, s.offset);
    if (c === 34) {
      s.offset++;
      break;
    }
    if (c === 92) {
      s.offset++;
      if (!scanEscape(s, 34)) ok = false;
      continue;
    }
    if (c === 10) {
      scanError(s, s.offset, 'newline in string');
      ok = false;
      break;
    }
    if (c < 0) {
      scanError(s, s.start, 'string not terminated');
      ok = false;
      break;
    }
    let i = s.offset + 1;
    for (; i < s.size; i++) {
      const d = text[i];
      if (d === 34 || d === 92 || d === 10) break;
    }
    s.offset = i;
  }
  setLiteral(s, Kind.StringLit, ok);
}

function scanRawString(s: Scanner): void {
  const end = s.text.indexOf(96, s.offset);
  if (end < 0) {
    s.offset = s.size;
    scanError(s, s.start, 'string not terminated');
  } else s.offset = end + 1;
  setLiteral(s, Kind.StringLit, end >= 0);
}

function scanRune(s: Scanner): void {
  let ok = true;
  for (let n = 0; ; n++) {
    const c = at(s, s.offset);
    if (c === 39) {
      if (ok && n === 0) {
        scanError(s, s.offset, "empty rune literal or unescaped '");
        ok = false;
      } else if (ok && n !== 1) {
        scanError(s, s.start, 'more than one character in rune literal');
        ok = false;
      }
      s.offset++;
      break;
    }
    if (c === 92) {
      s.offset++;
      if (!scanEscape(s, 39)) ok = false;
      continue;
    }
    if (c === 10 || c < 0) {
      if (ok && c === 10) scanError(s, s.offset, 'newline in rune literal');
      else if (ok) scanError(s, s.start, 'rune literal not terminated');
      ok = false;
      break;
    }
    if (c === skipped) n--;
    s.offset += c === skipped ? 1 : runeLength(c);
  }
  setLiteral(s, Kind.RuneLit, ok);
}

function hexValue(c: number): number {
  if (c >= 48 && c <= 57) return c - 48;
  const l = c | 0x20;
  return l >= 97 && l <= 102 ? l - 87 : 99;
}

/** Scans what follows a backslash; false if it is wrong, which has been reported. */
function scanEscape(s: Scanner, quote: number): boolean {
  const c = at(s, s.offset);
  if (c === quote || (c > 0 && 'abfnrtv\\'.includes(String.fromCharCode(c)))) {
    s.offset++;
    return true;
  }
  let digits = 0;
  let base = 16;
  let max = 0x10ffff;
  if (c >= 48 && c <= 55) {
    digits = 3;
    base = 8;
    max = 255;
  } else if (c === 120) {
    digits = 2;
    max = 255;
  } else if (c === 117) digits = 4;
  else if (c === 85) digits = 8;
  else {
    // At the end of the file the caller complains.
    if (c < 0) return true;
    scanError(s, s.offset, 'unknown escape');
    return false;
  }
  if (base === 16) s.offset++;
  let value = 0;
  for (let i = 0; i < digits; i++) {
    const d = at(s, s.offset);
    if (d < 0) return true;
    const v = hexValue(d);
    if (v >= base) {
      const name = base === 8 ? 'octal' : 'hexadecimal';
      scanError(s, s.offset, `invalid character ${quoteRune(decodeRune(s.text, s.offset))} in ${name} escape`);
      return false;
    }
    value = value * base + v;
    s.offset++;
  }
  if (base === 8 && value > max) {
    scanError(s, s.offset, `octal escape value ${value} > 255`);
    return false;
  }
  if (value > max || (value >= 0xd800 && value < 0xe000)) {
    scanError(s, s.offset, `escape is invalid Unicode code point ${formatCode(value)}`);
    return false;
  }
  return true;
}

/** fmt's %#U of a value that may be no code point. */
function formatCode(value: number): string {
  if (value <= 0x10ffff && !(value >= 0xd800 && value < 0xe000)) return formatRune(value);
  return `U+${value.toString(16).toUpperCase().padStart(4, '0')}`;
}
