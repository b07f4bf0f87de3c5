/**
 * Cases of `tuza test`: archives of files (test-cases/*.txtar), with commands that the official command and ours carry out in a directory
 * each; what they print, and their exit status, is compared. Commands: `go ...`, `cd DIR`, `env NAME=VALUE`, `write FILE TEXT`, `old` (all files are a
 * minute old), `exists FILE...`, `profile FILE` (equal but for the order of lines).
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dispatch } from '../../src/cli/dispatch.ts';
import { capturingHost } from '../capture.ts';

const casesDirectory = fileURLToPath(new URL('test-cases', import.meta.url));

export interface TestCase {
  readonly name: string;
  readonly commands: readonly string[];
  readonly files: ReadonlyMap<string, string>;
}

export function testCases(): TestCase[] {
  return readdirSync(casesDirectory)
    .filter((n) => n.endsWith('.txtar'))
    .map((n) => parseCase(n.replace(/\.txtar$/, ''), readFileSync(join(casesDirectory, n), 'utf8')));
}

function parseCase(name: string, text: string): TestCase {
  const [head, ...parts] = text.split(/^-- (.*) --\n/m);
  const files = new Map<string, string>();
  for (let i = 0; i < parts.length; i += 2) files.set(parts[i], parts[i + 1]);
  return { name, commands: head.split('\n').filter((l) => l !== '' && !l.startsWith('#')), files };
}

interface Printed {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Tool = (args: readonly string[], directory: string, env: ReadonlyMap<string, string>) => Promise<Printed>;

const official: Tool = async (args, directory, env) => {
  const r = spawnSync('go', args, { cwd: directory, env: Object.fromEntries(env), encoding: 'utf8' });
  return { status: r.status ?? -1, stdout: r.stdout, stderr: r.stderr };
};

/** In this process: a process of its own would take a second each time to get going. */
const ours: Tool = async (args, directory, env) => {
  const printed = capturingHost();
  process.chdir(directory);
  const stdout = (data: string | Uint8Array): void => {
    printed.stdout += typeof data === 'string' ? data : Buffer.from(data).toString();
  };
  const host = { ...printed.host, stdout, env, workingDirectory: () => directory };
  const status = await dispatch(args, { ...host, processes: withoutStandardOutput(host) });
  return { status, stdout: printed.stdout, stderr: printed.stderr };
};

/** Output that goes straight to this process's standard output cannot be kept: it is taken as if it were collected. */
function withoutStandardOutput(host: ReturnType<typeof capturingHost>['host']) {
  const { processes } = host;
  if (processes === null) return null;
  const run: typeof processes.run = (path, args, options = {}) => {
    if (options.joined !== true) return processes.run(path, args, options);
    const { joined: _, ...rest } = options;
    return processes.run(path, args, { ...rest, output: (data) => host.stdout(data) });
  };
  return { ...processes, run };
}

/** Runs the commands of a case; every command that differs is handed to `report`. Returns the number of comparisons. */
export async function runCase(
  c: TestCase,
  report: (command: string, ours: string, official: string) => void,
): Promise<number> {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'tuza-test-cases-')));
  const here = process.cwd();
  try {
    const roots = [join(top, 'official'), join(top, 'ours')];
    for (const root of roots) for (const [name, text] of c.files) writeAt(root, name, text);
    const env = new Map(Object.entries(process.env).filter((e): e is [string, string] => e[1] !== undefined));
    for (const name of ['GOFLAGS', 'GODEBUG']) env.delete(name);
    let directory = '.';
    let count = 0;
    for (const command of c.commands) {
      const [word, ...args] = command.split(' ');
      if (word === 'cd') directory = join(directory, args[0]);
      else if (word === 'env') setVariable(env, args.join(' '));
      else if (word === 'write') for (const root of roots) writeAt(root, args[0], `${args.slice(1).join(' ')}\n`);
      else if (word === 'old') for (const root of roots) makeOld(root);
      else if (word === 'exists') {
        const [a, b] = roots.map((root) => args.map((f) => `${f} ${existsSync(join(root, directory, f))}`).join('\n'));
        count++;
        if (a !== b) report(command, b, a);
      } else if (word === 'profile') {
        const read = (root: string): string =>
          readFileSync(join(root, directory, args[0]), 'utf8')
            .replaceAll(root, '$ROOT')
            .split('\n')
            .sort()
            .join('\n');
        const [a, b] = roots.map(read);
        count++;
        if (a !== b) report(command, b, a);
      } else {
        assert.equal(word, 'go', `unknown command ${command}`);
        const expected = await official(args, join(roots[0], directory), env);
        const got = await ours(args, join(roots[1], directory), env);
        count++;
        const [a, b] = [masked(expected, roots[0]), masked(got, roots[1])];
        if (a !== b) report(command, b, a);
      }
    }
    return count;
  } finally {
    process.chdir(here);
    rmSync(top, { recursive: true, force: true });
  }
}

function setVariable(env: Map<string, string>, setting: string): void {
  const [name, value] = setting.split(/=(.*)/s);
  if (value === '') env.delete(name);
  else env.set(name, value);
}

function writeAt(root: string, name: string, text: string): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
}

function makeOld(directory: string): void {
  const time = Date.now() / 1000 - 60;
  for (const e of readdirSync(directory, { withFileTypes: true })) {
    if (e.isDirectory()) makeOld(join(directory, e.name));
    utimesSync(join(directory, e.name), time, time);
  }
}

/** What two runs cannot have in common: times, addresses, numbers of goroutines, directories. */
function masked(p: Printed, root: string): string {
  const mask = (text: string): string =>
    text
      .replaceAll(root, '$ROOT')
      .replace(/\/tmp\/go-build\w+/g, '$WORK')
      .replace(/(?<=\b|\\t)\d+\.\d+s\b/g, 'TIME')
      .replace(/\bgoroutine \d+/g, 'goroutine N')
      .replace(/\b0x[0-9a-f]+\b/g, 'ADDR')
      .replace(/^((?:.*"Output":")?[\w./*()]+)\((?:\{*(?:ADDR|\.\.\.)).*\)(\\n"\})?$/gm, '$1(ARGUMENTS)$2')
      // Which calls are inlined is the compiler's choice.
      .replace(/(\.go:\d+) \+ADDR/g, '$1')
      .replace(/ +\d+(\.\d+)? ns\/op/g, ' N ns/op')
      .replace(/^SHUFFLE \d+/gm, 'SHUFFLE N')
      .replace(/"Time":"[^"]*"/g, '"Time":"T"')
      .replace(/"Elapsed":[\d.e-]+/g, '"Elapsed":0');
  // The official command runs packages at once, each of which tells its own events in order.
  const stdout = p.stdout.startsWith('{"') ? byPackage(mask(p.stdout)) : mask(p.stdout);
  return `exit status ${p.status}\n--- stdout\n${stdout}--- stderr\n${sortedBlocks(mask(p.stderr))}`;
}

/** Packages are compiled in parallel: the order of their errors is no fact. */
function sortedBlocks(text: string): string {
  return text
    .split(/^(?=# )/m)
    .sort()
    .join('');
}

function byPackage(text: string): string {
  const packageOf = (line: string): string => /"(?:Package|ImportPath)":"([^"]*)"/.exec(line)?.[1] ?? '';
  const lines = text.split('\n').map((line) => ({ line, key: packageOf(line) }));
  return lines
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map((l) => l.line)
    .join('\n');
}
