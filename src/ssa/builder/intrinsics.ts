/** Functions that are operations of the machine (gc-contract 6). */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import { Abi0, AbiInternal } from '#obj/symbol.ts';
import type { CallExpr } from '#syntax/nodes.ts';
import type { Func as FuncObj } from '#types/object.ts';
import * as ObjKind from '#types/objkind.ts';
import * as B from '../block.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import { check } from './arith.ts';
import type { FuncBuilder } from './builder.ts';
import { declaredFunc, expr, instanceArgs } from './expr.ts';
import { callStatic, rtPanic } from './runtime-call.ts';

/** Gives the results, or null if the function is to be called after all. */
export type Intrinsic = (b: FuncBuilder, args: readonly Value[], type: GoType) => Value[] | null;

const table = new Map<string, Intrinsic>();

function add(pkg: string, names: string, f: Intrinsic): void {
  for (const name of names.split(' ')) table.set(`${pkg}.${name}`, f);
}

export function intrinsicOf(_b: FuncBuilder, obj: FuncObj): Intrinsic | null {
  if (obj.pkg === null) return null;
  return table.get(`${obj.pkg.path}.${obj.name}`) ?? null;
}

function result(type: GoType): GoType {
  return type.results()[0];
}

// Atomics: the operation gives (value, memory).

function atomic(op: number, valueType: ((b: FuncBuilder, t: GoType) => GoType) | null): Intrinsic {
  return (b, args, type) => {
    const isVoid = type.results().length === 0;
    const t = valueType === null || !isVoid ? result(type) : valueType(b, type);
    const v = b.v0(op, isVoid ? b.types.mem : b.types.tupleOf([t, b.types.mem]));
    for (const a of args) v.addArg(a);
    v.addArg(b.mem());
    b.setMem(isVoid ? v : b.v1(Op.Select1, b.types.mem, v));
    return isVoid ? [] : [b.v1(Op.Select0, t, v)];
  };
}

function atomicStore(op: number): Intrinsic {
  return (b, [p, v]) => {
    b.setMem(b.v3(op, b.types.mem, p, v, b.mem()));
    return [];
  };
}

const paramType = (b: FuncBuilder, type: GoType): GoType => type.params()[1] ?? b.uintptr;

const atomicPkg = 'internal/runtime/atomic';
add(atomicPkg, 'Load LoadAcq Loadint32', atomic(Op.AtomicLoad32, null));
add(atomicPkg, 'Load8', atomic(Op.AtomicLoad8, null));
add(atomicPkg, 'Load64 LoadAcq64 LoadAcquintptr Loadint64 Loaduint Loaduintptr', atomic(Op.AtomicLoad64, null));
add(atomicPkg, 'Loadp', atomic(Op.AtomicLoadPtr, null));
add(atomicPkg, 'Store StoreRel Storeint32', atomicStore(Op.AtomicStore32));
add(atomicPkg, 'Store8', atomicStore(Op.AtomicStore8));
add(atomicPkg, 'Store64 StoreRel64 StoreReluintptr Storeint64 Storeuintptr', atomicStore(Op.AtomicStore64));
add(atomicPkg, 'StorepNoWB', atomicStore(Op.AtomicStorePtrNoWB));
add(atomicPkg, 'Xchg Xchgint32', atomic(Op.AtomicExchange32, null));
add(atomicPkg, 'Xchg8', atomic(Op.AtomicExchange8, null));
add(atomicPkg, 'Xchg64 Xchgint64 Xchguintptr', atomic(Op.AtomicExchange64, null));
add(atomicPkg, 'Xadd Xaddint32', atomic(Op.AtomicAdd32, null));
add(atomicPkg, 'Xadd64 Xaddint64 Xadduintptr', atomic(Op.AtomicAdd64, null));
add(atomicPkg, 'Cas CasRel Casint32', atomic(Op.AtomicCompareAndSwap32, null));
add(atomicPkg, 'Cas64 Casint64 Casuintptr Casp1', atomic(Op.AtomicCompareAndSwap64, null));
add(atomicPkg, 'And8', atomic(Op.AtomicAnd8, paramType));
add(atomicPkg, 'Or8', atomic(Op.AtomicOr8, paramType));
add(atomicPkg, 'And And32', atomic(Op.AtomicAnd32, paramType));
add(atomicPkg, 'Or Or32', atomic(Op.AtomicOr32, paramType));
add(atomicPkg, 'And64 Anduintptr', atomic(Op.AtomicAnd64, paramType));
add(atomicPkg, 'Or64 Oruintptr', atomic(Op.AtomicOr64, paramType));

