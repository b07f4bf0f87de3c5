/** Statements (spec: "Statements"). */
import * as Kind from '#syntax/kinds.ts';
import type { AssignStmt, BranchStmt, ForStmt, IfStmt, LabeledStmt, Stmt } from '#syntax/nodes.ts';
import { unparen } from '#syntax/nodes.ts';
import * as SyntaxOp from '#syntax/operators.ts';
import * as BuiltinId from '#types/builtinid.ts';
import { tvOf } from '#types/info.ts';
import * as Mode from '#types/mode.ts';
import type { Var } from '#types/object.ts';
import type { Block } from '../block.ts';
import * as B from '../block.ts';
import { localVar } from './analyze.ts';
import { assignStmt, discard, varDecl } from './assign.ts';
import { ByPointer, type FuncBuilder } from './builder.ts';
import { builtinId } from './builtins.ts';
import { isBuiltinCall } from './call.ts';
import { receiveNothing, send } from './channels.ts';
import { callStmt } from './defers.ts';
import { condition, expr, exprTo, exprType } from './expr.ts';
import { orderOperands } from './order.ts';
import { rangeStmt } from './range.ts';
import { leaveRangeBody } from './rangefunc.ts';
import { returnStmt } from './returns.ts';
import { selectStmt } from './select.ts';
import { staticBool } from './static-bool.ts';
import { switchStmt } from './switch.ts';
import { allocVariable } from './variables.ts';

export function stmts(b: FuncBuilder, list: readonly Stmt[]): void {
  let lastLabel = -1;
  list.forEach((s, i) => {
    if (s.kind === Kind.LabeledStmt) lastLabel = i;
  });
  let dead = false;
  list.forEach((s, i) => {
    // What follows a terminating statement is not built, unless a label lets control in again.
    if (dead && i > lastLabel) return;
    stmt(b, s);
    dead = terminates(s);
  });
}

/** cmd/compile/internal/noder/writer.go, terminates. */
function terminates(s: Stmt | null): boolean {
  if (s === null) return false;
  switch (s.kind) {
    case Kind.BranchStmt:
      return s.tok === Kind.Goto;
    case Kind.ReturnStmt:
      return true;
    case Kind.ExprStmt:
      return isPanic(s.x);
    case Kind.IfStmt: {
      const known = staticBool(s.cond);
      return (known === false || terminates(s.thenBlock)) && (known === true || terminates(s.elseStmt));
    }
    case Kind.BlockStmt: {
      const rest = s.list.filter((x) => x.kind !== Kind.EmptyStmt);
      return rest.length > 0 && terminates(rest[rest.length - 1]);
    }
    default:
      return false;
  }
}

function isPanic(e: Parameters<typeof unparen>[0]): boolean {
  const x = unparen(e);
  return x.kind === Kind.CallExpr && isBuiltinCall(x) && builtinId(x) === BuiltinId.Panic;
}

export function stmt(b: FuncBuilder, s: Stmt): void {
  if (b.block === null && s.kind !== Kind.LabeledStmt && !holdsLabel(s)) return;
  b.pos = s.pos;
  switch (s.kind) {
    case Kind.EmptyStmt:
      return;
    case Kind.ExprStmt:
      exprStmt(b, s.x);
      return;
    case Kind.SendStmt: {
      const t = exprType(b, s.chan);
      orderOperands(b, [s.chan, s.value], (i) => (i === 1 ? t.elem() : null));
      const ch = expr(b, s.chan);
      send(b, ch, t, exprTo(b, s.value, t.elem()));
      return;
    }
    case Kind.AssignStmt:
      assignStmt(b, s);
      return;
    case Kind.LabeledStmt:
      labeled(b, s);
      return;
    case Kind.BlockStmt:
      stmts(b, s.list);
      return;
    case Kind.DeclStmt:
      for (const d of s.decls) if (d.kind === Kind.VarDecl) varDecl(b, d);
      return;
    case Kind.BranchStmt:
      branchStmt(b, s);
      return;
    case Kind.CallStmt:
      callStmt(b, s);
      return;
    case Kind.ReturnStmt:
      returnStmt(b, s);
      return;
    case Kind.IfStmt:
      ifStmt(b, s);
      return;
    case Kind.ForStmt:
      if (s.init !== null && s.init.kind === Kind.RangeClause) rangeStmt(b, s, s.init);
      else forStmt(b, s);
      return;
    case Kind.SwitchStmt:
      switchStmt(b, s);
      return;
    case Kind.SelectStmt:
      selectStmt(b, s);
      return;
    default:
      b.fail(s.pos, `statement of kind ${s.kind}`);
  }
}

/** A goto may lead into unreachable code only at labels of the same or an enclosing block. */
function holdsLabel(s: Stmt): boolean {
  switch (s.kind) {
    case Kind.BlockStmt:
      return s.list.some((x) => x.kind === Kind.LabeledStmt || holdsLabel(x));
    default:
      return false;
  }
}

function exprStmt(b: FuncBuilder, e: Parameters<typeof unparen>[0]): void {
  const x = unparen(e);
  if (x.kind === Kind.Operation && x.op === SyntaxOp.Recv && x.y === null) {
    const ch = expr(b, x.x);
    b.at(x.pos, () => receiveNothing(b, ch));
    return;
  }
  discard(b, x);
  if (isPanic(x)) b.exit();
}

