/**
 * Positions. A position is one integer: the base of its file plus the byte offset in it; 0 is "no position".
 * It is decoded to file, line and column only for printing. Columns count bytes, from 1, as the official compiler's do.
 */
export type Pos = number;
export const NoPos: Pos = 0;

export interface Position {
  filename: string;
  line: number;
  /** In bytes, from 1; 0 is unknown (after a line directive without a column). */
  column: number;
}

/** A //line or /*line directive: from this offset on, positions are told relative to the given ones. */
export interface LineDirective {
  offset: number;
  filename: string;
  line: number;
  /** 0: columns are not told after this directive. */
  column: number;
}

export class SourceFile {
  readonly name: string;
  readonly base: Pos;
  readonly size: number;
  /** Offsets of line starts; null until somebody asks. */
  private starts: number[] | null;
  private text: Uint8Array | null;
  /** Reads the file, so that text and directives are known; null if that has been done. */
  read: (() => void) | null;
  directives: LineDirective[];

  constructor(name: string, base: Pos, size: number) {
    this.name = name;
    this.base = base;
    this.size = size;
    this.starts = null;
    this.text = null;
    this.read = null;
    this.directives = [];
  }

  /** Tells the text in which lines are found when the first position is asked for: most files never need it. */
  ensureLines(text: Uint8Array): void {
    this.text ??= text;
  }

  /** Offsets of line starts. */
  get lineStarts(): number[] {
    if (this.starts !== null) return this.starts;
    const starts = [0];
    if (this.text === null) this.read?.();
    const text = this.text;
    if (text === null) return starts;
    for (let i = text.indexOf(10); i >= 0; i = text.indexOf(10, i + 1)) starts.push(i + 1);
    this.starts = starts;
    return starts;
  }

  /** The physical line (from 1) of an offset. */
  lineOf(offset: number): number {
    const starts = this.lineStarts;
    let lo = 0;
    let hi = starts.length;
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if (starts[mid] <= offset) lo = mid + 1;
      else hi = mid;
    }
    return Math.max(lo, 1);
  }

  /** The physical position, line directives ignored. */
  rawPosition(pos: Pos): Position {
    const offset = pos - this.base;
    const line = this.lineOf(offset);
    return { filename: this.name, line, column: offset - (this.lineStarts[line - 1] ?? 0) + 1 };
  }

  /** The position as reported to users: line directives applied. */
  position(pos: Pos): Position {
    const raw = this.rawPosition(pos);
    const offset = pos - this.base;
    let found: LineDirective | null = null;
    for (const d of this.directives) {
      if (d.offset > offset) break;
      found = d;
    }
    if (found === null) return raw;
    const line = this.lineOf(found.offset);
    const sameLine = raw.line === line;
    let column = 0;
    if (found.column !== 0) column = sameLine ? found.column + (offset - found.offset) : raw.column;
    return {
      filename: found.filename,
      line: found.line + (raw.line - line),
      column,
    };
  }
}

/** All files of a run. Bases never overlap; each file takes size + 1 positions, so that its end has one, too. */
export class FileSet {
  readonly files: SourceFile[];
  private next: Pos;

  constructor() {
    this.files = [];
    this.next = 1;
  }

  addFile(name: string, size: number): SourceFile {
    const file = new SourceFile(name, this.next, size);
    this.next += size + 1;
    this.files.push(file);
    return file;
  }

  /** The file of a position, or null for NoPos. */
  file(pos: Pos): SourceFile | null {
    const files = this.files;
    let lo = 0;
    let hi = files.length;
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if (files[mid].base <= pos) lo = mid + 1;
      else hi = mid;
    }
    return lo === 0 || pos === NoPos ? null : files[lo - 1];
  }

  position(pos: Pos): Position {
    const file = this.file(pos);
    return file === null ? { filename: '', line: 0, column: 0 } : file.position(pos);
  }
}

/** "file:line:column", without the parts that are unknown. */
export function formatPosition(p: Position): string {
  if (p.line === 0) return p.filename === '' ? '-' : p.filename;
  const prefix = p.filename === '' ? '' : `${p.filename}:`;
  return p.column === 0 ? `${prefix}${p.line}` : `${prefix}${p.line}:${p.column}`;
}
