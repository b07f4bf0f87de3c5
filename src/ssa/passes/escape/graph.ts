/**
 * The flow graph of one function. Nodes are places that hold values: the function's SSA values (node = value id), what
 * allocations contain, parameters, results, the heap. An edge to <- from with d dereferences says that what `from` holds,
 * after d loads (-1: its address), may be in `to`. The form is that of cmd/compile/internal/escape; the loop rule is told
 * by phis of loop headers, which hold values from one iteration to the next.
 */
import type { Block } from '../../block.ts';
import type { DominatorTree } from '../../dominators.ts';
import type { Slot } from '../../func.ts';
import type { Loop, LoopNest } from '../../loops.ts';
import type { Value } from '../../value.ts';

/** Depth of places that outlive every iteration: results, the heap. */
export const outside = -1;

export class FlowGraph {
  /** Node of the heap. */
  readonly heap: number;
  /** What deferred calls hold until the function ends. */
  readonly deferred: number;
  readonly firstResult: number;
  readonly firstParam: number;
  /** By node. */
  readonly head: number[];
  readonly depth: number[];
  /** 1: known to live on the heap. */
  readonly escapes: number[];
  /** The allocation whose contents a node is, by node; undefined for others. */
  readonly sites: (Value | undefined)[];
  /** Where an allocation is made, by the node of its contents. */
  readonly blocks: (Block | undefined)[];
  /** The loop whose header a phi is in, for phis that hold pointers. */
  readonly loops: (Loop | undefined)[];
  /** Variables of loops that have one instance per iteration; see loop-variables.ts. */
  readonly loopVariables: LoopVariable[];
  readonly nest: LoopNest;
  readonly tree: DominatorTree;
  /** Nodes that may outlive others: where walks start. */
  readonly roots: number[];
  /** Captured values by offset in the closure object. */
  readonly captures: Map<number, number>;
  /** Variables that captures point to, as targets of stores. */
  readonly captured: Map<number, number>;
  /** Contents nodes by id of the allocating value. */
  readonly contents: number[];
  /** First result's node by id of a call. */
  readonly results: number[];
  /** Nodes of temporaries by slot id. */
  readonly slots: (number | undefined)[];
  /** By edge. */
  readonly from: number[];
  readonly derefs: number[];
  readonly nextEdge: number[];
  private nodes: number;

  constructor(numValues: number, results: number, params: number, nest: LoopNest, tree: DominatorTree) {
    this.nest = nest;
    this.tree = tree;
    this.blocks = [];
    this.loops = [];
    this.loopVariables = [];
    this.head = new Array<number>(numValues).fill(-1);
    this.depth = new Array<number>(numValues).fill(0);
    this.escapes = new Array<number>(numValues).fill(0);
    this.sites = [];
    this.roots = [];
    this.captures = new Map();
    this.captured = new Map();
    this.contents = [];
    this.results = [];
    this.slots = [];
    this.from = [];
    this.derefs = [];
    this.nextEdge = [];
    this.nodes = numValues;
    this.heap = this.addNode(outside);
    this.escapes[this.heap] = 1;
    this.deferred = this.addNode(0);
    this.firstResult = this.nodes;
    for (let i = 0; i < results; i++) this.addNode(outside);
    this.firstParam = this.nodes;
    for (let i = 0; i < params; i++) this.addNode(0);
    this.roots.push(this.heap, this.deferred);
    for (let i = 0; i < results; i++) this.roots.push(this.firstResult + i);
  }

  get size(): number {
    return this.nodes;
  }

  addNode(depth: number): number {
    this.head.push(-1);
    this.depth.push(depth);
    this.escapes.push(0);
    return this.nodes++;
  }

  flow(to: number, from: number, derefs: number): void {
    if (to === from && derefs >= 0) return;
    const e = this.from.length;
    this.from.push(from);
    this.derefs.push(derefs);
    this.nextEdge.push(this.head[to]);
    this.head[to] = e;
  }

  /**
   * Whether place `root` may hold a value after the instance of place n that it points to is made again or gone. Within the
   * function only loops make places again.
   */
  outlives(root: number, n: number): boolean {
    if (this.escapes[root] === 1 || this.depth[root] < 0) return true;
    if (this.depth[root] >= this.depth[n] || this.nest.irreducible) return this.depth[root] < this.depth[n];
    const at = this.blocks[n];
    if (at === undefined) return false;
    const phiLoop = this.loops[root];
    if (phiLoop !== undefined) return this.isInside(at, phiLoop);
    const from = this.blocks[root];
    if (from === undefined) return true;
    // The outermost loop around n that root is not in: root lasts through its iterations if it was made before.
    let outermost: Loop | null = null;
    for (let l = this.nest.byBlock[at.id]; l !== null && !this.isInside(from, l); l = l.outer) outermost = l;
    return outermost !== null && this.tree.dominates(from, outermost.header);
  }

  isInside(b: Block, loop: Loop): boolean {
    for (let l = this.nest.byBlock[b.id]; l !== null; l = l.outer) if (l === loop) return true;
    return false;
  }

  /** The captured value at an offset of the closure object. */
  capture(offset: number): number {
    let n = this.captures.get(offset);
    if (n === undefined) {
      n = this.addNode(0);
      this.captures.set(offset, n);
    }
    return n;
  }

  /** A temporary of the builder: it lasts for a statement, so it outlives nothing. */
  slot(s: Slot): number {
    let n = this.slots[s.id];
    if (n === undefined) {
      n = this.addNode(0);
      this.slots[s.id] = n;
    }
    return n;
  }

  /** The variable that the captured value at an offset points to: of an outer function, so it outlives this one. */
  capturedVariable(offset: number): number {
    let n = this.captured.get(offset);
    if (n === undefined) {
      n = this.addNode(outside);
      this.captured.set(offset, n);
      this.roots.push(n);
      // What is stored there can be loaded again.
      this.flow(this.capture(offset), n, -1);
    }
    return n;
  }
}

/** A variable with one instance per iteration: the phi of its addresses, and the allocations before and at the end of the loop. */
export interface LoopVariable {
  readonly phi: Value;
  readonly first: Value;
  readonly next: Value;
  /** Their common contents node. */
  readonly node: number;
}
