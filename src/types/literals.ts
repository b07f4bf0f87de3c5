/** Literals: basic, function and composite (spec: "Composite literals"). */
import * as constant from '#constant/value.ts';
import * as Syntax from '#syntax/kinds.ts';
import type { BasicLit, CompositeLit, Expr, FuncLit } from '#syntax/nodes.ts';
import { assignment } from './assignments.ts';
import { Typ } from './basic.ts';
import * as BasicKind from './basickind.ts';
import { type Checker, later } from './checker.ts';
import { opPos, overflow } from './const.ts';
import { coreType } from './coretype.ts';
import * as Code from './errors/codes.ts';
import { error, errorf, versionErrorf } from './errors.ts';
import { lookupError } from './errsupport.ts';
import { expr, exprWithHint } from './expr.ts';
import { checkIndex } from './index.ts';
import { fieldIndex } from './lookup.ts';
import * as Mode from './mode.ts';
import { isExported } from './object.ts';
import { Operand } from './operand.ts';
import { identical, isNonTypeParamInterface, isValid } from './predicates.ts';
import { recordTypeAndValue, recordUse } from './recording.ts';
import { funcBody } from './stmt.ts';
import { ArrayType, type MapType, type Struct, type Type } from './type.ts';
import * as TypeKind from './typekind.ts';
import { typExpr, varType } from './typexpr.ts';
import { use } from './use.ts';
import { allowVersion, go1_13 } from './version.ts';

/** Longer numbers mean nothing at the precision of constants, and take long to convert. */
const maxLiteralLength = 10000;

const literalTypes: readonly number[] = [
  BasicKind.UntypedInt,
  BasicKind.UntypedFloat,
  BasicKind.UntypedComplex,
  BasicKind.UntypedRune,
  BasicKind.UntypedString,
];

export function basicLit(c: Checker, x: Operand, e: BasicLit): void {
  if (e.litKind <= Syntax.ImagLit) {
    languageVersion(c, e);
    if (e.value.length > maxLiteralLength) {
      const text = 'excessively long constant: %s... (%d chars)';
      errorf(c, e, Code.InvalidConstVal, text, e.value.slice(0, 10), e.value.length);
      x.mode = Mode.invalid;
      return;
    }
  }
  const val = constant.makeFromLiteral(e.value, e.litKind);
  if (val.kind === constant.Unknown) {
    errorf(c, e, Code.InvalidConstVal, 'malformed constant: %s', e.value);
    x.mode = Mode.invalid;
    return;
  }
  x.mode = Mode.constant_;
  x.typ = Typ[literalTypes[e.litKind]];
  x.val = val;
  x.expr = e;
  overflow(c, x, opPos(e));
}

/** Forms of numbers that came with Go 1.13. */
function languageVersion(c: Checker, lit: BasicLit): void {
  const s = lit.value;
  if (s.length <= 2 || allowVersion(c, go1_13)) return;
  if (s.includes('_')) {
    versionErrorf(c, lit, go1_13, 'underscore in numeric literal');
    return;
  }
  if (s[0] !== '0') return;
  const radix = s[1].toLowerCase();
  if (radix === 'b') versionErrorf(c, lit, go1_13, 'binary literal');
  else if (radix === 'o') versionErrorf(c, lit, go1_13, '0o/0O-style octal literal');
  else if (radix === 'x' && lit.litKind !== Syntax.IntLit) {
    versionErrorf(c, lit, go1_13, 'hexadecimal floating-point literal');
  }
}

export function funcLit(c: Checker, x: Operand, e: FuncLit): void {
  const sig = typExpr(c, e.type);
  if (sig.kind !== TypeKind.Signature) {
    errorf(c, e, Code.InvalidSyntaxTree, 'invalid function literal %v', e);
    x.mode = Mode.invalid;
    return;
  }
  if (sig.scope !== null) {
    sig.scope.pos = e.pos;
    sig.scope.end = e.end;
  }
  // The body is checked as part of the declaration at hand, as soon as the type it may be part of is complete, but before its scope changes.
  const decl = c.decl;
  const iota = c.iota;
  later(c, () => funcBody(c, decl, sig, e.body, iota));
  x.mode = Mode.value;
  x.typ = sig;
}

