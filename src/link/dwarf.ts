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
  newTypeEntries,
  setNumber,
  setText,
  synthesizeTypes,
  type TypeEntries,
} from './dwarf-types.ts';
import * as Kind from './kinds.ts';
import {
  isReachable,
  type Library,
  type LinkObject,
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

  constructor(types: TypeEntries) {
    this.types = types;
    this.units = [];
    this.runtime = null;
  }
}

/** Collects entries; null if there is nothing to tell: -w, or objects without debugging information. */
export function collectDebugInfo(link: Link): DebugInfo | null {
  if (link.options.stripDwarf) return null;
  for (const s of link.textp) {
    const m = link.loader.memory[s];
    if (m !== undefined) addFunctionDebugInfo(m);
  }
  if (!hasDebugInfo(link)) return null;
  const types = newTypeEntries(link);
  if (types === null) return null;
  const d = new DebugInfo(types);
  for (const library of link.libraries) {
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
  addVariables(link, d);
  synthesizeTypes(types);
  return d;
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

function addFunction(link: Link, d: DebugInfo, unit: DebugUnit, s: number): void {
  const l = link.loader;
  const info = loadFunc(l, s);
  if (info === null) return;
  unit.functions.push({ symbol: s, info });
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
  const l = link.loader;
  const units = new Map<LinkObject, DebugUnit>();
  for (const u of d.units) units.set(u.object, u);
  const count = l.count;
  for (let s = 1; s < count; s++) {
    const attrs = l.attrs[s];
    if ((attrs & (Attr.Reachable | Attr.NotInSymtab)) !== Attr.Reachable || l.version[s] >= VersionStatic) continue;
    const object = l.objects[l.object[s]];
    if (object.index === 0 || !isVariableKind(l.kind[s])) continue;
    const type = l.gotype[s];
    if (type === 0) {
      if ((attrs & ObjAttr.Dict) !== 0) addDictionaryTypes(link, d, s);
      continue;
    }
    const unit = units.get(object);
    if (unit === undefined) continue;
    let entry = variableEntry(link, s);
    if (entry !== 0) entryOf(d.types, type);
    else if (l.memory[s] !== undefined && isPackageVariable(symbolName(l, s))) {
      entry = makeVariableEntry(link, s, entryOf(d.types, type));
    }
    if (entry === 0) continue;
    keep(link, entry);
    unit.variables.push(entry);
  }
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

function variableEntry(link: Link, s: number): number {
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
