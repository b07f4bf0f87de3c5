/** Branches within a function: their opcodes and the two sizes they come in (Intel SDM 2A, Jcc, JMP, LOOP, JCXZ; XBEGIN). */
import * as Op from './ops.ts';

/** By opcode: the byte of the short form, 0 for opcodes that are not branches. */
const shortByte = new Uint8Array(Op.Count);

const conditional: readonly number[] = [
  Op.JOS,
  Op.JOC,
  Op.JCS,
  Op.JCC,
  Op.JEQ,
  Op.JNE,
  Op.JLS,
  Op.JHI,
  Op.JMI,
  Op.JPL,
  Op.JPS,
  Op.JPC,
  Op.JLT,
  Op.JGE,
  Op.JLE,
  Op.JGT,
];
for (let cc = 0; cc < 16; cc++) shortByte[conditional[cc]] = 0x70 + cc;
shortByte[Op.JMP] = 0xeb;
shortByte[Op.LOOPNE] = 0xe0;
shortByte[Op.LOOPEQ] = 0xe1;
shortByte[Op.LOOP] = 0xe2;
shortByte[Op.JCXZW] = 0xe3;
shortByte[Op.JCXZL] = 0xe3;
shortByte[Op.JCXZQ] = 0xe3;
shortByte[Op.XBEGIN] = 0xc7;

export function isBranch(op: number): boolean {
  return shortByte[op] !== 0;
}

export function isConditional(op: number): boolean {
  const b = shortByte[op];
  return b >= 0x70 && b <= 0x7f;
}

/** Branches that reach 128 bytes only. */
export function isShortOnly(op: number): boolean {
  const b = shortByte[op];
  return b >= 0xe0 && b <= 0xe3;
}

export function shortSize(op: number): number {
  if (op === Op.XBEGIN) return 6;
  return op === Op.JCXZL ? 3 : 2;
}

export function longSize(op: number): number {
  return op === Op.JMP ? 5 : 6;
}

function putInt32(out: Uint8Array, at: number, v: number): void {
  out[at] = v;
  out[at + 1] = v >> 8;
  out[at + 2] = v >> 16;
  out[at + 3] = v >> 24;
}

/**
 * Writes a branch of `size` bytes at pc; the distance counts from its end. The official assembler forgets the prefix
 * of a backward JCXZL, which then jumps a byte too far; this one does not.
 */
export function putBranch(out: Uint8Array, pc: number, op: number, size: number, target: number): void {
  const b = shortByte[op];
  const distance = target - (pc + size);
  let at = pc;
  if (op === Op.XBEGIN) {
    out[at] = 0xc7;
    out[at + 1] = 0xf8;
    putInt32(out, at + 2, distance);
  } else if (size <= 3) {
    if (op === Op.JCXZL) out[at++] = 0x67;
    out[at] = b;
    out[at + 1] = distance;
  } else if (op === Op.JMP) {
    out[at] = 0xe9;
    putInt32(out, at + 1, distance);
  } else {
    out[at] = 0x0f;
    out[at + 1] = b + 0x10;
    putInt32(out, at + 2, distance);
  }
}
