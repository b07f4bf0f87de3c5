/** Folding and identities of integer arithmetic. */
import * as G from '#abi/gotype.ts';
import * as I from '#base/int64.ts';
import type { Func } from '../func.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import { each, isConst, newConst, opAt, type Rule, type RuleRow, toConst, toCopy, toOp1, toOp2 } from './common.ts';

type Fold = (aLo: number, aHi: number, bLo: number, bHi: number) => void;

function foldInto(v: Value, bits: number, fold: Fold): true {
  const [a, b] = v.args;
  fold(a.auxLo, a.auxHi, b.auxLo, b.auxHi);
  I.signExtend(I.lo, I.hi, bits);
  return toConst(v, bits, I.lo, I.hi);
}

function isValue(v: Value, n: number): boolean {
  return isConst(v) && v.auxLo === n && v.auxHi === n >> 31;
}

/** Constants stand second. */
function constantLast(v: Value): boolean {
  const [a, b] = v.args;
  if (!isConst(a) || isConst(b)) return false;
  v.args[0] = b;
  v.args[1] = a;
  return true;
}

const addRule =
  (bits: number): Rule =>
  (f, v) => {
    const [a, b] = v.args;
    if (isConst(a) && isConst(b)) return foldInto(v, bits, I.add);
    if (constantLast(v)) return true;
    if (isValue(b, 0)) return toCopy(v, a);
    if (isConst(b) && a.op === v.op && isConst(a.args[1])) {
      const c = a.args[1];
      I.add(c.auxLo, c.auxHi, b.auxLo, b.auxHi);
      I.signExtend(I.lo, I.hi, bits);
      return toOp2(v, v.op, a.args[0], newConst(f, v, v.type, bits, I.lo, I.hi));
    }
    const sub = opAt('Sub', bits);
    if (a.op === sub && a.args[1] === b) return toCopy(v, a.args[0]);
    if (b.op === sub && b.args[1] === a) return toCopy(v, b.args[0]);
    return false;
  };

const subRule =
  (bits: number): Rule =>
  (f, v) => {
    const [a, b] = v.args;
    if (isConst(a) && isConst(b)) return foldInto(v, bits, I.sub);
    if (a === b) return toConst(v, bits, 0, 0);
    if (isConst(b)) {
      I.neg(b.auxLo, b.auxHi);
      I.signExtend(I.lo, I.hi, bits);
      return toOp2(v, opAt('Add', bits), a, newConst(f, v, v.type, bits, I.lo, I.hi));
    }
    const add = opAt('Add', bits);
    if (a.op === add && a.args[1] === b) return toCopy(v, a.args[0]);
    if (a.op === add && a.args[0] === b) return toCopy(v, a.args[1]);
    if (isValue(a, 0)) return toOp1(v, opAt('Neg', bits), b);
    return false;
  };

const mulRule =
  (bits: number): Rule =>
  (f, v) => {
    const [a, b] = v.args;
    if (isConst(a) && isConst(b)) return foldInto(v, bits, I.mul);
    if (constantLast(v)) return true;
    if (!isConst(b)) return false;
    if (isValue(b, 0)) return toConst(v, bits, 0, 0);
    if (isValue(b, 1)) return toCopy(v, a);
    if (isValue(b, -1)) return toOp1(v, opAt('Neg', bits), a);
    I.zeroExtend(b.auxLo, b.auxHi, bits);
    const n = I.log2(I.lo, I.hi);
    if (n >= 0) return toShift(f, v, opAt('Lsh', bits, 'x64'), a, n);
    if (a.op === v.op && isConst(a.args[1])) {
      const c = a.args[1];
      I.mul(c.auxLo, c.auxHi, b.auxLo, b.auxHi);
      I.signExtend(I.lo, I.hi, bits);
      return toOp2(v, v.op, a.args[0], newConst(f, v, v.type, bits, I.lo, I.hi));
    }
    return false;
  };

/** v becomes a shift by a constant known to be below the width. */
function toShift(f: Func, v: Value, op: number, a: Value, n: number): true {
  const count = newConst(f, v, f.types.basic(G.Uint64), 64, n, 0);
  toOp2(v, op, a, count);
  v.auxLo = 1;
  return true;
}

