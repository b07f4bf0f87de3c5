/** Statements (spec: Statements). */
import type { Pos } from '#base/source.ts';
import { checkBranches } from './branches.ts';
import { parseDecls } from './declarations.ts';
import { parseExpr, parseExprList, parsePrimary } from './expressions.ts';
import * as Kind from './kinds.ts';
import {
  AssignStmt,
  BadExpr,
  BlockStmt,
  BranchStmt,
  CallStmt,
  CaseClause,
  CommClause,
  type Decl,
  DeclStmt,
  EmptyStmt,
  type Expr,
  ExprStmt,
  ForStmt,
  IfStmt,
  LabeledStmt,
  type Name,
  RangeClause,
  ReturnStmt,
  SelectStmt,
  SendStmt,
  type SimpleStmt,
  type Stmt,
  SwitchStmt,
  unparen,
} from './nodes.ts';
import * as Op from './operators.ts';
import {
  advance,
  at,
  badExpr,
  clearPragmas,
  errorAt,
  got,
  type Parser,
  parseName,
  syntaxError,
  syntaxErrorAt,
  tokenPos,
  want,
} from './parser.ts';
import { exprString, stmtString } from './printer.ts';
import { next } from './scanner.ts';
import * as Tok from './tokens.ts';

/** A body in braces, with its branches resolved. */
export function parseFunctionBody(p: Parser): BlockStmt {
  p.functions++;
  const errors = p.errors;
  const body = parseBlock(p, '');
  p.functions--;
  // Branches of a body with syntax errors would only give errors that mislead.
  if (p.branches && errors === p.errors) checkBranches(body, p.source, p.report);
  return body;
}

/** A block; the context is for the message where there is none. */
function parseBlock(p: Parser, context: string): BlockStmt {
  const pos = tokenPos(p);
  if (!got(p, Tok.Lbrace)) {
    syntaxError(p, `expected { after ${context}`);
    advance(p, [Tok.Name, Tok.Rbrace]);
    const rbrace = tokenPos(p);
    if (got(p, Tok.Rbrace)) return new BlockStmt(pos, [], rbrace);
  }
  const list = parseStmtList(p);
  const rbrace = tokenPos(p);
  want(p, Tok.Rbrace);
  return new BlockStmt(pos, list, rbrace);
}

function parseStmtList(p: Parser): Stmt[] {
  const list: Stmt[] = [];
  while (p.tok !== Tok.EOF && p.tok !== Tok.Rbrace && p.tok !== Tok.Case && p.tok !== Tok.Default) {
    const s = parseStmtOrNull(p);
    clearPragmas(p);
    if (s === null) break;
    list.push(s);
    // The semicolon is optional before a closing brace.
    if (!got(p, Tok.Semi) && p.tok !== Tok.Rbrace) {
      syntaxError(p, 'at end of statement');
      advance(p, [Tok.Semi, Tok.Rbrace, Tok.Case, Tok.Default]);
      got(p, Tok.Semi);
    }
  }
  return list.slice();
}

