/** Collecting the objects that files declare, before any of them is resolved (spec: "Declarations and scope", "Import declarations"). */
import { NoPos, type Pos } from '#base/source.ts';
import * as constant from '#constant/value.ts';
import * as Syntax from '#syntax/kinds.ts';
import {
  type ConstDecl,
  type Expr,
  type File,
  type FuncDecl,
  type ImportDecl,
  type Name,
  type TypeDecl,
  unpackListExpr,
  unparen,
  type VarDecl,
} from '#syntax/nodes.ts';
import * as Op from '#syntax/operators.ts';
import { invalidType } from './basic.ts';
import type { Checker } from './checker.ts';
import { declare } from './declare.ts';
import { DeclInfo } from './declinfo.ts';
import * as Code from './errors/codes.ts';
import { error, errorf, newError, softErrorf } from './errors.ts';
import { Const, Func, isExported, type Obj, PkgName, TypeName, Var } from './object.ts';
import * as ObjKind from './objkind.ts';
import { Package } from './package.ts';
import { recordDef, recordImplicit } from './recording.ts';
import { Scope } from './scope.ts';
import { unpackRecv } from './signature.ts';
import { NoType } from './type.ts';
import { universe, unsafePackage } from './universe.ts';
import { asGoVersion, type GoVersion, go_current, go1_18, go1_21, verifyVersionf, versionString } from './version.ts';

/** A method whose receiver base type is yet to be found. */
export interface Method {
  readonly obj: Func;
  readonly isPointer: boolean;
  readonly recv: Name;
}

/** A constant declaration repeated by those that follow it in its group. */
export interface ConstGroup {
  /** The index in its list of the group's first specification; -1 outside of constant declarations. */
  first: number;
  /** The last specification with a type or values. */
  last: ConstDecl | null;
}

/** What a constant specification means: iota, and whose type and values it has. */
export interface ConstSpec {
  iota: number;
  type: Expr | null;
  values: Expr[];
  inherited: boolean;
}

/** The next specification, at an index of a list of declarations, of the group that is being gone through. */
export function nextConst(g: ConstGroup, s: ConstDecl, index: number, isSameGroup: boolean): ConstSpec {
  if (g.first < 0 || !isSameGroup) {
    g.first = index;
    g.last = null;
  }
  let inherited = true;
  if (s.type !== null || s.values !== null) {
    g.last = s;
    inherited = false;
  } else if (g.last === null) {
    inherited = false;
  }
  const last = g.last;
  return {
    iota: index - g.first,
    type: last === null ? null : last.type,
    values: last === null ? [] : unpackListExpr(last.values),
    inherited,
  };
}

/** The state of a walk over a file. */
class Collector {
  readonly c: Checker;
  readonly file: File;
  readonly scope: Scope;
  readonly version: GoVersion;
  readonly methods: Method[];

  constructor(c: Checker, file: File, scope: Scope, version: GoVersion, methods: Method[]) {
    this.c = c;
    this.file = file;
    this.scope = scope;
    this.version = version;
    this.methods = methods;
  }

  declInfo(): DeclInfo {
    return new DeclInfo(this.file, this.scope, this.version);
  }
}

/** Collects all package-level objects of c.files. */
export function collectObjects(c: Checker): void {
  initFiles(c);
  const methods: Method[] = [];
  const scopes: Scope[] = [];
  for (const file of c.files) scopes.push(collectFileOf(c, file, methods));
  checkFileScopes(c, scopes);
  for (const m of methods) attachMethod(c, m);
  c.collected = true;
}

/** Collects the objects of a file, whose version is known; methods are put on the list. Returns the file's scope. */
export function collectFileOf(c: Checker, file: File, methods: Method[]): Scope {
  c.version = c.versions.get(file) ?? 0;
  const scope = new Scope(c.pkg.scope, file.pos, file.eof);
  collectFile(new Collector(c, file, scope, c.version, methods));
  return scope;
}

/** Gives a method to the type name that its receiver's base type is declared as. */
export function attachMethod(c: Checker, m: Method): void {
  const base = resolveBaseTypeName(c, m.isPointer, m.recv);
  if (base === null) return;
  m.obj.ptrRecv = base.isPointer;
  base.obj.methods.push(m.obj);
  if (m.obj.decl !== null) m.obj.decl.recvBase = base.obj;
}

