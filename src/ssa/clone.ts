/** Copies of function bodies: whole, or into another function (for inlining). */
import { bug } from '#base/bug.ts';
import { appended } from '#base/lists.ts';
import { type Block, Edge } from './block.ts';
import { Closure } from './call.ts';
import { AllocationSite, Func, Slot } from './func.ts';
import type { Aux, Value } from './value.ts';

/** Allocation sites and closures carry what escape analysis decides, so every copy has its own. */
export function cloneAux(a: Aux | null): Aux | null {
  if (a instanceof AllocationSite) {
    const s = new AllocationSite(a.what, a.type, a.pos, a.isVariable);
    s.escapes = a.escapes;
    return s;
  }
  if (a instanceof Closure) {
    const c = new Closure(a.fn, a.objectType, a.byReference);
    c.escapes = a.escapes;
    return c;
  }
  return a;
}

/** Where the parts of a copied body went, by old id. */
export class BodyCopy {
  readonly blocks: Block[];
  readonly values: Value[];

  constructor() {
    this.blocks = [];
    this.values = [];
  }
}

/**
 * Copies all blocks and values of `from` into `to`. `inlineOf` maps indices of the inline tree; `slotOf` maps slots. Controls
 * and edges are copied as they are.
 */
export function copyBody(
  from: Func,
  to: Func,
  inlineOf: (index: number) => number,
  slotOf: (s: Slot) => Aux,
): BodyCopy {
  const copy = new BodyCopy();
  for (const b of from.blocks) {
    const n = to.newBlock(b.kind);
    n.likely = b.likely;
    n.pos = b.pos;
    n.inline = inlineOf(b.inline);
    n.aux = cloneAux(b.aux);
    n.auxLo = b.auxLo;
    copy.blocks[b.id] = n;
    for (const v of b.values) {
      const w = to.newValue(n, v.op, v.type, v.pos, inlineOf(v.inline));
      w.auxLo = v.auxLo;
      w.auxHi = v.auxHi;
      w.aux = v.aux instanceof Slot ? slotOf(v.aux) : cloneAux(v.aux);
      copy.values[v.id] = w;
    }
  }
  for (const b of from.blocks) {
    const n = copy.blocks[b.id];
    for (const v of b.values) {
      const w = copy.values[v.id];
      for (const a of v.args) w.addArg(copy.values[a.id]);
    }
    for (const c of b.controls) n.addControl(copy.values[c.id]);
    for (const e of b.succs) n.succs = appended(n.succs, new Edge(copy.blocks[e.block.id], e.index));
    for (const e of b.preds) n.preds = appended(n.preds, new Edge(copy.blocks[e.block.id], e.index));
  }
  return copy;
}

/** A function of its own with the same body. */
export function cloneFunc(f: Func): Func {
  const g = new Func(f.ref, f.types, f.target);
  const slots: Slot[] = [];
  for (const list of [f.params, f.results, f.slots]) {
    for (const s of list) {
      const n = g.newSlot(s.name, s.type, s.kind, s.index, s.pos);
      n.needsZero = s.needsZero;
      n.addressTaken = s.addressTaken;
      slots[s.id] = n;
    }
  }
  for (const c of f.inlineTree) g.inlineTree.push(c);
  for (const d of f.usedInInterface) g.usedInInterface.add(d);
  for (const n of f.methodNames) g.methodNames.add(n);
  g.pos = f.pos;
  g.endPos = f.endPos;
  g.hasDefer = f.hasDefer;
  g.noInline = f.noInline;
  g.needsContext = f.needsContext;
  const copy = copyBody(
    f,
    g,
    (i) => i,
    (s) => slots[s.id] ?? bug(`${f.ref.linkName} uses a slot of another function`),
  );
  // The block that came with the new function is not needed.
  g.blocks.splice(g.blocks.indexOf(g.entry), 1);
  g.entry = copy.blocks[f.entry.id];
  return g;
}
