/** Expressions in export data (cmd/compile/internal/noder: writer.go, expr). */
import { bug } from '#base/bug.ts';
import type { Pos } from '#base/source.ts';
import * as constant from '#constant/value.ts';
import * as Kind from '#syntax/kinds.ts';
import type {
  AssertExpr,
  CallExpr,
  CompositeLit,
  Expr,
  FuncLit,
  IndexExpr,
  Name,
  Operation,
  SelectorExpr,
  SliceExpr,
} from '#syntax/nodes.ts';
import { unpackListExpr, unparen } from '#syntax/nodes.ts';
import * as SyntaxOp from '#syntax/operators.ts';
import * as BasicKind from '#types/basickind.ts';
import { coreType } from '#types/coretype.ts';
import { signatureOf } from '#types/decl.ts';
import * as Code from '#types/errors/codes.ts';
import {
  FieldVal,
  type InstanceInfo,
  instanceOf,
  isBuiltin,
  isType,
  isValue,
  MethodVal,
  objOf,
  type SelectionInfo,
  selectionOf,
  type TypeAndValue,
  tvOf,
} from '#types/info.ts';
import { fieldIndex } from '#types/lookup.ts';
import * as Mode from '#types/mode.ts';
import { namedObj, typeArgs } from '#types/named.ts';
import type { Func, Obj } from '#types/object.ts';
import * as ObjKind from '#types/objkind.ts';
import { assignableTo, newOperand } from '#types/operand.ts';
import { identical, isNonTypeParamInterface, isTypeParam, isUntyped } from '#types/predicates.ts';
import type { Signature, Struct, Type } from '#types/type.ts';
import { unalias } from '#types/type.ts';
import * as TypeKind from '#types/typekind.ts';
import { under } from '#types/under.ts';
import { Typ } from '#types/universe.ts';
import { bodyIndex } from './body.ts';
import { writeBuiltinCall } from './body-builtins.ts';
import {
  ExprAssert,
  ExprBinaryOp,
  ExprCall,
  ExprCompLit,
  ExprConst,
  ExprConvert,
  ExprFieldVal,
  ExprFuncInst,
  ExprFuncLit,
  ExprGlobal,
  ExprIndex,
  ExprLocal,
  ExprMethodExpr,
  ExprMethodVal,
  ExprRecv,
  ExprReshape,
  ExprSlice,
  ExprUnaryOp,
  ExprZero,
} from './body-codes.ts';
import { binaryOp, unaryOp } from './body-ops.ts';
import {
  type Body,
  derefType,
  isDerivedUse,
  isGlobal,
  isPointerTo,
  methodExprIndex,
  objectUse,
  subdictIndex,
  writeObjectUse,
} from './body-out.ts';
import { writeConvRtti, writeExprType, writeRtype } from './body-types.ts';
import * as P from './pkgbits.ts';
import {
  hasImplicits,
  packageIndex,
  paramIndex,
  writeConstant,
  writeIdent,
  writePos,
  writeSignature,
  writeType,
} from './write.ts';

/** The type of an expression; for the name of a generic function without type arguments, that of the instance. */
export function typeOf(x: Expr): Type {
  const t = maybeTypeOf(x);
  return t ?? bug(`expression of kind ${x.kind} without a type in export data`);
}

function maybeTypeOf(x: Expr): Type | null {
  if (x.kind === Kind.Name) {
    const instance = instanceOf(x);
    if (instance !== null) return instance.type;
    // Names on the left have no type of their own if they are only declared.
    const obj = objOf(x);
    if (x.tv === null && obj !== null && obj.kind === ObjKind.Var) return obj.typ;
  }
  return tvOf(x)?.type ?? null;
}

export function isAssignable(from: Type, to: Type): boolean {
  return assignableTo(null, newOperand(Mode.value, null, from), to, null) === Code.NoError;
}

interface Denoted {
  readonly obj: Obj | null;
  readonly instance: InstanceInfo | null;
}

const nothing: Denoted = { obj: null, instance: null };

