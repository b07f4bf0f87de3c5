/** Type inference (spec: "Type inference"): type arguments from the arguments of a call, from constraints, and from default types. */

import { bug } from '#base/bug.ts';
import { NoPos, type Pos } from '#base/source.ts';
import type { Checker } from './checker.ts';
import { commonUnder, specificTerms } from './coretype.ts';
import type { ErrorReport } from './errors.ts';
import { hasAllMethods } from './lookup.ts';
import * as Mode from './mode.ts';
import { typeArgs } from './named.ts';
import { TypeName, type Var } from './object.ts';
import { Cause, type Operand } from './operand.ts';
import { defaultType, isTyped, maxType } from './predicates.ts';
import { makeSubstMap, subst } from './subst.ts';
import { NoType, Term, type Type, TypeParam, unalias } from './type.ts';
import * as TypeKind from './typekind.ts';
import { iface, newTypeParam } from './typeparam.ts';
import { typeSet } from './typeset.ts';
import { Assign, Exact, Unifier, unify } from './unify.ts';
import { allowVersion, go1_21 } from './version.ts';

/**
 * The type arguments for tparams, given the first ones (NoType where unknown), and the arguments passed for params. After an error, which is added to
 * err but not reported, the result is null. With reverse, a function is being assigned to a variable whose type is the argument.
 */
export function infer(
  c: Checker,
  pos: Pos,
  tparams: TypeParam[],
  targs0: readonly Type[],
  params0: Type,
  args: readonly Operand[],
  reverse: boolean,
  err: ErrorReport,
): Type[] | null {
  const n = tparams.length;
  if (targs0.length === n && !targs0.includes(NoType)) return [...targs0];
  for (const arg of args) if (arg.mode === Mode.invalid) return null;

  const targs: Type[] = [...targs0];
  while (targs.length < n) targs.push(NoType);
  const params = subst(c, NoPos, params0, makeSubstMap(tparams, targs), null, c.ctxt);
  if (params.kind !== TypeKind.Tuple) bug('parameters are no tuple');
  const u = new Unifier(tparams, targs, allowVersion(c, go1_21));

  // 1. Typed arguments.
  const untyped: number[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    const par = params.vars[i].typ;
    if (!isParameterized(tparams, par) && !isParameterized(tparams, arg.typ)) continue;
    if (isTyped(arg.typ)) {
      if (!unify(u, par, arg.typ, Assign)) {
        mismatch(c, u, tparams, par, arg, reverse, err);
        return null;
      }
    } else if (par.kind === TypeKind.TypeParam && arg.mode !== Mode.nilvalue) {
      // Considered only if typed arguments leave the type open.
      untyped.push(i);
    }
  }

  // 2. Constraints, until nothing changes.
  if (!inferFromConstraints(c, u, pos, tparams, err)) return null;

  // 3. Untyped constants.
  const maxUntyped = new Map<TypeParam, Type>();
  for (const i of untyped) {
    const tpar = params.vars[i].typ;
    if (tpar.kind !== TypeKind.TypeParam || u.at(tpar) !== NoType) continue;
    const arg = args[i];
    const prev = maxUntyped.get(tpar);
    const max = prev === undefined ? arg.typ : maxType(prev, arg.typ);
    if (max === null) {
      err.add(arg, 'mismatched types %s and %s (cannot infer %s)', prev ?? NoType, arg.typ, tpar);
      return null;
    }
    maxUntyped.set(tpar, max);
  }
  for (const [tpar, typ] of maxUntyped) u.set(tpar, defaultType(typ));

  // 4. What was inferred may mention type parameters.
  return simplify(c, pos, tparams, targs, u.inferred(tparams), err);
}

function mismatch(
  c: Checker,
  u: Unifier,
  tparams: readonly TypeParam[],
  tpar: Type,
  arg: Operand,
  reverse: boolean,
  err: ErrorReport,
): void {
  const targs = u.inferred(tparams);
  if (targs.every((t) => t === NoType)) {
    const names = typeParamNames(tparams);
    err.add(arg, 'type %s of %s does not match %s (cannot infer %s)', arg.typ, arg.expr, tpar, names);
    return;
  }
  const inferred = subst(c, NoPos, tpar, makeSubstMap(tparams, targs), null, c.ctxt);
  if (inferred === tpar) {
    err.add(arg, 'type %s of %s does not match %s', arg.typ, arg.expr, tpar);
  } else if (reverse) {
    err.add(arg, 'inferred type %s for %s does not match type %s of %s', inferred, tpar, arg.typ, arg.expr);
  } else {
    err.add(arg, 'type %s of %s does not match inferred type %s for %s', arg.typ, arg.expr, inferred, tpar);
  }
}

