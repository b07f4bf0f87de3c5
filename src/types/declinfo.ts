/** The declaration of a package-level object or method, as the resolver finds it. */
import type { Expr, File, FuncDecl, TypeDecl } from '#syntax/nodes.ts';
import type { Const, Func, TypeName, Var } from './object.ts';
import type { Scope } from './scope.ts';

/** An object that initialisation may depend on. */
export type Dependency = Const | Var | Func;

export class DeclInfo {
  readonly source: File;
  /** The scope of the file. */
  readonly file: Scope;
  /** The language version of the file. */
  readonly version: number;
  /** All variables of a declaration `var a, b = f()`, else null. */
  lhs: Var[] | null;
  vtyp: Expr | null;
  init: Expr | null;
  /** The expression is a preceding constant's, repeated. */
  inherited: boolean;
  tdecl: TypeDecl | null;
  fdecl: FuncDecl | null;
  /** The object itself: of a method, its receiver's base type name is in `recvBase`. */
  recvBase: TypeName | null;
  /** What the initialisation expression or body uses. */
  deps: Set<Dependency> | null;
  /** The body has been checked, or is on the list of delayed actions. */
  bodyQueued: boolean;

  constructor(source: File, file: Scope, version: number) {
    this.source = source;
    this.file = file;
    this.version = version;
    this.lhs = null;
    this.vtyp = null;
    this.init = null;
    this.inherited = false;
    this.tdecl = null;
    this.fdecl = null;
    this.recvBase = null;
    this.deps = null;
    this.bodyQueued = false;
  }
}