/** hint is the element type of the enclosing literal, which the literal has if it leaves out its own. */
export function compositeLit(c: Checker, x: Operand, e: CompositeLit, hint: Type | null): void {
  let typ: Type;
  let base: Type;
  let isElem = false;
  if (e.type !== null) {
    const open = e.type.kind === Syntax.ArrayType && e.type.len === null;
    // The length of [...]T follows from the elements.
    typ = open && e.type.kind === Syntax.ArrayType ? new ArrayType(varType(c, e.type.elem), -1) : typExpr(c, e.type);
    base = typ;
  } else if (hint !== null) {
    typ = hint;
    base = typ;
    // &T may be left out, too.
    const u = coreType(base);
    if (u !== null && u.kind === TypeKind.Pointer) base = u.elem;
    isElem = true;
  } else {
    error(c, e, Code.UntypedLit, 'missing type in composite literal');
    typ = Typ[BasicKind.Invalid];
    base = typ;
  }
  const u = coreType(base);
  switch (u === null ? 0 : u.kind) {
    case TypeKind.Struct:
      if (u !== null && u.kind === TypeKind.Struct) structLit(c, x, e, base, u);
      break;
    case TypeKind.Array:
      if (u !== null && u.kind === TypeKind.Array) arrayLit(c, e, u);
      break;
    case TypeKind.Slice:
      if (u !== null && u.kind === TypeKind.Slice) indexedElements(c, e.elems, u.elem, -1);
      break;
    case TypeKind.Map:
      if (u !== null && u.kind === TypeKind.Map) mapLit(c, x, e, u);
      break;
    default:
      if (!invalidLit(c, e, typ, u, isElem)) break;
      x.mode = Mode.invalid;
      return;
  }
  x.mode = Mode.value;
  x.typ = typ;
}

/** A type that has no composite literals. Returns whether that is news. */
function invalidLit(c: Checker, e: CompositeLit, typ: Type, u: Type | null, isElem: boolean): boolean {
  // A key may be the name of a field: only values are used.
  for (const elem of e.elems) use(c, [elem.kind === Syntax.KeyValueExpr ? elem.value : elem]);
  if (u !== null && !isValid(u)) return false;
  const element = isElem ? ' element' : '';
  const cause = u === null ? ' (no common underlying type)' : '';
  errorf(c, e, Code.InvalidLit, 'invalid composite literal%s type %s%s', element, typ, cause);
  return true;
}

function structLit(c: Checker, x: Operand, e: CompositeLit, base: Type, u: Struct): void {
  if (e.elems.length === 0) return;
  if (e.elems[0].kind === Syntax.KeyValueExpr) keyedStructLit(c, x, e, base, u);
  else positionalStructLit(c, x, e, base, u);
}

const mixture = 'mixture of field:value and value elements in struct literal';

function keyedStructLit(c: Checker, x: Operand, e: CompositeLit, base: Type, u: Struct): void {
  const visited = new Uint8Array(u.fields.length);
  for (const kv of e.elems) {
    if (kv.kind !== Syntax.KeyValueExpr) {
      error(c, kv, Code.MixedStructLit, mixture);
      continue;
    }
    const key = kv.key;
    const i = key.kind === Syntax.Name ? fieldIndex(u.fields, c.pkg, key.value, false) : -1;
    expr(c, null, x, kv.value);
    if (key.kind !== Syntax.Name) {
      errorf(c, kv, Code.InvalidLitField, 'invalid field name %s in struct literal', key);
      continue;
    }
    if (i < 0) {
      const j = fieldIndex(u.fields, c.pkg, key.value, true);
      error(c, key, Code.MissingLitField, lookupError(c, base, key.value, j >= 0 ? u.fields[j] : null, true));
      continue;
    }
    recordUse(key, u.fields[i]);
    assignment(c, x, u.fields[i].typ, 'struct literal');
    if (visited[i] !== 0) {
      errorf(c, kv, Code.DuplicateLitField, 'duplicate field name %s in struct literal', key.value);
      continue;
    }
    visited[i] = 1;
  }
}

