/** Parts of structs and arrays, in registers or in memory. */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import { canSsa } from '../can-ssa.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import type { FuncBuilder } from './builder.ts';

/** Reads at a moment in the past: for parts of a value that is in memory. */
function loadAt(b: FuncBuilder, t: GoType, ptr: Value, mem: Value): Value {
  return b.v2(canSsa(t) ? Op.Load : Op.Deref, t, ptr, mem);
}

/** Field i of a struct value. */
export function fieldOf(b: FuncBuilder, v: Value, t: GoType, i: number): Value {
  const f = t.fields[i];
  if (v.op === Op.Deref) return loadAt(b, f.type, b.offset(v.args[0], f.offset, b.types.pointerTo(f.type)), v.args[1]);
  if (v.op === Op.StructMake) return v.args[i];
  const s = b.v1(Op.StructSelect, f.type, v);
  s.auxLo = i;
  return s;
}

/** The element of an array value of length 1. */
export function arrayElem(b: FuncBuilder, v: Value, t: GoType): Value {
  if (v.op === Op.ArrayMake1) return v.args[0];
  if (v.op === Op.Deref) return loadAt(b, t.elem(), v.args[0], v.args[1]);
  const s = b.v1(Op.ArraySelect, t.elem(), v);
  s.auxLo = 0;
  return s;
}

/** The address of field i of the struct (of type t) that ptr points to. */
export function fieldAddr(b: FuncBuilder, ptr: Value, t: GoType, i: number): Value {
  const f = t.fields[i];
  return b.offset(ptr, f.offset, b.types.pointerTo(f.type));
}

/** The struct value v with field i replaced. */
export function withField(b: FuncBuilder, v: Value, t: GoType, i: number, field: Value): Value {
  const made = b.v0(Op.StructMake, t);
  for (let k = 0; k < t.fields.length; k++) made.addArg(k === i ? field : fieldOf(b, v, t, k));
  return made;
}

/** A struct value reached by a path of embedded fields: a pointer to it, or the value. */
export interface Place {
  readonly type: GoType;
  readonly ptr: Value | null;
  readonly value: Value | null;
}

/** Follows fields from a struct, through embedded pointers. `at` with a type of pointer kind is dereferenced first. */
export function walkFields(b: FuncBuilder, from: Place, path: readonly number[]): Place {
  let at = from;
  for (const i of path) {
    at = throughPointer(b, at);
    const f = at.type.fields[i];
    if (at.ptr !== null) at = { type: f.type, ptr: fieldAddr(b, at.ptr, at.type, i), value: null };
    else if (at.value !== null) at = { type: f.type, ptr: null, value: fieldOf(b, at.value, at.type, i) };
  }
  return at;
}

/** If the place holds a pointer, the place it points to. */
export function throughPointer(b: FuncBuilder, at: Place): Place {
  if (at.type.kind !== G.Pointer) return at;
  const p = placeValue(b, at);
  return { type: at.type.elem(), ptr: b.nilCheck(p), value: null };
}

export function placeValue(b: FuncBuilder, at: Place): Value {
  if (at.value !== null) return at.value;
  if (at.ptr === null) return b.fail(b.pos, 'empty place');
  return b.load(at.type, at.ptr);
}

/** The address of a place; a value in registers is put into memory. */
export function placeAddr(b: FuncBuilder, at: Place): Value {
  if (at.ptr !== null) return at.ptr;
  if (at.value === null) return b.fail(b.pos, 'empty place');
  return b.addressOfValue(at.type, at.value);
}
