/** Go's quoted strings (strconv.Quote, strconv.Unquote), as messages and go.mod files have them. */

const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

/** unicode.IsPrint. */
export function isPrint(c: string): boolean {
  return printable.test(c);
}

const shortEscapes: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
};

function escapeCharacter(c: string, quote: string): string {
  if (c === quote) return `\\${c}`;
  const short = shortEscapes[c];
  if (short !== undefined) return short;
  if (isPrint(c)) return c;
  const n = c.codePointAt(0) ?? 0;
  if (n < 0x80) return `\\x${n.toString(16).padStart(2, '0')}`;
  if (n < 0x10000) return `\\u${n.toString(16).padStart(4, '0')}`;
  return `\\U${n.toString(16).padStart(8, '0')}`;
}

/** %q of a string. */
export function quote(s: string): string {
  let out = '"';
  for (const c of s) out += escapeCharacter(c, '"');
  return `${out}"`;
}

/** %q of a rune. */
export function quoteRune(c: string): string {
  return `'${escapeCharacter(c, "'")}'`;
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
  '"': '"',
};

/** strconv.Unquote for "..." and `...`; null if the text is no such string. */
export function unquote(s: string): string | null {
  if (s.length < 2 || s[0] !== s[s.length - 1]) return null;
  const inner = s.slice(1, -1);
  if (s[0] === '`') return inner.includes('`') ? null : inner.replaceAll('\r', '');
  if (s[0] !== '"') return null;
  let ok = true;
  const text = inner.replace(
    /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|[\s\S])|["\n\\]/g,
    (whole: string, e: string | undefined) => {
      if (e === undefined) ok = false;
      else if (e.length === 1) {
        const plain = plainEscapes[e];
        if (plain === undefined) ok = false;
        else return plain;
      } else if (/^[0-7]/.test(e)) return String.fromCodePoint(Number.parseInt(e, 8));
      else return String.fromCodePoint(Number.parseInt(e.slice(1), 16));
      return whole;
    },
  );
  return ok ? text : null;
}
