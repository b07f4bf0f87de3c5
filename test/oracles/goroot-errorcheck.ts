/**
 * The front end against GOROOT/test: errorcheck and errorcheckdir tests without optimisation flags must give the errors that their comments ask
 * for (by line, as cmd/internal/testdir matches them), and the programs of all other kinds must be accepted.
 * Usage: node test/oracles/goroot-errorcheck.ts [-v] [part of a file name...]
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Diagnostic } from '#base/diagnostic.ts';
import { FileSet } from '#base/source.ts';
import { constraintsHold } from '#load/header.ts';
import { makeTarget, tagHolds } from '#load/target.ts';
import type { Package } from '#types/package.ts';
import { checkSources } from './types-harness.ts';

const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
const root = join(goroot, 'test');
const target = makeTarget('linux', 'amd64', true, []);
const knownFailures: Record<string, string> =
  JSON.parse(readFileSync(new URL('../known-failures.json', import.meta.url), 'utf8'))['goroot-test'] ?? {};

const accepted = new Set(
  'compile compiledir run rundir build builddir buildrun buildrundir runoutput runindir errorcheckandrundir'.split(' '),
);
/** Flags of errorcheck tests that do not ask for the optimiser's messages. */
const plainFlag = /^(-0|-1|-e|-l|-s|-d=panic|-lang=.*|-complete|-\+|-std|-t|\d+)$/;

interface Test {
  name: string;
  action: string;
  flags: string[];
}

/** The first comment line that is no build constraint says what to do. */
function directive(path: string): Test | null {
  const text = readFileSync(path, 'utf8');
  for (const line of text.split('\n')) {
    if (line.startsWith('//go:build') || line.startsWith('// +build') || line.trim() === '') continue;
    if (!line.startsWith('//')) return null;
    const words = line.slice(2).trim().split(/\s+/);
    return { name: path.slice(root.length + 1), action: words[0], flags: words.slice(1) };
  }
  return null;
}

function allTests(dir: string, out: Test[]): void {
  for (const e of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, e.name);
    if (e.isDirectory()) {
      if (!e.name.endsWith('.dir') && e.name !== 'testdata') allTests(path, out);
    } else if (e.name.endsWith('.go')) {
      const t = directive(path);
      if (t !== null) out.push(t);
    }
  }
}

interface Unit {
  /** As imported: "./name". */
  importPath: string;
  files: string[];
}

/** The packages of a test directory, in the order of their first files. */
function directoryUnits(dir: string, singleFiles: boolean): Unit[] {
  const units: Unit[] = [];
  const byName = new Map<string, Unit>();
  for (const f of readdirSync(dir).sort()) {
    if (!f.endsWith('.go')) continue;
    const name = /^package ([\p{L}\w]+)/mu.exec(readFileSync(join(dir, f), 'utf8'))?.[1] ?? '';
    let unit = byName.get(name);
    if (unit === undefined || singleFiles) {
      unit = { importPath: `./${f.slice(0, -3)}`, files: [] };
      byName.set(name, unit);
      units.push(unit);
    }
    unit.files.push(join(dir, f));
  }
  return units;
}

/** The messages without columns and directories, as the compiler prints them when the tests are run. */
function lines(files: FileSet, messages: readonly Diagnostic[]): string[] {
  return messages.map((d) => {
    const p = files.position(d.pos);
    const text = d.message.replace(/\/[^ ]*\/([^/ ]+\.go:\d+)/g, '$1');
    return `${basename(p.filename)}:${p.line}: ${text}`;
  });
}

interface Wanted {
  prefix: string;
  pattern: RegExp;
}

function wanted(path: string): Wanted[] {
  const list: Wanted[] = [];
  const short = basename(path);
  readFileSync(path, 'utf8')
    .split('\n')
    .forEach((line, i) => {
      if (line.includes('////')) return;
      const m = /\/\/ (?:GC_)?ERROR (.*)/.exec(line);
      if (m === null) return;
      for (const q of m[1].matchAll(/"([^"]*)"/g)) {
        const source = q[1].replace(/LINE(([+-])(\d+))?/g, (_, delta) => `${short}:${i + 1 + Number(delta ?? 0)}`);
        list.push({ prefix: `${short}:${i + 1}:`, pattern: goRegExp(source) });
      }
    });
  return list;
}

/** Go's regular expressions in JavaScript's syntax. */
function goRegExp(source: string): RegExp {
  return new RegExp(source.replace(/\(\?[is]\)/g, '').replace(/\\pL/g, '\\p{L}'), source.includes('(?i)') ? 'i' : '');
}

