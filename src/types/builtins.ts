/** Calls of the predeclared functions (spec: "Built-in functions"). Package unsafe's are in unsafe.ts. */
import { bug } from '#base/bug.ts';
import { NoPos } from '#base/source.ts';
import * as constant from '#constant/value.ts';
import * as Syntax from '#syntax/kinds.ts';
import type { CallExpr } from '#syntax/nodes.ts';
import * as Op from '#syntax/operators.ts';
import { checkArguments } from './arguments.ts';
import { assignment } from './assignments.ts';
import { Typ, universeByte } from './basic.ts';
import * as BasicKind from './basickind.ts';
import { matchTypes } from './binary.ts';
import * as BuiltinId from './builtinid.ts';
import { exprList } from './call.ts';
import type { Checker } from './checker.ts';
import { convertUntyped } from './const.ts';
import { commonUnder, specificTerms, type TypeCause, typeErrorf, typeset, underIs } from './coretype.ts';
import * as Code from './errors/codes.ts';
import { error, errorf, invalidArg, invalidOp, softErrorf } from './errors.ts';
import { exclude, exprOrType, rawExpr } from './expr.ts';
import { checkIndex } from './index.ts';
import * as Mode from './mode.ts';
import { newParam, TypeName, Var } from './object.ts';
import * as ObjKind from './objkind.ts';
import { assignableTo, copyOperand, Operand } from './operand.ts';
import {
  allOrdered,
  allString,
  defaultType,
  identical,
  isBoolean,
  isNumeric,
  isString,
  isTypeParam,
  isUntyped,
  isValid,
} from './predicates.ts';
import { recordBuiltinType } from './recording.ts';
import {
  EmptyTuple,
  Interface,
  NoType,
  Pointer,
  Signature,
  Slice,
  Term,
  Tuple,
  type Type,
  Union,
  unalias,
} from './type.ts';
import * as TypeKind from './typekind.ts';
import { newTypeParam } from './typeparam.ts';
import { validVarType, varType } from './typexpr.ts';
import { under } from './under.ts';
import { emptyInterface } from './universe.ts';
import { unsafeBuiltin } from './unsafe.ts';
import { updateExprType } from './untyped.ts';
import { use } from './use.ts';
import { go1_21, go1_26, verifyVersionf } from './version.ts';

/** Checks the call of built-in function id; x becomes the result. Returns whether it is valid. */
export function builtin(c: Checker, x: Operand, call: CallExpr, id: number): boolean {
  const bin = BuiltinId.predeclaredFuncs[id];
  if (call.hasDots && id !== BuiltinId.Append) {
    errorf(c, call, Code.InvalidDotDotDot, `${invalidOp}invalid use of ... with built-in %s`, bin.name);
    use(c, call.args);
    return false;
  }
  // len and cap are constant if their argument contains no call or receive: they look at their own argument only.
  const outer = c.hasCallOrRecv;
  const measures = id === BuiltinId.Len || id === BuiltinId.Cap;
  if (measures) c.hasCallOrRecv = false;
  const ok = evaluate(c, x, call, id, bin);
  if (measures) c.hasCallOrRecv = outer;
  return ok;
}

/** make, new, Offsetof and trace evaluate their arguments themselves: they may be types. */
function evaluatesItself(id: number): boolean {
  return id === BuiltinId.Make || id === BuiltinId.New || id === BuiltinId.Offsetof || id === BuiltinId.Trace;
}

