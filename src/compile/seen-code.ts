/**
 * What compiled code has in it of other packages than its own: declarations that its text mentions, bodies that were inlined or instantiated, facts of
 * functions that are called, and whether imports have something to initialise. As long as all of that is the same, the code is what it would become
 * if it were compiled again, whatever else has changed in the others.
 */
import type { LoadedPackage } from '#load/loader.ts';
import { receiverName } from '#load/package-index.ts';
import type { NameList, ProgramDeclarations } from '#load/seen.ts';
import type { LinkSymbol } from '#obj/symbol.ts';
import type { Source } from '#ssa/builder/source.ts';
import { DupOk, type FuncRef } from '#ssa/call.ts';
import type { Consultation } from './function-compiler.ts';

/** Of one package. Lists have names and identities in turn. */
export interface SeenPackage {
  readonly path: string;
  /** Its identity with all that it imports: as long as that is the same, so is everything. */
  readonly action: string;
  /** Its identity by itself. */
  readonly own: string;
  /** Nothing finer is known. */
  readonly isWhole: boolean;
  readonly names: NameList;
  readonly bodies: NameList;
  /** By link name. */
  readonly facts: NameList;
  /** Whether it has something to initialise; null if that played no part. */
  readonly initialises: boolean | null;
}

/** The program at hand, as it is compared with what was seen. */
export interface SeenProgram {
  readonly declarations: ProgramDeclarations;
  find(path: string): LoadedPackage | null;
  actionOf(p: LoadedPackage): string;
  ownIdOf(p: LoadedPackage): string;
  factsIdOf(linkName: string): string;
  initialises(p: LoadedPackage): boolean;
}

/** What is no longer as it was seen, in words for -why; "" if nothing is. */
export function differenceOf(program: SeenProgram, seen: readonly SeenPackage[]): string {
  const { declarations } = program;
  for (const s of seen) {
    const q = program.find(s.path);
    if (q === null) return `${s.path} is gone`;
    if (program.actionOf(q) === s.action) continue;
    if (s.isWhole) return `${s.path} has changed`;
    if (program.ownIdOf(q) !== s.own) {
      const name = declarations.changedIn(q, s.names);
      if (name !== null) return name === '' ? `${s.path} has changed` : `${s.path}.${name} has changed`;
      for (let i = 0; i < s.bodies.length; i += 2)
        if (declarations.bodyId(q, s.bodies[i]) !== s.bodies[i + 1])
          return `the body of ${s.path}.${s.bodies[i]} has changed`;
    }
    for (let i = 0; i < s.facts.length; i += 2)
      if (program.factsIdOf(s.facts[i]) !== s.facts[i + 1])
        return `what ${s.facts[i]} does with its parameters has changed`;
    if (s.initialises !== null && program.initialises(q) !== s.initialises)
      return `the initialisation of ${s.path} has changed`;
  }
  return '';
}

/** What functions have in them of other packages than the one at a path. */
export class ForeignUses {
  /** Names of bodies, by package path. */
  readonly bodies: Map<string, Set<string>>;
  /** Functions that only facts are known of, by package path. */
  readonly facts: Map<string, Set<FuncRef>>;
  /** Packages that something is used of which has no name. */
  readonly wholes: Set<string>;
  private readonly own: string;
  private readonly consultationOf: (s: LinkSymbol) => Consultation | null;
  private readonly isInlinable: (ref: FuncRef) => boolean;
  private readonly visited: Set<LinkSymbol>;

  constructor(
    own: string,
    functions: {
      consultationOf(s: LinkSymbol): Consultation | null;
      isInlinable(ref: FuncRef): boolean;
    },
  ) {
    this.own = own;
    this.consultationOf = (s) => functions.consultationOf(s);
    this.isInlinable = (ref) => functions.isInlinable(ref);
    this.bodies = new Map();
    this.facts = new Map();
    this.wholes = new Set();
    this.visited = new Set();
  }

  /** Adds a function of any package whose body was looked at. */
  addDeclared(path: string, name: string): void {
    if (path !== this.own) put(this.bodies, path, name);
  }

  /** False: nobody knows what the function is made of. */
  add(s: LinkSymbol): boolean {
    const first = this.consultationOf(s);
    if (first === null) return false;
    const pending = [first];
    for (let c = pending.pop(); c !== undefined; c = pending.pop()) {
      if (this.visited.has(c.ref.symbol)) continue;
      this.visited.add(c.ref.symbol);
      this.addBody(c.ref);
      for (const other of c.others) {
        const next = this.consultationOf(other.symbol);
        // Its own package's declarations tell that a function has no body.
        if (!this.isFactual(other)) {
          if (next !== null) pending.push(next);
        } else if (other.source.kind !== 'external') put(this.facts, other.pkgPath, other);
      }
    }
    return true;
  }

