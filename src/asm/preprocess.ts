/**
 * The preprocessor: a stack of token sources (files and macro bodies), macro definitions and conditionals. Every directive
 * leaves one Hash token in the stream. Rules: GOROOT/src/cmd/asm/internal/lex/input.go.
 */
import { unquoteText } from '#base/unquote.ts';
import { FatalError } from './errors.ts';
import { PositionBase } from './positions.ts';
import { quote } from './quote.ts';
import { column, nextToken, Scanner, tokenText } from './scanner.ts';
import * as T from './tokens.ts';
import { Token } from './tokens.ts';

interface Macro {
  name: string;
  /** null: without parentheses. */
  parameters: string[] | null;
  body: Token[];
}

/** Tokens of a macro's body; they stand on the line of the macro's use. */
class TokenList {
  readonly tokens: readonly Token[];
  readonly base: PositionBase;
  readonly line: number;
  at: number;

  constructor(tokens: readonly Token[], base: PositionBase, line: number) {
    this.tokens = tokens;
    this.base = base;
    this.line = line;
    this.at = -1;
  }
}

/** What the preprocessor needs of the world. */
export interface SourceFiles {
  /** The text of a file, null if it cannot be opened. */
  read(path: string): string | null;
  /** The name under which a file is recorded in objects. */
  recordedName(path: string): string;
  /** Problems of the text that do not stop the assembly. */
  complain(message: string): void;
}

const maxNesting = 100;

export class Preprocessor {
  readonly files: SourceFiles;
  readonly includeDirs: readonly string[];
  readonly macros: Map<string, Macro>;
  readonly stack: (Scanner | TokenList)[];
  /** Innermost last: is the text of this #if branch wanted? */
  readonly conditions: boolean[];
  atLineStart: boolean;
  /** Of the token that next returned. */
  text: string;
  /** A token read ahead, 0 for none. */
  peeked: number;
  peekedText: string;

  constructor(files: SourceFiles, includeDirs: readonly string[], defines: readonly string[]) {
    this.files = files;
    this.includeDirs = includeDirs;
    this.macros = new Map();
    this.stack = [];
    this.conditions = [];
    this.atLineStart = true;
    this.text = '';
    this.peeked = 0;
    this.peekedText = '';
    for (const d of defines) predefine(this, d);
  }
}

function openScanner(pp: Preprocessor, name: string, text: string): Scanner {
  const base = new PositionBase(name, pp.files.recordedName(name), 1, 1, '');
  return new Scanner(text, base, (line, col, message) => pp.files.complain(`${name}:${line}:${col}: ${message}`));
}

function tokenize(pp: Preprocessor, text: string): Token[] {
  const s = openScanner(pp, 'command line', text);
  const out: Token[] = [];
  while (nextToken(s) !== T.Eof) out.push(new Token(s.kind, tokenText(s)));
  return out;
}

/** -D name[=value] */
function predefine(pp: Preprocessor, define: string): void {
  const eq = define.indexOf('=');
  const name = eq > 0 ? define.slice(0, eq) : define;
  const tokens = tokenize(pp, name);
  if (tokens.length !== 1 || tokens[0].kind !== T.Ident) {
    throw new FatalError(`parsing -D: ${quote(tokens[0]?.text ?? '')} is not a valid identifier name`);
  }
  pp.macros.set(name, { name, parameters: null, body: tokenize(pp, eq > 0 ? define.slice(eq + 1) : '1') });
}

export function openFile(pp: Preprocessor, name: string, text: string): void {
  push(pp, openScanner(pp, name, text));
}

function top(pp: Preprocessor): Scanner | TokenList {
  return pp.stack[pp.stack.length - 1];
}

export function currentBase(pp: Preprocessor): PositionBase {
  return top(pp).base;
}

/** The physical line of the last token. */
export function currentLine(pp: Preprocessor): number {
  return top(pp).line;
}

function push(pp: Preprocessor, source: Scanner | TokenList): void {
  if (pp.stack.length > maxNesting) fail(pp, 'input recursion');
  pp.stack.push(source);
}

function fail(pp: Preprocessor, message: string): never {
  throw new FatalError(`${currentBase(pp).filename}:${currentLine(pp)}: ${message}`);
}

function failGot(pp: Preprocessor, message: string): never {
  fail(pp, `${message} ; got ${quote(rawText(pp))}`);
}

/** The next token without macro expansion. */
function rawNext(pp: Preprocessor): number {
  for (;;) {
    const source = top(pp);
    let kind: number;
    if (source instanceof Scanner) kind = nextToken(source);
    else {
      source.at++;
      kind = source.at < source.tokens.length ? source.tokens[source.at].kind : T.Eof;
    }
    if (kind !== T.Eof || pp.stack.length === 1) return kind;
    pp.stack.pop();
  }
}

