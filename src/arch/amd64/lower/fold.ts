/** Peepholes on machine operations: immediates, strength reduction, extensions, LEA forms. */
import * as Op from '#ssa/gen/op.ts';
import type { Value } from '#ssa/value.ts';
import * as A from '../gen/op.ts';
import {
  become1,
  become2,
  becomeConst,
  becomeCopy,
  becomeImm,
  isConst,
  isImm,
  log2,
  make2,
  makeImm,
  type Rule,
  sumFits,
} from './common.ts';

/** op x c => opconst x, with the constant on either side of commutative operations. */
const immediate =
  (constOp: number, commutes: boolean, then?: Rule): Rule =>
  (f, v) => {
    const [x, y] = v.args;
    if (isImm(y)) return becomeImm(v, constOp, x, y.auxLo);
    if (commutes && isImm(x)) return becomeImm(v, constOp, y, x.auxLo);
    return then === undefined ? false : then(f, v);
  };

const shiftImmediate =
  (constOp: number, mask: number): Rule =>
  (_f, v) => {
    const [x, y] = v.args;
    if (isConst(y)) return becomeImm(v, constOp, x, y.auxLo & mask);
    // The machine masks the count itself.
    if ((y.op === A.ANDQconst || y.op === A.ANDLconst) && (y.auxLo & mask) === mask)
      return become2(v, v.op, x, y.args[0]);
    if (y.op === A.MOVBQZX || y.op === A.MOVWQZX || y.op === A.MOVLQZX) return become2(v, v.op, x, y.args[0]);
    return false;
  };

const scaled: ReadonlyMap<number, number> = new Map([
  [1, A.LEAQ2],
  [2, A.LEAQ4],
  [3, A.LEAQ8],
]);

/** Addresses made of sums: LEAQ forms. SB cannot be a base with an index; its addresses are values of their own. */
const addq: Rule = (_f, v) => {
  for (let i = 0; i < 2; i++) {
    const x = v.args[i];
    const y = v.args[1 - i];
    if (y.op === A.SHLQconst && y.uses === 1) {
      const lea = scaled.get(y.auxLo);
      if (lea !== undefined) return become2(v, lea, x, y.args[0]);
    }
    if (y.op === A.NEGQ) return become2(v, A.SUBQ, x, y.args[0]);
    if (x.op === A.ADDQconst && x.uses === 1 && y.op !== Op.SP) {
      const off = x.auxLo;
      become2(v, A.LEAQ1, x.args[0], y);
      v.auxLo = off;
      return true;
    }
    if (x.op === A.LEAQ && x.uses === 1 && isFrame(x.args[0]) && y.op !== Op.SP) {
      const { aux, auxLo } = x;
      become2(v, A.LEAQ1, x.args[0], y);
      v.aux = aux;
      v.auxLo = auxLo;
      return true;
    }
  }
  return false;
};

function isFrame(v: Value): boolean {
  return v.op === Op.SP || v.op === A.SPanchored;
}

const leaScale: ReadonlyMap<number, number> = new Map([
  [A.LEAQ1, 1],
  [A.LEAQ2, 2],
  [A.LEAQ4, 4],
  [A.LEAQ8, 8],
]);

/** The scale of a LEAQ with index, 0 for other operations. */
export function scaleOf(op: number): number {
  return leaScale.get(op) ?? 0;
}

const addqConst: Rule = (_f, v) => {
  const x = v.args[0];
  const c = v.auxLo;
  if (c === 0) return becomeCopy(v, x);
  if (isConst(x)) {
    const lo = (x.auxLo >>> 0) + (c >>> 0);
    const carry = lo > 0xffffffff ? 1 : 0;
    return becomeConst(v, A.MOVQconst, lo, x.auxHi + (c >> 31) + carry);
  }
  if (!sumFits(x.auxLo, c)) return false;
  const sum = x.auxLo + c;
  if (x.op === A.ADDQconst) return becomeImm(v, A.ADDQconst, x.args[0], sum);
  if (x.op === A.LEAQ || (scaleOf(x.op) !== 0 && x.uses === 1)) return takeAddress(v, x, sum);
  if (x.op === A.ADDQ && x.uses === 1) {
    const [p, q] = x.args;
    if (isFrame(p) || isFrame(q)) return false;
    become2(v, A.LEAQ1, p, q);
    v.auxLo = c;
    return true;
  }
  if (x.op === A.SHLQconst && x.uses === 1 && x.auxLo === 1) {
    const p = x.args[0];
    become2(v, A.LEAQ1, p, p);
    v.auxLo = c;
    return true;
  }
  return false;
};