function positionalStructLit(c: Checker, x: Operand, e: CompositeLit, base: Type, u: Struct): void {
  for (let i = 0; i < e.elems.length; i++) {
    const elem = e.elems[i];
    if (elem.kind === Syntax.KeyValueExpr) {
      error(c, elem, Code.MixedStructLit, mixture);
      continue;
    }
    expr(c, null, x, elem);
    if (i >= u.fields.length) {
      errorf(c, x, Code.InvalidStructLit, 'too many values in struct literal of type %s', base);
      break;
    }
    const field = u.fields[i];
    if (!isExported(field.name) && field.pkg !== c.pkg) {
      const text = 'implicit assignment to unexported field %s in struct literal of type %s';
      errorf(c, x, Code.UnexportedLitField, text, field.name, base);
      continue;
    }
    assignment(c, x, field.typ, 'struct literal');
  }
  if (e.elems.length < u.fields.length) {
    errorf(c, e.rbrace, Code.InvalidStructLit, 'too few values in struct literal of type %s', base);
  }
}

function arrayLit(c: Checker, e: CompositeLit, u: ArrayType): void {
  const n = indexedElements(c, e.elems, u.elem, u.len);
  // Also for a length that is in error: the literal gives the best guess.
  if (u.len >= 0) return;
  u.len = n;
  if (e.type !== null) recordTypeAndValue(e.type, Mode.typexpr, u, null);
}

/** The elements of an array or slice literal; length is -1 if it is open. Returns the length the elements need. */
function indexedElements(c: Checker, elems: readonly Expr[], typ: Type, length: number): number {
  // Without keys no index can repeat.
  const visited = elems.some((e) => e.kind === Syntax.KeyValueExpr) ? new Set<number>() : null;
  let index = 0;
  let max = 0;
  const x = new Operand();
  for (const e of elems) {
    let validIndex = false;
    let value = e;
    if (e.kind === Syntax.KeyValueExpr) {
      const key = checkIndex(c, e.key, length);
      if (isValid(key.typ)) {
        if (key.val >= 0) {
          index = key.val;
          validIndex = true;
        } else {
          errorf(c, e, Code.InvalidLitIndex, 'index %s must be integer constant', e.key);
        }
      }
      value = e.value;
    } else if (length >= 0 && index >= length) {
      errorf(c, e, Code.OversizeArrayLit, 'index %d is out of bounds (>= %d)', index, length);
    } else {
      validIndex = true;
    }
    if (validIndex && visited !== null) {
      if (visited.has(index)) {
        errorf(c, e, Code.DuplicateLitKey, 'duplicate index %d in array or slice literal', index);
      }
      visited.add(index);
    }
    index++;
    if (index > max) max = index;
    exprWithHint(c, x, value, typ);
    assignment(c, x, typ, 'array or slice literal');
  }
  return max;
}

function mapLit(c: Checker, x: Operand, e: CompositeLit, u: MapType): void {
  // Keys of interface type are equal only if their types are.
  const keyIsInterface = isNonTypeParamInterface(u.key);
  const visited = new Map<string, Type[]>();
  for (const kv of e.elems) {
    if (kv.kind !== Syntax.KeyValueExpr) {
      error(c, kv, Code.MissingLitKey, 'missing key in map literal');
      continue;
    }
    exprWithHint(c, x, kv.key, u.key);
    assignment(c, x, u.key, 'map literal');
    if (x.mode === Mode.invalid) continue;
    if (x.mode === Mode.constant_) {
      const key = constantKey(x.val);
      const types = visited.get(key);
      const { typ } = x;
      const duplicate = types !== undefined && (!keyIsInterface || types.some((t) => identical(t, typ)));
      if (types === undefined) visited.set(key, [typ]);
      else types.push(typ);
      if (duplicate) {
        const text = 'duplicate key %s in map literal';
        errorf(c, x, Code.DuplicateLitKey, text, constant.toShortString(x.val));
        continue;
      }
    }
    exprWithHint(c, x, kv.value, u.elem);
    assignment(c, x, u.elem, 'map literal');
  }
}

/** A string that equal constants share, whatever their kinds: 1, 1.0 and 1+0i are equal. */
function constantKey(v: constant.Value): string {
  let x = v;
  if (x.kind === constant.Complex) {
    const f = constant.toFloat(x);
    if (f.kind !== constant.Float) {
      return `c${constant.float64Val(constant.real(x))},${constant.float64Val(constant.imag(x))}`;
    }
    x = f;
  }
  if (x.kind === constant.Float) {
    const i = constant.toInt(x);
    if (i.kind !== constant.Int) return `f${constant.float64Val(x)}`;
    x = i;
  }
  if (x.kind === constant.String) return `s${constant.stringVal(x)}`;
  return `${x.kind}:${constant.toExactString(x)}`;
}
