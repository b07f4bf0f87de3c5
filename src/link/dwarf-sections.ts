/**
 * The .debug sections: units with their entries, address, range and location tables, line programs, call frames. DWARF 5.
 * Text addresses are known; places within the sections are assigned here, then references are resolved and the bytes packed.
 */

import { bug } from '#base/bug.ts';
import { ByteWriter } from '#base/bytes.ts';
import * as A from '#obj/dwarf/abbrev.ts';
import { PcValueReader } from '#obj/pcvalue.ts';
import * as R from '#obj/reloc-types.ts';
import * as Attr from './attributes.ts';
import { Builder, createUnnamed, setBytes, setContent } from './builder.ts';
import type { Link } from './context.ts';
import type { DebugInfo, DebugUnit } from './dwarf.ts';
import { attributeOf, type Die, setRef } from './dwarf-types.ts';
import type { KeptDebug } from './kept-debug.ts';
import * as Kind from './kinds.ts';
import { addSection, type Layout, Read, type Section } from './layout.ts';
import { copyData, dataLength, type Loader, reserveRelocs, setOwnContent, symbolData, symbolName } from './loader.ts';
import { hasFunc, loadFunc, materialize } from './materialize.ts';
import { expandFile } from './pclntab.ts';
import { Relocator, relocate } from './relocate.ts';

const version = 5;
const addressSize = 8;
const unitTypeCompile = 1;

interface Part {
  name: string;
  symbols: number[];
  /** Which of the symbols, from and to, are of the main package. */
  main: readonly [number, number];
}

function newPart(name: string, symbols: number[], main: readonly [number, number] = [0, 0]): Part {
  return { name, symbols, main };
}

class State {
  readonly link: Link;
  readonly l: Loader;
  readonly d: DebugInfo;
  readonly layout: Layout;
  readonly abbrev: number;
  gdbScript: string;
  /** By object number: starts and ends of its stretches of code, in turn. */
  readonly codeRanges: Map<number, number[]>;
  /** The types' entries, once written. */
  entries: EntryWriter | null;

  constructor(link: Link, d: DebugInfo, layout: Layout) {
    this.link = link;
    this.l = link.loader;
    this.d = d;
    this.layout = layout;
    this.abbrev = createUnnamed(link.loader, Kind.DwarfSect);
    this.gdbScript = '';
    this.codeRanges = new Map();
    this.entries = null;
  }
}

/** A section as it is before compression. */
export interface WrittenSection {
  name: string;
  /** Its number in the layout. */
  index: number;
  symbols: readonly number[];
  /** Which symbols, from and to, are of the main package, and where their bytes start and end. */
  main: readonly [number, number];
  bytes: Uint8Array;
  start: number;
  end: number;
}

/** What needs the addresses of data, too. */
const infoName = '.debug_info';

/**
 * The sections of the layout's debug segment with their plain bytes. Functions have their addresses; what tells of code can be written, and compressed,
 * while data is laid out. The sections' own places are given by placeDebugSections.
 */
export class DebugSections {
  private readonly st: State;
  private readonly parts: readonly Part[];
  private readonly sections: readonly Section[];
  /** With keepsDebug: the plain bytes by section. */
  private readonly plain: Uint8Array[];

  constructor(link: Link, d: DebugInfo, layout: Layout) {
    const st = new State(link, d, layout);
    link.addressIndexes = new Int32Array(link.loader.count + 1024).fill(-1);
    this.st = st;
    this.parts = makeParts(st);
    this.plain = [];
    const { section: sectionOf, value, size } = st.l;
    const { entries } = st;
    // References count from the start of a section, so all places come before all bytes.
    this.sections = this.parts.map((p) => {
      const section = addSection(layout, layout.dwarf, p.name, Read);
      let at = 0;
      const symbols = p.symbols;
      for (let k = 0; k < symbols.length; k++) {
        const s = symbols[k];
        sectionOf[s] = section.index;
        value[s] = at;
        if (entries !== null && s === entries.block) entries.place(section.index, at);
        at += size[s];
      }
      section.length = at;
      return section;
    });
    this.placeKept();
  }

