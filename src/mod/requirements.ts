/**
 * The requirements of the main modules as a value: root modules, which of them are direct, and the graph below them (cmd/go/internal/modload
 * buildlist.go). Nothing here changes a file; every operation makes a new value:
 *
 * - `update-roots.ts`: `updateRoots` after packages were loaded or modules are to be added, `expandGraph`, `convertPruning`
 * - `tidy-roots.ts`: `tidyRoots`
 * - `load-packages.ts`: `loadPackages`, which finds modules for imports that lead nowhere
 * - `edit-requirements.ts`: `editRequirements(rs, tryUpgrade, mustSelect)`, which throws ConstraintError
 * - `write-back.ts`: `writeRequirements` writes go.mod and go.sum, or says that go.mod needs updates
 *
 * What a command goes on with is `modules.requirements`.
 */
import * as gover from './gover.ts';
import { compareSelected, type Graph } from './graph.ts';
import type { ModFile } from './modfile/file.ts';
import { sameVersion, type Version } from './module.ts';
import { type Modules, needsFetch } from './modules.ts';
import { type Pruning, readGraph } from './read-graph.ts';
import { isPrunedVersion } from './summary.ts';

export class Requirements {
  readonly modules: Modules;
  readonly pruning: Pruning;
  /** Sorted. A path may be there more than once, in files that were not written by the command. "go" is always there. */
  readonly roots: readonly Version[];
  /** Paths of modules with packages that the main modules import themselves. */
  readonly direct: ReadonlySet<string>;
  private readonly highest: ReadonlyMap<string, string>;
  private known: Graph | null;

  /** `vendored` stands for the graph where there are only vendor directories. */
  constructor(
    modules: Modules,
    pruning: Pruning,
    roots: readonly Version[],
    direct: ReadonlySet<string>,
    vendored: Graph | null = null,
  ) {
    this.modules = modules;
    this.pruning = pruning;
    this.roots = gover.sortModules([...roots]);
    this.direct = direct;
    this.known = vendored;
    const highest = new Map<string, string>();
    for (const m of roots)
      if (compareSelected(m.path, highest.get(m.path) ?? 'none', m.version) < 0) highest.set(m.path, m.version);
    this.highest = highest;
  }

  /** "1.21". */
  get goVersion(): string {
    return this.highest.get('go') ?? gover.defaultGoModVersion;
  }

  /** The version of a root, "" of main modules; null if the path is no root. */
  rootVersion(path: string): string | null {
    return this.modules.isMain(path) ? '' : (this.highest.get(path) ?? null);
  }

  isRoot(m: Version): boolean {
    return this.rootVersion(m.path) === m.version;
  }

  hasRedundantRoot(): boolean {
    return this.roots.some((m, i) => this.isMainRoot(m) || (i > 0 && m.path === this.roots[i - 1].path));
  }

  private isMainRoot(m: Version): boolean {
    return this.pruning !== 'workspace' && this.modules.isMain(m.path);
  }

  /** The graph if it was read already. */
  get graphIfKnown(): Graph | null {
    return this.known;
  }

  /** The graph, with its failures in it; what it lacks is in `modules.wanted`. */
  graphNow(): Graph | typeof needsFetch {
    if (this.known !== null) return this.known;
    const g = readGraph(this.modules, this.pruning, this.roots);
    if (g !== needsFetch) this.known = g;
    return g;
  }

  /** The graph, with its failures in it. */
  async incompleteGraph(): Promise<Graph> {
    return this.known ?? (await this.modules.answer(() => this.graphNow()));
  }

  /** The graph. Throws BuildListError if a go.mod file cannot be read. */
  async graph(): Promise<Graph> {
    const g = await this.incompleteGraph();
    const error = g.error();
    if (error !== null) throw error;
    return g;
  }

  /** With other versions of some roots ("none" is not allowed). */
  withRoots(replace: readonly Version[]): Requirements {
    const paths = new Set(replace.map((m) => m.path));
    const roots = [...this.roots.filter((m) => !paths.has(m.path)), ...replace];
    return new Requirements(this.modules, this.pruning, roots, this.direct);
  }

  hasSameRoots(list: readonly Version[]): boolean {
    return list.length === this.roots.length && this.roots.every((m, i) => sameVersion(m, list[i]));
  }

  hasSameDirect(direct: ReadonlySet<string>): boolean {
    return direct.size === this.direct.size && [...direct].every((p) => this.direct.has(p));
  }
}

export function pruningOf(goVersion: string): Pruning {
  return isPrunedVersion(goVersion) ? 'pruned' : 'unpruned';
}

/** What a go.mod file requires, with its language version and toolchain; `tell` hears of excluded versions. */
export function rootsOfFile(file: ModFile, isExcluded: (m: Version) => boolean, tell: (m: Version) => void): Version[] {
  const list: Version[] = [];
  for (const { mod } of file.require) {
    if (isExcluded(mod)) tell(mod);
    else list.push(mod);
  }
  list.push({ path: 'go', version: file.go?.value ?? gover.defaultGoModVersion });
  if (file.toolchain !== null) list.push({ path: 'toolchain', version: file.toolchain.value });
  return list;
}

/** What the files of the main modules say. */
export function requirementsOfFiles(modules: Modules): Requirements {
  const { mains, work } = modules;
  const direct = new Set(mains.flatMap((m) => m.file.require.filter((r) => !r.indirect).map((r) => r.mod.path)));
  direct.add('go');
  if (work !== null) {
    const roots: Version[] = mains.map((m) => ({ path: m.path, version: '' }));
    roots.push({ path: 'go', version: work.go?.value ?? gover.defaultGoWorkVersion });
    if (work.toolchain !== null) roots.push({ path: 'toolchain', version: work.toolchain.value });
    return new Requirements(modules, 'workspace', roots, direct, modules.vendoredGraph(roots));
  }
  const { file } = mains[0];
  const verb = modules.mode === 'mod' ? 'dropping' : 'ignoring';
  const roots = rootsOfFile(
    file,
    (m) => modules.isExcluded(m),
    (m) => modules.host.stderr(`go: ${verb} requirement on excluded version ${m.path} ${m.version}\n`),
  );
  const pruning = pruningOf(file.go?.value ?? gover.defaultGoModVersion);
  return new Requirements(modules, pruning, roots, direct, modules.vendoredGraph(roots));
}
