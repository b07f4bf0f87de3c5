/** `tuza run [files or directory] [arguments]`: compiles into the cache and runs from there. */
import type { Host } from '#host/host.ts';
import { buildProgram, countPackageArguments } from './build-program.ts';
import { commandNamed } from './command.ts';
import { Environment } from './environment.ts';
import { parseCommandLine, tagsOf } from './flags.ts';
import { moduleOptionsOf } from './modules.ts';
import { startRecording } from './quick.ts';
import { runExecutable } from './run-executable.ts';

/** A program that is run once and removed carries nothing for debuggers (cmd/go/internal/work/gc.go, OmitDebug). */
const withoutDebug = { stripSymbols: true, stripDwarf: true };

export async function runRun(args: readonly string[], host: Host): Promise<number> {
  const parsed = parseCommandLine(host, commandNamed('run'), args, new Environment(host, ''));
  if (parsed === null) return 2;
  const { rest } = parsed;
  const count = countPackageArguments(rest);
  if (rest.length === 0) {
    host.stderr('go: no go files listed\n');
    return 1;
  }
  if (host.processes === null) {
    host.stderr('go run: programs cannot be run here\n');
    return 2;
  }
  const named = rest.slice(0, count);
  const modules = moduleOptionsOf(parsed, 'run');
  const recording = startRecording(host);
  if (recording === null) return 1;
  const built = await buildProgram(
    recording.host,
    named,
    tagsOf(parsed),
    recording.codeCache(parsed.bool('a', false)),
    withoutDebug,
    modules,
  );
  if (built.image === null) return 1;
  // The cache keeps the executable: the same command need not build again.
  const command = ['run', ...args.slice(0, args.length - rest.length + count)];
  const path = recording.cache.putExecutable(recording.executableAction(command), executableName(rest[0]), built.image);
  recording.finish(command, [{ path, data: built.image }]);
  recording.cache.close();
  return runExecutable(host, path, rest.slice(count));
}

/** The first file without .go, or the directory's name, as os.Args[0] shows it. */
export function executableName(arg: string): string {
  const base = arg.replace(/\/+$/, '').split('/').pop() ?? '';
  const name = base.endsWith('.go') ? base.slice(0, -'.go'.length) : base;
  return name === '' || name === '.' || name === '..' ? 'main' : name;
}
