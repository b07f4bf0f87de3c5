/** What -m tells of a package is what `go tool compile -m` tells of it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCompile } from '#go/tool-compile.ts';
import { nodeHost } from '#host/node.ts';
import { root } from './tree.ts';

const source = `package p

type T struct{ a, b *int }

var sink any
var global *int

func f(p *int) *int { return p }

func leak(p *int, q **int) { global = p; global = *q }

func esc() *T {
	x := 1
	return &T{a: &x}
}

func mk(n int) []int {
	s := make([]int, 10)
	t := make([]int, n)
	copy(t, s)
	return t
}
//go:noinline
func box(x int, s string) {
	sink = x
	println(s)
	u := new(int)
	global = u
}

type M struct{ k int }

func (m *M) Get() int { return m.k }

func call(m *M) int { return m.Get() + *f(nil) }

func clo(x *int) func() int { return func() int { return *x } }
`;

/** As the official command of go1.26.8 prints them, sorted. */
const expected = [
  '10:11: leaking param: p',
  '10:19: leaking param content: q',
  '10:6: can inline leak',
  '12:6: can inline esc',
  '13:2: moved to heap: x',
  '14:9: &T{...} escapes to heap',
  '17:6: can inline mk',
  '18:11: make([]int, 10) does not escape',
  '19:11: make([]int, n) escapes to heap',
  '24:17: s does not escape',
  '25:9: x escapes to heap',
  '27:10: new(int) escapes to heap',
  '33:6: can inline (*M).Get',
  '33:7: m does not escape',
  '35:11: m does not escape',
  '35:35: inlining call to (*M).Get',
  '35:42: inlining call to f',
  '35:6: can inline call',
  '37:10: leaking param: x',
  '37:38: can inline clo.func1',
  '37:38: func literal escapes to heap',
  '37:6: can inline clo',
  '8:6: can inline f',
  '8:8: leaking param: p to result ~r0 level=0',
];

test('-m', { skip: root === null && 'no Go tree on this machine' }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'tuza-remarks-'));
  writeFileSync(join(dir, 'p.go'), source);
  let text = '';
  const host = { ...nodeHost(), stdout: (s: string) => void (text += s) };
  const status = runCompile(['-p', 'p', '-m', '-o', join(dir, 'p.a'), join(dir, 'p.go')], host);
  rmSync(dir, { recursive: true });
  assert.equal(status, 0);
  const lines = text.trimEnd().split('\n');
  assert.deepEqual(lines.map((l) => l.replace(/^.*p\.go:/, '')).sort(), expected);
});
