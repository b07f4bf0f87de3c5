/** Takes packages out of a program: what is left is as if they had never been there, so that other programs can be compiled after them. */
import * as Kind from '#obj/kinds.ts';
import type { ObjectFile } from '#obj/object.ts';
import { type LinkSymbol, noBytes } from '#obj/symbol.ts';
import { mentionOf } from './code-symbols.ts';
import type { Program } from './program.ts';

/** Symbols that their names determine: right in every program. Function values are the address of the function of that name. */
function isNamedByContent(name: string): boolean {
  return name.endsWith('·f') || contents.some((prefix) => name.startsWith(prefix));
}

const contents = ['go:string.', 'type:.namedata.', 'type:.importpath.'];

/**
 * Symbols whose names mention one of the packages become undefined; they stay the same objects, because code that is kept may refer to
 * them (the runtime to main.main).
 */
export function forgetPackages(program: Program, objects: Iterable<ObjectFile>, paths: readonly string[]): void {
  if (paths.length === 0) return;
  const mentions = mentionOf(paths);
  const forgotten: LinkSymbol[] = [];
  for (const s of program.symbols.all()) {
    if (isNamedByContent(s.name) || !mentions(s.name)) continue;
    reset(s);
    forgotten.push(s);
  }
  for (const object of objects) {
    const kept = object.symbols.filter((s) => s.kind !== Kind.Undefined);
    object.symbols.splice(0, object.symbols.length, ...kept);
  }
  program.forget(paths, new Set(forgotten), mentions);
}

function reset(s: LinkSymbol): void {
  s.kind = Kind.Undefined;
  s.attrs = 0;
  s.size = 0;
  s.align = 0;
  s.data = noBytes;
  s.relocs = null;
  s.gotype = null;
  s.func = null;
  s.dwarfInfo = null;
  s.object = null;
}
