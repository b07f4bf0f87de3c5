/** Function types, and the receivers of methods (spec: "Function types", "Method declarations"). */
import type { Pos } from '#base/source.ts';
import { NoPos } from '#base/source.ts';
import * as Syntax from '#syntax/kinds.ts';
import { type Expr, type Field, type FuncType, Name, unpackListExpr, unparen } from '#syntax/nodes.ts';
import * as Op from '#syntax/operators.ts';
import { endPos } from '#syntax/positions.ts';
import { invalidType } from './basic.ts';
import * as BasicKind from './basickind.ts';
import { type Checker, later } from './checker.ts';
import { collectBounds, declareTypeParam, declareTypeParams } from './decl.ts';
import { closeScope, declare, openScope } from './declare.ts';
import * as Code from './errors/codes.ts';
import { error, errorf } from './errors.ts';
import { instance } from './instantiate.ts';
import { deref } from './lookup.ts';
import * as Mode from './mode.ts';
import { recordMonoCanon } from './mono.ts';
import { typeParams } from './named.ts';
import { type TypeName, Var } from './object.ts';
import * as ObjKind from './objkind.ts';
import { Cause } from './operand.ts';
import { isValid } from './predicates.ts';
import { recordImplicit, recordInstance, recordTypeAndValue, recordUse } from './recording.ts';
import { makeSubstMap, subst } from './subst.ts';
import {
  EmptyTuple,
  type Named,
  Pointer,
  type Signature,
  Slice,
  Tuple,
  type Type,
  type TypeParam,
  unalias,
} from './type.ts';
import * as TypeKind from './typekind.ts';
import { bindTParams } from './typeparam.ts';
import { genericType, varType } from './typexpr.ts';
import { under } from './under.ts';
import { go1_18, verifyVersionf } from './version.ts';

/** Sets up sig from its syntax. Its scope stays with it, for the function's body. */
export function funcType(
  c: Checker,
  sig: Signature,
  recvPar: Field | null,
  tparams: readonly Field[],
  ftyp: FuncType,
): void {
  openScope(c, ftyp);
  c.scope.isFunc = true;
  sig.scope = c.scope;

  let recv: Var | null = null;
  let rparams: TypeParam[] = [];
  if (recvPar !== null) {
    const r = collectRecv(c, recvPar, ftyp.pos);
    recv = r.recv;
    rparams = r.tparams;
  }
  if (tparams.length > 0) {
    sig.tparams = declareTypeParams(c, tparams);
    collectBounds(c, sig.tparams, tparams);
  }
  const params = collectParams(c, ObjKind.ParamVar, ftyp.params);
  const results = collectParams(c, ObjKind.ResultVar, ftyp.results);

  // Parameters are in scope in the body only.
  const scopePos = endPos(ftyp);
  if (recv !== null && recv.name !== '' && recvPar !== null) declare(c, c.scope, recvPar.name, recv, scopePos);
  declareParams(c, ftyp.params, params.vars, scopePos);
  declareParams(c, ftyp.results, results.vars, scopePos);

  sig.recv = recv;
  sig.rparams = rparams;
  sig.params = params.vars.length === 0 ? EmptyTuple : new Tuple(params.vars);
  sig.results = results.vars.length === 0 ? EmptyTuple : new Tuple(results.vars);
  sig.variadic = params.variadic;
  closeScope(c);
}

/** A receiver type's parts: pointer, base type, type parameters. */
export interface Receiver {
  isPointer: boolean;
  base: Expr;
  /** Null if there are none. */
  tparams: Name[] | null;
}

/** Takes a receiver type apart. Type parameters are only looked at with unpackParams. */
export function unpackRecv(c: Checker, rtyp: Expr, unpackParams: boolean): Receiver {
  let base = unparen(rtyp);
  let isPointer = false;
  if (base.kind === Syntax.Operation && base.op === Op.Mul && base.y === null) {
    isPointer = true;
    base = unparen(base.x);
  }
  let tparams: Name[] | null = null;
  if (base.kind === Syntax.IndexExpr) {
    const index = base;
    base = index.x;
    if (unpackParams) {
      tparams = [];
      for (const arg of unpackListExpr(index.index)) {
        if (arg.kind === Syntax.Name) {
          tparams.push(arg);
          continue;
        }
        if (arg.kind !== Syntax.BadExpr) {
          errorf(c, arg, Code.BadDecl, 'receiver type parameter %s must be an identifier', arg);
        }
        tparams.push(new Name(arg.pos, arg.pos, '_'));
      }
    }
  }
  return { isPointer, base, tparams };
}

