/** One operation of the SSA form: computes one value, once, in one block. */

import type { GoType } from '#abi/gotype.ts';
import { appended } from '#base/lists.ts';
import type { Pos } from '#base/source.ts';
import type { Block } from './block.ts';

/** What an operation carries besides arguments; which class it is follows from the operation's aux column. */
export abstract class Aux {
  /** How it is written in dumps. */
  abstract text(): string;
}

export class Value {
  /** Dense within the function. */
  readonly id: number;
  /** gen/op.ts, or an operation of the target. */
  op: number;
  type: GoType;
  args: Value[];
  /** The 64-bit immediate, in halves (int32 each). */
  auxLo: number;
  auxHi: number;
  aux: Aux | null;
  block: Block;
  /** How many arguments and block controls are this value. */
  uses: number;
  pos: Pos;
  /** Index in the function's inline tree of the call this value came from; -1: the function's own code. */
  inline: number;

  constructor(id: number, op: number, type: GoType, block: Block, pos: Pos, inline: number) {
    this.id = id;
    this.op = op;
    this.type = type;
    this.args = [];
    this.auxLo = 0;
    this.auxHi = 0;
    this.aux = null;
    this.block = block;
    this.uses = 0;
    this.pos = pos;
    this.inline = inline;
  }

  addArg(v: Value): void {
    this.args = appended(this.args, v);
    v.uses++;
  }

  setArg(i: number, v: Value): void {
    v.uses++;
    this.args[i].uses--;
    this.args[i] = v;
  }

  /** Drops all arguments. */
  clearArgs(): void {
    for (const a of this.args) a.uses--;
    this.args.length = 0;
  }

  /** Becomes another operation with no arguments and no aux, in place; the type stays. */
  reset(op: number): void {
    this.clearArgs();
    this.op = op;
    this.auxLo = 0;
    this.auxHi = 0;
    this.aux = null;
  }

  /** Becomes a copy of v. */
  copyOf(v: Value, copyOp: number): void {
    v.uses++;
    this.reset(copyOp);
    v.uses--;
    this.addArg(v);
  }

  /** The memory argument: by convention the last one. */
  memArg(): Value {
    return this.args[this.args.length - 1];
  }

  toString(): string {
    return `v${this.id}`;
  }
}
