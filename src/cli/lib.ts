/**
 * tuza as a library, under Node. Everything in this file's signatures is declared in this file, so that its declarations stand alone.
 * The work is done by a thread of its own (lib-worker.ts), so that the caller's stays free and an AbortSignal ends it at once.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Answer, Job } from './lib-job.ts';

/** What every function takes. */
export interface Options {
  /** The working directory: where patterns and go.mod are looked for. It need not exist on the disk. Default: the process's. */
  readonly directory?: string;
  /**
   * Files in memory, by their paths, absolute or relative to the working directory. They are seen beside the files of the disk and hide those of
   * the same path. With them, nothing is written to the working directory on the disk.
   */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Variables in place of those of the process (GOROOT, GOPROXY, GOFLAGS, ...). */
  readonly environment?: Readonly<Record<string, string>>;
  /** Build tags. */
  readonly tags?: readonly string[];
  /** Ends the work; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Hears what is being done, some times a second. */
  readonly onProgress?: (progress: Progress) => void;
}

/** How far the work is. */
export interface Progress {
  readonly stage: 'download' | 'unpack' | 'load' | 'check' | 'compile' | 'test';
  /** Bytes, functions or packages; 0 if that is not known. */
  readonly done: number;
  /** 0 if that is not known. */
  readonly total: number;
  /** What is being worked on; "" if that has no name. */
  readonly what: string;
}

/** An error in a Go program. */
export interface Message {
  /** The import path of the package; "" for errors of loading packages. */
  readonly package: string;
  /** "" if the error has no place. */
  readonly file: string;
  /** From 1; 0 if unknown. */
  readonly line: number;
  /** In bytes, from 1; 0 if unknown. */
  readonly column: number;
  /** In the official compiler's wording. */
  readonly message: string;
  /** The name of the kind of error, e.g. "UnusedVar", or "". */
  readonly code: string;
}

/** What `build` and `run` take besides. */
export interface BuildOptions extends Options {
  /** More flags of `tuza build`, e.g. ["-trimpath", "-ldflags=-s -w"]. */
  readonly flags?: readonly string[];
}

/** The result of a build. */
export interface Program {
  /** The executable; null if there were errors. */
  readonly image: Uint8Array | null;
  /** What `tuza build` prints: the errors, and what -v, -x and the like ask for. */
  readonly messages: string;
}

/** What `run` takes besides. */
export interface RunOptions extends BuildOptions {
  /** The program's arguments. */
  readonly args?: readonly string[];
  /** Its standard input; default: empty. */
  readonly input?: string | Uint8Array;
}

/** How a program ended. */
export interface RunResult {
  /** The exit status; null if the program was not built or was ended by a signal. */
  readonly status: number | null;
  /** The name of the signal that ended the program, e.g. "SIGSEGV"; else null. */
  readonly signal: string | null;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** What the build printed. If it failed, that says why, and the program has not run. */
  readonly messages: string;
}

/**
 * Type-checks packages: import paths, directories ("./..."), patterns ("std") or .go files of one directory. Returns all errors; none means that
 * the packages are right. Downloads the Go tree if the machine has none. Rejects if it cannot be had.
 */
export async function check(packages: readonly string[], options: Options = {}): Promise<Message[]> {
  const answer = await work(jobOf('check', packages, options), options);
  if (answer.kind !== 'checked') throw new Error(answer.kind === 'failed' ? answer.reason : 'tuza: unexpected answer');
  return [...answer.messages];
}

/** Compiles and links a program, given by its .go files, its directory or its import path, for linux/amd64. Nothing is run or kept but the build cache. */
export async function build(packages: readonly string[], options: BuildOptions = {}): Promise<Program> {
  const answer = await work(jobOf('build', packages, options), options);
  if (answer.kind !== 'built') throw new Error(answer.kind === 'failed' ? answer.reason : 'tuza: unexpected answer');
  return answer.program;
}

/** Builds a program and runs it, in the working directory if that is on the disk. An AbortSignal ends the build or the program. */
export async function run(packages: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { image, messages } = await build(packages, {
    ...options,
    flags: ['-ldflags=-s -w', ...(options.flags ?? [])],
  });
  const none = new Uint8Array();
  if (image === null) return { status: null, signal: null, stdout: none, stderr: none, messages };
  const directory = mkdtempSync(join(tmpdir(), 'tuza-run-'));
  try {
    const path = join(directory, 'program');
    writeFileSync(path, image, { mode: 0o755 });
    return { ...(await execute(path, options)), messages };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** "file:line:column", as the tools print places. */
export function formatPlace(m: Message): string {
  if (m.file === '') return '-';
  if (m.line === 0) return m.file;
  return m.column === 0 ? `${m.file}:${m.line}` : `${m.file}:${m.line}:${m.column}`;
}

function jobOf(kind: Job['kind'], packages: readonly string[], options: BuildOptions): Job {
  return {
    kind,
    packages,
    directory: options.directory ?? process.cwd(),
    files: options.files ?? null,
    environment: options.environment ?? null,
    tags: options.tags ?? [],
    flags: options.flags ?? [],
    reportsProgress: options.onProgress !== undefined,
  };
}

function work(job: Job, options: Options): Promise<Answer> {
  const { signal, onProgress } = options;
  return new Promise<Answer>((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason);
      return;
    }
    const file = import.meta.url.endsWith('.ts') ? './lib-worker.ts' : './lib-worker.js';
    const worker = new Worker(new URL(file, import.meta.url), { workerData: job });
    const abort = (): void => {
      void worker.terminate();
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    const done = (): void => signal?.removeEventListener('abort', abort);
    worker.on('message', (answer: Answer) => {
      if (answer.kind === 'progress') onProgress?.(answer.progress);
      else {
        done();
        resolve(answer);
      }
    });
    worker.on('error', (e) => {
      done();
      reject(e);
    });
    worker.on('exit', (code) => {
      done();
      reject(new Error(`tuza: the thread ended early (${code})`));
    });
  });
}

function execute(path: string, options: RunOptions): Promise<Omit<RunResult, 'messages'>> {
  const { signal, args = [], input = '', directory, environment } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(path, [...args], {
      stdio: 'pipe',
      ...(directory === undefined || options.files !== undefined ? {} : { cwd: directory }),
      ...(environment === undefined ? {} : { env: { ...environment } }),
      ...(signal === undefined ? {} : { signal, killSignal: 'SIGKILL' as const }),
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => out.push(part));
    child.stderr.on('data', (part: Buffer) => err.push(part));
    // A program need not read its input.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('error', (e) => reject(signal?.aborted === true ? signal.reason : e));
    child.on('close', (status, name) => {
      resolve({ status, signal: name, stdout: bytesOf(out), stderr: bytesOf(err) });
    });
  });
}

function bytesOf(parts: readonly Buffer[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
