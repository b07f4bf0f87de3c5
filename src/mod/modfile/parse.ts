/** Text to syntax tree. A syntax error ends the parse: there is at most one. */

import { hexEscape, isPrint } from '#base/quote.ts';
import { ModError } from '../errors.ts';
import { Comment, CommentBlock, type Commented, FileSyntax, Line, LineBlock, Paren, type Position } from './syntax.ts';

/** One thing wrong with a file. */
export class ModFileError extends ModError {
  readonly pos: Position;

  constructor(file: string, pos: Position, directive: string, why: string, inner: Error | null = null) {
    super(`${placeOf(file, pos)}${directive === '' ? '' : `${directive}: `}${why}`, inner);
    this.pos = pos;
  }
}

function placeOf(file: string, pos: Position): string {
  if (pos.column > 1) return `${file}:${pos.line}:${pos.column}: `;
  if (pos.line > 0) return `${file}:${pos.line}: `;
  return file === '' ? '' : `${file}: `;
}

type TokenKind = 'eof' | 'eol' | 'eolComment' | 'comment' | 'word' | 'string' | 'mark';

interface Token {
  readonly kind: TokenKind;
  readonly pos: Position;
  readonly end: Position;
  readonly text: string;
}

export function parseSyntax(name: string, text: string): FileSyntax {
  const p = new Parser(name, text);
  p.parseFile();
  assignComments(p.file, p.suffixes);
  return p.file;
}

function isEnd(k: TokenKind): boolean {
  return k === 'eof' || k === 'eol' || k === 'eolComment';
}

function isWordCharacter(c: string): boolean {
  return !/[\s()[\]{},\u0085]/.test(c) && isPrint(c.codePointAt(0) ?? 0);
}

class Parser {
  readonly file: FileSyntax;
  private readonly text: string;
  private at: number;
  private line: number;
  private column: number;
  private token: Token;
  /** Comments at ends of lines. */
  readonly suffixes: Comment[];

  constructor(name: string, text: string) {
    this.file = new FileSyntax(name);
    this.text = text;
    this.at = 0;
    this.line = 1;
    this.column = 1;
    this.suffixes = [];
    this.token = this.scan();
  }

  private here(): Position {
    return { line: this.line, column: this.column, offset: this.at };
  }

  private fail(message: string, pos: Position = this.here()): never {
    throw new ModFileError(this.file.name, pos, '', message);
  }

  /** The next character, or "". */
  private peekCharacter(): string {
    const n = this.text.codePointAt(this.at);
    return n === undefined ? '' : String.fromCodePoint(n);
  }

  private skip(): string {
    const c = this.peekCharacter();
    this.at += c.length;
    if (c === '\n') {
      this.line++;
      this.column = 1;
    } else this.column++;
    return c;
  }

  private make(kind: TokenKind, pos: Position, text = this.text.slice(pos.offset, this.at)): Token {
    return { kind, pos, end: this.here(), text };
  }

  private next(): Token {
    const t = this.token;
    this.token = this.scan();
    return t;
  }

  private scan(): Token {
    while (/^[ \t\r]/.test(this.text[this.at] ?? '')) this.skip();
    if (this.text.startsWith('//', this.at)) return this.scanComment();
    if (this.text.startsWith('/*', this.at)) this.fail('mod files must use // comments (not /* */ comments)');
    const pos = this.here();
    const c = this.peekCharacter();
    if (c === '') return this.make('eof', pos);
    if (/[\n()[\]{},]/.test(c)) {
      this.skip();
      return this.make(c === '\n' ? 'eol' : 'mark', pos);
    }
    if (c === '"' || c === '`') return this.scanString(pos, c);
    if (!isWordCharacter(c)) this.fail(`unexpected input character ${quoteBack(c)}`);
    for (let w = c; w !== '' && isWordCharacter(w); w = this.peekCharacter()) {
      if (this.text.startsWith('//', this.at)) break;
      if (this.text.startsWith('/*', this.at)) this.fail('mod files must use // comments (not /* */ comments)');
      this.skip();
    }
    return this.make('word', pos);
  }

  private scanComment(): Token {
    const pos = this.here();
    const lineStart = this.text.lastIndexOf('\n', this.at - 1) + 1;
    const isSuffix = this.at > 0 && this.text.slice(lineStart, this.at).trim() !== '';
    while (this.at < this.text.length && this.skip() !== '\n');
    const text = this.text.slice(pos.offset, this.at).replace(/\r?\n$/, '');
    if (isSuffix) this.suffixes.push(new Comment(text, pos));
    return this.make(isSuffix ? 'eolComment' : 'comment', pos, text);
  }

  private scanString(pos: Position, quote: string): Token {
    this.skip();
    for (;;) {
      if (this.at >= this.text.length) this.fail('unexpected EOF in string', pos);
      if (this.text[this.at] === '\n') this.fail('unexpected newline in string');
      const c = this.skip();
      if (c === quote) return this.make('string', pos);
      if (c === '\\' && quote === '"') {
        if (this.at >= this.text.length) this.fail('unexpected EOF in string', pos);
        this.skip();
      }
    }
  }

