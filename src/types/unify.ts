/** Type unification (spec: "Type unification"): finds types for type parameters that make two types identical, or assignable. */

import * as Syntax from '#syntax/kinds.ts';
import { commonUnder } from './coretype.ts';
import { signatureOf } from './decl.ts';
import { lookupFieldOrMethod } from './lookup.ts';
import { typeArgs } from './named.ts';
import { type Func, objId, sameId } from './object.ts';
import * as ObjKind from './objkind.ts';
import {
  InterfacePair,
  identical,
  identicalOrigin,
  isInterface,
  isTypeLit,
  isTypeParam,
  pairSeen,
} from './predicates.ts';
import { termlistEqual } from './termlist.ts';
import { asNamed, type Interface, NoType, type Struct, type Type, type TypeParam, unalias } from './type.ts';
import * as TypeKind from './typekind.ts';
import { typeSet } from './typeset.ts';
import { under } from './under.ts';

/** Bounds recursion through types that contain themselves in ways that nothing else detects (an official limit). */
const depthLimit = 50;

// Modes: bits.
/** Types need only be assignable at the top: element types must then match exactly. */
export const Assign = 1;
/** No implicit conversion of defined types to their underlying types, no ignoring of channel directions. */
export const Exact = 2;

/** What a type parameter, or several joined ones, stands for: NoType until it is known. */
class Handle {
  typ: Type;

  constructor(typ: Type) {
    this.typ = typ;
  }
}

export class Unifier {
  readonly handles: Map<TypeParam, Handle>;
  depth: number;
  /** Methods that interfaces share are unified (since go1.21). */
  readonly interfaceInference: boolean;

  constructor(tparams: readonly TypeParam[], targs: readonly Type[], interfaceInference: boolean) {
    this.handles = new Map();
    for (let i = 0; i < tparams.length; i++)
      this.handles.set(tparams[i], new Handle(i < targs.length ? targs[i] : NoType));
    this.depth = 0;
    this.interfaceInference = interfaceInference;
  }

  /** What x stands for; NoType if that is not known. */
  at(x: TypeParam): Type {
    return this.handles.get(x)?.typ ?? NoType;
  }

  set(x: TypeParam, t: Type): void {
    const h = this.handles.get(x);
    if (h !== undefined) h.typ = t;
  }

  /** How many are not known. */
  unknowns(): number {
    let n = 0;
    for (const h of this.handles.values()) if (h.typ === NoType) n++;
    return n;
  }

  inferred(tparams: readonly TypeParam[]): Type[] {
    return tparams.map((t) => this.at(t));
  }
}

/** Makes x and y stand for the same type; false if they stand for two already. */
function join(u: Unifier, x: TypeParam, y: TypeParam): boolean {
  const hx = u.handles.get(x);
  const hy = u.handles.get(y);
  if (hx === undefined || hy === undefined || hx === hy) return true;
  if (hx.typ !== NoType && hy.typ !== NoType) return false;
  const [from, to] = hx.typ !== NoType ? [hy, hx] : [hx, hy];
  for (const [t, h] of u.handles) if (h === from) u.handles.set(t, to);
  return true;
}

/** The type parameter that x is, if it is one of those to be inferred. */
function boundTypeParam(u: Unifier, x: Type): TypeParam | null {
  const t = unalias(x);
  return t.kind === TypeKind.TypeParam && u.handles.has(t) ? t : null;
}

/** The interface that x is, type parameters excepted. */
function asInterface(x: Type): Interface | null {
  if (isTypeParam(x)) return null;
  const t = under(x);
  return t.kind === TypeKind.Interface ? t : null;
}

/** Unifies x and y under a mode; type parameters that become known keep their types, even if it fails. */
export function unify(u: Unifier, x: Type, y: Type, mode: number): boolean {
  return nify(u, x, y, mode, null);
}

function nify(u: Unifier, x: Type, y: Type, mode: number, p: InterfacePair | null): boolean {
  if (x === y || unalias(x) === unalias(y)) return true;
  if (u.depth >= depthLimit) return false;
  u.depth++;
  const ok = nifyTypes(u, x, y, mode, p);
  u.depth--;
  return ok;
}

