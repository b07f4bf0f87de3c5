/**
 * How values of a type are compared and hashed: which predefined runtime algorithm serves, or whether functions must be
 * generated. Source of the facts: cmd/compile/internal/types/alg.go and size.go (which sets the algorithm with the size).
 */

import type { GoType } from './gotype.ts';
import * as Kind from './gotype.ts';

/** Cannot be compared. */
export const NoEquality = 0;
/** As NoEquality, because a part was made by the compiler without algorithms (map groups). */
export const NoAlgorithm = 1;
/** Plain memory. */
export const Memory = 2;
export const StringContents = 3;
/** Interface with methods. */
export const Interface = 4;
export const EmptyInterface = 5;
export const Float32 = 6;
export const Float64 = 7;
export const Complex64 = 8;
export const Complex128 = 9;
/** Field by field, element by element. */
export const Special = 10;

/** Type names made by the compiler for types without algorithms start so (cmd/compile/internal/types/fmt.go). */
export const noAlgorithmPrefix = 'noalg.';

const cache = new WeakMap<GoType, number>();

export function algorithmOf(t: GoType): number {
  let a = cache.get(t);
  if (a === undefined) {
    a = compute(t);
    cache.set(t, a);
  }
  return a;
}

function compute(t: GoType): number {
  if (t.linkString.startsWith(noAlgorithmPrefix)) return NoAlgorithm;
  switch (t.kind) {
    case Kind.Func:
    case Kind.Map:
    case Kind.Slice:
      return NoEquality;
    case Kind.Float32:
      return Float32;
    case Kind.Float64:
      return Float64;
    case Kind.Complex64:
      return Complex64;
    case Kind.Complex128:
      return Complex128;
    case Kind.String:
      return StringContents;
    case Kind.Interface:
      return t.isEmptyInterface() ? EmptyInterface : Interface;
    case Kind.Array:
      return arrayAlgorithm(t);
    case Kind.Struct:
      return structAlgorithm(t);
    default:
      return Memory;
  }
}

function arrayAlgorithm(t: GoType): number {
  const e = algorithmOf(t.elem());
  if (e === NoEquality || e === NoAlgorithm) return e;
  if (t.length === 0 || e === Memory) return Memory;
  return t.length === 1 ? e : Special;
}

function structAlgorithm(t: GoType): number {
  const fields = t.fields;
  if (fields.length === 1 && fields[0].name !== '_') return algorithmOf(fields[0].type);
  let result = Memory;
  for (let i = 0; i < fields.length; i++) {
    const f = fields[i];
    const a = algorithmOf(f.type);
    if (a === NoAlgorithm) return NoAlgorithm;
    if (a === NoEquality) result = NoEquality;
    else if (result !== NoEquality && (a !== Memory || f.name === '_' || isPadded(t, i))) result = Special;
  }
  return result;
}

/** Whether field i of a struct is followed by padding. */
export function isPadded(t: GoType, i: number): boolean {
  const f = t.fields[i];
  const end = i + 1 < t.fields.length ? t.fields[i + 1].offset : t.size;
  return f.offset + f.type.size !== end;
}

export function isComparable(t: GoType): boolean {
  const a = algorithmOf(t);
  return a !== NoEquality && a !== NoAlgorithm;
}

/** Equality is comparison of all bytes (TFlagRegularMemory). */
export function isRegularMemory(t: GoType): boolean {
  return algorithmOf(t) === Memory;
}

/**
 * The suffix of the runtime's fixed-size memory functions (memequal8 ... memhash128) for a type of plain memory, or "" where
 * none fits: amd64 needs no alignment, so only the size counts.
 */
export function fixedMemorySize(t: GoType): string {
  switch (t.size) {
    case 0:
    case 1:
    case 2:
    case 4:
    case 8:
    case 16:
      return String(t.size * 8);
    default:
      return '';
  }
}

/** Runtime functions by algorithm: [equality, hash]; null: not predefined. */
export function predefined(t: GoType): readonly [equal: string, hash: string] | null {
  switch (algorithmOf(t)) {
    case Memory: {
      const size = fixedMemorySize(t);
      return size === '' ? null : [`memequal${size}`, `memhash${size}`];
    }
    case StringContents:
      return ['strequal', 'strhash'];
    case Interface:
      return ['interequal', 'interhash'];
    case EmptyInterface:
      return ['nilinterequal', 'nilinterhash'];
    case Float32:
      return ['f32equal', 'f32hash'];
    case Float64:
      return ['f64equal', 'f64hash'];
    case Complex64:
      return ['c64equal', 'c64hash'];
    case Complex128:
      return ['c128equal', 'c128hash'];
    default:
      return null;
  }
}

/** Map keys whose stored form must follow an update: equal keys may have different bytes (contract 4.5, NeedKeyUpdate). */
export function needsKeyUpdate(t: GoType): boolean {
  switch (t.kind) {
    case Kind.Float32:
    case Kind.Float64:
    case Kind.Complex64:
    case Kind.Complex128:
    case Kind.Interface:
    case Kind.String:
      return true;
    case Kind.Array:
      return needsKeyUpdate(t.elem());
    case Kind.Struct:
      return t.fields.some((f) => needsKeyUpdate(f.type));
    default:
      return false;
  }
}

/** Hashing a key may panic: it holds an interface. */
export function hashMightPanic(t: GoType): boolean {
  if (t.kind === Kind.Interface) return true;
  if (t.kind === Kind.Array) return hashMightPanic(t.elem());
  return t.kind === Kind.Struct && t.fields.some((f) => hashMightPanic(f.type));
}
