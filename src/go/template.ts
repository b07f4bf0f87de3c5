/** Go's text/template over JSON values, as `list -f` and `get -f` take it. Methods cannot be called: the data has none. */
import { formatJson, type Json, type JsonObject, textOfObject } from './json.ts';
import {
  type Branch,
  type Expr,
  type Node,
  type Pipeline,
  parseTemplate,
  type Template,
  TemplateError,
} from './template-parse.ts';
import { formatTime } from './time-format.ts';

export { type Template, TemplateError };

/** Functions beside text/template's own (`context` of `list -f`, for example). */
export type TemplateFunctions = Readonly<Record<string, (args: readonly Json[]) => Json>>;

/** cmd/go/internal/list: what -f has beside text/template's functions. */
const builtin = 'join and call html index slice js len not or print printf println urlquery eq ge gt le lt ne'.split(
  ' ',
);

export function compileTemplate(source: string, functions: TemplateFunctions = {}): Template {
  return parseTemplate(source, new Set([...builtin, ...Object.keys(functions)]));
}

/** How a list of nodes ended: {{break}} and {{continue}} leave the lists they are in. */
type Ending = 'end' | 'break' | 'continue';

class Execution {
  readonly template: Template;
  readonly functions: TemplateFunctions;
  /** Innermost last; an assignment finds the last of its name. */
  readonly variables: { readonly name: string; value: Json }[];
  out: string;
  depth: number;

  constructor(template: Template, functions: TemplateFunctions, data: Json) {
    this.template = template;
    this.functions = functions;
    this.variables = [{ name: '$', value: data }];
    this.out = '';
    this.depth = 0;
  }
}

export function executeTemplate(template: Template, data: Json, functions: TemplateFunctions = {}): string {
  const x = new Execution(template, functions, data);
  walkList(x, template.nodes, data);
  return x.out;
}

function fail(message: string): never {
  throw new TemplateError(`template: main:1: executing "main": ${message}`);
}

function walkList(x: Execution, nodes: readonly Node[], dot: Json): Ending {
  for (const n of nodes) {
    const ending = walk(x, n, dot);
    if (ending !== 'end') return ending;
  }
  return 'end';
}

function walk(x: Execution, n: Node, dot: Json): Ending {
  switch (n.kind) {
    case 'text':
      x.out += n.text;
      return 'end';
    case 'print': {
      const v = evaluatePipeline(x, n.pipeline, dot);
      if (n.pipeline.variables.length === 0) x.out += show(v);
      return 'end';
    }
    case 'template':
      walkNamed(x, n.name, n.pipeline === null ? null : evaluatePipeline(x, n.pipeline, dot));
      return 'end';
    case 'break':
    case 'continue':
      return n.kind;
    case 'range':
      return scoped(x, () => walkRange(x, n, dot));
    default:
      return scoped(x, () => walkCondition(x, n, dot));
  }
}

/** Variables that are declared on the way are gone afterwards. */
function scoped(x: Execution, body: () => Ending): Ending {
  const outer = x.variables.length;
  const ending = body();
  x.variables.length = outer;
  return ending;
}

/** A deeper recursion of templates is an error (text/template's maxExecDepth). */
const maxDepth = 1000;

function walkNamed(x: Execution, name: string, dot: Json): void {
  const nodes = x.template.defined.get(name);
  if (nodes === undefined) throw new TemplateError(`template: main:1: template ${JSON.stringify(name)} not defined`);
  if (x.depth === maxDepth) fail(`exceeded maximum template depth (${maxDepth})`);
  x.depth++;
  const outer = x.variables.splice(0, x.variables.length, { name: '$', value: dot });
  walkList(x, nodes, dot);
  x.variables.splice(0, x.variables.length, ...outer);
  x.depth--;
}

function walkCondition(x: Execution, n: Branch, dot: Json): Ending {
  const v = evaluatePipeline(x, n.pipeline, dot);
  if (!isTrue(v)) return walkList(x, n.other, dot);
  return walkList(x, n.body, n.kind === 'with' ? v : dot);
}

function walkRange(x: Execution, n: Branch, dot: Json): Ending {
  const items = itemsOf(evaluate(x, n.pipeline.value, dot));
  if (items.length === 0) return walkList(x, n.other, dot);
  for (const [key, item] of items) {
    const outer = x.variables.length;
    const { variables } = n.pipeline;
    if (variables.length === 1) bind(x, n.pipeline, variables[0], item);
    if (variables.length === 2) {
      bind(x, n.pipeline, variables[0], key);
      bind(x, n.pipeline, variables[1], item);
    }
    const ending = walkList(x, n.body, item);
    x.variables.length = outer;
    if (ending === 'break') break;
  }
  return 'end';
}

function bind(x: Execution, p: Pipeline, name: string, value: Json): void {
  if (!p.isAssignment) {
    x.variables.push({ name, value });
    return;
  }
  const v = x.variables.findLast((e) => e.name === name);
  if (v === undefined) fail(`undefined variable: ${name}`);
  else v.value = value;
}

