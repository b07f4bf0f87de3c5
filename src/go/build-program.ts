/** What `run` and `build` share: from command-line arguments to an executable in memory, with messages as the official tools print them. */
import { formatPosition, type FileSet } from '#base/source.ts';
import type { Diagnostic } from '#base/diagnostic.ts';
import { compileProgram, type ProgramResult } from '#compile/whole-program.ts';
import type { Host } from '#host/host.ts';
import { type LoadedPackage, type Loader, StandardResolver } from '#load/loader.ts';
import { makeTarget } from '#load/target.ts';
import { findGoroot, GorootError } from './goroot.ts';
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
    const dirs = new Set(args.map((a) => directoryOf(absolute(host, a))));
    const [dir] = dirs;
    if (dirs.size > 1) loader.errors.push({ pos: 0, message: 'named files must all be in one directory', code: '', soft: false });
    for (const a of args) {
      if (host.files.stat(absolute(host, a)) === null)
        loader.errors.push({ pos: 0, message: `no required module provides package ${a}: file does not exist`, code: '', soft: false });
    }
    if (loader.errors.length > 0) return null;
    return loader.loadFiles(path, dir, args.map((a) => a.slice(a.lastIndexOf('/') + 1)));
  }
  return loader.loadDirectory(path, absolute(host, args[0] ?? '.'));
}

function absolute(host: Host, path: string): string {
  const joined = path.startsWith('/') ? path : `${host.workingDirectory()}/${path}`;
  const parts: string[] = [];
  for (const p of joined.split('/')) {
    if (p === '' || p === '.') continue;
    if (p === '..') parts.pop();
    else parts.push(p);
  }
  return `/${parts.join('/')}`;
}

function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

/** At most this many errors of a package are shown, as by the official compiler. */
const maxErrors = 10;

function printDiagnostics(host: Host, files: FileSet, list: readonly Diagnostic[]): void {
  if (list.length === 0) return;
  const sorted = [...list].sort((a, b) => a.pos - b.pos);
  const header = sorted.some((d) => d.pos !== 0) ? '# command-line-arguments\n' : '';
  let text = header;
  sorted.slice(0, maxErrors).forEach((d) => {
    text += d.pos === 0 ? `${d.message}\n` : `${shown(host, formatPosition(files.position(d.pos)))}: ${d.message}\n`;
  });
  if (sorted.length > maxErrors) text += 'too many errors\n';
  host.stderr(text);
}

/** Positions below the working directory are told relative to it. */
function shown(host: Host, position: string): string {
  const base = `${host.workingDirectory()}/`;
  return position.startsWith(base) ? `./${position.slice(base.length)}` : position;
}