function collectRecv(c: Checker, rparam: Field, scopePos: Pos): { recv: Var; tparams: TypeParam[] } {
  const r = unpackRecv(c, rparam.type, true);
  let recvType: Type = invalidType;
  let tparams: TypeParam[] = [];
  if (r.tparams === null) {
    recvType = varType(c, rparam.type);
    if (isInstanceAlias(c, r.base, recvType)) recvType = invalidType;
  } else {
    let baseType: Named | null = null;
    const cause = new Cause();
    const t = genericType(c, r.base, cause);
    if (!isValid(t)) {
      if (cause.text !== '') errorf(c, r.base, Code.InvalidRecv, '%s', cause.text);
    } else if (t.kind === TypeKind.Named) {
      baseType = t;
    } else if (t.kind === TypeKind.Alias) {
      errorf(c, r.base, Code.InvalidRecv, 'cannot define new methods on generic alias type %s', t);
    }
    for (const name of r.tparams) {
      const tpar = declareTypeParam(c, name, scopePos);
      tparams.push(tpar);
      // The name is a use of the type parameter, too, in the receiver type.
      recordUse(name, tpar.obj);
      recordTypeAndValue(name, Mode.typexpr, tpar, null);
    }
    tparams = bindTParams(tparams);
    if (baseType !== null) recvType = instantiateRecv(c, rparam, r, baseType, tparams);
  }

  let recv: Var;
  if (rparam.name !== null && rparam.name.value !== '') {
    recv = new Var(ObjKind.RecvVar, rparam.name.pos, c.pkg, rparam.name.value, recvType);
  } else {
    recv = new Var(ObjKind.RecvVar, rparam.pos, c.pkg, '', recvType);
    recordImplicit(rparam, recv);
  }
  later(c, () => validRecv(c, r.base, recv));
  return { recv, tparams };
}

/** Whether an alias in the receiver type stands for an instantiated type; reports it. */
function isInstanceAlias(c: Checker, base: Expr, recvType: Type): boolean {
  let a = unpointer(recvType);
  while (a.kind === TypeKind.Alias) {
    const t = unpointer(a.fromRHS);
    const isParameterized =
      (t.kind === TypeKind.Named && typeParams(t).length > 0) ||
      ((t.kind === TypeKind.Alias || t.kind === TypeKind.Signature) && t.tparams.length > 0);
    if (isParameterized) {
      errorf(c, base, Code.InvalidRecv, 'cannot define new methods on instantiated type %s', t);
      return true;
    }
    a = t;
  }
  return false;
}

function unpointer(t0: Type): Type {
  let t = t0;
  while (t.kind === TypeKind.Pointer) t = t.elem;
  return t;
}

/** The receiver type: the base type instantiated with the receiver's own type parameters, which get the base type's constraints. */
function instantiateRecv(c: Checker, rparam: Field, r: Receiver, base: Named, tparams: TypeParam[]): Type {
  const baseParams = typeParams(base);
  if (tparams.length === baseParams.length) {
    const smap = makeSubstMap(baseParams, tparams);
    for (let i = 0; i < tparams.length; i++) {
      recordMonoCanon(c, tparams[i], baseParams[i]);
      tparams[i].bound = subst(c, tparams[i].obj.pos, baseParams[i].bound, smap, null, c.ctxt);
    }
  } else {
    const got = `${tparams.length} type parameter${tparams.length === 1 ? '' : 's'}`;
    const msg = 'receiver declares %s, but receiver base type declares %d';
    errorf(c, r.base, Code.BadRecv, msg, got, baseParams.length);
  }
  verifyVersionf(c, r.base, go1_18, 'type instantiation');
  let recvType = instance(c, rparam.type.pos, base, [...tparams], null, c.ctxt);
  recordInstance(r.base, tparams, recvType);
  if (r.isPointer && isValid(recvType)) recvType = new Pointer(recvType);
  recordRecvTypes(rparam.type, recvType);
  return recvType;
}

