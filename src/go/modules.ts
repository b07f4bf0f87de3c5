/** Which modules a command works with: go.work or go.mod above the working directory, -mod, -modfile, vendor directories. */

import { decodeText } from '#base/bytes.ts';
import { parentPath } from '#base/path.ts';
import type { Host } from '#host/host.ts';
import { modConfig } from '#mod/config.ts';
import { JoinedErrors, ModError } from '#mod/errors.ts';
import { Fetcher } from '#mod/fetch.ts';
import { GoSum } from '#mod/gosum.ts';
import * as gover from '#mod/gover.ts';
import { type MainModule, readMainModule } from '#mod/main-module.ts';
import { addModule, setGo, setToolchain } from '#mod/modfile/edit.ts';
import { ModFile } from '#mod/modfile/file.ts';
import { FileSyntax } from '#mod/modfile/syntax.ts';
import type { WorkFile } from '#mod/modfile/work.ts';
import { type ModeChoice, Modules } from '#mod/modules.ts';
import { checkVendor } from '#mod/vendor-consistency.ts';
import { readWorkspace } from '#mod/work-file.ts';
import { indexModFile } from '#mod/write-back.ts';
import { Environment, warnOfGopath } from './environment.ts';
import { checkGodebug } from './godebug.ts';
import { lookForTree } from './goroot.ts';
import { absolutePath, findUpwards, moduleRoot, shortPath } from './paths.ts';
import type { ParsedFlags } from './tool-flags.ts';
import { goVersion } from './version.ts';

export interface ModuleOptions {
  /** -mod; "" for the usual. */
  readonly mod: string;
  readonly modfile: string;
  /** -modcacherw. */
  readonly writable: boolean;
  /** -x. */
  readonly showsRequests: boolean;
  /** "build", "mod download", ... */
  readonly command: string;
}

export const noGoModFile = "go.mod file not found in current directory or any parent directory; see 'go help modules'";

/** The main module where there is none. */
const madeUpModule = 'command-line-arguments';

export const defaultOptions: ModuleOptions = {
  mod: '',
  modfile: '',
  writable: false,
  showsRequests: false,
  command: 'build',
};

/** What the build flags say about modules. Throws ModError. */
export function moduleOptionsOf(parsed: ParsedFlags, command: string): ModuleOptions {
  const mod = parsed.text('mod', '');
  return {
    mod,
    modfile: parsed.text('modfile', ''),
    writable: parsed.bool('modcacherw', false),
    showsRequests: parsed.bool('x', false) || parsed.bool('n', false),
    command,
  };
}

/** `workspaceSums`: the go.sum files of a workspace's modules, which are read, too. */
export function newFetcher(
  env: Environment,
  options: ModuleOptions,
  sumFile: string,
  workspaceSums: readonly string[] = [],
): Fetcher {
  const { host } = env;
  const config = modConfig(host, (n) => env.get(n), goVersion.slice(2), options);
  if (config.cache === '') throw new ModError('module cache not found: neither GOMODCACHE nor GOPATH is set');
  return new Fetcher(config, new GoSum(host, sumFile, options.command === 'mod tidy', workspaceSums));
}

export function runningGo(host: Host): gover.RunningGo {
  return gover.runningVersion(goVersion.slice(2), new Environment(host, lookForTree(host)).get('GOTOOLCHAIN'));
}

/** The go.work file that holds; "" if none does. */
export function workFileOf(env: Environment): string {
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
  const setting = env.get('GO111MODULE');
  if (setting === 'off') return null;
  if (!['', 'on', 'auto'].includes(setting)) throw new ModError(`unknown environment setting GO111MODULE=${setting}`);
  warnOfGopath(env);
  const workFile = ignoresWorkspace.has(options.command) ? '' : workFileOf(env);
  return workFile === '' ? openModule(env, goroot, options) : openWorkspace(env, goroot, options, workFile);
}

