/** Which modules have the packages that a path or pattern means, at a version that a query means (cmd/go/internal/modload query.go QueryPattern). */
import { failureOf, findError, InvalidVersionError, isNotExist } from './errors.ts';
import type { Info } from './fetch.ts';
import * as gover from './gover.ts';
import { InvalidPathError, splitPathVersion, type Version } from './module.ts';
import { isPathPattern, matchesPattern } from './pattern.ts';
import type { Allowed, Queries } from './query.ts';
import {
  NoMatchingVersionError,
  NoPatchBaseError,
  PackageNotInMainError,
  PackageNotInModuleError,
  QueryMatchesMainModulesError,
  QueryMatchesPackagesInMainError,
  WildcardInFirstElementError,
} from './query-errors.ts';

export interface QueryResult {
  readonly module: Version;
  readonly info: Info;
  readonly packages: readonly string[];
}

export interface PatternResult {
  /** Modules with packages, the longest path first. */
  readonly found: readonly QueryResult[];
  /** A module that the pattern names, without packages that it means. */
  readonly moduleOnly: QueryResult | null;
  readonly error: Error | null;
}

/** Finds packages in modules, which are fetched. */
export interface PackageSearch {
  /** Import paths of the packages of a module version that a path or pattern means; any build tags. Throws. */
  packagesIn(pattern: string, m: Version): Promise<readonly string[]>;
}

export type Current = (path: string) => string;

/** What is asked for: the packages of a path or pattern, at the version that a query means. */
export interface PatternQuery {
  readonly pattern: string;
  /** "latest", "v1", ... */
  readonly query: string;
  /** The version that a module has now, which some queries start from. */
  readonly current: Current;
  readonly allowed: Allowed;
}

/** As `queryPattern`, but a module without packages is an error. */
export async function queryPackages(queries: Queries, search: PackageSearch, q: PatternQuery): Promise<PatternResult> {
  const r = await queryPattern(queries, search, q);
  if (r.found.length > 0 || r.error !== null || r.moduleOnly === null) return r;
  return failed(notInModule(queries, r.moduleOnly.module, q.query, q.pattern));
}

function failed(error: Error): PatternResult {
  return { found: [], moduleOnly: null, error };
}

function notInModule(queries: Queries, m: Version, query: string, pattern: string): Error {
  const { modules } = queries;
  return new PackageNotInModuleError(m, modules.isReplaced(m) ? modules.replacement(m) : null, query, pattern);
}

export async function queryPattern(queries: Queries, search: PackageSearch, q: PatternQuery): Promise<PatternResult> {
  const { pattern, query, current, allowed } = q;
  const { modules } = queries;
  let base = pattern;
  if (isPathPattern(pattern)) {
    base = pattern.slice(0, pattern.indexOf('...')).replace(/\/?[^/]*$/, '');
    if (base === '') return failed(new WildcardInFirstElementError(pattern, query));
  }
  const isUpgrade = query === 'upgrade' || query === 'patch';
  const mains: Version[] = modules.mains.map((m) => ({ path: m.path, version: '' }));
  const named = mains.filter((m) => matchesPattern(pattern, m.path));
  const nothing: Info = { version: '', time: '', origin: null };
  for (const m of mains) {
    let packages: readonly string[];
    try {
      packages = modules.hasRoot ? await search.packagesIn(pattern, m) : [];
    } catch (e) {
      return failed(failureOf(e));
    }
    if (packages.length === 0) continue;
    if (!isUpgrade) return failed(new QueryMatchesPackagesInMainError(pattern, query, packages));
    return { found: [{ module: m, info: nothing, packages }], moduleOnly: null, error: null };
  }
  const own = isUpgrade ? named.at(-1) : undefined;
  const mainOnly: QueryResult | null = own === undefined ? null : { module: own, info: nothing, packages: [] };
  const patternIsModule = modules.isMain(pattern);
  const candidates = prefixesOf(base).filter((p) => !modules.isMain(p));
  if (candidates.length === 0) {
    if (mainOnly !== null) return { found: [], moduleOnly: mainOnly, error: null };
    if (named.length > 0) return failed(new QueryMatchesMainModulesError(named, pattern, query, patternIsModule));
    return failed(new PackageNotInMainError(mains, pattern));
  }
  const ask = async (path: string): Promise<QueryResult> => {
    const info = await queries.query(path, query, current(path), allowed);
    const module = { path, version: info.version };
    if (gover.isToolchain(path)) return { module, info, packages: [] };
    const packages = await search.packagesIn(pattern, module);
    if (packages.length === 0 && !matchesPattern(pattern, path)) throw notInModule(queries, module, query, pattern);
    return { module, info, packages };
  };
  const { found, error } = await askAll(candidates, ask, (p) => modules.isMain(p));
  const moduleOnly = found.findLast((r) => r.packages.length === 0) ?? mainOnly;
  const withPackages = found.filter((r) => r.packages.length > 0);
  if (named.length > 0 && withPackages.length === 0 && moduleOnly === null && isNotExist(error))
    return failed(new QueryMatchesMainModulesError([], pattern, query, patternIsModule));
  return { found: withPackages, moduleOnly, error };
}

/** The path and its parents that may be modules. */
function prefixesOf(path: string): string[] {
  const list: string[] = [];
  for (let p = path; p !== ''; p = p.includes('/') ? p.slice(0, p.lastIndexOf('/')) : '')
    if (splitPathVersion(p) !== null) list.push(p);
  return list;
}

/** Of many failures the one is told that helps most: the best kind, of the longest path. */
async function askAll(
  candidates: readonly string[],
  ask: (path: string) => Promise<QueryResult>,
  isMain: (path: string) => boolean,
): Promise<{ found: QueryResult[]; error: Error | null }> {
  const results = await Promise.allSettled(candidates.map(ask));
  const found: QueryResult[] = [];
  const best = new Map<string, Error>();
  let other: Error | null = null;
  for (const r of results) {
    if (r.status === 'fulfilled') {
      found.push(r.value);
      continue;
    }
    const e = failureOf(r.reason);
    const kind = kindOf(e);
    if (kind === '') {
      // A longer path is there: what is wrong with a shorter one does not matter.
      if (other === null && found.length === 0 && !best.has('package')) other = e;
      continue;
    }
    const known = best.get(kind);
    const isBetter = known instanceof PackageNotInModuleError && isMain(known.module.path);
    if (known === undefined || isBetter) best.set(kind, e);
  }
  if (found.length > 0 || other !== null) return { found, error: other };
  for (const kind of kinds) {
    const e = best.get(kind);
    if (e !== undefined) return { found, error: e };
  }
  return { found, error: null };
}

const kinds = ['package', 'version', 'patch', 'path', 'invalid', 'missing'];

function kindOf(e: Error): string {
  if (e instanceof PackageNotInModuleError) return 'package';
  if (findError(e, NoMatchingVersionError) !== null) return 'version';
  if (e instanceof NoPatchBaseError) return 'patch';
  if (e instanceof InvalidPathError) return 'path';
  if (isNotExist(e)) return 'missing';
  return findError(e, InvalidVersionError) === null ? '' : 'invalid';
}
