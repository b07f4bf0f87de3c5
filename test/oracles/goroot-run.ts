/**
 * The programs of GOROOT/test that are compiled and run (cmd/internal/testdir says how): node test/oracles/goroot-run.ts [--sample N]
 * [--from I] [--seed S] [--class run,rundir,...] [-v] [part of name ...]. One process compiles them all and keeps what it made of the
 * standard library. Known failures are in test/known-failures.json under "goroot-run"; the exit status tells of others.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { constraintsHold } from '#load/header.ts';
import type { LoadedPackage, Loader } from '#load/loader.ts';
import { makeTarget, tagHolds } from '#load/target.ts';
import { ProgramRunner } from './program-runner.ts';

const goroot = process.env.GOROOT ?? '/usr/local/go';
const root = join(goroot, 'test');
const target = makeTarget('linux', 'amd64', false, []);
const directories =
  '. ken chan interface internal/runtime/sys syntax dwarf fixedbugs codegen abi typeparam typeparam/mdempsky arenas simd'.split(
    ' ',
  );
const classes = new Set(
  'run rundir runindir runoutput compile compiledir build builddir buildrun buildrundir errorcheckandrundir'.split(' '),
);
const known: Record<string, string> =
  JSON.parse(readFileSync(new URL('../known-failures.json', import.meta.url), 'utf8'))['goroot-run'] ?? {};

interface Test {
  readonly name: string;
  readonly action: string;
  readonly flags: readonly string[];
  readonly args: readonly string[];
  readonly seconds: number;
  readonly env: Readonly<Record<string, string>>;
}

/** A test is not for this target, or asks for what only the official command has. */
class Inapplicable extends Error {}

