/** Conversion of a concrete value to an interface's data word (gc-contract 5.8). */

import { isDirectInterface } from '#abi/descriptor.ts';
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import { hexText } from '#base/bytes.ts';
import { Text } from '../../call.ts';
import { canSsa } from '../../can-ssa.ts';
import type { Cursor } from '../../cursor.ts';
import * as C from '../../cursor.ts';
import { type AllocationSite, SlotLocal } from '../../func.ts';
import * as Op from '../../gen/op.ts';
import type { Value } from '../../value.ts';
import { newObject } from './allocation.ts';

/** Values that do not escape are boxed in the frame up to this size. */
const maxFrameBox = 1024;

export function lowerBox(c: Cursor, v: Value, site: AllocationSite): Value {
  const x = v.args[0];
  const t = site.type;
  const word = v.type.tuple[0];
  if (t.size === 0) return C.addrOf(c, c.services.runtimeVar('zerobase'), word);
  if (isDirectInterface(t)) return directWord(c, x, word);
  const constant = constantBox(c, x, t, word);
  if (constant !== null) return constant;
  if (t.size === 1 && isWord(t)) return smallValue(c, x, word);
  if (!site.escapes && t.size <= maxFrameBox) {
    const slot = c.f.newSlot(site.what, t, SlotLocal, -1, c.pos);
    slot.addressTaken = true;
    C.varDef(c, slot);
    const at = C.slotAddr(c, slot, word);
    C.storeOrMove(c, t, at, x);
    return at;
  }
  return heapBox(c, x, t, word);
}

function isWord(t: GoType): boolean {
  return t.isInteger() || t.kind === G.Bool;
}

/** The word itself, taken out of structs and arrays of one pointer. */
function directWord(c: Cursor, x: Value, word: GoType): Value {
  const t = x.type;
  if (t.isPointerShaped()) return x;
  if (x.op === Op.Deref) return C.value2(c, Op.Load, word, x.args[0], x.args[1]);
  if (t.kind === G.Array) {
    return directWord(c, C.value1(c, Op.ArraySelect, t.elem(), x), word);
  }
  const i = t.fields.findIndex((f) => f.type.size > 0);
  const field = C.value1(c, Op.StructSelect, t.fields[i].type, x);
  field.auxLo = i;
  return directWord(c, field, word);
}

/** runtime.staticuint64s holds 0..255 as words; the machine is little endian. */
function smallValue(c: Cursor, x: Value, word: GoType): Value {
  const uint8 = c.f.types.basic(G.Uint8);
  const uint64 = c.f.types.basic(G.Uint64);
  const byte = x.type.kind === G.Bool ? C.value1(c, Op.CvtBoolToUint8, uint8, x) : x;
  const index = C.value1(c, Op.ZeroExt8to64, uint64, byte);
  const shift = C.constInt(c, uint64, 3);
  const offset = C.value2(c, Op.Lsh64x64, uint64, index, shift);
  offset.auxLo = 1;
  const base = C.addrOf(c, c.services.runtimeVar('staticuint64s'), word);
  return C.value2(c, Op.AddPtr, word, base, offset);
}

/** Constants are boxed at compile time. */
function constantBox(c: Cursor, x: Value, t: GoType, word: GoType): Value | null {
  if (x.op === Op.Copy) return constantBox(c, x.args[0], t, word);
  if (x.op === Op.ConstString && x.aux instanceof Text)
    return C.addrOf(c, c.services.stringVariable(x.aux.bytes), word);
  let lo = x.auxLo;
  let hi = x.auxHi;
  switch (x.op) {
    case Op.ConstBool:
    case Op.Const8:
    case Op.Const16:
    case Op.Const32:
    case Op.Const64:
    case Op.Const64F:
      break;
    case Op.Const32F: {
      scratch.setUint32(0, lo, true);
      scratch.setUint32(4, hi, true);
      scratch.setFloat32(0, scratch.getFloat64(0, true), true);
      lo = scratch.getInt32(0, true);
      hi = 0;
      break;
    }
    default:
      return null;
  }
  scratch.setInt32(0, lo, true);
  scratch.setInt32(4, hi, true);
  const bytes = new Uint8Array(scratch.buffer.slice(0, t.size));
  const hex = hexText(bytes.toReversed());
  return C.addrOf(c, c.services.readOnlyData(`$box${t.size * 8}.${hex}`, bytes, t.align), word);
}

const scratch = new DataView(new ArrayBuffer(8));

function heapBox(c: Cursor, x: Value, t: GoType, word: GoType): Value {
  if (x.op !== Op.Deref && canSsa(t)) {
    if (t.isInteger() && t.size === 2) return C.runtimeValue(c, 'convT16', [x], word);
    if (t.isInteger() && t.size === 4) return C.runtimeValue(c, 'convT32', [x], word);
    if (t.isInteger() && t.size === 8) return C.runtimeValue(c, 'convT64', [x], word);
    if (t.kind === G.String) return C.runtimeValue(c, 'convTstring', [x], word);
    if (t.kind === G.Slice) return C.runtimeValue(c, 'convTslice', [x], word);
    const ptr = newObject(c, t, word);
    C.store(c, t, ptr, x);
    return ptr;
  }
  const source = x.args[0];
  return C.runtimeValue(c, t.hasPointers() ? 'convT' : 'convTnoptr', [C.typeAddr(c, t), source], word);
}