function evaluate(c: Checker, x: Operand, call: CallExpr, id: number, bin: BuiltinId.BuiltinInfo): boolean {
  let args: Operand[] = [];
  let nargs = call.args.length;
  if (!evaluatesItself(id)) {
    args = nargs === 0 ? [] : exprList(c, call.args);
    nargs = args.length;
    for (const a of args) if (a.mode === Mode.invalid) return false;
    if (nargs > 0) copyOperand(x, args[0]);
  }
  let count = '';
  if (nargs < bin.nargs) count = 'not enough';
  else if (!bin.variadic && nargs > bin.nargs) count = 'too many';
  if (count !== '') {
    const text = `${invalidOp}%s arguments for %v (expected %d, found %d)`;
    errorf(c, call, Code.WrongArgCount, text, count, call, bin.nargs, nargs);
    return false;
  }
  switch (id) {
    case BuiltinId.Append:
      return appendCall(c, x, call, args);
    case BuiltinId.Cap:
    case BuiltinId.Len:
      return lenCall(c, x, call, id);
    case BuiltinId.Clear:
      return clearCall(c, x, call);
    case BuiltinId.Close:
      return closeCall(c, x, call);
    case BuiltinId.Complex:
      return complexCall(c, x, call, args[1]);
    case BuiltinId.Copy:
      return copyCall(c, x, call, args[1]);
    case BuiltinId.Delete:
      return deleteCall(c, x, call, args[1]);
    case BuiltinId.Imag:
    case BuiltinId.Real:
      return partCall(c, x, call, id);
    case BuiltinId.Make:
      return makeCall(c, x, call);
    case BuiltinId.Max:
    case BuiltinId.Min:
      return minMaxCall(c, x, call, id, args);
    case BuiltinId.New:
      return newCall(c, x, call);
    case BuiltinId.Panic:
      return panicCall(c, x, call);
    case BuiltinId.Print:
    case BuiltinId.Println:
      return printCall(c, x, call, id, args);
    case BuiltinId.Recover:
      x.mode = Mode.value;
      x.typ = emptyInterface;
      recordBuiltinType(call.fun, makeSig(x.typ, []));
      return true;
    case BuiltinId.Assert:
      return assertCall(c, x, call);
    case BuiltinId.Trace:
      return traceCall(c, x, call);
    default:
      return unsafeBuiltin(c, x, call, id, args);
  }
}

/** The signature of one call of a built-in: untyped arguments have their default types; res is null if there is no result. */
export function makeSig(res: Type | null, args: readonly Type[]): Signature {
  const params = args.map((t) => newParam(NoPos, null, '', defaultType(t)));
  const results = res === null ? EmptyTuple : new Tuple([new Var(ObjKind.ResultVar, NoPos, null, '', res)]);
  return new Signature(null, new Tuple(params), results, false);
}

/** x is invalid for a built-in only if it has become so. */
function isUsable(x: Operand): boolean {
  return x.mode !== Mode.invalid;
}

function causeText(c: Checker, cause: TypeCause | null): string {
  return cause === null ? '' : cause.format(c);
}

/** The element type of the slice x must be, or of all slices of its type set; or why there is none. */
function sliceElem(x: Operand): Type | TypeCause {
  let E: Type | null = null;
  for (const { u } of typeset(x.typ)) {
    if (u === null || u.kind !== TypeKind.Slice) {
      if (x.mode === Mode.nilvalue) return typeErrorf('argument must be a slice; have untyped nil');
      return typeErrorf('argument must be a slice; have %s', x);
    }
    if (E === null) E = u.elem;
    else if (!identical(E, u.elem)) return typeErrorf('mismatched slice element types %s and %s in %s', E, u.elem, x);
  }
  return E ?? bug('empty type set');
}

function isCause(t: Type | TypeCause): t is TypeCause {
  return !('kind' in t);
}

/** What y's type set is made of, for the special case of byte slices: 0 if there are other types, 1 byte slices only, 2 strings too. */
function bytesOrString(t: Type): number {
  let result = 1;
  for (const { u } of typeset(t)) {
    if (u !== null && u.kind === TypeKind.Slice && identical(u.elem, universeByte)) continue;
    if (u === null || !isString(u)) return 0;
    result = 2;
  }
  return result;
}

function appendCall(c: Checker, x: Operand, call: CallExpr, args: Operand[]): boolean {
  const E = sliceElem(x);
  if (isCause(E)) {
    errorf(c, x, Code.InvalidAppend, 'invalid append: %s', E.format(c));
    return false;
  }
  const S = x.typ;
  let sig: Signature | null = null;
  if (args.length === 2 && call.hasDots && assignableTo(c, x, new Slice(universeByte), null) === Code.NoError) {
    // append([]byte, string...)
    if (bytesOrString(args[1].typ) === 2) {
      sig = makeSig(S, [S, args[1].typ]);
      sig.variadic = true;
    }
  }
  if (sig === null) {
    sig = makeSig(S, [S, new Slice(E)]);
    sig.variadic = true;
    checkArguments(c, call, sig, [], [], args, []);
  }
  recordBuiltinType(call.fun, sig);
  x.mode = Mode.value;
  return true;
}

