/** Makes the zip file of a module from the files of a repository (golang.org/x/mod/zip, Create). */
import { concatBytes, decodeText, encodeText } from '#base/bytes.ts';
import { ZipWriter } from '#base/zip-writer.ts';
import { asError, ModError } from './errors.ts';
import * as gover from './gover.ts';
import { parseModFile } from './modfile/file.ts';
import type { Version } from './module.ts';
import { maxZipFile, type ZipEntry, ZipError, zipProblems } from './zip.ts';

export interface ModuleSource {
  /** From the module's directory. */
  readonly path: string;
  readonly content: Uint8Array;
  readonly isLink: boolean;
}

/** Throws ZipError. */
export function createModuleZip(m: Version, files: readonly ModuleSource[]): Uint8Array {
  const prefix = `${m.path}@${m.version}/`;
  const kept = keptFiles(files);
  const total = kept.reduce((n, f) => n + f.content.length, 0);
  if (total > maxZipFile)
    throw new ZipError(`create zip: module source tree too large (max size is ${maxZipFile} bytes)`);
  const entries: ZipEntry[] = kept.map((f) => ({ name: prefix + f.path, size: f.content.length }));
  const problem = zipProblems(m, 0, entries).replaceAll(prefix, '');
  if (problem !== '') throw new ZipError(`create zip: ${problem}`);
  const zip = new ZipWriter();
  for (const f of kept) zip.add(encodeText(prefix + f.path), f.content);
  return concatBytes(zip.finish());
}

/** Without vendored packages, nested modules and what is no regular file. */
function keptFiles(files: readonly ModuleSource[]): ModuleSource[] {
  const nested = new Set<string>();
  let goVersion = '';
  for (const f of files) {
    const slash = f.path.lastIndexOf('/') + 1;
    if (f.isLink || f.path.slice(slash).toLowerCase() !== 'go.mod') continue;
    if (slash > 0) nested.add(f.path.slice(0, slash));
    else if (f.path === 'go.mod') goVersion = goLine(f.content);
  }
  const isNew = goVersion !== '' && gover.compare(gover.lang(goVersion), '1.24') >= 0;
  const inNested = (path: string): boolean => {
    for (let i = path.indexOf('/'); i >= 0; i = path.indexOf('/', i + 1))
      if (nested.has(path.slice(0, i + 1))) return true;
    return false;
  };
  return files.filter(
    (f) => !f.isLink && !isVendored(f.path, isNew) && !inNested(f.path) && f.path !== '.hg_archival.txt',
  );
}

function goLine(text: Uint8Array): string {
  try {
    return parseModFile('go.mod', decodeText(text), null, false).go?.value ?? '';
  } catch (e) {
    if (asError(e) instanceof ModError) return '';
    throw e;
  }
}

/** Before Go 1.24 a package called vendor counted as vendored, and modules.txt did not; hashes of old modules depend on it. */
function isVendored(path: string, isNew: boolean): boolean {
  if (isNew && path === 'vendor/modules.txt') return true;
  const at = path.indexOf('/vendor/');
  if (path.startsWith('vendor/')) return path.slice('vendor/'.length).includes('/');
  if (at < 0) return false;
  return path.slice(isNew ? at + '/vendor/'.length : '/vendor/'.length).includes('/');
}
