/**
 * Registers of amd64 as register allocation numbers them, and the register constraints of operations by name.
 *
 * Numbers 0-31 are the integer class, 32-63 the floating point class (RegMask.lo and .hi). The order within the integer class is
 * that of the hardware encoding. SB is a register only for the allocator: the base of symbols.
 * ABIInternal (cmd/compile/abi-internal.md): R14 is g, X15 is zero, SP and BP are the frame's; no register survives a call but these.
 */
import type { RegMask } from '#ssa/target.ts';
import * as Asm from './encode/regs.ts';

export const AX = 0;
export const CX = 1;
export const DX = 2;
export const BX = 3;
export const SP = 4;
export const BP = 5;
export const SI = 6;
export const DI = 7;
export const R8 = 8;
export const R9 = 9;
export const R10 = 10;
export const R11 = 11;
export const R12 = 12;
export const R13 = 13;
export const G = 14;
export const R15 = 15;
export const SB = 16;
export const X0 = 32;
export const X14 = 46;
export const X15 = 47;

export const names: readonly string[] = [
  ...['AX', 'CX', 'DX', 'BX', 'SP', 'BP', 'SI', 'DI', 'R8', 'R9', 'R10', 'R11', 'R12', 'R13', 'g', 'R15', 'SB'],
  ...Array.from({ length: 15 }, () => ''),
  ...Array.from({ length: 16 }, (_, i) => `X${i}`),
];

/** The assembler's number of a register. */
export const asmRegs: readonly number[] = names.map((_, r) => {
  if (r < 16) return Asm.AX + r;
  if (r >= X0) return Asm.X0 + (r - X0);
  return 0;
});

/** Integer arguments and results in this order, then floating point ones in X0 to X14. */
export const intArgs: readonly number[] = [AX, BX, CX, DI, SI, R8, R9, R10, R11];
export const floatArgs: readonly number[] = Array.from({ length: 15 }, (_, i) => X0 + i);

const none: RegMask = { lo: 0, hi: 0 };

function ints(...regs: number[]): RegMask {
  let lo = 0;
  for (const r of regs) lo |= 1 << r;
  return { lo, hi: 0 };
}

function or(a: RegMask, b: RegMask): RegMask {
  return { lo: a.lo | b.lo, hi: a.hi | b.hi };
}

function without(a: RegMask, b: RegMask): RegMask {
  return { lo: a.lo & ~b.lo, hi: a.hi & ~b.hi };
}

export const gp = ints(AX, CX, DX, BX, SI, DI, R8, R9, R10, R11, R12, R13, R15);
export const fp: RegMask = { lo: 0, hi: 0x7fff };
const gpsp = or(gp, ints(SP));
const gpspsb = or(gpsp, ints(SB));
const gpspsbg = or(gpspsb, ints(G));
const ax = ints(AX);
const dx = ints(DX);
/** What a call destroys. g changes in runtime.setg. */
export const callerSave = or(or(gp, fp), ints(G));
const x14: RegMask = { lo: 0, hi: 1 << (X14 - 32) };

export interface RegSpec {
  readonly inputs: readonly (RegMask | null)[];
  readonly outputs: readonly (RegMask | null)[];
  readonly clobbers: RegMask;
}

function spec(
  inputs: readonly (RegMask | null)[],
  outputs: readonly (RegMask | null)[] = [],
  clobbers: RegMask = none,
): RegSpec {
  return { inputs, outputs, clobbers };
}

