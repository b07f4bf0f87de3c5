/** Register numbers in encodings, and the prefix bits they need. */

import * as R from './regs.ts';
import { opName } from './rows.ts';

/** Bits of REX; EvexR is the fifth register bit of EVEX. */
export const RexW = 8;
export const RexR = 4;
export const RexX = 2;
export const RexB = 1;
export const EvexHigh = 16;
/** A REX prefix without any bit: it makes SPB, BPB, SIB and DIB out of AH, CH, DH and BH. */
export const RexBare = 0x40;

/** Low three bits of each register's number. */
export const regLow = new Uint8Array(R.Count);
/** RexR | RexX | RexB for the upper eight, EvexHigh for the upper sixteen, RexBare for SPB to DIB. */
export const regRex = new Uint8Array(R.Count);

function fill(first: number, count: number): void {
  for (let i = 0; i < count; i++) {
    regLow[first + i] = i & 7;
    regRex[first + i] = ((i & 8) !== 0 ? RexR | RexX | RexB : 0) | ((i & 16) !== 0 ? EvexHigh : 0);
  }
}
fill(R.AL, 16);
for (let r = R.SPB; r <= R.DIB; r++) regRex[r] = RexBare;
fill(R.AX, 16);
fill(R.F0, 8);
fill(R.M0, 8);
fill(R.K0, 8);
fill(R.X0, 32);
fill(R.Y0, 32);
fill(R.Z0, 32);
for (let i = 0; i < 4; i++) regLow[R.AH + i] = 4 + i;
for (let i = 0; i < 16; i++) regRex[R.CR0 + i] = i >= 8 ? RexR : 0;

/** The five-bit number of a vector register, as VSIB checks and is4 bytes use it. */
export function regNumber(r: number): number {
  return regLow[r] | ((regRex[r] & RexR) << 1) | (regRex[r] & EvexHigh);
}

const regNames: string[] = [];
const regNumbers: Map<string, number> = new Map();

function nameRegs(): void {
  for (const [name, value] of Object.entries(R)) {
    if (name === 'Count') continue;
    regNames[value] = name;
    regNumbers.set(name, value);
  }
}

export function regName(r: number): string {
  if (regNames.length === 0) nameRegs();
  return regNames[r] ?? (r === 0 ? 'NONE' : `R???${r}`);
}

/** The register of a name, 0 if there is none. */
export function regByName(name: string): number {
  if (regNames.length === 0) nameRegs();
  return regNumbers.get(name) ?? 0;
}

/** Suffixes of AVX-512 opcodes; an Inst's `suffix` is the index here. */
export const suffixNames: readonly string[] = [
  '',
  'Z',
  'SAE',
  'SAE.Z',
  'RN_SAE',
  'RZ_SAE',
  'RD_SAE',
  'RU_SAE',
  'RN_SAE.Z',
  'RZ_SAE.Z',
  'RD_SAE.Z',
  'RU_SAE.Z',
  'BCST',
  'BCST.Z',
];

export const suffixZeroing: readonly boolean[] = suffixNames.map((s) => s === 'Z' || s.endsWith('.Z'));
export const suffixBroadcast: readonly boolean[] = suffixNames.map((s) => s.startsWith('BCST'));
export const suffixSae: readonly boolean[] = suffixNames.map((s) => s.startsWith('SAE'));
/** EVEX.L'L of static rounding (Intel SDM 2.7.8), -1 without. */
export const suffixRounding: readonly number[] = suffixNames.map((s) =>
  ['RN', 'RD', 'RU', 'RZ'].indexOf(s.slice(0, 2)),
);

export const printNames = { opName, regName, suffixName: (s: number): string => suffixNames[s] ?? '<bad suffix>' };
