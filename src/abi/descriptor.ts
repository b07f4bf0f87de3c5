/**
 * Type descriptors and itabs: what internal/abi.Type and its relatives look like in memory (gc-contract 4.1-4.6; internal/abi/type.go,
 * map.go, iface.go). A descriptor is a symbol "type:"+link string that is defined when somebody needs its content.
 */
import { bug } from '#base/bug.ts';
import { ByteWriter, encodeText } from '#base/bytes.ts';
import * as Attr from '#obj/attributes.ts';
import * as SymKind from '#obj/kinds.ts';
import type { ObjectFile } from '#obj/object.ts';
import * as Reloc from '#obj/reloc-types.ts';
import { Abi0, AbiInternal, addReloc, defineFromWriter, type LinkSymbol, type Symbols } from '#obj/symbol.ts';
import * as Algorithm from './algorithm.ts';
import { isExportedName, NameWriter } from './descriptor-names.ts';
import { pointerMask } from './gc-mask.ts';
import type { GoType } from './gotype.ts';
import * as Kind from './gotype.ts';
import { mapLayout } from './map-type.ts';
import type { TypeTableApi } from './type-table.ts';

const FlagUncommon = 1;
const FlagExtraStar = 2;
const FlagNamed = 4;
const FlagRegularMemory = 8;
const FlagGcMaskOnDemand = 16;
const FlagDirectIface = 32;

/** Masks of more bytes than this are built by the runtime when needed (internal/abi.MaxPtrmaskBytes). */
const maxMaskBytes = 2048;
const pointerSize = 8;
const commonSize = 48;
const uncommonSize = 16;

/** One method of a concrete type, in descriptor order. */
export interface MethodEntry {
  readonly name: string;
  /** Package path that qualifies an unexported name; "" for exported names. */
  readonly pkgPath: string;
  /** The method's Func type, without receiver. */
  readonly type: GoType;
  /** The code that takes the interface data word as receiver. */
  readonly interfaceCode: LinkSymbol;
  /** The code that takes the real receiver. */
  readonly receiverCode: LinkSymbol;
}

/** What the descriptors must know of a program beyond the shape of types. */
export interface TypeFacts {
  /** The name of a defined or predeclared type; null for unnamed types. The package path is "" for predeclared ones. */
  namedAs(t: GoType): { readonly name: string; readonly pkgPath: string } | null;
  /** The type as reflect's String method shows it: package names instead of paths. */
  displayString(t: GoType): string;
  /** The method set of a concrete type: exported by name, then unexported by name and package path. */
  methodSet(t: GoType): readonly MethodEntry[];
  /** The type that a defined type was declared with (t itself for unnamed types). */
  underlying(t: GoType): GoType;
  /** The symbol of a generated equality (func(p, q *T) bool) or hash function (func(p *T, h uintptr) uintptr). */
  equalFunction(t: GoType): LinkSymbol;
  hashFunction(t: GoType): LinkSymbol;
  /** An instance of a generic type: its descriptor may be defined by several packages. */
  isInstance(t: GoType): boolean;
}

/** An interface value of this type holds the value itself as its data word (gc-contract 4.1). */
export function isDirectInterface(t: GoType): boolean {
  return t.size === pointerSize && t.ptrBytes === pointerSize;
}

export class Descriptors {
  private readonly symbols: Symbols;
  private readonly object: ObjectFile;
  private readonly types: TypeTableApi;
  private readonly facts: TypeFacts;
  private readonly sha256: (data: Uint8Array) => Uint8Array;
  private readonly names: NameWriter;
  private readonly typesBySymbol: Map<LinkSymbol, GoType>;
  private readonly itabsBySymbol: Map<LinkSymbol, { concrete: GoType; iface: GoType }>;

  constructor(
    symbols: Symbols,
    object: ObjectFile,
    types: TypeTableApi,
    facts: TypeFacts,
    sha256: (data: Uint8Array) => Uint8Array,
  ) {
    this.symbols = symbols;
    this.object = object;
    this.types = types;
    this.facts = facts;
    this.sha256 = sha256;
    this.names = new NameWriter(symbols, object);
    this.typesBySymbol = new Map();
    this.itabsBySymbol = new Map();
  }

  /** The descriptor's symbol; its content is made by `define`. */
  typeSymbol(t: GoType): LinkSymbol {
    const s = this.symbols.lookup(`type:${t.linkString}`, Abi0);
    if (!this.typesBySymbol.has(s)) this.typesBySymbol.set(s, t);
    return s;
  }

