/**
 * The bit stream of unified export data (internal/pkgbits, version 2): sections of elements; each element is a table of the elements it
 * refers to, then its data, which names them by their place in that table. Strings are byte strings, a character each.
 */
import { bug } from '#base/bug.ts';
import { ByteWriter } from '#base/bytes.ts';
import type { Sha256 } from '#obj/write.ts';

export const Text = 0;
export const Meta = 1;
export const PosBase = 2;
export const Pkg = 3;
export const Name = 4;
export const Type = 5;
export const Obj = 6;
export const ObjExt = 7;
export const ObjDict = 8;
export const Body = 9;
const sections = 10;

const version = 2;
const flagSyncMarkers = 1;
const fingerprintSize = 8;

export class Encoder {
  private readonly sections: Uint8Array[][];
  private readonly strings: Map<string, number>;

  constructor() {
    this.sections = [];
    for (let i = 0; i < sections; i++) this.sections.push([]);
    this.strings = new Map();
  }

  string(text: string): number {
    let i = this.strings.get(text);
    if (i === undefined) {
      i = this.sections[Text].length;
      this.strings.set(text, i);
      this.sections[Text].push(latin1(text));
    }
    return i;
  }

  element(section: number): Element {
    const list = this.sections[section];
    list.push(new Uint8Array(0));
    return new Element(this, section, list.length - 1);
  }

  set(section: number, index: number, data: Uint8Array): void {
    this.sections[section][index] = data;
  }

  /** The finished data; its last 8 bytes are its fingerprint. */
  finish(sha256: Sha256): Uint8Array {
    const w = new ByteWriter(1 << 16);
    w.u32(version);
    w.u32(0);
    let n = 0;
    for (const list of this.sections) {
      n += list.length;
      w.u32(n);
    }
    let end = 0;
    for (const list of this.sections) {
      for (const e of list) {
        end += e.length;
        w.u32(end);
      }
    }
    for (const list of this.sections) for (const e of list) w.bytes(e);
    w.bytes(sha256(w.bytesView().slice()).subarray(0, fingerprintSize));
    return w.finish();
  }
}

/** An element being written. */
export class Element {
  readonly index: number;
  private readonly encoder: Encoder;
  private readonly section: number;
  private readonly refs: number[];
  private readonly places: Map<string, number>;
  private readonly data: ByteWriter;

  constructor(encoder: Encoder, section: number, index: number) {
    this.encoder = encoder;
    this.section = section;
    this.index = index;
    this.refs = [];
    this.places = new Map();
    this.data = new ByteWriter(64);
  }

  bool(b: boolean): boolean {
    this.data.u8(b ? 1 : 0);
    return b;
  }

  /** Not negative. */
  len(n: number): void {
    uvarint(this.data, BigInt(n));
  }

  int(n: number | bigint): void {
    const x = BigInt(n);
    uvarint(this.data, x < 0n ? (-x << 1n) - 1n : x << 1n);
  }

  ref(section: number, index: number): void {
    const key = `${section} ${index}`;
    let place = this.places.get(key);
    if (place === undefined) {
      place = this.refs.length / 2;
      this.places.set(key, place);
      this.refs.push(section, index);
    }
    this.len(place);
  }

  string(text: string): void {
    this.ref(Text, this.encoder.string(text));
  }

  /** A table and data as they stand in other export data, the references translated. */
  copy(refs: readonly number[], data: Uint8Array): void {
    this.refs.push(...refs);
    this.data.bytes(data);
  }

  finish(): number {
    const w = new ByteWriter(this.data.length + 16);
    w.uleb(this.refs.length / 2);
    for (const n of this.refs) w.uleb(n);
    w.bytes(this.data.finish());
    this.encoder.set(this.section, this.index, w.finish());
    return this.index;
  }
}

export class ExportDataError extends Error {}

/** Export data to be read. */
export class Decoder {
  readonly file: string;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly starts: number[];
  private readonly table: number;
  private readonly content: number;

  constructor(file: string, bytes: Uint8Array) {
    this.file = file;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < 8 + 4 * sections || this.view.getUint32(0, true) !== version)
      this.fail('export data of another version');
    if ((this.view.getUint32(4, true) & flagSyncMarkers) !== 0) this.fail('export data with synchronisation markers');
    this.starts = [0];
    for (let i = 0; i < sections; i++) this.starts.push(this.view.getUint32(8 + 4 * i, true));
    this.table = 8 + 4 * sections;
    this.content = this.table + 4 * this.starts[sections];
    if (this.content > bytes.length) this.fail('truncated export data');
  }

  fail(reason: string): never {
    throw new ExportDataError(`${this.file}: ${reason}`);
  }

  count(section: number): number {
    return this.starts[section + 1] - this.starts[section];
  }

  fingerprint(): Uint8Array {
    return this.bytes.slice(this.bytes.length - fingerprintSize);
  }

  raw(section: number, index: number): Uint8Array {
    const i = this.starts[section] + index;
    if (index < 0 || i >= this.starts[section + 1]) this.fail(`no element ${index} in section ${section}`);
    const from = i === 0 ? 0 : this.view.getUint32(this.table + 4 * (i - 1), true);
    const to = this.view.getUint32(this.table + 4 * i, true);
    return this.bytes.subarray(this.content + from, this.content + to);
  }

  string(index: number): string {
    return fromLatin1(this.raw(Text, index));
  }

  element(section: number, index: number): Reader {
    return new Reader(this, this.raw(section, index));
  }
}

/** An element being read. */
export class Reader {
  readonly decoder: Decoder;
  /** Section and index by turns. */
  readonly refs: number[];
  private readonly bytes: Uint8Array;
  private at: number;

  constructor(decoder: Decoder, bytes: Uint8Array) {
    this.decoder = decoder;
    this.bytes = bytes;
    this.at = 0;
    this.refs = [];
    const n = this.len();
    for (let i = 0; i < 2 * n; i++) this.refs.push(this.len());
  }

  rest(): Uint8Array {
    return this.bytes.subarray(this.at);
  }

  bool(): boolean {
    return this.bytes[this.at++] !== 0;
  }

  len(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      if (this.at >= this.bytes.length) this.decoder.fail('truncated element');
      const b = this.bytes[this.at++];
      value += (b & 0x7f) * scale;
      if (b < 0x80) return value;
      scale *= 128;
    }
  }

  /** The index of what is referred to; its section must be the given one. */
  ref(section: number): number {
    const place = this.len();
    if (this.refs[2 * place] !== section)
      this.decoder.fail(`reference to section ${this.refs[2 * place]} instead of ${section}`);
    return this.refs[2 * place + 1];
  }

  string(): string {
    return this.decoder.string(this.ref(Text));
  }
}

function uvarint(w: ByteWriter, value: bigint): void {
  let v = value;
  if (v < 0n) bug('negative length');
  while (v >= 0x80n) {
    w.u8(Number(v & 0x7fn) | 0x80);
    v >>= 7n;
  }
  w.u8(Number(v));
}

function latin1(text: string): Uint8Array {
  const b = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) b[i] = text.charCodeAt(i);
  return b;
}

function fromLatin1(bytes: Uint8Array): string {
  let text = '';
  for (const b of bytes) text += String.fromCharCode(b);
  return text;
}
