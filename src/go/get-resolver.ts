/**
 * Finds the versions of modules that the arguments of `get` ask for, by turns with the build list, since a changed build list may have other packages
 * that the arguments mean (cmd/go/internal/modget get.go).
 */
import { compareText } from '#base/bytes.ts';
import { ConstraintError, conflictFailure, conflictText, editRequirements } from '#mod/edit-requirements.ts';
import { failureOf, findError, isNotExist, JoinedErrors, ModError } from '#mod/errors.ts';
import * as gover from '#mod/gover.ts';
import { AmbiguousImportError, ImportMissingError } from '#mod/import-errors.ts';
import { type PackageLoader, ToldError } from '#mod/load-packages.ts';
import { checkPath, sameVersion, type Version, versionText } from '#mod/module.ts';
import { type Modules, needsFetch } from '#mod/modules.ts';
import { type Allowed, Queries } from '#mod/query.ts';
import {
  NoMatchingVersionError,
  PackageNotInModuleError,
  QueryMatchesMainModulesError,
  QueryMatchesPackagesInMainError,
} from '#mod/query-errors.ts';
import { type Current, queryPackages, queryPattern } from '#mod/query-pattern.ts';
import { expandGraph } from '#mod/update-roots.ts';
import {
  type Choices,
  conflictError,
  type Decided,
  failure,
  fitsMainModule,
  type GetQuery,
  noChoice,
  type PathSet,
  queryErrorText,
} from './get-query.ts';
import { ModulePackages } from './module-packages.ts';

export interface GetOptions {
  /** -u: "", "upgrade" or "patch". */
  readonly upgrade: string;
  /** -t */
  readonly withTests: boolean;
  /** -v */
  readonly isVerbose: boolean;
}

/** Null: the package stays where it is. */
type FindPackage = (path: string, m: Version | null) => Promise<boolean>;

/** A package must get another version before what it imports can be followed. */
class VersionChange extends ModError {
  constructor() {
    super('version change needed');
  }
}

/** What the resolver needs of packages besides their modules. */
export interface GetPackages {
  /** Loads what patterns mean, whatever the build tags; `allowed` is asked for every package. */
  load(
    patterns: readonly string[],
    allowed: (path: string, m: Version | null) => Error | null | typeof needsFetch,
    settle: () => Promise<void>,
  ): Promise<PackageLoader>;
  /** Whether another module of a workspace has the package. */
  isInWorkspace(path: string): boolean;
  /** Whether the standard library has packages that the path means. */
  isStandard(path: string): boolean;
}

export class GetResolver {
  readonly modules: Modules;
  readonly queries: Queries;
  readonly search: ModulePackages;
  private readonly packages: GetPackages;
  private readonly options: GetOptions;
  private readonly all: readonly GetQuery[];
  private readonly wildcards: readonly GetQuery[];
  /** By module path: the version that must be selected in the end, and the query that says so. */
  readonly decided: Map<string, Decided>;
  buildList: readonly Version[];
  private versions: Map<string, string>;
  readonly initial: ReadonlyMap<string, string>;
  private hasFailed: boolean;

  constructor(
    modules: Modules,
    queries: readonly GetQuery[],
    packages: GetPackages,
    options: GetOptions,
    buildList: readonly Version[],
  ) {
    this.modules = modules;
    this.queries = new Queries(modules);
    this.search = new ModulePackages(modules);
    this.packages = packages;
    this.options = options;
    this.all = queries;
    this.wildcards = this.kind((q) => !q.isLocal && q.isWildcard && !isOfPackages(q));
    this.decided = new Map();
    this.buildList = buildList;
    this.versions = new Map(buildList.map((m) => [m.path, m.version]));
    this.initial = this.versions;
    this.hasFailed = false;
  }

  private kind(is: (q: GetQuery) => boolean): GetQuery[] {
    return this.all.filter(is);
  }

