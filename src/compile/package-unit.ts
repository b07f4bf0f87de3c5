/**
 * Package mode: which symbols belong into the object of the one package that is compiled. Everything its declarations stand for; what several
 * packages may define (instances, wrappers, descriptors of unnamed types); and copies, local to the file, of other packages' function
 * literals that came in with inlined bodies. What other packages' objects define stays a reference by name.
 */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import { linkPath } from '#abi/type-names.ts';
import { basicKinds } from '#abi/type-table.ts';
import * as Attr from '#obj/attributes.ts';
import * as Kind from '#obj/kinds.ts';
import { FlagFromAssembly, ObjectFile } from '#obj/object.ts';
import { isRuntimePackage } from '#obj/runtime-packages.ts';
import { Abi0, AbiInternal, type LinkSymbol } from '#obj/symbol.ts';
import { DupOk, type FuncRef } from '#ssa/call.ts';
import * as ObjKind from '#types/objkind.ts';
import type { Package } from '#types/package.ts';
import { argsStackMapSuffix } from './asm-stack-maps.ts';
import type { FunctionFacts } from './code-segment.ts';
import type { EmbedConfig } from './embed.ts';
import { summaryOfNotes } from './export/escape-notes.ts';
import type { Program } from './program.ts';

/** A line "def NAME ABI" or "ref NAME ABI" of a symabis file (gc-contract 1.4). */
export interface AssemblySymbol {
  readonly name: string;
  readonly abi: number;
}

export interface ImportedNotes {
  /** Whether another compiler has compiled the package. */
  isForeign(path: string): boolean;
  /** By link name: the notes of receiver and parameters. */
  readonly byName: ReadonlyMap<string, readonly string[]>;
}

export interface PackageUnit {
  /** Import path; "main" for a command. */
  readonly path: string;
  /** -std and -complete. */
  readonly std: boolean;
  readonly complete: boolean;
  readonly asmDefinitions: readonly AssemblySymbol[];
  readonly asmReferences: readonly AssemblySymbol[];
  /** The files that the package embeds (-embedcfg). */
  readonly embed: EmbedConfig | null;
  /** What the objects of other compilers say of their functions' parameters; null if all imported packages are ours. */
  readonly notes: ImportedNotes | null;
  /** Whether the object of an imported package has an init task; null if only its source can say. */
  initTaskOf(path: string): boolean | null;
}

/** The package's own assembly is another object of the archive: the functions it defines are there, without content. */
export function defineAssemblyOf(program: Program, unit: PackageUnit): void {
  const object = new ObjectFile(unit.path);
  object.flags = FlagFromAssembly;
  for (const { name, abi } of unit.asmDefinitions) {
    const s = program.symbols.lookup(name, abi);
    s.kind = Kind.Text;
    s.object = object;
  }
}

export function ownsSymbol(program: Program, unit: PackageUnit, s: LinkSymbol): boolean {
  const t = program.descriptors.typeOf(s);
  if (t !== null) return ownsDescriptor(program, unit, t);
  if (program.descriptors.isItab(s)) return true;
  if (s.name.startsWith('type:') && s.abi !== AbiInternal) {
    const named = program.typeByLinkString(s.name.slice('type:'.length));
    return named !== null && ownsDescriptor(program, unit, named);
  }
  if (s.name.endsWith(argsStackMapSuffix)) {
    const fn = program.declaredByName(s.name.slice(0, -argsStackMapSuffix.length));
    return fn !== null && fn.pkgPath === unit.path;
  }
  const v = s.abi === AbiInternal ? null : program.variableOf(s);
  if (v !== null) return v.pkg !== null && v.pkg.path === unit.path;
  const ref = program.refForSymbol(s);
  return ref !== null && ownsFunction(unit, ref);
}

/** Named types are described in their package, predeclared ones in runtime; all others wherever they are used (cmd/compile/internal/reflectdata). */
function ownsDescriptor(program: Program, unit: PackageUnit, t: GoType): boolean {
  const { types } = program;
  const base = t.kind === G.Pointer && types.namedAs(t) === null ? t.elem() : t;
  const named = types.namedAs(base);
  if (named === null || types.isInstance(base)) return true;
  const path = named.pkgPath === '' || named.pkgPath === 'unsafe' ? 'runtime' : named.pkgPath;
  return path === unit.path;
}

