/** Predeclared functions and those of package unsafe (spec: "Built-in functions"). */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import * as Kind from '#syntax/kinds.ts';
import type { CallExpr, Expr } from '#syntax/nodes.ts';
import { unparen } from '#syntax/nodes.ts';
import * as SyntaxOp from '#syntax/operators.ts';
import * as BuiltinId from '#types/builtinid.ts';
import { objOf, selectionOf, tvOf } from '#types/info.ts';
import * as Mode from '#types/mode.ts';
import * as ObjKind from '#types/objkind.ts';
import { canSsa } from '../can-ssa.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import { check } from './arith.ts';
import { type FuncBuilder, makeStruct } from './builder.ts';
import { buildArgs, type CallPlan, resultTypes, spreadCall } from './call.ts';
import { makeChan } from './channels.ts';
import { compareValues } from './compare.ts';
import { addressOf, expr, exprInto, exprTo, exprType, isInMemory } from './expr.ts';
import { asInt, elementAddr, sliceElements } from './index.ts';
import { makeMap, mapDelete, mapLen } from './maps.ts';
import { orderOperands } from './order.ts';
import { rtCall, rtPanic } from './runtime-call.ts';
import { clearElements, copyElements, growSlice, makeSlice, minInt } from './slices.ts';
import { allocNew } from './variables.ts';

export function builtinId(e: CallExpr): number {
  const fun = unparen(e.fun);
  const n = fun.kind === Kind.SelectorExpr ? fun.sel : fun;
  const obj = n.kind === Kind.Name ? objOf(n) : null;
  return obj !== null && obj.kind === ObjKind.Builtin ? obj.id : -1;
}

export function builtinCall(b: FuncBuilder, e: CallExpr): Value[] {
  const id = builtinId(e);
  orderBuiltin(b, e, id);
  switch (id) {
    case BuiltinId.Append:
      return [append(b, e)];
    case BuiltinId.Cap:
      return [capOf(b, e.args[0])];
    case BuiltinId.Len:
      return [lenOf(b, e.args[0])];
    case BuiltinId.Complex: {
      const t = exprType(b, e);
      const part = b.types.basic(t.kind === G.Complex64 ? G.Float32 : G.Float64);
      const [re, im] = buildArgs(b, e, [part, part], false);
      return [b.v2(Op.ComplexMake, t, re, im)];
    }
    case BuiltinId.Real:
    case BuiltinId.Imag:
      return [b.v1(id === BuiltinId.Real ? Op.ComplexReal : Op.ComplexImag, exprType(b, e), expr(b, e.args[0]))];
    case BuiltinId.Make:
      return [make(b, e)];
    case BuiltinId.Max:
    case BuiltinId.Min:
      return [minMax(b, e, id === BuiltinId.Max)];
    case BuiltinId.New:
      return [newValue(b, e)];
    case BuiltinId.Add: {
      const [p, n] = pointerAndSize(b, e, b.unsafePointer);
      return [b.v2(Op.AddPtr, b.unsafePointer, p, n)];
    }
    case BuiltinId.Sizeof:
      return [layoutConstant(b, exprType(b, e.args[0]).size)];
    case BuiltinId.Alignof:
      return [layoutConstant(b, exprType(b, e.args[0]).align)];
    case BuiltinId.Offsetof:
      return [layoutConstant(b, offsetOf(b, e.args[0]))];
    case BuiltinId.Slice:
      return [unsafeSlice(b, e)];
    case BuiltinId.String:
      return [unsafeString(b, e)];
    case BuiltinId.SliceData: {
      const t = exprType(b, e);
      return [b.v1(Op.SlicePtr, t, expr(b, e.args[0]))];
    }
    case BuiltinId.StringData:
      return [b.v1(Op.StringPtr, exprType(b, e), expr(b, e.args[0]))];
  }
  const plan = planBuiltin(b, e);
  return plan.emit(b, plan.values);
}

/** Operands are values, but for those of Sizeof and its like; append of a new slice makes none (appendSlice). */
function orderBuiltin(b: FuncBuilder, e: CallExpr, id: number): void {
  if (id === BuiltinId.Sizeof || id === BuiltinId.Alignof || id === BuiltinId.Offsetof) return;
  const made = id === BuiltinId.Append && e.hasDots ? madeSlice(b, e.args[1]) : null;
  orderOperands(b, made === null ? e.args : [e.args[0], made.args[1]]);
}

