/** Command lines, right and wrong, that end with the same status and print the same as those of the official command; files they change are compared, too. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { main } from '../command.ts';

type Files = Readonly<Record<string, string>>;

interface Case {
  readonly args: string;
  /** Variables, separated by spaces. */
  readonly env?: string;
  /** Beside the files of all cases. */
  readonly files?: Files;
}

const module: Files = {
  'go.mod': `module example.com/m

go 1.24

exclude example.com/bad v1.0.0

retract [v1.0.0, v1.2.0] // mistake

ignore ./v
`,
  'p/p.go': 'package p\n\nimport "fmt"\n\n// Old says nothing.\nfunc Old() { fmt.Print() }\n',
  'q/q.go': 'package q\n\n//go:generate echo $GOFILE\nfunc F() {}\n',
  'cmd/x/x.go': 'package main\n\nimport "example.com/m/p"\n\nfunc main() { p.Old() }\n',
  'v/w/w.go': 'package w\n',
};

const manyErrors = `package main

func main() { a; b; c; d; e; f
g; h; i; j; k; l }
`;

const newer = `package d

func f[T any]() {}

const c = 0b1
`;

const withEmbed: Files = { 'd/d.go': 'package d\n\nimport _ "embed"\n\n//go:embed x\nvar s string\n' };

const cases: readonly Case[] = [
  { args: 'mod edit -json nofile' },
  { args: 'mod edit -module=' },
  { args: 'mod edit' },
  { args: 'mod edit -n -x -require=example.com/a@v1.2.3' },
  { args: 'mod edit -go=1.25 -exclude=example.com/bad@v2.0.0' },
  { args: 'mod nope' },
  { args: 'mod -x' },
  { args: 'work nope' },
  { args: 'help testflag nope' },
  { args: 'help nope testflag' },
  { args: 'help mod nope' },
  { args: 'bug -nope' },
  { args: 'build -p=x ./p' },
  { args: 'test -p=0 ./p' },
  { args: 'vet -p=0 ./p' },
  { args: 'list -p=0 ./p' },
  { args: 'build -mod=nope ./p' },
  { args: 'list -mod=nope ./p' },
  { args: 'build ./p', env: 'GOFLAGS=-nope' },
  { args: 'list ./p', env: 'GOFLAGS=nope' },
  { args: 'list ./p', env: 'GOFLAGS=-x=nope' },
  { args: 'build ./p', env: 'GOFLAGS=-p' },
  { args: 'test ./p', env: 'GOFLAGS=-nope' },
  { args: 'env GOFLAGS', env: 'GOFLAGS=-nope' },
  { args: 'list ./p', env: 'GO111MODULE=nope' },
  { args: 'vet ./p', env: 'GOARCH=nope' },
  { args: 'fmt ./p', env: 'GOARCH=nope' },
  { args: 'build ./d', files: { 'd/d.go': 'package main\n' } },
  { args: 'list ./p/p.go cmd/x/x.go' },
  { args: 'fmt ./d', files: { 'd/d.go': 'package d\n\nfunc f( {}\n' } },
  { args: 'test ./d', files: { 'd/d_windows.go': 'package d\n' } },
  { args: 'test ./d', files: { 'd/d.txt': '' } },
  { args: 'build ./d', files: { 'd/d.go': '//go:build a &&\n\npackage d\n' } },
  { args: 'vet ./d', files: { 'd/d.go': '//go:build (a && b\n\npackage d\n' } },
  { args: 'list ./d', files: { 'd/d.go': '//go:build !!a\n\npackage d\n' } },
  { args: 'list ./d', files: { 'd/d.go': '//go:build a b\n\npackage d\n' } },
  { args: 'list -e -f {{.Error}} ./d', files: { 'd/d.go': '//go:build a & b\n\npackage d\n' } },
  { args: 'build ./d', files: { 'd/d.go': 'package d\n\ntype T struct{}\n\nfunc (T) M() {}\nfunc (T) M() {}\n' } },
  { args: 'build ./d', files: { 'd/d.go': 'package d\n\nvar X = Y\nvar Y = X\n' } },
  {
    args: 'build .',
    files: { 'm.go': 'package m\n\nvar X = Y\nvar Y = X\n\nfunc f() {\n\tgoto L\n\tx := 1\n\t_ = x\nL:\n}\n' },
  },
  { args: 'test ./d', files: { 'd/d.go': 'package d\n\nvar X = 1\nvar X = 2\n' } },
  { args: 'generate -n ./q', env: 'GOARCH=nope' },
  { args: 'list ./d', files: withEmbed },
  { args: 'list -json=Error,Incomplete ./d', files: withEmbed },
  { args: 'list -json=Error,Incomplete,EmbedFiles ./d', files: withEmbed },
  { args: 'build ./p', env: 'GOARCH=nope' },
  { args: 'vet -vettool=/no/such/tool ./p' },
  { args: 'run nope.go' },
  { args: 'run ./nope.go' },
  { args: 'run p/p.go nope.go' },
  { args: 'run d.go', files: { 'd.go/d.txt': '' } },
  { args: 'clean' },
  { args: 'clean ./nope' },
  { args: 'list -json ./cmd/x' },
  { args: 'build ./p', files: { 'p/z.go': 'package p\n\nimport "./q"\n' } },
  { args: 'list -e -json=Error,DepsErrors ./p', files: { 'p/z.go': 'package p\n\nimport "./q"\n' } },
  { args: 'build ./p', files: { 'p/z.go': 'package p\n\nimport "example.com/m/cmd/x"\n' } },
  {
    args: 'list -e -f {{.Error}} ./d',
    files: { 'd/d.go': 'package d\n\nimport _ "embed"\n\n//go:embed a x "b c"\nvar s string\n', 'd/a': '' },
  },
  { args: 'build ./d', files: { 'd/d.go': 'package d\n\nimport _ "embed"\n\n//go:embed "é" \'\'\nvar s string\n' } },
  {
    args: 'build ./d',
    files: { 'd/d.go': 'package d\n\nimport "embed"\n\nvar s embed.FS\n\n//go:embed x\nfunc f() {}\n' },
  },
  { args: 'build ./d', files: { 'd/d.go': manyErrors } },
  { args: 'build -pgo=nofile ./cmd/x' },
  { args: 'build -pgo=p ./p' },
  { args: 'test -pgo=nofile ./p' },
  { args: 'test -c -pgo=nofile ./p' },
  { args: 'test -c ./d', files: { 'd/d.go': 'package d\n\nvar x int = "a"\n', 'd/d_test.go': 'package d\n' } },
  { args: 'build -gcflags=-e ./d', files: { 'd/d.go': manyErrors } },
  { args: 'test -gcflags=-e ./d', files: { 'd/d.go': manyErrors } },
  { args: 'build -gcflags=-lang=go1.12 ./d', files: { 'd/d.go': newer } },
  { args: 'test -gcflags=-lang=go1.12 ./d', files: { 'd/d.go': newer } },
];