add('sync', 'runtime_LoadAcquintptr', atomic(Op.AtomicLoad64, null));
add('sync', 'runtime_StoreReluintptr', (b, [p, v], type) => {
  b.setMem(b.v3(Op.AtomicStore64, b.types.mem, p, v, b.mem()));
  return type.results().length === 0 ? [] : [b.constant(Op.Const64, b.uintptr, 0, 0)];
});

const sync = 'sync/atomic';
for (const t of ['Int32', 'Uint32', 'Int64', 'Uint64', 'Uintptr']) {
  const wide = !t.endsWith('32');
  add(sync, `Load${t}`, atomic(wide ? Op.AtomicLoad64 : Op.AtomicLoad32, null));
  add(sync, `Store${t}`, atomicStore(wide ? Op.AtomicStore64 : Op.AtomicStore32));
  add(sync, `Swap${t}`, atomic(wide ? Op.AtomicExchange64 : Op.AtomicExchange32, null));
  add(sync, `Add${t}`, atomic(wide ? Op.AtomicAdd64 : Op.AtomicAdd32, null));
  add(sync, `CompareAndSwap${t}`, atomic(wide ? Op.AtomicCompareAndSwap64 : Op.AtomicCompareAndSwap32, null));
  add(sync, `And${t}`, atomic(wide ? Op.AtomicAnd64 : Op.AtomicAnd32, null));
  add(sync, `Or${t}`, atomic(wide ? Op.AtomicOr64 : Op.AtomicOr32, null));
}
add(sync, 'LoadPointer', atomic(Op.AtomicLoadPtr, null));

// The frame, g, and memory order.

const sys = 'internal/runtime/sys';
add(sys, 'GetCallerPC', (b) => {
  b.f.noInline = true;
  return [b.v0(Op.GetCallerPC, b.uintptr)];
});
add(sys, 'GetCallerSP', (b) => {
  b.f.noInline = true;
  return [b.v1(Op.GetCallerSP, b.uintptr, b.mem())];
});
add(sys, 'GetClosurePtr', (b) => {
  b.f.noInline = true;
  b.f.needsContext = true;
  return [b.f.newValue(b.f.entry, Op.GetClosurePtr, b.uintptr, b.pos)];
});
add('runtime', 'getg', (b, _args, type) => [b.v1(Op.GetG, result(type), b.mem())]);
add('runtime', 'publicationBarrier', (b) => {
  b.setMem(b.v1(Op.PubBarrier, b.types.mem, b.mem()));
  return [];
});
add('runtime', 'KeepAlive', (b, [x]) => {
  b.setMem(b.v2(Op.KeepAlive, b.types.mem, b.v1(Op.IData, b.unsafePointer, x), b.mem()));
  return [];
});
add('runtime', 'slicebytetostringtmp', (b, [ptr, n]) => [b.v2(Op.StringMake, b.string, ptr, n)]);
add(sys, 'Prefetch', prefetch(Op.PrefetchCache));
add(sys, 'PrefetchStreamed', prefetch(Op.PrefetchCacheStreamed));

function prefetch(op: number): Intrinsic {
  return (b, [p]) => {
    b.setMem(b.v2(op, b.types.mem, p, b.mem()));
    return [];
  };
}

// Integers.

function unary(op: number): Intrinsic {
  return (b, [x], type) => [b.v1(op, result(type), x)];
}

function rotate(op: number): Intrinsic {
  return (b, [x, k], type) => [b.v2(op, result(type), x, k)];
}

function tuple2(op: number, first: number): Intrinsic {
  return (b, args, type) => {
    const rs = type.results();
    const v = b.v0(op, b.types.tupleOf([b.types.basic(G.Uint64), b.types.basic(G.Uint64)]));
    for (const a of args) v.addArg(a);
    const parts = [b.v1(Op.Select0, rs[0], v), b.v1(Op.Select1, rs[1], v)];
    return first === 0 ? parts : [parts[1], parts[0]];
  };
}

