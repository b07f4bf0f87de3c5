/** Scopes: names to objects. The universe, packages, files, functions and blocks have one each. */
import { appended } from '#base/lists.ts';
import type { Pos } from '#base/source.ts';
import type { Obj } from './object.ts';

export class Scope {
  readonly parent: Scope | null;
  children: Scope[];
  elems: Map<string, Obj> | null;
  pos: Pos;
  end: Pos;
  isFunc: boolean;
  /** Of a package whose files are collected on demand: declares what a name stands for. Told of every name before it is looked up. */
  missing: ((name: string) => void) | null;

  /** The parent learns of the new scope unless it has no parent itself (the universe). */
  constructor(parent: Scope | null, pos: Pos, end: Pos) {
    this.parent = parent;
    this.children = [];
    this.elems = null;
    this.pos = pos;
    this.end = end;
    this.isFunc = false;
    this.missing = null;
    if (parent !== null && parent.parent !== null) parent.children = appended(parent.children, this);
  }

  /** The object of that name in this very scope. */
  lookup(name: string): Obj | null {
    if (this.missing !== null) this.missing(name);
    return this.elems === null ? null : (this.elems.get(name) ?? null);
  }

  /** Adds an object; if the name is taken, returns who has it. The object's parent is set unless it has one (dot-imports). */
  insert(obj: Obj): Obj | null {
    if (this.elems === null) this.elems = new Map();
    const other = this.elems.get(obj.name);
    if (other !== undefined) return other;
    this.elems.set(obj.name, obj);
    if (obj.parent === null) obj.parent = this;
    return null;
  }

  /** Sorted. */
  names(): string[] {
    return this.elems === null ? [] : [...this.elems.keys()].sort();
  }

  size(): number {
    return this.elems === null ? 0 : this.elems.size;
  }
}
