/** What function bodies are made from: the variants of FuncRef.source. */
import type { GoType } from '#abi/gotype.ts';
import type { Method } from '#abi/method-set.ts';
import type { TypeEnv } from '#abi/type-names.ts';
import type { ForStmt, FuncDecl, FuncLit } from '#syntax/nodes.ts';
import type { Initializer } from '#types/info.ts';
import type { Func as FuncObj, Var } from '#types/object.ts';
import type { Package } from '#types/package.ts';
import type { FuncRef } from '../call.ts';
import type { Value } from '../value.ts';
import type { Analysis } from './analyze.ts';
import type { FuncBuilder } from './builder.ts';
import type { RangeBody } from './control.ts';

/** A declared function or method, or an instance of one. */
export class DeclSource {
  readonly kind = 'decl';
  readonly obj: FuncObj;
  readonly decl: FuncDecl;
  readonly pkg: Package;
  readonly env: TypeEnv | null;

  constructor(obj: FuncObj, decl: FuncDecl, pkg: Package, env: TypeEnv | null) {
    this.obj = obj;
    this.decl = decl;
    this.pkg = pkg;
    this.env = env;
  }
}

/** One variable a closure finds in its object. */
export interface Capture {
  readonly variable: Var;
  readonly type: GoType;
  readonly byReference: boolean;
}

/** The body of a loop over a function, which becomes a function of its own (rangefunc.ts). */
export interface RangeSource {
  readonly body: RangeBody;
  /** The results of the function around it, which return statements in the body assign to. */
  readonly resultVars: readonly Var[];
}

/** A function literal, or the body of a loop over a function. */
export class ClosureSource {
  readonly kind = 'closure';
  readonly lit: FuncLit | ForStmt;
  /** The function whose name and defers this one's derive from. */
  readonly outer: FuncRef;
  readonly pkg: Package;
  readonly env: TypeEnv | null;
  readonly analysis: Analysis;
  readonly captures: readonly Capture[];
  readonly objectType: GoType;
  /** For the body of a loop over a function; null for a literal. */
  readonly range: RangeSource | null;

  constructor(
    lit: FuncLit | ForStmt,
    outer: FuncRef,
    pkg: Package,
    env: TypeEnv | null,
    analysis: Analysis,
    captures: readonly Capture[],
    objectType: GoType,
    range: RangeSource | null,
  ) {
    this.lit = lit;
    this.outer = outer;
    this.pkg = pkg;
    this.env = env;
    this.analysis = analysis;
    this.captures = captures;
    this.objectType = objectType;
    this.range = range;
  }
}

/** A function made by the builder: the body is emitted from the parameters. */
export class GeneratedSource {
  readonly kind = 'generated';
  readonly pkg: Package | null;
  readonly env: TypeEnv | null;
  readonly pos: number;
  /** The closure object's type, if the body reads captured values; null otherwise. */
  readonly objectType: GoType | null;
  readonly emit: (b: FuncBuilder, params: Value[], captured: Value[]) => void;

  constructor(
    pkg: Package | null,
    env: TypeEnv | null,
    pos: number,
    objectType: GoType | null,
    emit: (b: FuncBuilder, params: Value[], captured: Value[]) => void,
  ) {
    this.pkg = pkg;
    this.env = env;
    this.pos = pos;
    this.objectType = objectType;
    this.emit = emit;
  }
}

/** A method of a type that gets it by embedding, or through a pointer: calls the declared one. */
export class WrapperSource {
  readonly kind = 'wrapper';
  readonly recv: GoType;
  readonly method: Method;

  constructor(recv: GoType, method: Method) {
    this.recv = recv;
    this.method = method;
  }
}

/** The variable initialisations of a package. */
export class InitSource {
  readonly kind = 'init';
  readonly pkg: Package;
  readonly initializers: readonly Initializer[];

  constructor(pkg: Package, initializers: readonly Initializer[]) {
    this.pkg = pkg;
    this.initializers = initializers;
  }
}

/** Calls `target` under the other ABI. */
export class AbiWrapperSource {
  readonly kind = 'abi-wrapper';
  readonly target: FuncRef;

  constructor(target: FuncRef) {
    this.target = target;
  }
}

/** No body here: assembly, or a definition under this link name in another package. */
export class ExternalSource {
  readonly kind = 'external';
  readonly obj: FuncObj | null;
  readonly pkg: Package | null;

  constructor(obj: FuncObj | null, pkg: Package | null) {
    this.obj = obj;
    this.pkg = pkg;
  }
}

export type Source =
  | DeclSource
  | ClosureSource
  | GeneratedSource
  | WrapperSource
  | InitSource
  | AbiWrapperSource
  | ExternalSource;
