/** `tuza build` and `tuza install` (cmd/go/internal/work/build.go). */
import { FileError, type Host } from '#host/host.ts';
import type { LoadedPackage } from '#load/loader.ts';
import { isPathPattern } from '#mod/pattern.ts';
import { buildInfoText, moduleInfoBytes } from './build-info.ts';
import { BuildFlagError, type BuildOptions, buildOptions, showsWork } from './build-options.ts';
import {
  archiveOf,
  buildByTools,
  buildOne,
  checkBuild,
  compilePackages,
  type LoadedBuild,
  loadAndBuild,
  noteProgram,
  startToolexec,
} from './build-packages.ts';
import { BuildSteps } from './build-steps.ts';
import { commandNamed } from './command.ts';
import { Environment } from './environment.ts';
import { executableNameOf } from './exec-name.ts';
import { parseCommandLine } from './flags.ts';
import { lookForTree } from './goroot.ts';
import { installDirectory } from './install-target.ts';
import { KeptFiles } from './kept-programs.ts';
import { tellModError } from './mod-errors.ts';
import { moduleOptionsOf } from './modules.ts';
import { Workspace } from './packages.ts';
import { absolutePath, isLocalPath } from './paths.ts';
import { type Recording, startRecording } from './quick.ts';
import type { ParsedFlags } from './tool-flags.ts';
import { hasVersion, versionedPackages, versionedProblem } from './versioned-packages.ts';

export async function runBuild(args: readonly string[], host: Host): Promise<number> {
  const parsed = parseCommandLine(host, commandNamed('build'), args, new Environment(host, ''));
  return parsed === null ? 2 : withBuild(host, 'build', args, parsed, buildTargets);
}

export async function runInstall(args: readonly string[], host: Host): Promise<number> {
  const parsed = parseCommandLine(host, commandNamed('install'), args, new Environment(host, ''));
  if (parsed === null) return 2;
  const hint = hintOutsideModule(host, parsed);
  if (hint !== '') {
    host.stderr(`${hint}\n`);
    return 1;
  }
  return withBuild(host, 'install', args, parsed, installTargets);
}

/** Outside of modules packages that are not of the standard library need a version; "" if there is nothing to say. */
function hintOutsideModule(host: Host, parsed: ParsedFlags): string {
  const goroot = lookForTree(host);
  const args = parsed.rest;
  if (goroot === '' || args.length === 0 || args.some((a) => hasVersion(a) || a.endsWith('.go') || isPathPattern(a)))
    return '';
  const isMissing = (a: string): boolean =>
    !['all', 'std', 'cmd', 'tool', 'work'].includes(a) && host.files.stat(`${goroot}/src/${a}`) === null;
  if (args.some((a) => isLocalPath(a)) || !args.some(isMissing)) return '';
  if (!new Workspace(host, goroot, moduleOptionsOf(parsed, 'install')).isImplicit) return '';
  const latest = args.map((a) => `${a}@latest`).join(' ');
  return `go: 'go install' requires a version when current directory is not in a module\n\tTry 'go install ${latest}' to install the latest version`;
}

/** Where programs go; a path is "" if the executable is not kept. */
interface Targets {
  readonly programs: readonly { readonly package: LoadedPackage; readonly path: string }[];
  /** A package that is no program, whose archive is kept. */
  readonly archive: { readonly package: LoadedPackage; readonly path: string } | null;
  /** After everything has been written. */
  readonly finish: () => void;
}

type ChooseTargets = (build: LoadedBuild, parsed: ParsedFlags) => Targets | string;

