/**
 * go:fipsinfo: markers around the FIPS parts of each section and a checksum over them, which crypto/internal/fips140/check
 * compares. Source: cmd/link/internal/ld/fips140.go.
 */
import { encodeText } from '#base/bytes.ts';
import * as ObjAttr from '#obj/attributes.ts';
import { Builder, createSymbol, setContent } from './builder.ts';
import type { Link } from './context.ts';
import * as Kind from './kinds.ts';
import type { Layout, Segment } from './layout.ts';
import { lookup, Version0 } from './loader.ts';

const magic = new Uint8Array([0xff, ...encodeText(' Go fipsinfo '), 0xff, 0]);
const sumLength = 32;

const markers: readonly (readonly [name: string, kind: number])[] = [
  ['go:textfipsstart', Kind.TextFipsStart],
  ['go:textfipsend', Kind.TextFipsEnd],
  ['go:rodatafipsstart', Kind.RodataFipsStart],
  ['go:rodatafipsend', Kind.RodataFipsEnd],
  ['go:noptrdatafipsstart', Kind.NoPtrDataFipsStart],
  ['go:noptrdatafipsend', Kind.NoPtrDataFipsEnd],
  ['go:datafipsstart', Kind.DataFipsStart],
  ['go:datafipsend', Kind.DataFipsEnd],
];

/** The record and its markers; they are kept if something refers to the record. */
export function addFipsInfo(link: Link): void {
  const l = link.loader;
  const b = new Builder(128);
  b.w.bytes(magic);
  b.w.zeros(sumLength);
  const info = createSymbol(l, 'go:fipsinfo', Kind.FipsInfo);
  b.address(info);
  for (const [name, kind] of markers) {
    const s = createSymbol(l, name, kind);
    l.attrs[s] |= ObjAttr.Local;
    l.size[s] = 1;
    b.address(s);
    if (Kind.isText(kind)) link.externalText.push(s);
  }
  setContent(l, info, Kind.FipsInfo, b);
  link.fipsInfo = info;
}

/** HMAC-SHA-256 (RFC 2104) with a key of 32 zero bytes. */
function hmac(link: Link, parts: readonly Uint8Array[]): Uint8Array {
  const inner = concat([new Uint8Array(64).fill(0x36), ...parts]);
  return link.host.sha256(concat([new Uint8Array(64).fill(0x5c), link.host.sha256(inner)]));
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) {
    out.set(p, at);
    at += p.length;
  }
  return out;
}

/** Computes the checksum over the written image and stores it. */
export function sumFips(link: Link, layout: Layout, out: Uint8Array): void {
  const l = link.loader;
  const segments: Segment[] = [layout.text, layout.rodata, layout.data, layout.data];
  const parts: Uint8Array[] = [encodeText('go fips object v1\n')];
  for (let i = 0; i < markers.length; i += 2) {
    const start = l.value[lookup(l, markers[i][0], Version0)];
    const end = l.value[lookup(l, markers[i + 1][0], Version0)];
    const seg = segments[i / 2];
    if (!(seg.address <= start && start <= end && end <= seg.address + seg.fileLength)) {
      link.error(`asmbfips: ${markers[i][0]} not in expected segment`);
      return;
    }
    const length = new Uint8Array(8);
    new DataView(length.buffer).setUint32(4, end - start, false);
    const at = start - seg.address + seg.fileOffset;
    parts.push(length, out.subarray(at, at + end - start));
  }
  if (link.options.keepFipsObject) link.fipsObject = concat(parts);
  const at = l.value[link.fipsInfo] - layout.data.address + layout.data.fileOffset + magic.length;
  out.set(hmac(link, parts), at);
}
