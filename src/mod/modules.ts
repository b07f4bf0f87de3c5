/**
 * The modules of a build: main modules with what their go.mod files say, the module graph, and which module provides a package
 * (cmd/go/internal/modload). Everything here is synchronous and works on what the cache has; what is missing is written down in
 * `wanted`, and the caller fetches it (`fetchWanted`) and asks again.
 */
import { decodeText } from '#base/bytes.ts';
import { FileError, type Host } from '#host/host.ts';
import { goModHash } from './dirhash.ts';
import { asError, ModError, ModuleError, versionError } from './errors.ts';
import type { Fetcher } from './fetch.ts';
import * as gover from './gover.ts';
import { Graph } from './graph.ts';
import { type ModFile, modulePathOf, parseModFile, type Replace } from './modfile/file.ts';
import { parseWorkFile, type WorkFile } from './modfile/work.ts';
import { canonicalVersion, type Version, versionKey, versionText } from './module.ts';
import { isZeroPseudoVersion } from './pseudo.ts';
import { readVendor, type Vendor } from './vendor.ts';

export type Mode = 'readonly' | 'mod' | 'vendor';

export interface MainModule {
  readonly path: string;
  readonly dir: string;
  readonly modFile: string;
  readonly file: ModFile;
}

interface Summary {
  readonly path: string;
  readonly goVersion: string;
  readonly isPruned: boolean;
  readonly require: readonly Version[];
  readonly deprecated: string;
  readonly file: ModFile;
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
  readonly fetcher: Fetcher;
  readonly mains: readonly MainModule[];
  readonly work: WorkFile | null;
  readonly workFile: string;
  readonly mode: Mode;
  readonly vendor: Vendor | null;
  readonly wanted: Map<string, Wanted>;
  /** "" without one. */
  private readonly replaceDirectory: string;
  private readonly replacements: readonly Replace[];
  private readonly excluded: ReadonlySet<string>;
  private readonly summaries: Map<string, Summary>;
  private graphKnown: Graph | null;
  private readonly directories: Map<string, boolean>;

  constructor(fetcher: Fetcher, mains: readonly MainModule[], mode: Mode, work: WorkFile | null = null, workFile = '') {
    this.host = fetcher.config.host;
    this.fetcher = fetcher;
    this.mains = mains;
    this.mode = mode;
    this.work = work;
    this.workFile = workFile;
    this.wanted = new Map();
    this.summaries = new Map();
    this.graphKnown = null;
    this.directories = new Map();
    this.replaceDirectory = work === null ? mains[0].dir : parentOf(workFile);
    this.replacements = [
      ...(work?.replace ?? []),
      ...mains.flatMap((m) => m.file.replace.map((r) => absolute(r, m, work))),
    ];
    this.excluded = new Set(mains.flatMap((m) => m.file.exclude.map((x) => versionKey(x.mod))));
    this.vendor = mode === 'vendor' ? readVendor(this.host, `${this.replaceDirectory}/vendor`) : null;
  }

  /** Fetches what the last questions lacked, in parallel. Throws the first failure. */
  async fetchWanted(): Promise<void> {
    const list = [...this.wanted.values()];
    this.wanted.clear();
    const results = await Promise.allSettled(
      list.map((w) => (w.what === 'mod' ? this.fetcher.goMod(w.module) : this.fetcher.download(w.module))),
    );
    this.directories.clear();
    for (const r of results) if (r.status === 'rejected') throw r.reason;
  }

  isMain(path: string): boolean {
    return this.mains.some((m) => m.path === path);
  }

  /** What stands in for a module version; the same version if nothing does. */
  replacement(m: Version): Version {
    const exact = this.replacements.find(
      (r) => r.old.path === m.path && r.old.version === m.version && m.version !== '',
    );
    const any = this.replacements.find((r) => r.old.path === m.path && r.old.version === '');
    return (exact ?? any)?.new ?? m;
  }

  isReplaced(m: Version): boolean {
    return this.replacement(m) !== m;
  }

  replacementDirectory(m: Version): string {
    return m.path.startsWith('/') ? m.path : join(this.replaceDirectory, m.path);
  }

