import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FuncRef } from '#ssa/call.ts';
import { cloneFunc } from '#ssa/clone.ts';
import { type InlineBody, inlineBody, inlineCalls, Others } from '#ssa/passes/inline.ts';
import { early, middle, runPasses } from '#ssa/pipeline.ts';
import { genericTarget } from '#ssa/text/generic-target.ts';
import { parseProgram } from '#ssa/text/parse.ts';
import { printFunc } from '#ssa/text/print.ts';
import { textServices } from '#ssa/text/test-services.ts';
import { verify } from '#ssa/verify.ts';

function inlined(text: string): string {
  const p = parseProgram(text, genericTarget);
  const services = textServices(p);
  const bodies = new Map<FuncRef, InlineBody>();
  let last = '';
  for (const f of p.funcs) {
    runPasses(f, early, services, { dump: null, verify: true });
    inlineCalls(f, services, (ref) => bodies.get(ref) ?? null, Others);
    assert.deepEqual(verify(f), [], printFunc(f));
    runPasses(f, early, services, { dump: null, verify: true });
    const body = inlineBody(f, cloneFunc);
    if (body !== null) {
      assert.deepEqual(verify(body.func), []);
      bodies.set(f.ref, body);
    }
    last = printFunc(f);
    runPasses(f, middle, services, { dump: null, verify: true });
  }
  return last;
}

const text = `func max func(int, int) int {
param a#0 int
param b#1 int
result r#2 int
b0:
  v0 = InitMem : mem
  v1 = Arg {a#0} : int
  v2 = Arg {b#1} : int
  v3 = Less64 v1 v2 : bool
  If v3 -> b1 b2
b1: <- b0
  v4 = MakeResult v2 v0 : (int, mem)
  Ret v4
b2: <- b0
  v5 = MakeResult v1 v0 : (int, mem)
  Ret v5
}
func twice func(int, int) int {
param a#0 int
param b#1 int
result r#2 int
b0:
  v0 = InitMem : mem
  v1 = Arg {a#0} : int
  v2 = Arg {b#1} : int
  v3 = StaticCall {max func(int, int) int} v1 v2 v0 : (int, mem)
  v4 = SelectN v3 : int
  v5 = SelectN [1] v3 : mem
  v6 = Const64 [5] : int
  v7 = StaticCall {max func(int, int) int} v4 v6 v5 : (int, mem)
  v8 = SelectN v7 : int
  v9 = SelectN [1] v7 : mem
  v10 = MakeResult v8 v9 : (int, mem)
  Ret v10
}
func main func() int {
result r#0 int
b0:
  v0 = InitMem : mem
  v1 = Const64 [3] : int
  v2 = Const64 [9] : int
  v3 = StaticCall {twice func(int, int) int} v1 v2 v0 : (int, mem)
  v4 = SelectN v3 : int
  v5 = SelectN [1] v3 : mem
  v6 = MakeResult v4 v5 : (int, mem)
  Ret v6
}`;

test('bodies are copied with their inline trees and fold', () => {
  const out = inlined(text);
  assert.match(out, /inlined -1 @0 twice func\(int, int\) int\ninlined 0 @0 max .*\ninlined 0 @0 max/);
  assert.match(out, /Const64 \[9\]/);
  assert.doesNotMatch(out, /Call|Less|Phi/);
});
