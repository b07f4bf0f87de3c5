/**
 * Errors as the official compiler gives them, column for column: files with errors from GOROOT/test and internal/types/testdata (or those named)
 * are compiled by `go tool compile -e` and checked here; the messages must be the same. Usage: node test/oracles/compile-errors.ts [-v] [part of a file name...]
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatPosition } from '#base/source.ts';
import { checkSources, standardFiles } from './types-harness.ts';

const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
const work = mkdtempSync(join(tmpdir(), 'tuza-compile-errors-'));
const importcfg = join(work, 'importcfg');
const exports = execFileSync(
  'go',
  ['list', '-export', '-f', '{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}', 'std'],
  { encoding: 'utf8', cwd: join(goroot, 'src'), maxBuffer: 1 << 28 },
);
writeFileSync(importcfg, exports);

function goFiles(dir: string, out: string[]): void {
  for (const e of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, e.name);
    if (e.isDirectory()) {
      if (!e.name.endsWith('.dir')) goFiles(path, out);
    } else if (e.name.endsWith('.go')) out.push(path);
  }
}

/** Messages with their continuation lines. */
function official(path: string, lang: string): string[] | null {
  const args = ['tool', 'compile', '-e', '-p', 'p', '-c=1', '-importcfg', importcfg, '-o', join(work, 'a.o')];
  if (lang !== '') args.push(`-lang=${lang}`);
  const r = spawnSync('go', [...args, path], { encoding: 'utf8', cwd: work, maxBuffer: 1 << 28 });
  if (r.status === 0) return [];
  const list: string[] = [];
  for (const line of r.stdout.split('\n')) {
    if (line.startsWith('\t')) list[list.length - 1] += `\n${line}`;
    else if (line !== '') list.push(line);
  }
  return list.some((l) => l.includes('internal compiler error')) ? null : list;
}

function ours(path: string, lang: string): string[] {
  const files = standardFiles(goroot);
  const list = checkSources(goroot, files, new Map([[path, new Uint8Array(readFileSync(path))]]), {
    goVersion: lang === '' ? 'go1.26' : lang,
    compiler: true,
    path: 'p',
  });
  return list.map(
    (d) =>
      `${formatPosition(files.position(d.pos))}: ${d.message.replaceAll(path, '\0').replaceAll(`${goroot}/src/`, '$GOROOT/src/').replaceAll('\0', path)}`,
  );
}

const args = process.argv.slice(2);
const verbose = args[0] === '-v';
if (verbose) args.shift();
const paths: string[] = [];
goFiles(join(goroot, 'test'), paths);
for (const d of ['check', 'examples', 'fixedbugs', 'spec'])
  goFiles(join(goroot, 'src/internal/types/testdata', d), paths);
let same = 0;
let differing = 0;
for (const path of paths) {
  if (args.length > 0 && !args.some((a) => path.includes(a))) continue;
  const text = readFileSync(path, 'utf8');
  if (!/ERROR/.test(text) || /^import "C"/m.test(text)) continue;
  const first = text.split('\n')[0];
  if (/^\/\/ errorcheck.* -(m|live|d|race|goexperiment|std|\+)/.test(first) || /^\/\/ (run|compile|build)/.test(first))
    continue;
  const lang = /-lang=(go1\.\d+)/.exec(first)?.[1] ?? '';
  const want = official(path, lang);
  if (want === null) continue;
  let got: string[];
  try {
    got = ours(path, lang);
  } catch (e) {
    got = [`exception: ${e instanceof Error ? e.stack?.split('\n').slice(0, 5).join('\n') : String(e)}`];
  }
  const missing = want.filter((l) => !got.includes(l));
  const extra = got.filter((l) => !want.includes(l));
  if (missing.length + extra.length === 0) {
    same++;
    continue;
  }
  differing++;
  console.log(`--- ${path}`);
  for (const l of missing.slice(0, verbose ? 1000 : 5)) console.log(`  - ${l.replaceAll(`${path}:`, '')}`);
  for (const l of extra.slice(0, verbose ? 1000 : 5)) console.log(`  + ${l.replaceAll(`${path}:`, '')}`);
}
rmSync(work, { recursive: true });
console.log(`${same} files with the same errors, ${differing} differing`);
process.exitCode = differing === 0 ? 0 : 1;
