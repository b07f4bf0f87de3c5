/**
 * Official objects as in-memory symbols, as if a compiler had just filled them: for looking inside, for mixing packages, and
 * for testing that the linker treats both sources alike. References by package and index become references by name.
 */

import { ObjectError } from './archive.ts';
import * as Attr from './attributes.ts';
import { builtinAbi, builtinCount, builtinName } from './builtins.ts';
import * as F from './format.ts';
import * as Kind from './kinds.ts';
import { ObjectFile } from './object.ts';
import { pathToPrefix } from './path-prefix.ts';
import type { ObjectReader } from './reader.ts';
import {
  Abi0,
  AbiStatic,
  addReloc,
  FuncInfo,
  type LinkSymbol,
  noBytes,
  LinkSymbol as Sym,
  type Symbols,
} from './symbol.ts';

/** One object of a package. */
export interface PackageObject {
  path: string;
  reader: ObjectReader;
}

class Importer {
  readonly symbols: Symbols;
  /** First object of each package, by escaped path: the one that indices refer to. */
  readonly byPackage: Map<string, Unit>;

  readonly alone: boolean;
  /** First objects of packages that are only referred to, by escaped path. */
  readonly others: ReadonlyMap<string, ObjectReader>;

  constructor(symbols: Symbols, alone: boolean, others: ReadonlyMap<string, ObjectReader>) {
    this.symbols = symbols;
    this.alone = alone;
    this.others = others;
    this.byPackage = new Map();
  }
}

class Unit {
  readonly object: ObjectFile;
  readonly reader: ObjectReader;
  /** By local number; a definition that lost to an earlier one of the same name is the earlier one. */
  readonly local: (LinkSymbol | null)[];

  constructor(object: ObjectFile, reader: ObjectReader) {
    this.object = object;
    this.reader = reader;
    this.local = new Array<LinkSymbol | null>(reader.symbolCount).fill(null);
  }
}

/**
 * Enters all objects into the table; returns one ObjectFile for each object. Throws ObjectError. With `alone`, packages that
 * are not among the objects are known by `others`, or by the names that objects keep for tools.
 */
export function importObjects(
  symbols: Symbols,
  objects: readonly PackageObject[],
  alone = false,
  others: ReadonlyMap<string, ObjectReader> = new Map(),
): ObjectFile[] {
  const im = new Importer(symbols, alone, others);
  const units: Unit[] = [];
  for (const { path, reader } of objects) {
    const object = new ObjectFile(path);
    object.flags = reader.flags;
    object.fingerprint = reader.fingerprint();
    const imports = reader.count(F.BlockAutolib);
    for (let i = 0; i < imports; i++) object.imports.push(reader.autolib(i));
    const files = reader.count(F.BlockFiles);
    for (let i = 0; i < files; i++) object.files.push(reader.fileName(i));
    const unit = new Unit(object, reader);
    const prefix = pathToPrefix(path);
    if (!im.byPackage.has(prefix)) im.byPackage.set(prefix, unit);
    units.push(unit);
  }
  for (const unit of units) declare(im, unit);
  for (const unit of units) {
    for (let i = 0; i < unit.reader.definedCount; i++) fill(im, unit, i);
  }
  for (const { object } of units) keepOwn(object);
  return units.map((u) => u.object);
}

/** A definition that lost to one of another object is not this object's. */
function keepOwn(object: ObjectFile): void {
  let n = 0;
  for (const s of object.symbols) if (s.object === object) object.symbols[n++] = s;
  object.symbols.length = n;
}

/** Makes the symbols: those that others can name through the table. */
function declare(im: Importer, unit: Unit): void {
  const { reader } = unit;
  const hashedEnd = reader.defCount + reader.hashed64Count + reader.hashedCount;
  for (let i = 0; i < reader.symbolCount; i++) {
    const name = reader.name(i);
    const abi = reader.abi(i);
    const hashed = i >= reader.defCount && i < hashedEnd;
    const isLocal = hashed || name === '' || abi === AbiStatic;
    unit.local[i] = isLocal ? new Sym(name, AbiStatic) : im.symbols.lookup(name, abi);
  }
}

function fill(im: Importer, unit: Unit, i: number): void {
  const { reader } = unit;
  const s = unit.local[i];
  if (s === null) return;
  // Pc-value tables and function information live in FuncInfo.
  if (reader.name(i) === '' && !Kind.isDwarf(reader.kind(i))) return;
  define(im, unit, i, s);
}

function define(im: Importer, unit: Unit, i: number, s: LinkSymbol): void {
  const { reader } = unit;
  const attrs = reader.attrs(i);
  if (s.kind !== Kind.Undefined) {
    if (!replaces(s, reader, i)) return;
    s.relocs = null;
    s.func = null;
    s.gotype = null;
    s.attrs = 0;
  }
  const hashed = i >= reader.defCount && i < reader.defCount + reader.hashed64Count + reader.hashedCount;
  s.kind = reader.kind(i);
  s.attrs |= attrs | (hashed ? Attr.ContentAddressable : 0);
  s.size = reader.size(i);
  s.align = reader.align(i);
  s.data = reader.data(i);
  s.object = unit.object;
  unit.object.symbols.push(s);
  const end = reader.relocStart(i + 1);
  for (let r = reader.relocStart(i); r < end; r++) {
    const at = reader.relocAt(r);
    const { view } = reader;
    const addend = view.getInt32(at + 11, true) * 4294967296 + view.getUint32(at + 7, true);
    addReloc(
      s,
      view.getInt32(at, true),
      view.getUint8(at + 4),
      view.getUint16(at + 5, true),
      target(im, unit, at + 15),
      addend,
    );
  }
  readAux(im, unit, i, s);
}