function nifyTypes(u: Unifier, x0: Type, y0: Type, mode: number, p: InterfacePair | null): boolean {
  let x = x0;
  let y = y0;
  // Defined types go to y; bound type parameters to x.
  if (asNamed(x) !== null || boundTypeParam(u, y) !== null) [x, y] = [y, x];

  // A type literal matches a defined type's underlying type, unless matching must be exact.
  const ny = asNamed(y);
  if ((mode & Exact) === 0 && ny !== null && isTypeLit(x) && !(u.interfaceInference && isInterface(x))) {
    y = under(ny);
    if (x === y || unalias(x) === unalias(y)) return true;
  }

  const px = boundTypeParam(u, x);
  const py = boundTypeParam(u, y);
  if (px !== null && py !== null) return join(u, px, py) || nify(u, u.at(px), u.at(py), mode, p);
  if (px !== null) return nifyBound(u, px, y, mode, p);

  if (u.interfaceInference && (mode & Exact) === 0) {
    const xi = asInterface(x);
    const yi = asInterface(y);
    if (xi !== null && yi !== null) return nifySharedMethods(u, xi, yi, p);
    if (xi !== null) return nifyMethods(u, xi, y, p);
    if (yi !== null) return nifyMethods(u, yi, x, p);
  }

  // Type parameters that are not bound go to x.
  if (isTypeParam(y)) [x, y] = [y, x];
  return nifyStructure(u, x, y, mode, p);
}

/** x is to be inferred, y is not. */
function nifyBound(u: Unifier, px: TypeParam, y: Type, mode: number, p: InterfacePair | null): boolean {
  const x = u.at(px);
  if (x === NoType) {
    u.set(px, y);
    return true;
  }
  if (!nify(u, x, y, mode, p)) return false;
  // They match; which of them is better is a matter of what may be assigned to what.
  const xi = asInterface(x);
  const yi = asInterface(y);
  const xn = asNamed(x) !== null;
  const yn = asNamed(y) !== null;
  if (xi !== null && yi !== null) {
    // Two interfaces must have the same methods; two defined ones must be the same.
    if (xn && yn) return identical(x, y);
    if (typeSet(xi).methods.length !== typeSet(yi).methods.length) return false;
  } else if (xi !== null || yi !== null) {
    // An interface and its implementation do not infer to the same type.
    return false;
  }
  if ((mode & Exact) !== 0 || xn) return true;
  if (yn) {
    u.set(px, y);
    return true;
  }
  // A directional channel can be assigned a bidirectional one, but not the other way around.
  const yc = under(y);
  if (yc.kind === TypeKind.Chan && yc.dir !== Syntax.SendRecv) u.set(px, y);
  return true;
}

/** Two interfaces: the methods of one must be among those of the other. */
function nifySharedMethods(u: Unifier, xi: Interface, yi: Interface, p: InterfacePair | null): boolean {
  const xset = typeSet(xi);
  const yset = typeSet(yi);
  if (xset.comparable !== yset.comparable || !termlistEqual(xset.terms, yset.terms)) return false;
  if (pairSeen(xi, yi, p)) return true;
  const q = new InterfacePair(xi, yi, p);
  const xLess = xset.methods.length <= yset.methods.length;
  const few = xLess ? xset.methods : yset.methods;
  const byId = new Map<string, Func>();
  for (const m of xLess ? yset.methods : xset.methods) byId.set(objId(m), m);
  for (const m of few) {
    const other = byId.get(objId(m));
    if (other === undefined || !nify(u, signatureOf(m), signatureOf(other), Exact, q)) return false;
  }
  return true;
}

/** An interface, and a type that must have its methods. */
function nifyMethods(u: Unifier, xi: Interface, y: Type, p: InterfacePair | null): boolean {
  for (const m of typeSet(xi).methods) {
    const other = lookupFieldOrMethod(y, false, m.pkg, m.name, false).obj;
    if (other === null || other.kind !== ObjKind.Func) return false;
    if (!nify(u, signatureOf(m), signatureOf(other), Exact, p)) return false;
  }
  return true;
}

