/** The fewest roots that keep the versions of packages (cmd/go/internal/modload buildlist.go, tidyRoots). */

import { failureOf } from './errors.ts';
import { compareSelected } from './graph.ts';
import { importFromModules } from './import.ts';
import { AmbiguousImportError } from './import-errors.ts';
import type { Version } from './module.ts';
import type { ModulePackage } from './module-package.ts';
import { buildList, minimalRequirements } from './mvs.ts';
import { Requirements } from './requirements.ts';

/** Requirements of the packages, which were loaded from `old`, and of nothing else. Throws BuildListError. */
export function tidyRoots(old: Requirements, packages: readonly ModulePackage[]): Promise<Requirements> {
  return old.pruning === 'unpruned' ? tidyUnpruned(old, packages) : tidyPruned(old, packages);
}

/** The language version and the toolchain stay. */
function versionsOfGo(old: Requirements): Version[] {
  return ['go', 'toolchain'].flatMap((path) => {
    const version = old.rootVersion(path);
    return version === null ? [] : [{ path, version }];
  });
}

class TidyRoots {
  requirements: Requirements;
  readonly paths: Set<string>;
  private added: Version[];

  constructor(old: Requirements) {
    const roots = versionsOfGo(old);
    this.paths = new Set([old.modules.mains[0].path, ...roots.map((m) => m.path)]);
    this.added = [];
    this.requirements = new Requirements(old.modules, 'pruned', roots, old.direct);
  }

  add(m: Version): void {
    if (this.paths.has(m.path)) return;
    this.paths.add(m.path);
    this.added.push(m);
  }

  /** Whether there are new roots. */
  commit(): boolean {
    if (this.added.length === 0) return false;
    const { modules, roots, direct } = this.requirements;
    this.requirements = new Requirements(modules, 'pruned', [...roots, ...this.added], direct);
    this.added = [];
    return true;
  }
}

async function tidyPruned(old: Requirements, packages: readonly ModulePackage[]): Promise<Requirements> {
  const { modules } = old;
  const tidy = new TidyRoots(old);
  let queue = packages.filter((p) => p.isInAll);
  const queued = new Set(queue);
  for (const p of queue) if (p.module !== null && !modules.isMain(p.module.path)) tidy.add(p.module);
  tidy.commit();
  // Packages near to the main module first: their requirements often bring those of what they import.
  while (queue.length > 0) {
    const graph = await tidy.requirements.graph();
    const layer = queue;
    queue = [];
    for (const p of layer) {
      if (p.module === null) continue;
      for (const q of p.test === null ? p.imports : [...p.imports, p.test]) {
        if (queued.has(q)) continue;
        queued.add(q);
        queue.push(q);
      }
      if (compareSelected(p.module.path, graph.selected(p.module.path), p.module.version) < 0) tidy.add(p.module);
    }
    tidy.commit();
  }
  await tidy.requirements.graph();
  // A root that was left out may have told two modules apart.
  do {
    for (const p of packages) {
      if (p.module === null || tidy.paths.has(p.module.path)) continue;
      if (await isAmbiguous(tidy.requirements, p.path)) tidy.add(p.module);
    }
  } while (tidy.commit() && (await tidy.requirements.graph()));
  return tidy.requirements;
}

async function isAmbiguous(rs: Requirements, path: string): Promise<boolean> {
  try {
    await importFromModules(rs, path, null, true);
    return false;
  } catch (e) {
    return failureOf(e) instanceof AmbiguousImportError;
  }
}

async function tidyUnpruned(old: Requirements, packages: readonly ModulePackage[]): Promise<Requirements> {
  const { modules } = old;
  const main = { path: modules.mains[0].path, version: '' };
  const keep = versionsOfGo(old);
  const kept = new Set(keep.map((m) => m.path));
  const paths: string[] = [];
  const others = new Map<string, string>();
  for (const p of packages) {
    const m = p.module;
    if (m === null || modules.isMain(m.path)) continue;
    if (!kept.has(m.path)) {
      keep.push(m);
      kept.add(m.path);
      if (old.direct.has(m.path)) paths.push(m.path);
    }
    for (const o of p.otherModules) others.set(o.path, o.version);
  }
  const roots = await minimalRequirements(modules, main, paths, keep);
  // Modules that might have had a package must not be there at an older version: go.sum may not know that.
  const lowered = (await buildList(modules, main, keep)).flatMap((m): Version[] => {
    const v = others.get(m.path);
    return v !== undefined && compareSelected(m.path, m.version, v) < 0 ? [{ path: m.path, version: v }] : [];
  });
  const list = lowered.length === 0 ? roots : await minimalRequirements(modules, main, paths, [...keep, ...lowered]);
  return new Requirements(modules, 'unpruned', list, old.direct);
}
