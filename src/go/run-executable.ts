/** Runs a compiled program as `go run` does: its output is ours, its failure is told. */
import type { FileError, Host, ProcessResult, RunOptions } from '#host/host.ts';
import { lookForTree } from './goroot.ts';

/** Signal numbers for the shell's 128+n convention. */
const signalNumbers: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGABRT: 6,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGTERM: 15,
};

/** Returns the exit status of the command that ran it. */
export async function runExecutable(host: Host, path: string, args: readonly string[]): Promise<number> {
  const result = await startExecutable(host, path, args, {});
  return result === null ? 2 : tellEnd(host, result);
}

/** Runs the program; null if the machine runs none. */
export async function startExecutable(
  host: Host,
  path: string,
  args: readonly string[],
  options: RunOptions,
): Promise<ProcessResult | null> {
  const { processes } = host;
  if (processes === null) return null;
  // The go command that the program finds is that of the tree it was built with.
  const goroot = lookForTree(host);
  const searched = host.env.get('PATH') ?? '';
  const env =
    goroot === ''
      ? host.env
      : new Map([...host.env, ['PATH', `${goroot}/bin${searched === '' ? '' : ':'}${searched}`]]);
  return processes.run(path, args, { ...options, env });
}

/** Tells how a program has failed; returns the exit status that says the same. */
export function tellEnd(host: Host, { code, signal }: ProcessResult): number {
  if (signal !== null) {
    host.stderr(`signal: ${signal}\n`);
    return 128 + (signalNumbers[signal] ?? 0);
  }
  if (code !== 0) host.stderr(`exit status ${code}\n`);
  return code ?? 1;
}

/** As Go tells that a program could not be started. */
export function startError(program: string, e: FileError): string {
  if (e.code === 'ENOENT') return `fork/exec ${program}: no such file or directory`;
  return e.code === 'EACCES' || e.code === 'EISDIR' ? `fork/exec ${program}: permission denied` : e.message;
}
