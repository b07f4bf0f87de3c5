/** Runs a test binary, or takes an equal run's result from the cache, and prints it (cmd/go/internal/test, runTestActor and runCache). */
import { decodeText } from '#base/bytes.ts';
import { tellsTests, verifiesCache } from '#cache/debug.ts';
import { contentId } from '#cache/fingerprint.ts';
import { cacheDirectory } from '#cache/open.ts';
import { cachedResults, type RunIdentity, storeResults, type TellTest } from '#cache/results.ts';
import { FileError, type Host, type ProcessResult } from '#host/host.ts';
import type { LoadedPackage } from '#load/loader.ts';
import { commandLine } from './packages.ts';
import { splitQuotedFields } from './quoted.ts';
import { startError } from './run-executable.ts';
import type { TestRun } from './test.ts';
import { mainFile, type TestBinary, testBinaryName } from './test-build.ts';
import { writeMetaFiles } from './test-cover.ts';
import { formatDuration } from './test-duration.ts';
import { TestOutput } from './test-output.ts';
import type { Outcome } from './test-package.ts';
import { markCached } from './test-replay.ts';

/** Arguments of the binary that an equal run must have had, too. */
const cacheable = new Set(
  'benchtime cpu list parallel run short skip timeout failfast v fullpath'.split(' ').map((n) => `-test.${n}`),
);
/** Those that do not matter to the result. */
const indifferent = new Set(['-test.coverprofile', '-test.outputdir']);

export async function runTestBinary(run: TestRun, p: LoadedPackage, built: TestBinary): Promise<Outcome> {
  const { host, line, options, steps } = run;
  const { image } = built;
  const { parsed } = line;
  const json = parsed.bool('json', false);
  // Without packages on the command line, and of benchmarks, output is shown as it comes and not looked at.
  const isDirect = line.packages === null || parsed.text('bench', '') !== '' || parsed.text('fuzz', '') !== '';
  const showsPass = parsed.text('v', 'false') !== 'false' || parsed.text('list', '') !== '' || line.asksHelp || json;
  const output = new TestOutput(host, p.path, { json, streams: isDirect || showsPass, keeps: !isDirect });
  if (options.dryRun) {
    steps.show(commandOf(run, p, `$WORK/${built.place}`, true).join(' '));
    return 'passed';
  }
  const identity = runIdentity(run, p, image);
  if (identity === null || run.profile !== null) run.replayed = null;
  else run.replayed?.push({ run: identity });
  const names = run.profile === null ? ['output'] : ['output', 'coverprofile'];
  const known =
    identity === null || verifiesCache(host)
      ? null
      : cachedResults(host, run.cache, identity, names, run.expired, tellOf(run, p));
  const cached = known === null ? null : markCached(known[0]);
  if (cached !== null) {
    if (known !== null && known.length > 1) run.profile?.add(known[1]);
    output.write(cached);
    output.finish(true);
    return 'passed';
  }
  const { workDirectory } = steps;
  const directory = workDirectory === '' ? run.outer.files.makeTemporaryDirectory('go-build') : workDirectory;
  const place = workDirectory === '' ? 'b001' : built.place;
  try {
    const outcome = await execute(run, p, built, `${directory}/${place}`, identity, output, isDirect, showsPass);
    output.finish(outcome === 'passed');
    return outcome;
  } finally {
    if (workDirectory === '') run.outer.files.remove(directory);
  }
}

/** What makes a run equal to another; null if its result is not cached. */
function runIdentity(run: TestRun, p: LoadedPackage, image: Uint8Array): RunIdentity | null {
  const { host, line, ws } = run;
  const root = p.isStandard ? ws.goroot : (ws.ownerOfDirectory(p.dir)?.dir ?? ws.root);
  // The official command says so for each of the two identities that it looks for.
  const disabled = (why: string): null => {
    if (tellsTests(host)) host.stderr(`testcache: caching disabled ${why}\n`.repeat(2));
    return null;
  };
  if (line.packages === null) return disabled('in local directory mode');
  // Files that were named are in no module.
  if (root === '' || p.path === commandLine)
    return disabled(`for package outside of module root, GOPATH, or GOROOT: ${p.path}`);
  const args: string[] = [];
  for (const arg of line.passed) {
    const eq = arg.indexOf('=');
    const name = arg.slice(0, eq);
    if (eq < 0 || !(cacheable.has(name) || indifferent.has(name))) return disabled(`for test argument: ${arg}`);
    if (cacheable.has(name)) args.push(arg);
  }
  const program = contentId(host.sha256, image);
  return { program, args, directory: p.dir, root, settings: [line.parsed.text('exec', ''), ...coverSettings(run)] };
}

