/**
 * Pointer bitmaps: one bit per word, set where the garbage collector finds a pointer (gc-contract 3.4; the runtime reads them in
 * internal/abi.Type.GCData and in stack maps).
 */
import { bug } from '#base/bug.ts';
import type { GoType } from './gotype.ts';
import * as Kind from './gotype.ts';

const wordSize = 8;

/** Sets the bits of all pointer words of a value of type t that starts `offset` bytes into the described memory. */
export function setPointerBits(t: GoType, offset: number, mask: Uint8Array): void {
  if (t.ptrBytes === 0) return;
  switch (t.kind) {
    case Kind.Pointer:
    case Kind.UnsafePointer:
    case Kind.Chan:
    case Kind.Map:
    case Kind.Func:
    case Kind.String:
    case Kind.Slice:
      setBit(mask, offset);
      return;
    case Kind.Interface:
      // The type word is not listed: itabs live outside the heap, and reflect keeps the types it makes alive (types/typebits).
      setBit(mask, offset + wordSize);
      return;
    case Kind.Array: {
      const elem = t.elem();
      for (let i = 0; i < t.length; i++) setPointerBits(elem, offset + i * elem.size, mask);
      return;
    }
    case Kind.Struct:
      for (const f of t.fields) setPointerBits(f.type, offset + f.offset, mask);
      return;
    default:
      bug(`pointer mask of ${t.linkString}`);
  }
}

function setBit(mask: Uint8Array, offset: number): void {
  if (offset % wordSize !== 0) bug(`pointer at unaligned offset ${offset}`);
  const word = offset / wordSize;
  mask[word >> 3] |= 1 << (word & 7);
}

/** The mask of a type, padded to whole words as the runtime wants it. */
export function pointerMask(t: GoType): Uint8Array {
  const bits = t.ptrBytes / wordSize;
  const bytes = (bits + 7) >> 3;
  const mask = new Uint8Array((bytes + wordSize - 1) & -wordSize);
  setPointerBits(t, 0, mask);
  return mask;
}
