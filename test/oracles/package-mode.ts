/**
 * Package mode over packages of the standard library: node test/oracles/package-mode.ts [package ...] (all of std if none is given; PACKAGE_MODE_QUICK=1 leaves out the last comparison). Each
 * is compiled alone, with the official archives of what it imports. What go/types reads from its export data equals what it reads from the
 * official archive's; the official tools compile, link and run a program of it and of official objects; and each function's bytes and relocations are compared with those of whole-program mode. Prints counts.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainCode } from '#arch/amd64/compile.ts';
import { demandPackage } from '#compile/package-functions.ts';
import { compilePackage } from '#compile/package-object.ts';
import { WholeProgram } from '#compile/whole-program.ts';
import { runCompile } from '#go/tool-compile.ts';
import { nodeHost } from '#host/node.ts';
import { StandardResolver } from '#load/loader.ts';
import { makeTarget } from '#load/target.ts';
import * as Kind from '#obj/kinds.ts';
import type { ObjectFile } from '#obj/object.ts';
import type { LinkSymbol } from '#obj/symbol.ts';
import { plain } from '#ssa/pipeline.ts';

const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '' };
const go = (...args: string[]): string => execFileSync('go', args, { encoding: 'utf8', env, maxBuffer: 1 << 28 });
const goroot = go('env', 'GOROOT').trim();
let wanted = process.argv.slice(2);
if (wanted.length === 0) wanted = go('list', 'std').trim().split('\n');

interface Listed {
  readonly path: string;
  readonly dir: string;
  readonly archive: string;
  readonly files: readonly string[];
  readonly asm: readonly string[];
}

const format = '{{.ImportPath}}\t{{.Dir}}\t{{.Export}}\t{{join .GoFiles ","}}\t{{join .SFiles ","}}';
const listed = new Map<string, Listed>();
for (const line of go('list', '-export', '-deps', '-f', format, 'runtime', ...wanted)
  .trimEnd()
  .split('\n')) {
  const [path, dir, archive = '', files, asm] = line.split('\t');
  const split = (s = ''): string[] => (s === '' ? [] : s.split(','));
  listed.set(path, { path, dir, archive, files: split(files), asm: split(asm) });
}
const target = makeTarget('linux', 'amd64', false, []);
const dir = mkdtempSync(join(tmpdir(), 'tuza-package-mode-'));
const config = join(dir, 'importcfg');
let text = '';
for (const p of listed.values()) {
  if (p.archive !== '') text += `packagefile ${p.path}=${p.archive}\n`;
  if (p.path.startsWith('vendor/')) text += `importmap ${p.path.slice('vendor/'.length)}=${p.path}\n`;
}
writeFileSync(config, text);

const header = join(dir, 'go_asm.h');

function assemble(p: Listed, ...args: string[]): void {
  const include = ['-I', dir, '-I', `${goroot}/pkg/include`];
  const defines = ['-D', 'GOOS_linux', '-D', 'GOARCH_amd64', '-D', 'GOAMD64_v1'];
  execFileSync('go', ['tool', 'asm', '-p', p.path, ...include, ...defines, ...args], { cwd: dir });
}

function symabis(p: Listed): string[] {
  if (p.asm.length === 0) return [];
  writeFileSync(header, '');
  const output = join(dir, 'symabis');
  assemble(p, '-gensymabis', '-o', output, ...p.asm.map((f) => join(p.dir, f)));
  return ['-symabis', output, '-asmhdr', header];
}

/** The official assembler's objects of the package join ours, with the constants that ours names. */
function addAssembly(p: Listed, archive: string): void {
  for (const file of p.asm) {
    const object = join(dir, `${file.slice(0, -2)}.o`);
    assemble(p, '-o', object, join(p.dir, file));
    execFileSync('go', ['tool', 'pack', 'r', archive, object]);
  }
}

/** The functions that are not the same in both modes. */
function differences(p: Listed): { same: number; different: string[] } {
  const alone = compileAlone(p);
  const whole = new Map(compileWhole(p).symbols.map((s) => [s.toString(), s]));
  const different: string[] = [];
  let same = 0;
  for (const s of alone.symbols) {
    const other = whole.get(s.toString());
    if (!Kind.isText(s.kind) || other === undefined) continue;
    if (textOf(s) === textOf(other)) same++;
    else different.push(s.name);
  }
  return { same, different };
}

function textOf(s: LinkSymbol): string {
  let t = Buffer.from(s.data).toString('hex');
  const r = s.relocs;
  if (r !== null)
    for (let i = 0; i < r.length; i++) t += ` ${r.offsets[i]} ${r.types[i]} ${r.addends[i]} ${r.targets[i] ?? ''}`;
  return t;
}

function compileAlone(p: Listed): ObjectFile {
  const host = nodeHost();
  const { compiled, result } = compilePackage(host, {
    goroot,
    target,
    resolver: new StandardResolver(host.files, goroot),
    goVersion: 'go1.26',
    dir: p.dir,
    files: p.files.map((f) => join(p.dir, f)),
    code: null,
    unit: {
      path: p.path,
      std: true,
      complete: false,
      asmDefinitions: [],
      asmReferences: [],
      embed: null,
      notes: null,
      initTaskOf: () => null,
    },
  });
  if (compiled === null) throw new Error(result.diagnostics[0]?.message ?? 'errors');
  return compiled.object;
}

