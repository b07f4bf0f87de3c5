/** Reads the pieces of the text form from one string: words, numbers, quoted strings, types. */
import type { GoType, InterfaceMethod, StructField } from '#abi/gotype.ts';
import type { TextTypes } from './types.ts';

type FieldInit = Omit<StructField, 'offset'>;

export class TextScanner {
  readonly text: string;
  at: number;

  constructor(text: string) {
    this.text = text;
    this.at = 0;
  }
}

export function fail(s: TextScanner, message: string): never {
  const line = s.text.slice(0, s.at).split('\n').length;
  throw new Error(`line ${line}: ${message} at "${s.text.slice(s.at, s.at + 30)}"`);
}

/** Skips blanks, line ends and comments (from // to the end of the line). */
export function skip(s: TextScanner): void {
  for (;;) {
    const c = s.text[s.at];
    if (c === ' ' || c === '\n' || c === '\t' || c === '\r') s.at++;
    else if (c === '/' && s.text[s.at + 1] === '/') {
      while (s.at < s.text.length && s.text[s.at] !== '\n') s.at++;
    } else return;
  }
}

/** Skips blanks, not line ends; true at the end of the line. */
export function atLineEnd(s: TextScanner): boolean {
  while (s.text[s.at] === ' ' || s.text[s.at] === '\t') s.at++;
  return s.at >= s.text.length || s.text[s.at] === '\n' || s.text.startsWith('//', s.at);
}

/** Takes the literal text if it is next (blanks and line ends skipped). */
export function take(s: TextScanner, literal: string): boolean {
  skip(s);
  if (!s.text.startsWith(literal, s.at)) return false;
  if (/\w$/.test(literal) && /\w/.test(s.text[s.at + literal.length] ?? ' ')) return false;
  s.at += literal.length;
  return true;
}

export function expect(s: TextScanner, literal: string): void {
  if (!take(s, literal)) fail(s, `expected ${literal}`);
}

export function match(s: TextScanner, sticky: RegExp): string | null {
  skip(s);
  sticky.lastIndex = s.at;
  const m = sticky.exec(s.text);
  if (m === null) return null;
  s.at += m[0].length;
  return m[0];
}

export function word(s: TextScanner): string {
  return match(s, /[\w.$~]+/y) ?? fail(s, 'expected a word');
}

export function number(s: TextScanner): number {
  const t = match(s, /-?\d+/y);
  return t === null ? fail(s, 'expected a number') : Number(t);
}

/** A signed 64-bit number as two halves. */
export function number64(s: TextScanner): [lo: number, hi: number] {
  const t = match(s, /-?\d+/y);
  if (t === null) return fail(s, 'expected a number');
  const negative = t[0] === '-';
  let lo = 0;
  let hi = 0;
  for (let i = negative ? 1 : 0; i < t.length; i++) {
    const d = lo * 10 + (t.charCodeAt(i) - 48);
    lo = d % 4294967296;
    hi = (hi * 10 + Math.floor(d / 4294967296)) % 4294967296;
  }
  if (negative) {
    lo = (4294967296 - lo) % 4294967296;
    hi = (4294967295 - hi + (lo === 0 ? 1 : 0)) % 4294967296;
  }
  return [lo | 0, hi | 0];
}

/** A name that may be quoted (JSON) if it holds anything unusual. */
export function name(s: TextScanner): string {
  skip(s);
  if (s.text[s.at] === '"') return quoted(s);
  return match(s, plainName) ?? fail(s, 'expected a name');
}

const plainName = /[^\s"{}#,]+/y;

export function quoted(s: TextScanner): string {
  const t = match(s, /"(?:[^"\\]|\\.)*"/y);
  return t === null ? fail(s, 'expected a string') : String(JSON.parse(t));
}

