/** Names of functions against the official compiler's: literals, loop bodies, go and defer wrappers, method values. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { verify } from '#ssa/verify.ts';
import { buildSource } from './source.ts';

const hasGo = spawnSync('go', ['version']).status === 0;

const program = `package main

import "unsafe"

var x = func() { println("x") }
var y = apply(func() int { return len(x1) })
var z = apply(func() int { return func() int { return 7 }() })
var x1 [3]int
var p unsafe.Pointer

func apply(f func() int) int { return f() }

type T struct{ a int }
type E struct{ *T }
type I interface{ get() int }

func (t *T) inc()    { t.a++ }
func (t T) get() int { return t.a }

func init() { println(func() int { return 1 }()) }

func main() {
	x()
	println(y, z)
	go func() { println("a") }()
	go println("b")
	defer func(i int) { println(i) }(3)
	for i := range func(yield func(int) bool) { yield(1) } {
		f := func() { println(i) }
		f()
		defer f()
		defer println(i)
		for j := range func(yield func(int) bool) { yield(i) } {
			if j > 3 {
				return
			}
			g := func() func() { return func() { println(j) } }
			g()()
		}
	}
	func() { go println("c") }()
	t := &T{}
	e := E{t}
	var i I = e
	a, b, c, d := t.inc, e.get, i.get, I.get
	a()
	println(b(), c(), d(i), T.get(*t), (*T).get(t), E.get(e))
	if false {
		println(func() int { return 2 }())
	}
	defer e.inc()
	go i.get()
}
`;

test('link names of functions', { skip: hasGo ? false : 'go is not on PATH' }, () => {
  const ours = buildSource(program);
  for (const f of ours.values()) assert.deepEqual(verify(f), [], f.ref.linkName);
  const dir = mkdtempSync(join(tmpdir(), 'tuza-names-'));
  writeFileSync(join(dir, 'main.go'), program);
  execFileSync('go', ['build', '-gcflags=-l', '-o', 'main', 'main.go'], { cwd: dir });
  const nm = execFileSync('go', ['tool', 'nm', 'main'], { cwd: dir, encoding: 'utf8' });
  rmSync(dir, { recursive: true });
  const official = nm
    .split('\n')
    .map((l) => l.trim().split(/ +/))
    .filter((w) => w[1] === 'T' || w[1] === 't')
    .map((w) => w.slice(2).join(' '))
    .filter((n) => n.startsWith('main.'))
    .sort();
  const mine = [...ours.keys()].filter((n) => n.startsWith('main.')).sort();
  // Functions of the package's initialisation, and methods that only a type descriptor mentions, are asked for by the driver.
  assert.deepEqual(
    mine.filter((n) => !n.startsWith('main.init')),
    official.filter((n) => !n.startsWith('main.init') && !n.startsWith('main.(*E)')),
  );
});
