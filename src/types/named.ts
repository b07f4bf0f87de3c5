/**
 * Defined types and their instances (spec: "Type definitions", "Instantiations").
 *
 * A declared type gets its right-hand side from typeDecl; an instance gets it by substitution the first time it is asked for anything (unpack).
 * The underlying type is found by following right-hand sides; methods of instances are made one by one.
 */

import { bug } from '#base/bug.ts';
import type { Pos } from '#base/source.ts';
import { invalidType } from './basic.ts';
import { type Checker, needsCleanup } from './checker.ts';
import type { Context } from './context.ts';
import { resolveObj, signatureOf } from './decl.ts';
import { newInterface } from './interface.ts';
import { deref, hasPtrRecv } from './lookup.ts';
import {
  equalFold,
  type Func,
  Func as FuncObj,
  isExported,
  originFunc,
  originVar,
  samePkg,
  TypeName,
  Var,
} from './object.ts';
import type { Package } from './package.ts';
import { makeSubstMap, subst } from './subst.ts';
import {
  HasMethods,
  HasUnder,
  type Interface,
  Named,
  NamedInstance,
  NoType,
  Pointer,
  Signature,
  type Type,
  type TypeParam,
  Unpacked,
  unalias,
} from './type.ts';
import * as TypeKind from './typekind.ts';
import { typeSet } from './typeset.ts';
import type { Underlying } from './under.ts';

/** A new defined type for obj, whose type it becomes unless it has one. */
export function newNamed(c: Checker | null, obj: TypeName, fromRHS: Type): Named {
  const t = new Named(c, obj, fromRHS, null);
  if (obj.typ === NoType) obj.typ = t;
  if (c !== null) needsCleanup(c, t);
  return t;
}

/** An instance; its right-hand side is substituted when it is needed. Equal instances are one type only through a context (see instance). */
export function newNamedInstance(c: Checker | null, pos: Pos, orig: Named, targs: Type[], ctxt: Context): Named {
  const obj = new TypeName(pos, orig.obj.pkg, orig.obj.name, NoType);
  const inst = new NamedInstance(orig, targs);
  inst.ctxt = ctxt;
  const t = new Named(c, obj, NoType, inst);
  obj.typ = t;
  if (c !== null) needsCleanup(c, t);
  return t;
}

/** The declared type name; that of the generic type for an instance. */
export function namedObj(t: Named): TypeName {
  return t.inst === null ? t.obj : t.inst.orig.obj;
}

/** The generic type of an instance, else the type itself. */
export function originNamed(t: Named): Named {
  return t.inst === null ? t : t.inst.orig;
}

const noTypes: Type[] = [];

export function typeArgs(t: Named): Type[] {
  return t.inst === null ? noTypes : t.inst.targs;
}

/** The type parameters, of instances too. */
export function typeParams(t: Named): TypeParam[] {
  return unpack(t).tparams;
}

/** Makes the right-hand side and type parameters of an instance available. */
export function unpack(t: Named): Named {
  if ((t.state & Unpacked) !== 0) return t;
  if (t.inst === null) {
    t.state |= Unpacked | HasMethods;
    return t;
  }
  const orig = unpack(t.inst.orig);
  t.fromRHS = expandRHS(t, t.inst);
  t.tparams = orig.tparams;
  t.state |= orig.methods.length === 0 ? Unpacked | HasMethods : Unpacked;
  return t;
}

function expandRHS(t: Named, inst: NamedInstance): Type {
  const orig = inst.orig;
  // An error that is reported when the instantiation is verified.
  if (inst.targs.length !== orig.tparams.length) return invalidType;
  const rhs = subst(t.check, t.obj.pos, orig.fromRHS, makeSubstMap(orig.tparams, inst.targs), t, inst.ctxt);
  if (rhs.kind !== TypeKind.Interface) return rhs;
  // Methods of an interface type have the defined type as receiver: now this instance.
  const methods = replaceRecvType(rhs.methods, orig, t);
  if (methods === null) return rhs;
  let iface: Interface = rhs;
  if (iface === orig.fromRHS) {
    iface = newInterface(t.check);
    iface.complete = true;
    iface.embeddeds = rhs.embeddeds;
    iface.embedPos = rhs.embedPos;
  }
  iface.methods = methods;
  iface.tset = null;
  if (t.check === null) typeSet(iface);
  return iface;
}

/** The methods with receivers of type `from` changed to type `to`; null if there are none. */
export function replaceRecvType(methods: Func[], from: Type, to: Type): Func[] | null {
  let out: Func[] | null = null;
  for (let i = 0; i < methods.length; i++) {
    const sig = signatureOf(methods[i]);
    if (sig.recv === null || sig.recv.typ !== from) continue;
    out ??= methods.slice();
    const newSig = copySignature(sig);
    newSig.recv = cloneVar(sig.recv, to);
    out[i] = cloneFunc(methods[i], newSig);
  }
  return out;
}

