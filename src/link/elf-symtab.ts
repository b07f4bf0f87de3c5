/** .symtab of an ELF image: which symbols, in which order, under which names. Source: cmd/link/internal/ld/symtab.go. */
import { ByteWriter } from '#base/bytes.ts';
import * as ObjAttr from '#obj/attributes.ts';
import * as Attr from './attributes.ts';
import type { Link } from './context.ts';
import { type SectionHeader, symbolSize, writeSymbol } from './formats/elf.ts';
import * as Kind from './kinds.ts';
import {
  isNamed,
  type Loader,
  lookup,
  nameStartsWith,
  symbolName,
  Version0,
  VersionInternal,
  VersionStatic,
  writeName,
} from './loader.ts';

const bindLocal = 0;
const bindGlobal = 1;
const typeNone = 0;
const typeObject = 1;
const typeFunc = 2;
const typeFile = 4;
const visibilityDefault = 0;
const visibilityHidden = 2;
const sectionAbsolute = 0xfff1;
/** Of a record (gABI, Elf64_Sym). */
const sectionField = 6;

export interface SymbolTable {
  symbols: Uint8Array;
  strings: Uint8Array;
  /** Number of local symbols, which come first. */
  locals: number;
}

class TableState {
  readonly link: Link;
  readonly l: Loader;
  readonly w: ByteWriter;
  readonly strings: ByteWriter;
  readonly offsets: Map<string, number>;

  constructor(link: Link) {
    this.link = link;
    this.l = link.loader;
    this.w = new ByteWriter(1 << 18);
    this.strings = new ByteWriter(1 << 18);
    this.offsets = new Map();
  }
}

/** Sections are told by their numbers in the layout, from 1 on, until numberSections. */
export function buildSymbolTable(link: Link): SymbolTable {
  const st = new TableState(link);
  st.strings.u8(0);
  writeSymbol(st.w, 0, bindLocal, typeNone, 0, 0, 0, 0);
  writeSymbol(st.w, string(st, 'go.go'), bindLocal, typeFile, 0, sectionAbsolute, 0, 0);
  const data = dataSymbols(link);
  addAll(st, data, bindLocal);
  const locals = st.w.length / symbolSize;
  addAll(st, data, bindGlobal);
  return { symbols: st.w.finish(), strings: st.strings.finish(), locals };
}

/** Puts in the numbers of the ELF sections; `headers` are these by number in the layout. */
export function numberSections(table: SymbolTable, headers: readonly SectionHeader[]): void {
  const { symbols } = table;
  const view = new DataView(symbols.buffer, symbols.byteOffset, symbols.byteLength);
  for (let at = sectionField; at < symbols.length; at += symbolSize) {
    const section = view.getUint16(at, true);
    if (section !== 0 && section !== sectionAbsolute) view.setUint16(at, headers[section - 1].index, true);
  }
}

function string(st: TableState, name: string): number {
  const at = st.strings.length;
  st.strings.text(name);
  st.strings.u8(0);
  return at;
}

/** What is no code, in order. */
function dataSymbols({ loader: l }: Link): number[] {
  const list: number[] = [];
  const { attrs, kind: kinds, count } = l;
  for (let s = 1; s < count; s++) {
    if ((attrs[s] & Attr.Reachable) === 0) continue;
    const kind = kinds[s];
    if (kind >= Kind.ElfRxSect && kind < Kind.FirstUnallocated) {
      if (kind === Kind.TlsBss || (attrs[s] & Attr.NotInSymtab) !== 0) continue;
      if (isNamed(l, s) && !nameStartsWith(l, s, '.')) list.push(s);
    } else if (kind === Kind.HostObj || kind === Kind.DynImport) list.push(s);
  }
  return list;
}

function addAll(st: TableState, data: readonly number[], bind: number): void {
  const { l, link } = st;
  add(st, lookup(l, 'runtime.text', Version0), typeFunc, bind);
  const textp = link.textp;
  for (let k = 0; k < textp.length; k++) add(st, textp[k], typeFunc, bind);
  add(st, lookup(l, 'runtime.etext', Version0), typeFunc, bind);
  for (let k = 0; k < data.length; k++) {
    const s = data[k];
    add(st, s, l.kind[s] < Kind.FirstUnallocated ? typeObject : typeNone, bind);
  }
}

function add(st: TableState, s: number, type: number, bind: number): void {
  const { l, link } = st;
  const outer = l.outer[s] === 0 ? s : l.outer[s];
  const fileLocal = l.version[s] >= VersionStatic && !symbolName(l, s).includes('..stmp_');
  const local = fileLocal || (l.attrs[s] & (ObjAttr.Local | Attr.Hidden)) !== 0;
  if ((local ? bindLocal : bindGlobal) !== bind) return;
  let section = 0;
  let size = l.size[s];
  const kind = l.kind[outer];
  if (kind === Kind.DynImport || kind === Kind.HostObj) size = 0;
  else {
    const index = l.section[outer];
    if (index < 0) {
      link.error(`${symbolName(l, s)}: missing section in putelfsym`);
      return;
    }
    section = index + 1;
  }
  const name = addName(st, s);
  writeSymbol(
    st.w,
    name,
    bind,
    type,
    (l.attrs[s] & Attr.Hidden) === 0 ? visibilityDefault : visibilityHidden,
    section,
    l.value[s],
    size,
  );
}

/** The name in the table; middle dots are dots there. */
function addName(st: TableState, s: number): number {
  const { l, strings } = st;
  const name = tableName(l, s);
  if (name !== null) return string(st, name.includes('·') ? name.replaceAll('·', '.') : name);
  const start = strings.length;
  writeName(l, strings, s);
  const { buf } = strings;
  const end = strings.length;
  let to = start;
  for (let at = start; at < end; at++, to++) {
    buf[to] = buf[at];
    if (buf[at] !== dotLead || at + 1 === end || buf[at + 1] !== dotRest) continue;
    buf[to] = 0x2e;
    at++;
  }
  strings.length = to;
  strings.u8(0);
  return start;
}

/** A middle dot in UTF-8. */
const dotLead = 0xc2;
const dotRest = 0xb7;

/** A name that is not the symbol's: foreign, or of an ABI0 function with a Go twin, which gets a suffix; null for the others. */
export function tableName(l: Loader, s: number): string | null {
  const external = l.externalNames.get(s);
  if (!Kind.isText(l.kind[s]) || l.version[s] !== Version0) return external ?? null;
  const name = external ?? symbolName(l, s);
  const twin = lookup(l, name, VersionInternal);
  return twin !== 0 && Kind.isText(l.kind[twin]) ? `${name}.abi0` : name;
}
