/** Failures of module operations, told as the go command tells them. */
import type { Host } from '#host/host.ts';
import { isUserError } from '#mod/errors.ts';

/** Prints what went wrong with modules; anything else goes on up. Returns the exit status. */
export function tellModError(host: Host, e: unknown): number {
  if (!isUserError(e)) throw e;
  host.stderr(e.message.startsWith('verifying ') ? `${e.message}\n` : `go: ${e.message}\n`);
  return 1;
}
