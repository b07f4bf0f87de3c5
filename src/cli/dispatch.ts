/** Finds the subcommand and runs it. Each subcommand's code is loaded only when it is used. */
import { findCommand } from '#go/command.ts';
import { Environment } from '#go/environment.ts';
import { ensureGoroot, GorootError } from '#go/goroot.ts';
import { overviewText, runHelp } from '#go/help.ts';
import { tellModError } from '#go/mod-errors.ts';
import type { Host } from '#host/host.ts';
import { isUserError } from '#mod/errors.ts';

export async function dispatch(argv: readonly string[], host: Host): Promise<number> {
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
  const wrongPath = gopathProblem(host);
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
    return told(host, e);
  }
}

/** What is wrong with GOPATH (cmd/go, main); "" if nothing is. */
function gopathProblem(host: Host): string {
  for (const p of new Environment(host, '').get('GOPATH').split(':')) {
    if (p === '' || p.startsWith('/')) continue;
    return p.startsWith('~')
      ? `go: GOPATH entry cannot start with shell metacharacter '~': ${JSON.stringify(p)}`
      : `go: GOPATH entry is relative; must be absolute path: ${JSON.stringify(p)}.\nFor more details see: 'go help gopath'`;
  }
  return '';
}

/** What a command could not deal with, told; nothing has been written then. Returns the exit status. */
function told(host: Host, e: unknown): number {
  if (isUserError(e)) return tellModError(host, e);
  if (!(e instanceof Error)) throw e;
  const stack = (e.stack ?? '').split('\n').filter((line) => /^ +at /.test(line));
  host.stderr(`go: internal error: ${e.message}\n${stack.slice(0, 12).join('\n')}\n`);
  host.stderr('This is a mistake in tuza, not in the program. Please report it, with these lines and the program.\n');
  return 2;
}