/** The name as `name` reads it. */
export function nameText(n: string): string {
  return /^[^\s"{}#,]+$/.test(n) ? n : JSON.stringify(n);
}

/** A type, written as its link string. */
export function type(s: TextScanner, types: TextTypes): GoType {
  if (take(s, '*')) return types.pointerTo(type(s, types));
  if (take(s, '[]')) return types.sliceOf(type(s, types));
  if (take(s, '<-chan')) return types.chanOf(type(s, types), 1);
  if (take(s, 'chan<-')) return types.chanOf(type(s, types), 2);
  if (take(s, 'chan (')) {
    const elem = type(s, types);
    expect(s, ')');
    return types.chanOf(elem, 3);
  }
  if (take(s, 'chan')) return types.chanOf(type(s, types), 3);
  if (take(s, 'func(')) return signature(s, types);
  if (take(s, 'map[')) {
    const key = type(s, types);
    expect(s, ']');
    return types.mapOf(key, type(s, types));
  }
  if (take(s, 'struct')) return structType(s, types);
  if (take(s, 'interface')) return interfaceType(s, types);
  if (take(s, '(')) return types.tupleOf(list(s, types));
  if (take(s, '[')) {
    const n = number(s);
    expect(s, ']');
    return types.arrayOf(type(s, types), n);
  }
  return namedType(s, types);
}

function namedType(s: TextScanner, types: TextTypes): GoType {
  const n = typeName(s) ?? fail(s, 'expected a type');
  if (n === 'any') return types.interfaceOf([]);
  return types.find(n) ?? types.forward(n);
}

/** The name of a defined type, with type arguments and the number of a local type; or of a struct that the compiler has made up. */
export function typeName(s: TextScanner): string | null {
  const madeUp = match(s, /noalg\.struct \{(?:[^{}]|\{[^{}]*\})*\}/y);
  if (madeUp !== null) return madeUp;
  let n = match(s, /[\w.$~/·%@-]+/y);
  if (n === null || s.text[s.at] !== '[') return n;
  n += brackets(s);
  const local = /·\d+/y;
  local.lastIndex = s.at;
  const m = local.exec(s.text);
  if (m !== null) s.at += m[0].length;
  return n + (m === null ? '' : m[0]);
}

/** Type arguments of a named instance: to the matching bracket. */
export function brackets(s: TextScanner): string {
  const start = s.at;
  let depth = 0;
  do {
    if (s.at >= s.text.length) fail(s, 'unclosed bracket');
    if (s.text[s.at] === '[') depth++;
    if (s.text[s.at] === ']') depth--;
    s.at++;
  } while (depth > 0);
  return s.text.slice(start, s.at);
}

/** Types up to the closing parenthesis. */
function list(s: TextScanner, types: TextTypes): GoType[] {
  const out: GoType[] = [];
  while (!take(s, ')')) {
    out.push(type(s, types));
    take(s, ',');
  }
  return out;
}

function signature(s: TextScanner, types: TextTypes): GoType {
  const params: GoType[] = [];
  let variadic = false;
  while (!take(s, ')')) {
    if (take(s, '...')) {
      variadic = true;
      params.push(types.sliceOf(type(s, types)));
    } else params.push(type(s, types));
    take(s, ',');
  }
  if (s.text.startsWith(' (', s.at)) {
    expect(s, '(');
    return types.funcOf(params, list(s, types), variadic);
  }
  const hasResult = /^ [\w*[<(]/.test(s.text.slice(s.at, s.at + 2));
  return types.funcOf(params, hasResult ? [type(s, types)] : [], variadic);
}

function structType(s: TextScanner, types: TextTypes): GoType {
  const fields: FieldInit[] = [];
  expect(s, '{');
  while (!take(s, '}')) {
    fields.push(structField(s, types));
    take(s, ';');
  }
  return types.structOf(fields);
}

/** `name T`, `name = T` or `T` for an embedded one, and a tag. */
function structField(s: TextScanner, types: TextTypes): FieldInit {
  const start = s.at;
  let first = take(s, '*') ? '*' : '';
  first += typeName(s) ?? fail(s, 'expected a field');
  const next = s.text[s.at] === ' ' ? s.text[s.at + 1] : s.text[s.at];
  const embedded = next === ';' || next === '}' || next === '"';
  const renamed = !embedded && take(s, '=');
  if (embedded) s.at = start;
  const t = type(s, types);
  const bare = first.replace(/\[.*$/, '');
  const fieldName = embedded ? bare.slice(bare.lastIndexOf('.') + 1) : first;
  const tag = s.text.startsWith(' "', s.at) ? tagText(s) : '';
  return { name: fieldName, type: t, embedded: embedded || renamed, tag, pkgPath: '' };
}

/** The tag as it is quoted. */
function tagText(s: TextScanner): string {
  return match(s, /"(?:[^"\\]|\\.)*"/y) ?? fail(s, 'expected a tag');
}

function interfaceType(s: TextScanner, types: TextTypes): GoType {
  const methods: InterfaceMethod[] = [];
  expect(s, '{');
  while (!take(s, '}')) {
    const method = match(s, /[\w.$~/%-]+/y) ?? fail(s, 'expected a method');
    expect(s, '(');
    methods.push({ name: method, pkgPath: '', type: signature(s, types) });
    take(s, ';');
  }
  return types.interfaceOf(methods);
}
