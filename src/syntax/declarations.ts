/** Source files and declarations (spec: Source file organization; Declarations and scope). */
import type { Pos } from '#base/source.ts';
import { skipBody } from './body.ts';
import { leadComment } from './comments.ts';
import { parseBinary, parseExprList, parseLiteralOrNull, parsePrimary } from './expressions.ts';
import * as Kind from './kinds.ts';
import {
  ConstDecl,
  type Decl,
  type Expr,
  FuncDecl,
  FuncType,
  Group,
  ImportDecl,
  Name,
  Operation,
  TypeDecl,
  unparen,
  VarDecl,
} from './nodes.ts';
import * as Op from './operators.ts';
import { parseParamList } from './params.ts';
import {
  advance,
  at,
  badExpr,
  clearPragmas,
  closeList,
  errorHere,
  got,
  gotAssign,
  lastEnd,
  listSeparator,
  type Parser,
  parseName,
  parseNameList,
  syntaxError,
  syntaxErrorAt,
  takePragmas,
  tokenPos,
  want,
} from './parser.ts';
import { next } from './scanner.ts';
import { parseFunctionBody } from './statements.ts';
import * as Tok from './tokens.ts';
import {
  parseArrayType,
  parseSignature,
  parseSliceType,
  parseType,
  parseTypeOrNull,
  parseTypeParams,
  refuseTypeParams,
} from './typeexprs.ts';

const declarationStarts: readonly number[] = [Tok.Import, Tok.Const, Tok.Type, Tok.Var, Tok.Func];

/** Parses the whole file into `p.file`. After an error up to the package clause nothing more is read. */
export function parseSourceFile(p: Parser, importsOnly: boolean): void {
  const f = p.file;
  next(p);
  f.pos = tokenPos(p);
  p.top = false;
  if (!got(p, Tok.Package)) {
    syntaxError(p, 'package statement must be first');
    return;
  }
  f.pragmas = takePragmas(p);
  f.pkgName = parseName(p);
  want(p, Tok.Semi);
  if (p.errors > 0) return;

  let previous: number = Tok.Import;
  while (p.tok !== Tok.EOF && !(importsOnly && p.tok !== Tok.Import)) {
    if (p.tok === Tok.Import && previous !== Tok.Import) {
      syntaxError(p, 'imports must appear before other declarations');
    }
    previous = p.tok;
    if (!parseTopLevel(p, f.decls)) {
      const last = f.decls.length > 0 ? f.decls[f.decls.length - 1] : null;
      if (p.tok === Tok.Lbrace && last !== null && last.kind === Kind.FuncDecl && last.bodyStart < 0) {
        syntaxError(p, 'unexpected semicolon or newline before {');
      } else syntaxError(p, 'non-declaration statement outside function body');
      advance(p, declarationStarts);
      continue;
    }
    // Before the semicolon is consumed: comments after it belong to the next declaration.
    clearPragmas(p);
    if (p.tok !== Tok.EOF && !got(p, Tok.Semi)) {
      syntaxError(p, 'after top level declaration');
      advance(p, declarationStarts);
    }
  }
  clearPragmas(p);
  f.eof = tokenPos(p);
}

/** False if no declaration starts here. */
function parseTopLevel(p: Parser, decls: Decl[]): boolean {
  if (p.tok === Tok.Func) {
    const pos = tokenPos(p);
    next(p);
    decls.push(parseFuncDecl(p, pos));
    return true;
  }
  return parseDecls(p, decls);
}

/** An import, const, type or var declaration, single or a group. */
export function parseDecls(p: Parser, decls: Decl[]): boolean {
  const keyword = p.tok;
  if (keyword !== Tok.Import && keyword !== Tok.Const && keyword !== Tok.Type && keyword !== Tok.Var) return false;
  const keywordPos = tokenPos(p);
  // Where the comments before the keyword start.
  const gap = p.prevEnd;
  next(p);
  if (p.tok !== Tok.Lparen) {
    decls.push(parseSpec(p, keyword, null, keywordPos, gap));
    return true;
  }
  const group = new Group(keywordPos);
  group.lparen = tokenPos(p);
  clearPragmas(p);
  next(p);
  const first = decls.length;
  let fine = true;
  while (!at(p, Tok.EOF) && !at(p, Tok.Rparen) && fine) {
    const start = tokenPos(p);
    decls.push(parseSpec(p, keyword, group, start, p.prevEnd));
    fine = listSeparator(p, 'grouped declaration', Tok.Semi, Tok.Rparen);
  }
  group.rparen = closeList(p, fine, Tok.Rparen);
  if (keyword === Tok.Import && decls.length === first + 1) adoptGroupPreamble(p, decls[first], gap, keywordPos);
  return true;
}

