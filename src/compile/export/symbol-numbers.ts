/**
 * The numbers that packages' export data gives the symbols of their types and methods (cmd/compile/internal/noder: linker.go, lsymIdx).
 * Objects compiled by the official compiler refer to these symbols by number, and itabs that do are hashed by it.
 */
import { linkPath } from '#abi/type-names.ts';
import type { ImportedSymbol, ObjectFile } from '#obj/object.ts';
import { Abi0, AbiInternal, type LinkSymbol, type Symbols } from '#obj/symbol.ts';
import { peekObject } from './foreign.ts';
import { type Decoder, Obj, ObjDict, ObjExt, Pkg, PosBase, type Reader, Text, Type } from './pkgbits.ts';

export const ObjFunc = 3;
export const ObjType = 2;
const ObjVar = 4;
const TypePointer = 2;
const TypeInterface = 9;

/** Enters the numbers of symbols that the object mentions and does not define. */
export function numberSymbols(symbols: Symbols, object: ObjectFile, imported: Iterable<Decoder>): void {
  const enter = (s: LinkSymbol | null, path: string, index: number): void => {
    if (s !== null && index >= 0 && path !== object.packagePath && s.object !== object)
      object.indexed.set(s, { path, index } satisfies ImportedSymbol);
  };
  for (const d of imported) {
    for (let i = 0; i < d.count(Obj); i++) {
      const { path, name, code } = peekObject(d, i);
      const qualified = `${linkPath(path)}.${name}`;
      const r = d.element(ObjExt, i);
      if (code === ObjVar) enter(symbols.find(qualified, Abi0), path, linkIndex(r));
      else if (code === ObjFunc) {
        r.len();
        enter(symbols.find(qualified, AbiInternal), path, linkIndex(r));
      } else if (code === ObjType && paramCount(d, i) === 0) {
        r.len();
        enter(symbols.find(`type:${qualified}`, Abi0), path, signed(r));
        enter(symbols.find(`type:*${qualified}`, Abi0), path, signed(r));
        for (const m of methodsOf(d, i)) {
          const shown = m.byPointer ? `${linkPath(path)}.(*${name}).${m.name}` : `${qualified}.${m.name}`;
          r.len();
          const index = linkIndex(r);
          if (!r.bool()) break;
          const abi = r.len();
          enter(symbols.find(shown, abi), path, index);
          for (let k = 0; k < m.params; k++) r.string();
          if (r.bool()) {
            r.len();
            r.bool();
          }
        }
      }
    }
  }
}

export function signed(r: Reader): number {
  const n = r.len();
  return n % 2 === 0 ? n / 2 : -(n + 1) / 2;
}

/** -1 if the symbol is known by name. */
export function linkIndex(r: Reader): number {
  const index = signed(r);
  if (index < 0) r.string();
  return index;
}

export function paramCount(d: Decoder, index: number): number {
  const r = d.element(ObjDict, index);
  return r.len() + r.len();
}

interface Method {
  readonly name: string;
  readonly byPointer: boolean;
  /** Receiver and parameters. */
  readonly params: number;
}

/** The methods of a type that is not generic; interfaces have none of their own. */
export function methodsOf(d: Decoder, index: number): Method[] {
  const r = d.element(Obj, index);
  skipPos(r);
  const underlying = skipType(r);
  const list: Method[] = [];
  const n = r.len();
  if (underlying >= 0 && d.element(Type, underlying).len() === TypeInterface) return list;
  for (let i = 0; i < n; i++) {
    skipPos(r);
    r.ref(Pkg);
    const name = r.string();
    const recv = skipParam(r);
    const params = skipParams(r);
    skipParams(r);
    r.bool();
    skipPos(r);
    list.push({ name, byPointer: d.element(Type, recv).len() === TypePointer, params: params + 1 });
  }
  return list;
}

export function skipParams(r: Reader): number {
  const n = r.len();
  for (let i = 0; i < n; i++) skipParam(r);
  return n;
}

function skipParam(r: Reader): number {
  skipPos(r);
  r.ref(Pkg);
  r.ref(Text);
  return skipType(r);
}

/** The type's element, -1 if it is derived. */
function skipType(r: Reader): number {
  if (!r.bool()) return r.ref(Type);
  r.len();
  return -1;
}

export function skipPos(r: Reader): void {
  if (!r.bool()) return;
  r.ref(PosBase);
  r.len();
  r.len();
}
