/** Roots that fit the graph and the packages that were loaded (cmd/go/internal/modload buildlist.go). */
import { failureOf } from './errors.ts';
import * as gover from './gover.ts';
import { compareSelected, type Graph } from './graph.ts';
import type { Version } from './module.ts';
import type { ModulePackage } from './module-package.ts';
import { DirtyError, needsFetch } from './modules.ts';
import { minimalRequirements } from './mvs.ts';
import type { Pruning } from './read-graph.ts';
import { Requirements } from './requirements.ts';

/**
 * Requirements that hold for packages that were loaded from `rs`, with the modules in `add`, and with roots at the versions that are selected.
 * `rootsImported`: what the packages named on the command line need counts as imported by the main module. Throws DirtyError where go.mod
 * must not change but had to, and BuildListError.
 */
export async function updateRoots(
  rs: Requirements,
  direct: ReadonlySet<string>,
  packages: readonly ModulePackage[],
  add: readonly Version[],
  rootsImported = false,
): Promise<Requirements> {
  switch (rs.pruning) {
    case 'unpruned':
      return updateUnpruned(rs, direct, add);
    case 'pruned':
      return updatePruned(rs, direct, packages, add, rootsImported);
    case 'workspace':
      return new Requirements(rs.modules, 'workspace', rs.roots, direct, rs.graphIfKnown);
    default:
      return rs.pruning satisfies never;
  }
}

/** The graph; if it selects other versions of roots, with roots that fit it. Throws BuildListError. */
export async function expandGraph(rs: Requirements): Promise<{ requirements: Requirements; graph: Graph }> {
  const graph = await rs.graph();
  const roots = rs.pruning === 'workspace' ? rs.roots.filter((m) => m.version === '') : rs.roots;
  if (roots.every((m) => graph.selected(m.path) === m.version)) return { requirements: rs, graph };
  const updated = await updateRoots(rs, rs.direct, [], []);
  return { requirements: updated, graph: await updated.graph() };
}

/** The same build list, written down as the other pruning needs it. */
export async function convertPruning(rs: Requirements, pruning: Pruning): Promise<Requirements> {
  if (rs.pruning === pruning) return rs;
  if (pruning === 'unpruned') return updateUnpruned(rs, rs.direct, []);
  // All that was selected in the unpruned graph becomes a root.
  const graph = await rs.graph();
  return new Requirements(rs.modules, pruning, graph.dependencies(), rs.direct);
}

async function updatePruned(
  rs: Requirements,
  direct: ReadonlySet<string>,
  packages: readonly ModulePackage[],
  add: readonly Version[],
  rootsImported: boolean,
): Promise<Requirements> {
  const { modules } = rs;
  const checked = new Map<string, Version>();
  const added: Version[] = [];
  for (const p of packages) {
    const m = p.module;
    if (m === null || modules.isMain(m.path)) continue;
    if (!p.isInAll && !(rootsImported && p.isFromRoot) && !p.isRoot) continue;
    if (rs.rootVersion(m.path) !== null) checked.set(`${m.path}@${m.version}`, m);
    else added.push(m);
  }
  for (const m of add) {
    const v = rs.rootVersion(m.path);
    if (v === null || compareSelected(m.path, v, m.version) < 0) added.push(m);
  }
  let current = rs;
  let roots: readonly Version[] = [...rs.roots, ...added];
  let upgraded = added.length > 0;
  for (;;) {
    let graph: Graph | null = current.graphIfKnown;
    if (upgraded) {
      if (modules.mustBeComplete) throw new DirtyError(modules);
      current = new Requirements(modules, 'pruned', roots, direct);
      graph = await current.graph();
    } else if (graph === null && !(await rootsSatisfy(current, [...checked.values()]))) graph = await current.graph();
    const next: Version[] = [];
    const paths = new Set(modules.mains.map((m) => m.path));
    upgraded = false;
    for (const m of current.roots) {
      if (paths.has(m.path)) continue;
      paths.add(m.path);
      const version = graph === null ? (current.rootVersion(m.path) ?? '') : graph.selected(m.path);
      next.push({ path: m.path, version });
      if (version !== m.version) upgraded = true;
    }
    roots = next;
    if (upgraded) continue;
    if (modules.mode !== 'mod') return current;
    break;
  }
  if (current.pruning === 'pruned' && current.hasSameRoots(roots) && current.hasSameDirect(direct)) return current;
  return new Requirements(modules, 'pruned', roots, direct);
}

/** Whether no root is older than what the given modules require themselves. */
async function rootsSatisfy(rs: Requirements, list: readonly Version[]): Promise<boolean> {
  const { modules } = rs;
  try {
    const summaries = await modules.answer(() => {
      const found = list.map((m) => modules.summary(m));
      const known = found.filter((s) => s !== needsFetch);
      return known.length < found.length ? needsFetch : known;
    });
    return summaries.every((s) =>
      s.require.every((r) => {
        const v = rs.rootVersion(r.path);
        return v === null || compareSelected(r.path, v, r.version) >= 0;
      }),
    );
  } catch (e) {
    failureOf(e);
    return false;
  }
}

async function updateUnpruned(
  rs: Requirements,
  direct: ReadonlySet<string>,
  add: readonly Version[],
): Promise<Requirements> {
  const { modules } = rs;
  const graph = await rs.graph();
  if (modules.mustBeComplete) {
    const isSelected = (m: Version): boolean => graph.selected(m.path) === m.version;
    const isListed = [...direct].every((path) => rs.rootVersion(path) !== null);
    if (!rs.roots.every(isSelected) || !add.every(isSelected) || !isListed) throw new DirtyError(modules);
    return rs;
  }
  // Roots stay though they may be redundant: nobody knows why they were added.
  const paths = new Set(rs.roots.filter((m) => graph.selected(m.path) === m.version).map((m) => m.path));
  const keep = [...graph.dependencies(), ...add];
  for (const m of keep) if (direct.has(m.path)) paths.add(m.path);
  const roots: Version[] = [];
  for (const m of modules.mains)
    roots.push(...(await minimalRequirements(modules, { path: m.path, version: '' }, [...paths], keep)));
  gover.sortModules(roots);
  if (rs.pruning === 'unpruned' && rs.hasSameRoots(roots) && rs.hasSameDirect(direct)) return rs;
  return new Requirements(modules, 'unpruned', roots, direct);
}
