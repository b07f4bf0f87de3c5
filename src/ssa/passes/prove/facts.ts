/**
 * What is known about 64-bit integers at a place: limits, and differences x <= y + c between two values, as integers without
 * wrap-around. Both are learnt on the way down the dominator tree and forgotten on the way up; the rest follows from definitions.
 */

import * as Kind from '#abi/gotype.ts';
import type { Block } from '../../block.ts';
import type { DominatorTree } from '../../dominators.ts';
import type { Func } from '../../func.ts';
import * as Op from '../../gen/op.ts';
import type { Value } from '../../value.ts';

/** Sums of two numbers up to this cannot wrap, and are exact as floating point numbers. */
const large = 2 ** 52;

/** Elements that have a size are in memory, of which there is less. */
const maxLength = 2 ** 50;

/** How deep definitions and differences are followed. */
const maxDepth = 4;
/** Steps of one question. */
const maxSteps = 200;

const TrailLow = 0;
const TrailHigh = 1;
const TrailFact = 2;

export class Facts {
  readonly tree: DominatorTree;
  private readonly count: number;
  private readonly low: Float64Array;
  private readonly high: Float64Array;
  /** Differences by their x: the last one learnt, then the one before. */
  private readonly firstFact: Int32Array;
  private readonly factY: Value[];
  private readonly factC: number[];
  private readonly factNext: number[];
  private readonly trailKind: number[];
  private readonly trailId: number[];
  private readonly trailOld: number[];
  private steps: number;
  /** Whether a block is entered again from below, by id; -1: not yet known. */
  private readonly header: Int8Array;

  constructor(f: Func, tree: DominatorTree) {
    this.tree = tree;
    this.count = f.numValues;
    this.low = new Float64Array(this.count).fill(-Infinity);
    this.high = new Float64Array(this.count).fill(Infinity);
    this.firstFact = new Int32Array(this.count).fill(-1);
    this.factY = [];
    this.factC = [];
    this.factNext = [];
    this.trailKind = [];
    this.trailId = [];
    this.trailOld = [];
    this.steps = 0;
    this.header = new Int8Array(f.numBlocks).fill(-1);
  }

  isLoopHeader(b: Block): boolean {
    if (this.header[b.id] < 0) this.header[b.id] = b.preds.some((e) => this.tree.dominates(b, e.block)) ? 1 : 0;
    return this.header[b.id] === 1;
  }

  mark(): number {
    return this.trailKind.length;
  }

  undo(mark: number): void {
    while (this.trailKind.length > mark) {
      const kind = this.trailKind.pop();
      const id = this.trailId.pop() ?? 0;
      const old = this.trailOld.pop() ?? 0;
      if (kind === TrailLow) this.low[id] = old;
      else if (kind === TrailHigh) this.high[id] = old;
      else {
        this.firstFact[id] = old;
        this.factY.length--;
        this.factC.length--;
        this.factNext.length--;
      }
    }
  }

  private note(kind: number, id: number, old: number): void {
    this.trailKind.push(kind);
    this.trailId.push(id);
    this.trailOld.push(old);
  }

  atLeast(v: Value, n: number): void {
    if (v.id >= this.count || n <= this.low[v.id] || Number.isNaN(n)) return;
    this.note(TrailLow, v.id, this.low[v.id]);
    this.low[v.id] = n;
  }

  atMost(v: Value, n: number): void {
    if (v.id >= this.count || n >= this.high[v.id] || Number.isNaN(n)) return;
    this.note(TrailHigh, v.id, this.high[v.id]);
    this.high[v.id] = n;
  }

  /** x <= y + c. */
  difference(x: Value, y: Value, c: number): void {
    this.steps = 0;
    this.atMost(x, this.hi(y, 0) + c);
    this.atLeast(y, this.lo(x, 0) - c);
    this.addFact(x, y, c);
    const [z, k] = sumOf(x);
    if (z !== null && this.staysInRange(z, k, 0)) {
      this.addFact(z, y, c - k);
      this.atMost(z, this.hi(y, 0) + c - k);
    }
    const [w, n] = sumOf(y);
    if (w !== null && this.staysInRange(w, n, 0)) this.addFact(x, w, c + n);
  }

