/** Uses of copies become uses of the original; phis whose arguments are all one value (or themselves) become copies of it. */
import type { Func } from '../func.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';

export function eliminateCopies(f: Func): void {
  for (const b of f.blocks) {
    for (const v of b.values) {
      const args = v.args;
      for (let i = 0; i < args.length; i++) if (args[i].op === Op.Copy) v.setArg(i, original(args[i]));
    }
    const controls = b.controls;
    for (let i = 0; i < controls.length; i++) {
      const c = controls[i];
      if (c.op !== Op.Copy) continue;
      const o = original(c);
      o.uses++;
      c.uses--;
      controls[i] = o;
    }
  }
}

/** What a chain of copies copies, with the chain shortened. */
export function original(v: Value): Value {
  let o = v;
  while (o.op === Op.Copy) o = o.args[0];
  for (let c = v; c.args[0] !== o && c.op === Op.Copy; ) {
    const next = c.args[0];
    c.setArg(0, o);
    c = next;
  }
  return o;
}

/** Replaces phis of one value; repeats until nothing changes, then removes copies. */
export function eliminatePhis(f: Func): void {
  for (let changed = true; changed; ) {
    changed = false;
    for (const b of f.blocks) {
      for (const v of b.values) if (v.op === Op.Phi && reducePhi(v)) changed = true;
    }
  }
  eliminateCopies(f);
}

function reducePhi(v: Value): boolean {
  let only: Value | null = null;
  for (const a of v.args) {
    const x = a.op === Op.Copy ? original(a) : a;
    if (x === v || x === only) continue;
    if (only !== null) return false;
    only = x;
  }
  if (only === null) return false;
  v.copyOf(only, Op.Copy);
  return true;
}
