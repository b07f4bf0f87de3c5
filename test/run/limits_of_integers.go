// What conditions tell of integers, near the ends of their range too.
package main

import (
	"fmt"
	"math"
)

//go:noinline
func upBy(start, n, step3 int) (count int, last int) {
	for i := start; i < n; i += 3 {
		if i < start {
			return -1, i
		}
		count++
		last = i
		if count > 10 {
			break
		}
	}
	return
}

//go:noinline
func upTo(start, n int) (count int) {
	for i := start; i <= n; i++ {
		count++
		if i < start {
			return -count
		}
		if count > 10 {
			break
		}
	}
	return
}

//go:noinline
func down(start, n int) (count int) {
	for i := start; i >= n; i-- {
		count++
		if i > start {
			return -count
		}
		if count > 10 {
			break
		}
	}
	return
}

//go:noinline
func downBy(start, n int) (count int) {
	for i := start; i > n; i -= 5 {
		count++
		if i > start {
			return -count
		}
		if count > 10 {
			break
		}
	}
	return
}

//go:noinline
func next(a []int, i int) (r string) {
	defer func() {
		if e := recover(); e != nil {
			r = fmt.Sprint(e)
		}
	}()
	if i < len(a) {
		return fmt.Sprint(a[i+1])
	}
	return "none"
}

//go:noinline
func previous(a []int, i int) (r string) {
	defer func() {
		if e := recover(); e != nil {
			r = fmt.Sprint(e)
		}
	}()
	if i > 0 && i < len(a) {
		return fmt.Sprint(a[i-1])
	}
	if i <= len(a) {
		return fmt.Sprint(a[i-1])
	}
	return "none"
}

//go:noinline
func sumWraps(i, j int) bool {
	if i > 0 && j > 0 {
		return i+j > 0
	}
	return false
}

//go:noinline
func addLess(i, n int) bool {
	if i < n {
		return i+1 <= n
	}
	return i+1 > n
}

//go:noinline
func halves(x int) (int, int, int, int) {
	if x >= 0 {
		return x / 2, x % 2, x / 7, x % 7
	}
	return x / 2, x % 2, x / 7, x % 7
}

//go:noinline
func divide(x, y int) (q, r int) {
	if x >= 0 && y > 0 {
		if x < y {
			return x / y, x % y
		}
		return x / y, x % y
	}
	return x / y, x % y
}

//go:noinline
func shift(x int, n uint) (int, int) {
	if n < 64 {
		return x << n, x >> n
	}
	return x << n, x >> n
}

//go:noinline
func unsigned(x, y uint) int {
	if x < y {
		if int(x) < 0 {
			return 1
		}
		if int(x) < int(y) {
			return 2
		}
		return 3
	}
	if int(x) >= int(y) {
		return 4
	}
	return 5
}

//go:noinline
func masked(b byte, s string) (byte, byte) { return s[b>>4], s[b&15] }

//go:noinline
func cut(s []int, i, j int) (r string) {
	defer func() {
		if e := recover(); e != nil {
			r = fmt.Sprint(e)
		}
	}()
	t := s[i:]
	u := t[:len(t)-j]
	return fmt.Sprint(len(t), cap(t), len(u), cap(u))
}

//go:noinline
func differ(s string) (n int) {
	for i := 0; i != len(s); i++ {
		n += int(s[i])
	}
	return
}

//go:noinline
func pairs(a []int) (n int) {
	for i := range a {
		for j := i + 1; j < len(a); j++ {
			if a[i] > a[j] {
				a[i], a[j] = a[j], a[i]
				n++
			}
		}
	}
	for i := len(a) - 1; i >= 0; i-- {
		n = n*3 + a[i]
	}
	for i := 0; i < len(a)-2; i += 2 {
		n ^= a[i] + a[i+1] + a[i+2]
	}
	return
}

//go:noinline
func choose(a []int, b bool) int {
	k := 2
	if b {
		k = 5
	}
	if len(a) > k {
		return a[k]
	}
	return -1
}

//go:noinline
func mul(i, j int) string {
	if i > 3 && j > 3 && i*j < 100 {
		return fmt.Sprint(i*j > 0, i*j)
	}
	return "no"
}

func main() {
	fmt.Println(upBy(0, 10, 3))
	fmt.Println(upBy(math.MaxInt-4, math.MaxInt, 3))
	fmt.Println(upTo(math.MaxInt-3, math.MaxInt), upTo(1, 4), upTo(-2, 2))
	fmt.Println(down(math.MinInt+3, math.MinInt), down(3, 0), down(-1, -3))
	fmt.Println(downBy(math.MinInt+3, math.MinInt), downBy(20, 0))
	a := []int{5, 3, 8, 1, 9, 2}
	fmt.Println(next(a, 0), next(a, 5), next(a, 6), next(a, -1), next(a, -2), next(a, math.MaxInt))
	fmt.Println(previous(a, 1), previous(a, 0), previous(a, 6), previous(a, math.MinInt), previous(a, 7))
	fmt.Println(sumWraps(math.MaxInt, 1), sumWraps(1, 2), addLess(math.MaxInt, 3), addLess(1, 2), addLess(math.MaxInt-1, math.MaxInt))
	fmt.Println(halves(9))
	fmt.Println(halves(-9))
	fmt.Println(halves(math.MinInt))
	fmt.Println(divide(7, 9))
	fmt.Println(divide(9, 7))
	fmt.Println(divide(-9, 7))
	fmt.Println(divide(math.MinInt, -1))
	fmt.Println(shift(-5, 3))
	fmt.Println(shift(-5, 64))
	fmt.Println(shift(5, 200))
	m := uint(1) << 63
	fmt.Println(unsigned(1, 2), unsigned(m, m+1), unsigned(1, m), unsigned(m, 1), unsigned(2, 1))
	fmt.Println(masked(0xa7, "0123456789abcdef"))
	fmt.Println(cut(a, 2, 1), cut(a, 6, 0), cut(a, 6, 1), cut(a, 7, 0), cut(a, 1, -1), cut(a, -1, 2))
	fmt.Println(differ("hello"), pairs(a), choose(a, true), choose(a[:5], true), choose(a[:3], false))
	fmt.Println(mul(4, 5), mul(math.MaxInt, math.MaxInt), mul(1<<32, 1<<31), mul(1<<32, 1<<32))
}
