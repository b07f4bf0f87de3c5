/** Operands: what the checker knows of an expression on its way up. Also how messages print them, and assignability (spec: "Assignability"). */

import * as constant from '#constant/value.ts';
import * as Syntax from '#syntax/kinds.ts';
import type { Expr } from '#syntax/nodes.ts';
import { exprString } from '#syntax/printer.ts';
import { Typ } from './basic.ts';
import * as BasicKind from './basickind.ts';
import { predeclaredFuncs } from './builtinid.ts';
import type { Checker } from './checker.ts';
import { implicitTypeAndValue } from './const.ts';
import { specificTerms } from './coretype.ts';
import * as Code from './errors/codes.ts';
import { format } from './format.ts';
import { implementsType } from './implements.ts';
import { isInterfacePtr } from './lookup.ts';
import * as Mode from './mode.ts';
import { hasEmptyTypeset, hasName, identical, isGeneric, isUntyped, isValid } from './predicates.ts';
import type { Type, TypeParam } from './type.ts';
import { NoType, unalias } from './type.ts';
import * as TypeKind from './typekind.ts';
import { typeSet } from './typeset.ts';
import { type Qualifier, typeString } from './typestring.ts';
import { under } from './under.ts';

/** The cause of a failed check, filled in by the check if it has something to say. */
export class Cause {
  text: string;

  constructor() {
    this.text = '';
  }

  /** Puts a line before what is there. */
  wrap(c: Checker | null, line: string): void {
    if (c !== null) this.text = this.text === '' ? line : `${line}\n\t${this.text}`;
  }
}

export class Operand {
  /** One of modes.ts. */
  mode: number;
  expr: Expr | null;
  typ: Type;
  /** Only meaningful for constants. */
  val: constant.Value;
  /** Which built-in, for Mode.builtin. */
  id: number;

  constructor() {
    this.mode = Mode.invalid;
    this.expr = null;
    this.typ = NoType;
    this.val = constant.unknown;
    this.id = 0;
  }
}

export function newOperand(mode: number, expr: Expr | null, type: Type): Operand {
  const x = new Operand();
  x.mode = mode;
  x.expr = expr;
  x.typ = type;
  return x;
}

export function copyOperand(to: Operand, from: Operand): void {
  to.mode = from.mode;
  to.expr = from.expr;
  to.typ = from.typ;
  to.val = from.val;
  to.id = from.id;
}

export function cloneOperand(x: Operand): Operand {
  const y = new Operand();
  copyOperand(y, x);
  return y;
}

/**
 * The description of an operand in messages: the expression, then in parentheses its mode, the value of a constant, and its type, as in
 * `c (untyped int constant 1)`, `x (variable of struct type T)`.
 */
export function operandString(x: Operand, qf: Qualifier | null): string {
  if (x.mode === Mode.nilvalue) {
    if (x.typ === Typ[BasicKind.Invalid]) return 'nil (with invalid type)';
    if (x.typ === Typ[BasicKind.UntypedNil]) return 'nil';
    return `nil (of type ${typeString(x.typ, qf)})`;
  }
  const expr = expressionText(x, qf);
  let text = '';
  let hasType = false;
  if (x.mode !== Mode.invalid && x.mode !== Mode.novalue && x.mode !== Mode.builtin && x.mode !== Mode.typexpr) {
    if (x.typ.kind === TypeKind.Basic && isUntyped(x.typ)) text += `${x.typ.name} `;
    else hasType = true;
  }
  text += Mode.text[x.mode];
  if (x.mode === Mode.constant_) {
    const value = constant.toShortString(x.val);
    if (value !== expr) text += ` ${value}`;
  }
  if (hasType) text += typePart(x.typ, qf);
  return expr === '' ? text : `${expr} (${text})`;
}

function expressionText(x: Operand, qf: Qualifier | null): string {
  if (x.expr !== null) return exprString(x.expr);
  if (x.mode === Mode.builtin) return predeclaredFuncs[x.id].name;
  if (x.mode === Mode.typexpr) return typeString(x.typ, qf);
  if (x.mode === Mode.constant_) return constant.toShortString(x.val);
  return '';
}

function typePart(type: Type, qf: Qualifier | null): string {
  if (!isValid(type)) return ' with invalid type';
  let description = isGeneric(type) ? 'generic ' : '';
  const tpar = unalias(type);
  if (tpar.kind === TypeKind.TypeParam) {
    const empty = hasEmptyTypeset(tpar) ? ' with empty type set' : '';
    return ` of ${description}type ${typeString(type, qf)} constrained by ${typeString(tpar.bound, qf)}${empty}`;
  }
  if (type.kind === TypeKind.Alias || type.kind === TypeKind.Named) {
    const u = under(type);
    const what = compositeKind(type);
    description += `${what === '' && u.kind === TypeKind.Basic ? u.name : what} `;
  }
  return ` of ${description}type ${typeString(type, qf)}`;
}

