/**
 * Compiled packages in the build cache. What a package's functions and variables become is decided by its sources, by what it imports, and by
 * the options: that is the action identity under which their symbols are stored, in segments, each with what one program asked for and
 * those before had not.
 */
import { contentId } from '#cache/fingerprint.ts';
import type { BuildCache } from '#cache/store.ts';
import type { Files, Host } from '#host/host.ts';
import type { LoadedPackage } from '#load/loader.ts';
import { ProgramDeclarations } from '#load/seen.ts';
import * as SymKind from '#obj/kinds.ts';
import { FlagFromAssembly, ObjectFile } from '#obj/object.ts';
import { AbiInternal, type FuncInfo, type LinkSymbol, type Symbols } from '#obj/symbol.ts';
import { DupOk, type FuncRef } from '#ssa/call.ts';
import type { Func } from '#types/object.ts';
import { AdoptedCode } from './adopted-code.ts';
import { CachedPackage, maxSegments, segmentAction } from './cached-package.ts';
import { CodeIdentities, type IdentitySettings } from './code-identities.ts';
import { CodeSaver } from './code-saver.ts';
import { type FunctionFacts, factBytes, type Segment, type SegmentContext } from './code-segment.ts';
import { isShared, isWorthStoring, type KnownFunction } from './code-symbols.ts';
import type { FunctionCompiler } from './function-compiler.ts';
import type { PrelinkedCode } from './prelinked-code.ts';
import { PrelinkedPackages, type PrelinkSettings } from './prelinked-packages.ts';
import { type ProgramParts, programAction } from './program-identity.ts';
import type { SeenProgram } from './seen-code.ts';
import { changesOf, rememberParts } from './why.ts';

/** A symbol that cached code refers to can only be made by compiling that code's package again. */
export class CodeCacheMiss extends Error {}

/** Where a definition is. */
interface Place {
  readonly segment: Segment;
  readonly index: number;
}

/** The program that code is compiled in, as far as the cache asks about it. */
export interface CompilingProgram {
  readonly functions: FunctionCompiler;
  /** The function of a link name; null if the sources have none. */
  functionOf(linkName: string): FuncRef | null;
  /** Finds out what a function that has come from the cache is made of, if that can be told. */
  analyse(s: LinkSymbol): void;
  /** Whether a symbol's name is enough to make it in any program. */
  isDeclared(s: LinkSymbol): boolean;
  /** Functions whose bodies decided the data of a package's variables. */
  bodiesReadBy(path: string): Iterable<Func>;
  /** Whether a package has something to initialise. */
  initialises(p: LoadedPackage): boolean;
}

export interface CodeCacheSettings extends IdentitySettings, PrelinkSettings {
  readonly host: Host;
  readonly cache: BuildCache;
  /** False: everything is compiled and stored again. */
  readonly reads: boolean;
  /** Whether debugging information is wanted. */
  readonly debug: () => boolean;
  /** What is made is compared with what this cache has of it; null: it is not. */
  readonly comparedWith: BuildCache | null;
  readonly program: CompilingProgram;
}

export class CodeCache implements SegmentContext {
  readonly symbols: Symbols;
  readonly files: Files;
  private readonly settings: CodeCacheSettings;
  private readonly identities: CodeIdentities;
  private readonly packages: Map<string, CachedPackage>;
  /** What the main package has made that other packages determine: instances, itabs, descriptors. */
  private common: CachedPackage | null;
  private readonly declarations: ProgramDeclarations;
  private readonly seenProgram: SeenProgram;
  private readonly adopted: AdoptedCode;
  private readonly places: [Map<string, Place>, Map<string, Place>];
  private readonly facts: Map<string, FunctionFacts>;
  /** What has come from the cache, and from which segment. */
  private readonly taken: Map<LinkSymbol, Segment | null>;
  private readonly owners: Map<Segment, CachedPackage>;
  private readonly mentioned: Set<LinkSymbol>;
  private readonly failed: Set<LinkSymbol>;
  private readonly assemblyObjects: Map<string, ObjectFile>;
  /** File numbers of functions compiled now, in order of mention. */
  readonly fileOrders: Map<LinkSymbol, readonly number[]>;
  private readonly objectOf: (path: string) => ObjectFile;
  private readonly prelinks: PrelinkedPackages;

