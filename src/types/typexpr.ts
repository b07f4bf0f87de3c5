/** Identifiers, and expressions that denote types (spec: "Types", "Qualified identifiers"). */
import { bug } from '#base/bug.ts';
import * as constant from '#constant/value.ts';
import * as Syntax from '#syntax/kinds.ts';
import { type Expr, type Name, unpackListExpr } from '#syntax/nodes.ts';
import * as Op from '#syntax/operators.ts';
import { startPos } from '#syntax/positions.ts';
import { invalidType, Typ } from './basic.ts';
import * as BasicKind from './basickind.ts';
import { type Checker, later, lookup } from './checker.ts';
import { representation } from './const.ts';
import { addDeclDep, objDecl } from './decl.ts';
import * as Code from './errors/codes.ts';
import { error, errorf, invalidOp, softErrorf } from './errors.ts';
import { expr } from './expr.ts';
import { format } from './format.ts';
import { instance, validateTArgLen, verify } from './instantiate.ts';
import { interfaceType, newInterface } from './interface.ts';
import * as Mode from './mode.ts';
import { recordMonoInstance } from './mono.ts';
import { namedObj, typeParams } from './named.ts';
import type { Obj } from './object.ts';
import { objectKind } from './objectstring.ts';
import * as ObjKind from './objkind.ts';
import { Cause, Operand } from './operand.ts';
import { comparable, isGeneric, isInteger, isTypeParam, isUntyped, isValid, isValidName } from './predicates.ts';
import { recordInstance, recordTypeAndValue, recordUse } from './recording.ts';
import type { Scope } from './scope.ts';
import { selector } from './selector.ts';
import { funcType } from './signature.ts';
import { structType } from './struct.ts';
import {
  ArrayType,
  Chan,
  EmptyTuple,
  MapType,
  NoType,
  Pointer,
  Signature,
  Slice,
  Struct,
  type Type,
  type TypeParam,
} from './type.ts';
import * as TypeKind from './typekind.ts';
import { computeInterfaceTypeSet, isMethodSet } from './typeset.ts';
import { under } from './under.ts';
import { universeAnyAlias, universeComparable, universeIota } from './universe.ts';
import { use } from './use.ts';
import { go1_18, verifyVersionf } from './version.ts';

/** Resolves an identifier. With wantType, what is no type is reported as such. */
export function ident(c: Checker, x: Operand, e: Name, wantType: boolean): void {
  x.mode = Mode.invalid;
  x.expr = e;

  let scope: Scope | null = c.scope;
  let obj: Obj | null = null;
  for (; scope !== null; scope = scope.parent) {
    obj = scope.lookup(e.value);
    if (obj !== null) break;
  }
  if (obj === null || scope === null) {
    if (e.value === '_') error(c, e, Code.InvalidBlank, 'cannot use _ as value or type');
    else if (isValidName(e.value)) errorf(c, e, Code.UndeclaredName, 'undefined: %s', e.value);
    return;
  }
  if (obj === universeComparable || obj === universeAnyAlias) {
    if (!verifyVersionf(c, e, go1_18, 'predeclared %s', e.value)) return;
  }
  recordUse(e, obj);

  const isTypeName = obj.kind === ObjKind.TypeName;
  if (wantType && !isTypeName) {
    errorf(c, e, Code.NotAType, '%s (%s) is not a type', obj.name, objectKind(obj));
    // Avoid a second error.
    if (obj.kind === ObjKind.Var && obj.pkg === c.pkg) obj.used = true;
    return;
  }

  // A type name under resolution has a type, but the cycle must be looked at.
  if (obj.typ === NoType || (isTypeName && wantType && obj.pkg === c.pkg)) objDecl(c, obj);
  const typ = obj.typ;
  if (typ === NoType) bug(`no type for ${obj.name}`);

  if (c.dotImports.size > 0) {
    const pkgName = c.dotImports.get(scope)?.get(obj.name);
    if (pkgName !== undefined) pkgName.used = true;
  }

  switch (obj.kind) {
    case ObjKind.PkgName:
      errorf(c, e, Code.InvalidPkgUse, 'use of package %s not in selector', obj.name);
      return;
    case ObjKind.Const:
      addDeclDep(c, obj);
      if (!isValid(typ)) return;
      if (obj === universeIota) {
        if (c.iota === null) {
          error(c, e, Code.InvalidIota, 'cannot use iota outside constant declaration');
          return;
        }
        x.val = c.iota;
      } else {
        x.val = obj.val;
      }
      x.mode = Mode.constant_;
      break;
    case ObjKind.TypeName:
      x.mode = Mode.typexpr;
      break;
    case ObjKind.Var:
      // Variables of other packages (dot-imports) are not ours to mark.
      if (obj.pkg === c.pkg) obj.used = true;
      addDeclDep(c, obj);
      if (!isValid(typ)) return;
      x.mode = Mode.variable;
      break;
    case ObjKind.Func:
      addDeclDep(c, obj);
      x.mode = Mode.value;
      break;
    case ObjKind.Builtin:
      x.id = obj.id;
      x.mode = Mode.builtin;
      break;
    case ObjKind.Nil:
      x.mode = Mode.nilvalue;
      break;
    default:
      bug(`unexpected object ${obj.name}`);
  }
  x.typ = typ;
}