  /** Decides all queries. Throws ToldError. */
  async run(): Promise<void> {
    for (const q of this.kind((x) => x.isLocal)) await this.askLocal(q);
    const paths = this.kind((q) => !q.isLocal && !q.isWildcard && !isOfPackages(q));
    await Promise.all(paths.map((q) => (q.version === 'none' ? this.askNone(q) : this.askPath(q))));
    for (const q of this.kind((x) => x.pattern === 'tool')) await this.askTools(q);
    for (const q of this.kind((x) => x.pattern === 'work')) await this.askWork(q);
    for (;;) {
      await Promise.all(this.wildcards.map((q) => (q.version === 'none' ? this.askNone(q) : this.askWildcard(q))));
      await this.askAll();
      if (await this.resolveQueries(this.all)) continue;
      if (await this.applyUpgrades(await this.findUpgrades())) continue;
      await this.askMissingWildcards();
      if (await this.resolveQueries(this.wildcards)) continue;
      break;
    }
    await this.checkWildcards();
  }

  readonly initialVersion: Current = (path) => this.initial.get(path) ?? 'none';

  readonly selected: Current = (path) => this.versions.get(path) ?? 'none';

  tell(text: string): void {
    this.modules.host.stderr(`go: ${text}\n`);
    this.hasFailed = true;
  }

  endIfFailed(): void {
    if (this.hasFailed) throw new ToldError('');
  }

  private tellOf(q: GetQuery, e: Error): void {
    this.tell(queryErrorText(q, e));
  }

  /** The query that removes a module; null if none does. */
  private noneFor(path: string): GetQuery | null {
    return this.all.find((q) => q.version === 'none' && q.matchesPath(path)) ?? null;
  }

  /** As ever, but the version that was asked for and the one there is are allowed. */
  private allowedFor(requested: string, selected: Current): Allowed {
    return async (m) => {
      if (m.version === requested) return this.queries.checkExclusions(m);
      if (fitsMainModule(requested) && m.version === selected(m.path)) return null;
      return this.queries.checkAllowed(m);
    };
  }

  private async queryModule(path: string, query: string): Promise<Version> {
    const allowed = this.allowedFor(query, this.initialVersion);
    const info = await this.queries.query(path, query, this.initialVersion(path), allowed);
    return { path, version: info.version };
  }

  private async queryPackages(path: string, query: string, current: Current): Promise<Choices> {
    const allowed = this.allowedFor(query, current);
    const r = await queryPackages(this.queries, this.search, { pattern: path, query, current, allowed });
    return { packages: r.found.map((x) => x.module), module: null, error: r.error };
  }

  private async queryPattern(q: GetQuery): Promise<Choices> {
    const allowed = this.allowedFor(q.version, this.initialVersion);
    const { queries, search, initialVersion } = this;
    const r = await queryPattern(queries, search, {
      pattern: q.pattern,
      query: q.version,
      current: initialVersion,
      allowed,
    });
    if (r.error !== null) return failure(r.error);
    return { packages: r.found.map((x) => x.module), module: r.moduleOnly?.module ?? null, error: null };
  }

  private mainError(q: GetQuery, m: Version): Choices {
    return failure(new QueryMatchesMainModulesError([m], q.pattern, q.version, this.modules.isMain(q.pattern)));
  }

  private async askNone(q: GetQuery): Promise<void> {
    const none = (path: string): Choices =>
      this.modules.isMain(path)
        ? this.mainError(q, { path, version: '' })
        : { packages: [], module: { path, version: 'none' }, error: null };
    if (!q.isWildcard) await q.once(q.pattern, () => none(q.pattern));
    for (const m of this.buildList) if (q.matchesPath(m.path)) await q.once(m.path, () => none(m.path));
  }