  itabSymbol(concrete: GoType, iface: GoType): LinkSymbol {
    const s = this.symbols.lookup(`go:itab.${concrete.linkString},${iface.linkString}`, Abi0);
    if (!this.itabsBySymbol.has(s)) this.itabsBySymbol.set(s, { concrete, iface });
    return s;
  }

  /** Defines a descriptor or itab that typeSymbol or itabSymbol gave out; false if the symbol is neither. */
  define(s: LinkSymbol): boolean {
    if (s.kind !== SymKind.Undefined) return true;
    const t = this.typesBySymbol.get(s);
    if (t !== undefined) {
      this.writeType(s, t);
      return true;
    }
    const itab = this.itabsBySymbol.get(s);
    if (itab === undefined) return false;
    this.writeItab(s, itab.concrete, itab.iface);
    return true;
  }

  /** The type whose descriptor a symbol is, or null. */
  typeOf(s: LinkSymbol): GoType | null {
    return this.typesBySymbol.get(s) ?? null;
  }

  isItab(s: LinkSymbol): boolean {
    return this.itabsBySymbol.has(s);
  }

  /** The types that an itab joins, or null. */
  itabOf(s: LinkSymbol): { readonly concrete: GoType; readonly iface: GoType } | null {
    return this.itabsBySymbol.get(s) ?? null;
  }

  /** Forgets what a symbol stands for. */
  forget(s: LinkSymbol): void {
    this.typesBySymbol.delete(s);
    this.itabsBySymbol.delete(s);
  }

  /** First four bytes of the SHA-256 of the link string, its first byte inverted (cmd/internal/hash.Sum32). */
  hash(t: GoType): number {
    const sum = this.sha256(encodeText(t.linkString));
    return ((sum[0] ^ 0xff) | (sum[1] << 8) | (sum[2] << 16) | (sum[3] << 24)) >>> 0;
  }

  /** A read-only bitmap symbol, shared by content. */
  gcMask(mask: Uint8Array): LinkSymbol {
    let name = 'runtime.gcbits.';
    for (const b of mask) name += b.toString(16).padStart(2, '0');
    const s = this.symbols.lookup(name, Abi0);
    if (s.kind === SymKind.Undefined) {
      const w = new ByteWriter(mask.length);
      w.bytes(mask);
      const attrs = Attr.DupOk | Attr.Local | Attr.ContentAddressable;
      defineFromWriter(s, this.object, SymKind.Rodata, attrs, w);
    }
    return s;
  }

  /** The func value "name·f" of a function without captured variables. */
  funcValue(code: LinkSymbol): LinkSymbol {
    const s = this.symbols.lookup(`${code.name}·f`, Abi0);
    if (s.kind === SymKind.Undefined) this.writeClosure(s, code, -1);
    return s;
  }

  private writeClosure(s: LinkSymbol, code: LinkSymbol, captured: number): void {
    const w = new ByteWriter(16);
    this.address(s, w, code);
    if (captured >= 0) w.i64(captured);
    defineFromWriter(s, this.object, SymKind.Rodata, Attr.DupOk, w);
  }

  /** The func value that compares two values of t; null if they cannot be compared. */
  private equality(t: GoType): LinkSymbol | null {
    if (!Algorithm.isComparable(t)) return null;
    const known = Algorithm.predefined(t);
    if (known !== null) return this.funcValue(this.runtimeFunction(known[0]));
    if (Algorithm.isRegularMemory(t)) return this.sizedClosure('eqfunc', 'memequal_varlen', t.size);
    return this.generatedClosure('eqfunc', t, this.facts.equalFunction(t));
  }

  /** The func value that hashes a map key. */
  private hasher(t: GoType): LinkSymbol {
    const known = Algorithm.predefined(t);
    if (known !== null) return this.funcValue(this.runtimeFunction(known[1]));
    if (Algorithm.isRegularMemory(t)) return this.sizedClosure('hashfunc', 'memhash_varlen', t.size);
    return this.generatedClosure('hashfunc', t, this.facts.hashFunction(t));
  }

  private runtimeFunction(name: string): LinkSymbol {
    return this.symbols.lookup(`runtime.${name}`, AbiInternal);
  }

  /** A closure that hands the size of plain memory to one of the runtime's _varlen functions. */
  private sizedClosure(prefix: string, name: string, size: number): LinkSymbol {
    const s = this.symbols.lookup(`type:.${prefix}${size}`, Abi0);
    if (s.kind === SymKind.Undefined) this.writeClosure(s, this.runtimeFunction(name), size);
    return s;
  }