/** The array that a pointer points to; any other type itself. */
export function arrayPtrDeref(t: Type): Type {
  const p = unalias(t);
  if (p.kind !== TypeKind.Pointer) return t;
  const a = under(p.elem);
  return a.kind === TypeKind.Array ? a : t;
}

/** Whether len (or cap) is defined on a type other than a type parameter. */
function hasLen(t: Type, id: number): boolean {
  switch (t.kind) {
    case TypeKind.Basic:
      return id === BuiltinId.Len && isString(t);
    case TypeKind.Array:
    case TypeKind.Slice:
    case TypeKind.Chan:
      return true;
    case TypeKind.Map:
      return id === BuiltinId.Len;
    default:
      return false;
  }
}

function lenCall(c: Checker, x: Operand, call: CallExpr, id: number): boolean {
  const t = arrayPtrDeref(under(x.typ));
  let mode: number = Mode.invalid;
  let val = constant.makeUnknown();
  if (t.kind === TypeKind.Interface) {
    if (isTypeParam(x.typ) && underIs(x.typ, (u) => u !== null && hasLen(arrayPtrDeref(u), id))) mode = Mode.value;
  } else if (hasLen(t, id)) {
    mode = Mode.value;
    if (t.kind === TypeKind.Basic && x.mode === Mode.constant_) {
      mode = Mode.constant_;
      val = constant.makeInt64(constant.stringVal(x.val).length);
    } else if (t.kind === TypeKind.Array && !c.hasCallOrRecv) {
      mode = Mode.constant_;
      if (t.len >= 0) val = constant.makeInt64(t.len);
    }
  }
  if (mode === Mode.invalid) {
    if (isValid(under(x.typ))) {
      const code = id === BuiltinId.Len ? Code.InvalidLen : Code.InvalidCap;
      errorf(c, x, code, `${invalidArg}%s for built-in %s`, x, BuiltinId.predeclaredFuncs[id].name);
    }
    return false;
  }
  if (mode !== Mode.constant_) recordBuiltinType(call.fun, makeSig(Typ[BasicKind.Int], [x.typ]));
  x.mode = mode;
  x.typ = Typ[BasicKind.Int];
  x.val = val;
  return true;
}

function clearCall(c: Checker, x: Operand, call: CallExpr): boolean {
  verifyVersionf(c, call.fun, go1_21, 'clear');
  if (!underIs(x.typ, (u) => u !== null && (u.kind === TypeKind.Map || u.kind === TypeKind.Slice))) {
    const text = `${invalidArg}cannot clear %s: argument must be (or constrained by) map or slice`;
    errorf(c, x, Code.InvalidClear, text, x);
    return false;
  }
  x.mode = Mode.novalue;
  recordBuiltinType(call.fun, makeSig(null, [x.typ]));
  return true;
}

function closeCall(c: Checker, x: Operand, call: CallExpr): boolean {
  for (const { u } of typeset(x.typ)) {
    if (u === null || u.kind !== TypeKind.Chan) {
      errorf(c, x, Code.InvalidClose, `${invalidOp}cannot close non-channel %s`, x);
      return false;
    }
    if (u.dir === Syntax.RecvOnly) {
      errorf(c, x, Code.InvalidClose, `${invalidOp}cannot close receive-only channel %s`, x);
      return false;
    }
  }
  x.mode = Mode.novalue;
  recordBuiltinType(call.fun, makeSig(null, [x.typ]));
  return true;
}

