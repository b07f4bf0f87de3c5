/**
 * Reading "go120ld" objects. The reader checks the frame (header, block table, index blocks) at once and everything else when
 * it is asked for; whatever it finds damaged is an ObjectError with file, offset and reason. It copies nothing: the linker
 * keeps millions of relocations as bytes until the symbol that owns them turns out to be reachable.
 */
import { decodeText, decodeTextAt } from '#base/bytes.ts';
import { ObjectError, startsWith } from './archive.ts';
import * as F from './format.ts';

export class ObjectReader {
  /** For messages: path, or path(member). */
  readonly file: string;
  /** The binary part, from the magic on. */
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Offset of the binary in the file, for messages. */
  readonly base: number;
  readonly offsets: Int32Array;
  readonly flags: number;
  readonly defCount: number;
  readonly hashed64Count: number;
  readonly hashedCount: number;
  readonly nonPkgDefCount: number;
  readonly nonPkgRefCount: number;
  /** All definitions: the numbering of symbols in relocation, auxiliary and data indices. */
  readonly definedCount: number;
  /** Definitions and references by name. */
  readonly symbolCount: number;
  /** Numbers of the first symbols with long hashes, and of the first one by name. */
  readonly firstHashed: number;
  readonly firstNamed: number;

  /** `isTrusted`: the indexes are known to be right. */
  constructor(file: string, bytes: Uint8Array, base: number, isTrusted = false) {
    this.file = file;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.base = base;
    if (!startsWith(bytes, 0, F.magic)) this.fail(0, 'wrong magic, not a Go object file');
    if (bytes.length < F.headerSize) this.fail(0, 'truncated header');
    this.flags = this.view.getInt32(16, true) >>> 0;
    this.offsets = this.readOffsets();
    this.defCount = this.count(F.BlockDefs);
    this.hashed64Count = this.count(F.BlockHashed64Defs);
    this.hashedCount = this.count(F.BlockHashedDefs);
    this.nonPkgDefCount = this.count(F.BlockNonPkgDefs);
    this.nonPkgRefCount = this.count(F.BlockNonPkgRefs);
    this.definedCount = this.defCount + this.hashed64Count + this.hashedCount + this.nonPkgDefCount;
    this.symbolCount = this.definedCount + this.nonPkgRefCount;
    this.firstHashed = this.defCount + this.hashed64Count;
    this.firstNamed = this.firstHashed + this.hashedCount;
    if (!isTrusted) this.checkCounts();
  }

  fail(offset: number, reason: string): never {
    throw new ObjectError(this.file, this.base + offset, reason);
  }

  private readOffsets(): Int32Array {
    const offsets = new Int32Array(F.blockCount);
    let previous = F.headerSize;
    for (let i = 0; i < F.blockCount; i++) {
      const o = this.view.getInt32(20 + 4 * i, true) >>> 0;
      if (o < previous || o > this.bytes.length)
        this.fail(20 + 4 * i, `block ${F.blockNames[i]} at ${o} is out of order`);
      if (i > 0 && (o - previous) % F.recordSizes[i - 1] !== 0) {
        this.fail(20 + 4 * i, `block ${F.blockNames[i - 1]} is not a multiple of ${F.recordSizes[i - 1]} bytes`);
      }
      offsets[i] = o;
      previous = o;
    }
    return offsets;
  }

  private checkCounts(): void {
    if (this.count(F.BlockHash64) !== this.hashed64Count)
      this.fail(this.offsets[F.BlockHash64], 'one Hash64 per definition expected');
    if (this.count(F.BlockHash) !== this.hashedCount)
      this.fail(this.offsets[F.BlockHash], 'one Hash per definition expected');
    this.checkIndex(F.BlockRelocIndex, this.count(F.BlockRelocs));
    this.checkIndex(F.BlockAuxIndex, this.count(F.BlockAux));
    this.checkIndex(F.BlockDataIndex, this.count(F.BlockData));
  }

