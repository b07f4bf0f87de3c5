/** `tuza clean`: removes what the cache holds. */

import { encodeText } from '#base/bytes.ts';
import { CacheError, cacheDirectory } from '#cache/open.ts';
import { shelves } from '#cache/store.ts';
import type { Host } from '#host/host.ts';
import { commandNamed } from './command.ts';
import { Environment } from './environment.ts';
import { parseCommandLine } from './flags.ts';

export function runClean(args: readonly string[], host: Host): number {
  const env = new Environment(host, '');
  const parsed = parseCommandLine(host, commandNamed('clean'), args, env);
  if (parsed === null) return 2;
  if (parsed.rest.length > 0) {
    host.stderr('go clean: there are no object files in package directories; use -cache\n');
    return 1;
  }
  try {
    const directory = cacheDirectory(host, env.get('GOCACHE'));
    if (parsed.bool('cache', false)) for (const shelf of shelves(host.files, directory)) host.files.remove(shelf);
    // Results of tests older than this do not count (cmd/go/internal/clean).
    if (parsed.bool('testcache', false)) {
      host.files.makeDirectory(directory);
      host.files.writeFile(`${directory}/testexpire.txt`, encodeText(`${Date.now()}000000\n`));
    }
  } catch (e) {
    if (!(e instanceof CacheError)) throw e;
    host.stderr(`${e.message}\n`);
    return 1;
  }
  return 0;
}
