/**
 * A whole program on demand: packages are loaded and their declarations collected; then the linker's reachability asks for
 * symbols, and each is made when it is asked for: functions compiled, descriptors written, variables given memory.
 *
 * Order of work: load, collect (types/), assemble, init tasks, link (which demands everything else).
 */

import { linkPath } from '#abi/type-names.ts';
import { type CodeOptions, compileBody, plainCode } from '#arch/amd64/compile.ts';
import { amd64 as assembler } from '#arch/amd64/encode/target.ts';
import { amd64 } from '#arch/amd64/target.ts';
import type { AsmContext } from '#arch/inst.ts';
import { type Diagnostic, maxErrors } from '#base/diagnostic.ts';
import { FileSet, formatPosition, type Pos } from '#base/source.ts';
import type { BuildCache } from '#cache/store.ts';
import type { Host } from '#host/host.ts';
import type { LinkOptions } from '#link/context.ts';
import { type LinkResult, linkProgram } from '#link/link.ts';
import { PrelinkMismatch } from '#link/memory.ts';
import { EmbedError, patternPosition, resolveEmbed } from '#load/embed.ts';
import { type LoadedPackage, Loader, type Resolver } from '#load/loader.ts';
import { linkageOf } from '#load/package-files.ts';
import { type PackageIndex, StaleIndex } from '#load/package-index.ts';
import { type BuildTarget, releaseVersion } from '#load/target.ts';
import * as SymKind from '#obj/kinds.ts';
import { FlagStd, ObjectFile } from '#obj/object.ts';
import { isRuntimePackage } from '#obj/runtime-packages.ts';
import { Abi0, AbiInternal, type LinkSymbol } from '#obj/symbol.ts';
import { buildFunction } from '#ssa/builder/build.ts';
import { DeclSource } from '#ssa/builder/source.ts';
import type { FuncRef } from '#ssa/call.ts';
import type { Func } from '#ssa/func.ts';
import { type PassOptions, plain } from '#ssa/pipeline.ts';
import { parseBody } from '#syntax/body.ts';
import { checkPackage, newConfig } from '#types/check.ts';
import type { Config } from '#types/checker.ts';
import { Context } from '#types/context.ts';
import { type IndexedFile, packageOnDemand } from '#types/on-demand.ts';
import type { Package } from '#types/package.ts';
import { unsafePackage } from '#types/universe.ts';
import { asmHeader } from './asm-header.ts';
import { argsStackMapSuffix, defineArgsStackMap } from './asm-stack-maps.ts';
import { type AssemblerOptions, AssemblyError, assemblePackage } from './assembly.ts';
import { BarrierCheck } from './barrier-check.ts';
import { PackageCheck, type PackageErrors } from './check-package.ts';
import { CodeCache, CodeCacheMiss, type CompilingProgram, newFacts } from './code-cache.ts';
import { closeOver, deriveFunction, isDeclared, isOptional } from './code-closure.ts';
import type { FunctionFacts } from './code-segment.ts';
import type { EmbedConfig } from './embed.ts';
import { forgetPackages } from './forget.ts';
import { FunctionCompiler, type PackageOptions } from './function-compiler.ts';
import { defineInitTask } from './init-tasks.ts';
import { demandPackage } from './package-functions.ts';
import { defineAssemblyOf, foreignFacts, ownsSymbol, type PackageUnit } from './package-unit.ts';
import { Program, type ProgramPackage } from './program.ts';
import type { Remarks } from './remarks.ts';
import { ProgramServices } from './services.ts';
import { SourcePositions } from './source-positions.ts';
import { Variables } from './variables.ts';

