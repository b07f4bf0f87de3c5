/** Struct types (spec: "Struct types"). */
import type { Pos } from '#base/source.ts';
import { makeFromLiteral } from '#constant/literal.ts';
import * as constant from '#constant/value.ts';
import * as Syntax from '#syntax/kinds.ts';
import { type BasicLit, type Expr, Name, type StructType } from '#syntax/nodes.ts';
import * as Op from '#syntax/operators.ts';
import { startPos } from '#syntax/positions.ts';
import { invalidType } from './basic.ts';
import * as BasicKind from './basickind.ts';
import { type Checker, later } from './checker.ts';
import * as Code from './errors/codes.ts';
import { error, errorf, newError } from './errors.ts';
import { deref, ObjSet } from './lookup.ts';
import { newField, type Var } from './object.ts';
import { isTypeParam, isValid } from './predicates.ts';
import { recordDef } from './recording.ts';
import type { Struct, Type } from './type.ts';
import * as TypeKind from './typekind.ts';
import { varType } from './typexpr.ts';
import { under } from './under.ts';

/** Sets up styp from its syntax. */
export function structType(c: Checker, styp: Struct, e: StructType): void {
  const fields: Var[] = [];
  const tags: string[] = [];
  const fset = new ObjSet<Var>();

  const add = (name: Name, typ: Type, tag: string, embedded: boolean): void => {
    const f = newField(name.pos, c.pkg, name.value, typ, embedded);
    if (name.value !== '_' && !declareInSet(c, fset, name.pos, f)) return;
    if (tag !== '') {
      while (tags.length < fields.length) tags.push('');
      tags.push(tag);
    }
    fields.push(f);
    recordDef(name, f);
  };

  let typ: Type = invalidType;
  let prev: Expr | null = null;
  for (let i = 0; i < e.fields.length; i++) {
    const f = e.fields[i];
    if (f.type !== prev) {
      typ = varType(c, f.type);
      prev = f.type;
    }
    const tag = i < e.tags.length ? tagString(c, e.tags[i]) : '';
    if (f.name !== null) {
      add(f.name, typ, tag, false);
      continue;
    }
    const pos = startPos(f.type);
    const name = embeddedFieldIdent(f.type);
    if (name === null) {
      errorf(c, pos, Code.InvalidSyntaxTree, 'invalid embedded field type %s', f.type);
      add(new Name(pos, pos, '_'), invalidType, '', true);
      continue;
    }
    // The name of the type was resolved as a use; the field is found in the struct.
    const obj = name.obj;
    add(name, typ, tag, true);
    name.obj = obj;
    const embedded = typ;
    later(c, () => checkEmbedded(c, pos, embedded));
  }
  styp.fields = fields;
  styp.tags = tags;
}

function checkEmbedded(c: Checker, pos: Pos, typ: Type): void {
  const d = deref(typ);
  const u = under(d.type);
  if (u.kind === TypeKind.Basic) {
    if (isValid(d.type) && u.basic === BasicKind.UnsafePointer) {
      error(c, pos, Code.InvalidPtrEmbed, 'embedded field type cannot be unsafe.Pointer');
    }
  } else if (u.kind === TypeKind.Pointer) {
    error(c, pos, Code.InvalidPtrEmbed, 'embedded field type cannot be a pointer');
  } else if (u.kind === TypeKind.Interface) {
    if (isTypeParam(d.type)) {
      const msg = 'embedded field type cannot be a (pointer to a) type parameter';
      error(c, pos, Code.MisplacedTypeParam, msg);
    } else if (d.isPointer) {
      error(c, pos, Code.InvalidPtrEmbed, 'embedded field type cannot be a pointer to an interface');
    }
  }
}

/** The type name in an embedded field: of T, *T, p.T, T[A] and so on. */
function embeddedFieldIdent(e: Expr): Name | null {
  switch (e.kind) {
    case Syntax.Name:
      return e;
    case Syntax.Operation:
      // **T is no embedded field.
      if (e.op !== Op.Mul || e.y !== null) return null;
      if (e.x.kind === Syntax.Operation && e.x.op === Op.Mul && e.x.y === null) return null;
      return embeddedFieldIdent(e.x);
    case Syntax.SelectorExpr:
      return e.sel;
    case Syntax.IndexExpr:
      return embeddedFieldIdent(e.x);
    default:
      return null;
  }
}

/** Adds obj to a set of fields; reports a second one of that name. */
function declareInSet(c: Checker, set: ObjSet<Var>, pos: Pos, obj: Var): boolean {
  const other = set.insert(obj);
  if (other === null) return true;
  newError(c, Code.DuplicateDecl).add(pos, '%s redeclared', obj.name).addAltDecl(other).report();
  return false;
}

function tagString(c: Checker, t: BasicLit | null): string {
  if (t === null || t.bad) return '';
  if (t.litKind === Syntax.StringLit) {
    const v = makeFromLiteral(t.value, t.litKind);
    if (v.kind === constant.String) return constant.textOf(constant.stringVal(v));
  }
  errorf(c, t, Code.InvalidSyntaxTree, 'incorrect tag syntax: %q', t.value);
  return '';
}
