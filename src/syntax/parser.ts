/**
 * The parser's state, errors and recovery. Productions, messages and positions follow cmd/compile/internal/syntax (parser.go), whose tests are
 * the oracle; the productions are in declarations.ts, expressions.ts, typeexprs.ts and statements.ts.
 */
import type { Report } from '#base/diagnostic.ts';
import type { Pos } from '#base/source.ts';
import { handleDirective } from './directives.ts';
import { BadExpr, type File, Name, noPragmas, type Pragma } from './nodes.ts';
import * as Op from './operators.ts';
import { next, Scanner, scanError } from './scanner.ts';
import * as Tok from './tokens.ts';

export class Parser extends Scanner {
  readonly file: File;
  /** Whether bodies of function declarations are parsed at once; else they are skipped. */
  readonly bodies: boolean;
  /** Set while a body is parsed that was skipped before, and whose line directives have been seen then. */
  readonly replay: boolean;
  /** Whether branches of function bodies are resolved and checked. */
  branches: boolean;
  /** Set while a body is skipped. */
  skipping: boolean;
  /** Before the package clause. */
  top: boolean;
  /** Directives for the next declaration. */
  pragmas: readonly Pragma[];
  /** Function nesting, for recovery. */
  functions: number;
  /** Expression nesting; negative in statement headers, where `{` starts a block rather than a composite literal. */
  nesting: number;

  constructor(file: File, bodies: boolean, replay: boolean, report: Report) {
    super(file.source, file.text, report, (start, end) => handleDirective(this, start, end));
    this.file = file;
    this.bodies = bodies;
    this.replay = replay;
    this.branches = true;
    this.skipping = false;
    this.top = true;
    this.pragmas = noPragmas;
    this.functions = 0;
    this.nesting = 0;
  }
}

/** The position of the current token. */
export function tokenPos(p: Parser): Pos {
  return p.base + p.start;
}

/** The position after the last token consumed. */
export function lastEnd(p: Parser): Pos {
  return p.base + p.prevEnd;
}

/** Whether the current token is the given one; a call, because `next` changes what `p.tok` has been seen to be. */
export function at(p: Parser, tok: number): boolean {
  return p.tok === tok;
}

export function got(p: Parser, tok: number): boolean {
  if (p.tok !== tok) return false;
  next(p);
  return true;
}

export function want(p: Parser, tok: number): void {
  if (p.tok === tok) next(p);
  else {
    syntaxError(p, `expected ${Tok.describe(tok)}`);
    advance(p, []);
  }
}

/** Accepts `=`, and with a complaint `:=`. */
export function gotAssign(p: Parser): boolean {
  if (p.tok === Tok.Define) syntaxError(p, 'expected =');
  else if (p.tok !== Tok.Assign) return false;
  next(p);
  return true;
}

// Errors

export function errorAt(p: Parser, pos: Pos, message: string): void {
  scanError(p, pos - p.base, message);
}

export function errorHere(p: Parser, message: string): void {
  scanError(p, p.start, message);
}

export function syntaxError(p: Parser, message: string): void {
  syntaxErrorAt(p, tokenPos(p), message);
}

/** Reports a syntax error; messages that start with "in", "at", "after" or "expected" are told with the token found. */
export function syntaxErrorAt(p: Parser, pos: Pos, message: string): void {
  // At the end of the file whatever follows an error is meaningless.
  if (p.tok === Tok.EOF && p.errors > 0) return;
  let rest = '';
  if (/^(in|at|after) /.test(message)) rest = ` ${message}`;
  else if (message.startsWith('expected ')) rest = `, ${message}`;
  else if (message !== '') {
    errorAt(p, pos, `syntax error: ${message}`);
    return;
  }
  errorAt(p, pos, `syntax error: unexpected ${foundToken(p)}${rest}`);
}

function foundToken(p: Parser): string {
  switch (p.tok) {
    case Tok.Name:
      return `name ${p.lit}`;
    case Tok.Semi:
      return p.lit;
    case Tok.Literal:
      return `literal ${p.lit}`;
    case Tok.Operator:
      return Op.text[p.op];
    case Tok.AssignOp:
      return `${Op.text[p.op]}=`;
    case Tok.IncOp:
      return Op.text[p.op] + Op.text[p.op];
    default:
      return Tok.describe(p.tok);
  }
}

/** Keywords that start statements: inside functions recovery stops there. */
const statementStarts: readonly number[] = [
  Tok.Break,
  Tok.Const,
  Tok.Continue,
  Tok.Defer,
  Tok.Fallthrough,
  Tok.For,
  Tok.Go,
  Tok.Goto,
  Tok.If,
  Tok.Return,
  Tok.Select,
  Tok.Switch,
  Tok.Type,
  Tok.Var,
];

/** Skips to a token of the list (in functions also to the start of a statement); an empty list skips one token. */
export function advance(p: Parser, follow: readonly number[]): void {
  if (follow.length === 0) {
    if (p.tok !== Tok.EOF) next(p);
    return;
  }
  while (p.tok !== Tok.EOF && !follow.includes(p.tok)) {
    if (p.functions > 0 && statementStarts.includes(p.tok)) return;
    next(p);
  }
}

/** After an element of a list: consumes the separator. False if the list is over because of an error. */
export function listSeparator(p: Parser, context: string, separator: number, close: number): boolean {
  if (got(p, separator) || p.tok === close) return true;
  syntaxError(p, `in ${context}; possibly missing ${Tok.describe(separator)} or ${Tok.describe(close)}`);
  advance(p, [Tok.Rparen, Tok.Rbrack, Tok.Rbrace]);
  return p.tok === close;
}

/** Consumes the closing token of a list, unless its separator was wrong, and returns its position. */
export function closeList(p: Parser, fine: boolean, close: number): Pos {
  const pos = tokenPos(p);
  if (fine) want(p, close);
  return pos;
}

// Directives

export function takePragmas(p: Parser): readonly Pragma[] {
  const taken = p.pragmas;
  p.pragmas = noPragmas;
  return taken;
}

/** Gives up directives that stand where nothing can take them. */
export function clearPragmas(p: Parser): void {
  if (p.pragmas.length === 0) return;
  p.file.strayPragmas.push(...p.pragmas);
  p.pragmas = noPragmas;
}

// Productions used everywhere

export function badExpr(p: Parser): BadExpr {
  return new BadExpr(tokenPos(p), tokenPos(p));
}

export function parseName(p: Parser): Name {
  const pos = tokenPos(p);
  if (p.tok === Tok.Name) {
    const n = new Name(pos, p.base + p.offset, p.lit);
    next(p);
    return n;
  }
  syntaxError(p, 'expected name');
  advance(p, []);
  return new Name(pos, pos, '_');
}

export function parseNameList(p: Parser, first: Name): Name[] {
  const list = [first];
  while (got(p, Tok.Comma)) list.push(parseName(p));
  return list;
}
