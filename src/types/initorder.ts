/** The order in which package-level variables are initialised (spec: "Package initialization"). */
import type { Checker } from './checker.ts';
import type { DeclInfo, Dependency } from './declinfo.ts';
import * as Code from './errors/codes.ts';
import { errorf, newError } from './errors.ts';
import { Initializer } from './info.ts';
import type { Var } from './object.ts';
import * as ObjKind from './objkind.ts';

/** An object with what it depends on, and what depends on it. */
class GraphNode {
  readonly obj: Dependency;
  readonly pred: Set<GraphNode>;
  readonly succ: Set<GraphNode>;
  /** In the queue. */
  index: number;
  /** Dependencies that are not initialised. */
  ndeps: number;

  constructor(obj: Dependency) {
    this.obj = obj;
    this.pred = new Set();
    this.succ = new Set();
    this.index = 0;
    this.ndeps = 0;
  }
}

/** Computes c.initOrder; all initialisation expressions and bodies they reach must have been checked. Reports cycles. */
export function initOrder(c: Checker): void {
  c.initOrder = [];
  const queue = new NodeQueue(dependencyGraph(c));
  const emitted = new Set<DeclInfo>();
  for (;;) {
    const n = queue.pop();
    if (n === null) break;
    if (n.ndeps > 0) {
      // A cycle, unless it was only reached through one.
      const cycle = findPath(n.obj, n.obj, new Set());
      if (cycle !== null) reportCycle(c, cycle);
    }
    for (const p of n.pred) {
      p.ndeps--;
      queue.up(p);
    }
    const d = n.obj.decl;
    if (n.obj.kind !== ObjKind.Var || d === null || d.init === null || emitted.has(d)) continue;
    emitted.add(d);
    const lhs: readonly Var[] = d.lhs ?? [n.obj];
    c.initOrder.push(new Initializer(lhs, d.init));
  }
}

/** Constants and variables, with dependencies through functions made direct. */
function dependencyGraph(c: Checker): GraphNode[] {
  const nodes = new Map<Dependency, GraphNode>();
  for (const obj of c.objList) {
    if (obj.kind === ObjKind.Const || obj.kind === ObjKind.Var || obj.kind === ObjKind.Func) {
      nodes.set(obj, new GraphNode(obj));
    }
  }
  const values: GraphNode[] = [];
  const funcs: GraphNode[] = [];
  for (const n of nodes.values()) {
    (n.obj.kind === ObjKind.Func ? funcs : values).push(n);
    const deps = n.obj.decl?.deps;
    if (deps === undefined || deps === null) continue;
    for (const d of deps) {
      const m = nodes.get(d);
      if (m === undefined) continue;
      n.succ.add(m);
      m.pred.add(n);
    }
  }
  // Cheap ones first: their edges multiply.
  funcs.sort((a, b) => a.pred.size * a.succ.size - b.pred.size * b.succ.size);
  for (const n of funcs) {
    for (const p of n.pred) {
      if (p === n) continue;
      for (const s of n.succ) {
        if (s === n) continue;
        p.succ.add(s);
        s.pred.add(p);
      }
      p.succ.delete(n);
    }
    for (const s of n.succ) s.pred.delete(n);
  }
  for (const n of values) n.ndeps = n.succ.size;
  return values;
}

/** A path of dependencies from one object to another, backwards; null if there is none. */
function findPath(from: Dependency, to: Dependency, seen: Set<Dependency>): Dependency[] | null {
  if (seen.has(from)) return null;
  seen.add(from);
  const deps = from.decl?.deps;
  if (deps === undefined || deps === null) return null;
  for (const d of [...deps].sort((a, b) => a.order - b.order)) {
    if (d === to) return [d];
    const path = findPath(d, to, seen);
    if (path !== null) {
      path.push(d);
      return path;
    }
  }
  return null;
}

function reportCycle(c: Checker, cycle: readonly Dependency[]): void {
  let obj = cycle[0];
  if (cycle.length === 1) {
    errorf(c, obj, Code.InvalidInitCycle, 'initialization cycle: %s refers to itself', obj.name);
    return;
  }
  const err = newError(c, Code.InvalidInitCycle).add(obj, 'initialization cycle for %s', obj.name);
  for (let j = cycle.length - 1; j >= 0; j--) {
    const next = cycle[j];
    err.add(obj, '%s refers to %s', obj.name, next.name);
    obj = next;
  }
  err.report();
}

/** Constants first, then by the number of open dependencies, then in source order. */
function before(x: GraphNode, y: GraphNode): boolean {
  const xConst = x.obj.kind === ObjKind.Const;
  if (xConst !== (y.obj.kind === ObjKind.Const)) return xConst;
  return x.ndeps < y.ndeps || (x.ndeps === y.ndeps && x.obj.order < y.obj.order);
}

/** A binary heap whose nodes know where they are. */
class NodeQueue {
  readonly heap: GraphNode[];

  constructor(nodes: GraphNode[]) {
    this.heap = nodes;
    nodes.sort((a, b) => (before(a, b) ? -1 : before(b, a) ? 1 : 0));
    for (let i = 0; i < nodes.length; i++) nodes[i].index = i;
  }

  pop(): GraphNode | null {
    const heap = this.heap;
    if (heap.length === 0) return null;
    const top = heap[0];
    const last = heap.pop();
    top.index = -1;
    if (last !== undefined && last !== top) {
      heap[0] = last;
      last.index = 0;
      this.down(last);
    }
    return top;
  }

  /** Moves a node whose number of dependencies has gone down. */
  up(n: GraphNode): void {
    const heap = this.heap;
    let i = n.index;
    if (i < 0) return;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(n, heap[parent])) break;
      heap[i] = heap[parent];
      heap[i].index = i;
      i = parent;
    }
    heap[i] = n;
    n.index = i;
  }

  private down(n: GraphNode): void {
    const heap = this.heap;
    let i = n.index;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child++;
      if (!before(heap[child], n)) break;
      heap[i] = heap[child];
      heap[i].index = i;
      i = child;
    }
    heap[i] = n;
    n.index = i;
  }
}
