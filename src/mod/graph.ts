/** The module graph: which version requires which, and the versions that minimal version selection picks (cmd/go/internal/mvs, modload buildlist.go). */
import * as gover from './gover.ts';
import { type Version, versionKey } from './module.ts';

export class Graph {
  /** The main modules. */
  readonly roots: readonly Version[];
  private readonly required: Map<string, readonly Version[]>;
  private readonly selection: Map<string, string>;

  constructor(roots: readonly Version[]) {
    this.roots = roots;
    this.required = new Map();
    this.selection = new Map();
    for (const r of roots) this.selection.set(r.path, r.version);
  }

  /** Adds what a module version requires; of each path the highest version is selected. Main modules stay. */
  require(m: Version, list: readonly Version[]): void {
    this.required.set(versionKey(m), list);
    for (const r of list) {
      const known = this.selection.get(r.path);
      if (known === undefined || (known !== '' && gover.compareVersions(r.path, known, r.version) < 0))
        this.selection.set(r.path, r.version);
    }
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
    const rest: Version[] = [];
    for (const [path, version] of this.selection)
      if (!this.roots.some((r) => r.path === path)) rest.push({ path, version });
    return [...this.roots, ...gover.sortModules(rest)];
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
}
