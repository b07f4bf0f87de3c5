package main

import "fmt"

// Operands that calls of the same expression or statement change: they are read when the calls have returned.

var (
	x    = 1
	y    = 10
	s    = []int{1, 2, 3}
	t    = []int{10, 20, 30}
	m    = map[string]int{"a": 1, "b": 2}
	arr  = [4]int{1, 2, 3, 4}
	str  = "s"
	big  [200]int
	fn          = func(a, b int) string { return fmt.Sprint("first ", a, " ", b) }
	ch          = make(chan int, 10)
	ch2         = make(chan int, 10)
	any1 any    = 1
	st          = pair{1, 2}
	ps          = &pair{5, 6}
	itf  shower = pair{7, 8}
)

type pair struct{ a, b int }

func (p pair) show(n int) string   { return fmt.Sprint(p.a, p.b, n) }
func (p *pair) pshow(n int) string { return fmt.Sprint("*", p.a, p.b, n) }

type shower interface{ show(int) string }

//go:noinline
func setX(n int) int { x = n; return 100 }

func setInline(n int) int { x = n; return 100 }

func set(f func()) int { f(); return 1000 }

func try(name string, f func()) {
	defer func() {
		if e := recover(); e != nil {
			fmt.Println(name, "panics", e)
		}
	}()
	f()
}

func add3(a, b, c int) int { return a*10000 + b*100 + c }

func variadic(v ...int) []int { return v }

func two() (int, int) { x += 7; return x, x + 1 }

func multi() (int, string, any) {
	x = 77
	return x + setX(3), str + fmt.Sprint(set(func() { str = "changed" })), any1
}

func named() (r int, q int) {
	r = 5
	return r + set(func() { r = 9 }), r
}

func arithmetic() {
	x = 1
	fmt.Println(x+setX(2), x)
	x = 1
	fmt.Println(x+setInline(2), x)
	x = 1
	fmt.Println(x*10+setX(3)*x+x, x)
	x = 1
	fmt.Println((x+1)<<uint(setX(2)-98), x)
	x = 1
	fmt.Println(-x+setX(4), ^x&setX(8), x)
	x = 1
	fmt.Println(x == setX(100), x != setX(100), x < setX(5))
	x = 1
	l := x
	l2 := l + set(func() { l = 50 })
	fmt.Println(l, l2)
	p := &x
	x = 1
	fmt.Println(*p+set(func() { p = &y }), *p)
	x = 1
	fmt.Println(float64(x)+float64(setX(9)), complex(float64(x), float64(setX(11))))
	str = "s"
	fmt.Println(str+fmt.Sprint(set(func() { str = "t" }))+str, str)
	fmt.Println(len(s)+set(func() { s = []int{9} }), len(s))
	s = []int{1, 2, 3}
	fmt.Println(s[1]+set(func() { s[1] = 50 }), s[1])
	fmt.Println(s[1]+set(func() { s = t }), s[1])
	s = []int{1, 2, 3}
	fmt.Println(m["a"]+set(func() { m["a"] = 60 }), m["a"])
	fmt.Println(arr[2]+set(func() { arr[2] = 70 }), arr)
	fmt.Println(st.a+set(func() { st = pair{8, 9} }), st)
	fmt.Println(ps.a+set(func() { ps = &pair{80, 90} }), *ps)
	x = 1
	fmt.Println(any1.(int)+set(func() { any1 = 5 }), any1)
	fmt.Println(x > 0 && setX(0) > 0 && x == 0, x)
	x = 1
	fmt.Println((x > 0 || setX(0) > 0) == (set(func() { x = -1 }) > 0 && x > 0), x)
	ch <- 3
	x = 1
	fmt.Println(x + <-ch + set(func() { x = 6 }))
	fmt.Println(s[0:2], set(func() { s[0] = 33 }), s[0])
	fmt.Println(string([]byte(str))+fmt.Sprint(set(func() { str = "u" })), []byte(str), set(func() { str = "w" }))
	fmt.Println(st == pair{8 + set(func() { st.a = 1008 }), 9}, pair{x, setX(2)}, [3]int{x, setX(5), x})
	fmt.Println([]int{x, setX(6), x}, map[int]int{x: setX(7), x + 1: x}, &pair{x, setX(8)}, *[]*pair{{x, setX(9)}, {x, x}}[0])
	fmt.Println(big[3]+set(func() { big[3] = 4 }), big == [200]int{3: 4 + set(func() { big[3] = 1004 })})
}

func calls() {
	x = 1
	fmt.Println(add3(x, setX(2), x))
	x = 1
	fmt.Println(add3(setX(3), x, setX(4)))
	fmt.Println(variadic(x, setX(5), x), append(s, x, setX(6), x))
	fmt.Println(min(x, setX(7), x), max(x, setX(200)), x)
	fmt.Println(fn(x, set(func() {
		fn = func(a, b int) string { return fmt.Sprint("second ", a, " ", b) }
	})))
	st = pair{1, 2}
	fmt.Println(st.show(set(func() { st.a = 9 })), st.pshow(set(func() { st.b = 8 })))
	ps = &pair{1, 2}
	fmt.Println(ps.show(set(func() { ps = &pair{3, 4} })), ps.pshow(set(func() { ps = &pair{5, 6} })))
	fmt.Println(itf.show(set(func() { itf = pair{70, 80} })))
	fmt.Println(pair.show(st, set(func() { st.a = 90 })), (*pair).pshow(ps, set(func() { ps = &pair{51, 61} })))
	f := st.show
	fmt.Println(f(set(func() { st.a = 91 })))
	x = 1
	fmt.Println(add3(two2(two())))
	x = 1
	fmt.Println(multi())
	fmt.Println(named())
	big = [200]int{5: 5}
	fmt.Println(sum(big, set(func() { big[5] = 50 })), big[5])
	x = 1
	func(a, b int) { fmt.Println(a, b) }(x, setX(12))
	x = 1
	defer func(a, b int) { fmt.Println("deferred", a, b) }(x, setX(13))
	x = 1
	done := make(chan bool)
	go func(a, b int) { fmt.Println("go", a, b); close(done) }(x, setX(14))
	<-done
	b := []byte("hello")
	fmt.Println(copy(b, fmt.Sprint(set(func() { b = []byte("world") }))), string(b))
	fmt.Println(append(b, make([]byte, set(func() { b = []byte("x") })-998)...))
}

