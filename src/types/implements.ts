/** Implementing an interface and satisfying a constraint (spec: "Implementing an interface", "Satisfying a type constraint"). */
import type { Checker } from './checker.ts';
import { format } from './format.ts';
import { hasAllMethods, isInterfacePtr } from './lookup.ts';
import type { Cause } from './operand.ts';
import { comparableType, identical, isValid } from './predicates.ts';
import { termIncludes, termlistString, termlistSubsetOf } from './termlist.ts';
import { type Interface, Term, type Type } from './type.ts';
import * as TypeKind from './typekind.ts';
import { hasTerms, isAllSet, isComparableSet, isEmptySet, typeSet } from './typeset.ts';
import { under } from './under.ts';
import { allowVersion, go1_20 } from './version.ts';

/** Whether V implements T, or, with constraint, satisfies it. If not, the cause says why. */
export function implementsType(c: Checker | null, V: Type, T: Type, constraint: boolean, cause: Cause | null): boolean {
  const Vu = under(V);
  const Tu = under(T);
  if (!isValid(Vu) || !isValid(Tu)) return true;
  // The pointer's element was reported already (go.dev/issue/49541).
  if (Vu.kind === TypeKind.Pointer && !isValid(under(Vu.elem))) return true;
  const verb = constraint ? 'satisfy' : 'implement';

  if (Tu.kind !== TypeKind.Interface) {
    if (cause !== null) {
      const detail = isInterfacePtr(Tu)
        ? format(c, 'type %s is pointer to interface, not interface', T)
        : format(c, '%s is not an interface', T);
      cause.text = format(c, '%s does not %s %s (%s)', V, verb, T, detail);
    }
    return false;
  }
  const Tset = typeSet(Tu);
  if (isAllSet(Tset)) return true;
  const Vset = Vu.kind === TypeKind.Interface ? typeSet(Vu) : null;
  // No type is a member of V: each of them implements T.
  if (Vset !== null && isEmptySet(Vset)) return true;
  if (isEmptySet(Tset)) {
    if (cause !== null) cause.text = format(c, 'cannot %s %s (empty type set)', verb, T);
    return false;
  }
  if (!hasAllMethods(c, V, T, true, identical, cause)) {
    if (cause !== null) cause.text = format(c, '%s does not %s %s %s', V, verb, T, cause.text);
    return false;
  }
  if (!hasTerms(Tset)) return checkComparability(c, V, Tu, constraint, verb, cause);
  if (Vset !== null) {
    if (!termlistSubsetOf(Vset.terms, Tset.terms)) {
      if (cause !== null) cause.text = format(c, '%s does not %s %s', V, verb, T);
      return false;
    }
    return checkComparability(c, V, Tu, constraint, verb, cause);
  }
  if (!Tset.terms.some((t) => termIncludes(t, V))) {
    if (cause !== null) {
      cause.text = format(c, '%s does not %s %s (%s)', V, verb, T, notIncluded(c, V, T, Tu, Tset.terms));
    }
    return false;
  }
  return checkComparability(c, V, Tu, constraint, verb, cause);
}

function notIncluded(c: Checker | null, V: Type, T: Type, Ti: Interface, terms: readonly Term[]): string {
  for (const t of terms) {
    if (!t.tilde && identical(t.typ, under(t.typ)) && termIncludes(new Term(true, t.typ), V)) {
      return format(c, 'possibly missing ~ for %s in %s', t.typ, T);
    }
  }
  if (mentions(Ti, V)) return format(c, '%s mentions %s, but %s is not in the type set of %s', T, V, V, T);
  // Terms are printed with import paths, as the official compiler does.
  return format(c, '%s missing in %s', V, termlistString([...terms], null));
}

function checkComparability(
  c: Checker | null,
  V: Type,
  Ti: Interface,
  constraint: boolean,
  verb: string,
  cause: Cause | null,
): boolean {
  if (!isComparableSet(typeSet(Ti), null)) return true;
  if (comparableType(V, false, null) === null) return true;
  // Ordinary interfaces are comparable, if not strictly; as type arguments since go1.20.
  if (constraint && comparableType(V, true, null) === null) {
    if (c === null || allowVersion(c, go1_20)) return true;
    if (cause !== null) cause.text = format(c, '%s to %s comparable requires go1.20 or later', V, verb);
    return false;
  }
  if (cause !== null) cause.text = format(c, '%s does not %s comparable', V, verb);
  return false;
}

/** Whether an element of the interface or union T is typ. */
function mentions(T: Type, typ: Type): boolean {
  switch (T.kind) {
    case TypeKind.Interface:
      return T.embeddeds.some((e) => mentions(e, typ));
    case TypeKind.Union:
      return T.terms.some((t) => mentions(t.typ, typ));
    default:
      return identical(T, typ);
  }
}
