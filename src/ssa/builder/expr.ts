/** Expressions (spec: "Expressions"): one value each. */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import * as Kind from '#syntax/kinds.ts';
import type { Expr, IndexExpr, Name, Operation, SelectorExpr } from '#syntax/nodes.ts';
import { unparen } from '#syntax/nodes.ts';
import * as SyntaxOp from '#syntax/operators.ts';
import * as BasicKind from '#types/basickind.ts';
import { FieldVal, instanceOf, MethodExpr, objOf, selectionOf, tvOf } from '#types/info.ts';
import * as Mode from '#types/mode.ts';
import type { Func as FuncObj, Obj } from '#types/object.ts';
import * as ObjKind from '#types/objkind.ts';
import { type Type, unalias } from '#types/type.ts';
import * as TypeKind from '#types/typekind.ts';
import type { Block } from '../block.ts';
import { canSsa } from '../can-ssa.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import { arithmetic, shift, unary } from './arith.ts';
import { type FuncBuilder, zeroValue } from './builder.ts';
import { buildCall } from './call.ts';
import { receive } from './channels.ts';
import { closureOf } from './closures.ts';
import { compareValues, interfaceHolds, not } from './compare.ts';
import { compositeInto, compositeValue } from './composite.ts';
import { constantValue } from './constants.ts';
import { assignable } from './convert.ts';
import { arrayElem, placeAddr, placeValue, walkFields } from './fields.ts';
import { indexAddr, indexString, indexWithin } from './index.ts';
import { assertType, typeWord } from './interfaces.ts';
import { mapLookup } from './maps.ts';
import { funcValue, methodExpr, methodValue } from './methods.ts';
import { orderComparison, orderOperands } from './order.ts';
import { sliceExpr } from './slices.ts';
import { staticBool } from './static-bool.ts';
import { concatenation, temporaryString } from './strings.ts';
import { allocNew, readVariable, variableAddr, variableOf } from './variables.ts';

/** The type of a constant whose untyped kind was never settled. */
export function settledType(b: FuncBuilder, t: Type): GoType {
  const u = unalias(t);
  if (u.kind === TypeKind.Basic && (u.info & BasicKind.IsUntyped) !== 0) {
    switch (u.basic) {
      case BasicKind.UntypedBool:
        return b.bool;
      case BasicKind.UntypedInt:
        return b.int;
      case BasicKind.UntypedRune:
        return b.types.basic(G.Int32);
      case BasicKind.UntypedFloat:
        return b.types.basic(G.Float64);
      case BasicKind.UntypedComplex:
        return b.types.basic(G.Complex128);
      case BasicKind.UntypedString:
        return b.string;
      default:
        return b.unsafePointer;
    }
  }
  return b.type(t);
}

export function exprType(b: FuncBuilder, e: Expr): GoType {
  const tv = tvOf(e);
  if (tv === null) return b.fail(e.pos, 'expression without type');
  return settledType(b, tv.type);
}

/** The value of e as type t, to which it is assignable. */
export function exprTo(b: FuncBuilder, e: Expr, t: GoType): Value {
  const tv = tvOf(e);
  if (tv === null) return b.fail(e.pos, 'expression without type');
  if (tv.mode === Mode.nilvalue) return zeroValue(b, t);
  const from = settledType(b, tv.type);
  if (tv.value !== null && tv.mode === Mode.constant_) {
    if (t.kind !== G.Interface) return constantValue(b, t, tv.value);
    return b.at(e.pos, () => assignable(b, constantValue(b, from, tv.value ?? b.fail(e.pos, 'no value')), from, t));
  }
  const v = expr(b, e);
  if (from === t) return v;
  return b.at(e.pos, () => assignable(b, v, from, t));
}

/** Writes the value of e as type t to memory that e does not mention and that is zeroed if `zeroed`. */
export function exprInto(b: FuncBuilder, e: Expr, t: GoType, ptr: Value, zeroed: boolean): void {
  const x = unparen(e);
  if (x.kind === Kind.CompositeLit && exprType(b, x) === t && (t.kind === G.Struct || t.kind === G.Array)) {
    b.at(x.pos, () => compositeInto(b, x, t, ptr, zeroed));
    return;
  }
  b.store(t, ptr, exprTo(b, e, t));
}

export function expr(b: FuncBuilder, e: Expr): Value {
  const saved = b.pos;
  const tv = tvOf(e);
  if (tv !== null && tv.mode === Mode.constant_ && tv.value !== null)
    return constantValue(b, settledType(b, tv.type), tv.value);
  const early = b.early.size === 0 ? null : b.takeEarly(e);
  if (early !== null) return early[0];
  b.pos = e.pos;
  const v = exprHere(b, e);
  b.pos = saved;
  return v;
}