/** v becomes the address computation x with another offset. */
function takeAddress(v: Value, x: Value, offset: number): true {
  const { op, aux } = x;
  const args = x.args.slice();
  v.reset(op);
  for (const a of args) v.addArg(a);
  v.aux = aux;
  v.auxLo = offset;
  return true;
}

/** LEAQ of an address: one address. */
const leaq: Rule = (_f, v) => {
  const x = v.args[0];
  if (x.op === A.ADDQconst && sumFits(v.auxLo, x.auxLo)) {
    v.auxLo += x.auxLo;
    v.setArg(0, x.args[0]);
    return true;
  }
  if (x.op === A.LEAQ && sumFits(v.auxLo, x.auxLo) && (v.aux === null || x.aux === null)) {
    const aux = v.aux ?? x.aux;
    takeAddress(v, x, v.auxLo + x.auxLo);
    v.aux = aux;
    return true;
  }
  if (v.aux === null && v.auxLo === 0 && x.op !== Op.SP && x.op !== A.SPanchored && x.op !== Op.SB)
    return becomeCopy(v, x);
  return false;
};

const leaqIndexed =
  (scale: number): Rule =>
  (_f, v) => {
    const [p, i] = v.args;
    if (p.op === A.ADDQconst && sumFits(v.auxLo, p.auxLo)) {
      v.auxLo += p.auxLo;
      v.setArg(0, p.args[0]);
      return true;
    }
    if (p.op === A.LEAQ && isFrame(p.args[0]) && (v.aux === null || p.aux === null) && sumFits(v.auxLo, p.auxLo)) {
      v.auxLo += p.auxLo;
      v.aux ??= p.aux;
      v.setArg(0, p.args[0]);
      return true;
    }
    if (i.op === A.ADDQconst && sumFits(v.auxLo, i.auxLo * scale) && !isFrame(i.args[0])) {
      v.auxLo += i.auxLo * scale;
      v.setArg(1, i.args[0]);
      return true;
    }
    if (isConst(i) && isImm(i) && i.auxLo * scale === ((i.auxLo * scale) | 0) && sumFits(v.auxLo, i.auxLo * scale)) {
      const { aux } = v;
      const off = v.auxLo + i.auxLo * scale;
      become1(v, A.LEAQ, p);
      v.aux = aux;
      v.auxLo = off;
      return true;
    }
    if (scale === 1 && i.op === A.SHLQconst && i.uses === 1) {
      const lea = scaled.get(i.auxLo);
      if (lea === undefined) return false;
      const { aux, auxLo } = v;
      become2(v, lea, p, i.args[0]);
      v.aux = aux;
      v.auxLo = auxLo;
      return true;
    }
    return false;
  };

const subConst =
  (add: number): Rule =>
  (_f, v) => {
    if (v.auxLo === -0x80000000) return false;
    return becomeImm(v, add, v.args[0], -v.auxLo);
  };

const subq: Rule = (_f, v) => {
  const [x, y] = v.args;
  if (x === y) return becomeConst(v, A.MOVQconst, 0, 0);
  if (isConst(x) && x.auxLo === 0 && x.auxHi === 0) return become1(v, A.NEGQ, y);
  return false;
};

const andqConst: Rule = (_f, v) => {
  const x = v.args[0];
  switch (v.auxLo) {
    case 0:
      return becomeConst(v, A.MOVQconst, 0, 0);
    case -1:
      return becomeCopy(v, x);
    case 0xff:
      return become1(v, A.MOVBQZX, x);
    case 0xffff:
      return become1(v, A.MOVWQZX, x);
  }
  if (x.op === A.ANDQconst) return becomeImm(v, A.ANDQconst, x.args[0], v.auxLo & x.auxLo);
  return false;
};

const andlConst: Rule = (_f, v) => {
  const x = v.args[0];
  switch (v.auxLo) {
    case 0:
      return becomeConst(v, A.MOVLconst, 0, 0);
    case -1:
      return becomeCopy(v, x);
    case 0xff:
      return become1(v, A.MOVBQZX, x);
    case 0xffff:
      return become1(v, A.MOVWQZX, x);
  }
  if (x.op === A.ANDLconst) return becomeImm(v, A.ANDLconst, x.args[0], v.auxLo & x.auxLo);
  return false;
};

