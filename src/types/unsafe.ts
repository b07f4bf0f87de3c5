/** The functions of package unsafe (spec: "Package unsafe"). */
import { bug } from '#base/bug.ts';
import * as constant from '#constant/value.ts';
import * as Syntax from '#syntax/kinds.ts';
import { type CallExpr, unparen } from '#syntax/nodes.ts';
import { assignment } from './assignments.ts';
import { Typ, universeByte } from './basic.ts';
import * as BasicKind from './basickind.ts';
import * as BuiltinId from './builtinid.ts';
import { makeSig } from './builtins.ts';
import type { Checker } from './checker.ts';
import { coreType } from './coretype.ts';
import * as Code from './errors/codes.ts';
import { errorf, invalidArg } from './errors.ts';
import { expr } from './expr.ts';
import { isValidIndex } from './index.ts';
import { FieldVal } from './info.ts';
import { derefStructPtr, lookupFieldOrMethod } from './lookup.ts';
import * as Mode from './mode.ts';
import * as ObjKind from './objkind.ts';
import { newOperand, type Operand } from './operand.ts';
import { isTypeParam } from './predicates.ts';
import { record, recordBuiltinType, recordSelection } from './recording.ts';
import { alignofType, offsetofField, sizeofType } from './sizes.ts';
import { asNamed, type Named, Pointer, Slice, type Type } from './type.ts';
import * as TypeKind from './typekind.ts';
import { under } from './under.ts';
import { use } from './use.ts';
import { go1_17, go1_20, verifyVersionf } from './version.ts';

export function unsafeBuiltin(c: Checker, x: Operand, call: CallExpr, id: number, args: readonly Operand[]): boolean {
  switch (id) {
    case BuiltinId.Add:
      return addCall(c, x, call, args[1]);
    case BuiltinId.Alignof:
    case BuiltinId.Sizeof:
      return sizeCall(c, x, call, id);
    case BuiltinId.Offsetof:
      return offsetofCall(c, x, call);
    case BuiltinId.Slice:
      return sliceCall(c, x, call, args[1]);
    case BuiltinId.SliceData:
      return sliceDataCall(c, x, call);
    case BuiltinId.String:
      return stringCall(c, x, call, args[1]);
    case BuiltinId.StringData:
      return stringDataCall(c, x, call);
    default:
      return bug(`built-in function ${id}`);
  }
}

/** The value of a call, with its signature. */
function result(x: Operand, call: CallExpr, typ: Type, args: readonly Type[]): boolean {
  recordBuiltinType(call.fun, makeSig(typ, args));
  x.mode = Mode.value;
  x.typ = typ;
  return true;
}

function addCall(c: Checker, x: Operand, call: CallExpr, y: Operand): boolean {
  verifyVersionf(c, call.fun, go1_17, 'unsafe.Add');
  const pointer = Typ[BasicKind.UnsafePointer];
  assignment(c, x, pointer, 'argument to unsafe.Add');
  if (x.mode === Mode.invalid || !isValidIndex(c, y, Code.InvalidUnsafeAdd, 'length', true)) return false;
  return result(x, call, pointer, [pointer, y.typ]);
}

/** Alignof and Sizeof: constants, unless the size depends on type parameters. */
function sizeCall(c: Checker, x: Operand, call: CallExpr, id: number): boolean {
  assignment(c, x, null, `argument to unsafe.${BuiltinId.predeclaredFuncs[id].name}`);
  if (x.mode === Mode.invalid) return false;
  if (hasVarSize(x.typ, new Map())) return result(x, call, Typ[BasicKind.Uintptr], [x.typ]);
  const n = id === BuiltinId.Sizeof ? sizeofType(c.conf, x.typ) : alignofType(c.conf, x.typ);
  if (n < 0) {
    errorf(c, x, Code.TypeTooLarge, '%s is too large', x);
    return false;
  }
  x.mode = Mode.constant_;
  x.val = constant.makeInt64(n);
  x.typ = Typ[BasicKind.Uintptr];
  return true;
}

