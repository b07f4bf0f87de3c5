/** mod tidy, vendor and why beside the official command: the same go.mod, go.sum, modules.txt, vendor directory and output. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Fixture, type FixtureModule, hasGo } from './fixture.ts';

/** A module of packages: by directory ("" is its root) the paths that they import; "x_test" are the imports of tests. */
function m(
  path: string,
  version: string,
  go: string,
  requires: string,
  packages: Record<string, string[]>,
): FixtureModule {
  const files: Record<string, string> = {
    'go.mod': `module ${path}\n\n${go === '' ? '' : `go ${go}\n`}${requires}`,
    LICENSE: 'free\n',
  };
  for (const [key, imports] of Object.entries(packages)) {
    const isTest = key.endsWith('_test');
    const dir = isTest ? key.slice(0, -'_test'.length) : key;
    const name = `${dir === '' ? '' : `${dir}/`}${isTest ? 'a_test.go' : 'a.go'}`;
    files[name] = `package a\n\n${imports.map((i) => `import _ "${i}"\n`).join('')}`;
  }
  return { path, version, files };
}

const modules: readonly FixtureModule[] = [
  m('example.com/a', 'v1.0.0', '1.17', '\nrequire example.com/b v1.0.0\n', {
    '': ['example.com/b'],
    sub: [],
    _test: ['example.com/t'],
  }),
  m('example.com/a', 'v1.1.0', '1.21', '\nrequire example.com/b v1.1.0\n\nrequire example.com/t v1.0.0\n', {
    '': ['example.com/b/x'],
    sub: ['fmt'],
    _test: ['example.com/t'],
  }),
  m('example.com/b', 'v1.0.0', '1.16', '\nrequire example.com/c v1.0.0\n', { '': ['example.com/c'], x: [] }),
  m('example.com/b', 'v1.1.0', '1.16', '\nrequire example.com/c v1.1.0\n', {
    '': ['example.com/c'],
    x: ['example.com/c/y'],
  }),
  m('example.com/c', 'v1.0.0', '', '', { '': [] }),
  m('example.com/c', 'v1.1.0', '', '', { '': [], y: [] }),
  m('example.com/c/v2', 'v2.0.0', '1.24.0', '', { '': [] }),
  m('example.com/t', 'v1.0.0', '1.18', '', { '': [] }),
  m('example.com/t', 'v1.2.0', '1.18', '', { '': [], new: [] }),
  m('example.com/tool', 'v0.3.0', '1.20', '', { '': [], cmd: [] }),
  m('example.com/retracted', 'v1.0.0', '1.20', '', { '': [] }),
  m('example.com/retracted', 'v1.1.0', '1.20', '\nretract v1.1.0 // broken\n', { '': [] }),
];

interface Case {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly commands: readonly (readonly string[])[];
}

const imports = (...paths: string[]): string =>
  `package main\n\n${paths.map((p) => `import _ "${p}"\n`).join('')}\nfunc main() {}\n`;