/** The type that e denotes; the invalid type after an error. */
export function typExpr(c: Checker, e: Expr): Type {
  return declaredType(c, e, null);
}

/** As typExpr, for the type of a variable: no constraint interface. */
export function varType(c: Checker, e: Expr): Type {
  const typ = declaredType(c, e, null);
  validVarType(c, e, typ);
  return typ;
}

/** Reports a constraint interface as the type of a variable, when types are set up. */
export function validVarType(c: Checker, e: Expr, typ: Type): void {
  if (typ.kind === TypeKind.Basic || isTypeParam(typ)) return;
  // The type may not be set up: an interface can only show later, but of type literals the kind is known now.
  if (typ.kind !== TypeKind.Interface && typ.kind !== TypeKind.Named && typ.kind !== TypeKind.Alias) return;
  later(c, () => {
    const t = under(typ);
    if (t.kind !== TypeKind.Interface) return;
    const pos = startPos(e);
    const tset = computeInterfaceTypeSet(c, pos, t);
    if (isMethodSet(tset)) return;
    const why = tset.comparable ? 'is (or embeds) comparable' : 'contains type constraints';
    const msg = `cannot use type %s outside a type constraint: interface ${why}`;
    softErrorf(c, pos, Code.MisplacedConstraintIface, msg, typ);
  });
}

/** As typExpr; def is the type name that is being declared with e as right-hand side. */
export function declaredType(c: Checker, e: Expr, def: Obj | null): Type {
  let typ = typInternal(c, e, def);
  if (isGeneric(typ)) {
    errorf(c, e, Code.WrongTypeArgCount, 'cannot use generic type %s without instantiation', typ);
    typ = invalidType;
  }
  recordTypeAndValue(e, Mode.typexpr, typ, null);
  return typ;
}

/** As typExpr, for a generic type; if it is none, the cause says so. */
export function genericType(c: Checker, e: Expr, cause: Cause | null): Type {
  let typ = typInternal(c, e, null);
  if (isValid(typ) && !isGeneric(typ)) {
    if (cause !== null) cause.text = format(c, '%s is not a generic type', typ);
    typ = invalidType;
  }
  recordTypeAndValue(e, Mode.typexpr, typ, null);
  return typ;
}

function typInternal(c: Checker, e: Expr, def: Obj | null): Type {
  switch (e.kind) {
    case Syntax.BadExpr:
      return invalidType;
    case Syntax.Name: {
      const x = new Operand();
      ident(c, x, e, true);
      return typeOperand(c, x);
    }
    case Syntax.SelectorExpr: {
      const x = new Operand();
      selector(c, x, e, true);
      return typeOperand(c, x);
    }
    case Syntax.IndexExpr:
      verifyVersionf(c, e, go1_18, 'type instantiation');
      return instantiatedType(c, e.x, unpackListExpr(e.index));
    case Syntax.ParenExpr:
      // Generic types cannot be used without instantiation, in parentheses either.
      return declaredType(c, e.x, def);
    case Syntax.ArrayType: {
      const typ = new ArrayType(NoType, -1);
      if (e.len !== null) typ.len = arrayLength(c, e.len);
      else error(c, e, Code.BadDotDotDotSyntax, 'invalid use of [...] array (outside a composite literal)');
      typ.elem = varType(c, e.elem);
      return typ.len >= 0 ? typ : invalidType;
    }
    case Syntax.SliceType: {
      const typ = new Slice(NoType);
      typ.elem = varType(c, e.elem);
      return typ;
    }
    case Syntax.DotsType:
      error(c, e, Code.InvalidSyntaxTree, 'invalid use of ...');
      return invalidType;
    case Syntax.StructType: {
      const typ = new Struct([], []);
      structType(c, typ, e);
      return typ;
    }
    case Syntax.Operation: {
      if (e.op === Op.Mul && e.y === null) {
        const typ = new Pointer(invalidType);
        typ.elem = varType(c, e.x);
        // A pointer to an invalid type would make follow-on errors.
        return isValid(typ.elem) ? typ : invalidType;
      }
      return notAType(c, e);
    }
    case Syntax.FuncType: {
      const typ = new Signature(null, EmptyTuple, EmptyTuple, false);
      funcType(c, typ, null, [], e);
      return typ;
    }
    case Syntax.InterfaceType: {
      const typ = newInterface(c);
      interfaceType(c, typ, e, def);
      return typ;
    }
    case Syntax.MapType: {
      const typ = new MapType(NoType, NoType);
      typ.key = varType(c, e.key);
      typ.elem = varType(c, e.value);
      if (typ.key.kind !== TypeKind.Basic) later(c, () => checkMapKey(c, e.key, typ.key));
      else checkMapKey(c, e.key, typ.key);
      return typ;
    }
    case Syntax.ChanType: {
      const typ = new Chan(e.dir, NoType);
      typ.elem = varType(c, e.elem);
      return typ;
    }
    default:
      return notAType(c, e);
  }
}

