/** Type parameters (spec: "Type parameter declarations", "Type constraints"). */
import { type Checker, needsCleanup } from './checker.ts';
import { newInterface } from './interface.ts';
import type { TypeName } from './object.ts';
import { isTypeParam, isValid } from './predicates.ts';
import { asNamed, type Interface, NoType, type Type, TypeParam } from './type.ts';
import * as TypeKind from './typekind.ts';
import { computeInterfaceTypeSet } from './typeset.ts';
import { under } from './under.ts';
import { emptyInterface } from './universe.ts';

let lastId = 0;

/** A new type parameter for obj, whose type it becomes unless it has one. */
export function newTypeParam(c: Checker | null, obj: TypeName, bound: Type): TypeParam {
  const t = new TypeParam(c, ++lastId, obj, bound);
  if (obj.typ === NoType) obj.typ = t;
  if (c !== null) needsCleanup(c, t);
  return t;
}

/** Numbers the type parameters of a list. */
export function bindTParams(list: TypeParam[]): TypeParam[] {
  for (let i = 0; i < list.length; i++) list[i].index = i;
  return list;
}

/** The constraint interface; a constraint that is no interface is wrapped into one. */
export function iface(t: TypeParam): Interface {
  const bound = t.bound;
  if (bound.kind === TypeKind.Interface && bound.tset !== null) return bound;
  let ityp: Interface | null = null;
  const u = under(bound);
  if (!isValid(u)) return emptyInterface;
  if (u.kind === TypeKind.Interface) {
    // A type parameter as constraint is an error reported where it is declared.
    if (isTypeParam(bound)) return emptyInterface;
    ityp = u;
  }
  if (ityp === null) {
    ityp = newInterface(null);
    ityp.embeddeds = [bound];
    ityp.complete = true;
    ityp.implicit = true;
    t.bound = ityp;
  }
  if (ityp.tset === null) {
    const named = asNamed(bound);
    computeInterfaceTypeSet(t.check, named !== null ? named.obj.pos : t.obj.pos, ityp);
  }
  return ityp;
}