export interface ProgramRequest {
  readonly goroot: string;
  readonly target: BuildTarget;
  readonly resolver: Resolver;
  /** Loads the main package. */
  readonly loadMain: (loader: Loader) => LoadedPackage | null;
  /** "go1.N" of the main module. */
  readonly goVersion: string;
  /** "go1.N" of a package outside of the standard library; without it the main module's holds. */
  readonly languageOf?: (p: LoadedPackage) => string;
  readonly passes: PassOptions;
  readonly code: CodeOptions;
  /** False: no call is replaced by the body of what it calls. */
  readonly inlines?: boolean;
  /** What is asked of single packages, by the paths that the program knows them by; null: nothing. */
  readonly packageOptions?: (packagePath: string) => PackageOptions | null;
  /** Flags of the assembler for single packages. */
  readonly assemblerOptions?: (packagePath: string) => AssemblerOptions | null;
  readonly link: Partial<LinkOptions>;
  /** Told what has been decided about functions (-m). */
  readonly remarks?: Remarks | null;
  /** Package mode: the one package that is compiled, into an object of its own. */
  readonly unit?: PackageUnit | null;
  /** Where compiled packages are kept. */
  readonly cache?: BuildCache | null;
  /** False: what the cache has is made again. */
  readonly readsCache?: boolean;
  /** What is made is compared with what this cache has of it. */
  readonly comparedWith?: BuildCache | null;
  /** Whether nobody changes a package; then what programs need of such packages is kept ready for the linker. */
  readonly isFixed?: ((p: LoadedPackage) => boolean) | null;
  /** False: what is kept so is made again. */
  readonly readsPrelinked?: boolean;
  /** Whether nobody edits a package; without it that holds for the standard library. */
  readonly isUnedited?: (p: LoadedPackage) => boolean;
  /** What is known of packages from before. */
  readonly index?: PackageIndex | null;
  /** The identity of a file's content, if it is known already. */
  readonly contentOf?: (path: string) => string | null;
  /** Told of every package of a program that was built: why it was compiled, or that it was not. */
  readonly explain?: ((path: string, reason: string) => void) | null;
  /** The executable that was linked before for an identity; then nothing is compiled. Null: there is none. */
  readonly keptImage?: ((action: string) => Uint8Array | null) | null;
  /** Whether a package outside of the standard library has been found right before, as it is. */
  readonly isRight?: (p: LoadedPackage) => boolean;
  /** At how many errors of a package the compiler gives up; without it, at the official number. */
  readonly errorLimitOf?: (p: LoadedPackage) => number;
  /** The names of source files that the executable tells; null: as they are, with $GOROOT for the tree. */
  readonly trim?: ((file: string) => string) | null;
  /** The kind of symbol of a package's variable that counts for coverage or fuzzing; 0 for others. Which do count is decided by the sources. */
  readonly counterKind?: (packagePath: string, name: string) => number;
}

export interface ProgramResult {
  /** The executable; null if there were errors. */
  readonly image: Uint8Array | null;
  /** The executable's identity; "" if it has none. */
  readonly action: string;
  /** It was linked before. */
  readonly isKept: boolean;
  readonly fileSet: FileSet;
  readonly diagnostics: readonly Diagnostic[];
  /** The same by package. */
  readonly errors: readonly PackageErrors[];
  readonly linkErrors: readonly string[];
  readonly functions: number;
}

/** The language of the standard library. */
const standardVersion = `go1.${releaseVersion}`;

/** What unnamed types, generated functions, strings and constants belong to. */
const sharedPath = 'go.shared';

export class WholeProgram {
  readonly host: Host;
  readonly request: ProgramRequest;
  readonly fileSet: FileSet;
  readonly loader: Loader;
  readonly program: Program;
  readonly services: ProgramServices;
  readonly variables: Variables;
  readonly functions: FunctionCompiler;
  private readonly barriers: BarrierCheck;
  readonly diagnostics: Diagnostic[];
  private readonly unit: PackageUnit | null;
  private readonly code: CodeCache | null;
  private readonly shared: ObjectFile;
  private readonly contexts: Map<ObjectFile, AsmContext>;
  private readonly memory: Map<string, ObjectFile>;
  /** What the packages with embedding variables embed. */
  private readonly embedConfigs: Map<Package, EmbedConfig>;
  /** Loaded packages that are set up, and their initialisation. */
  private readonly packages: Map<LoadedPackage, Package>;
  private readonly initTasks: Map<LoadedPackage, LinkSymbol | null>;
  /** Packages outside of the standard library; they are checked whole. */
  private readonly checks: PackageCheck[];
  private readonly assemblyErrors: PackageErrors[];
  /** One context of instances for all packages: equal instances are one type. */
  private readonly instances: Context;
  /** "go1.N" of the main module. */
  private goVersion: string;

