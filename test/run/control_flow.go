package main

import (
	"fmt"
	"math"
	"strings"
)

// switch, goto, labels, fallthrough, constants at their limits, wrap-around of small integers, initialisation by dependency.

var (
	ia     = ib + 1
	ib     = f("ib", ic*2)
	ic     = f("ic", 3)
	ix, iy = two()
	iz     = func() int { return id + ix }()
	id     = f("id", iy)
	_      = f("blank", ia)
	table  = [...]func() int{func() int { return len(names) }, later}
	names  = map[string]int{"a": table2[1], "b": ia}
	table2 = []int{1, f("table2", 5), 3}
)

func f(s string, n int) int { order = append(order, s); return n }

var order []string

func two() (int, int) { order = append(order, "two"); return 10, 20 }

func later() int { return last }

var last = f("last", 99)

func init() { order = append(order, "init1") }

func init() { order = append(order, "init2") }

const (
	big    = 1 << 100
	huge   = big * big
	small  = huge >> 190
	maxU64 = 1<<64 - 1
	fl     = 1.0 / 3
	mask   = ^uint32(0)
	minus  = -5 % 3
	c0     = iota + 'a'
	c1, c2 = iota, float32(iota) / 2
	_, _
	c3, c4
	str         = "const" + "ant"
	l           = len(str)
	i8          = int8(-128)
	typed uint8 = 255
	shift       = 1.0 << 3
	cmplx       = 2i * 2i
	bool1       = big > maxU64 && str < "d"
)

func switches(v any, n int, s string) (r string) {
	switch n {
	case 0, 1, 2:
		r += "low"
		fallthrough
	case 3:
		r += "three"
		if s == "break" {
			break
		}
		fallthrough
	default:
		r += "default"
	case 100, 1000, 10000, -1:
		r += "sparse"
	case math.MaxInt64:
		r += "max"
	}
	switch s {
	case "":
		r += "empty"
	case "a", "b", "ab", "abc":
		r += "short"
	case "break", "other":
		r += "long"
	case "\x00", "\xff":
		r += "odd"
	default:
		r += "?"
	}
	switch x := v.(type) {
	case nil:
		r += "nil"
	case int, int8:
		r += fmt.Sprintf("%T", x)
	case string:
		r += x + s
	case error, fmt.Stringer:
		r += fmt.Sprint(x)
	case func(int) int:
		r += fmt.Sprint(x(n))
	case []int:
		switch y := any(len(x)).(type) {
		case int:
			r += fmt.Sprint(y)
		}
	case struct{ a int }:
		r += fmt.Sprint(x.a)
	case *int:
		*x++
		r += fmt.Sprint(*x)
	default:
		r += "other"
	}
	switch y := n * 2; {
	case y > 10 && s != "":
		r += "big"
	case y == 4:
		goto end
	case y < 0:
		return r + "negative"
	}
	switch v {
	case 1, "x":
		r += "one or x"
	case int8(1):
		r += "int8"
	case nil:
		r += "isnil"
	}
	switch f := float64(n); f {
	case 0.0, 1:
		r += "f01"
	case math.Inf(1), 3:
		r += "f3"
	}
	switch [2]int{n, n} {
	case [2]int{3, 3}:
		r += "array"
	}
	switch true {
	case n == 1:
		r += "t1"
	case false:
	default:
		r += "t"
	}
	switch {
	}
	switch n := n + 1; n {
	}
end:
	return r
}

func dense(n int) string {
	switch n {
	case -3:
		return "m3"
	case -2:
		return "m2"
	case -1:
		return "m1"
	case 0:
		return "0"
	case 1:
		return "1"
	case 2:
		return "2"
	case 4:
		return "4"
	case 5, 6, 7:
		return "567"
	case 8:
		return "8"
	case 9:
		return "9"
	case 10:
		return "10"
	case 11:
		return "11"
	case 13:
		return "13"
	}
	return "none"
}

