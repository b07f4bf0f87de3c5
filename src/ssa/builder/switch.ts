/** Switch statements (spec: "Switch statements"): the cases are compared in order, unless they are constants (switch-search.ts). */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import * as Kind from '#syntax/kinds.ts';
import type { CaseClause, Expr, SwitchStmt, TypeSwitchGuard } from '#syntax/nodes.ts';
import { unpackListExpr } from '#syntax/nodes.ts';
import * as SyntaxOp from '#syntax/operators.ts';
import { tvOf } from '#types/info.ts';
import * as Mode from '#types/mode.ts';
import type { Var } from '#types/object.ts';
import * as ObjKind from '#types/objkind.ts';
import type { Block } from '../block.ts';
import * as B from '../block.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import { type FuncBuilder, zeroValue } from './builder.ts';
import { compareValues, interfaceHolds, not } from './compare.ts';
import { condition, expr, exprTo, exprType, settledType } from './expr.ts';
import { assertTypeOk, holdsType, interfaceToInterface, typeWord, unbox } from './interfaces.ts';
import { staticBool } from './static-bool.ts';
import { stmt, stmts } from './stmt.ts';
import { searchSwitch } from './switch-search.ts';
import { declareVariable } from './variables.ts';

export function switchStmt(b: FuncBuilder, s: SwitchStmt): void {
  if (s.init !== null) stmt(b, s.init);
  if (b.block === null) return;
  if (s.tag !== null && s.tag.kind === Kind.TypeSwitchGuard) typeSwitch(b, s, s.tag);
  else exprSwitch(b, s);
}

function exprSwitch(b: FuncBuilder, s: SwitchStmt): void {
  const done = b.newBlock();
  const bodies = s.body.map(() => b.newBlock());
  let tag: Value | null = null;
  let tagType = b.bool;
  if (s.tag !== null) {
    tagType = exprType(b, s.tag);
    tag = b.stable(expr(b, s.tag));
  }
  let fallback = done;
  s.body.forEach((c, i) => {
    if (c.cases === null) fallback = bodies[i];
  });
  if (tag !== null && b.block !== null) {
    const miss = searchSwitch(b, s, tag, tagType, bodies);
    if (miss !== null) {
      b.startSealed(miss);
      b.jump(fallback);
      caseBodies(b, s, bodies, done);
      return;
    }
  }
  s.body.forEach((c, i) => {
    for (const e of unpackListExpr(c.cases)) {
      if (b.block === null) return;
      const next = b.newBlock();
      b.pos = e.pos;
      // Without an operand the cases are conditions, or interface values that may hold true.
      if (tag === null && exprType(b, e).kind === G.Bool) condition(b, e, bodies[i], next, B.Unknown);
      else matchCase(b, tag ?? b.constBool(true), tagType, e, bodies[i], next);
      b.startSealed(next);
    }
  });
  b.jump(fallback);
  caseBodies(b, s, bodies, done);
}

function matchCase(b: FuncBuilder, tag: Value, tagType: GoType, e: Expr, yes: Block, no: Block): void {
  const tv = tvOf(e);
  if (tagType.kind === G.Bool && tv !== null && tv.mode === Mode.constant_ && tag.op !== Op.ConstBool) {
    // `switch b { case true: }`
    b.branch(staticBool(e) === true ? tag : not(b, tag), yes, no);
    return;
  }
  if (tag.op === Op.ConstBool && tagType.kind === G.Bool && exprType(b, e).kind === G.Bool) {
    if (tag.auxLo !== 0) condition(b, e, yes, no, B.Unknown);
    else condition(b, e, no, yes, B.Unknown);
    return;
  }
  const nil = tv !== null && tv.mode === Mode.nilvalue;
  const et = nil ? tagType : exprType(b, e);
  const constant = tv !== null && tv.mode === Mode.constant_;
  let hit: Value;
  if (tagType.kind === G.Interface && et.kind !== G.Interface) {
    hit = interfaceHolds(b, tag, et, expr(b, e), typeWord(b, et, tagType));
  } else if (et.kind === G.Interface && tagType.kind !== G.Interface) {
    hit = interfaceHolds(b, expr(b, e), tagType, tag, typeWord(b, tagType, et));
  } else if (et.kind === G.Interface && et !== tagType) {
    // Method tables differ by interface type; types and data do not.
    const t = et.isEmptyInterface() ? et : b.types.interfaceOf([]);
    const x = tagType.isEmptyInterface() ? tag : interfaceToInterface(b, tag, tagType, t);
    hit = compareValues(b, SyntaxOp.Eql, t, x, exprTo(b, e, t));
  } else hit = compareValues(b, SyntaxOp.Eql, tagType, tag, exprTo(b, e, constant || nil ? tagType : et));
  b.branch(hit, yes, no);
}

