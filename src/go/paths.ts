/** File paths, slashes only. */
import { cleanPath } from '#base/path.ts';
import type { Host } from '#host/host.ts';

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

/** As messages show it: relative to the working directory, if that is shorter (cmd/go base.ShortPath). */
export function shortPath(host: Host, path: string): string {
  const from = host.workingDirectory().split('/');
  const to = path.split('/');
  let same = 0;
  while (same < from.length && same < to.length - 1 && from[same] === to[same]) same++;
  const relative = [...from.slice(same).map(() => '..'), ...to.slice(same)].join('/');
  return relative.length < path.length ? relative : path;
}

/** The nearest directory, from dir upwards, that holds a file of this name; "" if none does. */
export function findUpwards(host: Host, dir: string, name: string): string {
  for (let d = dir; ; d = parentPath(d)) {
    const info = host.files.stat(d === '/' ? `/${name}` : `${d}/${name}`);
    if (info !== null && !info.isDirectory) return d;
    if (d === '/') return '';
  }
}
