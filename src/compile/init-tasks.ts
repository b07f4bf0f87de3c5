/**
 * Package initialisation: which variables need code, the functions that run it, and the task record the runtime and the
 * linker find them by (gc-contract 9).
 */
import { linkPath } from '#abi/type-names.ts';
import { ByteWriter } from '#base/bytes.ts';
import * as SymKind from '#obj/kinds.ts';
import * as Reloc from '#obj/reloc-types.ts';
import { Abi0, AbiInternal, addReloc, defineFromWriter, type LinkSymbol } from '#obj/symbol.ts';
import { InitSource } from '#ssa/builder/source.ts';
import { PkgInit } from '#ssa/call.ts';
import * as Node from '#syntax/kinds.ts';
import { packageInitOrder } from '#types/check.ts';
import type { Initializer } from '#types/info.ts';
import { objOf } from '#types/info.ts';
import * as ObjKind from '#types/objkind.ts';
import type { Program, ProgramPackage } from './program.ts';
import type { Variables } from './variables.ts';

/** Defines "P..inittask" unless the package has nothing to initialise; imports come first. Returns the symbol or null. */
export function defineInitTask(
  program: Program,
  p: ProgramPackage,
  variables: Variables,
  imported: readonly LinkSymbol[],
): LinkSymbol | null {
  const functions: LinkSymbol[] = [];
  const dynamic = packageInitOrder(p.types).filter((i) => !isStatic(variables, i));
  const path = p.types.path;
  if (dynamic.length > 0) {
    const type = program.types.funcOf([], [], false);
    const source = new InitSource(p.types, dynamic);
    functions.push(program.generated(`${linkPath(path)}.init`, type, path, PkgInit, source).symbol);
  }
  functions.push(...declaredInits(program, p));
  const isRoot = path === 'main' || path === 'runtime';
  if (functions.length === 0 && imported.length === 0 && !isRoot) return null;
  const task = program.symbols.lookup(`${linkPath(path)}..inittask`, Abi0);
  const w = new ByteWriter(8 + 8 * functions.length);
  w.u32(0);
  w.u32(functions.length);
  for (const f of functions) {
    addReloc(task, w.length, 8, Reloc.Addr, f, 0);
    w.i64(0);
  }
  for (const i of imported) addReloc(task, 0, 0, Reloc.InitOrder, i, 0);
  defineFromWriter(task, p.object, SymKind.NoPtrData, 0, w);
  return task;
}

function isStatic(variables: Variables, i: Initializer): boolean {
  return i.lhs.length === 1 && variables.isStatic(i.lhs[0]);
}

/** The functions named init, in file order: P.init.0, P.init.1, ... */
function declaredInits(program: Program, p: ProgramPackage): LinkSymbol[] {
  const list: LinkSymbol[] = [];
  for (const file of p.types.checker?.files ?? []) {
    for (const d of file.decls) {
      if (d.kind !== Node.FuncDecl || d.recv !== null || d.name.value !== 'init') continue;
      const obj = objOf(d.name);
      if (obj === null || obj.kind !== ObjKind.Func) continue;
      const symbol = program.symbols.lookup(`${linkPath(p.types.path)}.init.${list.length}`, AbiInternal);
      program.defineDeclared(symbol, obj);
      list.push(symbol);
    }
  }
  return list;
}
