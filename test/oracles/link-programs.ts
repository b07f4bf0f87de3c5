/**
 * Links hello programs, cmd/gofmt, cmd/go and cmd/compile from official objects, and compares with `go tool link`: reachable
 * symbols and their sizes, dependency edges, bytes without debugging information, section sizes with it, file size. Prints
 * counts and wall times; a difference in symbols or edges ends with status 1.
 *
 *   node test/oracles/link-programs.ts [name part ...]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LinkOptions } from '#link/context.ts';
import { linkProgram } from '#link/link.ts';
import { ElfReader } from '#obj/elf-read.ts';
import { nodeLinkHost } from '../link/node-host.ts';
import { compileMain, go, packageFiles, writeImportConfig } from '../link/official.ts';

const hello = 'package main\nimport "fmt"\nfunc main() { fmt.Println("hello", 42) }\n';
const work = mkdtempSync(join(tmpdir(), 'tuza-link-'));
const goroot = go(['env', 'GOROOT'], work).trim();
let failed = false;

interface Program {
  name: string;
  main: string;
  files: Map<string, string>;
}

function programs(): Program[] {
  const helloFiles = packageFiles(work, ['fmt', 'runtime']);
  const list = [{ name: 'hello', main: compileMain(work, hello, helloFiles), files: helloFiles }];
  for (const path of ['cmd/gofmt', 'cmd/go', 'cmd/compile']) {
    const files = packageFiles(work, [path, 'runtime']);
    const main = files.get(path) ?? '';
    files.delete(path);
    list.push({ name: path, main, files });
  }
  const wanted = process.argv.slice(2);
  return wanted.length === 0 ? list : list.filter((p) => wanted.some((w) => p.name.includes(w)));
}

function symbolLines(file: string, image: Uint8Array): string[] {
  const r = new ElfReader(file, image);
  return r
    .symbols()
    .map((s) => `${s.name} ${s.size} ${s.type} ${s.bind} ${r.sections[s.section]?.name ?? s.section}`)
    .sort();
}

function countDifferent(a: readonly string[], b: readonly string[]): number {
  const count = new Map<string, number>();
  for (const x of a) count.set(x, (count.get(x) ?? 0) + 1);
  for (const x of b) count.set(x, (count.get(x) ?? 0) - 1);
  let n = 0;
  for (const k of count.values()) n += Math.abs(k);
  return n;
}

function differentBytes(a: Uint8Array, b: Uint8Array): number {
  let n = Math.abs(a.length - b.length);
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) n++;
  return n;
}

function compare(p: Program): void {
  const config = writeImportConfig(work, p.files);
  const out = join(work, 'official');
  const official = (flags: readonly string[]): { image: Uint8Array; printed: string; ms: number } => {
    const start = performance.now();
    const args = ['tool', 'link', '-importcfg', config, '-buildid', 'x', ...flags, '-o', out, p.main];
    const printed = execFileSync('go', args, { encoding: 'utf8', maxBuffer: 1 << 30 });
    return { image: readFileSync(out), printed, ms: performance.now() - start };
  };
  const ours = (more: Partial<LinkOptions>): { image: Uint8Array; printed: string; ms: number } => {
    const start = performance.now();
    const printed: string[] = [];
    const host = { ...nodeLinkHost, print: (text: string) => void printed.push(text) };
    const base = { mainFile: p.main, packageFiles: p.files, goroot, buildVersion: 'go1.26.8', buildId: 'x' };
    const r = linkProgram({ ...base, ...more }, host);
    if (r.image === null) throw new Error([...r.errors, r.stopped].join('\n'));
    writeFileSync(join(work, 'ours'), r.image);
    return { image: r.image, printed: printed.join(''), ms: performance.now() - start };
  };
  const a = ours({ stripDwarf: true, dumpDep: true });
  const b = official(['-w', '-dumpdep']);
  const symbols = symbolLines('official', b.image);
  const symbolsDiffer = countDifferent(symbolLines('ours', a.image), symbols);
  const edges = b.printed.split('\n');
  const edgesDiffer = countDifferent(a.printed.split('\n'), edges);
  const debugOurs = ours({ compressDwarf: false });
  const debugOfficial = official(['-compressdwarf=false']);
  const sizes = (image: Uint8Array): string[] => new ElfReader('', image).sections.map((s) => `${s.name} ${s.size}`);
  const sectionsDiffer = countDifferent(sizes(debugOurs.image), sizes(debugOfficial.image));
  const fullOurs = ours({});
  const fullOfficial = official([]);
  const ratio = fullOurs.image.length / fullOfficial.image.length;
  process.stdout.write(
    `${p.name}: ${symbols.length} symbols, ${symbolsDiffer} differ; ${edges.length - 1} edges, ${edgesDiffer} differ; ` +
      `${a.image.length} bytes without DWARF, ${differentBytes(a.image, b.image)} differ; ` +
      `${sectionsDiffer} section sizes differ with DWARF; file size ratio ${ratio.toFixed(4)}; ` +
      `${Math.round(fullOurs.ms)} ms, official ${Math.round(fullOfficial.ms)} ms\n`,
  );
  if (symbolsDiffer > 0 || edgesDiffer > 0 || sectionsDiffer > 0 || Math.abs(ratio - 1) > 0.02) failed = true;
}

try {
  for (const p of programs()) compare(p);
} finally {
  rmSync(work, { recursive: true });
}
process.exitCode = failed ? 1 : 0;