/** What a name or qualified identifier denotes, with or without type arguments. */
export function denotedBy(e: Expr): Denoted {
  let x = e;
  if (x.kind === Kind.IndexExpr) {
    const args = unpackListExpr(x.index);
    const tv = args.length === 1 ? tvOf(args[0]) : null;
    if (tv !== null && isValue(tv)) return nothing;
    x = x.x;
  }
  if (x.kind === Kind.SelectorExpr) {
    const isQualified = x.x.kind === Kind.Name && objOf(x.x)?.kind === ObjKind.PkgName;
    if (!isQualified) return nothing;
    x = x.sel;
  }
  return x.kind === Kind.Name ? { obj: objOf(x), instance: instanceOf(x) } : nothing;
}

export function writeExpr(b: Body, e0: Expr): void {
  const x = unparen(e0);
  const { obj, instance } = denotedBy(x);
  const tv = tvOf(x);
  if (tv !== null && writeByValue(b, x, tv, obj)) return;
  if (obj !== null) {
    if (instance !== null && instance.typeArgs.length > 0) {
      if (obj.kind !== ObjKind.Func) bug(`instance of ${obj.name} as a value`);
      b.e.len(ExprFuncInst);
      writePos(b.o, x.pos);
      writeFuncInst(b, obj, instance.typeArgs);
    } else if (isGlobal(obj)) {
      b.e.len(ExprGlobal);
      writeObjectUse(b.o, objectUse(b, obj, []));
    } else {
      if (obj.kind !== ObjKind.Var) bug(`${obj.name} as a value`);
      b.e.len(ExprLocal);
      b.useLocal(x.pos, obj);
    }
    return;
  }
  writeOperation(b, x);
}

/** Constants and nil are written whole; whether x was one. Other values with their type, for it may have been shaped. */
function writeByValue(b: Body, x: Expr, tv: TypeAndValue, obj: Obj | null): boolean {
  const { e, o } = b;
  const type = maybeTypeOf(x) ?? tv.type;
  if (isType(tv)) return bug('type as an operand');
  if (tv.value !== null) {
    e.len(ExprConst);
    writePos(o, x.pos);
    writeType(o, idealType(type, tv.value));
    writeConstant(o, tv.value);
    return true;
  }
  if (obj !== null && obj.kind === ObjKind.Nil) {
    e.len(ExprZero);
    writePos(o, x.pos);
    writeType(o, type);
    return true;
  }
  if (!isBuiltin(tv) && type.kind !== TypeKind.Tuple && !isUntyped(type)) {
    e.len(ExprReshape);
    writeType(o, type);
  }
  return false;
}

/** Constants that stay untyped: counts of shifts, conditions, arguments of append. */
function idealType(t0: Type, value: constant.Value): Type {
  const t = unalias(t0);
  if (t.kind !== TypeKind.Basic || !isUntyped(t)) return t;
  switch (t.basic) {
    case BasicKind.UntypedInt:
    case BasicKind.UntypedFloat:
    case BasicKind.UntypedComplex:
      return Typ[constant.sign(constant.toInt(value)) < 0 ? BasicKind.Int : BasicKind.Uint];
    case BasicKind.UntypedBool:
      return Typ[BasicKind.Bool];
    case BasicKind.UntypedString:
      return Typ[BasicKind.String];
    case BasicKind.UntypedRune:
      return Typ[BasicKind.Int32];
    default:
      return t;
  }
}

function writeOperation(b: Body, x: Expr): void {
  switch (x.kind) {
    case Kind.CompositeLit:
      writeCompositeLit(b, x);
      return;
    case Kind.FuncLit:
      writeFuncLit(b, x);
      return;
    case Kind.SelectorExpr:
      writeSelector(b, x, selectionOf(x) ?? bug(`selector ${x.sel.value} without a meaning`));
      return;
    case Kind.IndexExpr:
      writeIndex(b, x);
      return;
    case Kind.SliceExpr:
      writeSlice(b, x);
      return;
    case Kind.AssertExpr:
      writeAssert(b, x);
      return;
    case Kind.Operation:
      if (x.y === null) writeUnary(b, x);
      else writeBinary(b, x, x.y);
      return;
    case Kind.CallExpr:
      writeCall(b, x);
      return;
    default:
      bug(`expression of kind ${x.kind} in export data`);
  }
}

