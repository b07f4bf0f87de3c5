/**
 * What a package sees of those it imports, directly or not: the declarations that its text mentions, those that these mention, and so on. As long as
 * they are the same, checking the package finds the same, whatever else changes in the others.
 */
import { universe } from '#types/universe.ts';
import { allNames, type Declarations, type DeclarationText, packageItself, shownBy } from './declarations.ts';
import type { LoadedPackage } from './loader.ts';

/** Names that are seen, by package. Of packages whose declarations are not looked at there is only `allNames`. */
export type Reached = ReadonlyMap<LoadedPackage, ReadonlySet<string>>;

export interface SeenSettings extends DeclarationText {
  /** What else than its files decides what a package is; of one that counts as a whole, everything that does. */
  settingsOf(p: LoadedPackage): string;
  /** Whether a package counts as a whole, because nobody edits it. */
  isWhole(p: LoadedPackage): boolean;
}

/** Names and their identities in turn: a form that can be kept. */
export type NameList = readonly string[];

/** The declarations of a program's packages, as far as they have been asked for. */
export class ProgramDeclarations {
  private readonly settings: SeenSettings;
  private readonly known: Map<LoadedPackage, Declarations>;

  constructor(settings: SeenSettings) {
    this.settings = settings;
    this.known = new Map();
  }

  isWhole(p: LoadedPackage): boolean {
    return this.settings.isWhole(p);
  }

  of(p: LoadedPackage): Declarations {
    let d = this.known.get(p);
    if (d === undefined) {
      const settings = this.settings.settingsOf(p);
      d = this.isWhole(p)
        ? {
            names: new Map([[allNames, { id: settings, mentions: new Set() }]]),
            bodies: new Map(),
            mentions: new Set(),
          }
        : shownBy(this.settings, p, settings);
      this.known.set(p, d);
    }
    return d;
  }

  /** The identity of a name as it is now; "" if nothing has the name. */
  nameId(p: LoadedPackage, name: string): string {
    return this.of(p).names.get(name)?.id ?? '';
  }

  keep(q: LoadedPackage, names: Iterable<string>): NameList {
    return [...names].flatMap((name) => [name, this.nameId(q, name)]);
  }

  /** The first of the kept names of a package that is no longer what it was, or null. */
  changedIn(q: LoadedPackage, kept: NameList): string | null {
    for (let i = 0; i < kept.length; i += 2) if (this.nameId(q, kept[i]) !== kept[i + 1]) return kept[i];
    return null;
  }

  bodyId(p: LoadedPackage, name: string): string {
    return this.of(p).bodies.get(name)?.id ?? '';
  }

  /** What the text of `p` and bodies of other packages, given by their names, lead to. */
  reach(p: LoadedPackage, bodies: Iterable<readonly [q: LoadedPackage, body: string]>): Reached {
    const walk = new Walk(this, p);
    walk.mentions(p, this.of(p).mentions);
    for (const [q, body] of bodies) {
      walk.name(q, packageItself);
      if (!this.isWhole(q)) walk.mentions(q, this.of(q).bodies.get(body)?.mentions ?? []);
    }
    walk.run();
    return walk.reached;
  }
}

class Walk {
  readonly reached: Map<LoadedPackage, Set<string>>;
  private readonly program: ProgramDeclarations;
  private readonly own: LoadedPackage;
  private readonly pending: (readonly [LoadedPackage, ReadonlySet<string>])[];

  constructor(program: ProgramDeclarations, own: LoadedPackage) {
    this.program = program;
    this.own = own;
    this.reached = new Map();
    this.pending = [];
  }

  run(): void {
    for (let next = this.pending.pop(); next !== undefined; next = this.pending.pop()) this.mentions(...next);
  }

  mentions(q: LoadedPackage, list: Iterable<string>): void {
    for (const m of list) {
      const space = m.indexOf(' ');
      if (space < 0) {
        // A package that has no such name must not get one: it would hide the predeclared one.
        if (q !== this.own && (this.program.of(q).names.has(m) || universe.lookup(m) !== null)) this.name(q, m);
        continue;
      }
      const imported = q.imports.get(m.slice(0, space));
      if (imported !== undefined) this.name(imported, m.slice(space + 1));
    }
  }

  name(q: LoadedPackage, name: string): void {
    if (q === this.own) return;
    let names = this.reached.get(q);
    if (names === undefined) {
      names = new Set();
      this.reached.set(q, names);
      if (this.program.isWhole(q)) names.add(allNames);
      else this.name(q, packageItself);
    }
    if (names.has(name) || this.program.isWhole(q)) return;
    names.add(name);
    const shown = this.program.of(q).names.get(name);
    if (shown !== undefined) this.pending.push([q, shown.mentions]);
  }
}