/** make([]T, n), where its elements are wanted, not the slice. */
function madeSlice(b: FuncBuilder, e: Expr): CallExpr | null {
  const x = unparen(e);
  return x.kind === Kind.CallExpr &&
    tvOf(x.fun)?.mode === Mode.builtin &&
    builtinId(x) === BuiltinId.Make &&
    x.args.length === 2 &&
    exprType(b, x).kind === G.Slice
    ? x
    : null;
}

/** Constant only once type parameters have been replaced. */
function layoutConstant(b: FuncBuilder, n: number): Value {
  return b.constant(Op.Const64, b.uintptr, n | 0, Math.floor(n / 4294967296) | 0);
}

function offsetOf(b: FuncBuilder, e: Expr): number {
  const x = unparen(e);
  const s = x.kind === Kind.SelectorExpr ? selectionOf(x) : null;
  if (x.kind !== Kind.SelectorExpr || s === null) return b.fail(e.pos, 'offset of what is no field');
  let t = exprType(b, x.x);
  let offset = 0;
  for (const i of s.index) {
    if (t.kind === G.Pointer) t = t.elem();
    offset += t.fields[i].offset;
    t = t.fields[i].type;
  }
  return offset;
}

/** The built-ins that may stand as statements, hence after go and defer. */
export function planBuiltin(b: FuncBuilder, e: CallExpr): CallPlan {
  const id = builtinId(e);
  switch (id) {
    case BuiltinId.Close: {
      const t = exprType(b, e.args[0]);
      return plan([expr(b, e.args[0])], [t], (at, [c]) => rtCall(at, 'closechan', [c]));
    }
    case BuiltinId.Clear: {
      const t = exprType(b, e.args[0]);
      return plan([expr(b, e.args[0])], [t], (at, [x]) => clear(at, t, x));
    }
    case BuiltinId.Copy: {
      const spread = spreadCall(e);
      if (spread !== null) {
        const types = resultTypes(b, spread);
        const values = buildArgs(b, e, types, false);
        return plan(values, types, (at, [x, y]) => [copy(at, types[0], x, types[1], y)]);
      }
      const dt = exprType(b, e.args[0]);
      const st = exprType(b, e.args[1]);
      const d = expr(b, e.args[0]);
      return plan([d, expr(b, e.args[1])], [dt, st], (at, [x, y]) => [copy(at, dt, x, st, y)]);
    }
    case BuiltinId.Delete: {
      const spread = spreadCall(e);
      const t = spread === null ? exprType(b, e.args[0]) : resultTypes(b, spread)[0];
      const [m, key] = buildArgs(b, e, [t, t.key()], false);
      return plan([m, key], [t, t.key()], (at, [mm, k]) => {
        mapDelete(at, t, mm, k);
        return [];
      });
    }
    case BuiltinId.Panic: {
      const any = b.types.interfaceOf([]);
      return plan([exprTo(b, e.args[0], any)], [any], (at, [x]) => {
        rtCall(at, 'gopanic', [x]);
        return [];
      });
    }
    case BuiltinId.Print:
    case BuiltinId.Println: {
      const spread = spreadCall(e);
      const types = spread !== null ? resultTypes(b, spread) : e.args.map((a) => printType(b, a));
      const values = spread !== null ? buildArgs(b, e, types, false) : e.args.map((a, i) => exprTo(b, a, types[i]));
      return plan(values, types, (at, vs) => print(at, vs, types, id === BuiltinId.Println));
    }
    case BuiltinId.Recover:
      return plan([], [], (at) => {
        at.f.noInline = true;
        return rtCall(at, 'gorecover', []);
      });
  }
  if (id === BuiltinId.Sizeof || id < 0) b.fail(e.pos, `built-in ${id}`);
  // A built-in whose value is dropped.
  const values = builtinCall(b, e);
  return plan(
    values,
    values.map((v) => v.type),
    (_at, vs) => [...vs],
  );
}

function plan(values: Value[], types: GoType[], emit: (b: FuncBuilder, values: readonly Value[]) => Value[]): CallPlan {
  return { values, types, emit };
}

function clear(b: FuncBuilder, t: GoType, x: Value): Value[] {
  if (t.kind === G.Map) return rtCall(b, 'mapclear', [b.typeAddr(t), x]);
  const from = sliceElements(b, x, t);
  clearElements(b, from.elem, from.ptr, from.len);
  return [];
}

