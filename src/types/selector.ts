/** Selectors x.f: qualified identifiers, fields, method values and method expressions. */
import { bug } from '#base/bug.ts';
import * as Syntax from '#syntax/kinds.ts';
import type { SelectorExpr } from '#syntax/nodes.ts';
import { copySignature } from './arguments.ts';
import { Typ } from './basic.ts';
import * as BasicKind from './basickind.ts';
import { type Checker, lookup } from './checker.ts';
import { addDeclDep, objDecl } from './decl.ts';
import * as Code from './errors/codes.ts';
import { error, errorf } from './errors.ts';
import { lookupError } from './errsupport.ts';
import { exprOrType } from './expr.ts';
import { FieldVal, MethodExpr, MethodVal } from './info.ts';
import { interfacePtrError, isInterfacePtr, lookupFieldOrMethod } from './lookup.ts';
import * as Mode from './mode.ts';
import { type Func, isExported, newParam, type Obj, type PkgName } from './object.ts';
import * as ObjKind from './objkind.ts';
import type { Operand } from './operand.ts';
import type { Package } from './package.ts';
import { isValid, isValidName } from './predicates.ts';
import { recordSelection, recordUse } from './recording.ts';
import { Signature, Tuple } from './type.ts';
import * as TypeKind from './typekind.ts';
import { under } from './under.ts';

/** With wantType, the selector stands where a type is expected. */
export function selector(c: Checker, x: Operand, e: SelectorExpr, wantType: boolean): void {
  if (!resolve(c, x, e, wantType)) {
    x.mode = Mode.invalid;
    x.typ = Typ[BasicKind.Invalid];
  }
  x.expr = e;
}

/** Whether x denotes something now; if not, a message has been given. */
function resolve(c: Checker, x: Operand, e: SelectorExpr, wantType: boolean): boolean {
  if (e.x.kind === Syntax.Name) {
    const pname = lookup(c, e.x.value);
    if (pname !== null && pname.kind === ObjKind.PkgName) {
      recordUse(e.x, pname);
      pname.used = true;
      return qualified(c, x, e, pname);
    }
  }
  exprOrType(c, x, e.x, false);
  if (x.mode === Mode.builtin) {
    errorf(c, e.pos, Code.UncalledBuiltin, 'invalid use of %s in selector expression', x);
    return false;
  }
  if (x.mode === Mode.invalid) return false;
  // No type is found in another type; and the type may still be incomplete.
  if (wantType) {
    errorf(c, e.sel, Code.NotAType, '%s is not a type', e);
    return false;
  }
  const sel = e.sel.value;
  const found = lookupFieldOrMethod(x.typ, x.mode === Mode.variable, c.pkg, sel, false);
  const obj = found.obj;
  if (obj === null) {
    reportMissing(c, x, e, found.index.length > 0, found.indirect);
    return false;
  }
  if (obj.kind === ObjKind.Func) objDecl(c, obj);
  if (x.mode === Mode.typexpr) return methodExpression(c, x, e, obj, found.index, found.indirect);
  if (obj.kind === ObjKind.Var) {
    recordSelection(e, FieldVal, x.typ, obj, found.index, found.indirect);
    x.mode = x.mode === Mode.variable || found.indirect ? Mode.variable : Mode.value;
    x.typ = obj.typ;
    return true;
  }
  if (obj.kind !== ObjKind.Func || obj.typ.kind !== TypeKind.Signature) bug(`unexpected selection of ${sel}`);
  recordSelection(e, MethodVal, x.typ, obj, found.index, found.indirect);
  x.mode = Mode.value;
  const bound = copySignature(obj.typ);
  bound.recv = null;
  x.typ = bound;
  addDeclDep(c, obj);
  return true;
}

function reportMissing(c: Checker, x: Operand, e: SelectorExpr, ambiguous: boolean, indirect: boolean): void {
  const sel = e.sel.value;
  // Of an invalid type nothing can be told.
  if (!isValid(under(x.typ))) return;
  if (ambiguous) {
    errorf(c, e.sel, Code.AmbiguousSelector, 'ambiguous selector %s.%s', x.expr, sel);
    return;
  }
  if (indirect) {
    if (x.mode === Mode.typexpr) {
      const text = 'invalid method expression %s.%s (needs pointer receiver (*%s).%s)';
      errorf(c, e.sel, Code.InvalidMethodExpr, text, x.typ, sel, x.typ, sel);
    } else {
      errorf(c, e.sel, Code.InvalidMethodExpr, 'cannot call pointer method %s on %s', sel, x.typ);
    }
    return;
  }
  let why: string;
  if (isInterfacePtr(x.typ)) {
    why = interfacePtrError(c, x.typ);
  } else {
    const alt = lookupFieldOrMethod(x.typ, x.mode === Mode.variable, c.pkg, sel, true);
    why = lookupError(c, x.typ, sel, alt.obj, false);
  }
  errorf(c, e.sel, Code.MissingFieldOrMethod, '%s.%s undefined (%s)', x.expr, sel, why);
}

