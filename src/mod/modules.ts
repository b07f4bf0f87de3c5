/**
 * The modules of a build: main modules with what their go.mod files say, the module graph, and which module provides a package
 * (cmd/go/internal/modload). Everything here is synchronous and works on what the cache has; what is missing is written down in
 * `wanted`; `answer` fetches it and asks again.
 */

import { decodeText } from '#base/bytes.ts';
import { parentPath } from '#base/path.ts';
import { FileError, type Host } from '#host/host.ts';
import { goModHash } from './dirhash.ts';
import { asError, failureOf, ModError, ModuleError, versionError } from './errors.ts';
import type { Fetcher } from './fetch.ts';
import * as gover from './gover.ts';
import { Graph } from './graph.ts';
import { importNow, isStandardPath } from './import.ts';
import type { MainModule } from './main-module.ts';
import { type ModFile, parseModFile } from './modfile/file.ts';
import type { WorkFile } from './modfile/work.ts';
import { splitPathVersion, type Version, versionKey, versionText } from './module.ts';
import type { ModulePackage } from './module-package.ts';
import { zeroPseudoVersion } from './pseudo.ts';
import { type Replacement, replacementsOf } from './replacements.ts';
import { type Requirements, requirementsOfFiles } from './requirements.ts';
import { shortPath } from './short-path.ts';
import { isPrunedVersion, type Summary, summaryOf } from './summary.ts';
import { readVendor, type Vendor } from './vendor.ts';

export type Mode = 'readonly' | 'mod' | 'vendor';

/** What -mod says, and why. */
export interface ModeChoice {
  readonly mode: Mode;
  /** The flag says it. */
  readonly isExplicit: boolean;
  /** Why a vendor directory is used or is not, for messages; "" if there is nothing to say. */
  readonly reason: string;
}

/** Where a package is. */
export interface Provided {
  readonly dir: string;
  readonly module: Version;
}

/** Something has to be fetched first: it is in `wanted`. */
export const needsFetch = Symbol('needs fetch');

interface Wanted {
  readonly module: Version;
  readonly what: 'mod' | 'zip';
}

export class Modules {
  readonly host: Host;
  readonly goroot: string;
  readonly fetcher: Fetcher;
  readonly mains: readonly MainModule[];
  readonly work: WorkFile | null;
  readonly workFile: string;
  readonly mode: Mode;
  readonly choice: ModeChoice;
  readonly vendor: Vendor | null;
  readonly wanted: Map<string, Wanted>;
  /** What could not be fetched, and why. */
  private readonly failures: Map<string, Error>;
  /** Where relative replacements start, and vendor/ is. */
  readonly replaceDirectory: string;
  /** -modfile as it was given, or "". */
  shownModFile: string;
  replacements: readonly Replacement[];
  private excluded: ReadonlySet<string>;
  private readonly summaries: Map<string, Summary>;
  private current: Requirements | null;
  private readonly directories: Map<string, boolean>;
  /** Directories that are known to have Go files in them. */
  isKnown: (dir: string) => boolean;

  constructor(
    fetcher: Fetcher,
    goroot: string,
    mains: readonly MainModule[],
    choice: ModeChoice,
    work: WorkFile | null = null,
    workFile = '',
  ) {
    this.host = fetcher.config.host;
    this.goroot = goroot;
    this.fetcher = fetcher;
    this.mains = mains;
    this.mode = choice.mode;
    this.choice = choice;
    this.work = work;
    this.shownModFile = '';
    this.workFile = workFile;
    this.wanted = new Map();
    this.failures = new Map();
    this.summaries = new Map();
    this.current = null;
    this.directories = new Map();
    this.isKnown = () => false;
    this.replaceDirectory = work === null ? mains[0].dir : parentPath(workFile);
    this.replacements = replacementsOf(mains, work);
    this.excluded = excludedBy(mains);
    this.vendor = choice.mode === 'vendor' && this.hasRoot ? readVendor(this.host, this.vendorDirectory) : null;
  }

  /** What the command goes on with: at first what the files say. */
  get requirements(): Requirements {
    this.current ??= requirementsOfFiles(this);
    return this.current;
  }

  set requirements(rs: Requirements) {
    this.current = rs;
  }

