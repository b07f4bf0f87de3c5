/** `tuza tool nm`: symbols of programs, objects and archives, in the official format (cmd/nm). */
import { FileError, type Host } from '#host/host.ts';
import { isArchive, ObjectError, PackageDefinition, readArchive, startsWith } from '#obj/archive.ts';
import { ElfReader } from '#obj/elf-read.ts';
import * as F from '#obj/format.ts';
import * as Kind from '#obj/kinds.ts';
import { ObjectReader, readFrame } from '#obj/reader.ts';
import { AbiStatic } from '#obj/symbol.ts';
import { type FlagSpec, parseFlags } from './tool-flags.ts';

const usage = `usage: go tool nm [options] file...
  -n
      an alias for -sort address (numeric),
      for compatibility with other nm commands
  -size
      print symbol size in decimal between address and type
  -sort {address,name,none,size}
      sort output in the given order (default name)
      size orders from largest to smallest
  -type
      print symbol type after name
`;

const flags: readonly FlagSpec[] = [
  { name: 'n', kind: 'bool', repeated: false },
  { name: 'size', kind: 'bool', repeated: false },
  { name: 'sort', kind: 'string', repeated: false },
  { name: 'type', kind: 'bool', repeated: false },
];

interface Entry {
  /** Of the archive member, "" for a file of its own. */
  member: string;
  symbols: NamedSymbol[];
}

interface NamedSymbol {
  name: string;
  address: number;
  size: number;
  code: string;
}

export function runNm(args: readonly string[], host: Host): number {
  const p = parseFlags(flags, args);
  if (p.error !== '' || p.rest.length === 0) {
    host.stderr(p.error === '' ? usage : `${p.error}\n${usage}`);
    return 2;
  }
  const order = p.bool('n', false) ? 'address' : p.text('sort', 'name');
  if (!['address', 'name', 'none', 'size'].includes(order)) {
    host.stderr(`nm: unknown sort order ${JSON.stringify(order)}\n`);
    return 2;
  }
  let status = 0;
  for (const file of p.rest) {
    try {
      const entries = readSymbols(file, host.files.readFile(file));
      const text = entries.map((e) =>
        format(e, file, order, p.bool('size', false), entries.length > 1, p.rest.length > 1),
      );
      if (entries.every((e) => e.symbols.length === 0)) {
        host.stderr(`reading ${file}: no symbols\n`);
        status = 1;
      }
      host.stdout(text.join(''));
    } catch (e) {
      if (!(e instanceof FileError) && !(e instanceof ObjectError)) throw e;
      host.stderr(`${e.message}\n`);
      status = 1;
    }
  }
  return status;
}

function format(e: Entry, file: string, order: string, withSize: boolean, many: boolean, manyFiles: boolean): string {
  const list = [...e.symbols];
  if (order === 'address') list.sort((a, b) => a.address - b.address);
  else if (order === 'name') list.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  else if (order === 'size') list.sort((a, b) => b.size - a.size);
  const prefix = many ? `${file}(${e.member === '' ? '_go_.o' : e.member}):\t` : manyFiles ? `${file}:\t` : '';
  let text = '';
  for (const s of list) {
    const address = s.code === 'U' ? ' '.repeat(8) : s.address.toString(16).padStart(8);
    const size = withSize ? ` ${String(s.size).padStart(10)}` : '';
    text += `${prefix}${address}${size} ${s.code} ${s.name}\n`;
  }
  return text;
}

function readSymbols(file: string, bytes: Uint8Array): Entry[] {
  if (startsWith(bytes, 0, '\x7fELF')) return [{ member: '', symbols: elfSymbols(new ElfReader(file, bytes)) }];
  const entries: Entry[] = [];
  const add = (member: string, data: Uint8Array, base: number): void => {
    if (startsWith(data, 0, '\x7fELF')) {
      entries.push({ member, symbols: elfSymbols(new ElfReader(`${file}(${member})`, data)) });
      return;
    }
    const frame = readFrame(file, data, base);
    if (frame === null) throw new ObjectError(file, base, `unrecognized archive member ${member}`);
    entries.push({ member, symbols: objectSymbols(new ObjectReader(file, data.subarray(frame.binary), base)) });
  };
  if (!isArchive(bytes)) add('', bytes, 0);
  else for (const m of readArchive(file, bytes)) if (m.name !== PackageDefinition) add(m.name, m.data, m.offset);
  return entries;
}

const sectionUndefined = 0;
const sectionCommon = 0xfff2;
const flagWrite = 1;
const flagAlloc = 2;
const flagExec = 4;

function elfSymbols(r: ElfReader): NamedSymbol[] {
  const list: NamedSymbol[] = [];
  for (const s of r.symbols().slice(1)) {
    let code = '?';
    if (s.section === sectionUndefined) code = 'U';
    else if (s.section === sectionCommon) code = 'B';
    else if (s.section < r.sections.length) {
      const flags = r.sections[s.section].flags & (flagWrite | flagAlloc | flagExec);
      if (flags === (flagAlloc | flagExec)) code = 'T';
      else if (flags === flagAlloc) code = 'R';
      else if (flags === (flagAlloc | flagWrite)) code = 'D';
    }
    // The official tool shifts the letter even of '?', which becomes '_'.
    if (s.bind === 0) code = String.fromCharCode(code.charCodeAt(0) + 32);
    list.push({ name: s.name, address: s.value, size: s.size, code });
  }
  return list;
}

function objectCode(kind: number): string {
  if (Kind.isText(kind)) return 'T';
  if (kind === Kind.Rodata || kind === Kind.RodataFips) return 'R';
  if (kind >= Kind.NoPtrData && kind <= Kind.DataFips) return 'D';
  return kind >= Kind.Bss && kind <= Kind.TlsBss ? 'B' : '?';
}

function objectSymbols(r: ObjectReader): NamedSymbol[] {
  const list: NamedSymbol[] = [];
  for (let i = 0; i < r.definedCount; i++) {
    const name = r.name(i);
    if (name === '') continue;
    const isStatic = r.abi(i) === AbiStatic;
    let code = objectCode(r.kind(i));
    if (isStatic) code = String.fromCharCode(code.charCodeAt(0) + 32);
    const address = r.u32(r.offsets[F.BlockDataIndex] + 4 * i) + r.offsets[F.BlockData];
    list.push({ name: isStatic ? `${name}<1>` : name, address, size: r.size(i), code });
  }
  for (let i = r.definedCount; i < r.symbolCount; i++) list.push({ name: r.name(i), address: 0, size: 0, code: 'U' });
  const names = r.count(F.BlockRefNames);
  for (let i = 0; i < names; i++) {
    list.push({ name: r.string(r.offsets[F.BlockRefNames] + 16 * i + 8), address: 0, size: 0, code: 'U' });
  }
  return list;
}
