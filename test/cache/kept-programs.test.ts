/** Programs that were linked before: an edit that changes nothing of them does not link, every other one makes the bytes of a build from nothing. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { root } from '../compile/tree.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

const dep =
  'package dep // one\n\nimport _ "embed"\n\n//go:embed text\nvar Text string\n\nfunc F() string { return Text } // two\n';

test('a program of which nothing has changed', { skip: root === null ? 'no Go tree' : false }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'tuza-kept-'));
  try {
    const write = (name: string, text: string): void => writeFileSync(join(dir, name), text);
    const tuza = (...args: string[]): { stdout: string; stderr: string } => {
      const env = { ...process.env, GOCACHE: join(dir, 'cache'), GOFLAGS: '', GOWORK: 'off' };
      const r = spawnSync(process.execPath, [main, ...args], { cwd: dir, env, encoding: 'utf8' });
      assert.equal(r.status, 0, r.stderr);
      return r;
    };
    const image = (): Buffer => readFileSync(join(dir, 'program'));
    /** Whether the program was linked. */
    const build = (): boolean => {
      const { stderr } = tuza('build', '-x', '-why', '-o', 'program', '.');
      const isLinked = /\/link -o /.test(stderr);
      assert.equal(stderr.includes('the program is the one that was linked before'), !isLinked, stderr);
      assert.match(stderr, /example.com\/w\/dep: /);
      return isLinked;
    };
    const stale = (): string => tuza('list', '-f', '{{.Stale}}', './dep').stdout.trim();
    mkdirSync(join(dir, 'dep'));
    write('go.mod', 'module example.com/w\n\ngo 1.26\n');
    write('main.go', 'package main\n\nimport "example.com/w/dep"\n\nfunc main() { println(dep.F()) }\n');
    write('dep/dep.go', dep);
    write('dep/text', 'first');
    assert.ok(build());
    const first = image();
    write('dep/dep.go', dep.replace('one', 'another').replace('two', 'three, and four'));
    assert.equal(stale(), 'true');
    assert.ok(!build());
    assert.equal(stale(), 'false');
    assert.ok(first.equals(image()));
    // What is not there any more, or another one, is linked.
    rmSync(join(dir, 'program'));
    assert.ok(build());
    assert.ok(first.equals(image()));
    const damaged = Buffer.from(first);
    damaged[damaged.length - 1] ^= 1;
    writeFileSync(join(dir, 'program'), damaged);
    assert.ok(build());
    assert.ok(first.equals(image()));
    // Embedded files, lines, and how it is linked are part of the program.
    write('dep/text', 'other');
    assert.ok(build());
    assert.equal(spawnSync(join(dir, 'program'), { encoding: 'utf8' }).stderr, 'other\n');
    write('dep/dep.go', dep.replace('func F', '\nfunc F'));
    assert.ok(build());
    const run = (): string => tuza('run', '-x', '-exec=cp', '.', 'copy').stderr;
    assert.match(run(), /\/link -o /);
    const copy = readFileSync(join(dir, 'copy'));
    write('dep/dep.go', dep.replace('func F', '\nfunc F').replace('one', 'another'));
    assert.doesNotMatch(run(), /\/link -o /);
    assert.ok(copy.equals(readFileSync(join(dir, 'copy'))));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