  private async askLocal(q: GetQuery): Promise<void> {
    await q.once(q.pattern, async () => {
      const { host, mains } = this.modules;
      const here = host.workingDirectory();
      const dir = q.pattern.startsWith('/') ? cleaned(q.pattern) : cleaned(`${here}/${q.pattern}`);
      const detail = q.pattern.startsWith('/') ? '' : ` (${dir})`;
      const main = this.modules.moduleOfDirectory(dir);
      if (main === null) {
        const plural = mains.length === 1 ? '' : 's';
        const roots = mains.map((m) => m.dir).join(', ');
        return failure(new ModError(`${q.pattern}${detail} is not within module${plural} rooted at ${roots}`));
      }
      const below = dir.slice(main.dir.length + 1);
      const path = below === '' ? main.path : below.startsWith('vendor/') ? below.slice(7) : `${main.path}/${below}`;
      const module = { path: main.path, version: '' };
      let found: readonly string[];
      try {
        found = await this.search.buildablePackagesIn(path, module);
      } catch (e) {
        return failure(failureOf(e));
      }
      if (found.length > 0) return { packages: [module], module: null, error: null };
      if (q.raw === '' || q.raw === '.') return failure(new ModError('no package to get in current directory'));
      if (!q.isWildcard)
        return failure(new ModError(`${q.pattern}${detail} is not a package in module rooted at ${main.dir}`));
      host.stderr(`go: warning: "${path}" matched no packages\n`);
      return noChoice;
    });
  }

  private async askPath(q: GetQuery): Promise<void> {
    await q.once(q.pattern, () => {
      if (this.packages.isStandard(q.pattern)) {
        if (q.rawVersion !== '')
          return failure(
            new ModError(`can't request explicit version "${q.version}" of standard library package ${q.pattern}`),
          );
        q.matchesPackages = true;
        return noChoice;
      }
      return this.queryPattern(q);
    });
  }

  private async askTools(q: GetQuery): Promise<void> {
    const tools = new Set(this.modules.mains.flatMap((m) => m.file.tool.map((t) => t.value)));
    for (const tool of tools) await q.once(tool, () => this.queryPackages(tool, q.version, this.initialVersion));
  }

  private async askWork(q: GetQuery): Promise<void> {
    await q.once(q.pattern, async () => {
      const module = { path: this.modules.mains[0].path, version: '' };
      if ((await this.search.packagesIn(`${module.path}/...`, module)).length > 0)
        return { packages: [module], module: null, error: null };
      this.modules.host.stderr('go: warning: "work" matched no packages\n');
      return noChoice;
    });
  }

  /** Modules of the build list that a pattern means, or that have packages which it means. */
  private async askWildcard(q: GetQuery): Promise<void> {
    for (const m of this.buildList) if (q.canMatchIn(m.path)) await q.once(m.path, () => this.wildcardIn(q, m));
  }

  private async wildcardIn(q: GetQuery, m: Version): Promise<Choices> {
    if (this.noneFor(m.path) !== null) return noChoice;
    try {
      if (this.modules.isMain(m.path) && !fitsMainModule(q.version)) {
        if (q.matchesPath(m.path)) return this.mainError(q, m);
        const own = await this.search.packagesIn(q.pattern, m);
        if (own.length > 0) return failure(new QueryMatchesPackagesInMainError(q.pattern, q.version, own));
        return await this.tryWildcard(q, m);
      }
      return await this.tryWildcard(q, await this.queryModule(m.path, q.version));
    } catch (e) {
      const why = failureOf(e);
      // Without such a version it may still be removed, or it is told in the end.
      return isNoSuchVersion(why) ? noChoice : failure(why);
    }
  }

  private async tryWildcard(q: GetQuery, m: Version): Promise<Choices> {
    const found = await this.search.packagesIn(q.pattern, m);
    if (found.length > 0) return { packages: [m], module: null, error: null };
    return q.matchesPath(m.path) ? { packages: [], module: m, error: null } : noChoice;
  }

  /** Modules for patterns that nothing in the build list has packages for. */
  private async askMissingWildcards(): Promise<void> {
    const missing = this.wildcards.filter((q) => q.version !== 'none' && !q.matchesPackages);
    await Promise.all(
      missing.map((q) =>
        q.once(q.pattern, async () => {
          const c = await this.queryPattern(q);
          return c.error !== null && isNoSuchPackage(c.error) && q.resolved.length > 0 ? noChoice : c;
        }),
      ),
    );
  }

