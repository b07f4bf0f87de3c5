/** Changes the versions of modules so that some are selected exactly (cmd/go/internal/modload edit.go). */

import { Disqualified } from './disqualified.ts';
import { failureOf, findError, ModError, ModuleError } from './errors.ts';
import * as gover from './gover.ts';
import { compareSelected, type Graph } from './graph.ts';
import { type Version, versionKey, versionText } from './module.ts';
import { minimalRequirements } from './mvs.ts';
import { type Pruning, readGraph } from './read-graph.ts';
import { pruningOf, Requirements } from './requirements.ts';
import { convertPruning } from './update-roots.ts';

export interface EditOptions {
  /** The tagged versions of a module that may be used, ascending. */
  readonly versions: (path: string) => Promise<readonly string[]>;
  /** -v: tell what is tried. */
  readonly isVerbose: boolean;
}

export interface Edited {
  readonly requirements: Requirements;
  /** Whether the version of any module may be another one now. */
  readonly isChanged: boolean;
}

/** A way of requirements that keeps a version from being selected, or a failure at its end. */
export interface Conflict {
  readonly way: readonly Version[];
  /** What should be selected, and is lower than the last one of the way; null if there is a failure. */
  readonly constraint: Version | null;
  readonly error: Error | null;
}

/** First and last of a conflict's way. */
export function conflictSummary(c: Conflict): string {
  const [first] = c.way;
  const last = c.way[c.way.length - 1];
  const failure = c.error === null ? '' : conflictFailure(c, c.error);
  if (c.way.length === 1) {
    if (c.error !== null) return `${versionText(first)}: ${failure}`;
    return `${versionText(first)} is above ${c.constraint?.version ?? ''}`;
  }
  const adverb = c.way.length > 2 ? 'indirectly ' : '';
  const start = `${versionText(first)} ${adverb}requires ${versionText(last)}`;
  return c.error !== null ? `${start}: ${failure}` : `${start}, but ${c.constraint?.version ?? ''} is requested`;
}

/** The whole way of a conflict. */
export function conflictText(c: Conflict): string {
  let text = versionText(c.way[0]);
  if (c.way.length === 1) text += ' found';
  for (const m of c.way.slice(1)) text += ` requires\n\t${versionText(m)}`;
  if (c.constraint !== null) text += `, but ${c.constraint.version} is requested`;
  if (c.error !== null) text += `: ${conflictFailure(c, c.error)}`;
  return text;
}

export function conflictFailure(c: Conflict, error: Error): string {
  const last = c.way[c.way.length - 1];
  const isSame = error instanceof ModuleError && error.path === last.path && error.version === last.version;
  return isSame ? error.why.message : error.message;
}

/** Versions that must be selected do not go together. */
export class ConstraintError extends ModError {
  readonly conflicts: readonly Conflict[];

  constructor(conflicts: readonly Conflict[]) {
    super(`version constraints conflict:${conflicts.map((c) => `\n\t${conflictSummary(c)}`).join('')}`);
    this.conflicts = conflicts;
  }
}

/**
 * Requirements in which every version of `mustSelect` is selected ("none" removes a module), those of `tryUpgrade` as far as that allows, and all
 * others change no more than they have to. Throws ConstraintError, BuildListError, TooNewError; `rs` is left as it is.
 */
export async function editRequirements(
  rs: Requirements,
  tryUpgrade: readonly Version[],
  mustSelect: readonly Version[],
  options: EditOptions,
): Promise<Edited> {
  const pruning = pruningAfter(rs, mustSelect);
  const start = await convertPruning(rs, pruning);
  const edit = new Edit(rs, pruning, options);
  await edit.start(start);
  edit.upgrade(tryUpgrade);
  edit.select(mustSelect);
  await edit.run();
  const roots = pruning === 'unpruned' ? await edit.minimalRoots(start, mustSelect) : edit.roots;
  if (pruning === rs.pruning && rs.hasSameRoots(roots)) return { requirements: rs, isChanged: false };
  const direct = new Set(roots.map((m) => m.path).filter((p) => start.direct.has(p)));
  let edited = new Requirements(rs.modules, pruning, roots, direct);
  // A new dependency may have raised the go line so far that the graph is pruned.
  if (pruning === 'unpruned' && pruningOf(edited.goVersion) === 'pruned')
    edited = await convertPruning(edited, 'pruned');
  return { requirements: edited, isChanged: true };
}

/** A given language version may change the pruning, and then does so before anything else. */
function pruningAfter(rs: Requirements, mustSelect: readonly Version[]): Pruning {
  for (const m of mustSelect) {
    if (m.path === 'go') return pruningOf(m.version);
    if (m.path === 'toolchain' && pruningOf(gover.fromToolchain(m.version)) === 'unpruned') return 'unpruned';
  }
  return rs.pruning;
}

