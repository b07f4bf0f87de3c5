/**
 * Loading one ELF relocatable object: each allocated section becomes a symbol, the object's functions and variables become parts
 * of it, its relocations keep their ELF numbers until dynamic-relocs.ts knows what they mean for the image.
 * Facts: cmd/link/internal/loadelf/ldelf.go; System V ABI, chapter 4.
 */

import { ObjectError } from '#obj/archive.ts';
import * as ObjAttr from '#obj/attributes.ts';
import { ElfReader, type ElfSection, type ElfSymbol } from '#obj/elf-read.ts';
import * as R from '#obj/reloc-types.ts';
import * as Attr from './attributes.ts';
import { symbolForC } from './cgo.ts';
import type { Link } from './context.ts';
import * as Elf from './formats/elf.ts';
import * as Kind from './kinds.ts';
import { type Loader, newSymbol, reserveRelocs, setOwnContent, symbolName } from './loader.ts';

/** Versions of symbols that only their own object can name; they are not taken for the file-local symbols of Go. */
const staticVersion = -1;
const typeRelocatable = 1;
const sectionCommon = 0xfff2;
const typeNone = 0;
const typeObject = 1;
const typeFunc = 2;
const typeSection = 3;
const typeCommon = 5;
const bindLocal = 0;
const bindGlobal = 1;
const bindWeak = 2;
const visibilityHidden = 2;
/** No section or function asks for more. */
const maxAlign = 1 << 24;

/** Width of the patched field by relocation type (x86-64 psABI, table 4.10). */
const relocSizes: ReadonlyMap<number, number> = new Map([
  [R.X86_64_64, 8],
  [R.X86_64_Pc32, 4],
  [R.X86_64_Plt32, 4],
  [R.X86_64_GotPcRel, 4],
  [R.X86_64_Pc64, 8],
  [R.X86_64_GotPcRelX, 4],
  [R.X86_64_RexGotPcRelX, 4],
]);

/** Stops the loading of one object; the message follows its name. */
class Malformed extends Error {}

class ObjectLoad {
  readonly link: Link;
  readonly l: Loader;
  readonly reader: ElfReader;
  readonly pkg: string;
  /** Symbol of each section, 0 for those that are not part of the image. */
  readonly sectionSymbols: Int32Array;
  /** Global symbol of each entry of the symbol table. */
  symbols: Int32Array;
  elfSymbols: ElfSymbol[];

  constructor(link: Link, reader: ElfReader, pkg: string) {
    this.link = link;
    this.l = link.loader;
    this.reader = reader;
    this.pkg = pkg;
    this.sectionSymbols = new Int32Array(reader.sections.length);
    this.symbols = new Int32Array(0);
    this.elfSymbols = [];
  }
}

/** Damage and what this linker does not know of is an error of the link that names the object. */
export function loadElf(link: Link, pkg: string, name: string, data: Uint8Array): void {
  try {
    const reader = new ElfReader(name, data);
    if (reader.type !== typeRelocatable) throw new Malformed('elf but not elf relocatable object');
    if (reader.machine !== Elf.MachineX86_64) throw new Malformed('elf object but not amd64');
    const o = new ObjectLoad(link, reader, pkg);
    if (!reader.sections.some((s) => s.name === '.symtab')) return;
    addSections(o);
    addSymbols(o);
    listText(o);
    for (const s of reader.sections) if (s.type === Elf.ShtRela || s.type === Elf.ShtRel) addRelocations(o, s);
  } catch (e) {
    if (e instanceof Malformed) link.error(`loadelf: ${name}: ${e.message}`);
    else if (e instanceof ObjectError)
      link.error(`loadelf: ${name}: malformed elf file: offset ${e.offset}: ${e.reason}`);
    else throw e;
  }
}

/** Constructors, destructors and thread-local variables: nobody would run or place them. */
function needsStartFiles(s: ElfSection): boolean {
  if (s.size === 0) return false;
  return /^\.([cd]tors|init_array|fini_array|preinit_array)\b/.test(s.name) || (s.flags & Elf.ShfTls) !== 0;
}

