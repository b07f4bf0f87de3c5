/**
 * What -m tells, against the expectations in GOROOT/test (errorcheck with -m): node test/oracles/remarks.ts [-v] [name ...]. Without names: the
 * files about escape analysis. A line is right if everything expected there is told and nothing else.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCompile } from '#go/tool-compile.ts';
import { nodeHost } from '#host/node.ts';

const root = join(process.env.GOROOT ?? '/usr/local/go', 'test');
const verbose = process.argv.includes('-v');
const wanted = process.argv.slice(2).filter((a) => a !== '-v');
const dir = mkdtempSync(join(tmpdir(), 'tuza-remarks-'));
let right = 0;
let all = 0;

/** Messages by line. */
function told(file: string, flags: readonly string[]): Map<number, string[]> {
  let text = '';
  const host = { ...nodeHost(), stdout: (s: string) => void (text += s), stderr: (s: string) => void (text += s) };
  runCompile([...flags, '-p', 'p', '-o', join(dir, 'p.a'), file], host);
  const lines = new Map<number, string[]>();
  for (const line of text.split('\n')) {
    const m = /^.*?\.go:(\d+):\d+: (.*)$/.exec(line);
    if (m === null) continue;
    const n = Number(m[1]);
    lines.set(n, [...(lines.get(n) ?? []), m[2]]);
  }
  return lines;
}

/** Go's patterns are JavaScript's, but for a class or two that these files do not use. */
function expected(line: string): RegExp[] {
  const at = line.search(/\/\/ ERROR /);
  if (at < 0) return [];
  return [...line.slice(at).matchAll(/"((?:[^"\\]|\\.)*)"|`([^`]*)`/g)].map(
    (m) => new RegExp(m[2] ?? m[1].replace(/\\(["\\])/g, '$1')),
  );
}

const names = wanted.length > 0 ? wanted : readdirSync(root).filter((f) => /^escape.*\.go$/.test(f));
for (const name of names) {
  const file = join(root, name);
  const source = readFileSync(file, 'utf8').split('\n');
  const action = /^\/\/ errorcheck (.*)$/.exec(source[0]);
  const flags = action?.[1].split(/\s+/).filter((f) => f !== '-0') ?? [];
  if (!flags.includes('-m')) continue;
  const lines = told(file, flags);
  let good = 0;
  let count = 0;
  source.forEach((line, i) => {
    const want = expected(line);
    const got = lines.get(i + 1) ?? [];
    if (want.length === 0 && got.length === 0) return;
    count++;
    const ok = want.every((w) => got.some((g) => w.test(g))) && got.every((g) => want.some((w) => w.test(g)));
    if (ok) good++;
    else if (verbose) console.log(`${name}:${i + 1}: told ${JSON.stringify(got)}\n    want ${want.join(' ')}`);
  });
  console.log(`${name}: ${good} of ${count} lines`);
  right += good;
  all += count;
}
rmSync(dir, { recursive: true });
console.log(`${right} of ${all} lines as expected`);
