/** Looks for a module that has a package which no module of the build provides (cmd/go/internal/modload import.go, queryImport). */
import { asError, isNotExist, ModError } from './errors.ts';
import type { Graph } from './graph.ts';
import { compareSelected } from './graph.ts';
import { isStandardPath } from './import.ts';
import { ImportMissingSumError, missingImport } from './import-errors.ts';
import { checkPath, type Version } from './module.ts';
import { below } from './modules.ts';
import type { Requirements } from './requirements.ts';

export interface ImportSearch {
  /** Modules that have a package at their newest version, the longest path first. Throws. */
  latest(path: string, graph: Graph): Promise<readonly Version[]>;
  /** Tells that a replaced module does not have a package. */
  notIn(m: Version, path: string): Error;
}

/** A module version to be added; replaced modules are looked at before proxies are asked. Throws ImportMissingError and others. */
export async function queryImport(rs: Requirements, path: string, search: ImportSearch): Promise<Version | null> {
  const { modules } = rs;
  const replaced = await replacedModules(rs, path);
  for (const m of replaced) {
    const root = await modules.answer(() => modules.fetchedDirectory(m));
    if (root === null) throw new ImportMissingSumError(path, false, []);
    const dir = below(root, m.path, path);
    if (dir === null || !modules.isPackage(dir, root, modules.isLocal(m))) continue;
    if (modules.mode === 'readonly') throw missingImport(path, { replaced: m });
    return m;
  }
  if (replaced.length > 0 && checkPath(path) !== null) throw search.notIn(replaced[0], path);
  if (isStandardPath(path)) {
    const standardDir = `${modules.goroot}/src/${path}`;
    throw missingImport(path, { isStandard: true, standardDir });
  }
  const { mode, isExplicit, reason } = modules.choice;
  if (mode !== 'mod') {
    const text = `import lookup disabled by -mod=${mode}`;
    const queryError = isExplicit ? new ModError(text) : reason === '' ? null : new ModError(`${text}\n\t(${reason})`);
    throw missingImport(path, { queryError });
  }
  modules.host.stderr(`go: finding module for package ${path}\n`);
  const graph = await rs.graph();
  let found: readonly Version[];
  try {
    found = await search.latest(path, graph);
  } catch (e) {
    if (!isNotExist(e)) throw e;
    throw missingImport(path, { queryError: asError(e), mayAdd: true });
  }
  for (const m of found) if (compareSelected(m.path, graph.selected(m.path), m.version) <= 0) return m;
  // A newer version is selected than the newest that has the package.
  throw missingImport(path, { module: found[0], required: graph.selected(found[0].path) });
}

/** Replaced modules that may have the package and are newer than what is selected, the longest path first. */
async function replacedModules(rs: Requirements, path: string): Promise<Version[]> {
  const { modules } = rs;
  const list: Version[] = [];
  for (const m of modules.replacedFor(path)) {
    const graph = await rs.graph();
    if (compareSelected(m.path, graph.selected(m.path), m.version) < 0) list.push(m);
  }
  return list;
}
