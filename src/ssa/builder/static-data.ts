/**
 * Initialisers that need no code: what an expression of constants, addresses, composite literals and conversions is in memory
 * (gc-contract 9). Everything the runtime reads before any init has run must be data, so what the official compiler's staticinit
 * turns into data must be data here. An expression is static wholly or not at all; what is not is left to the package's init.
 */

import { isDirectInterface } from '#abi/descriptor.ts';
import type { GoType } from '#abi/gotype.ts';
import * as Kind from '#abi/gotype.ts';
import { bug } from '#base/bug.ts';
import { imag, real } from '#constant/representation.ts';
import * as constant from '#constant/value.ts';
import * as Attr from '#obj/attributes.ts';
import * as SymKind from '#obj/kinds.ts';
import type { ObjectFile } from '#obj/object.ts';
import * as Reloc from '#obj/reloc-types.ts';
import { Abi0, addReloc, defineSymbol, type LinkSymbol, type Symbols } from '#obj/symbol.ts';
import * as Node from '#syntax/kinds.ts';
import type { CallExpr, CompositeLit, Expr, FuncLit, Name, Operation, SelectorExpr } from '#syntax/nodes.ts';
import * as Operator from '#syntax/operators.ts';
import { FieldVal, objOf, selectionOf, tvOf } from '#types/info.ts';
import * as Mode from '#types/mode.ts';
import type { Func, Var } from '#types/object.ts';
import * as ObjKind from '#types/objkind.ts';
import type { Type } from '#types/type.ts';

/** What static data refers to; the program supplies it. */
export interface StaticContext {
  readonly symbols: Symbols;
  readonly object: ObjectFile;
  /** The GoType of a type in the tree. */
  type(t: Type): GoType;
  typeSymbol(t: GoType): LinkSymbol;
  itabSymbol(concrete: GoType, iface: GoType): LinkSymbol;
  sliceOf(elem: GoType): GoType;
  arrayOf(elem: GoType, length: number): GoType;
  underlying(t: GoType): GoType;
  stringSymbol(bytes: string): LinkSymbol;
  variableSymbol(v: Var): LinkSymbol;
  /** The func value of a declared function; null if the expression is an instance or method that needs code. */
  functionValue(f: Func, e: Expr): LinkSymbol | null;
  /** The func value of a literal that captures nothing; null if it captures variables. */
  closureValue(lit: FuncLit): LinkSymbol | null;
  /** What a call of a function comes to, if all that it does is to return that. */
  returned(f: Func): ReturnedExpr | null;
  /** A new name for a compiler-made variable of the package at hand: "pkg..stmp_N". */
  temporaryName(): string;
}

export interface ReturnedExpr {
  readonly params: readonly Var[];
  readonly type: Type;
  readonly value: Expr;
}

/** Memory being filled. */
class Image {
  readonly type: GoType;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly offsets: number[];
  readonly targets: LinkSymbol[];
  readonly addends: number[];
  /** Descriptors of values converted to interfaces. */
  readonly usedInInterface: LinkSymbol[];

  constructor(type: GoType) {
    this.type = type;
    this.bytes = new Uint8Array(type.size);
    this.view = new DataView(this.bytes.buffer);
    this.offsets = [];
    this.targets = [];
    this.addends = [];
    this.usedInInterface = [];
  }

  address(offset: number, target: LinkSymbol, addend: number): void {
    this.offsets.push(offset);
    this.targets.push(target);
    this.addends.push(addend);
  }

  /** Takes over what is in a smaller piece of memory. */
  put(piece: Image, offset: number): void {
    this.bytes.set(piece.bytes, offset);
    for (let i = 0; i < piece.offsets.length; i++)
      this.address(offset + piece.offsets[i], piece.targets[i], piece.addends[i]);
    this.usedInInterface.push(...piece.usedInInterface);
  }

  isZero(): boolean {
    return this.offsets.length === 0 && this.bytes.every((b) => b === 0);
  }
}

interface Pending {
  readonly symbol: LinkSymbol;
  readonly image: Image;
  readonly readOnly: boolean;
}

/** The largest data an initialiser may expand to; larger ones are left to code, which loops. */
const maxStaticBytes = 1 << 26;

class Evaluator {
  readonly context: StaticContext;
  readonly pending: Pending[];
  /** What code has evaluated already. */
  readonly early: ReadonlyMap<Expr, unknown>;
  /** The parameters of the calls being evaluated. */
  readonly arguments: Map<Var, Image>;
  /** How many calls are being evaluated. */
  calls: number;

