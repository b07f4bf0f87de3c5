package main

import (
	"fmt"
	"math"
	"strings"
	"unsafe"
)

// Values of every size and shape: passed, returned, compared, copied, captured; padding, floats and interfaces in comparisons; package unsafe.

type huge struct {
	a [200]int
	s string
	f func() int
}

type padded struct {
	a int8
	b int64
	c int8
	_ int32
	d float32
	e any
	f string
}

type (
	s0 struct{}
	s1 struct{ a byte }
	s3 struct{ a, b, c byte }
	s5 struct {
		a int32
		b byte
	}
	s7  struct{ a [7]byte }
	s12 struct{ a, b, c int32 }
	s16 struct {
		a float64
		b *int
	}
	s24 struct {
		a string
		b int8
	}
	s40 struct {
		a [5]int
	}
	s33 struct {
		a [4]string
		b bool
	}
)

//go:noinline
func identity[T any](v T) T { return v }

//go:noinline
func swap[A, B any](a A, b B) (B, A, B) { return b, a, b }

//go:noinline
func modify(h huge, n int) (huge, int) {
	h.a[n]++
	h.s += "!"
	g := h
	h.a[0] = -1
	return g, h.a[0]
}

//go:noinline
func manyArgs(a int8, b float32, c string, d s3, e []int, f s40, g any, h complex64, i [1]string, j [2]int, k s16, l bool, m *int, n func() int, o s24, p uint16, q float64, r s0, s s33) string {
	return fmt.Sprint(a, b, c, d, len(e), f.a[4], g, h, i, j, k.a, *k.b, l, *m, n(), o, p, q, r, s)
}

//go:noinline
func manyResults(n int) (a int8, b float32, c string, d s3, e []int, f s40, g any, h complex64, i [1]string, j [2]int, k s16, l bool, m *int, o s24, p uint16, q float64, r s0, s s33) {
	x := n
	a, b, c, d, e, f.a[4], g, h, i, j, k, l, m, o, p, q, s.b = int8(n), float32(n)/3, fmt.Sprint(n), s3{1, 2, byte(n)}, make([]int, n), n, n, complex(float32(n), 1), [1]string{"i"}, [2]int{n, -n}, s16{float64(n), &x}, n > 2, &x, s24{"o", int8(-n)}, uint16(n), float64(n)*1.5, true
	x++
	s.a[3] = "end"
	return
}

func forward(n int) string { return fmt.Sprint(manyResults(n)) }

func variadic(prefix string, v ...any) string { return fmt.Sprint(prefix, len(v), v == nil, v) }

func typed(v ...huge) (n int) {
	for i := range v {
		v[i].a[1] += i
		n += v[i].a[1]
	}
	return
}

func shape[T comparable](v, w T) {
	a, b, c := swap(v, w)
	m := map[T]int{v: 1}
	m[w] += 2
	arr := [3]T{v, w, v}
	brr := arr
	ch := make(chan T, 1)
	ch <- v
	var i any = v
	f := func() T { return v }
	p := new(T)
	*p = w
	v = w
	s := []T{a, b, c, *p}
	copy(s[1:], s)
	fmt.Println(unsafe.Sizeof(v), a == w, b == w, c == w, len(m), arr == brr, <-ch == v, i == any(b), f() == w, identity(s[3]) == s[2], identity(arr)[1] == w, identity(struct {
		x T
		y byte
	}{w, 1}).x == w)
}

func comparisons() {
	nan := math.NaN()
	a, b := padded{a: 1, e: 1, f: "x"}, padded{a: 1, e: 1, f: strings.Repeat("x", 1)}
	pa, pb := (*[unsafe.Sizeof(a)]byte)(unsafe.Pointer(&a)), (*[unsafe.Sizeof(b)]byte)(unsafe.Pointer(&b))
	for i := range pa[1:8] {
		pa[1+i], pb[1+i] = 0xaa, 0x55
	}
	pa[20], pb[20] = 1, 2
	fmt.Println(a == b, any(a) == any(b), map[padded]int{a: 1}[b], [2]padded{a, b} == [2]padded{b, a})
	b.d = float32(math.Copysign(0, -1))
	fmt.Println(a == b, map[padded]int{a: 1}[b])
	a.d, b.d = float32(nan), float32(nan)
	fmt.Println(a == b, a == a, any(a) == any(a))
	a.d, b.d = 0, 0
	a.e, b.e = []int{}, 1
	fmt.Println(a == b)
	func() {
		defer func() { fmt.Println(recover()) }()
		b.e = []int{}
		fmt.Println(a == b)
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		// What differs first decides; nothing is compared after it.
		b.c = 1
		fmt.Println(a == b)
	}()
	x, y := [3]any{1, "a", 2.5}, [3]any{1, "a", 2.5}
	fmt.Println(x == y, x != [3]any{1, "a", nil})
	var e1, e2 error
	var np *padded
	var s fmt.Stringer
	fmt.Println(e1 == e2, any(np) == nil, np == nil, any(np) == any((*padded)(nil)), any(np) == any((*huge)(nil)), s == nil, any(s) == nil)
	fmt.Println(any(s0{}) == any(s0{}), any([0]int{}) == any([0]int{}), any(int8(1)) == any(int16(1)), any("a") == any("a"), any(1.0) == any(nan), any(nan) == any(nan))
	big1, big2 := [100]string{99: "x"}, [100]string{99: "x"}
	big2[50] = ""
	fmt.Println(big1 == big2, big1 != big2, *(&big1) == identity(big2))
	big2[99] += "y"
	fmt.Println(big1 == big2)
	var f1 func()
	var c1, c2 chan int
	fmt.Println(f1 == nil, c1 == c2, (<-chan int)(c1) == c2, struct{ a, _, b int }{1, 2, 3} == struct{ a, _, b int }{1, 4, 3})
}

