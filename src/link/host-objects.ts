/**
 * Objects of other compilers in a link: .syso files and gcc's output in packages, and what they need of the compiler's support
 * library. They are listed while packages are loaded and read once the link mode is known.
 * Facts: cmd/link/internal/ld/lib.go (ldhostobj, hostobjs, loadlib), ar.go, config.go (determineLinkMode).
 */
import { decodeText } from '#base/bytes.ts';
import { isArchive, ObjectError, readArchive, startsWith } from '#obj/archive.ts';
import type { Link } from './context.ts';
import { exit } from './errors.ts';
import * as Kind from './kinds.ts';
import { loadElf } from './load-elf.ts';
import { symbolName } from './loader.ts';

export interface HostObject {
  pkg: string;
  /** Path, or path(member). */
  name: string;
  data: Uint8Array;
}

/** Packages whose C objects the internal linker is known to handle; any other makes the link external. */
const internalPackages: ReadonlySet<string> = new Set([
  'crypto/internal/boring',
  'crypto/internal/boring/syso',
  'crypto/x509',
  'net',
  'os/user',
  'runtime/cgo',
  'runtime/race',
  'runtime/race/internal/amd64v1',
  'runtime/race/internal/amd64v3',
  'runtime/msan',
  'runtime/asan',
]);

/** Starts of objects of other systems: Mach-O, COFF, XCOFF. They and unknown ones are for the external linker. */
export function isElf(data: Uint8Array): boolean {
  return startsWith(data, 0, '\x7fELF');
}

export function addHostObject(link: Link, pkg: string, name: string, data: Uint8Array): void {
  if (!internalPackages.has(pkg)) link.hasForeignObjects = true;
  if (!isElf(data)) link.hasUnknownObjects = true;
  link.hostObjects.push({ pkg, name, data });
}

/** Why the program cannot be linked internally, "" if it can. */
function externalReason(link: Link): string {
  if (link.hasUnknownObjects) return 'some input objects have an unrecognized file format';
  if (link.dynimportFail.length > 0) {
    return `some packages could not be built to support internal linking ([${link.dynimportFail.join(' ')}])`;
  }
  return '';
}

/** Decides between internal and external linking once all packages are known. */
export function determineLinkMode(link: Link): void {
  const reason = externalReason(link);
  const isCgo = link.libraryByPath.has('runtime/cgo');
  let mode = link.options.linkMode;
  let via = '';
  if (mode === 'auto') {
    const enabled = link.options.externalEnabled;
    if (enabled === '0' || enabled === '1') {
      mode = enabled === '0' ? 'internal' : 'external';
      via = 'via GO_EXTLINK_ENABLED ';
    } else {
      const prefers = link.hasForeignObjects || link.preferExternal.length > 0;
      mode = reason !== '' || (isCgo && prefers) ? 'external' : 'internal';
    }
  }
  if (link.options.verbose > 1 && reason !== '') link.host.print(`external linking is forced by: ${reason}\n`);
  if (mode === 'internal') {
    if (reason !== '') exit(`internal linking requested ${via}but external linking required: ${reason}`);
    return;
  }
  if (link.options.linkMode === 'external' || via !== '') {
    exit(`external linking requested ${via}but this linker only links internally`);
  }
  if (reason !== '') exit(`external linking required but this linker only links internally: ${reason}`);
  if (link.preferExternal.length > 0) {
    const packages = `[${link.preferExternal.join(' ')}]`;
    exit(`external linking required but this linker only links internally: C flags of packages ${packages}`);
  }
  // C objects of other packages are linked here as well, but for what only a C compiler's start files would do.
  link.replacesExternal = true;
}

