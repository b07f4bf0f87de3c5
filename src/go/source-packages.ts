/** The packages whose sources fmt, generate, vet and fix work on: named by the command line, of the main modules. */
import { FileSet } from '#base/source.ts';
import type { Host } from '#host/host.ts';
import { type LoadedPackage, Loader } from '#load/loader.ts';
import type { GoFile } from '#load/package-files.ts';
import type { BuildTarget } from '#load/target.ts';
import { targetOf } from './build-target.ts';
import { loadErrorText } from './diagnostics.ts';
import { Environment } from './environment.ts';
import { findGoroot } from './goroot.ts';
import type { ModuleOptions } from './modules.ts';
import { loadPackages, Workspace } from './packages.ts';

export interface SourcePackages {
  readonly goroot: string;
  readonly target: BuildTarget;
  readonly ws: Workspace;
  readonly loader: Loader;
  readonly list: readonly LoadedPackage[];
  /** Packages of other modules were named, too. */
  readonly leftOut: boolean;
}

/** Null after a message. `errors` of loading are in the loader; who needs whole packages looks at them. */
export async function sourcePackages(
  host: Host,
  args: readonly string[],
  tags: readonly string[],
  modules: ModuleOptions,
  onlyImports: boolean,
): Promise<SourcePackages | null> {
  const goroot = findGoroot(host);
  const target = targetOf(new Environment(host, goroot), tags, null, false);
  if (typeof target === 'string') {
    host.stderr(`${target}\n`);
    return null;
  }
  const ws = new Workspace(host, goroot, modules);
  await ws.prepare(target, args, modules.command === 'vet');
  const loader = new Loader(host.files, new FileSet(), target, ws, onlyImports);
  const all = loadPackages(ws, loader, args);
  const list = all.filter((p) => ws.modules === null || (ws.moduleOf(p)?.version ?? '') === '');
  return { goroot, target, ws, loader, list, leftOut: list.length < all.length };
}

export function pathsOf(...lists: readonly (readonly GoFile[])[]): string[] {
  return lists.flatMap((l) => l.map((f) => f.path));
}

/** Tells errors of loading; whether there were any but those that `ignores` matches. */
export function tellLoadErrors(host: Host, s: SourcePackages, ignores: RegExp): boolean {
  const told = s.loader.errors.filter((d) => !ignores.test(d.message));
  for (const d of told) host.stderr(`${loadErrorText(host, s.loader.fileSet, d)}\n`);
  return told.length > 0;
}
