/**
 * The subset of Go's text/template that `list -f` takes: text, fields, pipelines, function calls, if/else/with/range, comments and trimming.
 * Variables, definitions, break and continue are refused.
 */
import { formatJson, type Json } from './json.ts';

export class TemplateError extends Error {}

type Expr =
  | { readonly kind: 'field'; readonly path: readonly string[] }
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expr[] }
  | { readonly kind: 'access'; readonly of: Expr; readonly path: readonly string[] };

type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly value: Expr }
  | {
      readonly kind: 'if' | 'with' | 'range';
      readonly value: Expr;
      readonly body: readonly Node[];
      readonly other: readonly Node[];
    };

const functions = new Set(
  'join len index slice print printf println and or not eq ne lt le gt ge html js urlquery'.split(' '),
);
const unsupported = new Set('define template block break continue'.split(' '));

class Parser {
  readonly tokens: readonly string[];
  at: number;

  constructor(tokens: readonly string[]) {
    this.tokens = tokens;
    this.at = 0;
  }
}

export function parseTemplate(source: string): Node[] {
  const p = new Parser(split(source));
  const nodes = parseList(p, []);
  if (p.at < p.tokens.length) throw new TemplateError(`template: main:1: unexpected {{${wordsOf(p)[0]}}}`);
  return nodes;
}