function evaluatePipeline(x: Execution, p: Pipeline, dot: Json): Json {
  const v = evaluate(x, p.value, dot);
  for (const name of p.variables) bind(x, p, name, v);
  return v;
}

function isList(v: Json): v is readonly Json[] {
  return Array.isArray(v);
}

function sortedEntries(m: ReadonlyMap<string, string>): [string, string][] {
  return [...m].sort((a, b) => (a[0] < b[0] ? -1 : 1));
}

function itemsOf(v: Json): readonly (readonly [Json, Json])[] {
  if (v === null) return [];
  if (isList(v)) return v.map((item, i) => [i, item]);
  if (v instanceof Map) return sortedEntries(v);
  if (typeof v === 'number') return Array.from({ length: Math.max(v, 0) }, (_, i) => [i, i]);
  return fail(`range can't iterate over ${show(v)}`);
}

function isTrue(v: Json): boolean {
  if (v === null || v === false || v === 0 || v === '') return false;
  if (isList(v)) return v.length > 0;
  return v instanceof Map ? v.size > 0 : true;
}

function evaluate(x: Execution, e: Expr, dot: Json): Json {
  switch (e.kind) {
    case 'value':
      return e.value;
    case 'field':
      return fieldOf(dot, e.path);
    case 'variable':
      return fieldOf(x.variables.findLast((v) => v.name === e.name)?.value ?? null, e.path);
    case 'access':
      return fieldOf(evaluate(x, e.of, dot), e.path);
    case 'method':
      return callMethod(
        e.name,
        evaluate(x, e.of, dot),
        e.args.map((a) => evaluate(x, a, dot)),
      );
    default:
      return call(x, e.name, e.args, dot);
  }
}

/** Times are the only values with a method that takes arguments. */
function callMethod(name: string, of: Json, args: readonly Json[]): Json {
  const [layout] = args;
  if (name === 'Format' && typeof of === 'string' && typeof layout === 'string' && args.length === 1) {
    const text = formatTime(of, layout);
    if (text !== null) return text;
  }
  throw new TemplateError(
    `template: main:1:2: executing "main" at <.${name}>: ${name} has arguments but cannot be invoked as function`,
  );
}

function fieldOf(data: Json, path: readonly string[]): Json {
  let v = data;
  for (const name of path) {
    if (v instanceof Map) {
      v = v.get(name) ?? '';
      continue;
    }
    const at = `at <.${path.join('.')}>`;
    if (v === null)
      throw new TemplateError(
        `template: main:1:2: executing "main" ${at}: nil pointer evaluating *load.PackageError.${name}`,
      );
    if (typeof v !== 'object' || isList(v) || !Object.hasOwn(v, name))
      throw new TemplateError(
        `template: main:1:2: executing "main" ${at}: can't evaluate field ${name} in type ${typeName(v)}`,
      );
    const found: Json | undefined = Object.entries(v).find(([k]) => k === name)?.[1];
    v = found ?? null;
  }
  return v;
}

function typeName(v: Json): string {
  if (typeof v === 'string') return 'string';
  if (typeof v === 'number') return 'int';
  if (typeof v === 'boolean') return 'bool';
  return isList(v) ? '[]string' : '*load.PackagePublic';
}

function call(x: Execution, name: string, args: readonly Expr[], dot: Json): Json {
  // These stop at the first argument that decides.
  if (name === 'and' || name === 'or') {
    let v: Json = null;
    for (const a of args) if (isTrue((v = evaluate(x, a, dot))) === (name === 'or')) return v;
    return v;
  }
  const v = args.map((a) => evaluate(x, a, dot));
  const own = x.functions[name];
  return own === undefined ? callBuiltin(name, v) : own(v);
}

