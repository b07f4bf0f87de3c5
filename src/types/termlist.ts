/**
 * Lists of union terms, and their algebra. A list stands for the union of its terms: the empty list for no type; the term whose type is NoType
 * for all types. Lists are in normal form: no term includes another.
 */
import { identical } from './predicates.ts';
import { NoType, type Term, type Type } from './type.ts';
import { allTermlist, type Termlist } from './typesetdata.ts';
import { type Qualifier, typeString } from './typestring.ts';
import { under } from './under.ts';

export function termlistString(list: Termlist, qf: Qualifier | null): string {
  if (list.length === 0) return '∅';
  return list.map((t) => (t.typ === NoType ? '𝓤' : `${t.tilde ? '~' : ''}${typeString(t.typ, qf)}`)).join(' | ');
}

export function termlistIsAll(list: Termlist): boolean {
  for (const t of list) if (t.typ === NoType) return true;
  return false;
}

/** The larger of two terms, one of which includes the other; null if they have no type in common. */
function termUnion(x: Term, y: Term): Term | null {
  if (x.typ === NoType) return x;
  if (y.typ === NoType) return y;
  if (disjoint(x, y)) return null;
  return x.tilde || !y.tilde ? x : y;
}

function termIntersect(x: Term, y: Term): Term | null {
  if (x.typ === NoType) return y;
  if (y.typ === NoType) return x;
  if (disjoint(x, y)) return null;
  return !x.tilde || y.tilde ? x : y;
}

export function termIncludes(x: Term, t: Type): boolean {
  return x.typ === NoType || identical(x.typ, x.tilde ? under(t) : t);
}

export function termSubsetOf(x: Term, y: Term): boolean {
  if (y.typ === NoType) return true;
  if (x.typ === NoType || disjoint(x, y)) return false;
  return !x.tilde || y.tilde;
}

/** Whether two terms other than that of all types have no type in common. */
export function disjoint(x: Term, y: Term): boolean {
  return !identical(y.tilde ? under(x.typ) : x.typ, x.tilde ? under(y.typ) : y.typ);
}

function normalize(list: Termlist): Termlist {
  const used = new Uint8Array(list.length);
  const result: Termlist = [];
  for (let i = 0; i < list.length; i++) {
    if (used[i] !== 0) continue;
    let x = list[i];
    for (let j = i + 1; j < list.length; j++) {
      if (used[j] !== 0) continue;
      const u = termUnion(x, list[j]);
      if (u === null) continue;
      if (u.typ === NoType) return allTermlist;
      x = u;
      used[j] = 1;
    }
    result.push(x);
  }
  return result;
}

export function termlistUnion(x: Termlist, y: Termlist): Termlist {
  return normalize([...x, ...y]);
}

export function termlistIntersect(x: Termlist, y: Termlist): Termlist {
  const result: Termlist = [];
  for (const a of x) {
    for (const b of y) {
      const t = termIntersect(a, b);
      if (t !== null) result.push(t);
    }
  }
  return normalize(result);
}

export function termlistSubsetOf(x: Termlist, y: Termlist): boolean {
  for (const t of x) if (!y.some((u) => termSubsetOf(t, u))) return false;
  return true;
}

export function termlistEqual(x: Termlist, y: Termlist): boolean {
  return x === y || (termlistSubsetOf(x, y) && termlistSubsetOf(y, x));
}

export function termlistIncludes(x: Termlist, t: Type): boolean {
  for (const term of x) if (termIncludes(term, t)) return true;
  return false;
}
