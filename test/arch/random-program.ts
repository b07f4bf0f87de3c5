/**
 * Random functions in SSA text form with their results: integers of all widths, floats, comparisons, branches, loops, calls of Go
 * functions while many values are live. Results are computed with BigInt, or float64 where the operation is one.
 */

/** A reproducible source of numbers (xorshift32). */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = (seed * 2654435761 + 88172645) | 1;
  }

  next(): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return x >>> 0;
  }

  below(n: number): number {
    return this.next() % n;
  }
}

type Scalar = bigint | number | boolean;
type Env = Map<string, Scalar>;

interface Node {
  readonly name: string;
  readonly text: string;
  readonly type: string;
  readonly eval: (env: Env) => Scalar;
}

interface BlockCode {
  readonly name: string;
  nodes: Node[];
  phis: { name: string; type: string; args: Map<string, string> }[];
  end: string;
  /** Name of the next block. */
  next: (env: Env) => string | null;
  preds: string[];
}

const bitsOf: Readonly<Record<string, number>> = {
  int8: 8,
  int16: 16,
  int32: 32,
  int64: 64,
  uint8: 8,
  uint16: 16,
  uint32: 32,
  uint64: 64,
};
const intTypes = Object.keys(bitsOf);
const isSigned = (t: string): boolean => t.startsWith('int');

function wrap(t: string, n: bigint): bigint {
  return isSigned(t) ? BigInt.asIntN(bitsOf[t], n) : BigInt.asUintN(bitsOf[t], n);
}

function unsignedOf(t: string, n: bigint): bigint {
  return BigInt.asUintN(bitsOf[t], n);
}

export interface RandomFunc {
  readonly name: string;
  readonly text: string;
  readonly params: readonly string[];
  readonly results: readonly string[];
  /** Arguments as Go expressions and the expected results in Go's %v, by call. */
  readonly cases: { args: string[]; expected: string }[];
}

/** Bytes of the caller's buffer and of the local variable. */
export const areaSize = 2560;

class Generator {
  readonly r: Random;
  readonly name: string;
  readonly blocks: BlockCode[] = [];
  /** Values that dominate the block being filled, by type. */
  scope: { name: string; type: string }[] = [];
  mem = 'v0';
  private count = 0;
  /** The caller's buffer, then the local variable: what the function's memory operations work on. */
  readonly memory = new Uint8Array(2 * areaSize);
  readonly view = new DataView(this.memory.buffer);
  /** Names of the pointers to them. */
  pointers: string[] = [];

  constructor(seed: number, name: string) {
    this.r = new Random(seed);
    this.name = name;
  }

