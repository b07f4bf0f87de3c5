/** The rules of module zip files, checked before anything is written (golang.org/x/mod/zip). */

import { quote } from '#base/quote.ts';
import { ModError } from './errors.ts';
import { canonicalVersion, checkFilePath, checkModule, type Version } from './module.ts';

export const maxZipFile = 500 * 2 ** 20;
const maxGoMod = 16 * 2 ** 20;

export interface ZipEntry {
  /** Ends with "/" for directories. */
  readonly name: string;
  readonly size: number;
}

/** What is wrong with the files of a module's zip; "" if nothing is. */
export function zipProblems(m: Version, zipSize: number, entries: readonly ZipEntry[]): string {
  const canonical = canonicalVersion(m.version);
  if (canonical !== m.version) return `version ${quote(m.version)} is not canonical (should be ${quote(canonical)})`;
  const bad = checkModule(m.path, m.version);
  if (bad !== null) return bad.message;
  if (zipSize > maxZipFile) return `module zip file is too large (${zipSize} bytes; limit is ${maxZipFile} bytes)`;
  const prefix = `${m.path}@${m.version}/`;
  const problems: string[] = [];
  const seen = new Map<string, { path: string; isDirectory: boolean }>();
  let total = 0;
  for (const e of entries) {
    const problem = entryProblem(e, prefix, seen);
    if (problem !== '') problems.push(`${e.name}: ${problem}`);
    total += e.size;
  }
  if (total > maxZipFile)
    return `total uncompressed size of module contents too large (max size is ${maxZipFile} bytes)`;
  return problems.join('\n');
}

type Seen = Map<string, { path: string; isDirectory: boolean }>;

function entryProblem(e: ZipEntry, prefix: string, seen: Seen): string {
  if (!e.name.startsWith(prefix)) return `path does not have prefix ${quote(prefix)}`;
  const full = e.name.slice(prefix.length);
  if (full === '') return '';
  const isDirectory = full.endsWith('/');
  const name = isDirectory ? full.slice(0, -1) : full;
  if (name.split('/').some((part) => part === '' || part === '.' || part === '..')) return 'file path is not clean';
  const bad = checkFilePath(name);
  if (bad !== null) return bad.message;
  const collision = collisionOf(name, isDirectory, seen);
  if (collision !== '' || isDirectory) return collision;
  const base = name.slice(name.lastIndexOf('/') + 1);
  if (base.toLowerCase() === 'go.mod') {
    if (base !== name) return 'go.mod file not in module root directory';
    if (name !== 'go.mod') return 'go.mod files must have lowercase names';
  }
  if (name === 'go.mod' && e.size > maxGoMod) return `go.mod file too large (max size is ${maxGoMod} bytes)`;
  if (name === 'LICENSE' && e.size > maxGoMod) return `LICENSE file too large (max size is ${maxGoMod} bytes)`;
  return '';
}

function collisionOf(path: string, isDirectory: boolean, seen: Seen): string {
  const folded = path.toUpperCase().toLowerCase();
  const other = seen.get(folded);
  if (other === undefined) seen.set(folded, { path, isDirectory });
  else if (other.path !== path) return `case-insensitive file name collision: ${quote(other.path)} and ${quote(path)}`;
  else if (other.isDirectory !== isDirectory) return `entry ${quote(path)} is both a file and a directory`;
  else if (!isDirectory) return `multiple entries for file ${quote(path)}`;
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : collisionOf(path.slice(0, slash), true, seen);
}

export class ZipError extends ModError {}
