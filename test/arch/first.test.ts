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