  private generatedClosure(prefix: string, t: GoType, code: LinkSymbol): LinkSymbol {
    const s = this.symbols.lookup(`type:.${prefix}.${t.linkString}`, Abi0);
    if (s.kind === SymKind.Undefined) this.writeClosure(s, code, -1);
    return s;
  }

  private writeType(s: LinkSymbol, t: GoType): void {
    const named = this.facts.namedAs(t);
    const methods = t.kind === Kind.Interface ? [] : this.facts.methodSet(t);
    const hasUncommon = named !== null || methods.length > 0;
    const w = new ByteWriter(128);
    this.writeCommon(s, w, t, named, hasUncommon);
    const tail = new TailWriter();
    this.writeKind(s, w, t, named, hasUncommon, tail);
    if (hasUncommon) this.writeUncommon(s, w, t, named, methods, tail.size);
    tail.write(w);
    for (const m of methods) this.writeMethod(s, w, m, this.packageOf(t, named));
    if (t.kind === Kind.Map && named !== null)
      addReloc(s, 0, 0, Reloc.Keep, this.typeSymbol(this.facts.underlying(t)), 0);
    defineFromWriter(s, this.object, SymKind.Rodata, this.attributes(t), w);
    s.align = pointerSize;
  }

  private attributes(t: GoType): number {
    const base = t.kind === Kind.Pointer && this.facts.namedAs(t) === null ? t.elem() : t;
    let attrs = Attr.GoType;
    if (this.facts.namedAs(base) === null || this.facts.isInstance(base)) attrs |= Attr.DupOk;
    if (this.facts.namedAs(t) === null && inTypelinks(t)) attrs |= Attr.Typelink;
    return attrs;
  }

  private writeCommon(
    s: LinkSymbol,
    w: ByteWriter,
    t: GoType,
    named: { readonly name: string } | null,
    hasUncommon: boolean,
  ): void {
    w.i64(t.size);
    w.i64(t.ptrBytes);
    w.u32(this.hash(t));
    const onDemand = t.ptrBytes / pointerSize > maxMaskBytes * 8;
    let flags = 0;
    if (hasUncommon) flags |= FlagUncommon;
    if (named !== null) flags |= FlagNamed;
    if (Algorithm.isRegularMemory(t)) flags |= FlagRegularMemory;
    if (onDemand) flags |= FlagGcMaskOnDemand;
    if (isDirectInterface(t)) flags |= FlagDirectIface;
    let text = this.facts.displayString(t);
    let exported = false;
    if (!text.startsWith('*')) {
      text = `*${text}`;
      flags |= FlagExtraStar;
      exported = named !== null && isExportedName(named.name);
    } else {
      const elem = t.kind === Kind.Pointer ? this.facts.namedAs(t.elem()) : null;
      exported = elem !== null && isExportedName(elem.name);
    }
    w.u8(flags);
    w.u8(t.align);
    w.u8(t.align);
    w.u8(t.kind);
    this.address(s, w, this.equality(t));
    this.address(s, w, onDemand ? this.maskOnDemand(t) : this.gcMask(pointerMask(t)));
    this.offset(s, w, this.names.name(text, '', '', exported, false), false);
    this.writePointerToThis(s, w, t, named !== null);
  }

  /** PtrToThis: strong where *T is likely to be made by reflection (T is named or *T has methods), else dropped with *T. */
  private writePointerToThis(s: LinkSymbol, w: ByteWriter, t: GoType, isNamed: boolean): void {
    if (t.kind === Kind.Pointer && this.facts.namedAs(t) === null && this.facts.namedAs(t.elem()) === null) {
      w.u32(0);
      return;
    }
    if (t.linkString.startsWith(Algorithm.noAlgorithmPrefix)) {
      w.u32(0);
      return;
    }
    const pointer = this.types.pointerTo(t);
    const strong =
      isNamed || (t.kind !== Kind.Interface && t.kind !== Kind.Pointer && this.facts.methodSet(pointer).length > 0);
    this.offset(s, w, this.typeSymbol(pointer), !strong);
  }

  private maskOnDemand(t: GoType): LinkSymbol {
    const s = this.symbols.lookup(`type:.gcmask.${t.linkString}`, Abi0);
    if (s.kind === SymKind.Undefined) {
      const w = new ByteWriter(8);
      w.i64(0);
      defineFromWriter(s, this.object, SymKind.NoPtrData, Attr.DupOk | Attr.Local, w);
    }
    return s;
  }

