/** -trimpath: the names of source files in executables start with import paths, those of modules with path@version (cmd/go/internal/work, gc.go). */
import { baseName, parentPath } from '#base/path.ts';
import type { BuildOptions } from './build-options.ts';
import type { Workspace } from './packages.ts';

export function trimmedName(options: BuildOptions, ws: Workspace, file: string): string {
  const source = `${options.goroot}/src/`;
  if (file.startsWith(source)) return file.slice(source.length);
  if (!file.startsWith('/')) return file;
  const dir = parentPath(file);
  const path = ws.pathOf(dir);
  const owner = ws.ownerOfDirectory(dir);
  if (owner === null) return path.startsWith('!') || path.startsWith('_') ? file : `${path}/${baseName(file)}`;
  const prefix = owner.version === '' ? owner.path : `${owner.path}@${owner.version}`;
  return `${prefix}${file.slice(owner.dir.length)}`;
}
