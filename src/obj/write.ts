/**
 * Writing an ObjectFile as "go120ld" bytes. Symbols are numbered as the official writer numbers them (cmd/internal/obj/sym.go,
 * NumberSyms): definitions by index, content-addressable ones by their hash, by-name definitions, references. Everything that
 * another object defines is referenced by name, so indices of other packages and their fingerprints play no part.
 */
import { bug } from '#base/bug.ts';
import { ByteWriter, encodeText } from '#base/bytes.ts';
import * as Attr from './attributes.ts';
import { builtinIndex } from './builtins.ts';
import { contentHash, hashSection } from './content-hash.ts';
import * as F from './format.ts';
import * as Kind from './kinds.ts';
import { FlagFromAssembly, type ObjectFile } from './object.ts';
import { pathToPrefix } from './path-prefix.ts';
import { AbiStatic, type FuncInfo, type LinkSymbol, LinkSymbol as Sym } from './symbol.ts';

/** SHA-256, from the host. */
export type Sha256 = (data: Uint8Array) => Uint8Array;

/** Where a symbol is in the object: the reference {package, index}. */
export interface SymbolRef {
  pkg: number;
  index: number;
  /** Escaped import path of symbols that another package numbers. */
  path?: string;
}

const nilRef: SymbolRef = { pkg: 0, index: 0 };

/** The auxiliary symbols of one function, made for the file only. */
class FuncParts {
  info: LinkSymbol | null;
  readonly tables: (LinkSymbol | null)[];
  readonly pcdata: LinkSymbol[];

  constructor() {
    this.info = null;
    /** pcsp, pcfile, pcline, pcinline; null where empty. */
    this.tables = [];
    this.pcdata = [];
  }
}

class Numbering {
  readonly object: ObjectFile;
  readonly refs: Map<LinkSymbol, SymbolRef>;
  readonly defs: LinkSymbol[];
  readonly hashed64: LinkSymbol[];
  readonly hashed: LinkSymbol[];
  readonly nonPkgDefs: LinkSymbol[];
  readonly nonPkgRefs: LinkSymbol[];
  readonly parts: Map<LinkSymbol, FuncParts>;
  /** Packages whose symbols are referred to by number; 0 is no package. */
  readonly packages: string[];
  readonly numbered: LinkSymbol[];

  constructor(object: ObjectFile) {
    this.packages = [''];
    this.numbered = [];
    this.object = object;
    this.refs = new Map();
    this.defs = [];
    this.hashed64 = [];
    this.hashed = [];
    this.nonPkgDefs = [];
    this.nonPkgRefs = [];
    this.parts = new Map();
  }
}

export function writeObject(object: ObjectFile, sha256: Sha256): Uint8Array {
  const n = new Numbering(object);
  const text = object.symbols.filter((s) => Kind.isText(s.kind));
  const data = object.symbols.filter((s) => !Kind.isText(s.kind) && !isDwarfPart(s));
  const ordered = [...text, ...data];
  for (const s of ordered) {
    define(n, s);
    if (s.func !== null) defineTables(n, s, s.func);
  }
  for (const s of ordered) defineDwarf(n, s);
  for (const s of ordered) refer(n, s);
  addFuncInfos(n, text);
  return new ObjectWriter(n, sha256).write();
}

/** Debugging entries of functions come behind their function information, not among the data. */
function isDwarfPart(s: LinkSymbol): boolean {
  return s.name === '' && Kind.isDwarf(s.kind);
}

function isNonPackage(n: Numbering, s: LinkSymbol): boolean {
  if ((s.attrs & Attr.FileLocal) !== 0) return false;
  if (n.object.byName && s.abi !== AbiStatic && s.name !== '') return true;
  if ((n.object.flags & FlagFromAssembly) !== 0 && s.abi !== AbiStatic) return true;
  return (s.attrs & (Attr.NonPackage | Attr.DupOk)) !== 0;
}

function define(n: Numbering, s: LinkSymbol): void {
  if (n.refs.has(s)) bug(`symbol ${s} is listed twice in ${n.object.packagePath}`);
  if ((s.attrs & Attr.ContentAddressable) !== 0) {
    const short = s.size <= 8 && (s.relocs === null || s.relocs.length === 0) && hashSection(s) === 0;
    const list = short ? n.hashed64 : n.hashed;
    n.refs.set(s, { pkg: short ? F.PkgHashed64 : F.PkgHashed, index: list.length });
    list.push(s);
  } else if (isNonPackage(n, s)) {
    n.refs.set(s, { pkg: F.PkgNone, index: n.nonPkgDefs.length });
    n.nonPkgDefs.push(s);
  } else {
    n.refs.set(s, { pkg: F.PkgSelf, index: n.defs.length });
    n.defs.push(s);
  }
}

