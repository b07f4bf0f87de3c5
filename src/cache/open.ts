/** Which cache a command uses: the directory GOCACHE names, or the program GOCACHEPROG. */
import { FileError, type Host } from '#host/host.ts';
import { ProgCache } from './prog.ts';
import { type BuildCache, CacheError, DiskCache } from './store.ts';

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

/** The program in use, by the text of GOCACHEPROG: a command has one, however often it opens the cache. */
const programs = new Map<string, ProgCache>();

/** `variable` looks up the go command's variables, `split` takes command lines apart. Throws CacheError. */
export function openCache(
  host: Host,
  variable: (name: string) => string,
  split: (text: string) => string[] | null,
): BuildCache {
  const disk = openDirectory(host, variable);
  const program = variable('GOCACHEPROG');
  if (program === '') return disk;
  const known = programs.get(program);
  if (known !== undefined && !known.isClosed) return known;
  const words = split(program);
  if (words === null) throw new CacheError('GOCACHEPROG args: unterminated quote');
  const opened = new ProgCache(host, words, disk);
  programs.set(program, opened);
  return opened;
}

function openDirectory(host: Host, variable: (name: string) => string): BuildCache {
  const directory = cacheDirectory(host, variable('GOCACHE'));
  if (host.files.stat(directory)?.isDirectory !== true) {
    try {
      host.files.makeDirectory(directory);
      // All shelves are there from the beginning, as the official command makes them.
      for (let i = 0; i < 256; i++) host.files.makeDirectory(`${directory}/${i.toString(16).padStart(2, '0')}`);
    } catch (e) {
      if (!(e instanceof FileError)) throw e;
      throw new CacheError(`failed to initialize build cache at ${directory}: ${e.message}`);
    }
  }
  return new DiskCache(host.files, host.sha256, directory);
}
