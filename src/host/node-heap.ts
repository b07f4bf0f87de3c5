/** V8's limit for objects, which is fixed when Node starts: work that needs more starts over with a higher one. */
import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import { childProcess } from './node-lazy.ts';

/** Above this part of the limit V8 collects more than it works. */
const comfort = 0.7;

/** What the other processes of the machine and our own memory outside of V8 are left. */
const share = 0.8;

/** Carries out the command line `argv` again, in this process's place, if `bytes` of objects do not fit well and the machine has more memory. */
export function startOverWithHeap(bytes: number, argv: readonly string[]): void {
  const limit = getHeapStatistics().heap_size_limit;
  if (bytes < comfort * limit || process.execArgv.some((a) => a.startsWith('--max-old-space-size'))) return;
  // Inside a container; 0 or beyond all measure where there is no limit.
  const constrained = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  const wanted = Math.min(2 * bytes, share * Math.min(totalmem(), constrained));
  if (wanted <= limit) return;
  const flag = `--max-old-space-size=${Math.floor(wanted / 2 ** 20)}`;
  replaceProcess([...process.execArgv, flag, process.argv[1], ...argv]);
}

/** Node has execve from 22.15 on; an older one waits for its child. */
function replaceProcess(args: readonly string[]): void {
  if (process.execve !== undefined) process.execve(process.execPath, [process.execPath, ...args]);
  const { status, signal } = childProcess().spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (signal !== null) process.kill(process.pid, signal);
  process.exit(status ?? 1);
}
