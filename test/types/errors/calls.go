package p

import (
	"fmt"
	"strings"
	"unsafe"
)

type T struct{ a int }

func (T) Val()  {}
func (*T) Ptr() {}

type Num interface{ ~int | ~float64 }

func noargs()                             {}
func one(a int) int                       { return a }
func twoargs(a int, b string) (int, error) { return a, nil }
func vari(a int, rest ...string)          {}
func gen[P any](x P) P                    { return x }
func gen2[P, Q any](x P) Q                { var q Q; return q }
func num[N Num](a, b N) N                 { return a }
func slice[S ~[]E, E any](s S) E          { return s[0] }
func apply[A, B any](a A, f func(A) B) B  { return f(a) }

var i int
var s string
var f64 float64
var sl []int
var ss []string
var m map[string]int
var ch chan int
var ro <-chan int
var c64 complex64
var arr [4]int

func calls() {
	noargs(1)
	one()
	one(1, 2)
	one("a")
	one(1.5)
	one(nil)
	twoargs(1)
	twoargs(twoargs(1, ""))
	one(twoargs(1, ""))
	vari()
	vari("a")
	vari(1, 2)
	vari(1, "a", 2)
	vari(1, ss...)
	vari(1, sl...)
	vari(1, "a", ss...)
	vari(ss...)
	one(sl...)
	noargs()()
	i()
	(1)()
	s("x")
	T.Val()
	T{}.Ptr()
	(*T).Ptr(T{})
}

func generic() {
	_ = gen
	gen()
	gen(nil)
	gen[int]("a")
	gen[int, string](1)
	gen2(1)
	_ = gen2[int, string](1)
	_ = gen2[int](1)
	var _ func(int) int = gen
	var _ func(int) string = gen
	num(1, "a")
	num("a", "b")
	num[string]("a", "b")
	_ = num(1, 2.5)
	_ = num(i, f64)
	slice(1)
	slice([]int{}, 1)
	_ = slice[[]int, string]([]int{})
	apply(1, "a")
	_ = apply(1, func(s string) int { return 0 })
	_ = apply("a", gen)
	_ = apply(1, gen2)
	_ = gen[undefined](1)
	_ = one[int](1)
	_ = gen[1](1)
	strings.Map(gen, "x")
}

func builtins() {
	append()
	_ = append(1)
	_ = append(nil, 1)
	_ = append(sl, "a")
	_ = append(sl, ss...)
	_ = append([]byte{}, "abc"...)
	_ = append(sl, "abc"...)
	append(sl, 1)
	_ = append(m, 1)
	_ = len()
	_ = len(1)
	_ = len(i, s)
	_ = cap(s)
	_ = cap(m)
	len(s)
	const c = len(arr)
	const d = len([3]int{one(1)})
	clear(i)
	clear(arr)
	close(1)
	close(ro)
	close()
	_ = complex(1, "a")
	_ = complex(i, i)
	_ = complex(f64, 1)
	_ = complex(f64, c64)
	_ = complex(1)
	_ = real(i)
	_ = imag("a")
	_ = real(1)
	copy(1, 2)
	copy(sl, ss)
	copy(sl, "abc")
	copy([]byte{}, "abc")
	copy(sl)
	delete(1, 2)
	delete(m, 1)
	delete(m)
	_ = make(int)
	_ = make([]int)
	_ = make([]int, -1)
	_ = make([]int, 10, 5)
	_ = make([]int, 1.5)
	_ = make([]int, "a")
	_ = make([]int, 1, 2, 3)
	_ = make(map[string]int, 1, 2)
	_ = make(chan int, -1)
	_ = make(1)
	_ = max()
	_ = max(1, "a")
	_ = min(sl)
	_ = max(1, 2.5, i)
	_ = min(s, 1)
	max(1, 2)
	_ = new()
	_ = new(1, 2)
	_ = new(nil)
	_ = new(noargs())
	_ = new(undefined)
	new(int)
	panic()
	panic(1, 2)
	_ = panic(1)
	print(noargs())
	println(int)
	_ = recover(1)
	_ = print()
	_ = len(noargs...)
	_ = unsafe.Sizeof()
	_ = unsafe.Offsetof(i)
	_ = unsafe.Offsetof(T.Val)
	_ = unsafe.Offsetof(T{}.b)
	_ = unsafe.Offsetof(T{}.Val)
	_ = unsafe.Add(1, 2)
	_ = unsafe.Add(nil, "a")
	_ = unsafe.Slice(1, 2)
	_ = unsafe.Slice(&i, -1)
	_ = unsafe.SliceData(1)
	_ = unsafe.String(&i, 1)
	_ = unsafe.StringData(1)
	_ = unsafe.Foo
	unsafe.Sizeof(i)
	_ = len
	(len)(s)
	defer len(s)
	go int(3)
	defer recover()
	go append(sl, 1)
	defer panic
	go func() {}
}

func conversions() {
	_ = int("a")
	_ = int(1.5)
	_ = int8(300)
	_ = uint(-1)
	_ = string(1.5)
	_ = string(i)
	_ = []byte(1)
	_ = []rune(s)
	_ = T(1)
	_ = (*T)(nil)
	_ = (*T)(i)
	_ = func()(nil)
	_ = chan int(ro)
	_ = (<-chan int)(ch)
	_ = interface{ X() }(T{})
	_ = [4]int(sl)
	_ = [4]string(sl)
	_ = (*[4]int)(sl)
	_ = int()
	_ = int(1, 2)
	_ = int(sl...)
	_ = Num(1)
	_ = float32(1e100)
	_ = complex64(1e100)
	_ = bool(1)
	_ = int(true)
	_ = map[string]int(sl)
	_ = struct{ a int }(T{})
	_ = struct{ b int }(T{})
	_ = uintptr(unsafe.Pointer(&i))
	_ = unsafe.Pointer(i)
	_ = *int(&i)
	_ = rune("a")
	_ = int(nil)
	_ = []int(nil)
	_ = error(nil)
	_ = error(i)
	_ = string(rune(65)) + 1
}
