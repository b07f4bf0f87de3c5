/** Statements and function bodies (spec: "Statements"). Switches are in switch.ts, range loops in range.ts, labels in labels.ts. */
import type { Pos } from '#base/source.ts';
import type { Value } from '#constant/value.ts';
import * as Syntax from '#syntax/kinds.ts';
import {
  type AssignStmt,
  type BlockStmt,
  type BranchStmt,
  type CommClause,
  type Expr,
  type ExprStmt,
  type ForStmt,
  type IfStmt,
  type Node,
  type ReturnStmt,
  type SelectStmt,
  type SendStmt,
  type Stmt,
  unpackListExpr,
  unparen,
} from '#syntax/nodes.ts';
import * as Op from '#syntax/operators.ts';
import { endPos } from '#syntax/positions.ts';
import { assignment, assignVar, assignVars, initVars, shortVarDecl } from './assignments.ts';
import { binary, chanElem } from './binary.ts';
import * as ExprKind from './builtinid.ts';
import {
  type Checker,
  lookup,
  processDelayed,
  resetEnvironment,
  restoreEnvironment,
  saveEnvironment,
} from './checker.ts';
import { declStmt } from './decl.ts';
import type { DeclInfo } from './declinfo.ts';
import * as Code from './errors/codes.ts';
import { error, errorf, invalidOp, newError, softErrorf } from './errors.ts';
import { expr, rawExpr } from './expr.ts';
import { labels } from './labels.ts';
import * as Mode from './mode.ts';
import type { Obj, Var } from './object.ts';
import * as ObjKind from './objkind.ts';
import { Operand } from './operand.ts';
import { allBoolean, allNumeric } from './predicates.ts';
import { rangeStmt } from './range.ts';
import { isTerminating } from './return.ts';
import { Scope } from './scope.ts';
import * as StmtContext from './stmtcontext.ts';
import { switchStmt } from './switch.ts';
import type { Signature } from './type.ts';
import { use } from './use.ts';

/** Checks a body as part of a declaration (null for none), with the value of iota that its surroundings have. */
export function funcBody(c: Checker, decl: DeclInfo | null, sig: Signature, body: BlockStmt, iota: Value | null): void {
  const env = saveEnvironment(c);
  const scope = sig.scope ?? c.scope;
  resetEnvironment(c, decl, scope, c.version);
  c.iota = iota;
  c.sig = sig;
  stmtList(c, 0, body.list);
  if (c.hasLabel && !c.conf.ignoreBranchErrors) labels(c, body);
  if (sig.results.vars.length > 0 && !isTerminating(c, body, '')) {
    error(c, body.rbrace, Code.MissingReturn, 'missing return');
  }
  usage(c, scope);
  restoreEnvironment(c, env);
}

/** Reports variables that are declared but not used, except parameters and results. */
function usage(c: Checker, scope: Scope): void {
  if (scope.elems !== null) {
    let unused: Var[] | null = null;
    for (const obj of scope.elems.values()) {
      if (obj.kind !== ObjKind.Var || obj.used || !needsUse(obj)) continue;
      if (unused === null) unused = [];
      unused.push(obj);
    }
    if (unused !== null) {
      unused.sort((a, b) => a.pos - b.pos);
      for (const v of unused) softErrorf(c, v.pos, Code.UnusedVar, 'declared and not used: %s', v.name);
    }
  }
  // Function literals have been looked at when their bodies were checked.
  for (const child of scope.children) if (!child.isFunc) usage(c, child);
}

function needsUse(v: Var): boolean {
  return v.varKind !== ObjKind.RecvVar && v.varKind !== ObjKind.ParamVar && v.varKind !== ObjKind.ResultVar;
}

export function openScope(c: Checker, node: Node): void {
  c.scope = new Scope(c.scope, node.pos, endPos(node));
}

export function closeScope(c: Checker): void {
  if (c.scope.parent !== null) c.scope = c.scope.parent;
}

export function stmtList(c: Checker, ctxt: number, list: readonly Stmt[]): void {
  const inner = ctxt & ~StmtContext.fallthroughOk;
  // Empty statements at the end do not keep a fallthrough from being last.
  let n = list.length;
  while (n > 0 && list[n - 1].kind === Syntax.EmptyStmt) n--;
  for (let i = 0; i < n; i++) stmt(c, i + 1 === n ? ctxt : inner, list[i]);
}

function simpleStmt(c: Checker, s: Stmt | null): void {
  if (s !== null) stmt(c, 0, s);
}

export function stmt(c: Checker, ctxt: number, s: Stmt): void {
  const top = c.delayed.length;
  const scope = c.scope;
  statement(c, ctxt, s);
  // Function literals see the scope as it is here.
  if (c.delayed.length > top) {
    const inner = c.scope;
    processDelayed(c, top);
    c.scope = inner;
  }
  c.scope = scope;
}

