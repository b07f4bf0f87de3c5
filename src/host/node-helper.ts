/** Threads that do one job each. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Helper } from './host.ts';
import { workerThreads } from './node-lazy.ts';

export function startHelper(name: string): Helper {
  const threads = workerThreads();
  const worker = new threads.Worker(startOf(name), {
    eval: true,
    env: threads.SHARE_ENV,
    execArgv: [],
    trackUnmanagedFds: false,
  });
  let hasAnswered = false;
  const answer = new Promise<unknown>((resolve, reject) => {
    worker.once('message', (value) => {
      hasAnswered = true;
      resolve(value);
    });
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the helper has ended with status ${code}`)));
  });
  // It is told to whoever asks for the answer; nobody may.
  answer.catch(() => undefined);
  return {
    post: (job, moved) => worker.postMessage(job, [...moved]),
    answer: () => answer,
    // One that has answered ends by itself.
    stop: () => {
      if (!hasAnswered) void worker.terminate();
    },
  };
}

/** The script that loads a helper's code: sources run as they are under a Node that takes them. */
function startOf(name: string): string {
  const here = import.meta.url;
  if (here.endsWith('.ts')) return `import(${JSON.stringify(new URL(`../cli/helper-${name}.ts`, here).href)})`;
  const path = (relative: string): string => fileURLToPath(new URL(relative, here));
  const identity = `helper-${name}-${readFileSync(path('./identity'), 'latin1')}`;
  return `require(${JSON.stringify(path('../bin/load.js'))}).load(${JSON.stringify(path(`./helper-${name}.cjs`))}, ${JSON.stringify(identity)})`;
}

/** The other side: takes the job, and answers with a value and buffers that go over without being copied. */
export function serveHelper(work: (job: unknown) => Promise<{ answer: unknown; moved: readonly ArrayBuffer[] }>): void {
  const { parentPort } = workerThreads();
  parentPort?.once('message', (job: unknown) => {
    void work(job).then(({ answer, moved }) => parentPort.postMessage(answer, [...moved]));
  });
}
