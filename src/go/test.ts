/**
 * `tuza test`: for each package a program of the package with its test files, its external tests, and a generated main package; each program has
 * packages of its own, so that everything that depends on the tested package is compiled for it (cmd/go/internal/test, cmd/go/internal/load: test.go).
 */
import { decodeText, encodeText } from '#base/bytes.ts';
import { FileSet, formatPosition } from '#base/source.ts';
import { contentId } from '#cache/fingerprint.ts';
import { cachedOutput, type RunIdentity, storeOutput } from '#cache/results.ts';
import type { BuildCache } from '#cache/store.ts';
import { compileProgram, type ProgramResult } from '#compile/whole-program.ts';
import { FileError, type Host } from '#host/host.ts';
import { splitQuoted } from '#load/cgo-flags.ts';
import { type LoadedPackage, Loader, type Resolved, type Resolver } from '#load/loader.ts';
import type { BuildTarget } from '#load/target.ts';
import { findTestFunctions } from '#load/test-functions.ts';
import { targetOf } from './build-target.ts';
import { commandNamed } from './command.ts';
import { printPackageErrors } from './diagnostics.ts';
import { Environment } from './environment.ts';
import { tagsOf, usageText } from './flags.ts';
import { findGoroot } from './goroot.ts';
import { type ModuleOptions, moduleOptionsOf } from './modules.ts';
import { loadPackages, Workspace } from './packages.ts';
import { startRecording } from './quick.ts';
import { formatDuration, parseDuration } from './test-duration.ts';
import { parseTestFlags, profileFlags, type TestCommandLine } from './test-flags.ts';
import { testMainSource } from './test-main.ts';
import { goVersion } from './version.ts';

/** What all packages of one command share. */
interface TestRun {
  readonly host: Host;
  readonly cache: BuildCache;
  readonly codeCache: BuildCache;
  readonly goroot: string;
  readonly target: BuildTarget;
  readonly ws: Workspace;
  readonly line: TestCommandLine;
  readonly files: readonly string[] | null;
  /** Nanoseconds; 0: none. */
  readonly timeout: number;
}

export async function runTest(args: readonly string[], host: Host): Promise<number> {
  const env = new Environment(host, '');
  const command = commandNamed('test');
  const line = parseTestFlags([
    ...flagsOfEnvironment(
      env,
      command.flags.map((f) => f.name),
    ),
    ...args,
  ]);
  const { parsed } = line;
  if (parsed.error !== '') {
    host.stderr(`${parsed.error}\n${usageText(command)}`);
    return 2;
  }
  for (const f of command.flags) {
    if (f.refused === '' || !parsed.has(f.name) || (f.kind === 'bool' && !parsed.bool(f.name, false))) continue;
    host.stderr(`go test: -${f.name} cannot be used: ${f.refused}\n`);
    return 2;
  }
  const timeout = parseDuration(parsed.text('timeout', '10m'));
  if (timeout === null) {
    host.stderr(`invalid value "${parsed.text('timeout', '')}" for flag -timeout: parse error\n${usageText(command)}`);
    return 2;
  }
  if (host.processes === null && !parsed.bool('c', false)) {
    host.stderr('go test: programs cannot be run here\n');
    return 2;
  }
  const recording = startRecording(host);
  if (recording === null) return 1;
  const goroot = findGoroot(host);
  const target = targetOf(new Environment(host, goroot), tagsOf(parsed), false);
  if (typeof target === 'string' || target.goos !== 'linux' || target.goarch !== 'amd64') {
    const reason = typeof target === 'string' ? target : `go: cannot compile for ${target.goos}/${target.goarch} yet`;
    host.stderr(`${reason}\n`);
    return 1;
  }
  const code = await testAll(
    {
      host,
      cache: recording.cache,
      codeCache: recording.codeCache(parsed.bool('a', false)),
      goroot,
      target,
      line,
      timeout,
    },
    moduleOptionsOf(parsed, 'test'),
  );
  recording.cache.close();
  return code;
}

/** Flags of GOFLAGS that the command has. */
function flagsOfEnvironment(env: Environment, known: readonly string[]): string[] {
  const words = splitQuoted(env.get('GOFLAGS')) ?? [];
  return words.filter((w) => known.includes(w.replace(/^--?/, '').replace(/=.*$/s, '')));
}