export function writeOptionalExpr(b: Body, x: Expr | null): void {
  if (b.e.bool(x !== null) && x !== null) writeExpr(b, x);
}

export function writeExprs(b: Body, list: readonly Expr[]): void {
  b.e.len(list.length);
  for (const x of list) writeExpr(b, x);
}

function writeSelector(b: Body, x: SelectorExpr, sel: SelectionInfo): void {
  const { e, o } = b;
  if (sel.kind === FieldVal) {
    e.len(ExprFieldVal);
    writeExpr(b, x.x);
    writePos(o, x.pos);
    writeIdent(o, sel.obj.pkg, sel.obj.name);
    return;
  }
  const method = methodOf(sel);
  if (sel.kind === MethodVal) {
    e.len(ExprMethodVal);
    const recv = writeReceiver(b, x, sel, method);
    writePos(o, x.pos);
    writeMethodExpr(b, x, recv, method);
    return;
  }
  e.len(ExprMethodExpr);
  const type = typeOf(x.x);
  writeType(o, type);
  const recv = writePath(b, type, sel, method);
  writePos(o, x.pos);
  writeMethodExpr(b, x, recv, method);
}

function methodOf(sel: SelectionInfo): Func {
  return sel.obj.kind === ObjKind.Func ? sel.obj : bug(`${sel.obj.name} is no method`);
}

/** The receiver of a method, through embedded fields; its type. */
function writeReceiver(b: Body, x: SelectorExpr, sel: SelectionInfo, method: Func): Type {
  b.e.len(ExprRecv);
  writeExpr(b, x.x);
  writePos(b.o, x.pos);
  return writePath(b, typeOf(x.x), sel, method);
}

function writePath(b: Body, from: Type, sel: SelectionInfo, method: Func): Type {
  const { e } = b;
  const path = sel.index.slice(0, -1);
  e.len(path.length);
  let type = from;
  for (const i of path) {
    e.len(i);
    type = structOf(derefType(type)).fields[i].typ;
  }
  const recv = signatureOf(method).recv?.typ ?? bug(`method ${method.name} without receiver`);
  if (e.bool(isPointerTo(type, recv))) return recv;
  return e.bool(isPointerTo(recv, type)) ? recv : type;
}

function structOf(t: Type): Struct {
  const u = under(t);
  return u.kind === TypeKind.Struct ? u : bug('embedded field of what is no struct');
}

function writeFuncInst(b: Body, obj: Obj, args: readonly Type[]): void {
  const use = objectUse(b, obj, args);
  if (b.e.bool(isDerivedUse(use))) b.e.len(subdictIndex(b.dict, use));
  else writeObjectUse(b.o, use);
}

/** The method for a receiver; where it needs a dictionary, how that is found. */
function writeMethodExpr(b: Body, x: SelectorExpr, recv: Type, method: Func): void {
  const { e, o } = b;
  writeType(o, recv);
  // The receiver is told above.
  writeType(o, signatureOf(method));
  writePos(o, x.pos);
  writeIdent(o, method.pkg, method.name);
  const r = unalias(recv);
  if (e.bool(r.kind === TypeKind.TypeParam) && r.kind === TypeKind.TypeParam) {
    e.len(methodExprIndex(b.dict, paramIndex(b.dict, r), packageIndex(o.x, method.pkg), method.name));
    return;
  }
  if (!isNonTypeParamInterface(recv)) {
    const named = unalias(derefType(r));
    const t = named.kind === TypeKind.Named ? named : r.kind === TypeKind.Named ? r : null;
    if (t !== null) {
      const use = objectUse(b, namedObj(t), typeArgs(t));
      if (hasImplicits(o.x, namedObj(t)) || isDerivedUse(use)) {
        e.bool(true);
        e.len(subdictIndex(b.dict, use));
        return;
      }
      if (use.args.length > 0) {
        e.bool(false);
        e.bool(true);
        writeObjectUse(o, use);
        return;
      }
    }
  }
  e.bool(false);
  e.bool(false);
}

