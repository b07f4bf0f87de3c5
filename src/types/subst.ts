/** Substitution of types for type parameters. Types that do not change are shared. */

import { bug } from '#base/bug.ts';
import type { Pos } from '#base/source.ts';
import { newAliasInstance } from './alias.ts';
import { invalidType } from './basic.ts';
import type { Checker } from './checker.ts';
import type { Context } from './context.ts';
import { signatureOf } from './decl.ts';
import { instance } from './instantiate.ts';
import { newInterface } from './interface.ts';
import { cloneFunc, cloneVar, originNamed, replaceRecvType, typeArgs, typeParams } from './named.ts';
import type { Func, Var } from './object.ts';
import {
  ArrayType,
  Chan,
  type Interface,
  MapType,
  type Named,
  NoType,
  Pointer,
  Signature,
  Slice,
  Struct,
  Term,
  Tuple,
  type Type,
  type TypeParam,
  Union,
} from './type.ts';
import * as TypeKind from './typekind.ts';
import { typeSet } from './typeset.ts';

/** What type parameters stand for. Lists are short: searched from the start. */
export class SubstMap {
  readonly from: readonly TypeParam[];
  readonly to: readonly Type[];

  constructor(from: readonly TypeParam[], to: readonly Type[]) {
    this.from = from;
    this.to = to;
  }
}

export function makeSubstMap(tparams: readonly TypeParam[], targs: readonly Type[]): SubstMap {
  if (tparams.length !== targs.length) bug('numbers of type parameters and arguments differ');
  return new SubstMap(tparams, targs);
}

function lookup(m: SubstMap, t: TypeParam): Type {
  // A type parameter's index tells where it is in its own list.
  const i = t.index >= 0 && t.index < m.from.length && m.from[t.index] === t ? t.index : m.from.indexOf(t);
  if (i < 0) return t;
  // During inference, some are not known.
  const u = m.to[i];
  return u === NoType ? t : u;
}

/** What a substitution needs on its way through a type. */
class Subster {
  readonly c: Checker | null;
  readonly pos: Pos;
  readonly smap: SubstMap;
  /** The instance that is being expanded. */
  readonly expanding: Named | null;
  readonly ctxt: Context | null;

  constructor(c: Checker | null, pos: Pos, smap: SubstMap, expanding: Named | null, ctxt: Context | null) {
    this.c = c;
    this.pos = pos;
    this.smap = smap;
    this.expanding = expanding;
    this.ctxt = ctxt;
  }
}

/** typ with type parameters replaced. One of expanding and ctxt must be given. */
export function subst(
  c: Checker | null,
  pos: Pos,
  typ: Type,
  smap: SubstMap,
  expanding: Named | null,
  ctxt: Context | null,
): Type {
  if (smap.from.length === 0 || typ.kind === TypeKind.Basic) return typ;
  if (typ.kind === TypeKind.TypeParam) return lookup(smap, typ);
  return substType(new Subster(c, pos, smap, expanding, ctxt), typ);
}

