/** Folding of width changes and conversions. */
import * as I from '#base/int64.ts';
import * as Op from '../gen/op.ts';
import { isConst, opNamed, type Rule, type RuleRow, toConst, toCopy, toOp1 } from './common.ts';

const pairs: readonly (readonly [narrow: number, wide: number])[] = [
  [8, 16],
  [8, 32],
  [8, 64],
  [16, 32],
  [16, 64],
  [32, 64],
];

function extension(narrow: number, wide: number, signed: boolean): Rule {
  const name = signed ? 'SignExt' : 'ZeroExt';
  const inner = pairs
    .filter((p) => p[1] === narrow)
    .map((p) => [opNamed(`${name}${p[0]}to${p[1]}`), opNamed(`${name}${p[0]}to${wide}`)]);
  return (_f, v) => {
    const a = v.args[0];
    if (isConst(a)) {
      if (signed) I.signExtend(a.auxLo, a.auxHi, narrow);
      else I.zeroExtend(a.auxLo, a.auxHi, narrow);
      I.signExtend(I.lo, I.hi, wide);
      return toConst(v, wide, I.lo, I.hi);
    }
    for (const [from, to] of inner) if (a.op === from) return toOp1(v, to, a.args[0]);
    return false;
  };
}

function truncation(wide: number, narrow: number): Rule {
  const fromNarrow = [opNamed(`SignExt${narrow}to${wide}`), opNamed(`ZeroExt${narrow}to${wide}`)];
  const outer = pairs
    .filter((p) => p[0] === wide)
    .map((p) => [opNamed(`Trunc${p[1]}to${wide}`), opNamed(`Trunc${p[1]}to${narrow}`)]);
  const narrower = pairs
    .filter((p) => p[1] === wide && p[0] < narrow)
    .flatMap((p) =>
      ['SignExt', 'ZeroExt'].map((e) => [opNamed(`${e}${p[0]}to${wide}`), opNamed(`${e}${p[0]}to${narrow}`)]),
    );
  return (_f, v) => {
    const a = v.args[0];
    if (isConst(a)) {
      I.signExtend(a.auxLo, a.auxHi, narrow);
      return toConst(v, narrow, I.lo, I.hi);
    }
    if (fromNarrow.includes(a.op)) return toCopy(v, a.args[0]);
    for (const [from, to] of outer) if (a.op === from) return toOp1(v, to, a.args[0]);
    for (const [from, to] of narrower) if (a.op === from) return toOp1(v, to, a.args[0]);
    return false;
  };
}

export const convertRules: readonly RuleRow[] = [
  ...pairs.flatMap(([n, w]): RuleRow[] => [
    [opNamed(`SignExt${n}to${w}`), extension(n, w, true)],
    [opNamed(`ZeroExt${n}to${w}`), extension(n, w, false)],
    [opNamed(`Trunc${w}to${n}`), truncation(w, n)],
  ]),
  [Op.CvtBoolToUint8, (_f, v) => v.args[0].op === Op.ConstBool && toConst(v, 8, v.args[0].auxLo, 0)],
];
