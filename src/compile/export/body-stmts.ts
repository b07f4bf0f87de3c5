/** Statements in export data (cmd/compile/internal/noder: writer.go, stmt). */
import { bug } from '#base/bug.ts';
import type { Pos } from '#base/source.ts';
import * as constant from '#constant/value.ts';
import * as Kind from '#syntax/kinds.ts';
import type {
  AssignStmt,
  BlockStmt,
  BranchStmt,
  CallStmt,
  CaseClause,
  Decl,
  Expr,
  ForStmt,
  IfStmt,
  Name,
  RangeClause,
  SelectStmt,
  Stmt,
  SwitchStmt,
  TypeSwitchGuard,
} from '#syntax/nodes.ts';
import { unpackListExpr, unparen } from '#syntax/nodes.ts';
import * as SyntaxOp from '#syntax/operators.ts';
import * as BasicKind from '#types/basickind.ts';
import { coreType } from '#types/coretype.ts';
import { objOf, tvOf } from '#types/info.ts';
import * as Mode from '#types/mode.ts';
import type { Var } from '#types/object.ts';
import * as ObjKind from '#types/objkind.ts';
import { isInterface } from '#types/predicates.ts';
import { rangeKeyVal } from '#types/range.ts';
import { Interface, NoType, type Type } from '#types/type.ts';
import * as TypeKind from '#types/typekind.ts';
import { under } from '#types/under.ts';
import { Typ } from '#types/universe.ts';
import { bodyTypeParams } from './body.ts';
import {
  AssignBlank,
  AssignDef,
  AssignExpr,
  StmtAssign,
  StmtAssignOp,
  StmtBlock,
  StmtBranch,
  StmtCall,
  StmtEnd,
  StmtExpr,
  StmtFor,
  StmtIf,
  StmtIncDec,
  StmtLabel,
  StmtReturn,
  StmtSelect,
  StmtSend,
  StmtSwitch,
} from './body-codes.ts';
import { isAssignable, typeOf, writeExpr, writeImplicit, writeMulti, writeOptionalExpr } from './body-exprs.ts';
import { binaryOp, irBranch, irCall } from './body-ops.ts';
import type { Body } from './body-out.ts';
import { rangedFunction, writeDeferAt, writeRangeBranch, writeRangeFunc, writeRangeReturn } from './body-range.ts';
import { writeConvRtti, writeExprType, writeRtype } from './body-types.ts';
import * as P from './pkgbits.ts';
import { packageIndex, utf8, writeIdent, writePos, writeType } from './write.ts';

export function writeStmts(b: Body, list: readonly Stmt[]): void {
  for (const s of list) writeStmt(b, s);
  b.e.len(StmtEnd);
}

function writeOptionalStmt(b: Body, s: Stmt | null): void {
  writeStmts(b, s === null ? [] : [s]);
}

function writeStmt(b: Body, s: Stmt): void {
  const { e, o } = b;
  switch (s.kind) {
    case Kind.EmptyStmt:
      return;
    case Kind.AssignStmt:
      writeAssignStmt(b, s);
      return;
    case Kind.BlockStmt:
      e.len(StmtBlock);
      writeBlock(b, s);
      return;
    case Kind.BranchStmt:
      writeBranch(b, s);
      return;
    case Kind.CallStmt:
      writeCallStmt(b, s);
      return;
    case Kind.DeclStmt:
      for (const d of s.decls) writeDecl(b, d);
      return;
    case Kind.ExprStmt:
      e.len(StmtExpr);
      writeExpr(b, s.x);
      return;
    case Kind.ForStmt:
      writeFor(b, s);
      return;
    case Kind.IfStmt:
      e.len(StmtIf);
      writeIf(b, s);
      return;
    case Kind.LabeledStmt:
      e.len(StmtLabel);
      writePos(o, s.pos);
      e.string(utf8(s.label.value));
      writeStmt(b, s.stmt);
      return;
    case Kind.ReturnStmt: {
      if (writeRangeReturn(b, s)) return;
      e.len(StmtReturn);
      writePos(o, s.pos);
      const results = b.sig.results.vars;
      writeMulti(b, s.pos, (i) => results[i].typ, unpackListExpr(s.results));
      return;
    }
    case Kind.SelectStmt:
      e.len(StmtSelect);
      writeSelect(b, s);
      return;
    case Kind.SendStmt: {
      const chan = coreType(typeOf(s.chan));
      if (chan === null || chan.kind !== TypeKind.Chan) bug('send to what is no channel');
      e.len(StmtSend);
      writePos(o, s.pos);
      writeExpr(b, s.chan);
      writeImplicit(b, chan.elem, s.value);
      return;
    }
    case Kind.SwitchStmt:
      e.len(StmtSwitch);
      writeSwitch(b, s);
      return;
    default:
      bug(`statement of kind ${s.kind} in export data`);
  }
}

