/** Makes a Go program from a seed: functions over integers of all sizes, floats, strings, slices, maps, structs, closures, generics, defers. */

/** Marsaglia's xorshift of 32 bits. */
class Random {
  private state: number;

  constructor(seed: number) {
    this.state = (Math.imul(seed, 2654435761) ^ 0x9e3779b9) >>> 0 || 1;
    for (let i = 0; i < 8; i++) this.next();
  }

  next(): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x >>> 0;
    return this.state;
  }

  below(n: number): number {
    return this.next() % n;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }
}

const signed = ['int8', 'int16', 'int32', 'int64', 'int'];
const unsigned = ['uint8', 'uint16', 'uint32', 'uint64', 'uint', 'uintptr'];
const integers = [...signed, ...unsigned];
const scalars = [...integers, 'float32', 'float64', 'bool', 'string', 'complex128'];
const composites = ['[]int', '[]byte', '[3]int16', 'map[string]int', 'map[int32]string', 'S', '*S', 'any', 'Shape'];

const widths: Readonly<Record<string, number>> = {
  int8: 8,
  uint8: 8,
  int16: 16,
  uint16: 16,
  int32: 32,
  uint32: 32,
};

interface Local {
  readonly name: string;
  readonly type: string;
}

interface Signature {
  readonly name: string;
  readonly params: readonly string[];
  readonly result: string;
}

class Generator {
  readonly r: Random;
  readonly out: string[];
  readonly functions: Signature[];
  locals: Local[];
  indent: number;
  counter: number;
  /** Loops around what is being written. */
  loops: number;

  constructor(seed: number) {
    this.r = new Random(seed);
    this.out = [];
    this.functions = [];
    this.locals = [];
    this.indent = 0;
    this.counter = 0;
    this.loops = 0;
  }
}

function line(g: Generator, text: string): void {
  g.out.push('\t'.repeat(g.indent) + text);
}

function fresh(g: Generator, prefix: string): string {
  return `${prefix}${g.counter++}`;
}

function literal(g: Generator, t: string): string {
  const { r } = g;
  if (t === 'bool') return r.pick(['true', 'false']);
  if (t === 'string')
    return r.pick(['""', '"a"', '"hello"', '"größe"', '"\\x00\\xff"', '"longer text, of more words"']);
  if (t === 'float32' || t === 'float64') return `${t}(${r.pick(['0', '1', '-1', '0.5', '1e10', '-3.25', '1e-3'])})`;
  if (t === 'complex128') return `complex(${r.below(9)}, ${r.below(9)})`;
  const width = widths[t] ?? 64;
  const isSigned = t.startsWith('int');
  const kind = r.below(5);
  if (kind === 0) return `${t}(${r.below(4)})`;
  if (kind === 1) return isSigned ? `${t}(-${1 + r.below(9)})` : `${t}(${r.below(100)})`;
  if (kind === 2) return isSigned ? `${t}(1<<${width - 1} - 1)` : `${t}(1<<${width} - 1)`;
  if (kind === 3) return isSigned ? `${t}(-1 << ${width - 1})` : `${t}(1 << ${width - 1})`;
  return `${t}(${r.below(width === 8 ? 100 : 30000)})`;
}

/** A value that the compiler's constant arithmetic does not see, so that it does not refuse overflows. */
function hidden(g: Generator, t: string): string {
  return t === 'bool' || t === 'string' ? literal(g, t) : `id(${literal(g, t)})`;
}

function variable(g: Generator, t: string): string | null {
  const list = g.locals.filter((l) => l.type === t);
  return list.length === 0 ? null : g.r.pick(list).name;
}

