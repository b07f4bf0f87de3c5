/** Compiling one package to the end without linking it: all its functions, variables, and what they make necessary. */

import * as G from '#abi/gotype.ts';
import { linkPath } from '#abi/type-names.ts';
import * as Kind from '#obj/kinds.ts';
import type { ObjectFile } from '#obj/object.ts';
import { Abi0, AbiInternal, type LinkSymbol } from '#obj/symbol.ts';
import * as Node from '#syntax/kinds.ts';
import type { FuncDecl } from '#syntax/nodes.ts';
import { signatureOf } from '#types/decl.ts';
import { objOf } from '#types/info.ts';
import type { Func } from '#types/object.ts';
import * as ObjKind from '#types/objkind.ts';
import type { Package } from '#types/package.ts';
import type { Program } from './program.ts';

/** Demands every symbol that a package's declarations stand for, and the undefined ones that these mention and `isOwn` holds for. */
export function demandPackage(
  program: Program,
  pkg: Package,
  object: ObjectFile,
  isOwn: (name: string) => boolean,
): void {
  const { symbols } = program;
  const demand = (s: LinkSymbol): void => {
    if (s.kind === Kind.Undefined) symbols.demand?.(s);
  };
  for (const s of declaredSymbols(program, pkg)) demand(s);
  // The list grows while it is read.
  for (let i = 0; i < object.symbols.length; i++) {
    const { relocs } = object.symbols[i];
    if (relocs === null) continue;
    for (const t of relocs.targets) if (t !== null && isOwn(t.name)) demand(t);
  }
}

export function declaredSymbols(program: Program, pkg: Package): LinkSymbol[] {
  const list: LinkSymbol[] = [];
  for (const file of pkg.checker?.files ?? []) {
    for (const d of file.decls) {
      if (d.kind !== Node.FuncDecl || d.name.value === '_' || d.name.value === 'init') continue;
      const s = functionSymbol(program, d);
      if (s !== null) list.push(s);
    }
  }
  for (const obj of pkg.scope.elems?.values() ?? []) if (obj.kind === ObjKind.Var) list.push(program.globalSymbol(obj));
  const task = program.symbols.find(`${linkPath(pkg.path)}..inittask`, Abi0);
  for (const t of task?.relocs?.targets ?? []) if (t !== null && t.abi === AbiInternal) list.push(t);
  return list;
}

/** Null for generic functions and those without a body. */
function functionSymbol(program: Program, d: FuncDecl): LinkSymbol | null {
  const obj = objOf(d.name);
  if (obj === null || obj.kind !== ObjKind.Func || d.bodyStart < 0) return null;
  const sig = signatureOf(obj);
  if (sig.recv === null) return sig.tparams.length > 0 ? null : program.funcRef(obj, []).symbol;
  if (sig.rparams.length > 0) return null;
  return methodSymbol(program, obj);
}

function methodSymbol(program: Program, obj: Func): LinkSymbol | null {
  return program.declaredByName(methodSymbolName(program, obj))?.symbol ?? null;
}

/** The link name of a declared method of a type that is not generic. */
export function methodSymbolName(program: Program, obj: Func): string {
  const { recv } = signatureOf(obj);
  if (recv === null || obj.pkg === null) return '';
  const t = program.types.of(recv.typ);
  const isPointer = t.kind === G.Pointer && program.types.namedOf(t) === null;
  const name = program.types.namedAs(isPointer ? t.elem() : t)?.name ?? '';
  return `${linkPath(obj.pkg.path)}.${isPointer ? `(*${name})` : name}.${obj.name}`;
}
