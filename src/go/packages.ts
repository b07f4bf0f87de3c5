/**
 * The packages that a command line means: import paths, directories, patterns; and where the imports of the main module's packages lead. Without
 * a go.mod file the working directory is the root of a made-up module, whose packages may import each other by relative paths.
 */

import { compareText, decodeText } from '#base/bytes.ts';
import { baseName, cleanPath, cleanRelativePath, parentPath } from '#base/path.ts';
import { FileSet } from '#base/source.ts';
import type { Host } from '#host/host.ts';
import { type LoadedPackage, Loader, type Resolved, type Resolver, StandardResolver } from '#load/loader.ts';
import { isVendoredCommand, matchStandard } from '#load/pattern.ts';
import { type BuildTarget, fileNameMatches } from '#load/target.ts';
import { isToolchain } from '#mod/gover.ts';
import { isStandardPath } from '#mod/import.ts';
import { AmbiguousImportError } from '#mod/import-errors.ts';
import { NoGoError } from '#mod/load-packages.ts';
import { checkImportPath, type Version } from '#mod/module.ts';
import type { ModulePackage } from '#mod/module-package.ts';
import { type Modules, needsFetch } from '#mod/modules.ts';
import { matchesPattern, treeCanMatch } from '#mod/pattern.ts';
import { Environment } from './environment.ts';
import { Gopath, usesGopath } from './gopath.ts';
import { isIgnoredBy, matchBelow } from './module-packages.ts';
import { defaultOptions, type ModuleOptions, openModules } from './modules.ts';
import { hasGoFiles, packageInCache, packageOfDirectory } from './package-directory.ts';
import { absolutePath, findUpwards, isLocalPath, moduleRoot, shortPath } from './paths.ts';
import { type PreparedModules, prepareModules } from './prepare-modules.ts';
import type { KnownImports } from './scan-imports.ts';
import { modulesOfPrograms, type StampOptions, VcsStamps } from './vcs-stamp.ts';

/** The import path of files named on the command line, and of the made-up module. */
export const commandLine = 'command-line-arguments';

/** The newest language version. */
const newest = '1.26';

/** Patterns that are no import paths. */
const metaPackages = new Set(['all', 'std', 'cmd', 'tool', 'work']);

export class Workspace implements Resolver {
  readonly host: Host;
  readonly goroot: string;
  /** The main module's directory and path; the path is "std" or "cmd" in the Go tree. */
  readonly root: string;
  readonly module: string;
  /** There is no go.mod file. */
  readonly isImplicit: boolean;
  /** The working directory is in one of the modules of the Go tree, with modules. */
  readonly isTree: boolean;
  /** "go1.N" of the go line, or the newest. */
  readonly goVersion: string;
  readonly standard: StandardResolver;
  /** GOPATH mode; null with modules. */
  readonly gopath: Gopath | null;
  /** The modules of the build; null without go.mod and in the Go tree. */
  readonly modules: Modules | null;
  /** -x: directories that go.mod keeps patterns from are told. */
  showsIgnored: boolean;
  /** What programs are stamped with; null if they are not. */
  stamps: VcsStamps | null;
  /** What is known of directories from builds before. */
  knownImports: KnownImports | null;
  private prepared: PreparedModules | null;
  private isQuiet: boolean;
  /** The module of each package that was resolved, by import path. */
  private readonly moduleOfPackage: Map<string, Version>;

