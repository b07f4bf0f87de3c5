/**
 * Debug sections of an excerpt's archives, kept as they were written: what stands of them in front of the main package's units and behind these, final but
 * for addresses of data. They hold where the same functions of the archives stand in the same order in front of the main package's, the same symbols
 * are needed, and the main package brings no entry of a type that was not there. make-kept-debug.ts makes them.
 */
import * as ObjAttr from '#obj/attributes.ts';
import * as Attr from './attributes.ts';
import type { Link } from './context.ts';
import { type Excerpt, ExcerptMismatch } from './excerpt.ts';
import * as Kind from './kinds.ts';
import type { Layout } from './layout.ts';
import { type Loader, lookupOrCreate, nameStartsWith, symbolName, Version0 } from './loader.ts';
import { findText } from './name-table.ts';
import { search } from './number-list.ts';
import type { PartReader } from './parts.ts';

/** What the bytes depend on, beside the archives. */
export interface KeptDebugTexts {
  readonly goroot: string;
  readonly buildVersion: string;
  readonly placement: string;
  readonly gdbScript: string;
  /** Where, in .debug_info, entries of types of the main package come, and where its units do. */
  readonly typesEnd: number;
  readonly mainStart: number;
}

/** The sections with units of several packages, in the order of the excerpt's parts. */
export const keptSections: readonly string[] = [
  '.debug_line',
  '.debug_frame',
  '.debug_info',
  '.debug_loclists',
  '.debug_rnglists',
  '.debug_addr',
];

/** Where code is, as far as options decide it. */
export function placementOf({ options }: Link): string {
  return [options.textAddress, options.round, options.funcAlign].join(' ');
}

/** What a link has reached, by symbol, before anything is made for debuggers. */
export function reachedBits(l: Loader): Uint8Array {
  const bits = new Uint8Array(l.count);
  for (let s = 1; s < bits.length; s++) bits[s] = (l.attrs[s] & Attr.Reachable) === 0 ? 0 : 1;
  return bits;
}

/** What stands in front of the main package's units, and behind them. */
interface KeptSection {
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

export class KeptDebug {
  private readonly excerpt: Excerpt;
  private readonly texts: KeptDebugTexts;
  private readonly reached: Uint8Array;
  /** Functions in order, by their places in the excerpt, and their addresses. */
  private readonly functions: Int32Array;
  /** Which of them the main package defines, too: they are told of in its unit. */
  private readonly areOfMain: Uint8Array;
  private readonly addresses: Uint32Array;
  private readonly sections: ReadonlyMap<string, KeptSection>;
  /** Relocations of .debug_info that are left: places in the bytes kept of it, sizes and types, targets, addends. */
  private readonly patchOffset: Int32Array;
  private readonly patchSize: Uint8Array;
  private readonly patchType: Uint16Array;
  private readonly patchTarget: Int32Array;
  private readonly patchAddend: Int32Array;
  /** Where places behind the main package's types are told, and the length of the unit with the types. */
  private readonly moving: Int32Array;
  /** Descriptors with the offsets of their entries in .debug_info, abstract functions with those of theirs. */
  private readonly types: Int32Array;
  private readonly typeOffset: Int32Array;
  private readonly abstract: Int32Array;
  private readonly abstractOffset: Int32Array;
  /** Hashes, in ascending order, of the names that descriptors of all entries of types have or would have. */
  private readonly typeNames: Int32Array;
  /** By the loader's number of a descriptor; made when it is first needed. */
  private offsetOfType: ReadonlyMap<number, number> | null;
  /** Symbols that stand for entries of types, and where these are. */
  private readonly referred: Map<number, number>;
  /** Something is asked for that is not here. */
  isShort: boolean;
  /** Lengths of what the main package has of .debug_info. */
  private mainTypes: number;
  private mainUnits: number;

