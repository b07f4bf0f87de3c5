/**
 * `tuza test`: packages are built with their tests and run; before that, what keeps packages from being built at all is told of all of them
 * (cmd/go/internal/test). Builds and runs take turns, so that a run's time is its own: as many packages are built, then run at once, as -p says.
 */
import { FileSet } from '#base/source.ts';
import type { BuildCache } from '#cache/store.ts';
import type { Host } from '#host/host.ts';
import { type LoadedPackage, Loader } from '#load/loader.ts';
import { BuildFlagError, type BuildOptions, buildOptions } from './build-options.ts';
import { BuildSteps } from './build-steps.ts';
import { commandNamed } from './command.ts';
import { Coverage, selectPackages } from './coverage.ts';
import { Environment } from './environment.ts';
import { fixedDirectories } from './fixed-packages.ts';
import { usageText } from './flags.ts';
import { tellOfImplicitModule } from './implicit-module.ts';
import { instrumentationProblem } from './instrument.ts';
import { CachedIndex } from './package-index.ts';
import { Workspace } from './packages.ts';
import { profileNote, profileOf, profileProblem } from './pgo.ts';
import { type Recording, startRecording } from './quick.ts';
import { namedFiles, testBinaryName, withGenerated } from './test-build.ts';
import { CoverProfile, partsOf, profilePath } from './test-cover.ts';
import { parseTestFlags, profileFlags, type TestCommandLine, TestUsageError, testFlags } from './test-flags.ts';
import { fuzzProblem } from './test-fuzz.ts';
import type { KnownFiles } from './test-known.ts';
import { loadTestedPackages, type TestedPackage } from './test-load.ts';
import { printBuildFailure, printLine } from './test-output.ts';
import { hasTests, isDirectory, packagesAtOnce, testTogether } from './test-package.ts';
import { expiredBefore, type Replayed } from './test-replay.ts';
import type { ParsedFlags } from './tool-flags.ts';
import type { ToolProgram } from './tool-program.ts';

/** What all packages of one command share. */
export interface TestRun {
  readonly host: Host;
  readonly cache: BuildCache;
  readonly codeCache: BuildCache;
  readonly options: BuildOptions;
  /** Main packages, by the paths that they would have. */
  readonly generated: Map<string, Uint8Array>;
  readonly ws: Workspace;
  readonly line: TestCommandLine;
  /** The names of the files on the command line. */
  readonly files: readonly string[] | null;
  /** The packages of the command line. */
  readonly tested: readonly LoadedPackage[];
  /** Packages that others on the command line import. */
  readonly imported: ReadonlySet<LoadedPackage>;
  /** Null if files are not read as they are on the disk, or everything is made anew. */
  readonly known: KnownFiles | null;
  /** Packages without their tests: those that have been checked, those that have errors. */
  readonly plain: Loader;
  readonly checked: Set<LoadedPackage>;
  readonly wrong: Set<LoadedPackage>;
  /** What errors have been told of, as they name it. */
  readonly told: Set<string>;
  readonly json: boolean;
  /** What could not be built last. */
  failedBuild: string;
  /** What the tests of packages import. */
  readonly testImports: ReadonlyMap<LoadedPackage, readonly LoadedPackage[]>;
  readonly coverage: Coverage | null;
  /** Null if none is to be written. */
  readonly profile: CoverProfile | null;
  readonly steps: BuildSteps;
  /** -toolexec; null without it. */
  readonly program: ToolProgram | null;
  /** The machine without records of what is looked at: for what tests leave, and tools. */
  readonly outer: Host;
  /** What has been printed, if it can be printed again without work; null: it cannot. */
  replayed: Replayed[] | null;
  /** Results that were stored before do not count; milliseconds since 1970. */
  readonly expired: number;
  /** Why nothing can be built with the profile of -pgo, or "". */
  readonly profileProblem: string;
}

export async function runTest(args: readonly string[], given: Host): Promise<number> {
  const line = parseTestFlags(given, new Environment(given, ''), args);
  if (line instanceof TestUsageError) return tellUsage(given, line);
  const { parsed } = line;
  const instrumentation = instrumentationProblem(new Environment(given, ''), parsed);
  if (instrumentation !== '') {
    given.stderr(`${instrumentation}\n`);
    return 2;
  }
  for (const f of testFlags) {
    const isUsed = f.kind === 'bool' ? parsed.bool(f.name, false) : parsed.text(f.name, '') !== '';
    if (f.refused === '' || !isUsed) continue;
    given.stderr(`go test: -${f.name} cannot be used: ${f.refused}\n`);
    return 2;
  }
  if (given.processes === null && !parsed.bool('c', false)) {
    given.stderr('go test: programs cannot be run here\n');
    return 2;
  }
  const recording = startRecording(given);
  if (recording === null) return 1;
  try {
    const generated = new Map<string, Uint8Array>();
    const options = buildOptions(withGenerated(recording.host, generated), parsed, 'test');
    const outer = parsed.text('overlay', '') === '' ? withGenerated(given, generated) : options.host;
    return await testAll(options, generated, line, recording, outer, args);
  } catch (e) {
    if (!(e instanceof BuildFlagError)) throw e;
    given.stderr(`${e.message}\n`);
    return e.status;
  } finally {
    recording.cache.close();
  }
}