function substType(s: Subster, t: Type): Type {
  switch (t.kind) {
    case TypeKind.Basic:
      return t;
    case TypeKind.TypeParam:
      return lookup(s.smap, t);
    case TypeKind.Named: {
      if (t.inst === null && t.tparams.length === 0) return t;
      const orig = originNamed(t);
      const n = typeParams(orig).length;
      if (n === 0) return t;
      const targs = typeArgs(t);
      // Reported elsewhere.
      if (targs.length !== n) return invalidType;
      const newArgs = substList(s, targs);
      return newArgs === null ? t : instance(s.c, s.pos, orig, newArgs, s.expanding, s.ctxt);
    }
    case TypeKind.Alias: {
      const n = t.orig.tparams.length;
      if (n === 0) return t;
      if (t.targs.length !== n) return invalidType;
      const targs = substList(s, t.targs);
      return targs === null ? t : newAliasInstance(s.c, s.pos, t.orig, targs, s.expanding, s.ctxt);
    }
    case TypeKind.Pointer: {
      const elem = substType(s, t.elem);
      return elem === t.elem ? t : new Pointer(elem);
    }
    case TypeKind.Slice: {
      const elem = substElem(s, t.elem);
      return elem === t.elem ? t : new Slice(elem);
    }
    case TypeKind.Array: {
      const elem = substElem(s, t.elem);
      return elem === t.elem ? t : new ArrayType(elem, t.len);
    }
    case TypeKind.Map: {
      const key = substType(s, t.key);
      const elem = substType(s, t.elem);
      return key === t.key && elem === t.elem ? t : new MapType(key, elem);
    }
    case TypeKind.Chan: {
      const elem = substType(s, t.elem);
      return elem === t.elem ? t : new Chan(t.dir, elem);
    }
    case TypeKind.Struct: {
      const fields = substVars(s, t.fields);
      return fields === null ? t : new Struct(fields, t.tags);
    }
    case TypeKind.Tuple:
      return substTuple(s, t);
    case TypeKind.Signature:
      return substSignature(s, t);
    case TypeKind.Union: {
      const terms = substTerms(s, t.terms);
      return terms === null ? t : new Union(terms);
    }
    case TypeKind.Interface:
      return substInterface(s, t);
  }
}

/** The element may be missing in an invalid recursive declaration. */
function substElem(s: Subster, t: Type): Type {
  return t === NoType ? invalidType : substType(s, t);
}

function substList(s: Subster, list: Type[]): Type[] | null {
  let out: Type[] | null = null;
  for (let i = 0; i < list.length; i++) {
    const t = substType(s, list[i]);
    if (t === list[i]) continue;
    out ??= list.slice();
    out[i] = t;
  }
  return out;
}

function substVars(s: Subster, list: Var[]): Var[] | null {
  let out: Var[] | null = null;
  for (let i = 0; i < list.length; i++) {
    const t = substType(s, list[i].typ);
    if (t === list[i].typ) continue;
    out ??= list.slice();
    out[i] = cloneVar(list[i], t);
  }
  return out;
}

function substTerms(s: Subster, list: Term[]): Term[] | null {
  let out: Term[] | null = null;
  for (let i = 0; i < list.length; i++) {
    const t = substType(s, list[i].typ);
    if (t === list[i].typ) continue;
    out ??= list.slice();
    out[i] = new Term(list[i].tilde, t);
  }
  return out;
}

function substTuple(s: Subster, t: Tuple): Tuple {
  const vars = substVars(s, t.vars);
  return vars === null ? t : new Tuple(vars);
}

/** The receiver stays: whoever substitutes in a method sets it. */
function substSignature(s: Subster, t: Signature): Signature {
  const params = substTuple(s, t.params);
  const results = substTuple(s, t.results);
  if (params === t.params && results === t.results) return t;
  const sig = new Signature(t.recv, params, results, t.variadic);
  sig.rparams = t.rparams;
  sig.tparams = t.tparams;
  return sig;
}

function substMethods(s: Subster, list: Func[]): Func[] | null {
  let out: Func[] | null = null;
  for (let i = 0; i < list.length; i++) {
    const sig = signatureOf(list[i]);
    const t = substType(s, sig);
    if (t === sig) continue;
    out ??= list.slice();
    out[i] = cloneFunc(list[i], t);
  }
  return out;
}

function substInterface(s: Subster, t: Interface): Interface {
  const methods = substMethods(s, t.methods);
  const embeddeds = substList(s, t.embeddeds);
  if (methods === null && embeddeds === null) return t;
  if (!t.complete) bug('substituting in an incomplete interface');
  const iface = newInterface(s.c);
  iface.embeddeds = embeddeds ?? t.embeddeds;
  iface.embedPos = t.embedPos;
  iface.implicit = t.implicit;
  iface.complete = true;
  const list = methods ?? t.methods;
  iface.methods = replaceRecvType(list, t, iface) ?? list;
  if (s.c === null) typeSet(iface);
  return iface;
}