  private writeKind(
    s: LinkSymbol,
    w: ByteWriter,
    t: GoType,
    named: { readonly pkgPath: string } | null,
    hasUncommon: boolean,
    tail: TailWriter,
  ): void {
    switch (t.kind) {
      case Kind.Array:
        this.typeAddress(s, w, t.elem());
        this.typeAddress(s, w, this.types.sliceOf(t.elem()));
        w.i64(t.length);
        return;
      case Kind.Chan:
        this.typeAddress(s, w, t.elem());
        w.i64(t.length);
        return;
      case Kind.Pointer:
      case Kind.Slice:
        this.typeAddress(s, w, t.elem());
        return;
      case Kind.Func:
        this.writeFunc(s, w, t, hasUncommon, tail);
        return;
      case Kind.Interface:
        this.writeInterface(s, w, t, named, hasUncommon, tail);
        return;
      case Kind.Map:
        this.writeMap(s, w, t);
        return;
      case Kind.Struct:
        this.writeStruct(s, w, t, hasUncommon, tail);
        return;
      default:
        if (t.kind > Kind.UnsafePointer) bug(`descriptor of ${t.linkString}`);
    }
  }

  private writeFunc(s: LinkSymbol, w: ByteWriter, t: GoType, hasUncommon: boolean, tail: TailWriter): void {
    w.u16(t.params().length);
    w.u16(t.results().length | (t.isVariadic() ? 0x8000 : 0));
    w.u32(0);
    const start = w.length + (hasUncommon ? uncommonSize : 0);
    for (const p of [...t.params(), ...t.results()]) {
      addReloc(s, start + tail.size, 8, Reloc.Addr, this.typeSymbol(p), 0);
      tail.add(8);
    }
  }

  private writeInterface(
    s: LinkSymbol,
    w: ByteWriter,
    t: GoType,
    named: { readonly pkgPath: string } | null,
    hasUncommon: boolean,
    tail: TailWriter,
  ): void {
    const pkgPath = named === null ? '' : named.pkgPath;
    this.address(s, w, pkgPath === '' ? null : this.names.importPath(pkgPath));
    const methods = t.methods();
    const start = w.length + 24 + (hasUncommon ? uncommonSize : 0);
    this.writeSlice(s, w, start, methods.length);
    for (const m of methods) {
      const qualifier = m.pkgPath === pkgPath ? '' : m.pkgPath;
      const name = this.names.name(m.name, '', qualifier, m.pkgPath === '', false);
      addReloc(s, start + tail.size, 4, Reloc.AddrOff, name, 0);
      addReloc(s, start + tail.size + 4, 4, Reloc.AddrOff, this.typeSymbol(m.type), 0);
      tail.add(8);
    }
  }

  private writeStruct(s: LinkSymbol, w: ByteWriter, t: GoType, hasUncommon: boolean, tail: TailWriter): void {
    const qualified = t.fields.find((f) => f.pkgPath !== '');
    this.address(s, w, qualified === undefined ? null : this.names.importPath(qualified.pkgPath));
    const start = w.length + 24 + (hasUncommon ? uncommonSize : 0);
    this.writeSlice(s, w, start, t.fields.length);
    for (const f of t.fields) {
      const name = this.names.name(f.name, f.tag, '', isExportedName(f.name), f.embedded);
      addReloc(s, start + tail.size, 8, Reloc.Addr, name, 0);
      addReloc(s, start + tail.size + 8, 8, Reloc.Addr, this.typeSymbol(f.type), 0);
      tail.add(16);
      tail.i64(f.offset);
    }
  }

  private writeMap(s: LinkSymbol, w: ByteWriter, t: GoType): void {
    const layout = mapLayout(this.types, t);
    this.typeAddress(s, w, t.key());
    this.typeAddress(s, w, t.elem());
    this.typeAddress(s, w, layout.group);
    this.address(s, w, this.hasher(t.key()));
    w.i64(layout.group.size);
    w.i64(layout.slot.size);
    w.i64(layout.elemOffset);
    w.u32(layout.flags);
    w.u32(0);
  }

  /** A slice header whose array is inside the descriptor itself. */
  private writeSlice(s: LinkSymbol, w: ByteWriter, start: number, length: number): void {
    // An empty list points behind the header, too, as the official descriptors do.
    addReloc(s, w.length, 8, Reloc.Addr, s, start);
    w.i64(0);
    w.i64(length);
    w.i64(length);
  }

  private writeUncommon(
    s: LinkSymbol,
    w: ByteWriter,
    t: GoType,
    named: { readonly pkgPath: string } | null,
    methods: readonly MethodEntry[],
    tailSize: number,
  ): void {
    const pkgPath = this.packageOf(t, named);
    if (pkgPath === '') w.u32(0);
    else this.offset(s, w, this.names.importPath(pkgPath), false);
    let exported = 0;
    while (exported < methods.length && methods[exported].pkgPath === '') exported++;
    w.u16(methods.length);
    w.u16(exported);
    w.u32(uncommonSize + tailSize);
    w.u32(0);
  }

