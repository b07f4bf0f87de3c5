/** Parameter lists, of functions and of types. */
import type { Pos } from '#base/source.ts';
import * as Kind from './kinds.ts';
import { BadExpr, type Expr, Field, Name } from './nodes.ts';
import * as Op from './operators.ts';
import {
  advance,
  closeList,
  errorAt,
  listSeparator,
  type Parser,
  parseName,
  syntaxError,
  syntaxErrorAt,
  tokenPos,
} from './parser.ts';
import { startPos } from './positions.ts';
import { next } from './scanner.ts';
import * as Tok from './tokens.ts';
import { parseArrayOrTypeArgs, parseDotsType, parseQualifiedName, parseTypeOrNull, parseUnion } from './typeexprs.ts';

/** What stands between two commas: a name, a type, or both. */
class Param {
  readonly pos: Pos;
  name: Name | null;
  type: Expr | null;

  constructor(pos: Pos, name: Name | null, type: Expr | null) {
    this.pos = pos;
    this.name = name;
    this.type = type;
  }
}

function atOr(p: Parser): boolean {
  return p.tok === Tok.Operator && p.op === Op.Or;
}

function atTilde(p: Parser): boolean {
  return p.tok === Tok.Operator && p.op === Op.Tilde;
}

/** One element of a list closed by the given token; its name may have been consumed. Null after an error. */
function parseParam(p: Parser, first: Name | null, close: number): Param | null {
  const union = close === Tok.Rbrack;
  if (first === null && union && atTilde(p)) return new Param(tokenPos(p), null, parseUnion(p, null));
  const pos = first === null ? tokenPos(p) : first.pos;
  const f = new Param(pos, null, null);
  if (first !== null || p.tok === Tok.Name) {
    const name = first ?? parseName(p);
    if (p.tok === Tok.Lbrack) {
      f.type = parseArrayOrTypeArgs(p, name);
      if (f.type.kind !== Kind.IndexExpr) f.name = name;
      if (union && atOr(p)) f.type = parseUnion(p, f.type);
      return f;
    }
    if (p.tok === Tok.Dot) {
      f.type = parseQualifiedName(p, name);
      if (union && atOr(p)) f.type = parseUnion(p, f.type);
      return f;
    }
    if (union && atOr(p)) {
      f.type = parseUnion(p, name);
      return f;
    }
    f.name = name;
  }
  if (p.tok === Tok.DotDotDot) {
    f.type = parseDotsType(p);
    return f;
  }
  if (union && atTilde(p)) {
    f.type = parseUnion(p, null);
    return f;
  }
  f.type = parseTypeOrNull(p);
  if (union && f.type !== null && atOr(p)) f.type = parseUnion(p, f.type);
  if (f.name !== null || f.type !== null) return f;
  syntaxError(p, `expected ${Tok.describe(close)}`);
  advance(p, [Tok.Comma, close]);
  return null;
}

/**
 * A list after its opening token. The first name, and with it the first type, may have been consumed. Either all names are given or none; type
 * parameters (`requireNames`) must have them.
 */
export function parseParamList(
  p: Parser,
  firstName: Name | null,
  firstType: Expr | null,
  close: number,
  requireNames: boolean,
  dotsAllowed: boolean,
): Field[] {
  if (firstName !== null && firstType !== null && p.tok === close) {
    next(p);
    return [new Field(firstName.pos, firstName, firstType)];
  }
  const list: Param[] = [];
  let name = firstName;
  let type = firstType;
  let named = 0;
  let typed = 0;
  let fine = true;
  while (p.tok !== Tok.EOF && p.tok !== close && fine) {
    const par: Param | null =
      name !== null && type !== null ? new Param(name.pos, name, type) : parseParam(p, name, close);
    name = null;
    type = null;
    if (par !== null) {
      if (par.name !== null && par.type !== null) named++;
      if (par.type !== null) typed++;
      list.push(par);
    }
    fine = listSeparator(p, 'parameter list', Tok.Comma, close);
  }
  const end = closeList(p, fine, close);
  if (list.length === 0) return [];

  if (named === 0 && !requireNames) {
    for (const par of list) {
      if (par.name === null) continue;
      par.type = par.name;
      par.name = null;
    }
  } else if (named !== list.length) distributeTypes(p, list, named === typed, requireNames, end);
  return makeFields(p, list, dotsAllowed);
}

/** Gives each name without a type the type to its right, and complains about what is missing. */
function distributeTypes(p: Parser, list: Param[], typeMissing: boolean, requireNames: boolean, end: Pos): void {
  let errorPos: Pos = 0;
  let type: Expr | null = null;
  for (let i = list.length - 1; i >= 0; i--) {
    const par = list[i];
    if (par.type !== null) {
      type = par.type;
      if (par.name === null) {
        errorPos = startPos(type);
        par.name = new Name(errorPos, errorPos, '_');
      }
    } else if (type !== null) par.type = type;
    else {
      errorPos = par.name === null ? par.pos : par.name.pos;
      par.type = new BadExpr(errorPos, errorPos);
    }
  }
  if (errorPos === 0) return;
  let message: string;
  if (typeMissing) {
    errorPos = end;
    message = requireNames ? 'missing type constraint' : 'missing parameter type';
  } else if (requireNames) {
    message = `missing type parameter name${list.length === 1 ? ' or invalid array length' : ''}`;
  } else message = 'missing parameter name';
  syntaxErrorAt(p, errorPos, message);
}

/** The fields of a list; `...` is only allowed for the last, if at all. */
function makeFields(p: Parser, list: Param[], dotsAllowed: boolean): Field[] {
  const fields: Field[] = [];
  let complained = false;
  for (let i = 0; i < list.length; i++) {
    const par = list[i];
    let type: Expr = par.type ?? new BadExpr(par.pos, par.pos);
    if (type.kind === Kind.DotsType && (!dotsAllowed || i + 1 < list.length)) {
      if (!complained)
        errorAt(p, type.pos, dotsAllowed ? 'can only use ... with final parameter' : 'invalid use of ...');
      complained = true;
      type = type.elem;
    }
    fields.push(new Field(par.pos, par.name, type));
  }
  return fields;
}
