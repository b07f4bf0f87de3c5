/**
 * The cache under kill -9, damage and concurrency. Cold builds are killed at random moments, half of them while the cache is written; after every
 * few kills the next build on what they left must be right: its output the bytes of a build with an empty cache. Then files of a full cache are
 * truncated, zeroed, changed, emptied, removed and exchanged; and several builds run at once on one cache. Uses a copy of bin/ and dist/.
 * Usage: cache-crash.ts [kills] [concurrent builds] [rounds of damage]
 */
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [kills = 200, concurrent = 8, damages = 2] = process.argv.slice(2).map(Number);
/** Kills on one cache before the build that must be right. */
const killsPerCache = 5;

const root = fileURLToPath(new URL('../..', import.meta.url));
const top = mkdtempSync(join(tmpdir(), 'tuza-crash-'));
const tuza = join(top, 'bin', 'tuza');
const program = join(top, 'program');

function writeProgram(): void {
  cpSync(join(root, 'bin'), join(top, 'bin'), { recursive: true });
  cpSync(join(root, 'dist'), join(top, 'dist'), { recursive: true });
  writeFileSync(join(top, 'package.json'), '{"type":"module"}');
  mkdirSync(join(program, 'part'), { recursive: true });
  writeFileSync(join(program, 'go.mod'), 'module example.com/program\n\ngo 1.26\n');
  writeFileSync(
    join(program, 'part', 'part.go'),
    'package part\n\ntype Number int\n\nfunc (n Number) Double() Number { return 2 * n }\n',
  );
  writeFileSync(
    join(program, 'main.go'),
    'package main\n\nimport "example.com/program/part"\n\nfunc main() { println("hello", part.Number(21).Double()) }\n',
  );
}

interface Build {
  readonly done: Promise<number | null>;
  kill(): void;
  readonly messages: () => string;
}

/** Bare programs are linked with packages that the cache has ready for the linker. */
const variants: readonly (readonly string[])[] = [[], ['-ldflags=-s -w']];

function start(cache: string, output: string, flags: readonly string[] = []): Build {
  const env = { ...process.env, GOCACHE: cache, GOFLAGS: '', GOWORK: 'off' };
  const child = spawn(process.execPath, [tuza, 'build', ...flags, '-o', output, '.'], {
    cwd: program,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let messages = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (messages += text));
  const done = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)));
  return { done, kill: () => void child.kill('SIGKILL'), messages: () => messages };
}

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
const began = performance.now();
const say = (text: string): void =>
  console.log(`${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s  ${text}`);
let wrong = 0;
const expected: Buffer[] = [];

/** Builds, and compares what comes out. */
async function check(what: string, cache: string): Promise<void> {
  const output = join(top, 'checked');
  for (const [i, flags] of variants.entries()) {
    rmSync(output, { force: true });
    const build = start(cache, output, flags);
    const status = await build.done;
    if (status === 0 && existsSync(output) && readFileSync(output).equals(expected[i])) continue;
    wrong++;
    say(`WRONG after ${what}: ${flags.join(' ')} status ${status} ${build.messages()}`);
  }
}

/** All files of a cache, also while a build renames some. */
function filesOf(cache: string): string[] {
  const list = readdirSync(cache, { recursive: true, withFileTypes: true });
  return list.flatMap((e) => (e.isFile() ? [join(e.parentPath, e.name)] : [])).sort();
}

/** Kills a build at a random moment: of all its time, or of the time in which it writes. */
async function killOnce(cache: string, whole: number, writing: boolean): Promise<void> {
  const build = start(cache, join(top, 'killed'));
  let ended = false;
  void build.done.then(() => (ended = true));
  if (writing) {
    const count = (): number => (existsSync(cache) ? filesOf(cache).length : 0);
    const before = count();
    while (!ended && count() === before) await sleep(5);
    await sleep(Math.random() * 250);
  } else await sleep(Math.random() * whole);
  build.kill();
  await build.done;
}

