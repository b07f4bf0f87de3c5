/** append's room: if cap < len + n, growslice (gc-contract 5.2). */
import * as G from '#abi/gotype.ts';
import * as B from '../../block.ts';
import type { Cursor } from '../../cursor.ts';
import * as C from '../../cursor.ts';
import * as Op from '../../gen/op.ts';
import { dependents, splitBlock } from '../../surgery.ts';
import type { Value } from '../../value.ts';
import { sliceMake } from './allocation.ts';

/**
 *     newLen = len + n
 *     if uint(newLen) > uint(cap) { ptr, _, cap = growslice(ptr, newLen, cap, n, type) }
 *     slice = (ptr, newLen, cap)
 */
export function lowerGrowSlice(c: Cursor, v: Value): Value {
  const f = c.f;
  const types = f.types;
  const [slice, n] = v.args;
  const type = v.type.tuple[0];
  const int = types.basic(G.Int);
  const pointer = types.pointerTo(type.elem());
  const before = v.block;
  const moved = dependents(f, before, v);
  moved[v.id] = 1;
  const rest = splitBlock(f, before, moved);
  const grow = f.newBlock(B.Plain);
  grow.pos = v.pos;
  grow.inline = v.inline;

  c.block = before;
  const oldPtr = C.value1(c, Op.SlicePtr, pointer, slice);
  const oldLen = C.value1(c, Op.SliceLen, int, slice);
  const oldCap = C.value1(c, Op.SliceCap, int, slice);
  const newLen = C.value2(c, Op.Add64, int, oldLen, n);
  const fits = C.value2(c, Op.Leq64U, types.basic(G.Bool), newLen, oldCap);
  const memBefore = c.mem;
  before.kind = B.If;
  before.likely = B.Likely;
  before.pos = v.pos;
  before.inline = v.inline;
  before.setControl(fits);
  before.addEdgeTo(rest);
  before.addEdgeTo(grow);

  c.block = grow;
  const elemType = C.typeAddr(c, type.elem());
  const grown = C.runtimeValue(c, 'growslice', [oldPtr, newLen, oldCap, n, elemType], type);
  const grownPtr = C.value1(c, Op.SlicePtr, pointer, grown);
  const grownCap = C.value1(c, Op.SliceCap, int, grown);
  const memGrown = c.mem;
  grow.addEdgeTo(rest);

  c.block = rest;
  const ptr = C.value2(c, Op.Phi, pointer, oldPtr, grownPtr);
  const cap = C.value2(c, Op.Phi, int, oldCap, grownCap);
  c.mem = C.value2(c, Op.Phi, types.mem, memBefore, memGrown);
  return sliceMake(c, type, ptr, newLen, cap);
}