function defineTables(n: Numbering, s: LinkSymbol, f: FuncInfo): void {
  const parts = new FuncParts();
  n.parts.set(s, parts);
  const make = (table: Uint8Array): LinkSymbol => {
    const t = new Sym('', 0);
    t.kind = Kind.Rodata;
    t.attrs = Attr.ContentAddressable | Attr.PcData;
    t.data = table;
    t.size = table.length;
    define(n, t);
    return t;
  };
  for (const table of [f.pcsp, f.pcfile, f.pcline, f.pcinline]) {
    const t = make(table);
    parts.tables.push(table.length === 0 ? null : t);
  }
  for (const table of f.pcdata) parts.pcdata.push(make(table));
}

/** Debugging entries of variables are definitions of their own. */
function defineDwarf(n: Numbering, s: LinkSymbol): void {
  const d = s.dwarfInfo;
  if (d !== null && d.kind !== Kind.Undefined && !n.refs.has(d)) define(n, d);
}

/** Numbers what s refers to and what is not defined here. */
function refer(n: Numbering, s: LinkSymbol): void {
  if (s.relocs !== null) for (const t of s.relocs.targets) addRef(n, t);
  addRef(n, s.gotype);
  const d = s.dwarfInfo;
  if (d !== null && d.relocs !== null) for (const t of d.relocs.targets) addRef(n, t);
  const f = s.func;
  if (f === null) return;
  for (const t of f.funcdata) addRef(n, t);
  for (const call of f.inlineTree) addRef(n, call.func);
  for (const d of dwarfParts(f))
    if (d.relocs !== null) for (const t of d.relocs.targets) if (t !== null && !isDwarfPart(t)) addRef(n, t);
}

/** Attributes that this object says: of its definitions, and of references that nobody defines yet. */
function attrsHere(n: Numbering, s: LinkSymbol): number {
  return s.object === null || s.object === n.object ? s.attrs : 0;
}

function addRef(n: Numbering, s: LinkSymbol | null): void {
  if (s === null || n.refs.has(s)) return;
  if (s.abi === AbiStatic && s.kind !== Kind.Undefined) {
    bug(
      `file-local symbol ${s} of ${s.object?.packagePath} is referenced in ${n.object.packagePath} but not defined there`,
    );
  }
  const imported = n.object.indexed.get(s);
  if (imported !== undefined) {
    const path = pathToPrefix(imported.path);
    let pkg = n.packages.indexOf(path);
    if (pkg < 0) pkg = n.packages.push(path) - 1;
    n.refs.set(s, { pkg, index: imported.index, path });
    n.numbered.push(s);
    return;
  }
  const builtin = (attrsHere(n, s) & Attr.Linkname) !== 0 ? -1 : builtinIndex(s.name, s.abi);
  if (builtin >= 0) {
    n.refs.set(s, { pkg: F.PkgBuiltin, index: builtin });
    return;
  }
  n.refs.set(s, { pkg: F.PkgNone, index: n.nonPkgDefs.length + n.nonPkgRefs.length });
  n.nonPkgRefs.push(s);
}

function dwarfParts(f: FuncInfo): LinkSymbol[] {
  const list: LinkSymbol[] = [];
  for (const d of [f.dwarfRanges, f.dwarfLoc, f.dwarfLines, f.dwarfInfo]) if (d !== null && d.size !== 0) list.push(d);
  return list;
}

/** Function information and debugging entries of each function follow the other definitions. */
function addFuncInfos(n: Numbering, text: readonly LinkSymbol[]): void {
  const self = (s: LinkSymbol): void => {
    n.refs.set(s, { pkg: F.PkgSelf, index: n.defs.length });
    n.defs.push(s);
  };
  for (const s of text) {
    const f = s.func;
    const parts = n.parts.get(s);
    if (f === null || parts === undefined) continue;
    const info = new Sym('', 0);
    info.kind = Kind.Data;
    info.data = funcInfoBytes(n, f);
    info.size = info.data.length;
    parts.info = info;
    self(info);
    for (const d of dwarfParts(f)) if (!n.refs.has(d)) self(d);
  }
}