/** An expression of type t without effects, unless `calls`. */
function expr(g: Generator, t: string, depth: number, calls = false): string {
  const { r } = g;
  if (calls && r.chance(25)) {
    const f = g.functions.filter((s) => s.result === t);
    if (f.length > 0) {
      const s = r.pick(f);
      return `${s.name}(${s.params.map((p) => expr(g, p, depth - 1)).join(', ')})`;
    }
  }
  const v = variable(g, t);
  if (depth <= 0 || (v !== null && r.chance(25))) return v !== null && r.chance(75) ? v : leaf(g, t);
  const sub = (u: string): string => expr(g, u, depth - 1);
  if (integers.includes(t)) return integer(g, t, sub);
  switch (t) {
    case 'float32':
    case 'float64': {
      const k = r.below(4);
      if (k === 0) return `${t}(${sub(r.pick(integers))})`;
      if (k === 1) return `float(${sub(t)}, ${sub(t)})`.replace('float(', `add${t}(`);
      return `(${sub(t)} ${r.pick(['+', '-', '*', '/'])} ${sub(t)})`;
    }
    case 'complex128':
      return r.chance(40)
        ? `complex(${sub('float64')}, ${sub('float64')})`
        : `(${sub(t)} ${r.pick(['+', '-', '*'])} ${sub(t)})`;
    case 'bool':
      return boolean(g, sub);
    case 'string':
      return text(g, sub);
    default:
      return composite(g, t, sub);
  }
}

function leaf(g: Generator, t: string): string {
  if (scalars.includes(t)) return hidden(g, t);
  return composite(g, t, (u) => leaf(g, u));
}

function integer(g: Generator, t: string, sub: (u: string) => string): string {
  const { r } = g;
  switch (r.below(16)) {
    case 14:
    case 15:
      return `(${sub(t)} ${r.pick(['+', '-', '*', '&', '|', '^', '&^'])} ${literal(g, t)})`;
    case 0:
      return `${t}(${sub(r.pick(integers))})`;
    case 1:
      return `(${sub(t)} / (${sub(t)} | 1))`;
    case 2:
      return `(${sub(t)} % (${sub(t)} | 1))`;
    case 3:
      return `(${sub(t)} / ${t}(${r.pick(['3', '7', '10', '16', '100', '127'])}))`;
    case 4:
      return `(${sub(t)} % ${t}(${r.pick(['3', '7', '10', '16', '100', '127'])}))`;
    case 5:
      return `(${sub(t)} ${r.pick(['<<', '>>'])} (${sub(r.pick(unsigned))} & ${r.pick(['7', '31', '63', '127'])}))`;
    case 6:
      return `(${sub(t)} ${r.pick(['<<', '>>'])} ${r.below(70)})`;
    case 7:
      return `${r.pick(['-', '^'])}(${sub(t)})`;
    case 8:
      return `${r.pick(['min', 'max'])}(${sub(t)}, ${sub(t)})`;
    case 9:
      return t === 'int'
        ? r.pick([`len(${sub('string')})`, `len(${sub('[]int')})`, `at(${sub('[]int')}, ${sub('int')})`])
        : `pick(${sub('bool')}, ${sub(t)}, ${sub(t)})`;
    case 10:
      return t === 'int'
        ? r.pick([
            `bits.TrailingZeros64(${sub('uint64')})`,
            `bits.Len32(${sub('uint32')})`,
            `bits.OnesCount16(${sub('uint16')})`,
          ])
        : t === 'uint32'
          ? `bits.RotateLeft32(${sub(t)}, ${sub('int')})`
          : t === 'uint64'
            ? `bits.ReverseBytes64(${sub(t)})`
            : `(${sub(t)} &^ ${sub(t)})`;
    default:
      return `(${sub(t)} ${r.pick(['+', '-', '*', '&', '|', '^', '&^'])} ${sub(t)})`;
  }
}

