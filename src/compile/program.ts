/**
 * A program as the SSA builder sees it: packages, and the table of all functions that have been mentioned, one FuncRef per
 * link name and ABI (ssa/builder/program-api.ts). Functions get a body when the driver asks for it.
 */
import { Descriptors, isDirectInterface, type MethodEntry, type TypeFacts } from '#abi/descriptor.ts';
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import { findMethod, type Method, methodSet } from '#abi/method-set.ts';
import { linkPath, type TypeEnv } from '#abi/type-names.ts';
import { TypeTable } from '#abi/type-table.ts';
import { bug } from '#base/bug.ts';
import type { FileSet } from '#base/source.ts';
import type { Linkage } from '#load/package-files.ts';
import * as Attr from '#obj/attributes.ts';
import * as SymKind from '#obj/kinds.ts';
import { FlagFromAssembly, type ObjectFile } from '#obj/object.ts';
import * as Reloc from '#obj/reloc-types.ts';
import { Abi0, AbiInternal, addReloc, defineSymbol, type LinkSymbol, Symbols } from '#obj/symbol.ts';
import { type Analysis, analyzeFunc } from '#ssa/builder/analyze.ts';
import { equalSource, hashSource } from '#ssa/builder/equality.ts';
import type { ProgramApi } from '#ssa/builder/program-api.ts';
import { AbiWrapperSource, DeclSource, ExternalSource, WrapperSource } from '#ssa/builder/source.ts';
import type { StaticContext } from '#ssa/builder/static-data.ts';
import * as CallFlags from '#ssa/call.ts';
import { FuncRef, type FuncSource } from '#ssa/call.ts';
import type { Implementation } from '#ssa/pass.ts';
import type { Target } from '#ssa/target.ts';
import { type FuncDecl, hasBody } from '#syntax/nodes.ts';
import { checkBody } from '#types/check.ts';
import { resolveObj, signatureOf } from '#types/decl.ts';
import { originNamed } from '#types/named.ts';
import type { Func as FuncObj, Obj, Var } from '#types/object.ts';
import * as ObjKind from '#types/objkind.ts';
import type { Package } from '#types/package.ts';
import { splitLinkName } from './link-names.ts';
import { LocalTypeNumbers } from './local-types.ts';
import { type Linknames, linknamesOf, pragmaFlags } from './pragmas.ts';

/** What a program knows of one of its packages. */
export class ProgramPackage {
  readonly types: Package;
  readonly object: ObjectFile;
  readonly linknames: Linknames;
  /** From the package's assembly: the ABIs under which functions are defined. */
  readonly asmDefinitions: Map<string, number>;
  readonly isStandard: boolean;
  readonly counters: Map<string, number>;

  constructor(types: Package, object: ObjectFile, linknames: Linknames, isStandard: boolean) {
    this.types = types;
    this.object = object;
    this.linknames = linknames;
    this.asmDefinitions = new Map();
    this.isStandard = isStandard;
    this.counters = new Map();
  }
}

export class Program implements ProgramApi {
  readonly types: TypeTable;
  readonly symbols: Symbols;
  readonly target: Target;
  readonly descriptors: Descriptors;
  readonly fileSet: FileSet;
  readonly packages: Map<string, ProgramPackage>;
  /** By symbol; the other direction is FuncRef.symbol. */
  private readonly refs: Map<LinkSymbol, FuncRef>;
  /** Link names given by go:linkname, and what has them, in the order of packages. */
  private readonly linknamed: Map<string, { readonly pkg: Package; readonly local: string; readonly pulls: boolean }[]>;
  private readonly pulledFunctions: Map<FuncObj, FuncRef>;
  private readonly variables: Map<LinkSymbol, Var>;
  private readonly analyses: Map<FuncDecl, Analysis>;
  private readonly typeAsserts: Map<string, LinkSymbol>;
  private readonly shared: ObjectFile;
  /** Set by what defines variables. */
  literals: ((pkg: Package, symbol: LinkSymbol) => StaticContext) | null;
  /** Package mode: the one object that gets everything. */
  onlyObject: ObjectFile | null;

