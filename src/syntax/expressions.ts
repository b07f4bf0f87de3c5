/** Expressions (spec: Expressions). */
import type { Pos } from '#base/source.ts';
import * as Kind from './kinds.ts';
import {
  AssertExpr,
  BasicLit,
  CallExpr,
  CompositeLit,
  type Expr,
  FuncLit,
  IndexExpr,
  KeyValueExpr,
  ListExpr,
  Operation,
  ParenExpr,
  SelectorExpr,
  SliceExpr,
  TypeSwitchGuard,
  unparen,
} from './nodes.ts';
import * as Op from './operators.ts';
import {
  advance,
  at,
  badExpr,
  closeList,
  errorHere,
  got,
  lastEnd,
  listSeparator,
  type Parser,
  parseName,
  syntaxError,
  tokenPos,
  want,
} from './parser.ts';
import { exprString } from './printer.ts';
import { next } from './scanner.ts';
import { parseFunctionBody } from './statements.ts';
import * as Tok from './tokens.ts';
import { parseSignature, parseType, parseTypeOrNull, refuseTypeParams } from './typeexprs.ts';

export function parseExpr(p: Parser): Expr {
  return parseBinary(p, parseUnary(p), 0);
}

/** Continues a binary expression after its left operand with operators that bind more tightly than prec. */
export function parseBinary(p: Parser, left: Expr, prec: number): Expr {
  let x = left;
  while ((p.tok === Tok.Operator || p.tok === Tok.Star) && p.prec > prec) {
    const pos = tokenPos(p);
    const op = p.op;
    const opPrec = p.prec;
    next(p);
    const y = parseBinary(p, parseUnary(p), opPrec);
    x = new Operation(pos, lastEnd(p), op, x, y);
  }
  return x;
}

function parseUnary(p: Parser): Expr {
  if (p.tok === Tok.Name || p.tok === Tok.Literal) return parsePrimary(p, null, true);
  const pos = tokenPos(p);
  if (p.tok === Tok.Operator || p.tok === Tok.Star) {
    const op = p.op;
    switch (op) {
      case Op.Mul:
      case Op.Add:
      case Op.Sub:
      case Op.Not:
      case Op.Xor:
      case Op.Tilde: {
        next(p);
        const x = parseUnary(p);
        return new Operation(pos, lastEnd(p), op, x, null);
      }
      case Op.And: {
        next(p);
        // The operand may be a parenthesised composite literal.
        const x = unparen(parseUnary(p));
        return new Operation(pos, lastEnd(p), op, x, null);
      }
    }
  } else if (p.tok === Tok.Arrow) {
    next(p);
    const x = parseUnary(p);
    if (x.kind === Kind.ChanType) return receiveOnly(p, x);
    return new Operation(pos, lastEnd(p), Op.Recv, x, null);
  }
  return parsePrimary(p, null, true);
}

/** `<-` before a channel type belongs to the type: `<-chan T`, and `<-chan<- T` is `<-chan (<-T)`. */
function receiveOnly(p: Parser, type: Expr): Expr {
  let dir: number = Kind.SendOnly;
  let t = type;
  while (dir === Kind.SendOnly && t.kind === Kind.ChanType) {
    dir = t.dir;
    if (dir === Kind.RecvOnly) syntaxError(p, 'unexpected <-, expected chan');
    t.dir = Kind.RecvOnly;
    t = t.elem;
  }
  if (dir === Kind.SendOnly) syntaxError(p, `unexpected ${exprString(t)}, expected chan`);
  return type;
}

export function parseLiteralOrNull(p: Parser): BasicLit | null {
  if (p.tok !== Tok.Literal) return null;
  const b = new BasicLit(tokenPos(p), p.base + p.offset, p.lit, p.litKind, p.bad);
  next(p);
  return b;
}

