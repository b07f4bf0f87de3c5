/** Predicates on types, identity (spec: "Type identity"), comparability, and the default types of untyped values. */

import { NoPos } from '#base/source.ts';
import { Typ, universeRune } from './basic.ts';
import * as BasicKind from './basickind.ts';
import { newContext } from './context.ts';
import { type TypeCause, typeErrorf, typeset, underIs } from './coretype.ts';
import { originNamed, typeArgs, typeParams } from './named.ts';
import { objId, sameId, type Var } from './object.ts';
import { makeSubstMap, subst } from './subst.ts';
import { termlistEqual } from './termlist.ts';
import {
  asNamed,
  type Basic,
  type Interface,
  type Named,
  type Signature,
  type Struct,
  type Tuple,
  type Type,
  unalias,
} from './type.ts';
import * as TypeKind from './typekind.ts';
import { isComparableSet, isEmptySet, typeSet, unionTypeSet } from './typeset.ts';
import { under } from './under.ts';

export function isValid(t: Type): boolean {
  return unalias(t) !== Typ[BasicKind.Invalid];
}

// The isX predicates do not look inside type parameters: they are false for them.

function isBasic(t: Type, info: number): boolean {
  const u = under(t);
  return u.kind === TypeKind.Basic && (u.info & info) !== 0;
}

export function isBoolean(t: Type): boolean {
  return isBasic(t, BasicKind.IsBoolean);
}

export function isInteger(t: Type): boolean {
  return isBasic(t, BasicKind.IsInteger);
}

export function isUnsigned(t: Type): boolean {
  return isBasic(t, BasicKind.IsUnsigned);
}

export function isFloat(t: Type): boolean {
  return isBasic(t, BasicKind.IsFloat);
}

export function isComplex(t: Type): boolean {
  return isBasic(t, BasicKind.IsComplex);
}

export function isNumeric(t: Type): boolean {
  return isBasic(t, BasicKind.IsNumeric);
}

export function isString(t: Type): boolean {
  return isBasic(t, BasicKind.IsString);
}

export function isIntegerOrFloat(t: Type): boolean {
  return isBasic(t, BasicKind.IsInteger | BasicKind.IsFloat);
}

export function isConstType(t: Type): boolean {
  return isBasic(t, BasicKind.IsConstType);
}

// The allX predicates hold for a type parameter if isX holds for all specific types of its constraint.

function allBasic(t: Type, info: number): boolean {
  const p = unalias(t);
  if (p.kind !== TypeKind.TypeParam) return isBasic(t, info);
  return typeset(p).every((pair) => pair.t !== null && isBasic(pair.t, info));
}

export function allBoolean(t: Type): boolean {
  return allBasic(t, BasicKind.IsBoolean);
}

export function allInteger(t: Type): boolean {
  return allBasic(t, BasicKind.IsInteger);
}

export function allUnsigned(t: Type): boolean {
  return allBasic(t, BasicKind.IsUnsigned);
}

export function allNumeric(t: Type): boolean {
  return allBasic(t, BasicKind.IsNumeric);
}

export function allString(t: Type): boolean {
  return allBasic(t, BasicKind.IsString);
}

export function allOrdered(t: Type): boolean {
  return allBasic(t, BasicKind.IsOrdered);
}

export function allNumericOrString(t: Type): boolean {
  return allBasic(t, BasicKind.IsNumeric | BasicKind.IsString);
}

export function allConstType(t: Type): boolean {
  return allBasic(t, BasicKind.IsConstType);
}

/** Predeclared, defined types and type parameters have a name. */
export function hasName(t: Type): boolean {
  const k = unalias(t).kind;
  return k === TypeKind.Basic || k === TypeKind.Named || k === TypeKind.TypeParam;
}

/** Type literals, and basic types. */
export function isTypeLit(t: Type): boolean {
  const k = unalias(t).kind;
  return k !== TypeKind.Named && k !== TypeKind.TypeParam;
}

// Untyped types are never aliased or defined, so these need not look further than t.

export function isUntyped(t: Type): t is Basic {
  return t.kind === TypeKind.Basic && (t.info & BasicKind.IsUntyped) !== 0;
}

