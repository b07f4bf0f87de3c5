/** Loads, stores, addresses, moves and zeroing of blocks, atomics, bounds failures. */

import type { GoType } from '#abi/gotype.ts';
import * as Kind from '#abi/gotype.ts';
import { bug } from '#base/bug.ts';
import { TypeRef } from '#ssa/call.ts';
import type { Func } from '#ssa/func.ts';
import { Slot } from '#ssa/func.ts';
import * as Op from '#ssa/gen/op.ts';
import type { Value } from '#ssa/value.ts';
import * as A from '../gen/op.ts';
import {
  become1,
  become2,
  become3,
  becomeCopy,
  isFloat,
  isImm,
  make1,
  make2,
  make3,
  makeConst,
  makeImm,
  type Rule,
  uint64,
} from './common.ts';

/** What is loaded and stored at once, by size. */
function loadOp(t: GoType): number {
  if (isFloat(t)) return t.size === 4 ? A.MOVSSload : A.MOVSDload;
  switch (t.size) {
    case 1:
      return A.MOVBload;
    case 2:
      return A.MOVWload;
    case 4:
      return A.MOVLload;
    case 8:
      return A.MOVQload;
    case 16:
      if (t.kind === Kind.Int128) return A.MOVOload;
  }
  return bug(`load of ${t.linkString}`);
}

function storeOp(t: GoType): number {
  if (isFloat(t)) return t.size === 4 ? A.MOVSSstore : A.MOVSDstore;
  switch (t.size) {
    case 1:
      return A.MOVBstore;
    case 2:
      return A.MOVWstore;
    case 4:
      return A.MOVLstore;
    case 8:
      return A.MOVQstore;
    case 16:
      if (t.kind === Kind.Int128) return A.MOVOstore;
  }
  return bug(`store of ${t.linkString}`);
}

const load: Rule = (_f, v) => {
  v.op = loadOp(v.type);
  return true;
};

const store: Rule = (_f, v) => {
  const t = v.aux;
  if (!(t instanceof TypeRef)) return bug(`store ${v} without a type`);
  v.op = storeOp(t.type);
  v.aux = null;
  v.auxLo = 0;
  v.auxHi = 0;
  return true;
};

const addr: Rule = (_f, v) => {
  v.op = A.LEAQ;
  return true;
};

/**
 * The address of a slot that may hold pointers stays behind the memory state it was given: liveness of the slot begins with a
 * VarDef in that state.
 */
const localAddr: Rule = (f, v) => {
  const slot = v.aux;
  if (!(slot instanceof Slot)) return bug(`${v} is no address of a slot`);
  const { auxLo } = v;
  const [sp, mem] = v.args;
  const anchored = mem !== undefined && slot.type.hasPointers();
  const base = anchored ? make2(f, v, A.SPanchored, uint64(f), sp, mem) : sp;
  v.reset(A.LEAQ);
  v.addArg(base);
  v.aux = slot;
  v.auxLo = auxLo;
  return true;
};

/** A copy in one piece of `size` at an offset. */
function copyPiece(f: Func, v: Value, size: number, offset: number, dst: Value, src: Value, mem: Value): Value {
  const kinds: Readonly<Record<number, readonly [number, number, number]>> = {
    1: [A.MOVBload, A.MOVBstore, Kind.Uint8],
    2: [A.MOVWload, A.MOVWstore, Kind.Uint16],
    4: [A.MOVLload, A.MOVLstore, Kind.Uint32],
    8: [A.MOVQload, A.MOVQstore, Kind.Uint64],
  };
  const [loadAs, storeAs, kind] = size === 16 ? [A.MOVOload, A.MOVOstore, Kind.Int128] : kinds[size];
  const t = kind === Kind.Int128 ? f.types.int128 : f.types.basic(kind);
  const piece = makeImm(f, v, loadAs, t, src, offset);
  piece.auxHi = 0;
  piece.addArg(mem);
  const s = make3(f, v, storeAs, f.types.mem, dst, piece, mem);
  s.auxLo = offset;
  return s;
}

