/** Which cache a command uses: the directory GOCACHE names, or the program GOCACHEPROG. */
import { decodeText } from '#base/bytes.ts';
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

/** What the file of `env -w` says; "" where there is none. Its text decides what a command does as much as the environment. */
export function userSettings(host: Host): string {
  const given = host.env.get('GOENV') ?? '';
  if (given === 'off') return '';
  const path = given !== '' ? given : host.configDirectory === '' ? '' : `${host.configDirectory}/go/env`;
  if (path === '' || host.files.stat(path) === null) return '';
  try {
    return decodeText(host.files.readFile(path));
  } catch (e) {
    if (e instanceof FileError) return '';
    throw e;
  }
}

/** A variable without looking at the Go tree's defaults, which name no cache. */
export function quickVariable(host: Host, settings: string, name: string): string {
  const given = host.env.get(name) ?? '';
  if (given !== '') return given;
  for (const line of settings.split('\n')) if (line.startsWith(`${name}=`)) return line.slice(name.length + 1).trim();
  return '';
}
