/**
 * Type sets of interfaces: the methods, and the types listed by unions, that an interface stands for (spec: "Interface types").
 * The set of types is the intersection of what the methods and what the terms allow.
 */

import { bug } from '#base/bug.ts';
import { NoPos, type Pos } from '#base/source.ts';
import { type Checker, later } from './checker.ts';
import * as Code from './errors/codes.ts';
import { errorf, newError } from './errors.ts';
import { compareObjs, type Func, objId } from './object.ts';
import { comparableType, identical, isTypeParam, isValid } from './predicates.ts';
import { termlistIntersect, termlistIsAll, termlistUnion } from './termlist.ts';
import { asNamed, type Interface, Term, type Type, type Union } from './type.ts';
import * as TypeKind from './typekind.ts';
import { allTermlist, invalidTypeSet, type Termlist, TypeSet, topTypeSet } from './typesetdata.ts';
import { under } from './under.ts';
import { allowVersion, go1_14, go1_18, verifyVersionf } from './version.ts';

/** The number of terms in a union that are handled (an official limit). */
export const maxTermCount = 100;

export function isEmptySet(s: TypeSet): boolean {
  return s.terms.length === 0;
}

/** All types: that of the empty interface. */
export function isAllSet(s: TypeSet): boolean {
  return isMethodSet(s) && s.methods.length === 0;
}

/** Described by methods alone: that of an ordinary interface. */
export function isMethodSet(s: TypeSet): boolean {
  return !s.comparable && termlistIsAll(s.terms);
}

/** Whether all types of the set are strictly comparable. */
export function isComparableSet(s: TypeSet, seen: Set<Type> | null): boolean {
  if (termlistIsAll(s.terms)) return s.comparable;
  for (const t of s.terms) if (comparableType(t.typ, false, seen) !== null) return false;
  return s.terms.length > 0;
}

/** Whether specific types are listed. */
export function hasTerms(s: TypeSet): boolean {
  return s.terms.length > 0 && !termlistIsAll(s.terms);
}

/** The type set of an interface, computed the first time it is asked for. */
export function typeSet(t: Interface): TypeSet {
  return t.tset !== null ? t.tset : computeInterfaceTypeSet(t.check, NoPos, t);
}

export function sortMethods(list: Func[]): void {
  list.sort(compareObjs);
}

/** Collects the methods of an interface under computation, and finds those declared twice. */
class MethodCollector {
  readonly byId: Map<string, { m: Func; pos: Pos }>;
  readonly methods: Func[];

  constructor() {
    this.byId = new Map();
    this.methods = [];
  }

  add(c: Checker | null, pos: Pos, m: Func, explicit: boolean): void {
    const id = objId(m);
    const other = this.byId.get(id);
    if (other === undefined) {
      this.byId.set(id, { m, pos });
      this.methods.push(m);
      return;
    }
    if (c === null) return;
    if (explicit) {
      reportDuplicate(c, m, pos, other.pos);
      return;
    }
    // Whether the signatures agree can be told only when all types are set up (go.dev/issue/33656).
    later(c, () => {
      if ((pos !== NoPos && !allowVersion(c, go1_14)) || !identical(m.typ, other.m.typ)) {
        reportDuplicate(c, m, pos, other.pos);
      }
    });
  }
}

function reportDuplicate(c: Checker, m: Func, pos: Pos, otherPos: Pos): void {
  newError(c, Code.DuplicateDecl)
    .add(pos, 'duplicate method %s', m.name)
    .add(otherPos, 'other declaration of method %s', m.name)
    .report();
}

