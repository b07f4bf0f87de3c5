/** Compares an object in memory with one that an official tool wrote, symbol by symbol. */

import * as Attr from '#obj/attributes.ts';
import { builtinAbi, builtinName } from '#obj/builtins.ts';
import * as F from '#obj/format.ts';
import * as Kind from '#obj/kinds.ts';
import type { ObjectFile } from '#obj/object.ts';
import { ObjectReader, readFrame } from '#obj/reader.ts';
import { relocName } from '#obj/reloc-types.ts';
import type { FuncInfo, LinkSymbol } from '#obj/symbol.ts';

export function readObject(path: string, data: Uint8Array): ObjectReader {
  const frame = readFrame(path, data, 0);
  if (frame === null) throw new Error(`${path}: not a Go object`);
  return new ObjectReader(path, data.subarray(frame.binary), frame.binary);
}

function hex(b: Uint8Array): string {
  return Buffer.from(b).toString('hex');
}

function refName(r: ObjectReader, at: number): string {
  const i = r.localRef(at);
  if (i >= 0) return `${r.name(i)}#${r.abi(i)}`;
  if (i === -1) return 'nil';
  if (i === -2) {
    const b = r.u32(at + 4);
    return `${builtinName(b)}#${builtinAbi(b)}`;
  }
  return `package ${r.package(r.u32(at))} symbol ${r.u32(at + 4)}`;
}

/** Relocations as text, sorted by offset as objects have them. */
function officialRelocs(r: ObjectReader, i: number): string[] {
  const out: string[] = [];
  for (let n = r.relocStart(i); n < r.relocStart(i + 1); n++) {
    const at = r.relocAt(n);
    const v = r.view;
    const addend = v.getInt32(at + 11, true) * 4294967296 + v.getUint32(at + 7, true);
    out.push(
      `${v.getInt32(at, true)}/${r.bytes[at + 4]} ${relocName(v.getUint16(at + 5, true))} ${refName(r, at + 15)}+${addend}`,
    );
  }
  return out;
}

function ourRelocs(s: LinkSymbol): string[] {
  const list = s.relocs;
  if (list === null) return [];
  const order = [...list.offsets.keys()].sort((a, b) => list.offsets[a] - list.offsets[b]);
  return order.map((i) => {
    const t = list.targets[i];
    const name = t === null ? 'nil' : `${t.name}#${t.abi}`;
    return `${list.offsets[i]}/${list.size(i)} ${relocName(list.type(i))} ${name}+${list.addends[i]}`;
  });
}

interface OfficialFunc {
  info: string;
  files: string;
  pcsp: string;
  pcfile: string;
  pcline: string;
  pcinline: string;
  pcdata: string[];
  funcdata: string[];
  dwarf: string;
}

function officialFunc(r: ObjectReader, i: number): OfficialFunc {
  const f: OfficialFunc = {
    info: '',
    files: '',
    pcsp: '',
    pcfile: '',
    pcline: '',
    pcinline: '',
    pcdata: [],
    funcdata: [],
    dwarf: '',
  };
  for (let n = r.auxStart(i); n < r.auxStart(i + 1); n++) {
    const at = r.auxAt(n);
    const ref = r.localRef(at + 1);
    const bytes = ref >= 0 && ref < r.definedCount ? hex(r.data(ref)) : '';
    switch (r.bytes[at]) {
      case F.AuxFuncInfo: {
        const d = r.data(ref);
        const v = new DataView(d.buffer, d.byteOffset, d.byteLength);
        f.info = `args=${v.getUint32(0, true) | 0} locals=${v.getUint32(4, true) | 0} id=${d[8]} flag=${d[9]} line=${v.getInt32(12, true)}`;
        const files: string[] = [];
        for (let k = 0; k < v.getUint32(16, true); k++) files.push(r.fileName(v.getUint32(20 + 4 * k, true)));
        f.files = files.join(' ');
        break;
      }
      case F.AuxFuncdata:
        f.funcdata.push(refName(r, at + 1));
        break;
      case F.AuxDwarfInfo:
      case F.AuxDwarfLines:
        f.dwarf += `${bytes} ${officialRelocs(r, ref).join(' ')}; `;
        break;
      case F.AuxPcsp:
        f.pcsp = bytes;
        break;
      case F.AuxPcfile:
        f.pcfile = bytes;
        break;
      case F.AuxPcline:
        f.pcline = bytes;
        break;
      case F.AuxPcinline:
        f.pcinline = bytes;
        break;
      case F.AuxPcdata:
        f.pcdata.push(bytes);
        break;
      default:
    }
  }
  return f;
}

