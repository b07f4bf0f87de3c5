/**
 * Entering the symbols of all objects, in the official order (loader.go, LoadSyms): package definitions of every object, then
 * per object content-addressable and by-name definitions, then references.
 */
import * as ObjAttr from '#obj/attributes.ts';
import * as F from '#obj/format.ts';
import { FlagStd } from '#obj/object.ts';
import type { ObjectReader } from '#obj/reader.ts';
import * as Attr from './attributes.ts';
import { blockedLinknames } from './blocked-linknames.ts';
import type { Link } from './context.ts';
import { fatal } from './errors.ts';
import { countMain, type Excerpt, ExcerptMismatch } from './excerpt.ts';
import { HashTable } from './hash-table.ts';
import * as Kind from './kinds.ts';
import {
  type LinkObject,
  type Loader,
  newSymbol,
  reserveRelocs,
  reserveSymbols,
  symbolData,
  symbolName,
  VersionStatic,
} from './loader.ts';
import { resolveRef } from './materialize.ts';
import { duplicateMessage, memorySymbol, unitOf } from './memory.ts';
import { enterName, findName, findText, hashName, NameTable } from './name-table.ts';

interface VariableRef {
  pkg: string;
  symbol: number;
}

/** Which packages may refer to a symbol of blockedLinknames that is defined. */
type Blocked = ReadonlyMap<number, readonly string[]>;

export function loadSymbols(link: Link): void {
  const l = link.loader;
  const refs: VariableRef[] = [];
  if (l.excerpt !== null) {
    loadBesideExcerpt(link, l.excerpt, refs);
    return;
  }
  makeRoom(l);
  // Packages in memory alone are numbered as they are reached: then numbers do not tell what was made beforehand, or came from a cache.
  const areFiles = l.objects.some((o) => o.reader !== null);
  l.ordersByName = !areFiles;
  const { prelinked } = link.options;
  if (prelinked !== null && !areFiles)
    prelinked.code.install(
      l,
      prelinked.objects.map((o) => unitOf(l, o)),
    );
  for (let i = 1; i < l.objects.length; i++) if (areFiles) loadPackageDefs(l, l.objects[i]);
  for (let i = 1; i < l.objects.length; i++) {
    const o = l.objects[i];
    if (o.reader === null) continue;
    loadHashed(l, o, o.reader);
    loadNamed(link, o, o.reader, refs);
  }
  const blocked = blockedSymbols(l);
  for (const r of refs) checkLinkname(link, blocked, r.pkg, r.symbol);
  for (let i = 1; i < l.objects.length; i++) loadRefs(link, l.objects[i], blocked);
}

/** The symbols of the main package, around those of an excerpt. */
function loadBesideExcerpt(link: Link, excerpt: Excerpt, refs: VariableRef[]): void {
  const l = link.loader;
  if (!excerpt.isTaken) throw new ExcerptMismatch('packages that are not needed');
  const { objects, room } = countMain(l.objects);
  const own = l.objects.slice(1, objects);
  // Only what is compiled as a part of the standard library may not refer to all that it refers to.
  if (own.some((o) => (o.flags & FlagStd) !== 0))
    throw new ExcerptMismatch('the program is a part of the standard library');
  const first = excerpt.install(l, objects, room);
  const end = l.count;
  l.byHash64 = new HashTable(room.others);
  l.byHash = new HashTable(room.others);
  l.count = first.packaged;
  for (const o of own) loadPackageDefs(l, o);
  l.count = first.others;
  for (const o of own) {
    if (o.reader === null) continue;
    loadHashed(l, o, o.reader);
    loadNamed(link, o, o.reader, refs);
  }
  for (const o of own) meetHashed(l, excerpt, o);
  const blocked = blockedSymbols(l);
  for (const r of refs) checkLinkname(link, blocked, r.pkg, r.symbol);
  l.count = first.refs;
  for (const o of own) loadRefs(link, o, blocked);
  l.count = end;
  excerpt.installRelocs(l);
  excerpt.installLists(l);
}

