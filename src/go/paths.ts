/** File paths, slashes only. */
import type { Host } from '#host/host.ts';

/** The absolute path without ".", ".." and double slashes. */
export function absolutePath(host: Host, path: string): string {
  const joined = path.startsWith('/') ? path : `${host.workingDirectory()}/${path}`;
  const parts: string[] = [];
  for (const p of joined.split('/')) {
    if (p === '' || p === '.') continue;
    if (p === '..') parts.pop();
    else parts.push(p);
  }
  return `/${parts.join('/')}`;
}

export function parentPath(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** As messages show it: below the working directory, "./a/b.go", if that is shorter (cmd/go base.ShortPath). */
export function shortPath(host: Host, path: string): string {
  const base = `${host.workingDirectory()}/`;
  return path.startsWith(base) ? path.slice(base.length) : path;
}

/** The nearest directory, from dir upwards, that holds a file of this name; "" if none does. */
export function findUpwards(host: Host, dir: string, name: string): string {
  for (let d = dir; ; d = parentPath(d)) {
    const info = host.files.stat(d === '/' ? `/${name}` : `${d}/${name}`);
    if (info !== null && !info.isDirectory) return d;
    if (d === '/') return '';
  }
}
