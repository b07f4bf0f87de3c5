/** The hash of a module's files that go.sum holds (golang.org/x/mod/sumdb/dirhash, Hash1). */
import { base64 } from '#base/base64.ts';
import { compareText, encodeText, hexText } from '#base/bytes.ts';
import type { Host } from '#host/host.ts';
import { ModError } from './errors.ts';

/** Over the hashes of single files: SHA-256 of lines "hash  name", sorted by name. */
export class DirectoryHash {
  private readonly host: Host;
  private readonly lines: { name: string; hash: string }[];

  constructor(host: Host) {
    this.host = host;
    this.lines = [];
  }

  add(name: string, content: Uint8Array): void {
    if (name.includes('\n')) throw new ModError('dirhash: filenames with newlines are not supported');
    this.lines.push({ name, hash: hexText(this.host.sha256(content)) });
  }

  finish(): string {
    this.lines.sort((a, b) => compareText(a.name, b.name));
    const text = this.lines.map((l) => `${l.hash}  ${l.name}\n`).join('');
    return `h1:${base64(this.host.sha256(encodeText(text)))}`;
  }
}

/** As go.sum lists go.mod files. */
export function goModHash(host: Host, text: Uint8Array): string {
  const h = new DirectoryHash(host);
  h.add('go.mod', text);
  return h.finish();
}
