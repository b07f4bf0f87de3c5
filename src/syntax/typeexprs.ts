/** Types (spec: Types), parameters and type parameters. */
import type { Pos } from '#base/source.ts';
import { parseExpr, parseLiteralOrNull, parseTypeList } from './expressions.ts';
import * as Kind from './kinds.ts';
import {
  ArrayType,
  type BasicLit,
  ChanType,
  DotsType,
  type Expr,
  Field,
  FuncType,
  IndexExpr,
  InterfaceType,
  ListExpr,
  MapType,
  Name,
  Operation,
  SelectorExpr,
  SliceType,
  StructType,
} from './nodes.ts';
import * as Op from './operators.ts';
import { parseParamList } from './params.ts';
import {
  advance,
  at,
  badExpr,
  closeList,
  errorAt,
  got,
  lastEnd,
  listSeparator,
  type Parser,
  parseName,
  parseNameList,
  syntaxError,
  syntaxErrorAt,
  tokenPos,
  want,
} from './parser.ts';
import { next } from './scanner.ts';
import * as Tok from './tokens.ts';

export function parseType(p: Parser): Expr {
  const t = parseTypeOrNull(p);
  if (t !== null) return t;
  const bad = badExpr(p);
  syntaxError(p, 'expected type');
  advance(p, [Tok.Comma, Tok.Colon, Tok.Semi, Tok.Rparen, Tok.Rbrack, Tok.Rbrace]);
  return bad;
}

/** A type, or null without an error if no type starts here. */
export function parseTypeOrNull(p: Parser): Expr | null {
  const pos = tokenPos(p);
  switch (p.tok) {
    case Tok.Name:
      return parseQualifiedName(p, null);
    case Tok.Star: {
      next(p);
      const elem = parseType(p);
      return new Operation(pos, lastEnd(p), Op.Mul, elem, null);
    }
    case Tok.Arrow: {
      next(p);
      want(p, Tok.Chan);
      const elem = parseChanElem(p);
      return new ChanType(pos, lastEnd(p), Kind.RecvOnly, elem);
    }
    case Tok.Func:
      next(p);
      refuseTypeParams(p, 'function type');
      return parseSignature(p, pos);
    case Tok.Lbrack:
      next(p);
      return got(p, Tok.Rbrack) ? parseSliceType(p, pos) : parseArrayType(p, pos, null);
    case Tok.Chan: {
      next(p);
      const dir = got(p, Tok.Arrow) ? Kind.SendOnly : Kind.SendRecv;
      const elem = parseChanElem(p);
      return new ChanType(pos, lastEnd(p), dir, elem);
    }
    case Tok.Map: {
      next(p);
      want(p, Tok.Lbrack);
      const key = parseType(p);
      want(p, Tok.Rbrack);
      const value = parseType(p);
      return new MapType(pos, lastEnd(p), key, value);
    }
    case Tok.Struct:
      return parseStructType(p);
    case Tok.Interface:
      return parseInterfaceType(p);
    case Tok.Lparen: {
      next(p);
      const t = parseType(p);
      want(p, Tok.Rparen);
      return t;
    }
    default:
      return null;
  }
}

/** `name`, `pkg.name`, either with type arguments; the first name may have been consumed. */
export function parseQualifiedName(p: Parser, first: Name | null): Expr {
  let x: Expr;
  if (first !== null) x = first;
  else if (p.tok === Tok.Name) x = parseName(p);
  else {
    x = new Name(tokenPos(p), tokenPos(p), '_');
    syntaxError(p, 'expected name');
    advance(p, [Tok.Dot, Tok.Semi, Tok.Rbrace]);
  }
  if (p.tok === Tok.Dot) {
    const pos = tokenPos(p);
    next(p);
    const sel = parseName(p);
    x = new SelectorExpr(pos, sel.end, x, sel);
  }
  return p.tok === Tok.Lbrack ? parseInstance(p, x) : x;
}

function parseInstance(p: Parser, x: Expr): Expr {
  const pos = tokenPos(p);
  want(p, Tok.Lbrack);
  let index: Expr;
  if (p.tok === Tok.Rbrack) {
    syntaxError(p, 'expected type argument list');
    index = badExpr(p);
  } else index = parseTypeList(p, true).x;
  want(p, Tok.Rbrack);
  return new IndexExpr(pos, lastEnd(p), x, index);
}

/** Type parameters in brackets, if there are any. */
export function parseTypeParams(p: Parser): Field[] {
  if (!got(p, Tok.Lbrack)) return [];
  if (p.tok === Tok.Rbrack) {
    syntaxError(p, 'empty type parameter list');
    next(p);
    return [];
  }
  return parseParamList(p, null, null, Tok.Rbrack, true, false);
}