function parseSpec(p: Parser, keyword: number, group: Group | null, start: Pos, gap: number): Decl {
  switch (keyword) {
    case Tok.Import:
      return parseImportDecl(p, group, start, gap);
    case Tok.Const:
      return parseConstDecl(p, group);
    case Tok.Type:
      return parseTypeDecl(p, group);
    default:
      return parseVarDecl(p, group);
  }
}

function parseImportDecl(p: Parser, group: Group | null, start: Pos, gap: number): Decl {
  const pos = tokenPos(p);
  const d = new ImportDecl(pos, group, takePragmas(p), null, null);
  if (p.tok === Tok.Name) d.localPkgName = parseName(p);
  else if (p.tok === Tok.Dot) {
    d.localPkgName = new Name(pos, pos + 1, '.');
    next(p);
  }
  const path = parseLiteralOrNull(p);
  d.path = path;
  if (path === null) {
    syntaxError(p, 'missing import path');
    advance(p, [Tok.Semi, Tok.Rparen]);
    return d;
  }
  if (!path.bad && path.litKind !== Kind.StringLit) {
    syntaxErrorAt(p, path.pos, 'import path must be a string');
    path.bad = true;
  }
  if (isCgoImport(d)) setPreamble(p, d, gap, start);
  return d;
}

function isCgoImport(d: ImportDecl): boolean {
  return d.path !== null && (d.path.value === '"C"' || d.path.value === '`C`');
}

function setPreamble(p: Parser, d: ImportDecl, gap: number, start: Pos): void {
  const comment = leadComment(p.text, gap, start - p.base);
  if (comment === null) return;
  d.preamblePos = p.base + comment.start;
  d.preamble = decoder.decode(p.text.subarray(comment.start, comment.end));
}

const decoder = new TextDecoder();

/** The comment before a group that holds nothing but `import "C"` is its preamble. */
function adoptGroupPreamble(p: Parser, d: Decl, gap: number, keywordPos: Pos): void {
  if (d.kind === Kind.ImportDecl && d.preamble === '' && isCgoImport(d)) setPreamble(p, d, gap, keywordPos);
}

function parseConstDecl(p: Parser, group: Group | null): Decl {
  const pos = tokenPos(p);
  const pragmas = takePragmas(p);
  const d = new ConstDecl(pos, group, pragmas, parseNameList(p, parseName(p)), null, null);
  if (p.tok !== Tok.EOF && p.tok !== Tok.Semi && p.tok !== Tok.Rparen) {
    d.type = parseTypeOrNull(p);
    if (gotAssign(p)) d.values = parseExprList(p);
  }
  return d;
}

function parseVarDecl(p: Parser, group: Group | null): Decl {
  const pos = tokenPos(p);
  const pragmas = takePragmas(p);
  const d = new VarDecl(pos, group, pragmas, parseNameList(p, parseName(p)), null, null);
  if (gotAssign(p)) d.values = parseExprList(p);
  else {
    d.type = parseType(p);
    if (gotAssign(p)) d.values = parseExprList(p);
  }
  return d;
}

function parseTypeDecl(p: Parser, group: Group | null): Decl {
  const pos = tokenPos(p);
  const pragmas = takePragmas(p);
  const name = parseName(p);
  const d = new TypeDecl(pos, group, pragmas, name, [], false, name);
  let type: Expr | null;
  if (p.tok === Tok.Lbrack) type = parseBracketedType(p, d);
  else {
    d.alias = gotAssign(p);
    type = parseTypeOrNull(p);
  }
  if (type === null) {
    type = badExpr(p);
    syntaxError(p, 'in type declaration');
    advance(p, [Tok.Semi, Tok.Rparen]);
  }
  d.type = type;
  return d;
}