function inferFromConstraints(
  c: Checker,
  u: Unifier,
  pos: Pos,
  tparams: readonly TypeParam[],
  err: ErrorReport,
): boolean {
  for (;;) {
    const unknowns = u.unknowns();
    for (const tpar of tparams) {
      const tx = u.at(tpar);
      const core = coreTerm(tpar);
      if (core !== null) {
        if (tx !== NoType) {
          // The type must match the core type, defined types through their underlying types.
          if (!unify(u, tx, core.term.typ, 0)) {
            err.add(pos, '%s (type %s) does not satisfy %s', tpar, tx, tpar.bound);
            return false;
          }
        } else if (core.single && !core.term.tilde) {
          u.set(tpar, core.term.typ);
        }
      }
      if (tx !== NoType && !isParameterized(tparams, tx)) {
        // Methods of the type tell about type parameters in the constraint's methods.
        const cause = new Cause();
        const equivalent = (x: Type, y: Type): boolean => unify(u, x, y, Exact);
        if (!hasAllMethods(c, tx, iface(tpar), true, equivalent, cause)) {
          err.add(pos, '%s (type %s) does not satisfy %s %s', tpar, tx, tpar.bound, cause.text);
          return false;
        }
      }
    }
    if (u.unknowns() === unknowns) return true;
  }
}

/** Replaces type parameters in inferred types by what was inferred for them. */
function simplify(
  c: Checker,
  pos: Pos,
  tparams: TypeParam[],
  targs: readonly Type[],
  inferred: Type[],
  err: ErrorReport,
): Type[] | null {
  killCycles(tparams, inferred);
  let dirty: number[] = [];
  for (let i = 0; i < inferred.length; i++) if (inferred[i] !== NoType && targs[i] === NoType) dirty.push(i);
  while (dirty.length > 0) {
    const smap = makeSubstMap(tparams, inferred.slice());
    const changed: number[] = [];
    for (const i of dirty) {
      const t0 = inferred[i];
      const t1 = subst(c, NoPos, t0, smap, null, c.ctxt);
      if (t1 === t0) continue;
      // A generic function passed as an argument is instantiated by this.
      if (t1.kind === TypeKind.Signature && t1.tparams.length > 0 && !isParameterized(tparams, t1)) t1.tparams = [];
      inferred[i] = t1;
      changed.push(i);
    }
    dirty = changed;
  }
  for (let i = 0; i < inferred.length; i++) {
    if (inferred[i] === NoType || isParameterized(tparams, inferred[i])) {
      const obj = tparams[i].obj;
      err.add(pos, 'cannot infer %s (declared at %s)', obj.name, c.posString(obj.pos));
      return null;
    }
  }
  return inferred;
}

/** Copies of type parameters, and typ with them: so that a generic function can be called inside itself. */
export function renameTParams(
  c: Checker,
  pos: Pos,
  tparams: TypeParam[],
  typ: Type,
): { tparams: TypeParam[]; typ: Type } {
  if (tparams.length === 0) return { tparams, typ };
  const copies = tparams.map((t) => {
    const tname = new TypeName(t.obj.pos, t.obj.pkg, t.obj.name, NoType);
    const copy = newTypeParam(null, tname, NoType);
    copy.index = t.index;
    return copy;
  });
  const smap = makeSubstMap(tparams, copies);
  for (let i = 0; i < tparams.length; i++) copies[i].bound = subst(c, pos, tparams[i].bound, smap, null, c.ctxt);
  return { tparams: copies, typ: subst(c, pos, typ, smap, null, c.ctxt) };
}

/** "A", "A and B", "A, B, and C". */
function typeParamNames(list: readonly TypeParam[]): string {
  const names = list.map((t) => t.obj.name);
  if (names.length <= 2) return names.join(' and ');
  return `${names.slice(0, -1).join(', ')}, and ${names[names.length - 1]}`;
}

/** Whether typ mentions one of the type parameters. */
export function isParameterized(tparams: readonly TypeParam[], typ: Type): boolean {
  return mentionsParams(tparams, typ, null);
}