func denseU8(n uint8) (r int) {
	switch n {
	case 240:
		r = 1
	case 241:
		r = 2
		fallthrough
	case 242:
		r += 3
	case 243:
		r = 4
	case 244:
		r = 5
	case 245:
		r = 6
	case 246:
		r = 7
	case 247:
		r = 8
	case 248:
		r = 9
	case 250:
		r = 10
	case 251:
		r = 11
	case 255:
		r = 12
	default:
		r = -1
	}
	return
}

func words(s string) int {
	switch s {
	case "if", "do", "go", "in":
		return 1
	case "for", "map", "var", "new":
		return 2
	case "func", "case", "chan", "else", "goto", "type":
		return 3
	case "break", "const", "defer", "range":
		return 4
	case "import", "return", "select", "struct", "switch":
		return 5
	case "default", "package", "continue", "interface", "fallthrough":
		return 6
	}
	return 0
}

func gotos(n int) (s string) {
	i := 0
	goto test
body:
	s += fmt.Sprint(i)
	if i == 3 {
		i += 2
		goto test
	}
	{
		i++
		if i%2 == 0 {
			goto body
		}
	}
test:
	if i < n {
		goto body
	}
	for j := 0; ; j++ {
		for {
			if j > 2 {
				goto out
			}
			break
		}
		s += "j"
	}
out:
	return
}

func labels() (s string) {
a:
	for i := 0; i < 4; i++ {
	b:
		for j := range 4 {
			switch {
			case j == 1:
				continue b
			case i == 2:
				continue a
			case j == 3:
				break b
			case i == 3:
				break a
			}
		c:
			switch {
			default:
				if j == 2 {
					break c
				}
				s += fmt.Sprint(i, j)
			}
		}
		s += ";"
	}
block:
	switch {
	default:
		if len(s) > 0 {
			break block
		}
		s += "never"
	}
	return
}

//go:noinline
func wrap(a int8, b uint8, c int16, d uint16, e int32, g uint32, h int64, i uint64) string {
	a++
	b += 10
	c *= 2
	d -= 1
	e = -e
	g <<= 1
	h--
	i *= i
	return fmt.Sprint(a, b, c, d, e, g, h, i, a < 0, b < 10, int(a)+int(b), a*a, b*b, c*c, d*d, e*e, g*g, -a, ^b, -c, ^d, a/2, b/3, a>>1, b>>1, a&^3, b^0x55, uint16(a)+uint16(b), a == -128, b+250 < b, int8(b)+a, e-1 > e, h+1 < h, i+1 == 0)
}

func main() {
	fmt.Println(order, ia, ib, ic, ix, iy, iz, id, names, table[0](), table[1]())
	fmt.Println(small, uint64(maxU64), fl, mask, minus, c0, c1, c2, c3, c4, l, i8, typed, shift, cmplx, bool1, float32(big), huge/big>>90, len([l]int{}), -(i8+1) > 0, real(cmplx))
	x := 5
	for i, v := range []any{nil, 1, int8(1), "x", fmt.Errorf("err"), func(n int) int { return n + 1 }, []int{1, 2}, struct{ a int }{7}, &x, 1.5, struct{}{}} {
		for _, n := range []int{-1, 0, 1, 2, 3, 4, 100, 10000, math.MaxInt64} {
			fmt.Print(switches(v, n, []string{"", "a", "break", "ab", "\x00", "\xff", "zzz"}[(n&7+i)%7]), " ")
		}
		fmt.Println()
	}
	for i := -5; i < 20; i++ {
		fmt.Print(dense(i), " ", dense(i<<32), " ", denseU8(uint8(i+240)), " ")
	}
	fmt.Println(dense(math.MinInt64), dense(math.MaxInt64), denseU8(0), denseU8(249))
	for _, w := range strings.Fields("if do go in an for map var new old func case chan else goto type node break const defer range abort import return select struct switch xmport default package continue interface fallthrough fallthrougx x") {
		fmt.Print(words(w))
	}
	fmt.Println(words(""), gotos(0), gotos(5), gotos(9), labels())
	fmt.Println(wrap(127, 250, 20000, 0, math.MinInt32, 1<<31+1, math.MinInt64, 1<<32+1))
	fmt.Println(wrap(-1, 0, -32768, 32768, 46341, 3, 0, math.MaxUint64))
}
