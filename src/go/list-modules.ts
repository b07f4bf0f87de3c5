/** `tuza list -m`: modules instead of packages (cmd/go/internal/modload list.go, build.go). */
import { quote } from '#base/quote.ts';
import type { Host } from '#host/host.ts';
import { failureOf, findError, isNotExist, isUserError, ModError, ModuleError } from '#mod/errors.ts';
import type { Info } from '#mod/fetch.ts';
import * as gover from '#mod/gover.ts';
import type { Graph } from '#mod/graph.ts';
import { type Version, versionText } from '#mod/module.ts';
import type { Modules } from '#mod/modules.ts';
import { originOf } from '#mod/origin.ts';
import { isPathPattern, matchesPattern } from '#mod/pattern.ts';
import { isRevisionQuery, parsePathVersion, Queries } from '#mod/query.ts';
import { isDisallowed, NoMatchingVersionError, RetractedError } from '#mod/query-errors.ts';
import { startRequirements } from '#mod/start-requirements.ts';
import { expandGraph } from '#mod/update-roots.ts';
import { writeRequirements } from '#mod/write-back.ts';
import type { Json, JsonObject } from './json.ts';
import type { Listing } from './list-package.ts';
import { allFields, asObject, moduleInfo, namedModuleInfo } from './module-info.ts';
import { moduleOptionsOf, noGoModFile, openModules, rootlessModules } from './modules.ts';
import { type Reused, readReused } from './reuse.ts';
import type { ParsedFlags } from './tool-flags.ts';

/** What is to be told of modules besides what they are. */
export interface ListMode {
  readonly updates: boolean;
  readonly retracted: boolean;
  readonly deprecated: boolean;
  readonly versions: boolean;
}

export const plainMode: ListMode = { updates: false, retracted: false, deprecated: false, versions: false };

export interface ListedModules {
  readonly modules: readonly JsonObject[];
  /** Why there may be more. */
  readonly error: Error | null;
}

export async function listModules(
  host: Host,
  goroot: string,
  parsed: ParsedFlags,
  print: (l: Listing) => void,
): Promise<number> {
  const options = moduleOptionsOf(parsed, 'list');
  const modules = openModules(host, goroot, options) ?? rootlessModules(host, goroot, options, 'readonly');
  for (const flag of ['compiled', 'deps', 'export', 'find', 'test']) {
    if (!parsed.bool(flag, false)) continue;
    host.stderr(`go list -${flag} cannot be used with -m\n`);
    return 1;
  }
  const updates = parsed.bool('u', false);
  const mode: ListMode = {
    updates,
    retracted: updates || parsed.bool('retracted', false),
    deprecated: updates,
    versions: parsed.bool('versions', false),
  };
  if (modules.vendor !== null) refuseInVendor(parsed.rest, mode, parsed.bool('retracted', false));
  const reuse = parsed.text('reuse', '');
  if (reuse !== '' && modules.hasRoot) throw new UnprefixedError('go list -reuse cannot be used inside a module');
  if (reuse !== '' && parsed.rest.length === 0)
    throw new UnprefixedError('go: list -m -reuse only has an effect with module@version arguments');
  if (modules.mains.some((m) => m.unresolved.length > 0)) await startRequirements(modules);
  const withRetracted = parsed.bool('retracted', false);
  const listed = await describeModules(modules, parsed.rest, mode, withRetracted, readReused(host, reuse));
  let { error } = listed;
  // What -u has looked up is not what the build needs.
  if (error === null && !updates) {
    try {
      await writeRequirements(modules, null);
    } catch (e) {
      error = failureOf(e);
    }
  }
  if (!parsed.bool('e', false)) {
    const errors = listed.modules.map((m) => errorOf(m)).filter((e) => e !== '');
    if (error !== null) errors.push(error.message);
    for (const e of errors) host.stderr(`go: ${e}\n`);
    if (errors.length > 0) return 1;
  }
  for (const m of listed.modules) print(allFields(m));
  return 0;
}

export function errorOf(m: JsonObject): string {
  const e = m.Error;
  return typeof e === 'object' && e !== null && 'Err' in e ? String(e.Err) : '';
}

function refuseInVendor(args: readonly string[], mode: ListMode, retracted: boolean): void {
  if (retracted) throw new UnprefixedError('go list -retracted cannot be used when vendoring is enabled');
  const disabled = (what: string): ModError =>
    new ModError(`can't ${what} using the vendor directory\n\t(Use -mod=mod or -mod=readonly to bypass.)`);
  if (mode.versions) throw disabled('determine available versions');
  if (mode.updates) throw disabled('determine available upgrades');
  for (const a of args) {
    if (a === 'all') throw disabled("compute 'all'");
    if (isPathPattern(a)) throw disabled('match module patterns');
  }
}

