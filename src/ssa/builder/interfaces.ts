/** Interface values: making them, taking them apart, assertions (spec: "Type assertions"; gc-contract 4.6). */
import { isDirectInterface } from '#abi/descriptor.ts';
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import type { LinkSymbol } from '#obj/symbol.ts';
import * as B from '../block.ts';
import { canSsa } from '../can-ssa.ts';
import { AllocationSite } from '../func.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import { check } from './arith.ts';
import { type FuncBuilder, makeStruct, zeroValue } from './builder.ts';
import { arrayElem, fieldOf } from './fields.ts';
import { rtCall, rtPanic } from './runtime-call.ts';

/** Offset of the type in an itab, and of the hash in a type (internal/abi.ITab, Type). */
const itabType = 8;

/** The first word of a value of type `to` that holds a `from`. */
export function typeWord(b: FuncBuilder, from: GoType, to: GoType): Value {
  markUsed(b, b.prog.typeSymbol(from));
  return to.isEmptyInterface() ? b.typeAddr(from) : b.addr(b.prog.itabSymbol(from, to), b.bytePtr);
}

/** Values of the type reach interfaces, so its methods may be called by name (gc-contract 4.8). */
function markUsed(b: FuncBuilder, s: LinkSymbol): void {
  b.f.usedInInterface.add(s);
}

/** A concrete value as an interface. */
export function toInterface(b: FuncBuilder, v: Value, from: GoType, to: GoType): Value {
  const word = typeWord(b, from, to);
  return b.v2(Op.IMake, to, word, dataWord(b, v, from));
}

function dataWord(b: FuncBuilder, v: Value, t: GoType): Value {
  if (isDirectInterface(t)) return pointerIn(b, v, t);
  const site = new AllocationSite('boxed value', t, b.pos, false);
  const box = b.v2(Op.Box, b.tupleWithMem(b.unsafePointer), v.op === Op.Deref ? b.load(t, v.args[0]) : v, b.mem());
  box.aux = site;
  return b.withMem(box, b.unsafePointer);
}

/** The one pointer in a value of a direct-interface type. */
function pointerIn(b: FuncBuilder, v: Value, t: GoType): Value {
  if (t.kind === G.Struct) {
    const i = t.fields.findIndex((f) => f.type.ptrBytes !== 0);
    return pointerIn(b, fieldOf(b, v, t, i), t.fields[i].type);
  }
  if (t.kind === G.Array) return pointerIn(b, arrayElem(b, v, t), t.elem());
  return v;
}

/** The reverse of pointerIn. */
function fromPointer(b: FuncBuilder, word: Value, t: GoType): Value {
  if (t.kind === G.Struct) {
    return makeStruct(
      b,
      t,
      t.fields.map((f) => (f.type.ptrBytes !== 0 ? fromPointer(b, word, f.type) : zeroValue(b, f.type))),
    );
  }
  if (t.kind === G.Array) return b.v1(Op.ArrayMake1, t, fromPointer(b, word, t.elem()));
  return word.type === t ? word : b.v1(Op.Copy, t, word);
}

/** The same for structs of many fields, all but one of size 0. */
function pointerInMemory(b: FuncBuilder, word: Value, t: GoType): Value {
  const p = b.temp(t);
  b.store(b.unsafePointer, b.v1(Op.Copy, b.types.pointerTo(b.unsafePointer), p), word);
  return b.load(t, p);
}

/** The concrete value of type t in an interface value that is known to hold one. */
export function unbox(b: FuncBuilder, iface: Value, t: GoType): Value {
  const data = b.v1(Op.IData, isDirectInterface(t) ? b.unsafePointer : b.types.pointerTo(t), iface);
  if (isDirectInterface(t)) return canSsa(t) ? fromPointer(b, data, t) : pointerInMemory(b, data, t);
  if (t.size === 0) return zeroValue(b, t);
  return b.load(t, data);
}

/** The type descriptor of what an interface value holds, nil for nil. */
export function typeOfInterface(b: FuncBuilder, v: Value, t: GoType): Value {
  const tab = b.v1(Op.ITab, b.bytePtr, v);
  if (t.isEmptyInterface()) return tab;
  const id = b.newVar(b.bytePtr);
  b.define(id, b.constNil(b.bytePtr));
  const some = b.newBlock();
  const done = b.newBlock();
  b.branch(b.v1(Op.IsNonNil, b.bool, tab), some, done, B.Likely);
  b.startSealed(some);
  b.define(id, b.load(b.bytePtr, b.offset(tab, itabType, b.types.pointerTo(b.bytePtr))));
  b.jump(done);
  b.startSealed(done);
  return b.read(id);
}

