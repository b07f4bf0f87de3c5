/** The command line: finds the subcommand and runs it. Each subcommand's code is loaded only when it is used. */

import type { Host } from '#host/host.ts';
import { nodeHost } from '#host/node.ts';

type Command = (args: readonly string[], host: Host) => number | Promise<number>;

const commands: Record<string, () => Promise<Command>> = {
  build: async () => (await import('#go/build.ts')).runBuild,
  run: async () => (await import('#go/run.ts')).runRun,
  tool: async () => (await import('#go/tool.ts')).runTool,
  version: async () => (await import('#go/version.ts')).runVersion,
};

async function main(argv: readonly string[]): Promise<number> {
  const host = nodeHost();
  const name = argv[0] ?? 'help';
  const load = Object.hasOwn(commands, name) ? commands[name] : null;
  if (load === null) {
    host.stderr(`tuza ${name}: unknown command\nRun 'tuza help' for usage.\n`);
    return 2;
  }
  const command = await load();
  return command(argv.slice(1), host);
}

process.exitCode = await main(process.argv.slice(2));
