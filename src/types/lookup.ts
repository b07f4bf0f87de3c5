/** Finding fields and methods (spec: "Selectors"), and what a type lacks to implement an interface. */
import { bug } from '#base/bug.ts';
import type { Checker } from './checker.ts';
import { resolveObj, signatureOf } from './decl.ts';
import { format, qualifierOf } from './format.ts';
import { implementsType } from './implements.ts';
import { lookupMethodIndex, namedMethod } from './named.ts';
import { type Func, objId, sameId, type Var } from './object.ts';
import * as ObjKind from './objkind.ts';
import type { Cause } from './operand.ts';
import type { Package } from './package.ts';
import { identical, isInterface, isTypeParam, isValid } from './predicates.ts';
import { asNamed, type Interface, type Named, type Struct, type Type, unalias } from './type.ts';
import * as TypeKind from './typekind.ts';
import { typeSet } from './typeset.ts';
import type { TypeSet } from './typesetdata.ts';
import { methodString } from './typestring.ts';
import { under } from './under.ts';

/** A type, or what a pointer points to. */
export interface Deref {
  type: Type;
  isPointer: boolean;
}

/** The element type of an (unnamed) pointer type, else the type. */
export function deref(t: Type): Deref {
  const p = t.kind === TypeKind.Alias ? unalias(t) : t;
  return p.kind === TypeKind.Pointer ? { type: p.elem, isPointer: true } : { type: t, isPointer: false };
}

/** The struct type that a pointer points to, else the type. */
export function derefStructPtr(t: Type): Type {
  const p = under(t);
  return p.kind === TypeKind.Pointer && under(p.elem).kind === TypeKind.Struct ? p.elem : t;
}

/** Whether a method's receiver is a pointer. */
export function hasPtrRecv(m: Func): boolean {
  if (m.typ.kind === TypeKind.Signature && m.typ.recv !== null) return deref(m.typ.recv.typ).isPointer;
  return m.ptrRecv;
}

export function fieldIndex(fields: readonly Var[], pkg: Package | null, name: string, foldCase: boolean): number {
  if (name === '_') return -1;
  for (let i = 0; i < fields.length; i++) if (sameId(fields[i], pkg, name, foldCase)) return i;
  return -1;
}

export function methodIndex(methods: readonly Func[], pkg: Package | null, name: string, foldCase: boolean): number {
  if (name === '_') return -1;
  for (let i = 0; i < methods.length; i++) if (sameId(methods[i], pkg, name, foldCase)) return i;
  return -1;
}

/**
 * What a lookup found. With obj null: a non-empty index means that the selector is ambiguous; indirect means that a method was found, but
 * its pointer receiver cannot be had; else there is nothing of that name.
 */
export interface Found {
  obj: Var | Func | null;
  /** See SelectionInfo.index. */
  index: number[];
  indirect: boolean;
}

function found(obj: Var | Func | null, index: number[], indirect: boolean): Found {
  return { obj, index, indirect };
}

/**
 * Looks for a field or method of T or *T. Without foldCase, names that are not exported are those of pkg. The signature of a method may not have been
 * resolved; see signatureOf.
 */
export function lookupFieldOrMethod(
  T: Type,
  addressable: boolean,
  pkg: Package | null,
  name: string,
  foldCase: boolean,
): Found {
  // Methods cannot be had through a defined pointer type; fields can.
  const named = asNamed(T);
  if (named !== null) {
    const p = under(named);
    if (p.kind === TypeKind.Pointer) {
      const f = lookupImpl(p, false, pkg, name, foldCase);
      return f.obj !== null && f.obj.kind === ObjKind.Func ? found(null, [], false) : f;
    }
  }
  return lookupImpl(T, addressable, pkg, name, foldCase);
}

/** A type embedded at the current depth. */
interface Embedded {
  typ: Type;
  index: number[];
  /** There was a pointer on the way. */
  indirect: boolean;
  /** The type occurs several times at this depth. */
  multiples: boolean;
}

