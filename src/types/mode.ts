/** Operand modes (types2's operandMode): used as `import * as Mode`. */
export const invalid = 0;
/** The result of a call without results. */
export const novalue = 1;
export const builtin = 2;
export const typexpr = 3;
/** A constant; the type is basic, or a type parameter's. */
export const constant_ = 4;
/** An addressable variable. */
export const variable = 5;
/** A map element: a variable on the left, comma-ok on the right. */
export const mapindex = 6;
export const value = 7;
export const nilvalue = 8;
/** A value that may be used in a comma-ok assignment. */
export const commaok = 9;
/** As commaok, but the second value is an error. */
export const commaerr = 10;
export const cgofunc = 11;

/** How messages name a mode. */
export const text: readonly string[] = [
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
