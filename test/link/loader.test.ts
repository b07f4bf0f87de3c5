/** The loader's tables while they grow. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Loader } from '#link/loader.ts';
import { materialize } from '#link/materialize.ts';
import { memorySymbol } from '#link/memory.ts';
import * as ObjKind from '#obj/kinds.ts';
import { ObjectFile } from '#obj/object.ts';
import { Abi0, defineSymbol, Symbols } from '#obj/symbol.ts';

test('variables keep their types, wherever the tables have to grow', () => {
  const symbols = new Symbols();
  const object = new ObjectFile('p');
  const l = new Loader(0, 0, symbols);
  for (let k = 0; k < 100_000; k++) {
    const v = symbols.lookup(`p.v${k}`, Abi0);
    defineSymbol(v, object, ObjKind.Bss, 0, new Uint8Array(8));
    v.gotype = symbols.lookup(`type:p.T${k}`, Abi0);
    const i = memorySymbol(l, v);
    materialize(l, i);
    assert.notEqual(l.gotype[i], 0, `variable ${k}, symbol ${i} of ${l.kind.length}`);
  }
});