/** Names the package, drops files of other packages, and finds out the language versions of files. */
function initFiles(c: Checker): void {
  const pkg = c.pkg;
  const files: File[] = [];
  for (const file of c.files) {
    const clause = file.pkgName;
    if (clause === null) continue;
    if (pkg.name === '') {
      if (clause.value !== '_') pkg.name = clause.value;
      else error(c, clause, Code.BlankPkgName, 'invalid package name _');
    } else if (clause.value !== pkg.name) {
      const msg = 'package %s; expected package %s';
      errorf(c, file, Code.MismatchedPkgName, msg, clause.value, pkg.name);
      continue;
    }
    files.push(file);
  }
  c.files = files;

  const pkgVersion = asGoVersion(c.conf.goVersion);
  if (pkgVersion > go_current && files.length > 0) {
    const msg = 'package requires newer Go version %s (application built with %s)';
    errorf(c, files[0], Code.TooNew, msg, versionString(pkgVersion), versionString(go_current));
  }
  for (const file of files) {
    const fileVersion = asGoVersion(file.goVersion);
    if (fileVersion > go_current && file.pkgName !== null) {
      const msg = 'file requires newer Go version %s';
      errorf(c, file.pkgName, Code.TooNew, msg, versionString(fileVersion));
    }
    c.versions.set(file, versionOf(c, file));
  }
}

/** The language version of a file. */
export function versionOf(c: Checker, file: File): GoVersion {
  const fileVersion = asGoVersion(file.goVersion);
  // Build constraints set the version since go1.21, downwards to it only.
  return fileVersion === 0 ? asGoVersion(c.conf.goVersion) : Math.max(fileVersion, go1_21);
}

function collectFile(k: Collector): void {
  const decls = k.file.decls;
  const group: ConstGroup = { first: -1, last: null };
  for (let i = 0; i < decls.length; i++) {
    const d = decls[i];
    if (d.kind !== Syntax.ConstDecl) group.first = -1;
    switch (d.kind) {
      case Syntax.ImportDecl:
        collectImport(k, d);
        break;
      case Syntax.ConstDecl: {
        const prev = i > 0 ? decls[i - 1] : null;
        const same = d.group !== null && prev !== null && prev.kind === Syntax.ConstDecl && prev.group === d.group;
        collectConst(k, d, nextConst(group, d, i, same));
        break;
      }
      case Syntax.VarDecl:
        collectVar(k, d);
        break;
      case Syntax.TypeDecl:
        collectType(k, d);
        break;
      case Syntax.FuncDecl:
        collectFunc(k, d);
        break;
    }
  }
}

/** Puts an object with its declaration on the list. */
function addObject(c: Checker, obj: Obj, d: DeclInfo): void {
  obj.decl = d;
  c.objList.push(obj);
  obj.order = ++c.lastOrder;
}

function declarePkgObj(c: Checker, name: Name, obj: Obj, d: DeclInfo): void {
  if (name.value === 'init') {
    error(c, name, Code.InvalidInitDecl, 'cannot declare init - must be func');
    return;
  }
  if (name.value === 'main' && c.pkg.name === 'main') {
    error(c, name, Code.InvalidMainDecl, 'cannot declare main - must be func');
    return;
  }
  declare(c, c.pkg.scope, name, obj, NoPos);
  addObject(c, obj, d);
}

function collectImport(k: Collector, s: ImportDecl): void {
  const c = k.c;
  if (s.path === null || s.path.bad) return;
  const path = constant.textOf(constant.unquote(s.path.value) ?? '');
  const wrong = invalidImportPath(path);
  if (wrong !== '') {
    errorf(c, s.path, Code.BadImportPath, 'invalid import path (%s)', wrong);
    return;
  }
  const imp = importPackage(c, s.path.pos, path);
  let name = imp.name;
  if (s.localPkgName !== null) {
    name = s.localPkgName.value;
    if (path === 'C') {
      error(c, s.localPkgName, Code.ImportCRenamed, 'cannot rename import "C"');
      return;
    }
  }
  if (name === 'init') {
    error(c, s, Code.InvalidInitDecl, 'cannot import package as init - init must be a func');
    return;
  }
  if (!c.pkg.imports.includes(imp)) c.pkg.imports.push(imp);

  const pkgName = new PkgName(s.pos, c.pkg, name, invalidType, imp);
  if (s.localPkgName !== null) recordDef(s.localPkgName, pkgName);
  else recordImplicit(s, pkgName);
  // Uses of a package that could not be imported, or of C, cannot be told.
  if (imp.fake) pkgName.used = true;
  c.imports.push(pkgName);
  if (name === '.') dotImport(k, s, pkgName);
  else declare(c, k.scope, null, pkgName, NoPos);
}