  constructor(host: Host, request: ProgramRequest) {
    this.host = host;
    this.request = request;
    this.fileSet = new FileSet();
    this.diagnostics = [];
    this.unit = request.unit ?? null;
    this.shared = new ObjectFile(this.unit === null ? sharedPath : this.unit.path);
    this.program = new Program(amd64, this.fileSet, this.shared, host.sha256);
    this.code = this.codeCache();
    const files = this.code === null ? host.files : this.code.files;
    this.loader = new Loader(files, this.fileSet, request.target, request.resolver);
    this.loader.index = request.index ?? null;
    if (this.unit !== null) this.program.onlyObject = this.shared;
    this.services = new ProgramServices(this.program, this.shared);
    this.variables = new Variables(this.program, this.services);
    this.variables.counterKind = request.counterKind ?? null;
    this.variables.embedding = {
      readFile: (path) => files.readFile(path),
      sha256: (data) => host.sha256(data),
      report: (pos, message) => void this.diagnostics.push({ pos, message, code: '', soft: false }),
      configOf: (pkg) => this.embedConfigs.get(pkg) ?? null,
    };
    this.contexts = new Map();
    this.memory = new Map([[this.shared.packagePath, this.shared]]);
    this.embedConfigs = new Map();
    this.packages = new Map();
    this.initTasks = new Map();
    this.checks = [];
    this.assemblyErrors = [];
    this.instances = new Context();
    this.goVersion = request.goVersion;
    this.barriers = new BarrierCheck((pos) => formatPosition(this.fileSet.position(pos)));
    this.functions = new FunctionCompiler({
      services: this.services,
      options: request.passes,
      inline: request.inlines !== false,
      particular: (ref) => request.packageOptions?.(this.program.objectOf(ref).packagePath) ?? null,
      build: (ref) => this.build(ref),
      finish: (f) => this.finish(f),
      analysed: (f, summary, isInlinable) => {
        // Whole programs take the runtime as it is.
        if (f.ref.pkgPath === this.unit?.path) this.barriers.analysed(f);
        request.remarks?.record(f, summary, isInlinable);
      },
      // A body elsewhere under the same link name is not looked through: what is known of it is about another declaration.
      known: (ref) => (ref.source.kind === 'external' ? null : this.knownOf(ref)),
    });
  }

  private knownOf(ref: FuncRef): FunctionFacts | null {
    const { unit = null } = this.request;
    return unit === null ? (this.code?.factsOf(ref.symbol) ?? null) : foreignFacts(unit, ref);
  }

  run(): ProgramResult {
    const { code, request } = this;
    const main = this.load(request.loadMain, request.goVersion);
    const action = main === null ? '' : this.programAction();
    const kept = action === '' ? null : (request.keptImage?.(action) ?? null);
    if (kept !== null) return { ...this.finished(), image: kept, action, isKept: true };
    const result = { ...this.linkMain(main), action };
    // Errors are told by a link of everything.
    if (code !== null && code.prelinked !== null && result.linkErrors.length > 0)
      throw new PrelinkMismatch(result.linkErrors.join('; '));
    if (result.image !== null) this.keep();
    return result;
  }

  /** Compiles packages that are no programs to the end: whatever their declarations stand for. */
  compileLibraries(isWanted: (p: LoadedPackage) => boolean): ProgramResult {
    if (this.prepare(this.request.loadMain, this.request.goVersion) !== null) {
      for (const [p, types] of this.packages) {
        if (p.name === 'main' || !isWanted(p)) continue;
        const prefix = `${linkPath(types.path)}.`;
        const object = this.memory.get(types.path) ?? this.shared;
        demandPackage(this.program, types, object, (name) => name.startsWith(prefix));
      }
      if (this.diagnostics.length === 0) this.keep();
    }
    return this.finished();
  }

