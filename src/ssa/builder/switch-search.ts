/**
 * Switches over constants: integers are looked up in a table of code addresses if they lie close together, else searched for by halves, with
 * neighbours that lead to the same clause as one range; strings by their lengths. Few cases are compared one after the other.
 */
import type { GoType } from '#abi/gotype.ts';
import * as G from '#abi/gotype.ts';
import * as I from '#base/int64.ts';
import type { Expr, SwitchStmt } from '#syntax/nodes.ts';
import { unpackListExpr } from '#syntax/nodes.ts';
import * as SyntaxOp from '#syntax/operators.ts';
import { tvOf } from '#types/info.ts';
import * as Mode from '#types/mode.ts';
import type { Block } from '../block.ts';
import * as B from '../block.ts';
import { Text } from '../call.ts';
import * as Op from '../gen/op.ts';
import { constOp, isConst, opAt } from '../rules/common.ts';
import type { Value } from '../value.ts';
import type { FuncBuilder } from './builder.ts';
import { compareValues } from './compare.ts';
import { convertNumber } from './convert-number.ts';
import { exprTo } from './expr.ts';

/** Up to this many ranges are compared one after the other. */
const linear = 4;

/** A table of code addresses has this many ranges at least, and one for so many of its words (cmd/compile/internal/walk/switch.go, tryJumpTable). */
const tableRanges = 8;
const tableWords = 4;

/** The numbers from first to last lead to a block. */
interface Range {
  readonly firstLo: number;
  readonly firstHi: number;
  lastLo: number;
  lastHi: number;
  readonly pos: number;
  readonly to: Block;
}

interface Search {
  readonly tag: Value;
  readonly type: GoType;
  readonly bits: number;
  readonly signed: boolean;
  readonly miss: Block;
}

/** Builds the comparisons of a switch, if all its cases are constants of a type that is worth it; gives the block where none holds, or null if it did nothing. */
export function searchSwitch(
  b: FuncBuilder,
  s: SwitchStmt,
  tag: Value,
  t: GoType,
  bodies: readonly Block[],
): Block | null {
  if ((!t.isInteger() && t.kind !== G.String) || isConst(tag) || tag.op === Op.ConstString) return null;
  const cases: [Expr, Block][] = [];
  s.body.forEach((c, i) => {
    for (const e of unpackListExpr(c.cases)) cases.push([e, bodies[i]]);
  });
  if (cases.length <= linear || cases.some(([e]) => tvOf(e)?.mode !== Mode.constant_)) return null;
  const miss = b.newBlock();
  if (t.kind === G.String) searchStrings(b, tag, t, cases, miss);
  else {
    const ranges = cases.map(([e, to]): Range => {
      const v = exprTo(b, e, t);
      return { firstLo: v.auxLo, firstHi: v.auxHi, lastLo: v.auxLo, lastHi: v.auxHi, pos: e.pos, to };
    });
    searchNumbers(b, tag, t, ranges, miss);
  }
  return miss;
}

function searchNumbers(b: FuncBuilder, tag: Value, t: GoType, cases: readonly Range[], miss: Block): void {
  const bits = t.size * 8;
  const search: Search = { tag, type: t, bits, signed: t.isSigned(), miss };
  const compare = search.signed ? I.compare : compareUnsigned(bits);
  const sorted = [...cases].sort((x, y) => compare(x.firstLo, x.firstHi, y.firstLo, y.firstHi));
  const ranges: Range[] = [];
  for (const r of sorted) {
    const last = ranges.at(-1);
    if (last !== undefined && last.to === r.to && follows(last, r)) {
      last.lastLo = r.lastLo;
      last.lastHi = r.lastHi;
    } else ranges.push(r);
  }
  searchRanges(b, search, ranges, 0, ranges.length);
}

/** Constants are kept sign-extended. */
function compareUnsigned(bits: number) {
  return (aLo: number, aHi: number, bLo: number, bHi: number): number => {
    I.zeroExtend(aLo, aHi, bits);
    const { lo, hi } = { lo: I.lo, hi: I.hi };
    I.zeroExtend(bLo, bHi, bits);
    return I.compareUnsigned(lo, hi, I.lo, I.hi);
  };
}

function follows(a: Range, r: Range): boolean {
  I.add(a.lastLo, a.lastHi, 1, 0);
  return I.lo === r.firstLo && I.hi === r.firstHi;
}

