/**
 * What has been compiled now, as segments of the packages it belongs to. A symbol that several packages may define (instances, descriptors of unnamed
 * types, strings) is stored with each package that refers to it and does not import another one that has it; so is what belongs to a package that may
 * be edited, and is not found there by a name. With it goes what the code has in it of other packages.
 */
import { ByteWriter, encodeText } from '#base/bytes.ts';
import { appended } from '#base/lists.ts';
import type { BuildCache } from '#cache/store.ts';
import type { Host } from '#host/host.ts';
import { importsOf, type LoadedPackage } from '#load/loader.ts';
import * as SymKind from '#obj/kinds.ts';
import type { ObjectFile } from '#obj/object.ts';
import type { LinkSymbol } from '#obj/symbol.ts';
import type { FuncRef } from '#ssa/call.ts';
import { type CachedPackage, maxSegments, seenIn, segmentAction } from './cached-package.ts';
import type { CompilingProgram } from './code-cache.ts';
import type { CodeIdentities } from './code-identities.ts';
import { type FileOrder, isOwn, Segment, SegmentWriter } from './code-segment.ts';
import { forEachReference, isAssembled, isShared, type KnownFunction } from './code-symbols.ts';
import { verifySegment } from './code-verify.ts';
import { ForeignUses, SeenList, type SeenPackage, type SeenProgram } from './seen-code.ts';

/** The program whose code is stored. */
export interface SavedProgram {
  readonly host: Host;
  readonly cache: BuildCache;
  /** What is made is compared with what this cache has of it; null: it is not. */
  readonly comparedWith: BuildCache | null;
  readonly program: CompilingProgram;
  readonly identities: CodeIdentities;
  readonly seenProgram: SeenProgram;
  readonly shared: ObjectFile;
  readonly fileOrder: FileOrder;
  /** The segment that a symbol has come from; null if it has not come from one. */
  segmentOf(s: LinkSymbol): Segment | null;
  ownerOf(segment: Segment): CachedPackage | undefined;
  factsIdOf(ref: FuncRef): string;
  /** Whether a symbol was asked for in vain. */
  isAbsent(s: LinkSymbol): boolean;
}

export class CodeSaver {
  private readonly saved: SavedProgram;
  /** By symbol that is stored now, the packages that have stored it. */
  private readonly stored: Map<LinkSymbol, LoadedPackage[]>;
  private readonly records: ByteWriter;

  constructor(saved: SavedProgram) {
    this.saved = saved;
    this.stored = new Map();
    this.records = new ByteWriter(1 << 20);
  }

  /** Whether some package has stored a symbol now. */
  has(s: LinkSymbol): boolean {
    return this.stored.has(s);
  }

  /** Stores definitions, with what they need, and facts as one more segment of a package. */
  save(c: CachedPackage, roots: readonly LinkSymbol[], facts: readonly KnownFunction[]): void {
    const { host, cache, seenProgram, fileOrder } = this.saved;
    const own = this.collect(c, roots);
    const writer = new SegmentWriter(c.path, fileOrder, this.records);
    for (const s of own.list) writer.add(s);
    for (const s of own.all) this.stored.set(s, appended(this.stored.get(s) ?? [], c.loaded));
    for (const f of facts) writer.addFacts(f.symbol, f.facts);
    this.verify(c, own.all);
    const isWhole = seenProgram.declarations.isWhole(c.loaded);
    const seen = isWhole ? null : this.seenBy(c, own.all, facts);
    const data = writer.finish((s) => this.saved.isAbsent(s), seen === null ? '' : JSON.stringify(seen));
    const action = segmentAction(host, c.action, c.segments.length);
    cache.put(action, data);
    if (!isWhole) cache.put(c.ownAction, encodeText([...c.stored, action].join('\n')));
  }

  /** What has to be stored; the list is without symbols that are their object's own, which are written with what refers to them. */
  private collect(c: CachedPackage, roots: readonly LinkSymbol[]): { list: LinkSymbol[]; all: Set<LinkSymbol> } {
    const { shared, seenProgram } = this.saved;
    const all = new Set<LinkSymbol>(roots);
    // Packages that may be edited come to be without what they have stored for others.
    const imported = importsOf(c.loaded);
    for (const p of imported) if (!seenProgram.declarations.isWhole(p)) imported.delete(p);
    const isStored = (s: LinkSymbol): boolean => this.stored.get(s)?.some((p) => imported.has(p)) === true;
    const list: LinkSymbol[] = [...roots];
    const visit = (t: LinkSymbol | null): void => {
      if (t === null || t.kind === SymKind.Undefined || all.has(t)) return;
      if (isOwn(t)) {
        all.add(t);
        forEachReference(t, visit);
        return;
      }
      if (isShared(t, shared) ? isStored(t) : !this.isMadeElsewhere(t, c)) return;
      all.add(t);
      list.push(t);
    };
    for (let i = 0; i < list.length; i++) forEachReference(list[i], visit);
    return { list, all };
  }

  private verify(c: CachedPackage, own: ReadonlySet<LinkSymbol>): void {
    const { comparedWith, host, fileOrder } = this.saved;
    if (comparedWith === null) return;
    for (let n = 0; n < maxSegments; n++) {
      const action = segmentAction(host, c.action, n);
      const data = comparedWith.get(action);
      if (data === null) return;
      verifySegment(host.sha256, c.path, action, new Segment(data), own, fileOrder);
    }
  }

  /**
   * Whether a definition has to be stored with a package though it is another's, which may be edited: its name does not tell how to make it. So has
   * one of its own that has come from where it was stored with another package.
   */
  private isMadeElsewhere(t: LinkSymbol, c: CachedPackage): boolean {
    const { identities, seenProgram, program } = this.saved;
    const p = identities.find(t.object?.packagePath ?? '');
    if (p === null || seenProgram.declarations.isWhole(p)) return false;
    const source = this.saved.segmentOf(t);
    if (p === c.loaded && (source === null || this.saved.ownerOf(source) === c)) return false;
    return !program.isDeclared(t);
  }

  /** What symbols that a package stores have in them of other packages; null if that cannot be told. */
  private seenBy(
    c: CachedPackage,
    symbols: Iterable<LinkSymbol>,
    facts: readonly KnownFunction[],
  ): SeenPackage[] | null {
    const { program, seenProgram } = this.saved;
    const uses = new ForeignUses(c.path, program.functions);
    // What data is made of is not told apart by variables.
    for (const f of program.bodiesReadBy(c.path)) if (f.pkg !== null) uses.addDeclared(f.pkg.path, f.name);
    const sources = new Set<Segment>();
    for (const s of symbols) {
      // Data follows from types, and from bodies that mention it; so do functions that compare and hash.
      if (s.func === null || isAssembled(s) || s.name.startsWith('type:.') || uses.add(s)) continue;
      program.analyse(s);
      if (uses.add(s)) continue;
      const source = this.saved.segmentOf(s);
      if (source === null) return null;
      sources.add(source);
    }
    if (!facts.every((f) => uses.add(f.symbol))) return null;
    const seen = new SeenList(seenProgram, c.loaded);
    for (const segment of sources) {
      const owner = this.saved.ownerOf(segment);
      const known = seenIn(segment);
      if (owner === c || owner === undefined) continue;
      uses.wholes.add(owner.loaded.path);
      if (!seenProgram.declarations.isWhole(owner.loaded)) {
        if (known === null) return null;
        seen.merge(known);
      }
    }
    return seen.finish(uses, (ref) => this.saved.factsIdOf(ref));
  }
}
