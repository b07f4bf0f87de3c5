/** `tuza tool obj FILE [symbol part ...]`: what is in an object or archive: symbols, relocations, tables, bytes. */
import { FileError, type Host } from '#host/host.ts';
import { isArchive, ObjectError, PackageDefinition, readArchive } from '#obj/archive.ts';
import * as F from '#obj/format.ts';
import { importObjects } from '#obj/import.ts';
import * as Kind from '#obj/kinds.ts';
import type { ObjectFile } from '#obj/object.ts';
import { PcValueReader } from '#obj/pcvalue.ts';
import { ObjectReader, readFrame } from '#obj/reader.ts';
import { relocName } from '#obj/reloc-types.ts';
import { type FuncInfo, type LinkSymbol, Symbols } from '#obj/symbol.ts';

export function runObj(args: readonly string[], host: Host): number {
  if (args.length === 0) {
    host.stderr('usage: tuza tool obj file [part of a symbol name ...]\n');
    return 2;
  }
  const [file, ...parts] = args;
  try {
    const bytes = host.files.readFile(file);
    if (!isArchive(bytes)) showMember(file, bytes, 0, parts, host);
    else {
      for (const m of readArchive(file, bytes)) {
        host.stdout(`member ${m.name}: ${m.data.length} bytes\n`);
        if (m.name !== PackageDefinition) showMember(`${file}(${m.name})`, m.data, m.offset + 60, parts, host);
      }
    }
    return 0;
  } catch (e) {
    if (!(e instanceof FileError) && !(e instanceof ObjectError)) throw e;
    host.stderr(`obj: ${e.message}\n`);
    return 1;
  }
}

function showMember(name: string, data: Uint8Array, base: number, parts: readonly string[], host: Host): void {
  const frame = readFrame(name, data, base);
  if (frame === null) {
    host.stdout(`  not a Go object\n`);
    return;
  }
  const reader = new ObjectReader(name, data.subarray(frame.binary), base + frame.binary);
  host.stdout(`  ${frame.header}${frame.isMain ? ' main' : ''}\n`);
  for (let b = 0; b < F.BlockEnd; b++) {
    if (reader.count(b) > 0) host.stdout(`  ${F.blockNames[b].padEnd(12)} ${reader.count(b)}\n`);
  }
  // Other packages are not at hand: their symbols go by the names kept for tools.
  const object = importAlone(reader);
  const wanted = (s: LinkSymbol): boolean => parts.length === 0 || parts.some((p) => s.name.includes(p));
  for (const s of object.symbols) if (wanted(s) && s.name !== '') host.stdout(showSymbol(object, s, parts.length > 0));
}

function importAlone(reader: ObjectReader): ObjectFile {
  return importObjects(new Symbols(), [{ path: '', reader }], true)[0];
}

export function showSymbol(object: ObjectFile, s: LinkSymbol, withBytes: boolean): string {
  let text = `${s} ${Kind.names[s.kind]} size=${s.size} align=${s.align} attrs=0x${s.attrs.toString(16)}`;
  if (s.gotype !== null) text += ` gotype=${s.gotype.name}`;
  text += '\n';
  if (s.func !== null) text += showFunc(object, s.func);
  if (withBytes) text += dump(s.data);
  const r = s.relocs;
  if (r !== null) {
    for (let i = 0; i < r.length; i++) {
      const addend = r.addends[i] === 0 ? '' : `${r.addends[i] > 0 ? '+' : ''}${r.addends[i]}`;
      text += `\trel ${r.offsets[i]}+${r.size(i)} ${relocName(r.type(i))} ${r.targets[i]?.toString() ?? ''}${addend}\n`;
    }
  }
  return text;
}

function showFunc(object: ObjectFile, f: FuncInfo): string {
  let text = `\targs=${f.args} locals=${f.locals} funcID=${f.funcId} flags=${f.flags} startLine=${f.startLine}\n`;
  for (const file of f.files) text += `\tfile ${file} ${object.files[file] ?? '?'}\n`;
  const table = (name: string, data: Uint8Array): void => {
    if (data.length === 0) return;
    const runs: string[] = [];
    for (const r = new PcValueReader(data); !r.done; r.next()) runs.push(`${r.pc}-${r.nextPc}:${r.value}`);
    text += `\t${name} ${runs.join(' ')}\n`;
  };
  table('pcsp', f.pcsp);
  table('pcfile', f.pcfile);
  table('pcline', f.pcline);
  table('pcinline', f.pcinline);
  f.pcdata.forEach((t, i) => {
    table(`pcdata[${i}]`, t);
  });
  f.funcdata.forEach((s, i) => {
    if (s !== null) text += `\tfuncdata[${i}] ${s.name}\n`;
  });
  f.inlineTree.forEach((n, i) => {
    text += `\tinline ${i} parent=${n.parent} ${n.func} at ${object.files[n.file] ?? n.file}:${n.line} parentPc=${n.parentPc}\n`;
  });
  return text;
}

function dump(data: Uint8Array): string {
  let text = '';
  for (let i = 0; i < data.length; i += 16) {
    const row = [...data.subarray(i, i + 16)];
    const hex = row.map((b) => b.toString(16).padStart(2, '0')).join(' ');
    const chars = row.map((b) => (b >= 0x20 && b < 0x7f ? String.fromCharCode(b) : '.')).join('');
    text += `\t${i.toString(16).padStart(4, '0')} ${hex.padEnd(48)} ${chars}\n`;
  }
  return text;
}
