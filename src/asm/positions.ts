/** Positions of instructions: an index into a table of (file, line) pairs, told relative to the file or a #line directive. */
import type { LinePositions } from '#arch/inst.ts';
import type { Pos } from '#base/source.ts';
import type { ObjectFile } from '#obj/object.ts';

export class PositionBase {
  /** As given on the command line or in the directive; what messages show. */
  readonly filename: string;
  /** As recorded in the object. */
  readonly recorded: string;
  /** The physical line that counts as `line`. */
  readonly physical: number;
  readonly line: number;
  /** The name in force before the directive, "" for a file. */
  readonly original: string;

  constructor(filename: string, recorded: string, physical: number, line: number, original: string) {
    this.filename = filename;
    this.recorded = recorded;
    this.physical = physical;
    this.line = line;
    this.original = original;
  }
}

export class Positions implements LinePositions {
  readonly object: ObjectFile;
  private readonly bases: PositionBase[];
  private readonly lines: number[];

  constructor(object: ObjectFile) {
    this.object = object;
    this.bases = [];
    this.lines = [];
  }

  /** The position of a physical line. */
  add(base: PositionBase, physicalLine: number): Pos {
    const n = this.bases.length;
    if (n > 0 && this.bases[n - 1] === base && this.lines[n - 1] === physicalLine) return n;
    this.bases.push(base);
    this.lines.push(physicalLine);
    return n + 1;
  }

  fileOf(pos: Pos): number {
    const base = this.bases[pos - 1];
    return base === undefined ? 0 : this.object.fileIndex(base.recorded);
  }

  lineOf(pos: Pos): number {
    const base = this.bases[pos - 1];
    return base === undefined ? 0 : base.line + (this.lines[pos - 1] - base.physical);
  }

  describe(pos: Pos): string {
    const base = this.bases[pos - 1];
    if (base === undefined) return '<unknown line number>';
    const told = `${base.filename}:${this.lineOf(pos)}`;
    return base.original === '' ? told : `${told}[${base.original}:${this.lines[pos - 1]}]`;
  }
}
