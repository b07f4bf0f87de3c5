/** -toolexec: the steps of a package as processes, in the official order and with the official names; nothing runs again for a package that is in the cache. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { main } from '../command.ts';

let dir = '';

const assembly = `TEXT ·Add(SB),$0-24
	MOVQ a+0(FP), AX
	ADDQ b+8(FP), AX
	MOVQ AX, ret+16(FP)
	RET
`;

before(() => {
  dir = mkdtempSync(join(tmpdir(), 'tuza-toolexec-'));
  mkdirSync(join(dir, 'lib'));
  writeFileSync(join(dir, 'go.mod'), 'module m\n\ngo 1.26\n');
  writeFileSync(join(dir, 'lib/lib.go'), 'package lib\n\nfunc Add(a, b int64) int64\n');
  writeFileSync(join(dir, 'lib/lib_amd64.s'), assembly);
  const script = `#!/bin/sh
[ "$1" = "$WORD" ] && shift
case "$2" in -V=full) ;; *) echo "$(basename "$1") $TOOLEXEC_IMPORTPATH" >> "$LOG" ;; esac
exec "$@"
`;
  writeFileSync(join(dir, 'tool.sh'), script, { mode: 0o755 });
});

after(() => rmSync(dir, { recursive: true }));

function build(toolexec: string) {
  const log = join(dir, 'log');
  writeFileSync(log, '');
  const env = { ...process.env, LOG: log, WORD: 'a word', GOCACHE: join(dir, 'cache') };
  const r = spawnSync(process.execPath, [main, 'build', `-toolexec=${toolexec}`, './lib'], {
    cwd: dir,
    env,
    encoding: 'utf8',
  });
  return { said: r.stderr, status: r.status, steps: readFileSync(log, 'utf8').split('\n').slice(0, -1) };
}

test('steps, the cache, errors', { timeout: 300_000 }, () => {
  const tool = `${join(dir, 'tool.sh')} 'a word'`;
  const steps = ['asm m/lib', 'compile m/lib', 'asm m/lib'];
  assert.deepEqual(build(tool), { said: '', status: 0, steps });
  assert.deepEqual(build(tool), { said: '', status: 0, steps: [] });
  writeFileSync(join(dir, 'lib/lib_amd64.s'), assembly.replace('ADDQ', 'NONE'));
  const wrong = build(tool);
  assert.equal(wrong.status, 1);
  assert.match(wrong.said, /^# m\/lib\nlib\/lib_amd64\.s:3: unrecognized instruction "NONE"\n/);
  writeFileSync(join(dir, 'lib/lib_amd64.s'), assembly);
});

test('a program that does not answer as the tools', { timeout: 300_000 }, () => {
  const r = build('echo');
  assert.equal(r.status, 1);
  assert.match(r.said, /^go: parsing buildID from echo asm -V=full: unexpected output:\n/);
});
