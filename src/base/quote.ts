/** Go's quoted strings and characters (strconv.Quote, strconv.Unquote), as messages and go.mod files have them. */

const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

/** strconv.IsPrint: letters, marks, numbers, punctuation, symbols and the ASCII space. */
export function isPrint(c: number): boolean {
  return printable.test(String.fromCodePoint(c));
}

const shortEscapes: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  92: '\\\\',
};

/** A code point between quotes of the given kind. */
export function escapeRune(c: number, quote: '"' | "'"): string {
  if (c === quote.charCodeAt(0)) return `\\${quote}`;
  return shortEscapes[c] ?? (isPrint(c) ? String.fromCodePoint(c) : hexEscape(c));
}

/** The escape of a character that cannot be printed. */
export function hexEscape(c: number): string {
  const hex = c.toString(16);
  if (c < 0x80) return `\\x${hex.padStart(2, '0')}`;
  return c < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** %q of a string. */
export function quote(s: string): string {
  let out = '"';
  for (const c of s) out += escapeRune(c.codePointAt(0) ?? 0, '"');
  return `${out}"`;
}

/** %q of a rune. */
export function quoteRune(c: number): string {
  return `'${escapeRune(c, "'")}'`;
}

const plainEscapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/** strconv.Unquote for "..." and `...`; null if the text is no such string. */
export function unquote(s: string): string | null {
  if (s.length < 2 || s[0] !== s[s.length - 1]) return null;
  const inner = s.slice(1, -1);
  if (s[0] === '`') return inner.includes('`') ? null : inner.replaceAll('\r', '');
  return s[0] === '"' ? replaceEscapes(inner, '"') : null;
}

/** What stands between quotes of the given kind, escapes replaced; null if it may not stand there. */
export function replaceEscapes(inner: string, quote: '"' | "'"): string | null {
  let ok = true;
  const text = inner.replace(
    /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|[\s\S])|["'\n\\]/g,
    (whole: string, e: string | undefined) => {
      if (e === undefined) {
        if (whole === quote || whole === '\n' || whole === '\\') ok = false;
      } else if (e.length === 1) {
        const plain = e === quote ? quote : plainEscapes[e];
        if (plain === undefined) ok = false;
        else return plain;
      } else {
        const c = /^[0-7]/.test(e) ? Number.parseInt(e, 8) : Number.parseInt(e.slice(1), 16);
        if (c <= 0x10ffff && (c < 0xd800 || c > 0xdfff)) return String.fromCodePoint(c);
        ok = false;
      }
      return whole;
    },
  );
  return ok ? text : null;
}
