/** generate, vet and fix print what the official commands print; vet and fix with the official tools, since compiling them takes long (oracle tree-tools.ts). */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

const goroot = spawnSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).stdout?.trim() ?? '';
const tool = (name: string): string => `${goroot}/pkg/tool/linux_amd64/${name}`;

const files: Readonly<Record<string, string>> = {
  'go.mod': 'module example.com/m\n\ngo 1.26\n',
  'a.go': `package main

import (
	"fmt"
	"sync"

	"example.com/m/lib"
)

type T struct{ mu sync.Mutex }

//go:generate echo "a b" $GOFILE $GOLINE $GOPACKAGE $DOLLAR
//go:generate -command say echo said
//go:generate say twice
func f(t T) { fmt.Println(&t) }

func main() {
	lib.Logf("%d", "s")
	lib.Set[int]{}.Add(3)
	for i := 0; i < 3; i++ {
		fmt.Println(i)
	}
}
`,
  'lib/lib.go': `package lib

import "fmt"

//go:generate false
//go:generate echo never
func Logf(format string, args ...any) { fmt.Printf(format, args...) }

type Set[T comparable] map[T]struct{}

func (s Set[T]) Add(x T) { s[x] = struct{}{} }
`,
  'lib/lib_test.go': 'package lib\n\nimport "testing"\n\nfunc TestX(t *testing.T) { t.Errorf("%d", "x") }\n',
  'lib/x_test.go':
    'package lib_test\n\nimport (\n\t"example.com/m/lib"\n\t"testing"\n)\n\nfunc TestY(t *testing.T) { lib.Logf("%s", 3) }\n',
};

import { main } from '../command.ts';

const cases: readonly (readonly string[])[] = [
  ['generate', '.'],
  ['generate', './...'],
  ['generate', '-n', '-v', '-run', 'twice', '.'],
  ['vet', `-vettool=${tool('vet')}`, '.'],
  ['vet', `-vettool=${tool('vet')}`, './...'],
  ['vet', `-vettool=${tool('vet')}`, '-json', './lib'],
  ['vet', `-vettool=${tool('vet')}`, '-copylocks=false', '.'],
  ['vet', `-vettool=${tool('vet')}`, '-c=1', '-copylocks', '.'],
  ['fix', `-fixtool=${tool('fix')}`, '-diff', '.'],
  ['fix', `-fixtool=${tool('fix')}`, '.'],
];

test('generate, vet and fix', { skip: goroot === '' ? 'go is not on PATH' : false }, async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'tuza-vet-'));
  try {
    const here = join(dir, 'm');
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(here, name)), { recursive: true });
      writeFileSync(join(here, name), text);
    }
    const pristine = join(dir, 'pristine');
    cpSync(here, pristine, { recursive: true });
    const run = (command: string, args: readonly string[], cache: string) => {
      rmSync(here, { recursive: true });
      cpSync(pristine, here, { recursive: true });
      const env = { ...process.env, GOCACHE: join(dir, cache), GOFLAGS: '' };
      const r = spawnSync(command, args, { cwd: here, env, encoding: 'utf8' });
      // The official command tells packages and findings in the order in which they come to an end.
      const sorted = (s: string): string => s.split('\n').sort().join('\n');
      return {
        status: r.status,
        out: sorted(r.stdout),
        error: sorted(r.stderr),
        a: readFileSync(join(here, 'a.go'), 'utf8'),
      };
    };
    for (const args of cases) {
      await t.test(args.join(' '), () => {
        assert.deepEqual(run(process.execPath, [main, ...args], 'ours'), run('go', args, 'theirs'));
      });
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
