/**
 * The code of an excerpt's functions, kept as it was written: of those that kept-pclntab.ts has the tables of. What they mention beyond themselves is put in. Made by
 * make-kept-text.ts.
 */
import * as Attr from './attributes.ts';
import type { Excerpt } from './excerpt.ts';
import * as Kind from './kinds.ts';
import type { PartReader } from './parts.ts';
import type { Relocator } from './relocate.ts';

export class KeptText {
  private readonly excerpt: Excerpt;
  /** From the start of the section to that of the function behind. */
  readonly code: Uint8Array;
  /** Four bytes with the distance of a symbol from their end: where they are, the symbol's place, what is added. */
  private readonly at: Int32Array;
  private readonly target: Int32Array;
  private readonly addend: Int32Array;
  /** Which functions mention something in another way: they are written as all others. */
  readonly irregular: Int32Array;

  constructor(excerpt: Excerpt, parts: PartReader) {
    this.excerpt = excerpt;
    this.code = parts.u8();
    this.at = parts.i32();
    this.target = parts.i32();
    this.addend = parts.i32();
    this.irregular = parts.i32();
  }

  /** Writes it to the section of this address, which begins at `base` of the output; false if something cannot be told like that. */
  write(c: Relocator, address: number, base: number): boolean {
    const { at, target, addend } = this;
    const { numbers } = this.excerpt;
    const { kind, attrs, value } = c.l;
    c.out.set(this.code, base);
    for (let n = 0; n < at.length; n++) {
      const s = numbers[target[n]];
      const k = kind[s];
      if (k === Kind.Undefined || k >= Kind.FirstUnallocated || k === Kind.TlsBss || (attrs[s] & Attr.Reachable) === 0)
        return false;
      const distance = value[s] + addend[n] - (address + at[n] + 4);
      if (distance < -0x80000000 || distance > 0x7fffffff) return false;
      c.view.setInt32(base + at[n], distance, true);
    }
    return true;
  }
}