  /** Keeps what has been compiled now. */
  private keep(): void {
    const { code } = this;
    if (code === null) return;
    const { explain = null } = this.request;
    if (explain !== null) code.explain(this.shared, explain);
    code.rememberParts();
    code.saveAdoptions();
    const isStale = code.isStale(this.program.symbols, this.shared);
    if (isStale) {
      closeOver(
        this.program,
        (s) => code.stores(s, this.shared),
        (s) => this.demand(s),
      );
    }
    const facts = newFacts(code, this.functions);
    if (isStale) code.save(this.shared, facts);
    code.savePrelinked(this.shared, [...facts.values()].flat(), isStale);
  }

  private get trims(): boolean {
    return this.request.trim !== undefined && this.request.trim !== null;
  }

  private codeCache(): CodeCache | null {
    const { request, host } = this;
    const { cache, goroot, target, passes, code } = request;
    if (cache === undefined || cache === null || this.unit !== null) return null;
    // What watches the compiler at work needs it to work.
    if ([passes, code].some((o) => Object.values(o).some((v) => typeof v === 'function'))) return null;
    const options = JSON.stringify({
      target: { ...target, tags: [...target.tags] },
      passes,
      code,
      trimmed: this.trims,
    });
    const optionsOf = (p: LoadedPackage): string => {
      const path = p.name === 'main' ? 'main' : p.path;
      const own = [request.packageOptions?.(path) ?? null, request.assemblerOptions?.(path) ?? null];
      return own.every((o) => o === null) ? '' : JSON.stringify(own);
    };
    const { readsCache: reads = true, contentOf = () => null } = request;
    // Known when packages have been loaded.
    const debug = (): boolean => request.link.stripDwarf !== true;
    const isBare = (): boolean => {
      const { stripDwarf, stripSymbols, dumpDep, callGraph, verbose } = request.link;
      const tells = dumpDep === true || callGraph === true || (verbose ?? 0) > 0;
      return stripDwarf === true && stripSymbols === true && !tells;
    };
    const { explain = null, isFixed = null, readsPrelinked = true } = request;
    const settings = {
      ...{ host, cache, goroot, options, optionsOf, reads, contentOf, debug, isBare, readsPrelinked },
      // Who asks why packages were compiled wants to hear of all of them.
      isFixed: explain === null ? isFixed : null,
      isUnedited: request.isUnedited ?? ((p: LoadedPackage) => p.isStandard),
      comparedWith: request.comparedWith ?? null,
      program: this.compilingProgram(),
    };
    return new CodeCache(settings, this.program.symbols, (path) => this.memory.get(path) ?? this.shared);
  }

  private compilingProgram(): CompilingProgram {
    // It is made after the cache is.
    const functionsOf = (): FunctionCompiler => this.functions;
    return {
      get functions() {
        return functionsOf();
      },
      functionOf: (linkName) => this.program.declaredByName(linkName),
      analyse: (s) => {
        if (this.program.refOf(s) === null) deriveFunction(this.program, s);
        const ref = this.program.refOf(s);
        if (ref !== null && ref.source.kind !== 'external') this.functions.factsOf(ref);
      },
      isDeclared: (s) => isDeclared(this.program, s),
      bodiesReadBy: (path) => this.variables.bodies.get(path) ?? [],
      initialises: (p) => (this.initTasks.get(p) ?? null) !== null,
    };
  }

  private programAction(): string {
    const { link, goroot } = this.request;
    return this.code?.programAction({ link, goroot, trims: this.trims }) ?? '';
  }

  compileMain(loadMain: ProgramRequest['loadMain'], goVersion: string): ProgramResult {
    return this.linkMain(this.load(loadMain, goVersion));
  }

  private linkMain(loaded: LoadedPackage | null): ProgramResult {
    if (loaded === null || this.setUp(loaded) === null) return this.finished();
    const linked = linkProgram(
      {
        ...this.request.link,
        mainFile: '',
        memoryPackages: this.memory,
        symbols: this.program.symbols,
        prelinked: this.code?.prelinkedForLink() ?? null,
        // Without it the program does not know where the tree was.
        goroot: this.trims ? '' : this.request.goroot,
      },
      this.linkHost(),
    );
    return this.result(linked);
  }