function compare(paths: readonly string[], output: readonly string[]): string[] {
  const problems: string[] = [];
  let out = [...output];
  for (const path of paths) {
    for (const w of wanted(path)) {
      const here = out.filter((l) => l.startsWith(w.prefix));
      if (here.length === 0) {
        problems.push(`${w.prefix} missing error ${w.pattern}`);
        continue;
      }
      const matching = here.filter((l) => w.pattern.test(l.slice(l.indexOf(' ') + 1)));
      if (matching.length === 0) problems.push(`${w.prefix} no match for ${w.pattern} in: ${here.join(' | ')}`);
      out = out.filter((l) => !matching.includes(l));
    }
  }
  return [...problems, ...out.map((l) => `unmatched: ${l}`)];
}

function isActive(path: string): boolean {
  try {
    return constraintsHold(new Uint8Array(readFileSync(path)), (tag) => tagHolds(target, tag));
  } catch {
    return true;
  }
}

/** What is wrong; null if the test does not apply. */
function run(t: Test): string[] | null {
  const path = join(root, t.name);
  const expectErrors = t.action.startsWith('errorcheck');
  if (!expectErrors && !accepted.has(t.action)) return null;
  if (expectErrors && !/^errorcheck(dir|andrundir)?$/.test(t.action)) return null;
  const text = readFileSync(path, 'utf8');
  if (/^import "C"/m.test(text)) return null;
  if (expectErrors && !t.flags.every((f) => plainFlag.test(f))) return null;
  if (t.flags.some((f) => f.startsWith('-goexperiment') || f.startsWith('-tags'))) return null;
  if (!isActive(path)) return null;
  const dir = `${path.slice(0, -3)}.dir`;
  const isDir = t.action.endsWith('dir') && existsSync(dir);
  if (t.action.endsWith('dir') && !isDir) return null;
  if (t.action === 'runindir') return null;
  let units: Unit[];
  if (!isDir) {
    const more = t.flags.filter((f) => f.endsWith('.go')).map((f) => join(dirname(path), f));
    units = [{ importPath: './p', files: [path, ...more] }];
  } else if (t.action === 'buildrundir' || t.action === 'builddir') {
    const files = readdirSync(dir).filter((f) => f.endsWith('.go'));
    units = [{ importPath: './main', files: files.map((f) => join(dir, f)).filter(isActive) }];
  } else units = directoryUnits(dir, t.flags.includes('-s'));
  return runUnits(units, t, expectErrors);
}

function runUnits(units: readonly Unit[], t: Test, expectErrors: boolean): string[] {
  const files = new FileSet();
  const packages = new Map<string, Package>();
  const goVersion = t.flags.find((f) => f.startsWith('-lang='))?.slice(6) ?? 'go1.26';
  const problems: string[] = [];
  for (const u of units) {
    const sources = new Map<string, Uint8Array>();
    for (const f of u.files) sources.set(f, new Uint8Array(readFileSync(f)));
    const local = basename(dirname(u.files[0])).endsWith('.dir');
    const messages = checkSources(goroot, files, sources, {
      goVersion,
      compiler: true,
      std: t.flags.includes('-std'),
      runtime: t.flags.includes('-+'),
      complete: t.flags.includes('-complete'),
      packages,
      path: local ? `test/${u.importPath.slice(2)}` : 'p',
      onPackage: (pkg) => {
        packages.set(u.importPath, pkg);
        packages.set(`test/${u.importPath.slice(2)}`, pkg);
      },
    });
    const output = lines(files, messages);
    if (expectErrors) problems.push(...compare(u.files, output));
    else problems.push(...output);
  }
  return problems;
}

const args = process.argv.slice(2);
const verbose = args[0] === '-v';
if (verbose) args.shift();
const tests: Test[] = [];
allTests(root, tests);
const counts = new Map<string, [passed: number, all: number]>();
let unexpected = 0;
let known = 0;
for (const t of tests) {
  if (args.length > 0 && !args.some((a) => t.name.includes(a))) continue;
  let problems: string[] | null;
  try {
    problems = run(t);
  } catch (e) {
    problems = [`exception: ${e instanceof Error ? e.stack?.split('\n').slice(0, 6).join('\n') : String(e)}`];
  }
  if (problems === null) continue;
  const kind = t.action.startsWith('errorcheck') ? 'errors' : 'accepted';
  const count = counts.get(kind) ?? [0, 0];
  counts.set(kind, count);
  count[1]++;
  const reason = knownFailures[t.name];
  if (problems.length === 0) {
    count[0]++;
    if (reason === undefined) continue;
    unexpected++;
    console.log(`${t.name}: passes, but is listed as a known failure`);
  } else if (reason !== undefined) {
    known++;
  } else {
    unexpected++;
    console.log(`--- ${t.name} (${t.action})`);
    for (const p of problems.slice(0, verbose ? 1000 : 6)) console.log(`  ${p}`);
  }
}
for (const [kind, [passed, all]] of counts) console.log(`${kind}: ${passed} of ${all}`);
console.log(`${known} known failures, ${unexpected} unexpected`);
process.exitCode = unexpected === 0 ? 0 : 1;