  constructor(context: StaticContext, early: ReadonlyMap<Expr, unknown>) {
    this.context = context;
    this.early = early;
    this.pending = [];
    this.arguments = new Map();
    this.calls = 0;
  }
}

/** Calls within calls; recursion has no end. */
const maxCalls = 10;

/** The finished content of a static variable. */
export interface StaticContent {
  define(s: LinkSymbol): void;
}

/** The content of a variable of type t initialised with e, or null if that takes code. */
export function staticInitializer(context: StaticContext, e: Expr, t: GoType): StaticContent | null {
  if (t.size > maxStaticBytes) return null;
  const ev = new Evaluator(context, new Map());
  const image = new Image(t);
  if (!evaluate(ev, e, t, image, 0)) return null;
  return {
    define(s) {
      for (const p of ev.pending) defineImage(context, p.symbol, p.image, p.readOnly);
      defineImage(context, s, image, false);
    },
  };
}

/** An element of an array or slice literal. */
export interface LiteralElement {
  readonly index: number;
  readonly value: Expr;
}

/** The part of a literal that is data: memory to copy from each time the literal is evaluated, and the elements to be stored after that. */
export interface StaticPart {
  readonly rest: readonly LiteralElement[];
  define(s: LinkSymbol): void;
}

/**
 * What of an array of t with these elements is data that may be copied: elements that point to memory which each evaluation makes
 * anew are not, nor those of which something has been evaluated `early`.
 */
export function staticPart(
  context: StaticContext,
  elements: readonly LiteralElement[],
  t: GoType,
  early: ReadonlyMap<Expr, unknown>,
): StaticPart {
  const ev = new Evaluator(context, early);
  const image = new Image(t);
  const elem = t.elem();
  const rest: LiteralElement[] = [];
  for (const e of elements) {
    const piece = new Image(elem);
    const pending = ev.pending.length;
    const isData = evaluate(ev, e.value, elem, piece, 0) && ev.pending.slice(pending).every((p) => p.readOnly);
    if (!isData) {
      ev.pending.length = pending;
      rest.push(e);
      continue;
    }
    image.put(piece, e.index * elem.size);
  }
  return {
    rest,
    define(s) {
      for (const p of ev.pending) defineImage(context, p.symbol, p.image, p.readOnly);
      defineImage(context, s, image, true);
      s.attrs |= Attr.DupOk;
    },
  };
}

/** A variable without initialiser, or whose initialiser runs as code. */
export function defineZeroed(context: StaticContext, s: LinkSymbol, t: GoType): void {
  defineImage(context, s, new Image(t), false);
}

function defineImage(context: StaticContext, s: LinkSymbol, image: Image, readOnly: boolean): void {
  const t = image.type;
  const zero = image.isZero() && !readOnly;
  let kind: number;
  if (readOnly) kind = SymKind.Rodata;
  else if (t.ptrBytes === 0 && image.offsets.length === 0) kind = zero ? SymKind.NoPtrBss : SymKind.NoPtrData;
  else kind = zero ? SymKind.Bss : SymKind.Data;
  if (!readOnly && t.ptrBytes === 0 && image.offsets.length > 0) kind = SymKind.NoPtrData;
  defineSymbol(s, context.object, kind, readOnly ? Attr.Local : 0, zero ? new Uint8Array(0) : image.bytes);
  s.size = t.size;
  for (let i = 0; i < image.offsets.length; i++) {
    addReloc(s, image.offsets[i], 8, Reloc.Addr, image.targets[i], image.addends[i]);
  }
  for (const d of image.usedInInterface) addReloc(s, 0, 0, Reloc.UseIface, d, 0);
  if (!readOnly) s.gotype = context.typeSymbol(t);
}

/** Writes e, converted to type t, at an offset of the image; false: it takes code. */
function evaluate(ev: Evaluator, e: Expr, t: GoType, image: Image, offset: number): boolean {
  if (ev.early.has(e)) return false;
  const tv = tvOf(e);
  if (tv === null) return bug('static initialiser without a type');
  if (tv.mode === Mode.nilvalue) return true;
  if (t.kind === Kind.Interface) return evaluateInterface(ev, e, t, image, offset);
  if (tv.value !== null) return writeConstant(ev, tv.value, t, image, offset);
  switch (e.kind) {
    case Node.ParenExpr:
      return evaluate(ev, e.x, t, image, offset);
    case Node.CompositeLit:
      return evaluateLiteral(ev, e, t, image, offset);
    case Node.Operation:
      return e.op === Operator.And && e.y === null && evaluateAddress(ev, e, image, offset);
    case Node.FuncLit:
      // In a function that is called it may capture parameters.
      return ev.calls === 0 && writeFunc(image, offset, ev.context.closureValue(e));
    case Node.Name:
      return putArgument(ev, e, image, offset) || evaluateFunction(ev, e, image, offset);
    case Node.SelectorExpr:
    case Node.IndexExpr:
      return evaluateFunction(ev, e, image, offset);
    case Node.CallExpr:
      return evaluateConversion(ev, e, t, image, offset) || evaluateCall(ev, e, image, offset);
    default:
      return false;
  }
}