function parseOperand(p: Parser, keepParens: boolean): Expr {
  const pos = tokenPos(p);
  switch (p.tok) {
    case Tok.Name:
      return parseName(p);
    case Tok.Literal: {
      const b = new BasicLit(pos, p.base + p.offset, p.lit, p.litKind, p.bad);
      next(p);
      return b;
    }
    case Tok.Lparen: {
      next(p);
      p.nesting++;
      const x = parseExpr(p);
      p.nesting--;
      want(p, Tok.Rparen);
      // Parentheses are kept only where they may be wrong: around the type of a composite literal and where the caller asks.
      return keepParens || at(p, Tok.Lbrace) ? new ParenExpr(pos, lastEnd(p), x) : x;
    }
    case Tok.Func: {
      next(p);
      refuseTypeParams(p, 'function type');
      const type = parseSignature(p, pos);
      if (!at(p, Tok.Lbrace)) return type;
      p.nesting++;
      const body = parseFunctionBody(p);
      p.nesting--;
      return new FuncLit(pos, lastEnd(p), type, body);
    }
    case Tok.Lbrack:
    case Tok.Chan:
    case Tok.Map:
    case Tok.Struct:
    case Tok.Interface:
      return parseType(p);
    default: {
      const x = badExpr(p);
      syntaxError(p, 'expected expression');
      advance(p, [Tok.Rparen, Tok.Rbrack, Tok.Rbrace]);
      return x;
    }
  }
}

/** A primary expression; it continues `start` if that is not null. */
export function parsePrimary(p: Parser, start: Expr | null, keepParens: boolean): Expr {
  let x = start ?? parseOperand(p, keepParens);
  for (;;) {
    switch (p.tok) {
      case Tok.Dot:
        x = parseDot(p, x);
        break;
      case Tok.Lbrack:
        x = parseIndexOrSlice(p, x);
        break;
      case Tok.Lparen:
        x = parseCall(p, x);
        break;
      case Tok.Lbrace: {
        const type = unparen(x);
        if (!mayBeLiteralType(p, type)) return x;
        if (type !== x) syntaxError(p, 'cannot parenthesize type in composite literal');
        const literal = parseCompositeLit(p);
        literal.type = x;
        x = literal;
        break;
      }
      default:
        return x;
    }
  }
}

function parseDot(p: Parser, x: Expr): Expr {
  const pos = tokenPos(p);
  next(p);
  if (p.tok === Tok.Name) {
    const sel = parseName(p);
    return new SelectorExpr(pos, sel.end, x, sel);
  }
  if (p.tok !== Tok.Lparen) {
    syntaxError(p, 'expected name or (');
    advance(p, [Tok.Semi, Tok.Rparen]);
    return x;
  }
  next(p);
  if (got(p, Tok.Type)) {
    want(p, Tok.Rparen);
    return new TypeSwitchGuard(pos, lastEnd(p), null, x);
  }
  const type = parseType(p);
  want(p, Tok.Rparen);
  return new AssertExpr(pos, lastEnd(p), x, type);
}

function parseIndexOrSlice(p: Parser, x: Expr): Expr {
  const pos = tokenPos(p);
  next(p);
  let first: Expr | null = null;
  if (p.tok !== Tok.Colon) {
    let comma = false;
    if (p.tok === Tok.Rbrack) {
      syntaxError(p, 'expected operand');
      first = badExpr(p);
    } else {
      const list = parseTypeList(p, false);
      first = list.x;
      comma = list.comma;
    }
    if (comma || p.tok === Tok.Rbrack) {
      want(p, Tok.Rbrack);
      return new IndexExpr(pos, lastEnd(p), x, first);
    }
  }
  if (!got(p, Tok.Colon)) {
    syntaxError(p, 'expected comma, : or ]');
    advance(p, [Tok.Comma, Tok.Colon, Tok.Rbrack]);
  }
  return parseSliceRest(p, pos, x, first);
}

/** After the first colon of a slice expression. */
function parseSliceRest(p: Parser, pos: Pos, x: Expr, first: Expr | null): Expr {
  p.nesting++;
  const index: (Expr | null)[] = [first, null, null];
  let full = false;
  if (p.tok !== Tok.Colon && p.tok !== Tok.Rbrack) index[1] = parseExpr(p);
  if (p.tok === Tok.Colon) {
    full = true;
    if (index[1] === null) {
      errorHere(p, 'middle index required in 3-index slice');
      index[1] = badExpr(p);
    }
    next(p);
    if (!at(p, Tok.Rbrack)) index[2] = parseExpr(p);
    else {
      errorHere(p, 'final index required in 3-index slice');
      index[2] = badExpr(p);
    }
  }
  p.nesting--;
  want(p, Tok.Rbrack);
  return new SliceExpr(pos, lastEnd(p), x, index, full);
}