  constructor(settings: CodeCacheSettings, symbols: Symbols, objectOf: (path: string) => ObjectFile) {
    this.settings = settings;
    this.symbols = symbols;
    this.objectOf = objectOf;
    this.packages = new Map();
    this.common = null;
    this.places = [new Map(), new Map()];
    this.facts = new Map();
    this.taken = new Map();
    this.owners = new Map();
    this.mentioned = new Set();
    this.failed = new Set();
    this.assemblyObjects = new Map();
    this.fileOrders = new Map();
    this.prelinks = new PrelinkedPackages(settings);
    const { host } = settings;
    const identities = new CodeIdentities(settings);
    this.identities = identities;
    this.files = identities.files;
    this.declarations = new ProgramDeclarations({
      readFile: (path) => this.files.readFile(path),
      sha256: host.sha256,
      settingsOf: (p) => (settings.isUnedited(p) ? identities.actionOf(p) : identities.settingsIdOf(p)),
      isWhole: settings.isUnedited,
    });
    this.seenProgram = {
      declarations: this.declarations,
      find: (path) => identities.find(path),
      actionOf: (p) => identities.actionOf(p),
      ownIdOf: (p) => identities.ownIdOf(p),
      factsIdOf: (linkName) => {
        const known = this.facts.get(`${AbiInternal} ${linkName}`);
        return known === undefined ? this.factsIdOf(settings.program.functionOf(linkName)) : this.idOfFacts(known);
      },
      initialises: (p) => settings.program.initialises(p),
    };
    this.adopted = new AdoptedCode(settings, identities, this.seenProgram);
  }

  /** What is known of a function now, as an identity. */
  private factsIdOf(ref: FuncRef | null): string {
    if (ref === null) return '';
    const facts = this.factsOf(ref.symbol) ?? this.settings.program.functions.factsOf(ref);
    return facts === null ? 'no body' : this.idOfFacts(facts);
  }

  private idOfFacts(facts: FunctionFacts): string {
    return contentId(this.settings.host.sha256, factBytes(facts)).slice(0, 32);
  }

  // Identities.

  /** Finds out the identities of a program's packages. */
  identify(list: readonly LoadedPackage[], languageOf: (p: LoadedPackage) => string): void {
    this.identities.open(list, languageOf);
  }

  /** The identity of the program that is linked so; "" if it has none. */
  programAction(how: Pick<ProgramParts, 'link' | 'goroot' | 'trims'>): string {
    const { identities } = this;
    const parts = { ...how, packages: identities.packages, actionOf: (p: LoadedPackage) => identities.actionOf(p) };
    return programAction(this.settings.host, this.files, parts);
  }

  /** Opens the archives of all packages. */
  open(): void {
    const { identities } = this;
    const list = identities.packages;
    for (const p of list) {
      // A program's main package changes most, and its code is needed by no other program.
      if (p.name === 'main' || p.files.goFiles.some((f) => f.embeds.length > 0)) continue;
      const c = new CachedPackage(p, p.path, identities.actionOf(p), identities.ownIdOf(p));
      this.packages.set(p.path, c);
    }
    const main = list.at(-1);
    if (main !== undefined && main.name === 'main') {
      const own = identities.ownImportsAction(main);
      this.common = new CachedPackage(main, 'main', identities.importsAction(main), own);
      this.openPrelinked(main);
    }
    if (!this.settings.reads) return;
    for (const c of this.packages.values()) if (!this.prelinks.holds(c.path)) this.read(c);
    if (this.common !== null) this.read(this.common);
  }

