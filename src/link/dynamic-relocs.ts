/**
 * Relocations that the dynamic linker has a part in, and those of C objects: each becomes one that relocate.ts applies, with entries
 * in the tables of dynamic.ts where the target's address is known at run time only.
 * Facts: cmd/link/internal/ld/data.go (dynrelocsym), lib.go (AddGotSym), amd64/asm.go (adddynrel, addpltsym).
 */
import * as R from '#obj/reloc-types.ts';
import type { Link } from './context.ts';
import { addDynamicSymbol, type DynamicTables, finishDynamic, table } from './dynamic.ts';
import * as Kind from './kinds.ts';
import { isReachable, type Loader, setOwnContent, symbolData, symbolName } from './loader.ts';
import { materialize } from './materialize.ts';

/** Tables whose addresses are resolved here: they are not relocated again at run time. */
const ownTables: ReadonlySet<string> = new Set(['.dynsym', '.rela', '.rela.plt', '.got.plt', '.dynamic']);

class DynamicRelocs {
  readonly link: Link;
  readonly l: Loader;
  readonly tables: DynamicTables | null;
  /** Symbols whose content was copied so that instructions could be rewritten. */
  readonly copied: Set<number>;

  constructor(link: Link) {
    this.link = link;
    this.l = link.loader;
    this.tables = link.dynamicTables;
    this.copied = new Set();
  }
}

/** Call once all symbols are known and before they are laid out: the tables are symbols, too. */
export function addDynamicRelocs(link: Link, byKind: readonly number[][]): void {
  const d = new DynamicRelocs(link);
  const hostObjects = link.hostObjects.length > 0;
  if (d.tables === null && !hostObjects) return;
  for (const s of link.textp) convertAll(d, s);
  for (const list of byKind) for (const s of list) convertAll(d, s);
  finishDynamic(link);
}

function convertAll(d: DynamicRelocs, s: number): void {
  const { l, link } = d;
  materialize(l, s);
  const end = l.relocEnd[s];
  for (let r = l.relocStart[s]; r < end; r++) {
    const type = l.relocType[r];
    if (R.isMarker(type)) continue;
    const target = l.relocTarget[r];
    if ((type & R.Weak) !== 0 && !isReachable(l, target)) continue;
    if (link.pie) {
      // What is not of interest here is done by relocate.ts.
      convert(d, s, r, target);
      continue;
    }
    const fromC = type >= R.ElfFirst && (type & R.Weak) === 0;
    if (!fromC && (target === 0 || l.kind[target] !== Kind.DynImport)) continue;
    if (target !== 0 && !isReachable(l, target)) {
      link.error(`${symbolName(l, s)}: dynamic relocation to unreachable symbol ${symbolName(l, target)}`);
    }
    if (convert(d, s, r, target)) continue;
    const kind = target === 0 ? 0 : l.kind[target];
    const what = `type=${type} (${R.relocName(type)}) stype=${kind} (${Kind.names[kind]})`;
    link.error(
      `${symbolName(l, s)}: unsupported dynamic relocation for symbol ${target === 0 ? '' : symbolName(l, target)} (${what})`,
    );
  }
}

/** Relocation r of s; false if there is nothing that can be done about it here. */
function convert(d: DynamicRelocs, s: number, r: number, target: number): boolean {
  const { l } = d;
  const type = l.relocType[r] & 0x7fff;
  if (type >= R.ElfFirst) return convertElf(d, s, r, target, type - R.ElfFirst);
  if (type === R.Call) {
    if (target !== 0 && l.kind[target] === Kind.DynImport) viaPlt(d, s, r, target, 0);
    return true;
  }
  return type === R.Addr && convertAddress(d, s, r, target);
}

function convertElf(d: DynamicRelocs, s: number, r: number, target: number, type: number): boolean {
  const { l, link } = d;
  const kind = target === 0 ? Kind.Undefined : l.kind[target];
  const name = target === 0 ? '' : symbolName(l, target);
  const complain = (message: string): void => link.error(`${symbolName(l, s)}: ${message} ${name}`);
  const imported = kind === Kind.DynImport;
  switch (type) {
    case R.X86_64_Pc32:
    case R.X86_64_Pc64: {
      const sort = type === R.X86_64_Pc32 ? 'PC32' : 'PC64';
      if (imported) complain(`unexpected R_X86_64_${sort} relocation for dynamic symbol`);
      if (kind === Kind.Undefined || kind === Kind.Xref) {
        link.error(`${symbolName(l, s)}: unknown symbol ${name} in pcrel`);
      }
      l.relocType[r] = R.PcRel;
      l.relocAddend[r] += l.relocSize[r];
      return true;
    }
    case R.X86_64_Plt32:
      l.relocType[r] = R.PcRel;
      if (imported) viaPlt(d, s, r, target, l.relocAddend[r] + 4);
      else l.relocAddend[r] += 4;
      return true;
    case R.X86_64_GotPcRel:
    case R.X86_64_GotPcRelX:
    case R.X86_64_RexGotPcRelX:
      l.relocType[r] = R.PcRel;
      l.relocAddend[r] += 4;
      if (!imported && loadBecomesLea(d, s, l.relocOffset[r])) return true;
      viaGot(d, s, r, target);
      return true;
    case R.X86_64_64:
      if (imported) complain('unexpected R_X86_64_64 relocation for dynamic symbol');
      l.relocType[r] = R.Addr;
      return !link.pie || convertAddress(d, s, r, target);
    default:
      link.error(`${symbolName(l, s)}: unexpected relocation type ${R.ElfFirst + type} (${R.relocName(type)})`);
      return false;
  }
}