  private addFact(x: Value, y: Value, c: number): void {
    if (x.id >= this.count || exact(x) || exact(y)) return;
    this.note(TrailFact, x.id, this.firstFact[x.id]);
    this.factY.push(y);
    this.factC.push(c);
    this.factNext.push(this.firstFact[x.id]);
    this.firstFact[x.id] = this.factY.length - 1;
  }

  lowest(v: Value): number {
    this.steps = 0;
    return this.lo(v, 0);
  }

  highest(v: Value): number {
    this.steps = 0;
    return this.hi(v, 0);
  }

  /** Whether x <= y + c follows. */
  holds(x: Value, y: Value, c: number): boolean {
    this.steps = 0;
    return this.le(x, y, c, 0);
  }

  /** Whether v + k is no other integer than the sum. */
  sumIsExact(v: Value, k: number): boolean {
    this.steps = 0;
    return this.staysInRange(v, k, 0);
  }

  private staysInRange(v: Value, k: number, depth: number): boolean {
    if (k < 0) return this.lo(v, depth) + k >= -large;
    if (this.hi(v, depth) + k <= large) return true;
    // Below something by as much.
    if (v.id < this.count)
      for (let i = this.firstFact[v.id]; i >= 0; i = this.factNext[i]) if (this.factC[i] <= -k) return true;
    return false;
  }

  private lo(v: Value, depth: number): number {
    const learnt = v.id < this.count ? this.low[v.id] : -Infinity;
    if (depth > maxDepth || this.steps++ > maxSteps) return learnt;
    return Math.max(learnt, this.lowByDefinition(v, depth + 1));
  }

  private hi(v: Value, depth: number): number {
    const learnt = v.id < this.count ? this.high[v.id] : Infinity;
    if (depth > maxDepth || this.steps++ > maxSteps) return learnt;
    return Math.min(learnt, this.highByDefinition(v, depth + 1));
  }

  private lowByDefinition(v: Value, d: number): number {
    const [a, b] = v.args;
    switch (v.op) {
      case Op.Const64:
        return exact(v) ? constant(v) : v.auxHi > 0 ? large : -Infinity;
      case Op.SliceLen:
      case Op.SliceCap:
      case Op.StringLen:
      case Op.ZeroExt8to64:
      case Op.ZeroExt16to64:
      case Op.ZeroExt32to64:
      case Op.Ctz64:
      case Op.BitLen64:
      case Op.PopCount64:
        return 0;
      case Op.SignExt8to64:
        return -(2 ** 7);
      case Op.SignExt16to64:
        return -(2 ** 15);
      case Op.SignExt32to64:
        return -(2 ** 31);
      case Op.And64:
        return this.lo(a, d) >= 0 || this.lo(b, d) >= 0 ? 0 : -Infinity;
      case Op.Rsh64Ux64:
        return constant(b) > 0 || this.lo(a, d) >= 0 ? 0 : -Infinity;
      case Op.Rsh64x64:
        return this.lo(a, d) >= 0 ? 0 : -Infinity;
      case Op.Add64: {
        const sum = this.lo(a, d) + this.lo(b, d);
        if (sum < -large || Number.isNaN(sum)) return -Infinity;
        if (this.hi(a, d) + this.hi(b, d) <= large) return sum;
        const [z, k] = sumOf(v);
        return z !== null && this.staysInRange(z, k, d) ? sum : -Infinity;
      }
      case Op.Sub64: {
        // The difference of two numbers that are not negative fits.
        if (this.lo(a, d) < 0 || this.lo(b, d) < 0) return -Infinity;
        const least = this.lo(a, d) - this.hi(b, d);
        return least < 0 && this.le(b, a, 0, d) ? 0 : least;
      }
      case Op.Mul64:
        if (this.lo(a, d) < 0 || this.lo(b, d) < 0) return -Infinity;
        return this.hi(a, d) * this.hi(b, d) <= large ? this.lo(a, d) * this.lo(b, d) : -Infinity;
      case Op.Div64:
        return this.lo(a, d) >= 0 && this.lo(b, d) > 0 ? 0 : -Infinity;
      case Op.Mod64:
        if (this.lo(a, d) >= 0) return 0;
        return exact(b) ? 1 - Math.abs(constant(b)) : -Infinity;
      case Op.Div64u:
        return constant(b) > 1 ? 0 : -Infinity;
      case Op.Mod64u:
        return this.lo(b, d) > 0 ? 0 : -Infinity;
      case Op.CondSelect:
        return Math.min(this.lo(a, d), this.lo(b, d));
      case Op.Phi: {
        if (this.isLoopHeader(v.block)) return -Infinity;
        let least = Infinity;
        for (const x of v.args) {
          least = Math.min(least, this.lo(x, d));
          if (least === -Infinity) break;
        }
        return least;
      }
      default:
        return -Infinity;
    }
  }

