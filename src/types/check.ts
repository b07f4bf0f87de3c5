/**
 * The type checker: every identifier resolved, every expression typed, constants exact; what the specification calls an error is reported with the text and
 * position of cmd/compile/internal/types2. This file is the entrance.
 *
 * checkPackage sets a package up: objects are collected (resolver.ts), none is resolved. Then either checkAll checks everything at once, or objects are
 * resolved when they are looked up (resolveObj in decl.ts) and bodies checked when they are asked for (checkBody), in the checker of the package
 * that declares them: imports need no order, and cost what is used of them. Both give the same results.
 *
 * Data: type.ts, object.ts, scope.ts, package.ts; what is left in the tree for later stages: info.ts; the state: checker.ts.
 * Declarations: resolver.ts, decl.ts, declstmt.ts, cycles.ts, validtype.ts, initorder.ts.
 * Types: typexpr.ts, struct.ts, signature.ts, interface.ts, union.ts, typeset.ts, termlist.ts, named.ts, alias.ts, typeparam.ts.
 * Generics: instantiate.ts, subst.ts, context.ts, infer.ts, unify.ts, mono.ts (endless instantiation).
 * Questions about types: under.ts, predicates.ts, lookup.ts, implements.ts, sizes.ts, coretype.ts.
 * Expressions: expr.ts, operand.ts, binary.ts, const.ts, untyped.ts, conversion.ts, call.ts, builtins.ts, index.ts, literals.ts, selector.ts.
 * Statements: stmt.ts, assignments.ts, switch.ts, range.ts, labels.ts, return.ts.
 * Messages: errors.ts, format.ts, typestring.ts, objectstring.ts, errors/codes.ts.
 */
import type { Report } from '#base/diagnostic.ts';
import type { FileSet } from '#base/source.ts';
import type { File } from '#syntax/nodes.ts';
import { Checker, type Cleanable, type Config, type Importer, later, processDelayed } from './checker.ts';
import { Context } from './context.ts';
import { directCycles } from './cycles.ts';
import { collectMethods, objDecl, resolveObj } from './decl.ts';
import type { DeclInfo } from './declinfo.ts';
import type { Initializer } from './info.ts';
import { initOrder } from './initorder.ts';
import { monomorph } from './mono.ts';
import { namedUnder } from './named.ts';
import type { Func, Obj, TypeName } from './object.ts';
import * as ObjKind from './objkind.ts';
import { Package } from './package.ts';
import { collectObjects, unusedImports } from './resolver.ts';
import { sizesFor } from './sizes.ts';
import { funcBody } from './stmt.ts';
import { NoType, type Signature, unalias } from './type.ts';
import * as TypeKind from './typekind.ts';
import { iface } from './typeparam.ts';
import { typeSet } from './typeset.ts';
import { universe } from './universe.ts';

/** A configuration for a GOARCH; parseBody is only needed if bodies were not parsed. */
export function newConfig(
  files: FileSet,
  report: Report,
  arch: string,
  goVersion: string,
  parseBody: Config['parseBody'],
): Config {
  return {
    files,
    report,
    sizes: sizesFor(arch),
    goVersion,
    fakeImportC: false,
    usesCgo: false,
    ignoreBranchErrors: true,
    disableUnusedImportCheck: false,
    parseBody,
    context: new Context(),
  };
}

/** Sets up a package: its objects are collected, none is resolved. The package's checker answers everything else. */
export function checkPackage(path: string, files: File[], importer: Importer, conf: Config): Package {
  const pkg = new Package(path, '', universe);
  const c = new Checker(conf, pkg, files, importer);
  pkg.checker = c;
  pkg.goVersion = conf.goVersion;
  collectObjects(c);
  directCycles(c);
  return pkg;
}

