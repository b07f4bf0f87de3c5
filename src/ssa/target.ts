/** What the SSA room knows of an architecture: one record, filled by arch/X. Nothing else in ssa/ depends on the machine. */
import type { AbiRegisters } from '#abi/convention.ts';
import type { Block } from './block.ts';
import type { Func } from './func.ts';
import type { Value } from './value.ts';

/** Registers an operation may take or give: bit masks over at most 64 registers, as two 32-bit halves. */
export interface RegMask {
  readonly lo: number;
  readonly hi: number;
}

/** What register allocation must know of an operation. */
export interface OpRegisters {
  /** Allowed registers by argument; null: not in a register (memory, flags). */
  readonly inputs: readonly (RegMask | null)[];
  readonly outputs: readonly (RegMask | null)[];
  readonly clobbers: RegMask;
  /** The result takes the register of argument 0. */
  readonly resultInArg0: boolean;
  /** The result takes a register that no argument is in. */
  readonly resultNotInArgs: boolean;
  /** The operation may be made again instead of being spilled. */
  readonly rematerializable: boolean;
  readonly clobbersFlags: boolean;
  readonly needsFloatTemporary: boolean;
  readonly needsIntTemporary: boolean;
}

/** Facts common to generic and target operations; the same columns as op-table.ts. */
export interface OpInfo {
  readonly name: string;
  readonly args: number;
  readonly aux: number;
  readonly flags: number;
  readonly registers: OpRegisters | null;
}

export interface Target {
  readonly name: string;
  readonly pointerSize: number;
  /** Argument and result registers of ABIInternal. */
  readonly abi: AbiRegisters;
  /** By operation: generic ones from op-table.ts, then the target's. */
  readonly ops: readonly OpInfo[];
  readonly registerNames: readonly string[];
  /** Names of the target's block kinds, from FirstTargetKind. */
  readonly blockKinds: readonly string[];
  /** Rewrites one value or block into target operations; returns whether it changed something. */
  lowerValue(f: Func, v: Value): boolean;
  lowerBlock(f: Func, b: Block): boolean;
}

/** What code generation (scheduling to emission) asks of a target with machine operations. */
export interface MachineTarget extends Target {
  /** Registers the allocator may hand out. */
  readonly allocatable: RegMask;
  /** Register numbers of the base of the frame and of the pseudo register for symbols. */
  readonly stackPointer: number;
  readonly symbolBase: number;
  /** Registers of the calling convention, by position in their sequence. */
  readonly intArgs: readonly number[];
  readonly floatArgs: readonly number[];
  /** The operations with these meanings. */
  readonly nilCheckOp: number;
  /** Stack pointer behind a memory state. */
  readonly anchoredStackPointerOp: number;
  readonly closurePointerOp: number;
  /** Whether an operation with a slot as aux yields the slot's address; reads the slot (or lets it be read). */
  takesAddress(op: number): boolean;
  readsSlot(op: number): boolean;
  /** Offset of the memory operand under its first argument, -1 if it is unknown or relative to a symbol. */
  faultOffset(v: Value): number;
}
