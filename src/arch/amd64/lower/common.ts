/** What the lowering rules are written with. */
import type { GoType } from '#abi/gotype.ts';
import * as Kind from '#abi/gotype.ts';
import type { Func } from '#ssa/func.ts';
import * as Op from '#ssa/gen/op.ts';
import type { Value } from '#ssa/value.ts';
import * as A from '../gen/op.ts';

/** A rule: rewrites v in place if it applies. */
export type Rule = (f: Func, v: Value) => boolean;

/** v becomes op(a). The arguments of v may be among the new ones. */
export function become1(v: Value, op: number, a: Value): true {
  a.uses++;
  v.reset(op);
  a.uses--;
  v.addArg(a);
  return true;
}

export function become2(v: Value, op: number, a: Value, b: Value): true {
  v.reset(op);
  v.addArg(a);
  v.addArg(b);
  return true;
}

export function become3(v: Value, op: number, a: Value, b: Value, c: Value): true {
  v.reset(op);
  v.addArg(a);
  v.addArg(b);
  v.addArg(c);
  return true;
}

export function becomeConst(v: Value, op: number, lo: number, hi: number): true {
  v.reset(op);
  v.auxLo = lo | 0;
  v.auxHi = hi | 0;
  return true;
}

export function becomeCopy(v: Value, a: Value): true {
  v.copyOf(a, Op.Copy);
  return true;
}

/** v becomes op(a) with an immediate. */
export function becomeImm(v: Value, op: number, a: Value, lo: number): true {
  v.reset(op);
  v.addArg(a);
  v.auxLo = lo | 0;
  v.auxHi = lo >> 31;
  return true;
}

/** New values next to v: in its block, at its position. */
export function make0(f: Func, v: Value, op: number, t: GoType): Value {
  return f.newValue(v.block, op, t, v.pos, v.inline);
}

export function make1(f: Func, v: Value, op: number, t: GoType, a: Value): Value {
  return f.newValue1(v.block, op, t, v.pos, a, v.inline);
}

export function make2(f: Func, v: Value, op: number, t: GoType, a: Value, b: Value): Value {
  return f.newValue2(v.block, op, t, v.pos, a, b, v.inline);
}

export function make3(f: Func, v: Value, op: number, t: GoType, a: Value, b: Value, c: Value): Value {
  return f.newValue3(v.block, op, t, v.pos, a, b, c, v.inline);
}

export function makeImm(f: Func, v: Value, op: number, t: GoType, a: Value, lo: number): Value {
  const n = make1(f, v, op, t, a);
  n.auxLo = lo | 0;
  n.auxHi = lo >> 31;
  return n;
}

export function makeConst(f: Func, v: Value, op: number, t: GoType, lo: number, hi: number): Value {
  const n = make0(f, v, op, t);
  n.auxLo = lo | 0;
  n.auxHi = hi | 0;
  return n;
}

/** An integer constant, generic or lowered; auxLo and auxHi hold it. */
export function isConst(v: Value): boolean {
  switch (v.op) {
    case A.MOVQconst:
    case A.MOVLconst:
    case Op.Const64:
    case Op.Const32:
    case Op.Const16:
    case Op.Const8:
    case Op.ConstBool:
    case Op.ConstNil:
      return true;
    default:
      return false;
  }
}

/** A constant that is an int32, sign-extended: an immediate. */
export function isImm(v: Value): boolean {
  return isConst(v) && v.auxHi === v.auxLo >> 31;
}

/** Whether a + b, both int32, is an int32. */
export function sumFits(a: number, b: number): boolean {
  const s = a + b;
  return s === (s | 0);
}

export const isFloat = (t: GoType): boolean => t.kind === Kind.Float32 || t.kind === Kind.Float64;

/** log2 of a power of two below 2^32 (as unsigned), or -1. */
export function log2(n: number): number {
  const u = n >>> 0;
  return u !== 0 && (u & (u - 1)) === 0 ? 31 - Math.clz32(u) : -1;
}

/** Types used everywhere. */
export const int64 = (f: Func): GoType => f.types.basic(Kind.Int64);
export const uint64 = (f: Func): GoType => f.types.basic(Kind.Uint64);
export const uint32 = (f: Func): GoType => f.types.basic(Kind.Uint32);
export const bool = (f: Func): GoType => f.types.basic(Kind.Bool);