async function withBuild(
  given: Host,
  command: string,
  args: readonly string[],
  parsed: ParsedFlags,
  choose: ChooseTargets,
): Promise<number> {
  const recording = startRecording(given);
  if (recording === null) return 1;
  try {
    const options = buildOptions(recording.host, parsed, command);
    const versioned = command === 'install' && parsed.rest.some(hasVersion);
    // What a version means is asked again each time.
    if (versioned) recording.forbid();
    if (showsWork(options)) recording.forbid();
    const ask = (b: LoadedBuild): Targets | string => choose(b, parsed);
    const commandLine = [command, ...args];
    if (!versioned) return await carryOut(options, parsed.rest, recording, commandLine, ask);
    const { host, goroot, modules } = options;
    const named = await versionedPackages(host, goroot, modules, parsed.rest);
    const ws = new Workspace(host, goroot, modules, named.modules);
    const decide = (b: LoadedBuild): Targets | string => versionedProblem(b, named) || ask(b);
    return await carryOut({ ...options, mainsOnly: true }, named.patterns, recording, commandLine, decide, ws);
  } catch (e) {
    if (!(e instanceof BuildFlagError)) return tellModError(given, e);
    given.stderr(`${e.message}\n`);
    return e.status;
  }
}

async function carryOut(
  options: BuildOptions,
  args: readonly string[],
  recording: Recording,
  command: readonly string[],
  choose: (build: LoadedBuild) => Targets | string,
  ws: Workspace | null = null,
): Promise<number> {
  const steps = new BuildSteps(options);
  try {
    let targets: Targets = { programs: [], archive: null, finish: nothing };
    const decide = (build: LoadedBuild): string => {
      const chosen = choose(build);
      if (typeof chosen === 'string') return chosen;
      targets = chosen;
      return '';
    };
    const kept = new KeptFiles(recording, (p) => targets.programs.find((t) => t.package.path === p.path)?.path ?? '');
    const { build, built } = await loadAndBuild(options, args, recording, steps, decide, {}, ws, kept);
    if (build === null) return 1;
    if (built === null && !(checkBuild(build, recording, steps) && compilePackages(build, recording, steps))) return 1;
    const outputs: { path: string; data: Uint8Array }[] = [];
    const toolexec = await startToolexec(build, recording, steps);
    let ok = true;
    for (const p of toolexec === null ? [] : build.packages) ok = ok && (await toolexec?.compile(p)) === true;
    if (!ok) return 1;
    for (const { package: p, path } of targets.programs) {
      if (built?.isKept !== true) steps.link(p, path, p, modinfoOf(build, p));
      if (options.dryRun) continue;
      const program =
        toolexec !== null
          ? await buildByTools(toolexec, build, p)
          : (built ?? buildOne(build, p, recording, steps, {}, kept));
      if (program === null) ok = false;
      else if (path !== '') ok = writeOutput(options, path, program.image, 0o755) && ok;
      if (program === null || path === '') continue;
      kept.keep(program);
      outputs.push({ path: absolutePath(options.host, path), data: program.image });
      noteProgram(build, recording, program);
    }
    const { archive } = targets;
    if (ok && archive !== null) {
      steps.move(archive.package, archive.path);
      const data = options.dryRun ? null : await archiveOf(build, archive.package, recording);
      if (data !== null) ok = writeOutput(options, archive.path, data, 0o644);
      else ok = options.dryRun;
      if (ok && data !== null) outputs.push({ path: absolutePath(options.host, archive.path), data });
    }
    if (!ok) return 1;
    if (!options.dryRun) targets.finish();
    recording.finish(command, outputs);
    recording.cache.close();
    return 0;
  } finally {
    steps.close();
  }
}

/** Files that begin so may be written over (cmd/go/internal/work, isObject). */
const objectStarts = [
  [0x7f, 0x45, 0x4c, 0x46],
  [0x21, 0x3c, 0x61, 0x72, 0x63, 0x68, 0x3e, 0x0a],
  [0x67, 0x6f, 0x20, 0x6f, 0x62, 0x6a, 0x65, 0x63, 0x74, 0x20],
  [0x4d, 0x5a],
  [0xfe, 0xed, 0xfa],
  [0xce, 0xfa, 0xed, 0xfe],
  [0xcf, 0xfa, 0xed, 0xfe],
  [0x00, 0x61, 0x73, 0x6d],
];

