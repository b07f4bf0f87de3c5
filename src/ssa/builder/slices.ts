/** Slice expressions (spec: "Slice expressions"), and making, growing and copying slices. */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import type { SliceExpr } from '#syntax/nodes.ts';
import * as B from '../block.ts';
import { AllocationSite } from '../func.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import type { FuncBuilder } from './builder.ts';
import { addressOf, expr, exprType, isInMemory, retypePtr } from './expr.ts';
import * as Index from './index.ts';
import { orderOperands } from './order.ts';
import { rtCall } from './runtime-call.ts';

export function sliceExpr(b: FuncBuilder, e: SliceExpr): Value {
  orderOperands(b, [e.x, ...e.index]);
  const xt = exprType(b, e.x);
  const t = exprType(b, e);
  if (xt.kind === G.String) return sliceString(b, e, t);
  let ptr: Value;
  let len: Value;
  let cap: Value;
  let elem: GoType;
  if (xt.kind === G.Slice) {
    const s = expr(b, e.x);
    elem = xt.elem();
    ptr = b.v1(Op.SlicePtr, b.types.pointerTo(elem), s);
    len = b.v1(Op.SliceLen, b.int, s);
    cap = b.v1(Op.SliceCap, b.int, s);
  } else {
    const array = xt.kind === G.Pointer ? xt.elem() : xt;
    const p =
      xt.kind === G.Pointer
        ? b.nilCheck(expr(b, e.x))
        : isInMemory(b, e.x)
          ? addressOf(b, e.x)
          : b.fail(e.pos, 'slice of an array without address');
    elem = array.elem();
    ptr = retypePtr(b, p, elem);
    len = b.constInt(array.length);
    cap = len;
  }
  const [lo, hi, max] = e.index;
  const i = lo === null ? null : Index.indexOperand(b, lo);
  const j = hi === null ? { value: len, signed: true } : Index.indexOperand(b, hi);
  const k = max === null ? null : Index.indexOperand(b, max);
  const alen = xt.kind !== G.Slice;
  if (k !== null) Index.boundsCheck(b, k, cap, alen ? Index.BoundsSlice3Alen : Index.BoundsSlice3Acap);
  const top = k === null ? cap : k.value;
  if (hi !== null) {
    const code = k !== null ? Index.BoundsSlice3B : alen ? Index.BoundsSliceAlen : Index.BoundsSliceAcap;
    Index.boundsCheck(b, j, top, code);
  }
  if (i === null) return b.v3(Op.SliceMake, t, ptr, j.value, top);
  Index.boundsCheck(b, i, j.value, k !== null ? Index.BoundsSlice3C : Index.BoundsSliceB);
  return subslice(b, t, elem, ptr, i.value, j.value, top);
}

/** ptr[i:j:top], all checked. The pointer stays where it is if nothing is left: it must not point past the array. */
function subslice(b: FuncBuilder, t: GoType, elem: GoType, ptr: Value, i: Value, j: Value, top: Value): Value {
  if (i.op === Op.Const64 && i.auxLo === 0 && i.auxHi === 0) return b.v3(Op.SliceMake, t, ptr, j, top);
  const len = b.v2(Op.Sub64, b.int, j, i);
  const cap = top === j ? len : b.v2(Op.Sub64, b.int, top, i);
  const bytes = elem.size === 1 ? i : b.v2(Op.Mul64, b.int, i, b.constInt(elem.size));
  const masked = b.v2(Op.And64, b.int, bytes, b.v1(Op.Slicemask, b.int, cap));
  return b.v3(Op.SliceMake, t, b.v2(Op.AddPtr, ptr.type, ptr, masked), len, cap);
}

function sliceString(b: FuncBuilder, e: SliceExpr, t: GoType): Value {
  const s = expr(b, e.x);
  const ptr = b.v1(Op.StringPtr, b.bytePtr, s);
  const n = b.v1(Op.StringLen, b.int, s);
  const [lo, hi] = e.index;
  const i = lo === null ? null : Index.indexOperand(b, lo);
  const j = hi === null ? { value: n, signed: true } : Index.indexOperand(b, hi);
  if (hi !== null) Index.boundsCheck(b, j, n, Index.BoundsSliceAlen);
  if (i === null) return b.v2(Op.StringMake, t, ptr, j.value);
  Index.boundsCheck(b, i, j.value, Index.BoundsSliceB);
  const len = b.v2(Op.Sub64, b.int, j.value, i.value);
  const masked = b.v2(Op.And64, b.int, i.value, b.v1(Op.Slicemask, b.int, len));
  return b.v2(Op.StringMake, t, b.v2(Op.AddPtr, b.bytePtr, ptr, masked), len);
}

export function makeSlice(b: FuncBuilder, t: GoType, len: Value, cap: Value, what: string): Value {
  const v = b.v3(Op.MakeSlice, b.tupleWithMem(t), len, cap, b.mem());
  v.aux = new AllocationSite(what, t.elem(), b.pos, false);
  return b.withMem(v, t);
}

/** Room for n more elements: the slice with its length grown by n. */
export function growSlice(b: FuncBuilder, t: GoType, s: Value, n: Value): Value {
  const v = b.v3(Op.GrowSlice, b.tupleWithMem(t), s, n, b.mem());
  v.aux = new AllocationSite('append', t.elem(), b.pos, false);
  return b.withMem(v, t);
}

export function byteCount(b: FuncBuilder, n: Value, elem: GoType): Value {
  const w = b.v1(Op.Copy, b.uintptr, n);
  if (elem.size === 1) return w;
  return b.v2(Op.Mul64, b.uintptr, w, b.constant(Op.Const64, b.uintptr, elem.size, 0));
}

/** copy(dst, src) of n elements, n at most both lengths. */
export function copyElements(b: FuncBuilder, elem: GoType, dst: Value, src: Value, n: Value): void {
  if (elem.size === 0) return;
  if (elem.hasPointers()) rtCall(b, 'typedslicecopy', [b.typeAddr(elem), dst, n, src, n]);
  else rtCall(b, 'memmove', [dst, src, byteCount(b, n, elem)]);
}

/** Zeroes n elements from ptr on; n may be 0. */
export function clearElements(b: FuncBuilder, elem: GoType, ptr: Value, n: Value): void {
  if (elem.size === 0) return;
  const some = b.newBlock();
  const done = b.newBlock();
  b.branch(b.v2(Op.Neq64, b.bool, n, b.constInt(0)), some, done, B.Likely);
  b.startSealed(some);
  rtCall(b, elem.hasPointers() ? 'memclrHasPointers' : 'memclrNoHeapPointers', [ptr, byteCount(b, n, elem)]);
  b.jump(done);
  b.startSealed(done);
}

export function minInt(b: FuncBuilder, x: Value, y: Value): Value {
  const id = b.newVar(b.int);
  b.define(id, x);
  const smaller = b.newBlock();
  const done = b.newBlock();
  b.branch(b.v2(Op.Less64, b.bool, y, x), smaller, done);
  b.startSealed(smaller);
  b.define(id, y);
  b.jump(done);
  b.startSealed(done);
  return b.read(id);
}