function lookupImpl(T: Type, addressable: boolean, pkg: Package | null, name: string, foldCase: boolean): Found {
  if (name === '_') return found(null, [], false);
  const { type: base, isPointer } = deref(T);
  // Pointers to interfaces have no methods.
  if (isPointer && under(base).kind === TypeKind.Interface) return found(null, [], false);

  let current: Embedded[] = [{ typ: base, index: [], indirect: isPointer, multiples: false }];
  const seen: Named[] = [];
  while (current.length > 0) {
    const next: Embedded[] = [];
    let obj: Var | Func | null = null;
    let index: number[] = [];
    let indirect = false;
    for (const e of current) {
      const named = asNamed(e.typ);
      if (named !== null) {
        if (seenBefore(seen, named)) continue;
        seen.push(named);
        const i = lookupMethodIndex(named, pkg, name, foldCase);
        if (i >= 0) {
          index = [...e.index, i];
          if (obj !== null || e.multiples) return found(null, index, false);
          obj = namedMethod(named, i);
          indirect = e.indirect;
          continue;
        }
      }
      const u = under(e.typ);
      if (u.kind === TypeKind.Struct) {
        for (let i = 0; i < u.fields.length; i++) {
          const f = u.fields[i];
          if (sameId(f, pkg, name, foldCase)) {
            index = [...e.index, i];
            if (obj !== null || e.multiples) return found(null, index, false);
            obj = f;
            indirect = e.indirect;
            continue;
          }
          // Deeper levels matter only if there is nothing at this one.
          if (obj === null && f.embedded) {
            const d = deref(f.typ);
            next.push({
              typ: d.type,
              index: e.index.concat(i),
              indirect: e.indirect || d.isPointer,
              multiples: e.multiples,
            });
          }
        }
      } else if (u.kind === TypeKind.Interface) {
        const methods = typeSet(u).methods;
        const i = methodIndex(methods, pkg, name, foldCase);
        if (i >= 0) {
          index = [...e.index, i];
          if (obj !== null || e.multiples) return found(null, index, false);
          obj = methods[i];
          indirect = e.indirect;
        }
      }
    }
    if (obj !== null) {
      if (obj.kind === ObjKind.Func && hasPtrRecv(obj) && !indirect && !addressable) return found(null, [], true);
      return found(obj, index, indirect);
    }
    current = consolidateMultiples(next);
  }
  return found(null, [], false);
}

function seenBefore(seen: readonly Named[], t: Named): boolean {
  for (const s of seen) {
    if (s === t) return true;
    if (s.inst !== null && t.inst !== null && s.inst.orig === t.inst.orig && identical(s, t)) return true;
  }
  return false;
}

/** Merges entries of the same type. */
function consolidateMultiples(list: Embedded[]): Embedded[] {
  if (list.length <= 1) return list;
  const out: Embedded[] = [];
  for (const e of list) {
    const same = out.find((o) => identical(o.typ, e.typ));
    if (same === undefined) out.push(e);
    else same.multiples = true;
  }
  return out;
}

/** The method of a type set with that name, or null. */
export function lookupTypeSetMethod(s: TypeSet, pkg: Package | null, name: string, foldCase: boolean): Func | null {
  const i = methodIndex(s.methods, pkg, name, foldCase);
  return i < 0 ? null : s.methods[i];
}

/** How signatures of methods are compared: identical, or its variant for inference. */
export type Equivalent = (x: Type, y: Type) => boolean;

/** Why a method is missing. */
type MissingState =
  | 'ok'
  | 'not found'
  | 'wrong name'
  | 'unexported'
  | 'wrong signature'
  | 'ambiguous'
  | 'pointer receiver'
  | 'field';

export interface MissingMethod {
  /** Null if none is missing. */
  method: Func | null;
  /** There is a method of that name, but with another signature or receiver. */
  wrongType: boolean;
}

const nothingMissing: MissingMethod = { method: null, wrongType: false };

/**
 * The first method of the interface T that V lacks. Unless static, an interface V need not have a method, but if it does the signatures must
 * agree: for type assertions.
 */
export function missingMethod(
  c: Checker | null,
  V: Type,
  T: Type,
  isStatic: boolean,
  equivalent: Equivalent,
  cause: Cause | null,
): MissingMethod {
  const Tu = under(T);
  if (Tu.kind !== TypeKind.Interface) bug('missingMethod: not an interface');
  const methods = typeSet(Tu).methods;
  if (methods.length === 0) return nothingMissing;
  const Vu = under(V);
  const Vset = Vu.kind === TypeKind.Interface ? typeSet(Vu) : null;
  for (const m of methods) {
    let state: MissingState = 'ok';
    let f: Func | null = null;
    if (Vset !== null) {
      f = lookupTypeSetMethod(Vset, m.pkg, m.name, false);
      if (f === null) {
        if (!isStatic) continue;
        state = 'not found';
      } else if (!equivalent(signatureOf(f), signatureOf(m))) {
        state = 'wrong signature';
      }
    } else {
      const r = lookupImpl(V, false, m.pkg, m.name, false);
      if (r.obj === null) {
        if (r.index.length > 0) state = 'ambiguous';
        else if (r.indirect) state = 'pointer receiver';
        else {
          state = 'not found';
          const other = lookupImpl(V, false, m.pkg, m.name, true).obj;
          if (other !== null && other.kind === ObjKind.Func) {
            f = other;
            state = f.name === m.name ? 'unexported' : 'wrong name';
          }
        }
      } else if (r.obj.kind !== ObjKind.Func) {
        state = 'field';
      } else {
        f = r.obj;
        resolveObj(f);
        if (!equivalent(f.typ, signatureOf(m))) state = 'wrong signature';
      }
    }
    if (state === 'ok') continue;
    if (cause !== null) {
      if (f !== null) resolveObj(f);
      cause.text = missingCause(c, V, T, m, f, state);
    }
    return { method: m, wrongType: state === 'wrong signature' || state === 'pointer receiver' };
  }
  return nothingMissing;
}

