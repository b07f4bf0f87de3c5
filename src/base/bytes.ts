/** A growable little-endian byte writer: the one way bytes are produced in tuza. */
export class ByteWriter {
  buf: Uint8Array;
  view: DataView;
  length: number;

  constructor(capacity = 256) {
    this.buf = new Uint8Array(capacity);
    this.view = new DataView(this.buf.buffer);
    this.length = 0;
  }

  /** Makes room for n more bytes; the buffer at least doubles, so that appending is linear. */
  reserve(n: number): void {
    const need = this.length + n;
    if (need <= this.buf.length) return;
    const grown = new Uint8Array(Math.max(need, this.buf.length * 2));
    grown.set(this.buf.subarray(0, this.length));
    this.buf = grown;
    this.view = new DataView(grown.buffer);
  }

  u8(v: number): void {
    if (this.length === this.buf.length) this.reserve(1);
    this.buf[this.length++] = v;
  }

  u16(v: number): void {
    this.reserve(2);
    this.view.setInt16(this.length, v, true);
    this.length += 2;
  }

  u32(v: number): void {
    this.reserve(4);
    this.view.setInt32(this.length, v, true);
    this.length += 4;
  }

  /** A 64-bit value given as two 32-bit halves. */
  u64(lo: number, hi: number): void {
    this.u32(lo);
    this.u32(hi);
  }

  /** A 64-bit value given as an integer of at most 53 bits; negative values are sign-extended. */
  i64(v: number): void {
    this.u32(v >>> 0);
    this.u32(Math.floor(v / 4294967296) >>> 0);
  }

  bytes(data: Uint8Array): void {
    this.reserve(data.length);
    this.buf.set(data, this.length);
    this.length += data.length;
  }

  /** Text as UTF-8, without length or terminator. */
  text(s: string): void {
    const n = s.length;
    this.reserve(n);
    const { buf, length } = this;
    for (let i = 0; i < n; i++) {
      const c = s.charCodeAt(i);
      if (c >= 0x80) {
        this.bytes(encoder.encode(s));
        return;
      }
      buf[length + i] = c;
    }
    this.length = length + n;
  }

  zeros(n: number): void {
    this.reserve(n);
    this.buf.fill(0, this.length, this.length + n);
    this.length += n;
  }

  /** Zero bytes up to the next multiple of a power of two. */
  align(alignment: number): void {
    this.zeros(-this.length & (alignment - 1));
  }

  /** Unsigned LEB128 (DWARF 5, 7.6; Go's uvarint). The value must be a non-negative integer below 2^53. */
  uleb(v: number): void {
    while (v >= 0x80) {
      this.u8((v & 0x7f) | 0x80);
      v = Math.floor(v / 128);
    }
    this.u8(v);
  }

  /** Signed LEB128 (DWARF 5, 7.6). */
  sleb(v: number): void {
    for (;;) {
      const low = ((v % 128) + 128) % 128;
      v = (v - low) / 128;
      if ((v === 0 && (low & 0x40) === 0) || (v === -1 && (low & 0x40) !== 0)) {
        this.u8(low);
        return;
      }
      this.u8(low | 0x80);
    }
  }

  /** Overwrites four bytes written earlier. */
  patchU32(offset: number, v: number): void {
    this.view.setInt32(offset, v, true);
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.buf.slice(0, this.length);
  }

  /** What was written, without a copy; valid until the next write. */
  bytesView(): Uint8Array {
    return this.buf.subarray(0, this.length);
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function encodeText(s: string): Uint8Array {
  return encoder.encode(s);
}

/** Text of part of an array. Short ASCII text goes without a trip through TextDecoder, which costs more than the text itself. */
export function decodeTextAt(bytes: Uint8Array, start: number, length: number): string {
  const end = start + length;
  if (length > 64) return decoder.decode(bytes.subarray(start, end));
  let s = '';
  let i = start;
  for (const last = end - 7; i < last; i += 8) {
    const a = bytes[i];
    const b = bytes[i + 1];
    const c = bytes[i + 2];
    const d = bytes[i + 3];
    const e = bytes[i + 4];
    const f = bytes[i + 5];
    const g = bytes[i + 6];
    const h = bytes[i + 7];
    if ((a | b | c | d | e | f | g | h) >= 0x80) return decoder.decode(bytes.subarray(start, end));
    s += String.fromCharCode(a, b, c, d, e, f, g, h);
  }
  for (; i < end; i++) {
    const c = bytes[i];
    if (c >= 0x80) return decoder.decode(bytes.subarray(start, end));
    s += String.fromCharCode(c);
  }
  return s;
}

export function decodeText(b: Uint8Array): string {
  return decoder.decode(b);
}

const digits = '0123456789abcdef';

/** Two hexadecimal digits a byte. */
export function hexText(b: Uint8Array): string {
  let text = '';
  for (let i = 0; i < b.length; i++) text += digits[b[i] >> 4] + digits[b[i] & 15];
  return text;
}

/** The reverse of hexText. */
export function hexBytes(text: string): Uint8Array {
  return Uint8Array.from({ length: text.length >> 1 }, (_, k) => Number.parseInt(text.slice(2 * k, 2 * k + 2), 16));
}

/** The order of code units, which for ASCII is that of bytes: for sorting. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The least multiple of the alignment (a power of two) that is not below n; n may exceed 32 bits. */
export function alignUp(n: number, alignment: number): number {
  const r = n % alignment;
  return r === 0 ? n : n + alignment - r;
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) {
    all.set(p, at);
    at += p.length;
  }
  return all;
}
