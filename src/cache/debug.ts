/**
 * What GODEBUG asks of the cache: gocachehash=1 tells what identities are made of, gocachetest=1 why results of tests are used or not, and with
 * gocacheverify=1 nothing in the cache is used, but compared with what is made again (`go help cache`).
 */
import type { Host } from '#host/host.ts';

/** Whether GODEBUG has a setting with the value 1; the last one of a name holds (internal/godebug). */
function isSet(host: Pick<Host, 'env'>, name: string): boolean {
  const settings = (host.env.get('GODEBUG') ?? '').split(',').filter((s) => s.startsWith(`${name}=`));
  return settings.at(-1) === `${name}=1`;
}

export function tellsTests(host: Pick<Host, 'env'>): boolean {
  return isSet(host, 'gocachetest');
}

export function verifiesCache(host: Pick<Host, 'env'>): boolean {
  return isSet(host, 'gocacheverify');
}

/** The host with sums that tell what they are of, if that is asked for. */
export function withToldHashes(host: Host): Host {
  if (!isSet(host, 'gocachehash')) return host;
  const tell = (line: string): void => host.stderr(`${line}\n`);
  return { ...host, sha256: Object.assign((data: Uint8Array) => host.sha256(data), { tell }) };
}

/** What has been made is not what the cache has. */
export class CacheVerifyError extends Error {
  constructor(action: string, what: string, old: { id: string; size: number }, made: { id: string; size: number }) {
    super(
      `go: internal cache error: cache verify failed: id=${action} changed:<<<\n${what}\n>>>\nold: ${old.id} ${old.size}\nnew: ${made.id} ${made.size}`,
    );
  }
}