  private placeKept(): void {
    const { d, l, entries } = this.st;
    const k = this.parts.findIndex((p) => p.name === infoName);
    const { symbols, main } = this.parts[k];
    let units = 0;
    for (let n = main[0]; n < main[1]; n++) units += l.size[symbols[n]];
    d.types.kept?.place(l, this.sections[k].index, entries === null ? 0 : entries.w.length, units);
  }

  /** Those that tell of code alone; `made` hears of each as soon as it is there, the longest first: others can compress it meanwhile. */
  writeCode(made: (section: Section, bytes: Uint8Array) => void): void {
    const { sections } = this;
    const order = sections.map((_, i) => i).sort((a, b) => sections[b].length - sections[a].length);
    for (const i of order) if (sections[i].name !== infoName) this.write(i, made);
  }

  /** The rest; everything has an address. */
  writeInfo(made: (section: Section, bytes: Uint8Array) => void): void {
    this.sections.forEach((section, i) => {
      if (section.name === infoName) this.write(i, made);
    });
  }

  private write(i: number, made: (section: Section, bytes: Uint8Array) => void): void {
    const section = this.sections[i];
    section.content = sectionBytes(this.st, this.parts[i], section.length);
    if (this.st.link.options.keepsDebug) this.plain[i] = section.content;
    made(section, section.content);
  }

  /** Each section with its plain bytes, for make-kept-debug.ts. */
  written(): WrittenSection[] {
    const { size } = this.st.l;
    return this.parts.map(({ name, symbols, main }, i) => {
      let at = 0;
      let start = 0;
      let end = 0;
      for (let k = 0; k <= main[1]; k++) {
        if (k === main[0]) start = at;
        if (k === main[1]) end = at;
        if (k < symbols.length) at += size[symbols[k]];
      }
      return { name, index: this.sections[i].index, symbols, main, bytes: this.plain[i], start, end };
    });
  }

  get info(): DebugInfo {
    return this.st.d;
  }

  /** Where the entries of types are, and those of the main package's types among them. */
  get typesPlace(): { block: number; mainFrom: number; mainTo: number } {
    return this.st.entries ?? bug('no entries of types');
  }

  get gdbScript(): string {
    return this.st.gdbScript;
  }
}

/** Gives the sections, in their final form, their places from this address and file offset on; returns their length. */
export function placeDebugSections(layout: Layout, address: number, fileOffset: number): number {
  const { dwarf } = layout;
  dwarf.address = address;
  dwarf.fileOffset = fileOffset;
  let offset = 0;
  for (const section of dwarf.sections) {
    section.length = section.content === null ? 0 : section.content.length;
    section.address = address + offset;
    offset += section.length;
  }
  dwarf.length = offset;
  dwarf.fileLength = offset;
  return offset;
}

function sectionBytes(st: State, part: Part, length: number): Uint8Array {
  const out = new Uint8Array(length);
  const c = new Relocator(st.link, st.layout, out);
  const { l } = st;
  const { value, size } = l;
  const { symbols } = part;
  for (let k = 0; k < symbols.length; k++) {
    const s = symbols[k];
    copyData(l, s, size[s], out, value[s]);
    materialize(l, s);
    if (l.relocEnd[s] > l.relocStart[s]) relocate(c, s, value[s], size[s]);
  }
  const { kept } = st.d.types;
  if (kept !== null && part.name === infoName) kept.patch(l, st.layout, out);
  if (kept !== null && isTable(part.name)) c.view.setInt32(0, length - 4, true);
  return out;
}

const compressZlib = 1;

/** Takes the zlib data of a section behind an ELF compression header (gABI, Elf64_Chdr) if that is shorter. */
export function takeCompressed(section: Section, packed: Uint8Array | null): void {
  const { content } = section;
  if (packed === null || content === null || packed.length + 24 >= content.length) return;
  const w = new ByteWriter(packed.length + 24);
  w.u32(compressZlib);
  w.u32(0);
  w.i64(content.length);
  w.i64(1);
  w.bytes(packed);
  section.content = w.bytesView();
  section.isCompressed = true;
}

