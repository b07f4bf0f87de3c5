/** `tuza version`: one line that tools reading `go version` accept. */
import type { Host } from '#host/host.ts';
import { hostArch, hostOS } from './build-target.ts';
import { commandNamed } from './command.ts';
import { Environment } from './environment.ts';
import { parseCommandLine } from './flags.ts';
import { goVersion } from './version.ts';

export function runVersion(args: readonly string[], host: Host): number {
  const env = new Environment(host, '');
  const parsed = parseCommandLine(host, commandNamed('version'), args, env);
  if (parsed === null) return 2;
  if (parsed.rest.length > 0) {
    for (const file of parsed.rest) {
      if (host.files.stat(file) === null) host.stderr(`stat ${file}: no such file or directory\n`);
      else host.stderr(`go version: ${file}: build information is not read yet\n`);
    }
    return 1;
  }
  host.stdout(`go version ${goVersion} ${env.get('GOOS') || hostOS}/${env.get('GOARCH') || hostArch}\n`);
  return 0;
}
