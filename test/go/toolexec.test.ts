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

/** Makes nothing but files that are there: archives without members, a program that says that its tests have passed. */
const pretending = `#!/bin/sh
tool=$(basename "$1"); shift
case "$1" in -V=full) echo "$tool version 1"; exit 0 ;; esac
echo "$tool $TOOLEXEC_IMPORTPATH" >> "$LOG"
for last; do :; done
case "$tool" in
  myvet) printf facts > "$(sed -n 's/.*"VetxOutput": "\\(.*\\)",.*/\\1/p' "$last")"; exit 0 ;;
esac
while [ "$1" != -o ]; do shift; done
case "$tool" in
  link) printf '#!/bin/sh\necho PASS\n' > "$2"; chmod +x "$2" ;;
  compile) printf '!<arch>\n' > "$2" ;;
  *) : > "$2" ;;
esac
`;

const files: Readonly<Record<string, string>> = {
  'p/p.go': 'package p\n',
  'p/p_test.go': 'package p\n\nimport "testing"\n\nfunc TestOne(t *testing.T) {}\n',
  'p/x_test.go': 'package p_test\n\nimport (\n\t_ "m/dep"\n\t"testing"\n)\n\nfunc TestTwo(t *testing.T) {}\n',
  'dep/dep.go': 'package dep\n\nimport _ "m/p"\n',
  'cmd/main.go': 'package main\n\nimport _ "m/none"\n\nfunc main() {}\n',
  'cmd/main_test.go': 'package main\n\nimport "testing"\n\nfunc TestMain1(t *testing.T) { main() }\n',
  'none/none.go': 'package none\n',
};

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
  writeFileSync(join(dir, 'pretend.sh'), pretending, { mode: 0o755 });
  // Its flags are asked for without the program.
  writeFileSync(join(dir, 'myvet'), '#!/bin/sh\necho "[]"\n', { mode: 0o755 });
  for (const name of ['p', 'dep', 'cmd', 'none']) mkdirSync(join(dir, name));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
});

after(() => rmSync(dir, { recursive: true }));

function build(toolexec: string) {
  return run('build', [`-toolexec=${toolexec}`, './lib']);
}

function run(command: string, args: readonly string[]) {
  const log = join(dir, 'log');
  writeFileSync(log, '');
  const env = { ...process.env, LOG: log, WORD: 'a word', GOCACHE: join(dir, 'cache') };
  const r = spawnSync(process.execPath, [main, command, ...args], {
    cwd: dir,
    env,
    encoding: 'utf8',
  });
  return { out: r.stdout, said: r.stderr, status: r.status, steps: readFileSync(log, 'utf8').split('\n').slice(0, -1) };
}

test('steps, the cache, errors', { timeout: 300_000 }, () => {
  const tool = `${join(dir, 'tool.sh')} 'a word'`;
  const steps = ['asm m/lib', 'compile m/lib', 'asm m/lib'];
  assert.deepEqual(build(tool), { out: '', said: '', status: 0, steps });
  assert.deepEqual(build(tool), { out: '', said: '', status: 0, steps: [] });
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

/** Of the module, in the order of the packages' names. */
function ownSteps(steps: readonly string[]): string[] {
  return steps.filter((s) => / m\//.test(s)).sort();
}

test('tests, and what vet reads, are compiled under the names of messages', { timeout: 300_000 }, () => {
  const tool = `-toolexec=${join(dir, 'pretend.sh')}`;
  const packages = ['./p', './none', './cmd'];
  const first = run('test', [tool, '-vet=off', ...packages]);
  assert.equal(first.said, '');
  assert.deepEqual(first.out.replace(/\t[^\t]*s\n/g, '\n').split('\n'), [
    'ok  \tm/p',
    '?   \tm/none\t[no test files]',
    'ok  \tm/cmd',
    '',
  ]);
  assert.deepEqual(ownSteps(first.steps), [
    'compile m/cmd [m/cmd.test]',
    'compile m/cmd.test',
    'compile m/dep [m/p.test]',
    'compile m/none',
    'compile m/p [m/p.test]',
    'compile m/p.test',
    'compile m/p_test [m/p.test]',
    'link m/cmd.test',
    'link m/p.test',
  ]);
  const vetted = run('vet', [tool, `-vettool=${join(dir, 'myvet')}`, ...packages]);
  assert.deepEqual({ status: vetted.status, said: vetted.said }, { status: 0, said: '' });
  assert.deepEqual(ownSteps(vetted.steps), [
    'myvet m/cmd [m/cmd.test]',
    'myvet m/dep [m/p.test]',
    'myvet m/none',
    'myvet m/p [m/p.test]',
    'myvet m/p_test [m/p.test]',
  ]);
});
