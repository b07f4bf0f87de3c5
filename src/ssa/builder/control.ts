/** Where break, continue, goto and return lead in the function being built. */
import type { BranchStmt, ForStmt, LabeledStmt, SelectStmt, SwitchStmt } from '#syntax/nodes.ts';
import type { Var } from '#types/object.ts';
import type { Block } from '../block.ts';

export interface JumpTargets {
  readonly breakTo: Block;
  /** Null for switch and select. */
  readonly continueTo: Block | null;
}

/** A way out of the bodies of loops over functions, other than to go on with the next element. */
export interface RangeExit {
  /** Kind.Break, Continue or Goto. */
  readonly tok: number;
  readonly target: NonNullable<BranchStmt['target']>;
}

/** Shared by the nested loops over functions of one function: the variable that says how they are left, and the codes it takes. */
export class RangeNest {
  readonly next: Var;
  /** What deferrangefunc gave; null if no body defers. */
  readonly token: Var | null;
  readonly exits: RangeExit[];

  constructor(next: Var, token: Var | null) {
    this.next = next;
    this.token = token;
    this.exits = [];
  }

  /** The code of an exit: positive; a return is -1. */
  code(tok: number, target: RangeExit['target']): number {
    let i = this.exits.findIndex((x) => x.tok === tok && x.target === target);
    if (i < 0) i = this.exits.push({ tok, target }) - 1;
    return i + 1;
  }
}

/** Of the body of a loop over a function. */
export interface RangeBody {
  readonly stmt: ForStmt;
  readonly state: Var;
  readonly nest: RangeNest;
}

export class ControlState {
  readonly jumps: Map<ForStmt | SwitchStmt | SelectStmt, JumpTargets>;
  readonly labels: Map<LabeledStmt, Block>;
  /** What is being built is the body of a loop over a function. */
  readonly rangeBody: RangeBody | null;
  nest: RangeNest | null;
  /** How many loops are around the current statement. */
  loopDepth: number;
  /** Where fallthrough leads. */
  fallthrough: Block | null;

  constructor(rangeBody: RangeBody | null) {
    this.jumps = new Map();
    this.labels = new Map();
    this.rangeBody = rangeBody;
    this.nest = rangeBody === null ? null : rangeBody.nest;
    this.loopDepth = 0;
    this.fallthrough = null;
  }
}
