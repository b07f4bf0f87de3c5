/** Conditions that constants decide: what they rule out is not built, so that nothing is demanded that cannot run. */
import { boolVal } from '#constant/value.ts';
import * as Kind from '#syntax/kinds.ts';
import type { Expr } from '#syntax/nodes.ts';
import { unparen } from '#syntax/nodes.ts';
import * as SyntaxOp from '#syntax/operators.ts';
import { tvOf } from '#types/info.ts';
import * as Mode from '#types/mode.ts';

/** A condition that is known from constants alone: what it guards is not built (cmd/compile/internal/noder/writer.go, staticBool). */
export function staticBool(e: Expr): boolean | null {
  const x = unparen(e);
  const tv = tvOf(x);
  if (tv !== null && tv.mode === Mode.constant_ && tv.value !== null) return boolVal(tv.value);
  if (x.kind !== Kind.Operation) return null;
  if (x.y === null) {
    if (x.op !== SyntaxOp.Not) return null;
    const v = staticBool(x.x);
    return v === null ? null : !v;
  }
  if (x.op === SyntaxOp.AndAnd) {
    const l = staticBool(x.x);
    if (l === false) return false;
    const r = staticBool(x.y);
    return l === true ? r : null;
  }
  if (x.op === SyntaxOp.OrOr) {
    const l = staticBool(x.x);
    if (l === true) return true;
    const r = staticBool(x.y);
    return l === false ? r : null;
  }
  return null;
}
