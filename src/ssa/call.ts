/** Functions as the SSA form refers to them, and the aux values of calls and closures. */
import type { Assignment } from '#abi/convention.ts';
import type { GoType } from '#abi/gotype.ts';
import type { LinkSymbol } from '#obj/symbol.ts';
import { Aux } from './value.ts';

/**
 * A function, one object per link name and ABI; made when first mentioned, given a body only if something reachable needs it.
 * What the body is made from is the builder's business (`source`).
 */
export class FuncRef extends Aux {
  /** Link name, e.g. "main.main", "main.(*T).M", "main.F[int]", "main.main.func1". */
  readonly linkName: string;
  /** Symbol the code gets: name and ABI (Abi0 only for assembly and ABI wrappers). */
  readonly symbol: LinkSymbol;
  /** Func type; the receiver is the first parameter. */
  readonly type: GoType;
  /** Where the body comes from. */
  source: FuncSource;
  /** Pragmas and properties (PragmaNosplit, ...; see below). */
  flags: number;
  /** Import path of the package that defines it. */
  readonly pkgPath: string;
  /** The name in the package, for tracebacks: "main", "(*T).M", "main.func1". */
  /** What callers may know (escape summary, inline body), filled by the driver once the function is compiled. */
  summary: FuncSummary | null;

  constructor(linkName: string, symbol: LinkSymbol, type: GoType, source: FuncSource, pkgPath: string) {
    super();
    this.linkName = linkName;
    this.symbol = symbol;
    this.type = type;
    this.source = source;
    this.flags = 0;
    this.pkgPath = pkgPath;
    this.summary = null;
  }

  text(): string {
    return this.symbol.toString();
  }
}

/** FuncRef.flags: pragmas (gc-contract 1.6) and kinds of generated functions. */
export const Nosplit = 1 << 0;
export const Noinline = 1 << 1;
export const Noescape = 1 << 2;
export const Norace = 1 << 3;
export const Nocheckptr = 1 << 4;
export const UintptrEscapes = 1 << 5;
export const UintptrKeepAlive = 1 << 6;
export const CgoUnsafeArgs = 1 << 7;
export const Systemstack = 1 << 8;
export const NoWriteBarrier = 1 << 9;
export const NoWriteBarrierRec = 1 << 10;
export const YesWriteBarrierRec = 1 << 11;
/** Generated: skipped in tracebacks and by recover's frame count (WRAPPER). */
export const Wrapper = 1 << 12;
/** The symbol may be defined by several packages (instances, wrappers of unnamed types, equality functions). */
export const DupOk = 1 << 13;
/** An ABI0 <-> ABIInternal wrapper. */
export const AbiWrapper = 1 << 14;
/** A function literal. */
export const IsClosure = 1 << 15;
/** Calls a reflect Method lookup with an unknown name (contract 4.8). */
export const ReflectMethod = 1 << 16;
/** The package's variable initialiser. */
export const PkgInit = 1 << 17;
/** Has a go:linkname. */
export const Linkname = 1 << 18;

/** Opaque to the passes; the builder defines the variants (builder/source.ts). */
export interface FuncSource {
  readonly kind: string;
}

/** Facts about a finished function that its callers need; the middle's passes define and fill the concrete class. */
export interface FuncSummary {
  readonly kind: string;
}

/** aux of StaticCall, ClosureCall, InterCall, TailCall. */
export class Call extends Aux {
  /** StaticCall, TailCall: whom; null otherwise. */
  readonly callee: FuncRef | null;
  /** Parameters (receiver first) and results. For InterCall the receiver is unsafe.Pointer. */
  readonly type: GoType;
  /** The callee follows ABI0 (assembly reached without a wrapper); normally false. */
  readonly abi0: boolean;
  /** InterCall: the interface type and the method's index, for reachability; null otherwise. */
  readonly interfaceType: GoType | null;
  readonly methodIndex: number;
  /**
   * Set by "expand calls". From then on the arguments are: code pointer and closure pointer (ClosureCall) or code pointer
   * (InterCall), then the words of `argPieces` in order, then memory; stack arguments are stored before. The result tuple
   * holds the words of `resultPieces`, then memory.
   */
  assignment: Assignment | null;

  constructor(callee: FuncRef | null, type: GoType, abi0: boolean, interfaceType: GoType | null, methodIndex: number) {
    super();
    this.callee = callee;
    this.type = type;
    this.abi0 = abi0;
    this.interfaceType = interfaceType;
    this.methodIndex = methodIndex;
    this.assignment = null;
  }

  text(): string {
    return this.callee === null ? this.type.linkString : this.callee.text();
  }
}

/** aux of MakeClosure. */
export class Closure extends Aux {
  readonly fn: FuncRef;
  /** The closure object: struct { F uintptr; captured values or addresses ... }. */
  readonly objectType: GoType;
  /** For each captured variable, whether its address (true) or its value is stored. */
  readonly byReference: readonly boolean[];
  escapes: boolean;

  constructor(fn: FuncRef, objectType: GoType, byReference: readonly boolean[]) {
    super();
    this.fn = fn;
    this.objectType = objectType;
    this.byReference = byReference;
    this.escapes = true;
  }

  text(): string {
    return `${this.fn.text()} ${this.objectType.linkString}`;
  }
}

/** aux of Addr and of target operations that name a symbol. */
export class SymbolRef extends Aux {
  readonly symbol: LinkSymbol;

  constructor(symbol: LinkSymbol) {
    super();
    this.symbol = symbol;
  }

  text(): string {
    return this.symbol.toString();
  }
}

/** aux of ConstString: the bytes, one per char code. */
export class Text extends Aux {
  readonly bytes: string;

  constructor(bytes: string) {
    super();
    this.bytes = bytes;
  }

  text(): string {
    return JSON.stringify(this.bytes);
  }
}

/** aux of Store, Move, Zero: the type that is written. */
export class TypeRef extends Aux {
  readonly type: GoType;

  constructor(type: GoType) {
    super();
    this.type = type;
  }

  text(): string {
    return `{${this.type.linkString}}`;
  }
}