function makeParts(st: State): Part[] {
  const { l, d } = st;
  const abbrev = new Builder();
  abbrev.w.bytes(A.abbreviationBytes());
  setContent(l, st.abbrev, Kind.DwarfSect, abbrev);
  const { textp } = st.link;
  const { kept } = d.types;
  const firstOfMain = mainStart(st.link);
  collectCodeRanges(st);
  // Units with code in the order of their code, the others behind them by path.
  const withCode = d.units.filter((u) => u.die.abbrev === A.CompUnit);
  const without = d.units.filter((u) => u.die.abbrev !== A.CompUnit);
  without.sort((a, b) =>
    a.object.library.path < b.object.library.path ? -1 : a.object.library.path > b.object.library.path ? 1 : 0,
  );
  const lines = new UnitSymbols();
  const info = new UnitSymbols();
  const locations = new UnitSymbols();
  const ranges = new UnitSymbols();
  const addresses = new UnitSymbols();
  for (const u of [...withCode, ...without]) {
    const addressTable = createUnnamed(l, Kind.DwarfAddr);
    if (u.die.abbrev === A.CompUnit) {
      lines.add(u, lineProgram(st, u));
      const table = new AddressTable(st);
      collectAddresses(st, u, table);
      ranges.add(u, rangeLists(st, u, table));
      locations.add(u, locationLists(st, u));
      setContent(l, addressTable, Kind.DwarfAddr, table.b);
    }
    info.add(u, unitEntries(st, u, addressTable));
    addresses.add(u, [addressTable]);
  }
  const plain = ({ list, main }: UnitSymbols, name: string): Part => newPart(name, list, main);
  const table = ({ list, main }: UnitSymbols, name: string, kind: number, withOffsets: boolean): Part =>
    newPart(name, [tableHeader(st, kind, list, withOffsets), ...list], [main[0] + 1, main[1] + 1]);
  const frames = [
    kept === null ? callFrames(st, 0, firstOfMain) : st.abbrev,
    callFrames(st, firstOfMain, textp.length),
  ];
  const parts: Part[] = [
    newPart('.debug_abbrev', [st.abbrev]),
    plain(lines, '.debug_line'),
    newPart('.debug_frame', frames, [1, 2]),
  ];
  if (kept !== null) st.gdbScript = kept.gdbScript;
  if (st.gdbScript !== '') parts.push(newPart('.debug_gdb_scripts', [gdbScript(st)]));
  parts.push(plain(info, infoName));
  parts.push(table(locations, '.debug_loclists', Kind.DwarfLoc, true));
  parts.push(table(ranges, '.debug_rnglists', Kind.DwarfRange, true));
  parts.push(table(addresses, '.debug_addr', Kind.DwarfAddr, false));
  if (kept !== null) for (const part of parts) addKept(st, kept, part);
  return parts;
}

/** Symbols of units one after the other, those of the main package's among them. */
class UnitSymbols {
  readonly list: number[];
  readonly main: [number, number];

  constructor() {
    this.list = [];
    this.main = [0, 0];
  }

  add(u: DebugUnit, symbols: readonly number[]): void {
    const { list, main } = this;
    const start = list.length;
    for (let k = 0; k < symbols.length; k++) list.push(symbols[k]);
    if (!u.object.library.isMain) return;
    if (main[1] === 0) main[0] = start;
    main[1] = list.length;
  }
}

/** Puts what an excerpt has around the main package's symbols. */
function addKept(st: State, kept: KeptDebug, part: Part): void {
  const known = kept.section(part.name);
  if (known === null) return;
  const own = part.symbols.slice(...part.main);
  const bytes = (content: Uint8Array): number => {
    const s = createUnnamed(st.l, Kind.DwarfSect);
    setBytes(st.l, s, content);
    return s;
  };
  const front = [bytes(known.before)];
  if (part.name === infoName && st.d.types.root.children.length > 0) {
    const entries = writeTypes(st);
    front.splice(
      0,
      1,
      bytes(known.before.subarray(0, kept.typesEnd)),
      entries.block,
      bytes(known.before.subarray(kept.typesEnd)),
    );
  }
  part.symbols = [...front, ...own, bytes(known.after)];
  part.main = [front.length, front.length + own.length];
}

/** Whether the section is one table with a header that tells its length. */
function isTable(name: string): boolean {
  return name === '.debug_loclists' || name === '.debug_rnglists' || name === '.debug_addr';
}

/** Where the functions of the main package begin, if no others come after them; else the end. */
export function mainStart(link: Link): number {
  const { textp, loader } = link;
  let k = textp.length;
  // The linker's own markers, of no length.
  while (k > 0 && loader.object[textp[k - 1]] === 0) k--;
  while (k > 0 && loader.objects[loader.object[textp[k - 1]]].library.isMain) k--;
  return k;
}

