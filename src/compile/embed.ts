/**
 * Variables whose content files give (package embed; cmd/compile/internal/staticdata, WriteEmbed). Which files a pattern means is found in
 * the package's directory (load/embed.ts) or told by the build system.
 */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import { linkPath } from '#abi/type-names.ts';
import type { Pos } from '#base/source.ts';
import { embedPatterns } from '#load/embed.ts';
import * as Attr from '#obj/attributes.ts';
import * as SymKind from '#obj/kinds.ts';
import type { ObjectFile } from '#obj/object.ts';
import * as Reloc from '#obj/reloc-types.ts';
import { Abi0, addReloc, defineSymbol, type LinkSymbol, type Symbols } from '#obj/symbol.ts';
import * as Node from '#syntax/kinds.ts';
import type { File } from '#syntax/nodes.ts';

/** The files of each pattern, relative to the package's directory, and where they are. */
export interface EmbedConfig {
  readonly patterns: ReadonlyMap<string, readonly string[]>;
  readonly files: ReadonlyMap<string, string>;
}

/** The file that -embedcfg names; null if it is something else. */
export function parseEmbedConfig(text: string): EmbedConfig | null {
  const json: unknown = JSON.parse(text);
  if (!isRecord(json) || !isRecord(json.Patterns) || !isRecord(json.Files)) return null;
  const patterns = new Map<string, string[]>();
  for (const [pattern, list] of Object.entries(json.Patterns)) {
    // A nil list is null in JSON.
    patterns.set(pattern, Array.isArray(list) ? list.map(String) : []);
  }
  const files = new Map<string, string>();
  for (const [name, path] of Object.entries(json.Files)) files.set(name, String(path));
  return { patterns, files };
}

function isRecord(x: unknown): x is Record<string, unknown> {
  return typeof x === 'object' && x !== null && !Array.isArray(x);
}

/** What embedding needs of the compiler. */
export interface EmbedContext {
  readonly symbols: Symbols;
  readonly object: ObjectFile;
  typeSymbol(t: GoType): LinkSymbol;
  stringSymbol(bytes: string): LinkSymbol;
  readFile(path: string): Uint8Array;
  sha256(data: Uint8Array): Uint8Array;
  report(pos: Pos, message: string): void;
}

/** A declaration with directives. */
export interface Embedded {
  readonly pos: Pos;
  readonly patterns: readonly string[];
}

/** The embedding variables of a package's files, by name. */
export function embeddedVariables(files: readonly File[]): Map<string, Embedded> {
  const found = new Map<string, Embedded>();
  for (const f of files) {
    for (const d of f.decls) {
      if (d.kind !== Node.VarDecl) continue;
      const lines = d.pragmas.filter((p) => p.text.startsWith('go:embed '));
      if (lines.length === 0) continue;
      const patterns = lines.flatMap((p) => embedPatterns(p.text) ?? []);
      for (const n of d.names) found.set(n.value, { pos: lines[0].pos, patterns });
    }
  }
  return found;
}

/** In embed's file table: name, data, hash. */
const entrySize = 48;
const hashOffset = 32;
const hashSize = 16;
/** Up to this size a file's text is a string constant like any other. */
const largestConstant = 1024;

/** Gives a variable its memory; `pkgPath` and `name` are the variable's. */
export function defineEmbedded(
  c: EmbedContext,
  s: LinkSymbol,
  t: GoType,
  e: Embedded,
  config: EmbedConfig | null,
  pkgPath: string,
  name: string,
): void {
  if (config === null) {
    c.report(e.pos, 'invalid go:embed: build system did not supply embed configuration');
    return;
  }
  const isFs = t.linkString === 'embed.FS';
  const isBytes = t.kind === G.Slice && t.elem().kind === G.Uint8;
  if (!isFs && !isBytes && t.kind !== G.String) {
    c.report(e.pos, `go:embed cannot apply to var of type ${t.linkString}`);
    return;
  }
  const list = fileList(c, e, config, isFs);
  if (list === null) return;
  if (!isFs && list.length > 1) {
    c.report(e.pos, `invalid go:embed: multiple files for type ${t.linkString}`);
    return;
  }
  const prefix = `${linkPath(pkgPath)}.${name}`;
  const data = new Uint8Array(t.size);
  const view = new DataView(data.buffer);
  if (isFs) addReloc(s, 0, 8, Reloc.Addr, fileTable(c, list, config, prefix), 0);
  else {
    const bytes = c.readFile(pathOf(config, list[0]));
    const content = isBytes ? byteSymbol(c, bytes, `${prefix}.bytes`) : textSymbol(c, bytes, `${prefix}.text`);
    addReloc(s, 0, 8, Reloc.Addr, content, 0);
    for (let at = 8; at < t.size; at += 8) view.setUint32(at, bytes.length, true);
  }
  defineSymbol(s, c.object, SymKind.Data, 0, data);
  s.gotype = c.typeSymbol(t);
}

