/** Coverage of `test`: which packages get counters, what is compiled of them, and the profile (cmd/go/internal/test: cover.go; load.SelectCoverPackages). */
import { ByteWriter, decodeText, encodeText } from '#base/bytes.ts';
import { FileError, type FileInfo, type Files, type Host } from '#host/host.ts';
import { dependenciesOf, type LoadedPackage } from '#load/loader.ts';
import { BuildFlagError, type BuildOptions } from './build-options.ts';
import { type CoverMetaOptions, counterFile, metaDataFile } from './cover-meta.ts';
import { addCounters, type CoverFunction, CoverPackage } from './cover-source.ts';
import { commandLine, patternRegExp, type Workspace } from './packages.ts';
import { absolutePath } from './paths.ts';
import type { TestRun } from './test.ts';
import type { TestCommandLine } from './test-flags.ts';

/** Packages that are at work before a package can register itself. */
const ofRuntime = new Set(
  (
    'internal/asan internal/byteorder internal/coverage/rtcov internal/cpu internal/bytealg internal/goarch internal/abi internal/chacha8rand ' +
    'internal/godebugs internal/goexperiment internal/goos internal/msan internal/profilerecord internal/race internal/runtime/atomic ' +
    'internal/runtime/exithook internal/runtime/gc internal/runtime/math internal/runtime/sys internal/runtime/maps ' +
    'internal/runtime/syscall/linux internal/runtime/syscall/windows internal/runtime/cgroup internal/strconv internal/stringslite runtime'
  ).split(' '),
);

/** Sorts before all other files, so that what it declares is initialized first. */
export const counterFileName = '!goCover.go';

export interface CoveredPackage {
  readonly functions: readonly CoverFunction[];
  /** Texts with counters, by path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly meta: CoverMetaOptions;
}

/** What -cover and its kin ask for. */
export class Coverage {
  readonly mode: string;
  /** -coverpkg; null: each test covers its own package. */
  readonly patterns: readonly string[] | null;
  /** Where the profile goes, "" if there is none. */
  readonly profile: string;
  /** The packages that -coverpkg chooses of all tests' packages. */
  readonly selected: LoadedPackage[];
  private readonly covered: Map<string, CoveredPackage>;

  constructor(mode: string, patterns: readonly string[] | null, profile: string) {
    this.mode = mode;
    this.patterns = patterns;
    this.profile = profile;
    this.selected = [];
    this.covered = new Map();
  }

  /** The packages with counters in the tests of one. */
  packagesFor(p: LoadedPackage): readonly LoadedPackage[] {
    return this.patterns === null ? [p] : this.selected;
  }

  /** A package with counters. Throws BuildFlagError. */
  cover(options: BuildOptions, ws: Workspace, p: LoadedPackage): CoveredPackage {
    let c = this.covered.get(p.path);
    if (c === undefined) {
      c = coverPackage(options, ws, p, this.mode);
      this.covered.set(p.path, c);
    }
    return c;
  }
}

/** Null without coverage. */
export function coverageOf(host: Host, line: TestCommandLine): Coverage | null {
  const { parsed } = line;
  const flags = ['covermode', 'coverpkg', 'coverprofile'];
  if (!parsed.bool('cover', false) && !flags.some((f) => parsed.has(f))) return null;
  const patterns = parsed.text('coverpkg', '');
  const profile = parsed.text('coverprofile', '');
  const directory = parsed.text('outputdir', '') || host.workingDirectory();
  const path = profile === '' || profile.startsWith('/') ? profile : `${directory}/${profile}`;
  return new Coverage(parsed.text('covermode', 'set'), patterns === '' ? null : patterns.split(','), path);
}

/** Chooses what -coverpkg means of what the tests are made of. */
export function selectPackages(c: Coverage, host: Host, all: Iterable<LoadedPackage>): void {
  const { patterns } = c;
  if (patterns === null) return;
  const matched = new Set<string>();
  for (const p of all) {
    if (p.path === 'unsafe' || p.files.goFiles.length === 0 || c.selected.includes(p)) continue;
    // sync/atomic would count its own counting.
    if (c.mode === 'atomic' && p.isStandard && (p.path === 'sync/atomic' || p.path === 'internal/runtime/atomic'))
      continue;
    const found = patterns.filter((pattern) => matches(host, pattern, p));
    for (const pattern of found) matched.add(pattern);
    if (found.length > 0) c.selected.push(p);
  }
  c.selected.sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const pattern of patterns)
    if (!matched.has(pattern))
      host.stderr(`warning: no packages being tested depend on matches for pattern ${pattern}\n`);
}

function matches(host: Host, pattern: string, p: LoadedPackage): boolean {
  if (pattern === 'all') return true;
  if (pattern === 'std') return p.isStandard && !p.path.startsWith('cmd/');
  if (pattern === 'cmd') return p.isStandard && p.path.startsWith('cmd/');
  if (/^\.\.?(\/|$)/.test(pattern)) return patternRegExp(absolutePath(host, pattern)).test(p.dir);
  return patternRegExp(pattern).test(p.path);
}

