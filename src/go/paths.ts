/** File paths, slashes only. */
import { cleanPath } from '#base/path.ts';
import type { Host } from '#host/host.ts';

export { shortPath } from '#mod/short-path.ts';

/** The absolute path without ".", ".." and double slashes. */
export function absolutePath(host: Host, path: string): string {
  return cleanPath(path.startsWith('/') ? path : `${host.workingDirectory()}/${path}`);
}

export function parentPath(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The nearest directory, from dir upwards, that holds a file of this name; "" if none does. */
export function findUpwards(host: Host, dir: string, name: string): string {
  for (let d = dir; ; d = parentPath(d)) {
    const info = host.files.stat(d === '/' ? `/${name}` : `${d}/${name}`);
    if (info !== null && !info.isDirectory) return d;
    if (d === '/') return '';
  }
}
