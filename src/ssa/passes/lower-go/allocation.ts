/** new, make, composite literals and closures: heap by runtime calls, frame by slots. */

import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import { bug } from '#base/bug.ts';
import type { Closure } from '../../call.ts';
import type { Cursor } from '../../cursor.ts';
import * as C from '../../cursor.ts';
import { type AllocationSite, SlotLocal } from '../../func.ts';
import * as Op from '../../gen/op.ts';
import type { Value } from '../../value.ts';

/** gc's limit for variables the program does not declare (make, new, literals) on the stack; declared ones may have 128 KiB. */
export const maxImplicitStackSize = 64 * 1024;

/** Up to this hint a map needs one group, which makemap_small leaves to the first insertion (internal/abi.MapGroupSlots). */
const mapGroupSlots = 8;

/** Zeroed memory for t: `type` is what the pointer is called. */
export function newObject(c: Cursor, t: GoType, type: GoType): Value {
  if (t.size === 0) return C.addrOf(c, c.services.runtimeVar('zerobase'), type);
  return C.runtimeValue(c, 'newobject', [C.typeAddr(c, t)], type);
}

export function lowerAlloc(c: Cursor, site: AllocationSite, pointer: GoType): Value {
  if (site.escapes) return newObject(c, site.type, pointer);
  return frameObject(c, site.what, site.type, pointer);
}

/** A zeroed slot in the frame. */
export function frameObject(c: Cursor, name: string, t: GoType, pointer: GoType): Value {
  const slot = c.f.newSlot(name, t, SlotLocal, -1, c.pos);
  slot.addressTaken = true;
  C.varDef(c, slot);
  const addr = C.slotAddr(c, slot, pointer);
  if (t.size > 0) C.zero(c, t, addr);
  return addr;
}

/** The constant value of v as a number, or -1 if it is not a constant below 2^53 and not negative. */
export function constantOf(v: Value): number {
  if (v.op === Op.Copy) return constantOf(v.args[0]);
  if (v.op !== Op.Const64 && v.op !== Op.Const32 && v.op !== Op.Const16 && v.op !== Op.Const8) return -1;
  if (v.auxHi < 0 || v.auxHi >= 1 << 20) return -1;
  return v.auxHi * 4294967296 + (v.auxLo >>> 0);
}

/** Whether make's array may be in the frame: escape analysis says so, and the sizes are constants of a bearable size. */
function fitsFrame(site: AllocationSite, elem: GoType, len: number, cap: number): boolean {
  return !site.escapes && len >= 0 && cap >= len && cap * elem.size < maxImplicitStackSize;
}

export function lowerMakeSlice(c: Cursor, v: Value, site: AllocationSite): Value {
  const [len, cap] = v.args;
  const slice = v.type.tuple[0];
  const elem = slice.elem();
  const pointer = c.f.types.pointerTo(elem);
  const n = constantOf(cap);
  const ptr = fitsFrame(site, elem, constantOf(len), n)
    ? frameObject(c, 'make', c.f.types.arrayOf(elem, n), pointer)
    : C.runtimeValue(c, 'makeslice', [C.typeAddr(c, elem), len, cap], pointer);
  return sliceMake(c, slice, ptr, len, cap);
}

export function sliceMake(c: Cursor, slice: GoType, ptr: Value, len: Value, cap: Value): Value {
  return c.f.newValue3(c.block, Op.SliceMake, slice, c.pos, ptr, len, cap, c.inline);
}

export function lowerMakeSliceCopy(c: Cursor, v: Value): Value {
  const [len, from] = v.args;
  const slice = v.type.tuple[0];
  const elem = slice.elem();
  const int = c.f.types.basic(G.Int);
  const source = from.type.kind === G.String ? [Op.StringPtr, Op.StringLen] : [Op.SlicePtr, Op.SliceLen];
  const fromPtr = C.value1(c, source[0], c.f.types.basic(G.UnsafePointer), from);
  const fromLen = C.value1(c, source[1], int, from);
  const pointer = c.f.types.pointerTo(elem);
  const ptr = C.runtimeValue(c, 'makeslicecopy', [C.typeAddr(c, elem), len, fromLen, fromPtr], pointer);
  return sliceMake(c, slice, ptr, len, len);
}

export function lowerMakeMap(c: Cursor, v: Value): Value {
  const map = v.type.tuple[0];
  const hint = constantOf(v.args[0]);
  if (hint >= 0 && hint <= mapGroupSlots) return C.runtimeValue(c, 'makemap_small', [], map);
  const none = C.constNil(c, c.f.types.basic(G.UnsafePointer));
  return C.runtimeValue(c, 'makemap', [C.typeAddr(c, map), v.args[0], none], map);
}

export function lowerMakeChan(c: Cursor, v: Value): Value {
  const chan = v.type.tuple[0];
  return C.runtimeValue(c, 'makechan', [C.typeAddr(c, chan), v.args[0]], chan);
}

/** A func value is the address of an object that begins with the code's address (abi-internal.md, "Closures"). */
export function lowerClosure(c: Cursor, v: Value, closure: Closure): Value {
  const type = v.type.tuple[0];
  const captures = v.args.length - 1;
  if (captures === 0) return C.addrOf(c, c.services.funcValueSymbol(closure.fn), type);
  const object = closure.objectType;
  const fields = object.fields;
  if (fields.length !== captures + 1) bug(`closure object ${object.linkString} for ${captures} captures`);
  const ptr = closure.escapes ? newObject(c, object, type) : frameObject(c, 'closure', object, type);
  const uintptr = c.f.types.basic(G.Uintptr);
  const code = C.addrOf(c, closure.fn.symbol, uintptr);
  C.store(c, uintptr, ptr, code);
  for (let i = 0; i < captures; i++) {
    const field = fields[i + 1];
    const at = C.offPtr(c, ptr, field.offset, c.f.types.pointerTo(field.type));
    C.storeOrMove(c, field.type, at, v.args[i]);
  }
  return ptr;
}