  /** Tells of modules whose selected versions are not those that patterns ask for. */
  private async checkWildcards(): Promise<void> {
    for (const q of this.wildcards)
      for (const m of this.buildList) {
        if (!q.canMatchIn(m.path)) continue;
        try {
          await this.checkWildcard(q, m);
        } catch (e) {
          this.tellOf(q, failureOf(e));
        }
      }
    this.endIfFailed();
  }

  private async checkWildcard(q: GetQuery, m: Version): Promise<void> {
    const named = q.matchesPath(m.path);
    if (!named && (await this.search.packagesIn(q.pattern, m)).length === 0) return;
    const wanted = await this.queryModule(m.path, q.version);
    if (wanted.version === m.version) return;
    if (!named && (await this.search.packagesIn(q.pattern, wanted)).length === 0) {
      const shown = wanted.version === q.version ? versionText(wanted) : `${m.path}@${q.version} (${wanted.version})`;
      throw new ModError(
        `${q.raw} matches packages in ${versionText(m)} but not ${shown}: specify a different version for module ${m.path}`,
      );
    }
    throw new ModError(`internal error: selected ${versionText(m)} instead of ${wanted.version}`);
  }

  /** The pattern "all": every package of it gets a version. */
  private async askAll(): Promise<void> {
    const queries = this.kind((q) => q.pattern === 'all');
    if (queries.length === 0) return;
    const find: FindPackage = async (path, m) => {
      let stays = true;
      for (const q of queries)
        await q.once(path, async () => {
          const c = await this.queryPackages(path, q.version, this.initialVersion);
          // Another module may be chosen: what this one's package imports does not matter then.
          if (c.packages.length !== 1 || m === null || !sameVersion(c.packages[0], m)) stays = false;
          return c;
        });
      return stays;
    };
    await this.follow(['all'], find);
    for (const q of queries) q.candidates.sort((a, b) => compareText(a.path, b.path));
  }

  /** Modules for packages that are missing; with -u newer ones for all others. */
  private async findUpgrades(): Promise<PathSet[]> {
    const patterns = this.all.filter((q) => q.matchesPackages).map((q) => q.pattern);
    if (patterns.length === 0) return [];
    const upgrades: PathSet[] = [];
    const find: FindPackage = async (path, m) => {
      if (m !== null && (this.options.upgrade === '' || this.decided.has(m.path))) return true;
      const version = m === null ? 'latest' : this.options.upgrade;
      const c = await this.queryPackages(path, version, this.selected);
      if (m !== null && c.packages.some((u) => sameVersion(u, m))) return true;
      // A package that is nowhere stays unresolved: another query may bring it, or it is told in the end.
      if (c.error !== null && (isNoSuchPackage(c.error) || (m === null && checkPath(path) !== null))) return true;
      upgrades.push({ path, ...c });
      return false;
    };
    await this.follow(patterns, find);
    return upgrades.sort((a, b) => compareText(a.path, b.path));
  }

  /** Loads what patterns mean, and asks for every package of a dependency and every missing one. */
  private async follow(patterns: readonly string[], find: FindPackage): Promise<void> {
    const answers = new Map<string, boolean>();
    const open = new Map<string, Version>();
    const allowed = (path: string, m: Version | null): Error | null | typeof needsFetch => {
      if (m === null || m.version === '') return null;
      const key = `${path} ${versionText(m)}`;
      const answer = answers.get(key);
      if (answer !== undefined) return answer ? null : new VersionChange();
      open.set(path, m);
      return needsFetch;
    };
    const settle = async (): Promise<void> => {
      const list = [...open];
      open.clear();
      await Promise.all(
        list.map(async ([path, m]) => void answers.set(`${path} ${versionText(m)}`, await find(path, m))),
      );
    };
    const loader = await this.packages.load(patterns, allowed, settle);
    const missing = new Set<string>();
    for (const p of loader.packages) {
      if (p.testOf !== null || p.error === null || p.error instanceof VersionChange) continue;
      if (this.packages.isInWorkspace(p.path)) continue;
      if (findError(p.error, ImportMissingError) === null && findError(p.error, AmbiguousImportError) === null)
        continue;
      missing.add(p.path);
    }
    await Promise.all([...missing].sort(compareText).map((path) => find(path, null)));
  }

