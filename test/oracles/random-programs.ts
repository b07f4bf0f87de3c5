/**
 * Random programs, compiled by both compilers and run: node test/oracles/random-programs.ts [--seed S] [--count N] [--keep DIR]. A program is
 * determined by its seed. Where the language leaves an order open, programs do not depend on it. Differences are printed with the seed and
 * make the exit status 1; --keep writes the programs concerned.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTarget } from '#load/target.ts';
import { ProgramRunner } from './program-runner.ts';
import { randomProgram } from './random-program.ts';

const goroot = process.env.GOROOT ?? '/usr/local/go';
const argv = process.argv.slice(2);
let seed = 1;
let count = 20;
let keep = '';
for (let i = 0; i < argv.length; i++) {
  if (argv[i] === '--seed') seed = Number(argv[++i]);
  else if (argv[i] === '--count') count = Number(argv[++i]);
  else if (argv[i] === '--keep') keep = argv[++i];
}

interface Outcome {
  readonly output: string;
  readonly status: string;
}

function execute(exe: string): Outcome {
  const r = spawnSync('/bin/sh', ['-c', 'exec "$0" 2>&1', exe], { encoding: 'latin1', timeout: 20000 });
  // Addresses and goroutine numbers of tracebacks differ.
  const output = (r.stdout ?? '').split('\ngoroutine ')[0];
  return { output, status: String(r.status ?? r.signal) };
}

const dir = mkdtempSync(join(tmpdir(), 'tuza-random-'));
const runner = new ProgramRunner(goroot, makeTarget('linux', 'amd64', false, []));
let same = 0;
let refused = 0;
for (let n = seed; n < seed + count; n++) {
  const text = randomProgram(n);
  const source = join(dir, String(n));
  mkdirSync(source);
  writeFileSync(join(source, 'main.go'), text);
  const official = join(dir, 'official');
  try {
    execFileSync('go', ['build', '-o', official, join(source, 'main.go')], { stdio: 'pipe' });
  } catch (e) {
    // The generator's fault, not the compiler's.
    const text = e instanceof Error && 'stderr' in e ? String(e.stderr) : String(e);
    console.log(`seed ${n}: the official compiler refuses: ${text.split('\n').slice(1, 3).join(' | ')}`);
    refused++;
    continue;
  }
  const want = execute(official);
  let got: Outcome = { output: '', status: '' };
  try {
    const image = runner.build((l) => l.loadFiles('command-line-arguments', source, ['main.go']), 'go1.26');
    const ours = join(dir, 'ours');
    rmSync(ours, { force: true });
    writeFileSync(ours, image);
    chmodSync(ours, 0o755);
    got = execute(ours);
  } catch (e) {
    got = { output: e instanceof Error ? (e.stack ?? e.message) : String(e), status: 'no program' };
  }
  rmSync(source, { recursive: true });
  if (got.output === want.output && got.status === want.status) {
    same++;
    continue;
  }
  const a = got.output.split('\n');
  const b = want.output.split('\n');
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  console.log(
    `seed ${n}: status ${got.status} instead of ${want.status}; line ${i + 1}: ${a[i] ?? '(end)'} | want ${b[i] ?? '(end)'}`,
  );
  if (keep !== '') {
    mkdirSync(keep, { recursive: true });
    writeFileSync(join(keep, `random${n}.go`), text);
  }
}
rmSync(dir, { recursive: true });
console.log(
  `${same} of ${count} programs the same, ${refused} refused by the official compiler, seeds ${seed} to ${seed + count - 1}`,
);
process.exitCode = same + refused === count ? 0 : 1;
