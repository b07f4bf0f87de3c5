/** Package-level variables: their data, and which of them need none of the package's init code. */
import type { GoType } from '#abi/gotype.ts';
import { linkPath } from '#abi/type-names.ts';
import { bug } from '#base/bug.ts';
import * as SymKind from '#obj/kinds.ts';
import { AbiInternal, type LinkSymbol } from '#obj/symbol.ts';
import { closureType } from '#ssa/builder/closures.ts';
import { initAnalysisOf } from '#ssa/builder/init-names.ts';
import { ClosureSource, ExternalSource } from '#ssa/builder/source.ts';
import {
  defineZeroed,
  type ReturnedExpr,
  type StaticContent,
  type StaticContext,
  staticInitializer,
} from '#ssa/builder/static-data.ts';
import { FuncRef, IsClosure } from '#ssa/call.ts';
import * as Node from '#syntax/kinds.ts';
import type { Expr, FuncLit } from '#syntax/nodes.ts';
import { resolveObj, signatureOf } from '#types/decl.ts';
import { instanceOf, tvOf } from '#types/info.ts';
import type { Func, Var } from '#types/object.ts';
import type { Package } from '#types/package.ts';
import { defineEmbedded, type EmbedConfig, type EmbedContext, type Embedded, embeddedVariables } from './embed.ts';
import type { Program } from './program.ts';
import type { ProgramServices } from './services.ts';

export interface Embedding extends Pick<EmbedContext, 'readFile' | 'sha256' | 'report'> {
  /** Null if the build system said nothing about the package. */
  configOf(pkg: Package): EmbedConfig | null;
}

export class Variables {
  private readonly program: Program;
  private readonly services: ProgramServices;
  private readonly contents: Map<Var, StaticContent | null>;
  private readonly literals: Map<FuncLit, LinkSymbol>;
  private readonly embedded: Map<Package, ReadonlyMap<string, Embedded>>;
  /** The functions whose bodies have been looked at for variables of a package, by its path. */
  readonly bodies: Map<string, Set<Func>>;
  /** How embedded files are found and read; set by who drives the compilation. */
  embedding: Embedding | null;
  /** The kind of symbol of counters, which the linker puts together, 0 for other variables; null if there are none. */
  counterKind: ((packagePath: string, name: string) => number) | null;

  constructor(program: Program, services: ProgramServices) {
    this.program = program;
    this.services = services;
    this.contents = new Map();
    this.literals = new Map();
    this.embedded = new Map();
    this.bodies = new Map();
    this.embedding = null;
    this.counterKind = null;
    program.literals = (pkg, symbol) => this.literalContext(pkg, symbol);
  }

  /** The variable's initial value is data: it has an initialiser of its own, and that needs no code. */
  isStatic(v: Var): boolean {
    return this.content(v) !== null;
  }

  /** Gives a variable its memory. */
  define(s: LinkSymbol, v: Var): void {
    resolveObj(v);
    const content = v.decl !== null && v.decl.init !== null ? this.content(v) : null;
    if (content !== null) content.define(s);
    else if (!this.defineFromFiles(s, v)) defineZeroed(this.context(packageOf(v), v), s, this.program.types.of(v.typ));
    const kind = s.kind === SymKind.NoPtrBss ? (this.counterKind?.(packageOf(v).path, v.name) ?? 0) : 0;
    if (kind !== 0) s.kind = kind;
  }

  /** Whether files give the variable its value; then they have. */
  private defineFromFiles(s: LinkSymbol, v: Var): boolean {
    const pkg = packageOf(v);
    let names = this.embedded.get(pkg);
    if (names === undefined) {
      names = embeddedVariables(pkg.checker?.files ?? []);
      this.embedded.set(pkg, names);
    }
    const e = names.get(v.name);
    if (e === undefined) return false;
    const { embedding } = this;
    if (embedding === null) return bug(`nobody says where the files of variable ${linkPath(pkg.path)}.${v.name} are`);
    const context = { ...this.context(pkg, v), ...embedding };
    defineEmbedded(context, s, this.program.types.of(v.typ), e, embedding.configOf(pkg), pkg.path, v.name);
    return true;
  }

  private content(v: Var): StaticContent | null {
    let c = this.contents.get(v);
    if (c === undefined) {
      resolveObj(v);
      const decl = v.decl;
      const single = decl !== null && decl.init !== null && (decl.lhs === null || decl.lhs.length === 1);
      c = single ? this.evaluate(v, decl.init) : null;
      this.contents.set(v, c);
    }
    return c;
  }