export function isTyped(t: Type): boolean {
  return t.kind !== TypeKind.Basic || (t.info & BasicKind.IsUntyped) === 0;
}

export function isUntypedNumeric(t: Type): t is Basic {
  return isUntyped(t) && (t.info & BasicKind.IsNumeric) !== 0;
}

export function isInterface(t: Type): boolean {
  return under(t).kind === TypeKind.Interface;
}

export function isTypeParam(t: Type): boolean {
  return unalias(t).kind === TypeKind.TypeParam;
}

export function isNonTypeParamInterface(t: Type): boolean {
  return !isTypeParam(t) && isInterface(t);
}

export function isPointer(t: Type): boolean {
  return under(t).kind === TypeKind.Pointer;
}

export function isUintptr(t: Type): boolean {
  const u = under(t);
  return u.kind === TypeKind.Basic && u.basic === BasicKind.Uintptr;
}

export function isUnsafePointer(t: Type): boolean {
  const u = under(t);
  return u.kind === TypeKind.Basic && u.basic === BasicKind.UnsafePointer;
}

export function isBytesOrRunes(t: Type): boolean {
  const s = under(t);
  if (s.kind !== TypeKind.Slice) return false;
  const elem = under(s.elem);
  return elem.kind === TypeKind.Basic && (elem.basic === BasicKind.Byte || elem.basic === BasicKind.Rune);
}

/** Whether t is a type parameter known to have an empty type set; its type set is not computed for that. */
export function hasEmptyTypeset(t: Type): boolean {
  const p = unalias(t);
  if (p.kind !== TypeKind.TypeParam) return false;
  const bound = unalias(p.bound);
  const u = bound.kind === TypeKind.Named ? bound.underlying : bound;
  return u.kind === TypeKind.Interface && u.tset !== null && isEmptySet(u.tset);
}

/** Whether t is a defined type or alias with type parameters that has not been instantiated. */
export function isGeneric(t: Type): boolean {
  if (t.kind === TypeKind.Alias && t.tparams.length > 0 && t.targs.length === 0) return true;
  const named = asNamed(t);
  return named !== null && named.inst === null && typeParams(named).length > 0;
}

/** Spec: "Comparison operators". */
export function comparable(t: Type): boolean {
  return comparableType(t, true, null) === null;
}

/** Why values of type t cannot be compared, or null if they can. With dynamic, interfaces other than type parameters always can. */
export function comparableType(t: Type, dynamic: boolean, seen: Set<Type> | null): TypeCause | null {
  if (seen?.has(t)) return null;
  const visited = seen ?? new Set<Type>();
  const u = under(t);
  switch (u.kind) {
    case TypeKind.Basic:
      return u.basic === BasicKind.UntypedNil ? typeErrorf('') : null;
    case TypeKind.Pointer:
    case TypeKind.Chan:
      return null;
    case TypeKind.Struct:
      visited.add(t);
      for (const f of u.fields) {
        if (comparableType(f.typ, dynamic, visited) !== null)
          return typeErrorf('struct containing %s cannot be compared', f.typ);
      }
      return null;
    case TypeKind.Array:
      visited.add(t);
      return comparableType(u.elem, dynamic, visited) === null ? null : typeErrorf('%s cannot be compared', t);
    case TypeKind.Interface: {
      visited.add(t);
      if (dynamic && !isTypeParam(t)) return null;
      const tset = typeSet(u);
      if (isComparableSet(tset, visited)) return null;
      return typeErrorf(isEmptySet(tset) ? 'empty type set' : 'incomparable types in type set');
    }
    default:
      return typeErrorf('');
  }
}

/** Whether nil is a value of type t. */
export function hasNil(t: Type): boolean {
  const u = under(t);
  switch (u.kind) {
    case TypeKind.Basic:
      return u.basic === BasicKind.UnsafePointer;
    case TypeKind.Slice:
    case TypeKind.Pointer:
    case TypeKind.Signature:
    case TypeKind.Map:
    case TypeKind.Chan:
      return true;
    case TypeKind.Interface:
      return !isTypeParam(t) || underIs(t, (v) => v !== null && hasNil(v));
    default:
      return false;
  }
}

