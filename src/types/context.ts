/** Contexts: they make equal instances of a generic type one type, and so end instantiation cycles. */
import { identical, identicalInstance } from './predicates.ts';
import type { Alias, Named, Signature, Type } from './type.ts';

interface Entry {
  readonly orig: Type;
  readonly targs: Type[];
  readonly instance: Named | Signature | Alias;
}

export class Context {
  readonly entries: Map<string, Entry[]>;
  readonly ids: Map<Type, number>;

  constructor() {
    this.entries = new Map();
    this.ids = new Map();
  }
}

export function newContext(): Context {
  return new Context();
}

/** A number that stands for a type, by its identity as an object, in this context. */
export function contextId(ctxt: Context, t: Type): number {
  let id = ctxt.ids.get(t);
  if (id === undefined) {
    id = ctxt.ids.size;
    ctxt.ids.set(t, id);
  }
  return id;
}

/** The instance of orig with targs that was recorded under the hash, or null. */
export function contextLookup(
  ctxt: Context,
  hash: string,
  orig: Type,
  targs: Type[],
): Named | Signature | Alias | null {
  const list = ctxt.entries.get(hash);
  if (list === undefined) return null;
  for (const e of list) if (identicalInstance(orig, targs, e.orig, e.targs)) return e.instance;
  return null;
}

/** Records an instance unless an identical type is there already; returns the one to use. */
export function contextUpdate<T extends Named | Signature | Alias>(
  ctxt: Context,
  hash: string,
  orig: Type,
  targs: Type[],
  instance: T,
): Named | Signature | Alias {
  const list = ctxt.entries.get(hash);
  if (list === undefined) {
    ctxt.entries.set(hash, [{ orig, targs, instance }]);
    return instance;
  }
  for (const e of list) if (identical(instance, e.instance)) return e.instance;
  list.push({ orig, targs, instance });
  return instance;
}
