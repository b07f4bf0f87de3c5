/**
 * Go types without type parameters, one object per identity: pointer equality is type identity.
 * The SSA form, the calling convention and the type descriptors all speak of these; `types/` speaks of types that may
 * still hold type parameters. Components that can be recursive (element, fields of func and interface types) are
 * resolved on first use through the table that made the type.
 *
 * Sizes and layout: Go spec "Size and alignment guarantees", cmd/compile/internal/types/size.go (a struct whose last
 * field has size zero gets one byte of padding). Kinds 1..26 are those of internal/abi.Kind.
 */
import type { Type } from '#types/type.ts';
import type { TypeEnv } from './type-names.ts';

export const Invalid = 0;
export const Bool = 1;
export const Int = 2;
export const Int8 = 3;
export const Int16 = 4;
export const Int32 = 5;
export const Int64 = 6;
export const Uint = 7;
export const Uint8 = 8;
export const Uint16 = 9;
export const Uint32 = 10;
export const Uint64 = 11;
export const Uintptr = 12;
export const Float32 = 13;
export const Float64 = 14;
export const Complex64 = 15;
export const Complex128 = 16;
// biome-ignore lint/suspicious/noShadowRestrictedNames: the kind's name, used as G.Array
export const Array = 17;
export const Chan = 18;
export const Func = 19;
export const Interface = 20;
// biome-ignore lint/suspicious/noShadowRestrictedNames: the kind's name, used as G.Map
export const Map = 21;
export const Pointer = 22;
export const Slice = 23;
// biome-ignore lint/suspicious/noShadowRestrictedNames: the kind's name, used as G.String
export const String = 24;
export const Struct = 25;
export const UnsafePointer = 26;
/** Pseudo types of the SSA form: the state of memory, processor flags, no value, several values of one operation. */
export const Mem = 32;
export const Flags = 33;
export const Void = 34;
export const Tuple = 35;
/** 128 bits in a vector register. */
export const Int128 = 36;

export interface StructField {
  readonly name: string;
  readonly type: GoType;
  /** Bytes from the start of the struct. */
  readonly offset: number;
  readonly embedded: boolean;
  readonly tag: string;
  /** Package path that qualifies an unexported name; "" for exported names. */
  readonly pkgPath: string;
}

export interface InterfaceMethod {
  readonly name: string;
  /** Package path that qualifies an unexported name; "" for exported names. */
  readonly pkgPath: string;
  /** A Func type without receiver. */
  readonly type: GoType;
}

export class GoType {
  readonly id: number;
  readonly kind: number;
  /** The link string: unique per identity, package paths in full, e.g. "map[string]*net/http.Request"; "type:"+it names the descriptor. */
  readonly linkString: string;
  /** Bytes. */
  readonly size: number;
  /** A power of two, in bytes. */
  readonly align: number;
  /** Bytes up to the end of the last pointer word; 0: the garbage collector need not look. */
  readonly ptrBytes: number;
  /** What types/ calls it (after substitution); null for pseudo types and types made up by the compiler. */
  readonly source: Type | null;
  /** What the type parameters in `source` stand for; null if it has none. */
  readonly env: TypeEnv | null;
  /** True for types that embed internal/runtime/sys.NotInHeap, transitively: pointers to them need no barriers. */
  readonly notInHeap: boolean;
  /** Number of elements of an array; direction (internal/abi.ChanDir: 1 receive, 2 send, 3 both) of a channel; else 0. */
  readonly length: number;
  /** Fields of a struct, in order; empty for others. */
  readonly fields: readonly StructField[];
  /** The elements of a Tuple. */
  readonly tuple: readonly GoType[];
  private readonly table: GoTypeResolver | null;
  private resolved: Components | null;

  constructor(init: GoTypeInit) {
    this.id = init.id;
    this.kind = init.kind;
    this.linkString = init.linkString;
    this.size = init.size;
    this.align = init.align;
    this.ptrBytes = init.ptrBytes;
    this.source = init.source;
    this.env = init.env ?? null;
    this.notInHeap = init.notInHeap;
    this.length = init.length;
    this.fields = init.fields;
    this.tuple = init.tuple;
    this.table = init.table;
    this.resolved = null;
  }

  components(): Components {
    if (this.resolved === null) this.resolved = this.table === null ? noComponents : this.table.resolve(this);
    return this.resolved;
  }

  /** Element of a pointer, slice, array, channel or map; throws for others. */
  elem(): GoType {
    const e = this.components().elem;
    if (e === null) throw new Error(`no element type: ${this.linkString}`);
    return e;
  }

  /** Key of a map. */
  key(): GoType {
    const k = this.components().key;
    if (k === null) throw new Error(`no key type: ${this.linkString}`);
    return k;
  }

  /** Parameters of a Func type, the receiver (if it was made for a method with receiver) first. */
  params(): readonly GoType[] {
    return this.components().params;
  }

  results(): readonly GoType[] {
    return this.components().results;
  }

  isVariadic(): boolean {
    return this.components().variadic;
  }

  /** Methods of an interface type in itab order: exported by name, then unexported by name and package path. */
  methods(): readonly InterfaceMethod[] {
    return this.components().methods;
  }

  hasPointers(): boolean {
    return this.ptrBytes !== 0;
  }

  isInteger(): boolean {
    return this.kind >= Int && this.kind <= Uintptr;
  }

  isSigned(): boolean {
    return this.kind >= Int && this.kind <= Int64;
  }

  isFloat(): boolean {
    return this.kind === Float32 || this.kind === Float64;
  }

  isComplex(): boolean {
    return this.kind === Complex64 || this.kind === Complex128;
  }

  /** One machine word that is a pointer to the garbage collector or behaves as one: pointer, unsafe.Pointer, chan, map, func. */
  isPointerShaped(): boolean {
    const k = this.kind;
    return k === Pointer || k === UnsafePointer || k === Chan || k === Map || k === Func;
  }

  /** An interface without methods. */
  isEmptyInterface(): boolean {
    return this.kind === Interface && this.methods().length === 0;
  }
}

export interface Components {
  elem: GoType | null;
  key: GoType | null;
  params: readonly GoType[];
  results: readonly GoType[];
  variadic: boolean;
  methods: readonly InterfaceMethod[];
}

const noComponents: Components = { elem: null, key: null, params: [], results: [], variadic: false, methods: [] };

export interface GoTypeResolver {
  resolve(t: GoType): Components;
}

export interface GoTypeInit {
  id: number;
  kind: number;
  linkString: string;
  size: number;
  align: number;
  ptrBytes: number;
  source: Type | null;
  env?: TypeEnv | null;
  notInHeap: boolean;
  length: number;
  fields: readonly StructField[];
  tuple: readonly GoType[];
  table: GoTypeResolver | null;
}