function copy(b: FuncBuilder, dt: GoType, d: Value, st: GoType, s: Value): Value {
  const elem = dt.elem();
  const dst = sliceElements(b, d, dt);
  const string = st.kind === G.String;
  const srcPtr = b.v1(string ? Op.StringPtr : Op.SlicePtr, dst.ptr.type, s);
  const srcLen = b.v1(string ? Op.StringLen : Op.SliceLen, b.int, s);
  if (elem.hasPointers()) return rtCall(b, 'typedslicecopy', [b.typeAddr(elem), dst.ptr, dst.len, srcPtr, srcLen])[0];
  const n = minInt(b, dst.len, srcLen);
  copyElements(b, elem, dst.ptr, srcPtr, n);
  return n;
}

/** append(s, x...) and append(s, t...). */
function append(b: FuncBuilder, e: CallExpr): Value {
  const t = exprType(b, e);
  const elem = t.elem();
  const spread = spreadCall(e);
  if (spread !== null) {
    const types = resultTypes(b, spread).map((_, i) => (i === 0 ? t : elem));
    const [s, ...values] = buildArgs(b, e, types, false).map((v) => b.stable(v));
    return appendValues(b, t, s, values);
  }
  const s = exprTo(b, e.args[0], t);
  if (e.hasDots) return appendSlice(b, t, s, e.args[1]);
  const rest = e.args.slice(1);
  if (rest.length === 0) return s;
  return appendValues(
    b,
    t,
    s,
    rest.map((a) => b.stable(exprTo(b, a, elem))),
  );
}

function appendValues(b: FuncBuilder, t: GoType, s: Value, values: readonly Value[]): Value {
  const elem = t.elem();
  const oldLen = b.v1(Op.SliceLen, b.int, s);
  const grown = growSlice(b, t, s, b.constInt(values.length));
  const from = sliceElements(b, grown, t);
  const first = elementAddr(b, from, oldLen);
  values.forEach((v, i) => {
    b.store(elem, i === 0 ? first : b.offset(first, i * elem.size, first.type), v);
  });
  return grown;
}

function appendSlice(b: FuncBuilder, t: GoType, s: Value, arg: Expr): Value {
  const elem = t.elem();
  const x = madeSlice(b, arg);
  // append(s, make([]T, n)...): the new part is zeroed, nothing is copied.
  if (x !== null) {
    const n = sizeArg(b, x.args[1]);
    check(b, b.v2(Op.Leq64, b.bool, b.constInt(0), n), () => rtPanic(b, 'panicmakeslicelen', []));
    const oldLen = b.v1(Op.SliceLen, b.int, s);
    const grown = growSlice(b, t, s, n);
    clearElements(b, elem, elementAddr(b, sliceElements(b, grown, t), oldLen), n);
    return grown;
  }
  if (tvOf(arg)?.mode === Mode.nilvalue) return s;
  const at = exprType(b, arg);
  const v = exprTo(b, arg, at);
  const string = at.kind === G.String;
  const ptr = b.v1(string ? Op.StringPtr : Op.SlicePtr, b.types.pointerTo(elem), v);
  const n = b.v1(string ? Op.StringLen : Op.SliceLen, b.int, v);
  const oldLen = b.v1(Op.SliceLen, b.int, s);
  const grown = growSlice(b, t, s, n);
  copyElements(b, elem, elementAddr(b, sliceElements(b, grown, t), oldLen), ptr, n);
  return grown;
}

export function lenOf(b: FuncBuilder, x: Expr): Value {
  const t = exprType(b, x);
  switch (t.kind) {
    case G.String:
      return b.v1(Op.StringLen, b.int, expr(b, x));
    case G.Slice:
      return b.v1(Op.SliceLen, b.int, expr(b, x));
    case G.Map:
      return mapLen(b, expr(b, x));
    case G.Chan:
      return rtCall(b, 'chanlen', [expr(b, x)])[0];
    default:
      return arrayLen(b, x, t);
  }
}

export function capOf(b: FuncBuilder, x: Expr): Value {
  const t = exprType(b, x);
  if (t.kind === G.Slice) return b.v1(Op.SliceCap, b.int, expr(b, x));
  if (t.kind === G.Chan) return rtCall(b, 'chancap', [expr(b, x)])[0];
  return arrayLen(b, x, t);
}

