/** GOPATH mode (GO111MODULE=off): packages by their place below the src directories of GOPATH and GOROOT (go/build, Context.Import). */
import { decodeText } from '#base/bytes.ts';
import { parentPath } from '#base/path.ts';
import type { Files, Host } from '#host/host.ts';
import { type LoadedPackage, type Resolved, StandardResolver } from '#load/loader.ts';
import { modulePathOf } from '#mod/modfile/file.ts';
import type { Environment } from './environment.ts';
import { absolutePath } from './paths.ts';

export class Gopath {
  private readonly host: Host;
  private readonly files: Files;
  private readonly goroot: string;
  /** The entries of GOPATH. */
  readonly roots: readonly string[];
  private readonly standard: StandardResolver;

  constructor(env: Environment, goroot: string) {
    this.host = env.host;
    this.files = env.host.files;
    this.goroot = goroot;
    this.roots = gopathEntries(env);
    this.standard = new StandardResolver(this.files, goroot);
  }

  /** The entry that a directory is below; "" if none. */
  rootOf(dir: string): string {
    return this.roots.find((r) => dir === `${r}/src` || dir.startsWith(`${r}/src/`)) ?? '';
  }

  /** A directory by its name below GOPATH, if a symbolic link leads there. */
  named(dir: string): string {
    if (this.rootOf(dir) !== '' || this.files.stat(dir) === null) return dir;
    const real = this.files.realPath(dir);
    for (const r of this.roots) {
      if (this.files.stat(`${r}/src`) === null) continue;
      const source = this.files.realPath(`${r}/src`);
      if (real.startsWith(`${source}/`)) return `${r}/src${real.slice(source.length)}`;
    }
    return dir;
  }

  /** The directory that an import of the path of another one leads to; "" if that is itself. */
  conflictOf(dir: string): string {
    const root = this.rootOf(dir);
    if (root === '' || dir === `${root}/src`) return '';
    const path = dir.slice(root.length + '/src/'.length);
    const earlier = [this.goroot, ...this.roots.slice(0, this.roots.indexOf(root))];
    return earlier.map((r) => `${r}/src/${path}`).find((d) => this.isDirectory(d)) ?? '';
  }

  /** The import path of a directory: outside of GOPATH, and where another directory hides it, it is "_" and the directory's path. */
  pathOf(dir: string): string {
    const root = this.rootOf(dir);
    return root === '' || dir === `${root}/src` || this.conflictOf(dir) !== ''
      ? `_${dir}`
      : dir.slice(root.length + '/src/'.length);
  }

  resolve(given: string, from: LoadedPackage | null): Resolved | string {
    if (from?.isStandard === true) return this.standard.resolve(given, from);
    // The module cache is below GOPATH, too.
    if (given.startsWith('mod/')) return `disallowed import path ${JSON.stringify(given)}`;
    const importPath = from === null ? given : this.withoutVersion(given, from);
    if (/^\.\.?(\/|$)/.test(importPath) && from !== null) {
      // Local packages are told by their directories, wherever those are.
      const dir = absolutePath(this.host, `${from.dir}/${importPath}`);
      const found = { path: `_${dir}`, dir, isStandard: false };
      const isLocal = from.path.startsWith('_/') || from.path.startsWith('command-line-arguments');
      return isLocal ? found : { ...found, notAllowed: `!local import "${importPath}" in non-local package` };
    }
    if (importPath.startsWith('_/')) return { path: importPath, dir: importPath.slice(1), isStandard: false };
    const clean = importPath
      .split('/')
      .filter((e) => e !== '' && e !== '.')
      .join('/');
    if (clean !== importPath && clean !== '' && !importPath.startsWith('/'))
      return `non-canonical import path ${JSON.stringify(importPath)}: should be ${JSON.stringify(clean)}`;
    const tried: string[] = [];
    const vendored = from === null ? null : this.vendored(importPath, from, tried);
    if (vendored !== null) return vendored;
    const standard = this.standard.resolve(importPath, from);
    // The tree's vendored packages are for the tree.
    const isHidden =
      importPath.startsWith('vendor/') && this.roots.some((r) => this.isDirectory(`${r}/src/${importPath}`));
    if (typeof standard !== 'string' && !isHidden && (importPath === 'unsafe' || this.hasGoFiles(standard.dir)))
      return standard;
    for (const root of this.roots) {
      const dir = `${root}/src/${importPath}`;
      if (this.isDirectory(dir)) return { path: importPath, dir, isStandard: false };
    }
    return this.missing(importPath, tried);
  }

