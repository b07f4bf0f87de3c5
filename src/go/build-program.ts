/** What `run` and `build` share: from command-line arguments to an executable in memory, with messages as the official tools print them. */
import { compileProgram, type ProgramResult } from '#compile/whole-program.ts';
import type { Host } from '#host/host.ts';
import { type LoadedPackage, type Loader, StandardResolver } from '#load/loader.ts';
import { makeTarget } from '#load/target.ts';
import { printDiagnostics } from './diagnostics.ts';
import { findGoroot, GorootError } from './goroot.ts';
import { absolutePath, parentPath } from './paths.ts';
import { goVersion } from './version.ts';

export interface Built {
  /** Null if there were errors, which have been printed. */
  readonly image: Uint8Array | null;
  readonly result: ProgramResult | null;
}

/** How many of the arguments name the program: leading .go files, or one directory or package. */
export function countPackageArguments(args: readonly string[]): number {
  let n = 0;
  while (n < args.length && args[n].endsWith('.go')) n++;
  return n > 0 ? n : Math.min(args.length, 1);
}

export function buildProgram(host: Host, packageArgs: readonly string[]): Built {
  let goroot: string;
  try {
    goroot = findGoroot(host);
  } catch (e) {
    if (!(e instanceof GorootError)) throw e;
    host.stderr(`${e.message}\n`);
    return { image: null, result: null };
  }
  const result = compileProgram(host, {
    goroot,
    target: makeTarget('linux', 'amd64', false, []),
    resolver: new StandardResolver(host.files, goroot),
    goVersion: 'go1.26',
    loadMain: (loader) => loadMain(host, loader, packageArgs),
    link: { buildVersion: goVersion },
  });
  printDiagnostics(host, result.fileSet, result.diagnostics);
  for (const e of result.linkErrors) host.stderr(`link: ${e}\n`);
  return { image: result.image, result };
}

function loadMain(host: Host, loader: Loader, args: readonly string[]): LoadedPackage | null {
  const path = 'command-line-arguments';
  if (args.length > 0 && args[0].endsWith('.go')) {
    const dirs = new Set(args.map((a) => parentPath(absolutePath(host, a))));
    const [dir] = dirs;
    if (dirs.size > 1)
      loader.errors.push({ pos: 0, message: 'named files must all be in one directory', code: '', soft: false });
    for (const a of args) {
      if (host.files.stat(absolutePath(host, a)) === null)
        loader.errors.push({
          pos: 0,
          message: `no required module provides package ${a}: file does not exist`,
          code: '',
          soft: false,
        });
    }
    if (loader.errors.length > 0) return null;
    return loader.loadFiles(
      path,
      dir,
      args.map((a) => a.slice(a.lastIndexOf('/') + 1)),
    );
  }
  return loader.loadDirectory(path, absolutePath(host, args[0] ?? '.'));
}
