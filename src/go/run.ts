/** `tuza run [files or directory] [arguments]`: compiles, runs, removes the executable. */
import type { Host } from '#host/host.ts';
import { buildProgram, countPackageArguments } from './build-program.ts';
import { commandNamed } from './command.ts';
import { Environment } from './environment.ts';
import { parseCommandLine, tagsOf } from './flags.ts';

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

export async function runRun(args: readonly string[], host: Host): Promise<number> {
  const parsed = parseCommandLine(host, commandNamed('run'), args, new Environment(host, ''));
  if (parsed === null) return 2;
  const { rest } = parsed;
  const count = countPackageArguments(rest);
  if (rest.length === 0) {
    host.stderr('go: no go files listed\n');
    return 1;
  }
  const { processes } = host;
  if (processes === null) {
    host.stderr('tuza run: programs cannot be run here\n');
    return 2;
  }
  const built = buildProgram(host, rest.slice(0, count), tagsOf(parsed));
  if (built.image === null) return 1;
  const dir = host.files.makeTemporaryDirectory('tuza-run-');
  try {
    const path = `${dir}/${executableName(rest[0])}`;
    host.files.writeFile(path, built.image, 0o755);
    const { code, signal } = await processes.run(path, rest.slice(count));
    if (signal !== null) {
      host.stderr(`signal: ${signal}\n`);
      return 128 + (signalNumbers[signal] ?? 0);
    }
    if (code !== 0) host.stderr(`exit status ${code}\n`);
    return code ?? 1;
  } finally {
    host.files.remove(dir);
  }
}

/** The first file without .go, or the directory's name, as os.Args[0] shows it. */
export function executableName(arg: string): string {
  const base = arg.replace(/\/+$/, '').split('/').pop() ?? '';
  const name = base.endsWith('.go') ? base.slice(0, -'.go'.length) : base;
  return name === '' || name === '.' || name === '..' ? 'main' : name;
}