export function copySignature(sig: Signature): Signature {
  const s = new Signature(sig.recv, sig.params, sig.results, sig.variadic);
  s.rparams = sig.rparams;
  s.tparams = sig.tparams;
  s.scope = sig.scope;
  return s;
}

export function cloneVar(v: Var, typ: Type): Var {
  const w = new Var(v.varKind, v.pos, v.pkg, v.name, typ);
  w.parent = v.parent;
  w.order = v.order;
  w.scopePos = v.scopePos;
  w.decl = v.decl;
  w.embedded = v.embedded;
  w.used = v.used;
  w.origin = originVar(v);
  return w;
}

export function cloneFunc(f: Func, sig: Type): Func {
  const g = new FuncObj(f.pos, f.pkg, f.name, null);
  g.typ = sig;
  g.parent = f.parent;
  g.order = f.order;
  g.scopePos = f.scopePos;
  g.decl = f.decl;
  g.ptrRecv = f.ptrRecv;
  g.origin = originFunc(f);
  return g;
}

/** The underlying type of a defined type: that of the first type on the chain of right-hand sides that is no defined type. */
export function namedUnder(t: Named): Underlying {
  if ((t.state & HasUnder) !== 0) return t.underlying as Underlying;
  return resolveUnder(t);
}

function resolveUnder(t: Named): Underlying {
  const path: Named[] = [];
  let rhs: Type = t;
  for (;;) {
    const r = unalias(rhs);
    if (r === NoType) {
      rhs = invalidType;
      break;
    }
    if (r.kind !== TypeKind.Named) {
      rhs = r;
      break;
    }
    unpack(r);
    if ((r.state & HasUnder) !== 0) {
      rhs = r.underlying;
      break;
    }
    // Direct cycles are broken before (directCycles); others end at a type that has been marked invalid.
    if (path.includes(r)) {
      rhs = invalidType;
      break;
    }
    path.push(r);
    rhs = r.fromRHS;
  }
  for (const n of path) {
    n.underlying = rhs;
    n.state |= HasUnder;
  }
  return rhs as Underlying;
}

/** How many methods are declared for t or its generic type. */
export function numMethods(t: Named): number {
  return unpack(originNamed(t)).methods.length;
}

/** The i'th declared method; of an instance, with that instance as receiver. Its signature may not have been resolved: see signatureOf. */
export function namedMethod(t: Named, i: number): Func {
  unpack(t);
  if ((t.state & HasMethods) === 0 && t.inst !== null) {
    const orig = t.inst.orig;
    while (t.methods.length < orig.methods.length) t.methods.push(null);
    if (t.methods[i] === null) {
      t.methods[i] = expandMethod(t, t.inst, i);
      if (++t.inst.expandedMethods === orig.methods.length) t.state |= HasMethods;
    }
  }
  const m = t.methods[i];
  if (m === null) bug('method is not expanded');
  return m;
}

function expandMethod(t: Named, inst: NamedInstance, i: number): Func {
  const origm = namedMethod(inst.orig, i);
  resolveObj(origm);
  const origSig = signatureOf(origm);
  if (origSig.recv === null) bug('method without receiver');
  // In its own declaration, the receiver type is an instance with the receiver's type parameters: the method is there already.
  if (deref(origSig.recv.typ).type === t) return origm;

  let sig = origSig;
  // The numbers differ only after an error.
  if (origSig.rparams.length === inst.targs.length) {
    const smap = makeSubstMap(origSig.rparams, inst.targs);
    const ctxt = t.check === null ? null : t.check.ctxt;
    const s = subst(t.check, origm.pos, origSig, smap, t, ctxt);
    if (s.kind === TypeKind.Signature) sig = s;
  }
  if (sig === origSig) sig = copySignature(origSig);
  sig.recv = cloneVar(origSig.recv, hasPtrRecv(origm) ? new Pointer(t) : t);
  return cloneFunc(origm, sig);
}

/** Adds a declared method unless there is one of that name. */
export function addMethod(t: Named, m: Func): void {
  unpack(t);
  if (namedMethodIndex(t, m.name, false) < 0) t.methods.push(m);
}

export function namedMethodIndex(t: Named, name: string, foldCase: boolean): number {
  if (name === '_') return -1;
  const methods = t.methods;
  for (let i = 0; i < methods.length; i++) {
    const m = methods[i];
    if (m !== null && (m.name === name || (foldCase && equalFold(m.name, name)))) return i;
  }
  return -1;
}

/** The index of the declared method with that name, as seen from pkg; -1 if there is none. */
export function lookupMethodIndex(t: Named, pkg: Package | null, name: string, foldCase: boolean): number {
  unpack(t);
  if (!foldCase && !isExported(name) && !samePkg(t.obj.pkg, pkg)) return -1;
  return namedMethodIndex(originNamed(t), name, foldCase);
}
