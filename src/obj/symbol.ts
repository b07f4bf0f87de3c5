/**
 * Symbols in memory: what the compiler and the assembler fill and the linker and the object writer read. A symbol refers to
 * others by pointing at them; identity is (name, ABI) in one Symbols table, so a reference to a symbol that is defined in
 * another package, in an object file, or not yet, is the same thing: a LinkSymbol whose kind is still Undefined.
 */

import { bug } from '#base/bug.ts';
import type { ByteWriter } from '#base/bytes.ts';
import { appended } from '#base/lists.ts';
import * as Attr from './attributes.ts';
import * as Kind from './kinds.ts';
import type { ObjectFile } from './object.ts';

/** Data symbols and assembly functions. */
export const Abi0 = 0;
/** Go functions. */
export const AbiInternal = 1;
/** File-local symbols (assembly's name<>): not in any table by name. */
export const AbiStatic = 0xffff;

/** Relocations of one symbol, in columns. Offsets need not be sorted; the object writer sorts them. */
export class RelocList {
  /** Byte offset of the patched field. */
  offsets: number[];
  /** Type (16 bits, with Weak) in the low bits, width in bytes from bit 16. */
  types: number[];
  addends: number[];
  /** null: the type needs no target (CallInd, TlsLe). */
  targets: (LinkSymbol | null)[];

  constructor() {
    this.offsets = [];
    this.types = [];
    this.addends = [];
    this.targets = [];
  }

  get length(): number {
    return this.offsets.length;
  }

  type(i: number): number {
    return this.types[i] & 0xffff;
  }

  size(i: number): number {
    return this.types[i] >>> 16;
  }
}

/** A call that was inlined into a function. */
export interface InlineNode {
  /** Index of the node this one was inlined into, -1 for the function itself. */
  parent: number;
  /** Position of the call: index in the object's file table, and line. */
  file: number;
  line: number;
  /** The inlined function. */
  func: LinkSymbol;
  /** Offset, in the outer code, of an instruction that carries the call's position. */
  parentPc: number;
}

/** What the runtime and the debuggers are told about a text symbol. Tables are encoded by pcvalue.ts. */
export class FuncInfo {
  /** Bytes of stack arguments, results and spill area; ArgsSizeUnknown for assembly without a size. */
  args: number;
  /** Frame size without the saved frame pointer and return address. */
  locals: number;
  funcId: number;
  /** FuncFlag bits. */
  flags: number;
  startLine: number;
  /** Offset of the prologue's last instruction, where debuggers stop; 0 if there is no prologue. */
  prologueEnd: number;
  /** Indices in the object's file table of the files that pcfile and the inline tree name, ascending. */
  files: readonly number[];
  inlineTree: InlineNode[];
  pcsp: Uint8Array;
  pcfile: Uint8Array;
  pcline: Uint8Array;
  pcinline: Uint8Array;
  /** By PCDATA index; an empty table means "always -1". */
  pcdata: Uint8Array[];
  /** By FUNCDATA index. */
  funcdata: (LinkSymbol | null)[];
  dwarfInfo: LinkSymbol | null;
  dwarfLoc: LinkSymbol | null;
  dwarfRanges: LinkSymbol | null;
  dwarfLines: LinkSymbol | null;

  constructor() {
    this.args = 0;
    this.locals = 0;
    this.funcId = 0;
    this.flags = 0;
    this.startLine = 0;
    this.prologueEnd = 0;
    this.files = [];
    this.inlineTree = [];
    this.pcsp = noBytes;
    this.pcfile = noBytes;
    this.pcline = noBytes;
    this.pcinline = noBytes;
    this.pcdata = [];
    this.funcdata = [];
    this.dwarfInfo = null;
    this.dwarfLoc = null;
    this.dwarfRanges = null;
    this.dwarfLines = null;
  }
}

export const noBytes = new Uint8Array(0);