function directive(name: string): Test | null {
  const text = readFileSync(join(root, name), 'utf8');
  const line =
    text.split('\n').find((l) => !l.startsWith('//go:build') && !l.startsWith('// +build') && l.trim() !== '') ?? '';
  const words = [...line.replace(/^\/\//, '').matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map((m) => m[1] ?? m[2] ?? m[3]);
  const action = words.shift() ?? '';
  if (!line.startsWith('//') || !classes.has(action)) return null;
  const flags: string[] = [];
  const env: Record<string, string> = {};
  let seconds = 20;
  while (words.length > 0 && words[0].startsWith('-')) {
    const flag = words.shift() ?? '';
    if (flag === '-t') seconds = Math.max(seconds, Number(words.shift()));
    else if (flag === '-godebug') env.GODEBUG = words.shift() ?? '';
    else if (flag === '-goexperiment' || flag === '-gomodversion' || flag === '-ldflags' || flag === '-gcflags')
      flags.push(flag, words.shift() ?? '');
    else flags.push(flag);
  }
  return { name, action, flags, args: words, seconds, env };
}

function isActive(path: string): boolean {
  return constraintsHold(new Uint8Array(readFileSync(path)), (tag) => tag === 'test_run' || tagHolds(target, tag));
}

/** Why a test is left out; null if it applies. */
function excluded(t: Test): string | null {
  if (!isActive(join(root, t.name))) return 'constraints';
  if (
    t.flags.some((f) => f === '-race' || f === '-goexperiment' || f === '-msan' || f === '-asan' || f === '-linkshared')
  )
    return 'flags';
  const text = readFileSync(join(root, t.name), 'utf8');
  return /^import "C"/m.test(text) ? 'cgo' : null;
}

const scratch = mkdtempSync(join(tmpdir(), 'tuza-goroot-'));
const runner = new ProgramRunner(goroot, target);
let number = 0;

function newDirectory(): string {
  const dir = join(scratch, String(number++));
  mkdirSync(dir);
  return dir;
}

function goVersion(t: Test): string {
  return t.flags.find((f) => f.startsWith('-lang='))?.slice(6) ?? 'go1.26';
}

/** Copies files into a directory of their own: a package is read with its whole directory. */
function copies(files: readonly string[]): [dir: string, names: string[]] {
  const dir = newDirectory();
  // The official runner hands the compiler files named as tests, too.
  const names = files.map((f) => basename(f).replace(/_test\.go$/, '_test_.go'));
  files.forEach((f, i) => {
    copyFileSync(f, join(dir, names[i]));
  });
  return [dir, names];
}

interface Unit {
  readonly name: string;
  readonly files: string[];
}

/** The packages of a test directory, in the order of their first files. */
function unitsOf(t: Test, dir: string): Unit[] {
  const units: Unit[] = [];
  const single = t.flags.includes('-s');
  for (const f of readdirSync(dir).sort()) {
    if (!f.endsWith('.go') || f.startsWith('.') || !isActive(join(dir, f))) continue;
    const name = /^package ([\p{L}\w]+)/mu.exec(readFileSync(join(dir, f), 'utf8'))?.[1] ?? '';
    let unit = single ? undefined : units.find((u) => u.name === name);
    if (unit === undefined) {
      unit = { name, files: [] };
      units.push(unit);
    }
    unit.files.push(join(dir, f));
  }
  return units;
}

/** `mayLackBodies`: what is only compiled is compiled without -complete, as packages with assembly files are. */
function loadUnits(
  loader: Loader,
  units: readonly Unit[],
  lastPath: string,
  mayLackBodies = false,
): LoadedPackage | null {
  let last: LoadedPackage | null = null;
  units.forEach((u, i) => {
    const [dir, names] = copies(u.files);
    const path = i === units.length - 1 && lastPath !== '' ? lastPath : `test/${basename(u.files[0]).slice(0, -3)}`;
    last = loader.loadFiles(path, dir, names);
    if (!mayLackBodies) return;
    writeFileSync(join(dir, 'empty.s'), '');
    last?.files.sFiles.push('empty.s');
  });
  return last;
}

function execute(t: Test, image: Uint8Array, cwd: string): string {
  const exe = join(newDirectory(), 'a.exe');
  writeFileSync(exe, image);
  chmodSync(exe, 0o755);
  const r = spawnSync('/bin/sh', ['-c', 'exec "$0" "$@" 2>&1', exe, ...t.args], {
    cwd,
    timeout: t.seconds * 1000,
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 28,
    env: { ...process.env, ...t.env },
  });
  rmSync(exe);
  const out = (r.stdout ?? Buffer.alloc(0)).toString('latin1').replaceAll('\r\n', '\n');
  if (r.error !== undefined) throw new Error(`run: ${r.error.message.replace(/^.*sh /, '')}: ${out.slice(0, 200)}`);
  if (r.status !== 0) {
    const lines = out.split('\n');
    const at = Math.max(
      0,
      lines.findIndex((l) => /panic|fatal|FAIL|signal|error|expected|want/i.test(l)),
    );
    throw new Error(`run: exit ${r.status ?? r.signal}: ${lines.slice(at, at + 12).join('\n')}`);
  }
  return out;
}

function compareOutput(t: Test, out: string): void {
  const file = join(root, `${t.name.slice(0, -3)}.out`);
  const want = existsSync(file) ? readFileSync(file, 'latin1').replaceAll('\r\n', '\n') : '';
  if (out === want) return;
  const a = out.split('\n');
  const b = want.split('\n');
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  throw new Error(`output: line ${i + 1}: ${a[i] ?? '(end)'} | want ${b[i] ?? '(end)'}`);
}

function runTest(t: Test): void {
  const path = join(root, t.name);
  const dir = `${path.slice(0, -3)}.dir`;
  const version = goVersion(t);
  switch (t.action) {
    case 'run':
    case 'buildrun':
    case 'build':
    case 'runoutput': {
      const more = t.args.filter((a) => a.endsWith('.go')).map((a) => join(dirname(path), a));
      const load = (l: Loader): LoadedPackage => l.loadFiles('command-line-arguments', ...copies([path, ...more]));
      if (t.action === 'build' && !/^package main$/m.test(readFileSync(path, 'utf8'))) {
        runner.compile(load, version);
        return;
      }
      const image = runner.build(load, version);
      if (t.action === 'build') return;
      const out = execute(more.length > 0 ? { ...t, args: t.args.filter((a) => !a.endsWith('.go')) } : t, image, root);
      if (t.action !== 'runoutput') {
        compareOutput(t, out);
        return;
      }
      const made = newDirectory();
      writeFileSync(join(made, 'tmp__.go'), Buffer.from(out, 'latin1'));
      const second = runner.build((l) => l.loadFiles('command-line-arguments', made, ['tmp__.go']), version);
      compareOutput(t, execute(t, second, made));
      return;
    }
    case 'rundir':
    case 'errorcheckandrundir': {
      // Packages that are wrong on purpose are for the class errorcheckdir; remarks of -m and -d are expected of right ones.
      const right = (u: Unit): boolean =>
        t.action === 'rundir' ||
        t.flags.some((f) => f === '-m' || f.startsWith('-d=')) ||
        !u.files.some((f) => /\/\/ (GC_)?ERROR/.test(readFileSync(f, 'utf8')));
      const units = unitsOf(t, dir).filter(right);
      const image = runner.build((l) => loadUnits(l, units, 'command-line-arguments'), version);
      compareOutput(t, execute(t, image, newDirectory()));
      return;
    }
    case 'compile':
    case 'compiledir': {
      const units = t.action === 'compile' ? [{ name: '', files: [path] }] : unitsOf(t, dir);
      runner.compile((l) => loadUnits(l, units, '', true), version);
      return;
    }
    case 'builddir':
    case 'buildrundir':
    case 'runindir': {
      runner.roots.set(basename(dir), dir);
      const image = runner.build((l) => l.loadDirectory('command-line-arguments', dir), version);
      if (t.action !== 'builddir') compareOutput(t, execute(t, image, t.action === 'runindir' ? dir : newDirectory()));
      return;
    }
  }
  throw new Inapplicable(t.action);
}

function shortened(e: unknown): string {
  if (!(e instanceof Error)) return String(e);
  const stack = /^(run|output|errors|link):/.test(e.message)
    ? ''
    : (e.stack ?? '')
        .split('\n')
        .filter((l) => /^ +at /.test(l))
        .slice(0, 4)
        .join('\n');
  return `${e.message.slice(0, 1200)}\n${stack}`
    .trim()
    .split('\n')
    .slice(0, verbose ? 60 : 9)
    .join('\n    ');
}

const filters: string[] = [];
let verbose = false;
let sample = 0;
let from = 0;
let seed = 1;
let wanted = classes;
const argv = process.argv.slice(2);
for (let i = 0; i < argv.length; i++) {
  if (argv[i] === '--sample') sample = Number(argv[++i]);
  else if (argv[i] === '--seed') seed = Number(argv[++i]);
  else if (argv[i] === '--from') from = Number(argv[++i]);
  else if (argv[i] === '--class') wanted = new Set(argv[++i].split(','));
  else if (argv[i] === '-v') verbose = true;
  else filters.push(argv[i]);
}

/** Numerical Recipes' linear congruential generator: the same order for the same seed. */
function shuffled<T>(list: T[], start: number): T[] {
  let state = start >>> 0;
  for (let i = list.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = Math.floor((state / 4294967296) * (i + 1));
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}

let tests: Test[] = [];
for (const d of directories) {
  const dir = join(root, d);
  if (!existsSync(dir)) continue;
  for (const f of readdirSync(dir).sort()) {
    if (!f.endsWith('.go') || f.startsWith('.')) continue;
    const name = d === '.' ? f : `${d}/${f}`;
    const t = directive(name);
    if (
      t !== null &&
      wanted.has(t.action) &&
      (filters.length === 0 || filters.some((x) => (x.endsWith('.go') ? name === x : name.includes(x))))
    )
      tests.push(t);
  }
}
const inapplicable = tests.filter((t) => excluded(t) !== null);
tests = tests.filter((t) => !inapplicable.includes(t));
if (sample > 0) tests = shuffled(tests, seed).slice(from, from + sample);

const counts = new Map<string, [passed: number, all: number]>();
let unexpected = 0;
let expected = 0;
for (const t of tests) {
  const count = counts.get(t.action) ?? [0, 0];
  counts.set(t.action, count);
  let problem = '';
  const start = performance.now();
  try {
    runTest(t);
  } catch (e) {
    if (e instanceof Inapplicable) continue;
    problem = shortened(e);
  }
  if (verbose) console.log(`# ${t.name} ${Math.round(performance.now() - start)} ms`);
  count[1]++;
  if (problem === '') count[0]++;
  const reason = known[t.name];
  if (problem === '' && reason === undefined) continue;
  if (problem !== '' && reason !== undefined) {
    expected++;
    continue;
  }
  unexpected++;
  console.log(
    problem === ''
      ? `${t.name}: passes, but is listed as a known failure`
      : `--- ${t.name} (${t.action})\n    ${problem}`,
  );
}
rmSync(scratch, { recursive: true });
let passedAll = 0;
for (const [action, [passed, all]] of counts) {
  passedAll += passed;
  console.log(`${action}: ${passed} of ${all}`);
}
console.log(
  `${passedAll} of ${tests.length} pass; ${expected} known failures, ${unexpected} unexpected; ${inapplicable.length} do not apply`,
);
process.exitCode = unexpected === 0 ? 0 : 1;