  /** An index block has one entry per definition and one more, ascending up to the size of what it indexes. */
  private checkIndex(block: number, limit: number): void {
    const at = this.offsets[block];
    if (this.count(block) !== this.definedCount + 1)
      this.fail(at, `block ${F.blockNames[block]} has a wrong number of entries`);
    let previous = 0;
    const { view, definedCount } = this;
    for (let i = 0; i <= definedCount; i++) {
      const v = view.getInt32(at + 4 * i, true) >>> 0;
      if (v < previous || v > limit) this.fail(at + 4 * i, `block ${F.blockNames[block]} entry ${i} is out of order`);
      previous = v;
    }
  }

  count(block: number): number {
    return (this.offsets[block + 1] - this.offsets[block]) / F.recordSizes[block];
  }

  u32(offset: number): number {
    return this.view.getInt32(offset, true) >>> 0;
  }

  /** The bytes of a string reference {length, offset}. */
  stringBytes(offset: number): Uint8Array {
    const length = this.view.getInt32(offset, true) >>> 0;
    const start = this.view.getInt32(offset + 4, true) >>> 0;
    if (start + length > this.bytes.length)
      this.fail(offset, `string of ${length} bytes at ${start} is outside of the object`);
    return this.bytes.subarray(start, start + length);
  }

  string(offset: number): string {
    const length = this.view.getInt32(offset, true) >>> 0;
    const start = this.view.getInt32(offset + 4, true) >>> 0;
    if (start + length > this.bytes.length)
      this.fail(offset, `string of ${length} bytes at ${start} is outside of the object`);
    return decodeTextAt(this.bytes, start, length);
  }

  fingerprint(): Uint8Array {
    return this.bytes.subarray(8, 16);
  }

  autolib(i: number): { path: string; fingerprint: Uint8Array } {
    const at = this.offsets[F.BlockAutolib] + 16 * i;
    return { path: this.string(at), fingerprint: this.bytes.subarray(at + 8, at + 16) };
  }

  package(i: number): string {
    return this.string(this.offsets[F.BlockPackages] + 8 * i);
  }

  fileName(i: number): string {
    if (i >= this.count(F.BlockFiles)) this.fail(this.offsets[F.BlockFiles], `no file ${i} in the file table`);
    return this.string(this.offsets[F.BlockFiles] + 8 * i);
  }

  /** Offset of the record of symbol i (definitions, then references). */
  symbolAt(i: number): number {
    if (i >= this.symbolCount) this.fail(this.offsets[F.BlockDefs], `no symbol ${i} in the object`);
    return this.offsets[F.BlockDefs] + F.symbolSize * i;
  }

  name(i: number): string {
    return this.string(this.symbolAt(i));
  }

  /** 0, 1 or 0xffff. */
  abi(i: number): number {
    const at = this.symbolAt(i) + 8;
    const abi = this.view.getInt16(at, true) & 0xffff;
    if (abi > 1 && abi !== 0xffff) this.fail(at, `invalid symbol ABI: ${abi}`);
    return abi;
  }

  kind(i: number): number {
    return this.bytes[this.symbolAt(i) + 10];
  }

  /** Both flag bytes as in attributes.ts. */
  attrs(i: number): number {
    return this.view.getInt16(this.symbolAt(i) + 11, true) & 0xffff;
  }

  size(i: number): number {
    return this.view.getInt32(this.symbolAt(i) + 13, true) >>> 0;
  }

  align(i: number): number {
    return this.view.getInt32(this.symbolAt(i) + 17, true) >>> 0;
  }

  relocStart(i: number): number {
    return this.u32(this.offsets[F.BlockRelocIndex] + 4 * i);
  }

  relocCount(i: number): number {
    return this.relocStart(i + 1) - this.relocStart(i);
  }

  /** Offset of relocation record n (counted over the whole object). */
  relocAt(n: number): number {
    return this.offsets[F.BlockRelocs] + F.relocSize * n;
  }

  auxStart(i: number): number {
    return this.u32(this.offsets[F.BlockAuxIndex] + 4 * i);
  }

