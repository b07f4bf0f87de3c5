/**
 * What a program reaches of an excerpt's archives whatever else its main package does: all that a link of them alone reaches from the program's entry and
 * from what main packages have asked for. deadcode.ts goes on from there if this main package asks for the same; reaching more never makes
 * anything unreached. make-kept-reach.ts makes it.
 */
import * as ObjAttr from '#obj/attributes.ts';
import * as Attr from './attributes.ts';
import type { Excerpt } from './excerpt.ts';
import type { Loader } from './loader.ts';
import type { PartReader } from './parts.ts';

export interface KeptReachTexts {
  /** The program's entry, at which reaching begins. */
  readonly entry: string;
  /** Methods called through interfaces, in the order of `calledTypes`, and methods called by name on any type. */
  readonly called: readonly string[];
  readonly named: readonly string[];
  readonly reflectSeen: boolean;
  /** Methods that nobody calls, in the order of `methods`. */
  readonly methods: readonly string[];
}

/** Bits of a symbol: reached; converted to an interface, being a type; reached from the entry alone. */
export const reached = 1;
export const usedInIface = 2;
export const reachedFromEntry = 4;

/** Numbers of a method: its type, the first of its relocations, the type without receiver. */
export const methodWidth = 3;

export class KeptReach {
  readonly texts: KeptReachTexts;
  /** By place in the excerpt. */
  readonly bits: Uint8Array;
  private readonly excerpt: Excerpt;
  /** What the main package asks for: places, doubled, plus one for a type that it converts to an interface. */
  private readonly demands: Int32Array;
  /** Places of the function types of called methods. */
  readonly calledTypes: Int32Array;
  readonly methods: Int32Array;
  /** Functions that call initialisers of maps. */
  readonly packageInits: Int32Array;
  /** What is reached, too, and is looked into anew: the linker may put something else into it. */
  readonly open: Int32Array;

  constructor(excerpt: Excerpt, texts: KeptReachTexts, parts: PartReader) {
    this.excerpt = excerpt;
    this.texts = texts;
    this.bits = parts.u8();
    this.demands = parts.i32();
    this.calledTypes = parts.i32();
    this.methods = parts.i32();
    this.packageInits = parts.i32();
    this.open = parts.i32();
  }

  /** The loader's number of what is at a place. */
  numberOf(place: number): number {
    return this.excerpt.numbers[place];
  }

  /** Places of what is reached and is not as the archives have it: the main package defines it, or the linker, or nobody. */
  elsewhere(l: Loader): number[] {
    const { bits, excerpt } = this;
    const list: number[] = [];
    for (const k of excerpt.taken) if (bits[k] !== 0) list.push(k);
    for (const s of l.contentOwners) {
      const k = excerpt.placeOf(s);
      if (k >= 0 && excerpt.isDefined(k) && bits[k] !== 0) list.push(k);
    }
    for (let k = excerpt.firstReference; k < bits.length; k++)
      if (bits[k] !== 0 && l.objects[l.object[excerpt.numbers[k]]].part === null) list.push(k);
    return list;
  }

  /** Whether what the main package defines of the archives' symbols at these places mentions the same there. */
  hasSameContent(l: Loader, places: readonly number[]): boolean {
    const { excerpt } = this;
    return places.every((k) => !excerpt.isDefined(k) || excerpt.hasSameContent(l, k, excerpt.numbers[k]));
  }

  /** Whether the main package has asked for all that is asked for here. */
  isJustified(l: Loader): boolean {
    const { demands } = this;
    const { numbers } = this.excerpt;
    for (let n = 0; n < demands.length; n++) {
      const wanted = Attr.Reachable | ((demands[n] & 1) === 0 ? 0 : ObjAttr.UsedInIface);
      if ((l.attrs[numbers[demands[n] >> 1]] & wanted) !== wanted) return false;
    }
    return true;
  }

  /** Whether all that symbol s, which the main package has reached, mentions is reached. */
  covers(l: Loader, s: number): boolean {
    const k = this.excerpt.placeOf(s);
    if (k < 0 || (this.bits[k] & reached) === 0) return false;
    return (l.attrs[s] & ObjAttr.UsedInIface) === 0 || (this.bits[k] & usedInIface) !== 0;
  }

  /** Marks all that is reached and is as the archives have it; `elsewhere` are the places of the rest. */
  apply(l: Loader, elsewhere: readonly number[]): void {
    const { bits, excerpt } = this;
    const { attrs } = l;
    const kept = elsewhere.map((k) => attrs[excerpt.numbers[k]]);
    excerpt.forEachRange((from, to, at) => {
      for (let k = from, s = at; k < to; k++, s++) {
        const b = bits[k];
        if (b !== 0) attrs[s] |= (b & usedInIface) === 0 ? Attr.Reachable : Attr.Reachable | ObjAttr.UsedInIface;
      }
    });
    // The numbers that others have taken from the archives' symbols are nobody's.
    for (const k of excerpt.taken) attrs[excerpt.vacated(k)] = 0;
    elsewhere.forEach((k, n) => {
      attrs[excerpt.numbers[k]] = kept[n];
    });
  }
}

/** Whether a symbol is an archive's, and the linker has put nothing else into it. */
export function isAsKept(l: Loader, s: number): boolean {
  return l.objects[l.object[s]].part !== null && (l.attrs[s] & Attr.Synthetic) === 0 && l.contentIndex[s] === 0;
}