  fresh(): string {
    return `v${++this.count}`;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.r.below(list.length)];
  }

  of(type: string): string | null {
    const found = this.scope.filter((s) => s.type === type);
    if (found.length === 0) return null;
    // Old values as often as new ones: long lives.
    return this.pick(found).name;
  }

  block(): BlockCode {
    const b: BlockCode = { name: `b${this.blocks.length}`, nodes: [], phis: [], end: '', next: () => null, preds: [] };
    this.blocks.push(b);
    return b;
  }

  node(b: BlockCode, type: string, text: string, evaluate: (env: Env) => Scalar): string {
    const name = this.fresh();
    b.nodes.push({ name, type, text: `${name} = ${text} : ${type}`, eval: evaluate });
    this.scope.push({ name, type });
    return name;
  }

  constant(b: BlockCode, type: string): string {
    const r = this.r;
    if (type === 'float64') {
      const x = this.pick([0, 1, -1.5, 3.25, 1e10, -7, 0.1]);
      const d = new DataView(new ArrayBuffer(8));
      d.setFloat64(0, x);
      return this.node(b, type, `Const64F [${d.getBigInt64(0)}]`, () => x);
    }
    if (type === 'bool') {
      const x = r.below(2);
      return this.node(b, type, `ConstBool [${x}]`, () => x === 1);
    }
    const bits = bitsOf[type];
    const raw = (BigInt(r.next()) << 32n) | BigInt(r.next());
    const small = BigInt(r.below(300)) - 128n;
    const power = 1n << BigInt(r.below(bits));
    const n = wrap(type, this.pick([raw, small, small, power, power - 1n, -power]));
    const imm = BigInt.asIntN(bits, n);
    return this.node(b, type, `Const${bits} [${imm}]`, () => n);
  }

  need(b: BlockCode, type: string): string {
    if (this.r.below(6) === 0) return this.constant(b, type);
    return this.of(type) ?? this.constant(b, type);
  }

  int(b: BlockCode): void {
    const t = this.pick(intTypes);
    const bits = bitsOf[t];
    const x = this.need(b, t);
    const y = this.need(b, t);
    const big = (env: Env, n: string): bigint => env.get(n) as bigint;
    const two = (op: string, f: (a: bigint, c: bigint) => bigint): void => {
      this.node(b, t, `${op} ${x} ${y}`, (env) => wrap(t, f(big(env, x), big(env, y))));
    };
    const u = isSigned(t) ? '' : 'u';
    switch (this.r.below(18)) {
      case 0:
      case 1:
        two(`Add${bits}`, (a, c) => a + c);
        return;
      case 2:
        two(`Sub${bits}`, (a, c) => a - c);
        return;
      case 3:
      case 4:
        two(`Mul${bits}`, (a, c) => a * c);
        return;
      case 5:
        two(`And${bits}`, (a, c) => a & c);
        return;
      case 6:
        two(`Or${bits}`, (a, c) => a | c);
        return;
      case 7:
        two(`Xor${bits}`, (a, c) => a ^ c);
        return;
      case 8:
      case 9:
        this.divide(b, t, u, x, y);
        return;
      case 10:
      case 11:
        this.shift(b, t, x);
        return;
      case 12:
        this.node(b, t, `Neg${bits} ${x}`, (env) => wrap(t, -big(env, x)));
        return;
      case 13:
        this.node(b, t, `Com${bits} ${x}`, (env) => wrap(t, ~big(env, x)));
        return;
      case 14:
        this.convert(b, t, x);
        return;
      case 15: {
        const c = this.need(b, 'bool');
        this.node(b, t, `CondSelect ${x} ${y} ${c}`, (env) => (env.get(c) === true ? big(env, x) : big(env, y)));
        return;
      }
      case 16:
        this.bitOperation(b, t, x);
        return;
      default:
        this.compare(b);
    }
  }

  divide(b: BlockCode, t: string, u: string, x: string, y0: string): void {
    const bits = bitsOf[t];
    // Never zero: or 1.
    const one = this.node(b, t, `Const${bits} [${this.pick([1, 1, 1])}]`, () => 1n);
    const y = this.node(b, t, `Or${bits} ${y0} ${one}`, (env) => wrap(t, (env.get(y0) as bigint) | 1n));
    const divisor = this.r.below(3) === 0 ? this.divisor(b, t) : y;
    const op = this.pick(['Div', 'Mod']);
    this.node(b, t, `${op}${bits}${u} ${x} ${divisor}`, (env) => {
      const a = env.get(x) as bigint;
      const c = env.get(divisor) as bigint;
      return wrap(t, op === 'Div' ? a / c : a % c);
    });
  }

  divisor(b: BlockCode, t: string): string {
    const bits = bitsOf[t];
    const r = this.r;
    const n = wrap(
      t,
      this.pick([1n << BigInt(r.below(bits)), 3n, 5n, 7n, 10n, 100n, -1n, -8n, 1n, BigInt(r.next()) | 1n]),
    );
    const d = n === 0n ? 1n : n;
    return this.node(b, t, `Const${bits} [${BigInt.asIntN(bits, d)}]`, () => d);
  }

  shift(b: BlockCode, t: string, x: string): void {
    const bits = bitsOf[t];
    const ct = this.pick(['uint8', 'uint16', 'uint32', 'uint64']);
    const count = this.r.below(2) === 0 ? this.smallCount(b, ct) : this.need(b, ct);
    const left = this.r.below(2) === 0;
    const op = left ? `Lsh${bits}x${bitsOf[ct]}` : `Rsh${bits}${isSigned(t) ? '' : 'U'}x${bitsOf[ct]}`;
    this.node(b, t, `${op} ${x} ${count}`, (env) => {
      const a = env.get(x) as bigint;
      const n = env.get(count) as bigint;
      if (n >= 64n) return left || a >= 0n ? 0n : -1n;
      return wrap(t, left ? a << n : a >> n);
    });
  }

  smallCount(b: BlockCode, ct: string): string {
    const x = this.need(b, ct);
    const mask = this.node(b, ct, `Const${bitsOf[ct]} [${63}]`, () => 63n);
    return this.node(b, ct, `And${bitsOf[ct]} ${x} ${mask}`, (env) => (env.get(x) as bigint) & 63n);
  }

  convert(b: BlockCode, from: string, x: string): void {
    const to = this.pick(intTypes);
    const [n, m] = [bitsOf[from], bitsOf[to]];
    if (n === m) return;
    const op = n > m ? `Trunc${n}to${m}` : `${isSigned(from) ? 'Sign' : 'Zero'}Ext${n}to${m}`;
    this.node(b, to, `${op} ${x}`, (env) => wrap(to, env.get(x) as bigint));
  }

  bitOperation(b: BlockCode, t: string, x: string): void {
    const bits = bitsOf[t];
    const value = (env: Env): string => unsignedOf(t, env.get(x) as bigint).toString(2);
    switch (this.r.below(5)) {
      case 0:
        this.node(b, 'int64', `BitLen${bits} ${x}`, (env) =>
          (env.get(x) as bigint) === 0n ? 0n : BigInt(value(env).length),
        );
        return;
      case 1:
        this.node(b, 'int64', `Ctz${bits} ${x}`, (env) => {
          const s = value(env);
          return (env.get(x) as bigint) === 0n ? BigInt(bits) : BigInt(s.length - 1 - s.lastIndexOf('1'));
        });
        return;
      case 2:
        this.node(b, 'int64', `PopCount${bits} ${x}`, (env) => BigInt(value(env).replaceAll('0', '').length));
        return;
      case 3: {
        const n = this.need(b, t);
        this.node(b, t, `RotateLeft${bits} ${x} ${n}`, (env) => {
          const k = BigInt.asUintN(64, env.get(n) as bigint) % BigInt(bits);
          const a = unsignedOf(t, env.get(x) as bigint);
          return wrap(t, (a << k) | (a >> (BigInt(bits) - k)));
        });
        return;
      }
      default: {
        if (bits < 16) return;
        this.node(b, t, `Bswap${bits} ${x}`, (env) => {
          const h = unsignedOf(t, env.get(x) as bigint)
            .toString(16)
            .padStart(bits / 4, '0');
          return wrap(t, BigInt(`0x${h.match(/../g)?.reverse().join('')}`));
        });
      }
    }
  }

  compare(b: BlockCode): void {
    if (this.r.below(4) === 0) {
      const x = this.need(b, 'float64');
      const y = this.need(b, 'float64');
      const op = this.pick(['Eq', 'Neq', 'Less', 'Leq']);
      this.node(b, 'bool', `${op}64F ${x} ${y}`, (env) => relation(op, env.get(x) as number, env.get(y) as number));
      return;
    }
    const t = this.pick(intTypes);
    const x = this.need(b, t);
    const y = this.need(b, t);
    const op = this.pick(['Eq', 'Neq', 'Less', 'Leq']);
    const u = isSigned(t) || op === 'Eq' || op === 'Neq' ? '' : 'U';
    this.node(b, 'bool', `${op}${bitsOf[t]}${u} ${x} ${y}`, (env) =>
      relation(op, env.get(x) as bigint, env.get(y) as bigint),
    );
  }

  float(b: BlockCode): void {
    const x = this.need(b, 'float64');
    const y = this.need(b, 'float64');
    const num = (env: Env, n: string): number => env.get(n) as number;
    switch (this.r.below(9)) {
      case 0:
        this.node(b, 'float64', `Add64F ${x} ${y}`, (env) => num(env, x) + num(env, y));
        return;
      case 1:
        this.node(b, 'float64', `Sub64F ${x} ${y}`, (env) => num(env, x) - num(env, y));
        return;
      case 2:
        this.node(b, 'float64', `Mul64F ${x} ${y}`, (env) => num(env, x) * num(env, y));
        return;
      case 3:
        this.node(b, 'float64', `Div64F ${x} ${y}`, (env) => num(env, x) / num(env, y));
        return;
      case 4:
        this.node(b, 'float64', `Neg64F ${x}`, (env) => -num(env, x));
        return;
      case 5:
        this.node(b, 'float64', `Min64F ${x} ${y}`, (env) => Math.min(num(env, x), num(env, y)));
        return;
      case 6:
        this.node(b, 'float64', `Max64F ${x} ${y}`, (env) => Math.max(num(env, x), num(env, y)));
        return;
      case 7: {
        const i = this.need(b, 'int64');
        this.node(b, 'float64', `Cvt64to64F ${i}`, (env) => Number(env.get(i) as bigint));
        return;
      }
      default: {
        const i = this.need(b, 'uint64');
        this.node(b, 'float64', `Cvt64Uto64F ${i}`, (env) => Number(env.get(i) as bigint));
      }
    }
  }

  call(b: BlockCode): void {
    const x = this.need(b, 'int64');
    const y = this.need(b, 'float64');
    const name = this.fresh();
    const args = `${x} ${y} ${this.mem}`;
    b.nodes.push({
      name,
      type: '',
      text: `${name} = StaticCall {main.mix<ABIInternal> func(int64, float64) (int64, float64)} ${args} : (int64, float64, mem)`,
      eval: () => 0n,
    });
    this.node(b, 'int64', `SelectN ${name}`, (env) => wrap('int64', (env.get(x) as bigint) * 31n + 7n));
    this.node(b, 'float64', `SelectN [1] ${name}`, (env) => (env.get(y) as number) * 0.5 + 1);
    this.mem = this.node(b, 'mem', `SelectN [2] ${name}`, () => 0n);
    this.scope.pop();
  }

  /** A pointer into one of the areas, at a constant or computed place, with room for size bytes; and where that is. */
  place(b: BlockCode, size: number): { ptr: string; at: (env: Env) => number } {
    const area = this.r.below(2);
    const base = this.pointers[area];
    const start = area * areaSize;
    const k = this.r.below(areaSize - 64 * 8 - 64 - size);
    const name = this.fresh();
    const offset = (ptr: string, n: number): string => {
      const v = this.fresh();
      b.nodes.push({ name: v, type: '', text: `${v} = OffPtr [${n}] ${ptr} : *uint8`, eval: () => 0n });
      return v;
    };
    if (this.r.below(2) === 0) return { ptr: offset(base, k), at: () => start + k };
    // base + (x & 63) * scale + k
    const x = this.need(b, 'int64');
    const mask = this.node(b, 'int64', 'Const64 [63]', () => 63n);
    const index = this.node(b, 'int64', `And64 ${x} ${mask}`, (env) => (env.get(x) as bigint) & 63n);
    const scale = this.pick([1, 2, 4, 8]);
    const by = this.node(b, 'int64', `Const64 [${scale}]`, () => BigInt(scale));
    const scaled =
      scale === 1
        ? index
        : this.node(b, 'int64', `Mul64 ${index} ${by}`, (env) => (env.get(index) as bigint) * BigInt(scale));
    b.nodes.push({ name, type: '', text: `${name} = AddPtr ${base} ${scaled} : *uint8`, eval: () => 0n });
    return { ptr: offset(name, k), at: (env) => start + k + Number(env.get(scaled) as bigint) };
  }

  setMem(b: BlockCode, text: string, run: (env: Env) => void): void {
    this.mem = this.node(b, 'mem', text, (env) => {
      run(env);
      return 0n;
    });
    this.scope.pop();
  }

  access(b: BlockCode): void {
    const t = this.pick([...intTypes, 'float64', 'bool']);
    const size = t === 'bool' ? 1 : t === 'float64' ? 8 : bitsOf[t] / 8;
    const { ptr, at } = this.place(b, size);
    const read = (env: Env): Scalar => {
      if (t === 'float64') return this.view.getFloat64(at(env), true);
      if (t === 'bool') return this.view.getUint8(at(env)) !== 0;
      let n = 0n;
      for (let i = size - 1; i >= 0; i--) n = (n << 8n) | BigInt(this.memory[at(env) + i]);
      return wrap(t, n);
    };
    const write = (env: Env, x: Scalar): void => {
      if (t === 'float64') this.view.setFloat64(at(env), x as number, true);
      else if (t === 'bool') this.view.setUint8(at(env), x === true ? 1 : 0);
      else
        for (let i = 0; i < size; i++)
          this.memory[at(env) + i] = Number((unsignedOf(t, x as bigint) >> BigInt(8 * i)) & 255n);
    };
    const k = this.r.below(5);
    if (k === 0 && t !== 'bool' && t !== 'float64') {
      const old = this.node(b, t, `Load ${ptr} ${this.mem}`, read);
      const y = this.need(b, t);
      const op = this.pick(['Add', 'Sub', 'And', 'Or', 'Xor']);
      const f = (a: bigint, c: bigint): bigint =>
        op === 'Add' ? a + c : op === 'Sub' ? a - c : op === 'And' ? a & c : op === 'Or' ? a | c : a ^ c;
      const x = this.node(b, t, `${op}${bitsOf[t]} ${old} ${y}`, (env) =>
        wrap(t, f(env.get(old) as bigint, env.get(y) as bigint)),
      );
      this.setMem(b, `Store {${t}} ${ptr} ${x} ${this.mem}`, (env) => write(env, env.get(x) ?? 0n));
      return;
    }
    // A bool is read only where one was written.
    if (k === 1 && t !== 'bool' && t !== 'float64') {
      this.node(b, t, `Load ${ptr} ${this.mem}`, read);
      return;
    }
    // The bits of a NaN are not the same everywhere.
    const x = t === 'float64' ? this.constant(b, t) : this.need(b, t);
    this.setMem(b, `Store {${t}} ${ptr} ${x} ${this.mem}`, (env) => write(env, env.get(x) ?? 0n));
  }

  block2(b: BlockCode): void {
    const size = this.pick([this.r.below(40), this.r.below(40), this.r.below(300), this.r.below(areaSize / 2 - 100)]);
    const from = this.r.below(2);
    const half = areaSize / 2;
    const k = this.r.below(half - size);
    const j = half + this.r.below(half - size);
    const offset = (ptr: string, n: number): string => {
      const v = this.fresh();
      b.nodes.push({ name: v, type: '', text: `${v} = OffPtr [${n}] ${ptr} : *uint8`, eval: () => 0n });
      return v;
    };
    const dst = offset(this.pointers[from], j);
    const to = from * areaSize + j;
    if (this.r.below(3) === 0) {
      this.setMem(b, `Zero [${size}] {[${size}]uint8} ${dst} ${this.mem}`, () => this.memory.fill(0, to, to + size));
      return;
    }
    const other = this.r.below(2);
    const src = offset(this.pointers[other], k);
    const source = other * areaSize + k;
    this.setMem(b, `Move [${size}] {[${size}]uint8} ${dst} ${src} ${this.mem}`, () =>
      this.memory.copyWithin(to, source, source + size),
    );
  }

  fill(b: BlockCode, n: number): void {
    for (let i = 0; i < n; i++) {
      const k = this.r.below(24);
      if (k === 20 || k === 21 || k === 22) this.access(b);
      else if (k === 23) this.block2(b);
      else if (k < 13) this.int(b);
      else if (k < 17) this.float(b);
      else if (k < 19) this.compare(b);
      else this.call(b);
    }
  }

  /** Straight code, then a diamond or a loop, again and again. */
  body(b: BlockCode, depth: number): BlockCode {
    this.fill(b, 3 + this.r.below(12));
    let at = b;
    const parts = 1 + this.r.below(depth > 0 ? 3 : 1);
    for (let i = 0; i < parts; i++) {
      const k = depth > 0 ? this.r.below(3) : 2;
      if (k === 0) at = this.diamond(at, depth - 1);
      else if (k === 1) at = this.loop(at, depth - 1);
      this.fill(at, this.r.below(8));
    }
    return at;
  }

  diamond(b: BlockCode, depth: number): BlockCode {
    const c = this.need(b, 'bool');
    const saved = this.scope.slice();
    const mem = this.mem;
    const yes = this.block();
    const yesEnd = this.body(yes, depth);
    const yesScope = this.scope;
    const yesMem = this.mem;
    this.scope = saved.slice();
    this.mem = mem;
    const no = this.block();
    const noEnd = this.body(no, depth);
    const noScope = this.scope;
    const noMem = this.mem;
    const join = this.block();
    b.end = `If ${c} -> ${yes.name} ${no.name}${this.pick(['', ' likely', ' unlikely'])}`;
    b.next = (env) => (env.get(c) === true ? yes.name : no.name);
    yes.preds = [b.name];
    no.preds = [b.name];
    yesEnd.end = `Plain -> ${join.name}`;
    yesEnd.next = () => join.name;
    noEnd.end = `Plain -> ${join.name}`;
    noEnd.next = () => join.name;
    join.preds = [yesEnd.name, noEnd.name];
    this.scope = saved;
    this.mem = mem;
    for (let i = 0; i < 1 + this.r.below(8); i++) {
      const one = this.pick(yesScope);
      const others = noScope.filter((s) => s.type === one.type);
      if (others.length === 0) continue;
      this.phi(join, one.type, [one.name, this.pick(others).name]);
    }
    this.mem = this.phi(join, 'mem', [yesMem, noMem]);
    this.scope.pop();
    return join;
  }

  phi(b: BlockCode, type: string, args: string[]): string {
    const name = this.fresh();
    b.phis.push({ name, type, args: new Map(b.preds.map((p, i) => [p, args[i]])) });
    this.scope.push({ name, type });
    return name;
  }

  loop(b: BlockCode, depth: number): BlockCode {
    const zero = this.node(b, 'int64', 'Const64 [0]', () => 0n);
    const limit = BigInt(1 + this.r.below(5));
    const n = this.node(b, 'int64', `Const64 [${limit}]`, () => limit);
    const one = this.node(b, 'int64', 'Const64 [1]', () => 1n);
    const initial = [...Array(1 + this.r.below(6))].map(() => this.pick(this.scope.filter((s) => s.type !== 'mem')));
    const head = this.block();
    b.end = `Plain -> ${head.name}`;
    b.next = () => head.name;
    head.preds = [b.name];
    const startMem = this.mem;
    const i = this.phi(head, 'int64', [zero]);
    const carried = initial.map((s) => this.phi(head, s.type, [s.name]));
    this.mem = this.phi(head, 'mem', [startMem]);
    this.scope.pop();
    const headMem = this.mem;
    const c = this.node(head, 'bool', `Less64 ${i} ${n}`, (env) => (env.get(i) as bigint) < (env.get(n) as bigint));
    const after = this.scope.slice();
    const body = this.block();
    body.preds = [head.name];
    const end = this.body(body, depth);
    const next = this.node(end, 'int64', `Add64 ${i} ${one}`, (env) => (env.get(i) as bigint) + 1n);
    const back = (name: string, value: string): void => {
      head.phis.find((p) => p.name === name)?.args.set(end.name, value);
    };
    back(i, next);
    back(headMem, this.mem);
    carried.forEach((name, k) => {
      back(name, this.of(initial[k].type) ?? name);
    });
    head.preds.push(end.name);
    end.end = `Plain -> ${head.name}`;
    end.next = () => head.name;
    const out = this.block();
    out.preds = [head.name];
    head.end = `If ${c} -> ${body.name} ${out.name}`;
    head.next = (env) => (env.get(c) === true ? body.name : out.name);
    this.scope = after;
    this.mem = headMem;
    return out;
  }
}