  /** Loads and sets up a main package and what it needs, up to where symbols can be demanded; null if there were errors. */
  prepare(loadMain: ProgramRequest['loadMain'], goVersion: string): Package | null {
    const main = this.load(loadMain, goVersion);
    return main === null ? null : this.setUp(main);
  }

  private load(loadMain: ProgramRequest['loadMain'], goVersion: string): LoadedPackage | null {
    this.goVersion = goVersion;
    const main = loadMain(this.loader);
    this.loader.load('runtime');
    this.diagnostics.push(...this.loadErrors());
    if (main === null || this.diagnostics.length > 0) return null;
    this.code?.identify(this.loader.ordered, (p) =>
      p.isStandard ? standardVersion : (this.request.languageOf?.(p) ?? goVersion),
    );
    return main;
  }

  private setUp(main: LoadedPackage): Package | null {
    this.code?.open();
    const collected = this.collect(main, this.goVersion);
    if (this.diagnostics.length > 0 || this.checks.some((c) => c.hasErrors)) return null;
    // Code that is taken over is compared with that of packages below, which may have to be compiled for it: the whole standard library comes before.
    const standard = new Set<LoadedPackage>();
    for (const p of collected)
      if (p.isStandard && [...p.imports.values()].every((i) => standard.has(i) || this.initTasks.has(i)))
        standard.add(p);
    for (const p of standard) this.assemble(p);
    for (const p of standard) this.defineInitTask(p);
    for (const p of collected) {
      if (standard.has(p)) continue;
      this.code?.adopt(p);
      this.assemble(p);
      this.defineInitTask(p);
    }
    this.program.symbols.demand = (s) => this.demand(s);
    if (this.diagnostics.length + this.assemblyErrors.length > 0) return null;
    return this.packages.get(main) ?? null;
  }

  /** What has been found wrong so far, by package. */
  get errors(): readonly PackageErrors[] {
    return this.result(null).errors;
  }

  /** The packages outside of the standard library. */
  ownPackages(): ProgramPackage[] {
    const list: ProgramPackage[] = [];
    for (const [p, types] of this.packages) if (!p.isStandard) list.push(this.program.package(types.path));
    return list;
  }

  /**
   * Forgets all packages outside of the standard library and whatever was made for them, so that another program can be compiled with
   * what has been made of the standard library.
   */
  forgetProgram(): void {
    const paths = [];
    for (const [p, types] of this.packages) {
      if (p.isStandard) continue;
      paths.push(types.path);
      this.packages.delete(p);
      this.initTasks.delete(p);
      const object = this.memory.get(types.path);
      if (object !== undefined) this.contexts.delete(object);
      this.memory.delete(types.path);
    }
    this.loader.forget((p) => !p.isStandard);
    this.diagnostics.length = 0;
    this.checks.length = 0;
    this.assemblyErrors.length = 0;
    this.functions.abandon();
    forgetPackages(this.program, this.memory.values(), paths);
  }

  /** What keeps packages from being compiled at all: everything but what the parser has found in packages outside of the standard library. */
  private loadErrors(): Diagnostic[] {
    const parsed = new Set<Diagnostic>();
    for (const p of this.loader.ordered) if (!p.isStandard) for (const d of p.files.parseErrors) parsed.add(d);
    return this.loader.errors.filter((d) => !parsed.has(d));
  }