function statement(c: Checker, ctxt: number, s: Stmt): void {
  const inner = ctxt & ~(StmtContext.fallthroughOk | StmtContext.finalSwitchCase | StmtContext.inTypeSwitch);
  switch (s.kind) {
    case Syntax.EmptyStmt:
      return;
    case Syntax.DeclStmt:
      declStmt(c, s.decls);
      return;
    case Syntax.LabeledStmt:
      c.hasLabel = true;
      stmt(c, ctxt, s.stmt);
      return;
    case Syntax.ExprStmt:
      exprStmt(c, s);
      return;
    case Syntax.SendStmt:
      sendStmt(c, s);
      return;
    case Syntax.AssignStmt:
      assignStmt(c, s);
      return;
    case Syntax.CallStmt:
      suspendedCall(c, s.tok === Syntax.Defer ? 'defer' : 'go', s.call);
      return;
    case Syntax.ReturnStmt:
      returnStmt(c, s);
      return;
    case Syntax.BranchStmt:
      branchStmt(c, ctxt, s);
      return;
    case Syntax.BlockStmt:
      openScope(c, s);
      stmtList(c, inner, s.list);
      return;
    case Syntax.IfStmt:
      ifStmt(c, inner, s);
      return;
    case Syntax.SwitchStmt:
      openScope(c, s);
      simpleStmt(c, s.init);
      switchStmt(c, inner | StmtContext.breakOk, s);
      return;
    case Syntax.SelectStmt:
      selectStmt(c, inner | StmtContext.breakOk, s);
      return;
    case Syntax.ForStmt:
      forStmt(c, inner | StmtContext.breakOk | StmtContext.continueOk, s);
      return;
    default:
      error(c, s, Code.InvalidSyntaxTree, 'invalid statement');
  }
}

/** Calls and receive operations only. */
function exprStmt(c: Checker, s: ExprStmt): void {
  const x = new Operand();
  const kind = rawExpr(c, null, x, s.x, null, false);
  if (x.mode === Mode.builtin) errorf(c, x, Code.UncalledBuiltin, '%s %s', x, 'must be called');
  else if (x.mode === Mode.typexpr) errorf(c, x, Code.NotAnExpr, '%s %s', x, 'is not an expression');
  else if (kind !== ExprKind.Statement) errorf(c, x, Code.UnusedExpr, '%s %s', x, 'is not used');
}

function sendStmt(c: Checker, s: SendStmt): void {
  const ch = new Operand();
  const val = new Operand();
  expr(c, null, ch, s.chan);
  expr(c, null, val, s.value);
  if (ch.mode === Mode.invalid || val.mode === Mode.invalid) return;
  const elem = chanElem(c, s, ch, false);
  if (elem !== null) assignment(c, val, elem, 'send');
}

function assignStmt(c: Checker, s: AssignStmt): void {
  const x = new Operand();
  if (s.rhs === null) {
    expr(c, null, x, s.lhs);
    if (x.mode === Mode.invalid) return;
    if (!allNumeric(x.typ)) {
      const op = Op.text[s.op];
      const text = `${invalidOp}%s%s%s (non-numeric type %s)`;
      errorf(c, s.lhs, Code.NonNumericIncDec, text, s.lhs, op, op, x.typ);
      return;
    }
    assignVar(c, s.lhs, null, x, 'assignment');
    return;
  }
  const lhs = unpackListExpr(s.lhs);
  const rhs = unpackListExpr(s.rhs);
  if (s.op === Op.None) {
    assignVars(c, lhs, rhs);
    return;
  }
  if (s.op === Op.Def) {
    shortVarDecl(c, s.pos, lhs, rhs);
    return;
  }
  if (lhs.length !== 1 || rhs.length !== 1) {
    const text = 'assignment operation %s requires single-valued expressions';
    errorf(c, s, Code.MultiValAssignOp, text, Op.text[s.op]);
    return;
  }
  binary(c, x, null, lhs[0], rhs[0], s.op);
  assignVar(c, lhs[0], null, x, 'assignment');
}

/** go and defer. */
function suspendedCall(c: Checker, keyword: string, call: Expr): void {
  const code = keyword === 'go' ? Code.InvalidGo : Code.InvalidDefer;
  if (call.kind !== Syntax.CallExpr) {
    errorf(c, call, code, 'expression in %s must be function call', keyword);
    use(c, [call]);
    return;
  }
  const x = new Operand();
  const kind = rawExpr(c, null, x, call, null, false);
  if (kind === ExprKind.Conversion) {
    errorf(c, x, code, '%s %s %s', keyword, 'requires function call, not conversion', x);
  } else if (kind === ExprKind.Expression) {
    errorf(c, x, Code.UnusedResults, '%s %s %s', keyword, 'discards result of', x);
  }
}