function relation<T extends bigint | number>(op: string, a: T, b: T): boolean {
  switch (op) {
    case 'Eq':
      return a === b;
    case 'Neq':
      return a !== b;
    case 'Less':
      return a < b;
    default:
      return a <= b;
  }
}

const paramChoices = [...intTypes, 'float64', 'bool', 'int64', 'float64'];

export function randomFunc(seed: number, name: string): RandomFunc {
  const g = new Generator(seed, name);
  const params = [...Array(1 + g.r.below(12))].map(() => g.pick(paramChoices));
  const entry = g.block();
  const args = params.map((t, i) => {
    const v = g.fresh();
    entry.nodes.push({
      name: v,
      type: t,
      text: `${v} = Arg {p${i}#${i}} : ${t}`,
      eval: (env) => env.get(`p${i}`) ?? 0n,
    });
    g.scope.push({ name: v, type: t });
    return v;
  });
  void args;
  entry.nodes.push({
    name: 'v90001',
    type: '',
    text: `v90001 = Arg {buf#${params.length}} : *[${areaSize}]uint8`,
    eval: () => 0n,
  });
  entry.nodes.push({ name: 'v90002', type: '', text: 'v90002 = SP : uintptr', eval: () => 0n });
  entry.nodes.push({ name: 'v90003', type: '', text: 'v90003 = VarDef {local#99} v0 : mem', eval: () => 0n });
  entry.nodes.push({
    name: 'v90004',
    type: '',
    text: `v90004 = LocalAddr {local#99} v90002 v90003 : *[${areaSize}]uint8`,
    eval: () => 0n,
  });
  entry.nodes.push({
    name: 'v90005',
    type: '',
    text: `v90005 = Zero [${areaSize}] {[${areaSize}]uint8} v90004 v90003 : mem`,
    eval: () => 0n,
  });
  g.mem = 'v90005';
  g.pointers = ['v90001', 'v90004'];
  const last = g.body(entry, 2);
  const results = [...Array(1 + g.r.below(8))].map(() => g.pick(paramChoices));
  const out = results.map((t) => g.need(last, t));
  const made = g.fresh();
  last.end = `Ret ${made}`;
  const text: string[] = [
    `func main.${name}<ABIInternal> func(${[...params, `*[${areaSize}]uint8`].join(', ')}) (${results.join(', ')}) {`,
  ];
  params.forEach((t, i) => void text.push(`param p${i}#${i} ${t}`));
  text.push(`param buf#${params.length} *[${areaSize}]uint8`);
  results.forEach((t, i) => void text.push(`result r${i}#${params.length + 1 + i} ${t}`));
  text.push(`local local#99 [${areaSize}]uint8`);
  for (const b of g.blocks) {
    text.push(`${b.name}:${b.preds.length > 0 ? ` <- ${b.preds.join(' ')}` : ''}`);
    if (b === entry) text.push('  v0 = InitMem : mem');
    for (const p of b.phis) text.push(`  ${p.name} = Phi ${b.preds.map((x) => p.args.get(x)).join(' ')} : ${p.type}`);
    for (const n of b.nodes) text.push(`  ${n.text}`);
    if (b === last) text.push(`  ${made} = MakeResult ${out.join(' ')} ${g.mem} : (${results.join(', ')}, mem)`);
    text.push(`  ${b.end}`);
  }
  text.push('}');
  const cases = [...Array(4)].map(() => runCase(g, params, out, results));
  return { name, text: `${text.join('\n')}\n`, params, results, cases };
}

