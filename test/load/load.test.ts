import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { FileSet, formatPosition } from '#base/source.ts';
import { nodeHost } from '#host/node.ts';
import { splitQuoted } from '#load/cgo-flags.ts';
import { commentText, synopsis } from '#load/doc.ts';
import { EmbedError, embedPatterns, resolveEmbed } from '#load/embed.ts';
import { defaultExperiments, parseExperiments } from '#load/experiments.ts';
import { constraintsHold } from '#load/header.ts';
import { type LoadedPackage, Loader, type Resolved, type Resolver } from '#load/loader.ts';
import { readPackageFiles } from '#load/package-files.ts';
import { workingPorts } from '#load/platforms.ts';
import { fileNameMatches, makeTarget, tagHolds } from '#load/target.ts';

const host = nodeHost();
const linux = makeTarget('linux', 'amd64', true, ['mytag']);

/** Writes files given as path → text into a temporary directory. */
function tree(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'tuza-load-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

class TreeResolver implements Resolver {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  resolve(path: string): Resolved | string {
    return { path, dir: `${this.root}/${path}`, isStandard: false };
  }
}

function load(root: string, path: string): { loader: Loader; p: LoadedPackage | null; errors: string[] } {
  const set = new FileSet();
  const loader = new Loader(host.files, set, makeTarget('linux', 'amd64', false, []), new TreeResolver(root));
  const p = loader.load(path);
  const errors = loader.errors.map(
    (e) => `${formatPosition(set.position(e.pos)).replace(`${root}/`, '')}: ${e.message}`,
  );
  return { loader, p, errors };
}

test('file names', () => {
  for (const [name, wanted] of [
    ['a.go', true],
    ['linux.go', true],
    ['windows.go', true],
    ['a_windows.go', false],
    ['a_linux_amd64.go', true],
    ['a_linux_arm64_test.go', false],
    ['a_amd64_test.go', true],
    ['a_unix.go', true],
    ['a_windows_x.go', true],
    ['a_linux.pb.go', true],
    ['a_windows.pb.go', false],
  ] as const) {
    assert.equal(fileNameMatches(linux, name), wanted, name);
  }
  assert.equal(fileNameMatches(makeTarget('android', 'arm64', false, []), 'a_linux.go'), true);
});

test('tags', () => {
  for (const tag of [
    'linux',
    'amd64',
    'unix',
    'gc',
    'cgo',
    'go1.1',
    'go1.26',
    'amd64.v1',
    'goexperiment.regabiargs',
    'mytag',
  ]) {
    assert.equal(tagHolds(linux, tag), true, tag);
  }
  for (const tag of ['go1.27', 'amd64.v2', 'gccgo', 'windows', 'race', 'goexperiment.simd', 'boringcrypto', 'go1.0']) {
    assert.equal(tagHolds(linux, tag), false, tag);
  }
  assert.equal(tagHolds({ ...makeTarget('linux', 'arm64', false, []), level: 'v9.1' }, 'arm64.v8.6'), true);
  assert.equal(tagHolds(makeTarget('linux', 'arm', false, []), 'arm.6'), true);
});

test('heads of files', () => {
  const holds = (text: string): boolean => constraintsHold(new TextEncoder().encode(text), (tag) => tag === 'linux');
  assert.equal(holds('//go:build linux\n\npackage p'), true);
  assert.equal(holds('/* c */\n//go:build windows\npackage p'), false);
  assert.equal(holds('// +build windows\n\npackage p'), false);
  assert.equal(holds('// +build windows\npackage p'), true);
  assert.equal(holds('/* c */\n// +build windows\n\npackage p'), true);
  assert.equal(holds('package p\n//go:build windows\n'), true);
  assert.throws(() => holds('//go:build linux\n//go:build linux\n\npackage p'), /multiple/);
});

test('experiments', () => {
  const baseline = ['regabiwrappers', 'regabiargs', 'dwarf5', 'greenteagc', 'randomizedheapbase64'];
  assert.deepEqual(defaultExperiments('linux', 'amd64'), baseline);
  assert.deepEqual(parseExperiments('linux', 'amd64', 'nogreenteagc,arenas'), [
    'regabiwrappers',
    'regabiargs',
    'arenas',
    'dwarf5',
    'randomizedheapbase64',
  ]);
  assert.deepEqual(parseExperiments('linux', 'amd64', 'none'), ['regabiwrappers', 'regabiargs']);
  assert.equal(parseExperiments('linux', 'amd64', 'nosuch'), 'unknown GOEXPERIMENT such');
});

test('files are sorted into kinds', () => {
  const root = tree({
    'p/a.go': '// Package p does it. And more.\npackage p\nimport _ "fmt"\n',
    'p/a_test.go': 'package p\n',
    'p/x_test.go': 'package p_test\n',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: cgo expands it
    'p/c.go': 'package p\n// #cgo LDFLAGS: -lm -L${SRCDIR}/lib\n// #cgo windows LDFLAGS: -lw\nimport "C"\n',
    'p/b_windows.go': 'package p\n',
    'p/_x.go': 'package q\n',
    'p/z_linux.s': '',
    'p/z_arm64.s': '',
    'p/u.S': '',
    'p/doc.go': 'package documentation\n',
    'p/e.go': 'package p\nimport _ "embed"\n//go:embed a "b c" `d`\nvar x string\n',
  });
  const p = readPackageFiles({ files: host.files, fileSet: new FileSet(), target: linux }, `${root}/p`, true);
  const names = (list: readonly { name: string }[]): string[] => list.map((f) => f.name);
  assert.deepEqual(p.errors, []);
  assert.equal(p.doc, 'Package p does it.');
  assert.deepEqual(names(p.goFiles), ['a.go', 'e.go']);
  assert.deepEqual(names(p.cgoFiles), ['c.go']);
  assert.deepEqual(names(p.testGoFiles), ['a_test.go']);
  assert.deepEqual(names(p.xTestGoFiles), ['x_test.go']);
  assert.deepEqual(p.ignoredGoFiles, ['b_windows.go', 'doc.go']);
  assert.deepEqual(p.sFiles, ['u.S', 'z_linux.s']);
  assert.deepEqual(p.ignoredOtherFiles, ['z_arm64.s']);
  assert.deepEqual(p.cgo.ldflags, ['-lm', `-L${root}/p/lib`]);
  assert.deepEqual(p.goFiles[1].embeds, ['a', 'b c', 'd']);
});

test('packages come after what they import, and cycles are told', () => {
  const root = tree({
    'a/a.go': 'package a\nimport (\n\t_ "b"\n\t_ "c"\n)\n',
    'b/b.go': 'package b\nimport _ "c"\n',
    'c/c.go': 'package c\nimport _ "unsafe"\n',
    'x/x.go': 'package x\nimport _ "y"\n',
    'y/y.go': 'package y\nimport _ "x"\n',
    'two/1.go': 'package one\n',
    'two/2.go': 'package two\n',
    'bad/bad.go': 'package bad\nimport _ "a\\x00b"\nimport _ "c d"\n',
  });
  const a = load(root, 'a');
  assert.deepEqual(
    a.loader.ordered.map((p) => p.path),
    ['c', 'b', 'a'],
  );
  assert.equal(a.loader.find('c')?.usesUnsafe, true);
  assert.deepEqual(load(root, 'x').errors, [
    `-: package x\n\timports y from x.go\n\timports x from y.go: import cycle not allowed`,
  ]);
  assert.deepEqual(load(root, 'bad').errors, ['bad/bad.go:2:8: invalid import path: a\u0000b']);
  assert.deepEqual(load(root, 'two').errors, [`-: found packages one (1.go) and two (2.go) in ${root}/two`]);
});

test('embedded files', () => {
  const root = tree({
    'a.txt': '',
    'd/b.txt': '',
    'd/.hidden': '',
    'd/_x/c': '',
    'd/e/f': '',
    'm/go.mod': 'module m',
    'm/x': '',
  });
  const files = (...patterns: string[]): string[] => resolveEmbed(host.files, root, patterns).files;
  assert.deepEqual(files('a.txt', 'd'), ['a.txt', 'd/b.txt', 'd/e/f']);
  assert.deepEqual(files('all:d'), ['d/.hidden', 'd/_x/c', 'd/b.txt', 'd/e/f']);
  assert.deepEqual(files('*/*.txt'), ['d/b.txt']);
  assert.deepEqual(files('d/[a-c]*'), ['d/b.txt']);
  const fails = (pattern: string, message: RegExp): void => {
    assert.throws(
      () => files(pattern),
      (e) => e instanceof EmbedError && message.test(e.message),
    );
  };
  fails('nothing', /no matching files found/);
  fails('../x', /invalid pattern syntax/);
  fails('m/x', /in different module/);
  assert.deepEqual(embedPatterns('go:embed a "b\\tc"'), ['a', 'b\tc']);
  assert.equal(embedPatterns('go:embed "a'), null);
  assert.equal(embedPatterns('go:embedded a'), null);
});

test('documentation', () => {
  assert.equal(commentText('// Package p is.\n//\n//go:generate x\n// More.'), 'Package p is.\n\nMore.\n');
  assert.equal(synopsis('Copyright by me.'), '');
  assert.equal(synopsis('A. B. Clark wrote this.  And that.'), 'A. B. Clark wrote this.');
  assert.deepEqual(splitQuoted(`a b:"c d" 'e''f'  "g\\""`), ['a', 'b:c d', 'ef', 'g"']);
});

test('ports are those of the go command', {
  skip: spawnSync('go', ['version']).status === 0 ? false : 'go is not on PATH',
}, () => {
  const official = spawnSync('go', ['tool', 'dist', 'list'], { encoding: 'utf8' }).stdout.trim().split('\n');
  assert.deepEqual(workingPorts(), official);
});
