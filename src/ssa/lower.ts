/** Runs the target's rules over a function until none applies, and removes what they leave unused. */
import { bug } from '#base/bug.ts';
import type { Func } from './func.ts';
import * as Op from './gen/op.ts';
import { HasSideEffect, IsCall, WritesMemory } from './op-table.ts';
import type { Value } from './value.ts';

/** The source of a chain of copies. */
export function copySource(v: Value): Value {
  while (v.op === Op.Copy) v = v.args[0];
  return v;
}

function skipCopies(v: Value): boolean {
  let changed = false;
  for (let i = 0; i < v.args.length; i++) {
    const a = v.args[i];
    if (a.op !== Op.Copy) continue;
    v.setArg(i, copySource(a));
    changed = true;
  }
  return changed;
}

/** Generic operations that machine code generation knows by itself. */
const mayStay: ReadonlySet<number> = new Set([
  Op.Phi,
  Op.Copy,
  Op.SP,
  Op.SB,
  Op.InitMem,
  Op.ArgIntReg,
  Op.ArgFloatReg,
  Op.Select0,
  Op.Select1,
  Op.SelectN,
  Op.MakeResult,
  Op.VarDef,
  Op.VarLive,
  Op.KeepAlive,
  Op.InlineMark,
  Op.Invalid,
]);

/** Counts uses afresh: what only unreachable code has used is unused now. */
function countUses(f: Func): void {
  for (const b of f.blocks) for (const v of b.values) v.uses = 0;
  for (const b of f.blocks) {
    for (const v of b.values) for (const a of v.args) a.uses++;
    for (const c of b.controls) c.uses++;
  }
}

export function lower(f: Func): void {
  const target = f.target;
  countUses(f);
  removeDeadValues(f);
  for (let changed = true, rounds = 0; changed; rounds++) {
    if (rounds > 200) bug(`lowering of ${f.ref.linkName} does not come to an end`);
    changed = false;
    for (const b of f.blocks) {
      for (let i = 0; i < b.controls.length; i++) {
        const c = b.controls[i];
        if (c.op !== Op.Copy) continue;
        const source = copySource(c);
        source.uses++;
        c.uses--;
        b.controls[i] = source;
      }
      // New values are appended, and visited in the same round.
      const values = b.values;
      for (let i = 0; i < values.length; i++) {
        const v = values[i];
        if (v.uses === 0 && v.op !== Op.Invalid && isRemovable(f, v)) {
          v.reset(Op.Invalid);
          changed = true;
          continue;
        }
        if (skipCopies(v)) changed = true;
        if (target.lowerValue(f, v)) changed = true;
      }
      if (target.lowerBlock(f, b)) changed = true;
    }
  }
  removeDeadValues(f);
  for (const b of f.blocks)
    for (const v of b.values) {
      if (v.op < Op.Count && !mayStay.has(v.op)) bug(`${f.ref.linkName}: ${target.ops[v.op].name} ${v} is not lowered`);
    }
}

/** An unused value without an effect of its own. Unused stores and calls stay only if memory flows through them, so they are used. */
function isRemovable(f: Func, v: Value): boolean {
  const flags = f.target.ops[v.op].flags;
  if ((flags & (HasSideEffect | IsCall)) !== 0) return false;
  return (flags & WritesMemory) === 0 || v.op !== Op.InitMem;
}

/** Removes values that nothing uses, transitively, and unlinks the invalid ones. */
export function removeDeadValues(f: Func): void {
  const work: Value[] = [];
  for (const b of f.blocks) for (const v of b.values) if (v.uses === 0 && isRemovable(f, v)) work.push(v);
  for (let v = work.pop(); v !== undefined; v = work.pop()) {
    if (v.uses !== 0) continue;
    const args = v.args.slice();
    v.reset(Op.Invalid);
    for (const a of args) if (a.uses === 0 && isRemovable(f, a)) work.push(a);
  }
  for (const b of f.blocks) {
    const values = b.values;
    let n = 0;
    for (let i = 0; i < values.length; i++) if (values[i].op !== Op.Invalid) values[n++] = values[i];
    values.length = n;
  }
}
