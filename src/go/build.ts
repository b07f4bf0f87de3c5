/** `tuza build [-o file] [files or directory]`. */
import type { Host } from '#host/host.ts';
import { buildProgram } from './build-program.ts';
import { executableName } from './run.ts';

export function runBuild(args: readonly string[], host: Host): number {
  let output = '';
  let i = 0;
  for (; i < args.length && args[i].startsWith('-'); i++) {
    const flag = args[i].replace(/^--?/, '');
    if (flag === 'o' && i + 1 < args.length) output = args[++i];
    else if (flag.startsWith('o=')) output = flag.slice(2);
    else {
      host.stderr(`flag provided but not defined: -${flag}\nusage: tuza build [-o output] [packages]\n`);
      return 2;
    }
  }
  const packages = args.slice(i);
  const built = buildProgram(host, packages);
  if (built.image === null) return 1;
  const name = executableName(packages[0] ?? host.workingDirectory());
  if (output === '') output = name;
  else if (output.endsWith('/') || host.files.stat(output)?.isDirectory === true)
    output = `${output.replace(/\/+$/, '')}/${name}`;
  host.files.writeFile(output, built.image, 0o755);
  return 0;
}
