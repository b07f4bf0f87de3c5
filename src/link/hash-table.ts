/**
 * Symbols by content hash: open addressing over typed arrays. A hash is two words for short symbols (the bytes themselves)
 * and four for the rest; both live in one table, told apart by the fifth word.
 */
export class HashTable {
  private mask: number;
  private used: number;
  /** Five words per slot: four of the hash, then the width; 0 in the width is an empty slot. */
  private words: Uint32Array;
  private symbols: Int32Array;
  private sizes: Float64Array;

  constructor(expected: number) {
    let capacity = 64;
    while (capacity < expected * 2) capacity *= 2;
    this.mask = capacity - 1;
    this.used = 0;
    this.words = new Uint32Array(capacity * 5);
    this.symbols = new Int32Array(capacity);
    this.sizes = new Float64Array(capacity);
  }

  get count(): number {
    return this.used;
  }

  /** The slot that holds this hash or is free for it. */
  slot(a: number, b: number, c: number, d: number, width: number): number {
    if (this.used * 2 > this.mask) this.grow();
    return this.find(a, b, c, d, width);
  }

  private find(a: number, b: number, c: number, d: number, width: number): number {
    const words = this.words;
    let h = (a ^ Math.imul(b, 0x9e3779b1) ^ c ^ width) >>> 0;
    h = (h ^ (h >>> 15)) & this.mask;
    for (;;) {
      const at = h * 5;
      const w = words[at + 4];
      if (w === 0) return h;
      if (w === width && words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) return h;
      h = (h + 1) & this.mask;
    }
  }

  /** The symbol in a slot, 0 if it is free. */
  symbol(slot: number): number {
    return this.symbols[slot];
  }

  size(slot: number): number {
    return this.sizes[slot];
  }

  set(slot: number, a: number, b: number, c: number, d: number, width: number, symbol: number, size: number): void {
    const at = slot * 5;
    if (this.words[at + 4] === 0) this.used++;
    this.words[at] = a;
    this.words[at + 1] = b;
    this.words[at + 2] = c;
    this.words[at + 3] = d;
    this.words[at + 4] = width;
    this.symbols[slot] = symbol;
    this.sizes[slot] = size;
  }

  private grow(): void {
    const words = this.words;
    const symbols = this.symbols;
    const sizes = this.sizes;
    const old = this.mask + 1;
    this.mask = old * 2 - 1;
    this.used = 0;
    this.words = new Uint32Array(old * 10);
    this.symbols = new Int32Array(old * 2);
    this.sizes = new Float64Array(old * 2);
    for (let i = 0; i < old; i++) {
      const at = i * 5;
      const w = words[at + 4];
      if (w === 0) continue;
      const slot = this.find(words[at], words[at + 1], words[at + 2], words[at + 3], w);
      this.set(slot, words[at], words[at + 1], words[at + 2], words[at + 3], w, symbols[i], sizes[i]);
    }
  }
}
