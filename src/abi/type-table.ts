/**
 * The table of all Go types of a program: makes and interns GoType from types.Type (read in an environment of type arguments)
 * and from other GoTypes. Interning is by link string.
 */
import type { Components, GoTypeInit, GoTypeResolver, InterfaceMethod, StructField } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import { GoType } from '#abi/gotype.ts';
import { bug } from '#base/bug.ts';
import { alignUp } from '#base/bytes.ts';
import * as Syntax from '#syntax/kinds.ts';
import { originNamed, typeArgs, typeParams } from '#types/named.ts';
import { isExported, type TypeName, type Var } from '#types/object.ts';
import { type Named, type Type, unalias } from '#types/type.ts';
import * as TypeKind from '#types/typekind.ts';
import { under } from '#types/under.ts';
import {
  interfaceMethods,
  isLocalType,
  linkPath,
  namedSymbol,
  TypeArg,
  TypeEnv,
  TypeNamer,
  typeText,
} from './type-names.ts';

export interface TypeTableApi extends GoTypeResolver {
  /** The GoType of a type without type parameters. */
  of(t: Type): GoType;
  basic(kind: number): GoType;
  pointerTo(elem: GoType): GoType;
  sliceOf(elem: GoType): GoType;
  arrayOf(elem: GoType, length: number): GoType;
  mapOf(key: GoType, elem: GoType): GoType;
  chanOf(elem: GoType, direction: number): GoType;
  funcOf(params: readonly GoType[], results: readonly GoType[], variadic: boolean): GoType;
  structOf(fields: readonly Omit<StructField, 'offset'>[]): GoType;
  interfaceOf(methods: readonly InterfaceMethod[]): GoType;
  tupleOf(elems: readonly GoType[]): GoType;
  /** A struct the compiler makes up, interned under a link string of its own (map groups: "noalg.map.group[K]V"). */
  madeUp(linkString: string, fields: readonly Omit<StructField, 'offset'>[]): GoType;
  /** An array the compiler makes up, likewise. */
  madeUpArray(linkString: string, elem: GoType, length: number): GoType;
  readonly mem: GoType;
  readonly flags: GoType;
  readonly void: GoType;
  readonly int128: GoType;
}

export function unresolved(t: GoType): Components {
  return bug(`type has no components: ${t.linkString}`);
}

/** The marker type that makes types not-in-heap (internal/runtime/sys/nih.go). */
const notInHeapName = 'nih';
const notInHeapPackage = 'internal/runtime/sys';

/** The kinds of the predeclared types and unsafe.Pointer, in the order of types/. */
export const basicKinds: readonly number[] = [
  G.Bool,
  G.Int,
  G.Int8,
  G.Int16,
  G.Int32,
  G.Int64,
  G.Uint,
  G.Uint8,
  G.Uint16,
  G.Uint32,
  G.Uint64,
  G.Uintptr,
  G.Float32,
  G.Float64,
  G.Complex64,
  G.Complex128,
  G.String,
  G.UnsafePointer,
];
const kindOfBasic: readonly number[] = [G.Invalid, ...basicKinds];
/** Size, alignment, pointer bytes, by kind. */
const basicLayout: readonly (readonly [string, number, number, number, number])[] = [
  ['bool', G.Bool, 1, 1, 0],
  ['int', G.Int, 8, 8, 0],
  ['int8', G.Int8, 1, 1, 0],
  ['int16', G.Int16, 2, 2, 0],
  ['int32', G.Int32, 4, 4, 0],
  ['int64', G.Int64, 8, 8, 0],
  ['uint', G.Uint, 8, 8, 0],
  ['uint8', G.Uint8, 1, 1, 0],
  ['uint16', G.Uint16, 2, 2, 0],
  ['uint32', G.Uint32, 4, 4, 0],
  ['uint64', G.Uint64, 8, 8, 0],
  ['uintptr', G.Uintptr, 8, 8, 0],
  ['float32', G.Float32, 4, 4, 0],
  ['float64', G.Float64, 8, 8, 0],
  ['complex64', G.Complex64, 8, 4, 0],
  ['complex128', G.Complex128, 16, 8, 0],
  ['string', G.String, 16, 8, 8],
  ['unsafe.Pointer', G.UnsafePointer, 8, 8, 8],
];