function offsetofCall(c: Checker, x: Operand, call: CallExpr): boolean {
  const arg = call.args[0];
  const selx = unparen(arg);
  if (selx.kind !== Syntax.SelectorExpr) {
    errorf(c, arg, Code.BadOffsetofSyntax, `${invalidArg}%s is not a selector expression`, arg);
    use(c, [arg]);
    return false;
  }
  expr(c, null, x, selx.x);
  if (x.mode === Mode.invalid) return false;
  const base = derefStructPtr(x.typ);
  const sel = selx.sel.value;
  const { obj, index, indirect } = lookupFieldOrMethod(base, false, c.pkg, sel, false);
  if (obj === null) {
    errorf(c, x, Code.MissingFieldOrMethod, `${invalidArg}%s has no single field %s`, base, sel);
    return false;
  }
  if (obj.kind === ObjKind.Func) {
    errorf(c, arg, Code.InvalidOffsetof, `${invalidArg}%s is a method value`, arg);
    return false;
  }
  if (indirect) {
    errorf(c, x, Code.InvalidOffsetof, `${invalidArg}field %s is embedded via a pointer in %s`, sel, base);
    return false;
  }
  recordSelection(selx, FieldVal, base, obj, index, false);
  record(newOperand(x.mode === Mode.variable ? Mode.variable : Mode.value, selx, obj.typ));
  if (hasVarSize(base, new Map())) return result(x, call, Typ[BasicKind.Uintptr], [obj.typ]);
  const offset = offsetofField(c.conf, base, index);
  if (offset < 0) {
    errorf(c, x, Code.TypeTooLarge, '%s is too large', x);
    return false;
  }
  x.mode = Mode.constant_;
  x.val = constant.makeInt64(offset);
  x.typ = Typ[BasicKind.Uintptr];
  return true;
}

function sliceCall(c: Checker, x: Operand, call: CallExpr, y: Operand): boolean {
  verifyVersionf(c, call.fun, go1_17, 'unsafe.Slice');
  const ptr = coreType(x.typ);
  if (ptr === null || ptr.kind !== TypeKind.Pointer) {
    errorf(c, x, Code.InvalidUnsafeSlice, `${invalidArg}%s is not a pointer`, x);
    return false;
  }
  if (!isValidIndex(c, y, Code.InvalidUnsafeSlice, 'length', false)) return false;
  return result(x, call, new Slice(ptr.elem), [ptr, y.typ]);
}

function sliceDataCall(c: Checker, x: Operand, call: CallExpr): boolean {
  verifyVersionf(c, call.fun, go1_20, 'unsafe.SliceData');
  const slice = coreType(x.typ);
  if (slice === null || slice.kind !== TypeKind.Slice) {
    errorf(c, x, Code.InvalidUnsafeSliceData, `${invalidArg}%s is not a slice`, x);
    return false;
  }
  return result(x, call, new Pointer(slice.elem), [slice]);
}

function stringCall(c: Checker, x: Operand, call: CallExpr, y: Operand): boolean {
  verifyVersionf(c, call.fun, go1_20, 'unsafe.String');
  const bytePtr = new Pointer(universeByte);
  assignment(c, x, bytePtr, 'argument to unsafe.String');
  if (x.mode === Mode.invalid || !isValidIndex(c, y, Code.InvalidUnsafeString, 'length', false)) return false;
  return result(x, call, Typ[BasicKind.String], [bytePtr, y.typ]);
}

function stringDataCall(c: Checker, x: Operand, call: CallExpr): boolean {
  verifyVersionf(c, call.fun, go1_20, 'unsafe.StringData');
  assignment(c, x, Typ[BasicKind.String], 'argument to unsafe.StringData');
  if (x.mode === Mode.invalid) return false;
  return result(x, call, new Pointer(universeByte), [Typ[BasicKind.String]]);
}

/** Whether the size of a type depends on type parameters. seen ends cycles, which only defined types can form. */
function hasVarSize(t: Type, seen: Map<Named, boolean>): boolean {
  const named = asNamed(t);
  if (named === null) return partsHaveVarSize(t, seen);
  const known = seen.get(named);
  if (known !== undefined) return known;
  seen.set(named, true);
  const varSized = partsHaveVarSize(t, seen);
  seen.set(named, varSized);
  return varSized;
}

function partsHaveVarSize(t: Type, seen: Map<Named, boolean>): boolean {
  const u = under(t);
  if (u.kind === TypeKind.Array) return hasVarSize(u.elem, seen);
  if (u.kind === TypeKind.Struct) {
    for (const f of u.fields) if (hasVarSize(f.typ, seen)) return true;
    return false;
  }
  return u.kind === TypeKind.Interface && isTypeParam(t);
}