function writeFunc(image: Image, offset: number, value: LinkSymbol | null): boolean {
  if (value === null) return false;
  image.address(offset, value, 0);
  return true;
}

/** The declared function that a name means; null for all else. */
function functionOf(e: Expr): Func | null {
  const name = e.kind === Node.SelectorExpr && selectionOf(e) === null ? e.sel : e;
  const obj = name.kind === Node.Name ? objOf(name) : null;
  return obj !== null && obj.kind === ObjKind.Func ? obj : null;
}

function evaluateFunction(ev: Evaluator, e: Expr, image: Image, offset: number): boolean {
  const f = functionOf(e.kind === Node.IndexExpr ? e.x : e);
  return f !== null && writeFunc(image, offset, ev.context.functionValue(f, e));
}

function putArgument(ev: Evaluator, name: Name, image: Image, offset: number): boolean {
  const obj = objOf(name);
  const piece = obj !== null && obj.kind === ObjKind.Var ? ev.arguments.get(obj) : undefined;
  if (piece !== undefined) image.put(piece, offset);
  return piece !== undefined;
}

/** A call of a function that only returns an expression of its parameters (cmd/compile/internal/staticinit, staticCall). */
function evaluateCall(ev: Evaluator, e: CallExpr, image: Image, offset: number): boolean {
  const f = e.hasDots || ev.calls === maxCalls ? null : functionOf(e.fun);
  const callee = f === null ? null : ev.context.returned(f);
  if (callee === null || callee.params.length !== e.args.length) return false;
  const { params } = callee;
  const pieces: Image[] = [];
  for (let i = 0; i < params.length; i++) {
    const piece = new Image(ev.context.type(params[i].typ));
    if (!evaluate(ev, e.args[i], piece.type, piece, 0)) return false;
    pieces.push(piece);
  }
  const outer = params.map((p) => ev.arguments.get(p));
  params.forEach((p, i) => void ev.arguments.set(p, pieces[i]));
  ev.calls++;
  const isData = evaluate(ev, callee.value, ev.context.type(callee.type), image, offset);
  ev.calls--;
  params.forEach((p, i) => {
    const before = outer[i];
    if (before === undefined) ev.arguments.delete(p);
    else ev.arguments.set(p, before);
  });
  return isData;
}

/** A conversion whose operand has the same representation, []byte("..."), or a conversion to an interface. */
function evaluateConversion(ev: Evaluator, e: CallExpr, t: GoType, image: Image, offset: number): boolean {
  const fun = tvOf(e.fun);
  if (fun === null || fun.mode !== Mode.typexpr || e.args.length !== 1) return false;
  const arg = e.args[0];
  const from = tvOf(arg);
  if (from === null) return false;
  if (from.mode === Mode.nilvalue) return true;
  if (from.value !== null && from.value.kind === constant.String && t.kind === Kind.Slice) {
    return writeByteSlice(ev, constant.stringVal(from.value), t, image, offset);
  }
  const source = ev.context.type(from.type);
  if (!sameRepresentation(ev, source, t)) return false;
  return evaluate(ev, arg, t, image, offset);
}

function sameRepresentation(ev: Evaluator, a: GoType, b: GoType): boolean {
  if (a === b || ev.context.underlying(a) === ev.context.underlying(b)) return true;
  return a.isPointerShaped() && b.isPointerShaped();
}

function writeByteSlice(ev: Evaluator, bytes: string, t: GoType, image: Image, offset: number): boolean {
  if (t.elem().kind !== Kind.Uint8) return false;
  const array = new Image(ev.context.arrayOf(t.elem(), bytes.length));
  for (let i = 0; i < bytes.length; i++) array.bytes[i] = bytes.charCodeAt(i);
  writeSlice(image, offset, temporary(ev, array, false), bytes.length);
  return true;
}

function writeSlice(image: Image, offset: number, array: LinkSymbol, length: number): void {
  image.address(offset, array, 0);
  writeInteger(image, offset + 8, 8, length, 0);
  writeInteger(image, offset + 16, 8, length, 0);
}

