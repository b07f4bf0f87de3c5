/**
 * The state of the type checker of one package. What is done with it is in the files of the chapters: resolver.ts collects objects, decl.ts resolves
 * them, typexpr.ts and expr.ts check types and expressions, stmt.ts bodies; check.ts drives.
 *
 * A checker lives as long as its package: objects are resolved when they are asked for, by this or another package's checker, and
 * bodies are checked when they are asked for (checkBody) or all at once (checkAll).
 */

import type { Diagnostic, Report } from '#base/diagnostic.ts';
import { type FileSet, formatPosition, NoPos, type Pos } from '#base/source.ts';
import type { Value } from '#constant/value.ts';
import type { CallExpr, File, FuncDecl } from '#syntax/nodes.ts';
import type { Context } from './context.ts';
import type { DeclInfo } from './declinfo.ts';
import type { Initializer } from './info.ts';
import { MonoGraph } from './mono.ts';
import type { Func, Obj, PkgName } from './object.ts';
import type { Package } from './package.ts';
import type { Scope } from './scope.ts';
import type { Sizes } from './sizes.ts';
import type { Alias, Interface, Named, Signature, TypeParam } from './type.ts';
import type { GoVersion } from './version.ts';

/** Finds packages. The path is as written; what it means (vendoring) is the importer's business. */
export interface Importer {
  /** The package, or a message why there is none. */
  import(path: string, pos: Pos): Package | string;
}

export interface Config {
  readonly files: FileSet;
  readonly report: Report;
  readonly sizes: Sizes;
  /** As in go.mod, or "" to allow everything. */
  readonly goVersion: string;
  /** `import "C"` declares an empty package in which every lookup succeeds without an object. */
  readonly fakeImportC: boolean;
  /** `import "C"` resolves to what cgo generated. */
  readonly usesCgo: boolean;
  /** Errors of labels and branches are left to the parser. */
  readonly ignoreBranchErrors: boolean;
  readonly disableUnusedImportCheck: boolean;
  /** Parses the body of a function whose body was skipped. */
  readonly parseBody: (file: File, decl: FuncDecl) => void;
  /** Equal instances are one type across all packages that share a context. */
  readonly context: Context;
}

/** Something to do when the current declaration or statement is done, under the version in force now. */
export interface Action {
  readonly version: GoVersion;
  readonly f: () => void;
}

/** Types that get a last look at the end. */
export type Cleanable = Named | Alias | Interface | TypeParam;

/** The part of the checker's state that belongs to what is being checked. See saveEnvironment. */
export interface Environment {
  decl: DeclInfo | null;
  scope: Scope;
  version: GoVersion;
  iota: Value | null;
  errpos: Pos;
  inTParamList: boolean;
  sig: Signature | null;
  isPanic: Set<CallExpr> | null;
  hasLabel: boolean;
  hasCallOrRecv: boolean;
}

export class Checker implements Environment {
  readonly conf: Config;
  readonly pkg: Package;
  readonly ctxt: Context;
  readonly importer: Importer;
  /** Bodies are checked when their functions are resolved; else only by checkBody. */
  eager: boolean;

  // The package.
  private fileList: File[];
  /** Package-level objects and methods, in source order. */
  objList: Obj[];
  /** Functions with bodies, in source order. */
  funcs: Func[];
  imports: PkgName[];
  /** Imported packages, by path. */
  impMap: Map<string, Package>;
  /** Per file scope: the dot-import an object came from. */
  dotImports: Map<Scope, Map<string, PkgName>>;
  /** Language versions of the files. */
  versions: Map<File, GoVersion>;
  /** Objects are collected. */
  collected: boolean;
  /** Collects what has not been asked for yet; null if nothing is left (on-demand.ts). */
  onDemand: (() => void) | null;
  /** The number of the last object that was collected. */
  lastOrder: number;
  initOrder: Initializer[];
  mono: MonoGraph;

  // What is under way.
  firstErr: Diagnostic | null;
  delayed: Action[];
  /** How deep processDelayed is nested; 0 if nothing is under way. */
  processing: number;
  /** Objects being resolved, outermost first. */
  objPath: Obj[];
  objPathIdx: Map<Obj, number>;
  cleaners: Cleanable[];
  /** For messages: import paths by package name (format.ts). */
  pkgPathMap: Map<string, Set<string>> | null;