  /** The Go version line of a module; "" if it has none. Null if its go.mod has to be fetched. */
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
    const actual = this.replacement(m);
    const text = actual.version === '' ? this.replacedGoMod(m, actual) : this.cachedGoMod(m, actual);
    if (text === needsFetch) return needsFetch;
    const name = actual.version === '' ? `${this.replacementDirectory(actual)}/go.mod` : 'go.mod';
    let file: ModFile;
    try {
      file = parseModFile(name, text, null, false);
    } catch (e) {
      throw versionError(actual.path, actual.version, new ModError(`parsing ${name}: ${asError(e).message}`));
    }
    if (actual.version !== '') checkDeclaredPath(m, actual, file.module?.value ?? '');
    const goVersion = file.go?.value ?? '';
    const require = file.require.map((r) => r.mod).filter((r) => !this.excluded.has(versionKey(r)));
    if (goVersion !== '' && gover.compare(goVersion, gover.goStrictVersion) >= 0)
      require.push({ path: 'go', version: goVersion });
    const isPruned = goVersion !== '' && gover.compare(goVersion, gover.explicitIndirectVersion) >= 0;
    return { path: file.module?.value ?? '', goVersion, isPruned, require, deprecated: file.deprecated, file };
  }

  private replacedGoMod(m: Version, actual: Version): string {
    const path = `${this.replacementDirectory(actual)}/go.mod`;
    try {
      return decodeText(this.host.files.readFile(path));
    } catch (e) {
      if (!(e instanceof FileError)) throw e;
      throw new ModError(
        `${versionText(m)} (replaced by ${actual.path}): reading ${shortened(this.host, path)}: ${e.message}`,
        e,
      );
    }
  }

  private cachedGoMod(m: Version, actual: Version): string | typeof needsFetch {
    const { sums } = this.fetcher;
    const key = { path: actual.path, version: `${actual.version}/go.mod` };
    if (this.mode === 'readonly' && this.work === null && !sums.has(key)) {
      const why = `missing go.sum entry for go.mod file; to add it:\n\tgo mod download ${m.path}`;
      throw versionError(actual.path, actual.version, new ModError(why));
    }
    const file = this.fetcher.cachePath(actual, 'mod');
    if (this.host.files.stat(file) !== null) {
      const data = this.host.files.readFile(file);
      if (sums.check(key, goModHash(this.host, data))) return decodeText(data);
    }
    this.wanted.set(`mod ${versionKey(actual)}`, { module: actual, what: 'mod' });
    return needsFetch;
  }

  /** What a main module requires, with its language version and toolchain. */
  rootsOf(main: MainModule): Version[] {
    const list = main.file.require.map((r) => r.mod).filter((r) => !this.excluded.has(versionKey(r)));
    const goVersion = main.file.go?.value ?? '';
    if (goVersion !== '') list.push({ path: 'go', version: goVersion });
    if (main.file.toolchain !== null) list.push({ path: 'toolchain', version: main.file.toolchain.value });
    return gover.sortModules(list);
  }

  isPruned(main: MainModule): boolean {
    return gover.compare(main.file.go?.value ?? gover.defaultGoModVersion, gover.explicitIndirectVersion) >= 0;
  }

  /** The graph: whole where go.mod files do not list all they need, pruned behind those that do. */
  graph(): Graph | typeof needsFetch {
    if (this.graphKnown !== null) return this.graphKnown;
    const g = new Graph(this.mains.map((m) => ({ path: m.path, version: '' })));
    const queue: { m: Version; isPruned: boolean }[] = [];
    for (const main of this.mains) {
      const roots = this.rootsOf(main);
      g.require({ path: main.path, version: '' }, roots);
      for (const m of roots) queue.push({ m, isPruned: this.isPruned(main) });
    }
    const seen = new Set<string>();
    let isWhole = true;
    for (const { m, isPruned } of queue) {
      const key = `${versionKey(m)} ${isPruned}`;
      if (seen.has(key) || this.isMain(m.path) || m.version === 'none') continue;
      seen.add(key);
      const s = this.summary(m);
      if (s === needsFetch) {
        isWhole = false;
        continue;
      }
      g.require(m, s.require);
      if (isPruned && s.isPruned) continue;
      for (const r of s.require) queue.push({ m: r, isPruned: isPruned && s.isPruned });
    }
    if (!isWhole) return needsFetch;
    this.graphKnown = g;
    return g;
  }

  /** Which module provides a package; a text is why none does. */
  provider(importPath: string, importer: string, importerVersion: string): Provided | string | typeof needsFetch {
    if (this.vendor !== null) return this.vendored(importPath);
    const mains: Provided[] = [];
    for (const m of this.mains) {
      const dir = below(m.dir, m.path, importPath);
      if (dir !== null && this.isPackage(dir, m.dir)) mains.push({ dir, module: { path: m.path, version: '' } });
    }
    if (mains.length > 0) return mains.length === 1 ? mains[0] : ambiguous(importPath, mains);
    // Behind pruned roots there is nothing that the main module's packages need, so the graph is only read if the roots do not do.
    if (this.mains.every((m) => this.isPruned(m)) && this.mains.length === 1) {
      const found = this.among(importPath, this.rootsOf(this.mains[0]), importer, importerVersion);
      if (found !== null) return found;
    }
    const g = this.graph();
    if (g === needsFetch) return needsFetch;
    const found = this.among(importPath, g.buildList(), importer, importerVersion);
    return found ?? this.missing(importPath);
  }

  private among(
    importPath: string,
    list: readonly Version[],
    importer: string,
    importerVersion: string,
  ): Provided | string | typeof needsFetch | null {
    const found: Provided[] = [];
    const unsummed: Version[] = [];
    let waits = false;
    for (const m of [...list].sort((a, b) => b.path.length - a.path.length)) {
      if (this.isMain(m.path) || gover.isToolchain(m.path) || below('', m.path, importPath) === null) continue;
      const root = this.directoryOf(m);
      if (root === needsFetch) waits = true;
      else if (root === null) unsummed.push(m);
      else {
        const dir = below(root, m.path, importPath) ?? '';
        if (this.isPackage(dir, root)) found.push({ dir, module: m });
      }
    }
    if (waits) return needsFetch;
    if (found.length > 1) return ambiguous(importPath, found.reverse());
    if (unsummed.length > 0) return missingSum(importPath, found.length > 0, unsummed, importer, importerVersion);
    return found[0] ?? null;
  }

  /** Where a module is; null if go.sum lacks its hash and must not be changed. */
  directoryOf(m: Version): string | typeof needsFetch | null {
    const main = m.version === '' ? this.mains.find((x) => x.path === m.path) : undefined;
    if (main !== undefined) return main.dir;
    const actual = this.replacement(m);
    if (actual.version === '') return this.replacementDirectory(actual);
    if (this.mode === 'readonly' && this.work === null && !this.fetcher.sums.has(actual)) return null;
    if (this.fetcher.isUnpacked(actual)) {
      const sum = this.fetcher.sumOf(actual);
      if (sum !== '' && this.fetcher.sums.check(actual, sum)) return this.fetcher.directoryOf(actual);
    }
    this.wanted.set(`zip ${versionKey(actual)}`, { module: actual, what: 'zip' });
    return needsFetch;
  }

  private vendored(importPath: string): Provided | string {
    for (const m of this.mains) {
      const dir = below(m.dir, m.path, importPath);
      if (dir !== null && this.isPackage(dir, m.dir)) return { dir, module: { path: m.path, version: '' } };
    }
    const module = this.vendor?.packages.get(importPath);
    const dir = `${this.replaceDirectory}/vendor/${importPath}`;
    if (module !== undefined) return { dir, module };
    return `cannot find module providing package ${importPath}: import lookup disabled by -mod=vendor`;
  }

  private missing(importPath: string): string {
    const replaced = this.replacements.find((r) => below('', r.old.path, importPath) !== null);
    if (replaced !== undefined && this.mode === 'readonly') {
      const { old } = replaced;
      const argument = old.version === '' || isZeroPseudoVersion(old.version) ? old.path : versionText(old);
      return `module ${old.path} provides package ${importPath} and is replaced but not required; to add it:\n\tgo get ${argument}`;
    }
    if (this.mode === 'mod') return `cannot find module providing package ${importPath}`;
    return `no required module provides package ${importPath}; to add it:\n\tgo get ${importPath}`;
  }

  /** A directory with Go files that belongs to the module at root, not to one nested in it. */
  private isPackage(dir: string, root: string): boolean {
    const key = `${root} ${dir}`;
    const known = this.directories.get(key);
    if (known !== undefined) return known;
    const { files } = this.host;
    let is = files.stat(dir)?.isDirectory === true;
    for (let d = dir; is && d.length > root.length; d = parentOf(d))
      if (files.stat(`${d}/go.mod`)?.isDirectory === false) is = false;
    is = is && files.readDirectory(dir).some((e) => !e.isDirectory && e.name.endsWith('.go'));
    this.directories.set(key, is);
    return is;
  }

  /** The module that a directory belongs to; null if none of the build. */
  moduleOfDirectory(dir: string): MainModule | null {
    let best: MainModule | null = null;
    for (const m of this.mains) {
      const is = dir === m.dir || dir.startsWith(`${m.dir}/`);
      // Modules may be nested.
      if (is && (best === null || m.dir.length > best.dir.length)) best = m;
    }
    return best;
  }
}

