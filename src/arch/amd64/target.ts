/** The record through which the SSA room sees amd64. */
import type { Target } from '#ssa/target.ts';
import { lowerBlock, lowerValue } from './lower/lower.ts';
import { blockNames } from './op-table.ts';
import { ops } from './ops.ts';
import { floatArgs, intArgs, names } from './regs.ts';

export const amd64: Target = {
  name: 'amd64',
  pointerSize: 8,
  abi: { ints: intArgs.length, floats: floatArgs.length },
  ops,
  registerNames: names,
  blockKinds: blockNames,
  lowerValue,
  lowerBlock,
};
