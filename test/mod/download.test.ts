/** Modules from a file:// proxy: graph, downloads, go.sum and the cache beside the official command; and what must be refused. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { Fixture, type FixtureModule, hasGo, zip } from './fixture.ts';

const m = (path: string, version: string, requires = '', go = '1.17'): FixtureModule => ({
  path,
  version,
  files: { 'go.mod': `module ${path}\n\ngo ${go}\n${requires}`, 'a.go': `package a // ${version}\n` },
});

const modules: readonly FixtureModule[] = [
  m('example.com/a', 'v1.0.0', '\nrequire example.com/b v1.0.0\n'),
  m('example.com/a', 'v1.1.0', '\nrequire example.com/b v1.1.0\n'),
  m('example.com/b', 'v1.0.0', '\nrequire example.com/Old v1.0.0\n', '1.17'),
  m('example.com/b', 'v1.1.0', '\nrequire example.com/Old v1.1.0\n', '1.16'),
  m('example.com/Old', 'v1.0.0', '\nrequire example.com/deep v1.0.0\n', '1.12'),
  m('example.com/Old', 'v1.1.0', '\nrequire example.com/deep v1.1.0\n', '1.12'),
  m('example.com/deep', 'v1.0.0', '', '1.12'),
  m('example.com/deep', 'v1.1.0', '', '1.12'),
];

const fixture = new Fixture(modules);
after(() => fixture.remove());
const goMod = (go: string): string =>
  `module example.com/main\n\ngo ${go}\n\nrequire (\n\texample.com/a v1.0.0\n\texample.com/b v1.1.0\n)\n`;
const sumFile = join(fixture.dir, 'main/go.sum');
const skip = hasGo ? false : 'go is not on PATH';

beforeEach(() => {
  fixture.write(
    'main/main.go',
    'package main\n\nimport (\n\t_ "example.com/a"\n\t_ "example.com/nowhere"\n)\n\nfunc main() {}\n',
  );
  rmSync(sumFile, { force: true });
  for (const p of ['go', 'tuza']) rmSync(join(fixture.dir, `cache-${p}`), { recursive: true, force: true });
});

for (const go of ['1.17', '1.21', '1.22.1']) {
  test(`graph, downloads and go.sum at go ${go}`, { skip }, () => {
    fixture.write('main/go.mod', goMod(go));
    const commands = [
      ['mod', 'graph'],
      ['mod', 'download', 'all'],
      ['list', '-m', 'all'],
      ['list', '-m', '-json', 'all'],
      ['mod', 'verify'],
    ];
    commands.push(
      ['list', 'example.com/nowhere'],
      ['list', '-m', '-versions', 'example.com/a'],
      ['mod', 'download', '-json', 'example.com/a@latest'],
    );
    const results = (['tuza', 'go'] as const).map((program) => {
      rmSync(sumFile, { force: true });
      const out = commands.map((c) => fixture.run(program, ...c));
      return { out, sum: readFileSync(sumFile, 'utf8'), files: tree(join(fixture.dir, `cache-${program}/pkg/mod`)) };
    });
    assert.deepEqual(results[0], results[1]);
  });
}

function tree(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((f) => !f.endsWith('.lock'))
    .sort();
}

test('a module without its hash in go.sum is told', { skip }, () => {
  fixture.write('main/go.mod', goMod('1.21'));
  for (const args of [
    ['list', '-m', 'all'],
    ['list', 'example.com/a'],
  ])
    assert.deepEqual(fixture.run('tuza', ...args), fixture.run('go', ...args));
});

test('a wrong line in go.sum', { skip }, () => {
  fixture.write('main/go.mod', goMod('1.21'));
  fixture.run('tuza', 'mod', 'download', 'all');
  const sum = readFileSync(sumFile, 'utf8').replace(/^(example.com\/a v1.0.0 h1:)..../m, '$1AAAA');
  rmSync(join(fixture.dir, 'cache-tuza'), { recursive: true, force: true });
  writeFileSync(sumFile, sum);
  const ours = fixture.run('tuza', 'mod', 'download', 'all');
  writeFileSync(sumFile, sum);
  const theirs = fixture.run('go', 'mod', 'download', 'all');
  assert.equal(ours.status, 1);
  assert.match(ours.stderr, /SECURITY ERROR/);
  assert.equal(theirs.status, 1);
});

test('a changed byte in a cached zip', () => {
  fixture.write('main/go.mod', goMod('1.21'));
  fixture.run('tuza', 'mod', 'download', 'all');
  const path = join(fixture.dir, 'cache-tuza/pkg/mod/cache/download/example.com/a/@v/v1.0.0.zip');
  writeFileSync(path, zip([['example.com/a@v1.0.0/a.go', 'package evil\n']]));
  const r = fixture.run('tuza', 'mod', 'verify');
  assert.equal(r.status, 1);
  assert.match(r.stderr, /example.com\/a v1.0.0: zip has been modified/);
});

test('a proxy that lies', () => {
  fixture.write('main/go.mod', goMod('1.21'));
  const path = join(fixture.proxy, 'example.com/a/@v/v1.0.0.zip');
  const good = readFileSync(path);
  try {
    writeFileSync(path, zip([['example.com/other@v1.0.0/a.go', 'package a\n']]));
    const r = fixture.run('tuza', 'mod', 'download', 'example.com/a');
    assert.equal(r.status, 1);
    assert.match(r.stderr, /zip for example.com\/a@v1.0.0 has unexpected file/);
    writeFileSync(path, zip([['example.com/a@v1.0.0/../../x', 'package a\n']]));
    assert.equal(fixture.run('tuza', 'mod', 'download', 'example.com/a').status, 1);
  } finally {
    writeFileSync(path, good);
  }
});