  private openPrelinked(main: LoadedPackage): void {
    const { prelinks, symbols } = this;
    prelinks.open(main, this.packages.values(), (p) => this.declarations.isWhole(p));
    prelinks.code?.declareAssembly(
      symbols,
      (path, flags) => this.object(path, flags),
      (s) => void this.taken.set(s, null),
    );
  }

  /** What the program takes without reading its symbols. */
  get prelinked(): PrelinkedCode | null {
    return this.prelinks.code;
  }

  get debug(): boolean {
    return this.settings.debug();
  }

  /** Tells why each package was compiled, or that it was not, and keeps what it was made of. For after the link, before what is new is stored. */
  explain(shared: ObjectFile, tell: (path: string, reason: string) => void): void {
    const { host, cache } = this.settings;
    const made = new Map<string, number>();
    for (const s of this.symbols.all())
      if (s.kind !== SymKind.Undefined && s.object !== null && !this.taken.has(s) && !isShared(s, shared))
        made.set(s.object.packagePath, (made.get(s.object.packagePath) ?? 0) + 1);
    for (const p of this.identities.packages) {
      const known = this.packages.get(p.path);
      if (known !== undefined && known.segments.length > 0) {
        const n = made.get(p.path) ?? 0;
        const rest = n === 0 ? '' : ` but for ${n} symbols, which no program had needed before`;
        tell(p.path, `in the cache${rest}${known.finding === '' ? '' : `: ${known.finding}`}`);
        continue;
      }
      const changes = known?.finding || changesOf(host, cache, p.path, p.dir, this.identities.partsOf(p));
      const kept = known === undefined ? (p.name === 'main' ? 'programs are' : 'packages with embedded files are') : '';
      if (changes === '')
        tell(
          p.path,
          kept === ''
            ? 'compiled: its code is not in the cache'
            : `compiled: nothing has changed, but ${kept} compiled every time`,
        );
      else tell(p.path, `compiled: ${changes}`);
    }
  }

  /** Keeps what the packages compiled now are made of. */
  rememberParts(): void {
    const { host, cache } = this.settings;
    for (const p of this.identities.packages)
      if (!this.isCached(p)) rememberParts(host, cache, p.path, p.dir, this.identities.partsOf(p));
  }

  // Reading.

  private read(c: CachedPackage): void {
    const { cache, host } = this.settings;
    const first = cache.get(segmentAction(host, c.action, 0));
    if (first !== null) c.add(segmentAction(host, c.action, 0), first);
    else if (!this.adopted.readKept(c)) return;
    while (c.segments.length < maxSegments) {
      const action = segmentAction(host, c.action, c.segments.length);
      const data = cache.get(action);
      if (data === null) break;
      c.add(action, data);
    }
    this.publish(c);
  }

  /** Hands out the definitions and facts of a package's segments. */
  private publish(c: CachedPackage): void {
    if (c.segments.length === maxSegments) c.clear();
    for (const segment of c.segments) {
      this.owners.set(segment, c);
      for (let i = 0; i < segment.symbolCount; i++) {
        if (!segment.isDefined(i)) continue;
        const name = segment.name(i);
        const abi = segment.abi(i);
        if (name === '' || abi > 1) continue;
        const places = this.places[abi];
        if (!places.has(name)) places.set(name, { segment, index: i });
      }
      segment.forEachFacts((name, abi, facts) => this.facts.set(`${abi} ${name}`, facts));
    }
  }

  /**
   * Takes over the code that a package, as it is by itself, was compiled to before, as far as what it has in it of other packages is the same. These
   * have to be settled already. For after the declarations are collected.
   */
  adopt(p: LoadedPackage): void {
    const c = this.packages.get(p.path);
    if (c !== undefined) this.adoptFor(c);
    if (this.common !== null && this.common.loaded === p) this.adoptFor(this.common);
  }

