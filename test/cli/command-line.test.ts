/** The commands beside the official ones, as far as they answer without compiling. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { main } from '../command.ts';

const noGo = spawnSync('go', ['version']).status !== 0 && 'no go on PATH';
const dir = mkdtempSync(join(tmpdir(), 'tuza-cli-'));
after(() => rmSync(dir, { recursive: true }));

interface Output {
  readonly status: number | null;
  readonly text: string;
}

function run(program: string, args: readonly string[], env: Record<string, string> = {}): Output {
  const r = spawnSync(program, args, { cwd: dir, encoding: 'utf8', env: { ...process.env, GOFLAGS: '', ...env } });
  return { status: r.status, text: r.stdout + r.stderr };
}

function tuza(args: readonly string[], env: Record<string, string> = {}): Output {
  return run(process.execPath, [main, ...args], env);
}

test('messages and exit status are those of go', { skip: noGo }, () => {
  const lines = [
    'version',
    'version a',
    'version -zzz',
    'foo',
    'help foo',
    'help list zzz',
    'build -zzz',
    'build -o',
    'env -zzz',
    'env GOOS GOARCH GOROOT GOVERSION FOO',
    'env -json GOOS GOPROXY GOMOD',
    'env -w',
    'env -w A',
    'env -w FOO=bar',
    'env -w GOOS=zzz',
    'env -w GOPATH=x',
    'env -u FOO',
    'list fmt nosuch',
    'list -e -json=Error,ImportPath nosuch',
    'list -deps errors',
    'list -f {{.Foo}} fmt',
    'list -json -f x fmt',
  ];
  for (const line of lines) {
    const args = line.split(' ');
    const want = run('go', args);
    const got = tuza(args);
    assert.equal(got.text.replaceAll('tuza ', 'go ').replaceAll("'tuza ", "'go "), want.text, line);
    assert.equal(got.status, want.status, line);
  }
});

test('env -w and -u keep the file as go does', { skip: noGo }, () => {
  const files = ['go', 'tuza'].map((name) => join(dir, name, 'env'));
  const start = '# comment\nGOPROXY=a\nGOFLAGS=-x\n\nGOBIN=/b\n';
  for (const f of files) {
    mkdirSync(join(f, '..'));
    writeFileSync(f, start);
  }
  for (const args of [
    ['-w', 'GOPROXY=off'],
    ['-w', 'GOARCH=arm64'],
    ['-u', 'GOBIN'],
    ['-w', 'GOAMD64=v3'],
  ]) {
    run('go', ['env', ...args], { GOENV: files[0], GOFLAGS: '' });
    tuza(['env', ...args], { GOENV: files[1], GOFLAGS: '' });
    assert.equal(readFileSync(files[1], 'utf8'), readFileSync(files[0], 'utf8'), args.join(' '));
  }
});

test('check', { skip: noGo }, () => {
  writeFileSync(join(dir, 'good.go'), 'package main\n\nimport "errors"\n\nfunc main() { panic(errors.New("x")) }\n');
  writeFileSync(join(dir, 'bad.go'), 'package main\n\nfunc main() {\n\tx := 1\n\tvar s string = 2\n\t_ = s\n}\n');
  assert.deepEqual(tuza(['check', 'good.go']), { status: 0, text: '' });
  const bad = tuza(['check', 'bad.go']);
  assert.equal(bad.status, 1);
  assert.equal(bad.text, run('go', ['build', 'bad.go']).text);
  const json = tuza(['check', '-json', 'bad.go']);
  assert.deepEqual(JSON.parse(json.text.split('\n')[0]), {
    Package: 'command-line-arguments',
    File: join(dir, 'bad.go'),
    Line: 4,
    Column: 2,
    Message: 'declared and not used: x',
    Code: 'UnusedVar',
  });
});

test('tool tokens, ast and types', { skip: noGo }, () => {
  writeFileSync(join(dir, 'one.go'), 'package p\n\nconst c = 1 << 3\n');
  assert.match(tuza(['tool', 'tokens', 'one.go']).text, /^3:7 +Name +c$/m);
  assert.match(tuza(['tool', 'ast', 'one.go']).text, /^3:7 +ConstDecl$/m);
  assert.match(tuza(['tool', 'types', 'one.go']).text, /^3:1[13] +1 << 3 +constant +untyped int {2}= 8$/m);
  for (const t of ['tokens', 'ast', 'types']) {
    const first = tuza(['tool', t, '-json', 'one.go']).text.split('\n')[0];
    assert.equal(typeof JSON.parse(first).pos, 'string');
  }
});

test('without a tree and without a proxy there is a reason', () => {
  const env = {
    PATH: '/nonexistent',
    HOME: dir,
    XDG_CACHE_HOME: join(dir, 'cache'),
    GOENV: 'off',
    GOPROXY: 'off',
    GOROOT: '/nonexistent',
  };
  const r = tuza(['list', 'fmt'], env);
  assert.equal(r.status, 1);
  assert.match(r.text, /cannot find GOROOT directory/);
});
