/** Folding of comparisons, booleans, and bounds. */
import * as I from '#base/int64.ts';
import type { Func } from '../func.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import {
  each,
  isConst,
  newConst,
  opAt,
  opNamed,
  type Rule,
  type RuleRow,
  toBool,
  toCopy,
  toOp1,
  toOp2,
  widths,
} from './common.ts';

function eqRule(bits: number, equal: boolean): Rule {
  return (f, v) => {
    const [a, b] = v.args;
    if (a === b) return toBool(v, equal);
    if (isConst(a) && isConst(b)) {
      I.zeroExtend(a.auxLo ^ b.auxLo, a.auxHi ^ b.auxHi, bits);
      return toBool(v, (I.lo === 0 && I.hi === 0) === equal);
    }
    if (isConst(a)) {
      v.args[0] = b;
      v.args[1] = a;
      return true;
    }
    if (isConst(b) && a.op === opAt('Add', bits) && isConst(a.args[1])) {
      const c = a.args[1];
      I.sub(b.auxLo, b.auxHi, c.auxLo, c.auxHi);
      I.signExtend(I.lo, I.hi, bits);
      return toOp2(v, v.op, a.args[0], newConst(f, v, a.type, bits, I.lo, I.hi));
    }
    return false;
  };
}

function lessRule(bits: number, unsigned: boolean, orEqual: boolean): Rule {
  return (_f, v) => {
    const [a, b] = v.args;
    if (a === b) return toBool(v, orEqual);
    if (isConst(a) && isConst(b)) {
      let order: number;
      if (unsigned) {
        I.zeroExtend(a.auxLo, a.auxHi, bits);
        const aLo = I.lo;
        const aHi = I.hi;
        I.zeroExtend(b.auxLo, b.auxHi, bits);
        order = I.compareUnsigned(aLo, aHi, I.lo, I.hi);
      } else order = I.compare(a.auxLo, a.auxHi, b.auxLo, b.auxHi);
      return toBool(v, orEqual ? order <= 0 : order < 0);
    }
    if (unsigned && !orEqual && isZero(b)) return toBool(v, false);
    if (unsigned && orEqual && isZero(a)) return toBool(v, true);
    if (!unsigned && !orEqual && isZero(b) && isNeverNegative(a)) return toBool(v, false);
    if (!unsigned && orEqual && isZero(a) && isNeverNegative(b)) return toBool(v, true);
    return false;
  };
}

function isZero(v: Value): boolean {
  return isConst(v) && v.auxLo === 0 && v.auxHi === 0;
}

/** Lengths, capacities, zero-extended and masked values, in 64 bits. */
export function isNeverNegative(v: Value): boolean {
  switch (v.op) {
    case Op.SliceLen:
    case Op.SliceCap:
    case Op.StringLen:
    case Op.ZeroExt8to64:
    case Op.ZeroExt16to64:
    case Op.ZeroExt32to64:
      return true;
    case Op.Const64:
      return v.auxHi >= 0;
    case Op.And64:
      return isNeverNegative(v.args[0]) || isNeverNegative(v.args[1]);
    case Op.Rsh64Ux64:
      return isConst(v.args[1]) && (v.args[1].auxLo !== 0 || v.args[1].auxHi !== 0);
    default:
      return false;
  }
}

/** The greatest value v can have if it is small and not negative; -1: unknown. */
function upperBound(v: Value): number {
  switch (v.op) {
    case Op.Const64:
      return v.auxHi >= 0 && v.auxHi < 1 << 20 ? v.auxHi * 4294967296 + (v.auxLo >>> 0) : -1;
    case Op.ZeroExt8to64:
      return 0xff;
    case Op.ZeroExt16to64:
      return 0xffff;
    case Op.ZeroExt32to64:
      return 0xffffffff;
    case Op.And64: {
      const x = upperBound(v.args[0]);
      const y = upperBound(v.args[1]);
      return x < 0 ? y : y < 0 ? x : Math.min(x, y);
    }
    case Op.Rsh64Ux64: {
      const n = isConst(v.args[1]) && v.args[1].auxHi === 0 ? v.args[1].auxLo : 0;
      return n >= 12 && n < 64 ? 2 ** (64 - n) - 1 : -1;
    }
    case Op.Mod64u: {
      const m = upperBound(v.args[1]);
      return isConst(v.args[1]) && m > 0 ? m - 1 : -1;
    }
    default:
      return -1;
  }
}

const inBounds: Rule = (_f, v) => {
  const [index, length] = v.args;
  if (index === length) return toBool(v, false);
  if (isConst(index) && index.auxHi < 0) return toBool(v, false);
  const low = isConst(length) ? upperBound(length) : -1;
  const high = upperBound(index);
  if (low >= 0 && high >= 0 && high < low) return toBool(v, true);
  if (low >= 0 && isConst(index) && high >= low) return toBool(v, false);
  return false;
};

const sliceInBounds: Rule = (_f, v) => {
  const [index, length] = v.args;
  if (index === length && isNeverNegative(index)) return toBool(v, true);
  if (isZero(index) && isNeverNegative(length)) return toBool(v, true);
  if (isConst(index) && index.auxHi < 0) return toBool(v, false);
  if (index.op === Op.SliceLen && length.op === Op.SliceCap && index.args[0] === length.args[0]) return toBool(v, true);
  const low = isConst(length) ? upperBound(length) : -1;
  const high = upperBound(index);
  if (low >= 0 && high >= 0 && high <= low) return toBool(v, true);
  if (low >= 0 && isConst(index) && high > low) return toBool(v, false);
  return false;
};

