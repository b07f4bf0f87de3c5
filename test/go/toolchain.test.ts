/** GOTOOLCHAIN, and what go.mod says: which program carries out a command. The other releases are scripts in PATH; expectations are what go 1.26.8 does. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { main } from '../command.ts';

let dir = '';

before(() => {
  dir = mkdtempSync(join(tmpdir(), 'tuza-toolchain-'));
  mkdirSync(join(dir, 'bin'));
  for (const name of ['go1.27.0', 'go1.28.3', 'go1.20.1']) {
    const path = join(dir, 'bin', name);
    writeFileSync(path, `#!/bin/sh\necho "${name}: $* ($GOTOOLCHAIN_INTERNAL_SWITCH_VERSION)"\nexit 3\n`);
    chmodSync(path, 0o755);
  }
});

after(() => rmSync(dir, { recursive: true }));

/** Setting, lines of go.mod, what `version` prints and its exit status. */
const cases: readonly [setting: string, lines: string, output: string, status: number][] = [
  ['local', 'go 1.27', 'go version go1.26.8 linux/amd64\n', 0],
  ['auto', 'go 1.26', 'go version go1.26.8 linux/amd64\n', 0],
  ['auto', 'go 1.27', 'go1.27.0: version -v (go1.27.0)\n', 3],
  ['path', 'go 1.27', 'go1.27.0: version -v (go1.27.0)\n', 3],
  ['auto', 'go 1.27\ntoolchain go1.28.3', 'go1.28.3: version -v (go1.28.3)\n', 3],
  ['auto', 'go 1.24\ntoolchain go1.25.3', 'go version go1.26.8 linux/amd64\n', 0],
  ['auto', 'go 1.27\ntoolchain default', 'go version go1.26.8 linux/amd64\n', 0],
  ['go1.20.1', 'go 1.27', 'go1.20.1: version -v (go1.20.1)\n', 3],
  ['go1.20.1+auto', 'go 1.20', 'go1.20.1: version -v (go1.20.1)\n', 3],
  ['go1.20.1+auto', 'go 1.27', 'go1.27.0: version -v (go1.27.0)\n', 3],
  ['path', 'go 1.29.1', 'go: cannot find "go1.29.1" in PATH\n', 1],
  ['auto', 'go 1.26\ntoolchain 1.28', 'go: invalid toolchain "1.28" in go.mod\n', 1],
  ['nonsense', 'go 1.26', 'go: invalid GOTOOLCHAIN "nonsense"\n', 1],
  ['nonsense+auto', 'go 1.26', 'go: invalid GOTOOLCHAIN "nonsense+auto": invalid minimum toolchain "nonsense"\n', 1],
  ['go1.26.8+x', 'go 1.26', 'go: invalid GOTOOLCHAIN "go1.26.8+x": only version suffixes are +auto and +path\n', 1],
];

for (const [setting, lines, output, status] of cases)
  test(`GOTOOLCHAIN=${setting}, ${lines.replace('\n', ', ')}`, () => {
    writeFileSync(join(dir, 'go.mod'), `module m\n\n${lines}\n`);
    const env = {
      ...process.env,
      GOTOOLCHAIN: setting,
      PATH: `${join(dir, 'bin')}:${process.env.PATH}`,
      GOPROXY: 'off',
    };
    const r = spawnSync(process.execPath, [main, 'version', '-v'].slice(0, status === 3 ? 3 : 2), {
      cwd: dir,
      env,
      encoding: 'utf8',
    });
    assert.deepEqual([r.stdout + r.stderr, r.status], [output, status]);
  });
