/**
 * Debugging information: which entries of the objects go into the program, per compilation unit. The objects bring entries of
 * functions, their ranges, locations and line programs; the linker adds units, types, frames and tables. This file collects
 * before addresses are known; dwarf-sections.ts writes. Source: cmd/link/internal/ld/dwarf.go.
 */
import { decodeText } from '#base/bytes.ts';
import * as ObjAttr from '#obj/attributes.ts';
import * as A from '#obj/dwarf/abbrev.ts';
import { addFunctionDebugInfo } from '#obj/dwarf/function.ts';
import * as F from '#obj/format.ts';
import * as R from '#obj/reloc-types.ts';
import * as Attr from './attributes.ts';
import { Builder, createUnnamed, setContent } from './builder.ts';
import type { Link } from './context.ts';
import {
  Die,
  entryOf,
  infoPrefix,
  keptTypeEntries,
  markMain,
  newTypeEntries,
  setNumber,
  setText,
  synthesizeTypes,
  type TypeEntries,
} from './dwarf-types.ts';
import { fatal } from './errors.ts';
import { reachedBits } from './kept-debug.ts';
import * as Kind from './kinds.ts';
import {
  isReachable,
  type Library,
  type LinkObject,
  type Loader,
  lookup,
  lookupOrCreate,
  symbolData,
  symbolName,
  Version0,
  VersionStatic,
} from './loader.ts';
import { type LoadedFunc, loadFunc, materialize, resolveRef } from './materialize.ts';
import { memorySymbol } from './memory.ts';

const constPrefix = 'go:constinfo.';
const unitPrefix = 'go:cuinfo.';
const languageGo = 22;

/** One function's debugging symbols. */
export interface UnitFunction {
  symbol: number;
  info: LoadedFunc;
}

export class DebugUnit {
  readonly object: LinkObject;
  readonly die: Die;
  /** All functions with information, in address order. */
  readonly functions: UnitFunction[];
  readonly abstract: number[];
  readonly functionEntries: number[];
  readonly variables: number[];
  readonly ranges: number[];
  /** The unit's own list of code ranges, once written. */
  rangeList: number;
  constants: number;

  constructor(object: LinkObject, die: Die) {
    this.object = object;
    this.die = die;
    this.functions = [];
    this.abstract = [];
    this.functionEntries = [];
    this.variables = [];
    this.ranges = [];
    this.rangeList = 0;
    this.constants = 0;
  }
}

export class DebugInfo {
  readonly types: TypeEntries;
  readonly units: DebugUnit[];
  /** The unit that the types go into. */
  runtime: DebugUnit | null;
  /** With keepsDebug: what was reached. */
  reached: Uint8Array;
  /** Symbols of types' entries that the main package refers to, beside what is kept. */
  readonly seen: number[];

  constructor(types: TypeEntries) {
    this.types = types;
    this.units = [];
    this.runtime = null;
    this.reached = new Uint8Array(0);
    this.seen = [];
  }
}

/** Collects entries; null if there is nothing to tell: -w, or objects without debugging information. */
export function collectDebugInfo(link: Link): DebugInfo | null {
  if (link.options.stripDwarf) return null;
  for (const s of link.textp) {
    const m = link.loader.memory[s];
    if (m !== undefined) addFunctionDebugInfo(m);
  }
  const besideKept = collectBesideKept(link);
  if (besideKept !== null) return besideKept;
  if (!hasDebugInfo(link)) return null;
  const types = newTypeEntries(link);
  if (types === null) return null;
  const d = new DebugInfo(types);
  if (link.options.keepsDebug) d.reached = reachedBits(link.loader);
  for (const library of link.libraries) {
    const before = types.root.children.length;
    addLibrary(link, d, library);
    if (library.isMain && link.options.keepsDebug) {
      types.mainFrom = before;
      types.mainTo = before;
      markMain(types, before, types.root.children.length);
    }
  }
  addVariables(link, d);
  synthesizeTypes(types);
  return d;
}

function addLibrary(link: Link, d: DebugInfo, library: Library): void {
  let constants = lookup(link.loader, constPrefix + library.path, Version0);
  for (const object of library.objects) {
    const unit = newUnit(link, d, library, object);
    d.units.push(unit);
    if (constants !== 0) {
      unit.constants = constants;
      importEntry(link, d, constants);
      constants = 0;
    }
    if (library.path === 'runtime') d.runtime = unit;
    const { textp } = object;
    for (let k = 0; k < textp.length; k++) addFunction(link, d, unit, textp[k]);
  }
}