function ourFunc(object: ObjectFile, f: FuncInfo): OfficialFunc {
  return {
    info: `args=${f.args | 0} locals=${f.locals | 0} id=${f.funcId} flag=${f.flags} line=${f.startLine}`,
    files: f.files.map((i) => object.files[i]).join(' '),
    pcsp: hex(f.pcsp),
    pcfile: hex(f.pcfile),
    pcline: hex(f.pcline),
    pcinline: hex(f.pcinline),
    pcdata: f.pcdata.map(hex),
    funcdata: f.funcdata.map((s) => (s === null ? 'nil' : `${s.name}#${s.abi}`)),
    dwarf: [f.dwarfLines, f.dwarfInfo]
      .map((s) => (s === null ? '' : `${hex(s.data)} ${ourRelocs(s).join(' ')}; `))
      .join(''),
  };
}

/** First place where two hex strings differ, with some context. */
function hexDifference(a: string, b: string): string {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  const at = i >> 1;
  const from = Math.max(0, at - 8) * 2;
  return `at ${at}: official ${a.slice(from, from + 64)} ours ${b.slice(from, from + 64)}`;
}

export interface Comparison {
  symbols: number;
  bytes: number;
  relocs: number;
  differences: string[];
}

function compareSymbol(c: Comparison, r: ObjectReader, i: number, object: ObjectFile, s: LinkSymbol): void {
  const label = `${s.name}#${s.abi}`;
  const differ = (what: string, official: unknown, ours: unknown): void => {
    if (String(official) !== String(ours)) c.differences.push(`${label}: ${what}: official ${official} ours ${ours}`);
  };
  differ('kind', Kind.names[r.kind(i)], Kind.names[s.kind]);
  differ('attributes', r.attrs(i).toString(16), (s.attrs & Attr.ObjectMask).toString(16));
  differ('size', r.size(i), s.size);
  differ('align', r.align(i), s.align);
  const official = hex(r.data(i));
  const ours = hex(s.data);
  if (official !== ours) c.differences.push(`${label}: bytes ${hexDifference(official, ours)}`);
  c.symbols++;
  c.bytes += s.data.length;
  const relocs = officialRelocs(r, i);
  c.relocs += relocs.length;
  differ('relocations', relocs.join('\n\t'), ourRelocs(s).join('\n\t'));
  if (s.func === null || !Kind.isText(s.kind)) return;
  const a = officialFunc(r, i);
  const b = ourFunc(object, s.func);
  for (const key of ['info', 'files', 'pcsp', 'pcfile', 'pcline', 'pcinline'] as const) differ(key, a[key], b[key]);
  differ('pcdata', a.pcdata.join(' '), b.pcdata.join(' '));
  const sorted = (text: string): string => text.split('; ').sort().join('; ');
  differ('dwarf', sorted(a.dwarf), sorted(b.dwarf));
  differ('funcdata', a.funcdata.join(' '), b.funcdata.join(' '));
}

/** Every named definition of the official object has its twin among ours, and the other way round. */
export function compareObjects(r: ObjectReader, object: ObjectFile): Comparison {
  const c: Comparison = { symbols: 0, bytes: 0, relocs: 0, differences: [] };
  const ours = new Map<string, LinkSymbol>();
  for (const s of object.symbols) ours.set(`${s.name}#${s.abi}`, s);
  for (let i = 0; i < r.definedCount; i++) {
    const name = r.name(i);
    if (name === '' || Kind.isDwarf(r.kind(i))) continue;
    const key = `${name}#${r.abi(i)}`;
    const s = ours.get(key);
    if (s === undefined) {
      c.differences.push(`${key}: missing (${Kind.names[r.kind(i)]})`);
      continue;
    }
    ours.delete(key);
    compareSymbol(c, r, i, object, s);
  }
  for (const key of ours.keys()) c.differences.push(`${key}: not in the official object`);
  return c;
}