  /** Callers know of it what there is to know without its body, and its link name leads to it in any program. */
  private isFactual(ref: FuncRef): boolean {
    if (ref.pkgPath === this.own || this.isInlinable(ref)) return false;
    return !isMadeByMany(ref) && (ref.source.kind === 'external' || isPlain(ref.source));
  }

  private addBody(ref: FuncRef): void {
    let source: Source = ref.source as Source;
    for (;;) {
      switch (source.kind) {
        case 'closure':
          source = source.outer.source as Source;
          continue;
        case 'abi-wrapper':
          source = source.target.source as Source;
          continue;
        case 'decl': {
          const path = source.pkg.path;
          if (path !== this.own) put(this.bodies, path, bodyName(source));
          return;
        }
        case 'external':
        case 'init':
          if (source.pkg !== null && source.pkg.path !== this.own) this.wholes.add(source.pkg.path);
          return;
        default:
          // Made from types, and by functions whose bodies count.
          return;
      }
    }
  }
}

function isMadeByMany(ref: FuncRef): boolean {
  return (ref.flags & DupOk) !== 0 || ref.symbol.name.includes('[');
}

function isPlain(source: FuncRef['source']): boolean {
  const s = source as Source;
  return s.kind === 'decl' && s.env === null;
}

function bodyName(source: Extract<Source, { kind: 'decl' }>): string {
  const { decl } = source;
  const receiver = decl.recv === null ? '' : receiverName(decl.recv.type);
  return receiver === '' ? decl.name.value : `${receiver}.${decl.name.value}`;
}

function put<V>(map: Map<string, Set<V>>, key: string, value: V): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([value]));
  else set.add(value);
}

/** Collects what a package has seen. */
export class SeenList {
  private readonly program: SeenProgram;
  private readonly own: LoadedPackage;
  private readonly entries: Map<string, Entry>;

  constructor(program: SeenProgram, own: LoadedPackage) {
    this.program = program;
    this.own = own;
    this.entries = new Map();
  }

  private entry(path: string): Entry {
    let e = this.entries.get(path);
    if (e === undefined) {
      e = { isWhole: false, names: new Map(), bodies: new Map(), facts: new Map(), initialises: null };
      this.entries.set(path, e);
    }
    return e;
  }

  /** Adds what other code has seen, which is part of this one, and is still as it was. */
  merge(list: readonly SeenPackage[]): void {
    for (const s of list) {
      if (s.path === this.own.path) continue;
      const e = this.entry(s.path);
      e.isWhole ||= s.isWhole;
      enter(e.names, s.names);
      enter(e.bodies, s.bodies);
      enter(e.facts, s.facts);
    }
  }

  /** Adds what functions use, and what the package's own text mentions; null if something of it cannot be found. */
  finish(uses: ForeignUses, factsIdOf: (ref: FuncRef) => string): SeenPackage[] | null {
    const { program, own } = this;
    const { declarations } = program;
    const bodies: [LoadedPackage, string][] = [];
    for (const [path, names] of uses.bodies) {
      const q = program.find(path);
      if (q === null) return null;
      const e = this.entry(path);
      for (const name of names) {
        bodies.push([q, name]);
        if (!declarations.isWhole(q)) e.bodies.set(name, declarations.bodyId(q, name));
      }
    }
    for (const [path, refs] of uses.facts) {
      const e = this.entry(path);
      const q = program.find(path);
      if (q === null) return null;
      if (!declarations.isWhole(q)) for (const ref of refs) e.facts.set(ref.linkName, factsIdOf(ref));
    }
    for (const path of uses.wholes) this.entry(path).isWhole = true;
    for (const [q, names] of declarations.reach(own, bodies))
      enter(this.entry(q.path).names, declarations.keep(q, names));
    for (const q of own.imports.values()) this.entry(q.path).initialises = program.initialises(q);
    const list: SeenPackage[] = [];
    for (const [path, e] of this.entries) {
      const q = program.find(path);
      if (q === null) return null;
      const isWhole = e.isWhole || declarations.isWhole(q);
      list.push({
        path,
        action: program.actionOf(q),
        own: program.ownIdOf(q),
        isWhole,
        names: isWhole ? [] : [...e.names].flat(),
        bodies: isWhole ? [] : [...e.bodies].flat(),
        facts: isWhole ? [] : [...e.facts].flat(),
        initialises: isWhole ? null : e.initialises,
      });
    }
    return list;
  }
}

interface Entry {
  isWhole: boolean;
  readonly names: Map<string, string>;
  readonly bodies: Map<string, string>;
  readonly facts: Map<string, string>;
  initialises: boolean | null;
}

function enter(map: Map<string, string>, list: NameList): void {
  for (let i = 0; i < list.length; i += 2) map.set(list[i], list[i + 1]);
}
