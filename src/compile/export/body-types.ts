/** Types, descriptors and itabs in function bodies: from the dictionary if they depend on type parameters. */
import { bug } from '#base/bug.ts';
import type { Expr } from '#syntax/nodes.ts';
import { tvOf } from '#types/info.ts';
import { defaultType } from '#types/predicates.ts';
import type { Type } from '#types/type.ts';
import * as TypeKind from '#types/typekind.ts';
import { isAllSet, typeSet } from '#types/typeset.ts';
import { under } from '#types/under.ts';
import { type Body, itabIndex, rtypeIndex } from './body-out.ts';
import { type TypeInfo, typeIndex, writePos, writeTypeInfo } from './write.ts';

export function writeRtype(b: Body, t: Type): void {
  writeRtypeInfo(b, typeIndex(b.o.x, defaultType(t), b.dict));
}

function writeRtypeInfo(b: Body, info: TypeInfo): void {
  if (b.e.bool(info.derived)) b.e.len(rtypeIndex(b.dict, info));
  else writeTypeInfo(b.o, info);
}

function writeItab(b: Body, t: Type, iface: Type): void {
  const type = typeIndex(b.o.x, defaultType(t), b.dict);
  const target = typeIndex(b.o.x, defaultType(iface), b.dict);
  writeRtypeInfo(b, type);
  writeRtypeInfo(b, target);
  if (b.e.bool(type.derived || target.derived)) b.e.len(itabIndex(b.dict, type, target));
}

export function writeConvRtti(b: Body, from: Type, to: Type): void {
  writeItab(b, from, to);
}

/** A type that is written as an operand; iface is the interface that is asserted to have it, if any. */
export function writeExprType(b: Body, iface: Type | null, x: Expr): void {
  const t = tvOf(x)?.type ?? bug('expression without a type');
  writePos(b.o, x.pos);
  const u = iface === null ? null : under(iface);
  const hasMethods = u !== null && u.kind === TypeKind.Interface && !isAllSet(typeSet(u));
  if (b.e.bool(hasMethods) && iface !== null) writeItab(b, t, iface);
  else {
    writeRtype(b, t);
    b.e.bool(typeIndex(b.o.x, t, b.dict).derived);
  }
}
