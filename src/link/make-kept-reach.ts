/** Makes what kept-reach.ts reads: of a loader that knows the archives alone, and of what the main package of the link has asked them for. */
import * as ObjAttr from '#obj/attributes.ts';
import * as Attr from './attributes.ts';
import type { Link } from './context.ts';
import { forEachMention, markDemand, markRoots, Reachability } from './deadcode.ts';
import { type KeptReachTexts, reached, reachedFromEntry, usedInIface } from './kept-reach.ts';
import * as Kind from './kinds.ts';
import type { Loader } from './loader.ts';
import type { KeptSymbols } from './make-kept-debug.ts';
import { NumberList } from './number-list.ts';
import { bytesOf, listBytes } from './parts.ts';

export interface MadeReach {
  readonly texts: KeptReachTexts;
  readonly parts: readonly Uint8Array[];
}

/** Null if something is reached that is not kept. `kept`: the kept symbols in the numbers of `alone`, `symbols` in the link's; `starts`: where the relocations of each begin in the excerpt. */
export function makeKeptReach(
  link: Link,
  alone: Link,
  kept: readonly number[],
  symbols: KeptSymbols,
  starts: Int32Array,
): MadeReach | null {
  const l = alone.loader;
  const places = new Int32Array(l.count);
  for (let k = 0; k < kept.length; k++) places[kept[k]] = k + 1;
  // What the linker has put its own content into mentions that, and not what the archive says.
  const opened = new Set<number>();
  for (const s of link.loader.contentOwners)
    if (s < symbols.places.length && symbols.places[s] !== 0) opened.add(symbols.places[s] - 1);
  for (const k of opened) l.attrs[kept[k]] |= Attr.Leaf;
  alone.entry = link.entry;
  const d = new Reachability(alone);
  markRoots(d);
  const fromEntry = kept.map((s) => (l.attrs[s] & Attr.Reachable) !== 0);
  const demands = new NumberList();
  for (const demand of mainDemands(link, symbols, fromEntry)) {
    const s = kept[demand >> 1];
    const wanted = Attr.Reachable | ((demand & 1) === 0 ? 0 : ObjAttr.UsedInIface);
    if ((l.attrs[s] & wanted) === wanted) continue;
    demands.push(demand);
    markDemand(d, s, (demand & 1) !== 0);
  }
  for (let s = 1; s < l.count; s++) if ((l.attrs[s] & Attr.Reachable) !== 0 && places[s] === 0) return null;
  const bits = new Uint8Array(kept.length);
  for (let k = 0; k < kept.length; k++) {
    const attrs = l.attrs[kept[k]];
    if ((attrs & Attr.Reachable) === 0 || opened.has(k)) continue;
    bits[k] = reached | ((attrs & ObjAttr.UsedInIface) === 0 ? 0 : usedInIface) | (fromEntry[k] ? reachedFromEntry : 0);
  }
  const called: string[] = [];
  const calledTypes = new NumberList();
  for (const [name, types] of d.calledMethods) {
    for (const type of types) {
      called.push(name);
      calledTypes.push(places[type] - 1);
    }
  }
  const methods = new NumberList();
  for (const m of d.methods) {
    const type = places[m.type] - 1;
    methods.push(type);
    methods.push(starts[type] + m.reloc - l.relocStart[m.type]);
    methods.push(places[m.signature] - 1);
  }
  const packageInits = Int32Array.from(d.packageInits, (s) => places[s] - 1);
  const texts = {
    entry: link.entry,
    called,
    named: [...d.namedMethods],
    reflectSeen: d.reflectSeen,
    methods: d.methods.map((m) => m.name),
  };
  const open = Int32Array.from([...opened].filter((k) => (l.attrs[kept[k]] & Attr.Reachable) !== 0));
  const parts = [
    bits,
    listBytes(demands),
    listBytes(calledTypes),
    listBytes(methods),
    bytesOf(packageInits),
    bytesOf(open),
  ];
  return { texts, parts };
}

/**
 * What the main package asks the archives for by itself, from its initialisation and from what is called from the entry on: places, doubled, plus one for a
 * type that is converted to an interface. Functions come first: they reach most.
 */
function mainDemands(link: Link, { kept, places }: KeptSymbols, fromEntry: readonly boolean[]): number[] {
  const l = link.loader;
  const seen = new Set<number>();
  const pending: number[] = [];
  const demands = new Set<number>();
  const isOfMain = (s: number): boolean => l.object[s] === 0 || l.objects[l.object[s]].library.isMain;
  const add = (s: number, isUsedInIface: boolean): void => {
    if (s === 0) return;
    if (!isOfMain(s)) {
      if (places[s] !== 0) demands.add(2 * (places[s] - 1) + (isUsedInIface ? 1 : 0));
    } else if (!seen.has(s)) {
      seen.add(s);
      pending.push(s);
    }
  };
  add(link.mainInitTasks, false);
  kept.forEach((s, k) => {
    if (fromEntry[k] && isOfMain(s)) add(s, false);
  });
  for (let s = pending.pop(); s !== undefined; s = pending.pop()) forEachMention(link, s, add);
  return [...demands].sort((a, b) => rank(l, kept[a >> 1]) - rank(l, kept[b >> 1]) || a - b);
}

function rank(l: Loader, s: number): number {
  return Kind.isText(l.kind[s]) ? 0 : (l.attrs[s] & ObjAttr.GoType) === 0 ? 1 : 2;
}
