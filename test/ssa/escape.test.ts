import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FuncRef } from '#ssa/call.ts';
import { Closure } from '#ssa/call.ts';
import { AllocationSite } from '#ssa/func.ts';
import { type EscapeSummary, summaryText } from '#ssa/passes/escape/summary.ts';
import { analyzeEscape } from '#ssa/passes/escape.ts';
import { genericTarget } from '#ssa/text/generic-target.ts';
import { parseProgram } from '#ssa/text/parse.ts';
import { verify } from '#ssa/verify.ts';

/** Functions in order of calls; prints summaries and what escapes. */
function analyze(text: string): string {
  const p = parseProgram(text, genericTarget);
  const known = new Map<FuncRef, EscapeSummary>();
  const out: string[] = [];
  for (const f of p.funcs) {
    assert.deepEqual(verify(f), []);
    const [s] = analyzeEscape([f], (ref) => known.get(ref) ?? null);
    known.set(f.ref, s);
    const sites: string[] = [];
    for (const b of f.blocks) {
      for (const v of b.values) {
        if ((v.aux instanceof AllocationSite || v.aux instanceof Closure) && v.aux.escapes)
          sites.push(`${v.aux.text().split(' ')[0]}`);
      }
    }
    out.push(`${f.ref.linkName}: ${summaryText(s)}${sites.length > 0 ? ` | ${sites.join(' ')}` : ''}`);
  }
  return out.join('\n');
}

const types = 'type T = struct { p *int; q unsafe.Pointer }\n';
const head = 'v0 = InitMem : mem\n';
const sp = 'v90 = SP : uintptr\nv91 = SB : uintptr\n';

test('parameters, results, loops', () => {
  const text = `${types}
func id func(*int) *int {
param p#0 *int
result r#1 *int
b0:
${head}v1 = Arg {p#0} : *int
v2 = MakeResult v1 v0 : (*int, mem)
Ret v2
}
func load func(**int) *int {
param p#0 **int
result r#1 *int
b0:
${head}v1 = Arg {p#0} : **int
v2 = Load v1 v0 : *int
v3 = MakeResult v2 v0 : (*int, mem)
Ret v3
}
func set func(*T, *int) {
param t#0 *T
param p#1 *int
b0:
${head}v1 = Arg {t#0} : *T
v2 = Arg {p#1} : *int
v3 = Store {*int} v1 v2 v0 : mem
Ret v3
}
func global func(*int) {
param p#0 *int
b0:
${head}${sp}v1 = Arg {p#0} : *int
v2 = Addr {g} v91 : **int
v3 = Store {*int} v2 v1 v0 : mem
Ret v3
}
func user func(*int) *int {
param p#0 *int
result r#1 *int
b0:
${head}v1 = Arg {p#0} : *int
v2 = Alloc {a int} v0 : (*int, mem)
v3 = SelectN v2 : *int
v4 = SelectN [1] v2 : mem
v5 = StaticCall {id func(*int) *int} v3 v4 : (*int, mem)
v6 = SelectN v5 : *int
v7 = SelectN [1] v5 : mem
v8 = Alloc {b *int} v7 : (**int, mem)
v9 = SelectN v8 : **int
v10 = SelectN [1] v8 : mem
v11 = Store {*int} v9 v1 v10 : mem
v12 = StaticCall {load func(**int) *int} v9 v11 : (*int, mem)
v13 = SelectN v12 : *int
v14 = SelectN [1] v12 : mem
v15 = Alloc {c int} v14 : (*int, mem)
v16 = SelectN v15 : *int
v17 = SelectN [1] v15 : mem
v18 = StaticCall {global func(*int)} v16 v17 : (mem)
v19 = SelectN v18 : mem
v20 = MakeResult v13 v19 : (*int, mem)
Ret v20
}
func loop func() {
b0:
${head}v1 = ConstNil : *T
v2 = ConstBool : bool
Plain -> b1
b1: <- b0 b1
v3 = Phi v1 v6 : *T
v4 = Phi v0 v9 : mem
v5 = Alloc {keeps T} v4 : (*T, mem)
v6 = SelectN v5 : *T
v7 = SelectN [1] v5 : mem
v10 = Alloc {local T} v7 : (*T, mem)
v11 = SelectN v10 : *T
v12 = SelectN [1] v10 : mem
v8 = OffPtr [8] v11 : **T
v9 = Store {*T} v8 v3 v12 : mem
If v2 -> b1 b2
b2: <- b1
Ret v9
}
`;
  assert.equal(
    analyze(text),
    ['id: r0:0', 'load: r0:1', 'set: - heap:0', 'global: heap:0', 'user: r0:0 | c', 'loop:  | keeps'].join('\n'),
  );
});

test('closures: captured variables, systemstack', () => {
  const text = `${types}
func f.func1 func() {
properties context
b0:
${head}v1 = GetClosurePtr : unsafe.Pointer
v2 = OffPtr [8] v1 : ***int
v3 = Load v2 v0 : **int
v4 = OffPtr [16] v1 : **int
v5 = Load v4 v0 : *int
v6 = Store {*int} v3 v5 v0 : mem
Ret v6
}
func f func(*int) *int {
param p#0 *int
result r#1 *int
b0:
${head}v1 = Arg {p#0} : *int
v2 = Alloc {x *int} v0 : (**int, mem)
v3 = SelectN v2 : **int
v4 = SelectN [1] v2 : mem
v5 = MakeClosure {f.func1 func() | struct { F uintptr; X **int; P *int } ref val} v3 v1 v4 : (func(), mem)
v6 = SelectN v5 : func()
v7 = SelectN [1] v5 : mem
v8 = StaticCall {systemstack func(func())} v6 v7 : (mem)
v9 = SelectN v8 : mem
v10 = Load v3 v9 : *int
v11 = MakeResult v10 v9 : (*int, mem)
Ret v11
}
`;
  // systemstack has no body: without its pragma the closure leaks, with it only the parameter's way to the result is left.
  assert.equal(analyze(text), 'f.func1: c8=- c16=c8:0\nf: heap:0 | x f.func1');
  const p = parseProgram(text, genericTarget);
  const known = new Map<FuncRef, EscapeSummary>();
  for (const ref of p.refs.values()) if (ref.linkName === 'systemstack') ref.flags |= 4;
  const out = p.funcs.map((f) => {
    const [s] = analyzeEscape([f], (ref) => known.get(ref) ?? null);
    known.set(f.ref, s);
    return summaryText(s);
  });
  assert.deepEqual(out, ['c8=- c16=c8:0', 'r0:0']);
});