function mentionsParams(tparams: readonly TypeParam[], typ: Type, seen0: Map<Type, boolean> | null): boolean {
  switch (typ.kind) {
    case TypeKind.Basic:
      return false;
    case TypeKind.TypeParam:
      return tparams.includes(typ);
    case TypeKind.Alias:
      return mentionsParams(tparams, unalias(typ), seen0);
    default:
      break;
  }
  // Interfaces may contain themselves, through their methods.
  const seen = seen0 ?? new Map<Type, boolean>();
  const known = seen.get(typ);
  if (known !== undefined) return known;
  seen.set(typ, false);
  const result = mentionsInside(tparams, typ, seen);
  seen.set(typ, result);
  return result;
}

function mentionsInside(tparams: readonly TypeParam[], typ: Type, seen: Map<Type, boolean>): boolean {
  switch (typ.kind) {
    case TypeKind.Array:
    case TypeKind.Slice:
    case TypeKind.Pointer:
    case TypeKind.Chan:
      return mentionsParams(tparams, typ.elem, seen);
    case TypeKind.Map:
      return mentionsParams(tparams, typ.key, seen) || mentionsParams(tparams, typ.elem, seen);
    case TypeKind.Struct:
      return varsMention(tparams, typ.fields, seen);
    case TypeKind.Tuple:
      return varsMention(tparams, typ.vars, seen);
    case TypeKind.Signature:
      return varsMention(tparams, typ.params.vars, seen) || varsMention(tparams, typ.results.vars, seen);
    case TypeKind.Interface: {
      const tset = typeSet(typ);
      for (const m of tset.methods) if (mentionsParams(tparams, m.typ, seen)) return true;
      for (const t of tset.terms) if (t.typ === NoType) return false;
      // All terms, as types2 has it.
      return tset.terms.length > 0 && tset.terms.every((t) => mentionsParams(tparams, t.typ, seen));
    }
    case TypeKind.Named:
      for (const t of typeArgs(typ)) if (mentionsParams(tparams, t, seen)) return true;
      return false;
    default:
      return false;
  }
}

function varsMention(tparams: readonly TypeParam[], vars: readonly Var[], seen: Map<Type, boolean>): boolean {
  for (const v of vars) if (mentionsParams(tparams, v.typ, seen)) return true;
  return false;
}

/** The term that all types of a constraint have in common; `single` if it is its only term. */
function coreTerm(tpar: TypeParam): { term: Term; single: boolean } | null {
  const terms = specificTerms(tpar);
  if (terms !== null && terms.length === 1) return { term: terms[0], single: true };
  const typ = commonUnder(tpar, null).type;
  if (typ === null) return null;
  return { term: new Term(terms?.some((t) => t.tilde) ?? false, typ), single: false };
}

/** Forgets what was inferred for type parameters that would stand for types which contain them. */
function killCycles(tparams: readonly TypeParam[], inferred: Type[]): void {
  const seen = new Set<Type>();
  for (const t of tparams) findCycle(tparams, inferred, seen, t);
}

function findCycle(tparams: readonly TypeParam[], inferred: Type[], seen: Set<Type>, typ: Type): void {
  const t = unalias(typ);
  if (t.kind === TypeKind.Basic) return;
  if (seen.has(t)) {
    if (t instanceof TypeParam) {
      const i = tparams.indexOf(t);
      if (i >= 0) inferred[i] = NoType;
    }
    return;
  }
  seen.add(t);
  const visit = (u: Type): void => findCycle(tparams, inferred, seen, u);
  switch (t.kind) {
    case TypeKind.Array:
    case TypeKind.Slice:
    case TypeKind.Pointer:
    case TypeKind.Chan:
      visit(t.elem);
      break;
    case TypeKind.Map:
      visit(t.key);
      visit(t.elem);
      break;
    case TypeKind.Struct:
      for (const f of t.fields) visit(f.typ);
      break;
    case TypeKind.Signature:
      for (const v of t.params.vars) visit(v.typ);
      for (const v of t.results.vars) visit(v.typ);
      break;
    case TypeKind.Union:
      for (const term of t.terms) visit(term.typ);
      break;
    case TypeKind.Interface:
      for (const m of t.methods) visit(m.typ);
      for (const e of t.embeddeds) visit(e);
      break;
    case TypeKind.Named:
      for (const a of typeArgs(t)) visit(a);
      break;
    case TypeKind.TypeParam: {
      const i = tparams.indexOf(t);
      if (i >= 0 && inferred[i] !== NoType) visit(inferred[i]);
      break;
    }
    default:
      break;
  }
  seen.delete(t);
}
