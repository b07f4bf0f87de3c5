/** Wrong programs: `tuza build` and `tuza run` print what the official commands print, and exit with the same status. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { main } from '../command.ts';

const hasGo = spawnSync('go', ['version']).status === 0;

interface Case {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

const file = (name: string, source: string, command = 'build'): Case => ({
  name,
  files: { 'x.go': source },
  args: [command, 'x.go'],
});

const calls = (n: number): string => 'f()\n'.repeat(n);

const cases: readonly Case[] = [
  file('types', 'package main\nfunc main() {\n\tvar a int = "s"\n\tb := 1\n\treturn 2\n}\n'),
  file('syntax errors only', 'package main\nfunc main() {\n\tx := (1\n\tundefined()\n}\nfunc g() { a(] }\n'),
  file('ten errors', `package main\nfunc main() {\n${calls(10)}}\n`),
  file('eleven errors', `package main\nfunc main() {\n${calls(11)}}\n`),
  file('nine errors and unused imports', `package main\nimport "os"\nfunc main() {\n${calls(9)}}\n`),
  file('directives', 'package main\n//go:noinline\nvar x int\n//go:systemstack\nfunc main() {}\n'),
  file('missing body', 'package main\nfunc f()\nfunc main() { f() }\n'),
  file('anonymous cycle', 'package main\ntype I = interface{ m() interface{ I } }\nfunc main() {}\n'),
  file(
    'missing package',
    'package main\nimport (\n\t"nosuch"\n\t"fmt"\n\t"also/missing"\n)\nfunc main() { fmt.Println() }\n',
  ),
  file('not a program', 'package lib\nfunc F() { x }\n', 'run'),
  {
    name: 'packages',
    files: {
      'go.mod': 'module m\n\ngo 1.26\n',
      'x.go': 'package main\nimport "m/a"\nfunc main() { a.F(1) }\n',
      'a/a.go': 'package a\nfunc F() { undefined() }\n',
    },
    args: ['build', '-o', 'x', '.'],
  },
  {
    name: 'versions',
    files: {
      'go.mod': 'module m\n\ngo 1.20\n',
      'x.go': 'package main\nfunc main() { for range 3 {}; _ = min(1, 2) }\n',
    },
    args: ['build', '-o', 'x', '.'],
  },
];

test('errors as the official command prints them', { skip: hasGo ? false : 'go is not on PATH' }, async (t) => {
  for (const c of cases) {
    await t.test(c.name, () => {
      const dir = mkdtempSync(join(tmpdir(), 'tuza-run-errors-'));
      try {
        for (const [name, text] of Object.entries(c.files)) {
          mkdirSync(dirname(join(dir, name)), { recursive: true });
          writeFileSync(join(dir, name), text);
        }
        const options = { cwd: dir, encoding: 'utf8' } as const;
        const official = spawnSync('go', c.args, options);
        const ours = spawnSync(process.execPath, [main, ...c.args], options);
        assert.equal(ours.stderr, official.stderr);
        assert.equal(ours.stdout, official.stdout);
        assert.equal(ours.status, official.status);
      } finally {
        rmSync(dir, { recursive: true });
      }
    });
  }
});