type FieldInit = Omit<StructField, 'offset'>;

interface Layout {
  size: number;
  align: number;
  ptrBytes: number;
  fields: StructField[];
  notInHeap: boolean;
}

export class TypeTable implements TypeTableApi {
  readonly mem: GoType;
  readonly flags: GoType;
  readonly void: GoType;
  readonly int128: GoType;
  /** Numbers local types; set by the program, which knows the syntax trees. */
  localNumber: (obj: TypeName) => number;
  readonly namer: TypeNamer;
  readonly displayNamer: TypeNamer;
  private readonly byLink: Map<string, GoType>;
  /** Types read without an environment, by their identity in types/. */
  private readonly bySource: Map<Type, GoType>;
  private readonly madeComponents: Map<GoType, Components>;
  private readonly basics: GoType[];
  private readonly notInHeapCache: Map<Type, boolean>;
  private readonly envOfNamed: Map<Named, TypeEnv>;
  private readonly underlyingCache: Map<GoType, GoType>;

  constructor() {
    this.localNumber = (obj) => bug(`no number for the local type ${obj.name}`);
    this.namer = new TypeNamer((obj) => this.localNumber(obj), null);
    this.displayNamer = new TypeNamer(
      (obj) => this.localNumber(obj),
      (t) => this.displayString(t),
    );
    this.byLink = new Map();
    this.bySource = new Map();
    this.madeComponents = new Map();
    this.basics = [];
    this.notInHeapCache = new Map();
    this.envOfNamed = new Map();
    this.underlyingCache = new Map();
    for (const [name, kind, size, align, ptr] of basicLayout)
      this.basics[kind] = this.add({ ...blank, kind, linkString: name, size, align, ptrBytes: ptr });
    this.mem = this.add({ ...blank, kind: G.Mem, linkString: 'mem' });
    this.flags = this.add({ ...blank, kind: G.Flags, linkString: 'flags' });
    this.void = this.add({ ...blank, kind: G.Void, linkString: 'void' });
    this.int128 = this.add({ ...blank, kind: G.Int128, linkString: 'int128', size: 16, align: 16 });
  }

  of(t: Type): GoType {
    return this.in(t, null);
  }

  /** The type that t is where its type parameters stand for the arguments of env. */
  in(t: Type, env: TypeEnv | null): GoType {
    if (env === null) {
      const known = this.bySource.get(t);
      if (known !== undefined) return known;
    }
    const u = unalias(t);
    let go: GoType;
    if (u.kind === TypeKind.TypeParam) {
      if (env === null) return bug(`type parameter ${u.obj.name} outside of an instance`);
      go = this.argument(env.find(u));
    } else if (u.kind === TypeKind.Basic) {
      go = this.basics[kindOfBasic[u.basic]] ?? bug(`${u.name} as a type of values`);
    } else {
      const link = typeText(this.namer, u, env);
      go = this.byLink.get(link) ?? this.read(u, env, link);
    }
    if (env === null) this.bySource.set(t, go);
    return go;
  }

  argument(a: TypeArg): GoType {
    if (a.go === null) {
      if (a.type === null) return bug('empty type argument');
      a.go = this.in(a.type, a.env);
    }
    return a.go;
  }

  /** An environment of finished types. */
  envOf(params: TypeEnv['params'], args: readonly GoType[]): TypeEnv {
    return new TypeEnv(
      params,
      args.map((a) => new TypeArg(null, null, a)),
    );
  }

  basic(kind: number): GoType {
    return this.basics[kind] ?? bug(`no basic type of kind ${kind}`);
  }

