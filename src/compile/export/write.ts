/**
 * Export data of a package in the official form (cmd/compile/internal/noder: writer.go, linker.go), for compilers, vet and other importers:
 * constants, types, variables and functions with what callers must know of them, and the bodies of generic functions. Bodies for inlining are
 * left out, and those of generic functions with unusual loops over functions (canWriteBody): instances of such a one by another compiler are undefined at link time.
 */
import { bug } from '#base/bug.ts';
import { encodeText } from '#base/bytes.ts';
import type { FileSet, Pos } from '#base/source.ts';
import * as constant from '#constant/value.ts';
import type { Sha256 } from '#obj/write.ts';
import * as Syntax from '#syntax/kinds.ts';
import { resolveObj, signatureOf } from '#types/decl.ts';
import { namedObj, typeArgs, typeParams } from '#types/named.ts';
import type { Func, Obj, TypeName, Var } from '#types/object.ts';
import { isExported } from '#types/object.ts';
import * as ObjKind from '#types/objkind.ts';
import type { Package } from '#types/package.ts';
import type { Alias, Interface, Signature, Type, TypeParam } from '#types/type.ts';
import * as TypeKind from '#types/typekind.ts';
import { iface } from '#types/typeparam.ts';
import { isMethodSet, typeSet } from '#types/typeset.ts';
import { under } from '#types/under.ts';
import { Typ, universe, universeAny, universeComparable, unsafePackage } from '#types/universe.ts';
import { LocalTypeNumbers } from '../local-types.ts';
import { bodyIndex, canWriteBody } from './body.ts';
import { ForeignObjects } from './foreign.ts';
import * as P from './pkgbits.ts';

// Codes of internal/pkgbits.
const TypeBasic = 0;
const TypeNamed = 1;
const TypePointer = 2;
const TypeSlice = 3;
const TypeArray = 4;
const TypeChan = 5;
const TypeMap = 6;
const TypeSignature = 7;
const TypeStruct = 8;
const TypeInterface = 9;
const TypeUnion = 10;
const TypeTypeParam = 11;
const ObjAlias = 0;
const ObjConst = 1;
const ObjType = 2;
const ObjFunc = 3;
const ObjVar = 4;
const ObjStub = 5;

/** What the compiler has found out about functions. */
export interface FunctionFacts {
  /** Pragma bits of cmd/compile/internal/ir. */
  pragmas(f: Func): number;
  /** Escape notes of receiver and parameters. */
  notes(f: Func): string[];
  /** The ABI it is defined with. */
  abi(f: Func): number;
  linkname(obj: Obj): string;
  /** Whether loops in the file of a position declare their variables anew for each iteration. */
  perIterationLoopVars(pos: Pos): boolean;
}

export interface ExportRequest {
  readonly pkg: Package;
  readonly fileSet: FileSet;
  readonly imported: readonly P.Decoder[];
  readonly facts: FunctionFacts;
  readonly hasInitTask: boolean;
  /** For readers of types only: bodies of generic functions are left out. */
  readonly typesOnly?: boolean;
  recordedName(name: string): string;
}

export class ExportError extends Error {}

export interface TypeInfo {
  readonly index: number;
  readonly derived: boolean;
}

/** What an object's types say of its type parameters. */
export class Dictionary {
  /** The type parameters of the functions around a local type, and of the function whose body is being written or of its receiver. */
  readonly implicits: readonly TypeParam[];
  params: readonly TypeParam[];
  readonly derived: number[];
  readonly derivedIndex: Map<Type, number>;
  // What the dictionary holds at run time.
  readonly methodExprs: { param: number; pkg: number; name: string }[];
  readonly subdicts: { index: number; args: readonly TypeInfo[] }[];
  readonly rtypes: TypeInfo[];
  readonly itabs: { type: TypeInfo; iface: TypeInfo }[];