function compileWhole(p: Listed): ObjectFile {
  const host = nodeHost();
  const w = new WholeProgram(host, {
    goroot,
    target,
    resolver: new StandardResolver(host.files, goroot),
    goVersion: 'go1.26',
    loadMain: (loader) => loader.load(p.path),
    passes: plain,
    code: plainCode,
    link: {},
  });
  const types = w.prepare(w.request.loadMain, 'go1.26');
  if (types === null) throw new Error('errors');
  const { object } = w.program.package(p.path);
  demandPackage(w.program, types, object, (name) => name.includes(`${p.path}.`));
  return object;
}

/** The packages whose users are part of every program: theirs were compiled against the official one. */
const runtimePackages = new Set(go('list', '-deps', 'runtime').trim().split('\n'));

const dump = join(dir, 'exportdump');
execFileSync('go', ['build', '-o', dump, join(import.meta.dirname, 'exportdump/main.go')], { env });

/** The official tools read the export data as their own, compile, link and run a program of the package. */
function inProgram(p: Listed, output: string): void {
  const facts = (archive: string): string =>
    spawnSync(dump, [config, p.path, archive], { encoding: 'utf8', maxBuffer: 1 << 28 }).stdout;
  if (facts(output) === facts(p.archive)) counts.factsEqual++;
  else {
    counts.factsDifferent++;
    console.log(`${p.path}: other facts in export data`);
  }
  writeFileSync(join(dir, 'use.go'), `package main\nimport _ "${p.path}"\nfunc main() { println("ran") }\n`);
  const all = join(dir, 'importcfg.use');
  writeFileSync(all, `${text}packagefile ${p.path}=${output}\n`);
  const main = join(dir, 'use.a');
  const tool = (...args: string[]): string => spawnSync('go', ['tool', ...args], { encoding: 'utf8' }).stderr;
  const unread = tool('compile', '-p', 'main', '-importcfg', all, '-o', main, join(dir, 'use.go'));
  if (unread === '') counts.read++;
  else {
    counts.unread++;
    console.log(`${p.path}: export data: ${unread.split('\n')[0]}`);
    return;
  }
  if (runtimePackages.has(p.path)) return;
  const program = join(dir, 'use');
  // The linker's file has no import maps.
  const linked = join(dir, 'importcfg.link');
  writeFileSync(linked, `${text.replaceAll(/^importmap .*\n/gm, '')}packagefile ${p.path}=${output}\n`);
  const unlinked = tool('link', '-importcfg', linked, '-o', program, main);
  const ran = unlinked === '' && spawnSync(program, { encoding: 'utf8', timeout: 60_000 }).stderr === 'ran\n';
  if (ran) counts.ran++;
  else {
    counts.notRun++;
    console.log(`${p.path}: ${unlinked === '' ? 'the program fails' : `link: ${unlinked.split('\n')[0]}`}`);
  }
}

const counts = {
  compiled: 0,
  failed: 0,
  read: 0,
  unread: 0,
  factsEqual: 0,
  factsDifferent: 0,
  ran: 0,
  notRun: 0,
  same: 0,
  different: 0,
};
try {
  for (const path of wanted) {
    const p = listed.get(path);
    if (p === undefined || path === 'unsafe' || p.files.length === 0) continue;
    try {
      const output = join(dir, 'out.a');
      const files = p.files.map((f) => join(p.dir, f));
      const args = ['-p', path, '-std', '-lang=go1.26', '-importcfg', config, '-o', output, ...symabis(p), ...files];
      if (runCompile(args, nodeHost()) !== 0) throw new Error('errors');
      counts.compiled++;
      addAssembly(p, output);
      inProgram(p, output);
      if (p.asm.length > 0 || process.env.PACKAGE_MODE_QUICK !== undefined) continue;
      const d = differences(p);
      counts.same += d.same;
      counts.different += d.different.length;
      if (d.different.length > 0) console.log(`${path}: not the same: ${d.different.slice(0, 5).join(' ')}`);
    } catch (e) {
      counts.failed++;
      console.log(`${path}: ${e instanceof Error ? e.message.split('\n')[0] : String(e)}`);
    }
  }
} finally {
  rmSync(dir, { recursive: true, force: true });
}
console.log(
  `${counts.compiled} packages compiled, ${counts.failed} failed; export data read ${counts.read}, not ${counts.unread}; facts equal ${counts.factsEqual}, not ${counts.factsDifferent}; programs of official objects and one of ours ran ${counts.ran}, not ${counts.notRun}; functions the same in both modes ${counts.same}, not ${counts.different}`,
);
process.exitCode = counts.failed + counts.unread + counts.different + counts.factsDifferent + counts.notRun > 0 ? 1 : 0;
