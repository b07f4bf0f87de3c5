/** Packages that nobody changes: the standard library, and what is in the module cache. */
import type { LoadedPackage } from '#load/loader.ts';
import { moduleCacheOf } from '#mod/config.ts';
import type { BuildOptions } from './build-options.ts';
import { Environment } from './environment.ts';

export function fixedPackages(options: Pick<BuildOptions, 'host' | 'goroot'>): (p: LoadedPackage) => boolean {
  const env = new Environment(options.host, options.goroot);
  const cache = moduleCacheOf(options.host, (name) => env.get(name));
  return (p) => p.isStandard || (cache !== '' && p.dir.startsWith(`${cache}/`));
}
