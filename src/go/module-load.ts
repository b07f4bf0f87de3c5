/** Loads packages through the module loader: all of the main modules, or given ones (cmd/go/internal/modload load.go, LoadPackages). */
import { compareText } from '#base/bytes.ts';
import type { BuildTarget } from '#load/target.ts';
import type { Graph } from '#mod/graph.ts';
import type { ImportSearch } from '#mod/import-query.ts';
import { type LoadOptions, PackageLoader } from '#mod/load-packages.ts';
import type { MainModule } from '#mod/main-module.ts';
import { checkImportPath, type Version } from '#mod/module.ts';
import type { Modules } from '#mod/modules.ts';
import { Queries } from '#mod/query.ts';
import { PackageNotInModuleError } from '#mod/query-errors.ts';
import { queryPackages } from '#mod/query-pattern.ts';
import { isIgnoredBy, ModulePackages, matchBelow } from './module-packages.ts';
import { ImportScanner } from './scan-imports.ts';

/** Asks proxies for the newest version of modules with a package. */
export class NewestModules implements ImportSearch {
  private readonly queries: Queries;
  private readonly packages: ModulePackages;

  constructor(modules: Modules) {
    this.queries = new Queries(modules);
    this.packages = new ModulePackages(modules);
  }

  async latest(path: string, graph: Graph): Promise<readonly Version[]> {
    const { queries, packages } = this;
    const current = (p: string): string => graph.selected(p);
    const r = await queryPackages(queries, packages, {
      pattern: path,
      query: 'latest',
      current,
      allowed: (m) => queries.checkAllowed(m),
    });
    if (r.error !== null) throw r.error;
    return r.found.map((x) => x.module);
  }

  notIn(m: Version, path: string): Error {
    const { modules } = this.queries;
    return new PackageNotInModuleError(m, modules.isReplaced(m) ? modules.replacement(m) : null, 'latest', path);
  }
}

/** The packages and tools of the main modules, or of one of them, from which "all" starts; -x tells directories that are ignored. */
export function mainPackages(modules: Modules, showsIgnored = false, only: MainModule | null = null): string[] {
  const found: string[] = [];
  for (const m of only === null ? modules.mains : [only]) {
    const patterns = m.file.ignore.map((i) => i.value);
    const isIgnored = (below: string): boolean => {
      const is = isIgnoredBy(patterns, below);
      if (is && showsIgnored) modules.host.stderr(`# ignoring directory ${m.dir}/${below}\n`);
      return is;
    };
    if (modules.hasRoot) found.push(...matchBelow(modules.host, m.dir, m.path, true, '...', isIgnored, false));
    found.push(...m.file.tool.map((t) => t.value));
  }
  return [...new Set(found)].sort(compareText);
}

/** What differs between the commands that load "all". */
export type LoadChoices = Partial<Omit<LoadOptions, 'roots' | 'anyTags'>>;

/** `target` chooses files; null: build tags play no part. `roots` is null for the pattern "all", of one main module if `main` is given. */
export async function loadModulePackages(
  modules: Modules,
  target: BuildTarget | null,
  roots: LoadOptions['roots'] | null,
  choices: LoadChoices,
  main: MainModule | null = null,
): Promise<PackageLoader> {
  const loader = new PackageLoader(modules, {
    scanner: new ImportScanner(modules.host, target),
    search: null,
    roots: roots ?? (async () => mainPackages(modules, false, main)),
    isAll: roots === null,
    anyTags: target === null,
    withTests: false,
    vendorAll: false,
    rootsImported: false,
    intoStandard: false,
    allowed: () => null,
    settle: async () => undefined,
    tidy: null,
    allowErrors: false,
    silent: false,
    silentMissingStandard: false,
    silentNoGo: false,
    isVerbose: false,
    ...choices,
  });
  await loader.run();
  return loader;
}

export function isImportPath(path: string): boolean {
  return checkImportPath(path) === null;
}
