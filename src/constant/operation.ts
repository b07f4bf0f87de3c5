/** Operations on constants: unary, binary, shifts, comparisons (go/constant's UnaryOp, BinaryOp, Shift, Compare). */
import { bug } from '#base/bug.ts';
import { addFloat, type BigFloat, compareFloat, divFloat, mulFloat, negateFloat, precision } from './bigfloat.ts';
import * as Op from './ops.ts';
import {
  BoolKind,
  bigVal,
  ComplexKind,
  ComplexVal,
  FloatKind,
  FloatVal,
  IntKind,
  IntVal,
  intToFloat,
  makeBool,
  makeComplex,
  makeFloat,
  makeInt,
  makeRat,
  makeString,
  RatVal,
  ratToFloat,
  StringKind,
  UnknownKind,
  type Value,
} from './representation.ts';

/** The result of `op y`; a size above 0 is the number of bits of an unsigned `^y`. */
export function unaryOp(op: number, y: Value, size: number): Value {
  if (y.kind === UnknownKind) return y;
  switch (op) {
    case Op.Add:
      if (y.kind >= IntKind) return y;
      break;
    case Op.Sub:
      return negate(y);
    case Op.Xor: {
      if (y.kind !== IntKind) break;
      const z = ~bigVal(y);
      return makeInt(size > 0 ? BigInt.asUintN(size, z) : z);
    }
    case Op.Not:
      if (y.kind === BoolKind) return makeBool(!y.value);
      break;
  }
  return bug(`invalid unary operation ${op} on constant of kind ${y.kind}`);
}

function negate(y: Value): Value {
  switch (y.kind) {
    case IntKind:
      return y.big === null ? new IntVal(0 - y.small, null) : makeInt(-y.big);
    case FloatKind:
      return y instanceof RatVal ? new RatVal(-y.num, y.den) : makeFloat(negateFloat(y.float));
    case ComplexKind:
      return makeComplex(negate(y.re), negate(y.im));
    default:
      return bug(`invalid negation of constant of kind ${y.kind}`);
  }
}

/** The result of `x op y` for arithmetic and logical operators; dividing by zero is the caller's mistake. */
export function binaryOp(x: Value, op: number, y: Value): Value {
  if (x.kind === UnknownKind) return x;
  if (y.kind === UnknownKind) return y;
  if (x.kind === IntKind && y.kind === IntKind) return intOp(x, op, y);
  if (x.kind === ComplexKind || y.kind === ComplexKind) return complexOp(asComplex(x), op, asComplex(y));
  if (x.kind === BoolKind && y.kind === BoolKind) {
    if (op === Op.AndAnd) return makeBool(x.value && y.value);
    if (op === Op.OrOr) return makeBool(x.value || y.value);
  }
  if (x.kind === StringKind && y.kind === StringKind && op === Op.Add) return makeString(x.value + y.value);
  if (x.kind < IntKind || y.kind < IntKind)
    return bug(`invalid operation ${op} on constants of kinds ${x.kind} and ${y.kind}`);
  if (x instanceof FloatVal || y instanceof FloatVal) return floatOp(asFloat(x), op, asFloat(y));
  return ratOp(asRat(x), op, asRat(y));
}

function intOp(x: IntVal, op: number, y: IntVal): Value {
  if (x.big === null && y.big === null) {
    const a = x.small;
    const b = y.small;
    let c = Number.NaN;
    switch (op) {
      case Op.Add:
        c = a + b;
        break;
      case Op.Sub:
        c = a - b;
        break;
      case Op.Mul:
        c = a * b;
        break;
      case Op.IntDiv:
        if (b !== 0) c = Math.trunc(a / b);
        // The quotient of two safe integers may round up to the next integer when it is large.
        if (Math.abs(c) > 4503599627370496) c = Number.NaN;
        break;
      case Op.Rem:
        if (b !== 0) c = a % b;
        break;
    }
    if (Number.isSafeInteger(c)) return new IntVal(c + 0, null);
  }
  const a = bigVal(x);
  const b = bigVal(y);
  switch (op) {
    case Op.Add:
      return makeInt(a + b);
    case Op.Sub:
      return makeInt(a - b);
    case Op.Mul:
      return makeInt(a * b);
    case Op.Div:
      return makeRat(a, b);
    case Op.IntDiv:
      return makeInt(a / b);
    case Op.Rem:
      return makeInt(a % b);
    case Op.And:
      return makeInt(a & b);
    case Op.Or:
      return makeInt(a | b);
    case Op.Xor:
      return makeInt(a ^ b);
    case Op.AndNot:
      return makeInt(a & ~b);
    default:
      return bug(`invalid operation ${op} on integer constants`);
  }
}

function ratOp(x: RatVal, op: number, y: RatVal): Value {
  switch (op) {
    case Op.Add:
      return makeRat(x.num * y.den + y.num * x.den, x.den * y.den);
    case Op.Sub:
      return makeRat(x.num * y.den - y.num * x.den, x.den * y.den);
    case Op.Mul:
      return makeRat(x.num * y.num, x.den * y.den);
    case Op.Div:
      return makeRat(x.num * y.den, x.den * y.num);
    default:
      return bug(`invalid operation ${op} on float constants`);
  }
}

