/**
 * Programs that tell the collector where the pointers of .data and .bss are. Encoding: runtime/mbitmap.go (runGCProg); the
 * official writer: cmd/internal/gcprog.
 */

import { ByteWriter } from '#base/bytes.ts';
import { fatal } from './errors.ts';

const maxLiteral = 127;
/** Shorter runs of zeros are written as literal bits. */
const shortRun = 4 * 8;

export class GcProgram {
  readonly w: ByteWriter;
  private readonly bits: Uint8Array;
  private count: number;
  /** Words described so far. */
  private index: number;

  constructor() {
    this.w = new ByteWriter(1024);
    this.bits = new Uint8Array(maxLiteral);
    this.count = 0;
    this.index = 0;
  }

  /** Word `index` holds a pointer. */
  pointer(index: number): void {
    this.zeroUntil(index);
    this.literal(1);
  }

  /** The last n words repeat c more times. */
  repeat(n: number, c: number): void {
    if (n === 0 || c === 0) return;
    this.flush();
    if (n < 128) this.w.u8(0x80 | n);
    else {
      this.w.u8(0x80);
      this.w.uleb(n);
    }
    this.w.uleb(c);
    this.index += n * c;
  }

  zeroUntil(index: number): void {
    const skip = index - this.index;
    if (skip < 0) fatal(`GC program goes back from word ${this.index} to ${index}`);
    if (skip === 0) return;
    if (skip < shortRun) {
      for (let i = 0; i < skip; i++) this.literal(0);
      return;
    }
    this.literal(0);
    this.flush();
    this.repeat(1, skip - 1);
  }

  end(): void {
    this.flush();
    this.w.u8(0);
  }

  private literal(bit: number): void {
    if (this.count === maxLiteral) this.flush();
    this.bits[this.count++] = bit;
    this.index++;
  }

  private flush(): void {
    const n = this.count;
    if (n === 0) return;
    this.w.u8(n);
    for (let i = 0; i < n; i += 8) {
      let byte = 0;
      for (let k = 0; k < 8 && i + k < n; k++) byte |= this.bits[i + k] << k;
      this.w.u8(byte);
    }
    this.count = 0;
  }
}
