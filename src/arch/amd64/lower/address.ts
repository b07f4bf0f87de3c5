/** Addressing modes: offsets, symbols and indices move into the operation that uses the address; constants into stores. */
import type { Func } from '#ssa/func.ts';
import * as Op from '#ssa/gen/op.ts';
import type { Value } from '#ssa/value.ts';
import * as A from '../gen/op.ts';
import * as Table from '../op-table.ts';
import { asmOps, forms, operandSizes } from '../ops.ts';
import { become2, become3, isImm, type Rule, sumFits } from './common.ts';
import { scaleOf } from './fold.ts';

/** Which argument is the address, by operation; -1: none. */
const addressArg: Int8Array = new Int8Array(A.Count).fill(-1);

function initAddressArg(): void {
  for (let op = A.First; op < A.Count; op++) {
    switch (forms[op]) {
      case Table.Load:
      case Table.Store:
      case Table.StoreConst:
      case Table.CompareLoad:
      case Table.CompareConstLoad:
      case Table.SetStore:
      case Table.LockedModify:
        addressArg[op] = 0;
        break;
      case Table.BinaryLoad:
        addressArg[op] = 1;
    }
  }
  for (const op of [A.MOVOstoreconst, A.CMPXCHGLlock, A.CMPXCHGQlock]) addressArg[op] = 0;
  for (const op of [A.LoweredAtomicAnd32, A.LoweredAtomicAnd64, A.LoweredAtomicOr32, A.LoweredAtomicOr64])
    addressArg[op] = 0;
  for (const op of [A.XCHGB, A.XCHGL, A.XCHGQ, A.XADDLlock, A.XADDQlock]) addressArg[op] = 1;
}
initAddressArg();

/** The argument of op that is its address, -1 if it has none. */
export function addressOf(op: number): number {
  return addressArg[op];
}

/** The indexed form of a load or store, 0 if there is none: the next row of the table. */
function indexedOp(op: number): number {
  if (forms[op] === Table.Load && forms[op + 1] === Table.LoadIndexed && asmOps[op] === asmOps[op + 1]) return op + 1;
  if (forms[op] === Table.Store && forms[op + 1] === Table.StoreIndexed && asmOps[op] === asmOps[op + 1]) return op + 1;
  return 0;
}

/** Folds ADDQconst and LEAQ under the address of v. */
function foldAddress(v: Value): boolean {
  const i = addressArg[v.op];
  const p = v.args[i];
  if (p.op === A.ADDQconst && sumFits(v.auxLo, p.auxLo)) {
    v.auxLo += p.auxLo;
    v.setArg(i, p.args[0]);
    return true;
  }
  if (p.op === A.LEAQ && (v.aux === null || p.aux === null) && sumFits(v.auxLo, p.auxLo)) {
    v.auxLo += p.auxLo;
    v.aux ??= p.aux;
    v.setArg(i, p.args[0]);
    return true;
  }
  return false;
}

function foldIndex(v: Value, indexed: number): boolean {
  const p = v.args[0];
  if (p.uses !== 1 || v.aux !== null) return false;
  let scale = scaleOf(p.op);
  if (p.op === A.ADDQ) scale = 1;
  if (scale === 0 || !sumFits(v.auxLo, p.op === A.ADDQ ? 0 : p.auxLo)) return false;
  let [base, index] = p.args;
  if (scale === 1 && isFrame(index)) [base, index] = [index, base];
  if (isFrame(index) || base.op === Op.SB || index.op === Op.SB) return false;
  const offset = v.auxLo + (p.op === A.ADDQ ? 0 : p.auxLo);
  const aux = p.op === A.ADDQ ? null : p.aux;
  const rest = v.args.slice(1);
  v.reset(indexed);
  v.addArg(base);
  v.addArg(index);
  for (const a of rest) v.addArg(a);
  v.aux = aux;
  v.auxLo = offset;
  v.auxHi = scale;
  return true;
}

function isFrame(v: Value): boolean {
  return v.op === Op.SP || v.op === A.SPanchored;
}

/** Offsets and shifts under the base and index of an indexed operation. */
function foldIndexed(v: Value): boolean {
  const [base, index] = v.args;
  const scale = v.auxHi;
  if (base.op === A.ADDQconst && sumFits(v.auxLo, base.auxLo)) {
    v.auxLo += base.auxLo;
    v.setArg(0, base.args[0]);
    return true;
  }
  if (index.op === A.ADDQconst && sumFits(v.auxLo, index.auxLo * scale) && !isFrame(index.args[0])) {
    v.auxLo += index.auxLo * scale;
    v.setArg(1, index.args[0]);
    return true;
  }
  if (index.op === A.SHLQconst && scale << index.auxLo <= 8 && index.auxLo <= 3) {
    v.auxHi = scale << index.auxLo;
    v.setArg(1, index.args[0]);
    return true;
  }
  return forms[v.op] === Table.StoreIndexed && storeConstIndexed(v);
}

const storeConsts: ReadonlyMap<number, number> = new Map([
  [A.MOVQstore, A.MOVQstoreconst],
  [A.MOVLstore, A.MOVLstoreconst],
  [A.MOVWstore, A.MOVWstoreconst],
  [A.MOVBstore, A.MOVBstoreconst],
]);

const indexedStoreConsts: ReadonlyMap<number, number> = new Map([
  [A.MOVQstoreidx, A.MOVQstoreconstidx],
  [A.MOVLstoreidx, A.MOVLstoreconstidx],
  [A.MOVWstoreidx, A.MOVWstoreconstidx],
  [A.MOVBstoreidx, A.MOVBstoreconstidx],
]);

