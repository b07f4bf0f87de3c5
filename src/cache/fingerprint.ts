/** Identities: SHA-256 sums of labelled parts, as 64 hexadecimal digits. */
import { ByteWriter, encodeText, hexText } from '#base/bytes.ts';

export type Sum = (data: Uint8Array) => Uint8Array;

/** Hexadecimal digits of an identity. */
export const idLength = 64;

/** The identity of bytes by themselves. */
export function contentId(sum: Sum, data: Uint8Array): string {
  return hexText(sum(data));
}

/** Collects what an identity stands for. Every part has a label and a length, so that different parts never read the same. */
export class Fingerprint {
  private readonly sum: Sum;
  private readonly parts: ByteWriter;

  constructor(sum: Sum, purpose: string) {
    this.sum = sum;
    this.parts = new ByteWriter(1024);
    this.add('purpose', purpose);
  }

  add(label: string, value: string): void {
    const data = encodeText(value);
    this.parts.text(`${label} ${data.length}\n`);
    this.parts.bytes(data);
    this.parts.u8(10);
  }

  finish(): string {
    return contentId(this.sum, this.parts.finish());
  }
}
