/**
 * Loading: from the main package along the imports that objects name, every package once, then runtime. Source of the order:
 * GOROOT/src/cmd/link/internal/ld/lib.go (loadlib, loadobjfile, ldobj, addImports).
 */
import { hexBytes, hexText } from '#base/bytes.ts';
import { isArchive, ObjectError, PackageDefinition, readArchive, startsWith } from '#obj/archive.ts';
import { FlagUnlinkable } from '#obj/object.ts';
import { pathToPrefix } from '#obj/path-prefix.ts';
import { ObjectReader, readFrame } from '#obj/reader.ts';
import { identityLength } from './archive-identity.ts';
import { addCgoDirectives } from './cgo.ts';
import type { Link } from './context.ts';
import { exit, fatal } from './errors.ts';
import { type Excerpt, ExcerptMismatch } from './excerpt.ts';
import { addHostObject } from './host-objects.ts';
import { Library, LinkObject } from './loader.ts';
import { addMemoryUnit } from './memory.ts';

const noFingerprint = new Uint8Array(8);

export function loadLibraries(link: Link): void {
  const { options } = link;
  if (options.strictDups < 0 || options.strictDups > 2) fatal(`invalid -strictdups flag value ${options.strictDups}`);
  addLibrary(link, 'main', options.mainFile, 'command line', noFingerprint);
  let next = 0;
  for (; next < link.libraries.length; next++) loadLibrary(link, link.libraries[next]);
  if (options.race) loadInternal(link, 'runtime/race');
  loadInternal(link, 'runtime');
  for (; next < link.libraries.length; next++) loadLibrary(link, link.libraries[next]);
}

function isZero(fingerprint: Uint8Array): boolean {
  return fingerprint.every((b) => b === 0);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((x, i) => x === b[i]);
}

function addLibrary(link: Link, path: string, file: string, requestedBy: string, fingerprint: Uint8Array): Library {
  const known = link.libraryByPath.get(path);
  if (known !== undefined) return known;
  const memory = link.options.memoryPackages.get(path) ?? null;
  const library = new Library(path, file, requestedBy, fingerprint, memory);
  link.libraryByPath.set(path, library);
  link.libraries.push(library);
  return library;
}

/** A package that no object has to import. */
function loadInternal(link: Link, path: string): void {
  const { options } = link;
  if (options.memoryPackages.has(path)) {
    addLibrary(link, path, '', 'internal', noFingerprint);
    return;
  }
  if (options.packageFiles !== null) {
    const file = options.packageFiles.get(path);
    if (file !== undefined) addLibrary(link, path, file, 'internal', noFingerprint);
    else if (!link.libraryByPath.has(path) && !isOnDemand(link)) link.host.print(`loadinternal: cannot find ${path}\n`);
    return;
  }
  for (const dir of options.libraryPath) {
    const file = `${dir}/${path}.a`;
    if (link.host.exists(file)) {
      addLibrary(link, path, file, 'internal', noFingerprint);
      return;
    }
  }
  if (path === 'runtime' && !isOnDemand(link)) exit('error: unable to find runtime.a');
}

/** The compiler makes packages as their symbols are asked for: those that are not listed come later. */
function isOnDemand(link: Link): boolean {
  const { symbols } = link.options;
  return symbols !== null && symbols.demand !== null;
}

function findLibrary(link: Link, path: string): string {
  const { options } = link;
  if (options.packageFiles !== null) {
    const file = options.packageFiles.get(path);
    if (file === undefined) link.host.print(`cannot find package ${path} (using -importcfg)\n`);
    return file ?? '';
  }
  let last = '';
  for (const dir of options.libraryPath) {
    for (const suffix of ['.a', '.o']) {
      last = `${dir}/${path}${suffix}`;
      if (link.host.exists(last)) return last;
    }
  }
  return last;
}

function loadLibrary(link: Link, library: Library): void {
  if (library.memory !== null) {
    addMemoryUnit(link.loader, library, library.memory);
    const prefix = pathToPrefix(library.path);
    if (!link.loader.objectByPackage.has(prefix)) link.loader.objectByPackage.set(prefix, library.objects[0]);
    addImports(link, library);
    return;
  }
  if (link.loader.excerpt !== null && library.path !== 'main') {
    takeLibrary(link, link.loader.excerpt, library);
    return;
  }
  let bytes: Uint8Array;
  try {
    bytes = link.host.readFile(library.file);
  } catch (e) {
    exit(`cannot open file ${library.file}: ${e instanceof Error ? e.message : String(e)}`);
  }
  library.size = bytes.length;
  library.start = bytes.subarray(0, identityLength);
  if (!isArchive(bytes)) loadMember(link, library, library.file, bytes, 0);
  else {
    for (const member of readArchive(library.file, bytes)) {
      if (member.name === PackageDefinition) continue;
      if (member.name === 'dynimportfail') link.dynimportFail.push(library.path);
      if (member.name === 'preferlinkext' && link.options.linkMode === 'auto') link.preferExternal.push(library.path);
      // Other special sections have short names without these extensions (lib.go, loadobjfile).
      if (member.name.length < 16 && !/\.(o|syso)$/.test(member.name)) continue;
      loadMember(link, library, `${library.file}(${member.name})`, member.data, member.offset + 60);
    }
  }
  if (library.path === 'main' && !library.isMain) exit(`${library.file}: not package main`);
}

