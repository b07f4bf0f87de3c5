/** Small functions through the back end, called by Go code. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { skip, Workshop } from './harness.ts';

const shop = new Workshop();
after(() => shop.close());

test('leaf arithmetic, a loop, a call', { skip }, () => {
  const prog = shop.build(
    `package main
import "fmt"
func add(a, b int) int
func sum(n int) int
func twice(x int) int
func show(x int) int { fmt.Println("show", x); return x + 1 }
func main() {
	fmt.Println(add(40, 2), sum(100), twice(5))
}
`,
    `
func main.add<ABIInternal> func(int, int) int {
param a#0 int
param b#1 int
result r#2 int
b0:
  v0 = InitMem : mem
  v1 = Arg {a#0} : int
  v2 = Arg {b#1} : int
  v3 = Add64 v1 v2 : int
  v4 = MakeResult v3 v0 : (int, mem)
  Ret v4
}
func main.sum<ABIInternal> func(int) int {
param n#0 int
result r#1 int
b0:
  v0 = InitMem : mem
  v1 = Arg {n#0} : int
  v2 = Const64 [0] : int
  v3 = Const64 [1] : int
  Plain -> b1
b1: <- b0 b2
  v4 = Phi v2 v8 : int
  v5 = Phi v2 v7 : int
  v6 = Less64 v4 v1 : bool
  If v6 -> b2 b3
b2: <- b1
  v7 = Add64 v5 v4 : int
  v8 = Add64 v4 v3 : int
  Plain -> b1
b3: <- b1
  v9 = MakeResult v5 v0 : (int, mem)
  Ret v9
}
func main.twice<ABIInternal> func(int) int {
param x#0 int
result r#1 int
b0:
  v0 = InitMem : mem
  v1 = Arg {x#0} : int
  v2 = StaticCall {main.show<ABIInternal> func(int) int} v1 v0 : (int, mem)
  v3 = SelectN v2 : int
  v4 = SelectN [1] v2 : mem
  v5 = StaticCall {main.show<ABIInternal> func(int) int} v3 v4 : (int, mem)
  v6 = SelectN v5 : int
  v7 = SelectN [1] v5 : mem
  v8 = Add64 v6 v1 : int
  v9 = MakeResult v8 v7 : (int, mem)
  Ret v9
}
`,
  );
  const r = shop.run(prog);
  assert.equal(r.err, '');
  assert.equal(r.out, 'show 5\nshow 6\n42 4950 12\n');
});

const gcSource = `package main
import ("fmt"; "runtime"; "runtime/debug")
type node struct { val int; next *node; pad [3]int }
var sink any
//go:noinline
func churn(i int) int {
	for k := 0; k < 20; k++ { sink = make([]*node, 10+k) }
	if i%7 == 0 { runtime.GC() }
	deep(30)
	return i
}
//go:noinline
func deep(n int) int { var b [64]int; b[n%64] = n; if n == 0 { return b[0] }; return deep(n-1) + b[n%64] }
func build(n int) *node
func total(p *node) int
func local(n int, q *node) int
//go:noinline
func keep(pp **node, n int) { *pp = &node{val: n, next: *pp}; runtime.GC() }
func index(s []int, i int) int
func apply(f func(int) int, x int) int
type shape interface { area(int) int; name() string }
type sq int
func (s sq) area(n int) int { return int(s) * n }
func (s sq) name() string { return "sq" }
func viaInterface(s shape, n int) int
func deferred(x int) (r int)
func cleanup() { if e := recover(); e != nil { fmt.Println("recovered", e) } }
var boomed int
func boom(x int) int { if x > 3 { panic(fmt.Sprint("boom ", x)) }; boomed++; return x * 2 }
func main() {
	debug.SetGCPercent(1)
	done := make(chan int)
	for g := 0; g < 4; g++ { go func() { p := build(300); runtime.GC(); done <- total(p) }() }
	for g := 0; g < 4; g++ { fmt.Println(<-done) }
	go func() { done <- local(20, &node{val: 5}) }()
	fmt.Println(<-done)
	fmt.Println(index([]int{1, 2, 3}, 2))
	func() {
		defer func() { fmt.Println(recover()) }()
		index([]int{1, 2, 3}, 3)
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		index([]int{1, 2, 3}, -1)
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		total((*node)(nil))
		total((*node)(runtime_bad()))
	}()
	y := 100
	fmt.Println(apply(func(x int) int { return x + y }, 11))
	fmt.Println(viaInterface(sq(6), 7))
	fmt.Println(deferred(2))
	fmt.Println(deferred(9))
}
func runtime_bad() *node { return nil }
`;

const gcSsa = `
type main.node = struct { val int; next *int; pad [3]int }
func main.build<ABIInternal> func(int) *main.node {
param n#0 int
result r#1 *main.node
b0:
  v0 = InitMem : mem
  v1 = Arg {n#0} : int
  v2 = ConstNil : *main.node
  v3 = Const64 [0] : int
  v4 = Const64 [1] : int
  Plain -> b1
b1: <- b0 b2
  v5 = Phi v3 v20 : int
  v6 = Phi v2 v11 : *main.node
  v7 = Phi v0 v18 : mem
  v8 = Less64 v5 v1 : bool
  If v8 -> b2 b3
b2: <- b1
  v10 = Alloc {new main.node} v7 : (*main.node, mem)
  v11 = SelectN v10 : *main.node
  v12 = SelectN [1] v10 : mem
  v13 = Store {int} v11 v5 v12 : mem
  v14 = StaticCall {main.churn<ABIInternal> func(int) int} v5 v13 : (int, mem)
  v15 = SelectN [1] v14 : mem
  v16 = OffPtr [8] v11 : **main.node
  v18 = Store {*main.node} v16 v6 v15 : mem
  v20 = Add64 v5 v4 : int
  Plain -> b1
b3: <- b1
  v30 = MakeResult v6 v7 : (*main.node, mem)
  Ret v30
}
func main.total<ABIInternal> func(*main.node) int {
param p#0 *main.node
result r#1 int
b0:
  v0 = InitMem : mem
  v1 = Arg {p#0} : *main.node
  v3 = Const64 [0] : int
  Plain -> b1
b1: <- b0 b2
  v5 = Phi v3 v14 : int
  v6 = Phi v1 v12 : *main.node
  v7 = Phi v0 v17 : mem
  v10 = NilCheck v6 v7 : *main.node
  v11 = OffPtr [8] v10 : **main.node
  v12 = Load v11 v7 : *main.node
  v13 = Load v10 v7 : int
  v14 = Add64 v5 v13 : int
  v16 = StaticCall {main.churn<ABIInternal> func(int) int} v5 v7 : (int, mem)
  v17 = SelectN [1] v16 : mem
  v18 = IsNonNil v12 : bool
  If v18 -> b2 b3 likely
b2: <- b1
  Plain -> b1
b3: <- b1
  v30 = MakeResult v14 v17 : (int, mem)
  Ret v30
}
func main.local<ABIInternal> func(int, *main.node) int {
param n#0 int
param q#1 *main.node
result r#2 int
local head#3 *main.node
b0:
  v0 = InitMem : mem
  v1 = Arg {n#0} : int
  v2 = Arg {q#1} : *main.node
  v3 = Const64 [0] : int
  v4 = Const64 [1] : int
  v40 = SP : uintptr
  v41 = VarDef {head#3} v0 : mem
  v42 = LocalAddr {head#3} v40 v41 : **main.node
  v43 = Store {*main.node} v42 v2 v41 : mem
  Plain -> b1
b1: <- b0 b2
  v5 = Phi v3 v20 : int
  v7 = Phi v43 v18 : mem
  v8 = Less64 v5 v1 : bool
  If v8 -> b2 b3
b2: <- b1
  v10 = StaticCall {main.keep<ABIInternal> func(**main.node, int)} v42 v5 v7 : (mem)
  v18 = SelectN [0] v10 : mem
  v20 = Add64 v5 v4 : int
  Plain -> b1
b3: <- b1
  v31 = Load v42 v7 : *main.node
  v32 = StaticCall {main.total<ABIInternal> func(*main.node) int} v31 v7 : (int, mem)
  v33 = SelectN v32 : int
  v34 = SelectN [1] v32 : mem
  v30 = MakeResult v33 v34 : (int, mem)
  Ret v30
}
func main.index<ABIInternal> func([]int, int) int {
param s#0 []int
param i#1 int
result r#2 int
b0:
  v0 = InitMem : mem
  v1 = Arg {s#0} : []int
  v2 = Arg {i#1} : int
  v3 = SliceLen v1 : int
  v4 = IsInBounds v2 v3 : bool
  If v4 -> b1 b2 likely
b1: <- b0
  v5 = SlicePtr v1 : *int
  v6 = PtrIndex v5 v2 : *int
  v7 = Load v6 v0 : int
  v30 = MakeResult v7 v0 : (int, mem)
  Ret v30
b2: <- b0
  v8 = PanicBounds [4294967296] v2 v3 v0 : mem
  Exit v8
}
func main.apply<ABIInternal> func(func(int) int, int) int {
param f#0 func(int) int
param i#1 int
result r#2 int
b0:
  v0 = InitMem : mem
  v1 = Arg {f#0} : func(int) int
  v2 = Arg {i#1} : int
  v3 = Load v1 v0 : uintptr
  v4 = ClosureCall {- func(int) int} v3 v1 v2 v0 : (int, mem)
  v5 = SelectN v4 : int
  v6 = SelectN [1] v4 : mem
  v7 = Load v1 v6 : uintptr
  v8 = ClosureCall {- func(int) int} v7 v1 v5 v6 : (int, mem)
  v9 = SelectN v8 : int
  v10 = SelectN [1] v8 : mem
  v30 = MakeResult v9 v10 : (int, mem)
  Ret v30
}
`;

test('garbage collection, stack growth, bounds, closures', { skip }, () => {
  const source = gcSource.replace(/\n.*(viaInterface|deferred\().*/g, '').replace('func cleanup', 'func unused');
  const prog = shop.build(source, gcSsa, 'gc');
  for (const env of [{}, { GODEBUG: 'gccheckmark=1' }, { GODEBUG: 'clobberfree=1', GOGC: '1' }, { GOMAXPROCS: '1' }]) {
    const r = shop.run(prog, env);
    assert.equal(r.err, '');
    const sums = '44850\n'.repeat(4);
    const panics = [
      'runtime error: index out of range [3] with length 3',
      'runtime error: index out of range [-1]',
      'runtime error: invalid memory address or nil pointer dereference',
    ].join('\n');
    assert.equal(r.out, `${sums}195\n3\n${panics}\n211\n`);
  }
});
