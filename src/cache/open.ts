/** Which cache a command uses: the directory GOCACHE names, or the program GOCACHEPROG. */
import { FileError, type Host } from '#host/host.ts';
import { type BuildCache, DiskCache } from './store.ts';

/** There is no cache, and builds need one; the message is the go command's. */
export class CacheError extends Error {}

/** The directory for the value of GOCACHE ("" if it is not set). Throws CacheError. */
export function cacheDirectory(host: Host, gocache: string): string {
  if (gocache === '') {
    if (host.cacheDirectory !== '') return `${host.cacheDirectory}/go-build`;
    throw new CacheError(
      'build cache is required, but could not be located: GOCACHE is not defined and neither $XDG_CACHE_HOME nor $HOME are defined',
    );
  }
  if (gocache === 'off') throw new CacheError('build cache is disabled by GOCACHE=off, but required as of Go 1.12');
  if (!/^(\/|[A-Za-z]:[\\/])/.test(gocache))
    throw new CacheError('build cache is required, but could not be located: GOCACHE is not an absolute path');
  return gocache;
}

/** `variable` looks up the go command's variables. Throws CacheError. */
export function openCache(host: Host, variable: (name: string) => string): BuildCache {
  const directory = cacheDirectory(host, variable('GOCACHE'));
  if (host.files.stat(directory)?.isDirectory !== true) {
    try {
      host.files.makeDirectory(directory);
    } catch (e) {
      if (!(e instanceof FileError)) throw e;
      throw new CacheError(`failed to initialize build cache at ${directory}: ${e.message}`);
    }
  }
  return new DiskCache(host.files, host.sha256, directory);
}
