/** Adds values to a block in order of memory: what lowering passes write their sequences with. */

import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import type { Pos } from '#base/source.ts';
import type { LinkSymbol } from '#obj/symbol.ts';
import type { Block } from './block.ts';
import { type Call, SymbolRef, TypeRef } from './call.ts';
import { type Func, type Slot, SlotTemp } from './func.ts';
import * as Op from './gen/op.ts';
import type { Services } from './pass.ts';
import type { Value } from './value.ts';

export class Cursor {
  readonly f: Func;
  readonly services: Services;
  block: Block;
  /** The current state of memory. */
  mem: Value;
  pos: Pos;
  inline: number;
  /** The function's SP and SB values, once asked for. */
  sp: Value | null;
  sb: Value | null;

  /** `mem` is any memory value to begin with; passes set block, mem, pos and inline for each sequence. */
  constructor(f: Func, services: Services, mem: Value) {
    this.f = f;
    this.services = services;
    this.block = f.entry;
    this.mem = mem;
    this.pos = 0;
    this.inline = -1;
    this.sp = null;
    this.sb = null;
  }

  /** To the place of v, in memory state mem. */
  at(v: Value, mem: Value): void {
    this.block = v.block;
    this.mem = mem;
    this.pos = v.pos;
    this.inline = v.inline;
  }
}

export function value0(c: Cursor, op: number, type: GoType): Value {
  return c.f.newValue(c.block, op, type, c.pos, c.inline);
}

export function value1(c: Cursor, op: number, type: GoType, a: Value): Value {
  return c.f.newValue1(c.block, op, type, c.pos, a, c.inline);
}

export function value2(c: Cursor, op: number, type: GoType, a: Value, b: Value): Value {
  return c.f.newValue2(c.block, op, type, c.pos, a, b, c.inline);
}

/** The function's only SP or SB value, in the entry block. */
export function unique(f: Func, op: number): Value {
  for (const v of f.entry.values) if (v.op === op) return v;
  return f.newValue(f.entry, op, f.types.basic(G.Uintptr), 0);
}

export function stackPointer(c: Cursor): Value {
  c.sp ??= unique(c.f, Op.SP);
  return c.sp;
}

export function staticBase(c: Cursor): Value {
  c.sb ??= unique(c.f, Op.SB);
  return c.sb;
}

export function constInt(c: Cursor, type: GoType, n: number): Value {
  const op = type.size === 8 ? Op.Const64 : type.size === 4 ? Op.Const32 : type.size === 2 ? Op.Const16 : Op.Const8;
  return c.f.newConst(c.block, op, type, c.pos, n | 0, Math.floor(n / 4294967296) | 0);
}

export function constNil(c: Cursor, type: GoType): Value {
  return value0(c, Op.ConstNil, type);
}

export function addrOf(c: Cursor, symbol: LinkSymbol, type: GoType): Value {
  const v = value1(c, Op.Addr, type, staticBase(c));
  v.aux = new SymbolRef(symbol);
  return v;
}

export function typeAddr(c: Cursor, t: GoType): Value {
  return addrOf(c, c.services.typeSymbol(t), c.f.types.basic(G.UnsafePointer));
}

/** The address of a frame slot as seen from the current memory state. */
export function slotAddr(c: Cursor, slot: Slot, type: GoType): Value {
  const v = value2(c, Op.LocalAddr, type, stackPointer(c), c.mem);
  v.aux = slot;
  return v;
}

/** A new temporary whose contents begin to matter here (VarDef), and its address. */
export function newTemporary(c: Cursor, name: string, t: GoType, type: GoType): Value {
  const slot = c.f.newSlot(name, t, SlotTemp, -1, c.pos);
  varDef(c, slot);
  return slotAddr(c, slot, type);
}

export function varDef(c: Cursor, slot: Slot): void {
  c.mem = value1(c, Op.VarDef, c.f.types.mem, c.mem);
  c.mem.aux = slot;
}

export function offPtr(c: Cursor, ptr: Value, offset: number, type: GoType): Value {
  if (offset === 0) return ptr;
  const v = value1(c, Op.OffPtr, type, ptr);
  v.auxLo = offset | 0;
  return v;
}

export function load(c: Cursor, type: GoType, ptr: Value): Value {
  return value2(c, Op.Load, type, ptr, c.mem);
}

export function store(c: Cursor, type: GoType, ptr: Value, v: Value): void {
  c.mem = c.f.newValue3(c.block, Op.Store, c.f.types.mem, c.pos, ptr, v, c.mem, c.inline);
  c.mem.aux = new TypeRef(type);
}

export function move(c: Cursor, type: GoType, dst: Value, src: Value): void {
  c.mem = c.f.newValue3(c.block, Op.Move, c.f.types.mem, c.pos, dst, src, c.mem, c.inline);
  c.mem.aux = new TypeRef(type);
  c.mem.auxLo = type.size | 0;
}

export function zero(c: Cursor, type: GoType, dst: Value): void {
  c.mem = value2(c, Op.Zero, c.f.types.mem, dst, c.mem);
  c.mem.aux = new TypeRef(type);
  c.mem.auxLo = type.size | 0;
}

/** Stores v, which may be a Deref of something too large for a value. */
export function storeOrMove(c: Cursor, type: GoType, ptr: Value, v: Value): void {
  if (v.op === Op.Deref) move(c, type, ptr, v.args[0]);
  else store(c, type, ptr, v);
}

/** A call with its results and memory taken apart; returns the result, or null if there is none. */
export function staticCall(c: Cursor, call: Call, args: readonly Value[], resultType: GoType | null): Value | null {
  const types = c.f.types;
  const results = call.type.results();
  const v = value0(c, Op.StaticCall, types.tupleOf([...results, types.mem]));
  v.aux = call;
  for (const a of args) v.addArg(a);
  v.addArg(c.mem);
  const result = resultType === null ? null : value1(c, Op.SelectN, resultType, v);
  c.mem = value1(c, Op.SelectN, types.mem, v);
  c.mem.auxLo = results.length;
  return result;
}

export function runtimeCall(c: Cursor, name: string, args: readonly Value[]): void {
  staticCall(c, c.services.calls.call(name), args, null);
}

/** The same for a function with a result; `type` is what the result is used as. */
export function runtimeValue(c: Cursor, name: string, args: readonly Value[], type: GoType): Value {
  const call = c.services.calls.call(name);
  const v = staticCall(c, call, args, type);
  if (v === null) throw new Error(`runtime.${name} has no result`);
  return v;
}
