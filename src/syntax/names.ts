/** The table of names: one string per name, found by its bytes without making a string first. Keywords are in it with their tokens. */
import * as Tok from './tokens.ts';

export class NameTable {
  /** Open addressing: index + 1 of the entry, or 0. */
  slots: Int32Array;
  hashes: Int32Array;
  strings: string[];
  /** The keyword token of an entry, or 0. */
  tokens: Uint8Array;
  count: number;

  constructor() {
    this.slots = new Int32Array(1 << 14);
    this.hashes = new Int32Array(1 << 13);
    this.strings = [];
    this.tokens = new Uint8Array(1 << 13);
    this.count = 0;
    const encoder = new TextEncoder();
    for (let tok = Tok.Break; tok <= Tok.Var; tok++) {
      const bytes = encoder.encode(Tok.text[tok]);
      this.tokens[lookup(this, bytes, 0, bytes.length, hashOf(bytes, 0, bytes.length))] = tok;
    }
  }
}

/** The hash that `lookup` expects; the scanner computes the same while it reads a name. */
export function hashOf(text: Uint8Array, start: number, end: number): number {
  let h = 0;
  for (let i = start; i < end; i++) h = (Math.imul(h, 31) + text[i]) | 0;
  return h;
}

/** The entry of the text between two offsets. */
export function lookup(t: NameTable, text: Uint8Array, start: number, end: number, hash: number): number {
  const mask = t.slots.length - 1;
  let slot = Math.imul(hash, 0x9e3779b1) >>> 7;
  for (;;) {
    slot &= mask;
    const entry = t.slots[slot] - 1;
    if (entry < 0) break;
    if (t.hashes[entry] === hash && sameText(t.strings[entry], text, start, end)) return entry;
    slot++;
  }
  if (t.count === t.hashes.length) {
    grow(t);
    return lookup(t, text, start, end, hash);
  }
  const entry = t.count++;
  t.slots[slot] = entry + 1;
  t.hashes[entry] = hash;
  t.strings.push(makeString(text, start, end));
  return entry;
}

function sameText(s: string, text: Uint8Array, start: number, end: number): boolean {
  const n = end - start;
  if (s.length !== n) return s.length < n && hasNonAscii(text, start, end) && s === makeString(text, start, end);
  for (let i = 0; i < n; i++) if (s.charCodeAt(i) !== text[start + i]) return false;
  return true;
}

function hasNonAscii(text: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (text[i] >= 0x80) return true;
  return false;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The text between two offsets as a string of its own. */
export function makeString(text: Uint8Array, start: number, end: number): string {
  if (end - start > 24) return decoder.decode(text.subarray(start, end));
  let s = '';
  for (let i = start; i < end; i++) {
    const c = text[i];
    if (c >= 0x80) return decoder.decode(text.subarray(start, end));
    s += String.fromCharCode(c);
  }
  return s;
}

function grow(t: NameTable): void {
  const hashes = new Int32Array(t.hashes.length * 2);
  hashes.set(t.hashes);
  t.hashes = hashes;
  const tokens = new Uint8Array(t.tokens.length * 2);
  tokens.set(t.tokens);
  t.tokens = tokens;
  const slots = new Int32Array(t.slots.length * 2);
  const mask = slots.length - 1;
  for (let entry = 0; entry < t.count; entry++) {
    let slot = Math.imul(hashes[entry], 0x9e3779b1) >>> 7;
    while (slots[(slot &= mask)] !== 0) slot++;
    slots[slot] = entry + 1;
  }
  t.slots = slots;
}
