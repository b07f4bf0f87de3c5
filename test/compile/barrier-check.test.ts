import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BarrierCheck } from '#compile/barrier-check.ts';
import { NoWriteBarrier, NoWriteBarrierRec, YesWriteBarrierRec } from '#ssa/call.ts';
import { genericTarget } from '#ssa/text/generic-target.ts';
import { parseProgram } from '#ssa/text/parse.ts';

/** A function of the runtime that calls others, at the positions 1, 2, ... */
function textOf(name: string, calls: readonly string[]): string {
  const lines = calls.map(
    (c, i) => `  v${2 * i + 1} = StaticCall {runtime.${c}<ABIInternal> func()} v${2 * i} : (mem) @${i + 1}
  v${2 * i + 2} = SelectN v${2 * i + 1} : mem`,
  );
  return `func runtime.${name}<ABIInternal> func() {
b0:
  v0 = InitMem : mem
${lines.join('\n')}
  Exit v${2 * calls.length}
}
`;
}

/** Functions with their callees, flags, and the position of a barrier; the messages that follow. */
function check(functions: readonly (readonly [string, readonly string[], number, number])[]): string[] {
  const p = parseProgram(functions.map(([name, calls]) => textOf(name, calls)).join(''), genericTarget);
  const c = new BarrierCheck((pos) => `x.go:${pos}`);
  p.funcs.forEach((f, i) => {
    f.ref.flags = functions[i][2];
    f.writeBarrierPos = functions[i][3];
  });
  for (const f of p.funcs) c.record(f);
  return c.errors().map((d) => `${d.pos}: ${d.message}`);
}

test('write barriers where there may be none', () => {
  assert.deepEqual(check([['f', [], NoWriteBarrier, 7]]), ['7: write barrier prohibited']);
  assert.deepEqual(check([['f', [], 0, 7]]), []);
  const rec = NoWriteBarrierRec | NoWriteBarrier;
  assert.deepEqual(
    check([
      ['root', ['a', 'b'], rec, 0],
      ['a', ['b'], 0, 0],
      ['b', ['c', 'd'], 0, 0],
      ['c', ['e'], YesWriteBarrierRec, 8],
      ['d', [], 0, 9],
      ['e', [], 0, 10],
    ]),
    ['9: write barrier prohibited by caller; d\n\tx.go:2: called by b\n\tx.go:2: called by root'],
  );
});
