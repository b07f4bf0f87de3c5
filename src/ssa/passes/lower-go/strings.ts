/** Concatenation and conversions of strings; results that stay get a buffer in the frame (gc-contract 5.8). */

import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import { Text } from '../../call.ts';
import type { Cursor } from '../../cursor.ts';
import * as C from '../../cursor.ts';
import { type AllocationSite, SlotLocal } from '../../func.ts';
import * as Op from '../../gen/op.ts';
import type { Value } from '../../value.ts';
import { original } from '../copy-elim.ts';
import { frameObject, maxImplicitStackSize, newObject, sliceMake } from './allocation.ts';

/** Address of a buffer of n elements if the result stays in the frame, else nil. */
function buffer(c: Cursor, site: AllocationSite, elem: GoType, n: number): Value {
  const pointer = c.f.types.basic(G.UnsafePointer);
  if (site.escapes) return C.constNil(c, pointer);
  const slot = c.f.newSlot('buffer', c.f.types.arrayOf(elem, n), SlotLocal, -1, c.pos);
  slot.addressTaken = true;
  C.varDef(c, slot);
  return C.slotAddr(c, slot, pointer);
}

const tmpStringBufSize = 32;

export function lowerConcat(c: Cursor, v: Value, site: AllocationSite): Value {
  const types = c.f.types;
  const type = v.type.tuple[0];
  const parts = v.args.slice(0, -1);
  const buf = buffer(c, site, types.basic(G.Uint8), tmpStringBufSize);
  if (parts.length >= 2 && parts.length <= 5)
    return C.runtimeValue(c, `concatstring${parts.length}`, [buf, ...parts], type);
  const string = types.basic(G.String);
  const array = types.arrayOf(string, parts.length);
  const slot = c.f.newSlot('operands', array, SlotLocal, -1, c.pos);
  slot.addressTaken = true;
  C.varDef(c, slot);
  const pointer = types.pointerTo(string);
  const base = C.slotAddr(c, slot, pointer);
  for (let i = 0; i < parts.length; i++) C.store(c, string, C.offPtr(c, base, i * string.size, pointer), parts[i]);
  const n = C.constInt(c, types.basic(G.Int), parts.length);
  return C.runtimeValue(c, 'concatstrings', [buf, sliceMake(c, types.sliceOf(string), base, n, n)], type);
}

export function lowerBytesToString(c: Cursor, v: Value, site: AllocationSite): Value {
  const types = c.f.types;
  const bytes = v.args[0];
  const buf = buffer(c, site, types.basic(G.Uint8), tmpStringBufSize);
  const ptr = C.value1(c, Op.SlicePtr, types.pointerTo(types.basic(G.Uint8)), bytes);
  const len = C.value1(c, Op.SliceLen, types.basic(G.Int), bytes);
  return C.runtimeValue(c, 'slicebytetostring', [buf, ptr, len], v.type.tuple[0]);
}

/** name(buf, x) for the conversions whose buffer has n elements. */
export function lowerWithBuffer(
  c: Cursor,
  v: Value,
  name: string,
  elemKind: number,
  n: number,
  site: AllocationSite,
): Value {
  const buf = buffer(c, site, c.f.types.basic(elemKind), n);
  return C.runtimeValue(c, name, [buf, v.args[0]], v.type.tuple[0]);
}

/** []byte(s): the bytes of a constant are copied into an array made for them (cmd/compile/internal/walk, walkStringToBytes). */
export function lowerStringToBytes(c: Cursor, v: Value, site: AllocationSite): Value {
  const s = v.args[0].op === Op.Copy ? original(v.args[0]) : v.args[0];
  if (s.op !== Op.ConstString || !(s.aux instanceof Text))
    return lowerWithBuffer(c, v, 'stringtoslicebyte', G.Uint8, tmpStringBufSize, site);
  const types = c.f.types;
  const { bytes } = s.aux;
  const slice = v.type.tuple[0];
  const array = types.arrayOf(types.basic(G.Uint8), bytes.length);
  const pointer = types.pointerTo(slice.elem());
  const inFrame = !site.escapes && array.size <= maxImplicitStackSize;
  const ptr = inFrame ? frameObject(c, 'bytes', array, pointer) : newObject(c, array, pointer);
  if (array.size > 0) C.move(c, array, ptr, C.addrOf(c, c.services.stringSymbol(bytes), pointer));
  const n = C.constInt(c, types.basic(G.Int), bytes.length);
  return sliceMake(c, slice, ptr, n, n);
}

/** A string over the bytes of a slice, without a copy. */
export function lowerTemporaryString(c: Cursor, v: Value): void {
  const types = c.f.types;
  const bytes = v.args[0];
  c.block = v.block;
  c.pos = v.pos;
  c.inline = v.inline;
  const ptr = C.value1(c, Op.SlicePtr, types.pointerTo(types.basic(G.Uint8)), bytes);
  const len = C.value1(c, Op.SliceLen, types.basic(G.Int), bytes);
  v.reset(Op.StringMake);
  v.addArg(ptr);
  v.addArg(len);
}
