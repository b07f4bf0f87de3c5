/** Runs the programs of version control systems (cmd/go/internal/modfetch/codehost, run). */
import { concatBytes, decodeText } from '#base/bytes.ts';
import { FileError, type Host } from '#host/host.ts';
import { ModError } from '../errors.ts';

export class RunError extends ModError {
  /** What the program said. */
  readonly stderr: string;
  /** -1: it did not end by itself. */
  readonly status: number;

  constructor(command: string, why: string, status: number, stderr: string, help = '') {
    const said = stderr.replace(/\n+$/, '');
    super(
      `${command}: ${why}${said === '' ? '' : `:\n\t${said.replaceAll('\n', '\n\t')}`}${help === '' ? '' : `\n${help}`}`,
    );
    this.stderr = stderr;
    this.status = status;
  }
}

/** -x: commands are told on standard error as a shell takes them, with the time that they took. */
export interface CommandLog {
  readonly tells: boolean;
}

/** Standard output. Throws RunError. */
export async function runCommand(
  host: Host,
  log: CommandLog,
  dir: string,
  command: readonly string[],
  env: ReadonlyMap<string, string> = new Map(),
): Promise<Uint8Array> {
  if (host.processes === null) throw new ModError('programs cannot be run here');
  const text = `${dir === '' ? '' : `cd ${dir}; `}${command.map(shellWord).join(' ')}`;
  if (log.tells) host.stderr(`${text}\n`);
  const started = host.now();
  const out: Uint8Array[] = [];
  const errors: Uint8Array[] = [];
  const all = new Map([...usualEnv(host), ...env, ...(dir === '' ? [] : [['PWD', dir] as const])]);
  const failed = (why: string, status: number): RunError =>
    new RunError(`${command.join(' ')} in ${dir}`, why, status, decodeText(concatBytes(errors)));
  try {
    const r = await host.processes.run(command[0], command.slice(1), {
      ...(dir === '' ? {} : { directory: dir }),
      env: all,
      input: false,
      output: (data) => void out.push(data.slice()),
      error: (data) => void errors.push(data.slice()),
    });
    if (r.signal !== null) throw failed(`signal: ${r.signal}`, -1);
    if (r.code !== 0) throw failed(`exit status ${r.code}`, r.code ?? -1);
  } catch (e) {
    if (!(e instanceof FileError)) throw e;
    throw failed(`exec: "${command[0]}": executable file not found in $PATH`, -1);
  } finally {
    if (log.tells) host.stderr(`${((host.now() - started) / 1000).toFixed(3)}s # ${text}\n`);
  }
  return concatBytes(out);
}

/** Nobody is asked for passwords. */
function usualEnv(host: Host): Map<string, string> {
  const env = new Map(host.env);
  if ((env.get('GIT_TERMINAL_PROMPT') ?? '') === '') env.set('GIT_TERMINAL_PROMPT', '0');
  if ((env.get('GCM_INTERACTIVE') ?? '') === '') env.set('GCM_INTERACTIVE', 'never');
  return env;
}

function shellWord(word: string): string {
  if (word.includes("'")) return `"${word.replace(/["$`\\]/g, '\\$&')}"`;
  return /[$`\\*?["\t\n\v\f\r \u0085\u00a0]/.test(word) ? `'${word}'` : word;
}