  /** `rootless`: modules without a go.mod file of their own (versioned-packages.ts). */
  constructor(host: Host, goroot: string, options: ModuleOptions = defaultOptions, rootless: Modules | null = null) {
    this.host = host;
    this.goroot = goroot;
    this.moduleOfPackage = new Map();
    this.showsIgnored = false;
    this.stamps = null;
    this.knownImports = null;
    this.prepared = null;
    this.isQuiet = false;
    this.standard = new StandardResolver(host.files, goroot);
    const here = absolutePath(host, '.');
    const root = rootless !== null ? '' : moduleRoot(host);
    const env = new Environment(host, goroot);
    this.gopath = rootless === null && usesGopath(env, root !== '') ? new Gopath(env, goroot) : null;
    this.root = root === '' ? here : root;
    const text = root === '' || this.gopath !== null ? '' : decodeText(host.files.readFile(`${root}/go.mod`));
    this.module = /^[ \t]*module[ \t]+"?([^\s"]+)/m.exec(text)?.[1] ?? commandLine;
    const version = /^[ \t]*go[ \t]+(1\.\d+)/m.exec(text)?.[1];
    // Without a go line a module is of Go 1.16 (cmd/go: gover.DefaultGoModVersion).
    this.goVersion = version === undefined && root !== '' && this.gopath === null ? 'go1.16' : `go${version ?? newest}`;
    const isTree = this.root === `${goroot}/src` || this.root === `${goroot}/src/cmd`;
    this.isTree = rootless === null && this.gopath === null && isTree;
    this.modules = rootless ?? (this.isTree || this.gopath !== null ? null : openModules(host, goroot, options));
    this.isImplicit = root === '' && this.gopath === null && this.modules === null;
  }

  /** Directories that need not be looked at: packages as they were before. */
  know(before: KnownImports & { has(dir: string): boolean }): void {
    const isKnown = (dir: string): boolean => before.has(dir);
    this.standard.isKnown = isKnown;
    if (this.modules !== null) this.modules.isKnown = isKnown;
    this.knownImports = before;
  }

  /**
   * Lets the module loader find the modules of the packages that a command line means, before they are loaded. Throws what is wrong with modules,
   * also that go.mod would have to change.
   */
  async prepare(target: BuildTarget, args: readonly string[], withTests: boolean): Promise<void> {
    this.prepared ??= await prepareModules(this, target, args, withTests);
  }

  /** After `prepare`: finds out what programs among the named packages are stamped with. */
  async prepareStamps(options: StampOptions): Promise<void> {
    const dirs = [...(this.prepared?.loader.byPath.values() ?? [])].flatMap((p) =>
      p.isRoot && p.dir !== '' && !p.isStandard ? [p.dir] : [],
    );
    // Asked for, stamps are for tests of all packages, too.
    const all = options.stamp === 'true';
    this.stamps = await VcsStamps.of(options, this, modulesOfPrograms(this, dirs, all));
  }

  get readsImportComments(): boolean {
    return this.gopath !== null;
  }

  /** Does something that may warn, without the warnings. */
  quietly<T>(step: () => T): T {
    this.isQuiet = true;
    try {
      return step();
    } finally {
      this.isQuiet = false;
    }
  }

  /** What the module loader found for a pattern that is no directory; null if it was not asked. */
  matchesOf(pattern: string): readonly string[] | null {
    return this.prepared?.matches.get(pattern) ?? null;
  }

  warn(text: string): void {
    if (!this.isQuiet) this.host.stderr(text);
  }

  /** The module of a package outside the standard library; null if it has none. */
  moduleOf(p: { readonly path: string; readonly dir: string; readonly isStandard: boolean }): Version | null {
    // Files that were named are of no module, wherever they are.
    if (p.isStandard || this.modules === null || p.path === commandLine) return null;
    const known = this.moduleOfPackage.get(p.path);
    if (known !== undefined) return known;
    const main = this.modules.moduleOfDirectory(p.dir);
    return main === null ? null : { path: main.path, version: '' };
  }

  /** The directory that a package's import path starts in: of its module, of GOPATH's entry, of the Go tree. */
  rootOf(p: LoadedPackage): string {
    if (p.isStandard) return this.goroot;
    if (this.gopath !== null) return this.gopath.rootOf(p.dir);
    if (this.isImplicit) return '';
    const m = this.moduleOf(p);
    if (m === null || this.modules === null) return p.dir === '' ? '' : this.root;
    const main = this.modules.mains.find((x) => x.path === m.path && m.version === '');
    if (main !== undefined) return main.dir;
    const dir = this.modules.vendor !== null ? null : this.modules.directoryOf(m);
    return typeof dir === 'string' ? dir : '';
  }

  /** Whether the ignore lines of go.mod keep patterns from a directory; "./" at their start means the module's directory (Go 1.25). */
  isIgnored(dir: string): boolean {
    const main = this.modules?.moduleOfDirectory(dir) ?? null;
    if (main === null) return false;
    const below = dir.slice(main.dir.length + 1);
    const patterns = main.file.ignore.map((i) => i.value);
    return isIgnoredBy(patterns, below);
  }

  /** "go1.N" of a package outside of the standard library: its module's go line says it. */
  languageOf(p: LoadedPackage): string {
    const { modules } = this;
    if (p.path === commandLine && modules !== null) return `go${newest}`;
    const m = modules === null ? null : this.moduleOf(p);
    if (modules === null || m === null) return this.goVersion;
    const version = /^1(\.\d+)?/.exec(modules.goVersionOf(m) || '1.16')?.[0] ?? '1.16';
    return `go${version}`;
  }

  /** The Go version that go.mod or go.work says, for default settings of a program; "" for the newest. */
  settingsVersionOf(p: LoadedPackage): string {
    const { modules } = this;
    // Without modules nothing says a version (cmd/go: gover.DefaultGoModVersion).
    if (modules === null) return this.gopath === null ? '' : '1.16';
    if (!modules.hasRoot) {
      const m = this.moduleOf(p);
      return (m === null ? '' : modules.goVersionOf(m)) || '1.20';
    }
    const work = modules.work?.go?.value ?? '';
    return work || (modules.mains[0]?.file.go?.value ?? '1.16');
  }

  /** The module whose files are in a directory, and where it is; null if it is none of the packages resolved so far. */
  ownerOfDirectory(dir: string): (Version & { readonly dir: string }) | null {
    const { modules } = this;
    if (modules === null) return null;
    const { vendor, vendorDirectory } = modules;
    const vendored = vendor?.packages.get(dir.slice(vendorDirectory.length + 1)) ?? null;
    if (vendored !== null && dir.startsWith(`${vendorDirectory}/`))
      return { ...vendored, dir: `${vendorDirectory}/${vendored.path}` };
    const main = modules.moduleOfDirectory(dir);
    let owner = main === null ? null : { path: main.path, version: '', dir: main.dir };
    // The module cache may lie below a main module: the innermost directory counts.
    for (const m of this.moduleOfPackage.values()) {
      const at = modules.directoryOf(m);
      if (typeof at !== 'string' || (dir !== at && !dir.startsWith(`${at}/`))) continue;
      if (owner === null || at.length > owner.dir.length) owner = { ...m, dir: at };
    }
    return owner;
  }

  /** The import path of a directory; a text starting with "!" says why it has none. */
  pathOf(dir: string): string {
    const source = `${this.goroot}/src`;
    if (dir.startsWith(`${source}/`)) return dir.slice(source.length + 1);
    if (this.gopath !== null) return this.gopath.pathOf(dir);
    const main = this.modules?.moduleOfDirectory(dir) ?? null;
    if (main !== null) return `${main.path}${dir.slice(main.dir.length)}`;
    const isOwn = this.modules === null || this.modules.work === null;
    if (isOwn && dir === this.root) return this.module;
    if (isOwn && dir.startsWith(`${this.root}/`)) return `${this.module}${dir.slice(this.root.length)}`;
    if (this.isImplicit) return `_${dir}`;
    const cached = this.modules === null ? '' : packageInCache(this.modules, dir);
    if (cached !== '') return cached;
    return `!${this.outside(dir)}`;
  }

  /** Why a directory has no import path (modload, resolveLocalPackage). */
  private outside(dir: string): string {
    const short = shortPath(this.host, dir);
    const what = short === '.' ? 'current directory' : `directory ${short}`;
    if (this.modules === null || this.modules.work === null)
      return `${what} outside main module or its selected dependencies`;
    const module = findUpwards(this.host, dir, 'go.mod');
    if (module === '') return `${what} outside modules listed in go.work or their selected dependencies`;
    return `${what} is contained in a module that is not one of the workspace modules listed in go.work. You can add the module to the workspace using:\n\tgo work use ${shortPath(this.host, module)}`;
  }

  resolve(importPath: string, from: LoadedPackage | null): Resolved | string {
    this.host.progress.show('load', 0, 0, importPath);
    const found = this.find(importPath, from);
    if (from === null || from.isStandard) return found;
    const vendor = /(?:^|\/)vendor\/(.*)$/s.exec(importPath);
    if (typeof found === 'string') return vendor !== null ? `${importPath} must be imported as ${vendor[1]}` : found;
    if (found.isStandard && /^(cmd\/)?vendor\//.test(found.path))
      return { ...found, notAllowed: 'use of vendored package not allowed' };
    if (vendor !== null && !found.isStandard)
      return { ...found, notAllowed: `!${importPath} must be imported as ${vendor[1]}` };
    return isAllowed(found, this.modules !== null && !found.isStandard, from, this.importerPath(from))
      ? found
      : { ...found, notAllowed: `use of internal package ${found.path} not allowed` };
  }

  /** The path that decides which internal packages may be imported: external tests have that of the package they test. */
  private importerPath(from: LoadedPackage): string {
    if (from.path === commandLine) return this.pathOf(from.dir);
    const path = from.path.endsWith('_test') ? from.path.slice(0, -'_test'.length) : '';
    return path !== '' && path === this.pathOf(from.dir) ? path : from.path;
  }

  private find(importPath: string, from: LoadedPackage | null): Resolved | string {
    if (from === null && importPath.includes('@') && !importPath.startsWith('_/'))
      return `package ${importPath}: can only use path@version syntax with 'go get' and 'go install' in module-aware mode`;
    if (from !== null && !from.isStandard && metaPackages.has(importPath) && this.gopath === null)
      return `"${importPath}" is not an importable package; see 'go help packages'`;
    if (this.gopath !== null) return this.gopath.resolve(importPath, from);
    if (from?.isStandard === true) return this.standard.resolve(importPath, from);
    if (/^\.\.?(\/|$)/.test(importPath) && from !== null) {
      if (!this.isImplicit)
        return `"${importPath}" is relative, but relative import paths are not supported in module mode`;
      const dir = absolutePath(this.host, `${from.dir}/${importPath}`);
      return { path: this.pathOf(dir), dir, isStandard: false };
    }
    if (importPath.startsWith('_/')) return { path: importPath, dir: importPath.slice(1), isStandard: false };
    const wrong = from === null && this.isImplicit && importPath !== this.module ? checkImportPath(importPath) : null;
    if (wrong !== null) return wrong.message;
    const standard = this.standard.resolve(importPath, from);
    // A module may have a package that the standard library has, too.
    const known = this.prepared?.loader.byPath.get(importPath)?.error;
    if (typeof standard !== 'string') return known instanceof AmbiguousImportError ? known.message : standard;
    if (this.modules !== null) return this.provided(this.modules, importPath, standard);
    if (importPath === this.module) return { path: importPath, dir: this.root, isStandard: false };
    const own = importPath.startsWith(`${this.module}/`) ? `${this.root}${importPath.slice(this.module.length)}` : '';
    if (own !== '' && this.isDirectory(own)) return { path: importPath, dir: own, isStandard: false };
    if (own !== '' && !this.isImplicit) return `package ${importPath} is not in ${this.module} (${own})`;
    const vendored = `${this.root}/vendor/${importPath}`;
    if (this.isDirectory(vendored)) return { path: importPath, dir: vendored, isStandard: false };
    if (!importPath.split('/')[0].includes('.')) return standard;
    return `no required module provides package ${importPath}: go.mod file not found in current directory or any parent directory; see 'go help modules'`;
  }

  private provided(modules: Modules, importPath: string, notStandard: string): Resolved | string {
    const known = this.prepared?.loader.byPath.get(importPath);
    if (known !== undefined && (known.dir !== '' || known.error !== null)) return this.asLoaded(known);
    // Nobody needs what was not loaded: tests of packages that were not named, in lists.
    if (this.prepared !== null) return 'cannot find package';
    // Tools that look into the stages do not ask the module loader: what is in the cache has to do.
    const found = modules.provider(importPath);
    if (found === needsFetch) return `module providing package ${importPath} has to be fetched`;
    if (typeof found === 'string') return isStandardPath(importPath) ? notStandard : found;
    this.moduleOfPackage.set(importPath, found.module);
    return { path: importPath, dir: found.dir, isStandard: false };
  }

  /** What the module loader says of a package. */
  private asLoaded(p: ModulePackage): Resolved | string {
    if (p.dir === '') return p.error?.message ?? '';
    if (p.module !== null) this.moduleOfPackage.set(p.path, p.module);
    const found = { path: p.path, dir: p.dir, isStandard: p.isStandard };
    return p.error === null || p.error instanceof NoGoError ? found : { ...found, wrong: p.error.message };
  }

  private isDirectory(path: string): boolean {
    return this.host.files.stat(path)?.isDirectory === true;
  }
}

