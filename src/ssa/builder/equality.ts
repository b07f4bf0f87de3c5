/** Generated equality and hash functions of types (gc-contract 4.3). */
import * as Algorithm from '#abi/algorithm.ts';
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import type { FuncBuilder } from './builder.ts';
import { andThen, comparisonCanPanic, equal, memoryEqual } from './compare.ts';
import { fieldAddr } from './fields.ts';
import { finishReturn } from './returns.ts';
import { callStatic, rtCall } from './runtime-call.ts';
import { GeneratedSource } from './source.ts';

/** func(p, q *T) bool */
export function equalSource(t: GoType): GeneratedSource {
  return new GeneratedSource(null, null, 0, null, (b, [p, q]) => {
    const r = t.kind === G.Array ? arrayEqual(b, t, p, q) : structEqual(b, t, p, q);
    if (b.block !== null) finishReturn(b, [r]);
  });
}

function partEqual(b: FuncBuilder, t: GoType, p: Value, q: Value): Value {
  if (t.size === 0) return b.constBool(true);
  if (t.kind !== G.Struct && t.kind !== G.Array) return equal(b, t, b.load(t, p), b.load(t, q));
  if (t.kind === G.Struct && !Algorithm.isRegularMemory(t) && t.fields.length <= 2) return structEqual(b, t, p, q);
  return memoryEqual(b, t, p, q);
}

function structEqual(b: FuncBuilder, t: GoType, p: Value, q: Value): Value {
  let result: Value | null = null;
  const parts = comparedParts(t);
  for (const part of parts) {
    const compare = (): Value => part(b, p, q);
    result = result === null ? compare() : andThen(b, result, compare);
  }
  return result ?? b.constBool(true);
}

type Part = (b: FuncBuilder, p: Value, q: Value) => Value;

/**
 * The comparisons of a struct's fields: runs of plain memory as one, what makes calls last. Nothing moves across a comparison that
 * may panic (cmd/compile/internal/compare, EqStruct).
 */
function comparedParts(t: GoType): Part[] {
  const parts: Part[] = [];
  let cheap: Part[] = [];
  let costly: Part[] = [];
  const flush = (): void => {
    parts.push(...cheap, ...costly);
    cheap = [];
    costly = [];
  };
  for (let i = 0; i < t.fields.length; i++) {
    const f = t.fields[i];
    if (f.name === '_' || f.type.size === 0) continue;
    const end = memoryRun(t, i);
    if (end > i + 1) {
      const size = t.fields[end - 1].offset + t.fields[end - 1].type.size - f.offset;
      const first = i;
      cheap.push((b, p, q) => {
        const n = b.constant(Op.Const64, b.uintptr, size, 0);
        return rtCall(b, 'memequal', [fieldAddr(b, p, t, first), fieldAddr(b, q, t, first), n])[0];
      });
      i = end - 1;
      continue;
    }
    const at = i;
    const part: Part = (b, p, q) => partEqual(b, f.type, fieldAddr(b, p, t, at), fieldAddr(b, q, t, at));
    if (comparisonCanPanic(f.type)) {
      flush();
      parts.push(part);
    } else if (f.type.kind === G.String) {
      cheap.push((b, p, q) => lengthEqual(b, f.type, fieldAddr(b, p, t, at), fieldAddr(b, q, t, at)));
      costly.push(part);
    } else if (f.type.kind === G.Struct || f.type.kind === G.Array) costly.push(part);
    else cheap.push(part);
  }
  flush();
  return parts;
}

/** Whether two strings have the same length, which no call is needed for. */
function lengthEqual(b: FuncBuilder, t: GoType, p: Value, q: Value): Value {
  const n = (at: Value): Value => b.v1(Op.StringLen, b.int, b.load(t, at));
  return b.v2(Op.Eq64, b.bool, n(p), n(q));
}

/** The end of the run of adjacent fields of plain memory, without padding between them, that starts at field i. */
function memoryRun(t: GoType, i: number): number {
  let k = i;
  while (k < t.fields.length) {
    const f = t.fields[k];
    if (f.name === '_' || !Algorithm.isRegularMemory(f.type)) break;
    k++;
    if (Algorithm.isPadded(t, k - 1)) break;
  }
  return k;
}

