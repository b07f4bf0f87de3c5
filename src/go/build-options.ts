/** What the build flags of a command line ask for (cmd/go/internal/work: AddBuildFlags, BuildInit). */
import { verifiesCache } from '#cache/debug.ts';
import type { Host } from '#host/host.ts';
import type { BuildTarget } from '#load/target.ts';
import { buildModeSupported, targetOf } from './build-target.ts';
import { commandNamed } from './command.ts';
import { Environment } from './environment.ts';
import { tagsOf, usageText } from './flags.ts';
import { findGoroot, GorootError } from './goroot.ts';
import { type ModuleOptions, moduleOptionsOf } from './modules.ts';
import { OverlayError, overlayHost } from './overlay.ts';
import { type PerPackageFlags, perPackageFlags } from './per-package-flags.ts';
import { splitQuotedFields } from './quoted.ts';
import type { ParsedFlags } from './tool-flags.ts';

export interface BuildOptions {
  /** With what -overlay replaces. */
  readonly host: Host;
  readonly env: Environment;
  readonly goroot: string;
  readonly target: BuildTarget;
  readonly command: string;
  readonly modules: ModuleOptions;
  readonly tags: readonly string[];
  /** -a. */
  readonly rebuild: boolean;
  /** -n: nothing is made; the commands are printed. */
  readonly dryRun: boolean;
  /** -x, -n. */
  readonly showsCommands: boolean;
  /** -v. */
  readonly showsPackages: boolean;
  /** -why: for each package why it was compiled, or that it was not. */
  readonly explains: boolean;
  /** -work. */
  readonly keepsWork: boolean;
  /** -json: errors of the compiler as a stream of JSON. */
  readonly json: boolean;
  readonly trimpath: boolean;
  /** "auto", "true" or "false". */
  readonly stamp: string;
  readonly buildMode: string;
  /** -o is given. */
  readonly hasOutput: boolean;
  readonly gcflags: PerPackageFlags;
  readonly ldflags: PerPackageFlags;
  readonly asmflags: PerPackageFlags;
  /** Packages of patterns that are no programs are left out; others are errors. */
  readonly mainsOnly: boolean;
  /** "auto", "off" or a file. */
  readonly pgo: string;
  /** The words of -toolexec. */
  readonly toolexec: readonly string[];
  /** What -cover and its kin ask for; null: no coverage. */
  readonly coverage: { readonly mode: string; readonly patterns: readonly string[] | null } | null;
}