/**
 * Packages below a directory "internal" can only be imported from below its parent: of packages in modules their import paths tell, since modules
 * may lie anywhere (golang.org/x/tools/gopls is a module of its own that imports golang.org/x/tools/internal/...); otherwise their directories.
 */
function isAllowed(to: Resolved, toModule: boolean, from: LoadedPackage, fromPath: string): boolean {
  const parts = to.path.split('/');
  const at = parts.lastIndexOf('internal');
  if (at < 0) return true;
  const depth = parts.length - at;
  const parent = (toModule ? parts : to.dir.split('/')).slice(0, -depth).join('/');
  return isBelow(toModule ? fromPath : from.dir, parent);
}

function isBelow(path: string, parent: string): boolean {
  return parent === '' || path === parent || path.startsWith(`${parent}/`);
}

/**
 * The pattern "all": with modules the packages of the main modules, what they import, and what their tests import, with all that those need;
 * in GOPATH mode every package there is.
 */
function matchAll(ws: Workspace, t: BuildTarget): string[] {
  const { files } = ws.host;
  const own: string[] = [];
  if (ws.gopath !== null) {
    const paths = [...matchStandard(files, ws.goroot, 'std', t), ...matchStandard(files, ws.goroot, 'cmd', t)];
    for (const r of ws.gopath.roots)
      if (files.stat(`${r}/src`) !== null) walk(ws, t, `${r}/src`, own, (dir) => dir !== `${r}/src`);
    return [...paths, ...own];
  }
  for (const dir of ws.modules === null ? [ws.root] : ws.modules.mains.map((m) => m.dir)) walk(ws, t, dir, own);
  const loader = new Loader(files, new FileSet(), t, ws, true);
  const list: string[] = [];
  const seen = new Set<LoadedPackage>();
  const visit = (p: LoadedPackage): void => {
    if (seen.has(p)) return;
    seen.add(p);
    for (const q of [...p.imports.values(), ...p.implicit]) visit(q);
    // The linker's needs are nobody's imports.
    list.push(p.path);
    if (p.usesUnsafe) list.push('unsafe');
  };
  const roots: LoadedPackage[] = [];
  own.push(...(ws.modules?.mains ?? []).flatMap((m) => m.file.tool.map((w) => w.value)));
  for (const path of own) {
    const p = loader.load(path);
    if (p === null) continue;
    roots.push(p);
    for (const f of [...p.files.testGoFiles, ...p.files.xTestGoFiles])
      for (const i of f.imports) {
        const q = i === 'C' ? null : loader.loadFor(p, i, 0, p.path);
        if (q !== null && !roots.includes(q)) roots.push(q);
      }
  }
  for (const p of roots) visit(p);
  return [...new Set(list)].filter((p) => p !== 'C').sort(compareText);
}