class Edit {
  /** The version of each root path, perhaps "none". */
  private readonly chosen: Map<string, string>;
  private readonly must: Map<string, string>;
  private readonly conflicts: Conflict[];
  private readonly rejected: Set<string>;
  private readonly original: Requirements;
  private readonly pruning: Pruning;
  private readonly options: EditOptions;
  /** The chosen versions but "none", sorted. */
  roots: Version[];

  constructor(original: Requirements, pruning: Pruning, options: EditOptions) {
    this.original = original;
    this.pruning = pruning;
    this.options = options;
    this.chosen = new Map();
    this.must = new Map();
    this.conflicts = [];
    this.rejected = new Set();
    this.roots = [];
  }

  /** Without pruning everything in the build list is treated like a root, so that it is kept. */
  async start(rs: Requirements): Promise<void> {
    if (this.pruning === 'pruned') for (const m of rs.roots) this.chosen.set(m.path, rs.rootVersion(m.path) ?? '');
    else for (const m of (await rs.graph()).dependencies()) this.chosen.set(m.path, m.version);
  }

  upgrade(list: readonly Version[]): void {
    for (const m of list) {
      const v = this.chosen.get(m.path);
      if (v !== undefined && compareSelected(m.path, v, m.version) >= 0) continue;
      this.tell(`trying upgrade to ${versionText(m)}`);
      this.chosen.set(m.path, m.version);
    }
  }

  select(list: readonly Version[]): void {
    for (const m of list) {
      const v = this.must.get(m.path);
      if (v !== undefined && v !== m.version) {
        const before = { path: m.path, version: v };
        const isHigher = compareSelected(m.path, v, m.version) > 0;
        this.conflicts.push({
          way: [isHigher ? before : m],
          constraint: isHigher ? m : before,
          error: null,
        });
        continue;
      }
      this.must.set(m.path, m.version);
      this.chosen.set(m.path, m.version);
    }
  }

  private tell(text: string): void {
    if (this.options.isVerbose) this.original.modules.host.stderr(`go: ${text}\n`);
  }

  /** Downgrades and upgrades roots until the graph selects what it must. Every round rejects a version or ends, so there is an end. */
  async run(): Promise<void> {
    while (this.conflicts.length === 0) {
      this.roots = [...this.chosen].filter(([, v]) => v !== 'none').map(([path, version]) => ({ path, version }));
      gover.sortModules(this.roots);
      const { graph, upgraded } = await this.extendedGraph();
      const out = this.disqualified(graph, upgraded);
      let again = false;
      for (const m of this.roots) if (await this.mend(m, graph, out)) again = true;
      if (again || this.conflicts.length > 0) continue;
      if (!this.acceptUpgrades(graph)) break;
    }
    if (this.conflicts.length > 0) throw new ConstraintError(this.conflicts);
  }

  /** The graph with what stands behind the selected version of every root, so that there is a way to each conflict. */
  private async extendedGraph(): Promise<{ graph: Graph; upgraded: Version[] }> {
    const { modules } = this.original;
    const upgraded = new Map<string, Version>();
    for (;;) {
      const keys = new Set(upgraded.keys());
      const graph = await modules.answer(() => readGraph(modules, this.pruning, this.roots, keys));
      const tooNew = [...graph.failures.values()].find((e) => findError(e, gover.TooNewError) !== null);
      const before = upgraded.size;
      for (const path of this.pruning === 'unpruned' ? [] : this.chosen.keys()) {
        const m = { path, version: graph.selected(path) };
        if (m.version !== 'none' && graph.requiredBy(m) === null) upgraded.set(versionKey(m), m);
      }
      if (upgraded.size > before) continue;
      if (tooNew !== undefined) throw graph.error() ?? tooNew;
      return { graph, upgraded: [...upgraded.values()] };
    }
  }

  private disqualified(graph: Graph, upgraded: readonly Version[]): Disqualified {
    const contextOf = (m: Version): 'pruned' | 'unpruned' => {
      if (this.pruning === 'unpruned') return 'unpruned';
      return graph.summaries.get(versionKey(m))?.isPruned === false ? 'unpruned' : 'pruned';
    };
    const out = new Disqualified(new Map([...this.roots, ...upgraded].map((m) => [versionKey(m), contextOf(m)])));
    const isTooHigh = (m: Version): boolean => {
      const v = this.must.get(m.path);
      return v !== undefined && compareSelected(m.path, m.version, v) > 0;
    };
    graph.breadthFirst((m) => {
      const failure = graph.failures.get(versionKey(m));
      if (isTooHigh(m)) out.add(m, 'pruned', { dependency: m });
      else if (failure !== undefined) out.add(m, 'pruned', { error: failure });
      else if (graph.summaries.has(versionKey(m))) {
        const list = graph.requiredBy(m) ?? [];
        const high = list.find(isTooHigh);
        if (high !== undefined) out.add(m, 'pruned', { dependency: high });
        else list.every((r) => out.require(m, r));
      }
    });
    return out;
  }