/** A statement, or null if none starts here (no error) or a label lacks its statement. */
function parseStmtOrNull(p: Parser): Stmt | null {
  const pos = tokenPos(p);
  if (p.tok === Tok.Name) {
    clearPragmas(p);
    const lhs = parseExprList(p);
    if (lhs.kind === Kind.Name && at(p, Tok.Colon)) return parseLabeled(p, lhs);
    return parseSimple(p, lhs, 0);
  }
  if (p.tok === Tok.Var || p.tok === Tok.Const || p.tok === Tok.Type) {
    const decls: Decl[] = [];
    parseDecls(p, decls);
    return new DeclStmt(pos, decls);
  }
  clearPragmas(p);
  switch (p.tok) {
    case Tok.Lbrace:
      return parseBlock(p, '');
    case Tok.Operator:
    case Tok.Star:
      switch (p.op) {
        case Op.Add:
        case Op.Sub:
        case Op.Mul:
        case Op.And:
        case Op.Xor:
        case Op.Not:
          return parseSimple(p, null, 0);
        default:
          return null;
      }
    case Tok.Literal:
    case Tok.Func:
    case Tok.Lparen:
    case Tok.Lbrack:
    case Tok.Struct:
    case Tok.Map:
    case Tok.Chan:
    case Tok.Interface:
    case Tok.Arrow:
      return parseSimple(p, null, 0);
    case Tok.For:
      return parseFor(p);
    case Tok.Switch:
      return parseSwitch(p);
    case Tok.Select:
      return parseSelect(p);
    case Tok.If:
      return parseIf(p);
    case Tok.Go:
    case Tok.Defer:
      return parseCallStmt(p);
    case Tok.Fallthrough:
      next(p);
      return new BranchStmt(pos, Kind.Fallthrough, null);
    case Tok.Break:
    case Tok.Continue: {
      const tok = p.tok === Tok.Break ? Kind.Break : Kind.Continue;
      next(p);
      // A name on the same line: a newline would have become a semicolon.
      return new BranchStmt(pos, tok, at(p, Tok.Name) ? parseName(p) : null);
    }
    case Tok.Goto:
      next(p);
      return new BranchStmt(pos, Kind.Goto, parseName(p));
    case Tok.Return:
      next(p);
      return new ReturnStmt(pos, atEnd(p) ? null : parseExprList(p));
    case Tok.Semi:
      return new EmptyStmt(pos);
    default:
      return null;
  }
}

function atEnd(p: Parser): boolean {
  return p.tok === Tok.Semi || p.tok === Tok.Rbrace;
}

function parseLabeled(p: Parser, label: Name): Stmt | null {
  const pos = tokenPos(p);
  want(p, Tok.Colon);
  if (p.tok === Tok.Rbrace) return new LabeledStmt(pos, label, new EmptyStmt(tokenPos(p)));
  const stmt = parseStmtOrNull(p);
  if (stmt !== null) return new LabeledStmt(pos, label, stmt);
  syntaxErrorAt(p, pos, 'missing statement after label');
  return null;
}

/** A simple statement; its first expressions may have been parsed. The keyword (For, Switch or 0) says what else is allowed. */
function parseSimple(p: Parser, first: Expr | null, keyword: number): SimpleStmt {
  if (keyword === Tok.For && p.tok === Tok.Range) return parseRange(p, null, false);
  const lhs = first ?? parseExprList(p);
  const pos = tokenPos(p);
  if (p.tok === Tok.Assign || p.tok === Tok.Define) {
    const def = p.tok === Tok.Define;
    next(p);
    if (keyword === Tok.For && at(p, Tok.Range)) return parseRange(p, lhs, def);
    const rhs = parseExprList(p);
    if (rhs.kind === Kind.TypeSwitchGuard && keyword === Tok.Switch && def && lhs.kind === Kind.Name) {
      rhs.lhs = lhs;
      return new ExprStmt(rhs.pos, rhs);
    }
    return new AssignStmt(pos, def ? Op.Def : Op.None, lhs, rhs);
  }
  if (lhs.kind === Kind.ListExpr) {
    syntaxError(p, 'expected := or = or comma');
    advance(p, [Tok.Semi, Tok.Rbrace]);
    const x = lhs.elems[0];
    return new ExprStmt(x.pos, x);
  }
  switch (p.tok) {
    case Tok.AssignOp: {
      const op = p.op;
      next(p);
      return new AssignStmt(pos, op, lhs, parseExpr(p));
    }
    case Tok.IncOp: {
      const op = p.op;
      next(p);
      return new AssignStmt(pos, op, lhs, null);
    }
    case Tok.Arrow:
      next(p);
      return new SendStmt(pos, lhs, parseExpr(p));
    default:
      return new ExprStmt(lhs.pos, lhs);
  }
}