/** What an argument means. */
export interface Match {
  readonly pattern: string;
  readonly paths: readonly string[];
  /** Why it means nothing, or "". */
  readonly problem: string;
}

/** Loads what the arguments mean ("." if there are none): files of one directory, or packages. Problems are reported by the loader. */
export function loadPackages(ws: Workspace, loader: Loader, args: readonly string[]): LoadedPackage[] {
  const list: LoadedPackage[] = [];
  const add = (p: LoadedPackage | null): void => {
    if (p !== null && !list.includes(p)) list.push(p);
  };
  const fail = (message: string): void => void loader.errors.push({ pos: 0, message, code: '', soft: false });
  if (namesFiles(ws, args)) {
    add(loadFiles(ws, loader, args, fail));
    return list;
  }
  for (const m of matchArguments(ws, loader.target, args)) {
    if (m.problem !== '') fail(m.problem);
    const isWild = m.pattern === 'std' || m.pattern === 'cmd' || m.pattern.includes('...');
    for (const path of m.paths) {
      const before = loader.errors.length;
      add(loader.load(path));
      // A pattern leaves out directories that only have test files.
      if (
        isWild &&
        loader.errors.length > before &&
        /no (non-test )?Go files in |build constraints exclude all Go files/.test(loader.errors.at(-1)?.message ?? '')
      )
        loader.errors.pop();
    }
  }
  const vendored = new Set(args.filter((a) => a === 'cmd'));
  return vendored.size === 0 ? list : list.filter((p) => !isVendoredCommand(p.path, p.name));
}