function boolean(g: Generator, sub: (u: string) => string): string {
  const { r } = g;
  switch (r.below(5)) {
    case 0:
      return `(${sub('bool')} ${r.pick(['&&', '||', '==', '!='])} ${sub('bool')})`;
    case 1:
      return `!${sub('bool')}`;
    case 2: {
      const t = r.pick(['complex128', 'bool', '[3]int16', 'S', 'any', 'Shape']);
      return `(${t === 'S' ? `(${sub(t)})` : sub(t)} ${r.pick(['==', '!='])} ${t === 'S' || t === '[3]int16' ? `(${sub(t)})` : sub(t)})`;
    }
    default: {
      const t = r.pick([...integers, 'float64', 'float32', 'string']);
      return `(${sub(t)} ${r.pick(['<', '<=', '>', '>=', '==', '!='])} ${sub(t)})`;
    }
  }
}

function text(g: Generator, sub: (u: string) => string): string {
  const { r } = g;
  switch (r.below(6)) {
    case 0:
      return `string(${sub('[]byte')})`;
    case 1:
      return `cut(${sub('string')}, ${sub('int')}, ${sub('int')})`;
    case 2:
      return `string(rune(${sub('uint16')}))`;
    case 3:
      return `fmt.Sprint(${sub(r.pick(scalars))})`;
    case 4:
      return `pick(${sub('bool')}, ${sub('string')}, ${sub('string')})`;
    default:
      return `short(${sub('string')} + ${sub('string')})`;
  }
}

function composite(g: Generator, t: string, sub: (u: string) => string): string {
  const { r } = g;
  switch (t) {
    case '[]int':
      return r.pick([
        () => `[]int{${sub('int')}, ${sub('int')}}`,
        () => `append([]int{${sub('int')}}, ${sub('int')}, ${sub('int')})`,
        () =>
          `mapped([]int{${sub('int')}, ${sub('int')}}, func(x int) int { return x ${r.pick(['+', '*', '^'])} ${sub('int')} })`,
        () => `make([]int, ${sub('uint8')}&7)`,
      ])();
    case '[]byte':
      return r.pick([() => `[]byte(${sub('string')})`, () => `[]byte{${sub('uint8')}, ${sub('uint8')}}`])();
    case '[3]int16':
      return `[3]int16{${sub('int16')}, ${sub('int16')}, ${sub('int16')}}`;
    case 'map[string]int':
      return `map[string]int{"k": ${sub('int')}, "l": ${sub('int')}}`;
    case 'map[int32]string':
      return `map[int32]string{1: ${sub('string')}, -5: ${sub('string')}}`;
    case 'S':
      return `S{${sub('int8')}, ${sub('uint64')}, ${sub('string')}, ${sub('float32')}, [2]uint16{${sub('uint16')}, ${sub('uint16')}}}`;
    case '*S':
      return `&S{a: ${sub('int8')}, c: ${sub('string')}}`;
    case 'Shape':
      return r.pick([
        () => `Shape(Square(${sub('int32')}))`,
        () => `Shape(&Rect{${sub('int16')}, ${sub('int16')}}).Grow(${sub('int')})`,
      ])();
    default:
      return `any(${sub(r.pick(['int', 'uint8', 'string', 'float64', 'S', 'bool']))})`;
  }
}

function block(g: Generator, statements: number, depth: number): void {
  const locals = g.locals.slice();
  g.indent++;
  for (let i = 0; i < statements; i++) statement(g, depth);
  g.indent--;
  g.locals = locals;
}

function declare(g: Generator, t: string): void {
  const name = fresh(g, 'v');
  line(g, `var ${name} ${t} = ${expr(g, t, 3, true)}`);
  line(g, `_ = ${name}`);
  g.locals.push({ name, type: t });
}

function anyType(g: Generator): string {
  return g.r.chance(70) ? g.r.pick(scalars) : g.r.pick(composites);
}

/** Variables that may be assigned to. */
function assignable(g: Generator): Local | null {
  const list = g.locals.filter((l) => !l.name.startsWith('i'));
  return list.length === 0 ? null : g.r.pick(list);
}

