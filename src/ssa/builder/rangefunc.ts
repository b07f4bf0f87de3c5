/**
 * Loops over functions (spec: "For statements with range clause"; gc-contract 5.7). The body becomes a function that the iterator calls; a
 * variable says whether that may happen, another one how the loop is left.
 */
import type { GoType } from '#abi/gotype.ts';
import * as Kind from '#syntax/kinds.ts';
import type { BranchStmt, CaseClause, CommClause, ForStmt, RangeClause, Stmt } from '#syntax/nodes.ts';
import { unpackListExpr } from '#syntax/nodes.ts';
import { Var } from '#types/object.ts';
import * as ObjKind from '#types/objkind.ts';
import { NoType } from '#types/type.ts';
import * as B from '../block.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import { localVar } from './analyze.ts';
import { check } from './arith.ts';
import { isBlank, targetOf } from './assign.ts';
import { ByPointer, type FuncBuilder, InSsa, Variable } from './builder.ts';
import { capturedValues, closureSource } from './closures.ts';
import { type RangeBody, type RangeExit, RangeNest } from './control.ts';
import { assignable } from './convert.ts';
import { declaredFunc, expr, exprType, instanceArgs } from './expr.ts';
import { makeClosure } from './methods.ts';
import { arg, bindParams, finishReturn, returnValues } from './returns.ts';
import { callClosure, callStatic, rtCall, rtPanic } from './runtime-call.ts';
import type { Capture } from './source.ts';
import { stmts } from './stmt.ts';
import { allocVariable, readVariable, variableOf, writeVariable } from './variables.ts';

// internal/abi/rangefuncconsts.go
const Done = 0;
const Ready = 1;
const Panicked = 2;
const Exhausted = 3;
const MissingPanic = 4;

function synthetic(b: FuncBuilder, name: string, t: GoType, pos: number, init: Value): Var {
  const v = new Var(ObjKind.LocalVar, pos, b.pkg, name, NoType);
  const ptr = allocVariable(b, name, t, pos);
  b.store(t, ptr, init);
  const variable = new Variable(ByPointer, t, b.newVar(ptr.type), null);
  b.define(variable.id, ptr);
  b.vars.set(v, variable);
  return v;
}

function newNest(b: FuncBuilder, s: ForStmt): RangeNest {
  const next = synthetic(b, '#next', b.int, s.pos, b.constInt(0));
  if (b.analysis?.defers.has(s) !== true) return new RangeNest(next, null);
  const token = new Var(ObjKind.LocalVar, s.pos, b.pkg, '#defers', NoType);
  const any = b.types.interfaceOf([]);
  const variable = new Variable(InSsa, any, b.newVar(any), null);
  b.define(variable.id, rtCall(b, 'deferrangefunc', [])[0]);
  b.vars.set(token, variable);
  return new RangeNest(next, token);
}

export function rangeOverFunc(b: FuncBuilder, s: ForStmt, clause: RangeClause): void {
  const type = b.types.underlying(exprType(b, clause.x));
  const yieldType = type.params()[0];
  const direct = declaredFunc(clause.x);
  const fn = direct === null ? expr(b, clause.x) : null;
  const nest = b.control.rangeBody?.nest ?? newNest(b, s);
  const state = synthetic(b, '#state', b.int, s.pos, b.constInt(Ready));
  const extra: Capture[] = [
    { variable: state, type: b.int, byReference: true },
    { variable: nest.next, type: b.int, byReference: true },
  ];
  if (nest.token !== null) extra.push({ variable: nest.token, type: b.types.interfaceOf([]), byReference: false });
  const body: RangeBody = { stmt: s, state, nest };
  const { ref, source } = closureSource(b, s, b.types.underlying(yieldType), extra, { body, resultVars: b.resultVars });
  const captured = capturedValues(b, source.captures);
  const closure = makeClosure(
    b,
    ref,
    source.objectType,
    captured,
    source.captures.map((c) => c.byReference),
    yieldType,
  );
  if (direct !== null) callStatic(b, b.prog.funcRef(direct.obj, instanceArgs(b, direct.name)), [closure]);
  else if (fn !== null) callClosure(b, fn, type, [closure]);

  const stateVar = variableOf(b, state);
  check(b, b.v2(Op.Neq64, b.bool, readVariable(b, stateVar), b.constInt(Panicked)), () => {
    rtPanic(b, 'panicrangestate', [b.constInt(MissingPanic)]);
  });
  writeVariable(b, stateVar, b.constInt(Exhausted));
  dispatch(b, s, nest);
}

/** After the iterator has returned: goes where the body wanted to. */
function dispatch(b: FuncBuilder, s: ForStmt, nest: RangeNest): void {
  const exits = exitsOf(s);
  if (!exits.returns && exits.branches.length === 0) return;
  const next = variableOf(b, nest.next);
  const code = readVariable(b, next);
  const done = b.newBlock();
  const some = b.newBlock();
  b.branch(b.v2(Op.Eq64, b.bool, code, b.constInt(0)), done, some, B.Likely);
  b.startSealed(some);
  if (exits.returns) {
    const yes = b.newBlock();
    const no = b.newBlock();
    b.branch(b.v2(Op.Eq64, b.bool, code, b.constInt(-1)), yes, no);
    b.startSealed(yes);
    if (b.control.rangeBody !== null) leave(b, Done, false);
    else returnValues(b, null);
    b.startSealed(no);
  }
  for (const exit of exits.branches) {
    const yes = b.newBlock();
    const no = b.newBlock();
    b.branch(b.v2(Op.Eq64, b.bool, code, b.constInt(nest.code(exit.tok, exit.target))), yes, no);
    b.startSealed(yes);
    follow(b, exit, next);
    b.startSealed(no);
  }
  b.jump(done);
  b.startSealed(done);
}

