/** A changed main package linked with what is kept of the packages that do not change: the same bytes as a link of everything. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { type BuildCache, DiskCache } from '#cache/store.ts';
import { compileProgram } from '#compile/whole-program.ts';
import { requestFor } from '#go/build-program.ts';
import { capturingHost } from '../capture.ts';
import { root } from '../compile/tree.ts';

const hello = (text: string): string => `package main

import "fmt"

func main() {
	fmt.Println(${text})
}
`;

/** Instances, itabs and descriptors of its own, initialised maps, methods by reflection, inlined calls of other files. */
const varied = (text: string, extra = ''): string => `package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"reflect"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"
)

type shape interface{ Area() float64 }

type square struct{ side float64 }

func (s square) Area() float64 { return math.Floor(s.side * s.side) }

type pair[K cmp.Ordered, V any] struct {
	key K
	val V
}

func (p *pair[K, V]) String() string { return fmt.Sprint(p.key, "=", p.val) }

var table = map[string]func(io.Writer, string) (int, error){"a": io.WriteString, "b": func(w io.Writer, s string) (int, error) { return fmt.Fprint(w, s) }}

var failure = fmt.Errorf("wrapped: %w", os.ErrNotExist)

type byLength []string

func (b byLength) Len() int           { return len(b) }
func (b byLength) Less(i, j int) bool { return len(b[i]) < len(b[j]) }
func (b byLength) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

func main() {
	list := []pair[string, int]{{"x", 2}, {"y", 1}}
	slices.SortFunc(list, func(a, b pair[string, int]) int { return cmp.Compare(a.val, b.val) })
	words := byLength(strings.Fields("three two a"))
	sort.Sort(words)
	var wg sync.WaitGroup
	var once sync.Once
	for range 3 {
		wg.Go(func() { once.Do(func() { fmt.Println(${text}) }) })
	}
	wg.Wait()
	defer func() { fmt.Println(recover(), errors.Is(failure, os.ErrNotExist)) }()
	table["a"](os.Stdout, time.Duration(1500).String()+"\\n")
	var s shape = square{2}
	fmt.Println(&list[0], words, s.Area(), reflect.TypeOf(s).Method(0).Name, reflect.ValueOf(s).MethodByName("Area").Call(nil)[0])
	${extra}
	var p *square
	fmt.Println(p.side)
}
`;

/** Counts the outputs that are read. */
function counting(store: BuildCache): { readonly store: BuildCache; taken(): number } {
  let reads = 0;
  return {
    store: {
      entry: (action) => store.entry(action),
      get: (action) => {
        reads++;
        return store.get(action);
      },
      put: (action, data) => store.put(action, data),
      outputFile: (output) => store.outputFile(output),
      putExecutable: (actions, name, data) => store.putExecutable(actions, name, data),
      executable: (action, name) => store.executable(action, name),
      close: () => store.close(),
    },
    taken: () => {
      const n = reads;
      reads = 0;
      return n;
    },
  };
}

/** The program of one argument, and how many outputs of the cache it was made of. */
function builtWith(
  host: ReturnType<typeof capturingHost>['host'],
  argument: string,
  cache: BuildCache,
  taken: () => number,
  readsPrelinked: boolean,
): { image: Buffer; reads: number } {
  const request = requestFor(host, [argument]) ?? assert.fail('no request');
  taken();
  const { image, diagnostics, linkErrors } = compileProgram(host, {
    ...request,
    cache,
    isFixed: (p) => p.isStandard,
    readsPrelinked,
    link: { ...request.link, stripSymbols: true, stripDwarf: true },
  });
  assert.deepEqual([...diagnostics, ...linkErrors], []);
  return { image: Buffer.from(image ?? assert.fail('no program')), reads: taken() };
}