function statement(g: Generator, depth: number): void {
  const { r } = g;
  const v = assignable(g);
  const kind = r.below(depth > 0 ? 16 : 8);
  if (v === null || kind < 2) {
    declare(g, anyType(g));
    return;
  }
  if (kind < 4) {
    line(g, `${v.name} = ${expr(g, v.type, 3, true)}`);
    return;
  }
  switch (kind) {
    case 4:
      mutate(g, v);
      return;
    case 5: {
      const w = g.locals.filter((l) => l.type === v.type && l.name !== v.name && !l.name.startsWith('i'));
      if (w.length > 0) line(g, `${v.name}, ${w[0].name} = ${w[0].name}, ${expr(g, v.type, 2)}`);
      return;
    }
    case 6:
      line(g, `show(${r.below(1000)}, ${v.name})`);
      return;
    case 7: {
      const t = r.pick(scalars);
      const name = fresh(g, 'v');
      const x = fresh(g, 'x');
      line(
        g,
        `${name} := func(${x} ${t}) ${t} { ${v.name} = ${expr(g, v.type, 1)}; return ${expr({ ...g, locals: [...g.locals, { name: x, type: t }] } as Generator, t, 2)} }(${expr(g, t, 1)})`,
      );
      line(g, `_ = ${name}`);
      g.locals.push({ name, type: t });
      return;
    }
    case 8:
    case 9:
      line(g, `if ${expr(g, 'bool', 3)} {`);
      block(g, 1 + r.below(3), depth - 1);
      if (r.chance(50)) {
        line(g, '} else {');
        block(g, 1 + r.below(2), depth - 1);
      }
      line(g, '}');
      return;
    case 10:
    case 11:
      loop(g, depth);
      return;
    case 12: {
      const t = r.pick(['int', 'uint8', 'string', 'int16']);
      line(g, `switch ${expr(g, t, 2)} {`);
      const cases = t === 'string' ? ['"a"', '"hello"', '""', '"größe"'] : ['0', '1', '7', '100', '2', '3'];
      for (const c of cases.slice(0, 2 + r.below(cases.length - 1))) {
        line(g, `case ${c}:`);
        block(g, 1, depth - 1);
      }
      line(g, 'default:');
      block(g, 1, depth - 1);
      line(g, '}');
      return;
    }
    case 13: {
      line(g, `switch y := ${expr(g, 'any', 2)}.(type) {`);
      line(g, 'case int:');
      line(g, `\tshow(${r.below(99)}, y+1)`);
      line(g, 'case string, float64:');
      line(g, `\tshow(${r.below(99)}, y)`);
      line(g, 'case fmt.Stringer:');
      line(g, '\tshow(0, y.String())');
      line(g, 'default:');
      line(g, '\t_ = y');
      line(g, '}');
      return;
    }
    case 14:
      protectedBlock(g, depth);
      return;
    default: {
      const t = r.pick(['int', 'uint16', 'string']);
      const x = fresh(g, 'i');
      line(g, `for ${x} := range ${r.chance(50) ? 'seq' : 'seq2'}(${r.below(5)}, ${expr(g, t, 1)}) {`);
      g.locals.push({ name: x, type: t });
      g.indent++;
      line(g, `if ${x} == ${expr(g, t, 1)} { ${r.pick(['break', 'continue'])} }`);
      g.indent--;
      block(g, 1, depth - 1);
      g.locals.pop();
      line(g, '}');
    }
  }
}

