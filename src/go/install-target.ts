/** Where packages are installed (cmd/go/internal/load, Package.Target). */
import type { LoadedPackage } from '#load/loader.ts';
import type { BuildTarget } from '#load/target.ts';
import { hostArch, hostOS } from './build-target.ts';
import { Environment } from './environment.ts';
import { executableNameOf } from './exec-name.ts';
import { gopathEntries } from './gopath.ts';
import { commandLine, type Workspace } from './packages.ts';

/** A text starting with "!" is why there is no such directory. */
export function installDirectory(ws: Workspace, target: BuildTarget, p: LoadedPackage): string {
  const env = new Environment(ws.host, ws.goroot);
  const bin = env.get('GOBIN');
  const isCross = target.goos !== hostOS || target.goarch !== hostArch;
  if (bin !== '') {
    if (!bin.startsWith('/')) return '!cannot install, GOBIN must be an absolute path';
    return isCross ? '!go: cannot install cross-compiled binaries when GOBIN is set' : bin;
  }
  if (p.path === commandLine && ws.gopath !== null)
    return '!go: no install location for .go files listed on command line (GOBIN not set)';
  const root = ws.gopath === null ? (gopathEntries(env)[0] ?? '') : ws.gopath.rootOf(p.dir);
  if (root === '')
    return `!go: no install location for directory ${p.dir} outside GOPATH\n\tFor more details see: 'go help gopath'`;
  return isCross ? `${root}/bin/${target.goos}_${target.goarch}` : `${root}/bin`;
}

/** Commands of the tree that stand in its bin directory; all others are tools. */
const treeCommands = new Set(['cmd/go', 'cmd/gofmt']);

/** "" if there is none. */
export function installTarget(ws: Workspace, target: BuildTarget, p: LoadedPackage): string {
  const port = `${target.goos}_${target.goarch}`;
  const suffix = target.goos === 'windows' ? '.exe' : '';
  if (p.isStandard) {
    if (p.name !== 'main') return '';
    const dir = treeCommands.has(p.path) ? 'bin' : `pkg/tool/${port}`;
    return `${ws.goroot}/${dir}/${executableNameOf(p)}${suffix}`;
  }
  if (p.name === 'main') {
    const dir = installDirectory(ws, target, p);
    return dir.startsWith('!') ? '' : `${dir}/${executableNameOf(p)}${suffix}`;
  }
  const root = ws.gopath?.rootOf(p.dir) ?? '';
  return root === '' ? '' : `${root}/pkg/${port}/${p.path}.a`;
}