/** x & 0xffffffff; x & ^(1<<n). */
const andq: Rule = (_f, v) => {
  for (let i = 0; i < 2; i++) {
    const c = v.args[i];
    const x = v.args[1 - i];
    if (!isConst(c)) continue;
    if (c.auxHi === 0 && c.auxLo === -1) return become1(v, A.MOVLQZX, x);
    const bit = singleBit(~c.auxLo, ~c.auxHi);
    if (bit >= 31) return becomeImm(v, A.BTRQconst, x, bit);
  }
  return false;
};

const orq: Rule = (_f, v) => {
  for (let i = 0; i < 2; i++) {
    const c = v.args[i];
    if (!isConst(c)) continue;
    const bit = singleBit(c.auxLo, c.auxHi);
    if (bit >= 31) return becomeImm(v, A.BTSQconst, v.args[1 - i], bit);
  }
  return false;
};

const xorq: Rule = (_f, v) => {
  for (let i = 0; i < 2; i++) {
    const c = v.args[i];
    if (!isConst(c)) continue;
    const bit = singleBit(c.auxLo, c.auxHi);
    if (bit >= 31) return becomeImm(v, A.BTCQconst, v.args[1 - i], bit);
  }
  return false;
};

function singleBit(lo: number, hi: number): number {
  if (hi === 0) return log2(lo);
  const n = log2(hi);
  return lo === 0 && n >= 0 ? n + 32 : -1;
}

const zeroOrCopy =
  (identity: number): Rule =>
  (_f, v) =>
    v.auxLo === identity ? becomeCopy(v, v.args[0]) : false;

/** Inverted conditions, for !x. */
export const inverse: ReadonlyMap<number, number> = new Map([
  [A.SETEQ, A.SETNE],
  [A.SETNE, A.SETEQ],
  [A.SETL, A.SETGE],
  [A.SETGE, A.SETL],
  [A.SETG, A.SETLE],
  [A.SETLE, A.SETG],
  [A.SETB, A.SETAE],
  [A.SETAE, A.SETB],
  [A.SETA, A.SETBE],
  [A.SETBE, A.SETA],
  [A.SETEQF, A.SETNEF],
  [A.SETNEF, A.SETEQF],
]);

const xorlConst: Rule = (_f, v) => {
  if (v.auxLo === 0) return becomeCopy(v, v.args[0]);
  const set = inverse.get(v.args[0].op);
  if (v.auxLo === 1 && set !== undefined) return become1(v, set, v.args[0].args[0]);
  return false;
};

/** Products with constants as shifts and addresses. */
const mulConst =
  (shift: number, sub: number, leas: readonly [number, number, number], neg: number, zero: number): Rule =>
  (f, v) => {
    const x = v.args[0];
    const c = v.auxLo;
    switch (c) {
      case -1:
        return become1(v, neg, x);
      case 0:
        return becomeConst(v, zero, 0, 0);
      case 1:
        return becomeCopy(v, x);
      case 3:
        return become2(v, leas[0], x, x);
      case 5:
        return become2(v, leas[1], x, x);
      case 9:
        return become2(v, leas[2], x, x);
    }
    if (c < 0) return false;
    const n = log2(c);
    if (n >= 0) return becomeImm(v, shift, x, n);
    if (log2(c + 1) >= 3) return become2(v, sub, makeImm(f, v, shift, v.type, x, log2(c + 1)), x);
    for (let i = 0; i < 3; i++) {
      const factor = [3, 5, 9][i];
      const m = c % factor === 0 ? log2(c / factor) : -1;
      if (m > 0) return becomeImm(v, shift, make2(f, v, leas[i], v.type, x, x), m);
    }
    return false;
  };

/** The extension of a narrow load is the load; other extensions of extensions are one. */
const extend =
  (load: number, extendedLoad: number, same: readonly number[]): Rule =>
  (_f, v) => {
    const x = v.args[0];
    if (same.includes(x.op)) return becomeCopy(v, x);
    if (x.op !== load || x.uses !== 1 || x.block !== v.block) return false;
    if (load === extendedLoad) return becomeCopy(v, x);
    const { aux, auxLo } = x;
    const [p, mem] = x.args;
    // A nil pointer is followed where the load stands.
    const { pos, inline } = x;
    become2(v, extendedLoad, p, mem);
    v.pos = pos;
    v.inline = inline;
    v.aux = aux;
    v.auxLo = auxLo;
    return true;
  };

