/** Packages that nobody changes: the standard library, and what is in the module cache. */
import type { LoadedPackage } from '#load/loader.ts';
import { moduleCacheOf } from '#mod/config.ts';
import type { BuildOptions } from './build-options.ts';
import { Environment } from './environment.ts';

export function fixedPackages(options: Pick<BuildOptions, 'host' | 'goroot'>): (p: LoadedPackage) => boolean {
  const isFixed = fixedDirectories(options);
  return (p) => p.isStandard || isFixed(p.dir);
}

/** The directories of such packages. */
export function fixedDirectories(options: Pick<BuildOptions, 'host' | 'goroot'>): (dir: string) => boolean {
  const env = new Environment(options.host, options.goroot);
  const cache = moduleCacheOf(options.host, (name) => env.get(name));
  return (dir) => dir.startsWith(`${options.goroot}/src/`) || (cache !== '' && dir.startsWith(`${cache}/`));
}