const andFold: Fold = (aLo, aHi, bLo, bHi) => I.signExtend(aLo & bLo, aHi & bHi, 64);
const orFold: Fold = (aLo, aHi, bLo, bHi) => I.signExtend(aLo | bLo, aHi | bHi, 64);
const xorFold: Fold = (aLo, aHi, bLo, bHi) => I.signExtend(aLo ^ bLo, aHi ^ bHi, 64);

function logicRule(fold: Fold, identity: number, absorbing: number | null): (bits: number) => Rule {
  return (bits) => (f, v) => {
    const [a, b] = v.args;
    if (isConst(a) && isConst(b)) return foldInto(v, bits, fold);
    if (constantLast(v)) return true;
    // A pointer may be hidden from escape analysis by an exclusive or with 0; Convert marks it.
    if (isValue(b, identity) && a.op !== Op.Convert) return toCopy(v, a);
    if (absorbing !== null && isValue(b, absorbing)) return toConst(v, bits, absorbing, absorbing >> 31);
    if (a === b) return absorbing === null ? toConst(v, bits, 0, 0) : toCopy(v, a);
    if (isConst(b) && a.op === v.op && isConst(a.args[1])) {
      const c = a.args[1];
      fold(c.auxLo, c.auxHi, b.auxLo, b.auxHi);
      return toOp2(v, v.op, a.args[0], newConst(f, v, v.type, bits, I.lo, I.hi));
    }
    return false;
  };
}

const negRule =
  (bits: number): Rule =>
  (_f, v) => {
    const a = v.args[0];
    if (a.op === v.op) return toCopy(v, a.args[0]);
    if (!isConst(a)) return false;
    I.neg(a.auxLo, a.auxHi);
    I.signExtend(I.lo, I.hi, bits);
    return toConst(v, bits, I.lo, I.hi);
  };

const comRule =
  (bits: number): Rule =>
  (_f, v) => {
    const a = v.args[0];
    if (a.op === v.op) return toCopy(v, a.args[0]);
    return isConst(a) ? toConst(v, bits, ~a.auxLo, ~a.auxHi) : false;
  };

type Shift = (aLo: number, aHi: number, n: number) => void;

/** Shifts by constants; `count` is the width of the count operand. */
function shiftRule(bits: number, count: number, shift: Shift, kind: 'left' | 'signed' | 'unsigned'): Rule {
  return (f, v) => {
    const [a, b] = v.args;
    if (isValue(a, 0)) return toConst(v, bits, 0, 0);
    if (!isConst(b)) return false;
    I.zeroExtend(b.auxLo, b.auxHi, count);
    const big = I.hi !== 0 || I.lo >>> 0 >= bits;
    const n = big ? bits : I.lo;
    if (n === 0) return toCopy(v, a);
    if (big && kind !== 'signed') return toConst(v, bits, 0, 0);
    const by = Math.min(n, bits - 1);
    if (isConst(a)) {
      if (kind === 'unsigned') I.zeroExtend(a.auxLo, a.auxHi, bits);
      else I.signExtend(a.auxLo, a.auxHi, bits);
      shift(I.lo, I.hi, by);
      I.signExtend(I.lo, I.hi, bits);
      return toConst(v, bits, I.lo, I.hi);
    }
    if (v.auxLo === 1 && count === 64) return false;
    const base = kind === 'left' ? 'Lsh' : 'Rsh';
    return toShift(f, v, opAt(base, bits, kind === 'unsigned' ? 'Ux64' : 'x64'), a, by);
  };
}

function shiftRows(): RuleRow[] {
  const out: RuleRow[] = [];
  for (const c of [8, 16, 32, 64]) {
    out.push(...each('Lsh', `x${c}`, (w) => shiftRule(w, c, I.shl, 'left')));
    out.push(...each('Rsh', `x${c}`, (w) => shiftRule(w, c, I.shr, 'signed')));
    out.push(...each('Rsh', `Ux${c}`, (w) => shiftRule(w, c, I.shru, 'unsigned')));
  }
  return out;
}

