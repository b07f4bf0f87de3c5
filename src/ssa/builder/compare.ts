/** Comparisons (spec: "Comparison operators"). */
import * as Algorithm from '#abi/algorithm.ts';
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import * as SyntaxOp from '#syntax/operators.ts';
import { canSsa } from '../can-ssa.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import { sizeLog } from './arith.ts';
import type { FuncBuilder } from './builder.ts';
import { arrayElem, fieldOf } from './fields.ts';
import { unbox } from './interfaces.ts';
import { callStatic, compareStrings, rtCall } from './runtime-call.ts';

/** x op y, both of type t. */
export function compareValues(b: FuncBuilder, op: number, t: GoType, x: Value, y: Value): Value {
  switch (op) {
    case SyntaxOp.Eql:
      return equal(b, t, x, y);
    case SyntaxOp.Neq:
      return notEqual(b, t, x, y);
    case SyntaxOp.Gtr:
      return less(b, t, y, x);
    case SyntaxOp.Geq:
      return lessOrEqual(b, t, y, x);
    case SyntaxOp.Lss:
      return less(b, t, x, y);
    default:
      return lessOrEqual(b, t, x, y);
  }
}

export function not(b: FuncBuilder, x: Value): Value {
  return b.v1(Op.Not, b.bool, x);
}

function notEqual(b: FuncBuilder, t: GoType, x: Value, y: Value): Value {
  if (t.isInteger()) return b.v2(Op.Neq8 + sizeLog(t), b.bool, x, y);
  if (t.isFloat()) return b.v2(t.size === 8 ? Op.Neq64F : Op.Neq32F, b.bool, x, y);
  if (t.kind === G.Bool) return b.v2(Op.NeqB, b.bool, x, y);
  if (t.isPointerShaped()) return b.v2(Op.NeqPtr, b.bool, x, y);
  return not(b, equal(b, t, x, y));
}

export function equal(b: FuncBuilder, t: GoType, x: Value, y: Value): Value {
  if (t.isInteger()) return b.v2(Op.Eq8 + sizeLog(t), b.bool, x, y);
  if (t.isFloat()) return b.v2(t.size === 8 ? Op.Eq64F : Op.Eq32F, b.bool, x, y);
  if (t.isPointerShaped()) return b.v2(Op.EqPtr, b.bool, x, y);
  switch (t.kind) {
    case G.Bool:
      return b.v2(Op.EqB, b.bool, x, y);
    case G.Complex64:
    case G.Complex128: {
      const part = b.types.basic(t.kind === G.Complex64 ? G.Float32 : G.Float64);
      const re = equal(b, part, b.v1(Op.ComplexReal, part, x), b.v1(Op.ComplexReal, part, y));
      const im = equal(b, part, b.v1(Op.ComplexImag, part, x), b.v1(Op.ComplexImag, part, y));
      return b.v2(Op.AndB, b.bool, re, im);
    }
    case G.String:
      return stringEqual(b, x, y);
    case G.Interface:
      return interfaceEqual(b, t, x, y);
    case G.Slice:
      return sliceIsNil(b, t, x, y);
    case G.Struct:
    case G.Array:
      return compositeEqual(b, t, x, y);
    default:
      return b.fail(b.pos, `comparison of ${t.linkString}`);
  }
}

/** Slices are only compared with nil. */
function sliceIsNil(b: FuncBuilder, t: GoType, x: Value, y: Value): Value {
  const s = y.op === Op.ConstSlice ? x : y;
  return not(b, b.v1(Op.IsNonNil, b.bool, b.v1(Op.SlicePtr, b.types.pointerTo(t.elem()), s)));
}

/** The value of `first && rest()`. */
export function andThen(b: FuncBuilder, first: Value, rest: () => Value): Value {
  const id = b.newVar(b.bool);
  b.define(id, b.constBool(false));
  const more = b.newBlock();
  const done = b.newBlock();
  b.branch(first, more, done);
  b.startSealed(more);
  b.define(id, rest());
  b.jump(done);
  b.startSealed(done);
  return b.read(id);
}

function stringEqual(b: FuncBuilder, x: Value, y: Value): Value {
  const xl = b.v1(Op.StringLen, b.int, x);
  if (isEmpty(y)) return b.v2(Op.Eq64, b.bool, xl, b.constInt(0));
  const yl = b.v1(Op.StringLen, b.int, y);
  if (isEmpty(x)) return b.v2(Op.Eq64, b.bool, yl, b.constInt(0));
  return andThen(b, b.v2(Op.Eq64, b.bool, xl, yl), () => {
    const px = b.v1(Op.StringPtr, b.bytePtr, x);
    const py = b.v1(Op.StringPtr, b.bytePtr, y);
    return rtCall(b, 'memequal', [px, py, xl])[0];
  });
}

function isEmpty(v: Value): boolean {
  return v.op === Op.ConstString && v.aux !== null && v.aux.text() === '""';
}

