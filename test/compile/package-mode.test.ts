/** Package mode: objects and export data that the official compiler and linker take. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runCompile } from '#go/tool-compile.ts';
import { nodeHost } from '#host/node.ts';

const skip = spawnSync('go', ['version']).status === 0 ? false : 'go is not on PATH';

const lib = `package lib

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

type Shape interface{ Area() float64 }

type Square struct{ Side float64 }

func (s Square) Area() float64 { return s.Side * s.Side }

type List struct {
	items []Shape
	names map[string]int
}

const Limit = 1 << 70 >> 68
const Third = 1.0 / 3

var ErrFull = errors.New("full")

var table = [...]string{"a", "b", "c"}

var Count int

func init() { Count = len(table) }

func (l *List) Add(s Shape, name string) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("adding %s: %v: %w", name, r, ErrFull)
		}
	}()
	if len(l.items) >= Limit {
		panic("too many")
	}
	if l.names == nil {
		l.names = map[string]int{}
	}
	l.names[name] = len(l.items)
	l.items = append(l.items, s)
	return nil
}

func (l *List) Total() (t float64) {
	for _, s := range l.items {
		t += s.Area()
	}
	return t
}

func Number(s string) (int, error) { return strconv.Atoi(strings.TrimSpace(s)) }

func Each(l *List, f func(string, Shape) bool) {
	for name, i := range l.names {
		if !f(name, l.items[i]) {
			return
		}
	}
}
`;

const main = `package main

import (
	"errors"
	"fmt"
	"lib"
	"strconv"
)

type circle struct{ r float64 }

func (c *circle) Area() float64 { return 3 * c.r * c.r }

func main() {
	var l lib.List
	for i := range 6 {
		var s lib.Shape = lib.Square{Side: float64(i)}
		if i%2 == 1 {
			s = &circle{float64(i)}
		}
		if err := l.Add(s, "s"+strconv.Itoa(i)); err != nil {
			fmt.Println(err, errors.Is(err, lib.ErrFull))
		}
	}
	n := 0
	lib.Each(&l, func(string, lib.Shape) bool { n++; return n < 3 })
	_, err := lib.Number(" x ")
	var ne *strconv.NumError
	fmt.Println(l.Total(), n, lib.Count, lib.Third, err, errors.As(err, &ne), errors.Is(err, strconv.ErrSyntax))
	fmt.Printf("%T %+v %v\\n", lib.Square{1}, lib.Square{2}, lib.Shape(lib.Square{3}))
}
`;

const packages = join(import.meta.dirname, 'packages');

let dir = '';

before(() => {
  dir = mkdtempSync(join(tmpdir(), 'tuza-package-'));
  writeFileSync(join(dir, 'lib.go'), lib);
  writeFileSync(join(dir, 'main.go'), main);
});

after(() => rmSync(dir, { recursive: true, force: true }));

function importConfig(...packagePaths: string[]): string {
  const format = '{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}';
  const env = { ...process.env, CGO_ENABLED: '0' };
  return execFileSync('go', ['list', '-export', '-deps', '-f', format, ...packagePaths], {
    encoding: 'utf8',
    env,
  });
}

function compileLib(config: string, output: string): void {
  const args = [
    '-p',
    'lib',
    '-lang=go1.26',
    '-importcfg',
    config,
    '-pack',
    '-complete',
    '-o',
    output,
    join(dir, 'lib.go'),
  ];
  assert.equal(runCompile(args, nodeHost()), 0);
}

test('a package of ours in a program of the official toolchain', { skip }, () => {
  const config = join(dir, 'importcfg');
  writeFileSync(config, importConfig('fmt', 'strings', 'runtime'));
  const archive = join(dir, 'lib.a');
  compileLib(config, archive);
  const all = join(dir, 'importcfg.main');
  writeFileSync(all, `${readFileSync(config, 'utf8')}\npackagefile lib=${archive}\n`);
  const tool = (...args: string[]): string => execFileSync('go', ['tool', ...args], { encoding: 'utf8', cwd: dir });
  tool('compile', '-p', 'main', '-lang=go1.26', '-o', 'main.a', '-importcfg', all, 'main.go');
  tool('link', '-importcfg', all, '-o', 'mixed', 'main.a');
  tool('compile', '-p', 'lib', '-lang=go1.26', '-o', 'official.a', '-importcfg', config, 'lib.go');
  const official = join(dir, 'importcfg.official');
  writeFileSync(official, `${readFileSync(config, 'utf8')}\npackagefile lib=${join(dir, 'official.a')}\n`);
  tool('compile', '-p', 'main', '-lang=go1.26', '-o', 'main2.a', '-importcfg', official, 'main.go');
  tool('link', '-importcfg', official, '-o', 'official', 'main2.a');
  const env = { ...process.env, GOGC: '5' };
  const run = (name: string): string => execFileSync(join(dir, name), { encoding: 'utf8', env });
  assert.equal(run('mixed'), run('official'));
});

/** Compiles a package of test/compile/packages, by us or by the official compiler. */
function compilePackageFile(name: string, config: string, output: string, isOurs: boolean): void {
  const args = ['-p', name, '-lang=go1.26', '-importcfg', config, '-pack', '-complete', '-o', output];
  const file = join(packages, `${name}.go`);
  if (isOurs) assert.equal(runCompile([...args, file], nodeHost()), 0);
  else execFileSync('go', ['tool', 'compile', ...args, file]);
}

