/** Composite literals (spec: "Composite literals"). */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import * as constant from '#constant/value.ts';
import * as SymKind from '#obj/kinds.ts';
import * as Kind from '#syntax/kinds.ts';
import type { CompositeLit, Expr } from '#syntax/nodes.ts';
import { tvOf } from '#types/info.ts';
import { canSsa } from '../can-ssa.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import { type FuncBuilder, makeStruct, zeroValue } from './builder.ts';
import { exprInto, exprTo, retypePtr } from './expr.ts';
import { fieldAddr } from './fields.ts';
import { mapLiteral } from './map-literal.ts';
import { elementTarget, orderOperands } from './order.ts';
import { type LiteralElement, staticPart } from './static-data.ts';
import { allocNew } from './variables.ts';

export function compositeValue(b: FuncBuilder, e: CompositeLit, t: GoType): Value {
  switch (t.kind) {
    case G.Pointer: {
      // An element whose &T was left out.
      const p = allocNew(b, '&composite literal', t.elem());
      compositeInMemory(b, e, t.elem(), p);
      return p;
    }
    case G.Struct:
      if (canSsa(t)) return structValue(b, e, t);
      break;
    case G.Array:
      if (canSsa(t)) return arrayValue(b, e, t);
      break;
    case G.Slice:
      return sliceValue(b, e, t);
    case G.Map:
      return mapLiteral(b, e, t);
    default:
      return b.fail(e.pos, `composite literal of ${t.linkString}`);
  }
  const p = b.temp(t);
  compositeInto(b, e, t, p, false);
  return b.load(t, p);
}

function compositeInMemory(b: FuncBuilder, e: CompositeLit, t: GoType, p: Value): void {
  if (t.kind === G.Struct || t.kind === G.Array) compositeInto(b, e, t, p, true);
  else b.store(t, p, compositeValue(b, e, t));
}

function orderElements(b: FuncBuilder, e: CompositeLit): void {
  orderOperands(
    b,
    e.elems.map((el) => (el.kind === Kind.KeyValueExpr ? el.value : el)),
    elementTarget(b, e),
  );
}

interface FieldValue {
  readonly index: number;
  readonly value: Expr;
}

function fieldsOf(b: FuncBuilder, e: CompositeLit, t: GoType): FieldValue[] {
  return e.elems.map((el, i) => {
    if (el.kind !== Kind.KeyValueExpr) return { index: i, value: el };
    const name = el.key.kind === Kind.Name ? el.key.value : b.fail(el.pos, 'field name');
    const index = t.fields.findIndex((f) => f.name === name);
    if (index < 0) return b.fail(el.pos, `no field ${name} in ${t.linkString}`);
    return { index, value: el.value };
  });
}

function structValue(b: FuncBuilder, e: CompositeLit, t: GoType): Value {
  orderElements(b, e);
  const values = new Array<Value | null>(t.fields.length).fill(null);
  for (const f of fieldsOf(b, e, t)) {
    const v = exprTo(b, f.value, t.fields[f.index].type);
    if (t.fields[f.index].name !== '_') values[f.index] = v;
  }
  return makeStruct(
    b,
    t,
    values.map((v, i) => v ?? zeroValue(b, t.fields[i].type)),
  );
}

function arrayValue(b: FuncBuilder, e: CompositeLit, t: GoType): Value {
  const elems = elementsOf(b, e);
  if (t.length === 0) return zeroValue(b, t);
  const v = elems.length === 0 ? zeroValue(b, t.elem()) : exprTo(b, elems[0].value, t.elem());
  return b.v1(Op.ArrayMake1, t, v);
}

function elementsOf(b: FuncBuilder, e: CompositeLit): LiteralElement[] {
  let next = 0;
  return e.elems.map((el) => {
    let value = el;
    if (el.kind === Kind.KeyValueExpr) {
      const key = tvOf(el.key);
      const n = key === null || key.value === null ? null : constant.intNumber(constant.toInt(key.value));
      if (n === null) return b.fail(el.pos, 'index of an element');
      next = n;
      value = el.value;
    }
    return { index: next++, value };
  });
}

/** Writes a struct or array literal to memory that the literal does not mention. */
export function compositeInto(b: FuncBuilder, e: CompositeLit, t: GoType, ptr: Value, zeroed: boolean): void {
  if (t.kind === G.Struct) {
    const fields = fieldsOf(b, e, t);
    orderElements(b, e);
    let clean = zeroed;
    if (!clean && (fields.length < t.fields.length || t.fields.some((f) => f.name === '_'))) {
      b.zero(t, ptr);
      clean = true;
    }
    for (const f of fields) {
      const ft = t.fields[f.index].type;
      // Blank fields stay zero.
      if (t.fields[f.index].name === '_') {
        exprTo(b, f.value, ft);
        continue;
      }
      exprInto(b, f.value, ft, fieldAddr(b, ptr, t, f.index), clean);
    }
    return;
  }
  const elems = elementsOf(b, e);
  if (fillFromData(b, e, elems, t, ptr)) return;
  orderElements(b, e);
  let clean = zeroed;
  if (!clean && elems.length < t.length) {
    b.zero(t, ptr);
    clean = true;
  }
  fillElements(b, elems, t.elem(), ptr, clean);
}

/** Literals of fewer bytes are stored element by element (cmd/compile/internal/walk/complit.go, isSmallSliceLit). */
const smallLiteral = 256;

/** Fills an array from data as far as its elements are that, and stores the others; false: nothing has been done. */
function fillFromData(b: FuncBuilder, e: CompositeLit, elems: readonly LiteralElement[], t: GoType, ptr: Value) {
  const { pkg } = b;
  const elem = t.elem();
  const isSparse = t.length > 4 * elems.length;
  // In an instance the types of the tree are not those of the code.
  if (isSparse || elems.length * elem.size <= smallLiteral || pkg === null || b.env !== null) return false;
  const symbol = b.prog.literalSymbol(pkg, e.pos, '');
  const context = b.prog.literalContext(pkg, symbol);
  if (context === null) return false;
  const part = staticPart(context, elems, t, b.early);
  if ((elems.length - part.rest.length) * elem.size <= smallLiteral) return false;
  if (symbol.kind === SymKind.Undefined) part.define(symbol);
  orderOperands(
    b,
    part.rest.map((el) => el.value),
    () => elem,
  );
  b.move(t, ptr, b.addr(symbol, b.types.pointerTo(t)));
  fillElements(b, part.rest, elem, ptr, true);
  return true;
}

function fillElements(b: FuncBuilder, elems: readonly LiteralElement[], t: GoType, ptr: Value, zeroed: boolean): void {
  const base = retypePtr(b, ptr, t);
  const pt = b.types.pointerTo(t);
  for (const el of elems) exprInto(b, el.value, t, b.offset(base, el.index * t.size, pt), zeroed);
}

function sliceValue(b: FuncBuilder, e: CompositeLit, t: GoType): Value {
  const elem = t.elem();
  const elems = elementsOf(b, e);
  const n = elems.reduce((max, el) => Math.max(max, el.index + 1), 0);
  const array = b.types.arrayOf(elem, n);
  const p = allocNew(b, 'slice literal', array);
  if (!fillFromData(b, e, elems, array, p)) {
    orderElements(b, e);
    fillElements(b, elems, elem, p, true);
  }
  const len = b.constInt(n);
  return b.v3(Op.SliceMake, t, retypePtr(b, p, elem), len, len);
}
