/** Zeroing and copying of blocks of memory: through X15, which is zero, and X14; in loops of 64 bytes; by string instructions. */
import * as I from '#arch/inst.ts';
import type { Value } from '#ssa/value.ts';
import * as Asm from '../encode/ops.ts';
import * as R from '../encode/regs.ts';
import * as A from '../gen/op.ts';
import { add, branch, type Emitter, mem, reg, zeroX15 } from './emitter.ts';

const { constOperand, memOperand, noOperand, regOperand } = I;

/** Emits v if it is one of these operations. */
export function emitBlockOperation(e: Emitter, v: Value): boolean {
  switch (v.op) {
    case A.MOVOstoreconst:
      if (e.abi0) zeroX15(e);
      add(e, Asm.MOVUPS, regOperand(R.X15), mem(e, v, 0, v.auxLo));
      return true;
    case A.LoweredZero:
      if (e.abi0) zeroX15(e);
      zero(e, reg(e, v.args[0]), v.auxLo);
      return true;
    case A.LoweredZeroLoop:
      if (e.abi0) zeroX15(e);
      loop(e, v.auxLo, (n) => zero(e, R.DI, n), [R.DI]);
      return true;
    case A.LoweredMove:
      if (reg(e, v.args[0]) !== reg(e, v.args[1])) move(e, reg(e, v.args[0]), reg(e, v.args[1]), v.auxLo);
      return true;
    case A.LoweredMoveLoop:
      loop(e, v.auxLo, (n) => move(e, R.DI, R.SI, n), [R.SI, R.DI]);
      return true;
    case A.REPSTOSQ:
      add(e, Asm.REP, noOperand, noOperand);
      add(e, Asm.STOSQ, noOperand, noOperand);
      return true;
    case A.REPMOVSQ:
      add(e, Asm.REP, noOperand, noOperand);
      add(e, Asm.MOVSQ, noOperand, noOperand);
      return true;
    default:
      return false;
  }
}

/** Offsets of 16-byte pieces that cover n bytes, at least 16: the last may overlap the one before. */
function forPieces(n: number, piece: (offset: number) => void): void {
  let at = 0;
  for (; at + 16 <= n; at += 16) piece(at);
  if (at < n) piece(n - 16);
}

function zero(e: Emitter, base: number, n: number): void {
  forPieces(n, (at) => add(e, Asm.MOVUPS, regOperand(R.X15), memOperand(base, at)));
}

function move(e: Emitter, to: number, from: number, n: number): void {
  forPieces(n, (at) => {
    add(e, Asm.MOVUPS, memOperand(from, at), regOperand(R.X14));
    add(e, Asm.MOVUPS, regOperand(R.X14), memOperand(to, at));
  });
}

const loopSize = 64;

/** Rounds of 64 bytes, counted in CX; the pointers advance. The rest overlaps the last round if it is short. */
function loop(e: Emitter, n: number, body: (n: number) => void, pointers: readonly number[]): void {
  add(e, Asm.MOVL, constOperand(Math.floor(n / loopSize)), regOperand(R.CX));
  const before = e.fn.last;
  body(loopSize);
  const head = before.next;
  for (const p of pointers) add(e, Asm.ADDQ, constOperand(loopSize), regOperand(p));
  add(e, Asm.DECL, noOperand, regOperand(R.CX));
  branch(e, Asm.JNE, head);
  const rest = n % loopSize;
  if (rest >= 16) body(rest);
  else if (rest > 0) tail(e, rest, pointers);
}

/** The last bytes, fewer than 16: with those before them. */
function tail(e: Emitter, n: number, pointers: readonly number[]): void {
  const at = n - 16;
  if (pointers.length === 1) {
    add(e, Asm.MOVUPS, regOperand(R.X15), memOperand(pointers[0], at));
    return;
  }
  add(e, Asm.MOVUPS, memOperand(pointers[0], at), regOperand(R.X14));
  add(e, Asm.MOVUPS, regOperand(R.X14), memOperand(pointers[1], at));
}
