/** File paths, slashes only. */
import { cleanPath, parentPath } from '#base/path.ts';
import type { Host } from '#host/host.ts';

export { shortPath } from '#mod/short-path.ts';

/** The absolute path without ".", ".." and double slashes. */
export function absolutePath(host: Host, path: string): string {
  return cleanPath(path.startsWith('/') ? path : `${host.workingDirectory()}/${path}`);
}

/** The nearest directory, from dir upwards, that holds a file of this name; "" if none does. */
export function findUpwards(host: Host, dir: string, name: string): string {
  for (let d = dir; ; d = parentPath(d)) {
    const info = host.files.stat(d === '/' ? `/${name}` : `${d}/${name}`);
    if (info !== null && !info.isDirectory) return d;
    if (d === '/') return '';
  }
}

/** The directory of the go.mod file that holds; "" if none does. One in the directory of temporary files is an accident, which is told. */
export function moduleRoot(host: Host, warns = false): string {
  const root = findUpwards(host, absolutePath(host, '.'), 'go.mod');
  if (root !== temporaryDirectory(host)) return root;
  if (warns && root !== '') host.stderr(`go: warning: ignoring go.mod in system temp root ${root}\n`);
  return '';
}

export function temporaryDirectory(host: Host): string {
  return absolutePath(host, host.env.get('TMPDIR') || '/tmp');
}

/** Whether an argument means a place on the disk, not an import path: "." and "..", what begins with them, absolute paths (build.IsLocalImport). */
export function isLocalPath(argument: string): boolean {
  return /^(\.\.?(\/|$)|\/)/.test(argument);
}
