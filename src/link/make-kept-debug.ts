/**
 * Makes what kept-debug.ts reads, of a link that has been done with keepsDebug: its debug sections without the main package's units. Null if the main
 * package's entries are not all behind one another, or others would not be the same without them.
 */
import { bug } from '#base/bug.ts';
import { encodeText } from '#base/bytes.ts';
import * as ObjAttr from '#obj/attributes.ts';
import * as A from '#obj/dwarf/abbrev.ts';
import * as R from '#obj/reloc-types.ts';
import type { Link } from './context.ts';
import { type DebugUnit, variableEntry } from './dwarf.ts';
import { type DebugSections, mainStart, type WrittenSection } from './dwarf-sections.ts';
import { addressType, type KeptDebugTexts, keptSections, offsetType, placementOf } from './kept-debug.ts';
import * as Kind from './kinds.ts';
import { isReachable } from './loader.ts';
import { hashBytes } from './name-table.ts';
import { NumberList } from './number-list.ts';
import { bytesOf, listBytes } from './parts.ts';

/** Of each kept symbol `kept[k]`, by the link's numbers; `places` is the reverse, from 1 on. */
export interface KeptSymbols {
  readonly kept: readonly number[];
  readonly places: Int32Array;
}

export interface MadeDebug {
  readonly texts: KeptDebugTexts;
  readonly parts: readonly Uint8Array[];
}

export function makeKeptDebug(link: Link, symbols: KeptSymbols): MadeDebug | null {
  const written = link.debugSections;
  if (written === null || !isMainLast(link, written)) return null;
  const m = new DebugMaker(link, written, symbols);
  return m.make();
}

/** The main package's functions and units come last of those with code, and its entries of types stand together. */
function isMainLast(link: Link, { info }: DebugSections): boolean {
  const { loader: l, textp } = link;
  if (info.types.isMixed || info.types.kept !== null) return false;
  const end = mainStart(link);
  for (let k = 0; k < textp.length; k++) {
    const s = textp[k];
    if (l.object[s] === 0) {
      if (k < end) return false;
    } else if (l.kind[s] !== Kind.Text) return false;
  }
  const isOfMain = (u: DebugUnit): boolean => u.object.library.isMain;
  const withCode = info.units.filter((u) => u.die.abbrev === A.CompUnit);
  const first = withCode.findIndex(isOfMain);
  const ofMain = info.units.filter(isOfMain);
  return first > 0 && withCode.slice(first).every(isOfMain) && withCode.length - first === ofMain.length;
}

class DebugMaker {
  private readonly link: Link;
  private readonly written: DebugSections;
  private readonly symbols: KeptSymbols;
  private readonly sections: readonly WrittenSection[];
  private readonly offset: NumberList;
  private readonly size: number[];
  private readonly type: number[];
  private readonly target: NumberList;
  private readonly addend: NumberList;
  private readonly moving: NumberList;
  private readonly info: WrittenSection;
  /** Where the entries of the main package's types are in .debug_info. */
  private readonly typesFrom: number;
  private readonly typesTo: number;

  constructor(link: Link, written: DebugSections, symbols: KeptSymbols) {
    this.link = link;
    this.written = written;
    this.symbols = symbols;
    this.sections = written.written();
    this.offset = new NumberList();
    this.size = [];
    this.type = [];
    this.target = new NumberList();
    this.addend = new NumberList();
    this.moving = new NumberList();
    this.info = this.sections.find((one) => one.name === '.debug_info') ?? bug('no .debug_info');
    const { block, mainFrom, mainTo } = written.typesPlace;
    const start = link.loader.value[block];
    this.typesFrom = start + mainFrom;
    this.typesTo = start + mainTo;
    // The length of the unit with the types.
    this.moving.push(this.unitWithTypes(start));
  }

  private unitWithTypes(types: number): number {
    const { bytes } = this.info;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    for (;;) {
      const next = at + 4 + view.getUint32(at, true);
      if (next > types) return at;
      at = next;
    }
  }

  make(): MadeDebug | null {
    const { link, written } = this;
    const { loader: l, options } = link;
    const { places } = this.symbols;
    const functions = Int32Array.from(link.textp.slice(0, mainStart(link)));
    const addresses = Uint32Array.from(functions, (s) => l.value[s]);
    const isOfMain = Uint8Array.from(functions, (s) => (l.objects[l.object[s]].library.isMain ? 1 : 0));
    const order = bytesOf(functions.map((s) => places[s] - 1));
    const parts: Uint8Array[] = [this.reached(), order, isOfMain, bytesOf(addresses)];
    for (const name of keptSections) {
      const s = this.sections.find((one) => one.name === name);
      if (s === undefined || !this.isFinal(s)) return null;
      parts.push(...(s === this.info ? this.infoBytes() : [s.bytes.subarray(0, s.start), s.bytes.subarray(s.end)]));
    }
    const types = new NumberList();
    const typeOffset = new NumberList();
    for (const [type, entry] of written.info.types.byType) {
      const offset = this.withoutMain(l.value[entry]);
      if (offset < 0) continue;
      if (places[type] === 0) return null;
      types.push(places[type] - 1);
      typeOffset.push(offset);
    }
    const abstract = new NumberList();
    const abstractOffset = new NumberList();
    for (const u of written.info.units) {
      if (u.object.library.isMain) continue;
      for (const s of u.abstract) {
        if (places[s] === 0) return null;
        abstract.push(places[s] - 1);
        abstractOffset.push(this.withoutMain(l.value[s]));
      }
    }
    if (functions.some((s) => places[s] === 0)) return null;
    const { goroot, buildVersion } = options;
    const texts = {
      goroot,
      buildVersion,
      placement: placementOf(link),
      gdbScript: written.gdbScript,
      typesEnd: this.typesFrom,
      mainStart: this.withoutMain(this.info.start),
    };
    parts.push(
      listBytes(this.offset),
      Uint8Array.from(this.size),
      bytesOf(Uint16Array.from(this.type)),
      listBytes(this.target),
      listBytes(this.addend),
      listBytes(this.moving),
      ...[types, typeOffset, abstract, abstractOffset].map(listBytes),
      bytesOf(this.typeNames()),
    );
    return { texts, parts };
  }