/** An argument that ends in .go may also be a directory or an import path: it names a file if there is one (or nothing else there). */
export function namesFiles(ws: Workspace, args: readonly string[]): boolean {
  return args.some((a) => {
    if (!a.endsWith('.go')) return false;
    const info = ws.host.files.stat(a);
    return info === null ? /^[^./]/.test(a) && !a.includes('/') : !info.isDirectory;
  });
}

export function loadFiles(
  ws: Workspace,
  loader: Loader,
  args: readonly string[],
  fail: (message: string) => void,
): LoadedPackage | null {
  const paths = args.map((a) => absolutePath(ws.host, a));
  const other = args.find((a) => !a.endsWith('.go'));
  const missing = args.find((_, i) => ws.host.files.stat(paths[i]) === null);
  const directory = args.find((_, i) => ws.host.files.stat(paths[i])?.isDirectory === true);
  const dir = parentPath(paths[0]);
  const stray = args.find((_, i) => parentPath(paths[i]) !== dir);
  if (other !== undefined) fail(`named files must be .go files: ${other}`);
  else if (missing !== undefined) fail(missingFile(ws, args, missing));
  else if (directory !== undefined) fail(`${directory} is a directory, should be a Go file`);
  else if (stray !== undefined)
    fail(`named files must all be in one directory; have ${directoryName(args[0])} and ${directoryName(stray)}`);
  else return loader.loadFiles(commandLine, ws.gopath?.named(dir) ?? dir, paths.map(baseName));
  return null;
}

