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