function temporary(ev: Evaluator, image: Image, readOnly: boolean): LinkSymbol {
  const s = ev.context.symbols.lookup(ev.context.temporaryName(), Abi0);
  ev.pending.push({ symbol: s, image, readOnly });
  return s;
}

/** &T{...}, or the address of a variable or of a part of one at a constant offset. */
function evaluateAddress(ev: Evaluator, e: Operation, image: Image, offset: number): boolean {
  let x = e.x;
  while (x.kind === Node.ParenExpr) x = x.x;
  if (x.kind === Node.CompositeLit) return addressOfLiteral(ev, x, image, offset);
  const place = variablePlace(ev, x);
  if (place === null) return false;
  image.address(offset, place.symbol, place.offset);
  return true;
}

function addressOfLiteral(ev: Evaluator, x: CompositeLit, image: Image, offset: number): boolean {
  const tv = tvOf(x);
  if (tv === null) return false;
  const target = new Image(ev.context.type(tv.type));
  if (!evaluateLiteral(ev, x, target.type, target, 0)) return false;
  image.address(offset, temporary(ev, target, false), 0);
  return true;
}

interface Place {
  readonly symbol: LinkSymbol;
  readonly offset: number;
}

/** Where a package-level variable, or a field or constant-index element of one, lies; null for all else. */
function variablePlace(ev: Evaluator, e: Expr): Place | null {
  switch (e.kind) {
    case Node.ParenExpr:
      return variablePlace(ev, e.x);
    case Node.Name:
      return variableOf(ev, objOf(e));
    case Node.SelectorExpr:
      return selectionOf(e) === null ? variableOf(ev, objOf(e.sel)) : fieldPlace(ev, e);
    case Node.IndexExpr: {
      const array = tvOf(e.x);
      const index = tvOf(e.index);
      if (array === null || index === null || index.value === null) return null;
      const t = ev.context.type(array.type);
      if (t.kind !== Kind.Array) return null;
      const base = variablePlace(ev, e.x);
      const i = constant.intNumber(constant.toInt(index.value));
      return base === null || i === null ? null : { symbol: base.symbol, offset: base.offset + i * t.elem().size };
    }
    default:
      return null;
  }
}

function variableOf(ev: Evaluator, obj: ReturnType<typeof objOf>): Place | null {
  if (obj === null || obj.kind !== ObjKind.Var || obj.varKind !== ObjKind.PackageVar) return null;
  return { symbol: ev.context.variableSymbol(obj), offset: 0 };
}

function fieldPlace(ev: Evaluator, e: SelectorExpr): Place | null {
  const selection = selectionOf(e);
  if (selection === null || selection.kind !== FieldVal) return null;
  const base = variablePlace(ev, e.x);
  if (base === null) return null;
  let t = ev.context.type(selection.recv);
  let offset = base.offset;
  for (const i of selection.index) {
    if (t.kind !== Kind.Struct) return null;
    offset += t.fields[i].offset;
    t = t.fields[i].type;
  }
  return { symbol: base.symbol, offset };
}

function evaluateLiteral(ev: Evaluator, e: CompositeLit, t: GoType, image: Image, offset: number): boolean {
  switch (t.kind) {
    case Kind.Struct:
      return evaluateStruct(ev, e, t, image, offset);
    case Kind.Array:
      return literalLength(e) !== null && evaluateElements(ev, e, t.elem(), image, offset);
    case Kind.Slice: {
      const length = literalLength(e);
      if (length === null || length * t.elem().size > maxStaticBytes) return false;
      const array = new Image(ev.context.arrayOf(t.elem(), length));
      if (!evaluateElements(ev, e, t.elem(), array, 0)) return false;
      writeSlice(image, offset, temporary(ev, array, false), length);
      return true;
    }
    case Kind.Pointer:
      // An elided &T in a composite literal of pointers.
      return addressOfElided(ev, e, t.elem(), image, offset);
    default:
      return false;
  }
}

function addressOfElided(ev: Evaluator, e: CompositeLit, t: GoType, image: Image, offset: number): boolean {
  const target = new Image(t);
  if (!evaluateLiteral(ev, e, t, target, 0)) return false;
  image.address(offset, temporary(ev, target, false), 0);
  return true;
}

function evaluateStruct(ev: Evaluator, e: CompositeLit, t: GoType, image: Image, offset: number): boolean {
  for (let i = 0; i < e.elems.length; i++) {
    const elem = e.elems[i];
    let field = t.fields[i];
    let value: Expr = elem;
    if (elem.kind === Node.KeyValueExpr) {
      const key = elem.key;
      if (key.kind !== Node.Name) return false;
      const found = t.fields.find((f) => f.name === key.value);
      if (found === undefined) return bug(`no field ${key.value} in ${t.linkString}`);
      field = found;
      value = elem.value;
    }
    // What is written to a blank field is lost.
    const lost = field.name === '_';
    if (!evaluate(ev, value, field.type, lost ? new Image(field.type) : image, lost ? 0 : offset + field.offset))
      return false;
  }
  return true;
}