function exprHere(b: FuncBuilder, e: Expr): Value {
  switch (e.kind) {
    case Kind.ParenExpr:
      return expr(b, e.x);
    case Kind.Name:
      return name(b, e);
    case Kind.FuncLit:
      return closureOf(b, e);
    case Kind.CompositeLit:
      return compositeValue(b, e, exprType(b, e));
    case Kind.SelectorExpr:
      return selector(b, e);
    case Kind.IndexExpr:
      return index(b, e);
    case Kind.SliceExpr:
      return sliceExpr(b, e);
    case Kind.AssertExpr: {
      const x = expr(b, e.x);
      return assertType(b, x, exprType(b, e.x), singleType(b, e));
    }
    case Kind.Operation:
      return operation(b, e);
    case Kind.CallExpr: {
      const results = buildCall(b, e);
      return results.length === 1 ? results[0] : b.fail(e.pos, `call with ${results.length} results as a value`);
    }
    default:
      return b.fail(e.pos, `expression of kind ${e.kind}`);
  }
}

/** The type of the first value where the expression may also be used for two. */
export function singleType(b: FuncBuilder, e: Expr): GoType {
  const tv = tvOf(e);
  if (tv === null) return b.fail(e.pos, 'expression without type');
  const t = unalias(tv.type);
  return t.kind === TypeKind.Tuple ? settledType(b, t.vars[0].typ) : settledType(b, tv.type);
}

function name(b: FuncBuilder, e: Name): Value {
  const obj = objOf(e);
  if (obj === null) return b.fail(e.pos, `${e.value} denotes nothing`);
  return objectValue(b, e, obj);
}

function objectValue(b: FuncBuilder, e: Name, obj: Obj): Value {
  if (obj.kind === ObjKind.Var) {
    if (obj.varKind !== ObjKind.PackageVar) return readVariable(b, variableOf(b, obj));
    const t = b.type(obj.typ);
    return b.load(t, b.addr(b.prog.globalSymbol(obj), b.types.pointerTo(t)));
  }
  if (obj.kind === ObjKind.Func) {
    const ref = b.prog.funcRef(obj, instanceArgs(b, e));
    return funcValue(b, ref, ref.type);
  }
  if (obj.kind === ObjKind.Nil) return zeroValue(b, exprType(b, e));
  return b.fail(e.pos, `${e.value} is no value`);
}

/** The type arguments of an instantiated function's name. */
export function instanceArgs(b: FuncBuilder, e: Name): GoType[] {
  const inst = instanceOf(e);
  return inst === null ? [] : inst.typeArgs.map((t) => b.type(t));
}

/** The declared function that e denotes, instantiated or not, with its name node; null if it is something else. */
export function declaredFunc(e: Expr): { obj: FuncObj; name: Name } | null {
  let x = unparen(e);
  if (x.kind === Kind.IndexExpr) {
    const inner = tvOf(x.index);
    const first = x.index.kind === Kind.ListExpr ? tvOf(x.index.elems[0]) : inner;
    if (first === null || first.mode !== Mode.typexpr) return null;
    x = unparen(x.x);
  }
  const n = x.kind === Kind.SelectorExpr && selectionOf(x) === null ? x.sel : x;
  if (n.kind !== Kind.Name) return null;
  const obj = objOf(n);
  return obj !== null && obj.kind === ObjKind.Func ? { obj, name: n } : null;
}

function selector(b: FuncBuilder, e: SelectorExpr): Value {
  const s = selectionOf(e);
  if (s === null) return name(b, e.sel);
  if (s.kind === MethodExpr) return methodExpr(b, e, s);
  if (s.kind !== FieldVal) return methodValue(b, e, s);
  const at = walkFields(b, placeOf(b, e.x), s.index);
  return placeValue(b, at);
}

/** x as a struct to select from: by address if it has one, so that only the selected part is read. */
export function placeOf(b: FuncBuilder, x: Expr): { type: GoType; ptr: Value | null; value: Value | null } {
  const t = exprType(b, x);
  if (t.kind !== G.Pointer && isInMemory(b, x)) return { type: t, ptr: addressOf(b, x), value: null };
  return { type: t, ptr: null, value: expr(b, x) };
}

/** Whether e is a variable or part of one that lives in memory. */
export function isInMemory(b: FuncBuilder, e: Expr): boolean {
  const x = unparen(e);
  switch (x.kind) {
    case Kind.Name: {
      const obj = objOf(x);
      if (obj === null || obj.kind !== ObjKind.Var) return false;
      return obj.varKind === ObjKind.PackageVar || variableAddrKind(b, x);
    }
    case Kind.SelectorExpr: {
      const s = selectionOf(x);
      if (s === null) return objOf(x.sel)?.kind === ObjKind.Var;
      if (s.kind !== FieldVal) return false;
      return s.indirect || exprType(b, x.x).kind === G.Pointer || isInMemory(b, x.x);
    }
    case Kind.IndexExpr: {
      const t = exprType(b, x.x);
      if (t.kind === G.Slice || t.kind === G.Pointer) return true;
      return t.kind === G.Array && isInMemory(b, x.x);
    }
    case Kind.Operation:
      return x.op === SyntaxOp.Mul && x.y === null;
    default:
      return false;
  }
}

