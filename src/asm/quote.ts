/** Quoting of source text in the assembler's messages. */

export function quote(s: string): string {
  let out = '"';
  for (const ch of s) {
    const special = '\u0007\b\f\n\r\t\v'.indexOf(ch);
    const c = ch.codePointAt(0) ?? 0;
    if (special >= 0) out += `\\${'abfnrtv'[special]}`;
    else if (ch === '"' || ch === '\\') out += `\\${ch}`;
    else if (c < 32 || c === 127) out += `\\x${c.toString(16).padStart(2, '0')}`;
    else out += ch;
  }
  return `${out}"`;
}
