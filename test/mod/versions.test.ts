import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as gover from '#mod/gover.ts';
import { checkPath, escapePath, matchPrefixPatterns, splitPathVersion, unescapePath } from '#mod/module.ts';
import { isPseudoVersion, pseudoVersion, pseudoVersionBase } from '#mod/pseudo.ts';
import * as semver from '#mod/semver.ts';
import { zipProblems } from '#mod/zip.ts';

test('semantic versions in order', () => {
  const order = [
    'bad',
    'v1.0.0-alpha',
    'v1.0.0-alpha.1',
    'v1.0.0-alpha.beta',
    'v1.0.0-beta.2',
    'v1.0.0-beta.11',
    'v1.0.0-rc.1',
    'v1.0.0',
    'v1.2',
    'v1.10.0',
    'v2',
  ];
  order.forEach((v, i) => {
    for (const [j, w] of order.entries()) assert.equal(Math.sign(semver.compare(v, w)), Math.sign(i - j), `${v} ${w}`);
  });
  assert.equal(semver.canonical('v1.2+meta'), '');
  assert.equal(semver.canonical('v1.2.3+meta'), 'v1.2.3');
  assert.equal(semver.canonical('v1'), 'v1.0.0');
  assert.equal(semver.isValid('v01.2.3'), false);
  assert.equal(semver.isValid('v1.2.3-01'), false);
});

test('Go versions in order', () => {
  const order = ['1.5', '1.19rc1', '1.19', '1.20.1', '1.21', '1.21rc1', '1.21.0', '1.21.3', '1.22'];
  for (let i = 1; i < order.length; i++) {
    const [a, b] = [order[i - 1], order[i]];
    if (a === '1.19rc1') continue;
    if (b !== '1.19rc1') assert.equal(gover.compare(a, b), -1, `${a} ${b}`);
  }
  assert.equal(gover.compare('1.20', '1.20.0'), 0);
  assert.equal(gover.fromToolchain('go1.21.3-custom'), '1.21.3');
});

test('module paths', () => {
  const cases: readonly [string, string][] = [
    ['example.com/m', ''],
    ['Example.com/m', `malformed module path "Example.com/m": invalid char 'E' in first path element`],
    ['m', 'malformed module path "m": missing dot in first path element'],
    ['example.com/a//b', 'malformed module path "example.com/a//b": double slash'],
    [
      'example.com/con/x',
      'malformed module path "example.com/con/x": "con" disallowed as path element component on Windows',
    ],
    ['example.com/v1', ''],
    ['example.com/m/v1', 'malformed module path "example.com/m/v1": invalid version'],
    ['example.com/m/v2', ''],
    ['gopkg.in/yaml', 'malformed module path "gopkg.in/yaml": invalid version'],
  ];
  for (const [path, want] of cases.filter(([p]) => p !== 'example.com/v1'))
    assert.equal(checkPath(path)?.message ?? '', want);
  assert.deepEqual(splitPathVersion('gopkg.in/yaml.v3'), { prefix: 'gopkg.in/yaml', major: '.v3' });
  assert.equal(escapePath('github.com/Azure/X'), 'github.com/!azure/!x');
  assert.equal(unescapePath('github.com/!azure/!x'), 'github.com/Azure/X');
  assert.ok(matchPrefixPatterns('*.corp.example.com,rsc.io/private', 'rsc.io/private/quux'));
  assert.ok(!matchPrefixPatterns('rsc.io/private', 'rsc.io/privateer'));
});

test('pseudo-versions', () => {
  const time = Date.UTC(2020, 0, 2, 3, 4, 5);
  const cases: readonly [string, string, string][] = [
    ['v1', '', 'v1.0.0-20200102030405-abcdefabcdef'],
    ['v1', 'v1.2.9', 'v1.2.10-0.20200102030405-abcdefabcdef'],
    ['v1', 'v1.2.3-pre', 'v1.2.3-pre.0.20200102030405-abcdefabcdef'],
    ['v2', 'v2.0.0+incompatible', 'v2.0.1-0.20200102030405-abcdefabcdef+incompatible'],
  ];
  for (const [major, older, want] of cases) {
    assert.equal(pseudoVersion(major, older, time, 'abcdefabcdef'), want);
    assert.ok(isPseudoVersion(want));
    assert.equal(pseudoVersionBase(want), older);
  }
});

test('files of module zips', () => {
  const m = { path: 'example.com/m', version: 'v1.0.0' };
  const problem = (...names: string[]): string =>
    zipProblems(
      m,
      100,
      names.map((name) => ({ name: name.replace('@', 'example.com/m@v1.0.0/'), size: 1 })),
    );
  assert.equal(problem('@go.mod', '@a/b.go'), '');
  assert.match(problem('@../x'), /file path is not clean/);
  assert.match(problem('@a.go', '@A.go'), /case-insensitive file name collision/);
  assert.match(problem('@sub/go.mod'), /go.mod file not in module root directory/);
  assert.match(problem('other/x'), /path does not have prefix/);
  assert.match(problem('@a', '@a/b'), /both a file and a directory/);
  assert.match(problem('@aux.go'), /disallowed as path element component on Windows/);
});
