/**
 * Official objects linked by `tuza tool link` in place of the official linker (go build -toolexec), beside the same build without:
 * the programs must print the same, the tools that read executables must not complain, and symbols, dynamic section and
 * relocations must agree. "test:PKG" builds and runs the official test binary of a package. Prints one line each and counts.
 *
 *   node test/oracles/link-run.ts [name ...]     names as in the tables below; default: all programs, no test binaries
 *   node test/oracles/link-run.ts test:strings test:reflect test:runtime/debug test:encoding/json test:net/http
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

interface Program {
  name: string;
  source: string;
  flags: readonly string[];
  env?: Record<string, string>;
  /** What must be printed, where the two runs cannot be equal. */
  expect?: RegExp;
}

const hello = 'package main\nimport "fmt"\nfunc main() { fmt.Println("hello", 42) }\n';
const server = `package main
import ("fmt"; "io"; "net/http"; "net/http/httptest"; "sync"; "sync/atomic")
func main() {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "hi %s", r.URL.Path) }))
	defer s.Close()
	var wg sync.WaitGroup
	var n atomic.Int64
	for i := 0; i < 16; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := 0; j < 200; j++ {
				r, err := http.Get(s.URL + "/x")
				if err != nil { panic(err) }
				b, _ := io.ReadAll(r.Body)
				r.Body.Close()
				n.Add(int64(len(b)))
			}
		}()
	}
	wg.Wait()
	fmt.Println(n.Load())
}
`;
const trace = `package main
import "sync"
type T struct{ p *int }
func (t T) get() int { return *t.p }
func work(t T) int { return t.get() + 1 }
//go:noinline
func outer(t T, s []int) int { return work(t) + s[0] }
func main() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() { defer wg.Done(); println(outer(T{}, nil)) }()
	wg.Wait()
}
`;
const reflection = `package main
import ("encoding/json"; "fmt"; "os"; "reflect"; "text/template"; "time")
type Inner struct { A int \`json:"a"\`; B []string; C map[string]any }
type Outer struct { Inner; P *Inner; F func(int) string \`json:"-"\`; T time.Duration; I any }
func (o Outer) Hello(who string) string { return "hello " + who + fmt.Sprint(o.A) }
func (o *Outer) Set(n int) { o.A = n }
func main() {
	o := Outer{Inner: Inner{1, []string{"x"}, map[string]any{"k": 2.5}}, P: &Inner{A: 7}, T: 3, I: []any{1, "s", nil}}
	b, err := json.MarshalIndent(o, "", " ")
	fmt.Println(string(b), err)
	var back Outer
	fmt.Println(json.Unmarshal(b, &back), back.P.A, back.C)
	t := template.Must(template.New("t").Parse("{{.Hello \\"you\\"}} {{range $k, $v := .C}}{{$k}}={{$v}}{{end}} {{printf \\"%T\\" .I}}\\n"))
	fmt.Println(t.Execute(os.Stdout, o))
	v := reflect.ValueOf(&o)
	v.MethodByName("Set").Call([]reflect.Value{reflect.ValueOf(9)})
	for i := 0; i < v.NumMethod(); i++ { fmt.Println(v.Type().Method(i).Name, v.Type().Method(i).Type) }
	for i := 0; i < v.Elem().NumField(); i++ { fmt.Println(v.Elem().Type().Field(i).Name, v.Elem().Type().Field(i).Type) }
	f := reflect.MakeFunc(reflect.TypeOf(func(int, string) string { return "" }), func(a []reflect.Value) []reflect.Value { return []reflect.Value{a[1]} })
	fmt.Println(f.Interface().(func(int, string) string)(1, "made"), o.A, reflect.MapOf(reflect.TypeOf(1), reflect.TypeOf("")))
}
`;
const profile = `package main
import ("bytes"; "fmt"; "runtime"; "runtime/pprof"; "strings")
func inlined() []string {
	pcs := make([]uintptr, 20)
	n := runtime.Callers(0, pcs)
	frames := runtime.CallersFrames(pcs[:n])
	var out []string
	for {
		f, more := frames.Next()
		out = append(out, fmt.Sprintf("%s %s:%d", f.Function, f.File[strings.LastIndex(f.File, "/")+1:], f.Line))
		if !more { return out }
	}
}
//go:noinline
func named() []string { return inlined() }
func main() {
	for _, s := range named() { fmt.Println(s) }
	var b bytes.Buffer
	pprof.StartCPUProfile(&b)
	x := 0
	for i := 0; i < 300000000; i++ { x += i * i }
	pprof.StopCPUProfile()
	fmt.Println(b.Len() > 100, x != 0)
	var g strings.Builder
	pprof.Lookup("goroutine").WriteTo(&g, 2)
	fmt.Println(strings.Contains(g.String(), "main.main()"), strings.Contains(g.String(), "main.go:"))
	pc, _, line, ok := runtime.Caller(0)
	fmt.Println(runtime.FuncForPC(pc).Name(), line, ok)
}
`;
const collector = `package main
import ("fmt"; "os"; "runtime"; "sync")
type node struct { left, right *node; data [4]*int; m map[int]*node }
func build(n int) *node {
	if n == 0 { return &node{m: map[int]*node{1: {}}} }
	x := n
	return &node{left: build(n - 1), right: build(n - 1), data: [4]*int{&x}}
}
func (n *node) count() int { if n == nil { return 0 }; return 1 + n.left.count() + n.right.count() + len(n.m) }
func main() {
	var wg sync.WaitGroup
	sum := make([]int, 8)
	for g := 0; g < 8; g++ {
		wg.Add(1)
		go func() { defer wg.Done(); for i := 0; i < 20; i++ { sum[g] += build(10).count() } }()
	}
	wg.Wait()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Fprintln(os.Stdout, sum, m.NumGC > 10)
}
`;
const cgoStd = `package main
import ("fmt"; "net"; "os/user")
func main() {
	u, err := user.Current()
	fmt.Println(u.Username, u.Uid, err)
	g, err := user.LookupGroupId("0")
	fmt.Println(g.Name, err)
	a, err := net.LookupHost("localhost")
	fmt.Println(len(a) > 0, err)
	_, err = net.LookupHost("no-such-host.invalid")
	fmt.Println(err != nil)
}
`;
const cgoUser = `package main
/*
#include <stdio.h>
#include <stdlib.h>
#include <errno.h>
typedef int (*callback)(int);
extern int goCallback(int);
static inline int through(int n) { callback f = goCallback; return f(n) * 2; }
static inline int sum(const int *p, int n) { int s = 0; for (int i = 0; i < n; i++) s += p[i]; return s; }
struct point { int x, y; };
static inline struct point add(struct point a, struct point b) { struct point p = {a.x + b.x, a.y + b.y}; return p; }
*/
import "C"
import ("fmt"; "unsafe")
//export goCallback
func goCallback(n C.int) C.int { return n + 1 }
func main() {
	list := []C.int{1, 2, 3}
	fmt.Println(C.through(3), C.sum((*C.int)(unsafe.Pointer(&list[0])), 3))
	p := C.add(C.struct_point{1, 2}, C.struct_point{3, 4})
	fmt.Println(p.x, p.y)
	s := C.CString("/nonexistent")
	_, err := C.fopen(s, s)
	C.free(unsafe.Pointer(s))
	fmt.Println(err)
}
`;
const racy = `package main
import ("fmt"; "sync")
func main() {
	var wg sync.WaitGroup
	x := 0
	for i := 0; i < 4; i++ { wg.Add(1); go func() { defer wg.Done(); for j := 0; j < 100; j++ { x++ } }() }
	wg.Wait()
	fmt.Println("done", x > 0)
}
`;
const static0 = { CGO_ENABLED: '0' };
const internal = '-ldflags=-linkmode=internal';