export function computeInterfaceTypeSet(c: Checker | null, _pos: Pos, ityp: Interface): TypeSet {
  if (ityp.tset !== null) return ityp.tset;
  // Of an incomplete interface nothing is recorded, so that the full set is computed when it is complete.
  if (!ityp.complete) return topTypeSet;

  // Stops the recursion of infinitely expanding interfaces, which validType reports.
  const tset = new TypeSet([], allTermlist, false);
  ityp.tset = tset;

  const collector = new MethodCollector();
  for (const m of ityp.methods) collector.add(c, m.pos, m, true);

  let terms = allTermlist;
  let comparable = false;
  for (let i = 0; i < ityp.embeddeds.length; i++) {
    const typ = ityp.embeddeds[i];
    const pos = i < ityp.embedPos.length ? ityp.embedPos[i] : NoPos;
    let elemTerms: Termlist;
    let elemComparable = false;
    const u = under(typ);
    if (u.kind === TypeKind.Interface) {
      if (isTypeParam(typ)) bug('type parameter embedded in an interface');
      const embedded = computeInterfaceTypeSet(c, pos, u);
      if (c !== null && pos !== NoPos && isImportedConstraint(c, typ)) {
        if (!verifyVersionf(c, pos, go1_18, 'embedding constraint interface %s', typ)) continue;
      }
      elemComparable = embedded.comparable;
      for (const m of embedded.methods) collector.add(c, pos, m, false);
      elemTerms = embedded.terms;
    } else if (u.kind === TypeKind.Union) {
      if (c !== null && pos !== NoPos && !verifyVersionf(c, pos, go1_18, 'embedding interface element %s', u)) continue;
      const union = computeUnionTypeSet(c, pos, u);
      if (union === invalidTypeSet) continue;
      elemTerms = union.terms;
    } else {
      if (!isValid(u)) continue;
      if (c !== null && pos !== NoPos && !verifyVersionf(c, pos, go1_18, 'embedding non-interface type %s', typ))
        continue;
      elemTerms = [new Term(false, typ)];
    }
    const both: boolean = comparable || elemComparable;
    terms = intersectTerms(terms, elemTerms, both);
    comparable = both && termlistIsAll(terms);
  }

  tset.comparable = comparable;
  if (collector.methods.length > 0) {
    sortMethods(collector.methods);
    tset.methods = collector.methods;
  }
  tset.terms = terms;
  return tset;
}

function intersectTerms(x: Termlist, y: Termlist, comparable: boolean): Termlist {
  const terms = x === allTermlist ? y : y === allTermlist ? x : termlistIntersect(x, y);
  if (!comparable || termlistIsAll(terms)) return terms;
  return terms.filter((t) => comparableType(t.typ, false, null) === null);
}

/** Whether t is a constraint interface of another package. */
export function isImportedConstraint(c: Checker, t: Type): boolean {
  const named = asNamed(t);
  if (named === null || named.obj.pkg === c.pkg || named.obj.pkg === null) return false;
  const u = under(named);
  return u.kind === TypeKind.Interface && !isMethodSet(typeSet(u));
}

/** The type set of a union; invalidTypeSet if it has too many terms. */
export function computeUnionTypeSet(c: Checker | null, pos: Pos, utyp: Union): TypeSet {
  if (utyp.tset !== null) return utyp.tset;
  const tset = new TypeSet([], [], false);
  utyp.tset = tset;
  let all: Termlist = [];
  for (const t of utyp.terms) {
    let terms: Termlist;
    const u = under(t.typ);
    if (u.kind === TypeKind.Interface) {
      if (isTypeParam(t.typ)) bug('type parameter in a union');
      terms = computeInterfaceTypeSet(c, pos, u).terms;
    } else if (!isValid(u)) {
      continue;
    } else {
      // No type has an underlying type that is not an underlying type: the term's set is empty.
      terms = t.tilde && !identical(t.typ, u) ? [] : [t];
    }
    all = termlistUnion(all, terms);
    if (all.length > maxTermCount) {
      if (c !== null) {
        errorf(
          c,
          pos,
          Code.InvalidUnion,
          'cannot handle more than %d union terms (implementation limitation)',
          maxTermCount,
        );
      }
      utyp.tset = invalidTypeSet;
      return invalidTypeSet;
    }
  }
  tset.terms = all;
  return tset;
}

export function unionTypeSet(u: Union): TypeSet {
  return computeUnionTypeSet(null, NoPos, u);
}