/** Records the types of a receiver type's parts, which have not been checked as type expressions. */
function recordRecvTypes(rtyp: Expr, recvType: Type): void {
  let e = rtyp;
  let typ = recvType;
  for (;;) {
    recordTypeAndValue(e, Mode.typexpr, typ, null);
    if (e.kind === Syntax.ParenExpr) {
      e = e.x;
    } else if (e.kind === Syntax.Operation && e.op === Op.Mul && e.y === null) {
      if (typ.kind !== TypeKind.Pointer) return;
      e = e.x;
      typ = typ.elem;
    } else {
      return;
    }
  }
}

function collectParams(c: Checker, kind: number, list: readonly Field[]): { vars: Var[]; variadic: boolean } {
  const vars: Var[] = [];
  let variadic = false;
  let typ: Type = invalidType;
  let prev: Expr | null = null;
  for (let i = 0; i < list.length; i++) {
    const field = list[i];
    if (field.type !== prev) {
      prev = field.type;
      let ftype = field.type;
      if (ftype.kind === Syntax.DotsType) {
        if (kind === ObjKind.ParamVar && i === list.length - 1) variadic = true;
        else error(c, ftype, Code.InvalidSyntaxTree, 'invalid use of ...');
        ftype = ftype.elem;
      }
      typ = varType(c, ftype);
    }
    if (field.name !== null) {
      vars.push(new Var(kind, field.name.pos, c.pkg, field.name.value, typ));
    } else {
      const v = new Var(kind, field.pos, c.pkg, '', typ);
      recordImplicit(field, v);
      vars.push(v);
    }
  }
  if (variadic) {
    const last = vars[vars.length - 1];
    last.typ = new Slice(last.typ);
    recordTypeAndValue(list[list.length - 1].type, Mode.typexpr, last.typ, null);
  }
  return { vars, variadic };
}

function declareParams(c: Checker, list: readonly Field[], vars: readonly Var[], scopePos: Pos): void {
  for (let i = 0; i < list.length; i++) {
    const name = list[i].name;
    if (name !== null && name.value !== '') declare(c, c.scope, name, vars[i], scopePos);
  }
}

/** Reports a receiver whose base type is not a defined type of this package, or a pointer or interface (spec: "Method declarations"). */
function validRecv(c: Checker, base: Expr, recv: Var): void {
  const rtyp = deref(recv.typ).type;
  const t = unalias(rtyp);
  if (!isValid(t)) return;
  if (t.kind === TypeKind.Named) {
    if (t.obj.pkg !== c.pkg || isCgoType(c, t.obj)) {
      errorf(c, base, Code.InvalidRecv, 'cannot define new methods on non-local type %s', rtyp);
      return;
    }
    const u = under(t);
    let cause = '';
    if (u.kind === TypeKind.Basic && u.basic === BasicKind.UnsafePointer) cause = 'unsafe.Pointer';
    else if (u.kind === TypeKind.Pointer || u.kind === TypeKind.Interface) cause = 'pointer or interface type';
    if (cause !== '') errorf(c, base, Code.InvalidRecv, 'invalid receiver type %s (%s)', rtyp, cause);
  } else if (t.kind === TypeKind.Basic) {
    errorf(c, base, Code.InvalidRecv, 'cannot define new methods on non-local type %s', rtyp);
  } else {
    errorf(c, base, Code.InvalidRecv, 'invalid receiver type %s', recv.typ);
  }
}

/** Types that cgo generated are C's. */
function isCgoType(c: Checker, obj: TypeName): boolean {
  if (obj.name.startsWith('_Ctype_')) return true;
  if (obj.pos === NoPos) return false;
  const name = c.conf.files.position(obj.pos).filename;
  return name.slice(name.lastIndexOf('/') + 1).startsWith('_cgo_');
}