/** "array", "slice" and so on; "" for basic types. */
export function compositeKind(type: Type): string {
  const u = under(type);
  if (u.kind === TypeKind.Array) return 'array';
  if (u.kind === TypeKind.Slice) return 'slice';
  if (u.kind === TypeKind.Struct) return 'struct';
  if (u.kind === TypeKind.Pointer) return 'pointer';
  if (u.kind === TypeKind.Signature) return 'func';
  if (u.kind === TypeKind.Interface) return 'interface';
  if (u.kind === TypeKind.Map) return 'map';
  if (u.kind === TypeKind.Chan) return 'chan';
  if (u.kind === TypeKind.Tuple) return 'tuple';
  if (u.kind === TypeKind.Union) return 'union';
  return '';
}

/**
 * Whether x may be assigned to a variable of type T: '' if so, else the code of the error; cause, if given, may then say why not.
 * c is null when called after checking.
 */
export function assignableTo(c: Checker | null, x: Operand, target: Type, cause: Cause | null): Code.Code {
  if (x.mode === Mode.invalid || !isValid(target)) return Code.NoError;
  const V = unalias(x.typ);
  const T = unalias(target);
  if (identical(V, T)) return Code.NoError;
  const Vu = under(V);
  const Tu = under(T);
  const Vp = V.kind === TypeKind.TypeParam ? V : null;
  const Tp = T.kind === TypeKind.TypeParam ? T : null;

  if (isUntyped(Vu)) return untypedAssignable(c, x, T) ? Code.NoError : Code.IncompatibleAssign;

  // Of two interfaces that contain each other, which is an error, the methods depend on whose are computed first.
  if (Vu.kind === TypeKind.Interface && Vu.tset === null && Tu.kind === TypeKind.Interface) typeSet(Vu);
  if (Vp === null && Tp === null && (!hasName(V) || !hasName(T)) && identical(Vu, Tu)) return Code.NoError;

  // A pointer to an interface never implements anything; asking gives the cause.
  if ((Tu.kind === TypeKind.Interface && Tp === null) || isInterfacePtr(Tu)) {
    if (implementsType(c, V, T, false, cause)) return Code.NoError;
    if (Vp === null) return Code.InvalidIfaceAssign;
    if (cause !== null) cause.text = '';
  }

  if (Vu.kind === TypeKind.Interface && Vp === null && implementsType(c, T, V, false, null)) {
    if (cause !== null) cause.text = 'need type assertion';
    return Code.IncompatibleAssign;
  }

  if (
    Vu.kind === TypeKind.Chan &&
    Vu.dir === Syntax.SendRecv &&
    Tu.kind === TypeKind.Chan &&
    identical(Vu.elem, Tu.elem)
  ) {
    return !hasName(V) || !hasName(T) ? Code.NoError : Code.InvalidChanAssign;
  }

  if (!hasName(V) && Tp !== null) return assignableToEach(c, x, Tp, cause);
  if (Vp !== null && !hasName(T)) return eachAssignableTo(c, x, Vp, target, cause);
  return Code.IncompatibleAssign;
}

/** x is untyped: it must be representable in T, or in each specific type of a type parameter. */
function untypedAssignable(c: Checker | null, x: Operand, T: Type): boolean {
  if (T.kind !== TypeKind.TypeParam) return implicitTypeAndValue(c, x, T).code === Code.NoError;
  const terms = specificTerms(T);
  if (terms === null) return false;
  return terms.every((t) => implicitTypeAndValue(c, x, t.typ).code === Code.NoError);
}

/** A value of an unnamed type is assignable to a type parameter if it is to each of its specific types. */
function assignableToEach(c: Checker | null, x: Operand, Tp: TypeParam, cause: Cause | null): Code.Code {
  for (const t of specificTerms(Tp) ?? []) {
    const code = assignableTo(c, x, t.typ, cause);
    if (code !== Code.NoError) {
      cause?.wrap(c, format(c, 'cannot assign %s to %s (in %s)', x.typ, t.typ, Tp));
      return code;
    }
  }
  return specificTerms(Tp) === null ? Code.IncompatibleAssign : Code.NoError;
}

/** A value of a type parameter is assignable to an unnamed type if values of each of its specific types are. */
function eachAssignableTo(c: Checker | null, x: Operand, Vp: TypeParam, T: Type, cause: Cause | null): Code.Code {
  const terms = specificTerms(Vp);
  if (terms === null) return Code.IncompatibleAssign;
  const y = cloneOperand(x);
  for (const t of terms) {
    y.typ = t.typ;
    const code = assignableTo(c, y, T, cause);
    if (code !== Code.NoError) {
      cause?.wrap(c, format(c, 'cannot assign %s (in %s) to %s', t.typ, Vp, T));
      return code;
    }
  }
  return Code.NoError;
}
