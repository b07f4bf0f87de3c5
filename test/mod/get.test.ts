/** `get` and versions on command lines beside the official command: go.mod, go.sum, output and exit status must be the same. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Fixture, type FixtureModule, hasGo } from './fixture.ts';

interface Extra {
  readonly require?: readonly string[];
  readonly go?: string;
  readonly more?: string;
  readonly head?: string;
  readonly files?: Readonly<Record<string, string>>;
}

function m(path: string, version: string, e: Extra = {}): FixtureModule {
  const require = (e.require ?? []).map((r) => `require example.com/${r}\n`).join('');
  const goMod = `${e.head ?? ''}module ${path}\n\ngo ${e.go ?? '1.21'}\n${require}${e.more ?? ''}`;
  const name = path
    .replace(/\/v\d+$/, '')
    .split('/')
    .at(-1);
  return { path, version, files: { 'go.mod': goMod, 'a.go': `package ${name}\n`, ...e.files } };
}

const imports = (name: string, ...paths: string[]): string =>
  `package ${name}\n\n${paths.map((p) => `import _ "example.com/${p}"\n`).join('')}`;

const program = 'package main\n\nimport "os"\n\nfunc main() { println("run", len(os.Args)) }\n';

const modules: readonly FixtureModule[] = [
  m('example.com/a', 'v1.0.0', { require: ['b v1.0.0'], files: { 'a.go': imports('a', 'b') } }),
  m('example.com/a', 'v1.1.0', {
    require: ['b v1.1.0'],
    files: { 'a.go': imports('a', 'b'), 'sub/s.go': 'package sub\n' },
  }),
  m('example.com/a', 'v1.1.1', {
    require: ['b v1.1.0'],
    files: { 'a.go': imports('a', 'b'), 'sub/s.go': 'package sub\n' },
  }),
  m('example.com/a', 'v1.2.0-pre.1', { require: ['b v1.2.0'] }),
  m('example.com/b', 'v1.0.0', { go: '1.16' }),
  m('example.com/b', 'v1.0.1', { go: '1.16' }),
  m('example.com/b', 'v1.1.0', { require: ['c v1.0.0'], files: { 'a.go': imports('b', 'c') } }),
  m('example.com/b', 'v1.2.0', { require: ['c v1.1.0'], files: { 'a.go': imports('b', 'c') } }),
  // The archive does not say that its names are UTF-8.
  m('example.com/c', 'v1.0.0', { files: { 'a_test.go': imports('c', 'testing'), 'α.go': 'package c\n' } }),
  m('example.com/c', 'v1.1.0', { files: { 'a_test.go': imports('c', 'testing') } }),
  m('example.com/testing', 'v0.1.0'),
  m('example.com/testing', 'v0.2.0'),
  m('example.com/old', 'v1.0.0', { head: '// Deprecated: use example.com/new instead.\n' }),
  m('example.com/old', 'v1.1.0', { head: '// Deprecated: use example.com/new instead.\n' }),
  m('example.com/bad', 'v1.0.0'),
  m('example.com/bad', 'v1.1.0'),
  m('example.com/bad', 'v1.2.0', { more: '\n// Loses data.\nretract v1.1.0\nretract v1.2.0\n' }),
  m('example.com/big', 'v1.0.0'),
  m('example.com/big/v2', 'v2.0.0'),
  m('example.com/big/v2', 'v2.0.1'),
  m('example.com/split', 'v1.0.0', { files: { 'inner/i.go': 'package inner\n' } }),
  m('example.com/split', 'v1.1.0'),
  m('example.com/split/inner', 'v1.1.0', { require: ['split v1.1.0'], files: { 'a.go': 'package inner\n' } }),
  m('example.com/tool', 'v1.0.0', {
    files: { 'a.go': 'package tool\n', 'cmd/x/x.go': program },
  }),
  m('example.com/tool', 'v1.1.0', {
    files: { 'a.go': 'package tool\n', 'cmd/x/x.go': program },
  }),
  m('example.com/needs', 'v1.0.0', { go: '1.25.1' }),
  m('example.com/future', 'v1.0.0', { go: '1.99' }),
  m('example.com/remote', 'v1.0.0'),
  m('example.com/remote', 'v1.1.0'),
  m('example.com/replaces', 'v1.0.0', { more: '\nreplace example.com/a => ./a\n', files: { 'a.go': program } }),
];

const fixture = new Fixture(modules);
after(() => fixture.remove());

interface Case {
  readonly name: string;
  /** How many of the first commands find the proxy; all if left out. */
  readonly online?: number;
  readonly go?: string;
  readonly require?: readonly string[];
  readonly more?: string;
  readonly imports?: readonly string[];
  readonly commands: readonly string[];
}