  /** `shared` is the object that gets what belongs to no package: descriptors of unnamed types, generated functions. */
  constructor(target: Target, fileSet: FileSet, shared: ObjectFile, sha256: (data: Uint8Array) => Uint8Array) {
    this.types = new TypeTable();
    this.symbols = new Symbols();
    this.target = target;
    this.fileSet = fileSet;
    this.shared = shared;
    this.literals = null;
    this.onlyObject = null;
    this.packages = new Map();
    this.refs = new Map();
    this.linknamed = new Map();
    this.pulledFunctions = new Map();
    this.variables = new Map();
    this.analyses = new Map();
    this.typeAsserts = new Map();
    const localTypes = new LocalTypeNumbers();
    this.types.localNumber = (obj) => localTypes.of(obj);
    this.descriptors = new Descriptors(this.symbols, shared, this.types, this.facts(), sha256);
  }

  /** `linkage`: what go:linkname says of the package's declarations. */
  addPackage(types: Package, object: ObjectFile, isStandard: boolean, linkage: readonly Linkage[]): ProgramPackage {
    const linknames = linknamesOf(linkage);
    const p = new ProgramPackage(types, object, linknames, isStandard);
    this.packages.set(types.path, p);
    for (const [local, remote] of linknames.remote) {
      const list = this.linknamed.get(remote);
      const entry = { pkg: types, local, pulls: linknames.pulled.has(local) };
      if (list === undefined) this.linknamed.set(remote, [entry]);
      else list.push(entry);
    }
    return p;
  }

  /** The function or variable with a definition that go:linkname gives a name to. */
  private pushed(linkName: string): Obj | null {
    const list = this.linknamed.get(linkName) ?? [];
    for (let i = list.length - 1; i >= 0; i--) {
      if (list[i].pulls) continue;
      const obj = list[i].pkg.scope.lookup(list[i].local);
      if (obj !== null && isDefinition(obj)) return obj;
    }
    return null;
  }

  /** A variable without initial value that go:linkname gives a name to: it is the definition if there is no other. */
  private pulled(linkName: string): Var | null {
    for (const { pkg, local, pulls } of this.linknamed.get(linkName) ?? []) {
      if (pulls) continue;
      const obj = pkg.scope.lookup(local);
      if (obj !== null && obj.kind === ObjKind.Var && !isDefinition(obj)) return obj;
    }
    return null;
  }

  /** Forgets packages, and the functions, types and descriptors whose names are chosen. */
  forget(paths: readonly string[], symbols: ReadonlySet<LinkSymbol>, chosen: (name: string) => boolean): void {
    for (const path of paths) this.packages.delete(path);
    for (const [name, list] of this.linknamed) {
      const rest = list.filter((l) => !paths.includes(l.pkg.path));
      if (rest.length === 0) this.linknamed.delete(name);
      else if (rest.length < list.length) this.linknamed.set(name, rest);
    }
    for (const s of symbols) {
      this.refs.delete(s);
      this.variables.delete(s);
      this.descriptors.forget(s);
    }
    for (const [key, s] of this.typeAsserts) if (symbols.has(s) || chosen(key)) this.typeAsserts.delete(key);
    this.types.forget(chosen);
  }

  package(path: string): ProgramPackage {
    return this.packages.get(path) ?? bug(`package ${path} is not loaded`);
  }

  refOf(s: LinkSymbol): FuncRef | null {
    return this.refs.get(s) ?? null;
  }

  // Declared functions.

