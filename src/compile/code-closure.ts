/**
 * What cached code must bring with it. A symbol that code mentions is found again by its name if a declaration says what it is; instances,
 * descriptors of types without a name, and their functions are not: they are made before the code that mentions them is stored,
 * even if this program does not need them.
 */

import { methodSet } from '#abi/method-set.ts';
import * as SymKind from '#obj/kinds.ts';
import { type LinkSymbol, noBytes } from '#obj/symbol.ts';
import { resolveObj } from '#types/decl.ts';
import * as ObjKind from '#types/objkind.ts';
import { FunctionError } from './function-compiler.ts';
import { splitLinkName } from './link-names.ts';
import type { Program } from './program.ts';

/** Tables that assembly mentions for debuggers; nobody defines them. */
const optional = /\.(?:arginfo\d|arglive)$/;

export function isOptional(name: string): boolean {
  return optional.test(name);
}

/** Names of declared types, pointers to them, and plain functions can be looked up in the sources of any program. */
function isDerivable(name: string): boolean {
  if (name.startsWith('type:.')) return /^type:\.(?:eq|hash)\.[\w./%-]+$/.test(name);
  if (name.startsWith('type:')) return /^type:\**[\w./%-]+$/.test(name);
  return splitLinkName(name) !== null && !name.includes('..');
}

/** Whether a declaration of the sources is what a name stands for: then the symbol can be made in any program that has the package. */
export function isDeclared(program: Program, s: LinkSymbol): boolean {
  const { name } = s;
  if (name.startsWith('type:')) return isDerivable(name);
  if (name.endsWith('..inittask')) return true;
  const base = name.endsWith('·f') ? name.slice(0, -'·f'.length) : name;
  return program.declaredByName(base) !== null || program.variableOf(s) !== null;
}

/** Makes everything that symbols made now mention and that a name alone cannot tell. */
export function closeOver(program: Program, isFresh: (s: LinkSymbol) => boolean, make: (s: LinkSymbol) => void): void {
  const list: LinkSymbol[] = [];
  for (const s of program.symbols.all()) if (s.kind !== SymKind.Undefined && isFresh(s)) list.push(s);
  const seen = new Set(list);
  const visit = (t: LinkSymbol | null): void => {
    if (t === null || seen.has(t)) return;
    seen.add(t);
    if (t.kind === SymKind.Undefined) {
      if (t.name === '' || t.abi > 1 || isDerivable(t.name) || isOptional(t.name)) return;
      try {
        make(t);
      } catch (e) {
        // The program does not need it: another one that does will be told.
        if (!(e instanceof FunctionError)) throw e;
        t.data = noBytes;
      }
    }
    if (t.kind !== SymKind.Undefined) list.push(t);
  };
  for (let i = 0; i < list.length; i++) {
    const s = list[i];
    for (const t of s.relocs?.targets ?? []) visit(t);
    visit(s.gotype);
  }
}

/** Registers the function that a name stands for which no declaration has: a promoted method, or equality or hash of a declared type. */
export function deriveFunction(program: Program, s: LinkSymbol): void {
  const generated = /^type:\.(eq|hash)\.(.*)$/.exec(s.name);
  if (generated !== null) {
    const t = program.typeByLinkString(generated[2]);
    if (t === null) return;
    if (generated[1] === 'eq') program.equalFunc(t);
    else program.hashFunc(t);
    return;
  }
  const split = splitLinkName(s.name);
  if (split === null || split.receiver === '') return;
  const isPointer = split.receiver.startsWith('(*');
  const typeName = isPointer ? split.receiver.slice(2, -1) : split.receiver;
  const obj = program.packages.get(split.path)?.types.scope.lookup(typeName) ?? null;
  if (obj === null || obj.kind !== ObjKind.TypeName) return;
  resolveObj(obj);
  const base = program.types.of(obj.typ);
  const recv = isPointer ? program.types.pointerTo(base) : base;
  // Unexported methods of other packages have the package's path before their names; the reference's own name decides.
  for (const m of methodSet(program.types, recv))
    if (split.name === m.name || split.name.endsWith(`.${m.name}`)) program.methodRef(recv, m);
}
