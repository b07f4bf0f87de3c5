/** The packages of modules, whatever the build tags (cmd/go/internal/modload search.go, cmd/go/internal/imports). */
import { compareText } from '#base/bytes.ts';
import type { Host } from '#host/host.ts';
import { constraintsMayHold } from '#load/header.ts';
import { isUserError } from '#mod/errors.ts';
import * as gover from '#mod/gover.ts';
import type { Version } from '#mod/module.ts';
import { type Modules, needsFetch } from '#mod/modules.ts';
import { isPathPattern, matchesPattern, treeCanMatch } from '#mod/pattern.ts';
import type { PackageSearch } from '#mod/query-pattern.ts';

export class ModulePackages implements PackageSearch {
  private readonly modules: Modules;

  constructor(modules: Modules) {
    this.modules = modules;
  }

  async packagesIn(pattern: string, m: Version): Promise<readonly string[]> {
    const isPattern = isPathPattern(pattern);
    if (isPattern && (gover.isToolchain(m.path) || !treeCanMatch(pattern, m.path))) return [];
    const { dir, isLocal } = await this.modules.fetchModule(m);
    if (isPattern) return matchBelow(this.modules.host, dir, m.path, isLocal, pattern, this.ignores(m));
    return this.modules.packageDirectory(pattern, m.path, dir, isLocal) === null ? [] : [pattern];
  }

  /** As `packagesIn`, but a package all of whose files are ignored is none. */
  async buildablePackagesIn(pattern: string, m: Version): Promise<readonly string[]> {
    const found = await this.packagesIn(pattern, m);
    if (isPathPattern(pattern) || found.length === 0) return found;
    const { dir, isLocal } = await this.modules.fetchModule(m);
    const at = this.modules.packageDirectory(pattern, m.path, dir, isLocal);
    return at !== null && hasGoFiles(this.modules.host, at) ? found : [];
  }

  private ignores(m: Version): (below: string) => boolean {
    const main = m.version === '' ? this.modules.mains.find((x) => x.path === m.path) : undefined;
    const patterns = main?.file.ignore.map((i) => i.value) ?? [];
    return (below) => isIgnoredBy(patterns, below);
  }
}

/** Import paths, sorted, of the packages below a module's directory that a pattern means. */
export function matchBelow(
  host: Host,
  root: string,
  modulePath: string,
  isLocal: boolean,
  pattern: string,
  isIgnored: (below: string) => boolean = () => false,
  warnsOfLinks = true,
): string[] {
  const found: string[] = [];
  const walk = (below: string): void => {
    const dir = below === '' ? root : `${root}/${below}`;
    const path = below === '' ? modulePath : modulePath === '' ? below : `${modulePath}/${below}`;
    if (!treeCanMatch(pattern, path)) return;
    if (below !== '' && isLocal && host.files.stat(`${dir}/go.mod`)?.isDirectory === false) return;
    if (path !== '' && matchesPattern(pattern, path) && hasGoFiles(host, dir)) found.push(path);
    for (const e of host.files.readDirectory(dir)) {
      if (!e.isDirectory || /^[._]/.test(e.name) || e.name === 'testdata') continue;
      const next = below === '' ? e.name : `${below}/${e.name}`;
      if (isIgnored(next)) continue;
      if (e.isSymlink) {
        if (warnsOfLinks && treeCanMatch(pattern, `${path}/${e.name}`))
          host.stderr(`warning: ignoring symlink ${dir}/${e.name}\n`);
      } else if (e.name !== 'vendor') walk(next);
      else if (matchesPattern(pattern, `${path}/vendor`) && hasGoFiles(host, `${dir}/vendor`))
        found.push(`${path}/vendor`);
    }
  };
  walk('');
  return found.sort(compareText);
}

/** Whether ignore lines keep patterns from a directory below the module's; "./" at their start means the module's directory (Go 1.25). */
export function isIgnoredBy(patterns: readonly string[], below: string): boolean {
  const between = (path: string): string => `/${path.replace(/^\/+|\/+$/g, '')}/`;
  const dir = between(below);
  return patterns.some((value) =>
    value.startsWith('./') ? dir.startsWith(between(value.slice(2))) : dir.includes(between(value)),
  );
}

/** The ignore lines of a dependency; none if its go.mod file may not be looked at. */
export function ignoreLines(modules: Modules, m: Version): string[] {
  try {
    const s = modules.summary(m);
    return s === needsFetch ? [] : s.file.ignore.map((i) => i.value);
  } catch (e) {
    if (!isUserError(e)) throw e;
    return [];
  }
}

/** A file that takes part in some build. */
export function hasGoFiles(host: Host, dir: string): boolean {
  return host.files
    .readDirectory(dir)
    .some(
      (e) =>
        !e.isDirectory &&
        e.name.endsWith('.go') &&
        !/^[._]/.test(e.name) &&
        constraintsMayHold(host.files.readFile(`${dir}/${e.name}`)),
    );
}