/** The library's objects from an excerpt, which has them in this order, or is that of other programs. */
function takeLibrary(link: Link, excerpt: Excerpt, library: Library): void {
  const loader = link.loader;
  const known = excerpt.nextLibrary(library.path);
  for (const unit of known.units) {
    const name = unit.member === '' ? library.file : `${library.file}(${unit.member})`;
    const wanted = link.options.objectHeader;
    if (wanted !== '' && unit.header !== wanted) throw new ExcerptMismatch('objects for another linker');
    if (unit.cgoPragmas !== '') addCgoDirectives(link, name, unit.cgoPragmas);
    const part = excerpt.nextPart(unit);
    const object = new LinkObject(loader.objects.length, library, name, null, null, part);
    loader.objects.push(object);
    library.objects.push(object);
    const prefix = pathToPrefix(library.path);
    if (!loader.objectByPackage.has(prefix)) loader.objectByPackage.set(prefix, object);
    for (let i = 0; i < unit.autolib.length; i += 2)
      library.autolib.push({ path: unit.autolib[i], fingerprint: hexBytes(unit.autolib[i + 1]) });
    takeFingerprint(library, hexBytes(unit.fingerprint));
    addImports(link, library);
  }
}

/** What an object says its package's fingerprint is. */
function takeFingerprint(library: Library, fingerprint: Uint8Array): void {
  if (isZero(fingerprint)) return;
  if (isZero(library.fingerprint)) library.fingerprint = fingerprint;
  checkFingerprint(library, fingerprint, library.requestedBy, library.fingerprint);
}

function loadMember(link: Link, library: Library, name: string, data: Uint8Array, base: number): void {
  if (!startsWith(data, 0, 'go o')) {
    addHostObject(link, pathToPrefix(library.path), name, data);
    return;
  }
  const frame = readFrame(name, data, base);
  if (frame === null) {
    if (name.endsWith('.go')) exit(`${name}: uncompiled .go source file`);
    throw new ObjectError(name, base, 'not an object file');
  }
  const wanted = link.options.objectHeader;
  if (wanted !== '' && frame.header !== wanted) {
    link.error(
      `${name}: linked object header mismatch:\nhave ${JSON.stringify(`${frame.header}\n`)}\nwant ${JSON.stringify(`${wanted}\n`)}\n`,
    );
  }
  if (!link.options.skipPackageData) {
    if (frame.isMain) library.isMain = true;
    if (frame.cgoPragmas !== '') addCgoDirectives(link, name, frame.cgoPragmas);
  }
  const reader = new ObjectReader(name, data.subarray(frame.binary), base + frame.binary);
  if ((reader.flags & FlagUnlinkable) !== 0) {
    fatal(`link: unlinkable object (from package ${library.path}) - compiler requires -p flag`);
  }
  const loader = link.loader;
  const object = new LinkObject(loader.objects.length, library, name, reader, null);
  loader.objects.push(object);
  library.objects.push(object);
  const prefix = pathToPrefix(library.path);
  if (!loader.objectByPackage.has(prefix)) loader.objectByPackage.set(prefix, object);
  const n = reader.count(0);
  for (let i = 0; i < n; i++) library.autolib.push(reader.autolib(i));
  object.header = frame.header;
  object.cgoPragmas = frame.cgoPragmas;
  takeFingerprint(library, reader.fingerprint());
  addImports(link, library);
}

function checkFingerprint(library: Library, has: Uint8Array, importer: string, expected: Uint8Array): void {
  if (sameBytes(has, expected)) return;
  exit(
    `fingerprint mismatch: ${library.path} has ${hexText(has)}, import from ${importer} expecting ${hexText(expected)}`,
  );
}

/** Enters the packages that the library's objects name. */
function addImports(link: Link, library: Library): void {
  for (const i of library.autolib) {
    if (i.path === 'unsafe') continue;
    const known = link.libraryByPath.get(i.path);
    if (known !== undefined) {
      if (!isZero(known.fingerprint) && !isZero(i.fingerprint)) {
        checkFingerprint(known, known.fingerprint, library.path, i.fingerprint);
      }
      library.imports.push(known);
      continue;
    }
    const inMemory = link.options.memoryPackages.has(i.path);
    if (!inMemory && isOnDemand(link) && link.options.packageFiles?.has(i.path) !== true) continue;
    const file = inMemory ? '' : findLibrary(link, i.path);
    library.imports.push(addLibrary(link, i.path, file, library.path, i.fingerprint));
  }
  library.autolib.length = 0;
}

/** Imports before importers, otherwise in loading order (lib.go, postorder). */
export function postorder(libraries: readonly Library[]): Library[] {
  const order: Library[] = [];
  const done = new Set<Library>();
  const visiting = new Set<Library>();
  const visit = (library: Library): void => {
    if (done.has(library)) return;
    if (visiting.has(library)) fatal(`found import cycle while visiting ${library.path}`);
    visiting.add(library);
    for (const i of library.imports) visit(i);
    done.add(library);
    order.push(library);
  };
  for (const library of libraries) visit(library);
  return order;
}
