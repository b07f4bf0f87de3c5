/** Runs script tests of the go command: cmd/internal/script's engine with the environment of cmd/go/script_test.go. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Run, remove, Stop, scriptCommands } from './commands.ts';
import { type ConditionOptions, conditionHolds } from './conditions.ts';
import { parseLine, type ScriptCommand } from './parse.ts';
import { ScriptState } from './state.ts';
import { verifierKey } from './sumdb.ts';
import { readArchive } from './txtar.ts';

export interface EngineOptions extends ConditionOptions {
  readonly goroot: string;
  /** The path of the go command, named "go", in a directory that comes first in PATH. */
  readonly go: string;
  readonly binDirectory: string;
  readonly proxy: string;
  readonly cache: string;
  readonly seconds: number;
}

export interface Result {
  readonly status: 'pass' | 'fail' | 'skip';
  /** Of the script. */
  readonly line: number;
  readonly command: string;
  readonly message: string;
  /** Of the last command. */
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

function environment(o: EngineOptions, home: string): Map<string, string> {
  return new Map(
    Object.entries({
      PATH: `${o.binDirectory}:${process.env.PATH ?? ''}`,
      HOME: home,
      CCACHE_DISABLE: '1',
      GOARCH: 'amd64',
      TESTGO_GOHOSTARCH: 'amd64',
      GOCACHE: o.cache,
      GOCOVERDIR: '',
      GODEBUG: '',
      GOEXE: '',
      GOEXPERIMENT: '',
      GOOS: 'linux',
      TESTGO_GOHOSTOS: 'linux',
      GOPROXY: o.proxy,
      GOPRIVATE: '',
      GOROOT: o.goroot,
      GOTRACEBACK: 'system',
      TESTGONETWORK: 'panic',
      TESTGO_GOROOT: o.goroot,
      TESTGO_EXE: o.go,
      GOSUMDB: verifierKey,
      GONOPROXY: '',
      GONOSUMDB: '',
      GOVCS: '*:all',
      devnull: '/dev/null',
      goversion: '1.26',
      HGRCPATH: '',
      GOTOOLCHAIN: 'auto',
      newline: '\n',
      ...(o.cgo ? {} : { CGO_ENABLED: '0' }),
    }),
  );
}

/** Runs one script in a directory of its own, which is removed. */
export async function runScript(file: string, dir: string, o: EngineOptions): Promise<Result> {
  const started = Date.now();
  remove(dir);
  const work = join(dir, 'work');
  mkdirSync(work, { recursive: true });
  const s = new ScriptState(work, environment(o, join(dir, 'no-home')), started + o.seconds * 1000);
  const commands = scriptCommands(o.go);
  let current = '';
  let line = 0;
  const result = (status: Result['status'], message: string): Result => ({
    status,
    line,
    command: current,
    message,
    stdout: s.stdout,
    stderr: s.stderr,
    ms: Date.now() - started,
  });
  try {
    const archive = readArchive(file);
    s.extract(archive);
    for (const text of archive.comment.split('\n')) {
      line++;
      current = text;
      if (text.startsWith('#')) continue;
      const c = parseLine(line, text);
      if (c === null || !c.conditions.every((x) => conditionHolds(s, x.tag, o) === x.want)) continue;
      await runCommand(s, c, commands);
    }
    await waitForAll(s);
    return result('pass', '');
  } catch (e) {
    if (e instanceof Stop) return result(e.isSkip ? 'skip' : 'pass', e.message);
    return result('fail', e instanceof Error ? e.message : String(e));
  } finally {
    s.killAll();
    remove(dir);
  }
}

async function runCommand(s: ScriptState, c: ScriptCommand, commands: ReadonlyMap<string, Run>): Promise<void> {
  if (c.name === 'wait') {
    await waitForAll(s);
    return;
  }
  const run = commands.get(c.name);
  if (run === undefined) throw new Error(`unknown command ${c.name}`);
  const raw = c.rawArgs.map((fragments) => fragments.map((f) => f.text).join(''));
  const regexpAt = ['grep', 'stdout', 'stderr'].includes(c.name) ? firstNonFlag(raw) : -1;
  const args = c.rawArgs.map((fragments, i) =>
    fragments.map((f) => (f.quoted ? f.text : s.expand(f.text, i === regexpAt))).join(''),
  );
  let error = '';
  try {
    const wait = await run(s, args, c);
    if (wait !== null) {
      if (c.background) {
        s.background.push({ command: c, wait });
        s.stdout = '';
        s.stderr = '';
        return;
      }
      const outcome = await wait();
      s.stdout = outcome.stdout;
      s.stderr = outcome.stderr;
      error = outcome.error;
    }
  } catch (e) {
    if (e instanceof Stop || !(e instanceof Error)) throw e;
    error = e.message;
  }
  check(c, error);
}

function check(c: ScriptCommand, error: string): void {
  if (error === 'timed out') throw new Error(error);
  if (c.want === '!' && error === '') throw new Error('unexpected success');
  if (c.want === '' && error !== '') throw new Error(error);
}

async function waitForAll(s: ScriptState): Promise<void> {
  let stdout = '';
  let stderr = '';
  const list = s.background.splice(0);
  const wrong: unknown[] = [];
  for (const { command, wait } of list) {
    const outcome = await wait();
    stdout += outcome.stdout;
    stderr += outcome.stderr;
    try {
      check(command, outcome.error);
    } catch (e) {
      wrong.push(e);
    }
  }
  s.stdout = stdout;
  s.stderr = stderr;
  if (wrong.length > 0) throw wrong[0];
}

function firstNonFlag(args: readonly string[]): number {
  for (const [i, a] of args.entries()) {
    if (a === '--') return i + 1;
    if (!a.startsWith('-')) return i;
  }
  return -1;
}
