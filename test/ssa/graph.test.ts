import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assign } from '#abi/convention.ts';
import { dominators } from '#ssa/dominators.ts';
import { loopNest } from '#ssa/loops.ts';
import { genericTarget } from '#ssa/text/generic-target.ts';
import { parseProgram } from '#ssa/text/parse.ts';
import * as S from '#ssa/text/scanner.ts';
import { TextTypes } from '#ssa/text/types.ts';
import { verify } from '#ssa/verify.ts';

const nested = `func f func() {
b0:
  v0 = InitMem : mem
  v1 = ConstBool : bool
  Plain -> b1
b1:
  v2 = Phi v0 v4 : mem
  If v1 -> b2 b5
b2:
  v3 = Phi v2 v3 : mem
  If v1 -> b2 b3
b3:
  v4 = Copy v3 : mem
  Plain -> b1
b4:
  Plain -> b5
b5: <- b1 b4
  v6 = Phi v2 v2 : mem
  Ret v6
}`;

test('dominators and loops', () => {
  const f = parseProgram(nested, genericTarget).funcs[0];
  assert.deepEqual(verify(f).length, 0, verify(f).join('\n'));
  const tree = dominators(f);
  const idoms = f.blocks.map((b) => `${b}<${tree.idom[b.id]}`).join(' ');
  assert.equal(idoms, 'b0<null b1<b0 b2<b1 b3<b2 b4<null b5<b1');
  const loops = loopNest(f, tree);
  assert.equal(f.blocks.map((b) => loops.depth(b)).join(' '), '0 1 2 1 0 0');
  assert.equal(loops.loops.map((l) => `${l.header}:${l.blocks.join(',')}`).join(' '), 'b2:b2 b1:b3,b1');
  assert.equal(loops.irreducible, false);
});

test('the verifier finds what is wrong', () => {
  const broken: [string, RegExp][] = [
    [nested.replace('v4 = Copy v3', 'v4 = Copy v6'), /does not dominate/],
    [nested.replace('v3 = Phi v2 v3', 'v3 = Phi v2'), /predecessors/],
    [nested.replace('v4 = Copy v3', 'v4 = Copy v3 v3'), /arguments/],
    [nested.replace('v4 = Copy v3', 'v4 = Copy v4'), /itself/],
    [nested.replace('v4 = Copy v3', 'v4 = Load v3 v1'), /memory/],
  ];
  for (const [text, want] of broken) {
    const f = parseProgram(text, genericTarget).funcs[0];
    assert.match(verify(f).join('\n'), want);
  }
});

test('calling convention', () => {
  // From abi-internal.md: func f(a1 uint8, a2 [2]uintptr, a3 uint8) (r1 struct { x uintptr; y [2]uintptr }, r2 string).
  const rows: [string, string][] = [
    [
      'func(uint8, [2]uintptr, uint8) (struct { x uintptr; y [2]uintptr }, string)',
      'i0 s0 i1 | s16 i0,i1 | results 16 spill 40 total 48 | s40 s41',
    ],
    [
      'func(struct {}, int, float64, complex64) error',
      's0 i0 f0 f1,f2 | i0,i1 | results 0 spill 0 total 24 | s0 s8 s16',
    ],
    [
      'func(string, []int, interface {}, string, int, int) int',
      'i0,i1 i2,i3,i4 i5,i6 i7,i8 s0 s8 | i0 | results 16 spill 16 total 88 | s16 s32 s56 s72',
    ],
    [
      'func([]int, []int, []int, string, float32)',
      'i0,i1,i2 i3,i4,i5 i6,i7,i8 s0 f0 |  | results 16 spill 16 total 96 | s16 s40 s64 s88',
    ],
    [
      'func([]int, []int, string, string, int)',
      'i0,i1,i2 i3,i4,i5 i6,i7 s0 i8 |  | results 16 spill 16 total 88 | s16 s40 s64 s80',
    ],
  ];
  const types = new TextTypes();
  for (const [signature, want] of rows) {
    const t = S.type(new S.TextScanner(signature.replace('error', 'interface { Error() string }')), types);
    const a = assign(t.params(), t.results(), { ints: 9, floats: 15 }, types);
    const place = (p: (typeof a.params)[number]): string =>
      p.inRegisters ? p.pieces.map((w) => `${w.isFloat ? 'f' : 'i'}${w.index}`).join(',') : `s${p.offset}`;
    const spills = a.params
      .filter((p) => p.inRegisters)
      .map((p) => `s${p.offset}`)
      .join(' ');
    const got = `${a.params.map(place).join(' ')} | ${a.results.map(place).join(' ')} | results ${a.resultsOffset} spill ${a.spillOffset} total ${a.total} | ${spills}`;
    assert.equal(got, want, signature);
  }
});