/** Tells why results are used or not, if that is asked for. */
function tellOf(run: TestRun, p: LoadedPackage): TellTest {
  const { host } = run;
  return tellsTests(host) ? (message) => host.stderr(`testcache: ${p.path}: ${message}\n`) : () => undefined;
}

/** What -coverpkg covers besides the code of the binary. */
function coverSettings(run: TestRun): string[] {
  const { coverage } = run;
  if (coverage === null || coverage.patterns === null) return [];
  const packages = run.tested.filter((p) => coverage.selected.includes(p));
  return packages.map((p) => JSON.stringify([p.path, coverage.cover(run.host, run.ws, p).functions]));
}

async function execute(
  run: TestRun,
  p: LoadedPackage,
  built: TestBinary,
  directory: string,
  identity: RunIdentity | null,
  output: TestOutput,
  isDirect: boolean,
  showsPass: boolean,
): Promise<Outcome> {
  const { line } = run;
  const host = run.outer;
  const { processes } = host;
  if (processes === null) return 'failed';
  const binary = `${directory}/${testBinaryName(p)}`;
  const log = `${directory}/testlog.txt`;
  const profile = `${directory}/_cover_.out`;
  host.files.makeDirectory(directory);
  host.files.writeFile(binary, built.image, 0o755);
  host.files.writeFile(`${directory}/${mainFile}`, built.source);
  const isStored = identity !== null && line.parsed.text('exec', '') === '';
  const [program, ...args] = commandOf(run, p, directory, isStored);
  if (run.coverage !== null) {
    host.files.makeDirectory(`${directory}/gocoverdir`);
    writeMetaFiles(run, directory, host);
  }
  const limit = killLimit(run);
  if (!program.includes('/') && !isOnPath(host, program)) {
    output.write(`exec: ${JSON.stringify(program)}: executable file not found in $PATH\nFAIL\t${p.path}\t0.000s\n`);
    return 'failed';
  }
  run.steps.show([program, ...args].join(' '));
  const started = host.now();
  let result: ProcessResult;
  try {
    result = await processes.run(program, args, {
      directory: p.dir,
      env: environmentOf(run, p, `${directory}/gocoverdir`),
      input: false,
      ...(isDirect && !line.parsed.bool('json', false)
        ? { joined: true }
        : { output: (data: Uint8Array) => output.write(data) }),
      ...(limit === null
        ? {}
        : {
            timeout: limit.kill / 1e6,
            timeoutSignal: 'SIGQUIT',
            grace: limit.delay / 1e6,
            outputDelay: limit.delay / 1e6,
          }),
    });
  } catch (e) {
    if (!(e instanceof FileError)) throw e;
    output.write(`${startError(program, e)}\nFAIL\t${p.path}\t${seconds(host.now() - started)}\n`);
    return 'failed';
  }
  const time = seconds(host.now() - started);
  const printed = output.bytes;
  const profiled = run.profile === null ? null : fileIfAny(host, profile);
  if (profiled !== null) run.profile?.add(profiled);
  const endsLine = printed.length === 0 || printed[printed.length - 1] === 10;
  if (result.code === 0 && !result.outputCut) {
    if (!showsPass) output.reset();
    if (!endsLine) output.write('\n');
    output.write(`ok  \t${p.path}\t${time}${percentage(run, printed)}${nothingDone(decodeText(printed))}\n`);
    if (isStored) store(run, p, identity, log, output, profiled);
    return 'passed';
  }
  if (result.timedOut && limit !== null)
    output.write(`*** Test killed with quit: ran too long (${formatDuration(limit.kill)}).\n`);
  else if (result.outputCut && limit !== null)
    output.write(`*** Test I/O incomplete ${formatDuration(limit.delay)} after exiting.\n`);
  if (result.signal !== null) output.write(`signal: ${signalText(result.signal)}\n`);
  else if (result.code === 0) output.write('exec: WaitDelay expired before I/O complete\n');
  else if (printed.length === 0) output.write(`exit status ${result.code}\n`);
  else if (!endsLine) output.write('\n');
  // test2json takes a test for passed unless FAIL begins a line.
  const isMarked = line.parsed.bool('json', false) || line.parsed.text('v', '') === 'test2json';
  const mark = isMarked ? '\x16' : '';
  output.write(`${mark}FAIL\t${p.path}\t${time}\n`);
  return result.signal === 'SIGINT' || result.signal === 'SIGTERM' ? 'interrupted' : 'failed';
}

