/**
 * Which packages of a program are prelinked: those that nobody edits, and, once a program has been made again with all packages below main as they were,
 * these together. What a program needs of such a set is kept as one output, under the program and the identities of the packages in it.
 */
import { decodeText, encodeText } from '#base/bytes.ts';
import { Fingerprint } from '#cache/fingerprint.ts';
import type { BuildCache } from '#cache/store.ts';
import type { Host } from '#host/host.ts';
import type { LoadedPackage } from '#load/loader.ts';
import * as SymKind from '#obj/kinds.ts';
import type { ObjectFile } from '#obj/object.ts';
import type { LinkSymbol, Symbols } from '#obj/symbol.ts';
import type { CachedPackage } from './cached-package.ts';
import type { FunctionFacts } from './code-segment.ts';
import { forEachReference, isShared, isWorthStoring, type KnownFunction, mentionOf } from './code-symbols.ts';
import { PrelinkedCode, prelinkedBytes } from './prelinked-code.ts';

export interface PrelinkSettings {
  readonly host: Host;
  readonly cache: BuildCache;
  readonly reads: boolean;
  /** Whether nobody changes a package; null: nothing is prelinked. */
  readonly isFixed: ((p: LoadedPackage) => boolean) | null;
  /** False: what is prelinked is made again. */
  readonly readsPrelinked: boolean;
  /** Whether the program is nothing but code and data: no names, nothing for debuggers, nothing told by the linker. */
  readonly isBare: () => boolean;
}

/** A program that has been made. */
export interface MadeProgram {
  readonly symbols: Symbols;
  readonly shared: ObjectFile;
  /** What is known of functions: from the cache, by ABI and name, and analysed now. */
  readonly facts: ReadonlyMap<string, FunctionFacts>;
  readonly newFacts: readonly KnownFunction[];
  /** The paths of all packages. */
  readonly paths: readonly string[];
  /** Whether a symbol has come from the cache. */
  isTaken(s: LinkSymbol): boolean;
  /** Whether a symbol was asked for in vain. */
  isAbsent(s: LinkSymbol): boolean;
}

interface PackageSet {
  readonly action: string;
  readonly paths: ReadonlySet<string>;
}

/** Kept in the place of a set that cannot be prelinked. */
const impossible = new Uint8Array(1);
/** And of one that has to be made again. */
const outdated = new Uint8Array(0);

export class PrelinkedPackages {
  /** What this program uses; null: it reads all symbols. */
  code: PrelinkedCode | null;
  private readonly settings: PrelinkSettings;
  private used: PackageSet | null;
  /** The sets that this program makes. */
  private readonly wanted: PackageSet[];
  /** Where it is kept with which packages below main the program was made last, and what to keep there; "" for nothing. */
  private noteAction: string;
  private note: string;

  constructor(settings: PrelinkSettings) {
    this.settings = settings;
    this.code = null;
    this.used = null;
    this.wanted = [];
    this.noteAction = '';
    this.note = '';
  }

  holds(path: string): boolean {
    return this.code?.holds(path) === true;
  }

  /** `isUnedited`: packages of which only their wholes count. */
  open(main: LoadedPackage, packages: Iterable<CachedPackage>, isUnedited: (p: LoadedPackage) => boolean): void {
    const { isFixed, reads, readsPrelinked, isBare, cache } = this.settings;
    if (isFixed === null || !reads || !isBare()) return;
    const list = [...packages];
    const fixed = this.setOf(
      main,
      list.filter((c) => isFixed(c.loaded)),
    );
    const below = this.setOf(main, closed(list, isUnedited));
    const hasMore = below.paths.size > fixed.paths.size && this.sizeOf(below) !== impossible.length;
    if (!readsPrelinked) {
      this.wanted.push(fixed, ...(hasMore ? [below] : []));
      return;
    }
    if (hasMore && this.use(below)) return;
    this.noteAction = this.action(main, 'tuza packages below a program').finish();
    const before = hasMore ? cache.get(this.noteAction) : null;
    const isSecond = before !== null && decodeText(before) === below.action;
    if (!isSecond && this.use(fixed)) this.note = hasMore ? below.action : '';
    else this.wanted.push(...(hasMore ? [below] : []), ...(this.sizeOf(fixed) > 0 ? [] : [fixed]));
  }

  private action(main: LoadedPackage, purpose: string): Fingerprint {
    const f = new Fingerprint(this.settings.host.sha256, purpose);
    f.add('tool', this.settings.host.toolIdentity);
    f.add('program', main.path);
    f.add('directory', main.dir);
    return f;
  }

