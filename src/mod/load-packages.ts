/**
 * Follows imports from packages through the modules of the build, and changes the requirements until all are found (cmd/go/internal/modload load.go).
 * Nothing is compiled: files are read for their imports.
 */

import { conflictSummary, conflictText } from './edit-requirements.ts';
import { failureOf, findError, ModError } from './errors.ts';
import * as gover from './gover.ts';
import { BuildListError } from './graph.ts';
import { importFromModules, importNow } from './import.ts';
import { ImplicitImportError, ImportMissingError, ImportMissingSumError } from './import-errors.ts';
import { type ImportSearch, queryImport } from './import-query.ts';
import type { LoadedPackages } from './keep-sums.ts';
import { type Version, versionKey } from './module.ts';
import { ModulePackage } from './module-package.ts';
import { type Modules, needsFetch } from './modules.ts';
import { pruningOf, type Requirements } from './requirements.ts';
import { tidyRoots } from './tidy-roots.ts';
import { convertPruning, expandGraph, updateRoots } from './update-roots.ts';

export interface Imports {
  readonly imports: readonly string[];
  readonly testImports: readonly string[];
}

export interface PackageScanner {
  /** What the Go files of a directory import; null if none of them takes part. Throws what keeps files from being read. */
  scan(dir: string): Imports | null;
}

export interface LoadOptions {
  readonly scanner: PackageScanner;
  /** Finds modules for imports that lead nowhere; null: they stay so. */
  readonly search: ImportSearch | null;
  /** The import paths to start from, with these requirements. */
  readonly roots: (rs: Requirements) => Promise<readonly string[]>;
  /** The roots are those of the pattern "all": all packages of main modules. */
  readonly isAll: boolean;
  /** Build tags play no part. */
  readonly anyTags: boolean;
  /** Tests of the roots, too. */
  readonly withTests: boolean;
  /** "all" means what vendor directories have, in old modules, too. */
  readonly vendorAll: boolean;
  /** What the roots import counts as imported by the main module (get). */
  readonly rootsImported: boolean;
  /** Standard packages are followed, too. */
  readonly intoStandard: boolean;
  /** Null, or an error, for a package that may or may not be used; what is not known yet `settle` finds out. */
  readonly allowed: (path: string, module: Version | null) => Error | null | typeof needsFetch;
  readonly settle: () => Promise<void>;
  readonly tidy: TidyOptions | null;
  /** -e: go on after errors. */
  readonly allowErrors: boolean;
  /** Errors of packages are not told; they are in the packages. */
  readonly silent: boolean;
  readonly silentMissingStandard: boolean;
  readonly silentNoGo: boolean;
  readonly isVerbose: boolean;
}

export interface TidyOptions {
  /** -go; "" keeps the go line. */
  readonly goVersion: string;
}

/** All that was wrong has been told. */
export class ToldError extends ModError {}

/** No Go file of a directory takes part in the build. */
export class NoGoError extends ModError {
  constructor() {
    super('no Go source files');
  }
}

interface Flags {
  readonly inAll?: boolean;
  readonly root?: boolean;
  readonly fromRoot?: boolean;
  readonly scanned?: boolean;
}

export class PackageLoader implements LoadedPackages {
  readonly modules: Modules;
  readonly options: LoadOptions;
  requirements: Requirements;
  /** In the order of the distance from the roots. */
  packages: ModulePackage[];
  byPath: Map<string, ModulePackage>;
  private roots: ModulePackage[];
  private queue: ModulePackage[];
  private allClosesOverTests: boolean;
  private skipModFiles: boolean;
  private hasFailed: boolean;

  constructor(modules: Modules, options: LoadOptions) {
    this.modules = modules;
    this.options = options;
    this.requirements = modules.requirements;
    this.packages = [];
    this.byPath = new Map();
    this.roots = [];
    this.queue = [];
    this.allClosesOverTests = false;
    this.skipModFiles = false;
    this.hasFailed = false;
  }

  get isTidy(): boolean {
    return this.options.tidy !== null;
  }

  get skipsModFiles(): boolean {
    return this.skipModFiles;
  }

  tell(e: Error): void {
    this.modules.host.stderr(`go: ${e.message}\n`);
    if (!this.options.allowErrors) this.hasFailed = true;
  }

