/**
 * Builds programs in this process, runs them, and compares what they print with the official compiler's: node test/oracles/run-programs.ts
 * [-t seconds] FILE.go ... A file of GOROOT/test with a first line `// run` is compared with its .out file, or must print nothing wrong.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { makeTarget } from '#load/target.ts';
import { ProgramRunner } from './program-runner.ts';

const goroot = process.env.GOROOT ?? '/usr/local/go';
const args = process.argv.slice(2);
let seconds = 20;
if (args[0] === '-t') {
  seconds = Number(args[1]);
  args.splice(0, 2);
}
const dir = mkdtempSync(join(tmpdir(), 'tuza-run-'));
let passed = 0;
const failed: string[] = [];

const runner = new ProgramRunner(goroot, makeTarget('linux', 'amd64', false, []));

function build(file: string): Uint8Array | string {
  try {
    return runner.build((l) => l.loadFiles('command-line-arguments', dirname(file), [basename(file)]), 'go1.26');
  } catch (e) {
    return e instanceof Error ? (e.stack ?? e.message).split('\n').slice(0, 6).join('\n') : String(e);
  }
}

function expectation(file: string): { stdout: string; status: number } {
  const out = file.replace(/\.go$/, '.out');
  if (existsSync(out)) return { stdout: readFileSync(out, 'utf8'), status: 0 };
  if (readFileSync(file, 'utf8').startsWith('// run') || file.startsWith(join(goroot, 'test')))
    return { stdout: '', status: 0 };
  const exe = join(dir, 'official');
  execFileSync('go', ['build', '-o', exe, file]);
  const r = spawnSync(exe, [], { encoding: 'utf8', timeout: 60000, maxBuffer: 1 << 28 });
  return { stdout: r.stdout + r.stderr, status: r.status ?? -1 };
}

for (const name of args) {
  const file = resolve(name);
  const image = build(file);
  if (typeof image === 'string') {
    failed.push(name);
    console.log(`BUILD ${name}\n  ${image.split('\n').join('\n  ')}`);
    continue;
  }
  const exe = join(dir, 'ours');
  rmSync(exe, { force: true });
  writeFileSync(exe, image);
  chmodSync(exe, 0o755);
  const r = spawnSync(exe, [], { encoding: 'utf8', timeout: seconds * 1000, maxBuffer: 1 << 28 });
  const want = expectation(file);
  const got = (r.stdout ?? '') + (r.stderr ?? '');
  if (r.status === want.status && got === want.stdout) {
    passed++;
    continue;
  }
  failed.push(name);
  const at = firstDifference(got, want.stdout);
  console.log(
    `RUN   ${name}: exit ${r.status ?? r.signal} instead of ${want.status}; line ${at.line}: ${at.got.slice(0, 160)} | ${at.want.slice(0, 160)}`,
  );
  if (r.status !== 0) console.log(`  ${(r.stderr ?? '').split('\n').slice(0, 8).join('\n  ')}`);
}

function firstDifference(a: string, b: string): { line: number; got: string; want: string } {
  const x = a.split('\n');
  const y = b.split('\n');
  let i = 0;
  while (i < x.length && i < y.length && x[i] === y[i]) i++;
  return { line: i + 1, got: x[i] ?? '', want: y[i] ?? '' };
}

rmSync(dir, { recursive: true });
console.log(`${passed} of ${args.length} programs right`);
process.exitCode = failed.length > 0 ? 1 : 0;