function meetHashed(l: Loader, excerpt: Excerpt, o: LinkObject): void {
  const { reader } = o;
  if (reader === null) return;
  const hashes = (block: number, first: number, end: number, isLong: boolean): void => {
    const at = reader.offsets[block];
    const word = (n: number): number => reader.view.getInt32(at + 4 * n, true);
    for (let n = first, w = 0; n < end; n++, w += isLong ? 4 : 2) {
      const i = o.syms[n];
      excerpt.meetHashed(l, i, isLong, word(w), word(w + 1), isLong ? word(w + 2) : 0, isLong ? word(w + 3) : 0);
    }
  };
  hashes(F.BlockHash64, reader.defCount, reader.firstHashed, false);
  hashes(F.BlockHash, reader.firstHashed, reader.firstNamed, true);
}

/** Symbol i, which the main package defines or refers to, has the name of this hash, by which there was `old`, or nothing: 0. */
function takePlace(l: Loader, excerpt: Excerpt, old: number, hash: number, i: number): void {
  if (old === 0 && l.kind[i] !== Kind.Undefined) excerpt.meetName(l, i, hash);
  else if (old === 0) excerpt.refuseName(hash);
  const k = old === 0 ? -1 : excerpt.placeOf(old);
  if (k < 0) return;
  if (excerpt.isDefined(k)) {
    // Definitions of packages come before all others; of other ones the first counts, unless a later one is larger.
    const areSeveral = (excerpt.attrsOf(k) & l.attrs[i] & ObjAttr.DupOk) !== 0;
    if (excerpt.isPackaged(k) || !areSeveral || excerpt.sizeOf(k) !== l.size[i])
      throw new ExcerptMismatch('a symbol is defined again');
  }
  excerpt.takeOver(l, k, i);
}

/** Tables for the symbols of all objects; many of the content-addressable ones are equal. */
function makeRoom(l: Loader): void {
  let named = 0;
  let short = 0;
  let hashed = 0;
  let packaged = 0;
  let refs = 0;
  let relocs = 0;
  for (const o of l.objects) {
    if (o.reader === null) continue;
    packaged += o.reader.defCount;
    named += o.reader.nonPkgDefCount;
    short += o.reader.hashed64Count;
    hashed += o.reader.hashedCount;
    refs += o.reader.nonPkgRefCount;
    relocs += o.reader.count(F.BlockRelocs);
  }
  // Copying into larger arrays takes time; so does a garbage collection, which V8 starts when arrays take much memory, touched or not.
  reserveSymbols(l, packaged + ((short + hashed + named) >> 1) + (refs >> 2) + 4096);
  reserveRelocs(l, relocs - (relocs >> 2));
  if (l.byName.used === 0) l.byName = new NameTable((packaged + named) >> 1);
  l.byHash64 = new HashTable(short >> 2);
  l.byHash = new HashTable(hashed >> 1);
}

/** What a symbol keeps when another definition takes its place. */
const keptAttributes = ~(ObjAttr.ObjectMask & ~(ObjAttr.Local | ObjAttr.UsedInIface));

/** Takes over the facts of local symbol `local` of the object for global symbol i. */
function takeFrom(l: Loader, i: number, o: LinkObject, reader: ObjectReader, local: number): void {
  l.object[i] = o.index;
  l.local[i] = local;
  l.nameObject[i] = 0;
  l.kind[i] = kindOf(reader, local);
  l.attrs[i] = (l.attrs[i] & keptAttributes) | reader.attrs(local);
  l.size[i] = reader.size(local);
}

function kindOf(reader: ObjectReader, local: number): number {
  const k = reader.kind(local);
  if (k >= Kind.fromObject.length) reader.fail(reader.symbolAt(local) + 10, `unknown symbol kind ${k}`);
  return Kind.fromObject[k];
}

/** The version that the number of an ABI in the object means. */
function versionOf(abi: number, o: LinkObject): number {
  if (abi === 0xffff) return o.version;
  if (abi > 1) fatal(`invalid symbol ABI: ${abi}`);
  return abi;
}

/** The start of a name of so many bytes, whose place the record at this offset tells. */
function nameStart(reader: ObjectReader, at: number, length: number): number {
  const start = reader.view.getInt32(at + 4, true) >>> 0;
  if (start + length > reader.bytes.length) reader.stringBytes(at);
  return start;
}

