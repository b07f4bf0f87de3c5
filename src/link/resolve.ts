/** Finding symbols by name in every source: objects, and packages in memory that may be compiled on demand. */

import * as Kind from './kinds.ts';
import { type Loader, lookup, lookupOrCreate } from './loader.ts';
import { demandMemory } from './materialize.ts';

/** The symbol of that name and version if it is or can be defined, else what is known of it; 0 if nothing is. */
export function resolveByName(l: Loader, name: string, version: number): number {
  let i = lookup(l, name, version);
  if (i !== 0 && l.kind[i] !== Kind.Undefined) return i;
  if (l.symbols === null) return i;
  if (i === 0) {
    // Asking costs the compiler a look at a name; a miss leaves an undefined entry, which nothing refers to.
    i = lookupOrCreate(l, name, version);
  }
  demandMemory(l, i);
  return l.kind[i] === Kind.Undefined ? 0 : i;
}