/** As filepath.Dir shows it. */
function directoryName(path: string): string {
  return cleanRelativePath(path.includes('/') ? parentPath(path) : '.');
}

/** If any of the files is there, they are all files; else the argument is taken for an import path. */
function missingFile(ws: Workspace, args: readonly string[], missing: string): string {
  if (args.some((a) => ws.host.files.stat(a) !== null)) return `stat ${missing}: no such file or directory`;
  if (ws.isImplicit)
    return `no required module provides package ${missing}: go.mod file not found in current directory or any parent directory; see 'go help modules'`;
  return `no required module provides package ${missing}; to add it:\n\tgo get ${missing}`;
}

/** An argument in its shortest form, but for "./" at its start (cmd/go/internal/search, CleanPatterns). */
export function cleanPattern(argument: string): string {
  const at = isLocalPath(argument) ? -1 : argument.indexOf('@');
  const path = at < 0 ? argument : argument.slice(0, at);
  const version = at < 0 ? '' : argument.slice(at);
  if (path.startsWith('/')) return cleanPath(path) + version;
  // Import paths are accepted as Windows would write paths.
  const slashed = path.replaceAll('\\', '/');
  const clean = cleanRelativePath(slashed);
  return (slashed.startsWith('./') && clean !== '.' ? `./${clean}` : clean) + version;
}

export function matchArguments(ws: Workspace, t: BuildTarget, args: readonly string[]): Match[] {
  return (args.length === 0 ? ['.'] : args).map((a) => matchArgument(ws, t, a));
}