function follow(b: FuncBuilder, exit: RangeExit, next: Variable): void {
  const body = b.control.rangeBody;
  const { tok, target } = exit;
  if (target.kind === Kind.LabeledStmt) {
    if (body !== null && !within(target.pos, body.stmt)) {
      leave(b, Done, false);
      return;
    }
    writeVariable(b, next, b.constInt(0));
    let block = b.control.labels.get(target);
    if (block === undefined) {
      block = b.newBlock();
      b.control.labels.set(target, block);
    }
    b.jump(block);
    return;
  }
  const to = b.control.jumps.get(target);
  if (to !== undefined) {
    writeVariable(b, next, b.constInt(0));
    b.jump(tok === Kind.Break ? to.breakTo : (to.continueTo ?? b.fail(target.pos, 'continue of no loop')));
  } else if (body !== null && body.stmt === target) {
    writeVariable(b, next, b.constInt(0));
    leaveRangeBody(b, tok, target);
  } else leave(b, Done, false);
}

function within(pos: number, s: ForStmt): boolean {
  return pos >= s.body.pos && pos <= s.body.rbrace;
}

/** Returns from the body function. */
function leave(b: FuncBuilder, state: number, goOn: boolean): void {
  const body = b.control.rangeBody ?? b.fail(b.pos, 'not in the body of a loop over a function');
  writeVariable(b, variableOf(b, body.state), b.constInt(state));
  finishReturn(b, [b.constBool(goOn)]);
}

/** break, continue or goto that leads out of the body. */
export function leaveRangeBody(b: FuncBuilder, tok: number, target: NonNullable<BranchStmt['target']>): void {
  const body = b.control.rangeBody ?? b.fail(b.pos, 'branch leads out of the function');
  if (target === body.stmt) {
    leave(b, tok === Kind.Continue ? Ready : Done, tok === Kind.Continue);
    return;
  }
  writeVariable(b, variableOf(b, body.nest.next), b.constInt(body.nest.code(tok, target)));
  leave(b, Done, false);
}

export function returnFromRangeBody(b: FuncBuilder, values: readonly Value[] | null): void {
  const body = b.control.rangeBody ?? b.fail(b.pos, 'not in the body of a loop over a function');
  if (values !== null) {
    values.forEach((v, i) => {
      writeVariable(b, b.results[i], v);
    });
  }
  writeVariable(b, variableOf(b, body.nest.next), b.constInt(-1));
  leave(b, Done, false);
}

/** The function that the body of a loop has become. */
export function buildRangeBody(b: FuncBuilder, body: RangeBody): void {
  const s = body.stmt;
  const clause = s.init;
  if (clause === null || clause.kind !== Kind.RangeClause) b.fail(s.pos, 'loop without range clause');
  const lhs = unpackListExpr(clause.lhs);
  const types = b.ref.type.params();
  const vars = types.map((_t, i) => {
    const e = lhs[i];
    return clause.def && e !== undefined && e.kind === Kind.Name && e.value !== '_' ? localVar(e) : null;
  });
  bindParams(b, vars);
  const state = variableOf(b, body.state);
  const now = readVariable(b, state);
  check(b, b.v2(Op.Eq64, b.bool, now, b.constInt(Ready)), () => rtPanic(b, 'panicrangestate', [now]));
  writeVariable(b, state, b.constInt(Panicked));
  if (!clause.def) {
    lhs.forEach((e, i) => {
      if (isBlank(e)) return;
      const to = targetOf(b, e);
      to.write(assignable(b, arg(b, types[i], b.f.params[i]), types[i], to.type));
    });
  }
  stmts(b, s.body.list);
  if (b.block === null) return;
  b.pos = s.body.rbrace;
  leave(b, Ready, true);
}

interface Exits {
  returns: boolean;
  branches: RangeExit[];
}

/** How the body of a loop is left other than by break and continue of the loop itself. */
function exitsOf(s: ForStmt): Exits {
  const out: Exits = { returns: false, branches: [] };
  collectList(s, s.body.list, out);
  return out;
}

function collectList(s: ForStmt, list: readonly Stmt[], out: Exits): void {
  for (const x of list) collect(s, x, out);
}

function collect(s: ForStmt, x: Stmt, out: Exits): void {
  switch (x.kind) {
    case Kind.ReturnStmt:
      out.returns = true;
      return;
    case Kind.BranchStmt: {
      const target = x.target;
      if (target === null || target === s || within(target.pos, s)) return;
      if (!out.branches.some((e) => e.tok === x.tok && e.target === target)) out.branches.push({ tok: x.tok, target });
      return;
    }
    case Kind.LabeledStmt:
      collect(s, x.stmt, out);
      return;
    case Kind.BlockStmt:
      collectList(s, x.list, out);
      return;
    case Kind.IfStmt:
      collectList(s, x.thenBlock.list, out);
      if (x.elseStmt !== null) collect(s, x.elseStmt, out);
      return;
    case Kind.ForStmt:
      collectList(s, x.body.list, out);
      return;
    case Kind.SwitchStmt:
    case Kind.SelectStmt:
      for (const c of x.body as readonly (CaseClause | CommClause)[]) collectList(s, c.body, out);
      return;
  }
}
