/**
 * The script tests of cmd/go (GOROOT/src/cmd/go/testdata/script): node test/oracles/go-scripts.ts --with go|tuza [--seconds N] [--jobs N]
 * [--failed] [--again] [--report] [--short] [--cgo] [-v] [part of name ...]. Results are kept in --state (/tmp/go-scripts), so that a run goes on
 * where the last one stopped (--seconds) and only failures run again (--failed). Modules come from a proxy on loopback; there is no network.
 * Of the scripts that the official command passes (--with go, first), counts by family tell how many pass (--report). --record writes what passes
 * and what fails with which reason to test/go/scripts.json, from which scripts.test.ts takes its sample.
 */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type EngineOptions, type Result, runScript } from '../go/script/engine.ts';
import { ScriptProxy } from '../go/script/proxy.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    with: { type: 'string', default: 'tuza' },
    state: { type: 'string', default: '/tmp/go-scripts' },
    seconds: { type: 'string', default: '100000' },
    limit: { type: 'string', default: '120' },
    jobs: { type: 'string', default: '2' },
    failed: { type: 'boolean', default: false },
    again: { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    short: { type: 'boolean', default: false },
    cgo: { type: 'boolean', default: false },
    verbose: { type: 'boolean', short: 'v', default: false },
  },
});

const goroot = process.env.GOROOT ?? '/usr/local/go';
const scripts = join(goroot, 'src/cmd/go/testdata/script');
const mode = `${flags.cgo ? '-cgo' : ''}${flags.short ? '-short' : ''}`;

type Results = Record<string, Result>;

function stateFile(tool: string): string {
  return join(flags.state, `${tool}${mode}.json`);
}

function readResults(tool: string): Results {
  return existsSync(stateFile(tool)) ? JSON.parse(readFileSync(stateFile(tool), 'utf8')) : {};
}

/** The directory with the command "go" for scripts. */
function binDirectory(tool: string): string {
  if (tool === 'go') return join(goroot, 'bin');
  const dir = join(flags.state, 'bin');
  mkdirSync(dir, { recursive: true });
  const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
  const bundle = join(flags.state, 'dist/tuza.js');
  const program = existsSync(bundle) ? bundle : main;
  writeFileSync(join(dir, 'go'), `#!/bin/sh\nexec ${process.execPath} ${program} "$@"\n`);
  chmodSync(join(dir, 'go'), 0o755);
  return dir;
}

const all = readdirSync(scripts)
  .filter((f) => f.endsWith('.txt'))
  .map((f) => basename(f, '.txt'))
  .sort();

function chosen(results: Results, official: Results): string[] {
  let list = all.filter((n) => positionals.length === 0 || positionals.some((p) => n === p || n.includes(p)));
  const exact = positionals.filter((p) => all.includes(p));
  if (exact.length === positionals.length && exact.length > 0) return exact;
  if (flags.with !== 'go') list = list.filter((n) => official[n]?.status === 'pass');
  if (flags.failed) return list.filter((n) => results[n] !== undefined && results[n].status !== 'pass');
  return flags.again ? list : list.filter((n) => results[n] === undefined);
}

async function runAll(): Promise<void> {
  const results = readResults(flags.with);
  const official = readResults('go');
  const names = chosen(results, official);
  const proxy = new ScriptProxy(goroot);
  await proxy.start();
  const bin = binDirectory(flags.with);
  const options: EngineOptions = {
    goroot,
    go: join(bin, 'go'),
    binDirectory: bin,
    proxy: proxy.url,
    cache: join(flags.state, `cache-${flags.with}`),
    seconds: Number(flags.limit),
    short: flags.short,
    cgo: flags.cgo,
  };
  const end = Date.now() + Number(flags.seconds) * 1000;
  let next = 0;
  const done: string[] = [];
  const worker = async (): Promise<void> => {
    while (next < names.length && Date.now() < end) {
      const name = names[next++];
      const dir = join(flags.state, 'work', `${flags.with}-${process.pid}-${name}`);
      const r = await runScript(join(scripts, `${name}.txt`), dir, options);
      results[name] = { ...r, stdout: r.stdout.slice(0, 3000), stderr: r.stderr.slice(0, 3000) };
      done.push(name);
      if (done.length % 20 === 0) save(results, done);
      if (r.status !== 'pass' || flags.verbose) tell(name, r);
    }
  };
  await Promise.all(Array.from({ length: Number(flags.jobs) }, worker));
  proxy.stop();
  save(results, done);
  console.log(`${next} of ${names.length} run`);
}