function callBuiltin(name: string, v: readonly Json[]): Json {
  const wrong = (why: string): never => fail(`error calling ${name}: ${why}`);
  switch (name) {
    case 'join':
      return v.length === 2 && isList(v[0]) ? v[0].map(show).join(show(v[1])) : wrong('want a list and a separator');
    case 'len':
      return lengthOf(v[0]) ?? wrong(`len of type ${typeName(v[0])}`);
    case 'index':
      return v.slice(1).reduce<Json>((x, key) => elementOf(x, key) ?? wrong(`index out of range: ${show(key)}`), v[0]);
    case 'slice':
      return sliceOf(v) ?? wrong('index out of range');
    case 'print':
      return v
        .map((x, i) => (i > 0 && typeof x !== 'string' && typeof v[i - 1] !== 'string' ? ` ${show(x)}` : show(x)))
        .join('');
    case 'println':
      return `${v.map(show).join(' ')}\n`;
    case 'printf':
      return format(show(v[0]), v.slice(1));
    case 'html':
      return v
        .map(show)
        .join('')
        .replace(/["'&<>]/g, (c) => htmlEscapes[c] ?? c);
    case 'js':
      return v.map(show).join('').replace(/./gs, escapeJs);
    case 'urlquery':
      return encodeURIComponent(v.map(show).join(''))
        .replace(/%20/g, '+')
        .replace(/[!'()*]/g, percent);
    case 'not':
      return !isTrue(v[0]);
    case 'eq':
      return v.length > 1 ? v.slice(1).some((x) => x === v[0]) : wrong('missing argument for comparison');
    case 'ne':
      return v[0] !== v[1];
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
      return compare(name, v[0], v[1]);
    default:
      return wrong('non-function');
  }
}

const htmlEscapes: Readonly<Record<string, string>> = {
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
};

function escapeJs(c: string): string {
  if (c === '\\' || c === "'" || c === '"') return `\\${c}`;
  if (c >= ' ' && !'<>&='.includes(c)) return c;
  return `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function percent(c: string): string {
  return `%${c.charCodeAt(0).toString(16).toUpperCase()}`;
}

function lengthOf(v: Json): number | null {
  if (isList(v)) return v.length;
  if (v instanceof Map) return v.size;
  return typeof v === 'string' ? new TextEncoder().encode(v).length : null;
}

function elementOf(v: Json, key: Json): Json | null {
  if (isList(v) && typeof key === 'number') return v[key] ?? null;
  if (typeof v === 'string' && typeof key === 'number') return new TextEncoder().encode(v)[key] ?? null;
  return v instanceof Map && typeof key === 'string' ? (v.get(key) ?? '') : null;
}

function sliceOf([v, from = 0, to]: readonly Json[]): Json | null {
  const length = lengthOf(v);
  const end = to ?? length;
  if (length === null || typeof from !== 'number' || typeof end !== 'number') return null;
  if (from < 0 || from > end || end > length) return null;
  if (isList(v)) return v.slice(from, end);
  return typeof v === 'string' ? new TextDecoder().decode(new TextEncoder().encode(v).subarray(from, end)) : null;
}

function compare(name: string, a: Json, b: Json): boolean {
  if (typeof a !== typeof b || (typeof a !== 'string' && typeof a !== 'number') || b === null)
    return fail(`error calling ${name}: incompatible types for comparison`);
  if (name === 'lt') return a < b;
  if (name === 'le') return a <= b;
  return name === 'gt' ? a > b : a >= b;
}

/** fmt.Sprintf for the verbs that fit the values there are. */
function format(text: string, args: readonly Json[]): string {
  let i = 0;
  const out = text.replace(
    /%([-+#0 ]*)(\d*)(?:\.(\d+))?([a-zA-Z%])/g,
    (_, flags: string, width: string, precision: string | undefined, verb: string) => {
      if (verb === '%') return '%';
      const arg = i < args.length ? args[i] : undefined;
      i++;
      let s = arg === undefined ? `%!${verb}(MISSING)` : formatVerb(verb, arg);
      if (precision !== undefined && (verb === 's' || verb === 'v')) s = [...s].slice(0, Number(precision)).join('');
      if (flags.includes('-')) return s.padEnd(Number(width));
      return s.padStart(Number(width), flags.includes('0') && typeof arg === 'number' ? '0' : ' ');
    },
  );
  if (i >= args.length) return out;
  const extra = args.slice(i).map((a) => `${a === null ? '' : `${typeName(a)}=`}${show(a)}`);
  return `${out}%!(EXTRA ${extra.join(', ')})`;
}

function formatVerb(verb: string, arg: Json): string {
  // A nil pointer to what has a method Error or String.
  if (arg === null && (verb === 'q' || verb === 's')) return '<nil>';
  if (verb === 'v') return show(arg);
  if (verb === 'T') return arg === null ? '<nil>' : typeName(arg);
  if (verb === 'q' && typeof arg === 'string') return JSON.stringify(arg);
  const text = isObject(arg) ? textOfObject(arg) : null;
  if (text !== null && verb === 'q') return JSON.stringify(text);
  if (text !== null && verb === 's') return text;
  if (verb === 'q' && isList(arg)) return `[${arg.map((a) => formatVerb('q', a)).join(' ')}]`;
  if (verb === 's' && (typeof arg === 'string' || isList(arg) || arg instanceof Map)) return show(arg);
  if (verb === 'd' && typeof arg === 'number') return String(arg);
  if (verb === 't' && typeof arg === 'boolean') return String(arg);
  if ((verb === 'x' || verb === 'X') && typeof arg === 'number')
    return verb === 'x' ? arg.toString(16) : arg.toString(16).toUpperCase();
  return `%!${verb}(${arg === null ? '' : `${typeName(arg)}=`}${show(arg)})`;
}

/** As fmt's %v. */
function show(v: Json): string {
  if (v === null) return '<nil>';
  if (typeof v !== 'object') return String(v);
  if (isList(v)) return `[${v.map(show).join(' ')}]`;
  if (v instanceof Map)
    return `map[${sortedEntries(v)
      .map(([k, item]) => `${k}:${item}`)
      .join(' ')}]`;
  if (isObject(v)) return textOfObject(v) ?? formatJson(v);
  return formatJson(v);
}

function isObject(v: Json): v is JsonObject {
  return typeof v === 'object' && v !== null && !isList(v) && !(v instanceof Map);
}
