/**
 * What the checker leaves in the syntax tree for later stages:
 * - Expr.tv: TypeAndValue of every expression (tvOf); for a function literal the type is its Signature, whose scope holds its parameters;
 * - Name.obj: what the name declares or uses (objOf). The name of an embedded field has the TypeName it uses: the field is found in the Struct.
 *   The name on the left of a type switch guard has none: each clause has its own variable in CaseClause.implicit;
 * - SelectorExpr.selection (selectionOf): field and method selectors; null for qualified identifiers, whose `sel` has the object;
 * - Name.instance (instanceOf): type arguments of generic functions and types at the name that denotes them;
 * - implicit objects: CaseClause.implicit, ImportDecl.implicit, and Field.implicit of anonymous parameters.
 * Bodies of generic functions are annotated once, in terms of their type parameters.
 */
import type { Value } from '#constant/value.ts';
import { Annotation, type Expr, Instance, type Name, Selection, type SelectorExpr } from '#syntax/nodes.ts';
import * as Mode from './mode.ts';
import type { Obj, Var } from './object.ts';
import type { Type } from './type.ts';

export class TypeAndValue extends Annotation {
  /** One of mode.ts. */
  mode: number;
  /** EmptyTuple for novalue; a Tuple for calls with several results and for comma-ok expressions. */
  type: Type;
  /** Of constant expressions, else null. */
  value: Value | null;
  /** The type is untyped, and may still become another one (untyped.ts). */
  pending: boolean;
  /** The left operand of a shift whose check is delayed until its type is known. */
  isLhs: boolean;

  constructor(mode: number, type: Type, value: Value | null) {
    super();
    this.mode = mode;
    this.type = type;
    this.value = value;
    this.pending = false;
    this.isLhs = false;
  }
}

export function isVoid(tv: TypeAndValue): boolean {
  return tv.mode === Mode.novalue;
}

export function isType(tv: TypeAndValue): boolean {
  return tv.mode === Mode.typexpr;
}

export function isBuiltin(tv: TypeAndValue): boolean {
  return tv.mode === Mode.builtin;
}

export function isValue(tv: TypeAndValue): boolean {
  return tv.mode >= Mode.constant_ && tv.mode <= Mode.commaerr;
}

export function isAddressable(tv: TypeAndValue): boolean {
  return tv.mode === Mode.variable;
}

export function isAssignable(tv: TypeAndValue): boolean {
  return tv.mode === Mode.variable || tv.mode === Mode.mapindex;
}

export function hasOk(tv: TypeAndValue): boolean {
  return tv.mode === Mode.commaok || tv.mode === Mode.mapindex;
}

/** What was recorded for an expression, or null. */
export function tvOf(e: Expr): TypeAndValue | null {
  return e.tv as TypeAndValue | null;
}

/** The object a name declares or uses, or null. */
export function objOf(name: Name): Obj | null {
  return name.obj as Obj | null;
}

// Kinds of selections.
export const FieldVal = 0;
export const MethodVal = 1;
export const MethodExpr = 2;

/**
 * A selector x.f, see types2's Selection. `index` is the path from x to f: embedded fields, and last the field of the struct, or the method in the
 * list of declared methods of the named type or of the interface's type set.
 */
export class SelectionInfo extends Selection {
  /** FieldVal, MethodVal or MethodExpr. */
  readonly kind: number;
  readonly recv: Type;
  /** A field, or a function. */
  readonly obj: Obj;
  readonly index: readonly number[];
  /** There is a pointer indirection on the path. */
  readonly indirect: boolean;

  constructor(kind: number, recv: Type, obj: Obj, index: readonly number[], indirect: boolean) {
    super();
    this.kind = kind;
    this.recv = recv;
    this.obj = obj;
    this.index = index;
    this.indirect = indirect;
  }
}

export function selectionOf(e: SelectorExpr): SelectionInfo | null {
  return e.selection as SelectionInfo | null;
}

export class InstanceInfo extends Instance {
  readonly typeArgs: readonly Type[];
  /** The instantiated Named, Alias or Signature. */
  readonly type: Type;

  constructor(typeArgs: readonly Type[], type: Type) {
    super();
    this.typeArgs = typeArgs;
    this.type = type;
  }
}

export function instanceOf(name: Name): InstanceInfo | null {
  return name.instance as InstanceInfo | null;
}

/** One initialisation of package-level variables, `lhs = rhs`. */
export class Initializer {
  readonly lhs: readonly Var[];
  readonly rhs: Expr;

  constructor(lhs: readonly Var[], rhs: Expr) {
    this.lhs = lhs;
    this.rhs = rhs;
  }
}
