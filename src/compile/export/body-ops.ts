/** The numbers of operations in function bodies (cmd/compile/internal/ir: node.go, Op), by those of the syntax tree. */
import { bug } from '#base/bug.ts';
import * as Kind from '#syntax/kinds.ts';
import * as Op from '#syntax/operators.ts';

const binary: readonly (readonly [number, number])[] = [
  [Op.OrOr, 86],
  [Op.AndAnd, 12],
  [Op.Eql, 57],
  [Op.Neq, 58],
  [Op.Lss, 59],
  [Op.Leq, 60],
  [Op.Gtr, 62],
  [Op.Geq, 61],
  [Op.Add, 6],
  [Op.Sub, 7],
  [Op.Or, 8],
  [Op.Xor, 9],
  [Op.Mul, 74],
  [Op.Div, 75],
  [Op.Rem, 76],
  [Op.And, 79],
  [Op.AndNot, 80],
  [Op.Shl, 77],
  [Op.Shr, 78],
];

const unary: readonly (readonly [number, number])[] = [
  [Op.Recv, 100],
  [Op.Mul, 63],
  [Op.And, 11],
  [Op.Not, 82],
  [Op.Xor, 83],
  [Op.Add, 84],
  [Op.Sub, 85],
];

const branches: readonly (readonly [number, number])[] = [
  [Kind.Break, 116],
  [Kind.Continue, 118],
  [Kind.Fallthrough, 120],
  [Kind.Goto, 122],
];

const calls: readonly (readonly [number, number])[] = [
  [Kind.Defer, 119],
  [Kind.Go, 125],
];

function find(table: readonly (readonly [number, number])[], key: number): number {
  return table.find(([k]) => k === key)?.[1] ?? bug(`operation ${key} in export data`);
}

export function binaryOp(key: number): number {
  return find(binary, key);
}

export function unaryOp(key: number): number {
  return find(unary, key);
}

export function irBranch(key: number): number {
  return find(branches, key);
}

export function irCall(key: number): number {
  return find(calls, key);
}
