/** Identities: SHA-256 sums of labelled parts, as 64 hexadecimal digits. */
import { encodeText, hexText } from '#base/bytes.ts';
import { quote } from '#base/quote.ts';

/** `tell` hears what identities are made of (GODEBUG=gocachehash=1). */
export type Sum = ((data: Uint8Array) => Uint8Array) & { readonly tell?: (line: string) => void };

/** Hexadecimal digits of an identity. */
export const idLength = 64;

/** The identity of a file's content. */
export function fileId(sum: Sum, path: string, data: Uint8Array): string {
  const id = contentId(sum, data);
  sum.tell?.(`HASH ${path}: ${id}`);
  return id;
}

/** The identity of bytes by themselves. */
export function contentId(sum: Sum, data: Uint8Array): string {
  return hexText(sum(data));
}

/** Collects what an identity stands for. Every part has a label and a length, so that different parts never read the same. */
export class Fingerprint {
  private readonly sum: Sum;
  private parts: string;
  private readonly purpose: string;

  constructor(sum: Sum, purpose: string) {
    this.sum = sum;
    this.parts = '';
    this.purpose = purpose;
    sum.tell?.(`HASH[${purpose}]`);
    this.add('purpose', purpose);
  }

  add(label: string, value: string): void {
    this.parts += `${label} ${value.length}\n${value}\n`;
    this.sum.tell?.(`HASH[${this.purpose}]: ${quote(`${label} ${value}\n`)}`);
  }

  finish(): string {
    const id = contentId(this.sum, encodeText(this.parts));
    this.sum.tell?.(`HASH[${this.purpose}]: ${id}`);
    return id;
  }
}
