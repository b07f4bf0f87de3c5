/**
 * The texts of types: link strings, which say identity (`type:`+text is the descriptor's symbol), and display strings, which reflect shows.
 * Both are those of cmd/compile/internal/types/fmt.go (LinkString and NameString), instance names those of noder/reader.go (mangle).
 */
import { bug } from '#base/bug.ts';
import { pathToPrefix } from '#obj/path-prefix.ts';
import * as Syntax from '#syntax/kinds.ts';
import * as BasicKind from '#types/basickind.ts';
import { originNamed, typeArgs } from '#types/named.ts';
import { compareObjs, type Func, isExported, type TypeName } from '#types/object.ts';
import type { Interface, Named, Signature, Struct, Tuple, Type, TypeParam } from '#types/type.ts';
import { unalias } from '#types/type.ts';
import * as TypeKind from '#types/typekind.ts';
import { typeSet } from '#types/typeset.ts';
import { under } from '#types/under.ts';

import type { GoType } from './gotype.ts';

/** What a type parameter stands for: a finished type, or a type still to be read in an environment of its own. */
export class TypeArg {
  readonly type: Type | null;
  readonly env: TypeEnv | null;
  go: GoType | null;

  constructor(type: Type | null, env: TypeEnv | null, go: GoType | null) {
    this.type = type;
    this.env = env;
    this.go = go;
  }
}

/** The type arguments in force where a type is read. */
export class TypeEnv {
  readonly params: readonly TypeParam[];
  readonly args: readonly TypeArg[];

  constructor(params: readonly TypeParam[], args: readonly TypeArg[]) {
    if (params.length !== args.length) bug(`${args.length} type arguments for ${params.length} type parameters`);
    this.params = params;
    this.args = args;
  }

  find(p: TypeParam): TypeArg {
    const i = this.params.indexOf(p);
    if (i < 0) return bug(`type parameter ${p.obj.name} has no argument`);
    return this.args[i];
  }
}

/** Numbers the types declared in functions of a package (the N of "T·N"). */
export type LocalTypeNumber = (obj: TypeName) => number;

const basicNames: readonly string[] = [
  'invalid type',
  'bool',
  'int',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'uintptr',
  'float32',
  'float64',
  'complex64',
  'complex128',
  'string',
  'unsafe.Pointer',
];

const pathCache = new Map<string, string>();

/** An import path as it stands in link names. */
export function linkPath(path: string): string {
  let s = pathCache.get(path);
  if (s === undefined) {
    s = pathToPrefix(path);
    pathCache.set(path, s);
  }
  return s;
}

export class TypeNamer {
  readonly localNumber: LocalTypeNumber;
  /** Display strings have package names and no local numbers, instead of paths; this tells those of finished types. */
  readonly shown: ((t: GoType) => string) | null;

  constructor(localNumber: LocalTypeNumber, shown: ((t: GoType) => string) | null) {
    this.localNumber = localNumber;
    this.shown = shown;
  }

  get display(): boolean {
    return this.shown !== null;
  }
}

export function typeText(n: TypeNamer, t: Type, env: TypeEnv | null): string {
  const u = unalias(t);
  switch (u.kind) {
    case TypeKind.Basic:
      if (u.basic > BasicKind.UnsafePointer) return bug(`${u.name} as a type of values`);
      return basicNames[u.basic];
    case TypeKind.Array:
      return `[${u.len}]${typeText(n, u.elem, env)}`;
    case TypeKind.Slice:
      return `[]${typeText(n, u.elem, env)}`;
    case TypeKind.Pointer:
      return `*${typeText(n, u.elem, env)}`;
    case TypeKind.Map:
      return `map[${typeText(n, u.key, env)}]${typeText(n, u.elem, env)}`;
    case TypeKind.Chan: {
      const elem = typeText(n, u.elem, env);
      if (u.dir === Syntax.RecvOnly) return `<-chan ${elem}`;
      if (u.dir === Syntax.SendOnly) return `chan<- ${elem}`;
      return elem.startsWith('<-chan ') ? `chan (${elem})` : `chan ${elem}`;
    }
    case TypeKind.Signature:
      return `func${signatureText(n, u, env)}`;
    case TypeKind.Struct:
      return structText(n, u, env);
    case TypeKind.Interface:
      return interfaceText(n, u, env);
    case TypeKind.Named:
      return namedText(n, u, env);
    case TypeKind.TypeParam:
      return typeParamText(n, u, env);
    case TypeKind.Tuple:
      return `(${u.vars.map((v) => typeText(n, v.typ, env)).join(', ')})`;
    default:
      return bug('a union as a type of values');
  }
}

function typeParamText(n: TypeNamer, p: TypeParam, env: TypeEnv | null): string {
  if (env === null) return bug(`type parameter ${p.obj.name} outside of an instance`);
  const a = env.find(p);
  if (a.type !== null) return typeText(n, a.type, a.env);
  if (a.go === null) return bug(`empty type argument for ${p.obj.name}`);
  return n.shown === null ? a.go.linkString : n.shown(a.go);
}

