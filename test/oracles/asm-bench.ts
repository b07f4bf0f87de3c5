/**
 * Assembler speed: lines a second over std's assembly that needs no generated header, in this process (first and later rounds),
 * beside `go tool asm` on the same files in the same run (one process a file, as the go command starts it).
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { amd64 } from '#arch/amd64/encode/target.ts';
import { assemble, newAssembly } from '#asm/assemble.ts';

const rounds = 10;
const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
const work = mkdtempSync(join(tmpdir(), 'tuza-asm-'));
const env = { ...process.env, GOOS: 'linux', GOARCH: 'amd64' };
const defines = ['GOOS_linux', 'GOARCH_amd64', 'GOAMD64_v1'];

function sources(): string[] {
  const dirs = ['crypto/md5', 'crypto/sha1', 'math', 'math/big', 'sync/atomic', 'crypto/internal/fips140/nistec'];
  dirs.push('crypto/internal/fips140/aes', 'crypto/internal/fips140/sha256', 'crypto/internal/fips140/sha512');
  dirs.push(
    'crypto/internal/fips140/aes/gcm',
    'crypto/internal/fips140/bigmod',
    'cmd/asm/internal/asm/testdata/avx512enc',
  );
  const out: string[] = [];
  for (const dir of dirs) {
    for (const f of readdirSync(join(goroot, 'src', dir))) {
      if (f.endsWith('_amd64.s') || (dir.endsWith('avx512enc') && f.endsWith('.s')))
        out.push(join(goroot, 'src', dir, f));
    }
  }
  return out;
}

function runOurs(files: string[]): number {
  const start = performance.now();
  for (const file of files) {
    const read = (name: string): string | null => {
      try {
        return readFileSync(name, 'utf8');
      } catch {
        return null;
      }
    };
    const options = {
      target: amd64,
      goos: 'linux',
      packagePath: 'p',
      defines,
      includeDirs: [join(goroot, 'pkg/include')],
      shared: false,
      dynlink: false,
      allErrors: false,
      experiments: [],
    };
    const a = newAssembly(options, { read, recordedName: (name) => name, complain: () => undefined });
    if (assemble(a, [file]).object === null) throw new Error(`${file}: ${a.messages[0]}`);
  }
  return performance.now() - start;
}

function runOfficial(files: string[]): number {
  const tool = execFileSync('go', ['tool', '-n', 'asm'], { encoding: 'utf8' }).trim();
  const flags = ['-p', 'p', ...defines.flatMap((d) => ['-D', d]), '-I', join(goroot, 'pkg/include')];
  const start = performance.now();
  for (const file of files) execFileSync(tool, [...flags, '-o', join(work, 'out.o'), file], { env });
  return performance.now() - start;
}

try {
  const files = sources();
  const lines = files.reduce((n, f) => n + readFileSync(f, 'utf8').split('\n').length, 0);
  const rate = (ms: number): string => `${Math.round(ms)} ms, ${Math.round(lines / ms)} lines a millisecond`;
  console.log(`${files.length} files, ${lines} lines`);
  console.log(`ours, first round: ${rate(runOurs(files))}`);
  let best = Number.POSITIVE_INFINITY;
  for (let i = 1; i < rounds; i++) best = Math.min(best, runOurs(files));
  console.log(`ours, best of ${rounds - 1} more: ${rate(best)}`);
  console.log(`official, a process each: ${rate(runOfficial(files))}`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
