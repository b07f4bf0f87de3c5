/**
 * The table of all Go types of a program: makes and interns GoType from types.Type (free of type parameters) and from
 * other GoTypes. Interning is by link string.
 */
import { bug } from '#base/bug.ts';
import type { Components, GoType, GoTypeResolver, InterfaceMethod, StructField } from '#abi/gotype.ts';
import type { Type } from '#types/type.ts';

export interface TypeTableApi extends GoTypeResolver {
  /** The GoType of a type without type parameters. */
  of(t: Type): GoType;
  basic(kind: number): GoType;
  pointerTo(elem: GoType): GoType;
  sliceOf(elem: GoType): GoType;
  arrayOf(elem: GoType, length: number): GoType;
  mapOf(key: GoType, elem: GoType): GoType;
  chanOf(elem: GoType, direction: number): GoType;
  funcOf(params: readonly GoType[], results: readonly GoType[], variadic: boolean): GoType;
  structOf(fields: readonly Omit<StructField, 'offset'>[]): GoType;
  interfaceOf(methods: readonly InterfaceMethod[]): GoType;
  tupleOf(elems: readonly GoType[]): GoType;
  /** A struct the compiler makes up, interned under a link string of its own (map groups: "noalg.map.group[K]V"). */
  madeUp(linkString: string, fields: readonly Omit<StructField, 'offset'>[]): GoType;
  /** An array the compiler makes up, likewise. */
  madeUpArray(linkString: string, elem: GoType, length: number): GoType;
  readonly mem: GoType;
  readonly flags: GoType;
  readonly void: GoType;
  readonly int128: GoType;
}

export function unresolved(t: GoType): Components {
  return bug(`type has no components: ${t.linkString}`);
}
