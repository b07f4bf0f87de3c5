/**
 * Programs built once and run many times, under settings that show mistakes of stack maps, write barriers and preemption:
 * node test/oracles/stress.ts [--runs N] [--bench DIR] [--requests N] [name ...]. What the official build prints is expected. DIR: the programs of a
 * benchmark, which run with GOGC=5, too.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeTarget } from '#load/target.ts';
import { ProgramRunner } from './program-runner.ts';

const goroot = process.env.GOROOT ?? '/usr/local/go';
const argv = process.argv.slice(2);
let runs = 10;
let bench = '';
let requests = '20000';
const wanted: string[] = [];
for (let i = 0; i < argv.length; i++) {
  if (argv[i] === '--runs') runs = Number(argv[++i]);
  else if (argv[i] === '--bench') bench = argv[++i];
  else if (argv[i] === '--requests') requests = argv[++i];
  else wanted.push(argv[i]);
}

type Settings = Readonly<Record<string, string>>;

const plain: Settings = {};
const matrix: readonly Settings[] = [
  plain,
  { GOGC: '1' },
  { GOMAXPROCS: '1' },
  { GOMAXPROCS: '8' },
  { GODEBUG: 'gccheckmark=1' },
  { GODEBUG: 'clobberfree=1' },
  { GODEBUG: 'asyncpreemptoff=0' },
  { GODEBUG: 'asyncpreemptoff=1' },
];

interface Program {
  readonly name: string;
  readonly dir: string;
  readonly args: readonly string[];
  readonly settings: readonly Settings[];
}

const own = fileURLToPath(new URL('programs', import.meta.url));
const programs: Program[] = [
  { name: 'hello', dir: own, args: [], settings: matrix },
  {
    name: 'goroutines',
    dir: own,
    args: [],
    // Without asynchronous preemption its loop is never left.
    settings: matrix.filter((s) => s.GODEBUG !== 'asyncpreemptoff=1'),
  },
  { name: 'tls', dir: own, args: [requests], settings: [plain] },
];
if (bench !== '') {
  for (const f of readdirSync(bench)
    .filter((n) => n.endsWith('.go'))
    .sort())
    programs.push({ name: f.slice(0, -3), dir: bench, args: [], settings: [plain, { GOGC: '5' }] });
}

const dir = mkdtempSync(join(tmpdir(), 'tuza-stress-'));
const runner = new ProgramRunner(goroot, makeTarget('linux', 'amd64', false, []));
let bad = 0;
let all = 0;

function execute(
  exe: string,
  args: readonly string[],
  settings: Settings,
): { stdout: string; status: string; stderr: string } {
  const r = spawnSync(exe, args, {
    encoding: 'latin1',
    timeout: 300000,
    maxBuffer: 1 << 28,
    env: { ...process.env, ...settings },
  });
  return { stdout: r.stdout ?? '', status: String(r.status ?? r.signal), stderr: r.stderr ?? '' };
}

for (const p of programs) {
  if (wanted.length > 0 && !wanted.includes(p.name)) continue;
  const official = join(dir, 'official');
  execFileSync('go', ['build', '-o', official, join(p.dir, `${p.name}.go`)]);
  const want = execute(official, p.args, plain);
  const ours = join(dir, 'ours');
  rmSync(ours, { force: true });
  writeFileSync(
    ours,
    runner.build((l) => l.loadFiles('command-line-arguments', p.dir, [`${p.name}.go`]), 'go1.26'),
  );
  chmodSync(ours, 0o755);
  for (const s of p.settings) {
    let right = 0;
    let first = '';
    const n = p.name === 'tls' ? 1 : runs;
    for (let i = 0; i < n; i++) {
      const got = execute(ours, p.args, s);
      if (got.stdout === want.stdout && got.status === want.status) right++;
      else if (first === '') first = `exit ${got.status}: ${got.stderr.split('\n').slice(0, 6).join('\n    ')}`;
    }
    all += n;
    bad += n - right;
    const text = Object.entries(s).map(([k, v]) => `${k}=${v}`);
    console.log(`${p.name} ${text.join(' ')}: ${right} of ${n}${first === '' ? '' : `; ${first}`}`);
  }
}
rmSync(dir, { recursive: true });
console.log(`${all - bad} of ${all} runs right`);
process.exitCode = bad === 0 ? 0 : 1;
