/** Sizes, alignments and field offsets as the gc compiler lays types out. Numbers are exact up to 2^53; -1 stands for "too large". */
import { bug } from '#base/bug.ts';
import * as BasicKind from './basickind.ts';
import type { Var } from './object.ts';
import { isComplex } from './predicates.ts';
import { asNamed, type Type } from './type.ts';
import * as TypeKind from './typekind.ts';
import { under } from './under.ts';

export interface Sizes {
  readonly wordSize: number;
  readonly maxAlign: number;
}

const words64: Sizes = { wordSize: 8, maxAlign: 8 };
const words32: Sizes = { wordSize: 4, maxAlign: 4 };

/** The sizes of a GOARCH. */
export function sizesFor(arch: string): Sizes {
  switch (arch) {
    case '386':
    case 'arm':
    case 'mips':
    case 'mipsle':
      return words32;
    case 'amd64p32':
      return { wordSize: 4, maxAlign: 8 };
    default:
      return words64;
  }
}

/** Where the sizes come from: the configuration, or those of amd64. */
export type HasSizes = { readonly sizes: Sizes } | null;

const maxSize = 2 ** 63;

/** Sizes of basic types by kind; 0: depends on the word size. */
const basicSizes: readonly number[] = [0, 1, 0, 1, 2, 4, 8, 0, 1, 2, 4, 8, 0, 4, 8, 8, 16];

function align(x: number, a: number): number {
  const r = x % a;
  const y = r === 0 ? x : x + a - r;
  return y >= maxSize ? -1 : y;
}

/** The size of a value of type T, or -1. */
export function sizeofType(conf: HasSizes, T: Type): number {
  const s = conf === null ? words64 : conf.sizes;
  const t = under(T);
  switch (t.kind) {
    case TypeKind.Basic: {
      const size = t.basic < basicSizes.length ? basicSizes[t.basic] : 0;
      if (size > 0) return size;
      return t.basic === BasicKind.String ? s.wordSize * 2 : s.wordSize;
    }
    case TypeKind.Array: {
      if (t.len <= 0) return 0;
      const elem = sizeofType(conf, t.elem);
      if (elem <= 0) return elem;
      return elem * t.len >= maxSize ? -1 : elem * t.len;
    }
    case TypeKind.Slice:
      return s.wordSize * 3;
    case TypeKind.Interface:
      return s.wordSize * 2;
    case TypeKind.Struct: {
      const n = t.fields.length;
      if (n === 0) return 0;
      const offset = offsetsOf(conf, t.fields)[n - 1];
      let size = sizeofType(conf, t.fields[n - 1].typ);
      if (offset < 0 || size < 0) return -1;
      // The address of a last field without size must be inside the struct.
      if (offset > 0 && size === 0) size = 1;
      return align(offset + size, alignofType(conf, t));
    }
    case TypeKind.Union:
      bug('size of a union');
      break;
    default:
      return s.wordSize;
  }
}

/** The alignment of a variable of type T. */
export function alignofType(conf: HasSizes, T: Type): number {
  const s = conf === null ? words64 : conf.sizes;
  const t = under(T);
  switch (t.kind) {
    case TypeKind.Array:
      return alignofType(conf, t.elem);
    case TypeKind.Struct: {
      if (t.fields.length === 0 && isAtomicAlign64(T)) return 8;
      let max = 1;
      for (const f of t.fields) max = Math.max(max, alignofType(conf, f.typ));
      return max;
    }
    case TypeKind.Slice:
    case TypeKind.Interface:
      return s.wordSize;
    case TypeKind.Basic:
      if ((t.info & BasicKind.IsString) !== 0) return s.wordSize;
      break;
    default:
      break;
  }
  let a = sizeofType(conf, T);
  if (a < 1) return 1;
  if (isComplex(T)) a /= 2;
  return Math.min(a, s.maxAlign);
}

/** sync/atomic and internal/runtime/atomic mark 64-bit alignment with a type of this name. */
export function isAtomicAlign64(T: Type): boolean {
  const named = asNamed(T);
  if (named === null || named.obj.name !== 'align64' || named.obj.pkg === null) return false;
  const path = named.obj.pkg.path;
  return path === 'sync/atomic' || path === 'internal/runtime/atomic';
}

/** The offsets of the fields of a struct; -1 for those that are too far. */
export function offsetsOf(conf: HasSizes, fields: readonly Var[]): number[] {
  const offsets: number[] = [];
  let offset = 0;
  for (const f of fields) {
    if (offset < 0) {
      offsets.push(-1);
      continue;
    }
    offset = align(offset, alignofType(conf, f.typ));
    offsets.push(offset);
    const size = sizeofType(conf, f.typ);
    offset = size >= 0 && offset >= 0 && offset + size < maxSize ? offset + size : -1;
  }
  return offsets;
}

/** The offset of the field at an index path through structs; -1 if it is too far. */
export function offsetofField(conf: HasSizes, T: Type, index: readonly number[]): number {
  let t = T;
  let offset = 0;
  for (const i of index) {
    const s = under(t);
    if (s.kind !== TypeKind.Struct) bug('offset in a type that is no struct');
    const d = offsetsOf(conf, s.fields)[i];
    if (d < 0 || offset + d >= maxSize) return -1;
    offset += d;
    t = s.fields[i].typ;
  }
  return offset;
}
