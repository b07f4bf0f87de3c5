/** The names inside type descriptors: reflect's encoded names and import paths (internal/abi.Name; gc-contract 4.2). */
import { ByteWriter } from '#base/bytes.ts';
import * as Attr from '#obj/attributes.ts';
import * as Kind from '#obj/kinds.ts';
import type { ObjectFile } from '#obj/object.ts';
import { pathToPrefix } from '#obj/path-prefix.ts';
import * as Reloc from '#obj/reloc-types.ts';
import { Abi0, addReloc, defineFromWriter, type LinkSymbol, type Symbols } from '#obj/symbol.ts';

const Exported = 1;
const HasTag = 2;
const HasPackage = 4;
const Embedded = 8;

/** Go's rule for exported names: the first letter is upper case. */
export function isExportedName(name: string): boolean {
  const c = name.codePointAt(0) ?? 0;
  if (c < 0x80) return c >= 0x41 && c <= 0x5a;
  return /^\p{Lu}/u.test(name);
}

/** Makes name symbols for one object; equal names share a symbol, which its name determines, and objects share by content. */
export class NameWriter {
  private readonly symbols: Symbols;
  private readonly object: ObjectFile;

  constructor(symbols: Symbols, object: ObjectFile) {
    this.symbols = symbols;
    this.object = object;
  }

  /** The symbol of an import path, as a name. */
  importPath(path: string): LinkSymbol {
    const s = this.symbols.lookup(`type:.importpath.${pathToPrefix(path)}.`, Abi0);
    if (s.kind === Kind.Undefined) this.write(s, path, '', '', false, false);
    return s;
  }

  /** A field's, method's or type's name; pkgPath is "" unless an unexported name needs its package told. */
  name(name: string, tag: string, pkgPath: string, exported: boolean, embedded: boolean): LinkSymbol {
    let symbolName = 'type:.namedata.';
    // Paths have no quotation marks here, names never. A number would mean another name in another program, where cached code is used.
    if (pkgPath !== '') symbolName += `"${pathToPrefix(pkgPath)}".`;
    if (name === '') symbolName += `${exported ? '-noname-exported' : '-noname-unexported'}.${tag}`;
    else symbolName += `${name}${exported ? '.' : '-'}${tag}`;
    if (embedded) symbolName += '.embedded';
    const s = this.symbols.lookup(symbolName, Abi0);
    if (s.kind === Kind.Undefined) this.write(s, name, tag, pkgPath, exported, embedded);
    return s;
  }

  private write(s: LinkSymbol, name: string, tag: string, pkgPath: string, exported: boolean, embedded: boolean): void {
    const w = new ByteWriter(16 + name.length + tag.length);
    let bits = 0;
    if (exported) bits |= Exported;
    if (tag !== '') bits |= HasTag;
    if (pkgPath !== '') bits |= HasPackage;
    if (embedded) bits |= Embedded;
    w.u8(bits);
    writeCounted(w, name);
    if (tag !== '') writeCounted(w, tag);
    if (pkgPath !== '') {
      addReloc(s, w.length, 4, Reloc.AddrOff, this.importPath(pkgPath), 0);
      w.u32(0);
    }
    defineFromWriter(s, this.object, Kind.Rodata, Attr.DupOk | Attr.ContentAddressable, w);
    s.align = 1;
  }
}

function writeCounted(w: ByteWriter, text: string): void {
  const bytes = new TextEncoder().encode(text);
  w.uleb(bytes.length);
  w.bytes(bytes);
}