  /** Throws ToldError if anything was told that ends the command. */
  endIfFailed(): void {
    if (this.hasFailed) throw new ToldError('');
  }

  private get goVersion(): string {
    return this.options.tidy?.goVersion || this.requirements.goVersion;
  }

  async run(): Promise<void> {
    if (this.requirements.pruning === 'unpruned')
      await this.attempt(async () => {
        this.requirements = (await expandGraph(this.requirements)).requirements;
      });
    this.endIfFailed();
    while (await this.round());
    this.endIfFailed();
    if (this.options.tidy !== null) await this.tidy(this.options.tidy.goVersion);
    this.endIfFailed();
    for (const p of this.packages) if (p.error !== null) this.tellPackage(p, p.error);
    this.checkReplacements();
  }

  /** False after an error that was told. */
  private async attempt(step: () => Promise<void>): Promise<boolean> {
    try {
      await step();
      return true;
    } catch (e) {
      this.tell(failureOf(e));
      return false;
    }
  }

  private async updateGoVersion(): Promise<void> {
    const { tidy, vendorAll } = this.options;
    const version = this.goVersion;
    if (this.requirements.pruning !== 'workspace') {
      await this.attempt(async () => {
        this.requirements = await convertPruning(this.requirements, pruningOf(version));
      });
      this.endIfFailed();
    }
    this.skipModFiles = tidy !== null && gover.compare(version, gover.tidyGoModSumVersion) < 0;
    this.allClosesOverTests = gover.compare(version, gover.narrowAllVersion) < 0 && !vendorAll;
  }

  /** Loads all packages once; whether it has to be done again, with other requirements. */
  private async round(): Promise<boolean> {
    this.roots = [];
    this.byPath = new Map();
    this.packages = [];
    this.queue = [];
    await this.updateGoVersion();
    const paths = await this.options.roots(this.requirements);
    if (this.requirements.pruning === 'pruned' && this.modules.mode === 'mod' && (await this.preload(paths)))
      return true;
    for (const path of paths) {
      const p = this.package(path, { root: true });
      if (!this.roots.includes(p)) this.roots.push(p);
    }
    await this.drain();
    this.buildStacks();
    let isChanged = false;
    if (!(await this.attempt(async () => void (isChanged = await this.updateRequirements())))) return false;
    if (isChanged) return true;
    if (this.options.search === null) return false;
    return this.addMissing(this.options.search);
  }

  /**
   * Before anything is followed the modules of the roots become roots themselves, so that what they need is known at the right version from the
   * beginning. Whether there are new ones.
   */
  private async preload(paths: readonly string[]): Promise<boolean> {
    const { search } = this.options;
    const need = new Map<string, Version>();
    await Promise.all(
      paths.map(async (path) => {
        const m = await this.moduleOfRoot(path, search);
        if (m !== null && !this.requirements.isRoot(m)) need.set(versionKey(m), m);
      }),
    );
    if (need.size === 0) return false;
    const add = gover.sortModules([...need.values()]);
    const { requirements: rs } = this;
    const done = await this.attempt(async () => {
      this.requirements = await updateRoots(rs, rs.direct, [], add, this.options.rootsImported);
    });
    this.endIfFailed();
    return done && !this.requirements.hasSameRoots(rs.roots);
  }

  private async moduleOfRoot(path: string, search: ImportSearch | null): Promise<Version | null> {
    try {
      return (await importFromModules(this.requirements, path, null, this.skipModFiles)).module;
    } catch (e) {
      if (!(failureOf(e) instanceof ImportMissingError) || search === null) return null;
    }
    try {
      return await queryImport(this.requirements, path, search);
    } catch (e) {
      // Loading tells it.
      failureOf(e);
      return null;
    }
  }

  private package(path: string, flags: Flags): ModulePackage {
    let p = this.byPath.get(path);
    if (p === undefined) {
      p = new ModulePackage(path);
      this.byPath.set(path, p);
      this.queue.push(p);
    }
    this.apply(p, flags);
    return p;
  }

