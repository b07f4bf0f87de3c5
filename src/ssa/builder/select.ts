/** Select statements (spec: "Select statements"; gc-contract 5.4). */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import * as Kind from '#syntax/kinds.ts';
import type { CommClause, Expr, SelectStmt } from '#syntax/nodes.ts';
import { unpackListExpr, unparen } from '#syntax/nodes.ts';
import * as SyntaxOp from '#syntax/operators.ts';
import type { Block } from '../block.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import { declaredVar, isBlank, targetOf } from './assign.ts';
import type { FuncBuilder } from './builder.ts';
import { receive, send } from './channels.ts';
import { assignable } from './convert.ts';
import { expr, exprTo, exprType, retypePtr } from './expr.ts';
import { rtCall } from './runtime-call.ts';
import { stmts } from './stmt.ts';
import { declareVariable } from './variables.ts';

/** One communication, its operands evaluated. */
interface Comm {
  readonly clause: CommClause;
  readonly isSend: boolean;
  readonly channel: Value;
  readonly type: GoType;
  /** Sent, or received into; null if a received value is dropped. */
  readonly elem: Value | null;
  readonly lhs: readonly Expr[];
  readonly define: boolean;
}

interface Parts {
  readonly channel: Expr;
  /** Of a send. */
  readonly value: Expr | null;
  readonly lhs: readonly Expr[];
  readonly define: boolean;
}

function partsOf(b: FuncBuilder, c: CommClause): Parts {
  const s = c.comm;
  if (s === null) return b.fail(c.pos, 'default is no communication');
  if (s.kind === Kind.SendStmt) return { channel: s.chan, value: s.value, lhs: [], define: false };
  const rhs = s.kind === Kind.ExprStmt ? s.x : s.kind === Kind.AssignStmt ? s.rhs : null;
  const x = rhs === null ? null : unparen(rhs);
  if (x === null || x.kind !== Kind.Operation || x.op !== SyntaxOp.Recv) return b.fail(c.pos, 'communication');
  const assign = s.kind === Kind.AssignStmt ? s : null;
  return {
    channel: x.x,
    value: null,
    lhs: assign === null ? [] : unpackListExpr(assign.lhs),
    define: assign !== null && assign.op === SyntaxOp.Def,
  };
}

export function selectStmt(b: FuncBuilder, s: SelectStmt): void {
  const done = b.newBlock();
  b.control.jumps.set(s, { breakTo: done, continueTo: null });
  const comms = s.body.filter((c) => c.comm !== null);
  const fallback = s.body.find((c) => c.comm === null) ?? null;
  if (comms.length === 0) {
    if (fallback === null) {
      rtCall(b, 'block', []);
      b.exit();
    } else body(b, fallback, done);
  } else if (comms.length === 1) single(b, comms[0], fallback, done);
  else several(b, s, comms, fallback, done);
  b.startSealed(done);
}

function body(b: FuncBuilder, c: CommClause, done: Block): void {
  stmts(b, c.body);
  b.jump(done);
}

/** Hands on what was received. */
function received(
  b: FuncBuilder,
  lhs: readonly Expr[],
  define: boolean,
  types: readonly GoType[],
  values: readonly Value[],
): void {
  lhs.forEach((e, i) => {
    if (isBlank(e)) return;
    const v = define ? declaredVar(e) : null;
    if (v !== null) {
      declareVariable(b, v, assignable(b, values[i], types[i], b.type(v.typ)), null);
      return;
    }
    const to = targetOf(b, e);
    to.write(assignable(b, values[i], types[i], to.type));
  });
}

/** One communication: an ordinary one, or with default one that does not wait. */
function single(b: FuncBuilder, c: CommClause, fallback: CommClause | null, done: Block): void {
  const parts = partsOf(b, c);
  b.pos = c.pos;
  const t = exprType(b, parts.channel);
  const ch = expr(b, parts.channel);
  const elem = t.elem();
  if (parts.value !== null) {
    const v = exprTo(b, parts.value, elem);
    if (fallback === null) {
      send(b, ch, t, v);
      body(b, c, done);
      return;
    }
    const ok = rtCall(b, 'selectnbsend', [ch, b.addressOfValue(elem, v)])[0];
    choose(b, ok, () => body(b, c, done), fallback, done);
    return;
  }
  if (fallback === null) {
    const values = receive(b, ch, t, elem, parts.lhs.length > 1);
    received(b, parts.lhs, parts.define, [elem, b.bool], values);
    body(b, c, done);
    return;
  }
  const wanted = parts.lhs.length > 0 && !isBlank(parts.lhs[0]);
  const p = wanted ? b.temp(elem) : b.constNil(b.unsafePointer);
  if (wanted) b.zero(elem, p);
  const r = rtCall(b, 'selectnbrecv', [p, ch]);
  choose(
    b,
    r[0],
    () => {
      const v = wanted ? b.load(elem, p) : r[1];
      received(b, parts.lhs, parts.define, [elem, b.bool], [v, r[1]]);
      body(b, c, done);
    },
    fallback,
    done,
  );
}

