/**
 * Loops over functions in export data. Readers of bodies know none: the loop is written as the call that it is, with the body as a function
 * literal (cmd/compile/internal/rangefunc: rewrite.go). #state says whether the literal may be called, #next how the loop is left.
 */
import { bug } from '#base/bug.ts';
import type { Pos } from '#base/source.ts';
import * as constant from '#constant/value.ts';
import * as Kind from '#syntax/kinds.ts';
import type { BranchStmt, Expr, ForStmt, LabeledStmt, RangeClause, ReturnStmt } from '#syntax/nodes.ts';
import { unpackListExpr, unparen } from '#syntax/nodes.ts';
import * as SyntaxOp from '#syntax/operators.ts';
import { inspect } from '#syntax/walk.ts';
import * as BasicKind from '#types/basickind.ts';
import { coreType } from '#types/coretype.ts';
import { objOf } from '#types/info.ts';
import { Var } from '#types/object.ts';
import * as ObjKind from '#types/objkind.ts';
import { identical } from '#types/predicates.ts';
import { Interface, Signature, Tuple, type Type } from '#types/type.ts';
import * as TypeKind from '#types/typekind.ts';
import { Typ } from '#types/universe.ts';
import {
  AssignDef,
  AssignExpr,
  ExprBinaryOp,
  ExprCall,
  ExprConst,
  ExprFuncLit,
  ExprLocal,
  ExprRuntimeBuiltin,
  StmtAssign,
  StmtBlock,
  StmtBranch,
  StmtEnd,
  StmtExpr,
  StmtIf,
  StmtReturn,
} from './body-codes.ts';
import { typeOf, writeCallee, writeMulti } from './body-exprs.ts';
import { binaryOp, irBranch } from './body-ops.ts';
import { Body } from './body-out.ts';
import { writeStmts, writeTargets } from './body-stmts.ts';
import * as P from './pkgbits.ts';
import { utf8, writeConstant, writeIdent, writePos, writeSignature, writeType } from './write.ts';

// internal/abi/rangefuncconsts.go
const Done = 0;
const Ready = 1;
const Panicked = 2;
const Exhausted = 3;
const MissingPanic = 4;

/** #next of a return; branches are numbered from 1. */
const returns = -1;

/** A branch that leaves the loop. */
interface Exit {
  readonly tok: number;
  readonly label: string;
  readonly target: NonNullable<BranchStmt['target']>;
  readonly code: number;
}

/** What loops over functions in each other share. */
class Nest {
  readonly next: Var;
  /** What deferred calls belong to; null if nothing is deferred. */
  readonly defers: Var | null;
  /** The results of the function, or variables for them if they have no names. */
  readonly results: readonly Var[];
  readonly named: boolean;
  readonly exits: Exit[];

  constructor(next: Var, defers: Var | null, results: readonly Var[], named: boolean) {
    this.next = next;
    this.defers = defers;
    this.results = results;
    this.named = named;
    this.exits = [];
  }
}

/** The loop whose body is being written. */
export class RangeBody {
  readonly stmt: ForStmt;
  readonly state: Var;
  readonly nest: Nest;
  returns: boolean;
  readonly exits: Exit[];

  constructor(stmt: ForStmt, state: Var, nest: Nest) {
    this.stmt = stmt;
    this.state = state;
    this.nest = nest;
    this.returns = false;
    this.exits = [];
  }
}

/** The type of the function ranged over; null if it is something else. */
export function rangedFunction(clause: RangeClause): Signature | null {
  const t = coreType(typeOf(clause.x));
  return t !== null && t.kind === TypeKind.Signature ? t : null;
}