  funcRef(obj: FuncObj, args: readonly GoType[]): FuncRef {
    const origin = obj.origin ?? obj;
    const path = origin.pkg === null ? bug(`function ${origin.name} without a package`) : origin.pkg.path;
    const sig = signatureOf(origin);
    if (sig.recv !== null) return bug(`method ${origin.name} taken as a function`);
    const p = this.package(path);
    let name = p.linknames.remote.get(origin.name) ?? `${linkPath(path)}.${origin.name}`;
    if (args.length > 0) name += `[${args.map((a) => a.linkString).join(',')}]`;
    const symbol = this.symbols.lookup(name, AbiInternal);
    const known = this.refs.get(symbol);
    if (known !== undefined && isDefinition(origin)) return known;
    const env = args.length === 0 ? null : this.types.envOf(sig.tparams, args);
    const type = this.types.in(sig, env);
    if (this.definitionOf(name, origin) !== origin) return this.pulledFunction(symbol, type, origin);
    if (known !== undefined) return known;
    const ref = this.declared(symbol, type, origin, env);
    if (args.length > 0) ref.flags |= CallFlags.DupOk;
    return ref;
  }

  /**
   * A function whose body another package has: callers see the type it is declared with here, which may differ from the definition's
   * (an interface here, the runtime's struct for it there), so it has a FuncRef of its own.
   */
  private pulledFunction(symbol: LinkSymbol, type: GoType, obj: FuncObj): FuncRef {
    let ref = this.pulledFunctions.get(obj);
    if (ref === undefined) {
      ref = new FuncRef(
        symbol.name,
        symbol,
        type,
        new ExternalSource(obj, obj.pkg),
        obj.pkg === null ? '' : obj.pkg.path,
      );
      const decl = obj.decl?.fdecl ?? null;
      if (decl !== null) ref.flags |= pragmaFlags(decl);
      this.pulledFunctions.set(obj, ref);
    }
    return ref;
  }

  /** The declaration with a body that a link name stands for: another package's, if this one only pulls it. */
  private definitionOf(linkName: string, declared: FuncObj): FuncObj {
    if (isDefinition(declared)) return declared;
    const pushed = this.pushed(linkName);
    if (pushed !== null && pushed.kind === ObjKind.Func) return pushed;
    const found = this.objectByLinkName(linkName);
    return found !== null && found.kind === ObjKind.Func && isDefinition(found) ? found : declared;
  }

  /** The FuncRef of a declared function or method, whose type (receiver first) is given. */
  private declared(symbol: LinkSymbol, type: GoType, obj: FuncObj, env: TypeEnv | null): FuncRef {
    const decl = obj.decl?.fdecl ?? null;
    const pkg = obj.pkg;
    const path = pkg === null ? '' : pkg.path;
    const source: FuncSource =
      decl !== null && pkg !== null && hasBody(decl)
        ? new DeclSource(obj, decl, pkg, env)
        : new ExternalSource(obj, pkg);
    const ref = new FuncRef(symbol.name, symbol, type, source, path);
    if (decl !== null) ref.flags |= pragmaFlags(decl);
    if (pkg !== null && this.packages.get(path)?.linknames.marked.has(obj.name) === true)
      ref.flags |= CallFlags.Linkname;
    this.refs.set(symbol, ref);
    return ref;
  }

  /** Enters a declared function under a link name that differs from its own (the functions named init). */
  defineDeclared(symbol: LinkSymbol, obj: FuncObj): FuncRef {
    return this.refs.get(symbol) ?? this.declared(symbol, this.types.of(signatureOf(obj)), obj, null);
  }

  /** A declared method, or the wrapper that gives it to recv. */
  methodRef(recv: GoType, m: Method): FuncRef {
    const isPointer = recv.kind === G.Pointer && this.types.namedOf(recv) === null;
    const base = isPointer ? recv.elem() : recv;
    const name = this.methodName(recv, base, isPointer, m);
    const symbol = this.symbols.lookup(name, AbiInternal);
    const known = this.refs.get(symbol);
    if (known !== undefined) return known;
    if (m.decl !== null && m.path.length === 0 && m.ptrRecv === isPointer)
      return this.declaredMethod(symbol, recv, base, m.decl);
    const type = this.withReceiver(recv, this.methodType(m));
    const ref = new FuncRef(name, symbol, type, new WrapperSource(recv, m), this.types.namedAs(base)?.pkgPath ?? '');
    ref.flags = CallFlags.Wrapper | CallFlags.DupOk;
    this.refs.set(symbol, ref);
    return ref;
  }