/** T.m: a function whose first parameter is the receiver. */
function methodExpression(
  c: Checker,
  x: Operand,
  e: SelectorExpr,
  m: Obj,
  index: readonly number[],
  indirect: boolean,
): boolean {
  const sel = e.sel.value;
  if (m.kind !== ObjKind.Func) {
    const text = '%s.%s undefined (type %s has no method %s)';
    errorf(c, e.sel, Code.MissingFieldOrMethod, text, x.expr, sel, x.typ, sel);
    return false;
  }
  recordSelection(e, MethodExpr, x.typ, m, index, indirect);
  const sig = m.typ;
  if (sig.kind !== TypeKind.Signature || sig.recv === null) {
    error(c, e, Code.InvalidDeclCycle, 'illegal cycle in method declaration');
    return false;
  }
  const params = sig.params.vars;
  // All parameters of a signature have names, or none has.
  let name = '';
  if (params.length > 0 && params[0].name !== '') name = sig.recv.name === '' ? '_' : sig.recv.name;
  const recv = newParam(sig.recv.pos, sig.recv.pkg, name, x.typ);
  const fun = new Signature(null, new Tuple([recv, ...params]), sig.results, sig.variadic);
  fun.tparams = sig.tparams;
  x.mode = Mode.value;
  x.typ = fun;
  addDeclDep(c, m);
  return true;
}

/** pkg.Name. */
function qualified(c: Checker, x: Operand, e: SelectorExpr, pname: PkgName): boolean {
  const pkg = pname.imported;
  let funcMode: number = Mode.value;
  let exp: Obj | null;
  if (pkg.cgo) {
    exp = cgoObject(c, e.sel.value);
    if (e.sel.value !== 'malloc') funcMode = Mode.cgofunc;
    if (exp === null) {
      if (isValidName(e.sel.value)) errorf(c, e.sel, Code.UndeclaredImportedName, 'undefined: %s', e);
      return false;
    }
    objDecl(c, exp);
  } else {
    exp = exportedObject(c, e, pname);
    if (exp === null) return false;
  }
  recordUse(e.sel, exp);
  switch (exp.kind) {
    case ObjKind.Const:
      x.mode = Mode.constant_;
      x.typ = exp.typ;
      x.val = exp.val;
      return true;
    case ObjKind.TypeName:
      x.mode = Mode.typexpr;
      x.typ = exp.typ;
      return true;
    case ObjKind.Var:
      x.mode = Mode.variable;
      x.typ = exp.typ;
      // A C variable is reached through a pointer.
      if (pkg.cgo && exp.name.startsWith('_Cvar_') && exp.typ.kind === TypeKind.Pointer) x.typ = exp.typ.elem;
      return true;
    case ObjKind.Func:
      qualifiedFunc(x, exp, pkg.cgo, funcMode);
      return true;
    case ObjKind.Builtin:
      x.mode = Mode.builtin;
      x.typ = exp.typ;
      x.id = exp.id;
      return true;
    default:
      return bug(`unexpected object ${exp.name} in a package`);
  }
}

function qualifiedFunc(x: Operand, f: Func, cgo: boolean, funcMode: number): void {
  x.mode = funcMode;
  x.typ = f.typ;
  // A C macro is the result of a function that evaluates it.
  if (cgo && f.name.startsWith('_Cmacro_') && f.typ.kind === TypeKind.Signature) {
    x.mode = Mode.value;
    x.typ = f.typ.results.vars[0].typ;
  }
}

function exportedObject(c: Checker, e: SelectorExpr, pname: PkgName): Obj | null {
  const pkg = pname.imported;
  const sel = e.sel.value;
  const exp = pkg.scope.lookup(sel);
  if (exp === null) {
    if (!pkg.fake && isValidName(sel)) {
      const alt = lookupExportedIgnoringCase(pkg, sel);
      if (alt !== null) errorf(c, e.sel, Code.UndeclaredImportedName, 'undefined: %s (but have %s)', e, alt);
      else errorf(c, e.sel, Code.UndeclaredImportedName, 'undefined: %s', e);
    }
    return null;
  }
  if (!isExported(exp.name)) {
    errorf(c, e.sel, Code.UnexportedName, 'name %s not exported by package %s', sel, pkg.name);
  }
  objDecl(c, exp);
  return exp;
}

/** The first exported name, in order, that differs in case only. */
function lookupExportedIgnoringCase(pkg: Package, name: string): string | null {
  const folded = name.toLowerCase();
  pkg.checker?.onDemand?.();
  for (const candidate of pkg.scope.names()) {
    if (isExported(candidate) && candidate.toLowerCase() === folded) return candidate;
  }
  return null;
}

const cgoPrefixes = ['_Ciconst_', '_Cfconst_', '_Csconst_', '_Ctype_', '_Cvar_', '_Cfpvar_fp_', '_Cfunc_', '_Cmacro_'];

/** What C.name is in the file that cgo generated: malloc is special, it has no second result. */
function cgoObject(c: Checker, name: string): Obj | null {
  const sel = name === 'malloc' ? '_CMalloc' : name;
  for (const prefix of cgoPrefixes) {
    const obj = lookup(c, prefix + sel);
    if (obj !== null) return obj;
  }
  return null;
}
