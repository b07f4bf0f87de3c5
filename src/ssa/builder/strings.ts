/** Strings: concatenation and conversions from and to them (gc-contract 5.8). */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import * as Kind from '#syntax/kinds.ts';
import type { Expr, Operation } from '#syntax/nodes.ts';
import { unparen } from '#syntax/nodes.ts';
import * as SyntaxOp from '#syntax/operators.ts';
import { tvOf } from '#types/info.ts';
import * as Mode from '#types/mode.ts';
import { AllocationSite } from '../func.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import type { FuncBuilder } from './builder.ts';
import { expr, exprTo, exprType } from './expr.ts';
import { orderOperands } from './order.ts';

/** x + y + ... of strings: one operation for the whole chain. */
export function concatenation(b: FuncBuilder, e: Operation, t: GoType): Value {
  const operands: Expr[] = [];
  flatten(e, operands);
  orderOperands(b, operands);
  return concat(
    b,
    t,
    operands.map((x) => exprTo(b, x, t)),
  );
}

function flatten(e: Expr, out: Expr[]): void {
  const x = unparen(e);
  if (x.kind === Kind.Operation && x.op === SyntaxOp.Add && x.y !== null && tvOf(x)?.value === null) {
    flatten(x.x, out);
    flatten(x.y, out);
  } else out.push(x);
}

export function concat(b: FuncBuilder, t: GoType, parts: readonly Value[]): Value {
  const v = b.v0(Op.ConcatStrings, b.tupleWithMem(t));
  for (const p of parts) v.addArg(p);
  v.addArg(b.mem());
  v.aux = new AllocationSite('string concatenation', b.uint8, b.pos, false);
  return b.withMem(v, t);
}

export function isByteSlice(t: GoType): boolean {
  return t.kind === G.Slice && t.elem().kind === G.Uint8;
}

export function isRuneSlice(t: GoType): boolean {
  return t.kind === G.Slice && t.elem().kind === G.Int32;
}

function site(b: FuncBuilder, op: number, to: GoType, v: Value, what: string, elem: GoType): Value {
  const r = b.v2(op, b.tupleWithMem(to), v, b.mem());
  r.aux = new AllocationSite(what, elem, b.pos, false);
  return b.withMem(r, to);
}

/** Conversions that involve strings; null if from and to are no such pair. */
export function convertString(b: FuncBuilder, v: Value, from: GoType, to: GoType): Value | null {
  if (to.kind === G.String) {
    if (from.isInteger()) {
      return site(b, Op.IntToString, to, intForString(b, v, from), 'string conversion', b.uint8);
    }
    if (isByteSlice(from)) return site(b, Op.BytesToString, to, v, 'string conversion', b.uint8);
    if (isRuneSlice(from)) return site(b, Op.RunesToString, to, v, 'string conversion', b.uint8);
    return null;
  }
  if (from.kind === G.String) {
    if (isByteSlice(to)) return site(b, Op.StringToBytes, to, v, 'byte slice conversion', to.elem());
    if (isRuneSlice(to)) return site(b, Op.StringToRunes, to, v, 'rune slice conversion', to.elem());
  }
  return null;
}

/** runtime.intstring takes an int64; unsigned values above its range are no code points either way. */
function intForString(b: FuncBuilder, v: Value, from: GoType): Value {
  const int64 = b.types.basic(G.Int64);
  if (from.size === 8) return v.type === int64 ? v : b.v1(Op.Copy, int64, v);
  const ops = from.isSigned()
    ? [Op.SignExt8to64, Op.SignExt16to64, Op.SignExt32to64]
    : [Op.ZeroExt8to64, Op.ZeroExt16to64, Op.ZeroExt32to64];
  return b.v1(ops[from.size === 1 ? 0 : from.size === 2 ? 1 : 2], int64, v);
}

/** e as t, where the value is needed only for a moment: string(bytes) is then made without a copy (gc-contract 5.8). */
export function temporaryString(b: FuncBuilder, e: Expr, t: GoType): Value {
  const x = unparen(e);
  if (
    x.kind === Kind.CallExpr &&
    x.args.length === 1 &&
    tvOf(x.fun)?.mode === Mode.typexpr &&
    tvOf(x)?.value === null
  ) {
    const from = exprType(b, x.args[0]);
    if (exprType(b, x).kind === G.String && t.kind === G.String && isByteSlice(from)) {
      return b.v1(Op.BytesToStringTemporary, t, expr(b, x.args[0]));
    }
  }
  return exprTo(b, e, t);
}