/** Calls visit with index and value of each element; false if an index is not known. */
function eachElement(e: CompositeLit, visit: (index: number, value: Expr) => boolean): boolean {
  let index = 0;
  for (const elem of e.elems) {
    let value: Expr = elem;
    if (elem.kind === Node.KeyValueExpr) {
      const key = tvOf(elem.key);
      const k = key === null || key.value === null ? null : constant.intNumber(constant.toInt(key.value));
      if (k === null) return false;
      index = k;
      value = elem.value;
    }
    if (!visit(index, value)) return false;
    index++;
  }
  return true;
}

/** One more than the largest index of an array or slice literal. */
export function literalLength(e: CompositeLit): number | null {
  let length = 0;
  const known = eachElement(e, (index) => {
    length = Math.max(length, index + 1);
    return true;
  });
  return known ? length : null;
}

function evaluateElements(ev: Evaluator, e: CompositeLit, elem: GoType, image: Image, offset: number): boolean {
  return eachElement(e, (index, value) => evaluate(ev, value, elem, image, offset + index * elem.size));
}

/** A value in an interface: type word, and data word (the value itself, or the address of a read-only copy). */
function evaluateInterface(ev: Evaluator, e: Expr, t: GoType, image: Image, offset: number): boolean {
  if (ev.early.has(e)) return false;
  let value = e;
  while (value.kind === Node.ParenExpr) value = value.x;
  const tv = tvOf(value);
  if (tv === null) return false;
  if (tv.mode === Mode.nilvalue) return true;
  const concrete = ev.context.type(tv.type);
  if (concrete.kind === Kind.Interface) {
    // A conversion from a concrete value to the interface, written out.
    if (value.kind !== Node.CallExpr || value.args.length !== 1) return false;
    if (tvOf(value.fun)?.mode !== Mode.typexpr) return false;
    return evaluateInterface(ev, value.args[0], t, image, offset);
  }
  const descriptor = ev.context.typeSymbol(concrete);
  image.address(offset, t.isEmptyInterface() ? descriptor : ev.context.itabSymbol(concrete, t), 0);
  image.usedInInterface.push(descriptor);
  if (isDirectInterface(concrete)) return evaluate(ev, value, concrete, image, offset + 8);
  const copy = new Image(concrete);
  if (!evaluate(ev, value, concrete, copy, 0)) return false;
  image.address(offset + 8, temporary(ev, copy, true), 0);
  return true;
}

function writeConstant(ev: Evaluator, v: constant.Value, t: GoType, image: Image, offset: number): boolean {
  switch (t.kind) {
    case Kind.Bool:
      image.bytes[offset] = constant.boolVal(v) ? 1 : 0;
      return true;
    case Kind.String: {
      const bytes = constant.stringVal(v);
      if (bytes.length === 0) return true;
      image.address(offset, ev.context.stringSymbol(bytes), 0);
      writeInteger(image, offset + 8, 8, bytes.length, 0);
      return true;
    }
    case Kind.Float32:
      image.view.setFloat32(offset, constant.float32Val(v), true);
      return true;
    case Kind.Float64:
      image.view.setFloat64(offset, constant.float64Val(v), true);
      return true;
    case Kind.Complex64:
      image.view.setFloat32(offset, constant.float32Val(real(v)), true);
      image.view.setFloat32(offset + 4, constant.float32Val(imag(v)), true);
      return true;
    case Kind.Complex128:
      image.view.setFloat64(offset, constant.float64Val(real(v)), true);
      image.view.setFloat64(offset + 8, constant.float64Val(imag(v)), true);
      return true;
    default:
      if (!t.isInteger() && t.kind !== Kind.UnsafePointer) return false;
      writeInteger(image, offset, t.size, constant.intLo(constant.toInt(v)), constant.intHi(constant.toInt(v)));
      return true;
  }
}

function writeInteger(image: Image, offset: number, size: number, lo: number, hi: number): void {
  switch (size) {
    case 1:
      image.view.setUint8(offset, lo & 0xff);
      return;
    case 2:
      image.view.setUint16(offset, lo & 0xffff, true);
      return;
    default:
      image.view.setInt32(offset, lo, true);
      if (size === 8) image.view.setInt32(offset + 4, hi, true);
  }
}
