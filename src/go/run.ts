/** `tuza run [files or package] [arguments]`: compiles into the cache and runs from there (cmd/go/internal/run). */

import type { Host } from '#host/host.ts';
import { buildInfoText, moduleInfoBytes } from './build-info.ts';
import { BuildFlagError, buildOptions, showsWork } from './build-options.ts';
import { buildByTools, buildOne, checkBuild, type LoadedBuild, loadAndBuild, startToolexec } from './build-packages.ts';
import { BuildSteps } from './build-steps.ts';
import { commandNamed } from './command.ts';
import { Environment } from './environment.ts';
import { executableNameOf } from './exec-name.ts';
import { parseCommandLine } from './flags.ts';
import { KeptExecutables } from './kept-programs.ts';
import { tellModError } from './mod-errors.ts';
import { Workspace } from './packages.ts';
import { absolutePath } from './paths.ts';
import { type Recording, startRecording } from './quick.ts';
import { splitQuotedFields } from './quoted.ts';
import { runExecutable } from './run-executable.ts';
import type { ParsedFlags } from './tool-flags.ts';
import { hasVersion, versionedPackages, versionedProblem } from './versioned-packages.ts';
import { watchAndRun } from './watch.ts';

/** A program that is run once and removed carries nothing for debuggers (cmd/go/internal/work/gc.go, OmitDebug). */
const withoutDebug = { stripSymbols: true, stripDwarf: true };

/** How many of the arguments name the program: leading .go files, or one directory or package. */
export function countPackageArguments(args: readonly string[]): number {
  let n = 0;
  while (n < args.length && args[n].endsWith('.go')) n++;
  return n > 0 ? n : Math.min(args.length, 1);
}

export async function runRun(args: readonly string[], host: Host): Promise<number> {
  const parsed = parseCommandLine(host, commandNamed('run'), args, new Environment(host, ''));
  if (parsed === null) return 2;
  const { rest } = parsed;
  const named = rest.slice(0, countPackageArguments(rest));
  const problem = problemOf(host, rest, named);
  if (problem !== '') {
    host.stderr(`${problem}\n`);
    return 1;
  }
  const watches = parsed.bool('watch', false);
  if (watches) return watchAndRun(host, (recording) => prepareRun(host, args, parsed, named, recording, watches));
  const recording = startRecording(host);
  if (recording === null) return 1;
  const kept: (() => void)[] = [];
  const words = await prepareRun(host, args, parsed, named, recording, watches, (work) => kept.push(work));
  if (typeof words === 'number') return words;
  const running = runExecutable(host, words[0], words.slice(1));
  for (const work of kept) work();
  return running;
}

/** Gets the work that has time until the program runs. */
type Keep = (work: () => void) => void;

const atOnce: Keep = (work) => work();

/** Builds the program; returns the words of the command that runs it, or the exit status if there is nothing to run. */
async function prepareRun(
  host: Host,
  args: readonly string[],
  parsed: ParsedFlags,
  named: readonly string[],
  recording: Recording,
  watches: boolean,
  keep: Keep = atOnce,
): Promise<readonly string[] | number> {
  // What is watched is built whenever something has changed, so that nobody asks for it again.
  if (watches) recording.forbid();
  try {
    return await buildToRun(host, args, parsed, named, recording, keep);
  } catch (e) {
    if (!(e instanceof BuildFlagError)) return tellModError(host, e);
    host.stderr(`${e.message}\n`);
    return e.status;
  }
}

function problemOf(host: Host, rest: readonly string[], named: readonly string[]): string {
  if (rest.length === 0 || rest[0].startsWith('-')) return 'go: no go files listed';
  const test = named.find((n) => n.endsWith('_test.go'));
  if (test !== undefined) return `go: cannot run *_test.go files (${test})`;
  return host.processes === null ? 'go run: programs cannot be run here' : '';
}

