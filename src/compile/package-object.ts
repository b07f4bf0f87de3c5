/**
 * Package mode: one package compiled whole into an object file. What it imports is read from source as in whole-program mode, so that a
 * function gets the same machine code in both modes.
 */

import type { GoType } from '#abi/gotype.ts';
import { type CodeOptions, plainCode } from '#arch/amd64/compile.ts';
import type { Host } from '#host/host.ts';
import type { Resolver } from '#load/loader.ts';
import type { BuildTarget } from '#load/target.ts';
import * as Kind from '#obj/kinds.ts';
import type { ObjectFile } from '#obj/object.ts';
import type { LinkSymbol } from '#obj/symbol.ts';
import { plain } from '#ssa/pipeline.ts';
import { resolveObj } from '#types/decl.ts';
import { typeParams } from '#types/named.ts';
import * as ObjKind from '#types/objkind.ts';
import type { Package } from '#types/package.ts';
import * as TypeKind from '#types/typekind.ts';
import { isMethodSet, typeSet } from '#types/typeset.ts';
import { under } from '#types/under.ts';
import { asmHeader } from './asm-header.ts';
import { declaredSymbols } from './package-functions.ts';
import {
  adoptContent,
  declaredTypes,
  exportedSymbols,
  localizeCopies,
  markLinknames,
  type PackageUnit,
} from './package-unit.ts';
import type { Remarks } from './remarks.ts';
import { type ProgramResult, WholeProgram } from './whole-program.ts';

export interface PackageRequest {
  readonly goroot: string;
  readonly target: BuildTarget;
  readonly resolver: Resolver;
  /** "go1.N". */
  readonly goVersion: string;
  readonly unit: PackageUnit;
  readonly dir: string;
  /** Paths of its Go files, in the order given. */
  readonly files: readonly string[];
  readonly code: CodeOptions | null;
  /** -l and -N of the compiler. */
  readonly inlines?: boolean;
  readonly unoptimized?: boolean;
  /** The names of source files that the object tells; null: as they are, with $GOROOT for the tree. */
  readonly trim?: ((file: string) => string) | null;
  /** Told what has been decided about functions (-m). */
  readonly remarks?: Remarks | null;
}

export class PackageObject {
  readonly program: WholeProgram;
  readonly types: Package;
  readonly object: ObjectFile;
  readonly hasInitTask: boolean;

  constructor(program: WholeProgram, types: Package, object: ObjectFile, hasInitTask: boolean) {
    this.program = program;
    this.types = types;
    this.object = object;
    this.hasInitTask = hasInitTask;
  }

  /** go_asm.h. */
  header(): string {
    return asmHeader(this.types, this.program.program.types);
  }
}

export interface PackageOutcome {
  /** Null if there were errors. */
  readonly compiled: PackageObject | null;
  readonly result: ProgramResult;
}

export function compilePackage(host: Host, request: PackageRequest): PackageOutcome {
  const { unit, goroot, target, resolver, goVersion } = request;
  const at = { path: unit.path, dir: request.dir, isStandard: unit.std };
  const w = new WholeProgram(host, {
    goroot,
    target,
    resolver,
    goVersion: 'go1.26',
    loadMain: (loader) => loader.loadSources(at, request.files),
    passes: { ...plain, unoptimized: request.unoptimized === true },
    code: request.code ?? plainCode,
    inlines: request.inlines !== false,
    trim: request.trim ?? null,
    remarks: request.remarks ?? null,
    link: {},
    unit,
  });
  const types = w.prepare(w.request.loadMain, goVersion);
  if (types === null) return { compiled: null, result: w.finished() };
  const { object } = w.program.package(unit.path);
  compileAll(w, types, object, unit);
  const result = w.finished();
  if (result.diagnostics.length > 0) return { compiled: null, result };
  adoptContent(object);
  localizeCopies(w.program, unit, object);
  markLinknames(w.program, unit, types);
  const task = object.symbols.some((s) => s.name.endsWith('..inittask'));
  return { compiled: new PackageObject(w, types, object, task), result };
}

/** Demands what the declarations stand for, and then all that these mention. */
function compileAll(w: WholeProgram, types: Package, object: ObjectFile, unit: PackageUnit): void {
  const { program } = w;
  const demand = (s: LinkSymbol | null): void => {
    if (s !== null && s.kind === Kind.Undefined) program.symbols.demand?.(s);
  };
  for (const s of declaredSymbols(program, types)) demand(s);
  for (const s of exportedSymbols(program, unit)) demand(s);
  for (const s of declaredTypes(program, unit, namedTypes(w, types))) demand(s);
  // The list grows while it is read.
  for (let i = 0; i < object.symbols.length; i++) {
    const s = object.symbols[i];
    demand(s.gotype);
    for (const t of s.relocs?.targets ?? []) demand(t);
    for (const t of s.func?.funcdata ?? []) demand(t);
    // The official linker reads the start line of what was inlined from its definition.
    for (const call of s.func?.inlineTree ?? []) demand(call.func);
  }
}

/** The types declared at package level that have descriptors: neither aliases nor generic, nor mere constraints. */
function namedTypes(w: WholeProgram, pkg: Package): GoType[] {
  const list: GoType[] = [];
  for (const obj of pkg.scope.elems?.values() ?? []) {
    if (obj.kind !== ObjKind.TypeName || obj.name === '_') continue;
    resolveObj(obj);
    const t = obj.typ;
    if (t.kind !== TypeKind.Named || typeParams(t).length > 0) continue;
    const u = under(t);
    if (u.kind === TypeKind.Interface && !isMethodSet(typeSet(u))) continue;
    list.push(w.program.types.of(t));
  }
  return list;
}