  /** Forgets what was taken from the files of the main modules: they say something else now. */
  reread(): void {
    this.replacements = replacementsOf(this.mains, this.work);
    this.excluded = excludedBy(this.mains);
    this.current = null;
  }

  get vendorDirectory(): string {
    return `${this.replaceDirectory}/vendor`;
  }

  /** Of the main module, or of the workspace. */
  get goVersion(): string {
    if (this.work !== null) return this.work.go?.value ?? gover.defaultGoWorkVersion;
    return this.mains[0].file.go?.value ?? gover.defaultGoModVersion;
  }

  /** go.mod has to name all that is needed, since it must not be changed. */
  get mustBeComplete(): boolean {
    return this.mode !== 'mod' && this.work === null;
  }

  /** go.sum has to have all hashes that are needed, since it must not be changed. */
  get mustHaveSums(): boolean {
    return this.mode === 'readonly' && this.work === null && this.hasRoot;
  }

  /** Asks until nothing has to be fetched any more. Throws what the question throws; failures of fetching are told there. */
  async answer<T>(ask: () => T | typeof needsFetch): Promise<T> {
    for (;;) {
      const answer = ask();
      if (answer !== needsFetch) return answer;
      await this.settleWanted();
    }
  }

  /** Fetches what the last questions lacked, in parallel; the first failure. Asked again, the questions throw theirs. */
  async settleWanted(): Promise<Error | null> {
    const list = [...this.wanted];
    this.wanted.clear();
    const results = await Promise.allSettled(
      list.map(([, w]) => (w.what === 'mod' ? this.fetcher.goMod(w.module) : this.fetcher.download(w.module))),
    );
    this.directories.clear();
    let first: Error | null = null;
    results.forEach((r, i) => {
      if (r.status === 'fulfilled') return;
      const failure = failureOf(r.reason);
      this.failures.set(list[i][0], failure);
      first ??= failure;
    });
    return first;
  }

  /** Notes that something has to be fetched. Throws if that has failed already. */
  private want(module: Version, what: 'mod' | 'zip'): typeof needsFetch {
    const key = `${what} ${versionKey(module)}`;
    const failure = this.failures.get(key);
    if (failure !== undefined) throw failure;
    this.wanted.set(key, { module, what });
    return needsFetch;
  }

  isMain(path: string): boolean {
    return this.mains.some((m) => m.path === path);
  }

  /** Without one (`pkg@version`) the main module is made up, and has no directory. */
  get hasRoot(): boolean {
    return this.mains[0].dir !== '';
  }

  /** The highest version of a path that is replaced; "" if all versions are, and no single one; null if none is. */
  highestReplaced(path: string): string | null {
    let best: string | null = null;
    for (const { old } of this.replacements)
      if (old.path === path && (best === null || gover.compareVersions(path, old.version, best) > 0))
        best = old.version;
    return best;
  }

  /** Paths of modules that have replacements, each once. */
  get replacedPaths(): string[] {
    return [...new Set(this.replacements.map((r) => r.old.path))];
  }

  /** Versions of a path that have replacements of their own. */
  replacedVersions(path: string): string[] {
    return this.replacements.filter((r) => r.old.path === path && r.old.version !== '').map((r) => r.old.version);
  }

  /** What stands in for a module version; the same version if nothing does. */
  replacement(m: Version): Version {
    return this.replacementRule(m)?.new ?? m;
  }

  replacementRule(m: Version): Replacement | null {
    if (m.version === '' && this.isMain(m.path)) return null;
    const exact = this.replacements.find(
      (r) => r.old.path === m.path && r.old.version === m.version && m.version !== '',
    );
    const any = this.replacements.find((r) => r.old.path === m.path && r.old.version === '');
    return exact ?? any ?? null;
  }

  /** The directory of the main module that a package is imported from, if it is not the one of the working directory; else "". */
  otherMainOf(p: ModulePackage): string {
    const from = p.stack.findLast((q) => q.module !== null && this.isMain(q.module.path));
    const main = this.mains.find((m) => m.path === from?.module?.path);
    return main === undefined || main === this.moduleOfDirectory(this.host.workingDirectory()) ? '' : main.dir;
  }

  isReplaced(m: Version): boolean {
    return this.replacement(m) !== m;
  }