function parseCall(p: Parser, fun: Expr): Expr {
  const pos = tokenPos(p);
  next(p);
  p.nesting++;
  const args: Expr[] = [];
  let dots = false;
  let fine = true;
  while (p.tok !== Tok.EOF && p.tok !== Tok.Rparen && fine && !dots) {
    args.push(parseExpr(p));
    dots = got(p, Tok.DotDotDot);
    fine = listSeparator(p, 'argument list', Tok.Comma, Tok.Rparen);
  }
  closeList(p, fine, Tok.Rparen);
  p.nesting--;
  return new CallExpr(pos, lastEnd(p), fun, args.slice(), dots);
}

/** Whether `{` after this type starts a composite literal rather than a block. */
function mayBeLiteralType(p: Parser, type: Expr): boolean {
  switch (type.kind) {
    case Kind.Name:
    case Kind.SelectorExpr:
      return p.nesting >= 0;
    case Kind.IndexExpr:
      return p.nesting >= 0 && !isValue(type);
    case Kind.ArrayType:
    case Kind.SliceType:
    case Kind.StructType:
    case Kind.MapType:
      return true;
    default:
      return false;
  }
}

/** Whether an expression can only be a value, by its syntax. */
function isValue(x: Expr): boolean {
  switch (x.kind) {
    case Kind.BasicLit:
    case Kind.CompositeLit:
    case Kind.FuncLit:
    case Kind.SliceExpr:
    case Kind.AssertExpr:
    case Kind.TypeSwitchGuard:
    case Kind.CallExpr:
      return true;
    case Kind.Operation:
      return x.op !== Op.Mul || x.y !== null;
    case Kind.ParenExpr:
      return isValue(x.x);
    case Kind.IndexExpr:
      return isValue(x.x) || isValue(x.index);
    default:
      return false;
  }
}

function parseElement(p: Parser): Expr {
  return p.tok === Tok.Lbrace ? parseCompositeLit(p) : parseExpr(p);
}

/** The braces of a composite literal; the caller adds the type. */
function parseCompositeLit(p: Parser): CompositeLit {
  const pos = tokenPos(p);
  const elems: Expr[] = [];
  let keys = 0;
  let fine = true;
  p.nesting++;
  want(p, Tok.Lbrace);
  while (p.tok !== Tok.EOF && p.tok !== Tok.Rbrace && fine) {
    let e = parseElement(p);
    if (p.tok === Tok.Colon) {
      const colon = tokenPos(p);
      next(p);
      const value = parseElement(p);
      e = new KeyValueExpr(colon, lastEnd(p), e, value);
      keys++;
    }
    elems.push(e);
    fine = listSeparator(p, 'composite literal', Tok.Comma, Tok.Rbrace);
  }
  const rbrace = closeList(p, fine, Tok.Rbrace);
  p.nesting--;
  return new CompositeLit(pos, lastEnd(p), null, elems.slice(), keys, rbrace);
}

export function parseExprList(p: Parser): Expr {
  const x = parseExpr(p);
  if (p.tok !== Tok.Comma) return x;
  const list = [x];
  while (got(p, Tok.Comma)) list.push(parseExpr(p));
  return new ListExpr(x.pos, lastEnd(p), list.slice());
}

/** Types (the first may be any expression unless strict), separated and possibly followed by commas; whether there was a comma. */
export function parseTypeList(p: Parser, strict: boolean): { x: Expr; comma: boolean } {
  p.nesting++;
  let x = strict ? parseType(p) : parseExpr(p);
  let comma = false;
  if (got(p, Tok.Comma)) {
    comma = true;
    const list = [x];
    for (let t = parseTypeOrNull(p); t !== null; t = got(p, Tok.Comma) ? parseTypeOrNull(p) : null) list.push(t);
    if (list.length > 1) x = new ListExpr(x.pos, lastEnd(p), list.slice());
  }
  p.nesting--;
  return { x, comma };
}