function caseBodies(b: FuncBuilder, s: SwitchStmt, bodies: readonly Block[], done: Block): void {
  b.control.jumps.set(s, { breakTo: done, continueTo: null });
  const outer = b.control.fallthrough;
  s.body.forEach((c, i) => {
    // The previous body may have fallen through; all predecessors are there.
    b.startSealed(bodies[i]);
    b.control.fallthrough = i + 1 < bodies.length ? bodies[i + 1] : null;
    caseBody(b, c, done);
  });
  b.control.fallthrough = outer;
  b.startSealed(done);
}

function caseBody(b: FuncBuilder, c: CaseClause, done: Block): void {
  b.pos = c.pos;
  stmts(b, c.body);
  b.jump(done);
}

function typeSwitch(b: FuncBuilder, s: SwitchStmt, guard: TypeSwitchGuard): void {
  const xt = exprType(b, guard.x);
  const x = expr(b, guard.x);
  const done = b.newBlock();
  const bodies = s.body.map(() => b.newBlock());
  /** The clause's variable, where it has the type of a single case. */
  const single: (number | null)[] = s.body.map(() => null);
  const kept: ((() => Value) | null)[] = s.body.map(() => null);
  let fallback = done;
  s.body.forEach((c, i) => {
    const cases = unpackListExpr(c.cases);
    if (c.cases === null) fallback = bodies[i];
    for (const e of cases) {
      const next = b.newBlock();
      b.pos = e.pos;
      if (tvOf(e)?.mode === Mode.nilvalue) {
        b.branch(not(b, b.v1(Op.IsNonNil, b.bool, b.v1(Op.ITab, b.bytePtr, x))), bodies[i], next);
      } else {
        const t = caseType(b, e);
        if (t.kind === G.Interface) {
          const [v, ok] = assertTypeOk(b, x, xt, t);
          if (cases.length === 1) {
            single[i] = b.newVar(t);
            b.define(single[i] ?? 0, v);
          }
          b.branch(ok, bodies[i], next);
        } else {
          b.branch(holdsType(b, x, xt, t), bodies[i], next);
          if (cases.length === 1) kept[i] = () => unbox(b, x, t);
        }
      }
      b.startSealed(next);
    }
  });
  b.jump(fallback);
  b.control.jumps.set(s, { breakTo: done, continueTo: null });
  s.body.forEach((c, i) => {
    b.startSealed(bodies[i]);
    if (b.block !== null) {
      b.pos = c.pos;
      const v = clauseVar(c);
      if (v !== null) declareClauseVar(b, v, c, x, xt, single[i], kept[i]);
      stmts(b, c.body);
    }
    b.jump(done);
  });
  b.startSealed(done);
}

function caseType(b: FuncBuilder, e: Expr): GoType {
  const tv = tvOf(e);
  return tv === null ? b.fail(e.pos, 'case without type') : settledType(b, tv.type);
}

function clauseVar(c: CaseClause): Var | null {
  const v = c.implicit;
  return v !== null && 'kind' in v && v.kind === ObjKind.Var ? (v as Var) : null;
}

function declareClauseVar(
  b: FuncBuilder,
  v: Var,
  c: CaseClause,
  x: Value,
  xt: GoType,
  single: number | null,
  concrete: (() => Value) | null,
): void {
  let value = x;
  if (single !== null) value = b.read(single);
  else if (concrete !== null) value = concrete();
  else {
    // nil alone, several types, or default: the value switched on.
    const t = b.type(v.typ);
    if (t !== xt && t.kind === G.Interface && c.cases !== null && unpackListExpr(c.cases).length === 1)
      value = zeroValue(b, t);
  }
  declareVariable(b, v, value, null);
}