  /** Decides what is not ambiguous; if nothing of that changes the build list, the rest, too. */
  private async resolveQueries(queries: readonly GetQuery[]): Promise<boolean> {
    let resolved = 0;
    for (let before = -1; before !== resolved; ) {
      before = resolved;
      this.failIfTooNew(queries);
      for (const q of queries) {
        const rest: PathSet[] = [];
        for (const c of q.candidates) {
          if (c.error !== null) {
            this.tellOf(q, c.error);
            resolved++;
            continue;
          }
          const d = this.disambiguate(c);
          if (d.kind === 'open') {
            rest.push(d.rest);
            continue;
          }
          const chosen = d.module === null ? this.choose(c) : { isPackage: d.kind === 'package', module: d.module };
          if (chosen.isPackage) q.matchesPackages = true;
          if (chosen.module !== null) this.resolve(q, chosen.module);
          resolved++;
        }
        q.candidates = rest;
      }
      this.endIfFailed();
    }
    // A changed build list may decide what is ambiguous now.
    if (resolved > 0 && (await this.updateBuildList([]))) return true;
    let arbitrary = 0;
    for (const q of queries)
      for (const c of q.candidates) {
        const { isPackage, module } = this.choose(c);
        if (isPackage) q.matchesPackages = true;
        if (module !== null) this.resolve(q, module);
        arbitrary++;
      }
    return arbitrary > 0 && this.updateBuildList([]);
  }

  /** A module needs a newer Go: that is told of all such modules, and nothing else. Throws JoinedErrors. */
  private failIfTooNew(queries: readonly GetQuery[]): void {
    const errors = queries.flatMap((q) => q.candidates.map((c) => c.error));
    const tooNew = errors.filter((e) => findError(e, gover.TooNewError) !== null);
    if (tooNew.length === 0) return;
    throw new JoinedErrors(tooNew.flatMap((e) => (e === null ? [] : [e])));
  }

  private async applyUpgrades(upgrades: readonly PathSet[]): Promise<boolean> {
    const tentative: Version[] = [];
    for (const c of upgrades) {
      if (c.error !== null) {
        this.tell(c.error.message);
        continue;
      }
      const d = this.disambiguate(c);
      const module = d.kind === 'open' ? this.choose(d.rest).module : d.module;
      if (module !== null) tentative.push(module);
    }
    this.endIfFailed();
    return this.updateBuildList(tentative);
  }

  /** Leaves out what contradicts decisions. */
  private disambiguate(
    c: PathSet,
  ):
    | { readonly kind: 'open'; readonly rest: PathSet }
    | { readonly kind: 'package' | 'module'; readonly module: Version | null } {
    const rest: Version[] = [];
    for (const m of c.packages) {
      if (this.noneFor(m.path) !== null) continue;
      if (this.modules.isMain(m.path)) {
        if (m.version === '') return { kind: 'package', module: m };
        continue;
      }
      const d = this.decided.get(m.path);
      if (d === undefined) rest.push(m);
      // Any other module would be a second one with the package.
      else if (d.version === m.version) return { kind: 'package', module: m };
    }
    const d = c.module === null ? undefined : this.decided.get(c.module.path);
    const module = c.module !== null && (d === undefined || d.version === c.module.version) ? c.module : null;
    if (rest.length === 1 && (module === null || sameVersion(module, rest[0])))
      return { kind: 'package', module: rest[0] };
    if (rest.length === 0) return { kind: 'module', module };
    return { kind: 'open', rest: { ...c, packages: rest, module } };
  }

