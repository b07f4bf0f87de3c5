// Operands in memory: loads that are used once, behind other loads, stores and calls.
package main

import "fmt"

type s struct {
	a, b   int
	c, d   int32
	e, f   float64
	g, h   float32
	k      [4]byte
	next   *s
	values []int
}

//go:noinline
func sums(p *s, x int, y int32) (int, int32, float64, float32) {
	i := x + p.a
	i -= p.b
	i ^= p.values[1]
	i |= p.values[x&3]
	j := y + p.c
	j &= p.d
	u := p.e - p.f
	u *= p.e
	u /= p.f
	v := p.g + p.h
	v -= p.g * p.h
	return i, j, u, v
}

//go:noinline
func order(p, q *s, x int) (int, int) {
	old := p.a
	q.a = 100
	r := x + old
	old = p.b
	q.b++
	if x < old {
		return r, 1
	}
	return r, old - p.b
}

//go:noinline
func compare(p *s, x int, b byte, i int) (n int) {
	if x < p.a {
		n |= 1
	}
	if p.b < x {
		n |= 2
	}
	if p.k[i&3] == b {
		n |= 4
	}
	if p.k[2] == 'c' {
		n |= 8
	}
	if p.c > p.d {
		n |= 16
	}
	if p.values[i] == 30 {
		n |= 32
	}
	if uint(x) >= uint(p.values[i]) {
		n |= 64
	}
	if p.next == nil {
		n |= 128
	}
	if i < len(p.values) {
		n |= 256
	}
	if p.next.next != p.next {
		n |= 512
	}
	return
}

//go:noinline
func fill(p *s, b []byte, w []int16, l []int32, q []int) {
	for i := range b {
		b[i] = 7
	}
	for i := range w {
		w[i] = -300
	}
	for i := range l {
		l[i] = 70000
	}
	for i := range q {
		q[i] = -1
	}
	p.k[3] = 1
}

func fault(p *s, x int) (r string) {
	defer func() { r = fmt.Sprint(recover()) }()
	return fmt.Sprint(x + p.a)
}

func main() {
	p := &s{a: 3, b: 4, c: 5, d: 7, e: 1.5, f: 2.5, g: 3.5, h: 4.5, k: [4]byte{'a', 'b', 'c', 'd'}, values: []int{10, 20, 30, 40}}
	fmt.Println(sums(p, 9, 11))
	fmt.Println(order(p, p, 3))
	fmt.Println(order(p, &s{}, 300))
	p.next = p
	for i := range 4 {
		fmt.Println(compare(p, i*20-5, "abcd"[i], i))
	}
	b, w, l, q := make([]byte, 5), make([]int16, 5), make([]int32, 5), make([]int, 5)
	fill(p, b, w, l, q)
	fmt.Println(b, w, l, q, p.k)
	fmt.Println(fault(nil, 1))
}
