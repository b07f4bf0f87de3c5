/** Which types are values of the SSA form; the rest lives in memory (cmd/compile/internal/ssa CanSSA). */

import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';

const maxBytes = 32;
const maxFields = 4;

export function canSsa(t: GoType): boolean {
  if (t.size > maxBytes) return false;
  if (t.kind === G.Array) return t.length === 0 || (t.length === 1 && canSsa(t.elem()));
  if (t.kind !== G.Struct) return true;
  if (t.fields.length > maxFields) return false;
  for (const f of t.fields) if (!canSsa(f.type)) return false;
  return true;
}