  /** Modules of the build list come first, then those with packages, then longer paths. */
  private choose(c: PathSet): { readonly isPackage: boolean; readonly module: Version | null } {
    const known = c.packages.find((m) => this.initialVersion(m.path) !== 'none') ?? c.packages[0];
    return known === undefined ? { isPackage: false, module: c.module } : { isPackage: true, module: known };
  }

  private resolve(q: GetQuery, m: Version): void {
    if (this.modules.isMain(m.path) && m.version !== '') {
      const main = { path: m.path, version: '' };
      this.tellOf(q, new QueryMatchesMainModulesError([main], q.pattern, q.version, this.modules.isMain(q.pattern)));
      return;
    }
    const known = this.decided.get(m.path);
    if (known !== undefined && known.version !== m.version) {
      this.tellConflict(q, m, known);
      return;
    }
    this.decided.set(m.path, { version: m.version, reason: q });
    q.resolved.push(m);
  }

  private tellConflict(q: GetQuery, m: Version, known: Decided): void {
    if (q.conflict !== null) return;
    q.conflict = known.reason;
    const proposed: Decided = { version: m.version, reason: q };
    // A path is told before a pattern.
    const swap = q.isWildcard && !known.reason.isWildcard;
    this.tellOf(q, swap ? conflictError(m.path, known, proposed) : conflictError(m.path, proposed, known));
  }

  /** Makes the build list fit what was decided, and as far as possible what else is wanted; whether it has changed. */
  private async updateBuildList(additions: readonly Version[]): Promise<boolean> {
    const { modules, queries } = this;
    const wanted: Version[] = [];
    for (const [path, d] of this.decided) if (!modules.isMain(path)) wanted.push({ path, version: d.version });
    try {
      const edited = await editRequirements(modules.requirements, additions, gover.sortModules(wanted), {
        versions: (path) => queries.versions(path, queries.checkAllowed),
        isVerbose: this.options.isVerbose,
      });
      modules.requirements = edited.requirements;
      if (!edited.isChanged) return false;
    } catch (e) {
      if (!(e instanceof ConstraintError)) throw e;
      this.tellConstraints(e);
    }
    this.endIfFailed();
    const { requirements, graph } = await expandGraph(modules.requirements);
    modules.requirements = requirements;
    this.buildList = graph.buildList();
    this.versions = new Map(this.buildList.map((m) => [m.path, m.version]));
    return true;
  }

  /** In terms of arguments, not of modules. */
  private tellConstraints(e: ConstraintError): void {
    if (this.options.isVerbose) for (const c of e.conflicts) this.modules.host.stderr(`go: ${conflictText(c)}\n`);
    const reason = (m: Version): string => {
      const d = this.decided.get(m.path);
      if (d === undefined) return `(INTERNAL ERROR: no reason found for ${versionText(m)})`;
      return d.reason.resolvedText({ path: m.path, version: d.version });
    };
    for (const c of e.conflicts) {
      const adverb = c.way.length > 2 ? 'indirectly ' : '';
      const start = `${reason(c.way[0])} ${adverb}requires ${versionText(c.way[c.way.length - 1])}`;
      if (c.error !== null) this.tell(`${start}: ${conflictFailure(c, c.error)}`);
      else this.tell(`${start}, not ${c.constraint === null ? '' : reason(c.constraint)}`);
    }
  }
}

/** Patterns that mean packages of the main module and what they import, not modules by their paths. */
function isOfPackages(q: GetQuery): boolean {
  return q.pattern === 'all' || q.pattern === 'work' || q.pattern === 'tool';
}

function isNoSuchVersion(e: Error): boolean {
  return isNotExist(e) || findError(e, NoMatchingVersionError) !== null;
}

function isNoSuchPackage(e: Error): boolean {
  return isNoSuchVersion(e) || findError(e, PackageNotInModuleError) !== null;
}

function cleaned(path: string): string {
  const parts: string[] = [];
  for (const p of path.split('/')) {
    if (p === '..') parts.pop();
    else if (p !== '' && p !== '.') parts.push(p);
  }
  return `/${parts.join('/')}`;
}
