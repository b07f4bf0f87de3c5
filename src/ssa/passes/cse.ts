/** Common subexpression elimination: a value that a dominating block (or its own) already computes becomes a copy of it. */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import { SymbolRef, Text } from '../call.ts';
import { dominators } from '../dominators.ts';
import type { Func } from '../func.ts';
import * as Op from '../gen/op.ts';
import * as Table from '../op-table.ts';
import type { Aux, Value } from '../value.ts';
import { eliminateCopies, original } from './copy-elim.ts';

const barred = Table.HasSideEffect | Table.WritesMemory | Table.IsCall;

/** What makes two values of equal operation and arguments the same: size and kind of register, and whether it is a pointer. */
function typeKey(t: GoType): number {
  if (t.isInteger()) return t.size;
  if (t.isPointerShaped()) return t.ptrBytes > 0 ? 16 : 17;
  return 32 + t.id;
}

function auxKey(a: Aux | null): number {
  if (a === null) return 0;
  if (a instanceof SymbolRef) return a.symbol.name.length * 31 + a.symbol.name.charCodeAt(a.symbol.name.length - 1);
  if (a instanceof Text) return a.bytes.length;
  return 1;
}

function sameAux(a: Aux | null, b: Aux | null): boolean {
  if (a === b) return true;
  if (a instanceof SymbolRef && b instanceof SymbolRef) return a.symbol === b.symbol;
  return a instanceof Text && b instanceof Text && a.bytes === b.bytes;
}

function hashOf(v: Value): number {
  let h = Math.imul(v.op, 0x9e3779b1) ^ Math.imul(v.auxLo, 31) ^ Math.imul(v.auxHi, 131) ^ auxKey(v.aux);
  for (const a of v.args) h = Math.imul(h ^ a.id, 0x85ebca6b) ^ (h >>> 13);
  return h;
}

function same(a: Value, b: Value): boolean {
  if (a.op !== b.op || a.auxLo !== b.auxLo || a.auxHi !== b.auxHi || a.args.length !== b.args.length) return false;
  for (let i = 0; i < a.args.length; i++) if (a.args[i] !== b.args[i]) return false;
  return typeKey(a.type) === typeKey(b.type) && sameAux(a.aux, b.aux);
}

function isCandidate(f: Func, v: Value): boolean {
  if (v.op === Op.Phi || v.op === Op.Copy || v.op === Op.InitMem) return false;
  if (v.type.kind === G.Mem || v.type.kind === G.Tuple) return false;
  return (f.target.ops[v.op].flags & barred) === 0;
}

export function cse(f: Func): void {
  const tree = dominators(f);
  const table = new Map<number, Value[]>();
  const order = tree.postorder;
  let changed = false;
  for (let i = order.length - 1; i >= 0; i--) {
    const b = order[i];
    for (const v of b.values) {
      for (let k = 0; k < v.args.length; k++) if (v.args[k].op === Op.Copy) v.setArg(k, original(v.args[k]));
      if (v.uses === 0 || !isCandidate(f, v)) continue;
      const h = hashOf(v);
      const list = table.get(h);
      if (list === undefined) {
        table.set(h, [v]);
        continue;
      }
      let found: Value | null = null;
      for (const o of list) {
        if (same(o, v) && tree.dominates(o.block, b)) {
          found = o;
          break;
        }
      }
      if (found === null) list.push(v);
      else {
        v.copyOf(found, Op.Copy);
        changed = true;
      }
    }
  }
  if (changed) eliminateCopies(f);
}
