/**
 * Compiled packages in the build cache. What a package's functions and variables become is decided by its sources, by what it imports, and by
 * the options: that is the action identity under which their symbols are stored, in segments, each with what one program asked for and
 * those before had not. A symbol that several packages may define (instances, descriptors of unnamed types, strings) is stored with each
 * package that refers to it and does not import another one that has it.
 */
import { linkPath } from '#abi/type-names.ts';
import { decodeText, encodeText } from '#base/bytes.ts';
import { contentId, Fingerprint } from '#cache/fingerprint.ts';
import type { BuildCache } from '#cache/store.ts';
import type { Files } from '#host/host.ts';
import { importsOf, type LoadedPackage } from '#load/loader.ts';
import { ProgramDeclarations } from '#load/seen.ts';
import * as Attr from '#obj/attributes.ts';
import * as SymKind from '#obj/kinds.ts';
import { FlagFromAssembly, ObjectFile } from '#obj/object.ts';
import { AbiInternal, type FuncInfo, type LinkSymbol, type Symbols } from '#obj/symbol.ts';
import { DupOk, type FuncRef } from '#ssa/call.ts';
import type { Func } from '#types/object.ts';
import { CodeIdentities, type IdentitySettings } from './code-identities.ts';
import {
  type FunctionFacts,
  factBytes,
  isOwn,
  magic,
  Segment,
  type SegmentContext,
  SegmentWriter,
} from './code-segment.ts';
import { verifySegment } from './code-verify.ts';
import type { FunctionCompiler } from './function-compiler.ts';
import { PrelinkedCode, prelinkedBytes } from './prelinked-code.ts';
import { type ProgramParts, programAction } from './program-identity.ts';
import { differenceOf, ForeignUses, SeenList, type SeenPackage, type SeenProgram } from './seen-code.ts';
import { changesOf, rememberParts } from './why.ts';

/** A symbol that cached code refers to can only be made by compiling that code's package again. */
export class CodeCacheMiss extends Error {}

/** More segments than this are compiled again into one. */
const maxSegments = 24;

/** Where a definition is. */
interface Place {
  readonly segment: Segment;
  readonly index: number;
}

class CachedPackage {
  readonly loaded: LoadedPackage;
  /** What the program knows it by. */
  readonly path: string;
  readonly action: string;
  /** Its identity by itself: what it has compiled before, with other packages around it, is found under it. */
  readonly ownAction: string;
  readonly segments: Segment[];
  /** Under which identities these are stored. */
  readonly stored: string[];
  /** For -why: what has become of what was compiled with other packages around it. */
  finding: string;

  constructor(loaded: LoadedPackage, path: string, action: string, ownAction: string) {
    this.loaded = loaded;
    this.path = path;
    this.action = action;
    this.ownAction = ownAction;
    this.segments = [];
    this.stored = [];
    this.finding = '';
  }
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

export interface CodeCacheSettings extends IdentitySettings {
  readonly cache: BuildCache;
  /** False: everything is compiled and stored again. */
  readonly reads: boolean;
  /** Whether debugging information is wanted. */
  readonly debug: () => boolean;
  /** Whether the program is nothing but code and data: no names, nothing for debuggers, nothing told by the linker. */
  readonly isBare: () => boolean;
  /** Whether nobody changes a package; null: nothing is prelinked. */
  readonly isFixed: ((p: LoadedPackage) => boolean) | null;
  /** False: what is prelinked is made again. */
  readonly readsPrelinked: boolean;
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
  /** The identities of segments by that of a package that has taken them over, as they were kept and as they are. */
  private adoptions: Map<string, readonly string[]> | null;
  private readonly adopted: Map<string, readonly string[]>;
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
  /** The packages that do not change, ready for the linker. */
  prelinked: PrelinkedCode | null;
  /** Under which identity these are kept; "" if they are not. */
  private prelinkAction: string;
  private fixed: ReadonlySet<string>;

  constructor(settings: CodeCacheSettings, symbols: Symbols, objectOf: (path: string) => ObjectFile) {
    this.settings = settings;
    this.symbols = symbols;
    this.objectOf = objectOf;
    this.packages = new Map();
    this.common = null;
    this.adoptions = null;
    this.adopted = new Map();
    this.places = [new Map(), new Map()];
    this.facts = new Map();
    this.taken = new Map();
    this.owners = new Map();
    this.mentioned = new Set();
    this.failed = new Set();
    this.assemblyObjects = new Map();
    this.fileOrders = new Map();
    this.prelinked = null;
    this.prelinkAction = '';
    this.fixed = new Set();
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
    for (const c of this.packages.values()) if (this.prelinked?.holds(c.path) !== true) this.read(c);
    if (this.common !== null) this.read(this.common);
  }

