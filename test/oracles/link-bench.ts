/**
 * The linker's speed beside the official one's, as a user sees it: wall time of `tuza tool link` and `go tool link` as processes,
 * start-up included, on the same official objects; CPU time (which other work on the machine hardly changes), megabytes of
 * output per second, peak memory. The bundle in dist/ is measured: run "npm run build" first.
 *
 *   node test/oracles/link-bench.ts [runs]
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileMain, go, packageFiles, writeImportConfig } from '../link/official.ts';

const hello = 'package main\nimport "fmt"\nfunc main() { fmt.Println("hello", 42) }\n';
const runs = Number(process.argv[2] ?? 5);
const work = mkdtempSync(join(tmpdir(), 'tuza-link-bench-'));
const tuza = fileURLToPath(new URL('../../bin/tuza', import.meta.url));

interface Measured {
  wall: number;
  cpu: number;
  /** Kilobytes. */
  peak: number;
}

/** GNU time tells a child's peak memory; without it that column is 0. */
const timeCommand = existsSync('/usr/bin/time') ? '/usr/bin/time' : '';

function measure(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Measured {
  const report = join(work, 'time');
  const start = performance.now();
  const r =
    timeCommand === ''
      ? spawnSync(command, args, { env, encoding: 'utf8' })
      : spawnSync(timeCommand, ['-o', report, '-f', '%U %S %M', command, ...args], { env, encoding: 'utf8' });
  const wall = (performance.now() - start) / 1000;
  if (r.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${r.stderr}`);
  const [user, system, peak] = timeCommand === '' ? [0, 0, 0] : readFileSync(report, 'utf8').split(' ').map(Number);
  return { wall, cpu: user + system, peak };
}

function best(list: readonly Measured[]): Measured {
  return {
    wall: Math.min(...list.map((m) => m.wall)),
    cpu: Math.min(...list.map((m) => m.cpu)),
    peak: Math.max(...list.map((m) => m.peak)),
  };
}

function line(name: string, tool: string, m: Measured, size: number): void {
  const speed = (size / 1e6 / m.wall).toFixed(0);
  console.log(
    `${name.padEnd(12)} ${tool.padEnd(9)} ${m.wall.toFixed(3)} s wall  ${m.cpu.toFixed(2)} s CPU  ${speed.padStart(4)} MB/s  ${(m.peak / 1024).toFixed(0).padStart(4)} MB peak`,
  );
}

function compare(name: string, main: string, files: ReadonlyMap<string, string>, limit: number): void {
  const config = writeImportConfig(work, files);
  const out = join(work, 'out');
  const args = ['tool', 'link', '-importcfg', config, '-buildid', 'x', '-o', out, main];
  const env = { ...process.env, GOROOT: go(['env', 'GOROOT'], work).trim() };
  const ours: Measured[] = [];
  const official: Measured[] = [];
  // Once before counting: the code cache of our start-up, the page cache of both.
  measure(process.execPath, [tuza, ...args], env);
  for (let i = 0; i < runs; i++) {
    official.push(measure('go', args, env));
    ours.push(measure(process.execPath, [tuza, ...args], env));
  }
  const size = statSync(out).size;
  const a = best(official);
  const b = best(ours);
  line(name, 'official', a, size);
  line(name, 'tuza', b, size);
  const ratio = b.wall / a.wall;
  console.log(`${name.padEnd(12)} ${ratio.toFixed(2)} times the official wall time (goal: ${limit})`);
}

try {
  const helloFiles = packageFiles(work, ['fmt', 'runtime']);
  compare('hello', compileMain(work, hello, helloFiles), helloFiles, 1.5);
  const files = packageFiles(work, ['cmd/compile']);
  const main = files.get('cmd/compile') ?? '';
  files.delete('cmd/compile');
  compare('cmd/compile', main, files, 2);
} finally {
  rmSync(work, { recursive: true });
}