  /** Sets up the packages that are new; those outside of the standard library are checked whole, so that their errors are complete. */
  private collect(main: LoadedPackage, goVersion: string): LoadedPackage[] {
    const { packages } = this;
    const added: LoadedPackage[] = [];
    const report = (d: Diagnostic): void => void this.diagnostics.push(d);
    const parse: Config['parseBody'] = (file, decl) => void parseBody(file, decl, report);
    const { goarch } = this.request.target;
    const standard = {
      ...newConfig(this.fileSet, report, goarch, this.unit === null ? standardVersion : this.request.goVersion, parse),
      context: this.instances,
    };
    for (const p of this.loader.ordered) {
      if (packages.has(p)) continue;
      this.host.progress.show('check', packages.size, this.loader.ordered.length, p.path);
      // After an error, packages that import the wrong one are not compiled; others are, for their errors.
      if (!p.isStandard && this.importsWrong(p)) continue;
      const language = p.isStandard ? goVersion : (this.request.languageOf?.(p) ?? goVersion);
      const check = this.checkOf(p, language);
      if (check !== null) {
        this.checks.push(check);
        if (!check.parse()) continue;
      }
      added.push(p);
      const config = check === null ? standard : { ...standard, goVersion: language, report: check.errors.report };
      const path = p === main && p.name === 'main' ? 'main' : p.path;
      const importer = {
        import: (name: string): Package | string => {
          if (name === 'unsafe') return unsafePackage;
          const imported = p.imports.get(name);
          const found = imported === undefined ? undefined : packages.get(imported);
          return found ?? `could not import ${name}`;
        },
      };
      const indexed = check === null ? indexedFiles(p) : null;
      const types =
        indexed !== null
          ? packageOnDemand(path, p.name, indexed, importer, config)
          : checkPackage(
              path,
              p.files.goFiles.map((f) => f.syntax),
              importer,
              config,
            );
      packages.set(p, types);
      this.findEmbedded(p, types);
      const object = path === this.unit?.path ? this.shared : new ObjectFile(path);
      if (p.isStandard) object.flags |= FlagStd;
      for (const i of p.imports.values()) object.imports.push({ path: i.path, fingerprint: new Uint8Array(8) });
      if (path === 'main' && !p.imports.has('runtime'))
        object.imports.push({ path: 'runtime', fingerprint: new Uint8Array(8) });
      if (path === 'runtime' && this.unit === null)
        object.imports.push({ path: sharedPath, fingerprint: new Uint8Array(8) });
      this.memory.set(path, object);
      this.program.addPackage(types, object, p.isStandard, linkageOf(p.files.goFiles));
      if (check === null) continue;
      check.check(types);
    }
    return added;
  }

  /** Finds the files that a package embeds; in package mode the build system tells them. */
  private findEmbedded(p: LoadedPackage, types: Package): void {
    const patterns = p.files.goFiles.flatMap((f) => f.embeds);
    if (patterns.length === 0) return;
    if (this.unit !== null) {
      if (p.path === this.unit.path && this.unit.embed !== null) this.embedConfigs.set(types, this.unit.embed);
      return;
    }
    try {
      const { byPattern, files } = resolveEmbed(this.loader.files, p.dir, patterns);
      this.embedConfigs.set(types, { patterns: byPattern, files: new Map(files.map((f) => [f, `${p.dir}/${f}`])) });
    } catch (e) {
      if (!(e instanceof EmbedError)) throw e;
      const pos = patternPosition(this.loader.files, this.fileSet, p.files.goFiles, e.pattern);
      this.diagnostics.push({ pos, message: e.message, code: '', soft: false });
    }
  }

  /** In package mode the imported packages are taken to be right. */
  private checkOf(p: LoadedPackage, goVersion: string): PackageCheck | null {
    const { unit } = this;
    if (unit === null) {
      const limit = this.request.errorLimitOf?.(p) ?? maxErrors;
      return p.isStandard || this.isRight(p) ? null : new PackageCheck(p, this.fileSet, goVersion, { limit });
    }
    return p.path === unit.path ? new PackageCheck(p, this.fileSet, goVersion, unit) : null;
  }

  private isRight(p: LoadedPackage): boolean {
    return indexedFiles(p) !== null && this.request.isRight?.(p) === true;
  }

  private importsWrong(p: LoadedPackage): boolean {
    const isWrong = (i: LoadedPackage): boolean =>
      !this.packages.has(i) || this.checks.some((c) => c.loaded === i && c.hasErrors);
    return [...p.imports.values()].some(isWrong);
  }

