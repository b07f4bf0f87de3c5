/** `tuza build [-o file] [files or directory]`. */
import type { Host } from '#host/host.ts';
import { buildProgram } from './build-program.ts';
import { commandNamed } from './command.ts';
import { Environment } from './environment.ts';
import { parseCommandLine, tagsOf } from './flags.ts';
import { moduleOptionsOf } from './modules.ts';
import { startRecording } from './quick.ts';
import { executableName } from './run.ts';

export async function runBuild(args: readonly string[], host: Host): Promise<number> {
  const parsed = parseCommandLine(host, commandNamed('build'), args, new Environment(host, ''));
  if (parsed === null) return 2;
  let output = parsed.text('o', '');
  const packages = parsed.rest;
  const modules = moduleOptionsOf(parsed, 'build');
  const recording = startRecording(host);
  if (recording === null) return 1;
  const built = await buildProgram(
    recording.host,
    packages,
    tagsOf(parsed),
    recording.codeCache(parsed.bool('a', false)),
    {},
    modules,
  );
  if (built.image === null) return 1;
  const name = executableName(packages[0] ?? host.workingDirectory());
  if (output === '') output = name;
  else if (output.endsWith('/') || host.files.stat(output)?.isDirectory === true)
    output = `${output.replace(/\/+$/, '')}/${name}`;
  host.files.writeFile(output, built.image, 0o755);
  const path = output.startsWith('/') ? output : `${host.workingDirectory()}/${output}`;
  recording.finish(['build', ...args], [{ path, data: built.image }]);
  recording.cache.close();
  return 0;
}