  constructor(implicits: readonly TypeParam[]) {
    this.implicits = implicits;
    this.params = [];
    this.derived = [];
    this.derivedIndex = new Map();
    this.methodExprs = [];
    this.subdicts = [];
    this.rtypes = [];
    this.itabs = [];
  }
}

export class ExportWriter {
  readonly request: ExportRequest;
  readonly encoder: P.Encoder;
  readonly packages: Map<string, number>;
  readonly objects: Map<string, number>;
  readonly own: Map<Obj, number>;
  readonly types: Map<Type, number>;
  readonly posBases: Map<string, number>;
  /** Of local types, the type parameters of the functions around them. */
  readonly implicits: Map<Obj, readonly TypeParam[]>;
  readonly localTypes: LocalTypeNumbers;
  readonly foreign: ForeignObjects;

  constructor(request: ExportRequest) {
    this.request = request;
    this.encoder = new P.Encoder();
    this.packages = new Map();
    this.objects = new Map();
    this.own = new Map();
    this.types = new Map();
    this.posBases = new Map();
    this.implicits = new Map();
    this.localTypes = new LocalTypeNumbers();
    this.foreign = new ForeignObjects(this.encoder, request.imported, this.packages, this.objects);
  }
}

/** An element and the dictionary its types are read in. */
export class Out {
  readonly x: ExportWriter;
  readonly e: P.Element;
  readonly dict: Dictionary | null;
  derived: boolean;

  constructor(x: ExportWriter, section: number, dict: Dictionary | null) {
    this.x = x;
    this.e = x.encoder.element(section);
    this.dict = dict;
    this.derived = false;
  }
}

/** The data and, in its last 8 bytes, the fingerprint. */
export function writeExportData(request: ExportRequest, sha256: Sha256): Uint8Array {
  const x = new ExportWriter(request);
  const root = new Out(x, P.Meta, null);
  const hidden = new Out(x, P.Meta, null);
  const { pkg } = request;
  const names = [...(pkg.scope.elems?.keys() ?? [])].filter(isExported).sort();
  const self = packageIndex(x, pkg);
  for (const name of names) {
    const obj = pkg.scope.lookup(name);
    if (obj !== null) objectIndex(x, obj);
  }
  const all = [...new Set(x.objects.values())].sort((a, b) => a - b);
  root.e.ref(P.Pkg, self);
  root.e.len(all.length);
  for (const index of all) {
    root.e.ref(P.Obj, index);
    root.e.len(0);
  }
  root.e.finish();
  hidden.e.bool(request.hasInitTask);
  hidden.e.len(0);
  hidden.e.finish();
  return x.encoder.finish(sha256);
}

// Names and positions.

export function utf8(text: string): string {
  let plain = true;
  for (let i = 0; i < text.length && plain; i++) plain = text.charCodeAt(i) < 0x80;
  return plain ? text : String.fromCharCode(...encodeText(text));
}

export function packageIndex(x: ExportWriter, pkg: Package | null): number {
  const path = pkg === null ? 'builtin' : pkg.path;
  const known = x.packages.get(path);
  if (known !== undefined) return known;
  if (pkg !== null && pkg !== x.request.pkg && pkg !== unsafePackage) {
    const imported = x.foreign.package(path);
    if (imported !== null) return imported;
  }
  const o = new Out(x, P.Pkg, null);
  x.packages.set(path, o.e.index);
  o.e.string(utf8(path));
  if (pkg !== null && pkg !== unsafePackage) {
    o.e.string(utf8(pkg.name));
    const imports = pkg === x.request.pkg ? pkg.imports : [];
    o.e.len(imports.length);
    for (const i of imports) o.e.ref(P.Pkg, packageIndex(x, i));
  }
  return o.e.finish();
}

