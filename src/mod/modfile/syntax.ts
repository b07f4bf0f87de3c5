/**
 * The syntax of go.mod and go.work files: lines of words, blocks of lines, comments. The tree keeps all comments, so that a file that is
 * changed and printed keeps them, too (golang.org/x/mod/modfile).
 */
export interface Position {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** In the text, from 0. */
  readonly offset: number;
}

export const nowhere: Position = { line: 0, column: 0, offset: 0 };

export class Comment {
  readonly start: Position;
  /** With "//"; "" is a blank line between the lines of a block. */
  text: string;

  constructor(text: string, start: Position = nowhere) {
    this.text = text;
    this.start = start;
  }
}

/** What every part of the tree has. */
export class Commented {
  /** Lines above. */
  before: Comment[];
  /** At the end of the line. */
  suffix: Comment[];
  /** Below; only at the end of a file. */
  after: Comment[];

  constructor() {
    this.before = [];
    this.suffix = [];
    this.after = [];
  }
}

/** Comments that belong to no line. */
export class CommentBlock extends Commented {
  readonly kind = 'comments';
  readonly start: Position;

  constructor(start: Position) {
    super();
    this.start = start;
  }
}

export class Line extends Commented {
  readonly kind = 'line';
  start: Position;
  end: Position;
  /** The words; null marks a removed line. In a block the block's word is left out. */
  tokens: string[] | null;
  inBlock: boolean;

  constructor(tokens: string[], inBlock = false, start: Position = nowhere, end: Position = nowhere) {
    super();
    this.tokens = tokens;
    this.inBlock = inBlock;
    this.start = start;
    this.end = end;
  }
}

export class Paren extends Commented {
  readonly pos: Position;

  constructor(pos: Position) {
    super();
    this.pos = pos;
  }
}

export class LineBlock extends Commented {
  readonly kind = 'block';
  readonly start: Position;
  readonly tokens: string[];
  lines: Line[];
  readonly left: Paren;
  right: Paren;

  constructor(tokens: string[], start: Position = nowhere, left: Position = nowhere) {
    super();
    this.tokens = tokens;
    this.start = start;
    this.lines = [];
    this.left = new Paren(left);
    this.right = new Paren(nowhere);
  }
}

export type Statement = CommentBlock | Line | LineBlock;

export class FileSyntax extends Commented {
  readonly name: string;
  statements: Statement[];

  constructor(name: string) {
    super();
    this.name = name;
    this.statements = [];
  }
}

/** Adds a line after `hint`, or, without one, to the last line or block that begins with the same word; at the end if there is none. */
export function addLine(file: FileSyntax, hint: Line | LineBlock | null, tokens: string[]): Line {
  const near = hint ?? file.statements.findLast((s) => s.kind !== 'comments' && s.tokens?.[0] === tokens[0]) ?? null;
  for (let i = 0; near !== null && i < file.statements.length; i++) {
    const s = file.statements[i];
    if (s === near && s.kind === 'line') {
      if (s.tokens?.[0] !== tokens[0]) return insertLine(file, i + 1, tokens);
      const block = new LineBlock([tokens[0]]);
      s.tokens = s.tokens.slice(1);
      s.inBlock = true;
      const line = new Line(tokens.slice(1), true);
      block.lines.push(s, line);
      file.statements[i] = block;
      return line;
    }
    if (s.kind !== 'block') continue;
    const j = s === near ? s.lines.length - 1 : s.lines.findIndex((l) => l === near);
    if (s !== near && j < 0) continue;
    if (s.tokens[0] !== tokens[0]) return insertLine(file, i + 1, tokens);
    const line = new Line(tokens.slice(1), true);
    s.lines.splice(j + 1, 0, line);
    return line;
  }
  return insertLine(file, file.statements.length, tokens);
}

/** Adds a line at the end. */
export function appendLine(file: FileSyntax, tokens: string[]): Line {
  return insertLine(file, file.statements.length, tokens);
}

function insertLine(file: FileSyntax, at: number, tokens: string[]): Line {
  const line = new Line(tokens);
  file.statements.splice(at, 0, line);
  return line;
}

export function updateLine(line: Line, tokens: string[]): void {
  line.tokens = line.inBlock ? tokens.slice(1) : tokens;
}

/** Removed lines stay in the tree until `cleanUp`. */
export function markRemoved(line: Line): void {
  line.tokens = null;
  line.suffix = [];
}

/** Takes removed lines away; a block of one line becomes a line. */
export function cleanUp(file: FileSyntax): void {
  const kept: Statement[] = [];
  for (const s of file.statements) {
    if (s.kind === 'line' && s.tokens === null) continue;
    if (s.kind !== 'block') {
      kept.push(s);
      continue;
    }
    const lines = s.lines.filter((l) => l.tokens !== null);
    if (lines.length === 0) continue;
    if (lines.length === 1 && s.right.before.length === 0) {
      const [line] = lines;
      line.before = [...s.before, ...line.before];
      line.suffix = [...line.suffix, ...s.suffix];
      line.after = [...line.after, ...s.after];
      line.tokens = [...s.tokens, ...(line.tokens ?? [])];
      line.inBlock = false;
      kept.push(line);
      continue;
    }
    s.lines = lines;
    kept.push(s);
  }
  file.statements = kept;
}