function mutate(g: Generator, v: Local): void {
  const { r } = g;
  if (integers.includes(v.type)) {
    line(
      g,
      r.chance(30) ? `${v.name}++` : `${v.name} ${r.pick(['+=', '-=', '*=', '^=', '|=', '&^='])} ${expr(g, v.type, 2)}`,
    );
    return;
  }
  switch (v.type) {
    case '[]int':
      line(g, `if len(${v.name}) > 1 { ${v.name}[1] ${r.pick(['=', '+='])} ${expr(g, 'int', 2)} }`);
      return;
    case '[3]int16':
      line(g, `${v.name}[(${expr(g, 'uint', 1)})%3] = ${expr(g, 'int16', 2)}`);
      return;
    case 'map[string]int':
      line(g, `${v.name}[${expr(g, 'string', 1)}] ${r.pick(['=', '+='])} ${expr(g, 'int', 2)}`);
      return;
    case 'map[int32]string':
      line(g, `delete(${v.name}, ${expr(g, 'int32', 1)})`);
      return;
    case 'S':
    case '*S':
      line(
        g,
        r.pick([
          () => `${v.name}.e[1] = ${expr(g, 'uint16', 2)}`,
          () => `${v.name}.a, ${v.name}.b = ${expr(g, 'int8', 2)}, ${expr(g, 'uint64', 2)}`,
          () => `${v.name}.bump(${expr(g, 'int', 1)})`,
        ])(),
      );
      return;
    case 'string':
      line(g, `${v.name} = short(${v.name} + ${expr(g, 'string', 1)})`);
      return;
    default:
      line(g, `${v.name} = ${expr(g, v.type, 2)}`);
  }
}

function loop(g: Generator, depth: number): void {
  const { r } = g;
  if (g.loops >= 2) {
    line(g, `show(${r.below(99)}, ${expr(g, r.pick(scalars), 2)})`);
    return;
  }
  g.loops++;
  const i = fresh(g, 'i');
  const form = r.below(4);
  let type = 'int';
  if (form === 0) {
    type = r.pick(['int', 'uint8', 'int64', 'int16']);
    line(g, `for ${i} := ${type}(0); ${i} < ${1 + r.below(6)}; ${i}++ {`);
  } else if (form === 1) line(g, `for ${i} := range ${1 + r.below(6)} {`);
  else if (form === 2) line(g, `for ${i}, c := range ${expr(g, 'string', 1)} {\n_ = c`);
  else line(g, `for ${i}, c := range ${expr(g, '[]int', 2)} {\n_ = c`);
  g.locals.push({ name: i, type });
  g.indent++;
  line(g, `_ = ${i}`);
  if (r.chance(30)) line(g, `if ${expr(g, 'bool', 2)} { ${r.pick(['break', 'continue'])} }`);
  g.indent--;
  block(g, 1 + r.below(3), depth - 1);
  g.locals.pop();
  line(g, '}');
  g.loops--;
}

/** What may panic, in a function that recovers. */
function protectedBlock(g: Generator, depth: number): void {
  const { r } = g;
  line(g, 'func() {');
  g.indent++;
  line(g, 'defer func() {');
  line(g, `\tif e := recover(); e != nil { show(${r.below(99)}, fmt.Sprint(e)) }`);
  line(g, '}()');
  g.indent--;
  const outer = g.loops;
  g.loops = 1;
  block(g, 1 + r.below(2), depth - 1);
  g.loops = outer;
  g.indent++;
  const risky = [
    () => `show(1, ${expr(g, '[]int', 1)}[${expr(g, 'int', 1)}])`,
    () => `show(2, ${expr(g, 'int', 1)} / ${expr(g, 'int', 2)})`,
    () => `show(3, ${expr(g, 'any', 1)}.(${r.pick(['int', 'string', 'fmt.Stringer'])}))`,
    () => `show(4, ${expr(g, 'string', 1)}[${expr(g, 'int8', 1)}:])`,
    () => `show(5, make([]int, ${expr(g, 'int8', 1)}))`,
    () => `show(6, uint8(1) << ${expr(g, 'int8', 1)})`,
    () => `panic(${expr(g, 'string', 1)})`,
    () => `defer show(7, ${expr(g, 'int', 1)})`,
  ];
  line(g, r.pick(risky)());
  g.indent--;
  line(g, '}()');
}

