/** A set of numbers that gives back the least one first: three levels of bits, an upper bit telling that 32 lower ones are not all 0. */
export class NumberQueue {
  private low: Int32Array;
  private middle: Int32Array;
  private high: Int32Array;

  /** For numbers below n; it grows as needed. */
  constructor(n: number) {
    const words = (n >>> 15) + 1;
    this.low = new Int32Array(words << 10);
    this.middle = new Int32Array(words << 5);
    this.high = new Int32Array(words);
  }

  add(n: number): void {
    if (n >>> 15 >= this.high.length) this.grow(n);
    this.low[n >>> 5] |= 1 << (n & 31);
    this.middle[n >>> 10] |= 1 << ((n >>> 5) & 31);
    this.high[n >>> 15] |= 1 << ((n >>> 10) & 31);
  }

  /** Takes out the least number; -1 if there is none. */
  take(): number {
    const { low, middle, high } = this;
    const end = high.length;
    let h = 0;
    while (h < end && high[h] === 0) h++;
    if (h === end) return -1;
    const m = (h << 5) | lowestBit(high[h]);
    const l = (m << 5) | lowestBit(middle[m]);
    const word = low[l];
    const n = (l << 5) | lowestBit(word);
    const rest = word & (word - 1);
    low[l] = rest;
    if (rest === 0) {
      middle[m] &= ~(1 << (l & 31));
      if (middle[m] === 0) high[h] &= ~(1 << (m & 31));
    }
    return n;
  }

  private grow(n: number): void {
    const words = Math.max((n >>> 15) + 1, this.high.length * 2);
    this.low = copyInto(new Int32Array(words << 10), this.low);
    this.middle = copyInto(new Int32Array(words << 5), this.middle);
    this.high = copyInto(new Int32Array(words), this.high);
  }
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

function copyInto(to: Int32Array, from: Int32Array): Int32Array {
  to.set(from);
  return to;
}