const cases: readonly Case[] = [
  {
    name: 'a module that is added, changed and removed',
    commands: ['get example.com/a', 'get example.com/a@v1.0.0', 'get example.com/a@none'],
  },
  {
    name: 'go 1.16',
    go: '1.16',
    imports: ['a'],
    commands: ['get example.com/a@v1.0', 'get -u', 'get go@1.20', 'get example.com/b@v1.0.0'],
  },
  {
    name: 'queries',
    require: ['a v1.0.0'],
    imports: ['a'],
    commands: [
      'get example.com/a@<v1.1.1',
      'get example.com/a@patch',
      'get example.com/a@>v1.1.1',
      'get example.com/a@upgrade',
      'get example.com/a@latest',
      'get example.com/a@v2',
      'get example.com/a@>=v9',
      'get example.com/a@<=v1.1',
      'get example.com/a@<x',
      'get example.com/b@patch example.com/none@patch',
    ],
  },
  {
    name: 'upgrades of all that is imported',
    require: ['a v1.0.0'],
    imports: ['a', 'old'],
    commands: ['get -u ./...', 'get -u -t ./...', 'get -u=patch -t ./...'],
  },
  {
    name: 'patches',
    require: ['a v1.1.0', 'b v1.1.0'],
    imports: ['a'],
    commands: ['get -u=patch .', 'get example.com/b@patch'],
  },
  {
    name: 'conflicts',
    require: ['a v1.1.0'],
    imports: ['a'],
    commands: [
      'get example.com/a@v1.1.0 example.com/b@v1.0.0',
      'get example.com/a@v1.0.0 example.com/a@v1.1.0',
      'get example.com/b@none',
      'get example.com/c@none example.com/a@v1.1.1',
    ],
  },
  {
    name: 'deprecated and retracted',
    commands: [
      'get example.com/old@v1.0.0',
      'get example.com/bad',
      'get example.com/bad@v1.1.0',
      'get example.com/bad@latest',
      'list -m -u all',
      'list -m -versions example.com/bad',
      'list -m -retracted -versions example.com/bad',
      'list -m -retracted -json example.com/bad@v1.2.0',
      'list -m -u -json example.com/old',
    ],
  },
  {
    name: 'packages in one module or another',
    commands: [
      'get example.com/split/inner@v1.0.0',
      'get example.com/split@v1.1.0',
      'get example.com/split/inner@latest',
    ],
  },
  {
    name: 'major versions',
    commands: [
      'get example.com/big',
      'get example.com/big/v2@v2.0.0',
      'get example.com/big@v2.0.0',
      'get example.com/big/...@latest',
      'get example.com/big/v2@v1',
    ],
  },
  {
    name: 'what is not there',
    commands: [
      'get example.com/nowhere',
      'get example.com/a/nowhere',
      'get example.com/a@v9.9.9',
      'get example.com/a@main',
      'get nodot/x',
      'get fmt@v1.0.0',
      'get fmt',
      'get example.com/a@',
      'get example.com/a@v1@v2',
      'get ./nowhere',
      'get /nowhere',
      'get x.go',
      'get example.com/main@latest',
      'get example.com/main@none',
      'get all@none',
      'get cmd@latest',
      'get tool@latest',
      'get -u=some .',
      'get -m',
      'get go@none',
      'get .../x',
      'get example.com/...@none',
      'get example.com/nowhere/...',
    ],
  },
  { name: 'imports that are missing', imports: ['a', 'old', 'nowhere'], commands: ['get', 'get ./...', 'get -t .'] },
  {
    name: 'tools',
    imports: ['a'],
    commands: [
      'get -tool example.com/tool/cmd/x@v1.0.0',
      'get tool',
      'list tool',
      'get -tool example.com/tool/cmd/x@none',
      'get -tool all',
      'get example.com/tool@none',
    ],
  },
  {
    name: 'language version and toolchain',
    go: '1.21',
    commands: [
      'get go@1.22',
      'get toolchain@go1.26.8',
      'get go@1.26.8',
      'get toolchain@none',
      'get go@1.21 toolchain@none',
      'get go@1.20',
      'get toolchain@go1.25.0 go@1.24',
      'get go@1.99',
      'get example.com/needs',
      'get go@1.22',
      'get example.com/future',
    ],
  },
  {
    name: 'replaced',
    require: ['b v1.0.0'],
    more: 'replace example.com/a => ./a\nreplace example.com/x => example.com/c v1.1.0\n',
    imports: ['a', 'x'],
    commands: ['get', 'get example.com/a@latest', 'get example.com/x'],
  },
  {
    name: 'without a proxy',
    require: ['remote v1.0.0'],
    imports: ['remote'],
    online: 1,
    commands: [
      'list -m all',
      'get example.com/remote@v1.0.0',
      'build -mod=mod',
      'mod tidy',
      'mod vendor',
      'mod download',
      'get example.com/remote@latest',
      'get example.com/remote@v1.1.0',
      'get example.com/remote@v1',
      'get example.com/elsewhere',
      'list -m example.com/remote@latest',
      'list -m -versions example.com/remote',
      'list -m -u all',
    ],
  },
  {
    name: 'excluded',
    more: 'exclude example.com/a v1.1.1\n',
    imports: ['a'],
    commands: ['get example.com/a', 'get example.com/a@v1.1.1', 'get -u'],
  },
  {
    name: 'versions of modules',
    require: ['a v1.0.0', 'old v1.0.0'],
    imports: ['a', 'old'],
    commands: [
      'mod download',
      'list -m -u -f={{.}} example.com/a',
      'list -m example.com/...',
      'list -m example.com/x',
      'list -m example.com/a@v1.0',
      'list -m -e example.com/a@v7 example.com/b',
      'list -m nothing/...',
      'list -m -versions example.com/big',
      'list -m -u -json all',
      'list -m ./x',
    ],
  },
  {
    name: 'packages with versions',
    require: ['tool v1.0.0'],
    more: '\ntool example.com/tool/cmd/x\n',
    commands: [
      'run example.com/tool/cmd/x@latest argument',
      'run example.com/tool/cmd/x@',
      'run example.com/tool/cmd/x@v7',
      'run example.com/tool@v1.0.0',
      'run example.com/nowhere@latest',
      'run -modfile=go.mod example.com/tool/cmd/x@latest',
      'install fmt@v1.0.0',
      'install std@v1.0.0',
      'install example.com/tool/cmd/x@v1.0.0 ./x@v1.0.0',
      'install example.com//tool/cmd/x@v1.0.0',
      'install example.com/tool/cmd/x@v1.0.0 example.com/a@latest',
      'install example.com/tool/cmd/x@v1.0.0 example.com/a@v1.0.0',
      'install example.com/tool@v1.0.0',
      'install example.com/tool/no...@v1.0.0',
      'install example.com/replaces@v1.0.0',
      'install example.com/future@v1.0.0',
      'get example.com/tool/cmd/x@v1.0.0',
      'tool x argument',
      'tool example.com/tool/cmd/x',
      'tool nowhere',
    ],
  },
];

