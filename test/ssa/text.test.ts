import assert from 'node:assert/strict';
import { test } from 'node:test';
import { genericTarget } from '#ssa/text/generic-target.ts';
import { parseProgram } from '#ssa/text/parse.ts';
import { int64Text, printFunc } from '#ssa/text/print.ts';

const sample = `
type main.T = struct { x int; next *int }
type main.G[go.shape.int] = struct { a [2]main.T; int }

func main.f<ABIInternal> func(int, *main.T, ...string) (int, error2) {
flags 1
properties defer
param a#0 int
param t#1 *main.T
param rest#2 []string
result ~r0#3 int | zero
local x#4 main.G[go.shape.int] | zero taken @12
inlined -1 @55 main.g<ABIInternal> func()
b0:
  v0 = InitMem : mem
  v1 = Arg {a#0} : int
  v2 = Const64 [-9223372036854775808] : int
  v3 = Add64 v1 v2 : int @17 ^0
  v4 = Less64 v1 v3 : bool
  If v4 -> b1 b2 likely @4
b1: <- b0
  v5 = StaticCall {main.g<ABIInternal> func(int) (int, string)} v3 v0 : (int, string, mem)
  v6 = SelectN [2] v5 : mem
  v7 = ConstString {"a \\"b\\" } {"} : string
  v8 = InterCall {- func(unsafe.Pointer) | 1 interface { A(); B() }} v1 v2 v6 : (mem)
  v9 = SelectN v8 : mem
  v10 = Alloc {x main.T @7 | variable | stays} v9 : (*main.T, mem)
  v11 = MakeClosure {main.f.func1<ABIInternal> func() | struct { F uintptr; X *int } ref stays} v1 v9 : (func(), mem)
  v12 = SelectN [1] v11 : mem
  v13 = SB : uintptr
  v14 = Addr [8] {"go:string.\\"x y\\""} v13 : *int
  v15 = Store {int} v14 v1 v12 : mem
  Plain -> b2
b2: <- b0 b1
  v16 = Phi v0 v15 : mem
  v17 = MakeResult v1 v16 : (int, mem)
  Ret v17
}
`.replace('error2', 'interface { Error() string }');

test('print and parse are inverse', () => {
  const program = parseProgram(sample, genericTarget);
  const types = sample.split('\n').slice(1, 4).join('\n');
  assert.equal(`\n${types}\n${printFunc(program.funcs[0])}`, sample);
});

test('64-bit integers print in decimal', () => {
  const cases: [number, number][] = [
    [0, 0],
    [-1, -1],
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
    [0, -0x80000000],
    [-1, 0x7fffffff],
    [5, 123456789],
    [-7, -123456789],
  ];
  for (const [lo, hi] of cases) {
    const want = (BigInt(hi) << 32n) | BigInt(lo >>> 0);
    assert.equal(int64Text(lo, hi), String(want));
  }
});