function funcInfoBytes(n: Numbering, f: FuncInfo): Uint8Array {
  const w = new ByteWriter(64);
  w.u32(f.args);
  w.u32(f.locals);
  w.u8(f.funcId);
  w.u8(f.flags);
  w.u16(0);
  w.u32(f.startLine);
  w.u32(f.files.length);
  for (const file of f.files) w.u32(file);
  w.u32(f.inlineTree.length);
  for (const call of f.inlineTree) {
    const ref = n.refs.get(call.func) ?? nilRef;
    w.u32(call.parent);
    w.u32(call.file);
    w.u32(call.line);
    w.u32(ref.pkg);
    w.u32(ref.index);
    w.u32(call.parentPc);
  }
  return w.finish();
}

class ObjectWriter {
  private readonly n: Numbering;
  private readonly sha256: Sha256;
  private readonly w: ByteWriter;
  private readonly strings: Map<string, { offset: number; length: number }>;
  private readonly offsets: number[];
  private readonly defined: LinkSymbol[];

  constructor(n: Numbering, sha256: Sha256) {
    this.n = n;
    this.sha256 = sha256;
    this.w = new ByteWriter(1 << 16);
    this.strings = new Map();
    this.offsets = [];
    this.defined = [...n.defs, ...n.hashed64, ...n.hashed, ...n.nonPkgDefs];
  }

  write(): Uint8Array {
    const { w, n } = this;
    const { object } = n;
    w.text(F.magic);
    w.bytes(object.fingerprint);
    w.u32(object.flags);
    w.zeros(F.headerSize - w.length);
    this.addStrings();
    this.block();
    for (const i of object.imports) {
      this.string(i.path);
      w.bytes(i.fingerprint);
    }
    this.block();
    for (const path of n.packages) this.string(path);
    this.block();
    for (const file of object.files) this.string(file);
    for (const list of [n.defs, n.hashed64, n.hashed, n.nonPkgDefs, n.nonPkgRefs]) {
      this.block();
      for (const s of list) this.symbol(s);
    }
    this.block(); // RefFlags: only for references by index.
    this.block();
    for (const s of n.hashed64) this.hash64(s);
    this.block();
    for (const s of n.hashed) w.bytes(contentHash(s, n.refs, pathToPrefix(object.packagePath), this.sha256));
    this.indexes();
    this.block();
    for (const s of this.defined) this.relocs(s);
    this.block();
    for (const s of this.defined) this.aux(s);
    this.block();
    for (const s of this.defined) w.bytes(s.data);
    this.block();
    for (const s of n.numbered) {
      this.ref(s);
      this.string(s.name);
    }
    this.block();
    for (let i = 0; i < this.offsets.length; i++) w.patchU32(20 + 4 * i, this.offsets[i]);
    return w.finish();
  }

  private block(): void {
    this.offsets.push(this.w.length);
  }

  private addString(s: string): void {
    if (this.strings.has(s)) return;
    const bytes = encodeText(s);
    this.strings.set(s, { offset: this.w.length, length: bytes.length });
    this.w.bytes(bytes);
  }

  private addStrings(): void {
    this.addString('');
    for (const i of this.n.object.imports) this.addString(i.path);
    for (const s of this.defined) this.addString(s.name);
    for (const path of this.n.packages) this.addString(path);
    for (const s of this.n.nonPkgRefs) this.addString(s.name);
    for (const s of this.n.numbered) this.addString(s.name);
    for (const file of this.n.object.files) this.addString(file);
  }

  private string(s: string): void {
    const at = this.strings.get(s) ?? bug(`string ${JSON.stringify(s)} was not added`);
    this.w.u32(at.length);
    this.w.u32(at.offset);
  }

  private symbol(s: LinkSymbol): void {
    const { w } = this;
    let attrs = (attrsHere(this.n, s) & Attr.ObjectMask) | Attr.derivedAttributes(s.name, s.kind);
    const fromAssembly = (this.n.object.flags & FlagFromAssembly) !== 0;
    // Assembly may refer to what a linkname may; the runtime linknames main.main (cmd/internal/obj/objfile.go).
    if ((fromAssembly && s.name !== '') || s.name === 'main.main') attrs |= Attr.Linkname;
    this.string(s.name);
    w.u16((attrsHere(this.n, s) & Attr.FileLocal) === 0 ? s.abi : AbiStatic);
    w.u8(s.kind);
    w.u16(attrs);
    w.u32(s.size);
    w.u32(alignOf(s));
  }

