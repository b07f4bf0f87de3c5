/**
 * Faults, signals and profiles against the official build: node test/oracles/signals.ts [-v] [name ...]. Messages, functions, lines and exit
 * statuses of faults must be equal under several GOTRACEBACK; of dumps of all goroutines, the goroutines; of CPU and heap profiles, as `go tool
 * pprof` reads them, what takes a tenth or more, and what of it was inlined.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeTarget } from '#load/target.ts';
import { ProgramRunner } from './program-runner.ts';
import { normalizeTrace } from './trace-text.ts';

const goroot = process.env.GOROOT ?? '/usr/local/go';
const source = fileURLToPath(new URL('programs', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'tuza-signals-'));
const verbose = process.argv.includes('-v');
const wanted = process.argv.slice(2).filter((a) => !a.startsWith('-'));
const levels = ['', 'none', 'single', 'all', 'system'];

interface End {
  readonly text: string;
  readonly status: string;
}

function run(exe: string, name: string, level: string): End {
  const env: NodeJS.ProcessEnv = { ...process.env, GOTRACEBACK: level };
  if (level === '') delete env.GOTRACEBACK;
  const r = spawnSync('/bin/sh', ['-c', 'exec "$0" "$1" 2>&1', exe, name], {
    encoding: 'latin1',
    timeout: 60000,
    maxBuffer: 1 << 26,
    env,
  });
  const text = normalizeTrace(r.stdout ?? '', false);
  return { text: settle(text, name, level), status: String(r.status ?? r.signal) };
}

/** Which thread a signal comes to, and in which order goroutines stand in the list, is chance; so is what the runtime's own ones do. */
function settle(text: string, name: string, level: string): string {
  const raised = ['quit', 'abrt', 'segv'].includes(name);
  const blocks = text.split(/\n\n+/);
  const lists = blocks.filter((b) => b.startsWith('goroutine N'));
  if (!raised && level !== 'all' && level !== 'system')
    return blocks.filter((b) => !lists.includes(b) || /^main\./m.test(b)).join('\n\n');
  const own = lists
    .filter((b) => /^main\./m.test(b) && !b.includes('runtime.sigsend'))
    // The goroutine that raises a signal sleeps, or is still in the system call.
    .map((b) => (raised ? b.replace(/^goroutine N [\s\S]*?^main\.raise\(\)\n.*/m, 'raises:') : b).trim());
  const [head] = blocks;
  return [head.split('\n')[0], ...own.sort()].join('\n\n');
}

/** Shares of the whole, by function. */
interface Share {
  readonly flat: number;
  readonly cum: number;
  readonly inlined: boolean;
}

function top(exe: string, profile: string, index: string): Map<string, Share> {
  const args = ['tool', 'pprof', '-top', '-nodecount=60', '-nodefraction=0', index, exe, profile];
  const out = spawnSync('go', args, { encoding: 'utf8' }).stdout;
  const shares = new Map<string, Share>();
  for (const line of out.split('\n')) {
    const m = /^ *\S+ +([\d.]+)% +[\d.]+% +\S+ +([\d.]+)% {2}(\S+)( \(inline\))?$/.exec(line);
    if (m !== null) shares.set(m[3], { flat: Number(m[1]), cum: Number(m[2]), inlined: m[4] !== undefined });
  }
  return shares;
}

/** What both profiles say of functions that take much in either; main's own names must agree, and about how much. */
function compareProfiles(what: string, want: Map<string, Share>, got: Map<string, Share>, tolerance: number): string[] {
  const wrong: string[] = [];
  for (const name of new Set([...want.keys(), ...got.keys()])) {
    if (!/^(main|strings)\./.test(name)) continue;
    const none: Share = { flat: 0, cum: 0, inlined: false };
    const [w, g] = [want.get(name) ?? none, got.get(name) ?? none];
    if (Math.max(w.cum, g.cum) < 10) continue;
    const isClose = Math.abs(w.cum - g.cum) <= tolerance && w.inlined === g.inlined;
    if (!isClose || (w.cum === 0) !== (g.cum === 0))
      wrong.push(
        `${what}: ${name} ${g.cum}%${g.inlined ? ' inlined' : ''} | want ${w.cum}%${w.inlined ? ' inlined' : ''}`,
      );
    else if (verbose) console.log(`${what}: ${name} ${g.cum}% | ${w.cum}%`);
  }
  return wrong;
}

function profiles(official: string, ours: string): string[] {
  const files = (exe: string): [cpu: string, heap: string] => {
    const names: [string, string] = [`${exe}.cpu`, `${exe}.heap`];
    execFileSync(exe, ['profiles', ...names]);
    return names;
  };
  const [want, got] = [files(official), files(ours)];
  return [
    ...compareProfiles('cpu', top(official, want[0], '-cpu'), top(ours, got[0], '-cpu'), 25),
    ...compareProfiles('heap', top(official, want[1], '-inuse_space'), top(ours, got[1], '-inuse_space'), 2),
    ...compareProfiles('objects', top(official, want[1], '-inuse_objects'), top(ours, got[1], '-inuse_objects'), 5),
  ];
}

const official = join(dir, 'official');
const ours = join(dir, 'ours');
execFileSync('go', ['build', '-o', official, join(source, 'signals.go')]);
const runner = new ProgramRunner(goroot, makeTarget('linux', 'amd64', false, []));
writeFileSync(
  ours,
  runner.build((l) => l.loadFiles('command-line-arguments', source, ['signals.go']), 'go1.26'),
);
chmodSync(ours, 0o755);
let same = 0;
let all = 0;
for (const name of execFileSync(official, { encoding: 'utf8' }).trim().split('\n').sort()) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  if (name === 'profiles') {
    const wrong = profiles(official, ours);
    all++;
    if (wrong.length === 0) same++;
    for (const w of wrong) console.log(w);
    continue;
  }
  for (const level of levels) {
    const want = run(official, name, level);
    const got = run(ours, name, level);
    all++;
    if (want.text === got.text && want.status === got.status) {
      same++;
      continue;
    }
    const [a, b] = [got.text.split('\n'), want.text.split('\n')];
    let i = 0;
    while (i < a.length && a[i] === b[i]) i++;
    const where = `status ${got.status} | want ${want.status}; line ${i + 1}: ${a[i] ?? '(end)'} | want ${b[i] ?? '(end)'}`;
    console.log(`${name} GOTRACEBACK=${level}: ${where}`);
    if (verbose) console.log(`${got.text}\n---- want\n${want.text}`);
  }
}
rmSync(dir, { recursive: true });
console.log(`${same} of ${all} the same`);
process.exitCode = same === all ? 0 : 1;
