/** go and defer statements (gc-contract 5.5). */

import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import type { TypeTableApi } from '#abi/type-table.ts';
import { bug } from '#base/bug.ts';
import type { Cursor } from '../../cursor.ts';
import * as C from '../../cursor.ts';
import { SlotDeferred, SlotLocal } from '../../func.ts';
import type { Value } from '../../value.ts';

export function lowerGo(c: Cursor, v: Value): null {
  C.runtimeCall(c, 'newproc', [v.args[0]]);
  return null;
}

export function lowerDefer(c: Cursor, v: Value): null {
  c.f.hasDefer = true;
  if (v.auxLo === 2) return storeOpen(c, v);
  if (v.auxLo !== 0) {
    C.runtimeCall(c, 'deferproc', [v.args[0]]);
    return null;
  }
  const record = deferRecord(c.f.types);
  const slot = c.f.newSlot('defer', record, SlotLocal, -1, c.pos);
  slot.addressTaken = true;
  C.varDef(c, slot);
  const pointer = c.f.types.basic(G.UnsafePointer);
  const base = C.slotAddr(c, slot, pointer);
  const fn = record.fields[fnField];
  C.store(c, fn.type, C.offPtr(c, base, fn.offset, c.f.types.pointerTo(fn.type)), v.args[0]);
  C.runtimeCall(c, 'deferprocStack', [base]);
  return null;
}

/** The place of an open-coded defer's func value, where the runtime finds it. */
function storeOpen(c: Cursor, v: Value): null {
  const slot =
    c.f.slots.find((s) => s.kind === SlotDeferred) ?? bug(`${c.f.ref.linkName}: open-coded defer without slot`);
  const type = slot.type.elem();
  const base = C.slotAddr(c, slot, c.f.types.pointerTo(slot.type));
  C.store(c, type, C.offPtr(c, base, v.auxHi * type.size, c.f.types.pointerTo(type)), v.args[0]);
  return null;
}

export function lowerDeferAt(c: Cursor, v: Value): null {
  c.f.hasDefer = true;
  C.runtimeCall(c, 'deferprocat', [v.args[0], v.args[1]]);
  return null;
}

const fnField = 4;

/** runtime._defer. The runtime scans these records itself, so the slot holds no pointers for the stack maps. */
function deferRecord(types: TypeTableApi): GoType {
  const field = (name: string, type: GoType) => ({ name, type, embedded: false, tag: '', pkgPath: 'runtime' });
  const bool = types.basic(G.Bool);
  const uintptr = types.basic(G.Uintptr);
  return types.structOf([
    field('heap', bool),
    field('rangefunc', bool),
    field('sp', uintptr),
    field('pc', uintptr),
    field('fn', uintptr),
    field('link', uintptr),
    field('head', uintptr),
  ]);
}