  /** Sets flags, and what follows from them for tests and imports. */
  private apply(p: ModulePackage, flags: Flags): void {
    const { isAll, withTests } = this.options;
    const before = { inAll: p.isInAll, fromRoot: p.isFromRoot, root: p.isRoot, scanned: p.isScanned };
    if (flags.inAll) p.isInAll = true;
    // What is in "all" is what the pattern means.
    if (flags.root || (flags.inAll && isAll && p.testOf === null)) p.isRoot = true;
    if (flags.fromRoot || p.isRoot) p.isFromRoot = true;
    if (flags.scanned) p.isScanned = true;
    const isSame =
      before.inAll === p.isInAll &&
      before.root === p.isRoot &&
      before.fromRoot === p.isFromRoot &&
      before.scanned === p.isScanned;
    if (isSame || !p.isScanned) return;
    if (p.testOf === null) {
      const isMain = p.module !== null && this.modules.isMain(p.module.path);
      const inAllTests = this.allClosesOverTests && p.isInAll;
      if ((isAll && (isMain || inAllTests)) || (withTests && p.isRoot)) this.test(p, isMain || inAllTests);
    }
    if (p.isInAll && !(before.inAll && before.scanned)) for (const q of p.imports) this.apply(q, { inAll: true });
    if (p.isFromRoot && !(before.fromRoot && before.scanned))
      for (const q of p.imports) this.apply(q, { fromRoot: true });
  }

  private test(p: ModulePackage, inAll: boolean): void {
    if (p.test !== null) {
      this.apply(p.test, { inAll });
      return;
    }
    const t = new ModulePackage(p.path, p);
    p.test = t;
    t.module = p.module;
    t.dir = p.dir;
    t.error = p.error;
    t.isStandard = p.isStandard;
    this.apply(t, { inAll });
    t.imports = p.testImports.map((path) => this.package(this.importPath(p, path), { inAll: t.isInAll }));
    this.apply(t, { scanned: true });
  }

  /** Standard packages find others in the vendor directories of the Go tree. */
  private importPath(from: ModulePackage, path: string): string {
    if (!from.isStandard) return path;
    const vendored = `${/^cmd(\/|$)/.test(from.path) ? 'cmd/' : ''}vendor/${path}`;
    return this.modules.standardDirectory(vendored) === '' ? path : vendored;
  }

  /** Loads what is queued; what has to be fetched is fetched for all at once. */
  private async drain(): Promise<void> {
    while (this.queue.length > 0) {
      const waiting: ModulePackage[] = [];
      for (let p = this.queue.shift(); p !== undefined; p = this.queue.shift()) if (!this.load(p)) waiting.push(p);
      if (waiting.length === 0) return;
      this.queue = waiting;
      await this.modules.settleWanted();
      await this.options.settle();
    }
  }

  /** False if something has to be fetched first. */
  private load(p: ModulePackage): boolean {
    const { modules, requirements: rs } = this;
    try {
      // A graph that is not whole may have wrong versions: then the roots are looked at first.
      const known = rs.pruning === 'unpruned' ? rs.graphIfKnown : null;
      const graph = known?.error() === null ? known : null;
      const found = importNow(rs, p.path, graph, this.skipModFiles);
      if (found === needsFetch) return false;
      p.module = found.module;
      p.dir = found.dir;
      p.otherModules = found.others;
      // Vendored packages that modules.txt does not name are of no module, either.
      p.isStandard = found.dir.startsWith(`${modules.goroot}/src/`);
    } catch (e) {
      p.error = failureOf(e);
    }
    if (modules.mains.some((m) => m.file.tool.some((t) => t.value === p.path))) this.apply(p, { inAll: true });
    if (p.dir === '') return true;
    if (p.module !== null && modules.isMain(p.module.path)) this.apply(p, { inAll: true });
    const refused = this.options.allowed(p.path, p.module);
    if (refused === needsFetch) return false;
    if (refused !== null) p.error = refused;
    if (p.isStandard && !this.options.intoStandard) {
      this.apply(p, { scanned: true });
      return true;
    }
    let found: Imports | null;
    try {
      found = this.options.scanner.scan(p.dir);
    } catch (e) {
      p.error = failureOf(e);
      return true;
    }
    if (found === null) {
      p.error = new NoGoError();
      return true;
    }
    const isWanted = (path: string): boolean => path !== 'C' && !/^appengine(_internal)?(\/|$)/.test(path);
    p.imports = found.imports
      .filter(isWanted)
      .map((path) => this.package(this.importPath(p, path), { inAll: p.isInAll }));
    p.testImports = found.testImports.filter(isWanted);
    this.apply(p, { scanned: true });
    return true;
  }