export function writePos(o: Out, pos: Pos): void {
  const { fileSet, recordedName } = o.x.request;
  const p = pos === 0 ? null : fileSet.position(pos);
  if (p === null || p.filename === '') {
    o.e.bool(false);
    return;
  }
  o.e.bool(true);
  const name = recordedName(p.filename);
  let base = o.x.posBases.get(name);
  if (base === undefined) {
    const b = new Out(o.x, P.PosBase, null);
    base = b.e.index;
    o.x.posBases.set(name, base);
    b.e.string(utf8(name));
    b.e.bool(true);
    b.e.finish();
  }
  o.e.ref(P.PosBase, base);
  o.e.len(p.line);
  o.e.len(p.column);
}

export function writeIdent(o: Out, pkg: Package | null, name: string): void {
  o.e.ref(P.Pkg, packageIndex(o.x, pkg));
  o.e.string(utf8(name));
}

// Types.

export function writeType(o: Out, t: Type): void {
  writeTypeInfo(o, typeIndex(o.x, t, o.dict));
}

export function writeTypeInfo(o: Out, info: TypeInfo): void {
  if (o.e.bool(info.derived)) {
    o.e.len(info.index);
    o.derived = true;
  } else o.e.ref(P.Type, info.index);
}

export function typeIndex(x: ExportWriter, t0: Type, dict: Dictionary | null): TypeInfo {
  let t = t0;
  // Aliases that are declared in functions mean nothing outside of them.
  while (t.kind === TypeKind.Alias && !isGlobal(t)) t = t.fromRHS;
  const known = x.types.get(t);
  if (known !== undefined) return { index: known, derived: false };
  const derived = dict?.derivedIndex.get(t);
  if (derived !== undefined) return { index: derived, derived: true };
  const o = new Out(x, P.Type, dict);
  writeTypeContent(o, t);
  if (o.derived && dict !== null) {
    const index = dict.derived.length;
    dict.derived.push(o.e.finish());
    dict.derivedIndex.set(t, index);
    return { index, derived: true };
  }
  x.types.set(t, o.e.index);
  return { index: o.e.finish(), derived: false };
}

/** The place of a type parameter in the dictionary. */
export function paramIndex(dict: Dictionary, t: TypeParam): number {
  const at = dict.implicits.indexOf(t);
  return at >= 0 ? at : dict.implicits.length + t.index;
}

/** Whether an object is a type declared in a generic function. */
export function hasImplicits(x: ExportWriter, obj: Obj): boolean {
  return (x.implicits.get(obj)?.length ?? 0) > 0;
}

function isGlobal(t: Alias): boolean {
  return t.obj.pkg === null || t.obj.parent === t.obj.pkg.scope;
}

function writeTypeContent(o: Out, t: Type): void {
  const { e } = o;
  switch (t.kind) {
    case TypeKind.Basic:
      if (Typ[t.basic] === t) {
        e.len(TypeBasic);
        e.len(t.basic);
      } else writeUse(o, universe.lookup(t.name) ?? bug(`no type ${t.name}`), []);
      return;
    case TypeKind.Named:
      if (hasImplicits(o.x, namedObj(t))) o.derived = true;
      writeUse(o, namedObj(t), typeArgs(t));
      return;
    case TypeKind.Alias:
      writeUse(o, t.orig.obj, t.targs);
      return;
    case TypeKind.TypeParam:
      o.derived = true;
      e.len(TypeTypeParam);
      e.len(o.dict === null ? t.index : paramIndex(o.dict, t));
      return;
    case TypeKind.Array:
      e.len(TypeArray);
      e.len(t.len);
      writeType(o, t.elem);
      return;
    case TypeKind.Chan:
      e.len(TypeChan);
      e.len(t.dir === Syntax.SendOnly ? 1 : t.dir === Syntax.RecvOnly ? 2 : 0);
      writeType(o, t.elem);
      return;
    case TypeKind.Map:
      e.len(TypeMap);
      writeType(o, t.key);
      writeType(o, t.elem);
      return;
    case TypeKind.Pointer:
      e.len(TypePointer);
      writeType(o, t.elem);
      return;
    case TypeKind.Slice:
      e.len(TypeSlice);
      writeType(o, t.elem);
      return;
    case TypeKind.Signature:
      e.len(TypeSignature);
      writeSignature(o, t);
      return;
    case TypeKind.Struct:
      e.len(TypeStruct);
      e.len(t.fields.length);
      t.fields.forEach((f, i) => {
        writePos(o, f.pos);
        writeIdent(o, f.pkg, f.name);
        writeType(o, f.typ);
        e.string(t.tags[i] ?? '');
        e.bool(f.embedded);
      });
      return;
    case TypeKind.Interface:
      writeInterface(o, t);
      return;
    case TypeKind.Union:
      e.len(TypeUnion);
      e.len(t.terms.length);
      for (const term of t.terms) {
        e.bool(term.tilde);
        writeType(o, term.typ);
      }
      return;
    default:
      bug(`type of kind ${t.kind} in export data`);
  }
}