function parseRange(p: Parser, lhs: Expr | null, def: boolean): SimpleStmt {
  const pos = tokenPos(p);
  next(p);
  return new RangeClause(pos, lhs, def, parseExpr(p));
}

function parseCallStmt(p: Parser): Stmt {
  const pos = tokenPos(p);
  const tok = p.tok === Tok.Go ? Kind.Go : Kind.Defer;
  const keyword = Tok.text[p.tok];
  next(p);
  const x = parsePrimary(p, null, p.tok === Tok.Lparen);
  const call = unparen(x);
  if (call !== x) errorAt(p, x.pos, `expression in ${keyword} must not be parenthesized`);
  return new CallStmt(pos, tok, call);
}

// Headers of if, switch and for

class Header {
  init: SimpleStmt | null;
  cond: Expr | null;
  post: SimpleStmt | null;

  constructor() {
    this.init = null;
    this.cond = null;
    this.post = null;
  }
}

/** The semicolon after the first statement of a header. */
interface HeaderSemi {
  pos: Pos;
  lit: string;
}

function parseHeader(p: Parser, keyword: number): Header {
  const h = new Header();
  want(p, keyword);
  if (p.tok === Tok.Lbrace) {
    if (keyword === Tok.If) {
      syntaxError(p, 'missing condition in if statement');
      h.cond = badExpr(p);
    }
    return h;
  }
  const outer = p.nesting;
  p.nesting = -1;
  if (p.tok !== Tok.Semi) {
    if (got(p, Tok.Var)) syntaxError(p, `var declaration not allowed in ${Tok.text[keyword]} initializer`);
    h.init = parseSimple(p, null, keyword);
    if (h.init.kind === Kind.RangeClause) {
      p.nesting = outer;
      return h;
    }
  }
  let cond: SimpleStmt | null = null;
  let semi: HeaderSemi | null = null;
  if (at(p, Tok.Lbrace)) {
    cond = h.init;
    h.init = null;
  } else {
    semi = parseHeaderSemi(p);
    if (keyword === Tok.For) cond = parseForClauses(p, h);
    else if (!at(p, Tok.Lbrace)) cond = parseSimple(p, null, keyword);
  }
  h.cond = conditionOf(p, cond, keyword, semi);
  p.nesting = outer;
  return h;
}

function parseHeaderSemi(p: Parser): HeaderSemi | null {
  if (p.tok === Tok.Semi) {
    const semi = { pos: tokenPos(p), lit: p.lit };
    next(p);
    return semi;
  }
  // Asking for the brace gives the better message.
  want(p, Tok.Lbrace);
  if (p.tok !== Tok.Lbrace) advance(p, [Tok.Lbrace, Tok.Rbrace]);
  return null;
}

/** Condition and post statement of a for statement, after the first semicolon. */
function parseForClauses(p: Parser, h: Header): SimpleStmt | null {
  let cond: SimpleStmt | null = null;
  if (p.tok !== Tok.Semi) {
    if (p.tok === Tok.Lbrace) {
      syntaxError(p, 'expected for loop condition');
      return null;
    }
    cond = parseSimple(p, null, 0);
  }
  want(p, Tok.Semi);
  if (!at(p, Tok.Lbrace)) {
    h.post = parseSimple(p, null, 0);
    if (h.post.kind === Kind.AssignStmt && h.post.op === Op.Def) {
      syntaxErrorAt(p, h.post.pos, 'cannot declare in post statement of for loop');
    }
  }
  return cond;
}

function conditionOf(p: Parser, s: SimpleStmt | null, keyword: number, semi: HeaderSemi | null): Expr | null {
  if (s === null) {
    if (keyword !== Tok.If || semi === null) return null;
    if (semi.lit === 'semicolon') syntaxErrorAt(p, semi.pos, 'missing condition in if statement');
    else syntaxErrorAt(p, semi.pos, `unexpected ${semi.lit}, expected { after if clause`);
    return new BadExpr(semi.pos, semi.pos);
  }
  if (s.kind === Kind.ExprStmt) return s.x;
  let text = stmtString(s);
  if (s.kind === Kind.AssignStmt && s.op === Op.None && s.rhs !== null) {
    text = `assignment ${emphasize(s.lhs)} = ${emphasize(s.rhs)}`;
  }
  syntaxErrorAt(p, s.pos, `cannot use ${text} as value`);
  return null;
}