  private openPrelinked(main: LoadedPackage): void {
    const { isFixed, reads, readsPrelinked, isBare, cache, host } = this.settings;
    if (isFixed === null || !reads || !isBare()) return;
    const f = new Fingerprint(host.sha256, 'tuza prelinked packages');
    f.add('program', main.path);
    f.add('directory', main.dir);
    const fixed = new Set<string>();
    for (const c of this.packages.values()) {
      if (!isFixed(c.loaded)) continue;
      fixed.add(c.path);
      f.add(c.path, c.action);
    }
    this.fixed = fixed;
    this.prelinkAction = f.finish();
    const data = readsPrelinked ? cache.get(this.prelinkAction) : null;
    if (data === null || data.length === 0) return;
    this.prelinked = new PrelinkedCode(data, fixed);
    this.prelinked.declareAssembly(
      this.symbols,
      (path, flags) => this.object(path, flags),
      (s) => void this.taken.set(s, null),
    );
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

  private segmentAction(action: string, n: number): string {
    const f = new Fingerprint(this.settings.host.sha256, 'tuza code segment');
    f.add('format', String(magic));
    f.add('package', action);
    f.add('segment', String(n));
    return f.finish();
  }

  // Reading.

  private read(c: CachedPackage): void {
    const { cache } = this.settings;
    const first = cache.get(this.segmentAction(c.action, 0));
    if (first !== null) this.enter(c, this.segmentAction(c.action, 0), new Segment(first));
    else if (!this.readAdopted(c)) return;
    while (c.segments.length < maxSegments) {
      const action = this.segmentAction(c.action, c.segments.length);
      const data = cache.get(action);
      if (data === null) break;
      this.enter(c, action, new Segment(data));
    }
    this.publish(c);
  }

  private enter(c: CachedPackage, action: string, segment: Segment): void {
    c.segments.push(segment);
    c.stored.push(action);
    this.owners.set(segment, c);
  }

  /** Reads the segments that an earlier run has taken over for the package as it is now. */
  private readAdopted(c: CachedPackage): boolean {
    this.adoptions ??= this.keptAdoptions();
    const actions = this.adoptions.get(c.action) ?? [];
    for (const action of actions) {
      const data = this.settings.cache.get(action);
      if (data === null) {
        c.segments.length = c.stored.length = 0;
        return false;
      }
      this.enter(c, action, new Segment(data));
    }
    if (actions.length > 0) this.adopted.set(c.action, actions);
    return actions.length > 0;
  }

  /** Hands out the definitions and facts of a package's segments. */
  private publish(c: CachedPackage): void {
    if (c.segments.length === maxSegments) c.segments.length = c.stored.length = 0;
    for (const segment of c.segments) {
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

  // Taking over what was compiled with other packages around it.

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
    const { reads, cache } = this.settings;
    if (!reads || c.segments.length > 0 || this.declarations.isWhole(c.loaded)) return;
    if (this.prelinked?.holds(c.path) === true) return;
    const kept = cache.get(c.ownAction);
    if (kept === null) return;
    const changed = new Set<string>();
    for (const action of decodeText(kept).split('\n')) {
      const data = cache.get(action);
      if (data === null) break;
      const segment = new Segment(data);
      const seen = seenIn(segment);
      if (seen === null) break;
      c.finding = differenceOf(this.seenProgram, seen);
      if (c.finding !== '') break;
      for (const s of seen) if (this.isChanged(s)) changed.add(s.path);
      this.enter(c, action, segment);
    }
    if (c.segments.length === 0) return;
    // Without one of its own it is further below that something has changed.
    const others = changed.size === 0 ? ['packages below'] : [...changed];
    c.finding = `${others.join(', ')} changed, but not what is seen of ${changed.size === 1 ? 'it' : 'them'}`;
    this.adopted.set(c.action, [...c.stored]);
    this.publish(c);
  }

  private isChanged(s: SeenPackage): boolean {
    const q = this.identities.find(s.path);
    return q === null || this.identities.ownIdOf(q) !== s.own;
  }

  private adoptionsAction(): string {
    const { host, options } = this.settings;
    const main = this.identities.packages.at(-1);
    const f = new Fingerprint(host.sha256, 'tuza adopted code');
    f.add('tool', host.toolIdentity);
    f.add('options', options);
    f.add('program', main?.path ?? '');
    f.add('directory', main?.dir ?? '');
    return f.finish();
  }

  private keptAdoptions(): Map<string, readonly string[]> {
    const data = this.settings.cache.get(this.adoptionsAction());
    const list: (readonly [string, readonly string[]])[] = data === null ? [] : JSON.parse(decodeText(data));
    return new Map(list);
  }

  /** Keeps what has been taken over, so that the next build need not compare. */
  saveAdoptions(): void {
    const { adopted, adoptions } = this;
    if ([...adopted].every(([action, list]) => adoptions?.get(action)?.join() === list.join())) return;
    this.settings.cache.put(this.adoptionsAction(), encodeText(JSON.stringify([...adopted])));
  }

  isCached(p: LoadedPackage): boolean {
    return this.prelinked?.holds(p.path) === true || (this.packages.get(p.path)?.segments.length ?? 0) > 0;
  }

  /** Whether a symbol is there: defined now, or for the linker. */
  provides(s: LinkSymbol): boolean {
    return this.prelinked?.defines(s) === true || this.take(s);
  }

  prelinkedForLink() {
    return this.prelinked?.forLink((path, flags) => this.object(path, flags)) ?? null;
  }

  /** Throws PrelinkMismatch if a symbol has been made that belongs to prelinked packages. */
  accept(s: LinkSymbol, shared: ObjectFile): void {
    this.prelinked?.refuse(s, isShared(s, shared));
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
    return this.facts.get(`${s.abi} ${s.name}`) ?? this.prelinked?.factsOf(s) ?? null;
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

  /** Whether a shared symbol is worth storing by itself, and has nothing of the main package in it. */
  private isCommon(s: LinkSymbol): boolean {
    const { name } = s;
    if (this.prelinked?.defines(s) === true) return false;
    if (this.common === null || s.abi > 1 || !(isMade.test(name) || (s.attrs & Attr.DupOk) !== 0)) return false;
    return !isConstant.test(name) && !ofMain.test(name) && s.object?.packagePath !== 'main';
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
    const stored = new Map<LoadedPackage, Set<LinkSymbol>>();
    for (const c of this.packages.values()) {
      if (this.prelinked?.holds(c.path) === true) continue;
      const roots = owned.get(c.path) ?? [];
      const known = facts.get(c.path) ?? [];
      // A package that nothing is made of is stored, too: then it need not be looked at for finding that out.
      if (roots.length === 0 && known.length === 0 && c.segments.length > 0) continue;
      this.saveSegment(c, roots, known, shared, stored);
    }
    const { common } = this;
    if (common === null) return;
    const inPackages = new Set<LinkSymbol>();
    for (const list of stored.values()) for (const s of list) inPackages.add(s);
    const roots: LinkSymbol[] = [];
    for (const s of this.symbols.all())
      if (s.kind !== SymKind.Undefined && s.object !== null && !this.taken.has(s) && isShared(s, shared))
        if (!inPackages.has(s) && this.isCommon(s)) roots.push(s);
    if (roots.length > 0) this.saveSegment(common, roots, [], shared, stored);
  }

  /**
   * Keeps the definitions of the packages that do not change, once it is known what a program needs of them. `facts`: of functions analysed now. If there
   * are some already, and something new has been stored, they are made again next time.
   */
  savePrelinked(shared: ObjectFile, facts: readonly KnownFunction[], isStale: boolean): void {
    const { cache } = this.settings;
    if (this.prelinkAction === '') return;
    if (this.prelinked !== null) {
      if (isStale && this.lacksSomething(shared)) cache.put(this.prelinkAction, new Uint8Array(0));
      return;
    }
    // The next program takes their code from the cache: what has been made now is not kept before it does.
    for (const s of this.symbols.all())
      if (s.kind !== SymKind.Undefined && !this.taken.has(s) && !isShared(s, shared))
        if (this.fixed.has(s.object?.packagePath ?? '')) return;
    const others = this.namesOfOthers();
    const isOfFixed = (s: LinkSymbol): boolean => this.fixed.has(s.object?.packagePath ?? '');
    // Data that several packages define alike is in the object of the one that was compiled first.
    const isOfShared = (s: LinkSymbol): boolean =>
      s.object === shared || (isShared(s, shared) && s.kind !== SymKind.Text && s.kind !== SymKind.TextFips);
    const definitions = new Set<LinkSymbol>();
    for (const s of this.symbols.all()) {
      if (s.kind === SymKind.Undefined || s.object === null || others.test(s.name)) continue;
      if (isOfFixed(s) || isOfShared(s)) definitions.add(s);
    }
    // What the code of these packages refers to is theirs, too, whatever it is called.
    for (const s of definitions)
      forEachReference(s, (t) => {
        if (t !== null && t.kind !== SymKind.Undefined && isOfShared(t)) definitions.add(t);
      });
    const known = new Map<LinkSymbol, FunctionFacts>();
    for (const [key, value] of this.facts) {
      const s = this.symbols.lookup(key.slice(2), Number(key[0]));
      if (!others.test(s.name)) known.set(s, value);
    }
    for (const f of facts) if (!others.test(f.symbol.name)) known.set(f.symbol, f.facts);
    const data = prelinkedBytes({
      definitions: [...definitions],
      facts: known,
      isAbsent: (s) => this.failed.has(s),
      objectOf: (s) => (s.object !== null && isOfFixed(s) ? s.object : shared),
    });
    if (data !== null) cache.put(this.prelinkAction, data);
  }

  /** Matches names with something in them of packages that change. */
  private namesOfOthers(): RegExp {
    const paths = this.identities.packages.filter((p) => !this.fixed.has(p.path)).map((p) => linkPath(p.path));
    return new RegExp(`(?:^|[^\\w./%-])(?:main|${paths.map(escapedForRegExp).join('|')})\\.`);
  }

  /** Whether something has been made now that would be prelinked. */
  private lacksSomething(shared: ObjectFile): boolean {
    const others = this.namesOfOthers();
    for (const s of this.symbols.all()) {
      if (s.kind === SymKind.Undefined || s.object === null || this.taken.has(s)) continue;
      const isWanted = isShared(s, shared) ? this.isCommon(s) : this.fixed.has(s.object.packagePath);
      if (isWanted && !others.test(s.name)) return true;
    }
    return false;
  }

  private saveSegment(
    c: CachedPackage,
    roots: readonly LinkSymbol[],
    facts: readonly KnownFunction[],
    shared: ObjectFile,
    stored: Map<LoadedPackage, Set<LinkSymbol>>,
  ): void {
    const own = new Set<LinkSymbol>();
    // Packages that may be edited come to be without what they have stored for others.
    const imported = [...importsOf(c.loaded)].filter((p) => this.declarations.isWhole(p));
    const isStored = (s: LinkSymbol): boolean => {
      for (const p of imported) {
        if (stored.get(p)?.has(s) === true) return true;
      }
      return false;
    };
    const writer = new SegmentWriter(c.path, (s, f) => this.fileOrderOf(s, f));
    const list: LinkSymbol[] = [...roots];
    const visit = (t: LinkSymbol | null): void => {
      if (t === null || t.kind === SymKind.Undefined || own.has(t)) return;
      if (isOwn(t)) {
        own.add(t);
        forEachReference(t, visit);
        return;
      }
      if (isShared(t, shared) ? isStored(t) : !this.isMadeElsewhere(t, c)) return;
      own.add(t);
      list.push(t);
    };
    for (let i = 0; i < list.length; i++) {
      own.add(list[i]);
      writer.add(list[i]);
      forEachReference(list[i], visit);
    }
    stored.set(c.loaded, own);
    for (const f of facts) writer.addFacts(f.symbol, f.facts);
    const { cache } = this.settings;
    this.verify(c, own);
    const isWhole = this.declarations.isWhole(c.loaded);
    const seen = isWhole ? null : this.seenBy(c, own, facts);
    const data = writer.finish((s) => this.failed.has(s), seen === null ? '' : JSON.stringify(seen));
    const action = this.segmentAction(c.action, c.segments.length);
    cache.put(action, data);
    if (!isWhole) cache.put(c.ownAction, encodeText([...c.stored, action].join('\n')));
  }

  private verify(c: CachedPackage, own: ReadonlySet<LinkSymbol>): void {
    const { comparedWith, host } = this.settings;
    if (comparedWith === null) return;
    for (let n = 0; n < maxSegments; n++) {
      const action = this.segmentAction(c.action, n);
      const data = comparedWith.get(action);
      if (data === null) return;
      verifySegment(host.sha256, c.path, action, new Segment(data), own, (s, f) => this.fileOrderOf(s, f));
    }
  }

  /**
   * Whether a definition has to be stored with a package though it is another's, which may be edited: its name does not tell how to make it. So has
   * one of its own that has come from where it was stored with another package.
   */
  private isMadeElsewhere(t: LinkSymbol, c: CachedPackage): boolean {
    const path = t.object?.packagePath ?? '';
    const p = this.identities.find(path);
    if (p === null || this.declarations.isWhole(p)) return false;
    const source = this.taken.get(t) ?? null;
    if (p === c.loaded && (source === null || this.owners.get(source) === c)) return false;
    return !this.settings.program.isDeclared(t);
  }

  /** What symbols that a package stores have in them of other packages; null if that cannot be told. */
  private seenBy(
    c: CachedPackage,
    symbols: Iterable<LinkSymbol>,
    facts: readonly KnownFunction[],
  ): SeenPackage[] | null {
    const { program } = this.settings;
    const uses = new ForeignUses(c.path, program.functions);
    // What data is made of is not told apart by variables.
    for (const f of program.bodiesReadBy(c.path)) if (f.pkg !== null) uses.addDeclared(f.pkg.path, f.name);
    const sources = new Set<Segment>();
    for (const s of symbols) {
      // Data follows from types, and from bodies that mention it; so do functions that compare and hash.
      if (s.func === null || isAssembled(s) || s.name.startsWith('type:.') || uses.add(s)) continue;
      program.analyse(s);
      if (uses.add(s)) continue;
      const source = this.taken.get(s) ?? null;
      if (source === null) return null;
      sources.add(source);
    }
    if (!facts.every((f) => uses.add(f.symbol))) return null;
    const seen = new SeenList(this.seenProgram, c.loaded);
    for (const segment of sources) {
      const owner = this.owners.get(segment);
      const known = seenIn(segment);
      if (owner === c || owner === undefined) continue;
      uses.wholes.add(owner.loaded.path);
      if (!this.declarations.isWhole(owner.loaded)) {
        if (known === null) return null;
        seen.merge(known);
      }
    }
    return seen.finish(uses, (ref) => this.factsIdOf(ref));
  }

  private fileOrderOf(s: LinkSymbol, f: FuncInfo): readonly number[] {
    const order = this.fileOrders.get(s);
    if (order !== undefined) return order;
    const all = new Set(f.files);
    for (const n of f.inlineTree) all.add(n.file);
    return [...all].sort((a, b) => a - b);
  }
}

function isAssembled(s: LinkSymbol): boolean {
  return s.object !== null && (s.object.flags & FlagFromAssembly) !== 0;
}

function seenIn(segment: Segment): SeenPackage[] | null {
  return segment.seen === '' ? null : JSON.parse(segment.seen);
}

/** A function analysed now, and what is known of it. */
export interface KnownFunction {
  readonly symbol: LinkSymbol;
  readonly facts: FunctionFacts;
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

function escapedForRegExp(text: string): string {
  return text.replace(/[^\w]/g, '\\$&');
}

/** Instances, itabs, descriptors. */
const isMade = /^(?:type:|go:itab\.)|\[/;
/** Constants are made anew as fast as they are read. */
const isConstant = /^(?:go:string\.|gclocals·|type:\.namedata\.|type:\.importpath\.|\$)/;
/** Something of the main package is in the name. */
const ofMain = /(?:^|[^\w./%-])main\./;

/** Several packages may define the symbol. */
function isShared(s: LinkSymbol, shared: ObjectFile): boolean {
  return s.object === shared || (s.attrs & (Attr.DupOk | Attr.ContentAddressable)) !== 0 || s.name.includes('[');
}

function forEachReference(s: LinkSymbol, visit: (t: LinkSymbol | null) => void): void {
  for (const t of s.relocs?.targets ?? []) visit(t);
  visit(s.gotype);
  visit(s.dwarfInfo);
  const f = s.func;
  if (f === null) return;
  for (const d of f.funcdata) visit(d);
  for (const d of [f.dwarfInfo, f.dwarfLoc, f.dwarfRanges, f.dwarfLines]) visit(d);
}
