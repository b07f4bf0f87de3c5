/**
 * Tests of packages of the standard library under `tuza test` beside `go test`: the same tests must pass, fail and be skipped. Prints times: the
 * first run, with everything to be built, and the second, whose result is cached. Arguments are packages; ten are chosen without.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../command.ts';

const chosen = 'strings bytes strconv sort fmt encoding/json text/template regexp math/big container/list'.split(' ');
const packages = process.argv.length > 2 ? process.argv.slice(2) : chosen;

interface Run {
  readonly results: ReadonlyMap<string, string>;
  readonly status: number;
  readonly seconds: number;
  readonly end: string;
}

function run(command: readonly string[], p: string, cache: string): Run {
  const started = performance.now();
  const env = { ...process.env, GOCACHE: cache };
  const r = spawnSync(command[0], [...command.slice(1), 'test', '-short', '-v', '-vet=off', p], {
    encoding: 'utf8',
    env,
    maxBuffer: 1 << 28,
  });
  const results = new Map<string, string>();
  for (const m of r.stdout.matchAll(/^ *--- (PASS|FAIL|SKIP): (\S+)/gm)) results.set(m[2], m[1]);
  const end = r.stdout.trimEnd().split('\n').at(-1) ?? '';
  return { results, status: r.status ?? -1, seconds: (performance.now() - started) / 1000, end: `${end}${r.stderr}` };
}

function differences(ours: Run, official: Run): string[] {
  const names = new Set([...ours.results.keys(), ...official.results.keys()]);
  const list: string[] = [];
  for (const n of names) {
    const [a, b] = [ours.results.get(n) ?? 'missing', official.results.get(n) ?? 'missing'];
    if (a !== b) list.push(`${n}: ${a}, officially ${b}`);
  }
  if (ours.status !== official.status)
    list.push(`exit status ${ours.status}, officially ${official.status}: ${ours.end}`);
  return list;
}

function row(name: string, tests: number, [first, cached, goFirst, goCached]: readonly number[]): void {
  const times = `${seconds(first)} ${seconds(cached)}     ${seconds(goFirst)} ${seconds(goCached)}`;
  console.log(`${name.padEnd(22)}${String(tests).padStart(8)}      ${times}`);
}

const cache = mkdtempSync(join(tmpdir(), 'tuza-test-std-'));
const seconds = (n: number): string => n.toFixed(2).padStart(7);
/** Of all packages: tuza first, cached, go first, cached. */
const totals = [0, 0, 0, 0];
let compared = 0;
let different = 0;
console.log('package                  tests   tuza: first  cached   go: first  cached');
try {
  for (const p of packages) {
    const official = run(['go'], p, cache);
    const officialAgain = run(['go'], p, cache);
    const ours = run([process.execPath, main], p, cache);
    const oursAgain = run([process.execPath, main], p, cache);
    const list = differences(ours, official);
    compared += official.results.size;
    different += list.length;
    if (ours.status === 0 && !oursAgain.end.includes('(cached)'))
      list.push(`the second run was not cached: ${oursAgain.end}`);
    const times = [ours, oursAgain, official, officialAgain].map((r) => r.seconds);
    for (const [k, t] of times.entries()) totals[k] += t;
    row(p, official.results.size, times);
    for (const d of list.slice(0, 20)) console.log(`  ${d}`);
  }
} finally {
  rmSync(cache, { recursive: true, force: true });
}
row('all', compared, totals);
console.log(`${packages.length} packages, ${compared} tests compared, ${different} different`);
process.exitCode = different > 0 ? 1 : 0;
