/**
 * Published modules and programs (`published/table.ts`) under tuza beside the official command. Of modules `test -json ./...` must tell the same
 * results of the same tests, the same findings of builds and vet, and end with the same status; programs are built by both, used in the same way, and
 * must print and write the same. Prints times and the largest memory of any process. Modules come from the proxy of the environment; without it
 * nothing is compared.
 *
 *   node test/oracles/published.ts [-cold] [-tuza FILE] [-keep DIR] [name ...]
 *
 * -cold empties the build caches before each module; otherwise they are shared by the modules of a run. -keep leaves all in DIR and uses what is there.
 */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Published, published, type Use } from './published/table.ts';
import { type Difference, differences, linesOf, type TestResults, testResults } from './published/test-results.ts';

type Toolchain = 'go' | 'tuza';

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
  /** Kilobytes; 0 if /usr/bin/time is not there to tell. */
  readonly memory: number;
}

const args = process.argv.slice(2);
function flag(name: string): string {
  const i = args.indexOf(name);
  return i < 0 ? '' : (args.splice(i, 2)[1] ?? '');
}
const tuza = flag('-tuza') || fileURLToPath(new URL('../../bin/tuza', import.meta.url));
const kept = flag('-keep');
const cold = args[0] === '-cold';
const names = cold ? args.slice(1) : args;
const work = kept === '' ? mkdtempSync(join(tmpdir(), 'tuza-published-')) : resolve(kept);
const timer = '/usr/bin/time';
const timed = existsSync(timer);

function cacheOf(toolchain: Toolchain): string {
  return join(work, `cache-${toolchain}`);
}

/** Standard output goes to the file `output`, if one is named. */
function run(command: readonly string[], dir: string, toolchain: Toolchain, input = '', output = ''): Ended {
  const log = join(work, 'time');
  const all = timed ? [timer, '-q', '-f', '%M', '-o', log, ...command] : command;
  const env = { ...process.env, GOCACHE: cacheOf(toolchain), GOFLAGS: '', GOWORK: 'off', CGO_ENABLED: '0' };
  const started = performance.now();
  const to = output === '' ? 'pipe' : openSync(output, 'w');
  const r = spawnSync(all[0], all.slice(1), {
    cwd: dir,
    env,
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['pipe', to, 'pipe'],
  });
  if (to !== 'pipe') closeSync(to);
  const seconds = (performance.now() - started) / 1000;
  const memory = timed ? Number(readFileSync(log, 'utf8')) : 0;
  return { status: r.status ?? -1, stdout: r.stdout ?? '', stderr: r.stderr, seconds, memory };
}

function command(toolchain: Toolchain, ...rest: string[]): string[] {
  return toolchain === 'go' ? ['go', ...rest] : [process.execPath, tuza, ...rest];
}

/** The module's files in a directory that may be written to, the same for both toolchains, with everything it needs downloaded. */
function fetch(p: Published): string {
  const dir = join(work, p.name);
  const r = run(['go', 'mod', 'download', '-json', `${p.module}@${p.version}`], work, 'go');
  const answer: unknown = JSON.parse(r.stdout);
  if (typeof answer !== 'object' || answer === null || !('Dir' in answer) || typeof answer.Dir !== 'string') return '';
  rmSync(dir, { recursive: true, force: true });
  cpSync(answer.Dir, dir, { recursive: true });
  run(['chmod', '-R', 'u+w', dir], work, 'go');
  const listed = run(['go', 'list', '-deps', '-test', './...'], dir, 'go');
  // The zips of some modules have no go.sum.
  if (listed.status !== 0 && !existsSync(join(dir, 'go.sum'))) run(['go', 'mod', 'tidy'], dir, 'go');
  return dir;
}