const files = ['go.mod', 'go.sum'];

function play(program: 'go' | 'tuza', c: Case): unknown {
  rmSync(join(fixture.dir, 'main'), { recursive: true, force: true });
  const require = (c.require ?? []).map((r) => `require example.com/${r}\n`).join('');
  fixture.write('main/go.mod', `module example.com/main\n\ngo ${c.go ?? '1.21'}\n\n${require}${c.more ?? ''}`);
  fixture.write('main/main.go', imports('main', ...(c.imports ?? [])));
  fixture.write('main/a/go.mod', 'module example.com/a\n\ngo 1.21\n\nrequire example.com/b v1.2.0\n');
  fixture.write('main/a/a.go', imports('a', 'b'));
  return c.commands.map((command, i) => {
    const args = command.split(' ');
    const isOnline = c.online === undefined || i < c.online;
    const r = isOnline ? fixture.run(program, ...args) : fixture.runFrom('off', program, ...args);
    const lines = r.stderr.split('\n');
    const isDownload = (l: string): boolean => l.startsWith('go: downloading ');
    const after = files
      .map((f) => join(fixture.dir, 'main', f))
      .map((f) => (existsSync(f) ? readFileSync(f, 'utf8') : ''));
    return {
      command,
      status: r.status,
      stdout: r.stdout,
      stderr: lines.filter((l) => !isDownload(l)).join('\n'),
      downloads: lines.filter(isDownload).sort(),
      after,
    };
  });
}

for (const c of cases)
  test(`get: ${c.name}`, { skip: hasGo ? false : 'go is not on PATH' }, () => {
    assert.deepEqual(play('tuza', c), play('go', c));
  });
