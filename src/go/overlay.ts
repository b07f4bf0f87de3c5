/** -overlay: a JSON file {"Replace": {"path": "path"}}; a build sees the second file in the place of the first, or none if it is "" (cmd/go/internal/fsys). */

import { compareText, decodeText } from '#base/bytes.ts';
import { baseName, parentPath } from '#base/path.ts';
import { FileError, type Files, type Host } from '#host/host.ts';
import { directoryInfo } from '#host/memory.ts';
import { absolutePath } from './paths.ts';

export class OverlayError extends Error {}

/** The machine as the overlay file shows it. Throws OverlayError. */
export function overlayHost(host: Host, file: string): Host {
  const replaced = readOverlay(host, file);
  return replaced.size === 0 ? host : { ...host, files: overlayFiles(host, replaced) };
}

/** The same for a command's -overlay flag, "" if it is not given; null after a message. */
export function withOverlay(host: Host, file: string): Host | null {
  try {
    return file === '' ? host : overlayHost(host, file);
  } catch (e) {
    if (!(e instanceof OverlayError)) throw e;
    host.stderr(`go: ${e.message}\n`);
    return null;
  }
}

function readOverlay(host: Host, file: string): Map<string, string> {
  let text: string;
  try {
    text = decodeText(host.files.readFile(file));
  } catch (e) {
    if (!(e instanceof FileError)) throw e;
    throw new OverlayError(`reading overlay: ${e.message}`);
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new OverlayError('parsing overlay JSON: invalid character');
  }
  const replace = parsed !== null && typeof parsed === 'object' && 'Replace' in parsed ? parsed.Replace : {};
  const map = new Map<string, string>();
  const given = new Map<string, string>();
  for (const [from, to] of Object.entries(replace ?? {})) {
    if (from === '') throw new OverlayError('empty string key in overlay map');
    const path = absolutePath(host, from);
    const other = given.get(path);
    if (other !== undefined) throw new OverlayError(`duplicate paths ${other} and ${from} in overlay map`);
    given.set(path, from);
    map.set(path, to === '' ? '' : absolutePath(host, String(to)));
  }
  for (const path of map.keys()) {
    for (let d = parentPath(path); d !== '/'; d = parentPath(d)) {
      const above = map.get(d);
      if (above !== undefined && above !== '' && map.get(path) !== '')
        throw new OverlayError(`inconsistent files ${given.get(d)} and ${given.get(path)} in overlay map`);
    }
  }
  return map;
}

function overlayFiles(host: Host, replaced: ReadonlyMap<string, string>): Files {
  const { files } = host;
  /** Directories that hold replaced files, with the names in them. */
  const within = new Map<string, Map<string, string>>();
  for (const [path, to] of replaced) {
    if (to === '') {
      addEntry(within, path, '');
      continue;
    }
    addEntry(within, path, to);
    for (let d = parentPath(path); d !== '/' && files.stat(d)?.isDirectory !== true; d = parentPath(d))
      addEntry(within, d, '/');
  }
  const target = (path: string): string | null => {
    const at = absolutePath(host, path);
    const to = replaced.get(at);
    if (to !== undefined) return to;
    // What was below a file that is gone or a directory that became a file is gone, too.
    for (let d = parentPath(at); d !== '/'; d = parentPath(d)) {
      const above = replaced.get(d);
      if (above !== undefined && !within.has(d)) return '';
    }
    return null;
  };
  const gone = (operation: string, path: string): FileError =>
    new FileError(path, 'ENOENT', `${operation} ${path}: no such file or directory`);
  return {
    ...files,
    actualPath: (path) => target(path) || path,
    readFile: (path) => {
      const to = target(path);
      if (to === '' && !within.has(absolutePath(host, path))) throw gone('open', path);
      return files.readFile(to === null || to === '' ? path : to);
    },
    overwrite: (path, data) => {
      // The file that stands in for another is not the command's to change.
      if (replaced.has(absolutePath(host, path)))
        throw new FileError(path, 'EOVERLAY', `write ${path}: part of the overlay`);
      files.overwrite(path, data);
    },
    stat: (path) => {
      const at = absolutePath(host, path);
      const to = target(path);
      if (to === null) {
        const real = files.stat(path);
        return real === null && within.has(at) ? directoryInfo(at) : real;
      }
      if (to === '') return within.has(at) ? directoryInfo(at) : null;
      const info = files.stat(to);
      return info === null ? null : { ...info, name: baseName(at) };
    },
    readDirectory: (path) => {
      const at = absolutePath(host, path);
      const changes = within.get(at);
      const real = files.stat(path)?.isDirectory === true ? files.readDirectory(path) : [];
      if (changes === undefined) return real.length > 0 ? real : files.readDirectory(path);
      const list = real.filter((f) => !changes.has(f.name));
      for (const [name, to] of changes) {
        if (to === '') continue;
        const info = to === '/' ? directoryInfo(`${at}/${name}`) : files.stat(to);
        if (info !== null) list.push({ ...info, name, isSymlink: false });
      }
      return list.sort((a, b) => compareText(a.name, b.name));
    },
  };
}

function addEntry(within: Map<string, Map<string, string>>, path: string, to: string): void {
  const dir = parentPath(path);
  let names = within.get(dir);
  if (names === undefined) {
    names = new Map();
    within.set(dir, names);
  }
  names.set(baseName(path), to);
}
