/** The types that a type stands for: itself, or the specific types of a type parameter's constraint, and what they have in common. */
import * as Syntax from '#syntax/kinds.ts';
import type { Checker } from './checker.ts';
import { type FormatArg, format } from './format.ts';
import { identical } from './predicates.ts';
import type { Term, Type, TypeParam } from './type.ts';
import { unalias } from './type.ts';
import * as TypeKind from './typekind.ts';
import { iface } from './typeparam.ts';
import { hasTerms, typeSet } from './typeset.ts';
import { under } from './under.ts';

/** Why types do not fit, formatted only if it is printed. */
export class TypeCause {
  readonly text: string;
  readonly args: FormatArg[];

  constructor(text: string, args: FormatArg[]) {
    this.text = text;
    this.args = args;
  }

  format(c: Checker | null): string {
    return format(c, this.text, ...this.args);
  }
}

export function typeErrorf(text: string, ...args: FormatArg[]): TypeCause {
  return new TypeCause(text, args);
}

/** The specific terms of a type parameter's constraint; null if it has none. */
export function specificTerms(p: TypeParam): readonly Term[] | null {
  const tset = typeSet(iface(p));
  return hasTerms(tset) ? tset.terms : null;
}

/** A type with its underlying type. Both are null in the only pair of a type parameter without specific types. */
export interface TypePair {
  t: Type | null;
  u: Type | null;
}

const noSpecificTypes: readonly TypePair[] = [{ t: null, u: null }];

/** The types of t's type set, at least one. */
export function typeset(t: Type): readonly TypePair[] {
  const p = unalias(t);
  if (p.kind !== TypeKind.TypeParam) return [{ t, u: under(t) }];
  const terms = specificTerms(p);
  if (terms === null) return noSpecificTypes;
  return terms.map((term) => ({ t: term.typ, u: term.tilde ? unalias(term.typ) : under(term.typ) }));
}

/** Whether f holds for the underlying types of t's type set; f gets null if there are no specific types. */
export function underIs(t: Type, f: (u: Type | null) => boolean): boolean {
  const p = unalias(t);
  return p.kind === TypeKind.TypeParam ? typeset(p).every((pair) => f(pair.u)) : f(under(t));
}

/** A condition on each type of a type set: null if it is fulfilled. */
export type TypeCondition = (t: Type | null, u: Type | null) => TypeCause | null;

export interface CommonUnder {
  /** Null if there is none; then cause says why. */
  type: Type | null;
  cause: TypeCause | null;
}

/**
 * The underlying type that all types of t's type set share. Channels may differ in direction, if they do not conflict: the result is then
 * restricted. cond is asked first, for every type.
 */
export function commonUnder(t: Type, cond: TypeCondition | null): CommonUnder {
  let ct: Type | null = null;
  let cu: Type | null = null;
  for (const pair of typeset(t)) {
    const { t: ti, u } = pair;
    const wrong = cond === null ? null : cond(ti, u);
    if (wrong !== null) return { type: null, cause: wrong };
    if (u === null) return failure('no specific type');
    if (cu === null || ct === null) {
      ct = ti;
      cu = u;
      continue;
    }
    if (cu.kind === TypeKind.Chan && u.kind === TypeKind.Chan) {
      if (!identical(cu.elem, u.elem)) return failure('channels %s and %s have different element types', ct, ti);
      if (cu.dir === u.dir) continue;
      if (cu.dir === Syntax.SendRecv) {
        ct = ti;
        cu = u;
      } else if (u.dir !== Syntax.SendRecv) {
        return failure('channels %s and %s have conflicting directions', ct, ti);
      }
      continue;
    }
    if (!identical(cu, u)) return failure('%s and %s have different underlying types', ct, ti);
  }
  return { type: cu, cause: null };
}

function failure(text: string, ...args: FormatArg[]): CommonUnder {
  return { type: null, cause: new TypeCause(text, args) };
}

/** The common underlying type of t's type set, or null. */
export function coreType(t: Type): Type | null {
  return commonUnder(t, null).type;
}
