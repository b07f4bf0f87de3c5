/**
 * Errors as `go tool compile` prints them: with a hint where a language version is the reason, one message where several lines of checks say the same,
 * one syntax error a line, in the order of positions (cmd/compile/internal/noder/irgen.go, base/print.go).
 */
import type { Diagnostic, Report } from '#base/diagnostic.ts';
import type { FileSet, Pos } from '#base/source.ts';
import type { File } from '#syntax/nodes.ts';
import { asGoVersion, go1_21, versionString } from './version.ts';

const versionError = /requires go[0-9]+\.[0-9]+ or later/;

/** Where errors are collected. */
export class CompilerErrors {
  readonly fileSet: FileSet;
  /** The files of the package; for hints. */
  files: readonly File[];
  /** As given with -lang. */
  readonly lang: string;
  readonly list: Diagnostic[];
  /** The compiler gives up at this many errors. */
  private readonly limit: number;
  /** The position of the error it gave up at, or 0; what is reported after that is not collected. */
  stoppedAt: Pos;
  /** Errors of a kind that keeps the package from being type-checked: other errors of the parser do not. */
  syntaxErrors: number;
  private lastSyntaxLine: string;
  private lastLine: string;
  private lastMessage: string;

  constructor(fileSet: FileSet, lang: string, limit = Number.POSITIVE_INFINITY) {
    this.fileSet = fileSet;
    this.files = [];
    this.lang = lang;
    this.list = [];
    this.limit = limit;
    this.stoppedAt = 0;
    this.syntaxErrors = 0;
    this.lastSyntaxLine = '';
    this.lastLine = '';
    this.lastMessage = '';
  }

  readonly report: Report = (d) => {
    if (this.stoppedAt !== 0) return;
    const p = this.fileSet.file(d.pos)?.rawPosition(d.pos);
    const line = p === undefined ? '' : `${p.filename}:${p.line}`;
    const message = versionError.test(d.message) ? this.withVersion(d) : d.message;
    if (message.startsWith('syntax error')) {
      this.syntaxErrors++;
      if (line === this.lastSyntaxLine) return;
      this.lastSyntaxLine = line;
    } else {
      if (line === this.lastLine && message === this.lastMessage) return;
      this.lastLine = line;
      this.lastMessage = message;
    }
    this.list.push(message === d.message ? d : { ...d, message });
    if (this.list.length >= this.limit) this.stoppedAt = d.pos;
  };

  /** What sets the version: the file's //go:build line, or the flag. */
  private withVersion(d: Diagnostic): string {
    const source = this.fileSet.file(d.pos);
    const file = this.files.find((f) => f.source === source);
    if (file === undefined) return d.message;
    const own = asGoVersion(file.goVersion);
    const effective = own === 0 ? this.lang : versionString(Math.max(own, go1_21));
    if (file.goVersion === effective) return `${d.message} (file declares //go:build ${effective})`;
    return `${d.message} (-lang was set to ${this.lang}; check go.mod)`;
  }

  /** All errors in the order of their positions, each once. */
  sorted(): Diagnostic[] {
    const list = [...this.list];
    // Files are told apart by their bases, which ascend in the order in which they were given.
    list.sort((a, b) => a.pos - b.pos);
    return list.filter((d, i) => i === 0 || d.pos !== list[i - 1].pos || d.message !== list[i - 1].message);
  }
}
