/** The passes over one function, in order. Flags, dumps and verification derive from these lists. */
import type { Func } from './func.ts';
import type { Pass, Services } from './pass.ts';
import { eliminateCopies, eliminatePhis } from './passes/copy-elim.ts';
import { cse } from './passes/cse.ts';
import { eliminateDeadStores } from './passes/dead-store.ts';
import { deadcode } from './passes/deadcode.ts';
import { decompose } from './passes/decompose.ts';
import { divideByConstants } from './passes/divide.ts';
import { fuse } from './passes/fuse.ts';
import { removeUnusedMarks } from './passes/inline.ts';
import { lowerGoOperations } from './passes/lower-go.ts';
import { eliminateNilChecks } from './passes/nilcheck.ts';
import { opt } from './passes/opt.ts';
import { prove } from './passes/prove.ts';
import { insertWriteBarriers } from './passes/write-barrier.ts';
import { verify } from './verify.ts';

/** On the body as built, before it is offered to callers for inlining; and again after inlining into it. */
export const early: readonly Pass[] = [
  { name: 'phi elimination', fn: eliminatePhis },
  { name: 'early deadcode', fn: deadcode },
  { name: 'early opt', fn: opt },
  { name: 'early cse', fn: cse },
  { name: 'early nil checks', fn: eliminateNilChecks },
  { name: 'prove', fn: prove },
  { name: 'prove opt', fn: opt },
  { name: 'early dead values', fn: deadcode },
  { name: 'early fuse', fn: fuse },
];

/** After escape analysis, up to what the target lowers. */
export const middle: readonly Pass[] = [
  { name: 'lower go', fn: lowerGoOperations },
  { name: 'lower go copies', fn: eliminatePhis },
  { name: 'expand calls', fn: decompose },
  { name: 'decompose copies', fn: eliminatePhis },
  { name: 'decompose deadcode', fn: deadcode },
  { name: 'divide', fn: divideByConstants },
  { name: 'opt', fn: opt },
  { name: 'cse', fn: cse },
  { name: 'nil checks', fn: eliminateNilChecks },
  { name: 'dead stores', fn: eliminateDeadStores },
  { name: 'late opt', fn: opt },
  { name: 'deadcode', fn: deadcode },
  { name: 'fuse', fn: fuse },
  { name: 'inline marks', fn: removeUnusedMarks },
  { name: 'inline marks copies', fn: eliminateCopies },
  { name: 'late deadcode', fn: deadcode },
  { name: 'write barriers', fn: insertWriteBarriers },
];

/** Passes that only make code better; -N of the compiler leaves them out. */
const improving: ReadonlySet<string> = new Set([
  'early cse',
  'early nil checks',
  'prove',
  'prove opt',
  'early fuse',
  'divide',
  'cse',
  'nil checks',
  'dead stores',
  'late opt',
  'fuse',
]);

export interface PassOptions {
  /** Called after every pass. */
  readonly dump: ((f: Func, pass: string) => void) | null;
  readonly verify: boolean;
  /** True: only the passes that code cannot be made without. */
  readonly unoptimized?: boolean;
}

export const plain: PassOptions = { dump: null, verify: false };

export function runPasses(f: Func, passes: readonly Pass[], services: Services, options: PassOptions): void {
  for (const p of passes) {
    if (options.unoptimized === true && improving.has(p.name)) continue;
    p.fn(f, services);
    if (options.dump !== null) options.dump(f, p.name);
    if (!options.verify) continue;
    const errors = verify(f);
    if (errors.length > 0) throw new Error(`${f.ref.linkName} after ${p.name}:\n${errors.join('\n')}`);
  }
}
