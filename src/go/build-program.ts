/** What `run` and `build` share: from command-line arguments to an executable in memory, with messages as the official tools print them. */
import type { BuildCache } from '#cache/store.ts';
import { compileProgram, type ProgramRequest, type ProgramResult } from '#compile/whole-program.ts';
import type { Host } from '#host/host.ts';
import type { LinkOptions } from '#link/context.ts';
import type { LoadedPackage, Loader } from '#load/loader.ts';
import { targetOf } from './build-target.ts';
import { printPackageErrors } from './diagnostics.ts';
import { Environment } from './environment.ts';
import { findGoroot, GorootError } from './goroot.ts';
import { defaultOptions, type ModuleOptions } from './modules.ts';
import { loadPackages, Workspace } from './packages.ts';
import { goVersion } from './version.ts';

export interface Built {
  /** Null if there were errors, which have been printed. */
  readonly image: Uint8Array | null;
  readonly result: ProgramResult | null;
}

const failed: Built = { image: null, result: null };

/** How many of the arguments name the program: leading .go files, or one directory or package. */
export function countPackageArguments(args: readonly string[]): number {
  let n = 0;
  while (n < args.length && args[n].endsWith('.go')) n++;
  return n > 0 ? n : Math.min(args.length, 1);
}

/** What to compile, for the whole-program driver. */
export type BuildRequest = Omit<ProgramRequest, 'passes' | 'code'>;

/** The program that the arguments mean; null after a message why there can be none. */
export function requestFor(
  host: Host,
  packageArgs: readonly string[],
  tags: readonly string[] = [],
  modules: ModuleOptions = defaultOptions,
): BuildRequest | null {
  let goroot: string;
  try {
    goroot = findGoroot(host);
  } catch (e) {
    if (!(e instanceof GorootError)) throw e;
    host.stderr(`${e.message}\n`);
    return null;
  }
  // Programs are linked without the system's linker, and cgo is not translated.
  const target = targetOf(new Environment(host, goroot), tags, false);
  if (typeof target === 'string' || target.goos !== 'linux' || target.goarch !== 'amd64') {
    const reason = typeof target === 'string' ? target : `go: cannot compile for ${target.goos}/${target.goarch} yet`;
    host.stderr(`${reason}\n`);
    return null;
  }
  const ws = new Workspace(host, goroot, modules);
  return {
    goroot,
    target,
    resolver: ws,
    goVersion: ws.goVersion,
    languageOf: (p) => ws.languageOf(p),
    loadMain: (loader) => loadMain(ws, loader, packageArgs),
    link: { buildVersion: goVersion },
  };
}

export async function buildProgram(
  host: Host,
  packageArgs: readonly string[],
  tags: readonly string[] = [],
  cache: BuildCache | null = null,
  link: Partial<LinkOptions> = {},
  modules: ModuleOptions = defaultOptions,
): Promise<Built> {
  const request = requestFor(host, packageArgs, tags, modules);
  if (request === null) return failed;
  if (request.resolver instanceof Workspace) await request.resolver.prepare(request.target, packageArgs, false);
  let main: LoadedPackage | null = null;
  const result = compileProgram(host, {
    ...request,
    cache,
    link: { ...request.link, ...link },
    loadMain: (loader) => (main = request.loadMain(loader)),
  });
  const name = nameOf(main);
  for (const e of result.errors) printPackageErrors(host, result.fileSet, e);
  if (result.linkErrors.length > 0) host.stderr(`# ${name}\n`);
  for (const e of result.linkErrors) host.stderr(`${e}\n`);
  return { image: result.image, result };
}

function nameOf(main: LoadedPackage | null): string {
  return main === null ? '' : main.path;
}

/** The one package that the arguments mean; it must be a program. */
function loadMain(ws: Workspace, loader: Loader, args: readonly string[]): LoadedPackage | null {
  const list = loadPackages(ws, loader, args);
  if (list.length === 0 || loader.errors.length > 0) return list[0] ?? null;
  const fail = (message: string): void => void loader.errors.push({ pos: 0, message, code: '', soft: false });
  if (list.length > 1)
    fail(`pattern ${args[0]} matches multiple packages:\n${list.map((p) => `\t${p.path}`).join('\n')}`);
  else if (list[0].name !== 'main') fail(`package ${list[0].path} is not a main package`);
  return list[0];
}