function runCase(
  g: Generator,
  params: string[],
  out: string[],
  results: string[],
): { args: string[]; expected: string } {
  const env: Env = new Map();
  const args = params.map((t, i) => {
    let x: Scalar;
    if (t === 'float64') x = g.pick([0, 1.5, -2.25, 1e6, 3]);
    else if (t === 'bool') x = g.r.below(2) === 1;
    else x = wrap(t, g.pick([BigInt(g.r.next()) << 31n, BigInt(g.r.below(200)) - 100n, 0n, -1n]));
    env.set(`p${i}`, x);
    return t === 'bool' ? String(x) : `${t}(${x})`;
  });
  g.memory.fill(0);
  for (let i = 0; i < areaSize; i++) g.memory[i] = (i * 7) & 255;
  const byName = new Map(g.blocks.map((b) => [b.name, b]));
  let from = '';
  for (let b = g.blocks[0], steps = 0; steps < 100000; steps++) {
    const phis = b.phis.map((p) => env.get(p.args.get(from) ?? '') ?? 0n);
    b.phis.forEach((p, i) => void env.set(p.name, phis[i]));
    for (const n of b.nodes) env.set(n.name, n.eval(env));
    from = b.name;
    const next = b.next(env);
    if (next === null) break;
    b = byName.get(next) ?? b;
  }
  let sum = 0;
  for (let i = 0; i < areaSize; i++) sum = (Math.imul(sum, 31) + g.memory[i]) >>> 0;
  return { args, expected: `${out.map((v, i) => show(results[i], env.get(v) ?? 0n)).join(' ')} ${sum}` };
}

