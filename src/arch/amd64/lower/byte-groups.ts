/** The eight bytes of a word looked at together, in a vector register: the control words of maps (gc-contract 6.2). */
import * as Op from '#ssa/gen/op.ts';
import * as A from '../gen/op.ts';
import { become1, make1, make2, makeImm, type Rule, uint64 } from './common.ts';

/** The byte in all bytes of the low half (the rest compares as zeros, and is cut off), compared with the word. */
const matchBytes: Rule = (f, v) => {
  const [word, byte] = v.args;
  const t = f.types.int128;
  const one = make1(f, v, A.MOVQi2f, t, byte);
  const all = makeImm(f, v, A.PSHUFLW, t, make2(f, v, A.PUNPCKLBW, t, one, one), 0);
  const equal = make2(f, v, A.PCMPEQB, t, all, make1(f, v, A.MOVQi2f, t, word));
  return become1(v, A.MOVBQZX, make1(f, v, A.PMOVMSKB, uint64(f), equal));
};

/** Above the word there are zeros. */
const topBits: Rule = (f, v) => become1(v, A.PMOVMSKB, make1(f, v, A.MOVQi2f, f.types.int128, v.args[0]));

export const byteGroups: readonly (readonly [number, Rule])[] = [
  [Op.MatchBytes, matchBytes],
  [Op.TopBits, topBits],
];