  private setOf(main: LoadedPackage, list: readonly CachedPackage[]): PackageSet {
    const f = this.action(main, 'tuza prelinked packages');
    for (const c of list) f.add(c.path, c.action);
    return { action: f.finish(), paths: new Set(list.map((c) => c.path)) };
  }

  private sizeOf(set: PackageSet): number {
    return this.settings.cache.entry(set.action)?.size ?? -1;
  }

  private use(set: PackageSet): boolean {
    const data = this.settings.cache.get(set.action);
    if (data === null || data.length <= impossible.length) return false;
    this.code = new PrelinkedCode(data, set.paths);
    this.used = set;
    return true;
  }

  /** Keeps the definitions of sets of packages, once it is known what a program needs of them. `isStale`: something new has been stored. */
  save(made: MadeProgram, isStale: boolean): void {
    const { cache } = this.settings;
    const { used } = this;
    if (used !== null) {
      if (isStale && this.lacksSomething(used, made)) cache.put(used.action, outdated);
      if (this.note !== '') cache.put(this.noteAction, encodeText(this.note));
      return;
    }
    for (const set of this.wanted) {
      // The next program takes their code from the cache: what has been made now is not kept before it does.
      if (isAllTaken(set, made)) cache.put(set.action, bytesOf(set, made) ?? impossible);
    }
  }

  /** Whether something has been made now that would be prelinked. */
  private lacksSomething(set: PackageSet, made: MadeProgram): boolean {
    const isOutside = mentionOfOthers(set, made);
    for (const s of made.symbols.all()) {
      if (s.kind === SymKind.Undefined || s.object === null || made.isTaken(s)) continue;
      const isWanted = isShared(s, made.shared)
        ? isWorthStoring(s) && this.code?.defines(s) !== true
        : set.paths.has(s.object.packagePath);
      if (isWanted && !isOutside(s.name)) return true;
    }
    return false;
  }
}

/** The packages that import none outside of the list but those that nobody edits: code of others may come with theirs, or be in it. */
function closed(list: readonly CachedPackage[], isUnedited: (p: LoadedPackage) => boolean): CachedPackage[] {
  const inside = new Set<LoadedPackage>();
  return list.filter((c) => {
    const is = [...c.loaded.imports.values()].every((i) => inside.has(i) || isUnedited(i));
    if (is) inside.add(c.loaded);
    return is;
  });
}

/** Whether something of packages outside of a set is in a symbol's name. */
function mentionOfOthers(set: PackageSet, made: MadeProgram): (name: string) => boolean {
  return mentionOf(['main', ...made.paths.filter((path) => !set.paths.has(path))]);
}

function isAllTaken(set: PackageSet, made: MadeProgram): boolean {
  for (const s of made.symbols.all())
    if (s.kind !== SymKind.Undefined && !made.isTaken(s) && !isShared(s, made.shared))
      if (set.paths.has(s.object?.packagePath ?? '')) return false;
  return true;
}

/** Null if the set cannot be prelinked. */
function bytesOf(set: PackageSet, made: MadeProgram): Uint8Array | null {
  const { symbols, shared } = made;
  const isOutside = mentionOfOthers(set, made);
  const isOfSet = (s: LinkSymbol): boolean => set.paths.has(s.object?.packagePath ?? '');
  // Data that several packages define alike is in the object of the one that was compiled first.
  const isOfShared = (s: LinkSymbol): boolean =>
    s.object === shared || (isShared(s, shared) && s.kind !== SymKind.Text && s.kind !== SymKind.TextFips);
  const definitions = new Set<LinkSymbol>();
  for (const s of symbols.all()) {
    if (s.kind === SymKind.Undefined || s.object === null || isOutside(s.name)) continue;
    if (isOfSet(s) || isOfShared(s)) definitions.add(s);
  }
  // What the code of these packages refers to is theirs, too, whatever it is called.
  for (const s of definitions)
    forEachReference(s, (t) => {
      if (t !== null && t.kind !== SymKind.Undefined && isOfShared(t)) definitions.add(t);
    });
  const known = new Map<LinkSymbol, FunctionFacts>();
  for (const [key, value] of made.facts) {
    const s = symbols.lookup(key.slice(2), Number(key[0]));
    if (!isOutside(s.name)) known.set(s, value);
  }
  for (const f of made.newFacts) if (!isOutside(f.symbol.name)) known.set(f.symbol, f.facts);
  return prelinkedBytes({
    definitions: [...definitions],
    facts: known,
    isAbsent: (s) => made.isAbsent(s),
    objectOf: (s) => (s.object !== null && isOfSet(s) ? s.object : shared),
  });
}