function addSections(o: ObjectLoad): void {
  const { l, link, reader } = o;
  const names = new Set<string>();
  const version = ++link.hostVersions;
  let counter = 0;
  reader.sections.forEach((s, k) => {
    if (link.replacesExternal && needsStartFiles(s)) {
      throw new Malformed(`section ${s.name} needs external linking, but this linker only links internally`);
    }
    if ((s.type !== Elf.ShtProgbits && s.type !== Elf.ShtNobits) || (s.flags & Elf.ShfAlloc) === 0) return;
    let name = `${o.pkg}(${s.name})`;
    while (names.has(name)) name = `${o.pkg}(${s.name}${++counter})`;
    names.add(name);
    if (s.align > maxAlign || (s.align & (s.align - 1)) !== 0)
      throw new Malformed(`section ${s.name} has alignment ${s.align}`);
    const i = newSymbol(l, name, version);
    l.kind[i] = sectionKind(s);
    if (s.type === Elf.ShtProgbits) {
      setOwnContent(l, i, reader.data(s));
      l.attrs[i] |= Attr.FromC;
    }
    l.size[i] = s.size;
    l.align[i] = s.align;
    l.relocStart[i] = 0;
    l.relocEnd[i] = 0;
    o.sectionSymbols[k] = i;
  });
}

function sectionKind(s: ElfSection): number {
  if (s.name === '.got') return Kind.ElfGot;
  switch (s.flags & (Elf.ShfAlloc | Elf.ShfWrite | Elf.ShfExec)) {
    case Elf.ShfAlloc:
      return Kind.Rodata;
    case Elf.ShfAlloc | Elf.ShfWrite:
      return s.type === Elf.ShtNobits ? Kind.NoPtrBss : Kind.NoPtrData;
    case Elf.ShfAlloc | Elf.ShfExec:
      return Kind.Text;
    default:
      throw new Malformed(`unexpected flags for ELF section ${s.name}`);
  }
}

/** The global symbol that an entry of the symbol table stands for, 0 for those that stand for none. */
function symbolOf(o: ObjectLoad, e: ElfSymbol): number {
  const { l, link } = o;
  if (e.type === typeSection) return o.sectionSymbols[e.section] ?? 0;
  if (e.type !== typeNone && e.type !== typeObject && e.type !== typeFunc && e.type !== typeCommon) return 0;
  const name = e.name === '_GLOBAL_OFFSET_TABLE_' ? '.got' : e.name;
  let s = 0;
  switch (e.bind) {
    case bindGlobal:
      s = symbolForC(link, name);
      // Hidden functions of the compiler's own may come with several objects.
      if (e.visibility === visibilityHidden) l.attrs[s] |= ObjAttr.DupOk | Attr.Hidden;
      break;
    case bindLocal:
      s = newSymbol(l, name, staticVersion);
      l.attrs[s] |= Attr.Hidden;
      break;
    case bindWeak:
      s = symbolForC(link, name);
      if (e.visibility === visibilityHidden) l.attrs[s] |= Attr.Hidden;
      if (l.outer[s] !== 0) l.attrs[s] |= ObjAttr.DupOk;
      break;
    default:
      throw new Malformed(`malformed elf file: ${name}: invalid symbol binding ${e.bind}`);
  }
  if (l.kind[s] === Kind.Undefined) l.kind[s] = Kind.Xref;
  if (l.relocStart[s] < 0 && l.kind[s] === Kind.Xref) {
    l.relocStart[s] = 0;
    l.relocEnd[s] = 0;
  }
  return s;
}

function addSymbols(o: ObjectLoad): void {
  const { l, reader } = o;
  const list = reader.symbols();
  o.elfSymbols = list;
  o.symbols = new Int32Array(list.length);
  for (let n = 1; n < list.length; n++) {
    const e = list[n];
    const s = symbolOf(o, e);
    o.symbols[n] = s;
    if (e.type !== typeNone && e.type !== typeObject && e.type !== typeFunc && e.type !== typeCommon) continue;
    if (e.section === sectionCommon || e.type === typeCommon) {
      if (l.size[s] < e.size) l.size[s] = e.size;
      if (l.kind[s] === Kind.Undefined || l.kind[s] === Kind.Xref) l.kind[s] = Kind.NoPtrBss;
      continue;
    }
    if (e.section === 0 || e.section >= reader.sections.length || s === 0) continue;
    if (o.sectionSymbols[e.section] !== 0) definePart(o, e, s, o.sectionSymbols[e.section]);
    else if (!isCompilerLabel(e, reader.sections[e.section])) {
      const section = JSON.stringify(reader.sections[e.section].name);
      throw new Malformed(
        `${s}: sym#${n} (${JSON.stringify(e.name)}): ignoring symbol in section ${e.section} (${section}) (type ${e.type})`,
      );
    }
  }
}