/** Another run may have written meanwhile: only what was run here is replaced. */
function save(results: Results, names: readonly string[]): void {
  const merged = readResults(flags.with);
  for (const n of names) merged[n] = results[n];
  writeFileSync(stateFile(flags.with), JSON.stringify(merged, null, 1));
}

function tell(name: string, r: Result): void {
  console.log(`${r.status.toUpperCase()} ${name}:${r.line} (${r.ms} ms) ${r.command}\n    ${r.message}`);
  const lines = (text: string): string =>
    text
      .split('\n')
      .slice(0, flags.verbose ? 60 : 6)
      .map((l) => `      | ${l}\n`)
      .join('');
  if (r.status !== 'fail') return;
  if (r.stdout !== '') console.log(`    stdout\n${lines(r.stdout)}`);
  if (r.stderr !== '') console.log(`    stderr\n${lines(r.stderr)}`);
}

/** Why a script fails, in few words: what the command said first, else what was expected. */
function reasonOf(r: Result | undefined): string {
  if (r === undefined) return 'not run';
  const said = `${r.stderr}\n${r.stdout}`;
  const unknown = /^go (?:mod |work |help )?(\w+): unknown (?:command|help topic)/m.exec(said);
  if (unknown !== null) return `no command ${/^go (.*?): unknown/m.exec(said)?.[1] ?? unknown[1]}`;
  const refused =
    /^go(?: \w+)?: (-[\w=]+)[^\n]* cannot be used/m.exec(said) ?? /^go: (-[\w=]+) is not implemented/m.exec(said);
  if (refused !== null) return `${refused[1]} is refused`;
  const tool = /^go: no such tool (.*)$/m.exec(said);
  if (tool !== null) return `no tool ${tool[1].replaceAll('"', '')}`;
  if (/with a version is not implemented/.test(said)) return 'no pkg@version';
  if (/cannot compile for/.test(said)) return 'another architecture';
  if (/archives of packages are not written/.test(said)) return 'archives of packages are not written';
  if (r.message === 'timed out') return 'takes too long';
  return `line ${r.line}: ${r.command.trim().slice(0, 90)}`;
}

interface Recorded {
  passing: Record<string, number>;
  failing: Record<string, string>;
  inapplicable: string[];
}

/** Writes what the scripts that were run have come to; times in milliseconds. What is known of others stays. */
function record(): void {
  const official = readResults('go');
  const results = readResults('tuza');
  const file = fileURLToPath(new URL('../go/scripts.json', import.meta.url));
  const before: Recorded = JSON.parse(readFileSync(file, 'utf8'));
  const after: Recorded = { passing: {}, failing: {}, inapplicable: [] };
  for (const n of all) {
    const isKnown = official[n] !== undefined && results[n] !== undefined;
    if (isKnown ? official[n].status !== 'pass' : before.inapplicable.includes(n)) after.inapplicable.push(n);
    else if (isKnown ? results[n].status === 'pass' : before.passing[n] !== undefined)
      // A time changes with the machine's load: it is only written when it is new.
      after.passing[n] = before.passing[n] ?? results[n].ms;
    else after.failing[n] = isKnown ? reasonOf(results[n]) : (before.failing[n] ?? 'not run');
  }
  writeFileSync(file, `${JSON.stringify(after, null, 1)}\n`);
}

function report(): void {
  const official = readResults('go');
  const results = readResults(flags.with);
  const families = new Map<string, { official: number; pass: number; skip: number; fail: string[] }>();
  for (const n of all) {
    if (official[n]?.status !== 'pass') continue;
    const family = n.split('_')[0];
    const f = families.get(family) ?? { official: 0, pass: 0, skip: 0, fail: [] };
    families.set(family, f);
    f.official++;
    if (results[n]?.status === 'pass') f.pass++;
    else f.fail.push(n);
  }
  const rows = [...families].sort((a, b) => b[1].official - a[1].official);
  let total = 0;
  let pass = 0;
  for (const [name, f] of rows) {
    total += f.official;
    pass += f.pass;
    console.log(`${name.padEnd(16)} ${String(f.pass).padStart(4)} of ${String(f.official).padStart(4)}`);
  }
  console.log(`all              ${String(pass).padStart(4)} of ${String(total).padStart(4)}`);
  if (!flags.verbose) return;
  for (const [, f] of rows)
    for (const n of f.fail) {
      const r = results[n];
      if (r === undefined) console.log(`${n}: not run`);
      else tell(n, r);
    }
}

if (flags.record) record();
else if (flags.report) report();
else await runAll();
