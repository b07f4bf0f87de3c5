/** Types must not contain themselves, directly or through instances of generic types (spec: "Struct types", "Array types"). */
import { bug } from '#base/bug.ts';
import { invalidType } from './basic.ts';
import type { Checker } from './checker.ts';
import { cycleError } from './cycles.ts';
import { originNamed, typeArgs, typeParams, unpack } from './named.ts';
import { identical } from './predicates.ts';
import { type Named, type Type, unalias } from './type.ts';
import * as TypeKind from './typekind.ts';

/** Reports t if it contains itself. */
export function validType(c: Checker, t: Named): void {
  validType0(c, t, [], []);
}

/**
 * nest holds the types that contain typ, outermost first: meeting one of them again is an error. A type parameter in the last of them is looked at as
 * its argument, outside of that type. path is how we got here, for the message.
 */
function validType0(c: Checker, t0: Type, nest: Named[], path: Named[]): boolean {
  const t = unalias(t0);
  switch (t.kind) {
    case TypeKind.Array:
      return validType0(c, t.elem, nest, path);
    case TypeKind.Struct:
      for (const f of t.fields) if (!validType0(c, f.typ, nest, path)) return false;
      return true;
    case TypeKind.Union:
      for (const term of t.terms) if (!validType0(c, term.typ, nest, path)) return false;
      return true;
    case TypeKind.Interface:
      for (const e of t.embeddeds) if (!validType0(c, e, nest, path)) return false;
      return true;
    case TypeKind.Named:
      return validNamed(c, t, nest, path);
    case TypeKind.TypeParam: {
      const d = nest.length - 1;
      if (d < 0) return true;
      const inst = nest[d];
      const i = typeParams(inst).indexOf(t);
      const targs = typeArgs(inst);
      if (i < 0 || i >= targs.length) return true;
      return validType0(c, targs[i], nest.slice(0, d), path);
    }
    default:
      return true;
  }
}

function validNamed(c: Checker, t: Named, nest: Named[], path: Named[]): boolean {
  // Types of other packages, and basic ones, were checked there: without type arguments nothing of ours can be in them.
  if (t.inst === null && t.obj.pkg !== c.pkg) return true;
  for (const e of nest) {
    if (!identical(e, t)) continue;
    // Whatever uses the type from now on shall not be reported again.
    originNamed(t).fromRHS = invalidType;
    const start = path.findIndex((p) => identical(p, t));
    if (start < 0) bug('cycle start not found');
    cycleError(
      c,
      path.slice(start).map((n) => n.obj),
      0,
    );
    return false;
  }
  return validType0(c, unpack(originNamed(t)).fromRHS, [...nest, t], [...path, t]);
}