function coverPackage(options: BuildOptions, ws: Workspace, p: LoadedPackage, mode: string): CoveredPackage {
  if (p.isStandard && ofRuntime.has(p.path))
    throw new BuildFlagError(
      `go: coverage of package ${p.path} is not implemented: it is at work before it is initialized`,
      1,
    );
  const { host } = options;
  const c = new CoverPackage(mode);
  const files = new Map<string, Uint8Array>();
  for (const f of p.files.goFiles) {
    const shown = p.path === commandLine ? f.path : `${p.path}/${f.name}`;
    const text = addCounters(c, f.path, host.files.readFile(f.path), shown);
    // The compiler tells what is wrong with it.
    if (text !== null) files.set(f.path, text);
  }
  const meta: CoverMetaOptions = {
    path: p.path,
    name: p.name,
    module: ws.moduleOf(p)?.path ?? '',
    mode,
    sha256: (data: Uint8Array) => host.sha256(data),
  };
  if (p.files.goFiles.length > 0) files.set(`${p.dir}/${counterFileName}`, encodeText(counterFile(meta, c.functions)));
  return { functions: c.functions, files, meta };
}

/** Tells the tests of one package of code in others that they are not made of: what -coverpkg covers counts whether it is there or not. */
export function writeMetaFiles(run: TestRun, directory: string): void {
  const { coverage, host } = run;
  if (coverage === null || coverage.patterns === null) return;
  const paths: string[] = [];
  const files: string[] = [];
  for (const p of run.tested) {
    if (!coverage.selected.includes(p)) continue;
    const covered = coverage.cover(run.options, run.ws, p);
    if (covered.functions.length === 0) continue;
    const file = `${directory}/${paths.length}.covmeta`;
    host.files.writeFile(file, metaDataFile(covered.meta, covered.functions));
    paths.push(p.path);
    files.push(file);
  }
  const list = JSON.stringify({ ImportPaths: paths, MetaFileFragments: files });
  host.files.writeFile(`${directory}/gocoverdir/metafiles.txt`, encodeText(`${list}\n`));
}

/** The machine with files that have counters. */
export function withCounters(host: Host, covered: ReadonlyMap<string, Uint8Array>): Host {
  const { files } = host;
  const layered: Files = {
    ...files,
    readFile: (path) => covered.get(path) ?? files.readFile(path),
    readDirectory: (path) => {
      const list = files.readDirectory(path);
      const added = covered.get(`${path}/${counterFileName}`);
      return added === undefined ? list : [fileInfo(counterFileName, added), ...list];
    },
  };
  return { ...host, files: layered };
}

function fileInfo(name: string, data: Uint8Array): FileInfo {
  return { name, isDirectory: false, isSymlink: false, size: data.length, modified: 0, mode: 0o644, inode: 0 };
}

/** Names of files on the command line, with that of counters. */
export function withCounterFile(names: readonly string[] | null): readonly string[] | null {
  return names === null ? null : [...names, counterFileName];
}

/** What a package without tests says of its coverage: nothing of it ran. */
export function uncoveredLine(p: LoadedPackage, c: CoveredPackage): string {
  const statements = c.functions.flatMap((f) => f.units).reduce((n, u) => n + u.statements, 0);
  return `\t${p.path}\t\tcoverage: ${statements === 0 ? '[no statements]' : '0.0% of statements'}\n`;
}

/** The profile of a package whose code has not run. */
export function uncoveredProfile(c: CoveredPackage, mode: string): Uint8Array {
  const lines = c.functions.flatMap((f) => f.units.map((u) => ({ file: f.file, u })));
  lines.sort(
    (a, b) =>
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      a.u.startLine - b.u.startLine ||
      a.u.startColumn - b.u.startColumn,
  );
  const text = lines.map(
    ({ file, u }) => `${file}:${u.startLine}.${u.startColumn},${u.endLine}.${u.endColumn} ${u.statements} 0\n`,
  );
  return encodeText(`mode: ${mode}\n${text.join('')}`);
}

/** The profile of all packages of a command: one head, then what the tests have written. */
export class CoverProfile {
  private readonly host: Host;
  private readonly coverage: Coverage;
  private readonly content: ByteWriter;

  constructor(host: Host, coverage: Coverage) {
    this.host = host;
    this.coverage = coverage;
    this.content = new ByteWriter(4096);
    this.content.bytes(encodeText(`mode: ${coverage.mode}\n`));
    // A place that cannot be written to is told before anything is built.
    this.write();
  }

  add(data: Uint8Array): void {
    const head = encodeText(`mode: ${this.coverage.mode}\n`);
    if (decodeText(data.subarray(0, head.length)) === decodeText(head)) this.content.bytes(data.subarray(head.length));
    else this.host.stderr('error: test wrote malformed coverage profile\n');
  }

  /** Writes the profile as far as it is. Throws BuildFlagError. */
  write(): void {
    const { profile } = this.coverage;
    try {
      this.host.files.writeFile(profile, this.content.finish().slice());
    } catch (e) {
      if (!(e instanceof FileError)) throw e;
      throw new BuildFlagError(`open ${profile}: ${e.code === 'ENOENT' ? 'no such file or directory' : e.message}`, 1);
    }
  }
}

/** Everything that tests of packages are made of. */
export function partsOf(packages: readonly LoadedPackage[]): Set<LoadedPackage> {
  return new Set(packages.flatMap((p) => [p, ...dependenciesOf(p)]));
}