export const folds: readonly (readonly [number, Rule])[] = [
  [A.ADDQ, immediate(A.ADDQconst, true, addq)],
  [A.ADDL, immediate(A.ADDLconst, true)],
  [A.ADDQconst, addqConst],
  [A.ADDLconst, zeroOrCopy(0)],
  [A.SUBQ, immediate(A.SUBQconst, false, subq)],
  [A.SUBL, immediate(A.SUBLconst, false)],
  [A.SUBQconst, subConst(A.ADDQconst)],
  [A.SUBLconst, subConst(A.ADDLconst)],
  [A.ANDQ, immediate(A.ANDQconst, true, andq)],
  [A.ANDL, immediate(A.ANDLconst, true)],
  [A.ORQ, immediate(A.ORQconst, true, orq)],
  [A.ORL, immediate(A.ORLconst, true)],
  [A.XORQ, immediate(A.XORQconst, true, xorq)],
  [A.XORL, immediate(A.XORLconst, true)],
  [A.MULQ, immediate(A.MULQconst, true)],
  [A.MULL, immediate(A.MULLconst, true)],
  [A.ANDQconst, andqConst],
  [A.ANDLconst, andlConst],
  [A.ORQconst, zeroOrCopy(0)],
  [A.ORLconst, zeroOrCopy(0)],
  [A.XORQconst, zeroOrCopy(0)],
  [A.XORLconst, xorlConst],
  [A.MULQconst, mulConst(A.SHLQconst, A.SUBQ, [A.LEAQ2, A.LEAQ4, A.LEAQ8], A.NEGQ, A.MOVQconst)],
  [A.MULLconst, mulConst(A.SHLLconst, A.SUBL, [A.LEAL2, A.LEAL4, A.LEAL8], A.NEGL, A.MOVLconst)],
  [A.LEAQ, leaq],
  [A.LEAQ1, leaqIndexed(1)],
  [A.LEAQ2, leaqIndexed(2)],
  [A.LEAQ4, leaqIndexed(4)],
  [A.LEAQ8, leaqIndexed(8)],
  [A.SHLQ, shiftImmediate(A.SHLQconst, 63)],
  [A.SHRQ, shiftImmediate(A.SHRQconst, 63)],
  [A.SARQ, shiftImmediate(A.SARQconst, 63)],
  [A.ROLQ, shiftImmediate(A.ROLQconst, 63)],
  [A.SHLL, shiftImmediate(A.SHLLconst, 31)],
  [A.SHRL, shiftImmediate(A.SHRLconst, 31)],
  [A.SARL, shiftImmediate(A.SARLconst, 31)],
  [A.ROLL, shiftImmediate(A.ROLLconst, 31)],
  [A.SHRW, shiftImmediate(A.SHRWconst, 31)],
  [A.SARW, shiftImmediate(A.SARWconst, 31)],
  [A.ROLW, shiftImmediate(A.ROLWconst, 15)],
  [A.SHRB, shiftImmediate(A.SHRBconst, 31)],
  [A.SARB, shiftImmediate(A.SARBconst, 31)],
  [A.ROLB, shiftImmediate(A.ROLBconst, 7)],
  [A.SHLQconst, zeroOrCopy(0)],
  [A.SHLLconst, zeroOrCopy(0)],
  [A.SHRQconst, zeroOrCopy(0)],
  [A.SHRLconst, zeroOrCopy(0)],
  [A.SARQconst, zeroOrCopy(0)],
  [A.SARLconst, zeroOrCopy(0)],
  [A.MOVBQZX, extend(A.MOVBload, A.MOVBload, [A.MOVBQZX])],
  [A.MOVWQZX, extend(A.MOVWload, A.MOVWload, [A.MOVWQZX, A.MOVBQZX])],
  [A.MOVLQZX, extend(A.MOVLload, A.MOVLload, [A.MOVLQZX, A.MOVWQZX, A.MOVBQZX])],
  [A.MOVBQSX, extend(A.MOVBload, A.MOVBQSXload, [A.MOVBQSX])],
  [A.MOVWQSX, extend(A.MOVWload, A.MOVWQSXload, [A.MOVWQSX, A.MOVBQSX])],
  [A.MOVLQSX, extend(A.MOVLload, A.MOVLQSXload, [A.MOVLQSX, A.MOVWQSX, A.MOVBQSX])],
];
