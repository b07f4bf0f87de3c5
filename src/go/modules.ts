/** Which modules a command works with: go.work or go.mod above the working directory, -mod, -modfile, vendor directories. */
import type { Host } from '#host/host.ts';
import { modConfig } from '#mod/config.ts';
import { ModError } from '#mod/errors.ts';
import { Fetcher } from '#mod/fetch.ts';
import { GoSum } from '#mod/gosum.ts';
import * as gover from '#mod/gover.ts';
import { type MainModule, type Mode, Modules, parentOf, readMainModule, readWork } from '#mod/modules.ts';
import { vendorProblems } from '#mod/vendor.ts';
import { Environment } from './environment.ts';
import { checkGodebug } from './godebug.ts';
import { absolutePath, findUpwards, shortPath } from './paths.ts';
import type { ParsedFlags } from './tool-flags.ts';
import { goVersion } from './version.ts';

export interface ModuleOptions {
  /** -mod; "" for the usual. */
  readonly mod: string;
  readonly modfile: string;
  /** -modcacherw. */
  readonly writable: boolean;
  /** "build", "mod download", ... */
  readonly command: string;
}

export const defaultOptions: ModuleOptions = { mod: '', modfile: '', writable: false, command: 'build' };

/** What the build flags say about modules. Throws ModError. */
export function moduleOptionsOf(parsed: ParsedFlags, command: string): ModuleOptions {
  const mod = parsed.text('mod', '');
  // Packages that no module provides would have to be looked for, and go.mod be written.
  if (mod === 'mod') throw new ModError(`-mod=mod is not implemented`);
  return { mod, modfile: parsed.text('modfile', ''), writable: parsed.bool('modcacherw', false), command };
}

export function newFetcher(env: Environment, options: ModuleOptions, sumFile: string): Fetcher {
  const { host } = env;
  const config = modConfig(host, (n) => env.get(n), goVersion.slice(2), options.command, options.writable);
  return new Fetcher(config, new GoSum(host, sumFile, options.command === 'mod tidy'));
}

/** The go.work file that holds; "" if none does. */
function workFileOf(env: Environment): string {
  const { host } = env;
  const given = env.get('GOWORK');
  if (given === 'off') return '';
  if (given !== '' && given !== 'auto') {
    if (!given.startsWith('/')) throw new ModError('invalid GOWORK: not an absolute path');
    return given;
  }
  const dir = findUpwards(host, absolutePath(host, '.'), 'go.work');
  return dir === '' ? '' : `${dir}/go.work`;
}

/** Null without go.mod and go.work. Throws ModError. */
export function openModules(host: Host, goroot: string, options: ModuleOptions): Modules | null {
  const env = new Environment(host, goroot);
  if (env.get('GO111MODULE') === 'off') return null;
  const workFile = options.command.startsWith('mod ') && options.modfile !== '' ? '' : workFileOf(env);
  if (workFile !== '') {
    const { work, mains } = readWork(host, workFile);
    for (const m of mains) checkGoVersion(m);
    for (const m of mains) checkSettings(host, goroot, m);
    if (mains.length === 0 && !/^(mod|work) /.test(options.command))
      throw new ModError("no modules were found in the current workspace; see 'go help work'");
    const fetcher = newFetcher(env, options, `${workFile}.sum`);
    return mains.length === 0
      ? null
      : new Modules(fetcher, mains, modeOf(host, options, mains[0], parentOf(workFile)), work, workFile);
  }
  const root = findUpwards(host, absolutePath(host, '.'), 'go.mod');
  if (root === '') return null;
  const modFile = options.modfile === '' ? `${root}/go.mod` : absolutePath(host, options.modfile);
  const main = readMainModule(host, root, modFile);
  checkGoVersion(main);
  checkSettings(host, goroot, main);
  const fetcher = newFetcher(env, options, `${modFile.replace(/\.mod$/, '')}.sum`);
  const modules = new Modules(fetcher, [main], modeOf(host, options, main, root));
  const wrong = modules.vendor === null ? '' : vendorProblems(main.file, modules.vendor);
  if (wrong !== '') {
    throw new ModError(
      `inconsistent vendoring in ${root}:${wrong}\n\n\tTo ignore the vendor directory, use -mod=readonly or -mod=mod.\n\tTo sync the vendor directory, run:\n\t\tgo mod vendor`,
    );
  }
  return modules;
}

/** A vendor directory is used by itself since Go 1.14. */
function modeOf(host: Host, options: ModuleOptions, main: MainModule, dir: string): Mode {
  switch (options.mod) {
    case 'mod':
    case 'readonly':
    case 'vendor':
      return options.mod;
    case '': {
      const isNew = gover.compare(main.file.go?.value ?? gover.defaultGoModVersion, '1.14') >= 0;
      const has = host.files.stat(`${dir}/vendor/modules.txt`) !== null;
      return isNew && has && !options.command.startsWith('mod ') ? 'vendor' : 'readonly';
    }
    default:
      throw new ModError(`-mod set to unknown value ${options.mod}`);
  }
}

/** godebug lines must name settings that there are. */
function checkSettings(host: Host, goroot: string, m: MainModule): void {
  const wrong: string[] = [];
  for (const g of m.file.godebug) {
    const why = checkGodebug(host.files, goroot, 'godebug', g.key, g.value);
    if (why !== '') wrong.push(`${shortPath(host, m.modFile)}:${g.line.start.line}: ${why}`);
  }
  if (wrong.length > 0) throw new ModError(`errors parsing ${shortPath(host, m.modFile)}:\n${wrong.join('\n')}`);
}

function checkGoVersion(m: MainModule): void {
  const wanted = m.file.go?.value ?? '';
  const running = goVersion.slice(2);
  if (wanted !== '' && gover.compare(wanted, running) > 0)
    throw new gover.TooNewError('go.mod', wanted, running, '; GOTOOLCHAIN=local');
}
