/** Range loops over integers, arrays, slices, strings, maps and channels (spec: "For statements with range clause"). */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import * as Kind from '#syntax/kinds.ts';
import type { Expr, ForStmt, RangeClause } from '#syntax/nodes.ts';
import { unpackListExpr } from '#syntax/nodes.ts';
import type { Block } from '../block.ts';
import * as B from '../block.ts';
import { canSsa } from '../can-ssa.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import { localVar } from './analyze.ts';
import { asType, isBlank, targetOf } from './assign.ts';
import { type FuncBuilder, zeroValue } from './builder.ts';
import { lenOf } from './builtins.ts';
import { hasCallOrReceive } from './call.ts';
import { assignable } from './convert.ts';
import { expr, exprTo, exprType } from './expr.ts';
import * as Index from './index.ts';
import { rangeOverFunc } from './rangefunc.ts';
import { rtCall } from './runtime-call.ts';
import { stmts } from './stmt.ts';
import { declareVariable } from './variables.ts';

export function rangeStmt(b: FuncBuilder, s: ForStmt, clause: RangeClause): void {
  b.pos = clause.pos;
  const t = exprType(b, clause.x);
  const lhs = unpackListExpr(clause.lhs);
  const key = lhs.length > 0 && !isBlank(lhs[0]) ? lhs[0] : null;
  const value = lhs.length > 1 && !isBlank(lhs[1]) ? lhs[1] : null;
  switch (t.kind) {
    case G.Func:
      rangeOverFunc(b, s, clause);
      return;
    case G.String:
      overString(b, s, clause, key, value);
      return;
    case G.Map:
      overMap(b, s, clause, t, key, value);
      return;
    case G.Chan:
      overChan(b, s, clause, t, key);
      return;
    case G.Slice:
    case G.Array:
    case G.Pointer:
      overElements(b, s, clause, t, key, value);
      return;
    default:
      if (!t.isInteger()) b.fail(clause.pos, `range over ${t.linkString}`);
      overInt(b, s, clause, t, key);
  }
}

/** Gives one of the loop's variables its value for this iteration. */
function bind(b: FuncBuilder, clause: RangeClause, e: Expr | null, v: Value, t: GoType): void {
  if (e === null) return;
  if (clause.def) {
    const obj = e.kind === Kind.Name ? localVar(e) : null;
    if (obj === null) b.fail(e.pos, 'range variable');
    const vt = b.type(obj.typ);
    declareVariable(b, obj, assignable(b, asType(b, v, t, vt), t, vt), null);
    return;
  }
  const to = targetOf(b, e);
  to.write(assignable(b, v, t, to.type));
}

interface Loop {
  readonly head: Block;
  readonly next: Block;
  readonly done: Block;
}

/** Starts the loop; the current block becomes its head, not sealed. */
function open(b: FuncBuilder, s: ForStmt): Loop {
  const loop = { head: b.newBlock(), next: b.newBlock(), done: b.newBlock() };
  b.jump(loop.head);
  b.start(loop.head);
  b.control.jumps.set(s, { breakTo: loop.done, continueTo: loop.next });
  return loop;
}

/** The body, then `step`, then back. */
function close(b: FuncBuilder, s: ForStmt, loop: Loop, step: () => void): void {
  b.control.loopDepth++;
  stmts(b, s.body.list);
  b.control.loopDepth--;
  b.jump(loop.next);
  b.startSealed(loop.next);
  if (b.block !== null) {
    b.pos = s.pos;
    step();
    b.jump(loop.head);
  }
  b.seal(loop.head);
  b.startSealed(loop.done);
}

function goOnIf(b: FuncBuilder, cond: Value, loop: Loop): void {
  const body = b.newBlock();
  b.branch(cond, body, loop.done, B.Likely);
  b.startSealed(body);
}

function overInt(b: FuncBuilder, s: ForStmt, clause: RangeClause, xt: GoType, key: Expr | null): void {
  // An untyped constant has the type of the variable.
  let t = xt;
  if (key !== null && clause.def && key.kind === Kind.Name) {
    const v = localVar(key);
    if (v !== null) t = b.type(v.typ);
  }
  const n = exprTo(b, clause.x, t);
  const log = t.size === 8 ? 3 : t.size === 4 ? 2 : t.size === 2 ? 1 : 0;
  const id = b.newVar(t);
  b.define(id, b.constant(Op.Const8 + log, t, 0, 0));
  const loop = open(b, s);
  const i = b.read(id);
  goOnIf(b, b.v2((t.isSigned() ? Op.Less8 : Op.Less8U) + log, b.bool, i, n), loop);
  bind(b, clause, key, i, t);
  close(b, s, loop, () => b.define(id, b.v2(Op.Add8 + log, t, b.read(id), b.constant(Op.Const8 + log, t, 1, 0))));
}

/** What is ranged over is evaluated once; an array only if its elements are wanted. */
function elements(b: FuncBuilder, x: Expr, t: GoType, wanted: boolean): Index.Elements {
  if (t.kind !== G.Array) {
    // The elements of *[N]T are reached by the pointer, which may be nil if none is wanted.
    if (t.kind === G.Pointer && !wanted)
      return { elem: t.elem().elem(), ptr: expr(b, x), len: b.constInt(t.elem().length) };
    return Index.elementsOf(b, x);
  }
  if (!wanted) {
    if (hasCallOrReceive(x)) lenOf(b, x);
    return { elem: t.elem(), ptr: b.constNil(b.types.pointerTo(t.elem())), len: b.constInt(t.length) };
  }
  const v = b.stable(expr(b, x));
  const p = b.addressOfValue(t, v);
  return { elem: t.elem(), ptr: b.v1(Op.Copy, b.types.pointerTo(t.elem()), p), len: b.constInt(t.length) };
}

