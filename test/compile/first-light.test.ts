/**
 * Programs compiled from source, runtime and standard library included, linked and run. Expected output (NAME.out) and exit status were
 * recorded from the official toolchain (go run, go1.26.8).
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { compileProgram } from '#compile/whole-program.ts';
import { nodeHost } from '#host/node.ts';
import { StandardResolver } from '#load/loader.ts';
import { makeTarget } from '#load/target.ts';
import { root } from './tree.ts';

const here = fileURLToPath(new URL('programs', import.meta.url));

const environments: readonly Record<string, string>[] = [{}, { GOMAXPROCS: '1' }, { GODEBUG: 'clobberfree=1' }];

function run(name: string, status: number): void {
  const host = nodeHost();
  const result = compileProgram(host, {
    goroot: root ?? '',
    target: makeTarget('linux', 'amd64', false, []),
    resolver: new StandardResolver(host.files, root ?? ''),
    goVersion: 'go1.26',
    loadMain: (loader) => loader.loadFiles('command-line-arguments', here, [`${name}.go`]),
  });
  assert.deepEqual(result.linkErrors, []);
  assert.ok(result.image !== null);
  const dir = mkdtempSync(join(tmpdir(), 'tuza-test-'));
  try {
    const program = join(dir, name);
    writeFileSync(program, result.image, { mode: 0o755 });
    for (const env of environments) {
      const r = spawnSync(program, [], { encoding: 'utf8', env: { ...process.env, ...env }, timeout: 60_000 });
      assert.equal(r.stdout, readFileSync(join(here, `${name}.out`), 'utf8'), `${JSON.stringify(env)}\n${r.stderr}`);
      assert.equal(r.status, status);
    }
  } finally {
    rmSync(dir, { recursive: true });
  }
}

test('a program that uses most of the language', { skip: root === null ? 'no Go tree on this machine' : false }, () =>
  run('language', 2),
);

test(
  'initialisers that call functions are data where they can be',
  { skip: root === null ? 'no Go tree on this machine' : false },
  () => run('static_calls', 0),
);
