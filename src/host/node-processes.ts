/** Programs that are run under Node. */
import { availableParallelism } from 'node:os';
import { FileError, type Processes, type ProcessResult, type RunOptions } from './host.ts';
import { converse } from './node-converse.ts';
import { childProcess, tty } from './node-lazy.ts';

/** Signals a user sends to a foreground program; the child of a terminal gets them itself, too, which does no harm. */
const passedSignals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;

function codeOf(e: unknown): string {
  return e instanceof Error && 'code' in e && typeof e.code === 'string' ? e.code : 'EIO';
}

export const nodeProcesses: Processes = {
  id: process.pid,
  command: [process.execPath, process.argv[1] ?? ''],
  parallelism: availableParallelism(),
  exists: (id) => {
    try {
      process.kill(id, 0);
      return true;
    } catch (e) {
      // Somebody else's process exists, too.
      return codeOf(e) === 'EPERM';
    }
  },
  run: (path, args, options = {}) => runProcess(path, args, options),
  converse,
  capture: (path, args, options = {}) => {
    const r = childProcess().spawnSync(path, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 1 << 28,
      ...placeOf(options),
    });
    return { status: r.status ?? -1, output: r.stdout ?? '' };
  },
};

function placeOf(options: Pick<RunOptions, 'directory' | 'env'>) {
  return {
    ...(options.directory === undefined ? {} : { cwd: options.directory }),
    ...(options.env === undefined ? {} : { env: Object.fromEntries(options.env) }),
  };
}

type Stdio = 'ignore' | 'pipe' | number;

function runProcess(path: string, args: readonly string[], options: RunOptions): Promise<ProcessResult> {
  const { output, error } = options;
  const input: Stdio = options.input === false ? 'ignore' : 0;
  const stdout: Stdio = output === undefined ? 1 : 'pipe';
  // Both outputs in the order of writing need one pipe, which only a shell can make of two.
  const shares = output !== undefined && error === undefined;
  const stderr: Stdio = error !== undefined ? 'pipe' : options.joined === true ? 1 : shares ? 'ignore' : 2;
  const command = shares ? '/bin/sh' : path;
  const list = shares ? ['-c', 'exec "$0" "$@" 2>&1', path, ...args] : [...args];
  return new Promise<ProcessResult>((resolve, reject) => {
    const child = childProcess().spawn(command, list, {
      stdio: [input, stdout, stderr],
      ...placeOf(options),
    });
    if (output !== undefined) child.stdout?.on('data', output);
    if (error !== undefined) child.stderr?.on('data', error);
    let passedSignal: string | null = null;
    const stopPassing = passSignals((signal, isSent) => {
      passedSignal = signal;
      if (!isSent) child.kill(signal);
    });
    let timedOut = false;
    const timers: NodeJS.Timeout[] = [];
    const stop = () => {
      timedOut = true;
      child.kill(passedSignals.find((s) => s === options.timeoutSignal) ?? 'SIGTERM');
      timers.push(setTimeout(() => void child.kill('SIGKILL'), options.grace ?? 0));
    };
    if (options.timeout !== undefined) timers.push(setTimeout(stop, Math.min(options.timeout, 0x7fffffff)));
    options.cancel?.addEventListener('abort', stop, { once: true });
    const done = () => {
      stopPassing();
      options.cancel?.removeEventListener('abort', stop);
      for (const t of timers) clearTimeout(t);
    };
    let started = true;
    child.on('error', (e) => {
      started = false;
      done();
      reject(new FileError(path, codeOf(e), e.message));
    });
    // A process that the program has left behind may hold the pipe open; it does not keep us.
    let ended: ProcessResult | null = null;
    const finish = (outputCut: boolean) => {
      if (ended !== null && started) resolve({ ...ended, outputCut });
    };
    child.on('exit', (code, signal) => {
      done();
      ended = { code, signal, timedOut, outputCut: false, passedSignal };
      if (output === undefined && error === undefined) finish(false);
      else timers.push(setTimeout(() => cut(), options.outputDelay ?? 5000));
    });
    const cut = () => {
      child.stdout?.destroy();
      child.stderr?.destroy();
      finish(true);
    };
    child.on('close', () => {
      for (const t of timers) clearTimeout(t);
      finish(false);
    });
  });
}

/** Tells of signals, and whether the program has got them already. Returns a function that ends it. */
function passSignals(tell: (signal: NodeJS.Signals, isSent: boolean) => void): () => void {
  // Asking Node's stream for it takes long.
  const isTerminal = tty().isatty(0);
  const handlers = passedSignals.map((signal) => {
    // A terminal sends SIGINT and SIGQUIT to the whole foreground group: passing those on would deliver them twice.
    const fromTerminal = isTerminal && (signal === 'SIGINT' || signal === 'SIGQUIT');
    const handler = () => tell(signal, fromTerminal);
    process.on(signal, handler);
    return { signal, handler };
  });
  return () => {
    for (const h of handlers) process.off(h.signal, h.handler);
  };
}
