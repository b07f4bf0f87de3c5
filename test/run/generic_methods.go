package main

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Generic types with methods, recursive instantiation, method values and expressions of every sort of receiver.

type list[T any] struct {
	head, tail *node[T]
	n          int
}

type node[T any] struct {
	v    T
	next *node[T]
}

func (l *list[T]) push(v ...T) *list[T] {
	for _, x := range v {
		n := &node[T]{v: x}
		if l.tail == nil {
			l.head = n
		} else {
			l.tail.next = n
		}
		l.tail = n
		l.n++
	}
	return l
}

func (l list[T]) all(yield func(int, T) bool) {
	i := 0
	for n := l.head; n != nil; n = n.next {
		if !yield(i, n.v) {
			return
		}
		i++
	}
}

func mapTo[T, U any](l *list[T], f func(T) U) *list[U] {
	r := new(list[U])
	for _, v := range l.all {
		r.push(f(v))
	}
	return r
}

func fold[A, T any](l *list[T], a A, f func(A, T) A) A {
	for _, v := range l.all {
		a = f(a, v)
	}
	return a
}

type pair[A, B any] struct {
	a A
	b B
}

func (p pair[A, B]) swap() pair[B, A]        { return pair[B, A]{p.b, p.a} }
func (p *pair[A, B]) set(a A, b B)           { p.a, p.b = a, b }
func (p pair[A, B]) String() string          { return fmt.Sprintf("<%v|%v>", p.a, p.b) }
func makePair[A, B any](a A, b B) pair[A, B] { return pair[A, B]{a, b} }

func nest[T any](n int, v T) string {
	if n == 0 {
		return fmt.Sprintf("%T", v)
	}
	return nestOnce(n, v)
}

func nestOnce[T any](n int, v T) string { return fmt.Sprint(len(nestPtr(n-1, &v))) }

func nestPtr[T any](n int, v *T) string { return fmt.Sprintf("%T %d", v, n) }

type tree[K cmp.Ordered, V any] struct {
	left, right *tree[K, V]
	k           K
	v           V
}

func (t *tree[K, V]) put(k K, v V) *tree[K, V] {
	if t == nil {
		return &tree[K, V]{k: k, v: v}
	}
	switch c := cmp.Compare(k, t.k); {
	case c < 0:
		t.left = t.left.put(k, v)
	case c > 0:
		t.right = t.right.put(k, v)
	default:
		t.v = v
	}
	return t
}

func (t *tree[K, V]) walk(f func(K, V)) {
	if t != nil {
		t.left.walk(f)
		f(t.k, t.v)
		t.right.walk(f)
	}
}

type number interface {
	~int | ~int8 | ~uint16 | ~float64 | ~float32 | ~complex128
}

func sum[S ~[]E, E number](s S) (r E) {
	for _, v := range s {
		r += v
	}
	return r * 2 / 2
}

type ints []int8

func (s ints) total() int8 { return sum(s) }

type stringer[T any] interface {
	*T
	fmt.Stringer
	Set(string)
}

type named struct{ s string }

func (n *named) String() string { return "named " + n.s }
func (n *named) Set(s string)   { n.s = s }

func parse[T any, P stringer[T]](in ...string) (out []T) {
	for _, s := range in {
		var v T
		P(&v).Set(s)
		out = append(out, v)
		fmt.Print(P(&v).String(), "; ")
	}
	return
}

type set[T comparable] map[T]struct{}

func (s set[T]) add(v ...T) set[T] {
	for _, x := range v {
		s[x] = struct{}{}
	}
	return s
}

func (s set[T]) has(v T) bool { _, ok := s[v]; return ok }

type option[T any] func(*T)

func apply[T any](v T, o ...option[T]) T {
	for _, f := range o {
		f(&v)
	}
	return v
}

func kind[T any](v T) string {
	switch x := any(v).(type) {
	case int:
		return "int"
	case []T:
		return "slice of itself"
	case interface{ total() int8 }:
		return fmt.Sprint("total ", x.total())
	case fmt.Stringer:
		return "stringer " + x.String()
	case pair[string, T]:
		return "pair"
	case nil:
		return "nil"
	case error:
		return "error " + x.Error()
	default:
		return reflect.TypeOf(x).String()
	}
}

type embedded[T any] struct {
	*list[T]
	pair[T, string]
	extra T
}

type shape interface {
	area() float64
	scale(float64) shape
}

type square struct{ s float64 }

func (s square) area() float64           { return s.s * s.s }
func (s square) scale(f float64) shape   { s.s *= f; return s }
func (s *square) grow(f float64) *square { s.s += f; return s }

type deep struct{ mid }
type mid struct{ *low }
type low struct {
	square
	shape shape
}

//go:noinline
func noSquare() interface{ area() float64 } { return (*square)(nil) }

type funcs func(int) int

func (f funcs) twice(n int) int { return f(f(n)) }

type m map[string]int

func (x m) get(k string) int { return x[k] }

