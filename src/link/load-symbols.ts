/**
 * Entering the symbols of all objects, in the official order (loader.go, LoadSyms): package definitions of every object, then
 * per object content-addressable and by-name definitions, then references.
 */
import * as ObjAttr from '#obj/attributes.ts';
import { builtinIndex } from '#obj/builtins.ts';
import * as F from '#obj/format.ts';
import { FlagStd } from '#obj/object.ts';
import type { ObjectReader } from '#obj/reader.ts';
import * as Attr from './attributes.ts';
import { blockedLinknames } from './blocked-linknames.ts';
import type { Link } from './context.ts';
import { fatal } from './errors.ts';
import * as Kind from './kinds.ts';
import {
  type LinkObject,
  type Loader,
  lookupOrCreate,
  newSymbol,
  symbolData,
  symbolName,
  VersionStatic,
} from './loader.ts';
import { resolveRef } from './materialize.ts';
import { duplicateMessage, memorySymbol } from './memory.ts';

interface VariableRef {
  pkg: string;
  name: string;
  symbol: number;
}

export function loadSymbols(link: Link): void {
  const l = link.loader;
  const refs: VariableRef[] = [];
  // Packages in memory alone are numbered as they are reached: then numbers do not tell what was made beforehand, or came from a cache.
  const areFiles = l.objects.some((o) => o.reader !== null);
  for (let i = 1; i < l.objects.length; i++) if (areFiles) loadPackageDefs(l, l.objects[i]);
  for (let i = 1; i < l.objects.length; i++) {
    const o = l.objects[i];
    if (o.reader === null) continue;
    loadHashed(l, o, o.reader);
    loadNamed(link, o, o.reader, refs);
  }
  for (const r of refs) checkLinkname(link, r.pkg, r.name, r.symbol);
  for (let i = 1; i < l.objects.length; i++) loadRefs(link, l.objects[i]);
}

/** Takes over the facts of local symbol `local` of the object for global symbol i. */
function takeFrom(l: Loader, i: number, o: LinkObject, reader: ObjectReader, local: number): void {
  l.object[i] = o.index;
  l.local[i] = local;
  l.kind[i] = kindOf(reader, local);
  l.attrs[i] = (l.attrs[i] & ~(ObjAttr.ObjectMask & ~(ObjAttr.Local | ObjAttr.UsedInIface))) | reader.attrs(local);
  l.size[i] = reader.size(local);
}

function kindOf(reader: ObjectReader, local: number): number {
  const k = reader.kind(local);
  if (k >= Kind.fromObject.length) reader.fail(reader.symbolAt(local) + 10, `unknown symbol kind ${k}`);
  return Kind.fromObject[k];
}

function raiseAlign(l: Loader, i: number, align: number): void {
  if (align > l.align[i]) l.align[i] = align;
}

function versionOf(reader: ObjectReader, o: LinkObject, local: number): number {
  const abi = reader.abi(local);
  if (abi === 0xffff) return o.version;
  if (abi > 1) fatal(`invalid symbol ABI: ${abi}`);
  return abi;
}

function noteBuiltin(l: Loader, o: LinkObject, name: string, version: number, i: number): void {
  if (!name.startsWith('runtime.') && !(o.library.path === 'runtime' && name.startsWith('type:'))) return;
  const b = builtinIndex(name, version);
  if (b >= 0) l.builtins[b] = i;
}

function loadPackageDefs(l: Loader, o: LinkObject): void {
  const reader = o.reader;
  if (reader === null) {
    if (o.memory !== null) for (const s of o.memory.symbols) memorySymbol(l, s);
    return;
  }
  for (let local = 0; local < reader.defCount; local++) {
    const name = reader.name(local);
    const version = versionOf(reader, o, local);
    const i = newSymbol(l, name, version);
    if (name !== '' && version < VersionStatic) l.byName[version].set(name, i);
    takeFrom(l, i, o, reader, local);
    raiseAlign(l, i, reader.align(local));
    noteBuiltin(l, o, name, version, i);
    o.syms[local] = i;
  }
}