  /** Whether the root got another version; a conflict may be noted instead. */
  private async mend(m: Version, graph: Graph, out: Disqualified): Promise<boolean> {
    const { way, error } = out.wayFrom(m, out.contextOf(m) ?? 'pruned');
    if (way.length === 0) return false;
    const last = way[way.length - 1];
    const constraint = error === null ? { path: last.path, version: this.must.get(last.path) ?? '' } : null;
    const conflict: Conflict = { way, constraint, error };
    if (this.must.get(m.path) === m.version) {
      this.conflicts.push(conflict);
      return false;
    }
    const selected = { path: m.path, version: graph.selected(m.path) };
    if (selected.version !== m.version) {
      const context = out.contextOf(m) ?? 'pruned';
      // The upgrade that the graph wants anyway is taken later.
      if (out.check(selected, context) === null && !this.rejected.has(versionKey(selected))) return false;
    }
    const before = (await this.original.incompleteGraph()).selected(m.path);
    if (error !== null && before === m.version) {
      this.conflicts.push(conflict);
      return false;
    }
    this.rejected.add(versionKey(m));
    const lower = await this.lowerVersion(m, before, graph, out);
    this.chosen.set(m.path, lower.version);
    if (error !== null || this.options.isVerbose) {
      const action =
        lower.version === 'none'
          ? `removing ${versionText(m)}`
          : lower.version === before
            ? `restoring ${versionText(lower)}`
            : `trying ${versionText(lower)}`;
      this.original.modules.host.stderr(`go: ${conflictSummary(conflict)}\n\t${action}\n`);
    }
    return true;
  }

  /** The next lower version that is not known to be wrong; the one from before the edit is among them. */
  private async lowerVersion(m: Version, before: string, graph: Graph, out: Disqualified): Promise<Version> {
    let at = m;
    for (;;) {
      let failure: Error | null = null;
      try {
        at = await this.previous(at);
      } catch (e) {
        failure = failureOf(e);
      }
      const isBelow = failure !== null || compareSelected(m.path, at.version, before) < 0;
      if (compareSelected(m.path, m.version, before) > 0 && isBelow) at = { path: m.path, version: before };
      else if (failure !== null) throw failure;
      if (this.rejected.has(versionKey(at))) continue;
      const summary = graph.summaries.get(versionKey(m));
      const isUnpruned = this.pruning === 'unpruned' || summary?.isPruned === false;
      if (out.check(at, isUnpruned ? 'unpruned' : 'pruned') === null) return at;
      this.rejected.add(versionKey(at));
    }
  }

  private async previous(m: Version): Promise<Version> {
    if (m.version === '') return { path: m.path, version: 'none' };
    const list = await this.options.versions(m.path);
    const version = list.findLast((v) => compareSelected(m.path, v, m.version) < 0) ?? 'none';
    return { path: m.path, version };
  }

  /** Roots that something else raises stay raised; whether there are any. */
  private acceptUpgrades(graph: Graph): boolean {
    const raised: Version[] = [];
    for (const [path, version] of this.chosen) {
      const actual = graph.selected(path);
      if (this.must.has(path) || actual === version) continue;
      raised.push({ path, version });
      this.chosen.set(path, actual);
    }
    for (const m of gover.sortModules(raised))
      this.tell(`accepting indirect upgrade from ${versionText(m)} to ${this.chosen.get(m.path) ?? ''}`);
    return raised.length > 0;
  }

  /** Without pruning only some of the build list is written down: what must be selected, and what was there already. */
  minimalRoots(start: Requirements, mustSelect: readonly Version[]): Promise<Version[]> {
    const { modules } = start;
    const paths = mustSelect.filter((m) => m.version !== 'none' && !modules.isMain(m.path)).map((m) => m.path);
    for (const m of this.roots) {
      const v = start.rootVersion(m.path);
      if (v !== null && (v === m.version || start.direct.has(m.path))) paths.push(m.path);
    }
    return minimalRequirements(modules, { path: modules.mains[0].path, version: '' }, paths, this.roots);
  }
}
