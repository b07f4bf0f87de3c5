/**
 * The equality and hash functions that type descriptors and map types point at, for types that no runtime function serves
 * (gc-contract 4.3): type:.eq.T is func(p, q *T) bool, type:.hash.T is func(p *T, h uintptr) uintptr. Hashing goes field by field and
 * element by element, as the runtime's typehash does.
 */
import * as Algorithm from '#abi/algorithm.ts';
import * as G from '#abi/gotype.ts';
import type { GoType } from '#abi/gotype.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import type { FuncBuilder } from './builder.ts';
import { canSsa } from '../can-ssa.ts';
import { equal, memoryEqual } from './compare.ts';
import { returnValues } from './returns.ts';
import { callStatic, rtCall } from './runtime-call.ts';
import { GeneratedSource } from './source.ts';

export function equalSource(t: GoType): GeneratedSource {
  return new GeneratedSource(null, null, 0, null, (b, [p, q]) => {
    if (t.kind === G.Array) {
      eachElement(b, t, [p, q], ([pe, qe]) => unlessEqual(b, partEqual(b, t.elem(), pe, qe)));
    } else {
      for (const f of t.fields) {
        if (f.name === '_' || f.type.size === 0) continue;
        const pointer = b.types.pointerTo(f.type);
        unlessEqual(b, partEqual(b, f.type, b.offset(p, f.offset, pointer), b.offset(q, f.offset, pointer)));
      }
    }
    returnValues(b, [b.constBool(true)]);
  });
}

function partEqual(b: FuncBuilder, t: GoType, p: Value, q: Value): Value {
  return canSsa(t) && t.kind !== G.Struct && t.kind !== G.Array ? equal(b, t, b.load(t, p), b.load(t, q)) : memoryEqual(b, t, p, q);
}

/** Returns false from the function where same is false. */
function unlessEqual(b: FuncBuilder, same: Value): void {
  const differ = b.newBlock();
  const next = b.newBlock();
  b.branch(same, next, differ);
  b.startSealed(differ);
  returnValues(b, [b.constBool(false)]);
  b.startSealed(next);
}

/** A loop over the elements of arrays of type t, given by pointers. */
function eachElement(b: FuncBuilder, t: GoType, arrays: readonly Value[], body: (elems: Value[]) => void): void {
  const i = b.newVar(b.int);
  const pointer = b.types.pointerTo(t.elem());
  b.define(i, b.constInt(0));
  const head = b.newBlock();
  const inside = b.newBlock();
  const done = b.newBlock();
  b.jump(head);
  b.start(head);
  b.branch(b.v2(Op.Less64, b.bool, b.read(i), b.constInt(t.length)), inside, done);
  b.startSealed(inside);
  body(arrays.map((a) => b.v2(Op.PtrIndex, pointer, a, b.read(i))));
  b.define(i, b.v2(Op.Add64, b.int, b.read(i), b.constInt(1)));
  b.jump(head);
  b.seal(head);
  b.startSealed(done);
}

export function hashSource(t: GoType): GeneratedSource {
  return new GeneratedSource(null, null, 0, null, (b, [p, seed]) => {
    const h = b.newVar(b.uintptr);
    b.define(h, seed);
    if (t.kind === G.Array) {
      eachElement(b, t, [p], ([e]) => b.define(h, hashPart(b, t.elem(), e, b.read(h))));
    } else {
      for (const f of t.fields) {
        if (f.name === '_' || f.type.size === 0) continue;
        b.define(h, hashPart(b, f.type, b.offset(p, f.offset, b.types.pointerTo(f.type)), b.read(h)));
      }
    }
    returnValues(b, [b.read(h)]);
  });
}

function hashPart(b: FuncBuilder, t: GoType, p: Value, h: Value): Value {
  if (Algorithm.isRegularMemory(t)) {
    if (t.size === 4 || t.size === 8) return rtCall(b, `memhash${t.size * 8}`, [p, h])[0];
    return rtCall(b, 'memhash', [p, h, b.constant(Op.Const64, b.uintptr, t.size, 0)])[0];
  }
  const known = Algorithm.predefined(t);
  if (known !== null) return rtCall(b, known[1], [p, h])[0];
  return callStatic(b, b.prog.hashFunc(t), [p, h])[0];
}