/** Writes the loop as a statement; `pos` is its place. */
export function writeRangeFunc(b: Body, s: ForStmt, clause: RangeClause, ranged: Signature): void {
  const { e, o } = b;
  const pos = s.pos;
  e.len(StmtBlock);
  writePos(o, pos);
  const nest = b.range?.nest ?? newNest(b, s);
  const state = local(b, pos, '#state', Typ[BasicKind.Int]);
  define(b, state, () => writeInt(b, pos, Ready));
  const range = new RangeBody(s, state, nest);
  e.len(StmtExpr);
  e.len(ExprCall);
  writeCallee(b, unparen(clause.x));
  writePos(o, pos);
  e.bool(false);
  e.len(1);
  writeBodyLiteral(b, range, clause, ranged);
  e.bool(false);
  writeIf(b, pos, state, SyntaxOp.Eql, Panicked, () => writePanic(b, pos, () => writeInt(b, pos, MissingPanic)));
  assignInt(b, pos, state, Exhausted);
  writeDispatch(b, range);
  e.len(StmtEnd);
  writePos(o, s.body.rbrace);
}

function local(b: Body, pos: Pos, name: string, t: Type): Var {
  return new Var(ObjKind.LocalVar, pos, b.pkg, name, t);
}

function newNest(b: Body, s: ForStmt): Nest {
  const { pos } = s;
  const next = local(b, pos, '#next', Typ[BasicKind.Int]);
  define(b, next, () => writeInt(b, pos, 0));
  const results = b.sig.results.vars;
  const named = results.length > 0 && results[0].name !== '';
  const found = contents(s);
  let vars: readonly Var[] = results;
  if (!named && found.returns) {
    vars = results.map((r, i) => local(b, pos, `#rv${i + 1}`, r.typ));
    for (const v of vars) declare(b, v);
  }
  let defers: Var | null = null;
  if (found.defers) {
    const any = new Interface(null);
    any.complete = true;
    defers = local(b, pos, '#defers', any);
    define(b, defers, () => writeRuntimeCall(b, pos, 'deferrangefunc', null));
  }
  return new Nest(next, defers, vars, named);
}

function contents(s: ForStmt): { returns: boolean; defers: boolean } {
  const found = { returns: false, defers: false };
  inspect(s.body, (n) => {
    if (n.kind === Kind.ReturnStmt) found.returns = true;
    if (n.kind === Kind.CallStmt && n.tok === Kind.Defer) found.defers = true;
    return n.kind !== Kind.FuncLit;
  });
  return found;
}

function writeBodyLiteral(outer: Body, range: RangeBody, clause: RangeClause, ranged: Signature): void {
  const { e, o } = outer;
  const { stmt } = range;
  const lhs = unpackListExpr(clause.lhs);
  const yields = yieldOf(ranged).params.vars;
  const assigned: { readonly to: Expr; readonly from: Var }[] = [];
  const params = yields.map((y, i) => {
    const x = i < lhs.length ? unparen(lhs[i]) : null;
    const isBlank = x === null || (x.kind === Kind.Name && x.value === '_');
    const obj = clause.def && !isBlank && x.kind === Kind.Name ? objOf(x) : null;
    if (obj !== null && obj.kind === ObjKind.Var) return obj;
    const v = new Var(ObjKind.ParamVar, stmt.pos, outer.pkg, `#p${i + 1}`, y.typ);
    if (!isBlank) assigned.push({ to: x, from: v });
    return v;
  });
  const result = new Var(ObjKind.ResultVar, stmt.pos, outer.pkg, '#r1', Typ[BasicKind.Bool]);
  const sig = new Signature(null, new Tuple(params), new Tuple([result]), false);
  const b = new Body(o, outer.dict, sig);
  b.range = range;
  for (const v of [...params, result]) b.addLocal(v);
  b.e.bool(true);
  const { pos } = stmt;
  writeIf(b, pos, range.state, SyntaxOp.Neq, Ready, () => {
    writePanic(b, pos, () => writeLocal(b, pos, range.state));
  });
  assignInt(b, pos, range.state, Panicked);
  for (const a of assigned) {
    b.e.len(StmtAssign);
    writePos(b.o, pos);
    writeTargets(b, [a.to]);
    b.e.bool(false);
    b.e.len(1);
    writeLocal(b, pos, a.from);
  }
  b.e.len(StmtBlock);
  writePos(b.o, stmt.body.pos);
  writeStmts(b, stmt.body.list);
  writePos(b.o, stmt.body.rbrace);
  leave(b, stmt.body.rbrace, Ready);
  b.e.len(StmtEnd);
  writePos(b.o, stmt.body.rbrace);
  const index = b.e.finish();
  e.len(ExprFuncLit);
  writePos(o, pos);
  writeSignature(o, sig);
  e.bool(true);
  e.len(b.captured.length);
  for (const c of b.captured) {
    writePos(o, c.pos);
    outer.useLocal(c.pos, c.v);
  }
  e.ref(P.Body, index);
}

