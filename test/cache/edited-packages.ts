/**
 * A module of packages that import one another, with places at which it can be edited: every value of every place gives a program that compiles. The
 * places are those where packages see something of others: types, constants, bodies that are inlined or instantiated, flows of parameters,
 * initialisation, positions.
 */

/** Numbers from a seed (mulberry32). */
export class Chance {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0;
  }

  below(n: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  }
}

/** What can be edited, and how many values each place has. */
const places = {
  comment: 5,
  lines: 3,
  sameLine: 3,
  constant: 4,
  field: 4,
  method: 3,
  embedded: 2,
  small: 5,
  pragma: 3,
  large: 5,
  leak: 4,
  generic: 4,
  genericType: 3,
  closure: 4,
  localType: 3,
  variable: 4,
  start: 3,
  helper: 4,
  table: 4,
  order: 2,
  shadow: 2,
  face: 3,
  late: 3,
  deep: 3,
  aside: 4,
} as const;

/** Comments that can change without moving anything. */
const silent: readonly Place[] = ['comment', 'sameLine', 'aside'];

type Place = keyof typeof places;
const names = Object.keys(places) as Place[];
type Values = Record<Place, number>;

export class EditedModule {
  private readonly chance: Chance;
  private readonly packages: Values[];
  private readonly imports: number[][];
  private main: number;

  constructor(seed: number, count: number) {
    this.chance = new Chance(seed);
    this.packages = [];
    this.imports = [];
    this.main = 0;
    for (let i = 0; i < count; i++) {
      const values = Object.fromEntries(names.map((n) => [n, this.chance.below(places[n])])) as Values;
      this.packages.push(values);
      const below = new Set<number>();
      if (i > 0) below.add(i - 1 - this.chance.below(Math.min(i, 2)));
      if (i > 1) below.add(this.chance.below(i));
      this.imports.push([...below].sort((a, b) => a - b));
    }
  }

  /** Makes one to three edits; tells them. */
  edit(): string {
    const told: string[] = [];
    for (let n = this.chance.below(4) === 0 ? 3 : 1; n > 0; n--) {
      if (this.chance.below(12) === 0) {
        this.main = this.chance.below(4);
        told.push(`main=${this.main}`);
        continue;
      }
      const i = this.chance.below(this.packages.length);
      const place = names[this.chance.below(names.length)];
      const value = (this.packages[i][place] + 1 + this.chance.below(places[place] - 1)) % places[place];
      this.packages[i][place] = value;
      told.push(`p${i} ${place}=${value}`);
    }
    return told.join(', ');
  }

  /** Changes nothing but comments, so that everything stays where it is. */
  editComments(): string {
    const told: string[] = [];
    this.packages.forEach((values, i) => {
      const place = silent[this.chance.below(silent.length)];
      // A comment that comes or goes may move lines.
      if (values[place] === 0 || this.chance.below(2) === 0) return;
      values[place] = (values[place] % (places[place] - 1)) + 1;
      told.push(`p${i} ${place}=${values[place]}`);
    });
    return `comments: ${told.join(', ')}`;
  }

  /** Keeps the values, so that they can come back. */
  snapshot(): string {
    return JSON.stringify([this.packages, this.main]);
  }

  restore(snapshot: string): void {
    const [packages, main] = JSON.parse(snapshot);
    this.packages.splice(0, this.packages.length, ...packages);
    this.main = main;
  }

  files(): Map<string, string> {
    const files = new Map([['go.mod', 'module edits\n\ngo 1.26\n']]);
    this.packages.forEach((v, i) => {
      files.set(`p${i}/a.go`, mainFile(v, i, this.imports[i]));
      files.set(`p${i}/b.go`, secondFile(v, i));
    });
    files.set('main.go', program(this.packages.length, this.main));
    return files;
  }
}