/** Binary expressions in parentheses, so that the `=` between them stands out. */
function emphasize(x: Expr): string {
  const s = exprString(x);
  return x.kind === Kind.Operation && x.y !== null ? `(${s})` : s;
}

function parseFor(p: Parser): Stmt {
  const pos = tokenPos(p);
  const h = parseHeader(p, Tok.For);
  return new ForStmt(pos, h.init, h.cond, h.post, parseBlock(p, 'for clause'));
}

function parseIf(p: Parser): IfStmt {
  const pos = tokenPos(p);
  const h = parseHeader(p, Tok.If);
  const s = new IfStmt(pos, h.init, h.cond ?? new BadExpr(pos, pos), parseBlock(p, 'if clause'), null);
  if (got(p, Tok.Else)) {
    if (p.tok === Tok.If) s.elseStmt = parseIf(p);
    else if (p.tok === Tok.Lbrace) s.elseStmt = parseBlock(p, '');
    else {
      syntaxError(p, 'else must be followed by if or statement block');
      advance(p, [Tok.Name, Tok.Rbrace]);
    }
  }
  return s;
}

const clauseStarts: readonly number[] = [Tok.Case, Tok.Default, Tok.Rbrace];
const clauseFollow: readonly number[] = [Tok.Colon, Tok.Case, Tok.Default, Tok.Rbrace];

function parseSwitch(p: Parser): Stmt {
  const pos = tokenPos(p);
  const h = parseHeader(p, Tok.Switch);
  if (!got(p, Tok.Lbrace)) {
    syntaxError(p, 'missing { after switch clause');
    advance(p, clauseStarts);
  }
  const body: CaseClause[] = [];
  while (p.tok !== Tok.EOF && p.tok !== Tok.Rbrace) body.push(parseCaseClause(p));
  const rbrace = tokenPos(p);
  want(p, Tok.Rbrace);
  return new SwitchStmt(pos, h.init, h.cond, body, rbrace);
}

function parseSelect(p: Parser): Stmt {
  const pos = tokenPos(p);
  want(p, Tok.Select);
  if (!got(p, Tok.Lbrace)) {
    syntaxError(p, 'missing { after select clause');
    advance(p, clauseStarts);
  }
  const body: CommClause[] = [];
  while (p.tok !== Tok.EOF && p.tok !== Tok.Rbrace) body.push(parseCommClause(p));
  const rbrace = tokenPos(p);
  want(p, Tok.Rbrace);
  return new SelectStmt(pos, body, rbrace);
}

/** After a clause's keyword and cases: the colon, whose position is returned. */
function parseColon(p: Parser): Pos {
  const colon = tokenPos(p);
  want(p, Tok.Colon);
  return colon;
}

function wrongClause(p: Parser): void {
  syntaxError(p, 'expected case or default or }');
  advance(p, clauseFollow);
}

function parseCaseClause(p: Parser): CaseClause {
  const pos = tokenPos(p);
  let cases: Expr | null = null;
  if (got(p, Tok.Case)) cases = parseExprList(p);
  else if (!got(p, Tok.Default)) wrongClause(p);
  const colon = parseColon(p);
  return new CaseClause(pos, cases, parseStmtList(p), colon);
}

function parseCommClause(p: Parser): CommClause {
  const pos = tokenPos(p);
  let comm: SimpleStmt | null = null;
  if (got(p, Tok.Case)) comm = parseSimple(p, null, 0);
  else if (!got(p, Tok.Default)) wrongClause(p);
  const colon = parseColon(p);
  return new CommClause(pos, comm, parseStmtList(p), colon);
}
