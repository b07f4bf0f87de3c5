/**
 * Reachability: what the program needs, from its entry along relocations; a method of a reachable type only if somebody may
 * call it. This is also what asks for code: a symbol in memory that is not compiled yet is compiled when it is reached.
 * Rules: GOROOT/src/cmd/link/internal/ld/deadcode.go.
 */

import { decodeText } from '#base/bytes.ts';
import * as ObjAttr from '#obj/attributes.ts';
import * as F from '#obj/format.ts';
import * as ObjKind from '#obj/kinds.ts';
import * as R from '#obj/reloc-types.ts';
import * as Attr from './attributes.ts';
import type { Link } from './context.ts';
import { itabType, KindInterface, methodArray, nameAt, nameText, relocTargetAt, typeKind } from './decode-type.ts';
import { exit, fatal } from './errors.ts';
import { isAsKept, type KeptReach, methodWidth, reachedFromEntry, usedInIface } from './kept-reach.ts';
import {
  hasOwnContent,
  isReachable,
  type Loader,
  symbolData,
  symbolName,
  Version0,
  VersionInternal,
} from './loader.ts';
import { forEachAux, loadFunc, materialize, resolveRef } from './materialize.ts';
import { NumberQueue } from './number-queue.ts';
import { resolveByName } from './resolve.ts';

/** A method of a reachable type that is not kept yet. */
interface MethodRef {
  /** The type descriptor. */
  type: number;
  /** First of its three relocations. */
  reloc: number;
  name: string;
  /** The function type without receiver. */
  signature: number;
}

export class Reachability {
  readonly link: Link;
  readonly l: Loader;
  /** Symbols to visit: visiting in order of numbers reads objects in order. */
  readonly pending: NumberQueue;
  /** Called through an interface: name, then signatures. */
  readonly calledMethods: Map<string, Set<number>>;
  /** Called by name on any type. */
  readonly namedMethods: Set<string>;
  methods: MethodRef[];
  reflectSeen: boolean;
  readonly packageInits: number[];
  /** What the main package has marked of an excerpt, and nobody has looked into yet; null: everything is looked into. */
  deferred: number[] | null;

  constructor(link: Link) {
    this.link = link;
    this.l = link.loader;
    this.pending = new NumberQueue(link.loader.count);
    this.calledMethods = new Map();
    this.namedMethods = new Set();
    this.methods = [];
    this.reflectSeen = false;
    this.packageInits = [];
    this.deferred = null;
  }
}

export function markReachable(link: Link): void {
  const d = new Reachability(link);
  const kept = link.loader.excerpt?.reach ?? null;
  if (kept !== null && kept.texts.entry === link.entry) startFromKept(d, kept);
  const noop = resolveByName(link.loader, 'runtime.mapinitnoop', VersionInternal);
  if (noop === 0) exit('could not look up runtime.mapinitnoop');
  mark(d, link.mainInitTasks, 0);
  for (const s of link.exported) mark(d, s, 0);
  markRoots(d);
  if (link.options.pruneWeakMap) redirectMapInits(d, noop);
}

/** Marks the program's entry, and all that is to be reached from what is marked. */
export function markRoots(d: Reachability): void {
  const { link, l } = d;
  for (const name of [link.entry, 'runtime.unreachableMethod']) {
    mark(d, resolveByName(l, name, Version0), 0);
    mark(d, resolveByName(l, name, VersionInternal), 0);
  }
  floodAll(d);
}

/** The same of a symbol that somebody asks for. */
export function markDemand(d: Reachability, s: number, isUsedInIface: boolean): void {
  mark(d, s, 0);
  if (isUsedInIface) useInInterface(d, s, 0);
  floodAll(d);
}

function floodAll(d: Reachability): void {
  flood(d);
  // Types found since may have methods that fit calls found before, and the other way round.
  do d.methods = d.methods.filter((m) => !keepIfCalled(d, m));
  while (flood(d));
}

