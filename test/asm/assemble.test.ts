/** Assembly files against `go tool asm`: the same object, or the same messages. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { amd64 } from '#arch/amd64/encode/target.ts';
import { assemble, newAssembly, symabis } from '#asm/assemble.ts';
import { FatalError } from '#asm/errors.ts';
import { makeRecordedName } from '#asm/filenames.ts';
import { compareObjects, readObject } from '../oracles/compare-object.ts';

const env = { ...process.env, GOOS: 'linux', GOARCH: 'amd64' };
const goEnv = spawnSync('go', ['env', 'GOROOT'], { encoding: 'utf8', env });
const goroot = goEnv.status === 0 ? goEnv.stdout.trim() : '';
const skip = goroot === '' ? 'the official assembler is not on PATH' : false;
const testdata = fileURLToPath(new URL('testdata', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'tuza-asm-'));
after(() => rmSync(work, { recursive: true, force: true }));

function read(name: string): string | null {
  try {
    return readFileSync(name, 'utf8');
  } catch {
    return null;
  }
}

function newTest(flags: readonly string[]): ReturnType<typeof newAssembly> {
  return newAssembly(
    {
      target: amd64,
      goos: 'linux',
      packagePath: 'p',
      defines: ['FLAG'],
      includeDirs: [join(goroot, 'pkg/include')],
      shared: flags.includes('-shared'),
      dynlink: flags.includes('-dynlink'),
      allErrors: true,
      experiments: [],
    },
    { read, recordedName: makeRecordedName(work, work, goroot), complain: () => undefined },
  );
}

function official(file: string, flags: readonly string[], out: string): { status: number; messages: string } {
  const args = ['tool', 'asm', '-e', '-p', 'p', '-trimpath', work, '-D', 'FLAG', '-I', join(goroot, 'pkg/include')];
  const r = spawnSync('go', [...args, ...flags, '-o', out, file], { encoding: 'utf8', env, cwd: work });
  return { status: r.status ?? -1, messages: r.stderr.trim() };
}

for (const name of readdirSync(testdata)) {
  if (!name.endsWith('.s')) continue;
  for (const flags of [[], ['-shared'], ['-dynlink']]) {
    test(`${name} ${flags.join(' ')}`, { skip }, () => {
      const file = join(testdata, name);
      const out = join(work, 'out.o');
      const expected = official(file, flags, out);
      const a = newTest(flags);
      let ok = false;
      try {
        const r = assemble(a, [file]);
        ok = r.object !== null;
        if (r.failedFile !== '') a.messages.push(`asm: assembly of ${r.failedFile} failed`);
        else if (!ok) a.messages.push('asm: assembly failed');
      } catch (e) {
        if (!(e instanceof FatalError)) throw e;
        a.messages.push(e.message);
      }
      assert.equal(a.messages.join('\n').trim(), expected.messages);
      assert.equal(ok, expected.status === 0);
      if (ok) assert.deepEqual(compareObjects(readObject(out, readFileSync(out)), a.object).differences, []);
    });
  }
  test(`${name} -gensymabis`, { skip }, () => {
    const file = join(testdata, name);
    const out = join(work, 'symabis');
    const expected = official(file, ['-gensymabis'], out);
    if (expected.status !== 0) return;
    assert.equal(symabis(newTest([]), [file]).text, readFileSync(out, 'utf8'));
  });
}