/** As the Go program prints it: floats by their bits, NaN as one. */
function show(t: string, x: Scalar): string {
  if (t !== 'float64') return String(x);
  if (Number.isNaN(x as number)) return 'NaN';
  const d = new DataView(new ArrayBuffer(8));
  d.setFloat64(0, x as number);
  return d.getBigUint64(0).toString(16);
}

/** A Go program that calls the functions and prints their results, one line a call. */
export function goProgram(funcs: readonly RandomFunc[]): string {
  const out = ['package main', 'import ("fmt"; "math"; "os"; "bufio")', 'var w = bufio.NewWriter(os.Stdout)'];
  out.push(
    '//go:noinline',
    'func mix(x int64, y float64) (int64, float64) { if x == 12345 { fmt.Fprintln(os.Stderr, x) }; clobber(1,2,3,4,5,6,7,8,9); return x*31 + 7, y*0.5 + 1 }',
  );
  out.push('//go:noinline', 'func clobber(a, b, c, d, e, f, g, h, i int) int { return a*b+c*d+e*f+g*h+i }');
  out.push(
    `var buf [${areaSize}]uint8\nfunc fill() *[${areaSize}]uint8 { for i := range buf { buf[i] = uint8(i*7) }; return &buf }\nfunc sum() uint32 { var s uint32; for _, b := range buf { s = s*31 + uint32(b) }; return s }\nfunc show(xs ...any) { for i, x := range xs { if i > 0 { w.WriteByte(32) }; if f, ok := x.(float64); ok { if math.IsNaN(f) { w.WriteString("NaN") } else { fmt.Fprintf(w, "%x", math.Float64bits(f)) } } else { fmt.Fprint(w, x) } }; w.WriteByte(10) }`,
  );
  for (const f of funcs) {
    out.push(
      `func ${f.name}(${f.params.map((t, i) => `p${i} ${t}, `).join('')}buf *[${areaSize}]uint8) (${f.results.join(', ')})`,
    );
    out.push(`func call_${f.name}() {`);
    for (const c of f.cases) {
      const rs = f.results.map((_, i) => `r${i}`).join(', ');
      out.push(`{ ${rs} := ${f.name}(${[...c.args, 'fill()'].join(', ')}); show(${rs}, sum()) }`);
    }
    out.push('}');
  }
  out.push('func main() {', ...funcs.map((f) => `call_${f.name}()`), 'w.Flush() }');
  return `${out.join('\n')}\n`;
}