/** Comparability is known only when all types are set up. */
function checkMapKey(c: Checker, e: Expr, key: Type): void {
  if (comparable(key)) return;
  const why = isTypeParam(key) ? ' (missing comparable constraint)' : '';
  errorf(c, e, Code.IncomparableMapKey, 'invalid map key type %s%s', key, why);
}

function notAType(c: Checker, e: Expr): Type {
  errorf(c, e, Code.NotAType, '%s is not a type', e);
  use(c, [e]);
  return invalidType;
}

function typeOperand(c: Checker, x: Operand): Type {
  switch (x.mode) {
    case Mode.typexpr:
      return x.typ;
    case Mode.invalid:
      break;
    case Mode.novalue:
      errorf(c, x, Code.NotAType, '%s used as type', x);
      break;
    default:
      errorf(c, x, Code.NotAType, '%s is not a type', x);
  }
  return invalidType;
}

function instantiatedType(c: Checker, x: Expr, xlist: readonly Expr[]): Type {
  const cause = new Cause();
  const gtyp = genericType(c, x, cause);
  if (cause.text !== '') {
    errorf(c, x, Code.NotAGenericType, `${invalidOp}%s%s (%s)`, x, xlist, cause.text);
  }
  if (!isValid(gtyp)) return gtyp;
  if (gtyp.kind !== TypeKind.Named && gtyp.kind !== TypeKind.Alias) bug('unexpected generic type');
  const targs = typeList(c, xlist);
  if (targs === null) return invalidType;
  const inst = instance(c, x.pos, gtyp, targs, null, c.ctxt);
  if (inst.kind !== TypeKind.Named && inst.kind !== TypeKind.Alias) return invalidType;

  // Constraints may not be set up.
  later(c, () => {
    recordInstance(x, targs, inst);
    let tparams: TypeParam[];
    let name: string;
    if (inst.kind === TypeKind.Named) {
      tparams = typeParams(inst);
      name = namedObj(inst).name;
    } else {
      tparams = inst.tparams;
      name = inst.orig.obj.name;
    }
    if (!validateTArgLen(c, x.pos, name, tparams.length, targs.length)) return;
    const wrong = verify(c, x.pos, tparams, targs, c.ctxt);
    if (wrong !== null) {
      const pos = wrong.index < xlist.length ? startPos(xlist[wrong.index]) : x.pos;
      softErrorf(c, pos, Code.InvalidTypeArg, '%s', wrong.cause);
    } else {
      recordMonoInstance(c, c.pkg, x.pos, tparams, targs, xlist);
    }
  });
  return inst;
}

/** The value of an array length; -1 after an error. */
export function arrayLength(c: Checker, e: Expr): number {
  // An undeclared name may be meant as a type parameter: [P C] is an array of C then.
  if (e.kind === Syntax.Name) {
    const obj = lookup(c, e.value);
    if (obj === null) {
      errorf(c, e, Code.InvalidArrayLen, 'undefined array length %s or missing type constraint', e.value);
      return -1;
    }
    if (obj.kind !== ObjKind.Const) {
      errorf(c, e, Code.InvalidArrayLen, 'invalid array length %s', e.value);
      return -1;
    }
  }
  const x = new Operand();
  expr(c, null, x, e);
  if (x.mode !== Mode.constant_) {
    if (x.mode !== Mode.invalid) errorf(c, x, Code.InvalidArrayLen, 'array length %s must be constant', x);
    return -1;
  }
  if (isUntyped(x.typ) || isInteger(x.typ)) {
    const val = constant.toInt(x.val);
    if (val.kind === constant.Int && representation(c, val, Typ[BasicKind.Int]) !== null) {
      const n = constant.int64Val(val);
      if (n !== null && n >= 0n) return Number(n);
    }
  }
  const msg = isInteger(x.typ) ? 'invalid array length %s' : 'array length %s must be integer';
  errorf(c, x, Code.InvalidArrayLen, msg, x);
  return -1;
}

/** The types of type arguments; null if one is invalid. All are checked. */
export function typeList(c: Checker, list: readonly Expr[]): Type[] | null {
  const types: Type[] = [];
  let ok = true;
  for (const x of list) {
    const t = varType(c, x);
    if (!isValid(t)) ok = false;
    types.push(t);
  }
  return ok ? types : null;
}
