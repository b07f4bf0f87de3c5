/**
 * Tables from code offsets to integers, as the runtime reads them (runtime/symtab.go, step): pairs of zigzag varint value
 * delta and uvarint offset delta, the value starting at -1, ended by a zero value delta.
 */
import { ByteWriter } from '#base/bytes.ts';

function zigzag(w: ByteWriter, delta: number): void {
  w.uleb(delta < 0 ? -2 * delta - 1 : 2 * delta);
}

/** Collects "from this offset on, the value is v" in ascending order of offsets; the last word on an offset counts. */
export class PcValueTable {
  /** Smallest instruction size: offsets are stored in this unit (1 on amd64 and wasm, 4 on arm64). */
  private readonly unit: number;
  private readonly w: ByteWriter;
  /** Value and offset of what was written last. */
  private written: number;
  private writtenPc: number;
  /** Not yet written: it may be replaced at the same offset. */
  private pending: number;
  private pendingPc: number;
  private started: boolean;

  constructor(unit = 1) {
    this.unit = unit;
    this.w = new ByteWriter(64);
    this.written = -1;
    this.writtenPc = 0;
    this.pending = -1;
    this.pendingPc = 0;
    this.started = false;
  }

  add(pc: number, value: number): void {
    if (pc !== this.pendingPc) this.flush();
    this.pendingPc = pc;
    this.pending = value;
  }

  private flush(): void {
    const value = this.pending;
    if (this.started && value === this.written) return;
    if (this.started) {
      this.w.uleb((this.pendingPc - this.writtenPc) / this.unit);
      this.writtenPc = this.pendingPc;
    }
    zigzag(this.w, value - this.written);
    this.written = value;
    this.started = true;
  }

  /** The encoded table of a function of the given size. */
  finish(size: number): Uint8Array {
    if (size > this.pendingPc || !this.started) this.flush();
    this.w.uleb((size - this.writtenPc) / this.unit);
    this.w.u8(0);
    return this.w.finish();
  }
}

/** A constant table, such as pcsp of a frameless function. */
export function constantPcValue(value: number, size: number, unit = 1): Uint8Array {
  const t = new PcValueTable(unit);
  t.add(0, value);
  return t.finish(size);
}

/** Walks an encoded table: after next(), value holds in [pc, nextPc). */
export class PcValueReader {
  private data: Uint8Array;
  private at: number;
  private unit: number;
  pc: number;
  nextPc: number;
  value: number;
  /** The table is over or damaged. */
  done: boolean;
  /** The table ended in the middle of a number. */
  damaged: boolean;
  private first: boolean;

  constructor(data: Uint8Array, unit = 1) {
    this.data = data;
    this.at = 0;
    this.unit = unit;
    this.pc = 0;
    this.nextPc = 0;
    this.value = -1;
    this.done = false;
    this.damaged = false;
    this.first = true;
    this.next();
  }

  private uvarint(): number {
    let shift = 1;
    let v = 0;
    for (;;) {
      if (this.at >= this.data.length || shift > 2 ** 35) {
        this.damaged = true;
        this.done = true;
        return 0;
      }
      const b = this.data[this.at++];
      v += (b & 0x7f) * shift;
      if (b < 0x80) return v;
      shift *= 128;
    }
  }

  next(): void {
    this.pc = this.nextPc;
    if (this.done) return;
    if (this.at >= this.data.length) {
      this.done = true;
      return;
    }
    const u = this.uvarint();
    if (this.done) return;
    if (u === 0 && !this.first) {
      this.done = true;
      return;
    }
    this.first = false;
    this.value += u % 2 === 0 ? u / 2 : -(u + 1) / 2;
    this.nextPc = this.pc + this.uvarint() * this.unit;
  }

  /** Bytes consumed so far. */
  get consumed(): number {
    return this.at;
  }
}

/** The value at a code offset, -1 where the table says nothing. */
export function pcValueAt(data: Uint8Array, pc: number, unit = 1): number {
  const r = new PcValueReader(data, unit);
  while (!r.done) {
    if (pc < r.nextPc) return r.value;
    r.next();
  }
  return -1;
}

/** A table with other values. */
export function mapPcValues(data: Uint8Array, to: (value: number) => number): Uint8Array {
  if (data.length === 0) return data;
  const r = new PcValueReader(data);
  const t = new PcValueTable();
  let size = 0;
  while (!r.done) {
    t.add(r.pc, to(r.value));
    size = r.nextPc;
    r.next();
  }
  return t.finish(size);
}