  /** The shortest ways from the roots, and by them the order of the packages. */
  private buildStacks(): void {
    const seen = new Set(this.roots);
    const list = [...this.roots];
    for (const p of list) {
      for (const q of p.test === null ? p.imports : [...p.imports, p.test]) {
        if (seen.has(q)) continue;
        seen.add(q);
        q.importer = p;
        list.push(q);
      }
    }
    this.packages = list;
  }

  /** Requirements that fit the packages; whether a package may now come from elsewhere. Throws. */
  private async updateRequirements(): Promise<boolean> {
    const before = this.requirements;
    const direct = await this.directModules(before);
    const add = this.isTidy ? (await tidyRoots(before, this.packages)).roots : [];
    const rs = await updateRoots(before, direct, this.packages, add, this.options.rootsImported);
    this.requirements = rs;
    if (rs.goVersion !== before.goVersion) return true;
    if (rs === before || rs.hasSameRoots(before.roots)) return false;
    const graph = await rs.graph();
    for (const p of this.packages) {
      const m = p.module;
      if (m !== null && !this.modules.isMain(m.path) && graph.selected(m.path) !== m.version) return true;
      if (p.error !== null && (await this.isFound(rs, p.path))) return true;
    }
    return false;
  }

  private async isFound(rs: Requirements, path: string): Promise<boolean> {
    try {
      await importFromModules(rs, path, null, this.skipModFiles);
      return true;
    } catch (e) {
      failureOf(e);
      return false;
    }
  }

  /** The modules that main modules import from themselves. Throws TooNewError if a package needs a newer Go. */
  private async directModules(rs: Requirements): Promise<Set<string>> {
    const { modules, options } = this;
    const direct = new Set(options.isAll && options.anyTags ? [] : rs.direct);
    let tooNew: gover.TooNewError | null = null;
    for (const p of this.packages) {
      const newer = findError(p.error, gover.TooNewError);
      if (newer !== null && (tooNew === null || gover.compare(newer.goVersion, tooNew.goVersion) > 0)) tooNew = newer;
      if (p.module === null || p.module.version !== '' || !modules.isMain(p.module.path)) continue;
      for (const q of p.imports) {
        const m = q.module;
        if (m === null || modules.isMain(m.path)) continue;
        if (modules.work !== null) {
          if (modules.mode === 'vendor') continue;
          if ((await rs.graph()).requiredBy(m) === null) p.error = new ImplicitImportError(p.path, q.path, m);
        } else if (p.error === null && modules.mode !== 'mod' && !rs.isRoot(m)) {
          p.error = new ImplicitImportError(p.path, q.path, m);
          continue;
        }
        direct.add(m.path);
      }
    }
    if (tooNew !== null) throw tooNew;
    return direct;
  }

  /** Adds modules that have missing packages; whether there are any. Throws TooNewError. */
  private async addMissing(search: ImportSearch): Promise<boolean> {
    const { host } = this.modules;
    const rs = this.requirements;
    const missing = this.packages.filter(
      (p) => p.testOf === null && p.error !== null && findError(p.error, ImportMissingError) !== null,
    );
    const found = await Promise.all(missing.map((p) => this.moduleFor(p, search)));
    const tooNew = missing
      .map((p) => ({ p, error: findError(p.error, gover.TooNewError) }))
      .reduce<{ p: ModulePackage; error: gover.TooNewError } | null>((best, { p, error }) => {
        if (error === null || (best !== null && gover.compare(error.goVersion, best.error.goVersion) <= 0)) return best;
        return { p, error };
      }, null);
    if (tooNew !== null) {
      host.stderr(`go: toolchain upgrade needed to resolve ${tooNew.p.path}\n`);
      // It is what the command fails with, so that another release may take over.
      if (!this.options.allowErrors) throw tooNew.error;
      this.tell(tooNew.error);
      return false;
    }
    const by = new Map<string, { module: Version; p: ModulePackage }>();
    missing.forEach((p, i) => {
      const m = found[i];
      if (m === null) return;
      host.stderr(`go: found ${p.path} in ${m.path} ${m.version}\n`);
      if (!by.has(versionKey(m))) by.set(versionKey(m), { module: m, p });
    });
    if (by.size === 0) return false;
    const add = gover.sortModules([...by.values()].map((x) => x.module));
    try {
      this.requirements = await updateRoots(rs, rs.direct, [], add, this.options.rootsImported);
    } catch (e) {
      const error = failureOf(e);
      const p = error instanceof BuildListError ? by.get(versionKey(error.module))?.p : undefined;
      this.tell(
        p === undefined || !(error instanceof BuildListError)
          ? error
          : new ModError(`${p.stackText}: ${error.why.message}`, error.why),
      );
      return false;
    }
    return true;
  }