/** Names that compilers give to places in sections for debuggers. */
function isCompilerLabel(e: ElfSymbol, section: ElfSection): boolean {
  if (e.type === typeNone) {
    if (section.name.startsWith('.debug_') && e.name === '') return true;
    if (e.name.startsWith('.Ldebug_') || e.name === '.L0 ' || e.name === '.Lline_table_start0') return true;
    if (e.name.startsWith('$d') && section.name === '.debug_frame') return true;
  }
  return /^\.(Linfo_string|LASF|LLRL|LLST|LVUS)/.test(e.name);
}

/** Symbol s lies in a section. */
function definePart(o: ObjectLoad, e: ElfSymbol, s: number, container: number): void {
  const { l, link } = o;
  if (l.outer[s] !== 0) {
    if ((l.attrs[s] & ObjAttr.DupOk) !== 0) return;
    const names = `${symbolName(l, l.outer[s])} and ${symbolName(l, container)}`;
    throw new Malformed(`duplicate symbol reference: ${symbolName(l, s)} in both ${names}`);
  }
  if (l.object[s] !== 0 && l.kind[s] !== Kind.Undefined && l.kind[s] !== Kind.Xref) {
    throw new Malformed(`${symbolName(l, s)}: duplicate symbol definition`);
  }
  l.kind[s] = l.kind[container];
  l.outer[s] = container;
  l.subNext[s] = l.subFirst[container];
  l.subFirst[container] = s;
  l.attrs[s] |= Attr.SubSymbol;
  const imported = link.imports.get(s);
  if (imported !== undefined && (l.attrs[s] & Attr.CgoExportDynamic) === 0) imported.library = '';
  l.value[s] = e.value;
  l.size[s] = e.size;
  if (Kind.isText(l.kind[s])) {
    if ((l.attrs[s] & (Attr.FromC | ObjAttr.DupOk)) === Attr.FromC) {
      throw new Malformed(`${symbolName(l, s)}: duplicate symbol definition`);
    }
    l.attrs[s] |= Attr.FromC;
  }
}

/** Parts in the order of addresses, each text section before its functions. */
function listText(o: ObjectLoad): void {
  const { l } = o;
  for (const container of o.sectionSymbols) {
    if (container === 0) continue;
    const parts: number[] = [];
    for (let s = l.subFirst[container]; s !== 0; s = l.subNext[s]) parts.push(s);
    parts.sort((a, b) => l.value[a] - l.value[b]);
    l.subFirst[container] = parts[0] ?? 0;
    for (let k = 0; k < parts.length; k++) l.subNext[parts[k]] = parts[k + 1] ?? 0;
    if (Kind.isText(l.kind[container])) o.link.externalText.push(container, ...parts);
  }
}

function addRelocations(o: ObjectLoad, section: ElfSection): void {
  const { l, reader } = o;
  const target = reader.sections[section.info];
  const s = o.sectionSymbols[section.info] ?? 0;
  if (target === undefined || s === 0 || target.type === Elf.ShtNobits) return;
  if (section.type === Elf.ShtRel) throw new Malformed('relocations without addends are not used on amd64');
  const list = reader.relocations(section).filter((r) => r.type !== 0);
  list.sort((a, b) => a.offset - b.offset);
  reserveRelocs(l, list.length);
  l.relocStart[s] = l.relocCount;
  for (const r of list) {
    const size = relocSizes.get(r.type);
    if (size === undefined) {
      l.relocEnd[s] = l.relocCount;
      throw new Malformed(`unknown relocation type ${r.type}; compiled without -fpic?`);
    }
    if (r.symbol >= o.symbols.length) throw new Malformed('malformed elf file: invalid elf symbol index');
    const symbol = o.symbols[r.symbol];
    if (r.symbol !== 0 && symbol === 0) {
      const e = o.elfSymbols[r.symbol];
      const what = `#${r.symbol} ${e.name} shndx=${e.section} type=${e.type}`;
      throw new Malformed(`malformed elf file: ${symbolName(l, s)}: reloc of invalid sym ${what}`);
    }
    const n = l.relocCount++;
    l.relocOffset[n] = r.offset;
    l.relocSize[n] = size;
    l.relocType[n] = R.ElfFirst + r.type;
    l.relocAddend[n] = r.addend;
    l.relocTarget[n] = symbol;
  }
  l.relocEnd[s] = l.relocCount;
}