/** The header of a whole table section; Go writes one for all units. */
function tableHeader(st: State, kind: number, symbols: readonly number[], withOffsets: boolean): number {
  const b = new Builder(16);
  const size = symbols.reduce((n, s) => n + st.l.size[s], 0);
  const rest = withOffsets ? 8 : 4;
  b.w.u32(size + rest);
  b.w.u16(version);
  b.w.u8(addressSize);
  b.w.u8(0);
  if (withOffsets) b.w.u32(0);
  const s = createUnnamed(st.l, kind);
  setContent(st.l, s, kind, b);
  return s;
}

/** A unit's part of .debug_addr: each function gets a slot when it is first referred to. */
class AddressTable {
  readonly b: Builder;
  private readonly st: State;
  private count: number;

  constructor(st: State) {
    this.st = st;
    this.b = new Builder(256);
    this.count = 0;
  }

  slot(func: number): void {
    const indexes = this.st.link.addressIndexes;
    if (indexes[func] >= 0) return;
    indexes[func] = this.count++;
    this.b.address(func);
  }
}

function isTextReference(type: number): boolean {
  return type >= R.DwTxtAddrU1 && type <= R.DwTxtAddrU4;
}

function collectAddresses(st: State, u: DebugUnit, table: AddressTable): void {
  const functions = u.functions;
  for (let k = 0; k < functions.length; k++) {
    const { info } = functions[k];
    addSlots(st.l, info.dwarfInfo, table);
    addSlots(st.l, info.dwarfRanges, table);
    addSlots(st.l, info.dwarfLoc, table);
  }
}

/** Slots for the functions that a symbol refers to. */
function addSlots(l: Loader, s: number, table: AddressTable): void {
  if (s === 0) return;
  materialize(l, s);
  const end = l.relocEnd[s];
  for (let r = l.relocStart[s]; r < end; r++) {
    if (isTextReference(l.relocType[r])) table.slot(l.relocTarget[r]);
  }
}

const rleEnd = 0;
const rleBaseAddressx = 1;
const rleOffsetPair = 4;

/** The unit's own ranges, then those of its functions. */
function rangeLists(st: State, u: DebugUnit, table: AddressTable): number[] {
  const l = st.l;
  const base = u.object.textp[0];
  const b = new Builder(64);
  b.w.u8(rleBaseAddressx);
  table.slot(base);
  b.reloc(b.w.length, 4, R.DwTxtAddrU4, base, 0);
  b.w.u32(0);
  const code = st.codeRanges.get(u.object.index) ?? [];
  for (let i = 0; i < code.length; i += 2) {
    b.w.u8(rleOffsetPair);
    uleb64(b.w, code[i] - l.value[base]);
    uleb64(b.w, code[i + 1] - l.value[base]);
  }
  b.w.u8(rleEnd);
  const s = createUnnamed(l, Kind.DwarfRange);
  setContent(l, s, Kind.DwarfRange, b);
  u.rangeList = s;
  return [s, ...u.ranges];
}

/**
 * Stretches of code of each unit without a function of another one in between, by start and end address. Functions of one
 * unit may be far apart: those that several packages define, and FIPS code.
 */
function collectCodeRanges(st: State): void {
  const l = st.l;
  let last = -1;
  const textp = st.link.textp;
  for (let k = 0; k < textp.length; k++) {
    const f = textp[k];
    const object = l.object[f];
    if (object === 0 || !hasFunc(l, f)) continue;
    let list = st.codeRanges.get(object);
    if (list === undefined) {
      list = [];
      st.codeRanges.set(object, list);
    }
    const end = l.value[f] + dataLength(l, f);
    if (object === last) list[list.length - 1] = end;
    else list.push(l.value[f], end);
    last = object;
  }
}

/** Unsigned LEB128 of a 64-bit number; the unit's base need not be its lowest address, so offsets wrap around. */
function uleb64(w: ByteWriter, v: number): void {
  if (v >= 0) {
    w.uleb(v);
    return;
  }
  let rest = v;
  for (let i = 0; i < 9; i++) {
    w.u8((((rest % 128) + 128) % 128) | 0x80);
    rest = Math.floor(rest / 128);
  }
  w.u8(1);
}

