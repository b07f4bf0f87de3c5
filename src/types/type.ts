/**
 * The types of Go: data only. A type's behaviour is in the file of its chapter (named.ts, interface.ts, struct.ts, ...);
 * `under` (under.ts) gives the underlying type, `unalias` below removes alias declarations.
 *
 * Two types are compared with `identical` (predicates.ts), never with ===: only basic types and uninstantiated named types are unique.
 * Lists that types2 keeps as possibly nil lists are plain arrays here; no type parameters is an empty array.
 */
import type { Pos } from '#base/source.ts';
import * as BasicKind from './basickind.ts';
import type { Checker } from './checker.ts';
import type { Context } from './context.ts';
import type { Func, TypeName, Var } from './object.ts';
import type { Scope } from './scope.ts';
import * as TypeKind from './typekind.ts';
import type { TypeSet } from './typesetdata.ts';

export type Type =
  | Basic
  | ArrayType
  | Slice
  | Struct
  | Pointer
  | Tuple
  | Signature
  | Union
  | Interface
  | MapType
  | Chan
  | Named
  | TypeParam
  | Alias;

/** Types that may be declared with type parameters. */
export type GenericType = Named | Signature | Alias;

/** What all type classes have in common: only for `instanceof`. */
export abstract class TypeBase {
  abstract readonly kind: number;
}

export class Basic extends TypeBase {
  readonly kind: typeof TypeKind.Basic;
  /** A constant of basickind.ts. */
  readonly basic: number;
  /** Property bits of basickind.ts. */
  readonly info: number;
  readonly name: string;

  constructor(basic: number, info: number, name: string) {
    super();
    this.kind = TypeKind.Basic;
    this.basic = basic;
    this.info = info;
    this.name = name;
  }
}

/**
 * Stands where a type has not been determined (types2's nil Type): the type of an object that has not been resolved, of an operand before it
 * is set. Compared with ===.
 */
export const NoType: Basic = new Basic(BasicKind.None, 0, '<nil>');

export class ArrayType extends TypeBase {
  readonly kind: typeof TypeKind.Array;
  /** -1 if it is unknown. */
  len: number;
  elem: Type;

  constructor(elem: Type, len: number) {
    super();
    this.kind = TypeKind.Array;
    this.len = len;
    this.elem = elem;
  }
}

export class Slice extends TypeBase {
  readonly kind: typeof TypeKind.Slice;
  elem: Type;

  constructor(elem: Type) {
    super();
    this.kind = TypeKind.Slice;
    this.elem = elem;
  }
}

export class Struct extends TypeBase {
  readonly kind: typeof TypeKind.Struct;
  fields: Var[];
  /** Only as long as the last field with a tag. */
  tags: string[];

  constructor(fields: Var[], tags: string[]) {
    super();
    this.kind = TypeKind.Struct;
    this.fields = fields;
    this.tags = tags;
  }
}

export class Pointer extends TypeBase {
  readonly kind: typeof TypeKind.Pointer;
  elem: Type;

  constructor(elem: Type) {
    super();
    this.kind = TypeKind.Pointer;
    this.elem = elem;
  }
}

/** An ordered list of variables: parameters, results, and the type of a multi-valued expression. */
export class Tuple extends TypeBase {
  readonly kind: typeof TypeKind.Tuple;
  vars: Var[];

  constructor(vars: Var[]) {
    super();
    this.kind = TypeKind.Tuple;
    this.vars = vars;
  }
}

export const EmptyTuple: Tuple = new Tuple([]);

export class Signature extends TypeBase {
  readonly kind: typeof TypeKind.Signature;
  /** Receiver type parameters. */
  rparams: TypeParam[];
  tparams: TypeParam[];
  /** Where parameters are declared: for signatures written in the package at hand, else null. */
  scope: Scope | null;
  /** Null if it is no method. */
  recv: Var | null;
  params: Tuple;
  results: Tuple;
  /** The last parameter, of slice type, was written ...T. (In calls of append it may be a string.) */
  variadic: boolean;

  constructor(recv: Var | null, params: Tuple, results: Tuple, variadic: boolean) {
    super();
    this.kind = TypeKind.Signature;
    this.rparams = [];
    this.tparams = [];
    this.scope = null;
    this.recv = recv;
    this.params = params;
    this.results = results;
    this.variadic = variadic;
  }
}

/** T or ~T in a union. */
export class Term {
  readonly tilde: boolean;
  typ: Type;

  constructor(tilde: boolean, typ: Type) {
    this.tilde = tilde;
    this.typ = typ;
  }
}

export class Union extends TypeBase {
  readonly kind: typeof TypeKind.Union;
  terms: Term[];
  /** Computed on demand (typeset.ts). */
  tset: TypeSet | null;

  constructor(terms: Term[]) {
    super();
    this.kind = TypeKind.Union;
    this.terms = terms;
    this.tset = null;
  }
}