  private declaredMethod(symbol: LinkSymbol, recv: GoType, base: GoType, decl: FuncObj): FuncRef {
    const sig = signatureOf(decl);
    const args = this.types.argsOf(base);
    const env = args.length === 0 ? null : this.types.envOf(sig.rparams, args);
    const ref = this.declared(symbol, this.withReceiver(recv, this.types.in(sig, env)), decl, env);
    if (args.length > 0) ref.flags |= CallFlags.DupOk;
    return ref;
  }

  /** The method that a call through an itab reaches. */
  implementation(itab: LinkSymbol, index: number): Implementation | null {
    const types = this.descriptors.itabOf(itab);
    if (types === null) return null;
    const { concrete } = types;
    const { pkgPath, name } = types.iface.methods()[index];
    const m = findMethod(this.types, concrete, pkgPath, name);
    if (m === null || (isDirectInterface(concrete) && !concrete.isPointerShaped())) return null;
    const isPointer = concrete.kind === G.Pointer && this.types.namedOf(concrete) === null;
    const isBehindPointer = isPointer && m.decl !== null && m.path.length === 0 && !m.ptrRecv;
    const recv = isBehindPointer ? concrete.elem() : concrete;
    return { callee: this.methodRef(recv, m), recv, isBehindPointer };
  }

  /** The method's type without receiver. */
  methodType(m: Method): GoType {
    if (m.decl === null) return m.owner.methods()[m.index].type;
    const sig = signatureOf(m.decl);
    const args = this.types.argsOf(m.owner);
    return this.types.in(sig, args.length === 0 ? null : this.types.envOf(sig.rparams, args));
  }

  private withReceiver(recv: GoType, t: GoType): GoType {
    return this.types.funcOf([recv, ...t.params()], t.results(), t.isVariadic());
  }

  /** cmd/compile/internal/ir.MethodSymSuffix. */
  private methodName(recv: GoType, base: GoType, isPointer: boolean, m: Method): string {
    const named = this.types.namedAs(base);
    const recvPath = named === null ? 'go' : named.pkgPath === '' ? 'go:builtin' : named.pkgPath;
    const shown = named === null ? recv.linkString : isPointer ? `*${named.name}` : named.name;
    const qualifier = m.pkgPath !== '' && m.pkgPath !== recvPath ? `.${linkPath(m.pkgPath)}` : '';
    return `${linkPath(recvPath)}.${isPointer ? `(${shown})` : shown}${qualifier}.${m.name}`;
  }

  packageFunc(path: string, name: string): FuncRef {
    const obj = this.packageObject(path, name);
    if (obj === null || obj.kind !== ObjKind.Func) return bug(`no function ${path}.${name}`);
    return this.funcRef(obj, []);
  }

  packageObject(path: string, name: string): Obj | null {
    const obj = this.package(path).types.scope.lookup(name);
    if (obj !== null) resolveObj(obj);
    return obj;
  }

  generated(linkName: string, type: GoType, pkgPath: string, flags: number, source: FuncSource): FuncRef {
    const symbol = this.symbols.lookup(linkName, AbiInternal);
    let ref = this.refs.get(symbol);
    if (ref === undefined) {
      ref = new FuncRef(linkName, symbol, type, source, pkgPath);
      ref.flags = flags;
      this.refs.set(symbol, ref);
    }
    return ref;
  }

  equalFunc(t: GoType): FuncRef {
    const pointer = this.types.pointerTo(t);
    const type = this.types.funcOf([pointer, pointer], [this.types.basic(G.Bool)], false);
    return this.generated(`type:.eq.${t.linkString}`, type, '', CallFlags.DupOk | CallFlags.Noinline, equalSource(t));
  }

  hashFunc(t: GoType): FuncRef {
    const seed = this.types.basic(G.Uintptr);
    const type = this.types.funcOf([this.types.pointerTo(t), seed], [seed], false);
    return this.generated(`type:.hash.${t.linkString}`, type, '', CallFlags.DupOk | CallFlags.Noinline, hashSource(t));
  }

