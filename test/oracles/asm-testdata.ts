/**
 * cmd/asm's own amd64 test files: the encoding files give the bytes and relocations of `go tool asm`, the error files its
 * messages and status. Prints counts; differences end with status 1.
 *
 *   node test/oracles/asm-testdata.ts [file name part ...]
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { amd64 } from '#arch/amd64/encode/target.ts';
import { assemble, newAssembly } from '#asm/assemble.ts';
import { FatalError } from '#asm/errors.ts';
import { makeRecordedName } from '#asm/filenames.ts';
import { compareObjects, readObject } from './compare-object.ts';

const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
const testdata = join(goroot, 'src/cmd/asm/internal/asm/testdata');
const env = { ...process.env, GOOS: 'linux', GOARCH: 'amd64' };
const work = mkdtempSync(join(tmpdir(), 'tuza-asm-'));

interface Case {
  file: string;
  flags: readonly string[];
}

function cases(): Case[] {
  const plain: readonly string[] = [];
  const out: Case[] = ['amd64.s', 'amd64enc.s', 'amd64enc_extra.s'].map((f) => ({ file: f, flags: plain }));
  for (const f of readdirSync(join(testdata, 'avx512enc'))) {
    if (f.endsWith('.s')) out.push({ file: `avx512enc/${f}`, flags: plain });
  }
  for (const f of ['amd64error.s', 'duperror.s', 'buildtagerror.s']) out.push({ file: f, flags: plain });
  out.push({ file: 'amd64dynlinkerror.s', flags: ['-dynlink'] });
  for (const f of ['amd64.s', 'amd64enc.s', 'amd64enc_extra.s']) {
    out.push({ file: f, flags: ['-shared'] });
    out.push({ file: f, flags: ['-dynlink'] });
  }
  return out;
}

function ours(c: Case, path: string): { messages: string; assembly: ReturnType<typeof newAssembly>; ok: boolean } {
  const read = (name: string): string | null => {
    try {
      return readFileSync(name, 'utf8');
    } catch {
      return null;
    }
  };
  const a = newAssembly(
    {
      target: amd64,
      goos: 'linux',
      packagePath: 'p',
      defines: [],
      includeDirs: [],
      shared: c.flags.includes('-shared'),
      dynlink: c.flags.includes('-dynlink'),
      allErrors: true,
      experiments: [],
    },
    { read, recordedName: makeRecordedName(work, work, goroot), complain: () => undefined },
  );
  let ok = false;
  try {
    const r = assemble(a, [path]);
    ok = r.object !== null;
    if (r.failedFile !== '') a.messages.push(`asm: assembly of ${r.failedFile} failed`);
    else if (!ok) a.messages.push('asm: assembly failed');
  } catch (e) {
    if (!(e instanceof FatalError)) throw e;
    a.messages.push(e.message);
  }
  return { messages: a.messages.join('\n'), assembly: a, ok };
}

function firstDifference(official: string, our: string): string[] {
  const a = official.trim().split('\n');
  const b = our.trim().split('\n');
  const out: string[] = [];
  for (let i = 0; i < Math.max(a.length, b.length) && out.length < 6; i++) {
    if (a[i] !== b[i]) out.push(`official: ${a[i]}`, `ours:     ${b[i]}`);
  }
  return out;
}

function run(c: Case): { differences: string[]; messages: number; bytes: number } {
  const path = join(testdata, c.file);
  const out = join(work, 'official.o');
  const flags = ['-e', '-p', 'p', '-trimpath', work, ...c.flags];
  const official = spawnSync('go', ['tool', 'asm', ...flags, '-o', out, path], { env, cwd: work, encoding: 'utf8' });
  const our = ours(c, path);
  const text = official.stderr.replace(/^exit status \d+\n/m, '');
  const differences = text.trim() === our.messages.trim() ? [] : firstDifference(text, our.messages);
  const messages = text.trim() === '' ? 0 : text.trim().split('\n').length;
  if (official.status !== 0 || !our.ok) {
    if ((official.status === 0) !== our.ok) differences.push(`official ${official.status}, ours ${our.ok}`);
    return { differences, messages, bytes: 0 };
  }
  const comparison = compareObjects(readObject(out, readFileSync(out)), our.assembly.object);
  return { differences: [...differences, ...comparison.differences], messages, bytes: comparison.bytes };
}

let equal = 0;
let total = 0;
let messages = 0;
let bytes = 0;
try {
  const filters = process.argv.slice(2);
  for (const c of cases()) {
    if (filters.length > 0 && !filters.some((f) => c.file.includes(f))) continue;
    const r = run(c);
    total++;
    messages += r.messages;
    bytes += r.bytes;
    if (r.differences.length === 0) equal++;
    else console.log(`${c.file} ${c.flags.join(' ')}:\n  ${r.differences.slice(0, 20).join('\n  ')}`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(`${equal} of ${total} files equal; ${bytes} bytes of code, ${messages} lines of messages`);
process.exitCode = equal === total ? 0 : 1;