function tellUsage(host: Host, e: TestUsageError): number {
  if (e.message.startsWith('!')) host.stderr(`${e.message.slice(1)}\n`);
  else if (e.message.startsWith('?')) host.stderr(`${e.message.slice(1)}\n${usageText(commandNamed('test'))}`);
  else {
    if (e.message !== '') host.stderr(`${e.message}\n`);
    const { usage } = commandNamed('test');
    host.stderr(`usage: go test ${usage}\nRun 'go help test' and 'go help testflag' for details.\n`);
  }
  return e.status;
}

async function testAll(
  options: BuildOptions,
  generated: Map<string, Uint8Array>,
  line: TestCommandLine,
  recording: Recording,
  outer: Host,
  args: readonly string[],
): Promise<number> {
  const { host, goroot, modules } = options;
  const ws = new Workspace(host, goroot, modules);
  await ws.prepare(options.target, line.packages ?? [], true);
  await ws.prepareStamps(options);
  for (const flags of [options.gcflags, options.asmflags, options.ldflags]) flags.workspace = ws;
  const { list } = loadTestedPackages(options, ws, line.packages ?? []);
  const loaded = list.flatMap((t) => (t.loaded === null ? [] : [t.loaded]));
  const problem =
    list.length === 0 ? 'no packages to test' : fuzzProblem(line, ws, loaded) || commandProblem(host, line, list);
  if (problem !== '') {
    host.stderr(`${problem}\n`);
    return 1;
  }
  const imported = new Set(list.flatMap((t) => (t.loaded === null ? [] : [...t.loaded.imports.values()])));
  const asked = options.coverage;
  const coverage = asked === null ? null : new Coverage(asked.mode, asked.patterns, false);
  if (coverage !== null) selectPackages(coverage, ws, coverable(list), () => false);
  const profile = profilePath(host, line);
  const writesProfile = coverage !== null && profile !== '' && !line.parsed.bool('c', false);
  const steps = new BuildSteps(options);
  const run: TestRun = {
    host,
    cache: recording.cache,
    codeCache: recording.codeCache(options.rebuild),
    options,
    generated,
    ws,
    line,
    files: namedFiles(line.packages ?? []),
    tested: loaded,
    imported,
    known: knownFiles(options, line, recording, args),
    plain: new Loader(host.files, new FileSet(), options.target, ws),
    checked: new Set(),
    wrong: new Set(),
    told: new Set(),
    json: line.parsed.bool('json', false),
    failedBuild: '',
    testImports: new Map(list.flatMap((t) => (t.loaded === null ? [] : [[t.loaded, t.testImports] as const]))),
    coverage,
    profile: writesProfile ? new CoverProfile(host, coverage, profile) : null,
    steps,
    program: await toolProgram(options, steps),
    outer,
    replayed: isReplayable(options, line) ? [] : null,
    expired: expiredBefore(new Environment(host, '')),
    profileProblem: profileProblem(options),
  };
  tellOfImplicitModule(host, ws, loaded, line.packages ?? []);
  try {
    tellOfProfiles(run);
    const status = await testPackages(run, list);
    run.known?.index.save();
    if (status === 0 && run.replayed !== null) recording.finishTest(args, JSON.stringify(run.replayed));
    return status;
  } finally {
    run.steps.close();
  }
}

/** Throws BuildFlagError. */
async function toolProgram(options: BuildOptions, steps: BuildSteps): Promise<ToolProgram | null> {
  if (options.toolexec.length === 0 || options.dryRun) return null;
  if (options.coverage !== null) throw new BuildFlagError('go: -toolexec cannot be used with -cover yet', 2);
  const { ToolProgram } = await import('./tool-program.ts');
  return new ToolProgram(options, steps.workDirectory);
}

