/**
 * A load whose only use stands behind it in the block, with no change of memory between, becomes a memory operand of that use. It
 * works on the final order of values, where both conditions are easy to see.
 */
import type { Func } from '#ssa/func.ts';
import * as Op from '#ssa/gen/op.ts';
import { Commutative, WritesMemory } from '#ssa/op-table.ts';
import type { Value } from '#ssa/value.ts';
import * as A from './gen/op.ts';
import * as Table from './op-table.ts';
import { flags, forms, operandSizes } from './ops.ts';

/** An operation of two operands: the load that fits, and the forms with a memory operand. */
interface Binary {
  readonly load: number;
  readonly merged: number;
  readonly mergedIndexed: number;
}

const binaries: ReadonlyMap<number, Binary> = new Map(
  (
    [
      [A.ADDQ, A.MOVQload, A.ADDQload, A.ADDQloadidx],
      [A.SUBQ, A.MOVQload, A.SUBQload, A.SUBQloadidx],
      [A.ANDQ, A.MOVQload, A.ANDQload, A.ANDQloadidx],
      [A.ORQ, A.MOVQload, A.ORQload, A.ORQloadidx],
      [A.XORQ, A.MOVQload, A.XORQload, A.XORQloadidx],
      [A.ADDL, A.MOVLload, A.ADDLload, A.ADDLloadidx],
      [A.SUBL, A.MOVLload, A.SUBLload, A.SUBLloadidx],
      [A.ANDL, A.MOVLload, A.ANDLload, A.ANDLloadidx],
      [A.ORL, A.MOVLload, A.ORLload, A.ORLloadidx],
      [A.XORL, A.MOVLload, A.XORLload, A.XORLloadidx],
      [A.ADDSS, A.MOVSSload, A.ADDSSload, A.ADDSSloadidx],
      [A.SUBSS, A.MOVSSload, A.SUBSSload, A.SUBSSloadidx],
      [A.MULSS, A.MOVSSload, A.MULSSload, A.MULSSloadidx],
      [A.DIVSS, A.MOVSSload, A.DIVSSload, A.DIVSSloadidx],
      [A.ADDSD, A.MOVSDload, A.ADDSDload, A.ADDSDloadidx],
      [A.SUBSD, A.MOVSDload, A.SUBSDload, A.SUBSDloadidx],
      [A.MULSD, A.MOVSDload, A.MULSDload, A.MULSDloadidx],
      [A.DIVSD, A.MOVSDload, A.DIVSDload, A.DIVSDloadidx],
    ] as const
  ).map(([op, load, merged, mergedIndexed]) => [op, { load, merged, mergedIndexed }]),
);

/** A comparison: the load that fits, and its forms: memory first, memory second, with a constant; then with an index. */
interface Comparison {
  readonly load: number;
  readonly first: number;
  readonly second: number;
  readonly constant: number;
}

const q: Comparison = { load: A.MOVQload, first: A.CMPQload, second: A.CMPQtoload, constant: A.CMPQconstload };
const l: Comparison = { load: A.MOVLload, first: A.CMPLload, second: A.CMPLtoload, constant: A.CMPLconstload };
const w: Comparison = { load: A.MOVWload, first: A.CMPWload, second: A.CMPWtoload, constant: A.CMPWconstload };
const b: Comparison = { load: A.MOVBload, first: A.CMPBload, second: A.CMPBtoload, constant: A.CMPBconstload };

const comparisons: ReadonlyMap<number, Comparison> = new Map([
  [A.CMPQ, q],
  [A.CMPL, l],
  [A.CMPW, w],
  [A.CMPB, b],
]);

const constantComparisons: ReadonlyMap<number, Comparison> = new Map([
  [A.CMPQconst, q],
  [A.CMPLconst, l],
  [A.CMPWconst, w],
  [A.CMPBconst, b],
]);

const tests: ReadonlyMap<number, Comparison> = new Map([
  [A.TESTQ, q],
  [A.TESTL, l],
  [A.TESTW, w],
  [A.TESTB, b],
]);

const indexedForm: ReadonlyMap<number, number> = new Map([
  [A.CMPQload, A.CMPQloadidx],
  [A.CMPLload, A.CMPLloadidx],
  [A.CMPWload, A.CMPWloadidx],
  [A.CMPBload, A.CMPBloadidx],
  [A.CMPQtoload, A.CMPQtoloadidx],
  [A.CMPLtoload, A.CMPLtoloadidx],
  [A.CMPWtoload, A.CMPWtoloadidx],
  [A.CMPBtoload, A.CMPBtoloadidx],
  [A.CMPQconstload, A.CMPQconstloadidx],
  [A.CMPLconstload, A.CMPLconstloadidx],
  [A.CMPWconstload, A.CMPWconstloadidx],
  [A.CMPBconstload, A.CMPBconstloadidx],
]);