  private highByDefinition(v: Value, d: number): number {
    const [a, b] = v.args;
    switch (v.op) {
      case Op.Const64:
        return exact(v) ? constant(v) : v.auxHi > 0 ? Infinity : -large;
      case Op.SliceLen:
      case Op.SliceCap:
        return a.type.kind === Kind.Slice && a.type.elem().size > 0 ? maxLength : Infinity;
      case Op.StringLen:
        return maxLength;
      case Op.ZeroExt8to64:
        return narrowHigh(a, 8);
      case Op.ZeroExt16to64:
        return narrowHigh(a, 16);
      case Op.ZeroExt32to64:
        return narrowHigh(a, 32);
      case Op.SignExt8to64:
        return 2 ** 7 - 1;
      case Op.SignExt16to64:
        return 2 ** 15 - 1;
      case Op.SignExt32to64:
        return 2 ** 31 - 1;
      case Op.Ctz64:
      case Op.BitLen64:
      case Op.PopCount64:
        return 64;
      case Op.And64: {
        const x = this.lo(a, d) >= 0 ? this.hi(a, d) : Infinity;
        const y = this.lo(b, d) >= 0 ? this.hi(b, d) : Infinity;
        return Math.min(x, y);
      }
      case Op.Rsh64Ux64: {
        const n = constant(b);
        if (this.lo(a, d) >= 0) return n >= 0 ? Math.floor(this.hi(a, d) / 2 ** n) : this.hi(a, d);
        return n >= 12 ? 2 ** (64 - Math.min(n, 64)) - 1 : Infinity;
      }
      case Op.Rsh64x64:
        if (this.lo(a, d) < 0) return Infinity;
        return constant(b) >= 0 ? Math.floor(this.hi(a, d) / 2 ** constant(b)) : this.hi(a, d);
      case Op.Add64: {
        const sum = this.hi(a, d) + this.hi(b, d);
        return sum <= large && this.lo(a, d) + this.lo(b, d) >= -large ? sum : Infinity;
      }
      case Op.Sub64:
        return this.lo(a, d) >= 0 && this.lo(b, d) >= 0 ? this.hi(a, d) - this.lo(b, d) : Infinity;
      case Op.Mul64:
        if (this.lo(a, d) < 0 || this.lo(b, d) < 0) return Infinity;
        return orInfinity(this.hi(a, d) * this.hi(b, d));
      case Op.Div64:
        if (this.lo(a, d) < 0 || this.lo(b, d) <= 0) return Infinity;
        return Math.floor(this.hi(a, d) / this.lo(b, d));
      case Op.Div64u:
        return constant(b) >= 4096 ? 2 ** 52 : Infinity;
      case Op.Mod64:
      case Op.Mod64u: {
        const most =
          this.lo(b, d) > 0 ? this.hi(b, d) - 1 : v.op === Op.Mod64 && exact(b) ? -constant(b) - 1 : Infinity;
        return this.lo(a, d) >= 0 ? Math.min(most, this.hi(a, d)) : most;
      }
      case Op.CondSelect:
        return Math.max(this.hi(a, d), this.hi(b, d));
      case Op.Phi: {
        if (this.isLoopHeader(v.block)) return Infinity;
        let most = -Infinity;
        for (const x of v.args) {
          most = Math.max(most, this.hi(x, d));
          if (most === Infinity) break;
        }
        return most;
      }
      default:
        return Infinity;
    }
  }

