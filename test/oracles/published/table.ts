/**
 * Published modules and programs that nobody here wrote, at fixed versions: what `published.ts` builds, tests and uses. Later versions of hugo
 * and gopls ask for a newer Go than 1.26.
 */

/** Text by file name. */
export type Files = Readonly<Record<string, string>>;

/** One use of a built program: `PROGRAM` in its arguments stands for the executable. */
export interface Use {
  readonly args: readonly string[];
  readonly input: string;
}

export interface Published {
  readonly name: string;
  readonly module: string;
  readonly version: string;
  /** The packages whose tests are compared; empty for a program. */
  readonly tests: string;
  /** More flags of `test`. */
  readonly testFlags: readonly string[];
  /** The main package to build; empty for tests. */
  readonly program: string;
  /** Of modules that are tested, files added to them; of programs, what they are used on. */
  readonly files: Files;
  readonly uses: readonly Use[];
}

function tested(name: string, module: string, version: string): Published {
  return { name, module, version, tests: './...', testFlags: [], program: '', files: {}, uses: [] };
}

function used(
  name: string,
  module: string,
  version: string,
  program: string,
  files: Files,
  uses: readonly Use[],
): Published {
  return { name, module, version, tests: '', testFlags: [], program, files, uses };
}

function use(...args: string[]): Use {
  return { args, input: '' };
}

const script = `import {readFileSync} from 'fs'
import './c.css'
import {b} from './b.js'
enum Color {Red, Green}
export class A<T> { constructor(private readonly x: T, public y = Color.Green){} get(): T { return this.x } }
const rest = ({a, ...b}: any) => ({...b, a})
export async function* f(){ for await (const x of [1,2]) yield x ?? rest({a: 1}) }
console.log(new A(3).get(), import('./b.js'), <any>readFileSync, b)
`;

const goModule: Files = {
  'go.mod': 'module example.com/m\n\ngo 1.24\n',
  'm.go': `// Package m has findings.
package m

import (
	"errors"
	"fmt"
	"strings"
)

type shape interface{ area() float64 }

type square struct{ side float64 }

func (s square) area() float64 { return s.side * s.side }

type list[T any] struct {
	head T
	tail *list[T]
}

func (l *list[T]) walk(f func(T)) {
	for ; l != nil; l = l.tail {
		f(l.head)
	}
}

var unused int

// F is exported.
func F(s string, err error) (int, error) {
	var sh shape = square{2}
	x := 1
	x = 2
	if strings.Index(s, "a") != -1 == true {
		fmt.Printf("%d\\n", s)
	}
	for {
		select {
		case <-make(chan int):
		}
		break
	}
	l := &list[int]{}
	l.walk(func(i int) { x += i })
	_ = sh.area()
	return x, errors.New(fmt.Sprintf("Bad thing %v.", err))
}
`,
};

const session = `break main.area
continue
stack
args
locals
next
next
print tags
print p
goroutines
breakpoints
clear 1
continue
`;

const debugged = `package main

import "fmt"

type point struct {
	x, y int
	name string
}

//go:noinline
func area(p point, scale int, tags []string) int {
	total := 0
	for i := 0; i < scale; i++ {
		total += p.x * p.y
		total += len(tags[i])
	}
	fmt.Println("area", total)
	return total
}

func main() {
	fmt.Println(area(point{3, 4, "p"}, 2, []string{"a", "bb"}))
}
`;

const site: Files = {
  'hugo.toml': "baseURL = 'https://example.com/'\ntitle = 'Site'\n[taxonomies]\ntag = 'tags'\n",
  'layouts/baseof.html': '<!doctype html><title>{{ .Title }}</title>{{ block "main" . }}{{ end }}',
  'layouts/page.html': `{{ define "main" }}<h1>{{ .Title }}</h1>{{ .TableOfContents }}{{ .Content }}{{ .WordCount }} {{ .Date.Format "Jan 2, 2006" }}{{ end }}`,
  'layouts/list.html': `{{ define "main" }}{{ range .Pages.ByDate }}<a href="{{ .RelPermalink }}">{{ .Title | title }}</a>{{ .Summary }}{{ end }}{{ end }}`,
  'layouts/home.html': `{{ define "main" }}{{ range where site.RegularPages "Section" "posts" }}{{ .LinkTitle }}{{ end }}{{ $s := resources.Get "main.css" | minify | fingerprint }}<link href="{{ $s.RelPermalink }}" integrity="{{ $s.Data.Integrity }}">{{ end }}`,
  'assets/main.css': 'body {\n  color: #ff0000;\n}\n',
  'content/posts/one.md': `---
title: One
date: 2024-01-02
tags: [a, b]
---
# Head

Some *text*, a [link](https://example.com) and a footnote[^1].

| a | b |
|---|---|
| 1 | 2 |

\`\`\`go
func main() { fmt.Println("x", 1+2) }
\`\`\`

[^1]: Note.
`,
  'content/posts/two.md': `+++
title = "two"
date = 2024-02-03
tags = ["b"]
+++
## Second

- item
- [x] done

{{< ref "posts/one" >}}
`,
  'data/d.yaml': 'a: [1, 2]\nb: {c: d}\n',
};

