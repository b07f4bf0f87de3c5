/** Whether a function may be inlined, and what its body costs (gc-contract 8.2, 8.5; cmd/compile/internal/inline). */
import * as B from '../../block.ts';
import * as C from '../../call.ts';
import type { Func } from '../../func.ts';
import * as Op from '../../gen/op.ts';
import { entryPoint } from '../escape/entries.ts';

/** In units of about one operation of the source. */
export const budget = 80;
/** A function literal that is called directly. */
export const literalBudget = 800;
const callCost = 57;
/** Functions of this many values get only the smallest callees. */
export const bigFunction = 5000;
export const bigFunctionBudget = 20;

const forbiddenPragmas =
  C.Noinline |
  C.UintptrEscapes |
  C.UintptrKeepAlive |
  C.CgoUnsafeArgs |
  C.YesWriteBarrierRec |
  C.AbiWrapper |
  C.Systemstack;

/** Walks the stack from its own frame, and skips exactly that one (runtime/panic.go). */
const needsFrame: ReadonlySet<string> = new Set(['runtime.gorecover']);

/** Cost of the body after the early passes; -1: must not be inlined. */
export function inlineCost(f: Func): number {
  if (f.noInline || f.hasDefer || (f.ref.flags & forbiddenPragmas) !== 0) return -1;
  // It counts frames up from its own (runtime/panic.go).
  if (f.ref.linkName === 'runtime.gorecover') return -1;
  // Escape analysis knows these by name.
  if (entryPoint(f.ref.linkName) !== null || needsFrame.has(f.ref.linkName)) return -1;
  let cost = 0;
  for (const b of f.blocks) {
    if (b.kind === B.Recover) return -1;
    for (const v of b.values) {
      const c = valueCost(v.op, v.aux instanceof C.Call ? v.aux : null);
      if (c < 0) return -1;
      cost += c;
    }
    if (b.kind === B.If) cost += 2;
    // About what the comparisons in its place would be.
    if (b.kind === B.JumpTable) cost += 3 * new Set(b.succs.map((e) => e.block)).size;
  }
  return cost;
}

function valueCost(op: number, call: C.Call | null): number {
  switch (op) {
    case Op.Phi:
    case Op.Copy:
    case Op.InitMem:
    case Op.Arg:
    case Op.SP:
    case Op.SB:
    case Op.SelectN:
    case Op.Select0:
    case Op.Select1:
    case Op.MakeResult:
    case Op.InlineMark:
    case Op.VarDef:
    case Op.VarLive:
    case Op.ConstBool:
    case Op.ConstNil:
    case Op.Const8:
    case Op.Const16:
    case Op.Const32:
    case Op.Const64:
    case Op.Const32F:
    case Op.Const64F:
    case Op.ConstString:
    case Op.ConstSlice:
    case Op.ConstInterface:
    case Op.OffPtr:
    case Op.NilCheck:
      return 0;
    case Op.Go:
    case Op.Defer:
    case Op.DeferAt:
    case Op.GetCallerPC:
    case Op.GetCallerSP:
    case Op.TailCall:
      return -1;
    case Op.PanicBounds:
      return 1;
    case Op.StaticCall:
      return staticCost(call);
    case Op.ClosureCall:
    case Op.InterCall:
      return callCost;
    default:
      return 1;
  }
}

/** gc counts a call of panic as 1 and of throw as nearly everything. */
function staticCost(call: C.Call | null): number {
  if (call === null || call.callee === null) return callCost;
  switch (call.callee.linkName) {
    case 'runtime.gopanic':
      return 1;
    case 'runtime.panicdivide':
    case 'runtime.panicshift':
      return 1;
    case 'runtime.throw':
      return 80;
    case 'runtime.gorecover':
    case 'runtime.selectgo':
    case 'runtime.block':
    case 'runtime.selectnbsend':
    case 'runtime.selectnbrecv':
      return -1;
    default:
      return callCost;
  }
}
