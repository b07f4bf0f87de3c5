/** ELF objects of other compilers (.syso files, gcc output) in a link. */
import { startsWith } from '#obj/archive.ts';
import type { Link } from './context.ts';
import { exit } from './errors.ts';
import type { Library } from './loader.ts';

export function isElf(data: Uint8Array): boolean {
  return startsWith(data, 0, '\x7fELF');
}

export function addHostObject(_link: Link, library: Library, name: string, _data: Uint8Array): void {
  exit(`${name}: package ${library.path} needs an ELF host object, which this linker cannot load`);
}