function loadPackageDefs(l: Loader, o: LinkObject): void {
  const reader = o.reader;
  if (reader === null) {
    if (o.memory !== null) for (const s of o.memory.symbols) memorySymbol(l, s);
    return;
  }
  const { bytes, view } = reader;
  const count = reader.defCount;
  reserveSymbols(l, count);
  const { kind, attrs, size, align, version, object, local } = l;
  const index = o.index;
  const fixed = o.version;
  const kinds = Kind.fromObject;
  let at = reader.offsets[F.BlockDefs];
  let i = l.count;
  for (let n = 0; n < count; n++, i++, at += F.symbolSize) {
    const abi = view.getInt16(at + 8, true) & 0xffff;
    if (abi > 1 && abi !== 0xffff) fatal(`invalid symbol ABI: ${abi}`);
    const v = abi === 0xffff ? fixed : abi;
    const k = bytes[at + 10];
    if (k >= kinds.length) reader.fail(at + 10, `unknown symbol kind ${k}`);
    kind[i] = kinds[k];
    attrs[i] = view.getInt16(at + 11, true) & 0xffff;
    size[i] = view.getInt32(at + 13, true) >>> 0;
    align[i] = view.getInt32(at + 17, true) >>> 0;
    version[i] = v;
    object[i] = index;
    local[i] = n;
    o.syms[n] = i;
    const length = view.getInt32(at, true) >>> 0;
    if (length === 0 || abi === 0xffff) continue;
    const start = nameStart(reader, at, length);
    const hash = hashName(view, start, length, v);
    const slot = findName(l, hash, v, view, start, length);
    if (l.excerpt !== null) takePlace(l, l.excerpt, l.byName.symbols[slot], hash, i);
    enterName(l.byName, slot, hash, i);
  }
  l.count = i;
}

/** Content-addressable definitions: one symbol for equal content. */
function loadHashed(l: Loader, o: LinkObject, reader: ObjectReader): void {
  const first = reader.defCount;
  const firstLong = first + reader.hashed64Count;
  const end = firstLong + reader.hashedCount;
  if (firstLong > first) loadHashedBlock(l, o, reader, l.byHash64, first, firstLong, reader.offsets[F.BlockHash64], 8);
  if (end > firstLong) loadHashedBlock(l, o, reader, l.byHash, firstLong, end, reader.offsets[F.BlockHash], 16);
}

/** Those of one width of hash (8 or 16 bytes), whose hashes begin at this offset. */
function loadHashedBlock(
  l: Loader,
  o: LinkObject,
  reader: ObjectReader,
  table: HashTable,
  first: number,
  end: number,
  hashes: number,
  width: number,
): void {
  const { view, bytes } = reader;
  reserveSymbols(l, end - first);
  const { kind, attrs, size, align, version, object, local } = l;
  const { syms, index } = o;
  const fixed = o.version;
  const kinds = Kind.fromObject;
  const isLong = width === 16;
  table.reserve(end - first);
  const { words, symbols, mask } = table;
  const step = width >> 2;
  // A copy that is aligned: words are read from it in one go.
  const own = new Int32Array((end - first) * step);
  new Uint8Array(own.buffer).set(bytes.subarray(hashes, hashes + (end - first) * width));
  let record = reader.offsets[F.BlockDefs] + F.symbolSize * first;
  let next = l.count;
  for (let n = first, at = 0; n < end; n++, record += F.symbolSize, at += step) {
    const a = own[at];
    const b = own[at + 1];
    const c = isLong ? own[at + 2] : 0;
    const d = isLong ? own[at + 3] : 0;
    // What HashTable.slot does; a call for each of so many would take longer than the work.
    let slot = a & mask;
    let i = symbols[slot];
    while (i !== 0) {
      const to = slot * 4;
      if (words[to] === a && words[to + 1] === b && words[to + 2] === c && words[to + 3] === d) break;
      slot = (slot + 1) & mask;
      i = symbols[slot];
    }
    const flags = view.getInt16(record + 11, true) & 0xffff;
    const length = view.getInt32(record + 13, true) >>> 0;
    const isNew = i === 0;
    if (isNew || length > size[i]) {
      // Equal but for trailing zeros: the larger one serves both.
      const abi = view.getInt16(record + 8, true) & 0xffff;
      const k = bytes[record + 10];
      if (k >= kinds.length) reader.fail(record + 10, `unknown symbol kind ${k}`);
      if (isNew) {
        i = next++;
        const to = slot * 4;
        words[to] = a;
        words[to + 1] = b;
        words[to + 2] = c;
        words[to + 3] = d;
        symbols[slot] = i;
        attrs[i] = flags | Attr.Hashed;
      } else attrs[i] = (attrs[i] & keptAttributes) | flags;
      kind[i] = kinds[k];
      size[i] = length;
      version[i] = abi === 0xffff ? fixed : abi;
      object[i] = index;
      local[i] = n;
    } else {
      const added = flags & (ObjAttr.Local | ObjAttr.UsedInIface);
      if (added !== 0) attrs[i] |= added;
    }
    const wanted = view.getInt32(record + 17, true) >>> 0;
    if (wanted > align[i]) align[i] = wanted;
    syms[n] = i;
  }
  table.used += next - l.count;
  l.count = next;
}

