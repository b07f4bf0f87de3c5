/** Threads that do one job each. */
import { fileURLToPath } from 'node:url';
import type { Helper } from './host.ts';
import { workerThreads } from './node-lazy.ts';

export function startHelper(name: string): Helper {
  const threads = workerThreads();
  const here = import.meta.url;
  // Sources run as they are under a Node that takes them. A script first: it can ask for the code cache before the code is read.
  const start = here.endsWith('.ts')
    ? `import(${JSON.stringify(new URL(`../cli/helper-${name}.ts`, here).href)})`
    : `require('node:module').enableCompileCache?.();
       require(${JSON.stringify(fileURLToPath(new URL(`./helper-${name}.cjs`, here)))});`;
  const worker = new threads.Worker(start, {
    eval: true,
    env: threads.SHARE_ENV,
    execArgv: [],
    trackUnmanagedFds: false,
  });
  const answer = new Promise<unknown>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the helper has ended with status ${code}`)));
  });
  // It is told to whoever asks for the answer; nobody may.
  answer.catch(() => undefined);
  return {
    post: (job, moved) => worker.postMessage(job, [...moved]),
    answer: () => answer,
    stop: () => void worker.terminate(),
  };
}

/** The other side: takes the job, and answers with a value and buffers that go over without being copied. */
export function serveHelper(work: (job: unknown) => Promise<{ answer: unknown; moved: readonly ArrayBuffer[] }>): void {
  const { parentPort } = workerThreads();
  parentPort?.once('message', (job: unknown) => {
    void work(job).then(({ answer, moved }) => parentPort.postMessage(answer, [...moved]));
  });
}