function nifyStructure(u: Unifier, xorig: Type, yorig: Type, mode: number, p: InterfacePair | null): boolean {
  // Elements must match exactly in assignments.
  const emode = (mode & Assign) !== 0 ? mode | Exact : mode;
  const x = unalias(xorig);
  const y = unalias(yorig);
  switch (x.kind) {
    case TypeKind.Basic:
      return y.kind === TypeKind.Basic && x.basic === y.basic;
    case TypeKind.Array:
      if (y.kind !== TypeKind.Array) return false;
      return (x.len < 0 || y.len < 0 || x.len === y.len) && nify(u, x.elem, y.elem, emode, p);
    case TypeKind.Slice:
      return y.kind === TypeKind.Slice && nify(u, x.elem, y.elem, emode, p);
    case TypeKind.Struct:
      return y.kind === TypeKind.Struct && nifyStruct(u, x, y, emode, p);
    case TypeKind.Pointer:
      return y.kind === TypeKind.Pointer && nify(u, x.elem, y.elem, emode, p);
    case TypeKind.Tuple: {
      if (y.kind !== TypeKind.Tuple || x.vars.length !== y.vars.length) return false;
      for (let i = 0; i < x.vars.length; i++) if (!nify(u, x.vars[i].typ, y.vars[i].typ, mode, p)) return false;
      return true;
    }
    case TypeKind.Signature:
      return (
        y.kind === TypeKind.Signature &&
        x.variadic === y.variadic &&
        nify(u, x.params, y.params, emode, p) &&
        nify(u, x.results, y.results, emode, p)
      );
    case TypeKind.Interface:
      return y.kind === TypeKind.Interface && nifyInterface(u, x, y, p);
    case TypeKind.Map:
      return y.kind === TypeKind.Map && nify(u, x.key, y.key, emode, p) && nify(u, x.elem, y.elem, emode, p);
    case TypeKind.Chan:
      return y.kind === TypeKind.Chan && ((mode & Exact) === 0 || x.dir === y.dir) && nify(u, x.elem, y.elem, emode, p);
    case TypeKind.Named: {
      if (y.kind !== TypeKind.Named) return false;
      const xargs = typeArgs(x);
      const yargs = typeArgs(y);
      if (xargs.length !== yargs.length) return false;
      for (let i = 0; i < xargs.length; i++) if (!nify(u, xargs[i], yargs[i], mode, p)) return false;
      return identicalOrigin(x, y);
    }
    case TypeKind.TypeParam: {
      // Not one to be inferred: what its types have in common must match.
      const cx = commonUnder(x, null).type;
      return cx !== null && nify(u, cx, yorig, Assign, p);
    }
    default:
      return false;
  }
}

function nifyStruct(u: Unifier, x: Struct, y: Struct, mode: number, p: InterfacePair | null): boolean {
  if (x.fields.length !== y.fields.length) return false;
  for (let i = 0; i < x.fields.length; i++) {
    const f = x.fields[i];
    const g = y.fields[i];
    if (f.embedded !== g.embedded || (x.tags[i] ?? '') !== (y.tags[i] ?? '') || !sameId(f, g.pkg, g.name, false)) {
      return false;
    }
    if (!nify(u, f.typ, g.typ, mode, p)) return false;
  }
  return true;
}

function nifyInterface(u: Unifier, x: Interface, y: Interface, p: InterfacePair | null): boolean {
  const xset = typeSet(x);
  const yset = typeSet(y);
  if (xset.comparable !== yset.comparable || !termlistEqual(xset.terms, yset.terms)) return false;
  const a = xset.methods;
  const b = yset.methods;
  if (a.length !== b.length) return false;
  if (pairSeen(x, y, p)) return true;
  const q = new InterfacePair(x, y, p);
  for (let i = 0; i < a.length; i++) {
    if (objId(a[i]) !== objId(b[i]) || !nify(u, signatureOf(a[i]), signatureOf(b[i]), Exact, q)) return false;
  }
  return true;
}