  // Functions asked for by symbol.

  /** The function or variable a link name stands for in the sources; null if none of the packages declares it. */
  objectByLinkName(linkName: string): Obj | null {
    const pushed = this.pushed(linkName);
    if (pushed !== null) return pushed;
    const split = splitLinkName(linkName);
    const p = split === null ? undefined : this.packages.get(split.path);
    if (split === null || p === undefined) return null;
    if (split.receiver === '') return p.types.scope.lookup(split.name);
    return this.methodByName(p.types, split.receiver, split.name);
  }

  /** The type of that link string: one that has been met, or a declared one. */
  typeByLinkString(linkString: string): GoType | null {
    const known = this.types.find(linkString);
    if (known !== null) return known;
    if (linkString.startsWith('*')) {
      const elem = this.typeByLinkString(linkString.slice(1));
      return elem === null ? null : this.types.pointerTo(elem);
    }
    const obj = this.objectByLinkName(linkString);
    if (obj === null || obj.kind !== ObjKind.TypeName) return null;
    resolveObj(obj);
    return this.types.of(obj.typ);
  }

  private methodByName(pkg: Package, receiver: string, name: string): FuncObj | null {
    const obj = pkg.scope.lookup(receiver.startsWith('(*') ? receiver.slice(2, -1) : receiver);
    if (obj === null || obj.kind !== ObjKind.TypeName) return null;
    resolveObj(obj);
    const named = this.types.namedOf(this.types.of(obj.typ));
    return named === null ? null : (originNamed(named).methods.find((m) => m !== null && m.name === name) ?? null);
  }

  /**
   * The function that has to define a symbol that only its name is known of (from assembly, linknames, the linker): the declared
   * one, or the wrapper from the other ABI; null if the sources do not say how.
   */
  refForSymbol(s: LinkSymbol): FuncRef | null {
    const known = this.refs.get(s);
    const go = known ?? (s.abi === AbiInternal ? this.declaredByName(s.name) : null);
    if (go !== null && go.source.kind !== 'external') return go;
    return this.abiWrapper(s);
  }

  /** The ABI0 function that assembly defines for fn, if it does not define fn itself. Wrappers that have been made meanwhile play no part. */
  assemblyFunc(fn: FuncRef): FuncRef | null {
    if (fn.source.kind !== 'external' || isAssembled(fn.symbol)) return null;
    const s = this.symbols.lookup(fn.linkName, Abi0);
    if (!isAssembled(s)) return null;
    let ref = this.refs.get(s);
    if (ref === undefined) {
      ref = new FuncRef(s.name, s, fn.type, fn.source, fn.pkgPath);
      ref.flags = fn.flags;
      this.refs.set(s, ref);
    }
    return ref;
  }

  declaredByName(linkName: string): FuncRef | null {
    const obj = this.objectByLinkName(linkName);
    if (obj === null || obj.kind !== ObjKind.Func) return null;
    resolveObj(obj);
    const sig = signatureOf(obj);
    if (sig.recv === null) {
      if (sig.tparams.length > 0) return null;
      const symbol = this.symbols.lookup(linkName, AbiInternal);
      return this.refs.get(symbol) ?? this.declared(symbol, this.types.of(sig), obj, null);
    }
    const recv = this.types.of(sig.recv.typ);
    // "(*T).M" of a method of T is a wrapper.
    if (recv.kind !== G.Pointer && splitLinkName(linkName)?.receiver.startsWith('(*') === true) return null;
    const base = recv.kind === G.Pointer ? recv.elem() : recv;
    const symbol = this.symbols.lookup(linkName, AbiInternal);
    return this.refs.get(symbol) ?? this.declaredMethod(symbol, recv, base, obj);
  }