function writeFiles(dir: string, p: Published): void {
  for (const [name, text] of Object.entries(p.files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
}

function figures(what: string, ours: Ended, official: Ended): string {
  const seconds = (e: Ended): string => `${e.seconds.toFixed(1)} s`;
  const memory = (e: Ended): string => `${(e.memory / 1024).toFixed(0)} MB`;
  const times = (ours.seconds / official.seconds).toFixed(1);
  return `${what}: tuza ${seconds(ours)} ${memory(ours)}, go ${seconds(official)} ${memory(official)}, ${times} times`;
}

function compareTests(p: Published): string[] {
  const results = new Map<Toolchain, TestResults>();
  const ends = new Map<Toolchain, Ended>();
  for (const toolchain of ['go', 'tuza'] as const) {
    const dir = fetch(p);
    if (dir === '') return skipped(p);
    writeFiles(dir, p);
    const output = join(work, `${p.name}.${toolchain}.json`);
    const e = run(command(toolchain, 'test', '-json', ...p.testFlags, p.tests), dir, toolchain, '', output);
    ends.set(toolchain, e);
    results.set(toolchain, testResults(linesOf(output), e.stderr, e.status));
  }
  const [ours, official] = [results.get('tuza'), results.get('go')];
  const [oursEnd, officialEnd] = [ends.get('tuza'), ends.get('go')];
  if (!ours || !official || !oursEnd || !officialEnd) return [];
  const list = again(p, differences(ours, official));
  const said = list.length === 0 ? 'equal' : `${list.length} DIFFERENT`;
  console.log(figures(`${p.name} ${p.version}: ${official.results.size} results ${said}`, oursEnd, officialEnd));
  return list;
}

/** Tests that watch the clock end differently from run to run: what differs counts if it differs again, run alone. */
function again(p: Published, first: readonly Difference[]): string[] {
  const tests = first.filter((d) => d.test !== '');
  const names = [...new Set(tests.map((d) => d.test))];
  if (names.length === 0) return first.map((d) => d.text);
  const packages = [...new Set(tests.map((d) => d.package))];
  const [ours, official] = (['tuza', 'go'] as const).map((toolchain) => {
    const rest = ['test', '-json', '-count=1', '-vet=off', '-run', `^(${names.join('|')})$`, ...packages];
    const output = join(work, `${p.name}.${toolchain}.again.json`);
    const e = run(command(toolchain, ...rest), join(work, p.name), toolchain, '', output);
    return testResults(linesOf(output), e.stderr, e.status);
  });
  const second = differences(ours, official);
  if (second.length === 0) console.log(`  ${names.join(' ')}: not the same each time`);
  const others = first.filter((d) => d.package === '' && (second.length > 0 || !d.text.startsWith('status')));
  return [...second.filter((d) => d.test !== ''), ...others].map((d) => d.text);
}

function skipped(p: Published): string[] {
  console.log(`${p.name} ${p.version}: skipped, the proxy does not give it`);
  return [];
}

/** What differs between two runs of the same program and cannot be the same: durations, addresses, processes, numbers of goroutines (which the
 * runtime gives to processors in blocks), identities of builds. */
function withoutChance(text: string): string {
  return text
    .replaceAll(/\b\d+(\.\d+)? ?(ms|µs|s)\b/g, 'TIME')
    .replaceAll(/\b0x[0-9a-f]+\b/g, 'ADDRESS')
    .replaceAll(/\bGoroutine \d+ - .*$/gm, 'GOROUTINE')
    .replaceAll(/\((thread )?\d+\)/g, '(THREAD)')
    .replaceAll(/(pid|PID|[Pp]rocess|thread):? \d+/g, '$1 N');
}

function outcome(dir: string, u: Use, program: string, toolchain: Toolchain): string {
  const before = new Set(readdirSync(dir, { recursive: true, encoding: 'utf8' }));
  const e = run(
    u.args.map((a) => (a === 'PROGRAM' ? program : a)),
    dir,
    toolchain,
    u.input,
  );
  const made = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((f) => f.isFile())
    .map((f) => join(f.parentPath, f.name).slice(dir.length + 1))
    .filter((f) => !before.has(f) && f !== 'debugged')
    .sort();
  const files = made.map((f) => `--- ${f}\n${readFileSync(join(dir, f), 'utf8')}`);
  return withoutChance(`status ${e.status}\n${e.stdout}${e.stderr}${files.join('')}`).replaceAll(program, 'PROGRAM');
}

function firstDifference(ours: string, official: string): string {
  const [a, b] = [ours.split('\n'), official.split('\n')];
  const i = a.findIndex((line, k) => line !== b[k]);
  return i < 0
    ? `line ${a.length + 1}: nothing, officially ${b[a.length]}`
    : `line ${i + 1}: ${a[i]}, officially ${b[i]}`;
}

function compareUses(p: Published): string[] {
  const ends = new Map<Toolchain, Ended>();
  const programs = new Map<Toolchain, string>();
  const list: string[] = [];
  const source = fetch(p);
  if (source === '') return skipped(p);
  for (const toolchain of ['go', 'tuza'] as const) {
    const program = join(work, `built-${toolchain}`, p.name);
    mkdirSync(dirname(program), { recursive: true });
    rmSync(program, { force: true });
    const e = run(command(toolchain, 'build', '-o', program, p.program), source, toolchain);
    ends.set(toolchain, e);
    programs.set(toolchain, program);
    if (e.status !== 0) list.push(`build by ${toolchain}: status ${e.status}: ${(e.stdout + e.stderr).slice(0, 2000)}`);
  }
  const [ours, official] = [ends.get('tuza'), ends.get('go')];
  if (!ours || !official) return list;
  if (list.length === 0) list.push(...differentUses(p, programs.get('tuza') ?? '', programs.get('go') ?? ''));
  const said = list.length === 0 ? `${p.uses.length} uses equal` : `${list.length} DIFFERENT`;
  console.log(figures(`${p.name} ${p.version}: ${said}`, ours, official));
  return list;
}

function differentUses(p: Published, ours: string, official: string): string[] {
  const outcomes: string[][] = [];
  for (const program of [ours, official]) {
    const dir = join(work, `${p.name}-use`);
    rmSync(dir, { recursive: true, force: true });
    writeFiles(dir, p);
    // Both use the official command, if the program itself asks for one.
    outcomes.push(p.uses.map((u) => outcome(dir, u, program, 'go')));
  }
  return p.uses.flatMap((u, i) => {
    if (kept !== '') writeFileSync(join(work, `${p.name}.use${i}`), `${outcomes[0][i]}\n==== go\n${outcomes[1][i]}`);
    return outcomes[0][i] === outcomes[1][i]
      ? []
      : [`${u.args.join(' ')}: ${firstDifference(outcomes[0][i], outcomes[1][i])}`];
  });
}

mkdirSync(work, { recursive: true });
let different = 0;
try {
  const chosen = names.length === 0 ? published : published.filter((p) => names.includes(p.name));
  for (const p of chosen) {
    if (cold) for (const t of ['go', 'tuza'] as const) rmSync(cacheOf(t), { recursive: true, force: true });
    const list = p.tests === '' ? compareUses(p) : compareTests(p);
    different += list.length;
    for (const d of list.slice(0, 20)) console.log(`  ${d}`);
  }
  console.log(`${chosen.length} modules and programs, ${different} different`);
} finally {
  if (kept === '') rmSync(work, { recursive: true, force: true });
}
process.exitCode = different > 0 ? 1 : 0;