function writeUse(o: Out, obj: Obj, args: readonly Type[]): void {
  o.e.len(TypeNamed);
  const infos = args.map((a) => typeIndex(o.x, a, o.dict));
  o.e.ref(P.Obj, objectIndex(o.x, obj));
  o.e.len(infos.length);
  for (const i of infos) writeTypeInfo(o, i);
}

function writeInterface(o: Out, t: Interface): void {
  const { e } = o;
  if (t === universeAny) {
    writeUse(o, universe.lookup('any') ?? bug('no type any'), []);
    return;
  }
  e.len(TypeInterface);
  if (t.embeddeds.length === 0 && !isMethodSet(typeSet(t))) {
    // The interface under comparable.
    e.len(0);
    e.len(1);
    e.bool(false);
    writeType(o, universeComparable.typ);
    return;
  }
  e.len(t.methods.length);
  e.len(t.embeddeds.length);
  if (t.methods.length === 0 && t.embeddeds.length === 1) e.bool(t.implicit);
  for (const m of t.methods) {
    writePos(o, m.pos);
    writeIdent(o, m.pkg, m.name);
    writeSignature(o, signatureOf(m));
  }
  for (const t1 of t.embeddeds) writeType(o, t1);
}

export function writeSignature(o: Out, sig: Signature): void {
  for (const list of [sig.params.vars, sig.results.vars]) {
    o.e.len(list.length);
    for (const v of list) writeParam(o, v);
  }
  o.e.bool(sig.variadic);
}

function writeParam(o: Out, v: Var): void {
  writePos(o, v.pos);
  writeIdent(o, v.pkg, v.name);
  writeType(o, v.typ);
}

// Objects.

/** The name under which an object is found: types declared in functions carry a number. */
function keyOf(x: ExportWriter, obj: Obj): string {
  return `${obj.pkg === null ? 'builtin' : obj.pkg.path}.${linkedName(x, obj)}`;
}

function linkedName(x: ExportWriter, obj: Obj): string {
  const isLocal = obj.pkg !== null && obj.pkg === x.request.pkg && obj.parent !== obj.pkg.scope;
  if (!isLocal) return obj.name;
  return obj.kind === ObjKind.TypeName
    ? `${obj.name}·${x.localTypes.of(obj)}`
    : bug(`local object ${obj.name} in export data`);
}

