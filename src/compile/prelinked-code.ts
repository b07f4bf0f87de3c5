/**
 * Code of packages that do not change, as the linker takes it without reading its symbols one by one (link/prelinked.ts). What a program needs of them
 * is kept as one output, for the program that needed it and the identities of these packages; a changed main package finds all of them ready. If it
 * needs more, or defines what they define, it is compiled and linked without, and what it needs is kept in turn.
 */
import { encodeText } from '#base/bytes.ts';
import * as LinkKind from '#link/kinds.ts';
import { PrelinkMismatch } from '#link/memory.ts';
import { prelink } from '#link/prelink.ts';
import { Prelinked } from '#link/prelinked.ts';
import * as SymKind from '#obj/kinds.ts';
import type { ObjectFile } from '#obj/object.ts';
import type { LinkSymbol, Symbols } from '#obj/symbol.ts';
import { type FunctionFacts, factBytes, factsFrom } from './code-segment.ts';

export class PrelinkedCode {
  readonly code: Prelinked;
  /** Paths of the packages. */
  private readonly packages: ReadonlySet<string>;
  private readonly known: Map<LinkSymbol, number>;

  /** The bytes are known to be what keepPrelinked has made. */
  constructor(bytes: Uint8Array, packages: ReadonlySet<string>) {
    this.code = new Prelinked(bytes);
    this.packages = packages;
    this.known = new Map();
  }

  holds(path: string): boolean {
    return this.packages.has(path);
  }

  private find(s: LinkSymbol): number {
    if (s.abi > 1 || s.name === '') return 0;
    let i = this.known.get(s);
    if (i === undefined) {
      i = this.code.find(encodeText(s.name), s.abi);
      this.known.set(s, i);
    }
    return i;
  }

  defines(s: LinkSymbol): boolean {
    return this.code.isDefined(this.find(s));
  }

  factsOf(s: LinkSymbol): FunctionFacts | null {
    const i = this.find(s);
    const bytes = i === 0 ? null : this.code.factsOf(i);
    return bytes === null || bytes.length === 0 ? null : factsFrom(bytes);
  }

  /** A symbol has been made that only these packages define: they do not have all that the program needs. Throws PrelinkMismatch. */
  refuse(s: LinkSymbol, isShared: boolean): void {
    if (s.object !== null && !isShared && this.packages.has(s.object.packagePath)) throw new PrelinkMismatch(s.name);
  }

  /** Lets the compiler see what assembly defines; the content is the linker's only. */
  declareAssembly(
    symbols: Symbols,
    objectOf: (path: string, flags: number) => ObjectFile,
    tell: (s: LinkSymbol) => void,
  ): void {
    const { code } = this;
    for (const i of code.assembled) {
      if (code.isLocal(i)) continue;
      const s = symbols.lookup(code.name(i), code.abi(i));
      if (s.kind !== SymKind.Undefined) continue;
      const { path, flags } = code.units[code.unit[i] - 1];
      s.kind = LinkKind.isText(code.kind[i]) ? SymKind.Text : SymKind.Rodata;
      s.object = objectOf(path, flags);
      tell(s);
    }
  }

  /** For the linker; `objectOf` tells the object of a package's code. */
  forLink(objectOf: (path: string, flags: number) => ObjectFile): { code: Prelinked; objects: readonly ObjectFile[] } {
    return { code: this.code, objects: this.code.units.map((u) => objectOf(u.path, u.flags)) };
  }
}

/** What is kept of a program: definitions, and what is known of functions. */
export interface KeptCode {
  readonly definitions: readonly LinkSymbol[];
  readonly facts: ReadonlyMap<LinkSymbol, FunctionFacts>;
  isAbsent(s: LinkSymbol): boolean;
  /** The object that has a definition in every program. */
  objectOf(s: LinkSymbol): ObjectFile;
}

/** Null if it cannot be kept. */
export function prelinkedBytes(kept: KeptCode): Uint8Array | null {
  return prelink(kept.definitions, [...kept.facts.keys()], {
    isAbsent: (s) => kept.isAbsent(s),
    objectOf: (s) => kept.objectOf(s),
    factsOf: (s) => {
      const facts = kept.facts.get(s);
      return facts === undefined ? null : factBytes(facts);
    },
  });
}
