/** What the module graph needs to know of a go.mod file (cmd/go/internal/modload modfile.go, modFileSummary). */
import * as gover from './gover.ts';
import type { ModFile } from './modfile/file.ts';
import type { Version } from './module.ts';

export interface Summary {
  /** As the file says. */
  readonly path: string;
  readonly goVersion: string;
  /** Lists all that its packages need, so that the graph ends at what it requires. */
  readonly isPruned: boolean;
  /** Without excluded versions; the go line is a requirement since Go 1.21. */
  readonly require: readonly Version[];
  readonly deprecated: string;
  readonly file: ModFile;
}

export function isPrunedVersion(goVersion: string): boolean {
  return gover.compare(goVersion, gover.explicitIndirectVersion) >= 0;
}

export function summaryOf(file: ModFile, isExcluded: (m: Version) => boolean): Summary {
  const goVersion = file.go?.value ?? '';
  const require = file.require.map((r) => r.mod).filter((m) => !isExcluded(m));
  if (goVersion !== '' && gover.compare(goVersion, gover.goStrictVersion) >= 0)
    require.push({ path: 'go', version: goVersion });
  return {
    path: file.module?.value ?? '',
    goVersion,
    isPruned: goVersion !== '' && isPrunedVersion(goVersion),
    require,
    deprecated: file.deprecated,
    file,
  };
}