  constructor(excerpt: Excerpt, texts: KeptDebugTexts, parts: PartReader) {
    this.excerpt = excerpt;
    this.texts = texts;
    this.reached = parts.u8();
    this.functions = parts.i32();
    this.areOfMain = parts.u8();
    this.addresses = parts.u32();
    this.sections = new Map(keptSections.map((name) => [name, { before: parts.u8(), after: parts.u8() }]));
    this.patchOffset = parts.i32();
    this.patchSize = parts.u8();
    this.patchType = parts.u16();
    this.patchTarget = parts.i32();
    this.patchAddend = parts.i32();
    this.moving = parts.i32();
    this.types = parts.i32();
    this.typeOffset = parts.i32();
    this.abstract = parts.i32();
    this.abstractOffset = parts.i32();
    this.typeNames = parts.i32();
    this.offsetOfType = null;
    this.referred = new Map();
    this.isShort = false;
    this.mainTypes = 0;
    this.mainUnits = 0;
  }

  get gdbScript(): string {
    return this.texts.gdbScript;
  }

  get typesEnd(): number {
    return this.texts.typesEnd;
  }

  /** Whether debug sections have been made with it. */
  get isTaken(): boolean {
    return this.mainUnits > 0;
  }

  private get mainStart(): number {
    return this.texts.mainStart;
  }

  section(name: string): KeptSection | null {
    return this.sections.get(name) ?? null;
  }

  /** Whether all that is kept is what this link would make, as far as the main package's entries do not ask for more. */
  fits(link: Link): boolean {
    const { options } = link;
    const { goroot, buildVersion, placement } = this.texts;
    if (options.goroot !== goroot || options.buildVersion !== buildVersion || placementOf(link) !== placement)
      return false;
    return this.hasSameCode(link) && this.hasSameReach(link.loader) && this.isUntouched(link);
  }

  /** Only functions of the main package, and some of each of its objects, stand behind those of the archives. */
  private hasSameCode(link: Link): boolean {
    const { textp, loader: l } = link;
    const { functions, areOfMain } = this;
    const { numbers } = this.excerpt;
    let next = 0;
    for (let k = 0; k < textp.length; k++) {
      const s = textp[k];
      // The linker's own markers are of no length.
      if (l.object[s] === 0) continue;
      const isOfMain = l.objects[l.object[s]].library.isMain;
      if (next < functions.length) {
        if (s !== numbers[functions[next]] || isOfMain !== (areOfMain[next] === 1)) return false;
      } else if (l.kind[s] !== Kind.Text || !isOfMain) return false;
      next++;
    }
    return next > functions.length && l.objects.every((o) => !o.library.isMain || o.textp.length > 0);
  }

  private hasSameReach(l: Loader): boolean {
    const { reached } = this;
    const { numbers } = this.excerpt;
    for (let k = 0; k < reached.length; k++)
      if (reached[k] !== 2 && ((l.attrs[numbers[k]] & Attr.Reachable) !== 0) !== (reached[k] === 1)) return false;
    return true;
  }

  /** Nothing that the main package defines changes what is told of the archives. */
  private isUntouched(link: Link): boolean {
    const l = link.loader;
    const { excerpt } = this;
    const shared = new Set<number>();
    for (const k of excerpt.taken) {
      // What the archives only refer to is the main package's alone.
      if (!excerpt.isDefined(k)) continue;
      const i = excerpt.numbers[k];
      shared.add(i);
      if (!excerpt.isSame(l, k, i)) return false;
    }
    for (const o of l.objects) {
      if (!o.library.isMain || o.reader === null) continue;
      for (let n = 0; n < o.reader.definedCount; n++) {
        const s = o.syms[n];
        if ((l.attrs[s] & ObjAttr.GoType) !== 0 && !shared.has(s) && this.isTypeWanted(l, s)) return false;
      }
    }
    return true;
  }

  /** Whether units of the archives tell of the type of this name. */
  private isTypeWanted(l: Loader, s: number): boolean {
    if (!nameStartsWith(l, s, typePrefix)) return false;
    const name = symbolName(l, s);
    findText(l, name, Version0);
    if (search(this.typeNames, l.byName.lastHash) >= 0) return true;
    const entry = l.byName.symbols[findText(l, `${infoPrefix}${name.slice(typePrefix.length)}`, Version0)];
    return entry !== 0 && this.excerpt.placeOf(entry) >= 0;
  }