export class Interface extends TypeBase {
  readonly kind: typeof TypeKind.Interface;
  /** For error messages; null once the type set is computed. */
  check: Checker | null;
  /** Declared here, in source order, or sorted by Id after type checking. */
  methods: Func[];
  /** Embedded elements. */
  embeddeds: Type[];
  embedPos: Pos[];
  /** A wrapper for a type set literal (T, ~T or A|B as a constraint). */
  implicit: boolean;
  /** All fields but tset are set up. */
  complete: boolean;
  /** Computed on demand: use typeSet (typeset.ts). */
  tset: TypeSet | null;

  constructor(check: Checker | null) {
    super();
    this.kind = TypeKind.Interface;
    this.check = check;
    this.methods = [];
    this.embeddeds = [];
    this.embedPos = [];
    this.implicit = false;
    this.complete = false;
    this.tset = null;
  }
}

export class MapType extends TypeBase {
  readonly kind: typeof TypeKind.Map;
  key: Type;
  elem: Type;

  constructor(key: Type, elem: Type) {
    super();
    this.kind = TypeKind.Map;
    this.key = key;
    this.elem = elem;
  }
}

export class Chan extends TypeBase {
  readonly kind: typeof TypeKind.Chan;
  /** SendRecv, SendOnly or RecvOnly (#syntax/kinds.ts). */
  dir: number;
  elem: Type;

  constructor(dir: number, elem: Type) {
    super();
    this.kind = TypeKind.Chan;
    this.dir = dir;
    this.elem = elem;
  }
}

// States of a named type (Named.state): bits that are only ever added.
/** The right-hand side and type parameters are there; methods of instances may not be expanded. */
export const Unpacked = 1;
/** All methods are expanded. */
export const HasMethods = 2;
/** The underlying type is known. */
export const HasUnder = 4;
/** It is known whether the type has finite size. */
export const HasFinite = 8;

/** What only instantiated named types have. */
export class NamedInstance {
  readonly orig: Named;
  readonly targs: Type[];
  expandedMethods: number;
  /** Local context, until the type is fully expanded. */
  ctxt: Context | null;

  constructor(orig: Named, targs: Type[]) {
    this.orig = orig;
    this.targs = targs;
    this.expandedMethods = 0;
    this.ctxt = null;
  }
}

/** A defined type, or an instance of one. Fields are filled lazily: use under, typeParams, typeArgs, methods of named.ts. */
export class Named extends TypeBase {
  readonly kind: typeof TypeKind.Named;
  /** Non-null while its package is being checked. */
  check: Checker | null;
  /** For instances a synthetic object: use namedObj. */
  obj: TypeName;
  inst: NamedInstance | null;
  state: number;
  /** The right-hand side of the declaration; may be another named type. NoType if it is not known. */
  fromRHS: Type;
  tparams: TypeParam[];
  /** NoType if it is not known. */
  underlying: Type;
  finite: boolean;
  /** Declared methods. Their signatures are resolved lazily; those of an instance are expanded when asked for. */
  methods: (Func | null)[];

  constructor(check: Checker | null, obj: TypeName, fromRHS: Type, inst: NamedInstance | null) {
    super();
    this.kind = TypeKind.Named;
    this.check = check;
    this.obj = obj;
    this.inst = inst;
    this.state = 0;
    this.fromRHS = fromRHS;
    this.tparams = [];
    this.underlying = NoType;
    this.finite = false;
    this.methods = [];
  }
}

export class TypeParam extends TypeBase {
  readonly kind: typeof TypeKind.TypeParam;
  check: Checker | null;
  readonly id: number;
  obj: TypeName;
  /** The index in the list of type parameters; -1 until it is bound to one. */
  index: number;
  /** The constraint; use iface (typeparam.ts) for its interface. */
  bound: Type;

  constructor(check: Checker | null, id: number, obj: TypeName, bound: Type) {
    super();
    this.kind = TypeKind.TypeParam;
    this.check = check;
    this.id = id;
    this.obj = obj;
    this.index = -1;
    this.bound = bound;
  }
}

export class Alias extends TypeBase {
  readonly kind: typeof TypeKind.Alias;
  obj: TypeName;
  /** The generic alias of which this is an instance, or itself. */
  orig: Alias;
  tparams: TypeParam[];
  targs: Type[];
  /** The right-hand side; may be an alias. NoType if it is not known. */
  fromRHS: Type;
  /** Never an alias; NoType if it is not known. Use unalias. */
  actual: Type;

  constructor(obj: TypeName, fromRHS: Type) {
    super();
    this.kind = TypeKind.Alias;
    this.obj = obj;
    this.orig = this;
    this.tparams = [];
    this.targs = [];
    this.fromRHS = fromRHS;
    this.actual = NoType;
  }
}

/** A type that is no alias. */
export type Actual = Exclude<Type, Alias>;

/** Follows alias declarations to the aliased type; NoType if that is not determined. */
export function unalias(t: Type): Actual {
  return t.kind === TypeKind.Alias ? unaliasSlow(t) : t;
}

function unaliasSlow(a0: Alias): Actual {
  let t: Type = a0.actual;
  if (t === NoType) t = a0.fromRHS;
  while (t.kind === TypeKind.Alias) t = t.fromRHS;
  a0.actual = t;
  return t;
}

/** The named type that t is, aliases removed, or null. */
export function asNamed(t: Type): Named | null {
  const u = unalias(t);
  return u.kind === TypeKind.Named ? u : null;
}