  find(linkString: string): GoType | null {
    return this.byLink.get(linkString) ?? null;
  }

  /** Forgets the types with chosen link strings. */
  forget(chosen: (linkString: string) => boolean): void {
    for (const [link, t] of this.byLink) {
      if (!chosen(link)) continue;
      this.byLink.delete(link);
      this.madeComponents.delete(t);
      this.underlyingCache.delete(t);
    }
    for (const [source, t] of this.bySource) if (chosen(t.linkString)) this.bySource.delete(source);
  }

  pointerTo(elem: GoType): GoType {
    const link = `*${elem.linkString}`;
    const known = this.byLink.get(link);
    if (known !== undefined) return known;
    return this.made(
      { ...blank, kind: G.Pointer, linkString: link, size: 8, align: 8, ptrBytes: elem.notInHeap ? 0 : 8 },
      { elem },
    );
  }

  sliceOf(elem: GoType): GoType {
    const link = `[]${elem.linkString}`;
    const known = this.byLink.get(link);
    if (known !== undefined) return known;
    return this.made({ ...blank, kind: G.Slice, linkString: link, size: 24, align: 8, ptrBytes: 8 }, { elem });
  }

  arrayOf(elem: GoType, length: number): GoType {
    return this.madeUpArray(`[${length}]${elem.linkString}`, elem, length);
  }

  madeUpArray(linkString: string, elem: GoType, length: number): GoType {
    const known = this.byLink.get(linkString);
    if (known !== undefined) return known;
    return this.made({ ...blank, kind: G.Array, linkString, ...arrayLayout(elem, length), length }, { elem });
  }

  mapOf(key: GoType, elem: GoType): GoType {
    const link = `map[${key.linkString}]${elem.linkString}`;
    const known = this.byLink.get(link);
    if (known !== undefined) return known;
    return this.made({ ...blank, kind: G.Map, linkString: link, size: 8, align: 8, ptrBytes: 8 }, { elem, key });
  }

  chanOf(elem: GoType, direction: number): GoType {
    const e = elem.linkString;
    const link = chanText(direction, e);
    const known = this.byLink.get(link);
    if (known !== undefined) return known;
    return this.made(
      { ...blank, kind: G.Chan, linkString: link, size: 8, align: 8, ptrBytes: 8, length: direction },
      { elem },
    );
  }

  funcOf(params: readonly GoType[], results: readonly GoType[], variadic: boolean): GoType {
    const link = funcText(params, results, variadic, (t) => t.linkString);
    const known = this.byLink.get(link);
    if (known !== undefined) return known;
    return this.made(
      { ...blank, kind: G.Func, linkString: link, size: 8, align: 8, ptrBytes: 8 },
      { params, results, variadic },
    );
  }

  structOf(fields: readonly FieldInit[]): GoType {
    if (fields.length === 0) return this.madeUp('struct {}', fields);
    const parts = fields.map((f) => {
      const name = f.pkgPath === '' ? f.name : `${linkPath(f.pkgPath)}.${f.name}`;
      const tag = f.tag === '' ? '' : ` ${JSON.stringify(f.tag)}`;
      return `${f.embedded ? '' : `${name} `}${f.type.linkString}${tag}`;
    });
    return this.madeUp(`struct { ${parts.join('; ')} }`, fields);
  }

  madeUp(linkString: string, fields: readonly FieldInit[]): GoType {
    return this.byLink.get(linkString) ?? this.add({ ...blank, kind: G.Struct, linkString, ...structLayout(fields) });
  }

  interfaceOf(methods: readonly InterfaceMethod[]): GoType {
    const parts = methods.map(
      (m) => `${m.pkgPath === '' ? '' : `${linkPath(m.pkgPath)}.`}${m.name}${m.type.linkString.slice(4)}`,
    );
    const link = methods.length === 0 ? 'interface {}' : `interface { ${parts.join('; ')} }`;
    const known = this.byLink.get(link);
    if (known !== undefined) return known;
    return this.made({ ...blank, kind: G.Interface, linkString: link, size: 16, align: 8, ptrBytes: 16 }, { methods });
  }

