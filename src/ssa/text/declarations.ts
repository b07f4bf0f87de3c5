/** Declarations of the defined types that a function in text form mentions: what parse.ts has to read before it. */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import { Call, Closure, FuncRef, TypeRef } from '../call.ts';
import { AllocationSite, type Func } from '../func.ts';
import type { Aux } from '../value.ts';

const basicNames: Readonly<Record<number, string>> = {
  [G.Bool]: 'bool',
  [G.Int]: 'int',
  [G.Int8]: 'int8',
  [G.Int16]: 'int16',
  [G.Int32]: 'int32',
  [G.Int64]: 'int64',
  [G.Uint]: 'uint',
  [G.Uint8]: 'uint8',
  [G.Uint16]: 'uint16',
  [G.Uint32]: 'uint32',
  [G.Uint64]: 'uint64',
  [G.Uintptr]: 'uintptr',
  [G.Float32]: 'float32',
  [G.Float64]: 'float64',
  [G.Complex64]: 'complex64',
  [G.Complex128]: 'complex128',
  [G.String]: 'string',
  [G.UnsafePointer]: 'unsafe.Pointer',
};

/** Whether the link string is the type's structure, and not the name of a defined type. */
function isStructural(t: GoType): boolean {
  switch (t.kind) {
    case G.Pointer:
      return t.linkString.startsWith('*');
    case G.Slice:
    case G.Array:
      return t.linkString.startsWith('[');
    case G.Map:
      return t.linkString.startsWith('map[');
    case G.Chan:
      return /^(<-)?chan[ <]/.test(t.linkString);
    case G.Func:
      return t.linkString.startsWith('func(');
    case G.Struct:
      return t.linkString.startsWith('struct {');
    case G.Interface:
      return t.linkString.startsWith('interface {');
    default:
      return t.kind >= G.Mem || basicNames[t.kind] === t.linkString;
  }
}

/** The type as if it were not defined under a name. */
function structureText(t: GoType): string {
  switch (t.kind) {
    case G.Pointer:
      return `*${t.elem().linkString}`;
    case G.Slice:
      return `[]${t.elem().linkString}`;
    case G.Array:
      return `[${t.length}]${t.elem().linkString}`;
    case G.Map:
      return `map[${t.key().linkString}]${t.elem().linkString}`;
    case G.Chan: {
      const elem = t.elem().linkString;
      if (t.length === 3) return elem.startsWith('<-chan ') ? `chan (${elem})` : `chan ${elem}`;
      return `${t.length === 1 ? '<-chan' : 'chan<-'} ${elem}`;
    }
    case G.Func:
      return signatureText(t, 'func');
    case G.Struct: {
      const fields = t.fields.map((f) => `${qualified(f)} ${f.embedded ? '= ' : ''}${f.type.linkString}`);
      return fields.length === 0 ? 'struct {}' : `struct { ${fields.join('; ')} }`;
    }
    case G.Interface: {
      const methods = t.methods().map((m) => signatureText(m.type, qualified(m)));
      return methods.length === 0 ? 'interface {}' : `interface { ${methods.join('; ')} }`;
    }
    default:
      return basicNames[t.kind];
  }
}

function qualified(x: { readonly name: string; readonly pkgPath: string }): string {
  return x.pkgPath === '' ? x.name : `${x.pkgPath}.${x.name}`;
}

function signatureText(t: GoType, name: string): string {
  const params = t.params().map((p) => p.linkString);
  const last = params.length - 1;
  if (t.isVariadic()) params[last] = `...${params[last].slice(2)}`;
  const results = t.results().map((r) => r.linkString);
  const tail = results.length === 0 ? '' : results.length === 1 ? ` ${results[0]}` : ` (${results.join(', ')})`;
  return `${name}(${params.join(', ')})${tail}`;
}

class Collector {
  /** Types met, with their parts. */
  readonly seen: Set<GoType>;
  /** Declared or being declared. */
  readonly done: Set<GoType>;
  readonly lines: string[];

  constructor() {
    this.seen = new Set();
    this.done = new Set();
    this.lines = [];
  }
}

function parts(t: GoType): GoType[] {
  const list = [...t.fields.map((f) => f.type), ...t.tuple];
  const c = t.components();
  if (c.elem !== null) list.push(c.elem);
  if (c.key !== null) list.push(c.key);
  list.push(...c.params, ...c.results, ...c.methods.map((m) => m.type));
  return list;
}

function note(c: Collector, root: GoType): void {
  const work = [root];
  for (let t = work.pop(); t !== undefined; t = work.pop()) {
    if (c.seen.has(t)) continue;
    c.seen.add(t);
    work.push(...parts(t));
  }
}

function noteAux(c: Collector, a: Aux | null): void {
  if (a instanceof TypeRef || a instanceof AllocationSite || a instanceof FuncRef) note(c, a.type);
  else if (a instanceof Closure) {
    note(c, a.fn.type);
    note(c, a.objectType);
  } else if (a instanceof Call) {
    note(c, a.type);
    if (a.interfaceType !== null) note(c, a.interfaceType);
  }
}

/** What a type's size depends on is declared before it. */
function declare(c: Collector, t: GoType): void {
  if (c.done.has(t)) return;
  c.done.add(t);
  if (t.kind === G.Array) declare(c, t.elem());
  for (const f of t.fields) declare(c, f.type);
  if (!isStructural(t)) c.lines.push(`type ${t.linkString} = ${structureText(t)}\n`);
}

export function printDeclarations(f: Func): string {
  const c = new Collector();
  note(c, f.ref.type);
  for (const s of [...f.params, ...f.results, ...f.slots]) note(c, s.type);
  for (const i of f.inlineTree) note(c, i.callee.type);
  for (const b of f.blocks)
    for (const v of b.values) {
      note(c, v.type);
      noteAux(c, v.aux);
    }
  for (const t of [...c.seen].sort((a, b) => (a.linkString < b.linkString ? -1 : 1))) declare(c, t);
  return c.lines.join('');
}
