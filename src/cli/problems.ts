/** What is wrong with a command line's surroundings, and how a failure is told. */
import { CacheVerifyError } from '#cache/debug.ts';
import { CacheError } from '#cache/store.ts';
import type { Environment } from '#go/environment.ts';
import { tellModError } from '#go/mod-errors.ts';
import type { Host } from '#host/host.ts';
import { isUserError } from '#mod/errors.ts';

/** What is wrong with GOPATH (cmd/go, main); "" if nothing is. */
export function gopathProblem(env: Environment): string {
  for (const p of env.get('GOPATH').split(':')) {
    if (p === '' || p.startsWith('/')) continue;
    return p.startsWith('~')
      ? `go: GOPATH entry cannot start with shell metacharacter '~': ${JSON.stringify(p)}`
      : `go: GOPATH entry is relative; must be absolute path: ${JSON.stringify(p)}.\nFor more details see: 'go help gopath'`;
  }
  return '';
}

/** What a command could not deal with, told; nothing has been written then. Returns the exit status. */
export function told(host: Host, e: unknown): number {
  if (isUserError(e)) return tellModError(host, e);
  if (e instanceof CacheError) {
    host.stderr(`go: ${e.message}\n`);
    return 1;
  }
  if (e instanceof CacheVerifyError) {
    host.stderr(`${e.message}\n`);
    return 2;
  }
  if (!(e instanceof Error)) throw e;
  const stack = (e.stack ?? '').split('\n').filter((line) => /^ +at /.test(line));
  host.stderr(`go: internal error: ${e.message}\n${stack.slice(0, 12).join('\n')}\n`);
  host.stderr('This is a mistake in tuza, not in the program. Please report it, with these lines and the program.\n');
  return 2;
}