func two2(a, b int) (int, int, int) { return a, b, x }

func sum(a [200]int, n int) int {
	for _, v := range a {
		n += v
	}
	return n
}

func assignments() {
	s, t = []int{1, 2, 3}, []int{10, 20, 30}
	old := s
	s[set(func() { s = t })-999] = set(func() { t[1] = 99 })
	fmt.Println(s, t, old)
	i := 0
	s = []int{1, 2, 3}
	s[i] = set(func() { i = 2 })
	fmt.Println(s)
	s[i] += set(func() { i = 1 })
	fmt.Println(s)
	x = 1
	x += setX(5)
	fmt.Println(x)
	ps = &pair{1, 2}
	before := ps
	ps.a = set(func() { ps = &pair{3, 4} })
	fmt.Println(*before, *ps)
	ps.b += set(func() { ps = &pair{5, 6} })
	fmt.Println(*before, *ps)
	p := &x
	*p = set(func() { p = &y })
	fmt.Println(x, y)
	mm := m
	m[str] = set(func() { str = "key"; m = map[string]int{} })
	fmt.Println(len(mm), m)
	m[str] += set(func() { m = map[string]int{"key": 5}; str = "key" })
	fmt.Println(m)
	m[fmt.Sprint(set(func() { m = map[string]int{} }))] = x + setX(3)
	fmt.Println(m)
	x = 1
	a, b := x, setX(2)
	fmt.Println(a, b)
	a, b = x, setX(3)
	fmt.Println(a, b)
	x = 0
	s = []int{1, 2, 3}
	x, s[x] = setX(1), x
	fmt.Println(x, s)
	x, s = -6, []int{1, 2, 3}
	x, s[x] = two()
	fmt.Println(x, s)
	x = 1
	s[x], x = x, 2
	fmt.Println(x, s)
	i = 0
	var ok bool
	s[i], ok = m[fmt.Sprint(set(func() { i = 2 }))]
	fmt.Println(s, ok)
	i = 0
	any1 = 44
	s[i], ok = any1.(int)
	ch <- 55
	s[i+1], ok = <-func() chan int { i = 1; return ch }()
	fmt.Println(s, ok)
	var c, d = x, setX(6)
	fmt.Println(c, d)
	o := ch
	ch <- set(func() { ch = ch2 })
	fmt.Println(len(o), len(ch2))
	arr[set(func() { arr[1] = 5 })-999], x = arr[1], arr[0]
	fmt.Println(arr, x)
	type node struct {
		next *node
		v    int
	}
	n := &node{v: 1}
	n.next, n = &node{v: 2}, &node{v: 3}
	fmt.Println(n.v, n.next)
	var q *node
	try("nil field", func() { q.v = set(func() { fmt.Println("called first") }) })
	try("nil field and value", func() { q.v, x = 1, setX(5) })
	try("index", func() { s[5] = set(func() { fmt.Println("called first") }) })
	try("index read", func() { fmt.Println(s[5] + set(func() { fmt.Println("called first") })) })
	try("divide", func() { z := 0; fmt.Println(x/z + set(func() { fmt.Println("called first") })) })
	try("nil map", func() { var m map[int]int; m[1] = set(func() { fmt.Println("called first") }) })
	try("assert", func() {
		fmt.Println(add3(any1.(int), set(func() { fmt.Println("called") }), itf.(interface{ none() int }).none()))
	})
	try("slice", func() { fmt.Println(s[1:9], set(func() { fmt.Println("not called") })) })
	try("slice before index", func() { fmt.Println(s[7] + len(s[i+5:])) })
	try("nil func", func() {
		var f func(int)
		f(set(func() { fmt.Println("called first") }))
	})
	try("nil interface", func() {
		var i shower
		i.show(set(func() { fmt.Println("called first") }))
	})
	try("nil receiver", func() {
		var p *pair
		p.show(set(func() { fmt.Println("called first") }))
	})
}

func generic[T any](v *T, f func() T) []T { return []T{*v, f(), *v} }

func main() {
	arithmetic()
	calls()
	assignments()
	v := "old"
	fmt.Println(generic(&v, func() string { v = "new"; return "f" }))
	b := [200]int{1: 1}
	g := generic(&b, func() [200]int { b[1] = 2; return b })
	fmt.Println(g[0][1], g[1][1], g[2][1])
	for i, f := range []func() bool{func() bool { return x == setX(x+1) }, func() bool { return x+setX(1) == 101 }} {
		fmt.Println(i, f())
	}
	switch x {
	case setX(50) - 50:
		fmt.Println("no")
	case x:
		fmt.Println("no x")
	default:
		fmt.Println("default", x)
	}
}