  tupleOf(elems: readonly GoType[]): GoType {
    const link = `(${elems.map((e) => e.linkString).join(', ')})`;
    return this.byLink.get(link) ?? this.add({ ...blank, kind: G.Tuple, linkString: link, tuple: elems });
  }

  /** The type literal a defined type was declared with; the type itself if it is unnamed. */
  underlying(t: GoType): GoType {
    let u = this.underlyingCache.get(t);
    if (u === undefined) {
      u = t;
      const source = t.source;
      if (source !== null && source.kind === TypeKind.Named)
        u = this.in(under(originNamed(source)), this.namedEnv(source, t.env));
      this.underlyingCache.set(t, u);
    }
    return u;
  }

  namedOf(t: GoType): Named | null {
    return t.source !== null && t.source.kind === TypeKind.Named ? t.source : null;
  }

  /** The type arguments of an instance of a generic type; empty for others. */
  argsOf(t: GoType): GoType[] {
    const n = this.namedOf(t);
    if (n === null || typeArgs(n).length === 0) return [];
    const env = this.namedEnv(n, t.env);
    return env === null ? [] : env.args.map((a) => this.argument(a));
  }

  namedAs(t: GoType): { readonly name: string; readonly pkgPath: string } | null {
    const n = this.namedOf(t);
    if (n !== null) {
      const pkg = originNamed(n).obj.pkg;
      return { name: namedSymbol(this.namer, n, t.env), pkgPath: pkg === null ? '' : pkg.path };
    }
    if (this.basics[t.kind] === t) {
      return t.kind === G.UnsafePointer ? { name: 'Pointer', pkgPath: 'unsafe' } : { name: t.linkString, pkgPath: '' };
    }
    return null;
  }

  /** What reflection calls a type. It does not depend on whether the type was read from a program or made for one (an equal function's). */
  displayString(t: GoType): string {
    if (t.source !== null) return typeText(this.displayNamer, t.source, t.env);
    const { params, results, variadic } = this.resolve(t);
    switch (t.kind) {
      case G.Pointer:
        return `*${this.displayString(t.elem())}`;
      case G.Slice:
        return `[]${this.displayString(t.elem())}`;
      case G.Array:
        return `[${t.length}]${this.displayString(t.elem())}`;
      case G.Map:
        return `map[${this.displayString(t.key())}]${this.displayString(t.elem())}`;
      case G.Chan:
        return chanText(t.length, this.displayString(t.elem()));
      case G.Func:
        return funcText(params, results, variadic, (p) => this.displayString(p));
      default:
        return t.linkString;
    }
  }

  isInstance(t: GoType): boolean {
    const n = this.namedOf(t);
    return n !== null && (typeArgs(n).length > 0 || (isLocalType(n.obj) && t.env !== null));
  }

  resolve(t: GoType): Components {
    const made = this.madeComponents.get(t);
    if (made !== undefined) return made;
    if (t.source === null) return noComponents;
    let u = unalias(t.source);
    let env = t.env;
    if (u.kind === TypeKind.Named) {
      env = this.namedEnv(u, env);
      u = under(originNamed(u));
    }
    const c: Components = { ...noComponents };
    switch (u.kind) {
      case TypeKind.Pointer:
      case TypeKind.Slice:
      case TypeKind.Array:
      case TypeKind.Chan:
        c.elem = this.in(u.elem, env);
        break;
      case TypeKind.Map:
        c.elem = this.in(u.elem, env);
        c.key = this.in(u.key, env);
        break;
      case TypeKind.Signature:
        c.params = u.params.vars.map((v) => this.in(v.typ, env));
        c.results = u.results.vars.map((v) => this.in(v.typ, env));
        c.variadic = u.variadic;
        break;
      case TypeKind.Interface:
        c.methods = interfaceMethods(u).map((m) => ({
          name: m.name,
          pkgPath: isExported(m.name) || m.pkg === null ? '' : m.pkg.path,
          type: this.in(under(m.typ), env),
        }));
        break;
    }
    return c;
  }