function choose(b: FuncBuilder, ok: Value, yes: () => void, fallback: CommClause, done: Block): void {
  const hit = b.newBlock();
  const miss = b.newBlock();
  b.branch(ok, hit, miss);
  b.startSealed(hit);
  yes();
  b.startSealed(miss);
  body(b, fallback, done);
}

function several(
  b: FuncBuilder,
  s: SelectStmt,
  comms: readonly CommClause[],
  fallback: CommClause | null,
  done: Block,
): void {
  const evaluated = comms.map((c) => evaluate(b, c));
  b.pos = s.pos;
  // runtime.scase, sends from the front, receives from the back.
  const sends = evaluated.filter((c) => c.isSend);
  const receives = evaluated.filter((c) => !c.isSend).reverse();
  const order = [...sends, ...receives];
  const n = order.length;
  const field = (name: string) => ({ name, type: b.unsafePointer, embedded: false, tag: '', pkgPath: 'runtime' });
  const scase = b.types.structOf([field('c'), field('elem')]);
  const cases = retypePtr(b, b.temp(b.types.arrayOf(scase, n)), b.unsafePointer);
  const word = b.types.pointerTo(b.unsafePointer);
  order.forEach((c, i) => {
    b.store(b.unsafePointer, b.offset(cases, 16 * i, word), c.channel);
    b.store(b.unsafePointer, b.offset(cases, 16 * i + 8, word), c.elem ?? b.constNil(b.unsafePointer));
  });
  const scratch = b.types.arrayOf(b.types.basic(G.Uint16), 2 * n);
  const orderPtr = b.temp(scratch);
  b.zero(scratch, orderPtr);
  const r = rtCall(b, 'selectgo', [
    cases,
    orderPtr,
    b.constNil(b.types.pointerTo(b.uintptr)),
    b.constInt(sends.length),
    b.constInt(receives.length),
    b.constBool(fallback === null),
  ]);
  if (fallback !== null) {
    const none = b.newBlock();
    const some = b.newBlock();
    b.branch(b.v2(Op.Less64, b.bool, r[0], b.constInt(0)), none, some);
    b.startSealed(none);
    body(b, fallback, done);
    b.startSealed(some);
  }
  order.forEach((c, i) => {
    if (i === n - 1) {
      chosen(b, c, r[1], done);
      return;
    }
    const hit = b.newBlock();
    const next = b.newBlock();
    b.branch(b.v2(Op.Eq64, b.bool, r[0], b.constInt(i)), hit, next);
    b.startSealed(hit);
    chosen(b, c, r[1], done);
    b.startSealed(next);
  });
}

function evaluate(b: FuncBuilder, c: CommClause): Comm {
  const parts = partsOf(b, c);
  const t = exprType(b, parts.channel);
  const channel = expr(b, parts.channel);
  const elem = t.elem();
  let place: Value | null = null;
  if (parts.value !== null) place = b.spill(elem, exprTo(b, parts.value, elem));
  else if (parts.lhs.length > 0 && !isBlank(parts.lhs[0])) {
    place = b.temp(elem);
    b.zero(elem, place);
  }
  return {
    clause: c,
    isSend: parts.value !== null,
    channel,
    type: t,
    elem: place,
    lhs: parts.lhs,
    define: parts.define,
  };
}

function chosen(b: FuncBuilder, c: Comm, ok: Value, done: Block): void {
  const elem = c.type.elem();
  b.pos = c.clause.pos;
  if (!c.isSend && c.lhs.length > 0) {
    const v = c.elem === null ? ok : b.load(elem, c.elem);
    received(b, c.lhs, c.define, [elem, b.bool], [v, ok]);
  }
  body(b, c.clause, done);
}