  replacementDirectory(m: Version): string {
    return m.path.startsWith('/') ? m.path : join(this.replaceDirectory, m.path);
  }

  /** The Go version line of a module; "" if it has none. */
  goVersionNow(m: Version): string | typeof needsFetch {
    return this.goVersionOf(m) ?? needsFetch;
  }

  /** The same; null if its go.mod file has to be fetched. */
  goVersionOf(m: Version): string | null {
    const main = m.version === '' ? this.mains.find((x) => x.path === m.path) : undefined;
    if (main !== undefined) return main.file.go?.value ?? '';
    if (this.vendor !== null) return this.vendor.goVersions.get(m.path) ?? '';
    const s = this.summary(m);
    return s === needsFetch ? null : s.goVersion;
  }

  summary(m: Version): Summary | typeof needsFetch {
    const known = this.summaries.get(versionKey(m));
    if (known !== undefined) return known;
    const s = this.readSummary(m);
    if (s !== needsFetch) this.summaries.set(versionKey(m), s);
    return s;
  }

  private readSummary(m: Version): Summary | typeof needsFetch {
    if (gover.isToolchain(m.path)) {
      const strict = m.path === 'go' && gover.compare(m.version, gover.goStrictVersion) >= 0;
      return toolchainSummary(m, strict ? [{ path: 'toolchain', version: `go${m.version}` }] : []);
    }
    const main = m.version === '' ? this.mains.find((x) => x.path === m.path) : undefined;
    if (main !== undefined) return this.checkedSummary(m, main.file);
    if (this.vendor !== null)
      return toolchainSummary(m, this.vendoredVersion(m.path) === m.version ? this.vendorList() : []);
    const actual = this.replacement(m);
    const text = actual.version === '' ? this.replacedGoMod(m, actual) : this.cachedGoMod(m, actual);
    if (text === needsFetch) return needsFetch;
    const name = actual.version === '' ? `${this.replacementDirectory(actual)}/go.mod` : 'go.mod';
    let file: ModFile;
    try {
      file = parseModFile(name, text, null, false);
    } catch (e) {
      throw versionError(
        actual.path,
        actual.version,
        new ModError(`parsing ${shortPath(this.host, name)}: ${asError(e).message}`),
      );
    }
    if (actual.version !== '') checkDeclaredPath(m, actual, file.module?.value ?? '');
    return this.checkedSummary(actual, file);
  }

  private checkedSummary(m: Version, file: ModFile): Summary {
    const s = summaryOf(file, (r) => this.isExcluded(r));
    const { running } = this.fetcher.config;
    if (s.goVersion !== '' && gover.compare(s.goVersion, running.version) > 0)
      throw new gover.TooNewError(`module ${versionText(m)}`, s.goVersion, running);
    return s;
  }

  private replacedGoMod(m: Version, actual: Version): string {
    const path = `${this.replacementDirectory(actual)}/go.mod`;
    try {
      return decodeText(this.host.files.readFile(path));
    } catch (e) {
      if (!(e instanceof FileError)) throw e;
      throw new ModError(
        `${versionText(m)} (replaced by ${actual.path}): reading ${shortPath(this.host, path)}: ${e.message}`,
        e,
      );
    }
  }

  private cachedGoMod(m: Version, actual: Version): string | typeof needsFetch {
    const { sums } = this.fetcher;
    const key = { path: actual.path, version: `${actual.version}/go.mod` };
    if (this.mustHaveSums && !sums.has(key)) {
      const why = `missing go.sum entry for go.mod file; to add it:\n\tgo mod download ${m.path}`;
      throw versionError(actual.path, actual.version, new ModError(why));
    }
    const file = this.fetcher.cachePath(actual, 'mod');
    if (this.host.files.stat(file) !== null) {
      const data = this.host.files.readFile(file);
      if (sums.check(key, goModHash(this.host, data))) return decodeText(data);
    }
    return this.want(actual, 'mod');
  }

  isExcluded(m: Version): boolean {
    return this.excluded.has(versionKey(m));
  }

  /** The graph of the current requirements. Throws BuildListError. */
  graph(): Graph | typeof needsFetch {
    const g = this.requirements.graphNow();
    const error = g === needsFetch ? null : g.error();
    if (error !== null) throw error;
    return g;
  }

