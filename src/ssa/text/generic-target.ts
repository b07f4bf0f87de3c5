/** A target without a machine: generic operations only, for tests of machine-independent passes. */
import { bug } from '#base/bug.ts';
import { genericOps } from '../op-info.ts';
import type { Target } from '../target.ts';

export const genericTarget: Target = {
  name: 'generic',
  pointerSize: 8,
  abi: { ints: 9, floats: 15 },
  ops: genericOps,
  registerNames: [],
  blockKinds: [],
  lowerValue: () => bug('the generic target lowers nothing'),
  lowerBlock: () => bug('the generic target lowers nothing'),
};