test('a changed main package and prelinked ones make the program that a link of everything makes', {
  skip: root === null ? 'no Go tree' : false,
}, () => {
  const dir = mkdtempSync(join(tmpdir(), 'tuza-prelinked-'));
  try {
    const { host } = capturingHost();
    const { store, taken } = counting(new DiskCache(host.files, host.sha256, join(dir, 'cache')));
    const build = (name: string, source: string, readsPrelinked: boolean): { image: Buffer; reads: number } => {
      const file = join(dir, `${name}.go`);
      writeFileSync(file, source);
      return builtWith(host, file, store, taken, readsPrelinked);
    };
    const both = (name: string, source: string, isReady: boolean): void => {
      const quick = build(name, source, true);
      assert.equal(quick.reads < 20, isReady, `${name}: ${quick.reads} outputs read`);
      const whole = build(name, source, false);
      assert.ok(whole.reads > 30);
      assert.ok(whole.image.equals(quick.image), name);
    };
    // What is needed is kept once all of it comes from the cache.
    const prepare = (name: string, source: string): void => {
      for (let n = 0; build(name, source, true).reads >= 20; n++) assert.ok(n < 4, `${name} is never ready`);
    };
    prepare('varied', varied('"first"'));
    both('varied', varied('"second"'), true);
    // Something that no program has needed before, then the same again, then less.
    both(
      'varied',
      varied('"third"', 'fmt.Println(strings.ToTitle("x"), strings.NewReplacer("a", "b").Replace("a"))'),
      false,
    );
    both('varied', varied('"fourth", 1.5, math.Sqrt(2)', 'fmt.Println(strings.ToTitle("x"))'), true);
    both('varied', varied('"fifth"'), true);
    prepare('hello', hello('"a"'));
    both('hello', hello('"b"'), true);
    both('hello', hello('"b", len("c"), []any{1, "d"}, struct{ x, y int }{1, 2}'), true);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

const lower = (fields: string, body: string): string => `package p

type T struct{ ${fields} }

func Map[A, B any](list []A, f func(A) B) (out []B) {
	for _, a := range list {
		out = append(out, f(a))
	}
	return out
}

func Large(n int) string {
	${body}
	return string(rune(65 + n%26))
}
`;

const upper = `package q

import "own/p"

type U struct{ T p.T }

func Same(a, b any) bool { return a == b }

func Names(n int) []string { return p.Map([]int{n, n + 1}, p.Large) }
`;

const top = (text: string): string => `package main

import (
	"fmt"
	"own/p"
	"own/q"
)

func main() {
	x, y := q.U{T: p.T{A: "a", B: 1}}, q.U{T: p.T{A: "a", B: 1}}
	fmt.Println(${text}, q.Same(x, y), q.Names(3), map[p.T]int{x.T: 2}[y.T])
}
`;

test('the packages below a main package are prelinked once they stay as they are', {
  skip: root === null ? 'no Go tree' : false,
}, () => {
  const dir = mkdtempSync(join(tmpdir(), 'tuza-prelinked-'));
  try {
    const { host: given } = capturingHost();
    const host = { ...given, workingDirectory: () => dir };
    const { store, taken } = counting(new DiskCache(host.files, host.sha256, join(dir, 'cache')));
    const write = (name: string, text: string): void => {
      mkdirSync(dirname(join(dir, name)), { recursive: true });
      writeFileSync(join(dir, name), text);
    };
    const build = (readsPrelinked = true): { image: Buffer; reads: number } => {
      return builtWith(host, '.', store, taken, readsPrelinked);
    };
    let round = 0;
    const edit = (): void => write('main.go', top(`"round ${round++}"`));
    /** How many outputs were read by a build that makes what one of everything makes. */
    const reads = (): number => {
      const quick = build();
      const copy = new DiskCache(host.files, host.sha256, join(dir, `alone${round}`));
      const request = requestFor(host, ['.']) ?? assert.fail('no request');
      const link = { ...request.link, stripSymbols: true, stripDwarf: true };
      const alone = compileProgram(host, { ...request, cache: copy, link }).image ?? assert.fail('no program');
      assert.ok(quick.image.equals(alone), `round ${round}`);
      return quick.reads;
    };
    write('go.mod', 'module own\n\ngo 1.26\n');
    write('p/p.go', lower('A string; B int', ''));
    write('q/q.go', upper);
    edit();
    build();
    edit();
    build();
    edit();
    // The main package's own instances, and the set.
    assert.ok(reads() <= 4);
    // Fields in another order make other functions that compare.
    write('p/p.go', lower('B int; C float64; A string', ''));
    edit();
    reads();
    write('p/p.go', lower('B int; C float64; A string', 'for n > 100 {\n\t\tn -= 3\n\t}'));
    const ofBody = reads();
    edit();
    reads();
    edit();
    reads();
    edit();
    assert.ok(reads() < ofBody);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