/** The type of the function that is called for each iteration. */
function yieldOf(ranged: Signature): Signature {
  const t = coreType(ranged.params.vars[0].typ);
  return t !== null && t.kind === TypeKind.Signature ? t : bug('range over another function');
}

/** Whether the literal can be passed as it is. */
export function hasPlainYield(ranged: Signature, clause: RangeClause): boolean {
  const yields = yieldOf(ranged);
  if (!identical(ranged.params.vars[0].typ, yields)) return false;
  // Assignments to variables of other types would be conversions.
  return clause.def || unpackListExpr(clause.lhs).every((x, i) => isSame(x, yields.params.vars[i].typ));
}

function isSame(lhs: Expr, t: Type): boolean {
  const x = unparen(lhs);
  return (x.kind === Kind.Name && x.value === '_') || identical(typeOf(x), t);
}

/** Whether a statement stands in the body of the loop. */
function isInside(range: RangeBody, target: { readonly pos: Pos } | LabeledStmt): boolean {
  const { body } = range.stmt;
  return target.pos > body.pos && target.pos < body.rbrace;
}

/** A branch in the body of a loop over a function; false if it is like any other. */
export function writeRangeBranch(b: Body, s: BranchStmt): boolean {
  const { range } = b;
  const { target } = s;
  if (range === null || target === null || isInside(range, target)) return false;
  if (target === range.stmt) {
    leave(b, s.pos, s.tok === Kind.Continue ? Ready : Done);
    return true;
  }
  const { nest } = range;
  let exit = nest.exits.find((x) => x.tok === s.tok && x.target === target);
  if (exit === undefined) {
    exit = { tok: s.tok, label: s.label?.value ?? '', target, code: nest.exits.length + 1 };
    nest.exits.push(exit);
  }
  if (!range.exits.includes(exit)) range.exits.push(exit);
  assignInt(b, s.pos, nest.next, exit.code);
  leave(b, s.pos, Done);
  return true;
}

/** A return in the body of a loop over a function; false if it is like any other. */
export function writeRangeReturn(b: Body, s: ReturnStmt): boolean {
  const { range } = b;
  if (range === null) return false;
  const { nest } = range;
  range.returns = true;
  const list = unpackListExpr(s.results);
  if (list.length > 0) {
    b.e.len(StmtAssign);
    writePos(b.o, s.pos);
    b.e.len(nest.results.length);
    for (const v of nest.results) {
      b.e.len(AssignExpr);
      writeLocal(b, s.pos, v);
    }
    writeMulti(b, s.pos, (i) => nest.results[i].typ, list);
  }
  assignInt(b, s.pos, nest.next, returns);
  leave(b, s.pos, Done);
  return true;
}

/** What a deferred call in the body of a loop belongs to: the function around the loops. */
export function writeDeferAt(b: Body, pos: Pos): void {
  const defers = b.range?.nest.defers ?? null;
  if (b.e.bool(defers !== null) && defers !== null) writeLocal(b, pos, defers);
}

/** Ends the call of the literal: with true if there may be another one. */
function leave(b: Body, pos: Pos, state: number): void {
  const range = b.range ?? bug('no loop to leave');
  assignInt(b, pos, range.state, state);
  b.e.len(StmtReturn);
  writePos(b.o, pos);
  b.e.bool(false);
  b.e.len(1);
  b.e.len(ExprConst);
  writePos(b.o, pos);
  writeType(b.o, Typ[BasicKind.Bool]);
  writeConstant(b.o, constant.makeBool(state === Ready));
}