/** What a program says about itself, for commands that are shown. */
function modinfoOf(build: LoadedBuild, p: LoadedPackage): Uint8Array | null {
  const { options, ws } = build;
  return options.showsCommands ? moduleInfoBytes(buildInfoText(options, ws, p)) : null;
}

function writeOutput(options: BuildOptions, path: string, data: Uint8Array, mode: number): boolean {
  const { host } = options;
  const old = host.files.stat(path);
  if (old !== null) {
    if (old.isDirectory) {
      host.stderr(`go: build output "${path}" already exists and is a directory\n`);
      return false;
    }
    if (old.size > 0) {
      const present = host.files.readFile(path);
      if (!objectStarts.some((s) => s.every((b, i) => present[i] === b))) {
        host.stderr(`go: build output "${path}" already exists and is not an object file\n`);
        return false;
      }
    }
  }
  try {
    host.files.makeDirectory(absolutePath(host, `${path}/..`));
    host.files.writeFile(path, data, mode);
  } catch (e) {
    if (!(e instanceof FileError)) throw e;
    host.stderr(`go: ${e.message}\n`);
    return false;
  }
  return true;
}

const nothing = (): void => undefined;

function buildTargets(build: LoadedBuild, parsed: ParsedFlags): Targets | string {
  const { packages, options } = build;
  const { host } = options;
  const mains = packages.filter((p) => p.name === 'main');
  let output = parsed.text('o', '');
  const isGiven = output !== '';
  if (output === '' && packages.length === 1 && mains.length === 1) output = executableNameOf(mains[0]);
  if (output === '/dev/null') output = '';
  if (output === '') return { programs: mains.map((p) => ({ package: p, path: '' })), archive: null, finish: nothing };
  if (output.endsWith('/') || host.files.stat(output)?.isDirectory === true) {
    if (!isGiven) return `go: build output ${JSON.stringify(output)} already exists and is a directory`;
    if (mains.length === 0) return 'go: no main packages to build';
    const dir = output.replace(/\/+$/, '');
    const programs = mains.map((p) => ({ package: p, path: `${dir}/${executableNameOf(p)}` }));
    return { programs, archive: null, finish: nothing };
  }
  if (packages.length > 1) return `go: cannot write multiple packages to non-directory ${output}`;
  if (packages.length === 0) return 'no packages to build';
  if (mains.length === 0) return { programs: [], archive: { package: packages[0], path: output }, finish: nothing };
  return { programs: [{ package: mains[0], path: output }], archive: null, finish: nothing };
}

function installTargets(build: LoadedBuild): Targets | string {
  const { packages, options, args } = build;
  const { host } = options;
  const programs: { package: LoadedPackage; path: string }[] = [];
  const problems: string[] = [];
  for (const p of packages) {
    const conflict = build.ws.gopath?.conflictOf(p.dir) ?? '';
    if (conflict !== '') {
      problems.push(`go: no install location for ${p.dir}: hidden by ${conflict}`);
      continue;
    }
    if (p.name !== 'main') continue;
    const dir = p.isStandard ? '!go: the Go tree is not written to' : installDirectory(build.ws, options.target, p);
    if (dir.startsWith('!')) problems.push(dir.slice(1));
    else programs.push({ package: p, path: `${dir}/${executableNameOf(p)}` });
  }
  if (problems.length > 0) return problems.join('\n');
  const finish = (): void => {
    // What `build` has left here would be found instead of the installed program where PATH has a dot.
    if (args.length > 0 || packages.length !== 1 || programs.length !== 1) return;
    const name = executableNameOf(packages[0]);
    const old = host.files.stat(name);
    if (
      `${packages[0].dir}/${name}` !== programs[0].path &&
      old !== null &&
      !old.isDirectory &&
      (old.mode & 0o111) !== 0
    )
      host.files.remove(name);
  };
  return { programs, archive: null, finish };
}
