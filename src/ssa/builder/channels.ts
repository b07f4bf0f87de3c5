/** Channel operations (gc-contract 5.4). */
import type { GoType } from '#abi/gotype.ts';
import { AllocationSite } from '../func.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import type { FuncBuilder } from './builder.ts';
import { rtCall } from './runtime-call.ts';

export function send(b: FuncBuilder, ch: Value, t: GoType, v: Value): void {
  rtCall(b, 'chansend1', [ch, b.addressOfValue(t.elem(), v)]);
}

/** <-ch; with ok, also whether the value was sent. */
export function receive(b: FuncBuilder, ch: Value, t: GoType, elem: GoType, ok: boolean): Value[] {
  const p = b.temp(t.elem());
  b.zero(t.elem(), p);
  const r = rtCall(b, ok ? 'chanrecv2' : 'chanrecv1', [ch, p]);
  return [b.load(elem, p), ...r];
}

/** <-ch, the value dropped. */
export function receiveNothing(b: FuncBuilder, ch: Value): void {
  rtCall(b, 'chanrecv1', [ch, b.constNil(b.unsafePointer)]);
}

export function makeChan(b: FuncBuilder, t: GoType, size: Value): Value {
  const v = b.v2(Op.MakeChan, b.tupleWithMem(t), size, b.mem());
  v.aux = new AllocationSite('make', t, b.pos, false);
  return b.withMem(v, t);
}
