/** What an expression denotes (the operand modes of types2), used as `import * as Mode`. */

/** In error: a message has been given. */
export const Invalid = 0;
/** The call of a function without results. */
export const NoValue = 1;
/** A built-in function. */
export const Builtin = 2;
/** A type. */
export const TypExpr = 3;
/** A constant; its type is a basic type. */
export const Constant = 4;
/** An addressable variable. */
export const Variable = 5;
/** A map index expression: assignable and allowing comma-ok, not addressable. */
export const MapIndex = 6;
/** A computed value. */
export const Value = 7;
/** The predeclared nil. */
export const NilValue = 8;
/** A value that allows the comma-ok form. */
export const CommaOk = 9;
/** A cgo call, whose optional second value is an error. */
export const CommaErr = 10;
/** A cgo function. */
export const CgoFunc = 11;

/** How messages describe each mode. */
export const description: readonly string[] = [
  'invalid operand',
  'no value',
  'built-in',
  'type',
  'constant',
  'variable',
  'map index expression',
  'value',
  'nil',
  'comma, ok expression',
  'comma, error expression',
  'cgo function',
];