export function objectIndex(x: ExportWriter, obj: Obj): number {
  const known = x.own.get(obj);
  if (known !== undefined) return known;
  const { pkg } = x.request;
  if (obj.pkg !== null && obj.pkg !== pkg && obj.pkg !== unsafePackage) {
    const imported = x.foreign.object(obj.pkg.path, utf8(obj.name));
    if (imported === null) throw new ExportError(`no export data of ${keyOf(x, obj)} among the imported packages`);
    x.own.set(obj, imported);
    return imported;
  }
  const dict = new Dictionary(x.implicits.get(obj) ?? []);
  const o = new Out(x, P.Obj, dict);
  const ext = new Out(x, P.ObjExt, dict);
  const name = new Out(x, P.Name, null);
  const d = new Out(x, P.ObjDict, dict);
  x.own.set(obj, o.e.index);
  x.objects.set(keyOf(x, obj), o.e.index);
  const code = obj.pkg === pkg ? writeObject(o, ext, obj) : ObjStub;
  o.e.finish();
  ext.e.finish();
  writeIdent(name, obj.pkg, linkedName(x, obj));
  name.e.len(code);
  name.e.finish();
  writeDictionary(d, dict, code === ObjStub ? [] : paramsOf(obj));
  d.e.finish();
  return o.e.index;
}

function paramsOf(obj: Obj): readonly TypeParam[] {
  if (obj.kind === ObjKind.Func) return signatureOf(obj).tparams;
  if (obj.kind !== ObjKind.TypeName) return [];
  const t = obj.typ;
  if (t.kind === TypeKind.Named) return typeParams(t);
  return t.kind === TypeKind.Alias ? t.tparams : [];
}

function writeDictionary(o: Out, dict: Dictionary, params: readonly TypeParam[]): void {
  const { e } = o;
  e.len(dict.implicits.length);
  e.len(params.length);
  for (const p of params) writeType(o, p.bound);
  e.len(dict.derived.length);
  for (const index of dict.derived) e.ref(P.Type, index);
  for (const p of dict.implicits) e.bool(isMethodSet(typeSet(iface(p))));
  for (const p of params) e.bool(isMethodSet(typeSet(iface(p))));
  e.len(dict.methodExprs.length);
  for (const m of dict.methodExprs) {
    e.len(m.param);
    e.ref(P.Pkg, m.pkg);
    e.string(m.name);
  }
  e.len(dict.subdicts.length);
  for (const s of dict.subdicts) {
    e.ref(P.Obj, s.index);
    e.len(s.args.length);
    for (const t of s.args) writeTypeInfo(o, t);
  }
  e.len(dict.rtypes.length);
  for (const t of dict.rtypes) writeTypeInfo(o, t);
  e.len(dict.itabs.length);
  for (const i of dict.itabs) {
    writeTypeInfo(o, i.type);
    writeTypeInfo(o, i.iface);
  }
}

function writeObject(o: Out, ext: Out, obj: Obj): number {
  resolveObj(obj);
  switch (obj.kind) {
    case ObjKind.Const:
      writePos(o, obj.pos);
      writeType(o, obj.typ);
      writeConstant(o, obj.val);
      return ObjConst;
    case ObjKind.Var:
      writePos(o, obj.pos);
      writeType(o, obj.typ);
      writeLinkname(ext, obj);
      return ObjVar;
    case ObjKind.Func:
      writePos(o, obj.pos);
      writeParamNames(o, signatureOf(obj).tparams);
      writeSignature(o, signatureOf(obj));
      writePos(o, obj.pos);
      writeFuncExt(ext, obj);
      return ObjFunc;
    case ObjKind.TypeName:
      return writeTypeName(o, ext, obj);
    default:
      return bug(`object ${obj.name} in export data`);
  }
}

function writeTypeName(o: Out, ext: Out, obj: TypeName): number {
  const t = obj.typ;
  writePos(o, obj.pos);
  if (t.kind !== TypeKind.Named || namedObj(t) !== obj) {
    writeParamNames(o, t.kind === TypeKind.Alias ? t.tparams : []);
    writeType(o, t.kind === TypeKind.Alias ? t.fromRHS : t);
    return ObjAlias;
  }
  writeParamNames(o, typeParams(t));
  // Pragmas; the numbers of its descriptors' symbols: they are known by name.
  ext.e.int(0);
  ext.e.int(-1);
  ext.e.int(-1);
  writeType(o, under(t));
  const methods = t.methods.filter((m) => m !== null).filter((m) => m.name !== '_');
  o.e.len(methods.length);
  for (const m of methods) {
    const sig = signatureOf(m);
    writePos(o, m.pos);
    writeIdent(o, m.pkg, m.name);
    writeParamNames(o, sig.rparams);
    writeParam(o, sig.recv ?? bug(`method ${m.name} without receiver`));
    writeSignature(o, sig);
    writePos(o, m.pos);
    writeFuncExt(ext, m);
  }
  return ObjType;
}

