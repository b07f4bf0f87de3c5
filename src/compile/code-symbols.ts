/** What a symbol is to the cache of compiled code. */
import { linkPath } from '#abi/type-names.ts';
import * as Attr from '#obj/attributes.ts';
import { FlagFromAssembly, type ObjectFile } from '#obj/object.ts';
import type { LinkSymbol } from '#obj/symbol.ts';
import type { FunctionFacts } from './code-segment.ts';

/** A function analysed now, and what is known of it. */
export interface KnownFunction {
  readonly symbol: LinkSymbol;
  readonly facts: FunctionFacts;
}

/** Several packages may define the symbol. */
export function isShared(s: LinkSymbol, shared: ObjectFile): boolean {
  return s.object === shared || (s.attrs & (Attr.DupOk | Attr.ContentAddressable)) !== 0 || s.name.includes('[');
}

export function isAssembled(s: LinkSymbol): boolean {
  return s.object !== null && (s.object.flags & FlagFromAssembly) !== 0;
}

/** Instances, itabs, descriptors. */
const isMade = /^(?:type:|go:itab\.)|\[/;
/** Constants are made anew as fast as they are read. */
const isConstant = /^(?:go:string\.|gclocals·|type:\.namedata\.|type:\.importpath\.|\$)/;
/** What stands before the type in names of functions and itabs made for it. */
const madeFor = /^(?:type:\.\w+\.|go:itab\.)/;

/** Whether something of one of the packages at these paths is in a symbol's name. */
export function mentionOf(paths: readonly string[]): (name: string) => boolean {
  if (paths.length === 0) return () => false;
  const names = paths.map((p) => linkPath(p).replace(/[^\w/]/g, '\\$&')).join('|');
  const pattern = new RegExp(`(?:^|\\.\\.\\.|[^\\w./%-])(?:${names})\\.`);
  return (name) => pattern.test(name.replace(madeFor, ''));
}

const mentionsMain = mentionOf(['main']);

/** Whether a shared symbol is worth storing by itself, and has nothing of the main package in it. */
export function isWorthStoring(s: LinkSymbol): boolean {
  const { name } = s;
  if (s.abi > 1 || !(isMade.test(name) || (s.attrs & Attr.DupOk) !== 0)) return false;
  return !isConstant.test(name) && !mentionsMain(name) && s.object?.packagePath !== 'main';
}

export function forEachReference(s: LinkSymbol, visit: (t: LinkSymbol | null) => void): void {
  for (const t of s.relocs?.targets ?? []) visit(t);
  visit(s.gotype);
  visit(s.dwarfInfo);
  const f = s.func;
  if (f === null) return;
  for (const d of f.funcdata) visit(d);
  for (const d of [f.dwarfInfo, f.dwarfLoc, f.dwarfRanges, f.dwarfLines]) visit(d);
}
