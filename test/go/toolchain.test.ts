/** GOTOOLCHAIN, and what go.mod says: which program carries out a command. The other releases are scripts in PATH; expectations are what go 1.26.8 does. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { main } from '../command.ts';
import { zip } from '../mod/fixture.ts';

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

/** A proxy with modules that need a newer Go, and with the names of releases. */
function makeProxy(): string {
  const proxy = join(dir, 'proxy');
  const releases = join(proxy, 'golang.org/toolchain/@v');
  mkdirSync(releases, { recursive: true });
  const names = ['1.25.3', '1.27.0', '1.28.3', '1.28.1', '1.29rc1'];
  writeFileSync(join(releases, 'list'), names.map((v) => `v0.0.1-go${v}.linux-amd64\n`).join(''));
  for (const [path, go] of [
    ['example.com/new', '1.26.9'],
    ['example.com/newer', '1.29'],
    ['example.com/newest', '1.99'],
  ]) {
    const versions = join(proxy, path, '@v');
    mkdirSync(versions, { recursive: true });
    writeFileSync(join(versions, 'list'), 'v1.0.0\n');
    writeFileSync(join(versions, 'v1.0.0.info'), '{"Version":"v1.0.0"}');
    writeFileSync(join(versions, 'v1.0.0.mod'), `module ${path}\n\ngo ${go}\n`);
    const files: [string, string][] = [
      [`${path}@v1.0.0/go.mod`, `module ${path}\n\ngo ${go}\n`],
      [`${path}@v1.0.0/main.go`, 'package main\n\nfunc main() {}\n'],
    ];
    writeFileSync(join(versions, 'v1.0.0.zip'), zip(files));
  }
  return proxy;
}

const running = (setting: string): string => (setting === 'auto' ? '' : `; GOTOOLCHAIN=${setting}`);
const newToo = (setting: string): string =>
  `go: example.com/new@v1.0.0 requires go >= 1.26.9 (running go 1.26.8${running(setting)})\n`;

/** Setting, command line, what it prints but for downloads, its exit status. */
const switches: readonly [setting: string, line: string, output: string, status: number][] = [
  [
    'auto',
    'get example.com/new',
    'go: example.com/new@v1.0.0 requires go >= 1.26.9; switching to go1.27.0\ngo1.27.0: get example.com/new (go1.27.0)\n',
    3,
  ],
  [
    'path',
    'run example.com/new@latest a',
    'go: example.com/new@v1.0.0 requires go >= 1.26.9; switching to go1.27.0\ngo1.27.0: run example.com/new@latest a (go1.27.0)\n',
    3,
  ],
  [
    'auto',
    'mod download example.com/new@v1.0.0',
    'go: example.com/new@v1.0.0 requires go >= 1.26.9; switching to go1.27.0\ngo1.27.0: mod download example.com/new@v1.0.0 (go1.27.0)\n',
    3,
  ],
  ['local', 'get example.com/new', newToo('local'), 1],
  ['local', 'mod download example.com/new@v1.0.0', newToo('local'), 1],
  [
    'auto',
    'get example.com/newest',
    'go: example.com/newest@v1.0.0 requires go >= 1.99 (running go 1.26.8)\ngo: switching to go >= 1.99: no releases found for go >= 1.99\n',
    1,
  ],
  [
    'path',
    'get example.com/newer',
    'go: example.com/newer@v1.0.0 requires go >= 1.29 (running go 1.26.8; GOTOOLCHAIN=path)\ngo: switching to go >= 1.29: no releases found for go >= 1.29\n',
    1,
  ],
];

test('modules that need a newer Go', () => {
  const proxy = makeProxy();
  for (const [setting, line, output, status] of switches) {
    writeFileSync(join(dir, 'go.mod'), 'module m\n\ngo 1.26\n');
    const env = {
      ...process.env,
      GOTOOLCHAIN: setting,
      PATH: `${join(dir, 'bin')}:${process.env.PATH}`,
      GOPROXY: `file://${proxy}`,
      GOSUMDB: 'off',
      GOFLAGS: '-modcacherw',
      GOPATH: join(dir, 'gopath'),
    };
    const r = spawnSync(process.execPath, [main, ...line.split(' ')], { cwd: dir, env, encoding: 'utf8' });
    const said = (r.stderr + r.stdout).replace(/^go: downloading .*\n/gm, '');
    assert.deepEqual([said, r.status], [output, status], `${setting} ${line}`);
  }
});
