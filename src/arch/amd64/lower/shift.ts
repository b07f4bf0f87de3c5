/**
 * Shifts. The machine takes the count modulo 32 or 64; Go's counts are unsigned and may be larger: unsigned and left shifts are
 * then masked to zero by the carry of a comparison, signed ones shift by the largest count.
 */
import type { GoType } from '#abi/gotype.ts';
import type { Func } from '#ssa/func.ts';
import * as Op from '#ssa/gen/op.ts';
import type { Value } from '#ssa/value.ts';
import * as A from '../gen/op.ts';
import { become2, becomeConst, becomeImm, isConst, make1, make2, makeImm, type Rule } from './common.ts';

/** Comparison with a constant by the width of the count. */
const compareConst: Readonly<Record<number, number>> = {
  8: A.CMPBconst,
  16: A.CMPWconst,
  32: A.CMPLconst,
  64: A.CMPQconst,
};

/** A constant count, as an unsigned number; 64 stands for all larger ones; -1 if it is not constant. */
function constantCount(y: Value, bits: number): number {
  if (!isConst(y)) return -1;
  const hi = bits === 64 ? y.auxHi : 0;
  const lo = bits >= 32 ? y.auxLo >>> 0 : y.auxLo & ((1 << bits) - 1);
  return hi !== 0 || lo > 64 ? 64 : lo;
}

interface Shift {
  readonly op: number;
  readonly constOp: number;
  /** Bits of the shifted value. */
  readonly width: number;
  /** Counts below this the instruction does right. */
  readonly limit: number;
  readonly countBits: number;
}

function carryMask(f: Func, v: Value, y: Value, s: Shift, t: GoType): Value {
  const flags = makeImm(f, v, compareConst[s.countBits], f.types.flags, y, s.limit);
  return make1(f, v, s.width === 64 ? A.SBBQcarrymask : A.SBBLcarrymask, t, flags);
}

/** Left and unsigned right shifts. */
const unsigned =
  (s: Shift): Rule =>
  (f, v) => {
    const [x, y] = v.args;
    const n = constantCount(y, s.countBits);
    if (n >= s.width) return becomeConst(v, s.width === 64 ? A.MOVQconst : A.MOVLconst, 0, 0);
    if (n >= 0) return becomeImm(v, s.constOp, x, n);
    if (v.auxLo === 1) return become2(v, s.op, x, y);
    const shifted = make2(f, v, s.op, v.type, x, y);
    return become2(v, s.width === 64 ? A.ANDQ : A.ANDL, shifted, carryMask(f, v, y, s, v.type));
  };

const signed =
  (s: Shift): Rule =>
  (f, v) => {
    const [x, y] = v.args;
    const n = constantCount(y, s.countBits);
    if (n >= 0) return becomeImm(v, s.constOp, x, Math.min(n, s.width - 1));
    if (v.auxLo === 1) return become2(v, s.op, x, y);
    const q = s.countBits === 64;
    const flags = makeImm(f, v, compareConst[s.countBits], f.types.flags, y, s.width);
    const below = make1(f, v, q ? A.SBBQcarrymask : A.SBBLcarrymask, y.type, flags);
    const above = make1(f, v, q ? A.NOTQ : A.NOTL, y.type, below);
    return become2(v, s.op, x, make2(f, v, q ? A.ORQ : A.ORL, y.type, y, above));
  };

type Sizes = readonly [number, number, number, number];

/** Op.Lsh8x8 and so on stand in order: value widths, then count widths, ascending. */
function family(first: number, make: (s: Shift) => Rule, ops: Sizes, constOps: Sizes, limits: Sizes): [number, Rule][] {
  const rules: [number, Rule][] = [];
  for (let i = 0; i < 4; i++)
    for (let j = 0; j < 4; j++) {
      const s: Shift = { op: ops[i], constOp: constOps[i], width: 8 << i, limit: limits[i], countBits: 8 << j };
      rules.push([first + 4 * i + j, make(s)]);
    }
  return rules;
}

export const shifts: readonly (readonly [number, Rule])[] = [
  ...family(
    Op.Lsh8x8,
    unsigned,
    [A.SHLL, A.SHLL, A.SHLL, A.SHLQ],
    [A.SHLLconst, A.SHLLconst, A.SHLLconst, A.SHLQconst],
    [32, 32, 32, 64],
  ),
  ...family(
    Op.Rsh8Ux8,
    unsigned,
    [A.SHRB, A.SHRW, A.SHRL, A.SHRQ],
    [A.SHRBconst, A.SHRWconst, A.SHRLconst, A.SHRQconst],
    [8, 16, 32, 64],
  ),
  ...family(
    Op.Rsh8x8,
    signed,
    [A.SARB, A.SARW, A.SARL, A.SARQ],
    [A.SARBconst, A.SARWconst, A.SARLconst, A.SARQconst],
    [8, 16, 32, 64],
  ),
];