/** Why a directory is in no module: perhaps it is in a repository that is to become one. */
export function noModule(host: Host, goroot: string): ModError {
  const here = absolutePath(host, '.');
  const root = here === goroot || here.startsWith(`${goroot}/`) ? '' : findUpwards(host, here, '.git/config');
  if (root === '') return new ModError(noGoModFile);
  const up = here
    .slice(root.length)
    .split('/')
    .filter((p) => p !== '')
    .map(() => '..')
    .join('/');
  const cd = up === '' ? '' : `cd ${up} && `;
  return new ModError(
    `cannot find main module, but found .git/config in ${root}\n\tto create a module there, run:\n\t${cd}go mod init`,
  );
}

/** Commands for one module, wherever it is. */
const ignoresWorkspace = new Set(['get', 'mod edit', 'mod init', 'mod tidy']);

export function openWorkspace(env: Environment, goroot: string, options: ModuleOptions, workFile: string): Modules {
  const { host } = env;
  if (options.modfile !== '') throw new ModError('-modfile cannot be used in workspace mode');
  const godebugProblem = (key: string, value: string) => checkGodebug(host.files, goroot, 'godebug', key, value);
  const isWorkCommand = options.command.startsWith('work ');
  const { work, mains } = readWorkspace(host, workFile, runningGo(host), godebugProblem, isWorkCommand);
  const choice = modeInWorkspace(host, options, work, parentPath(workFile));
  if (mains.length === 0) throw new ModError("no modules were found in the current workspace; see 'go help work'");
  const sums = mains.map((m) => `${m.dir}/go.sum`);
  const fetcher = newFetcher(env, options, `${workFile}.sum`, sums);
  const modules = new Modules(fetcher, goroot, mains, choice, work, workFile);
  if (modules.vendor !== null) checkVendor(modules, modules.vendor);
  return modules;
}

function openModule(env: Environment, goroot: string, options: ModuleOptions): Modules | null {
  if (options.modfile !== '' && !options.modfile.endsWith('.mod'))
    throw new ModError(`-modfile=${options.modfile}: file does not have .mod extension`);
  const root = moduleRoot(env.host, true);
  if (root !== '') return openModuleAt(env, goroot, options, root);
  if (options.modfile === '') return null;
  throw new ModError(
    'cannot find main module, but -modfile was set.\n\t-modfile cannot be used to set the module root directory.',
  );
}

/** The module whose go.mod file is in a directory. Throws ModError. */
export function openModuleAt(env: Environment, goroot: string, options: ModuleOptions, root: string): Modules {
  const { host } = env;
  const modFile = options.modfile === '' ? `${root}/go.mod` : absolutePath(host, options.modfile);
  const main = readMainModule(host, root, runningGo(host), modFile);
  checkSettings(host, goroot, main);
  const fetcher = newFetcher(env, options, `${modFile.replace(/\.mod$/, '')}.sum`);
  const modules = new Modules(fetcher, goroot, [main], modeOf(host, options, main, root));
  modules.shownModFile = options.modfile;
  if (modules.vendor !== null) checkVendor(modules, modules.vendor);
  return modules;
}

/**
 * No go.mod file is read: the main module is made up and requires nothing yet. go.sum is not looked at, but the checksum database is. `mode` holds
 * unless -mod is given.
 */
export function rootlessModules(host: Host, goroot: string, options: ModuleOptions, mode: 'mod' | 'readonly'): Modules {
  const file = new ModFile(new FileSyntax('go.mod'));
  addModule(file, madeUpModule);
  setGo(file, goVersion.slice(2));
  setToolchain(file, goVersion);
  const index = indexModFile(file);
  const main: MainModule = {
    path: madeUpModule,
    dir: '',
    modFile: '',
    file,
    text: '',
    index,
    isFixed: false,
    unresolved: [],
  };
  const choice = explicitMode(options) ?? { mode, isExplicit: false, reason: '' };
  return new Modules(newFetcher(new Environment(host, goroot), options, ''), goroot, [main], choice);
}