  private adoptFor(c: CachedPackage): void {
    if (!this.settings.reads || c.segments.length > 0 || this.declarations.isWhole(c.loaded)) return;
    if (!this.prelinks.holds(c.path) && this.adopted.takeOver(c)) this.publish(c);
  }

  isCached(p: LoadedPackage): boolean {
    return this.prelinks.holds(p.path) || (this.packages.get(p.path)?.segments.length ?? 0) > 0;
  }

  /** Whether a symbol is there: defined now, or for the linker. */
  provides(s: LinkSymbol): boolean {
    return this.prelinks.code?.defines(s) === true || this.take(s);
  }

  prelinkedForLink() {
    return this.prelinks.code?.forLink((path, flags) => this.object(path, flags)) ?? null;
  }

  /** Throws PrelinkMismatch if a symbol has been made that belongs to prelinked packages. */
  accept(s: LinkSymbol, shared: ObjectFile): void {
    this.prelinks.code?.refuse(s, isShared(s, shared));
  }

  /** Defines the symbols of a cached package's assembly: others look whether they are defined. */
  defineAssembly(p: LoadedPackage): void {
    for (const segment of this.packages.get(p.path)?.segments ?? []) {
      for (const i of segment.assembled) {
        if (segment.abi(i) > 1) continue;
        const name = segment.name(i);
        if (name === '') continue;
        const s = this.symbols.lookup(name, segment.abi(i));
        if (s.kind === SymKind.Undefined) this.takeFrom({ segment, index: i }, s);
      }
    }
  }

  /** Defines a symbol from the cache; false if it is not there. */
  take(s: LinkSymbol): boolean {
    if (s.abi > 1) return false;
    const place = this.places[s.abi === 0 ? 0 : 1].get(s.name);
    if (place === undefined) return false;
    this.takeFrom(place, s);
    return true;
  }

  private takeFrom(place: Place, s: LinkSymbol): void {
    this.taken.set(s, place.segment);
    place.segment.define(this, place.index, s);
  }

  has(s: LinkSymbol): boolean {
    return this.taken.has(s);
  }

  factsOf(s: LinkSymbol): FunctionFacts | null {
    return this.facts.get(`${s.abi} ${s.name}`) ?? this.prelinks.code?.factsOf(s) ?? null;
  }

  mention(s: LinkSymbol): void {
    this.mentioned.add(s);
  }

  object(path: string, flags: number): ObjectFile {
    if ((flags & FlagFromAssembly) === 0) return this.objectOf(path);
    let object = this.assemblyObjects.get(path);
    if (object === undefined) {
      object = new ObjectFile(path);
      object.flags = flags;
      for (const segment of this.packages.get(path)?.segments ?? [])
        for (const name of segment.assemblyFileNames()) object.fileIndex(name);
      this.assemblyObjects.set(path, object);
    }
    return object;
  }

  /** Nothing says how to make a symbol. */
  fail(s: LinkSymbol): void {
    if (this.settings.reads && this.mentioned.has(s)) throw new CodeCacheMiss(s.name);
    this.failed.add(s);
  }

  // Writing.

  /** Whether a symbol has been made now and belongs to a package that is stored. */
  stores(s: LinkSymbol, shared: ObjectFile): boolean {
    if (s.object === null || this.taken.has(s)) return false;
    return this.packages.has(s.object.packagePath) || (isShared(s, shared) && this.isCommon(s));
  }

  /** Whether something has been made that the cache has not, and that is stored for its own sake. */
  isStale(symbols: Symbols, shared: ObjectFile): boolean {
    for (const s of symbols.all()) {
      if (s.kind === SymKind.Undefined || s.object === null || this.taken.has(s)) continue;
      if (isShared(s, shared) ? this.isCommon(s) : this.packages.has(s.object.packagePath)) return true;
    }
    return false;
  }

