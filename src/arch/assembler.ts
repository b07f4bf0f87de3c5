/** What the Plan 9 assembler has to know about an architecture; src/asm tests no architecture's name. */
import type { AsmContext, AsmFunction } from './inst.ts';
import type { PrintNames } from './print.ts';

export interface AssemblerTarget {
  readonly goarch: string;
  readonly pointerSize: number;
  readonly names: PrintNames;
  /** Opcode of a word, 0 if it is none. */
  opcode(word: string): number;
  /** Register of a name, 0 if it is none. Pseudo-registers are not asked for. */
  register(name: string): number;
  /** The operand may be a label, a symbol or n(PC). */
  isJump(word: string): boolean;
  /** A single operand is a destination. */
  isUnaryDestination(op: number): boolean;
  /** The number of an opcode suffix (without its leading dot), or what is wrong with it. */
  suffix(text: string): number | string;
  assemble(ctx: AsmContext, fn: AsmFunction): boolean;
}