function locationLists(st: State, u: DebugUnit): number[] {
  const l = st.l;
  const list: number[] = [];
  const entries = u.functionEntries;
  for (let k = 0; k < entries.length; k++) {
    const entry = entries[k];
    for (let r = l.relocStart[entry]; r < l.relocEnd[entry]; r++) {
      if (l.relocType[r] !== R.DwarfSecRef || l.kind[l.relocTarget[r]] !== Kind.DwarfLoc) continue;
      list.push(l.relocTarget[r]);
      break;
    }
  }
  return list;
}

const lineBase = 0x100 - 4;
const lineRange = 10;
const opcodeBase = 11;
const lnctPath = 1;
const lnctDirectoryIndex = 2;
/** Operand counts as Go writes them: 0 for the opcodes without operands. */
const opcodeLengths = [0, 1, 1, 1, 1, 0, 0, 0, 1, 0];

/** Header and file tables of the unit's line program; its functions' parts follow. */
function lineProgram(st: State, u: DebugUnit): number[] {
  const l = st.l;
  const b = new Builder(1024);
  const { w } = b;
  w.u32(0);
  w.u16(version);
  w.u8(addressSize);
  w.u8(0);
  w.u32(0);
  const headerStart = w.length;
  w.u8(1);
  w.u8(1);
  w.u8(1);
  w.u8(lineBase);
  w.u8(lineRange);
  w.u8(opcodeBase);
  for (const n of opcodeLengths) w.u8(n);
  writeFileTables(st, u, w);
  w.patchU32(8, w.length - headerStart);
  const parts: number[] = [];
  let length = w.length - 4;
  const functions = u.functions;
  for (let k = 0; k < functions.length; k++) {
    const f = functions[k];
    if (f.info.dwarfLines === 0) continue;
    parts.push(f.info.dwarfLines);
    length += l.size[f.info.dwarfLines];
    l.attrs[f.info.dwarfLines] |= Attr.Reachable;
  }
  w.patchU32(0, length);
  const s = createUnnamed(l, Kind.DwarfLines);
  setContent(l, s, Kind.DwarfLines, b);
  setRef(u.die, A.AtStmtList, s);
  return [s, ...parts];
}

function writeFileTables(st: State, u: DebugUnit, w: ByteWriter): void {
  const directories = new Map<string, number>([['.', 0]]);
  const files: [string, number][] = [['?', 0]];
  const n = u.object.fileCount;
  for (let i = 0; i < n; i++) {
    let name = expandFile(st.link.options.goroot, u.object.fileName(i));
    if (name === '') name = `<missing>_${i}`;
    const slash = name.lastIndexOf('/');
    const directory = slash < 0 ? '.' : slash === 0 ? '/' : name.slice(0, slash);
    let index = directories.get(directory);
    if (index === undefined) {
      index = directories.size;
      directories.set(directory, index);
    }
    files.push([name.slice(slash + 1), index]);
    const at = name.indexOf('runtime/proc.go');
    if (at >= 0 && u.object.library.path === 'runtime' && st.gdbScript === '') {
      st.gdbScript = `${name.slice(0, at)}runtime/runtime-gdb.py`;
    }
  }
  const text = (s: string): void => {
    w.text(s);
    w.u8(0);
  };
  w.u8(1);
  w.uleb(lnctPath);
  w.uleb(A.FormString);
  w.uleb(directories.size);
  for (const directory of directories.keys()) text(directory);
  w.u8(2);
  w.uleb(lnctPath);
  w.uleb(A.FormString);
  w.uleb(lnctDirectoryIndex);
  w.uleb(A.FormUdata);
  w.uleb(files.length);
  for (const [name, directory] of files) {
    text(name);
    w.uleb(directory);
  }
}

function gdbScript(st: State): number {
  const b = new Builder();
  // SECTION_SCRIPT_ID_PYTHON_FILE (gdb manual, .debug_gdb_scripts).
  b.w.u8(1);
  b.w.text(st.gdbScript);
  b.w.u8(0);
  const s = createUnnamed(st.l, Kind.DwarfSect);
  setContent(st.l, s, Kind.DwarfSect, b);
  return s;
}

