/** Zip archives of files that are stored as they are (PKWARE's APPNOTE, sections 4.3 and 4.4). */

const localHeader = 0x04034b50;
const centralHeader = 0x02014b50;
const endRecord = 0x06054b50;
/** Version 2.0; names are UTF-8. */
const version = 20;
const utf8Flag = 1 << 11;

export class ZipWriter {
  private readonly parts: Uint8Array[];
  private readonly central: Uint8Array[];
  private offset: number;

  constructor() {
    this.parts = [];
    this.central = [];
    this.offset = 0;
  }

  add(name: Uint8Array, content: Uint8Array): void {
    const common = new Uint8Array(26);
    const view = new DataView(common.buffer);
    const flags = name.some((b) => b >= 0x80) ? utf8Flag : 0;
    view.setUint16(0, version, true);
    view.setUint16(2, flags, true);
    view.setUint32(10, crc32(content), true);
    view.setUint32(14, content.length, true);
    view.setUint32(18, content.length, true);
    view.setUint16(22, name.length, true);
    const made = new Uint8Array(6);
    const start = new DataView(made.buffer);
    start.setUint32(0, centralHeader, true);
    start.setUint16(4, version, true);
    // Comment length, disk, attributes, and where the file begins.
    const rest = new Uint8Array(14);
    new DataView(rest.buffer).setUint32(10, this.offset, true);
    this.central.push(made, common, rest, name);
    this.put(bytesOf32(localHeader));
    this.put(common);
    this.put(name);
    this.put(content);
  }

  private put(part: Uint8Array): void {
    this.parts.push(part);
    this.offset += part.length;
  }

  /** The archive, in pieces. */
  finish(): Uint8Array[] {
    const start = this.offset;
    const count = this.central.length / 4;
    for (const c of this.central) this.put(c);
    const end = new Uint8Array(22);
    const view = new DataView(end.buffer);
    view.setUint32(0, endRecord, true);
    view.setUint16(8, count, true);
    view.setUint16(10, count, true);
    view.setUint32(12, this.offset - start, true);
    view.setUint32(16, start, true);
    this.parts.push(end);
    return this.parts;
  }
}

function bytesOf32(n: number): Uint8Array {
  const b = new Uint8Array(4);
  new DataView(b.buffer).setUint32(0, n, true);
  return b;
}

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

export function crc32(data: Uint8Array): number {
  let c = 0xffffffff;
  for (let i = 0; i < data.length; i++) c = table[(c ^ data[i]) & 0xff] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