  /** What was reached of types and variables, by place; 2: it does not matter. */
  private reached(): Uint8Array {
    const { kept } = this.symbols;
    const { attrs, gotype } = this.link.loader;
    const { reached } = this.written.info;
    const matters = (s: number): boolean =>
      (attrs[s] & (ObjAttr.GoType | ObjAttr.Dict)) !== 0 || (gotype[s] !== 0 && variableEntry(this.link, s) !== 0);
    const bits = new Uint8Array(kept.length).fill(2);
    for (let k = 0; k < kept.length; k++) {
      const s = kept[k];
      if (s < reached.length && matters(s)) bits[k] = reached[s];
    }
    return bits;
  }

  /** Whether what is not the main package's has no relocations but those to code and debug sections, which do not move, and to data, which are listed. */
  private isFinal(section: WrittenSection): boolean {
    const { symbols, main } = section;
    const l = this.link.loader;
    let at = 0;
    for (let k = 0; k < symbols.length; k++) {
      const s = symbols[k];
      if (k < main[0] || k >= main[1]) {
        for (let r = l.relocStart[s]; r < l.relocEnd[s]; r++)
          if (l.relocSize[r] > 0 && !this.isKnown(section, at + l.relocOffset[r], r)) return false;
      }
      at += l.size[s];
    }
    return at === section.bytes.length;
  }

  private isKnown(section: WrittenSection, place: number, r: number): boolean {
    const l = this.link.loader;
    const { places } = this.symbols;
    const { info } = this;
    const at = section === info ? this.withoutMain(place) : place;
    // Within the main package's types.
    if (at < 0) return true;
    const target = l.relocTarget[r];
    if (target === 0 || !isReachable(l, target)) return false;
    const kind = l.kind[target];
    const isOfMain = l.object[target] !== 0 && l.objects[l.object[target]].library.isMain;
    if (Kind.isText(kind)) return !isOfMain;
    if (Kind.isDwarf(kind)) {
      const other = this.sections.find((one) => one.index === l.section[target]);
      if (other === undefined) return false;
      if (other.main[1] !== other.main[0] && l.value[target] >= other.start) return false;
      if (other !== info) return true;
      const to = this.withoutMain(l.value[target]);
      if (to < 0 || section !== info || l.relocSize[r] !== 4) return false;
      if (to >= this.typesFrom) this.moving.push(at);
      return true;
    }
    const type = l.relocType[r];
    const size = l.relocSize[r];
    const isKept = places[target] !== 0 && (type === R.Addr || type === R.AddrOff) && (size === 4 || size === 8);
    if (!isKept || section !== info || l.section[target] < 0) return false;
    this.offset.push(at);
    this.size.push(size);
    this.type.push(type === R.Addr ? addressType : offsetType);
    this.target.push(places[target] - 1);
    this.addend.push(l.relocAddend[r]);
    return true;
  }

  /** Where a byte of .debug_info is without the main package's types and units; -1: nowhere. */
  private withoutMain(at: number): number {
    const { info, typesFrom, typesTo } = this;
    if (at < typesFrom) return at;
    if (at < typesTo) return -1;
    const inFront = at - (typesTo - typesFrom);
    if (at < info.start) return inFront;
    return at < info.end ? info.start - (typesTo - typesFrom) : inFront - (info.end - info.start);
  }

  /** What stands in front of the main package's units and behind them, without its types. */
  private infoBytes(): Uint8Array[] {
    const { info, typesFrom, typesTo } = this;
    const types = typesTo - typesFrom;
    const before = new Uint8Array(info.start - types);
    before.set(info.bytes.subarray(0, typesFrom));
    before.set(info.bytes.subarray(typesTo, info.start), typesFrom);
    const after = info.bytes.slice(info.end);
    const inFront = new DataView(before.buffer);
    const behind = new DataView(after.buffer);
    const { data, length } = this.moving;
    for (let n = 0; n < length; n++) {
      const view = data[n] < before.length ? inFront : behind;
      const at = data[n] < before.length ? data[n] : data[n] - before.length;
      view.setInt32(at, view.getInt32(at, true) - types, true);
    }
    return [before, after];
  }

  /** Hashes of the names of all types that have entries. */
  private typeNames(): Int32Array {
    const { value } = this.link.loader;
    const names = new NumberList();
    for (const [name, entry] of this.written.info.types.byName)
      if (this.withoutMain(value[entry]) >= 0) names.push(hashBytes(encodeText(`type:${name}`), 0));
    return names.data.slice(0, names.length).sort();
  }
}
