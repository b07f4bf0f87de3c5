/** The index of packages: builds with it are those without; -why tells what has changed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { root } from '../compile/tree.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** What the index has to find again: methods apart from their type, aliases, constants with iota, linknames, several files. */
const files: Readonly<Record<string, string>> = {
  'go.mod': 'module example.com/w\n\ngo 1.26\n',
  'main.go':
    'package main\n\nimport "example.com/w/dep"\n\nfunc main() {\n\tvar t dep.T = dep.B\n\tprintln(t.Double(), dep.Alias(3).Double(), dep.Name)\n}\n',
  'dep/type.go': 'package dep\n\ntype T int\n\ntype Alias = T\n\nconst (\n\tA T = iota\n\tB\n)\n\nvar Name = name()\n',
  'dep/methods.go': 'package dep\n\n// Double doubles.\nfunc (t T) Double() T { return 2 * t }\n',
  'dep/name.go': 'package dep\n\nfunc name() string { return "dep" }\n',
};

const old = new Date(Date.now() - 3600_000);

function write(dir: string, name: string, text: string): void {
  const path = join(dir, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  // Files that have just been written are compared by their contents every time.
  utimesSync(path, old, old);
}

test('packages from the index', { skip: root === null ? 'no Go tree' : false }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'tuza-index-'));
  try {
    for (const [name, text] of Object.entries(files)) write(dir, name, text);
    const build = (cache: string, output: string): string => {
      const env = { ...process.env, GOCACHE: join(dir, cache), GOFLAGS: '', GOWORK: 'off' };
      const args = [main, 'build', '-why', '-o', join(dir, output), '.'];
      const r = spawnSync(process.execPath, args, { cwd: dir, env, encoding: 'utf8' });
      assert.equal(r.status, 0, r.stderr);
      const lines = r.stderr.split('\n').filter((l) => l.startsWith('example.com/w') || / runtime: /.test(` ${l}`));
      return lines.sort().join('\n');
    };
    const run = (output: string): string => spawnSync(join(dir, output), { encoding: 'utf8' }).stderr;
    const twice = 'nothing has changed, but programs are compiled every time';
    assert.match(build('shared', 'first'), /^example.com\/w: compiled: it has not been compiled before$/m);
    assert.equal(run('first'), '2 6 dep\n');
    assert.equal(
      build('shared', 'second'),
      `example.com/w/dep: in the cache\nexample.com/w: compiled: ${twice}\nruntime: in the cache`,
    );
    assert.ok(readFileSync(join(dir, 'first')).equals(readFileSync(join(dir, 'second'))));
    // The main package asks for what nobody has asked for before.
    write(dir, 'main.go', (files['main.go'] ?? '').replace('t.Double()', 't.Double()*dep.A'));
    assert.match(build('shared', 'third'), /^example.com\/w: compiled: main.go has changed$/m);
    assert.equal(run('third'), '0 6 dep\n');
    write(dir, 'dep/methods.go', (files['dep/methods.go'] ?? '').replace('2 * t', '5 * t'));
    write(dir, 'dep/more.go', 'package dep\n');
    assert.match(build('shared', 'fourth'), /^example.com\/w\/dep: compiled: methods.go has changed, more.go is new$/m);
    assert.equal(run('fourth'), '0 15 dep\n');
    build('empty', 'alone');
    assert.ok(readFileSync(join(dir, 'fourth')).equals(readFileSync(join(dir, 'alone'))));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
