/** A file of numbers: a mark, how many parts there are, where each begins and how long it is; parts begin at multiples of eight, so they are taken as arrays where they lie. */
import type { NumberList } from './number-list.ts';

type Numbers = Uint8Array | Uint16Array | Int32Array | Uint32Array | Float64Array;

export function bytesOf(a: Numbers): Uint8Array {
  return new Uint8Array(a.buffer, a.byteOffset, a.byteLength);
}

export function listBytes(list: NumberList): Uint8Array {
  return bytesOf(list.data.subarray(0, list.length));
}

/** `room`: so many bytes, a multiple of eight, are left free in front. */
export function joinParts(mark: number, parts: readonly Uint8Array[], room = 0): Uint8Array {
  let at = 8 + 8 * parts.length;
  const starts = parts.map((p) => {
    const start = (at + 7) & ~7;
    at = start + p.length;
    return start;
  });
  const all = new Uint8Array(room + ((at + 7) & ~7));
  const out = all.subarray(room);
  const header = new Int32Array(all.buffer, room);
  header[0] = mark;
  header[1] = parts.length;
  parts.forEach((p, k) => {
    header[2 + 2 * k] = starts[k];
    header[3 + 2 * k] = p.length;
    out.set(p, starts[k]);
  });
  return all;
}

/** Reads them, one after the other, of bytes that are known to be what joinParts has made. */
export class PartReader {
  private readonly whole: Uint8Array;
  private readonly table: Int32Array;
  private next: number;

  constructor(bytes: Uint8Array) {
    this.whole = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
    const { buffer, byteOffset } = this.whole;
    const header = new Int32Array(buffer, byteOffset, 2);
    this.table = new Int32Array(buffer, byteOffset + 8, 2 * header[1]);
    this.next = 0;
  }

  u8(): Uint8Array {
    const k = 2 * this.next++;
    return new Uint8Array(this.whole.buffer, this.whole.byteOffset + this.table[k], this.table[k + 1]);
  }

  u16(): Uint16Array {
    const b = this.u8();
    return new Uint16Array(b.buffer, b.byteOffset, b.length >> 1);
  }

  i32(): Int32Array {
    const b = this.u8();
    return new Int32Array(b.buffer, b.byteOffset, b.length >> 2);
  }

  u32(): Uint32Array {
    const b = this.u8();
    return new Uint32Array(b.buffer, b.byteOffset, b.length >> 2);
  }

  f64(): Float64Array {
    const b = this.u8();
    return new Float64Array(b.buffer, b.byteOffset, b.length >> 3);
  }
}