function missingCause(c: Checker | null, V: Type, T: Type, m: Func, f: Func | null, state: MissingState): string {
  switch (state) {
    case 'ok':
      return '';
    case 'not found':
      if (isInterfacePtr(V)) return `(${interfacePtrError(c, V)})`;
      if (isInterfacePtr(T)) return `(${interfacePtrError(c, T)})`;
      return `(missing method ${m.name})`;
    case 'wrong name':
      return f === null
        ? ''
        : `(missing method ${m.name})\n\t\thave ${funcString(c, f, false)}\n\t\twant ${funcString(c, m, false)}`;
    case 'unexported':
      return `(unexported method ${m.name})`;
    case 'wrong signature': {
      if (f === null) return '';
      let have = funcString(c, f, false);
      let want = funcString(c, m, false);
      if (have === want) {
        have = funcString(c, f, true);
        want = funcString(c, m, true);
      }
      if (have === want) return `(wrong type for method ${m.name})`;
      return `(wrong type for method ${m.name})\n\t\thave ${have}\n\t\twant ${want}`;
    }
    case 'ambiguous':
      return format(c, '(ambiguous selector %s.%s)', V, m.name);
    case 'pointer receiver':
      return `(method ${m.name} has pointer receiver)`;
    case 'field':
      return format(c, '(%s.%s is a field, not a method)', V, m.name);
  }
}

/** A method's name and signature, without parameter names; with pkgInfo, packages are told exactly. */
export function funcString(c: Checker | null, f: Func, pkgInfo: boolean): string {
  return f.name + methodString(signatureOf(f), c === null || pkgInfo ? null : qualifierOf(c), pkgInfo);
}

/** Whether T is a pointer to an interface. */
export function isInterfacePtr(T: Type): boolean {
  const p = under(T);
  return p.kind === TypeKind.Pointer && isInterface(p.elem);
}

export function interfacePtrError(c: Checker | null, T: Type): string {
  const p = under(T);
  if (p.kind === TypeKind.Pointer && isTypeParam(p.elem)) {
    return format(c, 'type %s is pointer to type parameter, not type parameter', T);
  }
  return format(c, 'type %s is pointer to interface, not interface', T);
}

/** As missingMethod; but a struct with embedded fields of unknown type is taken to have all methods. */
export function hasAllMethods(
  c: Checker | null,
  V: Type,
  T: Type,
  isStatic: boolean,
  equivalent: Equivalent,
  cause: Cause | null,
): boolean {
  if (!isValid(V)) return true;
  return (
    missingMethod(c, V, T, isStatic, equivalent, cause).method === null ||
    hasInvalidEmbeddedFields(V, new Set<Struct>())
  );
}

function hasInvalidEmbeddedFields(T: Type, seen: Set<Struct>): boolean {
  const s = under(derefStructPtr(T));
  if (s.kind !== TypeKind.Struct || seen.has(s)) return false;
  seen.add(s);
  return s.fields.some((f) => f.embedded && (!isValid(f.typ) || hasInvalidEmbeddedFields(f.typ, seen)));
}

/** Whether a value of interface type V may hold a T; V's underlying type is an interface. Interfaces T always may. */
export function assertableTo(c: Checker | null, V: Type, T: Type, cause: Cause | null): boolean {
  return isInterface(T) || hasAllMethods(c, T, V, false, identical, cause);
}

/** As assertableTo, for type switches and assertions on constraint interfaces. */
export function newAssertableTo(c: Checker | null, V: Type, T: Type, cause: Cause | null): boolean {
  return isInterface(T) || implementsType(c, T, V, false, cause);
}

/** The methods of an interface type, embedded ones included, in their official order. */
export function interfaceMethods(t: Interface): readonly Func[] {
  return typeSet(t).methods;
}

/** Objects by Id, for finding duplicates. */
export class ObjSet<T extends Var | Func> {
  readonly elems: Map<string, T>;

  constructor() {
    this.elems = new Map();
  }

  /** Adds obj unless there is one with its Id, which is then returned. */
  insert(obj: T): T | null {
    const id = objId(obj);
    const other = this.elems.get(id);
    if (other !== undefined) return other;
    this.elems.set(id, obj);
    return null;
  }
}