const opMovLoad = 0x8b;
const opLea = 0x8d;

/** Loading the address of something in this image from the table is computing it: mov x@GOT(%rip) becomes lea x(%rip). */
function loadBecomesLea(d: DynamicRelocs, s: number, offset: number): boolean {
  const { l } = d;
  const data = symbolData(l, s);
  if (data === null || offset < 2 || data[offset - 2] !== opMovLoad) return false;
  let own = data;
  if (!d.copied.has(s)) {
    own = data.slice();
    setOwnContent(l, s, own);
    d.copied.add(s);
  }
  own[offset - 2] = opLea;
  return true;
}

/** An absolute address: of something imported in code, or of anything in data of a position-independent image. */
function convertAddress(d: DynamicRelocs, s: number, r: number, target: number): boolean {
  const { l, link, tables } = d;
  if (Kind.isText(l.kind[s])) {
    viaGot(d, s, r, target);
    return true;
  }
  if (link.pie) {
    if (ownTables.has(symbolName(l, s))) return false;
  } else {
    const kind = l.kind[s];
    const isData = kind >= Kind.Data && kind <= Kind.DataEnd;
    if (!isData && (kind < Kind.Rodata || kind > Kind.RodataEnd)) return false;
  }
  if (tables === null) return false;
  tables.rela.address(s, l.relocOffset[r]);
  tables.rela.uint(R.X86_64_Relative);
  tables.rela.address(target, l.relocAddend[r]);
  if (l.relocSize[r] !== 8) {
    link.error(`${symbolName(l, s)}: unexpected relocation for dynamic symbol ${symbolName(l, target)}`);
  }
  return true;
}

/** The r_info field: the symbol's number above the type. */
function relocInfo(b: DynamicTables['rela'], symbol: number, type: number): void {
  b.w.u64(type, symbol);
}

/** The relocation goes to the symbol's entry in .plt, plus an addend. */
function viaPlt(d: DynamicRelocs, s: number, r: number, target: number, addend: number): void {
  const { l, link, tables } = d;
  if (tables === null) {
    link.error(`${symbolName(l, s)}: call of ${symbolName(l, target)} needs dynamic linking`);
    return;
  }
  let offset = tables.pltOffsets.get(target);
  if (offset === undefined) {
    offset = addPltEntry(link, tables, target);
    tables.pltOffsets.set(target, offset);
  }
  l.relocTarget[r] = table(l, '.plt');
  l.relocAddend[r] = addend + offset;
}

function addPltEntry(link: Link, t: DynamicTables, target: number): number {
  const l = link.loader;
  const number = addDynamicSymbol(link, t, target);
  const { plt, gotPlt, relaPlt } = t;
  const start = plt.w.length;
  const slot = gotPlt.w.length;
  const got = table(l, '.got.plt');
  // jmp *slot(%rip); push $index; jmp .plt
  plt.w.u16(0x25ff);
  plt.reloc(plt.w.length, 4, R.PcRel, got, slot);
  plt.w.u32(0);
  gotPlt.address(table(l, '.plt'), plt.w.length);
  plt.w.u8(0x68);
  plt.w.u32((slot - 24) / 8);
  plt.w.u8(0xe9);
  plt.w.u32(-(plt.w.length + 4));
  relaPlt.address(got, slot);
  relocInfo(relaPlt, number, R.X86_64_JumpSlot);
  relaPlt.uint(0);
  return start;
}

/** The relocation goes to the symbol's entry in .got, its addend kept. */
function viaGot(d: DynamicRelocs, s: number, r: number, target: number): void {
  const { l, link, tables } = d;
  if (tables === null) {
    link.error(`${symbolName(l, s)}: reference to ${symbolName(l, target)} through the GOT needs dynamic linking`);
    return;
  }
  const got = table(l, '.got');
  let offset = tables.gotOffsets.get(target);
  if (offset === undefined) {
    const number = addDynamicSymbol(link, tables, target);
    offset = tables.got.w.length;
    tables.gotOffsets.set(target, offset);
    tables.got.uint(0);
    tables.rela.address(got, offset);
    relocInfo(tables.rela, number, R.X86_64_GlobDat);
    tables.rela.uint(0);
  }
  l.relocTarget[r] = got;
  l.relocAddend[r] += offset;
}
