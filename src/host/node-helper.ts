/** Threads that do one job each. */
import type { Helper } from './host.ts';
import { workerThreads } from './node-lazy.ts';

/** Sources run as they are under a Node that takes them. */
const isSource = import.meta.url.endsWith('.ts');

export function startHelper(name: string): Helper {
  const threads = workerThreads();
  const url = new URL(isSource ? `../cli/helper-${name}.ts` : `./helper-${name}.js`, import.meta.url);
  // A script first: it can ask for the code cache before the code is read.
  const start = `require('node:module').enableCompileCache?.(); import(${JSON.stringify(url.href)});`;
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