  /** Whether a shared symbol is stored by itself. */
  private isCommon(s: LinkSymbol): boolean {
    return this.common !== null && isWorthStoring(s) && this.prelinks.code?.defines(s) !== true;
  }

  /** Stores what has been compiled now. `facts` tells what is known of functions analysed now, by package. */
  save(shared: ObjectFile, facts: ReadonlyMap<string, readonly KnownFunction[]>): void {
    const owned = new Map<string, LinkSymbol[]>();
    for (const s of this.symbols.all()) {
      if (s.kind === SymKind.Undefined || s.object === null || this.taken.has(s) || isShared(s, shared)) continue;
      const list = owned.get(s.object.packagePath);
      if (list === undefined) owned.set(s.object.packagePath, [s]);
      else list.push(s);
    }
    const saver = this.saver(shared);
    for (const c of this.packages.values()) {
      if (this.prelinks.holds(c.path)) continue;
      const roots = owned.get(c.path) ?? [];
      const known = facts.get(c.path) ?? [];
      // A package that nothing is made of is stored, too: then it need not be looked at for finding that out.
      if (roots.length === 0 && known.length === 0 && c.segments.length > 0) continue;
      saver.save(c, roots, known);
    }
    const { common } = this;
    if (common === null) return;
    const roots: LinkSymbol[] = [];
    for (const s of this.symbols.all())
      if (s.kind !== SymKind.Undefined && s.object !== null && !this.taken.has(s) && isShared(s, shared))
        if (!saver.has(s) && this.isCommon(s)) roots.push(s);
    if (roots.length > 0) saver.save(common, roots, []);
  }

  private saver(shared: ObjectFile): CodeSaver {
    const { host, cache, comparedWith, program } = this.settings;
    const { identities, seenProgram } = this;
    return new CodeSaver({
      ...{ host, cache, comparedWith, program, identities, seenProgram, shared },
      fileOrder: (s, f) => this.fileOrderOf(s, f),
      segmentOf: (s) => this.taken.get(s) ?? null,
      ownerOf: (segment) => this.owners.get(segment),
      factsIdOf: (ref) => this.factsIdOf(ref),
      isAbsent: (s) => this.failed.has(s),
    });
  }

  /** Keeps what has been taken over, so that the next build need not compare. */
  saveAdoptions(): void {
    this.adopted.save();
  }

  /** Keeps what is prelinked. `facts`: of functions analysed now. */
  savePrelinked(shared: ObjectFile, newFacts: readonly KnownFunction[], isStale: boolean): void {
    const { symbols, facts, identities } = this;
    const paths = identities.packages.map((p) => p.path);
    const isTaken = (s: LinkSymbol): boolean => this.taken.has(s);
    const isAbsent = (s: LinkSymbol): boolean => this.failed.has(s);
    this.prelinks.save({ symbols, shared, facts, newFacts, paths, isTaken, isAbsent }, isStale);
  }

  private fileOrderOf(s: LinkSymbol, f: FuncInfo): readonly number[] {
    const order = this.fileOrders.get(s);
    if (order !== undefined) return order;
    const all = new Set(f.files);
    for (const n of f.inlineTree) all.add(n.file);
    return [...all].sort((a, b) => a - b);
  }
}

/** What is known of functions analysed now, by package. */
export function newFacts(code: CodeCache, functions: FunctionCompiler): Map<string, KnownFunction[]> {
  const facts = new Map<string, KnownFunction[]>();
  functions.forEachFacts((ref, known) => {
    const { symbol } = ref;
    // Functions that several packages may make are analysed where they are needed.
    if ((ref.flags & DupOk) !== 0 || symbol.name.includes('[') || code.factsOf(symbol) !== null) return;
    const list = facts.get(ref.pkgPath);
    if (list === undefined) facts.set(ref.pkgPath, [{ symbol, facts: known }]);
    else list.push({ symbol, facts: known });
  });
  return facts;
}