  auxAt(n: number): number {
    return this.offsets[F.BlockAux] + F.auxSize * n;
  }

  /** Offset of the content of symbol i. */
  dataStart(i: number): number {
    return this.offsets[F.BlockData] + this.u32(this.offsets[F.BlockDataIndex] + 4 * i);
  }

  dataLength(i: number): number {
    const at = this.offsets[F.BlockDataIndex] + 4 * i;
    return this.u32(at + 4) - this.u32(at);
  }

  data(i: number): Uint8Array {
    const at = this.offsets[F.BlockDataIndex] + 4 * i;
    const base = this.offsets[F.BlockData];
    return this.bytes.subarray(base + this.u32(at), base + this.u32(at + 4));
  }

  /**
   * The symbol a reference {package, index} at this offset means within this object, or a negative number: -1 for nil,
   * -2 for a runtime entry point, -3 for a symbol of another package.
   */
  localRef(offset: number): number {
    const pkg = this.view.getInt32(offset, true) >>> 0;
    const index = this.view.getInt32(offset + 4, true) >>> 0;
    let i: number;
    let end: number;
    if (pkg === F.PkgNone) {
      i = this.firstNamed + index;
      end = this.symbolCount;
    } else if (pkg === F.PkgSelf) {
      i = index;
      end = this.defCount;
    } else if (pkg === F.PkgHashed) {
      i = this.firstHashed + index;
      end = this.firstNamed;
    } else if (pkg === F.PkgHashed64) {
      i = this.defCount + index;
      end = this.firstHashed;
    } else if (pkg === F.PkgBuiltin) {
      return -2;
    } else if (pkg === 0) {
      if (index !== 0) this.fail(offset, `symbol reference {0, ${index}}`);
      return -1;
    } else {
      if (pkg >= this.count(F.BlockPackages)) this.fail(offset, `no package ${pkg} in the package table`);
      return -3;
    }
    if (i >= end) this.fail(offset, `symbol reference {${pkg}, ${index}} is outside of its block`);
    return i;
  }
}

export interface GoObjectFrame {
  /** "go object linux amd64 go1.26.8 GOAMD64=v1 X:..." */
  header: string;
  /** Lines of the text part after the header line. */
  buildId: string;
  isMain: boolean;
  /** JSON of the cgo pragmas, "" if there are none. */
  cgoPragmas: string;
  /** Offset of the binary in the member. */
  binary: number;
}

const newline = 10;

/** The text part of a Go object member; null if it is not a Go object. Throws ObjectError. */
export function readFrame(file: string, data: Uint8Array, base: number): GoObjectFrame | null {
  if (!startsWith(data, 0, F.objectHeaderStart)) return null;
  const frame: GoObjectFrame = { header: '', buildId: '', isMain: false, cgoPragmas: '', binary: 0 };
  let at = 0;
  let line = 0;
  for (;;) {
    const end = data.indexOf(newline, at);
    if (end < 0 || end - at > 65536) throw new ObjectError(file, base + at, 'truncated object header');
    const text = decodeText(data.subarray(at, end));
    if (line === 0) frame.header = text;
    else if (text.startsWith('build id ')) frame.buildId = text.slice(9);
    else if (text === 'main') frame.isMain = true;
    else if (text.startsWith('$$  // cgo')) {
      const close = findText(data, '\n$$\n', end);
      if (close < 0) throw new ObjectError(file, base + at, 'cannot find end of cgo section');
      frame.cgoPragmas = decodeText(data.subarray(end + 1, close));
      at = close + 4;
      continue;
    } else if (text === '!') {
      frame.binary = end + 1;
      return frame;
    }
    at = end + 1;
    line++;
  }
}

function findText(data: Uint8Array, text: string, from: number): number {
  for (let i = data.indexOf(text.charCodeAt(0), from); i >= 0; i = data.indexOf(text.charCodeAt(0), i + 1)) {
    if (startsWith(data, i, text)) return i;
  }
  return -1;
}
