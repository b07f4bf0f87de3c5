/** Index expressions on strings, arrays and slices, and bounds checks (spec: "Index expressions"; gc-contract 5.9). */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import type { Expr, IndexExpr } from '#syntax/nodes.ts';
import * as B from '../block.ts';
import { canSsa } from '../can-ssa.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import type { FuncBuilder } from './builder.ts';
import { convertNumber } from './convert-number.ts';
import { addressOf, expr, exprTo, exprType, isInMemory, retypePtr } from './expr.ts';
import { orderOperands } from './order.ts';

// Codes of internal/abi/bounds.go.
export const BoundsIndex = 0;
export const BoundsSliceAlen = 1;
export const BoundsSliceAcap = 2;
export const BoundsSliceB = 3;
export const BoundsSlice3Alen = 4;
export const BoundsSlice3Acap = 5;
export const BoundsSlice3B = 6;
export const BoundsSlice3C = 7;
export const BoundsConvert = 8;

/** An index or length as a 64-bit integer; `signed` says how a panic shows it. */
export interface IndexValue {
  readonly value: Value;
  readonly signed: boolean;
}

/** An integer of any type as int; unsigned 64-bit ones keep their bits. */
export function asInt(b: FuncBuilder, v: Value, t: GoType): IndexValue {
  return { value: convertNumber(b, v, t, b.int), signed: t.isSigned() };
}

export function indexOperand(b: FuncBuilder, e: Expr): IndexValue {
  const t = exprType(b, e);
  // A constant index may have a type that is no integer (1.0).
  if (!t.isInteger()) return { value: exprTo(b, e, b.int), signed: true };
  return asInt(b, expr(b, e), t);
}

function isConst(v: Value): boolean {
  return v.op === Op.Const64;
}

function constBelow(i: Value, n: Value, orEqual: boolean): boolean {
  if (!isConst(i) || !isConst(n) || i.auxHi < 0) return false;
  if (i.auxHi !== n.auxHi) return i.auxHi < n.auxHi;
  return i.auxLo >>> 0 < n.auxLo >>> 0 || (orEqual && i.auxLo === n.auxLo);
}

/** Panics unless 0 <= i < n, or <= n for codes other than BoundsIndex. */
export function boundsCheck(b: FuncBuilder, i: IndexValue, n: Value, code: number): void {
  const orEqual = code !== BoundsIndex;
  if (constBelow(i.value, n, orEqual)) return;
  const good = b.newBlock();
  const bad = b.newBlock();
  b.branch(b.v2(orEqual ? Op.IsSliceInBounds : Op.IsInBounds, b.bool, i.value, n), good, bad, B.Likely);
  b.startSealed(bad);
  panicBounds(b, i, n, code);
  b.startSealed(good);
}

export function panicBounds(b: FuncBuilder, i: IndexValue, n: Value, code: number): void {
  const p = b.v3(Op.PanicBounds, b.types.mem, i.value, n, b.mem());
  p.auxLo = code;
  p.auxHi = i.signed ? 1 : 0;
  b.setMem(p);
  b.exit();
}

/** Evaluates an index and checks it. */
export function indexWithin(b: FuncBuilder, e: Expr, n: Value): Value {
  const i = indexOperand(b, e);
  boundsCheck(b, i, n, BoundsIndex);
  return i.value;
}

export function indexString(b: FuncBuilder, e: IndexExpr): Value {
  const s = expr(b, e.x);
  const i = indexWithin(b, e.index, b.v1(Op.StringLen, b.int, s));
  const ptr = b.v2(Op.PtrIndex, b.bytePtr, b.v1(Op.StringPtr, b.bytePtr, s), i);
  return b.load(b.uint8, ptr);
}

/** What an index expression of an array in memory or a slice selects from. */
export interface Elements {
  readonly elem: GoType;
  readonly ptr: Value;
  readonly len: Value;
}

export function elementsOf(b: FuncBuilder, x: Expr): Elements {
  const t = exprType(b, x);
  if (t.kind === G.Slice) {
    const s = expr(b, x);
    return sliceElements(b, s, t);
  }
  if (t.kind === G.Pointer) {
    const array = t.elem();
    return {
      elem: array.elem(),
      ptr: retypePtr(b, b.nilCheck(expr(b, x)), array.elem()),
      len: b.constInt(array.length),
    };
  }
  if (t.kind === G.Array) {
    const p = isInMemory(b, x) ? addressOf(b, x) : b.addressOfValue(t, expr(b, x));
    return { elem: t.elem(), ptr: retypePtr(b, p, t.elem()), len: b.constInt(t.length) };
  }
  return b.fail(x.pos, `index of ${t.linkString}`);
}

export function sliceElements(b: FuncBuilder, s: Value, t: GoType): Elements {
  const elem = t.elem();
  return { elem, ptr: b.v1(Op.SlicePtr, b.types.pointerTo(elem), s), len: b.v1(Op.SliceLen, b.int, s) };
}

export function elementAddr(b: FuncBuilder, from: Elements, i: Value): Value {
  return b.v2(Op.PtrIndex, b.types.pointerTo(from.elem), from.ptr, i);
}

export function indexAddr(b: FuncBuilder, e: IndexExpr): Value {
  orderOperands(b, [e.x, e.index]);
  const from = elementsOf(b, e.x);
  const i = indexWithin(b, e.index, from.len);
  return elementAddr(b, from, i);
}

/** Reads a part of a value in memory at the time the value was read. */
export function loadThen(b: FuncBuilder, t: GoType, ptr: Value, mem: Value): Value {
  return b.v2(canSsa(t) ? Op.Load : Op.Deref, t, ptr, mem);
}