/** The scale of stores of constants is the size of what is stored. */
function storeConstIndexed(v: Value): boolean {
  const constant = indexedStoreConsts.get(v.op);
  const [base, index, x, mem] = v.args;
  if (constant === undefined || !isImm(x) || v.auxHi !== operandSizes[constant]) return false;
  const { aux, auxLo } = v;
  become3(v, constant, base, index, mem);
  v.aux = aux;
  v.auxLo = auxLo;
  v.auxHi = x.auxLo;
  return true;
}

/** Extensions that a narrow store does not see. */
const unseen: ReadonlyMap<number, readonly number[]> = new Map([
  [A.MOVBstore, [A.MOVBQZX, A.MOVBQSX, A.MOVWQZX, A.MOVWQSX, A.MOVLQZX, A.MOVLQSX]],
  [A.MOVWstore, [A.MOVWQZX, A.MOVWQSX, A.MOVLQZX, A.MOVLQSX]],
  [A.MOVLstore, [A.MOVLQZX, A.MOVLQSX]],
]);

const setStores: ReadonlyMap<number, number> = new Map([
  [A.SETEQ, A.SETEQstore],
  [A.SETNE, A.SETNEstore],
  [A.SETL, A.SETLstore],
  [A.SETLE, A.SETLEstore],
  [A.SETG, A.SETGstore],
  [A.SETGE, A.SETGEstore],
  [A.SETB, A.SETBstore],
  [A.SETBE, A.SETBEstore],
  [A.SETA, A.SETAstore],
  [A.SETAE, A.SETAEstore],
]);

function foldStored(v: Value): boolean {
  const x = v.args[1];
  const constant = storeConsts.get(v.op);
  if (constant === undefined) return false;
  if (isImm(x)) {
    const { aux, auxLo } = v;
    const n = x.auxLo;
    become2(v, constant, v.args[0], v.args[2]);
    v.aux = aux;
    v.auxLo = auxLo;
    v.auxHi = n;
    return true;
  }
  if (unseen.get(v.op)?.includes(x.op) === true) {
    v.setArg(1, x.args[0]);
    return true;
  }
  const set = v.op === A.MOVBstore && x.uses === 1 && x.block === v.block ? setStores.get(x.op) : undefined;
  if (set !== undefined) {
    v.op = set;
    v.setArg(1, x.args[0]);
    return true;
  }
  return modify(v, x);
}

const modifies: ReadonlyMap<number, number> = new Map([
  [A.ADDQ, A.ADDQmodify],
  [A.SUBQ, A.SUBQmodify],
  [A.ANDQ, A.ANDQmodify],
  [A.ORQ, A.ORQmodify],
  [A.XORQ, A.XORQmodify],
  [A.ADDL, A.ADDLmodify],
  [A.SUBL, A.SUBLmodify],
  [A.ANDL, A.ANDLmodify],
  [A.ORL, A.ORLmodify],
  [A.XORL, A.XORLmodify],
  [A.ADDQconst, A.ADDQconstmodify],
  [A.ANDQconst, A.ANDQconstmodify],
  [A.ORQconst, A.ORQconstmodify],
  [A.XORQconst, A.XORQconstmodify],
  [A.ADDLconst, A.ADDLconstmodify],
  [A.ANDLconst, A.ANDLconstmodify],
  [A.ORLconst, A.ORLconstmodify],
  [A.XORLconst, A.XORLconstmodify],
]);

/** *p = *p op x, where nothing else reads the loaded value or the result and no other store comes between. */
function modify(v: Value, x: Value): boolean {
  const wide = v.op === A.MOVQstore;
  if ((!wide && v.op !== A.MOVLstore) || x.uses !== 1 || x.block !== v.block) return false;
  const op = modifies.get(x.op);
  if (op === undefined || x.op < A.First) return false;
  const loadOp = wide ? A.MOVQload : A.MOVLload;
  const mem = v.args[2];
  for (let i = 0; i < x.args.length; i++) {
    const l = x.args[i];
    if (i === 1 && (x.op === A.SUBQ || x.op === A.SUBL)) break;
    if (l.op !== loadOp || l.uses !== 1 || l.block !== v.block) continue;
    if (l.args[0] !== v.args[0] || l.auxLo !== v.auxLo || l.aux !== v.aux || l.args[1] !== mem) continue;
    if (isQuad(x.op) !== wide) continue;
    const { aux, auxLo } = v;
    const p = v.args[0];
    if (x.args.length === 1) {
      const n = x.auxLo;
      become2(v, op, p, mem);
      v.auxHi = n;
    } else {
      const y = x.args[1 - i];
      v.reset(op);
      for (const a of [p, y, mem]) v.addArg(a);
    }
    v.aux = aux;
    v.auxLo = auxLo;
    return true;
  }
  return false;
}

function isQuad(op: number): boolean {
  switch (op) {
    case A.ADDQ:
    case A.SUBQ:
    case A.ANDQ:
    case A.ORQ:
    case A.XORQ:
    case A.ADDQconst:
    case A.ANDQconst:
    case A.ORQconst:
    case A.XORQconst:
      return true;
    default:
      return false;
  }
}

/** Tries all of the above on an operation with a memory operand. */
export const foldMemory: Rule = (_f: Func, v: Value) => {
  if (addressArg[v.op] >= 0 && foldAddress(v)) return true;
  const form = forms[v.op];
  if (form === Table.LoadIndexed || form === Table.StoreIndexed) return foldIndexed(v);
  const indexed = indexedOp(v.op);
  if (indexed !== 0 && foldIndex(v, indexed)) return true;
  return form === Table.Store ? foldStored(v) : false;
};