/** The comparison that holds when another does not, and whether its operands change places. */
const negations = new Map<number, readonly [op: number, swap: boolean]>();
for (const w of widths) {
  for (const u of ['', 'U']) {
    negations.set(opNamed(`Less${w}${u}`), [opNamed(`Leq${w}${u}`), true]);
    negations.set(opNamed(`Leq${w}${u}`), [opNamed(`Less${w}${u}`), true]);
  }
  negations.set(opNamed(`Eq${w}`), [opNamed(`Neq${w}`), false]);
  negations.set(opNamed(`Neq${w}`), [opNamed(`Eq${w}`), false]);
}
for (const t of ['Ptr', 'Inter', 'Slice', 'B', '32F', '64F']) {
  negations.set(opNamed(`Eq${t}`), [opNamed(`Neq${t}`), false]);
  negations.set(opNamed(`Neq${t}`), [opNamed(`Eq${t}`), false]);
}

const notRule: Rule = (_f, v) => {
  const a = v.args[0];
  if (a.op === Op.ConstBool) return toBool(v, a.auxLo === 0);
  if (a.op === Op.Not) return toCopy(v, a.args[0]);
  const n = negations.get(a.op);
  if (n === undefined) return false;
  return n[1] ? toOp2(v, n[0], a.args[1], a.args[0]) : toOp2(v, n[0], a.args[0], a.args[1]);
};

function logicB(v: Value, neutral: number): boolean {
  const [a, b] = v.args;
  for (const [x, y] of [
    [a, b],
    [b, a],
  ]) {
    if (x.op !== Op.ConstBool) continue;
    return x.auxLo === neutral ? toCopy(v, y) : toBool(v, neutral === 0);
  }
  return a === b && toCopy(v, a);
}

function eqB(equal: boolean): Rule {
  return (_f, v) => {
    const [a, b] = v.args;
    if (a === b) return toBool(v, equal);
    if (a.op === Op.ConstBool && b.op === Op.ConstBool) return toBool(v, (a.auxLo === b.auxLo) === equal);
    const [c, x] = a.op === Op.ConstBool ? [a, b] : [b, a];
    if (c.op !== Op.ConstBool) return false;
    return (c.auxLo === 1) === equal ? toCopy(v, x) : toOp1(v, Op.Not, x);
  };
}

/** 1: never nil, 0: nil, -1: unknown. */
export function nilness(v: Value): number {
  switch (v.op) {
    case Op.ConstNil:
      return 0;
    case Op.Addr:
    case Op.LocalAddr:
    case Op.SelectAddr:
    case Op.NilCheck:
      return 1;
    case Op.OffPtr:
    case Op.Copy:
      return nilness(v.args[0]) === 1 ? 1 : -1;
    case Op.SelectN: {
      const op = v.args[0].op;
      const fresh = op === Op.Alloc || op === Op.MakeClosure || op === Op.MakeMap || op === Op.MakeChan;
      return v.auxLo === 0 && fresh ? 1 : -1;
    }
    default:
      return -1;
  }
}

function eqPtr(equal: boolean): Rule {
  return (_f, v) => {
    const [a, b] = v.args;
    if (a === b) return toBool(v, equal);
    const na = nilness(a);
    const nb = nilness(b);
    if (na >= 0 && nb >= 0 && na + nb < 2) return toBool(v, (na === nb) === equal);
    if (na !== 0 && nb !== 0) return false;
    const x = na === 0 ? b : a;
    if (!equal) return toOp1(v, Op.IsNonNil, x);
    return notNonNil(_f, v, x);
  };
}

function notNonNil(f: Func, v: Value, x: Value): boolean {
  return toOp1(v, Op.Not, f.newValue1(v.block, Op.IsNonNil, v.type, v.pos, x, v.inline));
}

const isNonNil: Rule = (_f, v) => {
  const n = nilness(v.args[0]);
  return n >= 0 && toBool(v, n === 1);
};

const condSelect: Rule = (_f, v) => {
  const [a, b, c] = v.args;
  if (a === b) return toCopy(v, a);
  return c.op === Op.ConstBool && toCopy(v, c.auxLo === 1 ? a : b);
};

export const compareRules: readonly RuleRow[] = [
  ...each('Eq', '', (w) => eqRule(w, true)),
  ...each('Neq', '', (w) => eqRule(w, false)),
  ...each('Less', '', (w) => lessRule(w, false, false)),
  ...each('Leq', '', (w) => lessRule(w, false, true)),
  ...each('Less', 'U', (w) => lessRule(w, true, false)),
  ...each('Leq', 'U', (w) => lessRule(w, true, true)),
  [Op.IsInBounds, inBounds],
  [Op.IsSliceInBounds, sliceInBounds],
  [Op.Not, notRule],
  [Op.AndB, (_f, v) => logicB(v, 1)],
  [Op.OrB, (_f, v) => logicB(v, 0)],
  [Op.EqB, eqB(true)],
  [Op.NeqB, eqB(false)],
  [Op.EqPtr, eqPtr(true)],
  [Op.NeqPtr, eqPtr(false)],
  [Op.IsNonNil, isNonNil],
  [Op.CondSelect, condSelect],
];
