/** The functions of the program: their order and their addresses. */
import { alignUp, compareText } from '#base/bytes.ts';
import * as ObjAttr from '#obj/attributes.ts';
import { isRuntimePackage } from '#obj/runtime-packages.ts';
import * as Attr from './attributes.ts';
import { defineMarker } from './builder.ts';
import type { Link } from './context.ts';
import * as Kind from './kinds.ts';
import { addSection, Execute, type Layout, Read } from './layout.ts';
import { postorder } from './libraries.ts';
import { isReachable, type Library, type LinkObject, type Loader } from './loader.ts';
import { compareSymbols } from './order.ts';

/** Spacing that the pc lookup table needs (internal/abi, MINFUNC). */
const minFunc = 16;

/**
 * Packages the runtime depends on first, then the rest, imports before importers; within a package in object order, those
 * that several packages may define last (loader.go, AssignTextSymbolOrder).
 */
export function orderText(link: Link): void {
  const l = link.loader;
  addLateLibraries(link);
  link.libraries = postorder(link.libraries);
  const textp: number[] = [];
  for (const s of link.externalText) if (isReachable(l, s)) textp.push(s);
  const lists = new Map<Library, { own: number[]; shared: number[] }>();
  for (const library of link.libraries) lists.set(library, { own: [], shared: [] });
  const prelinked = prelinkedText(l);
  for (let k = 1; k < l.objects.length; k++) {
    const object = l.objects[k];
    const list = lists.get(object.library);
    if (list !== undefined) collectText(l, object, prelinked, list.own, list.shared);
  }
  const assigned = new Set<number>();
  for (const ofRuntime of [true, false]) {
    for (const library of link.libraries) {
      if (isRuntimePackage(library.path) !== ofRuntime) continue;
      const list = lists.get(library);
      if (list === undefined) continue;
      for (const part of [list.own, list.shared]) {
        for (const s of part) {
          if (assigned.has(s)) continue;
          assigned.add(s);
          textp.push(s);
          l.objects[l.object[s]].textp.push(s);
        }
      }
    }
  }
  link.textp = textp;
}

/** Packages in memory that came into being while the link was asking for code. */
function addLateLibraries(link: Link): void {
  const known = new Set(link.libraries);
  const late: Library[] = [];
  for (const object of link.loader.objects) {
    if (object.index === 0 || known.has(object.library)) continue;
    known.add(object.library);
    late.push(object.library);
  }
  if (link.loader.ordersByName) late.sort((a, b) => compareText(a.path, b.path) || flagsOf(a) - flagsOf(b));
  link.libraries.push(...late);
}

function flagsOf(library: Library): number {
  return library.memory === null ? 0 : library.memory.flags;
}

/** Reachable functions of prelinked packages, by object. */
function prelinkedText(l: Loader): number[][] {
  const lists: number[][] = [];
  for (let i = 1; i < (l.prelinked?.count ?? 0); i++) {
    if (!Kind.isText(l.kind[i]) || !isReachable(l, i) || l.memory[i] !== undefined) continue;
    (lists[l.object[i]] ??= []).push(i);
  }
  return lists;
}

function collectText(
  l: Loader,
  object: LinkObject,
  prelinked: readonly (number[] | undefined)[],
  own: number[],
  shared: number[],
): void {
  const memory = object.memory;
  if (memory !== null) {
    const text = prelinked[object.index] ?? [];
    // Some have been defined by prelinked packages before.
    const isHere = (i: number): boolean => i > 0 && l.memory[i] !== undefined && isReachable(l, i);
    for (const { kind, index } of memory.symbols)
      if (isHere(index) && Kind.isText(Kind.fromObject[kind])) text.push(index);
    // The order in which they were made may differ, if some come from a cache.
    text.sort((a, b) => (l.ordersByName ? compareSymbols(l, a, b) : a - b));
    for (const i of text) {
      const elsewhere = l.object[i] !== object.index || (l.attrs[i] & Attr.Synthetic) !== 0;
      (elsewhere || (l.attrs[i] & ObjAttr.DupOk) !== 0 ? shared : own).push(i);
    }
    return;
  }
  if (object.part !== null) {
    const { functions } = object.part;
    for (let k = 0; k < functions.length; k++) {
      const i = object.syms[functions[k] >> 1];
      if (!isReachable(l, i)) continue;
      const elsewhere = l.object[i] !== object.index || (l.attrs[i] & Attr.Synthetic) !== 0;
      (elsewhere || (functions[k] & 1) !== 0 ? shared : own).push(i);
    }
    return;
  }
  const reader = object.reader;
  if (reader === null) return;
  for (let local = 0; local < reader.definedCount; local++) {
    const kind = reader.kind(local);
    if (kind !== 1 && kind !== 2) continue;
    const i = object.syms[local];
    if (!isReachable(l, i)) continue;
    const elsewhere = l.object[i] !== object.index || l.local[i] !== local || (l.attrs[i] & Attr.Synthetic) !== 0;
    (elsewhere || (reader.attrs(local) & ObjAttr.DupOk) !== 0 ? shared : own).push(i);
  }
}

/** Gives every function its address. FIPS code comes last, between its markers, because kinds order it so. */
export function assignTextAddresses(link: Link, layout: Layout): void {
  const l = link.loader;
  const section = addSection(layout, layout.text, '.text', Read | Execute);
  section.align = layout.funcAlign;
  link.textp = stableByKind(l, link.textp);
  const text = defineMarker(l, 'runtime.text', Kind.Text, 0);
  const etext = defineMarker(l, 'runtime.etext', Kind.TextEnd, 0);
  let address = alignUp(layout.textAddress, layout.funcAlign);
  section.address = address;
  const functions = link.textp;
  for (let k = 0; k < functions.length; k++) {
    const s = functions[k];
    l.section[s] = section.index;
    if ((l.attrs[s] & Attr.SubSymbol) !== 0) continue;
    const align = Math.max(l.align[s], layout.funcAlign);
    address = alignUp(address, align);
    if (section.align < align) section.align = align;
    l.value[s] = address;
    for (let part = l.subFirst[s]; part !== 0; part = l.subNext[part]) l.value[part] += address;
    address += Math.max(l.size[s], minFunc);
  }
  // One byte more, so that etext is not the address of something else.
  section.length = address - section.address + 1;
  section.symbols = link.textp;
  l.section[text] = section.index;
  l.section[etext] = section.index;
  l.value[text] = section.address;
  l.value[etext] = address;
}

/** Functions by kind, else as they are. */
function stableByKind(l: Loader, textp: readonly number[]): number[] {
  const kinds = Kind.TextEnd - Kind.Text + 1;
  const ends = new Int32Array(kinds);
  for (let k = 0; k < textp.length; k++) ends[l.kind[textp[k]] - Kind.Text]++;
  let n = 0;
  for (let kind = 0; kind < kinds; kind++) {
    const count = ends[kind];
    ends[kind] = n;
    n += count;
  }
  const order = new Array<number>(n).fill(0);
  for (let k = 0; k < textp.length; k++) {
    const s = textp[k];
    const kind = l.kind[s] - Kind.Text;
    if (kind >= 0 && kind < kinds) order[ends[kind]++] = s;
  }
  return order;
}
