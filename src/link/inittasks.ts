/**
 * The order of package initialisation: every task after those of the packages it imports, the lexically first of the ready
 * ones first. Source: GOROOT/src/cmd/link/internal/ld/inittask.go; the records: runtime/proc.go (initTask).
 */
import { compareText } from '#base/bytes.ts';
import * as R from '#obj/reloc-types.ts';
import { Builder, setContent } from './builder.ts';
import type { Link } from './context.ts';
import { exit } from './errors.ts';
import * as Kind from './kinds.ts';
import { lookup, lookupOrCreate, symbolName, Version0 } from './loader.ts';
import { materialize } from './materialize.ts';
import { resolveByName } from './resolve.ts';

export function orderInitTasks(link: Link): void {
  const l = link.loader;
  link.mainInitTasks = taskList(link, 'main..inittask', 'go:main.inittasks');
  resolveByName(l, 'runtime.runtime_inittasks', Version0);
  const slice = lookup(l, 'runtime.runtime_inittasks', Version0);
  if (slice === 0 || l.kind[slice] === Kind.Undefined) return;
  materialize(l, slice);
  const tasks = taskList(link, 'runtime..inittask', 'go:runtime.inittasks');
  const b = new Builder();
  const n = l.size[tasks] / 8;
  b.slice(tasks, n);
  setContent(l, slice, Kind.NoPtrData, b);
}

/** A list of pointers to the tasks that root needs, in order; 0 if there is no root. */
function taskList(link: Link, rootName: string, listName: string): number {
  const l = link.loader;
  const root = resolveByName(l, rootName, Version0);
  if (root === 0) return 0;
  const importers = new Map<number, number[]>();
  const waiting = new Map<number, number>([[root, 0]]);
  const ready: number[] = [];
  const found = [root];
  while (found.length > 0) {
    const task = found.pop() ?? 0;
    materialize(l, task);
    let dependencies = 0;
    for (let r = l.relocStart[task]; r < l.relocEnd[task]; r++) {
      if (l.relocType[r] !== R.InitOrder) continue;
      dependencies++;
      const on = l.relocTarget[r];
      const list = importers.get(on);
      if (list === undefined) importers.set(on, [task]);
      else list.push(task);
      if (waiting.has(on)) continue;
      waiting.set(on, 0);
      found.push(on);
    }
    waiting.set(task, dependencies);
    if (dependencies === 0) ready.push(task);
  }
  const b = new Builder();
  while (ready.length > 0) {
    const task = takeFirst(link, ready);
    // A task without functions only orders others; the runtime refuses it.
    if (l.size[task] > 8) b.address(task);
    for (const importer of importers.get(task) ?? []) {
      const left = (waiting.get(importer) ?? 0) - 1;
      waiting.set(importer, left);
      if (left === 0) ready.push(importer);
    }
  }
  for (const [task, left] of waiting) {
    if (left !== 0) exit(`inittask for ${symbolName(l, task)} is not schedulable ${left}`);
  }
  const list = lookupOrCreate(l, listName, Version0);
  setContent(l, list, Kind.NoPtrData, b);
  return list;
}

function takeFirst(link: Link, ready: number[]): number {
  const l = link.loader;
  let best = 0;
  for (let i = 1; i < ready.length; i++) {
    // Names are ASCII but for escapes, so code units order as bytes do.
    if (compareText(symbolName(l, ready[i]), symbolName(l, ready[best])) < 0) best = i;
  }
  return ready.splice(best, 1)[0];
}
