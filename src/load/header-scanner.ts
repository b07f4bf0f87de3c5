/** The tokens of a Go file as go/scanner sees them, with its errors. Literals are not looked into. */
import { decodeText } from '#base/bytes.ts';

export interface HeaderToken {
  /** "IDENT", "INT", "CHAR", "STRING", "EOF", or the keyword or operator itself. */
  readonly kind: string;
  /** Of a semicolon that a line's end stands for: "\n". */
  readonly text: string;
  /** Bytes. */
  readonly offset: number;
}

interface Problem {
  readonly offset: number;
  readonly message: string;
}

const keywords = new Set(
  (
    'break case chan const continue default defer else fallthrough for func go goto if import interface map package range return ' +
    'select struct switch type var'
  ).split(' '),
);
const endsStatement = new Set(['break', 'continue', 'fallthrough', 'return', ')', ']', '}', '++', '--']);
const operator =
  /^(?:<<=|>>=|&\^=|\.\.\.|&&|\|\||<-|\+\+|--|==|!=|<=|>=|:=|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|<<|>>|&\^|[-+*/%&|^<>=!()[\]{},;.:~])/;

export class HeaderScanner {
  /** The first thing that is wrong with the text; null if nothing is so far. */
  problem: Problem | null;
  /** A character for each byte. */
  private readonly text: string;
  private readonly bytes: Uint8Array;
  private at: number;
  private insertSemicolon: boolean;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.text = Array.from(bytes, (b) => String.fromCharCode(b)).join('');
    this.problem = null;
    this.at = this.text.startsWith('\xef\xbb\xbf') ? 3 : 0;
    this.insertSemicolon = false;
  }

  next(): HeaderToken {
    for (;;) {
      this.skipBlanks();
      const offset = this.at;
      if (offset >= this.text.length) return this.lineEnd(offset) ?? { kind: 'EOF', text: '', offset };
      if (this.text[offset] === '\n') {
        this.at++;
        const end = this.lineEnd(offset);
        if (end !== null) return end;
        continue;
      }
      if (!this.text.startsWith('//', offset) && !this.text.startsWith('/*', offset)) return this.token(offset);
      // A comment that goes over lines ends the statement where it begins, as the line's end would.
      const end = this.commentEnd(offset);
      const isLong = this.text.startsWith('/*', offset) && this.text.slice(offset, end).includes('\n');
      const ended = this.insertSemicolon && (isLong || end >= this.text.length) ? this.lineEnd(offset) : null;
      this.at = end;
      if (ended !== null) return ended;
    }
  }

  private skipBlanks(): void {
    while (/^[ \t\r]$/.test(this.text[this.at] ?? '')) this.at++;
  }

  private lineEnd(offset: number): HeaderToken | null {
    if (!this.insertSemicolon) return null;
    this.insertSemicolon = false;
    return { kind: ';', text: '\n', offset };
  }

  private commentEnd(offset: number): number {
    if (this.text[offset + 1] === '/') {
      const end = this.text.indexOf('\n', offset);
      return end < 0 ? this.text.length : end;
    }
    const end = this.text.indexOf('*/', offset + 2);
    if (end >= 0) return end + 2;
    this.problem ??= { offset, message: 'comment not terminated' };
    return this.text.length;
  }

  private token(offset: number): HeaderToken {
    const made = (kind: string, end: number): HeaderToken => {
      this.at = end;
      this.insertSemicolon = /^(IDENT|INT|CHAR|STRING)$/.test(kind) || endsStatement.has(kind);
      return { kind, text: decodeText(this.bytes.subarray(offset, end)), offset };
    };
    const c = this.text[offset];
    const word = this.wordEnd(offset);
    if (word > offset) {
      const name = decodeText(this.bytes.subarray(offset, word));
      return made(keywords.has(name) ? name : 'IDENT', word);
    }
    const number = /^\.?[0-9](?:[eEpP][-+]|[0-9A-Za-z_.])*/.exec(this.text.slice(offset, offset + 200));
    if (number !== null)
      return made(
        /[.eEpP]/.test(number[0]) && !/^0[xX][^.pP]*$/.test(number[0]) ? 'FLOAT' : 'INT',
        offset + number[0].length,
      );
    if (c === '"' || c === "'") return made(c === '"' ? 'STRING' : 'CHAR', this.quotedEnd(offset, c));
    if (c === '`') {
      const end = this.text.indexOf('`', offset + 1);
      if (end < 0) this.problem ??= { offset, message: 'raw string literal not terminated' };
      return made('STRING', end < 0 ? this.text.length : end + 1);
    }
    const op = operator.exec(this.text.slice(offset, offset + 3));
    if (op !== null) return made(op[0], offset + op[0].length);
    return this.illegal(offset);
  }

  private wordEnd(offset: number): number {
    let at = offset;
    for (;;) {
      const { length, char } = this.character(at);
      if (length === 0 || !(at === offset ? /[\p{L}_]/u : /[\p{L}\p{Nd}_]/u).test(char)) return at;
      at += length;
    }
  }

  /** The character that begins at an offset. */
  private character(at: number): { length: number; char: string } {
    const b = this.bytes[at];
    if (b === undefined) return { length: 0, char: '' };
    const length = b < 0x80 ? 1 : b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : b >= 0xc0 ? 2 : 1;
    return { length, char: decodeText(this.bytes.subarray(at, at + length)) };
  }

  private quotedEnd(offset: number, quote: string): number {
    let at = offset + 1;
    while (at < this.text.length && this.text[at] !== quote && this.text[at] !== '\n')
      at += this.text[at] === '\\' ? 2 : 1;
    if (this.text[at] === quote) return at + 1;
    const message = quote === '"' ? 'string literal not terminated' : 'rune literal not terminated';
    this.problem ??= { offset, message };
    return Math.min(at, this.text.length);
  }

  private illegal(offset: number): HeaderToken {
    const { length, char } = this.character(offset);
    const code = char.codePointAt(0) ?? 0;
    const number = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    const shown = /[\p{C}\p{Z}]/u.test(char) ? number : `${number} '${char}'`;
    if (code === 0) this.problem ??= { offset, message: 'illegal character NUL' };
    else if (char === '\ufffd') this.problem ??= { offset, message: 'illegal UTF-8 encoding' };
    else if (char === '“' || char === '”')
      this.problem ??= { offset, message: `curly quotation mark '${char}' (use neutral '"')` };
    else this.problem ??= { offset, message: `illegal character ${shown}` };
    this.at = offset + length;
    return { kind: 'ILLEGAL', text: char, offset };
  }
}