/** A wrong command line or environment, with the exit status. */
export class BuildFlagError extends Error {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

const modes = 'archive c-archive c-shared default exe pie plugin shared'.split(' ');

/** Throws BuildFlagError and ModError. */
export function buildOptions(given: Host, parsed: ParsedFlags, command: string): BuildOptions {
  let goroot: string;
  try {
    goroot = findGoroot(given);
  } catch (e) {
    if (!(e instanceof GorootError)) throw e;
    throw new BuildFlagError(e.message, 2);
  }
  const env = new Environment(given, goroot);
  const tags = tagsOf(parsed);
  if (parsed.text('tags', '').includes(' ') && tags.length > 0 && parsed.text('tags', '').includes(','))
    throw new BuildFlagError('go: -tags space-separated list contains comma', 1);
  // Programs are linked without the system's linker, and cgo is not translated.
  const target = targetOf(env, tags, false);
  if (typeof target === 'string') throw new BuildFlagError(target, 2);
  const work = env.get('GOTMPDIR');
  if (work !== '' && given.files.stat(work)?.isDirectory !== true)
    throw new BuildFlagError(`go: creating work dir: stat ${work}: no such file or directory`, 1);
  checkParallelism(parsed, command);
  checkCompilers(env);
  const buildMode = checkBuildMode(parsed, target);
  const flagsOf = (name: string): PerPackageFlags => {
    const flags = perPackageFlags(name, parsed.list(name));
    if (typeof flags === 'string') throw new BuildFlagError(`${flags}\n${usage(command)}`, 2);
    return flags;
  };
  const modules = moduleOptionsOf(parsed, command);
  const stamp = checkStamp(parsed, command);
  let host = given;
  const overlay = parsed.text('overlay', '');
  if (overlay !== '') {
    try {
      host = overlayHost(given, overlay);
    } catch (e) {
      if (!(e instanceof OverlayError)) throw e;
      throw new BuildFlagError(`go: ${e.message}`, 1);
    }
  }
  const dryRun = parsed.bool('n', false);
  return {
    host,
    env: host === given ? env : new Environment(host, goroot),
    goroot,
    target,
    command,
    modules,
    tags,
    rebuild: parsed.bool('a', false) || verifiesCache(host),
    dryRun,
    showsCommands: dryRun || parsed.bool('x', false),
    // Of tests -v is about their output.
    showsPackages: command !== 'test' && parsed.bool('v', false),
    explains: parsed.bool('why', false),
    keepsWork: parsed.bool('work', false),
    json: parsed.bool('json', false),
    trimpath: parsed.bool('trimpath', false),
    stamp,
    buildMode,
    hasOutput: parsed.text('o', '') !== '',
    gcflags: flagsOf('gcflags'),
    ldflags: flagsOf('ldflags'),
    asmflags: flagsOf('asmflags'),
    mainsOnly: false,
    pgo: parsed.text('pgo', 'auto'),
    toolexec: toolexecWords(parsed),
    coverage: coverageOf(parsed, command),
  };
}

function toolexecWords(parsed: ParsedFlags): readonly string[] {
  const words = splitQuotedFields(parsed.text('toolexec', ''));
  if (words !== null) return words;
  throw new BuildFlagError(
    `go: invalid -toolexec ${JSON.stringify(parsed.text('toolexec', ''))}: unterminated quote`,
    2,
  );
}

/** Each flag of coverage asks for it. */
function coverageOf(parsed: ParsedFlags, command: string): BuildOptions['coverage'] {
  const names = ['covermode', 'coverpkg', 'coverprofile'];
  if (!parsed.bool('cover', false) && !names.some((f) => parsed.has(f))) return null;
  const mode = parsed.text('covermode', 'set');
  if (!['set', 'count', 'atomic'].includes(mode))
    throw new BuildFlagError(
      `invalid value ${JSON.stringify(mode)} for flag -covermode: valid modes are "set", "count", or "atomic"\n${usage(command)}`,
      2,
    );
  const patterns = parsed.text('coverpkg', '');
  return { mode, patterns: patterns === '' ? null : patterns.split(',') };
}

/** Throws BuildFlagError. */
export function checkParallelism(parsed: ParsedFlags, command: string): void {
  const text = parsed.text('p', '');
  if (text === '') return;
  if (!/^[+-]?\d+$/.test(text))
    throw new BuildFlagError(`invalid value ${JSON.stringify(text)} for flag -p: parse error\n${usage(command)}`, 2);
  if (Number(text) <= 0) throw new BuildFlagError(`go: -p must be a positive integer: ${Number(text)}`, 1);
}

function usage(command: string): string {
  return usageText(commandNamed(command)).trimEnd();
}

/** Whether the steps of a build are shown, kept or given to others: it is carried out, even if nothing has changed. */
export function showsWork(o: BuildOptions): boolean {
  return o.showsCommands || o.showsPackages || o.keepsWork || o.json || o.explains || o.toolexec.length > 0;
}

/** Throws BuildFlagError. */
export function checkStamp(parsed: ParsedFlags, command: string): string {
  const text = parsed.text('buildvcs', 'auto');
  if (text === 'auto') return text;
  if (/^(1|t|T|TRUE|true|True)$/.test(text)) return 'true';
  if (/^(0|f|F|FALSE|false|False)$/.test(text)) return 'false';
  throw new BuildFlagError(
    `invalid boolean value ${JSON.stringify(text)} for -buildvcs: value is neither 'auto' nor a valid bool\n${usage(command)}`,
    2,
  );
}

/** The C compilers are only asked for by cgo, but wrong variables are told anyway. */
function checkCompilers(env: Environment): void {
  for (const name of ['CC', 'CXX', 'FC']) {
    const path = env.get(name).trim().split(/\s+/)[0];
    if (path.includes('/') && !path.startsWith('/'))
      throw new BuildFlagError(`go: ${name} environment variable is relative; must be absolute path: ${path}\n`, 1);
  }
}

function checkBuildMode(parsed: ParsedFlags, target: BuildTarget): string {
  const mode = parsed.text('buildmode', 'default');
  if (!modes.includes(mode)) throw new BuildFlagError(`buildmode=${mode} not supported`, 1);
  const { goos, goarch } = target;
  if (mode === 'shared' && parsed.has('o'))
    throw new BuildFlagError('-buildmode=shared and -o not supported together', 1);
  if (mode !== 'default' && !buildModeSupported(mode, goos, goarch))
    throw new BuildFlagError(`-buildmode=${mode} not supported on ${goos}/${goarch}\n`, 1);
  return mode;
}
