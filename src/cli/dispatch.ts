/** Finds the subcommand and runs it. Each subcommand's code is loaded only when it is used. */
import { withToldHashes } from '#cache/debug.ts';
import { findCommand } from '#go/command.ts';
import { Environment } from '#go/environment.ts';
import { ensureGoroot, GorootError } from '#go/goroot.ts';
import { overviewText, runHelp } from '#go/help.ts';
import { SwitchToolchain, selectedToolchain, ToolchainError } from '#go/toolchain-select.ts';
import type { Host } from '#host/host.ts';
import { gopathProblem, told } from './problems.ts';

export async function dispatch(argv: readonly string[], given: Host): Promise<number> {
  const host = withToldHashes(given);
  const [name, ...args] = argv;
  if (name === undefined || name === '-h' || name === '-help' || name === '--help') {
    host.stderr(overviewText());
    return 2;
  }
  if (name === 'help') return runHelp(args, host);
  if (name.startsWith('-')) {
    host.stderr(`flag provided but not defined: -${name.replace(/^--?/, '')}\n${overviewText()}`);
    return 2;
  }
  const command = findCommand(name);
  if (command === null) {
    host.stderr(`go ${name}: unknown command\nRun 'go help' for usage.\n`);
    return 2;
  }
  try {
    const toolchain = selectedToolchain(host, argv);
    if (toolchain !== '') return await switchTo(host, toolchain, argv);
  } catch (e) {
    if (!(e instanceof ToolchainError)) throw e;
    host.stderr(`go: ${e.message}\n`);
    return 1;
  }
  const wrongPath = gopathProblem(new Environment(host, ''));
  if (wrongPath !== '') {
    host.stderr(`${wrongPath}\n`);
    return 2;
  }
  const asksHelp = args[0] === '-h' || args[0] === '-help' || args[0] === '--help';
  if (command.needsTree && !asksHelp) {
    try {
      await ensureGoroot(host);
    } catch (e) {
      if (!(e instanceof GorootError)) throw e;
      host.stderr(`${e.message}\n`);
      return 1;
    }
  }
  const run = await command.load();
  try {
    return await run(args, host);
  } catch (e) {
    if (e instanceof SwitchToolchain) return switchTo(host, e.toolchain, argv);
    return told(host, e);
  }
}

/** Carries out the command line with another release. */
async function switchTo(host: Host, toolchain: string, argv: readonly string[]): Promise<number> {
  try {
    const { runToolchain } = await import('#go/toolchain-run.ts');
    return await runToolchain(host, toolchain, argv);
  } catch (e) {
    if (!(e instanceof ToolchainError)) throw e;
    host.stderr(`go: ${e.message}\n`);
    return 1;
  }
}
