/** What rewriting rules share: families of operations over widths, constants, replacement in place. */
import type { GoType } from '#abi/gotype.ts';
import { bug } from '#base/bug.ts';
import type { Func } from '../func.ts';
import * as Op from '../gen/op.ts';
import { rows } from '../op-table.ts';
import type { Value } from '../value.ts';

/** Rewrites v in place; returns whether it did. */
export type Rule = (f: Func, v: Value) => boolean;
export type RuleRow = readonly [op: number, rule: Rule];

export const opByName: ReadonlyMap<string, number> = new Map(rows.map((r, i) => [r[0], i]));

export function opNamed(name: string): number {
  return opByName.get(name) ?? bug(`no operation ${name}`);
}

export const widths: readonly number[] = [8, 16, 32, 64];

/** One rule for an operation at all widths: base + 8, 16, 32, 64 + suffix. */
export function each(base: string, suffix: string, rule: (bits: number) => Rule): RuleRow[] {
  return widths.map((w): RuleRow => [opNamed(`${base}${w}${suffix}`), rule(w)]);
}

/** The same operation at another width: opAt('Add', 32, ''). */
export function opAt(base: string, bits: number, suffix = ''): number {
  return opNamed(`${base}${bits}${suffix}`);
}

export function isConst(v: Value): boolean {
  return v.op >= Op.Const8 && v.op <= Op.Const64;
}

export function constOp(bits: number): number {
  switch (bits) {
    case 8:
      return Op.Const8;
    case 16:
      return Op.Const16;
    case 32:
      return Op.Const32;
    default:
      return Op.Const64;
  }
}

/** v becomes an integer constant (already sign-extended to 64 bits). */
export function toConst(v: Value, bits: number, lo: number, hi: number): true {
  v.reset(constOp(bits));
  v.auxLo = lo | 0;
  v.auxHi = hi | 0;
  return true;
}

export function toBool(v: Value, value: boolean): true {
  v.reset(Op.ConstBool);
  v.auxLo = value ? 1 : 0;
  return true;
}

export function toCopy(v: Value, of: Value): true {
  v.copyOf(of, Op.Copy);
  return true;
}

/** v becomes op(args); type stays. */
export function toOp1(v: Value, op: number, a: Value): true {
  a.uses++;
  v.reset(op);
  v.addArg(a);
  a.uses--;
  return true;
}

export function toOp2(v: Value, op: number, a: Value, b: Value): true {
  a.uses++;
  b.uses++;
  v.reset(op);
  v.addArg(a);
  v.addArg(b);
  a.uses--;
  b.uses--;
  return true;
}

/** A new constant beside v. */
export function newConst(f: Func, v: Value, type: GoType, bits: number, lo: number, hi: number): Value {
  const c = f.newValue(v.block, constOp(bits), type, v.pos, v.inline);
  c.auxLo = lo | 0;
  c.auxHi = hi | 0;
  return c;
}

export function new1(f: Func, v: Value, op: number, type: GoType, a: Value): Value {
  return f.newValue1(v.block, op, type, v.pos, a, v.inline);
}

export function new2(f: Func, v: Value, op: number, type: GoType, a: Value, b: Value): Value {
  return f.newValue2(v.block, op, type, v.pos, a, b, v.inline);
}
