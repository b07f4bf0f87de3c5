/** A function in SSA form, with what its frame holds. */
import type { Assignment } from '#abi/convention.ts';
import type { GoType } from '#abi/gotype.ts';
import type { TypeTableApi } from '#abi/type-table.ts';
import type { Pos } from '#base/source.ts';
import type { LinkSymbol } from '#obj/symbol.ts';
import { Block } from './block.ts';
import type { FuncRef } from './call.ts';
import * as Op from './gen/op.ts';
import type { Target } from './target.ts';
import { Aux, Value } from './value.ts';

/** What a slot of the frame is. */
export const SlotLocal = 1;
/** Incoming parameter; its home is in the caller's frame (stack argument, or spill area of a register argument). */
export const SlotParam = 2;
/** Result; its home is in the caller's frame, if it is not in registers; otherwise a local that is loaded at return. */
export const SlotResult = 3;
/** Made by the compiler (spills, temporaries). */
export const SlotTemp = 4;

/** Of open-coded defers: which of them are to be run, a bit each; the func values, in order (gc-contract 3.1, OpenCodedDeferInfo). */
export const SlotDeferBits = 5;
export const SlotDeferred = 6;

/** A variable or temporary with a place in the frame. */
export class Slot extends Aux {
  readonly name: string;
  readonly type: GoType;
  readonly kind: number;
  /** Index among parameters or results; for a local, of the result whose variable's address it holds; -1 for others. */
  readonly index: number;
  /** Zeroed at entry and live throughout: its address is taken and its lifetime is not tracked. */
  needsZero: boolean;
  /** Its address is used other than by direct loads and stores: a stack object for the garbage collector. */
  addressTaken: boolean;
  /** Bytes from the frame's reference point, once the frame is laid out. Locals: from the bottom of the locals; parameters and results: from argp. */
  offset: number;
  pos: Pos;
  readonly id: number;

  constructor(id: number, name: string, type: GoType, kind: number, index: number, pos: Pos) {
    super();
    this.id = id;
    this.name = name;
    this.type = type;
    this.kind = kind;
    this.index = index;
    this.needsZero = false;
    this.addressTaken = false;
    this.offset = -1;
    this.pos = pos;
  }

  text(): string {
    return `${this.name}#${this.id}`;
  }
}

/** What an Alloc, Box, MakeSlice, ... allocates and why. */
export class AllocationSite extends Aux {
  /** The variable's name, or what allocates: "new", "&composite literal", "make", "append", "boxed value", "string concatenation". */
  readonly what: string;
  /** The type of the variable or element. */
  readonly type: GoType;
  readonly pos: Pos;
  /** A declared variable: being moved to the heap is an error in the runtime's packages (contract 8.1). */
  readonly isVariable: boolean;
  /** Set by escape analysis. */
  escapes: boolean;

  constructor(what: string, type: GoType, pos: Pos, isVariable: boolean) {
    super();
    this.what = what;
    this.type = type;
    this.pos = pos;
    this.isVariable = isVariable;
    this.escapes = true;
  }

  text(): string {
    return `${this.what} ${this.type.linkString}`;
  }
}

/** A call that was inlined (gc-contract 3.1, InlTree). */
export interface InlinedCall {
  /** Index of the node this call stood in, -1 for the function itself. */
  parent: number;
  /** Position of the call. */
  pos: Pos;
  callee: FuncRef;
}