/** After the iterator has returned: goes where the body wanted to. */
function writeDispatch(b: Body, range: RangeBody): void {
  const { nest } = range;
  const { pos } = range.stmt;
  if (range.returns) {
    if (b.range !== null) b.range.returns = true;
    writeIf(b, pos, nest.next, SyntaxOp.Eql, returns, () => {
      if (b.range !== null) leave(b, pos, Done);
      else writeFinalReturn(b, pos, nest);
    });
  }
  for (const exit of range.exits) writeIf(b, pos, nest.next, SyntaxOp.Eql, exit.code, () => follow(b, pos, exit, nest));
}

function follow(b: Body, pos: Pos, exit: Exit, nest: Nest): void {
  const outer = b.range;
  if (outer !== null && exit.target !== outer.stmt && !isInside(outer, exit.target)) {
    if (!outer.exits.includes(exit)) outer.exits.push(exit);
    leave(b, pos, Done);
    return;
  }
  assignInt(b, pos, nest.next, 0);
  if (outer !== null && exit.target === outer.stmt) {
    leave(b, pos, exit.tok === Kind.Continue ? Ready : Done);
    return;
  }
  b.e.len(StmtBranch);
  writePos(b.o, pos);
  b.e.len(irBranch(exit.tok));
  b.e.bool(true);
  b.e.string(utf8(exit.label));
}

function writeFinalReturn(b: Body, pos: Pos, nest: Nest): void {
  b.e.len(StmtReturn);
  writePos(b.o, pos);
  const list = nest.named ? [] : nest.results;
  b.e.bool(false);
  b.e.len(list.length);
  for (const v of list) writeLocal(b, pos, v);
}

// Statements and expressions that no source has.

function declare(b: Body, v: Var): void {
  define(b, v, null);
}

/** var v = init */
function define(b: Body, v: Var, init: (() => void) | null): void {
  const { e, o } = b;
  e.len(StmtAssign);
  writePos(o, v.pos);
  e.len(1);
  e.len(AssignDef);
  writePos(o, v.pos);
  writeIdent(o, v.pkg, v.name);
  writeType(o, v.typ);
  b.addLocal(v);
  e.bool(false);
  e.len(init === null ? 0 : 1);
  init?.();
}

function assignInt(b: Body, pos: Pos, v: Var, value: number): void {
  const { e, o } = b;
  e.len(StmtAssign);
  writePos(o, pos);
  e.len(1);
  e.len(AssignExpr);
  writeLocal(b, pos, v);
  e.bool(false);
  e.len(1);
  writeInt(b, pos, value);
}

function writeIf(b: Body, pos: Pos, v: Var, op: number, value: number, then: () => void): void {
  const { e, o } = b;
  e.len(StmtIf);
  writePos(o, pos);
  writePos(o, pos);
  e.len(StmtEnd);
  e.len(ExprBinaryOp);
  e.len(binaryOp(op));
  writeLocal(b, pos, v);
  writePos(o, pos);
  writeInt(b, pos, value);
  e.int(0);
  writePos(o, pos);
  then();
  e.len(StmtEnd);
  writePos(o, pos);
  e.len(StmtEnd);
}

function writePanic(b: Body, pos: Pos, state: () => void): void {
  b.e.len(StmtExpr);
  writeRuntimeCall(b, pos, 'panicrangestate', state);
}

function writeRuntimeCall(b: Body, pos: Pos, name: string, arg: (() => void) | null): void {
  const { e, o } = b;
  e.len(ExprCall);
  e.bool(false);
  e.bool(false);
  e.len(ExprRuntimeBuiltin);
  e.string(name);
  writePos(o, pos);
  e.bool(false);
  e.len(arg === null ? 0 : 1);
  arg?.();
  e.bool(false);
}

function writeLocal(b: Body, pos: Pos, v: Var): void {
  b.e.len(ExprLocal);
  b.useLocal(pos, v);
}

function writeInt(b: Body, pos: Pos, value: number): void {
  b.e.len(ExprConst);
  writePos(b.o, pos);
  writeType(b.o, Typ[BasicKind.Int]);
  writeConstant(b.o, constant.makeInt64(value));
}