function pathOf(config: EmbedConfig, file: string): string {
  return config.files.get(file) ?? file;
}

/** The files of a variable, in embed.FS with the directories on the way; null after an error. */
function fileList(c: EmbedContext, e: Embedded, config: EmbedConfig, directories: boolean): string[] | null {
  const names = new Set<string>();
  for (const pattern of e.patterns) {
    const files = config.patterns.get(pattern);
    if (files === undefined) {
      c.report(e.pos, `invalid go:embed: build system did not map pattern: ${pattern}`);
      return null;
    }
    for (const f of files) {
      if (!config.files.has(f)) {
        c.report(e.pos, `invalid go:embed: build system did not map file: ${f}`);
        return null;
      }
      names.add(f);
      for (let at = f.lastIndexOf('/'); directories && at > 0; at = f.lastIndexOf('/', at - 1))
        names.add(f.slice(0, at + 1));
    }
  }
  return [...names].sort(byDirectory);
}

/** embed.FS looks files up by directory, then name. */
function byDirectory(x: string, y: string): number {
  const [xd, xn] = split(x);
  const [yd, yn] = split(y);
  if (xd !== yd) return xd < yd ? -1 : 1;
  return xn < yn ? -1 : xn > yn ? 1 : 0;
}

function split(path: string): [dir: string, name: string] {
  const p = path.endsWith('/') ? path.slice(0, -1) : path;
  const at = p.lastIndexOf('/');
  return at < 0 ? ['.', p] : [p.slice(0, at), p.slice(at + 1)];
}

/** A slice header, and behind it the entries it points to. */
function fileTable(c: EmbedContext, list: readonly string[], config: EmbedConfig, prefix: string): LinkSymbol {
  const table = c.symbols.lookup(`${prefix}.files`, Abi0);
  const start = 24;
  const data = new Uint8Array(start + list.length * entrySize);
  const view = new DataView(data.buffer);
  addReloc(table, 0, 8, Reloc.Addr, table, start);
  view.setUint32(8, list.length, true);
  view.setUint32(16, list.length, true);
  list.forEach((file, i) => {
    const at = start + i * entrySize;
    const encoded = latin1(new TextEncoder().encode(file));
    addReloc(table, at, 8, Reloc.Addr, c.stringSymbol(encoded), 0);
    view.setUint32(at + 8, encoded.length, true);
    if (file.endsWith('/')) return;
    const bytes = c.readFile(pathOf(config, file));
    addReloc(table, at + 16, 8, Reloc.Addr, textSymbol(c, bytes, `${prefix}.text${i}`), 0);
    view.setUint32(at + 24, bytes.length, true);
    data.set(c.sha256(bytes).subarray(0, hashSize), at + hashOffset);
  });
  defineSymbol(table, c.object, SymKind.Rodata, Attr.Local, data);
  table.align = 8;
  return table;
}

function textSymbol(c: EmbedContext, bytes: Uint8Array, name: string): LinkSymbol {
  if (bytes.length <= largestConstant) return c.stringSymbol(latin1(bytes));
  const s = c.symbols.lookup(name, Abi0);
  defineSymbol(s, c.object, SymKind.Rodata, Attr.Local, bytes);
  s.align = 1;
  return s;
}

/** The bytes of a slice may be written to. */
function byteSymbol(c: EmbedContext, bytes: Uint8Array, name: string): LinkSymbol {
  const s = c.symbols.lookup(name, Abi0);
  defineSymbol(s, c.object, SymKind.NoPtrData, Attr.Local, bytes);
  s.align = 1;
  return s;
}

/** One character a byte, as string constants are kept. */
function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const b of bytes) text += String.fromCharCode(b);
  return text;
}
