/** FUNCDATA that assembly leaves to the assembler: stack maps made by the compiler, and the empty map of NO_LOCAL_POINTERS. */
import type { AsmContext, AsmFunction, Inst } from '#arch/inst.ts';
import * as I from '#arch/inst.ts';
import * as Pseudo from '#arch/pseudo.ts';
import * as Attr from '#obj/attributes.ts';
import { FuncdataArgInfo, FuncdataArgsPointerMaps, FuncdataLocalsPointerMaps } from '#obj/funcdata.ts';
import * as Kind from '#obj/kinds.ts';
import type { LinkSymbol } from '#obj/symbol.ts';
import { Abi0, AbiStatic } from '#obj/symbol.ts';
import type { AsmSymbols } from './symbols.ts';

/** A stack map of two bitmaps without bits: name is gclocals· and the hash of the content. */
const emptyMapName = 'gclocals·J26BEvPExEQhJvjp9E8Whg==';

/** The symbol of NO_LOCAL_POINTERS; pushed to `made` when it is new. */
function emptyStackMap(ctx: AsmContext, made: LinkSymbol[]): LinkSymbol {
  const s = ctx.symbols.lookup(emptyMapName, Abi0);
  if (s.kind === Kind.Undefined) {
    s.kind = Kind.Rodata;
    s.attrs |= Attr.DupOk | Attr.ContentAddressable | Attr.Linkname;
    s.align = 4;
    s.data = Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0);
    s.size = 8;
    s.object = ctx.object;
    made.push(s);
  }
  return s;
}

/** A symbol named after a function, static if the function is. */
function derived(symbols: AsmSymbols, of: LinkSymbol, name: string): LinkSymbol {
  return of.abi === AbiStatic ? symbols.lookupStatic(name) : symbols.lookup(name, Abi0);
}

/** go_args_stackmap and no_pointers_stackmap stand for symbols of the function or the object. */
export function replaceStackMaps(ctx: AsmContext, symbols: AsmSymbols, fn: AsmFunction, made: LinkSymbol[]): void {
  for (let p: Inst | null = fn.first; p !== null; p = p.next) {
    if (p.op !== Pseudo.FUNCDATA || p.to.sym === null) continue;
    if (p.to.sym.name === 'go_args_stackmap') {
      if (p.from.lo !== FuncdataArgsPointerMaps) {
        ctx.error(p.pos, 'FUNCDATA use of go_args_stackmap(SB) without FUNCDATA_ArgsPointerMaps');
      }
      p.to = I.symOperand(derived(symbols, fn.symbol, `${fn.symbol.name}.args_stackmap`), 0);
    } else if (p.to.sym.name === 'no_pointers_stackmap') {
      if (p.from.lo !== FuncdataLocalsPointerMaps) {
        ctx.error(p.pos, 'FUNCDATA use of no_pointers_stackmap(SB) without FUNCDATA_LocalsPointerMaps');
      }
      p.to = I.symOperand(emptyStackMap(ctx, made), 0);
    }
  }
}

function hasFuncdata(fn: AsmFunction, index: number): boolean {
  for (let p: Inst | null = fn.first; p !== null; p = p.next) {
    if (p.op === Pseudo.FUNCDATA && p.from.lo === index) return true;
  }
  return false;
}

function addFuncdata(fn: AsmFunction, index: number, sym: LinkSymbol): void {
  const from = I.constOperand(index);
  I.insertAfter(fn, fn.first, new I.Inst(Pseudo.FUNCDATA, fn.first.pos, from, I.symOperand(sym, 0)));
}

/** Functions of this package that Go code declares have their argument maps from the compiler. */
export function addArgumentMaps(symbols: AsmSymbols, fn: AsmFunction, packagePrefix: string): void {
  const s = fn.symbol;
  if (!s.name.startsWith(packagePrefix) || s.abi === 1) return;
  // Called by the dynamic loader; the linker handles it by name.
  if (s.name === 'runtime.addmoduledata') return;
  const hasMap = hasFuncdata(fn, FuncdataArgsPointerMaps);
  const hasInfo = hasFuncdata(fn, FuncdataArgInfo);
  if (!hasMap) addFuncdata(fn, FuncdataArgsPointerMaps, derived(symbols, s, `${s.name}.args_stackmap`));
  if (!hasInfo) addFuncdata(fn, FuncdataArgInfo, derived(symbols, s, `${s.name}.arginfo0`));
}