  private evaluate(v: Var, init: Expr | null): StaticContent | null {
    if (init === null) return null;
    return staticInitializer(this.context(packageOf(v), v), init, this.program.types.of(v.typ));
  }

  private context(pkg: Package, v: Var): StaticContext {
    const { program } = this;
    let temporaries = 0;
    return {
      ...this.references(pkg),
      closureValue: (lit) => this.closureValue(pkg, lit),
      returned: (f) => this.returned(pkg, f),
      // By variable, so that the name is the same whatever else has been compiled.
      temporaryName: () =>
        `${linkPath(pkg.path)}..stmp_${v.name}_${v.name === '_' ? `${program.localPlace(v.pos)}_` : ''}${temporaries++}`,
    };
  }

  /** For literals in functions. */
  private literalContext(pkg: Package, symbol: LinkSymbol): StaticContext {
    let temporaries = 0;
    return {
      ...this.references(pkg),
      // Function literals are named and built by the function around them.
      closureValue: () => null,
      returned: () => null,
      temporaryName: () => `${symbol.name}_${temporaries++}`,
    };
  }

  private references(pkg: Package): Omit<StaticContext, 'closureValue' | 'returned' | 'temporaryName'> {
    const { program, services } = this;
    const { types } = program;
    return {
      symbols: program.symbols,
      object: program.package(pkg.path).object,
      type: (t) => types.of(t),
      typeSymbol: (t) => program.typeSymbol(t),
      itabSymbol: (concrete, iface) => program.itabSymbol(concrete, iface),
      sliceOf: (elem) => types.sliceOf(elem),
      arrayOf: (elem, length) => types.arrayOf(elem, length),
      underlying: (t) => types.underlying(t),
      stringSymbol: (bytes) => services.stringSymbol(bytes),
      variableSymbol: (v) => program.globalSymbol(v),
      functionValue: (f, e) => this.functionValue(f, e),
    };
  }

  private returned(pkg: Package, f: Func): ReturnedExpr | null {
    let bodies = this.bodies.get(pkg.path);
    if (bodies === undefined) {
      bodies = new Set();
      this.bodies.set(pkg.path, bodies);
    }
    bodies.add(f);
    const { recv, tparams, params, results, variadic } = signatureOf(f);
    if (recv !== null || tparams.length > 0 || variadic || results.vars.length !== 1) return null;
    this.program.ensureBody(f);
    const list = f.decl?.fdecl?.body?.list ?? [];
    const [only] = list;
    if (list.length !== 1 || only.kind !== Node.ReturnStmt || only.results === null) return null;
    return { params: params.vars, type: results.vars[0].typ, value: only.results };
  }

  private functionValue(f: Func, e: Expr): LinkSymbol | null {
    const sig = signatureOf(f);
    if (sig.recv !== null) return null;
    const args: GoType[] = [];
    if (sig.tparams.length > 0) {
      const instance = instanceOf(nameOf(e));
      if (instance === null) return null;
      for (const t of instance.typeArgs) args.push(this.program.types.of(t));
    }
    return this.program.funcValueSymbol(this.program.funcRef(f, args));
  }

  /** A literal outside of all functions can capture nothing. */
  private closureValue(pkg: Package, lit: FuncLit): LinkSymbol {
    let s = this.literals.get(lit);
    if (s === undefined) {
      const { program } = this;
      const tv = tvOf(lit) ?? bug('function literal without a type');
      const type = program.types.underlying(program.types.of(tv.type));
      const path = linkPath(pkg.path);
      const analysis = initAnalysisOf(pkg);
      // Named after the function that initialises the package, which itself may not be needed.
      const outer = new FuncRef(
        `${path}.init`,
        program.symbols.lookup(`${path}.init`, AbiInternal),
        type,
        new ExternalSource(null, pkg),
        pkg.path,
      );
      const source = new ClosureSource(lit, outer, pkg, null, analysis, [], closureType(program.types, []), null);
      const suffix = analysis.suffixes.get(lit) ?? bug('function literal without a name');
      const ref = program.generated(`${path}.init${suffix}`, type, pkg.path, IsClosure, source);
      s = program.funcValueSymbol(ref);
      this.literals.set(lit, s);
    }
    return s;
  }
}

function nameOf(e: Expr) {
  let x = e;
  if (x.kind === Node.IndexExpr) x = x.x;
  if (x.kind === Node.SelectorExpr) return x.sel;
  return x.kind === Node.Name ? x : bug('function value that is no name');
}

function packageOf(v: Var): Package {
  return v.pkg ?? bug(`variable ${v.name} without a package`);
}