  /**
   * Code in a tree with a go.mod file may import m/v2/p where m/go.mod says "module m/v2", and means m/p (cmd/go/internal/load, ModuleImportPath).
   */
  private withoutVersion(path: string, from: LoadedPackage): string {
    const root = this.rootOf(from.dir);
    if (root === '' || /^\.\.?(\/|$)/.test(path)) return path;
    let dir = from.dir;
    while (dir.length > root.length && this.modulePathIn(dir) === '') dir = parentPath(dir);
    if (dir.length <= root.length || this.directoryOf(path) !== '') return path;
    const parts = path.split('/');
    for (let i = parts.length - 1; i > 0; i--) {
      if (!/^v(?:[2-9]|[1-9]\d+)$/.test(parts[i])) continue;
      const before = this.directoryOf(parts.slice(0, i).join('/'));
      const module = before === '' ? '' : this.modulePathIn(before);
      if (module === '') continue;
      return module === parts.slice(0, i + 1).join('/')
        ? [...parts.slice(0, i), ...parts.slice(i + 1)].join('/')
        : path;
    }
    return path;
  }

  private directoryOf(path: string): string {
    return this.roots.map((r) => `${r}/src/${path}`).find((d) => this.isDirectory(d)) ?? '';
  }

  private modulePathIn(dir: string): string {
    const file = `${dir}/go.mod`;
    return this.files.stat(file)?.isDirectory === false ? modulePathOf(decodeText(this.files.readFile(file))) : '';
  }

  /** Directories "vendor" from the importing package's upwards. */
  private vendored(importPath: string, from: LoadedPackage, tried: string[]): Resolved | null {
    const root = this.rootOf(from.dir);
    if (root === '') return null;
    const source = `${root}/src`;
    for (let d = from.dir; d.length >= source.length; d = parentPath(d)) {
      const vendor = `${d}/vendor`;
      if (!this.isDirectory(vendor)) continue;
      const dir = `${vendor}/${importPath}`;
      if (this.hasGoFiles(dir)) return { path: dir.slice(source.length + 1), dir, isStandard: false };
      tried.push(dir);
    }
    return null;
  }

  private missing(importPath: string, tried: readonly string[]): string {
    const lines = tried.map((d) => `\t${d} (vendor tree)`);
    lines.push(`\t${this.goroot}/src/${importPath} (from $GOROOT)`);
    if (this.roots.length === 0) lines.push("\t($GOPATH not set. For more details see: 'go help gopath')");
    this.roots.forEach((r, i) => void lines.push(`\t${r}/src/${importPath}${i === 0 ? ' (from $GOPATH)' : ''}`));
    return `cannot find package "${importPath}" in any of:\n${lines.join('\n')}`;
  }

  private isDirectory(path: string): boolean {
    return this.files.stat(path)?.isDirectory === true;
  }

  private hasGoFiles(dir: string): boolean {
    return this.isDirectory(dir) && this.files.readDirectory(dir).some((f) => f.name.endsWith('.go'));
  }
}

export function gopathEntries(env: Environment): string[] {
  const home = env.host.env.get('HOME') ?? '';
  const text = env.get('GOPATH') || (home === '' ? '' : `${home}/go`);
  return text
    .split(':')
    .filter((p) => p.startsWith('/'))
    .map((p) => (p.length > 1 ? p.replace(/\/+$/, '') : p));
}

/** Whether packages are found by GOPATH: as asked, or with "auto" where there is no go.mod. */
export function usesGopath(env: Environment, hasGoMod: boolean): boolean {
  const mode = env.get('GO111MODULE');
  return mode === 'off' || (mode === 'auto' && !hasGoMod);
}
