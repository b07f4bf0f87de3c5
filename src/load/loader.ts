/**
 * Packages and everything they import, in dependency order. Import paths are resolved by a Resolver (the standard tree here;
 * modules and GOPATH bring their own); standard packages find golang.org/x/... in GOROOT/src/vendor.
 */

import { compareText } from '#base/bytes.ts';
import type { Diagnostic } from '#base/diagnostic.ts';
import { baseName } from '#base/path.ts';
import type { FileSet, Pos } from '#base/source.ts';
import type { Files } from '#host/host.ts';
import {
  emptyPackageFiles,
  type GoFile,
  isValidImport,
  type PackageFiles,
  readPackageFiles,
  readSources,
} from './package-files.ts';
import type { PackageIndex } from './package-index.ts';
import { defaultPie, internalLinkPieSupported, mustLinkExternal } from './platforms.ts';
import type { BuildTarget } from './target.ts';

/** Why a package cannot be used: it is not there, or cannot be imported as it is (cmd/go/internal/load, PackageError). */
export interface Problem {
  readonly pos: Pos;
  readonly message: string;
  /** From the package asked for to the one with the problem. */
  readonly stack: readonly string[];
  /** What the command prints for it. */
  readonly diagnostic: Diagnostic;
}

/** The code of diagnostics whose message tells the import stack; `stackPlace` stands where the position belongs. */
export const stackCode = 'import stack';
export const stackPlace = '\0';

export class LoadedPackage {
  readonly path: string;
  readonly dir: string;
  readonly files: PackageFiles;
  /** In GOROOT. */
  readonly isStandard: boolean;
  /** By the path as written in the source; without "C" and "unsafe". */
  readonly imports: Map<string, LoadedPackage>;
  /** What cgo and the linker need besides (go list's Deps tells them, Imports does not). */
  readonly implicit: LoadedPackage[];
  /** Imports "unsafe", itself or through cgo. */
  usesUnsafe: boolean;
  problem: Problem | null;

  constructor(path: string, dir: string, files: PackageFiles, isStandard: boolean) {
    this.path = path;
    this.dir = dir;
    this.files = files;
    this.isStandard = isStandard;
    this.imports = new Map();
    this.implicit = [];
    this.usesUnsafe = false;
    this.problem = null;
  }

  get name(): string {
    return this.files.name;
  }
}

export interface Resolved {
  readonly path: string;
  readonly dir: string;
  readonly isStandard: boolean;
  /** Why the package is there, but must not be imported. */
  readonly notAllowed?: string;
  /** Why the package is there, but cannot be used by anybody. */
  readonly wrong?: string;
}

export interface TestedPackages {
  /** All files of the directory, test files apart. */
  readonly files: PackageFiles;
  /** With its own test files; null if it has no files but those of external tests. */
  readonly tested: LoadedPackage | null;
  /** The external tests, of the package path_test. */
  readonly external: LoadedPackage | null;
}

export interface Resolver {
  /** Where an import leads; a text is the reason why nowhere. */
  resolve(importPath: string, from: LoadedPackage | null): Resolved | string;
  /** Packages have to be imported by the paths that their import comments tell (GOPATH mode). */
  readonly readsImportComments?: boolean;
}

/** Resolves the standard library. */
export class StandardResolver implements Resolver {
  private readonly files: Files;
  readonly goroot: string;
  /** By vendor directory and import path. */
  private readonly known: Map<string, Resolved | string>;
  /** Tells of directories that need not be looked at: they are those of packages, as they were before. */
  isKnown: (dir: string) => boolean;

  constructor(files: Files, goroot: string) {
    this.files = files;
    this.goroot = goroot;
    this.known = new Map();
    this.isKnown = () => false;
  }