/** What is below a directory. */
function contents(dir: string): Files {
  const list: Record<string, string> = {};
  for (const e of readdirSync(dir, { recursive: true, withFileTypes: true }))
    if (e.isFile())
      list[join(e.parentPath, e.name).slice(dir.length + 1)] = readFileSync(join(e.parentPath, e.name), 'utf8');
  return list;
}

function writeAll(dir: string, files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
}

const hasGo = spawnSync('go', ['version']).status === 0;

test('messages and status of the official command', { skip: hasGo ? false : 'go is not on PATH' }, async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'tuza-same-'));
  const here = join(dir, 'm');
  const run = (command: string, args: readonly string[], c: Case, cache: string) => {
    rmSync(here, { recursive: true, force: true });
    writeAll(here, { ...module, ...c.files });
    const given = Object.fromEntries((c.env ?? '').split(' ').map((word) => word.split(/=(.*)/s, 2)));
    const fixed = { GOCACHE: join(dir, cache), GOENV: 'off', GOFLAGS: '', GOPROXY: 'off', GOTOOLCHAIN: 'local' };
    const env = { ...process.env, ...fixed, ...given };
    const r = spawnSync(command, args, { cwd: here, env, encoding: 'utf8' });
    // Whether a package is up to date depends on what has been built before.
    const out = r.stdout.replace(/\t"StaleReason": .*\n/, '');
    return { status: r.status, out, error: r.stderr, files: contents(here) };
  };
  try {
    for (const c of cases) {
      const words = c.args.split(' ');
      await t.test(`${c.env ?? ''} ${c.args}`, () => {
        assert.deepEqual(run(process.execPath, [main, ...words], c, 'ours'), run('go', words, c, 'theirs'));
      });
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