/** Goes where a table says, if it would not be too thin. */
function jumpTable(b: FuncBuilder, s: Search, ranges: readonly Range[], from: number, to: number): boolean {
  if (to - from < tableRanges) return false;
  const first = ranges[from];
  const last = ranges[to - 1];
  I.sub(last.lastLo, last.lastHi, first.firstLo, first.firstHi);
  I.zeroExtend(I.lo, I.hi, s.bits);
  const top = I.lo;
  if (I.hi !== 0 || top < 0 || top >= tableWords * (to - from)) return false;
  b.pos = first.pos;
  const { tag } = s;
  const isZero = first.firstLo === 0 && first.firstHi === 0;
  const start = isZero ? tag : b.v2(opAt('Sub', s.bits), s.type, tag, number(b, s, first.firstLo, first.firstHi));
  const table = b.newBlock();
  I.signExtend(top, 0, s.bits);
  b.branch(b.v2(opAt('Leq', s.bits, 'U'), b.bool, start, number(b, s, I.lo, I.hi)), table, s.miss, B.Likely);
  b.startSealed(table);
  const targets = new Array<Block>(top + 1).fill(s.miss);
  for (let i = from; i < to; i++) {
    const r = ranges[i];
    I.sub(r.firstLo, r.firstHi, first.firstLo, first.firstHi);
    I.zeroExtend(I.lo, I.hi, s.bits);
    const at = I.lo;
    I.sub(r.lastLo, r.lastHi, r.firstLo, r.firstHi);
    I.zeroExtend(I.lo, I.hi, s.bits);
    targets.fill(r.to, at, at + I.lo + 1);
  }
  b.jumpTable(
    convertNumber(b, b.v1(Op.Copy, unsignedOf(b, s.bits), start), unsignedOf(b, s.bits), b.types.basic(G.Uint64)),
    targets,
  );
  return true;
}

function unsignedOf(b: FuncBuilder, bits: number): GoType {
  return b.types.basic(bits === 8 ? G.Uint8 : bits === 16 ? G.Uint16 : bits === 32 ? G.Uint32 : G.Uint64);
}

function searchRanges(b: FuncBuilder, s: Search, ranges: readonly Range[], from: number, to: number): void {
  if (jumpTable(b, s, ranges, from, to)) return;
  if (to - from > linear) {
    const middle = (from + to) >> 1;
    const r = ranges[middle - 1];
    const left = b.newBlock();
    const right = b.newBlock();
    b.pos = r.pos;
    const op = opAt('Leq', s.bits, s.signed ? '' : 'U');
    b.branch(b.v2(op, b.bool, s.tag, number(b, s, r.lastLo, r.lastHi)), left, right);
    b.startSealed(left);
    searchRanges(b, s, ranges, from, middle);
    b.startSealed(right);
    searchRanges(b, s, ranges, middle, to);
    return;
  }
  for (let i = from; i < to; i++) {
    const next = i + 1 < to ? b.newBlock() : s.miss;
    b.pos = ranges[i].pos;
    b.branch(isWithin(b, s, ranges[i]), ranges[i].to, next);
    if (i + 1 < to) b.startSealed(next);
  }
}

function number(b: FuncBuilder, s: Search, lo: number, hi: number): Value {
  return b.constant(constOp(s.bits), s.type, lo, hi);
}

/** A range is one comparison of the distance from its start. */
function isWithin(b: FuncBuilder, s: Search, r: Range): Value {
  if (r.firstLo === r.lastLo && r.firstHi === r.lastHi)
    return b.v2(opAt('Eq', s.bits), b.bool, s.tag, number(b, s, r.firstLo, r.firstHi));
  const distance = b.v2(opAt('Sub', s.bits), s.type, s.tag, number(b, s, r.firstLo, r.firstHi));
  I.sub(r.lastLo, r.lastHi, r.firstLo, r.firstHi);
  I.signExtend(I.lo, I.hi, s.bits);
  return b.v2(opAt('Leq', s.bits, 'U'), b.bool, distance, number(b, s, I.lo, I.hi));
}

function searchStrings(
  b: FuncBuilder,
  tag: Value,
  t: GoType,
  cases: readonly (readonly [Expr, Block])[],
  miss: Block,
): void {
  const byLength = new Map<number, { readonly start: Block; readonly cases: (readonly [Value, number, Block])[] }>();
  for (const [e, to] of cases) {
    const v = exprTo(b, e, t);
    const n = v.aux instanceof Text ? v.aux.bytes.length : b.fail(e.pos, 'no constant string');
    let group = byLength.get(n);
    if (group === undefined) {
      group = { start: b.newBlock(), cases: [] };
      byLength.set(n, group);
    }
    group.cases.push([v, e.pos, to]);
  }
  const lengths = [...byLength].map(
    ([n, g]): Range => ({ firstLo: n, firstHi: 0, lastLo: n, lastHi: 0, pos: g.cases[0][1], to: g.start }),
  );
  searchNumbers(b, b.v1(Op.StringLen, b.int, tag), b.int, lengths, miss);
  for (const g of byLength.values()) {
    b.startSealed(g.start);
    g.cases.forEach(([v, pos, to], i) => {
      const next = i + 1 < g.cases.length ? b.newBlock() : miss;
      b.pos = pos;
      b.branch(compareValues(b, SyntaxOp.Eql, t, tag, v), to, next);
      if (next !== miss) b.startSealed(next);
    });
  }
}
