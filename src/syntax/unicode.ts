/** Characters: classes of the Go specification and their form in messages. */
import { isPrint } from '#base/quote.ts';

const letter = /^\p{L}$/u;
const digit = /^\p{Nd}$/u;

/** Categories Lu, Ll, Lt, Lm, Lo (spec: Characters), without `_`. */
export function isLetter(c: number): boolean {
  return letter.test(String.fromCodePoint(c));
}

/** Category Nd. */
export function isDigit(c: number): boolean {
  return digit.test(String.fromCodePoint(c));
}

/** fmt's %#U: U+0040 '@', the character only if it can be printed. */
export function formatRune(c: number): string {
  const code = `U+${c.toString(16).toUpperCase().padStart(4, '0')}`;
  return isPrint(c) ? `${code} '${String.fromCodePoint(c)}'` : code;
}

/** The code point encoded at an offset of valid UTF-8; a byte that starts no sequence is U+FFFD. */
export function decodeRune(text: Uint8Array, offset: number): number {
  const c = text[offset];
  if (c < 0x80) return c;
  if (c >= 0xf8) return 0xfffd;
  if (c < 0xe0) return ((c & 0x1f) << 6) | (text[offset + 1] & 0x3f);
  if (c < 0xf0) return ((c & 0x0f) << 12) | ((text[offset + 1] & 0x3f) << 6) | (text[offset + 2] & 0x3f);
  return (
    ((c & 0x07) << 18) |
    ((text[offset + 1] & 0x3f) << 12) |
    ((text[offset + 2] & 0x3f) << 6) |
    (text[offset + 3] & 0x3f)
  );
}

/** The length of the UTF-8 sequence that starts with byte c. */
export function runeLength(c: number): number {
  if (c < 0x80) return 1;
  return c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

/** The length of the valid UTF-8 sequence at an offset, or 0. */
export function validRuneLength(text: Uint8Array, offset: number): number {
  const c = text[offset];
  if (c < 0x80) return 1;
  if (c < 0xc2 || c > 0xf4) return 0;
  const n = runeLength(c);
  if (offset + n > text.length) return 0;
  const second = text[offset + 1];
  const low = c === 0xe0 ? 0xa0 : c === 0xf0 ? 0x90 : 0x80;
  const high = c === 0xed ? 0x9f : c === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let i = 2; i < n; i++) if ((text[offset + i] & 0xc0) !== 0x80) return 0;
  return n;
}