const tidy: readonly string[] = ['mod', 'tidy'];
const all: readonly (readonly string[])[] = [
  tidy,
  ['mod', 'vendor', '-v'],
  ['mod', 'why', 'example.com/c', 'example.com/t', 'fmt'],
  ['mod', 'why', '-m', 'example.com/b', 'example.com/none'],
];
const cases: readonly Case[] = [
  ...['', '1.15', '1.16', '1.17', '1.20', '1.21', '1.24'].map((go) => ({
    name: `missing modules, go ${go}`,
    files: {
      'go.mod': `module example.com/main\n${go === '' ? '' : `\ngo ${go}\n`}`,
      'main.go': imports('example.com/a', 'example.com/b'),
    },
    commands: all,
  })),
  {
    name: 'unused modules and wrong comments',
    files: {
      'go.mod':
        'module example.com/main\n\ngo 1.21\n\nrequire (\n\texample.com/a v1.0.0 // indirect\n\texample.com/t v1.0.0 // kept: why\n\texample.com/tool v0.3.0\n)\n',
      'main.go': imports('example.com/a/sub'),
      'main_test.go': 'package main\n\nimport _ "example.com/t"\n',
    },
    commands: [['mod', 'tidy', '-diff'], ['mod', 'tidy', '-v'], ...all.slice(1)],
  },
  {
    name: 'a dependency that needs a newer language raises the go line',
    files: { 'go.mod': 'module example.com/main\n\ngo 1.21.0\n', 'main.go': imports('example.com/c/v2') },
    commands: all.slice(0, 2),
  },
  {
    name: 'tools, ignored directories, replaced and excluded modules',
    files: {
      'go.mod':
        'module example.com/main\n\ngo 1.25\n\ntool example.com/tool/cmd\n\nignore ./left\n\nexclude example.com/a v1.1.0\n\nreplace example.com/local => ./local\n\nreplace example.com/c v1.0.0 => example.com/c v1.1.0\n',
      'main.go': imports('example.com/local', 'example.com/a', 'example.com/retracted'),
      'left/a.go': imports('example.com/nowhere'),
      'local/go.mod': 'module example.com/local\n',
      'local/a.go': 'package local\n',
    },
    commands: [...all, ['mod', 'graph'], ['list', '-m', 'all']],
  },
  {
    name: 'packages that no module has',
    files: {
      'go.mod': 'module example.com/main\n\ngo 1.21\n',
      'main.go': imports('example.com/none/x', 'example.com/a/none', 'nothing', './relative', 'example.com/main/gone'),
    },
    commands: [tidy, ['mod', 'tidy', '-e'], ['mod', 'vendor'], ['mod', 'vendor', '-e']],
  },
  {
    name: 'versions that do not go together',
    files: { 'go.mod': 'module example.com/main\n\ngo 1.17\n', 'main.go': imports('example.com/b') },
    commands: [
      ['mod', 'tidy', '-go=1.16'],
      ['mod', 'tidy', '-go=1.17', '-compat=1.16'],
      ['mod', 'tidy', '-go=1.99'],
      ['mod', 'tidy', '-compat=x'],
      ['mod', 'tidy', 'x'],
      ['mod', 'graph', '-go=1.16'],
      ['mod', 'graph', '-go=1.21'],
    ],
  },
  {
    name: 'an output directory, embedded files, files of other systems',
    files: {
      'go.mod': 'module example.com/main\n\ngo 1.22\n\nrequire example.com/e v1.0.0\n\nreplace example.com/e => ./e\n',
      'main.go': imports('example.com/e'),
      'e/go.mod': 'module example.com/e\n\ngo 1.20\n',
      'e/e.go': 'package e\n\nimport _ "embed"\n\n//go:embed data/*.txt\nvar S string\n',
      'e/e_windows.go': 'package e\n\nimport _ "example.com/t"\n',
      'e/ignored.go': '//go:build ignore\n\npackage e\n\nimport _ "example.com/nowhere"\n',
      'e/e_test.go': 'package e\n\nimport _ "example.com/tool"\n',
      'e/data/a.txt': 'a\n',
      'e/NOTICE': 'n\n',
      'e/asm.s': '\n',
    },
    commands: [
      tidy,
      ['mod', 'vendor', '-o', 'out'],
      ['mod', 'vendor'],
      ['mod', 'why', '-vendor', 'example.com/t', 'example.com/tool'],
      ['mod', 'verify'],
    ],
  },
];

const skip = hasGo ? false : 'go is not on PATH';
const fixture = new Fixture(modules);
after(() => fixture.remove());
const mainDir = join(fixture.dir, 'main');

for (const c of cases) {
  test(c.name, { skip }, () => {
    const results = (['tuza', 'go'] as const).map((program) => {
      rmSync(mainDir, { recursive: true, force: true });
      for (const [name, text] of Object.entries(c.files)) fixture.write(`main/${name}`, text);
      return c.commands.map((args) => {
        const out = fixture.run(program, ...args);
        // Downloads are told as they come.
        const stderr = out.stderr.split('\n').filter((l) => !/^go: (?:downloading|finding|found) /.test(l));
        const found = out.stderr
          .split('\n')
          .filter((l) => /^go: found /.test(l))
          .sort();
        return { args, status: out.status, stdout: out.stdout, stderr, found, files: snapshot(mainDir) };
      });
    });
    for (const [i, step] of results[0].entries()) assert.deepEqual(step, results[1][i]);
  });
}

/** The text of all files of a directory. */
function snapshot(dir: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(dir, name);
    if (existsSync(path) && statSync(path).isFile()) files[name] = readFileSync(path, 'utf8');
  }
  return files;
}