/** Type parameters where none are allowed: parsed, with a complaint, and forgotten. */
export function refuseTypeParams(p: Parser, context: string): void {
  if (p.tok !== Tok.Lbrack) return;
  const pos = tokenPos(p);
  next(p);
  syntaxErrorAt(p, pos, `${context} must have no type parameters`);
  if (at(p, Tok.Rbrack)) {
    syntaxError(p, 'empty type parameter list');
    next(p);
  } else parseParamList(p, null, null, Tok.Rbrack, true, false);
}

/** Parameters and results. The position is that of the parenthesis, or of the bracket of type parameters before it. */
export function parseSignature(p: Parser, funcPos: Pos): FuncType {
  const pos = tokenPos(p);
  want(p, Tok.Lparen);
  const params = parseParamList(p, null, null, Tok.Rparen, false, true);
  const results = parseResults(p);
  const type = new FuncType(pos, lastEnd(p), params, results);
  type.funcPos = funcPos;
  return type;
}

function parseResults(p: Parser): Field[] {
  if (got(p, Tok.Lparen)) return parseParamList(p, null, null, Tok.Rparen, false, false);
  const pos = tokenPos(p);
  const type = parseTypeOrNull(p);
  return type === null ? [] : [new Field(pos, null, type)];
}

/** After `[`, whose position is given, and possibly the length. */
export function parseArrayType(p: Parser, pos: Pos, length: Expr | null): Expr {
  let len = length;
  if (len === null && !got(p, Tok.DotDotDot)) {
    p.nesting++;
    len = parseExpr(p);
    p.nesting--;
  }
  if (p.tok === Tok.Comma) {
    syntaxError(p, 'unexpected comma; expected ]');
    next(p);
  }
  want(p, Tok.Rbrack);
  const elem = parseType(p);
  return new ArrayType(pos, lastEnd(p), len, elem);
}

/** After `[]`, whose position is given. */
export function parseSliceType(p: Parser, pos: Pos): Expr {
  const elem = parseType(p);
  return new SliceType(pos, lastEnd(p), elem);
}

function parseChanElem(p: Parser): Expr {
  const t = parseTypeOrNull(p);
  if (t !== null) return t;
  const bad = badExpr(p);
  syntaxError(p, 'missing channel element type');
  return bad;
}

/** After a name: `[n]E` or `[]E` gives the type, `[T1, T2]` an IndexExpr of the name. */
export function parseArrayOrTypeArgs(p: Parser, name: Name): Expr {
  const pos = tokenPos(p);
  want(p, Tok.Lbrack);
  if (got(p, Tok.Rbrack)) return parseSliceType(p, pos);
  const list = parseTypeList(p, false);
  want(p, Tok.Rbrack);
  if (!list.comma) {
    const elem = parseTypeOrNull(p);
    if (elem !== null) return new ArrayType(pos, lastEnd(p), list.x, elem);
  }
  return new IndexExpr(pos, lastEnd(p), name, list.x);
}

// Structs

function parseStructType(p: Parser): Expr {
  const pos = tokenPos(p);
  const t = new StructType(pos, pos, [], []);
  want(p, Tok.Struct);
  want(p, Tok.Lbrace);
  let fine = true;
  while (p.tok !== Tok.EOF && p.tok !== Tok.Rbrace && fine) {
    parseFieldDecl(p, t);
    fine = listSeparator(p, 'struct type', Tok.Semi, Tok.Rbrace);
  }
  closeList(p, fine, Tok.Rbrace);
  t.end = lastEnd(p);
  return t;
}

function addField(t: StructType, pos: Pos, name: Name | null, type: Expr, tag: BasicLit | null): void {
  if (tag !== null) {
    while (t.tags.length < t.fields.length) t.tags.push(null);
    t.tags.push(tag);
  }
  t.fields.push(new Field(pos, name, type));
}

function parseFieldDecl(p: Parser, t: StructType): void {
  const pos = tokenPos(p);
  switch (p.tok) {
    case Tok.Name:
      parseNamedField(p, t, pos);
      return;
    case Tok.Star: {
      next(p);
      const parenthesized = at(p, Tok.Lparen);
      if (parenthesized) {
        syntaxError(p, 'cannot parenthesize embedded type');
        next(p);
      }
      const elem = parseQualifiedName(p, null);
      const type = new Operation(pos, lastEnd(p), Op.Mul, elem, null);
      if (parenthesized) got(p, Tok.Rparen);
      addField(t, pos, null, type, parseLiteralOrNull(p));
      return;
    }
    case Tok.Lparen: {
      syntaxError(p, 'cannot parenthesize embedded type');
      next(p);
      let type: Expr;
      if (at(p, Tok.Star)) {
        const star = tokenPos(p);
        next(p);
        const elem = parseQualifiedName(p, null);
        type = new Operation(star, lastEnd(p), Op.Mul, elem, null);
      } else type = parseQualifiedName(p, null);
      got(p, Tok.Rparen);
      addField(t, pos, null, type, parseLiteralOrNull(p));
      return;
    }
    default:
      syntaxError(p, 'expected field name or embedded type');
      advance(p, [Tok.Semi, Tok.Rbrace]);
  }
}

