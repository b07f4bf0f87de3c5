/**
 * How programs end: panics, faults, fatal errors, signals, with their traces, against the official build: node test/oracles/traces.ts
 * [-v] [--args] [name ...]. Functions, files, lines, created-by lines and exit statuses must be equal, with --args also argument words and
 * which calls were inlined; addresses are not compared.
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
const dir = mkdtempSync(join(tmpdir(), 'tuza-traces-'));
const official = join(dir, 'official');
const ours = join(dir, 'ours');
const verbose = process.argv.includes('-v');
const withArgs = process.argv.includes('--args');
const wanted = process.argv.slice(2).filter((a) => !a.startsWith('-'));

function run(exe: string, name: string): { text: string; status: string } {
  const r = spawnSync('/bin/sh', ['-c', 'exec "$0" "$1" 2>&1', exe, name], {
    encoding: 'latin1',
    timeout: 20000,
    maxBuffer: 1 << 26,
  });
  return { text: normalizeTrace(r.stdout ?? '', withArgs), status: String(r.status ?? r.signal) };
}

execFileSync('go', ['build', '-o', official, join(source, 'traces.go')]);
const runner = new ProgramRunner(goroot, makeTarget('linux', 'amd64', false, []));
writeFileSync(
  ours,
  runner.build((l) => l.loadFiles('command-line-arguments', source, ['traces.go']), 'go1.26'),
);
chmodSync(ours, 0o755);
const all = execFileSync(official, { encoding: 'utf8' }).trim().split('\n').sort();
let same = 0;
const names = wanted.length > 0 ? wanted : all;
for (const name of names) {
  const want = run(official, name);
  const got = run(ours, name);
  if (want.text === got.text && want.status === got.status) {
    same++;
    continue;
  }
  const a = got.text.split('\n');
  const b = want.text.split('\n');
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  console.log(
    `${name}: status ${got.status} | want ${want.status}; line ${i + 1}: ${a[i] ?? '(end)'} | want ${b[i] ?? '(end)'}`,
  );
  if (verbose) console.log(`${got.text}\n---- want\n${want.text}`);
}
rmSync(dir, { recursive: true });
console.log(`${same} of ${names.length} ends the same`);
process.exitCode = same === names.length ? 0 : 1;
