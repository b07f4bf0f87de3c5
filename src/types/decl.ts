/**
 * Resolving declared objects (spec: "Declarations and scope"): each is resolved when it is first needed, wherever it stands. Objects under resolution
 * are on a path; meeting one again is a cycle, which may or may not be valid.
 */
import { bug } from '#base/bug.ts';
import { NoPos, type Pos } from '#base/source.ts';
import * as constant from '#constant/value.ts';
import * as Syntax from '#syntax/kinds.ts';
import { type Expr, Field, InterfaceType, type Name, type TypeDecl } from '#syntax/nodes.ts';
import * as Op from '#syntax/operators.ts';
import { endPos } from '#syntax/positions.ts';
import { isAliasName, newAlias } from './alias.ts';
import { initConst, initVar, initVars } from './assignments.ts';
import { invalidType } from './basic.ts';
import { finishUnit, queueBody } from './check.ts';
import {
  type Checker,
  later,
  popObj,
  pushObj,
  resetEnvironment,
  restoreEnvironment,
  saveEnvironment,
} from './checker.ts';
import { cycleError, firstInSrc } from './cycles.ts';
import { closeScope, declare, openScope } from './declare.ts';
import type { DeclInfo, Dependency } from './declinfo.ts';
import * as Code from './errors/codes.ts';
import { error, errorf, newError, softErrorf } from './errors.ts';
import { expr, newTarget } from './expr.ts';
import { ObjSet } from './lookup.ts';
import { addMethod, namedMethod, newNamed, numMethods } from './named.ts';
import { type Const, type Func, type Obj, TypeName, type Var } from './object.ts';
import * as ObjKind from './objkind.ts';
import { Operand } from './operand.ts';
import { isConstType, isGeneric, isTypeParam, isValid } from './predicates.ts';
import { funcType } from './signature.ts';
import { asNamed, EmptyTuple, type Named, NoType, Signature, type Type, type TypeParam } from './type.ts';
import * as TypeKind from './typekind.ts';
import { bindTParams, newTypeParam } from './typeparam.ts';
import { isImportedConstraint } from './typeset.ts';
import { declaredType, typExpr, varType } from './typexpr.ts';
import { under } from './under.ts';
import { validType } from './validtype.ts';
import { go1_9, go1_18, go1_23, verifyVersionf } from './version.ts';

/** Resolves an object, in the checker of its package: afterwards its type is known. */
export function resolveObj(obj: Obj): void {
  if (obj.typ !== NoType || obj.pkg === null) return;
  const c = obj.pkg.checker;
  if (c === null || obj.decl === null) return;
  const idle = c.processing === 0 && c.objPath.length === 0;
  objDecl(c, obj);
  if (idle) finishUnit(c);
}

/** The signature of a function or method, resolved if need be. */
export function signatureOf(f: Func): Signature {
  if (f.typ === NoType) resolveObj(f);
  return f.typ.kind === TypeKind.Signature ? f.typ : new Signature(null, EmptyTuple, EmptyTuple, false);
}

/** Notes that the declaration being checked depends on a package-level object. */
export function addDeclDep(c: Checker, to: Dependency): void {
  if (c.decl === null || to.decl === null || to.pkg !== c.pkg) return;
  if (c.decl.deps === null) c.decl.deps = new Set();
  c.decl.deps.add(to);
}

/** Resolves an object for c. */
export function objDecl(c: Checker, obj: Obj): void {
  if (obj.pkg !== c.pkg) {
    resolveObj(obj);
    return;
  }
  if (c.objPathIdx.has(obj)) {
    objCycle(c, obj);
    return;
  }
  if (obj.typ !== NoType) return;
  const d = obj.decl;
  if (d === null) bug(`no declaration of ${obj.name}`);

  pushObj(c, obj);
  const env = saveEnvironment(c);
  resetEnvironment(c, null, d.file, d.version);
  switch (obj.kind) {
    case ObjKind.Const:
      c.decl = d;
      constDecl(c, obj, d.vtyp, d.init, d.inherited);
      break;
    case ObjKind.Var:
      c.decl = d;
      varDecl(c, obj, d.lhs, d.vtyp, d.init);
      break;
    case ObjKind.TypeName:
      if (d.tdecl === null) bug(`no type declaration of ${obj.name}`);
      typeDecl(c, obj, d.tdecl);
      collectMethods(c, obj);
      break;
    case ObjKind.Func:
      funcDecl(c, obj, d);
      break;
    default:
      bug(`cannot resolve ${obj.name}`);
  }
  restoreEnvironment(c, env);
  popObj(c);
}