  private async moduleFor(p: ModulePackage, search: ImportSearch): Promise<Version | null> {
    try {
      return await queryImport(this.requirements, p.path, search);
    } catch (e) {
      const error = failureOf(e);
      const missing = findError(error, ImportMissingError);
      if (missing !== null) missing.missing.importerDir = this.modules.otherMainOf(p);
      p.error = error;
      return null;
    }
  }

  private async tidy(goVersion: string): Promise<void> {
    const before = this.requirements;
    let rs: Requirements;
    try {
      rs = await tidyRoots(before, this.packages);
    } catch (e) {
      this.tell(failureOf(e));
      return;
    }
    if (goVersion !== '') rs = await this.withGoVersion(rs, goVersion);
    this.requirements = rs;
  }

  /** The language version that -go asks for, if no dependency needs a newer one. */
  private async withGoVersion(rs: Requirements, goVersion: string): Promise<Requirements> {
    const tidy = rs.withRoots([{ path: 'go', version: goVersion }]);
    const graph = await tidy.incompleteGraph();
    const error = graph.error();
    if (error !== null) this.tell(error);
    const version = graph.selected('go');
    if (version === goVersion) return tidy;
    const way = graph.pathTo((m) => m.path === 'go' && m.version === version)?.slice(1) ?? [];
    const conflict = { way, constraint: { path: 'go', version: goVersion }, error: null };
    this.tell(new ModError(this.options.isVerbose ? conflictText(conflict) : conflictSummary(conflict)));
    return rs;
  }

  private tellPackage(p: ModulePackage, error: Error): void {
    const { importer } = p;
    const noSum = findError(error, ImportMissingSumError);
    if (noSum !== null && importer !== null) {
      noSum.importer = {
        path: importer.path,
        version: importer.module?.version ?? '',
        isTest: importer.testOf !== null,
      };
    }
    const missing = findError(error, ImportMissingError);
    if (missing?.missing.isStandard === true && missing.missing.module === null) {
      const version = importer?.module == null ? '' : (this.modules.goVersionOf(importer.module) ?? '');
      if (version !== '' && gover.compare(this.modules.fetcher.config.goVersion, version) < 0)
        missing.missing.importerGo = version;
      if (this.options.silentMissingStandard) return;
    }
    if (this.options.silent || (this.options.silentNoGo && error instanceof NoGoError)) return;
    this.tell(new ModError(`${p.stackText}: ${error.message}`, error));
  }

  /** A module must not be used both as itself and in the place of another. */
  private checkReplacements(): void {
    const rs = this.requirements;
    const first = new Map<string, string>();
    for (const m of rs.graphIfKnown?.buildList() ?? rs.roots) {
      const actual = this.modules.replacement(m);
      const before = first.get(versionKey(actual));
      if (before === undefined) first.set(versionKey(actual), m.path);
      else if (before !== m.path) {
        const what = `${actual.path}@${actual.version}`;
        this.tell(new ModError(`${what} used for two different module paths (${before} and ${m.path})`));
      }
    }
  }

  /** The import paths of the pattern "all". */
  all(isValid: (path: string) => boolean): string[] {
    return this.packages
      .filter((p) => p.isInAll && p.testOf === null && isValid(p.path))
      .map((p) => p.path)
      .sort((a, b) => (a < b ? -1 : 1));
  }
}