func methodValues() {
	d := deep{mid{&low{square{2}, square{3}}}}
	a, g := d.area, d.grow
	e := d.shape.area
	d.s = 5
	d.shape = nil
	fmt.Println(a(), g(1).s, d.s, e(), deep.area(d), (*deep).area(&d), (*deep).grow(&d, 2).s, mid.grow(d.mid, 1).s)
	s := shape(square{4})
	sc := s.scale
	s = nil
	fmt.Println(sc(2).area(), shape.area(square{6}), shape.scale(square{1}, 7).(square).s)
	p := &square{1}
	area := p.area
	grow := p.grow
	p.s = 9
	p = &square{100}
	fmt.Println(area(), grow(1).s, p.s)
	f := funcs(func(n int) int { return n * 3 })
	tw := f.twice
	f = nil
	fmt.Println(tw(2), funcs.twice(func(n int) int { return -n }, 5), m.get(m{"a": 1}, "a"), m{"b": 2}.get("b"))
	get := m{"c": 3}.get
	fmt.Println(get("c"), interface{ get(string) int }(m{"d": 4}).get("d"))
	for i, h := range []func() string{makePair(1, "x").String, (&pair[int8, bool]{1, true}).String, (&named{"y"}).String, errors.New("z").Error} {
		fmt.Print(i, h(), " ")
	}
	v := makePair("a", 1)
	set := v.set
	set("b", 2)
	swap := v.swap
	v.set("c", 3)
	fmt.Println(v, swap(), pair[string, int].swap(v), (*pair[string, int]).String(&v))
	func() {
		defer func() { fmt.Println(recover()) }()
		var s shape
		f := s.area
		f()
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		var p *square
		g := p.grow
		fmt.Println("bound")
		f := p.area
		fmt.Println(f(), g(1))
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		noSquare().area()
	}()
	var x any = d
	_, ok1 := x.(shape)
	_, ok2 := x.(interface{ grow(float64) *square })
	_, ok3 := any(&d).(interface{ area() float64 })
	fmt.Println(ok1, ok2, ok3)
}

type rec[T any] struct {
	v    T
	self *rec2[T]
}

type rec2[T any] struct {
	x T
	r *rec[T]
}

type chain[T interface{ next() T }] struct{ v T }

func (c chain[T]) run(n int) T {
	v := c.v
	for range n {
		v = v.next()
	}
	return v
}

type counter int

func (c counter) next() counter { return c*2 + 1 }

func zero[T any]() (z T) { return }

func local[T any](v T) any {
	type inner struct {
		a T
		b []T
	}
	return inner{v, []T{v}}
}

func curry[A, B, C any](f func(A, B) C) func(A) func(B) C {
	return func(a A) func(B) C { return func(b B) C { return f(a, b) } }
}

func main() {
	l := new(list[int]).push(1, 2, 3)
	s := mapTo(l, func(n int) string { return strings.Repeat("x", n) })
	fmt.Println(fold(s, "", func(a, b string) string { return a + "," + b }), fold(l, 0.5, func(a float64, n int) float64 { return a + float64(n) }), s.n)
	fmt.Println(mapTo(mapTo(l, func(n int) pair[int, int] { return makePair(n, -n) }), pair[int, int].swap).tail.v)
	fmt.Println(nest(0, l), nest(3, 1.5), nest(2, []string{}))
	var t *tree[string, []int]
	for i, w := range strings.Fields("one two three four five six one two") {
		t = t.put(w, []int{i, len(w)})
	}
	t.walk(func(k string, v []int) { fmt.Print(k, v, " ") })
	fmt.Println(sum(ints{100, 100}), sum([]uint16{65535, 2}), sum([]float64{0.1, 0.2}), sum([]complex128{1i, 2}), ints{3, 4}.total())
	fmt.Println(parse[named]("a", "b"))
	fmt.Println(len(set[any]{}.add(1, "1", 1, int8(1), nil)), set[[2]string]{}.add([2]string{"a", "b"}).has([2]string{"a", "b"}), set[pair[int, string]]{}.add(makePair(1, "x")).has(makePair(1, "y")))
	fmt.Println(apply(named{"s"}, func(n *named) { n.s += "1" }, func(n *named) { n.s += "2" }))
	fmt.Println(kind(1), kind[any](nil), kind([]int{}), kind(ints{5}), kind(makePair("a", 2.5)), kind(errors.New("e")), kind(l), kind(func(list[pair[string, *tree[int8, error]]]) {}), kind[any]([]any{}))
	e := embedded[uint8]{list: new(list[uint8]).push(7), pair: makePair(uint8(1), "p"), extra: 9}
	e.push(8).push(9)
	e.set(2, "q")
	fmt.Println(e.n, e.pair, e.swap(), e.extra, e.a, e.b, e.String())
	methodValues()
	r := rec[int]{v: 1, self: &rec2[int]{2, nil}}
	fmt.Printf("%v %T\n", r.self.x, r.self.r)
	fmt.Println(chain[counter]{1}.run(5), zero[pair[int, *string]](), zero[func()]() == nil, zero[[2]bool](), zero[any]() == nil)
	fmt.Printf("%v %T %v %T\n", local(1), local("s"), local(1.5), local(local(true)))
	fmt.Println(curry(func(a int, b string) string { return fmt.Sprint(a, b) })(1)("x"))
	x := slices.SortedFunc(slices.Values([]pair[string, int]{{"b", 1}, {"a", 2}, {"a", 1}}), func(p, q pair[string, int]) int {
		return cmp.Or(cmp.Compare(p.a, q.a), -cmp.Compare(p.b, q.b))
	})
	fmt.Println(x, slices.MaxFunc(x, func(p, q pair[string, int]) int { return p.b - q.b }), slices.IndexFunc(x, func(p pair[string, int]) bool { return p.b == 1 }))
	type alias[T any] = pair[T, list[T]]
	var al alias[int8]
	al.a = 3
	al.b.push(4)
	fmt.Printf("%T %v\n", al, al.b.head.v)
}
