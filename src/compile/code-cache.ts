/**
 * Compiled packages in the build cache. What a package's functions and variables become is decided by its sources, by what it imports, and by
 * the options: that is the action identity under which their symbols are stored, in segments, each with what one program asked for and
 * those before had not. A symbol that several packages may define (instances, descriptors of unnamed types, strings) is stored with each
 * package that refers to it and does not import another one that has it.
 */
import { linkPath } from '#abi/type-names.ts';
import { contentId, Fingerprint } from '#cache/fingerprint.ts';
import type { BuildCache } from '#cache/store.ts';
import type { Files, Host } from '#host/host.ts';
import type { LoadedPackage } from '#load/loader.ts';
import * as Attr from '#obj/attributes.ts';
import * as SymKind from '#obj/kinds.ts';
import { FlagFromAssembly, ObjectFile } from '#obj/object.ts';
import type { FuncInfo, LinkSymbol, Symbols } from '#obj/symbol.ts';
import { DupOk } from '#ssa/call.ts';
import { type FunctionFacts, isOwn, Segment, type SegmentContext, SegmentWriter } from './code-segment.ts';
import type { FunctionCompiler } from './function-compiler.ts';
import { PrelinkedCode, prelinkedBytes } from './prelinked-code.ts';
import { changesOf, type Parts, rememberParts } from './why.ts';

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
  readonly path: string;
  readonly action: string;
  readonly segments: Segment[];

  constructor(loaded: LoadedPackage, path: string, action: string) {
    this.loaded = loaded;
    this.path = path;
    this.action = action;
    this.segments = [];
  }
}

export interface CodeCacheSettings {
  readonly host: Host;
  readonly cache: BuildCache;
  readonly goroot: string;
  /** Everything besides sources that decides what code is made. */
  readonly options: string;
  /** What is asked of one package alone, or "". */
  optionsOf(p: LoadedPackage): string;
  /** False: everything is compiled and stored again. */
  readonly reads: boolean;
  /** The identity of a file's content, if it is known already. */
  readonly contentOf: (path: string) => string | null;
  /** Whether debugging information is wanted. */
  readonly debug: () => boolean;
  /** Whether the program is nothing but code and data: no names, nothing for debuggers, nothing told by the linker. */
  readonly isBare: () => boolean;
  /** Whether nobody changes a package; null: nothing is prelinked. */
  readonly isFixed: ((p: LoadedPackage) => boolean) | null;
  /** False: what is prelinked is made again. */
  readonly readsPrelinked: boolean;
}