/** An interface value as another interface type that it implements statically; nil stays nil. */
export function interfaceToInterface(b: FuncBuilder, v: Value, from: GoType, to: GoType): Value {
  // Even interface types with the same methods have method tables of their own, which are compared with.
  if (from === to || (from.isEmptyInterface() && to.isEmptyInterface()))
    return v.type === to ? v : b.v1(Op.Copy, to, v);
  const typ = typeOfInterface(b, v, from);
  const data = b.v1(Op.IData, b.unsafePointer, v);
  if (to.isEmptyInterface()) return b.v2(Op.IMake, to, typ, data);
  const tab = rtCall(b, 'assertE2I2', [b.typeAddr(to), typ])[0];
  return b.v2(Op.IMake, to, tab, data);
}

/** Whether iface, of type t, holds a value of the concrete type want. */
export function holdsType(b: FuncBuilder, iface: Value, t: GoType, want: GoType): Value {
  const tab = b.v1(Op.ITab, b.bytePtr, iface);
  return b.v2(Op.EqPtr, b.bool, tab, plainTypeWord(b, want, t));
}

/** As typeWord, but being compared with does not make a type used. */
function plainTypeWord(b: FuncBuilder, concrete: GoType, iface: GoType): Value {
  return iface.isEmptyInterface() ? b.typeAddr(concrete) : b.addr(b.prog.itabSymbol(concrete, iface), b.bytePtr);
}

/** x.(T), panicking. */
export function assertType(b: FuncBuilder, x: Value, from: GoType, to: GoType): Value {
  if (to.kind === G.Interface) {
    const typ = typeOfInterface(b, x, from);
    const data = b.v1(Op.IData, b.unsafePointer, x);
    if (to.isEmptyInterface()) {
      check(b, b.v1(Op.IsNonNil, b.bool, typ), () => rtPanic(b, 'panicnildottype', [b.typeAddr(to)]));
      return b.v2(Op.IMake, to, typ, data);
    }
    const tab = rtCall(b, 'assertE2I', [b.typeAddr(to), typ])[0];
    return b.v2(Op.IMake, to, tab, data);
  }
  const ok = holdsType(b, x, from, to);
  check(b, ok, () => {
    const have = b.v1(Op.ITab, b.bytePtr, x);
    const args = [have, b.typeAddr(to), b.typeAddr(from)];
    rtPanic(b, from.isEmptyInterface() ? 'panicdottypeE' : 'panicdottypeI', args);
  });
  return unbox(b, x, to);
}

/** x.(T) in its two-valued form. */
export function assertTypeOk(b: FuncBuilder, x: Value, from: GoType, to: GoType): [Value, Value] {
  if (to.kind === G.Interface) {
    const typ = typeOfInterface(b, x, from);
    const data = b.v1(Op.IData, b.unsafePointer, x);
    const word = to.isEmptyInterface() ? typ : rtCall(b, 'assertE2I2', [b.typeAddr(to), typ])[0];
    const ok = b.v1(Op.IsNonNil, b.bool, word);
    // A failed assertion gives nil: the data word, too.
    const id = b.newVar(to);
    b.define(id, zeroValue(b, to));
    const yes = b.newBlock();
    const done = b.newBlock();
    b.branch(ok, yes, done);
    b.startSealed(yes);
    b.define(id, b.v2(Op.IMake, to, word, data));
    b.jump(done);
    b.startSealed(done);
    return [b.read(id), ok];
  }
  const ok = holdsType(b, x, from, to);
  return [valueIf(b, to, ok, () => unbox(b, x, to)), ok];
}

/** `make()` if cond holds, else the zero value. */
export function valueIf(b: FuncBuilder, t: GoType, cond: Value, make: () => Value): Value {
  const inMemory = !canSsa(t);
  const p = inMemory ? b.temp(t) : null;
  const id = inMemory ? -1 : b.newVar(t);
  const yes = b.newBlock();
  const no = b.newBlock();
  const done = b.newBlock();
  b.branch(cond, yes, no);
  b.startSealed(yes);
  const v = make();
  if (p !== null) b.store(t, p, v);
  else b.define(id, v);
  b.jump(done);
  b.startSealed(no);
  if (p !== null) b.zero(t, p);
  else b.define(id, zeroValue(b, t));
  b.jump(done);
  b.startSealed(done);
  return p !== null ? b.load(t, p) : b.read(id);
}