/** What is kept of an excerpt's archives is taken if the main package, by itself, asks for it. */
function startFromKept(d: Reachability, kept: KeptReach): void {
  const { l, link } = d;
  const elsewhere = kept.elsewhere(l);
  if (!kept.hasSameContent(l, elsewhere)) return;
  const deferred: number[] = [];
  d.deferred = deferred;
  for (const k of elsewhere) if ((kept.bits[k] & reachedFromEntry) !== 0) mark(d, kept.numberOf(k), 0);
  mark(d, link.mainInitTasks, 0);
  flood(d);
  d.deferred = null;
  if (!kept.isJustified(l)) {
    for (const s of deferred) d.pending.add(s);
    return;
  }
  kept.apply(l, elsewhere);
  for (const s of deferred) if (!kept.covers(l, s)) d.pending.add(s);
  for (const k of elsewhere) {
    const s = kept.numberOf(k);
    if ((kept.bits[k] & usedInIface) !== 0) useInInterface(d, s, 0);
    mark(d, s, 0);
  }
  for (const k of kept.open) mark(d, kept.numberOf(k), 0);
  const { called, named, reflectSeen, methods } = kept.texts;
  for (let n = 0; n < called.length; n++) callMethod(d, called[n], kept.numberOf(kept.calledTypes[n]));
  for (const name of named) d.namedMethods.add(name);
  if (reflectSeen) d.reflectSeen = true;
  for (let n = 0; n < methods.length; n++) {
    const at = n * methodWidth;
    const type = kept.numberOf(kept.methods[at]);
    const signature = kept.numberOf(kept.methods[at + 2]);
    // Of a type that the main package defines, too, its methods are found with it.
    if (l.objects[l.object[type]].part !== null)
      d.methods.push({ type, reloc: kept.methods[at + 1], name: methods[n], signature });
  }
  for (const k of kept.packageInits) d.packageInits.push(kept.numberOf(k));
}

function keepIfCalled(d: Reachability, m: MethodRef): boolean {
  const called =
    (d.reflectSeen && isExported(m.name)) ||
    d.calledMethods.get(m.name)?.has(m.signature) === true ||
    d.namedMethods.has(m.name);
  if (!called) return false;
  for (let k = 0; k < 3; k++) mark(d, d.l.relocTarget[m.reloc + k], m.type);
  return true;
}

function isExported(name: string): boolean {
  return /^\p{Lu}/u.test(name);
}

function mark(d: Reachability, s: number, parent: number): void {
  const attrs = d.l.attrs[s];
  if (s === 0 || (attrs & Attr.Reachable) !== 0) return;
  d.l.attrs[s] = attrs | Attr.Reachable;
  if ((attrs & Attr.Leaf) !== 0) return;
  if (d.deferred !== null && isAsKept(d.l, s)) {
    d.deferred.push(s);
    return;
  }
  d.pending.add(s);
  if (d.link.options.dumpDep) dumpDependency(d, s, parent);
}

function dumpDependency(d: Reachability, s: number, parent: number): void {
  const to = symbolName(d.l, s);
  if (to === '') return;
  const from = parent === 0 ? '_' : withFlags(d.l, parent);
  d.link.host.print(`${from} -> ${withFlags(d.l, s)}\n`);
}

function withFlags(l: Loader, s: number): string {
  const attrs = l.attrs[s];
  let flags = '';
  if ((attrs & ObjAttr.UsedInIface) !== 0) flags += '<UsedInIface>';
  if ((attrs & ObjAttr.ReflectMethod) !== 0) flags += '<ReflectMethod>';
  return flags === '' ? symbolName(l, s) : `${symbolName(l, s)} ${flags}`;
}

/** The type is converted to an interface somewhere: it is visited again if it was visited without knowing that. */
function useInInterface(d: Reachability, type: number, parent: number): void {
  const attrs = d.l.attrs;
  if ((attrs[type] & ObjAttr.UsedInIface) !== 0) return;
  attrs[type] |= ObjAttr.UsedInIface;
  if ((attrs[type] & Attr.Reachable) === 0) return;
  attrs[type] &= ~Attr.Reachable;
  mark(d, type, parent);
}

/** Visits all that is marked; false if there was nothing. */
function flood(d: Reachability): boolean {
  let s = d.pending.take();
  if (s < 0) return false;
  for (; s >= 0; s = d.pending.take()) visit(d, s);
  return true;
}