function mainFile(v: Values, i: number, imports: readonly number[]): string {
  const below = imports.map((n) => `p${n}`);
  const first = below[0] ?? '';
  const comment = v.comment === 0 ? '' : `// ${'comment '.repeat(v.comment)}\n`;
  const blank = '\n'.repeat(v.lines);
  const same = v.sameLine === 0 ? '' : ` // ${'x'.repeat(v.sameLine)}`;
  const fields = ['N int', 'S string', 'B byte', 'P *int'];
  const shown = [...fields.slice(v.field % 4), ...fields.slice(0, v.field % 4)];
  const embedded = first !== '' && v.embedded === 1 ? `\t${first}.Base\n` : '';
  const parts = [
    `type T struct {\n${embedded}${shown.map((f) => `\t${f}\n`).join('')}}\n`,
    `// Base is embedded elsewhere.\ntype Base struct{ X, Y int }\n\nfunc (b Base) Area() int { return b.X * (b.Y + ${v.method}) }\n${
      v.method > 0 ? `\nfunc (b *Base) Grow${i}(n int) { b.X += n }\n` : ''
    }`,
    `const C = ${i} + ${v.constant}${below.map((p) => ` + ${p}.C`).join('')}\n`,
    small(v, below),
    large(v, below),
    leak(v),
    generic(v),
    closure(v),
    localType(v),
    variables(v, first),
    deep(v, below),
    uses(first),
  ];
  if (v.order === 1) parts.reverse();
  return `package p${i}${same}

import (
	"fmt"
	"strings"
${below.map((p) => `\t"edits/${p}"\n`).join('')})
${blank}${comment}
var _ = strings.ToUpper
${below.map((p) => `\nvar _ = ${p}.C\n`).join('')}
${parts.join('\n')}
func Report() string {
	t := T{N: C, S: "p${i}", B: 3}
	t.P = Keep(&t.N)
	var s Shower = show(t.N)
	return fmt.Sprint(t.N, t.S, Small(4), Large(3), Sum([]int{1, 2, C}), Counter(2)(), Local(), Table["b"], V, len(W), s.Show(), Box[int]{C}.Get(), Deep(2), late, M, O, uses(C))${below
    .map((p) => ` + " " + ${p}.Report()`)
    .join('')}
}
`;
}

function small(v: Values, below: readonly string[]): string {
  const pragma = ['', '//go:noinline\n', '//go:nosplit\n'][v.pragma];
  const bodies = [
    '\treturn n*2 + 1',
    '\tif n > 3 {\n\t\treturn n\n\t}\n\treturn -n',
    '\tpanic("small")',
    '\treturn n / (n + C)',
    '\t// a comment inside\n\treturn n << 3',
  ];
  const body = v.small === 2 ? '\tif n < 0 {\n\t\tpanic("small")\n\t}\n\treturn n + 7' : bodies[v.small];
  const calls = below.map((p) => `\tn += ${p}.Small(n)\n`).join('');
  return `${pragma}func Small(n int) int {\n${calls}${body}\n}\n`;
}

function large(v: Values, below: readonly string[]): string {
  const calls = below.map((p) => `\t\tif i == 100 {\n\t\t\ts += ${p}.Large(i)\n\t\t}\n`).join('');
  return `func Large(n int) string {
	s := "large${v.large}"
	for i := 0; i < n; i++ {
		s += fmt.Sprint(i*${v.large + 1}, Small(i)) ${aside(v)}
${calls}		switch {
		case len(s) > 40:
			s = s[:20]
		case strings.Contains(s, "${v.large}9"):
			s += "!"
		}
	}
	return s
}
`;
}

function aside(v: Values): string {
  return ['', '// one', '/* two */', '// three, and // four'][v.aside];
}

/** Where a parameter goes decides what callers may have on the stack. */
function leak(v: Values): string {
  const bodies = [
    '\treturn p',
    '\tkept = p\n\treturn p',
    '\tn := *p\n\treturn &n',
    '\tif *p > 100 {\n\t\tkept = p\n\t}\n\treturn nil',
  ];
  return `var kept *int

//go:noinline
func Keep(p *int) *int {
${bodies[v.leak]}
}

func Use(n int) int {
	x := n
	if p := Keep(&x); p != nil {
		return *p
	}
	return x
}
`;
}

function generic(v: Values): string {
  const bodies = [
    '\tfor _, n := range list {\n\t\tsum += n\n\t}',
    '\tfor i := range list {\n\t\tsum += list[len(list)-1-i] * 2\n\t}',
    '\tsum = list[0] + list[len(list)-1]',
    '\tadd := func(n N) { sum += n }\n\tfor _, n := range list {\n\t\tadd(n)\n\t}',
  ];
  const kinds = ['~int', '~int | ~int64', '~int | ~int8 | ~int64'];
  return `type Number interface{ ${kinds[v.genericType]} }

func Sum[N Number](list []N) (sum N) {
${bodies[v.generic]}
	return sum
}

type Box[E any] struct{ e E }

func (b Box[E]) Get() E { return b.e }

func Boxed[E any](e E) Box[E] { return Box[E]{e} }
`;
}

function closure(v: Values): string {
  const bodies = ['n++; return n', 'n += 2; return n', 'return n * n', 'n--; if n < 0 { n = 9 }; return n'];
  return `func Counter(n int) func() int {\n\treturn func() int { ${bodies[v.closure]} }\n}\n`;
}