function loadNamed(link: Link, o: LinkObject, reader: ObjectReader, refs: VariableRef[]): void {
  const l = link.loader;
  const { view } = reader;
  const { syms } = o;
  const first = reader.firstNamed;
  const end = reader.definedCount;
  let at = reader.offsets[F.BlockDefs] + F.symbolSize * first;
  for (let local = first; local < end; local++, at += F.symbolSize) {
    const flags = view.getInt16(at + 11, true) & 0xffff;
    const i = addNamed(link, o, reader, local, at, flags);
    syms[local] = i;
    if ((flags & ObjAttr.Linkname) !== 0 && reader.dataLength(local) === 0) {
      const name = reader.name(local);
      // A linknamed variable without content pulls somebody else's; whether it may is known once all are loaded.
      if (name.includes('.')) refs.push({ pkg: o.library.path, symbol: i });
    }
    l.attrs[i] |= flags & (ObjAttr.Local | ObjAttr.UsedInIface);
    const align = view.getInt32(at + 17, true) >>> 0;
    if (align > l.align[i]) l.align[i] = align;
  }
}

/** The symbol of the definition whose record is at this offset. */
function addNamed(link: Link, o: LinkObject, reader: ObjectReader, local: number, at: number, flags: number): number {
  const l = link.loader;
  const { bytes, view } = reader;
  const version = versionOf(bytes[at + 8] | (bytes[at + 9] << 8), o);
  const length = view.getInt32(at, true) >>> 0;
  if (length === 0 || version >= VersionStatic) {
    const i = newSymbol(l, null, version);
    takeFrom(l, i, o, reader, local);
    return i;
  }
  const start = nameStart(reader, at, length);
  const hash = hashName(view, start, length, version);
  const slot = findName(l, hash, version, view, start, length);
  const old = l.byName.symbols[slot];
  const { excerpt } = l;
  if (old === 0 || (excerpt !== null && excerpt.placeOf(old) >= 0)) {
    const i = newSymbol(l, null, version);
    takeFrom(l, i, o, reader, local);
    l.align[i] = reader.align(local);
    if (excerpt !== null) takePlace(l, excerpt, old, hash, i);
    enterName(l.byName, slot, hash, i);
    return i;
  }
  if (l.kind[old] === Kind.Undefined) takeFrom(l, old, o, reader, local);
  else if ((flags & ObjAttr.DupOk) !== 0 && link.options.strictDups === 0) {
    // The usual case of mergeDuplicate.
    if (l.size[old] < view.getInt32(at + 13, true) >>> 0) replace(l, old, o, reader, local);
  } else mergeDuplicate(link, o, reader, local, old);
  return old;
}