async function killAll(whole: number): Promise<void> {
  for (let done = 0; done < kills; done += killsPerCache) {
    const cache = join(top, 'cache');
    rmSync(cache, { recursive: true, force: true });
    const n = Math.min(killsPerCache, kills - done);
    for (let i = 0; i < n; i++) await killOnce(cache, whole, i % 2 === 1);
    const files = existsSync(cache) ? filesOf(cache).length : 0;
    await check(`${n} kills`, cache);
    await check(`${n} kills and a build`, cache);
    say(`${done + n} of ${kills} builds killed, ${files} files left by the last ${n}, ${wrong} wrong`);
  }
}

const zeros = (path: string): void => writeFileSync(path, Buffer.alloc(statSync(path).size));

const damage: Readonly<Record<string, (list: readonly string[]) => void>> = {
  truncated: (list) => {
    for (const f of list) truncateSync(f, Math.floor(statSync(f).size * Math.random()));
  },
  zeroed: (list) => {
    for (const f of list) zeros(f);
  },
  emptied: (list) => {
    for (const f of list) truncateSync(f, 0);
  },
  removed: (list) => {
    for (const f of list) rmSync(f);
  },
  changed: (list) => {
    for (const f of list) {
      const data = readFileSync(f);
      if (data.length > 0) data[Math.floor(data.length * Math.random())] ^= 1;
      writeFileSync(f, data);
    }
  },
  exchanged: (list) => {
    for (let i = 0; i + 1 < list.length; i += 2) {
      renameSync(list[i], `${list[i]}.tmp`);
      renameSync(list[i + 1], list[i]);
      renameSync(`${list[i]}.tmp`, list[i + 1]);
    }
  },
};

async function damageAll(): Promise<void> {
  const cache = join(top, 'damaged');
  for (let round = 0; round < damages; round++) {
    for (const [kind, spoil] of Object.entries(damage)) {
      await check('filling', cache);
      const list = filesOf(cache);
      const chosen = list.filter((f) => /-[ad]$/.test(f) && Math.random() < (round === 0 ? 1 : 0.5));
      chosen.sort(() => Math.random() - 0.5);
      spoil(chosen);
      await check(`${chosen.length} of ${list.length} files ${kind}`, cache);
      say(`${chosen.length} of ${list.length} files ${kind}, ${wrong} wrong`);
    }
  }
}

async function buildAtOnce(): Promise<void> {
  const cache = join(top, 'shared');
  const outputs = Array.from({ length: concurrent }, (_, i) => join(top, `concurrent${i}`));
  const builds = outputs.map((o, i) => start(cache, o, variants[i % variants.length]));
  for (const [i, b] of builds.entries()) {
    const status = await b.done;
    if (status === 0 && readFileSync(outputs[i]).equals(expected[i % variants.length])) continue;
    wrong++;
    say(`WRONG: build ${i} of those at once: status ${status} ${b.messages()}`);
  }
  await check(`${concurrent} builds at once`, cache);
  say(`${concurrent} builds at once on one cache, ${wrong} wrong`);
}

try {
  writeProgram();
  const reference = join(top, 'reference');
  let whole = 0;
  for (const [i, flags] of variants.entries()) {
    const first = performance.now();
    const build = start(join(top, `clean${i}`), reference, flags);
    if ((await build.done) !== 0) throw new Error(`the program does not build: ${build.messages()}`);
    whole = performance.now() - first;
    expected.push(readFileSync(reference));
  }
  say(`a build with an empty cache takes ${(whole / 1000).toFixed(1)} s`);
  await buildAtOnce();
  await damageAll();
  await killAll(whole);
  say(`${kills} builds killed, ${concurrent} at once, ${damages} rounds of damage: ${wrong} wrong`);
} finally {
  rmSync(top, { recursive: true, force: true, maxRetries: 5 });
}
process.exitCode = wrong === 0 ? 0 : 1;