/** `name [` starts type parameters or an array or slice type: only what is inside the brackets tells. */
function parseBracketedType(p: Parser, d: TypeDecl): Expr | null {
  const pos = tokenPos(p);
  next(p);
  if (p.tok === Tok.Rbrack) {
    next(p);
    return parseSliceType(p, pos);
  }
  if (p.tok !== Tok.Name) return parseArrayType(p, pos, null);
  // A name followed by `[` cannot be an array length, as index expressions are never constant: it is `P []E`.
  let x: Expr = parseName(p);
  if (!at(p, Tok.Lbrack)) {
    p.nesting++;
    x = parseBinary(p, parsePrimary(p, x, false), 0);
    p.nesting--;
  }
  const split = splitParam(x, at(p, Tok.Comma));
  if (split === null || (split.type === null && at(p, Tok.Rbrack))) return parseArrayType(p, pos, x);
  d.tparams = parseParamList(p, split.name, split.type, Tok.Rbrack, true, false);
  d.alias = gotAssign(p);
  return parseTypeOrNull(p);
}

interface SplitParam {
  name: Name;
  type: Expr | null;
}

/**
 * Reads an expression as a type parameter and its constraint: `P *T`, `P (T)`, `P *T|~U` look like products and calls. Only done if the
 * constraint can be nothing but a type, or if forced. Null if it cannot be read so.
 */
function splitParam(x: Expr, force: boolean): SplitParam | null {
  if (x.kind === Kind.Name) return { name: x, type: null };
  if (x.kind === Kind.Operation && x.y !== null) {
    if (x.op === Op.Mul) {
      if (x.x.kind !== Kind.Name || !(force || isTypeElem(x.y))) return null;
      return { name: x.x, type: new Operation(x.pos, x.end, Op.Mul, x.y, null) };
    }
    if (x.op === Op.Or) {
      const left = splitParam(x.x, force || isTypeElem(x.y));
      if (left === null || left.type === null) return null;
      return { name: left.name, type: new Operation(x.pos, x.end, Op.Or, left.type, x.y) };
    }
    return null;
  }
  if (x.kind === Kind.CallExpr && x.fun.kind === Kind.Name && x.args.length === 1 && !x.hasDots) {
    if (force || isTypeElem(x.args[0])) return { name: x.fun, type: unparen(x.args[0]) };
  }
  return null;
}

/** Whether an expression can only be a type element, by its syntax. */
function isTypeElem(x: Expr): boolean {
  switch (x.kind) {
    case Kind.ArrayType:
    case Kind.StructType:
    case Kind.FuncType:
    case Kind.InterfaceType:
    case Kind.SliceType:
    case Kind.MapType:
    case Kind.ChanType:
      return true;
    case Kind.Operation:
      return isTypeElem(x.x) || (x.y !== null && isTypeElem(x.y)) || x.op === Op.Tilde;
    case Kind.ParenExpr:
      return isTypeElem(x.x);
    default:
      return false;
  }
}

/** After `func`. */
function parseFuncDecl(p: Parser, funcPos: Pos): FuncDecl {
  const pos = tokenPos(p);
  const pragmas = takePragmas(p);
  const method = p.tok === Tok.Lparen;
  const recv = method ? parseReceiver(p) : null;
  const namePos = tokenPos(p);
  let d: FuncDecl;
  if (p.tok === Tok.Name) {
    const name = parseName(p);
    const typePos = tokenPos(p);
    if (method) refuseTypeParams(p, 'method');
    const tparams = parseTypeParams(p);
    const type = parseSignature(p, funcPos);
    type.pos = typePos;
    d = new FuncDecl(pos, pragmas, recv, name, tparams, type);
  } else {
    const type = new FuncType(namePos, namePos, [], []);
    d = new FuncDecl(pos, pragmas, recv, new Name(namePos, namePos, '_'), [], type);
    syntaxError(p, method ? 'expected name' : 'expected name or (');
    advance(p, [Tok.Lbrace, Tok.Semi]);
  }
  d.funcPos = funcPos;
  if (p.tok === Tok.Lbrace) parseOrSkipBody(p, d);
  return d;
}

function parseReceiver(p: Parser): FuncDecl['recv'] {
  next(p);
  const list = parseParamList(p, null, null, Tok.Rparen, false, false);
  if (list.length === 1) return list[0];
  errorHere(p, list.length === 0 ? 'method has no receiver' : 'method has multiple receivers');
  return list.length === 0 ? null : list[0];
}

function parseOrSkipBody(p: Parser, d: FuncDecl): void {
  d.bodyStart = p.start;
  if (p.bodies || !skipBody(p)) {
    d.body = parseFunctionBody(p);
    d.rbrace = d.body.rbrace;
  } else d.rbrace = lastEnd(p) - 1;
  d.bodyEnd = p.prevEnd;
}