/** The main package's units and types alone, if an excerpt has all others as they would be. */
function collectBesideKept(link: Link): DebugInfo | null {
  const l = link.loader;
  const kept = l.excerpt?.debug ?? null;
  const main = link.libraries.find((b) => b.isMain);
  if (kept === null || main === undefined || !kept.fits(link)) return null;
  const d = new DebugInfo(keptTypeEntries(link, kept));
  kept.forEachAbstract((s) => {
    l.attrs[s] |= Attr.OnTextList;
  });
  addLibrary(link, d, main);
  const own = new Set<number>();
  for (const o of main.objects) for (const s of o.syms) if (l.object[s] === o.index) own.add(s);
  const units = unitsByObject(d);
  for (const s of [...own].sort((a, b) => a - b)) addVariable(link, d, units, s);
  markMain(d.types, 0, d.types.root.children.length);
  if (!kept.isShort && !d.types.isMixed) return d;
  // Everything is told anew.
  kept.forEachAbstract((s) => {
    l.attrs[s] &= ~Attr.OnTextList;
  });
  for (const u of d.units) for (const s of u.abstract) l.attrs[s] &= ~Attr.OnTextList;
  for (const s of d.seen) l.attrs[s] &= ~Attr.OnTextList;
  return null;
}

function hasDebugInfo(link: Link): boolean {
  return link.textp.some((s) => (loadFunc(link.loader, s)?.dwarfInfo ?? 0) !== 0);
}

function textOf(link: Link, name: string): string {
  const s = lookup(link.loader, name, Version0);
  const data = s === 0 ? null : symbolData(link.loader, s);
  return data === null ? '' : decodeText(data);
}

function newUnit(link: Link, d: DebugInfo, library: Library, object: LinkObject): DebugUnit {
  const l = link.loader;
  const abbrev = object.textp.length === 0 ? A.CompUnitTextless : A.CompUnit;
  const die = new Die(abbrev, library.path);
  const s = lookupOrCreate(l, `${infoPrefix}.pkg.${library.path}.${d.units.length + 1}`, Version0);
  l.kind[s] = Kind.DwarfCuInfo;
  l.attrs[s] |= Attr.Reachable | Attr.NotInSymtab | Attr.Synthetic;
  die.symbol = s;
  setNumber(die, A.AtLanguage, languageGo);
  setText(die, A.AtCompDir, '.');
  const flags = textOf(link, `${unitPrefix}producer.${library.path}`);
  setText(die, A.AtProducer, `Go cmd/compile ${link.options.buildVersion}${flags === '' ? '' : `; ${flags}`}`);
  setText(die, A.AtGoPackageName, textOf(link, `${unitPrefix}packagename.${library.path}`));
  return new DebugUnit(object, die);
}

function keep(link: Link, s: number): void {
  link.loader.attrs[s] |= Attr.NotInSymtab | Attr.Reachable;
  materialize(link.loader, s);
}

/** Places in debug sections are given to these: to nothing else (loader.go, GetFuncDwarfAuxSyms). */
function checkKinds({ kind }: Loader, info: LoadedFunc): void {
  const is = (s: number, expected: number): boolean => s === 0 || kind[s] === expected;
  if (!is(info.dwarfInfo, Kind.DwarfFcn)) fatal('aux dwarf info sym with wrong type');
  if (!is(info.dwarfLoc, Kind.DwarfLoc)) fatal('aux dwarf loc sym with wrong type');
  if (!is(info.dwarfRanges, Kind.DwarfRange)) fatal('aux dwarf ranges sym with wrong type');
  if (!is(info.dwarfLines, Kind.DwarfLines)) fatal('aux dwarf lines sym with wrong type');
}

function addFunction(link: Link, d: DebugInfo, unit: DebugUnit, s: number): void {
  const l = link.loader;
  const info = loadFunc(l, s);
  if (info === null) return;
  unit.functions.push({ symbol: s, info });
  checkKinds(l, info);
  if (info.dwarfInfo === 0) return;
  keep(link, info.dwarfInfo);
  unit.functionEntries.push(info.dwarfInfo);
  if (info.dwarfRanges !== 0) {
    keep(link, info.dwarfRanges);
    unit.ranges.push(info.dwarfRanges);
  }
  for (let r = l.relocStart[info.dwarfInfo]; r < l.relocEnd[info.dwarfInfo]; r++) {
    const type = l.relocType[r];
    const target = l.relocTarget[r];
    if (type === R.UseType) {
      entryOf(d.types, target);
      continue;
    }
    if (type !== R.DwarfSecRef) continue;
    if (l.kind[target] === Kind.DwarfAbsFcn) {
      if ((l.attrs[target] & Attr.OnTextList) !== 0) continue;
      l.attrs[target] |= Attr.OnTextList;
      unit.abstract.push(target);
      importEntry(link, d, target);
    } else if (l.kind[target] === Kind.DwarfType || l.kind[target] === Kind.Undefined) typeByEntry(link, d, target);
  }
}

/** The entry of a type that is referred to by its symbol go:info.T. */
function typeByEntry(link: Link, d: DebugInfo, s: number): void {
  const l = link.loader;
  // The same types are referred to over and over: the mark says that this one has been looked at.
  if ((l.attrs[s] & Attr.OnTextList) !== 0) return;
  l.attrs[s] |= Attr.OnTextList;
  if (d.types.kept !== null) d.seen.push(s);
  if (d.types.typeOf.has(s)) return;
  const name = symbolName(l, s);
  if (!name.startsWith(infoPrefix)) return;
  entryOf(d.types, lookup(l, `type:${name.slice(infoPrefix.length)}`, Version0));
}

