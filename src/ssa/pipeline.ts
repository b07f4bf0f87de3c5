/** The passes over one function, in order. Flags, dumps and verification derive from these lists. */
import type { Func } from './func.ts';
import type { Pass, Services } from './pass.ts';
import { eliminatePhis } from './passes/copy-elim.ts';
import { deadcode } from './passes/deadcode.ts';
import { decompose } from './passes/decompose.ts';
import { lowerGoOperations } from './passes/lower-go.ts';
import { insertWriteBarriers } from './passes/write-barrier.ts';
import { verify } from './verify.ts';

/** On the body as built, before it is offered to callers for inlining; and again after inlining into it. */
export const early: readonly Pass[] = [
  { name: 'phi elimination', fn: eliminatePhis },
  { name: 'early deadcode', fn: deadcode },
];

/** After escape analysis, up to what the target lowers. */
export const middle: readonly Pass[] = [
  { name: 'lower go', fn: lowerGoOperations },
  { name: 'lower go copies', fn: eliminatePhis },
  { name: 'expand calls', fn: decompose },
  { name: 'decompose copies', fn: eliminatePhis },
  { name: 'decompose deadcode', fn: deadcode },
  { name: 'write barriers', fn: insertWriteBarriers },
];

export interface PassOptions {
  /** Called after every pass. */
  readonly dump: ((f: Func, pass: string) => void) | null;
  readonly verify: boolean;
}

export const plain: PassOptions = { dump: null, verify: false };

export function runPasses(f: Func, passes: readonly Pass[], services: Services, options: PassOptions): void {
  for (const p of passes) {
    p.fn(f, services);
    if (options.dump !== null) options.dump(f, p.name);
    if (!options.verify) continue;
    const errors = verify(f);
    if (errors.length > 0) throw new Error(`${f.ref.linkName} after ${p.name}:\n${errors.join('\n')}`);
  }
}
