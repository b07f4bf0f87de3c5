/** Signed notes (golang.org/x/mod/sumdb/note): a text, a blank line, signatures. */

import { fromBase64 } from '#base/base64.ts';
import { decodeText, encodeText } from '#base/bytes.ts';
import type { Host } from '#host/host.ts';
import { ModError } from './errors.ts';

export interface Verifier {
  readonly name: string;
  readonly hash: number;
  readonly key: Uint8Array;
}

const ed25519 = 1;

/** From "name+hash+key". */
export function newVerifier(host: Host, text: string): Verifier {
  const m = /^([^+\s]+)\+([0-9a-fA-F]{8})\+(.+)$/s.exec(text);
  const key = m === null ? null : fromBase64(m[3]);
  if (m === null || key === null || key.length === 0) throw new ModError('malformed verifier id');
  const named = encodeText(`${m[1]}\n`);
  const both = new Uint8Array(named.length + key.length);
  both.set(named);
  both.set(key, named.length);
  const hash = bigEndian(host.sha256(both));
  if (hash !== Number.parseInt(m[2], 16)) throw new ModError('invalid verifier hash');
  if (key[0] !== ed25519) throw new ModError('unknown verifier algorithm');
  if (key.length !== 33) throw new ModError('malformed verifier id');
  return { name: m[1], hash, key: key.subarray(1) };
}

function bigEndian(b: Uint8Array): number {
  return new DataView(b.buffer, b.byteOffset).getUint32(0);
}

/** The text of a note that the verifier has signed. Throws. */
export function openNote(host: Host, note: Uint8Array, verifier: Verifier): string {
  const text = decodeText(note);
  const split = text.lastIndexOf('\n\n');
  if (split < 0 || !text.endsWith('\n') || /[^\P{Cc}\n]|\ufffd/u.test(text)) throw new ModError('malformed note');
  const signed = text.slice(0, split + 1);
  let isVerified = false;
  for (const line of text.slice(split + 2, -1).split('\n')) {
    const m = /^\u2014 (\S+) (\S+)$/.exec(line);
    const signature = m === null ? null : fromBase64(m[2]);
    if (m === null || signature === null || signature.length < 5) throw new ModError('malformed note');
    if (m[1] !== verifier.name || bigEndian(signature) !== verifier.hash) continue;
    if (!host.verifyEd25519(verifier.key, encodeText(signed), signature.subarray(4)))
      throw new ModError(`invalid signature for key ${verifier.name}+${verifier.hash.toString(16).padStart(8, '0')}`);
    isVerified = true;
  }
  if (!isVerified) throw new ModError('note has no verifiable signatures');
  return signed;
}