function loadHashed(l: Loader, o: LinkObject, reader: ObjectReader): void {
  const view = reader.view;
  const first = reader.defCount;
  const end = first + reader.hashed64Count + reader.hashedCount;
  for (let local = first; local < end; local++) {
    const short = local < first + reader.hashed64Count;
    const at = short
      ? reader.offsets[F.BlockHash64] + 8 * (local - first)
      : reader.offsets[F.BlockHash] + 16 * (local - first - reader.hashed64Count);
    const a = view.getUint32(at, true);
    const b = view.getUint32(at + 4, true);
    const c = short ? 0 : view.getUint32(at + 8, true);
    const d = short ? 0 : view.getUint32(at + 12, true);
    const width = short ? 8 : 16;
    const slot = l.byHash.slot(a, b, c, d, width);
    let i = l.byHash.symbol(slot);
    const size = reader.size(local);
    if (i === 0) {
      i = newSymbol(l, null, reader.abi(local) === 0xffff ? o.version : reader.abi(local));
      takeFrom(l, i, o, reader, local);
      l.attrs[i] |= Attr.Hashed;
      l.byHash.set(slot, a, b, c, d, width, i, size);
    } else if (size > l.byHash.size(slot)) {
      // Equal but for trailing zeros: the larger one serves both.
      takeFrom(l, i, o, reader, local);
      l.names[i] = null;
      l.version[i] = reader.abi(local) === 0xffff ? o.version : reader.abi(local);
      l.byHash.set(slot, a, b, c, d, width, i, size);
    } else {
      l.attrs[i] |= reader.attrs(local) & (ObjAttr.Local | ObjAttr.UsedInIface);
    }
    raiseAlign(l, i, reader.align(local));
    o.syms[local] = i;
  }
}

function loadNamed(link: Link, o: LinkObject, reader: ObjectReader, refs: VariableRef[]): void {
  const l = link.loader;
  const first = reader.defCount + reader.hashed64Count + reader.hashedCount;
  for (let local = first; local < reader.definedCount; local++) {
    const name = reader.name(local);
    const version = versionOf(reader, o, local);
    const i = addNamed(link, o, reader, local, name, version);
    o.syms[local] = i;
    const attrs = reader.attrs(local);
    if ((attrs & ObjAttr.Linkname) !== 0 && reader.data(local).length === 0 && name.includes('.')) {
      // A linknamed variable without content pulls somebody else's; whether it may is known once all are loaded.
      refs.push({ pkg: o.library.path, name, symbol: i });
    }
    l.attrs[i] |= attrs & (ObjAttr.Local | ObjAttr.UsedInIface);
    noteBuiltin(l, o, name, version, i);
    raiseAlign(l, i, reader.align(local));
  }
}

function addNamed(
  link: Link,
  o: LinkObject,
  reader: ObjectReader,
  local: number,
  name: string,
  version: number,
): number {
  const l = link.loader;
  if (name === '' || version >= VersionStatic) {
    const i = newSymbol(l, name, version);
    takeFrom(l, i, o, reader, local);
    return i;
  }
  const table = l.byName[version];
  const old = table.get(name);
  if (old === undefined || l.kind[old] === Kind.Undefined) {
    const i = old ?? newSymbol(l, name, version);
    if (old === undefined) table.set(name, i);
    takeFrom(l, i, o, reader, local);
    return i;
  }
  mergeDuplicate(link, o, reader, local, name, old);
  return old;
}

/** Two definitions of one name: which one counts (loader.go, addSym, has the table). */
function mergeDuplicate(
  link: Link,
  o: LinkObject,
  reader: ObjectReader,
  local: number,
  name: string,
  old: number,
): void {
  const l = link.loader;
  const size = reader.size(local);
  const oldSize = l.size[old];
  if ((reader.attrs(local) & ObjAttr.DupOk) !== 0) {
    if (link.options.strictDups > 0) checkDuplicate(link, o, reader, local, name, old);
    if (oldSize < size) replace(l, old, o, reader, local);
    return;
  }
  if ((l.attrs[old] & ObjAttr.DupOk) !== 0) return;
  const kind = kindOf(reader, local);
  const oldHasContent = symbolData(l, old) !== null;
  const newHasContent = reader.data(local).length !== 0;
  const oldIsBss = Kind.isData(l.kind[old]) && !oldHasContent;
  const newIsBss = Kind.isData(kind) && !newHasContent;
  if ((Kind.isText(kind) && oldIsBss) || (newHasContent && oldIsBss) || (newIsBss && oldIsBss && size > oldSize)) {
    replace(l, old, o, reader, local);
    if (oldSize > size) l.size[old] = oldSize;
  } else if (newIsBss) {
    if (size > oldSize) l.size[old] = size;
  } else {
    fatal(duplicateMessage(l, old, name, o.library.path, kind, size));
  }
}

