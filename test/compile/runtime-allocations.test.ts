/** In the runtime's packages no variable is moved to the heap, and no closure is made there (gc-contract 8.1): the official compiler refuses to. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { plainCode } from '#arch/amd64/compile.ts';
import { compileProgram } from '#compile/whole-program.ts';
import { nodeHost } from '#host/node.ts';
import { StandardResolver } from '#load/loader.ts';
import { makeTarget } from '#load/target.ts';
import { isRuntimePackage } from '#obj/runtime-packages.ts';
import { Closure, Wrapper } from '#ssa/call.ts';
import { AllocationSite, type Func } from '#ssa/func.ts';
import * as Op from '#ssa/gen/op.ts';
import { root } from './tree.ts';

function onHeap(f: Func): string[] {
  const list: string[] = [];
  for (const b of f.blocks)
    for (const v of b.values) {
      const { aux } = v;
      if (v.op === Op.Alloc && aux instanceof AllocationSite && aux.isVariable && aux.escapes)
        list.push(`${f.ref.linkName}: moved to heap: ${aux.what}`);
      // Those of go statements and method values may be.
      const isLiteral = aux instanceof Closure && (aux.fn.flags & Wrapper) === 0;
      if (v.op === Op.MakeClosure && isLiteral && aux.escapes && v.args.length > 1)
        list.push(`${f.ref.linkName}: heap-allocated closure ${aux.fn.linkName}`);
    }
  return list;
}

test('nothing of the runtime goes to the heap by itself', {
  skip: root === null && 'no Go tree on this machine',
}, () => {
  const host = nodeHost();
  const wrong: string[] = [];
  const dir = fileURLToPath(new URL('programs', import.meta.url));
  const result = compileProgram(host, {
    goroot: root ?? '',
    target: makeTarget('linux', 'amd64', false, []),
    resolver: new StandardResolver(host.files, root ?? ''),
    goVersion: 'go1.26',
    loadMain: (loader) => loader.loadFiles('command-line-arguments', dir, ['language.go']),
    passes: {
      dump: (f, pass) => {
        if (pass === 'escape' && isRuntimePackage(f.ref.pkgPath)) wrong.push(...onHeap(f));
      },
      verify: false,
    },
    code: plainCode,
  });
  assert.ok(result.functions > 1000);
  assert.deepEqual(wrong, []);
});
