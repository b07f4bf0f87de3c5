/** The imports of a directory's files, for the module loader (cmd/go/internal/imports). */
import { compareText } from '#base/bytes.ts';
import { FileSet } from '#base/source.ts';
import type { Host } from '#host/host.ts';
import { ConstraintError, constraintsHold, constraintsMayHold } from '#load/header.ts';
import { importsIn } from '#load/package-files.ts';
import { type BuildTarget, fileNameMatches, tagHolds } from '#load/target.ts';
import type { Imports, PackageScanner } from '#mod/load-packages.ts';

/** What was found out about directories before. */
export interface KnownImports {
  /** Null if that is nothing, or if something has changed. */
  importsOf(dir: string): Imports | null;
  noteImports(dir: string, imports: Imports): void;
}

/** Remembers what it has read. Without a target all files count but those that no tags let in. */
export class ImportScanner implements PackageScanner {
  private readonly host: Host;
  private readonly target: BuildTarget | null;
  private readonly before: KnownImports | null;
  private readonly known: Map<string, Imports | null>;

  /** `before` has to be about the same target. */
  constructor(host: Host, target: BuildTarget | null, before: KnownImports | null = null) {
    this.host = host;
    this.target = target;
    this.before = before;
    this.known = new Map();
  }

  scan(dir: string): Imports | null {
    const known = this.known.get(dir);
    if (known !== undefined) return known;
    const before = this.before?.importsOf(dir) ?? null;
    const imports = before ?? this.read(dir);
    this.known.set(dir, imports);
    if (before === null && imports !== null) this.before?.noteImports(dir, imports);
    return imports;
  }

  private read(dir: string): Imports | null {
    const { files } = this.host;
    const imports = new Set<string>();
    const testImports = new Set<string>();
    let count = 0;
    for (const e of files.readDirectory(dir)) {
      if (!e.name.endsWith('.go') || /^[_.]/.test(e.name) || e.isDirectory) continue;
      if (this.target !== null && !fileNameMatches(this.target, e.name)) continue;
      if (e.isSymlink && files.stat(`${dir}/${e.name}`)?.isDirectory !== false) continue;
      const text = files.readFile(`${dir}/${e.name}`);
      const list = importsIn(new FileSet(), `${dir}/${e.name}`, text);
      if (list.includes('C') && this.target !== null && !this.target.cgo) continue;
      if (!this.holds(text)) continue;
      count++;
      for (const path of list) (e.name.endsWith('_test.go') ? testImports : imports).add(path);
    }
    if (count === 0) return null;
    return { imports: [...imports].sort(compareText), testImports: [...testImports].sort(compareText) };
  }

  private holds(text: Uint8Array): boolean {
    const { target } = this;
    if (target === null) return constraintsMayHold(text);
    try {
      return constraintsHold(text, (tag) => tagHolds(target, tag));
    } catch (e) {
      if (!(e instanceof ConstraintError)) throw e;
      return false;
    }
  }
}
