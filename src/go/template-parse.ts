/** The grammar of Go's text/template: text with actions between {{ and }}, read into a tree (text/template/parse). */
import { replaceEscapes } from '#base/quote.ts';
import type { Json } from './json.ts';

export class TemplateError extends Error {}

export type Expr =
  /** .A.B; the path is empty for the dot. */
  | { readonly kind: 'field'; readonly path: readonly string[] }
  | { readonly kind: 'variable'; readonly name: string; readonly path: readonly string[] }
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expr[] }
  /** A method with arguments: .Time.Format "2006". */
  | { readonly kind: 'method'; readonly of: Expr; readonly name: string; readonly args: readonly Expr[] }
  | { readonly kind: 'access'; readonly of: Expr; readonly path: readonly string[] };

/** A pipeline, and the variables that its value is declared as or assigned to. */
export interface Pipeline {
  readonly variables: readonly string[];
  readonly isAssignment: boolean;
  readonly value: Expr;
}

export type Branch = {
  readonly kind: 'if' | 'with' | 'range';
  readonly pipeline: Pipeline;
  readonly body: readonly Node[];
  readonly other: readonly Node[];
};

export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly pipeline: Pipeline }
  | { readonly kind: 'template'; readonly name: string; readonly pipeline: Pipeline | null }
  | { readonly kind: 'break' | 'continue' }
  | Branch;

export interface Template {
  readonly nodes: readonly Node[];
  /** What {{define}} and {{block}} name. */
  readonly defined: ReadonlyMap<string, readonly Node[]>;
}

/** A piece of text, or an action without its braces, and the line it begins in. */
interface Piece {
  readonly isAction: boolean;
  readonly text: string;
  readonly line: number;
}

class Parser {
  readonly pieces: readonly Piece[];
  readonly functions: ReadonlySet<string>;
  readonly defined: Map<string, readonly Node[]>;
  /** Variables in scope, innermost last. */
  readonly variables: string[];
  at: number;
  rangeDepth: number;

  constructor(pieces: readonly Piece[], functions: ReadonlySet<string>) {
    this.pieces = pieces;
    this.functions = functions;
    this.defined = new Map();
    this.variables = ['$'];
    this.at = 0;
    this.rangeDepth = 0;
  }
}

export function parseTemplate(source: string, functions: ReadonlySet<string>): Template {
  const p = new Parser(split(source), functions);
  const nodes = parseList(p);
  if (p.at < p.pieces.length) fail(p, `unexpected {{${wordOf(p.pieces[p.at])}}}`);
  return { nodes, defined: p.defined };
}

function fail(p: { readonly pieces: readonly Piece[]; readonly at: number }, message: string): never {
  const line = p.pieces[Math.min(p.at, p.pieces.length - 1)]?.line ?? 1;
  throw new TemplateError(`template: main:${line}: ${message}`);
}