  private assemble(p: LoadedPackage): void {
    const types = this.packages.get(p);
    if (types === undefined) return;
    if (p.path === this.unit?.path) {
      defineAssemblyOf(this.program, this.unit);
      return;
    }
    if (p.files.sFiles.length === 0) return;
    if (this.code?.isCached(p) === true) {
      this.code.defineAssembly(p);
      return;
    }
    const { goroot, target, trim = null } = this.request;
    const own = this.request.assemblerOptions?.(types.path) ?? null;
    const settings = { files: this.host.files, goroot, target, assembler, trim, own };
    const header = asmHeader(types, this.program.types);
    try {
      assemblePackage(settings, p, types.path, header, this.program.symbols);
    } catch (e) {
      if (!(e instanceof AssemblyError)) throw e;
      this.assemblyErrors.push({ path: p.path, list: [], stoppedAt: 0, assembler: { dir: p.dir, text: e.message } });
    }
  }

  private defineInitTask(p: LoadedPackage): void {
    const types = this.packages.get(p);
    if (types === undefined) return;
    const { initTasks: tasks } = this;
    const known = p.path === this.unit?.path ? null : (this.unit?.initTaskOf(types.path) ?? null);
    const symbol = (): LinkSymbol => this.program.symbols.lookup(`${linkPath(types.path)}..inittask`, Abi0);
    if (known !== null) tasks.set(p, known ? symbol() : null);
    else if (this.code?.isCached(p) === true) tasks.set(p, this.code.provides(symbol()) ? symbol() : null);
    else {
      const imported = [...p.imports.values()].map((i) => tasks.get(i) ?? null).filter((s) => s !== null);
      tasks.set(p, defineInitTask(this.program, this.program.package(types.path), this.variables, imported));
    }
  }

  /** Makes the content of a symbol that something reachable refers to, if the sources say what it is. */
  private demand(s: LinkSymbol): void {
    if (s.kind !== SymKind.Undefined) return;
    if (this.unit !== null && !ownsSymbol(this.program, this.unit, s)) return;
    const { code } = this;
    if (code?.provides(s) === true || isOptional(s.name)) return;
    this.make(s);
    if (code !== null && s.kind === SymKind.Undefined) {
      deriveFunction(this.program, s);
      this.make(s);
      if (s.kind === SymKind.Undefined) code.fail(s);
    }
    code?.accept(s, this.shared);
  }

  private make(s: LinkSymbol): void {
    if (this.program.descriptors.define(s)) return;
    if (s.name.startsWith('type:') && s.abi !== AbiInternal) {
      this.defineNamedType(s);
      return;
    }
    if (s.name.endsWith(argsStackMapSuffix)) {
      this.defineStackMap(s);
      return;
    }
    const v = s.abi === AbiInternal ? null : this.program.variableOf(s);
    if (v !== null) {
      this.variables.define(s, v);
      return;
    }
    const ref = this.program.refForSymbol(s);
    if (ref !== null) this.functions.compile(ref);
  }

  /** The descriptor of a type that only its name is known of: the linker asks so for types the runtime must have. */
  private defineNamedType(s: LinkSymbol): void {
    const t = this.program.typeByLinkString(s.name.slice('type:'.length));
    if (t === null) return;
    this.program.typeSymbol(t);
    this.program.descriptors.define(s);
  }

  private defineStackMap(s: LinkSymbol): void {
    const name = s.name.slice(0, -argsStackMapSuffix.length);
    const fn = this.program.declaredByName(name);
    if (fn !== null) defineArgsStackMap(s, fn, this.services.convention, this.program.objectOf(fn));
  }

  private build(ref: FuncRef): Func | null {
    if (ref.source.kind === 'external') return null;
    if (ref.symbol.kind !== SymKind.Undefined && this.code?.has(ref.symbol) !== true) return null;
    if (ref.source instanceof DeclSource) this.program.ensureBody(ref.source.obj);
    return buildFunction(this.program, ref);
  }

