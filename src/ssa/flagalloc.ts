/**
 * Makes every read of the processor's flags follow the operation that sets them, with nothing between that changes them: flags
 * are not kept across blocks or clobbering operations but computed again where they are read.
 */
import * as Kind from '#abi/gotype.ts';
import { bug } from '#base/bug.ts';
import type { Block } from './block.ts';
import type { Func } from './func.ts';
import * as Op from './gen/op.ts';
import { ReadsMemory } from './op-table.ts';
import type { MachineTarget } from './target.ts';
import type { Value } from './value.ts';

class FlagAllocator {
  readonly f: Func;
  readonly target: MachineTarget;
  /** The operation whose flags are in the register now. */
  current: Value | null;
  out: Value[];

  constructor(f: Func, target: MachineTarget) {
    this.f = f;
    this.target = target;
    this.current = null;
    this.out = [];
  }
}

export function allocateFlags(f: Func, target: MachineTarget): void {
  const s = new FlagAllocator(f, target);
  for (const b of f.blocks) {
    s.current = null;
    s.out = [];
    for (const v of b.values) {
      if (v.op !== Op.Phi) readFlags(s, b, v);
      s.out.push(v);
      setFlags(s, v);
    }
    for (let i = 0; i < b.controls.length; i++) {
      const c = b.controls[i];
      if (!isFlags(c) || producer(c) === s.current) continue;
      const again = recompute(s, b, c);
      again.uses++;
      c.uses--;
      b.controls[i] = again;
    }
    b.values = s.out;
  }
  removeUnusedFlags(f);
}

function isFlags(v: Value): boolean {
  return v.type.kind === Kind.Flags;
}

function producer(flags: Value): Value {
  return flags.op === Op.Select1 || flags.op === Op.Select0 ? flags.args[0] : flags;
}

function setFlags(s: FlagAllocator, v: Value): void {
  if (isFlags(v)) {
    if (v.op !== Op.Select1 && v.op !== Op.Select0) s.current = v;
    return;
  }
  const registers = s.target.ops[v.op].registers;
  if (v.type.kind === Kind.Tuple && v.type.tuple.length === 2 && v.type.tuple[1].kind === Kind.Flags) s.current = v;
  else if (registers?.clobbersFlags === true) s.current = null;
}

function readFlags(s: FlagAllocator, b: Block, v: Value): void {
  if (v.op === Op.Select1 || v.op === Op.Select0) return;
  for (let i = 0; i < v.args.length; i++) {
    const a = v.args[i];
    if (isFlags(a) && producer(a) !== s.current) v.setArg(i, recompute(s, b, a));
  }
}

/** A copy of what sets the flags, at the end of what is done so far. */
function recompute(s: FlagAllocator, b: Block, flags: Value): Value {
  const from = producer(flags);
  if ((s.target.ops[from.op].flags & ReadsMemory) !== 0)
    bug(`${s.f.ref.linkName}: flags of a load ${from} are needed twice`);
  const copy = s.f.newValue(b, from.op, from.type, from.pos, from.inline);
  b.values.length--;
  copy.aux = from.aux;
  copy.auxLo = from.auxLo;
  copy.auxHi = from.auxHi;
  for (const a of from.args) copy.addArg(a);
  readFlags(s, b, copy);
  s.out.push(copy);
  s.current = copy;
  if (from === flags) return copy;
  const select = s.f.newValue1(b, flags.op, flags.type, flags.pos, copy, flags.inline);
  b.values.length--;
  s.out.push(select);
  return select;
}

function removeUnusedFlags(f: Func): void {
  for (const b of f.blocks) {
    for (let i = b.values.length - 1; i >= 0; i--) {
      const v = b.values[i];
      if (!isFlags(v) || v.uses !== 0) continue;
      v.clearArgs();
      v.op = Op.Invalid;
    }
    b.values = b.values.filter((v) => v.op !== Op.Invalid);
  }
}