function writeIndex(b: Body, x: IndexExpr): void {
  const t = typeOf(x.x);
  const core = coreType(t);
  const key = core !== null && core.kind === TypeKind.Map ? core.key : null;
  b.e.len(ExprIndex);
  writeExpr(b, x.x);
  writePos(b.o, x.pos);
  writeImplicit(b, key, x.index);
  if (key !== null) writeRtype(b, t);
}

function writeSlice(b: Body, x: SliceExpr): void {
  b.e.len(ExprSlice);
  writeExpr(b, x.x);
  writePos(b.o, x.pos);
  for (const i of x.index) writeOptionalExpr(b, i);
}

function writeAssert(b: Body, x: AssertExpr): void {
  const iface = typeOf(x.x);
  b.e.len(ExprAssert);
  writeExpr(b, x.x);
  writePos(b.o, x.pos);
  writeExprType(b, iface, x.type);
  writeRtype(b, iface);
}

function writeUnary(b: Body, x: Operation): void {
  b.e.len(ExprUnaryOp);
  b.e.len(unaryOp(x.op));
  writePos(b.o, x.pos);
  writeExpr(b, x.x);
}

function writeBinary(b: Body, x: Operation, y: Expr): void {
  const isShift = x.op === SyntaxOp.Shl || x.op === SyntaxOp.Shr;
  const common = isShift ? null : commonType(typeOf(x.x), typeOf(y));
  b.e.len(ExprBinaryOp);
  b.e.len(binaryOp(x.op));
  writeImplicit(b, common, x.x);
  writePos(b.o, x.pos);
  writeImplicit(b, common, y);
}

function commonType(x: Type, y: Type): Type {
  if (isAssignable(x, y)) return y;
  return isAssignable(y, x) ? x : bug('operands without a common type');
}

function writeCall(b: Body, x: CallExpr): void {
  const { e, o } = b;
  const tv = tvOf(x.fun) ?? bug('call of what has no type');
  if (isType(tv)) {
    writeConversion(b, tv.type, x.args[0], false);
    return;
  }
  const fun = unparen(x.fun);
  let rtype: Type | null = null;
  if (isBuiltin(tv)) {
    const built = writeBuiltinCall(b, x, denotedBy(fun).obj?.name ?? '');
    if (built.whole) return;
    rtype = built.rtype;
  }
  const sig = coreType(maybeTypeOf(x.fun) ?? tv.type);
  if (sig === null || sig.kind !== TypeKind.Signature) bug('call of what is no function');
  e.len(ExprCall);
  writeCallee(b, fun);
  writePos(o, x.pos);
  writeMulti(b, x.pos, (i) => paramType(sig, i, x.hasDots), x.args);
  e.bool(x.hasDots);
  if (rtype !== null) writeRtype(b, rtype);
}

export function writeCallee(b: Body, fun: Expr): void {
  const { e } = b;
  const sel = fun.kind === Kind.SelectorExpr ? selectionOf(fun) : null;
  const isMethod = sel !== null && sel.kind === MethodVal;
  e.bool(isMethod);
  if (isMethod && fun.kind === Kind.SelectorExpr) {
    const method = methodOf(sel);
    const recv = writeReceiver(b, fun, sel, method);
    writeMethodExpr(b, fun, recv, method);
    return;
  }
  const { obj, instance } = denotedBy(fun);
  const isInstance = obj !== null && instance !== null && instance.typeArgs.length > 0;
  if (e.bool(isInstance) && isInstance) {
    writePos(b.o, fun.pos);
    writeFuncInst(b, obj, instance.typeArgs);
  } else writeExpr(b, fun);
}

function paramType(sig: Signature, i: number, hasDots: boolean): Type {
  const list = sig.params.vars;
  if (sig.variadic && !hasDots && i >= list.length - 1) {
    const last = coreType(list[list.length - 1].typ);
    return last !== null && last.kind === TypeKind.Slice ? last.elem : bug('variadic parameter that is no slice');
  }
  return list[i].typ;
}

