/** Removes stores that a later store of the same block overwrites before anybody can look. */

import type { Func } from '../func.ts';
import { Slot } from '../func.ts';
import * as Op from '../gen/op.ts';
import { MemoryOrder } from '../memory-order.ts';
import { areDisjoint, type Place, placeOf, sameBase, writtenSize } from '../rules/memory.ts';
import type { Value } from '../value.ts';
import { eliminateCopies } from './copy-elim.ts';

interface Written extends Place {
  size: number;
}

/** How many overwritten ranges are remembered. */
const maxRanges = 16;

export function eliminateDeadStores(f: Func): void {
  const order = new MemoryOrder();
  // Asking for an address in some state of memory does not look at its contents.
  const addresses = new Int32Array(f.numValues);
  for (const b of f.blocks)
    for (const v of b.values) if (v.op === Op.LocalAddr && v.args.length === 2) addresses[v.args[1].id]++;
  let changed = false;
  for (const b of f.blocks) {
    let stores = 0;
    for (const v of b.values) if (isStore(v)) stores++;
    if (stores < 2) continue;
    order.compute(b, f.numValues);
    if (inBlock(order.ops, addresses)) changed = true;
  }
  if (changed) eliminateCopies(f);
}

function isStore(v: Value): boolean {
  return v.op === Op.Store || v.op === Op.Zero;
}

/** Whether a state of memory is seen only by the operation that makes the next one. */
function isUnseen(v: Value, addresses: Int32Array): boolean {
  return v.uses - addresses[v.id] === 1;
}

function inBlock(ops: readonly Value[], addresses: Int32Array): boolean {
  const overwritten: Written[] = [];
  let changed = false;
  for (let i = ops.length - 1; i >= 0; i--) {
    const v = ops[i];
    const isLast = i === ops.length - 1;
    if (!isLast && !isUnseen(v, addresses)) overwritten.length = 0;
    if (isStore(v)) {
      const at = placeOf(v.args[0]);
      const size = writtenSize(v);
      if (!isLast && isUnseen(v, addresses) && covers(overwritten, at, size)) {
        v.copyOf(v.memArg(), Op.Copy);
        changed = true;
        continue;
      }
      note(overwritten, at, size);
    } else if (v.op === Op.Move) {
      note(overwritten, placeOf(v.args[0]), writtenSize(v));
      // What it reads has to be there.
      const src = placeOf(v.args[1]);
      const size = writtenSize(v);
      for (let k = overwritten.length - 1; k >= 0; k--) {
        if (!areDisjoint(src, size, overwritten[k], overwritten[k].size)) overwritten.splice(k, 1);
      }
    } else if (v.op === Op.VarDef) {
      // Whatever the slot held before is dead.
      if (v.aux instanceof Slot) continue;
    } else overwritten.length = 0;
  }
  return changed;
}

function covers(ranges: readonly Written[], at: Place, size: number): boolean {
  let from = at.offset;
  const end = at.offset + size;
  for (let progress = true; progress && from < end; ) {
    progress = false;
    for (const r of ranges) {
      if (sameBase(r.base, at.base) && r.offset <= from && from < r.offset + r.size) {
        from = r.offset + r.size;
        progress = true;
      }
    }
  }
  return from >= end;
}

function note(ranges: Written[], at: Place, size: number): void {
  if (ranges.length >= maxRanges) ranges.shift();
  ranges.push({ base: at.base, offset: at.offset, size });
}
