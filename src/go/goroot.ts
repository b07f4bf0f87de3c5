/**
 * Where the Go tree is: GOROOT, the directory of the `go` on PATH, well-known places, the user's cache; else it is downloaded
 * (toolchain.ts).
 */
import { decodeText } from '#base/bytes.ts';
import type { Host } from '#host/host.ts';
import { Environment } from './environment.ts';
import { absolutePath } from './paths.ts';
import { cachedTree, downloadTree } from './toolchain.ts';
import { goVersion } from './version.ts';

const wellKnown = ['/usr/local/go', '/usr/lib/go', '/usr/local/lib/go', '/opt/go', '/opt/homebrew/opt/go/libexec'];

export class GorootError extends Error {}

/** The root of a Go tree of the release this toolchain implements. Throws GorootError. */
export function findGoroot(host: Host): string {
  const root = lookForTree(host);
  if (root === '') throw new GorootError(`go: cannot find a ${goVersion} tree: set GOROOT to one`);
  return root;
}

/** As findGoroot, but downloads the tree if there is none. Throws GorootError. */
export async function ensureGoroot(host: Host): Promise<string> {
  const root = lookForTree(host);
  if (root !== '') return root;
  try {
    return await downloadTree(host, new Environment(host, ''));
  } catch (e) {
    if (!(e instanceof Error)) throw e;
    throw new GorootError(
      `go: no ${goVersion} tree on this machine (GOROOT is not set), and none was downloaded: ${e.message}`,
    );
  }
}

/** "" if there is no tree. */
export function lookForTree(host: Host): string {
  const given = new Environment(host, '').get('GOROOT');
  if (given !== '') {
    if (host.files.stat(given)?.isDirectory !== true)
      throw new GorootError(`go: cannot find GOROOT directory: ${given}`);
    return absolutePath(host, given);
  }
  for (const dir of [...fromPath(host), ...wellKnown]) if (isTree(host, dir) && isRelease(host, dir)) return dir;
  return cachedTree(host);
}

/** bin/go in a directory of PATH, links followed, stands in its tree. */
function fromPath(host: Host): string[] {
  const list: string[] = [];
  for (const dir of (host.env.get('PATH') ?? '').split(':')) {
    if (dir === '' || host.files.stat(`${dir}/go`) === null) continue;
    const real = host.files.realPath(`${dir}/go`);
    if (real.endsWith('/bin/go')) list.push(real.slice(0, -'/bin/go'.length));
  }
  return list;
}

function isTree(host: Host, dir: string): boolean {
  return host.files.stat(`${dir}/src/runtime/runtime2.go`) !== null;
}

function isRelease(host: Host, dir: string): boolean {
  if (host.files.stat(`${dir}/VERSION`) === null) return false;
  const text = decodeText(host.files.readFile(`${dir}/VERSION`));
  const minor = /^go1\.\d+/.exec(goVersion);
  return minor !== null && (text.startsWith(`${minor[0]}.`) || text.startsWith(`${minor[0]}\n`));
}