add(sys, 'Bswap32', unary(Op.Bswap32));
add(sys, 'Bswap64', unary(Op.Bswap64));
add(sys, 'TrailingZeros32', unary(Op.Ctz32));
add(sys, 'TrailingZeros64', unary(Op.Ctz64));
add(sys, 'TrailingZeros8', unary(Op.Ctz8));
add(sys, 'Len64', unary(Op.BitLen64));
add(sys, 'Len8', unary(Op.BitLen8));
const bits = 'math/bits';
add(bits, 'ReverseBytes32', unary(Op.Bswap32));
add(bits, 'ReverseBytes64', unary(Op.Bswap64));
add(bits, 'TrailingZeros64', unary(Op.Ctz64));
add(bits, 'TrailingZeros32', unary(Op.Ctz32));
add(bits, 'TrailingZeros16', unary(Op.Ctz16));
add(bits, 'TrailingZeros8', unary(Op.Ctz8));
add(bits, 'Len64 Len', unary(Op.BitLen64));
add(bits, 'Len32', unary(Op.BitLen32));
add(bits, 'Len16', unary(Op.BitLen16));
add(bits, 'Len8', unary(Op.BitLen8));
add(bits, 'RotateLeft8', rotate(Op.RotateLeft8));
add(bits, 'RotateLeft16', rotate(Op.RotateLeft16));
add(bits, 'RotateLeft32', rotate(Op.RotateLeft32));
add(bits, 'RotateLeft64 RotateLeft', rotate(Op.RotateLeft64));
add(bits, 'Mul64 Mul', tuple2(Op.Mul64uhilo, 0));
add('internal/runtime/math', 'Mul64', tuple2(Op.Mul64uhilo, 0));
add('math/big', 'mulWW', tuple2(Op.Mul64uhilo, 0));
add(bits, 'Add64 Add', tuple2(Op.Add64carry, 0));
add('internal/runtime/math', 'Add64', tuple2(Op.Add64carry, 0));
add(bits, 'Sub64 Sub', tuple2(Op.Sub64borrow, 0));
add('internal/runtime/math', 'MulUintptr', (b, [x, y], type) => {
  const rs = type.results();
  const v = b.v2(Op.Mul64uover, b.types.tupleOf([b.uintptr, b.bool]), x, y);
  return [b.v1(Op.Select0, rs[0], v), b.v1(Op.Select1, rs[1], v)];
});
add(bits, 'Div64 Div', (b, [hi, lo, y], type) => {
  const u = type.params()[2];
  check(b, b.v2(Op.Neq64, b.bool, y, b.constant(Op.Const64, u, 0, 0)), () => rtPanic(b, 'panicdivide', []));
  check(b, b.v2(Op.Less64U, b.bool, hi, y), () => rtPanic(b, 'panicoverflow', []));
  return tuple2(Op.Div128u, 0)(b, [hi, lo, y], type);
});

/** Guarded by a variable the runtime sets from CPUID: at GOAMD64=v1 the instruction may be missing (gc-contract 6.5). */
function guarded(
  variable: string,
  fast: (b: FuncBuilder, args: readonly Value[], t: GoType) => Value,
  slow: string,
): Intrinsic {
  return (b, args, type) => {
    const t = result(type);
    const dot = slow.lastIndexOf('.');
    const flag = b.load(b.bool, b.addr(b.prog.runtimeVar(variable), b.types.pointerTo(b.bool)));
    const id = b.newVar(t);
    const yes = b.newBlock();
    const no = b.newBlock();
    const done = b.newBlock();
    b.branch(flag, yes, no, B.Likely);
    b.startSealed(yes);
    b.define(id, fast(b, args, t));
    b.jump(done);
    b.startSealed(no);
    b.define(id, callStatic(b, b.prog.packageFunc(slow.slice(0, dot), slow.slice(dot + 1)), args)[0]);
    b.jump(done);
    b.startSealed(done);
    return [b.read(id)];
  };
}

const popcount =
  (op: number) =>
  (b: FuncBuilder, [x]: readonly Value[], t: GoType): Value =>
    b.v1(op, t, x);
add(bits, 'OnesCount64', guarded('x86HasPOPCNT', popcount(Op.PopCount64), 'math/bits.OnesCount64'));
add(sys, 'OnesCount64', guarded('x86HasPOPCNT', popcount(Op.PopCount64), 'internal/runtime/sys.OnesCount64'));
add(bits, 'OnesCount32', guarded('x86HasPOPCNT', popcount(Op.PopCount32), 'math/bits.OnesCount32'));
add(bits, 'OnesCount16', guarded('x86HasPOPCNT', popcount(Op.PopCount16), 'math/bits.OnesCount16'));
add(bits, 'OnesCount', guarded('x86HasPOPCNT', popcount(Op.PopCount64), 'math/bits.OnesCount'));

// Groups of control bytes of maps: with these a bitset has a bit a slot, in the Go bodies a byte. All or none (gc-contract 6.2).

