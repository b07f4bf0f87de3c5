/**
 * A type table for the text form: types are written as link strings, named ones are declared before use
 * (`type main.T = struct { ... }`). Layout: Go spec "Size and alignment guarantees", cmd/compile/internal/types/size.go.
 */
import type { Components, GoTypeInit, InterfaceMethod, StructField } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import { GoType } from '#abi/gotype.ts';
import type { TypeTableApi } from '#abi/type-table.ts';
import { bug } from '#base/bug.ts';
import { alignUp } from '#base/bytes.ts';
import type { Type } from '#types/type.ts';

const wordSize = 8;

/** Name, kind, size, bytes that hold pointers. */
const basics: readonly (readonly [string, number, number, number])[] = [
  ['bool', G.Bool, 1, 0],
  ['int', G.Int, 8, 0],
  ['int8', G.Int8, 1, 0],
  ['int16', G.Int16, 2, 0],
  ['int32', G.Int32, 4, 0],
  ['int64', G.Int64, 8, 0],
  ['uint', G.Uint, 8, 0],
  ['uint8', G.Uint8, 1, 0],
  ['uint16', G.Uint16, 2, 0],
  ['uint32', G.Uint32, 4, 0],
  ['uint64', G.Uint64, 8, 0],
  ['uintptr', G.Uintptr, 8, 0],
  ['float32', G.Float32, 4, 0],
  ['float64', G.Float64, 8, 0],
  ['complex64', G.Complex64, 8, 0],
  ['complex128', G.Complex128, 16, 0],
  ['string', G.String, 16, 8],
  ['unsafe.Pointer', G.UnsafePointer, 8, 8],
];

export class TextTypes implements TypeTableApi {
  readonly mem: GoType;
  readonly flags: GoType;
  readonly void: GoType;
  readonly int128: GoType;
  private readonly byName: Map<string, GoType>;
  private readonly known: Map<number, Components>;
  /** Names that stand for types declared later. */
  private readonly forwards: Map<string, GoType>;
  private nextId: number;

  constructor() {
    this.byName = new Map();
    this.known = new Map();
    this.forwards = new Map();
    this.nextId = 0;
    for (const [name, kind, size, ptr] of basics) this.make(name, kind, size, alignOfBasic(kind, size), ptr, {}, {});
    this.mem = this.make('mem', G.Mem, 0, 1, 0, {}, {});
    this.flags = this.make('flags', G.Flags, 0, 1, 0, {}, {});
    this.void = this.make('void', G.Void, 0, 1, 0, {}, {});
    this.int128 = this.make('int128', G.Int128, 16, 16, 0, {}, {});
  }

  find(name: string): GoType | null {
    return this.byName.get(name) ?? null;
  }

  /** A type that is declared later, where its size does not matter: behind a pointer, in the signature of a function. */
  forward(name: string): GoType {
    let t = this.forwards.get(name);
    if (t === undefined) {
      t = this.made(name, G.Invalid, 0, 1, 0, {}, {});
      this.forwards.set(name, t);
    }
    return t;
  }

  /** The names that no declaration has explained. */
  undeclared(): string[] {
    return [...this.forwards.keys()].filter((n) => !this.byName.has(n));
  }

  /** A named type with the structure of another. */
  declare(name: string, underlying: GoType): GoType {
    const u = underlying;
    const extra = { notInHeap: u.notInHeap, length: u.length, fields: u.fields };
    return this.make(name, u.kind, u.size, u.align, u.ptrBytes, extra, this.resolve(u));
  }

  of(_t: Type): GoType {
    return bug('the text form has no checked types');
  }

  basic(kind: number): GoType {
    const row = basics.find((r) => r[1] === kind);
    return row === undefined ? bug(`not a basic kind: ${kind}`) : this.named(row[0]);
  }

  pointerTo(elem: GoType): GoType {
    return this.make(`*${elem.linkString}`, G.Pointer, 8, 8, 8, {}, { elem });
  }

  sliceOf(elem: GoType): GoType {
    return this.make(`[]${elem.linkString}`, G.Slice, 24, 8, 8, {}, { elem });
  }

  arrayOf(elem: GoType, length: number): GoType {
    sized(elem);
    const ptr = length === 0 || elem.ptrBytes === 0 ? 0 : (length - 1) * elem.size + elem.ptrBytes;
    const text = `[${length}]${elem.linkString}`;
    return this.make(
      text,
      G.Array,
      length * elem.size,
      elem.align,
      ptr,
      { length, notInHeap: elem.notInHeap },
      { elem },
    );
  }

  mapOf(key: GoType, elem: GoType): GoType {
    return this.make(`map[${key.linkString}]${elem.linkString}`, G.Map, 8, 8, 8, {}, { key, elem });
  }

  chanOf(elem: GoType, direction: number): GoType {
    const prefix = direction === 1 ? '<-chan' : direction === 2 ? 'chan<-' : 'chan';
    return this.make(`${prefix} ${elem.linkString}`, G.Chan, 8, 8, 8, { length: direction }, { elem });
  }