/** An object that is being resolved has been met again. */
function objCycle(c: Checker, obj: Obj): void {
  switch (obj.kind) {
    case ObjKind.Const:
    case ObjKind.Var:
      if (!validCycle(c, obj) || obj.typ === NoType) obj.typ = invalidType;
      break;
    case ObjKind.TypeName:
      if (!validCycle(c, obj)) obj.typ = invalidType;
      break;
    case ObjKind.Func:
      // The function has a signature, if only a provisional one.
      validCycle(c, obj);
      break;
    default:
      bug(`unexpected cycle through ${obj.name}`);
  }
}

/**
 * Whether the cycle at obj is valid: one of values alone (initialisation order will tell), or one without values through a type definition.
 * Reports it if it is not.
 */
function validCycle(c: Checker, obj: Obj): boolean {
  const start = c.objPathIdx.get(obj);
  if (start === undefined) bug('cycle start is not on the path');
  const cycle = c.objPath.slice(start);
  let nval = 0;
  let ndef = 0;
  for (const o of cycle) {
    if (o.kind === ObjKind.Const || o.kind === ObjKind.Var) {
      nval++;
    } else if (o.kind === ObjKind.TypeName) {
      // A generic type in its own type parameter list: verified when it is instantiated.
      if (c.inTParamList && isGeneric(o.typ)) return true;
      if (!isAliasName(o)) ndef++;
    }
  }
  if (nval === cycle.length) return true;
  if (nval === 0 && ndef > 0) return true;
  cycleError(c, cycle, firstInSrc(cycle));
  return false;
}

/** obj.val is iota. */
export function constDecl(c: Checker, obj: Const, typ: Expr | null, init: Expr | null, inherited: boolean): void {
  const iota = c.iota;
  const errpos = c.errpos;
  c.iota = obj.val;
  c.errpos = NoPos;
  obj.val = constant.unknown;
  constDeclBody(c, obj, typ, init, inherited);
  c.iota = iota;
  c.errpos = errpos;
}

function constDeclBody(c: Checker, obj: Const, typ: Expr | null, init: Expr | null, inherited: boolean): void {
  if (typ !== null) {
    const t = typExpr(c, typ);
    if (!isConstType(t)) {
      if (isValid(under(t))) errorf(c, typ, Code.InvalidConstType, 'invalid constant type %s', t);
      obj.typ = invalidType;
      return;
    }
    obj.typ = t;
  }
  const x = new Operand();
  if (init !== null) {
    if (inherited) c.errpos = obj.pos;
    expr(c, null, x, init);
  }
  initConst(c, obj, x);
}

/** lhs are all variables of a declaration with one initialisation expression, else null. */
export function varDecl(c: Checker, obj: Var, lhs: Var[] | null, typ: Expr | null, init: Expr | null): void {
  if (typ !== null) obj.typ = varType(c, typ);
  if (init === null) {
    if (typ === null) obj.typ = invalidType;
    return;
  }
  if (lhs === null || lhs.length === 1) {
    const x = new Operand();
    expr(c, newTarget(obj.typ, obj.name), x, init);
    initVar(c, obj, x, 'variable declaration');
    return;
  }
  // The first variable reached sets up all of them.
  if (typ !== null) for (const v of lhs) v.typ = obj.typ;
  initVars(c, lhs, [init], null);
}

export function typeDecl(c: Checker, obj: TypeName, tdecl: TypeDecl): void {
  let versionErr = false;
  let rhs: Type = NoType;
  later(c, () => {
    const t = asNamed(obj.typ);
    if (t !== null) validType(c, t);
    if (!versionErr && rhs !== NoType && isImportedConstraint(c, rhs)) {
      verifyVersionf(c, tdecl.type, go1_18, 'using type constraint %s', rhs);
    }
  });
  const tparam0 = tdecl.tparams.length > 0 ? tdecl.tparams[0] : null;

  if (tdecl.alias) {
    if (tparam0 !== null && !verifyVersionf(c, tparam0, go1_23, 'generic type alias')) versionErr = true;
    if (!versionErr && !verifyVersionf(c, tdecl, go1_9, 'type alias')) versionErr = true;
    const alias = newAlias(c, obj, NoType);
    if (tparam0 !== null) {
      openScope(c, tdecl);
      alias.tparams = declareTypeParams(c, tdecl.tparams);
      collectBounds(c, alias.tparams, tdecl.tparams);
    }
    rhs = declaredType(c, tdecl.type, obj);
    alias.fromRHS = rhs;
    if (rhs.kind === TypeKind.TypeParam && alias.tparams.includes(rhs)) {
      error(c, tdecl.type, Code.MisplacedTypeParam, 'cannot use type parameter declared in alias declaration as RHS');
      alias.fromRHS = invalidType;
    }
    if (tparam0 !== null) closeScope(c);
    return;
  }

  if (tparam0 !== null && !verifyVersionf(c, tparam0, go1_18, 'type parameter')) versionErr = true;
  const named = newNamed(c, obj, NoType);
  if (tparam0 !== null) {
    openScope(c, tdecl);
    named.tparams = declareTypeParams(c, tdecl.tparams);
    collectBounds(c, named.tparams, tdecl.tparams);
  }
  rhs = declaredType(c, tdecl.type, obj);
  named.fromRHS = rhs;
  if (isTypeParam(rhs)) {
    error(c, tdecl.type, Code.MisplacedTypeParam, 'cannot use a type parameter as RHS in type declaration');
    named.fromRHS = invalidType;
  }
  if (tparam0 !== null) closeScope(c);
}

