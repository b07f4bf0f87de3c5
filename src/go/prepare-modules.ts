/**
 * Before packages are loaded for a build, a list or tests: the module loader finds the module of each, adds what is missing where -mod=mod lets it,
 * and writes go.mod and go.sum (cmd/go/internal/modload LoadPackages, ImportFromFiles).
 */

import { FileSet } from '#base/source.ts';
import { importsIn } from '#load/package-files.ts';
import { matchStandard } from '#load/pattern.ts';
import type { BuildTarget } from '#load/target.ts';
import { failureOf } from '#mod/errors.ts';
import * as gover from '#mod/gover.ts';
import type { PackageLoader } from '#mod/load-packages.ts';
import { checkImportPath, type Version } from '#mod/module.ts';
import { below, type Modules } from '#mod/modules.ts';
import { isPathPattern, matchesPattern, treeCanMatch } from '#mod/pattern.ts';
import type { Requirements } from '#mod/requirements.ts';
import { startRequirements } from '#mod/start-requirements.ts';
import { writeRequirements } from '#mod/write-back.ts';
import { loadModulePackages, mainPackages, NewestModules } from './module-load.ts';
import { ignoreLines, isIgnoredBy, matchBelow } from './module-packages.ts';
import { cleanPattern, matchArguments, namesFiles, type Workspace } from './packages.ts';
import { absolutePath, isLocalPath } from './paths.ts';
import { ImportScanner } from './scan-imports.ts';

/** What the module loader has found out for a command line. */
export interface PreparedModules {
  readonly loader: PackageLoader;
  /** The packages of patterns that are no directories. */
  readonly matches: ReadonlyMap<string, readonly string[]>;
}

/** `withTests`: what tests of the named packages import counts, too. Throws what is wrong with modules; errors of packages are told when they are loaded. */
export async function prepareModules(
  ws: Workspace,
  target: BuildTarget,
  args: readonly string[],
  withTests: boolean,
): Promise<PreparedModules | null> {
  const { modules } = ws;
  if (modules === null) return null;
  await startRequirements(modules);
  const scanner = new ImportScanner(ws.host, target, ws.knownImports);
  const matcher = new PatternRoots(ws, modules, target, args, scanner);
  const isAll = args.includes('all');
  const loader = await loadModulePackages(modules, target, (rs) => matcher.roots(rs), {
    scanner,
    search: new NewestModules(modules),
    isAll,
    withTests,
    intoStandard: isAll,
    silent: true,
  });
  loader.endIfFailed();
  modules.requirements = loader.requirements;
  await writeRequirements(modules, loader);
  const matches = new Map(matcher.matches);
  if (isAll)
    matches.set(
      'all',
      // Wrong import paths are told of the packages that have them.
      loader.all(() => true).filter((path) => checkImportPath(path) === null),
    );
  return { loader, matches };
}

class PatternRoots {
  readonly matches: Map<string, readonly string[]>;
  private readonly ws: Workspace;
  private readonly modules: Modules;
  private readonly target: BuildTarget;
  private readonly args: readonly string[];
  private readonly scanner: ImportScanner;

  constructor(ws: Workspace, modules: Modules, target: BuildTarget, args: readonly string[], scanner: ImportScanner) {
    this.ws = ws;
    this.modules = modules;
    this.target = target;
    this.args = args.length === 0 ? ['.'] : args;
    this.matches = new Map();
    this.scanner = scanner;
  }

  /** The import paths that the arguments mean with these requirements. */
  async roots(rs: Requirements): Promise<readonly string[]> {
    const { ws, args } = this;
    if (namesFiles(ws, args)) return this.importsOfFiles();
    const list: string[] = [];
    for (const argument of args) {
      const a = cleanPattern(argument);
      if (a === 'all')
        list.push(...mainPackages(this.modules, this.ws.showsIgnored).filter((path) => this.isBuilt(path)));
      else if (a === 'std' || a === 'cmd') continue;
      else if (isPathPattern(a) && !isLocalPath(a)) list.push(...(await this.matching(a, rs)));
      else {
        // Only the graph tells all modules whose directories may be named.
        if (isLocalPath(a) && this.isOutside(a)) await rs.incompleteGraph();
        this.modules.requirements = rs;
        list.push(...ws.quietly(() => matchArguments(ws, this.target, [a]).flatMap((m) => m.paths)));
      }
    }
    return [...new Set(list)];
  }

  /** Some file of a package of the main modules takes part in the build; others are found when they are loaded. */
  private isBuilt(path: string): boolean {
    for (const m of this.modules.mains) {
      const dir = below(m.dir, m.path, path);
      if (dir !== null && m.dir !== '' && this.modules.isPackage(dir, m.dir, true))
        return this.scanner.scan(dir) !== null;
    }
    return true;
  }

  private isOutside(path: string): boolean {
    const dir = absolutePath(this.ws.host, path);
    return this.modules.moduleOfDirectory(dir) === null && !dir.startsWith(`${this.ws.goroot}/`);
  }

  private importsOfFiles(): string[] {
    const { host } = this.ws;
    const paths = this.args.map((a) => absolutePath(host, a));
    const files = paths.filter((p) => p.endsWith('.go') && host.files.stat(p)?.isDirectory === false);
    return [...new Set(files.flatMap((p) => importsIn(new FileSet(), p, host.files.readFile(p))))]
      .filter((path) => path !== 'C')
      .sort();
  }

  /** Packages of the standard library, the main modules and all other modules of the build. */
  private async matching(pattern: string, rs: Requirements): Promise<readonly string[]> {
    const { modules, ws, target } = this;
    const { files } = ws.host;
    const found = new Set<string>();
    const names = treeCanMatch(pattern, 'cmd') ? (['std', 'cmd'] as const) : (['std'] as const);
    for (const name of names)
      for (const path of matchStandard(files, ws.goroot, name, target))
        if (matchesPattern(pattern, path)) found.add(path);
    if (modules.vendor !== null) {
      const { vendorDirectory } = modules;
      for (const e of files.stat(vendorDirectory) === null ? [] : files.readDirectory(vendorDirectory))
        if (e.isDirectory)
          for (const path of matchBelow(ws.host, `${vendorDirectory}/${e.name}`, e.name, false, pattern))
            found.add(path);
    }
    const modulesOfBuild = modules.vendor === null ? (await rs.incompleteGraph()).buildList() : mainsOf(modules);
    for (const m of modulesOfBuild) {
      if (gover.isToolchain(m.path) || !treeCanMatch(pattern, m.path)) continue;
      try {
        const dir = await modules.answer(() => modules.fetchedDirectory(m));
        if (dir === null) continue;
        const isOwn = modules.isMain(m.path);
        const dependency = isOwn ? [] : ignoreLines(modules, m);
        const ignores = (below: string): boolean => {
          const is = isOwn ? ws.isIgnored(`${dir}/${below}`) : isIgnoredBy(dependency, below);
          if (is && ws.showsIgnored) ws.host.stderr(`# ignoring directory ${dir}/${below}\n`);
          return is;
        };
        for (const path of matchBelow(ws.host, dir, m.path, modules.isLocal(m), pattern, ignores)) found.add(path);
      } catch (e) {
        ws.host.stderr(`go: ${failureOf(e).message}\n`);
      }
    }
    const list = [...found].filter((path) => this.isBuilt(path)).sort();
    this.matches.set(pattern, list);
    return list;
  }
}

function mainsOf(modules: Modules): Version[] {
  return modules.mains.map((m) => ({ path: m.path, version: '' }));
}