function arrayLen(b: FuncBuilder, x: Expr, t: GoType): Value {
  const array = t.kind === G.Pointer ? t.elem() : t;
  if (array.kind !== G.Array) return b.fail(x.pos, `length of ${t.linkString}`);
  // Not constant: the operand has calls or receive operations, which run.
  if (t.kind === G.Array && isInMemory(b, x)) addressOf(b, x);
  else expr(b, x);
  return b.constInt(array.length);
}

function sizeArg(b: FuncBuilder, e: Expr): Value {
  const t = exprType(b, e);
  return t.isInteger() ? asInt(b, exprTo(b, e, t), t).value : exprTo(b, e, b.int);
}

function make(b: FuncBuilder, e: CallExpr): Value {
  const t = exprType(b, e);
  switch (t.kind) {
    case G.Slice: {
      const len = sizeArg(b, e.args[1]);
      return makeSlice(b, t, len, e.args.length > 2 ? sizeArg(b, e.args[2]) : len, 'make');
    }
    case G.Map:
      return makeMap(b, t, e.args.length > 1 ? sizeArg(b, e.args[1]) : b.constInt(0));
    case G.Chan:
      return makeChan(b, t, e.args.length > 1 ? sizeArg(b, e.args[1]) : b.constInt(0));
    default:
      return b.fail(e.pos, `make of ${t.linkString}`);
  }
}

/** new(T), and new(x) of a value. */
function newValue(b: FuncBuilder, e: CallExpr): Value {
  const t = exprType(b, e).elem();
  if (tvOf(e.args[0])?.mode === Mode.typexpr) return allocNew(b, 'new', t);
  if (canSsa(t)) {
    const v = exprTo(b, e.args[0], t);
    const p = allocNew(b, 'new', t);
    b.store(t, p, v);
    return p;
  }
  const p = allocNew(b, 'new', t);
  exprInto(b, e.args[0], t, p, true);
  return p;
}

function minMax(b: FuncBuilder, e: CallExpr, max: boolean): Value {
  const t = exprType(b, e);
  const values = e.args.map((a) => exprTo(b, a, t));
  return values.reduce((x, y) => {
    if (t.isFloat()) {
      const base = max ? Op.Max32F : Op.Min32F;
      return b.v2(base + (t.size === 8 ? 1 : 0), t, x, y);
    }
    if (t.kind === G.String) return rtCall(b, max ? 'strmax' : 'strmin', [x, y])[0];
    const id = b.newVar(t);
    b.define(id, x);
    const other = b.newBlock();
    const done = b.newBlock();
    b.branch(compareValues(b, max ? SyntaxOp.Gtr : SyntaxOp.Lss, t, y, x), other, done);
    b.startSealed(other);
    b.define(id, y);
    b.jump(done);
    b.startSealed(done);
    return b.read(id);
  });
}

/** The operands of unsafe.Add, Slice and String: two, or a call that gives both. */
function pointerAndSize(b: FuncBuilder, e: CallExpr, pointer: GoType): [ptr: Value, n: Value] {
  const spread = spreadCall(e);
  if (spread === null) return [exprTo(b, e.args[0], pointer), sizeArg(b, e.args[1])];
  const types = resultTypes(b, spread);
  const [ptr, n] = buildArgs(b, e, [pointer, types[1]], false);
  return [ptr, asInt(b, n, types[1]).value];
}

function unsafeSlice(b: FuncBuilder, e: CallExpr): Value {
  const t = exprType(b, e);
  const elem = t.elem();
  const [ptr, n] = pointerAndSize(b, e, b.types.pointerTo(elem));
  checkUnsafeLength(b, ptr, n, elem.size, 'panicunsafeslicelen', 'panicunsafeslicenilptr');
  return b.v3(Op.SliceMake, t, ptr, n, n);
}

function unsafeString(b: FuncBuilder, e: CallExpr): Value {
  const [ptr, n] = pointerAndSize(b, e, b.bytePtr);
  checkUnsafeLength(b, ptr, n, 1, 'panicunsafestringlen', 'panicunsafestringnilptr');
  return b.v2(Op.StringMake, exprType(b, e), ptr, n);
}

