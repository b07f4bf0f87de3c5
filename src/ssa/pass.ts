/** What passes are given besides the function. */
import type { Convention } from '#abi/convention.ts';
import type { GoType } from '#abi/gotype.ts';
import type { LinkSymbol } from '#obj/symbol.ts';
import type { FuncRef } from './call.ts';
import type { Func } from './func.ts';
import type { RuntimeCalls } from './runtime-calls.ts';

/** A method behind an interface. */
export interface Implementation {
  readonly callee: FuncRef;
  readonly recv: GoType;
  /** The data word is a pointer to the receiver that may be nil; otherwise it is the receiver, or points to its box. */
  readonly isBehindPointer: boolean;
}

/** The outside world as passes see it: names of functions, descriptors and data. The compile driver implements it. */
export interface Services {
  readonly convention: Convention;
  /** Calls of runtime functions; made from the driver's lookup of a runtime function by name. */
  readonly calls: RuntimeCalls;
  /** The ABI0 function that an assembly file defines for a function without a body; null if there is none. It is called directly. */
  assemblyFunc(fn: FuncRef): FuncRef | null;
  /** A variable of package runtime: "writeBarrier". */
  runtimeVar(name: string): LinkSymbol;
  /** The descriptor "type:T"; also sees to it that it gets defined. */
  typeSymbol(t: GoType): LinkSymbol;
  /** The func value "name·f" of a function. */
  funcValueSymbol(fn: FuncRef): LinkSymbol;
  /** "go:string..." of the given bytes, one per char code. */
  stringSymbol(bytes: string): LinkSymbol;
  /** A read-only string variable holding these bytes: pointer and length. */
  stringVariable(bytes: string): LinkSymbol;
  /** A read-only symbol with these bytes ($f64.3ff0000000000000 and the like are the target's business). */
  readOnlyData(name: string, bytes: Uint8Array, align: number): LinkSymbol;
  /** What method `index` of the interface in an itab is; null if the symbol is none, or the receiver is a struct or array in the data word. */
  implementation(itab: LinkSymbol, index: number): Implementation | null;
  /** The package whose code must not allocate behind its back (gc-contract 8.1). */
  isRuntimePackage(pkgPath: string): boolean;
}

export interface Pass {
  readonly name: string;
  readonly fn: (f: Func, services: Services) => void;
}