/** Of `run` an argument that ends in .go is a file, not also an import path as of other commands. */
function fileProblem(host: Host, named: readonly string[]): string {
  if (!named[0].endsWith('.go')) return '';
  for (const file of named) {
    const info = host.files.stat(absolutePath(host, file));
    if (info === null) return `stat ${file}: no such file or directory`;
    if (info.isDirectory) return `${file} is a directory, should be a Go file`;
  }
  return '';
}

/** The same; what cannot be built is told, wrong flags are thrown. */
export async function buildToRun(
  host: Host,
  args: readonly string[],
  parsed: ParsedFlags,
  named: readonly string[],
  recording: Recording,
  keep: Keep = atOnce,
): Promise<readonly string[] | number> {
  const { rest } = parsed;
  const options = buildOptions(recording.host, parsed, 'run');
  const exec = splitQuotedFields(parsed.text('exec', '')) ?? [];
  if (showsWork(options) || exec.length > 0) recording.forbid();
  const absent = fileProblem(options.host, named);
  if (absent !== '') {
    recording.forbid();
    host.stderr(`${absent}\n`);
    return 1;
  }
  const steps = new BuildSteps(options);
  let patterns = named;
  let ws: Workspace | null = null;
  let problem = (b: LoadedBuild): string => mainProblem(b, patterns);
  if (!named[0].endsWith('.go') && hasVersion(named[0])) {
    // What a version means is asked again each time.
    recording.forbid();
    const versioned = await versionedPackages(options.host, options.goroot, options.modules, named);
    ws = new Workspace(options.host, options.goroot, options.modules, versioned.modules);
    patterns = versioned.patterns;
    problem = (b) => versionedProblem(b, versioned) || mainProblem(b, patterns);
  }
  try {
    const kept = new KeptExecutables(recording);
    const outcome = await loadAndBuild(options, patterns, recording, steps, problem, withoutDebug, ws, kept);
    const { build } = outcome;
    if (build === null || (outcome.built === null && !checkBuild(build, recording, steps))) return 1;
    const [p] = build.packages;
    if (options.showsCommands && outcome.built?.isKept !== true)
      steps.link(p, '', p, moduleInfoBytes(buildInfoText(build.options, build.ws, p)));
    if (options.dryRun) return 0;
    const toolexec = await startToolexec(build, recording, steps);
    const built =
      toolexec !== null
        ? await buildByTools(toolexec, build, p, ['-s', '-w'])
        : (outcome.built ?? buildOne(build, p, recording, steps, withoutDebug, kept));
    if (built === null) return 1;
    // The cache keeps the executable: the same command need not build again.
    const command = ['run', ...args.slice(0, args.length - rest.length + named.length)];
    const name = executableNameOf(p);
    const actions = [recording.executableAction(command), ...(built.action === '' ? [] : [built.action])];
    const path = recording.cache.putExecutable(actions, name, built.image);
    keep(() => {
      recording.finish(command, [{ path, data: built.image }]);
      recording.cache.close();
    });
    const words = [...exec, path, ...rest.slice(named.length)];
    if (options.showsCommands) host.stderr(`${words.join(' ')}\n`);
    return words;
  } finally {
    steps.close();
  }
}

function mainProblem(build: LoadedBuild, named: readonly string[]): string {
  const isPattern = named[0].includes('...');
  const packages = isPattern ? build.packages.filter((p) => p.name === 'main') : build.packages;
  if (isPattern && packages.length === 0 && build.packages.length > 0)
    build.options.host.stderr(`go: warning: ${JSON.stringify(named[0])} matched only non-main packages\n`);
  if (packages.length === 0) return `go: no packages loaded from ${named[0]}`;
  if (packages.length > 1)
    return `go: pattern ${named[0]} matches multiple packages:\n\t${packages.map((p) => p.path).join('\n\t')}`;
  return packages[0].name === 'main' ? '' : `package ${packages[0].path} is not a main package`;
}
