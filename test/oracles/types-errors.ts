/**
 * Compares the errors for single files, texts and positions, with those of types2: the files given, or the wrong programs of the tree (GOROOT/test and
 * internal/types/testdata), or with -mutate N, N random changes of files of the standard library.
 * Usage: node test/oracles/types-errors.ts [-mutate N] [-seed S] [-keep DIR] [FILE...]
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Diagnostic } from '#base/diagnostic.ts';
import { FileSet } from '#base/source.ts';
import { nodeHost } from '#host/node.ts';
import { type LoadedPackage, Loader, StandardResolver } from '#load/loader.ts';
import { makeTarget } from '#load/target.ts';
import { parseBody } from '#syntax/body.ts';
import { parseFile } from '#syntax/parse.ts';
import { checkAll, checkPackage, newConfig } from '#types/check.ts';
import type { Config, Importer } from '#types/checker.ts';
import type { Package } from '#types/package.ts';

const argv = process.argv.slice(2);
const mutations = Number(take('-mutate') || 0);
let seed = Number(take('-seed') || 1);
const keep = take('-keep');

function take(flag: string): string {
  const i = argv.indexOf(flag);
  return i < 0 ? '' : (argv.splice(i, 2)[1] ?? '');
}

const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
const work = keep !== '' ? keep : mkdtempSync(join(tmpdir(), 'types-errors-'));
mkdirSync(work, { recursive: true });

function goFilesBelow(dir: string): string[] {
  const names: string[] = [];
  for (const entry of readdirSync(dir).sort()) {
    const path = join(dir, entry);
    if (statSync(path).isDirectory()) names.push(...goFilesBelow(path));
    else if (entry.endsWith('.go')) names.push(path);
  }
  return names;
}

function random(n: number): number {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
  return Math.floor((seed / 4294967296) * n);
}

const words = /[A-Za-z_]\w*|[0-9]\w*|"[^"\n]*"|:=|[-+*/<>=!&|]=?|[()[\]{},;.]/g;

/** A text with tokens swapped, dropped, repeated or replaced by others of the same text. */
function mutate(text: string): string {
  const tokens = [...text.matchAll(words)];
  if (tokens.length === 0) return text;
  let out = text;
  for (let i = 1 + random(2); i > 0; i--) {
    const a = tokens[random(tokens.length)];
    const b = tokens[random(tokens.length)];
    const at = out.indexOf(a[0], Math.max(0, a.index - 40));
    if (at < 0) continue;
    const put = random(4) === 0 ? '' : random(5) === 0 ? `${a[0]} ${a[0]}` : b[0];
    out = out.slice(0, at) + put + out.slice(at + a[0].length);
  }
  return out;
}

function filesToCheck(): string[] {
  if (mutations > 0) {
    const sources = [
      'strings',
      'sort',
      'container/list',
      'bufio',
      'go/scanner',
      'text/template/parse',
      'iter',
      'maps',
      'sync',
      'fmt',
    ]
      .flatMap((p) => readdirSync(join(goroot, 'src', p)).map((n) => join(goroot, 'src', p, n)))
      .concat(goFilesBelow(join(goroot, 'test/typeparam')), goFilesBelow(join(goroot, 'src/internal/types/testdata')))
      .filter((n) => n.endsWith('.go') && statSync(n).size < 60_000);
    const dir = join(work, 'mutants');
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir);
    const names: string[] = [];
    for (let i = 0; i < mutations; i++) {
      const name = join(dir, `m${i}.go`);
      writeFileSync(name, mutate(readFileSync(sources[random(sources.length)], 'latin1')), 'latin1');
      names.push(name);
    }
    return names;
  }
  if (argv.length > 0) return argv.flatMap((a) => (statSync(a).isDirectory() ? goFilesBelow(a) : [a]));
  return [...goFilesBelow(join(goroot, 'test')), ...goFilesBelow(join(goroot, 'src/internal/types/testdata'))];
}

function buildDumper(): string {
  const source = join(dirname(fileURLToPath(import.meta.url)), 'typesdump', 'main.go');
  const overlay = join(work, 'overlay.json');
  const out = join(work, 'typesdump');
  const place = join(goroot, 'src/cmd/compile/internal/typesdump/main.go');
  writeFileSync(overlay, JSON.stringify({ Replace: { [place]: source } }));
  if (!existsSync(out)) {
    const cwd = join(goroot, 'src');
    execFileSync('go', ['build', '-overlay', overlay, '-o', out, 'cmd/compile/internal/typesdump'], { cwd });
  }
  return out;
}