  parseFile(): void {
    let block: CommentBlock | null = null;
    const { statements } = this.file;
    for (;;) {
      const { kind } = this.token;
      if (kind === 'eol' || kind === 'eof') {
        if (block !== null) statements.push(block);
        block = null;
        if (kind === 'eof') return;
        this.next();
      } else if (kind === 'comment') {
        const t = this.next();
        block ??= new CommentBlock(t.pos);
        block.before.push(new Comment(t.text, t.pos));
      } else {
        this.parseStatement();
        if (block !== null) statements[statements.length - 1].before = block.before;
        block = null;
      }
    }
  }

  private parseStatement(): void {
    const first = this.next();
    const tokens = [first.text];
    let { end } = first;
    for (;;) {
      const t = this.next();
      if (isEnd(t.kind)) {
        this.file.statements.push(new Line(tokens, false, first.pos, end));
        return;
      }
      if (t.text === '(' && t.kind === 'mark') {
        if (isEnd(this.token.kind)) {
          this.parseBlock(tokens, first.pos, t.pos);
          return;
        }
        if (this.token.kind === 'mark' && this.token.text === ')') {
          const right = this.next();
          if (isEnd(this.token.kind)) {
            this.next();
            const b = new LineBlock(tokens, first.pos, t.pos);
            b.right = new Paren(right.pos);
            this.file.statements.push(b);
            return;
          }
          tokens.push(t.text, right.text);
        } else tokens.push(t.text);
      } else {
        tokens.push(t.text);
        end = t.end;
      }
    }
  }

  private parseBlock(tokens: string[], start: Position, left: Position): void {
    const b = new LineBlock(tokens, start, left);
    let comments: Comment[] = [];
    for (;;) {
      const { kind, text } = this.token;
      if (kind === 'eolComment') this.next();
      else if (kind === 'eol') {
        this.next();
        // One blank line is kept between what stands in the block.
        if (comments.length === 0 ? b.lines.length > 0 : comments[comments.length - 1].text !== '')
          comments.push(new Comment(''));
      } else if (kind === 'comment') {
        const t = this.next();
        comments.push(new Comment(t.text, t.pos));
      } else if (kind === 'eof') {
        this.fail(`syntax error (unterminated block started at ${this.file.name}:${b.start.line}:${b.start.column})`);
      } else if (kind === 'mark' && text === ')') {
        const right = this.next();
        if (comments.length === 1 && comments[0].text === '') comments = [];
        b.right = new Paren(right.pos);
        b.right.before = comments;
        if (!isEnd(this.token.kind)) this.fail('syntax error (expected newline after closing paren)');
        this.next();
        this.file.statements.push(b);
        return;
      } else {
        const line = this.parseLine();
        line.before = comments;
        comments = [];
        b.lines.push(line);
      }
    }
  }

  private parseLine(): Line {
    const first = this.next();
    const tokens = [first.text];
    let { end } = first;
    for (let t = this.next(); !isEnd(t.kind); t = this.next()) {
      tokens.push(t.text);
      end = t.end;
    }
    return new Line(tokens, true, first.pos, end);
  }
}

/** %#q of a rune. */
function quoteBack(c: string): string {
  if (c === "'" || c === '\\') return `'\\${c}'`;
  const n = c.codePointAt(0) ?? 0;
  return `'${isPrint(n) ? c : hexEscape(n)}'`;
}

interface Part {
  readonly x: Commented;
  readonly startLine: number;
  readonly endLine: number;
  readonly endOffset: number;
}

/** Hands comments at ends of lines to the last part that ends before them, on a line of its own. */
function assignComments(file: FileSyntax, suffixes: Comment[]): void {
  const parts: Part[] = [];
  const paren = (x: Paren): Part => ({
    x,
    startLine: x.pos.line,
    endLine: x.pos.line,
    endOffset: x.pos.offset + 1,
  });
  const line = (x: Line): Part => ({
    x,
    startLine: x.start.line,
    endLine: x.end.line,
    endOffset: x.end.offset,
  });
  for (const s of file.statements) {
    if (s.kind === 'line') parts.push(line(s));
    else if (s.kind === 'comments') {
      parts.push({ x: s, startLine: s.start.line, endLine: s.start.line, endOffset: s.start.offset });
    } else {
      parts.push(paren(s.left), ...s.lines.map(line), paren(s.right));
      parts.push({
        x: s,
        startLine: s.start.line,
        endLine: s.right.pos.line,
        endOffset: s.right.pos.offset + 1,
      });
    }
  }
  const rest = [...suffixes];
  for (const p of parts.reverse()) {
    if (p.startLine !== p.endLine) continue;
    while (rest.length > 0 && p.endOffset <= rest[rest.length - 1].start.offset) {
      const c = rest.pop();
      if (c !== undefined) p.x.suffix.unshift(c);
    }
  }
  file.before.push(...rest);
}
