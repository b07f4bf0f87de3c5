/** Dumps after every pass: text that can be read back, and the HTML view. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amd64 } from '#arch/amd64/target.ts';
import { ssaHtml } from '#compile/ssa-html.ts';
import { parseProgram } from '#ssa/text/parse.ts';
import { printFunc } from '#ssa/text/print.ts';
import { dumpProgram } from './dump.ts';
import { root } from './tree.ts';

const program = `package main

import "strings"

type shape interface {
	area() float64
	name() string
}

type square struct {
	side float64
	tags map[string]int
	*list
}

type list struct {
	next *list
	val  any "a tag"
	c    chan (<-chan int)
}

func (s *square) area() float64 { return s.side * s.side }
func (s *square) name() string  { return "square" + s.list.val.(string) }

type pair[K comparable, V any] struct {
	k K
	v V
}

func sum[K comparable, V ~int](ps ...pair[K, V]) (n V) {
	type local struct{ v V }
	for _, p := range ps {
		l := &local{p.v}
		n += l.v
	}
	return n
}

func calls(s shape, n int) (err error) {
	defer func() {
		if e := recover(); e != nil {
			err, _ = e.(error)
		}
	}()
	go func() { println(n) }()
	if strings.Contains(s.name(), "x") && n > 3 {
		panic(s.area())
	}
	return nil
}

func main() {
	l := &list{val: "q"}
	println(calls(&square{side: 3, tags: map[string]int{}, list: l}, len(l.val.(string))) == nil)
	println(sum(pair[string, int]{"a", 1}))
}
`;

const skip = root === null && 'no Go tree on this machine';

/** Values and blocks numbered in the order of their lines. */
function renumbered(text: string): string {
  const numbers = new Map<string, number>();
  for (const m of text.matchAll(/^( *)([vb]\d+)( =|:)/gm)) numbers.set(m[2], numbers.size);
  return text.replace(/\s+\/\/.*/g, '').replace(/\b[vb]\d+\b/g, (n) => `${n[0]}${numbers.get(n) ?? n}`);
}

/** Numbers of slots are those of the order of their lines, too. */
function withoutSlotNumbers(text: string): string {
  return text.replace(/#\d+/g, '#');
}

function readBack(what: string, text: string) {
  try {
    return parseProgram(text, amd64);
  } catch (e) {
    assert.fail(`${what}: ${e instanceof Error ? e.message : e}\n${text}`);
  }
}

test('what is printed after every pass can be read back', { skip }, () => {
  const { functions } = dumpProgram(program);
  const names = functions.map((f) => f.name);
  for (const n of ['main.main', 'main.calls', 'main.calls.func1', 'main.(*square).name', 'main.sum[string,int]'])
    assert.ok(names.includes(n), `${n} among ${names.join(' ')}`);
  for (const f of functions) {
    for (const p of f.passes) {
      // Register allocation drops values that phis in memory still name.
      if (p.pass === 'registers') continue;
      const [read] = readBack(`${f.name} after ${p.pass}`, p.types + p.text).funcs;
      const [want, got] = [p.text, printFunc(read)].map((t) => withoutSlotNumbers(renumbered(t)));
      assert.equal(got, want, `${f.name} after ${p.pass}`);
    }
  }
});

test('one function, one pass; HTML with a column for each', { skip }, () => {
  const one = dumpProgram(program, 'main.calls', 'cse').functions;
  for (const f of one) assert.ok(f.name.startsWith('main.calls') && f.passes.every((p) => p.pass === 'cse'), f.name);
  assert.ok(one.some((f) => f.name === 'main.calls' && f.passes.length === 1 && f.listing === ''));
  const { functions, result } = dumpProgram(program, '(*square).name');
  const [f] = functions;
  assert.ok(f.passes[0].pass === 'build' && f.passes.at(-1)?.pass === 'registers' && f.listing.includes('RET'));
  const html = ssaHtml(functions, (pos) => String(result.fileSet.position(pos).line));
  assert.equal(html.match(/<th>/g)?.length, f.passes.length + 1);
});