async function testAll(shared: Omit<TestRun, 'ws' | 'files'>, modules: ModuleOptions): Promise<number> {
  const { host, line } = shared;
  const files = line.packages[0]?.endsWith('.go') === true ? line.packages : null;
  const ws = new Workspace(host, shared.goroot, modules);
  const fileSet = new FileSet();
  const loader = new Loader(host.files, fileSet, shared.target, ws, true);
  const list = loadPackages(ws, loader, line.packages);
  if (await ws.fetchMissing()) return testAll(shared, modules);
  if (list.length === 0) {
    for (const d of loader.errors) host.stderr(`${d.message}\n`);
    host.stderr(loader.errors.length === 0 ? 'no packages to test\n' : '');
    return 1;
  }
  if (line.parsed.has('o') && list.length > 1 && !isDirectory(host, line.parsed.text('o', ''))) {
    host.stderr('cannot use -o flag with multiple packages\n');
    return 1;
  }
  const run: TestRun = { ...shared, ws, files: files === null ? null : files.map(baseOf) };
  let ok = true;
  for (const p of list) {
    const passed = await testPackage(run, p);
    ok &&= passed;
    if (!passed && line.parsed.bool('failfast', false)) break;
  }
  if (!ok && line.packages.length > 0 && !line.parsed.bool('c', false)) host.stdout('FAIL\n');
  return ok ? 0 : 1;
}