function writeAssignStmt(b: Body, s: AssignStmt): void {
  const { e, o } = b;
  if (s.rhs === null) {
    e.len(StmtIncDec);
    e.len(binaryOp(s.op));
    writeExpr(b, s.lhs);
    writePos(o, s.pos);
  } else if (s.op !== SyntaxOp.None && s.op !== SyntaxOp.Def) {
    e.len(StmtAssignOp);
    e.len(binaryOp(s.op));
    writeExpr(b, s.lhs);
    writePos(o, s.pos);
    const isShift = s.op === SyntaxOp.Shl || s.op === SyntaxOp.Shr;
    writeImplicit(b, isShift ? null : typeOf(s.lhs), s.rhs);
  } else writeAssignment(b, s.pos, unpackListExpr(s.lhs), unpackListExpr(s.rhs));
}

function writeAssignment(b: Body, pos: Pos, lhs: readonly Expr[], rhs: readonly Expr[]): void {
  const { e, o } = b;
  e.len(StmtAssign);
  writePos(o, pos);
  writeTargets(b, lhs);
  const target = (i: number): Type | null => {
    const x = unparen(lhs[i]);
    if (x.kind !== Kind.Name) return typeOf(lhs[i]);
    return x.value === '_' ? null : variableOf(x).typ;
  };
  writeMulti(b, pos, target, rhs);
}

export function writeTargets(b: Body, lhs: readonly Expr[]): void {
  b.e.len(lhs.length);
  for (const x of lhs) writeTarget(b, unparen(x));
}

function writeTarget(b: Body, x: Expr): void {
  const { e, o } = b;
  if (x.kind === Kind.Name) {
    if (x.value === '_') {
      e.len(AssignBlank);
      return;
    }
    const v = declaredBy(x);
    if (v !== null) {
      e.len(AssignDef);
      writePos(o, v.pos);
      writeIdent(o, v.pkg, v.name);
      writeType(o, v.typ);
      b.addLocal(v);
      return;
    }
  }
  e.len(AssignExpr);
  writeExpr(b, x);
}

function variableOf(x: Name): Var {
  const obj = objOf(x);
  return obj !== null && obj.kind === ObjKind.Var ? obj : bug(`${x.value} is no variable`);
}

/** The variable that a name declares; null if it was declared elsewhere. */
function declaredBy(x: Name): Var | null {
  const obj = objOf(x);
  return obj !== null && obj.kind === ObjKind.Var && obj.pos === x.pos ? obj : null;
}

function writeBlock(b: Body, s: BlockStmt): void {
  writePos(b.o, s.pos);
  writeStmts(b, s.list);
  writePos(b.o, s.rbrace);
}

function writeBranch(b: Body, s: BranchStmt): void {
  if (writeRangeBranch(b, s)) return;
  b.e.len(StmtBranch);
  writePos(b.o, s.pos);
  b.e.len(irBranch(s.tok));
  if (b.e.bool(s.label !== null)) b.e.string(utf8(s.label?.value ?? ''));
}

function writeCallStmt(b: Body, s: CallStmt): void {
  b.e.len(StmtCall);
  writePos(b.o, s.pos);
  b.e.len(irCall(s.tok));
  writeExpr(b, s.call);
  if (s.tok === Kind.Defer) writeDeferAt(b, s.pos);
}

function writeDecl(b: Body, d: Decl): void {
  if (d.kind === Kind.VarDecl) writeAssignment(b, d.pos, d.names, unpackListExpr(d.values));
  else if (d.kind === Kind.TypeDecl && !d.alias) {
    const obj = objOf(d.name);
    if (obj !== null) b.o.x.implicits.set(obj, bodyTypeParams(b.dict));
  }
}

function writeFor(b: Body, s: ForStmt): void {
  const { e, o } = b;
  const range = s.init !== null && s.init.kind === Kind.RangeClause ? s.init : null;
  const ranged = range === null ? null : rangedFunction(range);
  if (range !== null && ranged !== null) {
    writeRangeFunc(b, s, range, ranged);
    return;
  }
  e.len(StmtFor);
  writePos(o, s.pos);
  e.bool(range !== null);
  if (range !== null) writeRange(b, range);
  else {
    writePos(o, s.pos);
    writeOptionalStmt(b, s.init);
    writeOptionalExpr(b, s.cond);
    writeOptionalStmt(b, s.post);
  }
  writeBlock(b, s.body);
  e.bool(o.x.request.facts.perIterationLoopVars(s.pos));
}