function writeParamNames(o: Out, params: readonly TypeParam[]): void {
  for (const p of params) {
    writePos(o, p.obj.pos);
    writeIdent(o, p.obj.pkg, p.obj.name);
  }
}

function writeLinkname(ext: Out, obj: Obj): void {
  ext.e.int(-1);
  ext.e.string(utf8(ext.x.request.facts.linkname(obj)));
}

function writeFuncExt(ext: Out, f: Func): void {
  const { facts } = ext.x.request;
  const sig = signatureOf(f);
  ext.e.int(facts.pragmas(f));
  writeLinkname(ext, f);
  const generic = sig.tparams.length + sig.rparams.length > 0;
  ext.e.bool(!generic);
  if (generic) {
    ext.e.ref(P.Body, writeBody(ext, f, sig));
    return;
  }
  ext.e.len(facts.abi(f));
  for (const note of facts.notes(f)) ext.e.string(note);
  // Not to be inlined.
  ext.e.bool(false);
}

function writeBody(ext: Out, f: Func, sig: Signature): number {
  const dict = ext.dict ?? bug('generic function without a dictionary');
  dict.params = sig.recv === null ? sig.tparams : sig.rparams;
  const block = f.decl?.fdecl?.body ?? null;
  const wantsBody = ext.x.request.typesOnly !== true;
  return bodyIndex(ext, dict, sig, wantsBody && block !== null && canWriteBody(block) ? block : null).index;
}

// Constants.

const ValBool = 0;
const ValString = 1;
const ValInt64 = 2;
const ValBigInt = 3;
const ValBigRat = 4;
const ValBigFloat = 5;

export function writeConstant(o: Out, v: constant.Value): void {
  if (o.e.bool(v.kind === constant.Complex)) {
    writeScalar(o, constant.real(v));
    writeScalar(o, constant.imag(v));
  } else writeScalar(o, v);
}

function writeScalar(o: Out, v: constant.Value): void {
  const { e } = o;
  if (v.kind === constant.Bool) {
    e.len(ValBool);
    e.bool(constant.boolVal(v));
  } else if (v.kind === constant.String) {
    e.len(ValString);
    e.string(constant.stringVal(v));
  } else if (v.kind === constant.Int) {
    const small = constant.int64Val(v);
    if (small !== null) {
      e.len(ValInt64);
      e.int(small);
    } else {
      e.len(ValBigInt);
      writeBig(o, constant.bigVal(v));
    }
  } else if (v.kind === constant.Float) {
    if ('float' in v) {
      const { mant, exp } = v.float;
      e.len(ValBigFloat);
      e.string(`${mant < 0n ? '-' : ''}0x${(mant < 0n ? -mant : mant).toString(16)}p${exp >= 0 ? '+' : ''}${exp}`);
    } else {
      e.len(ValBigRat);
      writeBig(o, v.num);
      writeBig(o, v.den);
    }
  } else bug('constant without a value in export data');
}

/** Magnitude, most significant byte first, and sign. */
function writeBig(o: Out, v: bigint): void {
  let hex = (v < 0n ? -v : v).toString(16);
  if (hex.length % 2 === 1) hex = `0${hex}`;
  let bytes = '';
  if (v !== 0n)
    for (let i = 0; i < hex.length; i += 2) bytes += String.fromCharCode(Number.parseInt(hex.slice(i, i + 2), 16));
  o.e.string(bytes);
  o.e.bool(v < 0n);
}