function declareFunction(g: Generator): void {
  const { r } = g;
  const name = fresh(g, 'f');
  const params = Array.from({ length: 1 + r.below(6) }, () => anyType(g));
  const result = r.chance(80) ? r.pick(scalars) : r.pick(composites);
  g.locals = params.map((type, i) => ({ name: `p${i}`, type }));
  if (r.chance(50)) line(g, '//go:noinline');
  line(g, `func ${name}(${g.locals.map((l) => `${l.name} ${l.type}`).join(', ')}) (res ${result}) {`);
  if (r.chance(30)) {
    g.indent++;
    line(g, `defer func() { recover(); res = ${expr(g, result, 1)} }()`);
    g.indent--;
  }
  const locals = g.locals;
  g.indent++;
  const n = 2 + r.below(5);
  for (let i = 0; i < n; i++) statement(g, 2);
  line(g, `return ${expr(g, result, 3)}`);
  g.indent--;
  g.locals = locals;
  line(g, '}\n');
  g.functions.push({ name, params, result });
}

const prelude = `package main

import (
	"fmt"
	"iter"
	"math/bits"
)

var _ = bits.Len
var _ iter.Seq[int]

type S struct {
	a int8
	b uint64
	c string
	d float32
	e [2]uint16
}

func (s *S) bump(n int) { s.a += int8(n); s.b ^= uint64(n); s.e[0]-- }

func (s S) String() string { return fmt.Sprint(s.a, s.b, s.c) }

type Shape interface {
	Area() int
	Grow(int) Shape
}

type Square int32

func (s Square) Area() int        { return int(s) * int(s) }
func (s Square) Grow(n int) Shape { return s + Square(n) }

type Rect struct{ w, h int16 }

func (r *Rect) Area() int        { return int(r.w) * int(r.h) }
func (r *Rect) Grow(n int) Shape { return Square(int32(r.w) * int32(n)) }

type number interface {
	~int8 | ~int16 | ~int32 | ~int64 | ~int | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uint | ~uintptr | ~string
}

func pick[T number](c bool, x, y T) T {
	if c {
		return x
	}
	return y
}

func mapped[T, U any](list []T, f func(T) U) []U {
	var out []U
	for _, x := range list {
		out = append(out, f(x))
	}
	return out
}

func seq[T any](n int, x T) iter.Seq[T] {
	return func(yield func(T) bool) {
		for range n {
			if !yield(x) {
				return
			}
		}
	}
}

func seq2[T any](n int, x T) iter.Seq[T] {
	return func(yield func(T) bool) {
		defer func() { count++ }()
		for y := range seq(n, x) {
			if !yield(y) {
				return
			}
		}
	}
}

var count int

func at(list []int, i int) int {
	if len(list) == 0 {
		return i
	}
	return list[uint(i)%uint(len(list))]
}

func short(s string) string {
	if len(s) > 60 {
		return s[:30]
	}
	return s
}

func cut(s string, i, j int) string {
	n := uint(len(s)) + 1
	a, b := int(uint(i)%n), int(uint(j)%n)
	if a > b {
		a, b = b, a
	}
	return s[a:b]
}

func id[T any](x T) T { return x }

func addfloat32(x, y float32) float32 { return x + y }
func addfloat64(x, y float64) float64 { return x + y }

func show(n int, x any) {
	switch x := x.(type) {
	case *S:
		fmt.Println(n, "*S", *x)
	case *Rect:
		fmt.Println(n, "*Rect", *x)
	default:
		fmt.Printf("%d %T %v\\n", n, x, x)
	}
}
`;

export function randomProgram(seed: number): string {
  const g = new Generator(seed);
  const functions = 4 + g.r.below(5);
  for (let i = 0; i < functions; i++) declareFunction(g);
  g.locals = [];
  line(g, 'func main() {');
  g.indent++;
  for (const f of g.functions)
    for (let k = 0; k < 3; k++) line(g, `show(${k}, ${f.name}(${f.params.map((p) => expr(g, p, 1)).join(', ')}))`);
  for (let i = 0; i < 6; i++) statement(g, 3);
  for (const l of g.locals) line(g, `show(9, ${l.name})`);
  line(g, 'show(0, count)');
  g.indent--;
  line(g, '}');
  return `${prelude}\n${g.out.join('\n')}\n`;
}