//go:noinline
func lens(p *byte, n int) int { return len(unsafe.Slice(p, n)) }

func unsafeFunctions() {
	a := [8]int32{0, 1, 2, 3, 4, 5, 6, 7}
	p := unsafe.Pointer(&a[2])
	fmt.Println(*(*int32)(unsafe.Add(p, 4)), *(*int32)(unsafe.Add(p, -8)), unsafe.Slice(&a[3], 3), cap(unsafe.Slice(&a[3], uint8(3))), unsafe.Slice((*int)(nil), 0) == nil)
	s := "hello"
	b := []byte(s)
	fmt.Println(unsafe.String(unsafe.StringData(s), 3), *unsafe.SliceData(b), unsafe.String(&b[1], len(b)-1), unsafe.SliceData([]int(nil)) == nil, *unsafe.StringData(s[1:]))
	b[1] = 'E'
	fmt.Println(unsafe.String(&b[0], 5), unsafe.Sizeof(padded{}), unsafe.Alignof(s5{}), unsafe.Offsetof(padded{}.f), unsafe.Offsetof(huge{}.f), unsafe.Sizeof(s33{}), unsafe.Sizeof(s12{}), unsafe.Sizeof(struct {
		a byte
		b [0]int
	}{}), unsafe.Alignof(a))
	u := *(*uint64)(unsafe.Pointer(&[]float64{-1.5}[0]))
	f := *(*float32)(unsafe.Pointer(&[]uint32{0x40490fdb}[0]))
	fmt.Println(u, f, *(*[2]int32)(p), (*(*[4]int16)(p))[2], *(*string)(unsafe.Pointer(&b)), uintptr(p)-uintptr(unsafe.Pointer(&a)))
	for i, f := range []func() int{
		func() int { return lens(&b[0], -1) },
		func() int { return lens(nil, 1) },
		func() int { return len(unsafe.Slice(&a, math.MaxInt64/16)) },
		func() int { return len(unsafe.Slice((*s0)(nil), 1)) },
		func() int { return len(unsafe.Slice(&s0{}, 1<<40)) },
		func() int { return len(unsafe.String(nil, 1)) },
		func() int { n := uint64(1 << 63); return len(unsafe.String(&b[0], n)) },
		func() int { return len(unsafe.Slice((*huge)(nil), 0)) },
	} {
		func() {
			defer func() {
				if e := recover(); e != nil {
					fmt.Print(i, " ", e, "; ")
				}
			}()
			fmt.Print(i, " ", f(), "; ")
		}()
	}
	fmt.Println()
}

