/** Which hashes go.sum has to have for what was loaded to be loaded again (cmd/go/internal/modload init.go, keepSums). */
import * as gover from './gover.ts';
import type { Graph } from './graph.ts';
import { checkImportPath, type Version } from './module.ts';
import type { ModulePackage } from './module-package.ts';
import type { Modules } from './modules.ts';
import type { Requirements } from './requirements.ts';

/** What package loading leaves for later: `packages` is null if none was done. */
export interface LoadedPackages {
  readonly packages: readonly ModulePackage[];
  readonly isTidy: boolean;
}

/** "path version" of modules and "path version/go.mod" of go.mod files. */
export async function keepSums(
  rs: Requirements,
  loaded: LoadedPackages | null,
  withBuildList: boolean,
): Promise<Set<string>> {
  const keeper = new SumKeeper(rs);
  const isOld = (version: string): boolean => gover.compare(version, gover.tidyGoModSumVersion) < 0;
  const { modules } = rs;
  let withGoMods = loaded !== null || modules.mode === 'mod' || !isOld(modules.goVersion);
  if (loaded !== null) {
    // Before Go 1.21 tidy left out go.mod files that only the language versions of packages are read from.
    if (isOld(rs.goVersion) && (loaded.isTidy || modules.mode !== 'mod')) withGoMods = false;
    for (const p of loaded.packages) await keepPackage(keeper, p, withGoMods);
  }
  const graph = rs.graphIfKnown;
  if (graph === null) {
    for (const m of rs.roots) {
      keeper.goMod(m);
      if (withBuildList) keeper.module(m);
    }
    return keeper.keep;
  }
  graph.breadthFirst((m) => {
    if (graph.requiredBy(m) !== null) keeper.goMod(m);
  });
  for (const m of withBuildList ? graph.buildList() : []) {
    if (withGoMods) keeper.goMod(m);
    keeper.module(m);
  }
  return keeper.keep;
}

class SumKeeper {
  readonly requirements: Requirements;
  readonly modules: Modules;
  readonly keep: Set<string>;

  constructor(requirements: Requirements) {
    this.requirements = requirements;
    this.modules = requirements.modules;
    this.keep = new Set();
  }

  module(m: Version): void {
    const { path, version } = this.modules.replacement(m);
    this.keep.add(`${path} ${version}`);
  }

  goMod(m: Version): void {
    const { path, version } = this.modules.replacement(m);
    this.keep.add(`${path} ${version}/go.mod`);
  }

  /** All modules that may have a package by their paths: they tell that there is but one. */
  prefixes(path: string, versionOf: (prefix: string) => string | null): void {
    for (let prefix = path; prefix !== ''; prefix = prefix.slice(0, Math.max(prefix.lastIndexOf('/'), 0))) {
      const version = versionOf(prefix);
      if (version !== null && version !== 'none') this.module({ path: prefix, version });
    }
  }
}

async function keepPackage(keeper: SumKeeper, p: ModulePackage, withGoMods: boolean): Promise<void> {
  if (p.testOf !== null || (p.module === null && p.error === null) || checkImportPath(p.path) !== null) return;
  const rs = keeper.requirements;
  if (withGoMods && p.module !== null) keeper.goMod(p.module);
  if (rs.pruning === 'pruned' && p.module !== null && rs.isRoot(p.module)) {
    keeper.prefixes(p.path, (prefix) => rs.rootVersion(prefix));
    return;
  }
  const graph: Graph = await rs.incompleteGraph();
  keeper.prefixes(p.path, (prefix) => graph.selected(prefix));
}
