/** Symbols by content hash, of one or of two pairs of words: open addressing over typed arrays. */
export class HashTable {
  mask: number;
  used: number;
  /** Four words per slot. */
  words: Int32Array;
  /** 0 is a free slot. */
  symbols: Int32Array;

  constructor(expected: number) {
    let capacity = 64;
    while (capacity < expected * 1.5) capacity *= 2;
    this.mask = capacity - 1;
    this.used = 0;
    this.words = new Int32Array(capacity * 4);
    this.symbols = new Int32Array(capacity);
  }

  get count(): number {
    return this.used;
  }

  /** Makes room for n more hashes: slots stay where they are until they are all in. */
  reserve(n: number): void {
    while ((this.used + n) * 3 > this.mask * 2) this.grow();
  }

  /** The slot that holds this hash or is free for it; there is a free one, see reserve. */
  slot(a: number, b: number, c: number, d: number): number {
    const { words, symbols, mask } = this;
    // They are hashes already.
    let h = a & mask;
    while (symbols[h] !== 0) {
      const at = h * 4;
      if (words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) return h;
      h = (h + 1) & mask;
    }
    return h;
  }

  set(slot: number, a: number, b: number, c: number, d: number, symbol: number): void {
    const at = slot * 4;
    if (this.symbols[slot] === 0) this.used++;
    this.words[at] = a;
    this.words[at + 1] = b;
    this.words[at + 2] = c;
    this.words[at + 3] = d;
    this.symbols[slot] = symbol;
  }

  private grow(): void {
    const { words, symbols } = this;
    const old = symbols.length;
    this.mask = old * 2 - 1;
    this.used = 0;
    this.words = new Int32Array(old * 8);
    this.symbols = new Int32Array(old * 2);
    for (let i = 0; i < old; i++) {
      if (symbols[i] === 0) continue;
      const at = i * 4;
      const slot = this.slot(words[at], words[at + 1], words[at + 2], words[at + 3]);
      this.set(slot, words[at], words[at + 1], words[at + 2], words[at + 3], symbols[i]);
    }
  }
}