function absolute(r: Replace, main: MainModule, work: WorkFile | null): Replace {
  if (work === null || r.new.version !== '' || r.new.path.startsWith('/')) return r;
  return { ...r, new: { path: join(main.dir, r.new.path), version: '' } };
}

function toolchainSummary(m: Version, require: readonly Version[]): Summary {
  const file = parseModFile('go.mod', `module ${m.path}\n`, null, false);
  return { path: m.path, goVersion: '', isPruned: false, require, deprecated: '', file };
}

function checkDeclaredPath(m: Version, actual: Version, declared: string): void {
  if (declared === '')
    throw versionError(actual.path, actual.version, new ModError('parsing go.mod: missing module line'));
  if (declared === m.path || declared === actual.path) return;
  const why = `parsing go.mod:\n\tmodule declares its path as: ${declared}\n\t        but was required as: ${m.path}`;
  throw new ModuleError(actual.path, actual.version, new ModError(why));
}

function ambiguous(importPath: string, list: readonly Provided[]): string {
  const lines = list.map(({ dir, module: m }) => `\n\t${m.path}${m.version === '' ? '' : ` ${m.version}`} (${dir})`);
  return `ambiguous import: found package ${importPath} in multiple modules:${lines.join('')}`;
}

function missingSum(path: string, found: boolean, mods: readonly Version[], importer: string, version: string): string {
  const by = importer === '' ? '' : ` (imported by ${importer})`;
  const message = found
    ? `missing go.sum entry needed to verify package ${path}${by} is provided by exactly one module`
    : `missing go.sum entry for module providing package ${path}${by}`;
  if (importer === '') return `${message}; to add:\n\tgo mod download ${mods.map((m) => m.path).join(' ')}`;
  return `${message}; to add:\n\tgo get ${importer}${version === '' ? '' : `@${version}`}`;
}