/** How a test binary is run from its directory. */
function commandOf(run: TestRun, p: LoadedPackage, directory: string, isLogged: boolean): string[] {
  const { line, coverage } = run;
  const profile = `-test.coverprofile=${directory}/_cover_.out`;
  return [
    ...(splitQuotedFields(line.parsed.text('exec', '')) ?? []),
    `${directory}/${testBinaryName(p)}`,
    ...(isLogged ? [`-test.testlogfile=${directory}/testlog.txt`] : []),
    '-test.paniconexit0',
    ...fuzzArguments(run, p),
    ...(coverage === null ? [] : [`-test.gocoverdir=${directory}/gocoverdir`]),
    ...line.passed.map((a) => (a.startsWith('-test.coverprofile=') ? profile : a)),
  ];
}

/** Inputs that lead to new code are kept in the build cache. */
function fuzzArguments(run: TestRun, p: LoadedPackage): string[] {
  if (run.line.parsed.text('fuzz', '') === '') return [];
  const directory = cacheDirectory(run.host, run.options.env.get('GOCACHE'));
  return [`-test.fuzzcachedir=${directory}/fuzz/${p.path}`];
}

/** A program may end without writing its log: then nothing is stored. Nor is it if inputs are too new. */
function store(
  run: TestRun,
  p: LoadedPackage,
  identity: RunIdentity,
  log: string,
  output: TestOutput,
  profile: Uint8Array | null,
): void {
  const { outer: host, cache } = run;
  const data = fileIfAny(host, log);
  if (data === null || (run.profile !== null && profile === null)) return;
  const results: (readonly [string, Uint8Array])[] = [['output', output.bytes]];
  if (profile !== null) results.push(['coverprofile', profile]);
  storeResults(host, cache, identity, data, results, tellOf(run, p));
}

function fileIfAny(host: Host, path: string): Uint8Array | null {
  return host.files.stat(path) === null ? null : host.files.readFile(path);
}

/** What the binary has told of its coverage. */
function percentage(run: TestRun, printed: Uint8Array): string {
  const m = run.coverage === null ? null : /coverage: (.*)\n/.exec(decodeText(printed));
  return m === null ? '' : `\tcoverage: ${m[1]}`;
}

interface KillLimit {
  /** Nanoseconds until the binary, which should have ended itself, is sent a signal; and from there until it is killed. */
  readonly kill: number;
  readonly delay: number;
}

function killLimit(run: TestRun): KillLimit | null {
  const { timeout, parsed } = run.line;
  if (timeout <= 0 || parsed.text('bench', '') !== '' || parsed.text('fuzz', '') !== '') return null;
  const delay = Math.max(timeout / 10, 5e9);
  return { kill: timeout + Math.max(delay, 6e10), delay };
}

/** Programs of the Go tree are found, and PWD is true. */
function environmentOf(run: TestRun, p: LoadedPackage, coverDirectory: string): Map<string, string> {
  const { host, ws } = run;
  const path = host.env.get('PATH') ?? '';
  const bin = `${ws.goroot}/bin`;
  const env = new Map([...host.env, ['PATH', path === '' ? bin : `${bin}:${path}`], ['PWD', p.dir]]);
  if (run.coverage !== null) env.set('GOCOVERDIR', coverDirectory);
  return env;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(3)}s`;
}

function nothingDone(output: string): string {
  const has = (text: string): boolean => output.startsWith(`${text}\n`) || output.includes(`\n${text}\n`);
  if (has("testing: warning: -fuzz matches more than one fuzz test, won't fuzz"))
    return "[-fuzz matches more than one fuzz test, won't fuzz]";
  if (has('testing: warning: no fuzz tests to fuzz')) return ' [no fuzz tests to fuzz]';
  return has('testing: warning: no tests to run') ? ' [no tests to run]' : '';
}

function isOnPath(host: Host, program: string): boolean {
  const directories = (host.env.get('PATH') ?? '').split(':');
  return directories.some((d) => d !== '' && ((host.files.stat(`${d}/${program}`)?.mode ?? 0) & 0o111) !== 0);
}

/** What Go calls a signal. */
function signalText(signal: string): string {
  const texts: Readonly<Record<string, string>> = {
    SIGABRT: 'aborted',
    SIGBUS: 'bus error',
    SIGFPE: 'floating point exception',
    SIGHUP: 'hangup',
    SIGILL: 'illegal instruction',
    SIGINT: 'interrupt',
    SIGKILL: 'killed',
    SIGPIPE: 'broken pipe',
    SIGQUIT: 'quit',
    SIGSEGV: 'segmentation fault',
    SIGTERM: 'terminated',
    SIGTRAP: 'trace/breakpoint trap',
  };
  return texts[signal] ?? signal;
}
