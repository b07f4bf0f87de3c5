/**
 * From instructions to a finished text symbol, for the assembler and for the compiler's back end:
 *   rewrite.ts   forms the tables know: TLS, symbol calls, address and float constants, global offset table
 *   prologue.ts  frame, stack check, epilogues, stack depth
 *   layout.ts    encode.ts for each instruction, branch sizes, alignment, relocations
 *   pctables.ts  pc-sp, pc-line, PCDATA
 */
import type { AsmContext, AsmFunction } from '#arch/inst.ts';
import { writePcTables } from '#arch/pctables.ts';
import { ensureFunc } from '#obj/symbol.ts';
import { layOut } from './layout.ts';
import { insertPrologue } from './prologue.ts';
import { checkR15 } from './r15.ts';
import { replaceIndirectBranches } from './retpoline.ts';
import { rewriteFunction } from './rewrite.ts';

/** Smallest instruction: the unit of pc tables. */
const PcUnit = 1;

/**
 * Fills data, size, align, relocs and the pc tables, args, locals and flags of func in fn.symbol, and adds NoSplit and NoFrame
 * to its attributes where they follow from the code. Kind, funcId, startLine, inlineTree and the symbol's place in the object
 * are the caller's. Returns false if errors were reported; the symbol is then unfinished.
 */
export function assembleFunction(ctx: AsmContext, fn: AsmFunction): boolean {
  const info = ensureFunc(fn.symbol);
  if (ctx.dynlink) checkR15(ctx, fn);
  rewriteFunction(ctx, fn);
  insertPrologue(ctx, fn, info);
  if (ctx.retpoline === true) replaceIndirectBranches(ctx, fn);
  if (!layOut(ctx, fn)) return false;
  info.prologueEnd = fn.prologueEnd === null ? 0 : fn.prologueEnd.pc;
  writePcTables(ctx, fn, info, fn.symbol.size, PcUnit);
  return true;
}
