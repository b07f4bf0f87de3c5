/** Method sets of finished types (spec: "Method sets", "Struct types" on promotion), with the way to each method. */
import { bug } from '#base/bug.ts';
import { hasPtrRecv } from '#types/lookup.ts';
import { originNamed } from '#types/named.ts';
import { type Func, isExported } from '#types/object.ts';
import type { GoType } from './gotype.ts';
import * as G from './gotype.ts';
import type { TypeTable } from './type-table.ts';

export class Method {
  readonly name: string;
  /** Qualifies unexported names; "" for exported ones. */
  readonly pkgPath: string;
  /** Fields to walk from the receiver's base type, outermost first; empty for a method of the type itself. */
  readonly path: readonly number[];
  /** There is an embedded pointer on the path. */
  readonly indirect: boolean;
  /** The type the path leads to, pointers removed: a defined type, or an interface. */
  readonly owner: GoType;
  /** The declaration; null for a method of an interface. */
  readonly decl: Func | null;
  /** Index among the interface's methods; -1 if decl is set. */
  readonly index: number;
  readonly ptrRecv: boolean;

  constructor(
    name: string,
    pkgPath: string,
    path: readonly number[],
    indirect: boolean,
    owner: GoType,
    decl: Func | null,
    index: number,
  ) {
    this.name = name;
    this.pkgPath = pkgPath;
    this.path = path;
    this.indirect = indirect;
    this.owner = owner;
    this.decl = decl;
    this.index = index;
    this.ptrRecv = decl !== null && hasPtrRecv(decl);
  }
}

interface Level {
  type: GoType;
  path: readonly number[];
  indirect: boolean;
  multiples: boolean;
}

function id(pkgPath: string, name: string): string {
  return pkgPath === '' ? name : `${pkgPath}.${name}`;
}

const cache = new WeakMap<GoType, Map<string, Method>>();

/** All methods that values or pointers to values of the type base have, by name and package. */
function collect(types: TypeTable, base: GoType): Map<string, Method> {
  const known = cache.get(base);
  if (known !== undefined) return known;
  const result = new Map<string, Method>();
  cache.set(base, result);
  const hidden = new Set<string>();
  const seen = new Set<GoType>();
  let level: Level[] = [{ type: base, path: [], indirect: false, multiples: false }];
  while (level.length > 0) {
    const found = new Map<string, Method | null>();
    const next: Level[] = [];
    const put = (key: string, m: Method | null, multiples: boolean): void => {
      if (!hidden.has(key)) found.set(key, found.has(key) || multiples ? null : m);
    };
    for (const e of level) {
      if (types.namedOf(e.type) !== null) {
        if (seen.has(e.type)) continue;
        seen.add(e.type);
      }
      own(types, e, put);
      if (e.type.kind !== G.Struct) continue;
      e.type.fields.forEach((f, i) => {
        put(id(f.pkgPath, f.name), null, e.multiples);
        if (!f.embedded) return;
        const pointer = f.type.kind === G.Pointer;
        const t = pointer ? f.type.elem() : f.type;
        const same = next.find((n) => n.type === t);
        if (same !== undefined) same.multiples = true;
        else next.push({ type: t, path: [...e.path, i], indirect: e.indirect || pointer, multiples: e.multiples });
      });
    }
    for (const [key, m] of found) {
      hidden.add(key);
      if (m !== null) result.set(key, m);
    }
    level = next;
  }
  return result;
}

/** The methods declared for the type of one level. */
function own(types: TypeTable, e: Level, put: (key: string, m: Method | null, multiples: boolean) => void): void {
  if (e.type.kind === G.Interface) {
    e.type.methods().forEach((m, i) => {
      put(id(m.pkgPath, m.name), new Method(m.name, m.pkgPath, e.path, e.indirect, e.type, null, i), e.multiples);
    });
    return;
  }
  const named = types.namedOf(e.type);
  if (named === null) return;
  for (const f of originNamed(named).methods) {
    if (f === null) bug(`a method of ${e.type.linkString} is missing`);
    if (f.name === '_') continue;
    const pkgPath = isExported(f.name) || f.pkg === null ? '' : f.pkg.path;
    put(id(pkgPath, f.name), new Method(f.name, pkgPath, e.path, e.indirect, e.type, f, -1), e.multiples);
  }
}

/** The method of that name that t (a type or a pointer to one) has, addressable or not; null if there is none. */
export function findMethod(types: TypeTable, t: GoType, pkgPath: string, name: string): Method | null {
  return collect(types, methodBase(types, t)).get(id(isExported(name) ? '' : pkgPath, name)) ?? null;
}

/** What a type's methods are declared for: the element of an unnamed pointer, else the type. */
export function methodBase(types: TypeTable, t: GoType): GoType {
  return t.kind === G.Pointer && types.namedOf(t) === null ? t.elem() : t;
}

/** In descriptor order: exported by name, then unexported by name and package path. */
export function methodSet(types: TypeTable, t: GoType): Method[] {
  if (t.kind === G.Interface) return [];
  const base = methodBase(types, t);
  if (base !== t && (base.kind === G.Interface || base.kind === G.Pointer)) return [];
  if (base === t && t.kind === G.Pointer) return [];
  const all = [...collect(types, base).values()];
  const mine = base === t ? all.filter((m) => !m.ptrRecv || m.indirect) : all;
  return mine.sort(compareMethods);
}

export function compareMethods(a: { name: string; pkgPath: string }, b: { name: string; pkgPath: string }): number {
  const ea = a.pkgPath === '';
  const eb = b.pkgPath === '';
  if (ea !== eb) return ea ? -1 : 1;
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.pkgPath < b.pkgPath ? -1 : a.pkgPath > b.pkgPath ? 1 : 0;
}