  resolve(importPath: string, from: LoadedPackage | null): Resolved | string {
    const root = from?.isStandard === true ? vendorRoots(from.path)[0] : '-';
    const key = `${root} ${importPath}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const r = this.lookUp(importPath, from);
    this.known.set(key, r);
    return r;
  }

  private lookUp(importPath: string, from: LoadedPackage | null): Resolved | string {
    const source = `${this.goroot}/src`;
    if (from?.isStandard === true) {
      for (const base of vendorRoots(from.path)) {
        const path = `${base}vendor/${importPath}`;
        const dir = `${source}/${path}`;
        if (this.files.stat(dir)?.isDirectory === true) return { path, dir, isStandard: true };
      }
    }
    const dir = `${source}/${importPath}`;
    const isPackage = this.isKnown(dir) || (this.files.stat(dir)?.isDirectory === true && this.hasGoFiles(dir));
    if (isPackage) return { path: importPath, dir, isStandard: true };
    return `package ${importPath} is not in std (${dir})`;
  }

  private hasGoFiles(dir: string): boolean {
    return this.files.readDirectory(dir).some((f) => f.name.endsWith('.go'));
  }
}

/** cmd has a vendor directory of its own, searched first. */
function vendorRoots(path: string): readonly string[] {
  return path === 'cmd' || path.startsWith('cmd/') ? ['cmd/'] : [''];
}

export class Loader {
  readonly files: Files;
  readonly fileSet: FileSet;
  readonly target: BuildTarget;
  private readonly resolver: Resolver;
  /** By import path; null while it is being loaded. */
  private readonly packages: Map<string, LoadedPackage>;
  private readonly stack: LoadedPackage[];
  /** The file that imports each package of the stack; "" of the first. */
  private readonly importers: string[];
  /** Import paths by their small letters. */
  private readonly folded: Map<string, string>;
  /** The import path of the package that is loaded together with its test files, or "". */
  private tested: string;
  /** Finished packages, each after everything it imports. */
  readonly ordered: LoadedPackage[];
  readonly errors: Diagnostic[];
  /** Packages that were asked for and have no file that is built. */
  readonly excluded: LoadedPackage[];
  /** The package that each error is found in; errors of what was asked for by itself are in none. */
  readonly owners: Map<Diagnostic, LoadedPackage>;
  /** Other packages that have the same error, which is told once. */
  readonly sharers: Map<Diagnostic, readonly LoadedPackage[]>;
  /** The import paths of packages with problems, by what is told of them. */
  readonly problemPaths: Map<Diagnostic, string>;
  /** Read test files, too; and of Go files no more than their imports. Both for listing packages. */
  readonly withTests: boolean;
  readonly importsOnly: boolean;
  readonly readsImportComments: boolean;
  /** What is known of packages from before; not for listings. */
  index: PackageIndex | null;

  constructor(files: Files, fileSet: FileSet, target: BuildTarget, resolver: Resolver, listing = false) {
    this.files = files;
    this.fileSet = fileSet;
    this.target = target;
    this.resolver = resolver;
    this.packages = new Map();
    this.stack = [];
    this.importers = [];
    this.folded = new Map();
    this.tested = '';
    this.ordered = [];
    this.errors = [];
    this.excluded = [];
    this.owners = new Map();
    this.sharers = new Map();
    this.problemPaths = new Map();
    this.withTests = listing;
    this.importsOnly = listing;
    this.readsImportComments = resolver.readsImportComments === true;
    this.index = null;
  }

  find(path: string): LoadedPackage | null {
    return this.packages.get(path) ?? null;
  }

  /** Loads an import path and what it needs; null (and an error) if that fails. */
  load(importPath: string): LoadedPackage | null {
    const resolved = this.resolver.resolve(importPath, null);
    if (typeof resolved === 'string') {
      this.report(0, resolved);
      return null;
    }
    return this.loadResolved(resolved, 0);
  }

  /** A package made of the given files of a directory ("command-line-arguments"). */
  loadFiles(path: string, dir: string, names: readonly string[]): LoadedPackage {
    const files = readPackageFiles(this, dir, this.withTests, new Set(names));
    const p = new LoadedPackage(path, dir, files, false);
    const tests = files.testGoFiles.length + files.xTestGoFiles.length;
    if (files.goFiles.length + files.cgoFiles.length + tests + files.errors.length === 0)
      this.failStack(p, [path], 0, `build constraints exclude all Go files in ${dir}`);
    return this.finish(p);
  }

  /** A package in a directory outside the standard tree. */
  loadDirectory(path: string, dir: string): LoadedPackage {
    return this.finish(new LoadedPackage(path, dir, readPackageFiles(this, dir, this.withTests), false));
  }

  /** A package made of exactly these Go files: whoever names them has looked at build constraints. */
  loadSources(at: Resolved, paths: readonly string[]): LoadedPackage {
    return this.finish(new LoadedPackage(at.path, at.dir, readSources(this, at.dir, paths), at.isStandard));
  }

  /**
   * The packages of a test binary; whoever imports the package gets it with its test files. `files` are those named on the command
   * line, or null. What is wrong is an error.
   */
  loadTested(at: Resolved, files: readonly string[] | null): TestedPackages {
    this.tested = at.path;
    const all = readPackageFiles(this, at.dir, true, files === null ? null : new Set(files));
    const own: PackageFiles = {
      ...all,
      goFiles: [...all.goFiles, ...all.testGoFiles],
      testGoFiles: [],
      xTestGoFiles: [],
    };
    const isEmpty = own.goFiles.length + own.cgoFiles.length === 0;
    const tested = isEmpty ? null : this.finish(new LoadedPackage(at.path, at.dir, own, at.isStandard));
    if (all.xTestGoFiles.length === 0) return { files: all, tested, external: null };
    const outside: PackageFiles = {
      ...emptyPackageFiles(at.dir),
      name: `${all.name}_test`,
      goFiles: all.xTestGoFiles,
    };
    const external = this.finish(new LoadedPackage(`${at.path}_test`, at.dir, outside, at.isStandard));
    return { files: all, tested, external };
  }

  /** What a package's test file imports; null (and an error) if it leads nowhere. `tests` is how the import stack names the tests. */
  loadFor(p: LoadedPackage, path: string, pos: Pos, tests: string): LoadedPackage | null {
    const resolved = this.resolver.resolve(path, p);
    if (typeof resolved === 'string') {
      this.report(pos, resolved);
      return null;
    }
    const q = this.loadResolved(resolved, pos);
    const { notAllowed } = resolved;
    if (q === null || notAllowed === undefined) return q;
    if (notAllowed.startsWith('!')) this.report(pos, notAllowed.slice(1));
    else this.report(pos, `package ${tests}${stackPlace}: ${notAllowed}`, stackCode);
    return null;
  }

  /** What a file of tests imports under a path, for listings: where that leads nowhere a package with the problem. */
  loadTestImport(p: LoadedPackage, files: readonly GoFile[], path: string): LoadedPackage | null {
    if (path === 'unsafe') return this.load(path);
    const resolved = this.resolver.resolve(path, p);
    const pos = importPosition(files, path);
    const isThere =
      typeof resolved !== 'string' &&
      (this.packages.has(resolved.path) || this.files.stat(resolved.dir)?.isDirectory === true);
    // What tests import may import the package itself, so that it is not on the stack.
    if (isThere) return this.loadResolved(resolved, pos);
    const known = this.packages.get(path);
    if (known !== undefined) return known;
    const missing = new LoadedPackage(path, '', emptyPackageFiles(''), false);
    this.stack.push(p);
    this.fail(
      missing,
      pos,
      typeof resolved === 'string' ? resolved : `package ${path} is not in std (${resolved.dir})`,
    );
    this.placeholder(missing);
    this.stack.pop();
    return missing;
  }

  /** Forgets finished packages, and all errors. */
  forget(chosen: (p: LoadedPackage) => boolean): void {
    for (const [path, p] of this.packages) if (chosen(p)) this.packages.delete(path);
    const rest = this.ordered.filter((p) => !chosen(p));
    this.ordered.splice(0, this.ordered.length, ...rest);
    this.stack.length = 0;
    this.importers.length = 0;
    this.errors.length = 0;
    this.owners.clear();
    this.sharers.clear();
  }

  private loadResolved(r: Resolved, pos: Pos): LoadedPackage | null {
    const known = this.packages.get(r.path);
    if (known !== undefined) {
      if (this.stack.includes(known)) {
        this.reportCycle(known, pos);
        return this.importsOnly ? known : null;
      }
      return known;
    }
    const files = this.index?.find(this, r.dir) ?? readPackageFiles(this, r.dir, this.withTests);
    this.index?.note(files);
    const tests = files.testGoFiles.length + files.xTestGoFiles.length;
    if (
      files.goFiles.length + files.cgoFiles.length + tests === 0 &&
      r.path !== 'unsafe' &&
      files.errors.length === 0
    ) {
      const p = new LoadedPackage(r.path, r.dir, files, r.isStandard);
      this.reportEmpty(p, pos);
      return this.placeholder(p);
    }
    const p = new LoadedPackage(r.path, r.dir, files, r.isStandard);
    if (r.wrong !== undefined) this.fail(p, pos, r.wrong);
    else if (
      files.importComment !== '' &&
      files.importComment !== r.path &&
      !r.isStandard &&
      !r.path.includes('/vendor/')
    )
      this.fail(p, pos, `code in directory ${r.dir} expects import ${JSON.stringify(files.importComment)}`);
    this.checkPath(p, pos);
    return this.finish(p);
  }

  /** A directory without anything to build. */
  private reportEmpty(p: LoadedPackage, pos: Pos): void {
    const hasTests = this.withTests ? p.files : readPackageFiles(this, p.dir, true);
    const stack = [...this.stack.map((q) => q.path), p.path];
    if (this.stack.length === 0) this.excluded.push(p);
    if (p.files.ignoredGoFiles.length > 0)
      this.failStack(p, stack, 0, `build constraints exclude all Go files in ${p.dir}`);
    else if (hasTests.testGoFiles.length + hasTests.xTestGoFiles.length > 0)
      this.fail(p, 0, `${p.path}: no non-test Go files in ${p.dir}`);
    else if (this.stack.length > 0) this.failStack(p, stack, 0, `no Go files in ${p.dir}`);
    else this.fail(p, pos, `no Go files in ${p.dir}`);
  }

  /** Stands for a package with a problem where packages are listed. */
  private placeholder(p: LoadedPackage): LoadedPackage | null {
    if (!this.importsOnly || this.stack.length === 0) return null;
    this.packages.set(p.path, p);
    this.ordered.push(p);
    return p;
  }

  private finish(p: LoadedPackage): LoadedPackage {
    this.packages.set(p.path, p);
    this.stack.push(p);
    // The tools' lists of files have a line for each.
    if (p.dir.includes('\n'))
      this.failStack(p, this.stackPaths(), 0, `invalid package directory ${JSON.stringify(p.dir)}`);
    if (!p.isStandard) this.checkFileNames(p);
    this.loadImports(p);
    const { goos, goarch, cgo } = this.target;
    if (p.name === 'main' && !cgo && linksExternally(this.target)) {
      const what = mustLinkExternal(goos, goarch) ? `${goos}/${goarch}` : 'default PIE binary';
      this.report(0, `${what} requires external (cgo) linking, but cgo is not enabled`);
    }
    for (const path of implicitImports(p, this.target)) this.loadImplicit(p, path);
    this.stack.pop();
    for (const d of p.files.errors) this.owners.set(d, p);
    this.errors.push(...p.files.errors);
    this.ordered.push(p);
    return p;
  }

  /** In the order of the paths, as the go command does; a path that leads nowhere is told once, where it stands first. */
  private loadImports(p: LoadedPackage): void {
    const list: { path: string; pos: Pos }[] = [];
    for (const f of [...p.files.goFiles, ...p.files.cgoFiles]) {
      f.imports.forEach((path, i) => void list.push({ path, pos: f.importPositions[i] }));
    }
    list.sort((a, b) => compareText(a.path, b.path));
    list.forEach(({ path, pos }, i) => {
      if (path === 'unsafe') p.usesUnsafe = true;
      if (path === 'C' || path === 'unsafe' || (i > 0 && list[i - 1].path === path) || p.imports.has(path)) return;
      this.loadImport(p, path, pos);
    });
  }

  /** Names of files that differ in case only, which some file systems cannot hold apart. */
  private checkFileNames(p: LoadedPackage): void {
    const folded = new Map<string, string>();
    for (const name of fileNames(p.files).sort(compareText)) {
      const other = folded.get(name.toLowerCase());
      if (other !== undefined) {
        const message = `case-insensitive file name collision: ${JSON.stringify(other)} and ${JSON.stringify(name)}`;
        this.failStack(p, this.stackPaths(), 0, message);
        return;
      }
      folded.set(name.toLowerCase(), name);
    }
  }

  /** So with import paths of all packages; `pos` is where the second one is imported. */
  private checkPath(p: LoadedPackage, pos: Pos): void {
    const other = this.folded.get(p.path.toLowerCase());
    if (other === undefined) this.folded.set(p.path.toLowerCase(), p.path);
    else if (other !== p.path) this.fail(p, pos, `case-insensitive import collision: "${p.path}" and "${other}"`);
  }

  private loadImport(p: LoadedPackage, path: string, pos: Pos): void {
    // Reading the file has told it.
    if (!isValidImport(path)) return;
    const resolved = this.resolver.resolve(path, p);
    if (typeof resolved === 'string') {
      this.loadMissing(p, path, pos, resolved);
      if (/^\.\.?(\/|$)/.test(path) && !p.path.startsWith('command-line-arguments'))
        this.failFirst(p, pos, `local import "${path}" in non-local package`);
      return;
    }
    if (!this.packages.has(resolved.path) && this.files.stat(resolved.dir)?.isDirectory !== true) {
      this.loadMissing(p, path, pos, `package ${path} is not in std (${resolved.dir})`);
      return;
    }
    this.importers.push(baseName(this.fileSet.file(pos)?.name ?? ''));
    const imported = this.loadResolved(resolved, pos);
    this.importers.pop();
    if (imported === null) return;
    // Tests outside of a program's package may import it.
    if (imported.name === 'main' && !p.isStandard && imported.dir !== p.dir)
      this.failFirst(p, pos, `import "${path}" is a program, not an importable package`);
    // Some are told with the way to them, others ("!") by their place alone.
    if (resolved.notAllowed?.startsWith('!') === true) this.failFirst(p, pos, resolved.notAllowed.slice(1));
    else if (resolved.notAllowed !== undefined) this.failStack(p, this.stackPaths(), pos, resolved.notAllowed);
    p.imports.set(path, imported);
  }

  /** An import that leads nowhere; told once. */
  private loadMissing(p: LoadedPackage, path: string, pos: Pos, message: string): void {
    const known = this.packages.get(path);
    if (known !== undefined && known.problem !== null) {
      p.imports.set(path, known);
      return;
    }
    const told = this.errors.find((e) => e.message === message);
    if (told !== undefined) {
      this.sharers.set(told, [...(this.sharers.get(told) ?? []), p]);
      return;
    }
    const missing = new LoadedPackage(path, '', emptyPackageFiles(''), false);
    this.fail(missing, pos, message);
    this.checkPath(missing, pos);
    if (this.placeholder(missing) !== null) p.imports.set(path, missing);
  }

  private loadImplicit(p: LoadedPackage, path: string): void {
    const resolved = this.resolver.resolve(path, p);
    if (typeof resolved === 'string') {
      this.report(0, resolved);
      return;
    }
    const q = this.loadResolved(resolved, 0);
    if (q !== null) p.implicit.push(q);
  }

  private stackPaths(): string[] {
    return this.stack.map((q) => q.path);
  }

  private reportCycle(p: LoadedPackage, pos: Pos): void {
    if (p.path === this.tested) {
      const chain = this.stack.slice(this.stack.indexOf(p)).map((q) => q.path);
      this.report(pos, `import cycle not allowed in test: import stack: [${[...chain, p.path].join(' ')}]`);
      return;
    }
    const names = [...this.stack.map((q) => q.path), p.path];
    const lines = names.map((name, i) => (i === 0 ? name : `${name} from ${this.importers[i - 1]}`));
    this.failStack(p, names, 0, 'import cycle not allowed', lines);
  }

  /** Reports a problem of a package; its position is enough to find it. */
  private fail(p: LoadedPackage, pos: Pos, message: string): void {
    const stack = this.stack.map((q) => q.path);
    const diagnostic = this.report(pos, message);
    this.problemPaths.set(diagnostic, p.path);
    p.problem ??= { pos, message, stack, diagnostic };
  }

  /** Of imports that are not allowed a package tells the first. */
  private failFirst(p: LoadedPackage, pos: Pos, message: string): void {
    if (p.problem === null) this.fail(p, pos, message);
  }

  /** Reports a problem that is told with the way to the package. */
  private failStack(
    p: LoadedPackage,
    stack: readonly string[],
    pos: Pos,
    message: string,
    lines: readonly string[] = stack,
  ): void {
    if (p.problem !== null) return;
    const diagnostic = this.report(
      pos,
      `package ${lines.join('\n\timports ')}${pos === 0 ? '' : stackPlace}: ${message}`,
      stackCode,
    );
    this.problemPaths.set(diagnostic, p.path);
    p.problem = { pos, message, stack, diagnostic };
  }

  private report(pos: Pos, message: string, code = ''): Diagnostic {
    const d: Diagnostic = { pos, message, code, soft: false };
    this.errors.push(d);
    const owner = this.stack.at(-1);
    if (owner !== undefined) this.owners.set(d, owner);
    return d;
  }
}

function fileNames(f: PackageFiles): string[] {
  const go = [...f.goFiles, ...f.cgoFiles, ...f.testGoFiles, ...f.xTestGoFiles].map((g) => g.name);
  const other = [
    f.cFiles,
    f.cxxFiles,
    f.mFiles,
    f.hFiles,
    f.fFiles,
    f.sFiles,
    f.swigFiles,
    f.swigCxxFiles,
    f.sysoFiles,
  ];
  return [...go, ...f.ignoredGoFiles, ...f.ignoredOtherFiles, ...other.flat()];
}

/** Where the path is imported; 0 if nowhere. */
function importPosition(files: readonly GoFile[], path: string): Pos {
  for (const f of files) {
    const i = f.imports.indexOf(path);
    if (i >= 0) return f.importPositions[i];
  }
  return 0;
}

/** The runtime parts that cgo itself is built from do not import it. */
const cgoRuntime = new Set(['runtime/cgo']);
const noSyscall = new Set(['runtime/cgo', 'runtime/race', 'runtime/msan', 'runtime/asan']);

/** Packages that no import names: those of translated cgo files, and those that the linker adds to programs (cmd/go load, LinkerDeps). */
function implicitImports(p: LoadedPackage, t: BuildTarget): string[] {
  const list: string[] = [];
  const usesSwig = p.files.swigFiles.length + p.files.swigCxxFiles.length > 0 && t.cgo;
  if (p.files.cgoFiles.length > 0 || usesSwig) {
    p.usesUnsafe = true;
    if (!(p.isStandard && cgoRuntime.has(p.path))) list.push('runtime/cgo');
    if (!(p.isStandard && noSyscall.has(p.path))) list.push('syscall');
    if (usesSwig) list.push('sync');
  }
  if (p.name === 'main') list.push(...linkerDependencies(t));
  return list.filter((path) => !p.imports.has(path));
}

/** What the linker adds to programs (cmd/go load, LinkerDeps). */
export function linkerDependencies(t: BuildTarget): string[] {
  const list = ['runtime'];
  if (t.cgo && linksExternally(t)) list.push('runtime/cgo');
  if (t.goarch === 'arm') list.push('math');
  return list;
}

/** Whether executables of a target are linked by the system's linker, so that they need runtime/cgo. */
function linksExternally(t: BuildTarget): boolean {
  if (mustLinkExternal(t.goos, t.goarch)) return true;
  return defaultPie(t.goos) && !internalLinkPieSupported(t.goos, t.goarch);
}

/** Everything a package needs, itself not included. */
export function dependenciesOf(p: LoadedPackage): Set<LoadedPackage> {
  const seen = new Set<LoadedPackage>();
  const visit = (q: LoadedPackage): void => {
    for (const r of [...q.imports.values(), ...q.implicit]) {
      if (seen.has(r)) continue;
      seen.add(r);
      visit(r);
    }
  };
  visit(p);
  return seen;
}

/** The import paths of everything a package needs, itself not included, sorted (go list's Deps). */
export function dependencyPaths(p: LoadedPackage): string[] {
  const seen = new Set<LoadedPackage>();
  let unsafe = false;
  const visit = (q: LoadedPackage): void => {
    unsafe ||= q.usesUnsafe;
    for (const r of [...q.imports.values(), ...q.implicit]) {
      if (seen.has(r)) continue;
      seen.add(r);
      visit(r);
    }
  };
  visit(p);
  const paths = [...seen].map((q) => q.path);
  if (unsafe) paths.push('unsafe');
  return paths.sort(compareText);
}

/** Everything a package imports, directly or not. */
export function importsOf(p: LoadedPackage): Set<LoadedPackage> {
  const seen = new Set<LoadedPackage>();
  const visit = (q: LoadedPackage): void => {
    for (const i of q.imports.values()) {
      if (seen.has(i)) continue;
      seen.add(i);
      visit(i);
    }
  };
  visit(p);
  return seen;
}