/** What is known of a function that is in the object of another compiler; null if its code is ours. */
export function foreignFacts(unit: PackageUnit, ref: FuncRef): FunctionFacts | null {
  const { notes } = unit;
  if (notes === null || ref.source.kind !== 'decl' || ownsFunction(unit, ref) || !notes.isForeign(ref.pkgPath))
    return null;
  const known = notes.byName.get(ref.linkName) ?? null;
  // The runtime calls functions of its packages that are not exported, and cannot let anything escape.
  if (known === null && isRuntimePackage(unit.path)) return null;
  const summary = summaryOfNotes(known, ref.type.params().length, ref.type.results().length);
  return { summary, inlinable: true };
}

function ownsFunction(unit: PackageUnit, ref: FuncRef): boolean {
  const { kind } = ref.source;
  if (kind === 'abi-wrapper') return ref.pkgPath === unit.path;
  if (ref.pkgPath === unit.path || (ref.flags & DupOk) !== 0) return true;
  return kind === 'closure' || kind === 'generated';
}

/** Function literals of other packages: their own objects define the names, perhaps for closure objects of another layout. */
export function localizeCopies(program: Program, unit: PackageUnit, object: ObjectFile): void {
  for (const s of object.symbols) {
    if (!Kind.isText(s.kind) || (s.attrs & Attr.DupOk) !== 0) continue;
    const ref = program.refOf(s);
    if (ref !== null && ref.pkgPath !== unit.path && ref.pkgPath !== '') s.attrs |= Attr.FileLocal;
  }
}

/** Data known by its content, such as floating-point constants, belongs to every object that uses it. */
export function adoptContent(object: ObjectFile): void {
  const defined = new Set(object.symbols);
  const adopt = (s: LinkSymbol | null): void => {
    if (s === null || s.kind === Kind.Undefined || (s.attrs & Attr.ContentAddressable) === 0 || defined.has(s)) return;
    defined.add(s);
    s.object = object;
    object.symbols.push(s);
  };
  // The list grows while it is read.
  for (let i = 0; i < object.symbols.length; i++) {
    const s = object.symbols[i];
    for (const t of s.relocs?.targets ?? []) adopt(t);
    for (const t of s.func?.funcdata ?? []) adopt(t);
  }
}

/** Variables that other packages may reach by linkname: the linker asks their definitions for it (functions are marked as they are compiled). */
export function markLinknames(program: Program, unit: PackageUnit, pkg: Package): void {
  const { marked } = program.package(unit.path).linknames;
  for (const name of marked) {
    const obj = pkg.scope.lookup(name);
    if (obj !== null && obj.kind === ObjKind.Var) program.globalSymbol(obj).attrs |= Attr.Linkname;
  }
}

/** The symbols that others may refer to though nothing in the package does. */
export function exportedSymbols(program: Program, unit: PackageUnit): LinkSymbol[] {
  const list: LinkSymbol[] = [];
  for (const { name, abi } of unit.asmReferences) {
    list.push(program.symbols.lookup(name, abi));
  }
  for (const { name, abi } of unit.asmDefinitions) {
    const fn = program.declaredByName(name);
    if (fn === null || fn.pkgPath !== unit.path) continue;
    list.push(program.symbols.lookup(name, abi === Abi0 ? AbiInternal : Abi0));
    if (abi === Abi0) list.push(program.symbols.lookup(`${name}${argsStackMapSuffix}`, Abi0));
  }
  const p = program.package(unit.path);
  // A function with a linkname may be called from assembly of other packages (gc-contract 1.3).
  for (const local of p.linknames.marked) {
    const name = p.linknames.remote.get(local) ?? `${linkPath(unit.path)}.${local}`;
    const fn = program.declaredByName(name);
    if (fn === null || fn.pkgPath !== unit.path) continue;
    if (fn.source.kind !== 'external') list.push(program.symbols.lookup(name, Abi0));
  }
  return list;
}

/** The descriptors that a package's object has whether they are used there or not. */
export function declaredTypes(program: Program, unit: PackageUnit, named: readonly GoType[]): LinkSymbol[] {
  const { types } = program;
  const list: LinkSymbol[] = [];
  const both = (t: GoType): void => {
    list.push(program.typeSymbol(t));
    // Pointers that the garbage collector does not follow are in no interface.
    const pointer = types.pointerTo(t);
    if (pointer.ptrBytes > 0) list.push(program.typeSymbol(pointer));
  };
  for (const t of named) both(t);
  if (unit.path !== 'runtime') return list;
  for (const kind of basicKinds) {
    both(types.basic(kind));
    list.push(program.typeSymbol(types.sliceOf(types.basic(kind))));
  }
  for (const name of ['error', 'interface {}', 'func(error) string']) {
    const t = program.typeByLinkString(name);
    if (t !== null) both(t);
  }
  return list;
}