function complexCall(c: Checker, x: Operand, call: CallExpr, y: Operand): boolean {
  if (isUntyped(x.typ) && isUntyped(y.typ)) {
    if (x.mode === Mode.constant_ && y.mode === Mode.constant_) {
      realToFloat(x);
      realToFloat(y);
    } else {
      // A shift whose type is open: of float64, which is an error.
      convertUntyped(c, x, Typ[BasicKind.Float64]);
      convertUntyped(c, y, Typ[BasicKind.Float64]);
    }
  } else if (isUntyped(x.typ)) {
    convertUntyped(c, x, y.typ);
  } else if (isUntyped(y.typ)) {
    convertUntyped(c, y, x.typ);
  }
  if (x.mode === Mode.invalid || y.mode === Mode.invalid) return false;
  if (!identical(x.typ, y.typ)) {
    errorf(c, x, Code.InvalidComplex, `${invalidOp}%v (mismatched types %s and %s)`, call, x.typ, y.typ);
    return false;
  }
  const res = applyTypeFunc(c, complexOf, x, BuiltinId.Complex);
  if (res === null) {
    errorf(c, x, Code.InvalidComplex, `${invalidArg}arguments have type %s, expected floating-point`, x.typ);
    return false;
  }
  if (x.mode === Mode.constant_ && y.mode === Mode.constant_) {
    const im = constant.makeImag(constant.toFloat(y.val));
    x.val = constant.binaryOp(constant.toFloat(x.val), Op.Add, im);
  } else {
    x.mode = Mode.value;
    recordBuiltinType(call.fun, makeSig(res, [x.typ, x.typ]));
  }
  x.typ = res;
  return true;
}

function realToFloat(x: Operand): void {
  if (isNumeric(x.typ) && constant.sign(constant.imag(x.val)) === 0) x.typ = Typ[BasicKind.UntypedFloat];
}

function complexOf(t: Type): Type | null {
  const u = under(t);
  if (u.kind !== TypeKind.Basic) return null;
  if (u.basic === BasicKind.Float32) return Typ[BasicKind.Complex64];
  if (u.basic === BasicKind.Float64) return Typ[BasicKind.Complex128];
  return u.basic === BasicKind.UntypedFloat ? Typ[BasicKind.UntypedComplex] : null;
}

function partOf(t: Type): Type | null {
  const u = under(t);
  if (u.kind !== TypeKind.Basic) return null;
  if (u.basic === BasicKind.Complex64) return Typ[BasicKind.Float32];
  if (u.basic === BasicKind.Complex128) return Typ[BasicKind.Float64];
  return u.basic === BasicKind.UntypedComplex ? Typ[BasicKind.UntypedFloat] : null;
}

/** real and imag. */
function partCall(c: Checker, x: Operand, call: CallExpr, id: number): boolean {
  if (isUntyped(x.typ)) {
    if (x.mode === Mode.constant_) {
      if (isNumeric(x.typ)) x.typ = Typ[BasicKind.UntypedComplex];
    } else {
      convertUntyped(c, x, Typ[BasicKind.Complex128]);
      if (!isUsable(x)) return false;
    }
  }
  const res = applyTypeFunc(c, partOf, x, id);
  if (res === null) {
    const code = id === BuiltinId.Real ? Code.InvalidReal : Code.InvalidImag;
    errorf(c, x, code, `${invalidArg}argument has type %s, expected complex type`, x.typ);
    return false;
  }
  if (x.mode === Mode.constant_) {
    x.val = id === BuiltinId.Real ? constant.real(x.val) : constant.imag(x.val);
  } else {
    x.mode = Mode.value;
    recordBuiltinType(call.fun, makeSig(res, [x.typ]));
  }
  x.typ = res;
  return true;
}

/** f of x's type; of a type parameter, a new one whose constraint is f of each term. Null if f is undefined. */
function applyTypeFunc(c: Checker, f: (t: Type) => Type | null, x: Operand, id: number): Type | null {
  const tp = unalias(x.typ);
  if (tp.kind !== TypeKind.TypeParam) return f(x.typ);
  const terms: Term[] = [];
  const from = specificTerms(tp);
  if (from === null) return null;
  for (const t of from) {
    const r = f(t.typ);
    if (r === null) return null;
    terms.push(new Term(t.tilde, r));
  }
  let code = Code.InvalidComplex;
  if (id === BuiltinId.Real) code = Code.InvalidReal;
  else if (id === BuiltinId.Imag) code = Code.InvalidImag;
  const text = '%s not supported as argument to built-in %s for go1.18 (see go.dev/issue/50937)';
  softErrorf(c, x, code, text, x, BuiltinId.predeclaredFuncs[id].name);
  const constraint = new Interface(c);
  constraint.embeddeds = [new Union(terms)];
  constraint.embedPos = [NoPos];
  constraint.complete = true;
  const res = newTypeParam(c, new TypeName(NoPos, c.pkg, tp.obj.name, NoType), constraint);
  res.index = tp.index;
  return res;
}

