/** Predeclared functions (Builtin.id): used as `import * as BuiltinId`. */
export const Append = 0;
export const Cap = 1;
export const Clear = 2;
export const Close = 3;
export const Complex = 4;
export const Copy = 5;
export const Delete = 6;
export const Imag = 7;
export const Len = 8;
export const Make = 9;
export const Max = 10;
export const Min = 11;
export const New = 12;
export const Panic = 13;
export const Print = 14;
export const Println = 15;
export const Real = 16;
export const Recover = 17;

// Package unsafe.
export const Add = 18;
export const Alignof = 19;
export const Offsetof = 20;
export const Sizeof = 21;
export const Slice = 22;
export const SliceData = 23;
// biome-ignore lint/suspicious/noShadowRestrictedNames: only used as a member of this namespace.
export const String = 24;
export const StringData = 25;

// Only in tests of the type checker.
export const Assert = 26;
export const Trace = 27;

// Kinds of expressions (exprKind), as far as calls of them may stand as statements.
export const Conversion = 0;
export const Expression = 1;
export const Statement = 2;

export interface BuiltinInfo {
  readonly name: string;
  /** Of a variadic function, the least number. */
  readonly nargs: number;
  readonly variadic: boolean;
  readonly kind: number;
}

function row(name: string, nargs: number, variadic: boolean, kind: number): BuiltinInfo {
  return { name, nargs, variadic, kind };
}

export const predeclaredFuncs: readonly BuiltinInfo[] = [
  row('append', 1, true, Expression),
  row('cap', 1, false, Expression),
  row('clear', 1, false, Statement),
  row('close', 1, false, Statement),
  row('complex', 2, false, Expression),
  row('copy', 2, false, Statement),
  row('delete', 2, false, Statement),
  row('imag', 1, false, Expression),
  row('len', 1, false, Expression),
  row('make', 1, true, Expression),
  row('max', 1, true, Expression),
  row('min', 1, true, Expression),
  row('new', 1, false, Expression),
  row('panic', 1, false, Statement),
  row('print', 0, true, Statement),
  row('println', 0, true, Statement),
  row('real', 1, false, Expression),
  row('recover', 0, false, Statement),
  row('Add', 2, false, Expression),
  row('Alignof', 1, false, Expression),
  row('Offsetof', 1, false, Expression),
  row('Sizeof', 1, false, Expression),
  row('Slice', 2, false, Expression),
  row('SliceData', 1, false, Expression),
  row('String', 2, false, Expression),
  row('StringData', 1, false, Expression),
  row('assert', 1, false, Statement),
  row('trace', 0, true, Statement),
];
