/**
 * What `tuza tool link` keeps in the build cache's directory: of the archives but the main package's, what the program needed (link/excerpt.ts). It
 * stands under the packages and the flags that decide what is needed, and holds for archives with the same build IDs and sizes, wherever they are.
 *
 * It is a file that trimming knows as an output, but no output of an action: the name is not the content's sum, which would take longer than all else
 * that is done with it.
 */
import { sha256 } from '#base/sha256.ts';
import { Fingerprint } from '#cache/fingerprint.ts';
import { cacheDirectory } from '#cache/open.ts';
import { CacheError, DiskCache, markUsed } from '#cache/store.ts';
import { type Beside, FileError, type Files, type Host } from '#host/host.ts';
import { toolIdentity } from '#host/node-identity.ts';
import { type Archive, buildIdOf, identityLength } from '#link/archive-identity.ts';
import type { LinkOptions } from '#link/context.ts';
import { Environment } from './environment.ts';

/** A mark, the length of the rest, its sum. There is no rest where such a link has been done once: making more of it takes as long as half a link. */
export const headSize = 16;
const mark = 0x315a4b54;

export class LinkExcerpts {
  private readonly files: Files;
  private readonly beside: Beside;
  private readonly cache: DiskCache;
  private readonly path: string;
  private readonly packageFiles: ReadonlyMap<string, string>;
  /** Whether such a link has been done before. */
  isRepeated: boolean;

  constructor(host: Host, beside: Beside, directory: string, name: string, packageFiles: ReadonlyMap<string, string>) {
    this.files = host.files;
    this.beside = beside;
    this.cache = new DiskCache(host.files, host.sha256, directory);
    this.path = this.cache.outputFile(name);
    this.packageFiles = packageFiles;
    this.isRepeated = false;
  }

  /** Whether there is an excerpt, by the look of it. */
  look(): boolean {
    const start = this.beside.readStart(this.path, headSize);
    this.isRepeated = start !== null && this.isHead(start.bytes, start.size);
    return start !== null && this.isRepeated && start.size > headSize;
  }

  private isHead(head: Uint8Array, size: number): boolean {
    if (head.length < headSize) return false;
    const view = new DataView(head.buffer, head.byteOffset, headSize);
    return view.getUint32(0, true) === mark && view.getUint32(4, true) === size - headSize;
  }

  /** Null if it is gone, or something else has become of it. */
  async read(): Promise<Uint8Array | null> {
    const data = (await this.beside.readFiles([this.path])).get(this.path);
    if (data === undefined || !this.isHead(data, data.length)) return null;
    const rest = data.subarray(headSize);
    if (new DataView(data.buffer, data.byteOffset).getUint32(8, true) !== this.beside.crc32(rest)) return null;
    markUsed(this.files, this.path);
    return rest;
  }

  /** Whether the archives of the link are these. */
  areSame(archives: readonly Archive[]): boolean {
    return archives.every(({ path, buildId, size }) => {
      const start = this.beside.readStart(this.packageFiles.get(path) ?? '', identityLength);
      return start !== null && start.size === size && buildIdOf(start.bytes) === buildId;
    });
  }

  /** Keeps what stands behind `headSize` free bytes. A place that cannot be written to is none. */
  write(data: Uint8Array): void {
    const rest = data.subarray(headSize);
    const view = new DataView(data.buffer, data.byteOffset, headSize);
    view.setUint32(0, mark, true);
    view.setUint32(4, rest.length, true);
    view.setUint32(8, this.beside.crc32(rest), true);
    try {
      this.files.makeDirectory(this.path.slice(0, this.path.lastIndexOf('/')));
      this.files.writeFile(this.path, data);
      this.cache.close();
    } catch (e) {
      if (!(e instanceof FileError)) throw e;
    }
  }
}

/** Null if nothing is kept of such a link: it tells more than the program, or there is no cache on this disk. */
export function linkExcerpts(host: Host, options: Partial<LinkOptions>): LinkExcerpts | null {
  const { packageFiles, verbose, dumpDep, callGraph, debugNosplit, strictDups, skipPackageData, race } = options;
  if (host.beside === null || packageFiles === null || packageFiles === undefined || packageFiles.size === 0)
    return null;
  if (verbose !== 0 || dumpDep === true || callGraph === true || debugNosplit === true) return null;
  if (strictDups !== 0 || skipPackageData === true || race === true) return null;
  const environment = new Environment(host, '');
  if (environment.get('GOCACHEPROG') !== '') return null;
  const f = new Fingerprint(sha256, 'link excerpt');
  f.add('tool', toolIdentity());
  f.add('packages', [...packageFiles.keys()].sort().join(' '));
  const { stripDwarf, buildMode, checkLinkname, pruneWeakMap } = options;
  f.add('flags', [stripDwarf, buildMode, checkLinkname, pruneWeakMap].join(' '));
  try {
    const directory = cacheDirectory(host, environment.get('GOCACHE'));
    return new LinkExcerpts(host, host.beside, directory, f.finish(), packageFiles);
  } catch (e) {
    if (!(e instanceof CacheError)) throw e;
    return null;
  }
}