function matchArgument(ws: Workspace, t: BuildTarget, argument: string): Match {
  const pattern = cleanPattern(argument);
  const { files } = ws.host;
  const isPath = isLocalPath(pattern);
  const found = (paths: readonly string[]): Match => ({ pattern, paths, problem: '' });
  if (pattern === 'std' || pattern === 'cmd') return found(matchStandard(files, ws.goroot, pattern, t));
  const known = ws.matchesOf(pattern);
  if (known !== null) return warnIfEmpty(ws, pattern, known);
  if (pattern === 'all') return found(matchAll(ws, t));
  if (pattern === 'tool' && ws.modules !== null) {
    const tools = ws.modules.mains.flatMap((m) => m.file.tool.map((w) => w.value)).sort(compareText);
    if (tools.length === 0) ws.warn('go: warning: "tool" matched no packages\n');
    return found(tools);
  }
  if (pattern === 'work' && ws.modules !== null) {
    const own: string[] = [];
    for (const m of ws.modules.mains) walk(ws, t, m.dir, own);
    return warnIfEmpty(ws, pattern, own);
  }
  if (!pattern.includes('...')) {
    if (!isPath) return found([pattern]);
    const given = absolutePath(ws.host, pattern);
    const dir = ws.gopath?.named(given) ?? given;
    if (dir === `${ws.goroot}/src/builtin`)
      return { pattern, paths: [], problem: '"builtin" is a pseudo-package, not an importable package' };
    if (ws.modules === null && files.stat(dir)?.isDirectory !== true)
      return { pattern, paths: [], problem: `stat ${dir}: directory not found` };
    if (ws.isTree && !hasGoFiles(ws.host, dir)) return { pattern, paths: [], problem: `no Go files in ${dir}` };
    if (ws.isTree && dir === `${ws.goroot}/src`)
      return { pattern, paths: [], problem: 'GOROOT/src is not an importable package' };
    const path = ws.modules === null ? ws.pathOf(dir) : packageOfDirectory(ws.modules, ws.goroot, dir);
    return path.startsWith('!') ? { pattern, paths: [], problem: path.slice(1) } : found([path]);
  }
  if (isPath) return matchBelowDirectory(ws, t, pattern);
  const matches = patternRegExp(pattern);
  const standard = [
    ...matchStandard(files, ws.goroot, 'std', t),
    ...(pattern.startsWith('cmd/')
      ? matchStandard(files, ws.goroot, 'cmd', t).filter((p) => !p.startsWith('cmd/vendor/'))
      : []),
  ];
  const own: string[] = [];
  const below = (dir: string): boolean => {
    const path = ws.pathOf(dir);
    return path.startsWith('!') || matchesPattern(pattern, path);
  };
  if (ws.modules !== null) own.push(...matchInModules(ws, t, ws.modules, pattern));
  else if (ws.isTree) walk(ws, t, ws.root, own, (dir) => dir !== `${ws.goroot}/src`, true);
  else if (ws.gopath === null) walk(ws, t, ws.root, own, undefined, true);
  else
    for (const r of ws.gopath.roots)
      if (files.stat(`${r}/src`) !== null) walk(ws, t, `${r}/src`, own, below, true, pattern.includes('vendor'));
  return warnIfEmpty(
    ws,
    pattern,
    [...standard, ...own].filter((p) => (ws.gopath === null ? matches.test(p) : matchesPattern(pattern, p))),
  );
}

/** Packages of the modules of the build; those that have to be fetched first are noted. */
function matchInModules(ws: Workspace, t: BuildTarget, modules: Modules, pattern: string): string[] {
  const own: string[] = [];
  for (const main of modules.mains) if (main.dir !== '' && treeCanMatch(pattern, main.path)) walk(ws, t, main.dir, own);
  if (modules.vendor !== null) {
    for (const path of modules.vendor.packages.keys()) if (matchesPattern(pattern, path)) own.push(path);
    return own;
  }
  const graph = modules.graph();
  if (graph === needsFetch) return own;
  for (const m of graph.dependencies()) {
    if (isToolchain(m.path) || !treeCanMatch(pattern, m.path)) continue;
    const dir = modules.directoryOf(m);
    if (typeof dir === 'string') own.push(...matchBelow(ws.host, dir, m.path, modules.isLocal(m), pattern));
  }
  return own;
}

