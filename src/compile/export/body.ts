/**
 * Bodies of generic functions in export data, from which other compilers make instances (cmd/compile/internal/noder: writer.go). A body is the
 * checked syntax tree with its conversions made explicit; what depends on type parameters is found through the object's dictionary.
 */
import type { Pos } from '#base/source.ts';
import * as Kind from '#syntax/kinds.ts';
import type { BlockStmt } from '#syntax/nodes.ts';
import { inspect } from '#syntax/walk.ts';
import type { Var } from '#types/object.ts';
import type { Signature, TypeParam } from '#types/type.ts';
import { Body } from './body-out.ts';
import { hasPlainYield, rangedFunction } from './body-range.ts';
import { writeStmts } from './body-stmts.ts';
import { type Dictionary, type Out, writePos } from './write.ts';

export interface WrittenBody {
  readonly index: number;
  readonly captured: readonly { readonly pos: Pos; readonly v: Var }[];
}

/** Writes a body; a null block is a function without one. */
export function bodyIndex(outer: Out, dict: Dictionary, sig: Signature, block: BlockStmt | null): WrittenBody {
  const b = new Body(outer, dict, sig);
  if (sig.recv !== null) b.addLocal(sig.recv);
  for (const v of sig.params.vars) b.addLocal(v);
  for (const v of sig.results.vars) b.addLocal(v);
  if (b.e.bool(block !== null) && block !== null) {
    writeStmts(b, block.list);
    writePos(b.o, block.rbrace);
  }
  return { index: b.e.finish(), captured: b.captured };
}

/** The type parameters that types declared in the body depend on. */
export function bodyTypeParams(dict: Dictionary): readonly TypeParam[] {
  return [...dict.implicits, ...dict.params];
}

/** Whether all loops over functions are of the usual forms: the function takes an unnamed function type, variables have the iterator's types. */
export function canWriteBody(block: BlockStmt): boolean {
  let can = true;
  inspect(block, (n) => {
    if (n.kind === Kind.RangeClause) {
      const ranged = rangedFunction(n);
      if (ranged !== null && !hasPlainYield(ranged, n)) can = false;
    }
    return can;
  });
  return can;
}
