/**
 * The second bundle of `run`, `build`, `install` and `test` (bin/tuza), for what has to be carried out. It starts without V8's last tier, which pays
 * only in work that takes seconds; that is seen from how long the steps take that tell their progress.
 */
import { setFlagsFromString } from 'node:v8';
import { nodeHost } from '#host/node.ts';
import { startOverWithHeap } from '#host/node-heap.ts';
import { dispatch } from './dispatch.ts';

/** Milliseconds of processor time after which the last tier pays. */
const long = 1000;

/** Milliseconds between two looks: they are slow ones. */
const interval = 200;

let lasts = false;
let next = long / 2;

/** Whether this has been long work: then code has been compiled, and a flag changed, that short work does without. */
export function isLong(): boolean {
  return lasts;
}

export async function carryOut(argv: readonly string[]): Promise<number> {
  const host = nodeHost();
  const { progress } = host;
  // Tests have their directory and may have been run when a program is known: there the limit stays.
  let mayStartOver = argv[0] !== 'test';
  return dispatch(argv, {
    ...host,
    reserveMemory: (bytes) => {
      if (mayStartOver) startOverWithHeap(bytes, argv);
      mayStartOver = false;
    },
    progress: {
      show: (stage, done, total, what) => {
        if (!lasts) lookAtTime();
        progress.show(stage, done, total, what);
      },
    },
  });
}

function lookAtTime(): void {
  const now = performance.now();
  if (now < next) return;
  next = now + interval;
  const { user, system } = process.cpuUsage();
  if (user + system < 1000 * long) return;
  lasts = true;
  setFlagsFromString('--turbofan');
}