  // The environment (see Environment).
  /** The package-level declaration whose initialisation or body is being checked. */
  decl: DeclInfo | null;
  /** Where lookups start. */
  scope: Scope;
  version: GoVersion;
  /** The value of iota in a constant declaration, else null. */
  iota: Value | null;
  /** The name of a constant with an inherited initialisation: where its errors are reported. */
  errpos: Pos;
  inTParamList: boolean;
  /** Of the function whose body is being checked. */
  sig: Signature | null;
  /** Calls of panic in it. */
  isPanic: Set<CallExpr> | null;
  hasLabel: boolean;
  /** The expression contains a call or a receive operation. */
  hasCallOrRecv: boolean;

  constructor(conf: Config, pkg: Package, files: File[], importer: Importer) {
    this.conf = conf;
    this.pkg = pkg;
    this.ctxt = conf.context;
    this.importer = importer;
    this.eager = false;
    this.fileList = files;
    this.objList = [];
    this.funcs = [];
    this.imports = [];
    this.impMap = new Map();
    this.dotImports = new Map();
    this.versions = new Map();
    this.collected = false;
    this.onDemand = null;
    this.lastOrder = 0;
    this.initOrder = [];
    this.mono = new MonoGraph();
    this.firstErr = null;
    this.delayed = [];
    this.processing = 0;
    this.objPath = [];
    this.objPathIdx = new Map();
    this.cleaners = [];
    this.pkgPathMap = null;
    this.decl = null;
    this.scope = pkg.scope;
    this.version = 0;
    this.iota = null;
    this.errpos = NoPos;
    this.inTParamList = false;
    this.sig = null;
    this.isPanic = null;
    this.hasLabel = false;
    this.hasCallOrRecv = false;
  }

  /** All files of the package. */
  get files(): File[] {
    this.onDemand?.();
    return this.fileList;
  }

  set files(list: File[]) {
    this.fileList = list;
  }

  /** "file:line:column". */
  posString(pos: Pos): string {
    return formatPosition(this.conf.files.position(pos));
  }
}

export function saveEnvironment(c: Checker): Environment {
  return {
    decl: c.decl,
    scope: c.scope,
    version: c.version,
    iota: c.iota,
    errpos: c.errpos,
    inTParamList: c.inTParamList,
    sig: c.sig,
    isPanic: c.isPanic,
    hasLabel: c.hasLabel,
    hasCallOrRecv: c.hasCallOrRecv,
  };
}

export function restoreEnvironment(c: Checker, env: Environment): void {
  c.decl = env.decl;
  c.scope = env.scope;
  c.version = env.version;
  c.iota = env.iota;
  c.errpos = env.errpos;
  c.inTParamList = env.inTParamList;
  c.sig = env.sig;
  c.isPanic = env.isPanic;
  c.hasLabel = env.hasLabel;
  c.hasCallOrRecv = env.hasCallOrRecv;
}

/** A fresh environment: only scope, version and declaration are given. */
export function resetEnvironment(c: Checker, decl: DeclInfo | null, scope: Scope, version: GoVersion): void {
  c.decl = decl;
  c.scope = scope;
  c.version = version;
  c.iota = null;
  c.errpos = NoPos;
  c.inTParamList = false;
  c.sig = null;
  c.isPanic = null;
  c.hasLabel = false;
  c.hasCallOrRecv = false;
}

/** The scope, from the current one outwards, that holds the name. The object's own parent differs from it for dot-imported objects. */
export function lookupScope(c: Checker, name: string): Scope | null {
  for (let s: Scope | null = c.scope; s !== null; s = s.parent) if (s.lookup(name) !== null) return s;
  return null;
}

/** The object that a name denotes here, or null. */
export function lookup(c: Checker, name: string): Obj | null {
  for (let s: Scope | null = c.scope; s !== null; s = s.parent) {
    const obj = s.lookup(name);
    if (obj !== null) return obj;
  }
  return null;
}

/** Puts off f until the current statement, or the current declaration, is done. */
export function later(c: Checker, f: () => void): void {
  c.delayed.push({ version: c.version, f });
}

/** Runs the actions put off since the list had `top` entries, and those that they put off. */
export function processDelayed(c: Checker, top: number): void {
  const version = c.version;
  c.processing++;
  for (let i = top; i < c.delayed.length; i++) {
    const a = c.delayed[i];
    c.version = a.version;
    a.f();
  }
  c.processing--;
  c.delayed.length = top;
  c.version = version;
}

export function needsCleanup(c: Checker, t: Cleanable): void {
  c.cleaners.push(t);
}

/** Pushes an object on the path of those being resolved. */
export function pushObj(c: Checker, obj: Obj): void {
  c.objPathIdx.set(obj, c.objPath.length);
  c.objPath.push(obj);
}

export function popObj(c: Checker): void {
  const obj = c.objPath.pop();
  if (obj !== undefined) c.objPathIdx.delete(obj);
}