function variableAddrKind(b: FuncBuilder, x: Name): boolean {
  const obj = objOf(x);
  if (obj === null || obj.kind !== ObjKind.Var) return false;
  const v = b.vars.get(obj);
  return v?.slotOrPointer === true;
}

/** The address of an addressable expression in memory, or of a new variable for a composite literal. */
export function addressOf(b: FuncBuilder, e: Expr): Value {
  return b.at(e.pos, () => addressHere(b, e));
}

function addressHere(b: FuncBuilder, e: Expr): Value {
  switch (e.kind) {
    case Kind.ParenExpr:
      return addressOf(b, e.x);
    case Kind.Name: {
      const obj = objOf(e);
      if (obj === null || obj.kind !== ObjKind.Var) return b.fail(e.pos, `address of ${e.value}`);
      return addressOfVar(b, e, obj);
    }
    case Kind.SelectorExpr: {
      const s = selectionOf(e);
      if (s === null) return addressOf(b, e.sel);
      return placeAddr(b, walkFields(b, placeOf(b, e.x), s.index));
    }
    case Kind.IndexExpr:
      return indexAddr(b, e);
    case Kind.Operation:
      if (e.op === SyntaxOp.Mul && e.y === null) return b.nilCheck(expr(b, e.x));
      break;
    case Kind.CompositeLit: {
      const t = exprType(b, e);
      const p = allocNew(b, '&composite literal', t);
      exprInto(b, e, t, p, true);
      return p;
    }
  }
  return b.fail(e.pos, `address of an expression of kind ${e.kind}`);
}

function addressOfVar(b: FuncBuilder, e: Name, obj: Extract<Obj, { kind: typeof ObjKind.Var }>): Value {
  if (obj.varKind === ObjKind.PackageVar) return b.addr(b.prog.globalSymbol(obj), b.types.pointerTo(b.type(obj.typ)));
  const p = variableAddr(b, variableOf(b, obj));
  return p ?? b.fail(e.pos, `${e.value} is in no memory`);
}

function index(b: FuncBuilder, e: IndexExpr): Value {
  const f = declaredFunc(e);
  if (f !== null) return funcValue(b, b.prog.funcRef(f.obj, instanceArgs(b, f.name)), exprType(b, e));
  const t = exprType(b, e.x);
  orderOperands(b, [e.x, e.index]);
  if (t.kind === G.Map) return mapLookup(b, e, t)[0];
  if (t.kind === G.String) return indexString(b, e);
  if (t.kind === G.Array && !isInMemory(b, e.x)) {
    const x = expr(b, e.x);
    if (canSsa(t)) {
      const i = indexWithin(b, e.index, b.constInt(t.length));
      if (t.length === 0) return zeroValue(b, t.elem());
      void i;
      return arrayElem(b, x, t);
    }
    const i = indexWithin(b, e.index, b.constInt(t.length));
    const ptr = b.v2(Op.PtrIndex, b.types.pointerTo(t.elem()), retypePtr(b, x.args[0], t.elem()), i);
    return b.v2(canSsa(t.elem()) ? Op.Load : Op.Deref, t.elem(), ptr, x.args[1]);
  }
  return b.load(singleType(b, e), indexAddr(b, e));
}

export function retypePtr(b: FuncBuilder, p: Value, elem: GoType): Value {
  const t = b.types.pointerTo(elem);
  return p.type === t ? p : b.v1(Op.Copy, t, p);
}

function operation(b: FuncBuilder, e: Operation): Value {
  if (e.y === null) return unaryOperation(b, e);
  const t = singleType(b, e);
  switch (e.op) {
    case SyntaxOp.AndAnd:
    case SyntaxOp.OrOr:
      return shortCircuit(b, e, t);
    case SyntaxOp.Shl:
    case SyntaxOp.Shr: {
      orderOperands(b, [e.x, e.y]);
      const x = exprTo(b, e.x, t);
      const ct = countType(b, e.y);
      return shift(b, e.op, t, x, exprTo(b, e.y, ct), ct);
    }
  }
  if (e.op >= SyntaxOp.Eql && e.op <= SyntaxOp.Geq) return comparison(b, e.op, e.x, e.y);
  if (t.kind === G.String) return concatenation(b, e, t);
  orderOperands(b, [e.x, e.y]);
  const x = exprTo(b, e.x, t);
  return arithmetic(b, e.op, t, x, exprTo(b, e.y, t));
}

