package p

import (
	"fmt"
	. "strings"
	m "math"
	_ "errors"
	"fmt"
	str "strings"
	nothere "not/here"
)

const (
	a = iota
	b
	c = "x"
	d
	e = f
	f = e
	g int = "a"
	h uint8 = 256
	i, j = 1
	k = len("abc")
	l = len([]int{})
	n = fmt.Sprint("x")
	o float32 = 1 << 200
	q = 1 / 0
	r = nil
	s []int = nil
	u = unsafe.Sizeof(1)
)
const noval
const (
	first
	second = 1
	third, fourth
)

var v1 = v2
var v2 = v3
var v3 = v1
var v4 int = v4
var x1, x2 = x2, x1
var y1, y2, y3 = 1, 2
var z1 undefined
var fv = ff()

func ff() int { return fv }

var dup int
var dup string

func dup() {}

type dup struct{}

type A struct{ A }
type B struct{ c C }
type C struct{ b [2]B }
type D *D
type E []E
type F [len(F{})]int
type G map[G]int
type H func(H) H
type I interface{ I }
type J interface{ K }
type K interface{ J }
type L = L
type M = N
type N = M
type O struct{ *O }
type P chan P
type Q [undefinedLen]int
type R [v1]int
type S struct {
	a int
	a string
	b, b int
	fmt.Stringer
	*fmt.Stringer
	int
	*int
	S2
}
type S2 struct{}
type T struct{ T2 }
type T2 struct{ x int }
type U interface {
	m()
	m()
	n() int
	int
	~string
	S2 | *S2
	fmt.Stringer
	_()
}
type V map[[]int]string
type W map[func()]int
type X struct{ f func(X) X }
type Y interface{ m() interface{ Y } }
type Z [-1]int
type AA [1 << 62]int
type BB [1.0]int
type CC [1.5]int
type DD ["a"]int
type EE = undefinedType
type FF fmt
type GG fmt.Foo
type II v1

func (A) x()        {}
func (A) x()        {}
func (B) c()        {}
func (*D) ptr()     {}
func (I) iface()    {}
func (int) basic()  {}
func (fmt.State) s() {}
func (undefinedR) m() {}
func (a, b A) two()   {}
func () none()        {}
func (A) _()          {}
func (A) _()          {}
func (*A) x2(x int, x string) (x error) { return nil }
func (**A) pp()       {}
func ([]int) sl()     {}
func (T[int]) gen()   {}

func init() {}
func init() int { return 0 }
func init(x int) {}
var init = 1

func main() int { return 1 }

func params(a int, a string, _ int, _ string) (a int, b int) { return }
func vari3() (r ...int)                        { return }
func tp[P any, P any](p P)                     {}
func tp2[P Q2, Q2 any, R2 P](p P)              {}
func tp3[P int](p P)                           {}
func tp5[P undefinedC](p P)                    {}
func tp6[P *P](p P)                            {}
func nobody()
func gnobody[P any]()

type G1[P any] struct{ x P }
type G2[P any, Q G1[P]] struct{}
type G3[P Num3] []P
type G4[P any] P
type G5[P any] = []P
type G6[P any] struct{ *G6[G6[P]] }
type G7[P any] struct{ G7[P] }
type Num3 interface{ int | float64 }
type C1 interface{ int | int }
type C2 interface{ ~S2 }
type C3 interface{ ~int | int }
type C4 interface{ fmt.Stringer | int }
type C5 interface{ comparable | int }
type C6 interface{ ~fmt.Stringer }
type C7 struct{ Num3 }

var w1 Num3
var w2 G1
var w3 G1[int, int]
var w4 G3[string]
var w5 G1[undefinedT]
var w6 S2[int]
var w7 comparable
var w8 func(Num3)
var w9 []C4
var w10 = G5[int]{"a"}
var w11 G2[int, string]
var w12 = Repeat("a", "b")
var w13 = m.Pi + m