  /** The wrapper that defines s by calling the function of the same name under the other ABI. */
  private abiWrapper(s: LinkSymbol): FuncRef | null {
    const other = this.symbols.lookup(s.name, s.abi === Abi0 ? AbiInternal : Abi0);
    const declared = this.refs.get(this.symbols.lookup(s.name, AbiInternal)) ?? this.declaredByName(s.name);
    if (declared === null) return null;
    const otherIsGo = other.abi === AbiInternal && declared.source.kind !== 'external';
    if (!otherIsGo && other.kind === SymKind.Undefined) return null;
    const target =
      this.refs.get(other) ??
      new FuncRef(other.name, other, declared.type, new ExternalSource(null, null), declared.pkgPath);
    const ref = new FuncRef(s.name, s, declared.type, new AbiWrapperSource(target), declared.pkgPath);
    ref.flags = CallFlags.AbiWrapper | CallFlags.Wrapper | CallFlags.DupOk | CallFlags.Nosplit;
    // The declared function stays what callers refer to; the wrapper only defines the symbol.
    return ref;
  }

  // Data.

  globalSymbol(v: Var): LinkSymbol {
    const path = v.pkg === null ? bug(`variable ${v.name} without a package`) : v.pkg.path;
    const name = this.package(path).linknames.remote.get(v.name) ?? `${linkPath(path)}.${v.name}`;
    const s = this.symbols.lookup(name, Abi0);
    if (!this.variables.has(s)) {
      const pushed = this.pushed(name);
      const elsewhere = this.objectByLinkName(name);
      const definition = pushed ?? (elsewhere !== null && elsewhere.kind === ObjKind.Var ? elsewhere : v);
      this.variables.set(s, definition.kind === ObjKind.Var ? definition : v);
    }
    return s;
  }

  /** The variable that a data symbol holds, or null. */
  variableOf(s: LinkSymbol): Var | null {
    const known = this.variables.get(s);
    if (known !== undefined) return known;
    const obj = s.abi === Abi0 ? this.objectByLinkName(s.name) : null;
    return obj !== null && obj.kind === ObjKind.Var ? obj : this.pulled(s.name);
  }

  runtimeVar(name: string): LinkSymbol {
    return this.symbols.lookup(`runtime.${name}`, Abi0);
  }

  typeSymbol(t: GoType): LinkSymbol {
    return this.descriptors.typeSymbol(t);
  }

  itabSymbol(concrete: GoType, iface: GoType): LinkSymbol {
    return this.descriptors.itabSymbol(concrete, iface);
  }

  funcValueSymbol(ref: FuncRef): LinkSymbol {
    return this.descriptors.funcValue(ref.symbol);
  }

  numberedSymbol(pkgPath: string, name: string): LinkSymbol {
    return this.symbols.lookup(this.numberedName(pkgPath, name), Abi0);
  }

  numberedName(pkgPath: string, name: string): string {
    return `${linkPath(pkgPath)}..${name}_${this.count(pkgPath, name)}`;
  }

  /** Counts up, from 0, per package and name. */
  count(pkgPath: string, name: string): number {
    const { counters } = this.package(pkgPath);
    const n = counters.get(name) ?? 0;
    counters.set(name, n + 1);
    return n;
  }

  literalContext(pkg: Package, symbol: LinkSymbol): StaticContext | null {
    return this.literals === null ? null : this.literals(pkg, symbol);
  }

  /** By line and column, so that the name is the same whatever else has been compiled, and whatever comments say. */
  literalSymbol(pkg: Package, pos: number, part: '' | 'keys' | 'elems'): LinkSymbol {
    const file = this.fileSet.file(pos) ?? bug('literal without a position');
    const name = file.name.slice(file.name.lastIndexOf('/') + 1);
    const { line, column } = file.rawPosition(pos);
    const place = `${line}:${column}${part === '' ? '' : `.${part}`}`;
    return this.symbols.lookup(`${linkPath(pkg.path)}..stmp_${name}:${place}`, Abi0);
  }