function isDirectory(host: Host, path: string): boolean {
  return path.endsWith('/') || host.files.stat(path)?.isDirectory === true;
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

async function testPackage(run: TestRun, p: LoadedPackage): Promise<boolean> {
  const { host, line } = run;
  if (p.files.testGoFiles.length + p.files.xTestGoFiles.length === 0) {
    host.stdout(`?   \t${p.path}\t[no test files]\n`);
    return true;
  }
  const built = buildTest(run, p);
  const { result } = built;
  if (built.problem !== '' || result === null) {
    host.stderr(`# ${p.path}\n${built.problem}\n`);
    host.stdout(`FAIL\t${p.path} [setup failed]\n`);
    return false;
  }
  for (const e of result.errors) {
    if (e.path === '') host.stderr(`# ${p.path}\n`);
    printPackageErrors(host, result.fileSet, { ...e, path: e.path === p.path ? `${p.path} [${p.path}.test]` : e.path });
  }
  if (result.linkErrors.length > 0) host.stderr(`# ${p.path}.test\n${result.linkErrors.join('\n')}\n`);
  if (result.image === null) {
    const isSetup = result.errors.some((e) => e.path === '');
    host.stdout(`FAIL\t${p.path} [${isSetup ? 'setup' : 'build'} failed]\n`);
    return false;
  }
  const { parsed } = line;
  const name = binaryName(p.path);
  const keeps = parsed.bool('c', false) || parsed.has('o') || profileFlags.some((f) => parsed.has(f));
  if (keeps) {
    const given = parsed.text('o', '');
    const path = given === '' ? name : isDirectory(host, given) ? `${given.replace(/\/+$/, '')}/${name}` : given;
    host.files.writeFile(path, result.image, 0o755);
  }
  return parsed.bool('c', false) ? true : runTestBinary(run, p, name, result.image);
}

/** The last element of the path that is no version. */
function binaryName(path: string): string {
  const parts = path.split('/');
  const last = parts.pop() ?? '';
  const isVersion = /^v[1-9]\d*$/.test(last) && parts.length > 0;
  return `${isVersion ? parts.pop() : last}.test`;
}

interface BuiltTest {
  readonly result: ProgramResult | null;
  /** Why there is no test binary, apart from errors of compilation. */
  readonly problem: string;
}

function buildTest(run: TestRun, p: LoadedPackage): BuiltTest {
  const { host, ws, line } = run;
  const at: Resolved = { path: p.path, dir: p.dir, isStandard: p.isStandard };
  const mainFile = `${p.dir}/_testmain.go`;
  let source: Uint8Array = new Uint8Array(0);
  let problem = '';
  // The generated file is in no directory.
  const overlay: Host = {
    ...host,
    files: { ...host.files, readFile: (path) => (path === mainFile ? source : host.files.readFile(path)) },
  };
  const external: Resolved = { ...at, path: `${p.path}_test` };
  const resolver: Resolver = {
    resolve: (path, from) => {
      if (from?.path === `${p.path}.test`) {
        if (path === at.path) return at;
        if (path === external.path) return external;
      }
      return ws.resolve(path, from);
    },
  };
  const loadMain = (loader: Loader): LoadedPackage | null => {
    const t = loader.loadTested(at, run.files);
    const functions = findTestFunctions(t.files.testGoFiles, t.files.xTestGoFiles);
    if (functions.wrong.length > 0) {
      problem = functions.wrong
        .map((w) => (w.pos === 0 ? '' : `${formatPosition(loader.fileSet.position(w.pos))}: `) + w.message)
        .join('\n');
      return null;
    }
    if (loader.errors.length > 0) return null;
    source = encodeText(
      testMainSource({
        importPath: p.path,
        modulePath: ws.moduleOf(p)?.path ?? '',
        hasOwn: t.tested !== null,
        hasExternal: t.external !== null,
        functions,
        cover: null,
      }),
    );
    return loader.loadSources({ path: `${p.path}.test`, dir: p.dir, isStandard: true }, [mainFile]);
  };
  const keepsDebug = line.parsed.bool('c', false) || profileFlags.some((f) => line.parsed.has(f));
  const result = compileProgram(overlay, {
    goroot: run.goroot,
    target: run.target,
    resolver,
    goVersion: ws.goVersion,
    loadMain,
    cache: run.codeCache,
    link: { buildVersion: goVersion, ...(keepsDebug ? {} : { stripSymbols: true, stripDwarf: true }) },
  });
  return { result, problem };
}

async function runTestBinary(run: TestRun, p: LoadedPackage, name: string, image: Uint8Array): Promise<boolean> {
  const { host, line, cache } = run;
  const { parsed } = line;
  const { processes } = host;
  if (processes === null) return false;
  const streams = line.packages.length === 0 || parsed.has('bench');
  const flags = [...line.flags];
  if (!parsed.has('timeout')) flags.unshift(`-test.timeout=${formatDuration(run.timeout)}`);
  const identity: RunIdentity = {
    program: contentId(host.sha256, image),
    args: flags,
    directory: p.dir,
    settings: [parsed.text('exec', ''), host.env.get('GOFLAGS') ?? ''],
  };
  const isCacheable = line.isCacheable && line.packages.length > 0 && !parsed.has('bench');
  const showsPass = parsed.bool('v', false) || parsed.has('list');
  const known = isCacheable ? cachedOutput(host, cache, identity) : null;
  if (known !== null) {
    tellPass(host, p.path, known, '(cached)', showsPass);
    return true;
  }
  const directory = host.files.makeTemporaryDirectory('tuza-test');
  try {
    const path = `${directory}/${name}`;
    const log = `${directory}/testlog.txt`;
    host.files.writeFile(path, image, 0o755);
    const wrapper = splitQuoted(parsed.text('exec', '')) ?? [];
    const [program, ...words] = [...wrapper, path];
    if (isCacheable) flags.unshift(`-test.testlogfile=${log}`);
    const list = [...words, '-test.paniconexit0', ...flags, ...line.args];
    const chunks: Uint8Array[] = [];
    const started = host.now();
    // A test that does not end by its own timeout is sent SIGQUIT a minute later, and then killed.
    const r = await processes.run(program, list, {
      directory: p.dir,
      env: new Map([...host.env, ['PWD', p.dir]]),
      input: false,
      output: (data) => {
        chunks.push(Uint8Array.from(data));
        if (streams) host.stdout(data);
      },
      ...(run.timeout > 0
        ? { timeout: run.timeout / 1e6 + 60_000, timeoutSignal: 'SIGQUIT', grace: waitDelay(run.timeout) }
        : {}),
    });
    const time = `${((host.now() - started) / 1000).toFixed(3)}s`;
    const output = concatenated(chunks);
    if (r.code === 0) {
      tellPass(host, p.path, output, time, showsPass && !streams);
      if (isCacheable) storeOutput(host, cache, identity, host.files.readFile(log), output);
      return true;
    }
    if (!streams) host.stdout(output);
    const ending = output.length === 0 || output[output.length - 1] === 10 ? '' : '\n';
    host.stdout(ending);
    if (r.timedOut) host.stdout(`*** Test killed with quit: ran too long (${formatDuration(run.timeout + 6e10)}).\n`);
    if (r.signal !== null) host.stdout(`signal: ${signalText(r.signal)}\n`);
    else if (output.length === 0) host.stdout(`exit status ${r.code}\n`);
    host.stdout(`FAIL\t${p.path}\t${time}\n`);
    return false;
  } catch (e) {
    if (!(e instanceof FileError)) throw e;
    host.stdout(`${e.message}\nFAIL\t${p.path}\t0.000s\n`);
    return false;
  } finally {
    host.files.remove(directory);
  }
}

/** A tenth of the timeout, at least five seconds (cmd/go: testWaitDelay). */
function waitDelay(timeout: number): number {
  return Math.max(timeout / 1e7, 5000);
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
    SIGQUIT: 'quit',
    SIGSEGV: 'segmentation fault',
    SIGTERM: 'terminated',
  };
  return texts[signal] ?? signal;
}

function tellPass(host: Host, path: string, output: Uint8Array, time: string, shows: boolean): void {
  const text = decodeText(output);
  if (shows) host.stdout(output);
  if (shows && text !== '' && !text.endsWith('\n')) host.stdout('\n');
  const nothing = /(^|\n)testing: warning: no tests to run\n/.test(text) ? ' [no tests to run]' : '';
  host.stdout(`ok  \t${path}\t${time}${nothing}\n`);
}

function concatenated(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((n, c) => n + c.length, 0));
  let at = 0;
  for (const c of chunks) {
    all.set(c, at);
    at += c.length;
  }
  return all;
}