function visit(d: Reachability, s: number): void {
  const l = d.l;
  materialize(l, s);
  const attrs = l.attrs[s];
  if ((attrs & ObjAttr.ReflectMethod) !== 0) d.reflectSeen = true;
  const isType = (attrs & ObjAttr.GoType) !== 0;
  const isUsed = isType && (attrs & ObjAttr.UsedInIface) !== 0;
  const end = l.relocEnd[s];
  let firstMethod = -1;
  let methods = 0;
  for (let r = l.relocStart[s]; r < end; r++) {
    const type = l.relocType[r];
    if ((type & R.Weak) !== 0) continue;
    const target = l.relocTarget[r];
    switch (type) {
      case R.MethodOff:
        if (r + 2 >= end) fatal('expect three consecutive R_METHODOFF relocs');
        if (isUsed) {
          if (firstMethod < 0) firstMethod = r;
          methods++;
          // The method's function type can be reached by reflection.
          useInInterface(d, target, s);
        }
        r += 2;
        continue;
      case R.UseType:
      case R.InitOrder:
        continue;
      case R.UseIface:
        useIface(d, s, target);
        continue;
      case R.UseIfaceMethod:
        callInterfaceMethod(d, target, l.relocAddend[r]);
        continue;
      case R.UseNamedMethod: {
        materialize(l, target);
        const name = symbolData(l, target);
        d.namedMethods.add(name === null ? '' : decodeText(name));
        continue;
      }
      default:
        break;
    }
    if (isUsed && (l.attrs[target] & (ObjAttr.GoType | ObjAttr.UsedInIface)) === ObjAttr.GoType) {
      // Reflection gets from a type to its component types.
      l.attrs[target] |= ObjAttr.UsedInIface;
      l.attrs[target] &= ~Attr.Reachable;
    }
    if ((l.attrs[target] & Attr.Reachable) === 0) mark(d, target, s);
  }
  const m = l.memory[s];
  if (m === undefined || m.kind === ObjKind.Undefined) markAux(d, s);
  else forEachAux(l, m, (aux) => mark(d, aux, s));
  // A section of a C object and all that lies in it come together.
  if (l.outer[s] !== 0) mark(d, l.outer[s], s);
  const part = l.outer[s] === 0 ? l.subFirst[s] : l.subNext[s];
  if (part !== 0) mark(d, part, s);
  if ((attrs & ObjAttr.PkgInit) !== 0) d.packageInits.push(s);
  if (methods > 0) collectMethods(d, s, methods);
}

/** Calls visit for what a symbol of a link that is done asks for, calls of methods aside: symbols, and types that it converts to interfaces. */
export function forEachMention(link: Link, s: number, visit: (target: number, isUsedInIface: boolean) => void): void {
  const l = link.loader;
  materialize(l, s);
  const end = l.relocEnd[s];
  for (let r = l.relocStart[s]; r < end; r++) {
    const type = l.relocType[r];
    const target = l.relocTarget[r];
    if ((type & R.Weak) !== 0) continue;
    if (type === R.MethodOff) r += 2;
    else if (type === R.UseIface) visit((l.attrs[target] & ObjAttr.Itab) === 0 ? target : itabType(l, target), true);
    else if (type !== R.UseType && type !== R.InitOrder && type !== R.UseIfaceMethod && type !== R.UseNamedMethod)
      visit(target, false);
  }
  forEachAuxOf(l, s, (aux) => visit(aux, false));
}

function markAux(d: Reachability, s: number): void {
  forEachAuxOf(d.l, s, (aux) => {
    if ((d.l.attrs[aux] & Attr.Reachable) === 0) mark(d, aux, s);
  });
}

/** Calls visit for the auxiliary symbols, but for the type, of a symbol of an object file. */
function forEachAuxOf(l: Loader, s: number, visit: (aux: number) => void): void {
  const { prelinked } = l;
  if (prelinked !== null && s < prelinked.count) {
    const f = loadFunc(l, s);
    if (f !== null) for (let n = f.funcdataStart; n < f.funcdataEnd; n++) visit(l.lists.data[n]);
    return;
  }
  const object = l.objects[l.object[s]];
  const reader = object.reader;
  const local = l.local[s];
  if (reader === null || local >= reader.definedCount || hasOwnContent(l, s)) return;
  if (object.part !== null) {
    object.part.excerpt.forEachAux(local, visit);
    return;
  }
  const last = reader.auxStart(local + 1);
  for (let n = reader.auxStart(local); n < last; n++) {
    const at = reader.auxAt(n);
    if (reader.bytes[at] === F.AuxGotype) continue;
    const aux = resolveRef(l, object, at + 1);
    if (aux !== 0) visit(aux);
  }
}

