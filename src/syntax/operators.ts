/** Operators of Operation and AssignStmt, used as `import * as Op`. The order is that of cmd/compile/internal/syntax. */
export const None = 0;

/** `:` in `:=`: only as AssignStmt.op. */
export const Def = 1;
export const Not = 2;
/** Unary `<-`. */
export const Recv = 3;
/** `~` in constraints. */
export const Tilde = 4;

export const OrOr = 5;
export const AndAnd = 6;

export const Eql = 7;
export const Neq = 8;
export const Lss = 9;
export const Leq = 10;
export const Gtr = 11;
export const Geq = 12;

/** Also unary. */
export const Add = 13;
/** Also unary. */
export const Sub = 14;
export const Or = 15;
/** Also unary. */
export const Xor = 16;

/** Also unary (indirection) and binary. */
export const Mul = 17;
export const Div = 18;
export const Rem = 19;
/** Also unary (address). */
export const And = 20;
export const AndNot = 21;
export const Shl = 22;
export const Shr = 23;

/** The operators' spellings, by number. */
export const text: readonly string[] = [
  '',
  ':',
  '!',
  '<-',
  '~',
  '||',
  '&&',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  '+',
  '-',
  '|',
  '^',
  '*',
  '/',
  '%',
  '&',
  '&^',
  '<<',
  '>>',
];

/** Binary precedence by number, 1 (`||`) to 5 (`*`); 0 if it is no binary operator. */
export const precedence: readonly number[] = [0, 0, 0, 0, 0, 1, 2, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 5];
