import assert from 'node:assert/strict';
import { test } from 'node:test';
import { early, middle, runPasses } from '#ssa/pipeline.ts';
import { genericTarget } from '#ssa/text/generic-target.ts';
import { parseProgram } from '#ssa/text/parse.ts';
import { printFunc } from '#ssa/text/print.ts';
import { textServices } from '#ssa/text/test-services.ts';

function run(text: string): string {
  const p = parseProgram(text, genericTarget);
  const f = p.funcs[0];
  runPasses(f, [...early, ...middle], textServices(p), { dump: null, verify: true });
  return printFunc(f);
}

test('a function through the middle', () => {
  const out = run(
    `
type main.T = struct { s string; next *main2 }
type big = struct { a [6]int }
func main.f<ABIInternal> func(string, *main.T, big, struct { a int; b int; c int; d int; e int }) (string, big) {
param s#0 string
param t#1 *main.T
param g#2 big
param h#3 struct { a int; b int; c int; d int; e int }
result r#4 string
result q#5 big
b0:
  v0 = InitMem : mem
  v1 = Arg {s#0} : string
  v2 = Arg {t#1} : *main.T
  v30 = SP : uintptr
  v31 = LocalAddr {g#2} v30 v0 : *big
  v32 = LocalAddr {h#3} v30 v0 : *struct { a int; b int; c int; d int; e int }
  v3 = Alloc {new main.T} v0 : (*main.T, mem)
  v4 = SelectN v3 : *main.T
  v5 = SelectN [1] v3 : mem
  v6 = Load v2 v5 : string
  v7 = Store {string} v4 v6 v5 : mem
  v8 = OffPtr [16] v2 : *unsafe.Pointer
  v9 = Store {*main.T} v8 v4 v7 : mem
  v10 = ConstString {"abc"} : string
  v11 = ConcatStrings {concat string | stays} v1 v10 v6 v9 : (string, mem)
  v12 = SelectN v11 : string
  v13 = SelectN [1] v11 : mem
  v14 = StringLen v12 : int
  v15 = Const64 [10] : int
  v16 = Less64 v14 v15 : bool
  If v16 -> b1 b2
b1: <- b0
  v17 = MakeSlice {make []int} v15 v15 v13 : ([]string, mem)
  v18 = SelectN [1] v17 : mem
  v19 = SelectN v17 : []string
  v20 = GrowSlice {append string} v19 v15 v18 : ([]string, mem)
  v21 = SelectN v20 : []string
  v22 = SelectN [1] v20 : mem
  v23 = SlicePtr v21 : *string
  v24 = Store {string} v23 v10 v22 : mem
  v33 = Deref v31 v24 : big
  v34 = Deref v32 v24 : struct { a int; b int; c int; d int; e int }
  v35 = StaticCall {main.g<ABIInternal> func(big, struct { a int; b int; c int; d int; e int }, string) (big, string)} v33 v34 v1 v24 : (big, string, mem)
  v36 = SelectN [2] v35 : mem
  v37 = SelectAddr v35 : *big
  v38 = SelectN [1] v35 : string
  v39 = Move [48] {big} v31 v37 v36 : mem
  Plain -> b2
b2: <- b0 b1
  v25 = Phi v12 v38 : string
  v26 = Phi v13 v39 : mem
  v27 = Deref v31 v26 : big
  v28 = MakeResult v25 v27 v26 : (string, big, mem)
  Ret v28
}
`.replace('*main2', 'unsafe.Pointer'),
  );
  // The new object's first word is known to be nil; t.next is not.
  assert.match(out, /WB \[3\]/);
  assert.match(out, /runtime.growslice/);
  assert.doesNotMatch(out, /(Alloc|MakeSlice|GrowSlice|ConcatStrings|StringMake|SliceMake|SelectAddr|Deref) /);
});