/** Named as in AMD64Ops.go: classes of inputs, counts of inputs and outputs, what is special. null is memory or flags. */
export const specs: Readonly<Record<string, RegSpec>> = {
  '': spec([]),
  gp01: spec([], [gp]),
  gp01mem: spec([null], [gp]),
  gp11: spec([gp], [gp]),
  gp11mem: spec([gp, null], [gp]),
  spanchored: spec([ints(SP), null], [ints(SP)]),
  gp11sp: spec([gpsp], [gp]),
  gp11sb: spec([gpspsbg], [gp]),
  gp21: spec([gp, gp], [gp]),
  gp21sp: spec([gpsp, gp], [gp]),
  gp21sb: spec([gpspsbg, gp], [gp]),
  gp21shift: spec([gp, ints(CX)], [gp]),
  gp11div: spec([ax, without(gp, or(ax, dx))], [ax, dx]),
  gp21hmul: spec([ax, without(gp, ax)], [dx], ax),
  mulflags: spec([ax, without(gp, ax)], [ax, null], dx),
  mul2: spec([ax, without(gp, ax)], [dx, ax]),
  div2: spec([dx, ax, without(gp, or(ax, dx))], [ax, dx]),
  gp21flags: spec([gp, gp], [gp, null]),
  gp2flags1flags: spec([gp, gp, null], [gp, null]),
  gp11flags: spec([gp], [gp, null]),
  gp2flags: spec([gpsp, gpsp]),
  gp1flags: spec([gpsp]),
  gp1flagsLoad: spec([gpspsbg, gpsp, null]),
  gp0flagsLoad: spec([gpspsbg, null]),
  gp1flagsToLoad: spec([gpsp, gpspsbg, null]),
  gp1flagsLoadidx: spec([gpspsbg, gp, gpsp, null]),
  gp1flagsToLoadidx: spec([gpsp, gpspsbg, gp, null]),
  gp0flagsLoadidx: spec([gpspsbg, gp, null]),
  flagsgp: spec([null], [gp]),
  readflags: spec([null], [gp]),
  gpload: spec([gpspsbg, null], [gp]),
  gploadtuple: spec([gpspsbg, null], [gp, null]),
  gploadidx: spec([gpspsbg, gp, null], [gp]),
  gp21load: spec([gp, gpspsbg, null], [gp]),
  gp21loadidx: spec([gp, gpspsbg, gp, null], [gp]),
  gpstore: spec([gpspsbg, gpsp, null]),
  gpstoreconst: spec([gpspsbg, null]),
  gpstoreconstidx: spec([gpspsbg, gp, null]),
  gpstoreidx: spec([gpspsbg, gp, gpsp, null]),
  gpstoreflags: spec([gpspsbg, null, null]),
  gpstorexchg: spec([gp, gpspsbg, null], [gp, null]),
  cmpxchg: spec([without(gp, ax), ax, without(gp, ax), null], [gp, null], ax),
  atomiclogic: spec([without(gp, ax), without(gp, ax), null], [ax, null]),
  fp01: spec([], [fp]),
  fp11: spec([fp], [fp]),
  fp21: spec([fp, fp], [fp]),
  fp31: spec([fp, fp, fp], [fp]),
  fp21load: spec([fp, gpspsbg, null], [fp]),
  fp21loadidx: spec([fp, gpspsbg, gp, null], [fp]),
  fp2flags: spec([fp, fp]),
  fpgp: spec([fp], [gp]),
  gpfp: spec([gp], [fp]),
  fpload: spec([gpspsbg, null], [fp]),
  fploadidx: spec([gpspsbg, gp, null], [fp]),
  fpstore: spec([gpspsbg, fp, null]),
  fpstoreidx: spec([gpspsbg, gp, fp, null]),
  zeroloop: spec([ints(DI), null], [], ints(DI, CX)),
  repstos: spec([ints(DI), ints(CX), ax, null], [], ints(DI, CX)),
  move: spec([gpsp, gpsp, null], [], x14),
  moveloop: spec([ints(DI), ints(SI), null], [], or(ints(DI, SI, CX), x14)),
  repmovs: spec([ints(DI), ints(SI), ints(CX), null], [], ints(DI, SI, CX)),
  call: spec([], [], callerSave),
  callclosure: spec([gpsp, dx], [], callerSave),
  callinter: spec([gp], [], callerSave),
  nilcheck: spec([gpspsbg, null]),
  closureptr: spec([], [dx]),
  getg: spec([null], [gp]),
  // gcWriteBarrier keeps all integer registers but the result; floating point registers are lost.
  wb: spec([null], [ints(R11), null], fp),
  panicRR: spec([gp, gp, null]),
  panicR: spec([gp, null]),
};