function useIface(d: Reachability, s: number, target: number): void {
  const l = d.l;
  let type = target;
  // A type in memory is known to be one only once it is there.
  materialize(l, type);
  if ((l.attrs[type] & ObjAttr.Itab) !== 0) {
    type = itabType(l, type);
    materialize(l, type);
  }
  if ((l.attrs[type] & ObjAttr.GoType) === 0) {
    fatal(`R_USEIFACE in ${symbolName(l, s)} references ${symbolName(l, type)} which is not a type or itab`);
  }
  useInInterface(d, type, s);
}

function callInterfaceMethod(d: Reachability, type: number, offset: number): void {
  const l = d.l;
  materialize(l, type);
  if (symbolData(l, type) === null) fatal(`missing symbol ${JSON.stringify(symbolName(l, type))}`);
  if (typeKind(l, type) !== KindInterface) fatal(`symbol ${JSON.stringify(symbolName(l, type))} is not an interface`);
  const name = nameAt(l, type, offset);
  callMethod(d, name, relocTargetAt(l, type, offset + 4));
}

function callMethod(d: Reachability, name: string, signature: number): void {
  const signatures = d.calledMethods.get(name);
  if (signatures === undefined) d.calledMethods.set(name, new Set([signature]));
  else signatures.add(signature);
}

/** Remembers the methods of a type that is used in interfaces. */
function collectMethods(d: Reachability, type: number, methods: number): void {
  const l = d.l;
  const { count, offset } = methodArray(l, type);
  if (count !== methods) {
    fatal(`${JSON.stringify(symbolName(l, type))} has ${methods} method relocations for ${count} methods`);
  }
  const first = l.relocStart[type];
  const end = l.relocEnd[type];
  let reloc = first;
  for (let k = 0; k < count; k++) {
    const at = offset + 16 * k;
    const nameReloc = relocAt(l, at, reloc, first, end);
    reloc = relocAt(l, at + 4, nameReloc + 1, first, end);
    if (nameReloc < 0 || reloc < 0 || (l.relocType[reloc] & 0x7fff) !== R.MethodOff) {
      fatal(`${JSON.stringify(symbolName(l, type))}: method ${k} lacks its relocations`);
    }
    const nameSymbol = l.relocTarget[nameReloc];
    materialize(l, nameSymbol);
    d.methods.push({ type, reloc, name: nameText(l, nameSymbol), signature: l.relocTarget[reloc] });
  }
}

/** The relocation at an offset, looked for from `from` on and then from the start; -1 if there is none. */
function relocAt(l: Loader, offset: number, from: number, start: number, end: number): number {
  for (let r = from; r < end; r++) if (l.relocOffset[r] === offset) return r;
  for (let r = start; r < from; r++) if (l.relocOffset[r] === offset) return r;
  return -1;
}

/** Calls of outlined map initialisers that nothing needs go to a function that does nothing. */
function redirectMapInits(d: Reachability, noop: number): void {
  const l = d.l;
  for (const s of d.packageInits) {
    for (let r = l.relocStart[s]; r < l.relocEnd[s]; r++) {
      const type = l.relocType[r];
      const target = l.relocTarget[r];
      if ((type & R.Weak) === 0 || !R.isDirectCall(type & 0x7fff) || isReachable(l, target)) continue;
      if (!symbolName(l, target).includes('map.init')) {
        fatal(
          `internal error: expected map.init sym for weak call reloc, got ${symbolName(l, s)} -> ${symbolName(l, target)}`,
        );
      }
      l.attrs[noop] |= Attr.Reachable;
      materialize(l, noop);
      l.relocTarget[r] = noop;
      // A changed function is laid out with the shared ones, as the official linker does it.
      l.attrs[s] |= Attr.Synthetic;
      l.relocType[r] = type & 0x7fff;
    }
  }
}