  /** The environment in which the declaration of a defined type is read. */
  namedEnv(n: Named, env: TypeEnv | null): TypeEnv | null {
    if (n.inst === null) return isLocalType(n.obj) ? env : null;
    if (env === null) {
      const known = this.envOfNamed.get(n);
      if (known !== undefined) return known;
    }
    const made = new TypeEnv(
      typeParams(originNamed(n)),
      typeArgs(n).map((a) => new TypeArg(a, env, null)),
    );
    if (env === null) this.envOfNamed.set(n, made);
    return made;
  }

  private read(u: Exclude<Type, { kind: typeof TypeKind.Alias }>, env: TypeEnv | null, link: string): GoType {
    let shape: Type = u;
    let inner = env;
    if (u.kind === TypeKind.Named) {
      inner = this.namedEnv(u, env);
      shape = under(originNamed(u));
      // Only types that mention type parameters need to remember them.
      if (u.inst === null && !isLocalType(u.obj)) env = null;
    }
    const init: GoTypeInit = { ...blank, linkString: link, source: u, env, size: 8, align: 8, ptrBytes: 8 };
    switch (shape.kind) {
      case TypeKind.Basic: {
        const b = this.basic(kindOfBasic[shape.basic]);
        return this.add({
          ...init,
          kind: b.kind,
          size: b.size,
          align: b.align,
          ptrBytes: b.ptrBytes,
          notInHeap: false,
        });
      }
      case TypeKind.Pointer:
        return this.add({ ...init, kind: G.Pointer, ptrBytes: this.isNotInHeap(shape.elem, inner) ? 0 : 8 });
      case TypeKind.Slice:
        return this.add({ ...init, kind: G.Slice, size: 24 });
      case TypeKind.Array: {
        const elem = this.in(shape.elem, inner);
        return this.add({ ...init, kind: G.Array, ...arrayLayout(elem, shape.len), length: shape.len });
      }
      case TypeKind.Map:
        return this.add({ ...init, kind: G.Map });
      case TypeKind.Chan:
        return this.add({
          ...init,
          kind: G.Chan,
          length: shape.dir === Syntax.RecvOnly ? 1 : shape.dir === Syntax.SendOnly ? 2 : 3,
        });
      case TypeKind.Signature:
        return this.add({ ...init, kind: G.Func });
      case TypeKind.Interface:
        return this.add({ ...init, kind: G.Interface, size: 16, ptrBytes: 16 });
      case TypeKind.Struct: {
        const tags = shape.tags;
        const fields = shape.fields.map((f, i) => this.field(f, i < tags.length ? tags[i] : '', inner));
        const layout = structLayout(fields);
        if (u.kind === TypeKind.Named && isMarker(u)) layout.notInHeap = true;
        return this.add({ ...init, kind: G.Struct, ...layout });
      }
      case TypeKind.TypeParam: {
        // The underlying type of a type parameter's argument: only `type T P`, which the language forbids.
        return bug(`${link} is declared as a type parameter`);
      }
      default:
        return bug(`${link} is no type of values`);
    }
  }

  private field(f: Var, tag: string, env: TypeEnv | null): FieldInit {
    const pkgPath = isExported(f.name) || f.pkg === null ? '' : f.pkg.path;
    return { name: f.name, type: this.in(f.typ, env), embedded: f.embedded, tag, pkgPath };
  }

