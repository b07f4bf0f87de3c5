/** `tuza bug`, which opens no browser. */
import type { Host } from '#host/host.ts';
import { commandNamed } from './command.ts';
import { Environment } from './environment.ts';
import { parseCommandLine } from './flags.ts';

export function runBug(args: readonly string[], host: Host): number {
  const parsed = parseCommandLine(host, commandNamed('bug'), args, new Environment(host, ''));
  if (parsed === null) return 2;
  host.stderr(
    parsed.rest.length > 0 ? 'go: bug takes no arguments\n' : 'go: bug cannot be used: no browser is opened\n',
  );
  return 1;
}