function copyCall(c: Checker, x: Operand, call: CallExpr, y: Operand): boolean {
  const special = assignableTo(c, x, new Slice(universeByte), null) === Code.NoError && bytesOrString(y.typ) !== 0;
  if (!special) {
    const dst = sliceElem(x);
    if (isCause(dst)) {
      errorf(c, x, Code.InvalidCopy, 'invalid copy: %s', dst.format(c));
      return false;
    }
    let src = sliceElem(y);
    if (isCause(src)) {
      if (!allString(y.typ)) {
        errorf(c, y, Code.InvalidCopy, 'invalid copy: %s', src.format(c));
        return false;
      }
      src = universeByte;
    }
    if (!identical(dst, src)) {
      const text = 'invalid copy: arguments %s and %s have different element types %s and %s';
      errorf(c, x, Code.InvalidCopy, text, x, y, dst, src);
      return false;
    }
  }
  recordBuiltinType(call.fun, makeSig(Typ[BasicKind.Int], [x.typ, y.typ]));
  x.mode = Mode.value;
  x.typ = Typ[BasicKind.Int];
  return true;
}

function deleteCall(c: Checker, x: Operand, call: CallExpr, y: Operand): boolean {
  const map = x.typ;
  let key: Type | null = null;
  for (const { u } of typeset(map)) {
    if (u === null || u.kind !== TypeKind.Map) {
      errorf(c, x, Code.InvalidDelete, `${invalidArg}%s is not a map`, x);
      return false;
    }
    if (key !== null && !identical(u.key, key)) {
      errorf(c, x, Code.InvalidDelete, `${invalidArg}maps of %s must have identical key types`, x);
      return false;
    }
    key = u.key;
  }
  copyOperand(x, y);
  assignment(c, x, key, 'argument to delete');
  if (!isUsable(x)) return false;
  x.mode = Mode.novalue;
  recordBuiltinType(call.fun, makeSig(null, [map, key ?? bug('empty type set')]));
  return true;
}

function makeCall(c: Checker, x: Operand, call: CallExpr): boolean {
  const arg0 = call.args[0];
  const T = varType(c, arg0);
  if (!isValid(T)) return false;
  const { type: u, cause } = commonUnder(T, (_, u) => {
    if (u === null) return typeErrorf('no specific type');
    if (u.kind === TypeKind.Slice || u.kind === TypeKind.Map || u.kind === TypeKind.Chan) return null;
    return typeErrorf('type must be slice, map, or channel');
  });
  if (u === null) {
    errorf(c, arg0, Code.InvalidMake, `${invalidArg}cannot make %s: %s`, arg0, causeText(c, cause));
    return false;
  }
  const min = u.kind === TypeKind.Slice ? 2 : 1;
  const nargs = call.args.length;
  if (nargs < min || min + 1 < nargs) {
    const text = `${invalidOp}%v expects %d or %d arguments; found %d`;
    errorf(c, call, Code.WrongArgCount, text, call, min, min + 1, nargs);
    return false;
  }
  const types: Type[] = [T];
  const sizes: number[] = [];
  for (let i = 1; i < nargs; i++) {
    const { typ, val } = checkIndex(c, call.args[i], -1);
    types.push(typ);
    if (val >= 0) sizes.push(val);
  }
  if (sizes.length === 2 && sizes[0] > sizes[1]) {
    error(c, call.args[1], Code.SwappedMakeArgs, `${invalidArg}length and capacity swapped`);
  }
  x.mode = Mode.value;
  x.typ = T;
  recordBuiltinType(call.fun, makeSig(T, types));
  return true;
}

