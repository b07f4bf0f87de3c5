/** Symbols that assembly text names: global ones from the shared table, and those of one object, name<>. */
import type { LinkSymbol, Symbols } from '#obj/symbol.ts';
import { newStatic } from '#obj/symbol.ts';

export class AsmSymbols {
  readonly global: Symbols;
  private readonly statics: Map<string, LinkSymbol>;

  constructor(global: Symbols) {
    this.global = global;
    this.statics = new Map();
  }

  lookup(name: string, abi: number): LinkSymbol {
    return this.global.lookup(name, abi);
  }

  lookupStatic(name: string): LinkSymbol {
    let s = this.statics.get(name);
    if (s === undefined) {
      s = newStatic(name);
      this.statics.set(name, s);
    }
    return s;
  }
}