const maps = 'internal/runtime/maps';
const u64 = (b: FuncBuilder, n: number): Value => b.constant(Op.Const64, b.types.basic(G.Uint64), n, 0);
add(maps, 'ctrlGroupMatchH2', (b, [g, h], type) => [b.v2(Op.MatchBytes, result(type), g, h)]);
// Empty slots are marked 0x80, deleted ones 0xfe, full ones have no top bit (internal/runtime/maps/group.go).
add(maps, 'ctrlGroupMatchEmpty', (b, [g], type) => [b.v2(Op.MatchBytes, result(type), g, u64(b, 0x80))]);
add(maps, 'ctrlGroupMatchEmptyOrDeleted', (b, [g], type) => [b.v1(Op.TopBits, result(type), g)]);
add(maps, 'ctrlGroupMatchFull', (b, [g], type) => [
  b.v2(Op.Xor64, result(type), b.v1(Op.TopBits, result(type), g), u64(b, 0xff)),
]);
add(maps, 'bitsetFirst', unary(Op.Ctz64));
add(maps, 'bitsetRemoveBelow', (b, [s, i], type) => {
  const t = result(type);
  const below = b.v2(Op.Sub64, t, b.v2(Op.Lsh64x64, t, u64(b, 1), i), u64(b, 1));
  return [b.v2(Op.And64, t, s, b.v1(Op.Com64, t, below))];
});
add(maps, 'bitsetLowestSet', (b, [s], type) => [
  b.v2(Op.Neq64, result(type), b.v2(Op.And64, s.type, s, u64(b, 1)), u64(b, 0)),
]);
add(maps, 'bitsetShiftOutLowest', (b, [s], type) => [b.v2(Op.Rsh64Ux64, result(type), s, u64(b, 1))]);

// Floating point.

add('math', 'sqrt', unary(Op.Sqrt));
add('math', 'Abs', unary(Op.Abs));
add('math', 'Copysign', (b, [x, y], type) => [b.v2(Op.Copysign, result(type), x, y)]);
const rounding =
  (op: number) =>
  (b: FuncBuilder, [x]: readonly Value[], t: GoType): Value =>
    b.v1(op, t, x);
add('math', 'Floor', guarded('x86HasSSE41', rounding(Op.Floor), 'math.Floor'));
add('math', 'Ceil', guarded('x86HasSSE41', rounding(Op.Ceil), 'math.Ceil'));
add('math', 'Trunc', guarded('x86HasSSE41', rounding(Op.Trunc), 'math.Trunc'));
add('math', 'RoundToEven', guarded('x86HasSSE41', rounding(Op.RoundToEven), 'math.RoundToEven'));
add(
  'math',
  'FMA',
  guarded('x86HasFMA', (b, [x, y, z], t) => b.v3(Op.FMA, t, x, y, z), 'math.FMA'),
);

// Bodies that only panic, because the compiler knows better.

add('crypto/internal/constanttime', 'boolToUint8', (b, [x], type) => [b.v1(Op.CvtBoolToUint8, result(type), x)]);

/** Intrinsics that look at how the call is written; null if e is none. */
export function syntacticIntrinsic(b: FuncBuilder, e: CallExpr): Value | null {
  const f = declaredFunc(e.fun);
  if (f === null || f.obj.pkg === null || f.obj.pkg.path !== 'internal/abi') return null;
  const name = f.obj.name;
  if (name !== 'FuncPCABI0' && name !== 'FuncPCABIInternal') return null;
  const target = declaredFunc(e.args[0]);
  if (target !== null) {
    const ref = b.prog.funcRef(target.obj, instanceArgs(b, target.name));
    const symbol = b.prog.symbols.lookup(ref.linkName, name === 'FuncPCABI0' ? Abi0 : AbiInternal);
    return b.addr(symbol, b.uintptr);
  }
  // The entry is the first word of the closure that the func value points to.
  return b.load(b.uintptr, expr(b, e.args[0]));
}
// Escapes v if it holds pointers other than strings'. What holds none does not matter.
add('internal/abi', 'EscapeNonString', (b, [v], type) => {
  const t = type.params()[0];
  // biome-ignore lint/suspicious/noShadowRestrictedNames: it is what the value does
  const escape = hasNonStringPointers(t) ? b.prog.packageObject('internal/abi', 'Escape') : null;
  if (escape !== null && escape.kind === ObjKind.Func) callStatic(b, b.prog.funcRef(escape, [t]), [v]);
  return [];
});

function hasNonStringPointers(t: GoType): boolean {
  if (!t.hasPointers()) return false;
  if (t.kind === G.String) return false;
  if (t.kind === G.Array) return hasNonStringPointers(t.elem());
  if (t.kind === G.Struct) return t.fields.some((f) => hasNonStringPointers(f.type));
  return true;
}
