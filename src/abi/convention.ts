/**
 * The calling convention: which registers and stack bytes hold the parameters and results of a function
 * (gc-contract 1.1, 1.2; cmd/compile/abi-internal.md). One algorithm for both ABIs: ABI0 has no argument registers.
 *
 * The stack area of a call grows upward from the bottom of the caller's frame (argp for the callee):
 * stack-assigned parameters, then stack-assigned results, then spill slots of register-assigned parameters.
 */

import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import type { TypeTableApi } from '#abi/type-table.ts';
import { bug } from '#base/bug.ts';
import { alignUp } from '#base/bytes.ts';

/** How many registers of each sequence carry arguments and results. */
export interface AbiRegisters {
  readonly ints: number;
  readonly floats: number;
}

export const noRegisters: AbiRegisters = { ints: 0, floats: 0 };

const wordSize = 8;

/** One machine word (or float) of a parameter or result. */
export class Piece {
  readonly type: GoType;
  /** Bytes from the start of the parameter. */
  readonly offset: number;
  readonly isFloat: boolean;
  /** Position of its register in the integer or float sequence; -1 in a parameter assigned to the stack. */
  readonly index: number;

  constructor(type: GoType, offset: number, isFloat: boolean, index: number) {
    this.type = type;
    this.offset = offset;
    this.isFloat = isFloat;
    this.index = index;
  }
}

/** Where one parameter or result is. */
export class Assigned {
  readonly type: GoType;
  /** Its words in order if it is in registers; empty if it is on the stack (or has size zero). */
  readonly pieces: readonly Piece[];
  readonly inRegisters: boolean;
  /** From argp: its place on the stack, or its spill slot; -1 for a result in registers. */
  readonly offset: number;

  constructor(type: GoType, pieces: readonly Piece[], inRegisters: boolean, offset: number) {
    this.type = type;
    this.pieces = pieces;
    this.inRegisters = inRegisters;
    this.offset = offset;
  }
}

export class Assignment {
  readonly params: readonly Assigned[];
  readonly results: readonly Assigned[];
  /** All words in registers, in order of parameters: the order of a call's register arguments. */
  readonly argPieces: readonly Piece[];
  /** The same of results: the elements of a call's result tuple before memory. */
  readonly resultPieces: readonly Piece[];
  /** Bytes from argp up to the results (aligned). */
  readonly resultsOffset: number;
  /** End of stack arguments and results, where spill slots begin. */
  readonly spillOffset: number;
  /** All bytes: FuncInfo.args; what the caller reserves. */
  readonly total: number;

  constructor(params: Assigned[], results: Assigned[], resultsOffset: number, spillOffset: number, total: number) {
    this.params = params;
    this.results = results;
    this.argPieces = params.flatMap((p) => p.pieces);
    this.resultPieces = results.flatMap((p) => p.pieces);
    this.resultsOffset = resultsOffset;
    this.spillOffset = spillOffset;
    this.total = total;
  }
}

/** The assignments of one target, by function type. */
export class Convention {
  readonly registers: AbiRegisters;
  readonly types: TypeTableApi;
  private readonly internal: Map<GoType, Assignment>;
  private readonly abi0: Map<GoType, Assignment>;
  private readonly wordLists: Map<GoType, readonly Piece[]>;

  constructor(registers: AbiRegisters, types: TypeTableApi) {
    this.registers = registers;
    this.types = types;
    this.internal = new Map();
    this.abi0 = new Map();
    this.wordLists = new Map();
  }

  /** The words of a type that is a value of the SSA form, in memory order (indices are -1). */
  words(t: GoType): readonly Piece[] {
    let w = this.wordLists.get(t);
    if (w === undefined) {
      const list: Piece[] = [];
      if (!addPieces(t, 0, this.types, list)) bug(`no words: ${t.linkString}`);
      w = list;
      this.wordLists.set(t, w);
    }
    return w;
  }

  /** Of a Func type, receiver first. */
  of(type: GoType, abi0: boolean): Assignment {
    const cache = abi0 ? this.abi0 : this.internal;
    let a = cache.get(type);
    if (a === undefined) {
      a = assign(type.params(), type.results(), abi0 ? noRegisters : this.registers, this.types);
      cache.set(type, a);
    }
    return a;
  }
}

