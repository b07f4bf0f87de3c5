/** Underlying types (spec: "Underlying types"). */
import { namedUnder } from './named.ts';
import type { Alias, Named, Type, TypeParam } from './type.ts';
import { unalias } from './type.ts';
import * as TypeKind from './typekind.ts';
import { iface } from './typeparam.ts';

/** An underlying type: never a Named, TypeParam or Alias. */
export type Underlying = Exclude<Type, Named | TypeParam | Alias>;

/** The underlying type of t; of a type parameter, its constraint interface. NoType if t is incomplete. */
export function under(t0: Type): Underlying {
  const t = t0.kind === TypeKind.Alias ? unalias(t0) : t0;
  if (t.kind === TypeKind.Named) return namedUnder(t);
  if (t.kind === TypeKind.TypeParam) return iface(t);
  return t;
}
