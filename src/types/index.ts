/** Index and slice expressions (spec: "Index expressions", "Slice expressions"), and constant indices. */
import { bug } from '#base/bug.ts';
import * as constant from '#constant/value.ts';
import * as Syntax from '#syntax/kinds.ts';
import type { Expr, IndexExpr, SliceExpr } from '#syntax/nodes.ts';
import { assignment } from './assignments.ts';
import { Typ, universeByte } from './basic.ts';
import * as BasicKind from './basickind.ts';
import type { Checker } from './checker.ts';
import { convertUntyped, representation } from './const.ts';
import { typeset } from './coretype.ts';
import * as Code from './errors/codes.ts';
import { error, errorf, invalidArg, invalidOp } from './errors.ts';
import { expr, exprOrType, nonGeneric } from './expr.ts';
import * as Mode from './mode.ts';
import { Operand } from './operand.ts';
import { allInteger, identical, isString, isTypeParam, isUntyped, isValid } from './predicates.ts';
import { NoType, Slice, type Type } from './type.ts';
import * as TypeKind from './typekind.ts';
import { varType } from './typexpr.ts';
import { under } from './under.ts';
import { use } from './use.ts';

/** What indexing a type gives. */
interface Indexed {
  /** The type of map keys, else null. */
  key: Type | null;
  elem: Type;
  /** The mode of the result; for maps, mapindex. */
  mode: number;
  /** -1 if it is not known. */
  length: number;
}

/** Checks x[i] or a type instantiation. True if e instantiates a generic function: x is then that function, and instantiating is left to do. */
export function indexExpr(c: Checker, x: Operand, e: IndexExpr): boolean {
  exprOrType(c, x, e.x, true);
  if (x.mode === Mode.invalid) {
    use(c, [e.index]);
    return false;
  }
  if (x.mode === Mode.typexpr) {
    x.mode = Mode.invalid;
    x.typ = varType(c, e);
    if (isValid(x.typ)) x.mode = Mode.typexpr;
    return false;
  }
  if (x.mode === Mode.value) {
    const sig = under(x.typ);
    if (sig.kind === TypeKind.Signature && sig.tparams.length > 0) return true;
  }
  nonGeneric(c, null, x);
  if (!isUsable(x)) return false;
  const found = indexed(x);
  if (found === null) {
    errorf(c, e.pos, Code.NonSliceableOperand, 'cannot index %s', x);
    use(c, [e.index]);
    x.mode = Mode.invalid;
    return false;
  }
  const index = singleIndex(c, e);
  if (index === null) {
    x.mode = Mode.invalid;
    return false;
  }
  x.mode = found.mode;
  // In invalid programs the element type may not be set yet.
  x.typ = found.elem === NoType ? Typ[BasicKind.Invalid] : found.elem;
  if (found.key === null) {
    checkIndex(c, index, found.length);
    return false;
  }
  const key = new Operand();
  expr(c, null, key, index);
  assignment(c, key, found.key, 'map index');
  x.expr = e;
  return false;
}

function isUsable(x: Operand): boolean {
  return x.mode !== Mode.invalid;
}

/** Null if x cannot be indexed. */
function indexed(x: Operand): Indexed | null {
  if (isTypeParam(x.typ)) return indexedTypeParam(x);
  const found = indexedType(under(x.typ), x.mode === Mode.variable);
  if (found !== null && x.mode === Mode.constant_) found.length = constant.stringVal(x.val).length;
  return found;
}

function indexedType(u: Type, addressable: boolean): Indexed | null {
  switch (u.kind) {
    case TypeKind.Basic:
      // Even of constants: a byte of a constant string is no constant.
      return isString(u) ? { key: null, elem: universeByte, mode: Mode.value, length: -1 } : null;
    case TypeKind.Array:
      return { key: null, elem: u.elem, mode: addressable ? Mode.variable : Mode.value, length: u.len };
    case TypeKind.Pointer: {
      const array = under(u.elem);
      if (array.kind !== TypeKind.Array) return null;
      return { key: null, elem: array.elem, mode: Mode.variable, length: array.len };
    }
    case TypeKind.Slice:
      return { key: null, elem: u.elem, mode: Mode.variable, length: -1 };
    case TypeKind.Map:
      return { key: u.key, elem: u.elem, mode: Mode.mapindex, length: -1 };
    default:
      return null;
  }
}

/** All types of the type set must be indexable with the same element type; either all are maps with the same key type, or none is. */
function indexedTypeParam(x: Operand): Indexed | null {
  let all: Indexed | null = null;
  for (const { u } of typeset(x.typ)) {
    const one = u === null ? null : indexedType(u, x.mode === Mode.variable);
    if (one === null) return null;
    if (all === null) {
      all = one;
      continue;
    }
    if (one.key === null ? all.key !== null : all.key === null || !identical(one.key, all.key)) return null;
    if (!identical(one.elem, all.elem)) return null;
    if (one.mode === Mode.value) all.mode = Mode.value;
    if (one.length >= 0 && one.length < all.length) all.length = one.length;
  }
  return all;
}

/** The only index; null if there is none. A second one is reported and ignored. */
function singleIndex(c: Checker, e: IndexExpr): Expr | null {
  if (e.index.kind !== Syntax.ListExpr) return e.index;
  const list = e.index.elems;
  if (list.length <= 1) {
    const text = 'invalid use of ListExpr for index expression %v with %d indices';
    errorf(c, e, Code.InvalidSyntaxTree, text, e, list.length);
    return null;
  }
  error(c, list[1], Code.InvalidIndex, `${invalidOp}more than one index`);
  return list[0];
}