function matchBelowDirectory(ws: Workspace, t: BuildTarget, pattern: string): Match {
  const fixed =
    pattern.slice(0, pattern.indexOf('...')).replace(/\/?[^/]*$/, '') || (pattern.startsWith('/') ? '/' : '.');
  const top = absolutePath(ws.host, fixed);
  if (ws.host.files.stat(top)?.isDirectory !== true)
    return { pattern, paths: [], problem: `pattern ${pattern}: lstat ${fixed}: no such file or directory` };
  const { modules } = ws;
  const inWork = modules !== null && modules.work !== null;
  // A directory above the modules of go.work has none of their packages, though it holds their directories.
  if (inWork && modules.moduleOfDirectory(top) === null && !top.startsWith(`${ws.goroot}/src`))
    return {
      pattern,
      paths: [],
      problem: `pattern ${pattern}: directory prefix ${fixed} does not contain modules listed in go.work or their selected dependencies`,
    };
  const inside = modules?.moduleOfDirectory(top) ?? null;
  // Directories of the module cache may lie below the main module's.
  if (modules !== null && inside !== null && top.slice(inside.dir.length).includes('@'))
    return { pattern, paths: [], problem: packageOfDirectory(modules, ws.goroot, top).replace(/^!/, '') };
  const path = ws.pathOf(top);
  if (path.startsWith('!'))
    return {
      pattern,
      paths: [],
      problem: `pattern ${pattern}: directory prefix ${fixed} does not contain main module or its selected dependencies`,
    };
  const matches = patternRegExp(absolutePath(ws.host, pattern));
  const dirs: string[] = [];
  // "builtin" only documents what is predeclared; files of GOROOT/src itself are in no package.
  const none = [`${ws.goroot}/src/builtin`, ...(ws.isTree ? [`${ws.goroot}/src`] : [])];
  walk(ws, t, top, dirs, (dir) => matches.test(dir) && !none.includes(dir));
  return warnIfEmpty(ws, pattern, dirs);
}

function warnIfEmpty(ws: Workspace, pattern: string, paths: readonly string[]): Match {
  if (paths.length === 0) ws.warn(`go: warning: "${pattern}" matched no packages\n`);
  return { pattern, paths, problem: '' };
}

/** "..." stands for any text; "/..." at the end also for nothing. */
export function patternRegExp(pattern: string): RegExp {
  const source = pattern.replace(/[\\^$*+?()[\]{}|]/g, '\\$&');
  const escaped = source.split('...').map((s) => s.replaceAll('.', '\\.'));
  return new RegExp(`^${escaped.join('.*').replace(/\/\.\*$/, '(/.*)?')}$`, 's');
}

/** Import paths of the packages at and below a directory of a module. */
function walk(
  ws: Workspace,
  t: BuildTarget,
  dir: string,
  found: string[],
  wanted: (dir: string) => boolean = () => true,
  warns = false,
  entersVendor = false,
): void {
  const entries = ws.host.files.readDirectory(dir);
  const isGo = (name: string): boolean => name.endsWith('.go') && !/^[_.]/.test(name) && fileNameMatches(t, name);
  if (wanted(dir) && entries.some((e) => !e.isDirectory && isGo(e.name))) found.push(ws.pathOf(dir));
  for (const e of entries) {
    if (e.isDirectory && e.isSymlink && warns) ws.warn(`warning: ignoring symlink ${dir}/${e.name}\n`);
    if (!e.isDirectory || e.isSymlink || e.name === 'testdata' || /^[_.]/.test(e.name)) continue;
    const below = dir === '/' ? `/${e.name}` : `${dir}/${e.name}`;
    if (e.name === 'vendor' && !entersVendor) {
      // A package may have that name; what is below belongs to other modules.
      const hasGo =
        ws.gopath === null && ws.host.files.readDirectory(below).some((x) => !x.isDirectory && isGo(x.name));
      if (hasGo && wanted(below)) found.push(ws.pathOf(below));
      continue;
    }
    if (ws.isIgnored(below)) {
      if (ws.showsIgnored) ws.warn(`# ignoring directory ${below}\n`);
      continue;
    }
    // Another module.
    if (ws.gopath !== null || ws.host.files.stat(`${below}/go.mod`)?.isDirectory !== false)
      walk(ws, t, below, found, wanted, warns, entersVendor);
  }
}
