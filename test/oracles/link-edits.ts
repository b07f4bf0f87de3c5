/**
 * Random edits of main packages: what a link with an excerpt of the archives makes, kept debug sections and tables included, is what a whole link makes.
 * Prints how often an excerpt sufficed, and how often each part of it was taken.
 *
 *   node test/oracles/link-edits.ts [edits, default 60] [seed]
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LinkOptions } from '#link/context.ts';
import { Excerpt, ExcerptMismatch, linkProgram, makeExcerpt } from '#link/link.ts';
import { nodeLinkHost } from '../link/node-host.ts';
import { compileMain, go, packageFiles } from '../link/official.ts';

const edits = Number(process.argv[2] ?? 60);
let seed = Number(process.argv[3] ?? 1);

function random(n: number): number {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 4294967296) * n);
}

/** Imports of each sort of program, and what its statements and declarations are taken from. */
const programs: readonly {
  imports: readonly string[];
  declarations: readonly string[];
  statements: readonly string[];
}[] = [
  {
    imports: ['fmt', 'os', 'errors', 'sort', 'strings', 'strconv'],
    declarations: [
      'type T struct{ a, b int; next *T }',
      'type S string; func (s S) String() string { return "<" + string(s) + ">" }',
      'type L []int; func (l L) Len() int { return len(l) }; func (l L) Less(i, j int) bool { return l[i] < l[j] }; func (l L) Swap(i, j int) { l[i], l[j] = l[j], l[i] }',
      'var table = map[string]int{"a": 1, "b": 2}',
      'var list = []string{"x", "y"}',
      'var number, other = 3, 4.5',
      'func twice[E any](e E) []E { return []E{e, e} }',
      'type I interface { M() int }; type A struct{ x [5]int }; func (a *A) M() int { return a.x[2] }',
      'func init() { fmt.Fprintln(os.Stderr, "init") }',
      'type G[K comparable, V any] struct { m map[K]V }; func (g *G[K, V]) put(k K, v V) { g.m[k] = v }',
    ],
    statements: [
      'fmt.Println("a", 1)',
      'fmt.Println("b", 2.5, true)',
      'fmt.Printf("%d %s %v\\n", 3, "x", struct{ a int }{4})',
      'fmt.Println(errors.New("e"))',
      'fmt.Println(strings.ToUpper("x"), strconv.Itoa(5))',
      'sort.Strings([]string{"b", "a"})',
      'defer func() { fmt.Println(recover()) }()',
      'fmt.Println(os.Args, len(os.Args))',
      'func() { var n int; f := func() { n++ }; f(); println(n) }()',
      'switch x := any(len(os.Args)).(type) { case int: println(x); case fmt.Stringer: println(x.String()) }',
      'c := make(chan int, 1); c <- 1; fmt.Println(<-c)',
      'fmt.Println(fmt.Sprint([3]uint16{1}), fmt.Errorf("%w", os.ErrExist))',
    ],
  },
  {
    imports: ['fmt', 'crypto/sha256', 'encoding/json', 'net/http', 'time', 'os'],
    declarations: [
      'type T struct { A int `json:"a"`; B []string }',
      'func handle(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, r.URL) }',
      'var start = time.Now()',
      'type clock struct{ time.Time }',
      'var sum = sha256.Sum256([]byte("x"))',
    ],
    statements: [
      'fmt.Printf("%x\\n", sha256.Sum256([]byte("a")))',
      'b, err := json.Marshal(map[string]int{"a": 1}); fmt.Println(string(b), err)',
      'if len(os.Args) > 5 { http.ListenAndServe(":0", nil) }',
      'fmt.Println(time.Second * 3)',
      'var v any; fmt.Println(json.Unmarshal([]byte("[1]"), &v), v)',
    ],
  },
  {
    imports: ['runtime', 'unsafe'],
    declarations: [
      'var n [100]int',
      'type P struct{ p *P }',
      'func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }',
    ],
    statements: [
      'println("hello")',
      'println(runtime.NumGoroutine())',
      'println(unsafe.Sizeof(n0))',
      'runtime.GC()',
      'go func() { println(1) }()',
    ],
  },
];