export class Func {
  readonly ref: FuncRef;
  readonly types: TypeTableApi;
  readonly target: Target;
  readonly blocks: Block[];
  entry: Block;
  /** Parameters in order, receiver first; each is a SlotParam. */
  readonly params: Slot[];
  readonly results: Slot[];
  /** All other slots. */
  readonly slots: Slot[];
  readonly inlineTree: InlinedCall[];
  /** Descriptors of types whose values are converted to interfaces (R_USEIFACE, gc-contract 4.8); inlining adds the callee's. */
  readonly usedInInterface: Set<LinkSymbol>;
  /** Names that methods are found by at run time (R_USENAMEDMETHOD); inlining adds the callee's. Then the strings that hold them. */
  readonly methodNames: Set<string>;
  readonly methodNameSymbols: LinkSymbol[];
  /** Position of the function's declaration, and of its closing brace. */
  pos: Pos;
  endPos: Pos;
  hasDefer: boolean;
  /** Calls recover, GetCallerPC/SP, ...: never inlined. */
  noInline: boolean;
  /** Uses the closure context register. */
  needsContext: boolean;
  /** Position of the first store that got a write barrier; 0: none (checked against nowritebarrier pragmas). */
  writeBarrierPos: Pos;
  /** Where parameters and results are; set by "expand calls". */
  assignment: Assignment | null;
  /** Set after scheduling: blocks are in emission order and values within blocks are ordered. */
  scheduled: boolean;
  private nextValue: number;
  private nextBlock: number;
  private nextSlot: number;

  constructor(ref: FuncRef, types: TypeTableApi, target: Target) {
    this.ref = ref;
    this.types = types;
    this.target = target;
    this.blocks = [];
    this.nextValue = 0;
    this.nextBlock = 0;
    this.nextSlot = 0;
    this.params = [];
    this.results = [];
    this.slots = [];
    this.inlineTree = [];
    this.usedInInterface = new Set();
    this.methodNames = new Set();
    this.methodNameSymbols = [];
    this.pos = 0;
    this.endPos = 0;
    this.hasDefer = false;
    this.noInline = false;
    this.needsContext = false;
    this.writeBarrierPos = 0;
    this.assignment = null;
    this.scheduled = false;
    this.entry = this.newBlock(1);
  }

  /** One more than the largest value id: the size of arrays by value id. */
  get numValues(): number {
    return this.nextValue;
  }

  get numBlocks(): number {
    return this.nextBlock;
  }

  newBlock(kind: number): Block {
    const b = new Block(this.nextBlock++, kind, this);
    this.blocks.push(b);
    return b;
  }

  newSlot(name: string, type: GoType, kind: number, index: number, pos: Pos): Slot {
    const s = new Slot(this.nextSlot++, name, type, kind, index, pos);
    if (kind === SlotParam) this.params.push(s);
    else if (kind === SlotResult) this.results.push(s);
    else this.slots.push(s);
    return s;
  }

  /** A value at the end of a block. */
  newValue(b: Block, op: number, type: GoType, pos: Pos, inline = -1): Value {
    const v = new Value(this.nextValue++, op, type, b, pos, inline);
    b.values.push(v);
    return v;
  }

  newValue1(b: Block, op: number, type: GoType, pos: Pos, a: Value, inline = -1): Value {
    const v = this.newValue(b, op, type, pos, inline);
    v.addArg(a);
    return v;
  }

  newValue2(b: Block, op: number, type: GoType, pos: Pos, a0: Value, a1: Value, inline = -1): Value {
    const v = this.newValue(b, op, type, pos, inline);
    v.addArg(a0);
    v.addArg(a1);
    return v;
  }

  newValue3(b: Block, op: number, type: GoType, pos: Pos, a0: Value, a1: Value, a2: Value, inline = -1): Value {
    const v = this.newValue(b, op, type, pos, inline);
    v.addArg(a0);
    v.addArg(a1);
    v.addArg(a2);
    return v;
  }

  /** An integer constant in the entry block; equal ones are merged by common subexpression elimination, not here. */
  newConst(b: Block, op: number, type: GoType, pos: Pos, lo: number, hi: number): Value {
    const v = this.newValue(b, op, type, pos);
    v.auxLo = lo | 0;
    v.auxHi = hi | 0;
    return v;
  }

  /** An int (64-bit) constant from a number of at most 53 bits. */
  constInt(b: Block, type: GoType, n: number, pos: Pos): Value {
    return this.newConst(b, Op.Const64, type, pos, n | 0, Math.floor(n / 4294967296) | 0);
  }
}