function parseNamedField(p: Parser, t: StructType, pos: Pos): void {
  const name = parseName(p);
  if (p.tok === Tok.Dot || p.tok === Tok.Literal || p.tok === Tok.Semi || p.tok === Tok.Rbrace) {
    const type = parseQualifiedName(p, name);
    addField(t, pos, null, type, parseLiteralOrNull(p));
    return;
  }
  const names = parseNameList(p, name);
  let type: Expr;
  // `T[P]` is embedded, `T [P]E` a field.
  if (names.length === 1 && p.tok === Tok.Lbrack) {
    type = parseArrayOrTypeArgs(p, name);
    if (type.kind === Kind.IndexExpr) {
      addField(t, pos, null, type, parseLiteralOrNull(p));
      return;
    }
  } else type = parseType(p);
  const tag = parseLiteralOrNull(p);
  for (const n of names) addField(t, n.pos, n, type, tag);
}

// Interfaces

function parseInterfaceType(p: Parser): Expr {
  const pos = tokenPos(p);
  const methods: Field[] = [];
  want(p, Tok.Interface);
  want(p, Tok.Lbrace);
  let fine = true;
  while (p.tok !== Tok.EOF && p.tok !== Tok.Rbrace && fine) {
    let f: Field | null = p.tok === Tok.Name ? parseMethodOrElem(p) : null;
    if (f === null) {
      const elemPos = tokenPos(p);
      f = new Field(elemPos, null, parseUnion(p, null));
    } else if (f.name === null) f.type = parseUnion(p, f.type);
    methods.push(f);
    fine = listSeparator(p, 'interface type', Tok.Semi, Tok.Rbrace);
  }
  closeList(p, fine, Tok.Rbrace);
  return new InterfaceType(pos, lastEnd(p), methods);
}

/** A method, or the first term of an embedded element (a field without a name). */
function parseMethodOrElem(p: Parser): Field {
  const context = 'interface method';
  const pos = tokenPos(p);
  const name = parseName(p);
  if (p.tok === Tok.Lparen) return new Field(pos, name, parseSignature(p, 0));
  if (p.tok !== Tok.Lbrack) return new Field(pos, null, parseQualifiedName(p, name));

  // A generic method (which is not allowed) or an embedded instantiated type.
  const lbrack = tokenPos(p);
  next(p);
  if (at(p, Tok.Rbrack)) {
    const rbrack = tokenPos(p);
    next(p);
    if (at(p, Tok.Lparen)) {
      errorAt(p, rbrack, 'empty type parameter list');
      return new Field(pos, name, parseSignature(p, 0));
    }
    errorAt(p, rbrack, 'empty type argument list');
    return new Field(pos, null, name);
  }
  const list = parseParamList(p, null, null, Tok.Rbrack, false, false);
  if (list.length === 0) {
    if (!at(p, Tok.Lparen)) return new Field(pos, null, name);
    refuseTypeParams(p, context);
    return new Field(pos, name, parseSignature(p, 0));
  }
  if (list[0].name !== null) {
    refuseTypeParams(p, context);
    const type = parseSignature(p, 0);
    errorAt(p, lbrack, 'interface method must have no type parameters');
    return new Field(pos, name, type);
  }
  const types = list.map((f) => f.type);
  const index = types.length === 1 ? types[0] : new ListExpr(list[0].pos, types[types.length - 1].end, types);
  return new Field(pos, null, new IndexExpr(lbrack, lastEnd(p), name, index));
}

/** Terms joined by `|`; the first may have been parsed. */
export function parseUnion(p: Parser, first: Expr | null): Expr {
  let t = first ?? parseTerm(p);
  while (p.tok === Tok.Operator && p.op === Op.Or) {
    const pos = tokenPos(p);
    next(p);
    const y = parseTerm(p);
    t = new Operation(pos, lastEnd(p), Op.Or, t, y);
  }
  return t;
}

function parseTerm(p: Parser): Expr {
  if (p.tok === Tok.Operator && p.op === Op.Tilde) {
    const pos = tokenPos(p);
    next(p);
    const type = parseType(p);
    return new Operation(pos, lastEnd(p), Op.Tilde, type, null);
  }
  const t = parseTypeOrNull(p);
  if (t !== null) return t;
  const bad = badExpr(p);
  syntaxError(p, 'expected ~ term or type');
  advance(p, [Tok.Operator, Tok.Semi, Tok.Rparen, Tok.Rbrack, Tok.Rbrace]);
  return bad;
}

/** `...T`, for parameters. */
export function parseDotsType(p: Parser): Expr {
  const pos = tokenPos(p);
  next(p);
  const elem = parseTypeOrNull(p);
  if (elem !== null) return new DotsType(pos, lastEnd(p), elem);
  const bad = badExpr(p);
  syntaxError(p, '... is missing type');
  return bad;
}
