/** Which module of the build provides a package (cmd/go/internal/modload import.go, importFromModules). */

import * as gover from './gover.ts';
import type { Graph } from './graph.ts';
import { AmbiguousImportError, ImportMissingSumError, InvalidImportError, missingImport } from './import-errors.ts';
import { checkImportPath, type Version } from './module.ts';
import { below, type Modules, needsFetch } from './modules.ts';
import type { Requirements } from './requirements.ts';

export interface FoundImport {
  /** Null for the standard library, and for vendored packages that modules.txt does not name. */
  readonly module: Version | null;
  /** "" for "C". */
  readonly dir: string;
  /** Where the module is. */
  readonly root: string;
  /** Modules that might have had the package by their paths. */
  readonly others: readonly Version[];
}

const metaPackages = new Set(['all', 'std', 'cmd', 'tool', 'work']);

/**
 * Without a graph the roots are looked at first, then the graph. `skipModFile`: the go.mod file of what is found need not be known, as tidying of
 * modules older than Go 1.21 has it. Throws the errors of import-errors.ts, and those of modules that cannot be fetched.
 */
export function importFromModules(
  rs: Requirements,
  path: string,
  graph: Graph | null,
  skipModFile: boolean,
): Promise<FoundImport> {
  return rs.modules.answer(() => importNow(rs, path, graph, skipModFile));
}

/** The same, of what the cache has. */
export function importNow(
  rs: Requirements,
  path: string,
  graph: Graph | null,
  skipModFile: boolean,
): FoundImport | typeof needsFetch {
  const { modules } = rs;
  checkSyntax(path);
  const found: FoundImport[] = [];
  if (path === 'C') return { module: null, dir: '', root: '', others: [] };
  const wrong = checkImportPath(path);
  if (wrong !== null) throw new InvalidImportError(wrong.message, wrong);
  const standard = modules.standardDirectory(path);
  if (standard !== '') found.push({ module: null, dir: standard, root: `${modules.goroot}/src`, others: [] });
  if (modules.vendor !== null) return vendored(modules, path, found);
  let list = graph;
  for (;;) {
    const one = among(rs, path, list, found);
    if (one === needsFetch) return needsFetch;
    if (one !== null) {
      const m = one.module;
      if (!skipModFile && m !== null && !modules.isMain(m.path) && modules.summary(m) === needsFetch) return needsFetch;
      return one;
    }
    if (list !== null) {
      throw missingImport(path, {
        isStandard: isStandardPath(path),
        standardDir: `${modules.goroot}/src/${path}`,
        mayAdd: modules.mode === 'mod',
      });
    }
    const g = rs.graphNow();
    if (g === needsFetch) return needsFetch;
    const error = g.error();
    if (error !== null) throw error;
    list = g;
  }
}

function checkSyntax(path: string): void {
  if (path.includes('@')) throw new InvalidImportError(`import path "${path}" should not have @version`);
  if (/^\.\.?(\/|$)/.test(path))
    throw new InvalidImportError(`"${path}" is relative, but relative import paths are not supported in module mode`);
  if (path.startsWith('/')) throw new InvalidImportError(`"${path}" is not a package path; see 'go help packages'`);
  if (metaPackages.has(path))
    throw new InvalidImportError(`"${path}" is not an importable package; see 'go help packages'`);
}

/** The form of import paths of the standard library: no dot in the first element. */
export function isStandardPath(path: string): boolean {
  return !path.split('/', 1)[0].includes('.');
}

/** Looks at the modules whose paths are prefixes of the import path; null if none has it. */
function among(
  rs: Requirements,
  path: string,
  graph: Graph | null,
  before: readonly FoundImport[],
): FoundImport | typeof needsFetch | null {
  const { modules } = rs;
  const found = [...before];
  const others: Version[] = [];
  const unsummed: Version[] = [];
  let waits = false;
  for (let prefix = path; prefix !== ''; prefix = prefix.slice(0, Math.max(prefix.lastIndexOf('/'), 0))) {
    if (gover.isToolchain(prefix)) continue;
    const version = graph === null ? rs.rootVersion(prefix) : graph.selected(prefix);
    if (version === null || version === 'none') continue;
    const m = { path: prefix, version };
    const root = modules.fetchedDirectory(m);
    if (root === needsFetch) waits = true;
    else if (root === null) unsummed.push(m);
    else {
      const dir = below(root, prefix, path) ?? '';
      if (modules.isPackage(dir, root, modules.isLocal(m))) found.push({ module: m, dir, root, others });
      else others.push(m);
    }
  }
  if (waits) return needsFetch;
  if (found.length > 1) throw ambiguous(path, found.reverse());
  if (unsummed.length > 0) throw new ImportMissingSumError(path, found.length > 0, unsummed.reverse());
  return found[0] ?? null;
}

function ambiguous(path: string, found: readonly FoundImport[]): AmbiguousImportError {
  return new AmbiguousImportError(
    path,
    found.map((f) => f.dir),
    found.map((f) => f.module ?? { path: '', version: '' }),
  );
}

/** With vendor directories all is in the main modules or there. */
function vendored(modules: Modules, path: string, before: readonly FoundImport[]): FoundImport {
  const found = [...before];
  for (const m of modules.mains) {
    const dir = below(m.dir, m.path, path);
    if (dir !== null && modules.isPackage(dir, m.dir, true))
      found.push({ module: { path: m.path, version: '' }, dir, root: m.dir, others: [] });
  }
  const dir = `${modules.vendorDirectory}/${path}`;
  if (modules.isPackage(dir, modules.vendorDirectory, false)) {
    const module = modules.vendor?.packages.get(path);
    if (module !== undefined || gover.compare(modules.goVersion, gover.explicitModulesTxtVersion) < 0)
      found.push({ module: module ?? null, dir, root: modules.vendorDirectory, others: [] });
    else {
      const verb = modules.work === null ? 'mod' : 'work';
      modules.host.stderr(
        `go: ignoring package ${path} which exists in the vendor directory but is missing from vendor/modules.txt. To sync the vendor directory run go ${verb} vendor.\n`,
      );
    }
  }
  if (found.length > 1) {
    throw new AmbiguousImportError(
      path,
      found.map((f) => f.dir),
      [],
    );
  }
  if (found.length === 0) throw missingImport(path, {});
  return found[0];
}
