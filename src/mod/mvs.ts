/** The smallest list of requirements that gives a build list (cmd/go/internal/mvs Req). */
import { failureOf } from './errors.ts';
import { Graph } from './graph.ts';
import { type Version, versionKey } from './module.ts';
import { type Modules, needsFetch } from './modules.ts';

interface Built {
  readonly list: readonly Version[];
  readonly required: ReadonlyMap<string, readonly Version[]>;
}

/** The versions selected below a main module with the given requirements, none pruned. Throws BuildListError. */
export async function buildList(modules: Modules, main: Version, roots: readonly Version[]): Promise<Version[]> {
  return [...(await build(modules, main, roots)).list];
}

/** A minimal list with the modules of `base` in it that leads to the same build list as the roots. Throws BuildListError. */
export async function minimalRequirements(
  modules: Modules,
  main: Version,
  base: readonly string[],
  roots: readonly Version[],
): Promise<Version[]> {
  const { list, required } = await build(modules, main, roots);
  const selected = new Map(list.map((m) => [m.path, m.version]));
  const minimal: Version[] = [];
  const have = new Set<string>();
  const take = (m: Version): void => {
    if (have.has(versionKey(m))) return;
    have.add(versionKey(m));
    for (const r of required.get(versionKey(m)) ?? []) take(r);
  };
  for (const path of new Set(base)) {
    const m = { path, version: selected.get(path) ?? '' };
    minimal.push(m);
    take(m);
  }
  for (const m of postorder(list.slice(1), required).reverse()) {
    if (selected.get(m.path) !== m.version || have.has(versionKey(m))) continue;
    minimal.push(m);
    take(m);
  }
  return minimal.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

function postorder(list: readonly Version[], required: ReadonlyMap<string, readonly Version[]>): Version[] {
  const order: Version[] = [];
  const seen = new Set<string>();
  const walk = (m: Version): void => {
    if (m.version === '' || seen.has(versionKey(m))) return;
    seen.add(versionKey(m));
    for (const r of required.get(versionKey(m)) ?? []) walk(r);
    order.push(m);
  };
  for (const m of list) walk(m);
  return order;
}

async function build(modules: Modules, main: Version, roots: readonly Version[]): Promise<Built> {
  return modules.answer(() => {
    const graph = new Graph([main]);
    const required = new Map<string, readonly Version[]>([[versionKey(main), roots]]);
    graph.require(main, roots);
    const queue = [...roots];
    let waits = false;
    for (const m of queue) {
      const key = versionKey(m);
      if (required.has(key) || graph.failures.has(key)) continue;
      const list = m.version === 'none' ? [] : requiredNow(modules, graph, m);
      if (list === needsFetch) {
        waits = true;
        continue;
      }
      if (list === null) continue;
      required.set(key, list);
      graph.require(m, list);
      queue.push(...list);
    }
    if (waits) return needsFetch;
    const error = graph.error();
    if (error !== null) throw error;
    return { list: graph.buildList(), required };
  });
}

function requiredNow(modules: Modules, graph: Graph, m: Version): readonly Version[] | typeof needsFetch | null {
  try {
    const s = modules.summary(m);
    return s === needsFetch ? s : s.require;
  } catch (e) {
    graph.failures.set(versionKey(m), failureOf(e));
    return null;
  }
}
