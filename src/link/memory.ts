/** Symbols that a compiler or assembler left in memory, entered into the loader. */
import * as ObjAttr from '#obj/attributes.ts';
import * as ObjKind from '#obj/kinds.ts';
import { FlagFromAssembly, type ObjectFile } from '#obj/object.ts';
import { AbiStatic, type LinkSymbol } from '#obj/symbol.ts';
import { fatal } from './errors.ts';
import * as Kind from './kinds.ts';
import {
  Library,
  LinkObject,
  type Loader,
  newSymbol,
  setName,
  symbolData,
  symbolName,
  VersionStatic,
} from './loader.ts';
import { enterName, findText } from './name-table.ts';

/** The unit of an ObjectFile; one that came into being while linking gets a unit (and a library) now. */
export function unitOf(l: Loader, object: ObjectFile): LinkObject {
  const known = l.units.get(object);
  if (known !== undefined) return known;
  const library = new Library(object.packagePath, '', 'demand', new Uint8Array(8), object);
  return addMemoryUnit(l, library, object);
}

export function addMemoryUnit(l: Loader, library: Library, object: ObjectFile): LinkObject {
  const unit = new LinkObject(l.objects.length, library, library.path, null, object);
  l.objects.push(unit);
  library.objects.push(unit);
  l.units.set(object, unit);
  for (const i of object.imports) library.autolib.push({ path: i.path, fingerprint: i.fingerprint });
  if (object.isMain) library.isMain = true;
  return unit;
}

/** The global symbol of a LinkSymbol, entered now if it is new. */
export function memorySymbol(l: Loader, s: LinkSymbol): number {
  const known = s.index;
  if (known > 0 && l.memory[known] === s) return known;
  // Nameless symbols (debug entries of functions) are their object's own, like static ones.
  if (s.abi === AbiStatic || s.name === '') {
    const object = s.object;
    const i = newSymbol(l, s.name, object === null ? VersionStatic : unitOf(l, object).version);
    bind(l, i, s);
    return i;
  }
  const slot = findText(l, s.name, s.abi);
  const old = l.byName.symbols[slot];
  if (old === 0) {
    const i = newSymbol(l, s.name, s.abi);
    enterName(l.byName, slot, l.byName.lastHash, i);
    bind(l, i, s);
    return i;
  }
  const { prelinked } = l;
  if (prelinked !== null && old < prelinked.count && prelinked.isDefined(old)) {
    if (isAnother(s)) throw new PrelinkMismatch(s.name);
    s.index = old;
    return old;
  }
  const other = l.memory[old];
  if (other === s) {
    s.index = old;
    return old;
  }
  if (s.kind === ObjKind.Undefined) {
    // A reference to something that an object file defines, or that nobody defines yet.
    if (other === undefined && l.kind[old] === Kind.Undefined) {
      l.memory[old] = s;
      l.attrs[old] |= expectedAttributes(s);
    }
    s.index = old;
    return old;
  }
  define(l, old, s);
  return old;
}

/** A package defines what a prelinked one does, too: what that means is found out by a link without them. */
export class PrelinkMismatch extends Error {}

/** Whether a symbol is defined, and not as the prelinked one of its name is. The compiler knows those of assembly without their content. */
function isAnother(s: LinkSymbol): boolean {
  if (s.kind === ObjKind.Undefined || (s.attrs & (ObjAttr.DupOk | ObjAttr.ContentAddressable)) !== 0) return false;
  return s.object === null || (s.object.flags & FlagFromAssembly) === 0 || s.data.length > 0;
}

function bind(l: Loader, i: number, s: LinkSymbol): void {
  l.memory[i] = s;
  setName(l, i, s.name);
  s.index = i;
  if (s.kind !== ObjKind.Undefined) enter(l, i, s);
  else l.attrs[i] |= expectedAttributes(s);
}

/** Types and itabs are known by their names before they exist: reachability asks what a reference is before it follows it. */
function expectedAttributes(s: LinkSymbol): number {
  return ObjAttr.derivedAttributes(s.name, ObjKind.Rodata);
}

function enter(l: Loader, i: number, s: LinkSymbol): void {
  l.kind[i] = Kind.fromObject[s.kind];
  l.attrs[i] |= (s.attrs & ObjAttr.ObjectMask) | ObjAttr.derivedAttributes(s.name, s.kind);
  l.size[i] = s.size;
  l.align[i] = Math.max(l.align[i], s.align);
  if (s.object !== null) l.object[i] = unitOf(l, s.object).index;
}

/** A definition in memory meets an entry of the same name. */
function define(l: Loader, i: number, s: LinkSymbol): void {
  if (l.kind[i] === Kind.Undefined) {
    l.relocStart[i] = -1;
    bind(l, i, s);
    return;
  }
  const oldDupOk = (l.attrs[i] & ObjAttr.DupOk) !== 0;
  if ((s.attrs & ObjAttr.DupOk) !== 0 || oldDupOk) {
    s.index = i;
    return;
  }
  const newHasContent = s.data.length !== 0;
  const oldHasContent = symbolData(l, i) !== null;
  const oldIsBss = Kind.isData(l.kind[i]) && !oldHasContent;
  const newKind = Kind.fromObject[s.kind];
  if (oldIsBss && (Kind.isText(newKind) || newHasContent || s.size > l.size[i])) {
    l.relocStart[i] = -1;
    const size = Math.max(l.size[i], s.size);
    bind(l, i, s);
    if (!Kind.isText(newKind)) l.size[i] = size;
    return;
  }
  if (Kind.isData(newKind) && !newHasContent) {
    if (s.size > l.size[i]) l.size[i] = s.size;
    s.index = i;
    return;
  }
  fatal(duplicateMessage(l, i, s.name, s.object?.packagePath ?? '', newKind, s.size));
}

export function duplicateMessage(
  l: Loader,
  old: number,
  name: string,
  pkg: string,
  kind: number,
  size: number,
): string {
  const oldPkg = l.objects[l.object[old]].library.path;
  return (
    `duplicated definition of symbol ${name}, from ${pkg} (type ${Kind.names[kind]} size ${size}) ` +
    `and ${oldPkg} (type ${Kind.names[l.kind[old]]} size ${l.size[old]})`
  );
}

/** Names for messages about memory symbols. */
export function describe(l: Loader, i: number): string {
  return symbolName(l, i);
}