function minMaxCall(c: Checker, x: Operand, call: CallExpr, id: number, args: readonly Operand[]): boolean {
  const name = BuiltinId.predeclaredFuncs[id].name;
  verifyVersionf(c, call.fun, go1_21, 'built-in %s', name);
  const op = id === BuiltinId.Max ? Op.Gtr : Op.Lss;
  for (let i = 0; i < args.length; i++) {
    const a = args[i];
    if (!allOrdered(a.typ)) {
      errorf(c, a, Code.InvalidMinMaxOperand, `${invalidArg}%s cannot be ordered`, a);
      return false;
    }
    if (i === 0) continue;
    matchTypes(c, x, a);
    if (!isUsable(x)) return false;
    if (!identical(x.typ, a.typ)) {
      const text = `${invalidArg}mismatched types %s (previous argument) and %s (type of %s)`;
      errorf(c, a, Code.MismatchedTypes, text, x.typ, a.typ, a.expr);
      return false;
    }
    if (x.mode !== Mode.constant_ || a.mode !== Mode.constant_) x.mode = Mode.value;
    else if (constant.compare(a.val, op, x.val)) copyOperand(x, a);
  }
  if (x.mode !== Mode.constant_) {
    x.mode = Mode.value;
    // A value that exists at run time has a type.
    assignment(c, x, emptyInterface, `argument to built-in ${name}`);
    if (!isUsable(x)) return false;
  }
  for (const a of args) if (a.expr !== null) updateExprType(c, a.expr, x.typ, true);
  if (x.mode !== Mode.constant_) {
    const types = args.map(() => x.typ);
    recordBuiltinType(call.fun, makeSig(x.typ, types));
  }
  return true;
}

/** new(T), and since Go 1.26 new(x). */
function newCall(c: Checker, x: Operand, call: CallExpr): boolean {
  const arg = call.args[0];
  exprOrType(c, x, arg, false);
  exclude(c, x, (1 << Mode.novalue) | (1 << Mode.builtin));
  if (x.mode === Mode.invalid) return false;
  if (x.mode === Mode.typexpr) {
    validVarType(c, arg, x.typ);
  } else {
    if (isUntyped(x.typ)) {
      assignment(c, x, null, 'argument to new');
      if (!isUsable(x)) return false;
    }
    verifyVersionf(c, call.fun, go1_26, 'new(%s)', arg);
  }
  const T = x.typ;
  x.mode = Mode.value;
  x.typ = new Pointer(T);
  recordBuiltinType(call.fun, makeSig(x.typ, [T]));
  return true;
}

function panicCall(c: Checker, x: Operand, call: CallExpr): boolean {
  // For the analysis of terminating statements, which only functions with results need.
  if (c.sig !== null && c.sig.results.vars.length > 0) {
    if (c.isPanic === null) c.isPanic = new Set();
    c.isPanic.add(call);
  }
  assignment(c, x, emptyInterface, 'argument to panic');
  if (!isUsable(x)) return false;
  x.mode = Mode.novalue;
  recordBuiltinType(call.fun, makeSig(null, [emptyInterface]));
  return true;
}

function printCall(c: Checker, x: Operand, call: CallExpr, id: number, args: readonly Operand[]): boolean {
  const context = `argument to built-in ${BuiltinId.predeclaredFuncs[id].name}`;
  const params: Type[] = [];
  for (const a of args) {
    assignment(c, a, null, context);
    if (!isUsable(a)) return false;
    params.push(a.typ);
  }
  x.mode = Mode.novalue;
  recordBuiltinType(call.fun, makeSig(null, params));
  return true;
}

/** Only in tests of the checker. */
function assertCall(c: Checker, x: Operand, call: CallExpr): boolean {
  if (x.mode !== Mode.constant_ || !isBoolean(x.typ)) {
    errorf(c, x, Code.Test, `${invalidArg}%s is not a boolean constant`, x);
    return false;
  }
  if (x.val.kind !== constant.Bool) {
    errorf(c, x, Code.Test, 'internal error: value of %s should be a boolean constant', x);
    return false;
  }
  if (!constant.boolVal(x.val)) errorf(c, call, Code.Test, '%v failed', call);
  return true;
}

/** Only in tests of the checker: evaluates its arguments and returns the first. */
function traceCall(c: Checker, x: Operand, call: CallExpr): boolean {
  if (call.args.length === 0) {
    x.mode = Mode.novalue;
    return true;
  }
  call.args.forEach((arg, i) => {
    rawExpr(c, null, i === 0 ? x : new Operand(), arg, null, false);
  });
  return isUsable(x);
}