function rawText(pp: Preprocessor): string {
  const source = top(pp);
  if (source instanceof Scanner) return tokenText(source);
  return source.tokens[source.at]?.text ?? '';
}

function rawColumn(pp: Preprocessor): number {
  const source = top(pp);
  return source instanceof Scanner ? column(source) : source.at;
}

function enabled(pp: Preprocessor): boolean {
  return pp.conditions.length === 0 || pp.conditions[pp.conditions.length - 1];
}

/** The next token of the program; `text` holds its spelling. */
export function next(pp: Preprocessor): number {
  if (pp.peeked !== 0) {
    const kind = pp.peeked;
    pp.peeked = 0;
    pp.text = pp.peekedText;
    return kind;
  }
  for (let nesting = 0; nesting < maxNesting; ) {
    const kind = rawNext(pp);
    if (kind === T.Hash) {
      if (!pp.atLineStart) fail(pp, "'#' must be first item on line");
      pp.atLineStart = directive(pp);
      pp.text = '#';
      return T.Hash;
    }
    if (kind === T.Ident) {
      const macro = pp.macros.get(rawText(pp));
      if (macro !== undefined) {
        nesting++;
        expand(pp, macro);
        continue;
      }
    }
    if (kind === T.Eof && pp.conditions.length > 0) fail(pp, 'unclosed #ifdef or #ifndef');
    pp.atLineStart = kind === T.Newline;
    if (enabled(pp)) {
      pp.text = rawText(pp);
      return kind;
    }
  }
  return fail(pp, 'recursive macro invocation');
}

/** Reads the directive behind a #; false if it lies in text that is skipped. */
function directive(pp: Preprocessor): boolean {
  if (rawNext(pp) !== T.Ident) failGot(pp, "expected identifier after '#'");
  const word = rawText(pp);
  if (!enabled(pp) && word !== 'else' && word !== 'endif' && word !== 'ifdef' && word !== 'ifndef' && word !== 'line') {
    return false;
  }
  switch (word) {
    case 'define':
      define(pp);
      break;
    case 'else':
      invertCondition(pp);
      break;
    case 'endif':
      expectNewline(pp, '#endif');
      if (pp.conditions.length === 0) fail(pp, 'unmatched #endif');
      pp.conditions.pop();
      break;
    case 'ifdef':
      openCondition(pp, true);
      break;
    case 'ifndef':
      openCondition(pp, false);
      break;
    case 'include':
      include(pp);
      break;
    case 'line':
      lineDirective(pp);
      break;
    case 'undef':
      undefine(pp);
      break;
    default:
      fail(pp, `unexpected token after '#': ${word}`);
  }
  return true;
}

function expectNewline(pp: Preprocessor, directiveName: string): void {
  if (rawNext(pp) !== T.Newline) failGot(pp, `expected newline after ${directiveName}`);
}

function macroName(pp: Preprocessor): string {
  if (rawNext(pp) !== T.Ident) failGot(pp, 'expected identifier after # directive');
  return rawText(pp);
}

function openCondition(pp: Preprocessor, wanted: boolean): void {
  const name = macroName(pp);
  expectNewline(pp, '#if[n]def');
  pp.conditions.push(enabled(pp) && pp.macros.has(name) === wanted);
}

function invertCondition(pp: Preprocessor): void {
  expectNewline(pp, '#else');
  const n = pp.conditions.length;
  if (n === 0) fail(pp, 'unmatched #else');
  if (n === 1 || pp.conditions[n - 2]) pp.conditions[n - 1] = !pp.conditions[n - 1];
}

function undefine(pp: Preprocessor): void {
  const name = macroName(pp);
  if (!pp.macros.has(name)) fail(pp, `#undef for undefined macro: ${name}`);
  if (rawNext(pp) !== T.Newline) fail(pp, `syntax error in #undef for macro: ${name}`);
  pp.macros.delete(name);
}

function include(pp: Preprocessor): void {
  if (rawNext(pp) !== T.Str) failGot(pp, 'expected string after #include');
  const name = unquoteText(rawText(pp));
  if (name === null) fail(pp, 'unquoting include file name:  invalid syntax');
  expectNewline(pp, '#include');
  let text = pp.files.read(name);
  for (let i = 0; text === null && i < pp.includeDirs.length; i++) text = pp.files.read(`${pp.includeDirs[i]}/${name}`);
  if (text === null) {
    const last = pp.includeDirs.length > 0 ? joinPath(pp.includeDirs[pp.includeDirs.length - 1], name) : name;
    fail(pp, `#include: open ${last}: no such file or directory`);
  }
  push(pp, openScanner(pp, name, text));
}

function joinPath(dir: string, name: string): string {
  return dir === '.' ? name : `${dir.replace(/\/+$/, '')}/${name}`;
}