  funcOf(params: readonly GoType[], results: readonly GoType[], variadic: boolean): GoType {
    const list = params.map((p, i) =>
      variadic && i === params.length - 1 ? `...${p.linkString.slice(2)}` : p.linkString,
    );
    const outs = results.map((r) => r.linkString).join(', ');
    const tail = results.length === 0 ? '' : results.length === 1 ? ` ${outs}` : ` (${outs})`;
    return this.make(`func(${list.join(', ')})${tail}`, G.Func, 8, 8, 8, {}, { params, results, variadic });
  }

  structOf(fields: readonly Omit<StructField, 'offset'>[]): GoType {
    let offset = 0;
    let align = 1;
    let ptr = 0;
    const laid: StructField[] = [];
    for (const f of fields) {
      sized(f.type);
      offset = alignUp(offset, f.type.align);
      if (f.type.ptrBytes > 0) ptr = offset + f.type.ptrBytes;
      laid.push({ ...f, offset });
      offset += f.type.size;
      align = Math.max(align, f.type.align);
    }
    if (offset > 0 && laid[laid.length - 1].type.size === 0) offset++;
    const body = fields.map(fieldText).join('; ');
    const text = fields.length === 0 ? 'struct {}' : `struct { ${body} }`;
    const notInHeap = fields.some((f) => f.type.notInHeap);
    return this.make(text, G.Struct, alignUp(offset, align), align, ptr, { fields: laid, notInHeap }, {});
  }

  interfaceOf(methods: readonly InterfaceMethod[]): GoType {
    const body = methods.map((m) => m.name + m.type.linkString.slice(4)).join('; ');
    const text = methods.length === 0 ? 'interface {}' : `interface { ${body} }`;
    return this.make(text, G.Interface, 16, 8, 16, {}, { methods });
  }

  tupleOf(elems: readonly GoType[]): GoType {
    return this.make(`(${elems.map((e) => e.linkString).join(', ')})`, G.Tuple, 0, 1, 0, { tuple: elems }, {});
  }

  madeUp(linkString: string, fields: readonly Omit<StructField, 'offset'>[]): GoType {
    return this.declare(linkString, this.structOf(fields));
  }

  madeUpArray(linkString: string, elem: GoType, length: number): GoType {
    return this.declare(linkString, this.arrayOf(elem, length));
  }

  resolve(t: GoType): Components {
    const c = this.known.get(t.id) ?? bug(`type of another table: ${t.linkString}`);
    if (this.forwards.size === 0) return c;
    const declared = (x: GoType): GoType => (x.kind === G.Invalid ? (this.find(x.linkString) ?? x) : x);
    return {
      ...c,
      elem: c.elem === null ? null : declared(c.elem),
      key: c.key === null ? null : declared(c.key),
      params: c.params.map(declared),
      results: c.results.map(declared),
    };
  }

  private named(name: string): GoType {
    return this.byName.get(name) ?? bug(`no type ${name}`);
  }

  private make(
    linkString: string,
    kind: number,
    size: number,
    align: number,
    ptrBytes: number,
    extra: Partial<GoTypeInit>,
    parts: Partial<Components>,
  ): GoType {
    const old = this.byName.get(linkString);
    if (old !== undefined) return old;
    const t = this.made(linkString, kind, size, align, ptrBytes, extra, parts);
    this.byName.set(linkString, t);
    return t;
  }

  private made(
    linkString: string,
    kind: number,
    size: number,
    align: number,
    ptrBytes: number,
    extra: Partial<GoTypeInit>,
    parts: Partial<Components>,
  ): GoType {
    const t = new GoType({
      id: this.nextId++,
      kind,
      linkString,
      size,
      align,
      ptrBytes,
      source: null,
      notInHeap: extra.notInHeap ?? false,
      length: extra.length ?? 0,
      fields: extra.fields ?? [],
      tuple: extra.tuple ?? [],
      table: this,
    });
    this.known.set(t.id, { elem: null, key: null, params: [], results: [], variadic: false, methods: [], ...parts });
    return t;
  }
}

function alignOfBasic(kind: number, size: number): number {
  if (kind === G.Complex64) return 4;
  return Math.min(size, wordSize);
}

function sized(t: GoType): void {
  if (t.kind === G.Invalid) throw new Error(`${t.linkString} is used before its declaration`);
}

/** An embedded field is only told from others where its name is that of its type. */
function fieldText(f: Omit<StructField, 'offset'>): string {
  const t = f.type.linkString;
  const tail = t + (f.tag === '' ? '' : ` ${f.tag}`);
  if (!f.embedded) return `${f.name} ${tail}`;
  const bare = t.replace(/^\*/, '').replace(/\[.*$/, '');
  return f.name === bare.slice(bare.lastIndexOf('.') + 1) ? tail : `${f.name} = ${tail}`;
}