/** Expressions that become values of the target types (null: as they are), or one with several values. */
export function writeMulti(b: Body, pos: Pos, target: (i: number) => Type | null, list: readonly Expr[]): void {
  const { e, o } = b;
  const tuple = list.length === 1 ? typeOf(list[0]) : null;
  if (tuple !== null && tuple.kind === TypeKind.Tuple) {
    e.bool(true);
    writePos(o, pos);
    writeExpr(b, list[0]);
    e.len(tuple.vars.length);
    tuple.vars.forEach((v, i) => {
      writeType(o, v.typ);
      const to = target(i);
      const converts = to !== null && !identical(v.typ, to);
      if (e.bool(converts) && converts) {
        writeType(o, to);
        writeConvRtti(b, v.typ, to);
      }
    });
    return;
  }
  e.bool(false);
  e.len(list.length);
  list.forEach((x, i) => {
    writeImplicit(b, target(i), x);
  });
}

export function writeImplicit(b: Body, to: Type | null, x: Expr): void {
  if (to === null) writeExpr(b, x);
  else writeConversion(b, to, x, true);
}

function writeConversion(b: Body, to: Type, x: Expr, implicit: boolean): void {
  const { e, o } = b;
  const from = typeOf(x);
  const same = identical(from, to);
  if (implicit && same) {
    writeExpr(b, x);
    return;
  }
  e.len(ExprConvert);
  e.bool(implicit);
  writeType(o, to);
  writePos(o, x.pos);
  writeConvRtti(b, from, to);
  e.bool(isTypeParam(to));
  e.bool(same);
  writeExpr(b, x);
}

function writeCompositeLit(b: Body, x: CompositeLit): void {
  const { e, o } = b;
  e.len(ExprCompLit);
  let type = typeOf(x);
  writePos(o, x.pos);
  writeType(o, type);
  const pointer = coreType(type);
  if (pointer !== null && pointer.kind === TypeKind.Pointer) type = pointer.elem;
  const core = coreType(type) ?? bug('composite literal without a core type');
  if (core.kind === TypeKind.Map) writeRtype(b, type);
  e.len(x.elems.length);
  x.elems.forEach((elem, i) => {
    if (core.kind === TypeKind.Struct) writeField(b, core, elem, i);
    else writeElement(b, core, elem);
  });
}

function writeField(b: Body, t: Struct, elem: Expr, place: number): void {
  const keyed = elem.kind === Kind.KeyValueExpr;
  const index = keyed ? keyIndex(t, elem.key as Name) : place;
  writePos(b.o, keyed ? elem.key.pos : elem.pos);
  b.e.len(index);
  writeImplicit(b, t.fields[index].typ, keyed ? elem.value : elem);
}

function keyIndex(t: Struct, key: Name): number {
  const obj = objOf(key);
  const i = fieldIndex(t.fields, obj?.pkg ?? null, key.value, false);
  return i >= 0 ? i : bug(`no field ${key.value}`);
}

function writeElement(b: Body, core: Type, elem: Expr): void {
  const isList = core.kind === TypeKind.Array || core.kind === TypeKind.Slice || core.kind === TypeKind.Map;
  if (!isList) bug('composite literal of another type');
  const keyed = elem.kind === Kind.KeyValueExpr;
  b.e.bool(keyed);
  if (keyed) {
    writePos(b.o, elem.key.pos);
    writeImplicit(b, core.kind === TypeKind.Map ? core.key : null, elem.key);
  }
  writeImplicit(b, core.elem, keyed ? elem.value : elem);
}

function writeFuncLit(b: Body, x: FuncLit): void {
  const { e, o } = b;
  const sig = typeOf(x);
  if (sig.kind !== TypeKind.Signature) bug('function literal of another type');
  e.len(ExprFuncLit);
  const { index, captured } = bodyIndex(o, b.dict, sig, x.body);
  writePos(o, x.pos);
  writeSignature(o, sig);
  // Not made of the body of a loop over a function.
  e.bool(false);
  e.len(captured.length);
  for (const c of captured) {
    writePos(o, c.pos);
    b.useLocal(c.pos, c.v);
  }
  e.ref(P.Body, index);
}
