/** Alias types (spec: "Alias declarations"), generic ones included. */
import type { Pos } from '#base/source.ts';
import { type Checker, needsCleanup } from './checker.ts';
import type { Context } from './context.ts';
import { TypeName } from './object.ts';
import { makeSubstMap, subst } from './subst.ts';
import { Alias, type Named, NoType, type Type, unalias } from './type.ts';
import * as TypeKind from './typekind.ts';
import { universeByte, universeRune, unsafePackage } from './universe.ts';

/** A new alias type for obj, whose type it becomes unless it has one. The right-hand side may follow later (NoType). */
export function newAlias(c: Checker | null, obj: TypeName, rhs: Type): Alias {
  const a = new Alias(obj, rhs);
  if (obj.typ === NoType) obj.typ = a;
  if (c !== null) needsCleanup(c, a);
  return a;
}

export function newAliasInstance(
  c: Checker | null,
  pos: Pos,
  orig: Alias,
  targs: Type[],
  expanding: Named | null,
  ctxt: Context | null,
): Alias {
  const obj = new TypeName(pos, orig.obj.pkg, orig.obj.name, NoType);
  const rhs = subst(c, pos, orig.fromRHS, makeSubstMap(orig.tparams, targs), expanding, ctxt);
  const a = newAlias(c, obj, rhs);
  a.orig = orig;
  a.tparams = orig.tparams;
  a.targs = targs;
  unalias(a);
  return a;
}

/** Whether the name was declared as an alias; false while that is not known. */
export function isAliasName(obj: TypeName): boolean {
  const t = obj.typ;
  if (t === NoType) return false;
  switch (t.kind) {
    case TypeKind.Basic:
      // Basic types are declared in the universe under their own names; but byte and rune are aliases.
      if (obj.pkg === unsafePackage) return false;
      return obj.pkg !== null || t.name !== obj.name || t === universeByte || t === universeRune;
    case TypeKind.Named:
    case TypeKind.TypeParam:
      return obj !== t.obj;
    default:
      return true;
  }
}
