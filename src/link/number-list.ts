/** Many short lists of numbers behind one another; each is known by its start and its end. */
export class NumberList {
  data: Int32Array;
  length: number;

  constructor() {
    this.data = new Int32Array(1 << 12);
    this.length = 0;
  }

  /** Makes room for n more numbers. */
  reserve(n: number): void {
    if (this.length + n <= this.data.length) return;
    const grown = new Int32Array(Math.max(this.length + n, this.data.length * 2));
    grown.set(this.data);
    this.data = grown;
  }

  push(v: number): void {
    if (this.length === this.data.length) this.reserve(1);
    this.data[this.length++] = v;
  }
}

/** The first place of a number in a list in ascending order; -1 if it is not there. */
export function search(list: Int32Array, n: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] < n) low = middle + 1;
    else high = middle;
  }
  return low < list.length && list[low] === n ? low : -1;
}