  private writeMethod(s: LinkSymbol, w: ByteWriter, m: MethodEntry, typePackage: string): void {
    const qualifier = m.pkgPath === typePackage ? '' : m.pkgPath;
    this.offset(s, w, this.names.name(m.name, '', qualifier, m.pkgPath === '', false), false);
    this.methodOffset(s, w, this.typeSymbol(m.type));
    this.methodOffset(s, w, m.interfaceCode);
    this.methodOffset(s, w, m.receiverCode);
  }

  /** The package recorded for a type: its own, or that of the element it is made of. */
  private packageOf(t: GoType, named: { readonly pkgPath: string } | null): string {
    if (named !== null) return named.pkgPath;
    switch (t.kind) {
      case Kind.Array:
      case Kind.Slice:
      case Kind.Pointer:
      case Kind.Chan:
        return this.facts.namedAs(t.elem())?.pkgPath ?? '';
      default:
        return '';
    }
  }

  private writeItab(s: LinkSymbol, concrete: GoType, iface: GoType): void {
    const w = new ByteWriter(64);
    this.typeAddress(s, w, iface);
    this.typeAddress(s, w, concrete);
    w.u32(this.hash(concrete));
    w.u32(0);
    const code = this.implementations(concrete, iface);
    if (code === null) w.i64(0);
    else
      for (const c of code) {
        addReloc(s, w.length, 8, Reloc.Addr | Reloc.Weak, c, 0);
        w.i64(0);
      }
    defineFromWriter(s, this.object, SymKind.Rodata, Attr.DupOk | Attr.ContentAddressable | Attr.Itab, w);
    s.align = pointerSize;
  }

  /** The code of each interface method in itab order; null if the type lacks one. Both lists are sorted alike. */
  private implementations(concrete: GoType, iface: GoType): LinkSymbol[] | null {
    const wanted = iface.methods();
    const code: LinkSymbol[] = [];
    for (const m of this.facts.methodSet(concrete)) {
      if (code.length === wanted.length) break;
      const next = wanted[code.length];
      if (m.name === next.name && m.pkgPath === next.pkgPath) code.push(m.interfaceCode);
    }
    return code.length === wanted.length ? code : null;
  }

  private typeAddress(s: LinkSymbol, w: ByteWriter, t: GoType): void {
    this.address(s, w, this.typeSymbol(t));
  }

  private address(s: LinkSymbol, w: ByteWriter, target: LinkSymbol | null): void {
    if (target !== null) addReloc(s, w.length, 8, Reloc.Addr, target, 0);
    w.i64(0);
  }

  private offset(s: LinkSymbol, w: ByteWriter, target: LinkSymbol, weak: boolean): void {
    addReloc(s, w.length, 4, weak ? Reloc.AddrOff | Reloc.Weak : Reloc.AddrOff, target, 0);
    w.u32(0);
  }

  private methodOffset(s: LinkSymbol, w: ByteWriter, target: LinkSymbol): void {
    addReloc(s, w.length, 4, Reloc.MethodOff, target, 0);
    w.u32(0);
  }
}

/** Byte offset, in an interface type's descriptor, of method i (addend of R_USEIFACEMETHOD). */
export function interfaceMethodOffset(isNamed: boolean, i: number): number {
  return commonSize + 4 * pointerSize + (isNamed ? uncommonSize : 0) + i * 8;
}

/** Unnamed types that reflection can make and therefore must find. */
function inTypelinks(t: GoType): boolean {
  if (Algorithm.algorithmOf(t) === Algorithm.NoAlgorithm) return false;
  switch (t.kind) {
    case Kind.Pointer:
    case Kind.Array:
    case Kind.Chan:
    case Kind.Func:
    case Kind.Map:
    case Kind.Slice:
    case Kind.Struct:
      return true;
    default:
      return false;
  }
}

/** The variable-length part of a descriptor, which stands after the uncommon block. */
class TailWriter {
  private readonly writer: ByteWriter;

  constructor() {
    this.writer = new ByteWriter(64);
  }

  get size(): number {
    return this.writer.length;
  }

  add(zeros: number): void {
    this.writer.zeros(zeros);
  }

  i64(v: number): void {
    this.writer.i64(v);
  }

  write(w: ByteWriter): void {
    w.bytes(this.writer.bytesView());
  }
}
