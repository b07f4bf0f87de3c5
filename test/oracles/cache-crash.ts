/**
 * The cache under kill -9 and concurrency: builds are killed at random moments and others run at once on the same cache; then the next
 * build must be right and its output the bytes of a build with an empty cache. Usage: cache-crash.ts [kills] [concurrent builds]
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const tuza = fileURLToPath(new URL('../../bin/tuza', import.meta.url));
const [kills = '20', builds = '8'] = process.argv.slice(2);
const dir = mkdtempSync(join(tmpdir(), 'tuza-crash-'));
const source = join(dir, 'main.go');
writeFileSync(source, 'package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Println("hello")\n}\n');

function build(cache: string, output: string): number {
  const env = { ...process.env, GOCACHE: cache };
  const r = spawnSync(process.execPath, [tuza, 'build', '-o', output, source], { cwd: dir, env, encoding: 'utf8' });
  if (r.status !== 0) console.log(r.stderr);
  return r.status ?? 1;
}

function start(cache: string, output: string): { pid: number; done: Promise<number | null>; kill: () => void } {
  const env = { ...process.env, GOCACHE: cache };
  const child = spawn(process.execPath, [tuza, 'build', '-o', output, source], { cwd: dir, env, stdio: 'ignore' });
  const done = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)));
  return { pid: child.pid ?? 0, done, kill: () => void child.kill('SIGKILL') };
}

let wrong = 0;
try {
  const reference = join(dir, 'reference');
  const began = performance.now();
  if (build(join(dir, 'clean'), reference) !== 0) throw new Error('the program does not build');
  const whole = performance.now() - began;
  const expected = readFileSync(reference);
  const cache = join(dir, 'cache');
  for (let i = 0; i < Number(kills); i++) {
    const b = start(cache, join(dir, 'killed'));
    // Most moments near the end, where the cache is written.
    const moment = whole * (i % 2 === 0 ? Math.random() : 0.8 + 0.3 * Math.random());
    await new Promise((resolve) => setTimeout(resolve, moment));
    b.kill();
    await b.done;
  }
  const after = join(dir, 'after');
  if (build(cache, after) !== 0 || !readFileSync(after).equals(expected)) wrong++;
  const outputs = Array.from({ length: Number(builds) }, (_, i) => join(dir, `concurrent${i}`));
  const shared = join(dir, 'shared');
  await Promise.all(outputs.map((o) => start(shared, o).done));
  for (const o of outputs) if (!readFileSync(o).equals(expected)) wrong++;
  const last = join(dir, 'last');
  if (build(shared, last) !== 0 || !readFileSync(last).equals(expected)) wrong++;
  console.log(`${kills} builds killed, ${builds} at once: ${wrong} wrong`);
} finally {
  rmSync(dir, { recursive: true, force: true });
}
process.exitCode = wrong === 0 ? 0 : 1;
