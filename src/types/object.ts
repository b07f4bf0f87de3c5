/**
 * Objects: what names denote. `typ` is NoType until the object is resolved; package-level objects and methods are resolved by
 * objDecl (decl.ts) when they are asked for, in the checker of the package that declares them.
 */
import { NoPos, type Pos } from '#base/source.ts';
import type { Value } from '#constant/value.ts';
import { Entity } from '#syntax/nodes.ts';
import type { DeclInfo } from './declinfo.ts';
import * as ObjKind from './objkind.ts';
import type { Package } from './package.ts';
import type { Scope } from './scope.ts';
import { NoType, type Signature, type Type } from './type.ts';

export type Obj = PkgName | Const | TypeName | Var | Func | Label | Builtin | Nil;

/** An imported package, under its local name; in the scope of a file. */
export class PkgName extends Entity {
  readonly kind: typeof ObjKind.PkgName;
  parent: Scope | null;
  pos: Pos;
  pkg: Package | null;
  readonly name: string;
  typ: Type;
  order: number;
  scopePos: Pos;
  decl: DeclInfo | null;
  readonly imported: Package;
  used: boolean;

  constructor(pos: Pos, pkg: Package | null, name: string, typ: Type, imported: Package) {
    super();
    this.kind = ObjKind.PkgName;
    this.parent = null;
    this.pos = pos;
    this.pkg = pkg;
    this.name = name;
    this.typ = typ;
    this.order = 0;
    this.scopePos = NoPos;
    this.decl = null;
    this.imported = imported;
    this.used = false;
  }
}

export class Const extends Entity {
  readonly kind: typeof ObjKind.Const;
  parent: Scope | null;
  pos: Pos;
  pkg: Package | null;
  readonly name: string;
  typ: Type;
  order: number;
  scopePos: Pos;
  decl: DeclInfo | null;
  val: Value;

  constructor(pos: Pos, pkg: Package | null, name: string, typ: Type, val: Value) {
    super();
    this.kind = ObjKind.Const;
    this.parent = null;
    this.pos = pos;
    this.pkg = pkg;
    this.name = name;
    this.typ = typ;
    this.order = 0;
    this.scopePos = NoPos;
    this.decl = null;
    this.val = val;
  }
}

export class TypeName extends Entity {
  readonly kind: typeof ObjKind.TypeName;
  /** Null for methods, fields and objects that are not in a scope. */
  parent: Scope | null;
  /** Where the name is declared. */
  pos: Pos;
  /** Null for universe objects and labels. */
  pkg: Package | null;
  readonly name: string;
  typ: Type;
  /** Position in the source order of package-level objects and methods, from 1; 0 for all other objects. */
  order: number;
  /** Where the scope of the object starts. */
  scopePos: Pos;
  /** The declaration of package-level objects and methods, else null. */
  decl: DeclInfo | null;
  /** Methods declared for it, until the type is set up. */
  methods: Func[];

  constructor(pos: Pos, pkg: Package | null, name: string, typ: Type) {
    super();
    this.kind = ObjKind.TypeName;
    this.parent = null;
    this.pos = pos;
    this.pkg = pkg;
    this.name = name;
    this.typ = typ;
    this.order = 0;
    this.scopePos = NoPos;
    this.decl = null;
    this.methods = [];
  }
}

export class Var extends Entity {
  readonly kind: typeof ObjKind.Var;
  parent: Scope | null;
  pos: Pos;
  pkg: Package | null;
  readonly name: string;
  typ: Type;
  order: number;
  scopePos: Pos;
  decl: DeclInfo | null;
  /** PackageVar, LocalVar, RecvVar, ParamVar, ResultVar or FieldVar of objkind.ts. */
  varKind: number;
  /** An embedded field, whose name is the type's. */
  embedded: boolean;
  used: boolean;
  /** The variable of the generic type that this one was instantiated from; use originVar. */
  origin: Var | null;

  constructor(varKind: number, pos: Pos, pkg: Package | null, name: string, typ: Type) {
    super();
    this.kind = ObjKind.Var;
    this.parent = null;
    this.pos = pos;
    this.pkg = pkg;
    this.name = name;
    this.typ = typ;
    this.order = 0;
    this.scopePos = NoPos;
    this.decl = null;
    this.varKind = varKind;
    this.embedded = false;
    this.used = false;
    this.origin = null;
  }
}

/** A function, a method of a defined type, or a method of an interface. */
export class Func extends Entity {
  readonly kind: typeof ObjKind.Func;
  parent: Scope | null;
  pos: Pos;
  pkg: Package | null;
  readonly name: string;
  /** A Signature, or NoType; see signatureOf. */
  typ: Type;
  order: number;
  scopePos: Pos;
  decl: DeclInfo | null;
  /** What the syntax of a method says, until its signature is there; use hasPtrRecv (lookup.ts). */
  ptrRecv: boolean;
  /** The method of the generic type that this one was instantiated from; use originFunc. */
  origin: Func | null;