/** n is not negative, and n elements from ptr on do not reach past the end of the address space. */
function checkUnsafeLength(
  b: FuncBuilder,
  ptr: Value,
  n: Value,
  size: number,
  badLength: string,
  badPointer: string,
): void {
  check(b, b.v2(Op.Leq64, b.bool, b.constInt(0), n), () => rtPanic(b, badLength, []));
  if (size === 0) {
    // A nil pointer with a length is still refused.
    const isNil = b.v2(
      Op.AndB,
      b.bool,
      b.v2(Op.EqPtr, b.bool, ptr, b.constNil(ptr.type)),
      b.v2(Op.Neq64, b.bool, n, b.constInt(0)),
    );
    check(b, b.v1(Op.Not, b.bool, isNil), () => rtPanic(b, badPointer, []));
    return;
  }
  let bytes = b.v1(Op.Copy, b.uintptr, n);
  let fits: Value | null = null;
  if (size !== 1) {
    const product = b.v2(
      Op.Mul64uover,
      b.types.tupleOf([b.uintptr, b.bool]),
      bytes,
      b.constant(Op.Const64, b.uintptr, size, 0),
    );
    bytes = b.v1(Op.Select0, b.uintptr, product);
    fits = b.v1(Op.Not, b.bool, b.v1(Op.Select1, b.bool, product));
  }
  const address = b.v2(Op.Convert, b.uintptr, ptr, b.mem());
  const inSpace = b.v2(Op.Leq64U, b.bool, bytes, b.v1(Op.Neg64, b.uintptr, address));
  const zeroBytes = b.v2(Op.Eq64, b.bool, bytes, b.constant(Op.Const64, b.uintptr, 0, 0));
  // The negated address of nil is 0: then only no bytes at all fit.
  const ok = b.v2(Op.OrB, b.bool, inSpace, zeroBytes);
  check(b, fits === null ? ok : b.v2(Op.AndB, b.bool, fits, ok), () => {
    const isNil = b.v2(Op.EqPtr, b.bool, ptr, b.constNil(ptr.type));
    check(b, b.v1(Op.Not, b.bool, isNil), () => rtPanic(b, badPointer, []));
    rtPanic(b, badLength, []);
  });
}

/** The type as which print shows an argument: untyped constants get int64 or float64. */
function printType(b: FuncBuilder, a: Expr): GoType {
  return tvOf(a)?.mode === Mode.nilvalue ? b.unsafePointer : exprType(b, a);
}

function print(b: FuncBuilder, values: readonly Value[], types: readonly GoType[], line: boolean): Value[] {
  rtCall(b, 'printlock', []);
  values.forEach((v, i) => {
    if (line && i > 0) rtCall(b, 'printsp', []);
    printOne(b, v, types[i]);
  });
  if (line) rtCall(b, 'printnl', []);
  rtCall(b, 'printunlock', []);
  return [];
}

function printOne(b: FuncBuilder, v: Value, t: GoType): void {
  const named = b.types.namedAs(t);
  const runtimeName = named !== null && named.pkgPath === 'runtime' ? named.name : '';
  switch (t.kind) {
    case G.Interface: {
      const name = t.isEmptyInterface() ? 'printeface' : 'printiface';
      const param = b.prog.packageFunc('runtime', name).type.params()[0];
      const words = [b.v1(Op.ITab, param.fields[0].type, v), b.v1(Op.IData, b.unsafePointer, v)];
      rtCall(b, name, [makeStruct(b, param, words)]);
      return;
    }
    case G.Bool:
      rtCall(b, 'printbool', [v]);
      return;
    case G.String:
      rtCall(b, runtimeName === 'quoted' ? 'printquoted' : 'printstring', [v]);
      return;
    case G.Slice:
      rtCall(b, 'printslice', [v]);
      return;
    case G.Float32:
      rtCall(b, 'printfloat32', [v]);
      return;
    case G.Float64:
      rtCall(b, 'printfloat64', [v]);
      return;
    case G.Complex64:
      rtCall(b, 'printcomplex64', [v]);
      return;
    case G.Complex128:
      rtCall(b, 'printcomplex128', [v]);
      return;
  }
  if (t.isInteger()) {
    const wide = b.types.basic(t.isSigned() ? G.Int64 : G.Uint64);
    const w = b.v1(Op.Copy, wide, asInt(b, v, t).value);
    rtCall(b, t.isSigned() ? 'printint' : runtimeName === 'hex' ? 'printhex' : 'printuint', [w]);
    return;
  }
  if (t.kind === G.Pointer && t.elem().notInHeap) rtCall(b, 'printuintptr', [b.v2(Op.Convert, b.uintptr, v, b.mem())]);
  else rtCall(b, 'printpointer', [v]);
}