/** Elements are compared in order; of strings first all lengths, then the contents. */
function arrayEqual(b: FuncBuilder, t: GoType, p: Value, q: Value): Value {
  const elem = t.elem();
  const all = (): Value => elementsEqual(b, t, p, q, partEqual);
  return elem.kind === G.String ? andThen(b, elementsEqual(b, t, p, q, lengthEqual), all) : all();
}

type Compare = (b: FuncBuilder, t: GoType, p: Value, q: Value) => Value;

function elementsEqual(b: FuncBuilder, t: GoType, p: Value, q: Value, compare: Compare): Value {
  const elem = t.elem();
  const ep = b.types.pointerTo(elem);
  const id = b.newVar(b.int);
  const result = b.newVar(b.bool);
  b.define(id, b.constInt(0));
  b.define(result, b.constBool(true));
  const head = b.newBlock();
  const body = b.newBlock();
  const done = b.newBlock();
  const differ = b.newBlock();
  const next = b.newBlock();
  b.jump(head);
  b.start(head);
  const i = b.read(id);
  b.branch(b.v2(Op.Less64, b.bool, i, b.constInt(t.length)), body, done);
  b.startSealed(body);
  const pe = b.v2(Op.PtrIndex, ep, b.v1(Op.Copy, ep, p), i);
  const qe = b.v2(Op.PtrIndex, ep, b.v1(Op.Copy, ep, q), i);
  b.branch(compare(b, elem, pe, qe), next, differ);
  b.startSealed(differ);
  b.define(result, b.constBool(false));
  b.jump(done);
  b.startSealed(next);
  b.define(id, b.v2(Op.Add64, b.int, b.read(id), b.constInt(1)));
  b.jump(head);
  b.seal(head);
  b.startSealed(done);
  return b.read(result);
}

/** func(p *T, seed uintptr) uintptr: field by field, as runtime.typehash does it. */
export function hashSource(t: GoType): GeneratedSource {
  return new GeneratedSource(null, null, 0, null, (b, [p, seed]) => {
    finishReturn(b, [hashOf(b, t, p, seed, true)]);
  });
}

function hashOf(b: FuncBuilder, t: GoType, p: Value, seed: Value, here: boolean): Value {
  const algorithm = Algorithm.algorithmOf(t);
  if (algorithm === Algorithm.Memory) return memoryHash(b, t, p, seed);
  const predefined = Algorithm.predefined(t);
  if (predefined !== null) return rtCall(b, predefined[1], [p, seed])[0];
  if (!here) return callStatic(b, b.prog.hashFunc(t), [p, seed])[0];
  if (t.kind === G.Array) return arrayHash(b, t, p, seed);
  let h = seed;
  t.fields.forEach((f, i) => {
    if (f.name === '_') return;
    h = hashOf(b, f.type, fieldAddr(b, p, t, i), h, false);
  });
  return h;
}

function memoryHash(b: FuncBuilder, t: GoType, p: Value, seed: Value): Value {
  if (t.size === 4) return rtCall(b, 'memhash32', [p, seed])[0];
  if (t.size === 8) return rtCall(b, 'memhash64', [p, seed])[0];
  return rtCall(b, 'memhash', [p, seed, b.constant(Op.Const64, b.uintptr, t.size, 0)])[0];
}

function arrayHash(b: FuncBuilder, t: GoType, p: Value, seed: Value): Value {
  const ep = b.types.pointerTo(t.elem());
  const id = b.newVar(b.int);
  const hash = b.newVar(b.uintptr);
  b.define(id, b.constInt(0));
  b.define(hash, seed);
  const head = b.newBlock();
  const body = b.newBlock();
  const done = b.newBlock();
  b.jump(head);
  b.start(head);
  const i = b.read(id);
  b.branch(b.v2(Op.Less64, b.bool, i, b.constInt(t.length)), body, done);
  b.startSealed(body);
  b.define(hash, hashOf(b, t.elem(), b.v2(Op.PtrIndex, ep, b.v1(Op.Copy, ep, p), i), b.read(hash), false));
  b.define(id, b.v2(Op.Add64, b.int, b.read(id), b.constInt(1)));
  b.jump(head);
  b.seal(head);
  b.startSealed(done);
  return b.read(hash);
}
