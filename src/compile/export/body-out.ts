/** The state of a function body that is being written: its variables by number, and the dictionary's entries that it needs. */
import type { Pos } from '#base/source.ts';
import type { Obj, Var } from '#types/object.ts';
import * as ObjKind from '#types/objkind.ts';
import type { Package } from '#types/package.ts';
import { identical } from '#types/predicates.ts';
import type { Signature, Type } from '#types/type.ts';
import { unalias } from '#types/type.ts';
import * as TypeKind from '#types/typekind.ts';
import { under } from '#types/under.ts';
import type { RangeBody } from './body-range.ts';
import * as P from './pkgbits.ts';
import { type Dictionary, Out, objectIndex, type TypeInfo, typeIndex, utf8, writeTypeInfo } from './write.ts';

/** An object with the type arguments it is used with. */
export interface ObjectUse {
  readonly index: number;
  readonly args: readonly TypeInfo[];
}

export class Body {
  readonly o: Out;
  readonly e: P.Element;
  readonly dict: Dictionary;
  readonly pkg: Package;
  readonly sig: Signature;
  readonly locals: Map<Var, number>;
  /** Variables of the functions around a literal that it uses, with the place of the first use. */
  readonly captured: { readonly pos: Pos; readonly v: Var }[];
  /** The loop over a function whose body this is. */
  range: RangeBody | null;
  private readonly capturedIndex: Map<Var, number>;

  constructor(outer: Out, dict: Dictionary, sig: Signature) {
    this.o = new Out(outer.x, P.Body, dict);
    this.e = this.o.e;
    this.dict = dict;
    this.pkg = outer.x.request.pkg;
    this.sig = sig;
    this.locals = new Map();
    this.captured = [];
    this.range = null;
    this.capturedIndex = new Map();
  }

  addLocal(v: Var): void {
    const info = typeIndex(this.o.x, v.typ, this.dict);
    if (this.e.bool(info.derived)) this.e.len(rtypeIndex(this.dict, info));
    this.locals.set(v, this.locals.size);
  }

  useLocal(pos: Pos, v: Var): void {
    const local = this.locals.get(v);
    if (this.e.bool(local !== undefined)) {
      this.e.len(local ?? 0);
      return;
    }
    let index = this.capturedIndex.get(v);
    if (index === undefined) {
      index = this.captured.length;
      this.captured.push({ pos, v });
      this.capturedIndex.set(v, index);
    }
    this.e.len(index);
  }
}

function sameInfo(a: TypeInfo, b: TypeInfo): boolean {
  return a.index === b.index && a.derived === b.derived;
}

function indexIn<T>(list: T[], item: T, same: (a: T, b: T) => boolean): number {
  const at = list.findIndex((x) => same(x, item));
  return at < 0 ? list.push(item) - 1 : at;
}

export function rtypeIndex(dict: Dictionary, info: TypeInfo): number {
  return indexIn(dict.rtypes, info, sameInfo);
}

export function itabIndex(dict: Dictionary, type: TypeInfo, iface: TypeInfo): number {
  return indexIn(dict.itabs, { type, iface }, (a, b) => sameInfo(a.type, b.type) && sameInfo(a.iface, b.iface));
}

export function subdictIndex(dict: Dictionary, use: ObjectUse): number {
  return indexIn(
    dict.subdicts,
    use,
    (a, b) => a.index === b.index && a.args.length === b.args.length && a.args.every((t, i) => sameInfo(t, b.args[i])),
  );
}

export function methodExprIndex(dict: Dictionary, param: number, pkg: number, name: string): number {
  return indexIn(
    dict.methodExprs,
    { param, pkg, name: utf8(name) },
    (a, b) => a.param === b.param && a.pkg === b.pkg && a.name === b.name,
  );
}

export function objectUse(b: Body, obj: Obj, args: readonly Type[]): ObjectUse {
  const infos = args.map((t) => typeIndex(b.o.x, t, b.dict));
  return { index: objectIndex(b.o.x, obj), args: infos };
}

export function writeObjectUse(o: Out, use: ObjectUse): void {
  o.e.ref(P.Obj, use.index);
  o.e.len(use.args.length);
  for (const t of use.args) writeTypeInfo(o, t);
}

export function isDerivedUse(use: ObjectUse): boolean {
  return use.args.some((t) => t.derived);
}

export function isGlobal(obj: Obj): boolean {
  if (obj.kind === ObjKind.Builtin || obj.pkg === null) return true;
  return obj.parent === obj.pkg.scope;
}

export function derefType(t: Type): Type {
  const u = under(t);
  return u.kind === TypeKind.Pointer ? u.elem : t;
}

/** Whether `from` is written as pointer to `to`. */
export function isPointerTo(from: Type, to: Type): boolean {
  const p = unalias(from);
  return p.kind === TypeKind.Pointer && identical(p.elem, to);
}