/** #line 337 "filename": the following lines count from there. */
function lineDirective(pp: Preprocessor): void {
  if (rawNext(pp) !== T.Int) failGot(pp, 'expected line number after #line');
  const line = Number(rawText(pp));
  if (rawNext(pp) !== T.Str) failGot(pp, 'expected file name in #line');
  const file = unquoteText(rawText(pp));
  if (file === null) fail(pp, 'unquoting #line file name:  invalid syntax');
  const end = rawNext(pp);
  if (end !== T.Newline) fail(pp, `unexpected token at end of #line:  ${T.kindText(end)}`);
  const source = top(pp);
  // The newline is read already: the next line is the current one.
  const base = new PositionBase(file, pp.files.recordedName(file), source.line + 1, line, source.base.filename);
  if (source instanceof Scanner) source.base = base;
}

function define(pp: Preprocessor): void {
  const name = macroName(pp);
  const before = rawColumn(pp);
  let kind = rawNext(pp);
  let parameters: string[] | null = null;
  const body: Token[] = [];
  if (kind !== T.Newline && kind !== T.Eof) {
    if (kind === T.LeftParen && rawColumn(pp) === before + 1) {
      parameters = readParameters(pp, name);
      kind = rawNext(pp);
    }
    readBody(pp, name, kind, body);
  }
  if (pp.macros.has(name)) fail(pp, `redefinition of macro: ${name}`);
  pp.macros.set(name, { name, parameters, body });
}

function readParameters(pp: Preprocessor, name: string): string[] {
  const parameters: string[] = [];
  let wantName = true;
  for (;;) {
    switch (rawNext(pp)) {
      case T.RightParen:
        return parameters;
      case T.Comma:
        if (wantName) fail(pp, `bad syntax in definition for macro: ${name}`);
        wantName = true;
        break;
      case T.Ident: {
        if (!wantName) fail(pp, `bad syntax in definition for macro: ${name}`);
        const p = rawText(pp);
        if (parameters.includes(p)) fail(pp, `duplicate argument ${p} in definition for macro: ${name}`);
        parameters.push(p);
        wantName = false;
        break;
      }
      default:
        fail(pp, `bad definition for macro: ${name}`);
    }
  }
}

/** To the end of the line; a backslash takes the newline (or a backslash) into the body. */
function readBody(pp: Preprocessor, name: string, first: number, body: Token[]): void {
  for (let kind = first; kind !== T.Newline; kind = rawNext(pp)) {
    if (kind === T.Eof) fail(pp, `missing newline in definition for macro: ${name}`);
    if (kind === T.Backslash) {
      kind = rawNext(pp);
      if (kind !== T.Newline && kind !== T.Backslash) {
        fail(pp, `can only escape \\ or \\n in definition for macro: ${name}`);
      }
      body.push(new Token(kind, rawText(pp)));
      continue;
    }
    body.push(new Token(kind, rawText(pp)));
  }
}

function pushTokens(pp: Preprocessor, tokens: readonly Token[]): void {
  push(pp, new TokenList(tokens, currentBase(pp), currentLine(pp)));
}

function expand(pp: Preprocessor, macro: Macro): void {
  if (macro.parameters === null) {
    pushTokens(pp, macro.body);
    return;
  }
  const kind = rawNext(pp);
  if (kind !== T.LeftParen) {
    // Without arguments it stands for its own name.
    pp.peeked = kind;
    pp.peekedText = pp.text;
    pushTokens(pp, [new Token(T.MacroName, macro.name)]);
    return;
  }
  const actuals = readArguments(pp, macro, macro.parameters);
  const tokens: Token[] = [];
  for (const t of macro.body) {
    const actual = t.kind === T.Ident ? actuals.get(t.text) : undefined;
    if (actual === undefined || actual.length === 0) tokens.push(t);
    else for (const a of actual) tokens.push(a);
  }
  pushTokens(pp, tokens);
}

function readArguments(pp: Preprocessor, macro: Macro, parameters: string[]): Map<string, Token[]> {
  const args: Token[][] = [];
  let nesting = 0;
  let current: Token[] = [];
  for (;;) {
    const kind = rawNext(pp);
    if (kind === T.Eof || kind === T.Newline) fail(pp, `unterminated arg list invoking macro: ${macro.name}`);
    if (nesting === 0 && (kind === T.RightParen || kind === T.Comma)) {
      args.push(current);
      current = [];
      if (kind === T.RightParen) break;
      continue;
    }
    if (kind === T.LeftParen) nesting++;
    if (kind === T.RightParen) nesting--;
    current.push(new Token(kind, rawText(pp)));
  }
  const empty = parameters.length === 0 && args.length === 1 && args[0].length === 0;
  if (!empty && args.length !== parameters.length) fail(pp, `wrong arg count for macro ${macro.name}`);
  return new Map(parameters.map((p, i) => [p, args[i]]));
}
