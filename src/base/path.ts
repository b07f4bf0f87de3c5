/** File paths with slashes. */

/** An absolute path without ".", ".." and double slashes, from one that may have them. */
export function cleanPath(path: string): string {
  return `/${cleanElements(path, true).join('/')}`;
}

/** A path without ".", double slashes, and ".." but for those that lead out of its beginning; "." if nothing is left (path.Clean). */
export function cleanRelativePath(path: string): string {
  return cleanElements(path, false).join('/') || '.';
}

function cleanElements(path: string, isRooted: boolean): string[] {
  const parts: string[] = [];
  for (const p of path.split('/')) {
    if (p === '' || p === '.') continue;
    if (p !== '..') parts.push(p);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!isRooted) parts.push(p);
  }
  return parts;
}

/** The directory that a path is in; of a file in the root, the root. */
export function parentPath(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

/** The last element of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
