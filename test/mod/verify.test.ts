/** What one command leaves in the module cache and in go.sum, the other one trusts; what somebody has changed, both refuse in the same words. */
import assert from 'node:assert/strict';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { Fixture, type FixtureModule, hasGo, zip } from './fixture.ts';

const m = (path: string, version: string, requires = ''): FixtureModule => ({
  path,
  version,
  files: {
    'go.mod': `module ${path}\n\ngo 1.20\n${requires}`,
    'a.go': `package a\n\nconst Version = "${version}"\n`,
    'sub/b.go': 'package sub\n',
  },
});

const fixture = new Fixture([
  m('example.com/a', 'v1.0.0', '\nrequire example.com/b v1.0.0\n'),
  m('example.com/b', 'v1.0.0'),
]);
after(() => fixture.remove());
const skip = hasGo ? false : 'go is not on PATH';
const path = (name: string): string => join(fixture.dir, name);
const programs = ['tuza', 'go'] as const;

beforeEach(() => {
  for (const p of programs) rmSync(path(`cache-${p}`), { recursive: true, force: true });
  rmSync(path('main'), { recursive: true, force: true });
  fixture.write('main/go.mod', 'module example.com/main\n\ngo 1.20\n');
  fixture.write(
    'main/main.go',
    'package main\n\nimport (\n\t"example.com/a"\n\t_ "example.com/b/sub"\n)\n\nfunc main() { println(a.Version) }\n',
  );
});

for (const [first, second] of [programs, [...programs].reverse()] as const)
  test(`${second} trusts what ${first} has written`, { skip }, () => {
    assert.equal(fixture.run(first, 'mod', 'tidy').status, 0);
    assert.equal(fixture.run(first, 'mod', 'download').status, 0);
    const written = ['main/go.mod', 'main/go.sum'].map((f) => readFileSync(path(f), 'utf8'));
    renameSync(path(`cache-${first}`), path(`cache-${second}`));
    // Nothing is there that could be downloaded.
    renameSync(fixture.proxy, `${fixture.proxy}-gone`);
    try {
      assert.deepEqual(fixture.run(second, 'mod', 'verify'), {
        status: 0,
        stdout: 'all modules verified\n',
        stderr: '',
      });
      assert.equal(fixture.run(second, 'list', '-deps', './...').status, 0);
      assert.deepEqual(fixture.run(second, 'mod', 'tidy'), { status: 0, stdout: '', stderr: '' });
      assert.deepEqual(
        ['main/go.mod', 'main/go.sum'].map((f) => readFileSync(path(f), 'utf8')),
        written,
      );
    } finally {
      renameSync(`${fixture.proxy}-gone`, fixture.proxy);
    }
  });

/** Changes a file of the proxy while both commands run. */
function withChanged(name: string, change: (data: Buffer) => Uint8Array | string, run: () => void): void {
  const file = join(fixture.proxy, name);
  const good = readFileSync(file);
  writeFileSync(file, change(good));
  try {
    run();
  } finally {
    writeFileSync(file, good);
  }
}

/** The outcome of both commands, from the same files and empty caches. */
function outcomes(...args: string[]): ReturnType<Fixture['run']>[] {
  const sum = readFileSync(path('main/go.sum'));
  return programs.map((p) => {
    writeFileSync(path('main/go.sum'), sum);
    rmSync(path(`cache-${p}`), { recursive: true, force: true });
    const r = fixture.run(p, ...args);
    // Downloads run side by side.
    return { ...r, stderr: r.stderr.replace(/^go: downloading .*\n/gm, '') };
  });
}

const commands = [
  ['mod', 'download', 'example.com/a'],
  ['mod', 'tidy'],
  ['list', '-deps', './...'],
  ['mod', 'vendor'],
];

for (const args of commands) {
  test(`one byte of a zip is another: ${args.join(' ')}`, { skip }, () => {
    assert.equal(fixture.run('go', 'mod', 'tidy').status, 0);
    const evil = zip([
      ['example.com/a@v1.0.0/go.mod', 'module example.com/a\n\ngo 1.20\n\nrequire example.com/b v1.0.0\n'],
      ['example.com/a@v1.0.0/a.go', 'package a\n\nconst Version = "v1.0.1"\n'],
      ['example.com/a@v1.0.0/sub/b.go', 'package sub\n'],
    ]);
    withChanged(
      'example.com/a/@v/v1.0.0.zip',
      () => evil,
      () => {
        const [ours, theirs] = outcomes(...args);
        assert.deepEqual(ours, theirs);
        assert.equal(ours.status, 1);
        assert.match(ours.stderr, /SECURITY ERROR/);
      },
    );
  });

  test(`a go.mod file of the proxy is another: ${args.join(' ')}`, { skip }, () => {
    assert.equal(fixture.run('go', 'mod', 'tidy').status, 0);
    withChanged(
      'example.com/a/@v/v1.0.0.mod',
      () => 'module example.com/a\n',
      () => {
        const [ours, theirs] = outcomes(...args);
        assert.deepEqual(ours, theirs);
        assert.equal(ours.status, 1);
        assert.match(ours.stderr, /SECURITY ERROR/);
      },
    );
  });
}

test('a wrong line in go.sum ends every command', { skip }, () => {
  assert.equal(fixture.run('go', 'mod', 'tidy').status, 0);
  const sum = readFileSync(path('main/go.sum'), 'utf8');
  writeFileSync(path('main/go.sum'), sum.replace(/^(example.com\/a v1.0.0 h1:)..../m, '$1AAAA'));
  for (const args of commands) {
    const [ours, theirs] = outcomes(...args);
    assert.deepEqual(ours, theirs, args.join(' '));
    assert.equal(ours.status, 1);
  }
});