/** Declares the type parameters of a list in the current scope; they can be referred to by their constraints, which collectBounds sets. */
export function declareTypeParams(c: Checker, list: readonly Field[]): TypeParam[] {
  const tparams: TypeParam[] = [];
  for (const f of list) {
    if (f.name === null) bug('type parameter without name');
    tparams.push(declareTypeParam(c, f.name, list[0].pos));
  }
  return bindTParams(tparams);
}

/** Sets the constraints of type parameters; those declared in one list share theirs. */
export function collectBounds(c: Checker, tparams: TypeParam[], list: readonly Field[]): void {
  if (c.inTParamList) bug('nested type parameter lists');
  c.inTParamList = true;
  let b: Type = NoType;
  for (let i = 0; i < list.length; i++) {
    const f = list[i];
    if (i === 0 || f.type !== list[i - 1].type) {
      b = bound(c, f.type);
      if (isTypeParam(b)) {
        // Without this rule, type sets of type parameters could depend on each other.
        error(c, f.type, Code.MisplacedTypeParam, 'cannot use a type parameter as constraint');
        b = invalidType;
      }
    }
    tparams[i].bound = b;
  }
  c.inTParamList = false;
}

function bound(c: Checker, x: Expr): Type {
  // A constraint ~T or A|B stands for interface{ ~T } or interface{ A|B }.
  if (x.kind === Syntax.Operation && (x.op === Op.Tilde || x.op === Op.Or)) {
    const t = typExpr(c, new InterfaceType(x.pos, x.end, [new Field(x.pos, null, x)]));
    if (t.kind === TypeKind.Interface) t.implicit = true;
    return t;
  }
  return typExpr(c, x);
}

export function declareTypeParam(c: Checker, name: Name, scopePos: Pos): TypeParam {
  const tname = new TypeName(name.pos, c.pkg, name.value, NoType);
  const tpar = newTypeParam(c, tname, invalidType);
  declare(c, c.scope, name, tname, scopePos);
  return tpar;
}

/** Adds the methods that the resolver found for a type. */
export function collectMethods(c: Checker, obj: TypeName): void {
  const methods = obj.methods;
  if (methods.length === 0) return;
  obj.methods = [];
  const mset = new ObjSet<Func>();
  const base = asNamed(obj.typ);
  if (base !== null) {
    later(c, () => checkFieldUniqueness(c, base));
    for (let i = 0; i < numMethods(base); i++) mset.insert(namedMethod(base, i));
  }
  for (const m of methods) {
    const other = mset.insert(m);
    if (other !== null) {
      const msg = 'method %s.%s already declared';
      if (other.pos === NoPos) errorf(c, m.pos, Code.DuplicateMethod, msg, obj.name, m.name);
      else errorf(c, m.pos, Code.DuplicateMethod, `${msg} at %s`, obj.name, m.name, c.posString(other.pos));
      continue;
    }
    if (base !== null) addMethod(base, m);
  }
}

function checkFieldUniqueness(c: Checker, base: Named): void {
  const t = under(base);
  if (t.kind !== TypeKind.Struct) return;
  const mset = new ObjSet<Func | Var>();
  for (let i = 0; i < numMethods(base); i++) mset.insert(namedMethod(base, i));
  for (const f of t.fields) {
    if (f.name === '_') continue;
    const other = mset.insert(f);
    if (other === null) continue;
    newError(c, Code.DuplicateFieldAndMethod)
      .add(other, 'field and method with the same name %s', f.name)
      .addAltDecl(f)
      .report();
  }
}

function funcDecl(c: Checker, obj: Func, d: DeclInfo): void {
  const fdecl = d.fdecl;
  if (fdecl === null) bug(`no function declaration of ${obj.name}`);
  const sig = new Signature(null, EmptyTuple, EmptyTuple, false);
  // Guards against cycles.
  obj.typ = sig;
  funcType(c, sig, fdecl.recv, fdecl.tparams, fdecl.type);
  if (sig.scope !== null) {
    sig.scope.pos = fdecl.pos;
    sig.scope.end = fdecl.bodyEnd >= 0 && fdecl.body !== null ? endPos(fdecl) : sig.scope.end;
  }
  if (fdecl.tparams.length > 0 && fdecl.bodyStart < 0) {
    softErrorf(c, fdecl, Code.BadDecl, 'generic function is missing function body');
  }
  queueBody(c, d, sig);
}

export { declStmt } from './declstmt.ts';
