/** The thread that does what the library is asked for (lib.ts): one job, progress while it goes on, one answer. */
import { parentPort, workerData } from 'node:worker_threads';
import { decodeText, encodeText } from '#base/bytes.ts';
import { runBuild } from '#go/build.ts';
import { checkPatterns } from '#go/check.ts';
import { ensureGoroot, GorootError } from '#go/goroot.ts';
import { tellModError } from '#go/mod-errors.ts';
import type { Host, Progress } from '#host/host.ts';
import { MemoryFiles } from '#host/memory.ts';
import { nodeHost } from '#host/node.ts';
import { noProgress } from '#host/progress.ts';
import { isUserError } from '#mod/errors.ts';
import type { Message } from './lib.ts';
import type { Answer, Job } from './lib-job.ts';

/** Where the executable is written: nowhere but in memory. */
const outputDirectory = '/tuza-output';
const outputFile = `${outputDirectory}/program`;

/** Between two states of progress, in milliseconds. */
const progressInterval = 100;

const job: Job = workerData;

function answer(a: Answer, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(a, transfer);
}

/** The machine as the job sees it; what is printed is added to `printed`. */
function hostFor(files: MemoryFiles, printed: string[]): Host {
  const host = nodeHost();
  const { environment } = job;
  const print = (text: string | Uint8Array): void =>
    void printed.push(typeof text === 'string' ? text : decodeText(text));
  return {
    ...host,
    files: files.files(),
    terminal: { isTerminal: false, columns: 80 },
    progress: job.reportsProgress ? reportedProgress() : noProgress,
    env: environment === null ? host.env : new Map(Object.entries(environment)),
    workingDirectory: () => job.directory,
    stdout: print,
    stderr: print,
  };
}

function reportedProgress(): Progress {
  let next = 0;
  return {
    show: (stage, done, total, what) => {
      const now = performance.now();
      if (now < next) return;
      next = now + progressInterval;
      answer({ kind: 'progress', progress: { stage, done, total, what } });
    },
  };
}

function memoryOf(): MemoryFiles {
  const roots = job.files === null ? [outputDirectory] : [outputDirectory, job.directory];
  const files = new MemoryFiles(nodeHost().files, () => job.directory, roots);
  for (const [path, content] of Object.entries(job.files ?? {}))
    files.write(path, typeof content === 'string' ? encodeText(content) : content, 0o644);
  return files;
}

async function check(host: Host): Promise<void> {
  const found = await checkPatterns(host, job.packages, job.tags);
  if (typeof found === 'string') {
    answer({ kind: 'failed', reason: found });
    return;
  }
  const messages: Message[] = [];
  for (const p of found.packages) {
    for (const d of p.list) {
      const { filename, line, column } = found.fileSet.position(d.pos);
      messages.push({ package: p.path, file: filename, line, column, message: d.message, code: d.code });
    }
  }
  answer({ kind: 'checked', messages });
}

async function build(host: Host, files: MemoryFiles, printed: readonly string[]): Promise<void> {
  const tags = job.tags.length > 0 ? [`-tags=${job.tags.join(',')}`] : [];
  const status = await runBuild([...job.flags, ...tags, '-o', outputFile, ...job.packages], host);
  const image = status === 0 ? files.read(outputFile) : null;
  const own = image === null ? null : new Uint8Array(image);
  answer({ kind: 'built', program: { image: own, messages: printed.join('') } }, own === null ? [] : [own.buffer]);
}

async function main(): Promise<void> {
  const files = memoryOf();
  const printed: string[] = [];
  const host = hostFor(files, printed);
  try {
    await ensureGoroot(host);
    if (job.kind === 'check') await check(host);
    else await build(host, files, printed);
  } catch (e) {
    if (e instanceof GorootError) answer({ kind: 'failed', reason: e.message });
    else if (!isUserError(e)) throw e;
    else {
      tellModError(host, e);
      if (job.kind === 'build') answer({ kind: 'built', program: { image: null, messages: printed.join('') } });
      else answer({ kind: 'failed', reason: printed.join('').trimEnd() });
    }
  }
}

await main();