class Merger {
  /** Position in the block at hand by value id, -1 for values of other blocks. */
  readonly position: Int32Array;
  /** Position of the last change of memory. */
  changed: number;
  removed: boolean;

  constructor(f: Func) {
    this.position = new Int32Array(f.numValues).fill(-1);
    this.changed = -1;
    this.removed = false;
  }
}

export function mergeLoads(f: Func): void {
  const m = new Merger(f);
  for (const block of f.blocks) {
    const { values } = block;
    m.changed = -1;
    m.removed = false;
    for (let i = 0; i < values.length; i++) {
      const v = values[i];
      m.position[v.id] = i;
      mergeInto(m, v);
      if ((flags[v.op] & WritesMemory) !== 0 && v.op !== Op.InlineMark) m.changed = i;
    }
    for (const v of values) m.position[v.id] = -1;
    if (m.removed) block.values = values.filter((v) => v.op !== Op.Invalid);
  }
}

function mergeInto(m: Merger, v: Value): void {
  const binary = binaries.get(v.op);
  if (binary !== undefined) {
    mergeBinary(m, v, binary);
    return;
  }
  const comparison = comparisons.get(v.op);
  if (comparison !== undefined) {
    if (isMergeable(m, v.args[0], comparison.load, 1)) memoryFirst(m, v, comparison.first, v.args[0], v.args[1]);
    else if (isMergeable(m, v.args[1], comparison.load, 1)) memorySecond(m, v, comparison.second, v.args[1], v.args[0]);
    return;
  }
  const constant = constantComparisons.get(v.op);
  if (constant !== undefined) {
    if (isMergeable(m, v.args[0], constant.load, 1)) withConstant(m, v, constant.constant, v.auxLo);
    return;
  }
  const test = tests.get(v.op);
  if (test !== undefined && v.args[0] === v.args[1] && isMergeable(m, v.args[0], test.load, 2))
    withConstant(m, v, test.constant, 0);
}

/** Whether x is this load, with or without index, needed nowhere else, and could as well be made here. */
function isMergeable(m: Merger, x: Value, load: number, uses: number): boolean {
  return (x.op === load || isIndexed(x, load)) && x.uses === uses && m.position[x.id] > m.changed;
}

function isIndexed(x: Value, load: number): boolean {
  return x.op === load + 1 && forms[x.op] === Table.LoadIndexed;
}

function mergeBinary(m: Merger, v: Value, to: Binary): void {
  const [x, y] = v.args;
  if (x.op === Op.SP || x.op === A.SPanchored) return;
  if (isMergeable(m, y, to.load, 1)) mergeOperand(m, v, to, x, y);
  else if ((flags[v.op] & Commutative) !== 0 && isMergeable(m, x, to.load, 1)) mergeOperand(m, v, to, y, x);
}

function mergeOperand(m: Merger, v: Value, to: Binary, x: Value, load: Value): void {
  memorySecond(m, v, to.merged, load, x);
  if (v.args.length === 4) v.op = to.mergedIndexed;
}

/** The operands of the load, behind them x, become those of v; the fault of a nil pointer stays where the load stood. */
function memoryFirst(m: Merger, v: Value, op: number, load: Value, x: Value): void {
  take(m, v, op, load, [], [x]);
}

function memorySecond(m: Merger, v: Value, op: number, load: Value, x: Value): void {
  take(m, v, op, load, [x], []);
}

function withConstant(m: Merger, v: Value, op: number, n: number): void {
  const load = v.args[0];
  const indexed = load.args.length === 3;
  if (indexed && load.auxHi !== operandSizes[op]) return;
  take(m, v, op, load, [], []);
  v.auxHi = n;
}

function take(m: Merger, v: Value, op: number, load: Value, before: readonly Value[], behind: readonly Value[]): void {
  const address = load.args.slice(0, -1);
  const mem = load.memArg();
  v.reset(address.length === 2 ? (indexedForm.get(op) ?? op) : op);
  for (const a of [...before, ...address, ...behind, mem]) v.addArg(a);
  v.aux = load.aux;
  v.auxLo = load.auxLo;
  v.auxHi = load.auxHi;
  v.pos = load.pos;
  v.inline = load.inline;
  load.clearArgs();
  load.op = Op.Invalid;
  m.removed = true;
}