  private findType(type: number): number {
    if (this.offsetOfType === null) {
      const { numbers } = this.excerpt;
      const offsets = new Map<number, number>();
      for (let n = 0; n < this.types.length; n++) offsets.set(numbers[this.types[n]], this.typeOffset[n]);
      this.offsetOfType = offsets;
    }
    return this.offsetOfType.get(type) ?? -1;
  }

  /** The symbol of the entry of a type, which has this name; 0 if it is the main package's to make. */
  entryOf(l: Loader, type: number, name: string): number {
    const offset = this.findType(type);
    if (offset < 0) {
      findText(l, name, Version0);
      if (search(this.typeNames, l.byName.lastHash) >= 0) this.isShort = true;
      return 0;
    }
    // The main package would have made those that come later.
    if (offset >= this.typesEnd) this.isShort = true;
    const s = lookupOrCreate(l, infoPrefix + name.slice(typePrefix.length), Version0);
    this.referred.set(s, offset);
    return s;
  }

  /** Calls visit for each abstract function that a unit of the archives tells of. */
  forEachAbstract(visit: (s: number) => void): void {
    const { numbers } = this.excerpt;
    for (let n = 0; n < this.abstract.length; n++) visit(numbers[this.abstract[n]]);
  }

  /** Where a byte that is kept of .debug_info comes to stand. */
  private placed(offset: number): number {
    if (offset < this.typesEnd) return offset;
    return offset + this.mainTypes + (offset < this.mainStart ? 0 : this.mainUnits);
  }

  /** Functions have their addresses; .debug_info is the section of this number, and so many bytes of it are the main package's types and units. */
  place(l: Loader, section: number, mainTypes: number, mainUnits: number): void {
    this.mainTypes = mainTypes;
    this.mainUnits = mainUnits;
    const { numbers } = this.excerpt;
    const { functions, addresses, abstract, abstractOffset } = this;
    for (let k = 0; k < functions.length; k++)
      if (l.value[numbers[functions[k]]] !== addresses[k]) throw new ExcerptMismatch('code at other addresses');
    for (let n = 0; n < abstract.length; n++)
      setPlace(l, numbers[abstract[n]], section, this.placed(abstractOffset[n]));
    for (const [s, offset] of this.referred) {
      l.kind[s] = Kind.DwarfType;
      setPlace(l, s, section, this.placed(offset));
    }
  }

  /** Puts addresses of data into .debug_info, and moves what is referred to behind the main package's types. */
  patch(l: Loader, layout: Layout, out: Uint8Array): void {
    const { patchOffset, patchSize, patchType, patchTarget, patchAddend, moving, mainTypes } = this;
    const { numbers } = this.excerpt;
    const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
    for (let n = 0; n < patchOffset.length; n++) {
      const target = numbers[patchTarget[n]];
      const at = this.placed(patchOffset[n]);
      let value = l.value[target] + patchAddend[n];
      if (patchType[n] === offsetType) value -= layout.sections[l.section[target]].address;
      view.setInt32(at, value, true);
      if (patchSize[n] === 8) view.setInt32(at + 4, Math.floor(value / 4294967296), true);
    }
    if (mainTypes === 0) return;
    for (let n = 0; n < moving.length; n++) {
      const at = this.placed(moving[n]);
      view.setInt32(at, view.getInt32(at, true) + mainTypes, true);
    }
  }
}

const typePrefix = 'type:';
const infoPrefix = 'go:info.';

/** patchType: an address, or an offset from the start of a section. */
export const addressType = 0;
export const offsetType = 1;

function setPlace(l: Loader, s: number, section: number, offset: number): void {
  l.attrs[s] |= Attr.Reachable | Attr.NotInSymtab;
  l.section[s] = section;
  l.value[s] = offset;
}
