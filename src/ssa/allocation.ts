/** What register allocation says about the values of a function, by value id. */
import type { GoType } from '#abi/gotype.ts';
import type { Slot } from './func.ts';

/** A place in memory for a value that is not in a register all the time; StoreReg and LoadReg name it by number (auxLo). */
export class SpillSlot {
  readonly type: GoType;
  /** The parameter in whose home (in the caller's frame) the slot is, at `offset`; null: a slot of this frame. */
  readonly param: Slot | null;
  readonly offset: number;
  /** Slots of one color share memory; chosen by frame layout. */
  color: number;

  constructor(type: GoType, param: Slot | null, offset: number) {
    this.type = type;
    this.param = param;
    this.offset = offset;
    this.color = -1;
  }
}

export class Allocation {
  /** Register of a value; of a tuple's first element; -1: none. */
  readonly reg: number[];
  /** Registers of the elements of a tuple, -1 for memory and flags; null for other values. */
  readonly tupleRegs: (readonly number[] | null)[];
  /** Scratch register of operations that need one. */
  readonly temp: number[];
  /** Id of the value before allocation that a value holds. */
  readonly origin: number[];
  readonly slots: SpillSlot[];
  /** Slot of a phi that lives in memory, -1 for others. */
  readonly phiSlot: number[];

  constructor(n: number) {
    this.reg = new Array(n).fill(-1);
    this.tupleRegs = new Array(n).fill(null);
    this.temp = new Array(n).fill(-1);
    this.origin = Array.from({ length: n }, (_, i) => i);
    this.slots = [];
    this.phiSlot = new Array(n).fill(-1);
  }
}