/** Sizes up to 16 as at most two pieces, which may overlap: both are read before either is written. */
const pieces: readonly (readonly [size: number, offset: number][])[] = [
  [],
  [[1, 0]],
  [[2, 0]],
  [
    [2, 0],
    [1, 2],
  ],
  [[4, 0]],
  [
    [4, 0],
    [1, 4],
  ],
  [
    [4, 0],
    [2, 4],
  ],
  [
    [4, 0],
    [4, 3],
  ],
  [[8, 0]],
  [
    [8, 0],
    [1, 8],
  ],
  [
    [8, 0],
    [2, 8],
  ],
  [
    [8, 0],
    [4, 7],
  ],
  [
    [8, 0],
    [4, 8],
  ],
  [
    [8, 0],
    [8, 5],
  ],
  [
    [8, 0],
    [8, 6],
  ],
  [
    [8, 0],
    [8, 7],
  ],
  [[16, 0]],
];

function blockSize(v: Value): number {
  return v.auxHi * 4294967296 + (v.auxLo >>> 0);
}

const repThreshold = 2048;

/**
 * Source and destination are equal or apart. The second piece of a small move reads what the first has written only where they
 * overlap, and there both write the same bytes.
 */
const move: Rule = (f, v) => {
  const size = blockSize(v);
  const [dst, src, mem] = v.args;
  if (size === 0) return becomeCopy(v, mem);
  if (size <= 16) {
    let m = mem;
    for (const [n, offset] of pieces[size]) m = copyPiece(f, v, n, offset, dst, src, m);
    return becomeCopy(v, m);
  }
  if (size <= repThreshold) {
    become3(v, size < 192 ? A.LoweredMove : A.LoweredMoveLoop, dst, src, mem);
    v.auxLo = size;
    return true;
  }
  const rest = size % 8;
  if (rest !== 0) {
    const m = copyPiece(f, v, 8, 0, dst, src, mem);
    const d = makeImm(f, v, A.ADDQconst, dst.type, dst, rest);
    const s = makeImm(f, v, A.ADDQconst, src.type, src, rest);
    const aux = v.aux;
    become3(v, Op.Move, d, s, m);
    v.aux = aux;
    setSize(v, size - rest);
    return true;
  }
  const words = makeConst(f, v, A.MOVQconst, uint64(f), (size / 8) | 0, Math.floor(size / 8 / 4294967296));
  v.reset(A.REPMOVSQ);
  for (const a of [dst, src, words, mem]) v.addArg(a);
  return true;
};

function setSize(v: Value, size: number): void {
  v.auxLo = size | 0;
  v.auxHi = Math.floor(size / 4294967296);
}

const zeroStores: Readonly<Record<number, number>> = {
  1: A.MOVBstoreconst,
  2: A.MOVWstoreconst,
  4: A.MOVLstoreconst,
  8: A.MOVQstoreconst,
  16: A.MOVOstoreconst,
};

function zeroPiece(f: Func, v: Value, size: number, offset: number, dst: Value, mem: Value): Value {
  const s = make2(f, v, zeroStores[size], f.types.mem, dst, mem);
  s.auxLo = offset;
  return s;
}

const zero: Rule = (f, v) => {
  const size = blockSize(v);
  const [dst, mem] = v.args;
  if (size === 0) return becomeCopy(v, mem);
  if (size <= 16) {
    let m = mem;
    for (const [n, offset] of pieces[size]) m = zeroPiece(f, v, n, offset, dst, m);
    return becomeCopy(v, m);
  }
  if (size <= repThreshold) {
    become2(v, size < 192 ? A.LoweredZero : A.LoweredZeroLoop, dst, mem);
    v.auxLo = size;
    return true;
  }
  const rest = size % 8;
  if (rest !== 0) {
    const m = zeroPiece(f, v, 16, 0, dst, mem);
    const d = makeImm(f, v, A.ADDQconst, dst.type, dst, rest);
    const aux = v.aux;
    become2(v, Op.Zero, d, m);
    v.aux = aux;
    setSize(v, size - rest);
    return true;
  }
  const words = makeConst(f, v, A.MOVQconst, uint64(f), (size / 8) | 0, Math.floor(size / 8 / 4294967296));
  const none = makeConst(f, v, A.MOVQconst, uint64(f), 0, 0);
  v.reset(A.REPSTOSQ);
  for (const a of [dst, words, none, mem]) v.addArg(a);
  return true;
};