export class CodeCache implements SegmentContext {
  readonly symbols: Symbols;
  readonly files: Files;
  private readonly settings: CodeCacheSettings;
  private readonly ids: Map<string, string>;
  private readonly packages: Map<string, CachedPackage>;
  /** What the main package has made that other packages determine: instances, itabs, descriptors. */
  private common: CachedPackage | null;
  private readonly actions: Map<LoadedPackage, string>;
  /** The packages, with what else decides their code. */
  private readonly opened: { readonly p: LoadedPackage; readonly goVersion: string; readonly core: string }[];
  private readonly places: [Map<string, Place>, Map<string, Place>];
  private readonly facts: Map<string, FunctionFacts>;
  private readonly taken: Set<LinkSymbol>;
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
    this.ids = new Map();
    this.packages = new Map();
    this.common = null;
    this.actions = new Map();
    this.opened = [];
    this.places = [new Map(), new Map()];
    this.facts = new Map();
    this.taken = new Set();
    this.mentioned = new Set();
    this.failed = new Set();
    this.assemblyObjects = new Map();
    this.fileOrders = new Map();
    this.prelinked = null;
    this.prelinkAction = '';
    this.fixed = new Set();
    const { host } = settings;
    this.files = {
      ...host.files,
      readFile: (path) => {
        const data = host.files.readFile(path);
        this.ids.set(path, settings.contentOf(path) ?? contentId(host.sha256, data));
        return data;
      },
    };
  }

  // Identities.

  /** Opens the archives of all packages. */
  open(list: readonly LoadedPackage[], languageOf: (p: LoadedPackage) => string): void {
    const core = this.coreIdentity(list);
    for (const p of list) {
      const goVersion = languageOf(p);
      const action = this.actionOf(p, goVersion, core);
      this.opened.push({ p, goVersion, core });
      // A program's main package changes most, and its code is needed by no other program.
      if (p.name === 'main' || p.files.goFiles.some((f) => f.embeds.length > 0)) continue;
      const c = new CachedPackage(p, p.path, action);
      this.packages.set(p.path, c);
    }
    const main = list.at(-1);
    if (main !== undefined && main.name === 'main') {
      this.common = new CachedPackage(main, main.path, this.importsAction(main, core));
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
    this.prelinked.declareAssembly(this.symbols, (path, flags) => this.object(path, flags), this.taken);
  }

  /** Of what a program's main package imports: what it makes of that alone is the same whatever else is in it. */
  private importsAction(main: LoadedPackage, core: string): string {
    const f = new Fingerprint(this.settings.host.sha256, 'tuza code of imports');
    f.add('runtime', core);
    for (const i of main.imports.values()) f.add(i.path, this.actions.get(i) ?? '');
    return f.finish();
  }

  get debug(): boolean {
    return this.settings.debug();
  }

  private contentOf(path: string): string {
    let id = this.ids.get(path) ?? this.settings.contentOf(path) ?? undefined;
    if (id === undefined) {
      this.files.readFile(path);
      id = this.ids.get(path) ?? '';
    }
    return id;
  }

  private sourcesOf(p: LoadedPackage): Parts {
    const other = [...p.files.sFiles, ...p.files.hFiles];
    return [
      ...p.files.goFiles.map((file) => [file.name, this.contentOf(file.path)] as const),
      ...other.map((name) => [name, this.contentOf(`${p.dir}/${name}`)] as const),
    ];
  }

  /** Of the runtime and what it imports: all code calls it, and it may call whatever it is made of. */
  private coreIdentity(list: readonly LoadedPackage[]): string {
    const f = new Fingerprint(this.settings.host.sha256, 'tuza runtime');
    const { goroot } = this.settings;
    f.add('version', this.contentOf(`${goroot}/VERSION`));
    for (const h of this.settings.host.files.readDirectory(`${goroot}/pkg/include`))
      f.add(h.name, this.contentOf(`${goroot}/pkg/include/${h.name}`));
    const runtime = list.find((p) => p.path === 'runtime');
    const seen = new Set<LoadedPackage>();
    const visit = (p: LoadedPackage): void => {
      if (seen.has(p)) return;
      seen.add(p);
      for (const i of p.imports.values()) visit(i);
      f.add('package', p.path);
      for (const [label, value] of this.sourcesOf(p)) f.add(label, value);
    };
    if (runtime !== undefined) visit(runtime);
    return f.finish();
  }

  private actionOf(p: LoadedPackage, goVersion: string, core: string): string {
    const { host } = this.settings;
    const f = new Fingerprint(host.sha256, 'tuza package code');
    f.add('path', p.path);
    f.add('directory', p.isStandard ? '' : p.dir);
    for (const [label, value] of this.partsOf(p, goVersion, core)) f.add(label, value);
    const action = f.finish();
    this.actions.set(p, action);
    return action;
  }

  private partsOf(p: LoadedPackage, goVersion: string, core: string): Parts {
    const { host, options, optionsOf } = this.settings;
    return [
      ['tool', host.toolIdentity],
      ['options', options + optionsOf(p)],
      ['runtime', core],
      ['the language version', p.isStandard ? '' : goVersion],
      ...this.sourcesOf(p),
      ...[...p.imports].map(([path, i]) => [`import ${path}`, `${i.path} ${this.actions.get(i) ?? ''}`] as const),
    ];
  }

  /** Tells why each package was compiled, or that it was not, and keeps what it was made of. For after the link, before what is new is stored. */
  explain(shared: ObjectFile, tell: (path: string, reason: string) => void): void {
    const { host, cache } = this.settings;
    const made = new Map<string, number>();
    for (const s of this.symbols.all())
      if (s.kind !== SymKind.Undefined && s.object !== null && !this.taken.has(s) && !isShared(s, shared))
        made.set(s.object.packagePath, (made.get(s.object.packagePath) ?? 0) + 1);
    for (const { p, goVersion, core } of this.opened) {
      const known = this.packages.get(p.path);
      if (known !== undefined && known.segments.length > 0) {
        const n = made.get(p.path) ?? 0;
        tell(
          p.path,
          n === 0 ? 'in the cache' : `in the cache but for ${n} symbols, which no program had needed before`,
        );
        continue;
      }
      const changes = changesOf(host, cache, p.path, p.dir, this.partsOf(p, goVersion, core));
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
    for (const { p, goVersion, core } of this.opened)
      if (!this.isCached(p)) rememberParts(host, cache, p.path, p.dir, this.partsOf(p, goVersion, core));
  }

  private segmentAction(action: string, n: number): string {
    const f = new Fingerprint(this.settings.host.sha256, 'tuza code segment');
    f.add('package', action);
    f.add('segment', String(n));
    return f.finish();
  }

  // Reading.

  private read(c: CachedPackage): void {
    for (let n = 0; n < maxSegments; n++) {
      const data = this.settings.cache.get(this.segmentAction(c.action, n));
      if (data === null) break;
      c.segments.push(new Segment(data));
    }
    if (c.segments.length === maxSegments) c.segments.length = 0;
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
    this.taken.add(s);
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
      if (isStale) cache.put(this.prelinkAction, new Uint8Array(0));
      return;
    }
    // The next program takes their code from the cache: what has been made now is not kept before it does.
    for (const s of this.symbols.all())
      if (s.kind !== SymKind.Undefined && !this.taken.has(s) && !isShared(s, shared))
        if (this.fixed.has(s.object?.packagePath ?? '')) return;
    const paths = this.opened.filter(({ p }) => !this.fixed.has(p.path)).map(({ p }) => linkPath(p.path));
    const others = new RegExp(`(?:^|[^\\w./%-])(?:main|${paths.map(escapedForRegExp).join('|')})\\.`);
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

  private saveSegment(
    c: CachedPackage,
    roots: readonly LinkSymbol[],
    facts: readonly KnownFunction[],
    shared: ObjectFile,
    stored: Map<LoadedPackage, Set<LinkSymbol>>,
  ): void {
    const own = new Set<LinkSymbol>();
    const imported = importsOf(c.loaded);
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
      if (!isShared(t, shared) || isStored(t)) return;
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
    const data = writer.finish((s) => this.failed.has(s));
    this.settings.cache.put(this.segmentAction(c.action, c.segments.length), data);
  }

  private fileOrderOf(s: LinkSymbol, f: FuncInfo): readonly number[] {
    const order = this.fileOrders.get(s);
    if (order !== undefined) return order;
    const all = new Set(f.files);
    for (const n of f.inlineTree) all.add(n.file);
    return [...all].sort((a, b) => a - b);
  }
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

/** Everything a package imports, directly or not. */
function importsOf(p: LoadedPackage): Set<LoadedPackage> {
  const seen = new Set<LoadedPackage>();
  const visit = (q: LoadedPackage): void => {
    for (const i of q.imports.values()) {
      if (seen.has(i)) continue;
      seen.add(i);
      visit(i);
    }
  };
  visit(p);
  return seen;
}