const dataAlign = -4;
const registerSp = 7;
const registerReturn = 16;
const cfaDef = 0x0c;
const cfaOffsetExtended = 0x05;
const cfaDefOffsetSf = 0x13;
const cfaAdvance = 0x40;
const cieLength = 16;

/** One common entry, where it begins, and one description per function, from its table of stack depths. */
function callFrames(st: State, first: number, end: number): number {
  const l = st.l;
  const b = new Builder(1024 + (end - first) * 72);
  const { w } = b;
  if (first === 0) commonFrame(w);
  const textp = st.link.textp;
  for (let k = first; k < end; k++) {
    const f = textp[k];
    const info = loadFunc(l, f);
    if (info === null) continue;
    const size = dataLength(l, f);
    const start = w.length;
    w.u32(0);
    w.u32(0);
    w.i64(l.value[f]);
    w.i64(size);
    const rules = w.length;
    const table = symbolData(l, info.pcsp) ?? new Uint8Array(0);
    for (const pcsp = new PcValueReader(table); !pcsp.done; pcsp.next()) {
      let stop = pcsp.nextPc;
      // The last rule ends one byte early, or debuggers take it for the next function's.
      if (stop === size && --stop < pcsp.pc) continue;
      w.u8(cfaDefOffsetSf);
      w.sleb((pcsp.value + 8) / dataAlign);
      advance(w, stop - pcsp.pc);
    }
    w.zeros(-(w.length - rules) & 7);
    w.patchU32(start, w.length - start - 4);
  }
  const s = createUnnamed(l, Kind.DwarfSect);
  setContent(l, s, Kind.DwarfSect, b);
  return s;
}

function commonFrame(w: ByteWriter): void {
  w.u32(cieLength);
  w.u32(0xffffffff);
  w.u8(3);
  w.u8(0);
  w.uleb(1);
  w.sleb(dataAlign);
  w.uleb(registerReturn);
  w.u8(cfaDef);
  w.uleb(registerSp);
  w.uleb(8);
  w.u8(cfaOffsetExtended);
  w.uleb(registerReturn);
  w.uleb(-8 / dataAlign);
  w.zeros(cieLength + 4 - w.length);
}

function advance(w: ByteWriter, delta: number): void {
  if (delta < 0x40) w.u8(cfaAdvance + delta);
  else if (delta < 0x100) {
    w.u8(2);
    w.u8(delta);
  } else if (delta < 0x10000) {
    w.u8(3);
    w.u16(delta);
  } else {
    w.u8(4);
    w.u32(delta);
  }
}

/** The unit's header and entry, then the entries of its functions, constants, variables and, in the runtime, all types. */
function unitEntries(st: State, u: DebugUnit, addressTable: number): number[] {
  const { l, d } = st;
  const children = u === d.runtime ? d.types.root.children : [];
  if (u.object.textp.length === 0 && children.length === 0 && u.variables.length === 0) return [];
  const b = new Builder(256);
  const { w } = b;
  w.u32(0);
  w.u16(version);
  w.u8(unitTypeCompile);
  w.u8(addressSize);
  b.reloc(w.length, 4, R.DwarfSecRef, st.abbrev, 0);
  w.u32(0);
  w.uleb(u.die.abbrev);
  if (u.die.abbrev === A.CompUnit) {
    setRef(u.die, A.AtRanges, u.rangeList);
    setRef(u.die, A.AtLowPc, u.object.textp[0]);
    setRef(u.die, A.AtAddrBase, addressTable);
  }
  writeAttributes(b, u.die);
  const symbols = [u.die.symbol, ...u.abstract, ...u.functionEntries];
  if (u.constants !== 0) symbols.push(u.constants);
  symbols.push(...u.variables);
  if (children.length > 0) {
    symbols.push(writeTypes(st).block);
  }
  const epilog = createUnnamed(l, Kind.DwarfFcn);
  const e = new Builder(1);
  e.w.u8(0);
  setContent(l, epilog, Kind.DwarfFcn, e);
  symbols.push(epilog);
  setContent(l, u.die.symbol, Kind.DwarfCuInfo, b);
  let length = -4;
  for (let k = 0; k < symbols.length; k++) length += l.size[symbols[k]];
  const content = symbolData(l, u.die.symbol);
  if (content !== null) new DataView(content.buffer, content.byteOffset).setUint32(0, length, true);
  return symbols;
}

