/** `tuza clean`: removes what builds have left in package directories, installed programs, and what the caches hold (cmd/go/internal/clean). */

import { encodeText } from '#base/bytes.ts';
import { baseName } from '#base/path.ts';
import { FileSet } from '#base/source.ts';
import { cacheDirectory } from '#cache/open.ts';
import { CacheError, shelves } from '#cache/store.ts';
import { FileError, type Host } from '#host/host.ts';
import { type LoadedPackage, Loader } from '#load/loader.ts';
import { BuildFlagError, type BuildOptions, buildOptions } from './build-options.ts';
import { commandNamed } from './command.ts';
import { loadErrorText } from './diagnostics.ts';
import { Environment } from './environment.ts';
import { executableNameOf } from './exec-name.ts';
import { parseCommandLine } from './flags.ts';
import { gopathEntries } from './gopath.ts';
import { installDirectory } from './install-target.ts';
import { loadPackages, Workspace } from './packages.ts';
import type { ParsedFlags } from './tool-flags.ts';

const cacheFlags = ['cache', 'testcache', 'fuzzcache', 'modcache'];
/** Of old makefiles and test binaries (cmd/go/internal/clean: cleanDir, cleanFile, cleanExt). */
const directories = new Set(['_test', '_obj']);
const files = new Set(['_testmain.go', 'test.out', 'build.out', 'a.out']);
const extensions = new Set(['5', '6', '8', 'a', 'o', 'so']);

export async function runClean(args: readonly string[], host: Host): Promise<number> {
  const parsed = parseCommandLine(host, commandNamed('clean'), args, new Environment(host, ''));
  if (parsed === null) return 2;
  const cache = cacheFlags.find((f) => parsed.bool(f, false));
  if (parsed.rest.length > 0 && cache !== undefined) {
    host.stderr(`go: clean -${cache} cannot be used with package arguments\n`);
    return 1;
  }
  try {
    const cleaner = new Cleaner(host, parsed);
    if (parsed.rest.length > 0 || parsed.bool('i', false) || parsed.bool('r', false) || cache === undefined)
      cleaner.cleanPackages();
    cleaner.cleanCaches();
    return cleaner.status;
  } catch (e) {
    if (e instanceof BuildFlagError) {
      host.stderr(`${e.message}\n`);
      return e.status;
    }
    if (!(e instanceof CacheError) && !(e instanceof FileError)) throw e;
    host.stderr(`go: ${e.message.replace('build cache is required, but could not be located: ', '')}\n`);
    return 1;
  }
}

class Cleaner {
  private readonly host: Host;
  private readonly parsed: ParsedFlags;
  /** -n and -x. */
  private readonly dry: boolean;
  private readonly shows: boolean;
  private readonly done: Set<LoadedPackage>;
  status: number;

  constructor(host: Host, parsed: ParsedFlags) {
    this.host = host;
    this.parsed = parsed;
    this.dry = parsed.bool('n', false);
    this.shows = this.dry || parsed.bool('x', false);
    this.done = new Set();
    this.status = 0;
  }

  cleanPackages(): void {
    const options = buildOptions(this.host, this.parsed, 'clean');
    const ws = new Workspace(this.host, options.goroot, options.modules);
    // Without a go.mod there is nothing that the working directory would be a package of.
    if (ws.isImplicit && this.parsed.rest.length === 0 && !['i', 'r'].some((f) => this.parsed.bool(f, false))) return;
    const loader = new Loader(this.host.files, new FileSet(), options.target, ws, true);
    for (const p of loadPackages(ws, loader, this.parsed.rest)) this.clean(ws, options, p);
    for (const d of loader.errors) {
      // There may be something to clean beside no Go files.
      if (loader.owners.has(d) || /^no (non-test )?Go files in /.test(d.message)) continue;
      this.host.stderr(`${loadErrorText(this.host, loader.fileSet, d)}\n`);
      this.status = 1;
    }
  }