/** The parameters and results, without "func". */
export function signatureText(n: TypeNamer, s: Signature, env: TypeEnv | null): string {
  let text = paramsText(n, s.params, s.variadic, env);
  const results = s.results.vars;
  if (results.length === 1) text += ` ${typeText(n, results[0].typ, env)}`;
  else if (results.length > 1) text += ` ${paramsText(n, s.results, false, env)}`;
  return text;
}

function paramsText(n: TypeNamer, tuple: Tuple, variadic: boolean, env: TypeEnv | null): string {
  const last = tuple.vars.length - 1;
  const texts = tuple.vars.map((v, i) => {
    if (!variadic || i !== last) return typeText(n, v.typ, env);
    const slice = unalias(v.typ);
    return `...${typeText(n, slice.kind === TypeKind.Slice ? slice.elem : v.typ, env)}`;
  });
  return `(${texts.join(', ')})`;
}

function structText(n: TypeNamer, s: Struct, env: TypeEnv | null): string {
  if (s.fields.length === 0) return 'struct {}';
  const parts = s.fields.map((f, i) => {
    const type = typeText(n, f.typ, env);
    let name = isExported(f.name) || n.display || f.pkg === null ? f.name : `${linkPath(f.pkg.path)}.${f.name}`;
    if (f.embedded) {
      if (n.display || name === embeddedSymbol(n, f.typ, env, isExported(f.name))) name = '';
      else name += ' = ';
    } else name += ' ';
    const tag = i < s.tags.length ? s.tags[i] : '';
    return name + type + (tag === '' ? '' : ` ${quoteTag(tag)}`);
  });
  return `struct { ${parts.join('; ')} }`;
}

/** The name, qualified unless exported, that embedding t gives a field; "" if t has no name. */
function embeddedSymbol(n: TypeNamer, t: Type, env: TypeEnv | null, exported: boolean): string {
  let u = unalias(t);
  if (u.kind === TypeKind.Pointer) u = unalias(u.elem);
  if (u.kind !== TypeKind.Named) return '';
  const text = typeText(n, u, env);
  if (!exported) return text;
  const bracket = text.indexOf('[');
  const end = bracket < 0 ? text.length : bracket;
  return text.slice(text.lastIndexOf('.', end) + 1);
}

/** strconv.Quote of a tag, which is almost always printable ASCII. */
function quoteTag(tag: string): string {
  let out = '"';
  for (const c of tag) {
    const code = c.codePointAt(0) ?? 0;
    if (c === '"' || c === '\\') out += `\\${c}`;
    else if (c === '\n') out += '\\n';
    else if (c === '\t') out += '\\t';
    else if (c === '\r') out += '\\r';
    else if (code < 0x20 || code === 0x7f) out += `\\x${code.toString(16).padStart(2, '0')}`;
    else out += c;
  }
  return `${out}"`;
}

export function interfaceMethods(t: Interface): Func[] {
  return [...typeSet(t).methods].sort(compareObjs);
}

function interfaceText(n: TypeNamer, t: Interface, env: TypeEnv | null): string {
  const methods = interfaceMethods(t);
  if (methods.length === 0) return 'interface {}';
  const parts = methods.map((m) => {
    const sig = under(m.typ);
    if (sig.kind !== TypeKind.Signature) return bug(`method ${m.name} without signature`);
    let name = m.name;
    if (!isExported(name) && m.pkg !== null) name = `${n.display ? m.pkg.name : linkPath(m.pkg.path)}.${name}`;
    return name + signatureText(n, sig, env);
  });
  return `interface { ${parts.join('; ')} }`;
}

/** Declared in a function: neither in the universe nor in a package. */
export function isLocalType(obj: TypeName): boolean {
  return obj.pkg !== null && obj.parent !== null && obj.parent !== obj.pkg.scope;
}

function namedText(n: TypeNamer, t: Named, env: TypeEnv | null): string {
  const orig = originNamed(t);
  const obj = orig.obj;
  if (obj.pkg === null) return obj.name;
  const prefix = n.display ? obj.pkg.name : linkPath(obj.pkg.path);
  return `${prefix}.${namedSymbol(n, t, env)}`;
}

/** The name of a defined type without its package: with type arguments and the number of a local type. */
export function namedSymbol(n: TypeNamer, t: Named, env: TypeEnv | null): string {
  const orig = originNamed(t);
  const obj = orig.obj;
  const local = isLocalType(obj);
  // Type arguments are told in full even where package names serve (reflect shows atomic.Pointer[net/http.T]).
  const args = n.display ? new TypeNamer(n.localNumber, null) : n;
  let text = obj.name;
  const targs = typeArgs(t);
  if (targs.length > 0) text += `[${targs.map((a) => typeText(args, a, env)).join(',')}]`;
  else if (local && env !== null && env.params.length > 0) {
    text += `[${env.params.map((p) => typeParamText(args, p, env)).join(',')}]`;
  }
  if (local && !n.display) text += `·${n.localNumber(obj)}`;
  return text;
}
