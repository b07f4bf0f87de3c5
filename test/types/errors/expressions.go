package p

import (
	"errors"
	"math"
	"unsafe"
)

type T struct {
	a int
	b string
	f func()
}

type I interface{ M() }
type J interface {
	I
	N(int) string
}
type Impl struct{}

func (*Impl) M() {}

type MyInt int
type S []int
type Fn func(int) int

var (
	i    int
	u8   uint8
	f64  float64
	c128 complex128
	s    string
	b    bool
	p    *int
	pp   **int
	t    T
	pt   *T
	sl   []int
	arr  [3]int
	m    map[string]int
	ch   chan int
	ro   <-chan int
	so   chan<- int
	iface interface{}
	ii   I
	jj   J
	fn   Fn
)

func two() (int, string) { return 1, "" }
func none()              {}
func variadic(a int, rest ...string) int { return a }

func operators() {
	_ = i + s
	_ = i + f64
	_ = i + 1.5
	_ = s - s
	_ = !i
	_ = -s
	_ = ^f64
	_ = +b
	_ = &1
	_ = &two
	_ = &T{}
	_ = *i
	_ = <-i
	_ = <-so
	_ = i && b
	_ = b + b
	_ = i % f64
	_ = f64 % f64
	_ = i << -1
	_ = i << 1.5
	_ = 1 << 10000
	_ = i << s
	_ = 1.5 << 2
	_ = s << 1
	var x float64 = 1 << i
	_ = x
	_ = 10 / 0
	_ = 10.0 / 0
	_ = f64 / 0
	_ = i / 0
	_ = i % 0
	_ = 1i / 0
	_ = uint8(255) + 1
	_ = int8(-128) - 1
	_ = u8 + 256
	_ = ~i
	_ = ~f64
	_ = math.MaxInt64 + 1 + i
	_ = nil + nil
	_ = i == nil
	_ = nil == nil
	_ = p == i
	_ = p == pp
	_ = sl == sl
	_ = sl == nil
	_ = m == m
	_ = fn == fn
	_ = t == t
	_ = pt < pt
	_ = b < b
	_ = ii == i
	_ = ii == &Impl{}
	_ = ii == Impl{}
	_ = iface == sl
	_ = iface < iface
	_ = arr == [4]int{}
	_ = c128 < c128
	_ = "a" + 1
	_ = 'a' + "b"
	_ = true + 1
	_ = 1 + nil
	_ = s == 1
	_ = errors.New("x") == 1
	_ = unsafe.Pointer(p) + 1
	_ = none()
	_ = two()
	_ = int
	_ = len
	_ = math
	_ = int + 1
	_ = (two)()+1
	_ = -9223372036854775808 - 1 + i
	_ = 1.0 << i
	_ = "a"[5]
	_ = 'a' * 1i == i
}

func selectors() {
	_ = t.x
	_ = t.A
	_ = t.A()
	_ = pt.c.d
	_ = i.x
	_ = iface.x
	_ = ii.X
	_ = ii.m
	_ = math.pi
	_ = math.Foo
	_ = math.maxint
	_ = math.abs
	_ = Impl.M
	_ = Impl{}.M
	Impl{}.M()
	_ = (*Impl).M
	_ = (*Impl).X
	_ = T.a
	_ = p.x
	_ = two.x
	_ = len.x
	var pi *I
	pi.M()
	_ = undefined.x
	_ = t._
	_ = new(T).q
}

func indices() {
	_ = i[0]
	_ = arr[3]
	_ = arr[-1]
	_ = sl[-1]
	_ = sl["a"]
	_ = sl[1.5]
	_ = sl[1.0]
	_ = sl[1<<63]
	_ = m[1]
	_ = "abc"[3]
	_ = s[i:u8]
	_ = s[1:2:3]
	_ = sl[2:1]
	_ = sl[1:2:1]
	_ = sl[:2:3]
	_ = arr[:4]
	_ = [3]int{}[:]
	_ = m[:]
	_ = fn[0]
	_ = p[0]
	_ = ch[0]
	_ = iface[0]
	_ = "abc"[2:1]
	_ = t[0]
	_ = pt[:]
	_ = int[3]
	_ = two[int]
}

func assertions() {
	_ = i.(int)
	_ = ii.(int)
	_ = ii.(Impl)
	_ = ii.(*Impl)
	_ = jj.(*Impl)
	_ = ii.(J)
	_ = iface.(undefined)
	_ = iface.(type)
	_ = ii.(string)
}