const foo = `package lo

type foo struct{ bar string }

func (f foo) Clone() foo { return foo{f.bar} }
`;

export const published: readonly Published[] = [
  tested('uuid', 'github.com/google/uuid', 'v1.6.0'),
  tested('go-cmp', 'github.com/google/go-cmp', 'v0.7.0'),
  tested('cobra', 'github.com/spf13/cobra', 'v1.10.2'),
  tested('chi', 'github.com/go-chi/chi/v5', 'v5.5.0'),
  tested('testify', 'github.com/stretchr/testify', 'v1.12.1'),
  tested('yaml', 'go.yaml.in/yaml/v3', 'v3.0.6'),
  // The published examples use a type of a test file that is not published.
  { ...tested('lo', 'github.com/samber/lo', 'v1.53.0'), files: { 'foo_test.go': foo } },
  tested('zap', 'go.uber.org/zap', 'v1.28.0'),
  tested('bbolt', 'go.etcd.io/bbolt', 'v1.5.0'),
  { ...tested('net', 'golang.org/x/net', 'v0.62.0'), tests: './html/...' },
  // The tests of its zstd take six minutes alone on two cores; the usual limit is ten.
  { ...tested('compress', 'github.com/klauspost/compress', 'v1.20.4'), testFlags: ['-timeout=40m'] },
  tested('text', 'golang.org/x/text', 'v0.44.0'),
  used(
    'esbuild',
    'github.com/evanw/esbuild',
    'v0.28.2',
    './cmd/esbuild',
    {
      'a.ts': script,
      'b.js': 'export const b = 1n ** 2n; export let unused = /x/v',
      'c.css': '.a { .b & { color: rgb(1 2 3 / 50%) } }',
    },
    [
      use('PROGRAM', '--version'),
      use('PROGRAM', '--bundle', '--platform=node', '--format=esm', 'a.ts', '--outdir=plain'),
      use('PROGRAM', '--bundle', '--minify', '--sourcemap', '--platform=node', 'a.ts', '--outdir=min'),
      use('PROGRAM', '--bundle', '--target=es2016', '--platform=node', 'a.ts', '--outdir=old'),
    ],
  ),
  used('dlv', 'github.com/go-delve/delve', 'v1.27.2', './cmd/dlv', { 'main.go': debugged, session }, [
    use('PROGRAM', 'version'),
    use('go', 'build', '-gcflags=all=-N -l', '-o', 'debugged', 'main.go'),
    { args: ['PROGRAM', 'exec', '--allow-non-terminal-interactive', './debugged'], input: session },
    { args: ['PROGRAM', 'debug', '--allow-non-terminal-interactive', 'main.go'], input: session },
  ]),
  used('staticcheck', 'honnef.co/go/tools', 'v0.8.2', './cmd/staticcheck', goModule, [
    use('PROGRAM', '-version'),
    use('PROGRAM', '-checks=all', './...'),
    use('PROGRAM', '-f=json', './...'),
    use('PROGRAM', '-explain=SA4006'),
  ]),
  used('gopls', 'golang.org/x/tools/gopls', 'v0.23.0', '.', goModule, [
    use('PROGRAM', 'check', 'm.go'),
    use('PROGRAM', 'symbols', 'm.go'),
    use('PROGRAM', 'definition', 'm.go:33:10'),
    use('PROGRAM', 'references', 'm.go:11:6'),
    use('PROGRAM', 'implementation', 'm.go:11:6'),
    use('PROGRAM', 'workspace_symbol', 'walk'),
    use('PROGRAM', 'format', '-d', 'm.go'),
  ]),
  used('hugo', 'github.com/gohugoio/hugo', 'v0.165.0', '.', site, [
    use('PROGRAM', '--destination', 'public'),
    use('PROGRAM', '--minify', '--destination', 'small'),
    use('PROGRAM', 'list', 'all'),
    use('PROGRAM', 'config'),
  ]),
];