/** Reads the listed objects, then what they need of libgcc and libc_nonshared. */
export function loadHostObjects(link: Link): void {
  for (const h of link.hostObjects) {
    if (isElf(h.data)) loadElf(link, h.pkg, h.name, h.data);
    else link.error(`${h.name}: unrecognized object file format`);
  }
  if (link.hostObjects.length === 0 || undefinedTargets(link).length === 0) return;
  let path = link.options.libgcc;
  if (path === '') path = askCompiler(link, '--print-libgcc-file-name');
  if (path !== 'none') loadHostArchive(link, path);
  if (undefinedTargets(link).some((s) => symbolName(link.loader, s) === '__stack_chk_fail_local')) {
    for (const name of ['libc_nonshared.a', 'libssp_nonshared.a']) {
      const file = askCompiler(link, `--print-file-name=${name}`);
      if (file !== 'none') loadHostArchive(link, file);
    }
  }
}

/** What the C compiler answers to a question about its files. */
function askCompiler(link: Link, question: string): string {
  const { extld } = link.options;
  const command = [...(extld.length > 0 ? extld : ['gcc']), '-m64', question];
  const answer = link.host.capture === null ? null : link.host.capture(command);
  if (link.options.verbose > 0) link.host.print(`[${extld.join(' ')}] [${command.slice(1).join(' ')}]\n`);
  return answer === null || answer.status !== 0 ? 'none' : answer.output.trim();
}

/** Symbols that C objects refer to and nobody defines, in the order of the references. */
function undefinedTargets(link: Link): number[] {
  const l = link.loader;
  const found = new Set<number>();
  // Only C objects make references of this kind, and their relocations are in place.
  for (let s = link.firstHostSymbol; s < l.count; s++) {
    for (let r = l.relocStart[s]; r >= 0 && r < l.relocEnd[s]; r++) {
      const target = l.relocTarget[r];
      if (target !== 0 && l.kind[target] === Kind.Xref && symbolName(l, target) !== '.got') found.add(target);
    }
  }
  return [...found];
}

/** Loads the members of an archive that define what is still undefined, until none does. */
function loadHostArchive(link: Link, path: string): void {
  // A C compiler need not have the file.
  if (!link.host.exists(path)) return;
  const bytes = link.host.readFile(path);
  if (!isArchive(bytes)) exit(`${path} is not an archive file`);
  const members = readArchive(path, bytes);
  const index = members[0];
  if (index === undefined || (index.name !== '/' && index.name !== '/SYM64/')) exit(`${path} missing armap`);
  const offsets = readArchiveIndex(path, index.data, index.name === '/' ? 4 : 8, index.offset);
  const base = path.slice(path.lastIndexOf('/') + 1);
  const end = base.lastIndexOf('.a');
  const pkg = end < 0 ? base : base.slice(0, end);
  const loaded = new Set<number>();
  for (;;) {
    const load: number[] = [];
    for (const s of undefinedTargets(link)) {
      const offset = offsets.get(symbolName(link.loader, s));
      if (offset === undefined || loaded.has(offset)) continue;
      loaded.add(offset);
      load.push(offset);
    }
    if (load.length === 0) return;
    for (const offset of load) {
      const member = members.find((m) => m.offset === offset);
      if (member === undefined) exit(`${path} missing archive entry at offset ${offset}`);
      if (isElf(member.data)) loadElf(link, pkg, `${path}(${member.name})`, member.data);
      else link.error(`${path} unrecognized object file at offset ${offset}`);
    }
  }
}

/** The archive's symbol index: a count, offsets, names; numbers are big-endian of `width` bytes. */
function readArchiveIndex(path: string, data: Uint8Array, width: number, at: number): Map<string, number> {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const number = (offset: number): number => {
    if (offset + width > data.length) throw new ObjectError(path, at, 'truncated archive symbol index');
    return width === 4
      ? view.getInt32(offset) >>> 0
      : (view.getInt32(offset) >>> 0) * 4294967296 + (view.getInt32(offset + 4) >>> 0);
  };
  const count = number(0);
  const offsets = new Map<string, number>();
  let name = width * (count + 1);
  for (let k = 0; k < count; k++) {
    const end = data.indexOf(0, name);
    if (name > data.length || end < 0) throw new ObjectError(path, at, 'truncated archive symbol index');
    offsets.set(decodeText(data.subarray(name, end)), number(width * (k + 1)));
    name = end + 1;
  }
  return offsets;
}