/** A failure that is told without "go:". */
export class UnprefixedError extends ModError {}

/** The roots do not tell what the arguments mean. Throws what is wrong with them. */
function needsGraph(modules: Modules, args: readonly string[], mode: ListMode): boolean {
  const rs = modules.requirements;
  const isRoot = (path: string): boolean => rs.pruning !== 'unpruned' && rs.rootVersion(path) !== null;
  const needsRoot = (argument: string, how = ''): void => {
    if (!modules.hasRoot) throw new ModError(`cannot match ${quote(argument)}${how}: ${noGoModFile}`);
  };
  let needs = false;
  for (const a of args) {
    if (a.includes('\\')) throw new ModError('module paths never use backslash');
    if (/^\.\.?(\/|$)/.test(a)) throw new ModError(`cannot use relative path ${a} to specify module`);
    if (a === 'all' || isPathPattern(a)) {
      needs = true;
      needsRoot(a);
      continue;
    }
    const { path, version, found } = parsePathVersion(a);
    if (isRoot(path) || (found && version !== 'upgrade' && version !== 'patch')) continue;
    needs = true;
    if (found) needsRoot(a);
    else if (!mode.versions) needsRoot(a, ' without -versions or an explicit version');
  }
  return needs;
}

/** What the arguments mean, described. `withRetracted`: retracted versions are listed and may be asked for. */
export async function describeModules(
  modules: Modules,
  args: readonly string[],
  mode: ListMode,
  withRetracted: boolean,
  reused: Reused,
): Promise<ListedModules> {
  const queries = new Queries(modules, reused.known);
  if (args.length === 0)
    return {
      modules: modules.mains.map((m) => moduleInfo(modules, { path: m.path, version: '' })),
      error: null,
    };
  let graph: Graph | null = null;
  let error: Error | null = null;
  if (needsGraph(modules, args, mode)) {
    graph = await modules.requirements.incompleteGraph();
    try {
      const expanded = await expandGraph(modules.requirements);
      graph = expanded.graph;
      modules.requirements = expanded.requirements;
    } catch (e) {
      error = failureOf(e);
    }
  }
  const list: Promise<JsonObject>[] = [];
  const seen = new Set<string>();
  const selected = (path: string): string => graph?.selected(path) ?? modules.requirements.rootVersion(path) ?? 'none';
  for (const a of args) {
    if (a === 'all' || isPathPattern(a)) {
      const all = (graph?.buildList() ?? []).filter((m) => !gover.isToolchain(m.path));
      const matches = a === 'all' ? all : all.filter((m) => matchesPattern(a, m.path));
      const fresh = matches.filter((m) => !seen.has(m.path));
      for (const m of fresh) seen.add(m.path);
      if (fresh.length === 0 && error === null)
        modules.host.stderr(`warning: pattern ${quote(a)} matched no module dependencies\n`);
      for (const m of fresh) list.push(describe(queries, m, mode, withRetracted));
      continue;
    }
    const { path, version, found } = parsePathVersion(a);
    const current = selected(path);
    if (current === 'none' && error !== null && (!found || version === 'upgrade' || version === 'patch')) continue;
    if (found) list.push(describeQuery(queries, path, version, current, mode, withRetracted, reused));
    else if (current !== 'none') list.push(describe(queries, { path, version: current }, mode, withRetracted));
    else if (modules.vendor !== null) {
      const why = "can't resolve module using the vendor directory\n\t(Use -mod=mod or -mod=readonly to bypass.)";
      list.push(Promise.resolve({ Path: path, Error: { Err: describedError(path, '', new ModError(why)) } }));
    } else if (mode.versions) list.push(withMode(queries, { Path: path }, mode, withRetracted));
    else {
      const Err = describedError(path, '', new ModError('not a known dependency'));
      list.push(Promise.resolve({ Path: path, Error: { Err } }));
    }
  }
  return { modules: await Promise.all(list), error };
}

/** Says which module it is about, once. */
function describedError(path: string, version: string, e: Error): string {
  if (findError(e, NoMatchingVersionError) !== null) return new ModuleError(path, '', e).message;
  return findError(e, ModuleError) === null ? new ModuleError(path, version, e).message : e.message;
}

