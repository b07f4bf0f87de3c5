/** Pointer arithmetic, and loads of what has just been stored. */
import * as G from '#abi/gotype.ts';
import { SymbolRef, TypeRef } from '../call.ts';
import type { Func } from '../func.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import { isConst, newConst, type Rule, type RuleRow, toConst, toCopy, toOp1, toOp2 } from './common.ts';
import { nilness } from './compare.ts';

function fits32(lo: number, hi: number): boolean {
  return hi === lo >> 31;
}

const offPtr: Rule = (_f, v) => {
  const a = v.args[0];
  if (!fits32(v.auxLo, v.auxHi)) return false;
  if (v.auxLo === 0 && v.type === a.type) return toCopy(v, a);
  if (a.op !== Op.OffPtr || !fits32(a.auxLo, a.auxHi)) return false;
  const sum = v.auxLo + a.auxLo;
  if (sum !== (sum | 0)) return false;
  toOp1(v, Op.OffPtr, a.args[0]);
  v.auxLo = sum;
  return true;
};

const addPtr: Rule = (_f, v) => {
  const [ptr, n] = v.args;
  if (!isConst(n) || !fits32(n.auxLo, n.auxHi)) return false;
  const lo = n.auxLo;
  toOp1(v, Op.OffPtr, ptr);
  v.auxLo = lo;
  v.auxHi = lo >> 31;
  return true;
};

/** ptr + index * size, with the multiplication in the open. */
const ptrIndex: Rule = (f, v) => {
  const [ptr, index] = v.args;
  const size = v.type.elem().size;
  if (size === 0) return toCopy(v, ptr);
  if (size === 1) return toOp2(v, Op.AddPtr, ptr, index);
  const factor = newConst(f, v, index.type, 64, size | 0, Math.floor(size / 4294967296));
  const offset = f.newValue2(v.block, Op.Mul64, index.type, v.pos, index, factor, v.inline);
  return toOp2(v, Op.AddPtr, ptr, offset);
};

const nilCheck: Rule = (_f, v) => nilness(v.args[0]) === 1 && toCopy(v, v.args[0]);

export interface Place {
  base: Value;
  offset: number;
}

export function placeOf(ptr: Value): Place {
  let p = ptr;
  let offset = 0;
  for (;;) {
    if (p.op === Op.OffPtr && fits32(p.auxLo, p.auxHi)) offset += p.auxLo;
    else if (p.op !== Op.Copy && p.op !== Op.NilCheck) return { base: p, offset };
    p = p.args[0];
  }
}

/** LocalAddr of one slot are the same place whatever memory they were asked in. */
export function sameBase(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a.op !== b.op) return false;
  if (a.op === Op.LocalAddr) return a.aux === b.aux && a.auxLo === b.auxLo;
  return (
    a.op === Op.Addr &&
    a.auxLo === b.auxLo &&
    a.aux instanceof SymbolRef &&
    b.aux instanceof SymbolRef &&
    a.aux.symbol === b.aux.symbol
  );
}

/** Places of their own that no other pointer is equal to by accident: slots, globals, fresh allocations. */
function isDistinctObject(v: Value): boolean {
  return (
    v.op === Op.LocalAddr || v.op === Op.Addr || (v.op === Op.SelectN && v.auxLo === 0 && v.args[0].op === Op.Alloc)
  );
}

export function areDisjoint(p: Place, pSize: number, q: Place, qSize: number): boolean {
  if (sameBase(p.base, q.base)) return p.offset + pSize <= q.offset || q.offset + qSize <= p.offset;
  return isDistinctObject(p.base) && isDistinctObject(q.base);
}

/** How many stores a load looks past. */
const maxSteps = 8;

export function writtenSize(m: Value): number {
  if (m.op === Op.Store) return m.aux instanceof TypeRef ? m.aux.type.size : m.args[1].type.size;
  return m.auxHi === 0 && m.auxLo >= 0 ? m.auxLo : Number.MAX_SAFE_INTEGER;
}