  private isNotInHeap(t: Type, env: TypeEnv | null): boolean {
    const u = unalias(t);
    switch (u.kind) {
      case TypeKind.TypeParam: {
        const a = env === null ? bug('type parameter outside of an instance') : env.find(u);
        if (a.type !== null) return this.isNotInHeap(a.type, a.env);
        return a.go?.notInHeap ?? false;
      }
      case TypeKind.Array:
        return this.isNotInHeap(u.elem, env);
      case TypeKind.Struct:
        return u.fields.some((f) => this.isNotInHeap(f.typ, env));
      case TypeKind.Named: {
        if (u.inst !== null) return this.isNotInHeap(under(originNamed(u)), this.namedEnv(u, env));
        let r = this.notInHeapCache.get(u);
        if (r === undefined) {
          r = isMarker(u) || this.isNotInHeap(under(u), env);
          if (env === null) this.notInHeapCache.set(u, r);
        }
        return r;
      }
      default:
        return false;
    }
  }

  private made(init: GoTypeInit, parts: Partial<Components>): GoType {
    const t = this.add(init);
    this.madeComponents.set(t, { ...noComponents, ...parts });
    return t;
  }

  private add(init: GoTypeInit): GoType {
    // A type may have been made while its parts were.
    const known = this.byLink.get(init.linkString);
    if (known !== undefined) return known;
    const t = new GoType({ ...init, id: this.byLink.size, table: this });
    this.byLink.set(init.linkString, t);
    return t;
  }
}

/** `direction`: 1 to receive, 2 to send. */
function chanText(direction: number, elem: string): string {
  if (direction === 1) return `<-chan ${elem}`;
  if (direction === 2) return `chan<- ${elem}`;
  return elem.startsWith('<-chan ') ? `chan (${elem})` : `chan ${elem}`;
}

function funcText(
  params: readonly GoType[],
  results: readonly GoType[],
  variadic: boolean,
  text: (t: GoType) => string,
): string {
  const ps = params.map((p, i) => (variadic && i === params.length - 1 ? `...${text(p.elem())}` : text(p)));
  const rs = results.map(text);
  const head = `func(${ps.join(', ')})`;
  if (rs.length === 0) return head;
  return rs.length === 1 ? `${head} ${rs[0]}` : `${head} (${rs.join(', ')})`;
}

function isMarker(n: Named): boolean {
  return n.obj.name === notInHeapName && n.obj.pkg !== null && n.obj.pkg.path === notInHeapPackage;
}

const noComponents: Components = { elem: null, key: null, params: [], results: [], variadic: false, methods: [] };

const blank: GoTypeInit = {
  id: 0,
  kind: G.Invalid,
  linkString: '',
  size: 0,
  align: 1,
  ptrBytes: 0,
  source: null,
  env: null,
  notInHeap: false,
  length: 0,
  fields: [],
  tuple: [],
  table: null,
};

function arrayLayout(
  elem: GoType,
  length: number,
): { size: number; align: number; ptrBytes: number; notInHeap: boolean } {
  const ptrBytes = length > 0 && elem.ptrBytes > 0 ? elem.size * (length - 1) + elem.ptrBytes : 0;
  return { size: elem.size * length, align: elem.align, ptrBytes, notInHeap: elem.notInHeap };
}

function structLayout(fields: readonly FieldInit[]): Layout {
  const layout: Layout = { size: 0, align: 1, ptrBytes: 0, fields: [], notInHeap: false };
  let offset = 0;
  for (const f of fields) {
    const t = f.type;
    offset = alignUp(offset, t.align);
    layout.fields.push({ name: f.name, type: t, offset, embedded: f.embedded, tag: f.tag, pkgPath: f.pkgPath });
    if (t.align > layout.align) layout.align = t.align;
    if (t.ptrBytes > 0) layout.ptrBytes = offset + t.ptrBytes;
    if (t.notInHeap) layout.notInHeap = true;
    offset += t.size;
  }
  // The address of a last field without size must not be that of the next object.
  if (offset > 0 && fields.length > 0 && fields[fields.length - 1].type.size === 0) offset++;
  layout.size = alignUp(offset, layout.align);
  return layout;
}
