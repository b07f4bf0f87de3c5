/**
 * What `test` printed of packages, to be printed again: texts, and results of runs that the cache keeps. A command whose packages all passed is
 * remembered with its inputs; if they are as they were, and so is all that the tests looked at, nothing has to be loaded (quick.ts).
 */
import { ByteWriter, decodeText, encodeText } from '#base/bytes.ts';
import { cacheDirectory } from '#cache/open.ts';
import { cachedResults, type RunIdentity } from '#cache/results.ts';
import type { BuildCache } from '#cache/store.ts';
import { FileError } from '#host/host.ts';
import type { Environment } from './environment.ts';

/** A line of a package that is not run, or a run whose output the cache has. */
export type Replayed = { readonly text: string } | { readonly run: RunIdentity };

/** The texts in order; null if a result is not there, or is too old. */
export function replay(env: Environment, cache: BuildCache, list: readonly Replayed[]): Uint8Array | null {
  const { host } = env;
  const expired = expiredBefore(env);
  const w = new ByteWriter(1024);
  for (const r of list) {
    if ('text' in r) {
      w.bytes(encodeText(r.text));
      continue;
    }
    const known = cachedResults(host, cache, r.run, ['output'], expired);
    const output = known === null ? null : markCached(known[0]);
    if (output === null) return null;
    w.bytes(output);
  }
  return w.finish().slice();
}

/** Replaces the time in the last line of a stored output; null if that is not of a test that passed. */
export function markCached(stored: Uint8Array): Uint8Array | null {
  if (stored[stored.length - 1] !== 10) return null;
  const start = stored.lastIndexOf(10, stored.length - 2) + 1;
  const m = /^(ok {2}\t[^\t]*\t)[\d.s]*(.*\n)$/.exec(decodeText(stored.subarray(start)));
  if (m === null) return null;
  const w = new ByteWriter(stored.length + 16);
  w.bytes(stored.subarray(0, start));
  w.bytes(encodeText(`${m[1]}(cached)${m[2]}`));
  return w.finish().slice();
}

/** Milliseconds since 1970 before which results do not count: `clean -testcache` writes the time down, in nanoseconds. */
export function expiredBefore(env: Environment): number {
  const { host } = env;
  try {
    const text = decodeText(host.files.readFile(`${cacheDirectory(host, env.get('GOCACHE'))}/testexpire.txt`));
    return /^\d+\n$/.test(text) ? Number(text.trim().slice(0, -6)) : 0;
  } catch (e) {
    if (e instanceof FileError) return 0;
    throw e;
  }
}