/** Of two definitions of a name: content beats none, a larger duplicate beats a smaller one. */
function replaces(s: LinkSymbol, reader: ObjectReader, i: number): boolean {
  if ((reader.attrs(i) & Attr.DupOk) !== 0) return reader.size(i) > s.size;
  if (reader.data(i).length > 0 && s.data.length === 0) return true;
  return false;
}

function target(im: Importer, unit: Unit, at: number): LinkSymbol | null {
  const { reader } = unit;
  const local = reader.localRef(at);
  if (local >= 0) return unit.local[local];
  if (local === -1) return null;
  const index = reader.u32(at + 4);
  if (local === -2) {
    if (index >= builtinCount) reader.fail(at, `no runtime entry point ${index}`);
    return im.symbols.lookup(builtinName(index), builtinAbi(index));
  }
  const other = im.byPackage.get(reader.package(reader.u32(at)));
  const named = other === undefined ? im.others.get(reader.package(reader.u32(at))) : undefined;
  if (named !== undefined) return im.symbols.lookup(named.name(index), named.abi(index));
  if (other === undefined && im.alone) return im.symbols.lookup(refName(reader, at), Abi0);
  if (other === undefined || index >= other.reader.defCount) {
    throw new ObjectError(reader.file, reader.base + at, `package ${reader.package(reader.u32(at))} is not loaded`);
  }
  return other.local[index];
}

/** The name kept for tools of a symbol of another package; a made-up one where there is none. */
function refName(reader: ObjectReader, at: number): string {
  const pkg = reader.u32(at);
  const index = reader.u32(at + 4);
  const n = reader.count(F.BlockRefNames);
  for (let i = 0; i < n; i++) {
    const record = reader.offsets[F.BlockRefNames] + 16 * i;
    if (reader.u32(record) === pkg && reader.u32(record + 4) === index) return reader.string(record + 8);
  }
  return `${reader.package(pkg)}#${index}`;
}

function readAux(im: Importer, unit: Unit, i: number, s: LinkSymbol): void {
  const { reader } = unit;
  const end = reader.auxStart(i + 1);
  for (let n = reader.auxStart(i); n < end; n++) {
    const at = reader.auxAt(n);
    const type = reader.bytes[at];
    if (type === F.AuxGotype) s.gotype = target(im, unit, at + 1);
    else if (type === F.AuxDwarfInfo && !Kind.isText(s.kind)) s.dwarfInfo = target(im, unit, at + 1);
    else readFuncAux(im, unit, s, type, at + 1);
  }
}

function readFuncAux(im: Importer, unit: Unit, s: LinkSymbol, type: number, at: number): void {
  s.func ??= new FuncInfo();
  const f = s.func;
  switch (type) {
    case F.AuxFuncInfo:
      readFuncInfo(im, unit, unit.reader.localRef(at), f);
      break;
    case F.AuxFuncdata:
      f.funcdata.push(target(im, unit, at));
      break;
    case F.AuxDwarfInfo:
      f.dwarfInfo = target(im, unit, at);
      break;
    case F.AuxDwarfLoc:
      f.dwarfLoc = target(im, unit, at);
      break;
    case F.AuxDwarfRanges:
      f.dwarfRanges = target(im, unit, at);
      break;
    case F.AuxDwarfLines:
      f.dwarfLines = target(im, unit, at);
      break;
    case F.AuxPcsp:
      f.pcsp = table(unit, at);
      break;
    case F.AuxPcfile:
      f.pcfile = table(unit, at);
      break;
    case F.AuxPcline:
      f.pcline = table(unit, at);
      break;
    case F.AuxPcinline:
      f.pcinline = table(unit, at);
      break;
    case F.AuxPcdata:
      f.pcdata.push(table(unit, at));
      break;
    default:
      break;
  }
}

function table(unit: Unit, at: number): Uint8Array {
  const local = unit.reader.localRef(at);
  if (local === -1) return noBytes;
  if (local < 0 || local >= unit.reader.definedCount) unit.reader.fail(at, 'pc-value table is not in the object');
  const data = unit.reader.data(local);
  const size = unit.reader.size(local);
  if (data.length === size) return data;
  if (size < data.length || size > 1 << 24)
    unit.reader.fail(at, `pc-value table of ${size} bytes holds ${data.length}`);
  const padded = new Uint8Array(size);
  padded.set(data);
  return padded;
}

function readFuncInfo(im: Importer, unit: Unit, local: number, f: FuncInfo): void {
  const { reader } = unit;
  if (local < 0 || local >= reader.definedCount) reader.fail(0, 'function information is not in the object');
  const data = reader.data(local);
  const base = data.byteOffset - reader.bytes.byteOffset;
  const { view } = reader;
  if (data.length < 24) reader.fail(base, 'truncated function information');
  f.args = view.getInt32(base, true);
  f.locals = view.getInt32(base + 4, true);
  f.funcId = data[8];
  f.flags = data[9];
  f.startLine = view.getInt32(base + 12, true);
  const files = view.getUint32(base + 16, true);
  let at = base + 20;
  if (24 + files * 4 > data.length) reader.fail(base, `function information names ${files} files`);
  const list: number[] = [];
  for (let k = 0; k < files; k++, at += 4) list.push(view.getUint32(at, true));
  f.files = list;
  const calls = view.getUint32(at, true);
  at += 4;
  if (at + calls * 24 > base + data.length) reader.fail(base, `function information names ${calls} inlined calls`);
  for (let k = 0; k < calls; k++, at += 24) {
    const func = target(im, unit, at + 12) ?? im.symbols.lookup('', Abi0);
    f.inlineTree.push({
      parent: view.getInt32(at, true),
      file: view.getInt32(at + 4, true),
      line: view.getInt32(at + 8, true),
      func,
      parentPc: view.getInt32(at + 20, true),
    });
  }
}