/** Appends the words of a type, in memory order; false if the type cannot be in registers. */
export function addPieces(t: GoType, offset: number, types: TypeTableApi, out: Piece[]): boolean {
  const word = (type: GoType, at: number): void => {
    out.push(new Piece(type, offset + at, false, -1));
  };
  switch (t.kind) {
    case G.Float32:
    case G.Float64:
      out.push(new Piece(t, offset, true, -1));
      return true;
    case G.Complex64:
    case G.Complex128: {
      const part = types.basic(t.kind === G.Complex64 ? G.Float32 : G.Float64);
      out.push(new Piece(part, offset, true, -1), new Piece(part, offset + part.size, true, -1));
      return true;
    }
    case G.String:
      word(types.pointerTo(types.basic(G.Uint8)), 0);
      word(types.basic(G.Int), wordSize);
      return true;
    case G.Interface:
      // The type word is not the garbage collector's business (abi/gc-mask.ts).
      word(types.basic(G.Uintptr), 0);
      word(types.basic(G.UnsafePointer), wordSize);
      return true;
    case G.Slice:
      word(types.pointerTo(t.elem()), 0);
      word(types.basic(G.Int), wordSize);
      word(types.basic(G.Int), 2 * wordSize);
      return true;
    case G.Struct:
      for (const f of t.fields) if (!addPieces(f.type, offset + f.offset, types, out)) return false;
      return true;
    case G.Array:
      if (t.length === 0) return true;
      return t.length === 1 && addPieces(t.elem(), offset, types, out);
    default:
      if (t.size > wordSize || t.kind >= G.Mem) return bug(`not a parameter type: ${t.linkString}`);
      word(t, 0);
      return true;
  }
}

/** Counters of one walk over parameters or results. */
interface Walk {
  ints: number;
  floats: number;
  stack: number;
}

/** The registers of one value, or null if it does not fit; counters move only if it does. */
function tryRegisters(t: GoType, w: Walk, registers: AbiRegisters, types: TypeTableApi): Piece[] | null {
  if (t.size === 0) return null;
  const words: Piece[] = [];
  if (!addPieces(t, 0, types, words)) return null;
  let ints = w.ints;
  let floats = w.floats;
  const placed = words.map((p) => new Piece(p.type, p.offset, p.isFloat, p.isFloat ? floats++ : ints++));
  if (ints > registers.ints || floats > registers.floats) return null;
  w.ints = ints;
  w.floats = floats;
  return placed;
}

function takeStack(t: GoType, w: Walk): number {
  w.stack = alignUp(w.stack, t.align);
  const at = w.stack;
  w.stack += t.size;
  return at;
}

export function assign(
  params: readonly GoType[],
  results: readonly GoType[],
  registers: AbiRegisters,
  types: TypeTableApi,
): Assignment {
  const w: Walk = { ints: 0, floats: 0, stack: 0 };
  const inRegisters: (Piece[] | null)[] = [];
  const offsets: number[] = [];
  for (const t of params) {
    const pieces = tryRegisters(t, w, registers, types);
    inRegisters.push(pieces);
    offsets.push(pieces === null ? takeStack(t, w) : -1);
  }
  w.stack = alignUp(w.stack, wordSize);
  const resultsOffset = w.stack;
  w.ints = 0;
  w.floats = 0;
  const outs = results.map((t) => {
    const pieces = tryRegisters(t, w, registers, types);
    return pieces === null ? new Assigned(t, [], false, takeStack(t, w)) : new Assigned(t, pieces, true, -1);
  });
  w.stack = alignUp(w.stack, wordSize);
  const spillOffset = w.stack;
  const ins = params.map((t, i) => {
    const pieces = inRegisters[i];
    return pieces === null ? new Assigned(t, [], false, offsets[i]) : new Assigned(t, pieces, true, takeStack(t, w));
  });
  return new Assignment(ins, outs, resultsOffset, spillOffset, alignUp(w.stack, wordSize));
}
