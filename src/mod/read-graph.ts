/** Reads the module graph below given roots (cmd/go/internal/modload buildlist.go, readModGraph). */
import { failureOf } from './errors.ts';
import { compareSelected, Graph } from './graph.ts';
import { type Version, versionKey } from './module.ts';
import { type Modules, needsFetch } from './modules.ts';
import type { Summary } from './summary.ts';

/**
 * Where the graph ends. "unpruned": nowhere. "pruned": it has the roots, what they require, and all that stands behind those of them whose
 * go.mod files do not list all they need. "workspace": the same, from the main modules of a workspace.
 */
export type Pruning = 'pruned' | 'unpruned' | 'workspace';

/**
 * Go.mod files that cannot be read are told in the graph's `failures`. Versions in `unpruned` are read though they stand behind a pruned module.
 * What is not in the cache is written into `wanted`.
 */
export function readGraph(
  modules: Modules,
  pruning: Pruning,
  roots: readonly Version[],
  unpruned: ReadonlySet<string> = new Set(),
): Graph | typeof needsFetch {
  const mains = modules.mains.map((m) => ({ path: m.path, version: '' }));
  const reader = new GraphReader(modules, new Graph(pruning === 'workspace' ? roots : mains), unpruned);
  if (pruning !== 'workspace') reader.graph.require(mains[0], roots);
  for (const m of roots) reader.enqueue(m, pruning);
  reader.drain();
  if (pruning === 'workspace' && !reader.waits) reader.readSelected(roots);
  return reader.waits ? needsFetch : reader.graph;
}

class GraphReader {
  readonly modules: Modules;
  readonly graph: Graph;
  waits: boolean;
  private readonly unpruned: ReadonlySet<string>;
  private readonly queue: { m: Version; pruning: Pruning }[];
  private readonly seen: Set<string>;

  constructor(modules: Modules, graph: Graph, unpruned: ReadonlySet<string>) {
    this.modules = modules;
    this.graph = graph;
    this.unpruned = unpruned;
    this.waits = false;
    this.queue = [];
    this.seen = new Set();
  }

  enqueue(m: Version, pruning: Pruning): void {
    const key = `${versionKey(m)} ${pruning}`;
    if (m.version === 'none' || this.seen.has(key)) return;
    this.seen.add(key);
    this.queue.push({ m, pruning });
  }

  drain(): void {
    for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {
      const { m, pruning } = next;
      const s = this.summary(m);
      if (s === null) continue;
      const below = pruning === 'unpruned' || !s.isPruned ? 'unpruned' : 'pruned';
      for (const r of s.require)
        if (pruning !== 'pruned' || !s.isPruned || this.unpruned.has(versionKey(r))) this.enqueue(r, below);
    }
  }

  /** Null if it is not known, or cannot be. */
  private summary(m: Version): Summary | null {
    const key = versionKey(m);
    const known = this.graph.summaries.get(key);
    if (known !== undefined || this.graph.failures.has(key)) return known ?? null;
    try {
      const s = this.modules.summary(m);
      if (s === needsFetch) {
        this.waits = true;
        return null;
      }
      this.graph.summaries.set(key, s);
      this.graph.require(m, s.require);
      return s;
    } catch (e) {
      this.graph.failures.set(key, failureOf(e));
      return null;
    }
  }

  /**
   * In workspaces a module of one of the main modules' requirements may be selected at a version that none of them names: its requirements
   * are read, too, since its packages may be needed.
   */
  readSelected(roots: readonly Version[]): void {
    const { graph } = this;
    const paths = new Set(roots.map((m) => m.path));
    const read = new Set<string>();
    for (;;) {
      const more: Version[] = [];
      for (const path of paths) {
        const m = { path, version: graph.selected(path) };
        if (!read.has(versionKey(m))) {
          more.push(m);
          continue;
        }
        for (const r of graph.requiredBy(m) ?? []) {
          const s = { path: r.path, version: graph.selected(r.path) };
          if (compareSelected(r.path, s.version, r.version) > 0 && !read.has(versionKey(s))) more.push(s);
        }
      }
      if (more.length === 0) return;
      for (const m of more) {
        this.enqueue(m, 'workspace');
        read.add(versionKey(m));
        paths.add(m.path);
      }
      this.drain();
      if (this.waits) return;
    }
  }
}