/** Pairs of interfaces under comparison: they may be reached again through their methods' signatures. */
export class InterfacePair {
  readonly x: Interface;
  readonly y: Interface;
  readonly prev: InterfacePair | null;

  constructor(x: Interface, y: Interface, prev: InterfacePair | null) {
    this.x = x;
    this.y = y;
    this.prev = prev;
  }
}

/** Whether two interfaces are under comparison already: equal then, or the comparison would have ended. */
export function pairSeen(x: Interface, y: Interface, p: InterfacePair | null): boolean {
  for (let q = p; q !== null; q = q.prev) if ((q.x === x && q.y === y) || (q.x === y && q.y === x)) return true;
  return false;
}

/** What a comparison overlooks. */
const ignoreTags = 1;
const ignoreInvalids = 2;

export function identical(x: Type, y: Type): boolean {
  return x === y || same(x, y, 0, null);
}

export function identicalIgnoreTags(x: Type, y: Type): boolean {
  return same(x, y, ignoreTags, null);
}

/** An invalid type counts as identical to every type: for comparing signatures after an error. */
export function identicalIgnoreInvalids(x: Type, y: Type): boolean {
  return same(x, y, ignoreInvalids, null);
}

function same(x0: Type, y0: Type, mode: number, p: InterfacePair | null): boolean {
  const x = unalias(x0);
  const y = unalias(y0);
  if (x === y) return true;
  if ((mode & ignoreInvalids) !== 0 && (!isValid(x) || !isValid(y))) return true;
  switch (x.kind) {
    case TypeKind.Basic:
      // byte and rune have types of their own for printing.
      return y.kind === TypeKind.Basic && x.basic === y.basic;
    case TypeKind.Array:
      // An unknown length is the result of an error: taken for any length.
      if (y.kind !== TypeKind.Array) return false;
      return (x.len < 0 || y.len < 0 || x.len === y.len) && same(x.elem, y.elem, mode, p);
    case TypeKind.Slice:
      return y.kind === TypeKind.Slice && same(x.elem, y.elem, mode, p);
    case TypeKind.Struct:
      return y.kind === TypeKind.Struct && sameStruct(x, y, mode, p);
    case TypeKind.Pointer:
      return y.kind === TypeKind.Pointer && same(x.elem, y.elem, mode, p);
    case TypeKind.Tuple:
      return y.kind === TypeKind.Tuple && sameTuple(x, y, mode, p);
    case TypeKind.Signature:
      return y.kind === TypeKind.Signature && sameSignature(x, y, mode, p);
    case TypeKind.Union:
      return y.kind === TypeKind.Union && termlistEqual(unionTypeSet(x).terms, unionTypeSet(y).terms);
    case TypeKind.Interface:
      return y.kind === TypeKind.Interface && sameInterface(x, y, mode, p);
    case TypeKind.Map:
      return y.kind === TypeKind.Map && same(x.key, y.key, mode, p) && same(x.elem, y.elem, mode, p);
    case TypeKind.Chan:
      return y.kind === TypeKind.Chan && x.dir === y.dir && same(x.elem, y.elem, mode, p);
    case TypeKind.Named:
      return y.kind === TypeKind.Named && sameNamed(x, y);
    case TypeKind.TypeParam:
      return false;
  }
}

function tagAt(s: Struct, i: number): string {
  return i < s.tags.length ? s.tags[i] : '';
}

function sameStruct(x: Struct, y: Struct, mode: number, p: InterfacePair | null): boolean {
  if (x.fields.length !== y.fields.length) return false;
  for (let i = 0; i < x.fields.length; i++) {
    const f: Var = x.fields[i];
    const g: Var = y.fields[i];
    if (f.embedded !== g.embedded) return false;
    if ((mode & ignoreTags) === 0 && tagAt(x, i) !== tagAt(y, i)) return false;
    if (!sameId(f, g.pkg, g.name, false) || !same(f.typ, g.typ, mode, p)) return false;
  }
  return true;
}

