/**
 * Assembles every .s file of std for linux/amd64 and compares with `go tool asm`: bytes, relocations, attributes, frame sizes,
 * stack depth, line and PCDATA tables. Prints counts; differences end with status 1.
 *
 *   node test/oracles/asm-std.ts [--goos=OS] [--packages=PATTERN] [package or file name part ...]
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { amd64 } from '#arch/amd64/encode/target.ts';
import { assemble, newAssembly, symabis } from '#asm/assemble.ts';
import { makeRecordedName } from '#asm/filenames.ts';
import { compareObjects, readObject } from './compare-object.ts';

interface Package {
  ImportPath: string;
  Dir: string;
  GoFiles?: string[];
  SFiles?: string[];
  Export?: string;
  Deps?: string[];
}

function option(name: string, fallback: string): string {
  const found = process.argv.find((a) => a.startsWith(`--${name}=`));
  return found === undefined ? fallback : found.slice(name.length + 3);
}

const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
const goos = option('goos', 'linux');
const env = { ...process.env, GOOS: goos, GOARCH: 'amd64', CGO_ENABLED: '0', GOROOT: goroot };
const work = mkdtempSync(join(tmpdir(), 'tuza-asm-'));
const defines = [`GOOS_${goos}`, 'GOARCH_amd64', 'GOAMD64_v1'];
const experiments = ['regabiwrappers', 'regabiargs', 'dwarf5', 'greenteagc', 'randomizedheapbase64'];

function listPackages(): Package[] {
  const fields = 'ImportPath,Dir,GoFiles,SFiles,Deps,Export';
  const args = ['list', '-export', '-deps', `-json=${fields}`, option('packages', 'std')];
  const text = execFileSync('go', args, { env, encoding: 'utf8', maxBuffer: 1 << 28, cwd: work });
  return JSON.parse(`[${text.replaceAll('\n}\n{', '\n},\n{')}]`);
}

/** Compiles the package for its go_asm.h. */
function makeHeader(p: Package, exports: Map<string, string>, dir: string): void {
  writeFileSync(join(dir, 'go_asm.h'), '');
  const flags = ['-p', p.ImportPath, '-I', dir, '-I', `${goroot}/pkg/include`, ...defines.flatMap((d) => ['-D', d])];
  const sources = (p.SFiles ?? []).map((f) => join(p.Dir, f));
  execFileSync('go', ['tool', 'asm', ...flags, '-gensymabis', '-o', join(dir, 'symabis'), ...sources], { env });
  let config = '';
  for (const d of p.Deps ?? []) {
    const file = exports.get(d);
    if (file !== undefined && file !== '') config += `packagefile ${d}=${file}\n`;
    if (d.startsWith('vendor/')) config += `importmap ${d.slice(7)}=${d}\n`;
  }
  writeFileSync(join(dir, 'importcfg'), config);
  const args = [
    'tool',
    'compile',
    '-p',
    p.ImportPath,
    '-std',
    '-o',
    join(dir, 'p.a'),
    '-symabis',
    join(dir, 'symabis'),
  ];
  args.push('-asmhdr', join(dir, 'go_asm.h'), '-importcfg', join(dir, 'importcfg'));
  execFileSync('go', [...args, ...(p.GoFiles ?? []).map((f) => join(p.Dir, f))], { env, stdio: 'pipe' });
}

interface Totals {
  files: number;
  equal: number;
  symbols: number;
  bytes: number;
  relocs: number;
  lines: number;
  officialMs: number;
  oursMs: number;
}

function compareFile(t: Totals, p: Package, file: string, dir: string): string[] {
  const path = join(p.Dir, file);
  const out = join(dir, 'official.o');
  const args = ['tool', 'asm', '-p', p.ImportPath, '-trimpath', dir, '-I', dir, '-I', `${goroot}/pkg/include`];
  args.push(...defines.flatMap((d) => ['-D', d]), '-o', out, path);
  let start = performance.now();
  const official = spawnSync('go', args, { env, cwd: dir, encoding: 'utf8' });
  t.officialMs += performance.now() - start;
  if (official.status !== 0) return [`official assembler failed: ${official.stderr}`];
  start = performance.now();
  const read = (name: string): string | null => {
    try {
      return readFileSync(name.startsWith('/') ? name : join(dir, name), 'utf8');
    } catch {
      return null;
    }
  };
  const recordedName = makeRecordedName(dir, dir, goroot);
  const options = {
    target: amd64,
    goos,
    packagePath: p.ImportPath,
    defines,
    includeDirs: [dir, `${goroot}/pkg/include`],
    shared: false,
    dynlink: false,
    allErrors: true,
    experiments,
  };
  const files = { read, recordedName, complain: (m: string): void => console.log(m) };
  const a = newAssembly(options, files);
  const result = assemble(a, [path]);
  t.oursMs += performance.now() - start;
  if (result.object === null) return a.messages;
  const comparison = compareObjects(readObject(out, readFileSync(out)), result.object);
  t.symbols += comparison.symbols;
  t.bytes += comparison.bytes;
  t.relocs += comparison.relocs;
  t.lines += readFileSync(path, 'utf8').split('\n').length;
  const abis = symabis(newAssembly(options, files), [path]).text;
  const abiOut = join(dir, 'symabis1');
  execFileSync('go', [...args.slice(0, -3), '-gensymabis', '-o', abiOut, path], { env, cwd: dir });
  if (readFileSync(abiOut, 'utf8') !== abis) comparison.differences.push('-gensymabis differs');
  return comparison.differences;
}

function main(): number {
  const filters = process.argv.slice(2).filter((a) => !a.startsWith('--'));
  const packages = listPackages();
  const exports = new Map(packages.map((p) => [p.ImportPath, p.Export ?? '']));
  const t: Totals = { files: 0, equal: 0, symbols: 0, bytes: 0, relocs: 0, lines: 0, officialMs: 0, oursMs: 0 };
  for (const p of packages) {
    if (p.SFiles === undefined) continue;
    const wanted = p.SFiles.filter(
      (f) => filters.length === 0 || filters.some((x) => `${p.ImportPath}/${f}`.includes(x)),
    );
    if (wanted.length === 0) continue;
    const dir = join(work, p.ImportPath);
    mkdirSync(dir, { recursive: true });
    if (p.SFiles.some((f) => readFileSync(join(p.Dir, f), 'utf8').includes('"go_asm.h"'))) makeHeader(p, exports, dir);
    for (const f of wanted) {
      const differences = compareFile(t, p, f, dir);
      t.files++;
      if (differences.length === 0) t.equal++;
      else console.log(`${p.ImportPath}/${f}:\n  ${differences.slice(0, 10).join('\n  ')}`);
    }
  }
  console.log(
    `${t.equal} of ${t.files} files equal; ${t.symbols} symbols, ${t.bytes} bytes, ${t.relocs} relocations; ` +
      `${t.lines} lines: ours ${Math.round(t.oursMs)} ms, official ${Math.round(t.officialMs)} ms (processes included)`,
  );
  return t.equal === t.files ? 0 : 1;
}

try {
  process.exitCode = main();
} finally {
  rmSync(work, { recursive: true, force: true });
}