function labelBlock(b: FuncBuilder, s: LabeledStmt): Block {
  let block = b.control.labels.get(s);
  if (block === undefined) {
    block = b.newBlock();
    b.control.labels.set(s, block);
  }
  return block;
}

function labeled(b: FuncBuilder, s: LabeledStmt): void {
  if (b.analysis?.gotoTargets.has(s) === true) {
    const block = labelBlock(b, s);
    b.jump(block);
    // Sealed at the end of the function: a goto further on may lead here.
    b.start(block);
  }
  stmt(b, s.stmt);
}

function branchStmt(b: FuncBuilder, s: BranchStmt): void {
  if (s.tok === Kind.Fallthrough) {
    b.jump(b.control.fallthrough ?? b.fail(s.pos, 'fallthrough leads nowhere'));
    return;
  }
  const target = s.target ?? b.fail(s.pos, 'branch without target');
  if (target.kind === Kind.LabeledStmt) {
    if (b.control.rangeBody !== null && !isInside(b, target)) leaveRangeBody(b, s.tok, target);
    else b.jump(labelBlock(b, target));
    return;
  }
  const to = b.control.jumps.get(target);
  if (to === undefined) {
    leaveRangeBody(b, s.tok, target);
    return;
  }
  b.jump(s.tok === Kind.Break ? to.breakTo : (to.continueTo ?? b.fail(s.pos, 'continue of no loop')));
}

/** Whether a label belongs to the loop body being built. */
function isInside(b: FuncBuilder, target: LabeledStmt): boolean {
  const body = b.control.rangeBody;
  return body !== null && target.pos >= body.stmt.body.pos && target.pos <= body.stmt.body.rbrace;
}

function ifStmt(b: FuncBuilder, s: IfStmt): void {
  if (s.init !== null) stmt(b, s.init);
  const known = staticBool(s.cond);
  if (known !== null) {
    // What is known of the whole may hold for parts that do something.
    if (tvOf(s.cond)?.mode !== Mode.constant_) discard(b, s.cond);
    if (known) stmts(b, s.thenBlock.list);
    else if (s.elseStmt !== null) stmt(b, s.elseStmt);
    return;
  }
  const yes = b.newBlock();
  const done = b.newBlock();
  const no = s.elseStmt === null ? done : b.newBlock();
  condition(b, s.cond, yes, no, B.Unknown);
  b.startSealed(yes);
  stmts(b, s.thenBlock.list);
  b.jump(done);
  if (s.elseStmt !== null) {
    b.startSealed(no);
    stmt(b, s.elseStmt);
    b.jump(done);
  }
  b.startSealed(done);
}

function forStmt(b: FuncBuilder, s: ForStmt): void {
  if (s.init !== null) stmt(b, s.init);
  // Only a constant says that nothing of the condition has to be evaluated.
  const known = s.cond === null ? true : tvOf(s.cond)?.mode === Mode.constant_ ? staticBool(s.cond) : null;
  if (known === false) return;
  const head = b.newBlock();
  const body = b.newBlock();
  const next = b.newBlock();
  const done = b.newBlock();
  b.jump(head);
  b.start(head);
  if (s.cond === null || known === true) b.jump(body);
  else {
    b.pos = s.cond.pos;
    condition(b, s.cond, body, done, B.Likely);
  }
  b.startSealed(body);
  b.control.jumps.set(s, { breakTo: done, continueTo: next });
  b.control.loopDepth++;
  stmts(b, s.body.list);
  b.control.loopDepth--;
  b.jump(next);
  b.startSealed(next);
  if (b.block !== null) {
    newIteration(b, s);
    if (s.post !== null) stmt(b, s.post);
    b.jump(head);
  }
  b.seal(head);
  b.startSealed(done);
}

/** Each iteration has its own copy of the loop's variables (Go 1.22). It shows only for those in memory. */
function newIteration(b: FuncBuilder, s: ForStmt): void {
  if (s.init === null || s.init.kind !== Kind.AssignStmt || s.init.op !== SyntaxOp.Def) return;
  if (b.pkg === null || !b.prog.perIterationLoopVars(b.pkg, s.pos)) return;
  for (const v of definedVars(s.init)) {
    const variable = b.vars.get(v);
    if (variable === undefined || variable.place !== ByPointer) continue;
    const facts = b.analysis?.vars.get(v);
    // Only a captured variable, or one whose address is kept, can be told from its successor.
    if (facts === undefined || (!facts.captured && !facts.addressTaken)) continue;
    const old = b.load(variable.type, b.read(variable.id));
    const copy = allocVariable(b, v.name, variable.type, v.pos);
    b.store(variable.type, copy, old);
    b.define(variable.id, copy);
  }
}

function definedVars(s: AssignStmt): Var[] {
  const list = s.lhs.kind === Kind.ListExpr ? s.lhs.elems : [s.lhs];
  const out: Var[] = [];
  for (const e of list) {
    const v = e.kind === Kind.Name ? localVar(e) : null;
    if (v !== null && v.pos === e.pos) out.push(v);
  }
  return out;
}