function knownFiles(
  options: BuildOptions,
  line: TestCommandLine,
  recording: Recording,
  args: readonly string[],
): KnownFiles | null {
  const { outer, cache, recorder } = recording;
  if (options.rebuild || line.parsed.text('overlay', '') !== '') return null;
  const purpose = [outer.workingDirectory(), 'test', ...args].join('\n');
  const isFixed = (dir: string): boolean => dir.startsWith(`${options.goroot}/src/`);
  return {
    index: new CachedIndex(outer, cache, recorder, options.target, purpose, fixedDirectories(options), isFixed),
    // Tests may write files of packages that are built after they have run.
    contentOf: (path) => (recorder.changed ? null : recorder.contentOf(path)),
  };
}

/** Only text is printed again, and nothing is left behind. */
function isReplayable(options: BuildOptions, line: TestCommandLine): boolean {
  const { parsed } = line;
  const others = ['json', 'c', 'n', 'x', 'work', 'a'].some((f) => parsed.bool(f, false));
  return (
    !others &&
    options.toolexec.length === 0 &&
    !keepsFiles(parsed) &&
    !options.rebuild &&
    parsed.text('overlay', '') === ''
  );
}

function keepsFiles(parsed: ParsedFlags): boolean {
  return ['o', 'coverprofile', 'fuzz', 'bench', ...profileFlags].some((f) => parsed.text(f, '') !== '');
}

function tellOfProfiles({ host, options, tested, json, profileProblem: problem }: TestRun): void {
  if (problem !== '') printBuildFailure(host, '', json, `${problem}\n`);
  const files = problem !== '' || options.dryRun ? [] : tested.map((p) => profileOf(options, p));
  for (const file of new Set(files.filter((f) => f !== ''))) host.stderr(profileNote(file));
}

async function testPackages(run: TestRun, list: readonly TestedPackage[]): Promise<number> {
  const { line, host } = run;
  const compilesOnly = line.parsed.bool('c', false);
  let ok = true;
  // What tells the status at last waits for the test binaries of -c, and is left out if one cannot be built.
  let tellsStatus = line.packages !== null && !run.json && line.parsed.text('fuzz', '') === '';
  let tested = 0;
  for (const t of list) ok = tellProblem(run, t) && ok;
  const packages = list.flatMap((t) => (t.problems.length > 0 || t.loaded === null ? [] : [t.loaded]));
  const width = packagesAtOnce(run);
  for (let i = 0; i < packages.length; i += width) {
    const some = packages.slice(i, i + width);
    host.progress.show('test', tested, list.length, some[0].path);
    tested += some.length;
    const outcomes = await testTogether(run, some);
    if (outcomes.every((o) => o === 'passed')) continue;
    ok = false;
    if (compilesOnly && outcomes.some((o, at) => o !== 'passed' && hasTests(some[at]))) tellsStatus = false;
    if (outcomes.includes('interrupted')) return 1;
    if (outcomes.includes('failed') && line.parsed.bool('failfast', false)) break;
  }
  run.profile?.write();
  if (!ok && tellsStatus) host.stdout('FAIL\n');
  return ok ? 0 : 1;
}

/** What the tests of packages are made of, as far as that is known before they are built. */
function coverable(list: readonly TestedPackage[]): Set<LoadedPackage> {
  return partsOf(list.flatMap((t) => (t.loaded === null || t.problems.length > 0 ? [] : [t.loaded, ...t.testImports])));
}

/** What the flags do not allow, or "". */
function commandProblem(host: Host, line: TestCommandLine, list: readonly TestedPackage[]): string {
  const { parsed } = line;
  const profile = profileFlags.find((f) => parsed.text(f, '') !== '');
  if (profile !== undefined && list.length !== 1) return `cannot use -${profile} flag with multiple packages`;
  const output = parsed.text('o', '');
  if (list.length < 2 || (!parsed.bool('c', false) && output === '') || output === '/dev/null') return '';
  if (output !== '' && !isDirectory(host, output))
    return 'with multiple packages, -o must refer to a directory or /dev/null';
  const byName = new Map<string, string[]>();
  for (const { loaded, path } of list) {
    if (loaded === null) continue;
    const name = testBinaryName(loaded);
    byName.set(name, [...(byName.get(name) ?? []), path]);
  }
  const problems: string[] = [];
  for (const [name, paths] of byName) {
    if (paths.length > 1)
      problems.push(`cannot write test binary ${name} for multiple packages:\n${paths.join('\n')}\n`);
  }
  return problems.join('\n');
}

function tellProblem(run: TestRun, t: TestedPackage): boolean {
  const [first] = t.problems;
  if (first === undefined) return true;
  const { host, json } = run;
  for (const { path, text } of t.problems) printBuildFailure(host, path, json, `# ${t.path}\n${text}\n`);
  printLine(host, t.path, json, `FAIL\t${t.path} [setup failed]\n`, false, first.path);
  return false;
}