  constructor(pos: Pos, pkg: Package | null, name: string, sig: Signature | null) {
    super();
    this.kind = ObjKind.Func;
    this.parent = null;
    this.pos = pos;
    this.pkg = pkg;
    this.name = name;
    this.typ = sig === null ? NoType : sig;
    this.order = 0;
    this.scopePos = NoPos;
    this.decl = null;
    this.ptrRecv = false;
    this.origin = null;
  }
}

export class Label extends Entity {
  readonly kind: typeof ObjKind.Label;
  parent: Scope | null;
  pos: Pos;
  pkg: Package | null;
  readonly name: string;
  typ: Type;
  order: number;
  scopePos: Pos;
  decl: DeclInfo | null;
  used: boolean;

  constructor(pos: Pos, pkg: Package | null, name: string, typ: Type) {
    super();
    this.kind = ObjKind.Label;
    this.parent = null;
    this.pos = pos;
    this.pkg = pkg;
    this.name = name;
    this.typ = typ;
    this.order = 0;
    this.scopePos = NoPos;
    this.decl = null;
    this.used = false;
  }
}

export class Builtin extends Entity {
  readonly kind: typeof ObjKind.Builtin;
  parent: Scope | null;
  pos: Pos;
  pkg: Package | null;
  readonly name: string;
  typ: Type;
  order: number;
  scopePos: Pos;
  decl: DeclInfo | null;
  /** A constant of builtinid.ts. */
  readonly id: number;

  constructor(name: string, typ: Type, id: number) {
    super();
    this.kind = ObjKind.Builtin;
    this.parent = null;
    this.pos = NoPos;
    this.pkg = null;
    this.name = name;
    this.typ = typ;
    this.order = 0;
    this.scopePos = NoPos;
    this.decl = null;
    this.id = id;
  }
}

export class Nil extends Entity {
  readonly kind: typeof ObjKind.Nil;
  parent: Scope | null;
  pos: Pos;
  pkg: Package | null;
  readonly name: string;
  typ: Type;
  order: number;
  scopePos: Pos;
  decl: DeclInfo | null;

  constructor(typ: Type) {
    super();
    this.kind = ObjKind.Nil;
    this.parent = null;
    this.pos = NoPos;
    this.pkg = null;
    this.name = 'nil';
    this.typ = typ;
    this.order = 0;
    this.scopePos = NoPos;
    this.decl = null;
  }
}

export function newParam(pos: Pos, pkg: Package | null, name: string, typ: Type): Var {
  return new Var(ObjKind.ParamVar, pos, pkg, name, typ);
}

export function newField(pos: Pos, pkg: Package | null, name: string, typ: Type, embedded: boolean): Var {
  const v = new Var(ObjKind.FieldVar, pos, pkg, name, typ);
  v.embedded = embedded;
  return v;
}

export function originVar(v: Var): Var {
  return v.origin ?? v;
}

export function originFunc(f: Func): Func {
  return f.origin ?? f;
}

const upper = /^\p{Lu}/u;

/** Whether a name starts with an upper-case letter (spec: Exported identifiers). */
export function isExported(name: string): boolean {
  const c = name.charCodeAt(0);
  if (c < 0x80) return c >= 0x41 && c <= 0x5a;
  return upper.test(name);
}

/** What makes a field or method name unique: the name, with the package for names that are not exported. */
export function idOf(pkg: Package | null, name: string): string {
  if (isExported(name)) return name;
  return `${pkg !== null && pkg.path !== '' ? pkg.path : '_'}.${name}`;
}

export function objId(obj: Obj): string {
  return idOf(obj.pkg, obj.name);
}

/** Whether two packages, possibly null, are the same package. */
export function samePkg(a: Package | null, b: Package | null): boolean {
  if (a === null || b === null) return a === b;
  return a === b || a.path === b.path;
}

/** Case folding as strings.EqualFold does it. */
export function equalFold(a: string, b: string): boolean {
  return a === b || (a.length === b.length && a.toLowerCase() === b.toLowerCase());
}

/** Whether the object's Id is that of (pkg, name); with foldCase, case and packages do not count. */
export function sameId(obj: Obj, pkg: Package | null, name: string, foldCase: boolean): boolean {
  if (foldCase && equalFold(obj.name, name)) return true;
  if (obj.name !== name) return false;
  return isExported(name) || samePkg(obj.pkg, pkg);
}

/** The order of methods: exported before unexported, by name, then by package path. */
export function compareObjs(a: Obj, b: Obj): number {
  if (a === b) return 0;
  const ea = isExported(a.name);
  if (ea !== isExported(b.name)) return ea ? -1 : 1;
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  if (ea || a.pkg === null || b.pkg === null || a.pkg.path === b.pkg.path) return 0;
  return a.pkg.path < b.pkg.path ? -1 : 1;
}