  typeAssertSymbol(pkgPath: string, iface: GoType, canFail: boolean): LinkSymbol {
    const key = `${pkgPath} ${iface.linkString} ${canFail}`;
    let s = this.typeAsserts.get(key);
    if (s === undefined) {
      // Named by content, so that the name is the same whatever else has been compiled.
      s = this.symbols.lookup(`${linkPath(pkgPath)}..typeAssert.${canFail ? '' : '!'}${iface.linkString}`, Abi0);
      this.typeAsserts.set(key, s);
      if (s.kind !== SymKind.Undefined) return s;
      const data = new Uint8Array(24);
      data[16] = canFail ? 1 : 0;
      addReloc(s, 0, 8, Reloc.Addr, this.runtimeVar('emptyTypeAssertCache'), 0);
      addReloc(s, 8, 8, Reloc.Addr, this.typeSymbol(iface), 0);
      defineSymbol(s, this.package(pkgPath).object, SymKind.Data, Attr.Local, data);
      const field = (name: string, type: GoType) => ({ name, type, embedded: false, tag: '', pkgPath: '' });
      const pointer = this.types.basic(G.UnsafePointer);
      const fields = [field('Cache', pointer), field('Inter', pointer), field('CanFail', this.types.basic(G.Bool))];
      s.gotype = this.typeSymbol(this.types.structOf(fields));
    }
    return s;
  }

  // Syntax.

  analysisOf(decl: FuncDecl): Analysis {
    let a = this.analyses.get(decl);
    if (a === undefined) {
      const body = decl.body ?? bug(`the body of ${decl.name.value} has not been parsed`);
      a = analyzeFunc(decl.recv, decl.type, body);
      this.analyses.set(decl, a);
    }
    return a;
  }

  /** Parses and checks the body of a declared function. */
  ensureBody(obj: FuncObj): void {
    checkBody(obj);
  }

  perIterationLoopVars(pkg: Package, _pos: number): boolean {
    const m = /^(?:go)?1\.(\d+)/.exec(pkg.goVersion);
    return m === null || Number(m[1]) >= 22;
  }

  envOf(obj: FuncObj, args: readonly GoType[]): TypeEnv | null {
    return args.length === 0 ? null : this.types.envOf(signatureOf(obj).tparams, args);
  }

  /** The same however much of the package has been looked at, and whatever comments say. */
  localPlace(pos: number): string {
    const file = this.fileSet.file(pos) ?? bug('declaration without a position');
    const { line, column } = file.rawPosition(pos);
    return `${line}:${column}`;
  }

  private facts(): TypeFacts {
    return {
      namedAs: (t) => this.types.namedAs(t),
      displayString: (t) => this.types.displayString(t),
      underlying: (t) => this.types.underlying(t),
      isInstance: (t) => this.types.isInstance(t),
      equalFunction: (t) => this.equalFunc(t).symbol,
      hashFunction: (t) => this.hashFunc(t).symbol,
      methodSet: (t) => methodSet(this.types, t).map((m) => this.methodEntry(t, m)),
    };
  }

  /** The interface data word of a type that is not pointer-shaped is a pointer to the value. */
  private methodEntry(t: GoType, m: Method): MethodEntry {
    const receiver = this.methodRef(t, m);
    const boxed = isDirectInterface(t) ? receiver : this.methodRef(this.types.pointerTo(t), m);
    const type = this.methodType(m);
    return { name: m.name, pkgPath: m.pkgPath, type, interfaceCode: boxed.symbol, receiverCode: receiver.symbol };
  }

  /** The object that a function's code goes into. */
  objectOf(ref: FuncRef): ObjectFile {
    return this.onlyObject ?? this.packages.get(ref.pkgPath)?.object ?? this.shared;
  }
}

/** A function that assembly defines. */
function isAssembled(s: LinkSymbol): boolean {
  const isText = s.kind === SymKind.Text || s.kind === SymKind.TextFips;
  return isText && s.object !== null && (s.object.flags & FlagFromAssembly) !== 0;
}

/** Declared with a body or, for variables, not merely pulled by a linkname. */
function isDefinition(obj: Obj): boolean {
  if (obj.kind === ObjKind.Func) {
    const decl = obj.decl?.fdecl ?? null;
    return decl !== null && hasBody(decl);
  }
  return obj.kind === ObjKind.Var && obj.decl !== null && obj.decl.init !== null;
}
