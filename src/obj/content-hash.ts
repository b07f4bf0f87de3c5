/**
 * Identity by content: a hash over size, section, bytes and relocations that is the same in every object
 * (cmd/internal/obj/objfile.go, contentHash).
 */
import { ByteWriter, encodeText } from '#base/bytes.ts';
import * as Attr from './attributes.ts';
import * as F from './format.ts';
import type { LinkSymbol } from './symbol.ts';
import type { Sha256, SymbolRef } from './write.ts';

const funcPrefixes = ['gcargs.', 'gclocals.', 'gclocals·'];
const funcSuffixes = ['.opendefer', '.arginfo0', '.arginfo1', '.argliveinfo', '.wrapinfo', '.args_stackmap', '.stkobj'];
const sectionPcdata = 0x50;
const sectionFuncdata = 0x46;
const sectionType = 0x54;

/** Symbols are merged only within a section: 'P' tables, 'F' funcdata, 'T' types, 0 the rest. */
export function hashSection(s: LinkSymbol): number {
  if ((s.attrs & Attr.PcData) !== 0) return sectionPcdata;
  const { name } = s;
  if (funcPrefixes.some((p) => name.startsWith(p)) || funcSuffixes.some((x) => name.endsWith(x)))
    return sectionFuncdata;
  return name.startsWith('type:') ? sectionType : 0;
}

const hashSize = 16;

export function contentHash(
  s: LinkSymbol,
  refs: ReadonlyMap<LinkSymbol, SymbolRef>,
  packagePath: string,
  sha256: Sha256,
): Uint8Array {
  const w = new ByteWriter(64 + s.data.length);
  // The Go tools' SHA-256 begins with this byte, so that it is not taken for the ordinary one (cmd/internal/hash).
  w.u8(1);
  w.i64(s.size);
  w.u8(hashSection(s));
  let end = s.data.length;
  while (end > 0 && s.data[end - 1] === 0) end--;
  w.bytes(s.data.subarray(0, end));
  const r = s.relocs;
  if (r !== null) {
    const order = [...r.offsets.keys()].sort((a, b) => r.offsets[a] - r.offsets[b]);
    for (const k of order) {
      w.u32(r.offsets[k]);
      w.u8(r.size(k));
      w.u8(r.type(k) & 0xff);
      w.i64(r.addends[k]);
      const target = r.targets[k];
      if (target !== null) hashTarget(w, target, refs, packagePath, sha256);
    }
  }
  return sha256(w.finish()).subarray(0, hashSize);
}

function hashTarget(
  w: ByteWriter,
  target: LinkSymbol,
  refs: ReadonlyMap<LinkSymbol, SymbolRef>,
  packagePath: string,
  sha256: Sha256,
): void {
  const ref = refs.get(target) ?? { pkg: 0, index: 0 };
  switch (ref.pkg) {
    case F.PkgHashed64: {
      w.u8(0);
      const b = new Uint8Array(8);
      b.set(target.data.subarray(0, 8));
      w.bytes(b);
      return;
    }
    case F.PkgHashed:
      w.u8(1);
      w.bytes(contentHash(target, refs, packagePath, sha256));
      return;
    case F.PkgNone:
      w.u8(2);
      w.bytes(encodeText(target.name));
      return;
    case F.PkgBuiltin:
      w.u8(3);
      w.u32(ref.index);
      return;
    default:
      w.bytes(encodeText(ref.path ?? packagePath));
      w.u32(ref.index);
  }
}