const names = filesToCheck();
const env = { ...process.env, CGO_ENABLED: '0' };
const list = execFileSync('go', ['list', '-deps', '-json=ImportPath,Dir,GoFiles,ImportMap', 'std'], {
  encoding: 'utf8',
  env,
  cwd: join(goroot, 'src'),
  maxBuffer: 1 << 28,
});
const listFile = join(work, 'files.txt');
writeFileSync(listFile, names.join('\n'));
const official = spawnSync(buildDumper(), ['-', 'amd64', listFile], {
  input: list,
  encoding: 'utf8',
  maxBuffer: 1 << 30,
});
if (official.status !== 0) throw new Error(`typesdump: ${official.stderr.slice(-2000)}`);
const theirs = new Map<string, string[]>();
let current: string[] = [];
for (const line of official.stdout.split('\n')) {
  if (line.startsWith('file ')) {
    current = [];
    theirs.set(line.slice(5), current);
  } else if (line !== '') {
    current.push(line);
  }
}

const fileSet = new FileSet();
const host = nodeHost();
const target = makeTarget('linux', 'amd64', false, []);
const loader = new Loader(host.files, fileSet, target, new StandardResolver(host.files, goroot));
const std = newConfig(
  fileSet,
  () => undefined,
  'amd64',
  'go1.26',
  (file, decl) => {
    parseBody(file, decl, () => undefined);
  },
);
const imported = new Map<LoadedPackage, Package>();

function lazyPackage(p: LoadedPackage): Package {
  let pkg = imported.get(p);
  if (pkg === undefined) {
    const importer: Importer = {
      import(path) {
        const q = p.imports.get(path);
        return q === undefined ? `not loaded: ${path}` : lazyPackage(q);
      },
    };
    const trees = p.files.goFiles.map((f) => f.syntax);
    pkg = checkPackage(p.path, trees, importer, std);
    imported.set(p, pkg);
  }
  return pkg;
}

const listed = new Set([...list.matchAll(/"ImportPath": "([^"]*)"/g)].map((m) => m[1]));
const importer: Importer = {
  import(path) {
    const p = listed.has(path) ? (loader.find(path) ?? loader.load(path)) : null;
    return p === null ? `not loaded: ${path}` : lazyPackage(p);
  },
};

/** As Go's %q. */
function quoted(s: string): string {
  return JSON.stringify(s).replace(/[\u0080-\uffff]/g, (c) => c);
}

function errorsOf(name: string): string[] {
  const found: string[] = [];
  const text = readFileSync(name);
  const source = fileSet.addFile(name, text.length);
  const report = (d: Diagnostic): void => {
    if (d.message === 'misplaced compiler directive') return;
    const p = source.rawPosition(d.pos);
    found.push(d.pos === 0 ? `- ${quoted(d.message)}` : `${p.line}:${p.column} ${quoted(d.message)}`);
  };
  try {
    // types2 leaves directives to its caller.
    const tree = parseFile(source, text, { bodies: true }, report);
    if (found.length > 0) return found;
    const base = newConfig(fileSet, report, 'amd64', 'go1.26', () => undefined);
    const config: Config = { ...base, context: std.context };
    checkAll(checkPackage(tree.pkgName?.value ?? '', [tree], importer, config));
  } catch (e) {
    found.push(`exception ${e instanceof Error ? e.stack?.split('\n').slice(0, 5).join(' ') : e}`);
  }
  return found;
}

/** Messages only, without what depends on the way positions or quotes are written. */
function key(line: string): string {
  return line.replace(/\\u[0-9a-f]{4}|\\x[0-9a-f]{2}/g, '?');
}

let same = 0;
let withErrors = 0;
let total = 0;
let crashes = 0;
const started = performance.now();
const failures: string[] = [];
for (const name of names) {
  const want = theirs.get(name) ?? [];
  if (want.some((l) => l.startsWith('panic'))) {
    crashes++;
    errorsOf(name);
    continue;
  }
  const got = errorsOf(name);
  total += want.length;
  if (want.length > 0) withErrors++;
  // The compiler prints an error once, however often it was found.
  const a = [...new Set(got.map(key))].sort();
  const b = [...new Set(want.map(key))].sort();
  if (a.join('\n') === b.join('\n')) {
    same++;
    continue;
  }
  const extra = a.filter((l) => !b.includes(l));
  const missing = b.filter((l) => !a.includes(l));
  failures.push(
    [name, ...extra.slice(0, 3).map((l) => `    + ${l}`), ...missing.slice(0, 3).map((l) => `    - ${l}`)].join('\n'),
  );
}
for (const f of failures.slice(0, 40)) console.log(f);
console.log(
  `${names.length} files, ${withErrors} with errors (${total}); ${same} equal, ${failures.length} different, ` +
    `${crashes} crash types2; ${Math.round(performance.now() - started)} ms`,
);
if (keep === '') rmSync(work, { recursive: true });
process.exitCode = failures.length === 0 ? 0 : 1;