function sameTuple(x: Tuple, y: Tuple, mode: number, p: InterfacePair | null): boolean {
  if (x.vars.length !== y.vars.length) return false;
  for (let i = 0; i < x.vars.length; i++) if (!same(x.vars[i].typ, y.vars[i].typ, mode, p)) return false;
  return true;
}

/** Names of parameters do not count, and type parameters are compared up to renaming: y's are replaced by x's. */
function sameSignature(x: Signature, y: Signature, mode: number, p: InterfacePair | null): boolean {
  if (x.tparams.length !== y.tparams.length || x.variadic !== y.variadic) return false;
  let params = y.params;
  let results = y.results;
  if (x.tparams.length > 0) {
    const smap = makeSubstMap(y.tparams, x.tparams);
    const ctxt = newContext();
    for (let i = 0; i < x.tparams.length; i++) {
      const bound = subst(null, NoPos, y.tparams[i].bound, smap, null, ctxt);
      if (!same(x.tparams[i].bound, bound, mode, p)) return false;
    }
    params = subst(null, NoPos, params, smap, null, ctxt) as Tuple;
    results = subst(null, NoPos, results, smap, null, ctxt) as Tuple;
  }
  return sameTuple(x.params, params, mode, p) && sameTuple(x.results, results, mode, p);
}

/** Interfaces are identical if they have the same type set: methods by name and type in any order, and the same terms. */
function sameInterface(x: Interface, y: Interface, mode: number, p: InterfacePair | null): boolean {
  const xset = typeSet(x);
  const yset = typeSet(y);
  if (xset.comparable !== yset.comparable || !termlistEqual(xset.terms, yset.terms)) return false;
  const a = xset.methods;
  const b = yset.methods;
  if (a.length !== b.length) return false;
  if (pairSeen(x, y, p)) return true;
  const q = new InterfacePair(x, y, p);
  for (let i = 0; i < a.length; i++) {
    if (objId(a[i]) !== objId(b[i]) || !same(a[i].typ, b[i].typ, mode, q)) return false;
  }
  return true;
}

function sameNamed(x: Named, y: Named): boolean {
  const xargs = typeArgs(x);
  const yargs = typeArgs(y);
  if (xargs.length !== yargs.length) return false;
  for (let i = 0; i < xargs.length; i++) if (!identical(xargs[i], yargs[i])) return false;
  return identicalOrigin(x, y);
}

/** Whether x and y come from the same declaration. */
export function identicalOrigin(x: Named, y: Named): boolean {
  return originNamed(x).obj === originNamed(y).obj;
}

export function identicalInstance(xorig: Type, xargs: readonly Type[], yorig: Type, yargs: readonly Type[]): boolean {
  if (xargs.length !== yargs.length) return false;
  for (let i = 0; i < xargs.length; i++) if (!identical(xargs[i], yargs[i])) return false;
  return identical(xorig, yorig);
}

/** The type that an untyped value takes where none is asked for (spec: "Constants"); t itself if it is typed, and untyped nil. */
export function defaultType(t: Type): Type {
  if (t.kind !== TypeKind.Basic) return t;
  switch (t.basic) {
    case BasicKind.UntypedBool:
      return Typ[BasicKind.Bool];
    case BasicKind.UntypedInt:
      return Typ[BasicKind.Int];
    case BasicKind.UntypedRune:
      return universeRune;
    case BasicKind.UntypedFloat:
      return Typ[BasicKind.Float64];
    case BasicKind.UntypedComplex:
      return Typ[BasicKind.Complex128];
    case BasicKind.UntypedString:
      return Typ[BasicKind.String];
    default:
      return t;
  }
}

/** Of two untyped numeric types the one that comes later in integer, rune, floating-point, complex; null for other different types. */
export function maxType(x: Type, y: Type): Type | null {
  if (x === y) return x;
  if (isUntypedNumeric(x) && isUntypedNumeric(y)) return x.basic > y.basic ? x : y;
  return null;
}

export function isValidName(s: string): boolean {
  return /^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(s);
}