async function describeQuery(
  queries: Queries,
  path: string,
  query: string,
  current: string,
  mode: ListMode,
  withRetracted: boolean,
  reused: Reused,
): Promise<JsonObject> {
  const { modules } = queries;
  const anything = isRevisionQuery(path, query) || mode.retracted;
  let info: Info;
  try {
    info = await queries.query(path, query, current, anything ? undefined : queries.checkAllowed);
  } catch (e) {
    const why = failureOf(e);
    const Origin = originOf(why) ?? undefined;
    return { Path: path, Version: query, Error: { Err: describedError(path, query, why) }, Origin };
  }
  const m = { path, version: info.version };
  const Query = query === m.version ? undefined : query;
  const Origin = info.origin ?? undefined;
  const before = reused.modules.get(versionText(m));
  if (before !== undefined && (await queries.isUnchanged(m))) return { ...before, Dir: undefined, Query, Origin };
  if (m.version === '' && modules.isMain(path)) return moduleInfo(modules, m);
  // What its go.mod file says is told, too.
  await modules.fetcher.goMod(m).catch((e) => {
    if (!isUserError(e)) throw e;
  });
  const described = await completed(queries, m, false, (known) => namedModuleInfo(modules, m, known));
  return withMode(queries, { ...described, Query, Origin }, mode, withRetracted);
}

/** A module of the build. */
async function describe(queries: Queries, m: Version, mode: ListMode, withRetracted: boolean): Promise<JsonObject> {
  const { modules } = queries;
  const actual = modules.replacement(m);
  const hasFiles = actual.version !== '' && !gover.isToolchain(m.path) && modules.vendor === null;
  if (!hasFiles) return withMode(queries, moduleInfo(modules, m), mode, withRetracted);
  const needsSum = modules.mustHaveSums;
  const described = await completed(queries, actual, needsSum, (known) => moduleInfo(modules, m, known));
  const replaced = asObject(described.Replace);
  if (replaced === null) return withMode(queries, described, mode, withRetracted);
  const Replace = await withMode(queries, replaced, mode, withRetracted);
  const done = await withMode(queries, described, mode, withRetracted);
  const Retracted = done.Retracted ?? Replace.Retracted;
  return { ...done, Replace, Retracted };
}

/** With the time of the version, and its go.mod file in the cache. */
async function completed(
  queries: Queries,
  m: Version,
  needsSum: boolean,
  tell: (info: Info | null) => JsonObject,
): Promise<JsonObject> {
  const { modules } = queries;
  let info: Info | null = null;
  let failure = '';
  try {
    info = await queries.query(m.path, m.version, '');
    const key = { path: m.path, version: `${m.version}/go.mod` };
    if (!needsSum || modules.fetcher.sums.has(key)) await modules.fetcher.goMod(m);
  } catch (e) {
    const why = failureOf(e);
    if (info === null) failure = why.message;
  }
  const described = tell(info);
  return failure === '' ? described : { ...described, Error: { Err: failure } };
}

/** Adds what -u, -versions and -retracted tell. */
async function withMode(
  queries: Queries,
  known: JsonObject,
  mode: ListMode,
  withRetracted: boolean,
): Promise<JsonObject> {
  const path = String(known.Path);
  const version = typeof known.Version === 'string' ? known.Version : '';
  const m = { path, version };
  const d: Record<string, Json | undefined> = { ...known };
  const fail = (e: unknown): void => {
    d.Error ??= { Err: failureOf(e).message };
  };
  if (mode.updates && version !== '' && !gover.isToolchain(path)) {
    try {
      const newest = await queries.query(path, 'upgrade', version, queries.checkAllowed);
      if (gover.compareVersions(path, newest.version, version) > 0)
        d.Update = { Path: path, Version: newest.version, Time: newest.time || '0001-01-01T00:00:00Z' };
    } catch (e) {
      if (!isHarmless(e) && !isDisallowed(e)) fail(e);
    }
  }
  if (mode.versions) {
    try {
      const list = await queries.versions(path, withRetracted ? queries.checkExclusions : queries.checkAllowed);
      d.Versions = list.length === 0 ? undefined : list;
    } catch (e) {
      fail(e);
    }
    // The list of versions does not say where it comes from.
    d.Origin = undefined;
  }
  if (mode.retracted && version !== '') {
    const why = await queries.checkRetractions(m);
    const retracted = findError(why, RetractedError);
    if (retracted !== null)
      d.Retracted = retracted.rationale.length === 0 ? ['retracted by module author'] : [...retracted.rationale];
    else if (why !== null && !isHarmless(why)) fail(why);
  }
  if (mode.deprecated) {
    try {
      const text = await queries.deprecationOf(m);
      if (text !== '') d.Deprecated = text;
    } catch (e) {
      if (!isHarmless(e)) fail(e);
    }
  }
  return d;
}

/** Nothing is there to be found. */
function isHarmless(e: unknown): boolean {
  return findError(e, NoMatchingVersionError) !== null || isNotExist(e);
}