/** (address, value, mem) -> Select1 of an exchange: an ordinary store could be passed by later loads. */
const atomicStore =
  (op: number, kind: number): Rule =>
  (f, v) => {
    const [p, x, mem] = v.args;
    const t = f.types.tupleOf([f.types.basic(kind), f.types.mem]);
    return become1(v, Op.Select1, make3(f, v, op, t, x, p, mem));
  };

const exchange =
  (op: number): Rule =>
  (_f, v) => {
    const [p, x, mem] = v.args;
    return become3(v, op, x, p, mem);
  };

const atomicAdd =
  (xadd: number, add: number): Rule =>
  (f, v) => {
    const [p, x, mem] = v.args;
    return become2(v, add, x, make3(f, v, xadd, v.type, x, p, mem));
  };

/** Without a result a locked instruction, with it a loop. */
const atomicLogic =
  (locked: number, loop: number): Rule =>
  (_f, v) => {
    if (v.type.kind === Kind.Mem) v.op = locked;
    else if (loop === 0) return bug(`${v}: no such operation with a result`);
    else v.op = loop;
    v.aux = null;
    v.auxLo = 0;
    return true;
  };

/** AddTupleFirst is taken apart where its elements are read. */
export function selectOfAdd(f: Func, v: Value): boolean {
  const [x, tuple] = v.args[0].args;
  if (v.op === Op.Select1 || (v.op === Op.SelectN && v.auxLo === 1)) return become1(v, Op.Select1, tuple);
  const add = v.args[0].op === A.AddTupleFirst32 ? A.ADDL : A.ADDQ;
  return become2(v, add, x, make1(f, v, Op.Select0, v.type, tuple));
}

/** Constants up to 31 go into the call's table instead of a register. */
const panicBounds: Rule = (_f, v) => {
  const [x, y, mem] = v.args;
  const kind = (v.auxLo & 0xff) | (v.auxHi !== 0 ? 0x100 : 0);
  const small = (c: Value): boolean => isImm(c) && c.auxLo >= 0 && c.auxLo <= 31;
  if (small(y)) {
    const n = y.auxLo;
    become2(v, A.LoweredPanicBoundsRC, x, mem);
    v.auxHi = n;
  } else if (small(x)) {
    const n = x.auxLo;
    become2(v, A.LoweredPanicBoundsCR, y, mem);
    v.auxHi = n;
  } else {
    become3(v, A.LoweredPanicBoundsRR, x, y, mem);
  }
  v.auxLo = kind;
  return true;
};

export const memoryRules: readonly (readonly [number, Rule])[] = [
  [Op.Load, load],
  [Op.Store, store],
  [Op.Addr, addr],
  [Op.LocalAddr, localAddr],
  [Op.Move, move],
  [Op.Zero, zero],
  [Op.AtomicStore8, atomicStore(A.XCHGB, Kind.Uint8)],
  [Op.AtomicStore32, atomicStore(A.XCHGL, Kind.Uint32)],
  [Op.AtomicStore64, atomicStore(A.XCHGQ, Kind.Uint64)],
  [Op.AtomicStorePtrNoWB, atomicStore(A.XCHGQ, Kind.UnsafePointer)],
  [Op.AtomicExchange8, exchange(A.XCHGB)],
  [Op.AtomicExchange32, exchange(A.XCHGL)],
  [Op.AtomicExchange64, exchange(A.XCHGQ)],
  [Op.AtomicAdd32, atomicAdd(A.XADDLlock, A.AddTupleFirst32)],
  [Op.AtomicAdd64, atomicAdd(A.XADDQlock, A.AddTupleFirst64)],
  [Op.AtomicAnd8, atomicLogic(A.ANDBlock, 0)],
  [Op.AtomicAnd32, atomicLogic(A.ANDLlock, A.LoweredAtomicAnd32)],
  [Op.AtomicAnd64, atomicLogic(A.ANDQlock, A.LoweredAtomicAnd64)],
  [Op.AtomicOr8, atomicLogic(A.ORBlock, 0)],
  [Op.AtomicOr32, atomicLogic(A.ORLlock, A.LoweredAtomicOr32)],
  [Op.AtomicOr64, atomicLogic(A.ORQlock, A.LoweredAtomicOr64)],
  [Op.PubBarrier, (_f, v) => becomeCopy(v, v.args[0])],
  [Op.PanicBounds, panicBounds],
];