function writeRange(b: Body, r: RangeClause): void {
  writePos(b.o, r.pos);
  const lhs = unpackListExpr(r.lhs);
  writeTargets(b, lhs);
  writeExpr(b, r.x);
  const t = typeOf(r.x);
  if (coreType(t)?.kind === TypeKind.Map) writeRtype(b, t);
  const { key, value } = rangeKeyVal(null, t);
  [key, value].forEach((source, i) => {
    if (i >= lhs.length) return;
    const x = unparen(lhs[i]);
    if (x.kind === Kind.Name && x.value === '_') return;
    const target = r.def && x.kind === Kind.Name ? variableOf(x).typ : typeOf(x);
    if (source === NoType) bug('range without a value');
    writeConvRtti(b, source, target);
  });
}

/** 1 or -1 for a condition that is constant. */
function constantCondition(x: Expr): number {
  const value = tvOf(x)?.value ?? null;
  return value === null ? 0 : constant.boolVal(value) ? 1 : -1;
}

function writeIf(b: Body, s: IfStmt): void {
  const { e, o } = b;
  const cond = constantCondition(s.cond);
  writePos(o, s.pos);
  writePos(o, s.pos);
  writeOptionalStmt(b, s.init);
  writeExpr(b, s.cond);
  e.int(cond);
  if (cond >= 0) writeBlock(b, s.thenBlock);
  else writePos(o, s.thenBlock.rbrace);
  if (cond <= 0) writeOptionalStmt(b, s.elseStmt);
}

function writeSelect(b: Body, s: SelectStmt): void {
  const { e, o } = b;
  writePos(o, s.pos);
  e.len(s.body.length);
  s.body.forEach((clause, i) => {
    if (i > 0) writePos(o, clause.pos);
    writePos(o, clause.pos);
    writePos(o, clause.pos);
    writeOptionalStmt(b, clause.comm);
    writeStmts(b, clause.body);
  });
  if (s.body.length > 0) writePos(o, s.rbrace);
}

function writeSwitch(b: Body, s: SwitchStmt): void {
  const { e, o } = b;
  writePos(o, s.pos);
  writePos(o, s.pos);
  writeOptionalStmt(b, s.init);
  const guard = s.tag !== null && s.tag.kind === Kind.TypeSwitchGuard ? s.tag : null;
  e.bool(guard !== null);
  let writeCases: (list: readonly Expr[]) => void;
  if (guard !== null) {
    writeGuard(b, guard);
    const iface = typeOf(guard.x);
    writeCases = (list) => {
      e.len(list.length);
      for (const c of list) if (!e.bool(tvOf(c)?.mode === Mode.nilvalue)) writeExprType(b, iface, c);
    };
  } else {
    const type = tagType(s);
    if (e.bool(s.tag !== null) && s.tag !== null) writeImplicit(b, type ?? typeOf(s.tag), s.tag);
    writeCases = (list) => {
      e.len(list.length);
      for (const c of list) writeImplicit(b, type, c);
    };
  }
  e.len(s.body.length);
  s.body.forEach((clause, i) => {
    if (i > 0) writePos(o, clause.pos);
    writePos(o, clause.pos);
    writePos(o, clause.pos);
    writeCases(unpackListExpr(clause.cases));
    writeClauseVariable(b, clause);
    writeStmts(b, clause.body);
  });
  if (s.body.length > 0) writePos(o, s.rbrace);
  writePos(o, s.rbrace);
}

function writeGuard(b: Body, guard: TypeSwitchGuard): void {
  const { e, o } = b;
  writePos(o, guard.pos);
  const { lhs } = guard;
  if (e.bool(lhs !== null) && lhs !== null) {
    writePos(o, lhs.pos);
    e.ref(P.Pkg, packageIndex(o.x, b.pkg));
    e.string(utf8(lhs.value));
  }
  writeExpr(b, guard.x);
}

function writeClauseVariable(b: Body, clause: CaseClause): void {
  const v = clause.implicit as Var | null;
  if (v === null) return;
  const last = unpackListExpr(clause.cases).at(-1);
  writePos(b.o, last === undefined ? clause.pos : last.pos);
  writeType(b.o, v.typ);
  b.addLocal(v);
}

/** What tag and cases are converted to before they are compared; null for channels, which are compared as they are. */
function tagType(s: SwitchStmt): Type | null {
  const type = s.tag === null ? Typ[BasicKind.Bool] : typeOf(s.tag);
  if (under(type).kind === TypeKind.Chan) return null;
  for (const clause of s.body) {
    for (const c of unpackListExpr(clause.cases)) {
      const t = typeOf(c);
      if (!isAssignable(t, type) && (isInterface(t) || isInterface(type))) return emptyInterface();
    }
  }
  return type;
}

function emptyInterface(): Type {
  const t = new Interface(null);
  t.complete = true;
  return t;
}
