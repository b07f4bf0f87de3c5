/**
 * Coverage of builds and tests: which packages get counters, and what is compiled of them (cmd/go/internal/load: SelectCoverPackages,
 * PrepareForCoverageBuild).
 */
import { encodeText } from '#base/bytes.ts';
import type { FileInfo, Files, Host } from '#host/host.ts';
import type { LoadedPackage, Resolver } from '#load/loader.ts';
import * as SymKind from '#obj/kinds.ts';
import { type CoverMetaOptions, counterFile } from './cover-meta.ts';
import { addCounters, type CoverFunction, CoverPackage, counterPrefix, packageNumber } from './cover-source.ts';
import { commandLine, type Workspace } from './packages.ts';
import { packageMatches } from './per-package-flags.ts';

/** Sorts before all other files, so that what it declares is initialized first. */
export const counterFileName = '!goCover.go';

/** What files with counters import besides: packages that may not be imported from everywhere. */
const supportPackages = new Set(['internal/coverage/rtcov', 'internal/coverage/cfile']);

export interface CoveredPackage {
  readonly functions: readonly CoverFunction[];
  /** Texts with counters, by path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly meta: CoverMetaOptions;
}

/** What -cover and its kin ask for. */
export class Coverage {
  readonly mode: string;
  /** -coverpkg; null: each test covers its own package, a build those of the main module and of the command line. */
  readonly patterns: readonly string[] | null;
  /** Programs write what they have counted to GOCOVERDIR when they end; tests have hooks of their own. */
  readonly isBuild: boolean;
  /** The packages that are chosen of all. */
  readonly selected: LoadedPackage[];
  private readonly covered: Map<string, CoveredPackage>;

  constructor(mode: string, patterns: readonly string[] | null, isBuild: boolean) {
    this.mode = mode;
    this.patterns = patterns;
    this.isBuild = isBuild;
    this.selected = [];
    this.covered = new Map();
  }

  /** The packages with counters in the tests of one. */
  packagesFor(p: LoadedPackage): readonly LoadedPackage[] {
    return this.patterns === null && !this.isBuild ? [p] : this.selected;
  }

  /** A package with counters. */
  cover(host: Host, ws: Workspace, p: LoadedPackage): CoveredPackage {
    let c = this.covered.get(p.path);
    if (c === undefined) {
      c = coverPackage(host, ws, p, this);
      this.covered.set(p.path, c);
    }
    return c;
  }
}

/** Chooses of packages; without patterns a build covers the main module's and those that were named. */
export function selectPackages(
  c: Coverage,
  ws: Workspace,
  all: Iterable<LoadedPackage>,
  isNamed: (p: LoadedPackage) => boolean,
): void {
  const { host } = ws;
  const patterns = c.patterns ?? [];
  const matched = new Set<string>();
  const isOwn = (p: LoadedPackage): boolean => isNamed(p) || ws.moduleOf(p)?.version === '';
  for (const p of all) {
    const found = patterns.filter((pattern) => packageMatches(host, pattern, p));
    for (const pattern of found) matched.add(pattern);
    if (found.length === 0 && !(c.isBuild && c.patterns === null && isOwn(p))) continue;
    if (p.path === 'unsafe' || p.files.goFiles.length === 0 || c.selected.includes(p)) continue;
    // sync/atomic would count its own counting.
    if (c.mode === 'atomic' && p.isStandard && (p.path === 'sync/atomic' || p.path === 'internal/runtime/atomic'))
      continue;
    c.selected.push(p);
  }
  c.selected.sort((a, b) => (a.path < b.path ? -1 : 1));
  const verb = c.isBuild ? 'built' : 'tested';
  for (const pattern of patterns)
    if (!matched.has(pattern))
      host.stderr(`warning: no packages being ${verb} depend on matches for pattern ${pattern}\n`);
}

function coverPackage(host: Host, ws: Workspace, p: LoadedPackage, coverage: Coverage): CoveredPackage {
  const c = new CoverPackage(coverage.mode, p.isStandard && p.path === 'sync/atomic');
  const files = new Map<string, Uint8Array>();
  for (const f of p.files.goFiles) {
    const shown = p.path === commandLine ? f.path : `${p.path}/${f.name}`;
    const text = addCounters(c, f.path, host.files.readFile(f.path), shown);
    // The compiler tells what is wrong with it.
    if (text !== null) files.set(f.path, text);
  }
  const meta: CoverMetaOptions = {
    path: p.path,
    linkPath: p.name === 'main' && coverage.isBuild ? 'main' : p.path,
    name: p.name,
    module: ws.moduleOf(p)?.path ?? '',
    mode: coverage.mode,
    isStandard: p.isStandard,
    writesAtExit: p.name === 'main' && coverage.isBuild,
    sha256: (data: Uint8Array) => host.sha256(data),
  };
  if (p.files.goFiles.length > 0) files.set(`${p.dir}/${counterFileName}`, encodeText(counterFile(meta, c.functions)));
  return { functions: c.functions, files, meta };
}

/** The texts with counters of packages, by path. */
export function filesWithCounters(
  c: Coverage,
  host: Host,
  ws: Workspace,
  packages: readonly LoadedPackage[],
): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const p of packages) for (const [path, text] of c.cover(host, ws, p).files) files.set(path, text);
  return files;
}

/** The kind of symbol of variables that count, which the linker keeps together (ProgramRequest). */
export function counterKinds(packages: readonly LoadedPackage[]): (path: string, name: string) => number {
  const counted = new Set(packages.flatMap((q) => (q.name === 'main' ? [q.path, 'main'] : [q.path])));
  return (path, name) =>
    counted.has(path) && name.startsWith(counterPrefix) && name !== packageNumber ? SymKind.CoverageCounter : 0;
}

/** Imports of files with counters are allowed everywhere. */
export function withSupport(ws: Resolver): Resolver {
  return { resolve: (path, from) => ws.resolve(path, supportPackages.has(path) ? null : from) };
}

/** The machine with files that have counters; `covered` may be filled later. */
export function withCounters(host: Host, covered: ReadonlyMap<string, Uint8Array>): Host {
  const { files } = host;
  const added = (path: string): FileInfo | null => {
    const data = path.endsWith(`/${counterFileName}`) ? covered.get(path) : undefined;
    return data === undefined ? null : fileInfo(counterFileName, data);
  };
  const layered: Files = {
    ...files,
    stat: (path) => added(path) ?? files.stat(path),
    readFile: (path) => covered.get(path) ?? files.readFile(path),
    readDirectory: (path) => {
      const list = files.readDirectory(path);
      const info = added(`${path}/${counterFileName}`);
      return info === null ? list : [info, ...list];
    },
  };
  return { ...host, files: layered };
}

function fileInfo(name: string, data: Uint8Array): FileInfo {
  return { name, isDirectory: false, isSymlink: false, size: data.length, modified: 0, mode: 0o644, inode: 0 };
}

/** Names of files on the command line, with that of counters, which come first. */
export function withCounterFile(names: readonly string[] | null): readonly string[] | null {
  return names === null ? null : [counterFileName, ...names];
}