export function sliceExpr(c: Checker, x: Operand, e: SliceExpr): void {
  expr(c, null, x, e.x);
  if (x.mode === Mode.invalid) {
    use(c, e.index);
    return;
  }
  const cu = commonSliceable(c, x);
  const length = cu === null ? null : sliceOperand(c, x, e, cu);
  if (length === null) {
    x.mode = Mode.invalid;
    return;
  }
  x.mode = Mode.value;
  if (e.full && (e.index[1] === null || e.index[2] === null)) {
    error(c, e, Code.InvalidSyntaxTree, '2nd and 3rd index required in 3-index slice');
    x.mode = Mode.invalid;
    return;
  }
  sliceIndices(c, e, length);
}

/** The underlying type that all types of x's type set share, where strings count as byte slices; null after an error. */
function commonSliceable(c: Checker, x: Operand): Type | null {
  let ct: Type | null = null;
  let cu: Type | null = null;
  let hasString = false;
  for (const { t, u } of typeset(x.typ)) {
    if (u === null) {
      errorf(c, x, Code.NonSliceableOperand, 'cannot slice %s: no specific type in %s', x, x.typ);
      return null;
    }
    let v: Type = u;
    if (isString(u)) {
      v = new Slice(universeByte);
      hasString = true;
    }
    if (cu === null) {
      ct = t;
      cu = v;
    } else if (!identical(cu, v)) {
      const text = 'cannot slice %s: %s and %s have different underlying types';
      errorf(c, x, Code.NonSliceableOperand, text, x, ct, t);
      return null;
    }
  }
  if (!hasString) return cu;
  return isTypeParam(x.typ) ? Typ[BasicKind.String] : under(x.typ);
}

/** Gives x the type of the slice. Returns the length that bounds constant indices, -1 if there is none; null after an error. */
function sliceOperand(c: Checker, x: Operand, e: SliceExpr, u: Type): number | null {
  if (u.kind === TypeKind.Basic && isString(u)) {
    if (e.full) {
      error(c, e.index[2] ?? e, Code.InvalidSliceExpr, `${invalidOp}3-index slice of string`);
      return null;
    }
    const length = x.mode === Mode.constant_ ? constant.stringVal(x.val).length : -1;
    if (isUntyped(x.typ)) x.typ = Typ[BasicKind.String];
    return length;
  }
  if (u.kind === TypeKind.Array) {
    if (x.mode !== Mode.variable) {
      errorf(c, x, Code.NonSliceableOperand, 'cannot slice unaddressable value %s', x);
      return null;
    }
    x.typ = new Slice(u.elem);
    return u.len;
  }
  if (u.kind === TypeKind.Slice) return -1;
  if (u.kind === TypeKind.Pointer) {
    const array = under(u.elem);
    if (array.kind === TypeKind.Array) {
      x.typ = new Slice(array.elem);
      return array.len;
    }
  }
  errorf(c, x, Code.NonSliceableOperand, 'cannot slice %s', x);
  return null;
}

/** Constant indices must not decrease. */
function sliceIndices(c: Checker, e: SliceExpr, length: number): void {
  const values = [-1, -1, -1];
  for (let i = 0; i < 3; i++) {
    const index = e.index[i];
    if (index !== null) {
      const { val } = checkIndex(c, index, length >= 0 ? length + 1 : -1);
      if (val >= 0) values[i] = val;
    } else if (i === 0) {
      values[i] = 0;
    } else if (length >= 0) {
      values[i] = length;
    }
  }
  for (let i = 0; i < 2; i++) {
    if (values[i] <= 0) continue;
    for (let j = i + 1; j < 3; j++) {
      const at = e.index[j];
      if (values[j] < 0 || values[j] >= values[i] || at === null) continue;
      errorf(c, at, Code.SwappedSliceIndices, 'invalid slice indices: %d < %d', values[j], values[i]);
      return;
    }
  }
}

export interface IndexResult {
  /** The index's integer type; the invalid type after an error. */
  typ: Type;
  /** The value of a valid constant index, else -1. */
  val: number;
}

/** Checks an index; if max >= 0, a constant one must be below it. */
export function checkIndex(c: Checker, index: Expr, max: number): IndexResult {
  const x = new Operand();
  expr(c, null, x, index);
  const failure: IndexResult = { typ: Typ[BasicKind.Invalid], val: -1 };
  if (!isValidIndex(c, x, Code.InvalidIndex, 'index', false)) return failure;
  if (x.mode !== Mode.constant_) return { typ: x.typ, val: -1 };
  if (x.val.kind === constant.Unknown) return failure;
  const v = Number(constant.int64Val(x.val) ?? bug('index does not fit an int'));
  if (max >= 0 && v >= max) {
    const text = `${invalidArg}index %s out of bounds [0:%d]`;
    errorf(c, x, Code.InvalidIndex, text, constant.toShortString(x.val), max);
    return failure;
  }
  return { typ: x.typ, val: v };
}

/** Whether x can be an index, length or capacity (`what`): an integer, and a constant one that an int can hold. */
export function isValidIndex(c: Checker, x: Operand, code: Code.Code, what: string, allowNegative: boolean): boolean {
  if (x.mode === Mode.invalid) return false;
  convertUntyped(c, x, Typ[BasicKind.Int]);
  if (!isUsable(x)) return false;
  if (!allInteger(x.typ)) {
    errorf(c, x, code, `${invalidArg}%s %s must be integer`, what, x);
    return false;
  }
  if (x.mode !== Mode.constant_) return true;
  if (!allowNegative && constant.sign(x.val) < 0) {
    errorf(c, x, code, `${invalidArg}%s %s must not be negative`, what, x);
    return false;
  }
  const val = representation(c, x.val, Typ[BasicKind.Int]);
  if (val === null) {
    errorf(c, x, code, `${invalidArg}%s %s overflows int`, what, x);
    return false;
  }
  x.val = val;
  return true;
}
