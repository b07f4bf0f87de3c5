/** Cycles of declarations: type names declared as each other, types of infinite size, and how cycles are reported. */
import * as Syntax from '#syntax/kinds.ts';
import { isAliasName } from './alias.ts';
import { invalidType } from './basic.ts';
import { type Checker, popObj, pushObj } from './checker.ts';
import * as Code from './errors/codes.ts';
import { errorf, newError } from './errors.ts';
import { qualifierOf } from './format.ts';
import type { Obj, TypeName } from './object.ts';
import * as ObjKind from './objkind.ts';
import { HasFinite, type Type, unalias } from './type.ts';
import * as TypeKind from './typekind.ts';
import { packagePrefix } from './typestring.ts';

/** Finds and breaks cycles of package-level type declarations `type T1 T2`, before any of them is resolved. */
export function directCycles(c: Checker): void {
  // The index on the current path; -1 for names that are done.
  const pathIdx = new Map<TypeName, number>();
  for (const obj of c.objList) if (obj.kind === ObjKind.TypeName) directCycle(c, obj, pathIdx);
}

function directCycle(c: Checker, first: TypeName, pathIdx: Map<TypeName, number>): void {
  const path: TypeName[] = [];
  let tname = first;
  for (;;) {
    const start = pathIdx.get(tname);
    if (start !== undefined) {
      if (start >= 0) {
        tname.typ = invalidType;
        const cycle = path.slice(start);
        cycleError(c, cycle, firstInSrc(cycle));
      }
      break;
    }
    pathIdx.set(tname, path.length);
    path.push(tname);
    const rhs = tname.decl?.tdecl?.type;
    if (rhs === undefined || rhs.kind !== Syntax.Name) break;
    const next = c.pkg.scope.lookup(rhs.value);
    if (next === null || next.kind !== ObjKind.TypeName || next.pkg !== c.pkg) break;
    tname = next;
  }
  for (const t of path) pathIdx.set(t, -1);
}

/** The index of the object that is declared first. */
export function firstInSrc(path: readonly Obj[]): number {
  let first = 0;
  for (let i = 1; i < path.length; i++) if (path[i].pos < path[first].pos) first = i;
  return first;
}

/** Reports a cycle of declarations, told from the start'th object. */
export function cycleError(c: Checker, cycle: readonly Obj[], start: number): void {
  const qf = qualifierOf(c);
  const name = (o: Obj): string => packagePrefix(o.pkg, qf) + o.name;
  let obj = cycle[start];
  const isType = obj.kind === ObjKind.TypeName;
  // An alias on an invalid cycle stands for no type.
  if (obj.kind === ObjKind.TypeName && obj.typ.kind === TypeKind.Alias && isAliasName(obj)) {
    obj.typ.fromRHS = invalidType;
  }
  if (cycle.length === 1) {
    if (isType) errorf(c, obj, Code.InvalidDeclCycle, 'invalid recursive type: %s refers to itself', name(obj));
    else errorf(c, obj, Code.InvalidDeclCycle, 'invalid cycle in declaration: %s refers to itself', name(obj));
    return;
  }
  const err = newError(c, Code.InvalidDeclCycle);
  err.add(obj, isType ? 'invalid recursive type %s' : 'invalid cycle in declaration of %s', name(obj));
  for (let i = 0; i < cycle.length; i++) {
    const next = cycle[(start + i + 1) % cycle.length];
    err.add(obj, '%s refers to %s', name(obj), name(next));
    obj = next;
  }
  err.report();
}

/** Whether values of type t have a finite size; reports a cycle if not. */
export function finiteSize(c: Checker, t0: Type): boolean {
  const t = unalias(t0);
  switch (t.kind) {
    case TypeKind.Named: {
      if ((t.state & HasFinite) !== 0) return t.finite;
      const i = c.objPathIdx.get(t.obj);
      if (i !== undefined) {
        const cycle = c.objPath.slice(i);
        cycleError(c, cycle, firstInSrc(cycle));
        return false;
      }
      pushObj(c, t.obj);
      const finite = finiteSize(c, t.fromRHS);
      popObj(c);
      if ((t.state & HasFinite) === 0) {
        t.finite = finite;
        t.state |= HasFinite;
      }
      return t.finite;
    }
    case TypeKind.Array:
      return finiteSize(c, t.elem);
    case TypeKind.Struct:
      return t.fields.every((f) => finiteSize(c, f.typ));
    default:
      return true;
  }
}
