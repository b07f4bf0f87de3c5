/** The predeclared basic types, by basic kind. */
import * as BasicKind from './basickind.ts';
import { Basic } from './type.ts';

function basic(kind: number, info: number, name: string): Basic {
  return new Basic(kind, info, name);
}

const unsignedInteger = BasicKind.IsInteger | BasicKind.IsUnsigned;

/** Typ[BasicKind.Int] is the type int. byte and rune have types of their own: universeByte, universeRune. */
export const Typ: readonly Basic[] = [
  basic(BasicKind.Invalid, 0, 'invalid type'),
  basic(BasicKind.Bool, BasicKind.IsBoolean, 'bool'),
  basic(BasicKind.Int, BasicKind.IsInteger, 'int'),
  basic(BasicKind.Int8, BasicKind.IsInteger, 'int8'),
  basic(BasicKind.Int16, BasicKind.IsInteger, 'int16'),
  basic(BasicKind.Int32, BasicKind.IsInteger, 'int32'),
  basic(BasicKind.Int64, BasicKind.IsInteger, 'int64'),
  basic(BasicKind.Uint, unsignedInteger, 'uint'),
  basic(BasicKind.Uint8, unsignedInteger, 'uint8'),
  basic(BasicKind.Uint16, unsignedInteger, 'uint16'),
  basic(BasicKind.Uint32, unsignedInteger, 'uint32'),
  basic(BasicKind.Uint64, unsignedInteger, 'uint64'),
  basic(BasicKind.Uintptr, unsignedInteger, 'uintptr'),
  basic(BasicKind.Float32, BasicKind.IsFloat, 'float32'),
  basic(BasicKind.Float64, BasicKind.IsFloat, 'float64'),
  basic(BasicKind.Complex64, BasicKind.IsComplex, 'complex64'),
  basic(BasicKind.Complex128, BasicKind.IsComplex, 'complex128'),
  basic(BasicKind.String, BasicKind.IsString, 'string'),
  basic(BasicKind.UnsafePointer, 0, 'Pointer'),
  basic(BasicKind.UntypedBool, BasicKind.IsBoolean | BasicKind.IsUntyped, 'untyped bool'),
  basic(BasicKind.UntypedInt, BasicKind.IsInteger | BasicKind.IsUntyped, 'untyped int'),
  basic(BasicKind.UntypedRune, BasicKind.IsInteger | BasicKind.IsUntyped, 'untyped rune'),
  basic(BasicKind.UntypedFloat, BasicKind.IsFloat | BasicKind.IsUntyped, 'untyped float'),
  basic(BasicKind.UntypedComplex, BasicKind.IsComplex | BasicKind.IsUntyped, 'untyped complex'),
  basic(BasicKind.UntypedString, BasicKind.IsString | BasicKind.IsUntyped, 'untyped string'),
  basic(BasicKind.UntypedNil, BasicKind.IsUntyped, 'untyped nil'),
];

/** The type of everything that is wrong. */
export const invalidType: Basic = Typ[BasicKind.Invalid];

export const universeByte: Basic = basic(BasicKind.Uint8, unsignedInteger, 'byte');
export const universeRune: Basic = basic(BasicKind.Int32, BasicKind.IsInteger, 'rune');