  private le(x: Value, y: Value, c: number, depth: number): boolean {
    if (x === y) return c >= 0;
    if (this.steps++ > maxSteps) return false;
    if (this.hi(x, depth) - this.lo(y, depth) <= c) return true;
    if (depth > maxDepth) return false;
    if (x.id < this.count)
      for (let i = this.firstFact[x.id]; i >= 0; i = this.factNext[i])
        if (this.le(this.factY[i], y, c - this.factC[i], depth + 1)) return true;
    return this.leByDefinition(x, y, c, depth + 1);
  }

  private leByDefinition(x: Value, y: Value, c: number, d: number): boolean {
    const [z, k] = sumOf(x);
    if (z !== null && this.staysInRange(z, k, d) && this.le(z, y, c - k, d)) return true;
    const [w, n] = sumOf(y);
    if (w !== null && this.staysInRange(w, n, d) && this.le(x, w, c + n, d)) return true;
    const [a, b] = x.args;
    switch (x.op) {
      case Op.SliceLen:
        return y.op === Op.SliceCap && y.args[0] === a && c >= 0;
      case Op.Sub64:
        if (this.lo(a, d) < 0 || this.lo(b, d) < 0) return false;
        return this.le(a, y, c + this.lo(b, d), d);
      case Op.And64:
        if (this.lo(a, d) >= 0 && this.le(a, y, c, d)) return true;
        return this.lo(b, d) >= 0 && this.le(b, y, c, d);
      case Op.Rsh64Ux64:
      case Op.Rsh64x64:
        return this.lo(a, d) >= 0 && this.le(a, y, c, d);
      case Op.Div64:
        return this.lo(a, d) >= 0 && this.lo(b, d) > 0 && this.le(a, y, c, d);
      case Op.Mod64:
      case Op.Mod64u:
        if (this.lo(b, d) > 0 && this.le(b, y, c + 1, d)) return true;
        return this.lo(a, d) >= 0 && this.lo(b, d) > 0 && this.le(a, y, c, d);
      case Op.Phi:
        return !this.isLoopHeader(x.block) && x.args.every((p) => this.le(p, y, c, d));
      default:
        return y.op === Op.Phi && !this.isLoopHeader(y.block) && y.args.every((p) => this.le(x, p, c, d));
    }
  }
}

function orInfinity(n: number): number {
  return n <= large ? n : Infinity;
}

function exact(v: Value): boolean {
  return v.op === Op.Const64 && v.auxHi <= 1 << 19 && v.auxHi >= -(1 << 19);
}

/** A small constant as a number, NaN for other values. */
export function constant(v: Value): number {
  return exact(v) ? v.auxHi * 4294967296 + (v.auxLo >>> 0) : Number.NaN;
}

const noSum: readonly [null, number] = [null, 0];

/** v as z + k. */
function sumOf(v: Value): readonly [Value, number] | readonly [null, number] {
  if (v.op === Op.Add64) {
    const [a, b] = v.args;
    if (exact(b)) return [a, constant(b)];
    if (exact(a)) return [b, constant(a)];
  } else if (v.op === Op.Sub64 && exact(v.args[1])) return [v.args[0], -constant(v.args[1])];
  return noSum;
}

const shiftRight = new Set<number>([Op.Rsh8Ux64, Op.Rsh16Ux64, Op.Rsh32Ux64]);
const mask = new Set<number>([Op.And8, Op.And16, Op.And32]);
const rest = new Set<number>([Op.Mod8u, Op.Mod16u, Op.Mod32u]);

/** The greatest value of some bits without sign. */
function narrowHigh(v: Value, bits: number): number {
  const all = 2 ** bits - 1;
  const number = (c: Value): number => {
    if (c.op !== Op.Const8 && c.op !== Op.Const16 && c.op !== Op.Const32) return all;
    return bits === 32 ? c.auxLo >>> 0 : c.auxLo & all;
  };
  if (mask.has(v.op)) return Math.min(number(v.args[0]), number(v.args[1]));
  if (rest.has(v.op)) return Math.max(number(v.args[1]) - 1, 0);
  if (shiftRight.has(v.op) && constant(v.args[1]) >= 0) return Math.floor(all / 2 ** constant(v.args[1]));
  return all;
}
