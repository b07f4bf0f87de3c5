/** Failures of module operations, told as the go command tells them. */
import type { Host } from '#host/host.ts';
import { findError, isUserError, JoinedErrors } from '#mod/errors.ts';
import { ToldError } from '#mod/load-packages.ts';

/** Prints what went wrong with modules; anything else goes on up. Returns the exit status. */
export function tellModError(host: Host, e: unknown): number {
  if (!isUserError(e)) throw e;
  if (findError(e, ToldError) !== null) return 1;
  if (e instanceof JoinedErrors) {
    for (const one of e.list) tellModError(host, one);
    return 1;
  }
  const text = /^(verifying |malformed go\.sum:|-mod=\S* not supported )/.test(e.message)
    ? e.message
    : `go: ${e.message}`;
  host.stderr(text.endsWith('\n') ? text : `${text}\n`);
  return 1;
}
