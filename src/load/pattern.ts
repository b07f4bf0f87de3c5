/** Packages that a pattern "std" or "cmd" means (cmd/go/internal/modload, search.MatchPackages). */
import { compareText } from '#base/bytes.ts';
import type { Files } from '#host/host.ts';
import { constraintsHold } from './header.ts';
import { type BuildTarget, fileNameMatches, tagHolds } from './target.ts';

/**
 * Import paths of the standard packages ("std") or of those below cmd ("cmd") that have Go files for the target, sorted. The commands below
 * cmd/vendor do not belong to "cmd": `isVendoredCommand` tells them once their names are known.
 */
export function matchStandard(files: Files, goroot: string, pattern: 'std' | 'cmd', t: BuildTarget): string[] {
  const found: string[] = [];
  if (pattern === 'cmd') walk(files, t, `${goroot}/src/cmd`, 'cmd', found);
  else {
    for (const e of files.readDirectory(`${goroot}/src`)) {
      if (e.isDirectory && e.name !== 'cmd' && isPackageName(e.name))
        walk(files, t, `${goroot}/src/${e.name}`, e.name, found);
    }
  }
  // Without cgo runtime/cgo has nothing to do.
  return found.filter((path) => t.cgo || path !== 'runtime/cgo').sort(compareText);
}

/** Whether a package is a vendored program, which "cmd" leaves out. */
export function isVendoredCommand(path: string, name: string): boolean {
  return path.startsWith('cmd/vendor/') && name === 'main';
}

function isPackageName(name: string): boolean {
  return name !== 'testdata' && !name.startsWith('_') && !name.startsWith('.');
}

function walk(files: Files, t: BuildTarget, dir: string, path: string, found: string[]): void {
  let hasGo = false;
  for (const e of files.readDirectory(dir)) {
    if (e.isDirectory) {
      // A directory with a go.mod is another module.
      const below = `${dir}/${e.name}`;
      if (isPackageName(e.name) && files.stat(`${below}/go.mod`) === null)
        walk(files, t, below, `${path}/${e.name}`, found);
    } else if (!hasGo && isMatchingGoFile(files, t, dir, e.name)) hasGo = true;
  }
  // "builtin" only documents what is predeclared.
  if (hasGo && path !== 'builtin') found.push(path);
}

function isMatchingGoFile(files: Files, t: BuildTarget, dir: string, name: string): boolean {
  if (!name.endsWith('.go') || name.startsWith('_') || name.startsWith('.') || !fileNameMatches(t, name)) return false;
  return constraintsHold(files.readFile(`${dir}/${name}`), (tag) => tagHolds(t, tag));
}