interface Program {
  readonly sort: number;
  readonly declarations: Set<number>;
  readonly statements: Set<number>;
}

function edit(p: Program): void {
  const { declarations, statements } = programs[p.sort];
  const [set, size] = random(2) === 0 ? [p.declarations, declarations.length] : [p.statements, statements.length];
  const k = random(size);
  if (!set.delete(k)) set.add(k);
}

function textOf({ sort, declarations, statements }: Program): string {
  const all = programs[sort];
  const used: Record<string, string> = {
    fmt: 'fmt.Println',
    os: 'os.Args',
    errors: 'errors.New',
    sort: 'sort.Strings',
    strings: 'strings.ToUpper',
    strconv: 'strconv.Itoa',
    'crypto/sha256': 'sha256.Sum256',
    'encoding/json': 'json.Marshal',
    'net/http': 'http.Get',
    time: 'time.Now',
    runtime: 'runtime.GC',
    unsafe: 'unsafe.Sizeof(0)',
  };
  const imports = all.imports.map((i) => `import ${JSON.stringify(i)}\nvar _ = ${used[i]}\n`).join('');
  const parts = all.imports.map((i) => `import ${JSON.stringify(i)}`);
  const uses = all.imports.map((i) => `var _ = ${used[i]}`);
  void imports;
  const body = [...statements].map((k) => `\t{ ${all.statements[k]} }`).join('\n');
  return `package main\n${parts.join('\n')}\n${uses.join('\n')}\nvar n0 int\n${[...declarations].map((k) => all.declarations[k]).join('\n')}\nfunc main() {\n${body}\n}\n`;
}

const work = mkdtempSync(join(tmpdir(), 'tuza-link-edits-'));
const counts = { links: 0, sufficed: 0, debug: 0, tables: 0, wrong: 0 };
try {
  const goroot = go(['env', 'GOROOT'], work).trim();
  const modes: readonly Partial<LinkOptions>[] = [
    {},
    {},
    { buildMode: 'pie' },
    { stripSymbols: true, stripDwarf: true },
  ];
  for (let sort = 0; sort < programs.length; sort++) {
    const files = packageFiles(work, [...programs[sort].imports.filter((i) => i !== 'unsafe'), 'runtime']);
    const p: Program = { sort, declarations: new Set([0]), statements: new Set([0, 1]) };
    let excerpt: Uint8Array | null = null;
    let mode = modes[0];
    for (let n = 0; n < edits / programs.length; n++) {
      if (n > 0) for (let k = random(2); k >= 0; k--) edit(p);
      const source = textOf(p);
      const main = join(work, 'edited.a');
      cpSync(compileMain(work, source, files), main);
      if (n % 10 === 0) {
        mode = modes[random(modes.length)];
        excerpt = null;
      }
      const link = (known: Excerpt | null) =>
        linkProgram(
          {
            packageFiles: files,
            goroot,
            buildVersion: 'go1.26.8',
            buildId: 'x',
            keepsDebug: true,
            ...mode,
            mainFile: main,
            excerpt: known,
          },
          nodeLinkHost,
        );
      const whole = link(null);
      if (excerpt !== null) {
        counts.links++;
        const known = new Excerpt(excerpt);
        try {
          const { image, link: done } = link(known);
          counts.sufficed++;
          if (known.debug?.isTaken === true) counts.debug++;
          if (done.pclnTab === null) counts.tables++;
          if (image === null || whole.image === null || Buffer.compare(image, whole.image) !== 0) {
            counts.wrong++;
            console.log(`WRONG: ${JSON.stringify(mode)}\n${source}`);
          }
        } catch (e) {
          if (!(e instanceof ExcerptMismatch)) throw e;
        }
      }
      // An excerpt serves several edits, as in a cache.
      if (excerpt === null || random(4) === 0) excerpt = makeExcerpt(whole.link);
    }
  }
  const { links, sufficed, debug, tables, wrong } = counts;
  console.log(
    `${links} edits linked with an excerpt: ${sufficed} sufficed (debug sections of ${debug}, tables of ${tables} taken), ${wrong} wrong`,
  );
} finally {
  rmSync(work, { recursive: true });
}
process.exitCode = counts.wrong > 0 ? 1 : 0;
