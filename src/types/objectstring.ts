/** Objects as text: "var x int", "type T struct{...}", "func (T).m()", and what kind of thing an object is. */
import { bug } from '#base/bug.ts';
import { isAliasName } from './alias.ts';
import { typeParams } from './named.ts';
import type { Const, Func, Obj, TypeName, Var } from './object.ts';
import * as ObjKind from './objkind.ts';
import { isTypeParam } from './predicates.ts';
import { NoType, type Type, type TypeParam } from './type.ts';
import * as TypeKind from './typekind.ts';
import { packagePrefix, type Qualifier, quote, signatureString, typeParamsString, typeString } from './typestring.ts';
import { under } from './under.ts';
import { universe } from './universe.ts';

export function objectString(obj: Obj, qf: Qualifier | null): string {
  switch (obj.kind) {
    case ObjKind.PkgName: {
      const path = obj.imported.path;
      return `package ${obj.name}${path !== '' && path !== obj.name ? ` (${quote(path)})` : ''}`;
    }
    case ObjKind.Func:
      return `func ${funcName(obj, qf)}${obj.typ.kind === TypeKind.Signature ? signatureString(obj.typ, qf) : ''}`;
    case ObjKind.Nil:
      return 'nil';
    case ObjKind.Label:
      return `label ${obj.name}`;
    case ObjKind.Builtin:
      return `builtin ${obj.name}`;
    case ObjKind.Const:
      return `const ${qualifiedName(obj, qf)}${typeSuffix(obj.typ, qf)}`;
    case ObjKind.Var:
      return `${obj.varKind === ObjKind.FieldVar ? 'field' : 'var'} ${qualifiedName(obj, qf)}${typeSuffix(obj.typ, qf)}`;
    case ObjKind.TypeName:
      return `type${isTypeParam(obj.typ) ? ' parameter' : ''} ${qualifiedName(obj, qf)}${declarationOf(obj, qf)}`;
  }
}

function qualifiedName(obj: Const | Var | TypeName, qf: Qualifier | null): string {
  const packageLevel = obj.pkg !== null && obj.pkg.scope.lookup(obj.name) === obj;
  return (packageLevel ? packagePrefix(obj.pkg, qf) : '') + obj.name;
}

function typeSuffix(t: Type, qf: Qualifier | null): string {
  return t === NoType ? '' : ` ${typeString(t, qf)}`;
}

/** What follows a type's name in its declaration. */
function declarationOf(obj: TypeName, qf: Qualifier | null): string {
  const t = obj.typ;
  if (t === NoType || t.kind === TypeKind.Basic) return '';
  let tparams: readonly TypeParam[] = [];
  if (t.kind === TypeKind.Named) tparams = typeParams(t);
  else if (t.kind === TypeKind.Alias) tparams = t.tparams;
  let text = tparams.length > 0 ? typeParamsString(tparams, qf) : '';
  let right: Type;
  if (isAliasName(obj)) {
    text += ' =';
    right = t.kind === TypeKind.Alias ? t.fromRHS : t;
  } else {
    right = t.kind === TypeKind.TypeParam ? t.bound : under(t);
  }
  // The empty interface that any names is printed "any", which would say nothing here.
  if (obj.name === 'any' && obj.parent === universe) return `${text} interface{}`;
  return `${text} ${typeString(right, qf)}`;
}

function funcName(f: Func, qf: Qualifier | null): string {
  if (f.typ.kind !== TypeKind.Signature) return f.name;
  const recv = f.typ.recv;
  if (recv === null) return packagePrefix(f.pkg, qf) + f.name;
  // Methods of interfaces may have the interface itself as receiver.
  return `(${recv.typ.kind === TypeKind.Interface ? 'interface' : typeString(recv.typ, qf)}).${f.name}`;
}

export function objectKind(obj: Obj): string {
  switch (obj.kind) {
    case ObjKind.PkgName:
      return 'package name';
    case ObjKind.Const:
      return 'constant';
    case ObjKind.TypeName:
      if (isAliasName(obj)) return 'type alias';
      return obj.typ.kind === TypeKind.TypeParam ? 'type parameter' : 'defined type';
    case ObjKind.Var:
      return variableKind(obj);
    case ObjKind.Func:
      return obj.typ.kind === TypeKind.Signature && obj.typ.recv !== null ? 'method' : 'function';
    case ObjKind.Label:
      return 'label';
    case ObjKind.Builtin:
      return 'built-in function';
    case ObjKind.Nil:
      return 'untyped nil';
  }
}

function variableKind(v: Var): string {
  switch (v.varKind) {
    case ObjKind.PackageVar:
      return 'package-level variable';
    case ObjKind.LocalVar:
      return 'local variable';
    case ObjKind.RecvVar:
      return 'receiver';
    case ObjKind.ParamVar:
      return 'parameter';
    case ObjKind.ResultVar:
      return 'result variable';
    case ObjKind.FieldVar:
      return 'struct field';
    default:
      return bug(`variable of kind ${v.varKind}`);
  }
}