export class LinkSymbol {
  readonly name: string;
  /** Abi0, AbiInternal or AbiStatic. */
  readonly abi: number;
  /** Kind.Undefined until defined. */
  kind: number;
  /** attributes.ts. */
  attrs: number;
  /** In memory; may exceed data.length, the rest is zero. */
  size: number;
  /** 0: the linker chooses by size. */
  align: number;
  data: Uint8Array;
  relocs: RelocList | null;
  /** Type descriptor of a variable; required for Data and Bss kinds. */
  gotype: LinkSymbol | null;
  /** Text only. */
  func: FuncInfo | null;
  /** DWARF entry of a variable. */
  dwarfInfo: LinkSymbol | null;
  /** The object that defines it: gives file table and package. Null while undefined. */
  object: ObjectFile | null;
  /** Scratch of the table's owner: the linker's global index, or the writer's number; -1 when unset. */
  index: number;

  constructor(name: string, abi: number) {
    this.name = name;
    this.abi = abi;
    this.kind = Kind.Undefined;
    this.attrs = 0;
    this.size = 0;
    this.align = 0;
    this.data = noBytes;
    this.relocs = null;
    this.gotype = null;
    this.func = null;
    this.dwarfInfo = null;
    this.object = null;
    this.index = -1;
  }

  toString(): string {
    return this.abi === AbiInternal ? `${this.name}<ABIInternal>` : this.name;
  }
}

/** Adds a relocation: `size` bytes at `offset`, `type` from reloc-types.ts. */
export function addReloc(
  s: LinkSymbol,
  offset: number,
  size: number,
  type: number,
  target: LinkSymbol | null,
  addend: number,
): void {
  let r = s.relocs;
  if (r === null) {
    r = new RelocList();
    s.relocs = r;
  }
  r.offsets = appended(r.offsets, offset);
  r.types = appended(r.types, type | (size << 16));
  r.addends = appended(r.addends, addend);
  r.targets = appended(r.targets, target);
}

/** Defines s with finished bytes. Size is the data's length unless a larger one is set afterwards. */
export function defineSymbol(s: LinkSymbol, object: ObjectFile, kind: number, attrs: number, data: Uint8Array): void {
  if (s.kind !== Kind.Undefined) bug(`symbol ${s} is defined twice`);
  s.kind = kind;
  s.attrs |= attrs;
  s.data = data;
  s.size = data.length;
  s.object = object;
  object.symbols.push(s);
}

/** The finished bytes of a writer become the data of s. */
export function defineFromWriter(s: LinkSymbol, object: ObjectFile, kind: number, attrs: number, w: ByteWriter): void {
  defineSymbol(s, object, kind, attrs, w.finish());
}

/** Text gets its FuncInfo here. */
export function ensureFunc(s: LinkSymbol): FuncInfo {
  s.func ??= new FuncInfo();
  return s.func;
}

/**
 * The table of all symbols of one compilation (a package or, on demand, a whole program). `demand` is called by whoever needs
 * the content of an undefined symbol: the linker's reachability. It either defines the symbol or leaves it undefined.
 */
export class Symbols {
  private readonly abi0: Map<string, LinkSymbol>;
  private readonly abiInternal: Map<string, LinkSymbol>;
  demand: ((s: LinkSymbol) => void) | null;

  constructor() {
    this.abi0 = new Map();
    this.abiInternal = new Map();
    this.demand = null;
  }

  /** The symbol of that name and ABI (Abi0 or AbiInternal), made if it is not there. Data symbols use Abi0. */
  lookup(name: string, abi: number): LinkSymbol {
    const table = this.table(abi);
    let s = table.get(name);
    if (s === undefined) {
      s = new LinkSymbol(name, abi);
      table.set(name, s);
    }
    return s;
  }

  find(name: string, abi: number): LinkSymbol | null {
    return this.table(abi).get(name) ?? null;
  }

  /** All symbols of both ABIs, in order of first mention. */
  *all(): Iterable<LinkSymbol> {
    yield* this.abi0.values();
    yield* this.abiInternal.values();
  }

  private table(abi: number): Map<string, LinkSymbol> {
    if (abi === Abi0) return this.abi0;
    if (abi === AbiInternal) return this.abiInternal;
    return bug(`no symbol table for ABI ${abi}`);
  }
}

/** A file-local symbol: in no table, referenced only within its object. */
export function newStatic(name: string): LinkSymbol {
  return new LinkSymbol(name, AbiStatic);
}

/** True if the symbol is merged by content rather than by name. */
export function isContentAddressable(s: LinkSymbol): boolean {
  return (s.attrs & Attr.ContentAddressable) !== 0;
}