function returnStmt(c: Checker, s: ReturnStmt): void {
  const vars = c.sig === null ? [] : c.sig.results.vars;
  const results = unpackListExpr(s.results);
  if (results.length > 0 || vars.length === 0 || vars[0].name === '') {
    initVars(c, vars, results, s);
    return;
  }
  // Results are returned by name: each must be what its name denotes here.
  for (const v of vars) {
    const alt: Obj | null = lookup(c, v.name);
    if (alt === null || alt === v) continue;
    newError(c, Code.OutOfScopeResult)
      .add(s, 'result parameter %s not in scope at return', v.name)
      .add(alt, 'inner declaration of %s', v)
      .report();
  }
}

const branchNames: readonly string[] = ['', 'break', 'continue', 'fallthrough', 'goto'];

function branchStmt(c: Checker, ctxt: number, s: BranchStmt): void {
  // Labels are checked when the whole body is known.
  if (s.label !== null) {
    c.hasLabel = true;
    return;
  }
  if (c.conf.ignoreBranchErrors) return;
  switch (s.tok) {
    case Syntax.Break:
      if ((ctxt & StmtContext.breakOk) === 0) {
        error(c, s, Code.MisplacedBreak, 'break not in for, switch, or select statement');
      }
      return;
    case Syntax.Continue:
      if ((ctxt & StmtContext.continueOk) === 0) error(c, s, Code.MisplacedContinue, 'continue not in for statement');
      return;
    case Syntax.Fallthrough: {
      if ((ctxt & StmtContext.fallthroughOk) !== 0) return;
      let text = 'fallthrough statement out of place';
      if ((ctxt & StmtContext.finalSwitchCase) !== 0) text = 'cannot fallthrough final case in switch';
      else if ((ctxt & StmtContext.inTypeSwitch) !== 0) text = 'cannot fallthrough in type switch';
      error(c, s, Code.MisplacedFallthrough, text);
      return;
    }
    default:
      errorf(c, s, Code.InvalidSyntaxTree, 'branch statement: %s', branchNames[s.tok]);
  }
}

function condition(c: Checker, cond: Expr, what: string): void {
  const x = new Operand();
  expr(c, null, x, cond);
  if (x.mode !== Mode.invalid && !allBoolean(x.typ)) {
    errorf(c, cond, Code.InvalidCond, 'non-boolean condition in %s statement', what);
  }
}

function ifStmt(c: Checker, inner: number, s: IfStmt): void {
  openScope(c, s);
  simpleStmt(c, s.init);
  condition(c, s.cond, 'if');
  stmt(c, inner, s.thenBlock);
  if (s.elseStmt !== null) stmt(c, inner, s.elseStmt);
}

function forStmt(c: Checker, inner: number, s: ForStmt): void {
  if (s.init !== null && s.init.kind === Syntax.RangeClause) {
    rangeStmt(c, inner, s, s.init);
    return;
  }
  openScope(c, s);
  simpleStmt(c, s.init);
  if (s.cond !== null) condition(c, s.cond, 'for');
  simpleStmt(c, s.post);
  // The parser has reported a declaration in the post statement.
  if (s.post !== null && s.post.kind === Syntax.AssignStmt && s.post.op === Op.Def) use(c, [s.post.lhs]);
  stmt(c, inner, s.body);
}

function selectStmt(c: Checker, inner: number, s: SelectStmt): void {
  let first: CommClause | null = null;
  for (const clause of s.body) {
    if (clause.comm !== null) continue;
    if (first === null) first = clause;
    else multipleDefaults(c, clause, first.pos);
  }
  for (const clause of s.body) {
    if (clause.comm !== null && !isCommunication(clause.comm)) {
      const text = 'select case must be send or receive (possibly with assignment)';
      error(c, clause.comm, Code.InvalidSelectCase, text);
      continue;
    }
    openScope(c, clause);
    if (clause.comm !== null) stmt(c, inner, clause.comm);
    stmtList(c, inner, clause.body);
    closeScope(c);
  }
}

/** A send or a receive, whose values may be assigned. */
function isCommunication(s: Stmt): boolean {
  if (s.kind === Syntax.SendStmt) return true;
  let rhs: Expr | null = null;
  if (s.kind === Syntax.AssignStmt && s.rhs !== null && s.rhs.kind !== Syntax.ListExpr) rhs = s.rhs;
  else if (s.kind === Syntax.ExprStmt) rhs = s.x;
  if (rhs === null) return false;
  const x = unparen(rhs);
  return x.kind === Syntax.Operation && x.y === null && x.op === Op.Recv;
}

export function multipleDefaults(c: Checker, clause: Node, first: Pos): void {
  errorf(c, clause, Code.DuplicateDefault, 'multiple defaults (first at %s)', c.posString(first));
}