/** Constant counts are unsigned, whatever their value was written as: the largest ones fit no signed type. */
export function countType(b: FuncBuilder, y: Expr): GoType {
  if (tvOf(y)?.mode === Mode.constant_) return b.types.basic(G.Uint);
  const t = exprType(b, y);
  return t.isInteger() ? t : b.types.basic(G.Uint);
}

function unaryOperation(b: FuncBuilder, e: Operation): Value {
  switch (e.op) {
    case SyntaxOp.Not:
      return not(b, expr(b, e.x));
    case SyntaxOp.And: {
      const x = unparen(e.x);
      const p = addressOf(b, x);
      const t = exprType(b, e);
      return p.type === t ? p : b.v1(Op.Copy, t, p);
    }
    case SyntaxOp.Mul: {
      const t = exprType(b, e);
      return b.load(t, b.nilCheck(expr(b, e.x)));
    }
    case SyntaxOp.Recv:
      return receive(b, expr(b, e.x), exprType(b, e.x), singleType(b, e), false)[0];
    default: {
      const t = exprType(b, e);
      return unary(b, e.op, t, exprTo(b, e.x, t));
    }
  }
}

function shortCircuit(b: FuncBuilder, e: Operation, t: GoType): Value {
  if (e.y === null) return b.fail(e.pos, 'operand missing');
  const known = staticBool(e.x);
  if (known !== null && tvOf(e.x)?.mode === Mode.constant_) {
    if (known === (e.op === SyntaxOp.AndAnd)) return expr(b, e.y);
    return b.constant(Op.ConstBool, t, known ? 1 : 0, 0);
  }
  const id = b.newVar(t);
  const x = expr(b, e.x);
  b.define(id, x);
  const more = b.newBlock();
  const done = b.newBlock();
  if (e.op === SyntaxOp.AndAnd) b.branch(x, more, done);
  else b.branch(x, done, more);
  b.startSealed(more);
  b.define(id, expr(b, e.y));
  b.jump(done);
  b.startSealed(done);
  return b.read(id);
}

function isNil(e: Expr): boolean {
  const tv = tvOf(e);
  return tv !== null && tv.mode === Mode.nilvalue;
}

export function comparison(b: FuncBuilder, op: number, x: Expr, y: Expr): Value {
  if (isNil(x)) return comparison(b, op, y, x);
  orderComparison(b, x, y);
  const tx = exprType(b, x);
  const ty = isNil(y) ? tx : exprType(b, y);
  const eq = op === SyntaxOp.Eql;
  // An interface and a concrete value: the concrete one is not boxed.
  if (tx.kind === G.Interface && ty.kind !== G.Interface && !isNil(y)) {
    const vx = expr(b, x);
    const r = interfaceHolds(b, vx, ty, expr(b, y), typeWord(b, ty, tx));
    return eq ? r : not(b, r);
  }
  if (ty.kind === G.Interface && tx.kind !== G.Interface) {
    const vx = b.stable(expr(b, x));
    const r = interfaceHolds(b, expr(b, y), tx, vx, typeWord(b, tx, ty));
    return eq ? r : not(b, r);
  }
  let t = tx;
  // Method tables differ by interface type; types and data do not.
  if (tx.kind === G.Interface && ty.kind === G.Interface && tx !== ty) {
    t = tx.isEmptyInterface() ? tx : ty.isEmptyInterface() ? ty : b.types.interfaceOf([]);
  } else if (tvOf(x)?.mode === Mode.constant_) t = ty;
  const vx = b.stable(temporaryString(b, x, t));
  return compareValues(b, op, t, vx, temporaryString(b, y, t));
}

/** Goes to `yes` if e holds, else to `no`. */
export function condition(b: FuncBuilder, e: Expr, yes: Block, no: Block, likely: number): void {
  if (b.block === null) return;
  const x = unparen(e);
  const tv = tvOf(x);
  if (tv !== null && tv.mode === Mode.constant_) {
    b.jump(staticBool(x) === true ? yes : no);
    return;
  }
  if (x.kind === Kind.Operation && x.y !== null && (x.op === SyntaxOp.AndAnd || x.op === SyntaxOp.OrOr)) {
    const more = b.newBlock();
    if (x.op === SyntaxOp.AndAnd) condition(b, x.x, more, no, likely);
    else condition(b, x.x, yes, more, likely);
    b.startSealed(more);
    condition(b, x.y, yes, no, likely);
    return;
  }
  if (x.kind === Kind.Operation && x.y === null && x.op === SyntaxOp.Not) {
    condition(b, x.x, no, yes, -likely);
    return;
  }
  b.at(x.pos, () => b.branch(expr(b, x), yes, no, likely));
}
