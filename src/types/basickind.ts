/** Kinds of basic types (Basic.basic), and their properties (Basic.info): used as `import * as BasicKind`. The order is types2's. */
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
// biome-ignore lint/suspicious/noShadowRestrictedNames: only used as a member of this namespace.
export const String = 17;
export const UnsafePointer = 18;

// Types of untyped values.
export const UntypedBool = 19;
export const UntypedInt = 20;
export const UntypedRune = 21;
export const UntypedFloat = 22;
export const UntypedComplex = 23;
export const UntypedString = 24;
export const UntypedNil = 25;

export const Byte = Uint8;
export const Rune = Int32;

/** The type of an object whose type has not been determined; see NoType. */
export const None = 26;

// Properties of basic types, a bit each.
export const IsBoolean = 1;
export const IsInteger = 2;
export const IsUnsigned = 4;
export const IsFloat = 8;
export const IsComplex = 16;
export const IsString = 32;
export const IsUntyped = 64;

export const IsOrdered = IsInteger | IsFloat | IsString;
export const IsNumeric = IsInteger | IsFloat | IsComplex;
export const IsConstType = IsBoolean | IsNumeric | IsString;