function writeTypes(st: State): EntryWriter {
  const { types } = st.d;
  const { children } = types.root;
  const entries = new EntryWriter(st.l);
  for (let k = 0; k < children.length; k++) {
    if (k === types.mainFrom) entries.mainFrom = entries.w.length;
    if (k === types.mainTo) entries.mainTo = entries.w.length;
    writeEntry(entries, children[k]);
  }
  if (types.mainFrom === children.length) entries.mainFrom = entries.w.length;
  if (types.mainTo === children.length) entries.mainTo = entries.w.length;
  entries.finish();
  st.entries = entries;
  // Nobody asks for them again, and the collector need not look at them.
  if (!st.link.options.keepsDebug) types.forget();
  return entries;
}

/** Entries behind one another, as one symbol's content; those that others refer to are symbols with places in it. */
class EntryWriter {
  readonly w: ByteWriter;
  readonly block: number;
  private readonly l: Loader;
  private readonly symbols: number[];
  private readonly starts: number[];
  /** Where those of the main package's types begin and end. */
  mainFrom: number;
  mainTo: number;

  constructor(l: Loader) {
    this.mainFrom = 0;
    this.mainTo = 0;
    this.w = new ByteWriter(1 << 16);
    this.l = l;
    this.block = createUnnamed(l, Kind.DwarfType);
    this.symbols = [];
    this.starts = [];
    l.relocStart[this.block] = l.relocCount;
  }

  /** What follows is what this symbol stands for. */
  begin(s: number): void {
    const { l } = this;
    if (l.size[s] !== 0) bug(`debugging entry ${symbolName(l, s)} is written twice`);
    l.size[s] = 1;
    this.symbols.push(s);
    this.starts.push(this.w.length);
  }

  reloc(offset: number, size: number, type: number, target: number, addend: number): void {
    const { l } = this;
    reserveRelocs(l, 1);
    const r = l.relocCount++;
    l.relocOffset[r] = offset;
    l.relocType[r] = type;
    l.relocSize[r] = size;
    l.relocAddend[r] = addend;
    l.relocTarget[r] = target;
  }

  finish(): void {
    const { l, block, w } = this;
    l.relocEnd[block] = l.relocCount;
    l.size[block] = w.length;
    setOwnContent(l, block, w.bytesView());
  }

  /** The block is here. */
  place(section: number, at: number): void {
    const { symbols, starts } = this;
    const { section: sectionOf, value } = this.l;
    for (let k = 0; k < symbols.length; k++) {
      const s = symbols[k];
      sectionOf[s] = section;
      value[s] = at + starts[k];
    }
  }
}

function writeEntry(entries: EntryWriter, die: Die): void {
  if (die.symbol !== 0) entries.begin(die.symbol);
  entries.w.uleb(die.abbrev);
  writeAttributes(entries, die);
  if (!A.abbreviations[die.abbrev].hasChildren) return;
  const children = die.children;
  for (let k = 0; k < children.length; k++) writeEntry(entries, children[k]);
  entries.w.u8(0);
}

function writeAttributes(b: Builder | EntryWriter, die: Die): void {
  const { attributes } = A.abbreviations[die.abbrev];
  const { w } = b;
  for (let i = 0; i < attributes.length; i += 2) {
    const a = attributeOf(die, attributes[i]);
    const value = a === null ? 0 : a.value;
    const symbol = a === null ? 0 : a.symbol;
    switch (attributes[i + 1]) {
      case A.FormString:
        w.text(attributes[i] === A.AtName ? die.name : a === null ? '' : a.text);
        w.u8(0);
        break;
      case A.FormData1:
      case A.FormFlag:
        w.u8(value);
        break;
      case A.FormUdata:
        w.uleb(value);
        break;
      case A.FormAddr:
        // A type is told as its offset among the types, code by its address.
        if (symbol !== 0) b.reloc(w.length, 8, attributes[i] === A.AtGoRuntimeType ? R.AddrOff : R.Addr, symbol, 0);
        w.u64(0, 0);
        break;
      case A.FormRefAddr:
      case A.FormSecOffset:
        if (symbol === 0) break;
        b.reloc(w.length, 4, R.DwarfSecRef, symbol, 0);
        w.u32(0);
        break;
      default:
        bug(`debugging entry ${die.name} has an attribute of form ${attributes[i + 1]}`);
    }
  }
}