  private finish(f: Func): void {
    this.host.progress.show('compile', this.functions.compiled, 0, f.ref.symbol.name);
    this.barriers.record(f);
    const asm = this.context(this.program.objectOf(f.ref));
    const given = asm.positions instanceof SourcePositions ? asm.positions.given : [];
    given.length = 0;
    compileBody(f, { asm, options: this.request.code, isRuntimePackage, fileStart: this.fileStart });
    this.code?.fileOrders.set(f.ref.symbol, [...given]);
  }

  private readonly fileStart = (pos: Pos): Pos => this.fileSet.file(pos)?.base ?? 0;

  private context(object: ObjectFile): AsmContext {
    let c = this.contexts.get(object);
    if (c === undefined) {
      const positions = new SourcePositions(this.fileSet, object, this.request.goroot, this.request.trim ?? null);
      c = {
        goos: this.request.target.goos,
        symbols: this.program.symbols,
        object,
        positions,
        isAsm: false,
        shared: false,
        dynlink: false,
        constants: [],
        describePosition: (pos) => `${object.files[positions.fileOf(pos)]}:${positions.lineOf(pos)}`,
        error: (pos, message) => void this.diagnostics.push({ pos, message, code: '', soft: false }),
      };
      this.contexts.set(object, c);
    }
    return c;
  }

  private linkHost() {
    const { host } = this;
    return {
      readFile: (path: string) => host.files.readFile(path),
      exists: (path: string) => host.files.stat(path) !== null,
      sha256: host.sha256,
      deflate: (data: Uint8Array) => host.deflate(data),
      // What a tool prints is told with the messages of the build.
      print: (text: string) => host.stderr(text),
      capture: null,
    };
  }

  /** What has been found out without linking. */
  finished(): ProgramResult {
    return this.result(null);
  }

  private result(linked: LinkResult | null): ProgramResult {
    this.diagnostics.push(...this.barriers.errors());
    const errors = this.checks.filter((c) => c.hasErrors).map((c) => c.result());
    const diagnostics = [...this.diagnostics, ...errors.flatMap((e) => e.list)];
    if (this.diagnostics.length > 0) errors.unshift({ path: '', list: [...this.diagnostics], stoppedAt: 0 });
    errors.push(...this.assemblyErrors);
    return {
      image: diagnostics.length > 0 || linked === null ? null : linked.image,
      action: '',
      isKept: false,
      fileSet: this.fileSet,
      diagnostics,
      errors,
      linkErrors: linked === null ? [] : [...linked.errors, ...(linked.stopped === '' ? [] : [linked.stopped])],
      functions: this.functions.compiled,
    };
  }
}

/** The files of a package that the index knows; null if they have been parsed. */
function indexedFiles(p: LoadedPackage): IndexedFile[] | null {
  const list: IndexedFile[] = [];
  for (const f of p.files.goFiles) {
    if (f.declared === null) return null;
    const { names, receivers } = f.declared;
    list.push({ names, receivers, parse: () => f.syntax });
  }
  return list;
}

type Request = Omit<ProgramRequest, 'passes' | 'code' | 'link'> & Partial<ProgramRequest>;

export function compileProgram(host: Host, request: Request): ProgramResult {
  return compiled(host, request, (program) => program.run());
}

/** Compiles packages that are no programs, and keeps what has been made in the cache; the request loads them. */
export function compileLibraries(host: Host, request: Request, isWanted: (p: LoadedPackage) => boolean): ProgramResult {
  return compiled(host, request, (program) => program.compileLibraries(isWanted));
}

/** Begins again if what was kept before does not fit. */
function compiled(host: Host, request: Request, run: (program: WholeProgram) => ProgramResult): ProgramResult {
  const full = { passes: plain, code: plainCode, link: {}, ...request };
  try {
    return run(new WholeProgram(host, full));
  } catch (e) {
    if (e instanceof StaleIndex) return compiled(host, { ...request, index: null }, run);
    if (e instanceof PrelinkMismatch) return compiled(host, { ...request, readsPrelinked: false }, run);
    if (!(e instanceof CodeCacheMiss)) throw e;
    return run(new WholeProgram(host, { ...full, readsCache: false }));
  }
}