const programs: readonly Program[] = [
  { name: 'hello', source: hello, flags: [], env: static0 },
  { name: 'hello-pie', source: hello, flags: ['-buildmode=pie'], env: static0 },
  { name: 'server', source: server, flags: [], env: static0 },
  { name: 'trace', source: trace, flags: ['-trimpath'], env: static0 },
  { name: 'reflection', source: reflection, flags: [], env: static0 },
  { name: 'profile', source: profile, flags: [], env: static0 },
  {
    name: 'collector',
    source: collector,
    flags: [],
    env: { ...static0, GOGC: '5', GODEBUG: 'gctrace=1' },
    expect: /gc 10 @[\s\S]*\] true|true\n/,
  },
  { name: 'cgo', source: cgoStd, flags: [internal], env: { GODEBUG: 'netdns=cgo' } },
  { name: 'cgo-pie', source: cgoStd, flags: [internal, '-buildmode=pie'], env: { GODEBUG: 'netdns=cgo' } },
  { name: 'cgo-server', source: server, flags: [internal] },
  { name: 'cgo-user', source: cgoUser, flags: [internal] },
  { name: 'race', source: hello, flags: ['-race', internal] },
  {
    name: 'race-found',
    source: racy,
    flags: ['-race', internal],
    expect: /WARNING: DATA RACE[\s\S]*main\.main\.func1\(\)[\s\S]*main\.go:6[\s\S]*Found \d+ data race/,
  },
];

