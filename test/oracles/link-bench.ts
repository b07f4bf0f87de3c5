/**
 * The linker's speed beside the official one's, as a user sees it: wall time of `tuza tool link` and `go tool link` as processes,
 * start-up included, on the same official objects; CPU time (which other work on the machine hardly changes), megabytes of
 * output per second, peak memory. First links find nothing kept of the archives, links after a change what links of another
 * main package have left; making that is shown, too. The bundle in dist/ is measured: run "npm run build" first.
 *
 *   node test/oracles/link-bench.ts [runs]
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
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

/** `main` is linked, and `before` has been, which differs a little. */
function compare(name: string, before: string, main: string, files: ReadonlyMap<string, string>, limit: number): void {
  const config = writeImportConfig(work, files);
  const out = join(work, 'out');
  const args = (file: string): string[] => ['tool', 'link', '-importcfg', config, '-buildid', 'x', '-o', out, file];
  const env = { ...process.env, GOROOT: go(['env', 'GOROOT'], work).trim() };
  const link = (cache: string, file: string): Measured =>
    measure(process.execPath, [tuza, ...args(file)], { ...env, GOCACHE: join(work, cache) });
  const forget = (cache: string): void => rmSync(join(work, cache), { recursive: true, force: true });
  const first: Measured[] = [];
  const second: Measured[] = [];
  const following: Measured[] = [];
  const official: Measured[] = [];
  // Before counting: the code cache of our start-up, the page cache of both, and what is kept.
  link('none', main);
  for (let i = 0; i < 3; i++) link('kept', before);
  for (let i = 0; i < runs; i++) {
    official.push(measure('go', args(main), env));
    forget('none');
    first.push(link('none', main));
    second.push(link('none', main));
    following.push(link('kept', main));
  }
  const size = statSync(out).size;
  const a = best(official);
  line(name, 'official', a, size);
  for (const [what, list] of [
    ['first', first],
    ['second', second],
    ['following', following],
  ] as const) {
    const b = best(list);
    line(name, what, b, size);
    console.log(`${name.padEnd(12)} ${(b.wall / a.wall).toFixed(2)} times the official wall time (goal: ${limit})`);
  }
  forget('none');
  forget('kept');
}

try {
  const helloFiles = packageFiles(work, ['fmt', 'runtime']);
  const compiled = (text: string, source: string, packages: ReadonlyMap<string, string>): string => {
    const file = join(work, `${text}.a`);
    copyFileSync(compileMain(work, source, packages), file);
    return file;
  };
  compare(
    'hello',
    compiled('a', hello, helloFiles),
    compiled('b', hello.replace('42', '43, 1.5'), helloFiles),
    helloFiles,
    1.5,
  );
  const files = packageFiles(work, ['cmd/compile']);
  files.delete('cmd/compile');
  const source = readFileSync(join(go(['env', 'GOROOT'], work).trim(), 'src/cmd/compile/main.go'), 'utf8');
  const changed = `${source}\nfunc init() { archInits["none"] = func(*ssagen.ArchInfo) { println("none") } }\n`;
  compare('cmd/compile', compiled('c', source, files), compiled('d', changed, files), files, 2);
} finally {
  rmSync(work, { recursive: true });
}