function dotImport(k: Collector, s: ImportDecl, pkgName: PkgName): void {
  const c = k.c;
  let names = c.dotImports.get(k.scope);
  if (names === undefined) {
    names = new Map();
    c.dotImports.set(k.scope, names);
  }
  pkgName.imported.checker?.onDemand?.();
  for (const [name, obj] of pkgName.imported.scope.elems ?? []) {
    if (!isExported(name)) continue;
    const other = k.scope.lookup(name);
    if (other !== null) {
      newError(c, Code.DuplicateDecl)
        .add(s.localPkgName ?? s, '%s redeclared in this block', other.name)
        .addAltDecl(other)
        .report();
      continue;
    }
    // The object's parent stays the scope of its package.
    if (k.scope.elems === null) k.scope.elems = new Map();
    k.scope.elems.set(name, obj);
    names.set(name, pkgName);
  }
}

const illegalInPath = '!"#$%&\'()*,:;<=>?[\\]^{|}`\uFFFD';

/** What is wrong with an import path, or "". */
function invalidImportPath(path: string): string {
  if (path === '') return 'empty string';
  for (const ch of path) {
    if (!illegalInPath.includes(ch) && /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(ch)) continue;
    const code = (ch.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    const shown = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(ch) ? ` '${ch}'` : '';
    return `invalid character U+${code}${shown}`;
  }
  return '';
}

/** The imported package; a made-up one if that fails. */
function importPackage(c: Checker, pos: Pos, path: string): Package {
  const known = c.impMap.get(path);
  if (known !== undefined) return known;
  let imp: Package;
  if (path === 'unsafe') {
    imp = unsafePackage;
  } else if (path === 'C' && (c.conf.fakeImportC || c.conf.usesCgo)) {
    imp = new Package('C', 'C', universe);
    imp.fake = true;
    imp.cgo = c.conf.usesCgo;
  } else {
    let result = c.importer.import(path, pos);
    if (typeof result !== 'string' && (result.name === '_' || result.name === '')) {
      result = `invalid package name: "${result.name}"`;
    }
    if (typeof result === 'string') {
      errorf(c, pos, Code.BrokenImport, 'could not import %s (%s)', path, result);
      const trimmed = path.endsWith('/') ? path.slice(0, -1) : path;
      imp = new Package(path, trimmed.slice(trimmed.lastIndexOf('/') + 1), universe);
      imp.fake = true;
    } else {
      imp = result;
    }
  }
  c.impMap.set(path, imp);
  return imp;
}

function collectConst(k: Collector, s: ConstDecl, spec: ConstSpec): void {
  const c = k.c;
  for (let i = 0; i < s.names.length; i++) {
    const name = s.names[i];
    const obj = new Const(name.pos, c.pkg, name.value, NoType, constant.makeInt64(spec.iota));
    const d = k.declInfo();
    d.vtyp = spec.type;
    d.init = i < spec.values.length ? spec.values[i] : null;
    d.inherited = spec.inherited;
    declarePkgObj(c, name, obj, d);
  }
  arity(c, s.pos, s.names, spec.values, true, spec.inherited);
}

function collectVar(k: Collector, s: VarDecl): void {
  const c = k.c;
  const values = unpackListExpr(s.values);
  const vars: Var[] = [];
  // One declaration for all variables if there is one initialisation expression, or none.
  let shared: DeclInfo | null = null;
  if (s.values === null || s.values.kind !== Syntax.ListExpr) {
    shared = k.declInfo();
    shared.lhs = vars;
    shared.vtyp = s.type;
    shared.init = s.values;
  }
  for (let i = 0; i < s.names.length; i++) {
    const name = s.names[i];
    const obj = new Var(ObjKind.PackageVar, name.pos, c.pkg, name.value, NoType);
    vars.push(obj);
    let d = shared;
    if (d === null) {
      d = k.declInfo();
      d.vtyp = s.type;
      d.init = i < values.length ? values[i] : null;
    }
    declarePkgObj(c, name, obj, d);
  }
  if (s.type === null || values.length > 0) arity(c, s.pos, s.names, values, false, false);
}

function collectType(k: Collector, s: TypeDecl): void {
  const obj = new TypeName(s.name.pos, k.c.pkg, s.name.value, NoType);
  const d = k.declInfo();
  d.tdecl = s;
  declarePkgObj(k.c, s.name, obj, d);
}

function collectFunc(k: Collector, s: FuncDecl): void {
  const c = k.c;
  const name = s.name.value;
  const obj = new Func(s.name.pos, c.pkg, name, null);
  let hasTParamError = false;
  if (s.recv === null) {
    const isMain = name === 'main' && c.pkg.name === 'main';
    if (name === 'init' || isMain) {
      const code = isMain ? Code.InvalidMainDecl : Code.InvalidInitDecl;
      if (s.tparams.length > 0) {
        softErrorf(c, s.tparams[0], code, 'func %s must have no type parameters', name);
        hasTParamError = true;
      }
      if (s.type.params.length > 0 || s.type.results.length > 0) {
        softErrorf(c, s.name, code, 'func %s must have no arguments and no return values', name);
      }
    }
    if (name === 'init') {
      // There may be several, and none can be referred to.
      obj.parent = c.pkg.scope;
      recordDef(s.name, obj);
      if (s.bodyStart < 0) softErrorf(c, obj.pos, Code.MissingInitBody, 'func init must have a body');
    } else {
      declare(c, c.pkg.scope, s.name, obj, NoPos);
    }
  } else {
    const r = unpackRecv(c, s.recv.type, false);
    if (r.base.kind === Syntax.Name && name !== '_') k.methods.push({ obj, isPointer: r.isPointer, recv: r.base });
    recordDef(s.name, obj);
  }
  if (s.tparams.length > 0 && !hasTParamError) verifyVersionf(c, s.tparams[0], go1_18, 'type parameter');
  const d = k.declInfo();
  d.fdecl = s;
  addObject(c, obj, d);
  if (s.bodyStart >= 0) c.funcs.push(obj);
}

/** Reports names that a file imports and the package declares. */
function checkFileScopes(c: Checker, scopes: readonly Scope[]): void {
  for (const scope of scopes) {
    for (const [name, obj] of scope.elems ?? []) {
      const other = c.pkg.scope.lookup(name);
      if (other === null) continue;
      const err = newError(c, Code.DuplicateDecl);
      if (obj.kind === ObjKind.PkgName) {
        err.add(other, '%s already declared through import of %s', other.name, packageString(obj.imported));
        err.addAltDecl(obj);
      } else {
        const from = obj.pkg === null ? '' : packageString(obj.pkg);
        err.add(other, '%s already declared through dot-import of %s', other.name, from);
        err.addAltDecl(obj);
      }
      err.report();
    }
  }
}

function packageString(pkg: Package): string {
  return `package ${pkg.name} (${JSON.stringify(pkg.path)})`;
}

/** The type name that a receiver's base type is declared as, through aliases; null if there is none in this package. */
function resolveBaseTypeName(
  c: Checker,
  recvIsPointer: boolean,
  recv: Name,
): { obj: TypeName; isPointer: boolean } | null {
  const seen = new Set<TypeName>();
  let isPointer = recvIsPointer;
  let name = recv;
  for (;;) {
    const obj = c.pkg.scope.lookup(name.value);
    if (obj === null || obj.kind !== ObjKind.TypeName || seen.has(obj)) return null;
    const tdecl = obj.decl?.tdecl;
    if (tdecl === undefined || tdecl === null) return null;
    if (!tdecl.alias) return { obj, isPointer };
    // A generic alias must be instantiated: then the type is not ours to add methods to.
    if (tdecl.tparams.length > 0) return null;
    seen.add(obj);
    let typ = unparen(tdecl.type);
    if (typ.kind === Syntax.Operation && typ.op === Op.Mul && typ.y === null) {
      // A pointer to a pointer has no methods.
      if (isPointer) return null;
      isPointer = true;
      typ = unparen(typ.x);
    }
    if (typ.kind !== Syntax.Name) return null;
    name = typ;
  }
}

/** Reports numbers of names and values that do not match. */
export function arity(
  c: Checker,
  pos: Pos,
  names: readonly Name[],
  inits: readonly Expr[],
  isConst: boolean,
  inherited: boolean,
): void {
  const l = names.length;
  const r = inits.length;
  if (l < r) {
    const n = inits[l];
    if (inherited) errorf(c, pos, Code.WrongAssignCount, 'extra init expr at %s', c.posString(n.pos));
    else errorf(c, n, Code.WrongAssignCount, 'extra init expr %s', n);
  } else if (l > r && (isConst || r !== 1)) {
    // One value may be a call with several results.
    errorf(c, names[r], Code.WrongAssignCount, 'missing init expr for %s', names[r].value);
  }
}

/** Reports imports that nothing uses. */
export function unusedImports(c: Checker): void {
  for (const obj of c.imports) {
    if (obj.name === '_' || obj.used) continue;
    const path = obj.imported.path;
    const elem = path.slice(path.lastIndexOf('/') + 1);
    if (obj.name === '' || obj.name === '.' || obj.name === elem) {
      softErrorf(c, obj, Code.UnusedImport, '%q imported and not used', path);
    } else {
      softErrorf(c, obj, Code.UnusedImport, '%q imported as %s and not used', path, obj.name);
    }
  }
}
