/**
 * Opcodes that every architecture shares. Machine opcodes of an architecture start at FirstMachineOp (arch/X/encode/ops.ts),
 * so that one integer names an instruction anywhere.
 */
export const Invalid = 0;
/** Call of a symbol (to: Branch), or through a register or memory. */
export const CALL = 1;
/** Jump to another instruction (target), a symbol (a tail call leaves the frame first: use RET with a symbol), or an address. */
export const JMP = 2;
/** Return; the epilogue is inserted before it. With a symbol in `to`: leave the frame and jump there. */
export const RET = 3;
/** No code; carries a position or a stack-pointer adjustment. */
export const NOP = 4;
/** First instruction of a function: from = symbol, to = text size. */
export const TEXT = 5;
/** from = table index, to = value from here on. No code. */
export const PCDATA = 6;
/** from = index, to = symbol. No code. */
export const FUNCDATA = 7;
/** Pads with no-ops to a multiple of from. */
export const PCALIGN = 8;
/** The same, if at most `to` bytes are needed. */
export const PCALIGNMAX = 9;
/** An instruction that always traps. */
export const UNDEF = 10;
/** Calls at an offset into runtime.duffzero and runtime.duffcopy. */
export const DUFFZERO = 11;
export const DUFFCOPY = 12;
export const GETCALLERPC = 13;
/** End of an assembly file. */
export const END = 14;

export const FirstMachineOp = 32;