  /** Which module of the cache provides a package; a text is why none does. */
  provider(importPath: string): Provided | string | typeof needsFetch {
    try {
      const graph = this.requirements.pruning === 'unpruned' ? this.graph() : null;
      if (graph === needsFetch) return needsFetch;
      const found = importNow(this.requirements, importPath, graph, false);
      if (found === needsFetch) return needsFetch;
      if (found.module !== null) return { dir: found.dir, module: found.module };
      return `package ${importPath} is in std`;
    } catch (e) {
      return failureOf(e).message;
    }
  }

  /** Where a package of the standard library is; "" if it is none. */
  standardDirectory(path: string): string {
    if (!isStandardPath(path)) return '';
    const dir = `${this.goroot}/src/${path}`;
    return this.isPackage(dir, this.goroot, false) ? dir : '';
  }

  /** Where a module is; null if go.sum lacks its hash and must not be changed. */
  directoryOf(m: Version): string | typeof needsFetch | null {
    const main = m.version === '' ? this.mains.find((x) => x.path === m.path) : undefined;
    if (main !== undefined) return main.dir;
    const actual = this.replacement(m);
    if (actual.version === '') return this.replacementDirectory(actual);
    if (this.mustHaveSums && !this.fetcher.sums.has(actual)) return null;
    if (this.fetcher.isUnpacked(actual)) {
      const sum = this.fetcher.sumOf(actual);
      if (sum !== '' && this.fetcher.sums.check(actual, sum)) return this.fetcher.directoryOf(actual);
    }
    return this.want(actual, 'zip');
  }

  /** The same. Throws if it is replaced by a directory that is not there. */
  fetchedDirectory(m: Version): string | typeof needsFetch | null {
    const dir = this.directoryOf(m);
    if (typeof dir !== 'string' || !this.isLocal(m) || this.host.files.stat(dir) !== null) return dir;
    const actual = this.replacement(m);
    throw versionError(m.path, m.version, new ModError(`replacement directory ${actual.path} does not exist`));
  }

  /** In the user's directories, where modules may be nested. */
  isLocal(m: Version): boolean {
    return this.replacement(m).version === '';
  }

  /** Where a module version is, after it has been fetched; local: in a directory of the user's. Throws. */
  async fetchModule(m: Version): Promise<{ readonly dir: string; readonly isLocal: boolean }> {
    const main = m.version === '' ? this.mains.find((x) => x.path === m.path) : undefined;
    if (main !== undefined) return { dir: main.dir, isLocal: true };
    const actual = this.replacement(m);
    if (actual.version === '') {
      const dir = this.replacementDirectory(actual);
      if (this.host.files.stat(dir) === null)
        throw versionError(m.path, m.version, new ModError(`replacement directory ${actual.path} does not exist`));
      return { dir, isLocal: true };
    }
    if (this.mustHaveSums && !this.fetcher.sums.has(actual))
      throw versionError(actual.path, actual.version, new ModError('missing go.sum entry'));
    return { dir: await this.fetcher.download(actual), isLocal: false };
  }

  /** The directory of a package in a module at root; null if there is none. */
  packageDirectory(importPath: string, modulePath: string, root: string, isLocal: boolean): string | null {
    const dir = below(root, modulePath, importPath);
    return dir !== null && this.isPackage(dir, root, isLocal) ? dir : null;
  }

  /** Replaced modules that may have a package, by their paths; the longest first. */
  replacedFor(importPath: string): Version[] {
    const list: Version[] = [];
    for (const path of this.replacedPaths) {
      if (below('', path, importPath) === null) continue;
      const major = splitPathVersion(path)?.major ?? '';
      const zero = zeroPseudoVersion(major === '' ? 'v0' : major.slice(1));
      list.push({ path, version: this.highestReplaced(path) || zero });
    }
    return list.sort((x, y) => y.path.length - x.path.length);
  }

  /** A directory with Go files that belongs to the module at root; in local trees another module may be nested in it. */
  isPackage(dir: string, root: string, isLocal: boolean): boolean {
    const key = `${root} ${dir}`;
    const known = this.directories.get(key);
    if (known !== undefined) return known;
    const { files } = this.host;
    const isKnown = this.isKnown(dir);
    let is = isKnown || files.stat(dir)?.isDirectory === true;
    for (let d = dir; isLocal && is && d.length > root.length; d = parentPath(d))
      if (files.stat(`${d}/go.mod`)?.isDirectory === false) is = false;
    is = is && (isKnown || files.readDirectory(dir).some((e) => !e.isDirectory && e.name.endsWith('.go')));
    this.directories.set(key, is);
    return is;
  }

