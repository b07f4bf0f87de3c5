/** Prints the syntax of go.mod and go.work files in their one format. */
import type { Comment, Commented, FileSyntax, LineBlock, Statement } from './syntax.ts';

export function formatFile(file: FileSyntax): string {
  const p = new Printer();
  for (const c of file.before) p.commentLine(c);
  file.statements.forEach((s, i) => {
    printStatement(p, s);
    if (s.kind !== 'comments') p.newline();
    for (const c of s.after) p.commentLine(c);
    if (i + 1 < file.statements.length) p.newline();
  });
  for (const c of file.after) p.commentLine(c);
  const text = p.out.replace(/\n+$/, '\n');
  return text === '\n' ? '' : text;
}

class Printer {
  out: string;
  /** Comments that wait for the end of the line. */
  pending: Comment[];
  margin: number;

  constructor() {
    this.out = '';
    this.pending = [];
    this.margin = 0;
  }

  trim(): void {
    this.out = this.out.replace(/[\t ]+$/, '');
  }

  indent(): void {
    this.out += '\t'.repeat(this.margin);
  }

  commentLine(c: Comment): void {
    this.out += c.text.trim();
    this.newline();
  }

  newline(): void {
    this.pending.forEach((c, i) => {
      if (i === 0) this.out += ' ';
      else {
        this.trim();
        this.out += '\n';
        this.indent();
      }
      this.out += c.text.trim();
    });
    this.pending = [];
    this.trim();
    // Never two blank lines, none at the top.
    if (this.out !== '' && !this.out.endsWith('\n\n')) this.out += '\n';
    this.indent();
  }

  before(x: Commented): void {
    if (x.before.length === 0) return;
    this.trim();
    if (this.out !== '' && !this.out.endsWith('\n')) this.out += '\n';
    this.indent();
    for (const c of x.before) this.commentLine(c);
  }

  tokens(list: readonly string[]): void {
    let separator = '';
    for (const t of list) {
      if (/^[,)\]}]$/.test(t)) separator = '';
      this.out += separator + t;
      separator = /^[([{]$/.test(t) ? '' : ' ';
    }
  }
}

function printStatement(p: Printer, s: Statement): void {
  p.before(s);
  if (s.kind === 'line') p.tokens(s.tokens ?? []);
  else if (s.kind === 'block') printBlock(p, s);
  p.pending.push(...s.suffix);
}

function printBlock(p: Printer, b: LineBlock): void {
  p.tokens(b.tokens);
  p.out += ' ';
  p.before(b.left);
  p.out += '(';
  p.pending.push(...b.left.suffix);
  p.margin++;
  for (const l of b.lines) {
    p.newline();
    printStatement(p, l);
  }
  p.margin--;
  p.newline();
  p.before(b.right);
  p.out += ')';
  p.pending.push(...b.right.suffix);
}
