/** The record through which the SSA room sees amd64. */
import { SymbolRef } from '#ssa/call.ts';
import { Slot } from '#ssa/func.ts';
import type { MachineTarget } from '#ssa/target.ts';
import type { Value } from '#ssa/value.ts';
import * as A from './gen/op.ts';
import { lowerBlock, lowerValue } from './lower/lower.ts';
import * as Table from './op-table.ts';
import { forms, ops } from './ops.ts';
import { floatArgs, fp, gp, intArgs, names, SB, SP } from './regs.ts';

function isAddress(op: number): boolean {
  return forms[op] === Table.Address || forms[op] === Table.AddressIndexed;
}

/** Stores and zeroing of a variable do not need its contents; everything else does. */
function readsSlot(op: number): boolean {
  switch (forms[op]) {
    case Table.Store:
    case Table.StoreConst:
    case Table.StoreIndexed:
    case Table.StoreConstIndexed:
    case Table.SetStore:
      return ops[op].name.endsWith('modify');
  }
  return op !== A.MOVOstoreconst;
}

/** Where the operation accesses memory relative to its pointer argument; -1 if that cannot be told to fault on nil. */
function faultOffset(v: Value): number {
  if (v.aux instanceof SymbolRef || v.aux instanceof Slot) return -1;
  switch (v.op) {
    case A.LoweredZero:
    case A.LoweredZeroLoop:
    case A.LoweredMove:
    case A.LoweredMoveLoop:
    case A.REPMOVSQ:
    case A.REPSTOSQ:
    case A.LoweredNilCheck:
      return 0;
  }
  return v.auxLo;
}

export const amd64: MachineTarget = {
  name: 'amd64',
  pointerSize: 8,
  abi: { ints: intArgs.length, floats: floatArgs.length },
  ops,
  registerNames: names,
  blockKinds: Table.blockNames,
  lowerValue,
  lowerBlock,
  allocatable: { lo: gp.lo, hi: fp.hi },
  stackPointer: SP,
  symbolBase: SB,
  intArgs,
  floatArgs,
  nilCheckOp: A.LoweredNilCheck,
  anchoredStackPointerOp: A.SPanchored,
  closurePointerOp: A.LoweredGetClosurePtr,
  takesAddress: isAddress,
  readsSlot,
  faultOffset,
};