func arraysAndSlices() {
	s := []int{1, 2, 3, 4, 5}
	a := [3]int(s)
	p := (*[3]int)(s[1:])
	p[0], a[1] = 20, 30
	b := *p
	b[2] = 9
	fmt.Println(s, a, *p, b, [0]int(s), (*[0]int)(nil) == nil, (*[0]int)([]int(nil)) == nil, (*[0]int)([]int{}) != nil)
	t := s[1:3:4]
	t = append(t, 100)
	t = append(t, 200)
	t[0] = -1
	fmt.Println(s, t, len(t), cap(s[2:4:4]), len(s[5:]), s[:0] == nil)
	copy(s[1:], s)
	fmt.Println(s, copy(s, s[3:]), s, copy([]byte("xyz"), "ab"))
	m := [2][3][2]int8{}
	m[1][2] = [2]int8{3, 4}
	row := &m[1]
	n := m
	row[2][0]++
	i := 1
	m[i][i+1], n[i-1] = m[i][i], *row
	fmt.Println(m, n, len(m[0]), row[2])
	var h [5]huge
	h[2].a[7] = 7
	g := h
	h[3], h[2] = h[2], h[3]
	h[3].s = "moved"
	fmt.Println(h[3].a[7], h[2].a[7], g[2].a[7], g[2].s == "", typed(g[1:4]...), g[3].a[1], typed(g[0], g[1]), g[1].a[1])
	ap := append([]huge(nil), g[2], h[3])
	ap = append(ap, ap...)
	ap[0].a[7]++
	fmt.Println(ap[2].a[7], ap[3].s, ap[0].a[7])
	fmt.Println(min(3, 1, 2), max(2.5, float64(len(s))), min("b", "a", "c"), max(int8(-1), -5), min(1.0, math.Inf(-1)), max(math.NaN(), 1), min(math.Copysign(0, -1), 0), 1/max(math.Copysign(0, -1), 0))
	clear(s[1:3])
	ss := []string{"a", "b"}
	clear(ss)
	hs := ap[:1]
	clear(hs)
	fmt.Printf("%v %q %v %d\n", s, ss, ap[0].a[7], ap[1].a[7])
	z := make([]s0, 5, 10)
	z = append(z, s0{}, s0{})
	fmt.Println(len(z), cap(z[:10]), &z[0] == &z[0])
	x, y := 1, 2
	x, y, s[x], s[y] = y, x, x+10, y+10
	fmt.Println(x, y, s)
}

func closures() {
	h := huge{s: "captured"}
	inc := func() int { h.a[3]++; return h.a[3] }
	get := func() huge { return h }
	h.f = inc
	k := h
	fmt.Println(h.f(), k.f(), h.a[3], k.a[3], get().a[3], get().s)
	g, n := modify(h, 5)
	fmt.Println(g.a[5], h.a[5], n, g.s, h.s)
	var fs [3]func(int) func() int
	for i := range fs {
		acc := i
		fs[i] = func(d int) func() int {
			return func() int { acc += d; d *= 2; return acc*100 + d }
		}
	}
	p, q := fs[1](1), fs[1](10)
	fmt.Println(p(), q(), p(), q(), fs[2](0)())
	var fib func(int) int
	fib = func(n int) int {
		if n < 2 {
			return n
		}
		return fib(n-1) + fib(n-2)
	}
	func(f *func(int) int) { g := *f; *f = func(n int) int { return g(n) + 1 } }(&fib)
	fmt.Println(fib(10))
	c := s33{a: [4]string{"w"}}
	v := func() s33 { c.a[1] = "x"; return c }
	w := func(c s33) s33 { c.a[2] = "y"; return c }
	fmt.Println(w(v()), c)
}

func main() {
	x := 5
	shape(s0{}, s0{})
	shape(s1{1}, s1{2})
	shape(s3{1, 2, 3}, s3{1, 2, 4})
	shape(s5{1, 2}, s5{1, 3})
	shape(s7{[7]byte{6: 1}}, s7{})
	shape(s12{1, 2, 3}, s12{1, 2, 0})
	shape(s16{1, &x}, s16{1, nil})
	shape(s24{"a", 1}, s24{"a", 2})
	shape(s40{[5]int{4: 1}}, s40{})
	shape(s33{}, s33{b: true})
	shape([300]int16{299: 1}, [300]int16{})
	shape(padded{e: "e"}, padded{e: 1})
	shape([2]any{1, "x"}, [2]any{1, "y"})
	shape(1+2i, 1-2i)
	shape("a", "b")
	shape(any(1), any(int8(1)))
	fmt.Println(manyArgs(-1, 2.5, "c", s3{1, 2, 3}, []int{1}, s40{[5]int{4: 4}}, "g", 1i, [1]string{"i"}, [2]int{1, 2}, s16{1, &x}, true, &x, func() int { return x }, s24{"o", -1}, 65535, math.Pi, s0{}, s33{b: true}))
	for _, n := range []int{0, 3} {
		_, _, c, _, _, f, _, _, _, _, k, l, m, o, _, q, _, s := manyResults(n)
		fmt.Println(c, f.a[4], *k.b, l, m == k.b, o, q, s, len(forward(n)) > 80)
	}
	fmt.Println(variadic("a"), variadic("b", nil), variadic("c", nil...), variadic("d", []any{1, 2}...), variadic("e", []any{1, 2}), variadic("f", 1, "x", nil))
	comparisons()
	unsafeFunctions()
	arraysAndSlices()
	closures()
}
