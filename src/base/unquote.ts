/** The bytes of Go string and character literals (strconv.Unquote without raw strings). */
import { decodeText, encodeText } from './bytes.ts';

const simpleEscapes: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['b', 8],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
  ['\\', 92],
  ["'", 39],
  ['"', 34],
]);

function putRune(out: number[], r: number): boolean {
  if (r > 0x10ffff || (r >= 0xd800 && r <= 0xdfff)) return false;
  for (const b of encodeText(String.fromCodePoint(r))) out.push(b);
  return true;
}

/** The length of the escape after the backslash and its effect; 0 if it is malformed. */
function unquoteEscape(s: string, i: number, quoteChar: string, out: number[]): number {
  const c = s[i];
  const simple = simpleEscapes.get(c);
  if (simple !== undefined) {
    if ((c === "'" || c === '"') && c !== quoteChar) return 0;
    out.push(simple);
    return 1;
  }
  const digits = c === 'x' ? 2 : c === 'u' ? 4 : c === 'U' ? 8 : 0;
  if (digits > 0) {
    const hex = s.slice(i + 1, i + 1 + digits);
    if (hex.length !== digits || !/^[0-9a-fA-F]+$/.test(hex)) return 0;
    const v = Number.parseInt(hex, 16);
    if (c === 'x') out.push(v);
    else if (!putRune(out, v)) return 0;
    return 1 + digits;
  }
  const octal = s.slice(i, i + 3);
  if (!/^[0-7]{3}$/.test(octal)) return 0;
  const v = Number.parseInt(octal, 8);
  if (v > 255) return 0;
  out.push(v);
  return 3;
}

/** The bytes of a quoted literal, null if it is malformed. */
export function unquote(literal: string): Uint8Array | null {
  const q = literal[0];
  if (literal.length < 2 || (q !== '"' && q !== "'") || !literal.endsWith(q)) return null;
  const s = literal.slice(1, -1);
  const out: number[] = [];
  let runes = 0;
  for (let i = 0; i < s.length; runes++) {
    const c = s[i];
    if (c === q || c === '\n') return null;
    if (c === '\\') {
      const n = unquoteEscape(s, i + 1, q, out);
      if (n === 0) return null;
      i += 1 + n;
      continue;
    }
    const code = s.codePointAt(i) ?? 0;
    for (const b of encodeText(String.fromCodePoint(code))) out.push(b);
    i += code > 0xffff ? 2 : 1;
  }
  return q === "'" && runes !== 1 ? null : Uint8Array.from(out);
}

/** A literal that is text, such as a file name. */
export function unquoteText(literal: string): string | null {
  const bytes = unquote(literal);
  return bytes === null ? null : decodeText(bytes);
}