/** Texts and actions by turns; an action starts with "{{". */
function split(source: string): string[] {
  const parts: string[] = [];
  let rest = source;
  let trim = false;
  for (;;) {
    const open = rest.indexOf('{{');
    let text = open < 0 ? rest : rest.slice(0, open);
    if (trim) text = text.trimStart();
    if (open < 0) {
      parts.push(text);
      return parts;
    }
    const m = /^\{\{(- )?((?:"(?:[^"\\\n]|\\.)*"|`[^`]*`|\/\*[\s\S]*?\*\/|[^}"`])*?)( -)?\}\}/.exec(rest.slice(open));
    if (m === null) throw new TemplateError('template: main:1: unclosed action');
    parts.push(m[1] === undefined ? text : text.trimEnd());
    trim = m[3] !== undefined;
    if (!m[2].trim().startsWith('/*')) parts.push(`{{${m[2].trim()}`);
    rest = rest.slice(open + m[0].length);
  }
}

function wordsOf(p: Parser): string[] {
  return p.tokens[p.at]?.slice(2).split(/\s+/) ?? [];
}

/** Up to one of the given actions, which is not consumed, or the end. */
function parseList(p: Parser, until: readonly string[]): Node[] {
  const nodes: Node[] = [];
  for (; p.at < p.tokens.length; ) {
    const token = p.tokens[p.at];
    if (!token.startsWith('{{')) {
      if (token !== '') nodes.push({ kind: 'text', text: token });
      p.at++;
      continue;
    }
    const word = wordsOf(p)[0];
    if (until.includes(word)) return nodes;
    if (word === 'end' || word === 'else') return nodes;
    if (unsupported.has(word)) throw new TemplateError(`template: main:1: {{${word}}} is not supported`);
    if (word === 'if' || word === 'with' || word === 'range') {
      const value = parsePipeline(token.slice(2 + word.length));
      p.at++;
      nodes.push(parseBranch(p, word, value));
      continue;
    }
    nodes.push({ kind: 'print', value: parsePipeline(token.slice(2)) });
    p.at++;
  }
  if (until.length > 0) throw new TemplateError('template: main:1: unexpected EOF');
  return nodes;
}

function parseBranch(p: Parser, kind: 'if' | 'with' | 'range', value: Expr): Node {
  const body = parseList(p, ['else', 'end']);
  const words = wordsOf(p);
  const action = p.tokens[p.at];
  p.at++;
  if (words[0] === 'end') return { kind, value, body, other: [] };
  if (words[1] === 'if' || words[1] === 'with') {
    const nested = parsePipeline(action.slice(action.indexOf(words[1]) + words[1].length));
    return { kind, value, body, other: [parseBranch(p, words[1], nested)] };
  }
  const other = parseList(p, ['end']);
  p.at++;
  return { kind, value, body, other };
}

const lexeme = /\s*("(?:[^"\\\n]|\\.)*"|`[^`]*`|\$?(?:\.[A-Za-z_]\w*)+|\.|\$\w*|[A-Za-z_]\w*|-?\d+|\||\(|\)|,|:?=)/y;

function parsePipeline(source: string): Expr {
  const tokens: string[] = [];
  lexeme.lastIndex = 0;
  const text = source.trimEnd();
  while (lexeme.lastIndex < text.length) {
    const from = lexeme.lastIndex;
    const m = lexeme.exec(text);
    if (m === null)
      throw new TemplateError(
        `template: main:1: unexpected ${JSON.stringify(text.slice(from).trim()[0] ?? '')} in command`,
      );
    tokens.push(m[1]);
  }
  const state = { tokens, at: 0 };
  const e = pipeline(state);
  if (state.at < tokens.length) throw new TemplateError(`template: main:1: unexpected ${tokens[state.at]} in command`);
  return e;
}

interface Tokens {
  readonly tokens: readonly string[];
  at: number;
}

/** The value of a command is the last argument of the next. */
function pipeline(s: Tokens): Expr {
  let e = command(s, null);
  while (s.tokens[s.at] === '|') {
    s.at++;
    e = command(s, e);
  }
  return e;
}

function command(s: Tokens, last: Expr | null): Expr {
  const word = s.tokens[s.at];
  if (word === undefined) throw new TemplateError('template: main:1: missing value for command');
  if (/^[A-Za-z_]/.test(word) && word !== 'true' && word !== 'false' && word !== 'nil') {
    if (!functions.has(word)) throw new TemplateError(`template: main:1: function ${JSON.stringify(word)} not defined`);
    s.at++;
    const args: Expr[] = [];
    while (s.at < s.tokens.length && s.tokens[s.at] !== '|' && s.tokens[s.at] !== ')') args.push(operand(s));
    if (last !== null) args.push(last);
    return { kind: 'call', name: word, args };
  }
  if (last !== null) throw new TemplateError('template: main:1: non executable command in pipeline');
  return operand(s);
}

function operand(s: Tokens): Expr {
  const t = s.tokens[s.at++];
  if (t === '(') {
    const inner = pipeline(s);
    if (s.tokens[s.at++] !== ')') throw new TemplateError('template: main:1: unclosed left paren');
    const next = s.tokens[s.at];
    if (next === undefined || !/^\.\w/.test(next)) return inner;
    s.at++;
    return { kind: 'access', of: inner, path: next.slice(1).split('.') };
  }
  if (t.startsWith('"')) return { kind: 'value', value: unquoted(t) };
  if (t.startsWith('`')) return { kind: 'value', value: t.slice(1, -1) };
  if (/^-?\d/.test(t)) return { kind: 'value', value: Number(t) };
  if (t === 'true' || t === 'false') return { kind: 'value', value: t === 'true' };
  if (t === 'nil') return { kind: 'value', value: null };
  if (t === '.') return { kind: 'field', path: [] };
  if (t.startsWith('.')) return { kind: 'field', path: t.slice(1).split('.') };
  if (functions.has(t)) return { kind: 'call', name: t, args: [] };
  if (t.startsWith('$')) throw new TemplateError('template: main:1: variables are not supported');
  throw new TemplateError(`template: main:1: unexpected ${JSON.stringify(t)} in operand`);
}

function unquoted(t: string): string {
  const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '"': '"', '\\': '\\' };
  return t.slice(1, -1).replace(/\\(.)/gs, (_, c: string) => escapes[c] ?? c);
}

export function executeTemplate(nodes: readonly Node[], data: Json): string {
  let out = '';
  for (const n of nodes) {
    if (n.kind === 'text') out += n.text;
    else if (n.kind === 'print') out += show(evaluate(n.value, data));
    else out += executeBranch(n, data);
  }
  return out;
}

function executeBranch(n: Exclude<Node, { kind: 'text' | 'print' }>, data: Json): string {
  const value = evaluate(n.value, data);
  if (!isTrue(value)) return executeTemplate(n.other, data);
  if (n.kind === 'if') return executeTemplate(n.body, data);
  if (n.kind === 'with') return executeTemplate(n.body, value);
  return itemsOf(value)
    .map((item) => executeTemplate(n.body, item))
    .join('');
}

function isList(v: Json): v is readonly Json[] {
  return Array.isArray(v);
}

function itemsOf(v: Json): readonly Json[] {
  if (isList(v)) return v;
  if (v instanceof Map) return [...v].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map((e) => e[1]);
  throw new TemplateError(`template: main:1: range can't iterate over ${show(v)}`);
}

function isTrue(v: Json): boolean {
  if (v === null || v === false || v === 0 || v === '') return false;
  if (isList(v)) return v.length > 0;
  return v instanceof Map ? v.size > 0 : true;
}

function evaluate(e: Expr, data: Json): Json {
  if (e.kind === 'value') return e.value;
  if (e.kind === 'field') return fieldOf(data, e.path);
  if (e.kind === 'access') return fieldOf(evaluate(e.of, data), e.path);
  return call(e.name, e.args, data);
}

function fieldOf(data: Json, path: readonly string[]): Json {
  let v = data;
  for (const name of path) {
    if (v instanceof Map) {
      v = v.get(name) ?? '';
      continue;
    }
    if (v === null)
      throw new TemplateError(
        `template: main:1:2: executing "main" at <.${path.join('.')}>: nil pointer evaluating *load.PackageError.${name}`,
      );
    if (typeof v !== 'object' || isList(v) || !Object.hasOwn(v, name))
      throw new TemplateError(
        `template: main:1:2: executing "main" at <.${path.join('.')}>: can't evaluate field ${name} in type ${typeName(v)}`,
      );
    const found: Json | undefined = Object.entries(v).find(([k]) => k === name)?.[1];
    v = found ?? null;
  }
  return v;
}

function typeName(v: Json): string {
  if (typeof v === 'string') return 'string';
  if (typeof v === 'boolean') return 'bool';
  return isList(v) ? '[]string' : '*load.PackagePublic';
}

function call(name: string, args: readonly Expr[], data: Json): Json {
  // These stop at the first argument that decides.
  if (name === 'and' || name === 'or') {
    let v: Json = null;
    for (const a of args) if (isTrue((v = evaluate(a, data))) === (name === 'or')) return v;
    return v;
  }
  const v = args.map((a) => evaluate(a, data));
  const fail = (why: string): never => {
    throw new TemplateError(`template: main:1: error calling ${name}: ${why}`);
  };
  switch (name) {
    case 'join':
      return v.length === 2 && isList(v[0]) ? v[0].map(show).join(show(v[1])) : fail('want a list and a separator');
    case 'len':
      return lengthOf(v[0]) ?? fail(`len of type ${typeName(v[0])}`);
    case 'index':
      return v.slice(1).reduce<Json>((x, key) => elementOf(x, key) ?? fail('index out of range'), v[0]);
    case 'print':
      return v
        .map((x, i) => (i > 0 && typeof x !== 'string' && typeof v[i - 1] !== 'string' ? ` ${show(x)}` : show(x)))
        .join('');
    case 'println':
      return `${v.map(show).join(' ')}\n`;
    case 'printf':
      return format(show(v[0]), v.slice(1));
    case 'not':
      return !isTrue(v[0]);
    case 'eq':
      return v.slice(1).some((x) => x === v[0]);
    case 'ne':
      return v[0] !== v[1];
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
      return compare(name, v[0], v[1]);
    default:
      return fail('it is not supported');
  }
}

function lengthOf(v: Json): number | null {
  if (isList(v)) return v.length;
  if (v instanceof Map) return v.size;
  return typeof v === 'string' ? new TextEncoder().encode(v).length : null;
}

function elementOf(v: Json, key: Json): Json | null {
  if (isList(v) && typeof key === 'number') return v[key] ?? null;
  return v instanceof Map && typeof key === 'string' ? (v.get(key) ?? '') : null;
}

function compare(name: string, a: Json, b: Json): boolean {
  if (typeof a !== typeof b || (typeof a !== 'string' && typeof a !== 'number') || b === null)
    throw new TemplateError(`template: main:1: error calling ${name}: incompatible types for comparison`);
  if (name === 'lt') return a < b;
  if (name === 'le') return a <= b;
  return name === 'gt' ? a > b : a >= b;
}

function format(text: string, args: readonly Json[]): string {
  let i = 0;
  return text.replace(/%(-?\d*)([svdqt%])/g, (_, width: string, verb: string) => {
    if (verb === '%') return '%';
    const arg = i < args.length ? args[i] : undefined;
    i++;
    const s = arg === undefined ? `%!${verb}(MISSING)` : verb === 'q' ? JSON.stringify(arg) : show(arg);
    return width.startsWith('-') ? s.padEnd(Number(width.slice(1))) : s.padStart(Number(width));
  });
}

/** As fmt's %v. */
function show(v: Json): string {
  if (v === null) return '<nil>';
  if (typeof v !== 'object') return String(v);
  if (isList(v)) return `[${v.map(show).join(' ')}]`;
  if (v instanceof Map) {
    return `map[${[...v]
      .sort((a, b) => (a[0] < b[0] ? -1 : 1))
      .map(([k, x]) => `${k}:${x}`)
      .join(' ')}]`;
  }
  return formatJson(v);
}
