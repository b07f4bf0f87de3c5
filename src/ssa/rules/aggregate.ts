/** Parts of values that are put together in sight. */
import * as G from '#abi/gotype.ts';
import { Text } from '../call.ts';
import * as Op from '../gen/op.ts';
import type { Value } from '../value.ts';
import { type Rule, type RuleRow, toConst, toCopy } from './common.ts';

function part(make: number, i: number): Rule {
  return (_f, v) => v.args[0].op === make && toCopy(v, v.args[0].args[i]);
}

const stringLen: Rule = (_f, v) => {
  const a = v.args[0];
  if (a.op === Op.StringMake) return toCopy(v, a.args[1]);
  return a.op === Op.ConstString && a.aux instanceof Text && toConst(v, 64, a.aux.bytes.length, 0);
};

function slicePart(i: number): Rule {
  return (_f, v) => {
    const a = v.args[0];
    if (a.op === Op.SliceMake) return toCopy(v, a.args[i]);
    if (a.op !== Op.ConstSlice && a.op !== Op.ConstNil) return false;
    if (i > 0) return toConst(v, 64, 0, 0);
    v.reset(Op.ConstNil);
    return true;
  };
}

const structSelect: Rule = (f, v) => {
  const a = v.args[0];
  if (a.op === Op.StructMake) return toCopy(v, a.args[v.auxLo]);
  if (a.op !== Op.Load || a.uses > 1) return false;
  // A field of a struct that is only loaded for it, in the place of the load.
  const field = a.type.fields[v.auxLo];
  const ptr = f.newValue1(a.block, Op.OffPtr, f.types.pointerTo(field.type), v.pos, a.args[0], v.inline);
  ptr.auxLo = field.offset;
  const load = f.newValue2(a.block, Op.Load, v.type, v.pos, ptr, a.args[1], v.inline);
  return toCopy(v, load);
};

const interWord: (i: number) => Rule = (i) => (_f, v) => {
  const a = v.args[0];
  if (a.op === Op.IMake) return toCopy(v, a.args[i]);
  if (a.op !== Op.ConstInterface) return false;
  return zeroOf(v);
};

function zeroOf(v: Value): boolean {
  if (v.type.isPointerShaped()) {
    v.reset(Op.ConstNil);
    return true;
  }
  return v.type.kind === G.Uintptr && toConst(v, 64, 0, 0);
}

export const aggregateRules: readonly RuleRow[] = [
  [Op.StringPtr, part(Op.StringMake, 0)],
  [Op.StringLen, stringLen],
  [Op.SlicePtr, slicePart(0)],
  [Op.SliceLen, slicePart(1)],
  [Op.SliceCap, slicePart(2)],
  [Op.ComplexReal, part(Op.ComplexMake, 0)],
  [Op.ComplexImag, part(Op.ComplexMake, 1)],
  [Op.ITab, interWord(0)],
  [Op.IData, interWord(1)],
  [Op.StructSelect, structSelect],
  [Op.ArraySelect, part(Op.ArrayMake1, 0)],
];