const root = resolve(import.meta.dirname, '../..');
const work = mkdtempSync(join(tmpdir(), 'tuza-link-run-'));
const wrapper = join(work, 'toolexec');
writeFileSync(
  wrapper,
  `#!/bin/sh
tool=$1; shift
case "$tool" in */link) if [ "$1" != -V=full ]; then exec '${process.execPath}' '${root}/src/cli/main.ts' tool link "$@"; fi;; esac
exec "$tool" "$@"
`,
);
chmodSync(wrapper, 0o755);

interface Finished {
  status: number | null;
  text: string;
}

function run(command: string, args: readonly string[], cwd: string, env: Record<string, string> = {}): Finished {
  const r = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    timeout: 280_000,
    maxBuffer: 1 << 29,
  });
  return { status: r.status, text: `${r.stdout}${r.stderr}` };
}

/** Times, addresses and goroutine numbers differ from run to run. */
function normal(text: string): string {
  return text.replace(/0x[0-9a-f]+/g, '0x').replace(/goroutine \d+/g, 'goroutine');
}

function readers(file: string): string {
  const problems: string[] = [];
  for (const [command, ...args] of [
    ['go', 'tool', 'nm', file],
    ['go', 'tool', 'objdump', '-s', '^main', file],
    ['go', 'version', '-m', file],
    ['readelf', '-aW', file],
  ]) {
    const r = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 30 });
    if (r.status !== 0 || r.stderr !== '') problems.push(`${command} ${args[0]} ${args[1]}: ${r.stderr.slice(0, 200)}`);
  }
  return problems.join('; ');
}

/** Dynamic section, relocations and symbols by readelf, both sorted; the number of lines in which they differ. */
function tableDifferences(a: string, b: string): number {
  let n = 0;
  for (const flag of ['-dW', '-rW', '-sW']) {
    const lines = (file: string): string[] => run('readelf', [flag, file], work).text.split('\n').sort();
    const count = new Map<string, number>();
    for (const x of lines(a)) count.set(x, (count.get(x) ?? 0) + 1);
    for (const x of lines(b)) count.set(x, (count.get(x) ?? 0) - 1);
    for (const k of count.values()) n += Math.abs(k);
  }
  return n;
}

function build(args: readonly string[], dir: string, env: Record<string, string>): string {
  const r = run('go', args, dir, { GOFLAGS: '', ...env });
  return r.status === 0 ? '' : r.text;
}

function checkProgram(p: Program): string {
  const dir = join(work, p.name);
  mkdirSync(dir);
  writeFileSync(join(dir, 'go.mod'), 'module p\ngo 1.26\n');
  writeFileSync(join(dir, 'main.go'), p.source);
  const env = p.env ?? {};
  const ours = join(dir, 'ours');
  const official = join(dir, 'official');
  const problem =
    build(['build', ...p.flags, '-o', official], dir, env) ||
    build(['build', ...p.flags, '-toolexec', wrapper, '-o', ours], dir, env);
  if (problem !== '') return `cannot build: ${problem}`;
  const a = run(ours, [], dir, env);
  const b = run(official, [], dir, env);
  if (a.status !== b.status) return `status ${a.status}, official ${b.status}: ${a.text.slice(0, 500)}`;
  if (p.expect !== undefined ? !p.expect.test(a.text) : normal(a.text) !== normal(b.text)) {
    return `prints ${JSON.stringify(a.text.slice(0, 600))}, official ${JSON.stringify(b.text.slice(0, 600))}`;
  }
  const complaints = readers(ours);
  if (complaints !== '') return complaints;
  const different = tableDifferences(ours, official);
  return different === 0 ? '' : `${different} lines of readelf -d -r -s differ`;
}

function checkTests(pkg: string): string {
  const file = join(work, `${pkg.replaceAll('/', '_')}.test`);
  const goroot = run('go', ['env', 'GOROOT'], work).text.trim();
  const problem = build(['test', '-c', '-toolexec', wrapper, '-o', file, pkg], work, static0);
  if (problem !== '') return `cannot build: ${problem}`;
  const r = run(file, ['-test.short', '-test.timeout=270s'], join(goroot, 'src', pkg), static0);
  rmSync(file);
  return r.status === 0 ? '' : `status ${r.status}: ${r.text.slice(-1500)}`;
}

let passed = 0;
let failed = 0;

function report(name: string, problem: string): void {
  if (problem === '') passed++;
  else failed++;
  process.stdout.write(`${name}: ${problem === '' ? 'ok' : problem}\n`);
}

try {
  const wanted = process.argv.slice(2);
  for (const p of programs) if (wanted.length === 0 || wanted.includes(p.name)) report(p.name, checkProgram(p));
  for (const w of wanted) if (w.startsWith('test:')) report(w, checkTests(w.slice(5)));
} finally {
  rmSync(work, { recursive: true });
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