/** Unsigned division and remainder by powers of two. */
const divuRule =
  (bits: number): Rule =>
  (f, v) => {
    const [a, b] = v.args;
    if (!isConst(b)) return false;
    I.zeroExtend(b.auxLo, b.auxHi, bits);
    const n = I.log2(I.lo, I.hi);
    if (n === 0) return toCopy(v, a);
    return n > 0 && toShift(f, v, opAt('Rsh', bits, 'Ux64'), a, n);
  };

const moduRule =
  (bits: number): Rule =>
  (f, v) => {
    const [a, b] = v.args;
    if (!isConst(b)) return false;
    I.zeroExtend(b.auxLo, b.auxHi, bits);
    if (I.log2(I.lo, I.hi) < 0) return false;
    I.sub(I.lo, I.hi, 1, 0);
    I.signExtend(I.lo, I.hi, bits);
    return toOp2(v, opAt('And', bits), a, newConst(f, v, v.type, bits, I.lo, I.hi));
  };

/** Signed division by 2^n: add 2^n - 1 to negative values, then shift. */
const divRule =
  (bits: number): Rule =>
  (f, v) => {
    const [a, b] = v.args;
    if (!isConst(b)) return false;
    if (isValue(b, 1)) return toCopy(v, a);
    if (isValue(b, -1)) return toOp1(v, opAt('Neg', bits), a);
    const n = b.auxHi >= 0 ? I.log2(b.auxLo, b.auxHi) : -1;
    if (n <= 0 || n >= bits - 1) return markNotMinusOne(v);
    return toShift(f, v, opAt('Rsh', bits, 'x64'), biased(f, v, a, bits, n), n);
  };

function biased(f: Func, v: Value, a: Value, bits: number, n: number): Value {
  const sign = shifted(f, v, opAt('Rsh', bits, 'x64'), a, bits - 1);
  const bias = shifted(f, v, opAt('Rsh', bits, 'Ux64'), sign, bits - n);
  return f.newValue2(v.block, opAt('Add', bits), v.type, v.pos, a, bias, v.inline);
}

function shifted(f: Func, v: Value, op: number, a: Value, n: number): Value {
  const s = f.newValue2(v.block, op, v.type, v.pos, a, newConst(f, v, f.types.basic(G.Uint64), 64, n, 0), v.inline);
  s.auxLo = 1;
  return s;
}

/** Signed remainder by 2^n: what is left of the biased value's low bits, less the bias. */
const modRule =
  (bits: number): Rule =>
  (f, v) => {
    const [a, b] = v.args;
    if (!isConst(b)) return false;
    if (isValue(b, 1) || isValue(b, -1)) return toConst(v, bits, 0, 0);
    const n = b.auxHi >= 0 ? I.log2(b.auxLo, b.auxHi) : -1;
    if (n <= 0 || n >= bits - 1) return markNotMinusOne(v);
    const quotient = shifted(f, v, opAt('Rsh', bits, 'x64'), biased(f, v, a, bits, n), n);
    const whole = shifted(f, v, opAt('Lsh', bits, 'x64'), quotient, n);
    return toOp2(v, opAt('Sub', bits), a, whole);
  };

/** The target need not treat a divisor of -1 when the divisor is another constant. */
function markNotMinusOne(v: Value): boolean {
  if (v.auxLo === 1) return false;
  v.auxLo = 1;
  return true;
}

export const arithmeticRules: readonly RuleRow[] = [
  ...each('Add', '', addRule),
  ...each('Sub', '', subRule),
  ...each('Mul', '', mulRule),
  ...each('And', '', logicRule(andFold, -1, 0)),
  ...each('Or', '', logicRule(orFold, 0, -1)),
  ...each('Xor', '', logicRule(xorFold, 0, null)),
  ...each('Neg', '', negRule),
  ...each('Com', '', comRule),
  ...shiftRows(),
  ...each('Div', 'u', divuRule),
  ...each('Mod', 'u', moduRule),
  ...each('Div', '', divRule),
  ...each('Mod', '', modRule),
];