/** The directory of a package below a module's directory; null if the path does not belong to the module's. */
function below(root: string, modulePath: string, importPath: string): string | null {
  if (importPath === modulePath) return root;
  return importPath.startsWith(`${modulePath}/`) ? root + importPath.slice(modulePath.length) : null;
}

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
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

function shortened(host: Host, path: string): string {
  const here = `${host.workingDirectory()}/`;
  return path.startsWith(here) ? path.slice(here.length) : path;
}

/** Versions that go.mod files name must be canonical already unless they may be rewritten. */
function fixVersion(_: string, v: string): string {
  const canonical = canonicalVersion(v);
  if (canonical === '' || canonical !== v) throw new ModError(`invalid version ${v}: must be canonical`);
  return v;
}

/** Reads a main module. Throws. */
export function readMainModule(host: Host, dir: string, modFile = `${dir}/go.mod`): MainModule {
  const text = decodeText(host.files.readFile(modFile));
  let file: ModFile;
  try {
    file = parseModFile(shortened(host, modFile), text, fixVersion);
  } catch (e) {
    throw new ModError(`errors parsing ${shortened(host, modFile)}:\n${asError(e).message}`, asError(e));
  }
  const path = file.module?.value ?? modulePathOf(text);
  if (path === '')
    throw new ModError(
      `error reading ${shortened(host, modFile)}: missing module declaration. To specify the module path:\n\tgo mod edit -module=example.com/mod`,
    );
  return { path, dir, modFile, file };
}

export function readWork(host: Host, workFile: string): { work: WorkFile; mains: MainModule[] } {
  const work = parseWorkFile(shortened(host, workFile), decodeText(host.files.readFile(workFile)));
  const seen = new Set<string>();
  for (const u of work.use) {
    const dir = join(parentOf(workFile), u.path);
    const name = shortened(host, workFile);
    if (seen.has(dir))
      throw new ModError(
        `errors parsing ${name}:\n${name}:${u.line.start.line}: path ${dir} appears multiple times in workspace`,
      );
    seen.add(dir);
  }
  const mains = work.use.map((u) => readMainModule(host, join(parentOf(workFile), u.path)));
  return { work, mains };
}
