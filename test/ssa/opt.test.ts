import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as I from '#base/int64.ts';
import { early, runPasses } from '#ssa/pipeline.ts';
import { genericTarget } from '#ssa/text/generic-target.ts';
import { parseProgram } from '#ssa/text/parse.ts';
import { printFunc } from '#ssa/text/print.ts';
import { textServices } from '#ssa/text/test-services.ts';

function optimize(text: string): string {
  const p = parseProgram(text, genericTarget);
  runPasses(p.funcs[0], early, textServices(p), { dump: null, verify: true });
  return printFunc(p.funcs[0]).replace(/v\d+ = /g, '');
}

test('64-bit arithmetic in halves', () => {
  const samples = [
    0n,
    1n,
    -1n,
    255n,
    65536n,
    -65537n,
    0x7fffffffn,
    0x80000000n,
    0xffffffffn,
    1n << 40n,
    -(1n << 63n),
    (1n << 63n) - 1n,
    0x123456789abcdefn,
  ];
  const lo = (x: bigint) => Number(BigInt.asIntN(32, x));
  const hi = (x: bigint) => Number(BigInt.asIntN(32, x >> 32n));
  const value = () => (BigInt(I.hi) << 32n) | BigInt(I.lo >>> 0);
  for (const a of samples) {
    for (const b of samples) {
      I.add(lo(a), hi(a), lo(b), hi(b));
      assert.equal(value(), BigInt.asIntN(64, a + b));
      I.sub(lo(a), hi(a), lo(b), hi(b));
      assert.equal(value(), BigInt.asIntN(64, a - b));
      I.mul(lo(a), hi(a), lo(b), hi(b));
      assert.equal(value(), BigInt.asIntN(64, a * b), `${a} * ${b}`);
      assert.equal(Math.sign(I.compare(lo(a), hi(a), lo(b), hi(b))), a < b ? -1 : a > b ? 1 : 0);
    }
    for (const n of [0, 1, 31, 32, 33, 63]) {
      I.shl(lo(a), hi(a), n);
      assert.equal(value(), BigInt.asIntN(64, a << BigInt(n)));
      I.shr(lo(a), hi(a), n);
      assert.equal(value(), a >> BigInt(n));
      I.shru(lo(a), hi(a), n);
      assert.equal(value(), BigInt.asIntN(64, BigInt.asUintN(64, a) >> BigInt(n)));
    }
  }
});

test('bounds checks of a counting loop', () => {
  const out = optimize(`func sum func([]int) int {
param a#0 []int
result r#1 int
b0:
  v0 = InitMem : mem
  v1 = Arg {a#0} : []int
  v2 = Const64 : int
  v3 = Const64 [1] : int
  v4 = SliceLen v1 : int
  Plain -> b1
b1: <- b0 b3
  v5 = Phi v2 v14 : int
  v6 = Phi v2 v13 : int
  v7 = Less64 v5 v4 : bool
  If v7 -> b2 b4
b2: <- b1
  v8 = SliceLen v1 : int
  v9 = IsInBounds v5 v8 : bool
  If v9 -> b3 b5
b3: <- b2
  v10 = SlicePtr v1 : *int
  v20 = NilCheck v10 v0 : *int
  v11 = PtrIndex v20 v5 : *int
  v12 = Load v11 v0 : int
  v13 = Add64 v6 v12 : int
  v14 = Add64 v5 v3 : int
  Plain -> b1
b4: <- b1
  v15 = MakeResult v6 v0 : (int, mem)
  Ret v15
b5: <- b2
  v16 = PanicBounds v5 v8 v0 : mem
  Exit v16
}`);
  assert.doesNotMatch(out, /PanicBounds/);
  assert.match(out, /Lsh64x64/);
});

test('constants, branches, forwarded loads', () => {
  const out = optimize(`func f func(*int, int) int {
param p#0 *int
param n#1 int
result r#2 int
b0:
  v0 = InitMem : mem
  v1 = Arg {p#0} : *int
  v2 = Arg {n#1} : int
  v3 = Const64 [7] : int
  v4 = Const64 [5] : int
  v5 = Add64 v3 v4 : int
  v6 = NilCheck v1 v0 : *int
  v7 = Store {int} v6 v5 v0 : mem
  v8 = NilCheck v1 v7 : *int
  v9 = Load v8 v7 : int
  v10 = Less64 v9 v4 : bool
  If v10 -> b1 b2
b1: <- b0
  v11 = Mul64 v2 v9 : int
  Plain -> b2
b2: <- b0 b1
  v12 = Phi v9 v11 : int
  v13 = MakeResult v12 v7 : (int, mem)
  Ret v13
}`);
  assert.equal(
    out,
    `func f func(*int, int) int {
param p#0 *int
param n#1 int
result r#2 int
b0:
  InitMem : mem
  Arg {p#0} : *int
  Const64 [12] : int
  NilCheck v1 v0 : *int
  Store {int} v6 v5 v0 : mem
  MakeResult v5 v7 : (int, mem)
  Ret v13
}
`,
  );
});
