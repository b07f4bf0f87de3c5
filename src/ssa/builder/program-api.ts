/** What the builder asks of the program it builds functions for; compile/program.ts is the implementation. */
import type { GoType } from '#abi/gotype.ts';
import type { Method } from '#abi/method-set.ts';
import type { TypeEnv } from '#abi/type-names.ts';
import type { TypeTable } from '#abi/type-table.ts';
import type { LinkSymbol, Symbols } from '#obj/symbol.ts';
import type { FuncDecl } from '#syntax/nodes.ts';
import type { Func as FuncObj, Obj, Var } from '#types/object.ts';
import type { Package } from '#types/package.ts';
import type { FuncRef, FuncSource } from '../call.ts';
import type { Target } from '../target.ts';
import type { Analysis } from './analyze.ts';
import type { StaticContext } from './static-data.ts';

export interface ProgramApi {
  readonly types: TypeTable;
  readonly symbols: Symbols;
  readonly target: Target;
  /** A declared function, or an instance of a generic one. */
  funcRef(obj: FuncObj, args: readonly GoType[]): FuncRef;
  /** The function with a receiver of exactly the type recv that runs a method of recv: the declared one or a wrapper. */
  methodRef(recv: GoType, m: Method): FuncRef;
  /** A function of a package, by name; the package is loaded if need be. */
  packageFunc(path: string, name: string): FuncRef;
  /** An object of a package's scope, or null. */
  packageObject(path: string, name: string): Obj | null;
  /** The function of that link name: made by `make` when it is first mentioned. */
  generated(linkName: string, type: GoType, pkgPath: string, flags: number, source: FuncSource): FuncRef;
  globalSymbol(v: Var): LinkSymbol;
  /** The symbol of a variable of package runtime. */
  runtimeVar(name: string): LinkSymbol;
  typeSymbol(t: GoType): LinkSymbol;
  itabSymbol(concrete: GoType, iface: GoType): LinkSymbol;
  /** The read-only word that holds the entry of a function: a func value without captures. */
  funcValueSymbol(ref: FuncRef): LinkSymbol;
  /** A data symbol that holds a func value word for that link name and ABI. */
  equalFunc(t: GoType): FuncRef;
  hashFunc(t: GoType): FuncRef;
  analysisOf(decl: FuncDecl): Analysis;
  /** Parses and checks the body of a declared function. */
  ensureBody(obj: FuncObj): void;
  /** "go1.N" rules: loop variables per iteration (N >= 22) at a position of the package. */
  perIterationLoopVars(pkg: Package, pos: number): boolean;
  /** Converts type parameters' method calls: the method of a finished type. */
  envOf(obj: FuncObj, args: readonly GoType[]): TypeEnv | null;
  /** A fresh, anonymous data symbol of a package ("pkg..name.N"). */
  numberedSymbol(pkgPath: string, name: string): LinkSymbol;
  /** What static parts of a literal in a function of a package refer to; temporaries are named after the literal's symbol. Null: there are none. */
  literalContext(pkg: Package, symbol: LinkSymbol): StaticContext | null;
  /** The symbol that holds the static part of the literal at a position. */
  literalSymbol(pkg: Package, pos: number, part: '' | 'keys' | 'elems'): LinkSymbol;
  /** Descriptors of interface assertions, by content (contract 4.6). */
  typeAssertSymbol(pkgPath: string, iface: GoType, canFail: boolean): LinkSymbol;
}
