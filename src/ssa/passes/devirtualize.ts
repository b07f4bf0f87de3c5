/**
 * Calls of interface methods where the interface value is made in the same function become calls of the method itself (cmd/compile/internal/devirtualize),
 * which can be inlined, and whose arguments need not escape. A method of T called through a *T gets what the pointer points to, not the
 * generated method of *T: a nil pointer is then a fault, as in a call that is written out.
 */
import type * as G from '#abi/gotype.ts';
import { Call, SymbolRef } from '../call.ts';
import { canSsa } from '../can-ssa.ts';
import type { Func } from '../func.ts';
import * as Op from '../gen/op.ts';
import type { Services } from '../pass.ts';
import { placeOf } from '../rules/memory.ts';
import type { Value } from '../value.ts';
import { original } from './copy-elim.ts';

export function devirtualize(f: Func, services: Services): void {
  for (const b of f.blocks) for (const v of [...b.values]) if (v.op === Op.InterCall) callMethod(f, services, v);
}

function callMethod(f: Func, services: Services, v: Value): void {
  const { aux } = v;
  const code = original(v.args[0]);
  if (!(aux instanceof Call) || code.op !== Op.Load) return;
  const { base } = placeOf(original(code.args[0]));
  if (base.op !== Op.Addr || !(base.aux instanceof SymbolRef)) return;
  const method = services.implementation(base.aux.symbol, aux.methodIndex);
  if (method === null) return;
  const recv = receiver(f, v, method.recv, method.isBehindPointer);
  const rest = v.args.slice(2);
  for (const a of rest) a.uses++;
  recv.uses++;
  v.reset(Op.StaticCall);
  recv.uses--;
  for (const a of rest) a.uses--;
  v.addArg(recv);
  for (const a of rest) v.addArg(a);
  v.aux = new Call(method.callee, method.callee.type, false, null, -1);
}

/** What the data word stands for. */
function receiver(f: Func, v: Value, t: G.GoType, isBehindPointer: boolean): Value {
  const word = v.args[1];
  const copy = (to: G.GoType): Value => f.newValue1(v.block, Op.Copy, to, v.pos, word, v.inline);
  if (!isBehindPointer && t.isPointerShaped()) return copy(t);
  const mem = v.memArg();
  let p = copy(f.types.pointerTo(t));
  if (isBehindPointer) p = f.newValue2(v.block, Op.NilCheck, p.type, v.pos, p, mem, v.inline);
  return f.newValue2(v.block, canSsa(t) ? Op.Load : Op.Deref, t, v.pos, p, mem, v.inline);
}
