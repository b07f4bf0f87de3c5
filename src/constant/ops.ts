/** Operators of constant arithmetic. The numbers are those of syntax/operators.ts (a test compares them), so no mapping is needed. */
export const Not = 2;
export const OrOr = 5;
export const AndAnd = 6;
export const Eql = 7;
export const Neq = 8;
export const Lss = 9;
export const Leq = 10;
export const Gtr = 11;
export const Geq = 12;
export const Add = 13;
export const Sub = 14;
export const Or = 15;
export const Xor = 16;
export const Mul = 17;
export const Div = 18;
export const Rem = 19;
export const And = 20;
export const AndNot = 21;
export const Shl = 22;
export const Shr = 23;
/** Division of integers truncated to an integer; `Div` of two integers gives a fraction. No source operator has this number. */
export const IntDiv = 24;