/** Two definitions of one name: which one counts (loader.go, addSym, has the table). */
function mergeDuplicate(link: Link, o: LinkObject, reader: ObjectReader, local: number, old: number): void {
  const l = link.loader;
  const size = reader.size(local);
  const oldSize = l.size[old];
  if ((reader.attrs(local) & ObjAttr.DupOk) !== 0) {
    if (link.options.strictDups > 0) checkDuplicate(link, o, reader, local, reader.name(local), old);
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
    fatal(duplicateMessage(l, old, reader.name(local), o.library.path, kind, size));
  }
}

function replace(l: Loader, i: number, o: LinkObject, reader: ObjectReader, local: number): void {
  takeFrom(l, i, o, reader, local);
  if (l.memory[i] !== undefined) l.memory[i] = undefined;
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

/** What the reference whose record is at this offset means: a symbol that is there, or one that only its name is known of. */
function addReference(l: Loader, o: LinkObject, reader: ObjectReader, local: number, at: number): number {
  const { bytes } = reader;
  const version = versionOf(bytes[at + 8] | (bytes[at + 9] << 8), o);
  if (version >= VersionStatic) return newSymbol(l, reader.name(local), version);
  const length = reader.view.getInt32(at, true) >>> 0;
  const start = nameStart(reader, at, length);
  const hash = hashName(reader.view, start, length, version);
  const slot = findName(l, hash, version, reader.view, start, length);
  const known = l.byName.symbols[slot];
  const { excerpt } = l;
  if (known !== 0 && (excerpt === null || !excerpt.isReference(known))) return known;
  const i = newSymbol(l, null, version);
  l.nameObject[i] = o.index;
  l.local[i] = local;
  if (excerpt !== null) takePlace(l, excerpt, known, hash, i);
  enterName(l.byName, slot, hash, i);
  return i;
}

function loadRefs(link: Link, o: LinkObject, blocked: Blocked): void {
  const reader = o.reader;
  if (reader === null) return;
  const l = link.loader;
  let at = reader.offsets[F.BlockDefs] + F.symbolSize * reader.definedCount;
  for (let local = reader.definedCount; local < reader.symbolCount; local++, at += F.symbolSize) {
    const i = addReference(l, o, reader, local, at);
    o.syms[local] = i;
    const attrs = reader.bytes[at + 11] | (reader.bytes[at + 12] << 8);
    if ((attrs & ObjAttr.Linkname) !== 0) checkLinkname(link, blocked, o.library.path, i);
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

function blockedSymbols(l: Loader): Blocked {
  const blocked = new Map<number, readonly string[]>();
  for (const [name, allowed] of blockedLinknames) {
    for (let version = 0; version <= 1; version++) {
      // Those that an excerpt does not have are not referred to.
      const i = l.byName.symbols[findText(l, name, version)];
      if (i !== 0) blocked.set(i, allowed);
    }
  }
  return blocked;
}

/** Whether pkg may refer to a symbol by linkname: only if the definition carries one too, or nobody else's list says no. */
function checkLinkname(link: Link, blocked: Blocked, pkg: string, i: number): void {
  if (!link.options.checkLinkname) return;
  const l = link.loader;
  const isKnown = l.kind[i] !== Kind.Undefined && l.version[i] < VersionStatic;
  const allowed = isKnown ? blocked.get(i) : blockedLinknames.get(symbolName(l, i));
  if (allowed !== undefined) {
    if (allowed.includes(pkg)) return;
    // crypto/internal/fips140/vX.Y.Z/... is a frozen crypto/internal/fips140/...
    if (pkg.startsWith('crypto/internal/fips140/v')) {
      const parts = pkg.split('/');
      parts.splice(3, 1);
      if (allowed.includes(parts.join('/'))) return;
    }
    fatal(`${pkg}: invalid reference to ${symbolName(l, i)}`);
  }
  const definer = l.objects[l.object[i]];
  if (definer.index === 0 || l.kind[i] === Kind.Undefined) return;
  if ((definer.flags & FlagStd) === 0) return;
  if (definer.library.path === pkg) return;
  if ((l.attrs[i] & (ObjAttr.Linkname | ObjAttr.AbiWrapper)) !== 0) return;
  fatal(`${pkg}: invalid reference to ${symbolName(l, i)}`);
}
