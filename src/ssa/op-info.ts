/** The generic operations as the record every target extends, and their flags in an array for inner loops. */

import { rows } from './op-table.ts';
import type { OpInfo } from './target.ts';

export const genericOps: readonly OpInfo[] = rows.map((r) => ({
  name: r[0],
  args: r[1],
  aux: r[2],
  flags: r[3],
  registers: null,
}));

/** Flags of a generic operation, by operation. */
export const opFlags: Uint16Array = Uint16Array.from(rows, (r) => r[3]);

/** For error messages. */
export function genericOpName(op: number): string {
  return op < rows.length ? rows[op][0] : `op${op}`;
}