function interfaceEqual(b: FuncBuilder, t: GoType, x: Value, y: Value): Value {
  const tx = b.v1(Op.ITab, b.bytePtr, x);
  if (y.op === Op.ConstInterface) return not(b, b.v1(Op.IsNonNil, b.bool, tx));
  const ty = b.v1(Op.ITab, b.bytePtr, y);
  if (x.op === Op.ConstInterface) return not(b, b.v1(Op.IsNonNil, b.bool, ty));
  return andThen(b, b.v2(Op.EqPtr, b.bool, tx, ty), () => {
    const dx = b.v1(Op.IData, b.unsafePointer, x);
    const dy = b.v1(Op.IData, b.unsafePointer, y);
    return rtCall(b, t.isEmptyInterface() ? 'efaceeq' : 'ifaceeq', [tx, dx, dy])[0];
  });
}

/** How many comparisons are made in place of a call of the type's equality function. */
const maxInline = 4;

function compositeEqual(b: FuncBuilder, t: GoType, x: Value, y: Value): Value {
  if (t.size === 0) return b.constBool(true);
  const sx = b.stable(x);
  const sy = b.stable(y);
  if (t.kind === G.Struct && countParts(t) <= maxInline) return structEqual(b, t, sx, sy);
  if (t.kind === G.Array && t.length === 1 && canSsa(t))
    return equal(b, t.elem(), arrayElem(b, sx, t), arrayElem(b, sy, t));
  const px = b.addressOfValue(t, sx);
  const py = b.addressOfValue(t, sy);
  return memoryEqual(b, t, px, py);
}

/** Whether the values of type t that px and py point to are equal. */
export function memoryEqual(b: FuncBuilder, t: GoType, px: Value, py: Value): Value {
  if (Algorithm.isRegularMemory(t))
    return rtCall(b, 'memequal', [px, py, b.constant(Op.Const64, b.uintptr, t.size, 0)])[0];
  return callStatic(b, b.prog.equalFunc(t), [px, py])[0];
}

function countParts(t: GoType): number {
  if (t.kind === G.Struct) {
    let n = 0;
    for (const f of t.fields) if (f.name !== '_') n += countParts(f.type);
    return n;
  }
  return t.kind === G.Array ? (t.length === 1 && canSsa(t) ? countParts(t.elem()) : t.length === 0 ? 0 : maxInline) : 1;
}

function structEqual(b: FuncBuilder, t: GoType, x: Value, y: Value): Value {
  const fields: number[] = [];
  for (let i = 0; i < t.fields.length; i++) {
    if (t.fields[i].name !== '_' && t.fields[i].type.size > 0) fields.push(i);
  }
  orderFields(t, fields);
  let result: Value | null = null;
  for (const i of fields) {
    const ft = t.fields[i].type;
    const compare = (): Value => equal(b, ft, fieldOf(b, x, t, i), fieldOf(b, y, t, i));
    result = result === null ? compare() : andThen(b, result, compare);
  }
  return result ?? b.constBool(true);
}

/** What makes calls comes last, but nothing moves across a comparison that may panic (cmd/compile/internal/compare, EqStruct). */
function orderFields(t: GoType, fields: number[]): void {
  const rank = new Map<number, number>();
  let start = 0;
  for (const i of fields) {
    const ft = t.fields[i].type;
    const panics = comparisonCanPanic(ft);
    if (panics) start++;
    rank.set(i, 2 * start + (!panics && isCostly(ft) ? 1 : 0));
    if (panics) start++;
  }
  fields.sort((i, j) => (rank.get(i) ?? 0) - (rank.get(j) ?? 0));
}

function isCostly(t: GoType): boolean {
  return t.kind === G.String || t.kind === G.Struct || t.kind === G.Array;
}

/** Interface values may hold values that cannot be compared. */
export function comparisonCanPanic(t: GoType): boolean {
  if (t.kind === G.Interface) return true;
  if (t.kind === G.Array) return comparisonCanPanic(t.elem());
  return t.kind === G.Struct && t.fields.some((f) => comparisonCanPanic(f.type));
}

function less(b: FuncBuilder, t: GoType, x: Value, y: Value): Value {
  if (t.kind === G.String) return b.v2(Op.Less64, b.bool, compareStrings(b, x, y), b.constInt(0));
  if (t.isFloat()) return b.v2(t.size === 8 ? Op.Less64F : Op.Less32F, b.bool, x, y);
  return b.v2((t.isSigned() ? Op.Less8 : Op.Less8U) + sizeLog(t), b.bool, x, y);
}

function lessOrEqual(b: FuncBuilder, t: GoType, x: Value, y: Value): Value {
  if (t.kind === G.String) return b.v2(Op.Leq64, b.bool, compareStrings(b, x, y), b.constInt(0));
  if (t.isFloat()) return b.v2(t.size === 8 ? Op.Leq64F : Op.Leq32F, b.bool, x, y);
  return b.v2((t.isSigned() ? Op.Leq8 : Op.Leq8U) + sizeLog(t), b.bool, x, y);
}

/** Whether an interface value holds the value y of the concrete type t, without making an interface of y. */
export function interfaceHolds(b: FuncBuilder, x: Value, t: GoType, y: Value, typeWord: Value): Value {
  const tx = b.v1(Op.ITab, b.bytePtr, x);
  const sy = b.stable(y);
  return andThen(b, b.v2(Op.EqPtr, b.bool, tx, typeWord), () => equal(b, t, unbox(b, x, t), sy));
}
