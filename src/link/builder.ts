/** Symbols the linker writes itself: content and relocations collected here, then put into the loader at once. */
import { ByteWriter } from '#base/bytes.ts';
import * as ObjAttr from '#obj/attributes.ts';
import * as R from '#obj/reloc-types.ts';
import * as Attr from './attributes.ts';
import * as Kind from './kinds.ts';
import { type Loader, lookupOrCreate, newSymbol, reserveRelocs, setOwnContent, Version0 } from './loader.ts';
import { materialize } from './materialize.ts';

export class Builder {
  readonly w: ByteWriter;
  readonly offsets: number[];
  readonly types: number[];
  readonly sizes: number[];
  readonly addends: number[];
  readonly targets: number[];

  constructor(capacity = 64) {
    this.w = new ByteWriter(capacity);
    this.offsets = [];
    this.types = [];
    this.sizes = [];
    this.addends = [];
    this.targets = [];
  }

  reloc(offset: number, size: number, type: number, target: number, addend: number): void {
    this.offsets.push(offset);
    this.types.push(type);
    this.sizes.push(size);
    this.addends.push(addend);
    this.targets.push(target);
  }

  /** Eight bytes holding the address of target plus addend. */
  address(target: number, addend = 0): void {
    this.reloc(this.w.length, 8, R.Addr, target, addend);
    this.w.u64(0, 0);
  }

  uint(v: number): void {
    this.w.i64(v);
  }

  /** A slice header: address, length, capacity. */
  slice(target: number, length: number): void {
    this.address(target);
    this.uint(length);
    this.uint(length);
  }

  /** A string header. */
  string(target: number, length: number): void {
    this.address(target);
    this.uint(length);
  }
}

/** Gives symbol i the built content; its former relocations are forgotten. */
export function setContent(l: Loader, i: number, kind: number, b: Builder): void {
  l.kind[i] = kind;
  setOwnContent(l, i, b.w.finish());
  l.size[i] = b.w.length;
  l.attrs[i] |= Attr.Synthetic;
  setRelocs(l, i, b);
}

export function setRelocs(l: Loader, i: number, b: Builder): void {
  const n = b.offsets.length;
  reserveRelocs(l, n);
  l.relocStart[i] = l.relocCount;
  for (let k = 0; k < n; k++) {
    const r = l.relocCount++;
    l.relocOffset[r] = b.offsets[k];
    l.relocType[r] = b.types[k];
    l.relocSize[r] = b.sizes[k];
    l.relocAddend[r] = b.addends[k];
    l.relocTarget[r] = b.targets[k];
  }
  l.relocEnd[i] = l.relocCount;
}

/** A named symbol made by the linker: reachable. */
export function createSymbol(l: Loader, name: string, kind: number): number {
  const i = lookupOrCreate(l, name, Version0);
  l.kind[i] = kind;
  l.attrs[i] |= Attr.Reachable | Attr.Synthetic;
  if (l.relocStart[i] < 0) {
    l.relocStart[i] = 0;
    l.relocEnd[i] = 0;
  }
  return i;
}

/** The variable that a Go package declares for a foreign symbol is no variable; it still counts as that package's. */
export function makeExternal(l: Loader, i: number, kind: number): void {
  // Debuggers know it by the type of that variable.
  if (l.kind[i] !== Kind.Undefined) materialize(l, i);
  l.kind[i] = kind;
  l.size[i] = 0;
  l.relocStart[i] = 0;
  l.relocEnd[i] = 0;
}

/** A symbol without a name. */
export function createUnnamed(l: Loader, kind: number): number {
  const i = newSymbol(l, '', Version0);
  l.kind[i] = kind;
  l.attrs[i] |= Attr.Reachable | Attr.Synthetic;
  l.relocStart[i] = 0;
  l.relocEnd[i] = 0;
  return i;
}

/** Plain bytes as the content. */
export function setBytes(l: Loader, i: number, bytes: Uint8Array): void {
  setOwnContent(l, i, bytes);
  l.size[i] = bytes.length;
  l.relocStart[i] = 0;
  l.relocEnd[i] = 0;
  l.attrs[i] |= Attr.Synthetic;
}

/** A symbol whose address the layout sets; it takes no room. */
export function defineMarker(l: Loader, name: string, kind: number, value: number): number {
  const i = createSymbol(l, name, kind === Kind.Undefined ? Kind.Rodata : kind);
  l.attrs[i] |= Attr.Special | Attr.Reachable | ObjAttr.Local;
  l.value[i] = value;
  return i;
}
