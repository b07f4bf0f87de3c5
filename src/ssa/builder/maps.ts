/** Map operations through the runtime's entries (gc-contract 5.3). */
import * as Algorithm from '#abi/algorithm.ts';
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import type { IndexExpr } from '#syntax/nodes.ts';
import { AllocationSite } from '../func.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import { type FuncBuilder, zeroValue } from './builder.ts';
import { convertNumber } from './convert-number.ts';
import { expr } from './expr.ts';
import { valueIf } from './interfaces.ts';
import { orderOperands } from './order.ts';
import { rtCall } from './runtime-call.ts';
import { temporaryString } from './strings.ts';

/** Elements above this size are not in the group: the fast variants do not know them. */
const maxFastElem = 128;
/** runtime.zeroVal serves elements up to this size. */
const maxZeroElem = 1024;

const Slow = 0;
const Fast32 = 1;
const Fast64 = 2;
const FastString = 3;

function variant(t: GoType): number {
  if (t.elem().size > maxFastElem) return Slow;
  const key = t.key();
  switch (Algorithm.algorithmOf(key)) {
    case Algorithm.Memory:
      return key.size === 4 ? Fast32 : key.size === 8 ? Fast64 : Slow;
    case Algorithm.StringContents:
      return FastString;
    default:
      return Slow;
  }
}

/** Whether the runtime takes keys by value. */
export function hasFastKey(t: GoType): boolean {
  return variant(t) !== Slow;
}

const suffixes: readonly string[] = ['', '_fast32', '_fast64', '_faststr'];

/** The key as the entry wants it: by value in the fast variants, else by address. */
function keyArg(b: FuncBuilder, key: Value, t: GoType, kind: number, asPointer: boolean): Value {
  const kt = t.key();
  switch (kind) {
    case Slow:
      return b.addressOfValue(kt, key);
    case FastString:
      return key.type.kind === G.String ? key : b.load(b.string, b.spill(kt, key));
  }
  const want = asPointer ? b.unsafePointer : b.types.basic(kind === Fast32 ? G.Uint32 : G.Uint64);
  if (kt.isInteger()) return convertNumber(b, key, kt, want);
  if (kt.isPointerShaped()) return asPointer ? key : b.v2(Op.Convert, want, key, b.mem());
  const p = b.spill(kt, key);
  return b.load(want, b.v1(Op.Copy, b.types.pointerTo(want), p));
}

/** The pointer to the element of a key, never nil, and whether it is there if `ok`. */
export function mapAccess(b: FuncBuilder, t: GoType, m: Value, key: Value, ok: boolean): Value[] {
  const kind = variant(t);
  const args = [b.typeAddr(t), m, keyArg(b, key, t, kind, false)];
  const base = ok ? 'mapaccess2' : 'mapaccess1';
  if (t.elem().size > maxZeroElem) {
    const zero = b.temp(t.elem());
    b.zero(t.elem(), zero);
    return rtCall(b, `${base}_fat`, [...args, zero]);
  }
  return rtCall(b, base + suffixes[kind], args);
}

/** m[key] as a value; with ok, also whether the key is there. */
export function mapValue(b: FuncBuilder, t: GoType, m: Value, key: Value, ok: boolean): Value[] {
  const r = mapAccess(b, t, m, key, ok);
  const elem = t.elem();
  const v = elem.size === 0 ? zeroValue(b, elem) : b.stable(b.load(elem, typed(b, r[0], elem)));
  return ok ? [v, r[1]] : [v];
}

function typed(b: FuncBuilder, p: Value, elem: GoType): Value {
  return b.v1(Op.Copy, b.types.pointerTo(elem), p);
}

export function mapLookup(b: FuncBuilder, e: IndexExpr, t: GoType): Value[] {
  const m = expr(b, e.x);
  return mapValue(b, t, m, temporaryString(b, e.index, t.key()), false);
}

export function mapLookupOk(b: FuncBuilder, e: IndexExpr, t: GoType): Value[] {
  orderOperands(b, [e.x, e.index]);
  const m = expr(b, e.x);
  return mapValue(b, t, m, temporaryString(b, e.index, t.key()), true);
}

/** The address to write the element of a key to. */
export function mapAssign(b: FuncBuilder, t: GoType, m: Value, key: Value): Value {
  const kind = variant(t);
  const pointer = (kind === Fast32 || kind === Fast64) && t.key().hasPointers();
  const name = `mapassign${suffixes[kind]}${pointer ? 'ptr' : ''}`;
  const p = rtCall(b, name, [b.typeAddr(t), m, keyArg(b, key, t, kind, pointer)])[0];
  return typed(b, p, t.elem());
}

export function mapDelete(b: FuncBuilder, t: GoType, m: Value, key: Value): void {
  const kind = variant(t);
  rtCall(b, `mapdelete${suffixes[kind]}`, [b.typeAddr(t), m, keyArg(b, key, t, kind, false)]);
}

export function makeMap(b: FuncBuilder, t: GoType, hint: Value): Value {
  const v = b.v2(Op.MakeMap, b.tupleWithMem(t), hint, b.mem());
  v.aux = new AllocationSite('make', t, b.pos, false);
  return b.withMem(v, t);
}

/** len(m): the first word of the map, 0 for nil. */
export function mapLen(b: FuncBuilder, m: Value): Value {
  return valueIf(b, b.int, b.v1(Op.IsNonNil, b.bool, m), () =>
    b.load(b.int, b.v1(Op.Copy, b.types.pointerTo(b.int), m)),
  );
}