  private clean(ws: Workspace, options: BuildOptions, p: LoadedPackage): void {
    if (this.done.has(p) || p.dir === '') return;
    this.done.add(p);
    const entries = this.host.files.readDirectory(p.dir);
    const names = removableNames(
      p,
      entries.filter((e) => !e.isDirectory).map((e) => e.name),
    );
    if (this.shows) this.host.stdout(`cd ${p.dir}\nrm -f ${names.join(' ')}\n`);
    for (const e of entries) {
      const path = `${p.dir}/${e.name}`;
      if (e.isDirectory) {
        if (directories.has(e.name)) this.removeTree([path]);
        continue;
      }
      const extension = e.name.includes('.') ? e.name.slice(e.name.lastIndexOf('.') + 1) : '';
      if (!this.dry && (files.has(e.name) || extensions.has(extension) || names.includes(e.name)))
        this.host.files.remove(path);
    }
    if (this.parsed.bool('i', false) && p.name === 'main' && !p.isStandard) {
      const dir = installDirectory(ws, options.target, p);
      const target = `${dir}/${executableNameOf(p)}`;
      if (!dir.startsWith('!') && this.shows) this.host.stdout(`rm -f ${target}\n`);
      if (!dir.startsWith('!') && !this.dry && this.host.files.stat(target) !== null) this.host.files.remove(target);
    }
    if (this.parsed.bool('r', false)) for (const q of p.imports.values()) this.clean(ws, options, q);
  }

  private removeTree(paths: readonly string[]): void {
    if (this.shows) this.host.stdout(`rm -rf ${paths.join(' ')}\n`);
    if (!this.dry) for (const path of paths) this.host.files.remove(path);
  }

  cleanCaches(): void {
    const { host, parsed } = this;
    const env = new Environment(host, '');
    if (cacheFlags.slice(0, 3).some((f) => parsed.bool(f, false))) {
      const directory = cacheDirectory(host, env.get('GOCACHE'));
      if (parsed.bool('cache', false)) {
        const list = [...shelves(host.files, directory)];
        if (list.length > 0) this.removeTree(list);
        if (host.files.stat(`${directory}/log.txt`) !== null) this.removeTree([`${directory}/log.txt`]);
      } else if (parsed.bool('testcache', false) && !this.dry && host.files.stat(directory) !== null) {
        // Results of tests older than this do not count.
        host.files.writeFile(`${directory}/testexpire.txt`, encodeText(`${Date.now()}000000\n`));
      }
      if (parsed.bool('fuzzcache', false)) this.removeTree([`${directory}/fuzz`]);
    }
    if (!parsed.bool('modcache', false)) return;
    const [first] = gopathEntries(env);
    const modules = env.get('GOMODCACHE') || (first === undefined ? '' : `${first}/pkg/mod`);
    if (modules === '') {
      host.stderr('go: cannot clean -modcache without a module cache\n');
      this.status = 1;
      return;
    }
    if (this.shows) host.stdout(`rm -rf ${modules}\n`);
    if (!this.dry && host.files.stat(modules) !== null) removeReadOnly(host, modules);
  }
}

/** The names that executables and test binaries of a package's directory may have. */
function removableNames(p: LoadedPackage, names: readonly string[]): string[] {
  const dir = baseName(p.dir);
  const program = executableNameOf(p);
  const list: string[] = [];
  const add = (name: string): void => void list.push(name, `${name}.exe`);
  const { goFiles, cgoFiles, testGoFiles, xTestGoFiles } = p.files;
  const sources = p.name === 'main' ? [] : [...goFiles, ...cgoFiles, ...testGoFiles, ...xTestGoFiles];
  if (p.name === 'main') for (const name of [dir, program]) add(name);
  for (const name of [dir, program]) add(`${name}.test`);
  for (const name of names) {
    if (sources.some((f) => f.name === name)) continue;
    if (name.endsWith('_test.go')) add(`${name.slice(0, -'_test.go'.length)}.test`);
    if (name.endsWith('.go')) add(name.slice(0, -'.go'.length));
  }
  return list;
}

/** Directories of the module cache cannot be written to. */
function removeReadOnly(host: Host, path: string): void {
  const unlock = (dir: string): void => {
    host.files.chmod(dir, 0o777);
    for (const e of host.files.readDirectory(dir)) if (e.isDirectory && !e.isSymlink) unlock(`${dir}/${e.name}`);
  };
  unlock(path);
  host.files.remove(path);
}