function importEntry(link: Link, d: DebugInfo, s: number): void {
  const l = link.loader;
  keep(link, s);
  for (let r = l.relocStart[s]; r < l.relocEnd[s]; r++) {
    if (l.relocType[r] === R.DwarfSecRef) typeByEntry(link, d, l.relocTarget[r]);
  }
}

function addVariables(link: Link, d: DebugInfo): void {
  const units = unitsByObject(d);
  const { count } = link.loader;
  for (let s = 1; s < count; s++) addVariable(link, d, units, s);
}

function unitsByObject(d: DebugInfo): ReadonlyMap<LinkObject, DebugUnit> {
  const units = new Map<LinkObject, DebugUnit>();
  for (const u of d.units) units.set(u.object, u);
  return units;
}

function addVariable(link: Link, d: DebugInfo, units: ReadonlyMap<LinkObject, DebugUnit>, s: number): void {
  const l = link.loader;
  const attrs = l.attrs[s];
  if ((attrs & (Attr.Reachable | Attr.NotInSymtab)) !== Attr.Reachable || l.version[s] >= VersionStatic) return;
  const object = l.objects[l.object[s]];
  if (object.index === 0 || !isVariableKind(l.kind[s])) return;
  const before = d.types.root.children.length;
  const type = l.gotype[s];
  if (type === 0) {
    if ((attrs & ObjAttr.Dict) !== 0) addDictionaryTypes(link, d, s);
  } else {
    const unit = units.get(object);
    if (unit === undefined) return;
    let entry = variableEntry(link, s);
    if (entry !== 0) entryOf(d.types, type);
    else if (l.memory[s] !== undefined && isPackageVariable(symbolName(l, s))) {
      entry = makeVariableEntry(link, s, entryOf(d.types, type));
    }
    if (entry !== 0) {
      keep(link, entry);
      unit.variables.push(entry);
    }
  }
  const after = d.types.root.children.length;
  if (after === before || !object.library.isMain) return;
  // The main package's own variables are numbered first; others stand between those of the archives.
  if (object.reader === null || l.local[s] >= object.reader.defCount) d.types.isMixed = true;
  else if (d.types.kept === null) markMain(d.types, before, after);
}

function isVariableKind(kind: number): boolean {
  return (
    (kind >= Kind.Rodata && kind <= Kind.RodataEnd) ||
    (kind >= Kind.Data && kind <= Kind.DataEnd) ||
    (kind >= Kind.NoPtrData && kind <= Kind.NoPtrDataEnd) ||
    kind === Kind.Type ||
    kind === Kind.Bss ||
    kind === Kind.NoPtrBss ||
    kind === Kind.TlsBss ||
    kind === Kind.ModuleData
  );
}

/** Composite literals, dictionaries and the like have names with two dots; descriptors and strings have a colon. */
function isPackageVariable(name: string): boolean {
  return !/\.\.|^(type|go):/.test(name);
}

const opAddr = 0x03;

/** The entry of a variable that is only in memory: name, address, type (DWARF 5, 4.1). */
function makeVariableEntry(link: Link, s: number, type: number): number {
  const l = link.loader;
  if (type === 0) return 0;
  const b = new Builder(64);
  b.w.uleb(A.Variable);
  b.w.text(symbolName(l, s));
  b.w.u8(0);
  b.w.u8(9);
  b.w.u8(opAddr);
  b.address(s);
  b.reloc(b.w.length, 4, R.DwarfSecRef, type, 0);
  b.w.u32(0);
  b.w.u8(1);
  const entry = createUnnamed(l, Kind.DwarfVar);
  setContent(l, entry, Kind.DwarfVar, b);
  return entry;
}

/** The types of a generic function's dictionary. */
function addDictionaryTypes(link: Link, d: DebugInfo, s: number): void {
  const l = link.loader;
  for (let r = l.relocStart[s]; r < l.relocEnd[s]; r++) {
    if (l.relocType[r] === R.UseIface && isReachable(l, s)) entryOf(d.types, l.relocTarget[r]);
  }
}

/** The entry of a variable, of its object; 0 if there is none. */
export function variableEntry(link: Link, s: number): number {
  const l = link.loader;
  const m = l.memory[s];
  if (m !== undefined) return m.dwarfInfo === null ? 0 : memorySymbol(l, m.dwarfInfo);
  const object = l.objects[l.object[s]];
  const reader = object.reader;
  const local = l.local[s];
  if (reader === null || local >= reader.definedCount) return 0;
  if (object.part !== null) return object.part.excerpt.entryOf(local);
  const end = reader.auxStart(local + 1);
  for (let n = reader.auxStart(local); n < end; n++) {
    const at = reader.auxAt(n);
    if (reader.bytes[at] === F.AuxDwarfInfo) return resolveRef(l, object, at + 1);
  }
  return 0;
}
