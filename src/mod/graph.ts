/** The module graph: which version requires which, and the versions that minimal version selection picks (cmd/go/internal/mvs, modload buildlist.go). */
import { InvalidVersionError, ModError, ModuleError, versionError } from './errors.ts';
import * as gover from './gover.ts';
import { sameVersion, type Version, versionKey, versionText } from './module.ts';
import type { Summary } from './summary.ts';

/** "" is the version of main modules, which no other can replace. */
export function compareSelected(path: string, x: string, y: string): number {
  if (x === y) return 0;
  if (x === 'none' || y === '') return -1;
  if (y === 'none' || x === '') return 1;
  return gover.compareVersions(path, x, y);
}

export class Graph {
  /** The main modules; in workspaces the language version and the toolchain, too. */
  readonly roots: readonly Version[];
  private readonly required: Map<string, readonly Version[]>;
  private readonly selection: Map<string, string>;
  /** By version key: what its go.mod file says, or why that is not known. */
  readonly summaries: Map<string, Summary>;
  readonly failures: Map<string, Error>;

  constructor(roots: readonly Version[]) {
    this.roots = roots;
    this.required = new Map();
    this.selection = new Map();
    this.summaries = new Map();
    this.failures = new Map();
    this.raise(roots);
  }

  private raise(list: readonly Version[]): void {
    for (const r of list)
      if (compareSelected(r.path, this.selected(r.path), r.version) < 0) this.selection.set(r.path, r.version);
  }

  /** Adds what a module version requires; of each path the highest version is selected. Main modules stay. */
  require(m: Version, list: readonly Version[]): void {
    this.required.set(versionKey(m), list);
    this.raise(list);
  }

  /** Null if the graph was pruned there. */
  requiredBy(m: Version): readonly Version[] | null {
    return this.required.get(versionKey(m)) ?? null;
  }

  /** "none" if no version is needed. */
  selected(path: string): string {
    return this.selection.get(path) ?? 'none';
  }

  /** Main modules first, then by path. */
  buildList(): Version[] {
    const first = this.roots.map((r) => ({ path: r.path, version: this.selected(r.path) }));
    return [...first, ...this.dependencies()];
  }

  /** The selected versions of what is no root, by path. */
  dependencies(): Version[] {
    const rest: Version[] = [];
    const roots = new Set(this.roots.map((r) => r.path));
    for (const [path, version] of this.selection)
      if (!roots.has(path) && version !== 'none') rest.push({ path, version });
    return gover.sortModules(rest);
  }

  /** Every module version that is reached, nearest first. */
  breadthFirst(visit: (m: Version) => void): void {
    const queue = [...this.roots];
    const seen = new Set(queue.map(versionKey));
    for (const m of queue) {
      visit(m);
      for (const r of this.requiredBy(m) ?? []) {
        if (seen.has(versionKey(r)) || r.version === 'none') continue;
        seen.add(versionKey(r));
        queue.push(r);
      }
    }
  }

  /** The shortest way from a main module to a module; null if there is none. */
  pathTo(wanted: (m: Version) => boolean): Version[] | null {
    const from = new Map<string, Version | null>();
    const queue: Version[] = [];
    for (const r of this.roots) {
      from.set(versionKey(r), null);
      queue.push(r);
    }
    for (const m of queue) {
      if (wanted(m)) {
        const way: Version[] = [];
        for (let at: Version | null = m; at !== null; at = from.get(versionKey(at)) ?? null) way.unshift(at);
        return way;
      }
      for (const r of this.requiredBy(m) ?? []) {
        if (from.has(versionKey(r))) continue;
        from.set(versionKey(r), m);
        queue.push(r);
      }
    }
    return null;
  }

  /** The failure nearest to the main modules, with the way to it; null if all go.mod files were read. */
  error(): BuildListError | null {
    if (this.failures.size === 0) return null;
    const way = this.pathTo((m) => this.failures.has(versionKey(m)));
    const why = way === null ? undefined : this.failures.get(versionKey(way[way.length - 1]));
    return way === null || why === undefined ? null : new BuildListError(why, way);
  }
}

/** Why a module graph could not be read, with the requirements that lead there (mvs.BuildListError). */
export class BuildListError extends ModError {
  readonly why: Error;
  readonly way: readonly Version[];

  constructor(why: Error, way: readonly Version[]) {
    super(buildListErrorText(why, way), why);
    this.why = why;
    this.way = way;
  }

  get module(): Version {
    return this.way[this.way.length - 1];
  }
}

function buildListErrorText(why: Error, way: readonly Version[]): string {
  // Main modules at the beginning are left out.
  const named = way.findIndex((m) => m.version !== '');
  if (named < 0) return why.message;
  const steps = way.slice(named);
  const m = steps[steps.length - 1];
  const before = steps
    .slice(0, -1)
    .map((s) => `${versionText(s)} requires\n\t`)
    .join('');
  if (!(why instanceof ModuleError)) return before + versionError(m.path, m.version, why).message;
  const version = why.why instanceof InvalidVersionError ? why.why.version : why.version;
  const actual = { path: why.path, version };
  if (sameVersion(actual, m)) return before + why.message;
  return `${before}${versionText(m)} (replaced by ${versionText(actual)}): ${why.why.message}`;
}
