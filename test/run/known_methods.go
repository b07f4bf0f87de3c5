package main

import (
	"fmt"
	"sort"
	"strings"
)

// Interface values whose types are known where their methods are called, and functions that call themselves, which are inlined once.

type adder interface {
	add(n int) int
	name() string
}

type num int

func (n num) add(m int) int { return int(n) + m }
func (n num) name() string  { return "num" }

type ptr struct{ n int }

func (p *ptr) add(m int) int { p.n += m; return p.n }
func (p *ptr) name() string  { return "ptr" }

type val struct {
	a [40]int
	s string
}

func (v val) add(m int) int { v.a[39] += m; return v.a[39] }
func (v val) name() string  { return "val" + v.s }

type one struct{ p *int }

func (o one) add(m int) int { *o.p += m; return *o.p }
func (o one) name() string  { return "one" }

type fun func(int) int

func (f fun) add(m int) int { return f(m) }
func (f fun) name() string  { return "fun" }

type dict map[string]int

func (d dict) add(m int) int { d["x"] += m; return d["x"] }
func (d dict) name() string  { return "dict" }

type empty struct{}

func (empty) add(m int) int { return m }
func (empty) name() string  { return "empty" }

type outer struct {
	*ptr
	val
	level int
}

func (o outer) add(m int) int { return o.ptr.add(m) + o.level }
func (o outer) name() string  { return o.val.name() }

type promoted struct{ adder }

type deeper struct{ promoted }

type gen[T any] struct{ v T }

func (g *gen[T]) add(m int) int { return m * 2 }
func (g gen[T]) name() string   { return fmt.Sprintf("%T", g.v) }

func try(f func()) {
	defer func() {
		if e := recover(); e != nil {
			fmt.Println(e)
		}
	}()
	f()
}

func makeAdder(k int) adder {
	if k == 0 {
		return num(5)
	}
	return &ptr{k}
}

func known() {
	x := 7
	var a adder = num(3)
	fmt.Println(a.add(1), a.name())
	p := &ptr{1}
	a = p
	fmt.Println(a.add(2), p.n, a.name())
	v := val{s: "!"}
	a = v
	v.s = "?"
	fmt.Println(a.add(4), a.name())
	a = &v
	v.s = "."
	fmt.Println(a.add(5), a.name(), v.a[39])
	a = one{&x}
	fmt.Println(a.add(6), x, a.name())
	a = fun(func(n int) int { x += n; return x })
	fmt.Println(a.add(7), x, a.name())
	d := dict{}
	a = d
	fmt.Println(a.add(8), d, a.name())
	a = empty{}
	fmt.Println(a.add(9), a.name())
	a = outer{p, v, 1}
	fmt.Println(a.add(10), p.n, a.name())
	a = &outer{p, v, 2}
	fmt.Println(a.add(11), p.n, a.name())
	a = promoted{num(1)}
	fmt.Println(a.add(12), a.name())
	a = &deeper{promoted{p}}
	fmt.Println(a.add(13), p.n, a.name())
	a = &gen[[]int]{}
	fmt.Println(a.add(14), a.name())
	a = makeAdder(0)
	fmt.Println(a.add(15), makeAdder(3).add(16), makeAdder(4).name())
	defer a.add(1)
	var s fmt.Stringer = &strings.Builder{}
	s.(*strings.Builder).WriteString("built")
	fmt.Println(s.String(), s)
	sort.Interface(sort.StringSlice{"b", "a"}).Swap(0, 1)
	c := make(chan string, 1)
	go func(a adder) { c <- a.name() }(num(1))
	fmt.Println(<-c)
	f := adder(p).add
	p = nil
	fmt.Println(f(1))
	try(func() { var a adder = (*num)(nil); fmt.Println(a.add(1)) })
	try(func() { var a adder = (*val)(nil); fmt.Println(a.name()) })
	try(func() { var a adder = (*ptr)(nil); fmt.Println(a.name()); fmt.Println(a.add(1)) })
	try(func() { var a adder = (*outer)(nil); fmt.Println(a.add(1)) })
	try(func() { var a adder = promoted{}; fmt.Println(a.add(1)) })
	try(func() { var a adder; fmt.Println(a.add(1)) })
	var e error = fmt.Errorf("wrapped %w", fmt.Errorf("inner"))
	fmt.Println(e.Error(), e.(interface{ Unwrap() error }).Unwrap().Error())
}

func sumTo(n int) int {
	if n == 0 {
		return 0
	}
	return sumTo(n-1) + n
}

func pointers(n int, p *int) *int {
	if n == 0 {
		return p
	}
	x := n + *p
	return pointers(n-1, &x)
}

func collect(n int, out []string) []string {
	if n > 3 {
		return out
	}
	return collect(n+1, append(out, fmt.Sprint(n)))
}

func even(n int) bool { return n == 0 || odd(n-1) }

func odd(n int) bool { return n != 0 && even(n-1) }

func faults(n int, s []int) int {
	if n == 0 {
		return s[len(s)]
	}
	return faults(n-1, s) + 1
}

func big(n int, a [20]int) (b [20]int, m int) {
	if n == 0 {
		return a, 0
	}
	a[n]++
	b, m = big(n-1, a)
	return b, m + b[n]
}

type tree struct{ left, right *tree }

func (t *tree) depth() int {
	if t == nil {
		return 0
	}
	return max(t.left.depth(), t.right.depth()) + 1
}

func (t *tree) leftmost() *tree {
	if t.left == nil {
		return t
	}
	return t.left.leftmost()
}

func variadic(v ...int) int {
	if len(v) == 0 {
		return 0
	}
	return v[0] + variadic(v[1:]...)
}

func main() {
	known()
	fmt.Println(sumTo(0), sumTo(1), sumTo(2), sumTo(101), *pointers(5, new(int)), collect(0, nil), even(10), odd(7), variadic(1, 2, 3))
	try(func() { faults(7, []int{1, 2}) })
	fmt.Println(big(5, [20]int{5: 3}))
	t := &tree{&tree{&tree{}, nil}, &tree{}}
	fmt.Println(t.depth(), t.leftmost() == t.left.left)
}