function localType(v: Values): string {
  const types = ['int', 'struct{ a, b int }', '[3]string'];
  return `func Local() any {\n\ttype L ${types[v.localType]}\n\tvar l L\n\treturn &l\n}\n`;
}

function variables(v: Values, first: string): string {
  const tables = ['{"a": 1, "b": 2}', '{"b": 3}', '{"a": 1, "b": 2, "c": 3, "d": 4}', '{"b": C, "x": len(W)}'];
  const made = ['return Base{X: n, Y: 2}', 'return Base{n, n}', 'b := Base{X: n}; return b', 'return Base{Y: C}'];
  const values = ['C', 'Small(C)', first === '' ? '7' : `${first}.V + 1`, 'len(fmt.Sprint(C))'];
  return `var Table = map[string]int${tables[v.table]}

func Make(n int) Base { ${made[v.table]} }

//go:noinline
func One() int { ${['return 1', 'return C', 'n := 1; return n', 'return 1'][v.generic]} }

var M = ${first === '' ? 'Make(3)' : `[]${first}.Base{${first}.Make(4), ${first}.Make(C)}`}

var O = ${first === '' ? '0' : `${first}.One()`}

var V = ${values[v.variable]}

var W = []string{"w", "${'w'.repeat(v.table)}"}
`;
}

/** Bodies in bodies: what is inlined has something inlined in it. */
function deep(v: Values, below: readonly string[]): string {
  const calls = below.map((p) => ` + ${p}.Deep(n)`).join('');
  return `func Deep(n int) int { return Use(n)*${v.deep + 1}${v.deep === 2 ? ' + len(Local().(fmt.Stringer).String())*0' : ''}${calls} }
`.replace(' + len(Local().(fmt.Stringer).String())*0', ' + len([]int{1, n, 3})');
}

/** Everything that another package has. */
function uses(p: string): string {
  if (p === '') return 'func uses(n int) string { return fmt.Sprint(n) }\n';
  return `type wrapped struct{ *${p}.T }

func uses(n int) string {
	t := ${p}.T{N: n, S: "uses"}
	w := wrapped{&t}
	var f fmt.Stringer
	if s, ok := any(w).(fmt.Stringer); ok {
		f = s
	}
	q := ${p}.Keep(&t.N)
	var b ${p}.Base
	b.X = ${p}.C
	c := ${p}.Counter(n)
	return fmt.Sprint(w.S, f, q == nil, b.Area(), c(), c(), ${p}.Sum([]int{n, 1}), ${p}.Boxed(b).Get(), ${p}.NewShower(n).Show(), ${p}.Local(), ${p}.V, len(${p}.W), ${p}.Use(n))
}
`;
}

function secondFile(v: Values, i: number): string {
  const helpers = [
    '',
    'func helper(n int) int { return n }\n\nvar _ = helper\n',
    'type hidden struct{ a int }\n\nvar _ hidden\n',
    'const secret = 3\n\nfunc helper() { type H int }\n\nvar _ = helper\n',
  ];
  const starts = ['', 'func init() { V++ }\n', `func init() {\n\tif len(W) > 5 {\n\t\tpanic("p${i}")\n\t}\n}\n`];
  const faces = ['return "s"', 'return string(rune(65 + s%26))', 'return "show" + string(rune(66+s%3))'];
  const shadow = v.shadow === 0 ? '' : 'type float64 = float32\n\nvar _ float64\n';
  const lates = ['5', 'func() int { return 6 }()', 'len(W)'];
  return `package p${i}

${helpers[v.helper]}
${starts[v.start]}
${shadow}
type Shower interface{ Show() string }

type show int

func (s show) Show() string { ${faces[v.face]} }

func NewShower(n int) Shower { return show(n) }

var late = ${lates[v.late]}

func Half(f float64) float64 { return f / 2 }
`;
}

function program(count: number, main: number): string {
  const list = Array.from({ length: count }, (_, i) => i);
  const used = list.filter((i) => i === count - 1 || i % (main + 1) === 0);
  return `package main

import (
	"fmt"
${used.map((i) => `\t"edits/p${i}"\n`).join('')})

func main() {
${used
  .map(
    (i) => `	fmt.Println(p${i}.Report(), p${i}.Small(2), p${i}.Deep(3), p${i}.Use(${main}))
	fmt.Println(p${i}.Boxed("x").Get(), p${i}.Sum([]int{${main}, 1}), p${i}.NewShower(3).Show(), p${i}.Half(3), p${i}.Counter(1)())
	fmt.Printf("%T %v\\n", p${i}.Local(), map[string]p${i}.Base{"a": {X: 1}})
`,
  )
  .join('')}}
`;
}
