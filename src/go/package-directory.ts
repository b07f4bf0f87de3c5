/** Which package of the build a directory holds (cmd/go/internal/modload load.go, resolveLocalPackage). */
import type { Host } from '#host/host.ts';
import * as gover from '#mod/gover.ts';
import type { Modules } from '#mod/modules.ts';
import { PackageNotInMainError } from '#mod/query-errors.ts';
import { shortPath } from './paths.ts';

/** The import path; a text that starts with "!" says why there is none. */
export function packageOfDirectory(modules: Modules, goroot: string, dir: string): string {
  const { host } = modules;
  const info = host.files.stat(dir);
  if (info === null) return `!stat ${dir}: directory not found`;
  if (info.isDirectory && !hasGoFiles(host, dir)) return `!no Go files in ${dir}`;
  let notFound = '';
  for (const m of modules.mains) {
    if (m.dir === '' || (dir !== m.dir && !dir.startsWith(`${m.dir}/`))) continue;
    if (dir === m.dir) return m.path;
    const below = dir.slice(m.dir.length + 1);
    // Directories of the module cache may lie below the module's.
    if (below.includes('@')) continue;
    if (below.startsWith('vendor/')) return vendoredPackage(modules, dir, below.slice('vendor/'.length));
    const path = `${m.path}/${below}`;
    if (info.isDirectory && modules.isPackage(dir, m.dir, true)) return path;
    notFound ||= `!${new PackageNotInMainError([{ path: m.path, version: '' }], path).message}`;
  }
  if (notFound !== '') return notFound;
  if (dir.startsWith(`${goroot}/src/`)) return dir.slice(`${goroot}/src/`.length);
  return packageInCache(modules, dir) || outside(modules, dir);
}

export function hasGoFiles(host: Host, dir: string): boolean {
  return host.files.readDirectory(dir).some((f) => !f.isDirectory && f.name.endsWith('.go') && !/^[_.]/.test(f.name));
}

function vendoredPackage(modules: Modules, dir: string, path: string): string {
  if (modules.vendor === null) return `!without -mod=vendor, directory ${dir} has no package path`;
  return modules.vendor.packages.has(path) ? path : `!directory ${dir} is not a package listed in vendor/modules.txt`;
}

/** Of a module that the build needs; "" if the directory is in none. */
export function packageInCache(modules: Modules, dir: string): string {
  const rs = modules.requirements;
  const list = [...rs.roots.filter((m) => rs.isRoot(m)), ...(rs.graphIfKnown?.buildList() ?? [])];
  for (const m of list) {
    if (gover.isToolchain(m.path) || modules.isMain(m.path)) continue;
    const actual = modules.replacement(m);
    const root = actual.version === '' ? modules.replacementDirectory(actual) : modules.fetcher.directoryOf(actual);
    if (dir !== root && !dir.startsWith(`${root}/`)) continue;
    if (actual.version !== '' && !modules.fetcher.isUnpacked(actual)) continue;
    const below = dir.slice(root.length);
    if (!below.includes('/vendor/') && !below.includes('@')) return m.path + below;
  }
  return '';
}

function outside(modules: Modules, dir: string): string {
  const { host } = modules;
  const short = shortPath(host, dir);
  const what = short === '.' || dir === host.workingDirectory() ? 'current directory' : `directory ${short}`;
  if (modules.work === null) return `!${what} outside main module or its selected dependencies`;
  for (let d = dir; d !== ''; d = d.slice(0, d.lastIndexOf('/'))) {
    if (host.files.stat(`${d}/go.mod`)?.isDirectory !== false) continue;
    return `!${what} is contained in a module that is not one of the workspace modules listed in go.work. You can add the module to the workspace using:\n\tgo work use ${shortPath(host, d)}`;
  }
  return `!${what} outside modules listed in go.work or their selected dependencies`;
}
