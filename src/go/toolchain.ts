/**
 * The Go tree from the module proxy: the module golang.org/toolchain, whose zip file is checked against a hash that stands here, and
 * unpacked once into the user's cache. The tree is unpacked beside its place and renamed into it when all of it has been written and
 * checked, so whatever ends the program on the way leaves no tree; a lock file only keeps two programs from doing the same work.
 */

import { decodeText, encodeText } from '#base/bytes.ts';
import { parentPath } from '#base/path.ts';
import { FileError, type Host } from '#host/host.ts';
import { modConfig } from '#mod/config.ts';
import { DirectoryHash } from '#mod/dirhash.ts';
import { asError } from '#mod/errors.ts';
import { moduleRepo } from '#mod/module-repo.ts';
import { tryProxies } from '#mod/proxy.ts';
import type { Environment } from './environment.ts';
import { goVersion } from './version.ts';

const modulePath = 'golang.org/toolchain';
const moduleVersion = `v0.0.1-${goVersion}.linux-amd64`;
/** As go.sum has it (golang.org/x/mod/sumdb/dirhash, Hash1). */
const moduleHash = 'h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM=';
/** The official programs: tuza is used in their place. */
const leftOut = ['bin/', 'pkg/tool/'];

function placeOf(host: Host): string {
  return host.cacheDirectory === '' ? '' : `${host.cacheDirectory}/tuza/${goVersion}`;
}

/** The tree in the cache; "" if it is not there. */
export function cachedTree(host: Host): string {
  const place = placeOf(host);
  return place !== '' && host.files.stat(place) !== null ? place : '';
}

/** Brings the tree into the cache, and returns its root. Throws Error. */
export async function downloadTree(host: Host, env: Environment): Promise<string> {
  const place = placeOf(host);
  if (place === '') throw new Error('neither $XDG_CACHE_HOME nor $HOME are defined');
  host.files.makeDirectory(parentPath(place));
  const lock = `${place}.lock`;
  await takeLock(host, lock, () => cachedTree(host) !== '');
  try {
    if (cachedTree(host) !== '') return place;
    removeLeftovers(host, place);
    host.stderr(`go: downloading ${goVersion} (linux/amd64)\n`);
    await unpack(host, await fetchZip(host, env), place);
    return place;
  } finally {
    host.files.remove(lock);
  }
}

/** Waits until this process holds the lock, or there is no more need to. The lock of a process that has ended does not count. */
async function takeLock(host: Host, path: string, isDone: () => boolean): Promise<void> {
  const mine = encodeText(String(host.processes?.id ?? 0));
  while (!host.files.createFile(path, mine)) {
    if (isDone()) return;
    if (!isHeld(host, path)) host.files.remove(path);
    else await host.sleep(100);
  }
}

function isHeld(host: Host, lock: string): boolean {
  try {
    const holder = Number(decodeText(host.files.readFile(lock)));
    // The number is written right after the file has been made.
    if (holder === 0)
      return host.files.stat(lock) !== null && Date.now() - (host.files.stat(lock)?.modified ?? 0) < 2000;
    return host.processes?.exists(holder) === true;
  } catch (e) {
    if (e instanceof FileError) return false;
    throw e;
  }
}

/** What programs that were killed have left. */
function removeLeftovers(host: Host, place: string): void {
  const parent = parentPath(place);
  const prefix = `${goVersion}.part-`;
  for (const e of host.files.readDirectory(parent)) {
    if (!e.name.startsWith(prefix)) continue;
    if (host.processes?.exists(Number(e.name.slice(prefix.length))) !== true) host.files.remove(`${parent}/${e.name}`);
  }
}

/** The zip file, from the first proxy of GOPROXY that has it. */
async function fetchZip(host: Host, env: Environment): Promise<Uint8Array> {
  const config = modConfig(host, (name) => env.get(name), goVersion.slice(2), {
    command: '',
    writable: false,
    showsRequests: false,
  });
  try {
    return await tryProxies(config, async (proxy) => (await moduleRepo(config, proxy, modulePath)).zip(moduleVersion));
  } catch (e) {
    throw new Error(`${modulePath}@${moduleVersion}: ${asError(e).message}`);
  }
}

async function unpack(host: Host, zip: Uint8Array, place: string): Promise<void> {
  if (host.archives === null) throw new Error('archives cannot be read here');
  const beside = `${place}.part-${host.processes?.id ?? 0}`;
  const prefix = `${modulePath}@${moduleVersion}/`;
  const files = new DirectoryHash(host);
  const made = new Set<string>();
  let done = 0;
  try {
    await host.archives.unzip(zip, (name, content) => {
      files.add(name, content);
      done += content.length;
      host.progress.show('unpack', done, 0, goVersion);
      if (!name.startsWith(prefix) || name.split('/').includes('..'))
        throw new Error(`unexpected file ${name} in the zip file`);
      const path = name.slice(prefix.length);
      if (leftOut.some((p) => path.startsWith(p))) return;
      // A module's zip cannot hold other modules' go.mod files, so these have another name there.
      const target = `${beside}/${path.replace(/(^|\/)_go\.mod$/, '$1go.mod')}`;
      const dir = parentPath(target);
      if (!made.has(dir)) {
        host.files.makeDirectory(dir);
        made.add(dir);
      }
      host.files.writeFile(target, content);
    });
    const hash = files.finish();
    if (hash !== moduleHash) {
      throw new Error(
        `verifying ${modulePath}@${moduleVersion}: checksum mismatch\n\tdownloaded: ${hash}\n\ttuza:       ${moduleHash}`,
      );
    }
    moveInto(host, beside, place);
  } finally {
    host.files.remove(beside);
  }
}

/** Another program may have been faster: then its tree, which is the same, stays. */
function moveInto(host: Host, from: string, to: string): void {
  try {
    host.files.rename(from, to);
  } catch (e) {
    if (!(e instanceof FileError) || host.files.stat(to) === null) throw e;
  }
}