const load: Rule = (f, v) => {
  const p = placeOf(v.args[0]);
  let m = v.args[1];
  for (let i = 0; i < maxSteps; i++) {
    if (m.op === Op.Copy) m = m.args[0];
    else if (m.op === Op.VarDef || m.op === Op.InlineMark) m = m.args[0];
    else if (m.op === Op.SelectN && m.args[0].op === Op.Alloc && m.auxLo === 1) {
      const alloc = m.args[0];
      if (p.base.op === Op.SelectN && p.base.args[0] === alloc && p.base.auxLo === 0) return toZero(f, v);
      m = alloc.args[0];
    } else if (m.op === Op.Store || m.op === Op.Zero || m.op === Op.Move) {
      const q = placeOf(m.args[0]);
      const size = writtenSize(m);
      if (sameBase(p.base, q.base)) {
        if (m.op === Op.Store && q.offset === p.offset && sameRepresentation(m.args[1], v)) return toCopy(v, m.args[1]);
        if (m.op === Op.Zero && q.offset <= p.offset && p.offset + v.type.size <= q.offset + size) return toZero(f, v);
      }
      if (!areDisjoint(p, v.type.size, q, size)) return false;
      m = m.memArg();
    } else return false;
  }
  return false;
};

/** Whether what was stored can stand for what is loaded without a conversion. */
function sameRepresentation(stored: Value, v: Value): boolean {
  const a = stored.type;
  const b = v.type;
  if (a === b) return true;
  if (a.size !== b.size) return false;
  if (a.isPointerShaped() && b.isPointerShaped()) return true;
  return (
    (a.isInteger() && b.isInteger()) ||
    (a.kind === b.kind &&
      (a.kind === G.String || a.kind === G.Slice || a.kind === G.Interface || a.kind === G.Bool || a.isFloat()))
  );
}

function toZero(f: Func, v: Value): boolean {
  const t = v.type;
  if (t.isPointerShaped()) v.reset(Op.ConstNil);
  else if (t.isInteger()) return toConst(v, t.size * 8, 0, 0);
  else if (t.kind === G.Bool) v.reset(Op.ConstBool);
  else if (t.kind === G.Float64) v.reset(Op.Const64F);
  else if (t.kind === G.Float32) v.reset(Op.Const32F);
  else if (t.kind === G.Slice) v.reset(Op.ConstSlice);
  else if (t.kind === G.Interface) v.reset(Op.ConstInterface);
  else return zeroFields(f, v);
  return true;
}

/** Structs whose fields have simple zeros. */
function zeroFields(f: Func, v: Value): boolean {
  const t = v.type;
  if (t.kind !== G.Struct || !t.fields.every((x) => hasSimpleZero(x.type))) return false;
  v.reset(Op.StructMake);
  for (const x of t.fields) {
    const z = f.newValue(v.block, Op.Copy, x.type, v.pos, v.inline);
    toZero(f, z);
    v.addArg(z);
  }
  return true;
}

function hasSimpleZero(t: G.GoType): boolean {
  return (
    t.isPointerShaped() ||
    t.isInteger() ||
    t.kind === G.Bool ||
    t.isFloat() ||
    t.kind === G.Slice ||
    t.kind === G.Interface
  );
}

/** What is written back where it was just read changes nothing. */
const store: Rule = (_f, v) => {
  const [ptr, x, mem] = v.args;
  return x.op === Op.Load && x.args[1] === mem && x.args[0] === ptr && toCopy(v, mem);
};

const move: Rule = (_f, v) => {
  const [dst, src, mem] = v.args;
  return dst === src && toCopy(v, mem);
};

export const memoryRules: readonly RuleRow[] = [
  [Op.OffPtr, offPtr],
  [Op.AddPtr, addPtr],
  [Op.PtrIndex, ptrIndex],
  [Op.NilCheck, nilCheck],
  [Op.Load, load],
  [Op.Store, store],
  [Op.Move, move],
];
