/** Users of a terminal are told how the made-up module of a directory without go.mod becomes a real one. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { dispatch } from '../../src/cli/dispatch.ts';
import { capturingHost } from '../capture.ts';

const note =
  'go: note: there is no go.mod file, so the working directory is taken for a module; "tuza mod init example.com/m" makes it a real one';

const files = {
  'main.go': 'package main\n\nimport "./lib"\n\nfunc main() { println(lib.F()) }\n',
  'lib/lib.go': 'package lib\n\nfunc F() int { return 1 }\n',
  'alone/alone.go': 'package main\n\nfunc main() {}\n',
};

const relative = ', in which "./lib" is imported as "example.com/m/lib"';

const cases = [
  { args: ['check', '.'], told: note + relative },
  { args: ['check', 'main.go'], told: note + relative },
  { args: ['check', './lib'], told: note },
  { args: ['check', 'alone/alone.go'], told: '' },
  { args: ['check', 'fmt'], told: '' },
  { args: ['build', '-o', 'out', '.'], told: note + relative },
  { args: ['test', '-vet=off', './lib'], told: note },
  { args: ['check', '.'], goMod: 'module example.com/m\n\ngo 1.26\n', told: null },
  { args: ['check', '.'], pipe: true, told: '' },
] as const;

test('a note on the terminal', async (t) => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'tuza-implicit-')));
  const before = process.cwd();
  try {
    for (const [i, c] of cases.entries()) {
      const dir = join(root, String(i));
      for (const [name, text] of Object.entries({ ...files, ...('goMod' in c ? { 'go.mod': c.goMod } : {}) })) {
        mkdirSync(join(dir, name, '..'), { recursive: true });
        writeFileSync(join(dir, name), text);
      }
      process.chdir(dir);
      const printed = capturingHost();
      const host = {
        ...printed.host,
        workingDirectory: () => dir,
        terminal: { isTerminal: !('pipe' in c), columns: 80 },
        env: new Map([...printed.host.env, ['GOCACHE', join(root, 'cache')], ['GOFLAGS', '']]),
      };
      await t.test(
        `${c.args.join(' ')}${'goMod' in c ? ' in a module' : ''}${'pipe' in c ? ' without a terminal' : ''}`,
        async () => {
          const status = await dispatch(c.args, host);
          // A real module allows no relative imports.
          assert.equal(status, c.told === null ? 1 : 0, printed.stderr);
          const notes = printed.stderr.split('\n').filter((l) => l.startsWith('go: note: '));
          assert.deepEqual(notes, c.told === null || c.told === '' ? [] : [c.told]);
        },
      );
    }
  } finally {
    process.chdir(before);
    rmSync(root, { recursive: true, force: true });
  }
});