  private hash64(s: LinkSymbol): void {
    const b = new Uint8Array(8);
    b.set(s.data.subarray(0, 8));
    this.w.bytes(b);
  }

  private indexes(): void {
    const { w } = this;
    let total = 0;
    const list = (count: (s: LinkSymbol) => number): void => {
      this.block();
      total = 0;
      for (const s of this.defined) {
        w.u32(total);
        total += count(s);
      }
      w.u32(total);
    };
    list((s) => s.relocs?.length ?? 0);
    list((s) => this.auxList(s).length);
    list((s) => s.data.length);
  }

  private relocs(s: LinkSymbol): void {
    const r = s.relocs;
    if (r === null) return;
    const { w } = this;
    const order = [...r.offsets.keys()].sort((a, b) => r.offsets[a] - r.offsets[b]);
    for (const k of order) {
      w.u32(r.offsets[k]);
      w.u8(r.size(k));
      w.u16(r.type(k));
      w.i64(r.addends[k]);
      this.ref(r.targets[k]);
    }
  }

  private ref(s: LinkSymbol | null): void {
    const ref = s === null ? nilRef : (this.n.refs.get(s) ?? bug(`symbol ${s} has no number in the object`));
    this.w.u32(ref.pkg);
    this.w.u32(ref.index);
  }

  private aux(s: LinkSymbol): void {
    for (const [type, to] of this.auxList(s)) {
      this.w.u8(type);
      this.ref(to);
    }
  }

  private auxList(s: LinkSymbol): [number, LinkSymbol | null][] {
    const list: [number, LinkSymbol | null][] = [];
    if (s.gotype !== null) list.push([F.AuxGotype, s.gotype]);
    const f = s.func;
    const parts = this.n.parts.get(s);
    if (f === null || parts === undefined) {
      if (s.dwarfInfo !== null && s.dwarfInfo.size !== 0) list.push([F.AuxDwarfInfo, s.dwarfInfo]);
      return list;
    }
    list.push([F.AuxFuncInfo, parts.info]);
    for (const d of f.funcdata) list.push([F.AuxFuncdata, d]);
    const dwarf: readonly [number, LinkSymbol | null][] = [
      [F.AuxDwarfInfo, f.dwarfInfo],
      [F.AuxDwarfLoc, f.dwarfLoc],
      [F.AuxDwarfRanges, f.dwarfRanges],
      [F.AuxDwarfLines, f.dwarfLines],
    ];
    for (const [type, d] of dwarf) if (d !== null && d.size !== 0) list.push([type, d]);
    const types = [F.AuxPcsp, F.AuxPcfile, F.AuxPcline, F.AuxPcinline];
    for (let i = 0; i < types.length; i++) if (parts.tables[i] !== null) list.push([types[i], parts.tables[i]]);
    for (const t of parts.pcdata) list.push([F.AuxPcdata, t]);
    return list;
  }
}

const byteNames = ['go:string.', 'type:.namedata.', 'type:.importpath.'];
const byteSuffixes = ['.opendefer', '.arginfo0', '.arginfo1', '.argliveinfo'];

/** Content-addressable symbols say their alignment, because one may stand for another with the same bytes. */
function alignOf(s: LinkSymbol): number {
  if ((s.attrs & Attr.ContentAddressable) === 0 || s.size === 0) return s.align;
  const { name, size } = s;
  if (byteNames.some((p) => name.startsWith(p)) || byteSuffixes.some((x) => name.endsWith(x))) return 1;
  if (name.startsWith('gclocals·')) return 4;
  if (size % 8 === 0) return 8;
  if (size % 4 === 0) return 4;
  return size % 2 === 0 ? 2 : 1;
}

/** The text in front of the binary: header line, build id, main marker, cgo pragmas (cmd/compile/internal/gc/obj.go). */
export function writeFrame(object: ObjectFile, header: string, buildId: string, binary: Uint8Array): Uint8Array {
  const w = new ByteWriter(binary.length + 256);
  w.text(`${header}\n`);
  if (buildId !== '') w.text(`build id ${JSON.stringify(buildId)}\n`);
  if (object.isMain) w.text('main\n');
  w.text('\n');
  if (object.cgoPragmas !== '') w.text(`\n$$\n\n$$\n\n\n$$  // cgo\n${object.cgoPragmas}\n\n$$\n\n`);
  w.text('\n!\n');
  w.bytes(binary);
  return w.finish();
}