/** Checks a package whole: all declarations, bodies, initialisation order, unused imports. */
export function checkAll(pkg: Package): void {
  const c = pkg.checker;
  if (c === null || pkg.complete) return;
  c.onDemand?.();
  c.eager = true;
  // Bodies of functions that have been resolved before.
  for (const f of c.funcs)
    if (f.typ !== NoType && f.typ.kind === TypeKind.Signature && f.decl !== null) queueBody(c, f.decl, f.typ);
  packageObjects(c);
  finishUnit(c);
  initOrder(c);
  if (!c.conf.disableUnusedImportCheck) unusedImports(c);
  if (c.firstErr === null) monomorph(c);
  pkg.complete = true;
  c.pkgPathMap = null;
}

/** Resolves all package-level objects: types first, since aliases and values may need them complete. */
function packageObjects(c: Checker): void {
  for (const obj of c.objList) if (obj.kind === ObjKind.TypeName && obj.typ !== NoType) collectMethods(c, obj);
  const aliases: TypeName[] = [];
  for (const obj of c.objList) {
    if (obj.kind !== ObjKind.TypeName) continue;
    if (obj.decl?.tdecl?.alias === true) aliases.push(obj);
    else objDecl(c, obj);
  }
  for (const obj of aliases) objDecl(c, obj);
  for (const obj of c.objList) if (obj.kind !== ObjKind.TypeName) objDecl(c, obj);
}

/** Checks the body of a function or method, unless that has been done; it must have been declared in source. */
export function checkBody(f: Func): void {
  const origin = f.origin ?? f;
  resolveObj(origin);
  const c = origin.pkg?.checker ?? null;
  const d = origin.decl;
  if (c === null || d === null || d.bodyQueued || origin.typ.kind !== TypeKind.Signature) return;
  bodyLater(c, d, origin.typ);
  if (c.processing === 0 && c.objPath.length === 0) finishUnit(c);
}

/** Called when a function is resolved: its body is put on the list if the package is being checked whole. */
export function queueBody(c: Checker, d: DeclInfo, sig: Signature): void {
  if (c.eager && !d.bodyQueued) bodyLater(c, d, sig);
}

function bodyLater(c: Checker, d: DeclInfo, sig: Signature): void {
  const fdecl = d.fdecl;
  d.bodyQueued = true;
  if (fdecl === null || fdecl.bodyStart < 0) return;
  const version = c.version;
  c.version = d.version;
  later(c, () => {
    if (fdecl.body === null) c.conf.parseBody(d.source, fdecl);
    if (fdecl.body === null) return;
    if (sig.scope !== null) sig.scope.end = fdecl.body.rbrace;
    funcBody(c, d, sig, fdecl.body, null);
  });
  c.version = version;
}

/** Ends a piece of work: runs what was put off, and completes types. */
export function finishUnit(c: Checker): void {
  processDelayed(c, 0);
  while (c.cleaners.length > 0) {
    const list = c.cleaners;
    c.cleaners = [];
    for (const t of list) cleanup(t);
  }
}

/** Types that leave the checker are complete; nothing of them refers to it. */
function cleanup(t: Cleanable): void {
  switch (t.kind) {
    case TypeKind.Named:
      // Instances stay lazy.
      if (t.inst === null) namedUnder(t);
      t.check = null;
      break;
    case TypeKind.Alias:
      unalias(t);
      break;
    case TypeKind.Interface:
      typeSet(t);
      t.check = null;
      break;
    case TypeKind.TypeParam:
      iface(t);
      t.check = null;
      break;
  }
}

/** The initialisations of a package in order. In a package that is not checked whole, checks the bodies that they reach. */
export function packageInitOrder(pkg: Package): readonly Initializer[] {
  const c = pkg.checker;
  if (c === null) return [];
  c.onDemand?.();
  if (pkg.complete) return c.initOrder;
  const work: Obj[] = c.objList.filter((o) => o.kind === ObjKind.Var);
  const seen = new Set<Obj>(work);
  for (const obj of work) {
    resolveObj(obj);
    if (obj.kind === ObjKind.Func) checkBody(obj);
    for (const dep of obj.decl?.deps ?? []) {
      if (seen.has(dep)) continue;
      seen.add(dep);
      work.push(dep);
    }
  }
  initOrder(c);
  return c.initOrder;
}