const action = /\{\{(- )?((?:"(?:[^"\\\n]|\\.)*"|`[^`]*`|\/\*[\s\S]*?\*\/|[^}"`])*?)( -)?\}\}/y;

/** Texts and actions; a minus beside a brace trims the text on that side. */
function split(source: string): Piece[] {
  const pieces: Piece[] = [];
  let line = 1;
  let trim = false;
  for (let at = 0; ; ) {
    const open = source.indexOf('{{', at);
    const text = open < 0 ? source.slice(at) : source.slice(at, open);
    action.lastIndex = open;
    const m = open < 0 ? null : action.exec(source);
    const shown = m?.[1] === undefined ? text : text.trimEnd();
    const piece = trim ? shown.trimStart() : shown;
    if (piece !== '') pieces.push({ isAction: false, text: piece, line });
    line += countLines(text);
    if (open < 0) return pieces;
    if (m === null) throw new TemplateError(`template: main:${line}: unclosed action`);
    trim = m[3] !== undefined;
    const inner = m[2].trim();
    if (!inner.startsWith('/*')) pieces.push({ isAction: true, text: inner, line });
    line += countLines(m[0]);
    at = open + m[0].length;
  }
}

function countLines(text: string): number {
  let n = 0;
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) n++;
  return n;
}

function wordOf(piece: Piece | undefined): string {
  return piece === undefined ? '' : (/^[a-z]*/.exec(piece.text)?.[0] ?? '');
}

/** Up to an {{end}} or {{else}}, which is not consumed, or the end of the source. */
function parseList(p: Parser): Node[] {
  const nodes: Node[] = [];
  while (p.at < p.pieces.length) {
    const piece = p.pieces[p.at];
    const word = piece.isAction ? wordOf(piece) : '';
    if (word === 'end' || word === 'else') break;
    if (!piece.isAction) {
      nodes.push({ kind: 'text', text: piece.text });
      p.at++;
    } else parseAction(p, word, piece.text.slice(word.length), nodes);
  }
  return nodes;
}

function parseAction(p: Parser, word: string, rest: string, nodes: Node[]): void {
  switch (word) {
    case 'if':
    case 'with':
    case 'range':
      nodes.push(parseBranch(p, word, rest));
      return;
    case 'define':
    case 'block':
      parseDefinition(p, word, rest, nodes);
      return;
    case 'template': {
      const [name, value] = nameAndPipeline(p, 'template', rest);
      nodes.push({ kind: 'template', name, pipeline: value });
      p.at++;
      return;
    }
    case 'break':
    case 'continue':
      if (p.rangeDepth === 0) fail(p, `{{${word}}} outside {{range}}`);
      nodes.push({ kind: word });
      p.at++;
      return;
    default:
      nodes.push({ kind: 'print', pipeline: parsePipeline(p, p.pieces[p.at].text, false) });
      p.at++;
  }
}

/** The rest of if, with or range; variables declared in its pipeline live to its end. */
function parseBranch(p: Parser, kind: Branch['kind'], source: string): Branch {
  const outer = p.variables.length;
  const pipeline = parsePipeline(p, source, kind === 'range');
  p.at++;
  if (kind === 'range') p.rangeDepth++;
  const body = parseList(p);
  if (kind === 'range') p.rangeDepth--;
  const other = parseElse(p, kind);
  p.variables.length = outer;
  return { kind, pipeline, body, other };
}

function parseElse(p: Parser, kind: Branch['kind']): Node[] {
  const piece = p.pieces[p.at];
  if (piece === undefined) fail(p, 'unexpected EOF');
  if (wordOf(piece) === 'end') {
    p.at++;
    return [];
  }
  const nested = /^else\s+(if|with)\b([\s\S]*)$/.exec(piece.text);
  if (nested !== null && nested[1] === (kind === 'range' ? '' : kind)) return [parseBranch(p, kind, nested[2])];
  if (piece.text !== 'else') fail(p, `unexpected <${piece.text.slice(4).trim()}> in else clause`);
  p.at++;
  const other = parseList(p);
  expectEnd(p);
  return other;
}

function expectEnd(p: Parser): void {
  const piece = p.pieces[p.at];
  if (piece === undefined) fail(p, 'unexpected EOF');
  if (wordOf(piece) !== 'end') fail(p, `expected end; found {{${piece.text}}}`);
  p.at++;
}

/** {{define "name"}} names what follows; {{block "name" pipeline}} uses it in this place, too. */
function parseDefinition(p: Parser, word: string, rest: string, nodes: Node[]): void {
  const [name, pipeline] = nameAndPipeline(p, word, rest);
  p.at++;
  const outer = p.variables.splice(1);
  const depth = p.rangeDepth;
  p.rangeDepth = 0;
  const body = parseList(p);
  expectEnd(p);
  p.rangeDepth = depth;
  p.variables.length = 1;
  p.variables.push(...outer);
  if (word === 'define' || !p.defined.has(name)) p.defined.set(name, body);
  if (word === 'block') nodes.push({ kind: 'template', name, pipeline });
}

function nameAndPipeline(p: Parser, word: string, rest: string): [string, Pipeline | null] {
  const m = /^\s*("(?:[^"\\\n]|\\.)*"|`[^`]*`)\s*([\s\S]*)$/.exec(rest);
  if (m === null) fail(p, `unexpected ${JSON.stringify(rest.trim())} in ${word} clause`);
  const name = m[1].startsWith('`') ? m[1].slice(1, -1) : unquoted(p, m[1]);
  return [name, m[2] === '' ? null : parsePipeline(p, m[2], false)];
}

const lexeme =
  /(\s*)("(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)*'|\$\w*(?:\.[A-Za-z_]\w*)*|(?:\.[A-Za-z_]\w*)+|\.|[A-Za-z_]\w*|[-+]?\d[\w.]*|\||\(|\)|,|:?=)/y;

interface Token {
  readonly text: string;
  /** A space is before it: `(f).X` selects from the value of f, `(f) .X` has two arguments. */
  readonly isSpaced: boolean;
}

interface Tokens {
  readonly parser: Parser;
  readonly list: readonly Token[];
  at: number;
}

function tokensOf(p: Parser, source: string): Tokens {
  const list: Token[] = [];
  const text = source.trimEnd();
  lexeme.lastIndex = 0;
  while (lexeme.lastIndex < text.length) {
    const from = lexeme.lastIndex;
    const m = lexeme.exec(text);
    if (m === null) fail(p, `unexpected ${JSON.stringify(text.slice(from).trim()[0] ?? '')} in command`);
    list.push({ text: m[2], isSpaced: m[1] !== '' });
  }
  return { parser: p, list, at: 0 };
}

function parsePipeline(p: Parser, source: string, isRange: boolean): Pipeline {
  const s = tokensOf(p, source);
  if (s.list.length === 0) fail(p, 'missing value for command');
  const variables = variablesOf(s);
  const isAssignment = variables.length > 0 && s.list[s.at - 1].text === '=';
  if (variables.length > (isRange ? 2 : 1)) fail(p, 'too many declarations in command');
  if (isAssignment) for (const v of variables) requireVariable(p, v);
  const value = pipeline(s);
  if (s.at < s.list.length) fail(p, `unexpected ${s.list[s.at].text} in command`);
  if (!isAssignment) p.variables.push(...variables);
  return { variables, isAssignment, value };
}

/** `$a, $b :=` or `$a =` in front of a pipeline. */
function variablesOf(s: Tokens): string[] {
  const names: string[] = [];
  for (let i = 0; i < s.list.length; i += 2) {
    if (!/^\$\w*$/.test(s.list[i].text)) return [];
    names.push(s.list[i].text);
    const next = s.list[i + 1]?.text;
    if (next === ':=' || next === '=') {
      s.at = i + 2;
      return names;
    }
    if (next !== ',') return [];
  }
  return [];
}

function requireVariable(p: Parser, name: string): void {
  if (!p.variables.includes(name)) fail(p, `undefined variable ${JSON.stringify(name)}`);
}

/** The value of a command is the last argument of the next. */
function pipeline(s: Tokens): Expr {
  let e = command(s, null);
  while (s.list[s.at]?.text === '|') {
    s.at++;
    e = command(s, e);
  }
  return e;
}

function command(s: Tokens, last: Expr | null): Expr {
  const word = s.list[s.at]?.text;
  if (word === undefined) fail(s.parser, 'missing value for command');
  if (/^[A-Za-z_]/.test(word) && word !== 'true' && word !== 'false' && word !== 'nil') {
    requireFunction(s.parser, word);
    s.at++;
    const chained = selected(s, { kind: 'call', name: word, args: [] });
    if (chained.kind === 'access') return chained;
    const args: Expr[] = [];
    while (s.at < s.list.length && s.list[s.at].text !== '|' && s.list[s.at].text !== ')') args.push(operand(s));
    if (last !== null) args.push(last);
    return { kind: 'call', name: word, args };
  }
  if (last !== null) fail(s.parser, 'non executable command in pipeline stage 2');
  const first = operand(s);
  const hasPath = 'path' in first && first.path.length > 0;
  if (!hasPath || s.at >= s.list.length || s.list[s.at].text === '|' || s.list[s.at].text === ')') return first;
  const args: Expr[] = [];
  while (s.at < s.list.length && s.list[s.at].text !== '|' && s.list[s.at].text !== ')') args.push(operand(s));
  return {
    kind: 'method',
    of: { ...first, path: first.path.slice(0, -1) },
    name: first.path[first.path.length - 1],
    args,
  };
}

function requireFunction(p: Parser, name: string): void {
  if (!p.functions.has(name)) fail(p, `function ${JSON.stringify(name)} not defined`);
}

function operand(s: Tokens): Expr {
  const t = s.list[s.at++].text;
  if (t === '(') {
    const inner = pipeline(s);
    if (s.list[s.at++]?.text !== ')') fail(s.parser, 'unclosed left paren');
    return selected(s, inner);
  }
  if (t.startsWith('$')) {
    const [name, ...path] = t.split('.');
    requireVariable(s.parser, name);
    return { kind: 'variable', name, path };
  }
  if (t === '.') return { kind: 'field', path: [] };
  if (t.startsWith('.')) return { kind: 'field', path: t.slice(1).split('.') };
  if (/^[A-Za-z_]/.test(t) && t !== 'true' && t !== 'false' && t !== 'nil') {
    requireFunction(s.parser, t);
    return selected(s, { kind: 'call', name: t, args: [] });
  }
  return { kind: 'value', value: literal(s.parser, t) };
}

/** Fields directly after an operand. */
function selected(s: Tokens, of: Expr): Expr {
  const next = s.list[s.at];
  if (next === undefined || next.isSpaced || !/^\.\w/.test(next.text)) return of;
  s.at++;
  return { kind: 'access', of, path: next.text.slice(1).split('.') };
}

function literal(p: Parser, t: string): Json {
  if (t.startsWith('"')) return unquoted(p, t);
  if (t.startsWith('`')) return t.slice(1, -1);
  if (t.startsWith("'")) return unquoted(p, t).codePointAt(0) ?? 0;
  if (t === 'true' || t === 'false') return t === 'true';
  if (t === 'nil') return null;
  const n = /^[-+]?\d/.test(t) ? Number(t.replaceAll('_', '')) : Number.NaN;
  if (Number.isNaN(n)) fail(p, `unexpected ${JSON.stringify(t)} in operand`);
  return n;
}

/** The text between the quotes of a string or character. */
function unquoted(p: Parser, t: string): string {
  const text = replaceEscapes(t.slice(1, -1), t.startsWith("'") ? "'" : '"');
  return text === null ? fail(p, 'invalid syntax') : text;
}