/** What -mod means without the flag: some commands are there to change go.mod, others must be able to work with a wrong one. */
function defaultMode(options: ModuleOptions): ModeChoice | null {
  const usual = (mode: 'mod' | 'readonly'): ModeChoice => ({ mode, isExplicit: false, reason: '' });
  switch (options.command) {
    case 'get':
    case 'mod download':
    case 'mod init':
    case 'mod tidy':
    case 'work sync':
    case 'mod graph':
    case 'mod verify':
    case 'mod why':
      return usual('mod');
    case 'mod vendor':
    case 'work vendor':
      return usual('readonly');
    default:
      return null;
  }
}

function explicitMode(options: ModuleOptions): ModeChoice | null {
  switch (options.mod) {
    case 'mod':
    case 'readonly':
    case 'vendor':
      return { mode: options.mod, isExplicit: true, reason: '' };
    case '':
      return null;
    default:
      throw new ModError(`-mod=${options.mod} not supported (can be '', 'mod', 'readonly', or 'vendor')`);
  }
}

/** A vendor directory is used by itself since Go 1.14. */
function modeOf(host: Host, options: ModuleOptions, main: MainModule, dir: string): ModeChoice {
  return explicitMode(options) ?? defaultMode(options) ?? vendorMode(host, main.file.go?.value ?? '', 'go.mod', dir);
}

function modeInWorkspace(host: Host, options: ModuleOptions, work: WorkFile, dir: string): ModeChoice {
  const explicit = explicitMode(options);
  if (explicit?.mode === 'mod') {
    throw new ModError(
      '-mod may only be set to readonly or vendor when in workspace mode, but it is set to "mod"\n\tRemove the -mod flag to use the default readonly value, \n\tor set GOWORK=off to disable workspace mode.',
    );
  }
  return explicit ?? defaultMode(options) ?? vendorMode(host, work.go?.value ?? '', 'go.work', dir);
}

function vendorMode(host: Host, goVersion: string, source: string, dir: string): ModeChoice {
  const readonly = (reason: string): ModeChoice => ({ mode: 'readonly', isExplicit: false, reason });
  if (host.files.stat(`${dir}/vendor`)?.isDirectory !== true) return readonly('');
  if (goVersion === '') return readonly(`Go version in ${source} is unspecified, so vendor directory was not used.`);
  if (gover.compare(goVersion, '1.14') < 0)
    return readonly(`Go version in ${source} is ${goVersion}, so vendor directory was not used.`);
  const list = `${dir}/vendor/modules.txt`;
  const first = host.files.stat(list) === null ? '' : decodeText(host.files.readFile(list)).split('\n', 1)[0];
  const entries = first.startsWith('## ') ? first.slice(3).split(';') : [];
  const isOfWorkspace = entries.some((e) => e.trim() === 'workspace');
  if (isOfWorkspace !== (source === 'go.work')) {
    return readonly(
      isOfWorkspace
        ? 'Outside workspace mode, but vendor directory is for a workspace.'
        : 'In workspace mode, but vendor directory is not for a workspace',
    );
  }
  const reason = `Go version in ${source} is at least 1.14 and vendor directory exists.`;
  return { mode: 'vendor', isExplicit: false, reason };
}

/** godebug lines must name settings that there are. */
function checkSettings(host: Host, goroot: string, m: MainModule): void {
  const wrong: Error[] = [];
  const name = shortPath(host, m.modFile);
  for (const g of m.file.godebug) {
    const why = checkGodebug(host.files, goroot, 'godebug', g.key, g.value);
    if (why !== '') wrong.push(new ModError(`error loading go.mod:\n${name}:${g.line.start.line}: ${why}`));
  }
  if (wrong.length > 0) throw new JoinedErrors(wrong);
}