function overElements(
  b: FuncBuilder,
  s: ForStmt,
  clause: RangeClause,
  t: GoType,
  key: Expr | null,
  value: Expr | null,
): void {
  const from = elements(b, clause.x, t, value !== null);
  const id = b.newVar(b.int);
  b.define(id, b.constInt(0));
  const loop = open(b, s);
  const i = b.read(id);
  goOnIf(b, b.v2(Op.Less64, b.bool, i, from.len), loop);
  if (value !== null) {
    const v = b.load(from.elem, Index.elementAddr(b, from, i));
    bindBoth(b, clause, key, i, value, v, from.elem);
  } else bind(b, clause, key, i, b.int);
  close(b, s, loop, () => b.define(id, b.v2(Op.Add64, b.int, b.read(id), b.constInt(1))));
}

function bindBoth(
  b: FuncBuilder,
  clause: RangeClause,
  key: Expr | null,
  k: Value,
  value: Expr,
  v: Value,
  vt: GoType,
): void {
  if (clause.def || key === null) {
    bind(b, clause, key, k, b.int);
    bind(b, clause, value, v, vt);
    return;
  }
  // The operands on the left are evaluated before the first assignment.
  const kt = targetOf(b, key);
  const to = targetOf(b, value);
  const kept = b.stable(assignable(b, v, vt, to.type));
  kt.write(assignable(b, k, b.int, kt.type));
  to.write(kept);
}

function overString(b: FuncBuilder, s: ForStmt, clause: RangeClause, key: Expr | null, value: Expr | null): void {
  const str = expr(b, clause.x);
  const ptr = b.v1(Op.StringPtr, b.bytePtr, str);
  const len = b.v1(Op.StringLen, b.int, str);
  const rune = b.types.basic(G.Int32);
  const at = b.newVar(b.int);
  const after = b.newVar(b.int);
  const ch = b.newVar(rune);
  b.define(at, b.constInt(0));
  const loop = open(b, s);
  const i = b.read(at);
  goOnIf(b, b.v2(Op.Less64, b.bool, i, len), loop);
  const byte = b.load(b.uint8, b.v2(Op.PtrIndex, b.bytePtr, ptr, i));
  const wide = b.v1(Op.ZeroExt8to32, rune, byte);
  b.define(ch, wide);
  b.define(after, b.v2(Op.Add64, b.int, i, b.constInt(1)));
  const multi = b.newBlock();
  const ready = b.newBlock();
  b.branch(b.v2(Op.Less32, b.bool, wide, b.constant(Op.Const32, rune, 0x80, 0)), ready, multi, B.Likely);
  b.startSealed(multi);
  const r = rtCall(b, 'decoderune', [str, i]);
  b.define(ch, r[0]);
  b.define(after, r[1]);
  b.jump(ready);
  b.startSealed(ready);
  const v = b.read(ch);
  if (value !== null) bindBoth(b, clause, key, i, value, v, rune);
  else bind(b, clause, key, i, b.int);
  close(b, s, loop, () => b.define(at, b.read(after)));
}

/** Offsets in internal/runtime/maps.Iter. */
const iterKey = 0;
const iterElem = 8;

function overMap(
  b: FuncBuilder,
  s: ForStmt,
  clause: RangeClause,
  t: GoType,
  key: Expr | null,
  value: Expr | null,
): void {
  const m = expr(b, clause.x);
  const iter = b.prog.packageObject('internal/runtime/maps', 'Iter');
  if (iter === null) b.fail(clause.pos, 'no type internal/runtime/maps.Iter');
  const it = b.types.of(iter.typ);
  const p = b.temp(it);
  b.zero(it, p);
  rtCall(b, 'mapIterStart', [b.typeAddr(t), m, p]);
  const loop = open(b, s);
  const kp = b.types.pointerTo(t.key());
  const k = b.load(kp, b.offset(p, iterKey, b.types.pointerTo(kp)));
  goOnIf(b, b.v1(Op.IsNonNil, b.bool, k), loop);
  const kv = key === null ? null : loadOrZero(b, t.key(), k);
  let ev: Value | null = null;
  if (value !== null) {
    const ep = b.types.pointerTo(t.elem());
    ev = loadOrZero(b, t.elem(), b.load(ep, b.offset(p, iterElem, b.types.pointerTo(ep))));
  }
  if (!clause.def && key !== null && value !== null && kv !== null && ev !== null) {
    const kt = targetOf(b, key);
    const vt = targetOf(b, value);
    kt.write(assignable(b, kv, t.key(), kt.type));
    vt.write(assignable(b, ev, t.elem(), vt.type));
  } else {
    if (kv !== null) bind(b, clause, key, kv, t.key());
    if (ev !== null) bind(b, clause, value, ev, t.elem());
  }
  close(b, s, loop, () => {
    rtCall(b, 'mapIterNext', [p]);
  });
}

function loadOrZero(b: FuncBuilder, t: GoType, ptr: Value): Value {
  return t.size === 0 && canSsa(t) ? zeroValue(b, t) : b.load(t, ptr);
}

function overChan(b: FuncBuilder, s: ForStmt, clause: RangeClause, t: GoType, key: Expr | null): void {
  const ch = expr(b, clause.x);
  const elem = t.elem();
  const p = b.temp(elem);
  b.zero(elem, p);
  const loop = open(b, s);
  const ok = rtCall(b, 'chanrecv2', [ch, p])[0];
  goOnIf(b, ok, loop);
  if (key !== null) bind(b, clause, key, b.load(elem, p), elem);
  // The temporary keeps nothing alive while the body runs.
  if (elem.hasPointers() && b.block !== null) b.zero(elem, p);
  close(b, s, loop, () => undefined);
}