function replace(l: Loader, i: number, o: LinkObject, reader: ObjectReader, local: number): void {
  takeFrom(l, i, o, reader, local);
  l.memory[i] = null;
  l.relocStart[i] = -1;
}

/** -strictdups: duplicates must have equal content. */
function checkDuplicate(
  link: Link,
  o: LinkObject,
  reader: ObjectReader,
  local: number,
  name: string,
  old: number,
): void {
  const l = link.loader;
  const data = reader.data(local);
  const oldData = symbolData(l, old) ?? new Uint8Array(0);
  let reason = 'same length but different contents';
  if (data.length !== oldData.length) reason = `new length ${data.length} != old length ${oldData.length}`;
  else if (data.every((b, i) => b === oldData[i])) {
    if (l.size[old] === reader.size(local)) return;
    reason = `different sizes: new size ${reader.size(local)} != old size ${l.size[old]}`;
  }
  const oldLibrary = l.objects[l.object[old]].library.path;
  const message =
    `cmd/link: while reading object for '${o.library.path}': duplicate symbol '${name}', ` +
    `previous def at '${oldLibrary}', with mismatched payload: ${reason}`;
  const allowed =
    name.startsWith('go:info.go.interface') ||
    name.startsWith('go:info.go.builtin') ||
    name.startsWith('go:debuglines');
  if (!allowed && link.options.strictDups > 1) link.error(message);
  else link.host.print(`${message}\n`);
}

function loadRefs(link: Link, o: LinkObject): void {
  const reader = o.reader;
  if (reader === null) return;
  const l = link.loader;
  for (let local = reader.definedCount; local < reader.symbolCount; local++) {
    const name = reader.name(local);
    const version = versionOf(reader, o, local);
    const i = version >= VersionStatic ? newSymbol(l, name, version) : lookupOrCreate(l, name, version);
    o.syms[local] = i;
    const attrs = reader.attrs(local);
    if ((attrs & ObjAttr.Linkname) !== 0) checkLinkname(link, o.library.path, name, i);
    l.attrs[i] |= attrs & (ObjAttr.Local | ObjAttr.UsedInIface);
  }
  const packages = reader.count(F.BlockPackages);
  o.packages = new Int32Array(packages);
  for (let k = 1; k < packages; k++) {
    const path = reader.package(k);
    const target = l.objectByPackage.get(path);
    if (target === undefined) fatal(`${o.library.path}: reference to nonexistent package ${path}`);
    o.packages[k] = target.reader === null ? -1 : target.index;
  }
  const flags = reader.count(F.BlockRefFlags);
  for (let k = 0; k < flags; k++) {
    const at = reader.offsets[F.BlockRefFlags] + 10 * k;
    if ((reader.bytes[at + 9] & (ObjAttr.UsedInIface >> 8)) !== 0) {
      l.attrs[resolveRef(l, o, at)] |= ObjAttr.UsedInIface;
    }
  }
}

/** Whether pkg may refer to a symbol by linkname: only if the definition carries one too, or nobody else's list says no. */
function checkLinkname(link: Link, pkg: string, name: string, i: number): void {
  if (!link.options.checkLinkname) return;
  const allowed = blockedLinknames.get(name);
  if (allowed !== undefined) {
    if (allowed.includes(pkg)) return;
    // crypto/internal/fips140/vX.Y.Z/... is a frozen crypto/internal/fips140/...
    if (pkg.startsWith('crypto/internal/fips140/v')) {
      const parts = pkg.split('/');
      parts.splice(3, 1);
      if (allowed.includes(parts.join('/'))) return;
    }
    fatal(`${pkg}: invalid reference to ${name}`);
  }
  const l = link.loader;
  const definer = l.objects[l.object[i]];
  if (definer.index === 0 || l.kind[i] === Kind.Undefined) return;
  if ((definer.flags & FlagStd) === 0) return;
  if (definer.library.path === pkg) return;
  if ((l.attrs[i] & (ObjAttr.Linkname | ObjAttr.AbiWrapper)) !== 0) return;
  fatal(`${pkg}: invalid reference to ${symbolName(l, i)}`);
}
