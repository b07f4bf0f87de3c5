/** The machine operations as records, and how they are emitted, by operation. */
import { bug } from '#base/bug.ts';
import { genericOps } from '#ssa/op-info.ts';
import type { OpInfo, OpRegisters } from '#ssa/target.ts';
import * as Asm from './encode/ops.ts';
import * as A from './gen/op.ts';
import * as Table from './op-table.ts';
import { specs } from './regs.ts';

const mnemonics: Readonly<Record<string, unknown>> = Asm;

function mnemonic(name: string): number {
  const n = mnemonics[name];
  if (typeof n !== 'number') return bug(`no instruction ${name}`);
  return n;
}

function registers(regs: string, flags: number): OpRegisters {
  const s = specs[regs] ?? bug(`no register constraints ${regs}`);
  return {
    inputs: s.inputs,
    outputs: s.outputs,
    clobbers: s.clobbers,
    resultInArg0: (flags & Table.ResultInArg0) !== 0,
    resultNotInArgs: (flags & Table.ResultNotInArgs) !== 0,
    rematerializable: (flags & Table.Rematerializable) !== 0,
    clobbersFlags: (flags & Table.ClobbersFlags) !== 0,
    needsFloatTemporary: false,
    needsIntTemporary: (flags & Table.NeedsIntTemp) !== 0,
  };
}

const invalid = genericOps[0];

/** Generic operations, then (from A.First on) those of the machine. */
export const ops: readonly OpInfo[] = [
  ...genericOps,
  ...Array.from({ length: A.First - genericOps.length }, () => invalid),
  ...Table.rows.map(
    ([name, args, regs, , , aux, flags]): OpInfo => ({ name, args, aux, flags, registers: registers(regs, flags) }),
  ),
];

const at = <T>(f: (row: Table.Row) => T, none: T): T[] => [
  ...Array.from({ length: A.First }, () => none),
  ...Table.rows.map(f),
];

/** Mnemonics (encode/ops.ts), by operation; 0: none. */
export const asmOps: readonly number[] = at((r) => (r[3] === '' ? 0 : mnemonic(r[3])), 0);

/** Forms of emission (op-table.ts), by operation. */
export const forms: Uint8Array = Uint8Array.from(at((r) => r[4], 0));

/** Flags (op-table.ts), by operation. */
export const flags: Int32Array = Int32Array.from(ops, (o) => o.flags);

const widths: Readonly<Record<string, number>> = { B: 1, W: 2, L: 4, Q: 8 };

/** Bytes of the operand in memory of a comparison or store with an index, by operation. */
export const operandSizes: Uint8Array = Uint8Array.from(at((r) => widths[r[0][3]] ?? 0, 0));
