/**
 * A program with modules, built and tested beside the official command: a nested module that uses internal packages of the module around it, assembly
 * and embedded files in a dependency, language versions per module, build constraints, a replacement by a directory, a vendor directory.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { differences, testResults } from '../oracles/published/test-results.ts';
import { Fixture, hasGo } from './fixture.ts';

const fixture = new Fixture([
  {
    path: 'example.com/tools',
    version: 'v1.0.0',
    files: {
      'go.mod': 'module example.com/tools\n\ngo 1.20\n',
      'internal/inner/inner.go': 'package inner\n\nfunc Name() string { return "inner" }\n',
      'fast/fast.go': 'package fast\n\nimport _ "embed"\n\n//go:embed text.txt\nvar Text string\n',
      'fast/text.txt': 'embedded\n',
      'fast/add_amd64.go':
        'package fast\n\n//go:noescape\nfunc add(x, y *int) int\n\nfunc Add(x, y int) int { return add(&x, &y) }\n',
      'fast/add_amd64.s': `#include "textflag.h"

TEXT ·add(SB), NOSPLIT, $0-24
	MOVQ x+0(FP), AX
	MOVQ y+8(FP), BX
	MOVQ (AX), AX
	ADDQ (BX), AX
	MOVQ AX, ret+16(FP)
	RET
`,
      'fast/add_generic.go': '//go:build !amd64\n\npackage fast\n\nfunc Add(x, y int) int { return x + y }\n',
      'old/old.go': `package old

// Loop variables are per loop before Go 1.22.
func Loop() (sum int) {
	var list []func()
	for i := 0; i < 3; i++ {
		list = append(list, func() { sum += i })
	}
	for _, f := range list {
		f()
	}
	return sum
}
`,
      'old/new.go': '//go:build go1.26\n\npackage old\n\nconst Tagged = true\n',
      'old/older.go': '//go:build !go1.26\n\npackage old\n\nconst Tagged = false\n',
    },
  },
]);
after(() => fixture.remove());

const files: Readonly<Record<string, string>> = {
  'main/go.mod': `module example.com/tools/sub

go 1.24

require (
	example.com/local v0.0.0
	example.com/tools v1.0.0
)

replace example.com/local => ../local
`,
  'main/main.go': `package main

import (
	"fmt"
	"runtime/debug"

	"example.com/local"
	"example.com/tools/fast"
	"example.com/tools/internal/inner"
	"example.com/tools/old"
)

func main() {
	sum := 0
	var list []func()
	for i := range 3 {
		list = append(list, func() { sum += i })
	}
	for _, f := range list {
		f()
	}
	fmt.Println(inner.Name(), fast.Text, fast.Add(2, 3), old.Loop(), old.Tagged, sum, local.Max(3, 4))
	info, _ := debug.ReadBuildInfo()
	for _, d := range info.Deps {
		fmt.Println(d.Path, d.Version, d.Replace)
	}
}
`,
  'main/main_test.go': `package main

import (
	"os"
	"testing"

	"example.com/tools/internal/inner"
)

func TestInner(t *testing.T) {
	if inner.Name() != "inner" {
		t.Error(inner.Name())
	}
	t.Run("sub", func(t *testing.T) { t.Skip() })
}

func TestFail(t *testing.T) {
	if _, err := os.Stat("go.mod"); err == nil {
		t.Errorf("fails in the directory of its package")
	}
}
`,
  'main/outer/outer_test.go': `package outer_test

import (
	"fmt"
	"testing"

	"example.com/local"
)

func TestMax(t *testing.T) { fmt.Printf("%d\\n", local.Max("a", "b")) }
`,
  'main/broken/broken_test.go': 'package broken\n\nimport "testing"\n\nfunc TestX(t *testing.T) { undefined() }\n',
  'local/go.mod': 'module example.com/local\n\ngo 1.21\n',
  'local/local.go': `// Package local has a generic function.
package local

import "cmp"

func Max[T cmp.Ordered](x, y T) T { return max(x, y) }
`,
};

test('programs and tests of modules are as the official ones', { skip: !hasGo && 'no go command' }, () => {
  for (const [name, text] of Object.entries(files)) fixture.write(name, text);
  for (const program of ['go', 'tuza'] as const) fixture.run(program, 'mod', 'download', 'all');
  // -test: the default GODEBUG settings of test programs are among what is told.
  const format = '{{.ImportPath}} {{.Name}} {{.DefaultGODEBUG}} {{with .Module}}{{.Version}} {{.GoVersion}}{{end}}';
  for (const args of [
    ['run', '.'],
    ['list', '-deps', '-test', '-f', format, './...'],
  ]) {
    const [ours, official] = (['tuza', 'go'] as const).map((program) => fixture.run(program, ...args));
    assert.deepEqual(ours, official);
  }
  const [ours, official] = (['tuza', 'go'] as const).map((program) => {
    const r = fixture.run(program, 'test', '-json', '-vet=off', './...');
    return testResults(r.stdout.split('\n'), r.stderr, r.status ?? -1);
  });
  assert.deepEqual(differences(ours, official), []);
});

test('a vendor directory provides the packages', { skip: !hasGo && 'no go command' }, () => {
  assert.equal(fixture.run('go', 'mod', 'vendor').status, 0);
  const built = (['tuza', 'go'] as const).map((program) => fixture.run(program, 'run', '-mod=vendor', '.'));
  assert.deepEqual(built[0], built[1]);
});