function floatOp(x: BigFloat, op: number, y: BigFloat): Value {
  switch (op) {
    case Op.Add:
      return makeFloat(addFloat(x, y, precision));
    case Op.Sub:
      return makeFloat(addFloat(x, negateFloat(y), precision));
    case Op.Mul:
      return makeFloat(mulFloat(x, y, precision));
    case Op.Div:
      return makeFloat(divFloat(x, y, precision));
    default:
      return bug(`invalid operation ${op} on float constants`);
  }
}

function complexOp(x: ComplexVal, op: number, y: ComplexVal): Value {
  const { re: a, im: b } = x;
  const { re: c, im: d } = y;
  switch (op) {
    case Op.Add:
    case Op.Sub:
      return makeComplex(binaryOp(a, op, c), binaryOp(b, op, d));
    case Op.Mul: {
      const re = binaryOp(mul(a, c), Op.Sub, mul(b, d));
      const im = binaryOp(mul(b, c), Op.Add, mul(a, d));
      return makeComplex(re, im);
    }
    case Op.Div: {
      // (ac + bd)/s + i(bc - ad)/s with s = cc + dd
      const s = binaryOp(mul(c, c), Op.Add, mul(d, d));
      const re = binaryOp(mul(a, c), Op.Add, mul(b, d));
      const im = binaryOp(mul(b, c), Op.Sub, mul(a, d));
      return makeComplex(binaryOp(re, Op.Div, s), binaryOp(im, Op.Div, s));
    }
    default:
      return bug(`invalid operation ${op} on complex constants`);
  }
}

function mul(x: Value, y: Value): Value {
  return binaryOp(x, Op.Mul, y);
}

function asComplex(x: Value): ComplexVal {
  if (x.kind === ComplexKind) return x;
  if (x.kind === IntKind || x.kind === FloatKind) return new ComplexVal(x, new IntVal(0, null));
  return bug(`constant of kind ${x.kind} is not numeric`);
}

function asFloat(x: Value): BigFloat {
  if (x instanceof FloatVal) return x.float;
  if (x instanceof RatVal) return ratToFloat(x).float;
  return intToFloat(bigVal(x)).float;
}

function asRat(x: Value): RatVal {
  return x instanceof RatVal ? x : new RatVal(bigVal(x), 1n);
}

/** `x << s` or `x >> s` of an Int. */
export function shift(x: Value, op: number, s: number): Value {
  if (x.kind === UnknownKind || s === 0) return x;
  if (x.kind !== IntKind) return bug(`invalid shift of constant of kind ${x.kind}`);
  if (op === Op.Shl) return makeInt(bigVal(x) << BigInt(s));
  if (op === Op.Shr) return makeInt(bigVal(x) >> BigInt(s));
  return bug(`invalid shift operator ${op}`);
}

/** Whether `x op y` holds; false if either is unknown. */
export function compare(x: Value, op: number, y: Value): boolean {
  if (x.kind === UnknownKind || y.kind === UnknownKind) return false;
  if (x.kind === BoolKind && y.kind === BoolKind) {
    if (op === Op.Eql) return x.value === y.value;
    if (op === Op.Neq) return x.value !== y.value;
    return bug('booleans are not ordered');
  }
  if (x.kind === ComplexKind || y.kind === ComplexKind) {
    const a = asComplex(x);
    const b = asComplex(y);
    const equal = compare(a.re, Op.Eql, b.re) && compare(a.im, Op.Eql, b.im);
    if (op === Op.Eql) return equal;
    if (op === Op.Neq) return !equal;
    return bug('complex numbers are not ordered');
  }
  return holds(order(x, y), op);
}

/** Negative, zero or positive. */
function order(x: Value, y: Value): number {
  if (x.kind === StringKind && y.kind === StringKind) return x.value < y.value ? -1 : x.value > y.value ? 1 : 0;
  if (x.kind === IntKind && y.kind === IntKind) {
    const a = x.big ?? x.small;
    const b = y.big ?? y.small;
    return a < b ? -1 : a > b ? 1 : 0;
  }
  if (x.kind < IntKind || y.kind < IntKind)
    return bug(`invalid comparison of constants of kinds ${x.kind} and ${y.kind}`);
  if (x instanceof FloatVal || y instanceof FloatVal) return compareFloat(asFloat(x), asFloat(y));
  const a = asRat(x);
  const b = asRat(y);
  const left = a.num * b.den;
  const right = b.num * a.den;
  return left < right ? -1 : left > right ? 1 : 0;
}

function holds(c: number, op: number): boolean {
  switch (op) {
    case Op.Eql:
      return c === 0;
    case Op.Neq:
      return c !== 0;
    case Op.Lss:
      return c < 0;
    case Op.Leq:
      return c <= 0;
    case Op.Gtr:
      return c > 0;
    case Op.Geq:
      return c >= 0;
    default:
      return bug(`invalid comparison operator ${op}`);
  }
}