/** The program of main.go and its two generic packages, the latter by us or by the official compiler; what it prints. */
function runGenerics(config: string, isOurs: boolean): string {
  const all = join(dir, `importcfg.generics.${isOurs}`);
  let text = readFileSync(config, 'utf8');
  for (const name of ['generics', 'loops']) {
    const archive = join(dir, `${name}.${isOurs}.a`);
    compilePackageFile(name, config, archive, isOurs);
    text += `packagefile ${name}=${archive}\n`;
  }
  writeFileSync(all, text);
  const main = join(dir, `main.${isOurs}.a`);
  compilePackageFile('main', all, main, false);
  const program = join(dir, `generics.${isOurs}`);
  execFileSync('go', ['tool', 'link', '-importcfg', all, '-o', program, main]);
  return spawnSync(program, { encoding: 'utf8' }).stderr;
}

test('the official compiler makes instances of our generic functions', { skip }, () => {
  const config = join(dir, 'importcfg.iterators');
  writeFileSync(config, importConfig('errors', 'cmp', 'strconv', 'iter', 'maps', 'slices', 'runtime'));
  const ours = runGenerics(config, true);
  assert.equal(ours, runGenerics(config, false));
  const again = join(dir, 'again.a');
  compilePackageFile('generics', config, again, true);
  assert.deepEqual(readFileSync(again), readFileSync(join(dir, 'generics.true.a')), 'the same on every run');
  assert.match(ours, /next called|iterator call did not preserve panic|range function continued/);
});

const local = `package local

type T int

func A() any { type L int; { type M struct{ x L }; return M{3} } }

var F = func() any { type V string; return V("v") }

func gen[X any]() any { type G struct{ x X }; return G{} }

func B() any { type A = T; type N []A; return N{1} }

func C() (any, any) { return gen[int](), gen[T]() }
`;

test('types declared in functions have the official names', { skip }, () => {
  writeFileSync(join(dir, 'local.go'), local);
  writeFileSync(join(dir, 'importcfg.none'), '');
  const args = ['-p', 'local', '-importcfg', join(dir, 'importcfg.none')];
  const ours = join(dir, 'local.ours');
  assert.equal(runCompile([...args, '-o', ours, join(dir, 'local.go')], nodeHost()), 0);
  const theirs = join(dir, 'local.theirs');
  execFileSync('go', ['tool', 'compile', ...args, '-o', theirs, join(dir, 'local.go')]);
  const names = (file: string): string[] => {
    const found = readFileSync(file, 'utf8').match(/local\.[A-Z](\[[\w.]+\])?·\d+/g) ?? [];
    return [...new Set(found)].sort();
  };
  assert.deepEqual(names(ours), names(theirs));
  assert.equal(names(ours).length, 6);
});
