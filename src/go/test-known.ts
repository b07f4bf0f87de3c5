/**
 * What the programs of one `test` know of packages from each other, and from commands before: what is in a directory, and which packages are right.
 * Only what does not depend on the tested package is the same for all of them; that shows in its identity.
 */
import type { LoadedPackage } from '#load/loader.ts';
import { CheckedPackages } from './checked-packages.ts';
import type { CachedIndex } from './package-index.ts';
import type { TestRun } from './test.ts';

/** Of files that are read as they are on the disk. */
export interface KnownFiles {
  readonly index: CachedIndex;
  /** The identity of a file's content, if it has been read. */
  contentOf(path: string): string | null;
}

/** The packages of one program outside of the standard library that need not be checked again. */
export class RightPackages {
  private readonly run: TestRun;
  private readonly known: KnownFiles | null;
  private checked: CheckedPackages | null;
  private readonly right: Set<LoadedPackage>;
  private fresh: readonly LoadedPackage[];

  constructor(run: TestRun, known: KnownFiles | null) {
    this.run = run;
    this.known = known;
    this.checked = null;
    this.right = new Set();
    this.fresh = [];
  }

  look(packages: readonly LoadedPackage[]): void {
    if (this.known === null) return;
    const { options, ws, tested, cache } = this.run;
    const isNamed = (p: LoadedPackage): boolean => tested.some((t) => t.path === p.path);
    const checked = new CheckedPackages(options, ws, cache, isNamed, '', (path) => this.known?.contentOf(path) ?? null);
    const own = packages.filter((p) => !p.isStandard);
    for (const p of own) if (checked.has(p)) this.right.add(p);
    this.fresh = own.filter((p) => !this.right.has(p));
    this.checked = checked;
  }

  has(p: LoadedPackage): boolean {
    return this.right.has(p);
  }

  /** The program was built. */
  finish(): void {
    for (const p of this.fresh) this.checked?.add(p);
    this.known?.index.keep();
  }
}