  /** The vendored modules that have packages, in the file's order. */
  private vendorList(): Version[] {
    const list = new Map<string, Version>();
    for (const m of this.vendor?.packages.values() ?? []) list.set(versionKey(m), m);
    return [...list.values()];
  }

  private vendoredVersion(path: string): string {
    return this.vendorList().find((m) => m.path === path)?.version ?? 'none';
  }

  /** With vendor directories the graph is what they have; null without. */
  vendoredGraph(roots: readonly Version[]): Graph | null {
    if (this.vendor === null) return null;
    const mains = this.mains.map((m) => ({ path: m.path, version: '' }));
    const g = new Graph(this.work === null ? mains : roots);
    const list = { path: 'vendor/modules.txt', version: '' };
    if (this.work === null) {
      const isPruned = isPrunedVersion(this.goVersion);
      g.require(mains[0], isPruned ? roots : [...roots, list]);
      if (!isPruned) g.require(list, this.vendorList());
      return g;
    }
    this.mains.forEach((m, i) => {
      const own = m.file.require.map((r) => r.mod).filter((r) => !this.isExcluded(r));
      g.require(mains[i], [...own, { path: 'go', version: m.file.go?.value ?? gover.defaultGoModVersion }, list]);
    });
    g.require(list, this.vendorList());
    return g;
  }

  /** The module that a directory belongs to; null if none of the build. */
  moduleOfDirectory(dir: string): MainModule | null {
    let best: MainModule | null = null;
    for (const m of this.mains) {
      const is = m.dir !== '' && (dir === m.dir || dir.startsWith(`${m.dir}/`));
      // Modules may be nested.
      if (is && (best === null || m.dir.length > best.dir.length)) best = m;
    }
    return best;
  }
}

function excludedBy(mains: readonly MainModule[]): ReadonlySet<string> {
  return new Set(mains.flatMap((m) => m.file.exclude.map((x) => versionKey(x.mod))));
}

function toolchainSummary(m: Version, require: readonly Version[]): Summary {
  const file = parseModFile('go.mod', `module ${m.path}\n`, null, false);
  return { path: m.path, goVersion: '', isPruned: true, require, deprecated: '', file };
}

function checkDeclaredPath(m: Version, actual: Version, declared: string): void {
  if (declared === '')
    throw versionError(actual.path, actual.version, new ModError('parsing go.mod: missing module line'));
  if (declared === m.path || declared === actual.path) return;
  const why = `parsing go.mod:\n\tmodule declares its path as: ${declared}\n\t        but was required as: ${m.path}`;
  throw new ModuleError(actual.path, actual.version, new ModError(why));
}

/** The directory of a package below a module's directory; null if the path does not belong to the module's. */
export function below(root: string, modulePath: string, importPath: string): string | null {
  if (importPath === modulePath) return root;
  return importPath.startsWith(`${modulePath}/`) ? root + importPath.slice(modulePath.length) : null;
}

/** Joins and cleans. */
export function join(dir: string, path: string): string {
  const parts: string[] = [];
  for (const p of (path.startsWith('/') ? path : `${dir}/${path}`).split('/')) {
    if (p === '..') parts.pop();
    else if (p !== '' && p !== '.') parts.push(p);
  }
  return `/${parts.join('/')}`;
}

/** go.mod would have to be changed, which -mod forbids. */
export class DirtyError extends ModError {
  constructor(modules: Modules) {
    const { mode, isExplicit, reason } = modules.choice;
    const disabled = isExplicit
      ? `, disabled by -mod=${mode}`
      : reason === ''
        ? ''
        : `, disabled by -mod=${mode}\n\t(${reason})\n\t`;
    super(
      reason !== '' && !isExplicit
        ? `updates to go.mod needed${disabled}to update it:\n\tgo mod tidy`
        : `updates to go.mod needed${disabled}; to update it:\n\tgo mod tidy`,
    );
  }
}
